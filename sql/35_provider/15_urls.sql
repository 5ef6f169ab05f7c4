-- 35_provider: where a carrier's API may lie, and what tenants' own URLs may name.

CREATE FUNCTION voiceagent_private.check_base_url(url text, allowed_hosts text) RETURNS text
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_check_base_url';
COMMENT ON FUNCTION voiceagent_private.check_base_url(text, text) IS
	E'A base URL without a slash at its end, if requests may go there: https to a public host, or anything to a host '
	'among allowed_hosts (host or host:port, separated by spaces).\n'
	'PT422 otherwise, also for user names, queries and odd spellings of addresses.';

CREATE FUNCTION voiceagent_private.is_allowed_host(url text, allowed_hosts text) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_is_allowed_host';
COMMENT ON FUNCTION voiceagent_private.is_allowed_host(text, text) IS
	'Whether the host of a URL is among allowed_hosts (host or host:port, separated by spaces), so that it may '
	'resolve to an address of our own network.';

CREATE FUNCTION voiceagent_private.check_target_url(url text, allowed_hosts text) RETURNS text
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_check_target_url';
COMMENT ON FUNCTION voiceagent_private.check_target_url(text, text) IS
	E'The URL, if a request of a tenant''s own may go there: https to a public host, or anything to a host among '
	'allowed_hosts (host or host:port, separated by spaces).\n'
	'PT422 otherwise, also for user names, fragments and odd spellings of addresses.';

CREATE FUNCTION voiceagent_private.percent_encoded(value text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN (SELECT coalesce(string_agg(CASE WHEN c.letter ~ '^[A-Za-z0-9._~-]$' THEN c.letter
			ELSE regexp_replace(upper(encode(convert_to(c.letter, 'UTF8'), 'hex')), '(..)', '%\1', 'g') END, ''
			ORDER BY c.n), '') FROM regexp_split_to_table(value, '') WITH ORDINALITY c(letter, n));
COMMENT ON FUNCTION voiceagent_private.percent_encoded(text) IS 'A text as the value of a query.';
