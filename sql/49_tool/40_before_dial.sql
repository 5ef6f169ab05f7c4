/*
 * 49_tool: a tool that is asked before each dial.  A job asks ahead about the
 * leads that are dialled next (53_campaign_run/95_before_dial.sql); the claim
 * looks here at what was said, and waits for nothing: without a yes that still
 * holds a lead is not dialled.
 */

CREATE TABLE voiceagent_private.dial_ask_turns (
	tenant_id bigint NOT NULL,
	campaign_id bigint NOT NULL,
	next_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, campaign_id),
	FOREIGN KEY (tenant_id, campaign_id) REFERENCES voiceagent.campaigns ON DELETE CASCADE
);
COMMENT ON TABLE voiceagent_private.dial_ask_turns IS 'Campaigns with a tool that is asked before each dial.';
COMMENT ON COLUMN voiceagent_private.dial_ask_turns.next_at IS
	'When ask_before_dials() looks at it; infinity: it rests.';
CREATE INDEX dial_ask_turns_next ON voiceagent_private.dial_ask_turns (next_at);
SELECT voiceagent_private.guard_table('voiceagent_private.dial_ask_turns', 'routing', waits => '{next_at}');

CREATE FUNCTION voiceagent_private.begin_dial_asks(campaign_id bigint, settings jsonb) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF coalesce(settings ->> 'before_dial', '') = '' AND coalesce(settings ->> 'number_checks', '') !~ E'\\mlookup\\M'
		OR voiceagent_private.simulating() THEN
		RETURN;
	END IF;
	INSERT INTO voiceagent_private.dial_ask_turns AS t (tenant_id, campaign_id, next_at)
	VALUES (voiceagent.current_tenant(), begin_dial_asks.campaign_id, voiceagent.clock())
	ON CONFLICT ON CONSTRAINT dial_ask_turns_pkey DO UPDATE SET next_at = least(t.next_at, excluded.next_at);
	PERFORM voiceagent_private.request_job('ask_before_dials', voiceagent.clock());
END
$$;
COMMENT ON FUNCTION voiceagent_private.begin_dial_asks(bigint, jsonb) IS
	'Has ask_before_dials() look at a campaign of the current tenant that runs with these settings, if a tool is asked '
	'before its dials, or a carrier about its numbers.';

CREATE FUNCTION voiceagent_private.wake_dial_asks(campaign_ids bigint[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_rows tid[] := ARRAY(SELECT t.ctid FROM voiceagent_private.dial_ask_turns t
		WHERE t.tenant_id = v_tenant AND t.campaign_id = ANY (campaign_ids) AND t.next_at > v_now
		FOR NO KEY UPDATE SKIP LOCKED);
BEGIN
	UPDATE voiceagent_private.dial_ask_turns t SET next_at = v_now
	WHERE t.tenant_id = v_tenant AND t.ctid = ANY (v_rows);
	-- One that ran before its tenant had a tool asked has not begun by itself.
	INSERT INTO voiceagent_private.dial_ask_turns (tenant_id, campaign_id, next_at)
	SELECT v_tenant, k.campaign_id, v_now FROM unnest(campaign_ids) k(campaign_id)
	WHERE NOT EXISTS (SELECT FROM voiceagent_private.dial_ask_turns t
		WHERE t.tenant_id = v_tenant AND t.campaign_id = k.campaign_id)
	ON CONFLICT DO NOTHING;
	IF FOUND OR cardinality(v_rows) > 0 THEN
		PERFORM voiceagent_private.request_job('ask_before_dials', v_now);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.wake_dial_asks(bigint[]) IS
	E'Has ask_before_dials() look at these campaigns of the current tenant now.\n'
	'Waits for no lock: one that is being looked at just now is left alone.';

CREATE FUNCTION voiceagent_private.dial_answer(campaign_id bigint, lead_id bigint, tool text, at timestamptz)
	RETURNS voiceagent_private.tool_asks
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v voiceagent_private.tool_asks;
BEGIN
	SELECT a.* INTO v FROM voiceagent_private.tool_asks a
	WHERE a.tenant_id = v_tenant AND a.campaign_id = dial_answer.campaign_id AND a.lead_id = dial_answer.lead_id
		AND a.purpose = 'dial' AND a.good_until > at
		AND a.tool_id = (SELECT o.tool_id FROM voiceagent.own_tools o WHERE o.tenant_id = v_tenant AND o.name = tool);
	RETURN v;
END
$$;
COMMENT ON FUNCTION voiceagent_private.dial_answer(bigint, bigint, text, timestamptz) IS
	'The answer of this tool of the current tenant''s about the dial of a lead that holds at that time; NULL: none.';

CREATE FUNCTION voiceagent_private.require_before_dial(settings jsonb) RETURNS void
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	PERFORM voiceagent_private.fail_if(coalesce(settings ->> 'before_dial', '') <> ''
		AND NOT voiceagent_private.is_own_tool(settings ->> 'before_dial'), 'PT422',
		'before_dial names no tool of your own', format('There is no tool %s.', left(settings ->> 'before_dial', 40)),
		'create_tool() makes one; the table own_tools has those there are.');
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_before_dial(jsonb) IS
	'PT422 for settings of a campaign whose before_dial is no tool of the current tenant''s.';
