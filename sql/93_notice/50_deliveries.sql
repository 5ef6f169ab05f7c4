-- 93_notice: tests and replays by members; what is forgotten; what must hold.

CREATE FUNCTION voiceagent.test_notice(target_id bigint) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_target voiceagent.notice_targets := voiceagent_private.lock_notice_target(target_id);
BEGIN
	IF NOT v_target.active THEN
		RAISE EXCEPTION USING ERRCODE = 'PT409', MESSAGE = 'the notice target is disabled', HINT = 'enable_notice_target() enables it.';
	END IF;
	PERFORM voiceagent_private.log_event('notice_test', NULL, NULL, NULL, jsonb_build_object('target_id', target_id));
	RETURN (SELECT max(d.delivery_id) FROM voiceagent.notice_deliveries d
		WHERE d.tenant_id = v_tenant AND d.target_id = test_notice.target_id AND d.kind = 'test');
END
$$;
COMMENT ON FUNCTION voiceagent.test_notice(bigint) IS
	'Sends a notice of kind test to a target, whatever it is told otherwise -> its number in notice_deliveries, where what came of it is seen. PT404 for an unknown target, PT409 for a disabled one.';

CREATE FUNCTION voiceagent_private.replay_deliveries(delivery_ids bigint[]) RETURNS integer
	LANGUAGE plpgsql VOLATILE SET enable_seqscan = off SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_again integer;
BEGIN
	WITH again AS (
		UPDATE voiceagent.notice_deliveries d
		SET status = 'pending', tries = 0, done_at = NULL, next_try_at = v_now, last_status = NULL, last_error = NULL
		WHERE d.tenant_id = v_tenant AND d.delivery_id = ANY (delivery_ids) AND d.status <> 'pending'
		RETURNING d.delivery_id, d.target_id
	)
	INSERT INTO voiceagent_private.outbox (tenant_id, kind, target_id, object_id, next_at)
	SELECT v_tenant, 'notice', a.target_id, a.delivery_id, v_now FROM again a ORDER BY a.delivery_id;
	GET DIAGNOSTICS v_again = ROW_COUNT;
	IF v_again > 0 THEN
		PERFORM voiceagent_private.poke('outbox');
	END IF;
	RETURN v_again;
END
$$;
COMMENT ON FUNCTION voiceagent_private.replay_deliveries(bigint[]) IS 'Puts ended deliveries of the current tenant into the outbox again, with their ids and bodies; returns how many.';

CREATE FUNCTION voiceagent.replay_notice(delivery_id bigint) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_target bigint;
BEGIN
	SELECT d.target_id INTO v_target FROM voiceagent.notice_deliveries d
	WHERE d.tenant_id = v_tenant AND d.delivery_id = replay_notice.delivery_id;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING ERRCODE = 'PT404', MESSAGE = 'there is no such delivery';
	ELSIF NOT EXISTS (SELECT FROM voiceagent.notice_targets t WHERE t.tenant_id = v_tenant AND t.target_id = v_target AND t.active) THEN
		RAISE EXCEPTION USING ERRCODE = 'PT409', MESSAGE = 'the notice target is disabled or deleted',
			HINT = 'enable_notice_target() enables a disabled one.';
	END IF;
	RETURN voiceagent_private.replay_deliveries(ARRAY[replay_notice.delivery_id]) > 0;
END
$$;
COMMENT ON FUNCTION voiceagent.replay_notice(bigint) IS
	'Sends a dead, or a delivered, notice again: the same id and the same bytes, with all its tries before it. False: it waits already. PT404 for an unknown delivery, PT409 when its target is disabled or deleted.';

CREATE FUNCTION voiceagent.replay_dead_notices(target_id bigint, since timestamptz DEFAULT '-infinity', max_notices integer DEFAULT 10000)
	RETURNS integer LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_target voiceagent.notice_targets := voiceagent_private.lock_notice_target(target_id);
BEGIN
	IF max_notices IS NULL OR max_notices NOT BETWEEN 1 AND 100000 THEN
		RAISE EXCEPTION USING ERRCODE = 'PT422', MESSAGE = 'max_notices must be from 1 to 100000';
	ELSIF NOT v_target.active THEN
		RAISE EXCEPTION USING ERRCODE = 'PT409', MESSAGE = 'the notice target is disabled', HINT = 'enable_notice_target() enables it.';
	END IF;
	RETURN voiceagent_private.replay_deliveries(ARRAY(
		SELECT d.delivery_id FROM voiceagent.notice_deliveries d
		WHERE d.tenant_id = v_tenant AND d.target_id = replay_dead_notices.target_id AND d.status = 'dead'
			AND d.event_at >= coalesce(since, '-infinity')
		ORDER BY d.delivery_id LIMIT max_notices));
END
$$;
COMMENT ON FUNCTION voiceagent.replay_dead_notices(bigint, timestamptz, integer) IS
	'Sends the dead notices of a target again that tell of events since a time, the oldest max_notices (1 to 100000) of them; returns how many. PT404 for an unknown target, PT409 for a disabled one, PT422.';

CREATE FUNCTION voiceagent_private.erase_notices(lead_ids bigint[]) RETURNS integer
	LANGUAGE plpgsql VOLATILE SET enable_seqscan = off SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_gone bigint[];
BEGIN
	WITH gone AS (
		DELETE FROM voiceagent.notice_deliveries d WHERE d.tenant_id = v_tenant AND d.lead_id = ANY (lead_ids) RETURNING d.delivery_id, d.status
	)
	SELECT coalesce(array_agg(g.delivery_id), '{}') INTO v_gone FROM gone g;
	DELETE FROM voiceagent_private.outbox o WHERE o.tenant_id = v_tenant AND o.kind = 'notice' AND o.object_id = ANY (v_gone);
	RETURN cardinality(v_gone);
END
$$;
COMMENT ON FUNCTION voiceagent_private.erase_notices(bigint[]) IS
	'Forgets the notices about leads of the current tenant, also those that wait; returns how many. What a target was told already is the target''s.';

CREATE FUNCTION voiceagent_private.forget_notices(cutoff timestamptz, max integer) RETURNS integer
	LANGUAGE plpgsql VOLATILE SET enable_seqscan = off AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_gone integer;
BEGIN
	DELETE FROM voiceagent.notice_deliveries d
	WHERE d.tenant_id = v_tenant AND d.delivery_id = ANY (ARRAY(SELECT o.delivery_id FROM voiceagent.notice_deliveries o
		WHERE o.tenant_id = v_tenant AND o.done_at <= cutoff ORDER BY o.done_at LIMIT max));
	GET DIAGNOSTICS v_gone = ROW_COUNT;
	RETURN v_gone;
END
$$;
COMMENT ON FUNCTION voiceagent_private.forget_notices(timestamptz, integer) IS
	'For retention: deletes the acting tenant''s oldest deliveries that ended by cutoff, at most max, and returns how many.';

CREATE FUNCTION voiceagent_private.check_notices() RETURNS TABLE (invariant text, detail text)
	LANGUAGE sql STABLE AS $$
	SELECT 'a notice waits in the outbox exactly while it is pending', format('delivery %s', coalesce(d.delivery_id, o.object_id))
	FROM (SELECT * FROM voiceagent.notice_deliveries n WHERE n.tenant_id = voiceagent.current_tenant() AND n.status = 'pending') d
	FULL JOIN (SELECT * FROM voiceagent_private.outbox q WHERE q.tenant_id = voiceagent.current_tenant() AND q.kind = 'notice') o
		ON o.object_id = d.delivery_id
	WHERE d.delivery_id IS NULL OR o.object_id IS NULL
	UNION ALL
	SELECT 'the directory knows whether there is an active notice target', format('it says %s', d.has_notice_targets)
	FROM voiceagent_private.tenant_directory d
	WHERE d.tenant_id = voiceagent.current_tenant() AND d.has_notice_targets <> EXISTS (SELECT FROM voiceagent.notice_targets t
		WHERE t.tenant_id = voiceagent.current_tenant() AND t.active)
	UNION ALL
	SELECT 'a notice of a call names its lead', format('delivery %s', n.delivery_id)
	FROM voiceagent.notice_deliveries n
	WHERE n.tenant_id = voiceagent.current_tenant() AND n.call_id IS NOT NULL AND n.lead_id IS NULL
$$;
COMMENT ON FUNCTION voiceagent_private.check_notices() IS 'Violations of the invariants of notices, their outbox and their targets for the current tenant.';
