-- 42_wizard: from answers to an assistant.

CREATE FUNCTION voiceagent_private.generate_assistant(answers jsonb, template_version integer,
	knowledge text DEFAULT NULL) RETURNS jsonb LANGUAGE sql STABLE AS $$
	SELECT jsonb_build_object('first_message', g.first_message, 'system_prompt', g.system_prompt,
		'voice', coalesce(answers #>> '{voice,voice}',
			voiceagent_private.default_voice(answers #>> '{voice,language}')),
		'settings', g.settings || jsonb_strip_nulls(jsonb_build_object('language', answers #>> '{voice,language}',
			'voicemail_message', g.voicemail_message)))
	FROM voiceagent_private.assemble_assistant(answers, template_version, knowledge) g
$$;
COMMENT ON FUNCTION voiceagent_private.generate_assistant(jsonb, integer, text) IS
	'Makes an assistant of answers, as update_assistant() takes it: first_message, system_prompt, voice, settings.';

CREATE FUNCTION voiceagent.wizard_preview(wizard_id bigint) RETURNS jsonb
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET planner.policy = by_key AS $$
DECLARE
	v_wizard voiceagent.wizards;
	v_answers jsonb;
	v_errors jsonb;
	v_made jsonb;
BEGIN
	SELECT * INTO v_wizard FROM voiceagent.wizards w
	WHERE w.tenant_id = voiceagent.current_tenant() AND w.wizard_id = wizard_preview.wizard_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'no such wizard');
	SELECT c.complete, c.errors INTO v_answers, v_errors
	FROM voiceagent_private.complete_answers(v_wizard.profile, v_wizard.language, v_wizard.answers) c;
	-- A missing answer stands in brackets, by the label under which it is asked for.
	v_answers := voiceagent_private.merge_answers(v_answers, coalesce((
		SELECT jsonb_object_agg(e.step, e.missing) FROM (
			SELECT s.key AS step, jsonb_object_agg(m.item ->> 'field', format('[%s]', t.text)) AS missing
			FROM jsonb_each(v_errors) s CROSS JOIN jsonb_array_elements(s.value) AS m(item)
			JOIN voiceagent.wizard_texts t ON t.language = v_wizard.language
				AND t.key = s.key || '.' || (m.item ->> 'field')
			GROUP BY s.key) e), '{}'));
	v_made := voiceagent_private.generate_assistant(v_answers, voiceagent_private.current_template_version());
	RETURN v_made || jsonb_build_object('name', v_answers #>> '{review,name}', 'missing', coalesce((
			SELECT jsonb_agg(s.step || '.' || (m.item ->> 'field') ORDER BY s.step, m.item ->> 'field')
			FROM (SELECT e.key AS step, e.value FROM jsonb_each(v_errors) e) s
			CROSS JOIN jsonb_array_elements(s.value) AS m(item)), '[]'),
		'lint', coalesce((SELECT jsonb_agg(to_jsonb(l)) FROM voiceagent_private.lint_texts(v_made ->> 'first_message',
			v_made ->> 'system_prompt', v_made #>> '{settings,language}', v_made -> 'settings') l), '[]'));
END
$$;
COMMENT ON FUNCTION voiceagent.wizard_preview(bigint) IS
	E'The texts that a wizard would make now: name, first_message, system_prompt, voice, settings.\n'
	'Steps that are not answered take their defaults; missing names the fields that have none, which stand in '
	'brackets. lint: what lint_assistant() would say. PT404.';

CREATE FUNCTION voiceagent_private.keep_answers(assistant_id bigint, version integer, answers jsonb, profile text,
	template_version integer, generated jsonb) RETURNS void LANGUAGE sql VOLATILE
	BEGIN ATOMIC
		INSERT INTO voiceagent.assistant_answers (tenant_id, assistant_id, version, answers, profile, template_version,
			generated, created_at)
		VALUES (voiceagent.current_tenant(), keep_answers.assistant_id, keep_answers.version, keep_answers.answers,
			keep_answers.profile, keep_answers.template_version, keep_answers.generated, voiceagent.clock());
	END;
COMMENT ON FUNCTION voiceagent_private.keep_answers(bigint, integer, jsonb, text, integer, jsonb) IS
	'Writes down which answers have made a version of an assistant.';

-- What somebody has set stays, also if it is empty; a running campaign goes on as it was started.
CREATE FUNCTION voiceagent_private.take_caller_name(business jsonb) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_name text := btrim(translate(business ->> 'business_name', '{}', ''));
	v_phone text := btrim(business ->> 'phone');
	v_set text;
BEGIN
	IF v_phone <> '' THEN
		INSERT INTO voiceagent_private.tenant_settings (tenant_id, key, value)
		VALUES (v_tenant, 'caller_phone', v_phone) ON CONFLICT ON CONSTRAINT tenant_settings_pkey DO NOTHING;
		IF FOUND THEN
			PERFORM voiceagent_private.audit('set_setting', 'caller_phone', NULL, to_jsonb(v_phone));
			RAISE NOTICE 'where the law wants a telephone number said, calls say %', v_phone
				USING HINT = 'This is the setting caller_phone: set_setting(''caller_phone'', ''...'') changes it.';
		END IF;
	END IF;
	IF coalesce(v_name, '') = '' THEN
		RETURN;
	END IF;
	INSERT INTO voiceagent_private.tenant_settings (tenant_id, key, value) VALUES (v_tenant, 'caller_name', v_name)
	ON CONFLICT ON CONSTRAINT tenant_settings_pkey DO NOTHING;
	IF FOUND THEN
		PERFORM voiceagent_private.audit('set_setting', 'caller_name', NULL, to_jsonb(v_name));
		RAISE NOTICE 'where the law wants the caller named, calls are made on behalf of %', v_name
			USING HINT = 'This is the setting caller_name: set_setting(''caller_name'', ''...'') changes it.';
		RETURN;
	END IF;
	v_set := voiceagent_private.setting_text('caller_name');
	IF lower(btrim(v_set)) NOT IN ('', lower(v_name)) THEN
		RAISE NOTICE 'the assistant speaks for %, and the setting caller_name is %', v_name, v_set
			USING HINT = 'Give its campaigns a caller_name of their own: create_campaign(settings := ...).';
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.take_caller_name(jsonb) IS
	E'Makes name and telephone number of a business the current tenant''s caller_name and caller_phone where none was '
	'set, so that its first campaign is not refused for want of them.\n'
	'A NOTICE says so, or that the name that is set is another.';

-- A tenant that has said something keeps it; no answer to one wizard ends what another wants.
CREATE FUNCTION voiceagent_private.take_model_analysis(wanted boolean) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_terms jsonb;
BEGIN
	IF wanted IS NOT TRUE THEN
		RETURN;
	END IF;
	INSERT INTO voiceagent_private.tenant_settings (tenant_id, key, value)
	VALUES (voiceagent.current_tenant(), 'model_analysis', 'lacking')
	ON CONFLICT ON CONSTRAINT tenant_settings_pkey DO NOTHING;
	IF FOUND THEN
		PERFORM voiceagent_private.audit('set_setting', 'model_analysis', NULL, '"lacking"');
	END IF;
	v_terms := voiceagent_private.show_analysis_terms();
	IF NOT (v_terms -> 'reads')::boolean THEN
		RAISE NOTICE 'no model reads calls: %', coalesce(v_terms ->> 'why_not', 'the setting model_analysis is none')
			USING HINT = 'analysis_terms() says how things stand; set_setting(''model_analysis'', ''lacking'') and '
				'create_model_account() change them.';
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.take_model_analysis(boolean) IS
	E'Has a model read the current tenant''s calls that no carrier analyses, where its wizard wants that and the '
	'setting model_analysis was not set.\n'
	'A NOTICE says why none does, such as that the platform does not want its account to be used.';
