-- 10_tenant: the staff logs in, by a password and a one-time password of RFC 6238; accounts of theirs.

DO $$
DECLARE
	v_schema text;
BEGIN
	SELECT n.nspname INTO STRICT v_schema FROM pg_catalog.pg_extension e
	JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pgcrypto';
	EXECUTE pg_catalog.format($f$
		CREATE FUNCTION voiceagent_private.totp(secret bytea, step bigint, digits integer DEFAULT 6,
			algorithm text DEFAULT 'sha1') RETURNS text
			LANGUAGE sql IMMUTABLE PARALLEL SAFE
			RETURN (SELECT lpad(((((get_byte(h.mac, o.at) & 127)::bigint << 24) + (get_byte(h.mac, o.at + 1) << 16)
				+ (get_byte(h.mac, o.at + 2) << 8) + get_byte(h.mac, o.at + 3)) %% (10 ^ digits)::bigint)::text,
				digits, '0')
				FROM (SELECT %1$I.hmac(int8send(step), secret, algorithm) AS mac) h,
					LATERAL (SELECT get_byte(h.mac, length(h.mac) - 1) & 15 AS at) o);
		CREATE FUNCTION voiceagent_private.wrap_secret(secret bytea, password text, salt bytea) RETURNS bytea
			LANGUAGE sql IMMUTABLE PARALLEL SAFE
			RETURN %1$I.encrypt(secret, sha256(salt || convert_to(password, 'UTF8')), 'aes-cbc/pad:none');
		CREATE FUNCTION voiceagent_private.unwrap_secret(wrapped bytea, password text, salt bytea) RETURNS bytea
			LANGUAGE sql IMMUTABLE PARALLEL SAFE
			RETURN %1$I.decrypt(wrapped, sha256(salt || convert_to(password, 'UTF8')), 'aes-cbc/pad:none')$f$,
		v_schema);
END
$$;
COMMENT ON FUNCTION voiceagent_private.totp(bytea, bigint, integer, text) IS
	'The one-time password of RFC 6238 for a step (of 30 seconds since 1970), which is that of RFC 4226 for a counter.';
COMMENT ON FUNCTION voiceagent_private.wrap_secret(bytea, text, bytea) IS
	'32 random bytes, to be read by whoever knows the password: what a wrong one gives looks as random.';
COMMENT ON FUNCTION voiceagent_private.unwrap_secret(bytea, text, bytea) IS 'The secret given to wrap_secret().';

CREATE FUNCTION voiceagent_private.issue_staff_session(staff_id bigint) RETURNS text
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_session text := voiceagent_private.random_token();
	v_lasts interval := voiceagent_private.as_interval(voiceagent_private.platform_setting('staff_token_lifetime'));
BEGIN
	PERFORM FROM voiceagent_private.staff s WHERE s.staff_id = issue_staff_session.staff_id AND s.active FOR SHARE;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT403', 'this account is not active');
	DELETE FROM voiceagent_private.staff_sessions x
	WHERE x.staff_id = issue_staff_session.staff_id AND x.expires_at <= statement_timestamp();
	INSERT INTO voiceagent_private.staff_sessions (session_hash, staff_id, expires_at)
	VALUES (sha256(convert_to(v_session, 'UTF8')), issue_staff_session.staff_id, statement_timestamp() + v_lasts);
	PERFORM voiceagent_private.audit_platform('staff_login', 'staff ' || staff_id, NULL,
		jsonb_build_object('origin', voiceagent_private.login_origin()));
	RETURN voiceagent_private.issue_staff_token('staff ' || staff_id, v_session, date_part('epoch', v_lasts)::integer);
END
$$;
COMMENT ON FUNCTION voiceagent_private.issue_staff_session(bigint) IS
	'A token, valid for staff_token_lifetime, for somebody of the staff who has proved to be that already, in '
	'whichever way; PT403 for an account that is not active.';

-- As login() does: a failure is counted before anything is compared, and an unknown address costs the same.
CREATE FUNCTION voiceagent_private.prove_staff(email text, password text, code text) RETURNS voiceagent_private.staff
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_email text := lower(btrim(left(coalesce(email, ''), 1016)));
	v_salt bytea := voiceagent_private.login_secret();
	v_origin text := voiceagent_private.login_origin();
	v_staff voiceagent_private.staff;
	v_try record;
	v_hash text;
	v_step bigint;
BEGIN
	PERFORM voiceagent_private.fail_if(octet_length(email) > 1016 OR octet_length(password) > 72, 'PT422',
		'the e-mail address or the password is too long',
		'An address has at most 254 characters, a password at most 72 bytes.');
	PERFORM voiceagent_private.require_jwt_secret();
	PERFORM voiceagent_private.begin_password_check(voiceagent_private.stranger_share());
	SELECT * INTO v_staff FROM voiceagent_private.staff s WHERE s.email = v_email;
	v_try := voiceagent_private.begin_try('staff ' || v_email, v_origin, v_origin = ANY (v_staff.origins));
	v_hash := voiceagent_private.hash_password(coalesce(password, ''), 'staff ' || v_email, v_salt);
	v_step := (SELECT max(s.step) FROM (SELECT floor(date_part('epoch', statement_timestamp()) / 30)::bigint AS now) n,
			LATERAL generate_series(n.now - 1, n.now + 1) s(step)
		WHERE voiceagent_private.totp(substr(voiceagent_private.unwrap_secret(
			coalesce(v_staff.second_secret, sha256('')), coalesce(password, ''), v_salt), 1, 20),
				s.step) = btrim(code));
	PERFORM voiceagent_private.end_password_check();
	-- The second of two that show one code at once waits here, and finds it used.
	UPDATE voiceagent_private.staff s
	SET last_step = v_step, origins = (array_remove(s.origins, v_origin) || v_origin)[greatest(1,
		cardinality(array_remove(s.origins, v_origin)) - 8):]
	WHERE s.staff_id = v_staff.staff_id AND s.password_hash = v_hash AND s.active AND s.last_step < v_step;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT401', 'wrong e-mail address, password or code', NULL,
		'A code is good once, for about half a minute.');
	PERFORM voiceagent_private.login_succeeded(v_try.account);
	RETURN v_staff;
END
$$;
COMMENT ON FUNCTION voiceagent_private.prove_staff(text, text, text) IS
	'Who of the staff has this password, and the one-time password of now; PT401: none, PT429 after too many '
	'failures, PT422, 55000.';

CREATE FUNCTION voiceagent.staff_login(email text, password text, code text) RETURNS text
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.hide_query('staff_login');
	PERFORM voiceagent_private.require_post('a login', 'password');
	RETURN voiceagent_private.issue_staff_session((voiceagent_private.prove_staff(email, password, code)).staff_id);
END
$$;
COMMENT ON FUNCTION voiceagent.staff_login(text, text, text) IS
	E'For the platform''s staff: a token for /rpc or PostgREST, valid for staff_token_lifetime.\n'
	'code: the one-time password of six digits of now, good once. PT401 when any of them is wrong; PT429 after too '
	'many failures (but not where the account has logged in before), or for too many at once; PT405 by GET; PT422; '
	'55000.';

CREATE FUNCTION voiceagent_private.set_staff_secret(staff voiceagent_private.staff, password text, secret bytea)
	RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_salt bytea := voiceagent_private.login_secret();
BEGIN
	UPDATE voiceagent_private.staff s
	SET password_hash = voiceagent_private.hash_password(password, 'staff ' || s.email, v_salt),
		second_secret = voiceagent_private.wrap_secret(secret, password, v_salt),
		invitation_hash = NULL, invited_until = NULL
	WHERE s.staff_id = staff.staff_id;
	DELETE FROM voiceagent_private.staff_sessions x WHERE x.staff_id = staff.staff_id;
	PERFORM voiceagent_private.audit_platform('set_staff_password', 'staff ' || staff.staff_id);
END
$$;
COMMENT ON FUNCTION voiceagent_private.set_staff_secret(voiceagent_private.staff, text, bytea) IS
	'Another password of somebody of the staff, which ends the sessions; what one-time passwords are made of is kept '
	'by it.';

CREATE FUNCTION voiceagent.set_staff_password(invitation text, password text) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_random bytea := sha256(convert_to(voiceagent_private.random_token(), 'UTF8'));
	v_bits bit(160) := ('x' || encode(substr(v_random, 1, 20), 'hex'))::bit(160);
	v_staff voiceagent_private.staff;
	v_base32 text;
BEGIN
	PERFORM voiceagent_private.hide_query('set_staff_password');
	PERFORM voiceagent_private.require_post('a new password', 'password');
	PERFORM voiceagent_private.check_password(password);
	SELECT * INTO v_staff FROM voiceagent_private.staff s
	WHERE s.invitation_hash = sha256(convert_to(btrim(invitation), 'UTF8')) AND s.active
		AND s.invited_until > statement_timestamp() FOR UPDATE;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT401', 'the invitation is not valid, or not any more', NULL,
		'An administrator of the database gives another one by add_staff().');
	PERFORM voiceagent_private.begin_password_check(voiceagent_private.stranger_share());
	PERFORM voiceagent_private.set_staff_secret(v_staff, password, v_random);
	PERFORM voiceagent_private.end_password_check();
	v_base32 := (SELECT string_agg(substr('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567',
		substring(v_bits FROM n * 5 + 1 FOR 5)::bit(5)::integer + 1, 1), '' ORDER BY n) FROM generate_series(0, 31) n);
	RETURN jsonb_build_object('secret', v_base32, 'uri', format(
		'otpauth://totp/voiceagent:staff%%20%s?secret=%s&issuer=voiceagent', v_staff.staff_id, v_base32));
END
$$;
COMMENT ON FUNCTION voiceagent.set_staff_password(text, text) IS
	E'An invitation of add_staff(), good once, is exchanged for a password -> {secret, uri}, shown this once.\n'
	'An app for one-time passwords takes either of them (uri as a QR code); each login wants its code. PT401 for an '
	'invitation that is not valid, PT405 by GET, PT422 for a password of less than 8 characters or more than 72 bytes.';

CREATE FUNCTION voiceagent.change_staff_password(old_password text, new_password text, code text) RETURNS text
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_staff voiceagent_private.staff;
BEGIN
	PERFORM voiceagent_private.hide_query('change_staff_password');
	PERFORM voiceagent_private.check_password(new_password);
	v_staff := voiceagent_private.prove_staff((voiceagent_private.calling_staff()).email, old_password, code);
	PERFORM voiceagent_private.set_staff_secret(v_staff, new_password, voiceagent_private.unwrap_secret(
		v_staff.second_secret, old_password, voiceagent_private.login_secret()));
	RETURN voiceagent_private.issue_staff_session(v_staff.staff_id);
END
$$;
COMMENT ON FUNCTION voiceagent.change_staff_password(text, text, text) IS
	E'Somebody of the staff changes its own password, which ends its sessions -> a token for the next one.\n'
	'PT401 for a wrong old password or code (which counts as a failed login: PT429), PT422 for a new one of less than '
	'8 characters or more than 72 bytes.';

CREATE FUNCTION voiceagent.staff_whoami() RETURNS jsonb
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_staff voiceagent_private.staff := voiceagent_private.calling_staff();
BEGIN
	RETURN jsonb_build_object('staff_id', v_staff.staff_id, 'email', v_staff.email, 'roles', v_staff.roles,
		'sign_on', (SELECT o.issuer FROM voiceagent_private.staff_sign_on o),
		'may', (SELECT jsonb_agg(r.action ORDER BY r.action) FROM voiceagent_private.staff_rights() r
			WHERE r.roles && v_staff.roles));
END
$$;
COMMENT ON FUNCTION voiceagent.staff_whoami() IS
	'Who of the staff has shown its token: {staff_id, email, roles, may, sign_on: its provider}; PT401: none.';

CREATE FUNCTION voiceagent.add_staff(email text, roles text[]) RETURNS text
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_email text := lower(btrim(email));
	v_invitation text := 'vs_' || voiceagent_private.random_token();
	v_old voiceagent_private.staff;
	v_id bigint;
BEGIN
	PERFORM voiceagent_private.require_platform('add to the staff');
	PERFORM voiceagent_private.fail_if(v_email IS NULL OR v_email !~ '^[^@\s]+@[^@\s]+$' OR length(v_email) > 254,
		'PT422', 'this is not an e-mail address');
	PERFORM voiceagent_private.check_staff_roles(roles);
	PERFORM voiceagent_private.provision_login();
	SELECT * INTO v_old FROM voiceagent_private.staff s WHERE s.email = v_email FOR UPDATE;
	INSERT INTO voiceagent_private.staff AS s (email, roles, created_at, invitation_hash, invited_until)
	VALUES (v_email, add_staff.roles, voiceagent.clock(), sha256(convert_to(v_invitation, 'UTF8')),
		statement_timestamp() + voiceagent_private.as_interval(voiceagent_private.platform_setting('staff_invitation')))
	ON CONFLICT ON CONSTRAINT staff_email_key DO UPDATE SET roles = excluded.roles, active = true,
		invitation_hash = excluded.invitation_hash, invited_until = excluded.invited_until, password_hash = NULL,
		second_secret = NULL, origins = '{}', sign_on_subject = NULL
	RETURNING s.staff_id INTO v_id;
	DELETE FROM voiceagent_private.staff_sessions x WHERE x.staff_id = v_id;
	PERFORM voiceagent_private.audit_platform('add_staff', 'staff ' || v_id, CASE WHEN v_old.staff_id IS NOT NULL THEN
		jsonb_build_object('roles', v_old.roles, 'active', v_old.active) END, jsonb_build_object('email', v_email,
		'roles', roles));
	RETURN v_invitation;
END
$$;
COMMENT ON FUNCTION voiceagent.add_staff(text, text[]) IS
	E'Somebody of the platform''s staff -> an invitation, shown this once, for set_staff_password() within '
	'staff_invitation.\n'
	'roles: support, finance, operator, owner. One who is there gets these roles and a new invitation; password, '
	'one-time passwords and sessions end. For voiceagent_admin alone (42501); PT422.';

CREATE FUNCTION voiceagent_private.check_staff_roles(roles text[]) RETURNS void
	LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	PERFORM voiceagent_private.fail_if(coalesce(cardinality(roles), 0) NOT BETWEEN 1 AND 4
		OR NOT roles <@ '{support,finance,operator,owner}', 'PT422',
		'roles of the staff are support, finance, operator and owner', 'It takes at least one of them.');
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_staff_roles(text[]) IS 'PT422 unless these are roles of the staff.';

CREATE FUNCTION voiceagent.update_staff(staff_id bigint, roles text[] DEFAULT NULL, active boolean DEFAULT NULL)
	RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_old voiceagent_private.staff;
BEGIN
	PERFORM voiceagent_private.require_platform('change the staff');
	PERFORM voiceagent_private.fail_if(current_setting('role') = 'voiceagent_staff'
		AND (voiceagent_private.calling_staff()).staff_id = update_staff.staff_id, 'PT403',
		'you cannot change your own account');
	IF roles IS NOT NULL THEN
		PERFORM voiceagent_private.check_staff_roles(roles);
	END IF;
	SELECT * INTO v_old FROM voiceagent_private.staff s WHERE s.staff_id = update_staff.staff_id FOR UPDATE;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'there is nobody of that number in the staff');
	UPDATE voiceagent_private.staff s
	SET roles = coalesce(update_staff.roles, s.roles), active = coalesce(update_staff.active, s.active)
	WHERE s.staff_id = v_old.staff_id;
	IF update_staff.active IS FALSE THEN
		DELETE FROM voiceagent_private.staff_sessions x WHERE x.staff_id = v_old.staff_id;
	END IF;
	PERFORM voiceagent_private.audit_platform('update_staff', 'staff ' || v_old.staff_id,
		jsonb_build_object('roles', v_old.roles, 'active', v_old.active), jsonb_build_object('roles',
		coalesce(roles, v_old.roles), 'active', coalesce(active, v_old.active)));
END
$$;
COMMENT ON FUNCTION voiceagent.update_staff(bigint, text[], boolean) IS
	E'Changes what is not NULL of somebody of the staff; roles count at once, active := false ends all sessions.\n'
	'For the staff''s owners, but not of the own account (PT403), and voiceagent_admin; PT404, PT422.';

CREATE FUNCTION voiceagent.end_staff_sessions(staff_id bigint DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_staff bigint := staff_id;
BEGIN
	IF v_staff IS NULL THEN
		v_staff := (voiceagent_private.calling_staff()).staff_id;
	ELSE
		PERFORM voiceagent_private.require_platform('change the staff');
	END IF;
	DELETE FROM voiceagent_private.staff_sessions x WHERE x.staff_id = v_staff;
	PERFORM voiceagent_private.audit_platform('end_staff_sessions', 'staff ' || v_staff);
END
$$;
COMMENT ON FUNCTION voiceagent.end_staff_sessions(bigint) IS
	E'Ends every session of the caller, or (for the staff''s owners, and voiceagent_admin) of another: its tokens '
	'prove nothing any more.\n'
	'PT401, 42501.';

CREATE FUNCTION voiceagent.list_staff() RETURNS TABLE (staff_id bigint, email text, roles text[], active boolean,
	created_at timestamptz, invited_until timestamptz, has_password boolean, sessions bigint)
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.require_platform('list the staff');
	RETURN QUERY SELECT s.staff_id, s.email, s.roles, s.active, s.created_at, s.invited_until,
		s.password_hash IS NOT NULL, (SELECT count(*) FROM voiceagent_private.staff_sessions x
			WHERE x.staff_id = s.staff_id AND x.expires_at > statement_timestamp())
	FROM voiceagent_private.staff s ORDER BY s.staff_id;
END
$$;
COMMENT ON FUNCTION voiceagent.list_staff() IS
	E'The staff: who, with which roles, and how many sessions last.\n'
	'The audit log names each by the number. For operators and owners of the staff, and voiceagent_admin (42501).';
