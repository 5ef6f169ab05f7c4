/*
 * world.sql: a whole platform out of a seed: tenants, leads, campaigns, what
 * goes wrong, and what people do meanwhile.  Whatever happens in it must leave
 * nothing that an invariant forbids, and the same seed must give the same
 * world to the last byte.  For superusers; functions in a schema of their own.
 *
 *	SELECT world.simulate(7);		-> one world, of which nothing is left
 *	CALL world.keep(7, ...);		-> one that stays, in an empty database
 */
CREATE SCHEMA world;
GRANT USAGE ON SCHEMA world TO voiceagent_worker;

-- For benches: begins a simulation that commits what it does, until end_simulation() or an error, in a database
-- without workers. For superusers (42501); 55000 while a worker runs here.
CREATE FUNCTION world.commit_simulation(at timestamptz, seed bigint) RETURNS void
	LANGUAGE c VOLATILE STRICT AS '$libdir/voiceagent', 'va_sql_commit_simulation';

-- Ends what world.commit_simulation() began.
CREATE FUNCTION world.end_simulation() RETURNS void
	LANGUAGE c VOLATILE AS '$libdir/voiceagent', 'va_sql_end_committed_simulation';

-- A number from 0 to sides - 1 that follows from the seed and from what it is for.
CREATE FUNCTION world.random_int(seed bigint, what text, sides integer) RETURNS integer
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN mod(hashtextextended(what, seed) & x'7fffffffffffffff'::bigint, sides)::integer;

-- So many leads of the nth tenant of a world, with consents and second numbers; their ids.
CREATE FUNCTION world.leads(seed bigint, nth integer, leads integer) RETURNS bigint[]
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_leads bigint[];
BEGIN
	-- Places with a summer time and without one, far east and far west; the last two are zones that nobody is sure of.
	WITH places(place, prefix, country, region, timezones) AS (VALUES
		(0, '+1212', 'US', 'US-NY', '{America/New_York}'::text[]), (1, '+1312', 'US', 'US-IL', '{America/Chicago}'),
		(2, '+1303', 'US', 'US-CO', '{America/Denver}'), (3, '+1213', 'US', 'US-CA', '{America/Los_Angeles}'),
		(4, '+1602', 'US', 'US-AZ', '{America/Phoenix}'), (5, '+1808', 'US', 'US-HI', '{Pacific/Honolulu}'),
		(6, '+1850', 'US', 'US-FL', '{America/New_York,America/Chicago}'), (7, '+1615', 'US', 'US-TN', '{America/Chicago,America/New_York}')
	), made AS (
		INSERT INTO voiceagent.leads (tenant_id, phone, first_name, country, region, timezones, priority, created_at)
		SELECT v_tenant,
			-- Some of the numbers force what happens (pure/sandbox/people.c).
			CASE WHEN world.random_int(seed, format('magic %s %s', nth, i), 20) = 0 AND i < 8 * 90
				THEN p.prefix || '5550' || 100 + i / 8
				ELSE p.prefix || lpad((2000000 + i)::text, 7, '0') END,
			'Lead ' || i, p.country, p.region, p.timezones, world.random_int(seed, format('priority %s %s', nth, i), 10), v_now
		FROM generate_series(1, leads) i JOIN places p ON p.place = i % 8
		ORDER BY i RETURNING lead_id
	)
	SELECT array_agg(m.lead_id ORDER BY m.lead_id) INTO v_leads FROM made m;
	PERFORM voiceagent_private.relist(v_leads);
	INSERT INTO voiceagent.consents (tenant_id, lead_id, phone, kind, source, granted_at)
	SELECT v_tenant, l.lead_id, l.phone, 'call', 'simulated', v_now FROM voiceagent.leads l
	WHERE l.tenant_id = v_tenant AND world.random_int(seed, format('consent %s %s', nth, l.phone), 50) > 0
	ORDER BY l.lead_id;
	INSERT INTO voiceagent.lead_numbers (tenant_id, lead_id, number, phone, country, region, timezones)
	SELECT v_tenant, l.lead_id, 2, '+1646' || right(l.phone, 7), 'US', 'US-NY', '{America/New_York}' FROM voiceagent.leads l
	WHERE l.tenant_id = v_tenant AND world.random_int(seed, format('second %s %s', nth, l.phone), 10) = 0;
	INSERT INTO voiceagent.consents (tenant_id, lead_id, phone, kind, source, granted_at)
	SELECT v_tenant, n.lead_id, n.phone, 'call', 'simulated', v_now FROM voiceagent.lead_numbers n
	WHERE n.tenant_id = v_tenant ORDER BY n.lead_id;
	RETURN v_leads;
END
$$;

-- Settings of a campaign of a world, for so many leads.
CREATE FUNCTION world.settings(seed bigint, what text, leads integer) RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN jsonb_build_object(
		'max_concurrent_calls', (ARRAY[1, 3, 10, greatest(leads / 20, 10)])[1 + world.random_int(seed, what || ' lines', 4)],
		'call_interval', (ARRAY['0', '0', '20 milliseconds', '45 seconds'])[1 + world.random_int(seed, what || ' pace', 4)],
		'retry_attempts', world.random_int(seed, what || ' retries', 6),
		'retry_delay_no_answer', (ARRAY['20 minutes', '2 hours', '1 day'])[1 + world.random_int(seed, what || ' delay', 3)],
		'calling_hours', (ARRAY['{"start":"10:00","end":"19:00","days":["mon","tue","wed","thu","fri","sat"]}',
			'{"start":"00:00","end":"24:00","days":["mon","tue","wed","thu","fri","sat","sun"]}',
			'{"start":"17:00","end":"20:30","days":["tue","thu","sun"]}']::jsonb[])[1 + world.random_int(seed, what || ' hours', 3)],
		'number_calls_per_day', world.random_int(seed, what || ' cap', 3),
		'require_consent', world.random_int(seed, what || ' consent', 4) = 0,
		'caller_name', 'Simulated Ltd', 'caller_phone', '+1 800 555 0100', 'call_subject', 'roofs',
		'breaker_failure_rate', (ARRAY[0, 0.5, 0.9])[1 + world.random_int(seed, what || ' breaker', 3)],
		'spend_cap_per_day', (ARRAY[0, 0, 20])[1 + world.random_int(seed, what || ' daily', 3)],
		'tries_per_number', 1 + world.random_int(seed, what || ' tries', 3))
	|| CASE WHEN world.random_int(seed, what || ' parts', 5) = 0
		THEN '{"day_parts": {"parts":[["08:00","12:00"],["12:00","17:00"],["17:00","21:00"]],"days":2,"tries_per_part":1}}' ELSE '{}' END::jsonb
	|| CASE WHEN world.random_int(seed, what || ' end', 5) = 0 THEN '{"expires_after": "2 days"}' ELSE '{}' END::jsonb
	|| CASE WHEN world.random_int(seed, what || ' best', 5) = 0 THEN '{"best_time": "on"}' ELSE '{}' END::jsonb;

-- A campaign of a world with these leads and settings, confirmed, not started; its id.
CREATE FUNCTION world.campaign(seed bigint, what text, account bigint, lead_ids bigint[], settings jsonb) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_assistant bigint := voiceagent.create_assistant(what, 'Hello {{first_name | default: "there"}}', 'Be kind.');
	v_campaign bigint;
BEGIN
	v_campaign := voiceagent.create_campaign(what, v_assistant, 'sales', settings || jsonb_build_object('provider_account_id', account));
	PERFORM voiceagent.add_leads(v_campaign, lead_ids);
	IF (SELECT a.provider <> 'sandbox' FROM voiceagent.provider_accounts a WHERE a.tenant_id = v_tenant AND a.provider_account_id = account) THEN
		PERFORM voiceagent.confirm_campaign(v_campaign, voiceagent_private.confirmation_text(v_campaign));
	END IF;
	RETURN v_campaign;
END
$$;

-- The nth tenant of a world with its leads and campaigns, started; wild: settings, credits and rules out of the seed.
CREATE FUNCTION world.tenant(seed bigint, nth integer, leads integer, wild boolean) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint;
	v_account bigint;
	v_leads bigint[];
	v_first bigint;
	v_second bigint;
	v_half integer := leads / 2;
	v_plain jsonb := jsonb_build_object('max_concurrent_calls', greatest(leads / 20, 10), 'call_interval', 0, 'caller_name', 'Simulated Ltd', 'caller_phone', '+1 800 555 0100', 'call_subject', 'roofs',
		'retry_delay_no_answer', '1 day', 'retry_delay_busy', '1 day');
BEGIN
	v_tenant := voiceagent_private.make_simulated_tenant('simulated ' || nth,
		(ARRAY['UTC', 'America/New_York', 'Europe/Berlin', 'Asia/Tokyo'])[1 + world.random_int(seed, 'zone ' || nth, 4)],
		CASE WHEN wild AND world.random_int(seed, 'poor ' || nth, 4) = 0 THEN leads / 4 + 4 ELSE leads * 10 + 100 END);
	v_account := voiceagent_private.simulated_account(100000);
	INSERT INTO voiceagent_private.platform_settings (key, value)
	VALUES ('tenant_max_concurrent_calls', '100000'), ('account_max_concurrent_calls', '100000') ON CONFLICT DO NOTHING;
	IF wild AND world.random_int(seed, 'rehearsal ' || nth, 4) = 0 THEN
		UPDATE voiceagent.provider_accounts a SET provider = 'sandbox' WHERE a.tenant_id = v_tenant AND a.provider_account_id = v_account;
	END IF;
	v_leads := world.leads(seed, nth, leads);
	IF NOT wild THEN
		PERFORM voiceagent.start_campaign(world.campaign(seed, 'campaign 1', v_account, v_leads, v_plain));
		RETURN v_tenant;
	END IF;
	-- Two campaigns that share some leads, the second the follow-up of the first.
	v_first := world.campaign(seed, format('campaign 1 of %s', nth), v_account, v_leads[1 : v_half + leads / 10],
		world.settings(seed, nth || '.1', leads));
	v_second := world.campaign(seed, format('campaign 2 of %s', nth), v_account, v_leads[v_half + 1 :],
		world.settings(seed, nth || '.2', leads));
	PERFORM voiceagent.set_follow_up(v_first, (ARRAY['no_answer', 'voicemail', 'busy'])[1 + world.random_int(seed, 'after ' || nth, 3)],
		v_second, make_interval(hours => world.random_int(seed, 'later ' || nth, 30)));
	PERFORM world.try(format('SELECT voiceagent.start_campaign(%s)', c)) FROM unnest(ARRAY[v_first, v_second]) c;
	RETURN v_tenant;
END
$$;

-- Runs a statement: done, or the SQLSTATE of a refusal (PT4xx); other errors are raised.
CREATE FUNCTION world.try(action text) RETURNS text
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET client_min_messages = warning AS $$
BEGIN
	EXECUTE action;
	RETURN 'done';
EXCEPTION WHEN OTHERS THEN
	-- What a person may be told is no fault; anything else is.
	IF SQLSTATE !~ '^PT4' THEN
		RAISE;
	END IF;
	RETURN SQLSTATE;
END
$$;

-- Something that a tenant's people do: pause, resume, change, opt out, allow, revoke, remove, add, pay, erase; what
-- it was, and what came of it.
CREATE FUNCTION world.act(seed bigint, what text, tenant_id bigint) RETURNS text
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_campaigns bigint[];
	v_campaign bigint;
	v_lead voiceagent.leads;
	v_kind integer := world.random_int(seed, what || ' kind', 12);
	v_action text;
BEGIN
	PERFORM voiceagent_private.set_tenant(tenant_id);
	v_campaigns := ARRAY(SELECT c.campaign_id FROM voiceagent.campaigns c WHERE c.tenant_id = tenant_id ORDER BY c.campaign_id);
	v_campaign := v_campaigns[1 + world.random_int(seed, what || ' campaign', cardinality(v_campaigns))];
	SELECT l.* INTO v_lead FROM voiceagent.leads l WHERE l.tenant_id = tenant_id
	ORDER BY l.lead_id OFFSET world.random_int(seed, what || ' lead',
		greatest((SELECT count(*) FROM voiceagent.leads n WHERE n.tenant_id = tenant_id), 1)::integer) LIMIT 1;
	v_action := CASE v_kind
		WHEN 0 THEN format('SELECT voiceagent.pause_campaign(%s)', v_campaign)
		WHEN 1 THEN format('SELECT voiceagent.resume_campaign(%s)', v_campaign)
		WHEN 2 THEN format('SELECT voiceagent.start_campaign(%s)', v_campaign)
		WHEN 3 THEN format('SELECT voiceagent.update_campaign(%s, %L)', v_campaign, world.settings(seed, what, 100))
		WHEN 4 THEN format('SELECT voiceagent.do_not_call(%L, %L)', v_lead.phone, 'asked')
		WHEN 5 THEN format('SELECT voiceagent.allow_call(%L, %L)', v_lead.phone, 'asked')
		WHEN 6 THEN format('SELECT voiceagent.revoke_consent(%s, %L)', v_lead.lead_id, 'call')
		WHEN 7 THEN format('SELECT voiceagent.remove_leads(%s, ARRAY[%s]::bigint[])', v_campaign, v_lead.lead_id)
		WHEN 8 THEN format('SELECT voiceagent.add_leads(%s, ARRAY[%s]::bigint[])', v_campaign, v_lead.lead_id)
		WHEN 9 THEN format($q$SELECT voiceagent_private.post(ARRAY[ROW('grant', 'funding', 'available', 20, NULL, NULL, NULL, 'simulated',
			NULL)::voiceagent_private.transfer]), voiceagent_private.resume_suspended('out of credits')$q$)
		WHEN 10 THEN format('SELECT voiceagent.update_lead(%s, %L)', v_lead.lead_id, jsonb_build_object('priority',
			world.random_int(seed, what || ' priority', 10)))
		ELSE format('SELECT voiceagent.erase_lead(%s)', v_lead.lead_id) END;
	IF v_kind = 11 AND world.random_int(seed, what || ' erase', 4) > 0 THEN
		RETURN 'nothing';
	END IF;
	RETURN format('%s: %s', split_part(v_action, '(', 1), world.try(v_action));
END
$$;

-- check_tenant() for a simulated tenant.
CREATE FUNCTION world.check() RETURNS TABLE (invariant text, detail text)
	LANGUAGE plpgsql VOLATILE SET enable_nestloop = off SET enable_mergejoin = off AS $$
BEGIN
	-- The statistics know nothing of what has just been simulated, and joins of all with all are to be hashed.
	RETURN QUERY SELECT * FROM voiceagent_private.check_tenant();
END
$$;

-- One hash over all that happened to these tenants, without any id.
CREATE FUNCTION world.digest(tenant_ids bigint[]) RETURNS text
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET max_parallel_workers_per_gather = 0 SET plan_cache_mode = force_generic_plan SET jit = off AS $$
DECLARE
	v_tenant bigint;
	v_part text;
	v_parts text := '';
BEGIN
	-- Ids differ from run to run and are left out; what has no order of its own is sorted by what it says.
	FOREACH v_tenant IN ARRAY tenant_ids LOOP
		PERFORM voiceagent_private.set_tenant(v_tenant);
		-- Reasons in words may name calls.
		SELECT md5(regexp_replace(string_agg(x.line, E'\n' ORDER BY x.part, x.line COLLATE "C"), '\mcall [0-9]+', 'call', 'g')) INTO v_part FROM (
			SELECT 1 AS part, concat_ws('|', l.phone, l.status, l.status_reason, l.call_attempts, l.last_contacted_at, l.qualified) AS line
			FROM voiceagent.leads l WHERE l.tenant_id = v_tenant
			UNION ALL
			SELECT 2, concat_ws('|', c.phone, c.started_at, c.attempt_number, c.status, c.outcome, c.cause, c.duration_seconds, c.credits,
				c.answered_at, c.ended_at, c.transcript, c.counts)
			FROM voiceagent.calls c WHERE c.tenant_id = v_tenant AND c.direction <> 'inbound'
			UNION ALL
			SELECT 3, concat_ws('|', g.name, g.status, g.status_reason, g.version, g.started_at, g.ended_at, l.phone, m.status, m.reason,
				m.attempts, m.last_outcome)
			FROM voiceagent.campaigns g LEFT JOIN voiceagent.campaign_leads m ON m.tenant_id = g.tenant_id AND m.campaign_id = g.campaign_id
			LEFT JOIN voiceagent.leads l ON l.tenant_id = m.tenant_id AND l.lead_id = m.lead_id
			WHERE g.tenant_id = v_tenant
			UNION ALL
			SELECT 4, concat_ws('|', lpad(row_number() OVER (ORDER BY t.transfer_id)::text, 9), t.at, t.operation, t.from_account, t.to_account,
				t.amount, t.from_after, t.to_after)
			FROM voiceagent.credit_transfers t WHERE t.tenant_id = v_tenant
			UNION ALL
			SELECT 5, concat_ws('|', e.at, e.event_type, l.phone, e.event_data ->> 'reason', e.event_data ->> 'outcome')
			FROM voiceagent.events e LEFT JOIN voiceagent.leads l ON l.tenant_id = e.tenant_id AND l.lead_id = e.lead_id
			WHERE e.tenant_id = v_tenant
			UNION ALL
			SELECT 6, concat_ws('|', a.starts_at, a.ends_at, a.status) FROM voiceagent.appointments a WHERE a.tenant_id = v_tenant) x;
		v_parts := v_parts || coalesce(v_part, '-');
	END LOOP;
	RETURN md5(v_parts);
END
$$;

-- For tests: simulates so many days of a platform with these tenants and leads each, all out of the seed, and leaves
-- no trace. wild: also rules, faults of the carrier, empty balances and what people do; else plain campaigns. Returns
-- digest (equal for equal arguments), steps, calls, answered, unread (webhooks set aside), until, idle, acts, and
-- wrong: violated invariants, at random moments and at the end.
CREATE FUNCTION world.simulate(seed bigint, days integer DEFAULT 3, tenants integer DEFAULT 2, leads integer DEFAULT 40,
		wild boolean DEFAULT true, step interval DEFAULT '10 seconds', max_steps integer DEFAULT 1000000) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE
	SET max_parallel_workers_per_gather = 0 SET plan_cache_mode = force_generic_plan SET jit = off SET timezone = 'UTC'
	SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	-- A week with a change of clocks, one with a holiday, or any.
	v_start timestamptz := (ARRAY['2027-03-11', '2027-11-04', '2027-06-30', '2027-12-22', '2027-09-01']::timestamptz[])
		[1 + world.random_int(seed, 'start', 5)] + make_interval(hours => world.random_int(seed, 'hour', 24));
	v_end timestamptz := v_start + make_interval(days => days);
	v_tenants bigint[] := '{}';
	v_tenant bigint;
	v_left integer := max_steps;
	v_actions integer := CASE WHEN wild THEN 3 * tenants * days ELSE 0 END;
	v_acts jsonb := '{}';
	v_act text;
	v_idle boolean;
	v_wrong text[] := '{}';
	v_result jsonb;
	i integer;
BEGIN
	BEGIN
		PERFORM voiceagent_private.begin_simulation(v_start, seed, -1, CASE WHEN wild THEN ARRAY[
			(ARRAY[0, 20, 200])[1 + world.random_int(seed, 'lost', 3)], (ARRAY[0, 50, 300])[1 + world.random_int(seed, 'repeated', 3)],
			(ARRAY[0, 50, 300])[1 + world.random_int(seed, 'late', 3)], (ARRAY[0, 10, 100])[1 + world.random_int(seed, 'refused', 3)],
			(ARRAY[0, 10, 100])[1 + world.random_int(seed, 'unknown', 3)]] ELSE '{0,0,0,0,0}' END);
		FOR i IN 1 .. tenants LOOP
			v_tenants := v_tenants || world.tenant(seed, i, leads, wild);
		END LOOP;
		FOR i IN 1 .. v_actions LOOP
			SELECT u.steps_left INTO v_left FROM voiceagent_private.simulate_until(
				v_start + (v_end - v_start) * (i::float8 / (v_actions + 1)), step, v_left) u;
			v_act := world.act(seed, 'act ' || i, v_tenants[1 + world.random_int(seed, 'who ' || i, tenants)]);
			v_acts := v_acts || jsonb_build_object(v_act, coalesce((v_acts ->> v_act)::integer, 0) + 1);
			-- Now and then in the middle of things.
			IF world.random_int(seed, 'look ' || i, 4) = 0 THEN
				FOREACH v_tenant IN ARRAY v_tenants LOOP
					PERFORM voiceagent_private.set_tenant(v_tenant);
					v_wrong := v_wrong || ARRAY(SELECT format('%s, act %s: %s: %s', voiceagent.clock(), i, c.invariant, c.detail)
						FROM world.check() c);
				END LOOP;
			END IF;
			EXIT WHEN cardinality(v_wrong) > 0 OR v_left <= 0;
		END LOOP;
		SELECT u.steps_left, u.idle INTO v_left, v_idle FROM voiceagent_private.simulate_until(v_end, step, v_left) u;
		FOREACH v_tenant IN ARRAY v_tenants LOOP
			PERFORM voiceagent_private.set_tenant(v_tenant);
			v_wrong := v_wrong || ARRAY(SELECT format('end: %s: %s', c.invariant, c.detail) FROM world.check() c);
			v_result := jsonb_build_object('calls', coalesce((v_result ->> 'calls')::bigint, 0) + (SELECT count(*) FROM voiceagent.calls c
					WHERE c.tenant_id = v_tenant AND c.direction <> 'inbound'),
				'answered', coalesce((v_result ->> 'answered')::bigint, 0) + (SELECT count(*) FROM voiceagent.calls c
					WHERE c.tenant_id = v_tenant AND c.direction <> 'inbound' AND c.status = 'completed'),
				'unread', coalesce((v_result ->> 'unread')::bigint, 0) + (SELECT count(*) FROM voiceagent.webhook_failures f WHERE f.tenant_id = v_tenant));
		END LOOP;
		v_result := v_result || jsonb_build_object('digest', world.digest(v_tenants), 'steps', max_steps - v_left,
			'until', voiceagent.clock(), 'idle', coalesce(v_idle, false), 'acts', v_acts, 'wrong', to_jsonb(v_wrong));
		RAISE EXCEPTION USING ERRCODE = 'VA000', MESSAGE = 'the simulation is over';
	EXCEPTION WHEN SQLSTATE 'VA000' THEN
		NULL;
	END;
	RETURN v_result;
END
$$;

-- For benches, by a superuser in an empty database without workers: simulates so many days of tenants with these
-- leads each, a commit a turn, and leaves all of it there. result: digest (equal for equal arguments), steps, calls,
-- wrong (violated invariants).
CREATE PROCEDURE world.keep(seed bigint, days integer, tenants integer, leads integer, step interval,
		INOUT result jsonb)
	LANGUAGE plpgsql AS $$
DECLARE
	v_now timestamptz := '2027-03-01 00:00+00';
	v_end timestamptz := v_now + make_interval(days => days);
	v_look timestamptz := v_now;
	v_next timestamptz;
	v_tenants bigint[] := '{}';
	v_wrong text[] := '{}';
	v_calls bigint := 0;
	v_steps integer := 0;
	v_tenant bigint;
BEGIN
	IF EXISTS (SELECT FROM voiceagent_private.tenant_directory) THEN
		RAISE EXCEPTION 'a simulation that is committed needs a database without tenants';
	END IF;
	PERFORM world.commit_simulation(v_now, seed);
	FOR i IN 1 .. tenants LOOP
		v_tenants := v_tenants || world.tenant(seed, i, leads, false);
	END LOOP;
	COMMIT;
	WHILE v_now < v_end LOOP
		v_next := voiceagent_private.simulate_step(v_now, '0', v_look <= v_now);
		IF v_look <= v_now THEN
			v_look := v_now + interval '1 hour';
		END IF;
		COMMIT;
		v_steps := v_steps + 1;
		v_now := greatest(v_next, v_now + step);
	END LOOP;
	PERFORM voiceagent_private.drive_clock(v_end);
	-- The checks join all with all, and nobody has looked at these tables yet.
	ANALYZE;
	FOREACH v_tenant IN ARRAY v_tenants LOOP
		PERFORM voiceagent_private.set_tenant(v_tenant);
		v_wrong := v_wrong || ARRAY(SELECT format('tenant %s: %s: %s', v_tenant, c.invariant, c.detail) FROM world.check() c);
		v_calls := v_calls + (SELECT count(*) FROM voiceagent.calls c WHERE c.tenant_id = v_tenant AND c.direction <> 'inbound');
	END LOOP;
	result := jsonb_build_object('digest', world.digest(v_tenants), 'steps', v_steps, 'calls', v_calls, 'wrong', to_jsonb(v_wrong));
	PERFORM world.end_simulation();
END
$$;
