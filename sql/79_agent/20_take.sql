-- 79_agent: who is there, and whose turn it is.

CREATE FUNCTION voiceagent_private.agent_is_there(agent voiceagent.agents, at timestamptz) RETURNS boolean
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_window record;
BEGIN
	IF NOT agent.active OR agent.member_id IS NOT NULL AND NOT EXISTS (SELECT FROM voiceagent.members m
			WHERE m.tenant_id = agent.tenant_id AND m.member_id = agent.member_id AND m.active) THEN
		RETURN false;
	ELSIF agent.hours IS NULL THEN
		RETURN true;
	END IF;
	v_window := voiceagent_private.window_of(ARRAY[agent.timezone], voiceagent_private.hours_windows(agent.hours), at);
	RETURN coalesce(v_window.opens_at <= at AND at < v_window.closes_at, false);
END
$$;
COMMENT ON FUNCTION voiceagent_private.agent_is_there(voiceagent.agents, timestamptz) IS
	'Whether an agent takes calls at an instant: it is active, as its member is, and it has hours.';

CREATE FUNCTION voiceagent_private.agent_is_busy(agent voiceagent.agents, call_id bigint, at timestamptz)
	RETURNS boolean
	LANGUAGE sql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
	SELECT agent.last_call_id IS NOT NULL AND agent.last_call_id IS DISTINCT FROM agent_is_busy.call_id
		AND (at BETWEEN agent.transferred_at AND agent.transferred_at + agent.wrap_up
			OR EXISTS (SELECT FROM voiceagent.calls c
			WHERE c.tenant_id = agent.tenant_id AND c.call_id = agent.last_call_id
				AND (c.outcome IS NULL OR c.ended_at + agent.wrap_up > at)
				-- A call that it did not take does not block it.
				AND (SELECT t.unanswered_at IS NULL AND p.state IS DISTINCT FROM 'failed' FROM voiceagent.transfers t
					LEFT JOIN voiceagent.provider_requests p ON p.tenant_id = t.tenant_id
						AND p.provider_request_id = t.provider_request_id
					WHERE t.tenant_id = c.tenant_id AND t.call_id = c.call_id AND t.agent_id = agent.agent_id
					ORDER BY t.transfer_id DESC LIMIT 1)))
$$;
COMMENT ON FUNCTION voiceagent_private.agent_is_busy(voiceagent.agents, bigint, timestamptz) IS
	E'Whether an agent has another call than this one, or had one less than its wrap_up ago.\n'
	'At a carrier that ends our call when it puts it through, the wrap_up begins then.';

CREATE FUNCTION voiceagent_private.take_agent(call_id bigint, skill text, at timestamptz, OUT agent_id bigint,
	OUT name text, OUT phone text)
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	SELECT a.agent_id, a.name, n.phone INTO take_agent.agent_id, take_agent.name, take_agent.phone
	FROM voiceagent.agents a
	CROSS JOIN LATERAL (SELECT p.phone, p.turn FROM unnest(a.phones) WITH ORDINALITY AS p(phone, turn)
		WHERE NOT EXISTS (SELECT FROM voiceagent_private.may_ring(v_tenant, p.phone, 'agent'))
			-- A caller that asks again has had no answer there.
			AND NOT EXISTS (SELECT FROM voiceagent.transfers t WHERE t.tenant_id = v_tenant
				AND t.call_id = take_agent.call_id AND t.phone = p.phone)
		ORDER BY p.turn LIMIT 1) n
	WHERE a.tenant_id = v_tenant AND (skill IS NULL OR skill = ANY (a.skills))
		AND voiceagent_private.agent_is_there(a, at)
		AND NOT voiceagent_private.agent_is_busy(a, take_agent.call_id, at)
	ORDER BY a.tier, a.transferred_at NULLS FIRST, a.agent_id
	LIMIT 1 FOR NO KEY UPDATE OF a SKIP LOCKED;
	UPDATE voiceagent.agents a SET last_call_id = take_agent.call_id, transferred_at = at
	WHERE a.tenant_id = v_tenant AND a.agent_id = take_agent.agent_id;
END
$$;
COMMENT ON FUNCTION voiceagent_private.take_agent(bigint, text, timestamptz, OUT bigint, OUT text, OUT text) IS
	E'The agent of the current tenant that is to have a call, which is busy with it from now on, and the number '
	'to ring; NULL: none is there.\n'
	'skill: one that it must have; NULL: any. No number is rung twice for a call, nor one that may_ring() forbids.';

CREATE FUNCTION voiceagent.list_agents() RETURNS TABLE (agent_id bigint, name text, member_id bigint, phones text[],
	hours jsonb, timezone text, tier integer, skills text[], active boolean, wrap_up interval, is_there boolean,
	is_busy boolean, transfers bigint, transferred_at timestamptz)
	LANGUAGE sql STABLE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
	SELECT a.agent_id, a.name, a.member_id, a.phones::text[], a.hours, a.timezone, a.tier, a.skills, a.active,
		a.wrap_up, voiceagent_private.agent_is_there(a, voiceagent.clock()),
		voiceagent_private.agent_is_busy(a, NULL, voiceagent.clock()),
		(SELECT count(*) FROM voiceagent.transfers t WHERE t.tenant_id = a.tenant_id AND t.agent_id = a.agent_id),
		a.transferred_at
	FROM voiceagent.agents a WHERE a.tenant_id = voiceagent.current_tenant()
	ORDER BY a.tier, a.transferred_at NULLS FIRST, a.agent_id
$$;
COMMENT ON FUNCTION voiceagent.list_agents() IS
	E'The people to whom calls are put through, in the order in which they are given the next: who is there '
	'(is_there), who has a call or its wrap_up (is_busy), and how many they were given.';

CREATE VIEW voiceagent.transfer_list WITH (security_invoker = on) AS
SELECT t.tenant_id, t.transfer_id, t.requested_at, t.call_id, t.agent_id, a.name AS agent, t.phone, t.way, t.reason,
	CASE WHEN t.unanswered_at IS NOT NULL OR t.provider_request_id IS NULL AND c.outcome IS NOT NULL
			-- Ordered in the reply to its question, the carrier says only how the call ended.
			AND c.cause_class IS DISTINCT FROM 'forwarded' AND c.cause IS NOT NULL AND c.cause NOT LIKE '%transfer%'
			THEN 'not_taken'
		WHEN p.state = 'failed' OR c.cause LIKE '%error-%transfer%' THEN 'failed'
		WHEN p.state IN ('queued', 'sending', 'unknown') THEN 'asked' ELSE 'put_through' END AS state
FROM voiceagent.transfers t
LEFT JOIN voiceagent.agents a ON a.tenant_id = t.tenant_id AND a.agent_id = t.agent_id
LEFT JOIN voiceagent.provider_requests p ON p.tenant_id = t.tenant_id
	AND p.provider_request_id = t.provider_request_id
-- Calls of both directions are put through.
LEFT JOIN voiceagent.calls c ON c.tenant_id = t.tenant_id AND c.call_id = t.call_id;
COMMENT ON VIEW voiceagent.transfer_list IS 'To whom calls were put through, and what is known of it.';
COMMENT ON COLUMN voiceagent.transfer_list.agent IS 'The agent''s name; NULL: it is none, or gone.';
COMMENT ON COLUMN voiceagent.transfer_list.state IS
	E'asked: the carrier has not answered; put_through: it was asked, and has not said otherwise; not_taken: it '
	'reported that it was not taken; failed: it could not.';
