-- 55_call: which dial may be sent once more, where the carrier promises that the same request dials once.

CREATE FUNCTION voiceagent_private.may_retry_dials(attempt_ids bigint[]) RETURNS SETOF bigint
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	-- If the first request never arrived, this one is the dial: what forbids a dial now forbids it.
	RETURN QUERY
		SELECT i.attempt_id FROM unnest(attempt_ids) AS i(attempt_id)
		WHERE EXISTS (SELECT FROM voiceagent.attempts a
			JOIN voiceagent.calls c ON c.tenant_id = v_tenant AND c.call_id = a.call_id
			JOIN voiceagent.campaigns g ON g.tenant_id = v_tenant AND g.campaign_id = c.campaign_id
			JOIN voiceagent.leads l ON l.tenant_id = v_tenant AND l.lead_id = c.lead_id
			JOIN voiceagent.provider_accounts p ON p.tenant_id = v_tenant
				AND p.provider_account_id = a.provider_account_id
			WHERE a.tenant_id = v_tenant AND a.attempt_id = i.attempt_id AND a.state = 'sending'
				AND g.status = 'running'
				AND a.window_closes_at > voiceagent.clock() AND p.active
				AND (p.provider = 'sandbox' OR p.armed_at IS NOT NULL)
				AND l.status <> 'do_not_call' AND NOT EXISTS (
					SELECT FROM voiceagent_private.may_ring(v_tenant, c.phone, 'dial', c.campaign_id, false)));
END
$$;
COMMENT ON FUNCTION voiceagent_private.may_retry_dials(bigint[]) IS
	'Those of the current tenant''s attempts, whose answer was lost, that may be sent once more: still unanswered, '
	'their campaign running, their account active and armed, their window open, no lead called has opted out.';
