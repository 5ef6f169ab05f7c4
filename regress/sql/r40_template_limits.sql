-- What a text with its variables becomes has a limit, wherever it is filled, and so have the places in it.
\set SHOW_CONTEXT never
CREATE ROLE r40_limits LOGIN;
SELECT voiceagent.create_tenant('r40 limits', 'UTC', 1000) AS tenant \gset
SELECT voiceagent.map_role('r40_limits', :tenant);
SET SESSION AUTHORIZATION r40_limits;
SELECT voiceagent.create_assistant('places', 'Hello', repeat('{{a}}', 2001));
SELECT voiceagent.create_assistant('names', 'Hello', (SELECT string_agg('{{a' || i || '}}', '') FROM generate_series(1, 1001) i));
SELECT voiceagent.create_assistant('many', 'Hello', repeat('{{a}}', 40000));
SELECT voiceagent.create_assistant('as many as may be', 'Hello', repeat('{{a}}', 1999)) AS assistant \gset
SELECT voiceagent.update_assistant(:assistant, jsonb_build_object('first_message', 'Hello {{a}} {{a}}'));
RESET SESSION AUTHORIZATION;
SELECT octet_length(voiceagent_private.fill_template(repeat('{{a}}', 1000), jsonb_build_object('a', repeat('x', 1000)))) AS bytes;
SELECT voiceagent_private.fill_template(repeat('{{a}}', 1000), jsonb_build_object('a', repeat('x', 700000)));
SELECT voiceagent_private.fill_template(repeat('{{a | default: "b"}}', 2001), '{}');
SELECT octet_length(voiceagent_private.spoken_text('{{a}}{{a}}', jsonb_build_object('a', repeat('x', 32768)))) AS bytes;
SELECT voiceagent_private.spoken_text('{{a}}{{a}}', jsonb_build_object('a', repeat('x', 32769)));
SELECT voiceagent_private.spoken_text(repeat('x', 65537), '{}');
-- the request of a carrier that speaks the text: for the one lead there is none, for the other there is
SELECT voiceagent_private.build_call_request('twilio', jsonb_build_object('carrier', '{"credentials": {"account_sid": "AC00000000000000000000000000000001", "auth_token": "0123456789abcdef0123456789abcdef"}, "settings": {}}'::jsonb,
	'assistant', '{"name": "a", "first_message": "Hello {{a}} {{a}}", "language": "en-US"}'::jsonb, 'from_number', '+13125550150', 'to_number', '+13125550101',
	'attempt_ref', 'va-1-0-00000000', 'server_url', 'https://example.com/hook', 'variables', jsonb_build_object('a', repeat(v.a, v.times))))::text ~ 'Hello.b.b|Hello(%20|%2B)b' AS filled
FROM (VALUES ('b', 1)) v(a, times);
SELECT voiceagent_private.build_call_request('twilio', jsonb_build_object('carrier', '{"credentials": {"account_sid": "AC00000000000000000000000000000001", "auth_token": "0123456789abcdef0123456789abcdef"}, "settings": {}}'::jsonb,
	'assistant', '{"name": "a", "first_message": "Hello {{a}} {{a}}", "language": "en-US"}'::jsonb, 'from_number', '+13125550150', 'to_number', '+13125550101',
	'attempt_ref', 'va-1-0-00000000', 'server_url', 'https://example.com/hook', 'variables', jsonb_build_object('a', repeat(v.a, v.times))))
FROM (VALUES ('b', 700000)) v(a, times);
