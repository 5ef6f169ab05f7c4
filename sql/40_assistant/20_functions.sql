-- 40_assistant: making and changing what is said.

/*
 * Text that is no variable is left to the carrier's template language (strings, tags, filters). But a name that cannot
 * be one, and braces that never close, are slips: else a person on a call would be the first to notice.
 */
CREATE FUNCTION voiceagent_private.require_wellformed_variables(template text) RETURNS void
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_slip text;
BEGIN
	IF template ~ '\{%-?\s*raw' THEN
		RETURN;
	END IF;
	SELECT m.found[1] INTO v_slip
	FROM regexp_matches(template, '(\{\{-?\s*(?:[[:alnum:]_.]+(?:\s+[[:alnum:]_.]+)+|[0-9]+[[:alpha:]_][[:alnum:]_.]*'
		'|)\s*-?(?:\}\}|\|))', 'g') AS m(found) LIMIT 1;
	IF v_slip IS NULL THEN
		v_slip := substring(regexp_replace(template, '\{\{.*?\}\}', '', 'g') FROM '\{\{.{0,40}');
	END IF;
	PERFORM voiceagent_private.fail_if(v_slip IS NOT NULL, 'PT422', 'a variable of the prompt is malformed',
		format('At: %s', left(v_slip, 80)),
		'Write {{name}} or {{name | default: "text"}}; a name is of up to 63 letters (a to z), digits, _, '
			'- and ., and begins with a letter or _.');
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_wellformed_variables(text) IS
	'PT422 for {{...}} that holds no variable''s name, or does not end.';

/*
 * A campaign takes its settings beside its name, an assistant below the key
 * settings.  Each takes the other form as well: they are easily confused.
 */
CREATE FUNCTION voiceagent_private.flat_settings(changes jsonb) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF jsonb_typeof(changes -> 'settings') IS DISTINCT FROM 'object' THEN
		RETURN changes;
	END IF;
	changes := (changes -> 'settings') || (changes - 'settings');
	RAISE NOTICE 'the settings of a campaign stand beside its name, not below "settings"'
		USING HINT = format('They were taken all the same, as: %s', left(changes::text, 500));
	RETURN changes;
END
$$;
COMMENT ON FUNCTION voiceagent_private.flat_settings(jsonb) IS
	'Changes of a campaign with what stands below the key settings taken up beside it, and a NOTICE that says so.';

CREATE FUNCTION voiceagent_private.write_assistant_version(assistant_id bigint, version integer, first_message text,
	system_prompt text, voice text, model text, settings jsonb) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_text record;
	v_filled text := voiceagent_private.fill_knowledge(assistant_id, first_message, system_prompt,
		settings ->> 'language');
BEGIN
	FOR v_text IN
		SELECT * FROM (VALUES ('first message', first_message, 10000), ('system prompt', system_prompt, 200000),
			('system prompt with its knowledge', coalesce(v_filled, system_prompt), 200000), ('voice', voice, 200),
			('model', model, 200)) AS t(what, value, longest)
	LOOP
		IF coalesce(btrim(v_text.value), '') = '' OR length(v_text.value) > v_text.longest THEN
			RAISE EXCEPTION 'the % needs 1 to % characters', v_text.what, v_text.longest USING ERRCODE = 'PT422',
				DETAIL = format('It has %s.', coalesce(length(v_text.value), 0));
		END IF;
	END LOOP;
	PERFORM voiceagent_private.require_wellformed_variables(first_message),
		voiceagent_private.require_wellformed_variables(system_prompt);
	PERFORM voiceagent_private.fail_if(jsonb_typeof(settings) IS DISTINCT FROM 'object', 'PT422',
		'the settings of an assistant are a JSON object', format('Got %s.', coalesce(jsonb_typeof(settings), 'NULL')),
		'For example {"language": "es-ES"}.');
	PERFORM voiceagent_private.fail_if(voiceagent_private.json_bytes(settings, 1048576) > 1048576, 'PT422',
		'the settings of an assistant have at most 1048576 bytes');
	PERFORM voiceagent_private.require_readable(settings, 'the settings of an assistant');
	PERFORM voiceagent_private.fail_if(settings ? 'language' AND (jsonb_typeof(settings -> 'language') <> 'string'
		OR settings ->> 'language' !~ '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$'), 'PT422', 'invalid language',
		format('Got %s.', left((settings -> 'language')::text, 200)),
		'Give a language tag such as en-US, es-ES, fr-FR or de-DE.');
	-- A tenant that says that the first message discloses what the law wants said answers for it.
	PERFORM voiceagent_private.fail_if(settings ? 'discloses' AND jsonb_typeof(settings -> 'discloses') <> 'boolean',
		'PT422', 'discloses must be true or false', format('Got %s.', left((settings -> 'discloses')::text, 200)),
		'True: the first message itself says who calls, that an AI does, and that the call is recorded.');
	IF coalesce((settings ->> 'discloses')::boolean, false) THEN
		PERFORM voiceagent_private.audit('assistant_discloses',
			format('assistant %s version %s', assistant_id, version), NULL,
			jsonb_build_object('first_message', first_message));
	END IF;
	INSERT INTO voiceagent.assistant_versions (tenant_id, assistant_id, version, first_message, system_prompt, voice,
		model, language, settings, variables, created_at, written_prompt)
	VALUES (voiceagent.current_tenant(), assistant_id, version, first_message, coalesce(v_filled, system_prompt), voice,
		model, coalesce(settings ->> 'language', 'en-US'), settings - 'language',
		voiceagent_private.template_variables(first_message || E'\n' || coalesce(v_filled, system_prompt)),
		voiceagent.clock(), CASE WHEN v_filled IS NOT NULL THEN system_prompt END);
	PERFORM voiceagent_private.warn_of_wording(concat_ws(E'\n', first_message, coalesce(v_filled, system_prompt),
		settings::text));
	INSERT INTO voiceagent.assistant_version_knowledge (tenant_id, assistant_id, version, document_id,
		document_version, name, sha256)
	SELECT k.tenant_id, k.assistant_id, write_assistant_version.version, d.document_id, d.version, d.name, v.sha256
	FROM voiceagent.assistant_knowledge k
	JOIN voiceagent.knowledge_documents d ON d.tenant_id = k.tenant_id AND d.document_id = k.document_id
	JOIN voiceagent.knowledge_versions v ON v.tenant_id = d.tenant_id AND v.document_id = d.document_id
		AND v.version = d.version
	WHERE k.tenant_id = voiceagent.current_tenant() AND k.assistant_id = write_assistant_version.assistant_id;
END
$$;
COMMENT ON FUNCTION voiceagent_private.write_assistant_version(bigint, integer, text, text, text, text, jsonb) IS
	'Checks the texts of an assistant and writes them as a version, with {{knowledge}} filled in; PT422 for what is '
	'empty, too long or malformed.';

-- extension/doc/campaigns.md describes the settings.
CREATE FUNCTION voiceagent_private.named_version(assistant_id bigint, version integer)
	RETURNS voiceagent.assistant_versions
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_named voiceagent.assistant_versions;
BEGIN
	SELECT v.* INTO v_named FROM voiceagent.assistants a
	JOIN voiceagent.assistant_versions v ON v.tenant_id = v_tenant AND v.assistant_id = a.assistant_id
		AND v.version = coalesce(named_version.version, a.version)
	WHERE a.tenant_id = v_tenant AND a.assistant_id = named_version.assistant_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'no such assistant, or no such version of it');
	RETURN v_named;
END
$$;
COMMENT ON FUNCTION voiceagent_private.named_version(bigint, integer) IS
	'A version of an assistant of the current tenant (NULL: the current one); PT404.';

CREATE FUNCTION voiceagent_private.require_unarchived(assistant voiceagent.assistants) RETURNS void
	LANGUAGE sql STABLE
	RETURN voiceagent_private.fail_if((assistant).archived_at IS NOT NULL, 'PT409', 'the assistant is archived',
		format('Since %s.', (assistant).archived_at),
		format('unarchive_assistant(%s) takes it back into use.', (assistant).assistant_id));
COMMENT ON FUNCTION voiceagent_private.require_unarchived(voiceagent.assistants) IS
	'PT409 for an assistant that was put away.';

CREATE FUNCTION voiceagent.create_assistant(name text, first_message text, system_prompt text, voice text DEFAULT NULL,
	model text DEFAULT NULL, settings jsonb DEFAULT '{}') RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_id bigint;
	v_voice text := coalesce(voice, voiceagent_private.default_voice(settings ->> 'language'));
	v_settings jsonb := (SELECT coalesce(jsonb_object_agg(d.name, d.value), '{}') || coalesce(settings, '{}')
		FROM (SELECT v.name, CASE v.name WHEN 'silence_timeout_s' THEN
					to_jsonb(trim_scale(extract(epoch FROM voiceagent_private.as_interval(r.value))))
				ELSE to_jsonb(r.value) END AS value
			FROM (VALUES ('default_transcriber', 'transcriber'), ('default_interruption', 'interruption'),
				('default_silence_timeout', 'silence_timeout_s')) v(key, name)
			CROSS JOIN LATERAL voiceagent_private.resolve_setting(v.key) r
			WHERE r.origin <> 'default' AND r.value <> '') d);
BEGIN
	PERFORM voiceagent_private.fail_if(NOT voiceagent_private.is_name(name, 200), 'PT422',
		'an assistant needs a name of 1 to 200 characters, in one line');
	INSERT INTO voiceagent.assistants (tenant_id, name, created_at) VALUES (v_tenant, btrim(name), voiceagent.clock())
	RETURNING assistant_id INTO v_id;
	PERFORM voiceagent_private.write_assistant_version(v_id, 1, first_message, system_prompt,
		v_voice, coalesce(model, voiceagent_private.setting_text('default_model')), v_settings);
	PERFORM voiceagent_private.require_known_settings(v_settings);
	PERFORM voiceagent_private.require_known_voice(v_voice, v_settings);
	PERFORM voiceagent_private.require_known_transcriber(v_settings);
	PERFORM voiceagent_private.require_known_model(coalesce(model, voiceagent_private.setting_text('default_model')));
	PERFORM voiceagent_private.charge('assistant', v_id, btrim(name));
	RETURN v_id;
END
$$;
COMMENT ON FUNCTION voiceagent.create_assistant(text, text, text, text, text, jsonb) IS
	E'Makes an assistant and returns its id; it costs the price "assistant" (PT402).\n'
	'first_message and system_prompt may hold {{variables}}, system_prompt also {{knowledge}}; values left '
	'out are as the settings default_voice, default_model, default_transcriber, default_interruption and '
	'default_silence_timeout say. PT422 for bad input; its HINT lists what settings may hold.';

CREATE FUNCTION voiceagent.update_assistant(assistant_id bigint, changes jsonb) RETURNS integer
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_old voiceagent.assistants;
	v_version voiceagent.assistant_versions;
	v_unknown text;
	v_settings jsonb;
	v_names text[];
	v_flat jsonb;
BEGIN
	PERFORM voiceagent_private.fail_if(jsonb_typeof(changes) IS DISTINCT FROM 'object', 'PT422',
		'changes of an assistant are a JSON object');
	v_names := ARRAY(SELECT jsonb_object_keys(voiceagent_private.assistant_setting_types()));
	v_flat := (SELECT jsonb_object_agg(c.key, c.value) FROM jsonb_each(changes) c WHERE c.key = ANY (v_names));
	IF v_flat IS NOT NULL THEN
		changes := changes - v_names
			|| jsonb_build_object('settings', v_flat || coalesce(changes -> 'settings', '{}'));
		RAISE NOTICE 'the settings of an assistant stand below "settings", not beside its name'
			USING HINT = format('They were taken all the same, as: %s',
				left(jsonb_build_object('settings', changes -> 'settings')::text, 500));
	END IF;
	SELECT string_agg(c.key, ', ') INTO v_unknown FROM jsonb_each(changes) c
	WHERE c.key NOT IN ('name', 'first_message', 'system_prompt', 'voice', 'model', 'settings', 'active')
		OR jsonb_typeof(c.value) <> CASE c.key WHEN 'settings' THEN 'object' WHEN 'active' THEN 'boolean'
			ELSE 'string' END;
	PERFORM voiceagent_private.fail_if(v_unknown IS NOT NULL, 'PT422',
		format('unknown or mistyped change of an assistant: %s', left(v_unknown, 200)), NULL,
		'Texts: name, first_message, system_prompt, voice, model; object: settings; boolean: active.');
	SELECT * INTO v_old FROM voiceagent.assistants a
	WHERE a.tenant_id = v_tenant AND a.assistant_id = update_assistant.assistant_id FOR NO KEY UPDATE;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'no such assistant');
	PERFORM voiceagent_private.require_unarchived(v_old);
	PERFORM voiceagent_private.require_known_settings(changes -> 'settings');
	IF changes ->> 'name' IS NOT NULL AND NOT voiceagent_private.is_name(changes ->> 'name', 200) THEN
		RAISE EXCEPTION 'an assistant needs a name of 1 to 200 characters, in one line' USING ERRCODE = 'PT422';
	END IF;
	SELECT * INTO v_version FROM voiceagent.assistant_versions v
	WHERE v.tenant_id = v_tenant AND v.assistant_id = v_old.assistant_id AND v.version = v_old.version;
	IF changes - '{name,active}'::text[] <> '{}' THEN
		v_old.version := v_old.version + 1;
		PERFORM voiceagent_private.write_assistant_version(v_old.assistant_id, v_old.version,
			coalesce(changes ->> 'first_message', v_version.first_message),
			coalesce(changes ->> 'system_prompt', v_version.written_prompt, v_version.system_prompt),
			coalesce(changes ->> 'voice', v_version.voice), coalesce(changes ->> 'model', v_version.model),
			jsonb_build_object('language', v_version.language) || v_version.settings
				|| coalesce(changes -> 'settings', '{}'));
		-- Unchanged parts of an earlier version stay as they are.
		v_settings := jsonb_build_object('language', v_version.language) || v_version.settings
			|| coalesce(changes -> 'settings', '{}');
		IF changes ? 'voice' OR changes -> 'settings' ?| '{voice_model,voice_speed,language}' THEN
			PERFORM voiceagent_private.require_known_voice(coalesce(changes ->> 'voice', v_version.voice), v_settings);
		END IF;
		IF changes -> 'settings'
			?| '{transcriber,transcriber_model,keyterms,endpointing_ms,smart_endpointing,language}' THEN
			PERFORM voiceagent_private.require_known_transcriber(v_settings);
		END IF;
		IF changes ? 'model' THEN
			PERFORM voiceagent_private.require_known_model(changes ->> 'model');
		END IF;
	END IF;
	UPDATE voiceagent.assistants a SET version = v_old.version,
		name = coalesce(btrim(changes ->> 'name'), a.name), active = coalesce((changes ->> 'active')::boolean, a.active)
	WHERE a.tenant_id = v_tenant AND a.assistant_id = v_old.assistant_id;
	PERFORM voiceagent_private.sync_kept_assistants(v_old.assistant_id);
	RETURN v_old.version;
END
$$;
COMMENT ON FUNCTION voiceagent.update_assistant(bigint, jsonb) IS
	E'Changes an assistant and returns the number of its current version.\n'
	'changes holds any of name, first_message, system_prompt, voice, model, settings (merged), active. Texts become a '
	'new version; running campaigns keep theirs until update_campaign(campaign_id, ''{}'') or the next start. PT404, '
	'PT422.';
