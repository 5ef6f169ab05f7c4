-- Webhooks have their effect exactly once, whatever is repeated, reordered, late or broken.
\set ON_ERROR_STOP off
\set ECHO none
\i lib/inbox_setup.inc
\set ECHO all
BEGIN;
SELECT pg_temp.begin_calls('Inbox', ARRAY['2001', '2002', '2003', '2004', '2005', '2006', '2007', '2008']) > 0 AS ready;
SELECT pg_temp.dial();

-- states only move forward: ringing, an answer, and a ringing that comes late
SELECT pg_temp.take(pg_temp.webhook('2001', 'ringing'), pg_temp.webhook('2002', 'in-progress'));
SELECT voiceagent_private.apply_inbox(100);
SELECT pg_temp.take(pg_temp.webhook('2002', 'ringing'));
SELECT voiceagent_private.apply_inbox(100);
SELECT right(phone, 4) AS number, status, outcome, answered_at IS NOT NULL AS answered FROM voiceagent.calls
WHERE tenant_id = voiceagent.current_tenant() AND phone LIKE '%200_' AND right(phone, 1) < '3' ORDER BY 1;

-- "ended" without its report leaves the call live: the carrier will be asked soon
SELECT pg_temp.take(pg_temp.webhook('2003', 'ended', 'customer-ended-call'));
SELECT voiceagent_private.apply_inbox(100);
SELECT c.outcome IS NULL AS live, l.lease_until < voiceagent.clock() + interval '1 minute' AS asked_soon
FROM voiceagent.calls c JOIN voiceagent_private.live_calls l USING (tenant_id, call_id) WHERE c.phone = '+12125552003';

-- a webhook may be quicker than the answer to our request: the lease is then the call's, no longer the request's
SAVEPOINT quick;
UPDATE voiceagent_private.live_calls l SET state = 'sending', lease_until = voiceagent.clock() + interval '1 minute'
FROM voiceagent.calls c WHERE c.tenant_id = l.tenant_id AND c.call_id = l.call_id AND c.phone = '+12125552008';
SELECT pg_temp.take(pg_temp.webhook('2008', 'ringing'));
SELECT voiceagent_private.apply_inbox(100);
SELECT l.state, l.lease_until = l.ends_by AS lease_of_the_call
FROM voiceagent.calls c JOIN voiceagent_private.live_calls l USING (tenant_id, call_id) WHERE c.phone = '+12125552008';
ROLLBACK TO quick;

-- a batch ends where the bodies come to too much; the first is taken, however long
SAVEPOINT bounded;
SELECT pg_temp.take(pg_temp.webhook('2005', 'ringing'), pg_temp.webhook('2006', 'ringing'), pg_temp.webhook('2006', 'ringing'), pg_temp.webhook('2007', 'ringing'), pg_temp.webhook('2008', 'ringing'));
SELECT count(*), bool_and(i.body_bytes = octet_length(w.body)) AS measured FROM voiceagent_private.inbox i JOIN voiceagent.webhooks w USING (tenant_id, webhook_id)
WHERE i.tenant_id = voiceagent.current_tenant();
SELECT voiceagent_private.apply_inbox(100, 1);
SELECT voiceagent_private.apply_inbox(100, (SELECT 1 + min(body_bytes) FROM voiceagent_private.inbox WHERE tenant_id = voiceagent.current_tenant()));
SELECT voiceagent_private.apply_inbox(100);
ROLLBACK TO bounded;

-- the reports: a talk, an opt-out, a busy line, no answer, a machine, a wrong number, a callback
SELECT pg_temp.take(
	pg_temp.webhook('2001', 'report', 'customer-ended-call', 90, '{"interest": "high", "qualified": true}'),
	pg_temp.webhook('2002', 'report', 'assistant-ended-call', 30.5, '{"do_not_call": true}'),
	pg_temp.webhook('2003', 'report', 'customer-busy'),
	pg_temp.webhook('2004', 'report', 'customer-did-not-answer'),
	pg_temp.webhook('2005', 'report', 'voicemail', 12),
	pg_temp.webhook('2006', 'report', 'twilio-reported-customer-misdialed'),
	pg_temp.webhook('2007', 'report', 'customer-ended-call', 45, '{"callback": {"requested": true, "phrase": "tomorrow at 3 pm"}}'));
SELECT voiceagent_private.apply_inbox(100);
SELECT * FROM pg_temp.seen();
SELECT t.speaker, t.text FROM voiceagent.call_turns t JOIN voiceagent.calls c USING (tenant_id, call_id)
WHERE c.phone = '+12125552001' ORDER BY t.turn;
SELECT right(phone, 4) AS number, source, reason FROM voiceagent.do_not_call_list WHERE tenant_id = voiceagent.current_tenant();
SELECT qualified, status FROM voiceagent.leads WHERE phone = '+12125552001';

-- a late ringing after the end, and every webhook ten times more in any order: nothing changes
CREATE TEMP TABLE before AS SELECT * FROM pg_temp.seen();
CREATE TEMP TABLE ledger AS SELECT * FROM voiceagent.credit_transfers WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.take(pg_temp.webhook('2004', 'ringing'));
SELECT voiceagent_private.apply_inbox(100);
SELECT setseed(0.42);
SELECT sum(voiceagent_private.store_webhooks(ARRAY[w.endpoint_id], ARRAY[k.event_key], ARRAY[w.headers], ARRAY[w.body], 'http')) AS new_ones
FROM (SELECT w.*, g FROM voiceagent.webhooks w, generate_series(1, 10) g WHERE w.tenant_id = voiceagent.current_tenant() ORDER BY random()) w
JOIN voiceagent_private.webhook_keys k ON k.tenant_id = w.tenant_id AND k.webhook_id = w.webhook_id;
-- ... even when the deduplication is passed by, and each is applied again
SELECT count(*) > 0 AS replayed FROM (SELECT voiceagent.replay_webhook(webhook_id) FROM voiceagent.webhooks
	WHERE tenant_id = voiceagent.current_tenant() ORDER BY random()) r;
SELECT voiceagent_private.apply_inbox(1000) > 0 AS applied;
SELECT count(*) AS changed FROM (SELECT * FROM pg_temp.seen() EXCEPT SELECT * FROM before) x;
SELECT count(*) AS booked_again FROM (SELECT * FROM voiceagent.credit_transfers WHERE tenant_id = voiceagent.current_tenant()
	EXCEPT SELECT * FROM ledger) x;
SELECT count(*) FROM voiceagent_private.inbox WHERE tenant_id = voiceagent.current_tenant();

-- one broken body and one about a stranger's call stop nothing; each is set aside with its reason
SELECT voiceagent_private.store_webhooks(array_agg(e), ARRAY['malformed:1', 'status:x'], ARRAY['{}', '{}']::jsonb[],
	ARRAY['{"message": {"type": "status-upd'::bytea, '{"message": {"type": "status-update", "status": "ringing", "call": {"id": "stranger"}}}'], 'http')
FROM (SELECT min(endpoint_id) AS e FROM voiceagent.webhook_endpoints WHERE tenant_id = voiceagent.current_tenant()) m, generate_series(1, 2);
SELECT pg_temp.take(pg_temp.webhook('2008', 'report', 'customer-did-not-answer'));
SELECT voiceagent_private.apply_inbox(100);
SELECT reason FROM voiceagent.webhook_failures WHERE tenant_id = voiceagent.current_tenant() ORDER BY webhook_id;
SELECT status, outcome, credits FROM voiceagent.calls WHERE phone = '+12125552008';
-- mended, or tried in vain: it says so again
SELECT voiceagent.replay_webhook(min(webhook_id)) FROM voiceagent.webhook_failures WHERE tenant_id = voiceagent.current_tenant();
SELECT voiceagent_private.apply_inbox(100);
SELECT count(*) FROM voiceagent.webhook_failures WHERE tenant_id = voiceagent.current_tenant();
SAVEPOINT s;
\set VERBOSITY sqlstate
SELECT voiceagent.replay_webhook(0);
ROLLBACK TO s;
\set VERBOSITY default

SELECT * FROM voiceagent_private.check_tenant();
COMMIT;

-- A report that cannot be applied keeps no call alive: after its tries the call ends without what was said, but for an opt-out.
BEGIN;
SELECT pg_temp.begin_calls('Poison', ARRAY['2001', '2002', '2003']) > 0 AS ready;
ALTER TABLE voiceagent.appointments ADD CONSTRAINT poison CHECK (said NOT LIKE '%poison%');
ALTER TABLE voiceagent.calls ADD CONSTRAINT poison CHECK (success_evaluation <> 'poison' AND (cause <> 'poison-too' OR outcome IS NULL)) NOT VALID;
SELECT pg_temp.dial();
CREATE FUNCTION pg_temp.tries(n integer) RETURNS TABLE (waiting bigint, aside bigint, live bigint, held numeric) LANGUAGE plpgsql AS $$
BEGIN
	FOR i IN 1 .. n LOOP
		UPDATE voiceagent_private.inbox SET next_try_at = '-infinity' WHERE tenant_id = voiceagent.current_tenant();
		PERFORM voiceagent_private.apply_inbox(100);
	END LOOP;
	RETURN QUERY SELECT (SELECT count(*) FROM voiceagent_private.inbox i WHERE i.tenant_id = voiceagent.current_tenant()),
		(SELECT count(*) FROM voiceagent.webhook_failures f WHERE f.tenant_id = voiceagent.current_tenant()),
		(SELECT count(*) FROM voiceagent_private.live_calls l WHERE l.tenant_id = voiceagent.current_tenant()),
		(SELECT count(*)::numeric FROM voiceagent.credit_holds h WHERE h.tenant_id = voiceagent.current_tenant() AND h.state = 'held');
END
$$;
SELECT pg_temp.take(pg_temp.webhook('2001', 'report', 'customer-ended-call', 60, '{"appointment": {"booked": true, "phrase": "poison on monday at 9:00"}}'),
	convert_to(jsonb_set(convert_from(pg_temp.webhook('2002', 'report', 'customer-ended-call', 60, '{"do_not_call": true}'), 'UTF8')::jsonb,
		'{message,analysis,successEvaluation}', '"poison"')::text, 'UTF8'));
SELECT * FROM pg_temp.tries(4);
SELECT * FROM pg_temp.tries(1);
SELECT number, status, outcome, seconds, credits, lead_status FROM pg_temp.seen();
SELECT right(phone, 4) AS number, source FROM voiceagent.do_not_call_list WHERE tenant_id = voiceagent.current_tenant();
SELECT reason LIKE '%; its call has ended without what was said in it' AS says FROM voiceagent.webhook_failures WHERE tenant_id = voiceagent.current_tenant();
-- one that fails even so: the carrier is asked as long as the call is live, and what it says again is tried again
CREATE FUNCTION pg_temp.ask() RETURNS integer LANGUAGE sql AS $$
	SELECT voiceagent_private.store_webhooks(ARRAY[(SELECT min(endpoint_id) FROM voiceagent.webhook_endpoints WHERE tenant_id = voiceagent.current_tenant())],
		ARRAY['lookup:2003:ended'], ARRAY['{}'::jsonb], ARRAY[convert_to(jsonb_build_object('id', a.provider_call_id, 'status', 'ended', 'endedReason', 'poison-too',
			'startedAt', '2026-11-20T15:09:00Z', 'endedAt', '2026-11-20T15:10:00Z', 'name', a.reference)::text, 'UTF8')], 'lookup')
	FROM voiceagent.attempts a WHERE a.tenant_id = voiceagent.current_tenant() AND a.call_id = pg_temp.call_of('2003')
$$;
SELECT pg_temp.ask();
SELECT * FROM pg_temp.tries(5);
SELECT pg_temp.ask();
SELECT * FROM pg_temp.tries(5);
ALTER TABLE voiceagent.calls DROP CONSTRAINT poison;
SELECT pg_temp.ask();
SELECT * FROM pg_temp.tries(1);
SELECT status, cause, seconds FROM pg_temp.seen() WHERE number = '2003';
-- applied once: whatever is said after that changes nothing
SELECT pg_temp.ask();
SELECT * FROM pg_temp.tries(1);
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK;

-- When a call was answered is what a carrier says of it, or when it was first found to be; never when the dial was.
BEGIN;
SELECT pg_temp.begin_calls('Found', ARRAY['2001', '2002', '2003']) > 0 AS ready;
SELECT pg_temp.dial();
CREATE FUNCTION pg_temp.tell(number text, said jsonb) RETURNS void LANGUAGE sql AS $$
	SELECT voiceagent_private.apply_events(ARRAY[ROW(0, pg_temp.call_of(number), jsonb_populate_record(NULL::voiceagent.call_event, said),
		(SELECT min(endpoint_id) FROM voiceagent.webhook_endpoints WHERE tenant_id = voiceagent.current_tenant()))::voiceagent_private.matched_event])
$$;
CREATE TEMP TABLE said AS SELECT jsonb_build_object('kind', 'status', 'status', 'in_progress', 'occurred_at', voiceagent.clock() - interval '60 seconds') AS found,
	jsonb_build_object('kind', 'status', 'status', 'in_progress', 'occurred_at', voiceagent.clock() - interval '30 seconds',
		'answered_at', voiceagent.clock() - interval '30 seconds') AS answered,
	jsonb_build_object('kind', 'report', 'status', 'completed', 'cause_class', 'ok', 'cause', 'normal_clearing', 'ended_at', voiceagent.clock() + interval '1 minute') AS over;
-- found, and told after that; told, and found after that; only found
SELECT pg_temp.tell('2001', found), pg_temp.tell('2001', answered), pg_temp.tell('2002', answered), pg_temp.tell('2002', found), pg_temp.tell('2003', found) FROM said;
SELECT pg_temp.tell(n, over) FROM said, unnest(ARRAY['2001', '2002', '2003']) n;
SELECT number, status, CASE WHEN seconds BETWEEN 89.9 AND 90.1 THEN '90' WHEN seconds BETWEEN 50 AND 60 THEN 'since it was found' ELSE seconds::text END AS seconds FROM pg_temp.seen();
SELECT count(*) AS answers FROM voiceagent.events WHERE tenant_id = voiceagent.current_tenant() AND event_type = 'call_answered';
ROLLBACK;
