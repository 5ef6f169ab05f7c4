-- The office rings first, and the assistant answers a call that nobody takes there.
\set VERBOSITY terse
SET client_min_messages = warning;
\set ECHO none
\i sql/r50_setup.inc
\set ECHO all
BEGIN;
SELECT pg_temp.tenant('r60 office') AS tenant \gset
SELECT min(provider_account_id) AS account FROM voiceagent.provider_accounts WHERE tenant_id = :tenant \gset
SELECT min(endpoint_id) AS endpoint FROM voiceagent.webhook_endpoints WHERE tenant_id = :tenant \gset
SELECT voiceagent.create_assistant('Desk', 'Hello', 'Be kind.') AS assistant \gset
SELECT voiceagent.create_phone_number('+12125550001', :account, jsonb_build_object('ai_assistant_id', :assistant, 'forward_to_number', '+12125550002',
	'business_hours_start', '09:00', 'business_hours_end', '17:00', 'timezone', 'America/New_York')) AS n \gset
-- What it needs, and which carriers can.
CREATE FUNCTION pg_temp.tried(details jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_detail text;
	v_hint text;
BEGIN
	PERFORM voiceagent.update_phone_number((SELECT max(phone_number_id) FROM voiceagent.phone_numbers WHERE tenant_id = voiceagent.current_tenant()), details);
	RAISE EXCEPTION USING ERRCODE = 'P0098';
EXCEPTION WHEN SQLSTATE 'P0098' THEN
	RETURN 'allowed';
WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL, v_hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(' | ', SQLSTATE, SQLERRM, v_detail, v_hint);
END
$$;
SELECT pg_temp.tried(d::jsonb) FROM unnest(ARRAY['{"ring_office_seconds": 20}', '{"ring_office_seconds": 4}', '{"ring_office_seconds": "61"}',
	'{"ring_office_seconds": 20, "forward_to_number": null}', '{"ring_office_seconds": 20, "ai_assistant_id": null}']) d;
CREATE FUNCTION pg_temp.at_carrier(carrier text) RETURNS text LANGUAGE sql AS $$
	UPDATE voiceagent.provider_accounts SET provider = carrier, settings = '{"stream_url": "wss://talk.example.com/x"}' WHERE tenant_id = voiceagent.current_tenant();
	SELECT pg_temp.tried('{"ring_office_seconds": 20}') $$;
SELECT carrier, pg_temp.at_carrier(carrier) FROM unnest(ARRAY['asterisk', 'exotel', 'plivo', 'telnyx', 'twilio', 'vapi', 'vonage']) carrier;

CREATE FUNCTION pg_temp.at(at timestamptz) RETURNS text LANGUAGE sql AS $$
	SELECT set_config('voiceagent.clock_offset', extract(epoch FROM at - clock_timestamp())::text, true) $$;
CREATE FUNCTION pg_temp.ask(call text, untaken boolean DEFAULT false) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', p ->> 'kind', p ->> 'forward_to', p ->> 'ring_timeout_s', p ->> 'goes_on', p ->> 'stream_url', p ? 'then', p ? 'status_url')
	FROM voiceagent_private.answer_plan((SELECT min(e.endpoint_id) FROM voiceagent.webhook_endpoints e WHERE e.tenant_id = voiceagent.current_tenant()),
		NULL, '+13055550100', '+12125550001', NULL, call, NULL, untaken) p $$;
CREATE FUNCTION pg_temp.told(call text) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' / ', i.answer, c.status, i.untaken, (SELECT x.detail FROM voiceagent.explain_call(c.call_id) x WHERE x.rule = 'answer'))
	FROM voiceagent.call_inbound i JOIN voiceagent.calls c USING (tenant_id, call_id) WHERE i.tenant_id = voiceagent.current_tenant() AND i.provider_call_id = call $$;
CREATE FUNCTION pg_temp.tell(VARIADIC events jsonb[]) RETURNS bigint LANGUAGE sql AS $$
	SELECT count(*) FROM voiceagent_private.apply_events(ARRAY(SELECT ROW(0, NULL, jsonb_populate_record(NULL::voiceagent.call_event, e),
		(SELECT min(p.endpoint_id) FROM voiceagent.webhook_endpoints p WHERE p.tenant_id = voiceagent.current_tenant()))::voiceagent_private.matched_event
		FROM unnest(events) WITH ORDINALITY AS x(e, n) ORDER BY n)) $$;
\set day '2026-03-17 11:00-04'
\set night '2026-03-17 22:00-04'
-- By day it rings; by night nobody is there, unless the number says so.
UPDATE voiceagent.provider_accounts SET provider = 'twilio', settings = '{"stream_url": "wss://talk.example.com/x"}' WHERE tenant_id = :tenant;
SELECT voiceagent.update_phone_number(:n, '{"ring_office_seconds": 20}');
SELECT pg_temp.at(:'night') IS NOT NULL AS night;
SELECT pg_temp.ask('N1');
SELECT voiceagent.update_phone_number(:n, '{"after_hours": "assistant"}');
SELECT pg_temp.ask('N2');
SELECT pg_temp.at(:'day') IS NOT NULL AS day;
-- Asked at the door, before the webhooks have their effect: the same is told, however often it is asked.
SELECT pg_temp.ask('D1') AS rings, pg_temp.ask('D1') AS again, pg_temp.told('D1');
SELECT pg_temp.ask('D1', true) AS nobody, pg_temp.ask('D1', true) AS again, pg_temp.ask('D1') AS from_the_start, pg_temp.told('D1');
SELECT pg_temp.tell('{"kind": "untaken", "provider_call_id": "D1", "wants_answer": true}', '{"kind": "report", "provider_call_id": "D1", "status": "completed", "duration_seconds": 30}');
SELECT pg_temp.told('D1');
-- The webhook comes first.
SELECT pg_temp.ask('D2') AS rings;
SELECT pg_temp.tell('{"kind": "untaken", "provider_call_id": "D2"}');
SELECT pg_temp.ask('D2', true) AS nobody, pg_temp.told('D2');
-- Somebody takes it; the caller hangs up while it rings; a call that nobody knows is not put through.
SELECT pg_temp.ask('D3') AS rings;
SELECT pg_temp.tell('{"kind": "report", "provider_call_id": "D3", "status": "completed", "duration_seconds": 60}');
SELECT pg_temp.told('D3');
SELECT pg_temp.ask('D3', true) AS over, pg_temp.ask('D9', true) AS unknown;
SELECT event_type, event_data - 'phone_number_id' AS data, count(*) FROM voiceagent.events WHERE tenant_id = :tenant AND event_type IN ('call_incoming', 'office_not_taken')
GROUP BY 1, 2 ORDER BY min(event_id);

-- At a carrier that is told by requests.
UPDATE voiceagent.provider_accounts SET provider = 'telnyx' WHERE tenant_id = :tenant;
CREATE FUNCTION pg_temp.ordered(event jsonb, call text) RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.tell(event || jsonb_build_object('provider_call_id', call));
	SELECT string_agg(concat_ws(' ', e.kind, e.request_data #>> '{answer,ring_timeout_s}', e.request_data #>> '{answer,stream_url}', (e.request_data -> 'answer') ? 'then'),
		', ' ORDER BY e.provider_request_id)
	FROM voiceagent.provider_requests e WHERE e.tenant_id = voiceagent.current_tenant() AND e.request_data ->> 'provider_call_id' = call $$;
SELECT pg_temp.ordered('{"kind": "incoming", "from_number": "+13055550100", "to_number": "+12125550001", "wants_answer": true}', 'T1');
SELECT pg_temp.ordered('{"kind": "status", "status": "in_progress", "wants_answer": true}', 'T1');
SELECT pg_temp.ordered('{"kind": "untaken"}', 'T1');
SELECT pg_temp.told('T1');
-- Another that cannot: the assistant at once.
UPDATE voiceagent.provider_accounts SET provider = 'exotel' WHERE tenant_id = :tenant;
SELECT pg_temp.ask('E1'), pg_temp.told('E1');
-- A played caller finds nobody at the office.
UPDATE voiceagent.provider_accounts SET provider = 'sandbox', settings = '{}' WHERE tenant_id = :tenant;
SELECT c ->> 'call_id' AS call, c ->> 'answer' AS answer FROM voiceagent.sandbox_call_in(:n, 'leaves_message') c \gset
SELECT :'answer' AS answer, x.detail LIKE 'Rehearsed: %. The office (+12125550002) rang first, for 20 seconds at most; nobody took it.' AS told FROM voiceagent.explain_call(:call) x WHERE x.rule = 'answer';
ROLLBACK;
