-- A refusal can be printed: PostgREST writes its message into the status line of an answer. Every public function is called
-- by each kind of caller, with a line break and other control characters in each argument of text, JSON or an array.
SET client_min_messages = error;
\set VERBOSITY terse
SELECT voiceagent.create_tenant('Printable', credits => 1000) AS tenant \gset
CREATE ROLE regress_printable LOGIN;
CREATE ROLE regress_printable_staff LOGIN IN ROLE voiceagent_admin;
CREATE ROLE regress_printable_visitor LOGIN IN ROLE voiceagent_anon;
SELECT voiceagent.map_role('regress_printable', :tenant);
CREATE TABLE public.printable (caller name, statement text, sqlstate text, message text, detail text, hint text);
GRANT SELECT, INSERT ON public.printable TO PUBLIC;

SET SESSION AUTHORIZATION regress_printable;
SELECT voiceagent.set_setting('require_consent', 'false') IS NULL;
SELECT voiceagent.create_assistant('Ann', 'Hello.', 'Be kind.') AS assistant \gset
SELECT voiceagent.create_campaign('One', :assistant) AS campaign \gset
SELECT voiceagent.add_lead('+12125550100') AS lead \gset
RESET SESSION AUTHORIZATION;
CREATE TABLE public.printable_ids AS SELECT * FROM (VALUES ('assistant_id', :assistant::bigint), ('campaign_id', :campaign), ('lead_id', :lead), ('tenant_id', :tenant)) v (name, id);

-- $1 is the odd text. An argument that must be given and is not under test gets a value of its type.
CREATE VIEW public.printable_calls AS
WITH argument AS (
	SELECT p.oid, p.proname, n, p.proargnames[n] AS name, t.oid::regtype::text AS type, t.typcategory AS category,
		n <= p.pronargs - p.pronargdefaults AS required, n = p.pronargs AND p.provariadic <> 0 AS variadic
	FROM pg_proc p, generate_series(1, p.pronargs) n, pg_type t
	WHERE p.pronamespace = 'voiceagent'::regnamespace AND p.prokind = 'f' AND p.prorettype <> 'trigger'::regtype
		AND t.oid = p.proargtypes[n - 1] AND p.proname NOT IN ('write_arming', 'remove_arming')
), odd (type, value) AS (VALUES ('text', '$1'), ('character varying', '$1'), ('text', $$'12345' || $1$$), ('text[]', 'ARRAY[$1]'),
	('jsonb', 'jsonb_build_object($1, $1)'), ('jsonb', 'jsonb_build_array($1)'), ('jsonb', 'to_jsonb($1)'),
	('json', 'json_build_object($1, $1)'), ('json', 'to_json($1)'), ('bytea', $$convert_to($1, 'UTF8')$$)
), usual AS (
	SELECT a.*, CASE WHEN type = 'jsonb' THEN $$'{}'$$ WHEN type = 'json' THEN $$'{}'$$ WHEN category = 'A' THEN $$'{}'$$
		WHEN category = 'B' THEN 'true' WHEN category = 'D' THEN $$'2026-01-05 12:00+00'$$ WHEN category = 'T' THEN $$'1 hour'$$
		WHEN category = 'N' THEN coalesce((SELECT id::text FROM public.printable_ids i WHERE i.name = a.name), '1')
		WHEN category = 'E' THEN (SELECT quote_literal(min(enumlabel)) FROM pg_enum e WHERE e.enumtypid = type::regtype)
		WHEN category = 'U' THEN 'NULL' WHEN category = 'I' THEN $$'192.0.2.1'$$ ELSE $$'x'$$ END AS value
	FROM argument a
)
SELECT a.oid, a.n, format('SELECT count(f) FROM voiceagent.%I(%s) f', a.proname,
	string_agg(CASE WHEN u.variadic THEN 'VARIADIC ' ELSE '' END || quote_ident(u.name) || ' => ' ||
		CASE WHEN u.n = a.n THEN '(' || o.value || ')' ELSE '(' || u.value || ')' END || '::' || u.type, ', ' ORDER BY u.n)) AS statement
FROM argument a JOIN odd o USING (type) JOIN usual u ON u.oid = a.oid AND (u.required OR u.n = a.n)
GROUP BY a.oid, a.proname, a.n, o.value;

CREATE TABLE public.printable_statements AS SELECT oid, n, statement FROM public.printable_calls;
GRANT SELECT ON public.printable_statements TO PUBLIC;

-- Nothing of a call stays: it ends in an error, if not in one of its own.
CREATE FUNCTION public.print_refusals() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	v_odd CONSTANT text := E'zz\r\nSet-Cookie: a=b\r\n\r\n\t\x01\x1b[2J\x7f' || chr(133) || chr(8232) || repeat('y', 2000);
	v record;
	v_told public.printable;
BEGIN
	FOR v IN SELECT * FROM public.printable_statements s WHERE has_function_privilege(session_user, s.oid, 'EXECUTE') ORDER BY s.oid, s.n, s.statement LOOP
		v_told := NULL;
		BEGIN
			EXECUTE v.statement USING v_odd;
			RAISE SQLSTATE 'ZZ000';
		EXCEPTION
			WHEN SQLSTATE 'ZZ000' THEN NULL;
			WHEN OTHERS THEN
				GET STACKED DIAGNOSTICS v_told.sqlstate = RETURNED_SQLSTATE, v_told.message = MESSAGE_TEXT, v_told.detail = PG_EXCEPTION_DETAIL,
					v_told.hint = PG_EXCEPTION_HINT;
		END;
		IF v_told.sqlstate LIKE 'PT%' THEN
			INSERT INTO public.printable VALUES (session_user, v.statement, v_told.sqlstate, v_told.message, v_told.detail, v_told.hint);
		END IF;
	END LOOP;
END $$;
SET SESSION AUTHORIZATION regress_printable;
SELECT public.print_refusals();
SET SESSION AUTHORIZATION regress_printable_staff;
SELECT public.print_refusals();
SET SESSION AUTHORIZATION regress_printable_visitor;
SELECT public.print_refusals();
RESET SESSION AUTHORIZATION;

SELECT DISTINCT caller, regexp_replace(statement, '^.*voiceagent\.', '') AS "refusals that cannot be printed", message FROM public.printable p
WHERE concat(p.message, p.detail, p.hint) ~ U&'[\0001-\001f\007f-\009f\2028\2029]';
SELECT caller, statement AS "refusals that are long" FROM public.printable p
WHERE greatest(octet_length(p.message), octet_length(p.detail), octet_length(p.hint)) > 1024;
SELECT caller, count(*) > CASE WHEN caller ~ 'visitor' THEN 1 ELSE 100 END AS refused, bool_or(concat(message, detail) ~ 'zz  Set-Cookie') AS quoted
FROM public.printable GROUP BY caller ORDER BY caller;

-- A server that logs no errors refuses alike.
SET log_min_messages = panic;
SET SESSION AUTHORIZATION regress_printable;
SELECT voiceagent.get_setting(E'zz\r\nSet-Cookie: a=b');
RESET SESSION AUTHORIZATION;
RESET log_min_messages;
DROP VIEW public.printable_calls;
DROP TABLE public.printable, public.printable_ids, public.printable_statements;
DROP FUNCTION public.print_refusals();
