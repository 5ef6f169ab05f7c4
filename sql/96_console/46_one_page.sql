-- 96_console: the page of one assistant, a call while it lasts, and what is found by words over all of the workspace.

CREATE FUNCTION voiceagent.assistant_detail(assistant_id bigint) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v voiceagent.assistants;
BEGIN
	SELECT * INTO v FROM voiceagent.assistants a
	WHERE a.tenant_id = voiceagent.current_tenant() AND a.assistant_id = assistant_detail.assistant_id;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING ERRCODE = 'PT404',
			MESSAGE = format('assistant %s not found', assistant_detail.assistant_id);
	END IF;
	RETURN jsonb_build_object(
		'assistant', (SELECT to_jsonb(v) - 'tenant_id' || jsonb_build_object('first_message', w.first_message,
				'system_prompt', w.system_prompt, 'written_prompt', coalesce(w.written_prompt, w.system_prompt),
				'language', w.language, 'voice', w.voice, 'model', w.model, 'settings', w.settings,
				'tools', coalesce(w.settings -> 'tools', '[]'))
			FROM voiceagent.assistant_versions w
			WHERE w.tenant_id = v.tenant_id AND w.assistant_id = v.assistant_id AND w.version = v.version),
		'all_tools', (SELECT jsonb_agg(jsonb_build_object('tool', l.tool, 'description', l.description))
			FROM voiceagent.list_tools() l),
		'campaigns', (SELECT coalesce(jsonb_agg(jsonb_build_object('campaign_id', c.campaign_id, 'name', c.name,
				'status', c.status) ORDER BY c.campaign_id DESC), '[]')
			FROM (SELECT * FROM voiceagent.campaigns k WHERE k.tenant_id = v.tenant_id
				AND k.assistant_id = v.assistant_id AND k.archived_at IS NULL
				ORDER BY k.campaign_id DESC LIMIT 20) c),
		'numbers', (SELECT coalesce(jsonb_agg(n.phone_number ORDER BY n.phone_number_id), '[]')
			FROM voiceagent.phone_numbers n WHERE n.tenant_id = v.tenant_id AND n.ai_assistant_id = v.assistant_id
				AND n.removed_at IS NULL),
		'versions', (SELECT coalesce(jsonb_agg(jsonb_build_object('version', s.version, 'at', s.created_at)
				ORDER BY s.version DESC), '[]')
			FROM (SELECT * FROM voiceagent.assistant_versions o WHERE o.tenant_id = v.tenant_id
				AND o.assistant_id = v.assistant_id ORDER BY o.version DESC LIMIT 20) s),
		'tests', (SELECT coalesce(jsonb_agg(jsonb_build_object('test_run_id', r.test_run_id, 'version', r.version,
				'at', r.created_at, 'talks', r.talks, 'passed', r.passed, 'verdict', r.verdict)
				ORDER BY r.test_run_id DESC), '[]')
			FROM (SELECT * FROM voiceagent.test_runs t WHERE t.tenant_id = v.tenant_id
				AND t.assistant_id = v.assistant_id ORDER BY t.test_run_id DESC LIMIT 10) r));
END
$$;
COMMENT ON FUNCTION voiceagent.assistant_detail(bigint) IS
	E'One assistant as the console shows it: assistant (with its texts, settings and tools of now), all_tools, '
	'campaigns and numbers that have it, its latest 20 versions, its latest 10 tests.\n'
	'PT404.';

CREATE FUNCTION voiceagent.live_page(call_id bigint) RETURNS jsonb
	LANGUAGE sql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
	SELECT voiceagent.call_film(live_page.call_id)
		|| jsonb_build_object('now', (SELECT to_jsonb(w) FROM voiceagent.live_words(live_page.call_id) w))
$$;
COMMENT ON FUNCTION voiceagent.live_page(bigint) IS
	E'A call while it lasts: call_film(), and now: what live_words() has of it.\n'
	'PT404.';

CREATE FUNCTION voiceagent.search_all(words text) RETURNS jsonb
	LANGUAGE sql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
	SELECT jsonb_build_object(
		'leads', (SELECT coalesce(jsonb_agg(jsonb_build_object('lead_id', l.lead_id, 'first_name', l.first_name,
				'last_name', l.last_name, 'phone', l.phone)), '[]')
			FROM voiceagent.lead_list(words := search_all.words, page_size := 5) l),
		'calls', CASE WHEN search_all.words ~ '[[:alnum:]]' THEN voiceagent.call_page(words := search_all.words,
			page_size := 5) ELSE '[]' END,
		'campaigns', (SELECT coalesce(jsonb_agg(jsonb_build_object('campaign_id', c.campaign_id, 'name', c.name,
				'status', c.status)), '[]')
			FROM (SELECT * FROM voiceagent.campaigns k WHERE k.tenant_id = voiceagent.current_tenant()
				AND k.archived_at IS NULL AND strpos(lower(k.name), lower(btrim(search_all.words))) > 0
				ORDER BY k.campaign_id DESC LIMIT 5) c),
		'assistants', (SELECT coalesce(jsonb_agg(jsonb_build_object('assistant_id', a.assistant_id, 'name', a.name)),
				'[]')
			FROM (SELECT * FROM voiceagent.assistants s WHERE s.tenant_id = voiceagent.current_tenant()
				AND s.active AND strpos(lower(s.name), lower(btrim(search_all.words))) > 0
				ORDER BY s.assistant_id DESC LIMIT 5) a))
$$;
COMMENT ON FUNCTION voiceagent.search_all(text) IS
	E'Searches for these words, five results of each: leads by name, company or number, calls by what was said, '
	'campaigns and assistants by name.\n'
	'PT422 as lead_list() and call_page().';
