-- 53_campaign_run: a tenant that owes credits does not dial.

CREATE FUNCTION voiceagent_private.stop_debtor() RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_campaign bigint;
BEGIN
	IF NOT voiceagent_private.debt_stops() THEN
		RETURN;
	END IF;
	-- It waits for no lock: what is being dialled or changed at this moment is stopped at the next look.
	FOR v_campaign IN
		SELECT p.campaign_id FROM voiceagent_private.pacing p
		JOIN voiceagent.campaigns c ON c.tenant_id = p.tenant_id AND c.campaign_id = p.campaign_id
		WHERE p.tenant_id = voiceagent.current_tenant() AND c.status = 'running'
			AND p.suspended IS DISTINCT FROM 'credits are owed'
		ORDER BY p.campaign_id
	LOOP
		PERFORM FROM voiceagent.campaigns c
		WHERE c.tenant_id = voiceagent.current_tenant() AND c.campaign_id = v_campaign FOR NO KEY UPDATE SKIP LOCKED;
		CONTINUE WHEN NOT FOUND;
		PERFORM voiceagent_private.suspend_campaign(v_campaign, voiceagent_private.why('credits.owed'));
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.stop_debtor() IS
	'Holds back the running campaigns of the current tenant if it owes credits and debts stop dialling, until '
	'resume_suspended(''credits are owed'').';
