-- 90_report: the calls back that were promised, and when a lead is tried next.

CREATE FUNCTION voiceagent_private.next_try(lead bigint, campaign bigint DEFAULT NULL)
	RETURNS TABLE (campaign_id bigint, at timestamptz, reason text, due timestamptz) LANGUAGE plpgsql STABLE ROWS 1
	SET search_path = pg_catalog, pg_temp
	SET planner.policy = row_by_row AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	RETURN QUERY SELECT q.campaign_id, greatest(q.not_before, l.opens_at), q.reason, q.not_before
	FROM (SELECT m.campaign_id FROM voiceagent.campaign_leads m
		WHERE m.tenant_id = v_tenant AND m.lead_id = lead AND m.status IN ('queued', 'retry')
			AND (campaign IS NULL OR m.campaign_id = campaign) OFFSET 0 /* by the lead */) m
	CROSS JOIN LATERAL (SELECT q.campaign_id, q.lane_id, q.not_before, q.reason FROM voiceagent_private.call_queue q
		WHERE q.tenant_id = v_tenant AND q.campaign_id = m.campaign_id AND q.lead_id = lead OFFSET 0) q
	-- By the key that has the order, whatever the statistics say.
	CROSS JOIN LATERAL (SELECT l.opens_at FROM voiceagent_private.lanes l
		WHERE l.tenant_id = v_tenant AND l.lane_id >= q.lane_id AND l.lane_id <= q.lane_id AND l.running
			AND isfinite(l.opens_at)
		ORDER BY l.lane_id LIMIT 1) l
	ORDER BY 2, q.not_before, 1 LIMIT 1;
END
$$;
COMMENT ON FUNCTION voiceagent_private.next_try(bigint, bigint) IS
	E'When a lead of the current tenant is tried next (in one campaign), as things stand: the later of its own time '
	'(due) and its calling window''s.\n'
	'No row: it waits in no campaign that runs, or has no window.';

CREATE FUNCTION voiceagent_private.list_callbacks()
	RETURNS TABLE (tenant_id bigint, lead_id bigint, first_name text, last_name text, phone text,
			campaign_id bigint, campaign text, call_id bigint, promised_at timestamptz, callback_at timestamptz,
			timezone text, local_time timestamp, state text, reason text)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET planner.policy = row_by_row AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
BEGIN
	RETURN QUERY
	SELECT v_tenant, l.lead_id, l.first_name, l.last_name, k.phone::text, g.campaign_id, g.name, k.call_id, k.ended_at,
		q.at, z.zone, q.at AT TIME ZONE z.zone,
		CASE WHEN m.status = 'calling' THEN 'calling' WHEN m.status NOT IN ('queued', 'retry') THEN 'given_up'
			WHEN NOT q.running THEN 'held' WHEN q.at <= v_now THEN 'due' ELSE 'waiting' END,
		CASE WHEN m.status = 'calling' THEN NULL WHEN m.status NOT IN ('queued', 'retry') THEN m.reason
			WHEN NOT q.running THEN 'the campaign is ' || g.status || coalesce(': ' || g.status_reason, '') END
	-- Those that wait stand first in their lanes; of the others the last call says so, and a
	-- campaign that has asked for it.
	FROM (SELECT q.campaign_id, q.lead_id FROM voiceagent_private.lanes y
			CROSS JOIN LATERAL (SELECT x.campaign_id, x.lead_id FROM voiceagent_private.call_queue x
				WHERE x.tenant_id = v_tenant AND x.lane_id = y.lane_id AND x.priority = -1 OFFSET 0) q
			WHERE y.tenant_id = v_tenant
		UNION
		SELECT x.campaign_id, c.lead_id FROM unnest(voiceagent_private.classes_of(NULL, 'callback', NULL)) AS k(class)
			CROSS JOIN LATERAL (SELECT o.lead_id FROM voiceagent_private.lead_order o
				WHERE o.tenant_id = v_tenant AND o.class = k.class AND o.lead_id > 0 OFFSET 0) c
			CROSS JOIN LATERAL (SELECT o.campaign_id FROM voiceagent.campaign_leads o
				WHERE o.tenant_id = v_tenant AND o.lead_id = c.lead_id OFFSET 0) x) w
	CROSS JOIN LATERAL (SELECT x.campaign_id, x.lead_id, x.status, x.reason FROM voiceagent.campaign_leads x
		WHERE x.tenant_id = v_tenant AND x.campaign_id = w.campaign_id AND x.lead_id = w.lead_id
			AND x.last_outcome = 'callback' OFFSET 0) m
	CROSS JOIN LATERAL (SELECT d.lead_id, d.first_name, d.last_name, d.follow_up FROM voiceagent.leads d
		WHERE d.tenant_id = v_tenant AND d.lead_id = m.lead_id AND d.status <> 'do_not_call' OFFSET 0) l
	CROSS JOIN LATERAL (SELECT x.call_id, x.campaign_id, x.phone, x.number, x.ended_at FROM voiceagent.calls x
		WHERE x.tenant_id = v_tenant AND x.lead_id >= l.lead_id AND x.lead_id <= l.lead_id
			AND x.campaign_id = m.campaign_id AND x.outcome = 'callback'
		ORDER BY x.lead_id DESC, x.call_id DESC LIMIT 1) k
	CROSS JOIN LATERAL (SELECT x.campaign_id, x.name, x.status, x.status_reason FROM voiceagent.campaigns x
		WHERE x.tenant_id = v_tenant AND x.campaign_id >= k.campaign_id AND x.campaign_id <= k.campaign_id
		ORDER BY x.campaign_id LIMIT 1) g
	CROSS JOIN LATERAL (SELECT voiceagent_private.zone_of_call(l.lead_id, k.number) AS zone OFFSET 0) z
	LEFT JOIN LATERAL (SELECT greatest(x.not_before, nullif(n.opens_at, 'infinity')) AS at, n.running
		FROM voiceagent_private.call_queue x
		CROSS JOIN LATERAL (SELECT y.opens_at, y.running FROM voiceagent_private.lanes y
			WHERE y.tenant_id = v_tenant AND y.lane_id >= x.lane_id AND y.lane_id <= x.lane_id
			ORDER BY y.lane_id LIMIT 1) n
		WHERE x.tenant_id = v_tenant AND x.campaign_id = k.campaign_id AND x.lead_id = l.lead_id) q ON true
	-- A lead given up is a person's until one has looked after it, or a later call has.
	WHERE m.status IN ('queued', 'retry', 'calling') OR l.follow_up = 'callback'
	UNION ALL
	SELECT v_tenant, l.lead_id, l.first_name, l.last_name, c.phone::text, b.campaign_id, g.name, b.call_id, c.ended_at,
		b.promised_at, z.zone, b.promised_at AT TIME ZONE z.zone, CASE WHEN m.status = 'calling' THEN 'calling'
			WHEN b.reason IS NOT NULL THEN 'held' WHEN b.promised_at <= v_now THEN 'due' ELSE 'waiting' END, b.reason
	FROM voiceagent_private.incoming_callbacks b
	JOIN voiceagent.leads l ON l.tenant_id = v_tenant AND l.lead_id = b.lead_id
	-- Incoming calls.
	JOIN voiceagent.calls c ON c.tenant_id = v_tenant AND c.call_id = b.call_id
	LEFT JOIN voiceagent.campaigns g ON g.tenant_id = v_tenant AND g.campaign_id = b.campaign_id
	LEFT JOIN voiceagent.campaign_leads m ON m.tenant_id = v_tenant AND m.campaign_id = b.campaign_id
		AND m.lead_id = b.lead_id
	CROSS JOIN LATERAL (SELECT voiceagent_private.zone_of_call(l.lead_id, 1::smallint) AS zone OFFSET 0) z
	WHERE b.tenant_id = v_tenant AND l.status <> 'do_not_call'
		-- Queued, it stands there until the job looks again, also when it is over.
		AND (b.campaign_id IS NULL OR m.status IN ('queued', 'retry', 'calling'))
		AND (b.reason IS NULL OR l.follow_up IS NOT NULL);
END
$$;
COMMENT ON FUNCTION voiceagent_private.list_callbacks() IS 'The rows of promised_callbacks for the current tenant.';

CREATE FUNCTION voiceagent_private.waiting_callbacks()
	RETURNS TABLE (kind text, since timestamptz, campaign_id bigint, lead_id bigint, call_id bigint, what text,
		quote text, settle text)
	LANGUAGE sql STABLE AS $$
	SELECT 'late callback', coalesce(k.callback_at, k.promised_at), k.campaign_id, k.lead_id, k.call_id,
		format('%s since %s', replace(k.state, '_', ' '), to_char(coalesce(k.callback_at, k.promised_at)
			AT TIME ZONE voiceagent_private.tenant_zone(), 'YYYY-MM-DD HH24:MI')) || coalesce(': ' || k.reason, ''),
		(SELECT left(coalesce(nullif(c.structured_data #>> '{callback,phrase}', ''),
				c.structured_data ->> 'callback'), 400) FROM voiceagent.calls c
			WHERE c.tenant_id = voiceagent.current_tenant() AND c.call_id = k.call_id),
		CASE CASE WHEN k.campaign_id IS NULL THEN 'given_up' ELSE k.state END
			WHEN 'held' THEN format('SELECT voiceagent.resume_campaign(%s);', k.campaign_id)
			WHEN 'given_up' THEN format(
				'SELECT voiceagent.follow_up_done(%1$s); -- or SELECT voiceagent.call_now(%1$s);', k.lead_id)
			ELSE format('SELECT voiceagent.remove_leads(%s, ARRAY[%s]); -- explain_lead(%2$s) says what it waits for',
				k.campaign_id, k.lead_id) END
	FROM voiceagent_private.list_callbacks() k
	-- Until 15 minutes after its time it waits for a line.
	WHERE k.state = 'given_up' OR k.state IN ('due', 'held')
		AND k.callback_at < voiceagent.clock() - interval '15 minutes'
$$;
COMMENT ON FUNCTION voiceagent_private.waiting_callbacks() IS
	'Calls back that the current tenant has promised, and that are late or were given up.';

CREATE FUNCTION voiceagent.read_callbacks()
	RETURNS TABLE (tenant_id bigint, lead_id bigint, first_name text, last_name text, phone text,
			campaign_id bigint, campaign text, call_id bigint, promised_at timestamptz, callback_at timestamptz,
			timezone text, local_time timestamp, state text, reason text)
	LANGUAGE sql STABLE SECURITY DEFINER ROWS 100
	SET search_path = pg_catalog, pg_temp AS $$ SELECT * FROM voiceagent_private.list_callbacks() $$;
COMMENT ON FUNCTION voiceagent.read_callbacks() IS 'The rows of the view promised_callbacks.';

CREATE VIEW voiceagent.promised_callbacks WITH (security_invoker = on) AS
SELECT * FROM voiceagent.read_callbacks();
COMMENT ON VIEW voiceagent.promised_callbacks IS
	E'Leads that were promised a call back, in a campaign''s call or an incoming one: when, in which zone, and how it '
	'stands.\n'
	'One that was given up stands here until follow_up_done().';
COMMENT ON COLUMN voiceagent.promised_callbacks.campaign IS
	'Name of the campaign that promised it, or by which an incoming call''s is dialled; NULL: by none yet.';
COMMENT ON COLUMN voiceagent.promised_callbacks.promised_at IS 'When the call ended in which it was promised.';
COMMENT ON COLUMN voiceagent.promised_callbacks.callback_at IS
	'When the lead is called back, not before its calling window opens; NULL: it is not waited for.';
COMMENT ON COLUMN voiceagent.promised_callbacks.local_time IS 'The same on the clock of the lead''s own zone.';
COMMENT ON COLUMN voiceagent.promised_callbacks.timezone IS 'That zone.';
COMMENT ON COLUMN voiceagent.promised_callbacks.state IS
	'waiting; due (its time has come, a line or the pace is waited for); calling; held (its campaign does not run, or '
	'an incoming call''s could not be dialled at its time); given_up: reason says why.';
COMMENT ON COLUMN voiceagent.promised_callbacks.reason IS 'Why it is held or given up, in words.';
COMMENT ON COLUMN voiceagent.promised_callbacks.phone IS 'The number of that call.';

CREATE FUNCTION voiceagent.next_try_at(member voiceagent.campaign_leads) RETURNS timestamptz
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	SELECT t.at FROM voiceagent_private.next_try((member).lead_id, (member).campaign_id) t
	WHERE (member).tenant_id = voiceagent.current_tenant()
$$;
COMMENT ON FUNCTION voiceagent.next_try_at(voiceagent.campaign_leads) IS
	E'When a lead is tried next in a campaign: campaign_leads.next_try_at, also as a column for PostgREST '
	'(?select=*,next_try_at).\n'
	'NULL: it does not wait there, or the campaign does not run.';
