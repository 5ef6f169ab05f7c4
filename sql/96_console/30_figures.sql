-- 96_console: the page of exports.

CREATE FUNCTION voiceagent.figures_page() RETURNS jsonb
	LANGUAGE sql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
	SELECT jsonb_build_object(
		'exports', (SELECT coalesce(jsonb_agg(jsonb_build_object('export_id', x.export_id, 'what', x.what,
				'format', x.format, 'from_day', x.from_day, 'to_day', x.to_day, 'state', x.state, 'rows', x.rows,
				'bytes', x.bytes, 'error', x.error, 'created_at', x.created_at, 'expires_at', x.expires_at)
				ORDER BY x.export_id DESC), '[]')
			FROM (SELECT e.* FROM voiceagent.exports e WHERE e.tenant_id = voiceagent.current_tenant()
				ORDER BY e.export_id DESC LIMIT 20) x),
		'schedules', (SELECT coalesce(jsonb_agg(jsonb_build_object('schedule_id', s.schedule_id, 'name', s.name,
				'every', s.every, 'at', s.at, 'what', s.request -> 'what', 'format', s.request -> 'format',
				'next_at', s.next_at, 'error', s.last_error) ORDER BY s.name), '[]')
			FROM voiceagent.export_schedules s WHERE s.tenant_id = voiceagent.current_tenant()))
$$;
COMMENT ON FUNCTION voiceagent.figures_page() IS
	E'The latest 20 exports and the schedules.\n'
	'export_link() gives the address of an export that is done.';
