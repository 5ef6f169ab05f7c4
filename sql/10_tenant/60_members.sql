-- 10_tenant: members.

CREATE FUNCTION voiceagent_private.require_post(what text, secret text) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.fail_if(pg_catalog.current_setting('request.method', true) IN ('GET', 'HEAD'), 'PT405',
		what || ' is a POST request',
		pg_catalog.format('A %s in a URL lies in the log of every proxy on its way.', secret));
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_post(text, text) IS
	'PT405 where PostgREST was asked by GET; what and secret are words of the error.';

CREATE FUNCTION voiceagent_private.check_password(password text) RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
	-- bcrypt reads 72 bytes; what it would ignore must not look like a part of the password.
	PERFORM voiceagent_private.fail_if(password IS NULL OR pg_catalog.length(password) < 8
		OR pg_catalog.octet_length(password) > 72, 'PT422',
		'a password must have at least 8 characters and at most 72 bytes');
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_password(text) IS 'PT422 for a password that is too short or too long.';

CREATE FUNCTION voiceagent_private.set_login_password(tenant_id bigint, member_id bigint, password text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_email text;
BEGIN
	UPDATE voiceagent_private.member_logins l
	SET password_hash = voiceagent_private.hash_password(password, l.email, voiceagent_private.login_secret()),
		person = NULL
	WHERE l.tenant_id = set_login_password.tenant_id AND l.member_id = set_login_password.member_id
	RETURNING l.email INTO v_email;
	PERFORM voiceagent_private.login_failed(v_email);
END
$$;
COMMENT ON FUNCTION voiceagent_private.set_login_password(bigint, bigint, text) IS
	E'Another password of a member.\n'
	'It counts as a failed login of the address, and is not taken back: whether other logins of the address have '
	'the same one is known to whoever gets in by it.';

CREATE FUNCTION voiceagent.create_member(tenant_id bigint, email text, password text, role text DEFAULT 'owner')
	RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_email text := pg_catalog.lower(pg_catalog.btrim(email));
	v_platform boolean := voiceagent_private.may_as_platform('make a member');
	v_was bigint;
	v_member bigint;
BEGIN
	PERFORM voiceagent_private.hide_query('create_member');
	IF v_platform THEN
		v_was := voiceagent_private.set_existing_tenant(tenant_id);
	ELSIF voiceagent_private.writer_tenant('owner') IS DISTINCT FROM tenant_id THEN
		RAISE EXCEPTION USING ERRCODE = 'PT404', MESSAGE = 'there is no such tenant';
	END IF;
	IF v_email IS NULL OR v_email !~ '^[^@\s]+@[^@\s]+$' OR pg_catalog.length(v_email) > 254 THEN
		RAISE EXCEPTION USING ERRCODE = 'PT422', MESSAGE = 'this is not an e-mail address';
	ELSIF role IS NULL OR role NOT IN ('owner', 'manager', 'agent', 'viewer') THEN
		RAISE EXCEPTION USING ERRCODE = 'PT422', MESSAGE = 'a member''s role must be owner, manager, agent or viewer';
	END IF;
	PERFORM voiceagent_private.check_password(password);
	INSERT INTO voiceagent.members (tenant_id, email, role, created_at)
	VALUES (create_member.tenant_id, v_email, create_member.role, voiceagent.clock())
	ON CONFLICT DO NOTHING RETURNING member_id INTO v_member;
	PERFORM voiceagent_private.fail_if(v_member IS NULL, 'PT409', 'a member with this e-mail address exists');
	INSERT INTO voiceagent_private.member_logins (tenant_id, member_id, email, password_hash)
	VALUES (create_member.tenant_id, v_member, v_email,
		voiceagent_private.hash_password(password, v_email, voiceagent_private.login_secret()));
	PERFORM voiceagent_private.audit('create_member', 'member ' || v_member, NULL,
		pg_catalog.jsonb_build_object('email', v_email, 'role', role));
	IF v_platform THEN
		PERFORM voiceagent_private.set_tenant(v_was);
	END IF;
	RETURN v_member;
END
$$;
COMMENT ON FUNCTION voiceagent.create_member(bigint, text, text, text) IS
	E'A person of a tenant who may log in -> member_id.\n'
	'role: owner, manager (leads, campaigns, appointments), agent (reads, reports calls) or viewer (reads). For the '
	'platform, and for owners of that tenant. PT422 for a bad address, role or password (8 characters to 72 bytes), '
	'PT409 if the address is taken, PT404 for another tenant.';

CREATE FUNCTION voiceagent.update_member(member_id bigint, role text DEFAULT NULL, active boolean DEFAULT NULL,
	password text DEFAULT NULL)
	RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint;
	v_member voiceagent.members;
BEGIN
	PERFORM voiceagent_private.hide_query('update_member');
	v_tenant := voiceagent_private.writer_tenant('owner');
	-- When two owners take the role from each other, one waits for the other. All lock in one order.
	PERFORM FROM voiceagent.members m
	WHERE m.tenant_id = v_tenant AND (m.member_id = update_member.member_id OR m.role = 'owner' AND m.active)
	ORDER BY m.member_id FOR NO KEY UPDATE;
	SELECT * INTO v_member FROM voiceagent.members m
	WHERE m.tenant_id = v_tenant AND m.member_id = update_member.member_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'there is no such member');
	PERFORM voiceagent_private.fail_if(role IS NOT NULL AND role NOT IN ('owner', 'manager', 'agent', 'viewer'),
		'PT422', 'a member''s role must be owner, manager, agent or viewer');
	UPDATE voiceagent.members m
	SET role = coalesce(update_member.role, m.role), active = coalesce(update_member.active, m.active),
		session_version = m.session_version
			+ (update_member.password IS NOT NULL OR update_member.active IS FALSE)::integer
	WHERE m.tenant_id = v_tenant AND m.member_id = update_member.member_id;
	-- The platform may, since it can make another.
	PERFORM voiceagent_private.fail_if(v_member.role = 'owner' AND v_member.active
		AND NOT (EXISTS (SELECT FROM voiceagent.members m WHERE m.tenant_id = v_tenant AND m.role = 'owner'
			AND m.active)
			OR EXISTS (SELECT FROM voiceagent_private.role_map r JOIN pg_catalog.pg_roles p ON p.oid = r.role_oid
				AND p.rolname = r.role_name AND p.rolcanlogin
					WHERE r.tenant_id = v_tenant)) AND NOT voiceagent_private.is_platform(), 'PT409',
		'no active owner would be left', 'Nobody could change members, keys and carrier accounts any more.',
		'Make another member an owner first, with create_member() or update_member().');
	IF password IS NOT NULL THEN
		PERFORM voiceagent_private.check_password(password);
		PERFORM voiceagent_private.set_login_password(v_tenant, member_id, password);
	END IF;
	PERFORM voiceagent_private.audit('update_member', 'member ' || member_id,
		pg_catalog.jsonb_build_object('role', v_member.role, 'active', v_member.active),
		pg_catalog.jsonb_build_object('role', coalesce(role, v_member.role),
			'active', coalesce(active, v_member.active),
			'password_changed', password IS NOT NULL));
END
$$;
COMMENT ON FUNCTION voiceagent.update_member(bigint, text, boolean, text) IS
	E'Changes what is not NULL of a member: role, active (false: cannot log in), password.\n'
	'A new password, and active := false, end the sessions of the member. For owners. PT404 for an unknown member, '
	'PT409 when no active owner would be left (unless a login role stands for the tenant), PT422 as create_member().';
