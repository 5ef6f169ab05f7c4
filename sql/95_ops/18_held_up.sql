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
