/*
 * 48_script: the deterministic writer.  It fills all texts of a template in
 * one pass, and what it makes is data: no brace is left in it, so nothing that
 * a file, a source or a model said is ever read as a template again.
 */

CREATE FUNCTION voiceagent_private.plain_text(said text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN left(btrim(translate(said, '{}' || chr(1), '()')), 4000);
COMMENT ON FUNCTION voiceagent_private.plain_text(text) IS
	'A text of a script as it is kept: without braces, which would make a variable or a tag of it, and at most 4000 '
	'characters.';

CREATE FUNCTION voiceagent_private.fill_texts(texts text[], variables jsonb) RETURNS text[]
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	-- The texts are filled as one: a lead's variables may be long, and each time they would be read anew.
	c_between CONSTANT text := chr(1);
	v_filled text[];
BEGIN
	v_filled := string_to_array(voiceagent_private.fill_template(array_to_string(texts, c_between, ''), variables),
		c_between);
	-- A value that has the character itself.
	IF cardinality(v_filled) <> cardinality(texts) THEN
		RETURN NULL;
	END IF;
	RETURN ARRAY(SELECT CASE WHEN texts[f.ord] IS NOT NULL THEN voiceagent_private.plain_text(f.value) END
		FROM unnest(v_filled) WITH ORDINALITY AS f(value, ord) ORDER BY f.ord);
EXCEPTION WHEN SQLSTATE 'PT422' THEN
	-- Longer than a text may become.
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.fill_texts(text[], jsonb) IS
	E'These texts with their variables filled, as plain_text(); NULL stays NULL.\n'
	'NULL as a whole when a value is missing, or too long.';

CREATE FUNCTION voiceagent_private.write_script(plan voiceagent_private.script_plan, variables jsonb) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_texts text[] := voiceagent_private.script_texts(plan.body);
	v_filled text[];
	v_questions integer := jsonb_array_length(plan.body -> 'questions');
	v_objections integer := jsonb_array_length(plan.body -> 'objections');
BEGIN
	IF plan.body IS NULL THEN
		RETURN NULL;
	END IF;
	IF voiceagent_private.lacks_variable(variables, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, plan.names) THEN
		-- A sentence with a hole is never said: the platform's stands for it, and one of a list is left out.
		v_texts := ARRAY(SELECT CASE WHEN NOT voiceagent_private.lacks_variable(variables, NULL, NULL, NULL, NULL, NULL,
				NULL, NULL, NULL, voiceagent_private.template_variables(t.value)) THEN t.value
			WHEN t.ord <= 3 THEN coalesce((voiceagent_private.script_texts(plan.spare))[t.ord], '') END
			FROM unnest(v_texts) WITH ORDINALITY AS t(value, ord) ORDER BY t.ord);
	END IF;
	v_filled := voiceagent_private.fill_texts(v_texts, variables);
	IF v_filled IS NULL AND plan.spare IS NOT NULL THEN
		v_texts := voiceagent_private.script_texts(plan.spare);
		v_questions := jsonb_array_length(plan.spare -> 'questions');
		v_objections := jsonb_array_length(plan.spare -> 'objections');
		v_filled := voiceagent_private.fill_texts(v_texts, '{}');
	END IF;
	RETURN CASE WHEN v_filled IS NOT NULL
		THEN voiceagent_private.rebuild_script(v_filled, v_questions, v_objections) END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.write_script(voiceagent_private.script_plan, jsonb) IS
	E'The script, with its rules, that the template of a plan makes for a lead with these variables; the same for the '
	'same.\n'
	'NULL: there is no template, or its texts cannot be filled and the platform does not speak the language.';

CREATE FUNCTION voiceagent_private.script_digest(plan voiceagent_private.script_plan, writer text, variables jsonb)
	RETURNS bytea
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN sha256(plan.key || convert_to(writer || ':' || variables::text, 'UTF8'));
COMMENT ON FUNCTION voiceagent_private.script_digest(voiceagent_private.script_plan, text, jsonb) IS
	'By what a script is found again: the texts of its template, its language, its writer (template, or model and the '
	'model''s name) and the lead''s variables, enrichment included.';

CREATE FUNCTION voiceagent_private.script_variable(script jsonb, rules jsonb) RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN script || jsonb_build_object(
		'questions_list', coalesce((SELECT string_agg(format('%s. %s', q.ordinality, q.value #>> '{}'), E'\n'
				ORDER BY q.ordinality)
			FROM jsonb_array_elements(script -> 'questions') WITH ORDINALITY q), ''),
		'objections_list', coalesce((SELECT string_agg(format('- "%s" -> %s', o.value ->> 'objection',
				o.value ->> 'answer'), E'\n' ORDER BY o.ordinality)
			FROM jsonb_array_elements(script -> 'objections') WITH ORDINALITY o), ''),
		'rules_list', coalesce((SELECT string_agg('- ' || (r.value #>> '{}'), E'\n' ORDER BY r.ordinality)
			FROM jsonb_array_elements(coalesce(rules, '[]')) WITH ORDINALITY r), ''));
COMMENT ON FUNCTION voiceagent_private.script_variable(jsonb, jsonb) IS
	'The variable script of a call: the script, and its questions, objections and rules as texts of a line each '
	'(questions_list, objections_list, rules_list).';
