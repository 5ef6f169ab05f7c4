-- What an update needs while it runs: functions of the extension that are gone when it ends.

DO $$
BEGIN
	-- The files are of this version or a later one; the library was loaded when the server started.
	IF coalesce(string_to_array(current_setting('voiceagent.library_version', true), '.')::integer[] < string_to_array('@NEW@', '.')::integer[], true) THEN
		RAISE EXCEPTION 'the server runs the library of voiceagent %, so the extension cannot be updated to @NEW@',
				coalesce(current_setting('voiceagent.library_version', true), '@OLD@ or older')
			USING ERRCODE = 'object_not_in_prerequisite_state',
				DETAIL = 'The files of version @NEW@ are installed, but the server has been running since before.',
				HINT = 'Restart the server, then run ALTER EXTENSION voiceagent UPDATE again.';
	END IF;
END
$$;

-- Where the catalogs hold what each function and view depends on, and how a view reads: other places than before say that it was made anew.
CREATE TABLE voiceagent_private.update_marks AS
SELECT d.classid, d.objid, CASE WHEN d.classid = 'pg_catalog.pg_proc'::regclass THEN n.ctid ELSE r.ctid END AS mark
FROM pg_catalog.pg_depend d
JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid AND e.extname = 'voiceagent'
LEFT JOIN pg_catalog.pg_depend n ON d.classid = 'pg_catalog.pg_proc'::regclass AND n.classid = d.classid AND n.objid = d.objid
	AND n.refclassid = 'pg_catalog.pg_namespace'::regclass
LEFT JOIN pg_catalog.pg_rewrite r ON d.classid = 'pg_catalog.pg_class'::regclass AND r.ev_class = d.objid
WHERE d.refclassid = 'pg_catalog.pg_extension'::regclass AND d.deptype = 'e'
	AND (d.classid = 'pg_catalog.pg_proc'::regclass OR r.ev_class IS NOT NULL);
ALTER TABLE voiceagent_private.update_marks ADD PRIMARY KEY (classid, objid);

CREATE FUNCTION voiceagent_private.update_is_ours(class oid, object oid) RETURNS boolean
	LANGUAGE sql STABLE
	RETURN EXISTS (SELECT FROM pg_catalog.pg_depend d
		JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid AND e.extname = 'voiceagent'
		WHERE d.classid = class AND d.objid = object AND d.refclassid = 'pg_catalog.pg_extension'::regclass AND d.deptype = 'e');

-- Has the update made the function or the view, or put another in its place?
CREATE FUNCTION voiceagent_private.update_has_made(class oid, object oid) RETURNS boolean
	LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	IF class = 'pg_catalog.pg_proc'::regclass THEN
		RETURN NOT EXISTS (SELECT FROM voiceagent_private.update_marks m
			JOIN pg_catalog.pg_depend d ON d.classid = m.classid AND d.objid = m.objid AND d.ctid = m.mark
			WHERE m.classid = class AND m.objid = object);
	ELSIF class = 'pg_catalog.pg_class'::regclass THEN
		RETURN NOT EXISTS (SELECT FROM voiceagent_private.update_marks m
			JOIN pg_catalog.pg_rewrite r ON r.ev_class = m.objid AND r.ctid = m.mark
			WHERE m.classid = class AND m.objid = object);
	END IF;
	RETURN false;
END
$$;

/*
 * Drops a function, a view or a composite type, and before it what of the
 * extension depends on it, for that is made anew further on.  What depends on
 * it and is somebody else's stays, so that then nothing is updated.
 */
CREATE FUNCTION voiceagent_private.update_drop(class oid, object oid) RETURNS void
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v record;
	v_name text := pg_describe_object(class, object, 0);
BEGIN
	IF voiceagent_private.update_has_made(class, object) THEN
		RAISE EXCEPTION 'the update to @NEW@ needs a step: it drops the new %', v_name;
	END IF;
	FOR v IN
		SELECT DISTINCT coalesce(r.classid, d.classid) AS classid, coalesce(r.ev_class, d.objid) AS objid,
			pg_describe_object(coalesce(r.classid, d.classid), coalesce(r.ev_class, d.objid), 0) AS name
		FROM pg_catalog.pg_depend d
		LEFT JOIN LATERAL (SELECT w.ev_class, 'pg_catalog.pg_class'::regclass::oid AS classid FROM pg_catalog.pg_rewrite w
			WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass AND w.oid = d.objid) r ON true
		WHERE d.refclassid = class AND d.refobjid = object AND (coalesce(r.classid, d.classid), coalesce(r.ev_class, d.objid)) <> (class, object)
	LOOP
		-- It may have gone with one before it.
		CONTINUE WHEN pg_describe_object(v.classid, v.objid, 0) IS NULL;
		IF v.classid = 'pg_catalog.pg_type'::regclass AND EXISTS (SELECT FROM pg_catalog.pg_type t WHERE t.oid = v.objid
				AND (t.typrelid = object OR t.typelem = object AND t.typcategory = 'A')) THEN
			PERFORM voiceagent_private.update_drop_users(v.classid, v.objid);
		ELSIF v.classid = 'pg_catalog.pg_class'::regclass
			AND EXISTS (SELECT FROM pg_catalog.pg_type t WHERE t.oid = object AND t.typrelid = v.objid) THEN
			CONTINUE;
		ELSE
			PERFORM voiceagent_private.update_drop_user(v.classid, v.objid, v_name);
		END IF;
	END LOOP;
	IF class = 'pg_catalog.pg_proc'::regclass THEN
		EXECUTE format('DROP ROUTINE %s', object::regprocedure);
	ELSIF class = 'pg_catalog.pg_class'::regclass THEN
		EXECUTE format('DROP VIEW %s', object::regclass);
	ELSE
		EXECUTE format('DROP TYPE %s', object::regtype);
	END IF;
END
$$;

-- One object that depends on what is dropped.
CREATE FUNCTION voiceagent_private.update_drop_user(class oid, object oid, because text) RETURNS void
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_name text := pg_describe_object(class, object, 0);
BEGIN
	IF class = 'pg_catalog.pg_type'::regclass AND EXISTS (SELECT FROM pg_catalog.pg_type t WHERE t.oid = object AND t.typcategory = 'A') THEN
		PERFORM voiceagent_private.update_drop_users(class, object);
	ELSIF voiceagent_private.update_is_ours(class, object) AND (class = 'pg_catalog.pg_proc'::regclass
			OR class = 'pg_catalog.pg_class'::regclass AND (SELECT c.relkind FROM pg_catalog.pg_class c WHERE c.oid = object) = 'v') THEN
		PERFORM voiceagent_private.update_drop(class, object);
	ELSIF class = 'pg_catalog.pg_trigger'::regclass AND (SELECT voiceagent_private.update_is_ours('pg_catalog.pg_class'::regclass, t.tgrelid)
			FROM pg_catalog.pg_trigger t WHERE t.oid = object) THEN
		EXECUTE (SELECT format('DROP TRIGGER %I ON %s', t.tgname, t.tgrelid::regclass) FROM pg_catalog.pg_trigger t WHERE t.oid = object);
	ELSIF class IN ('pg_catalog.pg_class'::regclass, 'pg_catalog.pg_proc'::regclass, 'pg_catalog.pg_type'::regclass)
		AND NOT voiceagent_private.update_is_ours(class, object) OR class NOT IN ('pg_catalog.pg_class'::regclass, 'pg_catalog.pg_proc'::regclass,
			'pg_catalog.pg_type'::regclass, 'pg_catalog.pg_trigger'::regclass) THEN
		RAISE EXCEPTION 'extension voiceagent cannot be updated to @NEW@ while % depends on %', v_name, because
			USING ERRCODE = 'dependent_objects_still_exist',
				DETAIL = 'Version @NEW@ has no such object, or one with another form. Nothing has been changed.',
				HINT = format('Drop %s, run ALTER EXTENSION voiceagent UPDATE, and make it again.', v_name);
	ELSE
		RAISE EXCEPTION 'the update to @NEW@ needs a step: % depends on %', v_name, because;
	END IF;
END
$$;

-- All that depends on a type.
CREATE FUNCTION voiceagent_private.update_drop_users(class oid, object oid) RETURNS void
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v record;
BEGIN
	FOR v IN
		SELECT DISTINCT coalesce(r.classid, d.classid) AS classid, coalesce(r.ev_class, d.objid) AS objid
		FROM pg_catalog.pg_depend d
		LEFT JOIN LATERAL (SELECT w.ev_class, 'pg_catalog.pg_class'::regclass::oid AS classid FROM pg_catalog.pg_rewrite w
			WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass AND w.oid = d.objid) r ON true
		WHERE d.refclassid = class AND d.refobjid = object
	LOOP
		CONTINUE WHEN pg_describe_object(v.classid, v.objid, 0) IS NULL;
		PERFORM voiceagent_private.update_drop_user(v.classid, v.objid, pg_describe_object(class, object, 0));
	END LOOP;
END
$$;

-- Before a step has a table written anew: takes away the functions whose arguments or results are its rows.
CREATE FUNCTION voiceagent_private.update_release_rows(tab regclass) RETURNS void
	LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	PERFORM voiceagent_private.update_drop_users('pg_catalog.pg_type'::regclass, (SELECT c.reltype FROM pg_catalog.pg_class c WHERE c.oid = tab));
END
$$;

-- Before a step changes or drops a table's columns: takes away the functions and views that are made of them.
CREATE FUNCTION voiceagent_private.update_release(tab regclass) RETURNS void
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v record;
BEGIN
	FOR v IN
		SELECT DISTINCT coalesce(r.classid, d.classid) AS classid, coalesce(r.ev_class, d.objid) AS objid
		FROM pg_catalog.pg_depend d
		LEFT JOIN LATERAL (SELECT w.ev_class, 'pg_catalog.pg_class'::regclass::oid AS classid FROM pg_catalog.pg_rewrite w
			WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass AND w.oid = d.objid) r ON true
		WHERE d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = tab
			AND (r.ev_class IS NOT NULL OR d.classid = 'pg_catalog.pg_proc'::regclass)
	LOOP
		CONTINUE WHEN pg_describe_object(v.classid, v.objid, 0) IS NULL;
		PERFORM voiceagent_private.update_drop_user(v.classid, v.objid, pg_describe_object('pg_catalog.pg_class'::regclass, tab, 0));
	END LOOP;
	PERFORM voiceagent_private.update_release_rows(tab);
END
$$;

-- In a step: drops a table whose rows have moved, and that it is dumped.
CREATE FUNCTION voiceagent_private.update_drop_table(tab regclass) RETURNS void
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_sequence regclass;
BEGIN
	PERFORM voiceagent_private.update_release(tab);
	FOR v_sequence IN
		SELECT d.objid::regclass FROM pg_catalog.pg_depend d
		JOIN pg_catalog.pg_class s ON s.oid = d.objid AND s.relkind = 'S'
		WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.refobjid = tab AND d.deptype IN ('a', 'i')
	LOOP
		EXECUTE format('ALTER EXTENSION voiceagent DROP SEQUENCE %s', v_sequence);
	END LOOP;
	EXECUTE format('ALTER EXTENSION voiceagent DROP TABLE %s', tab);
	EXECUTE format('DROP TABLE %s', tab);
END
$$;

CREATE FUNCTION voiceagent_private.update_rename(kind text, was text, name text) RETURNS void
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v record;
	v_was text := substring(was FROM '[^.]+$');
	v_schema text := substring(was FROM '^([^.]+)\.');
BEGIN
	IF kind = 'TABLE' THEN
		EXECUTE format('ALTER TABLE %s RENAME TO %I', was, name);
		-- PostgreSQL named these by the table.
		FOR v IN SELECT c.oid, c.conname FROM pg_catalog.pg_constraint c
			WHERE c.conrelid = format('%I.%I', v_schema, name)::regclass AND left(c.conname, length(v_was) + 1) = v_was || '_'
		LOOP
			EXECUTE format('ALTER TABLE %I.%I RENAME CONSTRAINT %I TO %I', v_schema, name, v.conname, name || substr(v.conname, length(v_was) + 1));
		END LOOP;
		FOR v IN SELECT s.oid::regclass AS sequence, s.relname FROM pg_catalog.pg_depend d
			JOIN pg_catalog.pg_class s ON s.oid = d.objid AND s.relkind = 'S'
			WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.refobjid = format('%I.%I', v_schema, name)::regclass AND d.deptype IN ('a', 'i')
				AND left(s.relname, length(v_was) + 1) = v_was || '_'
		LOOP
			EXECUTE format('ALTER SEQUENCE %s RENAME TO %I', v.sequence, name || substr(v.relname, length(v_was) + 1));
		END LOOP;
		FOR v IN SELECT c.oid::regclass AS part, c.relname FROM pg_catalog.pg_inherits h JOIN pg_catalog.pg_class c ON c.oid = h.inhrelid
			WHERE h.inhparent = format('%I.%I', v_schema, name)::regclass AND left(c.relname, length(v_was) + 1) = v_was || '_'
		LOOP
			PERFORM voiceagent_private.update_rename('TABLE', v.part::text, name || substr(v.relname, length(v_was) + 1));
		END LOOP;
	ELSIF kind = 'INDEX' THEN
		EXECUTE (SELECT format('ALTER INDEX %s RENAME TO %I', c.oid::regclass, name) FROM pg_catalog.pg_class c
			WHERE c.relname = v_was AND c.relkind IN ('i', 'I') AND voiceagent_private.update_is_ours('pg_catalog.pg_class'::regclass, (
				SELECT i.indrelid FROM pg_catalog.pg_index i WHERE i.indexrelid = c.oid)));
	ELSIF kind = 'FUNCTION' THEN
		FOR v IN SELECT p.oid::regprocedure AS function FROM pg_catalog.pg_proc p
			WHERE p.proname = v_was AND p.pronamespace = v_schema::regnamespace
				AND voiceagent_private.update_is_ours('pg_catalog.pg_proc'::regclass, p.oid)
		LOOP
			EXECUTE format('ALTER ROUTINE %s RENAME TO %I', v.function, name);
		END LOOP;
	ELSE
		EXECUTE format('ALTER %s %s RENAME TO %I', kind, was, name);
	END IF;
END
$$;

CREATE FUNCTION voiceagent_private.update_rename_column(tab regclass, was text, name text) RETURNS void
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v record;
BEGIN
	EXECUTE format('ALTER TABLE %s RENAME COLUMN %I TO %I', tab, was, name);
	FOR v IN SELECT t.tab, c.conname FROM (SELECT tab UNION ALL SELECT h.inhrelid::regclass FROM pg_catalog.pg_inherits h WHERE h.inhparent = tab) t
		JOIN pg_catalog.pg_constraint c ON c.conrelid = t.tab WHERE position('_' || was || '_' IN c.conname) > 0
	LOOP
		EXECUTE format('ALTER TABLE %s RENAME CONSTRAINT %I TO %I', v.tab, v.conname, replace(v.conname, '_' || was || '_', '_' || name || '_'));
	END LOOP;
	FOR v IN SELECT s.oid::regclass AS sequence, s.relname FROM pg_catalog.pg_depend d
		JOIN pg_catalog.pg_class s ON s.oid = d.objid AND s.relkind = 'S'
		WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.refobjid = tab AND d.deptype IN ('a', 'i') AND position('_' || was || '_' IN s.relname) > 0
	LOOP
		EXECUTE format('ALTER SEQUENCE %s RENAME TO %I', v.sequence, replace(v.relname, '_' || was || '_', '_' || name || '_'));
	END LOOP;
END
$$;

/*
 * Puts back what install scripts begin with: no policies of ours, and no
 * rights but the owner's and those that somebody else has given to roles of
 * his own.
 */
CREATE FUNCTION voiceagent_private.update_begin(policies text[]) RETURNS void
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v record;
BEGIN
	FOR v IN SELECT p.polname, p.polrelid::regclass AS tab FROM pg_catalog.pg_policy p
		WHERE p.polname = ANY (policies) AND voiceagent_private.update_is_ours('pg_catalog.pg_class'::regclass, p.polrelid)
	LOOP
		EXECUTE format('DROP POLICY %I ON %s', v.polname, v.tab);
	END LOOP;
	FOR v IN
		SELECT o.kind, o.name, string_agg(DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END, ', ') AS roles
		FROM (SELECT d.classid, d.objid FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid AND e.extname = 'voiceagent'
			WHERE d.refclassid = 'pg_catalog.pg_extension'::regclass AND d.deptype = 'e') m
		JOIN LATERAL (
			SELECT CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind, c.oid::regclass::text AS name, c.relacl AS acl, c.relowner AS owner
			FROM pg_catalog.pg_class c WHERE m.classid = 'pg_catalog.pg_class'::regclass AND c.oid = m.objid AND c.relkind IN ('r', 'p', 'v', 'S')
			UNION ALL
			SELECT 'TABLE', c.oid::regclass::text, t.attacl, c.relowner
			FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute t ON t.attrelid = c.oid AND t.attacl IS NOT NULL
			WHERE m.classid = 'pg_catalog.pg_class'::regclass AND c.oid = m.objid AND c.relkind IN ('r', 'p', 'v')
			UNION ALL
			SELECT 'ROUTINE', p.oid::regprocedure::text, p.proacl, p.proowner FROM pg_catalog.pg_proc p WHERE m.classid = 'pg_catalog.pg_proc'::regclass AND p.oid = m.objid
			UNION ALL
			SELECT 'SCHEMA', quote_ident(n.nspname), n.nspacl, n.nspowner FROM pg_catalog.pg_namespace n WHERE m.classid = 'pg_catalog.pg_namespace'::regclass AND n.oid = m.objid) o ON true
		CROSS JOIN LATERAL aclexplode(o.acl) a
		WHERE a.grantee <> o.owner AND (a.grantee = 0 OR a.grantee::regrole::text LIKE 'voiceagent\_%' OR a.grantee = 'pg_monitor'::regrole)
		GROUP BY o.kind, o.name
	LOOP
		EXECUTE format('REVOKE ALL ON %s %s FROM %s', v.kind, v.name, v.roles);
	END LOOP;
	FOR v IN SELECT p.oid::regprocedure AS function, p.proowner::regrole AS owner FROM pg_catalog.pg_proc p
		WHERE p.proacl IS NOT NULL AND NOT EXISTS (SELECT FROM aclexplode(p.proacl) a WHERE a.grantee = p.proowner)
			AND voiceagent_private.update_is_ours('pg_catalog.pg_proc'::regclass, p.oid)
	LOOP
		EXECUTE format('GRANT EXECUTE ON ROUTINE %s TO %s', v.function, v.owner);
	END LOOP;
END
$$;

-- ddl: CREATE OR REPLACE FUNCTION (or PROCEDURE) name.
CREATE FUNCTION voiceagent_private.update_function(name text, ddl text) RETURNS void
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_oid oid;
	v_others oid[] := ARRAY(SELECT p.oid FROM pg_catalog.pg_proc p
		WHERE p.proname = substring(name FROM '[^.]+$') AND p.pronamespace = substring(name FROM '^([^.]+)\.')::regnamespace
			AND voiceagent_private.update_is_ours('pg_catalog.pg_proc'::regclass, p.oid)
			AND NOT voiceagent_private.update_has_made('pg_catalog.pg_proc'::regclass, p.oid));
BEGIN
	BEGIN
		EXECUTE ddl;
	EXCEPTION WHEN invalid_function_definition OR wrong_object_type THEN
		FOREACH v_oid IN ARRAY v_others LOOP
			PERFORM voiceagent_private.update_drop('pg_catalog.pg_proc'::regclass, v_oid);
		END LOOP;
		EXECUTE ddl;
		RETURN;
	END;
	FOREACH v_oid IN ARRAY v_others LOOP
		IF EXISTS (SELECT FROM pg_catalog.pg_proc p WHERE p.oid = v_oid)
			AND NOT voiceagent_private.update_has_made('pg_catalog.pg_proc'::regclass, v_oid) THEN
			PERFORM voiceagent_private.update_drop('pg_catalog.pg_proc'::regclass, v_oid);
		END IF;
	END LOOP;
END
$$;

-- ddl: CREATE OR REPLACE VIEW name.
CREATE FUNCTION voiceagent_private.update_view(name text, ddl text) RETURNS void
	LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	EXECUTE ddl;
EXCEPTION WHEN invalid_table_definition THEN
	PERFORM voiceagent_private.update_drop('pg_catalog.pg_class'::regclass, name::regclass);
	EXECUTE ddl;
END
$$;

CREATE FUNCTION voiceagent_private.update_drop_type(name text) RETURNS void
	LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	PERFORM voiceagent_private.update_drop('pg_catalog.pg_type'::regclass, name::regtype);
END
$$;

-- In a step: a function that keeps it from changing a type, and is made anew further on.
CREATE FUNCTION voiceagent_private.update_drop_function(name text) RETURNS void
	LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	PERFORM voiceagent_private.update_drop('pg_catalog.pg_proc'::regclass, name::regproc);
END
$$;

-- Functions and views that this version does not have.
CREATE FUNCTION voiceagent_private.update_drop_rest() RETURNS void
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v record;
BEGIN
	FOR v IN
		SELECT d.classid, d.objid FROM pg_catalog.pg_depend d
		JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid AND e.extname = 'voiceagent'
		LEFT JOIN pg_catalog.pg_class c ON d.classid = 'pg_catalog.pg_class'::regclass AND c.oid = d.objid
		WHERE d.refclassid = 'pg_catalog.pg_extension'::regclass AND d.deptype = 'e'
			AND (d.classid = 'pg_catalog.pg_proc'::regclass OR c.relkind = 'v')
			AND NOT voiceagent_private.update_has_made(d.classid, d.objid)
		ORDER BY d.classid, d.objid
	LOOP
		CONTINUE WHEN pg_describe_object(v.classid, v.objid, 0) IS NULL;
		PERFORM voiceagent_private.update_drop(v.classid, v.objid);
	END LOOP;
END
$$;

-- At the end of an update:
DO $$
BEGIN
	-- pg_dump leaves out the rights that an extension's script has given: those of others are none of these.
	UPDATE pg_catalog.pg_init_privs i SET initprivs = k.acl
	FROM (SELECT n.objoid, n.classoid, n.objsubid, array_agg(u.item) FILTER (WHERE u.item::text ~ '^(voiceagent_\w+|pg_monitor|)='
			OR split_part(u.item::text, '=', 1) = split_part(u.item::text, '/', 2)) AS acl
		FROM pg_catalog.pg_init_privs n CROSS JOIN LATERAL unnest(n.initprivs) AS u(item) GROUP BY 1, 2, 3) k
	WHERE i.objoid = k.objoid AND i.classoid = k.classoid AND i.objsubid = k.objsubid AND i.privtype = 'e'
		AND voiceagent_private.update_is_ours(i.classoid, i.objoid) AND k.acl IS NOT NULL AND cardinality(k.acl) < cardinality(i.initprivs);
END
$$;
DROP FUNCTION voiceagent_private.update_drop_rest(), voiceagent_private.update_drop_function(text), voiceagent_private.update_drop_type(text),
	voiceagent_private.update_view(text, text), voiceagent_private.update_function(text, text), voiceagent_private.update_begin(text[]),
	voiceagent_private.update_rename_column(regclass, text, text), voiceagent_private.update_rename(text, text, text),
	voiceagent_private.update_drop_table(regclass), voiceagent_private.update_release(regclass), voiceagent_private.update_release_rows(regclass),
	voiceagent_private.update_drop_users(oid, oid), voiceagent_private.update_drop_user(oid, oid, text),
	voiceagent_private.update_drop(oid, oid), voiceagent_private.update_has_made(oid, oid), voiceagent_private.update_is_ours(oid, oid);
DROP TABLE voiceagent_private.update_marks;
