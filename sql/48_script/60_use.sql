/*
 * 48_script: the script of a call.  The claim asks here, for campaigns that
 * have scripts alone, and waits for nothing: a model's script that is ready is
 * taken, else the template's is written on the spot.
 */

CREATE FUNCTION voiceagent_private.awaits_script(plan voiceagent_private.script_plan, lead_id bigint, due timestamptz,
	at timestamptz) RETURNS boolean
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_digest bytea;
BEGIN
	IF at >= due + plan.wait OR plan.body IS NULL THEN
		RETURN false;
	END IF;
	-- As long as it has none, which is cheap to see, what is known of it need not be read.
	PERFORM FROM voiceagent.lead_scripts s
	WHERE s.tenant_id = v_tenant AND s.lead_id = awaits_script.lead_id AND s.status <> 'waiting' LIMIT 1;
	IF NOT FOUND THEN
		RETURN true;
	END IF;
	SELECT voiceagent_private.script_digest(plan, 'model ' || plan.model, voiceagent_private.lead_variables(l))
	INTO v_digest FROM voiceagent.leads l WHERE l.tenant_id = v_tenant AND l.lead_id = awaits_script.lead_id;
	RETURN NOT EXISTS (SELECT FROM voiceagent.lead_scripts s
		WHERE s.tenant_id = v_tenant AND s.lead_id = awaits_script.lead_id AND s.digest = v_digest
			AND s.status <> 'waiting');
END
$$;
COMMENT ON FUNCTION voiceagent_private.awaits_script(voiceagent_private.script_plan, bigint, timestamptz, timestamptz)
	IS 'Whether the dial of a lead, due since then, waits for its script from a model: for script_wait at most, and no '
	'longer than until the script is there or has failed.';

CREATE FUNCTION voiceagent_private.with_script(variables jsonb, plan voiceagent_private.script_plan,
	campaign_id bigint, lead_id bigint, call_id bigint, at timestamptz) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_digest bytea;
	v_found voiceagent.lead_scripts;
	v_reason text;
	v_written jsonb;
BEGIN
	IF plan.body IS NULL THEN
		RETURN variables;
	END IF;
	IF plan.source = 'model' THEN
		SELECT s.* INTO v_found FROM voiceagent.lead_scripts s
		WHERE s.tenant_id = v_tenant AND s.lead_id = with_script.lead_id
			AND s.digest = voiceagent_private.script_digest(plan, 'model ' || plan.model, variables);
		v_reason := CASE coalesce(v_found.status, '') WHEN 'ready' THEN NULL WHEN 'failed' THEN v_found.reason
			WHEN 'waiting' THEN format('the model had not answered when the dial had waited for %s', plan.wait)
			ELSE 'no model was asked for it in time' END;
	END IF;
	IF v_found.status IS DISTINCT FROM 'ready' THEN
		v_digest := voiceagent_private.script_digest(plan, 'template', variables);
		SELECT s.* INTO v_found FROM voiceagent.lead_scripts s
		WHERE s.tenant_id = v_tenant AND s.lead_id = with_script.lead_id AND s.digest = v_digest;
	END IF;
	IF v_found.script_id IS NULL THEN
		v_written := voiceagent_private.write_script(plan, variables);
		IF v_written IS NULL THEN
			RETURN variables;
		END IF;
		INSERT INTO voiceagent.lead_scripts (tenant_id, campaign_id, lead_id, digest, status, written_by, language,
			origin, script, rules, created_at, finished_at)
		VALUES (v_tenant, with_script.campaign_id, with_script.lead_id, v_digest, 'ready', 'template', plan.language,
			plan.origin, v_written - 'rules', v_written -> 'rules', at, at)
		RETURNING * INTO v_found;
	END IF;
	INSERT INTO voiceagent.call_scripts (tenant_id, call_id, script_id, reason)
	VALUES (v_tenant, with_script.call_id, v_found.script_id, v_reason);
	RETURN variables
		|| jsonb_build_object('script', voiceagent_private.script_variable(v_found.script, v_found.rules));
END
$$;
COMMENT ON FUNCTION voiceagent_private.with_script(jsonb, voiceagent_private.script_plan, bigint, bigint, bigint,
	timestamptz) IS
	E'The variables of a lead with the script of the call that is being placed, which is noted in call_scripts.\n'
	'A model''s when it is ready, else the template''s, with the reason. Raises nothing because of what a lead, a '
	'source or a model said.';

CREATE FUNCTION voiceagent_private.script_of_call(call_id bigint, settings jsonb) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	IF coalesce(settings ->> 'script_source', 'none') = 'none' THEN
		RETURN '{}';
	END IF;
	RETURN coalesce((SELECT jsonb_build_object('script', voiceagent_private.script_variable(s.script, s.rules))
		FROM voiceagent.call_scripts c
		JOIN voiceagent.lead_scripts s ON s.tenant_id = v_tenant AND s.script_id = c.script_id
		WHERE c.tenant_id = v_tenant AND c.call_id = script_of_call.call_id), '{}');
END
$$;
COMMENT ON FUNCTION voiceagent_private.script_of_call(bigint, jsonb) IS
	'{"script": ...}, the variable of a call of the current tenant, whose campaign had these settings; {}: it used '
	'none.';

CREATE FUNCTION voiceagent_private.script_now(settings jsonb, language text, campaign_id bigint, lead_id bigint,
	variables jsonb) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_plan voiceagent_private.script_plan;
	v_found voiceagent.lead_scripts;
	v_written jsonb;
BEGIN
	IF coalesce(settings ->> 'script_source', 'none') = 'none' THEN
		RETURN jsonb_build_object('source', 'none', 'status', 'none',
			'reason', 'the campaign''s setting script_source is none');
	END IF;
	v_plan := voiceagent_private.plan_script(settings, language);
	IF v_plan.body IS NULL THEN
		RETURN jsonb_build_object('source', v_plan.source, 'language', language, 'status', 'none',
			'reason', format('there is no template in the language %s', language));
	ELSIF v_plan.source = 'model' THEN
		SELECT s.* INTO v_found FROM voiceagent.lead_scripts s
		WHERE s.tenant_id = voiceagent.current_tenant() AND s.lead_id = script_now.lead_id
			AND s.digest = voiceagent_private.script_digest(v_plan, 'model ' || v_plan.model, variables);
	END IF;
	IF v_found.status IS DISTINCT FROM 'ready' THEN
		v_written := voiceagent_private.write_script(v_plan, variables);
	END IF;
	RETURN jsonb_build_object('source', v_plan.source, 'language', v_plan.language, 'origin', v_plan.origin,
		'script_id', v_found.script_id, 'status', coalesce(v_found.status,
			CASE v_plan.source WHEN 'model' THEN 'not asked yet' ELSE 'ready' END),
		'reason', v_found.reason, 'written_by', coalesce(v_found.written_by, 'template'),
		'script', coalesce(v_found.script, v_written - 'rules'),
		'rules', coalesce(v_found.rules, v_written -> 'rules'));
END
$$;
COMMENT ON FUNCTION voiceagent_private.script_now(jsonb, text, bigint, bigint, jsonb) IS
	'The script with which a lead of the current tenant would be called now, as preview_script() gives it; nothing is '
	'written, and no model asked.';

CREATE FUNCTION voiceagent_private.script_for_preview(settings jsonb, language text, campaign_id bigint, lead_id bigint,
	variables jsonb) RETURNS jsonb
	LANGUAGE sql STABLE
	RETURN CASE WHEN coalesce(settings ->> 'script_source', 'none') = 'none' THEN variables
		ELSE (SELECT CASE WHEN n.now -> 'script' IS NULL THEN variables ELSE variables
				|| jsonb_build_object('script',
					voiceagent_private.script_variable(n.now -> 'script', n.now -> 'rules')) END
			FROM (SELECT voiceagent_private.script_now(settings, language, campaign_id, lead_id, variables) AS now
				OFFSET 0 /* asked once */) n) END;
COMMENT ON FUNCTION voiceagent_private.script_for_preview(jsonb, text, bigint, bigint, jsonb) IS
	'The variables of a lead with the script that a call of a campaign with these settings would have now.';

CREATE FUNCTION voiceagent_private.require_script_settings(campaign voiceagent.campaigns) RETURNS void
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_playbook text := coalesce(campaign.settings ->> 'playbook', '');
	v_language text;
BEGIN
	IF v_playbook <> '' AND NOT EXISTS (SELECT FROM voiceagent.playbooks p
			WHERE p.tenant_id = v_tenant AND p.playbook = v_playbook)
		AND NOT EXISTS (SELECT FROM voiceagent_private.shipped_playbooks s WHERE s.playbook = v_playbook) THEN
		PERFORM voiceagent_private.fail('PT422', format('there is no playbook "%s"', left(v_playbook, 63)), NULL,
			'load_playbook() makes one; list_playbooks() has those there are.');
	ELSIF coalesce(campaign.settings ->> 'script_source', 'none') = 'none' THEN
		RETURN;
	END IF;
	SELECT v.language INTO v_language FROM voiceagent.assistants a
	JOIN voiceagent.assistant_versions v ON v.tenant_id = v_tenant AND v.assistant_id = a.assistant_id
		AND v.version = a.version
	WHERE a.tenant_id = v_tenant AND a.assistant_id = campaign.assistant_id;
	PERFORM voiceagent_private.fail_if((voiceagent_private.plan_script(campaign.settings, v_language)).body IS NULL,
		'PT422', format('there is no script template in the language %s', v_language),
		'The assistant speaks it; the platform''s templates are in en, es, fr and de.',
		'store_script_template() for pitch, objections and closing, or a playbook with the language.');
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_script_settings(voiceagent.campaigns) IS
	'PT422 for a campaign whose playbook there is not, or that wants scripts in a language without templates.';

CREATE FUNCTION voiceagent_private.retain_scripts(upto bigint, cutoff timestamptz, max integer)
	RETURNS TABLE (upto_now bigint, removed integer, more boolean)
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_ids bigint[];
BEGIN
	SELECT coalesce(array_agg(w.script_id ORDER BY w.script_id), '{}') INTO v_ids
	FROM (SELECT s.script_id, s.created_at FROM voiceagent.lead_scripts s
		WHERE s.tenant_id = v_tenant AND s.script_id > upto ORDER BY s.script_id LIMIT max) w
	WHERE w.created_at < cutoff;
	DELETE FROM voiceagent.lead_scripts s WHERE s.tenant_id = v_tenant AND s.script_id = ANY (v_ids);
	RETURN QUERY SELECT coalesce(v_ids[cardinality(v_ids)], upto), cardinality(v_ids), cardinality(v_ids) = max;
END
$$;
COMMENT ON FUNCTION voiceagent_private.retain_scripts(bigint, timestamptz, integer) IS
	'Removes the current tenant''s oldest scripts behind the mark that were made before cutoff, at most max, and with '
	'each which calls used it.';
