/*
 * 60_inbox: what events do to the calls that they are about, whose rows the
 * caller, apply_events(), has locked: their state, their end, who answered,
 * their recording and price.
 */

CREATE FUNCTION voiceagent_private.advance_calls(call_ids bigint[], events voiceagent_private.matched_event[])
	RETURNS void LANGUAGE plpgsql VOLATILE
	SET planner.policy = row_by_row AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
BEGIN
	WITH steps AS MATERIALIZED (
		SELECT v.value, v.position FROM voiceagent.enumerations v WHERE v.enumeration = 'call_status'
	), furthest AS (
		SELECT DISTINCT ON (m.call_id) m.call_id, (m.event).status, v.position,
			CASE WHEN (m.event).kind <> 'hint' THEN (m.event).provider_call_id END AS provider_call_id,
			-- Not when the carrier said so: a lookup finds a call answered long after, or is dated by the dial.
			min((m.event).answered_at) FILTER (WHERE (m.event).status = 'in_progress')
				OVER (PARTITION BY m.call_id) AS answered_at, m.webhook_id
		FROM unnest(events) m
		JOIN steps v ON v.value = (m.event).status
		WHERE (m.event).status IN ('initiated', 'ringing', 'in_progress')
		ORDER BY m.call_id, v.position DESC, (m.event).answered_at
	), lying AS MATERIALIZED (
		-- The caller has locked the calls.
		SELECT f.*, o.call_row, t.position < f.position AS moves
		FROM furthest f
		CROSS JOIN LATERAL (SELECT c.ctid AS call_row, c.status, c.answered_at FROM voiceagent.calls c
			WHERE c.tenant_id = v_tenant AND c.call_id = f.call_id AND c.outcome IS NULL OFFSET 0) o
		JOIN steps t ON t.value = o.status
		-- A report tells now, with its time, what had only been found to be so.
		WHERE t.position < f.position OR t.position = f.position AND f.answered_at < o.answered_at
			AND NOT EXISTS (SELECT FROM voiceagent.webhooks w
				WHERE w.tenant_id = v_tenant AND w.webhook_id = f.webhook_id AND w.source = 'lookup')
	), moved AS (
		UPDATE voiceagent.calls c
		SET status = f.status,
			provider_call_id = coalesce(c.provider_call_id, f.provider_call_id),
			-- No time is charged in which the person is not known to have talked.
			answered_at = CASE WHEN f.moves THEN
				coalesce(c.answered_at, f.answered_at, CASE f.status WHEN 'in_progress' THEN v_now END)
				ELSE f.answered_at END
		-- One row, the planner thinks: see finish_leads().
		FROM (SELECT * FROM lying LIMIT cardinality(call_ids)) f
		WHERE c.tenant_id = v_tenant AND c.ctid = f.call_row
		RETURNING c.call_id, c.campaign_id, c.lead_id, c.status, f.moves
	)
	INSERT INTO voiceagent.events (tenant_id, month_slot, at, event_type, campaign_id, call_id, lead_id)
	SELECT v_tenant, voiceagent_private.month_slot(v_now), v_now,
		CASE moved.status WHEN 'in_progress' THEN 'call_answered' ELSE 'call_ringing' END,
		moved.campaign_id, moved.call_id, moved.lead_id
	FROM moved WHERE moved.moves AND moved.status <> 'initiated';
END
$$;
COMMENT ON FUNCTION voiceagent_private.advance_calls(bigint[], voiceagent_private.matched_event[]) IS
	'Raises the state of these calls, whose rows the caller has locked, to the furthest that the events tell of, '
	'as far as they have not ended, and notes when they were answered: as the carrier tells it, else when they '
	'were first known to be.';

CREATE FUNCTION voiceagent_private.await_reports(call_ids bigint[]) RETURNS void
	LANGUAGE c VOLATILE STRICT AS 'MODULE_PATHNAME', 'va_sql_await_reports';
COMMENT ON FUNCTION voiceagent_private.await_reports(bigint[]) IS
	'Of these calls of the current tenant the carrier says that they have ended: it is asked about those whose report '
	'does not come soon.';

CREATE FUNCTION voiceagent_private.apply_progress(call_ids bigint[], events voiceagent_private.matched_event[],
	progress boolean) RETURNS void LANGUAGE plpgsql VOLATILE
	SET planner.policy = hashed AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_heard bigint[];
	v_live boolean;
	v_ended bigint[];
	v_hinted bigint[];
	v_lease timestamptz;
	c_hint_rest CONSTANT interval := interval '5 seconds';
BEGIN
	IF progress THEN
		SELECT bool_or((m.event).status IN ('initiated', 'ringing', 'in_progress')),
			array_agg(m.call_id) FILTER (WHERE (m.event).kind = 'status'
				AND (m.event).status IN ('completed', 'failed', 'busy', 'no_answer')),
			array_agg(m.call_id) FILTER (WHERE (m.event).kind = 'hint')
		INTO v_live, v_ended, v_hinted
		FROM unnest(events) m;
	END IF;

	/*
	 * Any word from the carrier proves that it took the call, whatever became of our request; mostly that is known. A
	 * hint proves nothing: by the id that it names the carrier is asked, and where it knows none
	 * such the id is forgotten.
	 */
	v_heard := ARRAY(SELECT l.call_id FROM unnest(call_ids) AS i(call_id)
		CROSS JOIN LATERAL (SELECT o.call_id FROM voiceagent_private.live_calls o
			WHERE o.tenant_id = v_tenant AND o.call_id = i.call_id
				AND (o.state IN ('sending', 'unknown') OR o.provider_call_id IS NULL OR o.lookups > 0) OFFSET 0) l);
	IF cardinality(v_heard) > 0 THEN
		WITH heard AS (
			SELECT DISTINCT ON (m.call_id) m.call_id, (m.event).provider_call_id, (m.event).kind <> 'hint' AS proven
			FROM unnest(events) m WHERE (m.event).provider_call_id IS NOT NULL AND m.call_id = ANY (v_heard)
			ORDER BY m.call_id, (m.event).kind = 'hint'
		), taken AS (
			UPDATE voiceagent.attempts a
			SET state = 'accepted', provider_call_id = coalesce(a.provider_call_id, h.provider_call_id),
				answered_at = coalesce(a.answered_at, v_now)
			FROM heard h
			WHERE a.tenant_id = v_tenant AND a.call_id = h.call_id AND a.state IN ('sending', 'unknown')
				AND a.call_id = ANY (v_heard) AND h.proven
		)
		UPDATE voiceagent_private.live_calls l
		SET state = CASE WHEN h.proven THEN 'accepted' ELSE l.state END,
			provider_call_id = coalesce(l.provider_call_id, h.provider_call_id),
			lookups = CASE WHEN h.proven THEN 0 ELSE l.lookups END,
				misses = CASE WHEN h.proven THEN 0 ELSE l.misses END,
			failed_lookups = CASE WHEN h.proven THEN 0 ELSE l.failed_lookups END,
				failing_since = CASE WHEN NOT h.proven THEN l.failing_since END,
			-- The answer to our request, if it comes yet, will find the call accepted and leave the lease alone.
			lease_until = CASE WHEN h.proven AND l.state IN ('sending', 'unknown') THEN greatest(l.ends_by, v_now)
				ELSE l.lease_until END
		FROM heard h
		WHERE l.tenant_id = v_tenant AND l.call_id = h.call_id AND l.call_id = ANY (v_heard)
			AND (l.state IN ('sending', 'unknown') OR l.provider_call_id IS NULL OR l.lookups > 0);
	END IF;

	IF v_live THEN
		PERFORM voiceagent_private.advance_calls(call_ids, events);
	END IF;

	-- Its sender is not proved: the carrier is asked before it counts, but about no call time and again.
	IF v_hinted IS NOT NULL THEN
		WITH hinted AS (
			UPDATE voiceagent_private.live_calls l
			SET lease_until = least(l.lease_until, greatest(v_now, l.asked_at + c_hint_rest))
			WHERE l.tenant_id = v_tenant AND l.call_id = ANY (v_hinted)
			RETURNING l.lease_until
		)
		SELECT min(h.lease_until) INTO v_lease FROM hinted h;
		PERFORM voiceagent_private.poke_lookups(v_lease);
	END IF;

	/*
	 * "Ended" without the report: the report has the duration and the words, so
	 * the call stays live a little longer, and then the carrier is asked.  Mostly
	 * they come together: the report is applied next, in this transaction.
	 */
	IF v_ended IS NOT NULL THEN
		v_ended := ARRAY(SELECT i FROM unnest(v_ended) i EXCEPT SELECT m.call_id FROM unnest(events) m
			WHERE (m.event).kind = 'report' AND (m.event).unanalysed IS NOT TRUE ORDER BY 1);
	END IF;
	IF cardinality(v_ended) > 0 THEN
		PERFORM voiceagent_private.await_reports(v_ended);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.apply_progress(bigint[], voiceagent_private.matched_event[], boolean) IS
	E'Raises the state of those of the calls that are live; their rows are locked by the caller.\n'
	'progress: as in event_kinds.';

CREATE FUNCTION voiceagent_private.name_rung_out(events voiceagent_private.matched_event[])
	RETURNS voiceagent_private.matched_event[]
	LANGUAGE plpgsql STABLE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_told voiceagent_private.matched_event[] := '{}';
	m voiceagent_private.matched_event;
	e voiceagent.call_event;
	v_unheard boolean;
	v_well boolean;
	c_last CONSTANT integer := 10;
	c_sip_timeout_s CONSTANT integer := 32;
	c_unheard CONSTANT text := ' unheard';
BEGIN
	FOREACH m IN ARRAY events LOOP
		e := m.event;
		IF e.kind = 'report' AND (e.details ->> 'rang')::numeric >= (SELECT extract(epoch FROM a.ring_timeout)
				FROM voiceagent.attempts a
				WHERE a.tenant_id = voiceagent.current_tenant() AND a.call_id = m.call_id)
			AND NOT EXISTS (SELECT FROM voiceagent.provider_requests r
				WHERE r.tenant_id = voiceagent.current_tenant() AND r.call_id = m.call_id AND r.kind = 'hangup'
					AND r.state <> 'failed') THEN
			e.status := 'no_answer';
			e.cause_class := 'no_answer';
			m.event := e;
		ELSIF e.kind = 'report' AND e.details ? 'unheard' THEN
			-- A trunk that never says that it rings is well where it said anything of the last calls.
			SELECT c.status = 'initiated', EXISTS (SELECT FROM (SELECT o.* FROM voiceagent.calls o
					WHERE o.tenant_id = c.tenant_id AND o.campaign_id = c.campaign_id
					ORDER BY o.call_id DESC LIMIT c_last) o
				WHERE o.provider_account_id = c.provider_account_id AND o.status NOT IN ('initiated', 'failed')
					AND coalesce(o.cause NOT LIKE '%' || c_unheard, true))
			INTO v_unheard, v_well
			FROM voiceagent.calls c JOIN voiceagent.attempts a ON a.tenant_id = c.tenant_id AND a.call_id = c.call_id
			WHERE c.tenant_id = voiceagent.current_tenant() AND c.call_id = m.call_id
				AND (e.details ->> 'unheard')::numeric >= least(extract(epoch FROM a.ring_timeout), c_sip_timeout_s);
			IF v_unheard THEN
				e.cause := e.cause || c_unheard;
				IF NOT v_well THEN
					e.status := 'failed';
					e.cause_class := 'account';
				END IF;
				m.event := e;
			END IF;
		END IF;
		v_told := v_told || m;
	END LOOP;
	RETURN v_told;
END
$$;
COMMENT ON FUNCTION voiceagent_private.name_rung_out(voiceagent_private.matched_event[]) IS
	E'The events; a report that a call was canceled says no_answer where it rang (details.rang, seconds) as long as it '
	'was to ring and we did not end it.\n'
	'One of no answer is the account''s fault where nothing was heard of the call in that time (details.unheard), nor '
	'of the last calls by the account.';

CREATE FUNCTION voiceagent_private.judged_by_rules(outcome text, turns jsonb, data jsonb, reading jsonb,
	uncertain_outcome text) RETURNS text
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	IF reading ? 'conflict' THEN
		RETURN 'review';
	ELSIF (outcome IN ('completed', 'interested')) IS NOT TRUE OR NOT voiceagent_private.customer_spoke(turns)
		OR jsonb_path_exists(reading, '$.fields[*] ? (@.origin == "tool" && (@.name == "appointment.booked"
			|| @.name == "callback.requested" || @.name == "do_not_call"))') THEN
		RETURN NULL;
	ELSIF voiceagent_private.words_speak_of(reading) IS NULL THEN
		RETURN CASE WHEN outcome = 'completed' AND voiceagent_private.lacks_analysis(data, reading)
			THEN coalesce(uncertain_outcome, 'final') END;
	END IF;
	-- An analysis that claims an agreement which the words do not bear out, and they name another.
	RETURN CASE WHEN jsonb_path_exists(reading,
			'$.fields[*] ? (@.counts == false && @.name like_regex "^(appointment|callback|slot_booked)")')
			OR voiceagent_private.words_speak_of(reading) = 'callback' THEN 'review'
		WHEN NOT coalesce(data ?| '{appointment,callback,slot_booked}', false) THEN 'acted' END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.judged_by_rules(text, jsonb, jsonb, jsonb, text) IS
	'The value of calls.uncertain for an unjudged talk, or where another author denies a tool''s action; NULL: none.';

CREATE FUNCTION voiceagent_private.charged_seconds(seconds numeric, machine text, charge_machines boolean)
	RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN machine = 'screener' OR NOT charge_machines AND voiceagent_private.is_machine(machine)
		THEN 0 ELSE seconds END;
COMMENT ON FUNCTION voiceagent_private.charged_seconds(numeric, text, boolean) IS
	'The seconds of an answered call that are charged; none where a screener kept it from the person.';

-- Calls of a carrier that does not converse have no result: with unfinished_call_seconds a short one would be dialled
-- again, however much was said in it.
CREATE FUNCTION voiceagent_private.ended_call(INOUT c voiceagent.calls, e voiceagent.call_event, provider text,
	hold voiceagent.credit_holds, price numeric, at timestamptz, OUT told text, OUT said jsonb, OUT reading jsonb,
	OUT doubts boolean, OUT asks boolean, OUT asks_consent boolean, OUT promises boolean) LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_settings jsonb := voiceagent_private.recall_settings(c.campaign_id, c.campaign_version);
	v_hears boolean := voiceagent_private.answers_by(provider) = 'conversation';
	v_spoke boolean := voiceagent_private.customer_spoke(e.turns);
	v_answered timestamptz := coalesce(e.answered_at, c.answered_at);
	-- A live call has a cause if no side talked in it: see hear_events().
	v_status text := CASE WHEN c.cause_class = 'assistant' AND e.status = 'completed' THEN 'failed' ELSE e.status END;
	v_seconds numeric := 0;
	v_charged numeric := 0;
	v_read record;
	v_words text;
	v_machine text;
	v_cost record;
BEGIN
	c.ended_at := coalesce(e.ended_at, e.occurred_at, at);
	-- A carrier that calls every proper end completed tells by other events whether anybody answered.
	v_status := CASE WHEN v_status = 'completed' AND e.duration_seconds IS NULL AND v_answered IS NULL THEN 'no_answer'
		ELSE voiceagent_private.ended_status(v_status, e.turns) END;
	IF v_status = 'completed' THEN
		v_seconds := greatest(coalesce(e.duration_seconds, extract(epoch FROM c.ended_at - v_answered), 0), 0);
	END IF;
	v_read := voiceagent_private.read_call(c.call_id, c.assistant_id, c.assistant_version, c.lead_id, c.number,
		c.ended_at, v_settings ->> 'read_emotions', e.turns, e.structured_data, e.details -> 'agent');
	v_words := voiceagent_private.words_outcome(v_read.reading);

	-- The cause of the end may say that a machine answered, or the words that a screener did.
	v_machine := voiceagent_private.surer_machine(c.machine, e.machine);
	v_machine := CASE WHEN v_read.reading #> '{outcome,screened}' = 'true' THEN 'screener'
		WHEN e.cause_class = 'machine' AND NOT voiceagent_private.is_machine(v_machine) THEN 'voicemail'
		ELSE v_machine END;
	-- The carrier's own word, of what was known and what a report tells; else the cause of the end.
	c.machine_raw := CASE WHEN v_machine = e.machine THEN CASE WHEN v_machine = c.machine
			THEN least(c.machine_raw COLLATE "C", e.machine_raw) ELSE e.machine_raw END
		WHEN v_machine = c.machine THEN c.machine_raw WHEN v_machine IS NOT NULL THEN e.cause END;
	c.machine := v_machine;

	c.cause := coalesce(c.cause, e.cause);
	c.cause_class := coalesce(c.cause_class, e.cause_class);
	c.counts := c.status <> 'initiated' OR v_status <> 'failed'
		OR coalesce(c.cause_class NOT IN ('account', 'assistant', 'refused'), true) OR v_spoke;
	c.status := v_status;
	c.outcome := voiceagent_private.decide_outcome(v_status, c.cause_class, v_read.data, e.success_evaluation,
		v_seconds, CASE WHEN v_hears THEN (v_settings ->> 'unfinished_call_seconds')::numeric END, v_machine, e.turns,
		v_words);
	c.evaluation := voiceagent_private.decide_evaluation(v_status, v_read.data, e.success_evaluation,
		coalesce(v_machine, v_words));
	c.provider_call_id := coalesce(c.provider_call_id, e.provider_call_id);
	c.duration_seconds := v_seconds;
	v_cost := voiceagent_private.greater_cost(c.cost, c.cost_currency, e.cost, e.cost_currency);
	c.cost := v_cost.cost;
	c.cost_currency := v_cost.currency;
	c.cost_source := CASE WHEN c.cost IS NULL THEN 'unknown' ELSE 'carrier' END;
	c.summary := e.summary;
	c.transcript := voiceagent_private.pack_text(e.transcript);
	c.recording_url := coalesce(e.recording_url, c.recording_url);
	c.stereo_recording_url := coalesce(e.stereo_recording_url, c.stereo_recording_url);
	c.structured_data := v_read.data;
	c.success_evaluation := e.success_evaluation;

	IF v_status = 'completed' THEN
		v_charged := voiceagent_private.charged_seconds(v_seconds, coalesce(v_machine, v_words),
			voiceagent_private.read_platform_setting('charge_machines')::boolean);
	END IF;
	-- The tenant's own secret signs webhooks: hence a least time.
	IF provider <> 'sandbox' AND c.provider_call_id IS NOT NULL THEN
		v_charged := greatest(v_charged, extract(epoch FROM
			voiceagent_private.as_interval(voiceagent_private.read_platform_setting('least_charged_time'))));
	END IF;
	v_charged := round(price * v_charged / 60, 6);
	-- A cost within the hold is charged whole, whatever it is if that holds minutes; the ledger decides about the rest:
	-- see settle_calls().
	c.credits := CASE WHEN hold.minutes IS NOT NULL OR v_charged <= hold.amount THEN v_charged END;

	c.abandoned := NULL;
	IF c.lawful AND v_status = 'completed' AND v_answered IS NOT NULL AND v_hears
		AND c.cause_class IS DISTINCT FROM 'machine' AND coalesce(v_machine, 'human') IN ('human', 'uncertain') THEN
		c.abandoned := voiceagent_private.is_abandoned(v_answered, e.transcript, e.turns);
	END IF;
	c.answered_at := CASE WHEN v_status = 'completed' THEN least(v_answered, c.ended_at) END;
	IF v_read.reading ? 'conflict' OR c.cause_class IS DISTINCT FROM 'forwarded'
		AND (e.success_evaluation IS NULL OR voiceagent_private.words_speak_of(v_read.reading) IS NOT NULL) THEN
		c.uncertain := coalesce(voiceagent_private.judged_by_rules(c.outcome, e.turns, v_read.data, v_read.reading,
			v_settings ->> 'uncertain_outcome'), c.uncertain);
	END IF;

	told := jsonb_build_object('outcome', c.outcome, 'cause', c.cause, 'duration_seconds', c.duration_seconds);
	IF e.turns <> '[]' AND jsonb_typeof(e.turns) = 'array' THEN
		said := voiceagent_private.pack_jsonb(e.turns);
		reading := voiceagent_private.pack_jsonb(v_read.reading);
	END IF;
	doubts := coalesce(v_read.reading ? 'opt_out_doubt', false);
	-- Versions of campaigns from before the setting do not have it.
	asks := v_spoke AND voiceagent_private.wants_model(coalesce(v_settings ->> 'model_analysis',
		voiceagent_private.read_setting('model_analysis')), e.structured_data);
	asks_consent := voiceagent_private.asks_consent(v_settings);
	promises := coalesce(v_read.reading ? 'promises', false);
END
$$;
COMMENT ON FUNCTION voiceagent_private.ended_call(voiceagent.calls, voiceagent.call_event, text,
	voiceagent.credit_holds, numeric, timestamptz) IS
	E'A live call as the report of its end leaves it, and what event call_ended tells; hold: what is held for it '
	'(NULL: nothing); price: of a minute.\n'
	'said, reading: the conversation, if there was one. doubts: an opt-out is in doubt; asks: a model is to be asked '
	'about it; asks_consent: a consent was to be asked for; promises: the assistant made some.';

CREATE FUNCTION voiceagent_private.apply_reports(events voiceagent_private.matched_event[], OUT ended bigint[],
	OUT doubted bigint[], OUT asked bigint[], OUT asking bigint[], OUT promised bigint[])
	LANGUAGE c VOLATILE STRICT AS 'MODULE_PATHNAME', 'va_sql_apply_reports';
COMMENT ON FUNCTION voiceagent_private.apply_reports(voiceagent_private.matched_event[]) IS
	E'Ends the calls whose report has come and whose rows the caller has locked, as ended_call() decides, and returns '
	'their ids (ended; NULL: none); those in which an opt-out is in doubt (doubted: see hold_calls()); and the '
	'arguments of follow_reports().\n'
	'A call that has ended already is left as it is (but see apply_late_reports()).';

CREATE FUNCTION voiceagent_private.follow_reports(asked bigint[], asking bigint[] DEFAULT NULL,
	promised bigint[] DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = row_by_row AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
BEGIN
	IF asking IS NOT NULL THEN
		PERFORM voiceagent_private.keep_answers(c, k.turns)
		FROM voiceagent.calls c JOIN voiceagent.conversations k ON k.tenant_id = v_tenant AND k.call_id = c.call_id
			AND k.month_slot = voiceagent_private.month_slot(c.started_at)
		WHERE c.tenant_id = v_tenant AND c.call_id = ANY (asking);
	END IF;
	IF asked IS NOT NULL THEN
		INSERT INTO voiceagent_private.analysis_queue (tenant_id, call_id, queued_at)
		SELECT v_tenant, i, v_now FROM unnest(asked) i ON CONFLICT DO NOTHING;
		PERFORM voiceagent_private.request_job('analyse_calls', v_now);
	END IF;
	IF promised IS NOT NULL THEN
		PERFORM voiceagent_private.follow_soon(promised);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.follow_reports(bigint[], bigint[], bigint[]) IS
	'Has a model asked about the calls asked, which have ended, keeps the consents that were given in the calls '
	'asking, and has what was promised in the calls promised written down; NULL: none.';

/*
 * Facts that some carriers tell apart from a call's course, and at any time:
 * who answered, the recording, the price; and of a call that is over, when it
 * was answered.  The surer, or greater, stays, so that their order does not
 * matter.
 */
CREATE FUNCTION voiceagent_private.record_facts(over bigint[], events voiceagent_private.matched_event[])
	RETURNS void LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v voiceagent_private.matched_event;
	v_call bigint;
	e voiceagent.call_event;
BEGIN
	FOR v IN
		SELECT m.* FROM unnest(events) m
		WHERE m.call_id IS NOT NULL AND ((m.event).kind IN ('machine', 'recording', 'cost')
			OR (m.event).kind = 'status'
			AND ((m.event).machine IS NOT NULL OR (m.event).recording_url IS NOT NULL OR (m.event).cost IS NOT NULL)
			OR m.call_id = ANY (over) AND (m.event).status = 'in_progress')
		ORDER BY m.call_id, m.webhook_id
	LOOP
		v_call := v.call_id;
		e := v.event;
		UPDATE voiceagent.calls c
		SET machine = n.machine, machine_raw = CASE WHEN n.machine IS DISTINCT FROM o.machine THEN e.machine_raw
			WHEN n.machine = e.machine THEN least(o.machine_raw COLLATE "C", e.machine_raw) ELSE o.machine_raw END,
			recording_url = coalesce(c.recording_url, e.recording_url),
			stereo_recording_url = coalesce(c.stereo_recording_url, e.stereo_recording_url),
			cost = p.cost, cost_currency = p.currency,
			cost_source = CASE WHEN p.cost IS NULL THEN c.cost_source ELSE 'carrier' END,
			answered_at = CASE WHEN c.status = 'completed' AND e.status = 'in_progress'
				THEN coalesce(c.answered_at, least(e.answered_at, c.ended_at)) ELSE c.answered_at END
		FROM voiceagent.calls o
		CROSS JOIN LATERAL (SELECT voiceagent_private.surer_machine(o.machine, e.machine) AS machine) n
		CROSS JOIN LATERAL (SELECT * FROM voiceagent_private.greater_cost(
			CASE o.cost_source WHEN 'rate' THEN NULL ELSE o.cost END, o.cost_currency,
			e.cost, e.cost_currency)) t
		CROSS JOIN LATERAL (SELECT CASE WHEN t.cost IS NULL THEN o.cost ELSE t.cost END AS cost,
			CASE WHEN t.cost IS NULL THEN o.cost_currency ELSE t.currency END AS currency) p
		WHERE o.tenant_id = v_tenant AND o.call_id = v_call AND c.tenant_id = v_tenant AND c.call_id = v_call;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.record_facts(bigint[], voiceagent_private.matched_event[]) IS
	'Notes who answered, the recording and the price, as events tell of calls whose rows the caller has locked; over: '
	'those of the calls that have ended, which may learn when they were answered.';
