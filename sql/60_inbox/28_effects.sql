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
		END IF;
		v_told := v_told || m;
	END LOOP;
	RETURN v_told;
END
$$;
COMMENT ON FUNCTION voiceagent_private.name_rung_out(voiceagent_private.matched_event[]) IS
	'The events; a report that a call was canceled says no_answer where it rang (details.rang, seconds) as long as it '
	'was to ring and we did not end it.';

CREATE FUNCTION voiceagent_private.reported_call(tenant_id bigint, call_id bigint, event voiceagent.call_event,
	at timestamptz)
	RETURNS TABLE (call_row tid, provider_call_id text, started_at timestamptz, settings jsonb, provider text,
		held numeric, cost numeric, cost_currency text, assistant_id bigint, assistant_version integer,
		lead_id bigint, number smallint, cause text, cause_class text, told text, answered_at timestamptz,
		ended_at timestamptz, machine text)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 1 AS $$
	SELECT k.ctid, k.provider_call_id, k.started_at,
		voiceagent_private.recall_settings(k.campaign_id, k.campaign_version),
		(SELECT o.provider FROM voiceagent.provider_accounts o
			WHERE o.tenant_id = reported_call.tenant_id AND o.provider_account_id = k.provider_account_id),
		-- What holds minutes pays for the call whatever it costs.
		(SELECT CASE WHEN o.minutes IS NULL THEN o.amount ELSE 'infinity' END FROM voiceagent.credit_holds o
			WHERE o.tenant_id = reported_call.tenant_id AND o.call_id = k.call_id AND o.state = 'held'),
		k.cost, k.cost_currency, k.assistant_id, k.assistant_version, k.lead_id, k.number,
		-- A live call has a cause if no side talked in it: see hear_events().
		coalesce(k.cause, (event).cause), coalesce(k.cause_class, (event).cause_class),
		CASE WHEN k.cause_class = 'assistant' AND (event).status = 'completed' THEN 'failed' ELSE (event).status END,
		coalesce((event).answered_at, k.answered_at), coalesce((event).ended_at, (event).occurred_at, reported_call.at),
		voiceagent_private.surer_machine(k.machine, (event).machine)
	FROM voiceagent.calls k
	WHERE k.tenant_id = reported_call.tenant_id AND k.call_id = reported_call.call_id AND k.outcome IS NULL
	OFFSET 0 /* computed once */
$$;
COMMENT ON FUNCTION voiceagent_private.reported_call(bigint, bigint, voiceagent.call_event, timestamptz) IS
	E'A call that has not ended, where its row lies, and what is true of it by this report of its end (at: now); told: '
	'the status as the report has it.\n'
	'The planner dissolves it.';

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
	'What calls.uncertain says of a talk that nobody judged, or where another author denies what a tool did; '
	'NULL: nothing.';

CREATE FUNCTION voiceagent_private.charged_seconds(seconds numeric, machine text, charge_machines boolean)
	RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN machine = 'screener' OR NOT charge_machines AND voiceagent_private.is_machine(machine)
		THEN 0 ELSE seconds END;
COMMENT ON FUNCTION voiceagent_private.charged_seconds(numeric, text, boolean) IS
	'The seconds of an answered call that are charged; none where a screener kept it from the person.';

-- The tariff is read separately, since a scan that is switched off would make all plans of the join below look alike.
-- The caller has locked the calls, so their rows do not move. uncertain has its own UPDATE: few calls are uncertain,
-- and its index makes that change dearer than the change of the end. Calls of a carrier that does not converse have no
-- result: without this rule a short one would be dialled again, however much was said in it.
CREATE FUNCTION voiceagent_private.apply_reports(call_ids bigint[], events voiceagent_private.matched_event[],
	OUT ended bigint[], OUT doubted bigint[])
	LANGUAGE plpgsql VOLATILE SET planner.policy = row_by_row AS $$
DECLARE
	v_asked bigint[];
	v_uncertain bigint[];
	v_becomes text[];
	v_asking bigint[];
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_charge_machines boolean := voiceagent_private.read_platform_setting('charge_machines')::boolean;
	v_least_seconds numeric := extract(epoch FROM
		voiceagent_private.as_interval(voiceagent_private.read_platform_setting('least_charged_time')));
BEGIN
	WITH tariff AS MATERIALIZED (
		SELECT p.credits, p.valid, p.price_id FROM voiceagent.prices p WHERE p.operation = 'call'
	), ended AS (
		UPDATE voiceagent.calls c
		SET status = n.status,
			outcome = voiceagent_private.decide_outcome(n.status, n.cause_class, n.data,
				(n.e).success_evaluation, n.seconds, n.short_below, n.machine, (n.e).turns,
				voiceagent_private.words_outcome(n.reading)),
			evaluation = voiceagent_private.decide_evaluation(n.status, n.data, (n.e).success_evaluation, n.known),
			cause = n.cause, cause_class = n.cause_class,
			counts = c.status <> 'initiated' OR n.status <> 'failed'
				OR coalesce(n.cause_class NOT IN ('account', 'assistant', 'refused'), true)
				OR voiceagent_private.customer_spoke((n.e).turns),
			provider_call_id = coalesce(c.provider_call_id, (n.e).provider_call_id), duration_seconds = n.seconds,
			cost = n.cost, cost_currency = n.currency,
			cost_source = CASE WHEN n.cost IS NULL THEN 'unknown' ELSE 'carrier' END,
			machine = n.machine,
			-- The carrier's own word, of what was known and what a report tells; else the cause of the end.
			machine_raw = CASE WHEN n.machine = (n.e).machine THEN CASE WHEN n.machine = c.machine
						THEN least(c.machine_raw COLLATE "C", (n.e).machine_raw) ELSE (n.e).machine_raw END
				WHEN n.machine = c.machine THEN c.machine_raw WHEN n.machine IS NOT NULL THEN (n.e).cause END,
			summary = (n.e).summary, transcript = voiceagent_private.pack_text((n.e).transcript),
			recording_url = coalesce((n.e).recording_url, c.recording_url),
			stereo_recording_url = coalesce((n.e).stereo_recording_url, c.stereo_recording_url),
			structured_data = n.data, success_evaluation = (n.e).success_evaluation,
			credits = n.credits,
			answered_at = CASE WHEN n.status = 'completed' THEN least(n.answered_at, n.ended_at) END,
			ended_at = n.ended_at,
			abandoned = CASE WHEN c.lawful AND n.status = 'completed' AND n.answered_at IS NOT NULL AND n.hears
					AND n.cause_class IS DISTINCT FROM 'machine'
					AND coalesce(n.machine, 'human') IN ('human', 'uncertain')
				THEN voiceagent_private.is_abandoned(n.answered_at, (n.e).transcript, (n.e).turns) END
		-- One row, of all that the change needs: every other that is joined here is carried along whole.
		FROM (SELECT r.e, o.call_row, o.settings, o.cause, o.cause_class, o.answered_at, o.ended_at, w.data, w.reading,
				z.machine, z.known, x.status, x.seconds, p.cost, p.currency,
				voiceagent_private.answers_by(o.provider) = 'conversation' AS hears,
				CASE WHEN voiceagent_private.answers_by(o.provider) = 'conversation'
					THEN (o.settings ->> 'unfinished_call_seconds')::numeric END AS short_below,
				-- A cost within the hold is charged whole; the ledger decides about the rest: see settle_calls().
				CASE WHEN f.cost <= o.held THEN f.cost END AS credits
			FROM (SELECT DISTINCT ON (m.call_id) m.call_id, m.event AS e FROM unnest(events) m
				WHERE (m.event).kind = 'report' AND (m.event).status IN ('completed', 'failed', 'busy', 'no_answer')
				-- One that has the words, if there is one, before an earlier answer that lacks them.
				ORDER BY m.call_id, (m.event).unanalysed IS TRUE, m.webhook_id) r
			CROSS JOIN LATERAL voiceagent_private.reported_call(v_tenant, r.call_id, r.e, v_now) o
			CROSS JOIN LATERAL voiceagent_private.read_call(v_tenant, r.call_id, o.assistant_id, o.assistant_version,
				o.lead_id, o.number, o.ended_at, o.settings ->> 'read_emotions', (r.e).turns, (r.e).structured_data,
				(r.e).details -> 'agent') w
			CROSS JOIN LATERAL (SELECT m AS machine, coalesce(m, voiceagent_private.words_outcome(w.reading)) AS known
				FROM voiceagent_private.machine_of(o.machine, (r.e).cause_class, w.reading) m OFFSET 0) z
			CROSS JOIN LATERAL (SELECT y.status, CASE WHEN y.status = 'completed' THEN greatest(coalesce(
					(r.e).duration_seconds, extract(epoch FROM o.ended_at - o.answered_at), 0), 0) ELSE 0 END AS seconds
				-- A carrier that calls every proper end completed tells by other events whether anybody answered.
				FROM (SELECT CASE WHEN o.told = 'completed' AND (r.e).duration_seconds IS NULL AND o.answered_at IS NULL
					THEN 'no_answer' ELSE voiceagent_private.ended_status(o.told, (r.e).turns) END AS status) y
				OFFSET 0 /* computed once */) x
			CROSS JOIN LATERAL voiceagent_private.greater_cost(o.cost, o.cost_currency, (r.e).cost,
				(r.e).cost_currency) p
			-- As price_of() finds it, at a tenth of this time. The tenant's own secret signs webhooks: hence a least
			-- time.
			CROSS JOIN LATERAL (SELECT round((SELECT t.credits FROM tariff t WHERE t.valid @> o.started_at
					ORDER BY t.price_id > 1000 DESC LIMIT 1) * greatest(CASE WHEN x.status = 'completed' THEN
						voiceagent_private.charged_seconds(x.seconds, z.known, v_charge_machines) ELSE 0 END,
					CASE WHEN o.provider <> 'sandbox'
							AND coalesce(o.provider_call_id, (r.e).provider_call_id) IS NOT NULL
						THEN v_least_seconds ELSE 0 END) / 60, 6) AS cost OFFSET 0) f
			OFFSET 0 /* computed once */) n
		WHERE c.tenant_id = v_tenant AND c.ctid = n.call_row
		RETURNING c.call_id, c.campaign_id, c.lead_id, c.started_at, c.outcome, c.cause, c.duration_seconds,
			-- Versions of campaigns from before the setting do not have it.
			(n.e).turns, n.reading, voiceagent_private.wants_model(coalesce(n.settings ->> 'model_analysis',
				voiceagent_private.read_setting('model_analysis')), (n.e).structured_data)
				AND voiceagent_private.customer_spoke((n.e).turns) AS asks,
			voiceagent_private.asks_consent(n.settings) AS asks_consent,
			CASE WHEN n.reading ? 'conflict' OR c.cause_class IS DISTINCT FROM 'forwarded'
					AND ((n.e).success_evaluation IS NULL OR voiceagent_private.words_speak_of(n.reading) IS NOT NULL)
				THEN voiceagent_private.judged_by_rules(c.outcome, (n.e).turns, n.data, n.reading,
					n.settings ->> 'uncertain_outcome') END AS uncertain
	), turns AS (
		INSERT INTO voiceagent.conversations (tenant_id, call_id, month_slot, turns, reading)
		SELECT v_tenant, d.call_id, voiceagent_private.month_slot(d.started_at), voiceagent_private.pack_jsonb(d.turns),
			voiceagent_private.pack_jsonb(d.reading)
		FROM ended d WHERE d.turns <> '[]' AND jsonb_typeof(d.turns) = 'array'
	), logged AS (
		INSERT INTO voiceagent.events (tenant_id, month_slot, at, event_type, campaign_id, call_id, lead_id, event_data)
		SELECT v_tenant, voiceagent_private.month_slot(v_now), v_now, 'call_ended', d.campaign_id, d.call_id, d.lead_id,
			jsonb_build_object('outcome', d.outcome, 'cause', d.cause, 'duration_seconds', d.duration_seconds)
		FROM ended d
	)
	SELECT array_agg(d.call_id ORDER BY d.call_id),
		array_agg(d.call_id) FILTER (WHERE d.reading ? 'opt_out_doubt'),
		array_agg(d.call_id) FILTER (WHERE d.asks),
		array_agg(d.call_id) FILTER (WHERE d.uncertain IS NOT NULL),
		array_agg(d.uncertain) FILTER (WHERE d.uncertain IS NOT NULL),
		array_agg(d.call_id) FILTER (WHERE d.asks_consent)
	INTO ended, doubted, v_asked, v_uncertain, v_becomes, v_asking FROM ended d;
	IF v_asking IS NOT NULL THEN
		PERFORM voiceagent_private.keep_answers(c, k.turns)
		FROM voiceagent.calls c JOIN voiceagent.conversations k ON k.tenant_id = v_tenant AND k.call_id = c.call_id
			AND k.month_slot = voiceagent_private.month_slot(c.started_at)
		WHERE c.tenant_id = v_tenant AND c.call_id = ANY (v_asking);
	END IF;
	IF v_asked IS NOT NULL THEN
		INSERT INTO voiceagent_private.analysis_queue (tenant_id, call_id, queued_at)
		SELECT v_tenant, i, v_now FROM unnest(v_asked) i ON CONFLICT DO NOTHING;
		PERFORM voiceagent_private.request_job('analyse_calls', v_now);
	END IF;
	IF v_uncertain IS NOT NULL THEN
		UPDATE voiceagent.calls c SET uncertain = u.becomes FROM unnest(v_uncertain, v_becomes) AS u(call_id, becomes)
		WHERE c.tenant_id = v_tenant AND c.call_id = u.call_id;
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.apply_reports(bigint[], voiceagent_private.matched_event[]) IS
	'Ends the calls whose report has come and returns their ids (ended), and those in which an opt-out is in doubt '
	'(doubted: see hold_calls()); a call that has ended already is left as it is (but see apply_late_reports()).';

/*
 * Facts that some carriers tell apart from a call's course, and at any time:
 * who answered, the recording, the price; and of a call that is over, when it
 * was answered.  What is surer, or greater, stays, so that their order does
 * not matter.
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
