-- Several carrier accounts for one campaign: which answers move on to the next, the breaker of an account, its pace, the switch.
\set VERBOSITY default
\set SHOW_CONTEXT never
SET client_min_messages = warning;
\set ECHO none
\i sql/r50_setup.inc
\set ECHO all
CREATE FUNCTION pg_temp.account(name text, provider text DEFAULT 'sandbox', room integer DEFAULT 100) RETURNS bigint LANGUAGE sql AS $$
	INSERT INTO voiceagent.provider_accounts (tenant_id, provider, name, settings, max_concurrent_calls, armed_at, created_at)
	VALUES (voiceagent.current_tenant(), provider, name, CASE provider WHEN 'vapi' THEN jsonb '{"phone_number_id": "1"}' ELSE '{"from_number": "+12125550100", "connection_id": "1"}' END, room, CASE WHEN provider <> 'sandbox' THEN voiceagent.clock() END, voiceagent.clock())
	RETURNING provider_account_id $$;
-- The leads that a claim dials, and by which account.
CREATE FUNCTION pg_temp.through(n integer) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_names text;
BEGIN
	SET LOCAL ROLE voiceagent_worker;
	SELECT string_agg(format('%s by %s', x.leads, x.name), ', ' ORDER BY x.name) INTO v_names
	FROM (SELECT a.name, string_agg(right(c.phone, 1), ' ' ORDER BY c.phone) AS leads FROM voiceagent_private.claim_calls(n) c
		JOIN voiceagent.provider_accounts a ON a.tenant_id = c.tenant_id AND a.provider_account_id = c.provider_account_id GROUP BY a.name) x;
	RESET ROLE;
	RETURN coalesce(v_names, 'nobody');
END $$;
-- The latest attempts of these leads (the last digit of the number) are answered so, together.
CREATE FUNCTION pg_temp.answer(leads integer[], kind text, error text DEFAULT NULL, wait integer DEFAULT NULL) RETURNS integer LANGUAGE sql AS $$
	SELECT voiceagent_private.record_dials(array_agg(a.attempt_id), array_agg(kind), array_agg(CASE WHEN kind = 'accepted' THEN 'theirs-' || a.attempt_id END),
		array_agg(NULL::text), array_agg(CASE WHEN kind <> 'unknown' THEN 200 END), array_agg(error), array_agg(wait))
	FROM unnest(leads) i JOIN LATERAL (SELECT a.attempt_id FROM voiceagent.attempts a JOIN voiceagent.calls c USING (tenant_id, call_id)
		WHERE a.tenant_id = voiceagent.current_tenant() AND right(c.phone, 1) = i::text ORDER BY a.attempt_id DESC LIMIT 1) a ON true $$;
CREATE FUNCTION pg_temp.later(seconds numeric) RETURNS boolean LANGUAGE sql AS $$
	SELECT set_config('voiceagent.clock_offset', (round(extract(epoch FROM voiceagent.clock() - clock_timestamp()), 1) + seconds)::text, true) IS NOT NULL $$;
CREATE VIEW pg_temp.accounts AS
	SELECT a.name, a.opened_at IS NOT NULL AS open, a.trips, round(extract(epoch FROM a.resumes_at - voiceagent.clock())) AS rest_s, a.trouble
	FROM voiceagent.provider_accounts a WHERE a.tenant_id = voiceagent.current_tenant() AND a.name <> 'Sandbox' ORDER BY a.name;
CREATE FUNCTION pg_temp.try(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_detail text;
BEGIN
	EXECUTE statement;
	RETURN 'ok';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL;
	RETURN format('%s: %s (%s)', SQLSTATE, regexp_replace(SQLERRM, 'account \d+', 'account N'), regexp_replace(v_detail, '\d+', 'N', 'g'));
END $$;
-- As a member would.
CREATE FUNCTION pg_temp.switch(campaign bigint, account bigint) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_result text;
BEGIN
	SET LOCAL ROLE voiceagent_user;
	v_result := pg_temp.try(format('UPDATE voiceagent.campaigns SET provider_account_id = %s WHERE campaign_id = %s', account, campaign));
	RESET ROLE;
	RETURN v_result;
END $$;
GRANT EXECUTE ON FUNCTION pg_temp.try(text) TO voiceagent_user;

-- The list: the tenant's own accounts, active, all of one kind.
BEGIN;
SET LOCAL voiceagent.clock_offset = 0;
SELECT pg_temp.tenant('r55 failover') > 0 AS made, pg_temp.account('A') AS a, pg_temp.account('B') AS b, pg_temp.account('C') AS c, pg_temp.account('Real', 'vapi') AS real \gset
SELECT voiceagent.set_setting('sandbox_time_scale', '1') \g /dev/null
SELECT pg_temp.start('failover', pg_temp.leads('+12025550', 9)) AS campaign \gset
UPDATE voiceagent.campaigns SET settings = '{"max_concurrent_calls": 100, "call_interval": 0, "breaker_failure_rate": 0}' WHERE campaign_id = :campaign;
SELECT pg_temp.try(format('SELECT voiceagent.set_campaign_accounts(%s, %L)', :campaign, l))
FROM unnest(ARRAY['{}', NULL, ARRAY[:a, :a]::text, ARRAY[:a, NULL]::text, ARRAY[:a, :real]::text, ARRAY[:a, -1]::text, ARRAY[ARRAY[:a, :b]]::text]) l;
SELECT voiceagent.set_campaign_accounts(:campaign, ARRAY[:a, :b, :c]);
SELECT a.name, b.position FROM voiceagent.campaign_accounts b JOIN voiceagent.provider_accounts a USING (tenant_id, provider_account_id) WHERE campaign_id = :campaign ORDER BY 2;
SELECT a.name FROM voiceagent.campaigns c JOIN voiceagent.provider_accounts a USING (tenant_id, provider_account_id) WHERE campaign_id = :campaign;

-- The first that may dial: active, not resting, with room.
UPDATE voiceagent_private.pacing SET next_dial_at = '-infinity' WHERE campaign_id = :campaign;
SELECT pg_temp.through(1) AS first;
UPDATE voiceagent.provider_accounts SET active = false WHERE provider_account_id = :a;
SELECT pg_temp.through(1) AS not_active;
UPDATE voiceagent.provider_accounts SET resumes_at = voiceagent.clock() + '1 minute' WHERE provider_account_id = :b;
SELECT pg_temp.through(1) AS resting;
UPDATE voiceagent.provider_accounts SET active = true, max_concurrent_calls = 1 WHERE provider_account_id = :a;
SELECT pg_temp.through(1) AS full;
UPDATE voiceagent.provider_accounts SET max_concurrent_calls = 2 WHERE provider_account_id = :a;
SELECT pg_temp.through(9) AS one_has_free_slot;
UPDATE voiceagent.provider_accounts SET resumes_at = voiceagent.clock() + '2 minutes', max_concurrent_calls = 100 WHERE provider_account_id IN (:a, :c);
SELECT pg_temp.through(9) AS all_rest;
SELECT round(extract(epoch FROM next_dial_at - voiceagent.clock())) AS alarm_s FROM voiceagent_private.pacing WHERE campaign_id = :campaign;
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK;

-- What the answer says of lead, account and campaign.
BEGIN;
SET LOCAL voiceagent.clock_offset = 0;
SELECT pg_temp.tenant('r55 failover') > 0 AS made, pg_temp.account('A') AS a, pg_temp.account('B') AS b \gset
SELECT voiceagent.set_setting('sandbox_time_scale', '1') \g /dev/null
SELECT pg_temp.start('failover', pg_temp.leads('+12025550', 9)) AS campaign \gset
UPDATE voiceagent.campaigns SET settings = '{"max_concurrent_calls": 100, "call_interval": 0, "breaker_failure_rate": 0}' WHERE campaign_id = :campaign;
SELECT voiceagent.set_campaign_accounts(:campaign, ARRAY[:a, :b]);
UPDATE voiceagent_private.pacing SET next_dial_at = '-infinity' WHERE campaign_id = :campaign;
SELECT pg_temp.through(5);
-- refused_retry: the lead is back after a second, and the next account is preferred
SELECT pg_temp.answer('{1}', 'refused_retry', 'connection-failed');
SELECT pg_temp.later(1.1), pg_temp.through(1) AS next_account;
SELECT pg_temp.later(1.1), pg_temp.through(1) AS first_again;
-- rate_limited: at once
SELECT pg_temp.answer('{2}', 'rate_limited', 'http-429', 30), pg_temp.through(1) AS next_account;
-- unknown: never a second dial, by no account, until the carrier has said that there was none
SELECT pg_temp.answer('{3}', 'unknown', 'timeout'), pg_temp.later(3600), pg_temp.through(9) AS not_3;
SELECT count(*) AS calls, min(a.state) AS attempt, bool_or(q.lead_id IS NOT NULL) AS queued FROM voiceagent.calls c JOIN voiceagent.attempts a USING (tenant_id, call_id)
LEFT JOIN voiceagent_private.call_queue q USING (tenant_id, campaign_id, lead_id) WHERE c.campaign_id = :campaign AND right(c.phone, 1) = '3';
-- bad_account: at once, and the campaign has nothing to say as long as another account is well
SELECT pg_temp.answer('{4}', 'bad_account', 'http-401'), pg_temp.through(1) AS next_account;
SELECT status_reason FROM voiceagent.campaigns WHERE campaign_id = :campaign;
SELECT name, open, trips, rest_s, trouble FROM pg_temp.accounts;
SELECT pg_temp.answer('{4}', 'bad_account', 'http-402'), pg_temp.through(9) AS no_account;
SELECT status_reason FROM voiceagent.campaigns WHERE campaign_id = :campaign;
-- a number that does not exist is the lead's, not the account's
SELECT pg_temp.answer('{5}', 'refused_permanent', 'http-400: customer.number must be a valid phone number');
SELECT m.status, m.reason FROM voiceagent.campaign_leads m JOIN voiceagent.leads l USING (tenant_id, lead_id) WHERE campaign_id = :campaign AND right(l.phone, 1) = '5';
SELECT pg_temp.later(601), pg_temp.through(9) AS a_probe, pg_temp.through(9) AS no_more;
SELECT invariant FROM voiceagent_private.check_tenant() WHERE invariant NOT LIKE '%lease is looked after';
-- The invariant sees a second dial beside an unknown one.
UPDATE voiceagent.attempts a SET state = 'unknown' FROM voiceagent.calls c WHERE c.tenant_id = a.tenant_id AND c.call_id = a.call_id AND c.campaign_id = :campaign
	AND right(c.phone, 1) = '4' AND a.state = 'refused';
SELECT DISTINCT invariant FROM voiceagent_private.check_dials(0, 9223372036854775807) WHERE invariant LIKE 'a lead is dialled again only%';
ROLLBACK;

-- The breaker: share and count within the window; one probe; closed by success. 429s are no failures.
BEGIN;
SET LOCAL voiceagent.clock_offset = 0;
SELECT pg_temp.tenant('r55 breaker') > 0 AS made, pg_temp.account('A') AS a \gset
SELECT voiceagent.set_setting('sandbox_time_scale', '1') \g /dev/null
SELECT pg_temp.start('breaker', pg_temp.leads('+12025550', 9)) AS campaign \gset
UPDATE voiceagent.campaigns SET settings = '{"max_concurrent_calls": 100, "call_interval": 0, "breaker_failure_rate": 0}' WHERE campaign_id = :campaign;
SELECT voiceagent.set_campaign_accounts(:campaign, ARRAY[:a]);
UPDATE voiceagent_private.pacing SET next_dial_at = '-infinity' WHERE campaign_id = :campaign;
SELECT pg_temp.through(9);
SELECT pg_temp.answer('{1,2}', 'accepted'), pg_temp.answer('{3,4}', 'refused_retry', 'http-503');
SELECT name, open, trips, rest_s, trouble FROM pg_temp.accounts;
SELECT pg_temp.answer('{5}', 'rate_limited', 'http-429', 1), pg_temp.answer('{6}', 'unknown', 'timeout');
SELECT name, open, trips, rest_s, trouble FROM pg_temp.accounts;
SELECT event_type, event_data - 'provider_account_id' - 'resumes_at' - 'failures' AS data, (SELECT array_agg(f ->> 'cause') FROM jsonb_array_elements(event_data -> 'failures') f) AS causes,
	(SELECT bool_and(c.call_id IS NOT NULL) FROM jsonb_array_elements(event_data -> 'failures') f
	 LEFT JOIN voiceagent.calls c ON c.tenant_id = voiceagent.current_tenant() AND c.call_id = (f ->> 'call_id')::bigint) AS calls_exist
FROM voiceagent.events WHERE tenant_id = voiceagent.current_tenant() AND event_type LIKE 'carrier%';
SELECT kind, regexp_replace(state, '\d\d:\d\d:\d\d', 'T') AS state, live, regexp_replace(trouble, '\d{2,}:', 'N:', 'g') AS trouble FROM voiceagent_private.account_states() WHERE kind LIKE 'breaker%';
-- Answers to what was dialled before neither close it nor open it again.
SELECT pg_temp.answer('{7}', 'accepted'), pg_temp.answer('{8}', 'refused_retry', 'http-503');
SELECT name, open, trips, rest_s FROM pg_temp.accounts;
SELECT pg_temp.later(4), pg_temp.through(9) AS rests, pg_temp.later(2), pg_temp.through(9) AS one_probe, pg_temp.through(9) AS and_no_other;
SELECT kind FROM voiceagent_private.account_states() WHERE kind LIKE 'breaker%';
-- The probe fails: twice as long. Then it succeeds.
SELECT pg_temp.answer('{5}', 'unknown', 'timeout');
SELECT name, open, trips, rest_s FROM pg_temp.accounts;
SELECT pg_temp.later(11), pg_temp.through(9) AS probe;
SELECT pg_temp.answer('{3}', 'accepted');
SELECT name, open, trips, rest_s, trouble FROM pg_temp.accounts;
SELECT event_type FROM voiceagent.events WHERE tenant_id = voiceagent.current_tenant() AND event_type LIKE 'carrier%' ORDER BY event_id;
SELECT pg_temp.later(120), pg_temp.through(9) AS as_ever;
-- What is older than the window does not count.
SELECT pg_temp.answer('{4,8}', 'refused_retry', 'http-503'), pg_temp.later(130);
SELECT pg_temp.through(2), pg_temp.answer('{4,8}', 'refused_retry', 'http-503'), pg_temp.later(130);
SELECT pg_temp.through(2), pg_temp.answer('{4,8}', 'refused_retry', 'http-503');
SELECT name, open, trips, rest_s FROM pg_temp.accounts;
SELECT voiceagent.set_setting('account_breaker_min_dials', '2') \g /dev/null
SELECT pg_temp.later(2), pg_temp.through(2), pg_temp.answer('{4,8}', 'refused_retry', 'http-503');
SELECT name, open, trips, rest_s FROM pg_temp.accounts;
ROLLBACK;
-- What was not sent in time says nothing of the carrier: neither that it is ill, nor, while it hangs, that it is well.
BEGIN;
SET LOCAL voiceagent.clock_offset = 0;
SELECT pg_temp.tenant('r55 unsent') > 0 AS made, pg_temp.account('A') AS a \gset
SELECT voiceagent.set_setting('sandbox_time_scale', '1') \g /dev/null
SELECT pg_temp.start('unsent', pg_temp.leads('+12025550', 9)) AS campaign \gset
UPDATE voiceagent.campaigns SET settings = '{"max_concurrent_calls": 100, "call_interval": 0, "breaker_failure_rate": 0}' WHERE campaign_id = :campaign;
SELECT voiceagent.set_campaign_accounts(:campaign, ARRAY[:a]);
SELECT voiceagent.set_setting('account_breaker_min_dials', '3') \g /dev/null
UPDATE voiceagent_private.pacing SET next_dial_at = '-infinity' WHERE campaign_id = :campaign;
SELECT pg_temp.through(9);
SELECT pg_temp.answer('{1,2,3,4,5,6}', 'refused_retry', 'not-sent-in-time');
SELECT name, open, trouble FROM pg_temp.accounts;
SELECT pg_temp.answer('{7,8}', 'unknown', 'timeout');
SELECT name, open, trouble FROM pg_temp.accounts;
SELECT pg_temp.answer('{9}', 'unknown', 'timeout');
SELECT name, open, trouble FROM pg_temp.accounts;
SELECT event_data - 'provider_account_id' - 'resumes_at' - 'failures' AS data FROM voiceagent.events WHERE tenant_id = voiceagent.current_tenant() AND event_type = 'carrier_failing';
ROLLBACK;

-- Pace: the account's own; what a share of 429s does to it see r55_pace; a limit of calls at once lowers those.
BEGIN;
SET LOCAL voiceagent.clock_offset = 0;
SELECT pg_temp.tenant('r55 pace') > 0 AS made, pg_temp.account('A') AS a, pg_temp.account('B') AS b \gset
SELECT voiceagent.set_setting('sandbox_time_scale', '1') \g /dev/null
SELECT pg_temp.start('pace', pg_temp.leads('+12025550', 9)) AS campaign \gset
UPDATE voiceagent.campaigns SET settings = '{"max_concurrent_calls": 100, "call_interval": 0, "breaker_failure_rate": 0}' WHERE campaign_id = :campaign;
UPDATE voiceagent.provider_accounts SET settings = '{"calls_per_second": 2}' WHERE provider_account_id = :a;
SELECT voiceagent.set_campaign_accounts(:campaign, ARRAY[:a]);
UPDATE voiceagent_private.pacing SET next_dial_at = '-infinity' WHERE campaign_id = :campaign;
SELECT pg_temp.through(9) AS one, pg_temp.through(9) AS not_yet;
SELECT next_dial_at - voiceagent.clock() BETWEEN '0.1 seconds' AND '0.5 seconds' AS alarm FROM voiceagent_private.pacing WHERE campaign_id = :campaign;
SELECT pg_temp.later(0.6), pg_temp.through(9) AS another, pg_temp.later(5), pg_temp.through(9) AS no_backlog;
SELECT pg_temp.answer('{3}', 'rate_limited', 'http-429', 0), pg_temp.answer('{2}', 'rate_limited', 'http-429', 1);
SELECT count(*) AS slowed FROM voiceagent_private.account_states() WHERE kind = 'slowed';
SELECT s AS after_s, round(voiceagent_private.dial_rate_now(8, 1, 2, t, '10 s', t + make_interval(secs => s))::numeric, 2) AS own,
	round(voiceagent_private.dial_rate_now(NULL, 1, 2, t, '10 s', t + make_interval(secs => s))::numeric, 2) AS no_own,
	voiceagent_private.limit_now(100, 40, 100, t, t + make_interval(secs => s)) AS calls
FROM (SELECT timestamptz '2027-01-01' AS t) t, unnest(ARRAY[-60, 0, 5, 10, 15, 20, 30, 300, 360, 1e9]) s;
SELECT pg_temp.later(1.1), pg_temp.through(9) AS one, pg_temp.later(0.1), pg_temp.through(9) AS not_yet, pg_temp.later(0.5), pg_temp.through(9) AS now;
-- With another account the campaign does not wait.
SELECT voiceagent.set_campaign_accounts(:campaign, ARRAY[:a, :b]) \g /dev/null
UPDATE voiceagent_private.pacing SET next_dial_at = '-infinity' WHERE campaign_id = :campaign;
SELECT pg_temp.through(1) AS the_other;
SELECT pg_temp.answer('{1}', 'accepted'), pg_temp.answer('{4}', 'rate_limited', 'concurrency-limit');
SELECT a.name, d.lowered_to, d.lowered_from FROM voiceagent_private.account_dials d JOIN voiceagent.provider_accounts a USING (tenant_id, provider_account_id)
WHERE d.tenant_id = voiceagent.current_tenant() AND d.lowered_at IS NOT NULL;
SELECT a.name, s.kind, s.state FROM voiceagent_private.account_states() s JOIN voiceagent.provider_accounts a USING (provider_account_id) WHERE s.kind = 'lowered';
ROLLBACK;

-- Calls that end because the language model has too many: fewer at once, once for those of one moment.
BEGIN;
SET LOCAL voiceagent.clock_offset = 0;
SELECT pg_temp.tenant('r55 relief') > 0 AS made, pg_temp.account('A') AS a \gset
SELECT voiceagent.set_setting('sandbox_time_scale', '1') \g /dev/null
SELECT pg_temp.start('relief', pg_temp.leads('+12025550', 9)) AS campaign \gset
UPDATE voiceagent.campaigns SET settings = '{"max_concurrent_calls": 100, "call_interval": 0, "breaker_failure_rate": 0}' WHERE campaign_id = :campaign;
SELECT voiceagent.set_campaign_accounts(:campaign, ARRAY[:a]);
UPDATE voiceagent_private.pacing SET next_dial_at = '-infinity' WHERE campaign_id = :campaign;
SELECT pg_temp.through(9);
SELECT voiceagent_private.fail_calls(ARRAY[call_id], '{failed}', ARRAY[cause], '{assistant}') IS NOT NULL AS ended
FROM (SELECT c.call_id, CASE right(c.phone, 1) WHEN '1' THEN 'pipeline-error-openai-429-exceeded-quota' ELSE 'worker-shutdown' END AS cause FROM voiceagent.calls c
	WHERE c.campaign_id = :campaign AND right(c.phone, 1) IN ('1', '2')) x;
SELECT voiceagent_private.update_account_breakers(array_agg(call_id)), voiceagent_private.update_account_breakers(array_agg(call_id)) FROM voiceagent.calls WHERE campaign_id = :campaign \g /dev/null
SELECT lowered_to, lowered_from, lowered_why FROM voiceagent_private.account_dials WHERE provider_account_id = :a;
SELECT kind, state, trouble FROM voiceagent_private.account_states() WHERE provider_account_id = :a AND kind = 'lowered';
-- a spent quota has the account rest for a minute, and say why; a limit for five seconds
SELECT trouble, resumes_at - voiceagent.clock() BETWEEN interval '50 seconds' AND interval '1 minute' AS rests FROM voiceagent.provider_accounts WHERE provider_account_id = :a;
SELECT voiceagent_private.limit_rest('call.in-progress.error-vapifault-openai-429-rate-limit-reached') AS shorter;
SELECT pg_temp.queue(:campaign, pg_temp.leads('+12025551', 3)), pg_temp.through(9) AS full;
SELECT voiceagent_private.limit_now(100, lowered_to, lowered_from, lowered_at, lowered_at + interval '5 minutes') > lowered_to AS comes_back FROM voiceagent_private.account_dials WHERE provider_account_id = :a;
-- a conversation that had begun, and is cut for it, counts as well; one that only names a number does not
SELECT cause, voiceagent_private.names_limit(cause) FROM unnest('{call.in-progress.error-vapifault-openai-429-rate-limit-reached,pipeline-error-anthropic-503-server-overloaded-error,
	pipeline-error-soniox-transcriber-rate-limited,call.start.error-subscription-concurrency-limit-reached,customer-ended-call,silence-timed-out,exceeded-max-duration,outbound-sip-4290-x}'::text[]) AS cause;
UPDATE voiceagent_private.account_dials SET lowered_at = NULL, lowered_to = NULL, lowered_from = NULL, lowered_why = NULL WHERE provider_account_id = :a;
UPDATE voiceagent.calls SET status = 'completed', outcome = 'unfinished', cause = 'call.in-progress.error-vapifault-openai-429-rate-limit-reached', cause_class = 'retry', ended_at = voiceagent.clock()
WHERE campaign_id = :campaign AND right(phone, 1) = '3' AND outcome IS NULL;
SELECT voiceagent_private.conclude_calls(ARRAY(SELECT call_id FROM voiceagent.calls WHERE campaign_id = :campaign AND outcome = 'unfinished')) \g /dev/null
SELECT lowered_to < lowered_from AS lowered, lowered_why FROM voiceagent_private.account_dials WHERE provider_account_id = :a;
ROLLBACK;

-- The switch: one UPDATE, by a member; live calls keep their account.
BEGIN;
SET LOCAL voiceagent.clock_offset = 0;
SELECT pg_temp.tenant('r55 switch') > 0 AS made, pg_temp.account('A') AS a, pg_temp.account('B') AS b, pg_temp.account('Real', 'vapi') AS real,
	pg_temp.account('Other', 'vapi') AS other \gset
SELECT pg_temp.start('switch', pg_temp.leads('+12025550', 9)) AS campaign \gset
UPDATE voiceagent.campaigns SET settings = '{"max_concurrent_calls": 100, "call_interval": 0, "breaker_failure_rate": 0}' WHERE campaign_id = :campaign;
SELECT voiceagent.set_campaign_accounts(:campaign, ARRAY[:a, :b]);
UPDATE voiceagent_private.pacing SET next_dial_at = '-infinity' WHERE campaign_id = :campaign;
SELECT pg_temp.through(2);
SELECT pg_temp.switch(:campaign, :real), pg_temp.switch(:campaign, -1);
UPDATE voiceagent.provider_accounts SET active = false WHERE provider_account_id = :b;
SELECT pg_temp.switch(:campaign, :b);
UPDATE voiceagent.provider_accounts SET active = true WHERE provider_account_id = :b;
UPDATE voiceagent_private.pacing SET next_dial_at = voiceagent.clock() + '10 minutes' WHERE campaign_id = :campaign;
SELECT pg_temp.switch(:campaign, :b);
SELECT (SELECT next_dial_at < voiceagent.clock() + '1 minute' FROM voiceagent_private.pacing WHERE campaign_id = :campaign) AS soon;
SELECT count(*) AS fallbacks FROM voiceagent.campaign_accounts WHERE campaign_id = :campaign;
UPDATE voiceagent_private.pacing SET next_dial_at = '-infinity' WHERE campaign_id = :campaign;
UPDATE voiceagent_private.lanes SET next_due = '-infinity' WHERE campaign_id = :campaign;
SELECT pg_temp.through(2);
SELECT a.name, count(*) FROM voiceagent_private.live_calls l JOIN voiceagent.provider_accounts a USING (tenant_id, provider_account_id)
WHERE l.campaign_id = :campaign GROUP BY 1 ORDER BY 1;
SELECT event_type, event_data -> 'from_account' = to_jsonb(:a::bigint) AS from_a, event_data -> 'to_account' = to_jsonb(:b::bigint) AS to_b
FROM voiceagent.events WHERE tenant_id = voiceagent.current_tenant() AND event_type = 'campaign_switched';
SELECT action FROM voiceagent.audit_log WHERE tenant_id = voiceagent.current_tenant() ORDER BY at, audit_id;
-- Nothing else may be written so.
SET LOCAL ROLE voiceagent_user;
SELECT pg_temp.try('UPDATE voiceagent.campaigns SET name = ''x''');
RESET ROLE;
-- A fallback of the other kind keeps update_campaign() from leaving the sandbox.
SELECT voiceagent.set_campaign_accounts(:campaign, ARRAY[:a, :b]);
SELECT pg_temp.try(format('SELECT voiceagent.update_campaign(%s, ''{"provider_account_id": %s}'')', :campaign, :real));
SELECT voiceagent.set_campaign_accounts(:campaign, ARRAY[:a]);
SELECT pg_temp.try(format('SELECT voiceagent.update_campaign(%s, ''{"provider_account_id": %s}'')', :campaign, :real));
-- The confirmation that real people are called holds for the other account, too.
SELECT suspended FROM voiceagent_private.pacing WHERE campaign_id = :campaign;
SELECT voiceagent.confirm_campaign(:campaign, 'switch') > 0 AS confirmed, pg_temp.switch(:campaign, :other);
SELECT suspended FROM voiceagent_private.pacing WHERE campaign_id = :campaign;
SELECT invariant FROM voiceagent_private.check_tenant();
ROLLBACK;
