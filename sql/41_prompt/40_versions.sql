-- 41_prompt: the texts for single situations, and versions of the platform's own.

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
	IF v_text IS NULL THEN
		PERFORM voiceagent_private.fail('PT422', 'there is no template for this situation',
			format('The field situation is %s, in version %s.', coalesce(quote_literal(left(situation, 60)), 'NULL'),
				v_version),
			'Situations are: ' || coalesce((SELECT string_agg(t.choice, ', ' ORDER BY t.position)
				FROM voiceagent.prompt_templates t
				WHERE t.version = v_version AND t.language = v_language AND t.section = 'situation'), 'none') || '.');
	END IF;
	RETURN v_text;
END
$$;
COMMENT ON FUNCTION voiceagent.situation_prompt(text, text, integer) IS
	E'The part of a prompt for a situation: greeting, inquiry, viewing, offer, message.\n'
	'Its {{variables}} have defaults; language: a tag such as fr-FR; template_version: NULL for the current one. PT422 '
	'for a situation or a language without a template.';
