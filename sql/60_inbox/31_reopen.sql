/*
 * 60_inbox: what carriers say of calls that may not have been placed (55_call/32_unresolved.sql), or
 * which they had not known.  While such a call is not yet reported by a person, the carrier's word
 * puts it back where it was: among the live ones, with its hold and its lead, and the rest follows as
 * for any call, once.  A person who was quicker has decided: what the carrier says is kept beside it,
 * and neither money nor lead is moved a second time.
 *
 * The caller has locked the calls' rows, under which resolve_call() waits, too.
 */

-- gone: the lead has been called since, or has gone on otherwise. called: the lead is being called. The lead of a
-- call that the carrier had not known leaves the queue. A reopened call has its hold open again.
CREATE FUNCTION voiceagent_private.reopen_call(call_id bigint, provider_call_id text, proven boolean) RETURNS text
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_call voiceagent.calls;
	v_requeued boolean;
BEGIN
	SELECT c.* INTO v_call FROM voiceagent.calls c WHERE c.tenant_id = v_tenant AND c.call_id = reopen_call.call_id;
	-- A call whose lead has gone on since has nothing to go back to.
	IF EXISTS (SELECT FROM voiceagent.calls o
			WHERE o.tenant_id = v_tenant AND o.lead_id = v_call.lead_id AND o.call_id > reopen_call.call_id
				AND o.campaign_id = v_call.campaign_id)
		OR NOT EXISTS (SELECT FROM voiceagent.campaign_leads m
			WHERE m.tenant_id = v_tenant AND m.campaign_id = v_call.campaign_id AND m.lead_id = v_call.lead_id
				AND (m.status = 'failed' OR m.status IN ('queued', 'retry') AND v_call.cause = 'not_placed')) THEN
		RETURN 'gone';
	-- Another campaign is calling the same person.
	ELSIF EXISTS (SELECT FROM voiceagent_private.live_calls l
		WHERE l.tenant_id = v_tenant AND l.lead_id = v_call.lead_id) THEN
		RETURN 'called';
	END IF;
	PERFORM voiceagent_private.resume_for_call(v_call.campaign_id);
	-- A lead that waits to be dialled again has been dialled.
	DELETE FROM voiceagent_private.call_queue q
	WHERE q.tenant_id = v_tenant AND q.campaign_id = v_call.campaign_id AND q.lead_id = v_call.lead_id;
	v_requeued := FOUND;
	-- Its number may be calling somebody else by now: it takes none.
	INSERT INTO voiceagent_private.live_calls (tenant_id, call_id, attempt_id, campaign_id, lead_id,
		provider_account_id, provider, provider_call_id, state, lease_until, reference, dialled_at, ends_by)
	SELECT v_tenant, v_call.call_id, a.attempt_id, v_call.campaign_id, v_call.lead_id, a.provider_account_id,
		p.provider, reopen_call.provider_call_id, CASE WHEN proven THEN 'accepted' ELSE 'unknown' END, v_now,
			a.reference, v_call.started_at, v_now
	FROM voiceagent.attempts a
	JOIN voiceagent.provider_accounts p ON p.tenant_id = v_tenant AND p.provider_account_id = a.provider_account_id
	WHERE a.tenant_id = v_tenant AND a.call_id = reopen_call.call_id
		AND a.state IN ('unknown', 'not_placed', 'accepted')
	ON CONFLICT DO NOTHING;
	IF NOT FOUND THEN
		-- Since we looked: the next try finds it, and whoever tries again does so as after any lock.
		RAISE EXCEPTION USING ERRCODE = 'lock_not_available', MESSAGE = 'the lead of the call is being called';
	END IF;
	-- The attempt that was given back has been one.
	UPDATE voiceagent.campaign_leads m SET status = 'calling', reason = NULL,
		attempts = m.attempts + CASE WHEN v_call.cause = 'not_placed' THEN 1 ELSE 0 END
	WHERE m.tenant_id = v_tenant AND m.campaign_id = v_call.campaign_id AND m.lead_id = v_call.lead_id;
	IF v_requeued OR v_call.cause = 'not_placed' THEN
		UPDATE voiceagent.leads l SET status = 'contacted',
			call_attempts = l.call_attempts + CASE WHEN v_call.cause = 'not_placed' THEN 1 ELSE 0 END
		WHERE l.tenant_id = v_tenant AND l.lead_id = v_call.lead_id AND l.status <> 'do_not_call';
	END IF;
	UPDATE voiceagent.calls c SET counts = true, status = 'initiated', outcome = NULL, cause = NULL, cause_class = NULL,
		duration_seconds = NULL, credits = NULL, ended_at = NULL, uncertain = NULL
	WHERE c.tenant_id = v_tenant AND c.call_id = reopen_call.call_id;
	IF proven THEN
		UPDATE voiceagent.attempts a SET state = 'accepted',
			provider_call_id = coalesce(a.provider_call_id, reopen_call.provider_call_id), answered_at = v_now
		WHERE a.tenant_id = v_tenant AND a.call_id = reopen_call.call_id AND a.state IN ('unknown', 'not_placed');
	END IF;
	UPDATE voiceagent.credit_holds h SET state = 'held', ended_at = NULL
	WHERE h.tenant_id = v_tenant AND h.call_id = reopen_call.call_id AND h.state = 'voided';
	UPDATE voiceagent.unresolved_calls u
	SET placed = CASE WHEN proven THEN true END, resolved_at = v_now, resolved_by = 'carrier'
	WHERE u.tenant_id = v_tenant AND u.call_id = reopen_call.call_id;
	PERFORM voiceagent_private.log_event('call_reopened', v_call.campaign_id, v_call.call_id, v_call.lead_id,
		jsonb_build_object('proven', proven, 'was', v_call.cause));
	PERFORM voiceagent_private.poke('lookups');
	RETURN 'reopened';
END
$$;
COMMENT ON FUNCTION voiceagent_private.reopen_call(bigint, text, boolean) IS
	E'Puts a call of the current tenant that was unresolved, or that its carrier had not known, back among the live '
	'ones; the caller has locked its row.\n'
	'proven: accepted under the carrier''s id of it; else to be asked about by that id. It returns reopened '
	'(fund_holds() must follow), or does nothing and returns gone or called; it raises 55P03 when the lead has been '
	'called for a moment only.';

CREATE FUNCTION voiceagent_private.resume_for_call(campaign_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_status text := (SELECT c.status FROM voiceagent.campaigns c
		WHERE c.tenant_id = v_tenant AND c.campaign_id = resume_for_call.campaign_id);
BEGIN
	IF v_status NOT IN ('running', 'completed') THEN
		RETURN;
	END IF;
	-- In the order in which everybody locks. One that runs, too: it may complete at this moment, and
	-- does not see what we bring.
	IF v_status = 'completed' THEN
		PERFORM voiceagent_private.lock_campaign(resume_for_call.campaign_id);
	END IF;
	PERFORM FROM voiceagent_private.lanes l
	WHERE l.tenant_id = v_tenant AND l.campaign_id = resume_for_call.campaign_id ORDER BY l.lane_id FOR NO KEY UPDATE;
	PERFORM FROM voiceagent.campaigns c
	WHERE c.tenant_id = v_tenant AND c.campaign_id = resume_for_call.campaign_id FOR NO KEY UPDATE;
	IF NOT voiceagent_private.run_again(resume_for_call.campaign_id) THEN
		RETURN;
	END IF;
	UPDATE voiceagent_private.lanes l
	SET running = (SELECT t.active FROM voiceagent.tenants t WHERE t.tenant_id = v_tenant)
	WHERE l.tenant_id = v_tenant AND l.campaign_id = resume_for_call.campaign_id;
	PERFORM voiceagent_private.log_event('campaign_resumed', resume_for_call.campaign_id, NULL, NULL,
		'{"reason": "what became of an unresolved call is known"}');
END
$$;
COMMENT ON FUNCTION voiceagent_private.resume_for_call(bigint) IS
	E'Lets a campaign of the current tenant that had completed run again, for a call of it that was unresolved, and '
	'keeps one that runs from completing until the transaction ends.\n'
	'One that was stopped or has expired stays so.';

CREATE FUNCTION voiceagent_private.fund_holds(call_ids bigint[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_available numeric;
	v_minutes numeric[];
	v_bundles bigint[];
	v record;
BEGIN
	IF cardinality(call_ids) = 0 THEN
		RETURN;
	END IF;
	v_available := voiceagent_private.lock_available();
	FOR v IN SELECT h.hold_id, h.call_id, h.amount, h.minutes, h.created_at, c.campaign_id, c.started_at
		FROM voiceagent.credit_holds h JOIN voiceagent.calls c ON c.tenant_id = v_tenant AND c.call_id = h.call_id
		WHERE h.tenant_id = v_tenant AND h.call_id = ANY (call_ids) AND h.state = 'held' ORDER BY h.call_id
	LOOP
		v_minutes := NULL;
		IF v.minutes IS NOT NULL THEN
			v.amount := v.amount + round(v.minutes * voiceagent_private.price_of('call', v.created_at), 6);
			SELECT coalesce(s.amounts[1], v.amount), s.minutes, s.grants INTO v.amount, v_minutes, v_bundles
			FROM voiceagent_private.share_minutes(ARRAY[v.amount], v_available, voiceagent.clock()) s;
		END IF;
		-- Credits that are gone cannot be held; the end of the call is charged as far as credits reach.
		IF v.amount > v_available OR v.minutes IS NOT NULL THEN
			v.amount := least(v.amount, v_available);
			UPDATE voiceagent.credit_holds h SET amount = v.amount, minutes = NULL
			WHERE h.tenant_id = v_tenant AND h.hold_id = v.hold_id;
		END IF;
		IF v_minutes[1] IS NOT NULL THEN
			PERFORM voiceagent_private.hold_minutes(ARRAY[v.call_id], ARRAY[v.hold_id], v_minutes, v_bundles);
		END IF;
		v_available := v_available - v.amount;
		PERFORM voiceagent_private.post(ARRAY[
			voiceagent_private.transfer('hold', 'available', 'held', v.amount, v.hold_id, v.call_id,
				reference => 'reopened')]);
		PERFORM voiceagent_private.record_holds(ARRAY[v.campaign_id], ARRAY[v.amount], v.started_at);
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.fund_holds(bigint[]) IS
	'Sets credits aside for calls of the current tenant that reopen_call() has put back, as far as there are; in the '
	'same transaction, after all other locks.';

-- The calls ended as unresolved, or resolve_call() reported them, or the carrier had not known them. A webhook
-- waits while another campaign is calling the lead. An opt-out holds in any case, and at once.
CREATE FUNCTION voiceagent_private.apply_unresolved_reports(call_ids bigint[],
	events voiceagent_private.matched_event[], OUT reopened bigint[], OUT waiting bigint[], OUT stopped bigint[])
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v record;
	v_way text;
	c_evidence CONSTANT integer := 20;
	-- No call lasts as long; then its lead has been called time and again.
	c_longest CONSTANT interval := interval '1 day';
BEGIN
	reopened := '{}';
	waiting := '{}';
	stopped := '{}';
	-- The carrier knew nothing of it when it was asked, and now it does; whoever is not proved is not
	-- believed against its word.
	INSERT INTO voiceagent.unresolved_calls (tenant_id, call_id, reason, since)
	SELECT v_tenant, c.call_id, 'the carrier spoke of it after it had not known the call', c.ended_at
	FROM unnest(call_ids) AS i(call_id)
	CROSS JOIN LATERAL (SELECT o.call_id, o.ended_at FROM voiceagent.calls o
		WHERE o.tenant_id = v_tenant AND o.call_id = i.call_id AND o.cause = 'not_placed' OFFSET 0) c
	WHERE EXISTS (SELECT FROM unnest(events) m WHERE m.call_id = c.call_id AND (m.event).kind <> 'hint')
	ORDER BY c.call_id
	ON CONFLICT DO NOTHING;
	FOR v IN
		SELECT u.call_id, u.resolved_at, jsonb_array_length(u.evidence) AS known, e.*
		FROM unnest(call_ids) AS i(call_id)
		CROSS JOIN LATERAL (SELECT o.* FROM voiceagent.unresolved_calls o
			WHERE o.tenant_id = v_tenant AND o.call_id = i.call_id OFFSET 0) u
		CROSS JOIN LATERAL (
			SELECT bool_or((m.event).kind <> 'hint') AS proven,
				array_agg(m.webhook_id) FILTER (WHERE (m.event).kind = 'report') AS reports,
				bool_or(voiceagent_private.parse_yes((m.event).structured_data -> 'do_not_call')) AS opted_out,
				(array_agg((m.event).provider_call_id ORDER BY (m.event).kind = 'hint', m.webhook_id)
					FILTER (WHERE (m.event).provider_call_id IS NOT NULL))[1] AS theirs,
				jsonb_agg(jsonb_strip_nulls(jsonb_build_object('at', v_now, 'kind', (m.event).kind,
					'status', (m.event).status, 'cause', (m.event).cause,
					'provider_call_id', (m.event).provider_call_id, 'occurred_at', (m.event).occurred_at,
					'duration_seconds', (m.event).duration_seconds,
					'cost', (m.event).cost, 'cost_currency', (m.event).cost_currency))
						ORDER BY m.webhook_id) FILTER (WHERE h.heard IS NULL) AS said
			FROM unnest(events) m
			LEFT JOIN LATERAL (SELECT true AS heard FROM voiceagent_private.inbox o
				WHERE o.tenant_id = v_tenant AND o.webhook_id = m.webhook_id AND o.heard OFFSET 0) h ON true
			WHERE m.call_id = i.call_id) e
		ORDER BY u.call_id
	LOOP
		UPDATE voiceagent.unresolved_calls u
		SET evidence = (SELECT jsonb_agg(x.value ORDER BY x.ordinality)
			FROM jsonb_array_elements(u.evidence || v.said) WITH ORDINALITY x WHERE x.ordinality <= c_evidence)
		WHERE u.tenant_id = v_tenant AND u.call_id = v.call_id AND v.said IS NOT NULL;
		v_way := 'gone';
		-- A sender that is not proved is heard once: a second time would tell no more.
		IF v.resolved_at IS NULL AND v.theirs IS NOT NULL AND (v.proven OR v.known = 0) THEN
			v_way := voiceagent_private.reopen_call(v.call_id, v.theirs, v.proven);
		END IF;
		IF v_way = 'reopened' THEN
			reopened := reopened || v.call_id;
			CONTINUE;
		ELSIF v_way = 'called' THEN
			waiting := waiting || ARRAY(SELECT i FROM unnest(v.reports) AS i
				CROSS JOIN LATERAL (SELECT o.received_at FROM voiceagent.webhooks o
					WHERE o.tenant_id = v_tenant AND o.webhook_id = i OFFSET 0) w
				WHERE w.received_at > v_now - c_longest ORDER BY i);
		END IF;
		IF v_way = 'gone' AND v.proven THEN
			UPDATE voiceagent.unresolved_calls u SET placed = true, resolved_at = v_now, resolved_by = 'carrier'
			WHERE u.tenant_id = v_tenant AND u.call_id = v.call_id AND u.resolved_at IS NULL
				AND EXISTS (SELECT FROM voiceagent.calls c
					WHERE c.tenant_id = v_tenant AND c.call_id = v.call_id AND c.cause = 'not_placed');
		END IF;
		-- All of it had been heard before.
		CONTINUE WHEN v.said IS NULL;
		IF v.known < c_evidence THEN
			PERFORM voiceagent_private.log_event('call_evidence', NULL, v.call_id, NULL, v.said -> -1);
		END IF;
		IF v.proven AND v.opted_out THEN
			stopped := stopped || v.call_id;
		END IF;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.apply_unresolved_reports(bigint[], voiceagent_private.matched_event[]) IS
	E'Keeps as evidence what carriers say of calls of the current tenant that ended without their word, and reopens '
	'those without a report yet.\n'
	'The caller has locked the rows of the calls. It returns the reopened calls (fund_holds() must follow), '
	'webhooks to come again for a day at most (waiting), and calls with an opt-out (stopped) for conclude_calls().';

CREATE FUNCTION voiceagent_private.apply_accepted(answers voiceagent_private.dial_answer[]) RETURNS bigint[]
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_events voiceagent_private.matched_event[];
BEGIN
	v_events := ARRAY(SELECT ROW(NULL, a.call_id,
		jsonb_populate_record(NULL::voiceagent.call_event, jsonb_build_object('kind', 'status',
				'status', 'initiated', 'provider_call_id', i.provider_call_id, 'occurred_at', v_now)),
				NULL)::voiceagent_private.matched_event
		FROM unnest(answers) i
		CROSS JOIN LATERAL (SELECT o.call_id FROM voiceagent.attempts o
			WHERE o.tenant_id = v_tenant AND o.attempt_id = i.attempt_id AND o.state = 'not_placed' OFFSET 0) a
		WHERE i.kind = 'accepted' AND i.provider_call_id IS NOT NULL ORDER BY a.call_id);
	IF cardinality(v_events) = 0 THEN
		RETURN '{}';
	END IF;
	-- We have calls locked already: whoever changes the tenant's leads is not waited for, the answer comes again.
	PERFORM voiceagent_private.fail_if(NOT voiceagent_private.try_lock_tenant(), 'lock_not_available',
		'another transaction changes many of the tenant''s leads');
	RETURN (SELECT h.reopened
		FROM voiceagent_private.apply_unresolved_reports(ARRAY(SELECT e.call_id FROM unnest(v_events) e), v_events) h);
END
$$;
COMMENT ON FUNCTION voiceagent_private.apply_accepted(voiceagent_private.dial_answer[]) IS
	E'Hears, of answers to dials of the current tenant whose calls the caller has locked, those that took a call '
	'which had been decided not to be placed: as apply_unresolved_reports(), whose reopened calls it returns.\n'
	'55P03 when the tenant''s leads are being changed, or one of them has been called a moment ago: the '
	'answers are to come again.';
