-- What the end of a call means, and what becomes of the lead.
SELECT status, cause_class, structured, voiceagent_private.decide_outcome(status, cause_class, structured::jsonb) AS outcome
FROM (VALUES
	('busy', 'busy', '{}'), ('no_answer', 'no_answer', '{}'), ('failed', 'bad_number', '{}'), ('failed', 'canceled', '{}'),
	('failed', 'retry', '{}'), ('failed', 'account', NULL), ('completed', 'machine', '{}'), ('completed', 'ok', NULL),
	('completed', 'ok', '{"interest": "high"}'), ('completed', 'ok', '{"interest": "none"}'), ('completed', 'ok', '{"interest": "unknown"}'),
	('completed', 'ok', '{"appointment": {"booked": true}}'), ('completed', 'ok', '{"appointment": {"booked": "no"}}'),
	('completed', 'ok', '{"slot_booked": "2026-03-09 15:00"}'), ('completed', 'ok', '{"slot_booked": false}'), ('completed', 'ok', '{"slot_booked": "none"}'),
	('completed', 'ok', '{"callback": {"requested": true}}'), ('completed', 'ok', '{"callback": "yes"}'),
	('completed', 'ok', '{"wrong_number": true}'),
	-- an opt-out outranks all else
	('completed', 'machine', '{"do_not_call": true}'), ('completed', 'ok', '{"do_not_call": "true", "appointment": {"booked": true}}'),
	('completed', 'ok', '[]'), ('completed', 'ok', '"text"')) AS v(status, cause_class, structured);
-- a yes or a no is one with its full stop and its reasons; whatever else is neither
SELECT said, voiceagent_private.parse_yes(said::jsonb) AS yes, voiceagent_private.parse_no(said::jsonb) AS no
FROM unnest(ARRAY['true', 'false', 'null', '1', '0', '"Yes."', '" YES! "', '"yes, he asked to be taken off"', '"No."', '"no: they hung up"', '"\"true\""',
	'"yes?"', '"no-show"', '"on hold"', '"0.5"', '"n/a"', '"unknown"', '""', '"-"', '["yes"]', '{"yes": true}']) AS said;
SELECT evaluation, structured, machine, voiceagent_private.decide_evaluation(status, structured::jsonb, evaluation, machine)
FROM (VALUES ('completed', 'true', '{}', NULL), ('completed', 'false', '{}', NULL), ('completed', NULL, '{}', NULL), ('completed', NULL, '{"interest": "high"}', 'human'),
	('completed', 'true', '{"do_not_call": true}', NULL), ('busy', NULL, NULL, NULL),
	-- nothing was reached, and nothing negative said: another call is wanted, they hung up at once, a machine answered
	('completed', 'false', '{"interest": "unknown", "callback": {"requested": true, "phrase": "later"}}', NULL),
	('completed', 'false', '{"interest": "none", "callback": true}', NULL), ('completed', 'false', '{"interest": "unknown"}', 'human'),
	('completed', 'false', '{"interest": "unknown"}', 'voicemail'), ('completed', 'false', '{"interest": "none"}', 'human'),
	('completed', 'false', '{"interest": "unknown", "do_not_call": true}', NULL)) AS v(status, evaluation, structured, machine);

\set ECHO none
\i lib/inbox_setup.inc
\set ECHO all
-- one cap for all reasons: two retries after the first dial, whatever came of each
BEGIN;
SELECT pg_temp.begin_calls('Retries', ARRAY['3001'], '{"retry_attempts": 2}') > 0 AS ready;
SELECT pg_temp.dial();
SELECT pg_temp.take(pg_temp.webhook('3001', 'report', 'customer-busy'));
SELECT voiceagent_private.apply_inbox(10);
SELECT * FROM pg_temp.seen();
-- the delay of its outcome: busy, 4 hours
SELECT round(extract(epoch FROM q.not_before - voiceagent.clock()) / 3600) AS hours
FROM voiceagent_private.call_queue q JOIN voiceagent.calls c USING (tenant_id, lead_id) WHERE q.tenant_id = voiceagent.current_tenant();
SELECT pg_temp.dial() AS too_early;
UPDATE voiceagent_private.call_queue SET not_before = voiceagent.clock() WHERE tenant_id = voiceagent.current_tenant();
UPDATE voiceagent_private.lanes SET next_due = voiceagent.clock() WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.dial();
SELECT pg_temp.take(pg_temp.webhook('3001', 'report', 'customer-did-not-answer'));
SELECT voiceagent_private.apply_inbox(10);
SELECT * FROM pg_temp.seen();
UPDATE voiceagent_private.call_queue SET not_before = voiceagent.clock() WHERE tenant_id = voiceagent.current_tenant();
UPDATE voiceagent_private.lanes SET next_due = voiceagent.clock() WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.dial();
SELECT pg_temp.take(pg_temp.webhook('3001', 'report', 'voicemail', 5));
SELECT voiceagent_private.apply_inbox(10);
SELECT * FROM pg_temp.seen();
SELECT status FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant();
SELECT status, status_reason, call_attempts FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant();
SELECT * FROM voiceagent_private.check_tenant();
COMMIT;

-- the carrier says that the account has no money: not the lead's fault, so not counted; the account rests, as after a refused
-- dial, and the campaign says why
CREATE VIEW pg_temp.resting AS SELECT c.status, c.status_reason, p.suspended, a.opened_at IS NOT NULL AS open, a.trips,
	round(extract(epoch FROM a.resumes_at - voiceagent.clock()) / 60) AS rest_min, a.trouble
FROM voiceagent.campaigns c JOIN voiceagent_private.pacing p USING (tenant_id, campaign_id)
JOIN voiceagent.provider_accounts a USING (tenant_id, provider_account_id) WHERE c.tenant_id = voiceagent.current_tenant();
BEGIN;
SELECT pg_temp.begin_calls('Account', ARRAY['3002']) > 0 AS ready;
SELECT pg_temp.dial();
SELECT pg_temp.take(pg_temp.webhook('3002', 'report', 'call.start.error-subscription-insufficient-credits'));
SELECT voiceagent_private.apply_inbox(10);
SELECT * FROM pg_temp.seen();
SELECT * FROM pg_temp.resting;
SELECT pg_temp.dial() AS resting;
SELECT * FROM voiceagent_private.check_tenant();
COMMIT;
-- where the campaign has another account that one dials, at once
BEGIN;
SELECT pg_temp.begin_calls('Two accounts', ARRAY['3002']) > 0 AS ready;
WITH other AS (
	INSERT INTO voiceagent.provider_accounts (tenant_id, provider, name, max_concurrent_calls, created_at)
	VALUES (voiceagent.current_tenant(), 'sandbox', 'Second', 10, voiceagent.clock()) RETURNING provider_account_id
)
INSERT INTO voiceagent.campaign_accounts (tenant_id, campaign_id, position, provider_account_id)
SELECT c.tenant_id, c.campaign_id, 1, o.provider_account_id FROM voiceagent.campaigns c, other o WHERE c.tenant_id = voiceagent.current_tenant();
SELECT pg_temp.dial();
SELECT pg_temp.take(pg_temp.webhook('3002', 'report', 'call.start.error-subscription-insufficient-credits'));
SELECT voiceagent_private.apply_inbox(10);
SELECT * FROM pg_temp.resting;
SELECT pg_temp.dial() AS by_the_second;
SELECT c.attempt_number, a.name FROM voiceagent.calls c JOIN voiceagent.provider_accounts a USING (tenant_id, provider_account_id)
WHERE c.tenant_id = voiceagent.current_tenant() ORDER BY c.call_id;
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK;
-- what the campaign has its calls say cannot be had: that campaign alone is held back, and the account is well
BEGIN;
SELECT pg_temp.begin_calls('Assistant', ARRAY['3002']) > 0 AS ready;
SELECT pg_temp.dial();
SELECT pg_temp.take(pg_temp.webhook('3002', 'report', 'assistant-not-found'));
SELECT voiceagent_private.apply_inbox(10);
SELECT * FROM pg_temp.seen();
SELECT * FROM pg_temp.resting;
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK;

-- a country that the account may not call: this lead's dial is refused, as if at once; no person was tried, and account and campaign go on
BEGIN;
SELECT pg_temp.begin_calls('Abroad', ARRAY['3003', '3004'], '{"retry_attempts": 0}') > 0 AS ready;
SELECT pg_temp.dial();
SELECT pg_temp.take(pg_temp.webhook('3003', 'report', 'call.start.error-vapi-number-international'));
SELECT voiceagent_private.apply_inbox(10);
SELECT * FROM pg_temp.seen();
SELECT counts, cause_class FROM voiceagent.calls WHERE tenant_id = voiceagent.current_tenant() AND call_id = pg_temp.call_of('3003');
SELECT c.status, c.status_reason, p.suspended, a.opened_at, a.trouble FROM voiceagent.campaigns c JOIN voiceagent_private.pacing p USING (tenant_id, campaign_id)
JOIN voiceagent.provider_accounts a USING (tenant_id, provider_account_id) WHERE c.tenant_id = voiceagent.current_tenant();
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK;

-- stopped while they are called: who is to be called again waits, at his proper time, for the campaign's next start; so it is
-- with a campaign that is paused and put off to a later start
BEGIN;
SELECT pg_temp.begin_calls('Stopped', '{3101,3102,3103,3104}', '{"retry_attempts": 3, "max_concurrent_calls": 3}') > 0 AS ready;
CREATE FUNCTION pg_temp.waiting() RETURNS TABLE (campaign text, number text, status text, reason text, attempts integer, hours numeric, running boolean) LANGUAGE sql AS $$
	SELECT c.status, right(l.phone, 4), m.status, m.reason, m.attempts, round(extract(epoch FROM q.not_before - voiceagent.clock()) / 3600), n.running
	FROM voiceagent.campaigns c JOIN voiceagent.campaign_leads m USING (tenant_id, campaign_id) JOIN voiceagent.leads l USING (tenant_id, lead_id)
	LEFT JOIN voiceagent_private.call_queue q USING (tenant_id, campaign_id, lead_id) LEFT JOIN voiceagent_private.lanes n USING (tenant_id, lane_id)
	WHERE c.tenant_id = voiceagent.current_tenant() ORDER BY 2 $$;
SELECT pg_temp.dial();
SELECT voiceagent.stop_all('lunch');
SELECT pg_temp.take(pg_temp.webhook('3101', 'report', 'customer-did-not-answer'), pg_temp.webhook('3102', 'report', 'customer-busy'));
SELECT voiceagent_private.apply_inbox(10);
SELECT * FROM pg_temp.waiting();
SELECT * FROM voiceagent_private.check_tenant();
SELECT voiceagent.start_campaign(campaign_id) FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant();
SELECT * FROM pg_temp.waiting();
SELECT voiceagent.pause_campaign(campaign_id) FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant();
SELECT voiceagent.update_campaign(campaign_id, jsonb_build_object('starts_at', voiceagent.clock() + interval '1 day')) FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant();
SELECT voiceagent.resume_campaign(campaign_id) FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.take(pg_temp.webhook('3103', 'report', 'customer-did-not-answer'));
SELECT voiceagent_private.apply_inbox(10);
SELECT * FROM pg_temp.waiting();
SELECT * FROM voiceagent_private.check_tenant();
-- who was skipped for a value that he lacked is taken up again once he has it; who still lacks it keeps nobody from going on
SELECT voiceagent.pause_campaign(campaign_id), voiceagent.update_campaign(campaign_id, '{"starts_at": null}'), voiceagent.start_campaign(campaign_id) FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant();
SELECT count(voiceagent.update_lead(lead_id, '{"company": "Acme"}')) AS told FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant();
SELECT voiceagent.update_assistant(assistant_id, '{"system_prompt": "Be kind to {{company}}."}') FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant();
SELECT voiceagent.update_campaign(campaign_id, '{}') FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant();
\set VERBOSITY terse
SELECT voiceagent.add_leads(campaign_id, ARRAY[voiceagent.add_lead('+12125553105', 'Lead 3105'), voiceagent.add_lead('+12125553106', 'Lead 3106')])
FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant();
\set VERBOSITY default
SELECT voiceagent.update_lead(lead_id, '{"company": "Acme"}') = lead_id AS told FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant() AND phone LIKE '%3105';
SELECT voiceagent.pause_campaign(campaign_id), voiceagent.resume_campaign(campaign_id) FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant();
SELECT number, status, reason FROM pg_temp.waiting() WHERE number > '3104';
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK;

-- all of a batch have reached their person: their leads are done, each with what was found out, but one who has opted out meanwhile
BEGIN;
SELECT pg_temp.begin_calls('Reached', ARRAY['3003', '3004', '3005', '3006']) > 0 AS ready;
SELECT pg_temp.dial();
SELECT voiceagent.do_not_call('+12125553003', 'said so elsewhere') IS NULL AS listed_of_the_plan;
SELECT pg_temp.take(
	pg_temp.webhook('3003', 'report', 'customer-ended-call', 20, '{"interest": "high", "qualified": true}'),
	pg_temp.webhook('3004', 'report', 'customer-ended-call', 30, '{"interest": "high", "qualified": true}'),
	pg_temp.webhook('3005', 'report', 'customer-ended-call', 40, '{"interest": "low", "qualified": "no"}'),
	pg_temp.webhook('3006', 'report', 'assistant-ended-call', 50, '{"interest": "high"}'));
SELECT voiceagent_private.apply_inbox(10);
SELECT s.number, s.outcome, s.lead_status, s.reason, s.queued, l.status, l.qualified
FROM pg_temp.seen() s JOIN voiceagent.leads l ON right(l.phone, 4) = s.number AND l.tenant_id = voiceagent.current_tenant() ORDER BY 1;
SELECT status FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant();
SELECT * FROM voiceagent_private.check_tenant();
COMMIT;

-- asked to be called again: at the time that the person's words name, whatever year the model takes it to be, or from the beginning of
-- the day on; a time that has passed or was misheard waits for a person; all from the call's end, however late its
-- report comes. Whoever means one more than 30 days away is not called before: they are closed, with that day as the reason.
BEGIN;
SELECT set_config('voiceagent.clock_offset', extract(epoch FROM '2026-11-20 15:09+00' - clock_timestamp())::text, true) <> '' AS then_it_was;
SELECT pg_temp.begin_calls('Again', '{3201,3202,3203,3204,3205,3206,3207,3208,3209,3210}', '{"callback_delay": "3 hours"}') > 0 AS ready;
-- nor by the step of those who ask for a callback, which would come long before
SELECT voiceagent.set_follow_up(max(c.campaign_id), 'callback', voiceagent.create_campaign('Step', max(c.assistant_id))) FROM voiceagent.campaigns c
WHERE c.tenant_id = voiceagent.current_tenant();
SELECT voiceagent.set_setting('sandbox_time_scale', '1') IS NOT NULL AS unscaled;
SELECT pg_temp.dial();
SELECT pg_temp.take(
	pg_temp.webhook('3201', 'report', 'customer-ended-call', 20, '{"callback": {"requested": true, "date": "2025-11-24", "time": "15:00", "phrase": "monday at 3 pm"}}'),
	pg_temp.webhook('3202', 'report', 'customer-ended-call', 20, '{"callback": {"requested": true, "phrase": "later today at 9 am"}}'),
	pg_temp.webhook('3203', 'report', 'customer-ended-call', 20, '{"callback": {"requested": true, "date": "2206-11-21", "time": "15:00"}}'),
	pg_temp.webhook('3204', 'report', 'customer-ended-call', 20, '{"callback": {"requested": true, "phrase": "today at 7"}}'),
	pg_temp.webhook('3205', 'report', 'customer-ended-call', 20, '{"callback": {"requested": true, "phrase": "in two hours"}}'),
	pg_temp.webhook('3206', 'report', 'customer-ended-call', 20, '{"callback": {"requested": true, "date": "2026-11-23", "phrase": "I am on holiday, call me on Monday"}}'),
	pg_temp.webhook('3207', 'report', 'customer-ended-call', 20, '{"callback": {"requested": true, "date": "2027-02-01", "time": "10:00", "phrase": "in February, not before"}}'),
	pg_temp.webhook('3208', 'report', 'customer-ended-call', 20, '{"callback": {"requested": true, "date": "2026-12-20", "time": "10:10"}}'),
	pg_temp.webhook('3209', 'report', 'customer-ended-call', 20, '{"callback": {"requested": true, "date": "2026-12-20", "time": "10:11"}}'),
	pg_temp.webhook('3210', 'report', 'customer-ended-call', 20, '{"callback": {"requested": true, "phrase": "after the holidays"}}'));
CREATE VIEW pg_temp.called_back AS
SELECT right(l.phone, 4) AS number, q.reason, to_char(q.not_before AT TIME ZONE 'America/New_York', 'Dy HH24:MI') AS there FROM voiceagent_private.call_queue q
JOIN voiceagent.leads l USING (tenant_id, lead_id) WHERE q.tenant_id = voiceagent.current_tenant() ORDER BY 1;
SAVEPOINT s;
SELECT set_config('voiceagent.clock_offset', extract(epoch FROM '2026-11-20 15:10:10+00' - clock_timestamp())::text, true) <> '' AS told_at_once;
SELECT voiceagent_private.apply_inbox(10);
SELECT * FROM pg_temp.called_back;
SELECT right(l.phone, 4) AS number, m.status, m.reason, m.last_outcome, l.status AS lead, l.status_reason, e.event_type, e.event_data
FROM voiceagent.campaign_leads m JOIN voiceagent.leads l USING (tenant_id, lead_id)
LEFT JOIN voiceagent.events e ON e.tenant_id = m.tenant_id AND e.lead_id = m.lead_id AND e.event_type LIKE 'lead\_%'
WHERE m.tenant_id = voiceagent.current_tenant() AND m.status <> 'retry' ORDER BY 1;
SELECT e.what, e.why FROM voiceagent.leads l CROSS JOIN LATERAL voiceagent.explain_lead(l.lead_id) e
WHERE l.tenant_id = voiceagent.current_tenant() AND l.phone LIKE '%3207' AND e.why ~ 'asked to be called';
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK TO s;
SELECT set_config('voiceagent.clock_offset', extract(epoch FROM '2026-11-20 17:40:10+00' - clock_timestamp())::text, true) <> '' AS two_and_a_half_hours_late;
SELECT voiceagent_private.apply_inbox(10);
SELECT * FROM pg_temp.called_back;
ROLLBACK;

-- who asked for a day on which the campaign has ended is for a person to call then, and takes no step before it; without a day only
-- the delay goes beyond the end
BEGIN;
SELECT set_config('voiceagent.clock_offset', extract(epoch FROM '2026-11-20 15:09+00' - clock_timestamp())::text, true) <> '' AS then_it_was;
SELECT pg_temp.begin_calls('Ends soon', '{3221,3222,3223}', '{"expires_at": "2026-11-24 00:00-05", "callback_delay": "5 days"}') > 0 AS ready;
SELECT voiceagent.set_follow_up(max(c.campaign_id), 'callback', voiceagent.create_campaign('Step', max(c.assistant_id))) FROM voiceagent.campaigns c
WHERE c.tenant_id = voiceagent.current_tenant();
SELECT voiceagent.set_setting('sandbox_time_scale', '1') IS NOT NULL AS unscaled;
SELECT pg_temp.dial();
SELECT pg_temp.take(
	pg_temp.webhook('3221', 'report', 'customer-ended-call', 20, '{"callback": {"requested": true, "phrase": "Monday at 3 pm"}}'),
	pg_temp.webhook('3222', 'report', 'customer-ended-call', 20, '{"callback": {"requested": true, "phrase": "Tuesday at 3 pm"}}'),
	pg_temp.webhook('3223', 'report', 'customer-ended-call', 20, '{"callback": {"requested": true, "phrase": "later"}}'));
SELECT set_config('voiceagent.clock_offset', extract(epoch FROM '2026-11-20 15:10:10+00' - clock_timestamp())::text, true) <> '' AS told_at_once;
SELECT voiceagent_private.apply_inbox(10);
SELECT right(l.phone, 4) AS number, c.name, m.status, m.reason FROM voiceagent.campaign_leads m JOIN voiceagent.leads l USING (tenant_id, lead_id)
JOIN voiceagent.campaigns c USING (tenant_id, campaign_id) WHERE m.tenant_id = voiceagent.current_tenant() ORDER BY 1, 2;
SELECT e.what, e.why FROM voiceagent.leads l CROSS JOIN LATERAL voiceagent.explain_lead(l.lead_id) e
WHERE l.tenant_id = voiceagent.current_tenant() AND l.phone LIKE '%3222' AND e.why ~ 'asked to be called';
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK;

-- another priority holds at once for who waits, also by a file; a promised callback stays first in line
BEGIN;
SELECT pg_temp.begin_calls('Priorities', '{3301,3302,3303}') > 0 AS ready;
SELECT pg_temp.dial();
SELECT pg_temp.take(pg_temp.webhook('3301', 'report', 'customer-busy'), pg_temp.webhook('3302', 'report', 'customer-busy'),
	pg_temp.webhook('3303', 'report', 'customer-ended-call', 20, '{"callback": {"requested": true}}'));
SELECT voiceagent_private.apply_inbox(10);
SELECT count(voiceagent.update_lead(lead_id, '{"priority": 2}')) AS told FROM voiceagent.leads
WHERE tenant_id = voiceagent.current_tenant() AND phone SIMILAR TO '%330(1|3)';
SELECT number, queued FROM pg_temp.seen();
SELECT rows_updated FROM voiceagent.import_leads(E'phone,priority\n2125553302,7\n2125553303,8\n', on_duplicate => 'update');
SELECT number, queued FROM pg_temp.seen();
-- also before who is first of the others, and has waited for longer
SELECT rows_updated FROM voiceagent.import_leads(E'phone,priority\n2125553301,0\n2125553302,0\n', on_duplicate => 'update');
SELECT set_config('voiceagent.clock_offset', (current_setting('voiceagent.clock_offset')::numeric + 10800)::text, true) <> '' AS all_are_due;
UPDATE voiceagent_private.call_queue SET not_before = not_before - interval '1 day' WHERE tenant_id = voiceagent.current_tenant() AND reason = 'busy';
SELECT attempt_id AS refused, right(phone, 4) AS first FROM voiceagent_private.claim_calls(1) \gset
-- and where the carrier is busy just then
SELECT voiceagent_private.record_dials(ARRAY[:refused]::bigint[], '{rate_limited}', '{NULL}', '{NULL}', '{429}', '{429 Too Many Requests}', '{1}') AS recorded;
SELECT number, queued FROM pg_temp.seen() WHERE number = :'first';
SELECT set_config('voiceagent.clock_offset', '10860', true) <> '' AS the_account_has_rested;
SAVEPOINT taken;
SELECT attempt_id AS taken, right(phone, 4) AS first FROM voiceagent_private.claim_calls(1) \gset
-- and where the carrier took it, and then had no money for it
SELECT voiceagent_private.record_dials(ARRAY[:taken]::bigint[], '{accepted}', '{promised}', '{NULL}', '{201}', '{NULL}', '{0}') AS recorded;
SELECT pg_temp.take(pg_temp.webhook(:'first', 'report', 'call.start.error-subscription-insufficient-credits')), voiceagent_private.apply_inbox(10);
SELECT s.number, s.queued, s.attempts, m.last_outcome FROM pg_temp.seen() s JOIN voiceagent.leads l ON l.tenant_id = voiceagent.current_tenant() AND right(l.phone, 4) = s.number
JOIN voiceagent.campaign_leads m USING (tenant_id, lead_id) WHERE s.number = :'first';
UPDATE voiceagent.provider_accounts SET resumes_at = voiceagent.clock() WHERE tenant_id = voiceagent.current_tenant() AND resumes_at IS NOT NULL;
UPDATE voiceagent_private.pacing SET next_dial_at = '-infinity', suspended = NULL WHERE tenant_id = voiceagent.current_tenant();
SELECT right(phone, 4) AS first FROM voiceagent_private.claim_calls(1);
ROLLBACK TO taken;
SELECT right(phone, 4) AS first FROM voiceagent_private.claim_calls(1);
SELECT right(phone, 4) AS next FROM voiceagent_private.claim_calls(10) ORDER BY 1;
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK;

-- Whether a lead qualifies is known from the calls that say so: a machine, a wrong number, a call without a result, and no word of it,
-- or null, leave it as it was, whether the lead is closed or called again
BEGIN;
SELECT pg_temp.begin_calls('Qualified', '{3401,3402,3403,3404,3405,3406,3407,3408}', '{"retry_attempts": 1}') > 0 AS ready;
UPDATE voiceagent.leads l SET qualified = true WHERE l.tenant_id = voiceagent.current_tenant();
CREATE FUNCTION pg_temp.said(number text, reason text, talk_s numeric, qualified jsonb, structured jsonb DEFAULT '{}') RETURNS bytea LANGUAGE sql AS $$
	SELECT convert_to(jsonb_set(convert_from(pg_temp.webhook(number, 'report', reason, talk_s, structured), 'UTF8')::jsonb #- '{message,analysis,successEvaluation}',
		'{message,analysis,structuredData,qualified}', qualified)::text, 'UTF8') $$;
CREATE TEMP VIEW qualifying AS SELECT s.number, s.outcome, s.lead_status, l.qualified FROM pg_temp.seen() s
JOIN voiceagent.leads l ON right(l.phone, 4) = s.number AND l.tenant_id = voiceagent.current_tenant() WHERE s.outcome IS NOT NULL ORDER BY 1;
SELECT pg_temp.dial();
SELECT pg_temp.take(pg_temp.said('3401', 'customer-ended-call', 60, 'null', '{"interest": "high"}'),
	pg_temp.said('3402', 'customer-ended-call', 60, '"unknown"', '{"interest": "high"}'), pg_temp.said('3403', 'customer-ended-call', 60, '"No."'));
SELECT voiceagent_private.apply_inbox(10);
SELECT * FROM pg_temp.qualifying;
SELECT pg_temp.take(pg_temp.said('3404', 'voicemail', 20, 'false'), pg_temp.said('3405', 'customer-ended-call', 60, 'false', '{"wrong_number": true}'),
	pg_temp.said('3406', 'customer-ended-call', 60, 'false', '{"callback": true}'), pg_temp.said('3407', 'customer-ended-call', 5, 'false'),
	pg_temp.said('3408', 'customer-ended-call', 60, 'null', '{"do_not_call": true}'));
SELECT voiceagent_private.apply_inbox(10);
SELECT * FROM pg_temp.qualifying WHERE number > '3403';
UPDATE voiceagent_private.call_queue SET not_before = voiceagent.clock() WHERE tenant_id = voiceagent.current_tenant();
UPDATE voiceagent_private.lanes SET next_due = voiceagent.clock() WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.dial();
SELECT pg_temp.take(pg_temp.said('3404', 'voicemail', 20, 'false'));
SELECT voiceagent_private.apply_inbox(10);
SELECT * FROM pg_temp.qualifying WHERE number = '3404';
SELECT * FROM voiceagent_private.check_tenant();
-- Whether a telephone rang, and who ended the call, of each attempt.
SELECT e.rang, e.ended_by, e.outcome, c.cause_class, count(*), min(c.cause) AS cause FROM voiceagent.attempt_ends e JOIN voiceagent.calls c USING (tenant_id, call_id) WHERE e.tenant_id = voiceagent.current_tenant() GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4;
ROLLBACK;

-- A lead is closed with an outcome, and moved to a class, or not at all.
SELECT voiceagent_private.close_leads(0, '{0}', 'completed', '{NULL}', NULL, NULL);
SELECT voiceagent_private.close_leads(0, '{0}', 'completed', NULL, NULL, NULL);
SELECT voiceagent_private.move_leads('{0}', '{NULL}', '{NULL}', '{NULL}');
