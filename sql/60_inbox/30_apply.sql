/*
 * 60_inbox: from raw webhooks to their effect.  One transaction carries the
 * call, the ledger, the lead and the appointment, and the removal from the
 * inbox: a crash anywhere leaves all of it or nothing.
 *
 * Nothing here trusts an order of arrival: a state is only ever raised, a
 * terminal state stays, and the report of a call is applied once.
 */

CREATE FUNCTION voiceagent_private.raise_calls(call_ids bigint[], events voiceagent_private.matched_event[])
	RETURNS void LANGUAGE plpgsql VOLATILE
	SET enable_seqscan = off SET enable_hashjoin = off SET enable_nestloop = on SET enable_mergejoin = off SET enable_material = off
	SET plan_cache_mode = force_generic_plan SET jit = off AS $$
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
		-- What only had been found to be so is told now, with its time.
		WHERE t.position < f.position OR t.position = f.position AND f.answered_at < o.answered_at
			AND NOT EXISTS (SELECT FROM voiceagent.webhooks w
				WHERE w.tenant_id = v_tenant AND w.webhook_id = f.webhook_id AND w.source = 'lookup')
	), moved AS (
		UPDATE voiceagent.calls c
		SET status = f.status,
			provider_call_id = coalesce(c.provider_call_id, f.provider_call_id),
			-- Nobody is charged for time of which it is not known that he talked.
			answered_at = CASE WHEN f.moves THEN coalesce(c.answered_at, f.answered_at, CASE f.status WHEN 'in_progress' THEN v_now END)
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
COMMENT ON FUNCTION voiceagent_private.raise_calls(bigint[], voiceagent_private.matched_event[]) IS
	'Raises the state of these calls, whose rows the caller has locked, to the furthest that the events tell of, as far as they have not ended, and notes when they were answered: as the carrier tells it, else when they were first known to be.';

CREATE FUNCTION voiceagent_private.apply_progress(call_ids bigint[], events voiceagent_private.matched_event[])
	RETURNS void LANGUAGE plpgsql VOLATILE
	SET enable_seqscan = off SET enable_hashjoin = on SET enable_nestloop = off SET enable_mergejoin = off
	SET jit = off AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_set voiceagent_private.dial_settings;
	v_heard bigint[];
	v_live boolean;
	v_ended bigint[];
	v_hinted bigint[];
	-- The report travels in real time, and may queue behind others, however fast the sandbox's clock runs.
	c_report_grace CONSTANT interval := interval '5 seconds';
	c_hint_rest CONSTANT interval := interval '5 seconds';
BEGIN
	SELECT coalesce(bool_or((m.event).status IN ('initiated', 'ringing', 'in_progress')), false),
		array_agg(m.call_id) FILTER (WHERE (m.event).kind = 'status' AND (m.event).status IN ('completed', 'failed', 'busy', 'no_answer')),
		array_agg(m.call_id) FILTER (WHERE (m.event).kind = 'hint')
	INTO v_live, v_ended, v_hinted
	FROM unnest(events) m;

	/*
	 * Any word from the carrier proves that it took the call, whatever became of our request; mostly that is known.  A hint
	 * proves nothing: by the id that it names the carrier is asked, and where it knows none such the id is forgotten.
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
		SET state = CASE WHEN h.proven THEN 'accepted' ELSE l.state END, provider_call_id = coalesce(l.provider_call_id, h.provider_call_id),
			lookups = CASE WHEN h.proven THEN 0 ELSE l.lookups END, misses = CASE WHEN h.proven THEN 0 ELSE l.misses END,
			failed_lookups = CASE WHEN h.proven THEN 0 ELSE l.failed_lookups END, failing_since = CASE WHEN NOT h.proven THEN l.failing_since END,
			-- The answer to our request, if it comes yet, will find the call accepted and leave the lease alone.
			lease_until = CASE WHEN h.proven AND l.state IN ('sending', 'unknown') THEN greatest(l.ends_by, v_now) ELSE l.lease_until END
		FROM heard h
		WHERE l.tenant_id = v_tenant AND l.call_id = h.call_id AND l.call_id = ANY (v_heard)
			AND (l.state IN ('sending', 'unknown') OR l.provider_call_id IS NULL OR l.lookups > 0);
	END IF;

	IF v_live THEN
		PERFORM voiceagent_private.raise_calls(call_ids, events);
	END IF;

	-- Who sent it is not proved: the carrier is asked before it counts, but about no call time and again.
	IF v_hinted IS NOT NULL THEN
		UPDATE voiceagent_private.live_calls l SET lease_until = least(l.lease_until, greatest(v_now, l.asked_at + c_hint_rest))
		WHERE l.tenant_id = v_tenant AND l.call_id = ANY (v_hinted);
		IF FOUND THEN
			PERFORM voiceagent_private.poke('outbound');
		END IF;
	END IF;

	/*
	 * "Ended" without the report: the report has the duration and the words, so
	 * the call stays live a little longer, and then the carrier is asked.
	 */
	IF v_ended IS NOT NULL THEN
		v_set := voiceagent_private.read_dial_settings();
		UPDATE voiceagent_private.live_calls l
		SET lease_until = least(l.lease_until,
			v_now + voiceagent_private.carrier_time(l.provider, v_set.lookup_interval, v_set.time_scale, c_report_grace))
		WHERE l.tenant_id = v_tenant AND l.call_id = ANY (v_ended);
		IF FOUND THEN
			PERFORM voiceagent_private.poke('outbound');
		END IF;
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.apply_progress(bigint[], voiceagent_private.matched_event[]) IS
	'Raises the state of those of the calls that are live; their rows are locked by the caller.';

CREATE FUNCTION voiceagent_private.apply_reports(call_ids bigint[], events voiceagent_private.matched_event[])
	RETURNS bigint[] LANGUAGE plpgsql VOLATILE
	SET enable_seqscan = off SET enable_hashjoin = off SET enable_nestloop = on SET enable_mergejoin = off SET enable_material = off
	SET jit = off AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_ended bigint[];
BEGIN
	-- Apart, since a scan that is switched off would make all plans of the join below look alike.
	WITH tariff AS MATERIALIZED (
		SELECT p.credits, p.valid, p.price_id FROM voiceagent.prices p WHERE p.operation = 'call'
	), report AS (
		SELECT DISTINCT ON (m.call_id) m.call_id, m.event AS e
		FROM unnest(events) m
		WHERE (m.event).kind = 'report' AND (m.event).status IN ('completed', 'failed', 'busy', 'no_answer')
		-- One that has the words, if there is one, before an earlier answer that lacks them.
		ORDER BY m.call_id, (m.event).unanalysed IS TRUE, m.webhook_id
	), ended AS (
		UPDATE voiceagent.calls c
		SET status = x.status,
			outcome = voiceagent_private.decide_outcome(x.status, o.cause_class, (r.e).structured_data,
				(r.e).success_evaluation, x.seconds, CASE WHEN t.judges THEN (v.settings ->> 'unfinished_call_seconds')::numeric END, o.machine, (r.e).turns),
			evaluation = voiceagent_private.decide_evaluation(x.status, (r.e).structured_data, (r.e).success_evaluation),
			cause = o.cause,
			cause_class = o.cause_class,
			counts = c.status <> 'initiated' OR x.status <> 'failed' OR coalesce(o.cause_class NOT IN ('account', 'assistant', 'refused'), true)
				OR voiceagent_private.heard_customer((r.e).turns),
			provider_call_id = coalesce(c.provider_call_id, (r.e).provider_call_id),
			duration_seconds = x.seconds,
			-- What a message of its own has told already is not taken back.
			cost = p.cost, cost_currency = p.currency, cost_source = CASE WHEN p.cost IS NULL THEN 'unknown' ELSE 'carrier' END,
			machine = o.machine,
			machine_raw = CASE WHEN o.machine = (r.e).machine THEN CASE WHEN o.machine = c.machine THEN least(c.machine_raw COLLATE "C", (r.e).machine_raw)
				ELSE (r.e).machine_raw END WHEN o.machine = c.machine THEN c.machine_raw WHEN o.machine IS NOT NULL THEN (r.e).cause END,
			summary = (r.e).summary,
			transcript = voiceagent_private.pack_text((r.e).transcript),
			recording_url = coalesce((r.e).recording_url, c.recording_url),
			stereo_recording_url = coalesce((r.e).stereo_recording_url, c.stereo_recording_url),
			structured_data = (r.e).structured_data,
			success_evaluation = (r.e).success_evaluation,
			-- What lies within the hold is charged whole; what goes beyond it the ledger decides: see settle_calls().
			credits = CASE WHEN f.cost <= h.amount THEN f.cost END,
			answered_at = CASE WHEN x.status = 'completed' THEN least(o.answered_at, o.ended_at) END,
			ended_at = o.ended_at
		FROM report r
		-- The caller has locked the calls, so they lie where they are found.
		CROSS JOIN LATERAL (SELECT k.ctid AS call_row, k.started_at, k.campaign_id, k.campaign_version, k.provider_account_id, k.cost, k.cost_currency,
				-- What is noted of a live call is that nobody talked in it: see note_silence().
				coalesce(k.cause, (r.e).cause) AS cause, coalesce(k.cause_class, (r.e).cause_class) AS cause_class,
				CASE WHEN k.cause_class = 'assistant' AND (r.e).status = 'completed' THEN 'failed' ELSE (r.e).status END AS told,
				coalesce((r.e).answered_at, k.answered_at) AS answered_at, coalesce((r.e).ended_at, (r.e).occurred_at, v_now) AS ended_at,
				voiceagent_private.machine_of(voiceagent_private.surer_machine(k.machine, (r.e).machine), (r.e).cause_class) AS machine
			FROM voiceagent.calls k
			WHERE k.tenant_id = v_tenant AND k.call_id = r.call_id AND k.outcome IS NULL OFFSET 0) o
		LEFT JOIN LATERAL (SELECT k.settings FROM voiceagent.campaign_versions k
			WHERE k.tenant_id = v_tenant AND k.campaign_id = o.campaign_id AND k.version = o.campaign_version OFFSET 0) v ON true
		-- From the others no call has a result: it would be dialled again for being short, however much was said in it.
		LEFT JOIN LATERAL (SELECT voiceagent_private.answers_by(k.provider) = 'conversation' AS judges FROM voiceagent.provider_accounts k
			WHERE k.tenant_id = v_tenant AND k.provider_account_id = o.provider_account_id OFFSET 0) t ON true
		CROSS JOIN LATERAL (SELECT y.status, CASE WHEN y.status = 'completed' THEN greatest(coalesce((r.e).duration_seconds,
				extract(epoch FROM o.ended_at - o.answered_at), 0), 0) ELSE 0 END AS seconds
			-- A carrier that calls every proper end completed tells by other events whether anybody answered.
			FROM (SELECT CASE WHEN o.told = 'completed' AND (r.e).duration_seconds IS NULL AND o.answered_at IS NULL THEN 'no_answer'
				ELSE voiceagent_private.ended_status(o.told, o.cause_class, (r.e).turns, (r.e).structured_data) END AS status) y OFFSET 0) x
		CROSS JOIN LATERAL voiceagent_private.greater_cost(o.cost, o.cost_currency, (r.e).cost, (r.e).cost_currency) p
		-- The price of its time as price_of() finds it, which called for each row would be a tenth of all this.
		CROSS JOIN LATERAL (SELECT CASE WHEN x.status <> 'completed' OR o.machine IN ('voicemail', 'ivr', 'unavailable')
					AND NOT coalesce((v.settings ->> 'charge_machines')::boolean, true) THEN 0
				ELSE round((SELECT t.credits FROM tariff t WHERE t.valid @> o.started_at
					ORDER BY t.price_id > 1000 DESC LIMIT 1) * x.seconds / 60, 6) END AS cost OFFSET 0) f
		LEFT JOIN LATERAL (SELECT w.amount FROM voiceagent.credit_holds w
			WHERE w.tenant_id = v_tenant AND w.call_id = r.call_id AND w.state = 'held' OFFSET 0) h ON true
		WHERE c.tenant_id = v_tenant AND c.ctid = o.call_row
		RETURNING c.call_id, c.campaign_id, c.lead_id, c.started_at, c.outcome, c.cause, c.duration_seconds, (r.e).turns
	), turns AS (
		INSERT INTO voiceagent.conversations (tenant_id, call_id, month_slot, turns)
		SELECT v_tenant, d.call_id, voiceagent_private.month_slot(d.started_at), voiceagent_private.pack_jsonb(d.turns)
		FROM ended d WHERE d.turns <> '[]' AND jsonb_typeof(d.turns) = 'array'
	), logged AS (
		INSERT INTO voiceagent.events (tenant_id, month_slot, at, event_type, campaign_id, call_id, lead_id, event_data)
		SELECT v_tenant, voiceagent_private.month_slot(v_now), v_now, 'call_ended', d.campaign_id, d.call_id, d.lead_id,
			jsonb_build_object('outcome', d.outcome, 'cause', d.cause, 'duration_seconds', d.duration_seconds)
		FROM ended d
	)
	SELECT array_agg(d.call_id ORDER BY d.call_id) INTO v_ended FROM ended d;
	RETURN v_ended;
END
$$;
COMMENT ON FUNCTION voiceagent_private.apply_reports(bigint[], voiceagent_private.matched_event[]) IS
	'Ends the calls whose report has come and returns their ids; a call that has ended already is left as it is (but see hear_late()).';

/*
 * Facts that some carriers tell apart from a call's course, and at any time:
 * who answered, the recording, the price; and of a call that is over, when it
 * was answered.  What is surer, or greater, stays, so that their order does
 * not matter.
 */
CREATE FUNCTION voiceagent_private.note_facts(over bigint[], events voiceagent_private.matched_event[])
	RETURNS void LANGUAGE plpgsql VOLATILE SET enable_seqscan = off SET jit = off AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v voiceagent_private.matched_event;
	v_call bigint;
	e voiceagent.call_event;
BEGIN
	FOR v IN
		SELECT m.* FROM unnest(events) m
		WHERE m.call_id IS NOT NULL AND ((m.event).kind IN ('machine', 'recording', 'cost')
			OR (m.event).kind = 'status' AND ((m.event).machine IS NOT NULL OR (m.event).recording_url IS NOT NULL OR (m.event).cost IS NOT NULL)
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
		CROSS JOIN LATERAL (SELECT * FROM voiceagent_private.greater_cost(CASE o.cost_source WHEN 'rate' THEN NULL ELSE o.cost END, o.cost_currency,
			e.cost, e.cost_currency)) t
		CROSS JOIN LATERAL (SELECT CASE WHEN t.cost IS NULL THEN o.cost ELSE t.cost END AS cost,
			CASE WHEN t.cost IS NULL THEN o.cost_currency ELSE t.currency END AS currency) p
		WHERE o.tenant_id = v_tenant AND o.call_id = v_call AND c.tenant_id = v_tenant AND c.call_id = v_call;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.note_facts(bigint[], voiceagent_private.matched_event[]) IS
	'Notes who answered, the recording and the price, as events tell of calls whose rows the caller has locked; over: those of the calls that have ended, which may learn when they were answered.';

CREATE FUNCTION voiceagent_private.note_silence(events voiceagent_private.matched_event[]) RETURNS void
	LANGUAGE sql VOLATILE SET enable_seqscan = off SET jit = off AS $$
	UPDATE voiceagent.calls c SET cause = coalesce((m.event).cause, 'stream_url: failed'), cause_class = 'assistant'
	FROM unnest(events) m
	WHERE (m.event).kind = 'silent' AND c.tenant_id = voiceagent.current_tenant() AND c.call_id = m.call_id AND c.outcome IS NULL
		AND coalesce((m.event).occurred_at, voiceagent.clock()) < coalesce(c.answered_at, 'infinity') + interval '1 minute'
		AND NOT EXISTS (SELECT FROM voiceagent_private.webhook_keys k WHERE k.tenant_id = c.tenant_id AND k.endpoint_id = m.endpoint_id
			AND k.event_key = coalesce((m.event).provider_call_id, (m.event).attempt_ref) || ':stream:begun')
		AND NOT voiceagent_private.put_through(c.call_id)
$$;
COMMENT ON FUNCTION voiceagent_private.note_silence(voiceagent_private.matched_event[]) IS
	'Notes of live calls, whose rows the caller has locked, that the socket that was to talk has refused (kind silent): a fault of what the campaign has its calls say and hear, whatever the carrier says of their end. Not of one whose socket had begun (VA_STREAM_BEGUN_KEY), or that somebody had answered a minute before: there it broke off a conversation; nor of one that is put through to somebody else.';

CREATE FUNCTION voiceagent_private.early_reports(events voiceagent_private.matched_event[])
	RETURNS bigint[] LANGUAGE plpgsql STABLE SET enable_seqscan = off SET jit = off AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_endpoints bigint[];
BEGIN
	-- Where the carrier holds the conversation its report is whole.
	v_endpoints := ARRAY(SELECT e.endpoint_id FROM (SELECT DISTINCT m.endpoint_id FROM unnest(events) m) i
		CROSS JOIN LATERAL (SELECT o.endpoint_id, o.provider_account_id FROM voiceagent.webhook_endpoints o
			WHERE o.tenant_id = v_tenant AND o.endpoint_id = i.endpoint_id OFFSET 0) e
		CROSS JOIN LATERAL (SELECT o.provider FROM voiceagent.provider_accounts o
			WHERE o.tenant_id = v_tenant AND o.provider_account_id = e.provider_account_id OFFSET 0) a
		WHERE voiceagent_private.answers_by(a.provider) <> 'conversation');
	IF cardinality(v_endpoints) = 0 THEN
		RETURN '{}';
	END IF;
	RETURN ARRAY(
		SELECT m.webhook_id FROM unnest(events) m
		CROSS JOIN LATERAL (SELECT o.answered_at, o.machine, o.campaign_id, o.campaign_version FROM voiceagent.calls o
			WHERE o.tenant_id = v_tenant AND o.call_id = m.call_id AND o.outcome IS NULL OFFSET 0) c
		LEFT JOIN LATERAL (SELECT o.settings FROM voiceagent.campaign_versions o
			WHERE o.tenant_id = v_tenant AND o.campaign_id = c.campaign_id AND o.version = c.campaign_version OFFSET 0) k ON true
		CROSS JOIN LATERAL (SELECT o.received_at FROM voiceagent.webhooks o
			WHERE o.tenant_id = v_tenant AND o.webhook_id = m.webhook_id AND o.source <> 'lookup' OFFSET 0) w
		WHERE m.endpoint_id = ANY (v_endpoints) AND (m.event).kind = 'report' AND (m.event).status = 'completed'
			AND w.received_at + voiceagent_private.as_interval(voiceagent_private.platform_setting('report_grace')) > v_now
			AND ((m.event).duration_seconds IS NULL AND (m.event).answered_at IS NULL AND c.answered_at IS NULL
				OR (m.event).machine IS NULL AND c.machine IS NULL AND coalesce(k.settings ->> 'machine_detection', 'off') <> 'off'));
END
$$;
COMMENT ON FUNCTION voiceagent_private.early_reports(voiceagent_private.matched_event[]) IS
	'The webhooks with a report of a live call''s end that still lacks what another event will tell (when it was answered; by whom, where that was asked for), as long as the platform setting report_grace lasts.';

CREATE FUNCTION voiceagent_private.unanalysed_reports(events voiceagent_private.matched_event[])
	RETURNS bigint[] LANGUAGE plpgsql STABLE SET enable_seqscan = off SET jit = off AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_scale numeric := voiceagent_private.setting_number('sandbox_time_scale');
	-- Twice as long as a carrier's models may take.
	c_analysis CONSTANT interval := interval '2 minutes';
BEGIN
	RETURN ARRAY(
		SELECT m.webhook_id FROM unnest(events) m
		CROSS JOIN LATERAL (SELECT o.provider FROM voiceagent_private.live_calls o
			WHERE o.tenant_id = v_tenant AND o.call_id = m.call_id OFFSET 0) l
		CROSS JOIN LATERAL (SELECT o.received_at FROM voiceagent.webhooks o
			WHERE o.tenant_id = v_tenant AND o.webhook_id = m.webhook_id OFFSET 0) w
		-- From the end on, which after an outage of ours was long ago; and by no clock longer than from the carrier's answer.
		WHERE (m.event).unanalysed AND least((m.event).ended_at, w.received_at)
			+ voiceagent_private.carrier_time(l.provider, c_analysis, v_scale, interval '0') > v_now);
END
$$;
COMMENT ON FUNCTION voiceagent_private.unanalysed_reports(voiceagent_private.matched_event[]) IS
	'The webhooks with a look-up''s report of a live call''s end that lacks what was said in it (call_event.unanalysed), for two minutes from the end: the carrier''s own report may come, and meanwhile it is asked again. An outcome without it might have the person dialled again who has just asked not to be.';

CREATE FUNCTION voiceagent_private.apply_events(events voiceagent_private.matched_event[], OUT early bigint[], OUT waiting bigint[], OUT heard bigint[])
	LANGUAGE plpgsql VOLATILE SET enable_seqscan = off SET jit = off AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_events voiceagent_private.matched_event[] := events;
	v_calls bigint[];
	v_nobody boolean;
	v_reports boolean;
	v_thin boolean;
	v_unanalysed boolean;
	v_facts boolean;
	v_asks boolean;
	v_pressed boolean;
	v_strange boolean;
	v_silent boolean;
	v_ended bigint[];
	v_erased bigint[];
	v_there bigint[];
	v_over bigint[];
	v_told bigint[];
	v_doubtful bigint[];
	v_reopened bigint[] := '{}';
	v_late bigint[] := '{}';
	v_key voiceagent_private.matched_event;
	v_callers bigint[] := '{}';
BEGIN
	early := '{}';
	waiting := '{}';
	heard := '{}';
	SELECT coalesce(array_agg(DISTINCT m.call_id ORDER BY m.call_id) FILTER (WHERE m.call_id IS NOT NULL), '{}'),
		bool_or(m.call_id IS NULL AND (m.event).kind IN ('status', 'report', 'hint')),
		bool_or((m.event).kind = 'report'),
		bool_or((m.event).kind = 'report' AND (m.event).status = 'completed'
			AND ((m.event).machine IS NULL OR (m.event).duration_seconds IS NULL)),
		bool_or((m.event).unanalysed),
		bool_or((m.event).kind IN ('machine', 'recording', 'cost') OR (m.event).kind = 'status'
			AND ((m.event).machine IS NOT NULL OR (m.event).recording_url IS NOT NULL OR (m.event).cost IS NOT NULL)),
		bool_or((m.event).wants_answer OR (m.event).kind IN ('machine', 'spoken', 'untaken', 'silent', 'key')), bool_or(m.call_id IS NULL),
		bool_or((m.event).kind = 'key' AND voiceagent_private.said_yes((m.event).structured_data -> 'do_not_call')),
		bool_or((m.event).kind = 'silent')
	INTO v_calls, v_nobody, v_reports, v_thin, v_unanalysed, v_facts, v_asks, v_strange, v_pressed, v_silent
	FROM unnest(v_events) m;
	-- Somebody may be calling us.
	IF v_strange THEN
		SELECT voiceagent_private.note_incoming(array_agg(m.endpoint_id), array_agg(m.event)) INTO v_callers FROM unnest(v_events) m WHERE m.call_id IS NULL;
	END IF;
	-- It may be about a person who has been erased since; then nothing of it is kept.
	IF v_nobody THEN
		v_erased := voiceagent_private.forget_erased(ARRAY(SELECT m FROM unnest(v_events) m WHERE m.call_id IS NULL));
		IF EXISTS (SELECT FROM unnest(v_events) m WHERE m.call_id IS NULL AND (m.event).kind IN ('status', 'report', 'hint')
				AND m.webhook_id <> ALL (v_erased) AND NOT voiceagent_private.is_incoming(m.event)) THEN
			RAISE EXCEPTION USING ERRCODE = 'PT404', MESSAGE = 'the webhook names no call of this tenant';
		END IF;
	END IF;
	-- In the order of ids, so that two appliers, or a dial result meanwhile, cannot deadlock.
	SELECT coalesce(array_agg(x.call_id), '{}'), coalesce(array_agg(x.call_id) FILTER (WHERE x.outcome IS NOT NULL), '{}'),
		array_agg(x.call_id) FILTER (WHERE x.outcome IN ('failed', 'canceled') AND voiceagent_private.is_guess(x.cause)),
		array_agg(x.call_id) FILTER (WHERE x.told)
	INTO v_there, v_over, v_doubtful, v_told
	FROM (SELECT c.* FROM unnest(v_calls) AS i(call_id)
		CROSS JOIN LATERAL (SELECT o.call_id, o.outcome, o.cause,
				num_nonnulls(o.structured_data, o.summary, o.transcript, o.success_evaluation) > 0 AS told FROM voiceagent.calls o
			WHERE o.tenant_id = v_tenant AND o.call_id = i.call_id OFFSET 0 FOR UPDATE) c) x;
	IF cardinality(v_there) < cardinality(v_calls) THEN
		-- Erased while we waited for the lock.
		PERFORM voiceagent_private.forget_erased(ARRAY(SELECT m FROM unnest(v_events) m WHERE m.call_id <> ALL (v_there)));
		v_calls := v_there;
	END IF;
	IF v_doubtful IS NOT NULL THEN
		SELECT h.reopened, h.waiting, h.waiting INTO v_reopened, waiting, heard FROM voiceagent_private.hear_unresolved(v_doubtful, v_events) h;
		v_over := ARRAY(SELECT i FROM unnest(v_over) i WHERE i <> ALL (v_reopened));
	END IF;

	PERFORM voiceagent_private.apply_progress(v_calls, v_events);
	IF v_facts OR cardinality(v_over) > 0 THEN
		PERFORM voiceagent_private.note_facts(v_over, v_events);
	END IF;
	IF v_silent THEN
		PERFORM voiceagent_private.note_silence(v_events);
	END IF;
	IF v_thin THEN
		early := voiceagent_private.early_reports(v_events);
	END IF;
	IF v_unanalysed THEN
		waiting := waiting || voiceagent_private.unanalysed_reports(v_events);
	END IF;
	IF cardinality(early || waiting) > 0 THEN
		v_events := ARRAY(SELECT m FROM unnest(v_events) m WHERE m.webhook_id <> ALL (early || waiting) OR (m.event).kind <> 'report');
	END IF;
	-- The key that stops the calls, which no report tells of, counts as the words of whoever talked in a call do.
	IF v_pressed THEN
		FOR v_key IN SELECT DISTINCT ON (k.call_id) k.* FROM unnest(v_events) k
			WHERE (k.event).kind = 'key' AND (k.event).structured_data IS NOT NULL AND k.call_id = ANY (v_calls) AND k.call_id <> ALL (v_over) ORDER BY k.call_id
		LOOP
			PERFORM voiceagent_private.keep_told(v_key.call_id, v_key.event);
			v_told := v_told || v_key.call_id;
		END LOOP;
	END IF;
	IF (v_reports OR v_pressed) AND cardinality(v_over) > 0 THEN
		-- Of those in doubt it is kept as evidence, and an opt-out has been heard: see hear_unresolved().
		v_late := ARRAY(SELECT m.call_id FROM unnest(v_events) m
			WHERE (m.event).kind IN ('report', 'key') AND m.call_id = ANY (v_over) AND (m.call_id = ANY (v_doubtful)) IS NOT TRUE);
		IF cardinality(v_late) > 0 THEN
			SELECT h.said INTO v_late FROM voiceagent_private.hear_late(v_late, v_events) h;
		END IF;
	END IF;
	IF v_reports THEN
		IF v_told IS NOT NULL THEN
			v_events := voiceagent_private.recall_told(v_told, v_events);
		END IF;
		v_ended := voiceagent_private.apply_reports(v_calls, v_events);
	END IF;
	IF v_ended IS NOT NULL OR cardinality(v_late || v_callers) > 0 THEN
		PERFORM voiceagent_private.conclude_calls(coalesce(v_ended, '{}'), v_reopened, v_late, v_callers);
	END IF;
	IF v_asks THEN
		PERFORM voiceagent_private.answer_calls(v_events);
	END IF;
	-- The ledger is the last that a transaction waits for.
	IF cardinality(v_reopened) > 0 THEN
		PERFORM voiceagent_private.fund_holds(ARRAY(SELECT i FROM unnest(v_reopened) i WHERE i <> ALL (coalesce(v_ended, '{}'))));
	END IF;
	PERFORM voiceagent_private.poke_subscribers();
END
$$;
COMMENT ON FUNCTION voiceagent_private.apply_events(voiceagent_private.matched_event[]) IS
	'Gives events of the current tenant their whole effect, in the caller''s transaction, but for reports that wait. Returns the webhooks of these: early, for a moment, for what belongs to them (early_reports()), until report_due(); waiting, until another call of their lead is over (hear_unresolved()), or for what was said in the call (unanalysed_reports()), and are tried again at called_due(); heard, those of them whose word on an unresolved call has been written down. PT404 when one names no call.';

CREATE FUNCTION voiceagent_private.report_due() RETURNS timestamptz
	LANGUAGE sql STABLE
	RETURN voiceagent.clock() + voiceagent_private.as_interval(voiceagent_private.platform_setting('report_grace'));
COMMENT ON FUNCTION voiceagent_private.report_due() IS 'When a report that waits is applied with what is known by then.';

CREATE FUNCTION voiceagent_private.called_due() RETURNS timestamptz
	LANGUAGE sql STABLE
	RETURN voiceagent.clock() + interval '20 seconds';
COMMENT ON FUNCTION voiceagent_private.called_due() IS 'When it is looked again whether a report has to wait for the end of another call, or for what was said.';

CREATE FUNCTION voiceagent_private.apply_webhooks(webhook_ids bigint[])
	RETURNS void LANGUAGE plpgsql VOLATILE SET enable_seqscan = off SET jit = off AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_early bigint[];
	v_waiting bigint[];
	v_heard bigint[];
BEGIN
	SELECT a.early, a.waiting, a.heard INTO v_early, v_waiting, v_heard
	FROM voiceagent_private.apply_events(voiceagent_private.match_events(voiceagent_private.read_webhooks(webhook_ids))) a;
	DELETE FROM voiceagent_private.inbox i
	WHERE i.tenant_id = v_tenant AND i.webhook_id = ANY (webhook_ids) AND i.webhook_id <> ALL (v_early || v_waiting);
	IF cardinality(v_early) > 0 THEN
		UPDATE voiceagent_private.inbox i SET next_try_at = voiceagent_private.report_due()
		WHERE i.tenant_id = v_tenant AND i.webhook_id = ANY (v_early);
	END IF;
	IF cardinality(v_waiting) > 0 THEN
		UPDATE voiceagent_private.inbox i SET next_try_at = voiceagent_private.called_due(), heard = i.heard OR i.webhook_id = ANY (v_heard)
		WHERE i.tenant_id = v_tenant AND i.webhook_id = ANY (v_waiting);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.apply_webhooks(bigint[]) IS
	'Gives waiting webhooks their whole effect and takes them out of the inbox, in the caller''s transaction; a report that comes too early waits on.';

CREATE FUNCTION voiceagent_private.apply_bare(webhook_id bigint) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET enable_seqscan = off SET jit = off AS $$
DECLARE
	m voiceagent_private.matched_event;
	e voiceagent.call_event;
	v_reports voiceagent_private.matched_event[] := '{}';
	v_waits boolean;
BEGIN
	FOREACH m IN ARRAY voiceagent_private.match_events(voiceagent_private.read_webhooks(ARRAY[webhook_id])) LOOP
		e := m.event;
		CONTINUE WHEN e.kind <> 'report' OR m.call_id IS NULL AND NOT voiceagent_private.is_incoming(e);
		e.status := voiceagent_private.ended_status(e.status, e.cause_class, e.turns, e.structured_data);
		-- Who spoke had answered, which counts for the caps of his number; it is known no more when his words are gone.
		IF voiceagent_private.heard_customer(e.turns) THEN
			v_reports := v_reports || ROW(m.webhook_id, m.call_id, jsonb_populate_record(NULL::voiceagent.call_event, jsonb_build_object(
				'kind', 'status', 'status', 'in_progress', 'answered_at', e.answered_at)), m.endpoint_id)::voiceagent_private.matched_event;
		END IF;
		-- Who asked not to be called again is not, whatever else was said.
		e.structured_data := CASE WHEN voiceagent_private.said_yes(e.structured_data -> 'do_not_call') THEN voiceagent_private.with_opt_out(NULL) END;
		e.success_evaluation := NULL;
		e.unanalysed := false;
		e.summary := NULL;
		e.transcript := NULL;
		e.turns := NULL;
		m.event := e;
		v_reports := v_reports || m;
	END LOOP;
	IF cardinality(v_reports) = 0 THEN
		RETURN false;
	END IF;
	-- Nor with what report_call() told before: it may be that which cannot be applied.
	PERFORM voiceagent_private.forget_told(ARRAY(SELECT DISTINCT r.call_id FROM unnest(v_reports) r ORDER BY 1));
	SELECT cardinality(a.early || a.waiting) > 0 INTO v_waits FROM voiceagent_private.apply_events(v_reports) a;
	RETURN NOT v_waits;
EXCEPTION
	WHEN serialization_failure OR deadlock_detected OR insufficient_resources OR lock_not_available THEN
		RAISE;
	WHEN OTHERS THEN
		RETURN false;
END
$$;
COMMENT ON FUNCTION voiceagent_private.apply_bare(bigint) IS
	'Ends the calls whose report is in a waiting webhook of the acting tenant without what was said in them, but for an opt-out: their time and their price are known, and a call that stayed live would keep its credits, its slot and its lead for ever. False: there is none, or that fails, too.';

CREATE FUNCTION voiceagent_private.set_webhook_aside(webhook_id bigint, code text, reason text)
	RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_tries integer;
	v_reason text := reason;
BEGIN
	UPDATE voiceagent_private.inbox i
	SET tries = i.tries + 1, next_try_at = v_now + interval '1 second' * power(2, least(i.tries, 10))
	WHERE i.tenant_id = v_tenant AND i.webhook_id = set_webhook_aside.webhook_id
	RETURNING i.tries INTO v_tries;
	-- What is wrong with the bytes will not mend itself; anything else may.
	IF code NOT IN ('PT422', 'PT404') THEN
		IF v_tries < voiceagent_private.platform_setting('inbox_tries')::integer THEN
			RETURN;
		ELSIF voiceagent_private.apply_bare(webhook_id) THEN
			v_reason := v_reason || '; its call has ended without what was said in it';
		END IF;
	END IF;
	INSERT INTO voiceagent.webhook_failures (tenant_id, webhook_id, month_slot, endpoint_id, reason, set_aside_at)
	SELECT v_tenant, w.webhook_id, w.month_slot, w.endpoint_id, v_reason, v_now
	FROM voiceagent_private.inbox i
	JOIN voiceagent.webhooks w
		ON w.tenant_id = i.tenant_id AND w.webhook_id = i.webhook_id AND w.month_slot = i.month_slot
	WHERE i.tenant_id = v_tenant AND i.webhook_id = set_webhook_aside.webhook_id
	ON CONFLICT ON CONSTRAINT webhook_failures_pkey
		DO UPDATE SET reason = excluded.reason, set_aside_at = excluded.set_aside_at;
	DELETE FROM voiceagent_private.inbox i WHERE i.tenant_id = v_tenant AND i.webhook_id = set_webhook_aside.webhook_id;
END
$$;
COMMENT ON FUNCTION voiceagent_private.set_webhook_aside(bigint, text, text) IS
	'Counts a failed try (SQLSTATE code, reason) and, when it cannot succeed or has failed inbox_tries times, moves the webhook to webhook_failures; a call whose report it is then ends without what was said in it (apply_bare()).';

CREATE FUNCTION voiceagent_private.lock_inbox(webhook_ids bigint[]) RETURNS bigint[]
	LANGUAGE plpgsql VOLATILE SET enable_seqscan = off SET jit = off AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	RETURN ARRAY(SELECT i.webhook_id FROM voiceagent_private.inbox i
		WHERE i.tenant_id = v_tenant AND i.webhook_id = ANY (webhook_ids)
		ORDER BY i.webhook_id FOR UPDATE SKIP LOCKED);
END
$$;
COMMENT ON FUNCTION voiceagent_private.lock_inbox(bigint[]) IS
	'Locks waiting webhooks of the current tenant and returns those that still wait and that nobody else is at.';

CREATE FUNCTION voiceagent_private.apply_inbox(max_webhooks integer, max_bytes integer DEFAULT 2147483647)
	RETURNS integer LANGUAGE plpgsql VOLATILE SET enable_seqscan = off SET jit = off AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_ids bigint[];
	v_id bigint;
	v_message text;
BEGIN
	-- While somebody changes many of the tenant's leads the webhooks of others are applied.
	IF NOT voiceagent_private.try_lock_tenant() THEN
		RETURN -1;
	END IF;
	v_ids := ARRAY(SELECT s.webhook_id FROM (
		SELECT w.webhook_id, sum(w.body_bytes) OVER (ORDER BY w.webhook_id ROWS UNBOUNDED PRECEDING) - w.body_bytes AS bytes_before FROM (
			SELECT i.webhook_id, i.body_bytes FROM voiceagent_private.inbox i
			WHERE i.tenant_id = v_tenant AND i.next_try_at <= v_now ORDER BY i.webhook_id LIMIT max_webhooks) w) s
		WHERE s.bytes_before < max_bytes);
	IF cardinality(v_ids) = 0 THEN
		RETURN 0;
	END IF;

	/*
	 * Locked where they are deleted: a row that one subtransaction locks and another deletes stays in the way of every
	 * later look at the inbox, until a vacuum.
	 */
	BEGIN
		v_ids := voiceagent_private.lock_inbox(v_ids);
		IF cardinality(v_ids) > 0 THEN
			PERFORM voiceagent_private.apply_webhooks(v_ids);
		END IF;
		RETURN cardinality(v_ids);
	EXCEPTION
		WHEN serialization_failure OR deadlock_detected OR insufficient_resources OR lock_not_available THEN
			RAISE;
		WHEN OTHERS THEN
			-- One of them is bad: each alone, so that it cannot stop the rest.
			NULL;
	END;

	FOREACH v_id IN ARRAY v_ids LOOP
		BEGIN
			IF cardinality(voiceagent_private.lock_inbox(ARRAY[v_id])) > 0 THEN
				PERFORM voiceagent_private.apply_webhooks(ARRAY[v_id]);
			END IF;
		EXCEPTION
			WHEN serialization_failure OR deadlock_detected OR insufficient_resources OR lock_not_available THEN
				RAISE;
			WHEN OTHERS THEN
				GET STACKED DIAGNOSTICS v_message = MESSAGE_TEXT;
				PERFORM voiceagent_private.set_webhook_aside(v_id, SQLSTATE, v_message);
		END;
	END LOOP;
	RETURN cardinality(v_ids);
END
$$;
COMMENT ON FUNCTION voiceagent_private.apply_inbox(integer, integer) IS
	'Applies up to max_webhooks waiting webhooks of the current tenant, oldest first, until their bodies come to max_bytes (one is always taken, however long), and returns how many were dealt with; a bad one is set aside and stops nothing. -1: another transaction changes many of the tenant''s leads; ask again in a moment.';

CREATE FUNCTION voiceagent_private.check_inbox() RETURNS TABLE (invariant text, detail text)
	LANGUAGE sql STABLE AS $$
	SELECT 'webhook applied or explained', format('webhook %s has a key but is gone from the raw store', k.webhook_id)
	FROM voiceagent_private.webhook_keys k
	LEFT JOIN voiceagent.webhooks w ON w.tenant_id = k.tenant_id AND w.webhook_id = k.webhook_id
	WHERE k.tenant_id = voiceagent.current_tenant() AND w.webhook_id IS NULL
		AND k.received_at > voiceagent.clock()
			- least(interval '30 days', voiceagent_private.as_interval(voiceagent_private.setting_text('retention_webhooks')))
	UNION ALL
	SELECT 'inbox row has its webhook', format('inbox row %s has no raw webhook', i.webhook_id)
	FROM voiceagent_private.inbox i
	LEFT JOIN voiceagent.webhooks w
		ON w.tenant_id = i.tenant_id AND w.webhook_id = i.webhook_id AND w.month_slot = i.month_slot
	WHERE i.tenant_id = voiceagent.current_tenant() AND w.webhook_id IS NULL
$$;
COMMENT ON FUNCTION voiceagent_private.check_inbox() IS 'Violations of the inbox''s invariants for the current tenant; none when all is well.';
