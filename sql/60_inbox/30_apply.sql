/*
 * 60_inbox: from raw webhooks to their effect.  One transaction carries the
 * call, the ledger, the lead and the appointment, and the removal from the
 * inbox: a crash anywhere leaves all of it or nothing.
 *
 * Nothing here trusts an order of arrival: a state is only ever raised, a
 * terminal state stays, and the report of a call is applied once.
 */

CREATE FUNCTION voiceagent_private.early_reports(events voiceagent_private.matched_event[])
	RETURNS bigint[] LANGUAGE plpgsql STABLE SET planner.policy = by_keys AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_endpoints bigint[];
BEGIN
	-- Where the carrier holds the conversation its report is whole.
	v_endpoints := ARRAY(SELECT o.endpoint_id FROM voiceagent.webhook_endpoints o
		WHERE o.tenant_id = v_tenant AND o.endpoint_id = ANY (ARRAY(SELECT m.endpoint_id FROM unnest(events) m))
			AND voiceagent_private.answers_by((SELECT a.provider FROM voiceagent.provider_accounts a
				WHERE a.tenant_id = v_tenant AND a.provider_account_id = o.provider_account_id)) <> 'conversation');
	IF cardinality(v_endpoints) = 0 THEN
		RETURN '{}';
	END IF;
	RETURN ARRAY(
		SELECT m.webhook_id FROM unnest(events) m
		CROSS JOIN LATERAL (SELECT o.answered_at, o.machine, o.campaign_id, o.campaign_version FROM voiceagent.calls o
			WHERE o.tenant_id = v_tenant AND o.call_id = m.call_id AND o.outcome IS NULL OFFSET 0) c
		LEFT JOIN LATERAL (SELECT o.settings FROM voiceagent.campaign_versions o
			WHERE o.tenant_id = v_tenant AND o.campaign_id = c.campaign_id
				AND o.version = c.campaign_version OFFSET 0) k ON true
		CROSS JOIN LATERAL (SELECT o.received_at FROM voiceagent.webhooks o
			WHERE o.tenant_id = v_tenant AND o.webhook_id = m.webhook_id AND o.source <> 'lookup' OFFSET 0) w
		WHERE m.endpoint_id = ANY (v_endpoints) AND (m.event).kind = 'report' AND (m.event).status = 'completed'
			AND w.received_at
				+ voiceagent_private.as_interval(voiceagent_private.read_platform_setting('report_grace')) > v_now
			AND ((m.event).duration_seconds IS NULL AND (m.event).answered_at IS NULL AND c.answered_at IS NULL
				OR (m.event).machine IS NULL AND c.machine IS NULL
				AND coalesce(k.settings ->> 'machine_detection', 'off') <> 'off'));
END
$$;
COMMENT ON FUNCTION voiceagent_private.early_reports(voiceagent_private.matched_event[]) IS
	'The webhooks with a report of a live call''s end that still lacks what another event will tell (when it was '
	'answered; by whom, where that was asked for), as long as the platform setting report_grace lasts.';

CREATE FUNCTION voiceagent_private.unanalysed_reports(events voiceagent_private.matched_event[])
	RETURNS bigint[] LANGUAGE plpgsql STABLE SET planner.policy = by_keys AS $$
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
		-- From the end on, which after an outage of ours was long ago; and by no clock longer than
		-- from the carrier's answer.
		WHERE (m.event).unanalysed AND least((m.event).ended_at, w.received_at)
			+ voiceagent_private.carrier_time(l.provider, c_analysis, v_scale, interval '0') > v_now);
END
$$;
COMMENT ON FUNCTION voiceagent_private.unanalysed_reports(voiceagent_private.matched_event[]) IS
	E'The webhooks with a look-up''s report of a live call''s end that lacks what was said in it '
	'(call_event.unanalysed), for two minutes from the end: the carrier''s own report may come, and '
	'meanwhile it is asked again.\n'
	'An outcome without it might have the person dialled again who has just asked not to be.';

-- calls: those that are known, in the order of their ids. nobody: an event names none of our calls; strange: any event
-- does. progress: of more than ends. thin: a report of a completed call lacks its duration or who answered. asks: an
-- answer is awaited.
CREATE TYPE voiceagent_private.event_kinds AS (
	calls bigint[],
	nobody boolean,
	strange boolean,
	reports boolean,
	progress boolean,
	thin boolean,
	unanalysed boolean,
	facts boolean,
	asks boolean,
	pressed boolean,
	silent boolean,
	untaken boolean,
	spoken boolean,
	rang boolean,
	texts boolean
);
COMMENT ON TYPE voiceagent_private.event_kinds IS
	'The subjects of a batch of events, by which apply_events() skips the steps that none of them needs.';

CREATE FUNCTION voiceagent_private.kinds_of(events voiceagent_private.matched_event[])
	RETURNS voiceagent_private.event_kinds LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_k voiceagent_private.event_kinds;
	m voiceagent_private.matched_event;
	e voiceagent.call_event;
	v_calls bigint[] := '{}';
BEGIN
	FOREACH m IN ARRAY events LOOP
		e := m.event;
		IF m.call_id IS NULL THEN
			v_k.strange := true;
			v_k.nobody := v_k.nobody OR e.kind IN ('status', 'report', 'hint', 'said');
		ELSE
			v_calls := v_calls || m.call_id;
			v_k.spoken := v_k.spoken OR e.kind = 'transcript';
		END IF;
		IF e.kind = 'report' THEN
			v_k.reports := true;
			v_k.thin := v_k.thin OR e.status = 'completed' AND (e.machine IS NULL OR e.duration_seconds IS NULL);
			v_k.rang := v_k.rang OR coalesce(e.details ?| '{rang,unheard}', false);
		ELSE
			v_k.facts := v_k.facts OR e.kind IN ('machine', 'recording', 'cost')
				OR e.kind = 'status' AND num_nonnulls(e.machine, e.recording_url, e.cost) > 0;
			v_k.pressed := v_k.pressed OR e.kind IN ('key', 'said')
				AND voiceagent_private.parse_yes(e.structured_data -> 'do_not_call');
			v_k.silent := v_k.silent OR e.kind = 'silent';
			v_k.untaken := v_k.untaken OR e.kind = 'untaken';
			v_k.texts := v_k.texts OR e.kind = 'text';
		END IF;
		v_k.progress := v_k.progress OR e.kind <> 'report' OR e.status IN ('initiated', 'ringing', 'in_progress');
		v_k.unanalysed := v_k.unanalysed OR e.unanalysed;
		v_k.asks := v_k.asks OR e.wants_answer
			OR e.kind IN ('machine', 'spoken', 'untaken', 'stream', 'silent', 'key');
	END LOOP;
	v_k.calls := v_calls;
	IF cardinality(v_calls) > 1 THEN
		v_k.calls := ARRAY(SELECT DISTINCT i FROM unnest(v_calls) i ORDER BY i);
	END IF;
	RETURN v_k;
END
$$;
COMMENT ON FUNCTION voiceagent_private.kinds_of(voiceagent_private.matched_event[]) IS 'The subjects of these events.';

CREATE FUNCTION voiceagent_private.lock_told_calls(events voiceagent_private.matched_event[], call_ids bigint[],
	OUT there bigint[], OUT over bigint[], OUT doubtful bigint[], OUT told bigint[])
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	-- In the order of ids, so that two appliers, or a dial result meanwhile, cannot deadlock.
	SELECT coalesce(array_agg(x.call_id), '{}'),
		coalesce(array_agg(x.call_id) FILTER (WHERE x.outcome IS NOT NULL), '{}'),
		array_agg(x.call_id) FILTER (WHERE x.outcome IN ('failed', 'canceled')
			AND coalesce(x.cause IN ('unresolved', 'not_placed') OR x.cause LIKE 'resolved: %', false)),
		array_agg(x.call_id) FILTER (WHERE x.told)
	INTO there, over, doubtful, told
	FROM (SELECT c.* FROM unnest(call_ids) AS i(call_id)
		CROSS JOIN LATERAL (SELECT o.call_id, o.outcome, o.cause,
				num_nonnulls(o.structured_data, o.summary, o.transcript, o.success_evaluation) > 0 AS told
			FROM voiceagent.calls o
			WHERE o.tenant_id = v_tenant AND o.call_id = i.call_id OFFSET 0 FOR UPDATE) c) x;
	IF cardinality(there) < cardinality(call_ids) THEN
		-- Erased while we waited for the lock.
		PERFORM voiceagent_private.delete_erased(
			ARRAY(SELECT m FROM unnest(events) m WHERE m.call_id <> ALL (there)));
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.lock_told_calls(voiceagent_private.matched_event[], bigint[]) IS
	E'Locks the rows of the calls of these events and returns those that are there still.\n'
	'over: those that have ended, doubtful: without the carrier''s word; told: those partly known already. '
	'doubtful and told: NULL: none.';

CREATE FUNCTION voiceagent_private.stops_calls(call_id bigint) RETURNS boolean
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_call voiceagent.calls;
BEGIN
	SELECT c.* INTO v_call FROM voiceagent.calls c
	WHERE c.tenant_id = voiceagent.current_tenant() AND c.call_id = stops_calls.call_id;
	RETURN voiceagent_private.parse_yes(v_call.structured_data -> 'do_not_call')
		AND NOT voiceagent_private.was_listed(v_call.call_id)
		-- If the words that came with it contradict it, it is in doubt, and the end of the call holds the lead.
		AND NOT coalesce((SELECT w.reading ? 'opt_out_doubt' FROM voiceagent.conversations k
			CROSS JOIN LATERAL voiceagent_private.read_call(v_call.call_id, v_call.assistant_id,
				v_call.assistant_version, v_call.lead_id, v_call.number, voiceagent.clock(), NULL, k.turns,
				v_call.structured_data) w
			WHERE k.tenant_id = v_call.tenant_id AND k.call_id = v_call.call_id
				AND k.month_slot = voiceagent_private.month_slot(v_call.started_at)), false);
END
$$;
COMMENT ON FUNCTION voiceagent_private.stops_calls(bigint) IS
	'Whether the person in a live call of the current tenant has asked not to be called again, by what is kept of it, '
	'and nothing follows from that yet: see conclude_calls(stopped).';

-- The key that stops the calls is in no report; it counts like words, and so do words that come before the report.
CREATE FUNCTION voiceagent_private.apply_stop_keys(events voiceagent_private.matched_event[], call_ids bigint[],
	over bigint[], OUT told bigint[], OUT stopped bigint[])
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_key voiceagent_private.matched_event;
BEGIN
	told := '{}';
	stopped := '{}';
	FOR v_key IN SELECT DISTINCT ON (k.call_id) k.* FROM unnest(events) k
		WHERE (k.event).kind IN ('key', 'said') AND (k.event).structured_data IS NOT NULL AND k.call_id = ANY (call_ids)
			AND k.call_id <> ALL (over) ORDER BY k.call_id
	LOOP
		PERFORM voiceagent_private.save_agent_report(v_key.call_id, v_key.event);
		IF voiceagent_private.stops_calls(v_key.call_id) THEN
			stopped := stopped || v_key.call_id;
		END IF;
		told := told || v_key.call_id;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.apply_stop_keys(voiceagent_private.matched_event[], bigint[], bigint[]) IS
	'Notes pressed keys and spoken words, in those of the calls that are not over: in which (told), and in which '
	'to stop the calls (stopped).';

-- early: waits for a moment (early_reports()), until report_due(true). waiting: waits until another call of the lead is
-- over (apply_unresolved_reports()), or for the words of the call (unanalysed_reports()), until report_due(false).
-- heard: the content of a report on an unresolved call has been recorded. The others are arguments of conclude_calls():
-- this function keeps the facts of the events, and conclude_calls() applies the consequences.
CREATE FUNCTION voiceagent_private.hear_events(events voiceagent_private.matched_event[],
	kinds voiceagent_private.event_kinds, OUT early bigint[], OUT waiting bigint[], OUT heard bigint[],
	OUT ended bigint[], OUT reopened bigint[], OUT late bigint[], OUT stopped bigint[], OUT doubted bigint[])
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys AS $$
DECLARE
	v_events voiceagent_private.matched_event[] := events;
	v_calls record := voiceagent_private.lock_told_calls(events, kinds.calls);
	v_over bigint[] := v_calls.over;
	v_told bigint[] := v_calls.told;
	v_keys record;
	v_reported record;
BEGIN
	early := '{}';
	IF v_calls.doubtful IS NOT NULL THEN
		SELECT h.reopened, h.waiting, h.waiting, h.stopped INTO reopened, waiting, heard, stopped
		FROM voiceagent_private.apply_unresolved_reports(v_calls.doubtful, v_events) h;
		v_over := ARRAY(SELECT i FROM unnest(v_over) i WHERE i <> ALL (reopened));
	END IF;
	PERFORM voiceagent_private.apply_progress(v_calls.there, v_events, kinds.progress);
	IF kinds.facts OR cardinality(v_over) > 0 THEN
		PERFORM voiceagent_private.record_facts(v_over, v_events);
	END IF;
	-- Some carriers then end the call, and may report that end first.
	IF kinds.untaken THEN
		PERFORM voiceagent_private.record_unanswered_transfer(m.call_id) FROM unnest(v_events) m
		-- Else the reply has done so.
		WHERE (m.event).kind = 'untaken' AND (m.event).wants_answer IS NOT TRUE AND m.call_id = ANY (v_calls.there);
	END IF;
	IF kinds.silent THEN
		UPDATE voiceagent.calls c
		SET cause = coalesce((m.event).cause, 'stream_url: failed'), cause_class = 'assistant'
		FROM unnest(v_events) m
		WHERE (m.event).kind = 'silent' AND c.tenant_id = voiceagent.current_tenant() AND c.call_id = m.call_id
			AND c.outcome IS NULL
			AND coalesce((m.event).occurred_at, voiceagent.clock()) < coalesce(c.answered_at, 'infinity')
				+ interval '1 minute'
			AND NOT EXISTS (SELECT FROM voiceagent_private.webhook_keys k
				WHERE k.tenant_id = c.tenant_id AND k.endpoint_id = m.endpoint_id
				AND k.event_key = coalesce((m.event).provider_call_id, (m.event).attempt_ref) || ':stream:begun')
			AND NOT voiceagent_private.is_transferred(c.call_id);
	END IF;
	IF kinds.spoken THEN
		PERFORM voiceagent_private.add_live_turns(v_events);
		v_told := v_told || ARRAY(SELECT DISTINCT m.call_id FROM unnest(v_events) m WHERE (m.event).kind = 'transcript'
			AND m.call_id IS NOT NULL);
	END IF;
	IF kinds.rang THEN
		v_events := voiceagent_private.name_rung_out(v_events);
	END IF;
	IF kinds.thin THEN
		early := voiceagent_private.early_reports(v_events);
	END IF;
	IF kinds.unanalysed THEN
		waiting := waiting || voiceagent_private.unanalysed_reports(v_events);
	END IF;
	IF cardinality(early || waiting) > 0 THEN
		v_events := ARRAY(SELECT m FROM unnest(v_events) m WHERE m.webhook_id <> ALL (early || waiting)
			OR (m.event).kind <> 'report');
	END IF;
	IF kinds.pressed THEN
		v_keys := voiceagent_private.apply_stop_keys(v_events, v_calls.there, v_over);
		stopped := stopped || v_keys.stopped;
		v_told := nullif(v_told || v_keys.told, '{}');
	END IF;
	IF (kinds.reports OR kinds.pressed) AND cardinality(v_over) > 0 THEN
		-- A report of a call in doubt is kept as evidence; its opt-out was heard: see apply_unresolved_reports().
		late := ARRAY(SELECT m.call_id FROM unnest(v_events) m
			WHERE (m.event).kind IN ('report', 'key', 'said') AND m.call_id = ANY (v_over)
				AND (m.call_id = ANY (v_calls.doubtful)) IS NOT TRUE);
		IF cardinality(late) > 0 THEN
			SELECT h.said, h.doubted INTO late, doubted FROM voiceagent_private.apply_late_reports(late, v_events) h;
		END IF;
	END IF;
	-- A campaign's answering machine detection may take longer than the call.
	IF kinds.facts AND cardinality(v_over) > 0 THEN
		late := late || ARRAY(SELECT DISTINCT m.call_id FROM unnest(v_events) m
			WHERE m.call_id = ANY (v_over) AND voiceagent_private.is_machine((m.event).machine) ORDER BY 1);
	END IF;
	IF kinds.reports THEN
		IF v_told IS NOT NULL THEN
			v_events := voiceagent_private.merge_agent_reports(v_told, v_events);
		END IF;
		v_reported := voiceagent_private.apply_reports(v_events);
		IF num_nonnulls(v_reported.asked, v_reported.asking, v_reported.promised) > 0 THEN
			PERFORM voiceagent_private.follow_reports(v_reported.asked, v_reported.asking, v_reported.promised);
		END IF;
		ended := v_reported.ended;
		doubted := doubted || v_reported.doubted;
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.hear_events(voiceagent_private.matched_event[], voiceagent_private.event_kinds)
	IS
	E'Keeps what events of the current tenant tell of calls of ours, and returns what is to follow, as '
	'conclude_calls() takes it, and the webhooks of reports that wait.\n'
	'early: for what belongs to them; waiting: for another call of their lead, or for the words of the call; heard: '
	'those whose word has been written down. NULL: none.';

-- A webhook passes through these rooms in this order: incoming, inbox, conclusion, live.
CREATE FUNCTION voiceagent_private.apply_events(events voiceagent_private.matched_event[], OUT early bigint[],
	OUT waiting bigint[], OUT heard bigint[])
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys AS $$
DECLARE
	v_k voiceagent_private.event_kinds := voiceagent_private.kinds_of(events);
	v_heard record;
	v_callers bigint[];
	v_erased bigint[];
BEGIN
	IF v_k.texts THEN
		PERFORM voiceagent_private.take_texts(array_agg(m.event ORDER BY m.webhook_id), array_agg(p.provider_account_id
			ORDER BY m.webhook_id)) FROM unnest(events) m
		JOIN voiceagent.webhook_endpoints p ON p.tenant_id = voiceagent.current_tenant()
			AND p.endpoint_id = m.endpoint_id
		WHERE (m.event).kind = 'text';
		events := ARRAY(SELECT m FROM unnest(events) m WHERE (m.event).kind <> 'text');
		v_k := voiceagent_private.kinds_of(events);
	END IF;
	-- An unknown call may be an incoming one.
	IF v_k.strange THEN
		SELECT voiceagent_private.record_incoming(array_agg(m.endpoint_id), array_agg(m.event)) INTO v_callers
		FROM unnest(events) m WHERE m.call_id IS NULL;
	END IF;
	-- The webhook may be about a person that has been erased since; then discard it.
	IF v_k.nobody THEN
		v_erased := voiceagent_private.delete_erased(ARRAY(SELECT m FROM unnest(events) m WHERE m.call_id IS NULL));
		PERFORM voiceagent_private.fail('PT404', 'the webhook names no call of this tenant') FROM unnest(events) m
		WHERE m.call_id IS NULL AND (m.event).kind IN ('status', 'report', 'hint', 'said')
			AND m.webhook_id <> ALL (v_erased) AND NOT voiceagent_private.is_incoming(m.event);
	END IF;
	v_heard := voiceagent_private.hear_events(events, v_k);
	early := v_heard.early;
	waiting := coalesce(v_heard.waiting, '{}');
	heard := coalesce(v_heard.heard, '{}');
	IF cardinality(v_heard.ended || v_heard.late || v_callers || v_heard.stopped || v_heard.doubted) > 0 THEN
		PERFORM voiceagent_private.conclude_calls(coalesce(v_heard.ended, '{}'), coalesce(v_heard.reopened, '{}'),
			coalesce(v_heard.late, '{}'), coalesce(v_callers, '{}'), coalesce(v_heard.stopped, '{}'),
			coalesce(v_heard.doubted, '{}'));
	END IF;
	IF v_k.asks THEN
		PERFORM voiceagent_private.answer_calls(events);
	END IF;
	-- The ledger is the last that a transaction waits for.
	IF cardinality(v_heard.reopened) > 0 THEN
		PERFORM voiceagent_private.fund_holds(ARRAY(SELECT i FROM unnest(v_heard.reopened) i
			WHERE i <> ALL (coalesce(v_heard.ended, '{}'))));
	END IF;
	PERFORM voiceagent_private.poke_subscribers();
END
$$;
COMMENT ON FUNCTION voiceagent_private.apply_events(voiceagent_private.matched_event[]) IS
	E'Gives events of the current tenant their whole effect in the caller''s transaction, except for reports that '
	'wait.\n'
	'It returns the webhooks of those as hear_events() does, and raises PT404 when an event names no call.';

CREATE FUNCTION voiceagent_private.report_due(early boolean) RETURNS timestamptz
	LANGUAGE sql STABLE
	RETURN voiceagent.clock() + CASE WHEN early THEN
		voiceagent_private.as_interval(voiceagent_private.read_platform_setting('report_grace'))
		ELSE interval '20 seconds' END;
COMMENT ON FUNCTION voiceagent_private.report_due(boolean) IS
	'When a report that waits is applied with what is known by then (early), or looked at again, as it has to wait for '
	'the end of another call, or for what was said.';

CREATE FUNCTION voiceagent_private.apply_webhooks(webhook_ids bigint[])
	RETURNS void LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v record := voiceagent_private.apply_events(
		voiceagent_private.match_events(voiceagent_private.read_webhooks(webhook_ids)));
BEGIN
	DELETE FROM voiceagent_private.inbox i
	WHERE i.tenant_id = v_tenant AND i.webhook_id = ANY (webhook_ids) AND i.webhook_id <> ALL (v.early || v.waiting);
	IF cardinality(v.early || v.waiting) > 0 THEN
		UPDATE voiceagent_private.inbox i
		SET next_try_at = voiceagent_private.report_due(i.webhook_id = ANY (v.early)),
			heard = i.heard OR i.webhook_id = ANY (v.heard)
		WHERE i.tenant_id = v_tenant AND i.webhook_id = ANY (v.early || v.waiting);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.apply_webhooks(bigint[]) IS
	'Gives waiting webhooks their whole effect and takes them out of the inbox, in the caller''s transaction; a '
	'report that comes too early waits on.';

CREATE FUNCTION voiceagent_private.apply_bare(webhook_id bigint) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys AS $$
DECLARE
	m voiceagent_private.matched_event;
	e voiceagent.call_event;
	v_reports voiceagent_private.matched_event[] := '{}';
	v_waits boolean;
BEGIN
	FOREACH m IN ARRAY voiceagent_private.match_events(voiceagent_private.read_webhooks(ARRAY[webhook_id])) LOOP
		e := m.event;
		CONTINUE WHEN e.kind <> 'report' OR m.call_id IS NULL AND NOT voiceagent_private.is_incoming(e);
		e.status := voiceagent_private.ended_status(e.status, e.turns);
		-- A person that spoke had answered, which counts for the caps; nothing tells it once the words are gone.
		IF voiceagent_private.customer_spoke(e.turns) THEN
			v_reports := v_reports
				|| ROW(m.webhook_id, m.call_id, jsonb_populate_record(NULL::voiceagent.call_event, jsonb_build_object(
					'kind', 'status', 'status', 'in_progress', 'answered_at', e.answered_at)),
					m.endpoint_id)::voiceagent_private.matched_event;
		END IF;
		-- A person that asked not to be called again is not called, whatever else was said.
		e.structured_data := CASE WHEN voiceagent_private.parse_yes(e.structured_data -> 'do_not_call') THEN
			voiceagent_private.with_opt_out(NULL) END;
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
	-- Drop earlier reports of report_call(), too: one of them may be the one that cannot be applied.
	PERFORM voiceagent_private.delete_agent_reports(ARRAY(SELECT DISTINCT r.call_id FROM unnest(v_reports) r
		ORDER BY 1));
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
	E'Ends the calls whose report is in a waiting webhook of the current tenant without what was said in them, but '
	'for an opt-out: their time and their price are known, and a call that stayed live would keep its credits, its '
	'slot and its lead for ever.\n'
	'False: there is none, or that fails, too.';

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
	-- A fault in the bytes does not mend itself; any other may.
	IF code NOT IN ('PT422', 'PT404') THEN
		IF v_tries < voiceagent_private.platform_setting('inbox_tries')::integer THEN
			RETURN;
		ELSIF voiceagent_private.apply_bare(webhook_id) THEN
			v_reason := v_reason || '; its call has ended without what was said in it';
		END IF;
		-- Without the words, which may be a person's.
		RAISE LOG 'webhook % of tenant % was set aside: % (tries: %)', webhook_id, v_tenant, code, v_tries;
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
	'Counts a failed try (SQLSTATE code, reason) and, when it cannot succeed or has failed inbox_tries times, moves '
	'the webhook to webhook_failures; a call whose report it is then ends without what was said in it (apply_bare()).';

CREATE FUNCTION voiceagent_private.lock_inbox(webhook_ids bigint[]) RETURNS bigint[]
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	RETURN ARRAY(SELECT i.webhook_id FROM voiceagent_private.inbox i
		WHERE i.tenant_id = v_tenant AND i.webhook_id = ANY (webhook_ids)
		ORDER BY i.webhook_id FOR UPDATE SKIP LOCKED);
END
$$;
COMMENT ON FUNCTION voiceagent_private.lock_inbox(bigint[]) IS
	'Locks waiting webhooks of the current tenant and returns those that still wait and that no other session has.';

CREATE FUNCTION voiceagent_private.apply_inbox(max_webhooks integer, max_bytes integer DEFAULT 2147483647)
	RETURNS integer LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys AS $$
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
		SELECT w.webhook_id, sum(w.body_bytes) OVER (ORDER BY w.webhook_id ROWS UNBOUNDED PRECEDING)
			- w.body_bytes AS bytes_before FROM (
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
	E'Applies up to max_webhooks waiting webhooks of the current tenant, oldest first, until their bodies come '
	'to max_bytes (one is always taken, however long), and returns how many were dealt with; a bad one is set '
	'aside and stops nothing.\n'
	'-1: another transaction changes many of the tenant''s leads; ask again in a moment.';

CREATE FUNCTION voiceagent_private.check_inbox() RETURNS TABLE (invariant text, detail text)
	LANGUAGE sql STABLE AS $$
	SELECT 'webhook applied or explained', format('webhook %s has a key but is gone from the raw store', k.webhook_id)
	FROM voiceagent_private.webhook_keys k
	LEFT JOIN voiceagent.webhooks w ON w.tenant_id = k.tenant_id AND w.webhook_id = k.webhook_id
	WHERE k.tenant_id = voiceagent.current_tenant() AND w.webhook_id IS NULL
		AND k.received_at > voiceagent.clock()
			- least(interval '30 days',
				voiceagent_private.as_interval(voiceagent_private.setting_text('retention_webhooks')))
	UNION ALL
	SELECT 'inbox row has its webhook', format('inbox row %s has no raw webhook', i.webhook_id)
	FROM voiceagent_private.inbox i
	LEFT JOIN voiceagent.webhooks w
		ON w.tenant_id = i.tenant_id AND w.webhook_id = i.webhook_id AND w.month_slot = i.month_slot
	WHERE i.tenant_id = voiceagent.current_tenant() AND w.webhook_id IS NULL
$$;
COMMENT ON FUNCTION voiceagent_private.check_inbox() IS
	'Violations of the inbox''s invariants for the current tenant; none when all is well.';
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('invariant', 'check_inbox');
