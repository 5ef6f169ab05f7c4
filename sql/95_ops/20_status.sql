-- 95_ops: how the machinery is, for people and for monitoring.

CREATE FUNCTION voiceagent_private.tenant_load(
	OUT queued bigint, OUT oldest_due timestamptz, OUT live bigint, OUT webhooks bigint, OUT oldest_webhook timestamptz,
	OUT stalled timestamptz, OUT overdue timestamptz)
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
BEGIN
	SELECT count(*) INTO queued FROM voiceagent_private.call_queue q WHERE q.tenant_id = v_tenant;
	-- A campaign that is paced or held back (its pace is then infinity) has nothing that could be done now.
	SELECT min(greatest(l.next_due, l.opens_at, p.next_dial_at)) INTO oldest_due
	FROM voiceagent_private.lanes l
	JOIN voiceagent_private.pacing p ON p.tenant_id = l.tenant_id AND p.campaign_id = l.campaign_id
	WHERE l.tenant_id = v_tenant AND l.running AND l.next_due <= v_now AND l.opens_at <= v_now AND l.closes_at > v_now
		AND p.next_dial_at <= v_now;
	SELECT count(*), min(c.lease_until) FILTER (WHERE c.lease_until <= v_now) INTO live, overdue
	FROM voiceagent_private.live_calls c WHERE c.tenant_id = v_tenant;
	-- While calls are live the others wait for lines, as they should.
	stalled := CASE WHEN live = 0 THEN oldest_due END;
	SELECT count(*), min(w.received_at) INTO webhooks, oldest_webhook
	FROM voiceagent_private.inbox i
	JOIN voiceagent.webhooks w
		ON w.tenant_id = i.tenant_id AND w.webhook_id = i.webhook_id AND w.month_slot = i.month_slot
	WHERE i.tenant_id = v_tenant;
END
$$;
COMMENT ON FUNCTION voiceagent_private.tenant_load() IS
	'What waits and what is live for the current tenant. oldest_due: since when a lead that may be dialled now waits; stalled: the same when nobody is being called; overdue: since when a live call waits for the carrier to be asked.';

CREATE FUNCTION voiceagent_private.platform_load(
	OUT queued bigint, OUT oldest_due timestamptz, OUT live bigint, OUT webhooks bigint, OUT oldest_webhook timestamptz,
	OUT stalled timestamptz, OUT overdue timestamptz)
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_was bigint;
	v_tenant bigint;
	v record;
BEGIN
	queued := 0;
	live := 0;
	webhooks := 0;
	v_was := voiceagent_private.count_for(0);
	FOR v_tenant IN SELECT d.tenant_id FROM voiceagent_private.tenant_directory d LOOP
		PERFORM voiceagent_private.count_for(v_tenant);
		SELECT * INTO v FROM voiceagent_private.tenant_load();
		queued := queued + v.queued;
		live := live + v.live;
		webhooks := webhooks + v.webhooks;
		oldest_due := least(oldest_due, v.oldest_due);
		oldest_webhook := least(oldest_webhook, v.oldest_webhook);
		stalled := least(stalled, v.stalled);
		overdue := least(overdue, v.overdue);
	END LOOP;
	PERFORM voiceagent_private.count_for(v_was);
END
$$;
COMMENT ON FUNCTION voiceagent_private.platform_load() IS 'tenant_load() over all tenants.';

CREATE FUNCTION voiceagent.status()
	RETURNS TABLE (component text, state text, pid integer, address text, since timestamptz,
		queue_depth bigint, oldest_due timestamptz, in_flight bigint, last_error text, last_error_at timestamptz)
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
	v_load record;
BEGIN
	IF voiceagent_private.sees_platform() THEN
		SELECT * INTO v_load FROM voiceagent_private.platform_load();
	ELSE
		SELECT * INTO v_load FROM voiceagent_private.tenant_load();
	END IF;
	RETURN QUERY
	SELECT w.kind, w.state, w.pid, voiceagent_private.worker_address(w.kind), w.started_at,
		CASE w.kind WHEN 'outbound' THEN v_load.queued WHEN 'inbound' THEN v_load.webhooks END,
		CASE w.kind WHEN 'outbound' THEN v_load.oldest_due WHEN 'inbound' THEN v_load.oldest_webhook END,
		CASE w.kind WHEN 'outbound' THEN v_load.live END,
		CASE WHEN w.error_text <> '' THEN format('%s %s', w.error_state, w.error_text) END, w.error_at
	FROM voiceagent_private.worker_status() w
	UNION ALL
	SELECT 'real carriers', voiceagent_private.arming(), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL;
END
$$;
COMMENT ON FUNCTION voiceagent.status() IS
	'One row a worker, and one that says whether real carriers may be used (armed, or why not). queue_depth and oldest_due: leads that wait (outbound), webhooks that wait (inbound); oldest_due is since when something waits that could be done now; in_flight: live calls; address: where the gateway or the sandbox listens. A member sees the own tenant''s figures, a superuser, voiceagent_admin or pg_monitor those of all tenants.';

CREATE FUNCTION voiceagent.health() RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	c_patience CONSTANT interval := '1 minute';
	v_now timestamptz := voiceagent.clock();
	v_platform boolean := voiceagent_private.sees_platform();
	v_problems text[];
	v_load record;
BEGIN
	SELECT array_agg(format('worker %s is %s', w.kind, w.state) ORDER BY w.kind) INTO v_problems
	FROM voiceagent_private.worker_status() w
	WHERE w.state <> 'running' AND (w.kind <> 'sandbox' OR current_setting('voiceagent.sandbox')::boolean);
	IF v_platform THEN
		SELECT * INTO v_load FROM voiceagent_private.platform_load();
	ELSE
		SELECT * INTO v_load FROM voiceagent_private.tenant_load();
	END IF;
	IF v_load.stalled < v_now - c_patience THEN
		v_problems := v_problems || format('nobody is called, although leads have been due since %s', v_load.stalled);
	END IF;
	IF v_load.overdue < v_now - c_patience THEN
		v_problems := v_problems || format('the carrier should have been asked about a live call at %s', v_load.overdue);
	END IF;
	IF v_load.oldest_webhook < v_now - c_patience THEN
		v_problems := v_problems || format('webhooks have been waiting since %s', v_load.oldest_webhook);
	END IF;
	IF v_platform THEN
		v_problems := v_problems || voiceagent_private.list_problems(v_now);
	END IF;
	IF NOT v_platform THEN
		v_problems := v_problems || ARRAY(
			SELECT format('campaign %s (%s) is held back: %s', c.campaign_id, c.name, c.status_reason)
			FROM voiceagent.campaigns c
			WHERE c.tenant_id = voiceagent.current_tenant() AND c.status = 'running' AND c.status_reason IS NOT NULL
			ORDER BY c.campaign_id)
			|| ARRAY(SELECT format('notice target %s fails: %s', t.target_id, t.last_error)
			FROM voiceagent.notice_targets t
			WHERE t.tenant_id = voiceagent.current_tenant() AND t.active AND t.last_error IS NOT NULL ORDER BY t.target_id);
	END IF;
	v_problems := coalesce(v_problems, '{}');
	RETURN jsonb_build_object('ok', cardinality(v_problems) = 0, 'problems', to_jsonb(v_problems), 'checked_at', v_now);
END
$$;
COMMENT ON FUNCTION voiceagent.health() IS
	'Whether all is well: {"ok", "problems": [texts], "checked_at"}. Not ok when a worker does not run, when leads that may be dialled, calls or webhooks have waited for more than a minute without anything being done, and, for a member, when a running campaign is held back (status_reason: out of credits, the carrier account''s trouble) or a notice target fails.';
