-- Errands: what is asked of carriers besides dials; the room of the worker is driven by hand here.
\set VERBOSITY terse
\pset format unaligned
\pset tuples_only on
CREATE ROLE regress_errands LOGIN;
CREATE ROLE regress_errands_other LOGIN;
SELECT voiceagent.create_tenant('Errands') AS tenant \gset
SELECT voiceagent.map_role('regress_errands', :tenant) \g /dev/null
SELECT voiceagent.create_tenant('Errands other') AS other \gset
SELECT voiceagent.map_role('regress_errands_other', :other) \g /dev/null
-- The worker of this database must not take what is claimed by hand: one transaction, rolled back.
BEGIN;
SELECT voiceagent_private.act_for(:tenant) \g /dev/null
SELECT provider_account_id AS sandbox FROM voiceagent.provider_accounts WHERE tenant_id = :tenant \gset
-- A real account without its secrets: nothing here leaves the database.
INSERT INTO voiceagent.provider_accounts (tenant_id, provider, name, max_concurrent_calls, created_at)
VALUES (:tenant, 'vapi', 'Real', 1, voiceagent.clock()) RETURNING provider_account_id AS real \gset

-- What the carrier lacks is refused by name; so are unknown accounts and kinds.
SAVEPOINT s;
SELECT voiceagent_private.enqueue_errand(:sandbox, 'balance');
ROLLBACK TO s;
SELECT voiceagent_private.enqueue_errand(0, 'hangup');
ROLLBACK TO s;
SELECT voiceagent_private.enqueue_errand(:sandbox, 'dance');
ROLLBACK TO s;

-- The life of one: queued, sending, again later, done. Concurrency of an account: hangups do not wait.
CREATE TEMP TABLE made AS SELECT n, voiceagent_private.enqueue_errand(:sandbox, 'hangup', jsonb_build_object('control_url', 'http://x/' || n)) AS id
FROM generate_series(1, 6) n;
SELECT count(*) FROM voiceagent_private.claim_errands(4, true, true, '1 minute');
SELECT count(*) FROM voiceagent_private.claim_errands(4, true, true, '1 minute');
SELECT count(*) FROM voiceagent_private.claim_errands(4, true, true, '1 minute');
SELECT state, tries, count(*) FROM voiceagent.errands WHERE tenant_id = :tenant GROUP BY 1, 2;
SELECT voiceagent_private.record_errand(id, 'accepted', '{"kind": "accepted"}', '', 0), voiceagent_private.record_errand(id, 'unknown', NULL, 'late', 0) FROM made WHERE n = 1 \g /dev/null
SELECT voiceagent_private.record_errand(id, 'refused_permanent', '{"kind": "refused_permanent"}', 'http-400: no', 0) FROM made WHERE n = 2 \g /dev/null
SELECT voiceagent_private.record_errand(id, 'refused_retry', NULL, 'connection-failed', 0) FROM made WHERE n = 3 \g /dev/null
SELECT voiceagent_private.record_errand(id, 'unknown', NULL, 'no-answer-from-provider', 0) FROM made WHERE n = 4 \g /dev/null
SELECT voiceagent_private.record_errand(id, 'rate_limited', NULL, 'http-429', 77) FROM made WHERE n = 5 \g /dev/null
SELECT m.n, e.state, e.error, round(extract(epoch FROM e.next_at - voiceagent.clock())) AS wait, e.done_at IS NOT NULL AS ended, q.claimed
FROM made m JOIN voiceagent.errands e ON e.tenant_id = :tenant AND e.errand_id = m.id
LEFT JOIN voiceagent_private.errand_queue q ON q.tenant_id = :tenant AND q.errand_id = m.id ORDER BY n;
SELECT * FROM voiceagent_private.check_errands();
-- It gives up after errand_tries.
UPDATE voiceagent.errands SET tries = 6, state = 'sending', next_at = NULL WHERE errand_id IN (SELECT id FROM made WHERE n = 3);
SELECT voiceagent_private.record_errand(id, 'refused_retry', NULL, 'connection-failed', 0) FROM made WHERE n = 3 \g /dev/null
SELECT state, error FROM voiceagent.errands WHERE errand_id IN (SELECT id FROM made WHERE n = 3);

-- A real carrier: what changes something needs the database and the account armed; what asks needs the home, or arms.
\set obstacle 'SELECT voiceagent_private.errand_obstacle'
:obstacle('say', 'vapi', voiceagent.clock(), voiceagent_private.home(), true, true) IS NULL;
:obstacle('say', 'vapi', NULL, voiceagent_private.home(), true, true);
:obstacle('hangup', 'vapi', NULL, voiceagent_private.home(), true, true) IS NULL;
:obstacle('hangup', 'vapi', voiceagent.clock(), voiceagent_private.home(), true, false);
:obstacle('buy_number', 'vapi', voiceagent.clock(), voiceagent_private.home(), true, false);
:obstacle('check_account', 'vapi', NULL, voiceagent_private.home(), true, false) IS NULL;
:obstacle('check_account', 'vapi', NULL, 'elsewhere', true, false);
:obstacle('check_account', 'vapi', NULL, 'elsewhere', true, true) IS NULL;
:obstacle('check_account', 'vapi', voiceagent.clock(), voiceagent_private.home(), false, true);
:obstacle('buy_number', 'sandbox', NULL, 'elsewhere', false, false) IS NULL;
SELECT voiceagent_private.enqueue_errand(:real, 'hangup') AS unarmed \gset
SELECT count(*) FROM voiceagent_private.claim_errands(40, true, false, '1 minute');
SELECT state, error FROM voiceagent.errands WHERE tenant_id = :tenant AND errand_id = :unarmed;

-- A buy whose answer is lost, by the room or by a crash, is never sent again: the carrier's list of numbers settles it.
CREATE FUNCTION pg_temp.lost(kind text, number text, account bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	v_errand bigint;
BEGIN
	INSERT INTO voiceagent.errands (tenant_id, kind, provider_account_id, order_data, state, tries, created_at)
	VALUES (voiceagent.current_tenant(), kind, account, jsonb_build_object('number', number), 'sending', 1, voiceagent.clock()) RETURNING errand_id INTO v_errand;
	INSERT INTO voiceagent_private.errand_queue (tenant_id, errand_id, provider_account_id, next_at, claimed)
	VALUES (voiceagent.current_tenant(), v_errand, account, voiceagent.clock(), true);
	RETURN v_errand;
END $$;
-- The list that is looked through: made here, because not every carrier has one.
CREATE FUNCTION pg_temp.listed(errand bigint, look integer, numbers jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v voiceagent.errands;
BEGIN
	v.tenant_id := voiceagent.current_tenant();
	v.kind := 'list_numbers';
	v.state := 'done';
	v.order_data := jsonb_build_object('reconciles', errand, 'look', look);
	v.result := jsonb_build_object('kind', 'accepted', 'numbers', numbers);
	PERFORM voiceagent_private.settle_errand(v);
	RETURN (SELECT concat_ws(' ', state, result ->> 'number_id', error) FROM voiceagent.errands WHERE tenant_id = v.tenant_id AND errand_id = errand);
END $$;
SELECT pg_temp.lost('buy_number', '+12025550101', :sandbox) AS bought, pg_temp.lost('buy_number', '+12025550102', :sandbox) AS not_bought,
	pg_temp.lost('release_number', '+12025550103', :sandbox) AS released, pg_temp.lost('hangup', '', :sandbox) AS again \gset
SELECT kind FROM voiceagent_private.claim_errands(40, true, true, '1 minute') WHERE errand_id >= :bought ORDER BY 1;
SELECT kind, state, error FROM voiceagent.errands WHERE tenant_id = :tenant AND errand_id >= :bought ORDER BY errand_id;
SELECT pg_temp.listed(:bought, 1, '[{"number": "+12025550101", "number_id": "N1"}]');
SELECT pg_temp.listed(:not_bought, 1, '[]');
SELECT pg_temp.listed(:not_bought, 3, '[]');
SELECT pg_temp.listed(:released, 1, '[{"number": "+12025550104"}]');
SELECT voiceagent_private.record_errand(:again, 'unknown', NULL, 'late', 0) \g /dev/null
SELECT state FROM voiceagent.errands WHERE tenant_id = :tenant AND errand_id = :again;

-- Whoever uses a result and fails does not keep the errand from ending.
CREATE OR REPLACE FUNCTION voiceagent_private.account_errand_done(errand voiceagent.errands) RETURNS void LANGUAGE plpgsql AS $$ BEGIN RAISE 'broken'; END $$;
SELECT pg_temp.lost('check_account', '', :sandbox) AS checked \gset
SELECT voiceagent_private.record_errand(:checked, 'accepted', '{"kind": "accepted"}', '', 0) \g /dev/null
SELECT state, error FROM voiceagent.errands WHERE tenant_id = :tenant AND errand_id = :checked;

-- What has ended is forgotten after errand_retention.
UPDATE voiceagent.errands SET done_at = done_at - interval '31 days' WHERE tenant_id = :tenant AND errand_id <= :unarmed;
SELECT count(*) FROM voiceagent.errands WHERE tenant_id = :tenant AND errand_id <= :unarmed AND done_at IS NOT NULL;
SELECT voiceagent_private.forget_errands(1000) > voiceagent.clock();
SELECT voiceagent_private.act_for(:tenant) \g /dev/null
SELECT count(*) FROM voiceagent.errands WHERE tenant_id = :tenant AND errand_id <= :unarmed AND done_at IS NOT NULL;

-- The other tenant sees none of it.
SELECT voiceagent_private.act_for(0) \g /dev/null
SET SESSION AUTHORIZATION regress_errands_other;
SELECT count(*) FROM voiceagent.errands;
RESET SESSION AUTHORIZATION;
ROLLBACK;
DROP ROLE regress_errands, regress_errands_other;
