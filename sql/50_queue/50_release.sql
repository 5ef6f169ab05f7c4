-- 50_queue: the way back: a slot is freed, a lead returns to its lane.

CREATE FUNCTION voiceagent_private.end_calls(call_ids bigint[]) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_ended bigint;
BEGIN
	DELETE FROM voiceagent_private.live_calls l
	WHERE l.tenant_id = voiceagent.current_tenant() AND l.call_id = ANY (call_ids);
	GET DIAGNOSTICS v_ended = ROW_COUNT;
	IF v_ended > 0 THEN
		PERFORM voiceagent_private.poke('dialer', 'sockets');
	END IF;
	IF current_setting('voiceagent.trace_endpoint', true) <> '' THEN
		PERFORM voiceagent_private.queue_traces(call_ids);
	END IF;
	RETURN v_ended;
END
$$;
COMMENT ON FUNCTION voiceagent_private.end_calls(bigint[]) IS
	E'Frees the slots of calls that have ended and wakes the dialer; returns how many were live.\n'
	'The holds are settled by settle_holds().';

CREATE FUNCTION voiceagent_private.return_reason(verdict text, layer text, reason text, number smallint) RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN CASE verdict WHEN 'do_not_call' THEN voiceagent_private.do_not_call_reason(layer)
		WHEN 'attempts' THEN 'no attempts left: ' || reason
		WHEN 'expired' THEN format('expired: the campaign ends before the next dial (%s)', reason)
		WHEN 'no_number' THEN voiceagent_private.no_number_reason(number)
		ELSE reason END;
COMMENT ON FUNCTION voiceagent_private.return_reason(text, text, text, smallint) IS
	E'The reason of a lead that returns to its campaign with this verdict (put_back_leads()).\n'
	'The planner dissolves it.';

CREATE FUNCTION voiceagent_private.put_back_leads(campaign_id bigint, lead_ids bigint[], not_before timestamptz[],
	priorities smallint[], reasons text[], numbers smallint[], places voiceagent_private.dial_place[],
	counted boolean, attempt_limit integer, lawful boolean, expires_at timestamptz, OUT back bigint[],
	OUT back_at timestamptz[], OUT back_priorities smallint[], OUT back_reasons text[], OUT back_numbers smallint[],
	OUT ended bigint[], OUT moved bigint[], OUT was smallint[], OUT class smallint[], OUT called_at timestamptz[])
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_campaign bigint := campaign_id;
	v_limit integer := attempt_limit;
	v_lawful boolean := lawful;
	v_expires timestamptz := expires_at;
	v_now timestamptz := voiceagent.clock();
BEGIN
	-- Locked, and updated by ctid: see finish_leads().
	WITH judged AS MATERIALIZED (
		SELECT i.lead_id, i.reason, i.not_before, i.priority, i.wanted, i.position, y.layer, c.member_row, l.lead_row,
			l.list_class, l.status,
			-- A dial that was never placed does not count as a call of the lead.
			t.told, CASE WHEN t.told THEN i.reason ELSE l.last_outcome::text END AS outcome,
			CASE WHEN t.told THEN voiceagent_private.follow_up_of(i.reason) ELSE l.follow_up::text END AS follow_up,
			CASE WHEN l.status = 'do_not_call' OR y.layer IS NOT NULL THEN 'do_not_call'
				WHEN c.attempts >= v_limit + voiceagent_private.promised_dials(i.reason) THEN 'attempts'
				WHEN v_expires <= greatest(i.not_before, v_now) THEN 'expired'
				WHEN i.phone IS NULL THEN 'no_number'
				ELSE 'back' END AS verdict
		FROM unnest(lead_ids, reasons, not_before, priorities, numbers, places) WITH ORDINALITY
			AS i(lead_id, reason, not_before, priority, wanted, found, number, phone, timezones, jurisdiction,
				own_priority, position)
		CROSS JOIN LATERAL (SELECT c.attempts, c.ctid AS member_row FROM voiceagent.campaign_leads c
			WHERE c.tenant_id = v_tenant AND c.campaign_id = v_campaign AND c.lead_id = i.lead_id
			OFFSET 0 FOR NO KEY UPDATE) c
		CROSS JOIN LATERAL (SELECT l.status, l.last_outcome, l.follow_up, l.list_class, l.ctid AS lead_row
			FROM voiceagent.leads l
			WHERE l.tenant_id = v_tenant AND l.lead_id = i.lead_id OFFSET 0 FOR NO KEY UPDATE) l
		CROSS JOIN LATERAL (SELECT i.reason IN ('interested', 'scheduled', 'callback', 'not_interested', 'completed',
				'voicemail', 'no_answer', 'busy', 'wrong_number', 'do_not_call', 'failed', 'unfinished')
			AND (counted OR i.reason <> 'callback') AS told) t
		LEFT JOIN LATERAL (SELECT y.layer
			FROM voiceagent_private.may_ring(v_tenant, i.phone, 'dial', v_campaign, v_lawful) y
			WHERE y.layer <> 'national'
				OR (voiceagent_private.consent_within(i.lead_id, i.phone, NULL, voiceagent.clock())).consent_id IS NULL
			LIMIT 1) y ON true
	), changed AS (
		UPDATE voiceagent.campaign_leads c
		SET status = CASE j.verdict WHEN 'back' THEN 'retry' WHEN 'attempts' THEN 'failed' WHEN 'expired' THEN 'expired'
			ELSE 'skipped' END,
			reason = voiceagent_private.return_reason(j.verdict, j.layer, j.reason, j.wanted)
		FROM (SELECT * FROM judged LIMIT cardinality(lead_ids)) j
		WHERE c.tenant_id = v_tenant AND c.ctid = j.member_row
	), leads AS (
		UPDATE voiceagent.leads l
		SET status = j.new_status,
			status_reason = CASE j.verdict WHEN 'do_not_call' THEN l.status_reason WHEN 'back' THEN NULL
				ELSE voiceagent_private.return_reason(j.verdict, j.layer, j.reason, j.wanted) END,
			last_called_at = CASE WHEN j.told THEN l.last_contacted_at ELSE l.last_called_at END,
			last_outcome = j.outcome, follow_up = j.follow_up,
			list_class = voiceagent_private.lead_class(j.new_status, j.outcome, j.follow_up)
		FROM (SELECT v.*, CASE v.verdict WHEN 'do_not_call' THEN v.status::text WHEN 'back' THEN 'retry'
			ELSE 'failed' END AS new_status
			FROM judged v LIMIT cardinality(lead_ids)) j
		WHERE l.tenant_id = v_tenant AND l.ctid = j.lead_row AND l.status <> 'do_not_call'
			AND (j.told OR j.verdict <> 'do_not_call')
		RETURNING l.lead_id, j.list_class AS was, l.list_class AS class, l.last_called_at
	), moved AS (
		SELECT array_agg(l.lead_id) AS lead_ids, array_agg(l.was) AS was, array_agg(l.class) AS class,
			array_agg(l.last_called_at) AS called_at FROM leads l
	), events AS (
		INSERT INTO voiceagent.events (tenant_id, month_slot, at, event_type, campaign_id, lead_id, event_data)
		SELECT v_tenant, voiceagent_private.month_slot(v_now), v_now,
			CASE j.verdict WHEN 'back' THEN 'lead_retry' WHEN 'attempts' THEN 'lead_failed'
				WHEN 'expired' THEN 'lead_expired' ELSE 'lead_skipped' END, v_campaign, j.lead_id,
			jsonb_build_object('reason', CASE j.verdict
				WHEN 'expired' THEN format('the campaign ends before the next dial (%s)', j.reason) ELSE j.reason END)
			|| CASE WHEN j.verdict = 'back' THEN jsonb_build_object('not_before', j.not_before)
				ELSE jsonb_build_object('verdict', j.verdict) END
		FROM judged j
	)
	SELECT array_agg(j.lead_id ORDER BY j.position) FILTER (WHERE j.verdict = 'back'),
		array_agg(j.not_before ORDER BY j.position) FILTER (WHERE j.verdict = 'back'),
		array_agg(j.priority ORDER BY j.position) FILTER (WHERE j.verdict = 'back'),
		array_agg(j.reason ORDER BY j.position) FILTER (WHERE j.verdict = 'back'),
		array_agg(j.wanted ORDER BY j.position) FILTER (WHERE j.verdict = 'back'),
		array_agg(j.lead_id) FILTER (WHERE j.verdict IN ('attempts', 'expired')),
		(SELECT m.lead_ids FROM moved m), (SELECT m.was FROM moved m), (SELECT m.class FROM moved m),
		(SELECT m.called_at FROM moved m)
	INTO back, back_at, back_priorities, back_reasons, back_numbers, ended, moved, was, class, called_at
	FROM judged j;
END
$$;
COMMENT ON FUNCTION voiceagent_private.put_back_leads(bigint, bigint[], timestamptz[], smallint[], text[], smallint[],
	voiceagent_private.dial_place[], boolean, integer, boolean, timestamptz) IS
	E'Locks leads of a campaign and judges whether each waits for another dial of its number; the lists are parallel.\n'
	'back and its lists: those that do, to be queued; ended: those whose attempts or whose time are used up; moved, '
	'was, class and called_at: what move_leads() needs.';

-- A number that must not be called, or that the lead has no more, gives way to the lead's next that may.  A halted
-- campaign (paused, stopped, scheduled anew) keeps its leads queued for when it is started again.
CREATE FUNCTION voiceagent_private.requeue(campaign_id bigint, lead_ids bigint[], not_before timestamptz[],
		priorities smallint[], reasons text[], counted boolean DEFAULT true, numbers smallint[] DEFAULT NULL)
			RETURNS bigint
	LANGUAGE plpgsql VOLATILE
	SET planner.policy = batch
	SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_queued bigint := 0;
	v_c record;
	v_numbers smallint[] := numbers;
	v_places voiceagent_private.dial_place[];
	v_put record;
BEGIN
	IF coalesce(cardinality(lead_ids), 0) = 0 THEN
		RETURN 0;
	END IF;
	v_places := voiceagent_private.places_of(lead_ids, v_numbers);
	SELECT w.retry_attempts + 1 AS attempt_limit, w.lawful,
		(SELECT p.expires_at FROM voiceagent_private.pacing p
			WHERE p.tenant_id = v_tenant AND p.campaign_id = requeue.campaign_id) AS expires_at
	INTO v_c
	FROM voiceagent.campaigns c
	JOIN voiceagent.campaign_versions w
		ON w.tenant_id = v_tenant AND w.campaign_id = c.campaign_id AND w.version = c.version
	WHERE c.tenant_id = v_tenant AND c.campaign_id = requeue.campaign_id;
	IF NOT FOUND THEN
		RETURN 0;
	END IF;
	IF 1 < ANY (v_numbers) OR EXISTS (SELECT FROM voiceagent.lead_numbers n
		WHERE n.tenant_id = v_tenant AND n.lead_id = ANY (lead_ids)) THEN
		-- The lead's next number, where that of the call was put on a do-not-call list meanwhile, or removed.
		v_numbers := ARRAY(SELECT CASE WHEN p.phone IS NULL OR EXISTS (
				SELECT FROM voiceagent_private.may_ring(v_tenant, p.phone, 'dial', requeue.campaign_id, v_c.lawful) y
				WHERE y.layer <> 'national' OR (voiceagent_private.consent_within(p.lead_id, p.phone, NULL,
					voiceagent.clock())).consent_id IS NULL)
				THEN coalesce(voiceagent_private.other_number(requeue.campaign_id, p.lead_id, p.number), p.number)
			ELSE p.number END
			FROM unnest(v_places, lead_ids) WITH ORDINALITY AS p(found, number, phone, timezones, jurisdiction,
				priority, lead_id, position)
			ORDER BY p.position);
		v_places := voiceagent_private.places_of(lead_ids, v_numbers);
	END IF;
	IF NOT counted THEN
		UPDATE voiceagent.campaign_leads c SET attempts = greatest(c.attempts - 1, 0)
		-- One by one: by an array of the last key the planner would read all of the campaign.
		WHERE c.tenant_id = v_tenant AND c.ctid = ANY (ARRAY(SELECT o.member_row FROM unnest(lead_ids) AS i(lead_id)
			CROSS JOIN LATERAL (SELECT m.ctid AS member_row FROM voiceagent.campaign_leads m
				WHERE m.tenant_id = v_tenant AND m.campaign_id = requeue.campaign_id AND m.lead_id = i.lead_id
				OFFSET 0 FOR NO KEY UPDATE) o));
		UPDATE voiceagent.leads l SET call_attempts = greatest(l.call_attempts - 1, 0)
		WHERE l.tenant_id = v_tenant AND l.lead_id = ANY (lead_ids);
	END IF;
	PERFORM voiceagent_private.lock_follow_ups(ARRAY[requeue.campaign_id]);
	v_put := voiceagent_private.put_back_leads(requeue.campaign_id, lead_ids, not_before, priorities, reasons,
		numbers => v_numbers, places => v_places, counted => counted, attempt_limit => v_c.attempt_limit,
		lawful => v_c.lawful, expires_at => v_c.expires_at);
	IF v_put.moved IS NOT NULL THEN
		PERFORM voiceagent_private.move_leads(v_put.moved, v_put.was, v_put.class, v_put.called_at);
	END IF;
	IF v_put.back IS NOT NULL THEN
		v_queued := voiceagent_private.enqueue(requeue.campaign_id, v_put.back, v_put.back_at, v_put.back_priorities,
			v_put.back_reasons, v_put.back_numbers);
	END IF;
	IF v_put.ended IS NOT NULL THEN
		PERFORM voiceagent_private.follow_up(requeue.campaign_id, v_put.ended);
	END IF;
	RETURN v_queued;
END
$$;
COMMENT
	ON FUNCTION voiceagent_private.requeue(bigint, bigint[], timestamptz[], smallint[], text[], boolean, smallint[]) IS
	E'Puts leads of a campaign back into their lanes after a call, and returns how many are queued.\n'
	'counted false gives the attempt back; numbers: which of the lead''s telephone numbers is next (NULL: the first). '
	'A lead without attempts left fails, one whose next dial would come after the campaign''s end expires, and one on '
	'the do-not-call list or without a number is skipped.';
