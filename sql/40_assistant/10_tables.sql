-- 40_assistant: what is said. A version never changes; every call names the version it used.

CREATE TABLE voiceagent.assistants (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	assistant_id bigint GENERATED ALWAYS AS IDENTITY,
	name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
	version integer NOT NULL DEFAULT 1,
	active boolean NOT NULL DEFAULT true,
	created_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, assistant_id)
);
COMMENT ON TABLE voiceagent.assistants IS 'Voice assistants; version names the current row of assistant_versions.';
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
	PRIMARY KEY (tenant_id, assistant_id, version),
	FOREIGN KEY (tenant_id, assistant_id) REFERENCES voiceagent.assistants
);
COMMENT ON TABLE voiceagent.assistant_versions IS 'Immutable: what an assistant said and knew at each version.';
COMMENT ON COLUMN voiceagent.assistant_versions.variables IS 'The {{variables}} of both texts; a lead lacking one cannot be called with it.';
SELECT voiceagent_private.guard_table('voiceagent.assistant_versions', 'tenant');
