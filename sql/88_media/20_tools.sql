/*
 * 88_media: tools in calls that we hold.  The process media waits for nothing,
 * so it leaves what is asked for here and goes on; the process tools uses the
 * tool as the tenant and leaves the answer, which media takes and says.  A row
 * lives for as long as that takes.
 */

CREATE TABLE voiceagent_private.media_tools (
	tenant_id bigint NOT NULL,
	call_id bigint NOT NULL,
	tool_call_id text NOT NULL,
	tool text NOT NULL,
	arguments jsonb NOT NULL,
	asked_at timestamptz NOT NULL,
	answer text,
	data jsonb,
	failed boolean NOT NULL DEFAULT false,
	PRIMARY KEY (tenant_id, call_id, tool_call_id)
) WITH (fillfactor = 50);
COMMENT ON TABLE voiceagent_private.media_tools IS
	'Tools that assistants want to use in calls that we hold, until their answers are said.';
COMMENT ON COLUMN voiceagent_private.media_tools.tool_call_id IS 'As in call_tools.';
COMMENT ON COLUMN voiceagent_private.media_tools.tool IS 'As in call_tools.';
COMMENT ON COLUMN voiceagent_private.media_tools.arguments IS 'As in call_tools.';
COMMENT ON COLUMN voiceagent_private.media_tools.asked_at IS 'When it was asked for.';
COMMENT ON COLUMN voiceagent_private.media_tools.answer IS
	'The answer for the language model; NULL: the tool was not used yet.';
COMMENT ON COLUMN voiceagent_private.media_tools.data IS 'As in call_tools.';
COMMENT ON COLUMN voiceagent_private.media_tools.failed IS
	'True: it did nothing, and the answer, if there is one, says to the model what to do.';
SELECT voiceagent_private.guard_table('voiceagent_private.media_tools', 'routing');
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('of_calls', 'voiceagent_private.media_tools');

CREATE FUNCTION voiceagent_private.ask_media_tool(call_id bigint, tool_call_id text, tool text, arguments jsonb)
	RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	INSERT INTO voiceagent_private.media_tools (tenant_id, call_id, tool_call_id, tool, arguments, asked_at)
	VALUES (voiceagent.current_tenant(), call_id, tool_call_id, tool,
		voiceagent_private.mask_words(arguments::text)::jsonb, voiceagent.clock())
	ON CONFLICT ON CONSTRAINT media_tools_pkey DO NOTHING;
	PERFORM voiceagent_private.poke('tools');
END
$$;
COMMENT ON FUNCTION voiceagent_private.ask_media_tool(bigint, text, text, jsonb) IS
	'Has the process tools use a tool in a call of the current tenant that we hold, once for a tool_call_id.';

CREATE FUNCTION voiceagent_private.next_media_tool(after_tenant bigint, OUT tenant_id bigint, OUT call_id bigint,
	OUT tool_call_id text)
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	-- The call has said by then that it cannot be done.
	c_wanted CONSTANT interval := '10 seconds';
BEGIN
	DELETE FROM voiceagent_private.media_tools t WHERE t.asked_at < voiceagent.clock() - c_wanted;
	SELECT t.tenant_id, t.call_id, t.tool_call_id INTO next_media_tool.tenant_id, next_media_tool.call_id,
		next_media_tool.tool_call_id
	FROM voiceagent_private.media_tools t WHERE t.answer IS NULL
	ORDER BY t.tenant_id <= after_tenant, t.tenant_id, t.asked_at LIMIT 1;
END
$$;
COMMENT ON FUNCTION voiceagent_private.next_media_tool(bigint) IS
	E'The tool that is to be used next, of another tenant than after_tenant''s where one waits, the tenants in '
	'turn; NULL: none.\n'
	'Results no longer awaited are forgotten.';

CREATE FUNCTION voiceagent_private.use_media_tool(call_id bigint, tool_call_id text) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_asked voiceagent_private.media_tools;
	v_answer record;
	v_used voiceagent.call_tools;
	c_try_for CONSTANT interval := '1500 milliseconds';
BEGIN
	SELECT t.* INTO v_asked FROM voiceagent_private.media_tools t WHERE t.tenant_id = voiceagent.current_tenant()
		AND t.call_id = use_media_tool.call_id AND t.tool_call_id = use_media_tool.tool_call_id;
	v_answer := voiceagent_private.answer_tool(call_id, v_asked.tool, v_asked.arguments, tool_call_id, false);
	IF NOT (v_answer.busy OR v_answer.answer ? 'pending') THEN
		SELECT t.* INTO v_used FROM voiceagent.call_tools t WHERE t.tenant_id = voiceagent.current_tenant()
			AND t.call_id = use_media_tool.call_id AND t.tool_call_id = use_media_tool.tool_call_id;
		PERFORM voiceagent_private.end_media_tool(call_id, tool_call_id, v_answer.answer ->> 'result',
			v_used.error IS NOT NULL, v_used.data);
	ELSIF voiceagent.clock() < v_asked.asked_at + c_try_for THEN
		RETURN false;
	ELSE
		-- "One moment, please" was said already: now the call says that it does not work.
		PERFORM voiceagent_private.end_media_tool(call_id, tool_call_id, NULL, true);
	END IF;
	RETURN true;
END
$$;
COMMENT ON FUNCTION voiceagent_private.use_media_tool(bigint, text) IS
	'Uses a tool that next_media_tool() gave for a call of the current tenant, as call_tool() does; false: somebody '
	'holds a lock, or a server of the tenant''s is asked, and it is tried again.';

CREATE FUNCTION voiceagent_private.end_media_tool(call_id bigint, tool_call_id text, answer text, failed boolean,
	data jsonb DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	UPDATE voiceagent_private.media_tools t SET answer = coalesce(end_media_tool.answer, ''),
		failed = end_media_tool.failed, data = end_media_tool.data
	WHERE t.tenant_id = voiceagent.current_tenant() AND t.call_id = end_media_tool.call_id
		AND t.tool_call_id = end_media_tool.tool_call_id;
	PERFORM voiceagent_private.poke('media');
END
$$;
COMMENT ON FUNCTION voiceagent_private.end_media_tool(bigint, text, text, boolean, jsonb) IS
	'Leaves the answer of a tool (NULL: none), also as data, for the process media; failed: it did nothing.';

CREATE FUNCTION voiceagent_private.take_media_tools() RETURNS TABLE (tenant_id bigint, call_id bigint,
	tool_call_id text, answer text, data text, failed boolean)
	LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
	DELETE FROM voiceagent_private.media_tools t WHERE t.answer IS NOT NULL
	RETURNING t.tenant_id, t.call_id, t.tool_call_id, t.answer, coalesce(t.data, '{}')::text, t.failed
$$;
COMMENT ON FUNCTION voiceagent_private.take_media_tools() IS 'Answers of tools in calls of all tenants, each once.';
