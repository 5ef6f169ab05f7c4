/*
 * 47_campaign_lead: time runs out.  A campaign has an end (expires_at, or
 * expires_after its start); a lead without any calling window waits for
 * no_window_give_up_after.  A lead that is not done by then leaves the queue as
 * expired; live calls go on, and the campaign completes.
 *
 * pacing.expires_at is the end itself: the claim dials no lead after it, and no
 * retry is queued beyond it. pacing.expiry_due is when expire_leads() looks next;
 * while calls of an expired campaign are live it looks again and again, since a
 * retry that was decided just before the end may come in just after it.
 */

CREATE FUNCTION voiceagent_private.set_expiry(campaign voiceagent.campaigns, version integer, starts timestamptz)
	RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_after interval;
	v_end timestamptz;
BEGIN
	SELECT voiceagent_private.as_interval(v.settings ->> 'expires_after') INTO v_after
	FROM voiceagent.campaign_versions v
	WHERE v.tenant_id = v_tenant AND v.campaign_id = campaign.campaign_id AND v.version = set_expiry.version;
	v_end := least(campaign.expires_at, CASE WHEN v_after > interval '0' THEN starts + v_after END);
	UPDATE voiceagent_private.pacing p SET expires_at = v_end, expiry_due = v_end
	WHERE p.tenant_id = v_tenant AND p.campaign_id = campaign.campaign_id
		AND (p.expires_at IS DISTINCT FROM v_end OR p.expiry_due IS DISTINCT FROM v_end);
END
$$;
COMMENT ON FUNCTION voiceagent_private.set_expiry(voiceagent.campaigns, integer, timestamptz) IS
	'Notes when a campaign that the caller has locked ends, by that version of its settings and this start (NULL: not '
	'started); NULL: never.';

CREATE FUNCTION voiceagent_private.require_not_expired(campaign_id bigint, at timestamptz) RETURNS void
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_end timestamptz := (SELECT p.expires_at FROM voiceagent_private.pacing p
		WHERE p.tenant_id = voiceagent.current_tenant() AND p.campaign_id = require_not_expired.campaign_id);
BEGIN
	PERFORM voiceagent_private.fail_if(v_end <= at, 'PT409', 'the campaign has expired',
		format('It ended at %s.', v_end),
		'Give it a later expires_at, or a longer expires_after, with update_campaign().');
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_not_expired(bigint, timestamptz) IS
	'PT409 if a campaign of the current tenant, as set_expiry() has noted it, has ended by that time.';

CREATE FUNCTION voiceagent_private.expire_rows(campaign_id bigint, lane_id bigint, due timestamptz, reason text,
	max integer) RETURNS integer
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_lanes bigint[];
	v_ids bigint[];
	v_numbers smallint[];
	v_misplaced voiceagent_private.dial_place[];
	v_found integer;
	-- More leads than this share one event.
	c_each CONSTANT integer := 100;
BEGIN
	PERFORM voiceagent_private.lock_follow_ups(ARRAY[campaign_id]);
	v_lanes := ARRAY(SELECT n.lane_id FROM voiceagent_private.lanes n
		WHERE n.tenant_id = v_tenant AND n.campaign_id = campaign_id AND (lane_id IS NULL OR n.lane_id = lane_id)
		ORDER BY n.lane_id FOR NO KEY UPDATE);
	IF lane_id IS NULL THEN
		v_ids := ARRAY(SELECT q.lead_id FROM voiceagent_private.call_queue q
			WHERE q.tenant_id = v_tenant AND q.campaign_id = campaign_id
			ORDER BY q.lead_id LIMIT max FOR UPDATE SKIP LOCKED);
	ELSE
		SELECT coalesce(array_agg(q.lead_id), '{}'), array_agg(q.number) INTO v_ids, v_numbers
		FROM (SELECT o.lead_id, o.number FROM voiceagent_private.call_queue o
			WHERE o.tenant_id = v_tenant AND o.lane_id = lane_id AND o.not_before <= due
			ORDER BY o.priority, o.not_before, o.lead_id LIMIT max FOR UPDATE SKIP LOCKED) q;
	END IF;
	v_found := cardinality(v_ids);
	IF lane_id IS NOT NULL AND v_found > 0 THEN
		-- A lead that moved while it waited is not given up: it waits where its number rings now.
		v_misplaced := voiceagent_private.misplaced(v_ids, v_numbers, array_fill(lane_id, ARRAY[v_found]));
		PERFORM voiceagent_private.move_rows(campaign_id, v_misplaced, NULL, v_now);
		v_ids :=
			ARRAY(SELECT i FROM unnest(v_ids) i WHERE i <> ALL (ARRAY(SELECT s.lead_id FROM unnest(v_misplaced) s)));
	END IF;
	IF cardinality(v_ids) > 0 THEN
		DELETE FROM voiceagent_private.call_queue q
		WHERE q.tenant_id = v_tenant AND q.campaign_id = campaign_id AND q.lead_id = ANY (v_ids);
		UPDATE voiceagent.campaign_leads m SET status = 'expired', reason = reason
		WHERE m.tenant_id = v_tenant AND m.campaign_id = campaign_id AND m.lead_id = ANY (v_ids);
		PERFORM voiceagent_private.give_up_leads(array_fill(campaign_id, ARRAY[cardinality(v_ids)]), v_ids);
		INSERT INTO voiceagent.events (tenant_id, month_slot, at, event_type, campaign_id, lead_id, event_data)
		SELECT v_tenant, voiceagent_private.month_slot(v_now), v_now, 'lead_expired', campaign_id, i.lead_id,
			jsonb_build_object('reason', reason)
		FROM unnest(v_ids) AS i(lead_id) WHERE cardinality(v_ids) <= c_each
		UNION ALL
		SELECT v_tenant, voiceagent_private.month_slot(v_now), v_now, 'lead_expired', campaign_id, NULL,
			jsonb_build_object('reason', reason, 'leads', cardinality(v_ids))
		WHERE cardinality(v_ids) > c_each;
		PERFORM voiceagent_private.follow_up(campaign_id, v_ids);
	END IF;
	IF v_found < max THEN
		-- Read under the lanes' locks and after them: only leads that another transaction has locked are left.
		UPDATE voiceagent_private.lanes n
		SET next_due = coalesce((SELECT min(q.not_before) FROM voiceagent_private.call_queue q
			WHERE q.tenant_id = v_tenant AND q.lane_id = n.lane_id), 'infinity')
		WHERE n.tenant_id = v_tenant AND n.lane_id = ANY (v_lanes) AND n.next_due < 'infinity';
	END IF;
	PERFORM voiceagent_private.complete_campaigns(ARRAY[campaign_id]);
	PERFORM voiceagent_private.poke_subscribers();
	RETURN v_found;
END
$$;
COMMENT ON FUNCTION voiceagent_private.expire_rows(bigint, bigint, timestamptz, text, integer) IS
	'Takes up to max waiting leads of a campaign whose pacing row the caller holds (lane_id: only of that lane, and '
	'only those that were due by that time; a lead that has moved from it goes to its own lane instead) out of the '
	'queue as expired, for this reason, and completes the campaign if no lead is left; returns how many it has dealt '
	'with.';

CREATE FUNCTION voiceagent_private.expire_campaign(campaign_id bigint, max integer) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_status text;
	v_end timestamptz;
	-- The wait between two looks while calls are live.
	c_again CONSTANT interval := interval '10 seconds';
BEGIN
	SELECT c.status, p.expires_at INTO v_status, v_end
	FROM voiceagent.campaigns c
	JOIN voiceagent_private.pacing p ON p.tenant_id = v_tenant AND p.campaign_id = campaign_id
	WHERE c.tenant_id = v_tenant AND c.campaign_id = campaign_id;
	IF v_status IN ('running', 'paused') AND v_end <= v_now THEN
		IF voiceagent_private.expire_rows(campaign_id, NULL, NULL, 'expired: the campaign has ended', max) >= max THEN
			RETURN;
		END IF;
		SELECT c.status INTO v_status FROM voiceagent.campaigns c
		WHERE c.tenant_id = v_tenant AND c.campaign_id = campaign_id;
	END IF;
	UPDATE voiceagent_private.pacing p
	SET expiry_due = CASE WHEN v_end > v_now THEN v_end WHEN v_status = 'running' THEN v_now + c_again END
	WHERE p.tenant_id = v_tenant AND p.campaign_id = campaign_id;
END
$$;
COMMENT ON FUNCTION voiceagent_private.expire_campaign(bigint, integer) IS
	'Expires up to max waiting leads of a campaign (current tenant''s; the caller holds its pacing row) whose end has '
	'passed, and notes when to look again.';

CREATE FUNCTION voiceagent_private.expire_lane(campaign_id bigint, lane_id bigint, max integer) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_give_up_after interval;
	v_lane voiceagent_private.lanes;
	-- The leads that are left are locked: do not retry at once.
	c_again CONSTANT interval := interval '10 seconds';
BEGIN
	PERFORM voiceagent_private.lock_follow_ups(ARRAY[campaign_id]);
	SELECT n.* INTO v_lane FROM voiceagent_private.lanes n
	WHERE n.tenant_id = v_tenant AND n.lane_id = lane_id FOR NO KEY UPDATE;
	IF NOT v_lane.running OR v_lane.opens_at < 'infinity' OR v_lane.gives_up_at > v_now THEN
		RETURN;
	END IF;
	SELECT coalesce(voiceagent_private.as_interval(v.settings ->> 'no_window_give_up_after'), interval '1 day')
	INTO v_give_up_after
	FROM voiceagent.campaigns c
	JOIN voiceagent.campaign_versions v ON v.tenant_id = v_tenant AND v.campaign_id = campaign_id
		AND v.version = c.version
	WHERE c.tenant_id = v_tenant AND c.campaign_id = campaign_id;
	IF v_lane.gives_up_at IS NULL THEN
		UPDATE voiceagent_private.lanes n SET gives_up_at = v_now + v_give_up_after
		WHERE n.tenant_id = v_tenant AND n.lane_id = lane_id;
		RETURN;
	END IF;
	IF voiceagent_private.expire_rows(campaign_id, lane_id, v_now - v_give_up_after, 'no calling window'
			|| CASE WHEN cardinality(v_lane.timezones) = 0 THEN ': time zone unknown' ELSE '' END, max) < max THEN
		-- A lead that joins later, or when the lane was empty, gets its own full waiting period.
		UPDATE voiceagent_private.lanes n
		SET gives_up_at = CASE
			WHEN n.next_due < 'infinity' THEN greatest(n.next_due + v_give_up_after, v_now + c_again) END
		WHERE n.tenant_id = v_tenant AND n.lane_id = lane_id;
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.expire_lane(bigint, bigint, integer) IS
	'For a lane without any window (current tenant''s; the caller holds the campaign''s pacing row): notes until when '
	'it is waited for one, and expires up to max of those of its leads that have waited as long as '
	'no_window_give_up_after says.';

CREATE FUNCTION voiceagent_private.next_expiry() RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key AS $$
DECLARE
	v_next timestamptz := least(
		(SELECT p.expiry_due FROM voiceagent_private.pacing p WHERE p.expiry_due IS NOT NULL
			ORDER BY p.expiry_due LIMIT 1),
		(SELECT coalesce(n.gives_up_at, '-infinity') FROM voiceagent_private.lanes n
			WHERE n.running AND n.opens_at = 'infinity' AND n.next_due < 'infinity'
			ORDER BY coalesce(n.gives_up_at, '-infinity') LIMIT 1),
		'infinity');
BEGIN
	-- Campaigns that are due but were passed over are locked; retry later, not at once.
	RETURN greatest(v_next, voiceagent.clock() + interval '1 second');
END
$$;
COMMENT ON FUNCTION voiceagent_private.next_expiry() IS
	'When expire_leads() next has something to do, a second from now at the earliest; infinity: '
	'never, as things stand.';

CREATE FUNCTION voiceagent_private.request_expiry() RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_next timestamptz := voiceagent_private.next_expiry();
BEGIN
	IF v_next < (SELECT d.next_at FROM voiceagent_private.maintenance_jobs d WHERE d.job = 'expire_leads') THEN
		PERFORM voiceagent_private.request_job('expire_leads', v_next);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.request_expiry() IS
	E'For the schedules task, whenever somebody poked: has the maintenance job expire_leads done in time.\n'
	'(Whoever starts a campaign does not wish it himself: all tenants would meet at one row.)';

CREATE FUNCTION voiceagent_private.try_to_expire(campaign_id bigint, lane_id bigint, max integer) RETURNS boolean
	LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_again timestamptz := voiceagent.clock() + interval '10 minutes';
BEGIN
	PERFORM FROM voiceagent_private.pacing p
	WHERE p.tenant_id = v_tenant AND p.campaign_id = campaign_id FOR UPDATE SKIP LOCKED;
	IF NOT FOUND THEN
		RETURN false;
	ELSIF lane_id IS NOT NULL THEN
		-- A lead that has moved may need a new lane, which waits for a change of the law: make it before lanes are
		-- locked.
		PERFORM voiceagent_private.lock_law(false);
	END IF;
	IF NOT voiceagent_private.try_lock_follow_ups(campaign_id, lane_id) THEN
		RETURN false;
	END IF;
	BEGIN
		IF lane_id IS NULL THEN
			PERFORM voiceagent_private.expire_campaign(campaign_id, max);
		ELSE
			PERFORM voiceagent_private.expire_lane(campaign_id, lane_id, max);
		END IF;
	EXCEPTION WHEN OTHERS THEN
		-- The tenant holds a lead in an open transaction, or worse: the other tenants still get their turn.
		RAISE LOG 'expiry of campaign % of tenant % failed: % %', campaign_id, v_tenant, SQLSTATE, SQLERRM;
		UPDATE voiceagent_private.pacing p SET expiry_due = v_again
		WHERE lane_id IS NULL AND p.tenant_id = v_tenant AND p.campaign_id = campaign_id;
		UPDATE voiceagent_private.lanes n SET gives_up_at = v_again
		WHERE n.tenant_id = v_tenant AND n.lane_id = lane_id;
	END;
	RETURN true;
END
$$;
COMMENT ON FUNCTION voiceagent_private.try_to_expire(bigint, bigint, integer) IS
	E'Expires up to max leads of a campaign of the current tenant whose end has passed (lane_id NULL), or of that '
	'lane of it, which has no window.\n'
	'False when another session has locked it; true also when it fails, which is logged: it is looked '
	'at again in ten minutes.';

CREATE FUNCTION voiceagent_private.expire_leads(max integer) RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_was bigint := voiceagent_private.set_tenant(0);
	v_due record;
	v_done boolean := false;
	-- When so many are locked, look again a second later.
	c_locked CONSTANT integer := 100;
BEGIN
	FOR v_due IN
		SELECT d.tenant_id, d.campaign_id, d.lane_id FROM (
			(SELECT p.tenant_id, p.campaign_id, NULL::bigint AS lane_id, p.expiry_due AS at
				FROM voiceagent_private.pacing p
				WHERE p.expiry_due <= v_now ORDER BY p.expiry_due LIMIT c_locked)
			UNION ALL
			(SELECT n.tenant_id, n.campaign_id, n.lane_id, coalesce(n.gives_up_at, '-infinity')
				FROM voiceagent_private.lanes n
				WHERE n.running AND n.opens_at = 'infinity' AND n.next_due < 'infinity'
				AND coalesce(n.gives_up_at, '-infinity') <= v_now
				ORDER BY coalesce(n.gives_up_at, '-infinity') LIMIT c_locked)) d
		ORDER BY d.lane_id IS NOT NULL, d.at
	LOOP
		PERFORM voiceagent_private.set_tenant(v_due.tenant_id);
		v_done := voiceagent_private.try_to_expire(v_due.campaign_id, v_due.lane_id, max);
		-- One campaign per transaction, because campaigns are locked in a fixed order.
		EXIT WHEN v_done;
	END LOOP;
	PERFORM voiceagent_private.set_tenant(v_was);
	RETURN CASE WHEN v_done THEN v_now ELSE voiceagent_private.next_expiry() END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.expire_leads(integer) IS
	'A maintenance job: one step of at most max leads of one campaign of any tenant whose time has run out, or that '
	'have had no calling window for longer than no_window_give_up_after; returns when the next step is due.';
SELECT voiceagent_private.register_job('expire_leads', 10000);
