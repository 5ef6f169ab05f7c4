-- A version of an assistant that failed its test answers nobody who calls; the caller is answered all the same. Rolled back.
\set VERBOSITY terse
SET client_min_messages = warning;
BEGIN;
\set ON_ERROR_ROLLBACK on
SET LOCAL voiceagent.public_base_url = 'https://calls.example.com';
SELECT voiceagent.create_tenant('r60 withheld', 'UTC', 1000) AS tenant \gset
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS acting;
INSERT INTO voiceagent.provider_accounts (tenant_id, provider, name, base_url, settings, max_concurrent_calls, created_at)
VALUES (:tenant, 'vapi', 'Vapi', 'https://carrier.example', '{"phone_number_id": "p"}', 10, now()) RETURNING provider_account_id AS account \gset
SELECT voiceagent_private.add_endpoint(:account) AS endpoint \gset
SELECT voiceagent.create_assistant('Reception', 'Hello, this is one.', 'Be kind.') AS assistant \gset
SELECT voiceagent.update_assistant(:assistant, '{"first_message": "Hello, this is two."}') AS version;
SELECT voiceagent.create_phone_number('+12125550001', :account) AS n \gset
UPDATE voiceagent.phone_numbers SET state = 'ready', proof = 'tenant', proved_at = now() WHERE phone_number_id = :n;
SELECT voiceagent.update_phone_number(:n, jsonb_build_object('ai_assistant_id', :assistant));
CREATE FUNCTION pg_temp.plan() RETURNS TABLE (kind text, version text, said text, forward_to text, withheld text) LANGUAGE sql AS $$
	SELECT p ->> 'kind', p ->> 'assistant_version', p ->> 'text', p ->> 'forward_to', p ->> 'withheld'
	FROM voiceagent_private.answer_incoming((SELECT a.provider_account_id FROM voiceagent.provider_accounts a
		WHERE a.tenant_id = voiceagent.current_tenant() AND a.provider = 'vapi'), '+12125550100', '+12125550001') p $$;
SELECT * FROM pg_temp.plan();

-- The newest version fails: the one before it answers, and everybody who looks is told why.
INSERT INTO voiceagent.assistant_verdicts (tenant_id, assistant_id, version, verdict, method, test_run_id, tested_at)
VALUES (:tenant, :assistant, 2, 'failed', 'rules', 7, now());
SELECT * FROM pg_temp.plan();
SELECT p ->> 'kind' AS kind, p #>> '{assistant,first_message}' AS said FROM voiceagent_private.answer_plan(
	(SELECT e.endpoint_id FROM voiceagent.webhook_endpoints e WHERE e.tenant_id = :tenant AND e.provider_account_id = :account),
	NULL, '+12125550100', '+12125550001', NULL, 'IN-1') p;
SELECT event_data - 'phone_number_id' AS told FROM voiceagent.events WHERE tenant_id = :tenant AND event_type = 'call_incoming';
SELECT detail FROM voiceagent.calls c, LATERAL voiceagent.explain_call(c.call_id) WHERE c.tenant_id = :tenant AND rule = 'answer';
SELECT regexp_replace(p, 'assistant [0-9]+', 'assistant N') AS health FROM jsonb_array_elements_text(voiceagent.health() -> 'problems') p WHERE p LIKE 'incoming%';
-- ... until somebody allows it
SELECT voiceagent.allow_assistant_version(:assistant, 2, 'We have listened.');
SELECT * FROM pg_temp.plan();
UPDATE voiceagent.assistant_verdicts SET allowed_at = NULL, allowed_by = NULL, allowed_reason = NULL WHERE tenant_id = :tenant;

-- No version may be heard: a person, or any words; never silence.
SELECT voiceagent.set_setting('require_prompt_test', 'on');
SELECT * FROM pg_temp.plan();
SELECT voiceagent.update_phone_number(:n, '{"after_hours_message": "We call you back tomorrow."}');
SELECT * FROM pg_temp.plan();
SELECT voiceagent.update_phone_number(:n, '{"greeting_message": "Acme, good day."}');
SELECT * FROM pg_temp.plan();
SELECT voiceagent.update_phone_number(:n, '{"forward_to_number": "+12125550177"}');
SELECT * FROM pg_temp.plan();
-- ... and no number is given such an assistant
SELECT voiceagent.update_phone_number(:n, jsonb_build_object('ai_assistant_id', :assistant));
SELECT voiceagent.update_phone_number(:n, '{"friendly_name": "Front desk"}');
-- ... a version that has passed, however old it is, answers
INSERT INTO voiceagent.assistant_verdicts (tenant_id, assistant_id, version, verdict, method, test_run_id, tested_at)
VALUES (:tenant, :assistant, 1, 'rehearsed', 'rules', 6, now());
SELECT kind, version, withheld FROM pg_temp.plan();
ROLLBACK;
