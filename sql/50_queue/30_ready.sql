/*
 * 50_queue: whose turn it is, and when there will be something to do.
 * Only routing tables are read, so no tenant is chosen yet.
 */

-- Calls on the sandbox take none of the lines of real carriers, whatever tenants do there.
CREATE FUNCTION voiceagent_private.platform_free_lines(enough integer, OUT real_lines integer,
	OUT sandbox_lines integer)
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_set voiceagent_private.dial_settings := voiceagent_private.read_dial_settings();
	-- A live call takes more than 128 bytes of its page.
	v_most bigint := pg_relation_size('voiceagent_private.live_calls') / 128;
BEGIN
	real_lines := v_set.platform_limit - v_most;
	sandbox_lines := v_set.sandbox_limit - v_most;
	IF least(real_lines, sandbox_lines) < enough THEN
		SELECT v_set.platform_limit - count(*) FILTER (WHERE l.provider <> 'sandbox'),
			v_set.sandbox_limit - count(*) FILTER (WHERE l.provider = 'sandbox')
		INTO real_lines, sandbox_lines FROM voiceagent_private.live_calls l;
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.platform_free_lines(integer) IS
	E'How many more calls the platform''s caps allow at least, on real carriers and on the sandbox.\n'
	'Exactly so many when it may be fewer than `enough`: counting is spared where the table is too small for it to '
	'matter. enough NULL: by the table''s size alone.';

CREATE FUNCTION voiceagent_private.live_at_caps() RETURNS bigint
	LANGUAGE plpgsql STABLE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_live bigint := (SELECT count(*) FROM voiceagent_private.live_calls l WHERE l.tenant_id = v_tenant);
	v_due bigint[] := ARRAY(SELECT n.campaign_id FROM voiceagent_private.lanes n
		WHERE n.tenant_id = v_tenant AND n.running AND greatest(n.next_due, n.opens_at) <= v_now
			AND n.closes_at > v_now);
BEGIN
	-- A tenant with nothing due, or with no call that could end, would be skipped for ever.
	IF v_live = 0 OR cardinality(v_due) = 0 OR v_live < (voiceagent_private.read_dial_settings()).tenant_limit
		AND EXISTS (
				SELECT FROM voiceagent.campaigns c
				JOIN voiceagent.campaign_versions w
					ON w.tenant_id = v_tenant AND w.campaign_id = c.campaign_id AND w.version = c.version
				JOIN voiceagent.provider_accounts a ON a.tenant_id = v_tenant
					AND (a.provider_account_id = c.provider_account_id
						OR EXISTS (SELECT FROM voiceagent.campaign_accounts b WHERE b.tenant_id = v_tenant
							AND b.campaign_id = c.campaign_id AND b.provider_account_id = a.provider_account_id))
				WHERE c.tenant_id = v_tenant AND c.campaign_id = ANY (v_due)
					AND w.max_concurrent_calls > (SELECT count(*) FROM voiceagent_private.live_calls l
						WHERE l.tenant_id = v_tenant AND l.campaign_id = c.campaign_id)
					AND voiceagent_private.outbound_slots(a.provider_account_id,
						voiceagent_private.recall_account(a.provider_account_id),
						(voiceagent_private.read_dial_settings()).inbound_reserve, v_now)
						> (SELECT count(*) FROM voiceagent_private.live_calls l
						WHERE l.tenant_id = v_tenant AND l.provider_account_id = a.provider_account_id)) THEN
		RETURN -1;
	END IF;
	RETURN v_live;
END
$$;
COMMENT ON FUNCTION voiceagent_private.live_at_caps() IS
	'The live calls of the current tenant, when all its campaigns that have due leads stand at a cap of theirs, of '
	'their account or of the tenant, so that only the end of one makes room; -1 when something else holds a campaign '
	'back, nothing is due, or no call is live.';

CREATE FUNCTION voiceagent_private.ready_tenants(after bigint DEFAULT 0, max_tenants integer DEFAULT 100,
		full_tenants bigint[] DEFAULT '{}', full_live bigint[] DEFAULT '{}')
	RETURNS SETOF bigint LANGUAGE plpgsql VOLATILE
	SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	-- With more ready lanes than this, stepping from tenant to tenant reads less.
	c_few CONSTANT integer := 2000;
	v_ready bigint[];
	v_full bigint[];
	v_free record := voiceagent_private.platform_free_lines(1);
	-- Whether campaigns of the sandbox, or those of real carriers, find no line.
	v_shut boolean[] := CASE WHEN v_free.real_lines <= 0 THEN '{f}' ELSE '{}' END::boolean[]
		|| CASE WHEN v_free.sandbox_lines <= 0 THEN '{t}' ELSE '{}' END::boolean[];
BEGIN
	IF cardinality(v_shut) = 2 THEN
		RETURN;
	END IF;
	v_full := ARRAY(SELECT f.tenant_id FROM unnest(full_tenants, full_live) AS f(tenant_id, live)
		WHERE (SELECT count(*) FROM voiceagent_private.live_calls l WHERE l.tenant_id = f.tenant_id) >= f.live);
	v_ready := ARRAY(SELECT n.tenant_id FROM voiceagent_private.lanes n
		WHERE n.running AND greatest(n.next_due, n.opens_at) <= v_now AND n.closes_at > v_now
			AND NOT EXISTS (SELECT FROM voiceagent_private.pacing p
				WHERE p.tenant_id = n.tenant_id AND p.campaign_id = n.campaign_id
					AND (p.next_dial_at > v_now OR p.sandbox = ANY (v_shut)))
		ORDER BY greatest(n.next_due, n.opens_at), n.tenant_id LIMIT c_few);
	IF cardinality(v_ready) < c_few THEN
		RETURN QUERY SELECT d.tenant_id FROM voiceagent_private.tenant_directory d
			WHERE d.tenant_id = ANY (v_ready) AND d.active
				AND NOT EXISTS (SELECT FROM unnest(v_full) f WHERE f = d.tenant_id)
			ORDER BY d.tenant_id <= after, d.tenant_id LIMIT max_tenants;
		RETURN;
	END IF;
	RETURN QUERY
		WITH RECURSIVE later AS (
			(SELECT n.tenant_id FROM voiceagent_private.lanes n
				WHERE n.running AND n.tenant_id > after ORDER BY n.tenant_id LIMIT 1)
			UNION ALL
			SELECT f.tenant_id FROM later l CROSS JOIN LATERAL (
				SELECT n.tenant_id FROM voiceagent_private.lanes n
				WHERE n.running AND n.tenant_id > l.tenant_id ORDER BY n.tenant_id LIMIT 1) f
		), earlier AS (
			(SELECT n.tenant_id FROM voiceagent_private.lanes n
				WHERE n.running AND n.tenant_id <= after ORDER BY n.tenant_id LIMIT 1)
			UNION ALL
			SELECT f.tenant_id FROM earlier l CROSS JOIN LATERAL (
				SELECT n.tenant_id FROM voiceagent_private.lanes n
				WHERE n.running AND n.tenant_id > l.tenant_id AND n.tenant_id <= after ORDER BY n.tenant_id LIMIT 1) f
		)
		-- In turn: a subquery with LIMIT or OFFSET is evaluated tenant by tenant, and no join changes their order.
		SELECT t.tenant_id
		FROM (SELECT l.tenant_id FROM later l UNION ALL SELECT e.tenant_id FROM earlier e) t
		CROSS JOIN LATERAL (SELECT FROM voiceagent_private.lanes n
			WHERE n.tenant_id = t.tenant_id AND n.running AND greatest(n.next_due, n.opens_at) <= v_now
				AND n.closes_at > v_now
				AND NOT EXISTS (SELECT FROM voiceagent_private.pacing p
					WHERE p.tenant_id = n.tenant_id AND p.campaign_id = n.campaign_id
					AND (p.next_dial_at > v_now OR p.sandbox = ANY (v_shut)))
			LIMIT 1) ready
		CROSS JOIN LATERAL (SELECT FROM voiceagent_private.tenant_directory d
			WHERE d.tenant_id = t.tenant_id AND d.active OFFSET 0) active
		WHERE t.tenant_id <> ALL (v_full)
		LIMIT max_tenants;
END
$$;
COMMENT ON FUNCTION voiceagent_private.ready_tenants(bigint, integer, bigint[], bigint[]) IS
	E'Up to max_tenants tenants that have an open lane with due leads of a campaign that does not wait for its pace, '
	'in turn: ids above after first; no campaign whose kind, real or sandbox, finds no line of the platform.\n'
	'Not listed: those of full_tenants with as many live calls as full_live says (live_at_caps()). Of a few the dialer '
	'asks by the indexes itself (dial_ready.c).';

CREATE FUNCTION voiceagent_private.next_dial_at(after timestamptz DEFAULT NULL) RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_after timestamptz := coalesce(after, voiceagent.clock());
BEGIN
	RETURN least(
		(SELECT greatest(n.next_due, n.opens_at) FROM voiceagent_private.lanes n
			WHERE n.running AND greatest(n.next_due, n.opens_at) > v_after
			ORDER BY greatest(n.next_due, n.opens_at) LIMIT 1),
		(SELECT p.next_dial_at FROM voiceagent_private.pacing p
			WHERE p.next_dial_at > v_after ORDER BY p.next_dial_at LIMIT 1),
		'infinity');
END
$$;
COMMENT ON FUNCTION voiceagent_private.next_dial_at(timestamptz) IS
	E'The first instant after `after` at which time alone may make a lead claimable (a lane opens, a lead falls due, '
	'a campaign''s pace or its resting account allows); infinity when only an event can.\n'
	'Pass clock() as it was when the pass over the tenants began, so that nothing that fell due meanwhile is missed: '
	'what was due before and could not be claimed waits for a poke, not for time.';

CREATE FUNCTION voiceagent_private.live_deadline(real_carriers boolean DEFAULT true) RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN least((SELECT l.lease_until FROM voiceagent_private.live_calls l
			WHERE real_carriers OR l.provider = 'sandbox' ORDER BY l.lease_until LIMIT 1),
		(SELECT s.lease_until FROM voiceagent_private.sends s ORDER BY s.lease_until LIMIT 1),
		(SELECT i.ask_at FROM voiceagent_private.live_incoming i WHERE real_carriers ORDER BY i.ask_at LIMIT 1),
		'infinity');
END
$$;
COMMENT ON FUNCTION voiceagent_private.live_deadline(boolean) IS
	E'When the first lease of a live call, or of a claim''s requests, passes, so that due_lookups() has something, or '
	'an incoming call is to be asked about (due_incoming()); infinity without live calls.\n'
	'Without real_carriers only the sandbox''s count.';
