-- Vendor drivers in SQL: what a webhook or a lookup says, what a call request looks like, variables of prompts.
CREATE FUNCTION pg_temp.try(command text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_result text;
	v_detail text;
	v_hint text;
BEGIN
	EXECUTE command INTO v_result;
	RETURN coalesce(v_result, '(null)');
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL, v_hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(' | ', SQLSTATE, SQLERRM, nullif(v_detail, ''), nullif(v_hint, ''));
END
$$;
CREATE FUNCTION pg_temp.hook(body text) RETURNS SETOF voiceagent.call_event LANGUAGE sql AS $$
	SELECT * FROM voiceagent.read_webhook('vapi', '{"content-type": "application/json"}', convert_to(body, 'UTF8'))
$$;
SET timezone = 'UTC';

-- A call's life.
SELECT event_key, kind, status, cause, cause_class, attempt_ref, occurred_at, answered_at
	FROM unnest(ARRAY['queued', 'ringing', 'in-progress', 'ended', 'not-found']) AS s (status_given),
	LATERAL pg_temp.hook(format('{"message":{"type":"status-update","status":"%s","timestamp":1700000000000,"endedReason":"customer-busy",
		"call":{"id":"c1","name":"va-1-2"}}}', status_given));
\set report '{"message":{"type":"end-of-call-report","timestamp":1700000070000,"endedReason":"customer-ended-call","startedAt":"2023-11-14T22:13:20.000Z","endedAt":"2023-11-14T22:14:21.234Z","cost":0.0731,"costBreakdown":{"transport":0.01,"total":0.0731},"analysis":{"summary":"Booked.","structuredData":{"appointment":{"booked":true,"phrase":"tomorrow at three"},"do_not_call":false},"successEvaluation":"true"},"artifact":{"transcript":"AI: Hi","recordingUrl":"https://r.example/m.wav","stereoRecordingUrl":"https://r.example/s.wav","messages":[{"role":"bot","message":"Hi","time":1700000000500,"secondsFromStart":0.5},{"role":"user","message":"a\\u0000b\\ud83d","secondsFromStart":2}]},"call":{"id":"c1","createdAt":"2023-11-14T22:13:00Z","assistantOverrides":{"metadata":{"attempt":"va-1-2"}},"monitor":{"controlUrl":"https://p.example/c1"}}}}'
\x on
SELECT * FROM pg_temp.hook(:'report');
\x off
-- A number is exact, and nothing is charged that nobody answered.
SELECT status, answered_at, duration_seconds, cost FROM pg_temp.hook(replace(replace(:'report', 'customer-ended-call', 'customer-did-not-answer'),
	'"role":"user"', '"role":"bot"'));
-- A person who has spoken had answered: the reason belongs to another leg.
SELECT status, answered_at, duration_seconds, voiceagent_private.ended_status(status, turns) AS ended
FROM pg_temp.hook(replace(:'report', 'customer-ended-call', 'customer-did-not-answer'));
CREATE FUNCTION pg_temp.looked_up(provider text, body bytea) RETURNS SETOF voiceagent.call_event LANGUAGE sql AS $$
	SELECT (r.event).* FROM unnest(voiceagent_private.read_stored_webhooks('{1}', '{1}', ARRAY[provider], '{t}', ARRAY['{}'::jsonb], ARRAY[body], '{NULL}')) r
$$;
-- A lookup of the ended call has the report's effect; it says when it comes before the analysis, under another key.
SELECT event_key, kind, status, cause, cause_class, attempt_ref, answered_at, ended_at, duration_seconds, unanalysed
	FROM unnest(ARRAY['', ',"analysis":{}', ',"analysis":{"successEvaluation":false}']) AS analysis,
	pg_temp.looked_up('vapi', convert_to('{"id":"c1","status":"ended","name":"va-1-2","endedReason":"customer-ended-call",
		"startedAt":"2023-11-14T22:13:20.000Z","endedAt":"2023-11-14T22:14:21.234Z"' || analysis || '}', 'UTF8'));
SELECT event_key, status FROM pg_temp.looked_up('sandbox',
	convert_to(' [{"id":"a","status":"queued"},{"id":7},{"id":"b","status":"in-progress"}]', 'UTF8'));
-- One event for each tool call.
SELECT event_key, kind, details FROM pg_temp.hook('{"message":{"type":"tool-calls","toolCallList":[{"id":"t1","function":{"name":"book","arguments":"{\"day\":\"mon\"}"}},
	{"id":"t2","name":"look","parameters":{"n":1}}],"call":{"id":"c1"}}}');

-- Bad input has a reason and a SQLSTATE of ours, never XX000.
SELECT body, pg_temp.try(format('SELECT event_key FROM voiceagent.read_webhook(%L, NULL, convert_to(%L, %L))', 'vapi', body, 'UTF8'))
	FROM unnest(ARRAY['', 'x', '[]', '{"message":{}}', '{"message":{"type":"hang","call":{}}}', '{"message":{"type":"hang","call":{"id":"a\u0000"}}}',
		'{"message":{"type":"hang","timestamp":1e300,"call":{"id":"a"}}}', '{"message":{"type":"status-update","status":7,"call":{"id":"a"}}}',
		'{"message":{"type":"end-of-call-report","cost":"free","call":{"id":"a"}}}', '123456789012345678901234567890',
		repeat('[', 5000)]) AS b (body) WHERE length(body) < 100
UNION ALL
SELECT '5000 brackets', pg_temp.try(format('SELECT event_key FROM voiceagent.read_webhook(%L, NULL, %L)', 'vapi', repeat('[', 5000)));
SELECT pg_temp.try($$SELECT event_key FROM voiceagent.read_webhook('vapi', NULL, '\xff00fe')$$);
SELECT pg_temp.try($$SELECT event_key FROM voiceagent.read_webhook('vapi', NULL, NULL)$$);
SELECT pg_temp.try($$SELECT event_key FROM voiceagent.read_webhook('vapi', '[]', 'x')$$);
SELECT pg_temp.try($$SELECT event_key FROM voiceagent.read_webhook('nobody', NULL, 'x')$$);
SELECT pg_temp.try($$SELECT event_key FROM voiceagent.read_webhook(NULL, NULL, 'x')$$);
SELECT pg_temp.try($$SELECT event_key FROM voiceagent.read_webhook('vapi', NULL, decode(repeat('20', 17000000), 'hex'))$$);

-- Every truncation of a report is refused with PT422, every single byte that changes gives a row or PT422.
SELECT count(*) AS truncations, count(*) FILTER (WHERE pg_temp.try(format('SELECT event_key FROM voiceagent.read_webhook(%L, NULL, convert_to(%L, %L))',
		'vapi', left(:'report', n), 'UTF8')) LIKE 'PT422 | the webhook is malformed | %') AS refused
	FROM generate_series(0, length(:'report') - 1) AS n;
SELECT count(*) AS changes, count(*) FILTER (WHERE result ~ '^(PT422 \| |c)') AS understood_or_refused
	FROM generate_series(0, length(:'report') - 1) AS n,
	LATERAL pg_temp.try(format('SELECT ''c'' || event_key FROM voiceagent.read_webhook(%L, NULL, %L)',
		'vapi', set_byte(convert_to(:'report', 'UTF8'), n, 34))) AS result;

-- The request of a call, secrets masked.
SELECT r ->> 'method' AS method, r ->> 'url' AS url, r -> 'headers' AS headers, r #> '{body,assistant,server}' AS server,
		r #> '{body,customer}' AS customer, r #> '{body,assistantOverrides}' AS overrides
	FROM voiceagent_private.build_call_request('sandbox', '{"carrier": {"base_url":"http://127.0.0.1:9", "credentials": {"api_key":"k3y"}}, "to_number":"+12125550123", "attempt_ref":"va-1-2",
		"customer_name":"Ann", "variables":{"first_name":"Ann"}, "assistant":{"name":"A", "system_prompt":"Hi {{first_name}}"},
		"webhook_headers":{"X-Vapi-Secret":"hush"}, "server_url":"https://us.example/webhooks/t", "max_duration_s":60}') AS r;
SELECT voiceagent_private.build_call_request('vapi', '{"carrier": {"credentials": {"api_key":"k3y"}, "settings": {"phone_number_id": "p"}}, "to_number":"+12125550123", "attempt_ref":"a",
	"webhook_headers":{"X":"hush"}, "server_url":"https://us.example/"}')::text ~ 'k3y|hush' AS leaks;
SELECT o, pg_temp.try(format('SELECT 1 FROM voiceagent_private.build_call_request(%L, %L)', 'vapi', o))
	FROM unnest(ARRAY['{}', '[]', '{"to_number":5}', '{"to_number":"+12125550123","attempt_ref":"a"}', '{"to_number":"+12125550123","attempt_ref":"a","carrier":{"settings":{"phone_number_id":"p"},"base_url":"http://127.1/"}}',
		'{"max_duration_s":"long"}', '{"assistant":7}']) AS o;

-- No carrier is told a lead's name in whose account nothing says so, be the name among the variables; each is told the reference.
SELECT c.provider, r::text ~ 'Quill' AS name, position('va-1-2-x' IN r::text) > 0 OR position(encode('va-1-2-x', 'base64') IN r::text) > 0 AS reference
	FROM (VALUES ('vapi', '{"phone_number_id": "p"}'::jsonb), ('vapi', '{"phone_number_id": "p", "send_lead_name": true}'),
		('twilio', '{"from_number": "+12125550142"}'), ('plivo', '{"from_number": "+12125550142"}'), ('vonage', '{"from_number": "+12125550142"}'),
		('telnyx', '{"connection_id": "1", "from_number": "+12125550142"}'), ('exotel', '{"account_sid": "a", "caller_id": "+12125550142", "flow_id": "1"}'),
		('asterisk', '{"endpoint": "PJSIP/{number}@trunk"}')) AS c(provider, settings),
	LATERAL voiceagent_private.build_call_request(c.provider, jsonb_build_object('carrier', jsonb_build_object('base_url', 'https://carrier.example', 'settings', c.settings,
		'credentials', '{"account_sid": "AC00000000000000000000000000000001", "auth_token": "t", "auth_id": "MA", "username": "u", "password": "p"}'::jsonb), 'to_number', '+12125550123',
		'attempt_ref', 'va-1-2-x', 'customer_name', 'Ann Quill', 'variables', '{"first_name": "Ann", "last_name": "Quill", "name": "Ann Quill"}'::jsonb,
		'assistant', '{"name": "A", "first_message": "Hi there.", "system_prompt": "Sell."}'::jsonb, 'server_url', 'https://us.example/webhooks/t')) AS r;

-- Variables of prompts.
SELECT voiceagent_private.template_variables('Hi {{first_name}}, {{ company }} {{ first_name }} {{ city | default: "town" }} {{now}} {{not a name}}');
SELECT voiceagent_private.template_variables('none');
SELECT voiceagent_private.fill_template('Hi {{first_name}} of {{ city | default: "town" }}, {{n}}', '{"first_name":"{{company}}", "company":"x", "n":3}');
SELECT pg_temp.try($$SELECT voiceagent_private.fill_template('{{a}} {{b}} {{c}}', '{"b":"x", "c":"  "}')$$);
SELECT pg_temp.try($$SELECT voiceagent_private.fill_template('{{a}}', '[1]')$$);

-- A member may read a webhook, nobody else gets at the private functions.
SELECT has_function_privilege('voiceagent_user', 'voiceagent.read_webhook(text, jsonb, bytea, jsonb)', 'EXECUTE') AS member_reads,
	has_function_privilege('voiceagent_anon', 'voiceagent.read_webhook(text, jsonb, bytea, jsonb)', 'EXECUTE') AS anonymous_reads,
	has_function_privilege('voiceagent_user', 'voiceagent_private.build_call_request(text, jsonb)', 'EXECUTE') AS member_builds;
