-- Which tenant a session acts for: proofs that a session has by itself.  (Tokens need a key file: see the TAP tests.)
\set VERBOSITY terse
SET client_min_messages = warning;
CREATE ROLE regress_identity_a LOGIN;
CREATE ROLE regress_identity_b LOGIN;
CREATE ROLE regress_identity_none LOGIN IN ROLE voiceagent_user;
CREATE ROLE regress_identity_staff LOGIN IN ROLE voiceagent_admin;
CREATE ROLE regress_identity_bypass LOGIN BYPASSRLS;
SELECT voiceagent.create_tenant('Identity a', 'Europe/Berlin') AS a, voiceagent.create_tenant('Identity b') AS b \gset
SELECT voiceagent.map_role('regress_identity_a', :a);
SELECT voiceagent.map_role('regress_identity_b', :b);

-- What create_tenant gives, and refuses.
SELECT t.name, t.timezone, t.active, a.provider, a.name AS account, (SELECT count(*) FROM voiceagent_private.endpoint_routes r WHERE r.tenant_id = t.tenant_id) AS endpoints,
	d.channel ~ '^voiceagent_[0-9a-f]{48}$' AS has_channel
FROM voiceagent.tenants t JOIN voiceagent.provider_accounts a USING (tenant_id) JOIN voiceagent_private.tenant_directory d USING (tenant_id)
WHERE t.tenant_id IN (:a, :b) ORDER BY t.name;
SELECT voiceagent.create_tenant('  ');
SELECT voiceagent.create_tenant('x', 'Mars/Olympus');
SELECT voiceagent.create_tenant('x', 'FOO5BAR');
SELECT voiceagent.create_tenant('x', credits => -1);
SELECT voiceagent.create_tenant('x', credits => 'NaN');

-- Without a proof nothing is ever empty: it raises, also for a superuser.
SELECT voiceagent.current_tenant();
SET SESSION AUTHORIZATION regress_identity_none;
SELECT voiceagent.current_tenant();
SELECT count(*) FROM voiceagent.tenants;
SELECT voiceagent.set_setting('retry_delay', '60');
SELECT voiceagent.whoami();
RESET SESSION AUTHORIZATION;

-- The mapped role counts, not the role that was SET.
SET SESSION AUTHORIZATION regress_identity_a;
SELECT voiceagent.current_tenant() = :a AS is_a;
SELECT name FROM voiceagent.tenants;
SELECT voiceagent.whoami() - 'tenant_id' AS whoami;
SET ROLE voiceagent_user;
SELECT name FROM voiceagent.tenants;
RESET ROLE;
SET ROLE regress_identity_b;
SET ROLE voiceagent_owner;
RESET SESSION AUTHORIZATION;
GRANT regress_identity_b TO regress_identity_a;
SET SESSION AUTHORIZATION regress_identity_a;
SET ROLE regress_identity_b;
SELECT current_user, name FROM voiceagent.tenants;
RESET SESSION AUTHORIZATION;
REVOKE regress_identity_b FROM regress_identity_a;

-- The current tenant is nobody's to set.
SET SESSION AUTHORIZATION regress_identity_a;
SELECT set_config('voiceagent.context_tenant', '1', true);
SET voiceagent.context_tenant = 1;
SET LOCAL voiceagent.context_tenant = 1;
SELECT voiceagent_private.set_tenant(:b);
ALTER ROLE regress_identity_a SET voiceagent.context_tenant = 1;
CREATE FUNCTION pg_temp.sneak() RETURNS bigint LANGUAGE sql SET voiceagent.context_tenant = '1' RETURN voiceagent.current_tenant();
SELECT pg_temp.sneak();
RESET SESSION AUTHORIZATION;
SET voiceagent.context_tenant = 1;

-- Claims count only in sessions of PostgREST's login role; a token without a key file says what is missing.
SET SESSION AUTHORIZATION regress_identity_a;
SELECT set_config('request.jwt.claims', json_build_object('tenant_id', :b)::text, false) IS NOT NULL AS set;
SELECT name FROM voiceagent.tenants;
SET voiceagent.token = 'a.b.c';
\set VERBOSITY default
\set SHOW_CONTEXT never
SELECT name FROM voiceagent.tenants;
SELECT voiceagent.login('x@example.com', 'y');
SELECT voiceagent.create_api_key('x');
\set VERBOSITY terse
RESET voiceagent.token;
RESET SESSION AUTHORIZATION;

-- Parallel workers know who asks.  (16 renamed the setting that forces them.)
SELECT name AS force_parallel FROM pg_settings WHERE name IN ('force_parallel_mode', 'debug_parallel_query') ORDER BY name LIMIT 1 \gset
SET SESSION AUTHORIZATION regress_identity_a;
SET :force_parallel = on;
SELECT name, voiceagent.current_tenant() = :a AS is_a FROM voiceagent.tenants;
RESET :force_parallel;
SET SESSION AUTHORIZATION regress_identity_none;
SET :force_parallel = on;
SELECT name FROM voiceagent.tenants;
RESET :force_parallel;
RESET SESSION AUTHORIZATION;

-- Acting: for the platform, until the transaction or subtransaction ends.
BEGIN;
SELECT voiceagent_private.set_tenant(:a) AS before;
SAVEPOINT s;
SELECT voiceagent_private.set_tenant(:b) = :a AS before_was_a, voiceagent.current_tenant() = :b AS is_b;
SET LOCAL :force_parallel = on;
SELECT voiceagent.current_tenant() = :b AS is_b FROM voiceagent.tenants WHERE tenant_id = :b;
ROLLBACK TO s;
SELECT voiceagent.current_tenant() = :a AS is_a;
COMMIT;
SELECT voiceagent.current_tenant();

-- map_role refuses what could see everything, what is shared, and what stands for another.
SELECT voiceagent.map_role('postgres', :a);
SELECT voiceagent.map_role('regress_identity_bypass', :a);
SELECT voiceagent.map_role('regress_identity_staff', :a);
SELECT voiceagent.map_role('voiceagent_user', :a);
SELECT voiceagent.map_role('voiceagent_owner', :a);
SELECT voiceagent.map_role('regress_identity_a', :b);
SELECT voiceagent.map_role('regress_identity_nobody', :a);
SELECT voiceagent.map_role('regress_identity_none', 987654321987);
SELECT voiceagent.map_role('regress_identity_a', :a);		-- again: nothing

-- Unmapping counts at once; a rollback takes a mapping back.
SET SESSION AUTHORIZATION regress_identity_b;
SELECT voiceagent.current_tenant() = :b AS is_b;
RESET SESSION AUTHORIZATION;
SELECT voiceagent.unmap_role('regress_identity_b');
SET SESSION AUTHORIZATION regress_identity_b;
SELECT voiceagent.current_tenant();
RESET SESSION AUTHORIZATION;
BEGIN;
SELECT voiceagent.map_role('regress_identity_b', :a);
SET LOCAL SESSION AUTHORIZATION regress_identity_b;
SELECT voiceagent.current_tenant() = :a AS is_a;
ROLLBACK;
SET SESSION AUTHORIZATION regress_identity_b;
SELECT voiceagent.current_tenant();
RESET SESSION AUTHORIZATION;
SELECT voiceagent.unmap_role('regress_identity_b');
SELECT voiceagent.map_role('regress_identity_b', :b);

-- Staff and members: each what is theirs.
SET SESSION AUTHORIZATION regress_identity_a;
SELECT voiceagent.create_tenant('x');
SELECT voiceagent.map_role('regress_identity_a', :b);
SELECT voiceagent.set_tenant_active(:a, false);
SELECT voiceagent.set_tenant_timezone(:a, 'Asia/Tokyo');
SELECT voiceagent.arm(1, 'x');
SELECT voiceagent.create_member(:b, 'x@example.com', 'long enough');
SELECT voiceagent.create_member(987654321987, 'x@example.com', 'long enough');
SELECT voiceagent.create_member(:a, 'Ann@Example.com', 'long enough') > 0 AS created;
SELECT voiceagent.create_member(:a, 'ann@example.COM', 'long enough');
SELECT voiceagent.create_member(:a, 'ann', 'long enough');
SELECT voiceagent.create_member(:a, 'bob@example.com', 'short');
SELECT voiceagent.create_member(:a, 'bob@example.com', repeat('x', 73));
SELECT voiceagent.create_member(:a, 'bob@example.com', 'long enough', 'king');
SELECT email, role, active FROM voiceagent.members;
SELECT voiceagent.update_member(member_id, role => 'viewer', active => false) FROM voiceagent.members;
SELECT voiceagent.update_member(987654321987, role => 'viewer');
SELECT email, role, active FROM voiceagent.members;
SELECT * FROM voiceagent_private.member_logins;
RESET SESSION AUTHORIZATION;

-- The last active owner stays one, by every way out, unless a login role stands for the tenant, as it did above; the platform may.
ALTER ROLE regress_identity_a NOLOGIN;
SET SESSION AUTHORIZATION regress_identity_a;
SELECT voiceagent.update_member(member_id, role => 'owner', active => true) FROM voiceagent.members;
SELECT voiceagent.update_member(member_id, role => 'manager') FROM voiceagent.members;
SELECT voiceagent.update_member(member_id, active => false) FROM voiceagent.members;
SELECT voiceagent.update_member(member_id, role => 'owner', active => true, password => 'still long enough') FROM voiceagent.members;
SELECT voiceagent.create_member(:a, 'eve@example.com', 'long enough') > 0 AS created;
SELECT voiceagent.update_member(member_id, active => false) FROM voiceagent.members WHERE email = 'eve@example.com';
SELECT voiceagent.update_member(member_id, role => 'viewer') FROM voiceagent.members WHERE email = 'ann@example.com';
SELECT email, role, active FROM voiceagent.members ORDER BY member_id;
RESET SESSION AUTHORIZATION;
BEGIN;
SELECT voiceagent_private.set_tenant(:a) \g /dev/null
SELECT voiceagent.update_member(member_id, active => false) FROM voiceagent.members WHERE tenant_id = :a AND email = 'ann@example.com';
ROLLBACK;
ALTER ROLE regress_identity_a LOGIN;
SET SESSION AUTHORIZATION regress_identity_staff;
SELECT voiceagent.create_tenant('Identity c') AS c \gset
SELECT name FROM voiceagent.tenants WHERE tenant_id IN (:a, :b, :c) ORDER BY name;
SELECT count(*) FROM voiceagent.leads;
SELECT count(*) FROM voiceagent_private.role_map;
SELECT voiceagent.create_member(:c, 'carl@example.com', 'long enough') > 0 AS created;
SELECT voiceagent.set_tenant_active(987654321987, false);
SELECT voiceagent.set_tenant_timezone(987654321987, 'Asia/Tokyo');
SELECT voiceagent.set_tenant_timezone(:a, 'Mars/Olympus');
SELECT voiceagent.set_tenant_timezone(:a, NULL);
SELECT voiceagent.set_tenant_active(:a, false);
RESET SESSION AUTHORIZATION;

-- An inactive tenant reads, and changes nothing.
SET SESSION AUTHORIZATION regress_identity_a;
SELECT name, active FROM voiceagent.tenants;
SELECT voiceagent.set_setting('retry_delay', '60');
SELECT voiceagent.create_endpoint(provider_account_id) FROM voiceagent.provider_accounts;
RESET SESSION AUTHORIZATION;
SELECT voiceagent.set_tenant_active(:a, true);
SET SESSION AUTHORIZATION regress_identity_a;
SELECT voiceagent.set_setting('retry_delay', '60');

-- The audit trail: what happened to a, by whom; nobody takes it back.
SELECT actor, action, regexp_replace(object, '\d+', 'N') AS object, old_value, regexp_replace(new_value::text, '^\d+$', 'N') AS new_value FROM voiceagent.audit_log ORDER BY audit_id;
DELETE FROM voiceagent.audit_log;
RESET SESSION AUTHORIZATION;
DELETE FROM voiceagent.audit_log;
UPDATE voiceagent.audit_log SET actor = 'x';
TRUNCATE voiceagent.audit_log;
DELETE FROM voiceagent_private.platform_audit_log;
SET ROLE voiceagent_owner;
DELETE FROM voiceagent.audit_log;
RESET ROLE;

DELETE FROM voiceagent_private.role_map WHERE role_name LIKE 'regress_identity%';
DROP ROLE regress_identity_a, regress_identity_b, regress_identity_none, regress_identity_staff, regress_identity_bypass;
