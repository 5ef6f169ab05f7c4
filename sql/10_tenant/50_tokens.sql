-- 10_tenant: signing, password hashes, and the count of failed logins.

CREATE FUNCTION voiceagent_private.issue_token(tenant_id bigint, member_id bigint, member_role text, subject text,
	seconds integer)
	RETURNS text LANGUAGE c VOLATILE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'va_sql_issue_token';
COMMENT ON FUNCTION voiceagent_private.issue_token(bigint, bigint, text, text, integer) IS
	E'A token (JWT) of the key that signs, valid for so many seconds of real time.\n'
	'Claims: tenant_id, member_id, session_version, member_role, sub, role = voiceagent_user, aud, iat, exp. '
	'55000 when voiceagent.jwt_secret_file gives no key to sign with.';

CREATE FUNCTION voiceagent_private.issue_session_token(tenant_id bigint, member_id bigint, member_role text,
	subject text, seconds integer, auth_time bigint)
	RETURNS text LANGUAGE c VOLATILE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'va_sql_issue_session_token';
COMMENT ON FUNCTION voiceagent_private.issue_session_token(bigint, bigint, text, text, integer, bigint) IS
	E'As issue_token(), and a claim auth_time: when the member gave its password (seconds since 1970; NULL: now).';

CREATE FUNCTION voiceagent_private.issue_staff_token(subject text, session text, seconds integer)
	RETURNS text LANGUAGE c VOLATILE STRICT PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'va_sql_issue_staff_token';
COMMENT ON FUNCTION voiceagent_private.issue_staff_token(text, text, integer) IS
	'A token that names no tenant: role = voiceagent_staff, sub, jti = session, aud, iat, auth_time, exp.';

CREATE FUNCTION voiceagent.token_audience() RETURNS text
	LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_token_audience';
COMMENT ON FUNCTION voiceagent.token_audience() IS
	E'This database as tokens name it in the claim aud: "voiceagent:", the system identifier, ":" and the database''s '
	'oid.\n'
	'A token for another database is refused. Whoever signs tokens elsewhere with a key that could sign here puts it '
	'in; in a key of voiceagent.jwt_secret_file "aud" binds the key to this database.';

CREATE FUNCTION voiceagent_private.require_jwt_secret() RETURNS void
	LANGUAGE c VOLATILE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'va_sql_require_jwt_secret';
COMMENT ON FUNCTION voiceagent_private.require_jwt_secret() IS
	'55000, with the reason, when voiceagent.jwt_secret_file gives no key to sign with.';

CREATE FUNCTION voiceagent_private.login_wait(account text) RETURNS integer
	LANGUAGE c VOLATILE STRICT PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'va_sql_login_wait';
COMMENT ON FUNCTION voiceagent_private.login_wait(text) IS
	E'Seconds that an account must wait after too many failed logins; 0: none.\n'
	'Twice as long after each failure more.';

CREATE FUNCTION voiceagent_private.login_failed(account text) RETURNS void
	LANGUAGE c VOLATILE STRICT PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'va_sql_login_failed';
COMMENT ON FUNCTION voiceagent_private.login_failed(text) IS
	'Counts a failed login in shared memory, where no rollback takes it back.';

CREATE FUNCTION voiceagent_private.login_succeeded(account text) RETURNS void
	LANGUAGE c VOLATILE STRICT PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'va_sql_login_succeeded';
COMMENT ON FUNCTION voiceagent_private.login_succeeded(text) IS 'Takes back one login_failed() of an account.';

CREATE FUNCTION voiceagent_private.begin_password_check(share text) RETURNS void
	LANGUAGE c VOLATILE STRICT PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'va_sql_begin_password_check';
COMMENT ON FUNCTION voiceagent_private.begin_password_check(text) IS
	E'Takes one of the server''s voiceagent.password_checks, until end_password_check() or the transaction''s end.\n'
	'share: as stranger_share() says, or of a tenant; it has half of them at most, and waits in turn with the others '
	'for two seconds, then PT429.';

CREATE FUNCTION voiceagent_private.end_password_check() RETURNS void
	LANGUAGE c VOLATILE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'va_sql_end_password_check';
COMMENT ON FUNCTION voiceagent_private.end_password_check() IS 'Gives back what begin_password_check() took.';

CREATE FUNCTION voiceagent_private.enter_api_request(tenant_id bigint) RETURNS void
	LANGUAGE c VOLATILE STRICT PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'va_sql_enter_api_request';
COMMENT ON FUNCTION voiceagent_private.enter_api_request(bigint) IS
	'Counts this transaction among the tenant''s requests in flight, until it ends; PT429 where the tenant has as many '
	'as it may (voiceagent.api_requests_per_tenant).';

-- pgcrypto lies in whatever schema it was created in; before version 16 that can only be looked up here.
DO $$
DECLARE
	v_schema text;
BEGIN
	SELECT n.nspname INTO STRICT v_schema FROM pg_catalog.pg_extension e
	JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pgcrypto';
	EXECUTE pg_catalog.format($f$
		CREATE FUNCTION voiceagent_private.provision_login() RETURNS void
			LANGUAGE sql VOLATILE
		BEGIN ATOMIC
			INSERT INTO voiceagent_private.login_salt (secret) VALUES (%1$I.gen_random_bytes(32))
			ON CONFLICT DO NOTHING;
		END;
		CREATE FUNCTION voiceagent_private.hash_password(password text, email text, secret bytea) RETURNS text
			LANGUAGE sql IMMUTABLE PARALLEL SAFE
			RETURN %1$I.crypt(password, '$2a$10$'
				|| translate(left(encode(sha256(secret || convert_to(email, 'UTF8')), 'base64'), 22), '+', '.'));
		CREATE FUNCTION voiceagent_private.password_matches(password text, hash text) RETURNS boolean
			LANGUAGE sql IMMUTABLE PARALLEL SAFE
			RETURN coalesce(%1$I.crypt(password, hash) = hash, false)$f$, v_schema);
END
$$;
COMMENT ON FUNCTION voiceagent_private.provision_login() IS
	'Makes what salts are derived from, with the first tenant: later, all tenants would wait for the row.';

CREATE FUNCTION voiceagent_private.login_secret() RETURNS bytea LANGUAGE sql STABLE
	RETURN (SELECT s.secret FROM voiceagent_private.login_salt s);
COMMENT ON FUNCTION voiceagent_private.login_secret() IS
	'The secret from which salts are derived; NULL: no tenant was ever made.';
COMMENT ON FUNCTION voiceagent_private.hash_password(text, text, bytea) IS
	E'The bcrypt hash of a password with the salt of an e-mail address, the same in every tenant.\n'
	'One hash then tells whether the password is that of any of its logins, so a login takes as long '
	'whoever knows the address.';
COMMENT ON FUNCTION voiceagent_private.password_matches(text, text) IS
	'Whether the password is that of the bcrypt hash.';
