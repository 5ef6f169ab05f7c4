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
	INSERT INTO voiceagent_private.endpoint_routes (token, tenant_id, endpoint_id, provider_account_id, provider, settings)
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
	VALUES (v_tenant, 'sandbox', 'Sandbox', voiceagent_private.setting_integer('account_max_concurrent_calls'), voiceagent.clock())
	RETURNING provider_account_id INTO v_account;
	PERFORM voiceagent_private.add_endpoint(v_account);
END
$$;
COMMENT ON FUNCTION voiceagent_private.provision_provider() IS
	'Gives a new tenant its account at the embedded carrier, and the endpoint of its webhooks. Their secrets are derived, not stored.';

CREATE FUNCTION voiceagent_private.endpoint_url(provider text, token text) RETURNS text
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_base text := pg_catalog.rtrim(pg_catalog.current_setting('voiceagent.public_base_url', true), '/');
BEGIN
	-- The embedded carrier lives beside the gateway and calls it directly.
	IF provider = 'sandbox' OR coalesce(v_base, '') = '' THEN
		v_base := voiceagent_private.gateway_address();
	END IF;
	RETURN pg_catalog.concat(v_base, '/webhooks/', token);
END
$$;
COMMENT ON FUNCTION voiceagent_private.endpoint_url(text, text) IS
	'The URL of an endpoint: below voiceagent.public_base_url, or (sandbox; no base URL is set) below the gateway''s own address; the path alone while the gateway does not run.';

/* Names only in errors: a value may be a secret that landed under the wrong key. */
CREATE FUNCTION voiceagent_private.check_keys(object jsonb, what text, allowed text[], required text[]) RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
	v_key text;
BEGIN
	IF pg_catalog.jsonb_typeof(object) IS DISTINCT FROM 'object' THEN
		RAISE EXCEPTION USING ERRCODE = 'PT422', MESSAGE = pg_catalog.format('%s must be an object', what);
	END IF;
	SELECT k INTO v_key FROM pg_catalog.jsonb_object_keys(object) k WHERE NOT k = ANY (allowed) LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING ERRCODE = 'PT422', MESSAGE = pg_catalog.format('%s have no "%s"', what, pg_catalog.left(v_key, 60)),
			HINT = pg_catalog.format('They may have: %s.', coalesce(nullif(pg_catalog.array_to_string(allowed, ', '), ''), 'nothing'));
	END IF;
	FOREACH v_key IN ARRAY required LOOP
		IF coalesce(pg_catalog.btrim(object ->> v_key), '') = '' THEN
			RAISE EXCEPTION USING ERRCODE = 'PT422', MESSAGE = pg_catalog.format('%s need "%s"', what, v_key);
		END IF;
	END LOOP;
	SELECT k INTO v_key FROM pg_catalog.jsonb_each(object) e(k, v)
	WHERE what = 'credentials' AND pg_catalog.jsonb_typeof(v) <> 'string' LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING ERRCODE = 'PT422', MESSAGE = pg_catalog.format('credential "%s" must be a text', v_key);
	END IF;
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
			  'messageIdHeader', 'signaturePrefix', 'includeTimestamp', 'payloadFormat', 'signatureEncoding', 'secretIsBase64',
			  'toleranceSeconds'], '{}');
	v_kind := coalesce(scheme ->> 'type', scheme ->> 'kind');
	v_result := scheme - 'kind';
	IF v_kind = 'header' THEN
		v_result := '{"headerName": "X-Vapi-Secret", "bearerPrefixEnabled": false}' || v_result;
		v_kind := 'bearer';
	ELSIF v_kind IS NULL OR v_kind NOT IN ('bearer', 'hmac') THEN
		RAISE EXCEPTION USING ERRCODE = 'PT422', MESSAGE = 'the kind of the webhook settings must be bearer, header or hmac';
	END IF;
	RETURN v_result || pg_catalog.jsonb_build_object('type', v_kind);
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_webhook_scheme(jsonb) IS
	'How webhooks are signed, in the form of the vendor''s credentials without the secret: {"type": "bearer" | "hmac", ...}; {"kind": "header", "headerName": ...} is a bearer without its prefix.';

CREATE FUNCTION voiceagent_private.check_account(provider text, credentials jsonb, settings jsonb, is_new boolean,
		OUT base_url text, OUT max_concurrent_calls integer, OUT rest jsonb)
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	IF provider = 'sandbox' THEN
		PERFORM voiceagent_private.check_keys(credentials, 'credentials', '{}', '{}');
		PERFORM voiceagent_private.check_keys(settings, 'settings', '{max_concurrent_calls}', '{}');
	ELSIF provider = 'vapi' THEN
		PERFORM voiceagent_private.check_keys(credentials, 'credentials', '{api_key,webhook_secret}',
			CASE WHEN is_new THEN '{api_key}'::text[] ELSE '{}' END);
		PERFORM voiceagent_private.check_keys(settings, 'settings',
			'{phone_number_id,base_url,max_concurrent_calls,webhook,webhook_credential_id,voicemail_detection}',
			CASE WHEN is_new THEN '{phone_number_id}'::text[] ELSE '{}' END);
	ELSE
		RAISE EXCEPTION USING ERRCODE = 'PT422',
			MESSAGE = pg_catalog.format('there is no provider "%s"', pg_catalog.left(coalesce(provider, 'null'), 60)),
			HINT = 'Providers are: sandbox, vapi.';
	END IF;
	IF settings ? 'base_url' THEN
		base_url := voiceagent_private.check_base_url(coalesce(settings ->> 'base_url', ''),
													  voiceagent_private.platform_setting('allowed_private_hosts'));
	END IF;
	max_concurrent_calls := voiceagent_private.check_setting('account_max_concurrent_calls',
		coalesce(settings ->> 'max_concurrent_calls', voiceagent_private.setting_text('account_max_concurrent_calls')), 'tenant')::integer;
	rest := settings - ARRAY['base_url', 'max_concurrent_calls'];
	IF settings ? 'webhook' THEN
		rest := rest || pg_catalog.jsonb_build_object('webhook', voiceagent_private.check_webhook_scheme(settings -> 'webhook'));
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_account(text, jsonb, jsonb, boolean) IS
	'Checks what describes a carrier account and takes it apart: base_url, max_concurrent_calls, the rest of settings. PT422 with the name, never the value, of what is wrong.';

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
COMMENT ON FUNCTION voiceagent_private.seal_credentials(bigint, jsonb) IS 'Seals each credential of an account of the current tenant.';

CREATE FUNCTION voiceagent.create_provider_account(provider text, name text, credentials jsonb, settings jsonb DEFAULT '{}') RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint;
	v_name text := pg_catalog.btrim(name);
	v_credentials jsonb := coalesce(credentials, '{}');
	v_settings jsonb;
	v_checked record;
	v_account bigint;
BEGIN
	PERFORM voiceagent_private.hide_query('create_provider_account');
	v_tenant := voiceagent_private.writer_tenant('owner');
	IF v_name IS NULL OR pg_catalog.length(v_name) NOT BETWEEN 1 AND 200 THEN
		RAISE EXCEPTION USING ERRCODE = 'PT422', MESSAGE = 'an account''s name must have 1 to 200 characters';
	END IF;
	SELECT * INTO v_checked FROM voiceagent_private.check_account(provider, v_credentials, coalesce(settings, '{}'), true);
	v_settings := v_checked.rest;
	IF provider <> 'sandbox' THEN
		IF NOT v_credentials ? 'webhook_secret' THEN
			IF v_settings ? 'webhook' THEN
				RAISE EXCEPTION USING ERRCODE = 'PT422', MESSAGE = 'credentials need "webhook_secret"',
					HINT = 'Without the setting webhook a secret is made, and the carrier is told it with every call.';
			END IF;
			v_credentials := v_credentials || pg_catalog.jsonb_build_object('webhook_secret', voiceagent_private.random_token());
			v_settings := v_settings || '{"webhook": {"type": "bearer"}}';
		ELSIF NOT v_settings ? 'webhook' THEN
			v_settings := v_settings || '{"webhook": {"type": "hmac"}}';
		END IF;
	END IF;
	BEGIN
		INSERT INTO voiceagent.provider_accounts (tenant_id, provider, name, base_url, settings, max_concurrent_calls, created_at)
		VALUES (v_tenant, create_provider_account.provider, v_name, v_checked.base_url, v_settings, v_checked.max_concurrent_calls,
				voiceagent.clock())
		RETURNING provider_account_id INTO v_account;
	EXCEPTION WHEN unique_violation THEN
		RAISE EXCEPTION USING ERRCODE = 'PT409', MESSAGE = 'an account with this name exists';
	END;
	PERFORM voiceagent_private.seal_credentials(v_account, v_credentials);
	PERFORM voiceagent_private.add_endpoint(v_account);
	PERFORM voiceagent_private.audit('create_provider_account', 'provider account ' || v_account, NULL,
		pg_catalog.jsonb_build_object('provider', provider, 'name', v_name, 'base_url', v_checked.base_url, 'settings', v_settings));
	RETURN v_account;
END
$$;
COMMENT ON FUNCTION voiceagent.create_provider_account(text, text, jsonb, jsonb) IS
	'An account at a carrier, with an endpoint for its webhooks -> provider_account_id. provider: sandbox (credentials {}) or vapi (credentials api_key, webhook_secret; settings phone_number_id, base_url, max_concurrent_calls, voicemail_detection, webhook_credential_id, webhook {"kind": "bearer" | "header" | "hmac", ...}: how webhooks are signed; without it hmac if there is a webhook_secret, else a bearer secret is made). Credentials are sealed and never shown. For owners. A real account dials nobody before arm(). PT422 for what is missing or wrong, PT409 if the name is taken, 55000 without the key of voiceagent.vault_key_file.';

CREATE FUNCTION voiceagent.update_provider_account(provider_account_id bigint, credentials jsonb DEFAULT NULL, settings jsonb DEFAULT NULL,
		active boolean DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint;
	v_old voiceagent.provider_accounts;
	v_checked record;
BEGIN
	PERFORM voiceagent_private.hide_query('update_provider_account');
	v_tenant := voiceagent_private.writer_tenant('owner');
	-- Its campaigns come before it, as those who dial take them.
	PERFORM voiceagent_private.lock_campaigns(update_provider_account.provider_account_id);
	PERFORM voiceagent_private.forget_dials(update_provider_account.provider_account_id);
	SELECT * INTO v_old FROM voiceagent.provider_accounts a
	WHERE a.tenant_id = v_tenant AND a.provider_account_id = update_provider_account.provider_account_id FOR NO KEY UPDATE;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING ERRCODE = 'PT404', MESSAGE = 'there is no such provider account';
	END IF;
	SELECT * INTO v_checked FROM voiceagent_private.check_account(v_old.provider, coalesce(credentials, '{}'), coalesce(settings, '{}'), false);
	-- Another key or address is another account at the carrier: it is armed anew.
	UPDATE voiceagent.provider_accounts a SET
		settings = a.settings || v_checked.rest,
		base_url = CASE WHEN update_provider_account.settings ? 'base_url' THEN v_checked.base_url ELSE a.base_url END,
		max_concurrent_calls = CASE WHEN update_provider_account.settings ? 'max_concurrent_calls' THEN v_checked.max_concurrent_calls
									ELSE a.max_concurrent_calls END,
		active = coalesce(update_provider_account.active, a.active),
		armed_at = CASE WHEN credentials ? 'api_key' OR update_provider_account.settings ? 'base_url' THEN NULL ELSE a.armed_at END,
		resumes_at = NULL, trouble = NULL, opened_at = NULL, trips = 0
	WHERE a.tenant_id = v_tenant AND a.provider_account_id = v_old.provider_account_id;
	-- Its campaigns need not sit the rest of their wait out.
	PERFORM voiceagent_private.resume_suspended(NULL, v_old.provider_account_id);
	UPDATE voiceagent_private.pacing p SET next_dial_at = '-infinity'
	FROM voiceagent.campaigns c
	WHERE c.tenant_id = v_tenant AND c.campaign_id = ANY (voiceagent_private.campaigns_of_account(v_old.provider_account_id))
		AND c.status = 'running' AND p.tenant_id = v_tenant AND p.campaign_id = c.campaign_id AND p.suspended IS NULL;
	UPDATE voiceagent_private.endpoint_routes r SET settings = v_old.settings || v_checked.rest
	WHERE r.tenant_id = v_tenant AND r.provider_account_id = v_old.provider_account_id;
	PERFORM voiceagent_private.seal_credentials(v_old.provider_account_id, coalesce(credentials, '{}'));
	PERFORM voiceagent_private.audit('update_provider_account', 'provider account ' || v_old.provider_account_id,
		pg_catalog.jsonb_build_object('base_url', v_old.base_url, 'settings', v_old.settings, 'active', v_old.active),
		pg_catalog.jsonb_build_object('settings', settings, 'active', active,
			'credentials_changed', coalesce((SELECT pg_catalog.jsonb_agg(k) FROM pg_catalog.jsonb_object_keys(credentials) k), '[]')));
	PERFORM voiceagent_private.poke('outbound');
	PERFORM voiceagent_private.poke('inbound');
END
$$;
COMMENT ON FUNCTION voiceagent.update_provider_account(bigint, jsonb, jsonb, boolean) IS
	'Changes what is named of a carrier account: credentials, settings (keys as create_provider_account()), active. Its trouble is forgotten, and campaigns that wait for it try again at once; a new api_key or base_url must be armed anew. For owners. PT404, PT422, 55000 as create_provider_account().';

CREATE FUNCTION voiceagent.create_endpoint(provider_account_id bigint) RETURNS text
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('owner');
	v_provider text;
BEGIN
	SELECT a.provider INTO v_provider FROM voiceagent.provider_accounts a
	WHERE a.tenant_id = v_tenant AND a.provider_account_id = create_endpoint.provider_account_id;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING ERRCODE = 'PT404', MESSAGE = 'there is no such provider account';
	END IF;
	PERFORM voiceagent_private.audit('create_endpoint', 'provider account ' || provider_account_id, NULL, NULL);
	RETURN voiceagent_private.endpoint_url(v_provider, voiceagent_private.add_endpoint(provider_account_id));
END
$$;
COMMENT ON FUNCTION voiceagent.create_endpoint(bigint) IS
	'A new endpoint for the webhooks of a carrier account -> its URL, which nobody can guess: below voiceagent.public_base_url or, without one, the gateway''s address. Calls from now on name the newest endpoint; earlier ones stay valid. For owners; PT404 for an unknown account.';

/* ----- arming ----- */

CREATE FUNCTION voiceagent_private.tenant_of_account(account bigint) RETURNS bigint
	LANGUAGE sql STABLE
	RETURN (SELECT r.tenant_id FROM voiceagent_private.endpoint_routes r WHERE r.provider_account_id = account LIMIT 1);
COMMENT ON FUNCTION voiceagent_private.tenant_of_account(bigint) IS 'Whose account it is; NULL: nobody''s. Every account has an endpoint.';

CREATE FUNCTION voiceagent.arm(provider_account_id bigint, confirmation text) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint;
	v_was bigint;
	v_account voiceagent.provider_accounts;
BEGIN
	PERFORM voiceagent_private.require_platform('arm a provider account');
	v_tenant := voiceagent_private.tenant_of_account(provider_account_id);
	v_was := voiceagent_private.act_for(coalesce(v_tenant, 0));
	IF v_tenant IS NOT NULL THEN
		SELECT * INTO v_account FROM voiceagent.provider_accounts a
		WHERE a.tenant_id = v_tenant AND a.provider_account_id = arm.provider_account_id FOR NO KEY UPDATE;
	END IF;
	IF v_account.provider_account_id IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'PT404', MESSAGE = 'there is no such provider account';
	ELSIF v_account.provider = 'sandbox' THEN
		RAISE EXCEPTION USING ERRCODE = 'PT409', MESSAGE = 'a sandbox account needs no arming', DETAIL = 'It dials nobody.';
	ELSIF confirmation IS DISTINCT FROM 'DIAL REAL PEOPLE' AND confirmation IS DISTINCT FROM v_account.name THEN
		RAISE EXCEPTION USING ERRCODE = 'PT422', MESSAGE = 'the confirmation is not right',
			DETAIL = 'An armed account dials real people and spends real money.',
			HINT = 'Give the account''s name, or ''DIAL REAL PEOPLE'', as confirmation.';
	END IF;
	UPDATE voiceagent.provider_accounts a SET armed_at = voiceagent.clock()
	WHERE a.tenant_id = v_account.tenant_id AND a.provider_account_id = v_account.provider_account_id;
	PERFORM voiceagent_private.audit('arm', 'provider account ' || provider_account_id, pg_catalog.to_jsonb(v_account.armed_at), NULL);
	PERFORM voiceagent_private.poke('outbound');
	PERFORM voiceagent_private.act_for(v_was);
	-- Last, because a rollback does not take it back.
	PERFORM voiceagent_private.write_arming();
END
$$;
COMMENT ON FUNCTION voiceagent.arm(bigint, text) IS
	'Allows a real carrier account of this database to dial: confirmation is the account''s name or ''DIAL REAL PEOPLE''. Writes the file voiceagent.arming_file, which a copy of the cluster does not have. For the platform (42501). PT404, PT409 for a sandbox account, PT422 for a wrong confirmation, 55000 without voiceagent.arming_file.';

CREATE FUNCTION voiceagent.disarm(provider_account_id bigint DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_platform boolean := voiceagent_private.is_platform();
	v_was bigint;
	v_tenant bigint;
BEGIN
	IF provider_account_id IS NULL THEN
		PERFORM voiceagent_private.require_platform('disarm the database');
		PERFORM voiceagent_private.audit('disarm', 'database', NULL, NULL);
		PERFORM voiceagent_private.remove_arming();
		RETURN;
	END IF;
	IF v_platform THEN
		v_tenant := voiceagent_private.tenant_of_account(provider_account_id);
		v_was := voiceagent_private.act_for(coalesce(v_tenant, 0));
	ELSE
		v_tenant := voiceagent_private.writer_tenant('owner');
	END IF;
	IF v_tenant IS NOT NULL THEN
		UPDATE voiceagent.provider_accounts a SET armed_at = NULL
		WHERE a.tenant_id = v_tenant AND a.provider_account_id = disarm.provider_account_id;
	END IF;
	IF v_tenant IS NULL OR NOT FOUND THEN
		RAISE EXCEPTION USING ERRCODE = 'PT404', MESSAGE = 'there is no such provider account';
	END IF;
	PERFORM voiceagent_private.audit('disarm', 'provider account ' || provider_account_id, NULL, NULL);
	IF v_platform THEN
		PERFORM voiceagent_private.act_for(v_was);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent.disarm(bigint) IS
	'Takes arm() back: of an account (the platform, or its owner), or without one of the whole database (the platform), at once. PT404 for an unknown account.';
