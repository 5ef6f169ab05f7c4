-- A call to our number that we held ourselves is read when it ends, by whichever way its end becomes known: once, with the words, the tools and
-- what was said of the person; and where a model reads calls, it is asked.
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
CREATE FUNCTION pg_temp.listed() RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(right(d.phone, 4) || CASE WHEN d.held THEN ' held' ELSE '' END, ', ' ORDER BY d.phone) FROM voiceagent.do_not_call_list d
	WHERE d.tenant_id = voiceagent.current_tenant()
$$;
\set ECHO all
BEGIN;
SELECT set_config('voiceagent.clock_offset', extract(epoch FROM timestamptz '2026-03-17 12:00-04' - clock_timestamp())::text, true) IS NOT NULL AS driven;
SET LOCAL voiceagent.public_base_url = 'https://calls.example.com';
SET LOCAL voiceagent.media_port = 8443;
SELECT pg_temp.tenant('r60 held end') AS tenant \gset
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
SELECT voiceagent.set_setting('model_analysis', 'lacking');
CREATE VIEW pg_temp.read AS SELECT i.provider_call_id AS call, i.answer, k.reading IS NOT NULL AS read, q.intent, q.handling, q.message, q.follow_up_created AS follow_up, c.uncertain,
	c.summary, x.call_id IS NOT NULL AS model_asked
FROM voiceagent.call_inbound i JOIN voiceagent.calls c USING (tenant_id, call_id)
LEFT JOIN voiceagent.conversations k ON k.tenant_id = i.tenant_id AND k.call_id = i.call_id
LEFT JOIN voiceagent.call_readings q ON q.tenant_id = i.tenant_id AND q.call_id = i.call_id
LEFT JOIN voiceagent_private.analysis_queue x ON x.tenant_id = i.tenant_id AND x.call_id = i.call_id
WHERE i.tenant_id = voiceagent.current_tenant() ORDER BY i.call_id;
-- By the carrier's word; with the words that it was held, whatever else is known.
SELECT pg_temp.holds('e-1', '+12125550101', 'Hello, how can I help?', 'Do you have houses for sale on Elm Street?', 'We have two of them.', 'Thank you, I will think about it.') AS e1 \gset
SELECT pg_temp.tells_end('e-1'), pg_temp.follow();
-- A tool acted.
SELECT pg_temp.holds('e-2', '+12125550102', 'Hello, how can I help?', 'Tell the owner that the gate is open, my name is Rosa Diaz.', 'I have noted it.', 'Thanks.') AS e2 \gset
SELECT voiceagent_private.run_tool(:e2, 'take_message', '{"message": "The gate is open.", "name": "Rosa Diaz"}', 't1') ->> 'result';
SELECT pg_temp.tells_end('e-2'), pg_temp.follow();
-- A time was agreed and no tool booked it.
SELECT pg_temp.holds('e-3', '+12125550103', 'Hello, how can I help?', 'Can I see the house on Thursday at 3 pm?', 'Yes, Thursday at 3 pm works. See you then.', 'Great, Thursday at three, see you.') AS e3 \gset
SELECT pg_temp.tells_end('e-3'), pg_temp.follow();
-- Nobody tells of the end: the lease is over, the carrier does not know the call, or it ended while nobody listened.
SELECT pg_temp.holds('e-4', '+12125550104', 'Hello, how can I help?', 'How late are you open?', 'Until six.', 'Good, thanks.') AS e4,
	pg_temp.holds('e-5', '+12125550105', 'Hello, how can I help?', 'How much is the condo?', 'It is 300,000 dollars.', 'I see, thank you.') AS e5,
	pg_temp.holds('e-6', '+12125550106', 'Hello, how can I help?', 'Is the garden large?', 'It is.', 'Lovely, bye.') AS e6 \gset
UPDATE voiceagent_private.live_incoming SET ends_by = voiceagent.clock() WHERE tenant_id = :tenant AND call_id = :e4;
SELECT voiceagent_private.end_lost_incoming(10) IS NOT NULL AS lease_over;
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS here;
SELECT count(voiceagent_private.record_incoming_lookup(:e5, false)) FROM generate_series(1, 5);
SELECT voiceagent_private.incoming_still_there(:account, '{}', voiceagent.clock() + interval '1 second') AS not_there;
SELECT pg_temp.follow();
-- The person asks not to be called, at once or in words that leave a doubt.
SELECT pg_temp.holds('e-7', '+12125550107', 'Hello, how can I help?', 'Please stop calling me.', 'We will not call you again.', 'Good.') AS e7,
	pg_temp.holds('e-8', '+12125550108', 'Hello, how can I help?', 'You people rang me all week. I would rather you did not, you know, keep at it. Ever.', 'I understand.', 'Good.') AS e8 \gset
SELECT pg_temp.listed() AS at_once;
SELECT pg_temp.tells_end('e-7'), pg_temp.tells_end('e-8'), pg_temp.follow();
SELECT pg_temp.listed();
-- Where a tool has acted, or was asked for a person, doubtful words are no opt-out; plain ones are.
SELECT pg_temp.holds('e-10', '+12125550110', 'Hello, how can I help?', 'You people rang me all week. I would rather you did not, you know, keep at it. Ever.', 'Noted.', 'Good.') AS e10,
	pg_temp.holds('e-11', '+12125550111', 'Hello, how can I help?', 'You people rang me all week. I would rather you did not, you know, keep at it. Ever.', 'Nobody is there.', 'Good.') AS e11,
	pg_temp.holds('e-12', '+12125550112', 'Hello, how can I help?', 'I left a message for Ann, and never call me again.', 'Noted.', 'Good.') AS e12,
	pg_temp.holds('e-13', '+12125550113', 'Hello, how can I help?', 'You people rang me all week. I would rather you did not, you know, keep at it. Ever.', 'We have two houses.', 'Good.') AS e13 \gset
SELECT voiceagent_private.run_tool(:e10, 'take_message', '{"message": "They ring all week."}', 't2') ->> 'result',
	voiceagent_private.run_tool(:e11, 'transfer', '{}', 't3') ->> 'result', voiceagent_private.run_tool(:e12, 'take_message', '{"message": "For Ann."}', 't4') ->> 'result',
	voiceagent_private.run_tool(:e13, 'find_listings', '{}', 't5') IS NOT NULL AS looked;
SELECT pg_temp.tells_end('e-' || n) FROM generate_series(10, 13) n;
SELECT pg_temp.follow();
SELECT pg_temp.listed();
-- Nobody spoke, and words that no table of the language knows.
SELECT pg_temp.holds('e-9', '+12125550109', 'Hello, how can I help?') AS e9 \gset
SELECT pg_temp.tells_end('e-9'), pg_temp.follow();
SELECT * FROM pg_temp.read;
SELECT rule, detail FROM voiceagent.explain_call(:e1) WHERE rule = 'answer';
SELECT detail FROM voiceagent.explain_call(:e9) WHERE rule = 'answer';
-- Told again, nothing changes.
DELETE FROM voiceagent_private.analysis_queue WHERE tenant_id = :tenant;
SELECT pg_temp.tells_end('e-1'), pg_temp.tells_end('e-7'), pg_temp.follow();
SELECT count(*) AS asked_again FROM voiceagent_private.analysis_queue WHERE tenant_id = :tenant;
SELECT event_type, count(*) FROM voiceagent.events WHERE tenant_id = :tenant AND event_type IN ('lead_opted_out', 'lead_held', 'call_ended') GROUP BY 1 ORDER BY 1;
SELECT l.phone, concat_ws(' ', l.first_name, l.last_name) AS name FROM voiceagent.leads l WHERE l.tenant_id = :tenant ORDER BY 1;
ROLLBACK;
