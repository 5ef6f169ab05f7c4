-- 96_console: whether it gets better: a period beside the one before it.

CREATE FUNCTION voiceagent.report_page(from_day date DEFAULT NULL, to_day date DEFAULT NULL,
	campaign_id bigint DEFAULT NULL, days integer DEFAULT 21) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_zone text := (SELECT t.timezone FROM voiceagent.tenants t WHERE t.tenant_id = voiceagent.current_tenant());
	v_to date := coalesce(to_day, (voiceagent.clock() AT TIME ZONE v_zone)::date);
	c_days CONSTANT integer := 366;
	-- NULL for what is no period of days, at the ends of time too.
	v_from date := CASE WHEN coalesce(from_day, v_to) BETWEEN '1900-01-01' AND v_to AND v_to <= '9999-12-31'
		AND (from_day IS NOT NULL OR days BETWEEN 1 AND c_days) THEN coalesce(from_day, v_to - (days - 1)) END;
	v_days integer := v_to - v_from + 1;
	v_figures jsonb;
	v_hours jsonb;
	-- The latest calls, which the hours are read from.
	c_calls CONSTANT integer := 10000;
BEGIN
	IF v_days IS NULL OR v_days > c_days THEN
		RAISE EXCEPTION USING ERRCODE = 'PT422', MESSAGE = format('a report has 1 to %s days', c_days);
	END IF;
	WITH figures AS MATERIALIZED (
		SELECT d.day, d.day >= v_from AS now, d.campaign_id, d.campaign, sum(d.calls)::bigint AS calls,
			sum(d.answered)::bigint AS answered, sum(d.reached)::bigint AS reached,
			sum(d.successes)::bigint AS successes, sum(d.booked)::bigint AS booked,
			sum(d.opt_outs)::bigint AS opt_outs, sum(d.credits) AS credits
		FROM voiceagent_bi.daily_calls d WHERE d.day BETWEEN v_from - v_days AND v_to
			AND (campaign_id IS NULL OR d.campaign_id = campaign_id)
		GROUP BY d.day, d.campaign_id, d.campaign
	), sums AS (
		SELECT p.now, jsonb_build_object('calls', coalesce(sum(f.calls), 0), 'answered', coalesce(sum(f.answered), 0),
			'reached', coalesce(sum(f.reached), 0), 'interested', coalesce(sum(f.successes), 0),
			'booked', coalesce(sum(f.booked), 0), 'opt_outs', coalesce(sum(f.opt_outs), 0),
			'credits', coalesce(sum(f.credits), 0)) AS figures
		FROM (VALUES (true), (false)) AS p(now) LEFT JOIN figures f ON f.now = p.now GROUP BY p.now
	)
	SELECT jsonb_build_object('now', (SELECT s.figures FROM sums s WHERE s.now),
		'before', (SELECT s.figures FROM sums s WHERE NOT s.now),
		'days', (SELECT jsonb_agg(jsonb_build_object('day', n.day, 'calls', coalesce(f.calls, 0), 'answered',
				coalesce(f.answered, 0), 'booked', coalesce(f.booked, 0), 'before', jsonb_build_object('calls',
				coalesce(b.calls, 0), 'answered', coalesce(b.answered, 0), 'booked', coalesce(b.booked, 0)))
				ORDER BY n.day)
			FROM (SELECT v_from + i AS day FROM generate_series(0, v_days - 1) i) n
			LEFT JOIN (SELECT g.day, sum(g.calls) AS calls, sum(g.answered) AS answered, sum(g.booked) AS booked
				FROM figures g GROUP BY g.day) f ON f.day = n.day
			LEFT JOIN (SELECT g.day, sum(g.calls) AS calls, sum(g.answered) AS answered, sum(g.booked) AS booked
				FROM figures g GROUP BY g.day) b ON b.day = n.day - v_days),
		'campaigns', (SELECT coalesce(jsonb_agg(to_jsonb(c) ORDER BY c.calls DESC, c.campaign_id), '[]') FROM (
			SELECT g.campaign_id, g.campaign AS name, sum(g.calls) AS calls, sum(g.reached) AS reached,
				sum(g.booked) AS booked, sum(g.credits) AS credits
			FROM figures g WHERE g.now AND g.campaign_id IS NOT NULL GROUP BY g.campaign_id, g.campaign
			ORDER BY sum(g.calls) DESC, g.campaign_id LIMIT 20) c)) INTO v_figures;
	-- Each by the index that has its order; the other one is not read.
	WITH latest AS (
		(SELECT c.started_at, c.answered_at, c.ended_at FROM voiceagent.calls c
		WHERE campaign_id IS NULL AND c.tenant_id = v_tenant AND c.direction <> 'inbound'
		ORDER BY c.call_id DESC LIMIT c_calls)
		UNION ALL
		(SELECT c.started_at, c.answered_at, c.ended_at FROM voiceagent.calls c
		WHERE c.tenant_id = v_tenant AND c.campaign_id = campaign_id ORDER BY c.call_id DESC LIMIT c_calls)
	), timed AS (
		SELECT l.started_at AT TIME ZONE v_zone AS at, l.answered_at FROM latest l
		WHERE l.ended_at IS NOT NULL AND l.started_at >= v_from::timestamp AT TIME ZONE v_zone
			AND l.started_at < (v_to + 1)::timestamp AT TIME ZONE v_zone
	)
	SELECT coalesce(jsonb_agg(to_jsonb(h) ORDER BY h.weekday, h.hour), '[]') INTO v_hours FROM (
		SELECT extract(isodow FROM l.at)::integer AS weekday, extract(hour FROM l.at)::integer AS hour,
			count(*) AS calls, count(l.answered_at) AS answered FROM timed l GROUP BY 1, 2) h;
	RETURN v_figures || jsonb_build_object('from', v_from, 'to', v_to, 'hours', v_hours,
		'outcomes', (SELECT coalesce(jsonb_object_agg(o.value, o.calls), '{}') FROM (
			SELECT d.value, sum(d.calls) AS calls FROM voiceagent_bi.daily_outcomes d
			WHERE d.kind = 'outcome' AND d.day BETWEEN v_from AND v_to
				AND (campaign_id IS NULL OR d.campaign_id = campaign_id) GROUP BY d.value) o));
END
$$;
COMMENT ON FUNCTION voiceagent.report_page(date, date, bigint, integer) IS
	E'Days of the tenant (from_day to to_day, or so many until then; 366 at most), of one campaign or all calls, '
	'beside as many before: now and before (calls, answered, reached, interested, booked, opt_outs, credits), days, '
	'campaigns (20 with the most calls), outcomes, hours (weekday and hour, of the latest 10,000 outbound calls).\n'
	'Exact at once, as voiceagent_bi has them. PT422.';
