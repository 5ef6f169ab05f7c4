/*
 * 80_reception: tools of the tenant's own, in a call.  A server of the tenant's
 * is asked by a worker (49_tool) and no transaction waits for it: the asker
 * learns that the answer is pending, and asks the same again.
 */

CREATE FUNCTION voiceagent_private.use_own_tool(context voiceagent_private.tool_context, tool text, arguments jsonb,
	tool_call_id text) RETURNS voiceagent_private.tool_answer
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_tool voiceagent.own_tools;
	v_ask voiceagent_private.tool_asks;
	v_none voiceagent_private.tool_answer := voiceagent_private.tool_error(context, 'no_answer');
	v_wrong voiceagent_private.tool_answer;
	-- A model asked to try again does so under another id.
	c_again CONSTANT interval := '1 minute';
BEGIN
	SELECT t.* INTO v_tool FROM voiceagent.own_tools t WHERE t.tenant_id = v_tenant AND t.name = tool;
	v_wrong := voiceagent_private.wrong_argument(context, v_tool.parameters, arguments);
	IF v_wrong.error IS NOT NULL THEN
		RETURN v_wrong;
	END IF;
	SELECT a.* INTO v_ask FROM voiceagent_private.tool_asks a
	WHERE a.tenant_id = v_tenant AND a.call_id = context.call_id AND a.tool_id = v_tool.tool_id
		AND a.arguments = use_own_tool.arguments
		AND (a.tool_call_id = use_own_tool.tool_call_id OR a.asked_at > context.at - c_again)
	ORDER BY a.tool_call_id = use_own_tool.tool_call_id DESC, a.ask_id LIMIT 1;
	IF NOT FOUND THEN
		v_none.error := 'off';
		RETURN CASE WHEN v_tool.disabled_at IS NOT NULL OR voiceagent_private.ask_tool(v_tool, 'call', arguments,
				jsonb_build_object('call_id', context.call_id, 'tool_call_id', tool_call_id, 'lead_id', context.lead_id,
					'phone', context.phone, 'direction', context.direction, 'language', context.language,
					'identity', voiceagent_private.identity_of(context)),
				context.call_id, tool_call_id, context.lead_id) IS NULL
			THEN v_none END;
	ELSIF v_ask.ended_at IS NULL THEN
		v_none.error := 'late';
		RETURN CASE WHEN v_ask.gives_up_at <= context.at THEN v_none END;
	END IF;
	DELETE FROM voiceagent_private.tool_asks a WHERE a.tenant_id = v_tenant AND a.ask_id = v_ask.ask_id;
	IF v_ask.state = 'failed' THEN
		v_none.error := 'failed';
		RETURN v_none;
	END IF;
	RETURN voiceagent_private.tool_done(context, 'own_answer', ARRAY[voiceagent_private.quote_knowledge(v_ask.answer)],
		jsonb_build_object('text', v_ask.answer));
END
$$;
COMMENT ON FUNCTION voiceagent_private.use_own_tool(voiceagent_private.tool_context, text, jsonb, text) IS
	E'Asks a tool of the tenant''s own for a call, or fetches its answer, quoted, for the same id or, within a '
	'minute, the same arguments.\n'
	'NULL: it is pending. After the time of own_tool_timeout the model learns that there is no answer.';
