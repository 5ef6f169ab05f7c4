-- What the platform sets of a share, else the default, is the most, or the least, that a tenant may have: it is refused more, and what it
-- had is kept, held to that, and told.
\set VERBOSITY default
\set SHOW_CONTEXT never
SET client_min_messages = warning;
SELECT voiceagent.create_tenant('Shares') AS tenant \gset

-- The shares of what all have in common; every other setting concerns the tenant alone.
SELECT share, string_agg(key, ' ' ORDER BY key) AS settings FROM voiceagent_private.setting_definitions WHERE share IS NOT NULL GROUP BY share ORDER BY share;
SELECT key FROM voiceagent_private.setting_definitions WHERE share IS NOT NULL AND NOT levels && '{tenant,campaign}';

-- All of them: halfway between the bounds by the platform; the tenant asks for the whole range, and had it before.
CREATE TEMP TABLE tried AS
SELECT d.key, d.levels, d.share, h.half, CASE d.share WHEN 'most' THEN d.maximum ELSE d.minimum END AS all_of_it
FROM voiceagent_private.setting_definitions d
CROSS JOIN LATERAL (SELECT voiceagent_private.read_value(CASE d.kind
		WHEN 'interval' THEN ((voiceagent_private.as_interval(d.minimum) + voiceagent_private.as_interval(d.maximum)) / 2)::text
		WHEN 'integer' THEN ((d.minimum::bigint + d.maximum::bigint) / 2)::text
		ELSE ((d.minimum::numeric + d.maximum::numeric) / 2)::text END, d.kind) AS half) h
WHERE d.share IS NOT NULL;
CREATE FUNCTION pg_temp.refusal(key text, value text, level text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_hint text;
BEGIN
	PERFORM voiceagent_private.check_setting(key, value, level);
	RETURN 'taken';
EXCEPTION WHEN SQLSTATE 'PT422' THEN
	GET STACKED DIAGNOSTICS v_hint = PG_EXCEPTION_HINT;
	RETURN v_hint;
END $$;
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS acting;
-- As long as the platform has set nothing the default is the bound, also of what a tenant had set before.
SELECT count(*) AS all_of_them, count(*) FILTER (WHERE pg_temp.refusal(t.key, t.all_of_it, 'tenant') <> format('%s is the %s that a tenant may have; the platform can change it: '
	'set_setting(''%s'', ...) without a tenant.', d.default_value, t.share, t.key)) AS taken,
	count(*) FILTER (WHERE pg_temp.refusal(t.key, d.default_value, 'tenant') <> 'taken') AS refused
FROM tried t JOIN voiceagent_private.setting_definitions d USING (key);
SELECT (voiceagent.health() -> 'problems')::text ~ 'counts as' AS told;
INSERT INTO voiceagent_private.tenant_settings (tenant_id, key, value)
SELECT :tenant, t.key, voiceagent_private.read_value(t.all_of_it, d.kind) FROM tried t JOIN voiceagent_private.setting_definitions d USING (key);
SELECT t.key, r.* FROM tried t JOIN voiceagent_private.setting_definitions d USING (key), voiceagent_private.resolve_setting(t.key) r
WHERE r.value <> d.default_value OR r.origin <> 'default';
SELECT count(*) AS told, min(p) AS first FROM jsonb_array_elements_text(voiceagent.health() -> 'problems') p WHERE p LIKE '%counts as%';
SELECT count(*) AS kept FROM voiceagent_private.tenant_settings s JOIN tried t USING (key) WHERE s.tenant_id = :tenant AND s.value <> (voiceagent_private.resolve_setting(s.key)).value;
INSERT INTO voiceagent_private.platform_settings (key, value) SELECT key, half FROM tried;
SELECT t.key, l AS level FROM tried t, unnest(t.levels) l
WHERE l <> 'platform' AND pg_temp.refusal(t.key, t.all_of_it, l) NOT LIKE format('%s is the %s that a tenant may have; %%', t.half, t.share);
SELECT count(*) FILTER (WHERE pg_temp.refusal(key, half, 'tenant') <> 'taken') AS refused FROM tried;
SELECT t.key, r.* FROM tried t, voiceagent_private.resolve_setting(t.key) r WHERE r.value <> t.half OR r.origin <> 'platform';
SELECT t.key, r.* FROM tried t, voiceagent_private.resolve_setting(t.key, jsonb_build_object(t.key, t.all_of_it)) r
WHERE 'campaign' = ANY (t.levels) AND (r.value <> t.half OR r.origin <> 'platform');
-- Within the share its own value holds.
UPDATE voiceagent_private.tenant_settings s SET value = d.default_value FROM voiceagent_private.setting_definitions d
WHERE s.tenant_id = :tenant AND d.key = s.key AND d.key = 'ring_timeout';
SELECT value, origin FROM voiceagent.settings WHERE key = 'ring_timeout';
ROLLBACK;

-- By name: settings, campaigns, accounts.
BEGIN;
SELECT voiceagent.set_setting('ring_timeout', '40 seconds'), voiceagent.set_setting('account_max_concurrent_calls', '7'), voiceagent.set_setting('audience_interval', '1 hour') \g /dev/null
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS acting;
\set ON_ERROR_ROLLBACK on
SELECT voiceagent.set_setting('ring_timeout', '10 minutes');
SELECT voiceagent.set_setting('audience_interval', '10 seconds');
SELECT key, value, origin, range FROM voiceagent.settings WHERE key IN ('ring_timeout', 'audience_interval', 'account_max_concurrent_calls') ORDER BY key;
SELECT voiceagent.create_assistant('Ann', 'Hello', 'Be kind.') AS ann \gset
SELECT voiceagent.create_campaign('rings', :ann, settings => '{"ring_timeout": 600}');
SELECT voiceagent.create_campaign('rings', :ann, settings => '{"ring_timeout": 20}') AS c \gset
SELECT voiceagent.update_campaign(:c, '{"ring_timeout": "41"}');
SELECT voiceagent.set_setting('ring_timeout', '41', :c);
SELECT voiceagent.create_provider_account('sandbox', 'Large', '{}', '{"max_concurrent_calls": 8}');
SELECT voiceagent.create_provider_account('sandbox', 'Small', '{}', '{"max_concurrent_calls": 7}') > 0 AS made;
ROLLBACK;
