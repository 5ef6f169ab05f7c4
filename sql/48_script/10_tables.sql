/*
 * 48_script: what is known of a lead beyond its file (enrichment), and what is
 * said to it: a script a lead, made before the dial.
 *
 * Versions are rows that never change.  A script is found again by a digest of
 * all that it was made from, so that the same input is asked for once, and a
 * lead, a template or a playbook that changes leaves the old script behind by
 * itself.
 */

CREATE TABLE voiceagent.lead_enrichments (
	tenant_id bigint NOT NULL,
	lead_id bigint NOT NULL,
	source text COLLATE "C" NOT NULL CHECK (source ~ '^[a-z][a-z0-9_]{0,39}$'),
	version integer NOT NULL CHECK (version > 0),
	enrichment_id bigint GENERATED ALWAYS AS IDENTITY,
	data jsonb NOT NULL CHECK (jsonb_typeof(data) = 'object'),
	enriched_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, lead_id, source, version),
	FOREIGN KEY (tenant_id, lead_id) REFERENCES voiceagent.leads ON DELETE CASCADE
);
COMMENT ON TABLE voiceagent.lead_enrichments IS
	E'Data of sources about leads beyond their file, a row a version; enrich_lead() adds one.\n'
	'The newest of each source, merged, is leads.enrichment.';
COMMENT ON COLUMN voiceagent.lead_enrichments.source IS 'Where the data comes from: a CRM, a register, a form.';
COMMENT ON COLUMN voiceagent.lead_enrichments.version IS
	E'1, 2, 3, ...\n'
	'for each lead and source.';
COMMENT ON COLUMN voiceagent.lead_enrichments.enrichment_id IS 'Number of the row, in the order of arrival.';
COMMENT ON COLUMN voiceagent.lead_enrichments.data IS 'The source''s data, as an object.';
COMMENT ON COLUMN voiceagent.lead_enrichments.enriched_at IS 'When it was reported.';
-- In the order of arrival, for retention.
CREATE UNIQUE INDEX lead_enrichments_order ON voiceagent.lead_enrichments (tenant_id, enrichment_id)
	WHERE enrichment_id IS NOT NULL;
CREATE TRIGGER append_only BEFORE UPDATE OR TRUNCATE ON voiceagent.lead_enrichments
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.reject_change();
SELECT voiceagent_private.guard_table('voiceagent.lead_enrichments', 'tenant');

CREATE TABLE voiceagent.script_templates (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	kind text COLLATE "C" NOT NULL CHECK (kind IN ('pitch', 'objections', 'closing')),
	language text COLLATE "C" NOT NULL CHECK (language ~ '^[a-z]{2,3}$'),
	version integer NOT NULL CHECK (version > 0),
	body jsonb CHECK (jsonb_typeof(body) = 'object'),
	created_by text NOT NULL,
	created_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, kind, language, version)
);
COMMENT ON TABLE voiceagent.script_templates IS
	E'The tenant''s templates of scripts by kind and language, a row a version; store_script_template() adds one.\n'
	'The newest is used where a campaign has no playbook.';
COMMENT ON COLUMN voiceagent.script_templates.kind IS
	'pitch ({"opening", "pitch", "questions"}), objections ({"objections"}) or closing ({"closing"}).';
COMMENT ON COLUMN voiceagent.script_templates.language IS 'Language of its texts: en, es, fr, de, ....';
COMMENT ON COLUMN voiceagent.script_templates.version IS
	E'1, 2, 3, ...\n'
	'for each kind and language.';
COMMENT ON COLUMN voiceagent.script_templates.body IS
	'Its texts, with {{variables}}; NULL: from this version on the platform''s is used again.';
COMMENT ON COLUMN voiceagent.script_templates.created_by IS 'Which member stored it, in words.';
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON voiceagent.script_templates
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.reject_change();
SELECT voiceagent_private.guard_table('voiceagent.script_templates', 'tenant');

CREATE TABLE voiceagent.playbooks (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	playbook text COLLATE "C" NOT NULL CHECK (playbook ~ '^[a-z][a-z0-9_]{0,62}$'),
	version integer NOT NULL CHECK (version > 0),
	description text NOT NULL CHECK (length(description) BETWEEN 1 AND 1000),
	languages jsonb NOT NULL CHECK (jsonb_typeof(languages) = 'object'),
	created_by text NOT NULL,
	created_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, playbook, version)
);
COMMENT ON TABLE voiceagent.playbooks IS
	E'The tenant''s playbooks, a row a version; load_playbook() adds one.\n'
	'The newest is used, before one of the platform''s of the same name.';
COMMENT ON COLUMN voiceagent.playbooks.playbook IS 'Name, as the setting playbook has it.';
COMMENT ON COLUMN voiceagent.playbooks.version IS
	E'1, 2, 3, ...\n'
	'for each name.';
COMMENT ON COLUMN voiceagent.playbooks.description IS 'Its purpose, in the tenant''s words.';
COMMENT ON COLUMN voiceagent.playbooks.languages IS
	'By language: {"opening", "pitch", "questions", "objections", "closing", "rules"}, texts with {{variables}}.';
COMMENT ON COLUMN voiceagent.playbooks.created_by IS 'Which member loaded it, in words.';
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON voiceagent.playbooks
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.reject_change();
SELECT voiceagent_private.guard_table('voiceagent.playbooks', 'tenant');

CREATE TABLE voiceagent_private.shipped_playbooks (
	playbook text COLLATE "C" NOT NULL,
	language text COLLATE "C" NOT NULL,
	description text NOT NULL,
	body jsonb NOT NULL,
	PRIMARY KEY (playbook, language)
);
COMMENT ON TABLE voiceagent_private.shipped_playbooks IS
	E'The playbooks that come with the extension, in English, Spanish, French and German.\n'
	'"general" is what is used where nothing else is stored.';
COMMENT ON COLUMN voiceagent_private.shipped_playbooks.body IS 'As a member of playbooks.languages.';
SELECT voiceagent_private.guard_table('voiceagent_private.shipped_playbooks', 'platform', 'WHERE false');

CREATE TABLE voiceagent.lead_scripts (
	tenant_id bigint NOT NULL,
	script_id bigint GENERATED ALWAYS AS IDENTITY,
	campaign_id bigint NOT NULL,
	lead_id bigint NOT NULL,
	digest bytea NOT NULL CHECK (octet_length(digest) = 32),
	status text COLLATE "C" NOT NULL CHECK (status IN ('waiting', 'ready', 'failed')),
	written_by text,
	language text COLLATE "C" NOT NULL,
	origin jsonb NOT NULL,
	script jsonb,
	rules jsonb,
	reason text,
	model_request_id bigint,
	created_at timestamptz NOT NULL,
	finished_at timestamptz,
	PRIMARY KEY (tenant_id, script_id),
	UNIQUE (tenant_id, lead_id, digest),
	FOREIGN KEY (tenant_id, lead_id) REFERENCES voiceagent.leads ON DELETE CASCADE,
	CONSTRAINT ready_is_written CHECK ((status = 'ready') = (script IS NOT NULL AND written_by IS NOT NULL)),
	CONSTRAINT failed_says_why CHECK (status <> 'failed' OR reason IS NOT NULL)
);
COMMENT ON TABLE voiceagent.lead_scripts IS
	E'The scripts of leads, each made once from its template, the lead''s variables and a model.\n'
	'One that does not fit its lead any more stays for the calls that used it.';
COMMENT ON COLUMN voiceagent.lead_scripts.script_id IS 'Number of the script.';
COMMENT ON COLUMN voiceagent.lead_scripts.campaign_id IS 'The campaign that wanted it first.';
COMMENT ON COLUMN voiceagent.lead_scripts.digest IS 'Of all that it is made from; see script_digest().';
COMMENT ON COLUMN voiceagent.lead_scripts.status IS
	'waiting (for the model), ready, or failed (calls take the template''s).';
COMMENT ON COLUMN voiceagent.lead_scripts.written_by IS
	'template (its texts with the lead''s variables), sandbox (the embedded model) or the name of the model.';
COMMENT ON COLUMN voiceagent.lead_scripts.language IS 'Language of the call: en-US, es-ES, ....';
COMMENT ON COLUMN voiceagent.lead_scripts.origin IS
	'Which playbook or template each part comes from: {"pitch", "objections", "closing"}.';
COMMENT ON COLUMN voiceagent.lead_scripts.script IS '{"opening", "pitch", "questions", "objections", "closing"}.';
COMMENT ON COLUMN voiceagent.lead_scripts.rules IS 'The rules of the playbook for the call, as texts.';
COMMENT ON COLUMN voiceagent.lead_scripts.reason IS 'Why it failed, in words.';
COMMENT ON COLUMN voiceagent.lead_scripts.model_request_id IS
	'The request to the model: model_requests.model_request_id.';
COMMENT ON COLUMN voiceagent.lead_scripts.finished_at IS 'When it was ready, or had failed.';
-- How many of a campaign are waited for, and what it has.
CREATE INDEX lead_scripts_campaign ON voiceagent.lead_scripts (tenant_id, campaign_id, status)
	WHERE campaign_id IS NOT NULL;
SELECT voiceagent_private.guard_table('voiceagent.lead_scripts', 'tenant');

CREATE TABLE voiceagent.call_scripts (
	tenant_id bigint NOT NULL,
	call_id bigint NOT NULL,
	script_id bigint NOT NULL,
	reason text,
	PRIMARY KEY (tenant_id, call_id),
	FOREIGN KEY (tenant_id, script_id) REFERENCES voiceagent.lead_scripts ON DELETE CASCADE
);
COMMENT ON TABLE voiceagent.call_scripts IS 'Which script a call used.';
COMMENT ON COLUMN voiceagent.call_scripts.script_id IS 'The script: lead_scripts.script_id.';
COMMENT ON COLUMN voiceagent.call_scripts.reason IS
	'Why it is the template''s where a model was to write one; NULL: it is what was wanted.';
CREATE INDEX call_scripts_script ON voiceagent.call_scripts (tenant_id, script_id) WHERE script_id IS NOT NULL;
SELECT voiceagent_private.guard_table('voiceagent.call_scripts', 'tenant');

CREATE TABLE voiceagent_private.script_turns (
	tenant_id bigint NOT NULL,
	campaign_id bigint NOT NULL,
	next_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, campaign_id),
	FOREIGN KEY (tenant_id, campaign_id) REFERENCES voiceagent.campaigns ON DELETE CASCADE
) WITH (fillfactor = 50);
COMMENT ON TABLE voiceagent_private.script_turns IS
	'Running campaigns whose scripts a model writes, and when make_scripts() looks at each next.';
CREATE INDEX script_turns_next ON voiceagent_private.script_turns (next_at);
SELECT voiceagent_private.guard_table('voiceagent_private.script_turns', 'routing', waits => '{next_at}');

CREATE TABLE voiceagent_private.script_days (
	tenant_id bigint PRIMARY KEY,
	day date NOT NULL,
	asked integer NOT NULL
) WITH (fillfactor = 50);
COMMENT ON TABLE voiceagent_private.script_days IS
	'Scripts that models were asked for on the tenant''s latest day with any, by its time zone, for scripts_per_day.';
SELECT voiceagent_private.guard_table('voiceagent_private.script_days', 'internal');
