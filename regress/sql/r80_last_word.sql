-- What a tool is told last counts; a call back is one that will be dialled, and a promise, no retry; arguments that a tool has not are named.
\set VERBOSITY terse
SET client_min_messages = warning;
\set ECHO none
\i lib/inbox_setup.inc
\i lib/incoming.inc
CREATE FUNCTION pg_temp.uses(call bigint, tool text, arguments jsonb, id text) RETURNS text LANGUAGE sql AS $$
	SELECT voiceagent_private.run_tool(call, tool, arguments, id) ->> 'result' $$;
CREATE FUNCTION pg_temp.ends(call bigint, words text[] DEFAULT '{"Hello","Call me back please."}') RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	PERFORM voiceagent_private.apply_events(ARRAY[ROW(0, call, jsonb_populate_record(NULL::voiceagent.call_event, jsonb_build_object(
		'kind', 'report', 'status', 'completed', 'cause', 'hangup', 'cause_class', 'ok', 'duration_seconds', 30,
		'turns', (SELECT jsonb_agg(jsonb_build_object('turn', n, 'speaker', CASE WHEN n % 2 = 1 THEN 'assistant' ELSE 'customer' END, 'text', w) ORDER BY n)
			FROM unnest(words) WITH ORDINALITY AS u(w, n)))),
		(SELECT min(endpoint_id) FROM voiceagent.webhook_endpoints WHERE tenant_id = voiceagent.current_tenant()))::voiceagent_private.matched_event]);
	PERFORM voiceagent_private.follow_calls_of_tenant(100);
END
$$;
CREATE FUNCTION pg_temp.promised() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT concat_ws(', ', right(p.phone, 4), to_char(p.callback_at AT TIME ZONE 'America/New_York', 'Dy HH24:MI'), p.state, p.reason)
	FROM voiceagent.promised_callbacks p ORDER BY p.call_id $$;
\set ECHO all
BEGIN;
-- A Sunday at eleven in New York; the tenant dials from Monday to Saturday, the campaign every day from ten to seven.
SELECT set_config('voiceagent.clock_offset', extract(epoch FROM timestamptz '2026-03-15 11:00-04' - clock_timestamp())::text, true) IS NOT NULL AS driven;
SELECT voiceagent.create_tenant('r80 last word', 'America/New_York', 1000) AS tenant \gset
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS here;
SELECT count(voiceagent.add_lead('+1212555300' || n, 'Lead ' || n)) FROM generate_series(1, 4) n;
SELECT voiceagent.create_assistant('Ann', 'Hello {{first_name}}', 'Be kind.',
	settings => '{"tools": ["call_back", "book", "take_message", "make_offer", "send_information"]}') AS assistant \gset
SELECT voiceagent.create_campaign('Calls', :assistant, settings => '{"call_interval": 0, "max_concurrent_calls": 100, "retry_attempts": 0,
	"calling_hours": {"start": "10:00", "end": "19:00", "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}}') AS campaign \gset
SELECT voiceagent.add_leads(:campaign) AS added;
SELECT voiceagent.start_campaign(:campaign) IS NOT NULL AS started;
SELECT pg_temp.dial();
UPDATE voiceagent.calls SET status = 'in_progress', answered_at = voiceagent.clock() WHERE tenant_id = :tenant;
-- At a real carrier the hours are those of the campaign, for the sentence as for the dial.
UPDATE voiceagent.provider_accounts SET provider = 'twilio' WHERE tenant_id = :tenant;
UPDATE voiceagent_private.live_calls SET provider = 'twilio' WHERE tenant_id = :tenant;
SELECT pg_temp.uses(pg_temp.call_of('3001'), 'call_back', '{"when": "today at five in the afternoon"}', 'a1');
SELECT pg_temp.uses(pg_temp.call_of('3001'), 'call_back', '{"when": "today at nine in the evening"}', 'a2');
SELECT pg_temp.uses(pg_temp.call_of('3001'), 'call_back', '{"when": "today at four in the afternoon"}', 'a3');
SELECT pg_temp.ends(pg_temp.call_of('3001'));
-- A promise is no retry, also where the campaign allows none.
SELECT pg_temp.promised();
-- The correction replaces what was told before, whichever is earlier.
SELECT pg_temp.uses(pg_temp.call_of('3002'), 'call_back', '{"when": "tomorrow at two in the afternoon"}', 'b1'),
	pg_temp.uses(pg_temp.call_of('3002'), 'call_back', '{"when": "tomorrow at eleven"}', 'b2');
SELECT pg_temp.ends(pg_temp.call_of('3002'));
SELECT pg_temp.promised();
-- Another number is a person's to call; what is no number, or no argument, is named, and nothing is done.
SELECT pg_temp.uses(pg_temp.call_of('3003'), 'call_back', '{"when": "tomorrow at two in the afternoon", "phone": "+1 415 555 0398"}', 'c1');
SELECT pg_temp.uses(pg_temp.call_of('3003'), 'call_back', '{"when": "tomorrow at two", "phone": "at work"}', 'c2');
SELECT pg_temp.uses(pg_temp.call_of('3003'), 'call_back', '{"when": "tomorrow at two", "number": "+14155550398"}', 'c3');
SELECT pg_temp.uses(pg_temp.call_of('3003'), 'take_message', '{"message": "Hi", "urgency": "high", "to": "Ann"}', 'c4');
SELECT pg_temp.uses(pg_temp.call_of('3003'), 'make_offer', '{"amount": 820000, "price": 3}', 'c5');
SELECT pg_temp.uses(pg_temp.call_of('3003'), 'book', '{"starts_at": "tomorrow at two", "email": "a@b.example"}', 'c6');
-- An offer without a currency is in that of the price, or of the country.
SELECT pg_temp.uses(pg_temp.call_of('3003'), 'make_offer', '{"amount": 820000, "name": "Rosa Diaz"}', 'c7');
SELECT pg_temp.ends(pg_temp.call_of('3003'), '{"Hello","Goodbye."}');
SELECT t.kind, t.contact_name, t.contact_phone, to_char(t.due_at AT TIME ZONE 'America/New_York', 'Dy HH24:MI') AS due, t.note FROM voiceagent.tasks t WHERE t.tenant_id = :tenant ORDER BY t.task_id;
SELECT amount, currency FROM voiceagent.offers WHERE tenant_id = :tenant;
SELECT pg_temp.promised();
-- The tools of a carrier that names the call by its own id alone.
SELECT voiceagent_private.run_carrier_tool((SELECT min(endpoint_id) FROM voiceagent.webhook_endpoints WHERE tenant_id = :tenant), NULL, c.provider_call_id,
	'{"toolCallId": "d1", "name": "take_message", "arguments": {"message": "Hello"}}') FROM voiceagent_private.live_calls c WHERE c.tenant_id = :tenant;
-- A person that is promised a call each time is not called for ever.
SELECT m.status, m.attempts FROM voiceagent.campaign_leads m WHERE m.tenant_id = :tenant ORDER BY m.lead_id;
UPDATE voiceagent.campaign_leads SET attempts = 4 WHERE tenant_id = :tenant AND status = 'calling';
SELECT pg_temp.uses(pg_temp.call_of('3004'), 'call_back', '{"when": "tomorrow at two in the afternoon"}', 'd2');
SELECT pg_temp.ends(pg_temp.call_of('3004'));
SELECT m.status, m.reason FROM voiceagent.campaign_leads m WHERE m.tenant_id = :tenant ORDER BY m.lead_id DESC LIMIT 1;
ROLLBACK;
