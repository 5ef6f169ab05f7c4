/*
 * 60_inbox: what was said in a call, told when the call is over already: its
 * end was found by a look-up that could not tell it yet, or its report could
 * not be applied before.  Outcome, charge and slot stay as they are.  The call
 * gets the words that it lacks, and what they ask of us is done as far as it
 * still can be: an opt-out in any case, an appointment if there is none; of
 * all of it an event tells.  The report may be the carrier's, or that of
 * whoever talked in the call (65_outcome/50_report_call.sql).
 *
 * The caller has locked the calls' rows.
 */

CREATE FUNCTION voiceagent_private.hear_late(over bigint[], events voiceagent_private.matched_event[], OUT told bigint[], OUT said bigint[])
	LANGUAGE plpgsql VOLATILE SET enable_seqscan = off SET jit = off SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	-- What is missing after that, retention may have removed: it does not come back with a webhook that is replayed.
	c_fills_for CONSTANT interval := interval '1 day';
BEGIN
	WITH report AS (
		SELECT DISTINCT ON (m.call_id) m.call_id, m.event AS e,
			voiceagent_private.said_yes((m.event).structured_data -> 'do_not_call') AS opts_out
		FROM unnest(events) m
		WHERE (m.event).kind = 'report' AND m.call_id = ANY (over)
			AND num_nonnulls((m.event).structured_data, (m.event).summary, (m.event).success_evaluation, (m.event).transcript) > 0
		ORDER BY m.call_id, opts_out DESC, m.webhook_id DESC
	), heard AS MATERIALIZED (
		SELECT r.e, o.*, o.fills AND o.structured_data IS NULL AND (r.e).structured_data IS NOT NULL AS says
		FROM report r
		CROSS JOIN LATERAL (SELECT c.ctid AS call_row, c.structured_data, c.ended_at > v_now - c_fills_for AS fills,
				c.summary IS NULL AND (r.e).summary IS NOT NULL OR c.success_evaluation IS NULL AND (r.e).success_evaluation IS NOT NULL
					OR c.transcript IS NULL AND (r.e).transcript IS NOT NULL AS lacks,
				-- Once: who may be called again since, by allow_call(), is not taken for another opt-out.
				r.opts_out AND c.outcome <> 'do_not_call' AND NOT voiceagent_private.said_yes(c.structured_data -> 'do_not_call') AS opts_out
			FROM voiceagent.calls c
			WHERE c.tenant_id = v_tenant AND c.call_id = r.call_id OFFSET 0) o
		WHERE o.opts_out OR o.fills AND (o.lacks OR o.structured_data IS NULL AND (r.e).structured_data IS NOT NULL)
	), told AS (
		UPDATE voiceagent.calls c
		SET structured_data = n.said,
			summary = coalesce(c.summary, CASE WHEN h.fills THEN (h.e).summary END),
			success_evaluation = coalesce(c.success_evaluation, CASE WHEN h.fills THEN (h.e).success_evaluation END),
			evaluation = voiceagent_private.decide_evaluation(c.status, n.said,
				coalesce(c.success_evaluation, CASE WHEN h.fills THEN (h.e).success_evaluation END)),
			transcript = CASE WHEN h.fills AND c.transcript IS NULL THEN voiceagent_private.pack_text((h.e).transcript) ELSE c.transcript END
		FROM heard h
		CROSS JOIN LATERAL (SELECT CASE WHEN h.says THEN (h.e).structured_data
			WHEN NOT h.opts_out THEN h.structured_data
			WHEN jsonb_typeof(h.structured_data) = 'object' THEN h.structured_data || '{"do_not_call": true}'
			ELSE '{"do_not_call": true}' END AS said) n
		WHERE c.tenant_id = v_tenant AND c.ctid = h.call_row
		RETURNING c.call_id, c.campaign_id, c.lead_id, c.started_at, c.outcome, CASE WHEN h.fills THEN (h.e).turns END AS turns,
			h.says OR h.opts_out AS news, n.said
	), turns AS (
		INSERT INTO voiceagent.conversations (tenant_id, call_id, month_slot, turns)
		SELECT v_tenant, t.call_id, voiceagent_private.month_slot(t.started_at), voiceagent_private.pack_jsonb(t.turns)
		FROM told t WHERE t.turns <> '[]' AND jsonb_typeof(t.turns) = 'array'
		ON CONFLICT DO NOTHING
	), logged AS (
		INSERT INTO voiceagent.events (tenant_id, month_slot, at, event_type, campaign_id, call_id, lead_id, event_data)
		SELECT v_tenant, voiceagent_private.month_slot(v_now), v_now, 'call_told_late', t.campaign_id, t.call_id, t.lead_id,
			jsonb_build_object('said', CASE WHEN t.news THEN voiceagent_private.said_outright(t.said) END, 'outcome', t.outcome)
		FROM told t
	)
	SELECT coalesce(array_agg(t.call_id ORDER BY t.call_id), '{}'), coalesce(array_agg(t.call_id ORDER BY t.call_id) FILTER (WHERE t.news), '{}')
	INTO told, said FROM told t;
END
$$;
COMMENT ON FUNCTION voiceagent_private.hear_late(bigint[], voiceagent_private.matched_event[]) IS
	'Notes what reports say of the words of calls that had ended before they came (over), whose rows the caller has locked: of each call that ended within a day what it lacks (structured data, summary, verdict, transcript and turns), and an opt-out that is not known; what is known stays. Returns the calls of which something is known now (told), and those of them in which something was said that was not known (said), for conclude_calls().';

CREATE FUNCTION voiceagent_private.close_booked(campaign_id bigint, lead_ids bigint[]) RETURNS bigint[]
	LANGUAGE plpgsql VOLATILE SET enable_seqscan = off SET jit = off SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_campaigns bigint[];
	v_leads bigint[];
	c_reason CONSTANT text := 'agreed on an appointment, which was told late';
BEGIN
	PERFORM voiceagent_private.lock_follow_ups(ARRAY[campaign_id]);
	v_campaigns := voiceagent_private.unqueue_leads(lead_ids, c_reason, campaign_id, false);
	-- Whoever is being dialled at this moment is left to that call.
	v_leads := ARRAY(SELECT i FROM unnest(lead_ids) i CROSS JOIN LATERAL (SELECT FROM voiceagent.campaign_leads m
		WHERE m.tenant_id = v_tenant AND m.campaign_id = close_booked.campaign_id AND m.lead_id = i
			AND m.status = 'skipped' AND m.reason = c_reason OFFSET 0) w ORDER BY i);
	IF cardinality(v_leads) > 0 THEN
		PERFORM voiceagent_private.finish_leads(campaign_id, v_leads, 'completed', array_fill('scheduled'::text, ARRAY[cardinality(v_leads)]),
			array_fill(NULL::text, ARRAY[cardinality(v_leads)]), array_fill(NULL::boolean, ARRAY[cardinality(v_leads)]));
	END IF;
	RETURN v_campaigns;
END
$$;
COMMENT ON FUNCTION voiceagent_private.close_booked(bigint, bigint[]) IS
	'Closes those of the leads that wait in a campaign of the acting tenant to be called again, as completed by an appointment. Returns the campaign if there were any: the caller completes it, last, if it has nobody left.';

CREATE FUNCTION voiceagent_private.conclude_late(call_ids bigint[]) RETURNS bigint[]
	LANGUAGE plpgsql VOLATILE SET enable_seqscan = off SET jit = off SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_opted_out bigint[];
	v_booked bigint[];
	v_qualified bigint[];
	v_campaigns bigint[] := '{}';
	v record;
BEGIN
	SELECT array_agg(c.call_id ORDER BY c.call_id) FILTER (WHERE c.said = 'do_not_call'),
		array_agg(c.call_id ORDER BY c.call_id) FILTER (WHERE c.said = 'scheduled'),
		-- What a later call has said of the lead holds.
		array_agg(c.call_id ORDER BY c.call_id) FILTER (WHERE c.qualifies AND NOT EXISTS (SELECT FROM voiceagent.calls o
			WHERE o.tenant_id = v_tenant AND o.lead_id = c.lead_id AND o.call_id > c.call_id
				AND voiceagent_private.said_qualified(o.structured_data, o.outcome) IS NOT NULL))
	INTO v_opted_out, v_booked, v_qualified
	FROM unnest(call_ids) AS i(call_id)
	CROSS JOIN LATERAL (SELECT o.call_id, o.lead_id, voiceagent_private.said_qualified(o.structured_data, o.outcome) IS NOT NULL AS qualifies,
			voiceagent_private.said_outright(o.structured_data) AS said
		FROM voiceagent.calls o WHERE o.tenant_id = v_tenant AND o.call_id = i.call_id OFFSET 0) c;
	IF v_opted_out IS NOT NULL THEN
		v_campaigns := voiceagent_private.opt_out(v_opted_out, true);
	END IF;
	IF v_qualified IS NOT NULL THEN
		PERFORM voiceagent_private.qualify_leads(v_qualified);
	END IF;
	IF v_booked IS NOT NULL THEN
		FOR v IN SELECT c.campaign_id, array_agg(c.lead_id ORDER BY c.lead_id) AS lead_ids FROM unnest(v_booked) AS i(call_id)
			CROSS JOIN LATERAL (SELECT o.campaign_id, o.lead_id FROM voiceagent.calls o
				WHERE o.tenant_id = v_tenant AND o.call_id = i.call_id OFFSET 0) c
			GROUP BY c.campaign_id ORDER BY c.campaign_id
		LOOP
			v_campaigns := v_campaigns || voiceagent_private.close_booked(v.campaign_id, v.lead_ids);
		END LOOP;
		PERFORM voiceagent_private.detect_appointments(v_booked);
	END IF;
	RETURN v_campaigns;
END
$$;
COMMENT ON FUNCTION voiceagent_private.conclude_late(bigint[]) IS
	'What follows from words of ended calls of the acting tenant that hear_late() has noted, or report_call() while they were live: opt-outs; appointments where the call has none, whose leads are not called again for that campaign; whether the lead qualifies. Whoever asked for another call is seen in the event alone. Returns the campaigns that had somebody of them waiting: the caller completes, last, those that have nobody left.';
