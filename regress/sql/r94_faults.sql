-- Calls with the same fault are one case: given to a member, closed by a version, open again when it comes again. A test caller is made from such a call.
\set VERBOSITY terse
SET client_min_messages = warning;
\set ECHO none
\i sql/r50_setup.inc
\i lib/incoming.inc
\i lib/live_incoming.inc
CREATE FUNCTION pg_temp.uses(call bigint, tool text, arguments jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT voiceagent_private.run_tool(call, tool, arguments, NULL) ->> 'result' $$;
\set ECHO all
BEGIN;
SELECT pg_temp.tenant('r94 faults') AS tenant \gset
SET LOCAL voiceagent.public_base_url = 'https://calls.example.com';
INSERT INTO voiceagent.provider_accounts (tenant_id, provider, name, base_url, settings, max_concurrent_calls, created_at)
VALUES (:tenant, 'twilio', 'Held', 'https://carrier.example', '{}', 10, now()) RETURNING provider_account_id AS account \gset
SELECT voiceagent_private.add_endpoint(:account) IS NOT NULL AS told_at;
UPDATE voiceagent.provider_accounts a SET settings = jsonb_build_object('stream_url', 'wss://calls.example.com/media/twilio/' || r.token)
FROM voiceagent_private.endpoint_routes r WHERE a.provider_account_id = :account AND r.provider_account_id = a.provider_account_id;
SELECT voiceagent.create_assistant('Desk', 'Hello', 'Be kind.', settings => '{"tools": ["take_message", "call_back"]}') AS assistant \gset
SELECT voiceagent.create_phone_number('+12125550001', :account) AS n \gset
UPDATE voiceagent.phone_numbers SET state = 'ready', proof = 'tenant', proved_at = now() WHERE phone_number_id = :n;
SELECT voiceagent.update_phone_number(:n, jsonb_build_object('ai_assistant_id', :assistant));
SELECT pg_temp.rings('IN-1', '+12125550110') AS one, pg_temp.rings('IN-2', '+12125550111') AS two, pg_temp.rings('IN-3', '+12125550112') AS three \gset
SELECT pg_temp.uses(:one, 'take_message', '{"message": "x", "colour": "red"}'), pg_temp.uses(:two, 'take_message', '{"message": "y", "colour": "blue"}'), pg_temp.uses(:two, 'take_message', '{}'),
	pg_temp.uses(:three, 'call_back', '{"when": "yesterday"}') AS the_persons;
SELECT voiceagent_private.keep_media_turns(:one, '[{"speaker": "assistant", "text": "Hello", "turn": 1}, {"speaker": "customer", "text": "Please tell Ann", "turn": 2}, {"speaker": "customer", "text": "that I called.", "turn": 3},
	{"speaker": "assistant", "text": "One moment.", "turn": 4}, {"speaker": "customer", "text": "Goodbye.", "turn": 5}]', false, '[]');
SELECT voiceagent_private.apply_inbox(10) >= 0 AS kept;
SELECT tool, kind, quote, calls, cardinality(call_ids) AS ids, first_version, last_version, member_id, mended_by, state FROM voiceagent.fault_cases WHERE tenant_id = :tenant ORDER BY calls DESC, kind;
SELECT fault FROM voiceagent.fault_cases WHERE tenant_id = :tenant AND kind = 'tool_strange' \gset
SELECT voiceagent.create_member(:tenant, 'ann@example.com', 'a long password of hers') AS ann \gset
SELECT voiceagent.mark_fault(:'fault', :ann) AS owned;
\set ON_ERROR_ROLLBACK on
SELECT voiceagent.mark_fault(:'fault', mended_by => 1);
SELECT voiceagent.mark_fault(:'fault', mended_by => 7);
SELECT voiceagent.mark_fault(md5('x'));
SELECT voiceagent.mark_fault(:'fault', member_id => 0);
SELECT voiceagent.update_assistant(:assistant, '{"system_prompt": "Be kind. A message has no colour."}') AS version;
SELECT voiceagent.mark_fault(:'fault', mended_by => 2) AS closed;
-- An older version may show it still; the mended one opens it again.
SELECT pg_temp.uses(:three, 'take_message', '{"message": "z", "colour": "red"}');
SELECT calls, last_version, state FROM voiceagent.fault_cases WHERE tenant_id = :tenant AND fault = :'fault';
SELECT pg_temp.rings('IN-4', '+12125550113') AS four \gset
SELECT pg_temp.uses(:four, 'take_message', '{"message": "z", "colour": "red"}');
SELECT calls, last_version, state FROM voiceagent.fault_cases WHERE tenant_id = :tenant AND fault = :'fault';
-- A test caller says what the person said, and expects the tool that went wrong.
SELECT voiceagent.test_caller_of_call(:one, 'ann') > 0 AS made;
SELECT name, language, lines, expect FROM voiceagent.test_callers WHERE tenant_id = :tenant;
\set ON_ERROR_ROLLBACK on
SELECT voiceagent.test_caller_of_call(:one, 'ann');
SELECT voiceagent.test_caller_of_call(:two);
SELECT voiceagent.test_caller_of_call(0);
ROLLBACK;
