-- A person is forgotten whole: nothing that names one is left, a call that is live is waited for, a late webhook is
-- emptied, the ledger and the do-not-call entry stay, and the receipt proves it.
\set ON_ERROR_STOP off
\set VERBOSITY terse
\set ECHO none
\i lib/inbox_setup.inc
\i lib/incoming.inc
\set ECHO all
SET client_min_messages = warning;
-- Every table of the tenant is searched.
CREATE FUNCTION pg_temp.traces(words text) RETURNS TABLE (relation text, hit text) LANGUAGE plpgsql SET bytea_output = 'escape' AS $$
DECLARE
	v_table regclass;
BEGIN
	FOR v_table IN SELECT c.oid FROM pg_class c WHERE c.relnamespace IN ('voiceagent'::regnamespace, 'voiceagent_private'::regnamespace)
		AND c.relkind IN ('r', 'p') AND NOT c.relispartition
		AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped) ORDER BY c.oid::regclass::text COLLATE "C"
	LOOP
		RETURN QUERY EXECUTE format($q$SELECT %L::text, substring(x.line FROM %L) FROM (SELECT t::text AS line FROM %s t WHERE t.tenant_id = $1) x WHERE x.line ~* %L$q$, v_table, words, v_table, words) USING voiceagent.current_tenant();
	END LOOP;
END $$;
BEGIN;
SELECT pg_temp.begin_calls('Erase', ARRAY['2001', '2002', '2003']) > 0 AS ready;
SELECT voiceagent.add_lead_number(l.lead_id, '+1 212 555 2091') > 0 AS second_number FROM voiceagent.leads l WHERE l.tenant_id = voiceagent.current_tenant() AND l.phone = '+12125552001';
SELECT count(voiceagent.record_consent(l.lead_id, 'call', 'a form of zebra', 'zebra words')) FROM voiceagent.leads l WHERE l.tenant_id = voiceagent.current_tenant() AND l.phone = '+12125552001';
UPDATE voiceagent.leads l SET first_name = 'Zebra', email = 'zebra@example.com', context = '{"note": "zebra"}'
WHERE l.tenant_id = voiceagent.current_tenant() AND l.phone = '+12125552001';
SELECT rows_duplicate FROM voiceagent.import_leads(E'phone,name\n(212) 555-2001,Zebra\n212.555.2002,Gnu\n');
-- what files said of the person, in any way of writing, with and without a lead made of it: a warning holds what was wrong
SELECT rows_updated FROM voiceagent.import_leads(E'phone,email,phone2\n2125552001 x5,zebra at example,212 555 2091\n', on_duplicate => 'update');
SELECT rows_duplicate FROM voiceagent.import_leads(E'phone,email,priority\n1-212-555-2001,zebra at example,zebra\n2125552002,gnu at example,\n', dry_run => true);
SAVEPOINT listed;
SELECT voiceagent.do_not_call('+12125552001', 'asked');
SELECT rows_do_not_call FROM voiceagent.import_leads(E'phone,email\n2125552001,zebra at example\n', dry_run => true);
SELECT count(*) AS reports FROM voiceagent.import_reports WHERE tenant_id = voiceagent.current_tenant() AND phone = '+12125552001';
ROLLBACK TO listed;
SELECT string_agg(concat_ws(' ', e.kind, e.value), ', ' ORDER BY e.batch_id, e.row_number, e.error_number) AS reports
FROM voiceagent.import_reports e WHERE e.tenant_id = voiceagent.current_tenant();
-- somebody is told of the calls, and has not been reached yet
INSERT INTO voiceagent.webhook_subscriptions (tenant_id, url, kinds, home, created_at)
VALUES (voiceagent.current_tenant(), 'https://crm.example/hook', voiceagent_private.webhook_kinds(), voiceagent_private.home(), voiceagent.clock());
SELECT voiceagent_private.record_webhook_subscriptions();
SELECT pg_temp.dial();
SELECT l.lead_id AS lead, a.provider_call_id AS carrier_id, c.call_id AS call, pg_temp.webhook('2001', 'ringing') AS late
FROM voiceagent.leads l JOIN voiceagent.calls c USING (tenant_id, lead_id) JOIN voiceagent.attempts a USING (tenant_id, call_id)
WHERE l.tenant_id = voiceagent.current_tenant() AND l.phone = '+12125552001' \gset
SELECT voiceagent.erase_lead(:lead, 'asked by letter') ->> 'status' AS status;
SELECT (SELECT count(*) FROM voiceagent.leads l WHERE l.tenant_id = voiceagent.current_tenant() AND l.lead_id = :lead) AS still_there,
	(SELECT status FROM voiceagent.leads l WHERE l.tenant_id = voiceagent.current_tenant() AND l.lead_id = :lead) AS status;
SAVEPOINT twice;
\set VERBOSITY sqlstate
SELECT voiceagent.erase_lead((SELECT max(lead_id) FROM voiceagent.erasures WHERE tenant_id = voiceagent.current_tenant())) IS NULL AS "not twice";
\set VERBOSITY terse
ROLLBACK TO twice;
SELECT voiceagent.current_tenant() AS tenant \gset
SELECT voiceagent_private.finish_erasures(1) < 'infinity' AS still_waits;
SELECT voiceagent_private.finish_erasures(1) > voiceagent.clock() AS "not looked at again at once";
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS back;

-- the call ends with everything that calls have
SELECT pg_temp.take(pg_temp.webhook('2001', 'report', 'customer-ended-call', 90, '{"interest": "high", "appointment": {"booked": true, "date": "2026-11-27", "time": "10:00"}, "name": "zebra"}'),
	pg_temp.webhook('2002', 'report', 'customer-ended-call', 60, '{"interest": "high"}'));
SELECT voiceagent_private.apply_inbox(100);
SELECT c.outcome, c.credits > 0 AS charged, (SELECT count(*) FROM voiceagent.call_turns t WHERE t.tenant_id = c.tenant_id AND t.call_id = c.call_id) AS turns
FROM voiceagent.calls c WHERE c.tenant_id = voiceagent.current_tenant() AND c.call_id = :call;
SELECT count(*) > 0 AS deliveries FROM voiceagent.webhook_deliveries WHERE tenant_id = voiceagent.current_tenant() AND lead_id = :lead;
SELECT jsonb_object_agg(k, CASE jsonb_typeof(v) WHEN 'array' THEN jsonb_array_length(v)::text ELSE 'object' END) AS export
FROM jsonb_each(voiceagent.export_lead(:lead)) e(k, v);
SELECT voiceagent.export_lead(:lead) AS exported \gset
SELECT sum(balance) AS total, max(balance) FILTER (WHERE account = 'spent') > 0 AS spent FROM voiceagent.credit_accounts WHERE tenant_id = :tenant;
-- a copy of the consent that somebody keeps, made in one time zone; the erasure is carried out in another, and read in a third
SET LOCAL timezone = 'Asia/Tokyo';
SELECT encode(sha256(convert_to(c::text, 'UTF8')), 'hex') AS consent FROM jsonb_array_elements(voiceagent.export_lead(:lead) -> 'consents') c \gset
SET LOCAL timezone = 'America/Lima';

UPDATE voiceagent_private.waiting_erasures SET next_at = '-infinity' WHERE tenant_id = :tenant;
SELECT voiceagent_private.finish_erasures(1) AS next;
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS back;
SELECT status, reason, erased, cardinality(consent_digests) AS consents FROM voiceagent.erasures WHERE tenant_id = :tenant;
-- what an erasure counts as the person's was in the export, row by row
SELECT e.relation, e.rows::integer AS erased, jsonb_array_length(x.rows) AS exported
FROM voiceagent.erasures s, jsonb_each_text(s.erased) AS e(relation, rows), LATERAL (SELECT CASE e.relation
	WHEN 'campaign_leads' THEN j.of -> 'campaigns'
	WHEN 'call_turns' THEN (SELECT jsonb_agg(t.turn) FROM jsonb_array_elements(j.of -> 'calls') c(call), jsonb_array_elements(c.call -> 'turns') t(turn))
	ELSE j.of -> e.relation END FROM (SELECT :'exported'::jsonb AS of) j) AS x(rows)
WHERE s.tenant_id = :tenant AND jsonb_array_length(x.rows) IS DISTINCT FROM e.rows::integer;
-- nothing anywhere names the person
SELECT * FROM pg_temp.traces('zebra|2125552001|2125552091|555-2001');
-- ... nor any event, of whatever type, but that it was erased
SELECT event_type, count(*) FROM voiceagent.events WHERE tenant_id = :tenant AND (lead_id = :lead OR call_id = :call) GROUP BY 1;
-- ... while the others are still there
SELECT count(DISTINCT relation) >= 3 AS "the search finds what is there" FROM pg_temp.traces('2125552002');
SELECT sum(balance) AS total FROM voiceagent.credit_accounts WHERE tenant_id = :tenant;
SELECT count(*) > 0 AS "the ledger knows the call by its number" FROM voiceagent.credit_transfers WHERE tenant_id = :tenant AND call_id = :call;
SELECT * FROM voiceagent_private.check_tenant();

-- late, and again: emptied, not set aside
SELECT pg_temp.take(:'late'::bytea);
SELECT voiceagent_private.apply_inbox(100);
SELECT count(*) AS waiting FROM voiceagent_private.inbox WHERE tenant_id = :tenant;
SELECT count(*) AS set_aside FROM voiceagent.webhook_failures WHERE tenant_id = :tenant;
SELECT count(*) AS traces FROM pg_temp.traces(:'carrier_id' || '"');

-- the receipt: its digest is over the rest of it, and nothing in it leads to the number
SET LOCAL timezone = 'Asia/Kolkata';
SELECT r ->> 'digest' = encode(sha256(convert_to((r - 'digest')::text, 'UTF8')), 'hex') AS whole,
	r::text ~ 'salt|2125552001' AS of_the_number,
	r -> 'consent_digests' ->> 0 = :'consent' AS of_the_consent, r ->> 'status' AS status
FROM (SELECT voiceagent.erasure_receipt(erasure_id) AS r FROM voiceagent.erasures WHERE tenant_id = :tenant) x;
-- what a later version keeps changes no receipt that was given
SAVEPOINT later;
ALTER TABLE voiceagent.erasures ALTER COLUMN kept SET DEFAULT '{"other words"}';
SELECT jsonb_array_length(r -> 'kept') > 1 AS kept, r ->> 'digest' = encode(sha256(convert_to((r - 'digest')::text, 'UTF8')), 'hex') AS whole
FROM (SELECT voiceagent.erasure_receipt(erasure_id) AS r FROM voiceagent.erasures WHERE tenant_id = :tenant) x;
ROLLBACK TO later;
SET LOCAL timezone TO DEFAULT;

-- no way back: neither by hand nor by a file
SAVEPOINT a;
SELECT voiceagent.add_lead('+1 212 555 2001');
ROLLBACK TO a;
SELECT rows_imported, rows_do_not_call FROM voiceagent.import_leads(E'phone\n+12125552001\n+12125552091\n');
-- what cannot be erased
SELECT voiceagent.erase_lead(987654321);
ROLLBACK TO a;
SELECT voiceagent.erase_lead((SELECT min(lead_id) FROM voiceagent.leads WHERE tenant_id = :tenant), ' ');
ROLLBACK TO a;
-- of a person in a country of short numbers, and of one whom a dry run and a list have named before he was a lead
SELECT rows_imported FROM voiceagent.import_leads(E'phone,email\n61234567,okapi at example\n', default_country => 'SG', dry_run => true);
SELECT voiceagent.do_not_call('+65 6123 4567', 'asked');
SELECT rows_do_not_call FROM voiceagent.import_leads(E'phone,email\n6123-4567,okapi at example\n', default_country => 'SG');
SELECT voiceagent.allow_call('+65 6123 4567', 'a mistake');
SELECT rows_imported FROM voiceagent.import_leads(E'phone,email\n6123 4567,okapi at example\n61234567,okapi at example\n61234568,gnu at example\n', default_country => 'SG');
SELECT count(*) AS reports FROM pg_temp.traces('okapi');
SELECT voiceagent.erase_lead(l.lead_id) ->> 'status' AS status FROM voiceagent.leads l WHERE l.tenant_id = :tenant AND l.phone = '+6561234567';
SELECT * FROM pg_temp.traces('okapi|61234567|6123.4567') WHERE relation NOT IN ('voiceagent.do_not_call_list', 'voiceagent.audit_log');
SELECT count(*) AS "of others" FROM voiceagent.import_reports WHERE tenant_id = :tenant AND value = 'gnu at example';
ROLLBACK TO a;
-- whichever carrier told of the call: every key begins with the call's id, or with our reference where an event has none
\set fixtures `perl lib/fixtures contracts/fixtures`
SELECT f.key AS provider, count(*) > 0 AS told, count(*) FILTER (WHERE NOT coalesce(starts_with(e.event_key, e.provider_call_id || ':'), false)
	AND NOT coalesce(starts_with(e.event_key, e.attempt_ref || ':'), false)) AS "not by the call"
FROM jsonb_each(:'fixtures'::jsonb) AS f, jsonb_each(f.value) AS c, jsonb_array_elements(c.value) AS w,
	voiceagent_private.read_provider_webhook(f.key, (w -> 'headers') || jsonb_strip_nulls(jsonb_build_object(':query', w -> 'query', ':method', w -> 'method')),
		convert_to(w ->> 'body', 'UTF8')) e
GROUP BY 1 ORDER BY 1;
SAVEPOINT telnyx;
SELECT pg_temp.begin_calls('Told by Telnyx', ARRAY['2079']) AS telnyx \gset
SELECT pg_temp.dial();
SELECT lead_id AS told FROM voiceagent.leads WHERE tenant_id = :telnyx \gset
UPDATE voiceagent.provider_accounts SET provider = 'telnyx' WHERE tenant_id = :telnyx;
-- its hangup, one without a type, and a recording that names the call by our reference alone
SELECT voiceagent_private.store_webhooks(array_agg(p.endpoint_id), array_agg(coalesce(w.event_key, 'malformed:1')), array_agg('{}'::jsonb), array_agg(w.body), 'http')
FROM (SELECT min(endpoint_id) AS endpoint_id FROM voiceagent.webhook_endpoints WHERE tenant_id = :telnyx) p,
	(SELECT b.body, CASE WHEN b.good THEN (SELECT e.event_key FROM voiceagent_private.read_provider_webhook('telnyx', '{}', b.body) e) END AS event_key
	FROM voiceagent.attempts a JOIN voiceagent.calls c USING (tenant_id, call_id) CROSS JOIN LATERAL (
		SELECT v.good, convert_to(jsonb_build_object('data', jsonb_build_object('event_type', v.type, 'id', 'e-' || v.type, 'occurred_at', v.at, 'payload', jsonb_strip_nulls(jsonb_build_object(
			'call_control_id', CASE WHEN v.named THEN a.provider_call_id END, 'client_state', encode(convert_to(a.reference, 'UTF8'), 'base64'),
			'from', '+13055550100', 'to', c.phone, 'hangup_cause', 'user_busy'))))::text, 'UTF8') AS body
		FROM (VALUES ('call.hangup', true, true, '2026-11-20T15:10:00Z'), ('', false, true, '2026-11-20T15:10:00Z'), ('call.recording.saved', true, false, '2026-11-20T15:10:00Z')) AS v(type, good, named, at)) b
	WHERE c.tenant_id = :telnyx AND c.lead_id = :told) w;
SELECT voiceagent_private.apply_inbox(10);
SELECT count(*) AS aside FROM voiceagent.webhook_failures WHERE tenant_id = :telnyx;
SELECT count(*) AS traces FROM pg_temp.traces('2125552079') WHERE relation = 'voiceagent.webhooks';
SELECT voiceagent.erase_lead(:told) -> 'erased' ->> 'webhooks' AS webhooks;
SELECT * FROM pg_temp.traces('2125552079') WHERE relation = 'voiceagent.webhooks';
ROLLBACK TO telnyx;
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS back;
-- one that was never called goes at once
SELECT voiceagent.erase_lead(voiceagent.add_lead('+1 212 555 2077'), 'asked') -> 'erased' ->> 'calls' AS calls;
-- one whose lead went another way is closed, and stops none behind it
SELECT voiceagent.add_lead('+1 212 555 2078') AS third \gset
WITH stored AS (
	INSERT INTO voiceagent.erasures (tenant_id, lead_id, reason, requested_by, requested_at)
	VALUES (:tenant, 987654321, 'gone', 'a test', voiceagent.clock()), (:tenant, :third, 'behind it', 'a test', voiceagent.clock()) RETURNING erasure_id
)
INSERT INTO voiceagent_private.waiting_erasures (tenant_id, erasure_id, next_at) SELECT :tenant, erasure_id, '-infinity' FROM stored;
-- the third had called us, and a campaign was told why it must not call back
SELECT voiceagent.campaign_do_not_call(min(campaign_id), '+12125552078', 'zebra said so') FROM voiceagent.campaigns WHERE tenant_id = :tenant;
INSERT INTO pg_temp.incoming_calls (tenant_id, provider_account_id, provider_call_id, from_number, started_at, ended_at)
SELECT :tenant, min(e.provider_account_id), 'incoming-zebra', '+12125552078', voiceagent.clock(), voiceagent.clock() FROM voiceagent.provider_accounts e WHERE e.tenant_id = :tenant;
SELECT voiceagent_private.store_webhooks(ARRAY[min(e.endpoint_id)], ARRAY['incoming-zebra:ringing:1'], ARRAY['{}']::jsonb[], ARRAY['{"from": "+12125552078"}'::bytea], 'http')
FROM voiceagent.webhook_endpoints e WHERE e.tenant_id = :tenant;
INSERT INTO voiceagent.own_numbers VALUES (:tenant, '+12125552078', :third, 'a test', voiceagent.clock());
SELECT e.k, v -> 0 ->> f.field AS told FROM jsonb_each(voiceagent.export_lead(:third)) e(k, v)
JOIN (VALUES ('campaign_do_not_call', 'reason'), ('calls', 'provider_call_id'), ('webhooks', 'body'), ('own_numbers', 'phone')) AS f(k, field) USING (k) ORDER BY 1;
SELECT voiceagent_private.finish_erasures(1) AS first, voiceagent_private.finish_erasures(1) AS second;
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS back;
SELECT reason, status, erased ->> 'calls' AS calls FROM voiceagent.erasures
WHERE tenant_id = :tenant AND reason IN ('gone', 'behind it') ORDER BY erasure_id;
SELECT (SELECT string_agg(d.reason, ', ') FROM voiceagent.campaign_do_not_call_list d WHERE d.tenant_id = :tenant AND d.phone = '+12125552078') AS reason,
	(SELECT count(*) FROM voiceagent.webhooks w WHERE w.tenant_id = :tenant AND convert_from(w.body, 'UTF8') LIKE '%12125552078%') AS webhooks,
	(SELECT count(*) FROM pg_temp.incoming_calls i WHERE i.tenant_id = :tenant AND i.from_number IS NOT NULL) AS calls_of_theirs;
ROLLBACK;

-- a caller that becomes a lead when its call is over, one that never does, and one whose call is live: by the call whatever is told of it
BEGIN;
SELECT voiceagent.create_tenant('Erase callers', 'UTC', 100) AS tenant \gset
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS made;
SELECT voiceagent.create_assistant('Reception', 'Hello', 'Be kind.') AS assistant \gset
SELECT voiceagent.update_assistant(:assistant, '{"settings": {"tools": ["take_message"]}}');
SELECT voiceagent.create_phone_number('+12025550100', (SELECT min(provider_account_id) FROM voiceagent.provider_accounts WHERE tenant_id = :tenant),
	jsonb_build_object('ai_assistant_id', :assistant)) AS number \gset
INSERT INTO voiceagent.webhook_subscriptions (tenant_id, url, kinds, home, created_at)
VALUES (:tenant, 'https://crm.example/hook', voiceagent_private.webhook_kinds(), voiceagent_private.home(), voiceagent.clock());
SELECT voiceagent_private.record_webhook_subscriptions();
SELECT voiceagent.sandbox_call_in(:number, 'leaves_message', '+12025550777') ->> 'answer' AS answer;
SELECT kind, lead_id FROM voiceagent.webhook_deliveries WHERE tenant_id = :tenant AND kind = 'call_finished';
SELECT count(*) > 0 AS put_into_words FROM (SELECT voiceagent_private.prepare_webhook_delivery(delivery_id) FROM voiceagent.webhook_deliveries WHERE tenant_id = :tenant) x;
SELECT voiceagent_private.follow_calls_of_tenant(100) IS NOT NULL AS followed, voiceagent_private.set_tenant(:tenant) IS NOT NULL AS back;
SELECT count(*) > 0 AS told, count(*) FILTER (WHERE lead_id IS NULL) AS of_no_lead FROM voiceagent.webhook_deliveries WHERE tenant_id = :tenant;
SELECT * FROM voiceagent_private.check_tenant();
SELECT lead_id AS caller FROM voiceagent.leads WHERE tenant_id = :tenant \gset
-- one that nobody knows: no lead comes of it
SELECT voiceagent.sandbox_call_in(:number, lines => '{"Hello.", "Wrong number, sorry."}', caller => '+12025550778') ->> 'answer' AS answer;
SELECT voiceagent_private.follow_calls_of_tenant(100) IS NOT NULL AS followed, voiceagent_private.set_tenant(:tenant) IS NOT NULL AS back;
SELECT count(*) AS leads FROM voiceagent.leads WHERE tenant_id = :tenant;
-- the same person from its second number, before anybody knew that it is its own
SELECT voiceagent.sandbox_call_in(:number, lines => '{"Hello.", "Wrong number, sorry."}', caller => '+12025550779') ->> 'answer' AS answer;
SELECT voiceagent_private.follow_calls_of_tenant(100) IS NOT NULL AS followed, voiceagent_private.set_tenant(:tenant) IS NOT NULL AS back;
SELECT voiceagent.add_lead_number(:caller, '+12025550779') AS number;
-- and it talks again at this moment
SELECT voiceagent_private.begin_incoming_call((SELECT min(provider_account_id) FROM voiceagent.provider_accounts WHERE tenant_id = :tenant), 'live-one', '+12025550779', '+12025550100');
-- a ticket about it
SELECT voiceagent.open_ticket('Cannot reach 202 555-0777', 'Call me about (202) 555.0777, but leave (202) 555-0100.') IS NOT NULL AS ticket;
SELECT count(*) > 6 AS tables FROM (SELECT DISTINCT relation FROM pg_temp.traces('202.{0,2}555.?077[79]')) x;
SELECT e.k, jsonb_array_length(e.v) AS rows FROM jsonb_each(voiceagent.export_lead(:caller)) e(k, v)
WHERE e.k IN ('calls', 'webhook_deliveries', 'tasks', 'tools') ORDER BY 1;
SELECT voiceagent.erase_lead(:caller, 'asked') ->> 'status' AS status;
UPDATE voiceagent.calls SET status = 'completed', outcome = 'completed', ended_at = voiceagent.clock() WHERE tenant_id = :tenant AND provider_call_id = 'live-one';
UPDATE voiceagent_private.waiting_erasures SET next_at = '-infinity' WHERE tenant_id = :tenant;
SELECT voiceagent_private.finish_erasures(1) IS NOT NULL AS went_on, voiceagent_private.set_tenant(:tenant) IS NOT NULL AS back;
SELECT status, erased -> 'calls' AS calls FROM voiceagent.erasures WHERE tenant_id = :tenant;
SELECT * FROM pg_temp.traces('202.{0,2}555.?077[79]');
SELECT subject, message FROM voiceagent.tickets t JOIN voiceagent.ticket_messages m USING (tenant_id, ticket_id) WHERE t.tenant_id = :tenant;
-- the caller that is no lead, and is told of in deliveries alone
SELECT count(*) > 0 AS told FROM pg_temp.traces('2025550778') WHERE relation = 'voiceagent.webhook_deliveries' OR relation = 'voiceagent.calls';
SELECT r -> 'status' AS status, r -> 'erased' -> 'calls' AS calls, r -> 'erased' -> 'webhook_deliveries' AS deliveries FROM voiceagent.erase_caller('202 555 0778', 'asked') r;
SELECT * FROM pg_temp.traces('2025550778');
SELECT voiceagent.erase_caller('12');
ROLLBACK;

-- what a person said of a call that nobody could tell of goes with the lead, too: it is not sent any more
BEGIN;
SELECT pg_temp.begin_calls('Erase what is told', ARRAY['2004']) AS tenant \gset
INSERT INTO voiceagent.webhook_subscriptions (tenant_id, url, kinds, home, created_at)
VALUES (:tenant, 'https://crm.example/hook', voiceagent_private.webhook_kinds(), voiceagent_private.home(), voiceagent.clock());
SELECT voiceagent_private.record_webhook_subscriptions();
SELECT pg_temp.dial('unknown');
SELECT voiceagent_private.lookup_found_nothing(pg_temp.call_of('2004'), true) FROM generate_series(1, 5);
SELECT voiceagent.resolve_call(pg_temp.call_of('2004'), true);
SELECT kind, lead_id IS NOT NULL AS names_lead, voiceagent_private.prepare_webhook_delivery(delivery_id) LIKE '%2125552004%' AS names_number
FROM voiceagent.webhook_deliveries WHERE tenant_id = :tenant ORDER BY delivery_id;
SELECT * FROM voiceagent_private.check_webhook_deliveries();
SELECT voiceagent.erase_lead((SELECT lead_id FROM voiceagent.leads WHERE tenant_id = :tenant)) -> 'erased' ->> 'webhook_deliveries' AS deliveries;
SELECT (SELECT count(*) FROM voiceagent.webhook_deliveries WHERE tenant_id = :tenant AND body LIKE '%2125552004%') AS told,
	(SELECT count(*) FROM voiceagent_private.outbox WHERE tenant_id = :tenant) AS to_be_sent;
ROLLBACK;

-- a number that others have, too: as a further one it goes there as well, with the consent for it; the receipt names what stays
BEGIN;
SELECT pg_temp.begin_calls('Erase what is shared', ARRAY['2005', '2006', '2007']) AS tenant \gset
SELECT max(lead_id) FILTER (WHERE phone = '+12125552005') AS lead, max(lead_id) FILTER (WHERE phone = '+12125552006') AS sharer,
	max(lead_id) FILTER (WHERE phone = '+12125552007') AS first FROM voiceagent.leads WHERE tenant_id = :tenant \gset
SELECT voiceagent.add_lead_number(:sharer, '2125552005') AS shared, voiceagent.add_lead_number(:sharer, '2125552096') AS own,
	voiceagent.add_lead_number(:lead, '2125552007') AS household;
SELECT voiceagent.record_consent(:sharer, 'call', 'form', phone => '2125552005') > 0 AS of_the_shared, voiceagent.record_consent(:sharer, 'call', 'form') > 0 AS of_the_first,
	voiceagent.record_consent(:first, 'call', 'form') > 0 AS of_another;
SELECT jsonb_path_query_array(e, '$.numbers_of_others[*].phone') AS numbers, jsonb_array_length(e -> 'consents') AS consents FROM voiceagent.export_lead(:lead) e;
SELECT r -> 'erased' -> 'numbers_of_others' AS numbers, r -> 'erased' -> 'consents' AS consents, jsonb_array_length(r -> 'consent_digests') AS digests,
	(SELECT jsonb_agg(replace(replace(k, :'first', 'FIRST'), :'sharer', 'SHARER')) FROM jsonb_array_elements_text(r -> 'kept') k WHERE k LIKE '%erase_lead%') AS kept,
	r ->> 'digest' = encode(sha256(convert_to((r - 'digest')::text, 'UTF8')), 'hex') AS whole
FROM voiceagent.erase_lead(:lead) r;
SELECT n.number, n.phone FROM voiceagent.lead_numbers n WHERE n.tenant_id = :tenant ORDER BY 1;
SELECT phone, count(*) FROM voiceagent.consents WHERE tenant_id = :tenant GROUP BY 1 ORDER BY 1;
SELECT count(*) AS "the list forbids it" FROM voiceagent.do_not_call_list WHERE tenant_id = :tenant AND phone IN ('+12125552005', '+12125552007');
-- ... and its calls, of one that was called there
SELECT pg_temp.dial();
UPDATE voiceagent.calls SET phone = '+12125552096', number = 3 WHERE tenant_id = :tenant AND lead_id = :sharer;
UPDATE voiceagent.consents SET phone = '+12125552096' WHERE tenant_id = :tenant AND lead_id = :sharer;
SELECT encode(sha256(convert_to(to_jsonb(n)::text, 'UTF8')), 'hex') AS consent FROM voiceagent.consents n WHERE n.tenant_id = :tenant AND n.lead_id = :sharer \gset
SELECT (SELECT count(*) FROM jsonb_array_elements_text(r -> 'kept') k WHERE k LIKE 'calls of lead%') AS named, r -> 'consent_digests' ? :'consent' AS evidence
FROM voiceagent.erase_lead(voiceagent.add_lead('2125552096')) r;
-- ... of whose consent the receipt is the evidence
SELECT regexp_replace(x.detail, '[0-9]+', 'N') AS detail FROM voiceagent.calls c, voiceagent.explain_call(c.call_id) x
WHERE c.tenant_id = :tenant AND c.lead_id = :sharer AND x.rule = 'consent';
ROLLBACK;

-- everything a tenant has; for owners, and without secrets
BEGIN;
SELECT pg_temp.begin_calls('Export', ARRAY['2001']) AS tenant \gset
SELECT voiceagent.set_setting('retention_calls', '2 years');
SELECT string_agg(DISTINCT relation, ' ' ORDER BY relation) FILTER (WHERE relation IN ('leads', 'campaigns', 'audit_log', 'provider_accounts', 'tenant_settings')) AS some,
	count(*) FILTER (WHERE (data ->> 'tenant_id')::bigint <> :tenant) AS of_others, bool_and(data ? 'tenant_id') AS rows FROM voiceagent.export_tenant();
SELECT action FROM voiceagent.audit_log WHERE tenant_id = :tenant AND action = 'export_tenant';
ROLLBACK;
