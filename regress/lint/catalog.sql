-- Rules on the catalog of a database with the extension.  Each rule is a query that returns its offenders, one
-- per row, object first; no row is well.  exceptions lists what may stay, with its reason.
--
-- "ours" is every object of its schemas: catalog.pl makes these views first.  "breaks" is a change that the rule
-- must notice: catalog.pl makes it, asks again, and rolls it back, so that no rule is blind.

-- prepare
CREATE TEMP VIEW ours_class AS
SELECT c.*, n.nspname, n.nspname || '.' || c.relname AS name,
       EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped) AS of_tenant
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname IN ('voiceagent', 'voiceagent_bi', 'voiceagent_private', 'voiceagent_condition');

CREATE TEMP VIEW ours_table AS SELECT * FROM ours_class WHERE relkind IN ('r', 'p');

CREATE TEMP VIEW ours_proc AS
SELECT p.*, n.nspname, n.nspname || '.' || p.proname AS name, l.lanname,
       -- from a row to the rows of another table or view that belong to it: a relationship, as PostgREST calls it
       p.pronargs = 1 AND p.proretset AND EXISTS (SELECT FROM pg_type t JOIN ours_class c ON c.oid = t.typrelid
           WHERE t.oid = p.proargtypes[0] AND c.nspname = 'voiceagent') AS relates
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
WHERE n.nspname IN ('voiceagent', 'voiceagent_bi', 'voiceagent_private', 'voiceagent_condition');

CREATE TEMP VIEW ours_type AS
SELECT t.*, n.nspname, n.nspname || '.' || t.typname AS name
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid
WHERE n.nspname IN ('voiceagent', 'voiceagent_bi', 'voiceagent_private', 'voiceagent_condition') AND t.typcategory <> 'A'
      AND (c.oid IS NULL OR c.relkind = 'c') AND t.typtype <> 'm';

CREATE TEMP VIEW ours_policy AS
SELECT p.*, c.name, c.name || '.' || p.polname AS policy FROM pg_policy p JOIN ours_class c ON c.oid = p.polrelid;

CREATE TEMP VIEW ours_index AS
SELECT i.*, t.name || '.' || ic.relname AS name, t.of_tenant, t.relispartition,
       (SELECT a.attname FROM pg_attribute a WHERE a.attrelid = i.indrelid AND a.attnum = i.indkey[0]) AS first_column
FROM pg_index i JOIN ours_table t ON t.oid = i.indrelid JOIN pg_class ic ON ic.oid = i.indexrelid;

CREATE TEMP VIEW ours_comment AS
SELECT d.*, pg_describe_object(d.classoid, d.objoid, d.objsubid) AS object FROM pg_description d
WHERE pg_describe_object(d.classoid, d.objoid, d.objsubid) ~ '\mvoiceagent(_bi|_private|_condition)?\.';

CREATE TEMP VIEW member_role AS
SELECT * FROM pg_roles WHERE rolname IN ('voiceagent_anon', 'voiceagent_user');

-- rule extension_present: the extension and its schemas are there
-- breaks: ALTER SCHEMA voiceagent RENAME TO elsewhere
SELECT s || ' is missing' FROM unnest('{voiceagent,voiceagent_bi,voiceagent_private,voiceagent_condition}'::text[]) s
WHERE NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = s);

-- rule roles: our roles exist, cannot log in, and cannot step over policies
-- breaks: ALTER ROLE voiceagent_user LOGIN
SELECT r || ' is missing or has LOGIN, SUPERUSER, BYPASSRLS, CREATEROLE, CREATEDB or REPLICATION'
FROM unnest('{voiceagent_owner,voiceagent_anon,voiceagent_user,voiceagent_admin,voiceagent_worker,voiceagent_guest,voiceagent_api}'::text[]) r
     LEFT JOIN pg_roles g ON g.rolname = r
WHERE g.oid IS NULL OR g.rolsuper OR g.rolbypassrls OR g.rolcanlogin OR g.rolcreaterole OR g.rolcreatedb OR g.rolreplication;

-- rule owner: everything belongs to voiceagent_owner (a superuser's SECURITY DEFINER function and view ignore
-- FORCE ROW LEVEL SECURITY); only C functions may stay the superuser's
-- breaks: ALTER TABLE voiceagent.leads OWNER TO postgres
SELECT o.name || ' belongs to ' || o.owner::regrole
FROM (SELECT nspname::text AS name, nspowner AS owner FROM pg_namespace WHERE nspname IN ('voiceagent', 'voiceagent_bi', 'voiceagent_private', 'voiceagent_condition')
      UNION ALL SELECT name, relowner FROM ours_class WHERE relkind NOT IN ('i', 'I', 't', 'c')
      UNION ALL SELECT name, proowner FROM ours_proc WHERE lanname <> 'c'
      UNION ALL SELECT name, typowner FROM ours_type
      UNION ALL SELECT n.nspname || '.' || p.oprname, p.oprowner FROM pg_operator p JOIN pg_namespace n ON n.oid = p.oprnamespace
                WHERE n.nspname IN ('voiceagent', 'voiceagent_bi', 'voiceagent_private', 'voiceagent_condition')) o
WHERE o.owner::regrole::text <> 'voiceagent_owner';

-- rule c_definer: a C function that stays the superuser's runs with the caller's rights
-- breaks: ALTER FUNCTION voiceagent.clock() SECURITY DEFINER
SELECT name FROM ours_proc WHERE prosecdef AND lanname = 'c' AND proowner::regrole::text <> 'voiceagent_owner';

-- rule definer_search_path: every SECURITY DEFINER function has search_path = pg_catalog, pg_temp
-- breaks: CREATE FUNCTION voiceagent.broken() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS 'SELECT 1'
SELECT name || ' has ' || coalesce(array_to_string(proconfig, '; '), 'none')
FROM ours_proc
WHERE prosecdef AND NOT coalesce('search_path=pg_catalog, pg_temp' = ANY (proconfig), false);

-- rule planner_policy: a function with planner settings has just those of one policy
-- breaks: ALTER FUNCTION voiceagent_private.claim_calls SET enable_sort = off
SELECT p.name || ' has ' || p.settings::text
FROM (SELECT o.name, ARRAY(SELECT s FROM unnest(o.proconfig) s
		WHERE s ~ '^(planner\.|enable_|jit|plan_cache_mode|work_mem|max_parallel|join_coll|from_coll|geqo|cpu_|random_page)' ORDER BY s) AS settings
	FROM ours_proc o) p
WHERE p.settings <> '{}' AND NOT EXISTS (SELECT FROM voiceagent_private.planner_policies() k
	WHERE p.settings = ARRAY(SELECT s FROM unnest(k.settings) s ORDER BY s));

-- rule rls_forced: a table or partition with tenant_id has row level security enabled and forced
-- breaks: ALTER TABLE voiceagent.leads NO FORCE ROW LEVEL SECURITY
SELECT name || CASE WHEN relrowsecurity THEN ' is not forced' ELSE ' has it off' END
FROM ours_table WHERE of_tenant AND NOT (relrowsecurity AND relforcerowsecurity);

-- rule logged: no table, index or sequence is unlogged (what a crash empties is somebody who is called twice)
-- breaks: ALTER TABLE voiceagent_private.call_queue SET UNLOGGED
SELECT name FROM ours_class WHERE relpersistence <> 'p' AND relkind IN ('r', 'i', 'S', 't', 'm');

-- rule policy_present: a table with tenant_id has a policy (a partition without one shows nothing when it is
-- read past its parent, which is well)
-- breaks: DROP POLICY tenant ON voiceagent.calls
SELECT name FROM ours_table t
WHERE of_tenant AND NOT relispartition AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = t.oid);

-- rule policy_role: every policy names its roles
-- breaks: CREATE POLICY broken ON voiceagent.leads USING (tenant_id = voiceagent.current_tenant())
SELECT policy FROM ours_policy WHERE 0 = ANY (polroles);

-- rule policy_tenant: what a policy shows to members and visitors is the rows of their tenant, nothing else, and by the function
-- that never raises (one that did would tell which rows a condition of the member's has matched)
-- breaks: CREATE POLICY broken ON voiceagent.leads FOR SELECT TO voiceagent_user USING (status = 'new')
SELECT policy || ' shows ' || coalesce(pg_get_expr(polqual, polrelid), 'anything')
FROM ours_policy
WHERE polroles && (SELECT array_agg(oid) FROM member_role)
      AND (coalesce(pg_get_expr(polqual, polrelid), '') <> '(tenant_id = voiceagent_private.policy_tenant())'
           OR coalesce(pg_get_expr(polwithcheck, polrelid), '(tenant_id = voiceagent_private.policy_tenant())')
              <> '(tenant_id = voiceagent_private.policy_tenant())');

-- rule policy_subquery: no policy has a subquery (dumps restore in any order; Citus refuses them)
-- breaks: CREATE POLICY broken ON voiceagent.leads TO voiceagent_user USING (tenant_id IN (SELECT tenant_id FROM voiceagent.members))
SELECT policy FROM ours_policy WHERE concat(polqual, polwithcheck) LIKE '%SUBLINK%';

-- rule policy_function: the functions that a policy calls are the server's or written in C, so they read no table
-- breaks: CREATE FUNCTION voiceagent.broken() RETURNS bigint LANGUAGE plpgsql AS 'BEGIN RETURN 1; END';
-- breaks: CREATE POLICY broken ON voiceagent.leads TO voiceagent_user USING (tenant_id = voiceagent.broken())
SELECT DISTINCT o.policy || ' calls ' || p.oid::regprocedure
FROM ours_policy o
     JOIN pg_depend d ON d.classid = 'pg_policy'::regclass AND d.objid = o.oid AND d.refclassid = 'pg_proc'::regclass
     JOIN pg_proc p ON p.oid = d.refobjid JOIN pg_language l ON l.oid = p.prolang
WHERE l.lanname NOT IN ('c', 'internal');

-- rule trigger_reads: no trigger's function reads or writes a table (it fires while a dump is restored, in any order)
-- breaks: CREATE FUNCTION voiceagent.broken() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF EXISTS (SELECT FROM voiceagent.members) THEN RETURN NULL; END IF; RETURN NEW; END';
-- breaks: CREATE TRIGGER broken BEFORE INSERT ON voiceagent.leads FOR EACH ROW EXECUTE FUNCTION voiceagent.broken()
SELECT DISTINCT t.name || '.' || g.tgname || ' runs ' || p.oid::regprocedure
FROM pg_trigger g JOIN ours_class t ON t.oid = g.tgrelid JOIN pg_proc p ON p.oid = g.tgfoid JOIN pg_language l ON l.oid = p.prolang
WHERE NOT g.tgisinternal AND l.lanname NOT IN ('c', 'internal')
      AND regexp_replace(regexp_replace(p.prosrc, '--[^\n]*|/\*.*?\*/|''[^'']*''', '', 'g'), '\mdistinct\s+from\M', '', 'gi')
          ~* '\m(from|join|perform|execute)\M|\minsert\s+into\M|\mupdate\s+\w+(\.\w+)?\s+set\M';

-- rule primary_key: a table with tenant_id has a primary key that begins with it
-- breaks: CREATE TABLE voiceagent.broken (id bigint PRIMARY KEY, tenant_id bigint NOT NULL)
SELECT t.name || coalesce(' begins with ' || i.first_column, ' has none')
FROM ours_table t LEFT JOIN ours_index i ON i.indrelid = t.oid AND i.indisprimary
WHERE t.of_tenant AND NOT (t.relispartition AND i.indexrelid IS NULL) AND i.first_column IS DISTINCT FROM 'tenant_id';

-- rule unique_key: every unique index of a table with tenant_id begins with it
-- breaks: CREATE UNIQUE INDEX broken ON voiceagent.leads (email)
SELECT name || ' begins with ' || coalesce(first_column::text, 'an expression')
FROM ours_index WHERE of_tenant AND indisunique AND NOT indisprimary AND NOT relispartition AND first_column IS DISTINCT FROM 'tenant_id';

-- rule member_index: every index of a table that members read, and of its partitions, begins with tenant_id: then the policy's
-- clause is always among the index conditions, and a condition of the member's is never looked up for all tenants
-- breaks: CREATE INDEX broken ON voiceagent.leads (phone, tenant_id)
SELECT i.name || ' begins with ' || coalesce(i.first_column::text, 'an expression')
FROM ours_index i
WHERE i.first_column IS DISTINCT FROM 'tenant_id'
      AND EXISTS (SELECT FROM ours_policy p WHERE p.polrelid = i.indrelid AND p.polroles && (SELECT array_agg(oid) FROM member_role));

-- rule statistics: no statistics are kept on a column, or an expression in an index, of a table that members read, nor on tenant_id
-- of any (EXPLAIN shows estimates that are made from all tenants' values); an exception is no money, time, text or person's number
-- breaks: ALTER TABLE voiceagent.leads ALTER COLUMN phone SET STATISTICS -1;
-- breaks: ALTER INDEX voiceagent.members_email ALTER COLUMN 2 SET STATISTICS 100
SELECT c.name || '.' || a.attname
FROM ours_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p') AND a.attstattarget IS DISTINCT FROM 0
      AND (a.attname = 'tenant_id'
           OR EXISTS (SELECT FROM ours_policy p WHERE p.polrelid = c.oid AND p.polroles && (SELECT array_agg(oid) FROM member_role)))
UNION ALL
SELECT i.name || '.' || a.attname
FROM ours_index i CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, n)
     JOIN pg_attribute a ON a.attrelid = i.indexrelid AND a.attnum = k.n
WHERE k.attnum = 0 AND a.attstattarget IS DISTINCT FROM 0
      AND EXISTS (SELECT FROM ours_policy p WHERE p.polrelid = i.indrelid AND p.polroles && (SELECT array_agg(oid) FROM member_role));

-- rule statistics_kept: nothing has been sampled of such a column either, nor of several together
-- breaks: CREATE STATISTICS voiceagent.broken ON phone, email FROM voiceagent.leads
SELECT c.name || '.' || a.attname
FROM pg_statistic s JOIN ours_class c ON c.oid = s.starelid JOIN pg_attribute a ON a.attrelid = s.starelid AND a.attnum = s.staattnum
WHERE a.attstattarget = 0
UNION ALL
SELECT c.name || ' has statistics ' || s.stxname FROM pg_statistic_ext s JOIN ours_class c ON c.oid = s.stxrelid WHERE c.of_tenant;

-- rule exclusion: every EXCLUDE constraint of a table with tenant_id begins with tenant_id WITH =
-- breaks: ALTER TABLE voiceagent.leads ADD CONSTRAINT broken EXCLUDE USING btree (phone WITH =)
SELECT i.name
FROM ours_index i JOIN pg_constraint k ON k.conindid = i.indexrelid AND k.contype = 'x'
WHERE i.of_tenant AND (i.first_column IS DISTINCT FROM 'tenant_id'
                       OR (SELECT oprname FROM pg_operator WHERE oid = k.conexclop[1]) <> '=');

-- rule foreign_key: a reference between tables with tenant_id begins with it on both sides
-- breaks: ALTER TABLE voiceagent.tenants ADD other bigint;
-- breaks: ALTER TABLE voiceagent.members ADD other bigint, ADD CONSTRAINT broken FOREIGN KEY (other) REFERENCES voiceagent.tenants
SELECT t.name || '.' || k.conname
FROM pg_constraint k JOIN ours_table t ON t.oid = k.conrelid JOIN ours_table r ON r.oid = k.confrelid
WHERE k.contype = 'f' AND k.conparentid = 0 AND t.of_tenant AND r.of_tenant
      AND ((SELECT attname FROM pg_attribute WHERE attrelid = k.conrelid AND attnum = k.conkey[1]) <> 'tenant_id'
           OR (SELECT attname FROM pg_attribute WHERE attrelid = k.confrelid AND attnum = k.confkey[1]) <> 'tenant_id');

-- rule partition_reference: nothing refers to a partitioned table (a month's partition is emptied by TRUNCATE)
-- breaks: CREATE TABLE voiceagent.broken (tenant_id bigint, call_id bigint, month_slot smallint,
-- breaks: FOREIGN KEY (tenant_id, call_id, month_slot) REFERENCES voiceagent.conversations)
SELECT k.conrelid::regclass || '.' || k.conname || ' refers to ' || r.name
FROM pg_constraint k JOIN ours_table r ON r.oid = k.confrelid
WHERE k.contype = 'f' AND (r.relkind = 'p' OR r.relispartition);

-- rule platform_table: a table without tenant_id is on the list of exceptions, with the reason
-- breaks: CREATE TABLE voiceagent.broken (id bigint)
SELECT name FROM ours_table WHERE NOT of_tenant AND NOT relispartition;

-- rule tenant_id_type: tenant_id is bigint; NOT NULL where the table is a tenant's
-- breaks: CREATE TABLE voiceagent.broken (tenant_id int)
SELECT t.name || ' has ' || format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN '' ELSE ', nullable' END
FROM ours_table t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
WHERE a.atttypid <> 'bigint'::regtype OR NOT a.attnotnull;

-- rule view_invoker: every view reads with the caller's rights
-- breaks: CREATE VIEW voiceagent.broken AS SELECT * FROM voiceagent.leads
SELECT name FROM ours_class
WHERE relkind = 'v' AND NOT coalesce(reloptions && '{security_invoker=true,security_invoker=on,security_invoker=1}'::text[], false)
UNION ALL
SELECT name || ' is a materialized view, which has no policies' FROM ours_class WHERE relkind = 'm';

-- rule comment: every table, view, sequence of its own, function, type and domain has a COMMENT
-- breaks: COMMENT ON TABLE voiceagent.leads IS NULL
SELECT name FROM ours_class c
WHERE relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT relispartition AND obj_description(oid, 'pg_class') IS NULL
UNION ALL
SELECT oid::regprocedure::text FROM ours_proc WHERE obj_description(oid, 'pg_proc') IS NULL
UNION ALL
SELECT name FROM ours_type
WHERE coalesce(obj_description(oid, 'pg_type'), obj_description(typrelid, 'pg_class')) IS NULL
UNION ALL
SELECT nspname FROM pg_namespace WHERE nspname IN ('voiceagent', 'voiceagent_bi', 'voiceagent_private', 'voiceagent_condition') AND obj_description(oid, 'pg_namespace') IS NULL;

-- rule comment_column: a column of a public table or view has a COMMENT (what it means, its unit)
-- breaks: COMMENT ON COLUMN voiceagent.leads.company IS NULL
SELECT c.name || '.' || a.attname FROM ours_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.nspname IN ('voiceagent', 'voiceagent_bi') AND c.relkind IN ('r', 'p', 'v') AND NOT c.relispartition AND col_description(c.oid, a.attnum) IS NULL;

-- rule comment_sentence: a COMMENT of more than one sentence has a line break after the first
-- breaks: COMMENT ON TABLE voiceagent.leads IS 'One sentence. Another one.'
SELECT object FROM ours_comment
WHERE description ~ '^[^\n]*(?<!\m(e\.g|i\.e|art|vs|No|St))[.!?][)"'']* +\S';

-- rule comment_length: a COMMENT has at most 400 characters; what is longer goes into a document or above the object in the file.
-- breaks: DO $$ BEGIN EXECUTE format('COMMENT ON TABLE voiceagent.leads IS %L', repeat('x', 401)); END $$
SELECT format('%s characters: %s', length(description), object)
FROM ours_comment WHERE length(description) > 400;

-- rule overload: no two functions of schema voiceagent have one name (PostgREST could not choose), but for
-- relationships, of which there is one for each kind of row
-- breaks: CREATE FUNCTION voiceagent.clock(int) RETURNS int LANGUAGE sql AS 'SELECT 1'
SELECT name || ' has ' || count(*) FROM ours_proc WHERE nspname = 'voiceagent' AND NOT relates GROUP BY name HAVING count(*) > 1;

-- rule public_execute: PUBLIC may call nothing
-- breaks: GRANT EXECUTE ON FUNCTION voiceagent.clock() TO PUBLIC
SELECT p.name FROM ours_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
WHERE a.grantee = 0 AND a.privilege_type = 'EXECUTE';

-- rule anon_execute: a visitor without an account may call only what the exceptions list
-- breaks: GRANT EXECUTE ON FUNCTION voiceagent.current_tenant() TO voiceagent_anon
SELECT p.name FROM ours_proc p WHERE has_function_privilege('voiceagent_anon', p.oid, 'EXECUTE');

-- rule anon_read: a visitor without an account may read only what the exceptions list
-- breaks: GRANT SELECT (company) ON voiceagent.leads TO voiceagent_anon
SELECT c.name FROM ours_class c
WHERE c.relkind IN ('r', 'p', 'v', 'm')
      AND (has_table_privilege('voiceagent_anon', c.oid, 'SELECT') OR has_any_column_privilege('voiceagent_anon', c.oid, 'SELECT'));

-- rule c_name: functions written in C are called va_sql_... there
-- breaks: CREATE FUNCTION voiceagent.broken() RETURNS bigint LANGUAGE c AS '$libdir/btree_gist', 'gbtreekey_in'
SELECT name || ' is ' || prosrc FROM ours_proc WHERE lanname = 'c' AND prosrc NOT LIKE 'va\_sql\_%';

-- rule public_relation: PUBLIC may read and write nothing
-- breaks: GRANT SELECT ON voiceagent.leads TO PUBLIC
SELECT c.name || ' ' || string_agg(a.privilege_type, ',') FROM ours_class c, aclexplode(c.relacl) a
WHERE a.grantee = 0 GROUP BY c.name;

-- rule member_write: members and visitors write only through functions
-- breaks: GRANT UPDATE (company) ON voiceagent.leads TO voiceagent_user
SELECT c.name || ' lets ' || r.rolname || ' ' || p
FROM ours_class c, member_role r, unnest('{INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER}'::text[]) p
WHERE c.relkind IN ('r', 'p', 'v', 'm')
      AND (has_table_privilege(r.oid, c.oid, p)
           OR p IN ('INSERT', 'UPDATE', 'REFERENCES') AND has_any_column_privilege(r.oid, c.oid, p))
UNION ALL
SELECT c.name || ' lets ' || r.rolname || ' ' || p
FROM ours_class c, member_role r, unnest('{USAGE,UPDATE}'::text[]) p
WHERE c.relkind = 'S' AND has_sequence_privilege(r.oid, c.oid, p);

-- rule private_usage: nobody who logs in reaches schemas voiceagent_private and voiceagent_condition
-- breaks: GRANT USAGE ON SCHEMA voiceagent_private TO voiceagent_user
SELECT n.nspname || ' lets ' || r.rolname || ' ' || p
FROM pg_namespace n, pg_roles r, unnest('{USAGE,CREATE}'::text[]) p
WHERE n.nspname IN ('voiceagent_private', 'voiceagent_condition') AND r.rolname IN ('voiceagent_anon', 'voiceagent_user', 'voiceagent_admin')
      AND has_schema_privilege(r.oid, n.oid, p)
UNION ALL
SELECT n.nspname || ' lets PUBLIC ' || a.privilege_type
FROM pg_namespace n, aclexplode(n.nspacl) a
WHERE n.nspname IN ('voiceagent', 'voiceagent_bi', 'voiceagent_private', 'voiceagent_condition') AND a.grantee = 0
UNION ALL
SELECT n.nspname || ' lets ' || r.rolname || ' CREATE'
FROM pg_namespace n, pg_roles r
WHERE n.nspname IN ('voiceagent', 'voiceagent_bi') AND r.rolname IN ('voiceagent_anon', 'voiceagent_user', 'voiceagent_admin', 'voiceagent_worker')
      AND has_schema_privilege(r.oid, n.oid, 'CREATE');

-- rule config_dump: pg_dump takes the rows of every table and the state of every sequence along
-- breaks: UPDATE pg_extension SET extconfig = NULL, extcondition = NULL WHERE extname = 'voiceagent'
SELECT c.name
FROM ours_class c
WHERE c.relkind IN ('r', 'S')
      AND NOT EXISTS (SELECT FROM pg_extension e WHERE e.extname = 'voiceagent' AND c.oid = ANY (e.extconfig));

-- rule dump_condition: pg_dump takes every row of a table with tenant_id along, not only some
-- breaks: UPDATE pg_extension SET extcondition[1 + array_position(extconfig, 'voiceagent.leads'::regclass::oid) - array_lower(extconfig, 1)] = 'WHERE priority < 5' WHERE extname = 'voiceagent'
SELECT c.name || ' only ' || u.condition
FROM ours_table c, pg_extension e, unnest(e.extconfig, e.extcondition) AS u (oid, condition)
WHERE e.extname = 'voiceagent' AND u.oid = c.oid AND c.of_tenant AND u.condition <> '';

-- rule membership: everything in our schemas belongs to the extension, so that DROP EXTENSION leaves nothing
-- breaks: CREATE TABLE voiceagent.broken (tenant_id bigint)
SELECT o.name
FROM (SELECT 'pg_class'::regclass AS class, oid, name FROM ours_class WHERE relkind NOT IN ('i', 'I', 't', 'c')
      UNION ALL SELECT 'pg_proc'::regclass, oid, name FROM ours_proc
      UNION ALL SELECT 'pg_type'::regclass, oid, name FROM ours_type) o
WHERE NOT EXISTS (SELECT FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'voiceagent'
                  WHERE d.classid = o.class AND d.objid = o.oid AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e');

-- rule parallel: what catches errors opens a subtransaction, which no parallel query may (before PostgreSQL 17)
-- breaks: ALTER FUNCTION voiceagent_private.as_interval(text) PARALLEL SAFE
SELECT p.name || ' has an EXCEPTION clause and is marked parallel safe or restricted' FROM ours_proc p
WHERE p.lanname = 'plpgsql' AND p.proparallel <> 'u' AND p.prosrc ~ '\mEXCEPTION\s+WHEN\M';

/*
 * Every function of schema voiceagent is POST /rpc/NAME of PostgREST (those that are not VOLATILE also GET, in a
 * read-only transaction: regress/t/199_postgrest.pl calls them so), every table and view GET /NAME.
 */

-- rule rpc_arguments: every argument of a public function has a name, or it is the only one and the body of a request
-- breaks: CREATE FUNCTION voiceagent.nameless(bigint, text) RETURNS int LANGUAGE sql AS 'SELECT 1'
SELECT p.name || ' has ' || p.pronargs || ' arguments, of which some have no name'
FROM ours_proc p
WHERE p.nspname = 'voiceagent' AND p.pronargs > 0
      AND NOT (p.pronargs = 1 AND p.proargnames IS NULL AND p.proargtypes[0] IN ('json'::regtype, 'bytea'::regtype))
      AND NOT p.relates
      AND p.pronargs > (SELECT count(*) FROM unnest(p.proargnames[:p.pronargs]) n WHERE n <> '');

-- rule rpc_argument_mode: arguments go in or come out, none does both, none is a list
-- breaks: CREATE FUNCTION voiceagent.listing(VARIADIC ids bigint[]) RETURNS int LANGUAGE sql AS 'SELECT 1'
SELECT p.name || ' has an INOUT or VARIADIC argument'
FROM ours_proc p WHERE p.nspname = 'voiceagent' AND p.proargmodes && '{b,v}'::"char"[];

-- rule rpc_reserved: no argument has the name of a parameter that PostgREST itself reads from the query
-- breaks: CREATE FUNCTION voiceagent.page("limit" int) RETURNS int LANGUAGE sql AS 'SELECT 1'
SELECT p.name || ' has an argument named ' || n
FROM ours_proc p, unnest(p.proargnames[:p.pronargs]) n
WHERE p.nspname = 'voiceagent' AND n IN ('select', 'columns', 'order', 'limit', 'offset', 'and', 'or', 'not', 'on_conflict');

-- rule rpc_argument_type: what a JSON body cannot say is no argument
-- breaks: CREATE FUNCTION voiceagent.anything(value anyelement) RETURNS int LANGUAGE sql AS 'SELECT 1'
SELECT p.name || ' takes ' || t.oid::regtype
FROM ours_proc p, unnest(p.proargtypes) a JOIN pg_type t ON t.oid = a
WHERE p.nspname = 'voiceagent' AND t.typtype = 'p';

-- rule rpc_result: a public function returns nothing, a value, a row or rows whose columns are known
-- breaks: CREATE FUNCTION voiceagent.some_record() RETURNS record LANGUAGE sql AS 'SELECT 1, 2'
SELECT p.name || ' returns ' || t.oid::regtype
FROM ours_proc p JOIN pg_type t ON t.oid = p.prorettype
WHERE p.nspname = 'voiceagent' AND t.typtype = 'p' AND t.typname <> 'void'
      AND NOT (t.typname = 'record' AND coalesce(p.proargmodes && '{o,t}'::"char"[], false));

-- rule rpc_kind: schema voiceagent has plain functions only: no procedure, aggregate or trigger
-- breaks: CREATE PROCEDURE voiceagent.run() LANGUAGE sql AS 'SELECT 1'
SELECT p.name || ' is of kind ' || p.prokind::text FROM ours_proc p WHERE p.nspname = 'voiceagent' AND p.prokind <> 'f';

-- rule rpc_name: no function has the name of a table or view, but a relationship that of its target; no name needs quotes
-- breaks: CREATE FUNCTION voiceagent.leads() RETURNS int LANGUAGE sql AS 'SELECT 1'
SELECT p.name || ' is also a relation, or needs quotes'
FROM ours_proc p
WHERE p.nspname = 'voiceagent' AND (quote_ident(p.proname) <> p.proname
      OR EXISTS (SELECT FROM ours_class c WHERE c.nspname = 'voiceagent' AND c.relkind IN ('r', 'p', 'v', 'm') AND c.relname = p.proname
                 AND NOT (p.relates AND p.prorettype = c.reltype)));

-- rule http_status: every SQLSTATE of class PT names a status that a client understands
-- breaks: CREATE FUNCTION voiceagent_private.teapot() RETURNS void LANGUAGE plpgsql AS $$ BEGIN RAISE SQLSTATE 'PT777'; END $$
SELECT p.name || ' raises ' || m[1]
FROM ours_proc p, regexp_matches(p.prosrc, '\mPT[0-9A-Z]{3}\M', 'g') m
WHERE m[1] NOT IN ('PT401', 'PT402', 'PT403', 'PT404', 'PT405', 'PT409', 'PT413', 'PT421', 'PT422', 'PT428', 'PT429', 'PT503');

-- rule clock_waits: what somebody may wait for follows a clock that is set back: clock_waits has every column of a time
-- whose name does not say that it has passed
-- breaks: ALTER TABLE voiceagent_private.pacing ADD looks_at timestamptz
SELECT t.name || '.' || a.attname
FROM ours_table t JOIN pg_attribute a ON a.attrelid = t.oid
WHERE NOT t.relispartition AND a.atttypid = 'timestamptz'::regtype AND NOT a.attisdropped
      AND a.attname !~ '^at$|(ed|done|sent|ran|began)_at$|_as_of$'
      AND NOT EXISTS (SELECT FROM voiceagent_private.clock_waits w WHERE w.tab = t.name AND w.col = a.attname);

-- rule clock_waits_are: clock_waits names columns that there are, and how each follows
-- breaks: ALTER TABLE voiceagent_private.pacing RENAME next_dial_at TO looks_at
SELECT w.tab || '.' || w.col || ' ' || w.way
FROM voiceagent_private.clock_waits w
WHERE NOT EXISTS (SELECT FROM ours_table t JOIN pg_attribute a ON a.attrelid = t.oid
                  WHERE t.name = w.tab AND a.attname = w.col AND NOT a.attisdropped)
      OR NOT (w.way = 'at once' OR w.way = 'by tenant'
              OR EXISTS (SELECT FROM ours_proc p WHERE p.proname = w.way AND p.prosrc || coalesce(pg_get_function_sqlbody(p.oid), '') ~ ('\m' || w.col || '\M')));

-- rule string_literals: no body that is parsed when it runs has a literal that standard_conforming_strings changes, unless the
-- function sets it on; in SQL that may be inlined write RETURN, BEGIN ATOMIC or E''
-- breaks: CREATE FUNCTION voiceagent_private.digits(words text) RETURNS boolean LANGUAGE sql AS $$ SELECT words ~ '^\d+$' $$
SELECT p.name || '(' || pg_get_function_identity_arguments(p.oid) || ')'
FROM ours_proc p
WHERE p.prosqlbody IS NULL AND p.lanname IN ('sql', 'plpgsql') AND voiceagent_private.has_bare_backslash(p.prosrc)
      AND NOT coalesce('standard_conforming_strings=on' = ANY (p.proconfig), false);

-- rule rings: a carrier is asked to ring no number of which may_ring() was not asked: no function writes one into a request or a plan,
-- takes one from an agent, or writes an attempt, unless it asks, or one that is named here has asked before or asks when it is sent
-- breaks: CREATE FUNCTION voiceagent_private.ring_them() RETURNS jsonb LANGUAGE sql AS $$ SELECT jsonb_build_object('forward_to', '+1') $$
WITH source AS (
	SELECT p.name, p.prosrc || coalesce(pg_get_function_sqlbody(p.oid), '') AS body FROM ours_proc p
), asked(name, by) AS (VALUES
	('voiceagent_private.place_calls', 'voiceagent_private.stopping_layer'),
	('voiceagent_private.claim_provider_requests', 'voiceagent_private.ring_obstacle'),
	('voiceagent_private.retry_dials', 'voiceagent_private.may_retry_dials')
)
SELECT s.name || ' rings unasked' FROM source s
WHERE s.body ~ '[(,]\s*''(forward_to|fallback_number)'', |''transfer'', jsonb_build|INSERT INTO voiceagent\.attempts|unnest\(a\.phones\)'
      AND s.body !~ '\m(may|require)_ring\('
      AND s.name NOT IN (SELECT f.name FROM asked f)
      -- What people are shown.
      AND s.name NOT LIKE '%\_page'
UNION ALL
SELECT f.name || ': ' || f.by || ' asks no more' FROM asked f
WHERE NOT EXISTS (SELECT FROM source s WHERE s.name = f.by AND s.body ~ '\m(may|require)_ring\(')
UNION ALL
SELECT w.name || ' goes on unasked' FROM (VALUES ('voiceagent_private.claim_provider_requests', 'ring_obstacle'),
	('voiceagent_private.ask_rules', 'stopping_layer')) w(name, asks)
WHERE NOT EXISTS (SELECT FROM source s WHERE s.name = w.name AND s.body ~ ('\m' || w.asks || '\('));

-- rule hides_query: a function that takes a secret hides its statement first
-- breaks: CREATE FUNCTION voiceagent.broken(reset_token text) RETURNS void LANGUAGE sql AS ''
SELECT DISTINCT p.name || ' shows ' || a.name FROM ours_proc p,
       LATERAL unnest(p.proargnames, coalesce(p.proallargtypes, p.proargtypes::oid[]), p.proargmodes) a(name, type, mode)
WHERE p.nspname = 'voiceagent' AND coalesce(a.mode, 'i') IN ('i', 'b', 'v') AND a.type IN ('text'::regtype, 'jsonb'::regtype, 'json'::regtype, 'bytea'::regtype)
      AND a.name ~ '(token|secret|password|signature|credential|api_key|coupon|headers|(^|_)link)' AND p.prosrc !~ '\mhide_query\(';
