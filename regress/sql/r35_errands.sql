-- Errands: what is asked of carriers besides dials; the room of the worker is driven by hand here.
\set VERBOSITY terse
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
SELECT voiceagent_private.enqueue_errand(:sandbox, 'list_numbers');
ROLLBACK TO s;
SELECT voiceagent_private.enqueue_errand(0, 'hangup');
ROLLBACK TO s;
SELECT voiceagent_private.enqueue_errand(:sandbox, 'dance');
ROLLBACK TO s;

-- The life of one: queued, sending, again later, done. Concurrency of an account: hangups do not wait.
CREATE TEMP TABLE made AS SELECT n, voiceagent_private.enqueue_errand(:sandbox, 'hangup', jsonb_build_object('control_url', 'http://x/' || n)) AS id
FROM generate_series(1, 6) n;
SELECT count(*) FROM voiceagent_private.claim_errands(0, true, true, '1 minute', 4);
SELECT count(*) FROM voiceagent_private.claim_errands(0, true, true, '1 minute', 4);
SELECT count(*) FROM voiceagent_private.claim_errands(0, true, true, '1 minute', 4);
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
-- What waits a second would be due in the midst of what follows.
SELECT voiceagent_private.end_errand(id, 'failed', NULL, 'enough') FROM made WHERE n = 4 \g /dev/null

-- No more than errand_concurrency of an account at a time, but for hangups.
CREATE TEMP TABLE many AS SELECT voiceagent_private.enqueue_errand(:real, k) AS id FROM unnest(array_fill('check_account'::text, ARRAY[6]) || '{hangup,hangup}') k;
SELECT kind, count(*) FROM voiceagent_private.claim_errands(40, true, true, '1 minute') WHERE errand_id IN (SELECT id FROM many) GROUP BY 1 ORDER BY 1;
SELECT count(*), count(q.sent_at) AS sent FROM voiceagent_private.errand_queue q JOIN many m ON m.id = q.errand_id WHERE q.claimed;
SELECT voiceagent_private.record_errand(min(id), 'accepted', NULL, '', 0) FROM many \g /dev/null
SELECT kind, count(*) FROM voiceagent_private.claim_errands(40, true, true, '1 minute') WHERE errand_id IN (SELECT id FROM many) GROUP BY 1;
-- Who is asked to wait waits with all that is queued for the account, but for hangups.
SELECT voiceagent_private.enqueue_errand(:real, 'hangup') AS hangup \gset
SELECT voiceagent_private.record_errand(min(e.errand_id), 'rate_limited', NULL, 'http-429', 100) FROM voiceagent.errands e JOIN many m ON m.id = e.errand_id WHERE e.state = 'sending' AND e.kind = 'check_account' \g /dev/null
SELECT e.kind, e.state, round(extract(epoch FROM q.next_at - voiceagent.clock()), -1) AS wait, count(*) FROM voiceagent.errands e JOIN voiceagent_private.errand_queue q USING (tenant_id, errand_id)
WHERE e.tenant_id = :tenant AND e.provider_account_id = :real AND e.state = 'queued' GROUP BY 1, 2, 3 ORDER BY 1;
SELECT voiceagent_private.end_errand(id, 'failed', NULL, 'enough') FROM (SELECT id FROM many UNION ALL SELECT :hangup) x \g /dev/null

-- Prices that are asked for by the hundred keep nobody waiting; they are claimed when nothing else is due.
SELECT count(voiceagent_private.enqueue_errand(:real, 'fetch_cost', '{"look": 1}')) FROM generate_series(1, 300);
SELECT voiceagent_private.enqueue_errand(:real, 'check_account') AS checks, voiceagent_private.enqueue_errand(:real, 'hangup') AS hangs \gset
SELECT tenants = ARRAY[:tenant::bigint] AS due FROM voiceagent_private.ready_errands(:tenant - 1, 1);
SELECT kind FROM voiceagent_private.claim_errands(2, true, true, '1 minute', 1);
SELECT voiceagent_private.end_errand(errand_id, 'failed', NULL, 'enough') FROM voiceagent.errands WHERE tenant_id = :tenant AND (kind = 'fetch_cost' OR errand_id IN (:checks, :hangs)) \g /dev/null

-- A real carrier: what changes something needs the database and the account armed; what asks, and what ends a call, needs the home, or arms.
\set obstacle 'SELECT voiceagent_private.errand_obstacle'
:obstacle('say', 'vapi', voiceagent.clock(), voiceagent_private.home(), true, true);
SET LOCAL voiceagent.public_base_url = 'https://calls.example.com';
:obstacle('say', 'vapi', voiceagent.clock(), voiceagent_private.home(), true, true) IS NULL;
:obstacle('say', 'vapi', NULL, voiceagent_private.home(), true, true);
:obstacle('hangup', 'vapi', NULL, voiceagent_private.home(), true, true) IS NULL;
:obstacle('hangup', 'vapi', voiceagent.clock(), voiceagent_private.home(), true, false) IS NULL;
:obstacle('hangup', 'vapi', voiceagent.clock(), 'elsewhere', true, false);
:obstacle('hangup', 'vapi', voiceagent.clock(), 'elsewhere', true, true) IS NULL;
:obstacle('hangup', 'vapi', voiceagent.clock(), voiceagent_private.home(), false, true);
:obstacle('buy_number', 'vapi', voiceagent.clock(), voiceagent_private.home(), true, false);
:obstacle('check_account', 'vapi', NULL, voiceagent_private.home(), true, false) IS NULL;
:obstacle('check_account', 'vapi', NULL, 'elsewhere', true, false);
:obstacle('check_account', 'vapi', NULL, 'elsewhere', true, true) IS NULL;
:obstacle('check_account', 'vapi', voiceagent.clock(), voiceagent_private.home(), false, true);
:obstacle('buy_number', 'sandbox', NULL, 'elsewhere', false, false) IS NULL;
-- disarm() leaves nobody in silence: what would have been said is not, and the call is ended. A copy ends nobody's.
SELECT voiceagent_private.enqueue_errand(:real, 'buy_number') AS unarmed, voiceagent_private.enqueue_errand(:real, 'hangup') AS ends \gset
SELECT errand_id = :ends AS ends, kind FROM voiceagent_private.claim_errands(40, true, false, '1 minute');
UPDATE voiceagent.provider_accounts SET home = 'elsewhere' WHERE provider_account_id = :real;
SELECT voiceagent_private.enqueue_errand(:real, 'hangup') AS copied \gset
SELECT count(*) FROM voiceagent_private.claim_errands(40, true, false, '1 minute');
UPDATE voiceagent.provider_accounts SET home = voiceagent_private.home() WHERE provider_account_id = :real;
SELECT state, error FROM voiceagent.errands WHERE tenant_id = :tenant AND errand_id IN (:unarmed, :ends, :copied) ORDER BY errand_id;
SELECT voiceagent_private.end_errand(:ends, 'failed', NULL, 'enough') \g /dev/null
-- Nothing is bought through an account that has been switched off since.
SELECT voiceagent_private.enqueue_errand(:real, 'buy_number') AS off \gset
UPDATE voiceagent.provider_accounts SET active = false WHERE provider_account_id = :real;
SELECT count(*) FROM voiceagent_private.claim_errands(40, true, true, '1 minute');
UPDATE voiceagent.provider_accounts SET active = true WHERE provider_account_id = :real;
SELECT state, error FROM voiceagent.errands WHERE tenant_id = :tenant AND errand_id = :off;

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

-- What is unknown is shown, with what is to be done; the list of an import settles it, too; else a person who has looked.
CREATE FUNCTION pg_temp.unresolved() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT concat_ws(': ', u.kind, u.reason, replace(u.hint, u.errand_id::text, 'N')) FROM voiceagent.unresolved_errands u WHERE u.tenant_id = voiceagent.current_tenant() ORDER BY u.errand_id $$;
SELECT pg_temp.lost('buy_number', '+12025550111', :real) AS bought, pg_temp.lost('buy_number', '+12025550112', :real) AS listed,
	pg_temp.lost('create_credential', '', :real) AS made, pg_temp.lost('release_number', '+12025550113', :real) AS gone,
	pg_temp.lost('buy_number', '+12025550114', :sandbox) AS asked, pg_temp.lost('create_number', '+12025550116', :real) AS known \gset
SELECT voiceagent_private.record_errand(e, 'unknown', NULL, 'no-answer-from-provider', 0) FROM unnest(ARRAY[:bought, :listed, :made, :gone, :asked, :known]) e \g /dev/null
SELECT * FROM pg_temp.unresolved();
SELECT count(*) FROM voiceagent.events WHERE tenant_id = :tenant AND event_type = 'errand_unknown' AND (event_data ->> 'errand_id')::bigint >= :bought;
SELECT kind, order_data - 'reconciles' AS order_data, round(extract(epoch FROM next_at - voiceagent.clock())) AS wait FROM voiceagent.errands
WHERE tenant_id = :tenant AND order_data ->> 'reconciles' IN (:'bought', :'made') ORDER BY errand_id;
SELECT voiceagent_private.enqueue_errand(:real, 'list_numbers', '{"purpose": "import"}') AS import \gset
SELECT voiceagent_private.end_errand(:import, 'done', '{"kind": "accepted", "numbers": [{"number": "+12025550112", "number_id": "N2"}, {"number": "+12025550113", "number_id": "N3"}, {"number": "+12025550116", "number_id": "N6"}]}', NULL);
-- What has ended stays so.
SELECT voiceagent_private.end_errand(:listed, 'failed', '{"kind": "refused"}', 'no');
SELECT e.kind, e.state, e.result ->> 'number_id' AS id FROM voiceagent.errands e WHERE e.errand_id IN (:listed, :gone, :known) ORDER BY e.errand_id;
-- A list of several pages is looked through to its end.
SELECT voiceagent_private.end_errand(errand_id, 'done', '{"kind": "accepted", "numbers": [], "next_page": "p2"}', NULL) FROM voiceagent.errands WHERE tenant_id = :tenant AND order_data ->> 'reconciles' = :'bought' \g /dev/null
SELECT order_data - 'reconciles' AS order_data, next_at <= voiceagent.clock() AS now FROM voiceagent.errands WHERE tenant_id = :tenant AND order_data ->> 'reconciles' = :'bought' AND state = 'queued';
-- One without an end is none: the next look is another list.
UPDATE voiceagent.errands SET order_data = order_data || '{"pages": 1001}' WHERE tenant_id = :tenant AND order_data ->> 'reconciles' = :'bought' AND state = 'queued';
SELECT voiceagent_private.end_errand(errand_id, 'done', '{"kind": "accepted", "numbers": [], "next_page": "p1002"}', NULL) FROM voiceagent.errands WHERE tenant_id = :tenant AND order_data ->> 'reconciles' = :'bought' AND state = 'queued' \g /dev/null
SELECT order_data - 'reconciles' AS order_data, next_at <= voiceagent.clock() AS now FROM voiceagent.errands WHERE tenant_id = :tenant AND order_data ->> 'reconciles' = :'bought' AND state = 'queued';
-- Lists that fail: after the sixth it waits for a person.
UPDATE voiceagent.errands SET order_data = order_data || '{"look": 6}' WHERE tenant_id = :tenant AND order_data ->> 'reconciles' = :'bought' AND state = 'queued';
SELECT voiceagent_private.end_errand(errand_id, 'failed', NULL, 'http-500') FROM voiceagent.errands WHERE tenant_id = :tenant AND order_data ->> 'reconciles' = :'bought' AND state = 'queued' \g /dev/null
SELECT * FROM pg_temp.unresolved();
SELECT replace(state, :'bought', 'N') AS state, queue_depth FROM voiceagent.status() WHERE component = 'unresolved errands';
SAVEPOINT s;
SELECT voiceagent.resolve_errand(:listed, true);
ROLLBACK TO s;
SELECT voiceagent.resolve_errand(:made, true);
ROLLBACK TO s;
SELECT voiceagent.resolve_errand(:made);
ROLLBACK TO s;
SELECT voiceagent.resolve_errand(:bought);
SELECT order_data - 'reconciles' AS order_data, next_at <= voiceagent.clock() AS now FROM voiceagent.errands WHERE tenant_id = :tenant AND order_data ->> 'reconciles' = :'bought' AND state = 'queued';
SELECT voiceagent.resolve_errand(:bought, false), voiceagent.resolve_errand(:made, true, ' C9 '), voiceagent.resolve_errand(:gone, true);
SELECT kind, state, result - 'kind' AS result, error FROM voiceagent.errands WHERE errand_id IN (:bought, :made, :gone) ORDER BY errand_id;
-- The answer that came after all; not one that says nothing.
SELECT voiceagent_private.record_errand(:asked, 'rate_limited', NULL, 'late', 0) \g /dev/null
SELECT state FROM voiceagent.errands WHERE errand_id = :asked;
SELECT voiceagent_private.record_errand(:asked, 'accepted', '{"kind": "accepted", "number_id": "N4"}', '', 0) \g /dev/null
SELECT state, result ->> 'number_id' AS id FROM voiceagent.errands WHERE errand_id = :asked;
SELECT * FROM pg_temp.unresolved();
SELECT * FROM voiceagent_private.check_errands();

-- Asked too often, by whatever: the account rests as long as the carrier says, is slower when it says so again and again, and recovers when it is well.
CREATE FUNCTION pg_temp.limited(sent interval, wait_s integer, kind text DEFAULT 'rate_limited') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_account bigint := current_setting('va_test.real')::bigint;
	v_errand bigint := pg_temp.lost('balance', '', v_account);
	v_now timestamptz := voiceagent.clock();
BEGIN
	UPDATE voiceagent_private.errand_queue SET sent_at = v_now + sent WHERE errand_id = v_errand;
	PERFORM voiceagent_private.record_errand(v_errand, kind, NULL, 'http-429: slowly', wait_s);
	RETURN (SELECT concat_ws(' ', round(extract(epoch FROM a.resumes_at - v_now)), d.slowed_from, round(d.slowed_to), a.trouble) FROM voiceagent.provider_accounts a
		JOIN voiceagent_private.account_dials d USING (tenant_id, provider_account_id) WHERE a.provider_account_id = v_account);
END $$;
SELECT set_config('va_test.real', :'real', true) \g /dev/null
SELECT voiceagent_private.forget_dials(:real) \g /dev/null
UPDATE voiceagent.provider_accounts SET settings = '{"calls_per_second": 8}', resumes_at = NULL, trouble = NULL WHERE provider_account_id = :real;
SELECT pg_temp.limited('-1 second', 0);
SELECT pg_temp.limited('-2 seconds', 20);
SELECT pg_temp.limited('-1 second', 0), pg_temp.limited('0', 0);
SELECT pg_temp.limited('-2 seconds', 0), pg_temp.limited('-2 seconds', 0), pg_temp.limited('-2 seconds', 0), pg_temp.limited('-2 seconds', 0);
SELECT pg_temp.limited('1 second', 30);
SELECT pg_temp.limited('0', 0, 'accepted');
UPDATE voiceagent.provider_accounts SET resumes_at = voiceagent.clock() WHERE provider_account_id = :real;
SELECT pg_temp.limited('0', 0, 'accepted');
-- A breaker is for dials to close.
UPDATE voiceagent.provider_accounts SET opened_at = voiceagent.clock(), resumes_at = voiceagent.clock(), trouble = 'no answer' WHERE provider_account_id = :real;
SELECT pg_temp.limited('0', 0, 'accepted');
SELECT opened_at IS NOT NULL AS open FROM voiceagent.provider_accounts WHERE provider_account_id = :real;
UPDATE voiceagent.provider_accounts SET opened_at = NULL, resumes_at = NULL, trouble = NULL WHERE provider_account_id = :real;
-- The last try of an errand says the same of the account.
UPDATE voiceagent_private.account_dials SET slowed_at = NULL, slowed_to = NULL, slowed_from = NULL, limited_share = 0.1 WHERE provider_account_id = :real;
UPDATE voiceagent_private.setting_definitions SET default_value = '1' WHERE key = 'errand_tries';
SELECT pg_temp.limited('0', 0);

-- The price of a call: kept by the call alone; not there yet, it is asked for again by the same errand.
CREATE FUNCTION pg_temp.priced(reply jsonb) RETURNS TABLE (state text, look text, error text) LANGUAGE plpgsql AS $$
DECLARE
	v_errand bigint;
BEGIN
	SELECT e.errand_id INTO v_errand FROM voiceagent.errands e WHERE e.tenant_id = voiceagent.current_tenant() AND e.kind = 'fetch_cost' AND e.state <> 'failed';
	UPDATE voiceagent.errands e SET state = 'sending', tries = 1 WHERE e.errand_id = v_errand;
	PERFORM voiceagent_private.record_errand(v_errand, 'accepted', reply, '', 0);
	RETURN QUERY SELECT e.state, e.order_data ->> 'look', e.error FROM voiceagent.errands e WHERE e.errand_id = v_errand;
END $$;
SELECT voiceagent_private.enqueue_errand(:real, 'fetch_cost', '{"look": 1}') > 0 AS asked;
SELECT * FROM pg_temp.priced('{"kind": "accepted"}');
SELECT * FROM pg_temp.priced('{"kind": "accepted", "cost": "0.02", "currency": "USD"}');
SELECT count(*) FROM voiceagent_private.errand_queue q WHERE q.tenant_id = :tenant AND NOT EXISTS (SELECT FROM voiceagent.errands e WHERE e.errand_id = q.errand_id);
SELECT voiceagent_private.enqueue_errand(:real, 'fetch_cost', '{"look": 5}') > 0 AS asked;
SELECT * FROM pg_temp.priced('{"kind": "accepted", "cost": "much"}');
SELECT voiceagent_private.enqueue_errand(:real, 'fetch_cost', '{"look": 5}') > 0 AS asked;
SELECT * FROM pg_temp.priced('{"kind": "accepted"}');

-- Whoever uses a result and fails does not keep the errand from ending.
CREATE OR REPLACE FUNCTION voiceagent_private.account_errand_done(errand voiceagent.errands) RETURNS void LANGUAGE plpgsql AS $$ BEGIN RAISE 'broken'; END $$;
SELECT pg_temp.lost('check_account', '', :sandbox) AS checked \gset
SELECT voiceagent_private.record_errand(:checked, 'accepted', '{"kind": "accepted"}', '', 0) \g /dev/null
SELECT state, error FROM voiceagent.errands WHERE tenant_id = :tenant AND errand_id = :checked;

-- What has ended is forgotten after retention_errands; not what is unknown.
UPDATE voiceagent.errands SET done_at = done_at - interval '31 days' WHERE tenant_id = :tenant AND errand_id <= :unarmed;
SELECT pg_temp.lost('buy_number', '', :sandbox) AS lost \gset
SELECT voiceagent_private.record_errand(:lost, 'unknown', NULL, 'late', 0) \g /dev/null
UPDATE voiceagent.errands SET done_at = done_at - interval '31 days' WHERE errand_id = :lost;
SELECT count(*) FROM voiceagent.errands WHERE tenant_id = :tenant AND errand_id <= :unarmed AND done_at IS NOT NULL;
SELECT * FROM voiceagent_private.retain_class('errands', 0, voiceagent.clock(), 2);
SELECT more FROM voiceagent_private.retain_class('errands', 0, voiceagent.clock(), 1000);
SELECT count(*) FROM voiceagent.errands WHERE tenant_id = :tenant AND errand_id <= :unarmed AND done_at IS NOT NULL;
SELECT state FROM voiceagent.errands WHERE errand_id = :lost;

-- What costs money, or says that it was spent, is for owners.
SELECT string_agg(p.proname, ' ' ORDER BY p.proname) FROM pg_proc p WHERE p.pronamespace = 'voiceagent'::regnamespace AND p.prosrc LIKE '%writer_tenant(''owner'')%'
	AND p.proname IN ('buy_number', 'release_number', 'connect_number', 'receive_calls', 'resolve_errand');

-- The other tenant sees none of it.
SELECT voiceagent_private.act_for(0) \g /dev/null
SET SESSION AUTHORIZATION regress_errands_other;
SELECT count(*) FROM voiceagent.errands;
RESET SESSION AUTHORIZATION;
ROLLBACK;
DROP ROLE regress_errands, regress_errands_other;
