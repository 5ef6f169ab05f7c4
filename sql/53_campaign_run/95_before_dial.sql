/*
 * 53_campaign_run: a tool is asked ahead whether to dial (49_tool).  A job of
 * the keeper looks at one campaign a commit.  A campaign whose tool is gone or
 * was switched off cannot dial, so it is paused, with the reason.
 */

CREATE FUNCTION voiceagent_private.ask_dials_of(campaign_id bigint, most integer) RETURNS timestamptz
	-- A tenant that holds its tool or its campaign is looked at later: all campaigns share this job.
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET lock_timeout = '50ms'
	SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_name text;
	v_checks text;
	v_tool voiceagent.own_tools;
	v_lead voiceagent.leads;
	v_id bigint;
	-- Leads come and change without a word to us.
	c_look CONSTANT interval := '5 seconds';
	c_ahead CONSTANT interval := '1 minute';
	c_leads CONSTANT integer := 100;
	v_campaign voiceagent.campaigns;
BEGIN
	SELECT w.settings ->> 'before_dial', w.settings ->> 'number_checks' INTO v_name, v_checks
	FROM voiceagent.campaigns c
	JOIN voiceagent.campaign_versions w ON w.tenant_id = v_tenant AND w.campaign_id = c.campaign_id
		AND w.version = c.version
	WHERE c.tenant_id = v_tenant AND c.campaign_id = ask_dials_of.campaign_id AND c.status = 'running';
	v_checks := CASE WHEN v_checks ~ E'\\mlookup\\M' THEN v_checks END;
	IF v_checks IS NOT NULL THEN
		PERFORM voiceagent_private.ask_about_numbers(ask_dials_of.campaign_id, v_checks, most);
	END IF;
	IF coalesce(v_name, '') = '' THEN
		RETURN CASE WHEN v_checks IS NULL THEN 'infinity' ELSE v_now + c_look END;
	END IF;
	SELECT o.* INTO v_tool FROM voiceagent.own_tools o WHERE o.tenant_id = v_tenant AND o.name = v_name;
	IF v_tool.tool_id IS NULL OR v_tool.disabled_at IS NOT NULL THEN
		v_campaign := voiceagent_private.lock_campaign(ask_dials_of.campaign_id);
		IF v_campaign.status = 'running' THEN
			PERFORM voiceagent_private.halt_lanes(ask_dials_of.campaign_id);
			PERFORM voiceagent_private.set_campaign_status(ask_dials_of.campaign_id, 'paused',
				CASE WHEN v_tool.tool_id IS NULL THEN format('the tool %s is gone (before_dial)', v_name)
					ELSE format('the tool %s is switched off (before_dial): %s', v_name, v_tool.last_error) END,
				'campaign_paused');
		END IF;
		RETURN 'infinity';
	END IF;
	FOREACH v_id IN ARRAY voiceagent_private.next_to_dial(ask_dials_of.campaign_id, c_leads, v_now + c_ahead) LOOP
		EXIT WHEN most <= 0;
		CONTINUE WHEN EXISTS (SELECT FROM voiceagent_private.tool_asks a WHERE a.tenant_id = v_tenant
			AND a.campaign_id = ask_dials_of.campaign_id AND a.lead_id = v_id AND a.purpose = 'dial'
			AND a.tool_id = v_tool.tool_id AND (a.ended_at IS NULL OR a.good_until > v_now));
		DELETE FROM voiceagent_private.tool_asks a WHERE a.tenant_id = v_tenant
			AND a.campaign_id = ask_dials_of.campaign_id AND a.lead_id = v_id AND a.purpose = 'dial';
		SELECT l.* INTO v_lead FROM voiceagent.leads l WHERE l.tenant_id = v_tenant AND l.lead_id = v_id;
		CONTINUE WHEN NOT FOUND;
		EXIT WHEN voiceagent_private.ask_tool(v_tool, 'dial', '{}', jsonb_build_object(
			'campaign_id', ask_dials_of.campaign_id, 'lead_id', v_id, 'phone', v_lead.phone,
			'name', concat_ws(' ', v_lead.first_name, v_lead.last_name),
			'variables', coalesce(voiceagent_private.known_of_lead(voiceagent_private.lead_variables(v_lead), 65536),
			'{}')), NULL, NULL, v_id, ask_dials_of.campaign_id) IS NULL;
		most := most - 1;
	END LOOP;
	RETURN v_now + c_look;
END
$$;
COMMENT ON FUNCTION voiceagent_private.ask_dials_of(bigint, integer) IS
	E'Asks the tool before_dial of a campaign of the current tenant about the leads that are due within a minute and '
	'of whom it has said nothing that holds, so many at most; or pauses it, if the tool is not asked any more.\n'
	'Returns when to look again; infinity: when it runs again.';

CREATE FUNCTION voiceagent_private.ask_before_dials(max integer) RETURNS timestamptz
	LANGUAGE sql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
	SELECT voiceagent_private.take_campaign_turn('voiceagent_private.dial_ask_turns',
		'voiceagent_private.ask_dials_of', max)
$$;
COMMENT ON FUNCTION voiceagent_private.ask_before_dials(integer) IS
	'A maintenance job: has the tool asked that is asked before dials, for the campaign whose turn it is, about so '
	'many leads at most.';
SELECT voiceagent_private.register_tenant_job('ask_before_dials', 20, 'dial_ask_turns', 'next_at');
