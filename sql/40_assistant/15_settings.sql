/*
 * 40_assistant: the settings of an assistant: of which type each is, and within which bounds.
 *
 * The bounds are those of the carrier that holds conversations (see 05_vendors.sql), so that a slip is reported at once
 * and not by the first call.  A driver uses what its carrier can do; extension/pure/providers/vapi/ maps them all.
 */

CREATE FUNCTION voiceagent_private.tool_catalogue() RETURNS jsonb
	LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_tool_catalogue';
COMMENT ON FUNCTION voiceagent_private.tool_catalogue() IS
	'Tools of assistants while they talk: [{"name", "description", "parameters": a JSON Schema}].';

CREATE FUNCTION voiceagent_private.assistant_setting_rules() RETURNS TABLE (key text, type text, minimum numeric,
	maximum numeric, whole boolean, longest integer, choices text[], about text)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
VALUES
	('language', 'string', NULL::numeric, NULL::numeric, NULL::boolean, 40, NULL::text[],
		'Language that is spoken and heard, such as en-US, es-ES, fr-FR or de-DE'),
	('discloses', 'boolean', NULL, NULL, NULL, NULL, NULL, 'The first message itself says what the law wants said'),
	('temperature', 'number', 0, 2, false, NULL, NULL, 'How freely the language model chooses its words'),
	('max_tokens', 'number', 50, 10000, true, NULL, NULL, 'Most tokens of one answer of the language model'),
	('voice_model', 'string', NULL, NULL, NULL, 100, NULL, 'Model of the voice, as its vendor names it'),
	('voice_speed', 'number', 0.1, 5, false, NULL, NULL, 'Speed of the voice; 1 is its own'),
	('pronunciations', 'array', NULL, 200, NULL, NULL, NULL,
		'Words and how they are spoken: [{"term": "SQL", "say": "sequel"}]'),
	('transcriber', 'string', NULL, NULL, NULL, 40,
		ARRAY(SELECT t.vendor FROM voiceagent_private.transcriber_vendors() t), 'Vendor of the transcriber'),
	('transcriber_model', 'string', NULL, NULL, NULL, 100, NULL, 'Model of the transcriber, as its vendor names it'),
	('keyterms', 'array', NULL, 100, NULL, 50, NULL, 'Words that the transcriber must know: names, products'),
	('endpointing_ms', 'number', 10, 500, true, NULL, NULL, 'Milliseconds of silence that end a sentence'),
	('smart_endpointing', 'string', NULL, NULL, NULL, 20, '{off,vapi,livekit}',
		'A model that tells whether a person has finished speaking (livekit: English only)'),
	('response_delay_s', 'number', 0, 5, false, NULL, NULL, 'Seconds that the assistant waits before it speaks'),
	('interruption', 'string', NULL, NULL, NULL, 20, '{patient,normal,eager}',
		'How easily a person interrupts the assistant'),
	('interrupt_words', 'number', 0, 10, true, NULL, NULL, 'Words that interrupt the assistant; 0: any sound'),
	('interrupt_voice_s', 'number', 0, 0.5, false, NULL, NULL,
		'Seconds of speech that interrupt the assistant where interrupt_words is 0'),
	('resume_after_s', 'number', 0, 10, false, NULL, NULL,
		'Seconds after an interruption before the assistant speaks again'),
	('first_message_interruptible', 'boolean', NULL, NULL, NULL, NULL, NULL,
		'Whether the first message can be interrupted'),
	('silence_timeout_s', 'number', 5, 1000, false, NULL, NULL,
		'Seconds without a word of the person after which the call ends'),
	('max_duration_s', 'number', 10, 43200, true, NULL, NULL,
		'Longest call, in seconds, where the campaign''s max_call_duration is longer'),
	('background_denoising', 'string', NULL, NULL, NULL, 20, '{off,smart,fourier,both}',
		'Filter of noise behind the person'),
	('anti_hangup', 'boolean', NULL, NULL, NULL, NULL, NULL,
		'The assistant cannot end the call before the person has had a chance to speak'),
	('first_message_mode', 'string', NULL, NULL, NULL, 80,
		'{assistant-speaks-first,assistant-waits-for-user,assistant-speaks-first-with-model-generated-message}',
		'Who speaks first'),
	('end_call_message', 'string', NULL, NULL, NULL, 1000, NULL, 'What is said before the assistant hangs up'),
	('end_call_phrases', 'array', NULL, 50, NULL, 140, NULL, 'Words of the assistant that end the call'),
	('voicemail_message', 'string', NULL, NULL, NULL, 1000, NULL, 'What is left on a voicemail'),
	('background_sound', 'string', NULL, NULL, NULL, 2000, NULL, 'off, office, or the https address of a sound'),
	('live_transcript', 'boolean', NULL, NULL, NULL, NULL, NULL,
		'The carrier tells what is said while the call lasts, where it can; call_turns shows it'),
	('tools', 'array', NULL, 20, NULL, 40,
		ARRAY(SELECT t ->> 'name' FROM jsonb_array_elements(voiceagent_private.tool_catalogue()) t),
		'What the assistant may do while it talks (list_tools()), by names: ["free_slots", "book"]'),
	('tool_levels', 'object', NULL, NULL, NULL, NULL, '{number_seen,number_attested,two_facts,code}',
		'The level of identity that tools need of whoever speaks: {"my_balance": "two_facts"}'),
	('extraction_fields', 'object', NULL, NULL, NULL, NULL, NULL,
		'What else is read out of a conversation: {"name": {"type", "description"}}'),
	('provider_options', 'object', NULL, NULL, NULL, NULL, NULL,
		'Other members of the carrier''s own assistant, by its names')
$$;
COMMENT ON FUNCTION voiceagent_private.assistant_setting_rules() IS
	E'The settings of an assistant: JSON type, least and most (of a list: most items), whether only whole numbers, '
	'most characters (of a list: of each item), the words there are, what it is for.\n'
	'See extension/doc/campaigns.md.';

CREATE FUNCTION voiceagent_private.assistant_setting_types() RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE
	AS $$ SELECT jsonb_object_agg(r.key, r.type) FROM voiceagent_private.assistant_setting_rules() r $$;
COMMENT ON FUNCTION voiceagent_private.assistant_setting_types() IS
	'The settings of an assistant, each with its JSON type.';

CREATE FUNCTION voiceagent.list_assistant_settings() RETURNS TABLE (setting text, type text, minimum numeric,
	maximum numeric, longest integer, choices text[], description text)
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	SELECT r.key, r.type, r.minimum, r.maximum, r.longest, r.choices, r.about
	FROM voiceagent_private.assistant_setting_rules() r
$$;
COMMENT ON FUNCTION voiceagent.list_assistant_settings() IS
	E'The settings that create_assistant() and update_assistant() take, with what each may be.\n'
	'maximum: of a list, how many items; longest: characters, of a list those of each item; choices: the words there '
	'are (NULL: any).';

/* ----- whether a value is within its rule: NULL, or what is wrong, in words that follow its name ----- */

CREATE FUNCTION voiceagent_private.wrong_setting(key text, value jsonb) RETURNS text
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_rule record;
	v_item jsonb;
	v_wrong text;
BEGIN
	SELECT * INTO v_rule FROM voiceagent_private.assistant_setting_rules() r WHERE r.key = wrong_setting.key;
	IF jsonb_typeof(value) = 'null' OR v_rule.key IS NULL THEN
		RETURN NULL;
	ELSIF v_rule.type = 'number' THEN
		RETURN CASE WHEN value::numeric NOT BETWEEN v_rule.minimum AND v_rule.maximum
				OR v_rule.whole AND value::numeric <> trunc(value::numeric)
			THEN format('must be a %s from %s to %s', CASE WHEN v_rule.whole THEN 'whole number' ELSE 'number' END,
				v_rule.minimum, v_rule.maximum) END;
	ELSIF v_rule.type = 'string' THEN
		RETURN CASE WHEN v_rule.choices IS NOT NULL AND value #>> '{}' <> ALL (v_rule.choices)
				THEN 'must be one of: ' || array_to_string(v_rule.choices, ', ')
			WHEN length(value #>> '{}') > v_rule.longest
				THEN format('must have at most %s characters', v_rule.longest)
			WHEN v_rule.key = 'background_sound' AND value #>> '{}' !~ '^(off|office|https://[^[:space:]]+)$'
				THEN 'must be off, office, or an https address' END;
	ELSIF v_rule.key = 'extraction_fields' THEN
		RETURN 'is no schema: ' || regexp_replace(voiceagent_private.model_schema_problem(
			jsonb_build_object('type', 'object', 'properties', value)), '^schema\.properties(\.|: )', '');
	ELSIF v_rule.key = 'tool_levels' THEN
		RETURN (SELECT min(CASE WHEN e.key = 'opt_out' THEN 'cannot ask who speaks before an opt-out'
				WHEN (e.value #>> '{}' = ANY (v_rule.choices)) IS NOT TRUE
					THEN 'has levels of: ' || array_to_string(v_rule.choices, ', ')
				WHEN NOT (voiceagent_private.tool_catalogue() @> jsonb_build_array(jsonb_build_object('name', e.key))
					OR voiceagent_private.is_own_tool(e.key))
					THEN 'names a tool that there is not: ' || left(e.key, 40) END)
			FROM jsonb_each(value) e);
	ELSIF v_rule.type <> 'array' THEN
		RETURN NULL;
	ELSIF jsonb_array_length(value) > v_rule.maximum THEN
		RETURN format('must have at most %s items', v_rule.maximum);
	END IF;
	FOR v_item IN SELECT * FROM jsonb_array_elements(value) LOOP
		v_wrong := CASE WHEN v_rule.key = 'pronunciations' THEN CASE
				WHEN jsonb_typeof(v_item) IS DISTINCT FROM 'object' OR v_item - '{term,say}'::text[] <> '{}'
					OR jsonb_typeof(v_item -> 'term') IS DISTINCT FROM 'string'
					OR jsonb_typeof(v_item -> 'say') IS DISTINCT FROM 'string'
				THEN 'holds objects of two texts, {"term": "SQL", "say": "sequel"}'
				WHEN length(btrim(v_item ->> 'term')) NOT BETWEEN 1 AND 100 OR length(v_item ->> 'term') > 100
				THEN 'has terms of 1 to 100 characters'
				WHEN length(btrim(v_item ->> 'say')) NOT BETWEEN 1 AND 200 OR length(v_item ->> 'say') > 200
				THEN 'has words to say of 1 to 200 characters'
				WHEN v_item::text ~ '[{]{2}|[}]{2}' THEN 'can hold no {{variables}}' END
			WHEN jsonb_typeof(v_item) <> 'string' THEN 'is a list of texts'
			WHEN v_item #>> '{}' <> ALL (v_rule.choices)
				AND NOT (v_rule.key = 'tools' AND voiceagent_private.is_own_tool(v_item #>> '{}'))
				THEN 'has items of: ' || array_to_string(v_rule.choices, ', ')
			WHEN length(v_item #>> '{}') > v_rule.longest OR length(btrim(v_item #>> '{}')) < 2
				THEN format('has items of 2 to %s characters', v_rule.longest) END;
		EXIT WHEN v_wrong IS NOT NULL;
	END LOOP;
	RETURN v_wrong;
END
$$;
COMMENT ON FUNCTION voiceagent_private.wrong_setting(text, jsonb) IS
	'The error in the value of a setting of an assistant, whose type is right, in words that follow its name; NULL: '
	'nothing.';

-- Settings written by an earlier version stay as they are: only those that are given are looked at.
CREATE FUNCTION voiceagent_private.require_known_settings(settings jsonb) RETURNS void
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	c_types CONSTANT jsonb := voiceagent_private.assistant_setting_types();
	-- We write these fields of the request ourselves: vapi_assistant.c.
	c_ours CONSTANT text[] :=
		'{name, firstMessage, firstMessageMode, endCallMessage, endCallPhrases, voicemailMessage, voicemailDetection,
		maxDurationSeconds, server, serverMessages, analysisPlan, artifactPlan, monitorPlan, credentials, '
			'credentialIds}';
	v_wrong text;
	v_key text;
BEGIN
	SELECT string_agg(e.key, ', ' ORDER BY e.key) INTO v_wrong FROM jsonb_each(settings) e
	WHERE NOT c_types ? e.key OR jsonb_typeof(e.value) NOT IN (c_types ->> e.key, 'null');
	PERFORM voiceagent_private.fail_if(v_wrong IS NOT NULL, 'PT422',
		format('unknown or mistyped setting of an assistant: %s', left(v_wrong, 200)), NULL,
		(SELECT 'There are: ' || string_agg(format('%s (%s)', t.key, t.value), ', ' ORDER BY t.key)
			FROM jsonb_each_text(c_types) t) || '.');
	SELECT e.key, voiceagent_private.wrong_setting(e.key, e.value) INTO v_key, v_wrong FROM jsonb_each(settings) e
	WHERE voiceagent_private.wrong_setting(e.key, e.value) IS NOT NULL ORDER BY e.key LIMIT 1;
	PERFORM voiceagent_private.fail_if(FOUND, 'PT422', format('the setting %s of an assistant %s', v_key, v_wrong),
		format('Got %s.', left((settings -> v_key)::text, 200)), 'list_assistant_settings() shows what each may be.');
	IF jsonb_typeof(settings -> 'provider_options') = 'object' THEN
		SELECT string_agg(k, ', ' ORDER BY k) INTO v_wrong FROM jsonb_object_keys(settings -> 'provider_options') k
		WHERE k = ANY (c_ours);
		PERFORM voiceagent_private.fail_if(v_wrong IS NOT NULL, 'PT422',
			format('provider_options of an assistant cannot say: %s', left(v_wrong, 200)), NULL,
			'These are said by the assistant''s texts and settings, by the campaign and by the platform.');
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_known_settings(jsonb) IS
	'PT422 for settings of an assistant that are unknown, of another type than theirs or out of their bounds (null: '
	'as if it were not there), and for provider_options that are overwritten in each request.';

-- A version that is older than the bounds may have any number.
CREATE FUNCTION voiceagent_private.longest_call_s(allowed interval, settings jsonb) RETURNS integer
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN least(ceil(extract(epoch FROM allowed)), trunc((settings ->> 'max_duration_s')::numeric))::integer;
COMMENT ON FUNCTION voiceagent_private.longest_call_s(interval, jsonb) IS
	'How long a call may be, in seconds: what the campaign allows, or what the settings of its assistant say, if that '
	'is less.';

CREATE FUNCTION voiceagent_private.spoken_words(key text, language text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE lower(split_part(language, '-', 1)) WHEN 'es' THEN w.es WHEN 'fr' THEN w.fr WHEN 'de' THEN w.de
		WHEN 'it' THEN w.it ELSE w.en END
	FROM voiceagent_private.spoken_sentences() w
	WHERE w.key = spoken_words.key
$$;
COMMENT ON FUNCTION voiceagent_private.spoken_words(text, text) IS
	'One of spoken_sentences() in the language of a BCP 47 tag (en, es, fr, de, it, else English).';

CREATE FUNCTION voiceagent_private.lawful_prompt(system_prompt text, settings jsonb, language text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN system_prompt || E'\n\n' || coalesce(nullif(btrim(settings ->> 'opt_out_instruction'), ''),
		voiceagent_private.spoken_words('opt_out_instruction', language))
		|| ' Asked whether you are a person, say that you are an automated assistant; asked how to stop the calls, say '
			'that "do not call me again" is enough. Of recordings, and of where the number came from, say no more than '
			'stands here: else that you cannot see it.'
		|| CASE WHEN (settings ->> 'ask_to_call')::boolean OR (settings ->> 'ask_to_text')::boolean
			THEN concat_ws(' ', E'\n\nBefore you say goodbye, ask each of these questions once, word for word, and '
				'accept the answer:', CASE WHEN (settings ->> 'ask_to_call')::boolean
					THEN voiceagent_private.spoken_words('ask_call', language) END,
				CASE WHEN (settings ->> 'ask_to_text')::boolean
					THEN voiceagent_private.spoken_words('ask_text', language) END) ELSE '' END;
COMMENT ON FUNCTION voiceagent_private.lawful_prompt(text, jsonb, text) IS
	'An assistant''s prompt for a call under the law: with the opt_out_instruction of these settings, or else a '
	'sentence in the assistant''s language (en, es, fr, de, it; else in English), what no model may deny or invent, '
	'and the questions of ask_to_call and ask_to_text.';
