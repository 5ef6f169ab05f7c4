-- A simulation drives the clock, acts for its own tenants alone, and leaves nothing behind.
SET client_min_messages = warning;
\set ECHO none
\i lib/incoming.inc
\set ECHO all

-- It begins only where it can be rolled back.
SELECT voiceagent_private.begin_simulation('2027-03-01', 1, -1, '{0,0,0,0,0}');
SELECT voiceagent_private.drive_clock('2027-03-01');
SELECT voiceagent_private.own_tenant(1);
SELECT voiceagent_private.next_simulated_at();

-- Nor is it ever committed; the clock is the real one again, whatever happened.
DO $$
BEGIN
	BEGIN
		PERFORM voiceagent_private.begin_simulation('2027-03-01', 1, -1, '{0,0,0,0,0}');
		RAISE NOTICE 'not reached otherwise: %', voiceagent.clock();
	EXCEPTION WHEN division_by_zero THEN NULL;
	END;
END
$$;
SELECT voiceagent_private.simulating(), voiceagent.clock() < '2027-03-01' OR voiceagent.clock() > '2027-03-02' AS real_time;

-- Inside: the time stands still unless it is driven, forward; a second one is refused; strangers are out of scope.
CREATE FUNCTION pg_temp.inside(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_result text;
BEGIN
	BEGIN
		PERFORM voiceagent_private.begin_simulation('2027-03-01 12:00+00', 1, -1, '{0,0,0,0,0}');
		EXECUTE statement INTO v_result;
		RAISE EXCEPTION USING ERRCODE = 'VA000';
	EXCEPTION WHEN SQLSTATE 'VA000' THEN NULL;
		WHEN OTHERS THEN v_result := SQLERRM;
	END;
	RETURN format('%s (%s)', v_result, CASE WHEN voiceagent_private.simulating() THEN 'leaked' ELSE 'over' END);
END
$$;
SET timezone = 'UTC';
SELECT pg_temp.inside('SELECT voiceagent.clock()');
SELECT pg_temp.inside('SELECT 1 / 0');
SELECT pg_temp.inside('SELECT voiceagent_private.drive_clock(''2027-02-28'')');
SELECT pg_temp.inside('SELECT voiceagent_private.drive_clock(''infinity'')');
SELECT pg_temp.inside('SELECT voiceagent_private.begin_simulation(''2027-03-01'', 1, -1, ''{0,0,0,0,0}'')');
SELECT pg_temp.inside('SELECT voiceagent_private.in_scope(1), voiceagent_private.own_tenant(1), voiceagent_private.in_scope(1)');
SELECT pg_temp.inside('SELECT voiceagent_private.next_simulated_at()');
-- A reference is text, whatever JSON makes of it; an argument that lacks is refused.
SELECT pg_temp.inside($$SELECT kind FROM voiceagent_private.simulate_call(1, 1, 'a"\', '+12025550143', NULL, 30, 600)$$);
SELECT pg_temp.inside($$SELECT kind FROM voiceagent_private.simulate_call(1, 1, NULL, '+12025550143', NULL, 30, 600)$$);

-- Two worlds of one seed are the same to the last byte, another seed's is another; nothing violates an invariant.
\set ECHO none
\i lib/world.sql
\set ECHO all
CREATE TEMP TABLE counts_before AS SELECT (SELECT count(*) FROM voiceagent.tenants) AS tenants, (SELECT count(*) FROM voiceagent.calls) AS calls,
	(SELECT count(*) FROM voiceagent_private.lanes) AS lanes;
CREATE TEMP TABLE worlds AS SELECT s.seed, s.nth, world.simulate(s.seed, 2, 2, 16) AS w
FROM (VALUES (1, 1), (7, 1), (7, 2)) AS s(seed, nth);
SELECT a.w -> 'wrong' AS wrong, a.w -> 'unread' AS unread, (a.w ->> 'calls')::int > 10 AS called, a.w ->> 'digest' = b.w ->> 'digest' AS same,
	a.w ->> 'digest' = c.w ->> 'digest' AS other
FROM worlds a, worlds b, worlds c WHERE a.seed = 7 AND a.nth = 1 AND b.seed = 7 AND b.nth = 2 AND c.seed = 1;
SELECT voiceagent_private.simulating(), b = ROW((SELECT count(*) FROM voiceagent.tenants), (SELECT count(*) FROM voiceagent.calls),
	(SELECT count(*) FROM voiceagent_private.lanes)) AS nothing_left FROM counts_before b;

DROP SCHEMA world CASCADE;

-- A tenant looks ahead: the days of a campaign, with the real rules, before it is started.
CREATE FUNCTION pg_temp.at(at timestamptz) RETURNS void LANGUAGE sql AS $$
	SELECT set_config('voiceagent.clock_offset', extract(epoch FROM at - clock_timestamp())::text, true)
$$;
SELECT voiceagent.create_tenant('r81 looks ahead', 'America/New_York', 100) AS tenant \gset
CREATE ROLE r81_member LOGIN;
SELECT voiceagent.map_role('r81_member', :tenant);
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS acting \gset
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS acting \gset
SELECT pg_temp.at('2027-03-12 12:00+00');
INSERT INTO voiceagent.leads (tenant_id, phone, first_name, country, region, timezones, created_at)
SELECT :tenant, p.prefix || (2000000 + i), 'Lead ' || i, 'US', p.region, p.zones, voiceagent.clock()
FROM generate_series(1, 24) i
JOIN (VALUES (0, '+1212', 'US-NY', '{America/New_York}'::text[]), (1, '+1213', 'US-CA', '{America/Los_Angeles}')) AS p(n, prefix, region, zones) ON p.n = i % 2;
INSERT INTO voiceagent.consents (tenant_id, lead_id, phone, kind, source, granted_at)
SELECT l.tenant_id, l.lead_id, l.phone, 'call', 'test', voiceagent.clock() FROM voiceagent.leads l WHERE l.tenant_id = :tenant;
SELECT voiceagent.create_assistant('Ahead', 'Hello {{first_name}}', 'Be kind.') AS assistant \gset
SELECT voiceagent.create_campaign('Ahead', :assistant, 'sales',
	'{"caller_name": "Ahead Ltd", "caller_phone": "+1 800 555 0100", "call_subject": "roofs", "max_concurrent_calls": 3, "call_interval": 0, "retry_delay_no_answer": "20 hours", "breaker_failure_rate": 0,
	"sandbox_obeys_law": true, "calling_hours": {"start": "10:00", "end": "19:00", "days": ["mon", "tue", "wed", "thu", "fri", "sat"]}}') AS campaign \gset
SELECT voiceagent.add_leads(:campaign) AS leads;
COMMIT;
CREATE FUNCTION pg_temp.ahead(campaign bigint, days integer, max_leads integer DEFAULT 200, rate numeric DEFAULT NULL)
	RETURNS SETOF voiceagent_private.simulated_figures LANGUAGE plpgsql AS $$
BEGIN
	-- Before the first window opens: from then on everything follows from windows and seed.
	PERFORM pg_temp.at('2027-03-12 12:00+00');
	RETURN QUERY SELECT * FROM voiceagent.simulate(campaign, days, max_leads, 5, rate);
END
$$;
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS acting \gset
-- Friday, Saturday, no Sunday, and Monday after the clocks have gone forward.
SELECT day, calls, answered, talk_minutes, credits, appointments, interested, callbacks, opted_out, leads_left, note
FROM pg_temp.ahead(:campaign, 4) WHERE hour IS NULL;
SELECT day, hour, calls FROM pg_temp.ahead(:campaign, 1) WHERE hour IS NOT NULL;
-- Nobody answers; everybody does.
SELECT calls > 40 AS many, answered, leads_left > 0 AS left FROM pg_temp.ahead(:campaign, 4, 200, 0) WHERE day IS NULL;
SELECT calls = answered AS all_answered FROM pg_temp.ahead(:campaign, 4, 200, 1) WHERE day IS NULL;
-- One in three leads stands for all.
SELECT calls > 0 AS some, calls % 3 AS rest FROM pg_temp.ahead(:campaign, 9, 8, 1) WHERE day IS NULL;
-- A number of a pool makes one call at a time, and five a day.
SAVEPOINT pool;
SELECT voiceagent.set_campaign_numbers(:campaign, ARRAY[voiceagent.create_phone_number('+12125550001', (SELECT c.provider_account_id FROM voiceagent.campaigns c
	WHERE c.campaign_id = :campaign), '{"greeting_message": "Hello"}')]) AS numbers;
SELECT voiceagent.update_campaign(:campaign, '{"caller_id_calls_per_day": 5}') > 0 AS updated;
SELECT day, calls, leads_left, note FROM pg_temp.ahead(:campaign, 2) WHERE hour IS NULL;
ROLLBACK TO pool;
-- All accounts of the campaign dial, each as much as it may; preview_campaign() reckons with them, too.
SAVEPOINT accounts;
CREATE FUNCTION pg_temp.first_hour(campaign bigint) RETURNS bigint LANGUAGE sql AS $$
	SELECT a.calls FROM pg_temp.ahead(campaign, 1, 200, 1) a WHERE a.hour IS NOT NULL ORDER BY a.day, a.hour LIMIT 1
$$;
SELECT voiceagent.update_campaign(:campaign, '{"max_concurrent_calls": 10}') > 0 AS updated;
UPDATE voiceagent.provider_accounts SET max_concurrent_calls = 1 WHERE tenant_id = :tenant;
INSERT INTO voiceagent.leads (tenant_id, phone, first_name, country, region, timezones, created_at)
SELECT :tenant, '+1212' || (3000000 + i), 'Ann', 'US', 'US-NY', '{America/New_York}', voiceagent.clock() FROM generate_series(1, 176) i;
INSERT INTO voiceagent.consents (tenant_id, lead_id, phone, kind, source, granted_at)
SELECT l.tenant_id, l.lead_id, l.phone, 'call', 'test', voiceagent.clock() FROM voiceagent.leads l WHERE l.tenant_id = :tenant AND l.phone LIKE '+12123%';
SELECT voiceagent.add_leads(:campaign) AS leads;
SELECT pg_temp.first_hour(:campaign) AS one, voiceagent.preview_campaign(:campaign) ->> 'concurrent_calls' AS lines \gset
INSERT INTO voiceagent.provider_accounts (tenant_id, provider, name, max_concurrent_calls, created_at)
VALUES (:tenant, 'sandbox', 'second', 2, voiceagent.clock()) RETURNING provider_account_id AS second \gset
SELECT voiceagent.set_campaign_accounts(:campaign, ARRAY[c.provider_account_id, :second]) FROM voiceagent.campaigns c WHERE c.campaign_id = :campaign;
SELECT :one > 10 AS one, pg_temp.first_hour(:campaign) > :one * 1.5 AS more, :lines AS one_line, voiceagent.preview_campaign(:campaign) ->> 'concurrent_calls' AS lines;
UPDATE voiceagent.provider_accounts SET active = false WHERE tenant_id = :tenant AND name = 'second';
SELECT pg_temp.first_hour(:campaign) = :one AS as_before, voiceagent.preview_campaign(:campaign) ->> 'concurrent_calls' AS lines;
ROLLBACK TO accounts;
-- What was a rehearsal counts for no cap.
SAVEPOINT rehearsed;
SELECT voiceagent.update_campaign(:campaign, '{"number_calls_lifetime": 1, "retry_attempts": 0}') > 0 AS updated;
SELECT pg_temp.at('2027-03-12 12:00+00');
SELECT voiceagent.start_campaign(:campaign), voiceagent.pause_campaign(:campaign);
INSERT INTO voiceagent.calls (tenant_id, campaign_id, lead_id, phone, assistant_id, assistant_version, campaign_version, provider_account_id,
	attempt_number, status, outcome, lawful, counts, duration_seconds, credits, started_at, ended_at)
SELECT :tenant, c.campaign_id, l.lead_id, l.phone, c.assistant_id, 1, c.version, c.provider_account_id, 1, 'no_answer', 'no_answer', false, true, 0, 0,
	'2027-03-11', '2027-03-11' FROM voiceagent.leads l, voiceagent.campaigns c WHERE l.tenant_id = :tenant AND c.campaign_id = :campaign;
SELECT calls, note FROM pg_temp.ahead(:campaign, 4, 200, 1) WHERE day IS NULL;
UPDATE voiceagent.calls SET lawful = true WHERE tenant_id = :tenant;
SELECT calls, note FROM pg_temp.ahead(:campaign, 4, 200, 1) WHERE day IS NULL;
ROLLBACK TO rehearsed;
-- A person who has just called us, and a number that another campaign has just called, rest here as they do there.
SAVEPOINT resting;
CREATE FUNCTION pg_temp.first_call(campaign bigint) RETURNS timestamp LANGUAGE sql AS $$
	SELECT a.day + a.hour * interval '1 hour' FROM pg_temp.ahead(campaign, 9, 200, 1) a WHERE a.hour IS NOT NULL AND a.calls > 0 ORDER BY 1 LIMIT 1
$$;
SELECT voiceagent.update_campaign(:campaign, '{"retry_delay_incoming": "1 day", "number_cooldown": "5 hours"}') > 0 AS updated;
SELECT pg_temp.first_call(:campaign) AS otherwise;
SELECT voiceagent.create_campaign('Another', :assistant) AS another \gset
INSERT INTO voiceagent.calls (tenant_id, campaign_id, lead_id, phone, assistant_id, assistant_version, campaign_version, provider_account_id,
	attempt_number, status, outcome, lawful, counts, duration_seconds, credits, started_at, ended_at)
SELECT :tenant, c.campaign_id, l.lead_id, l.phone, c.assistant_id, 1, 1, c.provider_account_id, 1, 'no_answer', 'no_answer', true, true, 0, 0,
	'2027-03-12 11:58+00', '2027-03-12 11:59+00' FROM voiceagent.leads l, voiceagent.campaigns c WHERE l.tenant_id = :tenant AND c.campaign_id = :another;
SELECT pg_temp.first_call(:campaign) AS after_another;
INSERT INTO pg_temp.incoming_calls (tenant_id, provider_account_id, provider_call_id, from_number, to_number, started_at, answered_at, ended_at, outcome)
SELECT :tenant, c.provider_account_id, 'IN' || l.lead_id, l.phone, '+12125550001', '2027-03-12 11:58+00', '2027-03-12 11:58+00', '2027-03-12 11:59+00', 'completed'
FROM voiceagent.leads l, voiceagent.campaigns c WHERE l.tenant_id = :tenant AND c.campaign_id = :campaign;
SELECT pg_temp.first_call(:campaign) AS after_theirs;
ROLLBACK TO resting;
-- One that runs goes on without a lead that has lost a variable of the prompt; one that is paused would not.
SAVEPOINT emptied;
SELECT pg_temp.at('2027-03-12 12:00+00');
SELECT voiceagent.start_campaign(:campaign);
UPDATE voiceagent.leads SET first_name = NULL WHERE tenant_id = :tenant AND phone = '+12122000002';
SELECT calls, leads_left, note FROM pg_temp.ahead(:campaign, 4, 200, 1) WHERE day IS NULL;
SELECT voiceagent.pause_campaign(:campaign);
SELECT calls, leads_left, note FROM pg_temp.ahead(:campaign, 4, 200, 1) WHERE day IS NULL;
ROLLBACK TO emptied;
-- The campaign is as it was, and so is all else of the tenant.
SELECT c.status, c.version, (SELECT count(*) FROM voiceagent.calls k WHERE k.tenant_id = :tenant) AS calls,
	(SELECT count(*) FROM voiceagent_private.call_queue q WHERE q.tenant_id = :tenant) AS queued,
	(SELECT b.available FROM voiceagent.credit_balance b) AS available, voiceagent_private.simulating()
FROM voiceagent.campaigns c WHERE c.tenant_id = :tenant;
ROLLBACK;
-- One law for the three: a rehearsal is free of it in the preview, in the simulation and at the start; under the law the three
-- count the same leads as blocked, in the same words.
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS acting \gset
SELECT pg_temp.at('2027-03-12 12:00+00');
DELETE FROM voiceagent.consents c USING voiceagent.leads l WHERE l.tenant_id = :tenant AND c.lead_id = l.lead_id AND l.region = 'US-CA';
SET LOCAL client_min_messages = notice;
CREATE FUNCTION pg_temp.judged(campaign bigint, law boolean) RETURNS TABLE (lawful jsonb, callable jsonb, blocked jsonb, called bigint, simulated jsonb)
	LANGUAGE plpgsql AS $$
BEGIN
	PERFORM voiceagent.update_campaign(campaign, jsonb_build_object('sandbox_obeys_law', law));
	RETURN QUERY SELECT p -> 'lawful', p -> 'callable', p -> 'blocked', s.calls - s.calls % 12, s.blocked
	FROM voiceagent.preview_campaign(campaign) p, voiceagent.simulate(campaign, 4, 200, 5, 1) s WHERE s.day IS NULL;
END
$$;
SELECT * FROM pg_temp.judged(:campaign, true);
SELECT * FROM pg_temp.judged(:campaign, false);
SELECT voiceagent.start_campaign(:campaign), voiceagent.stop_campaign(:campaign);
SELECT voiceagent.update_campaign(:campaign, '{"sandbox_obeys_law": true}') > 0 AS updated;
SELECT voiceagent.start_campaign(:campaign);
SELECT voiceagent.set_setting('sandbox_obeys_law', 'on'), voiceagent.set_setting('caller_name', 'Ahead Ltd'), voiceagent.set_setting('caller_phone', '+1 800 555 0100'), voiceagent.set_setting('call_subject', 'roofs');
SELECT voiceagent.launch_campaign(array_agg(l.lead_id), :assistant) - 'campaign_id' FROM voiceagent.leads l WHERE l.tenant_id = :tenant;
ROLLBACK;
-- What stops it.
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS acting \gset
SELECT voiceagent.update_campaign(:campaign, '{"spend_cap": 4}');
SELECT calls > 0 AS some, note FROM pg_temp.ahead(:campaign, 4) WHERE day IS NULL;
SELECT voiceagent.update_campaign(:campaign, '{"caller_name": null}');
SELECT calls, note FROM pg_temp.ahead(:campaign, 4) WHERE day IS NULL;
ROLLBACK;
-- Errors; as the member, whose session never gets another identity.
\set VERBOSITY terse
SELECT voiceagent.simulate(1);
\c - r81_member
SELECT voiceagent.simulate(0);
SELECT voiceagent.simulate(:campaign, 91);
SELECT voiceagent.simulate(:campaign, 1, 0);
SELECT voiceagent.simulate(:campaign, 1, 10, NULL);
SELECT voiceagent.simulate(:campaign, 1, 10, 1, 1.5);
SELECT voiceagent_private.begin_simulation('2027-03-01', 1, -1, '{0,0,0,0,0}');
SET statement_timeout = '40ms';
SELECT voiceagent.simulate(:campaign, 90);
RESET statement_timeout;
SELECT voiceagent.current_tenant() = :tenant AS self, abs(extract(epoch FROM voiceagent.clock() - clock_timestamp())) < 60 AS real_time;
SELECT count(*) > 0 AS rows, count(*) FILTER (WHERE s.day IS NULL) AS all_rows FROM voiceagent.simulate(:campaign, 2, 4) s;
SELECT voiceagent.current_tenant() = :tenant AS self, (SELECT count(*) FROM voiceagent.calls) AS calls;
\c - postgres
SELECT voiceagent.unmap_role('r81_member');
DROP ROLE r81_member;
