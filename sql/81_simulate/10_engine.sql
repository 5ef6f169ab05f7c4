/*
 * 81_simulate: the platform against a driven clock and a carrier in memory,
 * in one backend and one subtransaction that is rolled back.
 *
 * The workers' functions decide: advance_lanes(), start_due_campaigns(),
 * claim_calls(), record_dials(), take_webhooks(), apply_inbox(), due_lookups(),
 * expire_leads().  Here is only what the workers' loops do: ask each of them in
 * turn, then go to the next instant at which one of them has something to do.
 * extension/core/simulation.h says how it is kept apart.
 */

-- The faults in their order: webhooks lost, repeated, late; dials refused, dials whose answer is lost. The present
-- subtransaction must end by a rollback.
CREATE FUNCTION voiceagent_private.begin_simulation(at timestamptz, seed bigint, answered_per_mille integer,
	faults integer[])
	RETURNS void LANGUAGE c VOLATILE STRICT AS 'MODULE_PATHNAME', 'va_sql_begin_simulation';
COMMENT ON FUNCTION voiceagent_private.begin_simulation(timestamptz, bigint, integer, integer[]) IS
	E'Begins a simulation at a time: drive_clock() sets clock() and simulate_call() is the carrier, until the '
	'subtransaction is rolled back.\n'
	'The seed determines the people, who answer so many calls in a thousand (-1: as the sandbox''s do); faults: an '
	'array of numbers in a thousand. It raises 25P01 outside a subtransaction, 55000 in a worker or while a '
	'simulation is on.';

CREATE FUNCTION voiceagent_private.drive_clock(at timestamptz) RETURNS void
	LANGUAGE c VOLATILE STRICT AS 'MODULE_PATHNAME', 'va_sql_drive_clock';
COMMENT ON FUNCTION voiceagent_private.drive_clock(timestamptz) IS
	'Sets the clock of the simulation that is on; only forward (22008).';

CREATE FUNCTION voiceagent_private.own_tenant(tenant_id bigint) RETURNS bigint
	LANGUAGE c VOLATILE STRICT AS 'MODULE_PATHNAME', 'va_sql_own_tenant';
COMMENT ON FUNCTION voiceagent_private.own_tenant(bigint) IS
	'Makes a tenant, which is about to be made with an id fresh from its sequence, one of the simulation that '
	'is on; returns the id.';

CREATE FUNCTION voiceagent_private.simulate_call(tenant_id bigint, endpoint_id bigint, reference text, phone text,
	customer_name text, ring_timeout_s integer, max_duration_s integer, OUT kind text, OUT provider_call_id text,
	OUT http_status integer, OUT error text, OUT retry_after_s integer) RETURNS record
	LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'va_sql_simulate_call';
COMMENT ON FUNCTION voiceagent_private.simulate_call(bigint, bigint, text, text, text, integer, integer) IS
	'Has the carrier of the simulation take a call now, and answers what the dialer would have read; its webhooks '
	'come from take_simulated().';

CREATE FUNCTION voiceagent_private.take_simulated(until timestamptz, max integer, OUT tenant_id bigint,
	OUT endpoint_ids bigint[], OUT event_keys text[], OUT bodies bytea[], OUT events voiceagent_private.read_event[])
	RETURNS SETOF record
	LANGUAGE c VOLATILE STRICT AS 'MODULE_PATHNAME', 'va_sql_take_simulated';
COMMENT ON FUNCTION voiceagent_private.take_simulated(timestamptz, integer) IS
	'Up to max webhooks of the simulation''s carrier that arrive by that time, a row a tenant, in the order in which '
	'they do, as take_webhooks() takes them; each is given once.';

CREATE FUNCTION voiceagent_private.next_simulated_at() RETURNS timestamptz
	LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'va_sql_next_simulated_at';
COMMENT ON FUNCTION voiceagent_private.next_simulated_at() IS
	'When the next webhook of the simulation''s carrier arrives; infinity: none is under way.';

CREATE FUNCTION voiceagent_private.simulate_lookup(reference text, OUT provider_call_id text, OUT endpoint_id bigint,
	OUT event_key text, OUT body bytea) RETURNS record
	LANGUAGE c VOLATILE STRICT AS 'MODULE_PATHNAME', 'va_sql_simulate_lookup';
COMMENT ON FUNCTION voiceagent_private.simulate_lookup(text) IS
	'The state of the call with this reference at the simulation''s carrier now; NULLs: it knows none.';

CREATE FUNCTION voiceagent_private.simulate_claims(tenant_id bigint, max_calls integer) RETURNS integer
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_a record;
BEGIN
	PERFORM voiceagent_private.set_tenant(tenant_id);
	SELECT array_agg(c.attempt_id ORDER BY c.attempt_id) AS attempts, array_agg(s.kind ORDER BY c.attempt_id) AS kinds,
		array_agg(s.provider_call_id ORDER BY c.attempt_id) AS calls, array_agg(NULL::text) AS controls,
		array_agg(s.http_status ORDER BY c.attempt_id) AS statuses, array_agg(s.error ORDER BY c.attempt_id) AS errors,
		array_agg(s.retry_after_s ORDER BY c.attempt_id) AS waits
	INTO v_a
	FROM voiceagent_private.claim_calls(max_calls, true) c
	CROSS JOIN LATERAL (SELECT min(e.endpoint_id) AS endpoint_id FROM voiceagent.webhook_endpoints e
		WHERE e.tenant_id = c.tenant_id AND e.provider_account_id = c.provider_account_id OFFSET 0) e
	CROSS JOIN LATERAL voiceagent_private.simulate_call(c.tenant_id, e.endpoint_id, c.reference, c.phone,
		c.customer_name, c.ring_timeout_s, c.max_duration_s) s;
	IF v_a.attempts IS NULL THEN
		RETURN 0;
	END IF;
	PERFORM voiceagent_private.record_dials(v_a.attempts, v_a.kinds, v_a.calls, v_a.controls, v_a.statuses,
		v_a.errors, v_a.waits);
	RETURN cardinality(v_a.attempts);
END
$$;
COMMENT ON FUNCTION voiceagent_private.simulate_claims(bigint, integer) IS
	'As the dialer does: claims calls of a tenant, has the carrier take them, records its answers; returns '
	'how many were claimed.';

CREATE FUNCTION voiceagent_private.simulate_webhooks(at timestamptz) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_w record;
	v_taken integer;
	-- The gateway's and the inbox's share of one commit.
	c_batch CONSTANT integer := 1000;
BEGIN
	LOOP
		v_taken := 0;
		FOR v_w IN SELECT t.* FROM voiceagent_private.take_simulated(at, c_batch) t LOOP
			PERFORM voiceagent_private.set_tenant(v_w.tenant_id);
			-- No lock stands in the way here: what the gateway would leave to the applier is a fault.
			PERFORM voiceagent_private.take_webhooks(v_w.endpoint_ids, v_w.event_keys,
				array_fill('{}'::jsonb, ARRAY[cardinality(v_w.bodies)]), v_w.bodies, v_w.events);
			v_taken := v_taken + cardinality(v_w.bodies);
		END LOOP;
		EXIT WHEN v_taken < c_batch;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.simulate_webhooks(timestamptz) IS
	'As gateway and inbox do: stores the webhooks that have arrived by now with their whole effect.';

CREATE FUNCTION voiceagent_private.simulate_lookups() RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_due record;
	v_found record;
BEGIN
	FOR v_due IN SELECT d.* FROM voiceagent_private.due_lookups(1000, 1000, true) d ORDER BY d.tenant_id, d.call_id LOOP
		PERFORM voiceagent_private.set_tenant(v_due.tenant_id);
		v_found := voiceagent_private.simulate_lookup(v_due.reference);
		IF v_found.provider_call_id IS NULL THEN
			PERFORM voiceagent_private.lookup_found_nothing(v_due.call_id);
		ELSIF v_due.provider_call_id IS NULL THEN
			-- A list names it; what became of it is asked next, by that id.
			PERFORM voiceagent_private.lookup_found_all(v_due.provider_account_id, ARRAY[v_due.reference],
				ARRAY[v_found.provider_call_id]);
		ELSE
			PERFORM voiceagent_private.store_webhooks(ARRAY[v_found.endpoint_id], ARRAY[v_found.event_key],
				ARRAY['{}'::jsonb], ARRAY[v_found.body], 'lookup');
			PERFORM voiceagent_private.apply_inbox(1000);
		END IF;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.simulate_lookups() IS
	'As the schedules task does: asks the carrier about the calls whose lease has passed, and notes what it says.';

CREATE FUNCTION voiceagent_private.simulate_step(at timestamptz, early interval, look boolean) RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE
	SET planner.policy = simulation SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint;
	v_rolled integer;
	v_expiry timestamptz;
	v_inbox timestamptz;
	v_expire_step integer := (SELECT d.step FROM voiceagent_private.maintenance_jobs d WHERE d.job = 'expire_leads');
BEGIN
	PERFORM voiceagent_private.drive_clock(at);
	PERFORM voiceagent_private.set_tenant(0);
	IF voiceagent_private.next_lane_change() <= at THEN
		LOOP
			v_rolled := voiceagent_private.advance_lanes(1000);
			PERFORM voiceagent_private.start_due_campaigns();
			EXIT WHEN v_rolled < 1000;
		END LOOP;
	END IF;
	PERFORM voiceagent_private.simulate_webhooks(at + early);
	WHILE voiceagent_private.live_deadline(true) <= at LOOP
		PERFORM voiceagent_private.simulate_lookups();
	END LOOP;
	IF look THEN
		-- A webhook that waits after an apply has failed.
		FOR v_tenant IN SELECT t FROM voiceagent_private.inbox_tenants(0, 1000) t LOOP
			PERFORM voiceagent_private.set_tenant(v_tenant);
			PERFORM voiceagent_private.apply_inbox(1000);
		END LOOP;
		v_inbox := greatest(voiceagent_private.next_inbox_at(), at + interval '1 minute');
	END IF;
	LOOP
		v_expiry := voiceagent_private.expire_leads(v_expire_step);
		EXIT WHEN v_expiry > at;
	END LOOP;
	FOR v_tenant IN SELECT t FROM voiceagent_private.ready_tenants(0, 1000) t LOOP
		WHILE voiceagent_private.simulate_claims(v_tenant, 1000) >= 1000 LOOP
		END LOOP;
	END LOOP;
	PERFORM voiceagent_private.set_tenant(0);
	RETURN least(voiceagent_private.next_simulated_at(), voiceagent_private.next_dial_at(at),
		voiceagent_private.live_deadline(true), voiceagent_private.next_lane_change(), v_expiry, v_inbox);
END
$$;
COMMENT ON FUNCTION voiceagent_private.simulate_step(timestamptz, interval, boolean) IS
	E'One turn of all the workers'' rooms at that time of the simulation that is on: lanes, the webhooks that arrive '
	'until so much later, leases, expiry, claims; look: also webhooks that have failed.\n'
	'Returns when something next happens; infinity: never.';

CREATE FUNCTION voiceagent_private.simulate_until(until timestamptz, step interval, INOUT steps_left integer,
	early interval DEFAULT '0', OUT idle boolean) RETURNS record LANGUAGE plpgsql VOLATILE
		SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_next timestamptz;
	v_look timestamptz := v_now;
	c_look CONSTANT interval := interval '1 hour';
BEGIN
	idle := false;
	WHILE steps_left > 0 LOOP
		v_next := voiceagent_private.simulate_step(v_now, early, v_look <= v_now);
		IF v_look <= v_now THEN
			v_look := v_now + c_look;
		END IF;
		steps_left := steps_left - 1;
		idle := v_next = 'infinity';
		v_now := greatest(v_next, v_now + step);
		EXIT WHEN v_now >= until;
	END LOOP;
	IF steps_left > 0 THEN
		PERFORM voiceagent_private.drive_clock(greatest(until, voiceagent.clock()));
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.simulate_until(timestamptz, interval, integer, interval) IS
	E'Lets the simulation that is on run until that time, or until its steps are used up, and returns how many are '
	'left; idle: nothing will happen any more.\n'
	'Whatever falls due within a step happens at its end, but what arrives from the carrier that much early: by half '
	'a step, and on average it arrives in time.';

CREATE FUNCTION voiceagent_private.make_simulated_tenant(name text, timezone text, credits numeric) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.own_tenant(nextval('voiceagent.tenants_tenant_id_seq'));
BEGIN
	PERFORM voiceagent_private.set_tenant(v_tenant);
	INSERT INTO voiceagent.tenants (tenant_id, name, timezone, created_at) OVERRIDING SYSTEM VALUE
	VALUES (v_tenant, name, timezone, voiceagent.clock());
	INSERT INTO voiceagent_private.tenant_directory (tenant_id, channel)
	VALUES (v_tenant, 'voiceagent_' || voiceagent_private.random_token());
	-- In the hours of people, not in those of the sandbox.
	INSERT INTO voiceagent_private.tenant_settings (tenant_id, key, value) VALUES (v_tenant, 'sandbox_time_scale', '1');
	PERFORM voiceagent_private.provision_credit(credits);
	PERFORM voiceagent_private.provision_calendar(timezone);
	RETURN v_tenant;
END
$$;
COMMENT ON FUNCTION voiceagent_private.make_simulated_tenant(text, text, numeric) IS
	'A tenant of the simulation that is on, with these credits, its calendar, no carrier account and a sandbox whose '
	'time runs as people''s; it is acted for from now on.';

CREATE FUNCTION voiceagent_private.simulated_account(max_calls integer, account_id bigint DEFAULT NULL,
	provider text DEFAULT 'vapi') RETURNS bigint
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_account bigint := coalesce(account_id, nextval('voiceagent.provider_accounts_provider_account_id_seq'));
BEGIN
	-- The provider decides whose rules hold. No other session will ever see the account, and ours has no network.
	INSERT INTO voiceagent.provider_accounts (tenant_id, provider_account_id, provider, name, max_concurrent_calls,
		armed_at, created_at)
	OVERRIDING SYSTEM VALUE
	SELECT v_tenant, v_account, simulated_account.provider, format('simulated %s', count(*) + 1), max_calls,
		voiceagent.clock(), voiceagent.clock()
	FROM voiceagent.provider_accounts o WHERE o.tenant_id = v_tenant;
	PERFORM voiceagent_private.add_endpoint(v_account);
	RETURN v_account;
END
$$;
COMMENT ON FUNCTION voiceagent_private.simulated_account(integer, bigint, text) IS
	'Makes a carrier account (with that id; NULL: a new one) of the simulated tenant that is acted for; the rules of '
	'its provider hold for its calls.';
