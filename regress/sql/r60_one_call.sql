-- A call that comes in is a call: live, in words, events, webhooks to the tenant, recording, cost, totals, exports, retention and erasure it is
-- as one that we make, and it costs no credits, no cap and no campaign anything.
\set VERBOSITY terse
SET client_min_messages = warning;
BEGIN;
SET LOCAL voiceagent.public_base_url = 'https://calls.example.com';
SELECT voiceagent.create_tenant('r60 one call', 'UTC', 1000) AS tenant, voiceagent.create_tenant('r60 one other') AS other \gset
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS acting;
INSERT INTO voiceagent.provider_accounts (tenant_id, provider, name, base_url, settings, max_concurrent_calls, created_at)
VALUES (:tenant, 'vapi', 'Vapi', 'https://carrier.example', '{"phone_number_id": "p"}', 10, now()) RETURNING provider_account_id AS account \gset
SELECT voiceagent_private.add_endpoint(:account) IS NOT NULL AS told_at;
SELECT endpoint_id AS endpoint FROM voiceagent.webhook_endpoints WHERE tenant_id = :tenant AND provider_account_id = :account \gset
SELECT voiceagent.create_assistant('Reception', 'Hello, how can I help?', 'Be kind.') AS assistant \gset
SELECT voiceagent.create_phone_number('+12125550001', :account) AS n \gset
UPDATE voiceagent.phone_numbers SET state = 'ready', proof = 'carrier' WHERE phone_number_id = :n;
SELECT voiceagent.update_phone_number(:n, jsonb_build_object('ai_assistant_id', :assistant));
SELECT voiceagent.set_setting('record_calls', 'true') IS NOT NULL AS recorded;
INSERT INTO voiceagent.webhook_subscriptions (tenant_id, url, kinds, home, created_at)
VALUES (:tenant, 'https://crm.example/hook', voiceagent_private.webhook_kinds(), voiceagent_private.home(), voiceagent.clock());
SELECT voiceagent_private.record_webhook_subscriptions();
SELECT voiceagent.add_lead('+1 212 555 0100') AS ann \gset
CREATE FUNCTION pg_temp.tell(VARIADIC events jsonb[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	PERFORM voiceagent_private.apply_events(ARRAY(SELECT ROW(0, NULL, jsonb_populate_record(NULL::voiceagent.call_event, e),
		(SELECT max(p.endpoint_id) FROM voiceagent.webhook_endpoints p WHERE p.tenant_id = voiceagent.current_tenant()))::voiceagent_private.matched_event
		FROM unnest(events) e));
END $$;
CREATE FUNCTION pg_temp.comes(theirs text, number text) RETURNS void LANGUAGE sql AS $$
	SELECT pg_temp.tell(jsonb_build_object('kind', 'incoming', 'provider_call_id', theirs, 'from_number', number, 'to_number', '+12125550001', 'wants_answer', true))
$$;
CREATE FUNCTION pg_temp.call_of(theirs text) RETURNS bigint LANGUAGE sql AS $$
	SELECT i.call_id FROM voiceagent.call_inbound i WHERE i.tenant_id = voiceagent.current_tenant() AND i.provider_call_id = theirs
$$;

-- Live: a lead, and somebody who is none and withholds the number.
SELECT pg_temp.comes('IN-ann', '+12125550100'), pg_temp.comes('IN-hidden', NULL);
SELECT direction, phone, lead_id = :ann AS ann, campaign_id, attempt_number, status FROM voiceagent.active_calls ORDER BY call_id;
SELECT pg_temp.tell('{"kind": "status", "provider_call_id": "IN-ann", "status": "in_progress", "answered_at": "2026-01-01 00:00Z"}');
SELECT status, answered_at IS NOT NULL AS answered, outcome, counts, lawful, assistant_id = :assistant AS reception, assistant_version FROM voiceagent.calls WHERE call_id = pg_temp.call_of('IN-ann');
SELECT * FROM voiceagent.call_recording(pg_temp.call_of('IN-ann'));
SELECT voiceagent.hang_up_call(pg_temp.call_of('IN-hidden')) > 0 AS hung_up;
-- The bot that talks in it reports, as of any call.
SELECT voiceagent.report_call(pg_temp.call_of('IN-ann'), structured_data := '{"note": "likes tea"}') AS live;
-- Its end: words turn by turn, an event, a webhook to the tenant; no credits.
SELECT pg_temp.tell('{"kind": "report", "provider_call_id": "IN-ann", "status": "completed", "duration_seconds": 61, "cause": "customer-ended-call", "summary": "Asked for tea.",
	"transcript": "AI: Hello. User: Tea!", "recording_url": "https://r.example/1.wav", "turns": [{"turn": 1, "speaker": "assistant", "text": "Hello."}, {"turn": 2, "speaker": "customer", "text": "Tea!"}]}');
SELECT status, outcome, cause, duration_seconds, credits, cost_source, structured_data, summary, ended_at IS NOT NULL AS ended FROM voiceagent.calls WHERE call_id = pg_temp.call_of('IN-ann');
SELECT turn, speaker, text FROM voiceagent.call_turns WHERE call_id = pg_temp.call_of('IN-ann') ORDER BY turn;
SELECT event_type, lead_id = :ann AS ann, campaign_id, event_data - 'phone_number_id' AS data FROM voiceagent.call_events WHERE call_id = pg_temp.call_of('IN-ann') ORDER BY event_id;
SELECT kind, d.event_type, voiceagent_private.webhook_data(d) ->> 'direction' AS direction, voiceagent_private.webhook_data(d) ->> 'phone' AS phone,
	voiceagent_private.webhook_data(d) ->> 'summary' AS summary FROM voiceagent.webhook_deliveries d WHERE d.tenant_id = :tenant AND d.call_id = pg_temp.call_of('IN-ann') ORDER BY 1;
SELECT state, url FROM voiceagent.call_recording(pg_temp.call_of('IN-ann'));
SELECT rule, regexp_replace(detail, 'at \S+ \S+\.$|Number \d+|lead \d+', 'N') AS detail FROM voiceagent.explain_call(pg_temp.call_of('IN-ann'));
SELECT what, regexp_replace(why, 'call \d+', 'call N') AS why FROM voiceagent.explain_lead(:ann) WHERE what IN ('called_us', 'ended', 'dialled');
SELECT count(*) AS live FROM voiceagent.active_calls;
-- Told again nothing is new; told late it is kept, and an opt-out lists the caller.
SELECT pg_temp.tell('{"kind": "report", "provider_call_id": "IN-ann", "status": "completed", "duration_seconds": 61}');
SELECT count(*) AS ends FROM voiceagent.call_events WHERE call_id = pg_temp.call_of('IN-ann') AND event_type = 'call_ended';
SELECT voiceagent.report_call(pg_temp.call_of('IN-ann'), success_evaluation := 'true') AS late, voiceagent.report_call(pg_temp.call_of('IN-ann'), success_evaluation := 'true') AS again;
SAVEPOINT opted;
SELECT voiceagent.report_call(pg_temp.call_of('IN-ann'), structured_data := '{"do_not_call": true}') AS late;
SELECT phone, source, call_id = pg_temp.call_of('IN-ann') AS by_it FROM voiceagent.do_not_call_list WHERE tenant_id = :tenant;
SELECT voiceagent.report_call(pg_temp.call_of('IN-hidden'), structured_data := '{"do_not_call": true}') AS live;
SELECT count(*) AS nobody_else FROM voiceagent.do_not_call_list WHERE tenant_id = :tenant;
ROLLBACK TO opted;
-- What it cost: by the rate of the number that was called, until the carrier tells.
SELECT voiceagent.set_account_rate(:account, 0.6, 'USD', '+1212', 'inbound') > 0 AS rate;
SELECT pg_temp.comes('IN-bea', '+12125550200');
SELECT pg_temp.tell('{"kind": "report", "provider_call_id": "IN-bea", "status": "completed", "duration_seconds": 61, "answered_at": "2026-01-01 00:00Z", "summary": "Hi"}');
SELECT cost, cost_currency, cost_source FROM voiceagent.calls WHERE call_id = pg_temp.call_of('IN-bea');
SELECT pg_temp.tell('{"kind": "cost", "provider_call_id": "IN-bea", "cost": 0.5, "cost_currency": "USD"}');
SELECT cost, cost_currency, cost_source FROM voiceagent.calls WHERE call_id = pg_temp.call_of('IN-bea');
SELECT total_calls, total_minutes, total_cost_cents, cost_currency, outbound_calls, inbound_calls FROM voiceagent.phone_number_totals WHERE phone_number_id = :n;
SELECT count(*) AS counters FROM voiceagent.campaign_counters WHERE tenant_id = :tenant;
SELECT sum(balance) FILTER (WHERE account <> 'granted') AS left_alone FROM voiceagent.credit_accounts WHERE tenant_id = :tenant AND account IN ('held', 'spent');
-- The fixture's number was given to nobody.
SELECT * FROM voiceagent_private.check_tenant() WHERE invariant <> 'a number that carriers call ours has its owner';
-- One that rang in vain was not answered, whatever ends it.
SELECT pg_temp.comes('IN-missed', '+12125550400');
SELECT pg_temp.tell('{"kind": "report", "provider_call_id": "IN-missed", "status": "failed", "cause": "rang off"}');
SELECT c.status, c.outcome, c.answered_at, i.answered FROM voiceagent.calls c JOIN voiceagent.call_inbound i USING (tenant_id, call_id) WHERE c.call_id = pg_temp.call_of('IN-missed');
-- A carrier that knows it no more, or never tells of its end: it ends all the same.
SELECT pg_temp.comes('IN-lost', '+12125550300');
SELECT set_config('voiceagent.clock_offset', '7201', true) \g /dev/null
SELECT voiceagent_private.end_lost_incoming(100) > voiceagent.clock() AS later;
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS back;
SELECT i.provider_call_id, c.status, c.outcome, c.cause, i.ended_at = c.ended_at AS agree FROM voiceagent.calls c JOIN voiceagent.call_inbound i USING (tenant_id, call_id)
WHERE c.tenant_id = :tenant AND i.provider_call_id IN ('IN-lost', 'IN-hidden') ORDER BY 1;
SELECT (SELECT count(*) FROM voiceagent_private.live_incoming WHERE tenant_id = :tenant) AS watched, count(*) FILTER (WHERE event_type = 'call_ended') AS told
FROM voiceagent.call_events WHERE call_id = pg_temp.call_of('IN-lost');
-- The fixture's number was given to nobody.
SELECT * FROM voiceagent_private.check_tenant() WHERE invariant <> 'a number that carriers call ours has its owner';
SELECT set_config('voiceagent.clock_offset', '0', true) \g /dev/null

-- Malformed rows are refused, of either kind.
CREATE FUNCTION pg_temp.refused(changes text, theirs text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_constraint text;
BEGIN
	EXECUTE format('UPDATE voiceagent.calls SET %s WHERE call_id = %s', changes, pg_temp.call_of(theirs));
	RETURN 'taken';
EXCEPTION WHEN check_violation THEN
	GET STACKED DIAGNOSTICS v_constraint = CONSTRAINT_NAME;
	RETURN v_constraint;
END $$;
SELECT c, pg_temp.refused(c, 'IN-ann') FROM unnest(ARRAY['counts = true', 'lawful = true', 'campaign_id = 1', 'campaign_version = 1', 'attempt_number = 1', 'provider_call_id = NULL',
	'ended_at = NULL', 'assistant_id = NULL', 'direction = ''outbound''', 'direction = ''sideways''', 'phone = ''withheld''']) c;
SELECT pg_temp.refused('phone = NULL, lead_id = NULL, assistant_id = NULL, assistant_version = NULL', 'IN-ann') AS fine;

-- Another tenant sees none of it, nor reports, hangs up or asks.
SELECT pg_temp.call_of('IN-ann') AS call \gset
SET LOCAL ROLE voiceagent_user;
SELECT (SELECT count(*) FROM voiceagent.call_inbound) AS inbound, (SELECT count(*) FROM voiceagent.calls) AS calls, (SELECT count(*) FROM voiceagent.call_turns) AS turns;
RESET ROLE;
SELECT voiceagent_private.set_tenant(:other) IS NOT NULL AS another;
CREATE FUNCTION pg_temp.tried(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE statement;
	RETURN 'done';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE;
END $$;
SELECT pg_temp.tried(format('SELECT voiceagent.report_call(%s, summary := ''x'')', :call)) AS report, pg_temp.tried(format('SELECT voiceagent.hang_up_call(%s)', :call)) AS hang_up,
	pg_temp.tried(format('SELECT voiceagent.call_recording(%s)', :call)) AS recording, pg_temp.tried(format('SELECT * FROM voiceagent.explain_call(%s)', :call)) AS explain;
SET LOCAL ROLE voiceagent_user;
SELECT (SELECT count(*) FROM voiceagent.call_inbound) AS inbound, (SELECT count(*) FROM voiceagent.calls) AS calls, (SELECT count(*) FROM voiceagent.active_calls) AS active,
	(SELECT count(*) FROM voiceagent.call_turns) AS turns, (SELECT count(*) FROM voiceagent.call_events) AS events;
RESET ROLE;
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS back;

-- Taken away with the person; retained as long as other calls; erased by the number, also what no lead's was.
SELECT c ->> 'direction' AS direction, c -> 'inbound' ->> 'from_number' AS from_number, jsonb_array_length(c -> 'turns') AS turns FROM jsonb_array_elements(voiceagent.export_lead(:ann) -> 'calls') c;
SELECT relation, count(*) FROM voiceagent.export_tenant() WHERE relation IN ('calls', 'call_inbound') GROUP BY 1 ORDER BY 1;
SELECT pg_temp.comes('IN-was-bea', '+12125550200');
SAVEPOINT kept;
SELECT (s).removed, (s).more FROM voiceagent_private.retain_class('recordings', 0, voiceagent.clock() + interval '391 days', 100) s;
SELECT (s).removed, (s).more FROM voiceagent_private.retain_class('transcripts', 0, voiceagent.clock() + interval '391 days', 100) s;
SELECT count(summary) AS summaries, count(recording_url) AS recordings FROM voiceagent.calls WHERE tenant_id = :tenant;
SELECT (s).removed, (s).more FROM voiceagent_private.retain_class('calls', 0, voiceagent.clock() + interval '11 years', 100) s;
-- One that is live stops it.
SELECT i.provider_call_id FROM voiceagent.call_inbound i WHERE tenant_id = :tenant;
ROLLBACK TO kept;
SELECT voiceagent.erase_lead(voiceagent.add_lead('+12125550200')) ->> 'status' AS erased;
SELECT i.provider_call_id, i.from_number, c.phone, c.lead_id, i.plan ->> 'kind' AS kind, c.summary FROM voiceagent.call_inbound i JOIN voiceagent.calls c USING (tenant_id, call_id)
WHERE i.tenant_id = :tenant AND i.provider_call_id LIKE '%bea' ORDER BY 1;
SELECT pg_temp.tell('{"kind": "report", "provider_call_id": "IN-bea", "status": "completed", "summary": "Once more"}');
SELECT pg_temp.tell('{"kind": "report", "provider_call_id": "IN-was-bea", "status": "completed", "summary": "Once more"}');
-- It has ended, so the erasure that waited for it goes on.
UPDATE voiceagent_private.waiting_erasures SET next_at = '-infinity' WHERE tenant_id = :tenant;
SELECT voiceagent_private.finish_erasures(1) IS NOT NULL AS went_on, voiceagent_private.set_tenant(:tenant) IS NOT NULL AS back;
SELECT i.provider_call_id, c.summary, c.outcome FROM voiceagent.call_inbound i JOIN voiceagent.calls c USING (tenant_id, call_id)
WHERE i.tenant_id = :tenant AND i.provider_call_id LIKE '%bea' ORDER BY 1;
SELECT voiceagent.erase_lead(:ann) -> 'erased' AS erased;
SELECT count(*) AS traces FROM voiceagent.calls c JOIN voiceagent.call_inbound i USING (tenant_id, call_id) WHERE c.tenant_id = :tenant AND (c.phone IN ('+12125550100', '+12125550200')
	OR i.from_number IN ('+12125550100', '+12125550200'));

-- The indexes of calls are those of outbound calls: none is of incoming ones.
SELECT c.relname, pg_get_expr(i.indpred, i.indrelid) AS predicate FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = 'voiceagent.calls'::regclass ORDER BY 1;
ROLLBACK;
