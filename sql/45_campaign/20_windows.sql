-- 45_campaign: the lanes that keep the windows of real time.

CREATE FUNCTION voiceagent_private.roll_campaign_lanes(campaign_id bigint, calling_hours jsonb, running boolean, at timestamptz)
	RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_windows int[] := voiceagent_private.hours_windows(calling_hours);
	v_lanes bigint;
BEGIN
	PERFORM FROM voiceagent_private.lanes l
	WHERE l.tenant_id = v_tenant AND l.campaign_id = roll_campaign_lanes.campaign_id
	ORDER BY l.lane_id FOR NO KEY UPDATE;
	UPDATE voiceagent_private.lanes l
	SET opens_at = w.opens_at, closes_at = w.closes_at, running = roll_campaign_lanes.running
	FROM (SELECT z.timezones, (voiceagent_private.window_of(z.timezones, v_windows, at)).*
		FROM (SELECT DISTINCT n.timezones FROM voiceagent_private.lanes n
			WHERE n.tenant_id = v_tenant AND n.campaign_id = roll_campaign_lanes.campaign_id) z
	) w
	WHERE l.tenant_id = v_tenant AND l.campaign_id = roll_campaign_lanes.campaign_id AND l.timezones = w.timezones;
	GET DIAGNOSTICS v_lanes = ROW_COUNT;
	RETURN v_lanes;
END
$$;
COMMENT ON FUNCTION voiceagent_private.roll_campaign_lanes(bigint, jsonb, boolean, timestamptz) IS
	'Computes the windows of all lanes of a campaign anew (once per set of zones) and sets whether they run; returns their number.';

CREATE FUNCTION voiceagent_private.roll_lanes(max integer DEFAULT 1000) RETURNS integer LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_was bigint := voiceagent_private.act_for(0);
	v_tenant bigint;
	v_rows bigint;
	v_rolled integer := 0;
BEGIN
	FOR v_tenant IN
		SELECT DISTINCT l.tenant_id FROM (SELECT n.tenant_id FROM voiceagent_private.lanes n
			WHERE n.running AND n.closes_at <= v_now ORDER BY n.closes_at LIMIT max) l ORDER BY 1
	LOOP
		PERFORM voiceagent_private.act_for(v_tenant);
		WITH passed AS MATERIALIZED (
			SELECT l.lane_id, l.campaign_id, l.timezones FROM voiceagent_private.lanes l
			WHERE l.tenant_id = v_tenant AND l.running AND l.closes_at <= v_now
			ORDER BY l.lane_id LIMIT max FOR NO KEY UPDATE SKIP LOCKED
		), hours AS MATERIALIZED (
			SELECT c.campaign_id, voiceagent_private.hours_windows(v.calling_hours) AS windows
			FROM voiceagent.campaigns c
			JOIN voiceagent.campaign_versions v ON v.tenant_id = c.tenant_id AND v.campaign_id = c.campaign_id AND v.version = c.version
			WHERE c.tenant_id = v_tenant AND c.campaign_id IN (SELECT p.campaign_id FROM passed p)
		), rolled AS MATERIALIZED (
			SELECT h.campaign_id, z.timezones, (voiceagent_private.window_of(z.timezones, h.windows, v_now)).*
			FROM (SELECT DISTINCT p.campaign_id, p.timezones FROM passed p) z JOIN hours h USING (campaign_id)
		)
		UPDATE voiceagent_private.lanes l SET opens_at = r.opens_at, closes_at = r.closes_at
		FROM passed p JOIN rolled r USING (campaign_id, timezones)
		WHERE l.tenant_id = v_tenant AND l.lane_id = p.lane_id;
		GET DIAGNOSTICS v_rows = ROW_COUNT;
		v_rolled := v_rolled + v_rows;
	END LOOP;
	PERFORM voiceagent_private.act_for(v_was);
	RETURN v_rolled;
END
$$;
COMMENT ON FUNCTION voiceagent_private.roll_lanes(integer) IS
	'For workers: gives the running lanes of all tenants whose window has passed their next one; at most max a tenant, returns how many.';

CREATE FUNCTION voiceagent_private.next_lane_change() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
	SELECT least(
		coalesce((SELECT min(l.closes_at) FROM voiceagent_private.lanes l WHERE l.running), 'infinity'),
		coalesce((SELECT min(p.starts_at) FROM voiceagent_private.pacing p WHERE p.starts_at IS NOT NULL), 'infinity'))
$$;
COMMENT ON FUNCTION voiceagent_private.next_lane_change() IS
	'For workers: when roll_lanes() or start_due_campaigns() next has something to do; infinity: never, as things stand.';
