-- 95_ops: what a session holds up for everybody, and which session it is.

CREATE FUNCTION voiceagent_private.queue_trouble(more_than double precision) RETURNS TABLE (component text, state text,
	pid integer, since timestamptz)
	LANGUAGE sql VOLATILE AS $$
	SELECT 'notification queue', format('%s %% full: %s', round((100 * q.used)::numeric, 1),
		CASE WHEN l.pid IS NULL THEN 'no session that listens has a transaction open'
			ELSE format('%s listens, and reads nothing before its transaction ends', l.role::regrole) END),
		l.pid, l.since
	FROM pg_catalog.pg_notification_queue_usage() AS q(used)
	LEFT JOIN LATERAL (SELECT n.* FROM voiceagent_private.listeners() n WHERE n.since IS NOT NULL
		ORDER BY n.since LIMIT 1) l ON true
	WHERE q.used > queue_trouble.more_than
$$;
COMMENT ON FUNCTION voiceagent_private.queue_trouble(double precision) IS
	E'For status(): a row when more than this part (0 to 1) of the server''s queue of notifications is used, with the '
	'listener whose transaction is the oldest.\nA full queue fails every NOTIFY, the platform''s news too.';

CREATE FUNCTION voiceagent_private.open_moves() RETURNS TABLE (component text, state text, since timestamptz,
	holds boolean)
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_was bigint := voiceagent_private.set_tenant_for_reports(0);
BEGIN
	RETURN QUERY SELECT format('move of tenant %s', m.tenant_id), CASE m.state
			WHEN 'offered' THEN format('to cell %s: it is copied, and a replication slot keeps WAL meanwhile', m.cell)
			WHEN 'leaving' THEN format('to cell %s: nobody is dialled while live calls and requests end', m.cell)
			WHEN 'gone' THEN format('to cell %s: it has left, and nobody serves it before that cell takes it', m.cell)
			ELSE format('from cell %s: it is not served here yet', m.cell) END || '; move-tenant goes on with it',
		m.changed_at, m.state IN ('leaving', 'gone')
	FROM voiceagent_private.tenant_moves m
	-- The publication is there from the offer until the tenant is removed, or returns.
	WHERE m.state = 'coming' OR m.state <> 'here' AND EXISTS (SELECT FROM pg_catalog.pg_publication p
		WHERE p.pubname = 'voiceagent_move_' || m.tenant_id)
	ORDER BY m.tenant_id;
	PERFORM voiceagent_private.set_tenant_for_reports(v_was);
END
$$;
COMMENT ON FUNCTION voiceagent_private.open_moves() IS
	E'For status(): the moves of tenants between cells that have begun and not ended here, and since when they stand.\n'
	'holds: the tenant is not dialled for, or not served, until it goes on.';
