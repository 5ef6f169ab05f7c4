/*
 * 49_tool: the desk, which plays an assistant where no language model does: in rehearsals, prompt tests and
 * the browser's talk, and as the last engine of a call that we hold.  It speaks from the assistant's answers, and reads
 * no prompt.
 */

CREATE FUNCTION voiceagent_private.ask_talker(request text) RETURNS text
	LANGUAGE c IMMUTABLE STRICT AS 'MODULE_PATHNAME', 'va_sql_ask_talker';
COMMENT ON FUNCTION voiceagent_private.ask_talker(text) IS
	'The message that the desk answers to a request, {"content", "tool_calls"}; the same for the same '
	'request (sandbox/model.h says what both hold).';

CREATE FUNCTION voiceagent_private.rehearse(setup text) RETURNS text
	LANGUAGE plpgsql VOLATILE STRICT SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_step jsonb := voiceagent_private.rehearsal_step(setup, NULL, NULL, false);
	v_said jsonb;
BEGIN
	WHILE v_step -> 'request' <> 'null' LOOP
		v_said := voiceagent_private.ask_talker(v_step ->> 'request');
		v_step := voiceagent_private.rehearsal_step(setup, v_step ->> 'talk', v_said ->> 'content',
			v_said ? 'tool_calls');
	END LOOP;
	RETURN v_step -> 'talk';
END
$$;
COMMENT ON FUNCTION voiceagent_private.rehearse(text) IS
	'A whole talk of a scripted caller with the assistant of a setup, played by the embedded model, as JSON; the same '
	'for the same setup (sandbox/rehearsal.h says what both hold).';

CREATE FUNCTION voiceagent_private.rehearsal_step(setup text, talk text, answer text, ends boolean) RETURNS text
	LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'va_sql_rehearsal_step';
COMMENT ON FUNCTION voiceagent_private.rehearsal_step(text, text, text, boolean) IS
	'A talk (NULL: a new one) with the model''s answer (NULL: none yet) and the caller''s next turn: {"talk", '
	'"request"}, the request for the model, or null when the talk is over; ends: the model has ended the call.';

CREATE FUNCTION voiceagent_private.caller_of_lines(lines text[], first_message text) RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN jsonb_build_object('first_message', first_message, 'max_turns', 2 * coalesce(cardinality(lines), 0) + 1,
		'seed', 1, 'lines', coalesce((SELECT jsonb_agg(jsonb_build_object('turn', l.n, 'say', l.line) ORDER BY l.n)
			FROM unnest(lines) WITH ORDINALITY AS l(line, n)), '[]'));
COMMENT ON FUNCTION voiceagent_private.caller_of_lines(text[], text) IS
	'The setup of a rehearsal (sandbox/rehearsal.h) whose caller says these lines one after the other, and no more.';

CREATE FUNCTION voiceagent_private.say_tool_answer(data text, language text) RETURNS text
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_speak_tool_answer';
COMMENT ON FUNCTION voiceagent_private.say_tool_answer(text, text) IS
	'The sentence that a caller hears of a tool''s answer (call_tools.data), in the language of a BCP 47 tag.';

CREATE FUNCTION voiceagent_private.talker_assistant(assistant_id bigint, version integer, direction text)
	RETURNS jsonb
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
	RETURN (SELECT jsonb_strip_nulls(jsonb_build_object('language', v.language, 'direction',
			coalesce(direction, a.answers #>> '{objective,direction}', 'outbound'),
		'name', a.answers #>> '{voice,assistant_name}',
		'business', coalesce(nullif(a.answers #>> '{business,business_name}', ''), t.name),
		'offer', a.answers #>> '{offer,offer}', 'price', a.answers #>> '{offer,price_note}',
		'objective', a.answers #>> '{objective,objective}',
		-- An assistant that is called is asked when its business is open.
		'hours', CASE WHEN a.answers #>> '{objective,direction}' = 'inbound'
			THEN voiceagent_private.say_hours(a.answers, a.template_version) END,
		'objections', coalesce(a.answers #> '{objections,objections}', '[]'),
		'questions', (SELECT coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('text', q.text, 'field', q.field))
				ORDER BY q.part, q.n, q.field), '[]')
			FROM (SELECT 1 AS part, o.n, o.value AS text, NULL AS field
				FROM jsonb_array_elements_text(coalesce(a.answers #> '{objective,questions}', '[]'))
					WITH ORDINALITY AS o(value, n)
				UNION ALL
				-- Only fields with a question as their title are asked for: a name alone is not a question.
				SELECT 2, (SELECT w.n FROM jsonb_array_elements(a.answers #> '{fields,fields}')
						WITH ORDINALITY AS w(field, n) WHERE w.field ->> 'key' = f.key), f.value ->> 'title', f.key
				FROM jsonb_each(coalesce(v.settings -> 'extraction_fields', '{}')) AS f(key, value)
				WHERE f.value ->> 'title' LIKE '%?') q)))
	FROM voiceagent.assistant_versions v
	JOIN voiceagent.tenants t ON t.tenant_id = v.tenant_id
	-- A version changed by hand, for example in its tools, keeps the answers of the last version that has any.
	LEFT JOIN LATERAL (SELECT o.answers, o.template_version FROM voiceagent.assistant_answers o
		WHERE o.tenant_id = v.tenant_id AND o.assistant_id = v.assistant_id AND o.version <= v.version
		ORDER BY o.version DESC LIMIT 1) a ON true
	WHERE v.tenant_id = voiceagent.current_tenant() AND v.assistant_id = talker_assistant.assistant_id
		AND v.version = talker_assistant.version);
END
$$;
COMMENT ON FUNCTION voiceagent_private.talker_assistant(bigint, integer, text) IS
	E'Describes a version of an assistant of the current tenant to the desk (sandbox/model.h) by the newest answers of '
	'its wizard; without any, by its language and the business.\n'
	'It asks the questions of the answers, and the title of each of extraction_fields that is a question. direction: '
	'inbound or outbound, of the call; NULL: that of the answers, else outbound.';
