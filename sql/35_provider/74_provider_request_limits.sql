/*
 * 35_provider: retention of provider requests, and what must hold of them.
 */

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
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('invariant', 'check_provider_requests');
