-- One list of a carrier answers for each lost call of which it must have spoken, and for no other.
SET client_min_messages = warning;
\set ECHO none
\i sql/r50_setup.inc
\set ECHO all
BEGIN;
SELECT pg_temp.tenant('r55 lists') AS t \gset
SELECT pg_temp.start('lists', pg_temp.leads('+12025572', 9)) AS c \gset
INSERT INTO voiceagent_private.platform_settings (key, value) VALUES ('lookup_limit', '2'), ('absence_wait', '0');
SELECT count(*) AS claimed FROM pg_temp.claim(9);
SELECT voiceagent_private.answer_time('sandbox', (voiceagent_private.read_dial_settings()).send_lease) AS answer_time \gset
SELECT min(l.provider_account_id) AS account, voiceagent.clock() AS now FROM voiceagent_private.live_calls l WHERE l.tenant_id = :t \gset
CREATE TABLE pg_temp.base AS SELECT :'now'::timestamptz AS now;
CREATE VIEW pg_temp.live AS SELECT right(d.phone, 1) AS lead, l.* FROM voiceagent_private.live_calls l JOIN voiceagent.leads d USING (tenant_id, lead_id)
WHERE l.tenant_id = voiceagent.current_tenant();
-- The list is for the first, dialled five minutes ago; all were to be asked about when it was begun, a second ago.
UPDATE voiceagent_private.live_calls SET dialled_at = :'now'::timestamptz - interval '5 minutes', answer_due = :'now'::timestamptz - interval '2 seconds',
	lease_until = :'now'::timestamptz - interval '2 seconds' WHERE tenant_id = :t;
CREATE FUNCTION pg_temp.lacks(ago interval DEFAULT '5 minutes', begun interval DEFAULT '1 second') RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(l.lead, ' ' ORDER BY l.lead) FROM pg_temp.base b CROSS JOIN pg_temp.live l JOIN unnest(voiceagent_private.list_lacks(
		(SELECT min(provider_account_id) FROM pg_temp.live), b.now - ago, b.now - begun)) AS i(call_id) USING (call_id) $$;
SELECT pg_temp.lacks() AS all_alike;
UPDATE voiceagent.attempts a SET state = CASE WHEN l.lead = '6' THEN 'accepted' ELSE 'unknown' END::voiceagent.attempt_state
FROM pg_temp.live l WHERE a.tenant_id = :t AND a.attempt_id = l.attempt_id;
UPDATE voiceagent_private.live_calls l SET lease_until = v.lease, answer_due = v.due, dialled_at = v.dialled, provider_call_id = v.theirs,
	state = v.state::voiceagent.attempt_state, provider_account_id = v.account
FROM (SELECT p.call_id, CASE p.lead WHEN '2' THEN :'now'::timestamptz + interval '1 second' ELSE p.lease_until END AS lease,
		CASE p.lead WHEN '3' THEN :'now'::timestamptz + interval '1 second' WHEN '9' THEN NULL ELSE p.answer_due END AS due,
		CASE p.lead WHEN '4' THEN p.dialled_at - interval '1 second' WHEN '8' THEN p.dialled_at + interval '3 minutes' ELSE p.dialled_at END AS dialled,
		CASE p.lead WHEN '5' THEN 'theirs' END AS theirs, CASE p.lead WHEN '6' THEN 'accepted' ELSE 'unknown' END AS state,
		p.provider_account_id + CASE p.lead WHEN '7' THEN 1000000 ELSE 0 END AS account FROM pg_temp.live p) v
WHERE l.tenant_id = :t AND l.call_id = v.call_id;
-- Not 2 (it is not time to ask about it), 3 (our request may be on its way), 4 (dialled before the time of the list), 5 (its id is known), 6 (confirmed), 7 (another account's).
SELECT pg_temp.lacks() AS of_whom_it_speaks;
-- Nor what was dialled too late for it: it is of a quarter of an hour, five minutes of which are for clocks that differ.
SELECT pg_temp.lacks(interval '5 minutes', interval '1 second') AS until_it_was_begun, pg_temp.lacks(interval '11 minutes', interval '1 second') AS long_ago,
	pg_temp.lacks(interval '15 minutes', interval '1 second') AS longer_ago, pg_temp.lacks(interval '5 minutes', interval '6 minutes') AS dialled_since;
-- Nor, for as long as a carrier may take, of what it may not have placed yet.
SAVEPOINT waits;
UPDATE voiceagent_private.platform_settings SET value = '1000 hours' WHERE key = 'absence_wait';
SELECT pg_temp.lacks() AS while_it_may_be_placed;
SELECT voiceagent_private.lookup_found_nothing((SELECT call_id FROM pg_temp.live WHERE lead = '1')) AS decided;
SELECT misses FROM pg_temp.live WHERE lead = '1';
ROLLBACK TO waits;

SELECT (SELECT call_id FROM pg_temp.live WHERE lead = '1') AS one, (SELECT array_agg(call_id) FROM pg_temp.live WHERE lead IN ('8', '9')) AS others,
	(SELECT array_agg(call_id) FROM pg_temp.live WHERE lead IN ('2', '5', '6', '8', '9')) AS more \gset
-- One answer for three; who has been heard of meanwhile, or asked about, is left alone.
UPDATE voiceagent_private.live_calls SET lease_until = :'now'::timestamptz + interval '1 hour' WHERE tenant_id = :t AND call_id = :one;
SELECT voiceagent_private.lookup_found_nothing(:one, false, :'more', :'now'::timestamptz - interval '1 second') AS decided;
SELECT lead, state, misses, lookups, asked_at = :'now'::timestamptz - interval '1 second' AS asked,
	lease_until > :'now' AND lease_until < :'now'::timestamptz + interval '1 minute' AS soon FROM pg_temp.live ORDER BY lead;
-- The same again, before it is time to ask again, says nothing of the others; then it does.
SELECT voiceagent_private.lookup_found_nothing(:one, false, :'others', :'now'::timestamptz) AS decided;
SELECT lead, misses FROM pg_temp.live WHERE lead IN ('8', '9') ORDER BY lead;
SELECT voiceagent_private.lookup_found_nothing((SELECT call_id FROM pg_temp.live WHERE lead = '8'), false, :'others', :'now'::timestamptz + interval '1 minute') AS decided;
SELECT right(d.phone, 1) AS lead, c.status, c.outcome, c.cause, c.counts, a.state, q.reason
FROM voiceagent.calls c JOIN voiceagent.attempts a USING (tenant_id, call_id) JOIN voiceagent.leads d USING (tenant_id, lead_id)
LEFT JOIN voiceagent_private.call_queue q ON q.tenant_id = c.tenant_id AND q.campaign_id = c.campaign_id AND q.lead_id = c.lead_id
WHERE c.tenant_id = :t AND right(d.phone, 1) IN ('1', '8', '9') ORDER BY 1;
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK;
