-- 96_console: the page of one campaign, and what its form chooses among.

CREATE FUNCTION voiceagent.campaign_form(campaign_id bigint DEFAULT NULL) RETURNS jsonb
	LANGUAGE sql STABLE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
	WITH own AS (
		SELECT c.* FROM voiceagent.campaigns c
		WHERE c.tenant_id = voiceagent.current_tenant() AND c.campaign_id = campaign_form.campaign_id
	), keys(key, unit) AS (VALUES ('calling_hours', 'object'), ('days_off', 'text'), ('max_concurrent_calls', 'number'),
		('call_interval', '1'), ('retry_attempts', 'number'), ('retry_delay_no_answer', '60'),
		('retry_delay_busy', '60'), ('max_call_duration', '60'), ('spend_cap', 'number'),
		('spend_cap_per_day', 'number'), ('machine_detection', 'text')
	), held AS (
		-- As a form has it: a length of time in seconds or minutes.
		SELECT k.key, jsonb_object_agg(w.whose, CASE WHEN w.value = '' THEN NULL
			WHEN k.unit = 'object' THEN w.value::jsonb
			WHEN k.unit = 'text' THEN to_jsonb(w.value) WHEN k.unit = 'number' THEN to_jsonb(w.value::numeric)
			ELSE to_jsonb(trim_scale(extract(epoch FROM w.value::interval) / k.unit::numeric)) END) AS value
		FROM keys k CROSS JOIN LATERAL (VALUES ('own', (SELECT o.settings ->> k.key FROM own o)),
			('usual', voiceagent.get_setting(k.key))) AS w(whose, value) GROUP BY k.key
	)
	SELECT jsonb_build_object(
		'campaign', (SELECT jsonb_build_object('name', o.name, 'assistant_id', o.assistant_id, 'provider_account_id',
				o.provider_account_id,
				'starts_at', to_char(o.starts_at AT TIME ZONE t.timezone, 'YYYY-MM-DD"T"HH24:MI'),
				'expires_at', to_char(o.expires_at AT TIME ZONE t.timezone, 'YYYY-MM-DD"T"HH24:MI'), 'phone_number_ids',
				ARRAY(SELECT n.phone_number_id FROM voiceagent.campaign_numbers n WHERE n.tenant_id = o.tenant_id
					AND n.campaign_id = o.campaign_id ORDER BY n.phone_number_id))
			FROM own o JOIN voiceagent.tenants t ON t.tenant_id = o.tenant_id),
		'settings', (SELECT jsonb_object_agg(h.key, h.value) FROM held h),
		-- The one that answers a number comes after those that call.
		'assistants', (SELECT coalesce(jsonb_agg(jsonb_build_array(a.assistant_id, a.name, a.answers)
				ORDER BY a.answers, a.name), '[]')
			FROM (SELECT s.*, EXISTS (SELECT FROM voiceagent.phone_numbers n WHERE n.tenant_id = s.tenant_id
						AND n.ai_assistant_id = s.assistant_id AND n.removed_at IS NULL)
					OR EXISTS (SELECT FROM voiceagent.assistant_answers w WHERE w.tenant_id = s.tenant_id
						AND w.assistant_id = s.assistant_id AND w.version = s.version
						AND w.answers #>> '{objective,direction}' = 'inbound') AS answers
				FROM voiceagent.assistants s WHERE s.tenant_id = voiceagent.current_tenant() AND s.active
				LIMIT 200) a),
		'accounts', (SELECT coalesce(jsonb_agg(jsonb_build_array(p.provider_account_id, p.name, p.provider = 'sandbox')
				ORDER BY p.provider_account_id), '[]')
			FROM (SELECT * FROM voiceagent.provider_accounts s WHERE s.tenant_id = voiceagent.current_tenant()
				AND s.active LIMIT 100) p),
		'numbers', (SELECT coalesce(jsonb_agg(jsonb_build_array(n.phone_number_id, n.phone_number, n.friendly_name)
				ORDER BY n.phone_number_id), '[]')
			FROM (SELECT * FROM voiceagent.phone_numbers s WHERE s.tenant_id = voiceagent.current_tenant()
				AND s.removed_at IS NULL AND s.provider_account_id IS NOT NULL LIMIT 200) n),
		'imports', (SELECT coalesce(jsonb_agg(jsonb_build_array(b.batch_id, b.created_at, b.rows_imported)
				ORDER BY b.batch_id DESC), '[]')
			FROM (SELECT * FROM voiceagent.import_batches i WHERE i.tenant_id = voiceagent.current_tenant()
				AND i.rows_imported > 0 AND i.undone_at IS NULL AND i.status <> 'dry_run'
				ORDER BY i.batch_id DESC LIMIT 20) b))
$$;
COMMENT ON FUNCTION voiceagent.campaign_form(bigint) IS
	'The values and choices of the form of a campaign (NULL: of a new one): campaign, settings (own, and '
	'usual: the workspace''s; lengths of time in minutes), assistants (those that answer calls last), accounts, '
	'numbers, the latest imports.';

CREATE FUNCTION voiceagent.add_listed_leads(campaign_id bigint, batch_id bigint DEFAULT NULL, tag text DEFAULT NULL)
	RETURNS bigint
	LANGUAGE sql VOLATILE SET planner.policy = batch SET search_path = pg_catalog, pg_temp AS $$
	SELECT voiceagent.add_leads(campaign_id, ARRAY(SELECT l.lead_id FROM voiceagent.leads l
		WHERE l.tenant_id = voiceagent.current_tenant() AND l.status <> 'do_not_call'
			AND (add_listed_leads.batch_id IS NULL OR l.batch_id = add_listed_leads.batch_id)
			AND (add_listed_leads.tag IS NULL OR add_listed_leads.tag = ANY (l.tags))
			AND l.lead_id <> ALL (ARRAY(SELECT o.lead_id FROM voiceagent.own_numbers o
				WHERE o.tenant_id = voiceagent.current_tenant())) ORDER BY l.lead_id))
$$;
COMMENT ON FUNCTION voiceagent.add_listed_leads(bigint, bigint, text) IS
	E'Puts the leads of an import, with a tag, or both (none: all) into a campaign, as add_leads() does, but those on '
	'the do-not-call list and the tenant''s own telephones; returns how many are new or back in it.\n'
	'PT403, PT404, PT422.';

CREATE FUNCTION voiceagent.campaign_overview(campaign_id bigint) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant voiceagent.tenants;
	v voiceagent.campaign_results;
	v_campaign voiceagent.campaigns;
	v_queue jsonb;
	v_sums jsonb;
	v_hours jsonb;
	v_recent bigint;
	-- The latest calls: what the hours are read from.
	c_calls CONSTANT integer := 10000;
BEGIN
	SELECT * INTO v FROM voiceagent.campaign_results r
	WHERE r.tenant_id = voiceagent.current_tenant() AND r.campaign_id = campaign_overview.campaign_id;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING ERRCODE = 'PT404',
			MESSAGE = format('campaign %s not found', campaign_overview.campaign_id);
	END IF;
	SELECT * INTO v_tenant FROM voiceagent.tenants t WHERE t.tenant_id = v.tenant_id;
	SELECT * INTO v_campaign FROM voiceagent.campaigns c
	WHERE c.tenant_id = v.tenant_id AND c.campaign_id = v.campaign_id;
	v_queue := voiceagent.queue_status(v.campaign_id);
	v_sums := voiceagent.campaign_analytics(v.campaign_id);
	WITH latest AS (
		SELECT c.started_at, c.started_at AT TIME ZONE v_tenant.timezone AS at, c.answered_at, c.ended_at
		FROM voiceagent.calls c WHERE c.tenant_id = v.tenant_id AND c.campaign_id = v.campaign_id
		ORDER BY c.call_id DESC LIMIT c_calls
	), hours AS (
		SELECT extract(isodow FROM l.at)::integer AS weekday, extract(hour FROM l.at)::integer AS hour,
			count(*) AS calls, count(l.answered_at) AS answered FROM latest l WHERE l.ended_at IS NOT NULL GROUP BY 1, 2
	)
	SELECT (SELECT coalesce(jsonb_agg(to_jsonb(h) ORDER BY h.weekday, h.hour), '[]') FROM hours h),
		(SELECT count(*) FROM latest l WHERE l.started_at > voiceagent.clock() - interval '1 hour')
	INTO v_hours, v_recent;
	RETURN jsonb_build_object(
		'campaign', to_jsonb(v) - '{tenant_id,status_reason,costs,machine_credits,unclear_credits}'::text[]
			|| jsonb_build_object('starts_at', v_campaign.starts_at, 'expires_at', v_campaign.expires_at,
				'assistant_id', v_campaign.assistant_id, 'assistant', (SELECT a.name FROM voiceagent.assistants a
					WHERE a.tenant_id = v.tenant_id AND a.assistant_id = v_campaign.assistant_id),
				'account', (SELECT p.name FROM voiceagent.provider_accounts p
					WHERE p.tenant_id = v.tenant_id AND p.provider_account_id = v_campaign.provider_account_id),
				'rehearses', (SELECT p.provider = 'sandbox' FROM voiceagent.provider_accounts p
					WHERE p.tenant_id = v.tenant_id AND p.provider_account_id = v_campaign.provider_account_id)),
		'held', voiceagent.explain_reason(voiceagent.explain_campaign(v.campaign_id)),
		'next_call', v_queue -> 'nextCallTime',
		'lines', (SELECT w.max_concurrent_calls FROM voiceagent.campaign_versions w
			WHERE w.tenant_id = v.tenant_id AND w.campaign_id = v.campaign_id AND w.version = v_campaign.version),
		'last_hour', v_recent,
		'funnel', jsonb_build_array(v_sums -> 'total_calls', v_sums -> 'answered', v_sums -> 'reached',
			v_sums -> 'successes', v_sums -> 'booked'),
		'outcomes', v_sums -> 'outcomes', 'credits', v_sums -> 'credits', 'talk_minutes', v_sums -> 'talk_minutes',
		'hours', v_hours, 'days', (SELECT coalesce(jsonb_agg(to_jsonb(d) ORDER BY d.day), '[]') FROM (
			SELECT f.day, sum(f.calls)::bigint AS calls, sum(f.answered)::bigint AS answered,
				sum(f.booked)::bigint AS booked FROM voiceagent_bi.daily_calls f
			WHERE f.campaign_id = v.campaign_id
				AND f.day > (voiceagent.clock() AT TIME ZONE v_tenant.timezone)::date - 14 GROUP BY f.day) d));
END
$$;
COMMENT ON FUNCTION voiceagent.campaign_overview(bigint) IS
	E'One campaign as the console shows it: campaign (as campaign_progress has it), held (explain_reason()), '
	'next_call, lines, last_hour (calls), funnel (calls, answered, reached, successes, booked), outcomes, '
	'credits, hours (weekday 1 to 7 and hour on the tenant''s clock, of the latest 10,000 calls), days (14).\n'
	'PT404.';
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('deferred', 'add_listed_leads');
