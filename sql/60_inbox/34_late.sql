/*
 * 60_inbox: the words of a call that arrive when the call is already over: a
 * look-up found its end but not yet its words, or its report could not be
 * applied before.  Outcome, charge and slot stay as they are.  The call gets the
 * words that it lacks, and we still do what they ask for, as far as possible: we
 * apply an opt-out in any case, an appointment if the lead has no other, a wrong
 * number, and a callback if nothing has happened since; an event records each.
 * The report may come from the carrier, or from the agent that talked in the call
 * (65_outcome/50_report_call.sql).  The carrier may also report late that a
 * machine answered: only that changes an outcome and a charge.
 *
 * The caller has locked the calls' rows.
 */

CREATE FUNCTION voiceagent_private.acted_on(structured_data jsonb) RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN jsonb_strip_nulls(jsonb_build_object('appointment', structured_data -> 'appointment',
		'callback', structured_data -> 'callback', 'wrong_number', structured_data -> 'wrong_number',
		'do_not_call', structured_data -> 'do_not_call'));
COMMENT ON FUNCTION voiceagent_private.acted_on(jsonb) IS
	'The members of structured data upon which something is done: an appointment, a callback, a number left, an '
	'opt-out.';

-- e: the report; call_row: where the call's row lies; fills: its words are kept, so what it lacks is added; said:
-- its structured data now; news: on which to act; asks: a model is to analyse it.
CREATE TYPE voiceagent_private.late_report AS (
	e voiceagent.call_event,
	call_row tid,
	fills boolean,
	said jsonb,
	news boolean,
	reading jsonb,
	turns jsonb,
	asks boolean
);
COMMENT ON TYPE voiceagent_private.late_report IS 'The news of a report about a call that had ended before.';

CREATE FUNCTION voiceagent_private.hear_late_reports(over bigint[], events voiceagent_private.matched_event[])
	RETURNS voiceagent_private.late_report[]
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	-- A replay must not restore words that retention has removed.
	v_kept record := voiceagent_private.kept_words();
	v_heard voiceagent_private.late_report[];
BEGIN
	-- Do not repeat an effect because the report adds another value.
	SELECT array_agg(ROW(r.e, o.call_row, o.fills, n.said, n.said IS DISTINCT FROM o.structured_data
			AND (b.first OR o.opts_out OR voiceagent_private.acted_on(n.said)
				IS DISTINCT FROM voiceagent_private.acted_on(o.structured_data)), n.reading, t.turns,
		b.fresh AND o.campaign_id IS NOT NULL AND voiceagent_private.customer_spoke(t.turns)
			AND voiceagent_private.wants_model(coalesce(v.settings ->> 'model_analysis',
				voiceagent_private.read_setting('model_analysis')), t.analysis))::voiceagent_private.late_report)
	INTO v_heard
	FROM (SELECT DISTINCT ON (m.call_id) m.call_id, m.event,
			voiceagent_private.parse_yes((m.event).structured_data -> 'do_not_call') AS opts_out,
			m.endpoint_id IS NULL, m.endpoint_id IS NULL AND (m.event).turns IS NULL
		FROM unnest(events) m
		WHERE (m.event).kind IN ('report', 'key', 'said') AND m.call_id = ANY (over)
			AND num_nonnulls((m.event).structured_data, (m.event).summary, (m.event).success_evaluation,
				(m.event).transcript, nullif((m.event).turns, '[]')) > 0
		ORDER BY m.call_id, opts_out DESC, m.webhook_id DESC) AS r(call_id, e, opts_out, own, unheard)
	CROSS JOIN LATERAL (SELECT c.ctid AS call_row, c.structured_data,
			c.ended_at >= v_kept.since AND c.call_id > v_kept.after_call_id AS fills,
			c.started_at, c.ended_at, c.campaign_id, c.campaign_version, c.assistant_id, c.assistant_version,
			c.lead_id, c.number, c.provider_account_id,
			c.summary IS NULL AND (r.e).summary IS NOT NULL
				OR c.success_evaluation IS NULL AND (r.e).success_evaluation IS NOT NULL
				OR c.transcript IS NULL AND (r.e).transcript IS NOT NULL AS lacks,
			-- Only once: a lead that allow_call() has permitted since is not taken for another opt-out.
			r.opts_out AND c.outcome <> 'do_not_call'
				AND NOT voiceagent_private.parse_yes(c.structured_data -> 'do_not_call') AS opts_out
		FROM voiceagent.calls c
		WHERE c.tenant_id = v_tenant AND c.call_id = r.call_id OFFSET 0) o
	-- A call without words has a row, too, if a person has corrected it.
	LEFT JOIN LATERAL (SELECT nullif(k.turns, '[]') AS turns, k.reading FROM voiceagent.conversations k
		WHERE k.tenant_id = v_tenant AND k.call_id = r.call_id
			AND k.month_slot = voiceagent_private.month_slot(o.started_at) OFFSET 0) k ON true
	LEFT JOIN LATERAL (SELECT v.settings FROM voiceagent.campaign_versions v
		WHERE v.tenant_id = v_tenant AND v.campaign_id = o.campaign_id
			AND v.version = o.campaign_version OFFSET 0) v ON true
	-- For a conversation that the carrier held, its words do not include report_call().
	LEFT JOIN LATERAL (SELECT true AS agent FROM voiceagent.provider_accounts p
		WHERE r.unheard AND k.turns IS NOT NULL AND p.tenant_id = v_tenant
			AND p.provider_account_id = o.provider_account_id
			AND voiceagent_private.answers_by(p.provider) = 'conversation' OFFSET 0) p ON true
	-- An opt-out alone was heard in the words, without any analysis; so was what the rules found. A model was asked
	-- for want of this analysis, and is heard beside it.
	CROSS JOIN LATERAL (SELECT voiceagent_private.lacks_analysis(o.structured_data, k.reading) AS first,
		coalesce(o.fills AND k.turns IS NULL AND (r.e).turns <> '[]' AND jsonb_typeof((r.e).turns) = 'array',
			false) AS fresh,
		p.agent IS NULL AND voiceagent_private.words_deny_opt_out(k.reading) AS denied OFFSET 0) f
	LEFT JOIN LATERAL (SELECT m.* FROM voiceagent_private.told_of(o.structured_data, k.reading) m
		WHERE o.fills AND (r.e).structured_data IS NOT NULL AND (f.first OR r.own) OFFSET 0) m ON true
	-- An agent's report adds values that an analysis lacks, and corrects its callback.
	CROSS JOIN LATERAL (SELECT f.first, f.fresh, x.data, x.data IS NOT NULL AS takes
		FROM (SELECT CASE WHEN NOT o.fills OR NOT (f.first OR r.own) THEN NULL
			WHEN f.first THEN (r.e).structured_data
			-- Take values that are unknown so far, and a callback that differs.
			ELSE (SELECT jsonb_object_agg(t.key, t.value) FROM jsonb_each((r.e).structured_data) t
				CROSS JOIN LATERAL (SELECT coalesce(m.analysis, '{}') || coalesce(m.agent, '{}') AS data) n
				WHERE t.value <> 'null' AND (NOT n.data ? t.key
					OR t.key = 'callback' AND n.data -> t.key <> t.value)) END AS data) x OFFSET 0) b
	CROSS JOIN LATERAL (SELECT CASE WHEN b.fresh THEN (r.e).turns ELSE k.turns END AS turns,
		CASE WHEN b.takes AND p.agent THEN m.analysis
			WHEN b.takes AND m.analysis IS NULL THEN b.data
			WHEN b.takes THEN voiceagent_private.merge_structured_data(m.analysis, b.data)
			WHEN o.opts_out AND NOT f.denied THEN voiceagent_private.with_opt_out(o.structured_data)
			ELSE o.structured_data END AS analysis,
		CASE WHEN b.takes AND p.agent THEN voiceagent_private.merge_structured_data(m.agent, b.data)
			ELSE m.agent END AS agent,
		-- Values that the carrier reports now do not come from our models.
		CASE WHEN p.agent THEN m.models
			ELSE ARRAY(SELECT i FROM unnest(m.models) i WHERE NOT coalesce(b.data ? i, false)) END
			AS models OFFSET 0) t
	-- Read again if the report adds words, or an analysis to compare them with. An opt-out is added to the earlier
	-- reading, which stays as it was: the words of an old call may be gone.
	CROSS JOIN LATERAL (SELECT voiceagent_private.with_person(w.reading, k.reading -> 'correction'),
			voiceagent_private.person_data(CASE
				WHEN voiceagent_private.parse_yes(o.structured_data -> 'do_not_call')
				THEN voiceagent_private.with_opt_out(w.data) ELSE w.data END, k.reading -> 'correction')
		FROM voiceagent_private.read_call(r.call_id, o.assistant_id, o.assistant_version, o.lead_id,
			o.number, o.ended_at, v.settings ->> 'read_emotions', t.turns, t.analysis, t.agent, t.models) w
		WHERE t.turns IS NOT NULL AND (b.fresh OR b.takes)
		UNION ALL SELECT CASE WHEN o.opts_out AND f.denied THEN voiceagent_private.with_doubt(k.reading)
			WHEN o.opts_out THEN voiceagent_private.with_told_opt_out(k.reading,
				CASE WHEN p.agent THEN 'agent' ELSE 'carrier' END) END, t.analysis
		WHERE (t.turns IS NOT NULL AND (b.fresh OR b.takes)) IS NOT TRUE
		OFFSET 0) n(reading, said)
	WHERE o.fills AND o.lacks OR n.said IS DISTINCT FROM o.structured_data OR b.fresh OR n.reading <> k.reading;
	RETURN v_heard;
END
$$;
COMMENT ON FUNCTION voiceagent_private.hear_late_reports(bigint[], voiceagent_private.matched_event[]) IS
	'The news from reports, or from the key that stops the calls, about calls that had ended before (over) and whose '
	'rows the caller has locked; NULL: none.';

-- A call may lack structured data (it does even with an opt-out alone), summary, verdict, transcript and turns.
CREATE FUNCTION voiceagent_private.apply_late_reports(over bigint[], events voiceagent_private.matched_event[],
	OUT told bigint[], OUT said bigint[], OUT doubted bigint[])
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_heard voiceagent_private.late_report[] := voiceagent_private.hear_late_reports(over, events);
	v_promised bigint[];
BEGIN
	WITH told AS (
		UPDATE voiceagent.calls c
		SET structured_data = h.said,
			summary = coalesce(c.summary, CASE WHEN h.fills THEN (h.e).summary END),
			success_evaluation = coalesce(c.success_evaluation, CASE WHEN h.fills THEN (h.e).success_evaluation END),
			evaluation = voiceagent_private.decide_evaluation(c.status, h.said,
				coalesce(c.success_evaluation, CASE WHEN h.fills THEN (h.e).success_evaluation END), c.machine),
			transcript = CASE WHEN h.fills AND c.transcript IS NULL THEN voiceagent_private.pack_text((h.e).transcript)
				ELSE c.transcript END,
			abandoned = c.abandoned AND NOT (h.fills AND c.transcript IS NULL
				AND NOT voiceagent_private.is_abandoned(c.answered_at, (h.e).transcript, h.turns)),
			-- A report with an analysis says what came of the call. A conflict that is known was settled, or waits.
			uncertain = CASE WHEN h.reading ? 'conflict' THEN CASE WHEN h.reading -> 'conflict' = (
					SELECT k.reading -> 'conflict' FROM voiceagent.conversations k
					WHERE k.tenant_id = v_tenant AND k.call_id = c.call_id
						AND k.month_slot = voiceagent_private.month_slot(c.started_at))
					THEN c.uncertain ELSE 'review' END
				WHEN num_nonnulls((h.e).structured_data, (h.e).success_evaluation) = 0 THEN c.uncertain END
		FROM unnest(v_heard) h
		WHERE c.tenant_id = v_tenant AND c.ctid = h.call_row
		RETURNING c.call_id, c.campaign_id, c.lead_id, c.started_at, c.outcome,
			h.turns, h.reading, h.news, h.said, h.asks
	), turns AS (
		INSERT INTO voiceagent.conversations AS k (tenant_id, call_id, month_slot, turns, reading)
		SELECT v_tenant, t.call_id, voiceagent_private.month_slot(t.started_at), voiceagent_private.pack_jsonb(t.turns),
			voiceagent_private.pack_jsonb(t.reading)
		FROM told t WHERE t.turns IS NOT NULL
		ON CONFLICT ON CONSTRAINT conversations_pkey DO UPDATE
		SET reading = coalesce(excluded.reading, k.reading), turns = CASE k.turns WHEN '[]' THEN excluded.turns
			ELSE k.turns END
		WHERE excluded.reading IS NOT NULL OR k.turns = '[]'
	), asked AS (
		INSERT INTO voiceagent_private.analysis_queue (tenant_id, call_id, queued_at)
		SELECT v_tenant, t.call_id, v_now FROM told t WHERE t.asks
		ON CONFLICT DO NOTHING
		RETURNING voiceagent_private.request_job('analyse_calls', v_now)
	), logged AS (
		INSERT INTO voiceagent.events (tenant_id, month_slot, at, event_type, campaign_id, call_id, lead_id, event_data)
		SELECT v_tenant, voiceagent_private.month_slot(v_now), v_now, 'call_reported_late', t.campaign_id, t.call_id,
			t.lead_id, jsonb_build_object('said',
				CASE WHEN t.news THEN voiceagent_private.parse_explicit_outcome(t.said) END, 'outcome', t.outcome)
		FROM told t
	)
	SELECT coalesce(array_agg(t.call_id ORDER BY t.call_id), '{}'),
		coalesce(array_agg(t.call_id ORDER BY t.call_id) FILTER (WHERE t.news), '{}'),
		coalesce(array_agg(t.call_id) FILTER (WHERE t.reading ? 'opt_out_doubt'), '{}'),
		array_agg(t.call_id) FILTER (WHERE t.reading ? 'promises')
	INTO told, said, doubted, v_promised FROM told t;
	IF v_promised IS NOT NULL THEN
		PERFORM voiceagent_private.follow_soon(v_promised);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.apply_late_reports(bigint[], voiceagent_private.matched_event[]) IS
	E'Notes what reports, or the key that stops the calls, say of calls that had ended before (over) and whose rows '
	'the caller has locked.\n'
	'A call whose words are kept gets what it lacks, and an opt-out counts always; what is known stays, but for a '
	'callback that an agent corrects. For conclude_calls(): told, of which something new is known; said, on which to '
	'act; doubted, with an opt-out in doubt.';

CREATE FUNCTION voiceagent_private.close_late(campaign_id bigint, lead_ids bigint[], status text, outcome text,
	reason text) RETURNS bigint[]
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_campaigns bigint[] := voiceagent_private.unqueue_leads(lead_ids, reason, campaign_id, false);
	v_leads bigint[];
	v_n integer;
BEGIN
	-- A lead that is being dialled at this moment is left to that call.
	v_leads := ARRAY(SELECT i FROM unnest(lead_ids) i CROSS JOIN LATERAL (SELECT FROM voiceagent.campaign_leads m
		WHERE m.tenant_id = v_tenant AND m.campaign_id = close_late.campaign_id AND m.lead_id = i
			AND m.status = 'skipped' AND m.reason = close_late.reason OFFSET 0) w ORDER BY i);
	v_n := cardinality(v_leads);
	IF v_n > 0 THEN
		PERFORM voiceagent_private.finish_leads(campaign_id, v_leads, status, array_fill(outcome, ARRAY[v_n]),
			array_fill(reason, ARRAY[v_n]), array_fill(NULL::boolean, ARRAY[v_n]));
	END IF;
	RETURN v_campaigns;
END
$$;
COMMENT ON FUNCTION voiceagent_private.close_late(bigint, bigint[], text, text, text) IS
	E'Closes those of the leads that wait in a campaign of the current tenant to be called again, with that '
	'status, last outcome and reason.\n'
	'The caller has called lock_follow_ups(). Returns the campaign if there were any: the caller completes it, '
	'last, if it has no lead left.';

-- A lead that is being claimed is missed here: the claim judges it itself.
CREATE FUNCTION voiceagent_private.leave_wrong(call_ids bigint[]) RETURNS bigint[]
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_campaigns bigint[] := '{}';
	v record;
BEGIN
	FOR v IN
		SELECT w.campaign_id, w.own, array_agg(w.lead_id ORDER BY w.lead_id) FILTER (WHERE w.next IS NULL) AS gone,
			array_agg(w.lead_id ORDER BY w.lead_id) FILTER (WHERE w.next IS NOT NULL) AS moving,
			array_agg(w.next ORDER BY w.lead_id) FILTER (WHERE w.next IS NOT NULL) AS numbers
		FROM (SELECT q.campaign_id, q.lead_id, q.campaign_id = c.campaign_id AS own,
				voiceagent_private.other_number(q.campaign_id, q.lead_id, q.number) AS next
			FROM unnest(call_ids) AS i(call_id)
			CROSS JOIN LATERAL (SELECT o.campaign_id, o.lead_id, o.phone, o.lawful FROM voiceagent.calls o
				WHERE o.tenant_id = v_tenant AND o.call_id = i.call_id OFFSET 0) c
			CROSS JOIN LATERAL (SELECT o.campaign_id FROM voiceagent.campaign_leads o
				WHERE o.tenant_id = v_tenant AND o.lead_id = c.lead_id AND o.status IN ('queued', 'retry') OFFSET 0) m
			CROSS JOIN LATERAL (SELECT o.campaign_id, o.lead_id, o.number FROM voiceagent_private.call_queue o
				WHERE o.tenant_id = v_tenant AND o.campaign_id = m.campaign_id AND o.lead_id = c.lead_id
				OFFSET 0 FOR UPDATE SKIP LOCKED) q
			CROSS JOIN LATERAL voiceagent_private.dial_places(ARRAY[q.lead_id], ARRAY[q.number]) d
			WHERE d.phone = c.phone
				AND EXISTS (SELECT FROM voiceagent_private.proved_wrong(v_tenant, q.campaign_id, q.lead_id, c.phone,
					c.lawful)) OFFSET 0 /* computed once */) w
		GROUP BY w.campaign_id, w.own ORDER BY w.campaign_id, w.own
	LOOP
		IF v.moving IS NOT NULL THEN
			-- The lane of where it rings is found as for a number that has moved.
			UPDATE voiceagent_private.call_queue q SET number = n.number
			FROM unnest(v.moving, v.numbers) AS n(lead_id, number)
			WHERE q.tenant_id = v_tenant AND q.campaign_id = v.campaign_id AND q.lead_id = n.lead_id;
			INSERT INTO voiceagent_private.moved_leads (tenant_id, campaign_id, lead_id)
			SELECT v_tenant, v.campaign_id, i FROM unnest(v.moving) AS i;
			PERFORM voiceagent_private.request_job('move_leads', voiceagent.clock());
		END IF;
		IF v.gone IS NULL THEN
			CONTINUE;
		ELSIF v.own THEN
			v_campaigns := v_campaigns
				|| voiceagent_private.close_late(v.campaign_id, v.gone, 'failed', 'wrong_number', 'wrong number');
		ELSE
			v_campaigns := v_campaigns
				|| voiceagent_private.unqueue_leads(v.gone, 'wrong number', v.campaign_id, false);
		END IF;
	END LOOP;
	RETURN v_campaigns;
END
$$;
COMMENT ON FUNCTION voiceagent_private.leave_wrong(bigint[]) IS
	E'For calls of the current tenant that are known only now to have found a wrong number: no campaign dials their '
	'leads by it.\n'
	'A lead waits for its next number, or is out: given up in the campaign of the call, skipped in others. The caller '
	'has called lock_follow_ups(); it returns the campaigns that a lead left: the caller completes, last, those with '
	'no lead left.';

-- It holds for a lead whose last call it was and that the other campaign has not dialled. A lead that is being
-- claimed at this moment is left to that call.
CREATE FUNCTION voiceagent_private.take_back_steps(call_ids bigint[], stays text DEFAULT NULL) RETURNS bigint[]
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_campaigns bigint[] := '{}';
	c_reason CONSTANT text := 'the call came to another end, which was told late';
	v record;
BEGIN
	FOR v IN
		SELECT m.campaign_id, array_agg(DISTINCT c.lead_id ORDER BY c.lead_id) AS lead_ids
		FROM unnest(call_ids) AS i(call_id)
		CROSS JOIN LATERAL (SELECT o.call_id, o.campaign_id, o.lead_id, o.ended_at FROM voiceagent.calls o
			WHERE o.tenant_id = v_tenant AND o.call_id = i.call_id OFFSET 0) c
		JOIN voiceagent.follow_ups f ON f.tenant_id = v_tenant AND f.campaign_id = c.campaign_id
		CROSS JOIN LATERAL (SELECT o.campaign_id FROM voiceagent.campaign_leads o
			WHERE o.tenant_id = v_tenant AND o.campaign_id = f.target_campaign_id AND o.lead_id = c.lead_id
				AND o.status IN ('pending', 'queued') AND o.attempts = 0 AND o.added_at >= c.ended_at OFFSET 0) m
		WHERE NOT EXISTS (SELECT FROM voiceagent.follow_ups o
			WHERE o.tenant_id = v_tenant AND o.campaign_id = c.campaign_id
				AND o.outcome::text = stays AND o.target_campaign_id = f.target_campaign_id)
			AND NOT EXISTS (SELECT FROM voiceagent.calls o WHERE o.tenant_id = v_tenant AND o.lead_id = c.lead_id
				AND o.call_id > c.call_id AND o.direction <> 'inbound')
		GROUP BY m.campaign_id ORDER BY m.campaign_id
	LOOP
		v_campaigns := v_campaigns || voiceagent_private.unqueue_leads(v.lead_ids, c_reason, v.campaign_id, false);
		-- As remove_leads() does with who was never dialled: what is decided now may order the same step.
		WITH gone AS (
			DELETE FROM voiceagent.campaign_leads m
			WHERE m.tenant_id = v_tenant AND m.campaign_id = v.campaign_id AND m.lead_id = ANY (v.lead_ids)
				AND m.status = 'skipped' AND m.reason = c_reason
			RETURNING m.lead_id
		)
		INSERT INTO voiceagent.events (tenant_id, month_slot, at, event_type, campaign_id, lead_id, event_data)
		SELECT v_tenant, voiceagent_private.month_slot(v_now), v_now, 'lead_skipped', v.campaign_id, g.lead_id,
			jsonb_build_object('reason', c_reason)
		FROM gone g;
	END LOOP;
	RETURN v_campaigns;
END
$$;
COMMENT ON FUNCTION voiceagent_private.take_back_steps(bigint[], text) IS
	E'For calls of the current tenant that are known only now to have ended otherwise: their leads leave '
	'(lead_skipped) the campaigns that they followed up into since.\n'
	'stays: the outcome known now (NULL: none); a campaign to which it leads as well is kept. The caller has called '
	'lock_follow_ups() and locked the leads; it returns the campaigns that it completes, last, when no lead is left.';

-- It decides where the call was the lead's last and the lead has no appointment since and has not opted out: leads
-- that the campaign has done with, and for a callback those that wait to be dialled, too. They leave the step that
-- they took after the end that the call was given (take_back_steps()). The lanes are locked always.
CREATE FUNCTION voiceagent_private.decide_late(call_ids bigint[], told text) RETURNS bigint[]
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_open bigint[];
	v_left bigint[];
	v_campaigns bigint[];
	-- A lead that waits for a call to a wrong number is left to leave_wrong().
	v_waiting text[] := CASE WHEN decide_late.told IN ('callback', 'voicemail') THEN '{queued,retry}' ELSE '{}' END;
BEGIN
	-- A lead that was called since, by whichever campaign, or that has an appointment, has come to another end.
	SELECT array_agg(c.call_id ORDER BY c.call_id) FILTER (WHERE m.status IN ('completed', 'failed')),
		array_agg(c.call_id ORDER BY c.call_id) FILTER (WHERE m.status = ANY (v_waiting))
	INTO v_open, v_left
	FROM unnest(call_ids) AS i(call_id)
	CROSS JOIN LATERAL (SELECT o.call_id, o.campaign_id, o.lead_id, o.ended_at FROM voiceagent.calls o
		WHERE o.tenant_id = v_tenant AND o.call_id = i.call_id OFFSET 0) c
	CROSS JOIN LATERAL (SELECT o.status FROM voiceagent.campaign_leads o
		WHERE o.tenant_id = v_tenant AND o.campaign_id = c.campaign_id AND o.lead_id = c.lead_id OFFSET 0
		FOR NO KEY UPDATE SKIP LOCKED) m
	WHERE EXISTS (SELECT FROM voiceagent.leads l
		WHERE l.tenant_id = v_tenant AND l.lead_id = c.lead_id AND l.status <> 'do_not_call')
		AND NOT EXISTS (SELECT FROM voiceagent.calls o WHERE o.tenant_id = v_tenant AND o.lead_id = c.lead_id
			AND o.call_id > c.call_id AND o.direction <> 'inbound')
		AND NOT EXISTS (SELECT FROM (SELECT o.status, o.created_at FROM voiceagent.appointments o
				WHERE o.tenant_id = v_tenant AND o.lead_id = c.lead_id OFFSET 0 /* by the lead */) a
			WHERE a.status IN ('pending', 'confirmed') AND a.created_at >= c.ended_at);
	-- A lead that is being claimed at this moment is left to that call.
	WITH waiting AS MATERIALIZED (
		SELECT c.call_id, q.queue_row
		FROM unnest(v_left) AS i(call_id)
		CROSS JOIN LATERAL (SELECT o.call_id, o.campaign_id, o.lead_id FROM voiceagent.calls o
			WHERE o.tenant_id = v_tenant AND o.call_id = i.call_id OFFSET 0) c
		CROSS JOIN LATERAL (SELECT o.ctid AS queue_row FROM voiceagent_private.call_queue o
			WHERE o.tenant_id = v_tenant AND o.campaign_id = c.campaign_id AND o.lead_id = c.lead_id OFFSET 0
			FOR UPDATE SKIP LOCKED) q
	), unqueued AS (
		DELETE FROM voiceagent_private.call_queue q USING (SELECT * FROM waiting LIMIT cardinality(v_left)) w
		WHERE q.tenant_id = v_tenant AND q.ctid = w.queue_row
		RETURNING w.call_id
	)
	SELECT v_open || array_agg(u.call_id) INTO v_open FROM unqueued u;
	IF v_open IS NULL THEN
		RETURN '{}';
	END IF;
	v_campaigns := voiceagent_private.take_back_steps(v_open);
	RETURN v_campaigns || (SELECT d.campaign_ids FROM voiceagent_private.decide_retries(v_open, decide_late.told) d);
END
$$;
COMMENT ON FUNCTION voiceagent_private.decide_late(bigint[], text) IS
	E'Decides the leads of calls of the current tenant that are known only now to have ended with this outcome, as at '
	'their end (decide_leads()).\n'
	'told: callback, voicemail or wrong_number. The caller has locked the lanes (lock_follow_ups()), then the leads; '
	'it returns the campaigns: the caller completes, last, those with no lead left, and lets completed ones go on.';

CREATE FUNCTION voiceagent_private.correct_machines(call_ids bigint[]) RETURNS bigint[]
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_corrected bigint[];
BEGIN
	WITH found AS MATERIALIZED (
		SELECT c.call_id, c.outcome
		FROM unnest(call_ids) AS i(call_id)
		CROSS JOIN LATERAL (SELECT o.* FROM voiceagent.calls o
			WHERE o.tenant_id = v_tenant AND o.call_id = i.call_id AND o.direction <> 'inbound'
				AND o.outcome <> 'voicemail' OFFSET 0) c
		LEFT JOIN LATERAL (SELECT o.reading, o.turns FROM voiceagent.conversations o
			WHERE o.tenant_id = v_tenant AND o.call_id = c.call_id
				AND o.month_slot = voiceagent_private.month_slot(c.started_at) OFFSET 0) k ON true
		-- An outcome that a person, a tool or the words have settled stays, and so does one that waits for a person.
		WHERE NOT coalesce(k.reading ? 'conflict' OR k.reading #> '{correction,outcome}' IS NOT NULL, false)
			AND c.uncertain IS DISTINCT FROM 'acted'
			AND voiceagent_private.decide_outcome(c.status, c.cause_class, c.structured_data, c.success_evaluation,
				c.duration_seconds, NULL, c.machine, k.turns, voiceagent_private.words_outcome(k.reading)) = 'voicemail'
	), corrected AS (
		UPDATE voiceagent.calls c SET outcome = 'voicemail', evaluation = NULL, uncertain = NULL FROM found f
		WHERE c.tenant_id = v_tenant AND c.call_id = f.call_id
		RETURNING c.call_id, c.campaign_id, c.lead_id, f.outcome AS was, c.machine_raw
	), logged AS (
		INSERT INTO voiceagent.events (tenant_id, month_slot, at, event_type, campaign_id, call_id, lead_id, event_data)
		SELECT v_tenant, voiceagent_private.month_slot(v_now), v_now, 'call_corrected', c.campaign_id, c.call_id,
			c.lead_id, jsonb_build_object('outcome', 'voicemail', 'previous_outcome', c.was, 'by', 'carrier',
				'reason', 'a machine answered, which was told late', 'machine', c.machine_raw)
		FROM corrected c ORDER BY c.call_id
	)
	SELECT array_agg(c.call_id ORDER BY c.call_id) INTO v_corrected FROM corrected c;
	RETURN CASE WHEN v_corrected IS NULL THEN '{}'
		ELSE voiceagent_private.decide_late(v_corrected, 'voicemail') END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.correct_machines(bigint[]) IS
	E'Makes voicemail the outcome of those of these ended calls of the current tenant that a machine answered, as it '
	'is known only now, unless what was said or a person says otherwise; call_corrected tells of each.\n'
	'Their leads are decided anew (decide_late(), whose campaigns it returns). return_charges() must follow.';

CREATE FUNCTION voiceagent_private.return_charges(call_ids bigint[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_charge_machines boolean := voiceagent_private.read_platform_setting('charge_machines')::boolean;
	v_least numeric := extract(epoch FROM
		voiceagent_private.as_interval(voiceagent_private.read_platform_setting('least_charged_time')));
	v record;
BEGIN
	FOR v IN
		SELECT c.call_id, h.charged, h.minutes_used, 1 - greatest(voiceagent_private.charged_seconds(c.duration_seconds,
				c.machine, v_charge_machines), s.least) / nullif(greatest(c.duration_seconds, s.least), 0) AS share
		FROM voiceagent.calls c
		-- Only once: after a return, charged and credits differ.
		JOIN voiceagent.credit_holds h ON h.tenant_id = v_tenant AND h.call_id = c.call_id AND h.charged = c.credits
		JOIN voiceagent.provider_accounts a ON a.tenant_id = v_tenant AND a.provider_account_id = c.provider_account_id
		CROSS JOIN LATERAL (SELECT CASE a.provider WHEN 'sandbox' THEN 0 ELSE v_least END AS least) s
		WHERE c.tenant_id = v_tenant AND c.call_id = ANY (call_ids) AND c.outcome = 'voicemail' ORDER BY c.call_id
	LOOP
		CONTINUE WHEN coalesce(v.share, 0) = 0;
		UPDATE voiceagent.calls c SET credits = v.charged - round(v.charged * v.share, 6)
		WHERE c.tenant_id = v_tenant AND c.call_id = v.call_id;
		PERFORM voiceagent_private.open_grant('call_corrected', 'refund', round(b.amount * v.share, 6),
			format('call %s was answered by a machine', v.call_id), NULL, unit => b.unit)
		FROM (VALUES ('credits', v.charged), ('minutes', v.minutes_used)) AS b(unit, amount)
		WHERE round(b.amount * v.share, 6) > 0;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.return_charges(bigint[]) IS
	'Gives back, as a grant, what ended calls of the current tenant were charged for time that is not charged, '
	'because a machine answered, as was reported late; the ledger is the last that the caller locks.';

-- A wrong number is not dialled again (leave_wrong()). An appointment counts where the call has none; its lead is
-- not called again for that campaign, nor by its follow-up of another end. A lead that asked for another call, or
-- that has another number than the wrong one, is called as if that had been known at the call's end, if nothing has
-- come since (decide_late()).
CREATE FUNCTION voiceagent_private.conclude_late(call_ids bigint[]) RETURNS bigint[]
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_opted_out bigint[];
	v_booked bigint[];
	v_wrong bigint[];
	v_undone bigint[];
	v_callbacks bigint[];
	v_qualified bigint[];
	v_machines bigint[];
	v_leads bigint[];
	v_closing bigint[];
	v_campaigns bigint[] := '{}';
	v record;
BEGIN
	SELECT array_agg(c.call_id ORDER BY c.call_id)
			FILTER (WHERE c.said = 'do_not_call' AND NOT voiceagent_private.was_listed(c.call_id)),
		array_agg(c.call_id ORDER BY c.call_id) FILTER (WHERE c.said = 'scheduled'),
		array_agg(c.call_id ORDER BY c.call_id) FILTER (WHERE c.said = 'wrong_number'),
		-- A later call has said more about the lead, and that holds.
		array_agg(c.call_id ORDER BY c.call_id) FILTER (WHERE c.qualifies AND NOT EXISTS (SELECT FROM voiceagent.calls o
			WHERE o.tenant_id = v_tenant AND o.lead_id = c.lead_id AND o.call_id > c.call_id
				AND o.direction <> 'inbound'
				AND voiceagent_private.parse_qualified(o.structured_data, o.outcome) IS NOT NULL)),
		array_agg(c.call_id ORDER BY c.call_id) FILTER (WHERE c.undone = 'wrong_number'),
		array_agg(c.call_id ORDER BY c.call_id) FILTER (WHERE c.undone = 'callback'),
		array_agg(c.call_id ORDER BY c.call_id) FILTER (WHERE c.answered_by_machine),
		array_agg(c.lead_id),
		array_agg(c.campaign_id)
			FILTER (WHERE c.said IN ('scheduled', 'wrong_number', 'callback') OR c.answered_by_machine)
	INTO v_opted_out, v_booked, v_wrong, v_qualified, v_undone, v_callbacks, v_machines, v_leads, v_closing
	FROM unnest(call_ids) AS i(call_id)
	CROSS JOIN LATERAL (SELECT o.call_id, o.campaign_id, o.lead_id,
		voiceagent_private.parse_qualified(o.structured_data, o.outcome) IS NOT NULL AS qualifies,
			voiceagent_private.parse_explicit_outcome(o.structured_data) AS said,
			voiceagent_private.explicit_outcome(o.status, o.cause_class, o.structured_data) AS undone,
			o.direction <> 'inbound' AND o.outcome <> 'voicemail' AND voiceagent_private.is_machine(o.machine)
				AS answered_by_machine
		FROM voiceagent.calls o WHERE o.tenant_id = v_tenant AND o.call_id = i.call_id OFFSET 0) c;
	-- Take all locks in one order: lanes, then leads. These leads may have been called in other campaigns since, whose
	-- events another transaction applies at this moment.
	IF v_closing IS NOT NULL THEN
		PERFORM voiceagent_private.lock_follow_ups(v_closing,
			num_nonnulls(v_undone, v_callbacks, v_machines) > 0);
	END IF;
	PERFORM FROM (SELECT DISTINCT u.lead_id FROM unnest(v_leads) AS u(lead_id) ORDER BY u.lead_id) i
	CROSS JOIN LATERAL (SELECT FROM voiceagent.leads l
		WHERE l.tenant_id = v_tenant AND l.lead_id = i.lead_id OFFSET 0 FOR NO KEY UPDATE) d;
	IF v_opted_out IS NOT NULL THEN
		v_campaigns := voiceagent_private.opt_out(v_opted_out);
	END IF;
	IF v_qualified IS NOT NULL THEN
		PERFORM voiceagent_private.qualify_leads(v_qualified);
	END IF;
	IF v_machines IS NOT NULL THEN
		v_campaigns := v_campaigns || voiceagent_private.correct_machines(v_machines);
	END IF;
	IF v_callbacks IS NOT NULL THEN
		v_campaigns := v_campaigns || voiceagent_private.decide_late(v_callbacks, 'callback');
	END IF;
	-- The leads that leave_wrong() then gives up have been decided here.
	IF v_undone IS NOT NULL THEN
		v_campaigns := v_campaigns || voiceagent_private.decide_late(v_undone, 'wrong_number');
	END IF;
	IF v_wrong IS NOT NULL THEN
		v_campaigns := v_campaigns || voiceagent_private.leave_wrong(v_wrong);
	END IF;
	IF v_booked IS NOT NULL THEN
		v_campaigns := v_campaigns || voiceagent_private.take_back_steps(v_booked, 'scheduled');
		FOR v IN SELECT c.campaign_id, array_agg(c.lead_id ORDER BY c.lead_id) AS lead_ids
			FROM unnest(v_booked) AS i(call_id)
			CROSS JOIN LATERAL (SELECT o.campaign_id, o.lead_id FROM voiceagent.calls o
				WHERE o.tenant_id = v_tenant AND o.call_id = i.call_id OFFSET 0) c
			GROUP BY c.campaign_id ORDER BY c.campaign_id
		LOOP
			v_campaigns := v_campaigns
				|| voiceagent_private.close_late(v.campaign_id, v.lead_ids, 'completed', 'scheduled',
					'agreed on an appointment, which was told late');
		END LOOP;
		PERFORM voiceagent_private.detect_appointments(v_booked);
	END IF;
	RETURN v_campaigns;
END
$$;
COMMENT ON FUNCTION voiceagent_private.conclude_late(bigint[]) IS
	E'Follows words of ended calls of the current tenant that are known only now: opt-outs, wrong numbers, '
	'appointments, qualified leads, callbacks.\n'
	'apply_late_reports() has noted them, or report_call() while the calls were live. It returns the campaigns: the '
	'caller completes, last, those with no lead left, and lets completed ones go on.';
