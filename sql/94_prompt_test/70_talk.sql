-- 94_prompt_test: a person types, and the embedded model answers as the assistant.

CREATE FUNCTION voiceagent.talk_to_assistant(assistant_id bigint, lines text[] DEFAULT '{}',
	version integer DEFAULT NULL, variables jsonb DEFAULT '{}') RETURNS jsonb
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_version voiceagent.assistant_versions := voiceagent_private.named_version(assistant_id, version);
	v_talk jsonb;
	v_lines integer := coalesce(cardinality(lines), 0);
	c_lines CONSTANT integer := 29;
	c_characters CONSTANT integer := 2000;
BEGIN
	IF v_lines > c_lines OR array_ndims(lines) > 1
		OR EXISTS (SELECT FROM unnest(lines) l WHERE l IS NULL OR length(l) NOT BETWEEN 1 AND c_characters) THEN
		PERFORM voiceagent_private.fail('PT422', 'these are not the lines of a person',
			format('At most %s, each of 1 to %s characters.', c_lines, c_characters));
	ELSIF jsonb_typeof(variables) IS DISTINCT FROM 'object' OR length(variables::text) > c_characters THEN
		PERFORM voiceagent_private.fail('PT422', 'variables must be a JSON object of at most 2000 characters');
	END IF;
	-- The whole talk is played again with one line more: the same lines, the same answers, and nothing is kept.
	v_talk := voiceagent_private.rehearse(jsonb_build_object('first_message', v_version.first_message,
		'system_prompt', v_version.system_prompt, 'settings', v_version.settings,
		'assistant', voiceagent_private.talker_assistant(assistant_id, v_version.version, NULL),
		'variables', coalesce((SELECT jsonb_object_agg(n, replace(n, '_', ' '))
			FROM unnest(v_version.variables) n), '{}') || variables,
		'language', left(v_version.language, 2), 'seed', 1, 'max_turns', 2 * v_lines + 1,
		'lines', coalesce((SELECT jsonb_agg(jsonb_build_object('turn', l.n, 'say', l.line) ORDER BY l.n)
			FROM unnest(lines) WITH ORDINALITY AS l(line, n)), '[]'))::text)::jsonb;
	RETURN jsonb_build_object('verdict', 'rehearsed', 'over', v_talk ->> 'ended_by' <> 'limit',
		'turns', v_talk -> 'turns', 'data', v_talk -> 'data');
END
$$;
COMMENT ON FUNCTION voiceagent.talk_to_assistant(bigint, text[], integer, jsonb) IS
	E'What an assistant, played by the embedded model, answers to a person that says these lines: {"verdict": '
	'"rehearsed", "over", "turns": [{"speaker", "text"}], "data"}.\n'
	'version NULL: the current one; variables: of the lead. Nothing is kept, and no language model is asked. PT404, '
	'PT422.';
