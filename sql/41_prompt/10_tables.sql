/*
 * 41_prompt: the texts that an assistant's prompt is assembled of.  A version of them never changes, so that the same
 * answers give the same bytes for good; what is to be said otherwise is another version.
 */

CREATE TABLE voiceagent.prompt_templates (
	version integer NOT NULL CHECK (version > 0),
	language text NOT NULL CHECK (language IN ('en', 'es', 'fr', 'de')),
	section text NOT NULL CHECK (section ~ '^[a-z][a-z_]{0,62}$'),
	choice text NOT NULL DEFAULT '' CHECK (choice ~ '^([a-z][a-z_]*(\+[a-z][a-z_]*)*)?$' AND length(choice) <= 100),
	position integer NOT NULL CHECK (position BETWEEN 1 AND 999),
	text text NOT NULL CHECK (length(text) BETWEEN 1 AND 4000),
	PRIMARY KEY (version, language, section, choice, position)
);
COMMENT ON TABLE voiceagent.prompt_templates IS
	E'The texts that prompts are assembled of, in versions that never change.\n'
	'Versions up to 1000 come with the extension; add_prompt_version() adds others.';
COMMENT ON COLUMN voiceagent.prompt_templates.version IS 'The version; an assistant says with which one it was made.';
COMMENT ON COLUMN voiceagent.prompt_templates.language IS 'Language of the text: en, es, fr or de.';
COMMENT ON COLUMN voiceagent.prompt_templates.section IS
	'Which part of the prompt it belongs to; first_message, voicemail_message, situation and the items of lists are '
	'sections as well.';
COMMENT ON COLUMN voiceagent.prompt_templates.choice IS
	'For which answers the text is taken: an objective, a style, a length, ..., several joined by +; empty: for all.';
COMMENT ON COLUMN voiceagent.prompt_templates.position IS 'Its place within its section.';
COMMENT ON COLUMN voiceagent.prompt_templates.text IS
	E'The text.\n'
	'[[slots]] are filled from the answers when the prompt is assembled (a text with a slot that has no value is left '
	'out), {{variables}} from the lead at each call.';
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON voiceagent.prompt_templates
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.reject_change();
-- For the rows that the extension brings, which an update brings anew; 40_versions.sql enables it.
ALTER TABLE voiceagent.prompt_templates DISABLE TRIGGER append_only;
SELECT voiceagent_private.guard_table('voiceagent.prompt_templates', 'platform', 'WHERE version > 1000');

CREATE TYPE voiceagent_private.assembled_assistant AS (
	first_message text,
	system_prompt text,
	voicemail_message text,
	settings jsonb
);
COMMENT ON TYPE voiceagent_private.assembled_assistant IS
	'An assistant as answers of the wizard make it: its texts, and its settings as create_assistant() takes them.';

CREATE FUNCTION voiceagent_private.current_template_version() RETURNS integer
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT max(t.version) FROM voiceagent.prompt_templates t
$$;
COMMENT ON FUNCTION voiceagent_private.current_template_version() IS
	'The newest version of the texts that prompts are assembled of: the platform''s own, where there is one.';

-- No order but this one: a section that is not here stands in no prompt.
CREATE FUNCTION voiceagent_private.prompt_sections() RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN '{identity,honesty,business,offer,audience,time,objective,questions,situations,style,length,pacing,
		acknowledgement,spelling,fields,objections,standard_objections,pronunciations,opt_out,ending,
		reference}'::text[];
COMMENT ON FUNCTION voiceagent_private.prompt_sections() IS 'The sections of a system prompt in their order.';

CREATE FUNCTION voiceagent_private.template_language(tag text) RETURNS text
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
	v_language text := lower(substring(tag FROM '^([A-Za-z]{2})(?:-[A-Za-z0-9]{2,8}){0,3}$'));
BEGIN
	IF v_language IN ('en', 'es', 'fr', 'de') THEN
		RETURN v_language;
	END IF;
	PERFORM voiceagent_private.fail('PT422', 'there are no prompt templates for this language',
		format('The field voice.language is %s.', coalesce(quote_literal(left(tag, 40)), 'not given')),
		'Languages with templates: en, es, fr, de, with any region, such as en-US, es-MX, fr-CA or de-AT.');
END
$$;
COMMENT ON FUNCTION voiceagent_private.template_language(text) IS
	'The language of the templates (en, es, fr, de) for a tag such as es-MX; PT422 for any other.';
