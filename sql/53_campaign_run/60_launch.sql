-- 53_campaign_run: launching in one call, and the invariants of campaigns.

CREATE FUNCTION voiceagent.launch_campaign(lead_ids bigint[], assistant_id bigint, name text DEFAULT NULL,
	idempotency_key text DEFAULT NULL) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_now timestamptz := voiceagent.clock();
	v_request jsonb;
	v_done jsonb;
	v_campaign voiceagent.campaigns;
	v_confirmation text;
	v_approval bigint;
	v_waiting bigint;
	v_queued bigint;
	v_skipped bigint;
	v_cost numeric;
	v_available numeric;
	v_answer jsonb;
BEGIN
	PERFORM voiceagent_private.fail_if(coalesce(cardinality(lead_ids), 0) = 0, 'PT422', 'a launch needs leads', NULL,
		'Give their ids in lead_ids.');
	PERFORM voiceagent_private.fail_if(length(idempotency_key) NOT BETWEEN 1 AND 255, 'PT422',
		'an idempotency key has 1 to 255 characters');
	v_request := jsonb_build_object('assistant_id', assistant_id, 'name', name, 'leads', encode(sha256(convert_to(
		(SELECT string_agg(DISTINCT i.id::text, ',' ORDER BY i.id::text) FROM unnest(lead_ids) AS i(id)),
		'UTF8')), 'hex'));
	-- When two launches use one key, the second waits here for the first to commit and then returns its answer.
	v_campaign := voiceagent_private.make_campaign(
		coalesce(name, (SELECT left(a.name, 150) || to_char(v_now AT TIME ZONE 'UTC', ' YYYY-MM-DD HH24:MI')
			FROM voiceagent.assistants a
			WHERE a.tenant_id = v_tenant AND a.assistant_id = launch_campaign.assistant_id), 'Launch'),
		assistant_id, 'sales', '{}', idempotency_key);
	IF v_campaign.campaign_id IS NULL THEN
		SELECT c.launch INTO v_done FROM voiceagent.campaigns c
		WHERE c.tenant_id = v_tenant AND c.idempotency_key = launch_campaign.idempotency_key;
		PERFORM voiceagent_private.fail_if(v_done -> 'request' IS DISTINCT FROM v_request, 'PT409',
			'the idempotency key was used with other parameters', NULL, 'A new launch needs a new key.');
		RETURN v_done -> 'answer';
	END IF;

	PERFORM voiceagent.add_leads(v_campaign.campaign_id, lead_ids);
	v_approval := voiceagent_private.waits_for_approval(v_campaign);
	BEGIN
		IF v_approval IS NULL THEN
			PERFORM voiceagent_private.run_campaign(v_campaign, 'campaign_started');
		END IF;
	EXCEPTION WHEN SQLSTATE 'PT428' THEN
		-- Nothing but the confirmation is missing: keep it as a draft, which a person can confirm.
		v_confirmation := voiceagent_private.confirmation_text(v_campaign.campaign_id);
	END;
	SELECT count(*) FILTER (WHERE cl.status IN ('pending', 'queued')), count(*) FILTER (WHERE cl.status = 'queued'),
		count(*) FILTER (WHERE cl.status = 'skipped') INTO v_waiting, v_queued, v_skipped
	FROM voiceagent.campaign_leads cl WHERE cl.tenant_id = v_tenant AND cl.campaign_id = v_campaign.campaign_id;
	v_cost := round(v_waiting * voiceagent_private.price_of('call', v_now), 6);
	v_available := (voiceagent_private.wallet(v_now)).all_calls;
	PERFORM voiceagent_private.fail_if(v_available < v_cost, 'PT402', 'not enough credits to launch',
		format('%s calls are estimated at %s credits; %s are available.', v_waiting, trim_scale(v_cost),
			trim_scale(v_available)), 'Launch fewer leads, or ask the platform to add credits.');
	v_answer := jsonb_build_object('campaign_id', v_campaign.campaign_id,
		'status', CASE WHEN v_approval IS NOT NULL THEN 'waiting_approval' WHEN v_confirmation IS NULL THEN 'running'
			ELSE 'draft' END,
		'calls_queued', v_queued, 'leads_skipped', v_skipped, 'estimated_cost', trim_scale(v_cost),
		'credits_reserved', 0,
		'blocked', (SELECT coalesce(jsonb_object_agg(b.reason, b.leads), '{}')
			FROM voiceagent_private.blocked_leads(v_campaign.campaign_id, v_now) b))
		|| jsonb_strip_nulls(jsonb_build_object('confirmation', v_confirmation, 'approval_id', v_approval));
	UPDATE voiceagent.campaigns c SET launch = jsonb_build_object('request', v_request, 'answer', v_answer)
	WHERE c.tenant_id = v_tenant AND c.campaign_id = v_campaign.campaign_id;
	RETURN v_answer;
END
$$;
COMMENT ON FUNCTION voiceagent.launch_campaign(bigint[], bigint, text, text) IS
	E'Makes a campaign of these leads and starts it: {"campaign_id", "status", "calls_queued", "leads_skipped", '
	'"estimated_cost" (credits), "credits_reserved", "blocked" (leads by reason)}.\n'
	'"approval_id": it waits for that. On a real carrier it stays a draft, with "confirmation" to type. A used '
	'idempotency_key gives its answer. PT402, PT404, PT409 for other parameters, and what start_campaign() raises.';

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
	SELECT 'a lead that waits has a queue row',
		format('campaign %s, lead %s: %s', cl.campaign_id, cl.lead_id, cl.status)
	FROM leads cl
	WHERE cl.status IN ('queued', 'retry')
		AND NOT EXISTS (SELECT FROM queue q WHERE q.campaign_id = cl.campaign_id AND q.lead_id = cl.lead_id)
	UNION ALL
	SELECT 'a queue row has a lead that waits',
		format('campaign %s, lead %s: %s', q.campaign_id, q.lead_id, coalesce(cl.status, 'not in the campaign'))
	FROM queue q LEFT JOIN leads cl ON cl.campaign_id = q.campaign_id AND cl.lead_id = q.lead_id
	WHERE cl.status IS NULL OR cl.status NOT IN ('queued', 'retry')
	UNION ALL
	SELECT 'a lead that is called has a live call', format('campaign %s, lead %s', cl.campaign_id, cl.lead_id)
	FROM leads cl
	WHERE cl.status = 'calling'
		AND NOT EXISTS (SELECT FROM live l WHERE l.campaign_id = cl.campaign_id AND l.lead_id = cl.lead_id)
	UNION ALL
	SELECT 'a live call has a lead that is called',
		format('call %s: %s', l.call_id, coalesce(cl.status, 'not in the campaign'))
	FROM live l LEFT JOIN leads cl ON cl.campaign_id = l.campaign_id AND cl.lead_id = l.lead_id
	WHERE cl.status IS DISTINCT FROM 'calling'
	UNION ALL
	SELECT 'a queue row lies in a lane of its campaign',
		format('campaign %s, lead %s, lane %s', q.campaign_id, q.lead_id, q.lane_id)
	FROM queue q WHERE NOT EXISTS (SELECT FROM lanes l WHERE l.lane_id = q.lane_id AND l.campaign_id = q.campaign_id)
	UNION ALL
	SELECT 'a lane knows when its first row is due',
		format('lane %s: next_due %s, first row %s', l.lane_id, l.next_due, f.first_due)
	FROM lanes l
	JOIN (SELECT q.lane_id, min(q.not_before) AS first_due FROM queue q GROUP BY q.lane_id) f ON f.lane_id = l.lane_id
	WHERE l.next_due > f.first_due
	UNION ALL
	SELECT 'lanes run while their campaign runs',
		format('campaign %s (%s), lane %s', l.campaign_id, coalesce(c.status, 'gone'), l.lane_id)
	FROM lanes l LEFT JOIN campaigns c ON c.campaign_id = l.campaign_id
	WHERE CASE c.status WHEN 'running' THEN l.running <> (SELECT t.active FROM voiceagent.tenants t, me
		WHERE t.tenant_id = me.tenant_id) WHEN 'completed' THEN false ELSE l.running IS NOT false END
	UNION ALL
	SELECT 'a campaign that ended by itself has nobody waiting', format('campaign %s', c.campaign_id)
	FROM campaigns c
	WHERE c.status = 'completed' AND c.archived_at IS NULL
		AND (EXISTS (SELECT FROM queue q WHERE q.campaign_id = c.campaign_id)
			OR EXISTS (SELECT FROM live l WHERE l.campaign_id = c.campaign_id))
	UNION ALL
	SELECT 'a running campaign has somebody waiting or called', format('campaign %s', c.campaign_id)
	FROM campaigns c
	WHERE c.status = 'running' AND NOT EXISTS (SELECT FROM queue q WHERE q.campaign_id = c.campaign_id)
		AND NOT EXISTS (SELECT FROM live l WHERE l.campaign_id = c.campaign_id)
		AND voiceagent_private.arrivals_a_day(c) IS NULL
	UNION ALL
	SELECT 'only running campaigns are held back', format('campaign %s (%s): %s', c.campaign_id, c.status, p.suspended)
	FROM campaigns c JOIN voiceagent_private.pacing p ON p.tenant_id = c.tenant_id AND p.campaign_id = c.campaign_id
	WHERE p.suspended IS NOT NULL AND c.status NOT IN ('running', 'completed')
	UNION ALL
	-- (A lead that was added to a completed campaign by hand waits for its next start, or until it goes on for others
	-- that join.)
	SELECT 'no lead of a running campaign waits for a start that has been',
		format('campaign %s, lead %s', cl.campaign_id, cl.lead_id)
	FROM leads cl JOIN campaigns c ON c.campaign_id = cl.campaign_id
	JOIN voiceagent_private.pacing p ON p.tenant_id = c.tenant_id AND p.campaign_id = c.campaign_id
	WHERE cl.status = 'pending' AND c.status IN ('running', 'completed')
		AND coalesce(p.expires_at > voiceagent.clock(), true)
		AND (c.status = 'running' AND cl.added_at < p.brakes_from
			OR EXISTS (SELECT FROM voiceagent.events e WHERE e.tenant_id = cl.tenant_id AND e.lead_id = cl.lead_id
				AND e.campaign_id = cl.campaign_id AND e.event_type = 'lead_followed_up'))
	UNION ALL
	SELECT 'who waits for credits is looked at again', format('campaign %s', p.campaign_id)
	FROM campaigns c JOIN voiceagent_private.pacing p ON p.tenant_id = c.tenant_id AND p.campaign_id = c.campaign_id
	WHERE c.status = 'running' AND p.suspended = 'out of credits' AND p.next_dial_at = 'infinity'
		AND NOT voiceagent_private.simulating()
	UNION ALL
	SELECT 'scheduled campaigns have a time', format('campaign %s (%s)', c.campaign_id, c.status)
	FROM campaigns c JOIN voiceagent_private.pacing p ON p.tenant_id = c.tenant_id AND p.campaign_id = c.campaign_id
	WHERE (c.status = 'scheduled') <> (p.starts_at IS NOT NULL)
	UNION ALL
	SELECT 'a lead is dialled at most retry_attempts + 1 times',
		format('campaign %s, lead %s: %s', cl.campaign_id, cl.lead_id, cl.attempts)
	FROM leads cl
	JOIN (SELECT v.campaign_id, max(v.retry_attempts) + 1 AS dials FROM voiceagent.campaign_versions v, me
		WHERE v.tenant_id = me.tenant_id GROUP BY v.campaign_id) m ON m.campaign_id = cl.campaign_id
	WHERE cl.attempts > m.dials
		AND cl.attempts > m.dials + (SELECT least(count(*), 3) FROM voiceagent.calls c, me
			WHERE c.tenant_id = me.tenant_id
			AND c.lead_id = cl.lead_id AND c.campaign_id = cl.campaign_id AND c.outcome = 'callback')
$$;
COMMENT ON FUNCTION voiceagent_private.check_campaign() IS
	'Inconsistencies of the current tenant''s campaigns, leads, lanes, queue and live calls; no row is well.';
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('invariant', 'check_campaign');
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('deferred', 'launch_campaign');
