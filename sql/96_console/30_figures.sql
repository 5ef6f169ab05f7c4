-- 96_console: the page of exports, and of talks that are judged by themselves.

CREATE FUNCTION voiceagent.figures_page() RETURNS jsonb
	LANGUAGE sql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
	WITH judged AS MATERIALIZED (
		SELECT r.call_id, r.assistant_id, r.assistant_version, r.passed, r.score, r.tags, r.turn, r.answers
		FROM voiceagent.talk_reviews r WHERE r.tenant_id = voiceagent.current_tenant()
		ORDER BY r.call_id DESC LIMIT 1000
	)
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
			FROM voiceagent.export_schedules s WHERE s.tenant_id = voiceagent.current_tenant()),
		'quality', (SELECT coalesce(jsonb_agg(jsonb_build_object('assistant', q.name, 'version', q.assistant_version,
				'talks', q.talks, 'passed', q.passed, 'score', q.score) ORDER BY q.talks DESC), '[]')
			FROM (SELECT a.name, j.assistant_version, count(*) AS talks, count(*) FILTER (WHERE j.passed) AS passed,
					round(avg(j.score), 1) AS score
				FROM judged j LEFT JOIN voiceagent.assistants a ON a.tenant_id = voiceagent.current_tenant()
					AND a.assistant_id = j.assistant_id GROUP BY a.name, j.assistant_version) q),
		'questions', (SELECT coalesce(jsonb_agg(jsonb_build_object('question', q.question, 'asks', q.asks,
				'talks', n.talks, 'yes', n.yes) ORDER BY q.weight DESC, q.question), '[]')
			FROM voiceagent.review_questions() q
			JOIN (SELECT x.question, count(x.answer) AS talks, count(*) FILTER (WHERE x.answer) AS yes
				FROM judged j CROSS JOIN LATERAL jsonb_to_recordset(j.answers) AS x(question text, answer boolean)
				GROUP BY x.question HAVING count(x.answer) > 0) n USING (question)),
		'failed', (SELECT coalesce(jsonb_agg(jsonb_build_object('call_id', f.call_id, 'score', f.score,
				'tags', f.tags, 'turn', f.turn) ORDER BY f.call_id DESC), '[]')
			FROM (SELECT j.* FROM judged j WHERE NOT j.passed ORDER BY j.call_id DESC LIMIT 20) f))
$$;
COMMENT ON FUNCTION voiceagent.figures_page() IS
	E'The latest 20 exports and the schedules; of the latest 1,000 talks that were judged by themselves: how many '
	'pass, by assistant and version (quality), each question''s yes (questions), and the latest 20 that failed.\n'
	'export_link() gives the address of an export that is done.';
