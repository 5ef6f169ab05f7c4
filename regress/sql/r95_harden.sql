-- The second wall: what is taken from PUBLIC in this database, that ours go on, that it is said, done once, and taken back exactly.
\set VERBOSITY terse
\set SHOW_CONTEXT never
BEGIN;
CREATE ROLE r95_harden LOGIN;
CREATE ROLE r95_harden_other LOGIN;
CREATE ROLE r95_harden_limited LOGIN CONNECTION LIMIT 3;
SET LOCAL client_min_messages = notice;
SET LOCAL voiceagent.tenant_connections = 10;
SELECT voiceagent.create_tenant('r95 harden') AS tenant \gset
-- map_role() gives a role a limit of connections where it has none, and says so
SELECT voiceagent.map_role('r95_harden', :tenant), voiceagent.map_role('r95_harden', :tenant), voiceagent.map_role('r95_harden_limited', :tenant);
SELECT rolname, rolconnlimit FROM pg_roles WHERE rolname LIKE 'r95_harden%' ORDER BY 1;
-- ... staff's call too, which could not by itself
SAVEPOINT a;
ALTER ROLE r95_harden CONNECTION LIMIT -1;
CREATE ROLE r95_harden_staff LOGIN IN ROLE voiceagent_admin;
SET LOCAL SESSION AUTHORIZATION r95_harden_staff;
SELECT voiceagent.map_role('r95_harden', :tenant);
SAVEPOINT b;
-- each version has its own words
\set VERBOSITY sqlstate
ALTER ROLE r95_harden CONNECTION LIMIT 5;
\set VERBOSITY terse
ROLLBACK TO b;
SELECT * FROM voiceagent.harden_database();
ROLLBACK TO b;
SELECT * FROM voiceagent.soften_database();
ROLLBACK TO a;
SET LOCAL client_min_messages = warning;
-- ... and none where the setting gives none
SET LOCAL voiceagent.tenant_connections = 0;
SELECT voiceagent.map_role('r95_harden_other', :tenant);
SELECT rolconnlimit FROM pg_roles WHERE rolname = 'r95_harden_other';
SET LOCAL voiceagent.tenant_connections = 7;

CREATE FUNCTION pg_temp.rights() RETURNS TABLE (object text, item text) LANGUAGE sql AS $$
	SELECT p.oid::regprocedure::text, a::text FROM pg_proc p CROSS JOIN LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
	UNION ALL SELECT 'database', a::text FROM pg_database d CROSS JOIN LATERAL aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a WHERE d.datname = current_database()
	UNION ALL SELECT nspname, a::text FROM pg_namespace n CROSS JOIN LATERAL aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a WHERE n.oid >= 2200 OR n.nspname = 'public'
	UNION ALL SELECT rolname, rolconnlimit::text FROM pg_roles
$$;
-- one thing an administrator did before, which is not ours to take back
REVOKE EXECUTE ON FUNCTION pg_try_advisory_lock(bigint) FROM PUBLIC;
GRANT CREATE ON SCHEMA public TO PUBLIC;
CREATE TEMP TABLE before AS SELECT * FROM pg_temp.rights();
-- 17's pg_logical_emit_message has one argument more
SELECT replace(replace(object, current_database(), 'DATABASE'), 'bytea,boolean', 'bytea') AS object, state, action FROM voiceagent.harden_database()
WHERE object !~ '^(database|function|role (?!r95_))' OR object = 'database ' || current_database()
	OR object ~ '^function (pg_notify|pg_logical_emit_message.*bytea|pg_(try_)?advisory_lock\(bigint|lo_get\(oid\)|lo_export)' ORDER BY object COLLATE "C", state COLLATE "C";
SELECT object, state, action FROM voiceagent.harden_database() WHERE object = 'database postgres';
-- nothing is open to PUBLIC that the library refuses by its name
SELECT count(*) FROM pg_proc p WHERE p.prosrc ~ '^(pg_notify$|pg_(try_)?advisory_|pg_logical_emit_message|be_lo)' AND has_function_privilege('r95_harden_other', p.oid, 'EXECUTE')
	AND p.prosrc !~ '^be_lo';
CREATE ROLE r95_harden_stranger LOGIN;
SELECT count(*) AS stranger FROM pg_proc p WHERE p.prosrc ~ '^(pg_notify$|pg_(try_)?advisory_|pg_logical_emit_message|be_lo)' AND has_function_privilege('r95_harden_stranger', p.oid, 'EXECUTE');
SELECT has_database_privilege('r95_harden_stranger', current_database(), 'TEMPORARY') AS temporary, has_schema_privilege('r95_harden_stranger', 'public', 'CREATE') AS creates,
	has_function_privilege('voiceagent_worker', 'pg_notify(text,text)', 'EXECUTE') AS news, has_function_privilege('r95_harden', 'lo_get(oid)', 'EXECUTE') AS large_objects,
	has_function_privilege('r95_harden', 'lo_export(oid,text)', 'EXECUTE') AS exports;
SELECT rolconnlimit FROM pg_roles WHERE rolname = 'r95_harden_other';
-- again: nothing is done
SELECT action, count(*) FILTER (WHERE action LIKE 'nothing%') > 30 AS many FROM voiceagent.harden_database() WHERE action !~ '^left' GROUP BY action;
-- what somebody has changed since is left as it is
GRANT EXECUTE ON FUNCTION pg_notify(text, text) TO PUBLIC;
ALTER ROLE r95_harden_other CONNECTION LIMIT 20;
SELECT object, state, action FROM voiceagent.soften_database() WHERE action LIKE 'nothing%' ORDER BY object COLLATE "C";
SELECT count(*) AS "not as before" FROM ((SELECT * FROM pg_temp.rights() r WHERE r.object <> 'r95_harden_stranger' EXCEPT TABLE before)
	UNION ALL (TABLE before EXCEPT SELECT * FROM pg_temp.rights())) x WHERE x.object <> 'r95_harden_other';
SELECT rolconnlimit FROM pg_roles WHERE rolname = 'r95_harden_other';
SELECT * FROM voiceagent.soften_database();
SELECT action, count(*) FROM voiceagent_private.platform_audit_log WHERE action IN ('harden_database', 'soften_database') GROUP BY action ORDER BY action;
ROLLBACK;
