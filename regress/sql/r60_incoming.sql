-- Calls to our numbers: business hours in their zone, what they are told, what is kept of them.
\set VERBOSITY terse
SET client_min_messages = warning;
\set ECHO none
\i lib/incoming.inc
\set ECHO all
BEGIN;
SELECT voiceagent.create_tenant('r60 incoming', 'UTC', 1000) AS tenant, voiceagent.create_tenant('r60 other') AS other \gset
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS acting;
SELECT min(a.provider_account_id) AS account, min(e.endpoint_id) AS endpoint
FROM voiceagent.provider_accounts a JOIN voiceagent.webhook_endpoints e USING (tenant_id, provider_account_id) WHERE a.tenant_id = :tenant \gset
SELECT voiceagent.create_assistant('Reception', 'Hello {{first_name}}, how can I help?', 'Be kind.') AS assistant \gset
SELECT voiceagent.create_phone_number('+12125550001', :account) AS n \gset

-- Open or closed, by the number's clock; past midnight too; also on the days on which the clocks change.
CREATE FUNCTION pg_temp.open_at(starts text, ends text, zone text, at timestamptz) RETURNS boolean LANGUAGE sql AS $$
	SELECT voiceagent_private.is_open(jsonb_populate_record(NULL::voiceagent.phone_numbers,
		jsonb_build_object('business_hours_start', starts, 'business_hours_end', ends, 'timezone', zone)), at)
$$;
SELECT starts, ends, zone, at, pg_temp.open_at(starts, ends, zone, at::timestamptz) AS open FROM (VALUES
	(NULL, NULL, 'UTC', '2026-01-01 03:00Z'),
	('09:00', '17:00', 'UTC', '2026-01-01 08:59:59Z'), ('09:00', '17:00', 'UTC', '2026-01-01 09:00Z'), ('09:00', '17:00', 'UTC', '2026-01-01 17:00Z'),
	('09:00', '17:00', 'America/New_York', '2026-01-01 14:00Z'), ('09:00', '17:00', 'America/New_York', '2026-07-01 13:00Z'),
	('22:00', '06:00', 'UTC', '2026-01-01 23:00Z'), ('22:00', '06:00', 'UTC', '2026-01-01 05:59Z'), ('22:00', '06:00', 'UTC', '2026-01-01 06:00Z'),
	('22:00', '06:00', 'UTC', '2026-01-01 12:00Z'), ('00:00', '24:00', 'Asia/Kolkata', '2026-01-01 18:29:59Z'),
	('02:30', '04:00', 'Europe/Berlin', '2026-03-29 01:00Z'), ('02:30', '03:00', 'Europe/Berlin', '2026-10-25 00:45Z'), ('02:30', '03:00', 'Europe/Berlin', '2026-10-25 01:45Z')) v(starts, ends, zone, at);

-- The plan.
CREATE FUNCTION pg_temp.answer(number text DEFAULT '+12125550001', account bigint DEFAULT NULL) RETURNS jsonb LANGUAGE sql AS $$
	SELECT voiceagent_private.answer_incoming(coalesce(account, (SELECT min(a.provider_account_id) FROM voiceagent.provider_accounts a
		WHERE a.tenant_id = voiceagent.current_tenant())), '+13055550100', number)
$$;
-- Hours that are over now, whenever that is.
SELECT to_char(voiceagent.clock() AT TIME ZONE 'UTC' + interval '2 hours', 'HH24:MI') AS later, to_char(voiceagent.clock() AT TIME ZONE 'UTC' + interval '4 hours', 'HH24:MI') AS later_end \gset
SELECT pg_temp.answer() AS nothing_to_say;
SELECT voiceagent.update_phone_number(:n, '{"forward_to_number": "+12125550002"}');
SELECT pg_temp.answer() AS forwarded;
SELECT voiceagent.update_phone_number(:n, jsonb_build_object('ai_assistant_id', :assistant));
SELECT pg_temp.answer() AS assistant_says;
SELECT voiceagent.update_phone_number(:n, '{"greeting_message": "Good day.", "ai_voice_id": "Anna"}');
SELECT pg_temp.answer() AS greeting;
UPDATE voiceagent.provider_accounts SET settings = '{"stream_url": "wss://talk.example.com/x"}' WHERE tenant_id = :tenant;
SELECT pg_temp.answer() AS socket;
SELECT voiceagent.update_phone_number(:n, jsonb_build_object('business_hours_start', :'later', 'business_hours_end', :'later_end', 'after_hours_message', 'We are closed.'));
SELECT pg_temp.answer() AS closed_forwarded;
SELECT voiceagent.update_phone_number(:n, '{"forward_to_number": null}');
SELECT pg_temp.answer() AS closed_message;
SELECT voiceagent.update_phone_number(:n, '{"after_hours_message": null}');
SELECT pg_temp.answer() AS closed;
SELECT voiceagent.update_phone_number(:n, '{"business_hours_start": null, "business_hours_end": null}');
SELECT pg_temp.answer('+12125550009') AS not_ours, pg_temp.answer(NULL) AS unknown, pg_temp.answer('+12125550001', 987654321987) AS no_account;
SELECT voiceagent.update_phone_number(:n, '{"is_active": false}');
SELECT pg_temp.answer() AS inactive;
SELECT voiceagent.update_phone_number(:n, '{"is_active": true}');
UPDATE voiceagent.phone_numbers SET state = 'unchecked' WHERE phone_number_id = :n;
SELECT pg_temp.answer() AS unchecked;
UPDATE voiceagent.phone_numbers SET state = 'ready' WHERE phone_number_id = :n;
UPDATE voiceagent.provider_accounts SET active = false WHERE tenant_id = :tenant;
SELECT pg_temp.answer() AS account_off;
UPDATE voiceagent.provider_accounts SET active = true WHERE tenant_id = :tenant;

-- What is kept: once, however often it is told and in whatever order.
CREATE FUNCTION pg_temp.tell(VARIADIC events jsonb[]) RETURNS bigint[] LANGUAGE sql AS $$
	SELECT a.early FROM voiceagent_private.apply_events(ARRAY(SELECT ROW(0, NULL, jsonb_populate_record(NULL::voiceagent.call_event, e),
		(SELECT min(p.endpoint_id) FROM voiceagent.webhook_endpoints p WHERE p.tenant_id = voiceagent.current_tenant()))::voiceagent_private.matched_event
		FROM unnest(events) e)) a
$$;
CREATE VIEW pg_temp.kept AS SELECT provider_call_id, phone_number_id IS NOT NULL AS ours, from_number, to_number, answer, outcome, duration_seconds,
	answered_at IS NOT NULL AS answered, ended_at IS NOT NULL AS ended FROM pg_temp.incoming_calls WHERE tenant_id = voiceagent.current_tenant() ORDER BY call_id;
SAVEPOINT s;
SELECT pg_temp.tell('{"kind": "status", "provider_call_id": "IN1", "status": "completed", "wants_answer": false}');
ROLLBACK TO s;
SELECT pg_temp.tell('{"kind": "incoming", "provider_call_id": "IN1", "from_number": "+13055550100", "to_number": "+12125550001", "wants_answer": true}');
SELECT pg_temp.tell('{"kind": "incoming", "provider_call_id": "IN1", "from_number": "+13055550100", "to_number": "+12125550001", "wants_answer": true}');
SELECT * FROM pg_temp.kept;
SELECT voiceagent.delete_phone_number(:n);
ROLLBACK TO s;
SELECT pg_temp.tell('{"kind": "incoming", "provider_call_id": "IN1", "from_number": "+13055550100", "to_number": "+12125550001", "wants_answer": true}',
	'{"kind": "status", "provider_call_id": "IN1", "status": "in_progress", "answered_at": "2026-01-01 00:00Z"}',
	'{"kind": "report", "provider_call_id": "IN1", "status": "completed", "duration_seconds": 61.5}',
	'{"kind": "status", "provider_call_id": "IN1", "status": "ringing"}',
	'{"kind": "incoming", "provider_call_id": "IN2", "from_number": null, "to_number": "+12125550009", "wants_answer": true}');
SELECT pg_temp.tell('{"kind": "status", "provider_call_id": "IN1", "status": "ringing"}');
SELECT * FROM pg_temp.kept;
SELECT event_type, event_data - 'phone_number_id' AS data, call_id IS NOT NULL AS of_call FROM voiceagent.events WHERE tenant_id = :tenant AND event_type = 'call_incoming' ORDER BY event_id;
SELECT total_calls, total_minutes, inbound_calls FROM voiceagent.phone_number_totals WHERE phone_number_id = :n;
-- As many as the account takes.
UPDATE voiceagent.provider_accounts SET max_concurrent_calls = 2 WHERE tenant_id = :tenant;
SELECT pg_temp.tell(jsonb_build_object('kind', 'incoming', 'provider_call_id', 'IN1' || i, 'to_number', '+12125550001', 'wants_answer', true)) FROM generate_series(1, 5) i;
SELECT answer, count(*) FROM pg_temp.kept WHERE provider_call_id LIKE 'IN1_' GROUP BY answer ORDER BY answer;
-- Asked in the reply, before the webhook has had its effect: the first two are taken, all others refused, and what is kept is what was told,
-- however often it is asked or told.
DELETE FROM pg_temp.incoming_calls WHERE tenant_id = :tenant;
CREATE FUNCTION pg_temp.ask(call text) RETURNS text LANGUAGE sql AS $$
	SELECT voiceagent_private.answer_plan((SELECT min(p.endpoint_id) FROM voiceagent.webhook_endpoints p WHERE p.tenant_id = voiceagent.current_tenant()),
		NULL, '+13055550100', '+12125550001', NULL, call) ->> 'kind' $$;
SELECT i, pg_temp.ask('IN3' || i) FROM generate_series(1, 5) i;
SELECT pg_temp.ask('IN31') AS first_again, pg_temp.ask('IN33') AS third_again;
SELECT pg_temp.tell(jsonb_build_object('kind', 'incoming', 'provider_call_id', 'IN3' || i, 'to_number', '+12125550001', 'wants_answer', true)) FROM generate_series(1, 5) i;
SELECT provider_call_id, answer, outcome, ended FROM pg_temp.kept;
SELECT pg_temp.tell('{"kind": "report", "provider_call_id": "IN31", "status": "completed", "duration_seconds": 9}');
SELECT pg_temp.ask('IN33') AS refused_is_refused, pg_temp.ask('IN36') AS free;
-- Closed, at a carrier that is told by requests: the message is heard before it is forwarded, and nobody stays on the line whom nobody takes there.
UPDATE voiceagent.provider_accounts SET provider = 'telnyx', settings = '{}', max_concurrent_calls = 10 WHERE tenant_id = :tenant;
SELECT voiceagent.update_phone_number(:n, jsonb_build_object('business_hours_start', :'later', 'business_hours_end', :'later_end',
	'after_hours_message', 'We are closed.', 'forward_to_number', '+12125550002'));
CREATE FUNCTION pg_temp.ordered(event jsonb, call text DEFAULT 'IN40') RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.tell(event || jsonb_build_object('provider_call_id', call));
	SELECT string_agg(concat_ws(' ', e.kind, CASE WHEN e.kind = 'say' THEN e.request_data #>> '{answer,text}' END, CASE WHEN e.kind = 'transfer' THEN e.request_data #>> '{answer,forward_to}' END),
		', ' ORDER BY e.provider_request_id)
	FROM voiceagent.provider_requests e WHERE e.tenant_id = voiceagent.current_tenant() AND e.request_data ->> 'provider_call_id' = call
$$;
SELECT pg_temp.ordered('{"kind": "incoming", "from_number": "+13055550100", "to_number": "+12125550001", "wants_answer": true}');
SELECT pg_temp.ordered('{"kind": "status", "status": "in_progress", "wants_answer": true}');
SELECT pg_temp.ordered('{"kind": "spoken"}');
SELECT pg_temp.ordered('{"kind": "spoken"}') AS once;
SELECT pg_temp.ordered('{"kind": "untaken"}');
-- A message that the carrier refuses costs the message alone; a transfer that it refuses, the call.
CREATE FUNCTION pg_temp.refused(kind text, call text) RETURNS text LANGUAGE sql AS $$
	UPDATE voiceagent.provider_requests e SET state = 'failed', done_at = voiceagent.clock() WHERE e.tenant_id = voiceagent.current_tenant()
		AND e.kind = refused.kind AND e.request_data ->> 'provider_call_id' = call;
	SELECT voiceagent_private.on_provider_request_done(e) FROM voiceagent.provider_requests e WHERE e.tenant_id = voiceagent.current_tenant()
		AND e.kind = refused.kind AND e.request_data ->> 'provider_call_id' = call;
	SELECT pg_temp.ordered('{"kind": "spoken"}', call) || coalesce('; told ' || i.told, '')
	FROM pg_temp.incoming_calls i WHERE i.tenant_id = voiceagent.current_tenant() AND i.provider_call_id = call
$$;
SELECT pg_temp.ordered('{"kind": "incoming", "from_number": "+13055550100", "to_number": "+12125550001", "wants_answer": true}', 'IN41');
SELECT pg_temp.ordered('{"kind": "status", "status": "in_progress", "wants_answer": true}', 'IN41');
SELECT pg_temp.refused('say', 'IN41') AS forwarded;
SELECT pg_temp.refused('transfer', 'IN41') AS ended;
-- A carrier that plays what it is told to say forwards at once, unless the message names a recording: its account's own is for whom we call.
UPDATE voiceagent.provider_accounts SET provider = 'asterisk', settings = '{"media": "sound:offer"}' WHERE tenant_id = :tenant;
SELECT pg_temp.ordered('{"kind": "incoming", "from_number": "+13055550100", "to_number": "+12125550001", "wants_answer": true}', 'IN42');
SELECT pg_temp.ordered('{"kind": "status", "status": "in_progress", "wants_answer": true}', 'IN42') AS forwarded;
-- Without a number to put him through to he is refused rather than played that, which the call and its event say.
SELECT voiceagent.update_phone_number(:n, '{"forward_to_number": null}');
SELECT pg_temp.answer() AS closed_unsaid;
SELECT voiceagent.update_phone_number(:n, '{"business_hours_start": null, "business_hours_end": null}');
SELECT pg_temp.answer() AS greeting_unsaid;
SELECT pg_temp.ordered('{"kind": "incoming", "from_number": "+13055550100", "to_number": "+12125550001", "wants_answer": true}', 'IN44') AS refused;
SELECT event_data ->> 'answer' AS answer, event_data ->> 'unsaid' AS unsaid FROM voiceagent.events WHERE tenant_id = :tenant AND event_type = 'call_incoming' ORDER BY event_id DESC LIMIT 1;
-- Nor is such a message taken any more; what was there before can still be lived with.
SAVEPOINT s;
SELECT voiceagent.update_phone_number(:n, '{"greeting_message": "Good morning."}');
ROLLBACK TO s;
SELECT voiceagent.update_phone_number(:n, '{"after_hours_message": "Closed."}');
ROLLBACK TO s;
SELECT voiceagent.create_phone_number('+12125550007', :account, '{"greeting_message": "Good morning."}');
ROLLBACK TO s;
-- As the carrier itself reads it, so that nobody is taken and then hears nothing; none at all is none.
SELECT voiceagent.update_phone_number(:n, '{"greeting_message": "sounds:hello"}');
ROLLBACK TO s;
SELECT voiceagent.update_phone_number(:n, '{"greeting_message": " ", "after_hours_message": ""}');
ROLLBACK TO s;
SELECT voiceagent.update_phone_number(:n, '{"friendly_name": "Front desk", "greeting_message": " sound:hello "}');
SELECT pg_temp.answer() - 'language' AS greeting_played;
SELECT voiceagent.update_phone_number(:n, jsonb_build_object('greeting_message', NULL, 'forward_to_number', '+12125550002'));
SELECT pg_temp.answer() AS first_message_unsaid;
SELECT voiceagent.update_phone_number(:n, jsonb_build_object('business_hours_start', :'later', 'business_hours_end', :'later_end',
	'after_hours_message', 'sound:closed', 'forward_to_number', '+12125550002'));
SELECT pg_temp.ordered('{"kind": "incoming", "from_number": "+13055550100", "to_number": "+12125550001", "wants_answer": true}', 'IN43');
SELECT pg_temp.ordered('{"kind": "status", "status": "in_progress", "wants_answer": true}', 'IN43') AS played;
SELECT pg_temp.ordered('{"kind": "spoken"}', 'IN43') AS then_forwarded;
-- Calls whose end nobody reports: the carrier is asked every few minutes; a call that it does not know, or says has ended, frees its line.
-- Rejected calls are not looked up, nor those that cannot be live any more.
UPDATE voiceagent.provider_accounts SET provider = 'twilio', settings = '{}', max_concurrent_calls = 3 WHERE tenant_id = :tenant;
SELECT voiceagent.update_phone_number(:n, '{"business_hours_start": null, "business_hours_end": null}');
UPDATE pg_temp.incoming_calls SET ended_at = started_at WHERE tenant_id = :tenant AND ended_at IS NULL;
DELETE FROM voiceagent_private.live_incoming WHERE tenant_id = :tenant;
SELECT pg_temp.tell(jsonb_build_object('kind', 'incoming', 'provider_call_id', 'IN5' || i, 'to_number', '+12125550001', 'wants_answer', true)) FROM generate_series(1, 4) i;
CREATE FUNCTION pg_temp.asked(later interval, accounts bigint[] DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('voiceagent.clock_offset', extract(epoch FROM later)::text, true);
	RETURN (SELECT string_agg(d.provider_call_id, ', ' ORDER BY d.call_id) FROM voiceagent_private.due_incoming(100, accounts) d WHERE d.tenant_id = voiceagent.current_tenant());
END $$;
SELECT pg_temp.asked('30 seconds') AS early;
SELECT voiceagent_private.live_deadline() <= voiceagent.clock() + interval '1 minute' AS woken, voiceagent_private.live_deadline(false) <= voiceagent.clock() + interval '1 minute' AS unarmed;
SELECT pg_temp.asked('6 minutes', ARRAY(SELECT min(a.provider_account_id) FROM voiceagent.provider_accounts a, generate_series(1, 50) WHERE a.tenant_id = :tenant GROUP BY a.tenant_id, generate_series)) AS enough_on_their_way;
SELECT pg_temp.asked('6 minutes') AS asked, pg_temp.asked('7 minutes') AS again_at_once, pg_temp.asked('12 minutes') AS again;
SELECT pg_temp.tell('{"kind": "report", "provider_call_id": "IN51", "status": "completed", "duration_seconds": 9}');
-- As often as lookup_limit says, in a row; one alone may be a proxy's.
CREATE FUNCTION pg_temp.looked_up(VARIADIC known boolean[]) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(voiceagent_private.record_incoming_lookup(c.call_id, k.known)::text, ' ' ORDER BY k.n) FROM unnest(known) WITH ORDINALITY AS k(known, n),
		pg_temp.incoming_calls c WHERE c.tenant_id = voiceagent.current_tenant() AND c.provider_call_id = 'IN52' $$;
SELECT pg_temp.looked_up(false, false, false, false, true, false, false, false, false) AS over;
SELECT misses, ask_at <= voiceagent.clock() + interval '30 seconds' AS asked_soon FROM voiceagent_private.live_incoming WHERE tenant_id = :tenant AND provider_call_id = 'IN52';
SELECT pg_temp.looked_up(false, false) AS over;
SELECT provider_call_id, answer, outcome, ended FROM pg_temp.kept WHERE provider_call_id LIKE 'IN5_';
-- A call is over when it has lasted as long as it may, unless its carrier says that it goes on.
SAVEPOINT lease;
SELECT pg_temp.asked('18 minutes') AS too_old;
SELECT isfinite(voiceagent_private.end_lost_incoming(100)) AS others, voiceagent_private.set_tenant(:tenant) IS NOT NULL AS acting;
SELECT ended FROM pg_temp.kept WHERE provider_call_id = 'IN53';
ROLLBACK TO lease;
SELECT voiceagent_private.record_incoming_lookup(c.call_id, true) AS over FROM pg_temp.incoming_calls c WHERE c.tenant_id = :tenant AND c.provider_call_id = 'IN53';
SELECT pg_temp.asked('18 minutes') AS asked;
SELECT pg_temp.ask('IN55') AS free;
-- A call that is forwarded is known as taken by nobody, whether that or its end is told first.
SELECT voiceagent.update_phone_number(:n, '{"greeting_message": null, "ai_assistant_id": null, "forward_to_number": "+12125550002"}');
UPDATE voiceagent.provider_accounts SET max_concurrent_calls = 10 WHERE tenant_id = :tenant;
SELECT pg_temp.tell(jsonb_build_object('kind', 'incoming', 'provider_call_id', 'IN6' || i, 'to_number', '+12125550001', 'wants_answer', true)) FROM generate_series(1, 3) i;
SELECT pg_temp.tell('{"kind": "untaken", "provider_call_id": "IN61"}', '{"kind": "untaken", "provider_call_id": "IN53"}', '{"kind": "untaken", "provider_call_id": "IN69"}');
SELECT pg_temp.tell(jsonb_build_object('kind', 'report', 'provider_call_id', 'IN6' || i, 'status', 'completed', 'duration_seconds', 9)) FROM generate_series(1, 3) i;
SELECT pg_temp.tell('{"kind": "untaken", "provider_call_id": "IN62"}');
SELECT provider_call_id, answer, outcome, ended FROM pg_temp.kept WHERE provider_call_id IN ('IN53', 'IN61', 'IN62', 'IN63');
-- Nobody has spoken with who was put through in vain: a lead is called back as if he had rung off.
SELECT i.provider_call_id, c.outcome, i.answered AS spoken_with FROM voiceagent.call_inbound i JOIN voiceagent.calls c USING (tenant_id, call_id)
WHERE i.tenant_id = :tenant AND i.provider_call_id IN ('IN61', 'IN62', 'IN63') ORDER BY 1;
-- The carrier is asked about a conversation until it reports what was said: that it is over, with or without a report that lacks the analysis, is not enough.
UPDATE pg_temp.incoming_calls SET answer = 'converse' WHERE tenant_id = :tenant AND provider_call_id = 'IN53';
SELECT pg_temp.tell('{"kind": "status", "provider_call_id": "IN53", "status": "completed"}'), pg_temp.tell('{"kind": "report", "provider_call_id": "IN53", "status": "completed", "unanalysed": true}');
SELECT ended, (SELECT count(*) FROM voiceagent_private.live_incoming WHERE tenant_id = :tenant AND provider_call_id = 'IN53') AS asked FROM pg_temp.kept WHERE provider_call_id = 'IN53';
SELECT pg_temp.tell('{"kind": "report", "provider_call_id": "IN53", "status": "completed", "unanalysed": true}', '{"kind": "report", "provider_call_id": "IN53", "status": "completed", "summary": "No more calls", "structured_data": {"interest": "low"}}');
SELECT i.summary, (SELECT count(*) FROM voiceagent_private.live_incoming WHERE tenant_id = :tenant AND provider_call_id = 'IN53') AS asked FROM pg_temp.incoming_calls i WHERE tenant_id = :tenant AND provider_call_id = 'IN53';
SELECT pg_temp.asked('3 hours') AS too_old;
SELECT isfinite(voiceagent_private.end_lost_incoming(100)) AS others, voiceagent_private.set_tenant(:tenant) IS NOT NULL AS acting;
SELECT count(*) AS watched FROM voiceagent_private.live_incoming WHERE tenant_id = :tenant;
SELECT set_config('voiceagent.clock_offset', '0', true) \g /dev/null
-- What retention has taken does not come back by a replay; an opt-out holds even then.
SELECT voiceagent.set_setting('retention_transcripts', '1 day') IS NOT NULL AS set;
UPDATE voiceagent.calls SET ended_at = voiceagent.clock() - interval '2 days', summary = NULL, structured_data = NULL WHERE tenant_id = :tenant AND provider_call_id = 'IN53';
SELECT pg_temp.tell('{"kind": "report", "provider_call_id": "IN53", "status": "completed", "summary": "No more calls", "transcript": "User: Stop", "structured_data": {"interest": "low", "do_not_call": true},
	"turns": [{"turn": 1, "speaker": "customer", "text": "Stop."}]}');
SELECT c.summary, c.structured_data, c.transcript, (SELECT count(*) FROM voiceagent.conversations k WHERE k.tenant_id = :tenant AND k.call_id = c.call_id) AS conversations
FROM voiceagent.calls c WHERE c.tenant_id = :tenant AND c.provider_call_id = 'IN53';
SELECT voiceagent_private.set_tenant(:other) IS NOT NULL AS another;
SELECT pg_temp.answer() AS not_theirs, count(*) FROM pg_temp.kept;
ROLLBACK;
