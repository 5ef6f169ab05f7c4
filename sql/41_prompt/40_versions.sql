-- 41_prompt: the texts for single situations, and versions of the platform's own.

-- See 10_tables.sql.
ALTER TABLE voiceagent.prompt_templates ENABLE TRIGGER append_only;

CREATE FUNCTION voiceagent.situation_prompt(situation text, language text DEFAULT 'en-US',
	template_version integer DEFAULT NULL) RETURNS text
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_language text := voiceagent_private.template_language(situation_prompt.language);
	v_version integer := coalesce(template_version, voiceagent_private.current_template_version());
	v_text text := (SELECT t.text FROM voiceagent.prompt_templates t
		WHERE t.version = v_version AND t.language = v_language AND t.section = 'situation'
			AND t.choice = situation_prompt.situation ORDER BY t.position LIMIT 1);
BEGIN
	PERFORM voiceagent_private.fail_if(v_text IS NULL, 'PT422', 'there is no template for this situation',
		format('The field situation is %s, in version %s.', coalesce(quote_literal(left(situation, 60)), 'NULL'),
			v_version),
		'Situations are: ' || coalesce((SELECT string_agg(t.choice, ', ' ORDER BY t.position)
			FROM voiceagent.prompt_templates t
			WHERE t.version = v_version AND t.language = v_language AND t.section = 'situation'), 'none') || '.');
	RETURN v_text;
END
$$;
COMMENT ON FUNCTION voiceagent.situation_prompt(text, text, integer) IS
	E'The part of a prompt for a situation: greeting, inquiry, viewing, offer, message.\n'
	'Its {{variables}} have defaults; language: a tag such as fr-FR; template_version: NULL for the current one. PT422 '
	'for a situation or a language without a template.';

CREATE FUNCTION voiceagent_private.prompt_slot_names() RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN '{assistant_name,business_name,website,phone,email,description,offer,value,price_note,audience,problem,
		custom_objective,minutes,reference,questions,objections,fields,pronunciations,situations,n,question,objection,
		answer,label,choices,term,say}'::text[];
COMMENT ON FUNCTION voiceagent_private.prompt_slot_names() IS 'The [[slots]] that texts of the templates may have.';

CREATE FUNCTION voiceagent_private.require_template(item jsonb) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_sections text[] := voiceagent_private.prompt_sections()
		|| '{first_message,voicemail_message,situation,question_item,objection_item,
		field_item,pronunciation_item}'::text[];
	v_text text := item ->> 'text';
	v_wrong text;
BEGIN
	v_wrong := CASE
		WHEN jsonb_typeof(item) IS DISTINCT FROM 'object' THEN 'a template is an object'
		WHEN EXISTS (SELECT FROM jsonb_object_keys(item) k
			WHERE k NOT IN ('language', 'section', 'choice', 'position', 'text')) THEN 'it has an unknown member'
		WHEN coalesce(item ->> 'language', '') NOT IN ('en', 'es', 'fr', 'de') THEN 'language is en, es, fr or de'
		WHEN item ->> 'section' IS NULL OR item ->> 'section' <> ALL (v_sections)
			THEN 'section is one of ' || array_to_string(v_sections, ', ')
		WHEN coalesce(item ->> 'choice', '') !~ '^([a-z][a-z_]*(\+[a-z][a-z_]*)*)?$'
			OR length(item ->> 'choice') > 100 THEN 'choice is of lower-case words joined by +'
		WHEN coalesce(item ->> 'position', '') !~ '^[1-9][0-9]{0,2}$' THEN 'position lies between 1 and 999'
		WHEN NOT item ? 'text' OR jsonb_typeof(item -> 'text') NOT IN ('string', 'null')
			OR length(v_text) NOT BETWEEN 1 AND 4000 THEN 'text has 1 to 4000 characters, or is null'
		WHEN EXISTS (SELECT FROM string_to_table(v_text, '[[') WITH ORDINALITY AS p(piece, n)
			WHERE p.n > 1 AND (strpos(p.piece, ']]') = 0
				OR split_part(p.piece, ']]', 1) <> ALL (voiceagent_private.prompt_slot_names())))
			THEN 'a [[slot]] is one of ' || array_to_string(voiceagent_private.prompt_slot_names(), ', ') END;
	PERFORM voiceagent_private.fail_if(v_wrong IS NOT NULL, 'PT422', 'a template is not valid',
		format('At %s: %s.', left(item::text, 200), v_wrong),
		'A template is {"language", "section", "choice", "position", "text"}; the table prompt_templates '
		'has examples.');
	IF v_text IS NOT NULL THEN
		PERFORM voiceagent_private.require_wellformed_variables(v_text);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_template(jsonb) IS 'PT422 for what is no template of a prompt.';

CREATE FUNCTION voiceagent.add_prompt_version(templates jsonb, base_version integer DEFAULT NULL) RETURNS integer
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_base integer := coalesce(base_version, voiceagent_private.current_template_version());
	v_new integer;
	v_lacking record;
BEGIN
	PERFORM voiceagent_private.require_platform('add a version of the prompt templates');
	IF jsonb_typeof(templates) IS DISTINCT FROM 'array' OR jsonb_array_length(templates) NOT BETWEEN 1 AND 2000 THEN
		PERFORM voiceagent_private.fail('PT422', 'templates is an array of 1 to 2000 templates');
	END IF;
	PERFORM voiceagent_private.fail_if(NOT EXISTS (SELECT FROM voiceagent.prompt_templates t WHERE t.version = v_base),
		'PT404', 'no such version of the prompt templates');
	PERFORM voiceagent_private.require_template(e.item) FROM jsonb_array_elements(templates) AS e(item);
	-- A session that adds a version at the same time sees this one, or is seen.
	LOCK TABLE voiceagent.prompt_templates IN SHARE ROW EXCLUSIVE MODE;
	v_new := greatest(voiceagent_private.current_template_version(), 1000) + 1;
	INSERT INTO voiceagent.prompt_templates (version, language, section, choice, position, text)
	SELECT v_new, x.language, x.section, x.choice, x.position, x.text
	FROM (SELECT DISTINCT ON (u.language, u.section, u.choice, u.position) u.*
		FROM (SELECT 0::bigint AS n, t.language, t.section, t.choice, t.position, t.text
			FROM voiceagent.prompt_templates t WHERE t.version = v_base
			UNION ALL SELECT e.n, e.item ->> 'language', e.item ->> 'section', coalesce(e.item ->> 'choice', ''),
				(e.item ->> 'position')::integer, e.item ->> 'text'
			FROM jsonb_array_elements(templates) WITH ORDINALITY AS e(item, n)) u
		ORDER BY u.language, u.section, u.choice, u.position, u.n DESC) x
	WHERE x.text IS NOT NULL;
	-- Without these no one can be called, or the law is broken.
	SELECT l.language, s.section INTO v_lacking
	FROM (SELECT DISTINCT t.language FROM voiceagent.prompt_templates t
		WHERE t.version = v_new) l
	CROSS JOIN unnest('{first_message,identity,honesty,objective,opt_out,ending}'::text[]) AS s(section)
	WHERE NOT EXISTS (SELECT FROM voiceagent.prompt_templates t WHERE t.version = v_new
		AND t.language = l.language AND t.section = s.section)
	ORDER BY l.language, s.section LIMIT 1;
	PERFORM voiceagent_private.fail_if(FOUND, 'PT422', 'the version would lack what every prompt needs',
		format('In the language %s nothing is left in the section %s.', v_lacking.language, v_lacking.section),
		'Give another text in its place.');
	PERFORM voiceagent_private.audit_platform('add_prompt_version', v_new::text, NULL,
		jsonb_build_object('base_version', v_base, 'templates', templates));
	RETURN v_new;
END
$$;
COMMENT ON FUNCTION voiceagent.add_prompt_version(jsonb, integer) IS
	E'Platform only: adds a version of the prompt templates, the current one from then on, and returns its number.\n'
	'It has the texts of base_version (NULL: of the current one), in which those of templates take the place of what '
	'has the same language, section, choice and position; text null: left out. Assistants that were made before keep '
	'theirs. PT404, PT422.';
