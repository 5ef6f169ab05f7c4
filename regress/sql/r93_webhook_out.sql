-- Outgoing webhooks: what is checked of a target; one outgoing webhook an event and target, in the event's commit; at least once with an id that
-- stays; given up, replayed, forgotten; a target that fails rests and is disabled. (What goes over the wire: 930_webhook_out.pl.)
\set VERBOSITY default
\set SHOW_CONTEXT never
SET client_min_messages = warning;
CREATE ROLE regress_webhook_out LOGIN;
CREATE ROLE regress_webhook_out_other LOGIN;
SELECT voiceagent.create_tenant('Outgoing webhooks', credits => 100) AS tenant, voiceagent.create_tenant('Other outgoing webhook', credits => 100) AS other \gset
SELECT voiceagent.map_role('regress_webhook_out', :tenant);
SELECT voiceagent.map_role('regress_webhook_out_other', :other);
SET SESSION AUTHORIZATION regress_webhook_out;

-- Where it may go.
SELECT voiceagent.create_webhook_subscription(NULL);
SELECT voiceagent.create_webhook_subscription('example.com/hook');
SELECT voiceagent.create_webhook_subscription('http://example.com/hook');
SELECT voiceagent.create_webhook_subscription('https://127.0.0.1/hook');
SELECT voiceagent.create_webhook_subscription('https://10.1.2.3/hook');
SELECT voiceagent.create_webhook_subscription('https://169.254.169.254/latest/meta-data');
SELECT voiceagent.create_webhook_subscription('https://[::1]/hook');
SELECT voiceagent.create_webhook_subscription('https://[fd00::1]/hook');
SELECT voiceagent.create_webhook_subscription('https://localhost/hook');
SELECT voiceagent.create_webhook_subscription('https://user:password@example.com/hook');
SELECT voiceagent.create_webhook_subscription('https://2130706433/hook');
-- What it may be told.
SELECT voiceagent.create_webhook_subscription('https://example.com/hook', '{}');
SELECT voiceagent.create_webhook_subscription('https://example.com/hook', '{call_finished,moon_full}');
SELECT voiceagent.create_webhook_subscription('https://example.com/hook', ARRAY[NULL]);
SELECT voiceagent.create_webhook_subscription('https://example.com/hook', description := repeat('x', 201));
-- No key, no secret.
SELECT voiceagent.create_webhook_subscription('https://example.com/hook?key=1', '{call_finished}');
-- What there is not.
SELECT voiceagent.update_webhook_subscription(987654321987, url => 'https://example.com');
SELECT voiceagent.enable_webhook_subscription(987654321987);
SELECT voiceagent.disable_webhook_subscription(987654321987);
SELECT voiceagent.delete_webhook_subscription(987654321987);
SELECT voiceagent.rotate_webhook_subscription_secret(987654321987);
SELECT voiceagent.test_webhook_subscription(987654321987);
SELECT voiceagent.replay_webhook_delivery(987654321987);
SELECT voiceagent.replay_dead_webhook_deliveries(987654321987);
RESET SESSION AUTHORIZATION;

-- Targets without a vault: all is rolled back, so no worker ever sees it.
CREATE FUNCTION pg_temp.target(path text, kinds text[] DEFAULT voiceagent_private.webhook_kinds()) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	v_target bigint;
BEGIN
	INSERT INTO voiceagent.webhook_subscriptions (tenant_id, url, kinds, home, created_at)
	VALUES (voiceagent.current_tenant(), 'https://example.com' || path, kinds, voiceagent_private.home(), voiceagent.clock()) RETURNING subscription_id INTO v_target;
	PERFORM voiceagent_private.record_webhook_subscriptions();
	RETURN v_target;
END
$$;
CREATE VIEW pg_temp.deliveries AS
	SELECT t.url, d.kind, d.event_type, d.status, d.tries, d.last_status, d.last_error, d.delivery_id, d.subscription_id,
		round(extract(epoch FROM d.next_try_at - voiceagent.clock())) AS next_s
	FROM voiceagent.webhook_deliveries d LEFT JOIN voiceagent.webhook_subscriptions t USING (tenant_id, subscription_id)
	WHERE d.tenant_id = voiceagent.current_tenant() ORDER BY d.delivery_id;
-- All that is due now, claimed and answered alike.
CREATE FUNCTION pg_temp.answer(http_status integer, error text DEFAULT NULL, wait integer DEFAULT NULL, max_requests integer DEFAULT 100)
RETURNS integer LANGUAGE sql AS $$
	SELECT count(*)::integer FROM (SELECT voiceagent_private.record_requests(array_agg(c.request_id), array_agg(http_status), array_agg(error), array_agg(wait))
		FROM voiceagent_private.claim_requests(max_requests, false) c HAVING count(*) > 0) x
$$;
CREATE FUNCTION pg_temp.pass(after interval) RETURNS text LANGUAGE sql AS $$
	SELECT set_config('voiceagent.clock_offset', (extract(epoch FROM voiceagent.clock() + after - clock_timestamp()))::text, true) IS NULL
$$;
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) IS NULL AS done;
-- Without a target an event is an event, and no more.
SELECT voiceagent_private.log_event('campaign_paused', 1);
SELECT count(*) FROM pg_temp.deliveries;

-- Each target what it asked for, once, however often the transaction tells of its events.
SELECT pg_temp.target('/all') AS everything \gset
SELECT pg_temp.target('/money', '{balance_low,carrier_failing}') AS money \gset
SELECT pg_temp.target('/off') AS off \gset
UPDATE voiceagent.webhook_subscriptions SET active = false WHERE subscription_id = :off;
INSERT INTO voiceagent.events (tenant_id, month_slot, at, event_type, campaign_id, call_id, lead_id)
SELECT :tenant, voiceagent_private.month_slot(voiceagent.clock()), voiceagent.clock(), t, 1, 2, 3
FROM unnest('{call_initiated,call_ended,lead_retry,appointment_detected,appointment_conflict}'::text[]) t;
SELECT voiceagent_private.poke_subscribers(), voiceagent_private.poke_subscribers();
SELECT voiceagent_private.log_event('balance_low', data => '{"balance": 5}');
SELECT voiceagent_private.log_event(t, 1) FROM unnest('{campaign_stopped,campaign_started,campaign_tripped,spend_cap_reached,webhook_subscription_disabled}'::text[]) t;
SELECT voiceagent_private.poke_subscribers();
SELECT url, kind, event_type, status, tries FROM pg_temp.deliveries;
-- What is rolled back was never told, and what was derived in vain is derived again.
SAVEPOINT a;
SELECT voiceagent_private.log_event('campaign_completed', 7);
ROLLBACK TO a;
SELECT voiceagent_private.log_event('campaign_paused', 8);
INSERT INTO voiceagent.events (tenant_id, month_slot, at, event_type, campaign_id)
VALUES (:tenant, voiceagent_private.month_slot(voiceagent.clock()), voiceagent.clock(), 'campaign_completed', 9);
SAVEPOINT b;
SELECT voiceagent_private.poke_subscribers();
ROLLBACK TO b;
SELECT voiceagent_private.poke_subscribers();
SELECT event_type FROM pg_temp.deliveries WHERE kind = 'campaign_stopped';
SELECT * FROM voiceagent_private.check_webhook_deliveries();

-- Sent: no more than four at a time to one target, leased; each with an id, and words for what is gone, too.
SELECT count(*), count(DISTINCT message_id), bool_and(message_id ~ '^msg_[0-9a-f]{32}$'), bool_and(problem IS NULL), bool_and(NOT private_host),
	min(timeout_ms), array_agg(DISTINCT headers), bool_and(body::jsonb ->> 'id' = message_id)
FROM voiceagent_private.claim_requests(100, false);
SELECT count(*) AS "at once" FROM voiceagent_private.claim_requests(100, false);
SELECT (d.body::jsonb - 'id' - 'created_at' - 'tenant_id')::text AS body FROM voiceagent.webhook_deliveries d WHERE d.body IS NOT NULL AND d.subscription_id = :everything ORDER BY d.delivery_id;
-- The lease ends: the same again, and their tries count.
SELECT pg_temp.pass('31 seconds');
SELECT count(*) FROM voiceagent_private.claim_requests(100, false);
SELECT tries, count(*) FROM voiceagent_private.outbox WHERE tenant_id = :tenant GROUP BY 1 ORDER BY 1;
-- A worker that starts need not wait for it.
SELECT voiceagent_private.recover_requests() >= 5 AS lost;
SELECT pg_temp.answer(204), pg_temp.answer(200), pg_temp.answer(200), pg_temp.answer(200);
SELECT status, last_status, count(*) FROM pg_temp.deliveries GROUP BY 1, 2 ORDER BY 1, 2;
SELECT count(*) AS waiting FROM voiceagent_private.outbox WHERE tenant_id = :tenant;

-- A failure: 30 seconds, doubled, with a little chance; five tries; then dead.
SELECT voiceagent_private.log_event('carrier_failing', data => '{"name": "A"}');
DELETE FROM voiceagent.webhook_deliveries WHERE tenant_id = :tenant AND subscription_id = :everything AND status = 'pending';
DELETE FROM voiceagent_private.outbox WHERE tenant_id = :tenant AND subscription_id = :everything;
SELECT pg_temp.answer(500, 'HTTP status 500');
SELECT status, tries, last_status, last_error, next_s BETWEEN 29 AND 33 AS "30 s" FROM pg_temp.deliveries WHERE kind = 'carrier_failing';
SELECT tenants = '{}' AS "nothing is due", extract(epoch FROM next_at - voiceagent.clock()) BETWEEN 29 AND 33 AS "30 s" FROM voiceagent_private.ready_requests(0, 10);
SELECT pg_temp.answer(200) AS "too early", pg_temp.pass('34 seconds');
SELECT :tenant = ANY (tenants) AS due FROM voiceagent_private.ready_requests(0, 10);
SELECT pg_temp.answer(NULL, 'Timeout was reached');
SELECT tries, last_status, last_error, next_s BETWEEN 59 AND 66 AS "60 s" FROM pg_temp.deliveries WHERE kind = 'carrier_failing';
-- The target's own wish is heard.
SELECT pg_temp.pass('67 seconds'), pg_temp.answer(429, 'HTTP status 429', 1000);
SELECT tries, last_status, next_s BETWEEN 999 AND 1001 AS "1000 s" FROM pg_temp.deliveries WHERE kind = 'carrier_failing';
SELECT failures, failing_since IS NOT NULL AS failing, extract(epoch FROM paused_until - voiceagent.clock()) BETWEEN 999 AND 1001 AS rests, last_status, last_error
FROM voiceagent.webhook_subscriptions WHERE subscription_id = :money;
SELECT voiceagent_private.log_event('balance_low');
SELECT tenants FROM voiceagent_private.ready_requests(:money - :money, 10) WHERE tenants <> ARRAY[:tenant::bigint];
SELECT count(*) AS "none to one that rests" FROM voiceagent_private.claim_requests(100, false) c JOIN voiceagent_private.outbox o USING (request_id) WHERE o.subscription_id = :money;
SELECT pg_temp.pass('1001 seconds'), pg_temp.answer(500, 'HTTP status 500');
-- Five failures in a row: one at a time from now on.
SELECT failures >= 5 AS "it fails", paused_until > voiceagent.clock() AS rests FROM voiceagent.webhook_subscriptions WHERE subscription_id = :money;
SELECT pg_temp.pass('20 minutes');
SELECT count(*) AS probes FROM voiceagent_private.claim_requests(100, false) c JOIN voiceagent_private.outbox o USING (request_id) WHERE o.subscription_id = :money;
SELECT voiceagent_private.recover_requests() > 0 AS recovered;
SELECT pg_temp.answer(500, 'HTTP status 500'), pg_temp.pass('20 minutes'), pg_temp.answer(500, 'HTTP status 500'), pg_temp.pass('20 minutes'), pg_temp.answer(500, 'HTTP status 500'),
	pg_temp.pass('20 minutes'), pg_temp.answer(500, 'HTTP status 500');
SELECT kind, status, tries <= 5 AS "five at most" FROM pg_temp.deliveries WHERE subscription_id = :money AND status = 'dead' AND kind = 'carrier_failing';
SELECT * FROM voiceagent_private.check_webhook_deliveries();

-- Replayed: with its id and its bytes, and all its tries before it.
SELECT message_id AS was, body AS said FROM voiceagent.webhook_deliveries WHERE tenant_id = :tenant AND kind = 'carrier_failing' AND status = 'dead' \gset
SELECT delivery_id AS dead FROM pg_temp.deliveries WHERE kind = 'carrier_failing' AND status = 'dead' \gset
SELECT voiceagent.replay_webhook_delivery(:dead), voiceagent.replay_webhook_delivery(:dead) AS "waits already";
SELECT status, tries, last_error, message_id = :'was' AND body = :'said' AS same FROM voiceagent.webhook_deliveries d WHERE d.delivery_id = :dead;
SELECT pg_temp.pass('1 hour'), pg_temp.answer(200), pg_temp.answer(200);
SELECT status, last_status FROM pg_temp.deliveries WHERE delivery_id = :dead;
SELECT failures, failing_since, paused_until, last_error FROM voiceagent.webhook_subscriptions WHERE subscription_id = :money;

-- Gone is gone; a target that is disabled takes what waits for it along, and the others are told.
SELECT voiceagent_private.log_event('balance_low') FROM generate_series(1, 3);
SELECT pg_temp.answer(410, 'HTTP status 410', max_requests => 8);
SELECT url, active, disabled_reason FROM voiceagent.webhook_subscriptions WHERE tenant_id = :tenant ORDER BY subscription_id;
SELECT status, last_error, count(*) FROM pg_temp.deliveries WHERE subscription_id = :money AND kind = 'balance_low' GROUP BY 1, 2 ORDER BY 1, 2;
SELECT d.has_webhook_subscriptions FROM voiceagent_private.tenant_directory d WHERE d.tenant_id = :tenant;
SELECT voiceagent.replay_dead_webhook_deliveries(:money);
ROLLBACK;

-- The balance: told once on its way down, again after it has recovered; holds that come and go are no matter.
BEGIN;
SELECT voiceagent_private.set_tenant(:other) IS NULL AS done;
CREATE FUNCTION pg_temp.move(f text, t text, amount numeric) RETURNS void LANGUAGE sql AS $$
	SELECT voiceagent_private.post(ARRAY[ROW('test', f, t, amount, NULL, NULL, NULL, NULL, NULL)::voiceagent_private.transfer]) $$;
CREATE VIEW pg_temp.low AS SELECT event_data FROM voiceagent.events WHERE tenant_id = voiceagent.current_tenant() AND event_type = 'balance_low' ORDER BY event_id;
SELECT pg_temp.move('available', 'held', 95), pg_temp.move('held', 'available', 50), pg_temp.move('available', 'held', 50), pg_temp.move('held', 'spent', 80);
SELECT count(*) AS "20 are left" FROM pg_temp.low;
SELECT pg_temp.move('held', 'spent', 10), pg_temp.move('held', 'available', 3);
SELECT count(*) AS "10 are left" FROM pg_temp.low;
SELECT pg_temp.move('available', 'spent', 1), pg_temp.move('available', 'spent', 1);
SELECT * FROM pg_temp.low;
SELECT what, settle FROM voiceagent.waiting WHERE kind = 'low balance';
SELECT pg_temp.move('funding', 'available', 100), pg_temp.move('available', 'funding', 99);
SELECT * FROM pg_temp.low;
SELECT pg_temp.move('funding', 'available', 100);
SELECT count(*) AS "enough again" FROM voiceagent.waiting WHERE kind = 'low balance';
ROLLBACK;

-- Another tenant's target is none; a copy of the database sends nothing; an inactive tenant waits; a lead is forgotten.
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) IS NULL AS done;
SELECT pg_temp.target('/mine') AS mine \gset
SELECT voiceagent_private.log_event('call_ended', 1, i, i) FROM generate_series(1, 3) i;
SELECT delivery_id AS one FROM pg_temp.deliveries LIMIT 1 \gset
SELECT voiceagent_private.set_tenant(:other) IS NULL AS done;
SELECT voiceagent_private.log_event('call_ended', 1, 2, 3);
SELECT count(*) FROM pg_temp.deliveries;
SAVEPOINT a;
SELECT voiceagent.test_webhook_subscription(:mine);
ROLLBACK TO a;
SELECT voiceagent.replay_webhook_delivery(:one);
ROLLBACK TO a;
SELECT voiceagent.rotate_webhook_subscription_secret(:mine);
ROLLBACK TO a;
SELECT count(*) FROM voiceagent_private.claim_requests(100, false);
SELECT voiceagent_private.set_tenant(:tenant) IS NULL AS done;
UPDATE voiceagent.webhook_subscriptions SET home = 'elsewhere' WHERE subscription_id = :mine;
SELECT count(*) AS "from a copy" FROM voiceagent_private.claim_requests(100, false);
SELECT last_error, paused_until > voiceagent.clock() AS rests FROM voiceagent.webhook_subscriptions WHERE subscription_id = :mine;
SELECT pg_temp.pass('11 minutes');
SELECT count(*) AS "from an armed one" FROM voiceagent_private.claim_requests(100, true);
SELECT voiceagent_private.recover_requests();
SELECT voiceagent.enable_webhook_subscription(:mine);
UPDATE voiceagent_private.tenant_directory SET active = false WHERE tenant_id = :tenant;
SELECT :tenant = ANY (tenants) AS "an inactive tenant is due" FROM voiceagent_private.ready_requests(0, 10);
UPDATE voiceagent_private.tenant_directory SET active = true WHERE tenant_id = :tenant;
SELECT :tenant = ANY (tenants) AS "an active tenant is due" FROM voiceagent_private.ready_requests(0, 10);
SELECT voiceagent_private.erase_webhook_deliveries(ARRAY(SELECT delivery_id FROM voiceagent.webhook_deliveries WHERE tenant_id = voiceagent.current_tenant() AND lead_id = 2));
SELECT count(*) FROM pg_temp.deliveries;
SELECT * FROM voiceagent_private.check_webhook_deliveries();
-- Forgotten after thirty days, a few at a time, and not before their end.
SELECT pg_temp.answer(200);
SELECT voiceagent_private.log_event('call_ended', 1, 5, 5);
SELECT * FROM voiceagent_private.retain_class('webhook_deliveries', 0, voiceagent.clock(), 100);
SELECT pg_temp.pass('31 days');
SELECT * FROM voiceagent_private.retain_class('webhook_deliveries', 0, voiceagent.clock(), 1);
SELECT status FROM pg_temp.deliveries;
SELECT * FROM voiceagent_private.retain_class('webhook_deliveries', 0, voiceagent.clock(), 100);
SELECT status FROM pg_temp.deliveries;
ROLLBACK;

-- A target that asked for a rest has it, whatever it answers to what was on its way already; then it is well.
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) IS NULL AS done;
SELECT pg_temp.target('/tired') AS tired \gset
SELECT voiceagent_private.log_event('call_ended', 1, i, i) FROM generate_series(1, 3) i;
SELECT array_agg(request_id) AS ids FROM voiceagent_private.claim_requests(2, false) \gset
SELECT voiceagent_private.record_requests((:'ids'::bigint[])[1:1], '{429}', '{HTTP status 429}', '{1000}'),
	voiceagent_private.record_requests((:'ids'::bigint[])[2:2], '{200}', '{NULL}', '{NULL}');
SELECT failures, extract(epoch FROM paused_until - voiceagent.clock()) BETWEEN 999 AND 1001 AS rests FROM voiceagent.webhook_subscriptions WHERE subscription_id = :tired;
SELECT count(*) AS "sent meanwhile" FROM voiceagent_private.claim_requests(100, false);
SELECT pg_temp.pass('1001 seconds'), pg_temp.answer(200) AS "sent then";
SELECT failures, paused_until, (SELECT count(*) FROM voiceagent_private.outbox_targets r WHERE r.subscription_id = t.subscription_id) AS resting FROM voiceagent.webhook_subscriptions t WHERE subscription_id = :tired;
ROLLBACK;

-- A new URL begins well: what waits goes there at once, and what the old one still answers says nothing of it.
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) IS NULL AS done;
SELECT pg_temp.target('/old') AS moving \gset
SELECT voiceagent_private.log_event('call_ended', 1, i, i) FROM generate_series(1, 3) i;
SELECT pg_temp.answer(503, 'HTTP status 503', 80000, max_requests => 1);
SELECT failures, paused_until IS NOT NULL AS rests, last_status FROM voiceagent.webhook_subscriptions WHERE subscription_id = :moving;
SELECT voiceagent.update_webhook_subscription(:moving, description => 'The same URL');
SELECT failures, paused_until IS NOT NULL AS "rests still" FROM voiceagent.webhook_subscriptions WHERE subscription_id = :moving;
SELECT voiceagent.update_webhook_subscription(:moving, url => 'https://example.com/new');
SELECT failures, failing_since, paused_until, last_status, last_error FROM voiceagent.webhook_subscriptions WHERE subscription_id = :moving;
SELECT next_s FROM pg_temp.deliveries;
SELECT array_agg(request_id) AS ids, array_agg(DISTINCT url) AS urls FROM voiceagent_private.claim_requests(100, false) \gset
SELECT :'urls' AS urls;
SELECT voiceagent.update_webhook_subscription(:moving, url => 'https://example.com/newest');
SELECT voiceagent_private.record_requests(:'ids', '{410,429,200}', '{HTTP status 410,HTTP status 429,NULL}', '{NULL,80000,NULL}');
SELECT active, failures, paused_until FROM voiceagent.webhook_subscriptions WHERE subscription_id = :moving;
SELECT status, last_status, next_s < 80 AS "tried soon" FROM pg_temp.deliveries ORDER BY last_status;
SELECT pg_temp.pass('80 seconds'), pg_temp.answer(410, 'HTTP status 410');
SELECT active, disabled_reason FROM voiceagent.webhook_subscriptions WHERE subscription_id = :moving;
SELECT * FROM voiceagent_private.check_webhook_deliveries();
ROLLBACK;

-- As much is on its way to a target as may be: what waits for it is looked for again when the first of these counts as lost.
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) IS NULL AS done;
SELECT pg_temp.target('/full') AS full \gset
SELECT voiceagent_private.log_event('call_ended', 1, i, i) FROM generate_series(1, 5) i;
SELECT count(*) FROM voiceagent_private.claim_requests(3, false);
SELECT pg_temp.pass('5 seconds');
SELECT count(*) FROM voiceagent_private.claim_requests(100, false);
SELECT tenants, extract(epoch FROM next_at - voiceagent.clock()) BETWEEN 23 AND 25 AS "25 s" FROM voiceagent_private.ready_requests(0, 10);
ROLLBACK;

-- Each of the younger kinds; what the staff says of a tenant, too.
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) IS NULL AS done;
SELECT pg_temp.target('/young', ARRAY['ticket_late', 'condition_met', 'opted_out', 'calls_paused', 'standing_changed', 'calendar_failing', 'tool_failing', 'import_finished']) > 0 AS made;
SELECT voiceagent_private.log_event(e, NULL, NULL, NULL, '{"name": "x"}') FROM unnest('{ticket_late,condition_met,lead_opted_out,calls_braked,calendar_unread,tool_switched_off,import_finished}'::text[]) e;
SELECT voiceagent.set_tenant_standing(:tenant, 'asked', 'papers are looked at');
SELECT voiceagent_private.set_tenant(:tenant) > 0 AS done;
SELECT voiceagent_private.derive_webhook_deliveries();
SELECT d.kind, voiceagent_private.webhook_body(d)::jsonb -> 'data' AS data FROM voiceagent.webhook_deliveries d JOIN voiceagent.webhook_subscriptions t USING (tenant_id, subscription_id) WHERE t.url LIKE '%/young' ORDER BY d.kind;
ROLLBACK;

-- Twenty at most.
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) IS NULL AS done;
SELECT count(pg_temp.target('/' || i)) FROM generate_series(1, 20) i;
SELECT voiceagent.create_webhook_subscription('https://example.com/21');
ROLLBACK;
DELETE FROM voiceagent_private.role_map WHERE role_name LIKE 'regress_webhook_out%';
DROP OWNED BY regress_webhook_out, regress_webhook_out_other;
DROP ROLE regress_webhook_out, regress_webhook_out_other;
