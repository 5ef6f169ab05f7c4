-- What a batch reads does not grow with what the tenant has done: the claim, the carrier's answers, the webhooks and all
-- that follows from them read as many rows and index entries after 10,000 calls as after none. As a worker does it:
-- under row-level security, with generic plans.
SET client_min_messages = warning;
\set ECHO none
\i sql/r50_setup.inc
\set ECHO all
SET plan_cache_mode = force_generic_plan;
SET random_page_cost = 0;
SET cpu_operator_cost = 0;
SET jit = off;
CREATE TABLE pg_temp.seen (round text, step text, tab text, reads bigint);
CREATE TABLE pg_temp.batch (attempt_id bigint);
-- Everything read by this transaction: rows of a table, entries of its indexes.
CREATE FUNCTION pg_temp.note(round text, step text) RETURNS void LANGUAGE sql AS $$
	INSERT INTO pg_temp.seen
	SELECT round, step, coalesce(inhparent, c.oid)::regclass::text, sum(pg_stat_get_xact_tuples_returned(c.oid)
		+ pg_stat_get_xact_tuples_fetched(c.oid)
		+ (SELECT coalesce(sum(pg_stat_get_xact_tuples_returned(i.indexrelid)), 0) FROM pg_index i WHERE i.indrelid = c.oid))::bigint
	FROM pg_class c LEFT JOIN pg_inherits ON inhrelid = c.oid
	WHERE c.relkind = 'r' AND c.relnamespace IN ('voiceagent'::regnamespace, 'voiceagent_private'::regnamespace)
	GROUP BY 3
$$;
CREATE FUNCTION pg_temp.claimed() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	v_attempts bigint[];
BEGIN
	SET LOCAL ROLE voiceagent_worker;
	v_attempts := ARRAY(SELECT c.attempt_id FROM voiceagent_private.ready_tenants() t, voiceagent_private.claim_calls(50) c
		WHERE t = voiceagent.current_tenant());
	RESET ROLE;
	TRUNCATE pg_temp.batch;
	INSERT INTO pg_temp.batch SELECT unnest(v_attempts);
	RETURN cardinality(v_attempts);
END
$$;
CREATE FUNCTION pg_temp.recorded() RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
	v_attempts bigint[] := ARRAY(SELECT b.attempt_id FROM pg_temp.batch b ORDER BY 1);
	v_recorded integer;
BEGIN
	SET LOCAL ROLE voiceagent_worker;
	v_recorded := voiceagent_private.record_dials(v_attempts, array_fill('accepted'::text, ARRAY[50]),
		(SELECT array_agg('call-' || a ORDER BY a) FROM unnest(v_attempts) a), array_fill(NULL::text, ARRAY[50]),
		array_fill(201, ARRAY[50]), array_fill(NULL::text, ARRAY[50]), array_fill(0, ARRAY[50]));
	RESET ROLE;
	RETURN v_recorded;
END
$$;
-- The webhooks of the batch: a status, or the reports of a talk, an opt-out, no answer and a promised callback in turn.
CREATE FUNCTION pg_temp.stored(kind text) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
	v_keys text[];
	v_bodies bytea[];
	v_endpoint bigint := (SELECT min(e.endpoint_id) FROM voiceagent.webhook_endpoints e WHERE e.tenant_id = voiceagent.current_tenant());
	v_stored integer;
BEGIN
	SELECT array_agg(kind || a.attempt_id ORDER BY a.attempt_id), array_agg(convert_to(jsonb_build_object('message',
		jsonb_build_object('call', jsonb_build_object('id', a.provider_call_id, 'name', a.reference)) || CASE kind
		WHEN 'report' THEN jsonb_build_object('type', 'end-of-call-report', 'endedAt', '2026-11-20T15:10:00Z',
			'startedAt', '2026-11-20T15:09:00Z',
			'endedReason', CASE a.attempt_id % 4 WHEN 0 THEN 'customer-did-not-answer' ELSE 'customer-ended-call' END,
			'analysis', jsonb_build_object('structuredData', CASE a.attempt_id % 4 WHEN 1 THEN '{"do_not_call": true}'
				WHEN 2 THEN '{"callback": {"requested": true}}' ELSE '{"interest": "high", "qualified": true}' END::jsonb))
		ELSE jsonb_build_object('type', 'status-update', 'status', kind) END)::text, 'UTF8') ORDER BY a.attempt_id)
	INTO v_keys, v_bodies
	FROM pg_temp.batch b CROSS JOIN LATERAL (SELECT * FROM voiceagent.attempts a
		WHERE a.tenant_id = voiceagent.current_tenant() AND a.attempt_id = b.attempt_id OFFSET 0) a;
	SET LOCAL ROLE voiceagent_worker;
	v_stored := voiceagent_private.store_webhooks(array_fill(v_endpoint, ARRAY[50]), v_keys, array_fill('{}'::jsonb, ARRAY[50]), v_bodies, 'http');
	RESET ROLE;
	RETURN v_stored;
END
$$;
CREATE FUNCTION pg_temp.applied() RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
	v_applied integer;
BEGIN
	SET LOCAL ROLE voiceagent_worker;
	v_applied := sum(voiceagent_private.apply_inbox(100)) FROM voiceagent_private.inbox_tenants() t WHERE t = voiceagent.current_tenant();
	RESET ROLE;
	RETURN v_applied;
END
$$;
CREATE FUNCTION pg_temp.waits() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_waits text;
BEGIN
	SET LOCAL ROLE voiceagent_worker;
	v_waits := format('%s %s %s %s', isfinite(voiceagent_private.next_dial_at()), isfinite(voiceagent_private.next_inbox_at()),
		isfinite(voiceagent_private.live_deadline()), (SELECT count(*) FROM voiceagent_private.due_lookups(10)));
	RESET ROLE;
	RETURN v_waits;
END
$$;
-- A round: 100 leads wait, 50 of them are called.
CREATE FUNCTION pg_temp.begin_round(tenant bigint, prefix text) RETURNS boolean LANGUAGE sql AS $$
	SELECT voiceagent_private.set_tenant(tenant) IS NOT NULL AND pg_temp.start(prefix, pg_temp.leads(prefix, 100)) > 0
$$;
-- No table is mostly holes that other tests have left.
SELECT pg_temp.begin_round(pg_temp.tenant('r50 growth, another'), '+1203555') AS made;
VACUUM (FULL, ANALYZE) voiceagent.leads, voiceagent.campaign_leads, voiceagent.calls, voiceagent.attempts,
	voiceagent.credit_holds, voiceagent.credit_transfers, voiceagent_private.call_queue, voiceagent_private.live_calls;
VACUUM ANALYZE;
SELECT pg_temp.tenant('r50 growth', 1000000) AS tenant \gset

-- The first batch finds every table empty; the second is the measure.
\set round first
\set prefix +1204555
\i sql/r50_growth.inc
\set round few
\set prefix +1207555
\i sql/r50_growth.inc

-- 10,000 calls later.
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS acting;
DO $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_leads bigint[] := pg_temp.leads('+1205', 10000);
	v_campaign bigint := pg_temp.start('old', v_leads);
	v_call voiceagent.calls;
BEGIN
	DELETE FROM voiceagent_private.call_queue WHERE tenant_id = v_tenant AND campaign_id = v_campaign;
	UPDATE voiceagent_private.lanes SET running = false WHERE tenant_id = v_tenant AND campaign_id = v_campaign;
	UPDATE voiceagent.campaigns SET status = 'completed' WHERE tenant_id = v_tenant AND campaign_id = v_campaign;
	SELECT * INTO v_call FROM voiceagent.calls WHERE tenant_id = v_tenant AND outcome IS NOT NULL LIMIT 1;
	UPDATE voiceagent.campaign_leads SET status = 'completed' WHERE tenant_id = v_tenant AND campaign_id = v_campaign;
	INSERT INTO voiceagent.calls (tenant_id, call_id, campaign_id, lead_id, phone, assistant_id, assistant_version, campaign_version,
		provider_account_id, attempt_number, status, outcome, credits, started_at, ended_at)
	OVERRIDING SYSTEM VALUE
	SELECT v_tenant, nextval('voiceagent.calls_call_id_seq'), v_campaign, i, v_call.phone, c.assistant_id, 1, 1, v_call.provider_account_id, 1,
		'completed', 'completed', 0, v_call.started_at, v_call.ended_at
	FROM unnest(v_leads) i, voiceagent.campaigns c WHERE c.tenant_id = v_tenant AND c.campaign_id = v_campaign;
	INSERT INTO voiceagent.credit_holds (tenant_id, call_id, amount, charged, state, created_at, ended_at)
	SELECT v_tenant, c.call_id, 1, NULL, 'voided', c.started_at, c.ended_at
	FROM voiceagent.calls c WHERE c.tenant_id = v_tenant AND c.campaign_id = v_campaign;
	INSERT INTO voiceagent.attempts (tenant_id, call_id, provider_account_id, reference, state, provider_call_id, created_at, window_opens_at,
		window_closes_at, timezones, layers, attempt_number, attempt_limit, live_calls, call_limit, hold_id)
	SELECT v_tenant, c.call_id, c.provider_account_id, 'old-' || c.call_id, 'accepted', 'old-' || c.call_id, c.started_at, c.started_at,
		c.started_at + interval '1 hour', '{UTC}', 15, 1, 1, 0, 1, h.hold_id
	FROM voiceagent.calls c JOIN voiceagent.credit_holds h USING (tenant_id, call_id)
	WHERE c.tenant_id = v_tenant AND c.campaign_id = v_campaign;
	INSERT INTO voiceagent.webhooks (tenant_id, month_slot, endpoint_id, provider, received_at, body)
	SELECT v_tenant, voiceagent_private.month_slot(v_call.started_at), w.endpoint_id, 'sandbox', v_call.started_at, '{}'
	FROM generate_series(1, 10000), (SELECT endpoint_id FROM voiceagent.webhook_endpoints WHERE tenant_id = v_tenant LIMIT 1) w;
	INSERT INTO voiceagent_private.webhook_keys (tenant_id, endpoint_id, event_key, webhook_id, received_at)
	SELECT v_tenant, w.endpoint_id, 'old' || w.webhook_id, w.webhook_id, w.received_at FROM voiceagent.webhooks w WHERE w.tenant_id = v_tenant;
	INSERT INTO voiceagent.do_not_call_list (tenant_id, phone, reason, source, created_at)
	SELECT v_tenant, '+1206' || lpad(i::text, 7, '0'), 'old', 'manual', v_call.started_at FROM generate_series(1, 10000) i;
END
$$;
COMMIT;
-- With the plans of then, and what the statistics knew then.
\set round kept
\set prefix +1209555
\i sql/r50_growth.inc

-- As autovacuum does, and a worker every two seconds.
ANALYZE;
DISCARD PLANS;
\set round many
\set prefix +1208555
\i sql/r50_growth.inc

-- More than half as much again, and more than a few: nothing.
SELECT m.round, m.step, m.tab, f.reads AS after_few, m.reads AS after_many
FROM pg_temp.seen m LEFT JOIN pg_temp.seen f ON f.round = 'few' AND f.step = m.step AND f.tab = m.tab
WHERE m.round IN ('many', 'kept') AND m.reads > 1.5 * coalesce(f.reads, 0) + 100 ORDER BY 1, 2, 3;
SELECT step, count(*) FILTER (WHERE reads > 0) > 0 AS counted FROM pg_temp.seen WHERE round = 'few' GROUP BY 1 ORDER BY 1;
-- One call of a campaign of 10,000 leads, of a tenant with as many events: its row alone is read of each.
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS acting;
SELECT max(c.call_id) AS call, max(c.campaign_id) AS campaign FROM voiceagent.calls c JOIN voiceagent.campaigns g USING (tenant_id, campaign_id)
WHERE c.tenant_id = :tenant AND g.name = 'old' \gset
SELECT c.lead_id AS lead FROM voiceagent.calls c WHERE c.tenant_id = :tenant AND c.call_id = :call \gset
INSERT INTO voiceagent.conversations (tenant_id, call_id, month_slot, turns, reading)
SELECT c.tenant_id, c.call_id, voiceagent_private.month_slot(c.started_at), '[]', '{"opt_out_doubt": {"turn": 1, "quote": "Take it off."}}'
FROM voiceagent.calls c WHERE c.tenant_id = :tenant AND c.call_id = :call;
INSERT INTO voiceagent.events (tenant_id, month_slot, at, event_type, campaign_id, call_id)
SELECT c.tenant_id, voiceagent_private.month_slot(c.started_at), c.started_at, 'call_ended', c.campaign_id, c.call_id
FROM voiceagent.calls c WHERE c.tenant_id = :tenant AND c.campaign_id = :campaign;
UPDATE voiceagent.campaign_leads SET attempts = 1 WHERE tenant_id = :tenant AND campaign_id = :campaign AND lead_id = :lead;
COMMIT;
ANALYZE;
DISCARD PLANS;
CREATE FUNCTION pg_temp.alone(step text, statement text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	SET LOCAL ROLE voiceagent_worker;
	EXECUTE statement;
	RESET ROLE;
	PERFORM pg_temp.note('alone', step);
END
$$;
\set given_back 'SELECT voiceagent_private.requeue(':campaign', ARRAY[':lead']::bigint[], ARRAY[voiceagent.clock()], ARRAY[0]::smallint[], ARRAY[''busy''], counted => false)'
\set promised 'SELECT voiceagent_private.keeps_promise(':call', ':campaign', ':lead')'
\set held 'SELECT voiceagent_private.hold_calls(ARRAY[':call']::bigint[])'
SELECT pg_stat_force_next_flush();
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS acting;
SELECT pg_temp.alone('given_back', :'given_back');
COMMIT;
SELECT pg_stat_force_next_flush();
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS acting;
SELECT pg_temp.alone('promised', :'promised');
COMMIT;
SELECT pg_stat_force_next_flush();
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS acting;
SELECT pg_temp.alone('held', :'held');
COMMIT;
-- held_share() looks at the newest 1,000 calls, and at no more.
SELECT step, tab, reads FROM pg_temp.seen WHERE round = 'alone' AND reads > 2500 ORDER BY 1, 2;
SELECT attempts FROM voiceagent.campaign_leads WHERE tenant_id = :tenant AND campaign_id = :campaign AND lead_id = :lead;
SELECT count(*) > 0 AS held FROM voiceagent.do_not_call_list WHERE tenant_id = :tenant AND call_id = :call AND held;
-- Gone again: other tests look at everything.
DELETE FROM voiceagent_private.call_queue q USING voiceagent.tenants t WHERE t.tenant_id = q.tenant_id AND t.name LIKE 'r50 growth%';
UPDATE voiceagent_private.lanes n SET next_due = 'infinity' FROM voiceagent.tenants t WHERE t.tenant_id = n.tenant_id AND t.name LIKE 'r50 growth%';
