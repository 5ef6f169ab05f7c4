/*
 * 53_campaign_run: the preview.  The claim's own judge looks at all leads of a
 * campaign; then a small simulation over the lanes (not over
 * the leads) tells when it would be done.  Nothing is written.
 */

CREATE TYPE voiceagent_private.previewed_leads AS (
	timezones text[],
	region text,
	verdict text,
	reason text,
	delayed boolean,
	leads bigint,
	dials_left bigint,
	terms voiceagent_private.law_terms
);
COMMENT ON TYPE voiceagent_private.previewed_leads IS
	'Leads of a campaign that are judged alike: the verdict, why they cannot be called (NULL: they can), whether they '
	'wait for a time, how many dials retry_attempts leaves them together, and the law of their jurisdiction (NULL: it '
	'does not hold).';

CREATE FUNCTION voiceagent_private.previewed_turn(campaign_id bigint, variables text[], settings jsonb, lawful boolean)
	RETURNS voiceagent_private.claim_turn
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v voiceagent_private.claim_turn;
BEGIN
	-- As begin_turn() has it of the campaign's own account, and of the newest version of its assistant.
	SELECT c.campaign_id, c.assistant_id, c.provider_account_id, s.version,
		NOT x.discloses AND NOT (f.converses OR f.speaks OR voiceagent_private.own_stream(a)),
		NOT x.discloses AND voiceagent_private.opt_out_channels(a) = 'nothing',
		voiceagent_private.unsaid_parts(previewed_turn.settings)
	INTO v.campaign_id, v.assistant_id, v.provider_account_id, v.assistant_version, v.no_tts, v.no_speech_input,
		v.unsaid
	FROM voiceagent.campaigns c
	JOIN voiceagent.provider_accounts a ON a.tenant_id = v_tenant AND a.provider_account_id = c.provider_account_id
	CROSS JOIN LATERAL voiceagent_private.driver_facts(a.provider) f
	JOIN voiceagent.assistants s ON s.tenant_id = v_tenant AND s.assistant_id = c.assistant_id
	JOIN voiceagent.assistant_versions n ON n.tenant_id = v_tenant AND n.assistant_id = s.assistant_id
		AND n.version = s.version
	CROSS JOIN LATERAL (SELECT coalesce(n.settings ->> 'discloses', '') = 'true' AS discloses) x
	WHERE c.tenant_id = v_tenant AND c.campaign_id = previewed_turn.campaign_id;
	v.lawful := lawful;
	v.variables := nullif(variables, '{}');
	v.attempt_limit := (settings ->> 'retry_attempts')::integer + 1;
	v.require_consent := (settings ->> 'require_consent')::boolean;
	v.cap_day := nullif((settings ->> 'number_calls_per_day')::integer, 0);
	v.cap_24h := nullif((settings ->> 'number_calls_per_24h')::integer, 0);
	v.cap_lifetime := nullif((settings ->> 'number_calls_lifetime')::integer, 0);
	v.number_cooldown := voiceagent_private.as_interval(settings ->> 'number_cooldown');
	v.incoming_rest := voiceagent_private.as_interval(settings ->> 'retry_delay_incoming');
	v.announces := coalesce((settings ->> 'record_calls')::boolean AND (settings ->> 'announce_recording')::boolean,
		true);
	v.number_checks := nullif(btrim(settings ->> 'number_checks'), '');
	RETURN v;
END
$$;
COMMENT ON FUNCTION voiceagent_private.previewed_turn(bigint, text[], jsonb, boolean) IS
	'The turn that a campaign of the current tenant would have with these variables and settings, as far as it judges '
	'leads; no tool is asked, and no script is waited for.';

CREATE FUNCTION voiceagent_private.preview_leads(campaign_id bigint, variables text[], settings jsonb, lawful boolean,
	at timestamptz)
	RETURNS SETOF voiceagent_private.previewed_leads
	LANGUAGE plpgsql STABLE SET planner.policy = hashed SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_turn voiceagent_private.claim_turn := voiceagent_private.previewed_turn(campaign_id, variables, settings, lawful);
	v_leads bigint[] := ARRAY(SELECT m.lead_id FROM voiceagent.campaign_leads m
		WHERE m.tenant_id = voiceagent.current_tenant() AND m.campaign_id = preview_leads.campaign_id
		ORDER BY m.lead_id);
BEGIN
	RETURN QUERY
	WITH counted AS MATERIALIZED (
		SELECT j.timezones, j.jurisdiction AS region, j.verdict, j.note, count(*) AS leads,
			sum(greatest(v_turn.attempt_limit - j.attempts, 0))::bigint AS dials_left
		FROM voiceagent_private.check_leads(v_turn, v_leads, true, preview_leads.at) j GROUP BY 1, 2, 3, 4
	), law AS MATERIALIZED (
		SELECT d.region, CASE WHEN preview_leads.lawful THEN
			voiceagent_private.terms_of(d.region, preview_leads.at) END AS terms
		FROM (SELECT DISTINCT c.region FROM counted c) d
	)
	SELECT c.timezones, c.region, c.verdict,
		CASE WHEN v.effect IN ('drops', 'stops') THEN coalesce(c.note, c.verdict) END, v.effect = 'waits', c.leads,
		c.dials_left, l.terms
	FROM counted c JOIN law l ON l.region = c.region
	JOIN voiceagent_private.dial_verdicts() v ON v.verdict = c.verdict;
END
$$;
COMMENT ON FUNCTION voiceagent_private.preview_leads(bigint, text[], jsonb, boolean, timestamptz) IS
	E'All leads of a campaign, judged as a claim would judge them at that time with these settings (check_leads()), '
	'counted by time zones, jurisdiction, verdict and reason.\n'
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
		SELECT g.timezones, g.region, g.verdict, g.leads, g.dials_left, g.delayed, g.terms, z.opens_at, z.closes_at,
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
		coalesce(sum(j.leads) FILTER (WHERE j.verdict NOT IN ('gone', 'held', 'do_not_call', 'missing')
			OR j.reason = 'calling'), 0) AS waiting,
		coalesce(array_agg(DISTINCT j.region) FILTER (WHERE j.verdict NOT IN ('gone', 'held', 'do_not_call')
			OR j.reason = 'calling'), '{}') AS regions,
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
	v_version voiceagent.campaign_versions;
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
	v_version := voiceagent_private.version_now(v_campaign, v_campaign.status = 'running');
	v_stops := voiceagent_private.preview_obstacles(v_campaign, v_account, v_hold, v_now)
		|| voiceagent_private.start_refusals(v_campaign, v_version, v_sum.regions, v_sum.waiting::bigint,
			coalesce((v_sum.blocked ->> 'missing variable')::bigint, 0), v_now);
	v_warns := ARRAY(SELECT w FROM voiceagent_private.preview_warnings(v_campaign.campaign_id) w)
		|| ARRAY(SELECT voiceagent_private.stops('no_message', 'settings', m, NULL, 'warns')
			FROM voiceagent_private.messageless_places(v_version, v_now, v_sum.regions) m WHERE m IS NOT NULL)
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
	E'Says what a start of a campaign would do and cost, by the rules of the claim, without doing it.\n'
	'concurrency: calls at once (NULL: what settings and accounts allow); at: the time to judge for (default: now); '
	'the result has leads, blocked, lacking (a lead without a value, and which), obstacles, warnings, checks, lanes, '
	'costs in credits, speed, assumptions and confirmation. It raises PT404 and PT422.';
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('deferred', 'preview_campaign');
