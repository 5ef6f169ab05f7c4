-- Accounts at carriers: what is checked, what is made, who may arm.
\set VERBOSITY default
\set SHOW_CONTEXT never
SET client_min_messages = warning;
CREATE ROLE regress_accounts LOGIN;
CREATE ROLE regress_accounts_other LOGIN;
SELECT voiceagent.create_tenant('Accounts') AS tenant, voiceagent.create_tenant('Other accounts') AS other \gset
SELECT voiceagent.map_role('regress_accounts', :tenant);
SELECT voiceagent.map_role('regress_accounts_other', :other);
SET SESSION AUTHORIZATION regress_accounts;

-- A new tenant rehearses at once.
SELECT provider, name, base_url, settings, max_concurrent_calls, active, armed_at FROM voiceagent.provider_accounts;
SELECT count(*) FROM voiceagent.webhook_endpoints;

SELECT voiceagent.create_provider_account('sandbox', 'Second', '{}', '{"max_concurrent_calls": 7}') AS account \gset
SELECT name, max_concurrent_calls FROM voiceagent.provider_accounts ORDER BY name;
SELECT regexp_replace(voiceagent.create_endpoint(:account), '^(http://127\.0\.0\.1:\d+)?/webhooks/[A-Za-z0-9_-]{43}$', 'URL') AS endpoint;
SELECT count(*) AS endpoints FROM voiceagent.webhook_endpoints WHERE provider_account_id = :account;

-- Refused, and never with a value in the message.
SELECT voiceagent.create_provider_account('carrier pigeon', 'x', '{}');
SELECT voiceagent.create_provider_account(NULL, 'x', '{}');
SELECT voiceagent.create_provider_account('sandbox', '', '{}');
SELECT voiceagent.create_provider_account('sandbox', 'Second', '{}');
SELECT voiceagent.create_provider_account('sandbox', 'x', '{"api_key": "secret"}');
SELECT voiceagent.create_provider_account('sandbox', 'x', '"secret"');
SELECT voiceagent.create_provider_account('sandbox', 'x', '{}', '{"max_concurrent_calls": 0}');
SELECT voiceagent.create_provider_account('sandbox', 'x', '{}', '{"max_concurrent_calls": "many"}');
SELECT voiceagent.create_provider_account('vapi', 'x', '{}', '{"phone_number_id": "p"}');
SELECT voiceagent.create_provider_account('vapi', 'x', '{"api_key": "  "}', '{"phone_number_id": "p"}');
SELECT voiceagent.create_provider_account('vapi', 'x', '{"api_key": "secret", "phone_number_id": "p"}');
SELECT voiceagent.create_provider_account('vapi', 'x', '{"api_key": 12345}', '{"phone_number_id": "p"}');
SELECT voiceagent.create_provider_account('vapi', 'x', '{"api_key": "secret"}');
SELECT voiceagent.create_provider_account('vapi', 'x', '{"api_key": "secret"}', '{"phone_number_id": "p", "phone": "1"}');
-- What streams nothing has no socket that talks.
SELECT provider, converses FROM voiceagent.providers WHERE settings::text !~ '"stream_url"' ORDER BY 1;
SELECT voiceagent.create_provider_account('vapi', 'x', '{"api_key": "secret"}', '{"phone_number_id": "p", "webhook": {"kind": "bearer"}}');
SELECT voiceagent.create_provider_account('vapi', 'x', '{"api_key": "secret", "webhook_secret": "s"}', '{"phone_number_id": "p", "webhook": {"kind": "trust"}}');
SELECT voiceagent.create_provider_account('vapi', 'x', '{"api_key": "secret", "webhook_secret": "s"}', '{"phone_number_id": "p", "webhook": "hmac"}');
SELECT voiceagent.create_provider_account('vapi', 'x', '{"api_key": "secret"}', '{"phone_number_id": "p", "base_url": "http://127.0.0.1"}');
SELECT voiceagent.create_provider_account('vapi', 'x', '{"api_key": "secret"}', '{"phone_number_id": "p", "base_url": "https://169.254.169.254"}');
SELECT count(*) AS accounts FROM voiceagent.provider_accounts;

-- Changes.
SELECT voiceagent.update_provider_account(:account, settings => '{"max_concurrent_calls": 9}', active => false);
SELECT name, max_concurrent_calls, active FROM voiceagent.provider_accounts ORDER BY name;
SELECT voiceagent.update_provider_account(:account, active => true);
SELECT voiceagent.update_provider_account(:account, credentials => '{"api_key": "secret"}');
SELECT voiceagent.update_provider_account(987654321987, active => false);
SELECT action, new_value FROM voiceagent.audit_log WHERE action LIKE '%provider%' ORDER BY audit_id;
RESET SESSION AUTHORIZATION;

-- Another tenant's account is none.
SET SESSION AUTHORIZATION regress_accounts_other;
SELECT voiceagent.update_provider_account(:account, active => false);
SELECT voiceagent.create_endpoint(:account);
SELECT voiceagent.disarm(:account);
SELECT voiceagent.disarm();
SELECT voiceagent.arm(:account, 'DIAL REAL PEOPLE');
RESET SESSION AUTHORIZATION;

-- How webhooks are signed.
SELECT voiceagent_private.check_webhook_scheme('{"kind": "header"}'), voiceagent_private.check_webhook_scheme('{"kind": "header", "headerName": "X-Mine"}'),
	voiceagent_private.check_webhook_scheme('{"kind": "hmac", "algorithm": "sha512"}'), voiceagent_private.check_webhook_scheme('{"type": "bearer"}');
SELECT voiceagent_private.check_webhook_scheme('{"kind": "hmac", "secretKey": "secret"}');

-- Where a carrier may lie.
CREATE FUNCTION pg_temp.base_url(url text, allowed text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_detail text;
BEGIN
	RETURN 'taken: ' || voiceagent_private.check_base_url(url, allowed);
EXCEPTION WHEN SQLSTATE 'PT422' THEN
	GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL;
	RETURN v_detail;
END $$;
SELECT url, allowed, pg_temp.base_url(url, allowed) FROM (VALUES
	('https://api.example.com', ''), ('https://api.example.com/', ''), ('https://api.example.com/v1//', ''), ('http://api.example.com', ''),
	('http://api.example.com', 'api.example.com'), ('http://API.example.com', 'other, Api.Example.Com'), ('http://api.example.com:81', 'api.example.com:80'),
	('https://127.0.0.1', ''), ('http://127.0.0.1:8080', '127.0.0.1'), ('http://127.0.0.1:8080', '127.0.0.1:8080'), ('http://127.0.0.1:8081', '127.0.0.1:8080'),
	('https://localhost', ''), ('https://10.0.0.1', ''), ('https://[::1]:8080', '[::1]:8080'), ('https://[fe80::1]', ''), ('https://192.168.1.1', '192.168.1'),
	('https://0x7f.1', ''), ('https://user:pw@api.example.com', ''), ('https://api.example.com?x', ''), ('https://api.example.com#x', ''), ('file:///etc/passwd', ''), ('', '')) v(url, allowed);

-- Where a carrier reaches us: one value for all who append to it, without a slash at its end.
SET voiceagent.public_base_url = 'https://calls.example.com/va//';
SHOW voiceagent.public_base_url;
SELECT voiceagent_private.endpoint_url('vapi', 'token');
SET voiceagent.public_base_url = 'calls.example.com';
SET voiceagent.public_base_url = 'https://calls.example.com/?x=';
SET voiceagent.public_base_url = '/';
SET voiceagent.public_base_url = '';

-- Arming: for the platform, with the right words, of a real account, with a file to write.
SELECT voiceagent.arm(987654321987, 'DIAL REAL PEOPLE');
SELECT voiceagent.arm(:account, 'DIAL REAL PEOPLE');
INSERT INTO voiceagent.provider_accounts (tenant_id, provider, name, max_concurrent_calls, created_at)
VALUES (:tenant, 'vapi', 'Real', 1, voiceagent.clock()) RETURNING provider_account_id AS real \gset
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) AS before \gset
SELECT voiceagent_private.add_endpoint(:real) IS NULL AS missing;
COMMIT;
SELECT voiceagent.arm(:real, 'yes');
SELECT voiceagent.arm(:real, NULL);
SELECT voiceagent.arm(:real, 'Real');
SET voiceagent.public_base_url = 'https://calls.example.com';
SELECT voiceagent.arm(:real, 'Real');
RESET voiceagent.public_base_url;
SELECT armed_at FROM voiceagent.provider_accounts WHERE provider_account_id = :real;
-- One that is armed and cannot be reached says so, to its tenant and to the platform; a carrier whose socket we open needs no URL.
SELECT p.provider, voiceagent_private.lacks_public_url(p.provider) FROM voiceagent.providers p ORDER BY 1;
BEGIN;
UPDATE voiceagent.provider_accounts SET armed_at = voiceagent.clock() WHERE provider_account_id = :real;
SELECT count(*) FROM voiceagent.status() WHERE component ~ '^carrier account .* of tenant .*\(Real\)' AND state ~ 'no_public_base_url';
SELECT regexp_replace(p, '\d+', 'N', 'g') AS problem FROM jsonb_array_elements_text(voiceagent.health() -> 'problems') p WHERE p LIKE '%(Real)%public_base_url%';
SET LOCAL SESSION AUTHORIZATION regress_accounts;
SELECT state, last_error FROM voiceagent.status() WHERE component LIKE 'carrier account %(Real)';
SELECT regexp_replace(p, '\d+', 'N') AS problem FROM jsonb_array_elements_text(voiceagent.health() -> 'problems') p WHERE p LIKE '%public_base_url%';
RESET SESSION AUTHORIZATION;
SET LOCAL voiceagent.public_base_url = 'https://calls.example.com';
SELECT count(*) FROM voiceagent.status() WHERE state ~ 'no_public_base_url';
-- An account that is armed on a server that is not dials nobody either, and says why, wherever one looks.
SELECT count(*) FROM voiceagent.status() WHERE component ~ '^carrier account .* of tenant .*\(Real\)' AND state ~ 'are not used' AND remedy <> '';
SELECT regexp_replace(p, '\d+', 'N', 'g') AS problem FROM jsonb_array_elements_text(voiceagent.health() -> 'problems') p WHERE p LIKE '%(Real)%';
SELECT voiceagent_private.set_tenant(:tenant) AS before \gset
SELECT voiceagent_private.account_waits(:real, voiceagent.clock());
SELECT voiceagent_private.set_tenant(0) AS before \gset
SET LOCAL SESSION AUTHORIZATION regress_accounts;
SELECT state, last_error FROM voiceagent.status() WHERE component LIKE 'carrier account %(Real)';
SELECT regexp_replace(p, '\d+', 'N') AS problem FROM jsonb_array_elements_text(voiceagent.health() -> 'problems') p WHERE p LIKE '%(Real)%';
RESET SESSION AUTHORIZATION;
SET LOCAL voiceagent.clock_offset = 60;
SELECT voiceagent_private.real_carriers_wait();
RESET voiceagent.clock_offset;
SELECT count(*) FROM jsonb_array_elements_text(voiceagent.health() -> 'problems') p WHERE p LIKE '%public_base_url%';
-- What the sandbox carrier may forget is found by an index: the age is computed once, not for each call that it remembers.
INSERT INTO voiceagent_private.sandbox_calls (tenant_id, provider_account_id, carrier_call_id, reference, accepted, number, dial, seed, time_scale, request, created_at, done_at)
SELECT :tenant, :account, gen_random_uuid(), 'call ' || i, 1, '+12025550199', 1, 1, 1, '{}', voiceagent.clock() - CASE WHEN i > 3 THEN interval '0' ELSE interval '2 years' END, voiceagent.clock()
FROM generate_series(1, 50) i;
SET LOCAL track_functions = 'pl';
SELECT voiceagent_private.sandbox_delete(2), voiceagent_private.sandbox_delete(2);
SELECT calls FROM pg_stat_xact_user_functions WHERE schemaname = 'voiceagent_private' AND funcname = 'platform_setting';
ROLLBACK;
DELETE FROM voiceagent_private.role_map WHERE role_name LIKE 'regress_accounts%';
DROP ROLE regress_accounts, regress_accounts_other;
