-- 38_model: asking. A request is checked, given its account and model, and queued; it leaves with the commit.

CREATE FUNCTION voiceagent_private.check_model_messages(messages jsonb) RETURNS void
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v jsonb;
	v_place bigint;
	c_messages CONSTANT integer := 400;
BEGIN
	PERFORM voiceagent_private.fail_if(
		jsonb_typeof(messages) IS DISTINCT FROM 'array' OR jsonb_array_length(messages) NOT BETWEEN 1 AND c_messages,
		'PT422', 'messages must be a list', format('A model request has 1 to %s messages.', c_messages),
		'Such as [{"role": "user", "content": "..."}].');
	FOR v, v_place IN
		SELECT e.value, e.place - 1 FROM jsonb_array_elements(messages) WITH ORDINALITY e(value, place)
	LOOP
		IF jsonb_typeof(v) <> 'object' OR NOT coalesce(v ->> 'role', '') IN ('system', 'user', 'assistant')
			OR jsonb_typeof(v -> 'content') IS DISTINCT FROM 'string' OR v - '{role,content}'::text[] <> '{}' THEN
			PERFORM voiceagent_private.fail('PT422', format('messages[%s] is not a message', v_place),
				'A message has a role (system, user or assistant) and a content, which is a text.');
		END IF;
	END LOOP;
	PERFORM voiceagent_private.fail_if(messages -> -1 ->> 'role' = 'assistant', 'PT422',
		'the last message must not be the assistant''s', 'A model answers a user.');
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_model_messages(jsonb) IS
	'PT422 with the place unless these are the messages of a model request: 1 to 400, each {"role", "content"}.';

CREATE FUNCTION voiceagent_private.check_model_number(request jsonb, key text, lowest numeric, highest numeric,
	whole boolean) RETURNS void
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v jsonb := request -> key;
BEGIN
	IF v IS NULL OR jsonb_typeof(v) = 'number' AND (v #>> '{}')::numeric BETWEEN lowest AND highest
		AND (NOT whole OR (v #>> '{}')::numeric = trunc((v #>> '{}')::numeric)) THEN
		RETURN;
	END IF;
	PERFORM voiceagent_private.fail('PT422', format('%s is not allowed', key),
		format('It is a %snumber from %s to %s.', CASE WHEN whole THEN 'whole ' ELSE '' END, lowest, highest));
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_model_number(jsonb, text, numeric, numeric, boolean) IS
	'PT422 unless a member of a model request is absent or a number in this range.';

CREATE FUNCTION voiceagent_private.model_schema_problem(schema jsonb) RETURNS text
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_model_schema_problem';
COMMENT ON FUNCTION voiceagent_private.model_schema_problem(jsonb) IS
	'Why a model cannot be asked to conform to a schema, with the path, such as "schema.properties.age.type: ..."; '
	'NULL: it can.';

CREATE FUNCTION voiceagent_private.check_model_request(request jsonb) RETURNS void
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_key text;
	c_keys CONSTANT text[] := ARRAY['messages', 'schema', 'schema_name', 'max_tokens', 'temperature', 'seed',
		'language', 'lead_id', 'call_id'];
	c_bytes CONSTANT integer := 400000;
BEGIN
	PERFORM voiceagent_private.fail_if(jsonb_typeof(request) IS DISTINCT FROM 'object', 'PT422',
		'a model request must be an object');
	SELECT k INTO v_key FROM jsonb_object_keys(request) k WHERE NOT k = ANY (c_keys) LIMIT 1;
	PERFORM voiceagent_private.fail_if(FOUND, 'PT422', format('a model request has no "%s"', left(v_key, 60)),
		format('It may have: %s.', array_to_string(c_keys, ', ')));
	PERFORM voiceagent_private.fail_if(voiceagent_private.json_bytes(request, c_bytes) > c_bytes, 'PT422',
		'the model request is too long', format('It has more than the %s bytes that are allowed.', c_bytes));
	PERFORM voiceagent_private.require_readable(request, 'the model request');
	PERFORM voiceagent_private.check_model_messages(request -> 'messages');
	PERFORM voiceagent_private.check_model_number(request, 'max_tokens', 16, 32000, true);
	PERFORM voiceagent_private.check_model_number(request, 'temperature', 0, 2, false);
	PERFORM voiceagent_private.check_model_number(request, 'seed', 0, 2147483647, true);
	PERFORM voiceagent_private.check_model_number(request, 'lead_id', 1, 9223372036854775807, true);
	PERFORM voiceagent_private.check_model_number(request, 'call_id', 1, 9223372036854775807, true);
	PERFORM voiceagent_private.fail_if(
		request ? 'schema_name' AND coalesce(request ->> 'schema_name', '') !~ '^[A-Za-z0-9_-]{1,64}$', 'PT422',
		'schema_name is not allowed', 'It has 1 to 64 letters, digits, - and _.');
	PERFORM voiceagent_private.fail_if(
		request ? 'language' AND coalesce(request ->> 'language', '') !~ '^(en|es|fr|de)(-[A-Z]{2})?$', 'PT422',
		'language is not allowed', 'It is en, es, fr or de, with a region or without, such as es-MX.');
	PERFORM voiceagent_private.fail_if(
		request ? 'schema' AND voiceagent_private.model_schema_problem(request -> 'schema') IS NOT NULL, 'PT422',
		'the schema is not allowed', voiceagent_private.model_schema_problem(request -> 'schema'));
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_model_request(jsonb) IS
	'PT422 with the member unless this can be asked: see request_model().';

CREATE TYPE voiceagent_private.model_choice AS (
	of_platform boolean,
	model_account_id bigint,
	provider text,
	model text
);
COMMENT ON TYPE voiceagent_private.model_choice IS
	'Which model is asked, and through which account; model_account_id is NULL for the embedded model.';

CREATE FUNCTION voiceagent_private.choose_model(model_account_id bigint, model text)
	RETURNS voiceagent_private.model_choice
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v voiceagent_private.model_choice;
	v_active boolean := true;
BEGIN
	PERFORM voiceagent_private.fail_if(model IS NOT NULL AND model !~ '^[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,199}$', 'PT422',
		'that is not the name of a model',
		'A name has 1 to 200 letters, digits and ._:/@+-, and begins with a letter or digit.');
	IF model_account_id IS NOT NULL THEN
		SELECT false, a.model_account_id, a.provider, a.default_model, a.active
		INTO v.of_platform, v.model_account_id, v.provider, v.model, v_active
		FROM voiceagent.model_accounts a
		WHERE a.tenant_id = v_tenant AND a.model_account_id = choose_model.model_account_id AND a.archived_at IS NULL;
		PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'there is no such model account');
		PERFORM voiceagent_private.fail_if(NOT v_active, 'PT409', 'the model account is not active', NULL,
			'update_model_account(..., active := true) switches it on.');
		PERFORM voiceagent_private.fail_if(voiceagent_private.engine_kind(v.provider) <> 'mind', 'PT422',
			'the account writes no texts', format('%s is asked in calls alone.', v.provider));
	ELSE
		SELECT false, a.model_account_id, a.provider, a.default_model
		INTO v.of_platform, v.model_account_id, v.provider, v.model
		FROM voiceagent.model_accounts a
		WHERE a.tenant_id = v_tenant AND a.active AND voiceagent_private.engine_kind(a.provider) = 'mind'
		ORDER BY a.model_account_id LIMIT 1;
		IF NOT FOUND THEN
			SELECT true, a.model_account_id, a.provider, a.default_model
			INTO v.of_platform, v.model_account_id, v.provider, v.model
			FROM voiceagent_private.platform_model_accounts a WHERE a.active ORDER BY a.model_account_id LIMIT 1;
			IF NOT FOUND THEN
				v := ROW(false, NULL, 'sandbox', 'sandbox');
			END IF;
		END IF;
	END IF;
	IF v.of_platform AND choose_model.model <> v.model
		-- A model name followed by a date or a version has the price of the plain name.
		AND NOT EXISTS (SELECT FROM voiceagent.model_prices p
			WHERE p.provider = v.provider AND p.credits_in IS NOT NULL AND p.valid @> voiceagent.clock()
				AND starts_with(choose_model.model, p.model)
				AND substr(choose_model.model, length(p.model) + 1) ~ '^([-@][0-9]{2,8}){0,3}$') THEN
		PERFORM voiceagent_private.fail('PT422', 'the platform does not sell this model',
			format('model is %s.', choose_model.model),
			'The table model_prices has what it sells, with credits_in. Or use an account of your own: '
			'create_model_account().');
	ELSIF v.provider <> 'sandbox' THEN
		v.model := coalesce(choose_model.model, v.model);
	END IF;
	RETURN v;
END
$$;
COMMENT ON FUNCTION voiceagent_private.choose_model(bigint, text) IS
	E'Which model answers the current tenant: of the account that is named, else of its own first active one, else of '
	'the platform''s, else the embedded model; model (NULL: the account''s default) is asked there.\n'
	'PT404, PT409, PT422.';

CREATE FUNCTION voiceagent_private.request_model(purpose text, object_id bigint, request jsonb,
	model_account_id bigint DEFAULT NULL, model text DEFAULT NULL) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_choice voiceagent_private.model_choice;
	v_request bigint;
	v_most integer := voiceagent_private.platform_setting('model_requests_waiting')::integer;
BEGIN
	IF NOT EXISTS (SELECT FROM voiceagent_private.model_purposes p WHERE p.purpose = request_model.purpose) THEN
		PERFORM voiceagent_private.fail('PT422', format('nothing asks a model for "%s"', left(purpose, 60)), NULL,
			'register_model_purpose() registers a purpose.');
	END IF;
	PERFORM voiceagent_private.check_model_request(request);
	v_choice := voiceagent_private.choose_model(model_account_id, model);
	PERFORM FROM voiceagent_private.model_request_queue q WHERE q.tenant_id = v_tenant
	ORDER BY q.model_request_id OFFSET v_most - 1 LIMIT 1;
	PERFORM voiceagent_private.fail_if(FOUND, 'PT409', 'too many model requests wait',
		format('%s of a tenant may wait at a time.', v_most), 'Wait until some of them have been answered.');
	INSERT INTO voiceagent.model_requests (tenant_id, purpose, object_id, lead_id, call_id, model_account_id,
		of_platform, provider, model, request, created_at)
	VALUES (v_tenant, request_model.purpose, request_model.object_id, (request ->> 'lead_id')::bigint,
		(request ->> 'call_id')::bigint, v_choice.model_account_id, v_choice.of_platform, v_choice.provider,
		v_choice.model, request - '{lead_id,call_id}'::text[], v_now)
	RETURNING model_request_id INTO v_request;
	INSERT INTO voiceagent_private.model_request_queue (tenant_id, model_request_id, of_platform, model_account_id,
		next_at, gives_up_at)
	VALUES (v_tenant, v_request, v_choice.of_platform, coalesce(v_choice.model_account_id, 0), v_now,
		v_now + voiceagent_private.setting_interval('model_request_give_up_after'));
	PERFORM voiceagent_private.poke('model_requests');
	RETURN v_request;
END
$$;
COMMENT ON FUNCTION voiceagent_private.request_model(text, bigint, jsonb, bigint, text) IS
	E'Has a language model asked when the transaction commits -> model_request_id; at its end the handler of the '
	'purpose is called.\n'
	'request: {"messages": [{"role", "content"}], "schema", "schema_name", "max_tokens", "temperature", "seed", '
	'"language", "lead_id", "call_id"}; name the lead whose data is in it. Account and model: choose_model(). PT404, '
	'PT409, PT422.';
