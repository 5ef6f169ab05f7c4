/*
 * 80_reception: plays a caller at the embedded carrier, so that a number can be tried before real people call it.
 *
 * The number's hours, the tools, the report and its effects are those of a real call.  The assistant is played, too:
 * for a persona it uses the tools of that persona's script; the desk answers lines of your own.  Both turn
 * the answers of their tools into sentences.  The call is shown as rehearsed (call_inbound.answer).
 */

CREATE FUNCTION voiceagent_private.fault_of(faults integer, persona text, turn integer) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN faults IS NOT NULL THEN (ARRAY['twice', 'late', 'hang_up'])[
		1 + abs(hashtextextended(persona || ' ' || turn, faults) % 7)] END;
COMMENT ON FUNCTION voiceagent_private.fault_of(integer, text, integer) IS
	E'The fault of a tool in a rehearsal, by its seed (NULL: none): twice, the carrier sends it again under the same '
	'id; late, the model does not hear the result and asks again; hang_up, the caller goes while it runs.\n'
	'NULL: nothing, four times of seven.';

CREATE FUNCTION voiceagent_private.use_rehearsed(call_id bigint, tool text, arguments jsonb, n integer, fault text,
	OUT answer text, OUT data jsonb, OUT failed boolean, OUT said text)
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_id text := 'rehearsed-' || n;
BEGIN
	IF fault = 'hang_up' THEN
		PERFORM voiceagent_private.end_incoming(ARRAY[call_id], 'the caller hung up');
	END IF;
	answer := voiceagent_private.run_tool(call_id, tool, arguments, v_id, tool = 'transfer') ->> 'result';
	IF fault IN ('twice', 'late') THEN
		v_id := v_id || CASE fault WHEN 'late' THEN '-again' ELSE '' END;
		answer := voiceagent_private.run_tool(call_id, tool, arguments, v_id, tool = 'transfer') ->> 'result';
	END IF;
	-- A use that is refused before the tool runs leaves no row.
	SELECT coalesce(max(t.data::text), '{}')::jsonb, count(*) = count(t.error) INTO data, failed
	FROM voiceagent.call_tools t
	WHERE t.tenant_id = v_tenant AND t.call_id = use_rehearsed.call_id AND t.tool_call_id = v_id;
	SELECT voiceagent_private.say_tool_answer(use_rehearsed.data::text, (voiceagent_private.tool_context(c)).language)
	INTO said FROM voiceagent.calls c WHERE c.tenant_id = v_tenant AND c.call_id = use_rehearsed.call_id;
END
$$;
COMMENT ON FUNCTION voiceagent_private.use_rehearsed(bigint, text, jsonb, integer, text) IS
	'Uses a tool in a rehearsed call, with a fault of fault_of(): what it answered, as text and as data, whether it '
	'did nothing (failed), and what the caller hears of it (said).';

CREATE FUNCTION voiceagent_private.rehearse_script(call_id bigint, script jsonb, first_words text, words jsonb,
	persona text, faults integer, OUT turns jsonb, OUT used jsonb, OUT hung boolean)
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_step jsonb;
	v_arguments text;
	v_word record;
	v_used record;
	v_fault text;
	v_heard jsonb := '{"slot": "", "listing": ""}'::jsonb || words;
	v_n integer := 0;
BEGIN
	turns := jsonb_build_array(jsonb_build_object('speaker', 'assistant', 'text', first_words));
	used := '[]';
	hung := false;
	FOR v_step IN SELECT * FROM jsonb_array_elements(script) LOOP
		IF v_step ? 'hangs_up' THEN
			PERFORM voiceagent_private.end_incoming(ARRAY[call_id], 'the caller hung up');
		ELSIF v_step ? 'says' THEN
			turns := turns || jsonb_build_object('speaker', 'customer', 'text',
				replace(v_step ->> 'says', '{{other_name}}', coalesce(words ->> 'other_name', '')));
		ELSE
			v_n := v_n + 1;
			v_fault := voiceagent_private.fault_of(faults, persona, v_n);
			v_arguments := coalesce(v_step -> 'arguments', '{}')::text;
			FOR v_word IN SELECT * FROM jsonb_each(v_heard) LOOP
				v_arguments := replace(v_arguments, format('"{{%s}}"', v_word.key), v_word.value::text);
			END LOOP;
			v_used := voiceagent_private.use_rehearsed(call_id, v_step ->> 'tool', v_arguments::jsonb, v_n, v_fault);
			hung := hung OR coalesce(v_fault = 'hang_up', false);
			v_heard := v_heard || jsonb_strip_nulls(jsonb_build_object(
				'listing', v_used.data #>> '{listings,0,reference}', 'slot', v_used.data #>> '{times,0}'));
			used := used || jsonb_strip_nulls(jsonb_build_object('tool', v_step -> 'tool', 'result', v_used.answer,
				'fault', v_fault));
			turns := turns || jsonb_build_object('speaker', 'assistant', 'text', v_used.said);
		END IF;
	END LOOP;
	turns := (SELECT jsonb_agg(t.value || jsonb_build_object('turn', t.n) ORDER BY t.n)
		FROM jsonb_array_elements(turns) WITH ORDINALITY AS t(value, n));
END
$$;
COMMENT ON FUNCTION voiceagent_private.rehearse_script(bigint, jsonb, text, jsonb, text, integer) IS
	E'Plays a script in a live incoming call of the current tenant: its turns, what the tools answered, and whether a '
	'fault (faults: the seed, NULL: none) ended it early (hung).\nwords: {"other_name", "other_day"}.';

CREATE FUNCTION voiceagent_private.rehearse_talk(call_id bigint, setup jsonb, OUT turns jsonb, OUT used jsonb,
	OUT ended_by text)
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_request jsonb;
	v_messages jsonb;
	v_setup text;
	v_step jsonb;
	v_said jsonb;
	v_call jsonb;
	v_used record;
	-- A turn may need several tools, but never many.
	c_tools CONSTANT integer := 3;
BEGIN
	SELECT jsonb_build_object('seed', 1,
		'assistant', voiceagent_private.talker_assistant(c.assistant_id, c.assistant_version, 'inbound')
			|| jsonb_build_object('now', to_char(voiceagent.clock()
				AT TIME ZONE (voiceagent_private.tool_context(c)).zone, 'YYYY-MM-DD"T"HH24:MI')),
		'tools', '[{"type": "function", "function": {"name": "end_call"}}]' || coalesce((
			SELECT jsonb_agg(jsonb_build_object('type', 'function', 'function', jsonb_build_object('name', t.tool)))
			FROM voiceagent.list_tools() t
			WHERE voiceagent_private.may_use_tool(voiceagent_private.tool_context(c), c.assistant_version,
				t.tool)), '[]'))
	INTO v_request FROM voiceagent.calls c
	WHERE c.tenant_id = voiceagent.current_tenant() AND c.call_id = rehearse_talk.call_id;
	v_setup := (jsonb_build_object('language', left(v_request #>> '{assistant,language}', 2)) || setup)::text;
	v_step := voiceagent_private.rehearsal_step(v_setup, NULL, NULL, false);
	v_messages := jsonb_build_array(jsonb_build_object('role', 'assistant', 'content',
		v_step #> '{talk,turns,0,text}'));
	used := '[]';
	WHILE v_step #>> '{talk,phase}' = 'talk' LOOP
		v_messages := v_messages || jsonb_build_object('role', 'user', 'content', v_step #> '{talk,turns,-1,text}');
		FOR i IN 1 .. c_tools LOOP
			v_said := voiceagent_private.ask_talker(
				(v_request || jsonb_build_object('messages', v_messages))::text)::jsonb;
			v_messages := v_messages || v_said;
			v_call := v_said #> '{tool_calls,0}';
			EXIT WHEN v_call IS NULL OR v_call #>> '{function,name}' = 'end_call';
			v_used := voiceagent_private.use_rehearsed(call_id, v_call #>> '{function,name}',
				(v_call #>> '{function,arguments}')::jsonb, jsonb_array_length(used) + 1, NULL);
			used := used || jsonb_build_object('tool', v_call #> '{function,name}', 'result', v_used.answer,
				'failed', v_used.failed);
			v_messages := v_messages || jsonb_build_object('role', 'tool', 'tool_call_id', v_call -> 'id', 'content',
				v_used.answer, 'data', v_used.data);
		END LOOP;
		v_step := voiceagent_private.rehearsal_step(v_setup, (v_step -> 'talk')::text, v_said ->> 'content',
			v_call #>> '{function,name}' = 'end_call');
	END LOOP;
	ended_by := v_step #>> '{talk,ended_by}';
	turns := (SELECT jsonb_agg(t.value || jsonb_build_object('turn', t.n) ORDER BY t.n)
		FROM jsonb_array_elements(v_step #> '{talk,turns}') WITH ORDINALITY AS t(value, n));
END
$$;
COMMENT ON FUNCTION voiceagent_private.rehearse_talk(bigint, jsonb) IS
	'Plays the caller of a setup (sandbox/rehearsal.h) in a live incoming call of the current tenant, with the '
	'embedded talker: its turns, what the tools answered, and who ended it.';

CREATE FUNCTION voiceagent_private.bookings_of_others(lead_id bigint, phone text, OUT others jsonb, OUT words jsonb)
	LANGUAGE plpgsql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	c_others CONSTANT integer := 20;
BEGIN
	SELECT coalesce(jsonb_agg(jsonb_build_array(a.appointment_id, a.status, a.starts_at) ORDER BY a.starts_at), '[]'),
		coalesce((jsonb_agg(jsonb_build_object('other_name', coalesce(l.last_name, l.first_name),
			'other_day', to_char(a.starts_at AT TIME ZONE a.timezone, 'YYYY-MM-DD')) ORDER BY a.starts_at)
			FILTER (WHERE coalesce(l.last_name, l.first_name) <> '')) -> 0,
			'{"other_name": "Miller", "other_day": "tomorrow"}')
	INTO others, words
	FROM (SELECT o.* FROM voiceagent.appointments o
		WHERE o.tenant_id = voiceagent.current_tenant() AND o.starts_at > voiceagent.clock()
			AND o.status IN ('pending', 'confirmed') AND o.lead_id IS NOT NULL
			AND o.lead_id IS DISTINCT FROM bookings_of_others.lead_id
		ORDER BY o.starts_at LIMIT c_others) a
	JOIN voiceagent.leads l ON l.tenant_id = a.tenant_id AND l.lead_id = a.lead_id
	WHERE l.phone IS DISTINCT FROM bookings_of_others.phone;
END
$$;
COMMENT ON FUNCTION voiceagent_private.bookings_of_others(bigint, text) IS
	'Bookings to come of others than a caller, at most 20, as they are now (others: [id, status, starts_at]), and the '
	'name and the day of one of them (words).';

CREATE FUNCTION voiceagent_private.begin_rehearsal(number voiceagent.phone_numbers, caller text)
	RETURNS voiceagent.calls
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_theirs text := 'rehearsal-' || gen_random_uuid();
	v_call voiceagent.calls;
	v_talks voiceagent.assistant_versions := (voiceagent_private.version_that_answers(number.ai_assistant_id)).spoken;
BEGIN
	PERFORM voiceagent_private.begin_incoming_call(number.provider_account_id, v_theirs, caller, number.phone_number);
	SELECT c.* INTO v_call FROM voiceagent.calls c
	JOIN voiceagent.call_inbound i ON i.tenant_id = v_tenant AND i.call_id = c.call_id
	WHERE c.tenant_id = v_tenant AND i.provider_call_id = v_theirs
		AND i.provider_account_id = number.provider_account_id;
	-- The number's own hours say whether the assistant would have it.
	IF v_call.outcome IS NULL AND v_talks.assistant_id IS NOT NULL AND voiceagent_private.who_answers(number,
		voiceagent_private.is_open(number, voiceagent.clock())) = 'assistant' THEN
		-- No person answers at the office in a rehearsal.
		PERFORM voiceagent_private.record_untaken(i.call_id) FROM voiceagent.call_inbound i
		WHERE i.tenant_id = v_tenant AND i.call_id = v_call.call_id AND i.plan ? 'then';
		UPDATE voiceagent.calls c SET status = 'in_progress', answered_at = voiceagent.clock(),
			assistant_id = v_talks.assistant_id, assistant_version = v_talks.version
		WHERE c.tenant_id = v_tenant AND c.call_id = v_call.call_id RETURNING c.* INTO v_call;
		UPDATE voiceagent.call_inbound i SET answer = 'rehearsed', plan = i.plan || '{"kind": "rehearsed"}'
		WHERE i.tenant_id = v_tenant AND i.call_id = v_call.call_id;
	END IF;
	RETURN v_call;
END
$$;
COMMENT ON FUNCTION voiceagent_private.begin_rehearsal(voiceagent.phone_numbers, text) IS
	'A call of a played caller to a number at the embedded carrier: live, with the assistant, if that is who answers '
	'now.';

CREATE FUNCTION voiceagent.sandbox_call_in(phone_number_id bigint, persona text DEFAULT 'books',
	caller text DEFAULT '+12025550143', lines text[] DEFAULT NULL, faults integer DEFAULT NULL) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_number voiceagent.phone_numbers := voiceagent_private.find_number(phone_number_id);
	v_call voiceagent.calls;
	v_script jsonb;
	v_played record;
	v_first text;
	v_others record;
	c_lines CONSTANT integer := 50;
BEGIN
	PERFORM voiceagent_private.fail_if(
		NOT EXISTS (SELECT FROM voiceagent.provider_accounts a WHERE a.tenant_id = v_tenant AND a.provider = 'sandbox'
			AND a.provider_account_id = v_number.provider_account_id), 'PT409', 'the number is at a real carrier', NULL,
		'A caller is played at a number of the sandbox: create_phone_number() with its account.');
	PERFORM voiceagent_private.fail_if(cardinality(lines) > c_lines OR length(array_to_string(lines, '')) > 10000,
		'PT422', format('a caller says at most %s lines, of 10000 characters', c_lines));
	SELECT s.script INTO v_script FROM voiceagent_private.all_scripts() s WHERE s.persona = sandbox_call_in.persona;
	PERFORM voiceagent_private.fail_if(v_script IS NULL, 'PT422',
		format('there is no caller "%s"', left(coalesce(persona, 'null'), 60)), NULL, 'list_personas() has them all.');
	PERFORM voiceagent_private.lock_tenant(false);
	v_call := voiceagent_private.begin_rehearsal(v_number, voiceagent_private.own_number(caller));
	IF v_call.status <> 'in_progress' THEN
		-- As for a real call: put through, answered by a text, or refused.
		PERFORM voiceagent_private.close_incoming(voiceagent_private.end_incoming(ARRAY[v_call.call_id]));
		RETURN (SELECT jsonb_build_object('call_id', v_call.call_id, 'answer', i.answer, 'turns', '[]'::jsonb,
			'tools', '[]'::jsonb) FROM voiceagent.call_inbound i
			WHERE i.tenant_id = v_tenant AND i.call_id = v_call.call_id);
	END IF;
	v_others := voiceagent_private.bookings_of_others(v_call.lead_id, v_call.phone);
	v_first := (SELECT i.plan ->> 'text' FROM voiceagent.call_inbound i
		WHERE i.tenant_id = v_tenant AND i.call_id = v_call.call_id);
	IF lines IS NULL THEN
		v_played := voiceagent_private.rehearse_script(v_call.call_id, v_script, coalesce(v_first, 'Hello.'),
			v_others.words, persona, faults);
	ELSE
		SELECT r.turns, r.used, false AS hung INTO v_played FROM voiceagent_private.rehearse_talk(v_call.call_id,
			voiceagent_private.caller_of_lines(lines, coalesce(v_first, 'Hello.'))) r;
	END IF;
	UPDATE voiceagent.call_inbound i SET plan = i.plan || jsonb_build_object('rehearsal', jsonb_strip_nulls(
		jsonb_build_object('persona', CASE WHEN lines IS NULL THEN persona END, 'faults', faults,
			'hung', v_played.hung, 'others', v_others.others)))
	WHERE i.tenant_id = v_tenant AND i.call_id = v_call.call_id;
	PERFORM voiceagent_private.apply_events(ARRAY[ROW(0, NULL, jsonb_populate_record(NULL::voiceagent.call_event,
		jsonb_build_object('kind', 'report', 'status', 'completed', 'duration_seconds', 60,
			'provider_call_id', v_call.provider_call_id, 'turns', v_played.turns,
			'transcript', voiceagent_private.turns_text(v_played.turns))),
		(SELECT min(e.endpoint_id) FROM voiceagent.webhook_endpoints e
			WHERE e.tenant_id = v_tenant AND e.provider_account_id = v_number.provider_account_id)
		)::voiceagent_private.matched_event]);
	RETURN jsonb_build_object('call_id', v_call.call_id, 'answer', 'rehearsed', 'turns', v_played.turns,
		'tools', v_played.used);
END
$$;
COMMENT ON FUNCTION voiceagent.sandbox_call_in(bigint, text, text, text[], integer) IS
	E'Plays a caller (list_personas(), or lines of its own) at a number of the sandbox: {"call_id", "answer", "turns", '
	'"tools"}.\n'
	'Hours, tools and report are those of a real call. No model is asked: the persona''s script uses the tools, and '
	'the desk answers lines.\n'
	'faults: a seed by which tools come twice or late, or the caller hangs up. PT404, PT409 on a real carrier, PT422.';
