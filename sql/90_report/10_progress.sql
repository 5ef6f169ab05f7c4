-- 90_report: what is going on. Everything is counted from the rows at the moment of asking; no counter can drift.

CREATE VIEW voiceagent.campaign_progress WITH (security_invoker = on) AS
SELECT c.tenant_id, c.campaign_id, c.name, c.type, c.status, c.status_reason,
	n.total_leads, n.waiting_leads, n.calling_leads, n.completed_leads, n.failed_leads, n.skipped_leads, n.expired_leads,
	n.leads_called,
	round(100.0 * (n.completed_leads + n.failed_leads + n.skipped_leads + n.expired_leads) / nullif(n.total_leads, 0), 1) AS percent_done,
	k.calls, k.answered_calls, k.live_calls, k.appointments_agreed, k.interested, k.callbacks, k.opted_out,
	k.human_answers, k.machine_answers, k.unclear_answers, k.talk_seconds, k.credits_spent, k.machine_credits, k.unclear_credits,
	k.costs, k.calls_without_cost, k.last_call_at,
	c.created_at, c.started_at, c.ended_at
FROM voiceagent.campaigns c
CROSS JOIN LATERAL (
	SELECT count(*) AS total_leads,
		count(*) FILTER (WHERE m.status IN ('pending', 'queued', 'retry')) AS waiting_leads,
		count(*) FILTER (WHERE m.status = 'calling') AS calling_leads,
		count(*) FILTER (WHERE m.status = 'completed') AS completed_leads,
		count(*) FILTER (WHERE m.status = 'failed') AS failed_leads,
		count(*) FILTER (WHERE m.status = 'skipped') AS skipped_leads,
		count(*) FILTER (WHERE m.status = 'expired') AS expired_leads,
		count(*) FILTER (WHERE m.attempts > 0) AS leads_called
	FROM voiceagent.campaign_leads m
	WHERE m.tenant_id = c.tenant_id AND m.campaign_id = c.campaign_id) AS n
CROSS JOIN LATERAL (
	-- One pass; the sums by currency are never mixed.
	SELECT coalesce(sum(g.calls), 0)::bigint AS calls, coalesce(sum(g.answered_calls), 0)::bigint AS answered_calls,
		coalesce(sum(g.live_calls), 0)::bigint AS live_calls, coalesce(sum(g.appointments_agreed), 0)::bigint AS appointments_agreed,
		coalesce(sum(g.interested), 0)::bigint AS interested, coalesce(sum(g.callbacks), 0)::bigint AS callbacks,
		coalesce(sum(g.opted_out), 0)::bigint AS opted_out, coalesce(sum(g.human_answers), 0)::bigint AS human_answers,
		coalesce(sum(g.machine_answers), 0)::bigint AS machine_answers, coalesce(sum(g.unclear_answers), 0)::bigint AS unclear_answers,
		coalesce(sum(g.talk_seconds), 0) AS talk_seconds, coalesce(sum(g.credits_spent), 0) AS credits_spent,
		coalesce(sum(g.machine_credits), 0) AS machine_credits, coalesce(sum(g.unclear_credits), 0) AS unclear_credits,
		coalesce(jsonb_object_agg(g.currency, g.cost) FILTER (WHERE g.currency IS NOT NULL), '{}') AS costs,
		coalesce(sum(g.without_cost), 0)::bigint AS calls_without_cost, max(g.last_call_at) AS last_call_at
	FROM (
		SELECT d.cost_currency AS currency, count(*) AS calls,
			count(*) FILTER (WHERE d.status = 'completed') AS answered_calls,
			count(*) FILTER (WHERE d.outcome IS NULL) AS live_calls,
			count(*) FILTER (WHERE d.outcome = 'scheduled') AS appointments_agreed,
			count(*) FILTER (WHERE d.outcome = 'interested') AS interested,
			count(*) FILTER (WHERE d.outcome = 'callback') AS callbacks,
			count(*) FILTER (WHERE d.outcome = 'do_not_call') AS opted_out,
			count(*) FILTER (WHERE d.status = 'completed' AND d.machine = 'human') AS human_answers,
			count(*) FILTER (WHERE d.status = 'completed' AND d.machine IN ('voicemail', 'ivr', 'unavailable')) AS machine_answers,
			count(*) FILTER (WHERE d.status = 'completed' AND coalesce(d.machine, 'uncertain') = 'uncertain') AS unclear_answers,
			sum(d.duration_seconds) AS talk_seconds,
			sum(d.credits) AS credits_spent,
			sum(d.credits) FILTER (WHERE d.machine IN ('voicemail', 'ivr', 'unavailable')) AS machine_credits,
			sum(d.credits) FILTER (WHERE coalesce(d.machine, 'uncertain') = 'uncertain') AS unclear_credits,
			sum(d.cost) AS cost,
			count(*) FILTER (WHERE d.status = 'completed' AND d.cost IS NULL) AS without_cost,
			max(d.started_at) AS last_call_at
		FROM voiceagent.calls d
		WHERE d.tenant_id = c.tenant_id AND d.campaign_id = c.campaign_id
		GROUP BY d.cost_currency) AS g) AS k
WHERE c.tenant_id = voiceagent.current_tenant() AND c.type <> 'test';
COMMENT ON VIEW voiceagent.campaign_progress IS 'Each campaign of the tenant, but for test calls, with its leads by state and its calls by result, counted from the rows.';
COMMENT ON COLUMN voiceagent.campaign_progress.waiting_leads IS 'Not called yet, or waiting for another call.';
COMMENT ON COLUMN voiceagent.campaign_progress.leads_called IS 'Leads that were dialled at least once.';
COMMENT ON COLUMN voiceagent.campaign_progress.percent_done IS 'Completed, failed, skipped and expired leads of all leads, in per cent.';
COMMENT ON COLUMN voiceagent.campaign_progress.total_leads IS 'Leads in the campaign.';
COMMENT ON COLUMN voiceagent.campaign_progress.calling_leads IS 'Leads with a live call.';
COMMENT ON COLUMN voiceagent.campaign_progress.completed_leads IS 'Leads that were reached; nothing more to do.';
COMMENT ON COLUMN voiceagent.campaign_progress.failed_leads IS 'Leads given up after the last attempt.';
COMMENT ON COLUMN voiceagent.campaign_progress.skipped_leads IS 'Leads never to be dialled in this campaign.';
COMMENT ON COLUMN voiceagent.campaign_progress.expired_leads IS 'Leads whose time ran out before they were dealt with.';
COMMENT ON COLUMN voiceagent.campaign_progress.calls IS 'Dials so far.';
COMMENT ON COLUMN voiceagent.campaign_progress.answered_calls IS 'Calls that were answered and have ended.';
COMMENT ON COLUMN voiceagent.campaign_progress.live_calls IS 'Calls that have not ended.';
COMMENT ON COLUMN voiceagent.campaign_progress.appointments_agreed IS 'Calls in which an appointment was agreed.';
COMMENT ON COLUMN voiceagent.campaign_progress.interested IS 'Calls whose lead showed interest.';
COMMENT ON COLUMN voiceagent.campaign_progress.callbacks IS 'Calls whose lead asked to be called again.';
COMMENT ON COLUMN voiceagent.campaign_progress.opted_out IS 'Calls whose lead asked never to be called again.';
COMMENT ON COLUMN voiceagent.campaign_progress.credits_spent IS 'Credits charged for its calls.';
COMMENT ON COLUMN voiceagent.campaign_progress.human_answers IS 'Answered calls of which the carrier says that a human answered.';
COMMENT ON COLUMN voiceagent.campaign_progress.machine_answers IS 'Answered calls of which it says that a machine did: voicemail, ivr, unavailable.';
COMMENT ON COLUMN voiceagent.campaign_progress.unclear_answers IS 'Answered calls of which nobody said who answered, or the carrier was not certain.';
COMMENT ON COLUMN voiceagent.campaign_progress.machine_credits IS 'Of credits_spent, what was charged for calls that a machine answered (setting charge_machines).';
COMMENT ON COLUMN voiceagent.campaign_progress.unclear_credits IS 'Of credits_spent, what was charged for calls that a machine may have answered: see machine_detection.';
COMMENT ON COLUMN voiceagent.campaign_progress.costs IS 'What the carriers charge, {"USD": 1.25, ...}: a sum for each currency.';
COMMENT ON COLUMN voiceagent.campaign_progress.calls_without_cost IS 'Answered calls whose price is not known, or not yet.';
COMMENT ON COLUMN voiceagent.campaign_progress.last_call_at IS 'When the latest dial was committed.';
COMMENT ON COLUMN voiceagent.campaign_progress.talk_seconds IS 'Seconds of answered calls.';

-- From the live calls themselves: an index of the calls without an outcome would have to be changed by every call that ends.
CREATE FUNCTION voiceagent.live_call_ids() RETURNS SETOF bigint
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp ROWS 100 AS $$
	SELECT l.call_id FROM voiceagent_private.live_calls l WHERE l.tenant_id = voiceagent.current_tenant()
$$;
COMMENT ON FUNCTION voiceagent.live_call_ids() IS 'The tenant''s calls that are live now; active_calls tells more of them.';

CREATE VIEW voiceagent.active_calls WITH (security_invoker = on) AS
SELECT d.tenant_id, d.call_id, d.campaign_id, d.lead_id, d.phone, l.first_name, l.last_name, d.status,
	d.attempt_number, d.started_at, d.answered_at, voiceagent.clock() - d.started_at AS elapsed
FROM voiceagent.live_call_ids() AS i(call_id)
-- Looked up one by one, whatever the statistics say: a join would read all calls that the tenant ever had.
CROSS JOIN LATERAL (
	SELECT c.* FROM voiceagent.calls c
	WHERE c.tenant_id = voiceagent.current_tenant() AND c.call_id = i.call_id OFFSET 0) AS d
CROSS JOIN LATERAL (
	SELECT p.first_name, p.last_name FROM voiceagent.leads p
	WHERE p.tenant_id = d.tenant_id AND p.lead_id = d.lead_id OFFSET 0) AS l;
COMMENT ON VIEW voiceagent.active_calls IS 'The calls that are live now.';
COMMENT ON COLUMN voiceagent.active_calls.elapsed IS 'Time since the dial.';

CREATE VIEW voiceagent.call_events WITH (security_invoker = on) AS
SELECT e.tenant_id, e.event_id, e.call_id, e.campaign_id, e.lead_id, e.event_type, e.event_data, e.at
FROM voiceagent.events e
WHERE e.tenant_id = voiceagent.current_tenant() AND e.call_id IS NOT NULL;
COMMENT ON VIEW voiceagent.call_events IS 'What happened in each call, from the dial to the settlement.';

CREATE FUNCTION voiceagent.queue_status(campaign_id bigint) RETURNS jsonb
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v voiceagent.campaign_progress;
	v_next timestamptz;
BEGIN
	SELECT p.* INTO v FROM voiceagent.campaign_progress p
	WHERE p.tenant_id = v_tenant AND p.campaign_id = queue_status.campaign_id;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING ERRCODE = 'PT404', MESSAGE = format('campaign %s not found', queue_status.campaign_id);
	END IF;
	-- A lane's row knows when it can dial next; the queue itself need not be read.
	SELECT min(greatest(l.next_due, l.opens_at)) INTO v_next
	FROM voiceagent_private.lanes l
	WHERE l.tenant_id = v_tenant AND l.campaign_id = queue_status.campaign_id AND l.running;
	RETURN jsonb_build_object(
		'status', v.status,
		'statusReason', v.status_reason,
		'totalContacts', v.total_leads,
		'processedContacts', v.completed_leads + v.failed_leads + v.skipped_leads + v.expired_leads,
		'successfulCalls', v.answered_calls,
		'failedCalls', v.calls - v.answered_calls - v.live_calls,
		'waitingContacts', v.waiting_leads,
		'liveCalls', v.live_calls,
		'lastCallTime', v.last_call_at,
		'nextCallTime', CASE WHEN isfinite(v_next) THEN v_next END);
END
$$;
COMMENT ON FUNCTION voiceagent.queue_status(bigint) IS
	'A campaign''s queue as one object: status, statusReason, totalContacts, processedContacts, successfulCalls, failedCalls, waitingContacts, liveCalls, lastCallTime, nextCallTime (NULL: nothing is due by time). PT404 when there is no such campaign.';
