/*
 * 41_prompt: from answers to texts.  A tenant's text is data: it is cut to a length, its braces stay braces unless
 * they are a well-formed {{variable}}, and what may be longer than a line stands behind "> ", line by line, so that
 * no word of it can pass for a part of the prompt.
 */

-- The first pass marks what is a variable; whatever braces are left lose their meaning.
CREATE FUNCTION voiceagent_private.tame_braces(words text) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN replace(replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(
		translate(words, E'\x01\x02', ''),
		'\{\{[ \t]*([A-Za-z_][A-Za-z0-9_.-]{0,62}(?:[ \t]*\|[ \t]*default[ \t]*:[ \t]*"[^"{}\n]{0,200}")?)[ \t]*\}\}',
		E'\x01\\1\x02', 'g'),
		E'\\{(?=[{%\x01])', '{ ', 'g'), E'([}%\x02])(?=\\})', '\1 ', 'g'), '\{(?=#)', '{ ', 'g'),
		E'\x01', '{{'), E'\x02', '}}');
COMMENT ON FUNCTION voiceagent_private.tame_braces(text) IS
	E'The same words, in which braces mean nothing but a well-formed {{variable}}, with a default or without.\n'
	'Any other {{, }}, {% or %} gets a blank within.';

CREATE FUNCTION voiceagent_private.clean_line(words text, longest integer) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN nullif(btrim(voiceagent_private.tame_braces(left(regexp_replace(
		regexp_replace(left(words, 4 * longest), '[\u0001-\u0020\u007f-\u00a0\u2028\u2029]+', ' ', 'g'), '^ ', ''),
		longest))), '');
COMMENT ON FUNCTION voiceagent_private.clean_line(text, integer) IS
	'Words of a tenant as one line of at most longest characters, with tame_braces(); NULL: there are none.';

CREATE FUNCTION voiceagent_private.quote_words(words text, longest integer, variables boolean DEFAULT true) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN (SELECT '> ' || regexp_replace(nullif(btrim(t.words, E' \n'), ''), '\n+', E'\n> ', 'g')
		FROM (SELECT CASE WHEN variables THEN voiceagent_private.tame_braces(c.words)
				ELSE regexp_replace(c.words, '([{}%])(?=[{}%])', '\1 ', 'g') END AS words
			FROM (SELECT left(regexp_replace(regexp_replace(left(quote_words.words, 2 * longest),
				'[\r\n\u0085\u2028\u2029]+', E'\n', 'g'), '[\u0001-\u0009\u000b-\u001f\u007f]+', ' ', 'g'), longest)
				AS words) c) t);
COMMENT ON FUNCTION voiceagent_private.quote_words(text, integer, boolean) IS
	E'Words of a tenant, at most longest characters of them, each line behind "> "; NULL: there are none.\n'
	'variables: whether {{variables}} keep their meaning.';

CREATE FUNCTION voiceagent_private.fill_slots(template text, slots jsonb) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN (SELECT CASE WHEN bool_and(p.n = 1 OR slots ->> split_part(p.piece, ']]', 1) IS NOT NULL) THEN
			string_agg(CASE WHEN p.n = 1 THEN p.piece
				ELSE (slots ->> split_part(p.piece, ']]', 1)) || substr(p.piece, strpos(p.piece, ']]') + 2) END,
				'' ORDER BY p.n) END
		FROM string_to_table(template, '[[') WITH ORDINALITY AS p(piece, n));
COMMENT ON FUNCTION voiceagent_private.fill_slots(text, jsonb) IS
	E'A text of the templates with its [[slots]] filled, in one pass: what is filled in is not looked at again.\n'
	'NULL when one of them has no value.';

CREATE FUNCTION voiceagent_private.answer_text(answers jsonb, step text, field text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN jsonb_typeof(answers #> ARRAY[step, field]) IN ('string', 'number', 'boolean')
		THEN answers #>> ARRAY[step, field] END;
COMMENT ON FUNCTION voiceagent_private.answer_text(jsonb, text, text) IS
	'A field''s value in the answer to a step; NULL: none, or no scalar.';

CREATE FUNCTION voiceagent_private.answer_list(answers jsonb, step text, field text)
	RETURNS TABLE (item jsonb, n bigint) LANGUAGE sql IMMUTABLE AS $$
	SELECT e.item, e.n
	FROM jsonb_array_elements(CASE WHEN jsonb_typeof(answers #> ARRAY[step, field]) = 'array'
		THEN answers #> ARRAY[step, field] ELSE '[]' END) WITH ORDINALITY AS e(item, n)
	ORDER BY e.n LIMIT 50
$$;
COMMENT ON FUNCTION voiceagent_private.answer_list(jsonb, text, text) IS
	'The first 50 items of a list that the answer to a step has in a field.';

CREATE FUNCTION voiceagent_private.item_text(version integer, language text, section text, choice text, slots jsonb)
	RETURNS text LANGUAGE sql STABLE
	RETURN (SELECT voiceagent_private.fill_slots(t.text, slots) FROM voiceagent.prompt_templates t
		WHERE t.version = item_text.version AND t.language = item_text.language AND t.section = item_text.section
			AND t.choice = item_text.choice ORDER BY t.position LIMIT 1);
COMMENT ON FUNCTION voiceagent_private.item_text(integer, text, text, text, jsonb) IS
	'One item of a list in a prompt, by the template of its section and choice.';

-- A missing or unknown answer becomes the default.
CREATE FUNCTION voiceagent_private.chosen(answers jsonb, step text, field text, choices text[]) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN voiceagent_private.answer_text(answers, step, field) = ANY (choices)
		THEN voiceagent_private.answer_text(answers, step, field) ELSE choices[1] END;
COMMENT ON FUNCTION voiceagent_private.chosen(jsonb, text, text, text[]) IS
	'The answer to a field with choices; the first of them where there is no such answer.';

-- A key that is none, or that was there before, is left out: the wizard has reported it.
CREATE FUNCTION voiceagent_private.prompt_fields(answers jsonb, OUT n bigint, OUT key text, OUT label text,
	OUT question text, OUT kind text, OUT choices text, OUT list jsonb, OUT required boolean) RETURNS SETOF record
	LANGUAGE sql IMMUTABLE AS $$
	SELECT DISTINCT ON (f.key) f.n, f.key, coalesce(f.label, replace(f.key, '_', ' ')), f.question, f.kind, f.choices,
		f.list, f.required
	FROM (SELECT l.n, l.item ->> 'key' AS key, voiceagent_private.clean_line(l.item ->> 'label', 200) AS label,
			voiceagent_private.clean_line(l.item ->> 'question', 200) AS question,
			CASE WHEN l.item ->> 'kind' IN ('number', 'boolean', 'date', 'email', 'phone') THEN l.item ->> 'kind'
				WHEN l.item ->> 'kind' = 'choice' AND c.choices IS NOT NULL THEN 'choice' ELSE 'text' END AS kind,
			c.choices, c.list, coalesce(l.item ->> 'required', '') = 'true' AS required
		FROM voiceagent_private.answer_list(answers, 'fields', 'fields') l
		CROSS JOIN LATERAL (SELECT string_agg(x.line, ', ' ORDER BY x.n) AS choices,
				jsonb_agg(x.line ORDER BY x.n) AS list
			FROM (SELECT k.n, voiceagent_private.clean_line(k.item #>> '{}', 100) AS line
				FROM voiceagent_private.answer_list(jsonb_build_object('f', l.item), 'f', 'choices') k) x
			WHERE x.line IS NOT NULL) c
		WHERE l.item ->> 'key' ~ '^[a-z][a-z0-9_]{0,62}$') f
	ORDER BY f.key, f.n
$$;
COMMENT ON FUNCTION voiceagent_private.prompt_fields(jsonb) IS
	'The questions of a call, by the answers: its place, key, label, question, kind (text, number, boolean, date, '
	'email, phone, choice), the choices as a line and as a list, and whether the call needs it.';

CREATE FUNCTION voiceagent_private.extraction_fields(answers jsonb) RETURNS jsonb
	LANGUAGE sql IMMUTABLE AS $$
	SELECT jsonb_object_agg(f.key, jsonb_strip_nulls(jsonb_build_object(
		'type', CASE f.kind WHEN 'number' THEN 'number' WHEN 'boolean' THEN 'boolean' ELSE 'string' END,
		'title', f.question,
		'description', f.label || CASE f.kind WHEN 'date' THEN ' (YYYY-MM-DD)' WHEN 'phone' THEN ' (E.164)' ELSE '' END,
		'enum', CASE f.kind WHEN 'choice' THEN f.list END)))
	FROM voiceagent_private.prompt_fields(answers) f
$$;
COMMENT ON FUNCTION voiceagent_private.extraction_fields(jsonb) IS
	'The setting extraction_fields for what is to be found out in a call; NULL: nothing.';

CREATE FUNCTION voiceagent_private.prompt_pronunciations(answers jsonb, OUT n bigint, OUT term text, OUT say text)
	RETURNS SETOF record LANGUAGE sql IMMUTABLE AS $$
	SELECT p.n, p.term, p.say
	FROM (SELECT l.n, voiceagent_private.clean_line(translate(l.item ->> 'term', '{}', ''), 100) AS term,
			voiceagent_private.clean_line(translate(l.item ->> 'say', '{}', ''), 100) AS say
		FROM voiceagent_private.answer_list(answers, 'voice', 'pronunciations') l) p
	WHERE p.term IS NOT NULL AND p.say IS NOT NULL
$$;
COMMENT ON FUNCTION voiceagent_private.prompt_pronunciations(jsonb) IS
	'Words and how they are spoken, by the answers, in their order.';

CREATE FUNCTION voiceagent_private.prompt_slots(answers jsonb, version integer, language text, knowledge text)
	RETURNS jsonb LANGUAGE sql STABLE AS $$
	SELECT jsonb_strip_nulls(jsonb_build_object(
		'assistant_name', voiceagent_private.clean_line(voiceagent_private.answer_text(answers, 'voice',
			'assistant_name'), 100),
		'business_name', voiceagent_private.clean_line(b.v ->> 'business_name', 200),
		'website', voiceagent_private.clean_line(b.v ->> 'website', 300),
		'phone', voiceagent_private.clean_line(b.v ->> 'phone', 40),
		'email', voiceagent_private.clean_line(b.v ->> 'email', 254),
		'description', voiceagent_private.quote_words(b.v ->> 'description', 4000),
		'offer', voiceagent_private.quote_words(voiceagent_private.answer_text(answers, 'offer', 'offer'), 4000),
		'value', voiceagent_private.quote_words(voiceagent_private.answer_text(answers, 'offer', 'value'), 4000),
		'price_note', voiceagent_private.quote_words(voiceagent_private.answer_text(answers, 'offer', 'price_note'),
			2000),
		'audience', voiceagent_private.quote_words(voiceagent_private.answer_text(answers, 'audience', 'audience'),
			4000),
		'problem', voiceagent_private.quote_words(voiceagent_private.answer_text(answers, 'audience', 'problem'), 4000),
		'custom_objective', voiceagent_private.quote_words(voiceagent_private.answer_text(answers, 'objective',
			'custom_objective'), 4000),
		'minutes', coalesce(substring(voiceagent_private.answer_text(answers, 'objective', 'appointment_minutes')
			FROM '^[1-9][0-9]{0,3}$'), '30'),
		'reference', voiceagent_private.quote_words(knowledge, 100000, false)) || jsonb_build_object(
		'questions', (SELECT string_agg(voiceagent_private.item_text(version, language, 'question_item', '',
				jsonb_build_object('n', q.n, 'question', q.line)), E'\n' ORDER BY q.n)
			FROM (SELECT row_number() OVER (ORDER BY a.n) AS n, a.line
				FROM (SELECT l.n, voiceagent_private.clean_line(l.item #>> '{}', 500) AS line
					FROM voiceagent_private.answer_list(answers, 'objective', 'questions') l
					WHERE jsonb_typeof(l.item) = 'string') a WHERE a.line IS NOT NULL) q),
		'objections', (SELECT string_agg(voiceagent_private.item_text(version, language, 'objection_item', '',
				jsonb_build_object('objection', o.objection, 'answer', o.answer)), E'\n' ORDER BY o.n)
			FROM (SELECT l.n, voiceagent_private.clean_line(l.item ->> 'objection', 500) AS objection,
					voiceagent_private.quote_words(l.item ->> 'answer', 2000) AS answer
				FROM voiceagent_private.answer_list(answers, 'objections', 'objections') l) o
			WHERE o.objection IS NOT NULL AND o.answer IS NOT NULL),
		'fields', (SELECT string_agg(voiceagent_private.item_text(version, language, 'field_item', f.kind,
				jsonb_build_object('label', f.label, 'choices', f.choices))
				|| coalesce(voiceagent_private.item_text(version, language, 'field_item',
					CASE WHEN f.required THEN 'required' ELSE 'optional' END, '{}'), ''), E'\n' ORDER BY f.n)
			FROM voiceagent_private.prompt_fields(answers) f),
		'pronunciations', (SELECT string_agg(voiceagent_private.item_text(version, language, 'pronunciation_item', '',
				jsonb_build_object('term', p.term, 'say', p.say)), E'\n' ORDER BY p.n)
			FROM voiceagent_private.prompt_pronunciations(answers) p)))
	FROM (SELECT CASE WHEN jsonb_typeof(answers -> 'business') = 'object' THEN answers -> 'business' ELSE '{}' END
		AS v) b
$$;
COMMENT ON FUNCTION voiceagent_private.prompt_slots(jsonb, integer, text, text) IS
	'The values of the templates'' [[slots]] with these answers and this knowledge.';

CREATE FUNCTION voiceagent_private.assemble_sections(version integer, language text, sections text[], choices text[],
	slots jsonb, joined text DEFAULT E'\n') RETURNS text
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (
		SELECT string_agg(s.words, E'\n\n' ORDER BY s.n)
		-- A heading alone says nothing.
		FROM (SELECT p.n, CASE WHEN bool_or(r.words NOT LIKE '## %' OR strpos(r.words, E'\n') > 0)
				THEN string_agg(r.words, joined ORDER BY t.position, t.choice COLLATE "C") END AS words
			FROM unnest(sections) WITH ORDINALITY AS p(section, n)
			JOIN voiceagent.prompt_templates t ON t.version = assemble_sections.version
				AND t.language = assemble_sections.language AND t.section = p.section
				AND (t.choice = '' OR string_to_array(t.choice, '+') <@ choices)
			CROSS JOIN LATERAL (SELECT voiceagent_private.fill_slots(t.text, slots) AS words OFFSET 0) r
			WHERE r.words IS NOT NULL GROUP BY p.n) s);
END
$$;
COMMENT ON FUNCTION voiceagent_private.assemble_sections(integer, text, text[], text[], jsonb, text) IS
	'Sections of a prompt in their order: the texts that these choices ask for, with their slots filled, each section '
	'joined by joined; NULL: there is nothing to say.';

CREATE FUNCTION voiceagent_private.situations(version integer, language text, choices text[]) RETURNS text
	LANGUAGE sql STABLE AS $$
	SELECT string_agg(t.text, E'\n' ORDER BY t.position)
	FROM voiceagent.prompt_templates t
	WHERE t.version = situations.version AND t.language = situations.language AND t.section = 'situation'
		AND (t.choice IN ('greeting', 'message') OR t.choice = 'inquiry' AND 'inquiry' = ANY (choices)
			OR t.choice = 'viewing' AND 'appointment' = ANY (choices)
			OR t.choice = 'offer' AND choices && '{prospect,inquiry,customer}')
$$;
COMMENT ON FUNCTION voiceagent_private.situations(integer, text, text[]) IS
	'The situations that a prompt provides for with these choices.';

CREATE FUNCTION voiceagent_private.say_hours(answers jsonb, version integer) RETURNS text
	LANGUAGE sql STABLE AS $$
	SELECT voiceagent_private.item_text(version, l.language, 'hours',
		voiceagent_private.chosen(answers, 'objective', 'days', '{weekdays,six_days,every_day}'),
		(SELECT jsonb_object_agg(h.key, CASE l.language WHEN 'de' THEN h.value || ' Uhr' WHEN 'fr' THEN h.value || ' h'
				WHEN 'es' THEN h.value || ':00' ELSE to_char(make_interval(hours => h.value::integer), 'FMHH12 am') END)
			FROM jsonb_each_text(answers -> 'objective') h WHERE h.key IN ('opens', 'closes')))
	FROM (SELECT voiceagent_private.template_language(voiceagent_private.answer_text(answers, 'voice', 'language')))
		AS l(language)
$$;
COMMENT ON FUNCTION voiceagent_private.say_hours(jsonb, integer) IS
	'When a business is open, as a sentence of the templates; NULL: the answers do not say.';

CREATE FUNCTION voiceagent_private.assemble_assistant(answers jsonb, template_version integer,
	knowledge text DEFAULT NULL) RETURNS voiceagent_private.assembled_assistant
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_language text := voiceagent_private.template_language(
		voiceagent_private.answer_text(answers, 'voice', 'language'));
	v_slots jsonb;
	v_choices text[];
	v_lacking text;
	v_inbound boolean := coalesce(answers #>> '{objective,direction}' = 'inbound', false);
	v_made voiceagent_private.assembled_assistant;
BEGIN
	PERFORM voiceagent_private.fail_if(NOT EXISTS (SELECT FROM voiceagent.prompt_templates t
		WHERE t.version = template_version AND t.language = v_language), 'PT422',
		'there is no such version of the prompt templates',
		format('Version %s has no texts in the language %s.', coalesce(template_version::text, 'NULL'), v_language),
		'The table prompt_templates shows the versions.');
	v_slots := voiceagent_private.prompt_slots(answers, template_version, v_language, knowledge);
	v_choices := (SELECT array_remove(ARRAY[
			CASE WHEN v_inbound THEN 'reception' ELSE c.objective END, c.style, c.length, c.relation,
			CASE WHEN c.style IN ('natural', 'friendly') THEN 'warm' ELSE 'formal' END,
			CASE WHEN v_inbound THEN 'nobody_' || voiceagent_private.chosen(answers, 'objective', 'nobody',
				'{message,call_back}') END,
			CASE WHEN v_slots ->> 'price_note' IS NULL THEN 'no_price' END,
			CASE WHEN v_slots ->> 'phone' IS NULL THEN 'no_phone' END,
			CASE WHEN v_slots ->> 'questions' IS NOT NULL THEN 'questions' END,
			CASE WHEN v_slots ->> 'objections' IS NOT NULL THEN 'objections' END,
			CASE WHEN v_slots ->> 'fields' IS NOT NULL THEN 'fields' END,
			CASE WHEN v_slots ->> 'reference' IS NOT NULL THEN 'reference' END,
			CASE WHEN voiceagent_private.answer_text(answers, 'objections', 'standard_objections') = 'true'
				THEN 'standard_objections' END,
			CASE WHEN voiceagent_private.answer_text(answers, 'fields', 'spell_email') = 'true' THEN 'spell_email' END,
			CASE WHEN voiceagent_private.answer_text(answers, 'fields',
				'spell_numbers') = 'true' THEN 'spell_numbers' END,
			CASE WHEN 'true' IN (voiceagent_private.answer_text(answers, 'fields', 'spell_email'),
				voiceagent_private.answer_text(answers, 'fields', 'spell_numbers')) THEN 'spell' END], NULL)
		FROM (SELECT voiceagent_private.chosen(answers, 'objective', 'objective',
				'{information,appointment,lead,callback,custom}') AS objective,
			voiceagent_private.chosen(answers, 'style', 'style',
				'{neutral,natural,friendly,professional,sharp}') AS style,
			voiceagent_private.chosen(answers, 'length', 'length', '{standard,brief,detailed}') AS length,
			voiceagent_private.chosen(answers, 'audience', 'relation',
				'{prospect,customer,inquiry,applicant}') AS relation)
			c);
	v_slots := v_slots || jsonb_build_object('situations',
		voiceagent_private.situations(template_version, v_language,
			v_choices || CASE WHEN v_inbound THEN '{appointment}'::text[] END),
		'hours', CASE WHEN v_inbound THEN voiceagent_private.say_hours(answers, template_version) END);
	SELECT f.field INTO v_lacking
	FROM (VALUES ('business_name', 'business.business_name'), ('offer', 'offer.offer'),
		('audience', 'audience.audience'), ('assistant_name', 'voice.assistant_name')) f(slot, field)
	WHERE v_slots ->> f.slot IS NULL LIMIT 1;
	PERFORM voiceagent_private.fail_if(FOUND, 'PT422', 'an answer that the prompt needs is missing',
		format('The field %s has no text.', v_lacking), 'Answer that step of the wizard.');
	v_made.first_message := voiceagent_private.assemble_sections(template_version, v_language,
		CASE WHEN v_inbound THEN '{first_message_in}' ELSE '{first_message}' END::text[], v_choices, v_slots, ' ');
	v_made.voicemail_message := CASE WHEN NOT v_inbound THEN voiceagent_private.assemble_sections(template_version,
		v_language, '{voicemail_message}', v_choices, v_slots, ' ') END;
	v_made.system_prompt := voiceagent_private.assemble_sections(template_version, v_language,
		voiceagent_private.prompt_sections(), v_choices, v_slots);
	v_made.settings := jsonb_strip_nulls(jsonb_build_object(
		'language', left(voiceagent_private.answer_text(answers, 'voice', 'language'), 40),
		'max_tokens', CASE WHEN 'brief' = ANY (v_choices) THEN 150 WHEN 'detailed' = ANY (v_choices) THEN 400
			ELSE 250 END,
		'max_duration_s', CASE WHEN 'brief' = ANY (v_choices) THEN 300 WHEN 'detailed' = ANY (v_choices) THEN 1200
			ELSE 600 END,
		'interruption', voiceagent_private.chosen(answers, 'voice', 'interruption', '{normal,patient,eager}'),
		'anti_hangup', true,
		'pronunciations', (SELECT jsonb_agg(jsonb_build_object('term', p.term, 'say', p.say) ORDER BY p.n)
			FROM voiceagent_private.prompt_pronunciations(answers) p),
		'voicemail_message', v_made.voicemail_message,
		'tools', CASE WHEN v_inbound THEN to_jsonb('{find_knowledge,take_message,send_information,transfer,opt_out,'
				'free_slots,book,move_booking,cancel_booking}'::text[]
			|| CASE WHEN answers #>> '{objective,catalog}' <> 'none' THEN '{find_listings,lookup_listing}'::text[] END
			|| CASE WHEN answers #>> '{objective,catalog}' = 'real_estate' THEN '{make_offer}'::text[] END
			|| CASE WHEN answers #>> '{objective,nobody}' = 'call_back' THEN '{call_back}'::text[] END) END,
		'extraction_fields', voiceagent_private.extraction_fields(answers)));
	RETURN v_made;
END
$$;
COMMENT ON FUNCTION voiceagent_private.assemble_assistant(jsonb, integer, text) IS
	E'The texts and settings of an assistant by the answers of the wizard, a version of the templates and what is to '
	'be known (NULL: nothing): the same bytes for the same arguments.\n'
	'PT422 for a language or a version without templates, and for answers without what every prompt needs.';
