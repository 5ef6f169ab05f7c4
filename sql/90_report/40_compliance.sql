/*
 * 90_report: was the law kept?  Reckoned from the calls, by other means than
 * the claim's: wall clocks against rules instead of lanes, window functions
 * instead of check_caps(), lists and consents as they stood at the dial.
 */

CREATE TYPE voiceagent_private.compliance_facts AS (
	jurisdiction text,
	leads bigint,
	calls bigint,
	lawful_calls bigint,
	listed_leads bigint,
	listed_by text,
	unconsented_leads bigint,
	used_up_leads bigint,
	capped_leads bigint,
	outside_hours bigint,
	outside_law_hours bigint,
	outside_day bigint,
	outside_24h bigint,
	outside_window bigint,
	outside_lifetime bigint,
	outside_ring bigint,
	outside_consent bigint,
	outside_lists bigint,
	outside_age bigint,
	outside_disclosure bigint,
	most_day bigint,
	most_24h bigint,
	most_lifetime bigint,
	least_ring interval,
	consents bigint,
	oldest_list interval,
	disclosed bigint,
	answered bigint,
	abandoned bigint,
	unheard bigint,
	opt_outs bigint,
	called_after bigint
);
COMMENT ON TYPE voiceagent_private.compliance_facts IS
	'The counts of compliance_report() in one jurisdiction of a campaign: leads and what blocked them, calls, calls '
	'outside each rule, and the extremes.';

CREATE FUNCTION voiceagent_private.weekly_hours(windows integer[])
	RETURNS TABLE (since date, until date, weekday integer, opens integer, closes integer)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT t.since, coalesce((SELECT min(date '2000-01-01' + windows[3 * j - 1])
			FROM generate_series(t.i, cardinality(windows) / 3) j WHERE windows[3 * j - 2] < 0), 'infinity'),
		windows[3 * t.i - 2], windows[3 * t.i - 1], windows[3 * t.i]
	FROM (SELECT i, coalesce(max(date '2000-01-01' + windows[3 * i - 1]) FILTER (WHERE windows[3 * i - 2] < 0)
			OVER (ORDER BY i), '-infinity') AS since
		FROM generate_series(1, cardinality(windows) / 3) i) t
	WHERE windows[3 * t.i - 2] >= 0
$$;
COMMENT ON FUNCTION voiceagent_private.weekly_hours(integer[]) IS
	'The hours that law_windows() has packed: from which day on and before which, the weekday (0: Monday; 7: the day '
	'before a holiday, besides), from and until which minute.';

CREATE FUNCTION voiceagent_private.call_facts(campaign_id bigint, terms voiceagent_private.law_terms[])
	RETURNS TABLE (call_id bigint, jurisdiction text, lawful boolean, bad_hours boolean, bad_law_hours boolean,
		in_day bigint, in_24h bigint, ever bigint, bad_day boolean, bad_24h boolean, bad_window boolean,
		bad_lifetime boolean, bad_consent boolean, bad_list boolean, after_opt_out boolean)
	LANGUAGE plpgsql STABLE SET planner.policy = whole AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_campaign bigint := campaign_id;
BEGIN
	RETURN QUERY WITH law AS MATERIALIZED (
		SELECT t.jurisdiction AS place, t.* FROM unnest(terms) t
	), called AS MATERIALIZED (
		SELECT min(k.started_at)::date - 2 AS since, max(k.started_at)::date + 2 AS until
		FROM voiceagent.calls k WHERE k.tenant_id = v_tenant AND k.campaign_id = v_campaign
	), open AS MATERIALIZED (
		SELECT w.place, h.* FROM law w CROSS JOIN called c
		CROSS JOIN LATERAL voiceagent_private.weekly_hours(
			voiceagent_private.law_windows(w.place, c.since, c.until, false)) h
	), holiday AS MATERIALIZED (
		SELECT w.place, h.day FROM law w CROSS JOIN called c
		CROSS JOIN LATERAL unnest(voiceagent_private.law_holidays(w.place, c.since, c.until + 1, false)) AS h(day)
	), version AS MATERIALIZED (
		SELECT v.version, v.lawful, v.require_consent, voiceagent_private.hours_windows(v.calling_hours) AS windows,
			(v.calling_hours ->> 'off')::datemultirange AS off,
			nullif((v.settings ->> 'number_calls_per_day')::integer, 0) AS per_day,
			nullif((v.settings ->> 'number_calls_per_24h')::integer, 0) AS per_24h,
			nullif((v.settings ->> 'number_calls_lifetime')::integer, 0) AS lifetime
		FROM voiceagent.campaign_versions v WHERE v.tenant_id = v_tenant AND v.campaign_id = v_campaign
	), hours AS MATERIALIZED (
		SELECT v.version, v.off, h.* FROM version v CROSS JOIN LATERAL voiceagent_private.weekly_hours(v.windows) h
	), call AS MATERIALIZED (
		SELECT k.call_id, k.lead_id, k.phone::text AS phone, k.started_at, k.campaign_version AS version, k.lawful,
			e.jurisdiction AS place, e.timezones
		FROM voiceagent.calls k JOIN voiceagent.attempts e ON e.tenant_id = k.tenant_id AND e.call_id = k.call_id
		WHERE k.tenant_id = v_tenant AND k.campaign_id = v_campaign
	), clocks AS MATERIALIZED (
		SELECT c.call_id, c.place, c.version, c.lawful, l.local::date AS day,
			extract(isodow FROM l.local)::integer - 1 AS weekday,
			extract(hour FROM l.local)::integer * 60 + extract(minute FROM l.local)::integer AS minute
		FROM call c CROSS JOIN LATERAL unnest(c.timezones) AS z(zone)
		CROSS JOIN LATERAL (SELECT c.started_at AT TIME ZONE z.zone AS local) l
	), outside AS (
		SELECT DISTINCT l.call_id FROM clocks l
		WHERE NOT EXISTS (SELECT FROM hours h
			WHERE h.version = l.version AND h.weekday = l.weekday AND l.minute >= h.opens AND l.minute < h.closes
				AND (h.off @> l.day) IS NOT TRUE)
	), unlawful AS (
		SELECT DISTINCT l.call_id FROM clocks l
		WHERE l.lawful AND (NOT EXISTS (SELECT FROM open o
			WHERE o.place = l.place AND o.weekday = l.weekday AND l.day >= o.since AND l.day < o.until
				AND l.minute >= o.opens AND l.minute < o.closes)
			OR EXISTS (SELECT FROM holiday h WHERE h.place = l.place AND h.day = l.day)
			OR EXISTS (SELECT FROM holiday h WHERE h.place = l.place AND h.day = l.day + 1)
				AND EXISTS (SELECT FROM open o WHERE o.place = l.place AND o.weekday = 7 AND l.day >= o.since
					AND l.day < o.until
					HAVING count(*) > 0 AND NOT bool_or(l.minute >= o.opens AND l.minute < o.closes)))
	), counted AS MATERIALIZED (
		-- Every call of these numbers, of all campaigns of the tenant.
		SELECT k.call_id, k.campaign_id, k.phone::text AS phone, k.lawful, k.started_at, k.ended_at,
			k.outcome = 'not_interested' AS refused FROM voiceagent.calls k
		WHERE k.tenant_id = v_tenant AND k.counts AND k.phone::text IN (SELECT c.phone FROM call c)
	), rolling AS (
		SELECT k.call_id, count(*) OVER (PARTITION BY k.phone, k.lawful ORDER BY k.started_at
				RANGE BETWEEN interval '23 hours 59 minutes 59.999999 seconds' PRECEDING AND CURRENT ROW) AS in_24h,
			count(*) OVER (PARTITION BY k.phone, k.lawful ORDER BY k.started_at) + coalesce(z.calls, 0) AS ever
		FROM counted k
		LEFT JOIN voiceagent_private.removed_calls z
			ON z.tenant_id = v_tenant AND z.phone::text = k.phone AND z.lawful = k.lawful
	), daily AS (
		SELECT d.call_id, max(d.nth) AS in_day
		FROM (SELECT k.call_id, row_number() OVER (PARTITION BY k.phone, k.lawful, z.zone,
				(k.started_at AT TIME ZONE z.zone)::date ORDER BY k.started_at) AS nth
			FROM counted k JOIN (SELECT DISTINCT c.phone, u.zone
				FROM call c CROSS JOIN LATERAL unnest(c.timezones) AS u(zone)) z ON z.phone = k.phone) d
		GROUP BY d.call_id
	), agreed AS (
		SELECT DISTINCT c.call_id FROM call c
		JOIN voiceagent.consents s ON s.tenant_id = v_tenant AND s.lead_id = c.lead_id AND s.phone = c.phone
			AND s.kind = 'call'
			AND s.granted_at <= c.started_at AND (s.revoked_at IS NULL OR s.revoked_at > c.started_at)
		LEFT JOIN law w ON c.lawful AND w.place = c.place
		WHERE coalesce(s.granted_at > c.started_at - make_interval(hours => 24 * (w.special ->> 'consent_valid')::int),
			true)
	), listed AS (
		SELECT c.call_id FROM call c JOIN voiceagent.do_not_call_list d ON d.tenant_id = v_tenant AND d.phone = c.phone
			AND NOT d.held AND d.created_at < c.started_at
		UNION
		SELECT c.call_id FROM call c JOIN voiceagent.campaign_do_not_call_list d ON d.tenant_id = v_tenant
			AND d.campaign_id = v_campaign AND d.phone = c.phone AND d.created_at < c.started_at
		UNION
		SELECT c.call_id FROM voiceagent.do_not_call_prefixes d JOIN call c ON starts_with(c.phone, d.prefix)
			AND d.created_at < c.started_at
		WHERE d.tenant_id = v_tenant
	), asked AS (
		-- By any call of the tenant to that number.
		SELECT DISTINCT c.call_id FROM call c JOIN voiceagent.calls k ON k.tenant_id = v_tenant
			AND k.phone::text = c.phone AND k.call_id <> c.call_id AND k.direction <> 'inbound'
			AND k.outcome = 'do_not_call' AND k.ended_at < c.started_at
		LEFT JOIN voiceagent.audit_log g ON g.tenant_id = v_tenant AND g.action = 'allow_call' AND g.object = c.phone
			AND g.at BETWEEN k.ended_at AND c.started_at
		WHERE g.audit_id IS NULL
	)
	SELECT c.call_id, c.place, c.lawful, o.call_id IS NOT NULL, u.call_id IS NOT NULL, coalesce(d.in_day, 0),
		coalesce(r.in_24h, 0), coalesce(r.ever, 0),
		coalesce(d.in_day > least(v.per_day, CASE WHEN c.lawful THEN w.calls_per_day END), false),
		coalesce(r.in_24h > least(v.per_24h, CASE WHEN c.lawful THEN w.calls_per_24h END), false),
		c.lawful AND EXISTS (SELECT FROM generate_series(1, cardinality(w.call_windows) / 2) i
			WHERE CASE WHEN w.call_windows[2 * i - 1] > 0 THEN w.call_windows[2 * i - 1] < (SELECT count(*)
				FROM counted k WHERE k.phone = c.phone AND k.lawful
					AND k.started_at > c.started_at - make_interval(hours => w.call_windows[2 * i])
					AND k.started_at <= c.started_at)
				ELSE EXISTS (SELECT FROM counted k WHERE k.phone = c.phone AND k.lawful AND k.refused
					AND k.ended_at > c.started_at - make_interval(hours => w.call_windows[2 * i])
					AND k.started_at < c.started_at) END),
		coalesce(r.ever > least(v.lifetime, CASE WHEN c.lawful THEN w.calls_lifetime END), false),
		(v.require_consent OR c.lawful AND w.require_consent) AND a.call_id IS NULL, y.call_id IS NOT NULL,
		q.call_id IS NOT NULL
	FROM call c JOIN version v ON v.version = c.version
	LEFT JOIN law w ON w.place = c.place
	LEFT JOIN outside o ON o.call_id = c.call_id LEFT JOIN unlawful u ON u.call_id = c.call_id
	LEFT JOIN rolling r ON r.call_id = c.call_id LEFT JOIN daily d ON d.call_id = c.call_id
	LEFT JOIN agreed a ON a.call_id = c.call_id LEFT JOIN listed y ON y.call_id = c.call_id
	LEFT JOIN asked q ON q.call_id = c.call_id;
END
$$;
COMMENT ON FUNCTION voiceagent_private.call_facts(bigint, voiceagent_private.law_terms[]) IS
	'For every call of a campaign of the current tenant, the terms of its jurisdictions being these: whether its wall '
	'clocks lay outside the campaign''s hours or the law''s, which call of its number it was (of its day, in 24 '
	'hours, ever), and which rules it broke.';

CREATE FUNCTION voiceagent_private.gather_compliance(campaign_id bigint)
	RETURNS SETOF voiceagent_private.compliance_facts
	LANGUAGE plpgsql STABLE SET planner.policy = whole AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_campaign bigint := campaign_id;
	-- The words of calls up to this one have been emptied.
	v_emptied bigint := coalesce((SELECT m.upto FROM voiceagent_private.retention_marks m
		WHERE m.tenant_id = v_tenant AND m.class = 'transcripts'), 0);
	v_purpose text := (SELECT voiceagent_private.recall_settings(c.campaign_id, c.version) ->> 'call_purpose'
		FROM voiceagent.campaigns c WHERE c.tenant_id = v_tenant AND c.campaign_id = v_campaign);
	v_places text[];
	v_terms voiceagent_private.law_terms[];
BEGIN
	v_places := ARRAY(SELECT DISTINCT voiceagent_private.jurisdiction(l.country, l.region)
		FROM voiceagent.campaign_leads m JOIN voiceagent.leads l ON l.tenant_id = m.tenant_id AND l.lead_id = m.lead_id
		WHERE m.tenant_id = v_tenant AND m.campaign_id = v_campaign
		UNION SELECT DISTINCT e.jurisdiction FROM voiceagent.eligibility e
		WHERE e.tenant_id = v_tenant AND e.campaign_id = v_campaign);
	-- As the extension brings it: what an administrator tightened since does not judge what was before.
	-- Milliseconds each, so once.
	v_terms := ARRAY(SELECT voiceagent_private.resolve_terms(j.place, voiceagent.clock(), false)
		FROM unnest(v_places) AS j(place));
	RETURN QUERY
	WITH lead AS (
		SELECT voiceagent_private.jurisdiction(l.country, l.region) AS place, m.status::text AS status, m.reason
		FROM voiceagent.campaign_leads m JOIN voiceagent.leads l ON l.tenant_id = m.tenant_id AND l.lead_id = m.lead_id
		WHERE m.tenant_id = v_tenant AND m.campaign_id = v_campaign
	), leads AS (
		SELECT d.place, sum(d.n)::bigint AS leads,
			coalesce(sum(d.n) FILTER (WHERE d.status = 'skipped' AND d.reason LIKE 'do_not_call%'),
				0)::bigint AS listed,
			string_agg(format('%s %s', d.n, coalesce(nullif(substr(d.reason, 14), ''), 'asked')),
				', ' ORDER BY d.reason)
				FILTER (WHERE d.status = 'skipped' AND d.reason LIKE 'do_not_call%') AS listed_by,
			coalesce(sum(d.n) FILTER (WHERE d.reason = 'no recorded consent to be called'), 0)::bigint AS unconsented,
			coalesce(sum(d.n) FILTER (WHERE d.reason LIKE 'lifetime cap of %'), 0)::bigint AS used_up,
			coalesce(sum(d.n) FILTER (WHERE d.reason = 'the number has had its calls for now'), 0)::bigint AS capped
		FROM (SELECT l.place, l.status, l.reason, count(*) AS n FROM lead l GROUP BY 1, 2, 3) d GROUP BY 1
	), law AS MATERIALIZED (
		SELECT t.jurisdiction AS place, t.* FROM unnest(v_terms) t
	), calls AS (
		SELECT f.jurisdiction AS place, count(*) AS calls, count(*) FILTER (WHERE f.lawful) AS lawful_calls,
			count(*) FILTER (WHERE f.bad_hours) AS hours, count(*) FILTER (WHERE f.bad_law_hours) AS law_hours,
			count(*) FILTER (WHERE f.bad_day) AS day, count(*) FILTER (WHERE f.bad_24h) AS rolling,
			count(*) FILTER (WHERE f.bad_window) AS windows,
			count(*) FILTER (WHERE f.bad_lifetime) AS lifetime,
			count(*) FILTER (WHERE f.lawful AND e.ring_timeout < w.min_ring) AS ring,
			count(*) FILTER (WHERE f.bad_consent) AS consent, count(*) FILTER (WHERE f.bad_list) AS lists,
			count(*) FILTER (WHERE f.lawful AND e.consent_id IS NULL AND w.list_max_age IS NOT NULL
				AND (e.list_as_of IS NULL OR e.list_as_of < k.started_at - w.list_max_age)) AS age,
			count(*) FILTER (WHERE f.lawful AND (w.disclose_ai AND 'ai' <> ALL (coalesce(e.disclosures, '{}'))
				OR w.disclose_caller AND 'caller' <> ALL (coalesce(e.disclosures, '{}'))
				OR w.disclose_recording AND e.recorded AND 'recording' <> ALL (coalesce(e.disclosures, '{}'))
				OR cardinality(e.disclosures) > 0 AND e.disclosure IS NULL
				AND NOT e.assistant_discloses
				OR voiceagent_private.late_parts(w.opening, v_purpose, e.disclosures, e.opening_ms,
					k.ended_at - k.answered_at) IS NOT NULL)) AS disclosure,
			max(f.in_day) AS most_day, max(f.in_24h) AS most_24h, max(f.ever) AS most_lifetime,
			min(e.ring_timeout) AS least_ring, count(e.consent_id) AS consents,
			max(k.started_at - e.list_as_of) FILTER (WHERE e.consent_id IS NULL) AS oldest_list,
			count(*) FILTER (WHERE cardinality(e.disclosures) > 0) AS disclosed, count(k.answered_at) AS answered,
			count(*) FILTER (WHERE h.heard AND k.status = 'completed' AND k.cause_class IS DISTINCT FROM 'machine'
				AND coalesce(k.machine, 'human') IN ('human', 'uncertain')
				AND voiceagent_private.is_abandoned(k.answered_at, k.transcript, n.turns)) AS abandoned,
			count(*) FILTER (WHERE NOT h.heard) AS unheard,
			count(*) FILTER (WHERE k.outcome = 'do_not_call') AS opt_outs,
			count(*) FILTER (WHERE f.after_opt_out) AS called_after
		FROM voiceagent_private.call_facts(v_campaign, v_terms) f
		JOIN voiceagent.calls k ON k.tenant_id = v_tenant AND k.call_id = f.call_id
		JOIN voiceagent.attempts e ON e.tenant_id = v_tenant AND e.call_id = f.call_id
		JOIN voiceagent.provider_accounts a ON a.tenant_id = v_tenant AND a.provider_account_id = k.provider_account_id
		-- Only who holds the conversation tells us what was said in it.
		CROSS JOIN LATERAL (SELECT CASE WHEN k.answered_at IS NOT NULL
			THEN k.call_id > v_emptied AND voiceagent_private.answers_by(a.provider) = 'conversation' END AS heard) h
		LEFT JOIN voiceagent.conversations n ON n.tenant_id = v_tenant AND n.call_id = f.call_id
			AND n.month_slot = voiceagent_private.month_slot(k.started_at)
		LEFT JOIN law w ON w.place = f.jurisdiction
		GROUP BY 1
	)
	SELECT p.place, coalesce(l.leads, 0), coalesce(c.calls, 0), coalesce(c.lawful_calls, 0), coalesce(l.listed, 0),
		l.listed_by, coalesce(l.unconsented, 0), coalesce(l.used_up, 0), coalesce(l.capped, 0), coalesce(c.hours, 0),
			coalesce(c.law_hours, 0), coalesce(c.day, 0), coalesce(c.rolling, 0),
		coalesce(c.windows, 0), coalesce(c.lifetime, 0), coalesce(c.ring, 0), coalesce(c.consent, 0),
			coalesce(c.lists, 0), coalesce(c.age, 0),
			coalesce(c.disclosure, 0), coalesce(c.most_day, 0), coalesce(c.most_24h, 0), coalesce(c.most_lifetime, 0),
				c.least_ring, coalesce(c.consents, 0), c.oldest_list, coalesce(c.disclosed, 0), coalesce(c.answered, 0),
					coalesce(c.abandoned, 0), coalesce(c.unheard, 0), coalesce(c.opt_outs, 0),
					coalesce(c.called_after, 0)
	FROM unnest(v_places) AS p(place) LEFT JOIN leads l ON l.place = p.place LEFT JOIN calls c ON c.place = p.place;
END
$$;
COMMENT ON FUNCTION voiceagent_private.gather_compliance(bigint) IS
	'The facts of compliance_report(), one row a jurisdiction.';

CREATE FUNCTION voiceagent.compliance_report(campaign_id bigint)
	RETURNS TABLE (jurisdiction text, rule text, law text, leads bigint, blocked bigint, calls bigint, outside bigint,
		detail text)
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_lawful boolean;
	v_settings jsonb;
	v_now timestamptz := voiceagent.clock();
BEGIN
	SELECT v.lawful, v.settings INTO v_lawful, v_settings FROM voiceagent.campaigns c
	JOIN voiceagent.campaign_versions v ON v.tenant_id = c.tenant_id AND v.campaign_id = c.campaign_id
		AND v.version = c.version
	WHERE c.tenant_id = voiceagent.current_tenant() AND c.campaign_id = compliance_report.campaign_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'no such campaign');
	RETURN QUERY
	SELECT f.jurisdiction, x.rule, CASE WHEN v_lawful OR f.lawful_calls > 0 THEN CASE x.rule
		WHEN 'disclosure' THEN
			(SELECT string_agg(voiceagent_private.describe_law(f.jurisdiction, d.rule, v_now), '; ' ORDER BY d.rule)
				FROM (VALUES ('disclose_ai'), ('disclose_caller'), ('disclose_recording')) AS d(rule))
		ELSE voiceagent_private.describe_law(f.jurisdiction, x.rule, v_now) END END,
		-- A lead that waits for a cap waits for one that exists.
		f.leads, CASE WHEN x.rule NOT IN ('calls_per_day', 'calls_per_24h', 'calls_per_window')
			OR (v_settings ->> ('number_' || x.rule))::integer > 0
			OR v_lawful AND voiceagent_private.describe_law(f.jurisdiction, x.rule, v_now) IS NOT NULL THEN x.blocked
			ELSE 0 END, x.calls, x.outside, x.detail
	FROM voiceagent_private.gather_compliance(compliance_report.campaign_id) f
	CROSS JOIN LATERAL (VALUES
		(1, 'calling_hours', 0::bigint, f.calls, f.outside_hours, 'the campaign''s own'),
		(2, 'hours', 0, f.lawful_calls, f.outside_law_hours, NULL),
		(3, 'calls_per_day', f.capped_leads, f.calls, f.outside_day, format('at most %s on one local day', f.most_day)),
		(4, 'calls_per_24h', f.capped_leads, f.calls, f.outside_24h, format('at most %s within 24 hours', f.most_24h)),
		(5, 'calls_per_window', f.capped_leads, f.lawful_calls, f.outside_window, NULL),
		(6, 'calls_lifetime', f.used_up_leads, f.calls, f.outside_lifetime, format('at most %s ever', f.most_lifetime)),
		(7, 'min_ring', 0, f.calls, f.outside_ring,
			'up to ' || extract(epoch FROM f.least_ring)::integer || ' seconds at least'),
		(8, 'require_consent', f.unconsented_leads, f.calls, f.outside_consent,
			format('%s with a consent', f.consents)),
		(9, 'do_not_call', f.listed_leads, f.calls, f.outside_lists, f.listed_by),
		(10, 'list_max_age', 0, f.lawful_calls, f.outside_age,
			'the oldest was of ' || extract(day FROM f.oldest_list)::integer || ' days'),
		(11, 'disclosure', 0, f.lawful_calls, f.outside_disclosure, format('%s began with one', f.disclosed)),
		(12, 'opt_out', 0, f.calls, f.called_after, format('%s asked in a call', f.opt_outs)),
		(13, 'abandoned', 0, f.answered, NULL, format('%s answered calls in which nobody spoke within 2 s (%s %%)',
			f.abandoned,
			trim_scale(round(100.0 * f.abandoned / greatest(f.answered - f.unheard, 1), 1)))
			|| CASE WHEN f.unheard > 0 THEN format('; not known of %s', f.unheard) ELSE '' END)
	) AS x(ord, rule, blocked, calls, outside, detail)
	ORDER BY f.jurisdiction COLLATE "C", x.ord;
END
$$;
COMMENT ON FUNCTION voiceagent.compliance_report(bigint) IS
	E'Whether a campaign kept the law, one row a rule and jurisdiction.\n'
	'Each row has the law''s rule with its source (NULL: no rule, or a rehearsal), the campaign''s leads there, leads '
	'that the rule holds back, calls that it was asked about, calls outside it (to be 0) and the extremes seen. It '
	'raises PT404.';
