/*
 * 53_campaign_run: the circuit breaker.  When too many of a campaign's calls fail
 * for a fault of the carrier or of ours, it is paused in the commit of the
 * call that was one too many, and names the failing calls.
 *
 * Locking: a transaction that ends calls asks brake_campaigns() before it
 * decides about the leads.  If a campaign must be paused, that locks its pacing
 * row and then all lanes of all campaigns at hand, in the common order;
 * trip_campaigns() comes when the leads are done, before the ledger.  Without
 * a trip nothing is locked.
 */

CREATE FUNCTION voiceagent_private.breaker_tripped(campaign_id bigint, OUT tripped boolean, OUT ended integer,
	OUT failed integer, OUT span interval, OUT failures jsonb)
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_settings jsonb;
	v_from timestamptz;
	v_rate numeric;
	v_least integer;
	-- More recent calls than this are not looked at, however many end in the window.
	c_recent CONSTANT integer := 200;
BEGIN
	tripped := false;
	SELECT v.settings, p.brakes_from INTO v_settings, v_from
	FROM voiceagent.campaigns c
	JOIN voiceagent.campaign_versions v ON v.tenant_id = v_tenant AND v.campaign_id = c.campaign_id
		AND v.version = c.version
	JOIN voiceagent_private.pacing p ON p.tenant_id = v_tenant AND p.campaign_id = c.campaign_id
	WHERE c.tenant_id = v_tenant AND c.campaign_id = breaker_tripped.campaign_id AND c.status = 'running';
	v_rate := (v_settings ->> 'breaker_failure_rate')::numeric;
	IF coalesce(v_rate, 0) = 0 THEN
		RETURN;
	END IF;
	v_least := (v_settings ->> 'breaker_min_calls')::integer;
	span := voiceagent_private.as_interval(v_settings ->> 'breaker_window');
	v_from := greatest(v_from, v_now - span);
	-- Live calls are among the newest, so read as many more.
	WITH recent AS MATERIALIZED (
		SELECT c.call_id, c.status, c.outcome, c.cause, c.cause_class, c.started_at, c.ended_at FROM voiceagent.calls c
		WHERE c.tenant_id = v_tenant AND c.campaign_id = breaker_tripped.campaign_id
		ORDER BY c.call_id DESC
		LIMIT greatest(c_recent, 2 * v_least) + (SELECT count(*) FROM voiceagent_private.live_calls l
			WHERE l.tenant_id = v_tenant AND l.campaign_id = breaker_tripped.campaign_id)
	), counted AS (
		-- Calls that were never placed, or that a bad account refused, stop the account and not the campaign.
		SELECT r.call_id, r.cause, r.outcome = 'failed' AS fault FROM recent r
		WHERE r.ended_at > v_from AND r.outcome <> 'canceled'
			AND NOT (r.outcome = 'failed' AND voiceagent_private.is_no_try(r.cause_class))
		-- One that rings or talks is well. Failures end first: without these, the first of many dials at once trip it.
		UNION ALL SELECT r.call_id, NULL, false FROM recent r
		WHERE r.ended_at IS NULL AND r.status IN ('ringing', 'in_progress') AND r.started_at > v_from
	)
	SELECT count(*), count(*) FILTER (WHERE n.fault),
		(SELECT jsonb_agg(jsonb_build_object('call_id', f.call_id, 'cause', left(coalesce(f.cause, 'unknown'), 100))
			ORDER BY f.call_id DESC)
			FROM (SELECT * FROM counted o WHERE o.fault ORDER BY o.call_id DESC LIMIT 5) f)
	INTO ended, failed, failures FROM counted n;
	tripped := ended >= v_least AND failed >= ended * v_rate AND failed > 0;
END
$$;
COMMENT ON FUNCTION voiceagent_private.breaker_tripped(bigint) IS
	E'Whether so many of a running campaign''s latest calls failed for a fault of the carrier or of ours that it must '
	'be paused: calls that ended, or ring or talk, in the window and since it was last started, how many of them '
	'failed, the window, and the newest failures [{"call_id", "cause"}].\n'
	'Busy lines and no answer are no fault.';

CREATE FUNCTION voiceagent_private.brake_campaigns(call_ids bigint[]) RETURNS bigint[]
	LANGUAGE plpgsql VOLATILE
	SET planner.policy = row_by_row AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_failing bigint[];
	v_trip bigint[];
	v_campaigns bigint[];
BEGIN
	v_failing := ARRAY(SELECT DISTINCT c.campaign_id
		FROM unnest(call_ids) AS i(call_id)
		CROSS JOIN LATERAL (SELECT o.campaign_id FROM voiceagent.calls o
			WHERE o.tenant_id = v_tenant AND o.call_id = i.call_id AND o.outcome = 'failed'
				AND NOT voiceagent_private.is_no_try(o.cause_class) OFFSET 0) c
		ORDER BY c.campaign_id);
	IF cardinality(v_failing) = 0 THEN
		RETURN '{}';
	END IF;
	v_trip :=
		ARRAY(SELECT i.id FROM unnest(v_failing) AS i(id) CROSS JOIN LATERAL voiceagent_private.breaker_tripped(i.id) b
			WHERE b.tripped ORDER BY i.id);
	IF cardinality(v_trip) > 0 THEN
		PERFORM FROM voiceagent_private.pacing p
		WHERE p.tenant_id = v_tenant AND p.campaign_id = ANY (v_trip) ORDER BY p.campaign_id FOR UPDATE;
		v_campaigns := ARRAY(SELECT DISTINCT c.campaign_id FROM voiceagent.calls c
			WHERE c.tenant_id = v_tenant AND c.call_id = ANY (call_ids));
		-- Include the campaigns that the leads will follow up into: they may come earlier in the order of locks.
		PERFORM voiceagent_private.lock_follow_ups(v_campaigns);
		PERFORM FROM voiceagent_private.lanes l
		WHERE l.tenant_id = v_tenant AND l.campaign_id = ANY (v_campaigns)
		ORDER BY l.campaign_id, l.lane_id FOR NO KEY UPDATE;
	END IF;
	RETURN v_trip;
END
$$;
COMMENT ON FUNCTION voiceagent_private.brake_campaigns(bigint[]) IS
	E'The campaigns of calls that have just ended whose breaker trips, taken for this transaction (pacing rows and '
	'lanes); for trip_campaigns(), when the leads are decided about.\n'
	'Called when of all that has an order of locks only the calls are locked.';

CREATE FUNCTION voiceagent_private.trip_campaigns(campaign_ids bigint[]) RETURNS integer
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_campaign bigint;
	v record;
	v_tripped integer := 0;
BEGIN
	FOR v_campaign IN
		SELECT c.campaign_id FROM voiceagent.campaigns c
		WHERE c.tenant_id = v_tenant AND c.campaign_id = ANY (campaign_ids) AND c.status = 'running'
		ORDER BY c.campaign_id FOR NO KEY UPDATE
	LOOP
		-- It may have been started again while we waited for it.
		v := voiceagent_private.breaker_tripped(v_campaign);
		CONTINUE WHEN NOT v.tripped;
		UPDATE voiceagent_private.lanes l SET running = false
		WHERE l.tenant_id = v_tenant AND l.campaign_id = v_campaign AND l.running;
		PERFORM voiceagent_private.set_campaign_status(v_campaign, 'paused',
			voiceagent_private.why('failing', v.failed::text, v.ended::text, extract(epoch FROM v.span)::integer::text,
				(SELECT string_agg(format('call %s (%s)', f ->> 'call_id', f ->> 'cause'), ', ')
					|| CASE WHEN v.failed > 5 THEN ', ...' ELSE '' END
						FROM jsonb_array_elements(v.failures) f)), 'campaign_paused');
		PERFORM voiceagent_private.log_event('campaign_tripped', v_campaign, NULL, NULL,
			jsonb_build_object('failed', v.failed, 'calls', v.ended, 'window_s', extract(epoch FROM v.span)::integer,
				'failures', v.failures));
		v_tripped := v_tripped + 1;
	END LOOP;
	RETURN v_tripped;
END
$$;
COMMENT ON FUNCTION voiceagent_private.trip_campaigns(bigint[]) IS
	E'Pauses those of the campaigns (from brake_campaigns()) whose breaker still trips: status_reason names up to '
	'five failing calls, event campaign_tripped.\n'
	'resume_campaign() lets them go on and counts anew. Returns how many.';
