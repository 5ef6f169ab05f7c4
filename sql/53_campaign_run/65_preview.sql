/*
 * 53_campaign_run: the preview.  One statement applies the rules of the claim to
 * all leads of a campaign; then a small simulation over the lanes (not over
 * the leads) tells when it would be done.  Nothing is written.
 */

CREATE TYPE voiceagent_private.previewed_leads AS (
	timezones text[],
	region text,
	reason text,
	delayed boolean,
	leads bigint,
	dials_left bigint,
	terms voiceagent_private.law_terms
);
COMMENT ON TYPE voiceagent_private.previewed_leads IS
	'Leads of a campaign that are judged alike: why they cannot be called (NULL: they can), whether their number has '
	'had its calls for now or rests, how many dials retry_attempts leaves them together, and the law of their '
	'jurisdiction (NULL: it does not hold).';

CREATE FUNCTION voiceagent_private.preview_law(jurisdiction text, settings jsonb, lawful boolean, at timestamptz,
	no_tts boolean, no_speech_input boolean)
	RETURNS TABLE (terms voiceagent_private.law_terms, cap_day integer, cap_24h integer, cap_lifetime integer,
		consent boolean, nameless boolean, unheard text, old_list boolean)
	LANGUAGE sql STABLE ROWS 1 AS $$
	SELECT t.terms, least((t.terms).calls_per_day, nullif((settings ->> 'number_calls_per_day')::int, 0)),
		least((t.terms).calls_per_24h, nullif((settings ->> 'number_calls_per_24h')::int, 0)),
		least((t.terms).calls_lifetime, nullif((settings ->> 'number_calls_lifetime')::int, 0)),
		(settings ->> 'require_consent')::boolean OR coalesce((t.terms).require_consent, false),
		coalesce((t.terms).disclose_caller, false)
			AND btrim(translate(coalesce(settings ->> 'caller_name', ''), '{}', '')) = '',
		voiceagent_private.missing_opt_out_channel(t.terms, no_tts, no_speech_input,
			(settings ->> 'record_calls')::boolean AND (settings ->> 'announce_recording')::boolean),
		(t.terms).list_max_age IS NOT NULL
			AND coalesce((SELECT min(n.published_at) FROM voiceagent.national_dnc_lists n
				WHERE n.country = left(jurisdiction, 2) AND n.edition IS NOT NULL)
					< preview_law.at - (t.terms).list_max_age, true)
	FROM (SELECT CASE WHEN lawful THEN voiceagent_private.terms_of(jurisdiction, preview_law.at) END AS terms
		OFFSET 0 /* computed once */) t
$$;
COMMENT ON FUNCTION voiceagent_private.preview_law(text, jsonb, boolean, timestamptz, boolean, boolean) IS
	'The law of a place (NULL: a rehearsal, or none holds) together with these settings: caps, whether a consent or a '
	'caller''s name is wanted, what cannot be said or heard, and whether its do-not-call list is too old.';

CREATE FUNCTION voiceagent_private.preview_leads(campaign_id bigint, variables text[], settings jsonb, lawful boolean,
	at timestamptz)
	RETURNS SETOF voiceagent_private.previewed_leads
	LANGUAGE plpgsql STABLE SET planner.policy = hashed AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_joins text := voiceagent_private.layers_joins(campaign_id, true);
	v_number_rest interval := voiceagent_private.as_interval(settings ->> 'number_cooldown');
	v_incoming_rest interval := voiceagent_private.as_interval(settings ->> 'retry_delay_incoming');
	v_called_us boolean := coalesce((SELECT i.started_at FROM voiceagent.call_inbound i WHERE i.tenant_id = v_tenant
		ORDER BY i.call_id DESC LIMIT 1)
		> at - coalesce(v_incoming_rest, interval '0') - voiceagent_private.longest_incoming(), false);
	v_hearing record := voiceagent_private.campaign_channels(campaign_id);
BEGIN
	/*
	 * Each rule is applied as check_eligibility() does, to the lead's first number; the law is looked up once per
	 * jurisdiction. Tables of the tenant are read by key, lead by lead, so that the cost depends on the campaign and
	 * not on what else the tenant has; data of the campaign itself is hash-joined, whatever the
	 * planner expects of its size.
	 */
	RETURN QUERY EXECUTE format($q$
		WITH places AS MATERIALIZED (
			SELECT cl.lead_id, cl.status, cl.reason, cl.attempts, cl.last_outcome, d.phone, d.timezones,
				d.call_attempts > 0 AND cl.status IN ('pending', 'queued', 'retry') AS called,
				voiceagent_private.jurisdiction(d.country, d.region) AS region, %s AS layer, d.missing
			FROM voiceagent.campaign_leads cl
			CROSS JOIN LATERAL (SELECT d.*, %s AS missing FROM voiceagent.leads d
				WHERE d.tenant_id = cl.tenant_id AND d.lead_id = cl.lead_id OFFSET 0) d %s
			WHERE cl.tenant_id = $1 AND cl.campaign_id = $2
		), law AS MATERIALIZED (
			SELECT j.region, w.*, CASE WHEN (w.terms).special IS NOT NULL THEN (SELECT voiceagent_private.special_fault(
					c.campaign_id, c.provider_account_id, c.assistant_id, s.version, (w.terms).special, $3)
				FROM voiceagent.campaigns c JOIN voiceagent.assistants s ON s.tenant_id = $1
					AND s.assistant_id = c.assistant_id
				WHERE c.tenant_id = $1 AND c.campaign_id = $2) END AS special_fault
			FROM (SELECT DISTINCT p.region FROM places p) j
			CROSS JOIN LATERAL voiceagent_private.preview_law(j.region, $4, $5, $3, $6, $7) w
		), judged AS (
			SELECT p.timezones, p.region, p.attempts, (g.cap).allows_at > $3
				OR CASE WHEN p.called AND (l.terms).call_windows IS NOT NULL
					THEN (voiceagent_private.check_call_windows($1, p.phone, $5, (l.terms).call_windows, $3)).allows_at
						> $3 END
				OR p.last_outcome IS DISTINCT FROM 'callback'
					AND greatest(h.called_until, h.paused_until) > $3 AS delayed,
				CASE WHEN p.status NOT IN ('pending', 'queued', 'retry') THEN p.status || coalesce(': ' || p.reason, '')
					WHEN p.layer IS NOT NULL THEN voiceagent_private.do_not_call_reason(p.layer)
					WHEN p.missing THEN 'missing variable'
					WHEN p.attempts > ($4 ->> 'retry_attempts')::int
						+ voiceagent_private.promised_dials(p.last_outcome::text) THEN 'no attempts left'
					WHEN p.called AND EXISTS (SELECT
						FROM voiceagent_private.proved_wrong($1, $2, p.lead_id, p.phone, $5)) THEN 'wrong number'
					WHEN p.last_outcome IS DISTINCT FROM 'callback'
						AND EXISTS (SELECT FROM voiceagent_private.only_by_appointment($1, p.lead_id))
						THEN voiceagent_private.why('appointment')
					WHEN l.consent AND NOT s.given THEN 'no recorded consent to be called'
					WHEN (g.cap).allows_at = 'infinity' THEN
						format('lifetime cap of %%s calls to the number', l.cap_lifetime)
					WHEN l.old_list AND NOT s.given THEN 'the national do-not-call list is missing or too old'
					WHEN l.nameless THEN 'the law wants the caller named: set caller_name'
					ELSE coalesce(l.unheard, l.special_fault, CASE WHEN $4 ->> 'number_checks' <> '' THEN
						(voiceagent_private.check_number(p.lead_id, p.phone, $4 ->> 'number_checks', $3)).why END)
					END AS reason
			FROM places p
			JOIN law l ON l.region = p.region
			CROSS JOIN LATERAL (
				-- Use the index that has the order, whatever the statistics say about the tenant's consents.
				SELECT coalesce((SELECT true FROM voiceagent.consents o
					WHERE (l.consent OR l.old_list) AND o.tenant_id = $1 AND o.lead_id BETWEEN p.lead_id AND p.lead_id
						AND o.kind = 'call' AND o.phone = p.phone AND o.revoked_at IS NULL
						AND o.granted_at <= greatest($3, voiceagent.clock())
						AND coalesce(o.granted_at > $3 - voiceagent_private.consent_valid(l.terms), true)
					ORDER BY o.lead_id LIMIT 1), false) AS given OFFSET 0) s
			-- A lead that was never called has no cap to check.
			LEFT JOIN LATERAL (SELECT x.* FROM (SELECT WHERE p.called OFFSET 0 /* asked first */) y CROSS JOIN LATERAL (
				-- With fewer dials than the lowest cap there is nothing to check.
				SELECT CASE WHEN count(k.started_at)
					+ coalesce(max(z.calls), 0) >= least(l.cap_day, l.cap_24h, l.cap_lifetime) THEN
					voiceagent_private.check_caps(array_agg(k.started_at) FILTER (WHERE k.started_at IS NOT NULL),
						p.timezones, l.cap_day, l.cap_24h, l.cap_lifetime, max(z.calls), $3) END AS cap,
					-- When the limit was reached there may be more.
					bool_or(k.others)
						OR count(k.started_at) >= greatest(l.cap_day, l.cap_24h, l.cap_lifetime, 5) AS others
				FROM (SELECT c.started_at, (c.campaign_id, c.lead_id) IS DISTINCT FROM ($2, p.lead_id) AS others
					FROM voiceagent.calls c
					WHERE c.tenant_id = $1 AND c.phone = p.phone AND c.lawful = $5 AND c.counts
						AND c.started_at > CASE WHEN l.cap_lifetime IS NULL THEN
							$3 - greatest(interval '27 hours', $9 + interval '12 hours') ELSE '-infinity' END
					ORDER BY c.started_at DESC LIMIT greatest(l.cap_day, l.cap_24h, l.cap_lifetime, 5)) k
				FULL JOIN (SELECT o.calls FROM voiceagent_private.removed_calls o
					WHERE l.cap_lifetime IS NOT NULL AND o.tenant_id = $1 AND o.phone = p.phone
						AND o.lawful = $5) z ON true
				OFFSET 0) x) g ON true
			LEFT JOIN LATERAL (SELECT r.called_until, r.paused_until
				FROM voiceagent_private.number_cooldowns($1, $2, p.lead_id, p.phone, p.phone, $5, $9, $10, $3) r
				-- For most leads the answer is known: no other campaign has called the number, and the number has not
				-- called the tenant.
				WHERE g.others OR $8 OFFSET 0) h ON true
		)
		SELECT g.*, l.terms
		FROM (SELECT j.timezones, j.region, j.reason, j.reason IS NULL AND coalesce(j.delayed, false), count(*),
				sum(greatest(($4 ->> 'retry_attempts')::int + 1 - j.attempts, 0))::bigint
			FROM judged j GROUP BY 1, 2, 3, 4) g
		JOIN law l ON l.region = g.region $q$,
		voiceagent_private.layers_case(v_joins, lawful),
		voiceagent_private.missing_condition(variables), v_joins)
	USING v_tenant, campaign_id, at, settings, lawful, v_hearing.no_tts, v_hearing.no_speech_input, v_called_us,
		v_number_rest, v_incoming_rest;
END
$$;
COMMENT ON FUNCTION voiceagent_private.preview_leads(bigint, text[], jsonb, boolean, timestamptz) IS
	E'All leads of a campaign, judged by the rules of the claim as they would hold at that time with these settings, '
	'counted by time zones, jurisdiction and reason.\n'
	'The hours are the caller''s.';

CREATE FUNCTION voiceagent_private.preview_history(lawful boolean, OUT calls bigint, OUT answer_rate numeric,
	OUT done_rate numeric, OUT talk_s numeric)
	LANGUAGE plpgsql STABLE SET planner.policy = by_keys AS $$
BEGIN
	SELECT count(*), avg((r.status = 'completed')::int),
		avg((r.outcome NOT IN ('no_answer', 'busy', 'failed', 'voicemail', 'callback'))::int),
		avg(r.duration_seconds) FILTER (WHERE r.status = 'completed')
	INTO calls, answer_rate, done_rate, talk_s
	FROM (SELECT c.status, c.outcome, c.duration_seconds, c.lawful FROM voiceagent.calls c
		WHERE c.tenant_id = voiceagent.current_tenant() AND c.direction = 'outbound'
		ORDER BY c.call_id DESC LIMIT 5000) r
	WHERE r.outcome IS NOT NULL AND r.outcome <> 'canceled' AND r.lawful = preview_history.lawful;
	-- A handful of calls proves nothing.
	IF calls < 50 OR answer_rate = 0 THEN
		answer_rate := 0.5;
		done_rate := 0.4;
		talk_s := 60;
		calls := 0;
	END IF;
	done_rate := greatest(done_rate, 0.01);
END
$$;
COMMENT ON FUNCTION voiceagent_private.preview_history(boolean) IS
	E'From the current tenant''s latest calls (at most 5000; under the law, or rehearsals): the share that was '
	'answered, the share after which the lead needed no other dial, and the mean talk in seconds.\n'
	'With fewer than 50 such calls (calls is then 0): assumptions.';

CREATE TYPE voiceagent_private.preview_lane AS (
	timezones text[],
	law_windows integer[],
	holidays date[],
	leads double precision,
	opens_at timestamptz,
	closes_at timestamptz
);
COMMENT ON TYPE voiceagent_private.preview_lane IS 'Leads that are open at the same hours, for simulate_dialling().';

/*
 * Treats leads as a fluid: due leads flow off at the rate that the lines allow,
 * in equal shares over the open lanes; the share of leads that needs another
 * dial is due again after the delay.  A step lasts until something changes, an
 * hour at most.
 */
CREATE FUNCTION voiceagent_private.simulate_dialling(lanes voiceagent_private.preview_lane[], windows integer[],
	lawful boolean, at timestamptz, dials_per_hour numeric, retry_rate numeric, dials_per_lead integer,
	retry_delay interval, dials_in_all numeric, dials_per_day numeric, zone text, OUT finished_at timestamptz,
	OUT dials numeric, OUT stopped_at timestamptz)
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_lanes integer := cardinality(lanes);
	v_rate double precision := dials_per_hour / 3600.0;
	v_now timestamptz := at;
	v_next timestamptz;
	v_due double precision[] := array_fill(0::double precision, ARRAY[greatest(v_lanes, 1) * dials_per_lead]);
	v_open boolean[] := array_fill(false, ARRAY[greatest(v_lanes, 1)]);
	-- Leads that come back: times, volumes by lane and dial, in order; and the first that is still to come.
	v_back_at timestamptz[] := '{}';
	v_back double precision[] := '{}';
	v_first integer := 1;
	v_waiting double precision := 0;
	v_total double precision;
	v_step double precision;
	v_share double precision;
	v_served double precision;
	v_day date;
	v_today double precision := 0;
	v_dials double precision := 0;
	v_limit double precision;
	k integer;
	v_window record;
BEGIN
	FOR i IN 1 .. v_lanes LOOP
		v_due[(i - 1) * dials_per_lead + 1] := (lanes[i]).leads;
		v_waiting := v_waiting + (lanes[i]).leads;
	END LOOP;
	FOR turn IN 1 .. 4000 LOOP
		IF v_waiting < 0.5 OR v_now > at + interval '90 days' THEN
			finished_at := CASE WHEN v_waiting < 0.5 THEN v_now END;
			EXIT;
		END IF;
		IF (v_now AT TIME ZONE zone)::date IS DISTINCT FROM v_day THEN
			v_day := (v_now AT TIME ZONE zone)::date;
			v_today := 0;
		END IF;
		WHILE v_first <= cardinality(v_back_at) AND v_back_at[v_first] <= v_now LOOP
			FOR i IN 1 .. cardinality(v_due) LOOP
				v_due[i] := v_due[i] + v_back[(v_first - 1) * cardinality(v_due) + i];
			END LOOP;
			v_first := v_first + 1;
		END LOOP;
		v_next := least(v_now + interval '1 hour', v_back_at[v_first]);
		v_total := 0;
		FOR i IN 1 .. v_lanes LOOP
			IF (lanes[i]).closes_at <= v_now OR (lanes[i]).closes_at IS NULL THEN
				IF lawful THEN
					v_window := voiceagent_private.window_within((lanes[i]).timezones, windows, v_now,
						(lanes[i]).law_windows, (lanes[i]).holidays);
				ELSE
					v_window := voiceagent_private.window_of((lanes[i]).timezones, windows, v_now);
				END IF;
				lanes[i].opens_at := v_window.opens_at;
				lanes[i].closes_at := v_window.closes_at;
			END IF;
			v_open[i] := (lanes[i]).opens_at <= v_now;
			IF v_open[i] THEN
				FOR j IN (i - 1) * dials_per_lead + 1 .. i * dials_per_lead LOOP
					v_total := v_total + v_due[j];
				END LOOP;
				v_next := least(v_next, (lanes[i]).closes_at);
			ELSE
				v_next := least(v_next, (lanes[i]).opens_at);
			END IF;
		END LOOP;
		v_limit := least(dials_in_all - v_dials, dials_per_day - v_today);
		IF v_total < 0.01 OR v_limit <= 0.5 THEN
			IF dials_in_all - v_dials <= 0.5 THEN
				stopped_at := v_now;
				EXIT;
			END IF;
			-- Nothing can be dialled: go on to when a lane opens, a lead is due again, or the day ends.
			SELECT min(o.at) INTO v_next FROM (
				SELECT l.opens_at AS at FROM unnest(lanes) l WHERE l.opens_at > v_now
				UNION ALL SELECT l.closes_at FROM unnest(lanes) l WHERE v_limit <= 0.5 AND l.closes_at > v_now
				UNION ALL SELECT v_back_at[v_first]
				UNION ALL SELECT ((v_day + 1)::timestamp AT TIME ZONE zone) WHERE v_limit <= 0.5) o WHERE o.at > v_now;
			EXIT WHEN v_next IS NULL OR NOT isfinite(v_next);
			v_now := v_next;
			CONTINUE;
		END IF;
		v_step := least(extract(epoch FROM v_next - v_now), v_total / v_rate, v_limit / v_rate);
		v_share := least(v_rate * v_step / v_total, 1);
		v_back_at := v_back_at || (v_now + v_step * interval '1 second' + retry_delay);
		FOR i IN 1 .. v_lanes LOOP
			FOR j IN 1 .. dials_per_lead LOOP
				k := (i - 1) * dials_per_lead + j;
				v_served := CASE WHEN v_open[i] THEN v_due[k] * v_share ELSE 0 END;
				v_due[k] := v_due[k] - v_served;
				v_dials := v_dials + v_served;
				v_today := v_today + v_served;
				v_waiting := v_waiting - v_served * CASE WHEN j < dials_per_lead THEN 1 - retry_rate ELSE 1 END;
				-- The next dial gets the volume that this one leaves.
				v_back := v_back || CASE WHEN j = 1 THEN 0::double precision ELSE v_limit END;
				v_limit := v_served * retry_rate;
			END LOOP;
		END LOOP;
		v_now := v_now + v_step * interval '1 second';
	END LOOP;
	dials := round(v_dials::numeric, 0);
END
$$;
COMMENT ON FUNCTION voiceagent_private.simulate_dialling(voiceagent_private.preview_lane[], integer[], boolean,
	timestamptz, numeric, numeric, integer, interval, numeric, numeric, text) IS
	E'When leads in lanes with these windows are dealt with if dialling starts at that time: the share retry_rate of '
	'each dial needs another after retry_delay, up to dials_per_lead; at most dials_per_hour, dials_per_day (in that '
	'zone''s days) and dials_in_all (NULL: no limit).\n'
	'finished_at NULL: not within 90 days, or stopped_at says when dials_in_all was used up. '
	'dials: how many there were until then.';

CREATE FUNCTION voiceagent_private.preview_sums(campaign_id bigint, variables text[], settings jsonb, lawful boolean,
	windows integer[], at timestamptz, OUT leads numeric, OUT waiting numeric, OUT regions text[],
	OUT callable numeric, OUT open_now numeric, OUT delayed numeric, OUT dials_left numeric, OUT blocked jsonb,
	OUT lane_count bigint, OUT first_windows jsonb, OUT simulated voiceagent_private.preview_lane[])
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	WITH grouped AS MATERIALIZED (
		SELECT * FROM voiceagent_private.preview_leads(campaign_id, variables, settings, lawful, at)
	), lanes AS MATERIALIZED (
		SELECT z.timezones, z.region, w.opens_at, w.closes_at
		FROM (SELECT DISTINCT ON (g.timezones, g.region) g.timezones, g.region, g.terms FROM grouped g) z
		CROSS JOIN LATERAL (
			SELECT * FROM voiceagent_private.window_within(z.timezones, preview_sums.windows, at, (z.terms).windows,
				(z.terms).holidays) WHERE lawful
			UNION ALL SELECT * FROM voiceagent_private.window_of(z.timezones, preview_sums.windows, at)
			WHERE NOT lawful) w
	), judged AS MATERIALIZED (
		SELECT g.timezones, g.region, g.leads, g.dials_left, g.delayed, g.terms, z.opens_at, z.closes_at,
			coalesce(g.reason,
				CASE WHEN z.opens_at = 'infinity' THEN CASE WHEN g.timezones = '{}' THEN 'unknown time zone'
					WHEN lawful THEN 'no legal calling window' ELSE 'no calling window' END END) AS reason
		FROM grouped g JOIN lanes z USING (timezones, region)
	), open AS (
		SELECT j.timezones, j.region, j.opens_at, j.closes_at, sum(j.leads) AS leads
		FROM judged j WHERE j.reason IS NULL GROUP BY 1, 2, 3, 4
	), hours AS (
		-- The simulation treats jurisdictions with the same hours as one.
		SELECT j.timezones, (j.terms).windows AS law_windows, (j.terms).holidays AS holidays, sum(j.leads) AS leads
		FROM judged j WHERE j.reason IS NULL GROUP BY 1, 2, 3
	)
	SELECT coalesce(sum(j.leads), 0) AS leads,
		coalesce(sum(j.leads) FILTER (WHERE j.reason IS NULL
			OR j.reason !~ '^(completed|failed|skipped|expired|do_not_call|missing variable)'), 0) AS waiting,
		coalesce(array_agg(DISTINCT j.region) FILTER (WHERE j.reason IS NULL
			OR j.reason !~ '^(completed|failed|skipped|expired|do_not_call)'), '{}') AS regions,
		coalesce(sum(j.leads) FILTER (WHERE j.reason IS NULL), 0) AS callable,
		coalesce(sum(j.leads) FILTER (WHERE j.reason IS NULL AND j.opens_at <= at AND NOT j.delayed), 0) AS open_now,
		coalesce(sum(j.leads) FILTER (WHERE j.reason IS NULL AND j.delayed), 0) AS delayed,
		coalesce(sum(j.dials_left) FILTER (WHERE j.reason IS NULL), 0) AS dials_left,
		coalesce((SELECT jsonb_object_agg(b.reason, b.leads) FROM (SELECT o.reason, sum(o.leads) AS leads
			FROM judged o WHERE o.reason IS NOT NULL GROUP BY o.reason) b), '{}') AS blocked,
		(SELECT count(*) FROM open) AS lanes,
		(SELECT coalesce(jsonb_agg(jsonb_build_object('timezones', w.timezones, 'region', w.region, 'leads', w.leads,
				'opens_at', w.opens_at, 'closes_at', w.closes_at)
			ORDER BY w.opens_at, w.leads DESC, w.timezones, w.region), '[]')
			FROM (SELECT * FROM open l
				ORDER BY l.opens_at, l.leads DESC, l.timezones, l.region LIMIT 5) w) AS first_windows,
		(SELECT coalesce(
			array_agg(ROW(h.timezones, h.law_windows, h.holidays, h.leads, NULL, NULL)::voiceagent_private.preview_lane
				ORDER BY h.timezones, h.law_windows, h.holidays), '{}') FROM hours h) AS simulated
	INTO leads, waiting, regions, callable, open_now, delayed, dials_left, blocked, lane_count, first_windows,
		simulated
	FROM judged j;
END
$$;
COMMENT ON FUNCTION voiceagent_private.preview_sums(bigint, text[], jsonb, boolean, integer[], timestamptz) IS
	E'preview_leads() with the hours of each place: how many leads there are, wait, may be called, now or later, and '
	'why others may not (blocked).\n'
	'regions: of the leads that wait; first_windows: the lanes that open first; simulated: the lanes for '
	'simulate_dialling().';

CREATE FUNCTION voiceagent.preview_campaign(campaign_id bigint, concurrency integer DEFAULT NULL,
	at timestamptz DEFAULT NULL) RETURNS jsonb
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := coalesce(at, voiceagent.clock());
	v_campaign voiceagent.campaigns;
	v_account voiceagent.provider_accounts;
	v_variables text[];
	v_settings jsonb;
	v_lawful boolean;
	v_windows int[];
	v_limit integer;
	v_interval numeric;
	v_line_s numeric;
	v_per_hour numeric;
	v_hold numeric;
	v_dial_cost numeric;
	v_expected numeric;
	v_wallet record := voiceagent_private.wallet(v_now);
	v_history record;
	v_left record;
	v_sum record;
	v_run record;
	v_days numeric;
	v_in_all numeric;
	v_stops voiceagent_private.preview_check[];
	v_warns voiceagent_private.preview_check[];
	v_preview jsonb;
	-- Assume that a telephone rings for 15 seconds.
	c_ring_s CONSTANT numeric := 15;
BEGIN
	SELECT * INTO v_campaign FROM voiceagent.campaigns c
	WHERE c.tenant_id = v_tenant AND c.campaign_id = preview_campaign.campaign_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'no such campaign');
	PERFORM voiceagent_private.fail_if(concurrency NOT BETWEEN 1 AND 100000, 'PT422',
		'concurrency lies between 1 and 100000');
	PERFORM voiceagent_private.fail_if(NOT isfinite(v_now), 'PT422', 'at must be a time');
	SELECT * INTO v_account FROM voiceagent.provider_accounts p
	WHERE p.tenant_id = v_tenant AND p.provider_account_id = v_campaign.provider_account_id;
	v_settings := voiceagent_private.resolved_settings(v_campaign.settings, v_account.provider);
	v_variables := voiceagent_private.variables_to_find((
		SELECT voiceagent_private.variables_heard(n.variables, v_campaign.experiment) FROM voiceagent.assistants a
		JOIN voiceagent.assistant_versions n ON n.tenant_id = a.tenant_id AND n.assistant_id = a.assistant_id
			AND n.version = a.version
		WHERE a.tenant_id = v_tenant AND a.assistant_id = v_campaign.assistant_id), v_settings);
	v_lawful := voiceagent_private.obeys_law(v_account.provider, v_settings);
	v_windows := voiceagent_private.hours_windows((v_settings ->> 'calling_hours')::jsonb);
	v_history := voiceagent_private.preview_history(v_lawful);

	-- The least of the caps of the campaign, its own account and those that it falls back on, the tenant, the platform.
	v_limit := coalesce(concurrency, least((v_settings ->> 'max_concurrent_calls')::int,
		(SELECT sum(o.max_concurrent_calls) FROM voiceagent.provider_accounts o WHERE o.tenant_id = v_tenant
			AND o.provider_account_id = ANY (voiceagent_private.accounts_of_campaign(v_campaign.campaign_id))
			AND (o.active OR o.provider_account_id = v_account.provider_account_id)),
		(v_settings ->> 'tenant_max_concurrent_calls')::int,
		CASE v_account.provider WHEN 'sandbox' THEN (voiceagent_private.read_dial_settings()).sandbox_limit
			ELSE (v_settings ->> 'platform_max_concurrent_calls')::int END));
	v_interval := extract(epoch FROM voiceagent_private.as_interval(v_settings ->> 'call_interval'));
	v_line_s := c_ring_s + v_history.answer_rate * v_history.talk_s;
	v_per_hour := floor(least(v_limit * 3600 / (v_line_s / (v_settings ->> 'time_scale')::numeric),
		3600 / nullif(v_interval, 0)));
	v_hold := voiceagent_private.hold_amount(voiceagent_private.as_interval(v_settings ->> 'max_call_duration'), v_now);
	v_dial_cost := v_history.answer_rate * v_history.talk_s / 60 * voiceagent_private.price_of('call', v_now);
	v_left := voiceagent_private.spend_left_by_cap(v_campaign.campaign_id, v_now);
	-- The last call that fits must fit with its whole hold.
	v_in_all := CASE WHEN v_dial_cost > 0 THEN
		greatest(floor((least(v_wallet.all_calls, v_left.campaign_total) - v_hold) / v_dial_cost) + 1, 0) END;
	v_days := least(nullif((v_settings ->> 'spend_cap_per_day')::numeric, 0),
		nullif((v_settings ->> 'tenant_spend_cap_per_day')::numeric, 0));
	v_days := CASE
		WHEN v_dial_cost > 0 AND v_days IS NOT NULL THEN greatest(floor((v_days - v_hold) / v_dial_cost) + 1, 0) END;

	v_sum := voiceagent_private.preview_sums(v_campaign.campaign_id, v_variables, v_settings, v_lawful, v_windows,
		v_now);
	v_run := voiceagent_private.simulate_dialling(v_sum.simulated, v_windows, v_lawful,
		greatest(v_now, v_campaign.starts_at), v_per_hour, 1 - v_history.done_rate,
		least((v_settings ->> 'retry_attempts')::int + 1, 10),
		voiceagent_private.as_interval(v_settings ->> 'retry_delay_no_answer'), v_in_all, v_days,
		voiceagent_private.tenant_zone());
	-- The cost of all dials, however long they take: each lead is dialled until it needs no other dial or has had all
	-- of them.
	v_expected := v_sum.callable * (1 - (1 - v_history.done_rate) ^ ((v_settings ->> 'retry_attempts')::int + 1))
		/ v_history.done_rate;
	v_stops := voiceagent_private.preview_obstacles(v_campaign, v_account, v_hold, v_now)
		|| voiceagent_private.start_refusals(v_campaign,
			voiceagent_private.version_now(v_campaign, v_campaign.status = 'running'), v_sum.regions,
			v_sum.waiting::bigint, coalesce((v_sum.blocked ->> 'missing variable')::bigint, 0), v_now);
	v_warns := ARRAY(SELECT w FROM voiceagent_private.preview_warnings(v_campaign.campaign_id) w)
		|| ARRAY(SELECT voiceagent_private.stops('law', NULL, a, NULL, 'warns')
			FROM voiceagent_private.law_ahead(v_sum.regions, v_now) a WHERE v_lawful)
		|| ARRAY(SELECT voiceagent_private.stops('consents', 'leads', e, NULL, 'warns')
			FROM voiceagent_private.consents_ending(ARRAY(SELECT m.lead_id FROM voiceagent.campaign_leads m
				WHERE m.tenant_id = v_tenant AND m.campaign_id = v_campaign.campaign_id
					AND m.status IN ('pending', 'queued', 'retry')), v_now) e WHERE v_lawful AND e IS NOT NULL);
	v_preview := jsonb_build_object(
		'campaign_id', v_campaign.campaign_id, 'name', v_campaign.name, 'status', v_campaign.status,
		'provider', v_account.provider, 'lawful', v_lawful, 'at', v_now,
		'leads', v_sum.leads, 'callable', v_sum.callable, 'callable_now', v_sum.open_now,
		'called_enough_for_now', v_sum.delayed,
		'blocked', v_sum.blocked,
		'obstacles', to_jsonb(ARRAY(SELECT o.says FROM unnest(v_stops) WITH ORDINALITY o ORDER BY o.ordinality)),
		'warnings', to_jsonb(ARRAY(SELECT o.says FROM unnest(v_warns) WITH ORDINALITY o ORDER BY o.ordinality)),
		'lanes', v_sum.lane_count, 'first_windows', v_sum.first_windows)
		|| jsonb_build_object(
		'expected_dials', round(v_expected), 'estimated_cost', trim_scale(round(v_expected * v_dial_cost, 6)),
		'credits_held_per_call', trim_scale(v_hold), 'worst_cost', trim_scale(v_sum.dials_left * v_hold),
		'credits_reserved', 0, 'credits_available', trim_scale(v_wallet.available),
		'affordable', v_wallet.all_calls >= greatest(v_expected * v_dial_cost, v_hold),
		'spend_left', trim_scale(least(v_left.campaign_day, v_left.campaign_total, v_left.tenant_day)),
		'concurrent_calls', v_limit, 'calls_per_hour', v_per_hour,
		'estimated_finish', CASE WHEN v_sum.callable > 0 AND v_per_hour > 0 THEN v_run.finished_at END,
		'money_ends_at', v_run.stopped_at,
		'assumptions', jsonb_build_object('from_calls', v_history.calls, 'answer_rate', round(v_history.answer_rate, 3),
			'done_rate', round(v_history.done_rate, 3), 'talk_s', round(v_history.talk_s, 1), 'ring_s', c_ring_s),
		'confirmation', CASE WHEN v_account.provider <> 'sandbox' AND v_campaign.type <> 'test'
			THEN voiceagent_private.confirmation_text(v_campaign.campaign_id) END)
		|| CASE WHEN v_wallet.minutes IS NULL THEN '{}'
			ELSE jsonb_build_object('minutes_available', trim_scale(v_wallet.minutes)) END
		|| CASE WHEN v_sum.blocked ? 'missing variable' THEN (
			SELECT jsonb_build_object('lacking', jsonb_build_object('lead_id', l.lead_id,
				'variables', voiceagent_private.lacking_variables(l, v_variables)))
			FROM voiceagent.campaign_leads m
			JOIN voiceagent.leads l ON l.tenant_id = v_tenant AND l.lead_id = m.lead_id
			WHERE m.tenant_id = v_tenant AND m.campaign_id = v_campaign.campaign_id
				AND voiceagent_private.lead_lacks(l, v_variables)
			ORDER BY m.lead_id LIMIT 1) ELSE '{}' END;
	RETURN v_preview
		|| jsonb_build_object('checks', voiceagent_private.preview_checks(v_stops || v_warns, v_preview));
END
$$;
COMMENT ON FUNCTION voiceagent.preview_campaign(bigint, integer, timestamptz) IS
	E'What a start of a campaign would do and cost, by the rules of the claim, without doing it.\n'
	'concurrency: calls at once (NULL: what settings and accounts allow); at: the time to judge for (default: now); '
	'the result has leads, blocked, lacking (a lead without a value, and which), obstacles, warnings, checks, lanes, '
	'costs in credits, speed, assumptions and confirmation. It raises PT404 and PT422.';
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('deferred', 'preview_campaign');
