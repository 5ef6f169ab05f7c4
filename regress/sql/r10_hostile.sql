-- A tenant's own SQL session, and whoever sits in it wishes us ill: what it tries gains nothing.
-- Only the SQLSTATE of an error is shown, since each version has its own words: 42501 no privilege, 22023 and 55P02
-- and 42602 no such setting or value, PT401 and PT404 ours.
\set VERBOSITY sqlstate
SET client_min_messages = error;
CREATE ROLE regress_hostile LOGIN;
CREATE ROLE regress_victim LOGIN;
SELECT voiceagent.create_tenant('Hostile', credits => 1000) AS hostile, voiceagent.create_tenant('Victim', credits => 1000) AS victim \gset
SELECT voiceagent.map_role('regress_hostile', :hostile), voiceagent.map_role('regress_victim', :victim);
CREATE SCHEMA hostile AUTHORIZATION regress_hostile;
GRANT CREATE ON DATABASE contrib_regression TO regress_hostile;
SELECT current_user AS super \gset
\c - regress_victim
SELECT voiceagent.create_assistant('Vera', 'Hello {{first_name}}, victim''s own words.', 'Be kind.') AS victim_assistant \gset
SELECT voiceagent.create_campaign('victim''s campaign', :victim_assistant) AS victim_campaign \gset
SELECT voiceagent.add_lead('+12025550143', 'victim''s lead') AS victim_lead \gset
\c - regress_hostile
SELECT voiceagent.add_lead('+12025550199', 'own') AS own_lead \gset

-- Another role, another session, another identity.
SET ROLE voiceagent_owner;
SET ROLE voiceagent_worker;
SET ROLE voiceagent_admin;
SET ROLE regress_victim;
SET SESSION AUTHORIZATION regress_victim;
SET voiceagent.context_tenant = '1';
SELECT set_config('voiceagent.context_tenant', '1', false);
SET voiceagent.clock_offset = 3600;
SET voiceagent.crash_points = on;
SET voiceagent.allow_drop_with_data = on;
SET voiceagent.require_set_local = off;
SET voiceagent.authenticator = 'regress_hostile';
SET voiceagent.vault_key_file = '/etc/passwd';
SET voiceagent.jwt_secret_file = '/etc/passwd';
SET voiceagent.arming_file = '/tmp/x';
SET voiceagent.metrics_token = 'x';
SET voiceagent.public_base_url = 'https://example.com';
SET voiceagent.whatever = 'x';
SHOW voiceagent.vault_key_file;
SHOW voiceagent.jwt_secret_file;
SELECT name FROM pg_settings WHERE name LIKE 'voiceagent.%' AND (context = 'user' OR setting ~ 'secret|key_file=') ORDER BY 1;
ALTER ROLE regress_hostile SET voiceagent.context_tenant = '1';
ALTER ROLE regress_hostile SET voiceagent.clock_offset = '3600';
SELECT voiceagent.current_tenant() = :hostile AS "still the same tenant";
SET request.jwt.claims = '{"tenant_id": 1, "role": "voiceagent_user"}';
SELECT voiceagent.current_tenant() = :hostile AS "claims are PostgREST's to show";
SET request.jwt.claim.role = 'voiceagent_admin';
SET "role" = 'none';
SET voiceagent.token = 'eyJhbGciOiJub25lIn0.eyJ0ZW5hbnRfaWQiOjF9.';
SELECT voiceagent.current_tenant();
RESET voiceagent.token;
SELECT voiceagent_private.set_tenant(1);
SELECT voiceagent_private.is_platform();

-- Functions without a schema: who may call them decides the function's own rights, not its name.
CREATE FUNCTION pg_temp.act(bigint) RETURNS bigint LANGUAGE c AS 'voiceagent', 'va_sql_act_for';
CREATE FUNCTION hostile.act(bigint) RETURNS bigint LANGUAGE internal AS 'int8abs';

-- Files, programs, large objects, languages, objects in our schemas.
COPY voiceagent.leads TO PROGRAM 'cat > /tmp/hostile';
COPY voiceagent.leads FROM PROGRAM 'cat /etc/passwd';
COPY voiceagent.leads TO '/tmp/hostile';
COPY (SELECT count(*) FROM voiceagent.leads WHERE first_name LIKE 'victim%') TO STDOUT;
COPY voiceagent_private.secrets TO STDOUT;
SELECT lo_import('/etc/passwd');
SELECT lo_export(1, '/tmp/hostile');
SELECT pg_read_file('postgresql.conf');
SELECT count(*) FROM pg_ls_dir('.');
CREATE FUNCTION hostile.f() RETURNS int LANGUAGE plpythonu AS 'return 1';
CREATE EXTENSION pageinspect;
CREATE TABLE voiceagent.mine (i int);
CREATE VIEW voiceagent.mine AS SELECT 1;
CREATE FUNCTION voiceagent.mine() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION voiceagent_private.mine() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TYPE voiceagent.mine AS (i int);
CREATE OPERATOR voiceagent.=== (FUNCTION = int4eq, LEFTARG = int, RIGHTARG = int);
CREATE EVENT TRIGGER mine ON ddl_command_start EXECUTE FUNCTION voiceagent.clock();
CREATE TRIGGER mine BEFORE INSERT ON voiceagent.leads FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE RULE mine AS ON SELECT TO voiceagent.leads DO INSTEAD NOTHING;
CREATE POLICY mine ON voiceagent.leads USING (true);
CREATE INDEX mine ON voiceagent.leads (phone);
CREATE STATISTICS hostile.mine ON phone, email FROM voiceagent.leads;
CREATE PUBLICATION mine FOR TABLE voiceagent.leads;
CREATE TABLE hostile.refers (tenant_id bigint, lead_id bigint, FOREIGN KEY (tenant_id, lead_id) REFERENCES voiceagent.leads);
CREATE TABLE hostile.child () INHERITS (voiceagent.leads);
ALTER TABLE voiceagent.leads DISABLE ROW LEVEL SECURITY;
ALTER TABLE voiceagent.leads OWNER TO regress_hostile;
ALTER FUNCTION voiceagent.add_leads(bigint, bigint[]) SET search_path = hostile;
ALTER FUNCTION voiceagent.add_leads(bigint, bigint[]) OWNER TO regress_hostile;
COMMENT ON TABLE voiceagent.leads IS 'x';
SECURITY LABEL ON TABLE voiceagent.leads IS 'x';
DROP FUNCTION voiceagent.clock();
DROP EXTENSION voiceagent;
ALTER EXTENSION voiceagent DROP FUNCTION voiceagent.clock();
ALTER SCHEMA voiceagent RENAME TO other;
GRANT SELECT ON voiceagent.leads TO PUBLIC;
GRANT voiceagent_user TO regress_victim;
REASSIGN OWNED BY voiceagent_owner TO regress_hostile;
ANALYZE voiceagent.leads;
VACUUM voiceagent.leads;
REFRESH MATERIALIZED VIEW voiceagent.leads;

-- Locks: none that stops anybody but itself.
BEGIN; LOCK TABLE voiceagent.leads IN ROW EXCLUSIVE MODE; ROLLBACK;
BEGIN; LOCK TABLE voiceagent.leads IN ACCESS EXCLUSIVE MODE; ROLLBACK;
BEGIN; LOCK TABLE voiceagent.leads IN SHARE MODE; ROLLBACK;
BEGIN; LOCK TABLE voiceagent_private.maintenance_jobs IN ACCESS SHARE MODE; ROLLBACK;
SELECT lead_id FROM voiceagent.leads FOR UPDATE;
SELECT lead_id FROM voiceagent.leads FOR KEY SHARE;
BEGIN;
SELECT voiceagent.add_lead('+12025550198', 'own') > 0;
PREPARE TRANSACTION 'mine';
ROLLBACK;

-- Sequences, and what lies beside a row.
SELECT nextval('voiceagent.leads_lead_id_seq');
SELECT currval('voiceagent.leads_lead_id_seq');
SELECT setval('voiceagent.leads_lead_id_seq', 1);
SELECT last_value FROM voiceagent.leads_lead_id_seq;
SELECT last_value FROM pg_sequences WHERE schemaname LIKE 'voiceagent%' AND last_value IS NOT NULL;
SELECT count(*) FROM voiceagent.leads WHERE ctid = '(0,1)' OR xmin <> '0' OR tableoid > 0;
SELECT count(*) FROM voiceagent.leads WHERE lead_id = :victim_lead;
-- Of tables that are the same for everybody there are some once autovacuum has come by.
SELECT count(*) FROM pg_stats JOIN pg_class c ON c.relname = tablename AND c.relnamespace::regnamespace::text = schemaname WHERE schemaname IN ('voiceagent', 'voiceagent_private') AND c.relrowsecurity;
SELECT count(*) FROM pg_stats_ext WHERE schemaname IN ('voiceagent', 'voiceagent_private');
SELECT count(*) FROM pg_statistic;
SELECT count(*) FROM pg_stat_activity WHERE usename <> current_user AND query <> '<insufficient privilege>' AND backend_type = 'client backend';
SELECT count(*) FROM pg_largeobject;
SELECT channel FROM voiceagent_private.tenant_directory;
SELECT count(*) FROM pg_listening_channels();

-- A function of mine sees no row before the policy has let it through: EXPLAIN, leaky operators, cheap functions.
CREATE TABLE hostile.seen (what text);
CREATE FUNCTION hostile.leak(text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS $$ BEGIN INSERT INTO hostile.seen VALUES ($1); RETURN true; END $$;
CREATE FUNCTION hostile.leak_numbers(bigint, bigint) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS $$ BEGIN INSERT INTO hostile.seen VALUES ('lead ' || $1), ('tenant ' || $2); RETURN true; END $$;
CREATE OPERATOR hostile.<<< (FUNCTION = hostile.leak_numbers, LEFTARG = bigint, RIGHTARG = bigint, RESTRICT = eqsel);
ALTER FUNCTION hostile.leak(text) LEAKPROOF;
SELECT count(*) FROM voiceagent.leads WHERE hostile.leak(first_name);
SELECT count(*) FROM voiceagent.leads l JOIN voiceagent.campaign_leads c USING (tenant_id) WHERE hostile.leak(l.first_name) OR hostile.leak(c.status);
SELECT count(*) FROM voiceagent.leads WHERE lead_id OPERATOR(hostile.<<<) tenant_id;
SELECT count(*) FROM voiceagent.tenants WHERE hostile.leak(name) AND tenant_id = :victim;
SELECT count(*) FROM voiceagent.assistants WHERE hostile.leak(name) AND 1 / (tenant_id - :victim) > 5;
SELECT count(*) FILTER (WHERE what LIKE '%ictim%' OR what = 'tenant ' || :victim OR what = 'lead ' || :victim_lead) AS "of the victim", count(*) > 0 AS "of its own" FROM hostile.seen;
SELECT count(*) FROM voiceagent.leads WHERE 1 / (lead_id - :victim_lead) > 5;
CREATE FUNCTION hostile.rows_expected(query text) RETURNS text LANGUAGE plpgsql AS $$ DECLARE v json; BEGIN EXECUTE 'EXPLAIN (FORMAT json, ANALYZE, COSTS off, TIMING off, SUMMARY off, BUFFERS off) ' || query INTO v; RETURN v::text; END $$;
SELECT hostile.rows_expected(format('SELECT FROM voiceagent.leads WHERE lead_id = %L::bigint', :victim_lead)) = replace(hostile.rows_expected(format('SELECT FROM voiceagent.leads WHERE lead_id = %L::bigint', 987654321987)), '987654321987', :'victim_lead') AS "EXPLAIN tells nothing of an id";

-- Channels of other kinds: a cursor, a temporary table, a prepared statement outlive nothing that they should not.
BEGIN;
DECLARE kept CURSOR WITH HOLD FOR SELECT first_name FROM voiceagent.leads;
COMMIT;
FETCH ALL kept;
CREATE TEMP TABLE leads AS SELECT * FROM voiceagent.leads;
SELECT count(*) FROM leads WHERE first_name LIKE 'victim%';
SELECT dblink_connect('x', 'dbname=postgres user=postgres');
NOTIFY voiceagent;

-- What a key of the victim's says: nothing, since keys are a tenant's own.
SELECT voiceagent.add_lead('+12025550143', 'mine') > 0 AS "a number that the victim has";
SELECT voiceagent.create_campaign('victim''s campaign', voiceagent.create_assistant('Vera', 'Hello', 'Be kind.')) > 0 AS "a name that the victim has";
SELECT voiceagent.add_leads(:victim_campaign);
SELECT voiceagent.update_lead(:victim_lead, '{"first_name": "x"}');

-- Whatever a definer's function of ours names, there is a thing of mine by that name: in my schema, in pg_temp, first in
-- the search path; and each that is mine tells.
\c - :super
SET client_min_messages = error;
CREATE TABLE hostile.gained (who text, called text);
GRANT INSERT ON hostile.gained TO PUBLIC;
GRANT USAGE ON SCHEMA hostile TO PUBLIC;
-- Names: of every function of the server and of ours that such a function's text mentions, of every relation, type and operator.
CREATE TEMP TABLE word AS
	SELECT DISTINCT m[1] AS word FROM pg_proc p, regexp_matches(p.prosrc || coalesce(pg_get_function_sqlbody(p.oid), ''), '[a-z_][a-z0-9_]{2,}', 'g') m
	WHERE p.pronamespace IN ('voiceagent'::regnamespace, 'voiceagent_private'::regnamespace) AND p.prolang <> (SELECT oid FROM pg_language WHERE lanname = 'c');
SELECT count(*) > 1000 AS "there are words" FROM word;
CREATE FUNCTION pg_temp.shadow(schema text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	f record;
	v_made bigint := 0;
BEGIN
	-- Functions, by all the arguments that the real one takes, so that it would be the better match.
	FOR f IN SELECT DISTINCT p.proname, pg_get_function_identity_arguments(p.oid) AS arguments, oidvectortypes(p.proargtypes) AS types, format_type(p.prorettype, NULL) AS result, p.proretset, p.pronargs
		FROM pg_proc p JOIN word w ON w.word = p.proname
		WHERE p.prokind = 'f' AND p.provariadic = 0 AND p.pronamespace IN ('pg_catalog'::regnamespace, 'voiceagent'::regnamespace, 'voiceagent_private'::regnamespace)
			AND p.prorettype NOT IN ('trigger'::regtype, 'internal'::regtype, 'event_trigger'::regtype) AND NOT EXISTS (SELECT FROM pg_type t WHERE t.oid = ANY (p.proargtypes::oid[] || p.prorettype) AND t.typtype = 'p' AND t.typname <> 'void')
			AND NOT EXISTS (SELECT FROM unnest(p.proargmodes) m WHERE m <> 'i')
	LOOP
		BEGIN
			EXECUTE format('CREATE FUNCTION %s.%I(%s) RETURNS %s LANGUAGE plpgsql SET search_path = %s AS %L', schema, f.proname, f.types, CASE WHEN f.proretset THEN 'SETOF ' ELSE '' END || f.result, 'pg_catalog',
				format($f$ BEGIN INSERT INTO hostile.gained VALUES (current_user, %L); RETURN %s; END $f$, schema || '.' || f.proname, CASE WHEN f.proretset OR f.result = 'void' THEN '' ELSE 'NULL' END));
			v_made := v_made + 1;
		EXCEPTION WHEN OTHERS THEN NULL;
		END;
	END LOOP;
	-- Relations and types of ours and of the catalog.
	FOR f IN SELECT DISTINCT c.relname FROM pg_class c JOIN word w ON w.word = c.relname WHERE c.relkind IN ('r', 'v', 'p') AND c.relnamespace IN ('pg_catalog'::regnamespace, 'voiceagent'::regnamespace, 'voiceagent_private'::regnamespace) LOOP
		BEGIN
			EXECUTE format('CREATE %s VIEW %s.%I AS SELECT hostile.told(%L)', CASE schema WHEN 'pg_temp' THEN 'TEMP' ELSE '' END, CASE schema WHEN 'pg_temp' THEN 'pg_temp' ELSE schema END, f.relname, f.relname);
			v_made := v_made + 1;
		EXCEPTION WHEN OTHERS THEN NULL;
		END;
	END LOOP;
	-- Operators.
	FOR f IN SELECT DISTINCT o.oprname, o.oprleft::regtype AS l, o.oprright::regtype AS r FROM pg_operator o WHERE o.oprleft <> 0 AND o.oprright <> 0 AND o.oprresult = 'bool'::regtype
		AND o.oprname IN ('=', '<>', '<', '<=', '>', '>=', '@>', '~', '~~') AND o.oprleft::regtype::text IN ('bigint', 'integer', 'text', 'timestamp with time zone', 'boolean', 'numeric', 'jsonb', 'interval', 'name') AND o.oprright = o.oprleft
	LOOP
		BEGIN
			EXECUTE format('CREATE FUNCTION hostile.op_%s_%s(%s, %s) RETURNS boolean LANGUAGE plpgsql AS %L', schema, v_made, f.l, f.r, format('BEGIN INSERT INTO hostile.gained VALUES (current_user, %L); RETURN true; END', f.oprname));
			EXECUTE format('CREATE OPERATOR %s.%s (FUNCTION = hostile.op_%s_%s, LEFTARG = %s, RIGHTARG = %s)', schema, f.oprname, schema, v_made, f.l, f.r);
			v_made := v_made + 1;
		EXCEPTION WHEN OTHERS THEN NULL;
		END;
	END LOOP;
	RETURN v_made;
END $$;
CREATE FUNCTION hostile.told(what text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN INSERT INTO hostile.gained VALUES (current_user, what); RETURN NULL; END $$;
\set ECHO none
\i lib/sql_fuzz.sql
\set ECHO all
UPDATE fuzz.function SET role = 'regress_hostile' WHERE caller = 'user';
INSERT INTO fuzz.tenant VALUES (:hostile, :victim);
SELECT count(*) > 0 AS ids FROM (SELECT fuzz.read_ids()) i;
BEGIN;
-- The search path of the session, and so of everything that sets none, begins with what is mine.
SELECT pg_temp.shadow('hostile') > 400 AS "in my schema", pg_temp.shadow('pg_temp') > 400 AS "in pg_temp";
TRUNCATE hostile.gained;
SET LOCAL search_path = hostile, pg_temp, voiceagent, pg_catalog;
SELECT pg_catalog.count(*) OPERATOR(pg_catalog.>) 0 AS "the bait works" FROM (SELECT hostile.told('x')) x;
SELECT pg_catalog.count(*) OPERATOR(pg_catalog.>) 60 AS "every function is called" FROM fuzz.call_all('regress_hostile') c;
-- What ran with more than its maker's own rights (the test's own statements are the superuser's).
SELECT DISTINCT who, called AS "what was called with the rights of others" FROM hostile.gained WHERE who OPERATOR(pg_catalog.~) '^voiceagent' ORDER BY 1, 2;
ROLLBACK;
-- It can fail: a definer's function without a search path.
BEGIN;
CREATE FUNCTION voiceagent.broken() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN RETURN abs(1::bigint); END';
ALTER FUNCTION voiceagent.broken OWNER TO voiceagent_owner;
GRANT EXECUTE ON FUNCTION voiceagent.broken TO voiceagent_user;
SET LOCAL SESSION AUTHORIZATION regress_hostile;
CREATE FUNCTION hostile.abs(bigint) RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN INSERT INTO hostile.gained VALUES (current_user, 'abs'); RETURN 1; END $$;
SET LOCAL search_path = hostile, pg_catalog;
SELECT voiceagent.broken();
RESET SESSION AUTHORIZATION;
SELECT DISTINCT who FROM hostile.gained WHERE called = 'abs';
ROLLBACK;
DROP SCHEMA fuzz CASCADE;
DROP ROLE fuzz_user, fuzz_other, fuzz_admin, fuzz_anon;
DROP SCHEMA hostile CASCADE;
REVOKE CREATE ON DATABASE contrib_regression FROM regress_hostile;
SELECT voiceagent.unmap_role('regress_hostile'), voiceagent.unmap_role('regress_victim');
DROP ROLE regress_hostile, regress_victim;
