/*
 * 47_campaign_lead: follow-ups: one step per outcome, and a new campaign of the
 * leads that were not reached.
 *
 * A lead that ends in a campaign joins the follow-up's target in the same
 * commit.  A lead is in a campaign once over all states, so no step is taken
 * twice, whatever is replayed.  A transaction that may follow up first locks
 * the lanes of all the campaigns concerned, in order: lock_follow_ups().
 *
 * A draft has no lanes yet.  A transaction that follows up into one locks the
 * follow_ups rows that lead there FOR KEY SHARE before it looks whether the
 * draft runs.  A start locks them FOR UPDATE once its leads are queued, which
 * may have taken long, and then looks for leads once more:
 * run_campaign().  So one of the two sees the other, and neither waits
 * longer than the rest of the other's transaction.  (The draft's own row would
 * not do: every foreign key locks it FOR KEY SHARE, in any order of locks.)
 */

CREATE TABLE voiceagent.follow_ups (
	tenant_id bigint NOT NULL,
	campaign_id bigint NOT NULL,
	outcome voiceagent.call_outcome NOT NULL CHECK (outcome <> 'do_not_call'),
	target_campaign_id bigint NOT NULL CHECK (target_campaign_id <> campaign_id),
	delay interval NOT NULL DEFAULT '0' CHECK (delay >= '0'),
	created_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, campaign_id, outcome),
	CONSTRAINT source FOREIGN KEY (tenant_id, campaign_id) REFERENCES voiceagent.campaigns,
	CONSTRAINT target FOREIGN KEY (tenant_id, target_campaign_id)
		REFERENCES voiceagent.campaigns (tenant_id, campaign_id)
);
COMMENT ON TABLE voiceagent.follow_ups IS
	E'Steps: a lead that ends in the campaign with the outcome, no retry being left, joins the target campaign.\n'
	'See set_follow_up().';
COMMENT ON COLUMN voiceagent.follow_ups.outcome IS 'The last outcome of the lead: enumeration call_outcome.';
COMMENT ON COLUMN voiceagent.follow_ups.target_campaign_id IS
	'The campaign that the lead joins, unless it is or was in it.';
COMMENT ON COLUMN voiceagent.follow_ups.delay IS 'The lead is not dialled there before this long after its end here.';
COMMENT ON COLUMN voiceagent.follow_ups.created_at IS 'When it was set last.';
CREATE INDEX follow_ups_target ON voiceagent.follow_ups (tenant_id, target_campaign_id)
	WHERE target_campaign_id IS NOT NULL;
SELECT voiceagent_private.guard_table('voiceagent.follow_ups', 'tenant');

CREATE TABLE voiceagent.sequence_starts (
	tenant_id bigint NOT NULL,
	campaign_id bigint NOT NULL,
	outcome voiceagent.call_outcome NOT NULL CHECK (outcome <> 'do_not_call'),
	sequence_id bigint NOT NULL,
	PRIMARY KEY (tenant_id, campaign_id, outcome, sequence_id),
	FOREIGN KEY (tenant_id, campaign_id) REFERENCES voiceagent.campaigns,
	FOREIGN KEY (tenant_id, sequence_id) REFERENCES voiceagent.sequences
);
COMMENT ON TABLE voiceagent.sequence_starts IS
	'A lead that ends in the campaign with the outcome begins the sequence: start_sequence_on().';
COMMENT ON COLUMN voiceagent.sequence_starts.outcome IS 'The last outcome of the lead: enumeration call_outcome.';
COMMENT ON COLUMN voiceagent.sequence_starts.sequence_id IS 'The sequence, unless the lead is or was in it.';
CREATE INDEX sequence_starts_sequence ON voiceagent.sequence_starts (tenant_id, sequence_id);
SELECT voiceagent_private.guard_table('voiceagent.sequence_starts', 'tenant');

CREATE FUNCTION voiceagent_private.check_outcome(outcome text) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
	PERFORM voiceagent_private.fail_if(outcome = 'do_not_call', 'PT422', 'a lead that opted out is not called again');
	PERFORM voiceagent_private.fail_if(outcome IS NULL OR NOT EXISTS (SELECT FROM voiceagent.enumerations e
			WHERE e.enumeration = 'call_outcome' AND e.value = check_outcome.outcome), 'PT422',
		format('there is no outcome "%s"', left(coalesce(outcome, 'null'), 60)), NULL,
		(SELECT 'Outcomes: ' || string_agg(e.value, ', ' ORDER BY e.position) || '.'
			FROM voiceagent.enumerations e WHERE e.enumeration = 'call_outcome' AND e.value <> 'do_not_call'));
	RETURN outcome;
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_outcome(text) IS
	'The outcome, if a lead may be called again after it; PT422 otherwise.';

CREATE FUNCTION voiceagent.set_follow_up(campaign_id bigint, outcome text, target_campaign_id bigint,
	delay interval DEFAULT '0')
	RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_path text;
BEGIN
	PERFORM voiceagent_private.check_outcome(set_follow_up.outcome);
	IF set_follow_up.delay IS NULL OR set_follow_up.delay NOT BETWEEN interval '0' AND interval '1 year' THEN
		RAISE EXCEPTION 'the delay of a follow-up must be from 0 to 1 year' USING ERRCODE = 'PT422';
	END IF;
	PERFORM voiceagent_private.fail_if(
		EXISTS (SELECT FROM unnest(ARRAY[set_follow_up.campaign_id, set_follow_up.target_campaign_id]) AS i(id)
			WHERE NOT EXISTS (SELECT FROM voiceagent.campaigns c
				WHERE c.tenant_id = v_tenant AND c.campaign_id = i.id)), 'PT404', 'no such campaign');
	-- When two steps together would form a loop, the second waits for the first and then sees it.
	PERFORM FROM voiceagent.tenants t WHERE t.tenant_id = v_tenant FOR NO KEY UPDATE;
	-- A start of the target sees the step, or we wait for the start to commit.
	PERFORM voiceagent_private.require_launchable_type((c.campaign).type, '{}'),
		voiceagent_private.require_not_archived(c.campaign)
	FROM (SELECT t AS campaign FROM voiceagent.campaigns t
		WHERE t.tenant_id = v_tenant AND t.campaign_id = set_follow_up.target_campaign_id FOR SHARE) c;
	WITH RECURSIVE way AS (
		SELECT set_follow_up.target_campaign_id AS campaign_id, ARRAY[set_follow_up.target_campaign_id] AS path
		UNION ALL
		SELECT f.target_campaign_id, w.path || f.target_campaign_id
		FROM way w JOIN voiceagent.follow_ups f ON f.tenant_id = v_tenant AND f.campaign_id = w.campaign_id
		WHERE f.target_campaign_id <> ALL (w.path) AND w.campaign_id <> set_follow_up.campaign_id
	)
	SELECT array_to_string(set_follow_up.campaign_id || w.path, ' -> ') INTO v_path
	FROM way w WHERE w.campaign_id = set_follow_up.campaign_id ORDER BY cardinality(w.path), w.path LIMIT 1;
	PERFORM voiceagent_private.fail_if(v_path IS NOT NULL, 'PT409', 'the follow-up would lead back to its own campaign',
		format('Campaigns %s.', v_path), 'A lead is in a campaign once; for more dials raise retry_attempts.');
	INSERT INTO voiceagent.follow_ups AS f (tenant_id, campaign_id, outcome, target_campaign_id, delay, created_at)
	VALUES (v_tenant, set_follow_up.campaign_id, set_follow_up.outcome, set_follow_up.target_campaign_id,
		set_follow_up.delay, voiceagent.clock())
	ON CONFLICT ON CONSTRAINT follow_ups_pkey DO UPDATE
		SET target_campaign_id = EXCLUDED.target_campaign_id, delay = EXCLUDED.delay, created_at = EXCLUDED.created_at;
	PERFORM voiceagent_private.audit('set_follow_up', 'campaign ' || set_follow_up.campaign_id, NULL,
		jsonb_build_object('outcome', set_follow_up.outcome, 'target_campaign_id', set_follow_up.target_campaign_id,
			'delay', set_follow_up.delay));
END
$$;
COMMENT ON FUNCTION voiceagent.set_follow_up(bigint, text, bigint, interval) IS
	E'Makes leads that end in a campaign with this outcome, without a retry left, join the target campaign.\n'
	'The target dials them when the delay (0 to 1 year) has passed since their end; a completed target goes on, and a '
	'lead that is or was in it stays as it is. '
	'An outcome has one step, and the last call counts; PT404, PT422, PT409 when the steps would lead back.';

CREATE FUNCTION voiceagent.remove_follow_up(campaign_id bigint, outcome text) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
BEGIN
	DELETE FROM voiceagent.follow_ups f
	WHERE f.tenant_id = v_tenant AND f.campaign_id = remove_follow_up.campaign_id
		AND f.outcome = remove_follow_up.outcome;
	IF NOT FOUND THEN
		PERFORM FROM voiceagent.campaigns c
		WHERE c.tenant_id = v_tenant AND c.campaign_id = remove_follow_up.campaign_id;
		PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'no such campaign');
		RETURN false;
	END IF;
	PERFORM voiceagent_private.audit('remove_follow_up', 'campaign ' || remove_follow_up.campaign_id, NULL,
		jsonb_build_object('outcome', remove_follow_up.outcome));
	RETURN true;
END
$$;
COMMENT ON FUNCTION voiceagent.remove_follow_up(bigint, text) IS
	E'Takes a campaign''s follow-up of an outcome away; leads that took the step stay where they are.\n'
	'True if there was one. PT404.';

CREATE FUNCTION voiceagent_private.lock_follow_ups(campaign_ids bigint[], always boolean DEFAULT false) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_targets bigint[];
BEGIN
	v_targets := ARRAY(SELECT f.target_campaign_id FROM voiceagent.follow_ups f
		WHERE f.tenant_id = v_tenant AND f.campaign_id = ANY (campaign_ids));
	IF always OR cardinality(v_targets) > 0 THEN
		PERFORM FROM voiceagent_private.lanes l
		WHERE l.tenant_id = v_tenant AND l.campaign_id = ANY (campaign_ids || v_targets)
		ORDER BY l.campaign_id, l.lane_id FOR NO KEY UPDATE;
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.lock_follow_ups(bigint[], boolean) IS
	'Locks the lanes of these campaigns and of their follow-ups'' targets in the order in which everybody does; '
	'nothing where there is no follow-up, unless always: for callers that bring the campaigns themselves leads again.';

CREATE FUNCTION voiceagent_private.try_lock_follow_ups(campaign_id bigint, lane_id bigint) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_targets bigint[] := ARRAY(SELECT f.target_campaign_id FROM voiceagent.follow_ups f
		WHERE f.tenant_id = v_tenant AND f.campaign_id = campaign_id);
	v_lanes bigint[] := ARRAY(SELECT l.lane_id FROM voiceagent_private.lanes l
		WHERE l.tenant_id = v_tenant AND l.campaign_id = ANY (campaign_id || v_targets)
			AND (cardinality(v_targets) > 0 OR lane_id IS NULL OR l.lane_id = lane_id));
	v_free integer;
BEGIN
	PERFORM FROM voiceagent_private.lanes l
	WHERE l.tenant_id = v_tenant AND l.lane_id = ANY (v_lanes) FOR NO KEY UPDATE SKIP LOCKED;
	GET DIAGNOSTICS v_free = ROW_COUNT;
	RETURN v_free = cardinality(v_lanes);
END
$$;
COMMENT ON FUNCTION voiceagent_private.try_lock_follow_ups(bigint, bigint) IS
	'lock_follow_ups() of a campaign without waiting, and where it has none its own lanes (lane_id: only that one); '
	'false: another session has one of them.';

CREATE FUNCTION voiceagent_private.far_day_reason(day text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN 'asked to be called on ' || day;
COMMENT ON FUNCTION voiceagent_private.far_day_reason(text) IS
	'The reason in campaign_leads of a lead that asked to be called on a day too far away for its campaign '
	'(YYYY-MM-DD, or words for an unclear one); with % the pattern of all of them.';

CREATE FUNCTION voiceagent_private.follow_up(campaign_id bigint, lead_ids bigint[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v record;
	v_new bigint[];
	v_starts boolean;
	v_hears boolean;
	v_follows boolean;
	v_played boolean;
BEGIN
	-- Few tenants have sequences, and nearly all campaigns no follow-up.
	SELECT EXISTS (SELECT FROM voiceagent.sequence_starts s
			WHERE s.tenant_id = v_tenant AND s.campaign_id = follow_up.campaign_id),
		EXISTS (SELECT FROM voiceagent_private.sequence_targets t
			WHERE t.tenant_id = v_tenant AND t.campaign_id = follow_up.campaign_id),
		EXISTS (SELECT FROM voiceagent.follow_ups f
			WHERE f.tenant_id = v_tenant AND f.campaign_id = follow_up.campaign_id)
	INTO v_starts, v_hears, v_follows;
	IF v_starts OR v_hears OR v_follows THEN
		v_played := voiceagent_private.is_sandbox((SELECT c.provider_account_id FROM voiceagent.campaigns c
			WHERE c.tenant_id = v_tenant AND c.campaign_id = follow_up.campaign_id));
	END IF;
	IF v_starts OR v_hears THEN
		PERFORM voiceagent_private.hear(lead_ids, 'ended', follow_up.campaign_id, v_starts, v_played);
	END IF;
	IF NOT v_follows THEN
		RETURN;
	END IF;
	PERFORM FROM voiceagent.follow_ups f
	WHERE f.tenant_id = v_tenant AND f.campaign_id = follow_up.campaign_id
		AND EXISTS (SELECT FROM voiceagent.campaigns c
			WHERE c.tenant_id = v_tenant AND c.campaign_id = f.target_campaign_id AND c.status = 'draft')
	ORDER BY f.outcome FOR KEY SHARE OF f;
	-- Check only under the lock: it may no longer be a draft.
	FOR v IN
		SELECT f.target_campaign_id AS target, f.outcome, f.delay, c.status, p.expires_at,
			array_agg(m.lead_id ORDER BY m.lead_id) AS leads
		FROM unnest(lead_ids) AS i(lead_id)
		CROSS JOIN LATERAL (SELECT o.lead_id, o.status, o.last_outcome FROM voiceagent.campaign_leads o
			-- A lead that asked for a day far ahead is left for a person to call then: the step would come much
			-- earlier.
			WHERE o.tenant_id = v_tenant AND o.campaign_id = follow_up.campaign_id AND o.lead_id = i.lead_id
				AND coalesce(o.reason NOT LIKE voiceagent_private.far_day_reason('%'), true) OFFSET 0) m
		CROSS JOIN LATERAL (SELECT o.status FROM voiceagent.leads o
			WHERE o.tenant_id = v_tenant AND o.lead_id = i.lead_id OFFSET 0) l
		JOIN voiceagent.follow_ups f ON f.tenant_id = v_tenant AND f.campaign_id = follow_up.campaign_id
			AND f.outcome = m.last_outcome
		JOIN voiceagent.campaigns c ON c.tenant_id = v_tenant AND c.campaign_id = f.target_campaign_id
		JOIN voiceagent_private.pacing p ON p.tenant_id = v_tenant AND p.campaign_id = f.target_campaign_id
		WHERE m.status IN ('completed', 'failed', 'expired') AND l.status <> 'do_not_call'
			-- A rehearsed call reached no real person.
			AND (NOT v_played OR voiceagent_private.is_sandbox(c.provider_account_id))
		GROUP BY f.target_campaign_id, f.outcome, f.delay, c.status, p.expires_at
		ORDER BY f.target_campaign_id, f.outcome
	LOOP
		WITH added AS (
			INSERT INTO voiceagent.campaign_leads AS m (tenant_id, campaign_id, lead_id, added_at, not_before)
			SELECT v_tenant, v.target, i.lead_id, v_now, CASE WHEN v.delay > interval '0' THEN v_now + v.delay END
			FROM unnest(v.leads) AS i(lead_id)
			ON CONFLICT DO NOTHING RETURNING m.lead_id
		), told AS (
			INSERT INTO voiceagent.events (tenant_id, month_slot, at, event_type, campaign_id, lead_id, event_data)
			SELECT v_tenant, voiceagent_private.month_slot(v_now), v_now, 'lead_followed_up', v.target, a.lead_id,
				jsonb_build_object('from_campaign_id', follow_up.campaign_id, 'outcome', v.outcome,
					'not_before', v_now + v.delay)
			FROM added a
		)
		SELECT array_agg(a.lead_id ORDER BY a.lead_id) INTO v_new FROM added a;
		CONTINUE WHEN v_new IS NULL;
		PERFORM voiceagent_private.count_arrivals(v.target, cardinality(v_new));
		IF v.status IN ('running', 'paused') THEN
			PERFORM voiceagent_private.enqueue_pending(v.target, v_new, true, v_now);
			PERFORM voiceagent_private.poke('dialer', 'schedules');
		ELSIF v.status = 'completed' AND coalesce(v.expires_at > v_now, true) THEN
			PERFORM voiceagent_private.enqueue_joined(v.target, v_new, v_now);
			PERFORM voiceagent_private.poke('dialer', 'schedules');
		END IF;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.follow_up(bigint, bigint[]) IS
	E'Has those of the leads that have just ended in a campaign take the step of their last outcome, which leads from '
	'the sandbox to the sandbox alone, and tells their sequences.\n'
	'The caller has called lock_follow_ups(), and last calls complete_campaigns(), which lets a '
	'completed target go on.';

CREATE FUNCTION voiceagent.redial_campaign(campaign_id bigint, outcomes text[] DEFAULT '{voicemail,no_answer,busy}',
	name text DEFAULT NULL, idempotency_key text DEFAULT NULL) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET planner.policy = bulk AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_old voiceagent.campaigns;
	v_new voiceagent.campaigns;
	v_request jsonb;
	v_pool jsonb;
	v_leads bigint;
BEGIN
	PERFORM voiceagent_private.fail_if(coalesce(cardinality(outcomes), 0) = 0, 'PT422', 'a redial needs outcomes', NULL,
		'For example {voicemail,no_answer,busy}.');
	PERFORM voiceagent_private.fail_if(cardinality(outcomes) > 100, 'PT422', 'a redial takes at most 100 outcomes');
	PERFORM voiceagent_private.check_outcome(o.outcome) FROM unnest(outcomes) AS o(outcome)
	WHERE o.outcome IS DISTINCT FROM 'expired';
	PERFORM voiceagent_private.fail_if(length(idempotency_key) NOT BETWEEN 1 AND 255, 'PT422',
		'an idempotency key has 1 to 255 characters');
	SELECT * INTO v_old FROM voiceagent.campaigns c
	WHERE c.tenant_id = v_tenant AND c.campaign_id = redial_campaign.campaign_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'no such campaign');
	PERFORM voiceagent_private.require_launchable_type(v_old.type, '{}');
	v_request := jsonb_build_object('redial', v_old.campaign_id, 'name', name,
		'outcomes', (SELECT jsonb_agg(DISTINCT o.outcome) FROM unnest(outcomes) AS o(outcome)));
	-- When two calls use one key, the second waits here for the first to commit and then returns its campaign.
	v_pool := to_jsonb(ARRAY(SELECT m.phone_number_id FROM voiceagent.campaign_numbers m
		WHERE m.tenant_id = v_tenant AND m.campaign_id = v_old.campaign_id));
	v_new := voiceagent_private.make_copy(v_old, coalesce(name, left(v_old.name, 180) || ', redial'),
		v_old.settings || jsonb_build_object('provider_account_id', v_old.provider_account_id)
			|| CASE WHEN v_pool = '[]' THEN '{}' ELSE jsonb_build_object('phone_number_ids', v_pool) END
			|| CASE WHEN v_old.description IS NULL THEN '{}'
				ELSE jsonb_build_object('description', v_old.description) END,
		idempotency_key);
	IF v_new.campaign_id IS NULL THEN
		SELECT * INTO v_new FROM voiceagent.campaigns c
		WHERE c.tenant_id = v_tenant AND c.idempotency_key = redial_campaign.idempotency_key;
		PERFORM voiceagent_private.fail_if(v_new.launch -> 'request' IS DISTINCT FROM v_request, 'PT409',
			'the idempotency key was used with other parameters', NULL, 'A new redial needs a new key.');
		RETURN v_new.campaign_id;
	END IF;
	INSERT INTO voiceagent.campaign_accounts (tenant_id, campaign_id, position, provider_account_id)
	SELECT v_tenant, v_new.campaign_id, b.position, b.provider_account_id FROM voiceagent.campaign_accounts b
	WHERE b.tenant_id = v_tenant AND b.campaign_id = v_old.campaign_id;
	INSERT INTO voiceagent.campaign_leads (tenant_id, campaign_id, lead_id, added_at)
	SELECT v_tenant, v_new.campaign_id, m.lead_id, voiceagent.clock()
	FROM voiceagent.campaign_leads m
	JOIN voiceagent.leads l ON l.tenant_id = m.tenant_id AND l.lead_id = m.lead_id AND l.status <> 'do_not_call'
	WHERE m.tenant_id = v_tenant AND m.campaign_id = v_old.campaign_id
		AND m.status IN ('completed', 'failed', 'expired')
		AND (m.last_outcome = ANY (outcomes) OR m.status = 'expired' AND 'expired' = ANY (outcomes))
	ORDER BY m.lead_id;
	GET DIAGNOSTICS v_leads = ROW_COUNT;
	PERFORM voiceagent_private.fail_if(v_leads = 0, 'PT409', 'nobody in the campaign ended so',
		format('No lead that is done there has one of the outcomes %s, and may be called.',
			array_to_string(outcomes, ', ')));
	UPDATE voiceagent.campaigns c
	SET launch = jsonb_build_object('request', v_request,
		'answer', jsonb_build_object('campaign_id', c.campaign_id, 'leads', v_leads))
	WHERE c.tenant_id = v_tenant AND c.campaign_id = v_new.campaign_id;
	RETURN v_new.campaign_id;
END
$$;
COMMENT ON FUNCTION voiceagent.redial_campaign(bigint, text[], text, text) IS
	E'Makes a campaign (draft) with another''s settings, of its leads that are done and whose last call had one of the '
	'outcomes, and returns its id.\n'
	'expired: leads whose time ran out; leads that wait there or opted out stay out, and a wrong number is dialled '
	'again only with wrong_number. '
	'The same idempotency_key returns the first campaign; PT404, PT422, PT409 when no lead is left.';
