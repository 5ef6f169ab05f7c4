-- 15_vault: from one key to the next. The file names both; secrets are sealed again in steps; then the old one may go.

CREATE FUNCTION voiceagent_private.reseal_secret(name text) RETURNS boolean
	LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'va_sql_reseal_secret';
COMMENT ON FUNCTION voiceagent_private.reseal_secret(text) IS
	E'Seals a secret of the current tenant again, under the key that seals now; false if there is none by that name.\n'
	'XX001 if it does not open.';

CREATE FUNCTION voiceagent_private.vault_keys() RETURNS bytea[]
	LANGUAGE c VOLATILE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'va_sql_vault_keys';
COMMENT ON FUNCTION voiceagent_private.vault_keys() IS
	E'The fingerprints (8 bytes of a hash) of the keys in voiceagent.vault_key_file; the first seals, all open.\n'
	'55000 when the file gives none.';

CREATE FUNCTION voiceagent_private.sealed_under(sealed bytea) RETURNS bytea
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN pg_catalog.substr(sealed, 2, 8);
COMMENT ON FUNCTION voiceagent_private.sealed_under(bytea) IS
	'The fingerprint of the key under which a secret was sealed.';

CREATE FUNCTION voiceagent.rotate_vault(max integer DEFAULT 1000) RETURNS integer
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_was bigint;
	v_tenant bigint;
	v_done integer := 0;
	v_keys bytea[];
	v_name text;
BEGIN
	PERFORM voiceagent_private.require_platform('rotate the key of the vault');
	PERFORM voiceagent_private.fail_if(max IS NULL OR max < 1, 'PT422', 'max must be at least 1');
	v_keys := voiceagent_private.vault_keys();
	UPDATE voiceagent_private.platform_secrets s SET sealed = voiceagent_private.resealed_for_platform(s.name, s.sealed)
	WHERE s.name = ANY (ARRAY(SELECT o.name FROM voiceagent_private.platform_secrets o
		WHERE voiceagent_private.sealed_under(o.sealed) = ANY (v_keys[2:]) ORDER BY o.name LIMIT max));
	GET DIAGNOSTICS v_done = ROW_COUNT;
	v_was := voiceagent_private.set_tenant(0);
	FOR v_tenant IN SELECT d.tenant_id FROM voiceagent_private.tenant_directory d ORDER BY d.tenant_id LOOP
		EXIT WHEN v_done >= max;
		PERFORM voiceagent_private.set_tenant(v_tenant);
		-- One that opens under no key of the file stays as it is: vault_status() shows it.
		FOR v_name IN SELECT s.name FROM voiceagent_private.secrets s
			WHERE s.tenant_id = v_tenant AND voiceagent_private.sealed_under(s.sealed) = ANY (v_keys[2:])
			ORDER BY s.secret_id LIMIT max - v_done FOR UPDATE
		LOOP
			PERFORM voiceagent_private.reseal_secret(v_name);
			v_done := v_done + 1;
		END LOOP;
	END LOOP;
	PERFORM voiceagent_private.set_tenant(v_was);
	IF v_done > 0 THEN
		PERFORM voiceagent_private.audit('rotate_vault', 'vault', NULL, jsonb_build_object('sealed_again', v_done));
	END IF;
	RETURN v_done;
END
$$;
COMMENT ON FUNCTION voiceagent.rotate_vault(integer) IS
	E'One step of the way to a new vault key: seals up to max secrets again, under the first key of '
	'voiceagent.vault_key_file -> how many; 0: nothing is left to do.\n'
	'All keys of the file open secrets meanwhile, so that it may be stopped and repeated at any time. For the '
	'platform (42501). 55000 when the file gives no key.';

CREATE FUNCTION voiceagent.vault_status()
	RETURNS TABLE (key text, seals boolean, in_file boolean, secrets bigint)
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_keys bytea[];
	-- Fingerprint -> how many secrets: as many members as there are keys, however many tenants.
	v_secrets jsonb;
	v_was bigint;
	v_tenant bigint;
BEGIN
	PERFORM voiceagent_private.require_platform('see the keys of the vault');
	IF voiceagent_private.has_vault_key() THEN
		v_keys := voiceagent_private.vault_keys();
	END IF;
	SELECT coalesce(jsonb_object_agg(x.print, x.n), '{}') INTO v_secrets
	FROM (SELECT coalesce(encode(voiceagent_private.sealed_under(s.sealed), 'hex'), '') AS print, count(*) AS n
		FROM voiceagent_private.platform_secrets s GROUP BY 1) x;
	v_was := voiceagent_private.set_tenant(0);
	FOR v_tenant IN SELECT d.tenant_id FROM voiceagent_private.tenant_directory d LOOP
		PERFORM voiceagent_private.set_tenant(v_tenant);
		SELECT v_secrets || coalesce(jsonb_object_agg(x.print, x.n + coalesce((v_secrets ->> x.print)::bigint, 0)),
			'{}') INTO v_secrets
		FROM (SELECT coalesce(encode(voiceagent_private.sealed_under(s.sealed), 'hex'), '') AS print, count(*) AS n
			FROM voiceagent_private.secrets s WHERE s.tenant_id = v_tenant GROUP BY 1) x;
	END LOOP;
	PERFORM voiceagent_private.set_tenant(v_was);
	RETURN QUERY
	SELECT encode(p.print, 'hex'), p.print = v_keys[1], p.print = ANY (v_keys),
		coalesce((v_secrets ->> encode(p.print, 'hex'))::bigint, 0)
	FROM (SELECT unnest(v_keys) UNION SELECT decode(k, 'hex') FROM jsonb_object_keys(v_secrets) k) p (print)
	ORDER BY array_position(v_keys, p.print), p.print;
END
$$;
COMMENT ON FUNCTION voiceagent.vault_status() IS
	E'The keys of the vault: of the file in its order, then those that only secrets know of.\n'
	'key: a fingerprint, which tells nothing of the key; seals: new secrets are sealed under it; in_file: it opens '
	'secrets (false: they open under no key of the file); secrets: how many are sealed under it. A key that seals '
	'nothing and has 0 secrets may be taken out of the file. For the platform (42501).';
