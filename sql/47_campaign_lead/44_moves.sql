/*
 * 47_campaign_lead: leads that wait in the lane of a place where their number no
 * longer rings.
 *
 * A transaction that changes where a number rings has locked the lead, which
 * comes after lanes and queue rows in the order of locks.  So it only records
 * the campaigns concerned (record_moves()), and a maintenance job moves the
 * leads.  A lead that the job misses, because it was queued at that moment, is
 * moved by the claim that finds it, or by expiry before it gives the lead up.
 */

CREATE TABLE voiceagent_private.moved_leads (
	tenant_id bigint NOT NULL,
	campaign_id bigint NOT NULL,
	move_id bigint GENERATED ALWAYS AS IDENTITY,
	lead_id bigint NOT NULL,
	PRIMARY KEY (tenant_id, campaign_id, move_id)
);
COMMENT ON TABLE voiceagent_private.moved_leads IS
	'Leads whose number rings elsewhere than their place in a campaign''s queue says, until '
	'move_leads() has looked at them.';
SELECT voiceagent_private.guard_table('voiceagent_private.moved_leads', 'routing');

CREATE FUNCTION voiceagent_private.record_moves(lead_ids bigint[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = batch AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	INSERT INTO voiceagent_private.moved_leads (tenant_id, campaign_id, lead_id)
	SELECT v_tenant, c.campaign_id, l.lead_id
	FROM unnest(lead_ids) AS i(lead_id)
	CROSS JOIN LATERAL (SELECT o.lead_id, o.timezones,
		voiceagent_private.jurisdiction(o.country, o.region) AS jurisdiction
		FROM voiceagent.leads o WHERE o.tenant_id = v_tenant AND o.lead_id = i.lead_id OFFSET 0) l
	CROSS JOIN LATERAL (SELECT o.campaign_id, o.status, o.reason FROM voiceagent.campaign_leads o
		WHERE o.tenant_id = v_tenant AND o.lead_id = l.lead_id
			AND o.status IN ('queued', 'retry', 'skipped') OFFSET 0) c
	LEFT JOIN LATERAL (SELECT o.lane_id FROM voiceagent_private.call_queue o
		WHERE o.tenant_id = v_tenant AND o.campaign_id = c.campaign_id AND o.lead_id = l.lead_id
			AND o.number = 1 OFFSET 0) q ON true
	LEFT JOIN LATERAL (SELECT o.timezones, o.region FROM voiceagent_private.lanes o
		WHERE o.tenant_id = v_tenant AND o.lane_id = q.lane_id OFFSET 0) n ON true
	WHERE n.timezones <> l.timezones OR n.region <> l.jurisdiction
		OR c.status = 'skipped' AND c.reason = 'no legal calling window';
	IF FOUND THEN
		PERFORM voiceagent_private.request_job('move_leads', voiceagent.clock());
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.record_moves(bigint[]) IS
	'Call it after a change of zones or regions of leads of the current tenant: it has those that wait in the lane of '
	'another place, or were skipped since their place had no legal window, looked at by move_leads().';

CREATE FUNCTION voiceagent_private.misplaced(lead_ids bigint[], numbers smallint[], lane_ids bigint[])
	RETURNS voiceagent_private.dial_place[]
	LANGUAGE plpgsql STABLE SET planner.policy = by_keys AS $$
BEGIN
	RETURN ARRAY(
		SELECT ROW(p.lead_id, p.number, p.phone, p.timezones, p.jurisdiction, p.priority)::voiceagent_private.dial_place
		FROM unnest(voiceagent_private.places_of(lead_ids, numbers), lane_ids)
			AS p(lead_id, number, phone, timezones, jurisdiction, priority, lane_id)
		JOIN voiceagent_private.lanes n ON n.tenant_id = voiceagent.current_tenant() AND n.lane_id = p.lane_id
		WHERE p.timezones <> n.timezones OR p.jurisdiction <> n.region ORDER BY p.lead_id);
END
$$;
COMMENT ON FUNCTION voiceagent_private.misplaced(bigint[], smallint[], bigint[]) IS
	'Those of the leads of which numbers[i] of lead_ids[i] rings elsewhere than lane lane_ids[i] '
	'says, with where it does.';

CREATE FUNCTION voiceagent_private.move_rows(campaign_id bigint, places voiceagent_private.dial_place[],
	due timestamptz, at timestamptz)
	RETURNS bigint[] LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_moved bigint[];
BEGIN
	IF cardinality(places) = 0 THEN
		RETURN '{}';
	END IF;
	PERFORM voiceagent_private.make_lanes(campaign_id, voiceagent_private.lanes_run(campaign_id), at, places);
	-- Another transaction holds the lane and enqueues there: move these leads next time.
	WITH lane AS MATERIALIZED (
		SELECT n.lane_id, n.timezones, n.region, n.opens_at FROM voiceagent_private.lanes n
		WHERE n.tenant_id = v_tenant AND n.campaign_id = campaign_id
			AND (n.timezones, n.region) IN (SELECT d.timezones, d.jurisdiction FROM unnest(places) d)
		ORDER BY n.lane_id FOR NO KEY UPDATE SKIP LOCKED
	), moved AS (
		-- Where there is no window, the leads wait for one from now on: no_window_give_up_after counts from not_before.
		UPDATE voiceagent_private.call_queue q SET lane_id = l.lane_id, number = d.number,
			not_before = CASE WHEN l.opens_at = 'infinity' THEN greatest(q.not_before, at)
				ELSE least(q.not_before, due) END
		FROM unnest(places) d JOIN lane l ON l.timezones = d.timezones AND l.region = d.jurisdiction
		WHERE q.tenant_id = v_tenant AND q.campaign_id = campaign_id AND q.lead_id = d.lead_id
			AND q.lead_id = ANY (ARRAY(SELECT p.lead_id FROM unnest(places) p))
		RETURNING q.lane_id, q.lead_id, q.not_before
	), lowered AS (
		UPDATE voiceagent_private.lanes n SET next_due = f.first_due
		FROM (SELECT m.lane_id, min(m.not_before) AS first_due FROM moved m GROUP BY m.lane_id) f
		WHERE n.tenant_id = v_tenant AND n.lane_id = f.lane_id AND n.next_due > f.first_due
	)
	SELECT coalesce(array_agg(m.lead_id), '{}') INTO v_moved FROM moved m;
	RETURN v_moved;
END
$$;
COMMENT ON FUNCTION voiceagent_private.move_rows(bigint, voiceagent_private.dial_place[], timestamptz, timestamptz) IS
	E'Puts leads, whose queue rows in a campaign the caller has locked, into the lanes of where their numbers ring at '
	'that time, made if there is none, as due then at the latest (due NULL: as they are).\n'
	'Returns those that are there: it does not wait for a lane that another session has locked.';

CREATE FUNCTION voiceagent_private.call_skipped(campaign_id bigint, lead_ids bigint[]) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_status text :=
		(SELECT c.status FROM voiceagent.campaigns c WHERE c.tenant_id = v_tenant AND c.campaign_id = campaign_id);
	v_back bigint[];
BEGIN
	-- Any other campaign looks at them itself when it starts.
	IF v_status NOT IN ('running', 'scheduled') OR NOT EXISTS (SELECT FROM voiceagent.campaign_leads m
			WHERE m.tenant_id = v_tenant AND m.campaign_id = campaign_id AND m.lead_id = ANY (lead_ids)
				AND m.status = 'skipped' AND m.reason = 'no legal calling window') THEN
		RETURN true;
	ELSIF NOT voiceagent_private.try_lock_follow_ups(campaign_id, NULL) THEN
		RETURN false;
	END IF;
	WITH back AS (
		UPDATE voiceagent.campaign_leads m SET status = 'pending', reason = NULL
		WHERE m.tenant_id = v_tenant AND m.campaign_id = campaign_id AND m.lead_id = ANY (lead_ids)
			AND m.status = 'skipped' AND m.reason = 'no legal calling window'
		RETURNING m.lead_id
	)
	SELECT array_agg(b.lead_id) INTO v_back FROM back b;
	PERFORM voiceagent_private.wait_again(v_back, ARRAY['no legal calling window']);
	IF v_status = 'running' AND (SELECT q.queued > 0
		FROM voiceagent_private.enqueue_pending(campaign_id, v_back, true, voiceagent.clock()) q) THEN
		PERFORM voiceagent_private.revive_campaign(campaign_id);
		PERFORM voiceagent_private.poke('dialer', 'schedules');
	END IF;
	RETURN true;
END
$$;
COMMENT ON FUNCTION voiceagent_private.call_skipped(bigint, bigint[]) IS
	E'Queues those of the leads that a campaign, whose pacing row the caller holds, skipped since they had no legal '
	'calling window, if they have one now.\n'
	'False: another session has locked its lanes.';

CREATE FUNCTION voiceagent_private.move_waiting(campaign_id bigint, max integer) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_moves bigint[];
	v_leads bigint[];
	v_ids bigint[];
	v_numbers smallint[];
	v_lanes bigint[];
	v_misplaced voiceagent_private.dial_place[];
	v_moved bigint[];
	v_done integer;
BEGIN
	SELECT array_agg(m.move_id), array_agg(DISTINCT m.lead_id) INTO v_moves, v_leads
	FROM (SELECT o.move_id, o.lead_id FROM voiceagent_private.moved_leads o
		WHERE o.tenant_id = v_tenant AND o.campaign_id = campaign_id
		ORDER BY o.tenant_id, o.campaign_id, o.move_id LIMIT max) m;
	-- As when leads are added to a campaign. Making a lane waits for a change of the law, so do it before any lane is
	-- locked.
	PERFORM FROM voiceagent_private.pacing p
	WHERE p.tenant_id = v_tenant AND p.campaign_id = campaign_id FOR NO KEY UPDATE SKIP LOCKED;
	IF NOT FOUND AND EXISTS (SELECT FROM voiceagent_private.pacing p
		WHERE p.tenant_id = v_tenant AND p.campaign_id = campaign_id) THEN
		RETURN false;
	END IF;
	PERFORM voiceagent_private.lock_law(false);
	SELECT array_agg(q.lead_id), array_agg(q.number), array_agg(q.lane_id) INTO v_ids, v_numbers, v_lanes
	FROM (SELECT o.lead_id, o.number, o.lane_id FROM voiceagent_private.call_queue o
		WHERE o.tenant_id = v_tenant AND o.campaign_id = campaign_id AND o.lead_id = ANY (v_leads)
		ORDER BY o.lead_id FOR UPDATE SKIP LOCKED) q;
	v_misplaced := voiceagent_private.misplaced(v_ids, v_numbers, v_lanes);
	v_moved := voiceagent_private.move_rows(campaign_id, v_misplaced, NULL, voiceagent.clock());
	IF NOT voiceagent_private.call_skipped(campaign_id, v_leads) THEN
		RETURN false;
	END IF;
	-- A lead that is locked, or whose new lane is, stays recorded.
	DELETE FROM voiceagent_private.moved_leads m
	WHERE m.tenant_id = v_tenant AND m.campaign_id = campaign_id AND m.move_id = ANY (v_moves)
		AND NOT EXISTS (SELECT FROM voiceagent_private.call_queue q
			WHERE q.tenant_id = v_tenant AND q.campaign_id = campaign_id AND q.lead_id = m.lead_id
				AND (q.lead_id = ANY (v_ids)) IS NOT TRUE)
		AND NOT EXISTS (SELECT FROM unnest(v_misplaced) s WHERE s.lead_id = m.lead_id AND s.lead_id <> ALL (v_moved));
	GET DIAGNOSTICS v_done = ROW_COUNT;
	IF cardinality(v_moved) > 0 THEN
		PERFORM voiceagent_private.poke('dialer', 'schedules');
	END IF;
	RETURN v_done > 0;
-- Nothing else looks again at leads that were skipped: keep the records.
EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
	RETURN false;
WHEN OTHERS THEN
	RAISE LOG 'moving leads of campaign % of tenant % failed: % %', campaign_id, v_tenant, SQLSTATE, SQLERRM;
	DELETE FROM voiceagent_private.moved_leads m WHERE m.tenant_id = v_tenant AND m.campaign_id = campaign_id
		AND m.move_id = ANY (v_moves);
	RETURN true;
END
$$;
COMMENT ON FUNCTION voiceagent_private.move_waiting(bigint, integer) IS
	E'Looks at up to max notes of moved leads in a campaign of the current tenant, moves who waits in the lane of '
	'elsewhere, and forgets the notes.\n'
	'False, and the notes stay, when another session has locked a row; true also when it fails, which is logged: '
	'claim and expiry judge the place themselves.';

CREATE FUNCTION voiceagent_private.move_leads(max integer) RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_was bigint := voiceagent_private.set_tenant(0);
	v_due record;
	v_next timestamptz := 'infinity';
BEGIN
	FOR v_due IN
		-- Step from campaign to campaign, however many records one of them has; the campaign with the oldest first
		-- record comes first.
		WITH RECURSIVE noted AS (
			(SELECT m.tenant_id, m.campaign_id, m.move_id FROM voiceagent_private.moved_leads m
				ORDER BY m.tenant_id, m.campaign_id, m.move_id LIMIT 1)
			UNION ALL
			SELECT f.* FROM noted n CROSS JOIN LATERAL (
				SELECT m.tenant_id, m.campaign_id, m.move_id FROM voiceagent_private.moved_leads m
				WHERE (m.tenant_id, m.campaign_id) > (n.tenant_id, n.campaign_id)
				ORDER BY m.tenant_id, m.campaign_id, m.move_id LIMIT 1) f
		)
		SELECT n.tenant_id, n.campaign_id FROM noted n ORDER BY n.move_id
	LOOP
		PERFORM voiceagent_private.set_tenant(v_due.tenant_id);
		v_next := v_now + interval '1 second';
		-- One campaign per transaction, because campaigns are locked in a fixed order.
		IF voiceagent_private.move_waiting(v_due.campaign_id, max) THEN
			v_next := v_now;
			EXIT;
		END IF;
	END LOOP;
	PERFORM voiceagent_private.set_tenant(v_was);
	RETURN v_next;
END
$$;
COMMENT ON FUNCTION voiceagent_private.move_leads(integer) IS
	E'A maintenance job: one step of at most max leads of one campaign of any tenant whose number rings '
	'elsewhere since an update: they go to the lane of where it rings now, and a lead that was skipped for want of a '
	'legal window is judged again.\n'
	'Returns when the next step is due.';
SELECT voiceagent_private.register_job('move_leads', 1000);
