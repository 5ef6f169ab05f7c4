-- What a step of retention reads, a piece of an audience's pass, a count of answers, an erasure, an export or the newest page of a list does not
-- grow with what the tenant has: a hundred rows of each class cost as many pages among 10,000 as among 1,000. As a worker does it: under
-- row-level security, with generic plans and a worker's costs; what members ask for, with the server's own.
SET client_min_messages = warning;
SET plan_cache_mode = force_generic_plan;
SET random_page_cost = 0;
SET cpu_operator_cost = 0;
SET jit = off;
BEGIN;
UPDATE voiceagent_private.maintenance_jobs SET next_at = 'infinity';
CREATE TABLE pg_temp.seen (tenant text, class text, pages bigint);
-- So much of everything, forty days old, ten calls of each lead, and of all of it thirty days are kept.
CREATE FUNCTION pg_temp.fill(name text, n integer) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	v_tenant bigint := voiceagent.create_tenant(name);
	v_old timestamptz := voiceagent.clock() - interval '40 days';
	v_slot smallint := voiceagent_private.month_slot(v_old);
BEGIN
	PERFORM voiceagent_private.set_tenant(v_tenant);
	PERFORM voiceagent.set_setting('retention_' || c.class, CASE c.class WHEN 'model_usage' THEN '31 days' ELSE '30 days' END) FROM voiceagent_private.retention_classes c;
	SET LOCAL session_replication_role = replica;
	INSERT INTO voiceagent.leads (tenant_id, phone, timezones, created_at)
	SELECT v_tenant, '+1213' || lpad(i::text, 7, '0'), '{UTC}', v_old FROM generate_series(1, n) i;
	INSERT INTO voiceagent.webhooks (tenant_id, month_slot, endpoint_id, provider, received_at, body)
	SELECT v_tenant, v_slot, 1, 'sandbox', v_old, '{}' FROM generate_series(1, n);
	INSERT INTO voiceagent.calls (tenant_id, campaign_id, lead_id, phone, assistant_id, assistant_version, campaign_version,
		provider_account_id, attempt_number, status, outcome, transcript, recording_url, credits, started_at, ended_at)
	SELECT v_tenant, i % 5, -i / 10, '+1212555' || lpad((i / 10)::text, 4, '0'), 1, 1, 1, 1, 1, 'completed', 'completed', 'Old words', 'https://carrier.example/', 0, v_old, v_old
	FROM generate_series(1, n) i;
	INSERT INTO voiceagent.attempts (tenant_id, call_id, provider_account_id, reference, state, provider_call_id, created_at, window_opens_at,
		window_closes_at, timezones, layers, attempt_number, attempt_limit, live_calls, call_limit, hold_id)
	SELECT v_tenant, c.call_id, 1, 'old-' || c.call_id, 'accepted', 'old-' || c.call_id, c.started_at, c.started_at,
		c.started_at + interval '1 hour', '{UTC}', 15, 1, 1, 0, 1, 1
	FROM voiceagent.calls c WHERE c.tenant_id = v_tenant;
	INSERT INTO voiceagent.credit_holds (tenant_id, call_id, amount, charged, state, created_at, ended_at)
	SELECT v_tenant, c.call_id, 1, NULL, 'voided', c.started_at, c.ended_at FROM voiceagent.calls c WHERE c.tenant_id = v_tenant;
	INSERT INTO voiceagent.credit_transfers (tenant_id, at, operation, from_account, to_account, amount, from_before, from_after,
		to_before, to_after, available_after, call_id)
	SELECT v_tenant, v_old, 'hold', 'available', 'held', 1, 1, 0, 0, 1, 0, c.call_id FROM voiceagent.calls c, generate_series(1, 2) WHERE c.tenant_id = v_tenant;
	INSERT INTO voiceagent.conversations (tenant_id, call_id, month_slot, turns)
	SELECT v_tenant, c.call_id, v_slot, '[{"turn": 1, "speaker": "customer", "text": "Old words"}]' FROM voiceagent.calls c WHERE c.tenant_id = v_tenant;
	-- As many events in a few to a transaction, as they are written, and in one, as a launch writes them; all before any real transaction.
	INSERT INTO voiceagent.events (tenant_id, month_slot, xid, at, event_type, campaign_id, call_id, lead_id)
	SELECT v_tenant, v_slot, CASE WHEN c.nth % 2 = 0 THEN c.nth / 20 ELSE 0 END, v_old, 'call_ended', c.campaign_id, c.call_id, c.lead_id
	FROM (SELECT o.*, row_number() OVER (ORDER BY o.call_id) AS nth FROM voiceagent.calls o WHERE o.tenant_id = v_tenant) c;
	INSERT INTO voiceagent.events (tenant_id, month_slot, xid, at, event_type, lead_id, event_data)
	SELECT v_tenant, v_slot, i / 20, v_old, CASE WHEN i % 10 = 0 THEN 'lead_opted_out' ELSE 'lead_retry' END,
		CASE WHEN i % 10 > 0 THEN -i END, CASE WHEN i % 10 = 0 THEN '{"phone": "+13055550100"}' ELSE '{}' END::jsonb
	FROM generate_series(1, n / 10) i;
	-- As an update has moved them: behind the others.
	INSERT INTO voiceagent.calls (tenant_id, direction, phone, provider_account_id, provider_call_id, status, outcome, counts, transcript, recording_url,
		started_at, ended_at)
	SELECT v_tenant, 'inbound', '+1305' || lpad(i::text, 7, '0'), 1, 'in-' || i, 'completed', 'completed', false, 'Old words', 'https://carrier.example/',
		v_old, v_old FROM generate_series(1, n) i;
	INSERT INTO voiceagent.call_inbound (tenant_id, call_id, provider_account_id, provider_call_id, from_number, started_at, ended_at, incoming_call_id)
	SELECT v_tenant, c.call_id, 1, c.provider_call_id, c.phone, v_old, v_old, substr(c.provider_call_id, 4)::bigint
	FROM voiceagent.calls c WHERE c.tenant_id = v_tenant AND c.direction = 'inbound';
	WITH batch AS (
		INSERT INTO voiceagent.import_batches (tenant_id, status, created_at, finished_at) VALUES (v_tenant, 'finished', v_old, v_old) RETURNING batch_id
	)
	INSERT INTO voiceagent.import_reports (tenant_id, batch_id, row_number, phone, value, reason, kind)
	SELECT v_tenant, b.batch_id, i, CASE WHEN k.kind <> 'rejected' THEN '+1213' || lpad(i::text, 7, '0') END,
		CASE WHEN k.kind = 'warning' THEN '+1214' || lpad(i::text, 7, '0') END, repeat('old ', 150), k.kind
	FROM batch b, generate_series(1, n) i, LATERAL (SELECT ('{rejected,duplicate,warning}'::text[])[1 + i % 3]) AS k(kind)
	-- And of the person who is forgotten: the row that was the person, and the one in which it is a further number.
	UNION ALL SELECT v_tenant, b.batch_id, n + 1, '+12125550015', NULL, 'already a lead', 'duplicate' FROM batch b
	UNION ALL SELECT v_tenant, b.batch_id, n + 2, '+12145550000', '+12125550015', 'on the do-not-call list', 'warning' FROM batch b;
	INSERT INTO voiceagent.provider_requests (tenant_id, kind, provider_account_id, call_id, state, created_at, done_at)
	SELECT v_tenant, 'fetch_cost', 1, c.call_id, 'done', v_old, v_old FROM voiceagent.calls c WHERE c.tenant_id = v_tenant AND c.direction = 'outbound';
	INSERT INTO voiceagent.webhook_deliveries (tenant_id, subscription_id, kind, event_id, event_type, event_at, status, done_at)
	SELECT v_tenant, 1, 'call_ended', i, 'call_ended', v_old, 'delivered', v_old FROM generate_series(1, n) i;
	SET LOCAL session_replication_role = origin;
	RETURN v_tenant;
END
$$;
-- The pages that a query looks at, asked by that role.
CREATE FUNCTION pg_temp.note(name text, class text, asker name, query text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	v_plan json;
BEGIN
	PERFORM set_config('role', asker, true);
	EXECUTE 'EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ' || query INTO v_plan;
	RESET ROLE;
	INSERT INTO pg_temp.seen VALUES (name, class,
		(v_plan -> 0 -> 'Plan' ->> 'Shared Hit Blocks')::bigint + (v_plan -> 0 -> 'Plan' ->> 'Shared Read Blocks')::bigint);
END
$$;
-- One step of each, the retention of the calls last.
CREATE FUNCTION pg_temp.steps(name text, tenant bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	v_class text;
BEGIN
	PERFORM voiceagent_private.set_tenant(tenant);
	PERFORM pg_temp.note(name, 'an audience', 'voiceagent_worker', format(
		'SELECT voiceagent_private.wanted_leads(jsonb_populate_record(NULL::voiceagent.audiences, jsonb_build_object(''tenant_id'', %s, ''audience_id'', 1, ''campaign_id'', 1, ''condition'', ''priority = 9'')), 0, 100)', tenant));
	PERFORM pg_temp.note(name, 'answers', 'voiceagent_worker', 'SELECT voiceagent_private.count_answers(0, 100)');
	FOREACH v_class IN ARRAY '{webhooks,events,turns,transcripts,recordings,imports,provider_requests,webhook_deliveries,calls,moved_transcripts,moved_recordings,moved_calls}'::text[] LOOP
		PERFORM pg_temp.note(name, v_class, 'voiceagent_worker',
			format('SELECT voiceagent_private.retain_class(%L, 0, voiceagent.clock(), 100)', v_class));
	END LOOP;
	RETURN tenant;
END
$$;
-- The newest page of a list, as a member asks for it.
CREATE FUNCTION pg_temp.listed(name text, tenant bigint) RETURNS bigint LANGUAGE plpgsql
	SET plan_cache_mode = auto SET random_page_cost = 4 SET cpu_operator_cost = 0.0025 AS $$
BEGIN
	PERFORM voiceagent_private.set_tenant(tenant);
	PERFORM pg_temp.note(name, 'transactions', 'voiceagent_user', 'SELECT * FROM voiceagent.credit_transactions ORDER BY transaction_id DESC LIMIT 10');
	-- As on a disk without heads, else with fewer than some 40,000 calls in the table all of a tenant's are read for a page.
	SET LOCAL random_page_cost = 1.1;
	PERFORM pg_temp.note(name, 'proofs', 'voiceagent_user', 'SELECT * FROM voiceagent.eligibility ORDER BY eligibility_id DESC LIMIT 10');
	RETURN tenant;
END
$$;
-- A person with ten calls is forgotten: the pages that this looks at, and what it removed.
CREATE FUNCTION pg_temp.erased(name text, tenant bigint) RETURNS jsonb LANGUAGE plpgsql
	SET plan_cache_mode = auto SET random_page_cost = 4 SET cpu_operator_cost = 0.0025 AS $$
DECLARE
	v_lead bigint;
BEGIN
	PERFORM voiceagent_private.set_tenant(tenant);
	v_lead := voiceagent.add_lead('+12125550015');
	SET LOCAL session_replication_role = replica;
	UPDATE voiceagent.calls c SET lead_id = v_lead WHERE c.tenant_id = erased.tenant AND c.lead_id = -15;
	UPDATE voiceagent.events e SET lead_id = v_lead WHERE e.tenant_id = erased.tenant AND e.lead_id = -15;
	SET LOCAL session_replication_role = origin;
	PERFORM pg_temp.note(name, 'an export', 'none', format('SELECT voiceagent.export_lead(%s)', v_lead));
	PERFORM pg_temp.note(name, 'an erasure', 'none', format('SELECT voiceagent.erase_lead(%s)', v_lead));
	RETURN (SELECT e.erased FROM voiceagent.erasures e WHERE e.tenant_id = erased.tenant);
END
$$;
SELECT pg_temp.fill('Growth, first', 200) AS first, pg_temp.fill('Growth, few', 1000) AS few, pg_temp.fill('Growth, many', 10000) AS many \gset
-- As autovacuum does.
ANALYZE voiceagent.leads, voiceagent.calls, voiceagent.attempts, voiceagent.credit_holds, voiceagent.credit_transfers, voiceagent.conversations, voiceagent.events, voiceagent.webhooks,
	voiceagent.call_inbound, voiceagent.import_batches, voiceagent.import_reports, voiceagent.provider_requests, voiceagent.webhook_deliveries;
SELECT pg_temp.listed('few', :few) = :few AS few, pg_temp.listed('many', :many) = :many AS many;
-- The first makes the plans.
SELECT pg_temp.steps('first', :first) = :first AS steps, pg_temp.erased('first', :first) IS NOT NULL AS erased;
SELECT pg_temp.steps('few', :few) = :few AS few, pg_temp.steps('many', :many) = :many AS many;
SELECT pg_temp.erased('few', :few) = pg_temp.erased('many', :many) AS same;
SELECT erased - 'webhooks' AS erased FROM voiceagent.erasures WHERE tenant_id = :many;
-- More than half as much again, and more than a few: nothing.
SELECT m.class, f.pages AS among_few, m.pages AS among_many
FROM pg_temp.seen f JOIN pg_temp.seen m USING (class) WHERE f.tenant = 'few' AND m.tenant = 'many' AND m.pages > 1.5 * f.pages + 100 ORDER BY 1;
SELECT class, pages > 10 AS worked FROM pg_temp.seen WHERE tenant = 'many' ORDER BY 1;
-- Each did a step's worth, and that of the events went on to the last of its transaction.
SELECT voiceagent_private.set_tenant(:many) IS NOT NULL AS acting;
SELECT (SELECT count(*) FROM voiceagent.webhooks WHERE tenant_id = :many) AS webhooks,
	(SELECT count(*) FROM voiceagent.conversations WHERE tenant_id = :many) AS turns,
	(SELECT count(transcript) FROM voiceagent.calls WHERE tenant_id = :many AND direction = 'outbound') AS transcripts,
	(SELECT count(*) FROM voiceagent.import_reports WHERE tenant_id = :many) AS imports,
	(SELECT count(*) FROM voiceagent.webhook_deliveries WHERE tenant_id = :many) AS deliveries,
	(SELECT count(*) FROM voiceagent.calls WHERE tenant_id = :many AND direction = 'outbound') AS calls,
	(SELECT count(*) FROM voiceagent.call_inbound WHERE tenant_id = :many) AS incoming;
-- Step by step a transaction of more events than a step takes goes, up to the first that is young: its turn comes, and that of all behind it.
INSERT INTO voiceagent.events (tenant_id, month_slot, xid, at, event_type)
SELECT :few, voiceagent_private.month_slot(t), 0, t, 'young' FROM (SELECT voiceagent.clock() - interval '29 days' AS t) b;
SELECT voiceagent_private.set_tenant(:few) IS NOT NULL AS acting;
CREATE FUNCTION pg_temp.events(after interval) RETURNS TABLE (steps integer, mark bigint) LANGUAGE plpgsql AS $$
DECLARE
	v_step voiceagent_private.retention_step := ROW(0, 0, true);
BEGIN
	steps := 0;
	WHILE v_step.more AND steps < 100 LOOP
		v_step := voiceagent_private.retain_class('events', v_step.upto, voiceagent.clock() + after, 100);
		steps := steps + 1;
	END LOOP;
	mark := v_step.upto;
	RETURN NEXT;
END
$$;
SELECT * FROM pg_temp.events('0');
SELECT event_type, count(*) > 1 AS several FROM voiceagent.events WHERE tenant_id = :few GROUP BY 1 ORDER BY 1;
SELECT max(xid) AS last FROM voiceagent.events WHERE tenant_id = :few \gset
SELECT steps, mark = :last AS "up to the last" FROM pg_temp.events('2 days');
SELECT count(*) AS events FROM voiceagent.events WHERE tenant_id = :few;
ROLLBACK;
