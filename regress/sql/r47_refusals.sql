-- A refusal belongs to a person: it holds for every number by which the person comes again, whoever brings it.
\set VERBOSITY default
\set SHOW_CONTEXT never
\set ECHO none
SET client_min_messages = warning;
SET voiceagent.public_base_url = 'https://calls.example.com';
\i lib/inbox_setup.inc
\set ECHO all
CREATE FUNCTION pg_temp.lead(number text) RETURNS bigint LANGUAGE sql AS $$ SELECT lead_id FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant() AND phone = '+1212555' || $1 $$;
-- The status of each lead, and the numbers of it that could be dialled.
CREATE FUNCTION pg_temp.stand(VARIADIC numbers text[]) RETURNS TABLE (number text, status text, why text, place text, dialable text) LANGUAGE sql AS $$
	SELECT n, l.status, l.status_reason, (SELECT concat_ws(': ', m.status, m.reason) FROM voiceagent.campaign_leads m WHERE m.tenant_id = l.tenant_id AND m.lead_id = l.lead_id AND m.campaign_id = current_setting('test.next')::bigint),
		(SELECT string_agg(right(p, 4), ' ' ORDER BY p) FROM unnest(voiceagent_private.phones_of_lead(l.lead_id)) p
			WHERE NOT EXISTS (SELECT FROM voiceagent.do_not_call_list d WHERE d.tenant_id = l.tenant_id AND d.phone = p))
	FROM unnest(numbers) n LEFT JOIN voiceagent.leads l ON l.tenant_id = voiceagent.current_tenant() AND l.phone = '+1212555' || n ORDER BY 1 $$;
CREATE FUNCTION pg_temp.file(VARIADIC fields text[]) RETURNS TABLE (imported bigint, updated bigint, listed bigint) LANGUAGE sql AS $$
	SELECT (i).rows_imported, (i).rows_updated, (i).rows_do_not_call FROM voiceagent.import_leads(array_to_string(fields, E'\n') || E'\n', campaign_id => current_setting('test.next')::bigint, on_duplicate => 'update') i $$;
BEGIN;
SELECT pg_temp.begin_calls('Refusals', ARRAY(SELECT (1000 + i)::text FROM generate_series(1, 9) i)) AS tenant \gset
SELECT voiceagent.create_campaign('Next', max(assistant_id)) AS next, set_config('test.next', '', false) FROM voiceagent.assistants WHERE tenant_id = :tenant \gset
SELECT set_config('test.next', :'next', false) <> '' AS next, voiceagent.add_leads(:next, ARRAY[pg_temp.lead('1009')]), voiceagent.start_campaign(:next);
SELECT pg_temp.dial() AS dialled;
SELECT voiceagent.record_consent(pg_temp.lead('1001'), 'call', 'form') > 0 AS consented \g /dev/null
-- 1001 asks in a call not to be called, 1002 by a text, 1003 is erased; a member lists one number of 1004.
SELECT pg_temp.take(pg_temp.webhook('1001', 'report', 'customer-ended-call', 60, '{"do_not_call": true}')), voiceagent_private.apply_inbox(10);
INSERT INTO voiceagent.do_not_call_list (tenant_id, phone, reason, source, created_at) VALUES (:tenant, '+12125551002', 'asked by text to be left alone', 'text', voiceagent.clock());
SELECT pg_temp.take(pg_temp.webhook('1003', 'report', 'customer-did-not-answer')), voiceagent_private.apply_inbox(10), voiceagent.erase_lead(pg_temp.lead('1003')) ->> 'status' AS erased;
SELECT voiceagent.add_lead_number(pg_temp.lead('1004'), '+12125552004'), voiceagent.do_not_call('+12125551004', 'the office is closed');
SELECT * FROM pg_temp.stand('1001', '1002', '1004');
-- a further number of the lead itself: it stays withdrawn
SELECT voiceagent.add_lead_number(pg_temp.lead('1001'), '+12125552001'), voiceagent.add_leads(:next, ARRAY[pg_temp.lead('1001')]);
SELECT * FROM pg_temp.stand('1001');
-- a file that has the refused number as a further one of somebody: new, or there already and waiting
SELECT * FROM pg_temp.file('phone,phone2,first_name', '+12125553001,+12125551001,Ann', '+12125553002,+12125551002,Bea', '+12125553003,+12125551003,Cid', '+12125553004,+12125551004,Dan', '+12125551009,+12125551001,Eve');
SELECT * FROM pg_temp.stand('1009', '3001', '3002', '3003', '3004');
-- an intake of the person with a second number
SELECT (voiceagent.create_intake('form', :next, mapping => '{"phone": "phone", "phone2": "second", "phone3": "third"}') ->> 'intake_id')::bigint AS intake \gset
SELECT voiceagent_private.receive_intake(:intake, convert_to(format('{"phone": "+1212555%s", "second": "%s", "first_name": "Fay"}', n, s), 'UTF8'), 'application/json', NULL, true) ->> 'outcome' AS came
FROM (VALUES (4001, '+12125551001'), (4002, '+12125552001'), (4003, '+12125552004')) v(n, s);
SELECT * FROM pg_temp.stand('4001', '4002', '4003');
-- a caller from a number that was added since, and from one of another lead of the person
SELECT voiceagent_private.make_caller_a_lead('+12125552001', 'Ann Lee') = pg_temp.lead('2001') AS made;
SELECT * FROM pg_temp.stand('2001', '3001');
-- imported again after the erasure of the whole person, with the old number as a further one
SELECT voiceagent.erase_lead(pg_temp.lead('1001')) ->> 'status' AS erased;
SELECT * FROM pg_temp.file('phone,phone2', '+12125555001,+12125551001', '+12125555002,+12125552001');
SELECT * FROM pg_temp.stand('5001', '5002');
-- who is told why
SELECT what, why FROM voiceagent.explain_lead(pg_temp.lead('3001')) WHERE what IN ('lead', 'now');
-- what an owner allows is allowed
SELECT voiceagent.allow_call('+12125553002', 'asked to be called there'), voiceagent.add_leads(:next, ARRAY[pg_temp.lead('3002')]);
SELECT * FROM pg_temp.stand('3002');
-- a refusal of texts, by an intake's box or by a stop on the sandbox, holds for the person's other numbers, until a later START there
SELECT voiceagent.add_lead_number(pg_temp.lead('1005'), '+12125552005'), voiceagent.add_lead_number(pg_temp.lead('1006'), '+12125552006');
SELECT voiceagent_private.stop_texts('+12125551005', 'text', NULL), voiceagent_private.stop_texts('+12125552006', 'text', NULL, true), voiceagent_private.stop_texts('+12125551007', 'carrier', NULL);
SELECT n, voiceagent_private.text_suppressed('+1212555' || n, NULL) AS real FROM unnest('{1005,2005,1006,2006,1007,1008}'::text[]) n;
SELECT voiceagent.add_lead_number(pg_temp.lead('1007'), '+12125552007'), voiceagent_private.text_suppressed('+12125552007', NULL) AS a_carriers_block_is_the_numbers;
INSERT INTO voiceagent.text_stops (tenant_id, phone, source, stopped_at, lifted_at) VALUES (:tenant, '+12125552005', 'text', voiceagent.clock(), voiceagent.clock() + interval '1 second');
SELECT n, voiceagent_private.text_suppressed('+1212555' || n, NULL) AS real FROM unnest('{1005,2005}'::text[]) n;
-- the consents of a lead have an end
SELECT count(voiceagent.record_consent(pg_temp.lead('1008'), 'text', 'form ' || n)) FROM generate_series(1, 1000) n;
SAVEPOINT full_of_them;
SELECT voiceagent.record_consent(pg_temp.lead('1008'), 'call', 'one more');
ROLLBACK TO full_of_them;
ROLLBACK;
SELECT voiceagent_private.set_tenant(0) IS NOT NULL AS done;
