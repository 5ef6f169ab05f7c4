-- Spending that waits for an owner: starts and purchases, by switch and by limits; approved, rejected, run out; judged anew, started once.
\set VERBOSITY default
\set SHOW_CONTEXT never
SET client_min_messages = warning;
SET timezone = 'UTC';
\i lib/turns.inc
BEGIN;
SELECT set_config('voiceagent.clock_offset', extract(epoch FROM timestamptz '2027-06-18 15:00+00' - clock_timestamp())::text, true) \g /dev/null
SELECT voiceagent.create_tenant('r86 approvals', 'UTC', 1000) AS tenant, voiceagent.create_tenant('r86 other approvals', 'UTC') AS other \gset
SELECT voiceagent.create_credit_pack('r86 ten', 10, '{"EUR": 2}') AS pack \gset
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT voiceagent.create_assistant('Ada', 'Hello {{first_name}}', 'You sell roofs.') AS ada \gset
WITH made AS (INSERT INTO voiceagent.leads (tenant_id, phone, first_name, timezones, region, created_at)
	SELECT :tenant, '+1202555' || lpad(i::text, 4, '0'), 'Lead ' || i, '{America/New_York}', 'US-DC', voiceagent.clock() FROM generate_series(100, 119) i RETURNING lead_id)
SELECT array_agg(lead_id ORDER BY lead_id) AS leads FROM made \gset
CREATE FUNCTION pg_temp.campaign(n int) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	v bigint := voiceagent.create_campaign('Campaign ' || n || ' ' || clock_timestamp(), (SELECT max(assistant_id) FROM voiceagent.assistants WHERE tenant_id = voiceagent.current_tenant()));
BEGIN
	PERFORM voiceagent.add_leads(v, ARRAY(SELECT lead_id FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant() ORDER BY lead_id LIMIT n));
	RETURN v;
END $$;
CREATE FUNCTION pg_temp.approvals() RETURNS TABLE (kind text, estimate numeric, state text, reason text, decision text, by_whom boolean) LANGUAGE sql AS $$
	SELECT kind, trim_scale(estimate), state, reason, decision, decided_by IS NOT NULL FROM voiceagent.spend_approvals WHERE tenant_id = voiceagent.current_tenant() ORDER BY approval_id $$;

-- By default nothing waits; above a campaign's limit a start does.
SELECT voiceagent.start_campaign(pg_temp.campaign(2));
SELECT voiceagent.set_setting('auto_spend_per_campaign', '3') \g /dev/null
SELECT voiceagent.start_campaign(pg_temp.campaign(2));
SELECT pg_temp.campaign(10) AS large \gset
SELECT voiceagent.preview_campaign(:large) -> 'warnings' AS warnings;
SELECT voiceagent.start_campaign(:large), voiceagent.start_campaign(:large);
SELECT * FROM pg_temp.approvals();
SELECT status, regexp_replace(status_reason, '\d+', 'N') AS status_reason FROM voiceagent.campaigns WHERE campaign_id = :large;
SELECT kind, regexp_replace(what, 'until .*?:\d\d', 'until T') AS what, regexp_replace(settle, '\d+', 'N', 'g') AS settle FROM voiceagent.waiting WHERE kind = 'approval';
SELECT event_type, event_data - 'approval_id' - 'expires_at' AS event_data FROM voiceagent.events WHERE tenant_id = :tenant AND event_type = 'approval_wanted';
SELECT count(*) FROM voiceagent_private.call_queue WHERE tenant_id = :tenant AND campaign_id = :large;
-- approved: started once
SELECT max(approval_id) AS a FROM voiceagent.spend_approvals WHERE tenant_id = :tenant \gset
SELECT voiceagent.approve_spending(:a, 'go on');
SELECT status, status_reason FROM voiceagent.campaigns WHERE campaign_id = :large;
SAVEPOINT s;
SELECT voiceagent.approve_spending(:a);
ROLLBACK TO s;
SELECT voiceagent.reject_spending(:a, 'too late');
ROLLBACK TO s;
-- paused and resumed: that is no start
SELECT voiceagent.pause_campaign(:large), voiceagent.resume_campaign(:large);

-- Of a day and a month: what was spent counts.
SELECT voiceagent.set_setting('auto_spend_per_campaign', '0'), voiceagent.set_setting('auto_spend_per_day', '5') \g /dev/null
INSERT INTO voiceagent.campaign_spending (tenant_id, campaign_id, day, spent) VALUES (:tenant, :large, '2027-06-18', 4.5), (:tenant, :large, '2027-06-02', 20), (:tenant, :large, '2027-05-31', 500);
SELECT voiceagent.start_campaign(pg_temp.campaign(1)), voiceagent.start_campaign(pg_temp.campaign(2));
SELECT voiceagent.set_setting('auto_spend_per_day', '0'), voiceagent.set_setting('auto_spend_per_month', '25') \g /dev/null
SELECT voiceagent.start_campaign(pg_temp.campaign(1)), voiceagent.start_campaign(pg_temp.campaign(2));
SELECT kind, estimate, state, reason FROM pg_temp.approvals();
SELECT voiceagent.set_setting('auto_spend_per_month', '0') \g /dev/null

-- With the switch off everything waits: a launch, a purchase; a call at once is refused.
SELECT voiceagent.set_setting('auto_spend', 'off') \g /dev/null
SELECT voiceagent.launch_campaign((:'leads'::bigint[])[1:3], :ada, 'r86 launch') - 'campaign_id' - 'approval_id' AS launched;
SELECT order_id, approve_url FROM voiceagent.buy(:pack) \gset
SELECT state, regexp_replace(reason, '\d+', 'N') AS reason FROM voiceagent.payment_orders WHERE order_id = :order_id;
SAVEPOINT s;
SELECT voiceagent.pay_embedded(:order_id);
ROLLBACK TO s;
SELECT voiceagent.call_now((:'leads'::bigint[])[20], :ada);
ROLLBACK TO s;
SELECT max(approval_id) AS a FROM voiceagent.spend_approvals WHERE tenant_id = :tenant \gset
-- a start that cannot be made still waits
UPDATE voiceagent.assistants SET active = false WHERE tenant_id = :tenant;
SELECT voiceagent.approve_spending(:a - 1);
ROLLBACK TO s;
SELECT state FROM voiceagent.spend_approvals WHERE approval_id = :a - 1;
SELECT voiceagent.approve_spending(:a - 1), voiceagent.approve_spending(:a);
SELECT voiceagent.pay_embedded(:order_id);
-- rejected, given up
SELECT order_id FROM voiceagent.buy(:pack) \gset
SELECT voiceagent.reject_spending(max(approval_id), 'no more credits this month') FROM voiceagent.spend_approvals WHERE tenant_id = :tenant;
SELECT state, regexp_replace(reason, '\d+', 'N') AS reason FROM voiceagent.payment_orders WHERE order_id = :order_id;
SELECT order_id FROM voiceagent.buy(:pack) \gset
SELECT voiceagent.cancel_order(:order_id);
-- the rules are loosened: it starts
SELECT pg_temp.campaign(3) AS freed \gset
SELECT voiceagent.start_campaign(:freed);
SELECT voiceagent.set_setting('auto_spend', 'on') \g /dev/null
SELECT voiceagent.start_campaign(:freed);
SELECT voiceagent.set_setting('auto_spend', 'off') \g /dev/null
-- nobody answers
SELECT pg_temp.campaign(4) AS forgotten \gset
SELECT voiceagent.start_campaign(:forgotten);
SELECT order_id FROM voiceagent.buy(:pack) \gset
SELECT set_config('voiceagent.clock_offset', extract(epoch FROM timestamptz '2027-06-22 15:00+00' - clock_timestamp())::text, true) \g /dev/null
SELECT max(approval_id) AS a FROM voiceagent.spend_approvals WHERE tenant_id = :tenant \gset
SAVEPOINT s;
SELECT voiceagent.approve_spending(:a);
ROLLBACK TO s;
SELECT pg_temp.serve('expire_approvals') > voiceagent.clock() AS "none left";
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT kind, estimate, state, decision, by_whom FROM pg_temp.approvals();
SELECT regexp_replace(status_reason, '\d+', 'N') AS status_reason FROM voiceagent.campaigns WHERE campaign_id = :forgotten;
SELECT state, regexp_replace(reason, '\d+', 'N') AS reason FROM voiceagent.payment_orders WHERE order_id = :order_id;
SELECT count(*) FROM voiceagent_private.approval_deadlines WHERE tenant_id = :tenant;
-- The platform's staff sees what waits at all tenants, and decides; a member of a tenant does not.
SELECT order_id AS refused FROM voiceagent.buy(:pack) \gset
SELECT order_id AS given FROM voiceagent.buy(:pack) \gset
CREATE ROLE regress_spend_staff IN ROLE voiceagent_admin;
CREATE ROLE regress_spend_member IN ROLE voiceagent_user;
SELECT voiceagent_private.set_tenant(0) \g /dev/null
SET LOCAL ROLE regress_spend_staff;
SELECT max(approval_id) FILTER (WHERE order_id = :refused) AS refused_approval, max(approval_id) FILTER (WHERE order_id = :given) AS given_approval
FROM voiceagent.spend_approvals WHERE tenant_id = :tenant AND state = 'waiting' \gset
SAVEPOINT s;
SELECT voiceagent.decide_spending(:other, :given_approval, true, 'not theirs');
ROLLBACK TO s;
SELECT voiceagent.decide_spending(:tenant, :refused_approval, false, NULL);
ROLLBACK TO s;
SELECT voiceagent.decide_spending(:tenant, :refused_approval, NULL, 'not before May'), voiceagent.decide_spending(:tenant, :given_approval, true, 'it was asked for by mail');
SAVEPOINT s;
SELECT count(*) FROM voiceagent.payment_orders;
ROLLBACK TO s;
SET LOCAL ROLE regress_spend_member;
SELECT voiceagent.decide_spending(:tenant, :given_approval, true, 'mine');
ROLLBACK TO s;
SET LOCAL ROLE NONE;
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT o.state, a.state AS decided, a.decision, a.decided_by FROM voiceagent.payment_orders o JOIN voiceagent.spend_approvals a USING (tenant_id, order_id)
WHERE order_id IN (:refused, :given) ORDER BY order_id;
-- bad input
SAVEPOINT s;
SELECT voiceagent.approve_spending(-1);
ROLLBACK TO s;
SELECT voiceagent.reject_spending(:a, ' ');
ROLLBACK TO s;
SELECT voiceagent_private.set_tenant(:other) \g /dev/null
SELECT voiceagent.approve_spending(:a);
ROLLBACK TO s;

-- Leads that join a campaign that runs are judged where they are dialled: more than go without approval pause it, until an owner approves them.
SELECT voiceagent_private.set_tenant(0) \g /dev/null
SELECT voiceagent.create_tenant('r86 joins', 'UTC', 1000) AS joins \gset
SELECT voiceagent_private.set_tenant(:joins) \g /dev/null
SELECT voiceagent.create_assistant('Ada', 'Hello {{first_name}}', 'You sell roofs.') AS ada \gset
INSERT INTO voiceagent.leads (tenant_id, phone, first_name, timezones, region, created_at)
SELECT :joins, '+1202555' || lpad(i::text, 4, '0'), 'Lead ' || i, '{America/New_York}', 'US-DC', voiceagent.clock() FROM generate_series(200, 219) i;
SELECT voiceagent.set_setting('auto_spend_per_campaign', '1') \g /dev/null
SELECT pg_temp.campaign(2) AS runs \gset
SELECT voiceagent.start_campaign(:runs);
SELECT count(*) FROM voiceagent_private.claim_calls(1);
SELECT voiceagent.add_leads(:runs, ARRAY(SELECT lead_id FROM voiceagent.leads WHERE tenant_id = :joins)) > 0 AS joined;
SELECT count(*) FROM voiceagent_private.claim_calls(10);
SELECT status, regexp_replace(status_reason, 'approval \d+', 'approval N') AS status_reason FROM voiceagent.campaigns WHERE campaign_id = :runs;
SELECT * FROM pg_temp.approvals();
SELECT kind, regexp_replace(what, 'until .*?:\d\d', 'until T') AS what FROM voiceagent.waiting WHERE kind = 'approval';
SAVEPOINT s;
\set VERBOSITY terse
SELECT voiceagent.resume_campaign(:runs);
\set VERBOSITY default
ROLLBACK TO s;
SELECT voiceagent.approve_spending(max(approval_id)) FROM voiceagent.spend_approvals WHERE tenant_id = :joins;
SELECT count(*) > 0 AS dials FROM voiceagent_private.claim_calls(5);
SELECT status, status_reason FROM voiceagent.campaigns WHERE campaign_id = :runs;
-- With the switch off none is dialled beyond what was approved, whether it joins by hand or was there when the switch was turned.
SELECT voiceagent.set_setting('auto_spend_per_campaign', '0'), voiceagent.set_setting('auto_spend', 'off') \g /dev/null
SELECT pg_temp.campaign(2) AS switched \gset
SELECT voiceagent.start_campaign(:switched);
SELECT count(*) FROM voiceagent_private.claim_calls(5);
SELECT voiceagent.approve_spending(max(approval_id)) FROM voiceagent.spend_approvals WHERE tenant_id = :joins;
SELECT voiceagent.add_leads(:switched, ARRAY(SELECT lead_id FROM voiceagent.leads WHERE tenant_id = :joins)) > 0 AS joined;
SELECT count(*) AS dialled FROM voiceagent_private.claim_calls(10) c;
SELECT status, regexp_replace(status_reason, 'approval \d+', 'approval N') AS status_reason FROM voiceagent.campaigns WHERE campaign_id = :switched;
SELECT count(*) FROM voiceagent.calls WHERE tenant_id = :joins AND campaign_id = :switched;
SELECT voiceagent.approve_spending(max(approval_id)) FROM voiceagent.spend_approvals WHERE tenant_id = :joins;
SELECT status, status_reason FROM voiceagent.campaigns WHERE campaign_id = :switched;
ROLLBACK;
