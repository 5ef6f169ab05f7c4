-- The brakes: a campaign whose calls fail is paused in the commit of the call that was one too many; what is spent in a
-- day, by a campaign and by a tenant stays below its cap.
\set VERBOSITY terse
SET client_min_messages = warning;
\set ECHO none
\i lib/inbox_setup.inc
\set ECHO all
CREATE FUNCTION pg_temp.at(t timestamptz) RETURNS text LANGUAGE sql AS $$
	SELECT set_config('voiceagent.clock_offset', extract(epoch FROM t - clock_timestamp())::text, false) IS NOT NULL $$;
-- The report of a call that ends now, or some time ago.
CREATE FUNCTION pg_temp.report(number text, reason text, talk_s numeric DEFAULT 0, ago interval DEFAULT '0') RETURNS bytea LANGUAGE sql AS $$
	SELECT pg_temp.webhook(number, 'report', reason, talk_s, '{}', to_char((voiceagent.clock() - ago) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')) $$;
-- Ends the calls of these numbers in one batch.
CREATE FUNCTION pg_temp.finish(reason text, numbers text[], talk_s numeric DEFAULT 0, ago interval DEFAULT '0') RETURNS integer LANGUAGE sql AS $$
	SELECT pg_temp.take(VARIADIC array_agg(pg_temp.report(n, reason, talk_s, ago))) FROM unnest(numbers) n;
	SELECT voiceagent_private.apply_inbox(100) $$;
CREATE FUNCTION pg_temp.state() RETURNS TABLE (status text, reason text, lanes text, waiting bigint, live bigint, suspended text) LANGUAGE sql AS $$
	SELECT c.status::text, regexp_replace(c.status_reason, 'call \d+', 'call N', 'g'),
		(SELECT string_agg(DISTINCT CASE WHEN l.running THEN 'running' ELSE 'closed' END, ' ') FROM voiceagent_private.lanes l WHERE l.tenant_id = c.tenant_id AND l.campaign_id = c.campaign_id),
		(SELECT count(*) FROM voiceagent_private.call_queue q WHERE q.tenant_id = c.tenant_id AND q.campaign_id = c.campaign_id),
		(SELECT count(*) FROM voiceagent_private.live_calls q WHERE q.tenant_id = c.tenant_id AND q.campaign_id = c.campaign_id), p.suspended
	FROM voiceagent.campaigns c JOIN voiceagent_private.pacing p USING (tenant_id, campaign_id) WHERE c.tenant_id = voiceagent.current_tenant() ORDER BY c.campaign_id $$;
CREATE FUNCTION pg_temp.spending() RETURNS TABLE (day date, held numeric, spent numeric) LANGUAGE sql AS $$
	SELECT s.day, trim_scale(s.held), trim_scale(s.spent) FROM voiceagent.campaign_spending s WHERE s.tenant_id = voiceagent.current_tenant() ORDER BY s.campaign_id, s.day $$;
CREATE FUNCTION pg_temp.next_dial() RETURNS timestamptz LANGUAGE sql AS $$
	SELECT date_trunc('minute', max(p.next_dial_at)) FROM voiceagent_private.pacing p WHERE p.tenant_id = voiceagent.current_tenant() $$;
CREATE FUNCTION pg_temp.refuse() RETURNS integer LANGUAGE sql AS $$
	SELECT voiceagent_private.record_dials(array_agg(c.attempt_id), array_agg('refused_permanent'::text), array_agg(NULL::text), array_agg(NULL::text),
		array_agg(400), array_agg('http-400: assistant.model is not valid'::text), array_agg(NULL::integer)) FROM voiceagent_private.claim_calls(100) c $$;
SELECT pg_temp.at('2027-06-18 15:00+00') \g /dev/null

/* ----- the breaker ----- */
BEGIN;
SELECT pg_temp.begin_calls('Breaker', ARRAY['1001','1002','1003','1004','1005','1006','1007','1008','1009','1010']) > 0 AS ready;
SELECT max(campaign_id) AS c FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant() \gset
SELECT pg_temp.dial();
-- four failures say nothing yet; busy lines, no answer and numbers that do not exist are no fault
SELECT pg_temp.finish('pipeline-error-openai-llm-failed', '{1001,1002,1003,1004}'), pg_temp.finish('customer-busy', '{1005}'), pg_temp.finish('customer-did-not-answer', '{1006}');
SELECT * FROM pg_temp.state();
ROLLBACK;
BEGIN;
-- a trunk that refuses all calls costs no lead its number: it is a fault, and five of them pause the campaign
SELECT pg_temp.begin_calls('Trunk', ARRAY['1001','1002','1003','1004','1005','1006']) > 0 AS ready;
SELECT pg_temp.dial();
SELECT pg_temp.finish('call.in-progress.error-providerfault-outbound-sip-403-forbidden', '{1001,1002,1003,1004,1005}');
SELECT * FROM pg_temp.state();
SELECT outcome, lead_status, queued, count(*) FROM pg_temp.seen() GROUP BY 1, 2, 3 ORDER BY 4;
ROLLBACK;
BEGIN;
SELECT pg_temp.begin_calls('Breaker', ARRAY['1001','1002','1003','1004','1005','1006','1007','1008','1009','1010']) > 0 AS ready;
SELECT max(campaign_id) AS c FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant() \gset
SELECT pg_temp.dial();
-- what ended before the window does not count, and neither does a bad account or what was never placed
SELECT pg_temp.finish('pipeline-error-openai-llm-failed', '{1001,1002,1003}', 0, '3 minutes');
SELECT pg_temp.finish('customer-busy', '{1004,1005}'), pg_temp.finish('pipeline-error-openai-llm-failed', '{1006,1007}');
SELECT * FROM pg_temp.state();
-- the third of five that fails is one too many: the commit of its end pauses the campaign; live calls go on, leads keep their place
SELECT pg_temp.finish('pipeline-error-openai-llm-failed', '{1008}');
SELECT * FROM pg_temp.state();
SELECT e.event_type, jsonb_set(e.event_data, '{failures}', (SELECT jsonb_agg(f ->> 'cause' ORDER BY o) FROM jsonb_array_elements(e.event_data -> 'failures') WITH ORDINALITY AS f(f, o))) - 'reason' AS data
FROM voiceagent.events e WHERE e.tenant_id = voiceagent.current_tenant() AND e.event_type IN ('campaign_tripped', 'campaign_paused') AND e.event_data ? 'failures';
SELECT (SELECT array_agg((f ->> 'call_id')::bigint) FROM voiceagent.events e, jsonb_array_elements(e.event_data -> 'failures') f WHERE e.tenant_id = voiceagent.current_tenant() AND e.event_type = 'campaign_tripped')
	= (SELECT array_agg(c.call_id ORDER BY c.call_id DESC) FROM voiceagent.calls c WHERE c.tenant_id = voiceagent.current_tenant() AND right(c.phone, 4) IN ('1006', '1007', '1008')) AS named;
SELECT * FROM voiceagent_private.check_tenant();
SELECT pg_temp.dial() AS paused;
-- resumed: counted anew from then on
SELECT pg_temp.at('2027-06-18 15:00:30+00') \g /dev/null
SELECT voiceagent.resume_campaign(:c);
SELECT pg_temp.finish('pipeline-error-openai-llm-failed', '{1009,1010}');
SELECT * FROM pg_temp.state();
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK;
-- of many dials at once failures end first: those that ring or talk count beside them
BEGIN;
SELECT pg_temp.begin_calls('First', ARRAY['1001','1002','1003','1004','1005','1006','1007','1008','1009','1010','1011']) > 0 AS ready;
SELECT pg_temp.dial();
SELECT pg_temp.take(VARIADIC ARRAY[pg_temp.webhook('1006', 'ringing'), pg_temp.webhook('1007', 'ringing'), pg_temp.webhook('1008', 'ringing'), pg_temp.webhook('1009', 'in-progress'), pg_temp.webhook('1010', 'in-progress'), pg_temp.webhook('1011', 'in-progress')]) IS NOT NULL AS taken, voiceagent_private.apply_inbox(100) >= 0 AS applied;
SELECT pg_temp.finish('pipeline-error-openai-llm-failed', '{1001,1002,1003,1004,1005}');
SELECT status, waiting, live FROM pg_temp.state();
ROLLBACK;
-- refused dials count; 0 switches it off; all have failed and nobody is left: completed, not paused
BEGIN;
SELECT pg_temp.begin_calls('Refused', ARRAY['1001','1002','1003','1004','1005','1006']) > 0 AS ready;
SELECT max(campaign_id) AS c FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant() \gset
SAVEPOINT s;
SELECT pg_temp.refuse();
SELECT * FROM pg_temp.state();
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK TO s;
SELECT voiceagent.update_campaign(:c, '{"breaker_failure_rate": 0}');
SELECT pg_temp.refuse();
SELECT * FROM pg_temp.state();
ROLLBACK TO s;
SELECT voiceagent.update_campaign(:c, '{"retry_attempts": 0}');
SELECT pg_temp.refuse();
SELECT * FROM pg_temp.state();
ROLLBACK TO s;
SELECT voiceagent.update_campaign(:c, '{"breaker_failure_rate": 1.5}');
ROLLBACK;
-- two campaigns in one batch: only the one whose calls fail is paused
BEGIN;
SELECT pg_temp.begin_calls('Two', ARRAY['1001','1002','1003','1004','1005','1006']) > 0 AS ready;
SELECT voiceagent.add_lead(phone => '+1212555100' || i, first_name => 'Lead') IS NOT NULL AS added FROM generate_series(7, 8) i;
SELECT voiceagent.create_campaign('Second', (SELECT max(assistant_id) FROM voiceagent.assistants WHERE tenant_id = voiceagent.current_tenant()), settings => '{"call_interval": 0}') AS d \gset
SELECT voiceagent.add_leads(:d), voiceagent.start_campaign(:d);
SELECT pg_temp.dial();
SELECT pg_temp.finish('pipeline-error-openai-llm-failed', '{1001,1002,1003,1004,1005,1007}');
SELECT * FROM pg_temp.state();
ROLLBACK;

/* ----- the caps of spend: a call holds 3.5 credits, its longest possible cost ----- */
BEGIN;
SELECT pg_temp.begin_calls('Caps', ARRAY['1001','1002','1003','1004','1005','1006','1007','1008'], '{"spend_cap_per_day": 8}') > 0 AS ready;
SELECT max(campaign_id) AS c FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant() \gset
-- two holds fit into 8; while their calls are live the claim asks again soon
SELECT pg_temp.dial();
SELECT * FROM pg_temp.spending();
SELECT trim_scale(least(r.campaign_day, r.campaign_total, r.tenant_day)) AS room FROM voiceagent_private.spend_left_by_cap(:c, voiceagent.clock()) r;
SELECT pg_temp.dial();
SELECT * FROM pg_temp.state();
SELECT pg_temp.next_dial();
-- settled: a minute costs 0.35, the rest is room again
SELECT pg_temp.finish('customer-ended-call', '{1001,1002}', 60);
SELECT * FROM pg_temp.spending();
SELECT pg_temp.at('2027-06-18 15:01+00') \g /dev/null
SELECT pg_temp.dial();
SELECT * FROM pg_temp.state();
SELECT pg_temp.finish('customer-ended-call', '{1003,1004}', 600);
SELECT * FROM pg_temp.spending();
SELECT pg_temp.at('2027-06-18 15:02+00') \g /dev/null
-- nothing is live: until midnight in New York, and it is told
SELECT pg_temp.dial();
SELECT * FROM pg_temp.state();
SELECT pg_temp.next_dial();
SELECT event_data - 'resumes_at' AS told FROM voiceagent.events WHERE tenant_id = voiceagent.current_tenant() AND event_type = 'spend_cap_reached';
SELECT * FROM voiceagent_private.check_tenant();
SAVEPOINT s;
-- a higher cap lets it go on at once
SELECT voiceagent.update_campaign(:c, '{"spend_cap_per_day": 12}');
SELECT pg_temp.dial();
SELECT * FROM pg_temp.state();
ROLLBACK TO s;
-- so does another time zone, in which it is tomorrow already: every day is counted by it
SELECT pg_temp.at('2027-06-19 00:30+00') \g /dev/null
SELECT pg_temp.dial();
SELECT voiceagent.set_tenant_timezone(voiceagent.current_tenant(), 'Europe/London');
SELECT * FROM pg_temp.state();
SELECT pg_temp.dial();
SELECT * FROM pg_temp.spending();
SELECT pg_temp.finish('customer-ended-call', '{1005,1006}', 60);
SELECT * FROM pg_temp.spending();
SELECT * FROM voiceagent_private.check_tenant();
-- and back, with live calls, and with one that retention has removed: nothing is lost
SELECT pg_temp.at('2027-06-19 00:31+00') \g /dev/null
SELECT pg_temp.dial();
SELECT voiceagent_private.remove_calls(ARRAY[min(call_id)]) FROM voiceagent.calls WHERE tenant_id = voiceagent.current_tenant();
SELECT voiceagent.set_tenant_timezone(voiceagent.current_tenant(), 'America/New_York');
SELECT * FROM pg_temp.spending();
SELECT * FROM voiceagent_private.check_tenant();
SELECT action, old_value, new_value FROM voiceagent.audit_log WHERE tenant_id = voiceagent.current_tenant() AND action = 'set_tenant_timezone' ORDER BY audit_id;
ROLLBACK TO s;
-- so does the new day
SELECT pg_temp.at('2027-06-19 03:59:59+00') \g /dev/null
SELECT pg_temp.dial();
SELECT pg_temp.at('2027-06-19 04:00+00') \g /dev/null
SELECT pg_temp.dial();
SELECT * FROM pg_temp.spending();
SELECT * FROM pg_temp.state();
-- a call of yesterday that ends today counts for yesterday
SELECT pg_temp.at('2027-06-20 12:00+00') \g /dev/null
SELECT pg_temp.finish('customer-ended-call', '{1005}', 60);
SELECT * FROM pg_temp.spending();
SELECT invariant FROM voiceagent_private.check_tenant();
-- the cap of the whole campaign pauses it, as soon as no live call can give anything back
SELECT voiceagent.update_campaign(:c, '{"spend_cap_per_day": null, "spend_cap": 15}');
SELECT pg_temp.dial();
SELECT pg_temp.finish('customer-ended-call', '{1006}', 600);
SELECT pg_temp.at('2027-06-20 12:01+00') \g /dev/null
SELECT pg_temp.dial();
SELECT * FROM pg_temp.state();
SELECT * FROM voiceagent_private.check_tenant();
SELECT voiceagent.resume_campaign(:c);
ROLLBACK;
-- the cap of the tenant's day holds for all its campaigns together, also within one claim
BEGIN;
SELECT pg_temp.at('2027-06-18 15:00+00') \g /dev/null
SELECT pg_temp.begin_calls('Tenant cap', ARRAY['1001','1002','1003','1004']) > 0 AS ready;
SELECT voiceagent.add_lead(phone => '+1212555100' || i, first_name => 'Lead') IS NOT NULL AS added FROM generate_series(5, 8) i;
SELECT voiceagent.create_campaign('Second', (SELECT max(assistant_id) FROM voiceagent.assistants WHERE tenant_id = voiceagent.current_tenant()), settings => '{"call_interval": 0}') AS d \gset
SELECT voiceagent.add_leads(:d), voiceagent.start_campaign(:d);
SELECT voiceagent.set_setting('tenant_spend_cap_per_day', '11');
SELECT pg_temp.dial();
SELECT * FROM pg_temp.spending();
SELECT pg_temp.dial();
SELECT * FROM pg_temp.state() ORDER BY live DESC;
SELECT * FROM voiceagent_private.check_tenant();
-- what is noted wrong is found
UPDATE voiceagent.campaign_spending SET spent = spent + 1 WHERE tenant_id = voiceagent.current_tenant();
SELECT invariant FROM voiceagent_private.check_tenant();
ROLLBACK;
SELECT voiceagent_private.set_tenant(0) IS NOT NULL AS done;
