-- The list of promised callbacks: the person, the time, its zone and how it stands; the next try of a lead as a column; a profile that lacks its account says so.
\set VERBOSITY default
\set SHOW_CONTEXT never
SET client_min_messages = warning;
\set ECHO none
\i lib/inbox_setup.inc
\set ECHO all
BEGIN;
SELECT set_config('voiceagent.clock_offset', extract(epoch FROM timestamptz '2027-06-18 15:00+00' - clock_timestamp())::text, false) IS NOT NULL AS at;
SELECT pg_temp.begin_calls('Callbacks', ARRAY['1001', '1002', '1003', '1004'], '{"callback_delay": "3 hours"}') AS tenant \gset
SELECT campaign_id AS c FROM voiceagent.campaigns WHERE tenant_id = :tenant \gset
SELECT right(l.phone, 4) AS phone, voiceagent.next_try_at(m) <= voiceagent.clock() AS due FROM voiceagent.campaign_leads m JOIN voiceagent.leads l USING (tenant_id, lead_id) WHERE m.tenant_id = :tenant ORDER BY 1;
SELECT pg_temp.dial();
SELECT pg_temp.take(pg_temp.webhook(n, 'report', 'customer-ended-call', 60, '{"callback": {"requested": true}}')) FROM unnest(ARRAY['1001', '1002']) n;
SELECT pg_temp.take(pg_temp.webhook('1003', 'report', 'customer-did-not-answer')), voiceagent_private.apply_inbox(10);
SELECT right(phone, 4) AS phone, campaign, state, timezone, callback_at > promised_at AS later, local_time = callback_at AT TIME ZONE 'America/New_York' AS local FROM voiceagent.promised_callbacks ORDER BY 1;
SELECT right(l.phone, 4) AS phone, m.status, voiceagent.next_try_at(m) > voiceagent.clock() AS later FROM voiceagent.campaign_leads m JOIN voiceagent.leads l USING (tenant_id, lead_id) WHERE m.tenant_id = :tenant ORDER BY 1;
-- one whose time nobody can read is not dialled by itself: a person reads the words and settles it
SAVEPOINT unread;
SELECT pg_temp.take(pg_temp.webhook('1004', 'report', 'customer-ended-call', 60, '{"callback": {"requested": true, "phrase": "when my wife is home"}}')), voiceagent_private.apply_inbox(10);
SELECT right(phone, 4) AS phone, state, reason FROM voiceagent.promised_callbacks WHERE phone LIKE '%1004';
SELECT count(*) AS queued FROM voiceagent_private.call_queue q JOIN voiceagent.leads l USING (tenant_id, lead_id) WHERE q.tenant_id = :tenant AND l.phone LIKE '%1004';
SELECT what ~ 'given up' AS given_up, quote FROM voiceagent.waiting WHERE kind = 'late callback';
ROLLBACK TO unread;
-- one that an analysis tells in words alone is one all the same: what they name is kept, all else is for a person; a no is none
SELECT pg_temp.take(pg_temp.webhook('1004', 'report', 'customer-ended-call', 60, '{"callback": "Monday at 3 pm"}')), voiceagent_private.apply_inbox(10);
SELECT p.callback_at IS NOT NULL AS kept, c.structured_data -> 'callback' AS callback FROM voiceagent.promised_callbacks p JOIN voiceagent.calls c USING (tenant_id, call_id) WHERE p.phone LIKE '%1004';
ROLLBACK TO unread;
SELECT pg_temp.take(pg_temp.webhook('1004', 'report', 'customer-ended-call', 60, '{"callback": "Blursday"}')), voiceagent_private.apply_inbox(10);
SELECT what ~ 'given up' AS given_up, quote FROM voiceagent.waiting WHERE kind = 'late callback';
ROLLBACK TO unread;
SELECT pg_temp.take(pg_temp.webhook('1004', 'report', 'customer-ended-call', 60, '{"callback": "no callback needed"}')), voiceagent_private.apply_inbox(10);
SELECT count(*) AS promised FROM voiceagent.promised_callbacks WHERE phone LIKE '%1004';
ROLLBACK TO unread;
-- a campaign that does not run keeps no promise, and says so
SELECT voiceagent.pause_campaign(:c);
SELECT state, reason, count(*) FROM voiceagent.promised_callbacks GROUP BY 1, 2;
SELECT count(voiceagent.next_try_at(m)) AS tries FROM voiceagent.campaign_leads m WHERE m.tenant_id = :tenant;
SELECT voiceagent.remove_leads(:c, ARRAY[lead_id]) FROM voiceagent.promised_callbacks WHERE phone LIKE '%1001';
SELECT right(phone, 4) AS phone, state, reason FROM voiceagent.promised_callbacks ORDER BY 1;
SELECT voiceagent.do_not_call('+12125551002', 'asked') \g /dev/null
SELECT right(phone, 4) AS phone, state FROM voiceagent.promised_callbacks ORDER BY 1;
SELECT voiceagent.apply_profile(NULL, 'self_hosted') -> 'warnings' AS warnings;
SELECT voiceagent.apply_profile(NULL, 'patient') ? 'warnings' AS warned;
ROLLBACK;
SELECT voiceagent_private.set_tenant(0) IS NOT NULL AS done;
