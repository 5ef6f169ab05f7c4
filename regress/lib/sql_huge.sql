/*
 * sql_huge.sql: every function that a tenant, the platform's staff or a visitor may call, with one argument as large as a
 * value gets; for regress/soak/10_huge.pl.  After sql_fuzz.sql and fuzz.read_ids().
 *
 *	SELECT * FROM fuzz.huge(1000000000, 1, 50);	-> what must not be, of the calls 1 to 50
 *
 * Too much is refused like anything else that is wrong: with an SQLSTATE that says so, and in a few words, not with the
 * value itself.  What is not refused has to end.
 */
CREATE TABLE fuzz.huge_call AS
	SELECT row_number() OVER (ORDER BY f.caller, f.function, a.position, v.kind) AS n, f.role, f.function, a.position, v.expression
	FROM fuzz.function f
	JOIN fuzz.argument a ON a.function = f.function
	JOIN (VALUES ('text', 'letters', 'repeat(''x'', SIZE)'), ('text', 'digits', '''+'' || repeat(''1'', SIZE - 1)'),
			('bytea', 'letters', 'convert_to(repeat(''x'', SIZE), ''UTF8'')'), ('bytea', 'lines', 'convert_to(repeat(E''+12025550143\n'', SIZE / 13), ''UTF8'')'),
			-- A string in it has at most 256 MB, an array of it as many elements as fit into that.
			('jsonb', 'letters', 'to_jsonb(repeat(''x'', least(SIZE, 260000000)))'), ('jsonb', 'member', 'jsonb_build_object(''name'', repeat(''x'', least(SIZE, 260000000)))'),
			('json', 'letters', 'to_json(repeat(''x'', SIZE - 2))'), ('text[]', 'many', 'array_fill(''x''::text, ARRAY[SIZE / 64])'), ('text[]', 'one', 'ARRAY[repeat(''x'', SIZE - 64)]'),
			('bigint[]', 'many', 'array_fill(1::bigint, ARRAY[SIZE / 64])'), ('numeric', 'digits', 'repeat(''9'', least(SIZE, 131072))::numeric')) v (type, kind, expression) ON v.type = a.type
	WHERE f.caller IN ('user', 'admin', 'anon');

CREATE TYPE fuzz.huge_offence AS (call text, offence text, state text, message text, ms integer);

CREATE FUNCTION fuzz.huge_text(c fuzz.huge_call, size integer) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	a fuzz.argument;
	v_arguments text[] := '{}';
BEGIN
	FOR a IN SELECT x.* FROM fuzz.argument x WHERE x.function = c.function ORDER BY x.position LOOP
		CONTINUE WHEN a.optional AND a.position <> c.position;
		v_arguments := v_arguments || fuzz.given(a, CASE WHEN a.position = c.position THEN replace(c.expression, 'SIZE', size::text) ELSE fuzz.good_for(a) END);
	END LOOP;
	RETURN fuzz.call_with(c.function, v_arguments);
END $$;

CREATE FUNCTION fuzz.huge(size integer, first integer, last integer) RETURNS SETOF fuzz.huge_offence LANGUAGE plpgsql AS $$
DECLARE
	c fuzz.huge_call;
	v_call text;
	v_state text;
	v_message text;
	v_said text;
	v_began timestamptz;
	v_offence text;
	v_ms integer;
	-- The longest value that a message quotes is a name.
	c_words CONSTANT integer := 2000;
BEGIN
	PERFORM setseed(0);
	FOR c IN SELECT * FROM fuzz.huge_call h WHERE h.n BETWEEN first AND last ORDER BY h.n LOOP
		v_call := fuzz.huge_text(c, size);
		v_message := '';
		v_said := '';
		v_began := clock_timestamp();
		BEGIN
			EXECUTE format('SET LOCAL SESSION AUTHORIZATION %I', c.role);
			EXECUTE v_call;
			RAISE EXCEPTION USING ERRCODE = 'ZZ999';
		EXCEPTION
			WHEN SQLSTATE 'ZZ999' THEN
				v_state := 'ok';
			WHEN OTHERS THEN
				DECLARE
					v_detail text;
					v_hint text;
				BEGIN
					GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL, v_hint = PG_EXCEPTION_HINT;
					v_state := SQLSTATE;
					v_said := SQLERRM;
					v_message := concat_ws(' | ', SQLERRM, nullif(v_detail, ''), nullif(v_hint, ''));
				END;
		END;
		v_ms := extract(epoch FROM clock_timestamp() - v_began) * 1000;
		v_offence := CASE WHEN length(v_message) > c_words THEN 'a message of ' || length(v_message) || ' characters'
			-- What PostgreSQL's own functions have no room for they refuse in their own words: btrim() wants eight bytes a character,
			-- a regular expression four; an index has a limit, too.
			WHEN v_said ~ '^(invalid memory alloc request size [0-9]+|out of memory|requested length too large)$' OR v_state = '54000' THEN NULL
			ELSE fuzz.offends('user', v_state, v_said, 0) END;
		IF v_offence IS NOT NULL THEN
			RETURN NEXT (left(v_call, 1000), v_offence, v_state, left(v_message, 400), v_ms)::fuzz.huge_offence;
		END IF;
		INSERT INTO fuzz.states (caller, function, state, took) VALUES ('huge', c.function, v_state, make_interval(secs => v_ms / 1000.0))
		ON CONFLICT ON CONSTRAINT states_pkey DO UPDATE SET calls = fuzz.states.calls + 1, took = greatest(fuzz.states.took, EXCLUDED.took);
	END LOOP;
END $$;
