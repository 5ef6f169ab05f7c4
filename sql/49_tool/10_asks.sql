/*
 * 49_tool: a tenant's own tools are asked.  Whoever wants an answer leaves a
 * row of tool_asks and goes on; the task tool_requests
 * (bgworkers/outbound/tool_requests.c) asks the tenant's server with no
 * transaction open: ready_tool_asks() says whose turn it is, claim_tool_asks()
 * takes what waits, record_tool_ask() keeps the answer.  Who asked comes back
 * for it.
 *
 * Locks: the row of an ask, then that of its tool.  No call, lead or queue.
 */

CREATE TABLE voiceagent_private.tool_asks (
	tenant_id bigint NOT NULL,
	ask_id bigint GENERATED ALWAYS AS IDENTITY,
	tool_id bigint NOT NULL,
	purpose text NOT NULL CHECK (purpose IN ('call', 'test', 'dial')),
	call_id bigint,
	tool_call_id text,
	campaign_id bigint,
	lead_id bigint,
	arguments jsonb NOT NULL,
	body text,
	state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'asked', 'answered', 'failed')),
	answer text,
	error text,
	asked_at timestamptz NOT NULL,
	gives_up_at timestamptz NOT NULL,
	ended_at timestamptz,
	dial boolean,
	variables jsonb,
	good_until timestamptz,
	PRIMARY KEY (tenant_id, ask_id),
	FOREIGN KEY (tenant_id, tool_id) REFERENCES voiceagent.own_tools ON DELETE CASCADE,
	CONSTRAINT ended_when_over CHECK ((state IN ('answered', 'failed')) = (ended_at IS NOT NULL)),
	CONSTRAINT answered_or_why CHECK ((state = 'answered') = (answer IS NOT NULL)
		AND (state = 'failed') = (error IS NOT NULL)),
	CONSTRAINT whom_to_dial CHECK (purpose <> 'dial' OR num_nulls(campaign_id, lead_id) = 0)
) WITH (fillfactor = 70);
COMMENT ON TABLE voiceagent_private.tool_asks IS
	'Requests to tenants'' own tools, until the answer is fetched, and for a day at most.';
COMMENT ON COLUMN voiceagent_private.tool_asks.purpose IS
	'call: an assistant uses it; test: test_tool(); dial: whether a campaign may dial a lead.';
COMMENT ON COLUMN voiceagent_private.tool_asks.call_id IS 'The call in which it is used; NULL: none.';
COMMENT ON COLUMN voiceagent_private.tool_asks.tool_call_id IS 'As in call_tools.';
COMMENT ON COLUMN voiceagent_private.tool_asks.campaign_id IS 'The campaign that is to dial; NULL: none.';
COMMENT ON COLUMN voiceagent_private.tool_asks.lead_id IS 'Whom it is about; NULL: unknown.';
COMMENT ON COLUMN voiceagent_private.tool_asks.arguments IS 'As in call_tools.';
COMMENT ON COLUMN voiceagent_private.tool_asks.body IS 'The posted body, as JSON; NULL: it is over.';
COMMENT ON COLUMN voiceagent_private.tool_asks.answer IS 'The server''s answer, as text.';
COMMENT ON COLUMN voiceagent_private.tool_asks.error IS 'Why there is no answer.';
COMMENT ON COLUMN voiceagent_private.tool_asks.asked_at IS 'When it was asked for.';
COMMENT ON COLUMN voiceagent_private.tool_asks.gives_up_at IS 'Until when somebody waits for the answer.';
COMMENT ON COLUMN voiceagent_private.tool_asks.dial IS 'Whether the lead may be dialled; NULL: nothing was said of it.';
COMMENT ON COLUMN voiceagent_private.tool_asks.variables IS 'Extra variables of the call; NULL: none.';
COMMENT ON COLUMN voiceagent_private.tool_asks.good_until IS
	'Until when what was said of a dial holds, or the lead is put off; NULL: no dial, or it is not over.';
CREATE UNIQUE INDEX tool_asks_dial ON voiceagent_private.tool_asks (tenant_id, campaign_id, lead_id)
	WHERE purpose = 'dial';
CREATE INDEX tool_asks_open ON voiceagent_private.tool_asks (tenant_id, ask_id) WHERE state IN ('waiting', 'asked');
CREATE INDEX tool_asks_over ON voiceagent_private.tool_asks (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX tool_asks_of_call ON voiceagent_private.tool_asks (tenant_id, call_id) WHERE call_id IS NOT NULL;
CREATE INDEX tool_asks_of_lead ON voiceagent_private.tool_asks (tenant_id, lead_id) WHERE lead_id IS NOT NULL;
CREATE INDEX tool_asks_of_tool ON voiceagent_private.tool_asks (tenant_id, tool_id);
SELECT voiceagent_private.guard_table('voiceagent_private.tool_asks', 'routing', waits => '{gives_up_at,good_until}');

CREATE FUNCTION voiceagent_private.own_tool_timeout() RETURNS interval
	LANGUAGE sql STABLE
	RETURN voiceagent_private.as_interval(voiceagent_private.platform_setting('own_tool_timeout'));
COMMENT ON FUNCTION voiceagent_private.own_tool_timeout() IS 'The platform''s setting of that name.';

CREATE FUNCTION voiceagent_private.ask_tool(tool voiceagent.own_tools, purpose text, arguments jsonb, about jsonb,
	call_id bigint, tool_call_id text, lead_id bigint, campaign_id bigint DEFAULT NULL) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_ask bigint;
	-- Dials are asked about ahead, and leave room for callers, who wait.
	c_open CONSTANT integer := CASE purpose WHEN 'dial' THEN 100 ELSE 200 END;
	c_tests CONSTANT integer := 100;
BEGIN
	IF (SELECT count(*) FROM voiceagent_private.tool_asks a
		WHERE a.tenant_id = v_tenant AND a.state IN ('waiting', 'asked')) >= c_open THEN
		RETURN NULL;
	END IF;
	IF purpose = 'test' THEN
		DELETE FROM voiceagent_private.tool_asks a
		WHERE a.tenant_id = v_tenant AND a.purpose = 'test' AND a.ended_at IS NOT NULL AND a.ask_id <= (SELECT o.ask_id
			FROM voiceagent_private.tool_asks o WHERE o.tenant_id = v_tenant AND o.purpose = 'test'
			ORDER BY o.ask_id DESC OFFSET c_tests LIMIT 1);
	END IF;
	INSERT INTO voiceagent_private.tool_asks AS a (tenant_id, tool_id, purpose, call_id, tool_call_id,
		campaign_id, lead_id, arguments, asked_at, gives_up_at)
	VALUES (v_tenant, tool.tool_id, purpose, call_id, tool_call_id, campaign_id, lead_id, arguments, v_now, v_now
		+ CASE purpose WHEN 'dial' THEN interval '1 minute' ELSE voiceagent_private.own_tool_timeout() END)
	RETURNING a.ask_id INTO v_ask;
	UPDATE voiceagent_private.tool_asks a SET body = (jsonb_build_object('type', purpose, 'ask_id', v_ask,
		'tool', tool.name, 'arguments', arguments) || about)::text
	WHERE a.tenant_id = v_tenant AND a.ask_id = v_ask;
	PERFORM voiceagent_private.poke('tool_requests');
	RETURN v_ask;
END
$$;
COMMENT ON FUNCTION voiceagent_private.ask_tool(voiceagent.own_tools, text, jsonb, jsonb, bigint, text, bigint,
	bigint) IS
	E'Has a tool of the current tenant asked once this transaction has committed, and returns the number of the ask.\n'
	'about: what else is posted. NULL: too many of the tenant wait already.';

SELECT voiceagent_private.make_forgetting('forget_tool_asks', 'voiceagent_private.tool_asks', 'ended_at');
