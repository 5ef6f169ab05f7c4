-- The numbers of a campaign's pool: one call each, near ones first, in turns, as often a day as they may.
\set VERBOSITY terse
SET client_min_messages = warning;
\set ECHO none
\i sql/r50_setup.inc
\i lib/incoming.inc
-- Which lead was called with which number.
CREATE FUNCTION pg_temp.dial(n integer) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
	SET LOCAL ROLE voiceagent_worker;
	RETURN QUERY SELECT format('%s by %s%s', c.phone, coalesce(c.from_number, 'the account''s own'), ' = ' || c.from_number_id)
		FROM voiceagent_private.claim_calls(n) c;
	RESET ROLE;
END
$$;
CREATE FUNCTION pg_temp.finish(seconds numeric DEFAULT 0) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	v_calls bigint[] := ARRAY(SELECT l.call_id FROM voiceagent_private.live_calls l WHERE l.tenant_id = voiceagent.current_tenant());
BEGIN
	UPDATE voiceagent.calls c SET status = 'completed', outcome = 'completed', duration_seconds = seconds, credits = 0, ended_at = voiceagent.clock()
	WHERE c.tenant_id = voiceagent.current_tenant() AND c.call_id = ANY (v_calls);
	RETURN voiceagent_private.end_calls(v_calls);
END
$$;
CREATE FUNCTION pg_temp.number(phone text, details jsonb DEFAULT '{}') RETURNS bigint LANGUAGE sql AS $$
	SELECT voiceagent.create_phone_number(phone, (SELECT min(a.provider_account_id) FROM voiceagent.provider_accounts a
		WHERE a.tenant_id = voiceagent.current_tenant()), details)
$$;
CREATE FUNCTION pg_temp.used() RETURNS TABLE (number text, calls integer, seconds numeric) LANGUAGE sql AS $$
	SELECT n.phone_number, u.calls, u.seconds FROM voiceagent_private.number_use u
	JOIN voiceagent.phone_numbers n USING (tenant_id, phone_number_id) WHERE n.tenant_id = voiceagent.current_tenant() ORDER BY 1
$$;
\set ECHO all
BEGIN;
SELECT pg_temp.tenant('r50 callers') > 0 AS made;
SELECT pg_temp.number('+12125550001') AS ny, pg_temp.number('+14155550001') AS la, pg_temp.number('+13475550001') AS brooklyn, pg_temp.number('+442079460001') AS london \gset
UPDATE voiceagent.phone_numbers SET provider_number_id = 'PN' || right(phone_number, 4) || left(phone_number, 4) WHERE phone_number_id = :ny;

-- Without a pool: the account's own number, as many calls as one likes.
INSERT INTO voiceagent.leads (tenant_id, phone, timezones, country, region, created_at)
SELECT voiceagent.current_tenant(), p, '{UTC}', c, r, voiceagent.clock() FROM (VALUES ('+12125550101', 'US', 'US-NY'), ('+12135550101', 'US', 'US-CA'),
	('+16465550101', 'US', 'US-NY'), ('+442079460101', 'GB', NULL), ('+13055550101', 'US', 'US-FL'), ('+33142685301', 'FR', NULL)) v(p, c, r);
SELECT pg_temp.start('pool', '{}', '{"caller_id_calls_per_day": 0}') AS c \gset
CREATE FUNCTION pg_temp.again() RETURNS void LANGUAGE sql AS $$
	DELETE FROM voiceagent_private.lanes WHERE tenant_id = voiceagent.current_tenant();
	DELETE FROM voiceagent_private.call_queue WHERE tenant_id = voiceagent.current_tenant();
	DELETE FROM voiceagent.campaign_leads WHERE tenant_id = voiceagent.current_tenant();
	INSERT INTO voiceagent.campaign_leads (tenant_id, campaign_id, lead_id, status, added_at)
	SELECT l.tenant_id, c.campaign_id, l.lead_id, 'queued', voiceagent.clock() FROM voiceagent.leads l JOIN voiceagent.campaigns c USING (tenant_id) WHERE l.tenant_id = voiceagent.current_tenant();
	INSERT INTO voiceagent_private.lanes (tenant_id, campaign_id, timezones, region, running, opens_at, closes_at, next_due)
	SELECT DISTINCT l.tenant_id, c.campaign_id, l.timezones, coalesce(l.region, l.country), true, now() - interval '1 hour', now() + interval '10 hours', now()
	FROM voiceagent.leads l JOIN voiceagent.campaigns c USING (tenant_id) WHERE l.tenant_id = voiceagent.current_tenant() ORDER BY 4;
	INSERT INTO voiceagent_private.call_queue (tenant_id, lane_id, priority, not_before, campaign_id, lead_id)
	SELECT l.tenant_id, n.lane_id, 5, now(), n.campaign_id, l.lead_id FROM voiceagent.leads l
	JOIN voiceagent_private.lanes n ON n.tenant_id = l.tenant_id AND n.region = coalesce(l.region, l.country) WHERE l.tenant_id = voiceagent.current_tenant();
$$;
SELECT pg_temp.again();
SELECT count(*), min(d) ~ 'by' AS named FROM pg_temp.dial(10) d;
SELECT pg_temp.finish() AS ended;
SELECT count(*) AS counted FROM pg_temp.used();
-- The primary number stands for an account that names none; one that is switched off makes no calls.
SELECT DISTINCT a.phone_number_id = :ny AS primary FROM voiceagent.attempts a WHERE a.tenant_id = voiceagent.current_tenant();
UPDATE voiceagent.provider_accounts SET settings = '{"from_number": "+14155550001"}' WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.again();
SELECT d FROM pg_temp.dial(1) d;
SELECT pg_temp.finish() AS ended;
SELECT voiceagent.update_phone_number(:la, '{"is_active": false}');
SELECT count(*) AS with_a_dead_number FROM pg_temp.dial(10) d;
SELECT voiceagent.update_phone_number(:la, '{"is_active": true}');

-- With one: each number one call, the nearest first.
SELECT voiceagent.set_campaign_numbers(:c, ARRAY[:la, :ny, :brooklyn, :london]);
SELECT pg_temp.again();
SELECT d FROM pg_temp.dial(10) d ORDER BY d;
SELECT count(*) AS more FROM pg_temp.dial(10) d;
-- Said by preview and explanations.
SELECT l.phone, f.* FROM voiceagent.leads l CROSS JOIN LATERAL voiceagent_private.next_caller(:c, l.phone, l.region, voiceagent.clock()) f
WHERE l.tenant_id = voiceagent.current_tenant() ORDER BY l.phone;
SELECT voiceagent_private.describe_callers(:c, ARRAY[min(provider_account_id)], 0, voiceagent.clock()) FROM voiceagent.provider_accounts WHERE tenant_id = voiceagent.current_tenant();
SELECT e.detail FROM voiceagent.calls k CROSS JOIN LATERAL voiceagent.explain_call(k.call_id) e WHERE k.tenant_id = voiceagent.current_tenant() AND e.rule = 'caller' AND k.outcome IS NULL ORDER BY k.call_id;
SELECT substring(e.why FROM 'All usable.*') AS waits FROM voiceagent.leads l CROSS JOIN LATERAL voiceagent.explain_lead(l.lead_id) e
WHERE l.tenant_id = voiceagent.current_tenant() AND e.what = 'now' AND e.why LIKE 'Waits%';
SELECT * FROM pg_temp.used();
SELECT count(*) AS waiting FROM voiceagent_private.call_queue WHERE campaign_id = :c;
SELECT * FROM voiceagent_private.check_numbers();
-- One call a number is a constraint.
SAVEPOINT s;
UPDATE voiceagent_private.live_calls SET phone_number_id = :ny WHERE tenant_id = voiceagent.current_tenant() AND phone_number_id = :la;
ROLLBACK TO s;
-- The end of one call makes room for one; who has talked least is next.
SELECT pg_temp.finish(60) AS ended;
SELECT d FROM pg_temp.dial(1) d;
UPDATE voiceagent.calls SET duration_seconds = 5 WHERE call_id = (SELECT max(call_id) FROM voiceagent.calls);
SELECT pg_temp.finish(5) AS ended;
SELECT d FROM pg_temp.dial(1) d;
SELECT pg_temp.finish(1) AS ended;
SELECT * FROM pg_temp.used();

-- Marked as spam, switched off, or not the tenant's: passed over.
SELECT pg_temp.again();
SELECT voiceagent.mark_number_spam(:ny);
SELECT voiceagent.update_phone_number(:brooklyn, '{"is_active": false}');
UPDATE voiceagent.phone_numbers SET state = 'refused' WHERE phone_number_id = :london;
SELECT d FROM pg_temp.dial(10) d;
SELECT pg_temp.finish(1) AS ended;
SELECT voiceagent.mark_number_spam(:la);
SELECT count(*) AS with_none FROM pg_temp.dial(10) d;
SELECT voiceagent_private.describe_callers(:c, ARRAY[min(provider_account_id)], 0, voiceagent.clock()) FROM voiceagent.provider_accounts WHERE tenant_id = voiceagent.current_tenant();
SELECT voiceagent.mark_number_spam(:la, false), voiceagent.mark_number_spam(:ny, false);

-- So many calls a day; then the campaign sleeps until the day of one of them is over.
UPDATE voiceagent_private.number_use SET calls = 7 WHERE tenant_id = voiceagent.current_tenant();
INSERT INTO voiceagent.campaign_versions SELECT (jsonb_populate_record(v, jsonb_build_object('version', 2, 'settings',
	v.settings || '{"caller_id_calls_per_day": 8}'))).* FROM voiceagent.campaign_versions v WHERE v.campaign_id = :c;
UPDATE voiceagent.campaigns SET version = 2 WHERE campaign_id = :c;
SELECT count(*) AS one_each FROM pg_temp.dial(10) d;
SELECT pg_temp.finish(1) AS ended;
SELECT pg_temp.again();
SELECT count(*) AS over_the_cap FROM pg_temp.dial(10) d;
SELECT next_dial_at > voiceagent.clock() AND next_dial_at <= least(voiceagent.clock() + interval '15 minutes', voiceagent_private.next_local_day('UTC', voiceagent.clock())) AS asleep FROM voiceagent_private.pacing WHERE campaign_id = :c;
-- Another day, another count.
UPDATE voiceagent_private.number_use SET day = day - 1 WHERE tenant_id = voiceagent.current_tenant();
UPDATE voiceagent_private.pacing SET next_dial_at = '-infinity' WHERE campaign_id = :c;
SELECT count(*) AS today FROM pg_temp.dial(10) d;
SELECT number, calls FROM pg_temp.used();
SELECT pg_temp.finish(30) AS ended;

-- Two campaigns, one pool: neither takes the other's number twice.
SELECT voiceagent.update_phone_number(:brooklyn, '{"is_active": true}');
SELECT pg_temp.start('second', '{}') AS c2 \gset
SELECT voiceagent.set_campaign_numbers(:c2, ARRAY[:la, :ny, :brooklyn]);
SELECT pg_temp.again();
SELECT count(*) AS calls, count(DISTINCT split_part(d, ' by ', 2)) AS numbers FROM pg_temp.dial(100) d;
SELECT count(DISTINCT campaign_id) AS campaigns, count(*) AS live FROM voiceagent_private.live_calls WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.finish(30) AS ended;

-- An account that has none of the pool's numbers calls with its own.
SELECT voiceagent.set_campaign_numbers(:c2, '{}');
SELECT voiceagent.create_provider_account('sandbox', 'Stand-in', '{}') AS other \gset
UPDATE voiceagent.campaigns SET provider_account_id = :other WHERE campaign_id = :c;
SELECT pg_temp.again();
DELETE FROM voiceagent_private.lanes WHERE campaign_id = :c2;
SELECT count(*) AS calls, min(d) ~ 'own' AS own FROM pg_temp.dial(3) d;
SELECT pg_temp.finish(30) AS ended;
SELECT total_calls, total_minutes, outbound_calls, inbound_calls FROM voiceagent.phone_number_totals WHERE phone_number_id = :ny;
ROLLBACK;

-- Several accounts: where the pool's numbers are busy at one, the next account that has a free one dials.
BEGIN;
-- At noon: before midnight an alarm is sooner.
SELECT set_config('voiceagent.clock_offset', extract(epoch FROM timestamptz '2026-11-25 12:00+00' - clock_timestamp())::text, true) IS NOT NULL AS noon;
SELECT pg_temp.tenant('r50 pool over') > 0 AS made;
SELECT min(provider_account_id) AS a FROM voiceagent.provider_accounts WHERE tenant_id = voiceagent.current_tenant() \gset
SELECT voiceagent.create_provider_account('sandbox', 'B', '{}') AS b, voiceagent.create_provider_account('sandbox', 'C', '{}') AS c3 \gset
SELECT pg_temp.number('+12125550001') AS a1, pg_temp.number('+12125550002') AS a2,
	voiceagent.create_phone_number('+12125550011', :b) AS b1, voiceagent.create_phone_number('+12125550012', :b) AS b2 \gset
SELECT pg_temp.start('over', pg_temp.leads('+12025554', 40), '{"caller_id_calls_per_day": 100}') AS c \gset
UPDATE voiceagent.campaigns SET settings = '{"max_concurrent_calls": 100, "call_interval": 0}' WHERE campaign_id = :c;
SELECT voiceagent.set_campaign_accounts(:c, ARRAY[:a, :b, :c3]), voiceagent.set_campaign_numbers(:c, ARRAY[:a1, :a2, :b1, :b2]);
CREATE FUNCTION pg_temp.by(n integer) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_said text;
BEGIN
	UPDATE voiceagent_private.pacing SET next_dial_at = '-infinity' WHERE tenant_id = voiceagent.current_tenant();
	SET LOCAL ROLE voiceagent_worker;
	SELECT string_agg(format('%s by %s', coalesce(right(k.from_number, 2), 'its own'), a.name), ', ' ORDER BY a.name, k.from_number) INTO v_said
	FROM voiceagent_private.claim_calls(n) k JOIN voiceagent.provider_accounts a ON a.tenant_id = k.tenant_id AND a.provider_account_id = k.provider_account_id;
	RESET ROLE;
	RETURN coalesce(v_said, 'nobody');
END
$$;
CREATE FUNCTION pg_temp.waits(campaign bigint) RETURNS text LANGUAGE sql AS $$
	SELECT format('%s; alarm %s', regexp_replace(voiceagent_private.describe_callers(campaign, voiceagent_private.accounts_of_campaign(campaign),
		100, voiceagent.clock()), 'from .*', 'from T'), CASE WHEN isfinite(p.next_dial_at) THEN 'within '
		|| ceil(extract(epoch FROM p.next_dial_at - voiceagent.clock()) / 60) || ' min' ELSE 'none' END)
	FROM voiceagent_private.pacing p WHERE p.campaign_id = waits.campaign
$$;
SELECT pg_temp.by(100) AS first_account, pg_temp.by(100) AS next_account;
-- All are busy: it waits for one of them, and the third account, which has none, does not call with its own.
SELECT pg_temp.by(100) AS all_busy, pg_temp.waits(:c);
-- Another account that rests is no reason to sleep: the end of a call comes sooner.
UPDATE voiceagent.provider_accounts SET resumes_at = voiceagent.clock() + '2 minutes' WHERE provider_account_id = :c3;
SELECT pg_temp.by(100) AS busy_or_resting, pg_temp.waits(:c);
UPDATE voiceagent.provider_accounts SET resumes_at = NULL WHERE provider_account_id = :c3;
SELECT pg_temp.finish() AS ended;
-- Half is busy, half has had its calls: the rest of the pool goes on.
UPDATE voiceagent_private.number_use SET calls = 100 WHERE phone_number_id = :a1;
SELECT pg_temp.by(100) AS half, pg_temp.by(100) AS next_account, pg_temp.by(100) AS busy, pg_temp.waits(:c);
SELECT pg_temp.finish() AS ended;
-- Capped for the day: the next account; when its numbers are, too, the one that calls with its own.
UPDATE voiceagent_private.number_use SET calls = 100 WHERE phone_number_id IN (:a1, :a2);
SELECT pg_temp.by(100) AS capped, pg_temp.by(100) AS b_is_busy;
SELECT pg_temp.finish() AS ended;
UPDATE voiceagent_private.number_use SET calls = 100 WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.by(1) AS stands_in, pg_temp.waits(:c);
SELECT voiceagent.set_campaign_accounts(:c, ARRAY[:a, :b]), pg_temp.by(100) AS nobody_left, pg_temp.waits(:c);
-- Where another account may dial sooner than a number has its next day, that is the alarm.
UPDATE voiceagent_private.number_use SET calls = 0 WHERE phone_number_id = :b1;
UPDATE voiceagent.provider_accounts SET resumes_at = voiceagent.clock() + '2 minutes' WHERE provider_account_id = :b;
SELECT pg_temp.by(100) AS b_rests, pg_temp.waits(:c);
UPDATE voiceagent.provider_accounts SET resumes_at = NULL WHERE provider_account_id = :b;
-- Marked as spam, all of an account's: as if it might not dial.
SELECT voiceagent.mark_number_spam(:a1), voiceagent.mark_number_spam(:a2);
SELECT pg_temp.by(100) AS spam;
SELECT voiceagent.mark_number_spam(:b1), voiceagent.mark_number_spam(:b2);
SELECT pg_temp.finish() AS ended, pg_temp.by(100) AS nobody, pg_temp.waits(:c);
SELECT voiceagent.set_campaign_accounts(:c, ARRAY[:a, :b, :c3]), pg_temp.by(1) AS stands_in;
SELECT pg_temp.finish() AS ended;
-- Without a pool: an account whose own number is switched off gives way.
SELECT voiceagent.set_campaign_numbers(:c, '{}');
UPDATE voiceagent.provider_accounts SET settings = '{"from_number": "+12125550001"}' WHERE provider_account_id = :a;
SELECT pg_temp.by(1) AS its_own, voiceagent.update_phone_number(:a1, '{"is_active": false}'), pg_temp.by(1) AS switched_off;
SELECT pg_temp.finish() AS ended;
ROLLBACK;

-- What is kept for incoming calls.
BEGIN;
SELECT pg_temp.tenant('r50 reserve') > 0 AS made;
UPDATE voiceagent.provider_accounts SET max_concurrent_calls = 10 WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.start('reserve', pg_temp.leads('+12025553', 30)) AS c \gset
SELECT pg_temp.number('+12125550001') AS n \gset
SELECT count(*) AS without_inbound FROM pg_temp.dial(100) d;
SELECT pg_temp.finish() AS ended;
SELECT voiceagent.update_phone_number(:n, '{"greeting_message": "Hello"}');
SELECT count(*) AS with_inbound FROM pg_temp.dial(100) d;
SELECT voiceagent_private.live_at_caps() AS full;
SELECT pg_temp.finish() AS ended;
INSERT INTO pg_temp.incoming_calls (tenant_id, provider_account_id, provider_call_id, phone_number_id, started_at)
SELECT tenant_id, provider_account_id, 'in ' || i, :n, voiceagent.clock() - CASE i WHEN 1 THEN interval '3 hours' ELSE '0' END
FROM voiceagent.provider_accounts, generate_series(1, 6) i WHERE tenant_id = voiceagent.current_tenant();
SELECT count(*) AS with_five_incoming FROM pg_temp.dial(100) d;
SELECT pg_temp.finish() AS ended;
UPDATE pg_temp.incoming_calls SET ended_at = started_at WHERE tenant_id = voiceagent.current_tenant();
INSERT INTO voiceagent_private.tenant_settings (tenant_id, key, value) VALUES (voiceagent.current_tenant(), 'inbound_reserve', '80');
SELECT count(*) AS reserve_80 FROM pg_temp.dial(100) d;
SELECT pg_temp.finish() AS ended;
SELECT voiceagent.update_phone_number(:n, '{"is_active": false}');
SELECT count(*) AS inactive_takes_none FROM pg_temp.dial(100) d;
SELECT * FROM voiceagent_private.check_numbers();
ROLLBACK;

-- The pool given with the campaign's settings.
BEGIN;
SELECT pg_temp.tenant('r50 pool given') > 0 AS made;
SELECT pg_temp.start('given', pg_temp.leads('+12025555', 2)) AS c, pg_temp.number('+12125550001') AS n1, pg_temp.number('+12125550002') AS n2, pg_temp.number('+12125550003') AS gone \gset
SELECT voiceagent.delete_phone_number(:gone);
SELECT assistant_id AS assistant FROM voiceagent.campaigns WHERE campaign_id = :c \gset
CREATE FUNCTION pg_temp.pool(campaign bigint) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(n.phone_number, ' ' ORDER BY n.phone_number) FROM voiceagent.campaign_numbers m JOIN voiceagent.phone_numbers n USING (tenant_id, phone_number_id) WHERE m.campaign_id = campaign
$$;
CREATE FUNCTION pg_temp.refused(pool jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_detail text;
	v_hint text;
BEGIN
	PERFORM voiceagent.create_campaign('refused', (SELECT min(a.assistant_id) FROM voiceagent.assistants a WHERE a.tenant_id = voiceagent.current_tenant()), settings => pool);
	RETURN 'ok';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL, v_hint = PG_EXCEPTION_HINT;
	RETURN format('%s: %s | %s | %s', SQLSTATE, SQLERRM, v_detail, v_hint);
END
$$;
SELECT voiceagent.create_campaign('by ids', :assistant, settings => jsonb_build_object('phone_number_ids', ARRAY[:n1, :n2, :n1])) AS c1,
	voiceagent.create_campaign('by numbers', :assistant, settings => '{"phone_numbers": ["(212) 555-0002"], "retry_attempts": 1}') AS c2,
	voiceagent.create_campaign('without', :assistant, settings => '{"phone_numbers": []}') AS c3 \gset
SELECT pg_temp.pool(:c1) AS by_ids, pg_temp.pool(:c2) AS by_numbers, pg_temp.pool(:c3) AS without;
SELECT settings FROM voiceagent.campaigns WHERE campaign_id = :c2;
SELECT voiceagent.update_campaign(:c2, '{"retry_attempts": 2}') AS version, pg_temp.pool(:c2) AS kept;
SELECT voiceagent.update_campaign(:c2, jsonb_build_object('phone_number_ids', ARRAY[:n1])) AS version, pg_temp.pool(:c2) AS other;
SELECT voiceagent.update_campaign(:c2, '{"phone_numbers": null}') AS version, pg_temp.pool(:c2) AS none;
-- A running one calls with it from the next claim on.
SELECT voiceagent.update_campaign(:c, '{"phone_numbers": ["+12125550002"], "call_interval": 0}') > 0 AS changed;
UPDATE voiceagent_private.pacing SET next_dial_at = '-infinity' WHERE tenant_id = voiceagent.current_tenant();
UPDATE voiceagent_private.lanes SET opens_at = '-infinity', closes_at = 'infinity', next_due = '-infinity' WHERE campaign_id = :c;
SELECT d FROM pg_temp.dial(10) d;
SELECT pg_temp.finish() AS ended;
-- Refused as a whole, with what is wrong.
SELECT pg_temp.refused(p) FROM unnest(ARRAY['{"phone_numbers": "+12125550001"}', '{"phone_number_ids": {"a": 1}}', '{"phone_number_ids": ["one"]}', '{"phone_number_ids": [null]}',
	'{"phone_numbers": [12125550001]}', '{"phone_numbers": ["12"]}', '{"phone_numbers": ["+12125550001", "+12125550099", "+12125550003"]}', '{"phone_number_ids": [0]}',
	'{"phone_numbers": [], "phone_number_ids": []}']::jsonb[]) p;
SELECT count(*) AS made FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant() AND name = 'refused';
SELECT regexp_replace(object, '\d+', 'N') AS object, jsonb_array_length(old_value) AS before, jsonb_array_length(new_value) AS after FROM voiceagent.audit_log
WHERE tenant_id = voiceagent.current_tenant() AND action = 'set_campaign_numbers' ORDER BY audit_id;
-- Redialled leads are called with the same numbers, through the same accounts.
SELECT voiceagent.create_provider_account('sandbox', 'Second', '{}') AS second \gset
SELECT voiceagent.set_campaign_accounts(:c, ARRAY[(SELECT provider_account_id FROM voiceagent.campaigns WHERE campaign_id = :c), :second]);
UPDATE voiceagent.campaign_leads SET status = 'completed', last_outcome = 'voicemail' WHERE campaign_id = :c;
SELECT voiceagent.redial_campaign(:c) AS again \gset
SELECT pg_temp.pool(:again) AS pool, voiceagent_private.accounts_of_campaign(:again) = voiceagent_private.accounts_of_campaign(:c) AS accounts;
ROLLBACK;

-- Which number calls whom, rule by rule: each number that must not win has all that comes after the rule in its favour.
BEGIN;
-- Half an hour before midnight in UTC, and the next morning in Tokyo.
SELECT set_config('voiceagent.clock_offset', extract(epoch FROM timestamptz '2026-11-25 23:30+00' - clock_timestamp())::text, true) IS NOT NULL AS late;
SELECT pg_temp.tenant('r50 pool rules') > 0 AS made;
SELECT pg_temp.start('rules', '{}', '{"caller_id_calls_per_day": 8, "retry_attempts": 99}') AS c \gset
-- The leads that are called, and the numbers of the pool (phone, calls of that day, seconds).
CREATE FUNCTION pg_temp.choice(campaign bigint, lead text, callers text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_lead bigint;
	v_number bigint;
	v_pool bigint[] := '{}';
	v text[];
	v_said text;
BEGIN
	DELETE FROM voiceagent_private.call_queue WHERE tenant_id = v_tenant;
	INSERT INTO voiceagent.leads (tenant_id, phone, timezones, country, region, created_at)
	SELECT v_tenant, p.phone, '{UTC}', p.country, p.region, voiceagent.clock() FROM voiceagent_private.parse_phone(lead) p
	RETURNING lead_id INTO v_lead;
	FOR v IN SELECT string_to_array(s, ' ') FROM unnest(string_to_array(callers, ', ')) s LOOP
		SELECT n.phone_number_id INTO v_number FROM voiceagent.phone_numbers n WHERE n.tenant_id = v_tenant AND n.phone_number = v[1];
		IF v_number IS NULL THEN
			v_number := pg_temp.number(v[1]);
		END IF;
		v_pool := v_pool || v_number;
		DELETE FROM voiceagent_private.number_use WHERE tenant_id = v_tenant AND phone_number_id = v_number;
		INSERT INTO voiceagent_private.number_use VALUES (v_tenant, v_number, (voiceagent.clock() AT TIME ZONE 'UTC')::date + coalesce(v[4]::integer, 0), v[2]::integer, v[3]::numeric, 0);
	END LOOP;
	PERFORM voiceagent.set_campaign_numbers(campaign, v_pool);
	DELETE FROM voiceagent_private.lanes WHERE tenant_id = v_tenant;
	PERFORM pg_temp.queue(campaign, ARRAY[v_lead]);
	UPDATE voiceagent_private.lanes n SET region = coalesce(l.region, l.country) FROM voiceagent.leads l WHERE n.tenant_id = v_tenant AND l.lead_id = v_lead;
	UPDATE voiceagent_private.pacing SET next_dial_at = '-infinity' WHERE campaign_id = choice.campaign;
	SELECT split_part(d, ' by ', 2) INTO v_said FROM pg_temp.dial(1) d;
	RETURN coalesce(v_said, 'nobody');
END
$$;
SELECT pg_temp.choice(:c, '+16465550101', '+12125550001 0 0, +16465550001 5 500') AS same_area_code, pg_temp.finish() > 0 AS ended;
SELECT pg_temp.choice(:c, '+13475550101', '+13055550001 0 0, +12125550001 5 500') AS same_state, pg_temp.finish() > 0 AS ended;
SELECT pg_temp.choice(:c, '+441174960101', '+13055550001 0 0, +442079460001 5 500') AS same_country, pg_temp.finish() > 0 AS ended;
SELECT pg_temp.choice(:c, '+13035550101', '+13055550001 3 0, +12125550001 2 500') AS fewest_calls, pg_temp.finish() > 0 AS ended;
SELECT pg_temp.choice(:c, '+13035550102', '+12125550001 2 30, +13055550001 2 20') AS fewest_seconds, pg_temp.finish() > 0 AS ended;
SELECT pg_temp.choice(:c, '+13055550102', '+13055550001 8 0, +12125550001 7 0') AS capped_passed_over, pg_temp.finish() > 0 AS ended;
SELECT pg_temp.choice(:c, '+13055550103', '+13055550001 0 0, +12125550001 7 0') AS near,
	pg_temp.choice(:c, '+13055550104', '+13055550001 0 0, +12125550001 7 0') AS live_passed_over, pg_temp.finish() > 0 AS ended;
-- The seconds of the last call are its row's own.
SELECT pg_temp.choice(:c, '+13035550105', '+13055550001 0 0, +12125550001 7 0') AS talks, pg_temp.finish(100) > 0 AS ended;
UPDATE voiceagent_private.number_use SET calls = 1, seconds = CASE phone_number_id WHEN (SELECT phone_number_id FROM voiceagent.phone_numbers n
	WHERE n.tenant_id = voiceagent.current_tenant() AND n.phone_number = '+12125550001') THEN 50 ELSE seconds END WHERE tenant_id = voiceagent.current_tenant();
SELECT n.phone AS last_call_counts, n.calls, n.seconds FROM voiceagent.campaigns c CROSS JOIN LATERAL unnest(voiceagent_private.list_callers(c.campaign_id, c.provider_account_id, 0, voiceagent.clock())) n
WHERE c.campaign_id = :c ORDER BY n.seconds;
-- A number's day is that of its own zone: what it did on the 25th says nothing of the 26th, which it is there.
UPDATE voiceagent.phone_numbers SET timezone = 'Asia/Tokyo' WHERE tenant_id = voiceagent.current_tenant() AND phone_number = '+13055550001';
SELECT pg_temp.choice(:c, '+13055550106', '+13055550001 8 0 0, +12125550001 7 0') AS tomorrow_there, pg_temp.finish() > 0 AS ended;
SELECT u.day, u.calls FROM voiceagent_private.number_use u JOIN voiceagent.phone_numbers n USING (tenant_id, phone_number_id)
WHERE u.tenant_id = voiceagent.current_tenant() AND n.phone_number = '+13055550001';
SELECT pg_temp.choice(:c, '+13055550107', '+13055550001 8 0 1, +12125550001 7 0') AS had_its_calls_there, pg_temp.finish() > 0 AS ended;
-- A day that has begun starts to count anew.
SELECT pg_temp.choice(:c, '+13055550108', '+13055550001 8 900 0') AS begins, pg_temp.finish() > 0 AS ended;
SELECT u.day, u.calls, u.seconds FROM voiceagent_private.number_use u JOIN voiceagent.phone_numbers n USING (tenant_id, phone_number_id)
WHERE u.tenant_id = voiceagent.current_tenant() AND n.phone_number = '+13055550001';
ROLLBACK;

-- What the carrier refused is no call of the number's day: neither the last one nor those before it.
BEGIN;
SELECT pg_temp.tenant('r50 refused') > 0 AS made, pg_temp.number('+12125550091') AS n \gset
SELECT pg_temp.start('refused', pg_temp.leads('+12025556', 9), '{"caller_id_calls_per_day": 2, "retry_attempts": 99}') AS c \gset
SELECT voiceagent.set_campaign_numbers(:c, ARRAY[:n]);
CREATE FUNCTION pg_temp.refused(kind text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	v_attempts bigint[];
BEGIN
	v_attempts := ARRAY(SELECT c.attempt_id FROM voiceagent_private.claim_calls(1) c);
	UPDATE voiceagent_private.pacing SET next_dial_at = '-infinity' WHERE tenant_id = voiceagent.current_tenant();
	PERFORM voiceagent_private.record_dials(v_attempts, ARRAY[kind], ARRAY[CASE kind WHEN 'accepted' THEN 'theirs' END], '{NULL}', '{NULL}', ARRAY[kind], '{0}') WHERE v_attempts <> '{}';
	UPDATE voiceagent.provider_accounts SET resumes_at = NULL WHERE tenant_id = voiceagent.current_tenant();
	DELETE FROM voiceagent_private.account_dials WHERE tenant_id = voiceagent.current_tenant();
	RETURN cardinality(v_attempts);
END
$$;
SELECT pg_temp.refused('rate_limited') AS one, pg_temp.refused('refused_retry') AS two, pg_temp.refused('rate_limited') AS three;
SELECT count(*) AS calls, count(*) FILTER (WHERE c.counts) AS counted FROM voiceagent.calls c WHERE c.tenant_id = voiceagent.current_tenant();
SELECT * FROM pg_temp.used();
SELECT pg_temp.refused('accepted') AS four, pg_temp.finish(60) AS ended;
SELECT pg_temp.refused('rate_limited') AS five, pg_temp.refused('accepted') AS six, pg_temp.finish(60) AS ended;
SELECT pg_temp.refused('accepted') AS used_up;
SELECT * FROM pg_temp.used();
SELECT * FROM voiceagent_private.check_numbers();
ROLLBACK;
