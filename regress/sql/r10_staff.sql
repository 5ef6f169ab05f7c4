-- Every function of schema voiceagent by everybody who may call one: a visitor, members of a tenant by role, the platform's staff by role,
-- and voiceagent_admin.  x: it is reached (it answers, or says that there is no such thing, that now is not the time, or, ? while
-- this test judges, that these arguments cannot be: by what other tests have stored beside it it says one or the other); a dot: refused.  A cell that changes fails here.  All in a transaction that is rolled back.
\set VERBOSITY terse
SET client_min_messages = warning;
BEGIN;
\i lib/matrix_setup.inc
SELECT tenant_id AS a FROM matrix.tenant WHERE letter = 'a' \gset
CREATE TABLE matrix.who (place int GENERATED ALWAYS AS IDENTITY, name text, login name, role name, claims jsonb);
INSERT INTO matrix.who (name, login, role, claims) VALUES ('visitor', 'regress_matrix_anon', 'voiceagent_anon', NULL);
INSERT INTO matrix.who (name, login, role, claims)
	SELECT r, 'voiceagent_api', 'voiceagent_user', jsonb_build_object('tenant_id', :a, 'exp', 4102444800, 'member_id', voiceagent.create_member(:a, r || '@matrix.example', 'long enough', r))
	FROM unnest('{viewer,agent,manager,owner}'::text[]) WITH ORDINALITY u(r, n) ORDER BY n;
INSERT INTO voiceagent_private.staff (email, roles, created_at) SELECT r || '@platform.example', ARRAY[r], now() FROM unnest('{support,finance,operator,owner}'::text[]) r;
INSERT INTO voiceagent_private.staff_sessions (session_hash, staff_id, expires_at) SELECT sha256(convert_to(roles[1], 'UTF8')), staff_id, now() + interval '1 day' FROM voiceagent_private.staff WHERE email LIKE '%@platform.example';
INSERT INTO matrix.who (name, login, role, claims)
	SELECT 'staff ' || r, 'voiceagent_api', 'voiceagent_staff', jsonb_build_object('jti', r, 'exp', 4102444800) FROM unnest('{support,finance,operator,owner}'::text[]) WITH ORDINALITY u(r, n) ORDER BY n;
-- Somebody of the staff acts as the tenant: act_as_tenant().
INSERT INTO voiceagent_private.staff_sessions (session_hash, staff_id, expires_at, acts_as) SELECT sha256(convert_to('acting ' || roles[1], 'UTF8')), staff_id, now() + interval '1 day', :a FROM voiceagent_private.staff WHERE email IN ('support@platform.example', 'operator@platform.example');
INSERT INTO matrix.who (name, login, role, claims)
	SELECT 'acting ' || roles[1], 'voiceagent_api', 'voiceagent_user', jsonb_build_object('tenant_id', :a, 'exp', 4102444800, 'sub', voiceagent_private.staff_words(s), 'member_role', CASE roles[1] WHEN 'operator' THEN 'manager' ELSE 'viewer' END)
	FROM voiceagent_private.staff s WHERE email IN ('support@platform.example', 'operator@platform.example') ORDER BY email DESC;
INSERT INTO matrix.who (name, login, role, claims) VALUES ('admin', 'regress_matrix_admin', 'voiceagent_admin', NULL);

CREATE FUNCTION matrix.as(who matrix.who, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_state text := 'ok';
BEGIN
	BEGIN
		PERFORM set_config('request.jwt.claims', coalesce(who.claims::text, ''), true);
		EXECUTE format('SET LOCAL SESSION AUTHORIZATION %I; SET LOCAL ROLE %I', who.login, who.role);
		EXECUTE statement;
		RAISE EXCEPTION USING ERRCODE = 'ZZ999';
	EXCEPTION
		WHEN SQLSTATE 'ZZ999' THEN NULL;
		WHEN OTHERS THEN v_state := SQLSTATE;
	END;
	RETURN v_state;
END $$;
CREATE FUNCTION matrix.call(f oid) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT format('SELECT count(t) FROM %s(%s) t', f::regproc, coalesce(string_agg(format('%s%L::%s', quote_ident(p.proargnames[n]) || ' => ',
		CASE WHEN p.proargnames[n] = 'tenant_id' THEN (SELECT tenant_id::text FROM matrix.tenant WHERE letter = 'a')
			ELSE coalesce((SELECT s.value FROM matrix.sample s WHERE s.name IN ('argument ' || p.proargnames[n], p.proargnames[n]) ORDER BY s.name LIMIT 1), matrix.any_value(p.proargtypes[n - 1], 'x')) END,
		p.proargtypes[n - 1]::regtype), ', ' ORDER BY n), ''))
	FROM pg_proc p, generate_series(1, p.pronargs) n WHERE p.oid = f AND (n <= p.pronargs - p.pronargdefaults OR p.proargnames[n] = 'tenant_id') $$;
CREATE FUNCTION matrix.cell(f oid, who matrix.who) RETURNS text LANGUAGE sql AS $$
	SELECT CASE WHEN NOT has_function_privilege(who.role, f, 'EXECUTE') THEN '.'
		ELSE (SELECT CASE WHEN s IN ('42501', 'PT401', 'PT403') THEN '.' WHEN s ~ '^(ok|PT...)$' AND s <> 'PT422' THEN 'x' ELSE '?' END FROM matrix.as(who, matrix.call(f)) s) END $$;

SELECT string_agg(place || ' ' || name, ', ' ORDER BY place) AS columns FROM matrix.who;
CREATE TABLE matrix.found AS
	SELECT p.oid, p.proname, (SELECT string_agg(matrix.cell(p.oid, w), ' ' ORDER BY w.place) FROM matrix.who w) AS cells
	FROM pg_proc p WHERE p.pronamespace = 'voiceagent'::regnamespace AND p.prorettype <> 'trigger'::regtype AND p.prokind = 'f' AND p.proname NOT IN ('harden_database', 'soften_database',
		-- Whose row has the number of this test decides: others' tests have made some.
		'test_call', 'revoke_connection')
	ORDER BY p.proname COLLATE "C", p.oid::regprocedure::text COLLATE "C";
SELECT translate(cells, '?', 'x') || '  ' || proname AS "1 2 3 4 5 6 7 8 9 0 1 2" FROM matrix.found ORDER BY proname COLLATE "C", oid::regprocedure::text COLLATE "C";

-- Where nobody of the staff gets beyond the arguments, nothing was judged; act_as_tenant() is for all four of them.
SELECT proname AS "asks who of the staff, and was not heard" FROM matrix.found JOIN pg_proc p USING (oid, proname) WHERE p.prosrc ~ 'require_platform' AND substr(cells, 11, 7) = '? ? ? ?';
-- Every setting at every level by everybody: who may take it back is whom its least role says, by set_setting() and by a campaign's settings.
CREATE TABLE matrix.rank (role text, at_platform boolean, names text[]);
INSERT INTO matrix.rank VALUES ('operator', true, '{staff operator,staff owner,admin}'), ('owner', true, '{staff owner,admin}'), ('admin', true, '{admin}'),
	('manager', false, '{manager,owner,acting operator}'), ('owner', false, '{owner}');
SELECT campaign_id AS campaign FROM voiceagent.campaigns WHERE tenant_id = :a AND status = 'draft' LIMIT 1 \gset
CREATE TABLE matrix.settable AS
	SELECT d.key, l AS level, r AS role, w.name, w.name = ANY (k.names) AS may, matrix.as(w, c.call) AS state
	FROM voiceagent_private.setting_definitions d, unnest(d.levels, d.least_roles) u(l, r), matrix.rank k, matrix.who w,
		LATERAL (SELECT format('SELECT voiceagent.set_setting(%L, NULL%s)', d.key, CASE l WHEN 'campaign' THEN ', ' || :campaign ELSE '' END) AS call) c
	WHERE k.role = r AND k.at_platform = (l = 'platform') AND ((w.claims ->> 'tenant_id' IS NULL) = (l = 'platform'));
SELECT count(DISTINCT key) > 250 AS "there are settings", count(DISTINCT name) AS callers FROM matrix.settable;
SELECT key, level, role, name, state AS "set by the wrong ones" FROM matrix.settable WHERE may = (state ~ '^(42501|PT401|PT403)$') ORDER BY 1, 2, 4;
-- Settings whose least role nobody wrote down; roles that are of the other side.
SELECT d.key, l, r FROM voiceagent_private.setting_definitions d, unnest(d.levels, d.least_roles) u(l, r) WHERE r IS NULL OR l IS NULL OR r <> ALL (CASE l WHEN 'platform' THEN '{operator,owner,admin}'::text[] ELSE '{manager,owner}' END);
SELECT l, r, count(*) AS settings, CASE WHEN count(*) < 50 THEN string_agg(d.key, ' ' ORDER BY d.key COLLATE "C") END AS named FROM voiceagent_private.setting_definitions d, unnest(d.levels, d.least_roles) u(l, r) GROUP BY 1, 2 ORDER BY 1, 2;
-- One that is no host is not to be set by an operator: a new setting that names hosts, links or the staff takes the administrator.
SELECT d.key AS "an operator's, by its name" FROM voiceagent_private.setting_definitions d WHERE d.key ~ 'host|link|url|client|address|^staff|^signup|credits_alone|unverified' AND d.least_roles[array_position(d.levels, 'platform')] <> 'admin';
-- Every door: which functions write settings, and which of them ask; the others write what they name, for members who may.
SELECT p.oid::regprocedure AS "writes settings", p.prosrc ~ 'require_setting_role' AS asks FROM pg_proc p WHERE p.pronamespace IN ('voiceagent'::regnamespace, 'voiceagent_private'::regnamespace)
	AND p.prosrc ~* '(insert into|update|delete from)\s+voiceagent_private\.(tenant|platform)_settings' ORDER BY 1;
-- By a campaign's settings, a profile, the staff's client at Google.
SELECT w.name, matrix.as(w, format('SELECT voiceagent.update_campaign(%s, ''{"before_dial": "asked"}'')', :campaign)) ~ '^(42501|PT40[13])$' AS "campaign refused", matrix.as(w, format('SELECT voiceagent.apply_profile(NULL, ''patient'', ''{"%s": "%s"}'')', k.key, k.value)) AS profile, k.key
FROM matrix.who w, (VALUES ('notices_by_mail', 'off'), ('token_lifetime', '30 days')) k(key, value) WHERE w.name IN ('agent', 'manager', 'owner', 'acting operator') ORDER BY w.place, k.key;
SELECT w.name, matrix.as(w, $$SELECT voiceagent.set_setting('staff_credits_alone', '1000000000')$$) AS alone, matrix.as(w, $$SELECT voiceagent.set_setting('mail_links', 'https://evil.example')$$) AS links, matrix.as(w, $$SELECT voiceagent.set_setting('google_urls', 'https://evil.example https://evil.example https://evil.example')$$) AS google
FROM matrix.who w WHERE w.name LIKE 'staff%' OR w.name = 'admin' ORDER BY w.place;

-- What is open to the staff is of use to its owners; who has no session has nothing; no table is theirs.
SELECT proname AS "open to the staff, for nobody" FROM matrix.found WHERE has_function_privilege('voiceagent_staff', oid, 'EXECUTE') AND split_part(cells, ' ', 9) = '.' ORDER BY 1;
UPDATE voiceagent_private.staff_sessions SET expires_at = now() - interval '1 s';
SELECT proname AS "open without a session" FROM matrix.found f, matrix.who w WHERE w.name = 'staff owner' AND has_function_privilege('voiceagent_staff', oid, 'EXECUTE') AND matrix.cell(f.oid, w) = 'x' ORDER BY 1;
SELECT c.oid::regclass AS "tables of the staff" FROM pg_class c WHERE c.relnamespace IN ('voiceagent'::regnamespace, 'voiceagent_private'::regnamespace) AND c.relkind IN ('r', 'p', 'v', 'm') AND has_table_privilege('voiceagent_staff', c.oid, 'SELECT,INSERT,UPDATE,DELETE');
SELECT pg_has_role('voiceagent_staff', r, 'MEMBER') AS "staff is admin", r FROM unnest('{voiceagent_admin,voiceagent_user,voiceagent_worker,voiceagent_owner}'::text[]) r;
ROLLBACK;

-- One-time passwords: the vectors of RFC 6238, appendix B, in three digests.
SELECT t, voiceagent_private.totp('12345678901234567890', t / 30, 8) AS sha1, voiceagent_private.totp('12345678901234567890123456789012', t / 30, 8, 'sha256') AS sha256,
	voiceagent_private.totp('1234567890123456789012345678901234567890123456789012345678901234', t / 30, 8, 'sha512') AS sha512
FROM unnest('{59,1111111109,1111111111,1234567890,2000000000,20000000000}'::bigint[]) t;
-- Nobody says for himself who of the staff he is.
SET voiceagent.context_staff = 'staff 1 (owner)';
SELECT set_config('voiceagent.context_staff', 'staff 1 (owner)', true);
