-- 90_report: what is going on. Values that grow with a campaign are kept as they change (05_counters), the rest is
-- read at the moment of asking.

CREATE VIEW voiceagent.campaign_results WITH (security_invoker = on) AS
SELECT c.tenant_id, c.campaign_id, c.name, c.type, c.status,
	CASE c.status WHEN 'running' THEN voiceagent.explain_campaign(c.campaign_id)
		ELSE c.status_reason END AS status_reason,
	n.ended_leads + n.waiting_leads + n.calling_leads AS total_leads, n.waiting_leads, n.calling_leads,
		n.completed_leads, n.failed_leads, n.skipped_leads, n.expired_leads, n.leads_called,
	round(100.0 * n.ended_leads / nullif(n.ended_leads + n.waiting_leads + n.calling_leads, 0), 1) AS percent_done,
	n.calls, n.answered_calls, n.live_calls, n.appointments_agreed, n.interested, n.callbacks, n.opted_out,
	n.human_answers, n.machine_answers, n.unclear_answers, n.talk_seconds, n.credits_spent, n.machine_credits,
		n.unclear_credits, n.costs, n.calls_without_cost, k.last_call_at,
	c.created_at, c.started_at, c.ended_at, c.archived_at
FROM voiceagent.campaigns c
CROSS JOIN LATERAL (
	-- The sums by currency are never mixed.
	SELECT coalesce(sum(g.waiting_leads), 0)::bigint AS waiting_leads,
		coalesce(sum(g.calling_leads), 0)::bigint AS calling_leads, coalesce(sum(g.completed_leads),
			0)::bigint AS completed_leads, coalesce(sum(g.failed_leads), 0)::bigint AS failed_leads,
		coalesce(sum(g.skipped_leads), 0)::bigint AS skipped_leads,
		coalesce(sum(g.expired_leads), 0)::bigint AS expired_leads,
		coalesce(sum(g.completed_leads + g.failed_leads + g.skipped_leads + g.expired_leads), 0)::bigint AS ended_leads,
		coalesce(sum(g.leads_called), 0)::bigint AS leads_called,
		coalesce(sum(g.calls), 0)::bigint AS calls, coalesce(sum(g.answered_calls), 0)::bigint AS answered_calls,
		coalesce(sum(g.live_calls), 0)::bigint AS live_calls,
		coalesce(sum(g.appointments_agreed), 0)::bigint AS appointments_agreed,
		coalesce(sum(g.interested), 0)::bigint AS interested, coalesce(sum(g.callbacks), 0)::bigint AS callbacks,
		coalesce(sum(g.opted_out), 0)::bigint AS opted_out, coalesce(sum(g.human_answers), 0)::bigint AS human_answers,
		coalesce(sum(g.machine_answers), 0)::bigint AS machine_answers,
		coalesce(sum(g.unclear_answers), 0)::bigint AS unclear_answers,
		coalesce(sum(g.talk_seconds), 0) AS talk_seconds, coalesce(sum(g.credits_spent), 0) AS credits_spent,
		coalesce(sum(g.machine_credits), 0) AS machine_credits, coalesce(sum(g.unclear_credits), 0) AS unclear_credits,
		coalesce(jsonb_object_agg(g.currency, g.cost) FILTER (WHERE g.calls_with_cost > 0), '{}') AS costs,
		coalesce(sum(g.calls_without_cost), 0)::bigint AS calls_without_cost
	FROM (
		SELECT t.currency, sum(t.waiting_leads) AS waiting_leads, sum(t.calling_leads) AS calling_leads,
			sum(t.completed_leads) AS completed_leads, sum(t.failed_leads) AS failed_leads,
			sum(t.skipped_leads) AS skipped_leads, sum(t.expired_leads) AS expired_leads,
			sum(t.leads_called) AS leads_called, sum(t.calls) AS calls, sum(t.answered_calls) AS answered_calls,
			sum(t.live_calls) AS live_calls, sum(t.appointments_agreed) AS appointments_agreed,
			sum(t.interested) AS interested, sum(t.callbacks) AS callbacks,
			sum(t.opted_out) AS opted_out, sum(t.human_answers) AS human_answers,
			sum(t.machine_answers) AS machine_answers, sum(t.unclear_answers) AS unclear_answers,
			sum(t.talk_seconds) AS talk_seconds, sum(t.credits_spent) AS credits_spent,
			sum(t.machine_credits) AS machine_credits, sum(t.unclear_credits) AS unclear_credits, sum(t.cost) AS cost,
			sum(t.calls_with_cost) AS calls_with_cost, sum(t.calls_without_cost) AS calls_without_cost
		FROM voiceagent.campaign_counters t
		WHERE t.tenant_id = c.tenant_id AND t.campaign_id = c.campaign_id
		GROUP BY t.currency) AS g) AS n
LEFT JOIN LATERAL (
	-- By the index that has the order: the tenant's latest calls may all be of another campaign.
	SELECT d.started_at AS last_call_at FROM voiceagent.calls d
	WHERE d.tenant_id = c.tenant_id AND d.campaign_id >= c.campaign_id AND d.campaign_id <= c.campaign_id
	ORDER BY d.campaign_id DESC, d.call_id DESC LIMIT 1) AS k ON true
WHERE c.tenant_id = voiceagent.current_tenant() AND c.type <> 'test';
COMMENT ON VIEW voiceagent.campaign_results IS
	'Each campaign of the tenant, archived ones too, but for test calls, with its leads by state '
	'and its calls by result.';

CREATE VIEW voiceagent.campaign_progress WITH (security_invoker = on) AS
SELECT r.tenant_id, r.campaign_id, r.name, r.type, r.status, r.status_reason,
	r.total_leads, r.waiting_leads, r.calling_leads, r.completed_leads, r.failed_leads, r.skipped_leads,
		r.expired_leads, r.leads_called, r.percent_done, r.calls, r.answered_calls, r.live_calls, r.appointments_agreed,
			r.interested, r.callbacks, r.opted_out, r.human_answers, r.machine_answers, r.unclear_answers,
				r.talk_seconds, r.credits_spent, r.machine_credits, r.unclear_credits,
	r.costs, r.calls_without_cost, r.last_call_at, r.created_at, r.started_at, r.ended_at, w.since AS waiting_since
FROM voiceagent.campaign_results r
LEFT JOIN voiceagent.oldest_waiting() w ON w.campaign_id = r.campaign_id
WHERE r.archived_at IS NULL;
COMMENT ON VIEW voiceagent.campaign_progress IS
	'Each campaign of the tenant that is in use, with its leads by state and its calls by result: neither '
	'archived ones nor test calls.';
CREATE VIEW voiceagent.archived_campaigns WITH (security_invoker = on) AS
SELECT r.* FROM voiceagent.campaign_results r WHERE r.archived_at IS NOT NULL;
COMMENT ON VIEW voiceagent.archived_campaigns IS
	'The campaigns that archive_campaign() has put away, with what came of them: see unarchive_campaign().';
COMMENT ON COLUMN voiceagent.campaign_progress.status_reason IS
	'Why it has its status; of a running one, why fewer than half of the calls that it may have are '
	'live (explain_campaign()).';
COMMENT ON COLUMN voiceagent.campaign_progress.percent_done IS
	'Completed, failed, skipped and expired leads of all leads, in per cent.';
COMMENT ON COLUMN voiceagent.campaign_progress.waiting_since IS
	'Since when the oldest thing waits that a person has to settle (view waiting); NULL: nothing does.';
COMMENT ON COLUMN voiceagent.campaign_progress.total_leads IS 'Leads in the campaign.';
COMMENT ON COLUMN voiceagent.campaign_progress.costs IS
	'The carriers'' charges, {"USD": 1.25, ...}: a sum for each currency.';
COMMENT ON COLUMN voiceagent.campaign_progress.last_call_at IS 'When the latest dial was committed.';
COMMENT ON COLUMN voiceagent.campaign_results.percent_done IS
	'Completed, failed, skipped and expired leads of all leads, in per cent.';
COMMENT ON COLUMN voiceagent.campaign_results.total_leads IS 'Leads in the campaign.';
COMMENT ON COLUMN voiceagent.campaign_results.costs IS
	'The carriers'' charges, {"USD": 1.25, ...}: a sum for each currency.';
COMMENT ON COLUMN voiceagent.campaign_results.last_call_at IS 'When the latest dial was committed.';
COMMENT ON COLUMN voiceagent.archived_campaigns.percent_done IS
	'Completed, failed, skipped and expired leads of all leads, in per cent.';
COMMENT ON COLUMN voiceagent.archived_campaigns.total_leads IS 'Leads in the campaign.';
COMMENT ON COLUMN voiceagent.archived_campaigns.costs IS
	'The carriers'' charges, {"USD": 1.25, ...}: a sum for each currency.';
COMMENT ON COLUMN voiceagent.archived_campaigns.last_call_at IS 'When the latest dial was committed.';

-- From the live calls themselves: an index of the calls without an outcome would have to be changed
-- by every call that ends.
CREATE FUNCTION voiceagent.live_call_ids() RETURNS SETOF bigint
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp ROWS 100 AS $$
	SELECT l.call_id FROM voiceagent_private.live_calls l WHERE l.tenant_id = voiceagent.current_tenant()
	UNION ALL
	SELECT i.call_id FROM voiceagent.call_inbound i
	WHERE i.tenant_id = voiceagent.current_tenant() AND i.ended_at IS NULL
		AND i.started_at > voiceagent.clock() - voiceagent_private.longest_incoming()
$$;
COMMENT ON FUNCTION voiceagent.live_call_ids() IS
	'The tenant''s calls that are live now, outbound and inbound; active_calls tells more of them.';

CREATE VIEW voiceagent.active_calls WITH (security_invoker = on) AS
SELECT d.tenant_id, d.call_id, d.campaign_id, d.lead_id, d.phone, l.first_name, l.last_name, d.status,
	d.attempt_number, d.started_at, d.answered_at, voiceagent.clock() - d.started_at AS elapsed, d.direction
FROM voiceagent.live_call_ids() AS i(call_id)
-- Looked up one by one, whatever the statistics say: a join would read all calls that the tenant ever had.
CROSS JOIN LATERAL (
	SELECT c.* FROM voiceagent.calls c
	WHERE c.tenant_id = voiceagent.current_tenant() AND c.call_id = i.call_id OFFSET 0) AS d
-- A caller need not be a lead.
LEFT JOIN LATERAL (
	SELECT p.first_name, p.last_name FROM voiceagent.leads p
	WHERE p.tenant_id = d.tenant_id AND p.lead_id = d.lead_id OFFSET 0) AS l ON true;
COMMENT ON VIEW voiceagent.active_calls IS 'The calls that are live now, outbound and inbound.';
COMMENT ON COLUMN voiceagent.active_calls.elapsed IS 'Time since the dial, or since the call came in.';

CREATE VIEW voiceagent.call_events WITH (security_invoker = on) AS
SELECT e.tenant_id, e.event_id, e.call_id, e.campaign_id, e.lead_id, e.event_type, e.event_data, e.at
FROM voiceagent.events e
WHERE e.tenant_id = voiceagent.current_tenant() AND e.call_id IS NOT NULL;
COMMENT ON VIEW voiceagent.call_events IS 'The events of each call, from the dial to the settlement.';

CREATE FUNCTION voiceagent.queue_status(campaign_id bigint) RETURNS jsonb
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v voiceagent.campaign_results;
	v_next timestamptz;
BEGIN
	SELECT p.* INTO v FROM voiceagent.campaign_results p
	WHERE p.tenant_id = v_tenant AND p.campaign_id = queue_status.campaign_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', format('campaign %s not found', queue_status.campaign_id));
	IF v.status = 'running' THEN
		-- A lane's row knows when it can dial next, the campaign's when its pace, its accounts or
		-- what holds it back let it.
		SELECT min(greatest(l.next_due, l.opens_at, p.next_dial_at, voiceagent.clock())) INTO v_next
		FROM voiceagent_private.lanes l
		JOIN voiceagent_private.pacing p ON p.tenant_id = v_tenant AND p.campaign_id = l.campaign_id
		WHERE l.tenant_id = v_tenant AND l.campaign_id = queue_status.campaign_id AND l.running
			AND EXISTS (SELECT FROM voiceagent_private.call_queue q
				WHERE q.tenant_id = v_tenant AND q.lane_id = l.lane_id);
	END IF;
	RETURN jsonb_build_object(
		'status', v.status, 'statusReason', v.status_reason, 'totalContacts', v.total_leads,
		'processedContacts', v.completed_leads + v.failed_leads + v.skipped_leads + v.expired_leads,
		-- A talk with a person that did not end in an opt-out; what is not clear counts as a talk.
		'successfulCalls', greatest(v.answered_calls - v.machine_answers - v.opted_out, 0),
		'machineAnswers', v.machine_answers, 'optOuts', v.opted_out, 'failedCalls', v.calls - v.answered_calls
			- v.live_calls, 'waitingContacts', v.waiting_leads, 'liveCalls', v.live_calls,
		'lastCallTime', v.last_call_at, 'nextCallTime', CASE WHEN isfinite(v_next) THEN v_next END);
END
$$;
COMMENT ON FUNCTION voiceagent.queue_status(bigint) IS
	E'A campaign''s queue as one object: status, statusReason, totalContacts, processedContacts, successfulCalls '
	'(answered, neither by a machine nor with an opt-out), machineAnswers, optOuts, failedCalls (not answered), '
	'waitingContacts, liveCalls, lastCallTime, nextCallTime (NULL: nothing is due by time).\n'
	'PT404 when there is no such campaign.';
