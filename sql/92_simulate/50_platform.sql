/*
 * 92_simulate: the same, turn by turn in commits as workers make them, and of
 * any size: for benches, on a server of their own.
 */

CREATE PROCEDURE voiceagent_private.simulate_platform(seed bigint, days integer, tenants integer, leads integer, step interval,
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
	PERFORM voiceagent_private.keep_simulation(v_now, seed);
	FOR i IN 1 .. tenants LOOP
		v_tenants := v_tenants || voiceagent_private.make_world_tenant(seed, i, leads, false);
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
		v_wrong := v_wrong || ARRAY(SELECT format('tenant %s: %s: %s', v_tenant, c.invariant, c.detail) FROM voiceagent_private.check_world() c);
		v_calls := v_calls + (SELECT count(*) FROM voiceagent.calls c WHERE c.tenant_id = v_tenant AND c.direction <> 'inbound');
	END LOOP;
	result := jsonb_build_object('digest', voiceagent_private.world_digest(v_tenants), 'steps', v_steps, 'calls', v_calls, 'wrong', to_jsonb(v_wrong));
	PERFORM voiceagent_private.end_simulation();
END
$$;
COMMENT ON PROCEDURE voiceagent_private.simulate_platform(bigint, integer, integer, integer, interval, jsonb) IS
	'For benches, by a superuser in an empty database without workers: simulates so many days of tenants with these leads each, a commit a turn, and leaves all of it there. result: digest (equal for equal arguments), steps, calls, wrong (violated invariants).';
