/*
 * Points in functions of plpgsql: where a test counts that a path was walked, or has a session stand still.  The functions of the
 * extension are written anew with a call of points.reach() in them, so a release has none.  For superusers of test databases:
 *
 *	\i regress/lib/points.sql
 *	SELECT points.mark('late_answer', 'voiceagent_private.apply_accepted', '> -- We have calls locked already: ...');
 *	SELECT points.hold('late_answer', tenant);		-- until points.go() or the end of this session
 *
 * A place is a line of the function as it stands, behind which (>) or before which (<) the point is; it must be there once.
 */
CREATE SCHEMA points;
GRANT USAGE ON SCHEMA points TO PUBLIC;
CREATE TABLE points.marks (name text PRIMARY KEY, function regprocedure NOT NULL, place text NOT NULL, was text NOT NULL);

-- A session that somebody holds at this point waits for an advisory lock, so that the isolation tester sees it wait.
CREATE FUNCTION points.key(name text, tenant bigint) RETURNS bigint LANGUAGE sql IMMUTABLE
	RETURN hashtextextended('point ' || name || ' ' || coalesce(tenant, 0), 0);

-- Whatever becomes of the transaction, a sequence has counted.
CREATE FUNCTION points.reach(name text) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER
	SET lock_timeout = 0 SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM nextval(format('points.%I', name));
	PERFORM pg_advisory_xact_lock_shared(points.key(reach.name, t))
	FROM unnest(ARRAY[0, voiceagent_private.tenant_or_null()]) t WHERE t IS NOT NULL;
END
$$;

CREATE FUNCTION points.mark(name text, function text, place text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	v_function regprocedure;
	v_line text := substr(place, 3);
	v_definition text;
	v_found integer;
	v_new text;
BEGIN
	FOR v_function IN SELECT p.oid FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
		WHERE n.nspname || '.' || p.proname = mark.function AND p.prolang = (SELECT oid FROM pg_language WHERE lanname = 'plpgsql')
	LOOP
		v_definition := pg_get_functiondef(v_function);
		v_found := (SELECT count(*) FROM regexp_split_to_table(v_definition, E'\n') l WHERE trim(l, E' \t') = v_line);
		CONTINUE WHEN v_found = 0;
		IF v_found > 1 THEN RAISE 'point %: % has the line % times', name, v_function, v_found; END IF;
		INSERT INTO points.marks VALUES (mark.name, v_function, mark.place, v_definition);
		EXECUTE format('CREATE SEQUENCE points.%I', name);
		SELECT string_agg(CASE WHEN trim(l, E' \t') <> v_line THEN l
			WHEN place LIKE '>%' THEN l || format(E'\nPERFORM points.reach(%L);', name)
			ELSE format(E'PERFORM points.reach(%L);\n', name) || l END, E'\n' ORDER BY n) INTO v_new
		FROM regexp_split_to_table(v_definition, E'\n') WITH ORDINALITY AS x(l, n);
		EXECUTE v_new;
		RETURN;
	END LOOP;
	RAISE 'point %: no function % has this line', name, function;
END
$$;

-- As it was, so that another test finds it so; the newest mark of a function first.
CREATE FUNCTION points.unmark() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	v points.marks;
BEGIN
	FOR v IN SELECT DISTINCT ON (m.function) m.* FROM points.marks m WHERE m.was NOT LIKE '%points.reach(%' LOOP
		EXECUTE v.was;
	END LOOP;
END
$$;

CREATE FUNCTION points.hold(name text, tenant bigint DEFAULT NULL) RETURNS void LANGUAGE sql
	BEGIN ATOMIC SELECT pg_advisory_lock(points.key(name, tenant)); END;
CREATE FUNCTION points.go(name text, tenant bigint DEFAULT NULL) RETURNS boolean LANGUAGE sql
	BEGIN ATOMIC SELECT pg_advisory_unlock(points.key(name, tenant)); END;

CREATE FUNCTION points.reached() RETURNS TABLE (name text, times bigint) LANGUAGE plpgsql STABLE AS $$
BEGIN
	FOR name IN SELECT m.name FROM points.marks m ORDER BY 1 LOOP
		EXECUTE format('SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM points.%I', name) INTO times;
		RETURN NEXT;
	END LOOP;
END
$$;
