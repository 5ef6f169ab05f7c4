/*
 * 50_queue: whose turn it is, and when there will be something to do.
 * Only routing tables are read, so no tenant is chosen yet.
 */

CREATE FUNCTION voiceagent_private.ready_tenants(after bigint DEFAULT 0, max_tenants integer DEFAULT 100)
	RETURNS SETOF bigint LANGUAGE plpgsql VOLATILE
	SET enable_seqscan = off SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	-- More ready lanes than this, and stepping from tenant to tenant reads less.
	c_few CONSTANT integer := 2000;
	v_ready bigint[];
BEGIN
	v_ready := ARRAY(SELECT n.tenant_id FROM voiceagent_private.lanes n
		WHERE n.running AND greatest(n.next_due, n.opens_at) <= v_now AND n.closes_at > v_now
		ORDER BY greatest(n.next_due, n.opens_at), n.tenant_id LIMIT c_few);
	IF cardinality(v_ready) < c_few THEN
		RETURN QUERY SELECT d.tenant_id FROM voiceagent_private.tenant_directory d
			WHERE d.tenant_id = ANY (v_ready) AND d.active
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
		SELECT t.tenant_id
		FROM (SELECT l.tenant_id FROM later l UNION ALL SELECT e.tenant_id FROM earlier e) t
		WHERE EXISTS (SELECT FROM voiceagent_private.lanes n
					  WHERE n.tenant_id = t.tenant_id AND n.running AND greatest(n.next_due, n.opens_at) <= v_now
						AND n.closes_at > v_now)
		  AND EXISTS (SELECT FROM voiceagent_private.tenant_directory d WHERE d.tenant_id = t.tenant_id AND d.active)
		LIMIT max_tenants;
END
$$;
COMMENT ON FUNCTION voiceagent_private.ready_tenants(bigint, integer) IS
	'Up to max_tenants tenants that have an open lane with due leads, in turn: those with ids above after first, then from the lowest. Pass the tenant served last. A tenant at its caps is listed too; its claim is then empty.';

CREATE FUNCTION voiceagent_private.next_dial_at(after timestamptz DEFAULT NULL) RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE SET enable_seqscan = off SET search_path = pg_catalog, pg_temp AS $$
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
	'The first instant after `after` at which time alone may make a lead claimable (a lane opens, a lead falls due, a campaign''s pace or its resting account allows); infinity when only an event can. Pass clock() as it was when the pass over the tenants began, so that nothing that fell due meanwhile is missed: what was due before and could not be claimed waits for a poke, not for time.';

CREATE FUNCTION voiceagent_private.live_deadline(real_carriers boolean DEFAULT true) RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE SET enable_seqscan = off SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN coalesce((SELECT l.lease_until FROM voiceagent_private.live_calls l
		WHERE real_carriers OR l.provider = 'sandbox' ORDER BY l.lease_until LIMIT 1), 'infinity');
END
$$;
COMMENT ON FUNCTION voiceagent_private.live_deadline(boolean) IS
	'When the first lease of a live call passes, so that due_lookups() has something; infinity without live calls. Without real_carriers only the sandbox''s count.';
