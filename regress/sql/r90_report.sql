-- What is going on is counted from the rows; the feed's cursor misses nothing; the request can be seen before it is made.
\set ECHO none
\i lib/inbox_setup.inc
\set ECHO all
BEGIN;
SELECT pg_temp.begin_calls('Report', ARRAY['5001', '5002', '5003', '5004']) AS tenant \gset
SELECT pg_temp.dial();
SELECT right(phone, 4) AS number, first_name, status, attempt_number FROM voiceagent.active_calls ORDER BY 1;
SELECT pg_temp.take(
	pg_temp.webhook('5001', 'report', 'customer-ended-call', 60, '{"appointment": {"booked": true, "date": "2026-11-23", "time": "10:00"}}'),
	pg_temp.webhook('5002', 'report', 'customer-busy'),
	pg_temp.webhook('5003', 'report', 'customer-ended-call', 30, '{"interest": "none"}'));
SELECT voiceagent_private.apply_inbox(10);
SELECT name, type, status, total_leads, waiting_leads, calling_leads, completed_leads, failed_leads, skipped_leads, leads_called, percent_done,
	calls, answered_calls, live_calls, appointments_agreed, interested, callbacks, opted_out, talk_seconds, credits_spent, human_answers, machine_answers, unclear_answers, machine_credits, unclear_credits, costs, calls_without_cost
FROM voiceagent.campaign_progress \gx
SELECT regexp_replace(jsonb_pretty(voiceagent.queue_status(campaign_id) - 'lastCallTime' - 'nextCallTime'), '[0-9:]{8} America/New_York', 'TIME') AS status,
	voiceagent.queue_status(campaign_id) ->> 'nextCallTime' > '2026' AS next_known FROM voiceagent.campaigns
WHERE tenant_id = :tenant;
SELECT right(c.phone, 4) AS number, e.event_type, e.event_data ->> 'outcome' AS outcome FROM voiceagent.call_events e JOIN voiceagent.calls c USING (tenant_id, call_id)
WHERE e.tenant_id = :tenant ORDER BY c.phone, e.event_id;
COMMIT;

-- the next call comes neither in the past nor before the campaign's pace; there is none where nobody waits, or nothing runs
CREATE FUNCTION pg_temp.next(campaign bigint) RETURNS interval LANGUAGE sql AS $$
	SELECT date_trunc('minute', (voiceagent.queue_status(campaign) ->> 'nextCallTime')::timestamptz - voiceagent.clock() + interval '20 seconds') $$;
BEGIN;
SELECT pg_temp.begin_calls('Next', ARRAY['5001', '5002']) AS tenant_next \gset
SELECT max(campaign_id) AS c FROM voiceagent.campaigns WHERE tenant_id = :tenant_next \gset
UPDATE voiceagent_private.lanes SET next_due = voiceagent.clock() - interval '1 day' WHERE tenant_id = :tenant_next;
SELECT pg_temp.next(:c) AS now;
UPDATE voiceagent_private.pacing SET next_dial_at = voiceagent.clock() + interval '5 minutes' WHERE tenant_id = :tenant_next;
SELECT pg_temp.next(:c) AS pace;
SELECT voiceagent_private.suspend_campaign(:c, 'somebody must see to it');
SELECT pg_temp.next(:c) AS held_back;
SELECT voiceagent.start_campaign(:c);
SELECT pg_temp.next(:c) AS again;
SAVEPOINT s;
SELECT voiceagent.pause_campaign(:c);
SELECT pg_temp.next(:c) AS paused;
ROLLBACK TO s;
SELECT voiceagent.remove_leads(:c, ARRAY(SELECT lead_id FROM voiceagent.leads WHERE tenant_id = :tenant_next));
SELECT voiceagent.queue_status(:c) ->> 'status' AS status, pg_temp.next(:c) AS nobody_left;
ROLLBACK;
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS acting;

-- the feed: everything once, in whole transactions, and nothing before its writer has committed
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS acting;
SELECT count(*) AS events, count(DISTINCT cursor) AS transactions, max(cursor) AS last FROM voiceagent.activity() \gset
SELECT :events = (SELECT count(*) FROM voiceagent.events WHERE tenant_id = :tenant) AS all_of_them, :transactions AS transactions;
SELECT count(*) AS none FROM voiceagent.activity(:last);
SELECT voiceagent_private.log_event('own', NULL, NULL, NULL, '{}') IS NOT NULL AS written;
SELECT count(*) AS not_yet FROM voiceagent.activity(:last);
SELECT count(*) AS whole_transaction FROM voiceagent.activity(0, 1);
COMMIT;
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS acting;
SELECT event_type FROM voiceagent.activity(:last);
\set VERBOSITY sqlstate
SAVEPOINT s;
SELECT * FROM voiceagent.activity(0, 0);
ROLLBACK TO s;
SELECT voiceagent.queue_status(0);
ROLLBACK TO s;
SELECT voiceagent.preview_request(0, 0);
ROLLBACK TO s;
\set VERBOSITY default
-- the channel cannot be guessed and is the same for all who ask
SELECT voiceagent.subscribe() = voiceagent.subscribe() AS same, length(voiceagent.subscribe()) >= 32 AS long;
-- the exact request, secrets masked
SELECT r ->> 'method' AS method, r -> 'headers' ->> 'Authorization' AS authorization, (r -> 'body' -> 'customer') - 'externalId' AS customer,
	r -> 'body' -> 'assistant' ->> 'firstMessage' AS first_message, r -> 'body' -> 'assistantOverrides' -> 'variableValues' AS variables,
	r::text LIKE '%/webhooks/****%' OR r::text NOT LIKE '%/webhooks/%' AS token_hidden
FROM (SELECT CASE jsonb_typeof(p -> 'body') WHEN 'string' THEN jsonb_set(p, '{body}', (p ->> 'body')::jsonb) ELSE p END AS r
	FROM (SELECT voiceagent.preview_request((SELECT campaign_id FROM voiceagent.campaigns WHERE tenant_id = :tenant),
		(SELECT lead_id FROM voiceagent.leads WHERE tenant_id = :tenant AND phone = '+12125555001')) AS p) q) x \gx
COMMIT;
