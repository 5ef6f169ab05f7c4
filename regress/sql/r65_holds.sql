-- An opt-out that nobody is sure of is a hold: nobody dials the lead's numbers until a person, a model or, if the tenant wants, time ends it.
\set ON_ERROR_STOP off
\set VERBOSITY terse
\set ECHO none
\i lib/inbox_setup.inc
CREATE FUNCTION pg_temp.held() RETURNS TABLE (number text, held boolean, reason text, turn integer, quote text, of_call text) LANGUAGE sql AS $$
	SELECT right(d.phone, 4), d.held, d.reason, d.turn, d.quote, right(c.phone, 4) FROM voiceagent.do_not_call_list d
	LEFT JOIN voiceagent.calls c USING (tenant_id, call_id) WHERE d.tenant_id = voiceagent.current_tenant() ORDER BY 1
$$;
CREATE FUNCTION pg_temp.told(VARIADIC types text[]) RETURNS TABLE (number text, event text, data jsonb) LANGUAGE sql AS $$
	SELECT right(c.phone, 4), e.event_type, e.event_data FROM voiceagent.events e LEFT JOIN voiceagent.calls c USING (tenant_id, call_id)
	WHERE e.tenant_id = voiceagent.current_tenant() AND e.event_type = ANY (types) ORDER BY e.event_id
$$;
CREATE FUNCTION pg_temp.due() RETURNS void LANGUAGE sql AS $$
	UPDATE voiceagent_private.call_queue SET not_before = voiceagent.clock() WHERE tenant_id = voiceagent.current_tenant();
	UPDATE voiceagent_private.lanes SET next_due = voiceagent.clock() WHERE tenant_id = voiceagent.current_tenant();
$$;
\set ECHO all
BEGIN;
SELECT pg_temp.begin_calls('Holds', ARRAY['6001', '6002', '6003', '6004', '6005', '6006', '6007', '6008', '6009'], '{"unfinished_call_seconds": 120}') > 0 AS ready;
SELECT voiceagent.add_lead_number(lead_id, '+12125556101') FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant() AND phone LIKE '%6001';
SELECT pg_temp.dial();
-- promised by the assistant, of words that nobody understood; an analysis that the words deny (a visit, a callback); one that they do
-- not deny; one that they bear out; none; a machine's greeting; and a call without words
SELECT pg_temp.take(
	pg_temp.talk('6001', NULL, 'Do you have a minute?', 'Hrm, well, you people and your telephones.', 'I understand. We will not call you again.', 'Good.'),
	pg_temp.talk('6002', '{"do_not_call": true, "appointment": {"booked": true}}', 'When would suit you?', 'Monday at 3 pm works for me.', 'Wonderful, I have put you down for Monday at 3 pm.', 'Great, see you then.'),
	pg_temp.talk('6003', '{"do_not_call": true, "callback": {"requested": true, "date": "2026-11-21", "time": "16:00"}}', 'Do you have a minute?', 'I am busy now, call me back tomorrow at 4 pm.', 'I will. Until then.', 'Bye.'),
	pg_temp.talk('6004', '{"do_not_call": true}', 'Do you have a minute?', 'Not for this kind of thing.', 'I see. Goodbye.'),
	pg_temp.talk('6005', '{"do_not_call": true}', 'Do you have a minute?', 'Take me off your list and never call me again.'),
	pg_temp.talk('6006', '{"do_not_call": false}', 'Do you have a minute?', 'What is it about?', 'About your roof.', 'I would have to think about that. Bye.'),
	pg_temp.talk('6007', '{"do_not_call": true}', 'Hello?'),
	pg_temp.webhook('6008', 'report', 'customer-ended-call', 0, '{"do_not_call": true}'));
SELECT voiceagent_private.apply_inbox(100);
SELECT * FROM pg_temp.held();
SELECT number, outcome, lead_status, reason, queued FROM pg_temp.seen();
SELECT * FROM pg_temp.told('lead_held', 'lead_opted_out');
SELECT name, value, origin, support, counts FROM voiceagent.call_fields WHERE call_id = pg_temp.call_of('6002') AND name = 'do_not_call';
-- what is held is said wherever somebody asks
SELECT what, regexp_replace(why, 'call \d+', 'call N') AS why FROM voiceagent.explain_lead((SELECT lead_id FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant() AND phone LIKE '%6001')) WHERE what IN ('held', 'now');
SELECT what, regexp_replace(why, '.*(The number is)', '\1') AS why FROM voiceagent.explain_lead((SELECT lead_id FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant() AND phone LIKE '%6003')) WHERE what = 'now';
SELECT layer, reason FROM voiceagent.do_not_call_status('+12125556101');
CREATE FUNCTION pg_temp.refused(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_detail text;
	v_hint text;
BEGIN
	EXECUTE statement;
	RETURN 'done';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL, v_hint = PG_EXCEPTION_HINT;
	RETURN regexp_replace(format('%s %s; %s %s', SQLSTATE, SQLERRM, v_detail, v_hint), 'Call \d+', 'Call N');
END
$$;
SELECT pg_temp.refused(format('SELECT voiceagent.call_now(%s, 1)', lead_id)) FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant() AND phone LIKE '%6002';
-- it stays when the lead is deleted and comes again
SELECT pg_temp.refused('SELECT voiceagent.add_lead(''+12125556101'')');
SELECT rows_imported, rows_do_not_call FROM voiceagent.import_leads(E'phone,name\n+12125556101,Again\n+12125556199,New\n');
SELECT row_number, reason FROM voiceagent.import_errors WHERE tenant_id = voiceagent.current_tenant() ORDER BY 1;
-- the callback that the call in doubt promised is made; after it the hold stands
SELECT pg_temp.due();
SELECT pg_temp.dial();
SELECT pg_temp.take(pg_temp.webhook('6003', 'report', 'customer-did-not-answer'));
SELECT voiceagent_private.apply_inbox(100);
SELECT number, calls, outcome, lead_status, reason, queued FROM pg_temp.seen() WHERE number = '6003';
-- told again it is no other hold
SELECT count(*) > 0 AS replayed FROM (SELECT voiceagent.replay_webhook(webhook_id) FROM voiceagent.webhooks WHERE tenant_id = voiceagent.current_tenant()) r;
SELECT voiceagent_private.apply_inbox(100) > 0 AS applied;
SELECT event, count(*) FROM pg_temp.told('lead_held', 'hold_released', 'many_holds') GROUP BY 1;
-- a person ends it: the lead comes back (of nine calls one still goes on) to the campaign that left it out; the same call holds nobody again
SELECT pg_temp.refused(format('SELECT voiceagent.release_holds(ARRAY[%s], '' '')', pg_temp.call_of('6001')));
SELECT voiceagent.release_holds(ARRAY(SELECT call_id FROM voiceagent.do_not_call_list WHERE tenant_id = voiceagent.current_tenant() AND held
	AND call_id IN (SELECT c.call_id FROM voiceagent.calls c WHERE c.phone LIKE '%6001' OR c.phone LIKE '%6003')), 'listened to both') AS released;
SELECT voiceagent.release_holds(ARRAY[pg_temp.call_of('6001')], 'listened to both') AS again;
SELECT number, lead_status, reason, queued FROM pg_temp.seen() WHERE number IN ('6001', '6003');
SELECT voiceagent.replay_webhook(webhook_id) IS NOT NULL AS replayed FROM voiceagent.webhooks WHERE tenant_id = voiceagent.current_tenant() ORDER BY webhook_id LIMIT 1;
SELECT voiceagent_private.apply_inbox(100) > 0 AS applied;
SELECT number, held FROM pg_temp.held() WHERE held;
SELECT number, event, data ->> 'reason' AS why, data ->> 'by' AS by FROM pg_temp.told('hold_released');
SELECT action, object, new_value ->> 'reason' AS why FROM voiceagent.audit_log WHERE tenant_id = voiceagent.current_tenant() AND action = 'release_holds';
-- do_not_call() confirms one, allow_call() ends one too
SELECT voiceagent.do_not_call('+12125556002', 'confirmed by letter');
SELECT voiceagent.allow_call('+12125556007', 'it was a machine');
SELECT * FROM pg_temp.held() WHERE number IN ('6002', '6007');
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK;

-- A bot's word against the turns that it told; a person's own words afterwards; time, if the tenant wants it; many of them.
BEGIN;
SELECT pg_temp.begin_calls('Doubts', ARRAY['6001', '6002', '6003', '6004', '6005', '6006', '6007']) > 0 AS ready;
SELECT pg_temp.dial();
SELECT voiceagent.report_call(pg_temp.call_of('6001'), structured_data => '{"do_not_call": true}', turns => '[{"speaker": "assistant", "text": "When would suit you?"},
	{"speaker": "customer", "text": "Monday at 3 pm works for me."}, {"speaker": "assistant", "text": "Wonderful, Monday at 3 pm."}, {"speaker": "customer", "text": "Great, see you then."}]');
SELECT number, held FROM pg_temp.held();
SELECT voiceagent_private.apply_events(ARRAY[ROW(NULL, a.call_id, jsonb_populate_record(NULL::voiceagent.call_event, jsonb_build_object('kind', 'report', 'status', 'completed', 'cause', 'hangup',
	'cause_class', 'ok', 'provider_call_id', a.provider_call_id, 'ended_at', voiceagent.clock(), 'answered_at', voiceagent.clock() - interval '60 seconds', 'duration_seconds', 60)),
	(SELECT min(e.endpoint_id) FROM voiceagent.webhook_endpoints e WHERE e.tenant_id = a.tenant_id))::voiceagent_private.matched_event]) IS NOT NULL AS over
FROM voiceagent.attempts a WHERE a.tenant_id = voiceagent.current_tenant() AND a.call_id = pg_temp.call_of('6001');
SELECT number, held FROM pg_temp.held();
SELECT pg_temp.take(VARIADIC ARRAY(SELECT pg_temp.talk(n, NULL, 'Do you have a minute?', 'Hrm, well, you people and your telephones.', 'I understand. We will not call you again.', 'Good.')
	FROM unnest(ARRAY['6002', '6003', '6004', '6005']) n));
SELECT voiceagent_private.apply_inbox(100);
SELECT data - 'quotes' AS many, left(data ->> 'quotes', 60) AS quotes FROM pg_temp.told('many_holds');
SELECT p LIKE 'campaign % (Calls): 5 of its last 5 answered calls are held%' AS said FROM jsonb_array_elements_text(voiceagent.health() -> 'problems') p WHERE p LIKE '%held:%';
-- what no rule hears the classifier may, but not where an analysis was asked and says no, nor for a tenant that does not want it
SELECT x.name, voiceagent_private.with_learned_doubt('{"rules": 1}', x.data, x.turns) AS reading FROM (VALUES
	(1, 'doubtful', NULL::jsonb, '[{"speaker": "assistant", "text": "Hello, this is Nova."}, {"speaker": "customer", "text": "Lose my number and quit bothering my mother."}]'::jsonb),
	(2, 'asked', '{"do_not_call": false}', '[{"speaker": "customer", "text": "Lose my number and quit bothering my mother."}]'),
	(3, 'listed', '{"do_not_call": true}', '[{"speaker": "customer", "text": "Lose my number and quit bothering my mother."}]'),
	(4, 'ordinary', NULL, '[{"speaker": "customer", "text": "Thursday at three is fine."}]')) AS x(n, name, data, turns) ORDER BY x.n;
SELECT pg_temp.take(pg_temp.talk('6006', NULL, 'Hello, this is Nova.', 'Lose my number and quit bothering my mother.'));
SELECT voiceagent_private.apply_inbox(100);
SELECT number, held, reason, quote FROM pg_temp.held() WHERE number = '6006';
SELECT voiceagent.set_setting('doubt_threshold', '0');
SELECT voiceagent_private.with_learned_doubt('{"rules": 1}', NULL, '[{"speaker": "customer", "text": "Lose my number and quit bothering my mother."}]') AS switched_off;
-- late, a report of its own says it plainly: listed, and no hold any more
SELECT voiceagent.report_call(pg_temp.call_of('6002'), structured_data => '{"do_not_call": true}');
SELECT number, held, reason, quote FROM pg_temp.held() WHERE number IN ('6001', '6002');
CREATE FUNCTION pg_temp.after_expiry() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	PERFORM voiceagent_private.expire_holds(10);
	PERFORM voiceagent_private.set_tenant(v_tenant);
	RETURN (SELECT count(*) FROM pg_temp.held() WHERE held);
END
$$;
SELECT pg_temp.after_expiry() AS never;
SAVEPOINT refused;
SELECT voiceagent.set_setting('hold_expires', '29 days');
ROLLBACK TO refused;
SELECT voiceagent.set_setting('hold_expires', '30 days');
SELECT voiceagent.set_setting('hold_expires', '0');
SELECT voiceagent.set_setting('hold_expires', '30 days');
UPDATE voiceagent.do_not_call_list SET created_at = created_at - interval '29 days' WHERE tenant_id = voiceagent.current_tenant() AND held;
SELECT pg_temp.after_expiry() AS after_29_days;
UPDATE voiceagent.do_not_call_list SET created_at = created_at - interval '2 days' WHERE tenant_id = voiceagent.current_tenant() AND held;
SELECT pg_temp.after_expiry() AS after_31_days;
SELECT number, data ->> 'by' AS by FROM pg_temp.told('hold_released');
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK;
