-- 94_prompt_test: a person types, and the embedded model answers as the assistant.

CREATE FUNCTION voiceagent.talk_to_assistant(assistant_id bigint, lines text[] DEFAULT '{}',
	version integer DEFAULT NULL, variables jsonb DEFAULT '{}') RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_version voiceagent.assistant_versions := voiceagent_private.named_version(assistant_id, version);
	v_assistant jsonb := voiceagent_private.talker_assistant(assistant_id, v_version.version, NULL);
	v_setup jsonb;
	v_talk jsonb;
	c_lines CONSTANT integer := 29;
	c_characters CONSTANT integer := 2000;
BEGIN
	IF cardinality(lines) > c_lines OR array_ndims(lines) > 1
		OR EXISTS (SELECT FROM unnest(lines) l WHERE l IS NULL OR length(l) NOT BETWEEN 1 AND c_characters) THEN
		PERFORM voiceagent_private.fail('PT422', 'these are not the lines of a person',
			format('At most %s, each of 1 to %s characters.', c_lines, c_characters));
	ELSIF jsonb_typeof(variables) IS DISTINCT FROM 'object' OR length(variables::text) > c_characters THEN
		PERFORM voiceagent_private.fail('PT422', 'variables must be a JSON object of at most 2000 characters');
	END IF;
	-- The whole talk is played again with one line more: the same lines, the same answers, and nothing is kept.
	v_setup := voiceagent_private.caller_of_lines(lines, v_version.first_message) || jsonb_build_object(
		'system_prompt', v_version.system_prompt, 'settings', v_version.settings, 'assistant', v_assistant,
		'variables', coalesce((SELECT jsonb_object_agg(n, replace(n, '_', ' '))
			FROM unnest(v_version.variables) n), '{}') || variables, 'language', left(v_version.language, 2));
	IF v_assistant ->> 'direction' = 'inbound' THEN
		PERFORM voiceagent_private.writer_tenant();
		v_talk := (SELECT to_jsonb(s)
			FROM voiceagent_private.stage_incoming(assistant_id, v_version.version, v_setup) s);
	ELSE
		v_talk := voiceagent_private.rehearse(v_setup::text)::jsonb;
	END IF;
	RETURN jsonb_strip_nulls(jsonb_build_object('verdict', 'rehearsed', 'over', v_talk ->> 'ended_by' <> 'limit',
		'turns', v_talk -> 'turns', 'data', v_talk -> 'data', 'tools', v_talk -> 'used'));
END
$$;
COMMENT ON FUNCTION voiceagent.talk_to_assistant(bigint, text[], integer, jsonb) IS
	E'Plays an assistant''s talk with a person that says these lines, by the desk: {"verdict": "rehearsed", "over", '
	'"turns": [{"speaker", "text"}], "data"}.\n'
	'version NULL: the current one; variables: of the lead. A receptionist uses its tools (tools: what each answered), '
	'for a manager or an owner. Nothing is kept of it, and no language model is asked. PT403, PT404, PT422.';
