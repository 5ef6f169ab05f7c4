-- 80_reception: the one way to a tool.

CREATE FUNCTION voiceagent_private.tool_context(call voiceagent.calls, in_reply boolean DEFAULT false)
	RETURNS voiceagent_private.tool_context
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v voiceagent_private.tool_context;
BEGIN
	v.call_id := (call).call_id;
	v.in_reply := tool_context.in_reply;
	v.lead_id := (call).lead_id;
	v.phone := (call).phone;
	v.direction := (call).direction;
	v.at := voiceagent.clock();
	v.phone_number_id := CASE WHEN v.direction = 'inbound' THEN (SELECT i.phone_number_id FROM voiceagent.call_inbound i
			WHERE i.tenant_id = (call).tenant_id AND i.call_id = (call).call_id)
		ELSE (SELECT a.phone_number_id FROM voiceagent.attempts a
			WHERE a.tenant_id = (call).tenant_id AND a.call_id = (call).call_id) END;
	v.assistant_id := coalesce((call).assistant_id, (SELECT n.ai_assistant_id FROM voiceagent.phone_numbers n
		WHERE n.tenant_id = (call).tenant_id AND n.phone_number_id = v.phone_number_id));
	SELECT a.language INTO v.language FROM voiceagent.assistant_versions a
	WHERE a.tenant_id = (call).tenant_id AND a.assistant_id = v.assistant_id
		AND a.version = coalesce((call).assistant_version, (SELECT s.version FROM voiceagent.assistants s
			WHERE s.tenant_id = (call).tenant_id AND s.assistant_id = v.assistant_id));
	v.language := coalesce(v.language, 'en');
	v.zone := (SELECT c.timezone FROM voiceagent.calendars c WHERE c.tenant_id = (call).tenant_id
		AND c.calendar_id = voiceagent_private.calendar_for((call).campaign_id, CASE WHEN v.direction = 'inbound'
			THEN v.phone_number_id END));
	RETURN v;
END
$$;
COMMENT ON FUNCTION voiceagent_private.tool_context(voiceagent.calls, boolean) IS
	'The context in which the tools of a call work; in_reply: the carrier asks where to put it through.';

CREATE FUNCTION voiceagent_private.calendar_of_tool(context voiceagent_private.tool_context,
	listing voiceagent.listings, holds boolean) RETURNS voiceagent.calendars
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_calendar bigint := coalesce(
		(SELECT u.calendar_id FROM voiceagent.calendar_uses u
			WHERE u.tenant_id = v_tenant AND u.listing_id = (listing).listing_id),
		(SELECT a.calendar_id FROM voiceagent.appointments a WHERE holds AND a.tenant_id = v_tenant
			AND a.call_id = (context).call_id AND a.status = 'held'),
		voiceagent_private.calendar_for((SELECT c.campaign_id FROM voiceagent.calls c
			WHERE c.tenant_id = v_tenant AND c.call_id = (context).call_id),
			CASE WHEN (context).direction = 'inbound' THEN (context).phone_number_id END));
	v voiceagent.calendars;
BEGIN
	SELECT c.* INTO v FROM voiceagent.calendars c WHERE c.tenant_id = v_tenant AND c.calendar_id = v_calendar;
	RETURN v;
END
$$;
COMMENT ON FUNCTION voiceagent_private.calendar_of_tool(voiceagent_private.tool_context, voiceagent.listings,
	boolean) IS
	'The calendar in which a call books: that of the listing, of what is held for the call (holds), of its campaign or '
	'its number, else the tenant''s default one.';

CREATE FUNCTION voiceagent_private.may_use_tool(context voiceagent_private.tool_context, version integer, tool text)
	RETURNS boolean
	LANGUAGE sql STABLE SET planner.policy = by_key
	RETURN (tool IN (SELECT t.tool FROM voiceagent_private.tools() t) OR voiceagent_private.is_own_tool(tool))
		-- Without an assistant of ours a bot of the tenant's own chooses.
		AND coalesce((SELECT a.settings -> 'tools' ? tool FROM voiceagent.assistant_versions a
			WHERE a.tenant_id = voiceagent.current_tenant() AND a.assistant_id = (context).assistant_id
				AND a.version = coalesce(may_use_tool.version, (SELECT s.version FROM voiceagent.assistants s
					WHERE s.tenant_id = a.tenant_id AND s.assistant_id = a.assistant_id))),
			(context).assistant_id IS NULL);
COMMENT ON FUNCTION voiceagent_private.may_use_tool(voiceagent_private.tool_context, integer, text) IS
	'Whether the assistant of a call has a tool (its setting tools); a call without one of ours has all.';

CREATE FUNCTION voiceagent_private.wrong_argument(context voiceagent_private.tool_context, schema jsonb,
	arguments jsonb) RETURNS voiceagent_private.tool_answer
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v record;
	v_strange text := (SELECT min(k) FROM jsonb_object_keys(arguments) k WHERE NOT schema -> 'properties' ? k);
BEGIN
	IF v_strange IS NOT NULL THEN
		RETURN voiceagent_private.tool_error(context, 'strange', left(v_strange, 60),
			(SELECT string_agg(k, ', ' ORDER BY k) FROM jsonb_object_keys(schema -> 'properties') k));
	END IF;
	FOR v IN SELECT p.key, p.value AS rule, arguments -> p.key AS given, schema -> 'required' ? p.key AS needed
		FROM jsonb_each(schema -> 'properties') p ORDER BY p.key LOOP
		IF v.needed AND coalesce(btrim(v.given #>> '{}'), '') = '' THEN
			RETURN voiceagent_private.tool_error(context, 'missing', v.key);
		ELSIF jsonb_typeof(v.given) IN ('object', 'array') AND jsonb_typeof(v.given) <> v.rule ->> 'type'
			OR length(v.given #>> '{}')
			> coalesce((v.rule ->> 'maxLength')::integer, 100) THEN
			RETURN voiceagent_private.tool_error(context, 'long', v.key);
		END IF;
	END LOOP;
	PERFORM voiceagent_private.told_number(arguments ->> 'phone');
	RETURN NULL;
EXCEPTION WHEN SQLSTATE 'PT422' THEN
	RETURN voiceagent_private.tool_error(context, 'number');
END
$$;
COMMENT ON FUNCTION voiceagent_private.wrong_argument(voiceagent_private.tool_context, jsonb, jsonb) IS
	'The answer of a tool whose arguments are not in its schema, lack what that needs, or are no short words, or whose '
	'phone is none; NULL: they are right.';

CREATE FUNCTION voiceagent_private.use_tool(context voiceagent_private.tool_context, tool text, arguments jsonb)
	RETURNS voiceagent_private.tool_answer
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_answer voiceagent_private.tool_answer := voiceagent_private.wrong_argument(context, (SELECT t -> 'parameters'
		FROM jsonb_array_elements(voiceagent_private.tool_catalogue()) t WHERE t ->> 'name' = tool), arguments);
BEGIN
	IF v_answer.error IS NOT NULL THEN
		RETURN v_answer;
	END IF;
	context.tool := tool;
	EXECUTE format('SELECT * FROM voiceagent_private.%I($1, $2)',
		(SELECT t.handler FROM voiceagent_private.tools() t WHERE t.tool = context.tool))
	INTO v_answer USING context, arguments;
	RETURN v_answer;
EXCEPTION WHEN lock_not_available THEN
	RAISE;
WHEN OTHERS THEN
	-- Its work is undone, and the model learns it; the cause is the operator's to see.
	RAISE LOG 'the tool % of call % of tenant % failed: % %', tool, context.call_id,
		voiceagent.current_tenant(), SQLSTATE, SQLERRM;
	RETURN voiceagent_private.tool_error(context, 'failed');
END
$$;
COMMENT ON FUNCTION voiceagent_private.use_tool(voiceagent_private.tool_context, text, jsonb) IS
	'Runs a tool for a call and returns the model''s answer; a fault is given as such, and leaves nothing.';

CREATE FUNCTION voiceagent_private.run_tool(call_id bigint, tool text, arguments jsonb, tool_call_id text,
	in_reply boolean DEFAULT false) RETURNS jsonb
	-- A model waits for the answer: whoever holds a lock for longer is not waited for.
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET lock_timeout = '100ms'
	SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_started timestamptz := clock_timestamp();
	v_id text := coalesce(nullif(left(tool_call_id, 200), ''), 'sql-' || gen_random_uuid());
	v_arguments jsonb := CASE jsonb_typeof(arguments)
		WHEN 'object' THEN voiceagent_private.mask_words(arguments::text)::jsonb ELSE '{}' END;
	v_call voiceagent.calls;
	v_context voiceagent_private.tool_context;
	v_answer voiceagent_private.tool_answer;
	v_known text;
	v_tools integer;
	v_again boolean;
	v_back boolean;
	c_tools CONSTANT integer := 100;
	c_bytes CONSTANT integer := 8192;
BEGIN
	SELECT c.* INTO v_call FROM voiceagent.calls c WHERE c.tenant_id = v_tenant AND c.call_id = run_tool.call_id
	FOR KEY SHARE;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'there is no such call');
	v_context := voiceagent_private.tool_context(v_call, in_reply);
	-- To come back for the answer of a tool is no other use.
	v_back := EXISTS (SELECT FROM voiceagent_private.tool_asks a WHERE a.tenant_id = v_tenant
		AND a.call_id = v_call.call_id AND a.tool_call_id = v_id);
	INSERT INTO voiceagent_private.tool_turns AS t (tenant_id, call_id, tools) VALUES (v_tenant, v_call.call_id, 1)
	ON CONFLICT ON CONSTRAINT tool_turns_pkey DO UPDATE SET tools = t.tools + CASE WHEN v_back THEN 0 ELSE 1 END
	RETURNING t.tools INTO v_tools;
	SELECT t.result INTO v_known FROM voiceagent.call_tools t
	WHERE t.tenant_id = v_tenant AND t.call_id = v_call.call_id AND t.tool_call_id = v_id;
	IF FOUND THEN
		RETURN jsonb_build_object('toolCallId', v_id, 'result', v_known);
	ELSIF v_call.outcome IS NOT NULL THEN
		RETURN jsonb_build_object('toolCallId', v_id, 'result', voiceagent_private.tool_says(v_context, 'over'));
	ELSIF v_tools > c_tools THEN
		RETURN jsonb_build_object('toolCallId', v_id, 'result', voiceagent_private.tool_says(v_context, 'many'));
	END IF;
	IF NOT voiceagent_private.may_use_tool(v_context, v_call.assistant_version, tool) THEN
		v_answer := voiceagent_private.tool_error(v_context, 'unknown');
		v_arguments := '{}';
	ELSIF octet_length(v_arguments::text) > c_bytes THEN
		v_answer := voiceagent_private.tool_error(v_context, 'long', tool);
		v_arguments := '{}';
	ELSE
		v_answer := voiceagent_private.identity_refusal(v_context, v_call.assistant_version, tool, v_arguments);
	END IF;
	IF v_answer.error IS NOT NULL THEN
		NULL;
	ELSIF voiceagent_private.is_own_tool(tool) THEN
		v_answer := voiceagent_private.use_own_tool(v_context, tool, v_arguments, v_id);
		IF v_answer.result IS NULL THEN
			RETURN jsonb_build_object('toolCallId', v_id, 'pending', true, 'result',
				voiceagent_private.tool_says(v_context, 'moment'));
		END IF;
	ELSE
		-- The same tool with the same words, under another id.
		SELECT t.result, NULL, t.made, t.data INTO v_answer
		FROM voiceagent.call_tools t JOIN voiceagent_private.tools() o ON o.tool = t.tool
		WHERE t.tenant_id = v_tenant AND t.call_id = v_call.call_id AND t.tool = run_tool.tool
			AND t.arguments = v_arguments AND t.error IS NULL AND t.made IS NOT NULL
			AND t.called_at > v_context.at - o.holds_for
		ORDER BY t.called_at DESC LIMIT 1;
		v_again := FOUND;
		IF NOT v_again THEN
			v_answer := voiceagent_private.use_tool(v_context, tool, v_arguments);
		END IF;
	END IF;
	-- A code must not be read, nor what proves a person.
	IF tool = 'press_keys' AND v_arguments ->> 'keys' ~ '([0-9][^0-9]*){5}' THEN
		v_arguments := jsonb_build_object('keys', regexp_replace(v_arguments ->> 'keys', '[0-9]', 'x', 'g'));
	END IF;
	v_arguments := v_arguments - CASE WHEN tool IN ('prove_identity', 'check_code') THEN '{said,other_said,digits}'
		ELSE '{}' END::text[];
	INSERT INTO voiceagent.call_tools (tenant_id, call_id, tool_call_id, tool, arguments, result, error, made, data,
		called_at, took_ms, followed_at)
	VALUES (v_tenant, v_call.call_id, v_id, coalesce(nullif(left(tool, 100), ''), 'none'), v_arguments, v_answer.result,
		v_answer.error, v_answer.made, v_answer.data, v_context.at,
		round(extract(epoch FROM clock_timestamp() - v_started)::numeric * 1000, 2),
		CASE WHEN v_again THEN v_context.at END);
	IF v_answer.made IS NOT NULL AND NOT coalesce(v_again, false) THEN
		PERFORM voiceagent_private.follow_soon(ARRAY[v_call.call_id]);
	END IF;
	RETURN jsonb_build_object('toolCallId', v_id, 'result', v_answer.result);
END
$$;
COMMENT ON FUNCTION voiceagent_private.run_tool(bigint, text, jsonb, text, boolean) IS
	E'Runs a tool in a live call of the current tenant, once for an id and for what it says, and keeps what it '
	'answered: {"toolCallId", "result"}.\n'
	'"pending": true: a server of the tenant''s is asked, and the same again fetches its answer. In a call that is '
	'over nothing is done, and said so. in_reply: the carrier asks where to put it through. '
	'PT404 for no call; a lock is waited for a tenth of a second.';

CREATE FUNCTION voiceagent_private.answer_tool(call_id bigint, tool text, arguments jsonb, tool_call_id text,
	in_reply boolean, OUT answer jsonb, OUT busy boolean) RETURNS record
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	busy := false;
	answer := voiceagent_private.run_tool(call_id, tool, arguments, tool_call_id, in_reply);
EXCEPTION WHEN lock_not_available THEN
	-- Nothing is kept, so that the same under the same id is tried again.
	busy := true;
	answer := (SELECT jsonb_build_object('toolCallId', coalesce(tool_call_id, ''), 'result',
			voiceagent_private.tool_says(voiceagent_private.tool_context(c), 'moment'))
		FROM voiceagent.calls c WHERE c.tenant_id = voiceagent.current_tenant() AND c.call_id = answer_tool.call_id);
END
$$;
COMMENT ON FUNCTION voiceagent_private.answer_tool(bigint, text, jsonb, text, boolean) IS
	'run_tool(); where somebody else holds a lock (busy) the model is asked to try again in a moment.';

CREATE FUNCTION voiceagent_private.run_carrier_tool(endpoint bigint, attempt_ref text, provider_call_id text,
	details jsonb, OUT result text, OUT busy boolean, OUT answer jsonb) RETURNS record
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_account bigint := (SELECT e.provider_account_id FROM voiceagent.webhook_endpoints e
		WHERE e.tenant_id = v_tenant AND e.endpoint_id = endpoint);
	v_call bigint := coalesce(
		(SELECT a.call_id FROM voiceagent.attempts a
			WHERE a.tenant_id = v_tenant AND a.attempt_id = voiceagent_private.attempt_of_reference(attempt_ref)
				AND a.reference = attempt_ref AND a.provider_account_id = v_account),
		(SELECT i.call_id FROM voiceagent.call_inbound i
			WHERE i.tenant_id = v_tenant AND i.provider_call_id = provider_call_id
				AND i.provider_account_id = v_account),
		-- A carrier's report may lack our reference.
		(SELECT l.call_id FROM voiceagent_private.live_calls l
			WHERE l.tenant_id = v_tenant AND l.provider_account_id = v_account
				AND l.provider_call_id = provider_call_id LIMIT 1));
	v_in_reply boolean := coalesce((details -> 'asksDestination')::boolean, false);
BEGIN
	SELECT t.answer ->> 'result', t.busy INTO result, busy
	FROM voiceagent_private.answer_tool(v_call, details ->> 'name', details -> 'arguments', details ->> 'toolCallId',
		v_in_reply) t;
	IF v_in_reply THEN
		SELECT voiceagent_private.transfer_answer(c, (t.made ->> 'transfer_id')::bigint) INTO answer
		FROM voiceagent.call_tools t JOIN voiceagent.calls c ON c.tenant_id = v_tenant AND c.call_id = v_call
		WHERE t.tenant_id = v_tenant AND t.call_id = v_call AND t.tool_call_id = details ->> 'toolCallId'
			AND t.made ? 'transfer_id' AND c.outcome IS NULL;
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.run_carrier_tool(bigint, text, text, jsonb) IS
	E'Runs the tool that a carrier asks for at an endpoint of the current tenant, in the call that it names, and '
	'returns the sentence for the model, and whether a lock kept it from doing anything (busy).\n'
	'details: {"toolCallId", "name", "arguments"}; "asksDestination": the answer says where the call is put through, '
	'NULL: nowhere. PT404 for a call that is not of the endpoint''s account.';

CREATE FUNCTION voiceagent.call_tool(call_id bigint, tool text, arguments jsonb DEFAULT '{}',
	tool_call_id text DEFAULT NULL) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.writer_tenant();
	RETURN (voiceagent_private.answer_tool(call_tool.call_id, call_tool.tool, call_tool.arguments,
		call_tool.tool_call_id, false)).answer;
END
$$;
COMMENT ON FUNCTION voiceagent.call_tool(bigint, text, jsonb, text) IS
	E'Has a tool of list_tools() do something in a live call, for a bot of one''s own.\n'
	'arguments: as its schema says; tool_call_id: the same again does nothing twice. Returns {"toolCallId", "result"}: '
	'a sentence for the language model, also where nothing could be done. "pending": true: your server is being asked; '
	'the same again has its answer. For managers and owners. PT404.';

CREATE FUNCTION voiceagent.list_tools() RETURNS TABLE (tool text, description text, parameters jsonb)
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	SELECT l.name, l.description, l.parameters
	FROM (SELECT t ->> 'name' AS name, t ->> 'description' AS description, t -> 'parameters' AS parameters, e.n
		FROM jsonb_array_elements(voiceagent_private.tool_catalogue()) WITH ORDINALITY AS e(t, n)
		UNION ALL
		SELECT o.name, o.description, o.parameters, 1000 + row_number() OVER (ORDER BY o.name)
		FROM voiceagent.own_tools o WHERE o.tenant_id = voiceagent.current_tenant()) l
	ORDER BY l.n
$$;
COMMENT ON FUNCTION voiceagent.list_tools() IS
	'The tools that an assistant may have (its setting tools), ours and the tenant''s own: what each is '
	'for, and the JSON Schema of its arguments.';

CREATE VIEW voiceagent.tool_use WITH (security_invoker = on) AS
SELECT t.tenant_id, t.tool, count(*) AS calls, count(t.error) AS errors,
	count(*) FILTER (WHERE t.error = 'failed') AS failures,
	round((percentile_cont(0.5) WITHIN GROUP (ORDER BY t.took_ms))::numeric, 2) AS median_ms,
	round((percentile_cont(0.95) WITHIN GROUP (ORDER BY t.took_ms))::numeric, 2) AS p95_ms,
	max(t.called_at) AS last_called_at, count(*) FILTER (WHERE t.error = 'identity') AS refused
FROM voiceagent.call_tools t
GROUP BY t.tenant_id, t.tool;
COMMENT ON VIEW voiceagent.tool_use IS 'How often each tool was called, and how long it took.';
COMMENT ON COLUMN voiceagent.tool_use.tool IS 'Name of the tool.';
COMMENT ON COLUMN voiceagent.tool_use.calls IS 'How often it was called.';
COMMENT ON COLUMN voiceagent.tool_use.errors IS 'How often it did nothing: the words did not suit, or it failed.';
COMMENT ON COLUMN voiceagent.tool_use.failures IS 'How often of these it failed, through no fault of the words.';
COMMENT ON COLUMN voiceagent.tool_use.median_ms IS 'Time that half of the calls took at most, in milliseconds.';
COMMENT ON COLUMN voiceagent.tool_use.p95_ms IS 'Time that 95 of 100 calls took at most, in milliseconds.';
COMMENT ON COLUMN voiceagent.tool_use.last_called_at IS 'When it was called last.';
COMMENT ON COLUMN voiceagent.tool_use.refused IS 'How often it did nothing because who spoke was not proved enough.';
