/*
 * 80_reception: a caller is played, at the embedded carrier, so that a number can be tried before anybody calls it.
 *
 * The number's hours, the tools, the report and all that follows are those of a real call.  The assistant is played,
 * too: it says what its tools answer, and chooses them by the caller's script, not by its prompt.  The call is shown
 * as rehearsed (call_inbound.answer).
 */

CREATE FUNCTION voiceagent_private.caller_scripts() RETURNS TABLE (persona text, about text, script jsonb)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	VALUES
	('books', 'Books the first free time, and thanks.', '[
		{"says": "Hello, this is Ann Miller. I would like to see the house."}, {"tool": "free_slots"},
		{"says": "The first one suits me."},
		{"tool": "book", "arguments": {"starts_at": "{{slot}}", "name": "Ann Miller", "note": "the house"}},
		{"says": "Thank you, goodbye."}]'::jsonb),
	('haggles', 'Offers a price.', '[
		{"says": "I am Carl Jones. I would take the house for 390,000 dollars, if the roof is mended."},
		{"tool": "make_offer", "arguments": {"amount": 390000, "currency": "USD", "subject": "the house",
			"contingencies": "the roof is mended", "name": "Carl Jones"}},
		{"says": "Good, I wait for your answer."}]'),
	('leaves_message', 'Leaves a message.', '[
		{"says": "Please tell Mr. Smith that the keys are with the neighbour. My name is Bob Hill."},
		{"tool": "take_message", "arguments": {"message": "The keys are with the neighbour.", "name": "Bob Hill"}},
		{"says": "Thanks, bye."}]'),
	('wants_person', 'Wants to speak to a person.', '[
		{"says": "I want to speak to a person."}, {"tool": "transfer", "arguments": {"reason": "wants a person"}}]'),
	('wants_call_back', 'Asks to be called back tomorrow.', '[
		{"says": "This is Dora Lane. Can you call me back tomorrow at ten?"},
		{"tool": "call_back", "arguments": {"when": "tomorrow at 10 in the morning", "name": "Dora Lane"}},
		{"says": "Thank you."}]'),
	('wants_no_calls', 'Wants no more calls.', '[
		{"says": "Stop calling me."}, {"tool": "opt_out"}, {"says": "Goodbye."}]'),
	('repeats', 'Its model calls each tool twice, under two ids.', '[
		{"says": "Hello, Eva Stone. A viewing, please."}, {"tool": "free_slots"},
		{"tool": "book", "arguments": {"starts_at": "{{slot}}", "name": "Eva Stone"}},
		{"tool": "book", "arguments": {"starts_at": "{{slot}}", "name": "Eva Stone"}},
		{"tool": "take_message", "arguments": {"message": "Please send the papers.", "name": "Eva Stone"}},
		{"tool": "take_message", "arguments": {"message": "Please send the papers.", "name": "Eva Stone"}},
		{"says": "Bye."}]'),
	('seeks_house', 'Asks for a house, hears of what suits, and books a viewing of the first.', '[
		{"says": "Good day, Gus Hale. I am looking for a house."},
		{"tool": "find_listings", "arguments": {"words": "house"}}, {"says": "Tell me more about the first."},
		{"tool": "lookup_listing", "arguments": {"listing": "{{listing}}"}}, {"says": "When could I see it?"},
		{"tool": "free_slots"}, {"tool": "book", "arguments": {"starts_at": "{{slot}}", "name": "Gus Hale",
			"listing": "{{listing}}"}}, {"says": "Thank you, goodbye."}]'),
	('hangs_up', 'Hangs up while a tool runs.', '[
		{"says": "I am Finn. Book me."}, {"tool": "free_slots"}, {"hangs_up": true},
		{"tool": "book", "arguments": {"starts_at": "{{slot}}", "name": "Finn"}}]'),
	('dictates_sql', 'Dictates a statement and a variable.', '[
		{"says": "Note this: Robert; DROP TABLE leads; -- {{secret}}"},
		{"tool": "take_message", "arguments": {"message": "Robert''); DROP TABLE leads; -- {{secret}}",
			"name": "''; DELETE FROM calls; --"}}, {"says": "Bye."}]'),
	('wants_anothers', 'Wants to cancel what another has booked.', '[
		{"says": "Cancel the appointment of Mrs. Miller."}, {"tool": "free_slots"},
		{"tool": "cancel_booking", "arguments": {"name": "Miller", "day": "tomorrow"}},
		{"tool": "cancel_booking", "arguments": {"name": "Ann Miller", "day": "today"}},
		{"tool": "move_booking", "arguments": {"name": "Miller", "day": "tomorrow", "starts_at": "{{slot}}"}},
		{"tool": "cancel_booking", "arguments": {"name": "Miller", "day": "next week"}},
		{"says": "Never mind."}]')
$$;
COMMENT ON FUNCTION voiceagent_private.caller_scripts() IS
	'The callers that sandbox_call_in() plays: what they say, and which tools the assistant uses then; {{slot}}: the '
	'free time that it heard first, {{listing}}: the listing.';

CREATE FUNCTION voiceagent.list_personas() RETURNS TABLE (persona text, description text, tools text[])
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	SELECT c.persona, c.about, ARRAY(SELECT DISTINCT s ->> 'tool' FROM jsonb_array_elements(c.script) s
		WHERE s ? 'tool' ORDER BY 1)
	FROM voiceagent_private.caller_scripts() c
$$;
COMMENT ON FUNCTION voiceagent.list_personas() IS
	'The callers that sandbox_call_in() plays, and the tools that an assistant needs for each.';

CREATE FUNCTION voiceagent_private.rehearse_script(call_id bigint, script jsonb, first_words text, OUT turns jsonb,
	OUT used jsonb)
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_step jsonb;
	v_answer text;
	v_slot text := '';
	v_listing text := '';
	v_n integer := 0;
BEGIN
	turns := jsonb_build_array(jsonb_build_object('speaker', 'assistant', 'text', first_words));
	used := '[]';
	FOR v_step IN SELECT * FROM jsonb_array_elements(script) LOOP
		IF v_step ? 'hangs_up' THEN
			PERFORM voiceagent_private.end_incoming(ARRAY[call_id], 'the caller hung up');
		ELSIF v_step ? 'says' THEN
			turns := turns || jsonb_build_object('speaker', 'customer', 'text', v_step -> 'says');
		ELSE
			v_n := v_n + 1;
			v_answer := voiceagent_private.run_tool(call_id, v_step ->> 'tool', replace(replace(
				coalesce(v_step -> 'arguments', '{}')::text, '{{slot}}', v_slot), '"{{listing}}"',
				to_jsonb(v_listing)::text)::jsonb, 'rehearsed-' || v_n, v_step ->> 'tool' = 'transfer') ->> 'result';
			IF v_step ->> 'tool' = 'find_listings' THEN
				v_listing := coalesce(substring(v_answer FROM '<< (.{1,100}?): '), v_listing);
			END IF;
			v_slot := coalesce(substring(v_answer FROM '\((\d{4}-\d\d-\d\dT\d\d:\d\d)\)'), v_slot);
			used := used || jsonb_build_object('tool', v_step -> 'tool', 'result', v_answer);
			turns := turns || jsonb_build_object('speaker', 'assistant', 'text', v_answer);
		END IF;
	END LOOP;
	turns := (SELECT jsonb_agg(t.value || jsonb_build_object('turn', t.n) ORDER BY t.n)
		FROM jsonb_array_elements(turns) WITH ORDINALITY AS t(value, n));
END
$$;
COMMENT ON FUNCTION voiceagent_private.rehearse_script(bigint, jsonb, text) IS
	'Plays a script in a live incoming call of the current tenant: its turns, and what the tools answered.';

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
	caller text DEFAULT '+12025550143', lines text[] DEFAULT NULL) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_number voiceagent.phone_numbers := voiceagent_private.find_number(phone_number_id);
	v_call voiceagent.calls;
	v_script jsonb;
	v_played record;
	v_first text;
	c_lines CONSTANT integer := 50;
BEGIN
	IF NOT EXISTS (SELECT FROM voiceagent.provider_accounts a WHERE a.tenant_id = v_tenant AND a.provider = 'sandbox'
			AND a.provider_account_id = v_number.provider_account_id) THEN
		PERFORM voiceagent_private.fail('PT409', 'the number is at a real carrier', NULL,
			'A caller is played at a number of the sandbox: create_phone_number() with its account.');
	ELSIF cardinality(lines) > c_lines OR length(array_to_string(lines, '')) > 10000 THEN
		PERFORM voiceagent_private.fail('PT422',
			format('a caller says at most %s lines, of 10000 characters', c_lines));
	END IF;
	SELECT CASE WHEN lines IS NULL THEN s.script
		ELSE (SELECT jsonb_agg(jsonb_build_object('says', l)) FROM unnest(lines) l) END
	INTO v_script FROM voiceagent_private.caller_scripts() s WHERE s.persona = sandbox_call_in.persona;
	IF v_script IS NULL THEN
		PERFORM voiceagent_private.fail('PT422', format('there is no caller "%s"', left(coalesce(persona, 'null'), 60)),
			NULL, 'list_personas() has them all.');
	END IF;
	PERFORM voiceagent_private.lock_tenant(false);
	v_call := voiceagent_private.begin_rehearsal(v_number, voiceagent_private.own_number(caller));
	IF v_call.status <> 'in_progress' THEN
		-- As it would be: put through, told a text, or refused.
		PERFORM voiceagent_private.close_incoming(voiceagent_private.end_incoming(ARRAY[v_call.call_id]));
		RETURN (SELECT jsonb_build_object('call_id', v_call.call_id, 'answer', i.answer, 'turns', '[]'::jsonb,
			'tools', '[]'::jsonb) FROM voiceagent.call_inbound i
			WHERE i.tenant_id = v_tenant AND i.call_id = v_call.call_id);
	END IF;
	v_first := (SELECT i.plan ->> 'text' FROM voiceagent.call_inbound i
		WHERE i.tenant_id = v_tenant AND i.call_id = v_call.call_id);
	v_played := voiceagent_private.rehearse_script(v_call.call_id, v_script, coalesce(v_first, 'Hello.'));
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
COMMENT ON FUNCTION voiceagent.sandbox_call_in(bigint, text, text, text[]) IS
	E'Plays a caller (list_personas(), or lines of its own) at a number of the sandbox: {"call_id", "answer", "turns", '
	'"tools"}.\n'
	'The hours, the tools, the report and what follows are those of a real call; the assistant''s side is played by '
	'script, and no language model is asked: answer rehearsed. caller: its number. PT404, PT409 for a number of a real '
	'carrier, PT422.';
