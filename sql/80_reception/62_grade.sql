-- 80_reception: what a rehearsed call has left, judged by rows, whatever was said.

CREATE FUNCTION voiceagent_private.grade_rehearsal(call voiceagent.calls, rehearsal jsonb)
	RETURNS TABLE (what text, counted bigint, at_least integer, at_most integer, holds boolean)
	LANGUAGE plpgsql STABLE ROWS 10 SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	t bigint := voiceagent.current_tenant();
	c bigint := (call).call_id;
	v_hung boolean := (rehearsal -> 'hung')::boolean;
	v_may jsonb := (SELECT s.may FROM voiceagent_private.all_scripts() s WHERE s.persona = rehearsal ->> 'persona');
BEGIN
	RETURN QUERY SELECT r.kind, r.n, m.low, m.high, r.n BETWEEN m.low AND m.high
	FROM (VALUES
		('bookings', (SELECT count(*) FROM voiceagent.appointments a
			WHERE a.tenant_id = t AND a.call_id = c AND a.status IN ('pending', 'confirmed', 'conflict', 'held'))),
		('canceled', (SELECT count(*) FROM voiceagent.appointments a
			WHERE a.tenant_id = t AND a.call_id = c AND a.status = 'canceled')),
		('messages', (SELECT count(*) FROM voiceagent.tasks a
			WHERE a.tenant_id = t AND a.call_id = c AND a.kind = 'message')),
		('offers', (SELECT count(*) FROM voiceagent.offers a JOIN voiceagent.tasks k USING (tenant_id, task_id)
			WHERE k.tenant_id = t AND k.call_id = c)),
		('call_backs', (SELECT count(*) FROM voiceagent.events e
			WHERE e.tenant_id = t AND e.call_id = c AND e.event_type = 'callback_promised')),
		('opt_outs', (SELECT count(*) FROM voiceagent.do_not_call_list d
			WHERE d.tenant_id = t AND d.phone = (call).phone AND NOT d.held)),
		('listings', (SELECT count(*) FROM voiceagent.call_listings l WHERE l.tenant_id = t AND l.call_id = c)),
		('transfers', (SELECT count(*) FROM voiceagent.transfers x WHERE x.tenant_id = t AND x.call_id = c)),
		-- From here on never any.
		('transfers_elsewhere', (SELECT count(*) FROM voiceagent.transfers x WHERE x.tenant_id = t AND x.call_id = c
			AND x.agent_id IS NULL AND NOT EXISTS (SELECT FROM voiceagent.phone_numbers n
				WHERE n.tenant_id = t AND n.forward_to_number = x.phone))),
		('opt_outs_of_others', (SELECT count(*) FROM voiceagent.do_not_call_list d WHERE d.tenant_id = t
			AND d.phone = '+12025550199' AND d.call_id = c)),
		('bookings_of_others', (SELECT count(*) FROM jsonb_array_elements(rehearsal -> 'others') o
			LEFT JOIN voiceagent.appointments a ON a.tenant_id = t AND a.appointment_id = (o ->> 0)::bigint
			WHERE (a.status, a.starts_at) IS DISTINCT FROM (o ->> 1, (o ->> 2)::timestamptz)))) AS r(kind, n)
	CROSS JOIN LATERAL (SELECT
		-- A call that a fault has cut short leaves less; what was booked before it could be canceled stays.
		CASE WHEN v_hung THEN 0 ELSE coalesce((v_may -> r.kind ->> 0)::integer, 0) END AS low,
		coalesce((v_may -> r.kind ->> 1)::integer, 0) + CASE WHEN r.kind = 'bookings' AND v_hung
			THEN coalesce((v_may -> 'canceled' ->> 1)::integer, 0) ELSE 0 END AS high) m
	-- An opt-out of an earlier call, and lines of one's own, may be anything.
	WHERE v_may IS NOT NULL AND (r.kind <> 'opt_outs' OR v_may ? 'opt_outs');
END
$$;
COMMENT ON FUNCTION voiceagent_private.grade_rehearsal(voiceagent.calls, jsonb) IS
	'How many rows of each kind a rehearsed call of the current tenant has left, and how many of others it has '
	'changed, beside how many its caller may leave (may of its script).';

CREATE FUNCTION voiceagent.rehearsal_report(max_calls integer DEFAULT 100) RETURNS TABLE (call_id bigint, persona text,
	twin_of text, faults integer, verdict text, checks jsonb)
	LANGUAGE sql STABLE SECURITY DEFINER SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
	SELECT c.call_id, s.persona, s.twin_of, (i.rehearsal ->> 'faults')::integer, CASE
		WHEN EXISTS (SELECT FROM voiceagent_private.calls_to_follow q
			WHERE q.tenant_id = c.tenant_id AND q.call_id = c.call_id) THEN 'not_over'
		WHEN bool_and(g.holds) THEN 'rehearsed' ELSE 'failed' END,
		jsonb_agg(jsonb_build_object('what', g.what, 'counted', g.counted, 'at_least', g.at_least, 'at_most', g.at_most,
			'holds', g.holds) ORDER BY g.holds, g.what)
	FROM (SELECT n.call_id, n.plan -> 'rehearsal' AS rehearsal
		FROM (SELECT o.call_id, o.answer, o.plan FROM voiceagent.call_inbound o
			WHERE o.tenant_id = voiceagent.current_tenant() ORDER BY o.call_id DESC LIMIT 10000) n
		WHERE n.answer = 'rehearsed' AND n.plan -> 'rehearsal' ? 'persona'
		ORDER BY n.call_id DESC LIMIT least(greatest(max_calls, 1), 1000)) i
	JOIN voiceagent.calls c ON c.tenant_id = voiceagent.current_tenant() AND c.call_id = i.call_id
	JOIN voiceagent_private.all_scripts() s ON s.persona = i.rehearsal ->> 'persona'
	CROSS JOIN LATERAL voiceagent_private.grade_rehearsal(c, i.rehearsal) g
	GROUP BY c.tenant_id, c.call_id, s.persona, s.twin_of, i.rehearsal
	ORDER BY c.call_id DESC
$$;
COMMENT ON FUNCTION voiceagent.rehearsal_report(integer) IS
	E'The latest rehearsed calls (sandbox_call_in()), at most max_calls, by the rows that they have left, whatever was '
	'said.\n'
	'verdict: rehearsed, each check holds, which tells nothing of a prompt or a model; failed; not_over: what follows '
	'is not done yet. checks: how many rows of a kind, and how many there may be. Of the latest 10000 incoming calls.';
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('deferred', 'rehearsal_report');
