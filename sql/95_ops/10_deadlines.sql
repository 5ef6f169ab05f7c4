/*
 * 95_ops: when the clock is set back (by whoever keeps the machine's time, or
 * by voiceagent.clock_offset), what was due stays due, and who waits for a
 * while does not wait that much longer.  An event at a fixed time (a callback
 * at three, the end of a campaign) still comes at that time, and lanes are open
 * in the windows of the time that it is now.
 *
 * The worker does it (clock_steps.c): the waits that are columns, each table by
 * itself in a commit, the lanes and what waits in them here, and then
 * it rolls the lanes.  Maintenance jobs it has done at once.
 *
 * Each wait moves once by the whole step, however often something has to be
 * tried again: what a step is is said by its two ends, and a tenant of whom
 * somebody holds a row is passed over with all of its rows of that table, to be
 * looked at again by itself.  So this waits for no lock.  Rows that such a
 * tenant wrote meanwhile, by the clock as it is now, cannot be distinguished
 * from older rows: of that, too, what is later than the step's lower end moves
 * by the whole step, and is due sooner than it was meant, never later.
 *
 * A transaction that began before the step may still write by the clock as it
 * was.  So ten seconds later all tables are looked through once more: a time
 * behind the step's upper end moves, unless we have moved it, even if the new
 * clock has put it there.  A step below ten minutes is ignored.
 */

CREATE FUNCTION voiceagent_private.set_back_wait(place integer, latest timestamptz, back timestamptz,
	of_tenant bigint DEFAULT 0, ours xid[] DEFAULT '{}')
	RETURNS bigint[] LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tab regclass;
	v_way text;
	v_late text;
	v_set text;
	v_after timestamptz := CASE cardinality(ours) WHEN 0 THEN back ELSE latest END;
	v_was bigint := voiceagent_private.set_tenant(0);
	v_tenant bigint;
	v_rows tid[];
	v_passed bigint[];
	v_held bigint[] := '{}';
BEGIN
	-- Names of the catalog.  @plpgsql_check_options: security_warnings = off
	SELECT w.tab, w.way, format('(%s) AND ($2 = 0 OR t.tenant_id = $2) AND t.xmin <> ALL ($3)',
		string_agg(format('t.%1$I > $1 AND t.%1$I < ''infinity''', w.col), ' OR ')),
		string_agg(format('%1$I = t.%1$I - CASE WHEN t.%1$I > $1 THEN $6 ELSE ''0'' END', w.col), ', ')
	INTO v_tab, v_way, v_late, v_set
	FROM voiceagent_private.clock_waits w GROUP BY w.tab, w.way ORDER BY w.tab COLLATE "C" LIMIT 1 OFFSET place - 1;
	FOR v_tenant IN
		SELECT of_tenant WHERE v_way = 'at once' OR v_way = 'by tenant' AND of_tenant <> 0
		UNION ALL SELECT d.tenant_id FROM voiceagent_private.tenant_directory d
		WHERE v_way = 'by tenant' AND of_tenant = 0 ORDER BY 1
	LOOP
		PERFORM voiceagent_private.set_tenant(CASE v_way WHEN 'by tenant' THEN v_tenant ELSE 0 END);
		EXECUTE format('SELECT array_agg(l.ctid) FROM (SELECT t.ctid FROM %s t WHERE %s
				FOR NO KEY UPDATE SKIP LOCKED) l', v_tab, v_late) INTO v_rows USING v_after, v_tenant, ours;
		EXECUTE format('SELECT coalesce(array_agg(DISTINCT t.tenant_id), ''{}'') FROM %s t WHERE %s
				AND NOT EXISTS (SELECT FROM unnest($4) AS l(ctid) WHERE l.ctid = t.ctid)', v_tab, v_late)
		INTO v_passed USING v_after, v_tenant, ours, v_rows;
		EXECUTE format('UPDATE %s t SET %s WHERE %s AND t.ctid = ANY ($4) AND t.tenant_id <> ALL ($5)', v_tab,
			v_set, v_late) USING v_after, v_tenant, ours, v_rows, v_passed, latest - back;
		v_held := v_held || v_passed;
	END LOOP;
	PERFORM voiceagent_private.set_tenant(v_was);
	RETURN v_held;
END
$$;
COMMENT ON FUNCTION voiceagent_private.set_back_wait(integer, timestamptz, timestamptz, bigint, xid[]) IS
	E'The clock was set back from the time latest to the time back: the waits of a table of clock_waits (from 1) '
	'that moves at once or by tenant end as long from back as they would have; those of that tenant alone, but for 0.\n'
	'Waits for no row: returns the tenants of whom somebody holds one, and of whom nothing was moved.\n'
	'ours: only what is behind latest, and that these did not write.';

CREATE FUNCTION voiceagent_private.set_back_queue(latest timestamptz, back timestamptz, of_tenant bigint DEFAULT 0,
	ours xid[] DEFAULT '{}') RETURNS bigint[]
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_after timestamptz := CASE cardinality(ours) WHEN 0 THEN back ELSE latest END;
	v_was bigint := voiceagent_private.set_tenant(0);
	v_held bigint[] := '{}';
	v_tenant bigint;
	v_late bigint[];
	v_lanes bigint[];
	v_campaigns bigint[];
	v_leads bigint[];
	v_waiting bigint;
BEGIN
	FOR v_tenant, v_late IN
		SELECT l.tenant_id, array_agg(l.lane_id) FROM voiceagent_private.lanes l
		WHERE (l.next_due < 'infinity' OR l.running AND l.opens_at > back OR l.gives_up_at > v_after)
			AND (of_tenant = 0 OR l.tenant_id = of_tenant)
		GROUP BY l.tenant_id ORDER BY l.tenant_id
	LOOP
		PERFORM voiceagent_private.set_tenant(v_tenant);
		SELECT array_agg(m.lane_id) INTO v_lanes
		FROM (SELECT l.lane_id FROM voiceagent_private.lanes l WHERE l.tenant_id = v_tenant AND l.lane_id = ANY (v_late)
			ORDER BY l.campaign_id, l.lane_id FOR UPDATE SKIP LOCKED) m;
		WITH late AS MATERIALIZED (
			SELECT q.campaign_id, q.lead_id FROM voiceagent_private.call_queue q
			WHERE q.tenant_id = v_tenant AND q.lane_id = ANY (v_late) AND q.not_before > v_after
				AND (q.not_before <= latest OR q.reason <> 'callback') AND q.xmin <> ALL (ours)
		), mine AS MATERIALIZED (
			SELECT q.campaign_id, q.lead_id FROM late d
			JOIN voiceagent_private.call_queue q ON q.tenant_id = v_tenant AND q.campaign_id = d.campaign_id
				AND q.lead_id = d.lead_id
			ORDER BY q.lead_id FOR UPDATE OF q SKIP LOCKED
		)
		SELECT array_agg(m.campaign_id), array_agg(m.lead_id), (SELECT count(*) FROM late) INTO v_campaigns, v_leads,
			v_waiting FROM mine m;
		IF cardinality(v_lanes) IS DISTINCT FROM cardinality(v_late)
			OR coalesce(cardinality(v_leads), 0) < v_waiting THEN
			v_held := v_held || v_tenant;
			CONTINUE;
		END IF;
		-- A window to come may be that of a day far ahead: the lane is to be rolled.
		UPDATE voiceagent_private.lanes l
		SET next_due = CASE WHEN l.next_due <= v_after OR l.next_due = 'infinity' THEN l.next_due
			ELSE greatest(l.next_due - (latest - back), back) END,
			closes_at = CASE WHEN l.running AND l.opens_at > back THEN least(l.closes_at, back) ELSE l.closes_at END,
			gives_up_at = CASE WHEN l.gives_up_at > v_after AND l.xmin <> ALL (ours)
				THEN l.gives_up_at - (latest - back) ELSE l.gives_up_at END
		WHERE l.tenant_id = v_tenant AND l.lane_id = ANY (v_lanes);
		UPDATE voiceagent_private.call_queue q SET not_before = greatest(q.not_before - (latest - back), back)
		FROM unnest(v_campaigns, v_leads) AS m(campaign_id, lead_id)
		WHERE q.tenant_id = v_tenant AND q.campaign_id = m.campaign_id AND q.lead_id = m.lead_id;
	END LOOP;
	PERFORM voiceagent_private.set_tenant(v_was);
	RETURN v_held;
END
$$;
COMMENT ON FUNCTION voiceagent_private.set_back_queue(timestamptz, timestamptz, bigint, xid[]) IS
	E'The clock was set back from the time latest to the time back: whoever was due then is due now, who waits for a '
	'while waits as long as before, a promised callback keeps its time, and running lanes that are to open are due '
	'for advance_lanes(); of that tenant alone, but for 0.\n'
	'Waits for no row: returns the tenants of whom somebody holds one, and of whom nothing was moved.\n'
	'ours: as in set_back_wait().';
