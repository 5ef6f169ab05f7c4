-- What the carrier says of an account: tests, balances, rotation; and commands to live calls. The replies are given by hand.
\set VERBOSITY default
\set SHOW_CONTEXT never
SET client_min_messages = warning;
SET voiceagent.public_base_url = 'https://calls.example.com';
CREATE ROLE regress_tests LOGIN;
SELECT voiceagent.create_tenant('Tests') AS tenant \gset
SELECT voiceagent.map_role('regress_tests', :tenant) \g /dev/null

-- The carriers, and what each needs.
SET SESSION AUTHORIZATION regress_tests;
SELECT provider, title, can_be_tested, has_balance, can_hang_up, can_transfer, sells_numbers FROM voiceagent.providers WHERE provider IN ('sandbox', 'vapi') ORDER BY 1;
SELECT provider FROM voiceagent.providers WHERE NOT 'dial' = ANY (capabilities) OR credentials IS NULL AND provider <> 'sandbox' OR unknown_dials IS NULL;
RESET SESSION AUTHORIZATION;

-- Each kind of field, named when it is wrong, and never its value.
SELECT voiceagent_private.check_account_value('settings', 'x', 'integer', '"12"', '');
SELECT voiceagent_private.check_account_value('settings', 'x', 'integer', '-1', '');
SELECT voiceagent_private.check_account_value('settings', 'x', 'integer', '1.5', '');
SELECT voiceagent_private.check_account_value('settings', 'x', 'integer', '12', '');
SELECT voiceagent_private.check_account_value('settings', 'x', 'boolean', '"true"', '');
SELECT voiceagent_private.check_account_value('settings', 'x', 'object', '[]', '');
SELECT voiceagent_private.check_account_value('settings', 'x', 'e164', '"2025550142"', '');
SELECT voiceagent_private.check_account_value('settings', 'x', 'e164', '"+12025550142"', '');
SELECT voiceagent_private.check_account_value('credentials', 'x', 'text', '"two\nlines"', '');
SELECT voiceagent_private.check_account_value('credentials', 'x', 'text', '"  "', '');
SELECT voiceagent_private.check_account_value('credentials', 'x', 'pem', '"secret"', '');
SELECT voiceagent_private.check_account_value('credentials', 'x', 'pem', '"-----BEGIN PRIVATE KEY-----\nAAAA\nBBBB==\n-----END PRIVATE KEY-----\n"', '') IS NOT NULL;
SELECT voiceagent_private.check_account_value('settings', 'x', 'networks', '"10.0.0.0/8 everywhere"', '');
SELECT voiceagent_private.check_account_value('settings', 'x', 'networks', '"192.0.2.0/24 2001:db8::/32"', '');
SELECT voiceagent_private.check_account_value('settings', 'stream_url', 'url', '"wss://example.com/talk"', '');
SELECT voiceagent_private.check_account_value('settings', 'stream_url', 'url', '"ws://example.com/talk"', '');
SELECT voiceagent_private.check_account_value('settings', 'stream_url', 'url', '"wss://10.0.0.1/talk"', '');

-- Tests and balances: one transaction, so that no worker takes a provider request.
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
INSERT INTO voiceagent.provider_accounts (tenant_id, provider, name, max_concurrent_calls, armed_at, created_at)
VALUES (:tenant, 'vapi', 'Real', 1, voiceagent.clock(), voiceagent.clock()) RETURNING provider_account_id AS real \gset
SELECT provider_account_id AS sandbox FROM voiceagent.provider_accounts WHERE tenant_id = :tenant AND provider = 'sandbox' \gset
CREATE FUNCTION pg_temp.answer(provider_request bigint, kind text, result jsonb, error text DEFAULT '') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	UPDATE voiceagent.provider_requests e SET state = 'sending' WHERE e.tenant_id = v_tenant AND e.provider_request_id = answer.provider_request;
	PERFORM voiceagent_private.record_provider_request(provider_request, kind, result, error, 0);
	RETURN (SELECT concat_ws(' | ', e.state, a.test_result, a.test_message, a.account_ref, a.balance, a.balance_currency, CASE WHEN a.armed_at IS NOT NULL THEN 'armed' END, a.trouble, e.error)
		FROM voiceagent.provider_requests e JOIN voiceagent.provider_accounts a ON a.tenant_id = v_tenant AND a.provider_account_id = e.provider_account_id
		WHERE e.tenant_id = v_tenant AND e.provider_request_id = answer.provider_request);
END $$;
SAVEPOINT s;
SELECT voiceagent.test_provider_account(:sandbox) > 0 AS can_be_tested, voiceagent.provider_balance(:sandbox);
ROLLBACK TO s;
SELECT voiceagent.test_provider_account(0);
ROLLBACK TO s;
SELECT voiceagent.provider_balance(:real);
ROLLBACK TO s;
SELECT voiceagent.test_provider_account(:real) AS provider_request \gset
SELECT voiceagent.test_provider_account(:real) = :provider_request AS "one at a time";
SELECT pg_temp.answer(:provider_request, 'bad_account', '{"kind": "bad_account", "message": "Invalid key"}', 'http-401: Invalid key');
SELECT voiceagent.test_provider_account(:real) AS provider_request \gset
SELECT pg_temp.answer(:provider_request, 'accepted', '{"kind": "accepted", "account_ref": "org-1", "balance": "12.50", "currency": "USD"}');
SELECT voiceagent.test_provider_account(:real) AS provider_request \gset
SELECT pg_temp.answer(:provider_request, 'accepted', '{"kind": "accepted", "account_ref": "org-2"}');
-- After a rotation: the same account keeps its arms, another one loses them, and so does one that cannot be asked.
CREATE FUNCTION pg_temp.rotated() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	v_account bigint := (SELECT a.provider_account_id FROM voiceagent.provider_accounts a WHERE a.tenant_id = voiceagent.current_tenant() AND a.name = 'Real');
BEGIN
	UPDATE voiceagent.provider_accounts a SET resumes_at = voiceagent.clock() + interval '10 minutes', trouble = voiceagent_private.rotation_trouble(), armed_at = voiceagent.clock()
	WHERE a.tenant_id = voiceagent.current_tenant() AND a.provider_account_id = v_account;
	RETURN voiceagent_private.enqueue_provider_request(v_account, 'check_account', '{"rotated": "api_key"}');
END $$;
SELECT pg_temp.answer(pg_temp.rotated(), 'accepted', '{"kind": "accepted", "account_ref": "org-1"}');
SELECT pg_temp.answer(pg_temp.rotated(), 'accepted', '{"kind": "accepted", "account_ref": "org-2"}');
SELECT pg_temp.answer(pg_temp.rotated(), 'accepted', '{"kind": "accepted"}');
SELECT pg_temp.answer(pg_temp.rotated(), 'bad_account', NULL, 'http-401');

-- Commands to live calls.
UPDATE voiceagent.provider_accounts SET armed_at = voiceagent.clock(), trouble = NULL WHERE tenant_id = :tenant AND provider_account_id = :real;
SET LOCAL session_replication_role = replica;
INSERT INTO voiceagent.calls (tenant_id, campaign_id, lead_id, phone, assistant_id, assistant_version, campaign_version, provider_account_id, attempt_number, started_at)
VALUES (:tenant, 1, 1, '+12025550142', 1, 1, 1, :real, 1, voiceagent.clock()) RETURNING call_id AS call \gset
INSERT INTO voiceagent.calls (tenant_id, campaign_id, lead_id, phone, assistant_id, assistant_version, campaign_version, provider_account_id, attempt_number, started_at, status, outcome, ended_at)
VALUES (:tenant, 1, 1, '+12025550142', 1, 1, 1, :real, 1, voiceagent.clock(), 'failed', 'failed', voiceagent.clock()) RETURNING call_id AS over \gset
SET LOCAL session_replication_role = origin;
SAVEPOINT c;
SELECT voiceagent.hang_up_call(0);
ROLLBACK TO c;
SELECT voiceagent.hang_up_call(:over);
ROLLBACK TO c;
SELECT voiceagent.send_digits(:call, '12#');
ROLLBACK TO c;
SELECT voiceagent.send_digits(:call, 'x');
ROLLBACK TO c;
SELECT voiceagent.transfer_call(:call, '555');
ROLLBACK TO c;
SELECT voiceagent.say_in_call(:call, '');
ROLLBACK TO c;
SELECT voiceagent.play_in_call(:call, 'https://10.0.0.1/x.mp3');
ROLLBACK TO c;
-- At a carrier that can do it.
UPDATE voiceagent.provider_accounts SET provider = 'plivo' WHERE tenant_id = :tenant AND provider_account_id = :real;
SELECT voiceagent.send_digits(:call, '12#wA') IS NOT NULL, voiceagent.play_in_call(:call, 'https://example.com/x.mp3') IS NOT NULL;
SELECT kind, request_data FROM voiceagent.provider_requests WHERE tenant_id = :tenant AND call_id = :call ORDER BY provider_request_id;
ROLLBACK TO c;
SELECT voiceagent.hang_up_call(:call) = voiceagent.hang_up_call(:call) AS "hung up once";
SELECT voiceagent.transfer_call(:call, '(202) 555-0143') IS NOT NULL, voiceagent.say_in_call(:call, ' Good bye. ') IS NOT NULL;
SELECT kind, request_data, state FROM voiceagent.provider_requests WHERE tenant_id = :tenant AND call_id = :call ORDER BY provider_request_id;
-- The carrier has not named the call yet: they wait, and are not tried. When it is over there is nothing to hang up.
SELECT count(*) FROM voiceagent_private.claim_provider_requests(10, true, true, '1 minute');
SELECT kind, state, tries FROM voiceagent.provider_requests WHERE tenant_id = :tenant AND call_id = :call ORDER BY provider_request_id;
UPDATE voiceagent.calls SET status = 'failed', outcome = 'failed', ended_at = voiceagent.clock() WHERE tenant_id = :tenant AND call_id = :call;
UPDATE voiceagent_private.provider_request_queue SET next_at = voiceagent.clock() WHERE tenant_id = :tenant;
SELECT count(*) FROM voiceagent_private.claim_provider_requests(10, true, true, '1 minute');
SELECT kind, state, tries, error FROM voiceagent.provider_requests WHERE tenant_id = :tenant AND call_id = :call ORDER BY provider_request_id;
-- With the call go the commands.
SELECT voiceagent_private.remove_calls(ARRAY[:call]);
SELECT count(*) FROM voiceagent.provider_requests WHERE tenant_id = :tenant AND call_id = :call;
SELECT action, new_value - 'provider_request_id' FROM voiceagent.audit_log WHERE tenant_id = :tenant AND object LIKE 'call %' ORDER BY audit_id;
ROLLBACK;
DROP ROLE regress_tests;
