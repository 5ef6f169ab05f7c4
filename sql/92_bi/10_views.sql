/*
 * 92_bi: what happened, as views that people draw: one flat relation for each
 * question, in the tenant's time zone.
 *
 * Each reads with the caller's rights, and only what members may read.  The
 * figures are sums of days (90_report/82_figures.sql) and what is not folded
 * yet, so that they are exact at once.  A rate is a percentage with one
 * decimal, NULL where there is nothing to divide by.
 */

CREATE SCHEMA voiceagent_bi;
COMMENT ON SCHEMA voiceagent_bi IS
	E'Flat views of the tenant''s calls and figures for reports and dashboards, in its time zone.\n'
	'Point a BI tool here; extension/doc/reports.md says what each word means.';

CREATE FUNCTION voiceagent.percent(hits numeric, of_all numeric) RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN pg_catalog.round(100.0 * hits / nullif(of_all, 0), 1);
COMMENT ON FUNCTION voiceagent.percent(numeric, numeric) IS
	'hits of so many, in per cent with one decimal; NULL of none.';

CREATE VIEW voiceagent_bi.call_list WITH (security_invoker = on) AS
SELECT c.call_id, c.direction, c.started_at AT TIME ZONE t.timezone AS started_at,
	c.ended_at AT TIME ZONE t.timezone AS ended_at,
	-- As the figures of days have it, also after the zone was changed.
	coalesce(f.day, (c.started_at AT TIME ZONE t.timezone)::date) AS day,
	c.campaign_id, g.name AS campaign, c.lead_id, l.first_name, l.last_name, l.company, l.email, c.phone::text AS phone,
	nullif(f.phone_number_id, 0) AS phone_number_id, c.assistant_id, a.name AS assistant, c.attempt_number,
	c.status::text AS status, coalesce(f.outcome, c.outcome::text) AS outcome, f.answered, f.reached, f.booked,
	f.success, f.callback, f.opted_out, f.qualified, f.intent, f.interest, f.emotion, c.evaluation, f.csat,
	c.duration_seconds, c.credits::numeric AS credits, c.cost::numeric AS cost, c.cost_currency AS currency, c.cause,
	(voiceagent.call_result(c)).summary, c.recording_url,
	-- By the call: in their order, all transfers of the tenant would be read for each.
	(SELECT coalesce(n.name, x.phone::text) FROM (SELECT o.* FROM voiceagent.transfers o
			WHERE o.tenant_id = c.tenant_id AND o.call_id = c.call_id OFFSET 0 /* of the call */) x
		LEFT JOIN voiceagent.agents n ON n.tenant_id = x.tenant_id AND n.agent_id = x.agent_id
		ORDER BY x.transfer_id DESC LIMIT 1) AS transferred_to
FROM voiceagent.calls c
JOIN voiceagent.tenants t ON t.tenant_id = c.tenant_id
LEFT JOIN voiceagent.call_facts f ON f.tenant_id = c.tenant_id AND f.call_id = c.call_id
LEFT JOIN voiceagent.campaigns g ON g.tenant_id = c.tenant_id AND g.campaign_id = c.campaign_id
LEFT JOIN voiceagent.assistants a ON a.tenant_id = c.tenant_id AND a.assistant_id = c.assistant_id
LEFT JOIN voiceagent.leads l ON l.tenant_id = c.tenant_id AND l.lead_id = c.lead_id
-- Both directions; test calls are no calls.
WHERE c.tenant_id = voiceagent.current_tenant() AND g.type IS DISTINCT FROM 'test';
COMMENT ON VIEW voiceagent_bi.call_list IS
	E'Every call with its lead, what was read in it, and its money, a row each; live ones too, test calls not.\n'
	'Readings and judgements (answered to csat) are there within five seconds of the end.';

CREATE VIEW voiceagent_bi.daily_calls WITH (security_invoker = on) AS
SELECT d.day, nullif(d.campaign_id, 0) AS campaign_id, g.name AS campaign, d.direction,
	nullif(d.phone_number_id, 0) AS phone_number_id, n.phone_number::text AS phone_number,
	nullif(d.assistant_id, 0) AS assistant_id, a.name AS assistant, nullif(d.currency, '') AS currency,
	d.calls, d.answered, d.reached, d.machines, d.booked, d.successes, d.callbacks, d.opt_outs, d.qualified, d.retries,
	voiceagent.percent(d.reached, d.calls) AS connect_rate, d.csat_calls, d.csat_sum,
	round(d.talk_seconds / 60, 2) AS minutes, d.talk_seconds, d.credits, d.cost, d.unpriced
FROM (SELECT u.tenant_id, u.day, u.campaign_id, u.direction, u.phone_number_id, u.assistant_id, u.currency,
		sum(u.calls)::bigint AS calls, sum(u.answered)::bigint AS answered, sum(u.reached)::bigint AS reached,
		sum(u.machines)::bigint AS machines, sum(u.booked)::bigint AS booked, sum(u.successes)::bigint AS successes,
		sum(u.callbacks)::bigint AS callbacks, sum(u.opt_outs)::bigint AS opt_outs,
		sum(u.qualified)::bigint AS qualified, sum(u.retries)::bigint AS retries,
		sum(u.csat_calls)::bigint AS csat_calls, sum(u.csat_sum)::bigint AS csat_sum,
		sum(u.unpriced)::bigint AS unpriced, sum(u.talk_seconds) AS talk_seconds, sum(u.credits) AS credits,
		sum(u.cost) AS cost
	FROM (SELECT f.tenant_id, f.day, f.campaign_id, f.direction, f.phone_number_id, f.assistant_id, f.currency,
			f.calls, f.answered, f.reached, f.machines, f.booked, f.successes, f.callbacks, f.opt_outs, f.qualified,
			f.retries, f.csat_calls, f.csat_sum, f.unpriced, f.talk_seconds, f.credits, f.cost
		FROM voiceagent.daily_figures f
		UNION ALL
		SELECT f.tenant_id, f.day, f.campaign_id, f.direction, f.phone_number_id, f.assistant_id, f.currency,
			f.calls, f.answered, f.reached, f.machines, f.booked, f.successes, f.callbacks, f.opt_outs, f.qualified,
			f.retries, f.csat_calls, f.csat_sum, f.unpriced, f.talk_seconds, f.credits, f.cost
		FROM voiceagent.unfolded_figures() f) u
	WHERE u.tenant_id = voiceagent.current_tenant()
	GROUP BY u.tenant_id, u.day, u.campaign_id, u.direction, u.phone_number_id, u.assistant_id, u.currency
	HAVING sum(u.calls) <> 0) d
LEFT JOIN voiceagent.campaigns g ON g.tenant_id = d.tenant_id AND g.campaign_id = d.campaign_id
LEFT JOIN voiceagent.phone_numbers n ON n.tenant_id = d.tenant_id AND n.phone_number_id = d.phone_number_id
LEFT JOIN voiceagent.assistants a ON a.tenant_id = d.tenant_id AND a.assistant_id = d.assistant_id;
COMMENT ON VIEW voiceagent_bi.daily_calls IS
	'Ended calls by day, campaign, direction, number, assistant and currency, exact at once; also those of calls that '
	'retention or an erasure has removed.';

CREATE VIEW voiceagent_bi.daily_outcomes WITH (security_invoker = on) AS
SELECT u.day, nullif(u.campaign_id, 0) AS campaign_id, u.direction, u.kind, u.value, sum(u.calls)::bigint AS calls
FROM (SELECT l.tenant_id, l.day, l.campaign_id, l.direction, l.kind, l.value, l.calls FROM voiceagent.daily_labels l
	UNION ALL
	SELECT l.tenant_id, l.day, l.campaign_id, l.direction, l.kind, l.value, l.calls
	FROM voiceagent.unfolded_labels() l) u
WHERE u.tenant_id = voiceagent.current_tenant() AND u.kind NOT LIKE 'hour%'
GROUP BY u.day, u.campaign_id, u.direction, u.kind, u.value
HAVING sum(u.calls) <> 0;
COMMENT ON VIEW voiceagent_bi.daily_outcomes IS
	'How many calls of a day, campaign and direction have each outcome, intent, emotion, interest, evaluation and mark '
	'(kind csat), exact at once.';

CREATE VIEW voiceagent_bi.daily_metrics WITH (security_invoker = on) AS
SELECT d.day, sum(d.calls)::bigint AS calls,
	coalesce(sum(d.calls) FILTER (WHERE d.direction = 'outbound'), 0)::bigint AS dials,
	coalesce(sum(d.calls) FILTER (WHERE d.direction = 'inbound'), 0)::bigint AS inbound,
	sum(d.answered)::bigint AS answered, sum(d.reached)::bigint AS reached, sum(d.successes)::bigint AS conversions,
	sum(d.booked)::bigint AS bookings, sum(d.callbacks)::bigint AS callbacks, sum(d.opt_outs)::bigint AS opt_outs,
	voiceagent.percent(sum(d.reached) FILTER (WHERE d.direction = 'outbound'),
		sum(d.calls) FILTER (WHERE d.direction = 'outbound')) AS connect_rate,
	voiceagent.percent(sum(d.successes), sum(d.reached)) AS conversion_rate,
	voiceagent.percent(sum(d.booked), sum(d.reached)) AS booking_rate,
	round(sum(d.talk_seconds) / 60, 2) AS minutes, sum(d.credits) AS credits
FROM voiceagent_bi.daily_calls d
GROUP BY d.day;
COMMENT ON VIEW voiceagent_bi.daily_metrics IS 'The figures of each day on which a call was, over all campaigns.';

CREATE VIEW voiceagent_bi.last_21_days WITH (security_invoker = on) AS
SELECT d.day, d.calls, d.bookings, d.reached, d.conversions, d.connect_rate
FROM voiceagent.tenants t
CROSS JOIN LATERAL (SELECT (voiceagent.clock() AT TIME ZONE t.timezone)::date AS today OFFSET 0 /* one clock */) n
CROSS JOIN LATERAL (SELECT s.day::date AS day, coalesce(m.calls, 0) AS calls, coalesce(m.bookings, 0) AS bookings,
		coalesce(m.reached, 0) AS reached, coalesce(m.conversions, 0) AS conversions, m.connect_rate
	FROM generate_series((n.today - 20)::timestamp, n.today::timestamp, interval '1 day') AS s(day)
	LEFT JOIN (SELECT o.* FROM voiceagent_bi.daily_metrics o WHERE o.day BETWEEN n.today - 20 AND n.today) m
		ON m.day = s.day::date OFFSET 0 /* once, and no other days */) d
WHERE t.tenant_id = voiceagent.current_tenant();
COMMENT ON VIEW voiceagent_bi.last_21_days IS
	'Calls, bookings and connect rate of today and the twenty days before it, a row a day, days without calls too.';

CREATE VIEW voiceagent_bi.today WITH (security_invoker = on) AS
SELECT n.today AS day, coalesce(f.calls, 0) AS calls, coalesce(f.answered, 0) AS completed,
	coalesce(f.reached, 0) AS reached, (SELECT count(*) FROM voiceagent.live_call_ids()) AS active_now,
	coalesce(f.booked, 0) AS booked, coalesce(f.successes, 0) AS successes, coalesce(f.callbacks, 0) AS callbacks,
	coalesce(f.opt_outs, 0) AS opt_outs, voiceagent.percent(f.successes, f.reached) AS success_rate,
	round(f.talk_seconds / nullif(f.answered, 0), 1) AS average_seconds,
	round(f.csat_sum::numeric / nullif(f.csat_calls, 0), 2) AS average_csat, coalesce(f.credits, 0) AS credits,
	coalesce(o.sentiment, '{}') AS sentiment, coalesce(o.emotions, '{}') AS emotions
FROM voiceagent.tenants t
CROSS JOIN LATERAL (SELECT (voiceagent.clock() AT TIME ZONE t.timezone)::date AS today OFFSET 0 /* one clock */) n
LEFT JOIN LATERAL (SELECT sum(d.calls)::bigint AS calls, sum(d.answered)::bigint AS answered,
		sum(d.reached)::bigint AS reached, sum(d.booked)::bigint AS booked, sum(d.successes)::bigint AS successes,
		sum(d.callbacks)::bigint AS callbacks, sum(d.opt_outs)::bigint AS opt_outs, sum(d.talk_seconds) AS talk_seconds,
		sum(d.csat_sum) AS csat_sum, sum(d.csat_calls) AS csat_calls, sum(d.credits) AS credits
	FROM voiceagent_bi.daily_calls d WHERE d.day = n.today) f ON true
LEFT JOIN LATERAL (SELECT jsonb_object_agg(x.value, x.calls) FILTER (WHERE x.kind = 'evaluation') AS sentiment,
		jsonb_object_agg(x.value, x.calls) FILTER (WHERE x.kind = 'emotion') AS emotions
	FROM (SELECT d.kind, d.value, sum(d.calls) AS calls FROM voiceagent_bi.daily_outcomes d
		WHERE d.day = n.today AND d.kind IN ('evaluation', 'emotion') GROUP BY d.kind, d.value) x) o ON true
WHERE t.tenant_id = voiceagent.current_tenant();
COMMENT ON VIEW voiceagent_bi.today IS 'The tenant''s day so far, one row.';

CREATE VIEW voiceagent_bi.campaigns WITH (security_invoker = on) AS
SELECT g.campaign_id, g.name AS campaign, g.type::text AS type, g.status::text AS status, k.leads, k.leads_called,
	coalesce(f.calls, 0) AS calls, coalesce(f.answered, 0) AS answered, coalesce(f.reached, 0) AS reached,
	coalesce(f.successes, 0) AS successes, coalesce(f.booked, 0) AS booked, coalesce(f.callbacks, 0) AS callbacks,
	coalesce(f.opt_outs, 0) AS opt_outs, voiceagent.percent(f.reached, f.calls) AS connect_rate,
	voiceagent.percent(f.successes, f.reached) AS conversion_rate,
	voiceagent.percent(f.booked, f.reached) AS appointment_rate,
	voiceagent.percent(f.qualified, f.reached) AS qualification_rate,
	voiceagent.percent(f.retries, f.calls) AS retry_rate,
	round(f.talk_seconds / 60, 2) AS minutes, coalesce(f.credits, 0) AS credits,
	g.created_at AT TIME ZONE t.timezone AS created_at
FROM voiceagent.campaigns g
JOIN voiceagent.tenants t ON t.tenant_id = g.tenant_id
LEFT JOIN (SELECT d.campaign_id, sum(d.calls)::bigint AS calls, sum(d.answered)::bigint AS answered,
		sum(d.reached)::bigint AS reached, sum(d.successes)::bigint AS successes, sum(d.booked)::bigint AS booked,
		sum(d.callbacks)::bigint AS callbacks, sum(d.opt_outs)::bigint AS opt_outs,
		sum(d.qualified)::bigint AS qualified, sum(d.retries)::bigint AS retries, sum(d.talk_seconds) AS talk_seconds,
		sum(d.credits) AS credits
	FROM voiceagent_bi.daily_calls d WHERE d.campaign_id IS NOT NULL GROUP BY d.campaign_id) f USING (campaign_id)
LEFT JOIN (SELECT c.campaign_id, sum(c.waiting_leads + c.calling_leads + c.completed_leads + c.failed_leads
			+ c.skipped_leads + c.expired_leads)::bigint AS leads, sum(c.leads_called)::bigint AS leads_called
	FROM voiceagent.campaign_counters c WHERE c.tenant_id = voiceagent.current_tenant()
	GROUP BY c.campaign_id) k USING (campaign_id)
WHERE g.tenant_id = voiceagent.current_tenant() AND g.type <> 'test';
COMMENT ON VIEW voiceagent_bi.campaigns IS 'Each campaign with its calls and rates, archived ones too, test calls not.';

CREATE VIEW voiceagent_bi.lead_sets WITH (security_invoker = on) AS
SELECT l.batch_id, b.imported_at, l.leads, l.called, l.reached, l.successes, l.opt_outs,
	voiceagent.percent(l.reached, l.called) AS contact_rate,
	voiceagent.percent(l.successes, l.called) AS conversion_rate,
	voiceagent.percent(l.scheduled, l.called) AS appointment_rate
FROM (SELECT d.tenant_id, d.batch_id, count(*) AS leads, count(d.last_outcome) AS called,
		count(*) FILTER (WHERE d.last_outcome IN ('interested', 'scheduled', 'callback', 'not_interested', 'completed',
			'do_not_call', 'wrong_number', 'unfinished')) AS reached,
		count(*) FILTER (WHERE d.last_outcome IN ('interested', 'scheduled')) AS successes,
		count(*) FILTER (WHERE d.last_outcome = 'scheduled') AS scheduled,
		count(*) FILTER (WHERE d.last_outcome = 'do_not_call') AS opt_outs
	FROM voiceagent.leads d WHERE d.tenant_id = voiceagent.current_tenant() GROUP BY d.tenant_id, d.batch_id) l
LEFT JOIN LATERAL (SELECT i.created_at AT TIME ZONE t.timezone AS imported_at
	FROM voiceagent.import_batches i JOIN voiceagent.tenants t ON t.tenant_id = i.tenant_id
	WHERE i.tenant_id = l.tenant_id AND i.batch_id = l.batch_id) b ON true;
COMMENT ON VIEW voiceagent_bi.lead_sets IS
	E'The leads of each import by the outcome of their last call.\n'
	'It reads all leads of the tenant: some seconds for a million.';

CREATE VIEW voiceagent_bi.spending WITH (security_invoker = on) AS
SELECT d.day, d.campaign_id, d.campaign, d.direction, d.currency, sum(d.calls)::bigint AS calls,
	sum(d.minutes) AS minutes, sum(d.credits) AS credits, sum(d.cost) AS cost, sum(d.unpriced)::bigint AS unpriced,
	round(sum(d.credits) / nullif(sum(d.booked), 0), 2) AS credits_per_booking
FROM voiceagent_bi.daily_calls d
GROUP BY d.day, d.campaign_id, d.campaign, d.direction, d.currency;
COMMENT ON VIEW voiceagent_bi.spending IS
	'The cost of each day, by campaign, direction and the carrier''s currency: credits, and the carriers'' charge.';

CREATE VIEW voiceagent_bi.appointments WITH (security_invoker = on) AS
SELECT p.appointment_id, p.status::text AS status, p.starts_at AT TIME ZONE t.timezone AS starts_at,
	p.ends_at AT TIME ZONE t.timezone AS ends_at, p.lead_id, l.first_name, l.last_name, l.phone::text AS phone,
	p.call_id, c.campaign_id, p.summary, p.created_at AT TIME ZONE t.timezone AS created_at
FROM voiceagent.appointments p
JOIN voiceagent.tenants t ON t.tenant_id = p.tenant_id
LEFT JOIN voiceagent.leads l ON l.tenant_id = p.tenant_id AND l.lead_id = p.lead_id
LEFT JOIN voiceagent.calls c ON c.tenant_id = p.tenant_id AND c.call_id = p.call_id
WHERE p.tenant_id = voiceagent.current_tenant();
COMMENT ON VIEW voiceagent_bi.appointments IS 'Appointments with their leads, in the tenant''s time zone.';

CREATE VIEW voiceagent_bi.transcripts WITH (security_invoker = on) AS
SELECT k.call_id, c.campaign_id, c.day, c.outcome, k.turn, k.speaker, k.text, k.at AT TIME ZONE t.timezone AS at,
	k.emotion
FROM voiceagent.call_turns k
JOIN voiceagent.tenants t ON t.tenant_id = k.tenant_id
JOIN voiceagent_bi.call_list c ON c.call_id = k.call_id
WHERE k.tenant_id = voiceagent.current_tenant();
COMMENT ON VIEW voiceagent_bi.transcripts IS 'The words of calls, a row a turn; not of test calls.';

CREATE VIEW voiceagent_bi.leads WITH (security_invoker = on) AS
SELECT l.lead_id, l.phone::text AS phone, l.first_name, l.last_name, l.email, l.company, l.country, l.region,
	l.status::text AS status, l.last_outcome::text AS last_outcome, l.qualified, l.call_attempts,
	l.last_called_at AT TIME ZONE t.timezone AS last_called_at, l.batch_id, l.tags, l.context,
	l.created_at AT TIME ZONE t.timezone AS created_at
FROM voiceagent.leads l
JOIN voiceagent.tenants t ON t.tenant_id = l.tenant_id
WHERE l.tenant_id = voiceagent.current_tenant();
COMMENT ON VIEW voiceagent_bi.leads IS 'The leads, with what their last call came to.';

CREATE VIEW voiceagent_bi.ledger WITH (security_invoker = on) AS
SELECT c.transaction_id, c.at AT TIME ZONE t.timezone AS at, c.activity, c.change, c.available, c.reference, c.call_id,
	c.campaign_id
FROM voiceagent.credit_statement c
JOIN voiceagent.tenants t ON t.tenant_id = c.tenant_id;
COMMENT ON VIEW voiceagent_bi.ledger IS 'The changes of the tenant''s credits, one row each, in its time zone.';
