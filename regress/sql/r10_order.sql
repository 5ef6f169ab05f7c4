-- Nothing of a tenant's statement runs over another tenant's row before the policy has let it through.  A condition of each
-- kind that PostgreSQL takes for harmless, on each column of each table that members read, stands before a sub-select with an
-- effect: it runs only when the condition has let a row of somebody else through.  Only offenders are printed.
\set VERBOSITY terse
SET client_min_messages = warning;
BEGIN;
\i lib/matrix_setup.inc

-- A tenant that has next to nothing asks; what it has itself is left out.
CREATE ROLE regress_matrix_c LOGIN;
INSERT INTO matrix.tenant SELECT 'c', voiceagent.create_tenant('Matrix c');
SELECT voiceagent.map_role('regress_matrix_c', tenant_id) FROM matrix.tenant WHERE letter = 'c';
SELECT tenant_id AS c FROM matrix.tenant WHERE letter = 'c' \gset
GRANT USAGE ON SCHEMA matrix TO regress_matrix_c;
CREATE FUNCTION matrix.effect() RETURNS bigint LANGUAGE plpgsql PARALLEL SAFE AS $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'ZZ001'; END $$;

CREATE FUNCTION matrix.value_of(tab text, col name) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_value text;
BEGIN
	EXECUTE format('SELECT %I::text FROM %s WHERE tenant_id = (SELECT tenant_id FROM matrix.tenant WHERE letter = ''b'') ORDER BY %1$I LIMIT 1', col, tab) INTO v_value;
	RETURN v_value;
END $$;

-- Conditions that b's row meets: the operators of the column's type that are leakproof, and what needs none.
CREATE TABLE matrix.condition AS
WITH col AS MATERIALIZED (
	SELECT t.name AS tab, a.attname AS col, quote_ident(a.attname) AS id, a.attnum, coalesce(nullif(y.typbasetype, 0), y.oid) AS type, v.value, format('%L::%s', v.value, format_type(a.atttypid, -1)) AS literal
	FROM matrix.tenant_table t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
	JOIN pg_type y ON y.oid = a.atttypid, LATERAL matrix.value_of(t.name, a.attname) AS v(value)
	WHERE t.nspname = 'voiceagent')
SELECT c.tab, c.col, k.kind, k.clause
FROM col c
CROSS JOIN LATERAL (VALUES
	('null', CASE WHEN c.value IS NULL THEN c.id || ' IS NULL' ELSE c.id || ' IS NOT NULL' END),
	('boolean', CASE WHEN c.type = 'boolean'::regtype THEN CASE c.value WHEN 'true' THEN c.id WHEN 'false' THEN 'NOT ' || c.id END END),
	('or', format('(%s IS NULL OR %1$s IS NOT NULL)', c.id)),
	('case', format('CASE WHEN %s IS NULL THEN %s ELSE %s END', c.id, (c.value IS NULL)::text, (c.value IS NOT NULL)::text)),
	('in', CASE WHEN c.value IS NOT NULL AND c.type IN ('text'::regtype, 'bigint'::regtype, 'integer'::regtype) THEN format('%s IN (%s, %2$s)', c.id, c.literal) END)) k(kind, clause)
WHERE k.clause IS NOT NULL
UNION ALL
SELECT c.tab, c.col, o.oprname, CASE WHEN o.oprname IN ('=', '<=', '>=') THEN format('%s OPERATOR(pg_catalog.%s) %s', c.id, o.oprname, c.literal)
	ELSE format('(%s OPERATOR(pg_catalog.%s) %s) IS NOT TRUE', c.id, o.oprname, c.literal) END
FROM col c
JOIN pg_operator o ON o.oprleft = c.type AND o.oprright = c.type AND o.oprresult = 'boolean'::regtype AND o.oprnamespace = 'pg_catalog'::regnamespace
JOIN pg_proc p ON p.oid = o.oprcode AND p.proleakproof
WHERE c.value IS NOT NULL;
SELECT count(DISTINCT tab) > 25 AS tables, count(DISTINCT (tab, col)) > 300 AS columns, count(DISTINCT kind) >= 11 AS kinds FROM matrix.condition;

-- IS NOT FALSE: no index takes that for its own, which would run the sub-select before it reads anything.
CREATE FUNCTION matrix.fires(tab text, clauses text[], own bigint, named boolean) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE (SELECT string_agg(format('SELECT FROM %s WHERE %s AND tenant_id <> %s AND (tenant_id <> (SELECT matrix.effect())) IS NOT FALSE%s', tab, x, own,
		CASE WHEN named THEN ' AND tenant_id = ' || own END), ' UNION ALL ') FROM unnest(clauses) x);
	RETURN false;
EXCEPTION WHEN SQLSTATE 'ZZ001' THEN
	RETURN true;
END $$;
CREATE FUNCTION matrix.offenders(own bigint, named boolean DEFAULT false) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	v record;
	v_kind record;
BEGIN
	FOR v IN SELECT tab, col, array_agg(clause) AS clauses FROM matrix.condition GROUP BY tab, col ORDER BY tab, col LOOP
		-- A parallel plan runs the sub-select before it begins, whatever rows there are, and so tells nothing.
		CONTINUE WHEN NOT matrix.fires(v.tab, v.clauses, own, named) OR matrix.fires(v.tab, '{tenant_id < 0}', own, named);
		FOR v_kind IN SELECT kind, clause FROM matrix.condition c WHERE c.tab = v.tab AND c.col = v.col LOOP
			IF matrix.fires(v.tab, ARRAY[v_kind.clause], own, named) THEN
				RETURN NEXT format('%s: %s', v.tab, v_kind.clause);
			END IF;
		END LOOP;
	END LOOP;
END $$;
GRANT SELECT ON matrix.condition TO regress_matrix_c;

-- EXPLAIN's estimates are made from samples of everybody's values: none are taken, and those of an older version are deleted.
CREATE VIEW matrix.sampled AS SELECT DISTINCT s.starelid::regclass, s.staattnum FROM pg_statistic s
	WHERE s.starelid IN (SELECT r.oid FROM matrix.tenant_table t, LATERAL (SELECT t.oid UNION ALL SELECT inhrelid FROM pg_inherits WHERE inhparent = t.oid
		UNION ALL SELECT indexrelid FROM pg_index WHERE indrelid = t.oid) r(oid) WHERE t.nspname = 'voiceagent');
ANALYZE;
SELECT * FROM matrix.sampled;
ALTER TABLE voiceagent.leads ALTER phone SET STATISTICS 100, ALTER email SET STATISTICS 100;
ALTER INDEX voiceagent.members_email ALTER COLUMN 2 SET STATISTICS 100;
ANALYZE voiceagent.leads, voiceagent.members;
-- How many depends on the version of PostgreSQL.
SELECT count(*) AS sampled FROM matrix.sampled \gset
SELECT :sampled >= 2 AS sampled, voiceagent_private.delete_statistics() = :sampled AS forgotten;
ANALYZE voiceagent.leads, voiceagent.members;
SELECT * FROM matrix.sampled;

-- The test sees what it is after: whom no policy binds the effect reaches.
SELECT count(*) > 300 AS seen FROM (SELECT tab, col FROM matrix.condition GROUP BY tab, col HAVING matrix.fires(tab, array_agg(clause), :c, false)) x;
SET SESSION AUTHORIZATION regress_matrix_c;
SET LOCAL jit = off;
SET LOCAL enable_indexscan = off;
SET LOCAL enable_indexonlyscan = off;
SET LOCAL enable_bitmapscan = off;
SELECT matrix.offenders(:c) AS "seen in a table's order";
-- A statement that names another tenant reads nothing of it: how long that takes would tell how many rows it has.
EXPLAIN (COSTS OFF) SELECT FROM voiceagent.leads WHERE tenant_id = 1;
-- The planner puts a constant in the place of the policy's function.
SELECT matrix.offenders(:c, true) AS "seen under a tenant of its own";
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SELECT matrix.offenders(:c) AS "seen by parallel workers";
SET LOCAL max_parallel_workers_per_gather = 0;
SET LOCAL enable_seqscan = off;
SET LOCAL enable_bitmapscan = on;
SELECT matrix.offenders(:c) AS "seen in bitmaps";
SET LOCAL enable_bitmapscan = off;
SET LOCAL enable_indexscan = on;
SET LOCAL enable_indexonlyscan = on;
SELECT matrix.offenders(:c) AS "seen in an index's order";
SET LOCAL enable_seqscan = on;
SET LOCAL enable_indexscan = off;
SET LOCAL enable_indexonlyscan = off;

-- A refused proof, or none: a plan that was made under a good one tells nothing of whether a row matches.
CREATE FUNCTION pg_temp.answer(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_answer text;
BEGIN
	EXECUTE statement INTO v_answer;
	RETURN 'ok';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE;
END $$;
CREATE FUNCTION pg_temp.oracles() RETURNS SETOF text LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
	v record;
	v_hit text;
	v_miss text;
BEGIN
	FOR v IN SELECT tab, clause, row_number() OVER (ORDER BY tab, clause) AS n FROM matrix.condition WHERE kind = '=' LOOP
		EXECUTE format('PREPARE hit_%s AS SELECT FROM %s WHERE %s', v.n, v.tab, v.clause);
		EXECUTE format('PREPARE miss_%s AS SELECT FROM %s WHERE (%s) IS NOT TRUE', v.n, v.tab, v.clause);
		PERFORM pg_temp.answer('EXECUTE hit_' || v.n), pg_temp.answer('EXECUTE miss_' || v.n);
		PERFORM set_config('voiceagent.token', 'x', true);
		v_hit := pg_temp.answer('EXECUTE hit_' || v.n);
		v_miss := pg_temp.answer('EXECUTE miss_' || v.n);
		PERFORM set_config('voiceagent.token', '', true);
		IF v_hit <> '55000' OR v_miss <> '55000' THEN
			RETURN NEXT format('%s WHERE %s: %s, and %s for a value that nobody has', v.tab, v.clause, v_hit, v_miss);
		END IF;
		EXECUTE format('DEALLOCATE hit_%s', v.n);
		EXECUTE format('DEALLOCATE miss_%s', v.n);
	END LOOP;
END $$;
SELECT pg_temp.oracles() AS "tells by its error";
ROLLBACK;
