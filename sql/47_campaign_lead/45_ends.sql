-- 47_campaign_lead: what happens to a running campaign without a person: it completes, is suspended, resumes.

CREATE FUNCTION voiceagent_private.promised_dials(outcome text) RETURNS integer
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE outcome WHEN 'callback' THEN 3 ELSE 0 END;
COMMENT ON FUNCTION voiceagent_private.promised_dials(text) IS
	'Dials beyond the retries, by the last outcome: a promise is no retry, nor is it tried without end.';

CREATE FUNCTION voiceagent_private.run_again(campaign_id bigint) RETURNS boolean
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	-- It may have completed while it was suspended, and is suspended still.
	UPDATE voiceagent.campaigns c
	SET status = 'running', ended_at = NULL, status_reason = (SELECT p.suspended FROM voiceagent_private.pacing p
		WHERE p.tenant_id = v_tenant AND p.campaign_id = c.campaign_id)
	WHERE c.tenant_id = v_tenant AND c.campaign_id = run_again.campaign_id AND c.status = 'completed';
	RETURN FOUND;
END
$$;
COMMENT ON FUNCTION voiceagent_private.run_again(bigint) IS
	'Makes a completed campaign whose lanes the caller has locked, and sets running, a running one, with the reason '
	'why it is held back, if it is; true if it had completed.';

CREATE FUNCTION voiceagent_private.go_on(campaign_id bigint, reason text) RETURNS boolean
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	-- Late reports about an archived campaign wait for a person.
	IF NOT EXISTS (SELECT FROM voiceagent_private.call_queue q
			WHERE q.tenant_id = v_tenant AND q.campaign_id = go_on.campaign_id)
		OR EXISTS (SELECT FROM voiceagent.campaigns c
			WHERE c.tenant_id = v_tenant AND c.campaign_id = go_on.campaign_id AND c.archived_at IS NOT NULL) THEN
		RETURN false;
	END IF;
	-- lock_follow_ups() has locked them, or they are new.
	UPDATE voiceagent_private.lanes l
	SET running = (SELECT t.active FROM voiceagent.tenants t WHERE t.tenant_id = v_tenant)
	WHERE l.tenant_id = v_tenant AND l.campaign_id = go_on.campaign_id;
	PERFORM voiceagent_private.run_again(go_on.campaign_id);
	PERFORM voiceagent_private.log_event('campaign_resumed', go_on.campaign_id, NULL, NULL,
		jsonb_build_object('reason', reason));
	PERFORM voiceagent_private.poke('dialer', 'schedules');
	RETURN true;
END
$$;
COMMENT ON FUNCTION voiceagent_private.go_on(bigint, text) IS
	'Lets a completed campaign, whose row the caller has locked, run again if a lead waits in it; reason: what '
	'brought the leads, for its event.';

CREATE FUNCTION voiceagent_private.complete_campaigns(campaign_ids bigint[]) RETURNS integer
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_campaign bigint;
	v_status text;
	v_targets bigint[] := ARRAY(SELECT f.target_campaign_id FROM voiceagent.follow_ups f
		WHERE f.tenant_id = v_tenant AND f.campaign_id = ANY (campaign_ids));
	v_now timestamptz;
	v_done integer := 0;
BEGIN
	FOR v_campaign, v_status IN
		-- Lock first: when two transactions end the last two calls, the later one then sees both ends.
		SELECT c.campaign_id, c.status FROM voiceagent.campaigns c
		WHERE c.tenant_id = v_tenant AND c.campaign_id = ANY (campaign_ids || v_targets)
			AND c.status IN ('running', 'completed')
		ORDER BY c.campaign_id FOR NO KEY UPDATE
	LOOP
		CONTINUE WHEN v_status = 'completed' AND NOT voiceagent_private.go_on(v_campaign,
			CASE WHEN v_campaign = ANY (v_targets) THEN 'leads followed up'
				ELSE 'what was said in a call was told late' END);
		IF v_campaign = ANY (v_targets) THEN
			-- Follow-ups may have added more leads than a person has confirmed.
			PERFORM voiceagent_private.suspend_unconfirmed(v_campaign);
		END IF;
		CONTINUE WHEN v_status = 'completed' OR v_campaign <> ALL (campaign_ids);
		-- Waiting leads have queue rows and calls in progress have live rows, so neither test reads finished leads.
		IF EXISTS (SELECT FROM voiceagent_private.call_queue q
			WHERE q.tenant_id = v_tenant AND q.campaign_id = v_campaign)
			OR EXISTS (SELECT FROM voiceagent_private.live_calls l
				WHERE l.tenant_id = v_tenant AND l.campaign_id = v_campaign) THEN
			CONTINUE;
		END IF;
		v_now := voiceagent.clock();
		UPDATE voiceagent.campaigns c SET status = 'completed', status_reason = NULL, ended_at = v_now
		WHERE c.tenant_id = v_tenant AND c.campaign_id = v_campaign;
		PERFORM voiceagent_private.log_event('campaign_completed', v_campaign, NULL, NULL, '{}');
		v_done := v_done + 1;
	END LOOP;
	RETURN v_done;
END
$$;
COMMENT ON FUNCTION voiceagent_private.complete_campaigns(bigint[]) IS
	E'Completes those of the current tenant''s running campaigns that have no lead waiting and no live call, and '
	'lets completed ones of them, and of their follow-ups'' targets, go on that have, and holds back targets that '
	'lack their confirmation; returns how many it completed.\n'
	'Called at the end of every transaction that ended a call or took leads out of the queue.';

CREATE FUNCTION voiceagent_private.complete_campaign(campaign_id bigint) RETURNS boolean
	LANGUAGE sql VOLATILE AS $$ SELECT voiceagent_private.complete_campaigns(ARRAY[campaign_id]) > 0 $$;
COMMENT ON FUNCTION voiceagent_private.complete_campaign(bigint) IS
	'complete_campaigns() for one; true if it is completed now.';

-- Reasons that every claim checks again: the claim itself resumes the campaign once they no longer hold.
CREATE FUNCTION voiceagent_private.passes_by_itself(reason text) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN coalesce(reason = 'out of credits' OR reason LIKE 'spend cap%' OR reason LIKE 'nobody spoke%'
		OR reason LIKE 'the platform %', false);
COMMENT ON FUNCTION voiceagent_private.passes_by_itself(text) IS
	'Whether a campaign that is held back for this reason (NULL: none) goes on without anybody''s doing, at its next '
	'claim, when there are credits again, a cap has room or a rest is over.';

CREATE FUNCTION voiceagent_private.suspend_campaign(campaign_id bigint, reason text,
	until timestamptz DEFAULT 'infinity') RETURNS boolean
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	PERFORM FROM voiceagent_private.pacing p
	WHERE p.tenant_id = v_tenant AND p.campaign_id = suspend_campaign.campaign_id FOR NO KEY UPDATE SKIP LOCKED;
	IF NOT FOUND THEN
		-- Another transaction is dialling, starting or stopping it; the next refusal will suspend it.
		RETURN false;
	END IF;
	-- A call may outlast the run of its campaign; the campaign is checked again when it goes on.
	UPDATE voiceagent_private.pacing p SET suspended = reason, next_dial_at = until
	WHERE p.tenant_id = v_tenant AND p.campaign_id = suspend_campaign.campaign_id
		AND EXISTS (SELECT FROM voiceagent.campaigns c
			WHERE c.tenant_id = v_tenant AND c.campaign_id = suspend_campaign.campaign_id AND c.status = 'running');
	IF NOT FOUND THEN
		RETURN false;
	END IF;
	UPDATE voiceagent.campaigns c SET status_reason = reason
	WHERE c.tenant_id = v_tenant AND c.campaign_id = suspend_campaign.campaign_id AND c.status = 'running'
		AND c.status_reason IS DISTINCT FROM reason;
	RETURN true;
END
$$;
COMMENT ON FUNCTION voiceagent_private.suspend_campaign(bigint, text, timestamptz) IS
	E'Holds a running campaign back for a reason that will pass (out of credits, the carrier account''s trouble): its '
	'status stays running, status_reason says why.\n'
	'resume_suspended() lets it go on; until: when a claim looks again by itself (infinity: never), for a reason that '
	'passes_by_itself(). False, and nothing is done: it does not run, or another session has its pacing row.';

CREATE FUNCTION voiceagent_private.resume_suspended(reason text, provider_account_id bigint DEFAULT NULL)
	RETURNS integer
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_campaigns bigint[];
BEGIN
	WITH held AS (
		SELECT p.campaign_id FROM voiceagent_private.pacing p
		WHERE p.tenant_id = v_tenant
			AND (p.suspended = reason OR reason IS NULL AND p.suspended NOT LIKE 'not confirmed%'
				AND p.suspended <> 'credits are owed' AND p.suspended NOT LIKE 'nobody spoke%')
			AND (resume_suspended.provider_account_id IS NULL
				OR p.campaign_id = ANY (voiceagent_private.campaigns_of_account(resume_suspended.provider_account_id)))
		FOR NO KEY UPDATE SKIP LOCKED
	), freed AS (
		UPDATE voiceagent_private.pacing p SET suspended = NULL, next_dial_at = '-infinity'
		FROM held h WHERE p.tenant_id = v_tenant AND p.campaign_id = h.campaign_id
		RETURNING p.campaign_id
	)
	SELECT array_agg(f.campaign_id) INTO v_campaigns FROM freed f;
	IF v_campaigns IS NULL THEN
		RETURN 0;
	END IF;
	-- The ledger may be locked already, and a holder of the campaign may wait for it. Then skip: the next claim
	-- clears the reason.
	WITH free AS (
		SELECT c.campaign_id FROM voiceagent.campaigns c
		WHERE c.tenant_id = v_tenant AND c.campaign_id = ANY (v_campaigns) AND c.status = 'running'
		FOR NO KEY UPDATE SKIP LOCKED
	)
	UPDATE voiceagent.campaigns c SET status_reason = NULL
	FROM free f WHERE c.tenant_id = v_tenant AND c.campaign_id = f.campaign_id;
	PERFORM voiceagent_private.poke('dialer');
	RETURN cardinality(v_campaigns);
END
$$;
COMMENT ON FUNCTION voiceagent_private.resume_suspended(text, bigint) IS
	'Lets the current tenant''s campaigns go on that are held back for exactly this reason (NULL: any but a '
	'confirmation that is missing) and, if given, dial by this carrier account; returns how many.';
