-- An account of the platform serves many tenants: what one of them asks, and what fails of it, rests no other. Rolled back.
\set VERBOSITY terse
SET client_min_messages = warning;
BEGIN;
\set ON_ERROR_ROLLBACK on
SELECT voiceagent.create_tenant('Shared ' || n, credits => 100) > 0 AS made FROM generate_series(1, 4) n;
SELECT min(tenant_id) FILTER (WHERE name = 'Shared 1') AS slow, min(tenant_id) FILTER (WHERE name = 'Shared 2') AS second,
	min(tenant_id) FILTER (WHERE name = 'Shared 3') AS third, min(tenant_id) FILTER (WHERE name = 'Shared 4') AS fourth
FROM voiceagent.list_tenants() \gset
SELECT voiceagent.set_model_price('compatible', 'm-', 10, 1, 100, 1000, 100, 10000) > 0 AS priced;
SELECT voiceagent_private.register_model_purpose('regress_shared', 'regress_shared_ended', 'A test.');
CREATE FUNCTION voiceagent_private.regress_shared_ended(model_request_id bigint) RETURNS void LANGUAGE sql AS $$SELECT NULL::void$$;
SELECT voiceagent.create_platform_model_account('compatible', 'House', '', 'm-1', 'https://models.example.com/v1') AS house \gset
DELETE FROM voiceagent_private.model_request_queue WHERE of_platform;
-- A tenant asks, and the answer is of this kind: how many requests were sent.
CREATE FUNCTION pg_temp.asks(tenant bigint, kind text, account bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	v_sent bigint := 0;
	v bigint;
BEGIN
	PERFORM voiceagent_private.set_tenant(tenant);
	PERFORM voiceagent_private.request_model('regress_shared', 7, '{"messages": [{"role": "user", "content": "Write"}]}', model_account_id => NULL);
	FOR v IN SELECT c.model_request_id FROM voiceagent_private.claim_model_requests(10, true, true) c WHERE c.of_platform LOOP
		v_sent := v_sent + 1;
		PERFORM voiceagent_private.record_model_answer(v, kind, 'HTTP status 500: of account zebra', 0, kind = 'answered', 0, 0, 0,
			CASE kind WHEN 'answered' THEN 'Dear Zebra' END, NULL, NULL, NULL, NULL);
	END LOOP;
	-- What is to be sent again is not waited for.
	DELETE FROM voiceagent_private.model_request_queue q WHERE q.tenant_id = tenant AND q.model_account_id = account AND q.next_at < 'infinity';
	PERFORM voiceagent_private.set_tenant(0);
	RETURN v_sent;
END
$$;
CREATE FUNCTION pg_temp.rests_over() RETURNS void LANGUAGE sql AS $$
	UPDATE voiceagent_private.platform_model_accounts SET resumes_at = clock_timestamp() - interval '1 second' WHERE resumes_at IS NOT NULL;
	UPDATE voiceagent_private.model_account_breakers SET resumes_at = clock_timestamp() - interval '1 second' WHERE resumes_at IS NOT NULL;
$$;
CREATE VIEW pg_temp.house AS SELECT failures, failing_tenants, opened_at IS NOT NULL AS open, trips, trouble FROM voiceagent_private.platform_model_accounts;
CREATE VIEW pg_temp.alone AS SELECT (SELECT name FROM voiceagent.list_tenants() t WHERE t.tenant_id = b.tenant_id) AS tenant, failures, opened_at IS NOT NULL AS open, trips
	FROM voiceagent_private.model_account_breakers b ORDER BY 1;

-- A tenant's requests time out: its own stop, the next tenant's are sent.
SELECT pg_temp.asks(:slow, 'lost', :house) FROM generate_series(1, 9);
SELECT pg_temp.asks(:second, 'answered', :house) AS "another is served";
SELECT * FROM pg_temp.house;
SELECT * FROM pg_temp.alone;
-- ... both sides are told
SELECT regexp_replace(component, '[0-9]+', 'N') AS component, state, last_error FROM voiceagent.status() WHERE component LIKE 'model account%';
SELECT voiceagent_private.set_tenant(:slow) AS none \gset
SELECT component, regexp_replace(state, '[0-9:]{8}', 'HH:MM:SS') AS state, last_error FROM voiceagent_private.model_account_states(false) AS s(component, state, since, last_error);
SELECT resumes_at > voiceagent.clock() AS rests, trouble FROM voiceagent_private.model_account_rest(voiceagent_private.model_account_state(true, :house));
SELECT voiceagent_private.set_tenant(0) AS none \gset
-- ... its probes fail again and again, and nobody else rests; each rest of its own is longer
SELECT pg_temp.rests_over();
SELECT pg_temp.asks(:slow, 'lost', :house) AS probe, pg_temp.asks(:slow, 'lost', :house) AS rests;
SELECT pg_temp.asks(:third, 'answered', :house) AS "another is served";
SELECT * FROM pg_temp.alone;
-- ... one at a time
SELECT pg_temp.rests_over();
SELECT voiceagent_private.set_tenant(:slow) AS none \gset
SELECT voiceagent_private.model_room(voiceagent_private.model_account_state(true, :house)) AS room;
SELECT voiceagent_private.set_tenant(:fourth) AS none \gset
SELECT voiceagent_private.model_room(voiceagent_private.model_account_state(true, :house)) AS "room of another";
SELECT voiceagent_private.set_tenant(0) AS none \gset
-- ... and a good answer ends it
SELECT pg_temp.asks(:slow, 'answered', :house) AS probe;
SELECT * FROM pg_temp.alone;

-- A request that a vendor's filter withholds is no bad key of everybody's: the platform asks for itself.
SELECT pg_temp.asks(:slow, 'bad_key', :house) AS asked;
SELECT open, failing_tenants = ARRAY[:slow::bigint] AS "one tenant" FROM pg_temp.house;
SELECT count(*) AS checks FROM voiceagent_private.model_request_queue q JOIN voiceagent.model_requests m USING (tenant_id, model_request_id)
WHERE q.of_platform AND m.purpose = 'check_account' AND q.tenant_id <> :slow;
UPDATE voiceagent_private.model_request_queue SET next_at = 'infinity' WHERE of_platform;
SELECT pg_temp.asks(:second, 'answered', :house) AS "another is served";
-- ... which, when it finds one, counts at once
SELECT q.tenant_id AS any, q.model_request_id AS check FROM voiceagent_private.model_request_queue q WHERE q.of_platform \gset
UPDATE voiceagent_private.model_request_queue SET next_at = clock_timestamp() WHERE of_platform;
SELECT voiceagent_private.set_tenant(:any) AS none \gset
SELECT count(*) AS sent FROM voiceagent_private.claim_model_requests(10, true, true) c WHERE c.model_request_id = :check;
SELECT voiceagent_private.record_model_answer(:check, 'bad_key', 'HTTP status 401: no such key', 0, true, 0, 0, 0, NULL, NULL, NULL, NULL, NULL);
SELECT voiceagent_private.set_tenant(0) AS none \gset
SELECT open, trips, trouble FROM pg_temp.house;
SELECT pg_temp.asks(:fourth, 'answered', :house) AS "nobody is sent";
-- ... and what rested alone goes on when the account does
SELECT voiceagent.update_platform_model_account(:house);
DELETE FROM voiceagent_private.model_request_queue WHERE of_platform;
SELECT pg_temp.asks(:slow, 'answered', :house) AS "at once";
SELECT * FROM pg_temp.alone;

-- Several tenants without a good answer between them: the server is at fault, and rests for all.
SELECT pg_temp.asks(:slow, 'server', :house) + pg_temp.asks(:slow, 'server', :house) + pg_temp.asks(:second, 'server', :house) AS sent;
SELECT failures, cardinality(failing_tenants) AS tenants, open FROM pg_temp.house;
SELECT pg_temp.asks(:third, 'server', :house) + pg_temp.asks(:third, 'server', :house) AS sent;
SELECT failures, cardinality(failing_tenants) AS tenants, open FROM pg_temp.house;
SELECT pg_temp.asks(:fourth, 'answered', :house) AS "nobody is sent";
-- ... a probe that fails is followed by another tenant's
SELECT pg_temp.rests_over();
SELECT pg_temp.asks(:slow, 'lost', :house) AS probe;
SELECT trips FROM pg_temp.house;
UPDATE voiceagent_private.platform_model_accounts SET resumes_at = clock_timestamp() - interval '1 second';
SELECT pg_temp.asks(:slow, 'lost', :house) AS "rests itself", pg_temp.asks(:fourth, 'answered', :house) AS "another probes";
SELECT * FROM pg_temp.house;
-- ... and the server being well, all go on
SELECT pg_temp.asks(:slow, 'answered', :house) AS "at once";
ROLLBACK;
