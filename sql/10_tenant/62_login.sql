-- 10_tenant: members log in, change their passwords, and end their sessions.

CREATE FUNCTION voiceagent_private.login_origin() RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_header text := pg_catalog.lower(pg_catalog.current_setting('voiceagent.login_origin_header'));
	v_value text;
BEGIN
	IF session_user = 'voiceagent_api' THEN
		RETURN pg_catalog.host((pg_catalog.current_setting('request.headers')::jsonb ->> 'x-voiceagent-peer')::inet);
	ELSIF session_user <> pg_catalog.current_setting('voiceagent.authenticator') THEN
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
	'The address of the client that logs in; NULL if unknown (a Unix socket, PostgREST without a header that is '
	'trusted).';

CREATE FUNCTION voiceagent_private.stranger_share() RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_origin inet := voiceagent_private.login_origin()::inet;
BEGIN
	RETURN CASE WHEN session_user NOT IN ('voiceagent_api', pg_catalog.current_setting('voiceagent.authenticator'))
			THEN 'role ' || session_user
		ELSE 'visitor ' || coalesce(pg_catalog.network(pg_catalog.set_masklen(v_origin,
			CASE pg_catalog.family(v_origin) WHEN 4 THEN 24 ELSE 64 END))::text, '') END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.stranger_share() IS
	E'Whom a request counts for whose caller has yet to prove who it is: its login role, or, behind a door for '
	'all, the network of its client (/24 of IPv4, /64 of IPv6).\n'
	'All that begin with "visitor " are one together.';

CREATE FUNCTION voiceagent_private.begin_try(INOUT account text, origin text, is_known boolean,
	OUT only_known boolean)
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_wait integer := voiceagent_private.login_wait(account);
BEGIN
	only_known := v_wait > 0;
	IF only_known THEN
		IF is_known IS NOT TRUE THEN
			PERFORM voiceagent_private.fail_if(v_wait > 0, 'PT429', 'too many failed logins', NULL,
				pg_catalog.format('Try again in %s seconds.', v_wait));
		END IF;
		-- Its members go on there, but a guesser at the same origin has one try a second.
		account := account || E'\n' || origin;
		PERFORM voiceagent_private.fail_if(voiceagent_private.login_wait(account) > 0, 'PT429',
			'too many failed logins', NULL,
			pg_catalog.format('Try again in %s seconds.', 1));
	END IF;
	PERFORM voiceagent_private.login_failed(account);
END
$$;
COMMENT ON FUNCTION voiceagent_private.begin_try(text, text, boolean) IS
	E'Counts a failure, before the password is looked at -> the account that it was counted for, '
	'to be taken back by.\n'
	'only_known: too many failed; one gets in only from an address where it has logged in before (is_known). '
	'PT429 elsewhere.';

CREATE FUNCTION voiceagent_private.begin_login(email text, tenant_id bigint, origin text, OUT account text,
	OUT only_known boolean)
	LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
	SELECT t.account, t.only_known FROM voiceagent_private.begin_try(email, origin,
		EXISTS (SELECT FROM voiceagent_private.member_logins l
			JOIN voiceagent_private.login_origins o USING (tenant_id, member_id)
			WHERE l.email = begin_login.email AND o.origin = begin_login.origin
				AND (begin_login.tenant_id IS NULL OR l.tenant_id = begin_login.tenant_id))) t
$$;
COMMENT ON FUNCTION voiceagent_private.begin_login(text, bigint, text) IS
	'begin_try() for the members with an e-mail address, of all tenants or of one.';

CREATE FUNCTION voiceagent_private.has_logged_in_from(tenant_id bigint, member_id bigint, origin text) RETURNS boolean
	LANGUAGE sql STABLE
	RETURN EXISTS (SELECT FROM voiceagent_private.login_origins o WHERE o.tenant_id = has_logged_in_from.tenant_id
		AND o.member_id = has_logged_in_from.member_id AND o.origin = has_logged_in_from.origin);
COMMENT ON FUNCTION voiceagent_private.has_logged_in_from(bigint, bigint, text) IS
	'Whether a member has logged in from an address within 90 days.';

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
	RETURNS TABLE (tenant_id bigint, member_id bigint, password_hash text, tenant_name text, role text, active boolean)
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
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
		-- The rest is the tenant's: read with the proof that was just earned.
		PERFORM pg_catalog.set_config('voiceagent.token',
			voiceagent_private.issue_token(v_login.tenant_id, NULL, 'viewer', 'login', 60), true);
		RETURN QUERY SELECT v_login.tenant_id, v_login.member_id, v_hash, t.name, m.role::text, m.active
			FROM voiceagent.members m JOIN voiceagent.tenants t ON t.tenant_id = m.tenant_id
			WHERE m.tenant_id = v_login.tenant_id AND m.member_id = v_login.member_id;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.logins_of(text, bigint, text) IS
	E'The logins of an e-mail address (in one tenant, unless that is NULL) whose password it is, with the hash '
	'that they should have.\n'
	'Leaves voiceagent.token changed.';

CREATE FUNCTION voiceagent_private.issue_session(tenant_id bigint, member_id bigint, member_role text,
	auth_time bigint DEFAULT NULL, here_alone boolean DEFAULT false) RETURNS text
	LANGUAGE sql VOLATILE
	RETURN voiceagent_private.issue_session_token(tenant_id, member_id, member_role,
		concat('member ', member_id, CASE WHEN here_alone THEN ' here alone' END),
		least(pg_catalog.date_part('epoch', voiceagent_private.setting_interval('token_lifetime')),
			auth_time + pg_catalog.date_part('epoch', voiceagent_private.setting_interval('session_lifetime'))
				- pg_catalog.date_part('epoch', pg_catalog.statement_timestamp()))::integer,
		-- A session is known by the second of its login: one that was ended in this second has it already.
		coalesce(auth_time, (SELECT max(e) + 1
			FROM voiceagent_private.member_logins l CROSS JOIN LATERAL unnest(l.ended_sessions) AS e
			WHERE l.tenant_id = issue_session.tenant_id AND l.member_id = issue_session.member_id
				AND e >= floor(pg_catalog.date_part('epoch', pg_catalog.statement_timestamp())))));
COMMENT ON FUNCTION voiceagent_private.issue_session(bigint, bigint, text, bigint, boolean) IS
	E'A token of a member of the current tenant, valid for the setting token_lifetime; of a session that began at '
	'auth_time (seconds since 1970) no longer than until its session_lifetime is over.\n'
	'here_alone: it says nothing of who the person is elsewhere (speaks_for_tenant()).';

/*
 * A failure is counted before the password is looked at and taken back when it
 * was right, so that a hundred guesses at once are a hundred failures.  All
 * logins of an address share one count, which hides in how many tenants the
 * address is known; and a right password takes back its own try alone: whoever
 * has a login of the same address could else guess at another's for ever.  The
 * password is hashed once, whether the address is known or not.
 */
CREATE FUNCTION voiceagent.login(email text, password text, tenant_id bigint DEFAULT NULL) RETURNS text
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_email text := pg_catalog.lower(pg_catalog.btrim(pg_catalog.left(coalesce(email, ''), 1016)));
	v_token_before text := pg_catalog.current_setting('voiceagent.token', true);
	v_claims_before text := pg_catalog.current_setting('request.jwt.claims', true);
	v_origin text := voiceagent_private.login_origin();
	v_try record;
	v_choice jsonb := '[]';
	v_login record;
	v_found record;
	v_token text;
BEGIN
	PERFORM voiceagent_private.hide_query('login');
	PERFORM voiceagent_private.require_post('a login', 'password');
	-- Before anything is computed from them: no login has such an address or password.
	PERFORM voiceagent_private.fail_if(pg_catalog.octet_length(email) > 1016 OR pg_catalog.octet_length(password) > 72,
		'PT422', 'the e-mail address or the password is too long',
		'An address has at most 254 characters, a password at most 72 bytes.');
	PERFORM voiceagent_private.require_jwt_secret();
	-- Whatever the request shows beside the password is not looked at.
	PERFORM pg_catalog.set_config('voiceagent.token', '', true), pg_catalog.set_config('request.jwt.claims', '', true);
	PERFORM voiceagent_private.fail_if((voiceagent_private.caller()).proof = 'role', 'PT403',
		'a login role that stands for a tenant does not log in', NULL,
		'It has proved its tenant already; people log in at the console, or through PostgREST.');
	-- Before the failure is counted: a server that is busy must not lock a member out.
	PERFORM voiceagent_private.begin_password_check(voiceagent_private.stranger_share());
	v_try := voiceagent_private.begin_login(v_email, tenant_id, v_origin);
	-- Where too many failed, one that is known from here tells nothing of the others: its owner may have tried a
	-- password of theirs by giving it to this one.
	FOR v_login IN SELECT l.*, NOT v_try.only_known
			OR voiceagent_private.has_logged_in_from(l.tenant_id, l.member_id, v_origin) AS known
		FROM voiceagent_private.logins_of(v_email, tenant_id, password) l ORDER BY known, l.active, l.tenant_id
	LOOP
		v_found := v_login;
		CONTINUE WHEN NOT v_login.active OR NOT v_login.known;
		v_choice := v_choice
			|| pg_catalog.jsonb_build_object('tenant_id', v_login.tenant_id, 'name', v_login.tenant_name);
	END LOOP;
	PERFORM voiceagent_private.end_password_check();
	PERFORM voiceagent_private.fail_if(v_found IS NULL, 'PT401', 'wrong e-mail address or password', NULL,
		'Where the address has logins in several tenants, name the one with tenant_id.');
	-- Counted: this tells the holder of one login what the password of the other is.
	PERFORM voiceagent_private.fail_if(pg_catalog.jsonb_array_length(v_choice) > 1, 'PT409',
		'this login exists in several tenants', v_choice::text, 'Name the one with tenant_id.');
	IF NOT v_found.known THEN
		PERFORM voiceagent_private.fail_if(voiceagent_private.login_wait(v_email) > 0, 'PT429',
			'too many failed logins', NULL,
			pg_catalog.format('Try again in %s seconds.', voiceagent_private.login_wait(v_email)));
	END IF;
	PERFORM voiceagent_private.login_succeeded(v_try.account);
	PERFORM voiceagent_private.fail_if(NOT v_found.active, 'PT403', 'this member is not active');
	PERFORM pg_catalog.set_config('voiceagent.token',
		voiceagent_private.issue_token(v_found.tenant_id, NULL, 'viewer', 'login', 60), true);
	PERFORM voiceagent_private.require_password_role(v_found.role);
	PERFORM voiceagent_private.record_login_origin(v_found.tenant_id, v_found.member_id, v_origin);
	UPDATE voiceagent_private.member_logins l SET password_hash = v_found.password_hash
	WHERE l.tenant_id = v_found.tenant_id AND l.member_id = v_found.member_id
		AND l.password_hash <> v_found.password_hash;
	v_token := voiceagent_private.issue_session(v_found.tenant_id, v_found.member_id, v_found.role);
	PERFORM pg_catalog.set_config('voiceagent.token', coalesce(v_token_before, ''), true),
		pg_catalog.set_config('request.jwt.claims', coalesce(v_claims_before, ''), true);
	RETURN v_token;
END
$$;
COMMENT ON FUNCTION voiceagent.login(text, text, bigint) IS
	E'Exchanges an e-mail address and a password for a token (JWT), valid for token_lifetime.\n'
	'tenant_id is needed where the login exists in several tenants (PT409, its detail: [{tenant_id, name}]). '
	'PT401 when either is wrong; PT429 after too many failures (but not where the member has logged in before), or for '
	'too many at once; PT403 for an inactive member or a mapped role; PT405 by GET; PT422; 55000.';

CREATE FUNCTION voiceagent_private.end_sessions_of(member_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	UPDATE voiceagent.members m SET session_version = m.session_version + 1
	WHERE m.tenant_id = voiceagent.current_tenant() AND m.member_id = end_sessions_of.member_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'there is no such member');
	UPDATE voiceagent_private.member_logins l SET ended_sessions = '{}'
	WHERE l.tenant_id = voiceagent.current_tenant() AND l.member_id = end_sessions_of.member_id
		AND l.ended_sessions <> '{}';
END
$$;
COMMENT ON FUNCTION voiceagent_private.end_sessions_of(bigint) IS
	'Tokens that a member of the current tenant has prove nothing from the next statement on; PT404.';

CREATE FUNCTION voiceagent_private.prove_address(member_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	UPDATE voiceagent.members m SET email_proved_at = voiceagent.clock()
	WHERE m.tenant_id = voiceagent.current_tenant() AND m.member_id = prove_address.member_id
		AND m.email_proved_at IS NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.prove_address(bigint) IS
	'Notes that a member of the current tenant has its mail address.';

CREATE FUNCTION voiceagent_private.calling_member() RETURNS bigint
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_member bigint := (voiceagent_private.caller()).member_id;
BEGIN
	PERFORM voiceagent_private.fail_if(v_member IS NULL, 'PT403', 'this is not a member''s session',
		'API keys, login roles and the platform''s staff have no password and no sessions here.',
		'Log in with login(); revoke_api_key() and unmap_role() end the others.');
	RETURN v_member;
END
$$;
COMMENT ON FUNCTION voiceagent_private.calling_member() IS
	'The member whose token was shown; PT403 where there is none.';

CREATE FUNCTION voiceagent.change_password(old_password text, new_password text) RETURNS text
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint;
	v_member bigint;
	v_email text;
	v_role text;
	v_try record;
	v_token_before text := pg_catalog.current_setting('voiceagent.token', true);
BEGIN
	PERFORM voiceagent_private.hide_query('change_password');
	v_tenant := voiceagent_private.writer_tenant('viewer');
	v_member := voiceagent_private.calling_member();
	PERFORM voiceagent_private.check_password(new_password);
	SELECT l.email, m.role INTO STRICT v_email, v_role FROM voiceagent_private.member_logins l
	JOIN voiceagent.members m USING (tenant_id, member_id) WHERE l.tenant_id = v_tenant AND l.member_id = v_member;
	PERFORM voiceagent_private.require_password_role(v_role);
	PERFORM voiceagent_private.begin_password_check('tenant ' || v_tenant);
	-- Guesses at the old one count as logins do.
	v_try := voiceagent_private.begin_login(v_email, v_tenant, voiceagent_private.login_origin());
	PERFORM voiceagent_private.fail_if(pg_catalog.octet_length(old_password) > 72
		OR NOT EXISTS (SELECT FROM voiceagent_private.logins_of(v_email, v_tenant, old_password) l
			WHERE l.member_id = v_member), 'PT401', 'the old password is wrong');
	PERFORM pg_catalog.set_config('voiceagent.token', coalesce(v_token_before, ''), true);
	PERFORM voiceagent_private.login_succeeded(v_try.account);
	PERFORM voiceagent_private.set_login_password(v_tenant, v_member, new_password);
	PERFORM voiceagent_private.end_password_check();
	PERFORM voiceagent_private.audit('change_password', 'member ' || v_member, NULL, NULL);
	PERFORM voiceagent_private.end_sessions_of(v_member);
	RETURN voiceagent_private.issue_session(v_tenant, v_member, v_role);
END
$$;
COMMENT ON FUNCTION voiceagent.change_password(text, text) IS
	E'A member changes its own password, which ends its sessions -> a token for the next one.\n'
	'PT401 for a wrong old password (which counts as a failed login: PT429), PT403 where no member is logged in, PT422 '
	'for a new one of less than 8 characters or more than 72 bytes.';

CREATE FUNCTION voiceagent_private.shown_claims() RETURNS json
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_proof text := (voiceagent_private.caller()).proof;
	-- Both were verified before the caller was known.
	v_part text := CASE WHEN v_proof = 'token'
		THEN translate(split_part(current_setting('voiceagent.token', true), '.', 2), '-_', '+/') END;
BEGIN
	RETURN CASE WHEN v_proof = 'claims' THEN current_setting('request.jwt.claims', true)::json
		WHEN v_proof = 'token'
			THEN convert_from(decode(rpad(v_part, (length(v_part) + 3) / 4 * 4, '='), 'base64'), 'UTF8')::json END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.shown_claims() IS
	'The claims of the token that was shown; NULL: it was another proof.';

CREATE FUNCTION voiceagent_private.session_began() RETURNS bigint
	LANGUAGE sql STABLE
	RETURN (voiceagent_private.shown_claims() ->> 'auth_time')::bigint;
COMMENT ON FUNCTION voiceagent_private.session_began() IS
	'When the password was given for the token that was shown, in seconds since 1970; NULL where it does not say so.';

CREATE FUNCTION voiceagent.renew_session() RETURNS text
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_claims json := nullif(current_setting('request.jwt.claims', true), '')::json;
	v_tenant bigint;
	v_member bigint;
	v_began bigint;
	v_most interval;
	v_staff bigint;
BEGIN
	PERFORM voiceagent_private.require_post('the renewal of a session', 'token');
	IF current_setting('role') = 'voiceagent_staff' THEN
		v_staff := (voiceagent_private.calling_staff()).staff_id;
		RETURN (SELECT voiceagent_private.issue_staff_token('staff ' || x.staff_id, v_claims ->> 'jti',
				greatest(1, date_part('epoch', x.expires_at - statement_timestamp()))::integer)
			FROM voiceagent_private.staff_sessions x WHERE x.staff_id = v_staff
				AND x.session_hash = sha256(convert_to(v_claims ->> 'jti', 'UTF8')));
	END IF;
	v_tenant := voiceagent_private.writer_tenant('viewer');
	v_member := voiceagent_private.calling_member();
	v_began := voiceagent_private.session_began();
	v_most := voiceagent_private.setting_interval('session_lifetime');
	PERFORM voiceagent_private.fail_if(v_began IS NULL
		OR to_timestamp(v_began) + v_most < statement_timestamp() + interval '1 minute', 'PT401',
		'the session is too old to be renewed',
		format('It is renewed for %s after its login (setting session_lifetime).', v_most), 'Log in with login().');
	RETURN voiceagent_private.issue_session(v_tenant, v_member,
		(SELECT m.role FROM voiceagent.members m WHERE m.tenant_id = v_tenant AND m.member_id = v_member), v_began,
		voiceagent_private.speaks_for_tenant());
END
$$;
COMMENT ON FUNCTION voiceagent.renew_session() IS
	E'A member''s token, still valid, is exchanged for another one of the setting token_lifetime.\n'
	'One of the staff''s is good for no longer than it was. PT401 once session_lifetime has passed since the password '
	'was given, or for a token that does not say when that was; PT403 where no member is logged in; PT405 by GET.';

CREATE FUNCTION voiceagent.end_session() RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	c_most CONSTANT integer := 50;
	v_member bigint;
	v_began bigint := voiceagent_private.session_began();
	v_oldest bigint;
BEGIN
	IF current_setting('role') = 'voiceagent_staff' THEN
		v_member := (voiceagent_private.calling_staff()).staff_id;
		DELETE FROM voiceagent_private.staff_sessions x WHERE x.staff_id = v_member
			AND x.session_hash = sha256(convert_to(
				current_setting('request.jwt.claims', true)::json ->> 'jti', 'UTF8'));
		RETURN;
	END IF;
	v_member := voiceagent_private.calling_member();
	-- Tokens of an older session have expired.
	v_oldest := extract(epoch FROM statement_timestamp() - voiceagent_private.setting_interval('session_lifetime')
		- voiceagent_private.setting_interval('token_lifetime') - interval '1 day');
	UPDATE voiceagent_private.member_logins l
	SET ended_sessions = v_began || ARRAY(SELECT e FROM unnest(l.ended_sessions) e WHERE e > v_oldest AND e <> v_began)
	WHERE l.tenant_id = voiceagent.current_tenant() AND l.member_id = v_member AND v_began IS NOT NULL
		AND (SELECT count(*) FROM unnest(l.ended_sessions) e WHERE e > v_oldest) < c_most;
	-- A session that cannot be remembered ends with all others.
	IF NOT FOUND THEN
		PERFORM voiceagent_private.end_sessions_of(v_member);
	END IF;
	-- The same session in the person's other workspaces, begun there by switch_workspace(), or left by it.
	UPDATE voiceagent_private.member_logins l
	SET ended_sessions = v_began || ARRAY(SELECT e FROM unnest(l.ended_sessions) e WHERE e > v_oldest AND e <> v_began)
	FROM voiceagent_private.member_logins o
	WHERE o.tenant_id = voiceagent.current_tenant() AND o.member_id = v_member AND l.email = o.email
		AND l.tenant_id <> o.tenant_id AND (l.person = o.person OR l.password_hash = o.password_hash)
		AND v_began IS NOT NULL AND NOT voiceagent_private.speaks_for_tenant()
		AND cardinality(l.ended_sessions) < c_most;
END
$$;
COMMENT ON FUNCTION voiceagent.end_session() IS
	E'Ends the session of the token that was shown, whichever of its tokens: none is taken or renewed any more, '
	'nor in the workspaces that it was switched to or from.\n'
	'After fifty of a member''s the next ends all that it has. For members and the staff; PT401, PT403.';

CREATE FUNCTION voiceagent.end_sessions(member_id bigint DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_member bigint := member_id;
	v_own bigint := (voiceagent_private.caller()).member_id;
BEGIN
	IF v_member IS NULL THEN
		v_member := voiceagent_private.calling_member();
	END IF;
	PERFORM voiceagent_private.writer_tenant(CASE WHEN v_member = v_own THEN 'viewer' ELSE 'owner' END);
	PERFORM voiceagent_private.end_sessions_of(v_member);
	PERFORM voiceagent_private.audit('end_sessions', 'member ' || v_member, NULL, NULL);
END
$$;
COMMENT ON FUNCTION voiceagent.end_sessions(bigint) IS
	E'Ends every session of a member, this one too: all tokens that it has prove nothing any more.\n'
	'member_id: NULL is the caller itself; for another it takes the role owner. API keys are revoked by '
	'revoke_api_key(). PT403, PT404.';
