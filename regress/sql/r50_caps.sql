-- How often a number is called: over all campaigns of a tenant, by every zone the person may be in; what never rang does
-- not count. A capped lead waits until the cap allows, a used-up one is skipped with the reason.
SET client_min_messages = warning;
\set ECHO none
\i sql/r50_setup.inc
\set ECHO all
SET timezone = 'UTC';
-- The decision alone: a local day, the day of the strictest zone, 24 hours, ever; and none at all.
SELECT what, (voiceagent_private.check_caps(dials::timestamptz[], zones::text[], per_day, per_24h, lifetime, 0, at::timestamptz)).allows_at
FROM (VALUES
	('no dial', '{}', '{UTC}', 1, 1, 1, '2026-03-02 12:00'),
	('no cap', '{2026-03-02 11:00}', '{UTC}', NULL::int, NULL::int, NULL::int, '2026-03-02 12:00'),
	('one a day', '{2026-03-02 11:00}', '{America/New_York}', 1, NULL, NULL, '2026-03-02 12:00'),
	('yesterday''s', '{2026-03-02 04:59}', '{America/New_York}', 1, NULL, NULL, '2026-03-02 12:00'),
	('one a day in both zones', '{2026-03-02 11:00}', '{Asia/Tokyo,America/Los_Angeles}', 1, NULL, NULL, '2026-03-02 12:00'),
	('today in one of them', '{2026-03-02 02:00}', '{America/Los_Angeles,Europe/Paris}', 1, NULL, NULL, '2026-03-02 12:00'),
	('two in 24 hours', '{2026-03-01 13:00,2026-03-02 11:00}', '{UTC}', NULL, 2, NULL, '2026-03-02 12:00'),
	('to the second', '{2026-03-01 12:00,2026-03-02 11:00}', '{UTC}', NULL, 2, NULL, '2026-03-02 12:00'),
	('both', '{2026-03-02 01:00,2026-03-02 11:00}', '{UTC}', 2, 2, NULL, '2026-03-02 12:00'),
	('used up', '{2020-01-01,2021-01-01}', '{UTC}', NULL, NULL, 2, '2026-03-02 12:00'),
	('zone unknown: 24 hours', '{2026-03-01 13:00}', '{}', 1, NULL, NULL, '2026-03-02 12:00'),
	('midnight leapt over', '{2026-04-23 20:00}', '{Africa/Cairo}', 1, NULL, NULL, '2026-04-23 20:30'),
	('midnight twice', '{2026-11-01 00:00}', '{America/Havana}', 1, NULL, NULL, '2026-11-01 03:00'),
	('the clock set back', '{2026-03-05 11:00}', '{UTC}', NULL, 1, NULL, '2026-03-02 12:00')
) AS v(what, dials, zones, per_day, per_24h, lifetime, at);

-- Two campaigns of one tenant, one number, two calls in 24 hours; another tenant's calls are its own.
CREATE FUNCTION pg_temp.past(number text, ago interval, VARIADIC changes text[] DEFAULT '{}') RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	INSERT INTO voiceagent.calls (tenant_id, campaign_id, lead_id, phone, assistant_id, assistant_version, campaign_version,
		provider_account_id, attempt_number, status, outcome, credits, started_at, ended_at, counts, lawful)
	SELECT v_tenant, c.campaign_id, 0, number, c.assistant_id, 1, 1, c.provider_account_id, 1, 'busy', 'busy', 0,
		voiceagent.clock() - ago, voiceagent.clock() - ago, 'never rang' <> ALL (changes), 'real' = ANY (changes)
	FROM voiceagent.campaigns c WHERE c.tenant_id = v_tenant ORDER BY c.campaign_id LIMIT 1;
END
$$;
CREATE FUNCTION pg_temp.leads_now() RETURNS TABLE (lead text, campaign text, status text, reason text, waits text) LANGUAGE sql AS $$
	SELECT right(d.phone, 2), c.name, m.status, m.reason,
		CASE WHEN q.not_before > voiceagent.clock() THEN date_trunc('hour', q.not_before - voiceagent.clock() + interval '30 minutes')::text
			 WHEN q.not_before IS NOT NULL THEN 'due' END
	FROM voiceagent.campaign_leads m JOIN voiceagent.leads d USING (tenant_id, lead_id) JOIN voiceagent.campaigns c USING (tenant_id, campaign_id)
	LEFT JOIN voiceagent_private.call_queue q USING (tenant_id, campaign_id, lead_id)
	WHERE m.tenant_id = voiceagent.current_tenant() ORDER BY 1, 2
$$;
CREATE FUNCTION pg_temp.hang_up() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	UPDATE voiceagent.calls SET status = 'busy', outcome = 'busy', credits = 0, ended_at = voiceagent.clock()
	WHERE tenant_id = voiceagent.current_tenant() AND outcome IS NULL;
	PERFORM voiceagent_private.end_calls(ARRAY(SELECT call_id FROM voiceagent_private.live_calls WHERE tenant_id = voiceagent.current_tenant()));
END
$$;
BEGIN;
SELECT pg_temp.tenant('r50 caps other') > 0 AS other;
SELECT pg_temp.start('theirs', pg_temp.leads('+12025550', 1), '{"number_calls_per_24h": 2}') > 0 AS started;
SELECT pg_temp.past('+12025550000001', '1 hour'), pg_temp.past('+12025550000001', '2 hours');
SELECT pg_temp.tenant('r50 number caps') > 0 AS made;
SELECT pg_temp.leads('+12025550', 5) AS l \gset
SELECT pg_temp.start('a', :'l', '{"number_calls_per_24h": 2}') AS a \gset
SELECT pg_temp.past('+12025550000002', '1 hour');
SELECT pg_temp.past('+12025550000003', '1 hour'), pg_temp.past('+12025550000003', '5 hours');
-- What never rang, and what was no rehearsal, does not count; what is a day old neither.
SELECT pg_temp.past('+12025550000004', '1 hour'), pg_temp.past('+12025550000004', '2 hours', 'never rang'), pg_temp.past('+12025550000004', '3 hours', 'real');
SELECT pg_temp.past('+12025550000005', '1 hour'), pg_temp.past('+12025550000005', '24 hours 1 second');
SELECT pg_temp.claim(100);
SELECT * FROM pg_temp.leads_now();
SELECT right(c.phone, 1) AS lead, e.cap_day, e.cap_24h, e.cap_lifetime, e.dials_24h FROM voiceagent.eligibility e
JOIN voiceagent.calls c USING (tenant_id, campaign_id, lead_id) WHERE e.campaign_id = :a ORDER BY 1;
SELECT pg_temp.hang_up();
-- Another campaign: its own laxer cap is judged over all campaigns' calls.
SELECT pg_temp.start('b', :'l', '{"number_calls_per_24h": 3, "number_calls_lifetime": 3}') AS b \gset
SELECT pg_temp.claim(100);
SELECT * FROM pg_temp.leads_now() WHERE campaign = 'b';
SELECT pg_temp.hang_up();
-- Three ever: the number is used up.
SELECT pg_temp.start('c', :'l', '{"number_calls_lifetime": 3}') AS c \gset
SELECT pg_temp.claim(100);
SELECT * FROM pg_temp.leads_now() WHERE campaign = 'c';
SELECT event_type, event_data FROM voiceagent.events WHERE tenant_id = voiceagent.current_tenant() AND campaign_id = :c AND event_type LIKE 'lead%'
ORDER BY event_id LIMIT 1;
-- A proof that proves nothing is refused.
DO $$
BEGIN
	UPDATE voiceagent.attempts SET dials_24h = cap_24h WHERE tenant_id = voiceagent.current_tenant() AND cap_24h IS NOT NULL;
EXCEPTION WHEN check_violation THEN
	RAISE WARNING 'refused';
END
$$;
ROLLBACK;

-- A lead's second number has caps of its own; two leads that share a number are not called on it at once.
BEGIN;
SELECT pg_temp.tenant('r50 numbers') > 0 AS made;
SELECT pg_temp.leads('+12025551', 3) AS l \gset
INSERT INTO voiceagent.lead_numbers (tenant_id, lead_id, number, phone, extension, timezones)
SELECT voiceagent.current_tenant(), i, 2, '+12025559000001', '7', '{UTC}' FROM unnest((:'l'::bigint[])[1:2]) i;
SELECT pg_temp.start('numbers', :'l', '{"number_calls_per_day": 1}') AS c \gset
SELECT pg_temp.past('+12025551000001', '1 second');
UPDATE voiceagent_private.call_queue SET number = 2 WHERE campaign_id = :c;
SELECT phone, extension, variables ->> 'phone' AS primary FROM voiceagent_private.claim_calls(100);
SELECT number, phone FROM voiceagent.calls WHERE campaign_id = :c AND outcome IS NULL;
SELECT lead, status, reason, waits IS NOT NULL AS waits FROM pg_temp.leads_now();
SELECT * FROM voiceagent_private.check_tenant() WHERE invariant NOT LIKE '%has its lead%' AND invariant NOT LIKE '%attempt with its proof%';
ROLLBACK;

-- What certainly never rang: refused, a bad account, not placed. What rang, or may have, counts.
BEGIN;
SELECT pg_temp.tenant('r50 never rang') > 0 AS made;
SELECT pg_temp.leads('+12025552', 5) AS l \gset
SELECT pg_temp.start('rang', :'l') AS c \gset
SELECT pg_temp.claim(100);
SELECT voiceagent_private.record_dials(array_agg(a.attempt_id ORDER BY a.attempt_id), '{accepted,refused_permanent,rate_limited,bad_account,unknown}',
	'{x,NULL,NULL,NULL,NULL}', array_fill(NULL::text, '{5}'), array_fill(400, '{5}'), array_fill('no'::text, '{5}'), array_fill(0, '{5}'))
FROM voiceagent.attempts a JOIN voiceagent.calls k USING (tenant_id, call_id) WHERE k.campaign_id = :c;
SELECT right(c.phone, 1) AS lead, a.state, c.status, c.cause_class, c.counts FROM voiceagent.calls c JOIN voiceagent.attempts a USING (tenant_id, call_id)
WHERE c.campaign_id = :c ORDER BY 1;
ROLLBACK;

-- Ever is ever: calls that retention removes, as early as the tenant likes, count still, and no later campaign is told otherwise.
BEGIN;
SELECT pg_temp.tenant('r50 ever') > 0 AS made;
SELECT voiceagent.set_setting('retention_calls', '2 days');
SELECT pg_temp.leads('+12025553', 3) AS l \gset
SELECT pg_temp.start('a', :'l', '{"number_calls_lifetime": 2}') AS a \gset
SELECT pg_temp.past('+12025553000001', '5 days'), pg_temp.past('+12025553000001', '4 days'), pg_temp.past('+12025553000001', '4 days', 'real'),
	pg_temp.past('+12025553000001', '3 days', 'never rang'), pg_temp.past('+12025553000002', '4 days');
UPDATE voiceagent.leads SET call_attempts = 1 WHERE tenant_id = voiceagent.current_tenant();
SELECT (voiceagent_private.retain_class('calls', 0, voiceagent.clock(), 1000)).removed;
SELECT right(phone, 1) AS lead, lawful, calls FROM voiceagent_private.removed_calls WHERE tenant_id = voiceagent.current_tenant() ORDER BY 1, 2;
SELECT reason, sum(leads) AS leads FROM voiceagent_private.preview_leads(:a, '{}', (SELECT settings FROM voiceagent.campaign_versions WHERE campaign_id = :a), false, voiceagent.clock()) GROUP BY 1 ORDER BY 1;
SELECT right(d.phone, 1) AS lead, k.verdict, k.says FROM voiceagent.leads d
CROSS JOIN LATERAL voiceagent_private.explain_verdict(:a, d.lead_id, voiceagent.clock()) k WHERE d.tenant_id = voiceagent.current_tenant() ORDER BY 1;
SELECT pg_temp.claim(100);
SELECT lead, status, reason FROM pg_temp.leads_now();
SELECT right(c.phone, 1) AS lead, e.cap_lifetime, e.dials_lifetime FROM voiceagent.eligibility e
JOIN voiceagent.calls c USING (tenant_id, campaign_id, lead_id) WHERE e.campaign_id = :a ORDER BY 1;
SELECT jurisdiction, ever, bad_lifetime FROM voiceagent_private.call_facts(:a, ARRAY[voiceagent_private.resolve_terms('US', voiceagent.clock(), false)]) ORDER BY ever;
-- of a lead's numbers, too, the one that has had all its calls is passed over
INSERT INTO voiceagent.lead_numbers (tenant_id, lead_id, number, phone, timezones) SELECT voiceagent.current_tenant(), l, 2, '+12025553000001', '{UTC}' FROM unnest((:'l'::bigint[])[3:3]) l;
SELECT voiceagent_private.other_number(:a, (:'l'::bigint[])[3], 1::smallint) AS "no other";
-- what goes on the day itself would take the day's cap along
SELECT voiceagent.set_setting('retention_calls', '1 day');
SELECT pg_temp.past('+12025553000002', '26 hours');
SELECT (voiceagent_private.retain_class('calls', max(c.call_id) - 1, voiceagent.clock(), 1000)).removed AS "not within the longest day",
	(voiceagent_private.retain_class('calls', max(c.call_id) - 1, voiceagent.clock() + interval '2 hours', 1000)).removed AS after
FROM voiceagent.calls c WHERE c.tenant_id = voiceagent.current_tenant();
ROLLBACK;
