-- 38_model: what the platform's staff does: prices, and accounts that tenants without one of their own use for credits.

CREATE FUNCTION voiceagent.set_model_price(provider text, model text, usd_in numeric, usd_cached numeric,
	usd_out numeric, credits_in numeric DEFAULT NULL, credits_cached numeric DEFAULT NULL,
	credits_out numeric DEFAULT NULL, valid_from timestamptz DEFAULT NULL) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_from timestamptz := coalesce(valid_from, voiceagent.clock());
	v_price bigint;
	v_amount numeric;
BEGIN
	PERFORM voiceagent_private.require_platform('set the price of a language model');
	PERFORM voiceagent_private.require_model_provider(set_model_price.provider);
	PERFORM voiceagent_private.fail_if(coalesce(set_model_price.model, '') !~ '^[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,199}$',
		'PT422', 'that is not the name of a model');
	PERFORM voiceagent_private.fail_if(usd_in IS NULL OR usd_cached IS NULL OR usd_out IS NULL, 'PT422',
		'the three prices in US dollars are needed');
	PERFORM voiceagent_private.fail_if(
		num_nulls(set_model_price.credits_in, set_model_price.credits_cached, set_model_price.credits_out)
			NOT IN (0, 3), 'PT422', 'the three prices in credits are given together, or none of them');
	FOREACH v_amount IN ARRAY ARRAY[set_model_price.usd_in, set_model_price.usd_cached, set_model_price.usd_out,
		set_model_price.credits_in, set_model_price.credits_cached, set_model_price.credits_out] LOOP
		PERFORM voiceagent_private.fail_if(v_amount NOT BETWEEN 0 AND 100000, 'PT422',
			'a price must be from 0 to 100000 for a million tokens');
	END LOOP;
	LOCK TABLE voiceagent.model_prices IN SHARE ROW EXCLUSIVE MODE;
	DELETE FROM voiceagent.model_prices p
	WHERE p.provider = set_model_price.provider AND p.model = set_model_price.model AND lower(p.valid) >= v_from;
	UPDATE voiceagent.model_prices p SET valid = tstzrange(lower(p.valid), v_from)
	WHERE p.provider = set_model_price.provider AND p.model = set_model_price.model AND p.valid @> v_from;
	INSERT INTO voiceagent.model_prices AS p (provider, model, usd_in, usd_cached, usd_out, credits_in, credits_cached,
		credits_out, valid)
	VALUES (set_model_price.provider, set_model_price.model, set_model_price.usd_in, set_model_price.usd_cached,
		set_model_price.usd_out, set_model_price.credits_in, set_model_price.credits_cached,
		set_model_price.credits_out, tstzrange(v_from, NULL))
	RETURNING p.model_price_id INTO v_price;
	PERFORM voiceagent_private.audit('set_model_price', format('model %s of %s', set_model_price.model,
		set_model_price.provider), NULL, jsonb_strip_nulls(jsonb_build_object('usd_in', set_model_price.usd_in,
			'usd_cached', set_model_price.usd_cached, 'usd_out', set_model_price.usd_out, 'credits_in',
			set_model_price.credits_in, 'credits_cached', set_model_price.credits_cached, 'credits_out',
			set_model_price.credits_out, 'from', v_from)));
	RETURN v_price;
END
$$;
COMMENT ON FUNCTION voiceagent.set_model_price(text, text, numeric, numeric, numeric, numeric, numeric, numeric,
	timestamptz) IS
	E'For the platform: what a million tokens of a model cost from a time on (NULL: now) -> its number in '
	'model_prices.\n'
	'usd_...: at the vendor, in US dollars, for tokens read, read from its cache, and written; credits_...: what the '
	'platform charges on its own accounts (NULL: it does not sell the model). model may be the beginning of names. '
	'42501, PT422.';

CREATE FUNCTION voiceagent_private.platform_key_name(model_account_id bigint) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN pg_catalog.concat('platform_model_account:', model_account_id, ':api_key');
COMMENT ON FUNCTION voiceagent_private.platform_key_name(bigint) IS
	'The name to which the key of a model account of the platform is sealed.';

CREATE FUNCTION voiceagent_private.request_platform_check(model_account_id bigint) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_was bigint;
	v_tenant bigint;
BEGIN
	-- In the name of a tenant whose requests rest there this one would wait.
	SELECT d.tenant_id INTO v_tenant FROM voiceagent_private.tenant_directory d
	WHERE d.active AND NOT EXISTS (SELECT FROM voiceagent_private.model_account_breakers b
		WHERE b.tenant_id = d.tenant_id AND b.model_account_id = request_platform_check.model_account_id)
	ORDER BY d.tenant_id LIMIT 1;
	IF NOT FOUND THEN
		SELECT d.tenant_id INTO v_tenant FROM voiceagent_private.tenant_directory d WHERE d.active
		ORDER BY d.tenant_id LIMIT 1;
	END IF;
	IF v_tenant IS NULL THEN
		RETURN false;
	END IF;
	-- A request is always some tenant's; this one is not counted, and its row goes with its answer.
	v_was := voiceagent_private.set_tenant(v_tenant);
	IF NOT EXISTS (SELECT FROM voiceagent_private.model_request_queue q
		JOIN voiceagent.model_requests m ON m.tenant_id = v_tenant AND m.model_request_id = q.model_request_id
		WHERE q.tenant_id = v_tenant AND q.of_platform
			AND q.model_account_id = request_platform_check.model_account_id AND m.purpose = 'check_account') THEN
		PERFORM voiceagent_private.request_model_check(request_platform_check.model_account_id, true);
	END IF;
	PERFORM voiceagent_private.set_tenant(v_was);
	RETURN true;
END
$$;
COMMENT ON FUNCTION voiceagent_private.request_platform_check(bigint) IS
	E'Has the server of a model account of the platform asked for the account''s default model, unless that is under '
	'way.\n'
	'False: there is no active tenant yet, in whose name it could be asked.';

CREATE FUNCTION voiceagent.create_platform_model_account(provider text, name text, api_key text, default_model text,
	base_url text DEFAULT NULL, settings jsonb DEFAULT '{}', max_concurrent_requests integer DEFAULT NULL)
	RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_name text := btrim(name);
	v_most integer;
	v_parts record;
	v_account bigint;
BEGIN
	PERFORM voiceagent_private.hide_query('create_platform_model_account');
	PERFORM voiceagent_private.require_platform('create a model account of the platform');
	v_most := coalesce(max_concurrent_requests,
		voiceagent_private.platform_setting('model_account_concurrency')::integer);
	SELECT * INTO v_parts FROM voiceagent_private.check_model_account_parts(provider, v_name, api_key, default_model,
		base_url, settings, v_most, true);
	PERFORM voiceagent_private.require_living_model(CASE WHEN base_url IS NULL THEN split_part(provider, '_', 1) END,
		default_model);
	INSERT INTO voiceagent_private.platform_model_accounts (provider, name, base_url, default_model, settings,
		max_concurrent_requests, concurrency, created_at)
	VALUES (provider, v_name, v_parts.url, default_model, v_parts.rest, v_most, v_most, voiceagent.clock())
	ON CONFLICT DO NOTHING RETURNING model_account_id INTO v_account;
	PERFORM voiceagent_private.fail_if(v_account IS NULL, 'PT409', 'a model account with this name exists');
	IF coalesce(api_key, '') <> '' THEN
		PERFORM voiceagent_private.seal_platform_secret(voiceagent_private.platform_key_name(v_account), api_key);
	END IF;
	PERFORM voiceagent_private.audit('create_platform_model_account', 'platform model account ' || v_account, NULL,
		jsonb_build_object('provider', provider, 'name', v_name, 'base_url', v_parts.url, 'default_model',
			default_model));
	PERFORM voiceagent_private.request_platform_check(v_account);
	RETURN v_account;
END
$$;
COMMENT ON FUNCTION voiceagent.create_platform_model_account(text, text, text, text, text, jsonb, integer) IS
	E'For the platform: an account at a vendor of language models that tenants without one of their own use, for the '
	'credits of set_model_price() -> its number; check_platform_model_account() is done at once.\n'
	'Arguments as in create_model_account(). 42501, PT409, PT422, 55000.';

CREATE FUNCTION voiceagent.update_platform_model_account(model_account_id bigint, api_key text DEFAULT NULL,
	default_model text DEFAULT NULL, base_url text DEFAULT NULL, settings jsonb DEFAULT NULL,
	max_concurrent_requests integer DEFAULT NULL, active boolean DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_old voiceagent_private.platform_model_accounts;
	v_parts record;
	v_most integer;
BEGIN
	PERFORM voiceagent_private.hide_query('update_platform_model_account');
	PERFORM voiceagent_private.require_platform('change a model account of the platform');
	SELECT * INTO v_old FROM voiceagent_private.platform_model_accounts a
	WHERE a.model_account_id = update_platform_model_account.model_account_id AND a.archived_at IS NULL
	FOR NO KEY UPDATE;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'there is no such model account');
	v_most := coalesce(max_concurrent_requests, v_old.max_concurrent_requests);
	SELECT * INTO v_parts FROM voiceagent_private.check_model_account_parts(v_old.provider, v_old.name,
		coalesce(api_key, 'kept'), coalesce(default_model, v_old.default_model), coalesce(base_url, v_old.base_url),
		coalesce(settings, v_old.settings), v_most, true);
	PERFORM voiceagent_private.require_living_model(CASE WHEN v_parts.url IS NULL
		THEN split_part(v_old.provider, '_', 1) END, default_model);
	UPDATE voiceagent_private.platform_model_accounts a
	SET base_url = v_parts.url,
		default_model = coalesce(update_platform_model_account.default_model, a.default_model),
		settings = v_parts.rest, max_concurrent_requests = v_most, concurrency = v_most, answered = 0, failures = 0,
		failing_tenants = '{}', resumes_at = NULL, opened_at = NULL, recovered_at = voiceagent.clock(), trips = 0,
		trouble = NULL,
		active = coalesce(update_platform_model_account.active, a.active),
		home = CASE WHEN api_key IS NOT NULL THEN voiceagent_private.home() ELSE a.home END
	WHERE a.model_account_id = v_old.model_account_id;
	IF api_key IS NOT NULL THEN
		PERFORM voiceagent_private.seal_platform_secret(
			voiceagent_private.platform_key_name(v_old.model_account_id), api_key);
	END IF;
	PERFORM voiceagent_private.audit('update_platform_model_account', 'platform model account ' || model_account_id,
		NULL, jsonb_build_object('base_url', v_parts.url, 'default_model',
			coalesce(default_model, v_old.default_model), 'active', coalesce(active, v_old.active), 'new_key',
			api_key IS NOT NULL));
	IF coalesce(active, v_old.active) THEN
		PERFORM voiceagent_private.request_platform_check(v_old.model_account_id);
	END IF;
	-- Requests that waited for the old key or the breaker go now.
	PERFORM voiceagent_private.poke('model_requests');
END
$$;
COMMENT ON FUNCTION voiceagent.update_platform_model_account(bigint, text, text, text, jsonb, integer, boolean) IS
	E'For the platform: changes what is given (not NULL) of one of its model accounts, and checks it anew; its limits '
	'and its breaker begin anew.\n'
	'42501, PT404, PT422.';

CREATE FUNCTION voiceagent.archive_platform_model_account(model_account_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.require_platform('archive a model account of the platform');
	UPDATE voiceagent_private.platform_model_accounts a
	SET active = false, archived_at = voiceagent.clock()
	WHERE a.model_account_id = archive_platform_model_account.model_account_id AND a.archived_at IS NULL;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'there is no such model account');
	DELETE FROM voiceagent_private.platform_secrets s
	WHERE s.name = voiceagent_private.platform_key_name(archive_platform_model_account.model_account_id);
	PERFORM voiceagent_private.audit('archive_platform_model_account', 'platform model account ' || model_account_id,
		NULL, NULL);
	PERFORM voiceagent_private.poke('model_requests');
END
$$;
COMMENT ON FUNCTION voiceagent.archive_platform_model_account(bigint) IS
	E'For the platform: puts one of its model accounts away and deletes its key; requests that wait for it fail.\n'
	'42501, PT404.';

CREATE FUNCTION voiceagent.check_platform_model_account(model_account_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.require_platform('check a model account of the platform');
	IF NOT EXISTS (SELECT FROM voiceagent_private.platform_model_accounts a
		WHERE a.model_account_id = check_platform_model_account.model_account_id AND a.archived_at IS NULL) THEN
		PERFORM voiceagent_private.fail('PT404', 'there is no such model account');
	ELSIF NOT voiceagent_private.request_platform_check(check_platform_model_account.model_account_id) THEN
		PERFORM voiceagent_private.fail('PT409', 'there is no active tenant yet', NULL,
			'create_tenant() makes one; requests to language models are sent in the name of a tenant.');
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent.check_platform_model_account(bigint) IS
	E'For the platform: has the server of one of its model accounts asked whether its key is good and its default '
	'model is there; list_platform_model_accounts() shows what came of it.\n'
	'An account whose breaker is open is asked when it rests no longer. 42501, PT404, PT409 before there is a tenant.';

CREATE FUNCTION voiceagent.list_platform_model_accounts()
	RETURNS TABLE (model_account_id bigint, provider text, name text, base_url text, default_model text,
		max_concurrent_requests integer, concurrency integer, active boolean, has_key boolean, resumes_at timestamptz,
		trouble text, tested_at timestamptz, test_result text, test_message text)
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.require_platform('list the model accounts of the platform');
	RETURN QUERY SELECT a.model_account_id, a.provider, a.name, a.base_url, a.default_model,
		a.max_concurrent_requests, least(a.concurrency, a.max_concurrent_requests), a.active,
		EXISTS (SELECT FROM voiceagent_private.platform_secrets s
			WHERE s.name = voiceagent_private.platform_key_name(a.model_account_id)), a.resumes_at, a.trouble,
		a.tested_at, a.test_result, a.test_message
	FROM voiceagent_private.platform_model_accounts a WHERE a.archived_at IS NULL ORDER BY a.model_account_id;
END
$$;
COMMENT ON FUNCTION voiceagent.list_platform_model_accounts() IS
	E'For the platform: its accounts at vendors of language models, how they stand, and what came of their last '
	'check.\n'
	'42501.';
