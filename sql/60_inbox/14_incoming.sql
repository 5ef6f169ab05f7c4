/*
 * 60_inbox: what is known of calls to the tenant's numbers.  Their answer is
 * decided in 12_who_answers.sql; a carrier that converses is given the number's
 * assistant as a dial gives it, and reports the call's end likewise.
 */

CREATE FUNCTION voiceagent_private.is_incoming(event voiceagent.call_event) RETURNS boolean
	LANGUAGE sql STABLE
	RETURN event.kind = 'incoming' OR EXISTS (SELECT FROM voiceagent.call_inbound i
		WHERE i.tenant_id = voiceagent.current_tenant() AND i.provider_call_id = event.provider_call_id);
COMMENT ON FUNCTION voiceagent_private.is_incoming(voiceagent.call_event) IS
	'Whether an event that names no call of ours is about somebody who calls one of the current tenant''s numbers.';

CREATE FUNCTION voiceagent_private.was_answered(call voiceagent.calls) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	-- For a forwarded call that was not taken, the carrier counts the time before.
	RETURN coalesce((call).outcome <> 'no_answer', true)
		AND ((call).answered_at IS NOT NULL OR coalesce((call).duration_seconds > 0, false)
			OR coalesce((call).outcome = 'completed', false));
COMMENT ON FUNCTION voiceagent_private.was_answered(voiceagent.calls) IS
	'Whether an incoming call is known to have been answered, and not only put through in vain: not '
	'every carrier says when.';

CREATE FUNCTION voiceagent_private.copy_incoming(call_ids bigint[]) RETURNS void
	LANGUAGE sql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
	UPDATE voiceagent.call_inbound i
	SET ended_at = c.ended_at, answered = voiceagent_private.was_answered(c)
		AND NOT (i.untaken AND i.answer IS NOT DISTINCT FROM 'forward')
	FROM voiceagent.calls c
	WHERE i.tenant_id = voiceagent.current_tenant() AND i.call_id = ANY (call_ids)
		AND c.tenant_id = i.tenant_id AND c.call_id = i.call_id
		AND (i.ended_at IS DISTINCT FROM c.ended_at
			OR i.answered <> (voiceagent_private.was_answered(c)
				AND NOT (i.untaken AND i.answer IS NOT DISTINCT FROM 'forward')))
$$;
COMMENT ON FUNCTION voiceagent_private.copy_incoming(bigint[]) IS
	E'Copies to call_inbound what the claim asks of incoming calls of the current tenant: whether they were answered, '
	'and when they ended.\n'
	'The caller has changed, and so locked, their rows.';

CREATE FUNCTION voiceagent_private.tell_incoming_end(call_ids bigint[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
BEGIN
	INSERT INTO voiceagent.events (tenant_id, month_slot, at, event_type, call_id, lead_id, event_data)
	SELECT v_tenant, voiceagent_private.month_slot(v_now), v_now, 'call_ended', c.call_id, c.lead_id,
		jsonb_build_object('direction', 'inbound', 'outcome', c.outcome, 'cause', c.cause,
			'duration_seconds', c.duration_seconds)
	FROM voiceagent.calls c
	WHERE c.tenant_id = v_tenant AND c.call_id = ANY (call_ids) ORDER BY c.call_id;
	PERFORM voiceagent_private.rate_calls(ARRAY(SELECT c.call_id FROM voiceagent.calls c
		WHERE c.tenant_id = v_tenant AND c.call_id = ANY (call_ids) AND c.cost_source = 'unknown'
			AND c.duration_seconds > 0));
	PERFORM voiceagent_private.task_missed_calls(call_ids);
	PERFORM voiceagent_private.text_missed_calls(call_ids);
	PERFORM voiceagent_private.hear(array_agg(c.lead_id), 'called', played => c.played)
	FROM (SELECT o.lead_id, voiceagent_private.is_sandbox(o.provider_account_id) AS played FROM voiceagent.calls o
		WHERE o.tenant_id = v_tenant AND o.call_id = ANY (call_ids) AND o.direction = 'inbound'
			AND o.lead_id IS NOT NULL) c GROUP BY c.played;
	IF current_setting('voiceagent.trace_endpoint', true) <> '' THEN
		PERFORM voiceagent_private.queue_traces(call_ids);
	END IF;
	PERFORM voiceagent_private.poke_subscribers();
END
$$;
COMMENT ON FUNCTION voiceagent_private.tell_incoming_end(bigint[]) IS
	'Reports the end of incoming calls of the current tenant: an event, and with it the outgoing webhooks; has their '
	'cost found where the carrier gave none, and makes tasks of unanswered ones.';

CREATE FUNCTION voiceagent_private.close_incoming(call_ids bigint[]) RETURNS bigint[]
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_closed bigint[];
	v_callers bigint[] := '{}';
BEGIN
	WITH gone AS (
		DELETE FROM voiceagent_private.live_incoming l
		WHERE l.tenant_id = voiceagent.current_tenant() AND l.call_id = ANY (close_incoming.call_ids)
		RETURNING l.call_id
	)
	SELECT array_agg(g.call_id) INTO v_closed FROM gone g;
	IF v_closed IS NOT NULL THEN
		-- Words that were kept while they were said are read now that they are all there.
		v_callers := ARRAY(SELECT i FROM unnest(v_closed) i WHERE voiceagent_private.hear_incoming(i, NULL) ORDER BY i);
		PERFORM voiceagent_private.tell_incoming_end(v_closed);
		PERFORM voiceagent_private.follow_soon(v_closed);
		-- It took a line of its account, which a campaign may wait for.
		PERFORM voiceagent_private.poke('dialer');
	END IF;
	RETURN v_callers;
END
$$;
COMMENT ON FUNCTION voiceagent_private.close_incoming(bigint[]) IS
	E'No carrier is asked any more about these incoming calls of the current tenant, which have ended and of which '
	'all is known that will be: the words that we kept of them are read, and their end is reported, once.\n'
	'Returns those in which it is new that the caller asked not to be called again, or may have; where no caller '
	'handles it, follow_incoming_call() does.';

CREATE FUNCTION voiceagent_private.end_incoming(call_ids bigint[], cause text DEFAULT NULL) RETURNS bigint[]
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_ended bigint[];
BEGIN
	WITH live AS MATERIALIZED (
		SELECT c.call_id, i.untaken AND i.answer IS NOT DISTINCT FROM 'forward' AS in_vain,
			coalesce(c.answered_at, m.began_at) AS answered_at, m.ended_at
		FROM voiceagent.calls c
		JOIN voiceagent.call_inbound i ON i.tenant_id = v_tenant AND i.call_id = c.call_id
		-- Audio that we held shows that somebody answered, and how long they talked.
		CROSS JOIN LATERAL (SELECT min(e.at) AS began_at,
				(array_agg(CASE e.event_type WHEN 'media_ended' THEN e.at END ORDER BY e.event_id DESC))[1] AS ended_at
			FROM voiceagent.events e WHERE e.tenant_id = v_tenant AND e.call_id = c.call_id
				AND e.event_type IN ('media_opened', 'media_ended')
				AND NOT voiceagent_private.is_transferred(c.call_id)) m
		WHERE c.tenant_id = v_tenant AND c.call_id = ANY (end_incoming.call_ids) AND c.outcome IS NULL
		ORDER BY c.call_id FOR NO KEY UPDATE OF c
	), ended AS (
		UPDATE voiceagent.calls c
		SET status = o.outcome, outcome = o.outcome, cause = coalesce(c.cause, end_incoming.cause),
			cost_source = coalesce(c.cost_source, 'unknown'), answered_at = l.answered_at,
			duration_seconds = coalesce(c.duration_seconds,
				extract(epoch FROM greatest(l.ended_at, l.answered_at) - l.answered_at)),
			ended_at = greatest(coalesce(l.ended_at, v_now), l.answered_at)
		FROM live l
		CROSS JOIN LATERAL (SELECT CASE WHEN NOT l.in_vain AND (l.answered_at IS NOT NULL
				OR voiceagent_private.was_answered(k)) THEN 'completed' ELSE 'no_answer' END AS outcome
			FROM voiceagent.calls k WHERE k.tenant_id = v_tenant AND k.call_id = l.call_id) o
		WHERE c.tenant_id = v_tenant AND c.call_id = l.call_id
		RETURNING c.call_id
	)
	SELECT coalesce(array_agg(e.call_id ORDER BY e.call_id), '{}') INTO v_ended FROM ended e;
	PERFORM voiceagent_private.copy_incoming(v_ended);
	RETURN v_ended;
END
$$;
COMMENT ON FUNCTION voiceagent_private.end_incoming(bigint[], text) IS
	E'Ends those of these incoming calls of the current tenant that are live, though their end is not reported: '
	'completed if they are known to have been answered, else no_answer; cause: why we think so.\n'
	'Returns them.';

CREATE FUNCTION voiceagent_private.begin_incoming_call(account bigint, theirs text, caller text, called text)
	RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = row_by_row_in_order
	SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_number bigint;
	v_lead bigint;
	v_ambiguous boolean;
	v_call bigint;
	v_plan jsonb;
	v_rejected boolean;
BEGIN
	-- Most often this is a repeated event, or it comes after the caller was erased.
	IF EXISTS (SELECT FROM voiceagent.call_inbound i
			WHERE i.tenant_id = v_tenant AND i.provider_call_id = theirs AND i.provider_account_id = account)
		OR EXISTS (SELECT FROM voiceagent_private.erased_calls e
			WHERE e.tenant_id = v_tenant AND e.provider_call_id = theirs) THEN
		RETURN;
	END IF;
	v_number := (voiceagent_private.called_number(account, called)).phone_number_id;
	SELECT l.lead_id, l.ambiguous INTO v_lead, v_ambiguous FROM voiceagent_private.lead_of_caller(caller) l;
	v_call := nextval('voiceagent.calls_call_id_seq');
	INSERT INTO voiceagent.call_inbound AS i (tenant_id, call_id, provider_account_id, provider_call_id,
		phone_number_id, from_number, to_number, started_at)
	VALUES (v_tenant, v_call, account, theirs, v_number, left(caller, 64), left(called, 64), v_now)
	ON CONFLICT (tenant_id, provider_call_id, provider_account_id) DO NOTHING;
	IF NOT FOUND THEN
		RETURN;
	END IF;
	v_plan := voiceagent_private.answer_incoming(account, caller, called, theirs)
		|| CASE WHEN v_ambiguous THEN '{"ambiguous": true}' ELSE '{}' END::jsonb;
	v_rejected := v_plan ->> 'kind' = 'reject';
	-- One that is rejected takes no line, whether we hear of its end or not.
	INSERT INTO voiceagent.calls (tenant_id, call_id, lead_id, direction, phone, assistant_id, assistant_version,
		provider_account_id, provider_call_id, status, outcome, counts, duration_seconds, cost_source,
		started_at, ended_at)
	OVERRIDING SYSTEM VALUE
	VALUES (v_tenant, v_call, v_lead, 'inbound', CASE WHEN voiceagent_private.is_e164(caller) THEN caller END,
		(v_plan ->> 'assistant_id')::bigint, (v_plan ->> 'assistant_version')::integer, account, theirs,
		CASE WHEN v_rejected THEN 'busy' ELSE 'ringing' END, CASE WHEN v_rejected THEN 'busy' END, false,
		CASE WHEN v_rejected THEN 0 END, CASE WHEN v_rejected THEN 'unknown' END, v_now,
			CASE WHEN v_rejected THEN v_now END);
	UPDATE voiceagent.call_inbound i
	SET plan = v_plan, answer = v_plan ->> 'kind', returns_to = (v_plan ->> 'campaign_id')::bigint,
		ended_at = CASE WHEN v_rejected THEN v_now END
	WHERE i.tenant_id = v_tenant AND i.call_id = v_call;
	INSERT INTO voiceagent.events (tenant_id, month_slot, at, event_type, call_id, lead_id, event_data)
	VALUES (v_tenant, voiceagent_private.month_slot(v_now), v_now, 'call_incoming', v_call, v_lead,
		jsonb_build_object('phone_number_id', v_number, 'answer', v_plan ->> 'kind')
		|| jsonb_strip_nulls(jsonb_build_object('unsaid', v_plan -> 'unsaid', 'withheld', v_plan -> 'withheld',
			'refused', v_plan -> 'refused', 'not_taken', v_plan -> 'not_taken',
			'unrung', v_plan -> 'unrung', 'barred', v_plan -> 'barred',
			'rings_office_s', CASE WHEN v_plan ? 'then' THEN v_plan -> 'ring_timeout_s' END)));
	IF v_rejected THEN
		PERFORM voiceagent_private.tell_incoming_end(ARRAY[v_call]);
		-- A caller that found all lines taken was missed.
		IF v_number IS NOT NULL AND NOT v_plan ? 'refused' THEN
			PERFORM voiceagent_private.follow_soon(ARRAY[v_call]);
		END IF;
	ELSE
		PERFORM voiceagent_private.watch_incoming(v_call);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.begin_incoming_call(bigint, text, text, text) IS
	'Notes a call that comes in at an account of the current tenant under the carrier''s id of it, unless it is '
	'known: whose it is, and its answer.';

CREATE FUNCTION voiceagent_private.was_listed(call_id bigint) RETURNS boolean
	LANGUAGE sql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
	SELECT EXISTS (SELECT FROM voiceagent.events e WHERE e.tenant_id = voiceagent.current_tenant()
		AND e.call_id = was_listed.call_id AND e.event_type = 'lead_opted_out')
$$;
COMMENT ON FUNCTION voiceagent_private.was_listed(bigint) IS
	'Whether a call of the current tenant has listed the person before: who may be called again since, by '
	'allow_call(), is not taken for another opt-out.';

CREATE FUNCTION voiceagent_private.hear_incoming(call bigint, report voiceagent.call_event) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_call voiceagent.calls;
	v_opts_out boolean;
	v_turns jsonb;
	v_reading jsonb;
	v_data jsonb;
	v_correction jsonb;
	v_told record;
	v_kept boolean;
	v_fills boolean;
	v_fresh boolean;
	v_takes boolean;
	v_asks boolean;
BEGIN
	SELECT c.* INTO v_call FROM voiceagent.calls c WHERE c.tenant_id = v_tenant AND c.call_id = hear_incoming.call;
	-- Nothing is kept about a caller that was erased in the meantime; its number is on the list.
	IF NOT FOUND OR NOT EXISTS (SELECT FROM voiceagent.call_inbound i
			WHERE i.tenant_id = v_tenant AND i.call_id = hear_incoming.call AND i.plan IS NOT NULL) THEN
		RETURN false;
	END IF;
	-- A replay must not restore words that retention has removed.
	SELECT coalesce(v_call.ended_at >= w.since, true) AND v_call.call_id > w.after_call_id INTO v_fills
	FROM voiceagent_private.kept_words() w;
	SELECT nullif(k.turns, '[]'), k.reading, k.reading -> 'correction' INTO v_turns, v_reading, v_correction
	FROM voiceagent.conversations k
	WHERE k.tenant_id = v_tenant AND k.call_id = v_call.call_id
		AND k.month_slot = voiceagent_private.month_slot(v_call.started_at);
	-- Words that we keep while they are said are read once, by close_incoming().
	v_kept := v_turns IS NOT NULL;
	v_turns := coalesce(v_turns, CASE jsonb_typeof(report.turns) WHEN 'array' THEN nullif(report.turns, '[]') END);
	v_fresh := v_fills AND v_turns IS NOT NULL AND (NOT v_kept OR v_reading IS NULL AND report IS NULL);
	v_takes := v_fills AND report.structured_data IS NOT NULL AND NOT (v_kept AND v_call.outcome IS NULL)
		AND voiceagent_private.lacks_analysis(v_call.structured_data, v_reading);
	v_data := v_call.structured_data;
	-- An opt-out counts at any time, and by itself is added to the earlier reading. Only once: a repetition adds
	-- nothing.
	v_opts_out := voiceagent_private.parse_yes(report.structured_data -> 'do_not_call')
		AND NOT voiceagent_private.parse_yes(v_data -> 'do_not_call');
	IF v_fresh OR v_takes THEN
		SELECT t.* INTO v_told FROM voiceagent_private.told_of(v_data, v_reading) t;
		-- The words that the carrier heard do not include an earlier report_call(); those that we kept do.
		IF v_fresh THEN
			v_told.agent := CASE WHEN NOT v_kept THEN v_data END;
			v_told.analysis := CASE WHEN v_kept THEN v_data END;
		END IF;
		v_told.analysis := CASE WHEN v_told.analysis IS NULL OR report.structured_data IS NULL
			THEN coalesce(report.structured_data, v_told.analysis)
			ELSE voiceagent_private.merge_structured_data(v_told.analysis, report.structured_data) END;
		SELECT w.reading, w.data INTO v_reading, v_data
		FROM voiceagent_private.read_call(v_call.call_id, v_call.assistant_id, v_call.assistant_version,
			v_call.lead_id, v_call.number, coalesce(v_call.ended_at, voiceagent.clock()), NULL,
			v_turns, v_told.analysis, v_told.agent,
			ARRAY(SELECT i FROM unnest(v_told.models) i WHERE NOT coalesce(report.structured_data ? i, false))) w;
		IF voiceagent_private.parse_yes(v_call.structured_data -> 'do_not_call') THEN
			v_data := voiceagent_private.with_opt_out(v_data);
		END IF;
		v_data := voiceagent_private.person_data(v_data, v_correction);
		v_reading := voiceagent_private.with_person(v_reading, v_correction);
		v_asks := v_fresh AND voiceagent_private.customer_spoke(v_turns) AND voiceagent_private.wants_model(
			voiceagent_private.setting_text('model_analysis'), v_told.analysis);
	ELSIF v_opts_out AND voiceagent_private.words_deny_opt_out(v_reading) THEN
		v_reading := voiceagent_private.with_doubt(v_reading);
	ELSIF v_opts_out THEN
		v_data := voiceagent_private.with_opt_out(v_data);
		v_reading := voiceagent_private.with_told_opt_out(v_reading, 'carrier');
	END IF;
	IF v_fresh OR v_reading IS NOT NULL AND (v_takes OR v_opts_out) THEN
		INSERT INTO voiceagent.conversations (tenant_id, call_id, month_slot, turns, reading)
		VALUES (v_tenant, v_call.call_id, voiceagent_private.month_slot(v_call.started_at),
			voiceagent_private.pack_jsonb(v_turns), voiceagent_private.pack_jsonb(v_reading))
		ON CONFLICT ON CONSTRAINT conversations_pkey DO UPDATE SET reading = excluded.reading, turns = excluded.turns;
		PERFORM voiceagent_private.keep_answers(v_call, v_turns);
	END IF;
	IF v_asks THEN
		PERFORM voiceagent_private.follow_reports(ARRAY[v_call.call_id]);
	END IF;
	v_opts_out := voiceagent_private.parse_yes(v_data -> 'do_not_call')
		AND NOT voiceagent_private.was_listed(v_call.call_id);
	UPDATE voiceagent.calls c
	SET cost = p.cost, cost_currency = p.currency,
		cost_source = CASE WHEN report.cost IS NULL OR p.cost IS NULL THEN c.cost_source ELSE 'carrier' END,
		cause = coalesce(c.cause, report.cause), cause_class = coalesce(c.cause_class, report.cause_class),
		summary = coalesce(c.summary, CASE WHEN v_fills THEN report.summary END),
		transcript = coalesce(c.transcript, CASE WHEN v_fills THEN voiceagent_private.pack_text(report.transcript) END),
		recording_url = coalesce(c.recording_url, report.recording_url),
		stereo_recording_url = coalesce(c.stereo_recording_url, report.stereo_recording_url),
		structured_data = v_data,
		uncertain = CASE WHEN (v_fresh OR v_takes) AND v_reading ? 'conflict' THEN 'review' ELSE c.uncertain END,
		success_evaluation = coalesce(c.success_evaluation, CASE WHEN v_fills THEN report.success_evaluation END)
	FROM voiceagent_private.greater_cost(CASE WHEN v_call.cost_source = 'rate' AND report.cost IS NOT NULL THEN NULL
		ELSE v_call.cost END,
		v_call.cost_currency, report.cost, report.cost_currency) p
	WHERE c.tenant_id = v_tenant AND c.call_id = hear_incoming.call;
	RETURN v_opts_out OR coalesce(v_reading ? 'opt_out_doubt', false);
END
$$;
COMMENT ON FUNCTION voiceagent_private.hear_incoming(bigint, voiceagent.call_event) IS
	E'Keeps what an event says of the words, the recording and the cost of an incoming call of the current tenant, '
	'whose row the caller has locked; what is known stays.\n'
	'True: it is new that the caller asked not to be called again, or it may have.';

CREATE FUNCTION voiceagent_private.record_untaken(call_id bigint) RETURNS text
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_call voiceagent.calls;
	v_office jsonb;
	v_plan jsonb;
BEGIN
	SELECT c.* INTO v_call FROM voiceagent.calls c
	WHERE c.tenant_id = v_tenant AND c.call_id = record_untaken.call_id FOR NO KEY UPDATE;
	UPDATE voiceagent.call_inbound i SET untaken = true
	WHERE i.tenant_id = v_tenant AND i.call_id = record_untaken.call_id
	RETURNING i.plan, i.plan -> 'then' INTO v_office, v_plan;
	IF v_call.outcome IS NULL AND v_plan IS NOT NULL THEN
		v_plan := v_plan || jsonb_build_object('office', v_office -> 'forward_to', 'rang_s',
			v_office -> 'ring_timeout_s');
		UPDATE voiceagent.call_inbound i SET plan = v_plan, answer = v_plan ->> 'kind'
		WHERE i.tenant_id = v_tenant AND i.call_id = record_untaken.call_id;
		UPDATE voiceagent.calls c SET assistant_id = (v_plan ->> 'assistant_id')::bigint,
			assistant_version = (v_plan ->> 'assistant_version')::integer
		WHERE c.tenant_id = v_tenant AND c.call_id = record_untaken.call_id AND v_plan ? 'assistant_id';
		PERFORM voiceagent_private.log_event('office_not_taken', NULL, record_untaken.call_id, v_call.lead_id,
			jsonb_build_object('phone', v_office -> 'forward_to', 'answer', v_plan -> 'kind'));
	END IF;
	RETURN (SELECT i.answer FROM voiceagent.call_inbound i
		WHERE i.tenant_id = v_tenant AND i.call_id = record_untaken.call_id);
END
$$;
COMMENT ON FUNCTION voiceagent_private.record_untaken(bigint) IS
	E'Notes that an incoming call of the current tenant was put through and not taken; returns its answer.\n'
	'While it is live, and the office rang first, what follows then is its plan from now on.';

CREATE FUNCTION voiceagent_private.record_incoming(endpoint_ids bigint[], events voiceagent.call_event[])
	RETURNS bigint[]
	LANGUAGE plpgsql VOLATILE SET planner.policy = row_by_row_in_order
	SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v record;
	i record;
	v_report voiceagent.call_event;
	v_callers bigint[] := '{}';
	c_ends CONSTANT text[] := '{completed,failed,busy,no_answer}';
BEGIN
	-- One after the other: each takes a line.
	FOR v IN
		SELECT e.provider_account_id AS account, (x.event).provider_call_id AS id, (x.event).from_number AS caller,
			(x.event).to_number AS called,
			-- A signature that did not hold signs nothing.
			CASE WHEN (x.event).details ->> 'shaken_stir_validated' = 'false' THEN 'none'
				ELSE voiceagent_private.attested((x.event).details) END AS attestation
		FROM (SELECT endpoint_ids[n] AS endpoint_id, events[n] AS event, n FROM generate_subscripts(events, 1) n) x
		JOIN voiceagent.webhook_endpoints e ON e.tenant_id = v_tenant AND e.endpoint_id = x.endpoint_id
		WHERE (x.event).kind = 'incoming' AND length((x.event).provider_call_id) BETWEEN 1 AND 200
		ORDER BY x.n
	LOOP
		PERFORM voiceagent_private.begin_incoming_call(v.account, v.id, left(v.caller, 64), left(v.called, 64));
		-- The carrier's question, by which the call may have been known before, does not tell.
		UPDATE voiceagent.call_inbound o SET attestation = v.attestation
		WHERE v.attestation IS NOT NULL AND o.tenant_id = v_tenant AND o.provider_call_id = v.id
			AND o.provider_account_id = v.account AND o.attestation IS NULL;
	END LOOP;
	-- Call by call: for a join the planner would read all incoming calls ever recorded.
	FOR v IN
		SELECT e.provider_account_id, (x.event).provider_call_id, min((x.event).answered_at) AS answered_at,
			max((x.event).ended_at) FILTER (WHERE (x.event).status = ANY (c_ends)) AS ended_at,
			max((x.event).duration_seconds) AS duration_seconds,
			-- A terminal status stays, in whatever order the events came.
			(array_agg((x.event).status ORDER BY (x.event).status = ANY (c_ends) DESC, x.n DESC)
				FILTER (WHERE (x.event).status = ANY (c_ends)))[1] AS status,
			bool_or((x.event).status = 'in_progress') AS answered,
			bool_or((x.event).kind = 'untaken') AS untaken,
			bool_or((x.event).kind = 'untaken' AND (x.event).wants_answer IS NOT TRUE) AS unanswered,
			-- Prefer a report with the analysis: a lookup brings one without. Earlier words are kept with the call.
			(array_agg(x.event ORDER BY (x.event).kind, (x.event).unanalysed IS TRUE, x.n)
				FILTER (WHERE (x.event).kind IN ('report', 'said')))[1] AS report,
			array_agg(x.event ORDER BY x.n) FILTER (WHERE (x.event).kind <> 'report'
				AND num_nonnulls((x.event).recording_url, (x.event).stereo_recording_url, (x.event).cost,
					CASE (x.event).kind WHEN 'key' THEN (x.event).structured_data END) > 0) AS facts
		FROM (SELECT endpoint_ids[n] AS endpoint_id, events[n] AS event, n FROM generate_subscripts(events, 1) n) x
		JOIN voiceagent.webhook_endpoints e ON e.tenant_id = v_tenant AND e.endpoint_id = x.endpoint_id
		WHERE (x.event).provider_call_id IS NOT NULL
		GROUP BY 1, 2 ORDER BY 1, 2
	LOOP
		CONTINUE WHEN v.status IS NULL AND v.answered_at IS NULL AND v.duration_seconds IS NULL AND v.facts IS NULL
			AND v.report IS NULL
			AND NOT coalesce(v.untaken OR v.answered, false);
		-- In the order that its own index has: to statistics that do not know the tenant any index looks as good.
		SELECT o.call_id, o.answer, o.untaken INTO i FROM voiceagent.call_inbound o
		WHERE o.tenant_id = v_tenant AND o.provider_call_id BETWEEN v.provider_call_id AND v.provider_call_id
			AND o.provider_account_id = v.provider_account_id
		ORDER BY o.provider_call_id LIMIT 1;
		CONTINUE WHEN NOT FOUND;
		PERFORM FROM voiceagent.calls c WHERE c.tenant_id = v_tenant AND c.call_id = i.call_id FOR NO KEY UPDATE;
		CONTINUE WHEN NOT FOUND;
		-- Else the reply to its question has done so.
		IF v.unanswered THEN
			PERFORM voiceagent_private.record_unanswered_transfer(i.call_id);
		END IF;
		IF v.untaken AND NOT i.untaken THEN
			i.untaken := true;
			i.answer := voiceagent_private.record_untaken(i.call_id);
		END IF;
		UPDATE voiceagent.calls c
		SET status = coalesce(x.outcome,
			CASE WHEN coalesce(v.answered, false) OR x.answered_at IS NOT NULL THEN 'in_progress' ELSE c.status END),
			outcome = x.outcome, answered_at = CASE
				WHEN x.answered_at IS NOT NULL THEN least(x.answered_at, x.ended_at) END, ended_at = x.ended_at,
			cost_source = coalesce(o.cost_source, CASE WHEN x.outcome IS NOT NULL THEN 'unknown' END),
			-- A carrier that tells no duration: by its own clock.
			duration_seconds = coalesce(v.duration_seconds, o.duration_seconds,
				CASE WHEN v.ended_at >= x.answered_at THEN extract(epoch FROM v.ended_at - x.answered_at) END)
		FROM voiceagent.calls o
		CROSS JOIN LATERAL (SELECT coalesce(o.answered_at, v.answered_at) AS answered_at,
			coalesce(o.ended_at, CASE WHEN v.status IS NOT NULL THEN v_now END) AS ended_at,
			CASE WHEN o.outcome IS NULL AND v.status IS NULL THEN NULL
				-- The carrier says of a forwarded call that it was completed, whether anybody took it or not.
				WHEN i.untaken AND i.answer = 'forward' AND coalesce(o.outcome = 'completed', true) THEN 'no_answer'
				ELSE coalesce(o.outcome, v.status) END AS outcome) x
		WHERE o.tenant_id = v_tenant AND o.call_id = i.call_id AND c.tenant_id = v_tenant AND c.call_id = i.call_id;
		IF v.answered OR v.answered_at IS NOT NULL THEN
			UPDATE voiceagent_private.live_incoming l SET ask_at = l.started_at + voiceagent_private.incoming_rounds()
			WHERE l.tenant_id = v_tenant AND l.call_id = i.call_id
				AND l.ask_at = l.started_at + voiceagent_private.ringing_incoming();
		END IF;
		v_report := v.report;
		IF v_report.kind IS NOT NULL AND voiceagent_private.hear_incoming(i.call_id, v_report) THEN
			v_callers := v_callers || i.call_id;
		END IF;
		v_callers := v_callers || ARRAY(SELECT i.call_id FROM unnest(v.facts) f
			WHERE voiceagent_private.hear_incoming(i.call_id, jsonb_populate_record(NULL::voiceagent.call_event,
				jsonb_build_object('recording_url', f.recording_url, 'stereo_recording_url', f.stereo_recording_url,
					'cost', f.cost, 'cost_currency', f.cost_currency,
					'structured_data', CASE f.kind WHEN 'key' THEN f.structured_data END))));
		PERFORM voiceagent_private.copy_incoming(ARRAY[i.call_id]);
		-- The carrier of a conversation is asked until it tells what was said: the caller may have
		-- asked not to be called again.
		IF v.status IS NOT NULL AND (i.answer IS DISTINCT FROM 'converse'
			OR v_report.kind IS NOT NULL AND v_report.unanalysed IS NOT TRUE) THEN
			v_callers := v_callers || voiceagent_private.close_incoming(ARRAY[i.call_id]);
		END IF;
		-- Reported after the end, or again.
		IF v_report.structured_data IS NOT NULL THEN
			PERFORM voiceagent_private.follow_soon(ARRAY(SELECT c.call_id FROM voiceagent.calls c
				WHERE c.tenant_id = v_tenant AND c.call_id = i.call_id AND c.outcome IS NOT NULL));
		END IF;
	END LOOP;
	RETURN v_callers;
END
$$;
COMMENT ON FUNCTION voiceagent_private.record_incoming(bigint[], voiceagent.call_event[]) IS
	E'Notes what events that name no call of ours (with the endpoints at which they came) tell of calls to the '
	'current tenant''s numbers: a new one, its answer, its end and what was said.\n'
	'Repeats change nothing. Returns the incoming calls in which it is new that the caller asked not to be called '
	'again: the caller of this function sees to it (opt_out_callers()).';
