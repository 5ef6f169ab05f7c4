-- 35_provider: accounts at carriers and the endpoints of their webhooks.

CREATE FUNCTION voiceagent_private.add_endpoint(account bigint) RETURNS text
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_token text := voiceagent_private.random_token();
	v_endpoint bigint;
BEGIN
	INSERT INTO voiceagent.webhook_endpoints (tenant_id, provider_account_id, created_at)
	VALUES (v_tenant, account, voiceagent.clock()) RETURNING endpoint_id INTO v_endpoint;
	INSERT INTO voiceagent_private.endpoint_routes (token, tenant_id, endpoint_id, provider_account_id,
		provider, settings)
	SELECT v_token, v_tenant, v_endpoint, a.provider_account_id, a.provider, a.settings
	FROM voiceagent.provider_accounts a WHERE a.tenant_id = v_tenant AND a.provider_account_id = account;
	RETURN v_token;
END
$$;
COMMENT ON FUNCTION voiceagent_private.add_endpoint(bigint) IS
	'A new webhook endpoint of an account of the current tenant -> the unguessable last part of its URL.';

CREATE FUNCTION voiceagent_private.provision_provider() RETURNS void
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_account bigint;
BEGIN
	INSERT INTO voiceagent.provider_accounts (tenant_id, provider, name, max_concurrent_calls, created_at)
	VALUES (v_tenant, 'sandbox', 'Sandbox', voiceagent_private.setting_integer('account_max_concurrent_calls'),
		voiceagent.clock())
	RETURNING provider_account_id INTO v_account;
	PERFORM voiceagent_private.add_endpoint(v_account);
END
$$;
COMMENT ON FUNCTION voiceagent_private.provision_provider() IS
	E'Gives a new tenant its account at the embedded carrier, and the endpoint of its webhooks.\n'
	'Their secrets are derived, not stored.';

CREATE FUNCTION voiceagent_private.lacks_public_url(provider text) RETURNS boolean
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN provider <> 'sandbox' AND current_setting('voiceagent.public_base_url', true) = ''
		AND NOT voiceagent_private.simulating() AND (voiceagent_private.driver_facts(provider)).proof <> 'none';
END
$$;
COMMENT ON FUNCTION voiceagent_private.lacks_public_url(text) IS
	E'Whether a carrier that reports calls by webhooks could not reach us, because voiceagent.public_base_url is not '
	'set: its accounts do not dial then.\n'
	'PT422 for an unknown provider.';

CREATE FUNCTION voiceagent_private.endpoint_url(provider text, token text) RETURNS text
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_base text := pg_catalog.current_setting('voiceagent.public_base_url', true);
BEGIN
	-- The embedded carrier lives beside the gateway and calls it directly.
	IF provider = 'sandbox' OR coalesce(v_base, '') = '' THEN
		v_base := voiceagent_private.gateway_address();
	END IF;
	RETURN pg_catalog.concat(v_base, '/webhooks/', token);
END
$$;
COMMENT ON FUNCTION voiceagent_private.endpoint_url(text, text) IS
	'The URL of an endpoint: below voiceagent.public_base_url, or (sandbox; no base URL is set) below the gateway''s '
	'own address; the path alone while the gateway does not run.';

/* Names only in errors: a value may be a secret that landed under the wrong key. */
CREATE FUNCTION voiceagent_private.check_keys(object jsonb, what text, allowed text[], required text[]) RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
	v_key text;
BEGIN
	PERFORM voiceagent_private.fail_if(pg_catalog.jsonb_typeof(object) IS DISTINCT FROM 'object', 'PT422',
		pg_catalog.format('%s must be an object', what));
	SELECT k INTO v_key FROM pg_catalog.jsonb_object_keys(object) k WHERE NOT k = ANY (allowed) LIMIT 1;
	PERFORM voiceagent_private.fail_if(FOUND, 'PT422',
		pg_catalog.format('%s have no "%s"', what, pg_catalog.left(v_key, 60)), NULL,
		pg_catalog.format('They may have: %s.',
			coalesce(nullif(pg_catalog.array_to_string(allowed, ', '), ''), 'nothing')));
	FOREACH v_key IN ARRAY required LOOP
		PERFORM voiceagent_private.fail_if(coalesce(pg_catalog.btrim(object ->> v_key), '') = '', 'PT422',
			pg_catalog.format('%s need "%s"', what, v_key), NULL,
			pg_catalog.format('Needed are: %s.', pg_catalog.array_to_string(required, ', ')));
	END LOOP;
	SELECT k INTO v_key FROM pg_catalog.jsonb_each(object) e(k, v)
	WHERE what = 'credentials' AND pg_catalog.jsonb_typeof(v) <> 'string' LIMIT 1;
	PERFORM voiceagent_private.fail_if(FOUND, 'PT422', pg_catalog.format('credential "%s" must be a text', v_key));
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_keys(jsonb, text, text[], text[]) IS
	'PT422 if object has a key that is not allowed, or lacks a required one; never repeats a value.';

CREATE FUNCTION voiceagent_private.check_webhook_scheme(scheme jsonb) RETURNS jsonb
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
	v_kind text;
	v_result jsonb;
BEGIN
	PERFORM voiceagent_private.check_keys(scheme, 'the webhook settings',
		ARRAY['kind', 'type', 'headerName', 'bearerPrefixEnabled', 'algorithm', 'signatureHeader', 'timestampHeader',
			'messageIdHeader', 'signaturePrefix', 'includeTimestamp', 'payloadFormat', 'signatureEncoding',
				'secretIsBase64',
			'toleranceSeconds'], '{}');
	v_kind := coalesce(scheme ->> 'type', scheme ->> 'kind');
	v_result := scheme - 'kind';
	IF v_kind = 'header' THEN
		v_result := '{"headerName": "X-Vapi-Secret", "bearerPrefixEnabled": false}' || v_result;
		v_kind := 'bearer';
	ELSIF v_kind IS NULL OR v_kind NOT IN ('bearer', 'hmac') THEN
		RAISE EXCEPTION USING ERRCODE = 'PT422',
			MESSAGE = 'the kind of the webhook settings must be bearer, header or hmac';
	END IF;
	RETURN v_result || pg_catalog.jsonb_build_object('type', v_kind);
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_webhook_scheme(jsonb) IS
	'How webhooks are signed, in the form of the vendor''s credentials without the secret: {"type": "bearer" | '
	'"hmac", ...}; {"kind": "header", "headerName": ...} is a bearer without its prefix.';

CREATE FUNCTION voiceagent_private.check_networks(list text) RETURNS void
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_check_networks';
COMMENT ON FUNCTION voiceagent_private.check_networks(text) IS
	'PT422 unless it is a list of networks (192.0.2.0/24 2001:db8::/32) that an account''s webhooks '
	'may come from, or any.';

CREATE FUNCTION voiceagent_private.check_stored_account(account bigint) RETURNS void
	LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'va_sql_check_stored_account';
COMMENT ON FUNCTION voiceagent_private.check_stored_account(bigint) IS
	E'PT422 with the reason unless the parts of an account of the current tenant, credentials included, fit together '
	'as its carrier wants them.\n'
	'55000 without the vault''s key, XX001 if a credential does not open.';

CREATE FUNCTION voiceagent_private.check_account_url(url text, allowed_hosts text) RETURNS text
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
	v_scheme text := pg_catalog.lower(pg_catalog.substring(url, '^(ws|wss)://'));
BEGIN
	-- A socket is opened by the same rules as a request.
	IF v_scheme IS NULL THEN
		RETURN voiceagent_private.check_base_url(url, allowed_hosts);
	END IF;
	RETURN v_scheme || pg_catalog.substring(voiceagent_private.check_base_url(
		CASE v_scheme WHEN 'wss' THEN 'https' ELSE 'http' END || pg_catalog.substring(url, '^[a-zA-Z]+(://.*)$'),
			allowed_hosts), '^https?(://.*)$');
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_account_url(text, text) IS
	'A URL among an account''s settings: check_base_url(), also for sockets (wss://, and ws:// '
	'where http:// is allowed).';

CREATE FUNCTION voiceagent_private.check_account_value(part text, name text, kind text, value jsonb, allowed_hosts text)
	RETURNS jsonb
	LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	v_text text := value #>> '{}';
	v_what text := CASE part WHEN 'credentials' THEN 'credential' ELSE 'setting' END;
	v_type text := pg_catalog.jsonb_typeof(value);
	v_wanted text;
	v_detail text;
	v_hint text;
BEGIN
	v_wanted := CASE
		WHEN kind = 'integer' AND NOT (v_type = 'number' AND v_text ~ '^[0-9]{1,9}$') THEN 'a whole number, 0 or more'
		WHEN kind = 'boolean' AND v_type <> 'boolean' THEN 'true or false'
		WHEN kind = 'object' AND v_type <> 'object' THEN 'an object'
		WHEN kind = 'number' AND NOT (v_type = 'number' AND v_text ~ '^[0-9]{1,4}(\.[0-9]{1,3})?$') THEN
			'a number from 0 to 9999, with at most three decimals'
		WHEN kind IN ('integer', 'number', 'boolean', 'object') THEN NULL
		WHEN v_type <> 'string' THEN 'a text'
		WHEN pg_catalog.btrim(v_text) = '' THEN 'a text that is not empty'
		WHEN kind = 'e164'
			AND v_text !~ '^\+[1-9][0-9]{6,14}$' THEN 'a telephone number with its country code, such as +12025550142'
		WHEN kind = 'pem' AND v_text !~ '^\s*-----BEGIN [A-Z ]*PRIVATE KEY-----\s[A-Za-z0-9+/=\s]+-----END [A-Z '
			']*PRIVATE KEY-----\s*$' THEN 'a private key in PEM form (-----BEGIN PRIVATE KEY-----)'
		WHEN kind <> 'pem' AND v_text ~ '[[:cntrl:]]' THEN 'a text of one line'
		WHEN pg_catalog.length(v_text) > 16000 THEN 'a text of 16000 characters at most' END;
	PERFORM voiceagent_private.fail_if(v_wanted IS NOT NULL, 'PT422',
		pg_catalog.format('%s "%s" must be %s', v_what, name, v_wanted));
	IF kind = 'networks' THEN
		PERFORM voiceagent_private.check_networks(v_text);
	ELSIF kind = 'url' AND name <> 'base_url' THEN
		BEGIN
			RETURN pg_catalog.to_jsonb(CASE name WHEN 'stream_url'
				THEN voiceagent_private.check_account_url(v_text, allowed_hosts)
				ELSE voiceagent_private.check_base_url(v_text, allowed_hosts) END);
		EXCEPTION WHEN SQLSTATE 'PT422' THEN
			GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL, v_hint = PG_EXCEPTION_HINT;
			PERFORM voiceagent_private.fail('PT422', pg_catalog.format('%s "%s" cannot be used', v_what, name),
				v_detail, v_hint);
		END;
	END IF;
	RETURN value;
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_account_value(text, text, text, jsonb, text) IS
	'A credential or setting of that name, checked by the kind of its field: PT422 with the name, never the value.';

CREATE FUNCTION voiceagent_private.check_account(provider text, credentials jsonb, settings jsonb, is_new boolean,
		OUT base_url text, OUT max_concurrent_calls integer, OUT rest jsonb)
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_hosts text := voiceagent_private.platform_setting('allowed_private_hosts');
	v record;
BEGIN
	PERFORM voiceagent_private.fail_if(voiceagent_private.is_provider(provider) IS NOT TRUE, 'PT422',
		pg_catalog.format('there is no provider "%s"', pg_catalog.left(coalesce(provider, 'null'), 60)), NULL,
		'The view voiceagent.providers lists them.');
	SELECT f.part, f.name INTO v FROM voiceagent_private.account_fields(provider) f
	WHERE CASE f.part WHEN 'credentials' THEN settings ELSE credentials END ? f.name
		AND NOT CASE f.part WHEN 'credentials' THEN credentials ELSE settings END ? f.name
		AND NOT EXISTS (SELECT FROM voiceagent_private.account_fields(provider) o
			WHERE o.part <> f.part AND o.name = f.name)
	ORDER BY f.name LIMIT 1;
	PERFORM voiceagent_private.fail_if(FOUND, 'PT422',
		pg_catalog.format('"%s" stands among the %s of an account', v.name, v.part), NULL,
		'The view voiceagent.providers lists the credentials and the settings of each carrier.');
	FOR v IN SELECT f.part, pg_catalog.array_agg(f.name ORDER BY f.required DESC, f.name) AS names,
		coalesce(pg_catalog.array_agg(f.name) FILTER (WHERE f.required), '{}') AS required
		FROM (SELECT * FROM voiceagent_private.account_fields(provider)
			UNION ALL SELECT 'credentials', NULL, NULL, false, NULL) f
		GROUP BY f.part ORDER BY f.part
	LOOP
		PERFORM voiceagent_private.check_keys(CASE v.part WHEN 'credentials' THEN credentials ELSE settings END, v.part,
			pg_catalog.array_remove(v.names, NULL), CASE WHEN is_new THEN v.required ELSE '{}' END);
	END LOOP;
	rest := settings - ARRAY['base_url', 'max_concurrent_calls'];
	FOR v IN SELECT f.part, f.name, f.kind, f.required, e.value
		FROM (SELECT 'credentials' AS part, * FROM pg_catalog.jsonb_each(credentials) UNION ALL SELECT 'settings', *
			FROM pg_catalog.jsonb_each(rest)) e(part, name, value)
		JOIN voiceagent_private.account_fields(provider) f ON f.part = e.part AND f.name = e.name
		ORDER BY f.part, f.name
	LOOP
		-- null takes a setting away that need not be there.
		CONTINUE WHEN v.value = 'null' AND v.part = 'settings' AND NOT v.required;
		v.value := voiceagent_private.check_account_value(v.part, v.name, v.kind, v.value, v_hosts);
		IF v.kind = 'object' THEN
			PERFORM voiceagent_private.require_readable(v.value, pg_catalog.format('setting "%s"', v.name));
		END IF;
		IF v.part = 'settings' THEN
			rest := rest || pg_catalog.jsonb_build_object(v.name,
				CASE WHEN v.name = 'webhook' AND v.kind = 'object' THEN voiceagent_private.check_webhook_scheme(v.value)
					ELSE v.value END);
		END IF;
	END LOOP;
	IF nullif(settings -> 'base_url', 'null') IS NOT NULL THEN
		base_url := voiceagent_private.check_base_url(settings ->> 'base_url', v_hosts);
	END IF;
	IF settings ->> 'max_concurrent_calls' !~ '^-?[0-9]{1,9}$' THEN
		PERFORM voiceagent_private.check_account_value('settings', 'max_concurrent_calls',
			'integer', settings -> 'max_concurrent_calls', v_hosts);
	END IF;
	max_concurrent_calls := voiceagent_private.check_setting('account_max_concurrent_calls',
		coalesce(settings ->> 'max_concurrent_calls', voiceagent_private.setting_text('account_max_concurrent_calls')),
		'tenant')::integer;
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_account(text, jsonb, jsonb, boolean) IS
	E'Checks what describes a carrier account, by account_fields(), and takes it apart: base_url, '
	'max_concurrent_calls, the rest of settings.\n'
	'PT422 with the name, never the value, of what is wrong.';

CREATE FUNCTION voiceagent_private.seal_credentials(account bigint, credentials jsonb) RETURNS void
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_name text;
	v_value text;
BEGIN
	FOR v_name, v_value IN SELECT * FROM pg_catalog.jsonb_each_text(credentials) LOOP
		PERFORM voiceagent_private.seal_secret('provider_account:' || account || ':' || v_name, v_value);
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.seal_credentials(bigint, jsonb) IS
	'Seals each credential of an account of the current tenant.';

-- Where webhooks are signed as the setting webhook says, an account without that setting has hmac if it has a
-- webhook_secret; else a bearer secret is made, and sent to the carrier with every call.
CREATE FUNCTION voiceagent.create_provider_account(provider text, name text, credentials jsonb,
	settings jsonb DEFAULT '{}') RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint;
	v_name text := pg_catalog.btrim(name);
	v_credentials jsonb := coalesce(credentials, '{}');
	v_settings jsonb;
	v_checked record;
	v_account bigint;
	v_proof text;
BEGIN
	PERFORM voiceagent_private.hide_query('create_provider_account');
	v_tenant := voiceagent_private.writer_tenant('owner');
	PERFORM voiceagent_private.fail_if(NOT voiceagent_private.is_name(v_name, 200), 'PT422',
		'an account''s name must have 1 to 200 characters, in one line');
	SELECT * INTO v_checked
	FROM voiceagent_private.check_account(provider, v_credentials, coalesce(settings, '{}'), true);
	v_settings := pg_catalog.jsonb_strip_nulls(v_checked.rest);
	SELECT f.proof INTO v_proof FROM voiceagent_private.driver_facts(provider) f;
	IF provider <> 'sandbox' AND v_proof = 'scheme' THEN
		IF NOT v_credentials ? 'webhook_secret' THEN
			PERFORM voiceagent_private.fail_if(v_settings ? 'webhook', 'PT422', 'credentials need "webhook_secret"',
				NULL, 'Without the setting webhook a secret is made, and the carrier is told it with every call.');
			v_credentials := v_credentials
				|| pg_catalog.jsonb_build_object('webhook_secret', voiceagent_private.random_token());
			v_settings := v_settings || '{"webhook": {"type": "bearer"}}';
		ELSIF NOT v_settings ? 'webhook' THEN
			v_settings := v_settings || '{"webhook": {"type": "hmac"}}';
		END IF;
	END IF;
	INSERT INTO voiceagent.provider_accounts (tenant_id, provider, name, base_url, settings,
		max_concurrent_calls, created_at)
	VALUES (v_tenant, create_provider_account.provider, v_name, v_checked.base_url, v_settings,
		v_checked.max_concurrent_calls, voiceagent.clock())
	ON CONFLICT DO NOTHING RETURNING provider_account_id INTO v_account;
	PERFORM voiceagent_private.fail_if(v_account IS NULL, 'PT409', 'an account with this name exists');
	PERFORM voiceagent_private.seal_credentials(v_account, v_credentials);
	PERFORM voiceagent_private.check_stored_account(v_account);
	PERFORM voiceagent_private.add_endpoint(v_account);
	PERFORM voiceagent_private.warn_numberless(v_account);
	PERFORM voiceagent_private.audit('create_provider_account', 'provider account ' || v_account, NULL,
		pg_catalog.jsonb_build_object('provider', provider, 'name', v_name, 'base_url', v_checked.base_url,
			'settings', v_settings));
	RETURN v_account;
END
$$;
COMMENT ON FUNCTION voiceagent.create_provider_account(text, text, jsonb, jsonb) IS
	E'Creates an account at a carrier, with an endpoint for its webhooks, and returns its provider_account_id.\n'
	'provider: one of the view providers, which lists the credentials and settings of each; credentials are sealed '
	'and never shown. Only for owners (PT403); PT422 names what is missing, unknown or of the wrong kind, PT409 if '
	'the name is taken, 55000 without the key of voiceagent.vault_key_file.';

CREATE FUNCTION voiceagent.create_endpoint(provider_account_id bigint) RETURNS text
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('owner');
	v_provider text;
BEGIN
	SELECT a.provider INTO v_provider FROM voiceagent.provider_accounts a
	WHERE a.tenant_id = v_tenant AND a.provider_account_id = create_endpoint.provider_account_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'there is no such provider account');
	PERFORM voiceagent_private.audit('create_endpoint', 'provider account ' || provider_account_id, NULL, NULL);
	RETURN voiceagent_private.endpoint_url(v_provider, voiceagent_private.add_endpoint(provider_account_id));
END
$$;
COMMENT ON FUNCTION voiceagent.create_endpoint(bigint) IS
	E'A new endpoint for the webhooks of a carrier account -> its random URL: below voiceagent.public_base_url or, '
	'without one, the gateway''s address.\n'
	'Calls from now on name the newest endpoint; earlier ones stay valid. For owners; PT404 for an unknown account.';

/* ----- arming ----- */

CREATE FUNCTION voiceagent_private.tenant_of_account(account bigint) RETURNS bigint
	LANGUAGE sql STABLE
	RETURN (SELECT r.tenant_id FROM voiceagent_private.endpoint_routes r WHERE r.provider_account_id = account LIMIT 1);
COMMENT ON FUNCTION voiceagent_private.tenant_of_account(bigint) IS
	E'Whose account it is; NULL: none''s.\n'
	'Every account has an endpoint.';

CREATE FUNCTION voiceagent_private.real_carriers_wait() RETURNS text
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_state text := voiceagent_private.arming();
BEGIN
	IF voiceagent_private.simulating() THEN
		RETURN NULL;
	ELSIF coalesce(current_setting('voiceagent.clock_offset', true), '0') NOT IN ('', '0', '0s') THEN
		RETURN 'the clock is moved (voiceagent.clock_offset)';
	END IF;
	RETURN CASE v_state
		WHEN 'armed' THEN CASE voiceagent_private.standby_wait()
			WHEN 'no_standby' THEN 'too few synchronous standbys are connected (voiceagent.dial_durability)'
			WHEN 'standby_new' THEN 'the synchronous standbys were named a moment ago (voiceagent.promotion_pause)'
			WHEN 'standby_behind' THEN 'the synchronous standbys are behind (voiceagent.dial_durability)' END
		WHEN 'no_arming_file_configured' THEN 'voiceagent.arming_file is not set'
		WHEN 'arming_file_missing' THEN 'the arming file is missing; arm() writes it'
		WHEN 'arming_file_inside_data_directory' THEN 'the arming file lies in the data directory'
		WHEN 'arming_file_permissions' THEN 'the arming file is not a file of the server''s user alone, mode 600'
		WHEN 'arming_file_malformed' THEN 'the arming file is damaged; arm() writes it anew'
		WHEN 'armed_for_another_cluster' THEN 'the arming file is of another cluster; this one needs its own'
		WHEN 'armed_for_another_data_directory' THEN
			'the data directory was copied or moved; after a move remove the arming file, then arm()'
		WHEN 'arming_file_used_by_another_server' THEN 'another server holds the arming file'
		WHEN 'database_not_armed' THEN 'this database is not armed, or was disarmed; arm() it'
		WHEN 'standby' THEN 'this server is a standby'
		WHEN 'just_promoted' THEN 'this server was promoted a moment ago (voiceagent.promotion_pause)'
		WHEN 'fsync_off' THEN 'fsync is off'
		WHEN 'launcher_not_running' THEN 'the launcher of voiceagent does not run'
		ELSE replace(v_state, '_', ' ') END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.real_carriers_wait() IS
	E'Why this database does not dial through real carriers, whatever the account: arming() or standby_wait() in '
	'words, or that the clock is moved.\n'
	'NULL: it may.';

CREATE FUNCTION voiceagent.arm(provider_account_id bigint, confirmation text) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint;
	v_was bigint;
	v_account voiceagent.provider_accounts;
BEGIN
	PERFORM voiceagent_private.require_platform('arm a provider account');
	v_tenant := voiceagent_private.tenant_of_account(provider_account_id);
	v_was := voiceagent_private.set_tenant(coalesce(v_tenant, 0));
	IF v_tenant IS NOT NULL THEN
		SELECT * INTO v_account FROM voiceagent.provider_accounts a
		WHERE a.tenant_id = v_tenant AND a.provider_account_id = arm.provider_account_id FOR NO KEY UPDATE;
	END IF;
	PERFORM voiceagent_private.fail_if(v_account.provider_account_id IS NULL, 'PT404',
		'there is no such provider account');
	PERFORM voiceagent_private.fail_if(v_account.provider = 'sandbox', 'PT409', 'a sandbox account needs no arming',
		'It dials nobody.');
	PERFORM voiceagent_private.fail_if(
		confirmation IS DISTINCT FROM 'DIAL REAL PEOPLE' AND confirmation IS DISTINCT FROM v_account.name, 'PT422',
		'the confirmation is not right', 'An armed account dials real people and spends real money.',
		'Give the account''s name, or ''DIAL REAL PEOPLE'', as confirmation.');
	PERFORM voiceagent_private.fail_if(voiceagent_private.lacks_public_url(v_account.provider), '55000',
		'the account cannot be armed because voiceagent.public_base_url is not set',
		'Nothing that its carrier told of a call would reach us.',
		'Set it to the URL under which the carrier reaches the gateway, and reload the server.');
	-- Until its socket is open (80_sockets), the account does not dial, since it could not hear the calls, whichever
	-- task of the worker wakes first.
	UPDATE voiceagent.provider_accounts a SET armed_at = voiceagent.clock(),
		resumes_at = CASE WHEN f.has_socket THEN 'infinity' ELSE a.resumes_at END,
		trouble = CASE WHEN f.has_socket THEN 'its events cannot be heard: not connected yet' ELSE a.trouble END
	FROM voiceagent_private.driver_facts(v_account.provider) f
	WHERE a.tenant_id = v_account.tenant_id AND a.provider_account_id = v_account.provider_account_id;
	PERFORM voiceagent_private.audit('arm', 'provider account ' || provider_account_id,
		pg_catalog.to_jsonb(v_account.armed_at), NULL);
	PERFORM voiceagent_private.poke('dialer', 'requests');
	PERFORM voiceagent_private.set_tenant(v_was);
	PERFORM voiceagent_private.end_embedded_vendor('arm() of provider account ' || provider_account_id);
	PERFORM voiceagent_private.audit_platform('arm', 'database');
	-- Last, because a rollback does not take it back.
	PERFORM voiceagent_private.write_arming();
END
$$;
COMMENT ON FUNCTION voiceagent.arm(bigint, text) IS
	E'Allows a real carrier account of this database to dial, and writes the file voiceagent.arming_file, which a copy '
	'of the cluster lacks; ends the embedded payment vendor.\n'
	'confirmation: its name, or ''DIAL REAL PEOPLE''. For the platform (42501); PT404, PT409 for a sandbox account, '
	'PT422 for a wrong confirmation, 55000 without voiceagent.arming_file, or voiceagent.public_base_url for webhooks.';

CREATE FUNCTION voiceagent.disarm(provider_account_id bigint DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_platform boolean := voiceagent_private.is_platform();
	v_was bigint;
	v_tenant bigint;
BEGIN
	IF provider_account_id IS NULL THEN
		PERFORM voiceagent_private.require_platform('disarm the database');
		PERFORM voiceagent_private.audit_platform('disarm', 'database');
		PERFORM voiceagent_private.remove_arming();
		RETURN;
	END IF;
	IF v_platform THEN
		v_tenant := voiceagent_private.tenant_of_account(provider_account_id);
		v_was := voiceagent_private.set_tenant(coalesce(v_tenant, 0));
	ELSE
		v_tenant := voiceagent_private.writer_tenant('owner');
	END IF;
	IF v_tenant IS NOT NULL THEN
		UPDATE voiceagent.provider_accounts a SET armed_at = NULL
		WHERE a.tenant_id = v_tenant AND a.provider_account_id = disarm.provider_account_id;
	END IF;
	PERFORM voiceagent_private.fail_if(v_tenant IS NULL OR NOT FOUND, 'PT404', 'there is no such provider account');
	PERFORM voiceagent_private.audit('disarm', 'provider account ' || provider_account_id, NULL, NULL);
	IF v_platform THEN
		PERFORM voiceagent_private.set_tenant(v_was);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent.disarm(bigint) IS
	E'Takes arm() back: of an account (the platform, or its owner), or without one of the whole database (the '
	'platform), at once.\n'
	'Calls that are live go on; calls that are answered later, or would need an order, are hung up. PT404 for an '
	'unknown account.';

CREATE FUNCTION voiceagent.rearm() RETURNS boolean
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_last text;
BEGIN
	PERFORM voiceagent_private.require_platform('arm the database');
	SELECT l.action INTO v_last FROM voiceagent_private.platform_audit_log l
	WHERE l.object = 'database' AND l.action IN ('arm', 'disarm') ORDER BY l.audit_id DESC LIMIT 1;
	IF v_last IS DISTINCT FROM 'arm' THEN
		RETURN false;
	END IF;
	PERFORM voiceagent_private.write_arming();
	RETURN true;
END
$$;
COMMENT ON FUNCTION voiceagent.rearm() IS
	E'For a standby that was promoted: arms this database there as it was armed on the server that it followed.\n'
	'false: it was not, or disarm() of the database came after; then nothing is done. For the platform (42501); '
	'55006 when the arming file names another directory: remove it where that one never runs again.';

CREATE FUNCTION voiceagent_private.default_account() RETURNS bigint
	LANGUAGE plpgsql STABLE SET planner.policy = by_key AS $$
BEGIN
	RETURN (SELECT min(p.provider_account_id) FROM voiceagent.provider_accounts p
		WHERE p.tenant_id = voiceagent.current_tenant() AND p.active
			AND p.provider = voiceagent_private.setting_text('default_provider'));
END
$$;
COMMENT ON FUNCTION voiceagent_private.default_account() IS
	'The account that is meant where the current tenant names none: its first active one at the carrier that the '
	'setting default_provider says; NULL: it has none there.';
