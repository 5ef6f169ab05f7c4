/*
 * 65_outcome: abandoned calls, as the regulators reckon them (16 CFR
 * 310.4(b)(4), 47 CFR 64.1200(a)(7)): of the calls of a campaign in 30 days that
 * reached a person, the share without our speech within two seconds after the
 * person's greeting.  From a first share on the campaign slows, at a second one
 * it stops and rests.
 *
 * Only the end of an abandoned call has them counted, in the place of the
 * breaker's order of locks (brake_campaigns()).
 */

CREATE FUNCTION voiceagent_private.abandonment(campaign_id bigint, at timestamptz, OUT reached bigint,
	OUT abandoned bigint, OUT share numeric)
	LANGUAGE plpgsql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	-- More than a campaign reaches in 30 days: beyond it the newest count.
	c_calls CONSTANT integer := 1000000;
	-- Sandbox calls do not thin the share of real calls.
	v_sandbox bigint[] := ARRAY(SELECT a.provider_account_id FROM voiceagent.provider_accounts a
		WHERE a.tenant_id = v_tenant AND a.provider = 'sandbox');
	v_played boolean := (SELECT c.provider_account_id = ANY (v_sandbox) FROM voiceagent.campaigns c
		WHERE c.tenant_id = v_tenant AND c.campaign_id = abandonment.campaign_id);
BEGIN
	SELECT count(k.abandoned), count(*) FILTER (WHERE k.abandoned) INTO reached, abandoned
	FROM (SELECT c.started_at, c.abandoned, c.provider_account_id FROM voiceagent.calls c
		WHERE c.tenant_id = v_tenant AND c.campaign_id = abandonment.campaign_id
		ORDER BY c.call_id DESC LIMIT c_calls) k
	WHERE k.started_at > at - interval '30 days' AND (k.provider_account_id = ANY (v_sandbox)) = v_played;
	share := round(abandoned::numeric / greatest(reached, 1), 4);
END
$$;
COMMENT ON FUNCTION voiceagent_private.abandonment(bigint, timestamptz) IS
	'How many people a campaign of the current tenant has reached in the 30 days before a time, in real calls whose '
	'words are known, how many of these calls were abandoned, and their share.';

CREATE FUNCTION voiceagent_private.abandoning(call_ids bigint[]) RETURNS bigint[]
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_campaigns bigint[] := ARRAY(SELECT DISTINCT c.campaign_id
		FROM unnest(call_ids) AS i(call_id)
		CROSS JOIN LATERAL (SELECT o.campaign_id FROM voiceagent.calls o
			WHERE o.tenant_id = v_tenant AND o.call_id = i.call_id AND o.abandoned OFFSET 0) c ORDER BY c.campaign_id);
BEGIN
	PERFORM FROM voiceagent_private.pacing p
	WHERE p.tenant_id = v_tenant AND p.campaign_id = ANY (v_campaigns) ORDER BY p.campaign_id FOR NO KEY UPDATE;
	RETURN v_campaigns;
END
$$;
COMMENT ON FUNCTION voiceagent_private.abandoning(bigint[]) IS
	'The campaigns of calls that have just ended and were abandoned, their pacing rows locked, in the order of '
	'brake_campaigns(); for rest_abandoning(), when the leads are decided about.';

CREATE FUNCTION voiceagent_private.rest_abandoning(campaign_ids bigint[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_campaign bigint;
	v_set jsonb;
	v record;
	v_until timestamptz;
	v_reason text;
BEGIN
	FOREACH v_campaign IN ARRAY campaign_ids LOOP
		SELECT w.settings INTO v_set FROM voiceagent.campaigns c
		JOIN voiceagent.campaign_versions w ON w.tenant_id = v_tenant AND w.campaign_id = c.campaign_id
			AND w.version = c.version
		WHERE c.tenant_id = v_tenant AND c.campaign_id = v_campaign;
		v := voiceagent_private.abandonment(v_campaign, v_now);
		-- A version may be older than the settings.
		CONTINUE WHEN v.reached < coalesce((v_set ->> 'abandoned_min_calls')::integer, 50);
		IF v.share >= coalesce((v_set ->> 'abandoned_stop_share')::numeric, 0.03) THEN
			v_until := v_now
				+ coalesce(voiceagent_private.as_interval(v_set ->> 'abandoned_rest'), interval '72 hours');
			-- Also of one that has stopped or completed: somebody may start it again.
			UPDATE voiceagent_private.pacing p SET rests_until = greatest(p.rests_until, v_until),
				rest_reason = voiceagent_private.why('abandoned', v.abandoned::text, v.reached::text,
					to_char(greatest(p.rests_until, v_until) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'))
			WHERE p.tenant_id = v_tenant AND p.campaign_id = v_campaign
			RETURNING p.rests_until, p.rest_reason INTO v_until, v_reason;
			PERFORM voiceagent_private.suspend_campaign(v_campaign, v_reason, v_until);
			PERFORM voiceagent_private.log_event('campaign_abandoned', v_campaign, NULL, NULL,
				jsonb_build_object('reached', v.reached, 'abandoned', v.abandoned, 'until', v_until));
		ELSIF v.share >= coalesce((v_set ->> 'abandoned_slow_share')::numeric, 0.01) THEN
			UPDATE voiceagent_private.pacing p SET slow_until = v_now + interval '1 day'
			WHERE p.tenant_id = v_tenant AND p.campaign_id = v_campaign;
		END IF;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.rest_abandoning(bigint[]) IS
	E'Slows these campaigns (of abandoning()) for a day when their share of abandoned calls has reached '
	'abandoned_slow_share, and has them rest for abandoned_rest, with event campaign_abandoned, from '
	'abandoned_stop_share on.';

CREATE FUNCTION voiceagent_private.check_abandoned() RETURNS TABLE (invariant text, detail text)
	LANGUAGE sql STABLE AS $$
	-- A dial that was claimed in the same moment is on its way.
	SELECT 'a campaign that abandons people rests', format('campaign %s dialled call %s within its rest',
		e.campaign_id, c.call_id)
	FROM voiceagent.events e
	CROSS JOIN LATERAL (SELECT k.call_id FROM voiceagent.calls k
		WHERE k.tenant_id = e.tenant_id AND k.campaign_id = e.campaign_id
			AND k.started_at > e.at + interval '10 seconds'
			AND k.started_at < (e.event_data ->> 'until')::timestamptz LIMIT 1) c
	WHERE e.tenant_id = voiceagent.current_tenant() AND e.event_type = 'campaign_abandoned'
		AND e.at > voiceagent.clock() - interval '30 days'
$$;
COMMENT ON FUNCTION voiceagent_private.check_abandoned() IS
	'No campaign of the current tenant dials for as long as its abandoned calls have it rest.';
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('invariant', 'check_abandoned');
