-- What the carrier answered: every kind, early and late webhooks, repetitions.
SET client_min_messages = warning;
\set ECHO none
\i sql/r50_setup.inc
\set ECHO all
-- The n-th call of the test's tenant, its lead named by the last digit of the number.
CREATE FUNCTION pg_temp.dial(leads integer[], kind text, error text DEFAULT NULL, http_status integer DEFAULT NULL, wait integer DEFAULT NULL)
RETURNS integer LANGUAGE sql AS $$
	SELECT voiceagent_private.record_dials(array_agg(a.attempt_id), array_agg(kind),
		array_agg(CASE WHEN kind = 'accepted' THEN 'theirs-' || i END), array_agg(CASE WHEN kind = 'accepted' THEN 'http://control/' || i END),
		array_agg(http_status), array_agg(error), array_agg(wait))
	FROM unnest(leads) i JOIN LATERAL (SELECT a.attempt_id FROM voiceagent.attempts a JOIN voiceagent.calls c USING (tenant_id, call_id)
		WHERE a.tenant_id = voiceagent.current_tenant() AND right(c.phone, 1) = i::text ORDER BY a.attempt_id DESC LIMIT 1) a ON true
$$;
CREATE VIEW pg_temp.state AS
SELECT right(d.phone, 1) AS lead, c.status, c.outcome, c.cause_class AS class, c.cause, a.provider_call_id AS theirs, a.state AS attempt,
	a.http_status AS http, l.state AS live, h.state AS hold, m.status AS member, m.attempts AS n, m.reason, q.reason AS queued,
	round(extract(epoch FROM q.not_before - c.ended_at)) AS wait_s
FROM voiceagent.calls c JOIN voiceagent.attempts a USING (tenant_id, call_id) JOIN voiceagent.leads d USING (tenant_id, lead_id)
JOIN voiceagent.credit_holds h USING (tenant_id, call_id)
JOIN voiceagent.campaign_leads m ON m.tenant_id = c.tenant_id AND m.campaign_id = c.campaign_id AND m.lead_id = c.lead_id
LEFT JOIN voiceagent_private.live_calls l ON l.tenant_id = c.tenant_id AND l.call_id = c.call_id
LEFT JOIN voiceagent_private.call_queue q ON q.tenant_id = c.tenant_id AND q.campaign_id = c.campaign_id AND q.lead_id = c.lead_id
WHERE c.tenant_id = voiceagent.current_tenant() ORDER BY c.call_id;
BEGIN;
SELECT pg_temp.tenant('r55 dials') > 0 AS made;
-- The sandbox stands for a carrier: it waits in real time.
SELECT voiceagent.set_setting('sandbox_time_scale', '1') \g /dev/null
SELECT pg_temp.start('dials', pg_temp.leads('+12025570', 9)) AS c \gset
SELECT pg_temp.claim(9);

-- Accepted: the lease is the longest call; a repetition changes nothing.
SELECT pg_temp.dial('{1,2}', 'accepted', http_status => 201), pg_temp.dial('{1,2}', 'accepted', http_status => 201) AS again;
SELECT bool_and(lease_until = ends_by) FROM voiceagent_private.live_calls WHERE state = 'accepted' AND campaign_id = :c;
SELECT count(*) FILTER (WHERE control_url LIKE 'http://control/%') FROM voiceagent.attempts WHERE tenant_id = voiceagent.current_tenant();
-- Unknown: asked about soon; a late acceptance still counts, a late refusal too.
SELECT pg_temp.dial('{3,4}', 'unknown', 'timeout');
SELECT bool_and(lease_until - voiceagent.clock() <= '1 second') FROM voiceagent_private.live_calls WHERE state = 'unknown' AND campaign_id = :c;
SELECT pg_temp.dial('{3}', 'accepted', http_status => 201), pg_temp.dial('{4}', 'unknown', 'timeout') AS again;
-- Refused for good: the number, or something else.
SELECT pg_temp.dial('{5}', 'refused_permanent', 'http-400: customer.number must be a valid phone number', 400),
	pg_temp.dial('{6}', 'refused_permanent', 'http-400: phoneNumberId must be a UUID', 400);
-- Rate limited: back into the queue uncounted, and the account rests as long as the carrier says.
SELECT pg_temp.dial('{7}', 'rate_limited', 'http-429', 429, 33);
SELECT * FROM pg_temp.state;
SELECT opened_at IS NOT NULL AS open, trouble, round(extract(epoch FROM resumes_at - (SELECT max(ended_at) FROM voiceagent.calls c
	WHERE c.tenant_id = a.tenant_id))) AS rest_s FROM voiceagent.provider_accounts a
WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.claim(9) AS resting;
SELECT p.next_dial_at = a.resumes_at AS alarm FROM voiceagent_private.pacing p JOIN voiceagent.provider_accounts a USING (tenant_id) WHERE p.campaign_id = :c;

-- A webhook came first: the answer adds what it did not know, a refusal is not believed any more.
UPDATE voiceagent.attempts a SET state = 'accepted', provider_call_id = 'theirs-8' FROM voiceagent.calls c
WHERE c.tenant_id = a.tenant_id AND c.call_id = a.call_id AND a.tenant_id = voiceagent.current_tenant() AND right(c.phone, 1) = '8';
UPDATE voiceagent_private.live_calls l SET state = 'accepted', provider_call_id = 'theirs-8' FROM voiceagent.calls c
WHERE c.tenant_id = l.tenant_id AND c.call_id = l.call_id AND l.tenant_id = voiceagent.current_tenant() AND right(c.phone, 1) = '8';
SELECT pg_temp.dial('{8}', 'refused_permanent', 'http-500', 500) AS refused, pg_temp.dial('{8}', 'accepted', http_status => 201) AS accepted;
-- That was asked before the rest, which therefore goes on; an answer after it says that the account is well.
SELECT opened_at IS NOT NULL AS open, resumes_at > voiceagent.clock() AS resting FROM voiceagent.provider_accounts WHERE tenant_id = voiceagent.current_tenant();
UPDATE voiceagent.provider_accounts SET resumes_at = voiceagent.clock() WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.dial('{4}', 'accepted', http_status => 201);
SELECT opened_at IS NOT NULL AS open, trouble, resumes_at FROM voiceagent.provider_accounts WHERE tenant_id = voiceagent.current_tenant();

-- Bad account: the campaign says why, one dial probes it later.
SELECT pg_temp.dial('{9}', 'bad_account', 'http-401: invalid key', 401);
SELECT opened_at IS NOT NULL AS open, trouble, round(extract(epoch FROM resumes_at - (SELECT max(ended_at) FROM voiceagent.calls c
	WHERE c.tenant_id = a.tenant_id))) AS rest_s FROM voiceagent.provider_accounts a
WHERE tenant_id = voiceagent.current_tenant();
SELECT status, status_reason FROM voiceagent.campaigns WHERE campaign_id = :c;
SELECT * FROM pg_temp.state WHERE lead IN ('8', '9');
SELECT * FROM voiceagent_private.check_tenant();

-- Late answers about a call that has ended change nothing.
SELECT pg_temp.dial('{5,6,7,9}', 'accepted', http_status => 201) AS late;
SELECT status, count(*) FROM voiceagent.calls WHERE tenant_id = voiceagent.current_tenant() GROUP BY 1 ORDER BY 1;

-- The carrier fails: two dials are too few to say more; the leads wait for a second.
UPDATE voiceagent.provider_accounts SET opened_at = NULL, trips = 0, trouble = NULL, resumes_at = NULL WHERE tenant_id = voiceagent.current_tenant();
DELETE FROM voiceagent_private.account_dials WHERE tenant_id = voiceagent.current_tenant();
UPDATE voiceagent_private.call_queue SET not_before = voiceagent.clock() WHERE campaign_id = :c;
UPDATE voiceagent_private.lanes SET next_due = '-infinity' WHERE campaign_id = :c;
UPDATE voiceagent_private.pacing SET next_dial_at = '-infinity' WHERE campaign_id = :c;
SELECT pg_temp.claim(9);
SELECT pg_temp.dial('{7}', 'refused_retry', 'connection-failed') AS first, pg_temp.dial('{9}', 'refused_retry', 'connection-failed') AS second;
SELECT opened_at IS NOT NULL AS open, trips, round(extract(epoch FROM resumes_at - (SELECT max(ended_at) FROM voiceagent.calls c
	WHERE c.tenant_id = a.tenant_id))) AS rest_s FROM voiceagent.provider_accounts a
WHERE tenant_id = voiceagent.current_tenant();
SELECT lead, status, outcome, member, n, queued, wait_s FROM pg_temp.state WHERE lead IN ('7', '9') AND cause LIKE 'connection%';
SELECT * FROM voiceagent_private.check_tenant();
SELECT event_type, count(*) FROM voiceagent.events WHERE tenant_id = voiceagent.current_tenant() GROUP BY 1 ORDER BY 1;
SELECT balance = 0 AS held_is_live FROM (SELECT sum(amount) FILTER (WHERE state = 'held') - (SELECT count(*) * 3.5 FROM voiceagent_private.live_calls
	WHERE tenant_id = voiceagent.current_tenant()) AS balance FROM voiceagent.credit_holds WHERE tenant_id = voiceagent.current_tenant()) x;
ROLLBACK;

-- Requeueing knows caps and the do-not-call list; who is called while the campaign is stopped waits for its next start.
BEGIN;
SELECT pg_temp.tenant('r55 requeue') > 0 AS made;
SELECT pg_temp.leads('+12025571', 4) AS l \gset
SELECT pg_temp.start('requeue', :'l', '{"retry_attempts": 0}') AS c \gset
SELECT pg_temp.claim(4);
SELECT voiceagent_private.end_calls(ARRAY(SELECT call_id FROM voiceagent_private.live_calls WHERE campaign_id = :c));
UPDATE voiceagent.leads SET status = 'do_not_call' WHERE lead_id = (:'l'::bigint[])[2];
SELECT voiceagent_private.requeue(:c, (:'l'::bigint[])[1:2], array_fill(voiceagent.clock(), '{2}'), '{5,5}', '{busy,busy}', true) AS counted;
SELECT voiceagent_private.requeue(:c, (:'l'::bigint[])[3:3], array_fill(voiceagent.clock(), '{1}'), '{0}', '{not_placed}', false) AS uncounted;
UPDATE voiceagent.campaigns SET status = 'stopped' WHERE campaign_id = :c;
SELECT voiceagent_private.requeue(:c, (:'l'::bigint[])[4:4], array_fill(voiceagent.clock(), '{1}'), '{0}', '{not_placed}', false) AS stopped;
SELECT right(d.phone, 1) AS lead, m.status, m.reason, m.attempts, d.status AS lead_status, d.call_attempts, q.priority, q.reason
FROM voiceagent.campaign_leads m JOIN voiceagent.leads d USING (tenant_id, lead_id)
LEFT JOIN voiceagent_private.call_queue q USING (tenant_id, campaign_id, lead_id) WHERE m.campaign_id = :c ORDER BY 1;
ROLLBACK;

-- whose number a refusal speaks of: by the driver's word for it, or by the carrier's
SELECT e AS error, voiceagent_private.names_bad_number(e) AS names
FROM unnest(ARRAY['bad-number: 21614', 'bad-number', 'bad-numbers: x', 'bad-caller-id: From', 'http-400: The number is unallocated to a destination',
	'do-not-call: TRAI NDNC', 'do-not-call-me', 'http-400: CallerId is not a valid ExoPhone number', NULL]) AS e;
