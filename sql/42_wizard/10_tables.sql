/*
 * 42_wizard: assistants that people describe instead of writing prompts.
 *
 * A wizard asks ten steps. Its questions are rows of the platform, in four languages, so any page can be drawn
 * from them. The answers make the texts (41_prompt), and stay with the version of the assistant that they made: a
 * changed answer makes the next version. Nothing here holds a lead's data: the answers are about the business.
 *
 * Locks: the row of wizards or of business_profiles, then rows of assistants by assistant_id, then the ledger.
 */

CREATE TABLE voiceagent.wizard_steps (
	step smallint PRIMARY KEY CHECK (step BETWEEN 1 AND 10),
	key text NOT NULL UNIQUE
);
COMMENT ON TABLE voiceagent.wizard_steps IS
	E'The ten steps of the wizard, in their order.\n'
	'Their fields are in wizard_fields, the words in wizard_texts.';
COMMENT ON COLUMN voiceagent.wizard_steps.step IS 'Number of the step, from 1 to 10.';
COMMENT ON COLUMN voiceagent.wizard_steps.key IS 'Name of the step, and of its member of the answers.';
SELECT voiceagent_private.guard_table('voiceagent.wizard_steps', 'platform', 'WHERE false');

CREATE TABLE voiceagent.wizard_fields (
	step text NOT NULL,
	field text NOT NULL,
	parent text NOT NULL DEFAULT '',
	position smallint NOT NULL,
	kind text NOT NULL CHECK (kind IN ('text', 'long_text', 'number', 'boolean', 'choice', 'list', 'url', 'phone',
		'email', 'identifier')),
	required boolean NOT NULL DEFAULT false,
	max integer,
	min integer,
	default_value jsonb,
	choices text[],
	required_when jsonb,
	only_when jsonb,
	PRIMARY KEY (step, parent, field),
	UNIQUE (step, parent, position),
	CHECK ((kind = 'choice') = (choices IS NOT NULL)),
	CHECK (kind IN ('boolean', 'choice') OR max IS NOT NULL)
);
COMMENT ON TABLE voiceagent.wizard_fields IS 'The fields of each step of the wizard, with the values that they take.';
COMMENT ON COLUMN voiceagent.wizard_fields.step IS 'The step: wizard_steps.key.';
COMMENT ON COLUMN voiceagent.wizard_fields.field IS
	'Name of the field, a member of the step''s answer; *: each entry of the list parent.';
COMMENT ON COLUMN voiceagent.wizard_fields.parent IS
	'The list whose entries have the field, such as objections; empty: the step itself.';
COMMENT ON COLUMN voiceagent.wizard_fields.position IS 'Order of display within the step or the list.';
COMMENT ON COLUMN voiceagent.wizard_fields.kind IS
	'The type of an answer: text (one line), long_text, number (whole), boolean, choice, list, url, phone, email, or '
	'identifier (up to 63 lower-case letters, digits and _).';
COMMENT ON COLUMN voiceagent.wizard_fields.required IS 'Whether an answer needs it.';
COMMENT ON COLUMN voiceagent.wizard_fields.max IS 'Characters of a text, entries of a list, or the greatest number.';
COMMENT ON COLUMN voiceagent.wizard_fields.min IS 'The least number.';
COMMENT ON COLUMN voiceagent.wizard_fields.default_value IS
	E'Its default in every language and profile.\nThe tenant''s business profile and wizard_profiles come before it.';
COMMENT ON COLUMN voiceagent.wizard_fields.choices IS 'The values of a choice.';
COMMENT ON COLUMN voiceagent.wizard_fields.required_when IS
	'Values of fields beside it that make it required, such as {"objective": "custom"}.';
COMMENT ON COLUMN voiceagent.wizard_fields.only_when IS
	'Values of fields beside it without which it is not shown, such as {"direction": "inbound"}; its default holds.';
SELECT voiceagent_private.guard_table('voiceagent.wizard_fields', 'platform', 'WHERE false');

CREATE TABLE voiceagent.wizard_texts (
	language text NOT NULL CHECK (language IN ('en', 'es', 'fr', 'de')),
	key text NOT NULL,
	text text NOT NULL,
	help text,
	PRIMARY KEY (language, key)
);
COMMENT ON TABLE voiceagent.wizard_texts IS 'The words of the wizard, in four languages.';
COMMENT ON COLUMN voiceagent.wizard_texts.language IS 'en, es, fr or de.';
COMMENT ON COLUMN voiceagent.wizard_texts.key IS
	'The owner of the words: a step (offer), a field (offer.value, objections.objections.answer), a value of a '
	'choice (style.style=sharp) or a mistake (error.required).';
COMMENT ON COLUMN voiceagent.wizard_texts.text IS
	'The question of a step, the label of a field or value, or the message.';
COMMENT ON COLUMN voiceagent.wizard_texts.help IS 'Help for the answer; NULL: none.';
SELECT voiceagent_private.guard_table('voiceagent.wizard_texts', 'platform', 'WHERE false');

CREATE TABLE voiceagent.wizard_profiles (
	profile text NOT NULL,
	language text NOT NULL CHECK (language IN ('en', 'es', 'fr', 'de')),
	name text NOT NULL,
	description text NOT NULL,
	answers jsonb NOT NULL,
	PRIMARY KEY (profile, language)
);
COMMENT ON TABLE voiceagent.wizard_profiles IS
	E'Kinds of assistants that wizard_start() knows, with the answers that usually suit them, in each language.\n'
	'The profile general says what holds where another says nothing.';
COMMENT ON COLUMN voiceagent.wizard_profiles.profile IS 'Name that wizard_start() takes.';
COMMENT ON COLUMN voiceagent.wizard_profiles.language IS 'en, es, fr or de: the language of the words.';
COMMENT ON COLUMN voiceagent.wizard_profiles.name IS 'Name, for people.';
COMMENT ON COLUMN voiceagent.wizard_profiles.description IS 'The work of such an assistant.';
COMMENT ON COLUMN voiceagent.wizard_profiles.answers IS 'Defaults of the steps, by the key of the step.';
SELECT voiceagent_private.guard_table('voiceagent.wizard_profiles', 'platform', 'WHERE false');

CREATE TABLE voiceagent.wizards (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	wizard_id bigint GENERATED ALWAYS AS IDENTITY,
	profile text NOT NULL,
	language text NOT NULL CHECK (language IN ('en', 'es', 'fr', 'de')),
	step smallint NOT NULL DEFAULT 1 CHECK (step BETWEEN 1 AND 10),
	answers jsonb NOT NULL DEFAULT '{}',
	refused jsonb NOT NULL DEFAULT '{}',
	started_by text NOT NULL,
	assistant_id bigint,
	created_at timestamptz NOT NULL,
	changed_at timestamptz NOT NULL,
	finished_at timestamptz,
	PRIMARY KEY (tenant_id, wizard_id),
	FOREIGN KEY (tenant_id, assistant_id) REFERENCES voiceagent.assistants,
	CHECK ((finished_at IS NULL) = (assistant_id IS NULL))
);
COMMENT ON TABLE voiceagent.wizards IS
	'Wizards under way, and those that have made an assistant, for retention_wizards.';
COMMENT ON COLUMN voiceagent.wizards.wizard_id IS 'Number of the wizard.';
COMMENT ON COLUMN voiceagent.wizards.profile IS 'The profile that gives the defaults: wizard_profiles.profile.';
COMMENT ON COLUMN voiceagent.wizards.language IS
	E'en, es, fr or de: the language of the questions.\nThat of the assistant is an answer.';
COMMENT ON COLUMN voiceagent.wizards.step IS 'The step at which it stands, from 1 to 10.';
COMMENT ON COLUMN voiceagent.wizards.answers IS 'The answers so far, by the key of the step.';
COMMENT ON COLUMN voiceagent.wizards.refused IS
	'The error in the last answer to a step, by the key of the step; a good answer removes it.';
COMMENT ON COLUMN voiceagent.wizards.started_by IS 'The member, API key or database role that started it.';
COMMENT ON COLUMN voiceagent.wizards.assistant_id IS 'The assistant that it has made; NULL: it is not finished.';
COMMENT ON COLUMN voiceagent.wizards.changed_at IS 'When it was answered last, or moved.';
COMMENT ON COLUMN voiceagent.wizards.finished_at IS 'When it made the assistant; NULL: it has not.';
CREATE INDEX wizards_unfinished ON voiceagent.wizards (tenant_id, wizard_id) WHERE finished_at IS NULL;
CREATE INDEX wizards_changed ON voiceagent.wizards (tenant_id, changed_at);
CREATE INDEX wizards_assistant ON voiceagent.wizards (tenant_id, assistant_id) WHERE assistant_id IS NOT NULL;
SELECT voiceagent_private.guard_table('voiceagent.wizards', 'tenant');
INSERT INTO voiceagent_private.retention_classes (class, description, tab, ended) VALUES
	('wizards', 'Wizards, finished or not, that nobody touches', 'voiceagent.wizards', 'changed_at');

CREATE TABLE voiceagent.assistant_answers (
	tenant_id bigint NOT NULL,
	assistant_id bigint NOT NULL,
	version integer NOT NULL,
	answers jsonb NOT NULL,
	profile text NOT NULL,
	template_version integer NOT NULL,
	generated jsonb,
	created_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, assistant_id, version),
	FOREIGN KEY (tenant_id, assistant_id, version) REFERENCES voiceagent.assistant_versions
);
COMMENT ON TABLE voiceagent.assistant_answers IS
	E'Immutable: the answers that made a version of an assistant.\n'
	'A version without a row was written by hand, by create_assistant() or update_assistant().';
COMMENT ON COLUMN voiceagent.assistant_answers.version IS 'The version: assistant_versions.version.';
COMMENT ON COLUMN voiceagent.assistant_answers.answers IS 'All answers, by the key of the step.';
COMMENT ON COLUMN voiceagent.assistant_answers.profile IS 'The profile of the wizard: wizard_profiles.profile.';
COMMENT ON COLUMN voiceagent.assistant_answers.template_version IS 'The version of the templates that made the texts.';
COMMENT ON COLUMN voiceagent.assistant_answers.generated IS
	'The version that the answers alone would have made, where edits by hand were kept; NULL: the version itself.';
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON voiceagent.assistant_answers
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.reject_change();
SELECT voiceagent_private.guard_table('voiceagent.assistant_answers', 'tenant');

CREATE TABLE voiceagent.business_profiles (
	tenant_id bigint PRIMARY KEY REFERENCES voiceagent.tenants,
	answers jsonb NOT NULL,
	changed_at timestamptz NOT NULL
);
COMMENT ON TABLE voiceagent.business_profiles IS
	E'A tenant''s answers about its business, offer and audience; wizards start from it.\n'
	'set_business_profile() changes it.';
COMMENT ON COLUMN voiceagent.business_profiles.answers IS
	'Answers of the steps business, offer and audience, each as far as it is known.';
COMMENT ON COLUMN voiceagent.business_profiles.changed_at IS 'When it was changed last.';
SELECT voiceagent_private.guard_table('voiceagent.business_profiles', 'tenant');
