-- What an assistant promises in a call and nothing bears stands where a person sees it, and nothing is invented; what a tool bears is kept by it.
\set VERBOSITY terse
SET client_min_messages = warning;
\set ECHO none
\i sql/r50_setup.inc
\i lib/incoming.inc
-- A call that begins, is answered over a socket of ours, and in which this is said, customer and assistant in turn.
CREATE FUNCTION pg_temp.holds(theirs text, caller text, VARIADIC words text[]) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	v_account bigint := (SELECT a.provider_account_id FROM voiceagent.provider_accounts a WHERE a.tenant_id = voiceagent.current_tenant() AND a.provider = 'twilio');
	v_call bigint;
BEGIN
	PERFORM voiceagent_private.begin_incoming_call(v_account, theirs, caller, '+12125550001');
	SELECT i.call_id INTO v_call FROM voiceagent.call_inbound i WHERE i.tenant_id = voiceagent.current_tenant() AND i.provider_call_id = theirs;
	UPDATE voiceagent.calls SET answered_at = voiceagent.clock(), status = 'in_progress' WHERE tenant_id = voiceagent.current_tenant() AND call_id = v_call;
	PERFORM voiceagent_private.log_event('media_opened', NULL, v_call, NULL, '{"dialect": "twilio"}');
	PERFORM voiceagent_private.keep_media_turns(v_call, jsonb_build_array(jsonb_build_object('speaker', CASE WHEN n % 2 = 1 THEN 'assistant' ELSE 'customer' END,
		'text', w, 'turn', n)), false,
		CASE WHEN n % 2 = 1 THEN jsonb_build_array(jsonb_build_object('turn', n, 'mind', CASE n WHEN 1 THEN 'embedded' ELSE 'openai' END)) ELSE '[]' END) FROM unnest(words) WITH ORDINALITY AS u(w, n) WHERE w <> '';
	PERFORM voiceagent_private.apply_inbox(10);
	RETURN v_call;
END
$$;
CREATE FUNCTION pg_temp.tells_end(theirs text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	PERFORM voiceagent_private.apply_events(ARRAY[ROW(0, NULL, jsonb_populate_record(NULL::voiceagent.call_event,
		jsonb_build_object('kind', 'status', 'status', 'completed', 'duration_seconds', 61, 'provider_call_id', theirs)),
		(SELECT max(e.endpoint_id) FROM voiceagent.webhook_endpoints e WHERE e.tenant_id = voiceagent.current_tenant()))::voiceagent_private.matched_event]);
END
$$;
CREATE FUNCTION pg_temp.follow() RETURNS integer LANGUAGE sql AS $$ SELECT voiceagent_private.follow_calls_of_tenant(100) $$;
\set ECHO all
BEGIN;
SELECT set_config('voiceagent.clock_offset', extract(epoch FROM timestamptz '2026-03-17 12:00-04' - clock_timestamp())::text, true) IS NOT NULL AS driven;
SET LOCAL voiceagent.public_base_url = 'https://calls.example.com';
SET LOCAL voiceagent.media_port = 8443;
SELECT pg_temp.tenant('r80 promises') AS tenant \gset
INSERT INTO voiceagent.provider_accounts (tenant_id, provider, name, base_url, settings, max_concurrent_calls, created_at)
VALUES (:tenant, 'twilio', 'Held', 'https://carrier.example', '{}', 10, now()) RETURNING provider_account_id AS account \gset
SELECT voiceagent_private.add_endpoint(:account) IS NOT NULL AS told_at;
UPDATE voiceagent.provider_accounts a SET settings = jsonb_build_object('stream_url', 'wss://calls.example.com/media/twilio/' || r.token)
FROM voiceagent_private.endpoint_routes r WHERE a.provider_account_id = :account AND r.provider_account_id = a.provider_account_id;
SELECT voiceagent.create_assistant('Reception', 'Hello, how can I help?', 'Be kind.',
	settings => '{"tools": ["take_message", "book", "make_offer", "call_back", "transfer"]}') AS assistant \gset
SELECT voiceagent.create_phone_number('+12125550001', :account) AS n \gset
UPDATE voiceagent.phone_numbers SET state = 'ready', proof = 'tenant', proved_at = now() WHERE phone_number_id = :n;
SELECT voiceagent.update_phone_number(:n, jsonb_build_object('ai_assistant_id', :assistant));

CREATE FUNCTION pg_temp.talks(prefix text, said text[]) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
	FOR i IN 1 .. cardinality(said) LOOP
		PERFORM pg_temp.holds(prefix || i, '+1212555' || 1000 + i, 'Hello, how can I help?', 'I have a question.', said[i], 'Thank you, goodbye.');
		PERFORM pg_temp.tells_end(prefix || i);
	END LOOP;
	RETURN pg_temp.follow();
END
$$;
-- Forty and more promises of a model that uses no tool, half of them written before anything was read.
CREATE TEMP TABLE said AS SELECT row_number() OVER () AS n, s FROM unnest(ARRAY[
$$Great, I have booked you for Thursday, December 3 at 10 am. Somebody will also text you the address, and our agent will call you back at 5 pm today.$$,
$$Our agent Rita will call you back at 5 pm tomorrow, and I will mail the brochure.$$,
$$I will mail you the details.$$,
$$Your offer of 820,000 dollars for 123 Main Street is noted.$$,
$$I'll put you through to a colleague now.$$,
$$I've written that down and I'll pass it on to the owner.$$,
$$Let me check with my manager and get back to you by Friday.$$,
$$I'll ask the landlord whether pets are allowed.$$,
$$You'll receive a confirmation email shortly.$$,
$$We'll give you a call on Monday morning.$$,
$$You're all set, your viewing is scheduled for Tuesday at three.$$,
$$I'll let Mr. Hall know that you called.$$,
$$Somebody from our office will be in touch with you tomorrow.$$,
$$I'll text you the link right away.$$,
$$I am going to reserve the two o'clock slot for you.$$,
$$Perfect, you are down for Saturday at noon, and the agent will phone you before that.$$,
$$I'm sending you the floor plan as we speak.$$,
$$Sure, I'll have somebody ring you this afternoon.$$,
$$Noted. I will tell the plumber to come by the back door.$$,
$$I've passed your complaint on to the manager.$$,
$$Of course. I will forward the contract to your email address tonight.$$,
$$Let me transfer you to the billing team.$$,
$$We will look into it and call you.$$,
$$I'll find out and let you know tomorrow.$$,
$$The seller will be informed of your bid.$$,
$$I have scheduled the inspection for the ninth.$$,
$$A technician will contact you within two days.$$,
$$You will get a text with the code in a minute.$$,
$$I'll speak to my supervisor about a discount.$$,
$$Consider it done, I've put a note on your account.$$,
$$Certainly, I'll email you a quote this evening.$$,
$$Our technician will call you before he leaves.$$,
$$I've scheduled you with Doctor Shaw for May second.$$,
$$We will text you when it is ready.$$,
$$I'm transferring you to sales.$$,
$$Your reservation is noted, see you then.$$,
$$Let me ask the owner and call you back.$$,
$$I will have it mailed to you.$$,
$$She'll get back to you on Monday.$$,
$$I am going to forward your question to accounting.$$]) AS u(s);
SELECT pg_temp.talks('p-', ARRAY(SELECT s FROM said ORDER BY n)) AS followed;
SELECT s.s AS stands_nowhere FROM said s JOIN voiceagent.call_inbound i ON i.tenant_id = :tenant AND i.provider_call_id = 'p-' || s.n
WHERE NOT EXISTS (SELECT FROM voiceagent.tasks t WHERE t.tenant_id = :tenant AND t.call_id = i.call_id AND t.kind = 'promise') ORDER BY s.n;
SELECT count(*), count(DISTINCT call_id) AS calls FROM voiceagent.waiting WHERE kind = 'task' AND what LIKE 'promise to %';
SELECT t.promise, t.note, to_char(t.due_at AT TIME ZONE 'UTC', 'MM-DD HH24:MI') AS due, t.finished_at IS NULL AS open FROM voiceagent.tasks t
JOIN voiceagent.call_inbound i USING (tenant_id, call_id) WHERE t.tenant_id = :tenant AND i.provider_call_id IN ('p-1', 'p-2') ORDER BY t.task_id;
-- Told again, nothing more.
SELECT voiceagent_private.follow_soon(ARRAY(SELECT call_id FROM voiceagent.call_inbound WHERE tenant_id = :tenant)), pg_temp.follow() > 0 AS again;
SELECT count(*) FROM voiceagent.tasks WHERE tenant_id = :tenant;
-- To be put through is kept by a transfer that somebody took.
SELECT t.call_id AS through FROM voiceagent.tasks t WHERE t.tenant_id = :tenant AND t.promise = 'connect' ORDER BY t.task_id LIMIT 1 \gset
CREATE FUNCTION pg_temp.connected(call bigint) RETURNS text LANGUAGE sql AS $$
	SELECT voiceagent_private.promise_borne(c, 'connect') FROM voiceagent.calls c WHERE c.tenant_id = voiceagent.current_tenant() AND c.call_id = call $$;
INSERT INTO voiceagent.transfers (tenant_id, call_id, phone, way, requested_at) VALUES (:tenant, :through, '+12125550311', 'blind', voiceagent.clock());
SELECT pg_temp.connected(:through) AS taken;
UPDATE voiceagent.transfers SET unanswered_at = voiceagent.clock() WHERE tenant_id = :tenant AND call_id = :through;
SELECT pg_temp.connected(:through) AS untaken;
-- One deed keeps, or withdraws.
SELECT voiceagent.finish_task(min(task_id), 'Called.'), voiceagent.finish_task(max(task_id), 'It was a mistake.', kept => false) FROM voiceagent.tasks WHERE tenant_id = :tenant;
SELECT promises >= 40 AS many, kept, late, broken, open > 30 AS wait FROM voiceagent.promise_keeping;
-- What is no promise.
DELETE FROM voiceagent.tasks WHERE tenant_id = :tenant;
SELECT pg_temp.talks('n-', ARRAY[
$$Hello, you have reached Lone Star Homes. How can I help?$$,
$$We have two houses on Elm Street.$$,
$$Would you like me to call you back?$$,
$$Shall I send you the brochure?$$,
$$I can mail you the details if you like.$$,
$$If you want, I will text you the address.$$,
$$May I put you through to a colleague?$$,
$$What time would suit you?$$,
$$I cannot book that for you, I am afraid.$$,
$$You can call us back at any time.$$,
$$We will not call you again.$$,
$$I won't send you anything.$$,
$$Nobody will call you before Monday.$$,
$$Please send us an email with the papers.$$,
$$Would you send me a photo?$$,
$$Did you get my message?$$,
$$Let me check. The price is 300,000 dollars.$$,
$$I'm sorry, nobody is there right now.$$,
$$You will find us at 12 Oak Street.$$,
$$The house has three bedrooms and a note on the door.$$,
$$Have you booked with us before?$$,
$$Are you booked for Thursday already?$$,
$$Well, call it a day then.$$,
$$I will be brief: we offer solar panels.$$,
$$I'm calling you about your roof.$$,
$$This call is recorded.$$,
$$I'll take that as a yes.$$,
$$You will hear a beep.$$,
$$Will you send the documents?$$,
$$The owner sent the keys last week.$$]) > 20 AS followed;
SELECT t.promise, t.note AS invented FROM voiceagent.tasks t WHERE t.tenant_id = :tenant AND t.kind = 'promise';
-- What a tool bears is the tool's row; what it could not do is a promise, too.
DELETE FROM voiceagent.tasks WHERE tenant_id = :tenant;
SELECT pg_temp.holds('t-1', '+12125550101', 'Hello.', 'Tell Ann that the gate is open.', 'I have noted your message, and somebody will call you back.', 'Thanks.') AS t1,
	pg_temp.holds('t-2', '+12125550102', 'Hello.', 'Call me tomorrow at ten.', 'We will call you tomorrow at ten.', 'Thanks.') AS t2,
	pg_temp.holds('t-3', '+12125550103', 'Hello.', 'I offer a lot for the house.', 'Your offer is noted.', 'Thanks.') AS t3 \gset
SELECT voiceagent_private.run_tool(:t1, 'take_message', '{"message": "The gate is open."}', 'a') ->> 'result', voiceagent_private.run_tool(:t2, 'call_back', '{"when": "tomorrow at ten"}', 'b') ->> 'result',
	voiceagent_private.run_tool(:t3, 'make_offer', '{"amount": "a lot"}', 'c') ->> 'result';
SELECT pg_temp.tells_end('t-' || n) FROM generate_series(1, 3) n;
SELECT pg_temp.follow();
SELECT i.provider_call_id AS call, t.kind, t.promise, t.note, t.result, t.kept FROM voiceagent.tasks t JOIN voiceagent.call_inbound i USING (tenant_id, call_id)
WHERE t.tenant_id = :tenant ORDER BY 1, t.kind, t.promise;
SELECT what, quote, regexp_replace(settle, '[0-9]+', 'N', 'g') AS settle FROM voiceagent.waiting WHERE kind = 'task' ORDER BY what;
ROLLBACK;
