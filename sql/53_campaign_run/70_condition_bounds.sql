/*
 * 53_campaign_run: what an evaluation of a tenant's condition may cost.
 *
 * A condition is evaluated with this schema before pg_catalog in the search
 * path.  Each function here has the name and the arguments of one in
 * pg_catalog whose time grows with its operands, counts what a call costs and
 * calls it; behind the bound of extension/queue/condition_bounds.c the whole
 * condition is unknown for that lead.
 */

CREATE SCHEMA voiceagent_condition;
ALTER SCHEMA voiceagent_condition OWNER TO voiceagent_owner;
COMMENT ON SCHEMA voiceagent_condition IS
	E'Operators and functions of audience conditions, each counted; first in their search path.\n'
	'No role of a user has USAGE.';
GRANT USAGE ON SCHEMA voiceagent_condition TO voiceagent_worker;

-- STABLE, not IMMUTABLE: the planner, which counts nothing and knows no lead, must not call them.
DO $$
DECLARE
	v record;
	v_name text;
BEGIN
	FOR v IN SELECT p.oid, p.proname, p.prorettype, pg_get_function_arguments(p.oid) AS arguments,
			pg_get_function_identity_arguments(p.oid) AS signature
		FROM pg_proc p
		WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.proisstrict
			AND (p.proname ~ '^text(eq|ne|_lt|_le|_gt|_ge|cat|like|nlike|iclike|icnlike)$'
				OR p.proname IN ('lower', 'upper', 'length', 'left', 'right', 'btrim', 'ltrim', 'rtrim', 'strpos',
					'starts_with')
					AND p.proargtypes[0] = 'text'::regtype
				OR p.proname ~ '^numeric_(add|sub|mul|div)$'
				OR p.proname ~ '^array_(eq|ne|lt|le|gt|ge)$'
				OR p.proname IN ('arraycontains', 'arraycontained', 'arrayoverlap')
				OR p.proname ~ '^jsonb_(object_field|array_element|extract_path)(_text)?$'
				OR p.proname ~ '^jsonb_(contains|contained|exists|exists_any|exists_all|eq|ne|lt|le|gt|ge)$')
		ORDER BY p.proname, p.oid
	LOOP
		v_name := format('voiceagent_condition.%I(%s)', v.proname, v.signature);
		EXECUTE format('CREATE FUNCTION voiceagent_condition.%I(%s) RETURNS %s
			LANGUAGE c STABLE STRICT PARALLEL RESTRICTED AS %L, %L', v.proname, v.arguments, v.prorettype::regtype,
				'MODULE_PATHNAME', 'va_sql_bounded');
		EXECUTE format('COMMENT ON FUNCTION %s IS %L', v_name,
			format('pg_catalog.%s, counted: NULL once an evaluation has cost too much.', v.proname));
	END LOOP;
	FOR v IN SELECT o.oprname, o.oprleft::regtype AS "left", o.oprright::regtype AS "right",
			c.oid::regprocedure AS function, c.proname
		FROM pg_operator o JOIN pg_proc p ON p.oid = o.oprcode
		JOIN pg_proc c ON c.pronamespace = 'voiceagent_condition'::regnamespace AND c.proname = p.proname
			AND c.proargtypes = p.proargtypes
		WHERE o.oprnamespace = 'pg_catalog'::regnamespace
			AND NOT EXISTS (SELECT FROM pg_operator m WHERE m.oprnamespace = 'voiceagent_condition'::regnamespace
				AND m.oprname = o.oprname AND m.oprleft = o.oprleft AND m.oprright = o.oprright)
	LOOP
		EXECUTE format('CREATE OPERATOR voiceagent_condition.%s
			(LEFTARG = %s, RIGHTARG = %s, FUNCTION = voiceagent_condition.%I)', v.oprname, v."left",
				v."right", v.proname);
		EXECUTE format('ALTER OPERATOR voiceagent_condition.%s (%s, %s) OWNER TO voiceagent_owner', v.oprname,
			v."left", v."right");
		EXECUTE format('COMMENT ON OPERATOR voiceagent_condition.%s (%s, %s) IS %L', v.oprname, v."left", v."right",
			format('The one of pg_catalog, counted: %s.', v.function));
	END LOOP;
END
$$;

CREATE FUNCTION voiceagent_condition.begin_evaluation(until timestamptz, VARIADIC columns "any") RETURNS integer
	LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'va_sql_begin_evaluation';
COMMENT ON FUNCTION voiceagent_condition.begin_evaluation(timestamptz, "any") IS
	E'Begins an evaluation on a lead with these columns: 0.\n'
	'1 when they are larger than 8 KB together, which no condition is evaluated for; NULL behind '
	'that time of the real\n'
	'clock (NULL: whenever).';

CREATE FUNCTION voiceagent_condition.end_evaluation(verdict boolean) RETURNS integer
	LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'va_sql_end_evaluation';
COMMENT ON FUNCTION voiceagent_condition.end_evaluation(boolean) IS
	'Ends an evaluation: 1 if it is true, 0 if not, 2 if it had cost too much, whatever it says.';

CREATE FUNCTION voiceagent_condition.flat_value(value anyelement) RETURNS anyelement
	LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_flat_value';
COMMENT ON FUNCTION voiceagent_condition.flat_value(anyelement) IS
	'The same value, uncompressed and in memory if it is small enough for a condition.';

REVOKE ALL ON ALL ROUTINES IN SCHEMA voiceagent_condition FROM PUBLIC;
GRANT EXECUTE ON ALL ROUTINES IN SCHEMA voiceagent_condition TO voiceagent_owner, voiceagent_worker;
