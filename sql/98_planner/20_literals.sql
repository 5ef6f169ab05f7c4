/*
 * A member, a role or a database may set standard_conforming_strings = off.  Then '\d' in a body that is parsed when it
 * runs says 'd', and a pattern matches something else.  A function with such a literal therefore sets it on for itself,
 * as it is called anyway.  A function in SQL that could be inlined has a body in the standard's form instead
 * (RETURN ..., BEGIN ATOMIC), which is parsed once, when it is made.
 */

CREATE FUNCTION voiceagent_private.has_bare_backslash(body text) RETURNS boolean LANGUAGE sql IMMUTABLE
	-- A token each: a comment, a name, a string with escapes and its continuations, any other string.
	RETURN EXISTS (SELECT FROM regexp_matches(body, '--[^\n]*|/\*(?:[^*]|\*+[^*/])*\*+/|"[^"]*"'
		'|\m[Ee]''(?:[^''\\]|\\.|'''')*''(?:\s*\n\s*''(?:[^''\\]|\\.|'''')*'')*'
		'|(''(?:[^'']|'''')*'')', 'g') AS m(literal)
		WHERE strpos(literal[1], E'\\') > 0)
		-- a literal within a command that it puts together
		OR (body ~ '\mEXECUTE\M' AND strpos(body, E'\\') > 0);
COMMENT ON FUNCTION voiceagent_private.has_bare_backslash(text) IS
	E'Whether a function''s body (as pg_proc.prosrc) has a string with a backslash that is no E'''' string, '
	'so that it depends on standard_conforming_strings.\n'
	'True also for any backslash beside EXECUTE.';

CREATE FUNCTION voiceagent_private.pin_literals() RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_name regprocedure;
BEGIN
	PERFORM voiceagent_private.fail_if(current_setting('standard_conforming_strings') <> 'on',
		'object_not_in_prerequisite_state',
		'the extension is not installed or updated while standard_conforming_strings is off',
		'Its constraints and functions would have other patterns.',
		'SET standard_conforming_strings = on, and run the command again.');
	FOR v_name IN
		SELECT p.oid FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_language l ON l.oid = p.prolang
		WHERE p.pronamespace IN ('voiceagent'::regnamespace, 'voiceagent_private'::regnamespace)
			AND (l.lanname = 'plpgsql' OR l.lanname = 'sql' AND (p.prosecdef OR p.proconfig IS NOT NULL))
			AND p.prosqlbody IS NULL AND strpos(p.prosrc, chr(92)) > 0
			AND voiceagent_private.has_bare_backslash(p.prosrc)
	LOOP
		-- A name of the catalog.  @plpgsql_check_options: security_warnings = off
		EXECUTE format('ALTER ROUTINE %s SET standard_conforming_strings = on', v_name);
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.pin_literals() IS
	E'Has each function whose literals depend on standard_conforming_strings set it on, '
	'but for those that may be inlined.\n'
	'Runs at the end of an install and of an update, as superuser; 55000 while the setting is off.';

-- A DO block, because updates take these over as they stand.
DO $$ BEGIN PERFORM voiceagent_private.pin_literals(); END $$;
