-- 53_campaign_run: an experiment begins and ends.

CREATE FUNCTION voiceagent_private.variant_b(campaign voiceagent.campaigns, assistant_id bigint, version integer)
	RETURNS voiceagent.assistant_versions
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_assistant voiceagent.assistants;
	v_version voiceagent.assistant_versions;
BEGIN
	SELECT * INTO v_assistant FROM voiceagent.assistants a
	WHERE a.tenant_id = v_tenant AND a.assistant_id = coalesce(variant_b.assistant_id, campaign.assistant_id);
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'no such assistant');
	PERFORM voiceagent_private.fail_if(NOT v_assistant.active, 'PT409', 'the assistant is not active',
		format('It is assistant %s.', v_assistant.assistant_id),
		'update_assistant() activates it; an archived one takes unarchive_assistant().');
	SELECT * INTO v_version FROM voiceagent.assistant_versions v
	WHERE v.tenant_id = v_tenant AND v.assistant_id = v_assistant.assistant_id
		AND v.version = coalesce(variant_b.version, v_assistant.version);
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'no such version of the assistant',
		format('version is %s; assistant %s has 1 to %s.', variant_b.version, v_assistant.assistant_id,
			v_assistant.version));
	PERFORM voiceagent_private.require_passed_version(v_version.assistant_id, v_version.version);
	RETURN v_version;
END
$$;
COMMENT ON FUNCTION voiceagent_private.variant_b(voiceagent.campaigns, bigint, integer) IS
	'The version that start_experiment() compares with a campaign''s own: default the present one of its assistant; '
	'PT404, PT409 for an assistant that is not active, or a version that no campaign may take up.';

CREATE FUNCTION voiceagent.start_experiment(campaign_id bigint, assistant_id bigint DEFAULT NULL,
	version integer DEFAULT NULL, share numeric DEFAULT 0.5, seed bigint DEFAULT NULL) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_campaign voiceagent.campaigns;
	v_now voiceagent.campaign_versions;
	v_b voiceagent.assistant_versions;
	v_share numeric := start_experiment.share;
	v_seed bigint := coalesce(start_experiment.seed, floor(random() * 1000000000)::bigint);
	v_id bigint;
	v_version integer;
BEGIN
	PERFORM voiceagent_private.fail_if(
		v_share IS NULL OR v_share NOT BETWEEN 0.01 AND 0.99 OR v_share <> round(v_share, 3), 'PT422',
		'share is out of range', format('Got %s.', coalesce(left(v_share::text, 40), 'NULL')),
		'share is the part of the leads that hear the other version: 0.01 to 0.99, with three decimals at most.');
	PERFORM voiceagent_private.fail_if(v_seed < 0, 'PT422', 'seed is negative', format('Got %s.', v_seed));
	v_campaign := voiceagent_private.lock_campaign(start_experiment.campaign_id);
	PERFORM voiceagent_private.require_not_archived(v_campaign);
	PERFORM voiceagent_private.require_launchable_type(v_campaign.type, '{}');
	PERFORM voiceagent_private.fail_if(v_campaign.experiment IS NOT NULL, 'PT409',
		'the campaign has an experiment already',
		format('Experiment %s runs.', v_campaign.experiment ->> 'experiment_id'), 'finish_experiment() first.');
	v_b := voiceagent_private.variant_b(v_campaign, start_experiment.assistant_id, start_experiment.version);
	SELECT * INTO STRICT v_now FROM voiceagent.campaign_versions w
	WHERE w.tenant_id = v_tenant AND w.campaign_id = v_campaign.campaign_id AND w.version = v_campaign.version;
	IF (v_b.assistant_id, v_b.version) = (v_campaign.assistant_id, v_now.assistant_version) THEN
		PERFORM voiceagent_private.fail('PT422', 'an experiment needs two versions',
			format('Version %s of assistant %s is the one that the campaign has.', v_b.version, v_b.assistant_id),
			'Change the assistant with update_assistant(), or name another assistant or version.');
	END IF;
	INSERT INTO voiceagent.experiments AS e (tenant_id, campaign_id, seed, share, a_assistant_id, a_version,
		b_assistant_id, b_version, started_at)
	VALUES (v_tenant, v_campaign.campaign_id, v_seed, v_share, v_campaign.assistant_id, v_now.assistant_version,
		v_b.assistant_id, v_b.version, voiceagent.clock())
	RETURNING e.experiment_id INTO v_id;
	v_campaign.experiment := jsonb_build_object('experiment_id', v_id, 'seed', v_seed, 'share', v_share,
		'a', jsonb_build_object('assistant_id', v_campaign.assistant_id, 'version', v_now.assistant_version),
		'b', jsonb_build_object('assistant_id', v_b.assistant_id, 'version', v_b.version, 'variables', v_b.variables,
			'discloses', coalesce(v_b.settings ->> 'discloses', '') = 'true'));
	v_version := voiceagent_private.put_in_force(v_campaign, true);
	UPDATE voiceagent.experiments e SET first_campaign_version = v_version
	WHERE e.tenant_id = v_tenant AND e.experiment_id = v_id;
	PERFORM voiceagent_private.require_filled_variables(v_campaign.campaign_id, v_version, v_campaign.version);
	IF v_campaign.status IN ('running', 'scheduled') THEN
		PERFORM voiceagent_private.require_sayable(v_campaign.campaign_id, v_version);
	END IF;
	PERFORM voiceagent_private.audit('start_experiment', 'campaign ' || v_campaign.campaign_id, NULL,
		v_campaign.experiment);
	RETURN v_id;
END
$$;
COMMENT ON FUNCTION voiceagent.start_experiment(bigint, bigint, integer, numeric, bigint) IS
	E'Has a part of a campaign''s leads (share, 0.01 to 0.99) hear another version, and returns the experiment''s id.\n'
	'b is version of assistant_id (default: the present one of the campaign''s own); a is what the campaign has. Who '
	'hears which follows from seed (default: drawn, see experiments) and the lead, for all its calls. PT404; PT409 '
	'for a second one; PT422 also for leads that lack a variable of b.';

CREATE FUNCTION voiceagent.finish_experiment(experiment_id bigint, variant text) RETURNS integer
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_experiment voiceagent.experiments;
	v_campaign voiceagent.campaigns;
	v_version integer;
BEGIN
	SELECT * INTO v_experiment FROM voiceagent.experiments e
	WHERE e.tenant_id = v_tenant AND e.experiment_id = finish_experiment.experiment_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'no such experiment');
	PERFORM voiceagent_private.fail_if(variant IS NULL OR variant NOT IN ('a', 'b'), 'PT422',
		format('there is no variant "%s"', left(coalesce(variant, 'NULL'), 60)), NULL,
		'variant is a (what the campaign had) or b.');
	-- Before the experiment's row, as everywhere: none dials meanwhile.
	v_campaign := voiceagent_private.lock_campaign(v_experiment.campaign_id);
	SELECT * INTO STRICT v_experiment FROM voiceagent.experiments e
	WHERE e.tenant_id = v_tenant AND e.experiment_id = finish_experiment.experiment_id FOR NO KEY UPDATE;
	PERFORM voiceagent_private.fail_if(v_experiment.finished_at IS NOT NULL, 'PT409', 'the experiment is finished',
		format('The campaign has taken up variant %s.', v_experiment.winner));
	-- Those who heard a go on with it; the others have not heard b.
	IF variant = 'b' THEN
		PERFORM voiceagent_private.require_passed_version(v_experiment.b_assistant_id, v_experiment.b_version);
	END IF;
	v_campaign.assistant_id := CASE variant WHEN 'a' THEN v_experiment.a_assistant_id
		ELSE v_experiment.b_assistant_id END;
	v_campaign.experiment := jsonb_build_object('winner', CASE variant WHEN 'a' THEN v_experiment.a_version
		ELSE v_experiment.b_version END);
	v_version := voiceagent_private.put_in_force(v_campaign, true);
	UPDATE voiceagent.experiments e
	SET winner = variant, finished_at = voiceagent.clock(), end_campaign_version = v_version
	WHERE e.tenant_id = v_tenant AND e.experiment_id = v_experiment.experiment_id;
	PERFORM voiceagent_private.audit('finish_experiment', 'campaign ' || v_campaign.campaign_id, NULL,
		jsonb_build_object('experiment_id', v_experiment.experiment_id, 'winner', variant));
	RETURN v_version;
END
$$;
COMMENT ON FUNCTION voiceagent.finish_experiment(bigint, text) IS
	E'Ends an experiment: all leads of its campaign hear the variant that you name (a or b) from the next call on.\n'
	'Returns the campaign''s version that is in force now. PT404, PT409 when it is finished already, or b '
	'has failed its test, PT422 for another variant.';
