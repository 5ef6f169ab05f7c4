-- What was said in a call, told when it is over already: an opt-out holds whenever it comes, an appointment if there is none,
-- and who asked for a callback gets it.
\set ON_ERROR_STOP off
\set ECHO none
\i lib/inbox_setup.inc
CREATE FUNCTION pg_temp.looked_up(provider text, body bytea) RETURNS SETOF voiceagent.call_event LANGUAGE sql AS $$
	SELECT (r.event).* FROM unnest(voiceagent_private.read_stored_webhooks('{1}', '{1}', ARRAY[provider], '{t}', ARRAY['{}'::jsonb], ARRAY[body], '{NULL}')) r
$$;
-- The carrier, asked: the call has ended, and of the conversation nothing is known yet, or (structured) what it was about, or the person's words.
CREATE FUNCTION pg_temp.look_up(number text, talk_s numeric, structured jsonb DEFAULT NULL, ago interval DEFAULT '10 minutes', said text DEFAULT NULL)
RETURNS integer LANGUAGE sql AS $$
	SELECT voiceagent_private.store_webhooks(ARRAY[(SELECT min(endpoint_id) FROM voiceagent.webhook_endpoints WHERE tenant_id = voiceagent.current_tenant())],
		ARRAY[l.event_key], ARRAY['{}'::jsonb], ARRAY[b.body], 'lookup')
	FROM voiceagent.attempts a
	CROSS JOIN LATERAL (SELECT voiceagent.clock() - ago AS ended) t
	CROSS JOIN LATERAL (SELECT convert_to(jsonb_strip_nulls(jsonb_build_object('id', a.provider_call_id, 'status', 'ended', 'endedReason', 'customer-ended-call',
		'startedAt', to_char((ended - make_interval(secs => talk_s)) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
		'endedAt', to_char(ended AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
		'analysis', CASE WHEN structured IS NOT NULL THEN jsonb_build_object('structuredData', structured) END,
		'artifact', CASE WHEN said IS NOT NULL THEN jsonb_build_object('messages', jsonb_build_array(jsonb_build_object('role', 'user', 'message', said, 'secondsFromStart', 2))) END, 'name', a.reference))::text, 'UTF8') AS body) b
	CROSS JOIN LATERAL pg_temp.looked_up('sandbox', b.body) l
	WHERE a.tenant_id = voiceagent.current_tenant() AND a.call_id = pg_temp.call_of(number)
$$;
-- Dates as days from now, where the calls' people are: the test runs on any day.
CREATE FUNCTION pg_temp.by_day(said text) RETURNS text LANGUAGE sql AS $$
	SELECT replace(replace(said, (d.today + 1)::text, '<tomorrow>'), (d.today + 2)::text, '<in two days>')
	FROM (SELECT (voiceagent.clock() AT TIME ZONE coalesce(min(a.timezone), 'UTC'))::date FROM voiceagent.appointments a WHERE a.tenant_id = voiceagent.current_tenant()) d(today)
$$;
CREATE FUNCTION pg_temp.told() RETURNS TABLE (number text, event text, said text, outcome text, delivery text) LANGUAGE sql AS $$
	SELECT right(c.phone, 4), e.event_type, pg_temp.by_day(e.event_data ->> 'said'), e.event_data ->> 'outcome', voiceagent_private.webhook_kind(e.event_type)
	FROM voiceagent.events e JOIN voiceagent.calls c USING (tenant_id, call_id)
	WHERE e.tenant_id = voiceagent.current_tenant() AND (e.event_type IN ('call_reported_late', 'lead_opted_out') OR e.event_type LIKE 'appointment%')
	ORDER BY e.event_id
$$;
\set ECHO all
BEGIN;
SELECT pg_temp.begin_calls('Late', ARRAY['2001', '2002', '2003', '2004', '2005', '2006'], '{"retry_delay_unfinished": "15 minutes"}') > 0 AS ready;
SELECT voiceagent.record_consent(lead_id, 'call', 'form') > 0 AS consented FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant() AND phone LIKE '%2001';
SELECT pg_temp.dial();
SELECT pg_temp.look_up('2001', 12), pg_temp.look_up('2002', 60), pg_temp.look_up('2003', 12), pg_temp.look_up('2004', 12),
	pg_temp.look_up('2005', 60, '{"interest": "none", "notes": "busy"}'), pg_temp.look_up('2006', 60);
SELECT voiceagent_private.apply_inbox(100);
SELECT number, outcome, seconds, lead_status, queued FROM pg_temp.seen();
CREATE TEMP TABLE ledger AS SELECT * FROM voiceagent.credit_transfers WHERE tenant_id = voiceagent.current_tenant();

-- an opt-out; an appointment; an appointment of somebody who waits to be called again; a promise; an opt-out that the first analysis had missed, with the words that it lacked; no more than words
SELECT pg_temp.take(pg_temp.webhook('2001', 'report', 'customer-ended-call', 12, '{"do_not_call": true}'),
	pg_temp.webhook('2002', 'report', 'customer-ended-call', 60, '{"appointment": {"booked": true, "phrase": "the day after tomorrow at 3 pm"}, "qualified": true}'),
	pg_temp.webhook('2003', 'report', 'customer-ended-call', 12, '{"appointment": {"booked": true, "phrase": "the day after tomorrow at 3 pm"}}'),
	pg_temp.webhook('2004', 'report', 'customer-ended-call', 12, '{"callback": {"requested": true, "phrase": "tomorrow at 3 pm"}}'),
	pg_temp.webhook('2005', 'report', 'customer-ended-call', 60, '{"do_not_call": "yes", "interest": "high"}'),
	pg_temp.webhook('2006', 'report', 'customer-ended-call', 60, '{"interest": "high"}'));
SELECT voiceagent_private.apply_inbox(100);
SELECT number, outcome, lead_status, reason, queued FROM pg_temp.seen();
SELECT right(c.phone, 4) AS number, pg_temp.by_day(c.structured_data::text) AS structured_data, c.summary, c.evaluation, c.transcript IS NOT NULL AS transcribed,
	(SELECT count(*) FROM voiceagent.call_turns t WHERE t.tenant_id = c.tenant_id AND t.call_id = c.call_id) AS turns, l.status AS lead, l.qualified
FROM voiceagent.calls c JOIN voiceagent.leads l USING (tenant_id, lead_id) WHERE c.tenant_id = voiceagent.current_tenant() ORDER BY 1;
SELECT right(phone, 4) AS number, source, call_id = pg_temp.call_of(right(phone, 4)) AS by_the_call FROM voiceagent.do_not_call_list
WHERE tenant_id = voiceagent.current_tenant() ORDER BY 1;
SELECT count(*) FILTER (WHERE revoked_at IS NULL) AS consents_left FROM voiceagent.consents WHERE tenant_id = voiceagent.current_tenant();
SELECT right(c.phone, 4) AS number, a.status, (a.starts_at AT TIME ZONE a.timezone)::time AS starts_at FROM voiceagent.appointments a JOIN voiceagent.calls c USING (tenant_id, call_id)
WHERE a.tenant_id = voiceagent.current_tenant() ORDER BY 1;
SELECT * FROM pg_temp.told();
-- money and outcomes are as they were
SELECT count(*) AS booked_again FROM (SELECT * FROM voiceagent.credit_transfers WHERE tenant_id = voiceagent.current_tenant() EXCEPT SELECT * FROM ledger) x;
SELECT count(*) FROM voiceagent.events WHERE tenant_id = voiceagent.current_tenant() AND event_type = 'call_ended';

-- applied again it changes nothing, also not for somebody who may be called again since
SELECT voiceagent.allow_call('+12125552001', 'has signed a new consent');
CREATE TEMP TABLE before AS SELECT * FROM pg_temp.seen();
SELECT count(*) > 0 AS replayed FROM (SELECT voiceagent.replay_webhook(webhook_id) FROM voiceagent.webhooks WHERE tenant_id = voiceagent.current_tenant()) r;
SELECT voiceagent_private.apply_inbox(100) > 0 AS applied;
SELECT count(*) AS changed FROM (SELECT * FROM pg_temp.seen() EXCEPT SELECT * FROM before) x;
SELECT right(phone, 4) AS number FROM voiceagent.do_not_call_list WHERE tenant_id = voiceagent.current_tenant() ORDER BY 1;
SELECT count(*) FROM pg_temp.told();
SELECT * FROM voiceagent_private.check_tenant();
COMMIT;

-- A conversation that a look-up finds over before it was analysed waits for the words: the report's, or those of the next look-up.
BEGIN;
SELECT pg_temp.begin_calls('Early', ARRAY['2021', '2022', '2023', '2024', '2025'], '{"retry_delay_unfinished": "15 minutes"}') > 0 AS ready;
SELECT voiceagent.set_setting('sandbox_time_scale', '1');
SELECT pg_temp.dial();
-- the last one ended before an outage of ours
SELECT pg_temp.look_up('2021', 12, ago := '0'), pg_temp.look_up('2022', 12, ago := '0'), pg_temp.look_up('2023', 12, ago := '0'),
	pg_temp.look_up('2024', 12, ago := '0'), pg_temp.look_up('2025', 12, ago := '3 minutes');
SELECT voiceagent_private.apply_inbox(100);
SELECT number, outcome, lead_status FROM pg_temp.seen();
SELECT count(*), bool_and(i.next_try_at > voiceagent.clock()) AS later FROM voiceagent_private.inbox i WHERE i.tenant_id = voiceagent.current_tenant();
-- asked again it may still not know; a booking by the next look-up; an opt-out by the report, which comes with it in one batch
SELECT pg_temp.look_up('2021', 12, ago := '0') AS known, pg_temp.look_up('2022', 12, '{"appointment": {"booked": true, "phrase": "tomorrow at 3 pm"}}');
SELECT pg_temp.take(pg_temp.webhook('2021', 'report', 'customer-ended-call', 12, '{"do_not_call": true}'));
UPDATE voiceagent_private.inbox SET next_try_at = '-infinity' WHERE tenant_id = voiceagent.current_tenant();
SELECT voiceagent_private.apply_inbox(100);
SELECT number, outcome, lead_status FROM pg_temp.seen();
-- two minutes after the end it is applied as it is; a report in the same batch goes before it
CREATE FUNCTION pg_temp.two_minutes_pass() RETURNS void LANGUAGE sql AS $$
	UPDATE voiceagent.webhooks SET received_at = received_at - interval '2 minutes' WHERE tenant_id = voiceagent.current_tenant();
	UPDATE voiceagent_private.inbox SET next_try_at = '-infinity' WHERE tenant_id = voiceagent.current_tenant();
$$;
SELECT pg_temp.two_minutes_pass();
SELECT pg_temp.take(pg_temp.webhook('2024', 'report', 'customer-ended-call', 12, '{"interest": "none"}'));
SELECT voiceagent_private.apply_inbox(100);
SELECT number, outcome, lead_status FROM pg_temp.seen();
SELECT count(*) AS wait_on FROM voiceagent_private.inbox WHERE tenant_id = voiceagent.current_tenant();
SELECT * FROM pg_temp.told();
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK;

-- A wrong number: nobody waits for it any more, in any campaign. Who has another number waits for that one, where it rings.
BEGIN;
SELECT pg_temp.begin_calls('Wrong', ARRAY['2041', '2042'], '{"retry_delay_unfinished": "15 minutes"}') > 0 AS ready;
SELECT voiceagent.add_lead_number(lead_id, '+13105552043') FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant() AND phone LIKE '%2042';
SELECT campaign_id AS calls, voiceagent.create_campaign('Other', assistant_id) AS other, voiceagent.create_campaign('Step', assistant_id) AS step
FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant() \gset
SELECT voiceagent.set_follow_up(:calls, 'wrong_number', :step);
SELECT pg_temp.dial();
SELECT voiceagent.add_leads(:other, ARRAY(SELECT lead_id FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant())), voiceagent.start_campaign(:other);
SELECT pg_temp.look_up('2041', 12), pg_temp.look_up('2042', 12);
SELECT voiceagent_private.apply_inbox(100);
CREATE FUNCTION pg_temp.waiting() RETURNS TABLE (campaign text, campaign_status text, lead text, status text, reason text, last_outcome text, number smallint, region text) LANGUAGE sql AS $$
	SELECT c.name, c.status, right(l.phone, 4), m.status, m.reason, m.last_outcome, q.number, n.region
	FROM voiceagent.campaign_leads m JOIN voiceagent.campaigns c USING (tenant_id, campaign_id) JOIN voiceagent.leads l USING (tenant_id, lead_id)
	LEFT JOIN voiceagent_private.call_queue q USING (tenant_id, campaign_id, lead_id)
	LEFT JOIN voiceagent_private.lanes n ON n.tenant_id = q.tenant_id AND n.lane_id = q.lane_id
	WHERE m.tenant_id = voiceagent.current_tenant() ORDER BY c.campaign_id, 3
$$;
SELECT * FROM pg_temp.waiting();
SELECT pg_temp.take(pg_temp.webhook('2041', 'report', 'customer-ended-call', 12, '{"wrong_number": true}'),
	pg_temp.webhook('2042', 'report', 'customer-ended-call', 12, '{"wrong_number": true}'));
SELECT voiceagent_private.apply_inbox(100);
SELECT voiceagent_private.move_leads(100) IS NOT NULL AS moved FROM generate_series(1, 3);
SELECT * FROM pg_temp.waiting();
SELECT right(phone, 4) AS lead, status, status_reason FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant() ORDER BY 1;
SELECT * FROM pg_temp.told();
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK;

-- One that waits for its words tells of its call even when that has been given up meanwhile.
BEGIN;
SELECT pg_temp.begin_calls('Given up', ARRAY['2031']) > 0 AS ready;
SELECT voiceagent.set_setting('sandbox_time_scale', '1');
SELECT pg_temp.dial();
SELECT pg_temp.look_up('2031', 12, ago := '0');
SELECT voiceagent_private.apply_inbox(100);
SELECT count(*) AS waits FROM voiceagent_private.inbox WHERE tenant_id = voiceagent.current_tenant();
SELECT voiceagent_private.lookup_found_nothing(pg_temp.call_of('2031')) FROM generate_series(1, 5);
SELECT number, outcome, cause FROM pg_temp.seen();
UPDATE voiceagent_private.inbox SET next_try_at = '-infinity' WHERE tenant_id = voiceagent.current_tenant();
SELECT voiceagent_private.apply_inbox(100);
SELECT right(c.phone, 4) AS number, u.resolved_by, jsonb_array_length(u.evidence) AS evidence FROM voiceagent.unresolved_calls u
JOIN voiceagent.calls c USING (tenant_id, call_id) WHERE u.tenant_id = voiceagent.current_tenant();
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK;

-- What retention has removed does not come back by a replay; an opt-out holds even then.
BEGIN;
SELECT pg_temp.begin_calls('Late, long after', ARRAY['2011', '2012']) > 0 AS ready;
SELECT voiceagent.set_setting('retention_transcripts', '1 day');
SELECT pg_temp.dial();
SELECT pg_temp.look_up('2011', 60, ago := '25 hours'), pg_temp.look_up('2012', 60, ago := '25 hours');
SELECT voiceagent_private.apply_inbox(100);
SELECT pg_temp.take(pg_temp.webhook('2011', 'report', 'customer-ended-call', 60, '{"interest": "high"}'),
	pg_temp.webhook('2012', 'report', 'customer-ended-call', 60, '{"do_not_call": true, "interest": "high"}'));
SELECT voiceagent_private.apply_inbox(100);
SELECT right(phone, 4) AS number, summary, structured_data, transcript IS NULL AS no_transcript FROM voiceagent.calls WHERE tenant_id = voiceagent.current_tenant() ORDER BY 1;
SELECT * FROM pg_temp.told();
ROLLBACK;

-- An opt-out that was heard without any analysis, by a look-up, keeps out nothing of the one that comes then: it stays beside that,
-- once, whoever may be called again since. Where an analysis was known it stays the first one.
BEGIN;
SELECT pg_temp.begin_calls('Stop, late', ARRAY['2031', '2032', '2033']) > 0 AS ready;
SELECT pg_temp.dial();
SELECT pg_temp.look_up('2031', 60, said := 'Stop calling.'), pg_temp.look_up('2032', 60, said := 'Stop calling.'),
	pg_temp.look_up('2033', 60, '{"interest": "low"}', said := 'Stop calling.');
SELECT voiceagent_private.apply_inbox(100);
SELECT right(phone, 4) AS number, outcome, evaluation, summary, structured_data FROM voiceagent.calls WHERE tenant_id = voiceagent.current_tenant() ORDER BY 1;
SELECT voiceagent.allow_call('+12125552031', 'has signed a new consent');
SELECT pg_temp.take(pg_temp.webhook('2031', 'report', 'customer-ended-call', 60, '{"interest": "none", "qualified": "no"}'),
	pg_temp.webhook('2032', 'report', 'customer-ended-call', 60, '{"do_not_call": false, "budget": 5}'),
	pg_temp.webhook('2033', 'report', 'customer-ended-call', 60, '{"do_not_call": true}'));
SELECT voiceagent_private.apply_inbox(100);
SELECT right(c.phone, 4) AS number, c.outcome, c.evaluation, c.summary, c.structured_data, c.transcript IS NOT NULL AS transcribed, d.source, l.qualified
FROM voiceagent.calls c JOIN voiceagent.leads l USING (tenant_id, lead_id) LEFT JOIN voiceagent.do_not_call_list d ON d.tenant_id = c.tenant_id AND d.phone = c.phone
WHERE c.tenant_id = voiceagent.current_tenant() ORDER BY 1;
SELECT * FROM pg_temp.told();
-- and so it is with a replay
SELECT count(*) AS replayed FROM (SELECT voiceagent.replay_webhook(webhook_id) FROM voiceagent.webhooks WHERE tenant_id = voiceagent.current_tenant()) r;
SELECT voiceagent_private.apply_inbox(100) > 0 AS applied;
SELECT count(*) FROM pg_temp.told();
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK;

-- Words that come days later are the call's, for as long as words are kept: they are stored and read. What the lead asked for then holds as far as it still can.
BEGIN;
SELECT pg_temp.begin_calls('Days', ARRAY['2031', '2032', '2033'], '{"retry_delay_unfinished": "15 minutes"}') > 0 AS ready;
SELECT pg_temp.dial();
SELECT pg_temp.look_up('2031', 60), pg_temp.look_up('2032', 60), pg_temp.look_up('2033', 60);
SELECT voiceagent_private.apply_inbox(100);
SELECT set_config('voiceagent.clock_offset', '259200', true) \g /dev/null
SELECT pg_temp.take(pg_temp.webhook('2031', 'report', 'customer-ended-call', 60, '{"interest": "high"}'), pg_temp.webhook('2032', 'report', 'customer-ended-call', 60, '{"do_not_call": true}'));
SELECT voiceagent_private.apply_inbox(100);
CREATE FUNCTION pg_temp.kept() RETURNS TABLE (number text, outcome text, structured_data jsonb, summary text, transcribed boolean, turns bigint, is_read boolean, late bigint) LANGUAGE sql AS $$
	SELECT right(c.phone, 4), c.outcome, c.structured_data, c.summary, c.transcript IS NOT NULL,
		(SELECT count(*) FROM voiceagent.call_turns t WHERE t.tenant_id = c.tenant_id AND t.call_id = c.call_id),
		EXISTS (SELECT FROM voiceagent.call_readings r WHERE r.tenant_id = c.tenant_id AND r.call_id = c.call_id),
		(SELECT count(*) FROM voiceagent.events e WHERE e.tenant_id = c.tenant_id AND e.call_id = c.call_id AND e.event_type = 'call_reported_late')
	FROM voiceagent.calls c WHERE c.tenant_id = voiceagent.current_tenant() ORDER BY 1
$$;
SELECT * FROM pg_temp.kept();
-- kept no longer, they do not come back; an opt-out counts all the same
SELECT voiceagent.set_setting('retention_transcripts', '2 days');
SELECT pg_temp.take(pg_temp.webhook('2033', 'report', 'customer-ended-call', 60, '{"do_not_call": true}'));
SELECT voiceagent_private.apply_inbox(100);
SELECT * FROM pg_temp.kept() WHERE number = '2033';
SELECT right(phone, 4) AS number FROM voiceagent.do_not_call_list WHERE tenant_id = voiceagent.current_tenant() ORDER BY 1;
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK;
