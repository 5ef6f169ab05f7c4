-- 49_tool: what the task tool_requests asks.

-- An ask under way counts as lost 20 seconds after its waiter gave up. Callers of a tenant wait for each other no
-- longer than its share.
SELECT voiceagent_private.make_queue('tool_asks', 'voiceagent_private.tool_asks', claimed => $$q.state = 'asked'$$,
	freed => $$state = 'waiting'$$, waits => $$q.state = 'waiting'$$, due => 'v_now', share => 4,
	busy => $$q.state = 'asked' AND q.gives_up_at > voiceagent.clock() - interval '20 seconds'$$);

CREATE FUNCTION voiceagent_private.claim_tool_asks(max_asks integer, armed boolean, OUT ask_id bigint, OUT url text,
	OUT body text, OUT secret text, OUT previous_secret text, OUT private_host boolean, OUT timeout_ms integer,
	OUT problem text)
	RETURNS SETOF record
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_allowed text := voiceagent_private.platform_setting('tool_private_hosts');
	v record;
BEGIN
	UPDATE voiceagent_private.tool_asks a
	SET state = 'failed', error = 'its answer was lost', body = NULL, ended_at = v_now
	WHERE a.tenant_id = v_tenant AND a.state = 'asked' AND a.gives_up_at <= v_now - interval '20 seconds';
	FOR v IN
		SELECT a.ask_id, a.tool_id, a.purpose, a.body, a.gives_up_at FROM voiceagent_private.tool_asks a
		WHERE a.tenant_id = v_tenant AND a.state = 'waiting'
		-- Callers wait; dials do not.
		ORDER BY a.purpose = 'dial', a.ask_id LIMIT voiceagent_private.room_for_tool_asks(v_tenant, max_asks)
		FOR UPDATE OF a SKIP LOCKED
	LOOP
		UPDATE voiceagent_private.tool_asks a SET state = 'asked' WHERE a.tenant_id = v_tenant AND a.ask_id = v.ask_id;
		claim_tool_asks.ask_id := v.ask_id;
		claim_tool_asks.body := v.body;
		SELECT t.url, voiceagent_private.secret_name('own_tool', v.tool_id, t.secret_version),
			CASE WHEN t.previous_secret_until > v_now AND t.secret_version > 1
				THEN voiceagent_private.secret_name('own_tool', v.tool_id, t.secret_version - 1) END,
			voiceagent_private.is_allowed_host(t.url, v_allowed),
			CASE WHEN t.disabled_at IS NOT NULL AND v.purpose <> 'test' THEN 'the tool is switched off'
				WHEN t.home <> voiceagent_private.home() AND NOT armed
				THEN 'the tool was made in another database than this copy: update_tool() has it asked from here'
				WHEN NOT voiceagent_private.is_allowed_host(t.url, v_allowed) AND t.url NOT LIKE 'https://%'
				THEN 'the platform no longer allows this host'
				WHEN v.gives_up_at <= v_now THEN 'nobody waits for it any more' END
		INTO claim_tool_asks.url, claim_tool_asks.secret, claim_tool_asks.previous_secret,
			claim_tool_asks.private_host, claim_tool_asks.problem
		FROM voiceagent.own_tools t WHERE t.tenant_id = v_tenant AND t.tool_id = v.tool_id;
		timeout_ms := greatest((extract(epoch FROM least(v.gives_up_at - v_now, voiceagent_private.own_tool_timeout()))
			* 1000)::integer, 1);
		RETURN NEXT;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.claim_tool_asks(integer, boolean) IS
	'Asks of the current tenant that wait, at most so many, those of callers and the oldest first: where each goes, '
	'what is posted, the names of the secrets that sign it, whether that may be an address of our own network, how '
	'long to wait, and why it is not to be sent at all.';

CREATE FUNCTION voiceagent_private.read_tool_answer(body bytea, OUT answer text, OUT error text)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	c_bytes CONSTANT integer := 8192;
BEGIN
	IF octet_length(body) > c_bytes THEN
		error := format('the answer has more than %s bytes', c_bytes);
		RETURN;
	END IF;
	answer := btrim(regexp_replace(convert_from(body, 'UTF8'), '[\u0001-\u0008\u000b\u000c\u000e-\u001f]', '', 'g'),
		E' \t\r\n');
	IF answer = '' THEN
		answer := NULL;
		error := 'the answer is empty';
	END IF;
EXCEPTION WHEN data_exception THEN
	answer := NULL;
	error := 'the answer is no text in UTF-8';
END
$$;
COMMENT ON FUNCTION voiceagent_private.read_tool_answer(bytea) IS
	'The answer of a tenant''s server, as text without control characters, or what is wrong with it.';

CREATE FUNCTION voiceagent_private.read_dial_answer(answer text, at timestamptz, OUT dial boolean, OUT reason text,
	OUT variables jsonb, OUT good_until timestamptz, OUT error text)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_answer jsonb;
	c_longest CONSTANT interval := '30 days';
BEGIN
	good_until := at + voiceagent_private.setting_interval('before_dial_retry');
	dial := false;
	IF answer IS NULL THEN
		RETURN;
	END IF;
	v_answer := answer::jsonb;
	IF jsonb_typeof(v_answer -> 'dial') IS DISTINCT FROM 'boolean' THEN
		error := 'the answer has no "dial": true or false';
		RETURN;
	END IF;
	dial := (v_answer -> 'dial')::boolean;
	reason := left(regexp_replace(v_answer ->> 'reason', '\s+', ' ', 'g'), 200);
	IF dial THEN
		good_until := at + voiceagent_private.setting_interval('before_dial_valid');
		-- Data of a server: they fill no variable of ours, and hold none.
		variables := (SELECT jsonb_object_agg(v.key, voiceagent_private.quote_knowledge(left(v.value #>> '{}', 500)))
			FROM (SELECT e.key, e.value FROM jsonb_each(CASE jsonb_typeof(v_answer -> 'variables')
					WHEN 'object' THEN v_answer -> 'variables' END) e
				WHERE e.key ~ '^[a-z][a-z0-9_]{0,39}$' AND jsonb_typeof(e.value) IN ('string', 'number', 'boolean')
					AND e.key NOT IN ('phone', 'email', 'extension', 'script', 'enrichment')
				ORDER BY e.key LIMIT 50) v);
	ELSIF v_answer ->> 'until' IS NOT NULL THEN
		-- A value outside is bounded, not refused: the answer is no.
		good_until := least(greatest((v_answer ->> 'until')::timestamptz, at + interval '1 second'), at + c_longest);
	END IF;
EXCEPTION WHEN data_exception OR invalid_text_representation THEN
	dial := false;
	error := 'the answer is no JSON with a time that can be read';
END
$$;
COMMENT ON FUNCTION voiceagent_private.read_dial_answer(text, timestamptz) IS
	E'A tool''s verdict on a dial (NULL: nothing): whether, why not, what the call gets, and until when that holds '
	'or the lead is put off.\n'
	'error: what is wrong with it; the answer is no then.';

CREATE FUNCTION voiceagent_private.record_tool_ask(ask_id bigint, sent boolean, error text, body bytea) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_ask voiceagent_private.tool_asks;
	v_tool voiceagent.own_tools;
	v_read record;
	v_said record;
	-- So many in a row switch the tool off.
	c_failures CONSTANT integer := 3;
BEGIN
	SELECT a.* INTO v_ask FROM voiceagent_private.tool_asks a
	WHERE a.tenant_id = v_tenant AND a.ask_id = record_tool_ask.ask_id AND a.state = 'asked' FOR UPDATE;
	IF NOT FOUND THEN
		RETURN false;
	END IF;
	SELECT r.answer, r.error INTO v_read FROM voiceagent_private.read_tool_answer(body) r WHERE error IS NULL;
	error := coalesce(error, v_read.error);
	IF v_ask.purpose = 'dial' THEN
		-- It waited too long behind others: whoever is to dial asks again.
		IF NOT sent AND v_ask.gives_up_at <= voiceagent.clock() THEN
			DELETE FROM voiceagent_private.tool_asks a WHERE a.tenant_id = v_tenant AND a.ask_id = v_ask.ask_id;
			RETURN true;
		END IF;
		v_said := voiceagent_private.read_dial_answer(CASE WHEN error IS NULL THEN v_read.answer END,
			voiceagent.clock());
		error := coalesce(error, v_said.error);
	END IF;
	UPDATE voiceagent_private.tool_asks a
	SET state = CASE WHEN error IS NULL THEN 'answered' ELSE 'failed' END, body = NULL,
		answer = CASE WHEN error IS NULL THEN v_read.answer END, error = left(record_tool_ask.error, 500),
		ended_at = voiceagent.clock()
	WHERE a.tenant_id = v_tenant AND a.ask_id = record_tool_ask.ask_id;
	IF v_ask.purpose = 'dial' THEN
		UPDATE voiceagent_private.tool_asks a
		SET dial = v_said.dial, variables = v_said.variables, good_until = v_said.good_until,
			answer = CASE WHEN a.answer IS NOT NULL THEN coalesce(v_said.reason, '') END
		WHERE a.tenant_id = v_tenant AND a.ask_id = v_ask.ask_id;
	END IF;
	IF sent AND error IS NULL THEN
		UPDATE voiceagent.own_tools t SET failures = 0, last_error = NULL
		WHERE t.tenant_id = v_tenant AND t.tool_id = v_ask.tool_id AND (t.failures > 0 OR t.last_error IS NOT NULL);
	ELSIF sent THEN
		UPDATE voiceagent.own_tools t SET failures = t.failures + 1, last_error = left(record_tool_ask.error, 500),
			disabled_at = CASE WHEN t.failures + 1 >= c_failures THEN coalesce(t.disabled_at, voiceagent.clock()) END
		WHERE t.tenant_id = v_tenant AND t.tool_id = v_ask.tool_id RETURNING t.* INTO v_tool;
		IF v_tool.failures = c_failures THEN
			PERFORM voiceagent_private.log_event('tool_switched_off', NULL, NULL, NULL,
				jsonb_build_object('tool', v_tool.name, 'reason', v_tool.last_error));
		END IF;
	ELSE
		UPDATE voiceagent.own_tools t SET last_error = left(record_tool_ask.error, 500)
		WHERE t.tenant_id = v_tenant AND t.tool_id = v_ask.tool_id AND t.disabled_at IS NULL
			AND t.last_error IS DISTINCT FROM left(record_tool_ask.error, 500);
	END IF;
	PERFORM voiceagent_private.request_job('forget_tool_asks', voiceagent.clock() + interval '1 day');
	RETURN true;
END
$$;
COMMENT ON FUNCTION voiceagent_private.record_tool_ask(bigint, boolean, text, bytea) IS
	E'The result of an ask of the current tenant: whether it was sent, why it failed or NULL, and the bytes of the '
	'answer.\n'
	'An ask that was never sent is no failure of the tool, but its last_error. False: the ask is no longer awaited.';
