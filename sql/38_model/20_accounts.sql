-- 38_model: a tenant's accounts at vendors of language models.

CREATE FUNCTION voiceagent_private.model_hosts(of_platform boolean) RETURNS text
	LANGUAGE sql STABLE
	-- Rows that only the platform's staff can name are open to it already.
	RETURN concat_ws(' ', voiceagent_private.platform_setting('model_private_hosts'),
		CASE WHEN of_platform THEN voiceagent_private.platform_setting('allowed_private_hosts') END);
COMMENT ON FUNCTION voiceagent_private.model_hosts(boolean) IS
	'The private hosts at which a model account of a tenant, or of the platform, may lie, separated by spaces.';

CREATE FUNCTION voiceagent_private.check_model_account_parts(provider text, name text, api_key text,
	default_model text, base_url text, settings jsonb, max_concurrent_requests integer, of_platform boolean,
	OUT url text, OUT rest jsonb)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_vendor voiceagent.model_providers := voiceagent_private.require_model_provider(provider);
	v_settings jsonb;
BEGIN
	PERFORM voiceagent_private.fail_if(of_platform AND v_vendor.kind <> 'mind', 'PT422',
		format('the platform has no accounts at %s', provider), 'Ears and voices of calls are accounts of tenants.');
	PERFORM voiceagent_private.fail_if(NOT voiceagent_private.is_name(name, 200), 'PT422',
		'an account''s name must have 1 to 200 characters, in one line');
	PERFORM voiceagent_private.fail_if(coalesce(default_model, '') !~ '^[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,199}$', 'PT422',
		'that is not the name of a model',
		'A name has 1 to 200 letters, digits and ._:/@+-, and begins with a letter or digit.');
	PERFORM voiceagent_private.fail_if(coalesce(api_key, '') = '' AND v_vendor.needs_key, 'PT422',
		'the account needs an api_key');
	PERFORM voiceagent_private.fail_if(api_key ~ '[^\x21-\x7e]' OR length(api_key) > 1000, 'PT422',
		'the api_key is not one', 'A key has at most 1000 characters, without blanks or line breaks.');
	PERFORM voiceagent_private.fail_if(base_url IS NULL AND v_vendor.needs_url, 'PT422', 'the account needs a base_url',
		'Where the server answers, up to /v1: https://models.example.com/v1.');
	PERFORM voiceagent_private.fail_if(max_concurrent_requests NOT BETWEEN 1 AND 64, 'PT422',
		'max_concurrent_requests must be from 1 to 64');
	IF base_url IS NOT NULL THEN
		url := voiceagent_private.check_base_url(base_url, voiceagent_private.model_hosts(of_platform));
	END IF;
	-- The settings of a model account without nulls; PT422 with the name of what is not allowed.
	-- Models' refusals are learned anew.
	v_settings := jsonb_strip_nulls(coalesce(settings, '{}')) - 'without';
	PERFORM voiceagent_private.check_keys(v_settings, 'settings', v_vendor.settings, '{}');
	PERFORM voiceagent_private.fail_if(v_settings ? 'structured_output'
		AND NOT v_settings -> 'structured_output' <@ '["json_schema", "json_object", "prompt"]', 'PT422',
		'structured_output is not allowed', 'It is json_schema, json_object or prompt: how the server takes a schema.');
	PERFORM voiceagent_private.fail_if(v_settings ? 'max_tokens_field'
		AND NOT v_settings -> 'max_tokens_field' <@ '["max_tokens", "max_completion_tokens"]', 'PT422',
		'max_tokens_field is not allowed',
		'It is max_tokens or max_completion_tokens: what the server calls the bound on an answer.');
	PERFORM voiceagent_private.fail_if(v_settings ? 'anthropic_version'
		AND coalesce(v_settings ->> 'anthropic_version', '') !~ '^20[0-9]{2}-[0-9]{2}-[0-9]{2}$', 'PT422',
		'anthropic_version is not allowed', 'It is a date such as 2023-06-01: the version of the API.');
	PERFORM voiceagent_private.fail_if(
		v_settings ? 'temperature' AND jsonb_typeof(v_settings -> 'temperature') <> 'boolean', 'PT422',
		'temperature is not allowed',
		'It is true or false: whether requests may name a temperature; some models refuse one.');
	PERFORM voiceagent_private.fail_if(
		v_settings ? 'in_calls' AND NOT v_settings -> 'in_calls' <@ '[1, 2, 3, 4, 5, 6, 7, 8, 9]', 'PT422',
		'in_calls is not allowed', 'It is a number from 1 to 9: the place of the account among those that calls ask.');
	PERFORM voiceagent_private.fail_if(
		v_settings ? 'voice' AND coalesce(v_settings ->> 'voice', '') !~ '^[A-Za-z0-9_-]{1,100}$', 'PT422',
		'voice is not allowed', 'It is the vendor''s name or id of a voice: letters, digits, _ and -.');
	PERFORM voiceagent_private.fail_if(NOT v_settings ? v_vendor.needs_setting, 'PT422',
		format('an account at %s needs a %s', provider, v_vendor.needs_setting), NULL,
		format('settings := ''{"%s": "ID", "in_calls": 1}'': the id of a %1$s of the account.',
			v_vendor.needs_setting));
	rest := v_settings;
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_model_account_parts(text, text, text, text, text, jsonb, integer,
	boolean) IS
	'PT422 with the part that is wrong, never its value, unless these describe a model account; its URL and settings.';

CREATE FUNCTION voiceagent_private.model_key_name(model_account_id bigint) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN pg_catalog.concat('model_account:', model_account_id, ':api_key');
COMMENT ON FUNCTION voiceagent_private.model_key_name(bigint) IS
	'Under which name the vault keeps the key of a model account.';

SELECT voiceagent_private.make_lock('lock_model_account', 'voiceagent.model_accounts', 'there is no such model account',
	'A model account of the current tenant, locked; PT404 if there is none.',
	still => 't.archived_at IS NULL');

CREATE FUNCTION voiceagent.create_model_account(provider text, name text, api_key text, default_model text,
	base_url text DEFAULT NULL, settings jsonb DEFAULT '{}', max_concurrent_requests integer DEFAULT NULL)
	RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint;
	v_name text := btrim(name);
	v_most integer;
	v_parts record;
	v_account bigint;
	c_accounts CONSTANT integer := 20;
BEGIN
	PERFORM voiceagent_private.hide_query('create_model_account');
	v_tenant := voiceagent_private.writer_tenant('owner');
	v_most := coalesce(max_concurrent_requests, voiceagent_private.setting_integer('model_account_concurrency'));
	SELECT * INTO v_parts FROM voiceagent_private.check_model_account_parts(provider, v_name, api_key, default_model,
		base_url, settings, v_most, false);
	PERFORM voiceagent_private.require_living_model(CASE WHEN base_url IS NULL THEN split_part(provider, '_', 1) END,
		default_model);
	PERFORM voiceagent_private.fail_if(
		(SELECT count(*) FROM voiceagent.model_accounts a WHERE a.tenant_id = v_tenant AND a.archived_at IS NULL)
			>= c_accounts, 'PT409', format('a tenant has at most %s model accounts', c_accounts), NULL,
		'Archive one with archive_model_account().');
	INSERT INTO voiceagent.model_accounts (tenant_id, provider, name, base_url, default_model, settings,
		max_concurrent_requests, concurrency, created_at)
	VALUES (v_tenant, create_model_account.provider, v_name, v_parts.url, create_model_account.default_model,
		v_parts.rest, v_most, v_most, voiceagent.clock())
	ON CONFLICT DO NOTHING RETURNING model_account_id INTO v_account;
	PERFORM voiceagent_private.fail_if(v_account IS NULL, 'PT409', 'a model account with this name exists');
	IF coalesce(api_key, '') <> '' THEN
		PERFORM voiceagent_private.seal_secret(voiceagent_private.model_key_name(v_account), api_key);
	END IF;
	PERFORM voiceagent_private.audit('create_model_account', 'model account ' || v_account, NULL,
		jsonb_build_object('provider', provider, 'name', v_name, 'base_url', v_parts.url, 'default_model',
			default_model, 'settings', v_parts.rest));
	PERFORM voiceagent_private.request_model_check(v_account);
	RETURN v_account;
END
$$;
COMMENT ON FUNCTION voiceagent.create_model_account(text, text, text, text, text, jsonb, integer) IS
	E'An account at a vendor of language models, through which the tenant''s requests go from now on -> its number; '
	'it is checked at once.\n'
	'provider: see model_accounts; compatible needs a base_url up to /v1. api_key is sealed and never shown; settings: '
	'see model_accounts. For owners; PT422 names the part, PT409 for a name in use or beyond 20, 55000 without the '
	'vault''s key.';

CREATE FUNCTION voiceagent.update_model_account(model_account_id bigint, api_key text DEFAULT NULL,
	default_model text DEFAULT NULL, base_url text DEFAULT NULL, settings jsonb DEFAULT NULL,
	max_concurrent_requests integer DEFAULT NULL, name text DEFAULT NULL, active boolean DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint;
	v_old voiceagent.model_accounts;
	v_parts record;
	v_most integer;
BEGIN
	PERFORM voiceagent_private.hide_query('update_model_account');
	v_tenant := voiceagent_private.writer_tenant('owner');
	v_old := voiceagent_private.lock_model_account(model_account_id);
	v_most := coalesce(max_concurrent_requests, v_old.max_concurrent_requests);
	-- A key goes where it was given for: another address needs the key again.
	PERFORM voiceagent_private.fail_if(base_url IS NOT NULL AND base_url IS DISTINCT FROM v_old.base_url
		AND api_key IS NULL, 'PT422', 'another base_url needs the api_key again',
		'The key that is kept was given for the address before.');
	SELECT * INTO v_parts FROM voiceagent_private.check_model_account_parts(v_old.provider,
		coalesce(btrim(name), v_old.name), coalesce(api_key, 'kept'), coalesce(default_model, v_old.default_model),
		coalesce(base_url, v_old.base_url), coalesce(settings, v_old.settings), v_most, false);
	PERFORM voiceagent_private.require_living_model(CASE WHEN v_parts.url IS NULL
		THEN split_part(v_old.provider, '_', 1) END, default_model);
	BEGIN
		UPDATE voiceagent.model_accounts a
		SET name = coalesce(btrim(update_model_account.name), a.name), base_url = v_parts.url,
			default_model = coalesce(update_model_account.default_model, a.default_model), settings = v_parts.rest,
			max_concurrent_requests = v_most, concurrency = v_most, answered = 0, failures = 0, resumes_at = NULL,
			opened_at = NULL, trips = 0, trouble = NULL, active = coalesce(update_model_account.active, a.active),
			home = CASE WHEN api_key IS NOT NULL THEN voiceagent_private.home() ELSE a.home END
		WHERE a.tenant_id = v_tenant AND a.model_account_id = update_model_account.model_account_id;
	EXCEPTION WHEN unique_violation THEN
		PERFORM voiceagent_private.fail('PT409', 'a model account with this name exists');
	END;
	IF api_key IS NOT NULL THEN
		PERFORM voiceagent_private.seal_secret(voiceagent_private.model_key_name(model_account_id), api_key);
	END IF;
	PERFORM voiceagent_private.audit('update_model_account', 'model account ' || model_account_id,
		to_jsonb(v_old) - 'tenant_id', jsonb_build_object('base_url', v_parts.url, 'default_model',
			coalesce(default_model, v_old.default_model), 'settings', v_parts.rest, 'active',
			coalesce(active, v_old.active), 'new_key', api_key IS NOT NULL));
	IF coalesce(active, v_old.active) THEN
		PERFORM voiceagent_private.request_model_check(model_account_id);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent.update_model_account(bigint, text, text, text, jsonb, integer, text, boolean) IS
	E'Changes what is given (not NULL) of a model account, and checks it anew; api_key: a new key, used from the next '
	'request on.\n'
	'Its limits, rests and breaker begin anew. Another base_url needs the key again. For owners; PT404, PT409, PT422.';

CREATE FUNCTION voiceagent.archive_model_account(model_account_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('owner');
	v_old voiceagent.model_accounts := voiceagent_private.lock_model_account(model_account_id);
BEGIN
	UPDATE voiceagent.model_accounts a SET active = false, archived_at = voiceagent.clock()
	WHERE a.tenant_id = v_tenant AND a.model_account_id = archive_model_account.model_account_id;
	DELETE FROM voiceagent_private.secrets s
	WHERE s.tenant_id = v_tenant AND s.name = voiceagent_private.model_key_name(archive_model_account.model_account_id);
	PERFORM voiceagent_private.audit('archive_model_account', 'model account ' || model_account_id,
		jsonb_build_object('name', v_old.name), NULL);
	PERFORM voiceagent_private.poke('model_requests');
END
$$;
COMMENT ON FUNCTION voiceagent.archive_model_account(bigint) IS
	E'Puts a model account away and deletes its key; requests that wait for it fail.\n'
	'For owners; PT404.';

/* ----- is it any good? ----- */

CREATE FUNCTION voiceagent_private.request_model_check(model_account_id bigint, of_platform boolean DEFAULT false)
	RETURNS bigint
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_request bigint;
	-- An assistant may name a temperature: whether the model takes one is known before a call asks.
	c_asked CONSTANT jsonb := '{"check": "model", "max_tokens": 16, "temperature": 0.5, "messages": [{"role": "user", '
		'"content": "Answer with the word yes."}]}';
BEGIN
	INSERT INTO voiceagent.model_requests (tenant_id, purpose, object_id, model_account_id, of_platform, provider,
		model, request, created_at)
	SELECT v_tenant, 'check_account', a.model_account_id, a.model_account_id, request_model_check.of_platform,
		a.provider, a.default_model,
		c_asked, v_now
	FROM (SELECT o.model_account_id, o.provider, o.default_model FROM voiceagent.model_accounts o
		WHERE NOT request_model_check.of_platform AND o.tenant_id = v_tenant
			AND o.model_account_id = request_model_check.model_account_id
		UNION ALL
		SELECT o.model_account_id, o.provider, o.default_model FROM voiceagent_private.platform_model_accounts o
		WHERE request_model_check.of_platform AND o.model_account_id = request_model_check.model_account_id) a
	RETURNING model_request_id INTO v_request;
	INSERT INTO voiceagent_private.model_request_queue (tenant_id, model_request_id, of_platform, model_account_id,
		next_at, gives_up_at)
	VALUES (v_tenant, v_request, request_model_check.of_platform, request_model_check.model_account_id, v_now,
		v_now + voiceagent_private.setting_interval('model_request_give_up_after'));
	PERFORM voiceagent_private.poke('model_requests');
	RETURN v_request;
END
$$;
COMMENT ON FUNCTION voiceagent_private.request_model_check(bigint, boolean) IS
	E'Has the server of a model account of the current tenant, or of the platform, asked for the account''s default '
	'model -> model_request_id.\n'
	'First for the model by its name, or where the server does not know such a question for its list; then a mind is '
	'asked for a word as calls ask it, since a model that is there may refuse that.';

CREATE FUNCTION voiceagent.check_model_account(model_account_id bigint) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('owner');
	v_account voiceagent.model_accounts := voiceagent_private.lock_model_account(model_account_id);
BEGIN
	PERFORM voiceagent_private.fail_if(EXISTS (SELECT FROM voiceagent_private.model_request_queue q
		JOIN voiceagent.model_requests m ON m.tenant_id = v_tenant AND m.model_request_id = q.model_request_id
		WHERE q.tenant_id = v_tenant AND NOT q.of_platform AND q.model_account_id = v_account.model_account_id
			AND m.purpose = 'check_account'), 'PT409', 'the account is being checked already');
	RETURN voiceagent_private.request_model_check(v_account.model_account_id);
END
$$;
COMMENT ON FUNCTION voiceagent.check_model_account(bigint) IS
	E'Has the server of a model account asked whether its key is good and its default model is there -> '
	'model_request_id; what comes of it stands in the account''s test_result and test_message.\n'
	'For owners; PT404, PT409 while a check is under way.';

CREATE FUNCTION voiceagent_private.conclude_model_check(request voiceagent.model_requests, kind text, message text,
	rest_ms bigint, models text[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_check text := request.request ->> 'check';
	v_next text;
	v_good boolean := kind IN ('answered', 'incomplete');
	v_message text;
	c_named CONSTANT integer := 20;
BEGIN
	v_next := CASE WHEN v_check = 'model' AND kind IN ('bad_model', 'bad_request') THEN 'list'
		WHEN v_check = 'list' AND kind IN ('bad_model', 'bad_request', 'unreadable')
			OR v_good AND (v_check = 'model' OR v_check = 'list' AND request.model = ANY (models))
				AND voiceagent_private.engine_kind(request.provider) = 'mind' THEN 'ask' END;
	IF v_next IS NOT NULL THEN
		UPDATE voiceagent.model_requests m
		SET request = m.request || jsonb_build_object('check', v_next), tries = 0
		WHERE m.tenant_id = request.tenant_id AND m.model_request_id = request.model_request_id;
		PERFORM voiceagent_private.requeue_model_request(request.model_request_id, interval '0',
			CASE WHEN NOT v_good THEN voiceagent_private.told_to_tenant(request.of_platform, kind, message) END, NULL);
		RETURN;
	ELSIF kind IN ('limited', 'overloaded', 'server', 'lost', 'not_sent')
		AND (request.tries < voiceagent_private.setting_integer('model_request_tries')
			OR kind IN ('limited', 'overloaded')) THEN
		PERFORM voiceagent_private.conclude_model_answer(request, kind,
			voiceagent_private.told_to_tenant(request.of_platform, kind, message), rest_ms, NULL, NULL, NULL, NULL);
		RETURN;
	ELSIF v_check = 'list' AND v_good AND NOT request.model = ANY (models) THEN
		v_good := false;
		v_message := format('there is no model "%s" at this server; it has: %s', request.model,
			coalesce(nullif(array_to_string(models[1:c_named], ', '), '')
				|| CASE WHEN cardinality(models) > c_named THEN ', ...' ELSE '' END, 'none'));
	ELSE
		v_message := CASE WHEN v_good THEN format('the key is good, and the model %s is there', request.model)
			|| coalesce('; it takes no ' || (SELECT string_agg(w, ', ') FROM jsonb_array_elements_text(
				request.request -> 'without') w), '') ELSE message END;
	END IF;
	PERFORM voiceagent_private.end_model_request(request.model_request_id,
		CASE WHEN v_good THEN 'done' ELSE 'failed' END,
		CASE WHEN v_good THEN NULL WHEN kind = 'answered' THEN 'bad_model' WHEN kind = 'not_sent' THEN 'server'
			ELSE kind END,
		CASE WHEN NOT v_good THEN v_message END, CASE WHEN v_good THEN v_message END);
END
$$;
COMMENT ON FUNCTION voiceagent_private.conclude_model_check(voiceagent.model_requests, text, text, bigint, text[]) IS
	'Ends the check of an account (check_model_account()) by this reply, or asks the next question when the server '
	'does not know this one.';

CREATE FUNCTION voiceagent_private.on_model_check_ended(model_request_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	m voiceagent.model_requests;
BEGIN
	SELECT * INTO m FROM voiceagent.model_requests o
	WHERE o.tenant_id = v_tenant AND o.model_request_id = on_model_check_ended.model_request_id;
	IF m.of_platform THEN
		UPDATE voiceagent_private.platform_model_accounts a
		SET tested_at = voiceagent.clock(), test_result = CASE WHEN m.status = 'done' THEN 'ok' ELSE 'failed' END,
			test_message = left(coalesce(m.error, m.output_text), 1000)
		WHERE a.model_account_id = m.object_id;
		-- In whose name it was asked stays private.
		DELETE FROM voiceagent.model_requests o
		WHERE o.tenant_id = v_tenant AND o.model_request_id = on_model_check_ended.model_request_id;
		RETURN;
	END IF;
	UPDATE voiceagent.model_accounts a
	SET tested_at = voiceagent.clock(), test_result = CASE WHEN m.status = 'done' THEN 'ok' ELSE 'failed' END,
		test_message = left(coalesce(m.error, m.output_text), 1000)
	WHERE a.tenant_id = v_tenant AND a.model_account_id = m.object_id;
END
$$;
COMMENT ON FUNCTION voiceagent_private.on_model_check_ended(bigint) IS
	'Writes what came of check_model_account() to the account of the current tenant, or of '
	'check_platform_model_account() to that of the platform.';
SELECT voiceagent_private.register_model_purpose('check_account', 'on_model_check_ended',
	'Whether the key of a model account is good, and its model is there.');
