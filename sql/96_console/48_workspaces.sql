/*
 * 96_console: one person in several workspaces.
 *
 * No argument says who a person is elsewhere.  Two members of one address are
 * one person while they have the same password, or since each was proved by its
 * own (add_workspace()).  Any owner may make a member of any address and give it
 * a password: that ends both, and counts as a failed login of the address, so
 * that no owner tries others' passwords by giving them to a member of their own.
 * A token that a tenant's own key has signed, and a session that began at a
 * tenant's own provider, prove nothing elsewhere.
 */

CREATE FUNCTION voiceagent_private.own_logins() RETURNS TABLE (tenant_id bigint, member_id bigint, email text)
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_member bigint := voiceagent_private.calling_member();
	v_own voiceagent_private.member_logins;
	c_most CONSTANT integer := 50;
BEGIN
	SELECT * INTO STRICT v_own FROM voiceagent_private.member_logins l
	WHERE l.tenant_id = v_tenant AND l.member_id = v_member;
	RETURN QUERY SELECT l.tenant_id, l.member_id, l.email FROM voiceagent_private.member_logins l
	WHERE l.email = v_own.email AND (l.tenant_id = v_tenant OR NOT voiceagent_private.speaks_for_tenant()
		AND (l.person = v_own.person
			-- While too many fail, no caller learns whether a password is that of another login.
			OR l.password_hash = v_own.password_hash AND voiceagent_private.login_wait(v_own.email) = 0))
	ORDER BY l.tenant_id <> v_tenant, l.tenant_id LIMIT c_most;
END
$$;
COMMENT ON FUNCTION voiceagent_private.own_logins() IS
	'The logins of the person whose token was shown, the one of the current tenant first; PT403 where it is no '
	'member''s.';

CREATE FUNCTION voiceagent.my_workspaces() RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	-- Before each workspace is entered.
	v_here bigint := voiceagent.current_tenant();
	v_login record;
	v_before text[];
	v_all jsonb := '[]';
BEGIN
	FOR v_login IN SELECT * FROM voiceagent_private.own_logins() LOOP
		-- Each tells of itself, to somebody that it has proved to be its member.
		v_before := voiceagent_private.begin_link(v_login.tenant_id);
		v_all := v_all || coalesce((SELECT jsonb_agg(jsonb_build_object('tenant_id', t.tenant_id, 'name', t.name,
				'role', m.role, 'active', t.active, 'here', t.tenant_id = v_here,
				'waiting', (SELECT count(*) FROM voiceagent.read_waiting())))
			FROM voiceagent.members m JOIN voiceagent.tenants t ON t.tenant_id = m.tenant_id
			WHERE m.tenant_id = v_login.tenant_id AND m.member_id = v_login.member_id AND m.active), '[]');
		PERFORM voiceagent_private.end_link(v_before);
	END LOOP;
	RETURN v_all;
END
$$;
COMMENT ON FUNCTION voiceagent.my_workspaces() IS
	E'The workspaces of the member that is logged in, this one first: tenant_id, name, role, active, here, waiting.\n'
	'Those where its address has the same password, and those of add_workspace(); 50 at most. active: false where the '
	'workspace was switched off, and only reads. PT403 for whoever is no member.';

CREATE FUNCTION voiceagent.switch_workspace(tenant_id bigint) RETURNS text
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_began bigint := voiceagent_private.session_began();
	v_member bigint;
	v_role text;
	v_before text[];
	v_token text;
BEGIN
	PERFORM voiceagent_private.require_post('a switch', 'token');
	SELECT o.member_id INTO v_member FROM voiceagent_private.own_logins() o
	WHERE o.tenant_id = switch_workspace.tenant_id;
	PERFORM voiceagent_private.fail_if(v_member IS NULL, 'PT404', 'you have no such workspace',
		'One that has another password is added by it.', 'my_workspaces() has yours; add_workspace() adds one.');
	v_before := voiceagent_private.begin_link(tenant_id);
	v_role := (SELECT m.role FROM voiceagent.members m
		WHERE m.tenant_id = switch_workspace.tenant_id AND m.member_id = v_member AND m.active);
	PERFORM voiceagent_private.fail_if(v_role IS NULL, 'PT404', 'you have no such workspace',
		'One that has another password is added by it.', 'my_workspaces() has yours; add_workspace() adds one.');
	PERFORM voiceagent_private.require_password_role(v_role);
	-- As old as the session that it comes from, by the rule of where it leads.
	PERFORM voiceagent_private.fail_if(v_began IS NULL OR to_timestamp(v_began)
			+ voiceagent_private.setting_interval('session_lifetime') < statement_timestamp() + interval '1 minute',
		'PT401', 'the session is too old to be renewed', NULL, 'Log in with login().');
	v_token := voiceagent_private.issue_session(tenant_id, v_member, v_role, v_began);
	PERFORM voiceagent_private.end_link(v_before);
	RETURN v_token;
END
$$;
COMMENT ON FUNCTION voiceagent.switch_workspace(bigint) IS
	E'A token of the caller in another workspace of its own (my_workspaces()), with the role that it has there; the '
	'session is as old as it was, and the one here goes on.\n'
	'PT404 for any other; PT401 once session_lifetime has passed since the password was given; PT403 for whoever is no '
	'member, or where passwords are not taken (set_sign_on()); PT405 by GET.';

CREATE FUNCTION voiceagent.add_workspace(password text) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_origin text := voiceagent_private.login_origin();
	v_own record;
	v_try record;
	v_login record;
	v_found bigint[] := '{}';
	v_before text[];
BEGIN
	PERFORM voiceagent_private.hide_query('add_workspace');
	PERFORM voiceagent_private.require_post('a workspace', 'password');
	SELECT * INTO STRICT v_own FROM voiceagent_private.own_logins() LIMIT 1;
	PERFORM voiceagent_private.fail_if(voiceagent_private.speaks_for_tenant(), 'PT403',
		'this token says nothing of who you are elsewhere');
	PERFORM voiceagent_private.fail_if(octet_length(password) > 72, 'PT422', 'the password is too long');
	PERFORM voiceagent_private.begin_password_check('tenant ' || v_tenant);
	v_try := voiceagent_private.begin_login(v_own.email, NULL, v_origin);
	v_before := voiceagent_private.begin_link(v_tenant);
	FOR v_login IN SELECT l.* FROM voiceagent_private.logins_of(v_own.email, NULL, password) l
		WHERE l.active AND l.tenant_id <> v_tenant AND (NOT v_try.only_known
			OR voiceagent_private.has_logged_in_from(l.tenant_id, l.member_id, v_origin))
	LOOP
		v_found := v_found || v_login.tenant_id;
	END LOOP;
	PERFORM voiceagent_private.end_link(v_before);
	PERFORM voiceagent_private.end_password_check();
	PERFORM voiceagent_private.fail_if(v_found = '{}', 'PT401', 'no other workspace of your address has this password');
	PERFORM voiceagent_private.login_succeeded(v_try.account);
	UPDATE voiceagent_private.member_logins l SET person = coalesce((SELECT o.person
			FROM voiceagent_private.member_logins o WHERE o.tenant_id = v_tenant AND o.member_id = v_own.member_id),
		gen_random_uuid())
	WHERE l.email = v_own.email AND l.tenant_id = v_tenant;
	UPDATE voiceagent_private.member_logins l SET person = o.person FROM voiceagent_private.member_logins o
	WHERE o.tenant_id = v_tenant AND o.member_id = v_own.member_id
		AND l.email = v_own.email AND l.tenant_id = ANY (v_found);
	PERFORM voiceagent_private.audit('add_workspace', 'member ' || v_own.member_id, NULL, NULL);
	RETURN voiceagent.my_workspaces();
END
$$;
COMMENT ON FUNCTION voiceagent.add_workspace(text) IS
	E'The workspaces in which the caller''s address has this other password are its own from now on, until a password '
	'of them changes -> my_workspaces().\n'
	'Counts as a login: PT401 for a wrong password, PT429 after too many. PT403 for whoever is no member; PT405, '
	'PT422.';
