/*
 * 65_outcome: the consequences of calls that have just reached a terminal
 * state, all in the commit that ended them: charge, opt-out, appointment,
 * qualification, retry, and the slot freed.
 */

CREATE FUNCTION voiceagent_private.settle_calls(call_ids bigint[]) RETURNS void
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_calls bigint[];
	v_costs numeric[];
BEGIN
	-- A call that nobody answered lasted 0 seconds and costs nothing.
	SELECT array_agg(c.call_id ORDER BY c.call_id),
		array_agg(voiceagent_private.call_cost(coalesce(c.duration_seconds, 0), c.started_at) ORDER BY c.call_id)
	INTO v_calls, v_costs
	FROM voiceagent.calls c
	WHERE c.tenant_id = v_tenant AND c.call_id = ANY (call_ids) AND c.credits IS NULL;
	IF v_calls IS NULL THEN
		RETURN;
	END IF;
	PERFORM voiceagent_private.settle_holds(v_calls, v_costs);
	UPDATE voiceagent.calls c
	SET credits = coalesce(h.charged, 0)
	FROM voiceagent.credit_holds h
	WHERE c.tenant_id = v_tenant AND c.call_id = ANY (v_calls)
		AND h.tenant_id = v_tenant AND h.call_id = c.call_id;
END
$$;
COMMENT ON FUNCTION voiceagent_private.settle_calls(bigint[]) IS
	'Settles the holds of ended calls of the current tenant by the second of their duration, and notes what was charged.';

CREATE FUNCTION voiceagent_private.opt_out(call_ids bigint[]) RETURNS void
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_leads bigint[];
BEGIN
	SELECT array_agg(DISTINCT c.lead_id) INTO v_leads FROM voiceagent.calls c
	WHERE c.tenant_id = v_tenant AND c.call_id = ANY (call_ids) AND c.outcome = 'do_not_call';
	IF v_leads IS NULL THEN
		RETURN;
	END IF;
	INSERT INTO voiceagent.do_not_call_list (tenant_id, phone, reason, source, call_id, created_at)
	SELECT DISTINCT ON (c.phone) v_tenant, c.phone, 'asked in a call not to be called again', 'call', c.call_id, v_now
	FROM voiceagent.calls c
	WHERE c.tenant_id = v_tenant AND c.call_id = ANY (call_ids) AND c.outcome = 'do_not_call'
	ON CONFLICT DO NOTHING;
	UPDATE voiceagent.consents n SET revoked_at = v_now
	WHERE n.tenant_id = v_tenant AND n.lead_id = ANY (v_leads) AND n.revoked_at IS NULL;
	PERFORM voiceagent_private.withdraw_leads(v_leads, 'asked in a call not to be called again');
	INSERT INTO voiceagent.events (tenant_id, month_slot, at, event_type, campaign_id, call_id, lead_id)
	SELECT v_tenant, voiceagent_private.month_slot(v_now), v_now, 'lead_opted_out', c.campaign_id, c.call_id, c.lead_id
	FROM voiceagent.calls c
	WHERE c.tenant_id = v_tenant AND c.call_id = ANY (call_ids) AND c.outcome = 'do_not_call';
END
$$;
COMMENT ON FUNCTION voiceagent_private.opt_out(bigint[]) IS
	'For those of the calls in which the person opted out: lists the number, revokes consents and takes the lead out of every queue of the tenant.';

CREATE FUNCTION voiceagent_private.callback_time(structured_data jsonb, timezone text, at timestamptz)
	RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS $$
	SELECT voiceagent_private.resolve_time(
		coalesce(structured_data #>> '{callback,date}', ''), coalesce(structured_data #>> '{callback,time}', ''),
		coalesce(structured_data #>> '{callback,phrase}', ''), timezone, at)
$$;
COMMENT ON FUNCTION voiceagent_private.callback_time(jsonb, text, timestamptz) IS
	'When the person asked to be called again, read in the given IANA zone from the call''s end; NULL when they did not say.';

/*
 * What becomes of a lead after a call.  One cap for all reasons
 * (retry_attempts after the first dial); what was never dialled through a
 * fault of ours or the account's is not counted.
 */
CREATE FUNCTION voiceagent_private.decide_retries(call_ids bigint[]) RETURNS void
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v record;
BEGIN
	FOR v IN
		WITH ended AS (
			SELECT c.call_id, c.campaign_id, c.lead_id, c.outcome, c.cause, c.cause_class, c.structured_data, c.ended_at,
				m.attempts, k.retry_attempts, k.retry_delay, k.retry_delay_busy, k.retry_delay_no_answer,
				voiceagent_private.as_interval(k.settings ->> 'callback_delay') AS callback_delay, l.priority,
				a.provider, coalesce(l.timezones[1], t.timezone) AS timezone
			FROM voiceagent.calls c
			JOIN voiceagent.campaigns g ON g.tenant_id = v_tenant AND g.campaign_id = c.campaign_id
			JOIN voiceagent.campaign_versions k
				ON k.tenant_id = v_tenant AND k.campaign_id = c.campaign_id AND k.version = g.version
			JOIN voiceagent.campaign_leads m
				ON m.tenant_id = v_tenant AND m.campaign_id = c.campaign_id AND m.lead_id = c.lead_id
			JOIN voiceagent.leads l ON l.tenant_id = v_tenant AND l.lead_id = c.lead_id
			JOIN voiceagent.provider_accounts a
				ON a.tenant_id = v_tenant AND a.provider_account_id = c.provider_account_id
			JOIN voiceagent.tenants t ON t.tenant_id = v_tenant
			WHERE c.tenant_id = v_tenant AND c.call_id = ANY (call_ids) AND m.status = 'calling'
		), decided AS (
			SELECT e.*,
				CASE
					WHEN e.outcome IN ('scheduled', 'interested', 'not_interested', 'completed') THEN 'completed'
					WHEN e.outcome = 'do_not_call' THEN 'skipped'
					WHEN e.outcome = 'wrong_number' THEN 'failed'
					WHEN e.outcome = 'failed' AND e.cause_class = 'account' THEN 'again_uncounted'
					WHEN e.attempts > e.retry_attempts THEN 'failed'
					ELSE 'again'
				END AS decision,
				CASE e.outcome
					WHEN 'callback' THEN coalesce(
						voiceagent_private.scaled_wait(
							voiceagent_private.callback_time(e.structured_data, e.timezone, e.ended_at) - e.ended_at, e.provider),
						e.callback_delay)
					WHEN 'busy' THEN e.retry_delay_busy
					WHEN 'no_answer' THEN e.retry_delay_no_answer
					WHEN 'voicemail' THEN e.retry_delay_no_answer
					ELSE e.retry_delay
				END AS wait
			FROM ended e
		)
		SELECT d.campaign_id, d.decision,
			array_agg(d.lead_id ORDER BY d.lead_id) AS lead_ids,
			array_agg(v_now + greatest(d.wait, interval '0') ORDER BY d.lead_id) AS not_before,
			array_agg((CASE WHEN d.outcome = 'callback' THEN 0 ELSE d.priority END)::smallint ORDER BY d.lead_id) AS priorities,
			array_agg(d.outcome::text ORDER BY d.lead_id) AS outcomes,
			array_agg(CASE d.outcome WHEN 'do_not_call' THEN 'do_not_call'
				WHEN 'wrong_number' THEN coalesce(d.cause, 'wrong number')
				ELSE format('%s after %s %s', d.outcome, d.attempts,
					CASE d.attempts WHEN 1 THEN 'attempt' ELSE 'attempts' END) END ORDER BY d.lead_id) AS reasons,
			min(d.cause) AS cause
		FROM decided d GROUP BY d.campaign_id, d.decision ORDER BY d.campaign_id, d.decision
	LOOP
		UPDATE voiceagent.campaign_leads m SET last_outcome = o.outcome
		FROM unnest(v.lead_ids, v.outcomes) AS o(lead_id, outcome)
		WHERE m.tenant_id = v_tenant AND m.campaign_id = v.campaign_id AND m.lead_id = o.lead_id;
		IF v.decision IN ('again', 'again_uncounted') THEN
			PERFORM voiceagent_private.requeue(v.campaign_id, v.lead_ids, v.not_before, v.priorities, v.outcomes,
				v.decision = 'again');
			IF v.decision = 'again_uncounted' THEN
				PERFORM voiceagent_private.suspend_campaign(v.campaign_id,
					format('the carrier account cannot dial: %s', v.cause));
			END IF;
		ELSE
			PERFORM voiceagent_private.finish_leads(v.campaign_id, v.lead_ids, v.decision, v.reasons);
		END IF;
		PERFORM voiceagent_private.complete_campaign(v.campaign_id);
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.decide_retries(bigint[]) IS
	'For calls that have just ended: queues the lead again with the delay of its outcome (a promised callback first in line), or closes it with the reason, and completes campaigns that have nobody left.';

CREATE FUNCTION voiceagent_private.finish_leads(campaign_id bigint, lead_ids bigint[], status text, reasons text[])
	RETURNS void LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_column
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
BEGIN
	UPDATE voiceagent.campaign_leads m
	SET status = finish_leads.status, reason = CASE finish_leads.status WHEN 'completed' THEN NULL ELSE r.reason END
	FROM unnest(lead_ids, reasons) AS r(lead_id, reason)
	WHERE m.tenant_id = v_tenant AND m.campaign_id = finish_leads.campaign_id AND m.lead_id = r.lead_id;
	UPDATE voiceagent.leads l
	SET status = CASE finish_leads.status WHEN 'completed' THEN 'completed' WHEN 'failed' THEN 'failed' ELSE l.status END,
		status_reason = CASE finish_leads.status WHEN 'completed' THEN NULL ELSE r.reason END
	FROM unnest(lead_ids, reasons) AS r(lead_id, reason)
	WHERE l.tenant_id = v_tenant AND l.lead_id = r.lead_id AND l.status <> 'do_not_call';
	INSERT INTO voiceagent.events (tenant_id, month_slot, at, event_type, campaign_id, lead_id, event_data)
	SELECT v_tenant, voiceagent_private.month_slot(v_now), v_now, 'lead_failed', finish_leads.campaign_id, r.lead_id,
		jsonb_build_object('reason', r.reason)
	FROM unnest(lead_ids, reasons) AS r(lead_id, reason) WHERE finish_leads.status = 'failed';
END
$$;
COMMENT ON FUNCTION voiceagent_private.finish_leads(bigint, bigint[], text, text[]) IS
	'Closes leads of a campaign (completed, failed or skipped, with the reason of each).';

CREATE FUNCTION voiceagent_private.qualify_leads(call_ids bigint[]) RETURNS void
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	UPDATE voiceagent.leads l SET qualified = q.qualified
	FROM (SELECT DISTINCT ON (c.lead_id) c.lead_id, voiceagent_private.said_yes(c.structured_data -> 'qualified') AS qualified
		  FROM voiceagent.calls c
		  WHERE c.tenant_id = v_tenant AND c.call_id = ANY (call_ids) AND c.structured_data ? 'qualified'
		  ORDER BY c.lead_id, c.call_id DESC) AS q
	WHERE l.tenant_id = v_tenant AND l.lead_id = q.lead_id AND l.qualified IS DISTINCT FROM q.qualified;
END
$$;
COMMENT ON FUNCTION voiceagent_private.qualify_leads(bigint[]) IS 'Carries the qualified flag of the calls'' data over to their leads.';

CREATE FUNCTION voiceagent_private.conclude_calls(call_ids bigint[]) RETURNS void
	LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	PERFORM voiceagent_private.opt_out(call_ids);
	PERFORM voiceagent_private.detect_appointments(call_ids);
	PERFORM voiceagent_private.qualify_leads(call_ids);
	PERFORM voiceagent_private.end_calls(call_ids);
	PERFORM voiceagent_private.decide_retries(call_ids);
	-- Last: a claim holds queue rows and campaigns when it comes to the ledger.
	PERFORM voiceagent_private.settle_calls(call_ids);
END
$$;
COMMENT ON FUNCTION voiceagent_private.conclude_calls(bigint[]) IS
	'Everything that follows from the end of calls of the current tenant, in the caller''s transaction.';
