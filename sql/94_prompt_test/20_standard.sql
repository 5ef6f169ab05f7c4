/*
 * 94_prompt_test: the scripted callers that are shipped.  A persona is a list of
 * phrases by their keys ("$who"), the same in all languages; what is said stands
 * once a language.  Every talk has at least eight turns.
 */

CREATE FUNCTION voiceagent_private.caller_phrases(language text) RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT jsonb_object_agg(w.key, CASE WHEN w.words LIKE '[%' THEN w.words::jsonb ELSE to_jsonb(w.words) END)
	FROM (SELECT c.key, CASE language WHEN 'en' THEN c.en WHEN 'es' THEN c.es WHEN 'fr' THEN c.fr WHEN 'de' THEN c.de
		END AS words FROM voiceagent_private.caller_words() c) w
	HAVING count(w.words) > 0
$$;
COMMENT ON FUNCTION voiceagent_private.caller_phrases(text) IS
	'The phrases of the scripted callers in a language (en, es, fr, de), by key, and the words of the assistant by '
	'which they recognise its questions; NULL for any other.';

CREATE FUNCTION voiceagent_private.expected_end(ends text, objective text) RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE regexp_replace(ends, '_in_doubt$', '')
		WHEN 'agreed' THEN CASE objective
			WHEN 'appointment' THEN jsonb '[{"path": "outcome", "is": "=", "value": "scheduled"},
				{"path": "appointments", "is": "count", "value": 1},
				{"path": "appointments.0.time", "is": "in", "value": ["15:00", "16:00"]}]'
			WHEN 'callback' THEN jsonb '[{"path": "outcome", "is": "=", "value": "callback"},
				{"path": "callback", "is": "present"}]'
			ELSE jsonb '[{"path": "outcome", "is": "in", "value": ["interested", "scheduled", "completed"]}]'
				-- In a talk that gave the model orders, its word alone qualifies no lead.
				|| CASE ends WHEN 'agreed' THEN jsonb '[{"path": "lead.qualified", "is": "=", "value": true}]'
					ELSE '[]' END END || jsonb '[{"path": "do_not_call", "is": "=", "value": false}]'
		WHEN 'callback' THEN '[{"path": "outcome", "is": "=", "value": "callback"},
			{"path": "callback.time", "is": "=", "value": "17:00"},
			{"path": "appointments", "is": "count", "value": 0}]'
		WHEN 'refused' THEN '[{"path": "outcome", "is": "=", "value": "not_interested"},
			{"path": "appointments", "is": "count", "value": 0}, {"path": "callback", "is": "absent"}]'
		WHEN 'opted_out' THEN '[{"path": "do_not_call", "is": "=", "value": true},
			{"path": "outcome", "is": "=", "value": "do_not_call"}, {"path": "lead.status", "is": "=",
				"value": "do_not_call"}, {"path": "appointments", "is": "count", "value": 0}]'
		WHEN 'wrong' THEN '[{"path": "outcome", "is": "=", "value": "wrong_number"},
			{"path": "appointments", "is": "count", "value": 0}]'
		WHEN 'in_book' THEN '[{"path": "appointments", "is": "count", "value": 1},
			{"path": "tools.book", "is": "=", "value": 1}, {"path": "do_not_call", "is": "=", "value": false}]'
		WHEN 'in_nothing' THEN '[{"path": "appointments", "is": "count", "value": 0},
			{"path": "do_not_call", "is": "=", "value": false}]'
		WHEN 'left' THEN '[{"path": "outcome", "is": "in", "value": ["not_interested", "do_not_call"]},
			{"path": "appointments", "is": "count", "value": 0}]'
		WHEN 'nothing' THEN '[{"path": "outcome", "is": "in", "value": ["unfinished", "completed", "callback"]},
			{"path": "appointments", "is": "count", "value": 0}, {"path": "do_not_call", "is": "=", "value": false}]'
		ELSE jsonb_build_array(jsonb_build_object('path', 'tools.' || substr(ends, 4), 'is', '=', 'value', 1))
			|| '[{"path": "appointments", "is": "count", "value": 0}]' END;
COMMENT ON FUNCTION voiceagent_private.expected_end(text, text) IS
	'The conditions at the end of a shipped persona''s talk that is to end so (agreed, agreed_in_doubt, callback, '
	'refused, opted_out, wrong, left, nothing; in_ and a tool, for one that calls in), with an assistant of that '
	'objective.';

CREATE FUNCTION voiceagent.standard_callers(language text DEFAULT 'en', objective text DEFAULT 'appointment')
	RETURNS TABLE (name text, persona text, goal text, lines jsonb, faults jsonb, expect jsonb, variables jsonb)
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	SELECT p.name, p.persona, p.goal,
		(SELECT jsonb_agg(jsonb_build_object('turn', k.n, 'say', w.phrases -> substr(k.key, 2)) ORDER BY k.n)
			FROM string_to_table(p.lines, ' ') WITH ORDINALITY AS k(key, n))
		|| jsonb_build_array(
			jsonb_build_object('heard', w.phrases -> 'slot_words', 'say', w.phrases -> 'first', 'again', true),
			jsonb_build_object('heard', w.phrases -> 'name_words', 'say', w.phrases -> 'me', 'again', true),
			jsonb_build_object('heard', w.phrases -> 'else_words', 'say', w.phrases -> 'bye', 'again', true),
			jsonb_build_object('heard', w.phrases -> 'right_words', 'say', w.phrases -> 'yes', 'again', true),
			jsonb_build_object('heard', w.phrases -> 'email_words', 'say', w.phrases -> 'email', 'again', true),
			jsonb_build_object('heard', w.phrases -> 'time_words', 'say', w.phrases -> 'time', 'again', true),
			jsonb_build_object('say', w.phrases -> 'agree', 'again', true)),
		p.faults::jsonb, voiceagent_private.expected_end(p.ends, standard_callers.objective),
		jsonb_build_object('first_name', w.phrases -> 'name')
	FROM voiceagent_private.caller_personas() p
	CROSS JOIN (SELECT voiceagent_private.caller_phrases(standard_callers.language) AS phrases) w
	WHERE w.phrases IS NOT NULL AND (standard_callers.objective = 'reception') = starts_with(p.ends, 'in_')
$$;
COMMENT ON FUNCTION voiceagent.standard_callers(text, text) IS
	E'The scripted callers that are shipped for a language (en, es, fr, de) and an objective (appointment, lead, '
	'information, callback, custom; reception: they call in): what they say, what goes wrong, and what must hold at '
	'the end.\n'
	'No row for another language.';
