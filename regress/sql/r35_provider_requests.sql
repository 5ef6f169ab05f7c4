-- Provider requests: what is asked of carriers besides dials; the room of the worker is driven by hand here.
\set VERBOSITY terse
CREATE ROLE regress_provider_requests LOGIN;
CREATE ROLE regress_provider_requests_other LOGIN;
SELECT voiceagent.create_tenant('Provider requests') AS tenant \gset
SELECT voiceagent.map_role('regress_provider_requests', :tenant) \g /dev/null
SELECT voiceagent.create_tenant('Provider requests other') AS other \gset
SELECT voiceagent.map_role('regress_provider_requests_other', :other) \g /dev/null
-- The worker of this database must not take what is claimed by hand: one transaction, rolled back.
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT provider_account_id AS sandbox FROM voiceagent.provider_accounts WHERE tenant_id = :tenant \gset
-- A real account without its secrets: nothing here leaves the database.
INSERT INTO voiceagent.provider_accounts (tenant_id, provider, name, max_concurrent_calls, created_at)
VALUES (:tenant, 'vapi', 'Real', 1, voiceagent.clock()) RETURNING provider_account_id AS real \gset

-- What the carrier lacks is refused by name; so are unknown accounts and kinds.
SAVEPOINT s;
SELECT voiceagent_private.enqueue_provider_request(:sandbox, 'list_numbers');
ROLLBACK TO s;
SELECT voiceagent_private.enqueue_provider_request(0, 'hangup');
ROLLBACK TO s;
SELECT voiceagent_private.enqueue_provider_request(:sandbox, 'dance');
ROLLBACK TO s;

-- The life of one: queued, sending, again later, done. Concurrency of an account: hangups do not wait.
CREATE TEMP TABLE made AS SELECT n, voiceagent_private.enqueue_provider_request(:sandbox, 'hangup', jsonb_build_object('control_url', 'http://x/' || n)) AS id
FROM generate_series(1, 6) n;
SELECT count(*) FROM voiceagent_private.claim_provider_requests(0, true, true, '1 minute', 4);
SELECT count(*) FROM voiceagent_private.claim_provider_requests(0, true, true, '1 minute', 4);
SELECT count(*) FROM voiceagent_private.claim_provider_requests(0, true, true, '1 minute', 4);
SELECT state, tries, count(*) FROM voiceagent.provider_requests WHERE tenant_id = :tenant GROUP BY 1, 2;
SELECT voiceagent_private.record_provider_request(id, 'accepted', '{"kind": "accepted"}', '', 0), voiceagent_private.record_provider_request(id, 'unknown', NULL, 'late', 0) FROM made WHERE n = 1 \g /dev/null
SELECT voiceagent_private.record_provider_request(id, 'refused_permanent', '{"kind": "refused_permanent"}', 'http-400: no', 0) FROM made WHERE n = 2 \g /dev/null
SELECT voiceagent_private.record_provider_request(id, 'refused_retry', NULL, 'connection-failed', 0) FROM made WHERE n = 3 \g /dev/null
SELECT voiceagent_private.record_provider_request(id, 'unknown', NULL, 'no-answer-from-provider', 0) FROM made WHERE n = 4 \g /dev/null
SELECT voiceagent_private.record_provider_request(id, 'rate_limited', NULL, 'http-429', 77) FROM made WHERE n = 5 \g /dev/null
SELECT m.n, e.state, e.error, round(extract(epoch FROM e.next_at - voiceagent.clock())) AS wait, e.done_at IS NOT NULL AS ended, q.claimed
FROM made m JOIN voiceagent.provider_requests e ON e.tenant_id = :tenant AND e.provider_request_id = m.id
LEFT JOIN voiceagent_private.provider_request_queue q ON q.tenant_id = :tenant AND q.provider_request_id = m.id ORDER BY n;
SELECT * FROM voiceagent_private.check_provider_requests();
-- It gives up after provider_request_tries.
UPDATE voiceagent.provider_requests SET tries = 6, state = 'sending', next_at = NULL WHERE provider_request_id IN (SELECT id FROM made WHERE n = 3);
SELECT voiceagent_private.record_provider_request(id, 'refused_retry', NULL, 'connection-failed', 0) FROM made WHERE n = 3 \g /dev/null
SELECT state, error FROM voiceagent.provider_requests WHERE provider_request_id IN (SELECT id FROM made WHERE n = 3);
-- A test that somebody waits for is tried twice; whether a new secret works is asked as often as anything else.
CREATE TEMP TABLE tests AS SELECT n, voiceagent_private.enqueue_provider_request(:real, 'check_account', CASE n WHEN 2 THEN '{"rotated": "api_key"}' ELSE '{}' END::jsonb) AS id FROM generate_series(1, 2) n;
UPDATE voiceagent.provider_requests SET tries = 2, state = 'sending', next_at = NULL WHERE provider_request_id IN (SELECT id FROM tests);
SELECT voiceagent_private.record_provider_request(id, 'refused_retry', NULL, 'connection-failed', 0) FROM tests \g /dev/null
SELECT n, state, error FROM tests JOIN voiceagent.provider_requests ON provider_request_id = id ORDER BY n;
SELECT voiceagent_private.end_provider_request(id, 'failed', NULL, 'enough') FROM tests WHERE n = 2 \g /dev/null
-- What waits a second would be due in the midst of what follows.
SELECT voiceagent_private.end_provider_request(id, 'failed', NULL, 'enough') FROM made WHERE n = 4 \g /dev/null

-- No more than provider_request_concurrency of an account at a time, but for hangups.
CREATE TEMP TABLE many AS SELECT voiceagent_private.enqueue_provider_request(:real, k) AS id FROM unnest(array_fill('check_account'::text, ARRAY[6]) || '{hangup,hangup}') k;
SELECT kind, count(*) FROM voiceagent_private.claim_provider_requests(40, true, true, '1 minute') WHERE provider_request_id IN (SELECT id FROM many) GROUP BY 1 ORDER BY 1;
SELECT count(*), count(q.sent_at) AS sent FROM voiceagent_private.provider_request_queue q JOIN many m ON m.id = q.provider_request_id WHERE q.claimed;
SELECT voiceagent_private.record_provider_request(min(id), 'accepted', NULL, '', 0) FROM many \g /dev/null
SELECT kind, count(*) FROM voiceagent_private.claim_provider_requests(40, true, true, '1 minute') WHERE provider_request_id IN (SELECT id FROM many) GROUP BY 1;
-- When the carrier asks us to wait, all that is queued for the account waits, but for hangups.
SELECT voiceagent_private.enqueue_provider_request(:real, 'hangup') AS hangup \gset
SELECT voiceagent_private.record_provider_request(min(e.provider_request_id), 'rate_limited', NULL, 'http-429', 100) FROM voiceagent.provider_requests e JOIN many m ON m.id = e.provider_request_id WHERE e.state = 'sending' AND e.kind = 'check_account' \g /dev/null
SELECT e.kind, e.state, round(extract(epoch FROM q.next_at - voiceagent.clock()), -1) AS wait, count(*) FROM voiceagent.provider_requests e JOIN voiceagent_private.provider_request_queue q USING (tenant_id, provider_request_id)
WHERE e.tenant_id = :tenant AND e.provider_account_id = :real AND e.state = 'queued' GROUP BY 1, 2, 3 ORDER BY 1;
SELECT voiceagent_private.end_provider_request(id, 'failed', NULL, 'enough') FROM (SELECT id FROM many UNION ALL SELECT :hangup) x \g /dev/null

-- Prices that are asked for by the hundred keep nobody waiting; they are claimed when nothing else is due.
SELECT count(voiceagent_private.enqueue_provider_request(:real, 'fetch_cost', '{"look": 1}')) FROM generate_series(1, 300);
SELECT voiceagent_private.enqueue_provider_request(:real, 'check_account') AS checks, voiceagent_private.enqueue_provider_request(:real, 'hangup') AS hangs \gset
SELECT tenants = ARRAY[:tenant::bigint] AS due FROM voiceagent_private.ready_provider_requests(:tenant - 1, 1);
SELECT kind FROM voiceagent_private.claim_provider_requests(2, true, true, '1 minute', 1);
SELECT voiceagent_private.end_provider_request(provider_request_id, 'failed', NULL, 'enough') FROM voiceagent.provider_requests WHERE tenant_id = :tenant AND (kind = 'fetch_cost' OR provider_request_id IN (:checks, :hangs)) \g /dev/null

-- A real carrier: what changes something needs the database and the account armed; what asks, and what ends a call, needs the home, or arms.
\set obstacle 'SELECT voiceagent_private.provider_request_obstacle'
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
SELECT voiceagent_private.enqueue_provider_request(:real, 'buy_number') AS unarmed, voiceagent_private.enqueue_provider_request(:real, 'hangup') AS ends \gset
SELECT provider_request_id = :ends AS ends, kind FROM voiceagent_private.claim_provider_requests(40, true, false, '1 minute');
UPDATE voiceagent.provider_accounts SET home = 'elsewhere' WHERE provider_account_id = :real;
SELECT voiceagent_private.enqueue_provider_request(:real, 'hangup') AS copied \gset
SELECT count(*) FROM voiceagent_private.claim_provider_requests(40, true, false, '1 minute');
UPDATE voiceagent.provider_accounts SET home = voiceagent_private.home() WHERE provider_account_id = :real;
SELECT state, error FROM voiceagent.provider_requests WHERE tenant_id = :tenant AND provider_request_id IN (:unarmed, :ends, :copied) ORDER BY provider_request_id;
SELECT voiceagent_private.end_provider_request(:ends, 'failed', NULL, 'enough') \g /dev/null
-- Nothing is bought through an account that has been switched off since.
SELECT voiceagent_private.enqueue_provider_request(:real, 'buy_number') AS off \gset
UPDATE voiceagent.provider_accounts SET active = false WHERE provider_account_id = :real;
SELECT count(*) FROM voiceagent_private.claim_provider_requests(40, true, true, '1 minute');
UPDATE voiceagent.provider_accounts SET active = true WHERE provider_account_id = :real;
SELECT state, error FROM voiceagent.provider_requests WHERE tenant_id = :tenant AND provider_request_id = :off;

-- A buy whose answer is lost, by the room or by a crash, is never sent again: the carrier's list of numbers settles it.
CREATE FUNCTION pg_temp.lost(kind text, number text, account bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	v_provider_request bigint;
BEGIN
	INSERT INTO voiceagent.provider_requests (tenant_id, kind, provider_account_id, request_data, state, tries, created_at)
	VALUES (voiceagent.current_tenant(), kind, account, jsonb_build_object('number', number), 'sending', 1, voiceagent.clock()) RETURNING provider_request_id INTO v_provider_request;
	INSERT INTO voiceagent_private.provider_request_queue (tenant_id, provider_request_id, provider_account_id, next_at, claimed)
	VALUES (voiceagent.current_tenant(), v_provider_request, account, voiceagent.clock(), true);
	RETURN v_provider_request;
END $$;
-- The list that is looked through: made here, because not every carrier has one.
CREATE FUNCTION pg_temp.listed(provider_request bigint, look integer, numbers jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v voiceagent.provider_requests;
BEGIN
	v.tenant_id := voiceagent.current_tenant();
	v.kind := 'list_numbers';
	v.state := 'done';
	v.request_data := jsonb_build_object('reconciles', provider_request, 'look', look);
	v.result := jsonb_build_object('kind', 'accepted', 'numbers', numbers);
	PERFORM voiceagent_private.settle_provider_request(v);
	RETURN (SELECT concat_ws(' ', state, result ->> 'number_id', error) FROM voiceagent.provider_requests WHERE tenant_id = v.tenant_id AND provider_request_id = provider_request);
END $$;
SELECT pg_temp.lost('buy_number', '+12025550101', :sandbox) AS bought, pg_temp.lost('buy_number', '+12025550102', :sandbox) AS not_bought,
	pg_temp.lost('release_number', '+12025550103', :sandbox) AS released, pg_temp.lost('hangup', '', :sandbox) AS again \gset
SELECT kind FROM voiceagent_private.claim_provider_requests(40, true, true, '1 minute') WHERE provider_request_id >= :bought ORDER BY 1;
SELECT kind, state, error FROM voiceagent.provider_requests WHERE tenant_id = :tenant AND provider_request_id >= :bought ORDER BY provider_request_id;
SELECT pg_temp.listed(:bought, 1, '[{"number": "+12025550101", "number_id": "N1"}]');
SELECT pg_temp.listed(:not_bought, 1, '[]');
SELECT pg_temp.listed(:not_bought, 3, '[]');
SELECT pg_temp.listed(:released, 1, '[{"number": "+12025550104"}]');
SELECT voiceagent_private.record_provider_request(:again, 'unknown', NULL, 'late', 0) \g /dev/null
SELECT state FROM voiceagent.provider_requests WHERE tenant_id = :tenant AND provider_request_id = :again;

-- What is unknown is shown, with what is to be done; the list of an import settles it, too; else a person who has looked.
CREATE FUNCTION pg_temp.unresolved() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT concat_ws(': ', u.kind, u.reason, replace(u.hint, u.provider_request_id::text, 'N')) FROM voiceagent.unresolved_provider_requests u WHERE u.tenant_id = voiceagent.current_tenant() ORDER BY u.provider_request_id $$;
SELECT pg_temp.lost('buy_number', '+12025550111', :real) AS bought, pg_temp.lost('buy_number', '+12025550112', :real) AS listed,
	pg_temp.lost('create_credential', '', :real) AS made, pg_temp.lost('release_number', '+12025550113', :real) AS gone,
	pg_temp.lost('buy_number', '+12025550114', :sandbox) AS asked, pg_temp.lost('create_number', '+12025550116', :real) AS known \gset
SELECT voiceagent_private.record_provider_request(e, 'unknown', NULL, 'no-answer-from-provider', 0) FROM unnest(ARRAY[:bought, :listed, :made, :gone, :asked, :known]) e \g /dev/null
SELECT * FROM pg_temp.unresolved();
SELECT count(*) FROM voiceagent.events WHERE tenant_id = :tenant AND event_type = 'provider_request_unknown' AND (event_data ->> 'provider_request_id')::bigint >= :bought;
SELECT kind, request_data - 'reconciles' AS request_data, round(extract(epoch FROM next_at - voiceagent.clock())) AS wait FROM voiceagent.provider_requests
WHERE tenant_id = :tenant AND request_data ->> 'reconciles' IN (:'bought', :'made') ORDER BY provider_request_id;
SELECT voiceagent_private.enqueue_provider_request(:real, 'list_numbers', '{"purpose": "import"}') AS import \gset
SELECT voiceagent_private.end_provider_request(:import, 'done', '{"kind": "accepted", "numbers": [{"number": "+12025550112", "number_id": "N2"}, {"number": "+12025550113", "number_id": "N3"}, {"number": "+12025550116", "number_id": "N6"}]}', NULL);
-- What has ended stays so.
SELECT voiceagent_private.end_provider_request(:listed, 'failed', '{"kind": "refused"}', 'no');
SELECT e.kind, e.state, e.result ->> 'number_id' AS id FROM voiceagent.provider_requests e WHERE e.provider_request_id IN (:listed, :gone, :known) ORDER BY e.provider_request_id;
-- A list of several pages is looked through to its end.
SELECT voiceagent_private.end_provider_request(provider_request_id, 'done', '{"kind": "accepted", "numbers": [], "next_page": "p2"}', NULL) FROM voiceagent.provider_requests WHERE tenant_id = :tenant AND request_data ->> 'reconciles' = :'bought' \g /dev/null
SELECT request_data - 'reconciles' AS request_data, next_at <= voiceagent.clock() AS now FROM voiceagent.provider_requests WHERE tenant_id = :tenant AND request_data ->> 'reconciles' = :'bought' AND state = 'queued';
-- One without an end is none: the next look is another list.
UPDATE voiceagent.provider_requests SET request_data = request_data || '{"pages": 1001}' WHERE tenant_id = :tenant AND request_data ->> 'reconciles' = :'bought' AND state = 'queued';
SELECT voiceagent_private.end_provider_request(provider_request_id, 'done', '{"kind": "accepted", "numbers": [], "next_page": "p1002"}', NULL) FROM voiceagent.provider_requests WHERE tenant_id = :tenant AND request_data ->> 'reconciles' = :'bought' AND state = 'queued' \g /dev/null
SELECT request_data - 'reconciles' AS request_data, next_at <= voiceagent.clock() AS now FROM voiceagent.provider_requests WHERE tenant_id = :tenant AND request_data ->> 'reconciles' = :'bought' AND state = 'queued';
-- Lists that fail: after the sixth it waits for a person.
UPDATE voiceagent.provider_requests SET request_data = request_data || '{"look": 6}' WHERE tenant_id = :tenant AND request_data ->> 'reconciles' = :'bought' AND state = 'queued';
SELECT voiceagent_private.end_provider_request(provider_request_id, 'failed', NULL, 'http-500') FROM voiceagent.provider_requests WHERE tenant_id = :tenant AND request_data ->> 'reconciles' = :'bought' AND state = 'queued' \g /dev/null
SELECT * FROM pg_temp.unresolved();
SELECT replace(state, :'bought', 'N') AS state, queue_depth FROM voiceagent.status() WHERE component = 'unresolved provider requests';
SAVEPOINT s;
SELECT voiceagent.resolve_provider_request(:listed, true);
ROLLBACK TO s;
SELECT voiceagent.resolve_provider_request(:made, true);
ROLLBACK TO s;
SELECT voiceagent.resolve_provider_request(:made);
ROLLBACK TO s;
SELECT voiceagent.resolve_provider_request(:bought);
SELECT request_data - 'reconciles' AS request_data, next_at <= voiceagent.clock() AS now FROM voiceagent.provider_requests WHERE tenant_id = :tenant AND request_data ->> 'reconciles' = :'bought' AND state = 'queued';
SELECT voiceagent.resolve_provider_request(:bought, false), voiceagent.resolve_provider_request(:made, true, ' C9 '), voiceagent.resolve_provider_request(:gone, true);
SELECT kind, state, result - 'kind' AS result, error FROM voiceagent.provider_requests WHERE provider_request_id IN (:bought, :made, :gone) ORDER BY provider_request_id;
-- The answer that came after all; not one that says nothing.
SELECT voiceagent_private.record_provider_request(:asked, 'rate_limited', NULL, 'late', 0) \g /dev/null
SELECT state FROM voiceagent.provider_requests WHERE provider_request_id = :asked;
SELECT voiceagent_private.record_provider_request(:asked, 'accepted', '{"kind": "accepted", "number_id": "N4"}', '', 0) \g /dev/null
SELECT state, result ->> 'number_id' AS id FROM voiceagent.provider_requests WHERE provider_request_id = :asked;
SELECT * FROM pg_temp.unresolved();
SELECT * FROM voiceagent_private.check_provider_requests();

-- Asked too often, by whatever: the account rests as long as the carrier says, is slower when it says so again and again, and recovers when it is well.
CREATE FUNCTION pg_temp.limited(sent interval, wait_s integer, kind text DEFAULT 'rate_limited') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_account bigint := current_setting('va_test.real')::bigint;
	v_provider_request bigint := pg_temp.lost('balance', '', v_account);
	v_now timestamptz := voiceagent.clock();
BEGIN
	UPDATE voiceagent_private.provider_request_queue SET sent_at = v_now + sent WHERE provider_request_id = v_provider_request;
	PERFORM voiceagent_private.record_provider_request(v_provider_request, kind, NULL, 'http-429: slowly', wait_s);
	RETURN (SELECT concat_ws(' ', round(extract(epoch FROM a.resumes_at - v_now)), d.slowed_from, round(d.slowed_to), a.trouble) FROM voiceagent.provider_accounts a
		JOIN voiceagent_private.account_dials d USING (tenant_id, provider_account_id) WHERE a.provider_account_id = v_account);
END $$;
SELECT set_config('va_test.real', :'real', true) \g /dev/null
DELETE FROM voiceagent_private.account_dials WHERE tenant_id = voiceagent.current_tenant() AND provider_account_id = :real;
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
-- The last try of a provider request says the same of the account.
UPDATE voiceagent_private.account_dials SET slowed_at = NULL, slowed_to = NULL, slowed_from = NULL, limited_share = 0.1 WHERE provider_account_id = :real;
UPDATE voiceagent_private.setting_definitions SET default_value = '1' WHERE key = 'provider_request_tries';
SELECT pg_temp.limited('0', 0);

-- The price of a call: kept by the call alone; not there yet, it is asked for again by the same provider request.
CREATE FUNCTION pg_temp.priced(reply jsonb) RETURNS TABLE (state text, look text, error text) LANGUAGE plpgsql AS $$
DECLARE
	v_provider_request bigint;
BEGIN
	SELECT e.provider_request_id INTO v_provider_request FROM voiceagent.provider_requests e WHERE e.tenant_id = voiceagent.current_tenant() AND e.kind = 'fetch_cost' AND e.state <> 'failed';
	UPDATE voiceagent.provider_requests e SET state = 'sending', tries = 1 WHERE e.provider_request_id = v_provider_request;
	PERFORM voiceagent_private.record_provider_request(v_provider_request, 'accepted', reply, '', 0);
	RETURN QUERY SELECT e.state, e.request_data ->> 'look', e.error FROM voiceagent.provider_requests e WHERE e.provider_request_id = v_provider_request;
END $$;
SELECT voiceagent_private.enqueue_provider_request(:real, 'fetch_cost', '{"look": 1}') > 0 AS asked;
SELECT * FROM pg_temp.priced('{"kind": "accepted"}');
SELECT * FROM pg_temp.priced('{"kind": "accepted", "cost": "0.02", "currency": "USD"}');
SELECT count(*) FROM voiceagent_private.provider_request_queue q WHERE q.tenant_id = :tenant AND NOT EXISTS (SELECT FROM voiceagent.provider_requests e WHERE e.provider_request_id = q.provider_request_id);
SELECT voiceagent_private.enqueue_provider_request(:real, 'fetch_cost', '{"look": 5}') > 0 AS asked;
SELECT * FROM pg_temp.priced('{"kind": "accepted", "cost": "much"}');
SELECT voiceagent_private.enqueue_provider_request(:real, 'fetch_cost', '{"look": 5}') > 0 AS asked;
SELECT * FROM pg_temp.priced('{"kind": "accepted"}');

-- A use of a result that fails does not keep the provider request from ending.
CREATE OR REPLACE FUNCTION voiceagent_private.on_account_checked(provider_request voiceagent.provider_requests) RETURNS void LANGUAGE plpgsql AS $$ BEGIN RAISE 'broken'; END $$;
SELECT pg_temp.lost('check_account', '', :sandbox) AS checked \gset
SELECT voiceagent_private.record_provider_request(:checked, 'accepted', '{"kind": "accepted"}', '', 0) \g /dev/null
SELECT state, error FROM voiceagent.provider_requests WHERE tenant_id = :tenant AND provider_request_id = :checked;

-- What has ended is forgotten after retention_provider_requests; not what is unknown.
UPDATE voiceagent.provider_requests SET done_at = done_at - interval '31 days' WHERE tenant_id = :tenant AND provider_request_id <= :unarmed;
SELECT pg_temp.lost('buy_number', '', :sandbox) AS lost \gset
SELECT voiceagent_private.record_provider_request(:lost, 'unknown', NULL, 'late', 0) \g /dev/null
UPDATE voiceagent.provider_requests SET done_at = done_at - interval '31 days' WHERE provider_request_id = :lost;
SELECT count(*) FROM voiceagent.provider_requests WHERE tenant_id = :tenant AND provider_request_id <= :unarmed AND done_at IS NOT NULL;
SELECT * FROM voiceagent_private.retain_class('provider_requests', 0, voiceagent.clock(), 2);
SELECT more FROM voiceagent_private.retain_class('provider_requests', 0, voiceagent.clock(), 1000);
SELECT count(*) FROM voiceagent.provider_requests WHERE tenant_id = :tenant AND provider_request_id <= :unarmed AND done_at IS NOT NULL;
SELECT state FROM voiceagent.provider_requests WHERE provider_request_id = :lost;

-- What costs money, or says that it was spent, is for owners.
SELECT string_agg(p.proname, ' ' ORDER BY p.proname) FROM pg_proc p WHERE p.pronamespace = 'voiceagent'::regnamespace AND p.prosrc LIKE '%writer_tenant(''owner'')%'
	AND p.proname IN ('buy_number', 'release_number', 'connect_number', 'receive_calls', 'resolve_provider_request');

-- The other tenant sees none of it.
SELECT voiceagent_private.set_tenant(0) \g /dev/null
SET SESSION AUTHORIZATION regress_provider_requests_other;
SELECT count(*) FROM voiceagent.provider_requests;
RESET SESSION AUTHORIZATION;
ROLLBACK;
DROP ROLE regress_provider_requests, regress_provider_requests_other;
