-- What a carrier says of a call of which nobody knew whether it was placed: the call goes on where it was, once, with its money, its lead and its retry; after a person's word it is evidence.
\set ECHO none
\i lib/inbox_setup.inc
-- All dials are lost, and the carrier cannot tell of any.
CREATE FUNCTION pg_temp.lose() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
	PERFORM pg_temp.dial('unknown');
	PERFORM voiceagent_private.lookup_found_nothing(l.call_id, true) FROM (SELECT * FROM voiceagent_private.live_calls WHERE tenant_id = voiceagent.current_tenant() ORDER BY call_id) l, generate_series(1, 5) n;
	RETURN (SELECT count(*) FROM voiceagent.unresolved_calls WHERE tenant_id = voiceagent.current_tenant() AND resolved_at IS NULL);
END
$$;
-- A webhook of a lost call, under the carrier's id.
CREATE FUNCTION pg_temp.late(number text, word text, reason text DEFAULT NULL, talk_s numeric DEFAULT 0, structured jsonb DEFAULT '{}') RETURNS bytea LANGUAGE sql AS $$
	SELECT convert_to(jsonb_set(convert_from(pg_temp.webhook(number, word, reason, talk_s, structured), 'UTF8')::jsonb,
		'{message,call,id}', to_jsonb('theirs-' || number))::text, 'UTF8')
$$;
CREATE FUNCTION pg_temp.known() RETURNS TABLE (number text, placed boolean, resolved_by text, evidence bigint, said text, attempt text, hold text, charged numeric) LANGUAGE sql AS $$
	SELECT right(c.phone, 4), u.placed, u.resolved_by, jsonb_array_length(u.evidence), u.evidence #>> '{-1,status}', a.state, h.state, h.charged
	FROM voiceagent.unresolved_calls u JOIN voiceagent.calls c USING (tenant_id, call_id) JOIN voiceagent.attempts a USING (tenant_id, call_id)
	JOIN voiceagent.credit_holds h USING (tenant_id, call_id)
	WHERE u.tenant_id = voiceagent.current_tenant() ORDER BY 1
$$;
CREATE FUNCTION pg_temp.happened() RETURNS TABLE (event text, times bigint) LANGUAGE sql AS $$
	SELECT event_type, count(*) FROM voiceagent.events WHERE tenant_id = voiceagent.current_tenant()
		AND event_type IN ('call_unresolved', 'call_reopened', 'call_resolved', 'call_evidence', 'call_ended', 'lead_retry') GROUP BY 1 ORDER BY 1
$$;
-- A webhook subscription that is told everything of calls, and what it is told.
CREATE FUNCTION pg_temp.listen() RETURNS void LANGUAGE sql AS $$
	INSERT INTO voiceagent.webhook_subscriptions (tenant_id, url, kinds, home, created_at)
	VALUES (voiceagent.current_tenant(), 'https://example.com/calls', '{call_finished,call_corrected}', voiceagent_private.home(), voiceagent.clock());
	SELECT voiceagent_private.record_webhook_subscriptions();
$$;
CREATE FUNCTION pg_temp.told() RETURNS TABLE (number text, kind text, status text, outcome text, ended boolean, seconds numeric, credits numeric, resolved_by text) LANGUAGE sql AS $$
	SELECT right(o.d ->> 'phone', 4), n.kind, o.d ->> 'status', o.d ->> 'outcome', (o.d ->> 'ended_at') IS NOT NULL, (o.d ->> 'duration_seconds')::numeric,
		trim_scale((o.d ->> 'credits')::numeric), o.d ->> 'resolved_by'
	FROM voiceagent.webhook_deliveries n CROSS JOIN LATERAL (SELECT voiceagent_private.webhook_data(n) AS d) o
	WHERE n.tenant_id = voiceagent.current_tenant() ORDER BY 1, n.delivery_id
$$;
CREATE FUNCTION pg_temp.wrong() RETURNS SETOF text LANGUAGE sql AS $$ SELECT DISTINCT invariant FROM voiceagent_private.check_tenant() ORDER BY 1 $$;
\set ECHO all
BEGIN;
SELECT pg_temp.begin_calls('Late', ARRAY['2001', '2002', '2003', '2004', '2005', '2006'], '{"retry_attempts": 2}') > 0 AS ready;
SELECT pg_temp.lose();
SELECT status FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant();
SELECT component, state ~ ('^6 for people to resolve, the oldest is call ' || pg_temp.call_of('2001') || '$') AS says, since IS NOT NULL AS since, queue_depth
FROM voiceagent.status() WHERE component = 'unresolved calls';
-- a conversation: charged, and its lead is done; the campaign may have ended meanwhile
SELECT pg_temp.take(pg_temp.late('2001', 'report', 'customer-ended-call', 60, '{"interest": "high"}')), voiceagent_private.apply_inbox(10);
-- nobody answered: no charge, and again
SELECT status FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.take(pg_temp.late('2002', 'report', 'customer-did-not-answer')), voiceagent_private.apply_inbox(10);
-- a person who says that it was placed, and one who says that it was not, before the carrier says that there was a conversation
SELECT voiceagent.resolve_call(pg_temp.call_of('2003'), true), voiceagent.resolve_call(pg_temp.call_of('2004'), false);
SELECT pg_temp.take(pg_temp.late('2003', 'report', 'customer-ended-call', 60), pg_temp.late('2004', 'report', 'customer-ended-call', 60)), voiceagent_private.apply_inbox(10);
-- it goes on just now: live again, with credits held, and asked about
SELECT pg_temp.take(pg_temp.late('2005', 'in-progress')), voiceagent_private.apply_inbox(10);
SELECT right(c.phone, 4) AS number, l.state, l.provider_call_id, l.lease_until <= voiceagent.clock() AS asked, h.state AS hold
FROM voiceagent_private.live_calls l JOIN voiceagent.calls c USING (tenant_id, call_id) JOIN voiceagent.credit_holds h USING (tenant_id, call_id) WHERE l.tenant_id = voiceagent.current_tenant();
SELECT * FROM pg_temp.wrong();
-- asked not to be called again, after the word of a person
SELECT voiceagent.resolve_call(pg_temp.call_of('2006'), false);
SELECT pg_temp.take(pg_temp.late('2006', 'report', 'customer-ended-call', 20, '{"do_not_call": true}')), voiceagent_private.apply_inbox(10);
SELECT * FROM pg_temp.seen();
SELECT * FROM pg_temp.known();
SELECT * FROM pg_temp.happened();
SELECT status FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant();
SELECT right(phone, 4) AS number, source FROM voiceagent.do_not_call_list WHERE tenant_id = voiceagent.current_tenant();
SELECT * FROM pg_temp.wrong();
SELECT operation, amount FROM voiceagent.credit_transfers t JOIN voiceagent.calls c USING (tenant_id, call_id)
WHERE c.tenant_id = voiceagent.current_tenant() AND c.phone LIKE '%2001' ORDER BY t.transfer_id;
-- all of it again, under other keys: nothing more
CREATE TEMP TABLE before AS SELECT * FROM pg_temp.seen() UNION ALL SELECT 'credits', NULL, account, NULL, NULL, balance, NULL, NULL, NULL, NULL, NULL FROM voiceagent.credit_accounts WHERE tenant_id = voiceagent.current_tenant();
DELETE FROM voiceagent_private.webhook_keys WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.take(pg_temp.late('2001', 'report', 'customer-ended-call', 90, '{"interest": "high"}'), pg_temp.late('2002', 'report', 'customer-ended-call', 90),
	pg_temp.late('2003', 'report', 'customer-ended-call', 90), pg_temp.late('2004', 'report', 'customer-ended-call', 90)), voiceagent_private.apply_inbox(10);
SELECT * FROM (SELECT * FROM pg_temp.seen() UNION ALL SELECT 'credits', NULL, account, NULL, NULL, balance, NULL, NULL, NULL, NULL, NULL FROM voiceagent.credit_accounts WHERE tenant_id = voiceagent.current_tenant()) n EXCEPT SELECT * FROM before;
SELECT number, evidence FROM pg_temp.known();
SELECT component FROM voiceagent.status() WHERE component = 'unresolved calls';
DO $$
BEGIN
	PERFORM voiceagent.resolve_call(pg_temp.call_of('2001'), false);
EXCEPTION WHEN SQLSTATE 'PT404' THEN
	RAISE NOTICE 'the carrier has told already';
END $$;
ROLLBACK;

-- Subscribers: a call is finished once; what is known of it after all, and from whom, is a correction, once and when it is known.
BEGIN;
SELECT pg_temp.begin_calls('Told', ARRAY['2001', '2002', '2003', '2004', '2005'], '{"retry_attempts": 2}') > 0 AS ready;
SELECT pg_temp.listen();
SELECT pg_temp.lose();
SELECT * FROM pg_temp.told();
SELECT pg_temp.take(pg_temp.late('2001', 'report', 'customer-ended-call', 60, '{"interest": "high"}'), pg_temp.late('2002', 'in-progress')), voiceagent_private.apply_inbox(10);
SELECT voiceagent.resolve_call(pg_temp.call_of('2003'), true), voiceagent.resolve_call(pg_temp.call_of('2004'), false);
SELECT * FROM pg_temp.told();
DELETE FROM voiceagent_private.webhook_keys WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.take(pg_temp.late('2001', 'report', 'customer-ended-call', 60), pg_temp.late('2002', 'report', 'customer-ended-call', 60),
	pg_temp.late('2003', 'report', 'customer-ended-call', 60)), voiceagent_private.apply_inbox(10);
SELECT number, kind, outcome FROM pg_temp.told() WHERE number <= '2003';
ROLLBACK;

-- A lead that has gone on since has nothing to go back to, whatever a late report says; and people state only once whether a call took place.
BEGIN;
SELECT pg_temp.begin_calls('Gone on', ARRAY['2001', '2002', '2003'], '{"retry_attempts": 2}') > 0 AS ready;
SELECT pg_temp.lose();
UPDATE voiceagent.campaign_leads m SET status = 'skipped' FROM voiceagent.leads l
WHERE l.tenant_id = m.tenant_id AND l.lead_id = m.lead_id AND m.tenant_id = voiceagent.current_tenant() AND l.phone LIKE '%2001';
INSERT INTO voiceagent.calls (tenant_id, campaign_id, lead_id, phone, assistant_id, assistant_version, campaign_version, provider_account_id, attempt_number, status, outcome, credits, started_at, ended_at, lawful)
SELECT tenant_id, campaign_id, lead_id, phone, assistant_id, assistant_version, campaign_version, provider_account_id, 2, 'busy', 'busy', 0, voiceagent.clock(), voiceagent.clock(), false
FROM voiceagent.calls WHERE call_id = pg_temp.call_of('2002');
SELECT voiceagent_private.store_webhooks(array_agg(e.endpoint_id), array_agg('gone ' || a.call_id), array_agg('{}'::jsonb), array_agg(convert_to(jsonb_build_object('message', jsonb_build_object(
	'type', 'end-of-call-report', 'timestamp', 1763651000000, 'endedReason', 'customer-ended-call', 'startedAt', '2026-11-20T15:09:00Z', 'endedAt', '2026-11-20T15:10:00Z',
	'call', jsonb_build_object('id', 'theirs-' || a.call_id, 'name', a.reference)))::text, 'UTF8')), 'http'), voiceagent_private.apply_inbox(10)
FROM voiceagent.attempts a JOIN voiceagent.calls c USING (tenant_id, call_id), (SELECT min(endpoint_id) AS endpoint_id FROM voiceagent.webhook_endpoints WHERE tenant_id = voiceagent.current_tenant()) e
WHERE a.tenant_id = voiceagent.current_tenant() AND c.phone ~ '200[12]$';
SELECT number, resolved_by, evidence, attempt, hold FROM pg_temp.known();
SELECT voiceagent.resolve_call(pg_temp.call_of('2003'), true);
DO $$
BEGIN
	PERFORM voiceagent.resolve_call(pg_temp.call_of('2003'), false);
EXCEPTION WHEN SQLSTATE 'PT404' THEN
	RAISE NOTICE 'said already';
END $$;
-- of what is said after that the first twenty words are kept
CREATE FUNCTION pg_temp.say_again() RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
	DELETE FROM voiceagent_private.webhook_keys WHERE tenant_id = voiceagent.current_tenant();
	RETURN pg_temp.take(pg_temp.late('2003', 'ringing')) + voiceagent_private.apply_inbox(10);
END
$$;
SELECT sum(pg_temp.say_again()) FROM generate_series(1, 25);
SELECT number, resolved_by, evidence FROM pg_temp.known() WHERE number = '2003';
SELECT count(*) FROM voiceagent.events WHERE tenant_id = voiceagent.current_tenant() AND call_id = pg_temp.call_of('2003') AND event_type = 'call_evidence';
ROLLBACK;

-- Another campaign is just calling the person: the report of the lost call waits until that is over, and then counts.
BEGIN;
SELECT pg_temp.begin_calls('Called elsewhere', ARRAY['2001']) > 0 AS ready;
SELECT pg_temp.lose();
CREATE TEMP TABLE lost AS SELECT pg_temp.call_of('2001') AS call_id, pg_temp.late('2001', 'report', 'customer-ended-call', 60) AS report;
SELECT voiceagent.create_campaign('Second', (SELECT max(assistant_id) FROM voiceagent.assistants WHERE tenant_id = voiceagent.current_tenant()), settings => '{"call_interval": 0, "number_cooldown": 0}') AS d \gset
SELECT voiceagent.add_leads(:d, ARRAY(SELECT lead_id FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant())), voiceagent.start_campaign(:d);
SELECT pg_temp.dial();
SELECT pg_temp.take(report), voiceagent_private.apply_inbox(10) FROM lost;
SELECT resolved_by, jsonb_array_length(evidence) AS evidence FROM voiceagent.unresolved_calls u JOIN lost USING (call_id);
SELECT pg_temp.take(pg_temp.webhook('2001', 'report', 'customer-ended-call', 30)), voiceagent_private.apply_inbox(10);
SELECT set_config('voiceagent.clock_offset', (extract(epoch FROM voiceagent.clock() - clock_timestamp()) + 3600)::text, true) IS NOT NULL AS later;
SELECT voiceagent_private.apply_inbox(10);
SELECT u.resolved_by, c.status, c.outcome, c.credits FROM voiceagent.unresolved_calls u JOIN lost USING (call_id) JOIN voiceagent.calls c USING (tenant_id, call_id);
SELECT * FROM pg_temp.wrong();
ROLLBACK;

-- However long that takes: tries are not counted, what was said is written down once, and who asked not to be called again is not from then on.
BEGIN;
SELECT pg_temp.begin_calls('Waits', ARRAY['2001']) > 0 AS ready;
SELECT pg_temp.lose();
CREATE TEMP TABLE lost AS SELECT pg_temp.call_of('2001') AS call_id, pg_temp.late('2001', 'report', 'customer-ended-call', 60, '{"do_not_call": true}') AS report;
SELECT voiceagent.create_campaign('Second', (SELECT max(assistant_id) FROM voiceagent.assistants WHERE tenant_id = voiceagent.current_tenant()), settings => '{"call_interval": 0, "number_cooldown": 0}') AS d \gset
SELECT voiceagent.add_leads(:d, ARRAY(SELECT lead_id FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant())), voiceagent.start_campaign(:d);
SELECT pg_temp.dial();
CREATE FUNCTION pg_temp.later(by interval) RETURNS integer LANGUAGE sql AS $$
	SELECT set_config('voiceagent.clock_offset', (extract(epoch FROM voiceagent.clock() + by - clock_timestamp()))::text, true);
	SELECT voiceagent_private.apply_inbox(10)
$$;
CREATE TEMPORARY VIEW waits AS SELECT (SELECT count(*) FROM voiceagent_private.inbox i WHERE i.tenant_id = voiceagent.current_tenant() AND i.tries = 0) AS waiting,
	(SELECT count(*) FROM voiceagent.webhook_failures f WHERE f.tenant_id = voiceagent.current_tenant()) AS aside,
	(SELECT jsonb_array_length(u.evidence) FROM voiceagent.unresolved_calls u WHERE u.call_id = (SELECT call_id FROM lost)) AS evidence,
	(SELECT u.resolved_by FROM voiceagent.unresolved_calls u WHERE u.call_id = (SELECT call_id FROM lost)) AS resolved_by,
	(SELECT count(*) FROM voiceagent.do_not_call_list n WHERE n.tenant_id = voiceagent.current_tenant()) AS listed,
	(SELECT count(*) FROM voiceagent.events e WHERE e.tenant_id = voiceagent.current_tenant() AND e.event_type = 'lead_opted_out') AS opted_out;
SELECT pg_temp.take(report), voiceagent_private.apply_inbox(10) FROM lost;
SELECT * FROM pg_temp.waits;
SELECT sum(pg_temp.later('1 minute')) AS tries FROM generate_series(1, 20);
SELECT * FROM pg_temp.waits;
SAVEPOINT waiting;
-- the other call is over: nobody is called again, and the lost one counts
SELECT pg_temp.take(pg_temp.webhook('2001', 'report', 'customer-busy')), voiceagent_private.apply_inbox(10);
SELECT pg_temp.later('1 minute');
SELECT * FROM pg_temp.waits;
SELECT c.status, c.outcome, c.credits FROM voiceagent.calls c JOIN lost USING (call_id);
SELECT pg_temp.later('1 day') AS nothing, (SELECT count(*) FROM voiceagent_private.claim_calls(10)) AS called_again;
SELECT * FROM pg_temp.wrong();
ROLLBACK TO waiting;
-- a day later it waits no more: what there is to know is for a person to read
SELECT pg_temp.later('1 day');
SELECT * FROM pg_temp.waits;
ROLLBACK;

-- Fewer credits than the hold had: what there is is charged, and nothing is overdrawn.
BEGIN;
INSERT INTO voiceagent_private.platform_settings (key, value) VALUES ('charge_machines', 'off');
SELECT pg_temp.begin_calls('Poor', ARRAY['2001']) > 0 AS ready;
SELECT pg_temp.lose();
SELECT voiceagent_private.post(ARRAY[ROW('spend', 'available', 'spent', balance - 0.5, NULL, NULL, NULL, 'gone', NULL)::voiceagent_private.transfer])
FROM voiceagent.credit_accounts WHERE tenant_id = voiceagent.current_tenant() AND account = 'available';
SELECT pg_temp.take(pg_temp.late('2001', 'report', 'customer-ended-call', 600, '{"interest": "high"}')), voiceagent_private.apply_inbox(10);
SELECT number, status, outcome, seconds, credits FROM pg_temp.seen();
SELECT account, balance FROM voiceagent.credit_accounts WHERE tenant_id = voiceagent.current_tenant() AND account IN ('available', 'held') ORDER BY 1;
SELECT * FROM pg_temp.wrong();
ROLLBACK;

-- An unproven word: asked about once by the id that it names, and no more when the carrier knows none such.
BEGIN;
SELECT pg_temp.begin_calls('Hinted', ARRAY['2001']) > 0 AS ready;
SELECT pg_temp.listen();
SELECT pg_temp.lose();
UPDATE voiceagent.provider_accounts SET provider = 'exotel', settings = '{"account_sid": "acme1", "webhook_peers": "any"}' WHERE tenant_id = voiceagent.current_tenant();
CREATE FUNCTION pg_temp.hint(id text, status text) RETURNS text LANGUAGE sql AS $$
	SELECT voiceagent_private.store_webhooks(ARRAY[(SELECT min(endpoint_id) FROM voiceagent.webhook_endpoints WHERE tenant_id = voiceagent.current_tenant())],
		ARRAY['hint ' || random()], ARRAY[jsonb_build_object(':query', 'attempt=' || a.reference)],
		ARRAY[convert_to(jsonb_build_object('CallSid', id, 'EventType', 'terminal', 'Status', status, 'ConversationDuration', 600)::text, 'UTF8')], 'http')
	FROM voiceagent.attempts a WHERE a.tenant_id = voiceagent.current_tenant();
	SELECT 'applied ' || voiceagent_private.apply_inbox(10)
$$;
SELECT pg_temp.hint('s1', 'completed');
SELECT l.state, l.provider_call_id, l.lease_until <= voiceagent.clock() AS asked FROM voiceagent_private.live_calls l WHERE l.tenant_id = voiceagent.current_tenant();
SELECT placed, resolved_by FROM pg_temp.known();
SELECT invariant FROM voiceagent_private.check_tenant() WHERE invariant NOT LIKE 'a real carrier dials under the law%';
SAVEPOINT asked;
-- the carrier knows it
SELECT voiceagent_private.store_webhooks(ARRAY[(SELECT min(endpoint_id) FROM voiceagent.webhook_endpoints WHERE tenant_id = voiceagent.current_tenant())], '{looked}', '{"{}"}',
	ARRAY[convert_to('{"Call": {"Sid": "s1", "Status": "completed", "EndTime": "2026-11-20 12:01:00", "Price": "0.25", "Details": {"Legs": [{"Leg": {"OnCallDuration": 60}}]}}}', 'UTF8')], 'lookup'),
	voiceagent_private.apply_inbox(10);
SELECT status, outcome, seconds, credits, lead_status FROM pg_temp.seen();
SELECT number, attempt, hold, charged FROM pg_temp.known();
SELECT number, kind, outcome, resolved_by FROM pg_temp.told();
SELECT invariant FROM voiceagent_private.check_tenant() WHERE invariant NOT LIKE 'a real carrier dials under the law%';
ROLLBACK TO asked;
-- the carrier does not
SELECT voiceagent_private.lookup_found_nothing(pg_temp.call_of('2001')) FROM generate_series(1, 5);
SELECT status, outcome, cause, credits, lead_status FROM pg_temp.seen();
-- ended as it had: nothing to correct
SELECT number, kind, outcome, resolved_by FROM pg_temp.told();
SELECT pg_temp.hint('s2', 'completed');
SELECT placed, resolved_by, evidence FROM pg_temp.known();
SELECT count(*) AS live FROM voiceagent_private.live_calls l WHERE l.tenant_id = voiceagent.current_tenant();
SELECT invariant FROM voiceagent_private.check_tenant() WHERE invariant NOT LIKE 'a real carrier dials under the law%';
ROLLBACK;

-- What the carrier did not know when it was asked, and speaks of later: the call goes on where it was, its lead leaves the queue,
-- and the attempt that was given back counts.
BEGIN;
SELECT pg_temp.begin_calls('Guessed', '{2001,2002,2003,2004}') > 0 AS ready;
SELECT pg_temp.dial('unknown');
SELECT count(*) FILTER (WHERE voiceagent_private.lookup_found_nothing(l.call_id)) AS not_placed
FROM (SELECT * FROM voiceagent_private.live_calls WHERE tenant_id = voiceagent.current_tenant()) l, generate_series(1, 5);
SELECT number, status, outcome, cause, lead_status, attempts, queued FROM pg_temp.seen();
CREATE TEMP TABLE first_call AS SELECT pg_temp.call_of('2002') AS call_id,
	pg_temp.late('2002', 'report', 'customer-ended-call', 60, '{"do_not_call": true}') AS report;
-- the report, in which the person opted out
SELECT pg_temp.take(pg_temp.late('2001', 'report', 'customer-ended-call', 60, '{"do_not_call": true}')), voiceagent_private.apply_inbox(10);
-- the answer to the dial itself, which comes last
SELECT voiceagent_private.record_dials(ARRAY[a.attempt_id], '{accepted}', '{theirs-2003}', '{NULL}', '{201}', '{NULL}', '{0}') AS heard
FROM voiceagent.attempts a WHERE a.tenant_id = voiceagent.current_tenant() AND a.call_id = pg_temp.call_of('2003');
SELECT l.state, l.provider_call_id, h.state AS hold FROM voiceagent_private.live_calls l JOIN voiceagent.credit_holds h USING (tenant_id, call_id)
WHERE l.tenant_id = voiceagent.current_tenant();
-- the others are dialled again
SELECT pg_temp.dial() AS dialled_again;
SELECT number, calls, status, outcome, cause, seconds, credits > 0 AS charged, lead_status, attempts, queued FROM pg_temp.seen();
-- who has been dialled since is not called back, but an opt-out holds
SELECT pg_temp.take(f.report), voiceagent_private.apply_inbox(10) FROM first_call f;
SELECT c.status, c.outcome, c.cause, u.placed, u.resolved_by, u.reason, jsonb_array_length(u.evidence) AS evidence
FROM first_call f JOIN voiceagent.calls c USING (call_id) JOIN voiceagent.unresolved_calls u USING (tenant_id, call_id) WHERE c.tenant_id = voiceagent.current_tenant();
SELECT right(d.phone, 4) AS number, d.source FROM voiceagent.do_not_call_list d WHERE d.tenant_id = voiceagent.current_tenant() ORDER BY 1;
SELECT event_data FROM voiceagent.events WHERE tenant_id = voiceagent.current_tenant() AND event_type = 'call_reopened' ORDER BY event_id;
SELECT * FROM voiceagent.webhook_failures WHERE tenant_id = voiceagent.current_tenant();
SELECT * FROM pg_temp.wrong();
ROLLBACK;
