-- 41_prompt: what is wrong with texts before anybody hears them.

CREATE TYPE voiceagent_private.lint_finding AS (
	severity text,
	rule text,
	field text,
	line integer,
	text text,
	hint text
);
COMMENT ON TYPE voiceagent_private.lint_finding IS
	'What the lint has found: severity (error, warning), rule, field, line (from 1) and its text, and how to mend it.';

CREATE FUNCTION voiceagent_private.lint_texts(first_message text, system_prompt text, language text,
	settings jsonb DEFAULT '{}', known text[] DEFAULT NULL, caller_name text DEFAULT NULL)
	RETURNS SETOF voiceagent_private.lint_finding
	LANGUAGE sql STABLE AS $$
	SELECT NULL::text, NULL::text, NULL::text, NULL::integer, NULL::text, NULL::text WHERE false
$$;
COMMENT ON FUNCTION voiceagent_private.lint_texts(text, text, text, jsonb, text[], text) IS
	'What is wrong with the texts of an assistant.';

CREATE FUNCTION voiceagent_private.lint_script(script jsonb, language text)
	RETURNS SETOF voiceagent_private.lint_finding
	LANGUAGE sql STABLE AS $$
	SELECT NULL::text, NULL::text, NULL::text, NULL::integer, NULL::text, NULL::text WHERE false
$$;
COMMENT ON FUNCTION voiceagent_private.lint_script(jsonb, text) IS 'What is wrong with a script.';

CREATE FUNCTION voiceagent.lint_assistant(assistant_id bigint, version integer DEFAULT NULL)
	RETURNS TABLE (severity text, rule text, field text, line integer, text text, hint text)
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_spoken voiceagent.assistant_versions;
BEGIN
	SELECT v.* INTO v_spoken FROM voiceagent.assistants a
	JOIN voiceagent.assistant_versions v ON v.tenant_id = a.tenant_id AND v.assistant_id = a.assistant_id
		AND v.version = coalesce(lint_assistant.version, a.version)
	WHERE a.tenant_id = v_tenant AND a.assistant_id = lint_assistant.assistant_id;
	IF NOT FOUND THEN
		PERFORM voiceagent_private.fail('PT404', 'no such assistant, or no such version of it');
	END IF;
	RETURN QUERY SELECT f.severity, f.rule, f.field, f.line, f.text, f.hint
	FROM voiceagent_private.lint_texts(v_spoken.first_message, v_spoken.system_prompt, v_spoken.language,
		v_spoken.settings, NULL, voiceagent_private.setting_text('caller_name')) f;
END
$$;
COMMENT ON FUNCTION voiceagent.lint_assistant(bigint, integer) IS
	E'What is wrong with the texts of an assistant (version: NULL for the current one), before anybody hears them.\n'
	'Each finding has a severity (error, warning), a rule, the field, the line and its text, and how to mend it. '
	'PT404.';
