-- Statements that carry a secret do not appear in pg_stat_activity.

CREATE FUNCTION voiceagent_private.hide_query(function_name text) RETURNS void
	LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'va_sql_hide_query';
COMMENT ON FUNCTION voiceagent_private.hide_query(text) IS
	'First step of a function whose arguments are secret: pg_stat_activity, and the log if it '
	'fails, show its name only.';
