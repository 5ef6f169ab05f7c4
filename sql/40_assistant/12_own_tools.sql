-- 40_assistant: tools of a tenant's own, which its assistants may name beside ours; 49_tool asks them.

CREATE TABLE voiceagent.own_tools (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	tool_id bigint GENERATED ALWAYS AS IDENTITY,
	name text NOT NULL CHECK (name ~ '^[a-z][a-z0-9_]{1,39}$'),
	description text NOT NULL CHECK (length(description) BETWEEN 1 AND 1000),
	parameters jsonb NOT NULL,
	url text NOT NULL CHECK (length(url) <= 2000),
	home text NOT NULL,
	secret_version integer NOT NULL DEFAULT 1,
	previous_secret_until timestamptz,
	failures integer NOT NULL DEFAULT 0,
	last_error text,
	disabled_at timestamptz,
	created_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, tool_id),
	UNIQUE (tenant_id, name)
);
COMMENT ON TABLE voiceagent.own_tools IS
	'Tools of the tenant''s own: an assistant that names one (its setting tools) has the tenant''s server asked.';
COMMENT ON COLUMN voiceagent.own_tools.tool_id IS 'Number of the tool.';
COMMENT ON COLUMN voiceagent.own_tools.name IS 'By this assistants and campaigns name it.';
COMMENT ON COLUMN voiceagent.own_tools.description IS 'Its purpose, as the language model reads it.';
COMMENT ON COLUMN voiceagent.own_tools.parameters IS 'The JSON Schema of its arguments.';
COMMENT ON COLUMN voiceagent.own_tools.url IS 'Where it is asked, by a POST with our signature.';
COMMENT ON COLUMN voiceagent.own_tools.home IS
	'The database in which it was made, as home(): a copy that is not armed does not ask it.';
COMMENT ON COLUMN voiceagent.own_tools.secret_version IS
	'How many signing secrets it has had; it is asked under the signature of the last.';
COMMENT ON COLUMN voiceagent.own_tools.previous_secret_until IS
	'Until when it is asked under the secret before the last rotation, too; NULL: under one.';
COMMENT ON COLUMN voiceagent.own_tools.failures IS 'How often in a row it gave no answer that can be used.';
COMMENT ON COLUMN voiceagent.own_tools.last_error IS 'Why, the last time; NULL: the last answer was good.';
COMMENT ON COLUMN voiceagent.own_tools.disabled_at IS
	'When it had failed three times in a row, and is asked no more until update_tool(); NULL: it is asked.';
COMMENT ON COLUMN voiceagent.own_tools.created_at IS 'When it was made.';
SELECT voiceagent_private.guard_table('voiceagent.own_tools', 'tenant');

CREATE FUNCTION voiceagent_private.is_own_tool(name text) RETURNS boolean
	LANGUAGE sql STABLE SET planner.policy = by_key
	RETURN EXISTS (SELECT FROM voiceagent.own_tools t
		WHERE t.tenant_id = voiceagent.current_tenant() AND t.name = is_own_tool.name);
COMMENT ON FUNCTION voiceagent_private.is_own_tool(text) IS 'Whether the current tenant has a tool of that name.';

CREATE FUNCTION voiceagent_private.with_own_tools(settings jsonb) RETURNS jsonb
	LANGUAGE plpgsql STABLE PARALLEL SAFE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF jsonb_typeof(settings -> 'tools') IS DISTINCT FROM 'array' THEN
		RETURN settings;
	END IF;
	RETURN settings || jsonb_build_object('tools',
		(SELECT coalesce(jsonb_agg(CASE WHEN o.tool_id IS NULL THEN t.tool ELSE jsonb_build_object('name', o.name,
			'description', o.description, 'parameters', o.parameters) END ORDER BY t.n), '[]')
		FROM jsonb_array_elements(settings -> 'tools') WITH ORDINALITY AS t(tool, n)
		LEFT JOIN voiceagent.own_tools o ON o.tenant_id = voiceagent.current_tenant() AND o.name = t.tool #>> '{}'));
END
$$;
COMMENT ON FUNCTION voiceagent_private.with_own_tools(jsonb) IS
	'The settings of an assistant as its carrier gets them: tools of the tenant''s own with their descriptions for '
	'a language model, in place of their names.';
