-- 45_campaign: launching in one call, looking ahead, and what must always hold.

CREATE FUNCTION voiceagent.launch_campaign(lead_ids bigint[], assistant_id bigint, name text DEFAULT NULL,
	idempotency_key text DEFAULT NULL) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_now timestamptz := voiceagent.clock();
	v_request jsonb;
	v_done jsonb;
	v_campaign voiceagent.campaigns;
	v_queued bigint;
	v_skipped bigint;
	v_cost numeric;
	v_available numeric;
	v_answer jsonb;
BEGIN
	IF coalesce(cardinality(lead_ids), 0) = 0 THEN
		RAISE EXCEPTION 'a launch needs leads' USING ERRCODE = 'PT422', HINT = 'Give their ids in lead_ids.';
	END IF;
	IF length(idempotency_key) NOT BETWEEN 1 AND 255 THEN
		RAISE EXCEPTION 'an idempotency key has 1 to 255 characters' USING ERRCODE = 'PT422';
	END IF;
	v_request := jsonb_build_object('assistant_id', assistant_id, 'name', name, 'leads', encode(sha256(convert_to(
		(SELECT string_agg(DISTINCT i.id::text, ',' ORDER BY i.id::text) FROM unnest(lead_ids) AS i(id)), 'UTF8')), 'hex'));
	-- Of two launches with one key the second waits here for the first to commit, and then gives its answer.
	v_campaign := voiceagent_private.make_campaign(
		coalesce(name, (SELECT left(a.name, 150) || to_char(v_now AT TIME ZONE 'UTC', ' YYYY-MM-DD HH24:MI') FROM voiceagent.assistants a
			WHERE a.tenant_id = v_tenant AND a.assistant_id = launch_campaign.assistant_id), 'Launch'),
		assistant_id, 'sales', '{}', idempotency_key);
	IF v_campaign.campaign_id IS NULL THEN
		SELECT c.launch INTO v_done FROM voiceagent.campaigns c
		WHERE c.tenant_id = v_tenant AND c.idempotency_key = launch_campaign.idempotency_key;
		IF v_done -> 'request' IS DISTINCT FROM v_request THEN
			RAISE EXCEPTION 'the idempotency key was used with other parameters' USING ERRCODE = 'PT409',
				HINT = 'A new launch needs a new key.';
		END IF;
		RETURN v_done -> 'answer';
	END IF;

	PERFORM voiceagent.add_leads(v_campaign.campaign_id, lead_ids);
	PERFORM voiceagent_private.run_campaign(v_campaign, 'campaign_started');
	SELECT count(*) INTO v_queued FROM voiceagent_private.call_queue q
	WHERE q.tenant_id = v_tenant AND q.campaign_id = v_campaign.campaign_id;
	SELECT count(*) INTO v_skipped FROM voiceagent.campaign_leads cl
	WHERE cl.tenant_id = v_tenant AND cl.campaign_id = v_campaign.campaign_id AND cl.status = 'skipped';
	v_cost := round(v_queued * voiceagent_private.price_of('call', v_now), 6);
	SELECT a.balance INTO v_available FROM voiceagent.credit_accounts a WHERE a.tenant_id = v_tenant AND a.account = 'available';
	IF v_available < v_cost THEN
		RAISE EXCEPTION 'not enough credits to launch' USING ERRCODE = 'PT402',
			DETAIL = format('%s calls are estimated at %s credits; %s are available.', v_queued, trim_scale(v_cost), trim_scale(v_available)),
			HINT = 'Launch fewer leads, or ask the platform to add credits.';
	END IF;
	v_answer := jsonb_build_object('campaign_id', v_campaign.campaign_id, 'status', 'running', 'calls_queued', v_queued,
		'leads_skipped', v_skipped, 'estimated_cost', trim_scale(v_cost));
	UPDATE voiceagent.campaigns c SET launch = jsonb_build_object('request', v_request, 'answer', v_answer)
	WHERE c.tenant_id = v_tenant AND c.campaign_id = v_campaign.campaign_id;
	RETURN v_answer;
END
$$;
COMMENT ON FUNCTION voiceagent.launch_campaign(bigint[], bigint, text, text) IS
	'Makes a campaign of these leads and starts it, all or nothing: {"campaign_id", "status", "calls_queued", "leads_skipped" (do-not-call), "estimated_cost" (credits: a minute a call)}. The same idempotency_key again gives the first answer without effect; with other parameters PT409. PT402 when the estimate is not affordable, PT404 for an unknown lead or assistant, otherwise as start_campaign().';

CREATE FUNCTION voiceagent_private.callable_leads(campaign_id bigint, variables text[], require_consent boolean)
	RETURNS TABLE(timezones text[], region text, reason text, leads bigint) LANGUAGE plpgsql STABLE SET work_mem = '64MB' SET jit = off AS $$
DECLARE
	v_joins text;
	v_layer text;
BEGIN
	v_joins := voiceagent_private.layers_joins(campaign_id);
	v_layer := voiceagent_private.layers_case(campaign_id, (SELECT coalesce(v.lawful, p.provider <> 'sandbox')
		FROM voiceagent.campaigns c
		JOIN voiceagent.provider_accounts p ON p.tenant_id = c.tenant_id AND p.provider_account_id = c.provider_account_id
		LEFT JOIN voiceagent.campaign_versions v ON v.tenant_id = c.tenant_id AND v.campaign_id = c.campaign_id AND v.version = c.version
		WHERE c.tenant_id = voiceagent.current_tenant() AND c.campaign_id = callable_leads.campaign_id));
	RETURN QUERY EXECUTE format($q$
		SELECT j.timezones, j.region, j.reason, count(*)
		FROM (SELECT d.timezones, voiceagent_private.jurisdiction(d.country, d.region) AS region,
				CASE WHEN cl.status NOT IN ('pending', 'queued', 'retry') THEN cl.status || coalesce(': ' || cl.reason, '')
					WHEN (%s) IS NOT NULL THEN voiceagent_private.do_not_call_reason(%s)
					WHEN %s THEN 'missing variable'
					WHEN $3 AND NOT EXISTS (SELECT FROM voiceagent.consents s WHERE s.tenant_id = d.tenant_id
						AND s.lead_id = d.lead_id AND s.kind = 'call' AND s.revoked_at IS NULL) THEN 'no consent' END AS reason
			FROM voiceagent.campaign_leads cl
			JOIN voiceagent.leads d ON d.tenant_id = cl.tenant_id AND d.lead_id = cl.lead_id %s
			WHERE cl.tenant_id = $1 AND cl.campaign_id = $2) j
		GROUP BY j.timezones, j.region, j.reason $q$,
		v_layer, v_layer,
		coalesce(nullif(array_to_string(voiceagent_private.missing_conditions(variables), ' OR '), ''), 'false'), v_joins)
	USING voiceagent.current_tenant(), campaign_id, require_consent;
END
$$;
COMMENT ON FUNCTION voiceagent_private.callable_leads(bigint, text[], boolean) IS
	'The leads of a campaign by time zones, region and the reason why they cannot be called (NULL: they can).';

CREATE FUNCTION voiceagent_private.finish_estimate(timezones text[], windows integer[], at timestamptz, work interval)
	RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_left interval := work;
	v_from timestamptz := at;
	v_window record;
BEGIN
	FOR i IN 1 .. 200 LOOP
		v_window := voiceagent_private.window_of(timezones, windows, v_from);
		IF v_window.opens_at = 'infinity' THEN
			RETURN NULL;
		END IF;
		v_from := greatest(v_from, v_window.opens_at);
		IF v_window.closes_at - v_from >= v_left THEN
			RETURN v_from + v_left;
		END IF;
		v_left := v_left - (v_window.closes_at - v_from);
		v_from := v_window.closes_at;
	END LOOP;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.finish_estimate(text[], integer[], timestamptz, interval) IS
	'When so much dialling is done if it goes on only inside the windows of these zones; NULL: not within 200 windows.';

CREATE FUNCTION voiceagent.preview_campaign(campaign_id bigint) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_campaign voiceagent.campaigns;
	v_account voiceagent.provider_accounts;
	v_assistant voiceagent.assistant_versions;
	v_settings jsonb;
	v_windows int[];
	v_limit integer;
	v_interval numeric;
	v_scale numeric;
	v_per_hour numeric;
	v_hold numeric;
	v_price numeric;
	v_available numeric;
	v record;
BEGIN
	SELECT * INTO v_campaign FROM voiceagent.campaigns c
	WHERE c.tenant_id = v_tenant AND c.campaign_id = preview_campaign.campaign_id;
	IF NOT FOUND THEN
		PERFORM voiceagent_private.fail('PT404', 'no such campaign');
	END IF;
	SELECT * INTO v_account FROM voiceagent.provider_accounts p
	WHERE p.tenant_id = v_tenant AND p.provider_account_id = v_campaign.provider_account_id;
	SELECT n.* INTO v_assistant FROM voiceagent.assistants a
	JOIN voiceagent.assistant_versions n ON n.tenant_id = a.tenant_id AND n.assistant_id = a.assistant_id AND n.version = a.version
	WHERE a.tenant_id = v_tenant AND a.assistant_id = v_campaign.assistant_id;
	v_settings := voiceagent_private.resolved_settings(v_campaign.settings, v_account.provider);
	v_windows := voiceagent_private.hours_windows((v_settings ->> 'calling_hours')::jsonb);

	WITH grouped AS MATERIALIZED (
		SELECT * FROM voiceagent_private.callable_leads(v_campaign.campaign_id, v_assistant.variables,
			(v_settings ->> 'require_consent')::boolean)
	), zones AS MATERIALIZED (
		SELECT z.timezones, (voiceagent_private.window_of(z.timezones, v_windows, v_now)).*
		FROM (SELECT DISTINCT g.timezones FROM grouped g) z
	), judged AS MATERIALIZED (
		SELECT g.timezones, g.region, g.leads, z.opens_at, z.closes_at,
			coalesce(g.reason, CASE WHEN z.opens_at = 'infinity' THEN
				CASE WHEN g.timezones = '{}' THEN 'unknown time zone' ELSE 'no calling window' END END) AS reason
		FROM grouped g JOIN zones z USING (timezones)
	), lanes AS (
		SELECT j.timezones, j.region, j.opens_at, j.closes_at, sum(j.leads) AS leads
		FROM judged j WHERE j.reason IS NULL GROUP BY 1, 2, 3, 4
	)
	SELECT coalesce(sum(j.leads), 0) AS leads,
		coalesce(sum(j.leads) FILTER (WHERE j.reason IS NULL), 0) AS callable,
		coalesce(sum(j.leads) FILTER (WHERE j.reason IS NULL AND j.opens_at <= v_now), 0) AS open_now,
		coalesce((SELECT jsonb_object_agg(b.reason, b.leads) FROM (SELECT o.reason, sum(o.leads) AS leads
			FROM judged o WHERE o.reason IS NOT NULL GROUP BY o.reason) b), '{}') AS blocked,
		(SELECT count(*) FROM lanes) AS lanes,
		(SELECT coalesce(jsonb_agg(jsonb_build_object('timezones', w.timezones, 'region', w.region, 'leads', w.leads,
				'opens_at', w.opens_at, 'closes_at', w.closes_at) ORDER BY w.opens_at, w.leads DESC, w.timezones, w.region), '[]')
			FROM (SELECT * FROM lanes l ORDER BY l.opens_at, l.leads DESC, l.timezones, l.region LIMIT 5) w) AS first_windows,
		(SELECT l.timezones FROM lanes l ORDER BY l.leads DESC, l.timezones LIMIT 1) AS main_zones,
		(SELECT max(l.opens_at) FROM lanes l) AS last_opens
	INTO v FROM judged j;

	v_limit := least((v_settings ->> 'max_concurrent_calls')::int, v_account.max_concurrent_calls,
		(v_settings ->> 'tenant_max_concurrent_calls')::int, (v_settings ->> 'platform_max_concurrent_calls')::int);
	v_scale := (v_settings ->> 'time_scale')::numeric;
	v_interval := extract(epoch FROM voiceagent_private.as_interval(v_settings ->> 'call_interval'));
	-- A call is taken to last a minute of talk and a quarter of a minute of ringing.
	v_per_hour := floor(least(v_limit * 3600 / (75 / v_scale), 3600 / nullif(v_interval, 0)));
	v_hold := voiceagent_private.hold_amount(voiceagent_private.as_interval(v_settings ->> 'max_call_duration'), v_now);
	v_price := voiceagent_private.price_of('call', v_now);
	SELECT a.balance INTO v_available FROM voiceagent.credit_accounts a WHERE a.tenant_id = v_tenant AND a.account = 'available';
	RETURN jsonb_build_object(
		'campaign_id', v_campaign.campaign_id, 'name', v_campaign.name, 'status', v_campaign.status,
		'provider', v_account.provider, 'leads', v.leads, 'callable', v.callable, 'callable_now', v.open_now,
		'blocked', v.blocked, 'lanes', v.lanes, 'first_windows', v.first_windows,
		'estimated_cost', trim_scale(round(v.callable * v_price, 6)), 'credits_held_per_call', trim_scale(v_hold),
		'worst_cost', trim_scale(v.callable * v_hold * ((v_settings ->> 'retry_attempts')::int + 1)),
		'credits_available', trim_scale(v_available),
		'affordable', v_available >= greatest(v.callable * v_price, v_hold),
		'concurrent_calls', v_limit, 'calls_per_hour', v_per_hour,
		'estimated_finish', CASE WHEN v.callable > 0 AND v_per_hour > 0 THEN greatest(v.last_opens,
			voiceagent_private.finish_estimate(v.main_zones, v_windows, greatest(v_now, v_campaign.starts_at),
				least(v.callable / v_per_hour, 1e6) * interval '1 hour')) END);
END
$$;
COMMENT ON FUNCTION voiceagent.preview_campaign(bigint) IS
	'What a start would do, without doing it: leads, callable (now: callable_now), blocked {reason: leads}, lanes (sets of time zones and regions) with the first windows to open, estimated_cost (credits: a minute a call), credits_held_per_call and worst_cost (every dial at its longest), credits_available, affordable, calls_per_hour and estimated_finish (first dials of all). PT404.';

CREATE FUNCTION voiceagent_private.check_campaign() RETURNS TABLE(invariant text, detail text)
	LANGUAGE sql STABLE AS $$
	WITH me AS MATERIALIZED (
		SELECT voiceagent.current_tenant() AS tenant_id
	), leads AS (
		SELECT cl.* FROM voiceagent.campaign_leads cl, me WHERE cl.tenant_id = me.tenant_id
	), queue AS (
		SELECT q.* FROM voiceagent_private.call_queue q, me WHERE q.tenant_id = me.tenant_id
	), live AS (
		SELECT l.* FROM voiceagent_private.live_calls l, me WHERE l.tenant_id = me.tenant_id
	), lanes AS (
		SELECT l.* FROM voiceagent_private.lanes l, me WHERE l.tenant_id = me.tenant_id
	), campaigns AS (
		SELECT c.* FROM voiceagent.campaigns c, me WHERE c.tenant_id = me.tenant_id
	)
	SELECT 'a lead that waits has a queue row', format('campaign %s, lead %s: %s', cl.campaign_id, cl.lead_id, cl.status)
	FROM leads cl
	WHERE cl.status IN ('queued', 'retry') AND NOT EXISTS (SELECT FROM queue q WHERE q.campaign_id = cl.campaign_id AND q.lead_id = cl.lead_id)
	UNION ALL
	SELECT 'a queue row has a lead that waits', format('campaign %s, lead %s: %s', q.campaign_id, q.lead_id, coalesce(cl.status, 'not in the campaign'))
	FROM queue q LEFT JOIN leads cl ON cl.campaign_id = q.campaign_id AND cl.lead_id = q.lead_id
	WHERE cl.status IS NULL OR cl.status NOT IN ('queued', 'retry')
	UNION ALL
	SELECT 'a lead that is called has a live call', format('campaign %s, lead %s', cl.campaign_id, cl.lead_id)
	FROM leads cl
	WHERE cl.status = 'calling' AND NOT EXISTS (SELECT FROM live l WHERE l.campaign_id = cl.campaign_id AND l.lead_id = cl.lead_id)
	UNION ALL
	SELECT 'a live call has a lead that is called', format('call %s: %s', l.call_id, coalesce(cl.status, 'not in the campaign'))
	FROM live l LEFT JOIN leads cl ON cl.campaign_id = l.campaign_id AND cl.lead_id = l.lead_id
	WHERE cl.status IS DISTINCT FROM 'calling'
	UNION ALL
	SELECT 'a queue row lies in a lane of its campaign', format('campaign %s, lead %s, lane %s', q.campaign_id, q.lead_id, q.lane_id)
	FROM queue q WHERE NOT EXISTS (SELECT FROM lanes l WHERE l.lane_id = q.lane_id AND l.campaign_id = q.campaign_id)
	UNION ALL
	SELECT 'a lane knows when its first row is due', format('lane %s: next_due %s, first row %s', l.lane_id, l.next_due, f.first_due)
	FROM lanes l JOIN (SELECT q.lane_id, min(q.not_before) AS first_due FROM queue q GROUP BY q.lane_id) f ON f.lane_id = l.lane_id
	WHERE l.next_due > f.first_due
	UNION ALL
	SELECT 'lanes run while their campaign runs', format('campaign %s (%s), lane %s', l.campaign_id, coalesce(c.status, 'gone'), l.lane_id)
	FROM lanes l LEFT JOIN campaigns c ON c.campaign_id = l.campaign_id
	WHERE CASE c.status WHEN 'running' THEN l.running <> (SELECT t.active FROM voiceagent.tenants t, me WHERE t.tenant_id = me.tenant_id) WHEN 'completed' THEN false ELSE l.running IS NOT false END
	UNION ALL
	SELECT 'a campaign that ended by itself has nobody waiting', format('campaign %s', c.campaign_id)
	FROM campaigns c
	WHERE c.status = 'completed' AND (EXISTS (SELECT FROM queue q WHERE q.campaign_id = c.campaign_id)
		OR EXISTS (SELECT FROM live l WHERE l.campaign_id = c.campaign_id))
	UNION ALL
	SELECT 'a running campaign has somebody waiting or called', format('campaign %s', c.campaign_id)
	FROM campaigns c
	WHERE c.status = 'running' AND NOT EXISTS (SELECT FROM queue q WHERE q.campaign_id = c.campaign_id)
		AND NOT EXISTS (SELECT FROM live l WHERE l.campaign_id = c.campaign_id)
	UNION ALL
	SELECT 'only running campaigns are held back', format('campaign %s (%s): %s', c.campaign_id, c.status, p.suspended)
	FROM campaigns c JOIN voiceagent_private.pacing p ON p.tenant_id = c.tenant_id AND p.campaign_id = c.campaign_id
	WHERE p.suspended IS NOT NULL AND c.status NOT IN ('running', 'completed')
	UNION ALL
	SELECT 'scheduled campaigns have a time', format('campaign %s (%s)', c.campaign_id, c.status)
	FROM campaigns c JOIN voiceagent_private.pacing p ON p.tenant_id = c.tenant_id AND p.campaign_id = c.campaign_id
	WHERE (c.status = 'scheduled') <> (p.starts_at IS NOT NULL)
	UNION ALL
	SELECT 'a lead is dialled at most retry_attempts + 1 times', format('campaign %s, lead %s: %s', cl.campaign_id, cl.lead_id, cl.attempts)
	FROM leads cl
	JOIN (SELECT v.campaign_id, max(v.retry_attempts) + 1 AS dials FROM voiceagent.campaign_versions v, me
		WHERE v.tenant_id = me.tenant_id GROUP BY v.campaign_id) m ON m.campaign_id = cl.campaign_id
	WHERE cl.attempts > m.dials
$$;
COMMENT ON FUNCTION voiceagent_private.check_campaign() IS
	'What is wrong between the acting tenant''s campaigns, leads, lanes, queue and live calls; no row is well.';
