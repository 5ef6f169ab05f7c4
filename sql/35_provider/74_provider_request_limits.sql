/*
 * 35_provider: retention of provider requests, and what must hold of them.
 */

CREATE FUNCTION voiceagent_private.delete_old_provider_requests(cutoff timestamptz, max integer) RETURNS integer
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_gone integer;
BEGIN
	DELETE FROM voiceagent.provider_requests e
	WHERE e.tenant_id = v_tenant
		AND e.provider_request_id = ANY (ARRAY(SELECT o.provider_request_id FROM voiceagent.provider_requests o
			WHERE o.tenant_id = v_tenant AND o.done_at <= cutoff AND o.state <> 'unknown'
			ORDER BY o.done_at LIMIT max));
	GET DIAGNOSTICS v_gone = ROW_COUNT;
	RETURN v_gone;
END
$$;
COMMENT ON FUNCTION voiceagent_private.delete_old_provider_requests(timestamptz, integer) IS
	'For retention: deletes the current tenant''s oldest provider requests that ended by cutoff, at most max, and '
	'returns how many; not what is unknown, which waits for its end.';

CREATE FUNCTION voiceagent_private.check_provider_requests() RETURNS TABLE (invariant text, detail text)
	LANGUAGE sql STABLE AS $$
	SELECT 'a provider request waits in the queue exactly while it is queued or on its way',
		format('provider request %s', coalesce(e.provider_request_id, q.provider_request_id))
	FROM (SELECT * FROM voiceagent.provider_requests o
		WHERE o.tenant_id = voiceagent.current_tenant() AND o.state IN ('queued', 'sending')) e
	FULL JOIN (SELECT * FROM voiceagent_private.provider_request_queue o
		WHERE o.tenant_id = voiceagent.current_tenant()) q ON q.provider_request_id = e.provider_request_id
	WHERE e.provider_request_id IS NULL OR q.provider_request_id IS NULL
	UNION ALL
	SELECT 'a provider request is unresolved exactly while it is unknown',
		format('provider request %s', coalesce(e.provider_request_id, u.provider_request_id))
	FROM (SELECT * FROM voiceagent.provider_requests o
		WHERE o.tenant_id = voiceagent.current_tenant() AND o.state = 'unknown' AND o.kind <> 'send_text') e
	FULL JOIN (SELECT * FROM voiceagent.unresolved_provider_requests o
		WHERE o.tenant_id = voiceagent.current_tenant()) u ON u.provider_request_id = e.provider_request_id
	WHERE e.provider_request_id IS NULL OR u.provider_request_id IS NULL
$$;
COMMENT ON FUNCTION voiceagent_private.check_provider_requests() IS
	'Violations of the provider requests'' invariants for the current tenant.';
