/*
 * 55_call: when the clock is set back (by whoever keeps the machine's time, or
 * by voiceagent.clock_offset), what was due stays due, and who waits for a
 * while does not wait that much longer.  What was to come at a time of its own
 * (a callback at three, the end of a campaign) still comes at that time, and
 * lanes are open in the windows of the time that it is now.
 *
 * The worker does it (clock_steps.c): the waits that are a column each by
 * themselves in a commit each, the lanes and what waits in them here, and then
 * it rolls the lanes.  Duties it has done at once.
 */

CREATE FUNCTION voiceagent_private.latest_time() RETURNS timestamptz
	LANGUAGE sql STABLE
	RETURN (SELECT max(d.ran_at) FROM voiceagent_private.duties d);
COMMENT ON FUNCTION voiceagent_private.latest_time() IS
	'The latest time of which the former workers left a trace: where a clock was before it was set back while no worker ran. NULL: none.';

CREATE FUNCTION voiceagent_private.clock_waits() RETURNS TABLE (tab text, col text, way text)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	VALUES ('voiceagent_private.pacing', 'next_dial_at', 'at once'),
		('voiceagent_private.pacing', 'brakes_from', 'at once'),
		-- A campaign's end keeps its time: whoever looks too early looks again.
		('voiceagent_private.pacing', 'expiry_due', 'at once'),
		('voiceagent_private.live_calls', 'ends_by', 'at once'),
		('voiceagent_private.live_calls', 'lease_until', 'at once'),
		('voiceagent_private.live_calls', 'asked_at', 'at once'),
		('voiceagent_private.live_calls', 'answer_due', 'at once'),
		('voiceagent_private.sends', 'lease_until', 'at once'),
		('voiceagent_private.inbox', 'next_try_at', 'at once'),
		('voiceagent_private.outbox', 'next_at', 'at once'),
		('voiceagent_private.outbox_targets', 'rests_until', 'at once'),
		('voiceagent_private.errand_queue', 'next_at', 'at once'),
		('voiceagent_private.audience_turns', 'next_at', 'at once'),
		('voiceagent_private.best_time_marks', 'refresh_at', 'at once'),
		('voiceagent_private.retention_marks', 'next_at', 'at once'),
		('voiceagent_private.waiting_erasures', 'next_at', 'at once'),
		('voiceagent.provider_accounts', 'resumes_at', 'by tenant'),
		('voiceagent.notice_targets', 'rests_until', 'by tenant'),
		('voiceagent_private.account_dials', 'avoid_until', 'by tenant'),
		('voiceagent_private.account_dials', 'slowed_at', 'by tenant'),
		('voiceagent_private.account_dials', 'lowered_at', 'by tenant'),
		('voiceagent_private.lanes', 'opens_at', 'set_back_queue'),
		('voiceagent_private.lanes', 'closes_at', 'set_back_queue'),
		('voiceagent_private.lanes', 'next_due', 'set_back_queue'),
		('voiceagent_private.lanes', 'gives_up_at', 'set_back_queue'),
		('voiceagent_private.call_queue', 'not_before', 'set_back_queue'),
		('voiceagent_private.duties', 'next_at', 'recall_duties')
$$;
COMMENT ON FUNCTION voiceagent_private.clock_waits() IS
	'The columns whose times somebody waits for and that follow a clock that is set back, and how: in all rows at once, tenant by tenant (who alone may write there), or by the function of that name.';

CREATE FUNCTION voiceagent_private.set_back_wait(place integer, latest timestamptz) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_tab regclass;
	v_col name;
	v_way text;
	v_was bigint;
	v_tenant bigint;
BEGIN
	SELECT w.tab, w.col, w.way INTO v_tab, v_col, v_way
	FROM voiceagent_private.clock_waits() WITH ORDINALITY AS w(tab, col, way, place) WHERE w.place = set_back_wait.place;
	IF NOT FOUND THEN
		RETURN false;
	END IF;
	v_was := voiceagent_private.act_for(0);
	FOR v_tenant IN
		SELECT 0 WHERE v_way = 'at once'
		UNION ALL SELECT d.tenant_id FROM voiceagent_private.tenant_directory d WHERE v_way = 'by tenant' ORDER BY 1
	LOOP
		PERFORM voiceagent_private.act_for(v_tenant);
		EXECUTE format('UPDATE %s t SET %2$I = t.%2$I - ($1 - $2)
			WHERE t.%2$I > $2 AND t.%2$I < ''infinity'' AND ($3 = 0 OR t.tenant_id = $3)', v_tab, v_col)
		USING latest, v_now, v_tenant;
	END LOOP;
	PERFORM voiceagent_private.act_for(v_was);
	RETURN true;
END
$$;
COMMENT ON FUNCTION voiceagent_private.set_back_wait(integer, timestamptz) IS
	'The clock was set back from that time: the waits of a row of clock_waits() (from 1) end as long from now as they would have. False when there is no such row.';

CREATE FUNCTION voiceagent_private.set_back_queue(latest timestamptz) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SET enable_seqscan = off SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_was bigint := voiceagent_private.act_for(0);
	v_lanes bigint[];
	v_tenant bigint;
	v_due bigint := 0;
	v_rows bigint;
BEGIN
	FOR v_tenant, v_lanes IN
		WITH late AS MATERIALIZED (
			SELECT l.tenant_id, l.lane_id FROM voiceagent_private.lanes l
			WHERE l.next_due > v_now AND l.next_due < 'infinity' OR l.running AND l.opens_at > v_now OR l.gives_up_at > v_now
			ORDER BY l.tenant_id, l.campaign_id, l.lane_id FOR UPDATE
		)
		SELECT d.tenant_id, array_agg(d.lane_id ORDER BY d.lane_id) FROM late d GROUP BY d.tenant_id ORDER BY d.tenant_id
	LOOP
		PERFORM voiceagent_private.act_for(v_tenant);
		-- A window to come may be that of a day far ahead: the lane is to be rolled.
		UPDATE voiceagent_private.lanes l
		SET next_due = CASE WHEN l.next_due <= v_now OR l.next_due = 'infinity' THEN l.next_due
				ELSE greatest(l.next_due - (latest - v_now), v_now) END,
			closes_at = CASE WHEN l.running AND l.opens_at > v_now THEN least(l.closes_at, v_now) ELSE l.closes_at END,
			gives_up_at = CASE WHEN l.gives_up_at > v_now THEN l.gives_up_at - (latest - v_now) ELSE l.gives_up_at END
		WHERE l.tenant_id = v_tenant AND l.lane_id = ANY (v_lanes);
		WITH late AS MATERIALIZED (
			SELECT q.campaign_id, q.lead_id FROM voiceagent_private.call_queue q
			WHERE q.tenant_id = v_tenant AND q.lane_id = ANY (v_lanes) AND q.not_before > v_now
				AND (q.not_before <= latest OR q.reason <> 'callback')
			ORDER BY q.lead_id FOR UPDATE
		)
		UPDATE voiceagent_private.call_queue q SET not_before = greatest(q.not_before - (latest - v_now), v_now)
		FROM late d WHERE q.tenant_id = v_tenant AND q.campaign_id = d.campaign_id AND q.lead_id = d.lead_id;
		GET DIAGNOSTICS v_rows = ROW_COUNT;
		v_due := v_due + v_rows;
	END LOOP;
	PERFORM voiceagent_private.act_for(v_was);
	RETURN v_due;
END
$$;
COMMENT ON FUNCTION voiceagent_private.set_back_queue(timestamptz) IS
	'The clock was set back from that time: whoever was due then is due now, who waits for a while waits as long as before, a promised callback keeps its time, and running lanes that are to open are due for roll_lanes(). Returns how many leads wait less long by it.';
