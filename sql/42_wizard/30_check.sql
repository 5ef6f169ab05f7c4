/*
 * 42_wizard: is this an answer? One check for all steps, by the rows of wizard_fields.
 *
 * It keeps what is well written and says what is not: field (as a path, objections[0].answer), message (in the
 * wizard's language) and allowed. The depth is that of the definitions, since a member that they do not know is refused
 * without being looked at; lists and texts are measured before anything else reads them.
 */

CREATE FUNCTION voiceagent_private.wizard_error(place text, error text, language text, allowed jsonb,
	VARIADIC words text[] DEFAULT '{}') RETURNS jsonb LANGUAGE plpgsql STABLE SET planner.policy = by_key AS $$
BEGIN
	RETURN jsonb_build_array(jsonb_build_object('field', place, 'allowed', allowed, 'message', (
		SELECT format(t.text, VARIADIC words) FROM voiceagent.wizard_texts t
		WHERE t.language = wizard_error.language AND t.key = 'error.' || error)));
END
$$;
COMMENT ON FUNCTION voiceagent_private.wizard_error(text, text, text, jsonb, text[]) IS
	'A list of one mistake: where it is, what is allowed there, and the message of wizard_texts with these words.';

CREATE FUNCTION voiceagent_private.wizard_allows(definition voiceagent.wizard_fields) RETURNS jsonb
	LANGUAGE sql IMMUTABLE
	RETURN CASE definition.kind
		WHEN 'choice' THEN to_jsonb(definition.choices)
		WHEN 'boolean' THEN '[true, false]'::jsonb
		WHEN 'number' THEN jsonb_build_object('min', definition.min, 'max', definition.max)
		WHEN 'list' THEN jsonb_build_object('entries', definition.max)
		ELSE jsonb_build_object('characters', definition.max) END;
COMMENT ON FUNCTION voiceagent_private.wizard_allows(voiceagent.wizard_fields) IS
	E'The values of a field, for a page and for a message.\n'
	'The values of a choice; {"min", "max"} of a number; {"entries"} of a list; {"characters"} of a text.';

CREATE FUNCTION voiceagent_private.check_answer_text(definition voiceagent.wizard_fields, value jsonb, place text,
	language text, OUT kept jsonb, OUT errors jsonb) LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_text text := btrim(value #>> '{}', E' \t\r\n');
	v_error text;
BEGIN
	errors := '[]';
	IF jsonb_typeof(value) <> 'string' THEN
		errors := voiceagent_private.wizard_error(place, 'text', language,
			voiceagent_private.wizard_allows(definition));
		RETURN;
	ELSIF length(v_text) > definition.max THEN
		errors := voiceagent_private.wizard_error(place, 'too_long', language,
			voiceagent_private.wizard_allows(definition), definition.max::text, length(v_text)::text);
		RETURN;
	END IF;
	v_text := replace(v_text, E'\r\n', E'\n');
	v_error := CASE
		WHEN CASE definition.kind WHEN 'long_text' THEN translate(v_text, E'\n\t', '') ELSE v_text END ~ '[[:cntrl:]]'
			THEN 'control'
		-- As people write it, also without https://, when it ends like a name of the net.
		WHEN definition.kind = 'url'
			AND v_text !~* '^(https?://[a-z0-9]([a-z0-9.-]*[a-z0-9])?|[a-z0-9]([a-z0-9.-]*[a-z0-9])?[.][a-z]{2,63})'
				'(:[0-9]{1,5})?([/?#][^\s"<>]*)?$' THEN 'url'
		WHEN definition.kind = 'phone' AND v_text !~ '^[+(]?[0-9][0-9 ()./-]{3,}$' THEN 'phone'
		WHEN definition.kind = 'email' AND v_text !~ '^[^@\s<>"]+@[^@\s<>".]+([.][^@\s<>".]+)+$' THEN 'email'
		WHEN definition.kind = 'identifier' AND v_text !~ '^[a-z][a-z0-9_]*$' THEN 'identifier'
		-- A tag could swallow what the templates put behind it: the disclosures, the opt-out.
		WHEN v_text ~ '\{%' THEN 'template' END;
	IF v_error IS NULL AND v_text ~ '\{\{' THEN
		BEGIN
			PERFORM voiceagent_private.require_wellformed_variables(v_text);
		EXCEPTION WHEN SQLSTATE 'PT422' THEN
			v_error := 'template';
		END;
	END IF;
	IF v_error IS NOT NULL THEN
		errors := voiceagent_private.wizard_error(place, v_error, language,
			voiceagent_private.wizard_allows(definition));
	ELSE
		kept := to_jsonb(v_text);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_answer_text(voiceagent.wizard_fields, jsonb, text, text) IS
	'A text, address, number or name, without the blanks around it; or what is wrong with it.';

CREATE FUNCTION voiceagent_private.check_answer_list(definition voiceagent.wizard_fields, value jsonb, place text,
	language text, OUT kept jsonb, OUT errors jsonb) LANGUAGE plpgsql STABLE SET planner.policy = by_key AS $$
DECLARE
	v_path text := CASE definition.parent WHEN '' THEN '' ELSE definition.parent || '.' END || definition.field;
	v_entry voiceagent.wizard_fields;
	v_checked record;
	i integer;
BEGIN
	errors := '[]';
	IF jsonb_typeof(value) <> 'array' THEN
		errors := voiceagent_private.wizard_error(place, 'list', language,
			voiceagent_private.wizard_allows(definition));
		RETURN;
	ELSIF jsonb_array_length(value) > definition.max THEN
		errors := voiceagent_private.wizard_error(place, 'too_many', language,
			voiceagent_private.wizard_allows(definition), definition.max::text, jsonb_array_length(value)::text);
		RETURN;
	END IF;
	SELECT * INTO v_entry FROM voiceagent.wizard_fields f
	WHERE f.step = definition.step AND f.parent = v_path AND f.field = '*';
	kept := '[]';
	FOR i IN 0 .. jsonb_array_length(value) - 1 LOOP
		IF v_entry.field IS NOT NULL THEN
			SELECT j.kept, j.errors INTO v_checked
			FROM voiceagent_private.check_answer_field(v_entry, value -> i, format('%s[%s]', place, i), language) j;
		ELSE
			SELECT j.kept, j.errors INTO v_checked FROM voiceagent_private.check_answer_members(definition.step, v_path,
				value -> i, format('%s[%s]', place, i), language) j;
		END IF;
		-- A document stored by its name is there once.
		IF v_checked.kept ? 'key' AND EXISTS (SELECT FROM jsonb_array_elements(kept) k
				WHERE k -> 'key' = v_checked.kept -> 'key') THEN
			v_checked.errors := v_checked.errors || voiceagent_private.wizard_error(format('%s[%s].key', place, i),
				'duplicate', language, 'null');
		END IF;
		errors := errors || v_checked.errors;
		kept := kept || jsonb_build_array(v_checked.kept);
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_answer_list(voiceagent.wizard_fields, jsonb, text, text) IS
	'A list of as many entries as it may have, each checked; or what is wrong with it.';

CREATE FUNCTION voiceagent_private.check_answer_field(definition voiceagent.wizard_fields, value jsonb, place text,
	language text, OUT kept jsonb, OUT errors jsonb) LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_error text;
BEGIN
	errors := '[]';
	IF value IS NULL OR jsonb_typeof(value) = 'null' OR btrim(value #>> '{}', E' \t\r\n') = '' THEN
		IF definition.required THEN
			errors := voiceagent_private.wizard_error(place, 'required', language,
				voiceagent_private.wizard_allows(definition));
		END IF;
		RETURN;
	ELSIF definition.kind = 'list' THEN
		SELECT j.kept, j.errors INTO kept, errors
		FROM voiceagent_private.check_answer_list(definition, value, place, language) j;
		RETURN;
	ELSIF definition.kind NOT IN ('number', 'boolean', 'choice') THEN
		SELECT j.kept, j.errors INTO kept, errors
		FROM voiceagent_private.check_answer_text(definition, value, place, language) j;
		RETURN;
	END IF;
	v_error := CASE definition.kind
		WHEN 'number' THEN CASE
			WHEN jsonb_typeof(value) <> 'number' THEN 'number'
			WHEN value::numeric NOT BETWEEN definition.min AND definition.max THEN 'range'
			WHEN value::numeric <> trunc(value::numeric) THEN 'number' END
		WHEN 'boolean' THEN CASE WHEN jsonb_typeof(value) <> 'boolean' THEN 'boolean' END
		ELSE CASE WHEN jsonb_typeof(value) <> 'string' OR value #>> '{}' <> ALL (definition.choices) THEN 'choice' END
		END;
	IF v_error IS NOT NULL THEN
		errors := voiceagent_private.wizard_error(place, v_error, language,
			voiceagent_private.wizard_allows(definition), definition.min::text, definition.max::text);
	ELSE
		kept := CASE definition.kind WHEN 'number' THEN to_jsonb(trunc(value::numeric)::integer) ELSE value END;
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_answer_field(voiceagent.wizard_fields, jsonb, text, text) IS
	E'The value of a field as it is kept, and a list of what is wrong with it.\n'
	'kept is NULL where nothing was given.';

CREATE FUNCTION voiceagent_private.check_answer_members(step text, parent text, value jsonb, place text, language text,
	partial boolean DEFAULT false, OUT kept jsonb, OUT errors jsonb)
	LANGUAGE plpgsql STABLE SET planner.policy = by_key AS $$
#variable_conflict use_variable
DECLARE
	c_unknown_max CONSTANT integer := 10;
	v_dot text := CASE place WHEN '' THEN '' ELSE place || '.' END;
	v_field voiceagent.wizard_fields;
	v_checked record;
	v_given jsonb;
BEGIN
	kept := '{}';
	errors := '[]';
	IF jsonb_typeof(value) IS DISTINCT FROM 'object' THEN
		errors := voiceagent_private.wizard_error(nullif(place, ''), 'object', language, (
			SELECT jsonb_agg(f.field ORDER BY f.position) FROM voiceagent.wizard_fields f
			WHERE f.step = step AND f.parent = parent));
		RETURN;
	END IF;
	FOR v_field IN
		SELECT * FROM voiceagent.wizard_fields f WHERE f.step = step AND f.parent = parent ORDER BY f.position
	LOOP
		v_given := value -> v_field.field;
		-- The step's own defaults depend on profile and tenant, and are in the value already.
		IF parent <> '' AND NOT value ? v_field.field THEN
			v_given := v_field.default_value;
		END IF;
		v_field.required := NOT partial AND (v_field.required OR coalesce(kept @> v_field.required_when, false));
		SELECT j.kept, j.errors INTO v_checked
		FROM voiceagent_private.check_answer_field(v_field, v_given, v_dot || v_field.field, language) j;
		-- An empty list of values to choose from is none.
		IF v_field.required AND v_checked.kept = '[]' THEN
			v_checked.errors := voiceagent_private.wizard_error(v_dot || v_field.field, 'required', language,
				voiceagent_private.wizard_allows(v_field));
		END IF;
		errors := errors || v_checked.errors;
		IF v_checked.kept IS NOT NULL THEN
			kept := kept || jsonb_build_object(v_field.field, v_checked.kept);
		END IF;
	END LOOP;
	SELECT errors || coalesce(jsonb_agg(u.error -> 0), '[]') INTO errors
	FROM (SELECT voiceagent_private.wizard_error(v_dot || left(k, 100), 'unknown', language, (
			SELECT jsonb_agg(f.field ORDER BY f.position) FROM voiceagent.wizard_fields f
			WHERE f.step = step AND f.parent = parent)) AS error
		FROM jsonb_object_keys(value) k
		WHERE NOT EXISTS (SELECT FROM voiceagent.wizard_fields f
			WHERE f.step = step AND f.parent = parent AND f.field = k)
		ORDER BY k COLLATE "C" LIMIT c_unknown_max) u;
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_answer_members(text, text, jsonb, text, text, boolean) IS
	E'The members of a step''s answer (parent is empty) or of an entry of a list, as they are kept, and a list of what '
	'is wrong with them.\n'
	'partial: nothing is required.';

CREATE FUNCTION voiceagent_private.check_answer(step text, answer jsonb, language text, partial boolean DEFAULT false,
	OUT kept jsonb, OUT errors jsonb) LANGUAGE plpgsql STABLE AS $$
DECLARE
	c_bytes_max CONSTANT integer := 65536;
	v_voice voiceagent_private.voice_verdict;
BEGIN
	IF voiceagent_private.json_bytes(answer, c_bytes_max) > c_bytes_max THEN
		kept := '{}';
		errors := voiceagent_private.wizard_error(NULL, 'too_large', language, jsonb_build_object('bytes', c_bytes_max),
			c_bytes_max::text);
		RETURN;
	END IF;
	SELECT j.kept, j.errors INTO kept, errors
	FROM voiceagent_private.check_answer_members(step, '', answer, '', language, partial) j;
	IF step = 'voice' AND kept ? 'voice' THEN
		v_voice := voiceagent_private.check_voice(kept ->> 'voice');
		IF v_voice.status = 'refused' THEN
			errors := errors || voiceagent_private.wizard_error('voice', 'voice', language, to_jsonb(v_voice.hint));
		END IF;
	END IF;
	-- No calendar has such hours: the end of the wizard would be refused for them.
	IF kept ->> 'direction' = 'inbound' AND (kept ->> 'closes')::integer <= (kept ->> 'opens')::integer THEN
		errors := errors || (SELECT voiceagent_private.wizard_error('closes', 'range', language,
			jsonb_build_object('min', n.least, 'max', 24), n.least::text, '24')
			FROM (SELECT (kept ->> 'opens')::integer + 1 AS least) n);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_answer(text, jsonb, text, boolean) IS
	'An answer to a step with its defaults in it, of at most 65536 bytes, as it is kept, and a list of what is wrong.';
