-- 10_tenant: random values.

CREATE FUNCTION voiceagent_private.random_token() RETURNS text
	LANGUAGE c VOLATILE PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_random_token';
COMMENT ON FUNCTION voiceagent_private.random_token() IS '32 random bytes, in 43 letters that are safe in URLs.';

CREATE FUNCTION voiceagent_private.random_code() RETURNS text
	LANGUAGE sql VOLATILE
	RETURN lpad((('x' || substr(encode(sha256(convert_to(voiceagent_private.random_token(), 'UTF8')), 'hex'), 1, 12)
		)::bit(48)::bigint % 1000000)::text, 6, '0');
COMMENT ON FUNCTION voiceagent_private.random_code() IS 'Six digits, which a text tells and a person says.';
