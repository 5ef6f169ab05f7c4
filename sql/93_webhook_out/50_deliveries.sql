-- 93_webhook_out: tests and replays by members; what is forgotten; what must hold.

CREATE FUNCTION voiceagent.test_webhook_subscription(subscription_id bigint) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_target voiceagent.webhook_subscriptions := voiceagent_private.lock_webhook_subscription(subscription_id);
BEGIN
	PERFORM voiceagent_private.fail_if(NOT v_target.active, 'PT409', 'the webhook subscription is disabled', NULL,
		'enable_webhook_subscription() enables it.');
	PERFORM voiceagent_private.log_event('webhook_test', NULL, NULL, NULL,
		jsonb_build_object('subscription_id', subscription_id));
	RETURN (SELECT max(d.delivery_id) FROM voiceagent.webhook_deliveries d
		WHERE d.tenant_id = v_tenant AND d.subscription_id = test_webhook_subscription.subscription_id
			AND d.kind = 'test');
END
$$;
COMMENT ON FUNCTION voiceagent.test_webhook_subscription(bigint) IS
	E'Sends an outgoing webhook of kind test to a target, whatever its kinds -> its number in '
	'webhook_deliveries, where what came of it is seen.\n'
	'PT404 for an unknown target, PT409 for a disabled one.';

CREATE FUNCTION voiceagent_private.replay_deliveries(delivery_ids bigint[]) RETURNS integer
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_again integer;
BEGIN
	WITH again AS (
		UPDATE voiceagent.webhook_deliveries d
		SET status = 'pending', tries = 0, done_at = NULL, next_try_at = v_now, last_status = NULL, last_error = NULL
		WHERE d.tenant_id = v_tenant AND d.delivery_id = ANY (delivery_ids) AND d.status <> 'pending'
		RETURNING d.delivery_id, d.subscription_id
	)
	INSERT INTO voiceagent_private.outbox (tenant_id, kind, subscription_id, object_id, next_at)
	SELECT v_tenant, 'delivery', a.subscription_id, a.delivery_id, v_now FROM again a ORDER BY a.delivery_id;
	GET DIAGNOSTICS v_again = ROW_COUNT;
	IF v_again > 0 THEN
		PERFORM voiceagent_private.poke('outbox');
	END IF;
	RETURN v_again;
END
$$;
COMMENT ON FUNCTION voiceagent_private.replay_deliveries(bigint[]) IS
	'Puts ended deliveries of the current tenant into the outbox again, with their ids and bodies; returns how many.';

CREATE FUNCTION voiceagent.replay_webhook_delivery(delivery_id bigint) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_target bigint;
BEGIN
	SELECT d.subscription_id INTO v_target FROM voiceagent.webhook_deliveries d
	WHERE d.tenant_id = v_tenant AND d.delivery_id = replay_webhook_delivery.delivery_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'there is no such delivery');
	PERFORM voiceagent_private.fail_if(NOT EXISTS (SELECT FROM voiceagent.webhook_subscriptions t
		WHERE t.tenant_id = v_tenant AND t.subscription_id = v_target AND t.active), 'PT409',
		'the webhook subscription is disabled or deleted', NULL,
		'enable_webhook_subscription() enables a disabled one.');
	RETURN voiceagent_private.replay_deliveries(ARRAY[replay_webhook_delivery.delivery_id]) > 0;
END
$$;
COMMENT ON FUNCTION voiceagent.replay_webhook_delivery(bigint) IS
	E'Sends a dead, or a delivered, outgoing webhook again: the same id and the same bytes, with all its tries before '
	'it.\n'
	'False: it waits already. PT404 for an unknown delivery, PT409 when its target is disabled or deleted.';

CREATE FUNCTION voiceagent.replay_dead_webhook_deliveries(subscription_id bigint, since timestamptz DEFAULT '-infinity',
	max_deliveries integer DEFAULT 10000)
	RETURNS integer LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_target voiceagent.webhook_subscriptions := voiceagent_private.lock_webhook_subscription(subscription_id);
BEGIN
	PERFORM voiceagent_private.fail_if(max_deliveries IS NULL OR max_deliveries NOT BETWEEN 1 AND 100000, 'PT422',
		'max_deliveries must be from 1 to 100000');
	PERFORM voiceagent_private.fail_if(NOT v_target.active, 'PT409', 'the webhook subscription is disabled', NULL,
		'enable_webhook_subscription() enables it.');
	RETURN voiceagent_private.replay_deliveries(ARRAY(
		SELECT d.delivery_id FROM voiceagent.webhook_deliveries d
		WHERE d.tenant_id = v_tenant AND d.subscription_id = replay_dead_webhook_deliveries.subscription_id
			AND d.status = 'dead'
			AND d.event_at >= coalesce(since, '-infinity')
		ORDER BY d.delivery_id LIMIT max_deliveries));
END
$$;
COMMENT ON FUNCTION voiceagent.replay_dead_webhook_deliveries(bigint, timestamptz, integer) IS
	E'Sends the dead outgoing webhooks of a target again that tell of events since a time, the oldest max_deliveries '
	'(1 to 100000) of them; returns how many.\n'
	'PT404 for an unknown target, PT409 for a disabled one, PT422.';

CREATE FUNCTION voiceagent_private.erase_webhook_deliveries(delivery_ids bigint[]) RETURNS integer
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	-- The outbox first, as whoever sends them locks them.
	DELETE FROM voiceagent_private.outbox o
	WHERE o.tenant_id = v_tenant AND o.kind = 'delivery' AND o.object_id = ANY (delivery_ids);
	DELETE FROM voiceagent.webhook_deliveries d WHERE d.tenant_id = v_tenant AND d.delivery_id = ANY (delivery_ids);
	RETURN cardinality(delivery_ids);
END
$$;
COMMENT ON FUNCTION voiceagent_private.erase_webhook_deliveries(bigint[]) IS
	E'Forgets these outgoing webhooks of the current tenant, also those that wait; returns how many.\n'
	'Payloads already sent are the target''s.';

CREATE FUNCTION voiceagent_private.check_webhook_deliveries() RETURNS TABLE (invariant text, detail text)
	LANGUAGE sql STABLE AS $$
	SELECT 'an outgoing webhook waits in the outbox exactly while it is pending',
		format('delivery %s', coalesce(d.delivery_id, o.object_id))
	FROM (SELECT * FROM voiceagent.webhook_deliveries n
		WHERE n.tenant_id = voiceagent.current_tenant() AND n.status = 'pending') d
	FULL JOIN (SELECT * FROM voiceagent_private.outbox q
		WHERE q.tenant_id = voiceagent.current_tenant() AND q.kind = 'delivery') o
		ON o.object_id = d.delivery_id
	WHERE d.delivery_id IS NULL OR o.object_id IS NULL
	UNION ALL
	SELECT 'the directory knows whether there is an active webhook subscription',
		format('it says %s', d.has_webhook_subscriptions)
	FROM voiceagent_private.tenant_directory d
	WHERE d.tenant_id = voiceagent.current_tenant()
		AND d.has_webhook_subscriptions <> EXISTS (SELECT FROM voiceagent.webhook_subscriptions t
			WHERE t.tenant_id = voiceagent.current_tenant() AND t.active)
	UNION ALL
	SELECT 'an outgoing webhook of a call names its lead', format('delivery %s', n.delivery_id)
	FROM voiceagent.webhook_deliveries n
	WHERE n.tenant_id = voiceagent.current_tenant() AND n.call_id IS NOT NULL AND n.lead_id IS NULL
		-- Calls of both directions: an unknown caller is no lead.
		AND EXISTS (SELECT FROM voiceagent.calls c
			WHERE c.tenant_id = n.tenant_id AND c.call_id = n.call_id AND c.lead_id IS NOT NULL)
$$;
COMMENT ON FUNCTION voiceagent_private.check_webhook_deliveries() IS
	'Violations of the invariants of outgoing webhooks, their outbox and their targets for the current tenant.';
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('invariant', 'check_webhook_deliveries');
