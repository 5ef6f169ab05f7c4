-- 90_report: the definitions: what counts of a call, and what a set of calls comes to.

CREATE FUNCTION voiceagent_private.facts_of(call_ids bigint[]) RETURNS SETOF voiceagent_private.call_fact
	LANGUAGE plpgsql STABLE SET planner.policy = row_by_row SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_zone text := voiceagent_private.tenant_zone();
BEGIN
	RETURN QUERY
	SELECT v_tenant, c.call_id, c.started_at, coalesce(o.day, (c.started_at AT TIME ZONE v_zone)::date),
		coalesce(c.campaign_id, 0), c.direction, coalesce(a.phone_number_id, b.phone_number_id, 0),
		coalesce(c.assistant_id, 0), coalesce(c.cost_currency, ''),
		w.answered, w.answered AND NOT w.machine, w.answered AND w.machine, w.booked,
		w.answered AND NOT w.machine AND NOT w.opted_out AND (w.booked OR w.outcome IN ('scheduled', 'interested')),
		w.outcome = 'callback', w.opted_out, w.qualified, coalesce(c.attempt_number > 1, false), r.csat,
		coalesce(c.duration_seconds, 0), coalesce(c.credits, 0), c.cost::numeric, c.status::text, w.outcome,
		c.evaluation, r.intent, r.emotion, r.interest
	FROM unnest(call_ids) AS i(call_id)
	-- Calls of both directions.
	CROSS JOIN LATERAL (SELECT n.* FROM voiceagent.calls n
		WHERE n.tenant_id = v_tenant AND n.call_id = i.call_id AND n.outcome IS NOT NULL OFFSET 0) c
	LEFT JOIN LATERAL (SELECT n.* FROM voiceagent.call_facts n
		WHERE n.tenant_id = v_tenant AND n.call_id = i.call_id OFFSET 0) o ON true
	LEFT JOIN LATERAL (SELECT n.type FROM voiceagent.campaigns n
		WHERE n.tenant_id = v_tenant AND n.campaign_id = c.campaign_id OFFSET 0) g ON true
	LEFT JOIN LATERAL (SELECT n.phone_number_id FROM voiceagent.attempts n
		WHERE n.tenant_id = v_tenant AND n.call_id = i.call_id OFFSET 0) a ON c.direction <> 'inbound'
	LEFT JOIN LATERAL (SELECT n.phone_number_id FROM voiceagent.call_inbound n
		WHERE n.tenant_id = v_tenant AND n.call_id = i.call_id OFFSET 0) b ON c.direction = 'inbound'
	LEFT JOIN LATERAL (SELECT n.reading FROM voiceagent.conversations n
		WHERE n.tenant_id = v_tenant AND n.call_id = i.call_id
			AND n.month_slot = voiceagent_private.month_slot(c.started_at) OFFSET 0) k ON true
	LEFT JOIN LATERAL (SELECT voiceagent_private.tool_intent(n) AS intent,
			voiceagent_private.came_to(n, k.reading) AS outcome FROM voiceagent.calls n
		WHERE n.tenant_id = v_tenant AND n.call_id = i.call_id AND c.direction = 'inbound' OFFSET 0) u ON true
	-- The status is compared outside: inside, all open appointments of the tenant would be read, by the index of these.
	LEFT JOIN LATERAL (SELECT n.status FROM voiceagent.appointments n
		WHERE n.tenant_id = v_tenant AND n.call_id = i.call_id OFFSET 0) p ON true
	-- Retention takes what was read, and not how it was counted.
	CROSS JOIN LATERAL (SELECT coalesce(u.intent, k.reading #>> '{intent,value}', o.intent) AS intent,
		coalesce(k.reading #>> '{emotion,value}', o.emotion) AS emotion,
		coalesce(k.reading #>> '{interest,value}', o.interest) AS interest,
		coalesce((k.reading #>> '{csat,value}')::smallint, o.csat) AS csat OFFSET 0) r
	CROSS JOIN LATERAL (SELECT c.status = 'completed' AS answered,
		c.direction <> 'inbound' AND (voiceagent_private.is_machine(c.machine)
			OR c.machine IS DISTINCT FROM 'human' AND c.outcome = 'voicemail') AS machine,
		coalesce(p.status IN ('pending', 'confirmed'), false) AS booked,
		CASE WHEN c.direction <> 'inbound' THEN c.outcome::text
			WHEN k.reading IS NULL AND u.outcome = 'completed' THEN coalesce(o.outcome, u.outcome)
			ELSE u.outcome END AS outcome,
		CASE WHEN c.structured_data IS NULL THEN coalesce(o.qualified, false)
			ELSE voiceagent_private.parse_yes(c.structured_data -> 'qualified') END AS qualified,
		CASE WHEN c.structured_data IS NULL THEN coalesce(o.opted_out, false)
			ELSE voiceagent_private.parse_yes(c.structured_data -> 'do_not_call') END
			OR c.outcome = 'do_not_call' AS opted_out OFFSET 0) w
	WHERE g.type IS DISTINCT FROM 'test';
END
$$;
COMMENT ON FUNCTION voiceagent_private.facts_of(bigint[]) IS
	E'The facts of those of these calls of the current tenant that have ended and are no test calls.\n'
	'This is the one place that says what call, answered, reached, booked, success and the like mean.';

CREATE FUNCTION voiceagent_private.sum_facts(added voiceagent_private.call_fact[], taken voiceagent_private.call_fact[])
	RETURNS SETOF voiceagent.day_figures LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN QUERY
	SELECT f.tenant_id, f.day, f.campaign_id, f.direction, f.phone_number_id, f.assistant_id, f.currency,
		sum(f.n), coalesce(sum(f.n) FILTER (WHERE f.answered), 0), coalesce(sum(f.n) FILTER (WHERE f.reached), 0),
		coalesce(sum(f.n) FILTER (WHERE f.machine), 0), coalesce(sum(f.n) FILTER (WHERE f.booked), 0),
		coalesce(sum(f.n) FILTER (WHERE f.success), 0), coalesce(sum(f.n) FILTER (WHERE f.callback), 0),
		coalesce(sum(f.n) FILTER (WHERE f.opted_out), 0), coalesce(sum(f.n) FILTER (WHERE f.qualified), 0),
		coalesce(sum(f.n) FILTER (WHERE f.retry), 0), coalesce(sum(f.n) FILTER (WHERE f.csat IS NOT NULL), 0),
		coalesce(sum(f.n * f.csat), 0), coalesce(sum(f.n) FILTER (WHERE f.answered AND f.cost IS NULL), 0),
		sum(f.n * f.talk_seconds), sum(f.n * f.credits), coalesce(sum(f.n * f.cost), 0)
	FROM (SELECT 1 AS n, a.* FROM unnest(added) a UNION ALL SELECT -1, t.* FROM unnest(taken) t) f
	GROUP BY f.tenant_id, f.day, f.campaign_id, f.direction, f.phone_number_id, f.assistant_id, f.currency;
END
$$;
COMMENT ON FUNCTION voiceagent_private.sum_facts(voiceagent_private.call_fact[], voiceagent_private.call_fact[]) IS
	'The changes of daily_figures by calls: these facts are added, and those that they replace are taken away.';

CREATE FUNCTION voiceagent_private.sum_labels(added voiceagent_private.call_fact[],
	taken voiceagent_private.call_fact[])
	RETURNS SETOF voiceagent.day_labels LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN QUERY
	SELECT f.tenant_id, f.day, f.campaign_id, f.direction, l.kind, l.value, sum(f.n)
	FROM (SELECT 1 AS n, a.* FROM unnest(added) a UNION ALL SELECT -1, t.* FROM unnest(taken) t) f
	CROSS JOIN LATERAL (VALUES ('outcome', f.outcome), ('intent', f.intent), ('emotion', f.emotion),
		('interest', f.interest), ('evaluation', f.evaluation), ('csat', f.csat::text)) AS l(kind, value)
	WHERE l.value IS NOT NULL
	GROUP BY f.tenant_id, f.day, f.campaign_id, f.direction, l.kind, l.value HAVING sum(f.n) <> 0;
END
$$;
COMMENT ON FUNCTION voiceagent_private.sum_labels(voiceagent_private.call_fact[], voiceagent_private.call_fact[]) IS
	'The changes of daily_labels by calls: these facts are added, and those that they replace are taken away.';

CREATE FUNCTION voiceagent_private.changes_figures(event_type text) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN event_type NOT IN ('call_initiated', 'call_ringing', 'call_answered');
COMMENT ON FUNCTION voiceagent_private.changes_figures(text) IS
	'False for the events of a live call, which most are: the figures are of calls that have ended.';

CREATE FUNCTION voiceagent_private.unfolded_calls() RETURNS bigint[]
	LANGUAGE plpgsql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_mark voiceagent_private.figure_marks;
BEGIN
	SELECT m.* INTO v_mark FROM voiceagent_private.figure_marks m WHERE m.tenant_id = v_tenant;
	IF NOT FOUND THEN
		v_mark.position := -1;
		v_mark.walked := 0;
		v_mark.walk_to := 9223372036854775807;
	END IF;
	-- "IS NOT NULL" would have the events of all calls read, by the index of these.
	RETURN array_remove(ARRAY(
		SELECT e.call_id FROM voiceagent.events e
		WHERE e.tenant_id = v_tenant AND e.xid > v_mark.position
			AND voiceagent_private.changes_figures(e.event_type)
		UNION SELECT c.call_id FROM voiceagent_private.changed_calls c WHERE c.tenant_id = v_tenant
		UNION SELECT c.call_id FROM voiceagent.calls c -- both directions
		WHERE c.tenant_id = v_tenant AND c.call_id > v_mark.walked AND c.call_id <= v_mark.walk_to),
		NULL);
END
$$;
COMMENT ON FUNCTION voiceagent_private.unfolded_calls() IS
	'The current tenant''s calls whose figures may not be folded as they are, as far as the calling statement sees.';

CREATE FUNCTION voiceagent_private.unfolded_facts(OUT added voiceagent_private.call_fact[],
	OUT taken voiceagent_private.call_fact[])
	LANGUAGE plpgsql STABLE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_calls bigint[] := voiceagent_private.unfolded_calls();
BEGIN
	IF v_calls <> '{}' THEN
		added := ARRAY(SELECT f FROM voiceagent_private.facts_of(v_calls) f);
		taken := ARRAY(SELECT f FROM voiceagent_private.folded_facts(v_calls) f);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.unfolded_facts() IS
	'The facts of the current tenant''s calls that are not folded: as they are (added), and as folded (taken).';

CREATE FUNCTION voiceagent.unfolded_figures() RETURNS SETOF voiceagent.day_figures
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp ROWS 10 AS $$
	SELECT s.* FROM voiceagent_private.unfolded_facts() f
	CROSS JOIN LATERAL voiceagent_private.sum_facts(f.added, f.taken) s
$$;
COMMENT ON FUNCTION voiceagent.unfolded_figures() IS
	'The rows that daily_figures lacks at the time of the calling statement, to be added to it; some are below 0.';

CREATE FUNCTION voiceagent.unfolded_labels() RETURNS SETOF voiceagent.day_labels
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp ROWS 10 AS $$
	SELECT s.* FROM voiceagent_private.unfolded_facts() f
	CROSS JOIN LATERAL voiceagent_private.sum_labels(f.added, f.taken) s
$$;
COMMENT ON FUNCTION voiceagent.unfolded_labels() IS
	'The rows that daily_labels lacks at the time of the calling statement, to be added to it; some are below 0.';
