-- The vault without a key: nothing can be sealed, nothing is shown. (With one: the TAP tests.)
\set VERBOSITY default
\set SHOW_CONTEXT never
SET client_min_messages = warning;
CREATE ROLE regress_vault LOGIN;
SELECT voiceagent.create_tenant('Vault') AS tenant \gset
SELECT voiceagent.map_role('regress_vault', :tenant);
SELECT voiceagent_private.has_vault_key();
SET SESSION AUTHORIZATION regress_vault;
SELECT voiceagent_private.seal_secret('x', 'y');
SELECT * FROM voiceagent_private.secrets;
SELECT voiceagent.create_provider_account('vapi', 'Real', '{"api_key": "k"}', '{"phone_number_id": "p"}');
SELECT count(*) FROM voiceagent.provider_accounts WHERE provider = 'vapi';
RESET SESSION AUTHORIZATION;

-- Nobody but the owner, and us inside the server, reaches the table.
SELECT r.rolname, has_table_privilege(r.oid, 'voiceagent_private.secrets', 'SELECT') AS reads
FROM pg_roles r WHERE r.rolname IN ('voiceagent_anon', 'voiceagent_user', 'voiceagent_admin', 'voiceagent_owner', 'voiceagent_worker') ORDER BY 1;
-- Every function of the vault, and what it gives: no text among them.
SELECT p.proname, pg_get_function_result(p.oid) AS gives FROM pg_proc p
WHERE p.pronamespace IN ('voiceagent'::regnamespace, 'voiceagent_private'::regnamespace)
	AND p.prosrc IN ('va_sql_seal_secret', 'va_sql_secret_opens', 'va_sql_has_vault_key', 'va_sql_hide_query') ORDER BY 1;
-- What may be done to the table by SQL: count by key, seal again, delete; nothing returns what is in it.
SELECT p.proname AS "reads the table", pg_get_function_result(p.oid) AS gives FROM pg_proc p
WHERE p.pronamespace IN ('voiceagent'::regnamespace, 'voiceagent_private'::regnamespace) AND p.prosrc ~ '\mvoiceagent_private\.secrets\M' ORDER BY 1;

BEGIN;
SELECT voiceagent_private.set_tenant(:tenant);
SELECT voiceagent_private.seal_secret('x', 'y');
ROLLBACK;
DELETE FROM voiceagent_private.role_map WHERE role_name = 'regress_vault';
DROP ROLE regress_vault;
