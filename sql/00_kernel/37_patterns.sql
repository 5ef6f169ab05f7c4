-- 00_kernel: regular expressions that a backend compiles once, for code that uses more than the
-- 32 that PostgreSQL keeps.

CREATE FUNCTION voiceagent_private.matches(said text, pattern text, flags text DEFAULT '') RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_matches';
COMMENT ON FUNCTION voiceagent_private.matches(text, text, text) IS
	E'Whether a text matches a constant pattern, as ~ says it.\n'
	'With the flag i letters match without regard to their case. '
	'22023 for another flag but g, which changes nothing.';

CREATE FUNCTION voiceagent_private.captures(said text, pattern text, flags text DEFAULT '') RETURNS text[]
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_captures';
COMMENT ON FUNCTION voiceagent_private.captures(text, text, text) IS
	E'The groups of the first match of a constant pattern, as regexp_match() gives them.\n'
	'NULL when nothing matches.';

CREATE FUNCTION voiceagent_private.replaced(said text, pattern text, replacement text, flags text DEFAULT '')
	RETURNS text
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_replaced';
COMMENT ON FUNCTION voiceagent_private.replaced(text, text, text, text) IS
	E'A text with what matches a constant pattern replaced, as regexp_replace() does it.\n'
	'The first match, with the flag g each; \\1 to \\9 and \\& name what was found.';

CREATE FUNCTION voiceagent_private.parts(said text, pattern text, flags text DEFAULT '') RETURNS text[]
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_parts';
COMMENT ON FUNCTION voiceagent_private.parts(text, text, text) IS
	'The parts of a text between the matches of a constant pattern, as regexp_split_to_array() gives them.';

CREATE FUNCTION voiceagent_private.pattern_cache(OUT compiled bigint, OUT kept integer)
	LANGUAGE c VOLATILE STRICT PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'va_sql_pattern_cache';
COMMENT ON FUNCTION voiceagent_private.pattern_cache() IS
	'How many patterns this backend has compiled, and how many it keeps (at most 512).';
