-- 40_assistant: what is said. A version never changes; every call names the version it used.

CREATE TABLE voiceagent.assistants (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	assistant_id bigint GENERATED ALWAYS AS IDENTITY,
	name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
	version integer NOT NULL DEFAULT 1,
	active boolean NOT NULL DEFAULT true,
	created_at timestamptz NOT NULL,
	archived_at timestamptz,
	PRIMARY KEY (tenant_id, assistant_id),
	CONSTRAINT archived_is_inactive CHECK (archived_at IS NULL OR NOT active)
);
COMMENT ON TABLE voiceagent.assistants IS 'Voice assistants; version names the current row of assistant_versions.';
COMMENT ON COLUMN voiceagent.assistants.assistant_id IS 'Number of the assistant.';
COMMENT ON COLUMN voiceagent.assistants.name IS 'Name, for people.';
COMMENT ON COLUMN voiceagent.assistants.version IS 'The current version.';
COMMENT ON COLUMN voiceagent.assistants.active IS 'False: no new campaign may use it.';
COMMENT ON COLUMN voiceagent.assistants.archived_at IS
	'When archive_assistant() put it away: assistant_list leaves it out, and no campaign can use '
	'it; NULL: it is in use.';
SELECT voiceagent_private.guard_table('voiceagent.assistants', 'tenant');

CREATE TABLE voiceagent.assistant_versions (
	tenant_id bigint NOT NULL,
	assistant_id bigint NOT NULL,
	version integer NOT NULL,
	first_message text NOT NULL,
	system_prompt text NOT NULL,
	voice text NOT NULL,
	model text NOT NULL,
	language text NOT NULL DEFAULT 'en-US',
	settings jsonb NOT NULL DEFAULT '{}',
	variables text[] NOT NULL DEFAULT '{}',
	created_at timestamptz NOT NULL,
	written_prompt text,
	PRIMARY KEY (tenant_id, assistant_id, version),
	FOREIGN KEY (tenant_id, assistant_id) REFERENCES voiceagent.assistants
);
COMMENT ON TABLE voiceagent.assistant_versions IS 'Immutable: what an assistant said and knew at each version.';
COMMENT ON COLUMN voiceagent.assistant_versions.version IS
	E'1, 2, 3, ...\n'
	'for each assistant.';
COMMENT ON COLUMN voiceagent.assistant_versions.first_message IS
	'The assistant''s first words; {{variables}} are filled from the lead.';
COMMENT ON COLUMN voiceagent.assistant_versions.system_prompt IS
	'The assistant''s knowledge and aims; {{variables}} are filled from the lead.';
COMMENT ON COLUMN voiceagent.assistant_versions.voice IS 'Voice, as provider/voice or the carrier''s own name.';
COMMENT ON COLUMN voiceagent.assistant_versions.model IS
	'Language model, as provider/model or the carrier''s own name.';
COMMENT ON COLUMN voiceagent.assistant_versions.language IS 'BCP 47 tag of the language it speaks and hears.';
COMMENT ON COLUMN voiceagent.assistant_versions.settings IS 'Further settings of the carrier''s assistant.';
COMMENT ON COLUMN voiceagent.assistant_versions.variables IS
	'The {{variables}} of both texts; a lead lacking one cannot be called with it.';
COMMENT ON COLUMN voiceagent.assistant_versions.written_prompt IS
	'The system prompt as it was written, where it has the place {{knowledge}}, which is filled in system_prompt; '
	'NULL: it has no such place.';
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON voiceagent.assistant_versions
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.reject_change();
SELECT voiceagent_private.guard_table('voiceagent.assistant_versions', 'tenant');
