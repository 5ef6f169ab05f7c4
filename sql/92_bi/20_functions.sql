-- 92_bi: figures over a range of days, of a campaign, of two campaigns, and of every tenant for staff.

CREATE FUNCTION voiceagent_private.check_days(from_day date, to_day date) RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
	c_most CONSTANT integer := 3660;
BEGIN
	PERFORM voiceagent_private.fail_if(
		from_day IS NULL OR to_day IS NULL OR NOT isfinite(from_day) OR NOT isfinite(to_day), 'PT422',
		'a range of days needs a first and a last day');
	PERFORM voiceagent_private.fail_if(from_day > to_day, 'PT422', 'the range of days is backwards',
		format('It begins on %s and ends on %s.', from_day, to_day), 'Name the earlier day first.');
	PERFORM voiceagent_private.fail_if(to_day - from_day >= c_most, 'PT422',
		format('a range has at most %s days', c_most), format('This one has %s.', to_day - from_day + 1));
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_days(date, date) IS
	'PT422 unless it is a range of days, the last one included, of at most ten years.';

CREATE FUNCTION voiceagent.overview(from_day date DEFAULT NULL, to_day date DEFAULT NULL,
	campaign_id bigint DEFAULT NULL) RETURNS jsonb
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET planner.policy = batch SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_to date := coalesce(to_day, (voiceagent.clock() AT TIME ZONE voiceagent_private.tenant_zone())::date);
	v_from date := coalesce(from_day, v_to - 29);
	v record;
	v_labels record;
BEGIN
	PERFORM voiceagent_private.check_days(v_from, v_to);
	SELECT coalesce(sum(m.calls), 0) AS calls, coalesce(sum(m.inbound), 0) AS inbound,
		coalesce(sum(m.answered), 0) AS answered, coalesce(sum(m.missed), 0) AS missed,
		coalesce(sum(m.talk_seconds), 0) AS talk_seconds, coalesce(sum(m.credits), 0) AS credits,
		coalesce(jsonb_object_agg(m.currency, m.cost) FILTER (WHERE m.currency IS NOT NULL), '{}') AS costs,
		CASE WHEN count(m.currency) < 2 THEN coalesce(sum(m.cost), 0) END AS cost
	INTO v
	FROM (SELECT d.currency, sum(d.calls) AS calls, sum(d.calls) FILTER (WHERE d.direction = 'inbound') AS inbound,
			sum(d.answered) AS answered, sum(d.calls - d.answered) FILTER (WHERE d.direction = 'inbound') AS missed,
			sum(d.talk_seconds) AS talk_seconds, sum(d.credits) AS credits, sum(d.cost) AS cost
		FROM voiceagent_bi.daily_calls d
		WHERE d.day BETWEEN v_from AND v_to AND (campaign_id IS NULL OR d.campaign_id = campaign_id)
		GROUP BY d.currency) m;
	SELECT coalesce(jsonb_object_agg(l.value, l.calls) FILTER (WHERE l.kind = 'intent'), '{}') AS intents,
		coalesce(jsonb_object_agg(l.value, l.calls) FILTER (WHERE l.kind = 'outcome'), '{}') AS outcomes
	INTO v_labels
	FROM (SELECT d.kind, d.value, sum(d.calls) AS calls FROM voiceagent_bi.daily_outcomes d
		WHERE d.day BETWEEN v_from AND v_to AND d.kind IN ('intent', 'outcome')
			AND (campaign_id IS NULL OR d.campaign_id = campaign_id)
		GROUP BY d.kind, d.value) l;
	RETURN jsonb_build_object('total_calls', v.calls, 'inbound_calls', v.inbound,
		'outbound_calls', v.calls - v.inbound, 'completed_calls', v.answered, 'missed_calls', v.missed,
		'completion_rate', voiceagent.percent(v.answered, v.calls),
		'total_duration_minutes', round(v.talk_seconds / 60, 2), 'total_cost', v.cost, 'costs', v.costs,
		'credits', v.credits, 'intents', v_labels.intents, 'outcomes', v_labels.outcomes, 'from', v_from, 'to', v_to);
END
$$;
COMMENT ON FUNCTION voiceagent.overview(date, date, bigint) IS
	E'The calls of the tenant''s days from from_day to to_day (the last 30), of one campaign or all: total_calls, '
	'inbound_calls, outbound_calls, completed_calls, missed_calls (inbound), completion_rate (per cent), '
	'total_duration_minutes, total_cost, costs, credits, intents, outcomes, from, to.\n'
	'total_cost is NULL where carriers charge in several currencies: see costs. PT422.';

CREATE FUNCTION voiceagent_private.campaign_sums(campaign_id bigint, from_day date DEFAULT '-infinity',
	to_day date DEFAULT 'infinity', OUT leads bigint, OUT leads_called bigint,
	OUT calls bigint, OUT answered bigint, OUT reached bigint, OUT successes bigint, OUT booked bigint,
	OUT callbacks bigint, OUT opt_outs bigint, OUT qualified bigint, OUT retries bigint, OUT csat_calls bigint,
	OUT csat_sum bigint, OUT talk_seconds numeric, OUT credits numeric, OUT costs jsonb)
	LANGUAGE plpgsql STABLE SET planner.policy = batch SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	PERFORM voiceagent_private.fail_if(NOT EXISTS (SELECT FROM voiceagent.campaigns g
		WHERE g.tenant_id = v_tenant AND g.campaign_id = campaign_sums.campaign_id), 'PT404',
		format('campaign %s not found', campaign_sums.campaign_id));
	SELECT coalesce(sum(c.waiting_leads + c.calling_leads + c.completed_leads + c.failed_leads + c.skipped_leads
		+ c.expired_leads), 0), coalesce(sum(c.leads_called), 0) INTO leads, leads_called
	FROM voiceagent.campaign_counters c
	WHERE c.tenant_id = v_tenant AND c.campaign_id = campaign_sums.campaign_id;
	SELECT coalesce(sum(m.calls), 0), coalesce(sum(m.answered), 0), coalesce(sum(m.reached), 0),
		coalesce(sum(m.successes), 0), coalesce(sum(m.booked), 0), coalesce(sum(m.callbacks), 0),
		coalesce(sum(m.opt_outs), 0), coalesce(sum(m.qualified), 0), coalesce(sum(m.retries), 0),
		coalesce(sum(m.csat_calls), 0), coalesce(sum(m.csat_sum), 0), coalesce(sum(m.talk_seconds), 0),
		coalesce(sum(m.credits), 0),
		coalesce(jsonb_object_agg(m.currency, m.cost) FILTER (WHERE m.currency IS NOT NULL), '{}')
	INTO calls, answered, reached, successes, booked, callbacks, opt_outs, qualified, retries, csat_calls, csat_sum,
		talk_seconds, credits, costs
	FROM (SELECT d.currency, sum(d.calls) AS calls, sum(d.answered) AS answered, sum(d.reached) AS reached,
			sum(d.successes) AS successes, sum(d.booked) AS booked, sum(d.callbacks) AS callbacks,
			sum(d.opt_outs) AS opt_outs, sum(d.qualified) AS qualified, sum(d.retries) AS retries,
			sum(d.csat_calls) AS csat_calls, sum(d.csat_sum) AS csat_sum, sum(d.talk_seconds) AS talk_seconds,
			sum(d.credits) AS credits, sum(d.cost) AS cost
		FROM (SELECT nullif(f.currency, '') AS currency, f.calls, f.answered, f.reached, f.successes, f.booked,
				f.callbacks, f.opt_outs, f.qualified, f.retries, f.csat_calls, f.csat_sum, f.talk_seconds, f.credits,
				f.cost
			FROM voiceagent.daily_figures f
			WHERE f.tenant_id = v_tenant AND f.campaign_id = campaign_sums.campaign_id
				AND f.day BETWEEN campaign_sums.from_day AND campaign_sums.to_day
			UNION ALL
			SELECT nullif(f.currency, ''), f.calls, f.answered, f.reached, f.successes, f.booked, f.callbacks,
				f.opt_outs, f.qualified, f.retries, f.csat_calls, f.csat_sum, f.talk_seconds, f.credits, f.cost
			FROM voiceagent.unfolded_figures() f WHERE f.campaign_id = campaign_sums.campaign_id
				AND f.day BETWEEN campaign_sums.from_day AND campaign_sums.to_day) d
		GROUP BY d.currency) m;
END
$$;
COMMENT ON FUNCTION voiceagent_private.campaign_sums(bigint, date, date) IS
	'The figures of a campaign of the current tenant over these days; leads and leads_called over all; PT404.';

CREATE FUNCTION voiceagent.campaign_analytics(campaign_id bigint, from_day date DEFAULT NULL, to_day date DEFAULT NULL)
	RETURNS jsonb
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET planner.policy = batch SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_from date := coalesce(from_day, '-infinity');
	v_to date := coalesce(to_day, 'infinity');
	v record := voiceagent_private.campaign_sums(campaign_id, v_from, v_to);
	v_labels jsonb;
BEGIN
	IF num_nonnulls(from_day, to_day) > 0 THEN
		PERFORM voiceagent_private.check_days(coalesce(from_day, to_day), coalesce(to_day, from_day));
	END IF;
	SELECT coalesce(jsonb_object_agg(k.kind, k.counts), '{}') INTO v_labels
	FROM (SELECT l.kind, jsonb_object_agg(l.value, l.calls) AS counts
		FROM (SELECT o.kind, o.value, sum(o.calls) AS calls
			FROM (SELECT d.kind, d.value, d.calls FROM voiceagent.daily_labels d
				WHERE d.tenant_id = voiceagent.current_tenant() AND d.campaign_id = campaign_analytics.campaign_id
					AND d.day BETWEEN v_from AND v_to
				UNION ALL
				SELECT d.kind, d.value, d.calls FROM voiceagent.unfolded_labels() d
				WHERE d.campaign_id = campaign_analytics.campaign_id AND d.day BETWEEN v_from AND v_to) o
			GROUP BY o.kind, o.value HAVING sum(o.calls) <> 0) l
		GROUP BY l.kind) k;
	RETURN jsonb_build_object('campaign_id', campaign_id, 'leads', v.leads, 'leads_called', v.leads_called,
		'total_calls', v.calls, 'answered', v.answered, 'reached', v.reached, 'positive',
		coalesce((v_labels #>> '{outcome,interested}')::bigint, 0)
			+ coalesce((v_labels #>> '{outcome,scheduled}')::bigint, 0),
		'successes', v.successes, 'booked', v.booked, 'callbacks', v.callbacks, 'opt_outs', v.opt_outs,
		'average_duration_seconds', round(v.talk_seconds / nullif(v.answered, 0), 1),
		'average_csat', round(v.csat_sum::numeric / nullif(v.csat_calls, 0), 2),
		'connect_rate', voiceagent.percent(v.reached, v.calls),
		'conversion_rate', voiceagent.percent(v.successes, v.reached),
		'appointment_rate', voiceagent.percent(v.booked, v.reached),
		'qualification_rate', voiceagent.percent(v.qualified, v.reached),
		'retry_rate', voiceagent.percent(v.retries, v.calls),
		'outcomes', coalesce(v_labels -> 'outcome', '{}'), 'intents', coalesce(v_labels -> 'intent', '{}'),
		'emotions', coalesce(v_labels -> 'emotion', '{}'), 'interest', coalesce(v_labels -> 'interest', '{}'),
		'sentiment', coalesce(v_labels -> 'evaluation', '{}'), 'csat', coalesce(v_labels -> 'csat', '{}'),
		'talk_minutes', round(v.talk_seconds / 60, 2), 'credits', v.credits, 'costs', v.costs);
END
$$;
COMMENT ON FUNCTION voiceagent.campaign_analytics(bigint, date, date) IS
	E'All figures of a campaign in one object: counts, rates in per cent, average duration and satisfaction, and how '
	'many calls have each outcome, intent, emotion, interest, sentiment and mark (csat).\n'
	'Exact at once. from_day, to_day: only of these days, in the tenant''s zone, but for leads and leads_called. '
	'PT404, PT422.';

CREATE FUNCTION voiceagent.compare_campaigns(a bigint, b bigint)
	RETURNS TABLE (measure text, n_a bigint, hits_a bigint, rate_a numeric, low_a numeric, high_a numeric,
		n_b bigint, hits_b bigint, rate_b numeric, low_b numeric, high_b numeric, difference numeric, p_value numeric,
		verdict text)
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	x record := voiceagent_private.campaign_sums(a);
	y record := voiceagent_private.campaign_sums(b);
BEGIN
	-- A lead that is called again is no further trial: what a call leads to is compared by leads.
	RETURN QUERY
	SELECT m.measure, m.na, m.ha, round(m.ha::numeric / nullif(m.na, 0), 4), u.low, u.high,
		m.nb, m.hb, round(m.hb::numeric / nullif(m.nb, 0), 4), w.low, w.high,
		round(m.hb::numeric / nullif(m.nb, 0) - m.ha::numeric / nullif(m.na, 0), 4), p.p,
		CASE WHEN m.na = 0 OR m.nb = 0 THEN 'no calls' WHEN p.p >= 0.05 THEN 'no difference shown'
			WHEN (m.hb::numeric / m.nb > m.ha::numeric / m.na) = m.more_is_better THEN 'b is better'
			ELSE 'a is better' END
	FROM (VALUES (1, 'reached of calls', x.calls, x.reached, y.calls, y.reached, true),
		(2, 'successes of leads', x.leads_called, least(x.successes, x.leads_called), y.leads_called,
			least(y.successes, y.leads_called), true),
		(3, 'booked of leads', x.leads_called, least(x.booked, x.leads_called), y.leads_called,
			least(y.booked, y.leads_called), true),
		(4, 'opt-outs of leads', x.leads_called, least(x.opt_outs, x.leads_called), y.leads_called,
			least(y.opt_outs, y.leads_called), false))
		AS m(place, measure, na, ha, nb, hb, more_is_better)
	CROSS JOIN LATERAL voiceagent_private.wilson(m.ha, m.na) u
	CROSS JOIN LATERAL voiceagent_private.wilson(m.hb, m.nb) w
	CROSS JOIN LATERAL (SELECT voiceagent_private.chance_of_difference(m.ha, m.na, m.hb, m.nb) AS p) p
	ORDER BY m.place;
END
$$;
COMMENT ON FUNCTION voiceagent.compare_campaigns(bigint, bigint) IS
	E'Two campaigns side by side: rates with Wilson''s intervals at 95 %, the difference of b over a, how probable one '
	'so large would be if there were none, and a verdict at 5 %.\n'
	'Leads that differ from the start make a difference too: an experiment draws them by lot. PT404.';

CREATE FUNCTION voiceagent.tenant_usage(from_day date DEFAULT NULL, to_day date DEFAULT NULL)
	RETURNS TABLE (tenant_id bigint, name text, active boolean, campaigns bigint, leads_called bigint, calls bigint,
		inbound bigint, answered bigint, booked bigint, minutes numeric, credits numeric, model_tokens bigint)
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = bulk SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_to date := coalesce(to_day, (voiceagent.clock() AT TIME ZONE 'UTC')::date);
	v_from date := coalesce(from_day, v_to - 29);
	v_was bigint;
	v_tenant bigint;
BEGIN
	PERFORM voiceagent_private.require_platform('see the usage of tenants');
	PERFORM voiceagent_private.check_days(v_from, v_to);
	v_was := voiceagent_private.set_tenant_for_reports(0);
	FOR v_tenant IN SELECT d.tenant_id FROM voiceagent_private.tenant_directory d ORDER BY d.tenant_id LOOP
		PERFORM voiceagent_private.set_tenant_for_reports(v_tenant);
		RETURN QUERY
		SELECT t.tenant_id, t.name, t.active,
			(SELECT count(*) FROM voiceagent.campaigns g WHERE g.tenant_id = v_tenant AND g.type <> 'test'),
			(SELECT coalesce(sum(c.leads_called), 0)::bigint FROM voiceagent.campaign_counters c
				WHERE c.tenant_id = v_tenant),
			coalesce(sum(f.calls), 0)::bigint, coalesce(sum(f.calls) FILTER (WHERE f.direction = 'inbound'), 0)::bigint,
			coalesce(sum(f.answered), 0)::bigint, coalesce(sum(f.booked), 0)::bigint,
			coalesce(round(sum(f.talk_seconds) / 60, 2), 0), coalesce(sum(f.credits), 0),
			(SELECT coalesce(sum(u.tokens_in + u.tokens_out), 0)::bigint FROM voiceagent.model_usage u
				WHERE u.tenant_id = v_tenant AND u.day BETWEEN v_from AND v_to)
		FROM voiceagent.tenants t
		LEFT JOIN voiceagent_bi.daily_calls f ON f.day BETWEEN v_from AND v_to
		WHERE t.tenant_id = v_tenant GROUP BY t.tenant_id, t.name, t.active;
	END LOOP;
	PERFORM voiceagent_private.set_tenant_for_reports(v_was);
END
$$;
COMMENT ON FUNCTION voiceagent.tenant_usage(date, date) IS
	E'The use of each tenant from from_day to to_day, in its own days (the last 30), and its campaigns and leads '
	'called in all.\n'
	'For staff (42501). PT422.';
