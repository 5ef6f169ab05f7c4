/*
 * 35_provider: retention of errands, and what must hold of them.
 */

CREATE FUNCTION voiceagent_private.forget_errands(cutoff timestamptz, max integer) RETURNS integer
	LANGUAGE plpgsql VOLATILE SET enable_seqscan = off AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_gone integer;
BEGIN
	DELETE FROM voiceagent.errands e
	WHERE e.tenant_id = v_tenant AND e.errand_id = ANY (ARRAY(SELECT o.errand_id FROM voiceagent.errands o
		WHERE o.tenant_id = v_tenant AND o.done_at <= cutoff AND o.state <> 'unknown' ORDER BY o.done_at LIMIT max));
	GET DIAGNOSTICS v_gone = ROW_COUNT;
	RETURN v_gone;
END
$$;
COMMENT ON FUNCTION voiceagent_private.forget_errands(timestamptz, integer) IS
	'For retention: deletes the acting tenant''s oldest errands that ended by cutoff, at most max, and returns how many; not what is unknown, which waits for its end.';

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
