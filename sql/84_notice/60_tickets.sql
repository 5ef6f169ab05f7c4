-- 84_notice: the clocks of tickets tell the platform's staff, ahead and at the moment, each once.

CREATE FUNCTION voiceagent_private.tell_ticket_clock(ticket voiceagent.tickets) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_warning interval := voiceagent_private.as_interval(voiceagent_private.platform_setting('ticket_warning'));
	v_tenant text := (SELECT t.name FROM voiceagent.tenants t WHERE t.tenant_id = ticket.tenant_id);
	v record;
	v_told text[] := ticket.told;
BEGIN
	FOR v IN SELECT c.clock, c.due_at, CASE WHEN c.due_at <= v_now THEN 'late' ELSE 'ahead' END AS how,
			CASE WHEN c.clock = 'solution' THEN 'the solution' WHEN ticket.first_answered_at IS NULL
				THEN 'the first answer' ELSE 'the next answer' END AS what
		FROM (VALUES ('answer', ticket.due_at), ('solution', ticket.solve_due_at)) c(clock, due_at)
		WHERE c.due_at - v_warning <= v_now ORDER BY c.due_at
	LOOP
		CONTINUE WHEN concat_ws(' ', v.clock, v.how) = ANY (v_told) OR v.clock || ' late' = ANY (v_told);
		v_told := v_told || concat_ws(' ', v.clock, v.how);
		IF v.how = 'late' THEN
			PERFORM voiceagent_private.log_event('ticket_late', NULL, NULL, NULL, jsonb_build_object('ticket_id',
				ticket.ticket_id, 'clock', v.clock, 'due_at', v.due_at));
		END IF;
		PERFORM voiceagent_private.tell_staff('ticket_waits', jsonb_build_object('of_tenant', ticket.tenant_id,
			'ticket_id', ticket.ticket_id, 'name', format('%s, ticket %s', v_tenant, ticket.ticket_id),
			'reason', format('%s %s %s', v.what, CASE v.how WHEN 'late' THEN 'was due at' ELSE 'is due at' END,
			to_char(v.due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"'))));
	END LOOP;
	UPDATE voiceagent.tickets t SET told = v_told
	WHERE t.tenant_id = ticket.tenant_id AND t.ticket_id = ticket.ticket_id
	RETURNING t.* INTO ticket;
	PERFORM voiceagent_private.set_ticket_turn(ticket);
END
$$;
COMMENT ON FUNCTION voiceagent_private.tell_ticket_clock(voiceagent.tickets) IS
	'Tells the staff what the clocks of a locked ticket have reached, and when the next look is.';

CREATE FUNCTION voiceagent_private.tell_ticket_clocks(max integer) RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_ticket voiceagent.tickets;
BEGIN
	FOR v_ticket IN SELECT t.* FROM voiceagent.tickets t WHERE t.tenant_id = v_tenant
		AND t.ticket_id = ANY (ARRAY(SELECT d.ticket_id FROM voiceagent_private.ticket_turns d
			WHERE d.tenant_id = v_tenant AND d.look_at <= voiceagent.clock() ORDER BY d.look_at LIMIT max))
		ORDER BY t.ticket_id FOR NO KEY UPDATE SKIP LOCKED
	LOOP
		PERFORM voiceagent_private.tell_ticket_clock(v_ticket);
	END LOOP;
	-- Due rows that were skipped are locked.
	RETURN CASE WHEN NOT FOUND THEN voiceagent.clock() + interval '1 second' END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.tell_ticket_clocks(integer) IS
	'A tenant job: tells the staff of answers and solutions that are about to be late, or are.';
SELECT voiceagent_private.register_tenant_job('tell_ticket_clocks', 50, 'ticket_turns', 'look_at');
