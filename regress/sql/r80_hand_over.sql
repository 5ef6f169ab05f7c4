-- Keys that an assistant presses, and other assistants to which it hands a call over.
\set VERBOSITY terse
SET client_min_messages = warning;
\set ECHO none
\i sql/r50_setup.inc
\i lib/incoming.inc
\i lib/live_incoming.inc
CREATE FUNCTION pg_temp.tool(call bigint, tool text, arguments jsonb DEFAULT '{}', id text DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
	SELECT voiceagent.call_tool(call, tool, arguments, id) ->> 'result' $$;
\set ECHO all
BEGIN;
SET LOCAL voiceagent.public_base_url = 'https://us.example.com';
SELECT pg_temp.tenant('r80 hand over') AS tenant \gset
SELECT min(provider_account_id) AS account FROM voiceagent.provider_accounts WHERE tenant_id = :tenant \gset
UPDATE voiceagent.provider_accounts SET settings = '{"stream_url": "wss://talk.example.com/x"}' WHERE provider_account_id = :account;
SELECT voiceagent.create_assistant('Desk', 'Hello', 'Be kind.', settings => '{"tools": ["press_keys", "hand_over", "opt_out"]}') AS desk \gset
SELECT voiceagent.create_phone_number('+12125550001', :account, jsonb_build_object('ai_assistant_id', :desk)) AS n \gset
SELECT pg_temp.rings('IN-1', '+12125550110') AS ann \gset
UPDATE voiceagent.calls SET provider_call_id = 'IN-1', status = 'in_progress', answered_at = voiceagent.clock() WHERE call_id = :ann;

-- The sandbox sends tones, as most carriers do.
SELECT pg_temp.tool(:ann, 'press_keys', '{"keys": "1"}') AS one, pg_temp.tool(:ann, 'press_keys', '{"keys": "1"}') AS again, pg_temp.tool(:ann, 'press_keys', '{"keys": "2 w 4#"}') AS pause;
SELECT keys, pg_temp.tool(:ann, 'press_keys', jsonb_build_object('keys', keys)) AS result FROM unnest('{x,w,"one",1A,"",1234567890123,"4 2 4 2 4 2 4 2 4 2 4 2 4"}'::text[]) AS k(keys);
SELECT pg_temp.tool(:ann, 'press_keys') AS none, pg_temp.tool(:ann, 'press_keys', '{"keys": {"a": 1}}') AS no_text, pg_temp.tool(:ann, 'press_keys', '{"digits": "1"}') AS strange;
-- Never the number of a card, at once or in parts.
SELECT pg_temp.rings('IN-2', '+12125550111') AS bob \gset
UPDATE voiceagent.calls SET provider_call_id = 'IN-2', status = 'in_progress', answered_at = voiceagent.clock() WHERE call_id = :bob;
SELECT pg_temp.tool(:bob, 'press_keys', '{"keys": "42424242"}') AS half, pg_temp.tool(:bob, 'press_keys', '{"keys": "4242w4242"}') AS other_half, pg_temp.tool(:bob, 'press_keys', '{"keys": "4242424242424242"}') AS whole;
SELECT call_id = :bob AS bob, request_data ->> 'digits' AS digits FROM voiceagent.provider_requests WHERE tenant_id = :tenant AND kind = 'send_dtmf' ORDER BY provider_request_id;
-- What is kept of a tool shows no code: more than four keys are not told.
SELECT arguments, error FROM voiceagent.call_tools WHERE call_id = :bob ORDER BY arguments::text;
-- Not while somebody else has the caller; not where the carrier sends none.
SAVEPOINT s;
SELECT (voiceagent_private.put_through(:bob, '+12125550199')).way;
SELECT pg_temp.tool(:bob, 'press_keys', '{"keys": "1"}') AS put_through;
ROLLBACK TO s;
UPDATE voiceagent.provider_accounts SET provider = 'exotel' WHERE provider_account_id = :account;
SELECT pg_temp.tool(:ann, 'press_keys', '{"keys": "1"}') AS no_carrier;
ROLLBACK TO s;

-- Only a call that we hold is handed over.
SELECT voiceagent.create_assistant('Berta', 'Buenos días, soy Berta.', 'Eres Berta.', settings => '{"language": "es-ES", "tools": ["take_message"]}') AS berta \gset
SELECT voiceagent.create_assistant('Marta', 'Hola.', 'Eres Marta.', settings => '{"language": "es-MX"}') AS marta \gset
SELECT voiceagent.create_assistant('Old', 'Hi.', 'Be old.') AS old \gset
SELECT voiceagent.update_assistant(:old, '{"active": false}');
SELECT pg_temp.tool(:ann, 'hand_over', '{"assistant": "Berta"}') AS not_held;
UPDATE voiceagent.provider_accounts a SET settings = jsonb_build_object('stream_url', (SELECT 'wss://us.example.com/media/sandbox/' || min(r.token) FROM voiceagent_private.endpoint_routes r
	WHERE r.provider_account_id = a.provider_account_id)) WHERE provider_account_id = :account;
SELECT pg_temp.rings('IN-3', '+12125550112') AS cid \gset
SELECT (voiceagent_private.open_media_session(:account, 'IN-3', 'IN-3', 'twilio')).refused AS held;
SELECT pg_temp.tool(:cid, 'hand_over') AS whom, pg_temp.tool(:cid, 'hand_over', '{"assistant": "Nobody"}') AS nobody, pg_temp.tool(:cid, 'hand_over', '{"assistant": "Old"}') AS inactive,
	pg_temp.tool(:cid, 'hand_over', '{"assistant": "Desk"}') AS itself, pg_temp.tool(:cid, 'hand_over', '{"language": "tlh"}') AS klingon, pg_temp.tool(:cid, 'hand_over', '{"assistant": "Berta", "language": "de"}') AS neither;
SELECT c.assistant_id = :desk AS desk, i.plan ->> 'first_message' AS says FROM voiceagent.calls c JOIN voiceagent.call_inbound i USING (tenant_id, call_id) WHERE c.call_id = :cid;
SELECT pg_temp.tool(:cid, 'hand_over', '{"language": "es-MX"}') AS by_language;
SELECT c.assistant_id = :marta AS marta, i.plan ->> 'first_message' AS says FROM voiceagent.calls c JOIN voiceagent.call_inbound i USING (tenant_id, call_id) WHERE c.call_id = :cid;
-- The call is hers: her tools alone, her words.
SELECT pg_temp.tool(:cid, 'hand_over', '{"assistant": "berta"}') AS has_no_such_tool;
SELECT tool, made = jsonb_build_object('assistant_id', :marta) AS made, data -> 'handed_over' AS handed FROM voiceagent.call_tools WHERE call_id = :cid AND error IS NULL;
SELECT (s).law_words, (s).first_message, (s).language, left((s).system_prompt, 11) AS prompt, (s).tools FROM (SELECT voiceagent_private.open_media_session(:account, 'IN-3', 'IN-3', 'twilio') AS s OFFSET 0) x;
SELECT event_data = jsonb_build_object('from_assistant_id', :desk, 'assistant_id', :marta) AS told FROM voiceagent.events WHERE call_id = :cid AND event_type = 'call_handed_over';
-- Nobody is sent to and fro for ever.
SELECT voiceagent.update_assistant(a, '{"settings": {"tools": ["hand_over"]}}') FROM unnest(ARRAY[:berta, :marta]) a;
SELECT pg_temp.rings('IN-4', '+12125550113') AS dan \gset
SELECT (voiceagent_private.open_media_session(:account, 'IN-4', 'IN-4', 'twilio')).refused AS held;
SELECT pg_temp.tool(:dan, 'hand_over', '{"assistant": "Berta"}') AS first;
SELECT pg_temp.tool(:dan, 'hand_over', '{"assistant": "Desk"}') AS second;
SELECT pg_temp.tool(:dan, 'hand_over', '{"assistant": "Marta"}') AS third;
SELECT pg_temp.tool(:dan, 'hand_over', '{"assistant": "Desk"}') AS fourth;
-- What the law of a place wants said, the other assistant says in its language before its own words.
SELECT pg_temp.rings('IN-5', '+393331234567') AS eve \gset
SELECT (voiceagent_private.open_media_session(:account, 'IN-5', 'IN-5', 'twilio')).refused AS held;
SELECT i.plan ->> 'first_message' AS says FROM voiceagent.call_inbound i WHERE i.call_id = :eve;
SELECT pg_temp.tool(:eve, 'hand_over', '{"assistant": "Berta"}') AS handed;
SELECT i.plan ->> 'first_message' AS says FROM voiceagent.call_inbound i WHERE i.call_id = :eve;
ROLLBACK;
