/*
 * 55_call: when the clock is set back (by whoever keeps the machine's time, or
 * by voiceagent.clock_offset), what was due stays due, and who waits for a
 * while does not wait that much longer.  What was to come at a time of its own
 * (a callback at three) still comes at that time.
 *
 * The worker does it (clockwork.c): waits that are one row of a routing table
 * each by itself, in a commit for each table, the rest here.
 */

CREATE FUNCTION voiceagent_private.latest_time() RETURNS timestamptz
	LANGUAGE sql STABLE
	RETURN (SELECT max(d.ran_at) FROM voiceagent_private.duties d);
COMMENT ON FUNCTION voiceagent_private.latest_time() IS
	'The latest time of which the former workers left a trace: where a clock was before it was set back while no worker ran. NULL: none.';

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
	FOR v_tenant IN SELECT d.tenant_id FROM voiceagent_private.tenant_directory d ORDER BY d.tenant_id LOOP
		PERFORM voiceagent_private.act_for(v_tenant);
		UPDATE voiceagent.provider_accounts a SET resumes_at = a.resumes_at - (latest - v_now)
		WHERE a.tenant_id = v_tenant AND a.resumes_at > v_now AND a.resumes_at < 'infinity';
	END LOOP;
	PERFORM voiceagent_private.act_for(0);
	FOR v_tenant, v_lanes IN
		WITH due AS MATERIALIZED (
			SELECT l.tenant_id, l.lane_id FROM voiceagent_private.lanes l
			WHERE l.next_due > v_now AND l.next_due <= latest ORDER BY l.tenant_id, l.campaign_id, l.lane_id FOR UPDATE
		)
		SELECT d.tenant_id, array_agg(d.lane_id ORDER BY d.lane_id) FROM due d GROUP BY d.tenant_id ORDER BY d.tenant_id
	LOOP
		PERFORM voiceagent_private.act_for(v_tenant);
		UPDATE voiceagent_private.lanes l SET next_due = v_now
		WHERE l.tenant_id = v_tenant AND l.lane_id = ANY (v_lanes) AND l.next_due > v_now;
		WITH due AS MATERIALIZED (
			SELECT q.campaign_id, q.lead_id FROM voiceagent_private.call_queue q
			WHERE q.tenant_id = v_tenant AND q.lane_id = ANY (v_lanes) AND q.not_before > v_now AND q.not_before <= latest
			ORDER BY q.lead_id FOR UPDATE
		)
		UPDATE voiceagent_private.call_queue q SET not_before = v_now
		FROM due d WHERE q.tenant_id = v_tenant AND q.campaign_id = d.campaign_id AND q.lead_id = d.lead_id;
		GET DIAGNOSTICS v_rows = ROW_COUNT;
		v_due := v_due + v_rows;
	END LOOP;
	PERFORM voiceagent_private.act_for(v_was);
	RETURN v_due;
END
$$;
COMMENT ON FUNCTION voiceagent_private.set_back_queue(timestamptz) IS
	'The clock was set back from that time: whoever was due then is due now, and a carrier account rests no longer than it would have. Returns how many leads are due by it.';
