-- The isolation matrix: every relation and every function of schema voiceagent, against visitors, members of two
-- tenants and the platform's staff.  It is made from the catalog, so what a later room adds is covered by itself;
-- what the test does not understand it reports.  Only offenders are printed: no row is well.  All of it happens in
-- one transaction that is rolled back, so no worker ever sees its rows, which fit together nowhere.
\set VERBOSITY terse
SET client_min_messages = warning;
BEGIN;
\i lib/matrix_setup.inc

-- What a statement gives to a login role; everything it did is rolled back, so that the rows of a tenant before it are always the same.
-- After it only those tables are looked at in which it wrote.
CREATE TYPE matrix.outcome AS (state text, answer text);
CREATE FUNCTION matrix.hash_of(relation text, tenant bigint) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_hash text;
BEGIN
	EXECUTE format('SELECT md5(string_agg(t::text, '','' ORDER BY t::text)) FROM %s t WHERE tenant_id = $1', relation) INTO v_hash USING tenant;
	RETURN v_hash;
END $$;
CREATE TABLE matrix.before AS SELECT t.oid, t.name, m.tenant_id, matrix.hash_of(t.name, m.tenant_id) AS hash FROM matrix.tenant_table t, matrix.tenant m;
-- Writes are counted where they happen, for a table with parts in these.
CREATE TABLE matrix.part AS SELECT t.oid, t.oid AS part FROM matrix.tenant_table t UNION ALL SELECT t.oid, i.inhrelid FROM matrix.tenant_table t JOIN pg_inherits i ON i.inhparent = t.oid;
CREATE FUNCTION matrix.written() RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_object_agg(part, pg_stat_get_xact_tuples_inserted(part) + pg_stat_get_xact_tuples_updated(part) + pg_stat_get_xact_tuples_deleted(part)) FROM matrix.part $$;

CREATE FUNCTION matrix.attempt(role_name text, statement text, watched bigint DEFAULT NULL) RETURNS matrix.outcome LANGUAGE plpgsql AS $$
DECLARE
	v_result matrix.outcome;
	v_written jsonb := CASE WHEN watched IS NOT NULL THEN matrix.written() END;
	v_detail text;
	v_hint text;
BEGIN
	BEGIN
		EXECUTE format('SET LOCAL SESSION AUTHORIZATION %I', role_name);
		EXECUTE statement INTO v_result.answer;
		v_result.state := 'ok';
		RESET SESSION AUTHORIZATION;
		IF watched IS NOT NULL AND EXISTS (SELECT FROM jsonb_each(matrix.written()) w JOIN matrix.part p ON p.part = w.key::oid JOIN matrix.before b USING (oid)
			WHERE b.tenant_id = watched AND v_written -> w.key IS DISTINCT FROM w.value AND matrix.hash_of(b.name, watched) IS DISTINCT FROM b.hash)
		THEN
			v_result.state := 'CHANGED THE OTHER TENANT';
		END IF;
		RAISE EXCEPTION USING ERRCODE = 'ZZ999';
	EXCEPTION
		WHEN SQLSTATE 'ZZ999' THEN NULL;
		WHEN OTHERS THEN
			GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL, v_hint = PG_EXCEPTION_HINT;
			v_result := (SQLSTATE, concat_ws(' / ', SQLERRM, v_detail, v_hint));
	END;
	RETURN v_result;
END $$;

-- Relations: a member sees the own rows and nothing of the other; staff and visitors see what is not a tenant's.
CREATE TABLE matrix.relation AS
	SELECT c.oid::regclass::text AS name, EXISTS (SELECT FROM matrix.tenant_table t WHERE t.oid = c.oid) AS of_tenant,
		c.relname IN ('tenants', 'enumerations', 'prices', 'settings', 'calling_rules', 'national_dnc_lists', 'dnc_lists', 'providers', 'currencies', 'payment_currencies', 'credit_packs', 'credit_pack_prices', 'credit_offers', 'plans', 'plan_prices', 'plan_offers', 'tax_rates') AS for_staff, c.relname = 'enumerations' AS for_visitors
	FROM pg_class c WHERE c.relnamespace = 'voiceagent'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition;

CREATE FUNCTION matrix.judge_relation(relation text, of_tenant boolean, for_staff boolean, for_visitors boolean)
	RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	v matrix.outcome;
	v_role text;
	v_other record;
	v_verb text;
BEGIN
	FOREACH v_role IN ARRAY ARRAY['a', 'b'] LOOP
		SELECT * INTO v_other FROM matrix.tenant t WHERE t.letter <> v_role;
		v := matrix.attempt('regress_matrix_' || v_role,
			format('SELECT count(*) FROM %s t WHERE t::text LIKE %L', relation, '%secret-of-' || v_other.letter || '%'));
		IF v IS DISTINCT FROM ('ok', '0')::matrix.outcome THEN
			RETURN NEXT format('%s shows the other tenant to %s: %s', relation, v_role, v);
		END IF;
		IF of_tenant THEN
			v := matrix.attempt('regress_matrix_' || v_role, format('SELECT count(*) FROM %s WHERE tenant_id = %s', relation, v_other.tenant_id));
			IF v IS DISTINCT FROM ('ok', '0')::matrix.outcome THEN
				RETURN NEXT format('%s shows the other tenant''s rows to %s: %s', relation, v_role, v);
			END IF;
			v := matrix.attempt('regress_matrix_' || v_role, format('SELECT count(*) > 0 FROM %s', relation));
			IF v IS DISTINCT FROM ('ok', 'true')::matrix.outcome THEN
				RETURN NEXT format('%s hides the own rows from %s: %s', relation, v_role, v);
			END IF;
		END IF;
	END LOOP;
	v := matrix.attempt('regress_matrix_admin', format('SELECT count(*) >= 0 FROM %s', relation));
	IF v.state IS DISTINCT FROM (CASE WHEN for_staff THEN 'ok' ELSE '42501' END) THEN
		RETURN NEXT format('%s to staff: %s', relation, v);
	END IF;
	v := matrix.attempt('regress_matrix_anon', format('SELECT count(*) >= 0 FROM %s', relation));
	IF v.state IS DISTINCT FROM (CASE WHEN for_visitors THEN 'ok' ELSE '42501' END) THEN
		RETURN NEXT format('%s to visitors: %s', relation, v);
	END IF;
	FOREACH v_role IN ARRAY ARRAY['a', 'b', 'anon', 'admin'] LOOP
		FOREACH v_verb IN ARRAY ARRAY['INSERT INTO %s (%2$I) OVERRIDING SYSTEM VALUE SELECT %2$I FROM %1$s', 'UPDATE %s SET %2$I = %2$I', 'DELETE FROM %s', 'TRUNCATE %s'] LOOP
			v := matrix.attempt('regress_matrix_' || v_role, format(v_verb || CASE v_verb WHEN 'TRUNCATE %s' THEN '' ELSE ' RETURNING 1' END, relation,
				(SELECT attname FROM pg_attribute WHERE attrelid = relation::regclass AND attnum > 0 AND attidentity = '' AND attgenerated = '' ORDER BY attnum LIMIT 1)));
			-- 55000: a view that takes no changes; 42809: TRUNCATE of a view.
			IF v.state NOT IN ('42501', '42809', '55000') THEN
				RETURN NEXT format('%s lets %s: %s: %s', relation, v_role, split_part(v_verb, ' ', 1), v);
			END IF;
		END LOOP;
	END LOOP;
END $$;

SELECT count(*) > 20 AS "there are relations" FROM matrix.relation;
SELECT j AS "offending relations" FROM matrix.relation r, matrix.judge_relation(r.name, r.of_tenant, r.for_staff, r.for_visitors) j ORDER BY j;

-- The cells, as counted: who is refused by right, and who sees how many of the other tenant's rows.
CREATE FUNCTION matrix.cells() RETURNS TABLE (who text, verb text, refused bigint, allowed bigint, rows_of_the_other bigint) LANGUAGE plpgsql AS $$
DECLARE
	v record;
	a matrix.outcome;
BEGIN
	CREATE TEMP TABLE cell (who text, verb text, state text, rows bigint) ON COMMIT DROP;
	FOR v IN SELECT r.name, r.of_tenant, w AS who, b AS verb FROM matrix.relation r, unnest(ARRAY['a', 'admin', 'anon']) w, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) b LOOP
		a := CASE WHEN v.verb = 'SELECT' THEN matrix.attempt('regress_matrix_' || v.who, format('SELECT count(*) FROM %s t WHERE %s', v.name,
				CASE WHEN v.of_tenant AND v.who = 'a' THEN format('tenant_id = %s', (SELECT tenant_id FROM matrix.tenant WHERE letter = 'b')) ELSE 't::text LIKE ''%secret-of-b%''' END))
			ELSE ROW(CASE WHEN has_table_privilege('regress_matrix_' || v.who, v.name, v.verb) THEN 'ok' ELSE '42501' END, '0')::matrix.outcome END;
		INSERT INTO cell VALUES (v.who, v.verb, a.state, CASE WHEN a.state = 'ok' THEN a.answer::bigint END);
	END LOOP;
	RETURN QUERY SELECT c.who, c.verb, count(*) FILTER (WHERE c.state = '42501'), count(*) FILTER (WHERE c.state = 'ok'), coalesce(sum(c.rows), 0)::bigint FROM cell c GROUP BY 1, 2
		ORDER BY 1, array_position(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'], c.verb);
END $$;
SELECT name AS "staff read of a tenant's" FROM matrix.relation r, matrix.attempt('regress_matrix_admin', format('SELECT count(*) FROM %s t WHERE t::text LIKE ''%%secret-of-b%%''', r.name)) o WHERE o.state = 'ok' AND o.answer <> '0' ORDER BY name COLLATE "C";
SELECT who, verb, refused > 0 AS "some refused", allowed > 0 AS "some allowed", rows_of_the_other FROM matrix.cells();

-- Ids: an argument NAME_id (or NAME_ids) means the table whose identity column has that name.
CREATE TABLE matrix.id AS
	SELECT a.attname::text AS name, a.attrelid::regclass::text AS relation, 0::bigint AS of_a, 0::bigint AS of_b
	FROM pg_attribute a JOIN matrix.tenant_table t ON t.oid = a.attrelid AND (t.nspname = 'voiceagent' OR a.attname IN ('deferred_request_id', 'ask_id')) WHERE a.attidentity <> '';
DO $$
DECLARE
	v record;
BEGIN
	FOR v IN SELECT i.name, i.relation, t.letter, t.tenant_id FROM matrix.id i, matrix.tenant t LOOP
		EXECUTE format('UPDATE matrix.id SET of_%s = (SELECT max(%I) FROM %s WHERE tenant_id = %s) WHERE name = %L',
			v.letter, v.name, v.relation, v.tenant_id, v.name);
	END LOOP;
END $$;
SELECT name AS "ids without a row" FROM matrix.id WHERE of_a IS NULL OR of_b IS NULL OR of_a = of_b;

CREATE VIEW matrix.argument AS
	SELECT p.oid AS function, p.proname, n AS position, p.proargnames[n] AS name, p.proargtypes[n - 1] AS type,
		p.pronargs - p.pronargdefaults < n AS optional,
		CASE WHEN p.proargnames[n] LIKE '%\_ids' THEN left(p.proargnames[n], -1) WHEN p.proargnames[n] LIKE '%\_id' AND p.proargtypes[n - 1] <> 'text'::regtype THEN regexp_replace(p.proargnames[n], '^target_campaign_id', 'campaign_id') END AS id_name
	FROM pg_proc p, generate_series(1, p.pronargs) n
	WHERE p.pronamespace = 'voiceagent'::regnamespace AND p.prorettype <> 'trigger'::regtype
		AND has_function_privilege('voiceagent_user', p.oid, 'EXECUTE');
SELECT proname || '(' || a.name || '): which table?' AS "arguments that nobody explains" FROM matrix.argument a
WHERE a.id_name IS NOT NULL AND NOT EXISTS (SELECT FROM matrix.id i WHERE i.name = a.id_name)
ORDER BY 1;

-- The call of a function: the ids of a but for one (NULL: none), which is the one given.
CREATE FUNCTION matrix.call(f oid, strange_name text, strange bigint) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT format('SELECT string_agg(t::text, chr(10)) FROM %s(%s) t', f::regproc, coalesce(string_agg(format('%s%L::%s', quote_ident(a.name) || ' => ',
		CASE WHEN a.id_name IS NULL THEN coalesce(s.value, matrix.any_value(a.type, 'x'))
			WHEN a.type = 'bigint[]'::regtype THEN format('{%s}', CASE WHEN a.name = strange_name THEN strange ELSE i.of_a END)
			ELSE (CASE WHEN a.name = strange_name THEN strange ELSE i.of_a END)::text END, a.type::regtype), ', '), ''))
	FROM matrix.argument a LEFT JOIN matrix.sample s
		ON s.name = coalesce((SELECT x.name FROM matrix.sample x WHERE x.name = 'argument ' || a.name), a.name)
	LEFT JOIN matrix.id i ON i.name = a.id_name
	WHERE a.function = f AND (NOT a.optional OR a.id_name IS NOT NULL) $$;

-- The answer but for the id that was asked for, and for what counts up with every call.
CREATE FUNCTION matrix.plain(answer matrix.outcome, asked bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT (answer).state || ': ' || coalesce(CASE WHEN (answer).state = 'ok' THEN regexp_replace((answer).answer, '\d+', 'N', 'g')
		ELSE regexp_replace((answer).answer, '\m' || asked || '\M', 'ID', 'g') END, '') $$;

-- Another tenant's id, and one that nobody has, are told apart by nothing: the text of the error is the same, byte by byte.
CREATE FUNCTION matrix.judge_function(f oid) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	v_b bigint := (SELECT tenant_id FROM matrix.tenant WHERE letter = 'b');
	v_of_b matrix.outcome;
	v_missing matrix.outcome;
	v_argument record;
BEGIN
	v_of_b := matrix.attempt('regress_matrix_a', matrix.call(f, NULL, NULL), v_b);
	IF v_of_b.state = 'CHANGED THE OTHER TENANT' OR v_of_b.answer LIKE '%secret-of-b%' THEN
		RETURN NEXT format('%s with own ids: %s', f::regproc, v_of_b);
	END IF;
	FOR v_argument IN SELECT a.name, i.of_b FROM matrix.argument a JOIN matrix.id i ON i.name = a.id_name WHERE a.function = f LOOP
		v_of_b := matrix.attempt('regress_matrix_a', matrix.call(f, v_argument.name, v_argument.of_b), v_b);
		v_missing := matrix.attempt('regress_matrix_a', matrix.call(f, v_argument.name, 987654321987), v_b);
		IF v_of_b.state = 'CHANGED THE OTHER TENANT' OR v_of_b.answer LIKE '%secret-of-b%' THEN
			RETURN NEXT format('%s(%s): %s', f::regproc, v_argument.name, v_of_b);
		ELSIF v_of_b IS DISTINCT FROM v_missing AND matrix.plain(v_of_b, v_argument.of_b) IS DISTINCT FROM matrix.plain(v_missing, 987654321987) THEN
			RETURN NEXT format('%s(%s): another''s id gives %s, no one''s %s', f::regproc, v_argument.name, matrix.plain(v_of_b, v_argument.of_b), matrix.plain(v_missing, 987654321987));
		ELSIF v_of_b.state !~ '^(ok|PT4\d\d|55000)$' THEN
			RETURN NEXT format('%s(%s): %s', f::regproc, v_argument.name, v_of_b);
		END IF;
	END LOOP;
END $$;

-- Keys: what the other tenant calls its things, what it has as keys, are to me as what nobody has.
CREATE FUNCTION matrix.judge_keys(f oid) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	v_b bigint := (SELECT tenant_id FROM matrix.tenant WHERE letter = 'b');
	v_call text;
	v_of_b matrix.outcome;
	v_missing matrix.outcome;
	v_argument record;
BEGIN
	FOR v_argument IN SELECT a.name FROM matrix.argument a WHERE a.function = f AND a.id_name IS NULL AND a.type = 'text'::regtype
		AND a.name ~ '^(name|label|idempotency_key|email|provider_account|tag|endpoint|token|subject|key)$'
	LOOP
		v_call := matrix.call(f, NULL, NULL);
		v_of_b := matrix.attempt('regress_matrix_a', regexp_replace(v_call, v_argument.name || ' => (''[^'']*''|NULL)', v_argument.name || ' => ''secret-of-b'''), v_b);
		v_missing := matrix.attempt('regress_matrix_a', regexp_replace(v_call, v_argument.name || ' => (''[^'']*''|NULL)', v_argument.name || ' => ''secret-of-q'''), v_b);
		IF v_of_b.state = 'CHANGED THE OTHER TENANT' THEN
			RETURN NEXT format('%s(%s): %s', f::regproc, v_argument.name, v_of_b);
		ELSIF replace(matrix.plain(v_of_b, 0), 'secret-of-b', 'X') IS DISTINCT FROM replace(matrix.plain(v_missing, 0), 'secret-of-q', 'X')
			AND NOT (v_of_b.state = 'ok' AND v_missing.state = 'ok')
		THEN
			RETURN NEXT format('%s(%s): another''s gives %s, no one''s %s', f::regproc, v_argument.name, v_of_b, v_missing);
		END IF;
	END LOOP;
END $$;

SELECT count(*) > 20 AS "there are functions" FROM (SELECT DISTINCT function FROM matrix.argument) f;
SELECT j AS "offending functions" FROM pg_proc p, matrix.judge_function(p.oid) j
WHERE p.pronamespace = 'voiceagent'::regnamespace AND p.prorettype <> 'trigger'::regtype
	AND has_function_privilege('voiceagent_user', p.oid, 'EXECUTE');

SELECT j AS "functions that know another's keys" FROM pg_proc p, matrix.judge_keys(p.oid) j
WHERE p.pronamespace = 'voiceagent'::regnamespace AND p.prorettype <> 'trigger'::regtype
	AND has_function_privilege('voiceagent_user', p.oid, 'EXECUTE');

-- Every unique key and every index that a tenant's row takes part in begins with the tenant (lint sees to it); what two
-- tenants insert alike does not meet: no key is taken because another has it.
SELECT c.oid::regclass AS "keys across tenants" FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN matrix.tenant_table t ON t.oid = i.indrelid
WHERE i.indisunique AND t.nspname = 'voiceagent' AND (SELECT a.attname FROM pg_attribute a WHERE a.attrelid = i.indrelid AND a.attnum = i.indkey[0]) IS DISTINCT FROM 'tenant_id';

-- The matrix can fail: a view that reads with its owner's rights, a function that believes an id.
CREATE VIEW voiceagent.leaky AS SELECT * FROM voiceagent.tenants;
GRANT SELECT ON voiceagent.leaky TO voiceagent_user;
CREATE FUNCTION voiceagent.leaky_name(tenant_id bigint) RETURNS text LANGUAGE sql SECURITY DEFINER AS
	$$ SELECT t.name FROM voiceagent.tenants t WHERE t.tenant_id = leaky_name.tenant_id $$;
CREATE FUNCTION voiceagent.leaky_write(tenant_id bigint) RETURNS void LANGUAGE sql SECURITY DEFINER AS
	$$ UPDATE voiceagent.tenants t SET name = 'x' WHERE t.tenant_id = leaky_write.tenant_id $$;
CREATE FUNCTION voiceagent.leaky_part(tenant_id bigint) RETURNS void LANGUAGE sql SECURITY DEFINER AS
	$$ DELETE FROM voiceagent.events t WHERE t.tenant_id = leaky_part.tenant_id $$;
GRANT EXECUTE ON FUNCTION voiceagent.leaky_name, voiceagent.leaky_write, voiceagent.leaky_part TO voiceagent_user;
UPDATE voiceagent.tenants t SET name = 'secret-of-' || letter FROM matrix.tenant m WHERE m.tenant_id = t.tenant_id;
UPDATE matrix.before SET hash = matrix.hash_of(name, tenant_id);
SELECT count(*) > 0 AS "leaky view is found" FROM matrix.judge_relation('voiceagent.leaky', false, false, false) j
	WHERE j LIKE '%shows the other tenant%';
SELECT count(*) > 0 AS "leaky function is found" FROM matrix.judge_function('voiceagent.leaky_name'::regproc);
SELECT count(*) > 0 AS "leaky writer is found" FROM matrix.judge_function('voiceagent.leaky_write'::regproc);
SELECT count(*) > 0 AS "writer of a part is found" FROM matrix.judge_function('voiceagent.leaky_part'::regproc);
ROLLBACK;
