-- 45_campaign: the lanes that keep the windows of real time.

CREATE FUNCTION voiceagent_private.recompute_campaign_lanes(campaign_id bigint, version integer, running boolean,
	at timestamptz)
	RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_windows int[];
	v_lawful boolean;
BEGIN
	SELECT voiceagent_private.hours_windows(v.calling_hours), v.lawful INTO STRICT v_windows, v_lawful
	FROM voiceagent.campaign_versions v
	WHERE v.tenant_id = v_tenant AND v.campaign_id = recompute_campaign_lanes.campaign_id
		AND v.version = recompute_campaign_lanes.version;
	PERFORM FROM voiceagent_private.lanes l
	WHERE l.tenant_id = v_tenant AND l.campaign_id = recompute_campaign_lanes.campaign_id
	ORDER BY l.lane_id FOR NO KEY UPDATE;
	UPDATE voiceagent_private.lanes l
	SET opens_at = w.opens_at, closes_at = w.closes_at, running = recompute_campaign_lanes.running, gives_up_at = NULL
	FROM (SELECT n.lane_id, u.opens_at, u.closes_at FROM voiceagent_private.lanes n
		CROSS JOIN LATERAL voiceagent_private.window_under(v_lawful, n.region, n.timezones, v_windows, at) u
		WHERE n.tenant_id = v_tenant AND n.campaign_id = recompute_campaign_lanes.campaign_id) w
	WHERE l.tenant_id = v_tenant AND l.lane_id = w.lane_id;
END
$$;
COMMENT ON FUNCTION voiceagent_private.recompute_campaign_lanes(bigint, integer, boolean, timestamptz) IS
	'Computes the windows of all lanes of a campaign anew, as that version of it says, and sets whether they run.';

CREATE FUNCTION voiceagent_private.closing_tenants(max integer, passed bigint[] DEFAULT '{}') RETURNS SETOF bigint
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
BEGIN
	PERFORM voiceagent_private.renew_terms_in_passing(v_now);
	RETURN QUERY SELECT DISTINCT l.tenant_id FROM (SELECT n.tenant_id FROM voiceagent_private.lanes n
		WHERE n.running AND n.closes_at <= v_now AND n.tenant_id <> ALL (passed)
		ORDER BY n.closes_at LIMIT max) l ORDER BY 1;
END
$$;
COMMENT ON FUNCTION voiceagent_private.closing_tenants(integer, bigint[]) IS
	E'For workers: the tenants of the max running lanes whose window passed first, but for those in passed.\n'
	'Renews the terms of the law first where they end.';

CREATE FUNCTION voiceagent_private.advance_tenant_lanes(max integer) RETURNS integer LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_tenant bigint := voiceagent.current_tenant();
	v_rolled integer;
BEGIN
	WITH passed AS MATERIALIZED (
		SELECT l.lane_id, l.campaign_id, l.timezones, l.region FROM voiceagent_private.lanes l
		WHERE l.tenant_id = v_tenant AND l.running AND l.closes_at <= v_now
		ORDER BY l.lane_id LIMIT max FOR NO KEY UPDATE SKIP LOCKED
	), hours AS MATERIALIZED (
		SELECT c.campaign_id, voiceagent_private.hours_windows(v.calling_hours) AS windows, v.lawful
		FROM voiceagent.campaigns c
		JOIN voiceagent.campaign_versions v ON v.tenant_id = c.tenant_id AND v.campaign_id = c.campaign_id
			AND v.version = c.version
		WHERE c.tenant_id = v_tenant AND c.campaign_id IN (SELECT p.campaign_id FROM passed p)
	), rolled AS MATERIALIZED (
		SELECT p.lane_id, w.opens_at, w.closes_at FROM passed p JOIN hours h USING (campaign_id)
		CROSS JOIN LATERAL voiceagent_private.window_under(h.lawful, p.region, p.timezones, h.windows, v_now) w
	)
	-- A lead that joins after the lane has lost its window again gets its own full waiting period.
	UPDATE voiceagent_private.lanes l SET opens_at = r.opens_at, closes_at = r.closes_at,
		gives_up_at = CASE WHEN r.opens_at = 'infinity' THEN l.gives_up_at END
	FROM rolled r
	WHERE l.tenant_id = v_tenant AND l.lane_id = r.lane_id;
	GET DIAGNOSTICS v_rolled = ROW_COUNT;
	RETURN v_rolled;
END
$$;
COMMENT ON FUNCTION voiceagent_private.advance_tenant_lanes(integer) IS
	E'Gives at most max running lanes of the current tenant whose window has passed their next '
	'one; returns how many.\n'
	'Lanes that another session has locked are passed over.';

CREATE FUNCTION voiceagent_private.advance_lanes(max integer DEFAULT 1000) RETURNS integer
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_was bigint := voiceagent_private.set_tenant(0);
	v_tenant bigint;
	v_rolled integer := 0;
BEGIN
	FOR v_tenant IN SELECT t FROM voiceagent_private.closing_tenants(max) t LOOP
		PERFORM voiceagent_private.set_tenant(v_tenant);
		v_rolled := v_rolled + voiceagent_private.advance_tenant_lanes(max);
	END LOOP;
	PERFORM voiceagent_private.set_tenant(v_was);
	RETURN v_rolled;
END
$$;
COMMENT ON FUNCTION voiceagent_private.advance_lanes(integer) IS
	E'Gives the running lanes of all tenants whose window has passed their next one; returns how many.\n'
	'At most max a tenant. '
	'A simulation does so; a worker takes tenant by tenant, so that no error of one stops the others.';

-- Every wake of a worker asks this. A plpgsql function keeps its plan; an SQL function would be planned each time.
CREATE FUNCTION voiceagent_private.next_lane_change() RETURNS timestamptz LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	RETURN least(
		coalesce((SELECT min(l.closes_at) FROM voiceagent_private.lanes l WHERE l.running), 'infinity'),
		coalesce((SELECT min(p.starts_at) FROM voiceagent_private.pacing p WHERE p.starts_at IS NOT NULL), 'infinity'));
END
$$;
COMMENT ON FUNCTION voiceagent_private.next_lane_change() IS
	'For workers: when the next lane is to be rolled, or the next campaign to be started; infinity: '
	'never, as things stand.';
