-- 10_tenant: members, logins, API keys, and the door for PostgREST.

CREATE FUNCTION voiceagent_private.check_password(password text) RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
	-- bcrypt reads 72 bytes; what it would ignore must not look like a part of the password.
	IF password IS NULL OR pg_catalog.length(password) < 8 OR pg_catalog.octet_length(password) > 72 THEN
		RAISE EXCEPTION USING ERRCODE = 'PT422',
			MESSAGE = 'a password must have at least 8 characters and at most 72 bytes';
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_password(text) IS 'PT422 for a password that is too short or too long.';

CREATE FUNCTION voiceagent.create_member(tenant_id bigint, email text, password text, role text DEFAULT 'owner')
	RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_email text := pg_catalog.lower(pg_catalog.btrim(email));
	v_platform boolean := voiceagent_private.is_platform();
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
	ELSIF role IS NULL OR role NOT IN ('owner', 'manager', 'viewer') THEN
		RAISE EXCEPTION USING ERRCODE = 'PT422', MESSAGE = 'a member''s role must be owner, manager or viewer';
	END IF;
	PERFORM voiceagent_private.check_password(password);
	BEGIN
		INSERT INTO voiceagent.members (tenant_id, email, role, created_at)
		VALUES (create_member.tenant_id, v_email, create_member.role, voiceagent.clock())
		RETURNING member_id INTO v_member;
	EXCEPTION WHEN unique_violation THEN
		RAISE EXCEPTION USING ERRCODE = 'PT409', MESSAGE = 'a member with this e-mail address exists';
	END;
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
	'role: owner, manager (leads, campaigns, appointments) or viewer (reads). '
	'For the platform, and for owners of that tenant. '
	'PT422 for a bad address, role or password (8 characters to 72 bytes), PT409 if the address is taken, '
	'PT404 for another tenant.';

CREATE FUNCTION voiceagent_private.has_owner(tenant bigint) RETURNS boolean
	LANGUAGE sql STABLE
	RETURN EXISTS (SELECT FROM voiceagent.members m WHERE m.tenant_id = tenant AND m.role = 'owner' AND m.active)
		OR EXISTS (SELECT FROM voiceagent_private.role_map r JOIN pg_catalog.pg_roles p ON p.oid = r.role_oid
			AND p.rolname = r.role_name AND p.rolcanlogin
				WHERE r.tenant_id = tenant);
COMMENT ON FUNCTION voiceagent_private.has_owner(bigint) IS
	'Whether somebody may do what an owner may: an active member with that role, or a login role that '
	'stands for the tenant.';

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
	IF NOT FOUND THEN
		RAISE EXCEPTION USING ERRCODE = 'PT404', MESSAGE = 'there is no such member';
	ELSIF role IS NOT NULL AND role NOT IN ('owner', 'manager', 'viewer') THEN
		RAISE EXCEPTION USING ERRCODE = 'PT422', MESSAGE = 'a member''s role must be owner, manager or viewer';
	END IF;
	UPDATE voiceagent.members m
	SET role = coalesce(update_member.role, m.role), active = coalesce(update_member.active, m.active)
	WHERE m.tenant_id = v_tenant AND m.member_id = update_member.member_id;
	-- The platform may, since it can make another.
	IF v_member.role = 'owner' AND v_member.active AND NOT voiceagent_private.has_owner(v_tenant)
		AND NOT voiceagent_private.is_platform() THEN
		RAISE EXCEPTION USING ERRCODE = 'PT409', MESSAGE = 'no active owner would be left',
			DETAIL = 'Nobody could change members, keys and carrier accounts any more.',
			HINT = 'Make another member an owner first, with create_member() or update_member().';
	END IF;
	IF password IS NOT NULL THEN
		PERFORM voiceagent_private.check_password(password);
		UPDATE voiceagent_private.member_logins l
		SET password_hash = voiceagent_private.hash_password(password, l.email, voiceagent_private.login_secret())
		WHERE l.tenant_id = v_tenant AND l.member_id = update_member.member_id;
	END IF;
	PERFORM voiceagent_private.audit('update_member', 'member ' || member_id,
		pg_catalog.jsonb_build_object('role', v_member.role, 'active', v_member.active),
		pg_catalog.jsonb_build_object('role', coalesce(role, v_member.role),
			'active', coalesce(active, v_member.active),
			'password_changed', password IS NOT NULL));
END
$$;
COMMENT ON FUNCTION voiceagent.update_member(bigint, text, boolean, text) IS
	E'Changes what is not NULL of a member: role, active (false: cannot log in, and cannot write with a token that is '
	'still valid), password.\n'
	'For owners. '
	'PT404 for an unknown member, PT409 when no active owner would be left (unless a login role stands for the '
	'tenant), PT422 as create_member().';

CREATE FUNCTION voiceagent_private.login_origin() RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_header text := pg_catalog.lower(pg_catalog.current_setting('voiceagent.login_origin_header'));
	v_value text;
BEGIN
	IF session_user <> pg_catalog.current_setting('voiceagent.authenticator') THEN
		RETURN pg_catalog.host(pg_catalog.inet_client_addr());
	ELSIF v_header <> '' THEN
		v_value := nullif(pg_catalog.current_setting('request.headers', true), '')::jsonb ->> v_header;
		-- A client may send the header itself; what the proxy adds stands last.
		RETURN pg_catalog.host(pg_catalog.btrim(pg_catalog.regexp_replace(v_value, '^.*,', ''))::inet);
	END IF;
	RETURN NULL;
EXCEPTION WHEN data_exception THEN
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.login_origin() IS
	'The address of the client that logs in; NULL where nobody tells (a Unix socket, PostgREST without a '
	'header that is trusted).';

CREATE FUNCTION voiceagent_private.require_login_allowed(wait integer) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF wait > 0 THEN
		RAISE EXCEPTION USING ERRCODE = 'PT429', MESSAGE = 'too many failed logins',
			HINT = pg_catalog.format('Try again in %s seconds.', wait);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_login_allowed(integer) IS
	'PT429 where a login must wait for so many seconds.';

CREATE FUNCTION voiceagent_private.begin_login(email text, tenant_id bigint, origin text, OUT account text,
	OUT only_known boolean)
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_wait integer := voiceagent_private.login_wait(email);
BEGIN
	account := email;
	only_known := v_wait > 0;
	IF only_known THEN
		IF NOT EXISTS (SELECT FROM voiceagent_private.member_logins l
				JOIN voiceagent_private.login_origins o USING (tenant_id, member_id)
				WHERE l.email = begin_login.email AND o.origin = begin_login.origin
					AND (begin_login.tenant_id IS NULL OR l.tenant_id = begin_login.tenant_id)) THEN
			PERFORM voiceagent_private.require_login_allowed(v_wait);
		END IF;
		-- Its members go on there, but a guesser at the same origin has one try a second.
		account := email || E'\n' || origin;
		PERFORM voiceagent_private.require_login_allowed(least(voiceagent_private.login_wait(account), 1));
	END IF;
	PERFORM voiceagent_private.login_failed(account);
END
$$;
COMMENT ON FUNCTION voiceagent_private.begin_login(text, bigint, text) IS
	E'Counts a failure, before the password is looked at -> the account that it was counted for, '
	'to be taken back by.\n'
	'only_known: too many failed; a member gets in only from an address where it has logged in before. '
	'PT429 elsewhere.';

CREATE FUNCTION voiceagent_private.record_login_origin(tenant_id bigint, member_id bigint, origin text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF origin IS NULL
		OR EXISTS (SELECT FROM voiceagent_private.login_origins o WHERE o.tenant_id = record_login_origin.tenant_id
				AND o.member_id = record_login_origin.member_id AND o.origin = record_login_origin.origin
				AND o.succeeded_at > voiceagent.clock() - interval '1 day') THEN
		RETURN;
	END IF;
	DELETE FROM voiceagent_private.login_origins o WHERE o.tenant_id = record_login_origin.tenant_id
		AND o.member_id = record_login_origin.member_id AND o.succeeded_at < voiceagent.clock() - interval '90 days';
	INSERT INTO voiceagent_private.login_origins (tenant_id, member_id, origin, succeeded_at)
	VALUES (record_login_origin.tenant_id, record_login_origin.member_id, record_login_origin.origin,
		voiceagent.clock())
	ON CONFLICT ON CONSTRAINT login_origins_pkey DO UPDATE SET succeeded_at = excluded.succeeded_at;
END
$$;
COMMENT ON FUNCTION voiceagent_private.record_login_origin(bigint, bigint, text) IS
	'Remembers that a member has logged in from an address, once a day, and forgets those of more than 90 days ago.';

CREATE FUNCTION voiceagent_private.logins_of(email text, only_tenant bigint, password text)
	RETURNS TABLE (tenant_id bigint, member_id bigint, password_hash text)
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
	v_hash text := voiceagent_private.hash_password(coalesce(password, ''), email, voiceagent_private.login_secret());
	v_login record;
	v_salted integer := 0;
BEGIN
	FOR v_login IN
		SELECT l.tenant_id, l.member_id, l.password_hash FROM voiceagent_private.member_logins l
		WHERE l.email = logins_of.email AND (only_tenant IS NULL OR l.tenant_id = only_tenant)
		ORDER BY l.tenant_id
	LOOP
		-- A hash with a salt of its own is of another server, or of the time before one salt an address.
		IF pg_catalog.left(v_login.password_hash, 28) <> pg_catalog.left(v_hash, 28) THEN
			v_salted := v_salted + 1;
			CONTINUE WHEN v_salted > 10 OR NOT voiceagent_private.password_matches(password, v_login.password_hash);
		ELSIF v_login.password_hash <> v_hash THEN
			CONTINUE;
		END IF;
		RETURN QUERY SELECT v_login.tenant_id, v_login.member_id, v_hash;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.logins_of(text, bigint, text) IS
	'The logins of an e-mail address (in one tenant, unless that is NULL) whose password it is, with the hash '
	'that they should have.';

/*
 * A failure is counted before the password is looked at and taken back when it
 * was right, so that a hundred guesses at once are a hundred failures.  All
 * logins of an address share one count, which tells nobody in how many tenants
 * the address is known; and a right password takes back its own try alone:
 * whoever has a login of the same address could else guess at another's for ever.
 * The password is hashed once, whether the address is known or not.
 */
CREATE FUNCTION voiceagent.login(email text, password text, tenant_id bigint DEFAULT NULL) RETURNS text
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_email text := pg_catalog.lower(pg_catalog.btrim(pg_catalog.left(coalesce(email, ''), 1016)));
	v_token_before text := pg_catalog.current_setting('voiceagent.token', true);
	v_claims_before text := pg_catalog.current_setting('request.jwt.claims', true);
	v_origin text := voiceagent_private.login_origin();
	v_try record;
	v_matches integer := 0;
	v_login record;
	v_found record;
	v_member record;
	v_token text;
BEGIN
	PERFORM voiceagent_private.hide_query('login');
	IF pg_catalog.current_setting('request.method', true) IN ('GET', 'HEAD') THEN
		RAISE EXCEPTION USING ERRCODE = 'PT405', MESSAGE = 'a login is a POST request',
			DETAIL = 'A password in a URL lies in the log of every proxy on its way.';
	END IF;
	-- Before anything is computed from them: no login has such an address or password.
	IF pg_catalog.octet_length(email) > 1016 OR pg_catalog.octet_length(password) > 72 THEN
		RAISE EXCEPTION USING ERRCODE = 'PT422', MESSAGE = 'the e-mail address or the password is too long',
			DETAIL = 'An address has at most 254 characters, a password at most 72 bytes.';
	END IF;
	PERFORM voiceagent_private.require_jwt_secret();
	-- Whatever the request shows beside the password is not looked at.
	PERFORM pg_catalog.set_config('voiceagent.token', '', true), pg_catalog.set_config('request.jwt.claims', '', true);
	v_try := voiceagent_private.begin_login(v_email, tenant_id, v_origin);
	FOR v_login IN SELECT l.* FROM voiceagent_private.logins_of(v_email, tenant_id, password) l LOOP
		v_matches := v_matches + 1;
		v_found := v_login;
	END LOOP;
	IF v_matches = 0 THEN
		RAISE EXCEPTION USING ERRCODE = 'PT401', MESSAGE = 'wrong e-mail address or password',
			HINT = 'Where the address has logins in several tenants, name the one with tenant_id.';
	ELSIF v_matches > 1 THEN
		-- Counted: this tells the holder of one login what the password of the other is.
		RAISE EXCEPTION USING ERRCODE = 'PT409', MESSAGE = 'this login exists in several tenants',
			HINT = 'Name the one with tenant_id.';
	END IF;
	IF v_try.only_known AND NOT EXISTS (SELECT FROM voiceagent_private.login_origins o
			WHERE o.tenant_id = v_found.tenant_id AND o.member_id = v_found.member_id AND o.origin = v_origin) THEN
		PERFORM voiceagent_private.require_login_allowed(voiceagent_private.login_wait(v_email));
	END IF;
	PERFORM voiceagent_private.login_succeeded(v_try.account);
	-- The member's row is the tenant's: look at it with the proof that was just earned.
	PERFORM pg_catalog.set_config('voiceagent.token',
		voiceagent_private.issue_token(v_found.tenant_id, v_found.member_id, NULL, 'login', 60), true);
	SELECT m.role, m.active INTO v_member FROM voiceagent.members m
	WHERE m.tenant_id = v_found.tenant_id AND m.member_id = v_found.member_id;
	IF v_member.active IS NOT TRUE THEN
		RAISE EXCEPTION USING ERRCODE = 'PT403', MESSAGE = 'this member is not active';
	END IF;
	PERFORM voiceagent_private.record_login_origin(v_found.tenant_id, v_found.member_id, v_origin);
	UPDATE voiceagent_private.member_logins l SET password_hash = v_found.password_hash
	WHERE l.tenant_id = v_found.tenant_id AND l.member_id = v_found.member_id
		AND l.password_hash <> v_found.password_hash;
	v_token := voiceagent_private.issue_token(v_found.tenant_id, v_found.member_id, v_member.role,
		'member ' || v_found.member_id,
		pg_catalog.date_part('epoch', voiceagent_private.setting_interval('token_lifetime'))::integer);
	PERFORM pg_catalog.set_config('voiceagent.token', coalesce(v_token_before, ''), true),
		pg_catalog.set_config('request.jwt.claims', coalesce(v_claims_before, ''), true);
	RETURN v_token;
END
$$;
COMMENT ON FUNCTION voiceagent.login(text, text, bigint) IS
	E'Exchanges an e-mail address and a password for a signed token (JWT), valid for the setting token_lifetime.\n'
	'tenant_id is needed only if the login exists in several tenants (PT409). '
	'PT401 when either is wrong, PT429 after too many failures with the address (but not where the member has logged '
	'in before), PT405 for a GET request, PT422 for what is too long, 55000 without a key to sign with.';

CREATE FUNCTION voiceagent.authenticate(token text) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint;
	v_key bigint;
	v_subject text;
BEGIN
	PERFORM voiceagent_private.hide_query('authenticate');
	IF token IS NULL OR token = '' THEN
		RAISE EXCEPTION USING ERRCODE = 'PT401', MESSAGE = 'no token was given';
	END IF;
	IF pg_catalog.left(token, 3) = 'va_' THEN
		SELECT r.tenant_id, r.api_key_id INTO v_tenant, v_key FROM voiceagent_private.api_key_routes r
		WHERE r.key_hash = pg_catalog.sha256(pg_catalog.convert_to(token, 'UTF8'));
		IF NOT FOUND THEN
			RAISE EXCEPTION USING ERRCODE = 'PT401', MESSAGE = 'the API key is not valid';
		END IF;
		v_subject := 'API key ' || v_key;
		-- Its lifetime is the tenant's setting: read with the proof itself.
		PERFORM pg_catalog.set_config('voiceagent.token',
			voiceagent_private.issue_token(v_tenant, NULL, NULL, v_subject, 60), true);
		PERFORM pg_catalog.set_config('voiceagent.token',
			voiceagent_private.issue_token(v_tenant, NULL, NULL, v_subject,
				pg_catalog.date_part('epoch', voiceagent_private.setting_interval('api_token_lifetime'))::integer),
				true);
	ELSE
		PERFORM pg_catalog.set_config('voiceagent.token', token, true);
	END IF;
	RETURN (voiceagent.whoami() ->> 'tenant_id')::bigint;
END
$$;
COMMENT ON FUNCTION voiceagent.authenticate(text) IS
	E'Proves the tenant by a token of login() or an API key, until the transaction ends -> tenant_id.\n'
	'An API key is exchanged for a token of the setting api_token_lifetime. '
	'PT401 if it is not valid, PT403 if the member is not active, or the session''s login role '
	'stands for another tenant.';

CREATE FUNCTION voiceagent.whoami() RETURNS jsonb
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_caller record;
	v_active boolean;
	v_member record;
BEGIN
	SELECT * INTO v_caller FROM voiceagent_private.caller();
	SELECT t.active INTO v_active FROM voiceagent.tenants t WHERE t.tenant_id = v_tenant;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING ERRCODE = 'PT401', MESSAGE = 'the proof is of a tenant that does not exist';
	END IF;
	IF v_caller.member_id IS NOT NULL THEN
		SELECT m.email, m.role INTO v_member FROM voiceagent.members m
		WHERE m.tenant_id = v_tenant AND m.member_id = v_caller.member_id AND m.active;
		IF NOT FOUND THEN
			RAISE EXCEPTION USING ERRCODE = 'PT403', MESSAGE = 'this member is not active';
		END IF;
		RETURN pg_catalog.jsonb_build_object('tenant_id', v_tenant, 'tenant_active', v_active, 'proof', v_caller.proof,
			'member_id', v_caller.member_id, 'email', v_member.email, 'role', v_member.role);
	END IF;
	RETURN pg_catalog.jsonb_build_object('tenant_id', v_tenant, 'tenant_active', v_active, 'proof', v_caller.proof,
		'role', coalesce(v_caller.member_role, 'owner'), 'subject', v_caller.subject);
END
$$;
COMMENT ON FUNCTION voiceagent.whoami() IS
	E'Whom the proof proves: {tenant_id, tenant_active, proof (acting, token, claims or role), role, '
	'member_id, email | subject}.\n'
	'PT401 without a proof, PT403 for a member who is not active.';

CREATE FUNCTION voiceagent.create_api_key(label text) RETURNS text
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('owner');
	v_label text := pg_catalog.btrim(label);
	v_key text := 'va_' || voiceagent_private.random_token();
	v_id bigint;
BEGIN
	PERFORM voiceagent_private.hide_query('create_api_key');
	PERFORM voiceagent_private.require_jwt_secret();
	IF v_label IS NULL OR pg_catalog.length(v_label) NOT BETWEEN 1 AND 200 THEN
		RAISE EXCEPTION USING ERRCODE = 'PT422', MESSAGE = 'an API key''s label must have 1 to 200 characters';
	END IF;
	INSERT INTO voiceagent.api_keys (tenant_id, label, hint, created_by, created_at)
	VALUES (v_tenant, v_label, pg_catalog.right(v_key, 4), voiceagent_private.actor(), voiceagent.clock())
	RETURNING api_key_id INTO v_id;
	INSERT INTO voiceagent_private.api_key_routes (key_hash, tenant_id, api_key_id)
	VALUES (pg_catalog.sha256(pg_catalog.convert_to(v_key, 'UTF8')), v_tenant, v_id);
	PERFORM voiceagent_private.audit('create_api_key', 'API key ' || v_id, NULL, pg_catalog.to_jsonb(v_label));
	RETURN v_key;
END
$$;
COMMENT ON FUNCTION voiceagent.create_api_key(text) IS
	E'A new API key, shown this once: va_ and 43 letters, for authenticate() or the header X-API-Key.\n'
	'It may do what an owner may. '
	'For owners; PT422 for an empty label, 55000 when voiceagent.jwt_secret_file gives no key to sign with.';

CREATE FUNCTION voiceagent.revoke_api_key(api_key_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('owner');
BEGIN
	UPDATE voiceagent.api_keys k SET revoked_at = coalesce(k.revoked_at, voiceagent.clock())
	WHERE k.tenant_id = v_tenant AND k.api_key_id = revoke_api_key.api_key_id;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING ERRCODE = 'PT404', MESSAGE = 'there is no such API key';
	END IF;
	DELETE FROM voiceagent_private.api_key_routes r
	WHERE r.tenant_id = v_tenant AND r.api_key_id = revoke_api_key.api_key_id;
	IF FOUND THEN
		PERFORM voiceagent_private.audit('revoke_api_key', 'API key ' || api_key_id, NULL, NULL);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent.revoke_api_key(bigint) IS
	E'An API key is valid no more; tokens that it was exchanged for end within the setting api_token_lifetime.\n'
	'For owners; PT404 for an unknown key.';

/*
 * Not SECURITY DEFINER: it must be able to change the role.  PostgREST's login
 * role may do that for itself; for anybody else it changes nothing.
 */
CREATE FUNCTION voiceagent.pre_request() RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_headers json := nullif(pg_catalog.current_setting('request.headers', true), '')::json;
	v_key text := v_headers ->> 'x-api-key';
BEGIN
	-- After a request with a broken byte PostgREST gives its connection back inside the transaction: the key of that
	-- request's client would count in this one.
	IF pg_catalog.current_setting('voiceagent.token', true) <> '' THEN
		PERFORM pg_catalog.set_config('voiceagent.token', '', true);
	END IF;
	-- A login asks for no other proof, and does not mind an old one.
	IF pg_catalog.current_setting('request.path', true) ~ '/rpc/login$' THEN
		RETURN;
	END IF;
	-- Clients of Supabase send their key as apikey; where that is no key of ours it means nothing here.
	IF v_key IS NULL AND pg_catalog.left(v_headers ->> 'apikey', 3) = 'va_' THEN
		v_key := v_headers ->> 'apikey';
	END IF;
	IF v_key IS NOT NULL THEN
		IF pg_catalog.left(v_key, 3) <> 'va_' THEN
			RAISE EXCEPTION USING ERRCODE = 'PT401', MESSAGE = 'the API key is not valid';
		END IF;
		PERFORM voiceagent.authenticate(v_key);
		IF current_user = 'voiceagent_anon' THEN
			PERFORM pg_catalog.set_config('role', 'voiceagent_user', true);
		END IF;
	ELSIF current_user = 'voiceagent_user' THEN
		PERFORM voiceagent.whoami();
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent.pre_request() IS
	E'For PostgREST''s db-pre-request: a request with the header X-API-Key (or apikey) runs as that key''s tenant.\n'
	'A request with a token whose member is not active, or which names no tenant, is refused. '
	'PT401, PT403.';
