-- 95_ops: all tenants' rows of small tables, for status() and health() of the platform, since to go from tenant to
-- tenant costs a millisecond each (extension/tenancy/report_rows.c).

CREATE FUNCTION voiceagent_private.every_row(of anyelement) RETURNS SETOF anyelement
	LANGUAGE c VOLATILE PARALLEL UNSAFE ROWS 100 AS 'MODULE_PATHNAME', 'va_sql_every_row';
COMMENT ON FUNCTION voiceagent_private.every_row(anyelement) IS
	E'The rows of all tenants of a table, as NULL::voiceagent.provider_accounts names it.\n'
	'For the platform and pg_monitor (42501), to give figures of all tenants together.';
