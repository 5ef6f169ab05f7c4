/*
 * 89_plan: campaigns above the plan.  A lower plan ends the youngest of those
 * that run until no more run than it allows, one a commit, so that nothing is
 * locked in another order than by those who stop a campaign.  They stay, and
 * stay readable; one is started again when another has been given up.
 */

CREATE FUNCTION voiceagent_private.end_one_excess() RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_plan voiceagent.plans := voiceagent_private.plan_in_force();
	v_limit integer := (v_plan.limits ->> 'campaigns')::integer;
	v_campaigns bigint[];
BEGIN
	v_campaigns := ARRAY(SELECT c.campaign_id FROM voiceagent.campaigns c
		WHERE c.tenant_id = v_tenant AND c.status = 'running' ORDER BY c.campaign_id);
	IF coalesce(cardinality(v_campaigns) <= v_limit, true) THEN
		RETURN 'infinity';
	END IF;
	-- It waits for no lock: what is being dialled or changed at this moment is ended at the next look.
	PERFORM FROM voiceagent_private.pacing p WHERE p.tenant_id = v_tenant
		AND p.campaign_id = v_campaigns[cardinality(v_campaigns)] FOR UPDATE SKIP LOCKED;
	IF NOT FOUND THEN
		RETURN v_now + interval '10 seconds';
	END IF;
	PERFORM FROM voiceagent.campaigns c WHERE c.tenant_id = v_tenant
		AND c.campaign_id = v_campaigns[cardinality(v_campaigns)] FOR NO KEY UPDATE SKIP LOCKED;
	IF NOT FOUND THEN
		RETURN v_now + interval '10 seconds';
	END IF;
	PERFORM voiceagent_private.halt_lanes(v_campaigns[cardinality(v_campaigns)]);
	PERFORM voiceagent_private.set_campaign_status(v_campaigns[cardinality(v_campaigns)], 'stopped',
		voiceagent_private.why('plan', v_plan.name, v_limit::text), 'campaign_stopped');
	RETURN v_now;
END
$$;
COMMENT ON FUNCTION voiceagent_private.end_one_excess() IS
	'Ends the youngest campaign of the current tenant that runs, if more run than its plan allows -> when to look '
	'again; infinity: there is no more to end.';

CREATE FUNCTION voiceagent_private.end_excess(max integer) RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_at timestamptz := voiceagent_private.end_one_excess();
BEGIN
	IF v_at = 'infinity' THEN
		DELETE FROM voiceagent_private.plan_excesses e WHERE e.tenant_id = v_tenant;
	ELSE
		UPDATE voiceagent_private.plan_excesses e SET next_at = v_at WHERE e.tenant_id = v_tenant;
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.end_excess(integer) IS
	'A tenant job: ends campaigns beyond the plan of a tenant, one in a step.';
SELECT voiceagent_private.register_tenant_job('end_excess', 1, 'plan_excesses', 'next_at');
