-- 53_campaign_run: starting, pausing, stopping. Each function may be called at any time, any number of times.

CREATE FUNCTION voiceagent_private.set_campaign_status(campaign_id bigint, status text, status_reason text, event text)
	RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
BEGIN
	UPDATE voiceagent_private.pacing p
	SET suspended = NULL, next_dial_at = CASE WHEN p.suspended IS NULL THEN p.next_dial_at ELSE '-infinity' END,
		brakes_from = CASE set_campaign_status.status WHEN 'running' THEN v_now ELSE p.brakes_from END,
		starts_at = CASE set_campaign_status.status
			WHEN 'scheduled' THEN (SELECT c.starts_at FROM voiceagent.campaigns c
				WHERE c.tenant_id = v_tenant AND c.campaign_id = set_campaign_status.campaign_id) END
	WHERE p.tenant_id = v_tenant AND p.campaign_id = set_campaign_status.campaign_id;
	UPDATE voiceagent.campaigns c
	SET status = set_campaign_status.status, status_reason = set_campaign_status.status_reason,
		started_at = CASE set_campaign_status.status WHEN 'running' THEN coalesce(c.started_at, v_now)
			ELSE c.started_at END,
		ended_at = CASE WHEN set_campaign_status.status = 'stopped' THEN v_now END
	WHERE c.tenant_id = v_tenant AND c.campaign_id = set_campaign_status.campaign_id;
	IF status = 'running' THEN
		PERFORM voiceagent_private.begin_scripts(v.campaign_id, v.settings),
			voiceagent_private.begin_dial_asks(v.campaign_id, v.settings) FROM voiceagent.campaigns c
		JOIN voiceagent.campaign_versions v USING (tenant_id, campaign_id, version)
		WHERE c.tenant_id = v_tenant AND c.campaign_id = set_campaign_status.campaign_id;
	END IF;
	PERFORM voiceagent_private.log_event(event, campaign_id, NULL, NULL,
		CASE WHEN status_reason IS NULL THEN '{}' ELSE jsonb_build_object('reason', status_reason) END);
	RETURN status;
END
$$;
COMMENT ON FUNCTION voiceagent_private.set_campaign_status(bigint, text, text, text) IS
	'Writes the status of a campaign whose pacing row and lanes the caller has settled, with its event; returns it.';

CREATE FUNCTION voiceagent_private.halt_lanes(campaign_id bigint) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	PERFORM FROM voiceagent_private.lanes l
	WHERE l.tenant_id = v_tenant AND l.campaign_id = halt_lanes.campaign_id
	ORDER BY l.lane_id FOR NO KEY UPDATE;
	UPDATE voiceagent_private.lanes l SET running = false
	WHERE l.tenant_id = v_tenant AND l.campaign_id = halt_lanes.campaign_id AND l.running;
END
$$;
COMMENT ON FUNCTION voiceagent_private.halt_lanes(bigint) IS
	'Closes the lanes of a campaign, leaving what waits in them.';

CREATE FUNCTION voiceagent_private.blocked_leads(campaign_id bigint, at timestamptz)
	RETURNS TABLE (reason text, leads bigint)
	LANGUAGE plpgsql STABLE SET planner.policy = hashed SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_version voiceagent.campaign_versions;
BEGIN
	RETURN QUERY SELECT m.reason, count(*) FROM voiceagent.campaign_leads m
	WHERE m.tenant_id = v_tenant AND m.campaign_id = blocked_leads.campaign_id AND m.attempts = 0
		AND m.status IN ('skipped', 'expired')
	GROUP BY m.reason;
	SELECT v.* INTO v_version FROM voiceagent.campaigns c JOIN voiceagent.campaign_versions v
		ON v.tenant_id = v_tenant AND v.campaign_id = c.campaign_id AND v.version = c.version
	WHERE c.tenant_id = v_tenant AND c.campaign_id = blocked_leads.campaign_id;
	IF NOT (v_version.lawful OR v_version.require_consent) THEN
		RETURN;
	END IF;
	-- The claim asks for a consent only when a lead's turn comes; count those that lack one beforehand.
	RETURN QUERY WITH waiting AS (
		SELECT m.lead_id, coalesce(n.phone, d.phone) AS phone,
			CASE WHEN n.lead_id IS NULL THEN voiceagent_private.jurisdiction(d.country, d.region)
				ELSE voiceagent_private.jurisdiction(n.country, n.region) END AS place
		FROM voiceagent.campaign_leads m
		JOIN voiceagent.leads d ON d.tenant_id = v_tenant AND d.lead_id = m.lead_id
		LEFT JOIN voiceagent_private.call_queue q ON q.tenant_id = v_tenant AND q.campaign_id = m.campaign_id
			AND q.lead_id = m.lead_id AND q.number > 1
		LEFT JOIN voiceagent.lead_numbers n ON n.tenant_id = v_tenant AND n.lead_id = q.lead_id AND n.number = q.number
		WHERE m.tenant_id = v_tenant AND m.campaign_id = blocked_leads.campaign_id
			AND m.status IN ('pending', 'queued', 'retry')
	), places AS MATERIALIZED (
		SELECT p.place, voiceagent_private.consent_valid(t.terms) AS valid
		FROM (SELECT DISTINCT w.place FROM waiting w) p
		CROSS JOIN LATERAL (SELECT voiceagent_private.terms_of(p.place, at) AS terms OFFSET 0) t
		WHERE v_version.require_consent OR (t.terms).require_consent
	)
	SELECT 'no recorded consent to be called', count(*) FROM waiting w JOIN places p ON p.place = w.place
	WHERE NOT EXISTS (SELECT FROM voiceagent.consents s WHERE s.tenant_id = v_tenant AND s.lead_id = w.lead_id
		AND s.kind = 'call' AND s.phone = w.phone AND s.revoked_at IS NULL
		AND coalesce(s.granted_at > at - p.valid, true))
	HAVING count(*) > 0;
END
$$;
COMMENT ON FUNCTION voiceagent_private.blocked_leads(bigint, timestamptz) IS
	E'Leads of a campaign that were never dialled and will not be as things stand, by reason: skipped, expired, '
	'or waiting without the consent that is required.\n'
	'The words are those of preview_campaign().';

CREATE FUNCTION voiceagent_private.require_test_call(campaign_id bigint, settings jsonb) RETURNS void
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	-- A version may be older than the setting.
	v_untested text[] := CASE WHEN (settings ->> 'require_test_call')::boolean THEN
		voiceagent_private.untested(campaign_id) END;
BEGIN
	PERFORM voiceagent_private.fail_if(cardinality(v_untested) > 0, 'PT409',
		'the campaign needs an answered test call first',
		initcap(left(v_untested[1], 1)) || substr(v_untested[1], 2) || '.',
		'register_own_number(), then test_call(); the setting require_test_call asks for it.');
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_test_call(bigint, jsonb) IS
	'PT409 if the settings in force of a campaign require a test call (require_test_call) and one of its real accounts '
	'has none that was answered (untested()).';

CREATE FUNCTION voiceagent_private.run_campaign(campaign voiceagent.campaigns, event text,
	skip_missing boolean DEFAULT false) RETURNS text
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_version voiceagent.campaign_versions;
	v_available numeric;
	v_needed numeric;
	v_queued record;
	v_later boolean := coalesce(campaign.starts_at > v_now, false);
	v_untested text;
	v_late bigint[];
	v_why text;
	v_blocked bigint;
BEGIN
	PERFORM voiceagent_private.require_not_archived(campaign);
	PERFORM voiceagent_private.fail_if(NOT (SELECT t.active FROM voiceagent.tenants t WHERE t.tenant_id = v_tenant),
		'PT409', 'the tenant is not active', 'It reads, but dials nothing.', 'Ask the platform to activate it.');
	PERFORM voiceagent_private.fail_if(NOT (SELECT a.active FROM voiceagent.assistants a
		WHERE a.tenant_id = v_tenant AND a.assistant_id = campaign.assistant_id), 'PT409',
		'the campaign''s assistant is not active', NULL,
		'Activate it with update_assistant(), or choose another with update_campaign().');
	PERFORM voiceagent_private.fail_if(
		NOT EXISTS (SELECT FROM unnest(voiceagent_private.accounts_of_campaign(campaign.campaign_id)) AS i(id)
			JOIN voiceagent.provider_accounts p ON p.tenant_id = v_tenant AND p.provider_account_id = i.id
			WHERE p.active), 'PT409', 'the campaign''s provider account is not active', NULL,
		'Choose another with update_campaign().');
	-- Lanes come before campaigns in the order of locks.
	PERFORM FROM voiceagent_private.lanes l
	WHERE l.tenant_id = v_tenant AND l.campaign_id = campaign.campaign_id ORDER BY l.lane_id FOR NO KEY UPDATE;
	campaign.version := voiceagent_private.write_campaign_version(campaign, false);
	UPDATE voiceagent.campaigns c SET version = campaign.version
	WHERE c.tenant_id = v_tenant AND c.campaign_id = campaign.campaign_id AND c.version <> campaign.version;
	SELECT * INTO STRICT v_version FROM voiceagent.campaign_versions v
	WHERE v.tenant_id = v_tenant AND v.campaign_id = campaign.campaign_id AND v.version = campaign.version;

	PERFORM voiceagent_private.set_expiry(campaign, campaign.version,
		coalesce(campaign.started_at, greatest(campaign.starts_at, v_now)));
	PERFORM voiceagent_private.require_not_expired(campaign.campaign_id, greatest(campaign.starts_at, v_now));
	IF (voiceagent_private.unapproved_spending(campaign.campaign_id, v_now)).reason IS NOT NULL THEN
		PERFORM voiceagent_private.fail('PT409', 'the campaign waits for an approval', campaign.status_reason,
			'An owner approves it: approve_spending(); the view waiting has its number.');
	END IF;
	PERFORM voiceagent_private.fail_if(
		(SELECT r.campaign_total < voiceagent_private.hold_amount(v_version.max_call_duration, v_now)
			AND r.campaign_held = 0 FROM voiceagent_private.spend_left_by_cap(campaign.campaign_id, v_now) r), 'PT409',
		'the campaign''s spend cap is reached', NULL, 'Raise spend_cap with update_campaign().');
	-- Check the leads that waited before; enqueue_pending() checks those that it adds.
	IF campaign.status <> 'draft' AND campaign.type <> 'test' AND NOT skip_missing THEN
		PERFORM voiceagent_private.require_filled_variables(campaign.campaign_id, campaign.version);
	END IF;
	v_queued := voiceagent_private.enqueue_pending(campaign.campaign_id, NULL, skip_missing, v_now);
	PERFORM voiceagent_private.require_sayable(campaign.campaign_id, campaign.version);
	PERFORM voiceagent_private.require_caller_number(campaign.campaign_id);
	IF v_queued.queued = 0 AND NOT EXISTS (SELECT FROM voiceagent_private.call_queue q
		WHERE q.tenant_id = v_tenant AND q.campaign_id = campaign.campaign_id)
		AND NOT EXISTS (SELECT FROM voiceagent_private.live_calls l
		WHERE l.tenant_id = v_tenant AND l.campaign_id = campaign.campaign_id)
		AND voiceagent_private.arrivals_a_day(campaign) IS NULL THEN
		RAISE EXCEPTION 'the campaign has no leads to call' USING ERRCODE = 'PT409',
			DETAIL = coalesce(
				(SELECT 'Its leads: ' || string_agg(format('%s %s', s.n, s.status), ', ' ORDER BY s.status) || '.'
					FROM (SELECT cl.status, count(*) AS n FROM voiceagent.campaign_leads cl
						WHERE cl.tenant_id = v_tenant AND cl.campaign_id = campaign.campaign_id GROUP BY cl.status) s),
				'It has no leads at all.'),
			HINT = 'Put leads in with add_leads() or an import.';
	END IF;
	IF v_version.lawful THEN
		PERFORM voiceagent_private.require_fresh_dnc_lists(campaign.campaign_id, v_now);
	END IF;
	PERFORM voiceagent_private.require_no_debt();
	v_needed := voiceagent_private.hold_amount(v_version.max_call_duration, v_now);
	v_available := (voiceagent_private.wallet(v_now)).one_call;
	PERFORM voiceagent_private.fail_if(coalesce(v_available, 0) < v_needed, 'PT402', 'not enough credits to start',
		format('A call holds %s credits, its longest possible cost; %s are available.',
			trim_scale(v_needed), trim_scale(coalesce(v_available, 0))),
		'Ask the platform to add credits, or lower max_call_duration.');
	IF campaign.status = 'draft' THEN
		-- For those that joined meanwhile.  A transaction that sets another step waits for this row.
		PERFORM FROM voiceagent.campaigns c WHERE c.tenant_id = v_tenant AND c.campaign_id = campaign.campaign_id
			FOR NO KEY UPDATE;
		PERFORM FROM voiceagent.follow_ups f WHERE f.tenant_id = v_tenant
			AND f.target_campaign_id = campaign.campaign_id
		ORDER BY f.campaign_id, f.outcome FOR UPDATE;
		-- A lead may have taken a step that was removed since.
		v_late := ARRAY(SELECT m.lead_id FROM voiceagent.campaign_leads m
			WHERE m.tenant_id = v_tenant AND m.campaign_id = campaign.campaign_id AND m.status = 'pending'
				ORDER BY m.lead_id);
		IF cardinality(v_late) > 0 THEN
			PERFORM voiceagent_private.enqueue_pending(campaign.campaign_id, v_late, true, v_now);
		END IF;
	END IF;
	PERFORM voiceagent_private.require_test_call(campaign.campaign_id, v_version.settings);
	-- Last, so that nothing else stands in the way once it is confirmed.
	v_why := voiceagent_private.lacks_confirmation(campaign.campaign_id);
	PERFORM voiceagent_private.fail_if(v_why IS NOT NULL, 'PT428', 'the campaign must be confirmed before it dials',
		format('On a real carrier it calls real people, and %s.', v_why), format('Call confirm_campaign(%s, %L).',
		campaign.campaign_id, voiceagent_private.confirmation_text(campaign.campaign_id)));
	IF NOT voiceagent_private.simulating() THEN
		SELECT sum(b.leads), string_agg(format('%s: %s', b.reason, b.leads), '; ' ORDER BY b.leads DESC, b.reason)
		INTO v_blocked, v_why FROM voiceagent_private.blocked_leads(campaign.campaign_id, v_now) b;
		IF v_blocked > 0 THEN
			RAISE NOTICE '% of the campaign''s leads will not be called', v_blocked USING DETAIL = v_why || '.',
				HINT = 'preview_campaign() counts all reasons under "blocked", explain_lead() says more of one lead.';
		END IF;
	END IF;
	v_why := voiceagent_private.messageless_places(v_version, v_now);
	IF v_why IS NOT NULL THEN
		RAISE NOTICE '%', v_why USING HINT = 'set_setting(''caller_toll_free'', ...) changes that.';
	END IF;
	FOREACH v_untested IN ARRAY voiceagent_private.untested(campaign.campaign_id) LOOP
		RAISE NOTICE '%', v_untested
			USING HINT = 'register_own_number(), then test_call(): hear it yourself before strangers do.';
	END LOOP;
	PERFORM voiceagent_private.recompute_campaign_lanes(campaign.campaign_id, campaign.version, NOT v_later, v_now);
	PERFORM voiceagent_private.request_best_times(campaign.campaign_id);
	PERFORM voiceagent_private.poke('dialer', 'schedules');
	RETURN voiceagent_private.set_campaign_status(campaign.campaign_id,
		CASE WHEN v_later THEN 'scheduled' ELSE 'running' END, NULL, event);
END
$$;
COMMENT ON FUNCTION voiceagent_private.run_campaign(voiceagent.campaigns, text, boolean) IS
	E'Validates and starts a campaign that the caller has locked: queues what is pending, opens its lanes, or '
	'schedules it when starts_at lies ahead; returns the new status.\n'
	'skip_missing: leads that lack a variable of the prompt are held out, as while it runs, not refused. '
	'Errors as start_campaign().';

CREATE FUNCTION voiceagent_private.unsuspend(campaign_id bigint) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	UPDATE voiceagent_private.pacing p SET suspended = NULL, next_dial_at = '-infinity'
	WHERE p.tenant_id = v_tenant AND p.campaign_id = unsuspend.campaign_id AND p.suspended IS NOT NULL
		AND (p.suspended NOT LIKE 'not confirmed%' OR voiceagent_private.lacks_confirmation(p.campaign_id) IS NULL)
		AND NOT (p.suspended = 'credits are owed' AND voiceagent_private.debt_stops());
	IF FOUND THEN
		UPDATE voiceagent.campaigns c SET status_reason = NULL
		WHERE c.tenant_id = v_tenant AND c.campaign_id = unsuspend.campaign_id;
		PERFORM voiceagent_private.poke('dialer', 'schedules');
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.unsuspend(bigint) IS
	'Lets a campaign that the caller has locked try again, if it is held back: somebody may have put right why.';

CREATE FUNCTION voiceagent.start_campaign(campaign_id bigint) RETURNS text
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_campaign voiceagent.campaigns;
BEGIN
	PERFORM voiceagent_private.writer_tenant();
	v_campaign := voiceagent_private.lock_campaign(campaign_id);
	IF v_campaign.status = 'running' THEN
		PERFORM voiceagent_private.unsuspend(campaign_id);
		RAISE NOTICE 'the campaign is running already';
		RETURN v_campaign.status;
	ELSIF voiceagent_private.waits_for_approval(v_campaign) IS NOT NULL THEN
		RETURN 'waiting_approval';
	END IF;
	RETURN voiceagent_private.run_campaign(v_campaign,
		CASE v_campaign.status WHEN 'paused' THEN 'campaign_resumed' ELSE 'campaign_started' END);
END
$$;
COMMENT ON FUNCTION voiceagent.start_campaign(bigint) IS
	E'Starts or schedules a campaign, or takes a paused, stopped or completed one up again -> the new status, or '
	'waiting_approval.\n'
	'Pending leads are queued in this commit; a notice counts those that will not be called. PT402 without the credits '
	'for one call, PT404, PT409 when something is missing or not active, PT422 for variables without a value, PT428 '
	'with the confirmation that is due.';

CREATE FUNCTION voiceagent.resume_campaign(campaign_id bigint) RETURNS text
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_campaign voiceagent.campaigns;
BEGIN
	PERFORM voiceagent_private.writer_tenant();
	v_campaign := voiceagent_private.lock_campaign(campaign_id);
	PERFORM voiceagent_private.require_not_archived(v_campaign);
	IF v_campaign.status = 'paused' THEN
		RETURN voiceagent_private.run_campaign(v_campaign, 'campaign_resumed');
	ELSIF v_campaign.status IN ('running', 'scheduled') THEN
		PERFORM voiceagent_private.unsuspend(campaign_id);
		RAISE NOTICE 'the campaign is % already', v_campaign.status;
		RETURN v_campaign.status;
	END IF;
	RAISE EXCEPTION 'a campaign that is % cannot be resumed', v_campaign.status USING ERRCODE = 'PT409',
		HINT = 'start_campaign() starts it.';
END
$$;
COMMENT ON FUNCTION voiceagent.resume_campaign(bigint) IS
	E'Lets a paused campaign go on where it was and returns the new status; a running one stays as it is.\n'
	'Errors as start_campaign(); PT409 for one that is not paused.';

CREATE FUNCTION voiceagent_private.halt_campaign(campaign_id bigint, status text) RETURNS text
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_campaign voiceagent.campaigns;
BEGIN
	PERFORM voiceagent_private.writer_tenant();
	v_campaign := voiceagent_private.lock_campaign(campaign_id);
	IF v_campaign.status IN ('running', 'scheduled') OR (v_campaign.status = 'paused' AND status = 'stopped') THEN
		PERFORM voiceagent_private.halt_lanes(campaign_id);
		RETURN voiceagent_private.set_campaign_status(campaign_id, status, NULL, 'campaign_' || status);
	END IF;
	RAISE NOTICE 'the campaign is %: nothing to %', v_campaign.status,
		CASE status WHEN 'paused' THEN 'pause' ELSE 'stop' END;
	RETURN v_campaign.status;
END
$$;
COMMENT ON FUNCTION voiceagent_private.halt_campaign(bigint, text) IS
	E'pause_campaign() and stop_campaign(): closes the lanes of a campaign and makes it paused or stopped.\n'
	'Returns the status it has then; PT404.';

CREATE FUNCTION voiceagent.pause_campaign(campaign_id bigint) RETURNS text
	LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
	RETURN voiceagent_private.halt_campaign(campaign_id, 'paused');
COMMENT ON FUNCTION voiceagent.pause_campaign(bigint) IS
	E'Stops dialling until resume_campaign(); live calls go on, every lead keeps its place.\n'
	'Returns the status; one that does not run is left as it is, and a notice says so. PT404.';

CREATE FUNCTION voiceagent.stop_campaign(campaign_id bigint) RETURNS text
	LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
	RETURN voiceagent_private.halt_campaign(campaign_id, 'stopped');
COMMENT ON FUNCTION voiceagent.stop_campaign(bigint) IS
	E'Ends a campaign: live calls finish, none starts; whoever is then to be called again waits, as everybody does, '
	'for start_campaign().\n'
	'Returns the status; one that does not run is left as it is, and a notice says so. PT404.';

CREATE FUNCTION voiceagent_private.stop_tenant(reason text) RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_campaign bigint;
	v_stopped bigint := 0;
BEGIN
	PERFORM voiceagent_private.lock_campaigns(NULL);
	FOR v_campaign IN
		SELECT c.campaign_id FROM voiceagent.campaigns c
		WHERE c.tenant_id = v_tenant AND c.status IN ('running', 'scheduled', 'paused') ORDER BY c.campaign_id
	LOOP
		PERFORM voiceagent_private.halt_lanes(v_campaign);
		PERFORM voiceagent_private.set_campaign_status(v_campaign, 'stopped', reason, 'campaign_stopped');
		v_stopped := v_stopped + 1;
	END LOOP;
	PERFORM voiceagent_private.audit('stop_all', 'campaigns', NULL,
		jsonb_build_object('reason', reason, 'stopped', v_stopped));
	RETURN v_stopped;
END
$$;
COMMENT ON FUNCTION voiceagent_private.stop_tenant(text) IS 'stop_all() for the current tenant.';

CREATE FUNCTION voiceagent.stop_all(reason text) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint;
	v_was bigint;
	v_stopped bigint := 0;
BEGIN
	PERFORM voiceagent_private.fail_if(coalesce(btrim(reason), '') = '' OR length(reason) > 1000, 'PT422',
		'stopping everything needs a reason of 1 to 1000 characters');
	BEGIN
		PERFORM voiceagent.current_tenant();
	EXCEPTION WHEN SQLSTATE 'PT401' THEN
		IF NOT voiceagent_private.may_as_platform('stop calls') THEN
			RAISE;
		END IF;
		v_was := voiceagent_private.set_tenant(0);
		FOR v_tenant IN SELECT DISTINCT p.tenant_id FROM voiceagent_private.pacing p ORDER BY 1 LOOP
			PERFORM voiceagent_private.set_tenant(v_tenant);
			v_stopped := v_stopped + voiceagent_private.stop_tenant(reason);
		END LOOP;
		PERFORM voiceagent_private.set_tenant(v_was);
		RETURN v_stopped;
	END;
	PERFORM voiceagent_private.writer_tenant();
	RETURN voiceagent_private.stop_tenant(reason);
END
$$;
COMMENT ON FUNCTION voiceagent.stop_all(text) IS
	E'Stops every campaign of the tenant (for the platform without a tenant''s proof: of all tenants), with the '
	'reason as their status_reason, and returns how many.\n'
	'Live calls finish. start_campaign() starts one again.';

CREATE FUNCTION voiceagent_private.try_to_start(campaign_id bigint) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	c_after_lock CONSTANT interval := '10 seconds';
	c_after_failure CONSTANT interval := '10 minutes';
BEGIN
	BEGIN
		PERFORM voiceagent_private.run_campaign(voiceagent_private.lock_campaign(campaign_id), 'campaign_started');
	EXCEPTION WHEN SQLSTATE 'PT402' OR SQLSTATE 'PT409' OR SQLSTATE 'PT422' OR SQLSTATE 'PT428' THEN
		-- It was valid when it was scheduled and no longer is: it waits for a person and says why.
		PERFORM voiceagent_private.halt_lanes(campaign_id);
		PERFORM voiceagent_private.set_campaign_status(campaign_id, 'paused', SQLERRM, 'campaign_paused');
	END;
EXCEPTION WHEN OTHERS THEN
	-- The tenant itself holds the rows, or worse: the other tenants still get their turn.
	RAISE LOG 'start of campaign % of tenant % failed: % %', campaign_id, v_tenant, SQLSTATE, SQLERRM;
	UPDATE voiceagent_private.pacing p
	SET starts_at = voiceagent.clock() + CASE SQLSTATE WHEN '55P03' THEN c_after_lock ELSE c_after_failure END
	WHERE p.tenant_id = v_tenant AND p.campaign_id = campaign_id;
END
$$;
COMMENT ON FUNCTION voiceagent_private.try_to_start(bigint) IS
	E'Starts a scheduled campaign of the current tenant whose time has come (the caller holds its pacing row).\n'
	'One that cannot start any more is paused with the reason; what else fails is logged, and tried again in ten '
	'seconds (somebody has locked what it needs) or ten minutes.';

CREATE FUNCTION voiceagent_private.start_due_campaigns(max integer DEFAULT 100) RETURNS integer
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_was bigint := voiceagent_private.set_tenant(0);
	v_due record;
	v_done integer := 0;
BEGIN
	FOR v_due IN
		SELECT p.tenant_id, p.campaign_id FROM voiceagent_private.pacing p
		WHERE p.starts_at <= v_now ORDER BY p.starts_at, p.tenant_id, p.campaign_id LIMIT max FOR UPDATE SKIP LOCKED
	LOOP
		PERFORM voiceagent_private.set_tenant(v_due.tenant_id);
		PERFORM voiceagent_private.try_to_start(v_due.campaign_id);
		v_done := v_done + 1;
	END LOOP;
	PERFORM voiceagent_private.set_tenant(v_was);
	RETURN v_done;
END
$$;
COMMENT ON FUNCTION voiceagent_private.start_due_campaigns(integer) IS
	E'Starts the scheduled campaigns of all tenants whose time has come, at most max; returns how many it tried.\n'
	'Passes over those that somebody has locked. '
	'A simulation does so; a worker takes one campaign a commit: start_if_due().';

CREATE FUNCTION voiceagent_private.due_start(passed_tenants bigint[], passed_campaigns bigint[], OUT tenant_id bigint,
	OUT campaign_id bigint)
	LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	SELECT p.tenant_id, p.campaign_id INTO due_start.tenant_id, due_start.campaign_id FROM voiceagent_private.pacing p
	WHERE p.starts_at <= voiceagent.clock() AND p.tenant_id <> ALL (passed_tenants)
		AND p.campaign_id <> ALL (passed_campaigns)
	ORDER BY p.starts_at, p.tenant_id, p.campaign_id LIMIT 1;
END
$$;
COMMENT ON FUNCTION voiceagent_private.due_start(bigint[], bigint[]) IS
	E'For workers: the scheduled campaign whose time came first; NULL: none is due.\n'
	'Passes over these tenants and campaigns.';

CREATE FUNCTION voiceagent_private.start_if_due(campaign_id bigint) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	PERFORM FROM voiceagent_private.pacing p
	WHERE p.tenant_id = voiceagent.current_tenant() AND p.campaign_id = start_if_due.campaign_id
		AND p.starts_at <= voiceagent.clock()
	FOR UPDATE SKIP LOCKED;
	IF NOT FOUND THEN
		RETURN false;
	END IF;
	PERFORM voiceagent_private.try_to_start(campaign_id);
	RETURN true;
END
$$;
COMMENT ON FUNCTION voiceagent_private.start_if_due(bigint) IS
	E'Starts a scheduled campaign of the current tenant whose time has come: try_to_start(); '
	'returns whether it tried.\n'
	'False: somebody has locked it, or it is due no more.';
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('deferred', 'start_campaign');
