-- 95_ops: all tenants' rows of small tables, for status() and health() of the platform, since to go from tenant to
-- tenant costs a millisecond each (extension/tenancy/report_rows.c).

CREATE FUNCTION voiceagent_private.every_account() RETURNS SETOF voiceagent.provider_accounts
	LANGUAGE c VOLATILE PARALLEL UNSAFE ROWS 100 AS 'MODULE_PATHNAME', 'va_sql_rows_for_reports';
COMMENT ON FUNCTION voiceagent_private.every_account() IS
	E'The carrier accounts of all tenants.\n'
	'For the platform and pg_monitor (42501), to give figures of all tenants together.';

CREATE FUNCTION voiceagent_private.every_account_dials() RETURNS SETOF voiceagent_private.account_dials
	LANGUAGE c VOLATILE PARALLEL UNSAFE ROWS 100 AS 'MODULE_PATHNAME', 'va_sql_rows_for_reports';
COMMENT ON FUNCTION voiceagent_private.every_account_dials() IS
	E'What the carrier accounts of all tenants have done lately.\n'
	'For the platform and pg_monitor (42501), to give figures of all tenants together.';

CREATE FUNCTION voiceagent_private.every_model_account() RETURNS SETOF voiceagent.model_accounts
	LANGUAGE c VOLATILE PARALLEL UNSAFE ROWS 100 AS 'MODULE_PATHNAME', 'va_sql_rows_for_reports';
COMMENT ON FUNCTION voiceagent_private.every_model_account() IS
	E'The model accounts of all tenants.\n'
	'For the platform and pg_monitor (42501), to give figures of all tenants together.';

CREATE FUNCTION voiceagent_private.every_unresolved_call() RETURNS SETOF voiceagent.unresolved_calls
	LANGUAGE c VOLATILE PARALLEL UNSAFE ROWS 100 AS 'MODULE_PATHNAME', 'va_sql_rows_for_reports';
COMMENT ON FUNCTION voiceagent_private.every_unresolved_call() IS
	E'The calls of all tenants that are or were unresolved.\n'
	'For the platform and pg_monitor (42501), to give figures of all tenants together.';
