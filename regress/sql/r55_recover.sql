-- After a crash, and when the carrier is silent: nobody is dialled again blind, no slot leaks.
SET client_min_messages = warning;
\set ECHO none
\i sql/r50_setup.inc
\set ECHO all
BEGIN;
SELECT pg_temp.tenant('r55 recover') AS t \gset
SELECT pg_temp.start('recover', pg_temp.leads('+12025570', 4)) AS c \gset
INSERT INTO voiceagent_private.platform_settings (key, value) VALUES ('lookup_limit', '2');
SELECT pg_temp.claim(4);
CREATE VIEW pg_temp.live AS SELECT right(d.phone, 1) AS lead, l.call_id, l.state, a.state AS attempt, l.lookups, l.misses,
	l.lease_until <= voiceagent.clock() + interval '31 seconds' AS soon
FROM voiceagent_private.live_calls l JOIN voiceagent.attempts a USING (tenant_id, call_id) JOIN voiceagent.leads d USING (tenant_id, lead_id)
WHERE l.tenant_id = voiceagent.current_tenant() ORDER BY 1;
SELECT (SELECT call_id FROM pg_temp.live WHERE lead = '1') AS one, (SELECT call_id FROM pg_temp.live WHERE lead = '2') AS two,
	(SELECT call_id FROM pg_temp.live WHERE lead = '3') AS three \gset
SELECT lead, state, attempt, soon FROM pg_temp.live;
-- Its request may be on its way so long: send_lease, and then voiceagent.http_timeout_ms.
SELECT voiceagent_private.live_deadline() - voiceagent.clock() BETWEEN '60 seconds' AND '75 seconds' AS answer_time;
SELECT count(*) AS nothing_due FROM voiceagent_private.due_lookups() WHERE tenant_id = :t;
SELECT voiceagent_private.record_dials(array_agg(attempt_id), '{accepted}', '{theirs-2}', '{NULL}', '{201}', '{NULL}', '{NULL}')
FROM voiceagent_private.live_calls WHERE call_id = :two AND tenant_id = :t;

-- The worker starts again: what was on its way is unknown, everything is asked about at once.
SELECT voiceagent_private.set_tenant(0) > 0 AS acted;
SELECT voiceagent_private.recover_live() >= 4 AS recovered;
-- A copy, which is not armed, asks its sandbox alone; the calls of real carriers wait for the original.
SAVEPOINT copy;
UPDATE voiceagent_private.live_calls SET provider = 'vapi' WHERE tenant_id = :t;
SELECT count(*) AS asked_by_a_copy, voiceagent_private.live_deadline(false) > voiceagent.clock() AS sleeps
FROM voiceagent_private.due_lookups(1000, 100, real_carriers => false) WHERE tenant_id = :t;
ROLLBACK TO copy;
SELECT provider, provider_call_id, reference LIKE 'va-%' AS reference, lookups FROM voiceagent_private.due_lookups(1000) d
WHERE tenant_id = :t ORDER BY call_id;
SELECT count(*) AS pushed FROM voiceagent_private.due_lookups(1000) WHERE tenant_id = :t;
SELECT voiceagent_private.set_tenant(:t) IS NOT NULL AS acting;
SELECT * FROM (SELECT lead, state, attempt, lookups, soon FROM pg_temp.live) x;

-- "No such call" says nothing while the request may still be on its way, though the worker that sent it has died.
SELECT voiceagent_private.lookup_found_nothing(:one) AS first, voiceagent_private.lookup_found_nothing(:one) AS second,
	voiceagent_private.lookup_found_nothing(:one) AS third;
SELECT lead, state, misses FROM pg_temp.live WHERE lead = '1';
UPDATE voiceagent_private.live_calls SET answer_due = answer_due - interval '75 seconds' WHERE tenant_id = :t;
-- Then once is not enough; twice it was never placed, and the lead goes back uncounted.
SELECT voiceagent_private.lookup_found_nothing(:one) AS first, voiceagent_private.lookup_found_nothing(:one) AS second,
	voiceagent_private.lookup_found_nothing(:one) AS third;
SELECT c.status, c.outcome, c.cause, a.state, h.state AS hold, m.status AS member, m.attempts, q.reason
FROM voiceagent.calls c JOIN voiceagent.attempts a USING (tenant_id, call_id) JOIN voiceagent.credit_holds h USING (tenant_id, call_id)
JOIN voiceagent.campaign_leads m ON m.campaign_id = c.campaign_id AND m.lead_id = c.lead_id
LEFT JOIN voiceagent_private.call_queue q ON q.campaign_id = c.campaign_id AND q.lead_id = c.lead_id
WHERE c.tenant_id = :t AND c.call_id = :one;
-- The carrier had confirmed the second: it may have rung, counts, and nobody is called again for it.
SELECT voiceagent_private.lookup_found_nothing(:two) AS first, voiceagent_private.lookup_found_nothing(:two) AS second;
SELECT c.status, c.outcome, c.cause, c.credits, m.status AS member, m.attempts FROM voiceagent.calls c
JOIN voiceagent.campaign_leads m ON m.campaign_id = c.campaign_id AND m.lead_id = c.lead_id WHERE c.tenant_id = :t AND c.call_id = :two;
-- Another tenant's carrier may name these calls, in a list and one by one, found and not found: it is no answer about them.
SELECT l.provider_account_id AS account, l.reference FROM voiceagent_private.live_calls l WHERE l.call_id = :three AND l.tenant_id = :t \gset
SELECT pg_temp.tenant('r55 stranger') AS stranger, voiceagent_private.set_tenant(:t) > 0 AS acted \gset
SELECT voiceagent_private.set_tenant(:stranger) > 0 AS acted \gset
SELECT voiceagent_private.lookup_found_all(:account, ARRAY[:'reference'], '{stolen}') AS listed, voiceagent_private.lookup_found(:three, 'stolen') AS found,
	voiceagent_private.lookup_found_nothing(:three) AS absent, voiceagent_private.record_lookup(:three, NULL) AS goes_on,
	voiceagent_private.lookup_candidates(:three, '1 day', '{stolen}', ARRAY['+12025570003'], ARRAY[NULL::text], ARRAY[voiceagent.clock()]) AS candidates;
SELECT voiceagent_private.set_tenant(:t) > 0 AS acted \gset
SELECT lead, state, attempt, misses FROM pg_temp.live WHERE lead = '3';
SELECT provider_call_id FROM voiceagent.calls WHERE call_id = :three AND tenant_id = :t;
-- A list of the carrier's calls names the third: it is asked for at once by that name.
SELECT voiceagent_private.lookup_found(:three, 'theirs-3'), voiceagent_private.lookup_found(:one, 'theirs-1') AS ended;
SELECT lead, state, attempt, misses, soon FROM pg_temp.live;
SELECT provider_call_id FROM voiceagent.calls WHERE call_id = :three AND tenant_id = :t;
SELECT * FROM voiceagent_private.check_tenant();
-- An account that does not answer keeps three lists and some fifty questions on their way, and others' lost calls are asked about all the same.
SELECT pg_temp.tenant('r55 two accounts') AS t2 \gset
SELECT pg_temp.start('hanging', pg_temp.leads('+12025571', 9)) AS c2 \gset
SELECT pg_temp.claim(9);
SELECT min(provider_account_id) AS first, min(provider_account_id) + 1000000 AS second FROM voiceagent_private.live_calls WHERE tenant_id = :t2 \gset
-- No others' are due.
UPDATE voiceagent_private.live_calls SET lease_until = voiceagent.clock() + interval '1 day' WHERE tenant_id <> :t2;
UPDATE voiceagent_private.live_calls SET lease_until = voiceagent.clock() - make_interval(secs => 100 - call_id % 50),
	provider_account_id = CASE WHEN call_id > (SELECT max(call_id) - 3 FROM voiceagent_private.live_calls WHERE tenant_id = :t2) THEN :second ELSE :first END WHERE tenant_id = :t2;
SELECT voiceagent_private.set_tenant(0) > 0 AS acted;
CREATE FUNCTION pg_temp.asked(lists integer, asked bigint[], listing bigint[], OUT "first" bigint, OUT "second" bigint) LANGUAGE sql AS $$
	SELECT count(*) FILTER (WHERE d.provider_account_id < (SELECT max(l.provider_account_id) FROM voiceagent_private.live_calls l WHERE l.tenant_id = d.tenant_id)), count(*) FILTER (WHERE d.provider_account_id >= (SELECT max(l.provider_account_id) FROM voiceagent_private.live_calls l WHERE l.tenant_id = d.tenant_id))
	FROM voiceagent_private.due_lookups(100, lists, true, asked, listing) d WHERE d.tenant_id = (SELECT max(tenant_id) FROM voiceagent_private.live_calls)
$$;
SAVEPOINT s;
SELECT 'some of each' AS so, * FROM pg_temp.asked(4, '{}', '{}');
ROLLBACK TO s;
SELECT 'the first has two' AS so, * FROM pg_temp.asked(2, ARRAY[:first, :first], ARRAY[:first, :first]);
ROLLBACK TO s;
SELECT 'the first hangs' AS so, * FROM pg_temp.asked(1, array_fill(:first::bigint, ARRAY[3]), array_fill(:first::bigint, ARRAY[3]));
ROLLBACK TO s;
UPDATE voiceagent_private.live_calls SET provider_call_id = 'theirs-' || call_id WHERE tenant_id = :t2;
SELECT 'known by their ids' AS so, * FROM pg_temp.asked(4, array_fill(:first::bigint, ARRAY[49]), '{}');
ROLLBACK TO s;
UPDATE voiceagent_private.live_calls SET provider_call_id = 'theirs-' || call_id WHERE tenant_id = :t2;
SELECT 'fifty hang' AS so, * FROM pg_temp.asked(4, array_fill(:first::bigint, ARRAY[50]), '{}');
ROLLBACK TO s;
ROLLBACK;
