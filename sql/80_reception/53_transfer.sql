-- 80_reception: the tools that put a caller through to a person, hand it over to another assistant, or press keys.

CREATE FUNCTION voiceagent_private.whisper_of(context voiceagent_private.tool_context, reason text) RETURNS text
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_call voiceagent.calls;
	v_name text;
	v_about text := nullif(btrim(reason), '');
BEGIN
	SELECT c.* INTO v_call FROM voiceagent.calls c WHERE c.tenant_id = v_tenant AND c.call_id = context.call_id;
	v_name := coalesce((voiceagent_private.meaning_with_tools(v_call, NULL)).name, (
		SELECT nullif(concat_ws(' ', l.first_name, l.last_name), '') FROM voiceagent.leads l
		WHERE l.tenant_id = v_tenant AND l.lead_id = context.lead_id), context.phone, '?');
	-- The tools tell facts that a carrier does not pass on.
	IF v_about IS NULL THEN
		v_about := (SELECT concat_ws(', ',
			replace(nullif(voiceagent_private.tool_intent(v_call), 'speak_agent'), '_', ' '),
			(SELECT left(coalesce(l.attributes ->> 'address', l.reference), 100) FROM voiceagent.call_tools t
				JOIN voiceagent.listings l ON l.tenant_id = v_tenant
					AND l.listing_id = (t.made ->> 'listing_id')::bigint
				WHERE t.tenant_id = v_tenant AND t.call_id = context.call_id AND t.made ? 'listing_id'
				ORDER BY t.called_at DESC LIMIT 1)));
	END IF;
	-- A caller's words are data to the carrier that says them.
	RETURN left(translate(CASE WHEN coalesce(v_about, '') = ''
			THEN voiceagent_private.tool_says(context, 'whisper', v_name)
		ELSE voiceagent_private.tool_says(context, 'whisper_about', v_name, v_about) END, '{}<>', ''), 400);
END
$$;
COMMENT ON FUNCTION voiceagent_private.whisper_of(voiceagent_private.tool_context, text) IS
	'The words to the person that takes a call put through warm: who calls, and what it wants, by the assistant''s '
	'words (reason) or else by what its tools did.';

CREATE FUNCTION voiceagent_private.tool_transfer(context voiceagent_private.tool_context, arguments jsonb)
	RETURNS voiceagent_private.tool_answer
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_skill text := lower(nullif(btrim(arguments ->> 'skill'), ''));
	v_skills text[];
	v_agent record;
	v_number voiceagent.phone_numbers;
	v_transfer voiceagent.transfers;
	v_answer voiceagent_private.tool_answer;
	-- The carrier tells whoever takes the call what it is about, before it connects.
	v_warm boolean := context.in_reply AND (
		SELECT voiceagent_private.driver_can(a.provider, 'whisper')
		FROM voiceagent.calls c JOIN voiceagent.provider_accounts a ON a.tenant_id = c.tenant_id
			AND a.provider_account_id = c.provider_account_id
		WHERE c.tenant_id = v_tenant AND c.call_id = context.call_id);
BEGIN
	SELECT array_agg(DISTINCT s.skill ORDER BY s.skill) INTO v_skills
	FROM voiceagent.agents a LEFT JOIN LATERAL unnest(a.skills) AS s(skill) ON true
	WHERE a.tenant_id = v_tenant AND a.active;
	-- Never to a number that the caller names: to one of those that the tenant has chosen.
	IF v_skills IS NULL THEN
		SELECT n.* INTO v_number FROM voiceagent.phone_numbers n
		WHERE n.tenant_id = v_tenant AND n.phone_number_id = context.phone_number_id AND n.removed_at IS NULL;
		IF v_number.forward_to_number IS NULL OR NOT voiceagent_private.is_open(v_number, context.at)
			AND voiceagent_private.who_answers(v_number, false) <> 'forward' THEN
			RETURN voiceagent_private.tool_error(context, 'nobody');
		END IF;
		SELECT NULL::bigint AS agent_id, NULL::text AS name, v_number.forward_to_number::text AS phone INTO v_agent;
	ELSE
		v_skills := array_remove(v_skills, NULL);
		IF v_skill IS NOT NULL AND v_skills <> '{}' AND v_skill <> ALL (v_skills) THEN
			RETURN voiceagent_private.tool_error(context, 'skills', left(array_to_string(v_skills, ', '), 600));
		END IF;
		v_agent := voiceagent_private.take_agent(context.call_id,
			CASE WHEN v_skills <> '{}' THEN v_skill END, context.at);
		IF v_agent.agent_id IS NULL THEN
			RETURN voiceagent_private.tool_error(context, CASE WHEN EXISTS (SELECT FROM voiceagent.agents a
				CROSS JOIN LATERAL unnest(a.phones) AS p(phone)
				CROSS JOIN LATERAL voiceagent_private.may_ring(v_tenant, p.phone, 'agent') r
				WHERE a.tenant_id = v_tenant AND voiceagent_private.agent_is_there(a, context.at)) THEN 'barred'
				ELSE 'nobody' END);
		END IF;
	END IF;
	v_transfer := voiceagent_private.put_through(context.call_id, v_agent.phone, v_agent.agent_id,
		CASE WHEN v_warm THEN 'warm' ELSE 'blind' END, arguments ->> 'reason', context.in_reply);
	v_answer := voiceagent_private.tool_done(context, CASE WHEN v_warm THEN 'transfer_warm' ELSE 'transfer' END
			|| CASE WHEN v_agent.name IS NULL THEN '' ELSE '_to' END,
		ARRAY[v_agent.name], made => jsonb_strip_nulls(jsonb_build_object('transfer_id', v_transfer.transfer_id,
		'agent_id', v_agent.agent_id, 'way', v_transfer.way, 'provider_request_id', v_transfer.provider_request_id)));
	IF NOT v_warm AND NOT voiceagent_private.comes_back(context.call_id) THEN
		v_answer.result := v_answer.result || ' ' || voiceagent_private.tool_says(context, 'transfer_ends');
	END IF;
	RETURN v_answer;
EXCEPTION WHEN SQLSTATE 'PT409' OR SQLSTATE 'PT422' THEN
	RETURN voiceagent_private.tool_error(context, CASE WHEN EXISTS (
		SELECT FROM voiceagent_private.may_ring(v_tenant, v_agent.phone, 'forward')) THEN 'barred' ELSE 'nobody' END);
END
$$;
COMMENT ON FUNCTION voiceagent_private.tool_transfer(voiceagent_private.tool_context, jsonb) IS
	E'The tool transfer: to the agent whose turn it is, if one is there; of a tenant without agents to '
	'forward_to_number of the number that the call is made with, or that was called, in its hours.\n'
	'Warm where the carrier has asked and can tell whoever takes it, else blind. The answer says which, and '
	'where the caller would not come back.';

CREATE FUNCTION voiceagent_private.transfer_answer(call voiceagent.calls, transfer_id bigint) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_transfer voiceagent.transfers;
	v_context voiceagent_private.tool_context := voiceagent_private.tool_context(call, true);
BEGIN
	SELECT t.* INTO v_transfer FROM voiceagent.transfers t
	WHERE t.tenant_id = voiceagent.current_tenant() AND t.transfer_id = transfer_id;
	IF EXISTS (SELECT FROM voiceagent_private.may_ring(v_transfer.tenant_id, v_transfer.phone, 'transfer')) THEN
		RETURN NULL;
	END IF;
	RETURN jsonb_strip_nulls(jsonb_build_object('kind', 'forward', 'forward_to', v_transfer.phone,
		'caller_id', voiceagent_private.own_number_of(call.call_id),
		'text', voiceagent_private.tool_says(v_context, 'transfer_said'), 'language', v_context.language,
		'whisper', CASE WHEN v_transfer.way = 'warm'
			THEN voiceagent_private.whisper_of(v_context, v_transfer.reason) END,
		'untaken', voiceagent_private.tool_says(v_context, 'transfer_untaken')));
END
$$;
COMMENT ON FUNCTION voiceagent_private.transfer_answer(voiceagent.calls, bigint) IS
	'The answer to a carrier that asked where to put a call of the current tenant through, as answer_plan() gives '
	'it; whisper: what is said to whoever takes it; untaken: to the caller when it is not taken; NULL: that number '
	'was listed since.';

CREATE FUNCTION voiceagent_private.tool_press_keys(context voiceagent_private.tool_context, arguments jsonb)
	RETURNS voiceagent_private.tool_answer
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_keys text := regexp_replace(arguments ->> 'keys', '[[:space:],.-]', '', 'g');
	-- All that this call has keyed: the number of a card may come in parts.
	v_all text := concat((SELECT string_agg(r.request_data ->> 'digits', '' ORDER BY r.provider_request_id)
		FROM voiceagent.provider_requests r WHERE r.tenant_id = voiceagent.current_tenant()
			AND r.call_id = context.call_id AND r.kind = 'send_dtmf'), v_keys);
BEGIN
	-- Words masked on arrival are a row of asterisks.
	IF v_keys !~ '^[0-9*#wW]{1,12}$' OR v_keys !~ '[0-9*#]' OR v_keys ~ '[*]{3}'
		OR voiceagent_private.mask_words(regexp_replace(v_all, '[^0-9]', '', 'g'))
			<> regexp_replace(v_all, '[^0-9]', '', 'g') THEN
		RETURN voiceagent_private.tool_error(context, 'keys');
	ELSIF voiceagent_private.is_transferred(context.call_id) THEN
		RETURN voiceagent_private.tool_error(context, 'not_here');
	END IF;
	RETURN voiceagent_private.tool_done(context, 'pressed', made => jsonb_build_object('provider_request_id',
		voiceagent_private.command_call(context.call_id, 'send_dtmf', jsonb_build_object('digits', v_keys),
			'press_keys')));
EXCEPTION WHEN SQLSTATE 'PT409' OR SQLSTATE 'PT422' THEN
	RETURN voiceagent_private.tool_error(context, 'not_here');
END
$$;
COMMENT ON FUNCTION voiceagent_private.tool_press_keys(voiceagent_private.tool_context, jsonb) IS
	E'The tool press_keys: tones in the call, where its carrier sends them and the call was not put through.\n'
	'Never the number of a card, at once or in parts.';

CREATE FUNCTION voiceagent_private.tool_hand_over(context voiceagent_private.tool_context, arguments jsonb)
	RETURNS voiceagent_private.tool_answer
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_name text := nullif(btrim(arguments ->> 'assistant'), '');
	v_language text := nullif(btrim(arguments ->> 'language'), '');
	v_version voiceagent.assistant_versions;
	v_number voiceagent.phone_numbers;
	v_begun voiceagent_private.spoken;
	c_most CONSTANT integer := 3;
BEGIN
	IF num_nonnulls(v_name, v_language) = 0 THEN
		RETURN voiceagent_private.tool_error(context, 'missing', 'assistant');
	-- Only a call that we hold can be given other words; and no caller goes to and fro.
	ELSIF NOT EXISTS (SELECT FROM voiceagent.events e WHERE e.tenant_id = v_tenant AND e.call_id = context.call_id
			AND e.event_type = 'media_opened')
		OR context.assistant_id IS NULL OR voiceagent_private.is_transferred(context.call_id)
		OR (SELECT count(*) FROM voiceagent.call_tools t WHERE t.tenant_id = v_tenant
			AND t.call_id = context.call_id AND t.tool = 'hand_over' AND t.error IS NULL) >= c_most THEN
		RETURN voiceagent_private.tool_error(context, 'not_here');
	END IF;
	SELECT v.* INTO v_version FROM voiceagent.assistants s JOIN voiceagent.assistant_versions v
		ON v.tenant_id = s.tenant_id AND v.assistant_id = s.assistant_id AND v.version = s.version
	WHERE s.tenant_id = v_tenant AND s.active AND s.assistant_id <> context.assistant_id
		AND (v_name IS NULL OR lower(s.name) = lower(v_name))
		AND (v_language IS NULL OR lower(v.language) = lower(v_language)
			OR lower(split_part(v.language, '-', 1)) = lower(split_part(v_language, '-', 1)))
	ORDER BY lower(v.language) = lower(v_language) DESC, s.assistant_id LIMIT 1;
	IF NOT FOUND THEN
		RETURN voiceagent_private.tool_error(context, 'no_assistant', left(concat_ws(', ', v_name, v_language), 100));
	ELSIF context.direction = 'inbound' THEN
		-- It says by itself what the law wants of it.
		SELECT n.* INTO v_number FROM voiceagent.phone_numbers n
		WHERE n.tenant_id = v_tenant AND n.phone_number_id = context.phone_number_id;
		v_number.greeting_message := NULL;
		v_begun := voiceagent_private.begin_incoming(v_number, v_version, context.phone);
		UPDATE voiceagent.call_inbound i SET plan = i.plan || jsonb_build_object('assistant_id',
			v_version.assistant_id, 'assistant_version', v_version.version, 'first_message', v_begun.first_message,
			'disclosures', to_jsonb(v_begun.disclosures))
		WHERE i.tenant_id = v_tenant AND i.call_id = context.call_id;
	END IF;
	UPDATE voiceagent.calls c SET assistant_id = v_version.assistant_id, assistant_version = v_version.version
	WHERE c.tenant_id = v_tenant AND c.call_id = context.call_id;
	PERFORM voiceagent_private.log_event('call_handed_over', NULL, context.call_id, context.lead_id,
		jsonb_build_object('from_assistant_id', context.assistant_id, 'assistant_id', v_version.assistant_id));
	RETURN voiceagent_private.tool_done(context, 'handed_over', ARRAY[(SELECT s.name FROM voiceagent.assistants s
		WHERE s.tenant_id = v_tenant AND s.assistant_id = v_version.assistant_id)], '{"handed_over": true}',
		jsonb_build_object('assistant_id', v_version.assistant_id));
END
$$;
COMMENT ON FUNCTION voiceagent_private.tool_hand_over(voiceagent_private.tool_context, jsonb) IS
	E'The tool hand_over: another assistant of the tenant, by name or language, goes on in a call that we hold, after '
	'the disclosures in its language; at most three times a call.\n'
	'The call is its from then on: its tools, its prompt, its figures.';
