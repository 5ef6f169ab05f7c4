-- 00_kernel: which texts are time zones.

CREATE FUNCTION voiceagent_private.is_timezone(name text) RETURNS boolean
	LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_is_timezone';
COMMENT ON FUNCTION voiceagent_private.is_timezone(text) IS
	'True for the name of an IANA time zone (Area/Location, UTC or GMT, in any case) that this server '
	'knows; false also for NULL.';

CREATE FUNCTION voiceagent_private.timezone_name(name text) RETURNS text
	LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_timezone_name';
COMMENT ON FUNCTION voiceagent_private.timezone_name(text) IS
	E'The IANA time zone of this name (any case) as the server writes it; NULL if there is none.\n'
	'A rule such as EST5 is no name of a place.';
