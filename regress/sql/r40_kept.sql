-- 40_assistant: assistants that are kept at a carrier: one request a change, of the newest version; made again when they are gone; never named when they are not in step.
\set VERBOSITY terse
SELECT voiceagent.create_tenant('Kept test', 'UTC', 10) AS tenant \gset
SELECT voiceagent.create_tenant('Kept test, another', 'UTC', 10) AS other \gset
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT voiceagent.create_assistant('Ada', 'Hello', 'Sell.', 'Elliot', 'gpt-5.6-luna') AS ada \gset
INSERT INTO voiceagent.provider_accounts (tenant_id, provider, name, max_concurrent_calls, armed_at, created_at) VALUES (:tenant, 'vapi', 'Real', 10, now(), now()) RETURNING provider_account_id AS account \gset
SELECT provider_account_id AS sandbox FROM voiceagent.provider_accounts WHERE tenant_id = :tenant AND provider = 'sandbox' \gset
CREATE FUNCTION pg_temp.kept() RETURNS TABLE (status text, version integer, id text, reason text, request text) LANGUAGE sql AS $$
	SELECT k.status, k.version, k.carrier_assistant_id, k.reason, e.kind || ' ' || e.state FROM voiceagent.kept_assistants k
	LEFT JOIN voiceagent.provider_requests e ON e.tenant_id = k.tenant_id AND e.provider_request_id = k.provider_request_id WHERE k.tenant_id = voiceagent.current_tenant()
$$;
-- The request that is due is sent; what it says, in short.
CREATE FUNCTION pg_temp.send() RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', c.kind, c.request_data::jsonb #>> '{assistant,first_message}', c.request_data::jsonb ->> 'carrier_assistant_id', c.request_data::jsonb ? 'kept_body'), ', ')
	FROM voiceagent_private.claim_provider_requests(10, true, true, '1 hour') c
$$;
-- The carrier answers it.
CREATE FUNCTION pg_temp.answer(kind text, result jsonb, error text DEFAULT NULL) RETURNS void LANGUAGE sql AS $$
	SELECT voiceagent_private.record_provider_request(k.provider_request_id, answer.kind, result || jsonb_build_object('kind', answer.kind), error, 0) FROM voiceagent.kept_assistants k
$$;
SET LOCAL voiceagent.public_base_url = 'https://us.example';
SELECT * FROM voiceagent.assistant_at_carrier(:ada);
SELECT voiceagent.keep_assistant(:ada, :account), voiceagent.keep_assistant(:ada, :account) AS again;
SELECT * FROM pg_temp.kept();
-- a burst of versions is one request, which takes the newest with it
SELECT voiceagent.update_assistant(:ada, jsonb_build_object('first_message', 'Hello ' || i)) FROM generate_series(1, 3) i;
SELECT count(*) AS requests FROM voiceagent.provider_requests WHERE tenant_id = :tenant;
SELECT pg_temp.send();
SELECT voiceagent_private.kept_for_call(:ada, 4, :account) AS not_before_it_is_there;
-- a version that comes while the request is on its way is sent after it
SELECT voiceagent.update_assistant(:ada, '{"first_message": "Hello 4"}');
SELECT pg_temp.answer('accepted', '{"carrier_assistant_id": "as-1", "assistant": {"firstMessage": "Hello 3"}}');
SELECT * FROM pg_temp.kept();
SELECT voiceagent_private.kept_for_call(:ada, 5, :account) AS not_an_old_one, voiceagent_private.kept_for_call(:ada, 4, :account) AS nor_for_calls_of_the_old_one_meanwhile;
SELECT pg_temp.send();
SELECT pg_temp.answer('accepted', '{"carrier_assistant_id": "as-1", "assistant": {"firstMessage": "Hello 4"}}');
SELECT * FROM pg_temp.kept();
SELECT voiceagent_private.kept_for_call(:ada, 5, :account), voiceagent_private.kept_for_call(:ada, 4, :account) AS another_version, voiceagent_private.kept_for_call(:ada, 5, :sandbox) AS another_account;
SELECT status, words, version FROM voiceagent.assistant_at_carrier(:ada);
SELECT voiceagent.update_assistant(:ada, '{"active": true}') AS nothing_new;
SELECT request FROM pg_temp.kept();
-- drift: shown, no call names it, and a person has it sent again
SELECT voiceagent.check_assistant_at_carrier(:ada) AS asked;
SELECT pg_temp.send();
SELECT pg_temp.answer('accepted', '{"carrier_assistant_id": "as-1", "differences": ["firstMessage", "model.temperature"]}');
SELECT status, replace(words, format('(%s, %s)', :ada, :account), '(A, N)') AS words FROM voiceagent.assistant_at_carrier(:ada);
SELECT voiceagent_private.kept_for_call(:ada, 5, :account) AS not_what_was_changed_there;
SELECT voiceagent.keep_assistant(:ada, :account);
SELECT pg_temp.send();
SELECT pg_temp.answer('accepted', '{"carrier_assistant_id": "as-1", "assistant": {"firstMessage": "Hello 4"}}');
SELECT status, version FROM pg_temp.kept();
-- deleted there: found when it is looked at, when it is changed, or when a dial is told so; made again
SELECT voiceagent.check_assistant_at_carrier(:ada), pg_temp.send();
SELECT pg_temp.answer('refused_permanent', '{}', 'http-404: Not Found');
SELECT * FROM pg_temp.kept();
SELECT pg_temp.send();
SELECT pg_temp.answer('accepted', '{"carrier_assistant_id": "as-2", "assistant": {"firstMessage": "Hello 4"}}');
SELECT voiceagent_private.miss_kept_assistants(:account);
SELECT status, reason, request FROM pg_temp.kept();
SELECT voiceagent_private.kept_for_call(:ada, 5, :account) AS not_until_the_carrier_is_asked, pg_temp.send();
SELECT pg_temp.answer('accepted', '{"carrier_assistant_id": "as-2", "differences": []}');
SELECT status, id FROM pg_temp.kept();
-- what is sent no more, and stays there: made anew
SELECT voiceagent.update_assistant(:ada, '{"first_message": "Hello 5"}'), pg_temp.send();
SELECT pg_temp.answer('accepted', '{"carrier_assistant_id": "as-2", "assistant": {"firstMessage": "Hello 5"}, "stale": true}');
SELECT status, reason, request FROM pg_temp.kept();
SELECT pg_temp.send();
SELECT pg_temp.answer('accepted', '{}');
SELECT status, id, request FROM pg_temp.kept();
SELECT pg_temp.send();
-- whether it was made is not known: it is looked for before another is made
SELECT pg_temp.answer('unknown', '{}', 'no-answer-from-provider');
SELECT * FROM pg_temp.kept();
SELECT kind, looking FROM voiceagent.unresolved_provider_requests WHERE tenant_id = :tenant;
CREATE FUNCTION pg_temp.found(answer jsonb) RETURNS void LANGUAGE sql AS $$
	SELECT voiceagent_private.end_provider_request(e.provider_request_id, 'done', answer, NULL) FROM voiceagent.provider_requests e
	WHERE e.tenant_id = voiceagent.current_tenant() AND e.kind = 'find_assistant' AND e.state = 'queued'
$$;
SAVEPOINT s;
SELECT pg_temp.found('{"carrier_assistant_id": "as-3"}');
SELECT * FROM pg_temp.kept();
ROLLBACK TO s;
SELECT pg_temp.found('{}');
SELECT pg_temp.found('{}');
SELECT request FROM pg_temp.kept();
SELECT pg_temp.found('{}');
SELECT * FROM pg_temp.kept();
SELECT count(*) AS unresolved FROM voiceagent.unresolved_provider_requests WHERE tenant_id = :tenant;
-- refused: said, tried again by a person or with the next version
SELECT pg_temp.send();
SELECT pg_temp.answer('refused_permanent', '{}', 'http-400: voice.voiceId is wrong');
SELECT status, reason, id FROM pg_temp.kept();
SELECT voiceagent.keep_assistant(:ada, :account), pg_temp.send();
SELECT pg_temp.answer('accepted', '{"carrier_assistant_id": "as-4", "assistant": {"firstMessage": "Hello 5"}}');
-- put away: deleted there
SAVEPOINT s;
SELECT voiceagent.archive_assistant(:ada);
SELECT voiceagent_private.kept_for_call(:ada, 6, :account), pg_temp.send();
SELECT pg_temp.answer('accepted', '{"already": true}');
SELECT count(*) AS kept FROM voiceagent.kept_assistants WHERE tenant_id = :tenant;
SELECT voiceagent.keep_assistant(:ada, :account);
ROLLBACK TO s;
SELECT voiceagent.stop_keeping_assistant(:ada, :account);
SELECT status, reason FROM pg_temp.kept();
SELECT voiceagent.stop_keeping_assistant(:ada, :sandbox);
ROLLBACK TO s;
SELECT voiceagent.keep_assistant(:ada, :sandbox);
ROLLBACK TO s;
SELECT voiceagent.keep_assistant(-1, :account);
ROLLBACK TO s;
SELECT voiceagent.keep_assistant(:ada, -1);
ROLLBACK TO s;
-- nothing of another tenant
SELECT voiceagent_private.set_tenant(:other) \g /dev/null
SELECT count(*) FROM voiceagent.assistant_at_carrier(:ada);
SELECT voiceagent.check_assistant_at_carrier(:ada);
SELECT voiceagent.keep_assistant(:ada, :account);
ROLLBACK TO s;
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT * FROM voiceagent_private.check_provider_requests();
ROLLBACK;
