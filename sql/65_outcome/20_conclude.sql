/*
 * 65_outcome: the consequences of calls that have just reached a terminal
 * state, all in the commit that ended them: charge, opt-out, appointment,
 * qualification, retry, and the slot freed.
 */

CREATE FUNCTION voiceagent_private.settle_calls(call_ids bigint[]) RETURNS void
	LANGUAGE c VOLATILE STRICT AS 'MODULE_PATHNAME', 'va_sql_settle_calls';
COMMENT ON FUNCTION voiceagent_private.settle_calls(bigint[]) IS
	'Settles the holds of ended calls of the current tenant by the second of their duration, and '
	'notes what was charged.';

CREATE FUNCTION voiceagent_private.opt_out(call_ids bigint[]) RETURNS bigint[]
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_leads bigint[];
	v_calls bigint[];
	v_campaigns bigint[];
	v_callees bigint[];
	v_phones text[];
BEGIN
	SELECT array_agg(DISTINCT c.lead_id), array_agg(c.call_id ORDER BY c.call_id),
		array_agg(c.campaign_id ORDER BY c.call_id), array_agg(c.lead_id ORDER BY c.call_id),
			array_agg(c.phone::text ORDER BY c.call_id)
	INTO v_leads, v_calls, v_campaigns, v_callees, v_phones
	FROM unnest(call_ids) AS i(call_id)
	CROSS JOIN LATERAL (SELECT o.call_id, o.campaign_id, o.lead_id, o.phone FROM voiceagent.calls o
		WHERE o.tenant_id = v_tenant AND o.call_id = i.call_id OFFSET 0) c;
	IF v_leads IS NULL THEN
		RETURN '{}';
	END IF;
	-- The person is not to be reached at another number instead. A further lead with one of them is judged
	-- by the list at its dial.
	PERFORM voiceagent_private.list_refusals(array_agg(p.phone), 'asked in a call not to be called again', 'call',
		v_now, array_agg(c.call_id), v_leads)
	FROM unnest(v_callees, v_phones, v_calls) AS c(lead_id, phone, call_id)
	CROSS JOIN LATERAL unnest(voiceagent_private.phones_of_lead(c.lead_id) || c.phone) AS p(phone);
	INSERT INTO voiceagent.events (tenant_id, month_slot, at, event_type, campaign_id, call_id, lead_id)
	SELECT v_tenant, voiceagent_private.month_slot(v_now), v_now, 'lead_opted_out', c.campaign_id, c.call_id, c.lead_id
	FROM unnest(v_campaigns, v_calls, v_callees, v_phones) AS c(campaign_id, call_id, lead_id, phone)
	-- A call whose report had to wait reported it before. By the key of each, however long the list is.
	WHERE (SELECT d.call_id = c.call_id AND d.created_at < v_now FROM voiceagent.do_not_call_list d
		WHERE d.tenant_id = v_tenant AND d.phone = c.phone) IS NOT TRUE;
	PERFORM voiceagent_private.brake_on_opt_outs();
	RETURN voiceagent_private.withdraw_leads(v_leads, 'asked in a call not to be called again');
END
$$;
COMMENT ON FUNCTION voiceagent_private.opt_out(bigint[]) IS
	E'For calls in which the person opted out, each named once: puts all numbers of the lead, and the one that '
	'was dialled, on the tenant''s do-not-call list, revokes consents and takes the lead out of every queue of '
	'the tenant.\n'
	'Returns the campaigns that had it waiting: the caller completes, last, those that have no lead left.';

-- A withheld number without a lead leaves nothing to list.
CREATE FUNCTION voiceagent_private.opt_out_callers(call_ids bigint[]) RETURNS bigint[]
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_leads bigint[];
	v_phones text[];
	v_calls bigint[];
	v_asked bigint[] := ARRAY(SELECT c.call_id FROM voiceagent.calls c
		WHERE c.tenant_id = voiceagent.current_tenant() AND c.call_id = ANY (opt_out_callers.call_ids)
			AND voiceagent_private.parse_yes(c.structured_data -> 'do_not_call'));
	c_reason CONSTANT text := 'asked in a call to us not to be called again';
BEGIN
	SELECT array_agg(x.phone ORDER BY x.phone), array_agg(x.call_id ORDER BY x.phone) INTO v_phones, v_calls
	FROM (SELECT p.phone, min(c.call_id) AS call_id
		FROM voiceagent.calls c
		JOIN voiceagent.call_inbound i ON i.tenant_id = v_tenant AND i.call_id = c.call_id
		-- As of a call that we made: who is known is not to be reached at another number instead.
		CROSS JOIN LATERAL unnest(voiceagent_private.phones_of_lead(c.lead_id) || i.from_number) AS p(phone)
		WHERE c.tenant_id = v_tenant AND c.call_id = ANY (v_asked)
			AND voiceagent_private.is_e164(p.phone)
		GROUP BY p.phone) x;
	IF v_phones IS NULL THEN
		RETURN '{}';
	END IF;
	v_leads := ARRAY(SELECT DISTINCT c.lead_id FROM voiceagent.calls c
		WHERE c.tenant_id = v_tenant AND c.call_id = ANY (v_asked) AND c.lead_id IS NOT NULL);
	PERFORM voiceagent_private.list_refusals(v_phones, c_reason, 'call', v_now, v_calls, v_leads);
	INSERT INTO voiceagent.events (tenant_id, month_slot, at, event_type, call_id, lead_id, event_data)
	SELECT v_tenant, voiceagent_private.month_slot(v_now), v_now, 'lead_opted_out', c.call_id, c.lead_id,
		jsonb_build_object('phone', i.from_number, 'reason', c_reason, 'source', 'call')
	FROM voiceagent.calls c
	JOIN voiceagent.call_inbound i ON i.tenant_id = v_tenant AND i.call_id = c.call_id
	WHERE c.tenant_id = v_tenant AND c.call_id = ANY (v_asked) ORDER BY c.call_id;
	-- Also those of several leads with one number that have no other; the rest of them is judged
	-- by the list at the dial.
	RETURN voiceagent_private.withdraw_leads((voiceagent_private.listed_leads(v_phones)).withdrawn, c_reason);
END
$$;
COMMENT ON FUNCTION voiceagent_private.opt_out_callers(bigint[]) IS
	E'For incoming calls in which the caller asked not to be called again: lists the numbers, revokes consents and '
	'takes the leads out of queues.\n'
	'The number, and all numbers of a known lead, go on the tenant''s do-not-call list; leads without another number '
	'leave every queue. It returns the campaigns that had such leads waiting: the caller completes, last, those with '
	'no lead left.';

CREATE FUNCTION voiceagent_private.decide_retries(call_ids bigint[], told text DEFAULT NULL, OUT campaign_ids bigint[],
	OUT finished integer)
	LANGUAGE plpgsql VOLATILE
	SET planner.policy = row_by_row AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_reached boolean;
	v_leads bigint[];
	v_outcomes text[];
	v_qualified boolean[];
	v voiceagent_private.lead_decision;
BEGIN
	finished := 0;
	SELECT coalesce(array_agg(DISTINCT c.campaign_id), '{}'),
		bool_and(voiceagent_private.reached_with_result(coalesce(told, c.outcome::text)) AND c.uncertain IS NULL),
		array_agg(c.lead_id) FILTER (WHERE c.calling), array_agg(c.outcome::text) FILTER (WHERE c.calling),
		array_agg(voiceagent_private.parse_qualified(c.structured_data, c.outcome)) FILTER (WHERE c.calling)
	INTO campaign_ids, v_reached, v_leads, v_outcomes, v_qualified
	FROM (SELECT l.*, EXISTS (SELECT FROM voiceagent.campaign_leads m WHERE m.tenant_id = v_tenant
			AND m.campaign_id = l.campaign_id AND m.lead_id = l.lead_id AND m.status = 'calling' OFFSET 0) AS calling
		FROM unnest(call_ids) AS i(call_id)
		CROSS JOIN LATERAL (SELECT o.campaign_id, o.lead_id, o.outcome, o.uncertain, o.structured_data
			FROM voiceagent.calls o WHERE o.tenant_id = v_tenant AND o.call_id = i.call_id OFFSET 0) l
		ORDER BY l.lead_id) c;
	PERFORM voiceagent_private.lock_follow_ups(campaign_ids);
	-- No rule, number or clock has a say where all were reached with a result. One or the other way for all, so that
	-- leads are locked campaign by campaign.
	IF v_reached AND cardinality(campaign_ids) < 2 THEN
		finished := coalesce(cardinality(v_leads), 0);
		PERFORM voiceagent_private.finish_leads(campaign_ids[1], v_leads, 'completed', v_outcomes, NULL, v_qualified)
		WHERE finished > 0;
		RETURN;
	END IF;
	FOR v IN SELECT * FROM voiceagent_private.decide_leads(call_ids, campaign_ids, told)
		WHERE v_reached IS NOT NULL
	LOOP
		IF v.decision IN ('again', 'again_uncounted') THEN
			WITH ended AS MATERIALIZED (
				SELECT r.outcome, m.lead_row FROM unnest(v.lead_ids, v.outcomes) AS r(lead_id, outcome)
				CROSS JOIN LATERAL (SELECT o.ctid AS lead_row FROM voiceagent.campaign_leads o
					WHERE o.tenant_id = v_tenant AND o.campaign_id = v.campaign_id AND o.lead_id = r.lead_id
					OFFSET 0 FOR NO KEY UPDATE) m
			)
			UPDATE voiceagent.campaign_leads m SET last_outcome = e.outcome
			FROM (SELECT * FROM ended LIMIT cardinality(v.lead_ids)) e
			WHERE m.tenant_id = v_tenant AND m.ctid = e.lead_row;
			PERFORM voiceagent_private.requeue(v.campaign_id, v.lead_ids, v.not_before, v.priorities, v.outcomes,
				v.decision = 'again', v.numbers);
		ELSE
			PERFORM voiceagent_private.finish_leads(v.campaign_id, v.lead_ids, v.decision, v.outcomes, v.reasons,
				v.qualified);
			finished := finished + cardinality(v.lead_ids);
		END IF;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.decide_retries(bigint[], text) IS
	'Carries out decide_leads() for calls that have just ended, or (told) are reported late, and returns their '
	'campaigns, and how many leads are closed (and told whether they qualify); the caller then settles, and last '
	'completes those campaigns that have no lead left.';

CREATE FUNCTION voiceagent_private.close_leads(campaign_id bigint, lead_ids bigint[], status text, outcomes text[],
	reasons text[], qualified boolean[]) RETURNS void
	LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'va_sql_close_leads';
COMMENT ON FUNCTION voiceagent_private.close_leads(bigint, bigint[], text, text[], text[], boolean[]) IS
	E'Writes the rows of finish_leads(): of the campaign''s leads, the leads, and lead_order.\n'
	'reasons, qualified: NULL: none.';

CREATE FUNCTION voiceagent_private.finish_leads(campaign_id bigint, lead_ids bigint[], status text, outcomes text[],
		reasons text[], qualified boolean[])
	RETURNS void LANGUAGE plpgsql VOLATILE
	SET planner.policy = row_by_row AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
BEGIN
	PERFORM voiceagent_private.close_leads(campaign_id, lead_ids, status, outcomes, reasons, qualified);
	IF status = 'failed' THEN
		INSERT INTO voiceagent.events (tenant_id, month_slot, at, event_type, campaign_id, lead_id, event_data)
		SELECT v_tenant, voiceagent_private.month_slot(v_now), v_now, 'lead_failed', finish_leads.campaign_id,
			r.lead_id, jsonb_build_object('reason', r.reason)
		FROM unnest(lead_ids, reasons) AS r(lead_id, reason);
	END IF;
	PERFORM voiceagent_private.follow_up(campaign_id, lead_ids);
END
$$;
COMMENT ON FUNCTION voiceagent_private.finish_leads(bigint, bigint[], text, text[], text[], boolean[]) IS
	'Closes leads of a campaign (completed, failed or skipped), with the last outcome and the reason of each, and '
	'what the call said of its qualification (NULL: nothing).';

CREATE FUNCTION voiceagent_private.qualify_leads(call_ids bigint[]) RETURNS void
	LANGUAGE plpgsql VOLATILE
	SET planner.policy = row_by_row AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	WITH said AS MATERIALIZED (
		SELECT q.qualified, l.lead_row
		FROM (SELECT DISTINCT ON (c.lead_id) c.lead_id, c.qualified
			FROM unnest(call_ids) AS i(call_id)
			CROSS JOIN LATERAL (SELECT o.call_id, o.lead_id,
				voiceagent_private.parse_qualified(o.structured_data, o.outcome) AS qualified
				FROM voiceagent.calls o WHERE o.tenant_id = v_tenant AND o.call_id = i.call_id OFFSET 0) c
			WHERE c.qualified IS NOT NULL
			ORDER BY c.lead_id, c.call_id DESC) q
		CROSS JOIN LATERAL (SELECT o.ctid AS lead_row FROM voiceagent.leads o
			WHERE o.tenant_id = v_tenant AND o.lead_id = q.lead_id AND o.qualified IS DISTINCT FROM q.qualified
			OFFSET 0 FOR NO KEY UPDATE) l
	)
	UPDATE voiceagent.leads l SET qualified = s.qualified FROM (SELECT * FROM said LIMIT cardinality(call_ids)) s
	WHERE l.tenant_id = v_tenant AND l.ctid = s.lead_row;
END
$$;
COMMENT ON FUNCTION voiceagent_private.qualify_leads(bigint[]) IS
	'Carries what the calls say of qualification (parse_qualified()) over to those of their leads that '
	'finish_leads() has not had already.';

CREATE FUNCTION voiceagent_private.assume_messages(call_ids bigint[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	-- A carrier that holds the conversation leaves the message as well, and does not say so. Fenced: the calls are
	-- found before treat_machine() is asked, which reads four tables.
	WITH left_messages AS MATERIALIZED (
		SELECT m.call_row
		FROM unnest(call_ids) AS i(call_id)
		CROSS JOIN LATERAL (SELECT o.ctid AS call_row, o.provider_account_id, o.machine, o AS call
			FROM voiceagent.calls o
			WHERE o.tenant_id = v_tenant AND o.call_id = i.call_id OFFSET 0 FOR NO KEY UPDATE) m
		CROSS JOIN LATERAL (SELECT voiceagent_private.answers_by(o.provider) AS answers_by
			FROM voiceagent.provider_accounts o
			WHERE o.tenant_id = v_tenant AND o.provider_account_id = m.provider_account_id OFFSET 0) a
		WHERE a.answers_by = 'conversation' AND voiceagent_private.treat_machine(m.call, m.machine) = 'message'
	)
	UPDATE voiceagent.calls c SET message_left_at = c.ended_at
	FROM (SELECT * FROM left_messages LIMIT cardinality(call_ids)) m
	WHERE c.tenant_id = v_tenant AND c.ctid = m.call_row;
END
$$;
COMMENT ON FUNCTION voiceagent_private.assume_messages(bigint[]) IS
	'Takes it that of these calls, which have reached a voicemail, those left their message that were to and whose '
	'carrier does so itself.';

CREATE FUNCTION voiceagent_private.conclude_calls(call_ids bigint[], reopened bigint[] DEFAULT '{}',
	told_late bigint[] DEFAULT '{}', callers bigint[] DEFAULT '{}', stopped bigint[] DEFAULT '{}',
	doubted bigint[] DEFAULT '{}') RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_campaigns bigint[];
	v_tripping bigint[];
	v_failures boolean;
	v_abandoned boolean;
	v_abandoning bigint[];
	v_limited boolean;
	v_judged record;
	v_opted_out bigint[];
	v_booked bigint[];
	v_qualified bigint[];
	v_voicemails bigint[];
	v_costless bigint[];
	v_cut bigint[];
	v record;
BEGIN
	-- One look says which of the consequences there are; most calls have few.
	SELECT bool_or(c.outcome = 'failed'), bool_or(c.abandoned), bool_or(voiceagent_private.names_limit(c.cause)),
		array_agg(c.call_id) FILTER (WHERE c.outcome = 'do_not_call'),
		array_agg(c.call_id) FILTER (WHERE c.outcome = 'scheduled' OR c.uncertain = 'acted'),
		array_agg(c.call_id) FILTER (WHERE c.structured_data ? 'qualified'),
		array_agg(c.call_id) FILTER (WHERE c.machine = 'voicemail' AND c.message_left_at IS NULL),
		array_agg(c.call_id) FILTER (WHERE c.cost_source = 'unknown' AND c.duration_seconds > 0),
		array_agg(c.call_id) FILTER (WHERE c.cause_class = 'assistant')
	INTO v_failures, v_abandoned, v_limited, v_opted_out, v_booked, v_qualified, v_voicemails, v_costless, v_cut
	FROM (SELECT l.* FROM unnest(call_ids) AS i(call_id)
		CROSS JOIN LATERAL (SELECT o.call_id, o.outcome, o.cause, o.cause_class, o.structured_data, o.machine,
				o.abandoned, o.message_left_at, o.cost_source, o.duration_seconds, o.uncertain FROM voiceagent.calls o
			WHERE o.tenant_id = v_tenant AND o.call_id = i.call_id OFFSET 0) l
		ORDER BY l.call_id) c;
	IF v_voicemails IS NOT NULL THEN
		PERFORM voiceagent_private.assume_messages(v_voicemails);
	END IF;
	IF v_costless IS NOT NULL THEN
		PERFORM voiceagent_private.rate_calls(v_costless);
	END IF;
	-- In the order in which everybody locks: pacing and lanes, queue and leads, campaigns, the ledger last.
	IF v_failures OR v_limited THEN
		SELECT j.* INTO v_judged FROM voiceagent_private.update_account_breakers(call_ids) j;
	END IF;
	IF v_failures THEN
		v_tripping := voiceagent_private.brake_campaigns(call_ids);
	END IF;
	IF v_abandoned THEN
		v_abandoning := voiceagent_private.abandoning(call_ids);
	END IF;
	v := voiceagent_private.decide_retries(call_ids);
	v_campaigns := v.campaign_ids;
	IF v_opted_out IS NOT NULL OR cardinality(stopped) > 0 THEN
		-- A person that pressed the key may have hung up in the same moment.
		v_campaigns := v_campaigns
			|| voiceagent_private.opt_out(ARRAY(SELECT DISTINCT i FROM unnest(v_opted_out || stopped) i ORDER BY i));
	END IF;
	IF cardinality(callers) > 0 THEN
		v_campaigns := v_campaigns || voiceagent_private.opt_out_callers(callers);
	END IF;
	IF v_qualified IS NOT NULL AND v.finished < cardinality(call_ids) THEN
		PERFORM voiceagent_private.qualify_leads(v_qualified);
	END IF;
	IF v_booked IS NOT NULL THEN
		PERFORM voiceagent_private.detect_appointments(v_booked);
	END IF;
	IF cardinality(told_late) > 0 THEN
		v_campaigns := v_campaigns || voiceagent_private.conclude_late(told_late);
	END IF;
	-- Behind what lists, which goes before a hold.
	IF cardinality(callers || doubted) > 0 THEN
		PERFORM voiceagent_private.hold_calls(callers || doubted);
	END IF;
	PERFORM voiceagent_private.end_calls(call_ids);
	IF v_failures THEN
		PERFORM voiceagent_private.update_campaign_reasons(v_judged.accounts, v_judged.verdicts, v_judged.errors);
	END IF;
	IF v_cut IS NOT NULL THEN
		FOR v IN
			SELECT c.campaign_id, min(c.cause) AS cause FROM unnest(v_cut) AS i(call_id)
			CROSS JOIN LATERAL (SELECT o.campaign_id, o.cause FROM voiceagent.calls o
				WHERE o.tenant_id = v_tenant AND o.call_id = i.call_id OFFSET 0) c
			GROUP BY c.campaign_id ORDER BY c.campaign_id
		LOOP
			PERFORM voiceagent_private.suspend_campaign(v.campaign_id,
				voiceagent_private.why('rests.hold', v.cause));
		END LOOP;
	END IF;
	PERFORM voiceagent_private.complete_campaigns(v_campaigns);
	IF cardinality(v_tripping) > 0 THEN
		PERFORM voiceagent_private.trip_campaigns(v_tripping);
	END IF;
	IF cardinality(v_abandoning) > 0 THEN
		PERFORM voiceagent_private.rest_abandoning(v_abandoning);
	END IF;
	IF cardinality(reopened) > 0 THEN
		PERFORM voiceagent_private.fund_holds(ARRAY(SELECT i FROM unnest(reopened) i WHERE i = ANY (call_ids)));
	END IF;
	PERFORM voiceagent_private.settle_calls(call_ids);
	IF cardinality(told_late) > 0 THEN
		PERFORM voiceagent_private.return_charges(told_late);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.conclude_calls(bigint[], bigint[], bigint[], bigint[], bigint[], bigint[]) IS
	E'Everything that follows from the end of calls of the current tenant, in the caller''s transaction.\n'
	'reopened: calls with reopened holds of credits, paid for first; told_late: calls that ended before, with more '
	'words known now; callers: incoming calls with an opt-out, sure or not; stopped: calls of ours with one, live or '
	'ended; doubted: calls with one in doubt (hold_calls()).';
