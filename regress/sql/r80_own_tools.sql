-- Tools of a tenant's own: what may be one, whose they are, and what is refused. (How they are asked: 801_own_tools.pl.)
\set VERBOSITY default
\set SHOW_CONTEXT never
SET client_min_messages = warning;
CREATE ROLE regress_own_tools LOGIN;
CREATE ROLE regress_own_tools_other LOGIN;
SELECT voiceagent.create_tenant('Own tools', credits => 100) AS tenant, voiceagent.create_tenant('Other own tools', credits => 100) AS other \gset
SELECT voiceagent.map_role('regress_own_tools', :tenant);
SELECT voiceagent.map_role('regress_own_tools_other', :other);
SET SESSION AUTHORIZATION regress_own_tools;
\set schema '\'{"type": "object", "properties": {"order": {"type": "string"}}, "required": ["order"]}\''

-- Its name, its words, its schema, where it lies.
SELECT voiceagent.create_tool(NULL, NULL, NULL, NULL);
SELECT voiceagent.create_tool('Order', 'Tells', :schema, 'https://example.com/tool');
SELECT voiceagent.create_tool('book', 'Tells', :schema, 'https://example.com/tool');
SELECT voiceagent.create_tool(repeat('a', 41), 'Tells', :schema, 'https://example.com/tool');
SELECT voiceagent.create_tool('order_state', ' ', :schema, 'https://example.com/tool');
SELECT voiceagent.create_tool('order_state', 'Tells {{phone}}', :schema, 'https://example.com/tool');
SELECT voiceagent.create_tool('order_state', 'Tells', '{"type": "object", "properties": {"order": {"type": "string", "description": "{%x%}"}}}', 'https://example.com/tool');
SELECT voiceagent.create_tool('order_state', 'Tells', '[]', 'https://example.com/tool');
SELECT voiceagent.create_tool('order_state', 'Tells', '{"type": "object"}', 'https://example.com/tool');
SELECT voiceagent.create_tool('order_state', 'Tells', '{"type": "object", "properties": {"order": {"type": "poem"}}}', 'https://example.com/tool');
SELECT voiceagent.create_tool('order_state', 'Tells', jsonb_build_object('type', 'object', 'properties', jsonb_build_object('order', jsonb_build_object('type', 'string', 'description', repeat('x', 4096)))), 'https://example.com/tool');
SELECT voiceagent.create_tool('order_state', 'Tells', :schema, 'http://example.com/tool');
SELECT voiceagent.create_tool('order_state', 'Tells', :schema, 'https://127.0.0.1/tool');
SELECT voiceagent.create_tool('order_state', 'Tells', :schema, 'https://169.254.169.254/latest/meta-data');
SELECT voiceagent.create_tool('order_state', 'Tells', :schema, 'https://user:password@example.com/tool');
-- No key, no secret.
SELECT voiceagent.create_tool('order_state', 'Tells', :schema, 'https://example.com/tool');
RESET SESSION AUTHORIZATION;
INSERT INTO voiceagent.own_tools (tenant_id, name, description, parameters, url, home, created_at)
SELECT t, 'order_state', 'Tells', :schema, 'https://example.com/' || t, voiceagent_private.home(), now() FROM unnest(ARRAY[:tenant, :other]::bigint[]) t;
SET SESSION AUTHORIZATION regress_own_tools;
SELECT voiceagent.create_tool('order_state', 'Tells', :schema, 'https://example.com/tool');

-- One's own are seen, listed and named; another's are not, and names that nobody has are refused.
SELECT name, url = 'https://example.com/' || :tenant AS mine FROM voiceagent.own_tools;
SELECT tool, description, parameters ->> 'required' AS needs FROM voiceagent.list_tools() WHERE tool LIKE 'o%';
SELECT voiceagent.create_assistant('Desk', 'Hello', 'Be kind.', settings := '{"tools": ["order_state", "book"]}') AS desk \gset
\set VERBOSITY terse
SELECT voiceagent.update_assistant(:desk, '{"settings": {"tools": ["another"]}}');
UPDATE voiceagent.own_tools SET url = 'https://example.com/mine';
SELECT voiceagent.test_tool('another');
SELECT voiceagent.test_tool('order_state', '[]');
SELECT voiceagent.test_tool('order_state', jsonb_build_object('order', repeat('x', 9000)));
SELECT voiceagent.test_of_tool(1);
SELECT voiceagent.update_tool('another');
SELECT voiceagent.update_tool('order_state', url := 'https://10.0.0.1/tool');
-- Whatever its letters, https is https: else the tool would be made and never be asked.
SELECT voiceagent.update_tool('order_state', url := 'HTTPS://Example.com/Tool');
SELECT url FROM voiceagent.own_tools WHERE name = 'order_state';
SELECT voiceagent.update_tool('order_state', parameters := '{"type": "array"}');
SELECT voiceagent.update_tool('order_state', 'Tells more');
SELECT voiceagent.rotate_tool_secret('another');
SELECT voiceagent.rotate_tool_secret('order_state');
SELECT voiceagent.delete_tool('another');
SELECT voiceagent.delete_tool('order_state');
RESET SESSION AUTHORIZATION;
SELECT tenant_id = :other AS another, description FROM voiceagent.own_tools WHERE tenant_id IN (:tenant, :other);

-- More wait than may be.
BEGIN;
SELECT voiceagent_private.set_tenant(:other);
SELECT count(voiceagent.test_tool('order_state')) FROM generate_series(1, 200);
SELECT voiceagent.test_tool('order_state');
ROLLBACK;
DELETE FROM voiceagent_private.role_map WHERE role_name LIKE 'regress_own_tools%';
DROP ROLE regress_own_tools, regress_own_tools_other;
