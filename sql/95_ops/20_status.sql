-- 95_ops: how the machinery is, for people and for monitoring.

CREATE FUNCTION voiceagent_private.tenant_load(
	OUT queued bigint, OUT oldest_due timestamptz, OUT live bigint, OUT webhooks bigint, OUT oldest_webhook timestamptz)
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
BEGIN
	SELECT count(*) INTO queued FROM voiceagent_private.call_queue q WHERE q.tenant_id = v_tenant;
	SELECT min(greatest(l.next_due, l.opens_at)) INTO oldest_due FROM voiceagent_private.lanes l
	WHERE l.tenant_id = v_tenant AND l.running AND l.next_due <= v_now AND l.opens_at <= v_now AND l.closes_at > v_now;
	SELECT count(*) INTO live FROM voiceagent_private.live_calls c WHERE c.tenant_id = v_tenant;
	SELECT count(*), min(w.received_at) INTO webhooks, oldest_webhook
	FROM voiceagent_private.inbox i
	JOIN voiceagent.webhooks w
		ON w.tenant_id = i.tenant_id AND w.webhook_id = i.webhook_id AND w.month_slot = i.month_slot
	WHERE i.tenant_id = v_tenant;
END
$$;
COMMENT ON FUNCTION voiceagent_private.tenant_load() IS
	'What waits and what is live for the current tenant; oldest_due: since when a lead that may be dialled now waits.';

CREATE FUNCTION voiceagent_private.platform_load(
	OUT queued bigint, OUT oldest_due timestamptz, OUT live bigint, OUT webhooks bigint, OUT oldest_webhook timestamptz)
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_was bigint;
	v_tenant bigint;
	v record;
BEGIN
	queued := 0;
	live := 0;
	webhooks := 0;
	v_was := voiceagent_private.act_for(0);
	FOR v_tenant IN SELECT d.tenant_id FROM voiceagent_private.tenant_directory d LOOP
		PERFORM voiceagent_private.act_for(v_tenant);
		SELECT * INTO v FROM voiceagent_private.tenant_load();
		queued := queued + v.queued;
		live := live + v.live;
		webhooks := webhooks + v.webhooks;
		oldest_due := least(oldest_due, v.oldest_due);
		oldest_webhook := least(oldest_webhook, v.oldest_webhook);
	END LOOP;
	PERFORM voiceagent_private.act_for(v_was);
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
	'One row a worker, and one that says whether real carriers may be used (armed, or why not). queue_depth and oldest_due: leads that wait (outbound), webhooks that wait (inbound); oldest_due is since when something waits that could be done now; in_flight: live calls; address: where the gateway or the sandbox listens. A member sees the own tenant''s figures, a superuser or voiceagent_admin those of all tenants.';

CREATE FUNCTION voiceagent.health() RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_problems text[] := '{}';
	v record;
BEGIN
	FOR v IN SELECT * FROM voiceagent.status() LOOP
		IF v.component IN ('outbound', 'inbound') AND v.state <> 'running' THEN
			v_problems := v_problems || format('worker %s is %s', v.component, v.state);
		END IF;
		IF v.oldest_due < v_now - interval '1 minute' THEN
			v_problems := v_problems || format('%s work has been waiting since %s', v.component, v.oldest_due);
		END IF;
	END LOOP;
	RETURN jsonb_build_object('ok', cardinality(v_problems) = 0, 'problems', to_jsonb(v_problems), 'checked_at', v_now);
END
$$;
COMMENT ON FUNCTION voiceagent.health() IS
	'{"ok", "problems", "checked_at"}: not ok when a worker does not run, or when work that could be done has waited for more than a minute.';
