-- 49_tool: a tenant makes, changes and tries its tools.

CREATE FUNCTION voiceagent_private.require_tool_terms(tool voiceagent.own_tools) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_wrong text;
	c_bytes CONSTANT integer := 4096;
BEGIN
	PERFORM voiceagent_private.fail_if(coalesce(tool.name, '') !~ '^[a-z][a-z0-9_]{1,39}$'
		OR tool.name IN (SELECT t ->> 'name' FROM jsonb_array_elements(voiceagent_private.tool_catalogue()) t), 'PT422',
		'a tool needs a name that none of ours has',
		'It has 2 to 40 letters a to z, digits and _, and begins with a letter.',
		'list_tools() has the names that are taken.');
	PERFORM voiceagent_private.fail_if(
		coalesce(length(btrim(tool.description)), 0) NOT BETWEEN 1 AND 1000 OR length(tool.description) > 1000, 'PT422',
		'a tool needs a description of 1 to 1000 characters', NULL, 'A language model chooses it by that.');
	PERFORM voiceagent_private.fail_if(coalesce(length(tool.url), 0) NOT BETWEEN 1 AND 2000, 'PT422',
		'a tool needs a URL of 1 to 2000 characters');
	v_wrong := CASE WHEN jsonb_typeof(tool.parameters) IS DISTINCT FROM 'object' THEN 'It is no object.'
		WHEN voiceagent_private.json_bytes(tool.parameters, c_bytes) > c_bytes
			THEN format('It has more than %s bytes.', c_bytes)
		WHEN tool.parameters ->> 'type' IS DISTINCT FROM 'object'
			OR jsonb_typeof(tool.parameters -> 'properties') IS DISTINCT FROM 'object'
			THEN 'Its type is not object, or it has no properties.'
		-- It may need no argument.
		WHEN tool.parameters <> '{"type": "object", "properties": {}}'
			THEN voiceagent_private.model_schema_problem(tool.parameters) END;
	IF v_wrong IS NOT NULL THEN
		PERFORM voiceagent_private.fail('PT422', 'the parameters of a tool are a JSON Schema', v_wrong,
			'For example {"type": "object", "properties": {"order": {"type": "string"}}, "required": ["order"]}.');
	-- The carrier puts variables into what it is given.
	ELSIF concat(tool.description, tool.parameters) ~ '[{][{%#]' AND (tool.description ~ '[{][{%#]'
		OR EXISTS (SELECT FROM jsonb_path_query(tool.parameters, 'strict $.**') v
			WHERE jsonb_typeof(v) = 'string' AND v #>> '{}' ~ '[{][{%#]')) THEN
		PERFORM voiceagent_private.fail('PT422', 'a tool''s description and parameters can hold no {{variables}}');
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_tool_terms(voiceagent.own_tools) IS
	'PT422 unless a tool may be so: name, description, parameters, and the length of its URL.';

SELECT voiceagent_private.make_lock('lock_tool', 'voiceagent.own_tools', 'there is no such tool of your own',
	'A tool of the current tenant''s own, locked; PT404 if there is none.', 'FOR UPDATE', 'name');

CREATE FUNCTION voiceagent.create_tool(name text, description text, parameters jsonb, url text, OUT tool_id bigint,
	OUT secret text)
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('owner');
	v voiceagent.own_tools;
	c_tools CONSTANT integer := 50;
BEGIN
	PERFORM voiceagent_private.hide_query('create_tool');
	v.name := name;
	v.description := btrim(description);
	v.parameters := parameters;
	v.url := url;
	PERFORM voiceagent_private.require_tool_terms(v);
	v.url := voiceagent_private.check_target_url(url, voiceagent_private.platform_setting('tool_private_hosts'));
	-- The directory's row makes two of these follow each other.
	PERFORM FROM voiceagent_private.tenant_directory d WHERE d.tenant_id = v_tenant FOR NO KEY UPDATE;
	PERFORM voiceagent_private.fail_if(
		(SELECT count(*) FROM voiceagent.own_tools t WHERE t.tenant_id = v_tenant) >= c_tools, 'PT409',
		format('a tenant has at most %s tools of its own', c_tools), NULL, 'delete_tool() removes one.');
	PERFORM voiceagent_private.fail_if(voiceagent_private.is_own_tool(name), 'PT409',
		'there is a tool of that name already', NULL, 'update_tool() changes it.');
	INSERT INTO voiceagent.own_tools AS t (tenant_id, name, description, parameters, url, home, created_at)
	VALUES (v_tenant, v.name, v.description, v.parameters, v.url, voiceagent_private.home(), voiceagent.clock())
	RETURNING t.tool_id INTO tool_id;
	secret := voiceagent_private.make_signing_secret(voiceagent_private.secret_name('own_tool', tool_id, 1));
	PERFORM voiceagent_private.audit('create_tool', 'tool ' || v.name, NULL, jsonb_build_object('url', v.url));
END
$$;
COMMENT ON FUNCTION voiceagent.create_tool(text, text, jsonb, text) IS
	E'Makes a tool of your own that assistants may name (setting tools); returns its number and the secret that signs '
	'what your server is asked, shown once.\n'
	'name: a to z, digits, _; parameters: JSON Schema of its arguments; url: https, of a public host. For owners; '
	'PT409 for a name that is taken or beyond 50 tools, PT422, 55000 without the vault''s key.';

CREATE FUNCTION voiceagent.update_tool(name text, description text DEFAULT NULL, parameters jsonb DEFAULT NULL,
	url text DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('owner');
	v_old voiceagent.own_tools := voiceagent_private.lock_tool(name);
	v voiceagent.own_tools := v_old;
BEGIN
	PERFORM voiceagent_private.hide_query('update_tool');
	v.description := coalesce(btrim(description), v_old.description);
	v.parameters := coalesce(parameters, v_old.parameters);
	v.url := coalesce(url, v_old.url);
	PERFORM voiceagent_private.require_tool_terms(v);
	v.url := voiceagent_private.check_target_url(v.url, voiceagent_private.platform_setting('tool_private_hosts'));
	UPDATE voiceagent.own_tools t
	SET description = v.description, parameters = v.parameters, url = v.url, home = voiceagent_private.home(),
		failures = 0, last_error = NULL, disabled_at = NULL
	WHERE t.tenant_id = v_tenant AND t.tool_id = v.tool_id;
	PERFORM voiceagent_private.audit('update_tool', 'tool ' || v.name, jsonb_build_object('url', v_old.url),
		jsonb_build_object('url', v.url));
END
$$;
COMMENT ON FUNCTION voiceagent.update_tool(text, text, jsonb, text) IS
	E'Changes what is given (not NULL) of a tool of your own, forgets its failures, and switches it on again.\n'
	'Its secret stays. For owners; PT404, PT422 as create_tool().';

CREATE FUNCTION voiceagent.rotate_tool_secret(name text) RETURNS text
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('owner');
	v_old voiceagent.own_tools := voiceagent_private.lock_tool(name);
	v_until timestamptz;
	v_secret text;
BEGIN
	-- When there are three within the overlap, the first is no longer good.
	PERFORM voiceagent_private.delete_signing_secrets('own_tool', v_old.tool_id, v_old.secret_version - 1);
	IF voiceagent_private.secret_still_opens(voiceagent_private.secret_name('own_tool', v_old.tool_id,
			v_old.secret_version)) THEN
		v_until := voiceagent.clock() + voiceagent_private.setting_interval('webhook_subscription_secret_overlap');
	END IF;
	v_secret := voiceagent_private.make_signing_secret(voiceagent_private.secret_name('own_tool', v_old.tool_id,
		v_old.secret_version + 1));
	-- A request never sent may have failed by the secret.
	UPDATE voiceagent.own_tools t SET previous_secret_until = v_until, secret_version = v_old.secret_version + 1,
		last_error = CASE WHEN t.failures > 0 THEN t.last_error END
	WHERE t.tenant_id = v_tenant AND t.tool_id = v_old.tool_id;
	PERFORM voiceagent_private.audit('rotate_tool_secret', 'tool ' || v_old.name,
		to_jsonb(v_old.previous_secret_until), to_jsonb(v_until));
	RETURN v_secret;
END
$$;
COMMENT ON FUNCTION voiceagent.rotate_tool_secret(text) IS
	E'A new signing secret of a tool of your own, shown this once.\n'
	'Until the setting webhook_subscription_secret_overlap has passed it is asked with two signatures, by the new and '
	'the old secret, if that still opens. For owners; PT404; 55000 without the vault''s key.';

CREATE FUNCTION voiceagent.delete_tool(name text) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('owner');
	v_old voiceagent.own_tools := voiceagent_private.lock_tool(name);
BEGIN
	DELETE FROM voiceagent.own_tools t WHERE t.tenant_id = v_tenant AND t.tool_id = v_old.tool_id;
	PERFORM voiceagent_private.delete_signing_secrets('own_tool', v_old.tool_id, v_old.secret_version);
	PERFORM voiceagent_private.audit('delete_tool', 'tool ' || v_old.name, jsonb_build_object('url', v_old.url), NULL);
END
$$;
COMMENT ON FUNCTION voiceagent.delete_tool(text) IS
	E'A tool of your own, its secret and what it is being asked are gone; assistants that name it have it no more.\n'
	'For owners; PT404.';

CREATE FUNCTION voiceagent.test_tool(name text, arguments jsonb DEFAULT '{}') RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v voiceagent.own_tools;
	v_ask bigint;
	c_bytes CONSTANT integer := 8192;
BEGIN
	SELECT t.* INTO v FROM voiceagent.own_tools t WHERE t.tenant_id = v_tenant AND t.name = test_tool.name;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'there is no such tool of your own');
	PERFORM voiceagent_private.fail_if(jsonb_typeof(arguments) IS DISTINCT FROM 'object'
		OR voiceagent_private.json_bytes(arguments, c_bytes) > c_bytes, 'PT422',
		format('arguments are an object of at most %s bytes', c_bytes));
	v_ask := voiceagent_private.ask_tool(v, 'test', arguments, '{}', NULL, NULL, NULL);
	PERFORM voiceagent_private.fail_if(v_ask IS NULL, 'PT429', 'too many of your tools are being asked', NULL,
		'Try again.');
	RETURN v_ask;
END
$$;
COMMENT ON FUNCTION voiceagent.test_tool(text, jsonb) IS
	E'Asks a tool of your own, also one that is switched off, and returns the number of the ask.\n'
	'test_of_tool() has the answer within seconds. For managers and owners; PT404, PT422, PT429.';

CREATE FUNCTION voiceagent.test_of_tool(ask_id bigint) RETURNS jsonb
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v voiceagent_private.tool_asks;
BEGIN
	SELECT a.* INTO v FROM voiceagent_private.tool_asks a
	WHERE a.tenant_id = voiceagent.current_tenant() AND a.ask_id = test_of_tool.ask_id AND a.purpose = 'test';
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'there is no such test of a tool',
		'They are kept for a day.');
	RETURN jsonb_build_object('state', v.state, 'answer', v.answer, 'error', v.error, 'ms',
		round(extract(epoch FROM v.ended_at - v.asked_at) * 1000));
END
$$;
COMMENT ON FUNCTION voiceagent.test_of_tool(bigint) IS
	E'The result of test_tool(): {"state": waiting, asked, answered or failed, "answer", "error", "ms"}.\nPT404.';
