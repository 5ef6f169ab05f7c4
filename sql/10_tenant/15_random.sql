-- 10_tenant: random values.

CREATE FUNCTION voiceagent_private.random_token() RETURNS text
	LANGUAGE c VOLATILE PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_random_token';
COMMENT ON FUNCTION voiceagent_private.random_token() IS '32 random bytes, in 43 letters that are safe in URLs.';
