-- 96_console: what the platform's staff was asked, and the words of one ticket.

CREATE FUNCTION voiceagent.ticket_page() RETURNS jsonb
	LANGUAGE sql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
	SELECT coalesce(jsonb_agg(to_jsonb(t) - '{tenant_id,member_id}'::text[] ORDER BY t.changed_at DESC), '[]')
	FROM (SELECT o.* FROM voiceagent.tickets o WHERE o.tenant_id = voiceagent.current_tenant()
		ORDER BY o.resolved_at IS NOT NULL, o.changed_at DESC LIMIT 200) t
$$;
COMMENT ON FUNCTION voiceagent.ticket_page() IS
	'The latest 200 tickets of the tenant, those that are not resolved before others; without what was written.';

CREATE FUNCTION voiceagent.ticket_thread(ticket_id bigint) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_ticket jsonb := (SELECT to_jsonb(t) - '{tenant_id,member_id}'::text[] FROM voiceagent.tickets t
		WHERE t.tenant_id = voiceagent.current_tenant() AND t.ticket_id = ticket_thread.ticket_id);
BEGIN
	IF v_ticket IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'PT404', MESSAGE = format('ticket %s does not exist', ticket_id);
	END IF;
	RETURN v_ticket || jsonb_build_object('messages', (SELECT jsonb_agg(to_jsonb(m) - '{tenant_id,ticket_id}'::text[]
			ORDER BY m.message_number)
		FROM (SELECT o.* FROM voiceagent.ticket_messages o WHERE o.tenant_id = voiceagent.current_tenant()
			AND o.ticket_id = ticket_thread.ticket_id ORDER BY o.message_number DESC LIMIT 200) m));
END
$$;
COMMENT ON FUNCTION voiceagent.ticket_thread(bigint) IS
	E'A ticket of the tenant, with its latest 200 messages.\n'
	'PT404.';
