/*
 * 35_provider: retention of errands, and what must hold of them.
 */

CREATE FUNCTION voiceagent_private.forget_errands(max_rows integer) RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE SET enable_seqscan = off SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_next timestamptz := v_now + interval '1 day';
	v_left integer := max_rows;
	v_tenant bigint;
	v_oldest timestamptz;
	v_keep interval;
	v_gone integer;
BEGIN
	FOR v_tenant IN SELECT d.tenant_id FROM voiceagent_private.tenant_directory d ORDER BY d.tenant_id LOOP
		PERFORM voiceagent_private.act_for(v_tenant);
		SELECT min(e.done_at) INTO v_oldest FROM voiceagent.errands e WHERE e.tenant_id = v_tenant AND e.done_at IS NOT NULL;
		CONTINUE WHEN v_oldest IS NULL;
		v_keep := voiceagent_private.setting_interval('errand_retention');
		DELETE FROM voiceagent.errands e
		WHERE e.tenant_id = v_tenant AND e.errand_id = ANY (ARRAY(SELECT o.errand_id FROM voiceagent.errands o
			WHERE o.tenant_id = v_tenant AND o.done_at <= v_now - v_keep AND o.state <> 'unknown' ORDER BY o.done_at LIMIT v_left));
		GET DIAGNOSTICS v_gone = ROW_COUNT;
		v_left := v_left - v_gone;
		IF v_left <= 0 THEN
			RETURN v_now;
		END IF;
		v_next := least(v_next, greatest(v_oldest + v_keep, v_now + interval '1 hour'));
	END LOOP;
	RETURN v_next;
END
$$;
COMMENT ON FUNCTION voiceagent_private.forget_errands(integer) IS
	'Duty: deletes up to max_rows errands of all tenants that ended longer ago than the setting errand_retention; not what is unknown, which waits for its end.';
SELECT voiceagent_private.register_duty('forget_errands', 1000);

CREATE FUNCTION voiceagent_private.check_errands() RETURNS TABLE (invariant text, detail text)
	LANGUAGE sql STABLE AS $$
	SELECT 'an errand waits in the queue exactly while it is queued or on its way', format('errand %s', coalesce(e.errand_id, q.errand_id))
	FROM (SELECT * FROM voiceagent.errands o WHERE o.tenant_id = voiceagent.current_tenant() AND o.state IN ('queued', 'sending')) e
	FULL JOIN (SELECT * FROM voiceagent_private.errand_queue o WHERE o.tenant_id = voiceagent.current_tenant()) q ON q.errand_id = e.errand_id
	WHERE e.errand_id IS NULL OR q.errand_id IS NULL
	UNION ALL
	SELECT 'an errand is unresolved exactly while it is unknown', format('errand %s', coalesce(e.errand_id, u.errand_id))
	FROM (SELECT * FROM voiceagent.errands o WHERE o.tenant_id = voiceagent.current_tenant() AND o.state = 'unknown') e
	FULL JOIN (SELECT * FROM voiceagent.unresolved_errands o WHERE o.tenant_id = voiceagent.current_tenant()) u ON u.errand_id = e.errand_id
	WHERE e.errand_id IS NULL OR u.errand_id IS NULL
$$;
COMMENT ON FUNCTION voiceagent_private.check_errands() IS 'Violations of the errands'' invariants for the current tenant.';
