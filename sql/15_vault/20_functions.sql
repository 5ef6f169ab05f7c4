-- 15_vault: in goes plaintext, by our functions alone; out comes nothing.

CREATE FUNCTION voiceagent_private.secret_name(kind text, id bigint, version integer DEFAULT NULL) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN pg_catalog.concat_ws(':', kind, id, version);
COMMENT ON FUNCTION voiceagent_private.secret_name(text, bigint, integer) IS
	'Under which name the vault keeps a secret of a thing: of which kind, which one, and which version of the secret.';

CREATE FUNCTION voiceagent_private.seal_secret(name text, plaintext text) RETURNS void
	LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'va_sql_seal_secret';
COMMENT ON FUNCTION voiceagent_private.seal_secret(text, text) IS
	E'Seals a secret of the current tenant under that name, in place of an earlier one.\n'
	'55000 when the key of voiceagent.vault_key_file is missing. Only C code opens it.';

CREATE FUNCTION voiceagent_private.copy_secret(name text, new_name text) RETURNS boolean
	LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'va_sql_copy_secret';
COMMENT ON FUNCTION voiceagent_private.copy_secret(text, text) IS
	E'Seals a secret of the current tenant under another name as well; false if there is none.\n'
	'XX001 if it does not open.';

CREATE FUNCTION voiceagent_private.secret_opens(name text) RETURNS boolean
	LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'va_sql_secret_opens';
COMMENT ON FUNCTION voiceagent_private.secret_opens(text) IS
	E'Opens a secret of the current tenant and throws it away: true, or false if there is none.\n'
	'XX001 if it was changed, moved, or sealed under another key: for checks after a restore.';

CREATE FUNCTION voiceagent_private.secret_still_opens(name text) RETURNS boolean
	LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	RETURN voiceagent_private.secret_opens(name);
EXCEPTION WHEN data_corrupted OR object_not_in_prerequisite_state THEN
	RETURN false;
END
$$;
COMMENT ON FUNCTION voiceagent_private.secret_still_opens(text) IS
	'Whether the current tenant has a secret of that name that opens.';

CREATE FUNCTION voiceagent_private.make_signing_secret(name text) RETURNS text
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	-- 32 random bytes, in the form that the libraries of Standard Webhooks take.
	v_secret text := 'whsec_' || pg_catalog.encode(
		pg_catalog.sha256(pg_catalog.convert_to(voiceagent_private.random_token(), 'UTF8')), 'base64');
BEGIN
	PERFORM voiceagent_private.seal_secret(name, v_secret);
	RETURN v_secret;
END
$$;
COMMENT ON FUNCTION voiceagent_private.make_signing_secret(text) IS
	E'Makes, seals under that name, and returns a secret that signs requests to a server of the current tenant.\n'
	'55000 without the vault''s key.';

CREATE FUNCTION voiceagent_private.delete_signing_secrets(kind text, id bigint, last_version integer) RETURNS void
	LANGUAGE sql VOLATILE AS $$
	DELETE FROM voiceagent_private.secrets s
	WHERE s.tenant_id = voiceagent.current_tenant() AND s.name = ANY (ARRAY(
		SELECT voiceagent_private.secret_name(kind, id, v)
		FROM pg_catalog.generate_series(greatest(last_version - 1, 1), last_version) v))
$$;
COMMENT ON FUNCTION voiceagent_private.delete_signing_secrets(text, bigint, integer) IS
	'Deletes the signing secrets of a thing up to a version; there are never more than the last two.';

CREATE FUNCTION voiceagent_private.has_vault_key() RETURNS boolean
	LANGUAGE c VOLATILE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'va_sql_has_vault_key';
COMMENT ON FUNCTION voiceagent_private.has_vault_key() IS
	'Whether voiceagent.vault_key_file gives a key, so that secrets can be sealed.';

CREATE FUNCTION voiceagent_private.sealed_for_platform(name text, plaintext text) RETURNS bytea
	LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'va_sql_sealed_for_platform';
COMMENT ON FUNCTION voiceagent_private.sealed_for_platform(text, text) IS
	E'A secret of the platform, sealed for that name.\n'
	'55000 when the key of voiceagent.vault_key_file is missing. Only C code opens it.';

CREATE FUNCTION voiceagent_private.resealed_for_platform(name text, sealed bytea) RETURNS bytea
	LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'va_sql_resealed_for_platform';
COMMENT ON FUNCTION voiceagent_private.resealed_for_platform(text, bytea) IS
	E'The same secret of the platform under the key that seals now.\n'
	'XX001 if it does not open.';

CREATE FUNCTION voiceagent_private.seal_platform_secret(name text, plaintext text) RETURNS void
	LANGUAGE sql VOLATILE AS $$
	INSERT INTO voiceagent_private.platform_secrets AS s (name, sealed, created_at)
	VALUES (seal_platform_secret.name,
		voiceagent_private.sealed_for_platform(seal_platform_secret.name, seal_platform_secret.plaintext),
		voiceagent.clock())
	ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed, created_at = excluded.created_at
$$;
COMMENT ON FUNCTION voiceagent_private.seal_platform_secret(text, text) IS
	E'Seals a secret of the platform under that name, in place of an earlier one.\n'
	'55000 without the vault''s key.';
