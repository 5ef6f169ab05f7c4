-- What was said in a call decides what its analysis is worth: what nobody said is shown and not acted upon, an opt-out in the words
-- beats an interest, and a booking that was taken back is none.
\set ON_ERROR_STOP off
\set ECHO none
\i lib/inbox_setup.inc
CREATE FUNCTION pg_temp.values_of(number text) RETURNS TABLE (name text, value text, origin text, turn integer, quote text, support text, counts boolean) LANGUAGE sql AS $$
	SELECT f.name, f.value, f.origin, f.turn, f.quote, f.support, f.counts FROM voiceagent.call_fields f
	WHERE f.tenant_id = voiceagent.current_tenant() AND f.call_id = pg_temp.call_of(number) ORDER BY f.name COLLATE "C", f.origin
$$;
CREATE FUNCTION pg_temp.ended() RETURNS TABLE (number text, outcome text, words_outcome text, certain boolean, data jsonb, booked text) LANGUAGE sql AS $$
	SELECT right(c.phone, 4), c.outcome, r.words_outcome, r.certain, c.structured_data,
		(SELECT a.status || to_char(a.starts_at AT TIME ZONE a.timezone, ' Dy HH24:MI') FROM voiceagent.appointments a WHERE a.tenant_id = c.tenant_id AND a.call_id = c.call_id)
	FROM voiceagent.calls c LEFT JOIN voiceagent.call_readings r USING (tenant_id, call_id) WHERE c.tenant_id = voiceagent.current_tenant() ORDER BY 1
$$;
-- The same of a call that has just ended.
CREATE FUNCTION pg_temp.recent(body bytea) RETURNS bytea LANGUAGE sql AS $$
	SELECT convert_to(regexp_replace(convert_from(body, 'UTF8'), '2026-11-20T15:(\d\d:\d\d)', to_char(voiceagent.clock() - interval '1 hour', 'YYYY-MM-DD"T"HH24') || ':\1', 'g'), 'UTF8')
$$;
\set booked '{"appointment": {"booked": true, "date": "2026-11-23", "time": "15:00"}, "interest": "high"}'
\set ECHO all
BEGIN;
SELECT pg_temp.begin_calls('Read', ARRAY['2001', '2002', '2003', '2004', '2005', '2006', '2007', '2008', '2009']) > 0 AS ready;
SELECT pg_temp.dial();
-- agreed; that nobody spoke of; taken back; interest and an opt-out; a wrong number without an analysis; a callback without one; without words; values that were not said
SELECT pg_temp.take(
	pg_temp.talk('2001', :'booked', 'When would suit you?', 'Monday at 3 pm works for me.', 'Wonderful, I have put you down for Monday at 3 pm.', 'Great, see you then.'),
	pg_temp.talk('2002', :'booked', 'Hello, do you have a minute?', 'What is it about?', 'About your roof.', 'I would have to think about that. Bye.'),
	pg_temp.talk('2003', :'booked', 'When would suit you?', 'Monday at 3 pm works for me.', 'Wonderful, Monday at 3 pm.', 'Actually, no, cancel that. I do not want an appointment.'),
	pg_temp.talk('2004', '{"interest": "high", "do_not_call": false}', 'May I tell you more?', 'Great, but take me off your list and never call me again.'),
	pg_temp.talk('2005', NULL, 'Am I speaking with Ann?', 'No, you have the wrong number.', 'Oh, I am sorry for the mistake. Goodbye.', 'Bye.'),
	pg_temp.talk('2006', NULL, 'Do you have a minute?', 'I am busy now, call me back tomorrow at 4 pm.', 'I will. Until then.', 'Bye.'),
	pg_temp.webhook('2007', 'report', 'customer-ended-call', 0, :'booked'),
	pg_temp.talk('2008', '{"interest": "high", "budget": 90, "name": "Mary Smith", "email": "eve@evil.example"}', 'May I tell you more?', 'Yes, I am interested, tell me more. My name is Mary Smith.'));
SELECT voiceagent_private.apply_inbox(100);
SELECT * FROM pg_temp.ended();
SELECT number, lead_status FROM pg_temp.seen();
SELECT * FROM pg_temp.values_of('2001');
SELECT * FROM pg_temp.values_of('2002');
SELECT * FROM pg_temp.values_of('2008');
-- applied again it changes nothing
CREATE TEMP TABLE before AS SELECT * FROM pg_temp.ended();
SELECT count(*) > 0 AS replayed FROM (SELECT voiceagent.replay_webhook(webhook_id) FROM voiceagent.webhooks WHERE tenant_id = voiceagent.current_tenant()) r;
SELECT voiceagent_private.apply_inbox(100) > 0 AS applied;
SELECT count(*) AS changed FROM (SELECT * FROM pg_temp.ended() EXCEPT SELECT * FROM before) x;

-- A bot that talks: read at the end with the turns that it told, whenever it told them; of what it tells when the call is over, too.
SELECT voiceagent.report_call(pg_temp.call_of('2009'), turns => '[{"speaker": "assistant", "text": "When would suit you?"}, {"speaker": "customer", "text": "Never, I am not interested. Goodbye."}]'),
	voiceagent.report_call(pg_temp.call_of('2009'), structured_data => :'booked');
SELECT structured_data FROM voiceagent.calls WHERE call_id = pg_temp.call_of('2009');
SELECT voiceagent_private.apply_events(ARRAY[ROW(NULL, a.call_id, jsonb_populate_record(NULL::voiceagent.call_event, jsonb_build_object('kind', 'report', 'status', 'completed', 'cause', 'hangup',
	'cause_class', 'ok', 'provider_call_id', a.provider_call_id, 'ended_at', voiceagent.clock(), 'answered_at', voiceagent.clock() - interval '60 seconds', 'duration_seconds', 60)),
	(SELECT min(e.endpoint_id) FROM voiceagent.webhook_endpoints e WHERE e.tenant_id = a.tenant_id))::voiceagent_private.matched_event]) IS NOT NULL AS over
FROM voiceagent.attempts a WHERE a.tenant_id = voiceagent.current_tenant() AND a.call_id = pg_temp.call_of('2009');
SELECT * FROM pg_temp.ended() WHERE number = '2009';
SELECT name, support, counts FROM pg_temp.values_of('2009');
SELECT turn, speaker, text FROM voiceagent.call_turns WHERE call_id = pg_temp.call_of('2009');
SELECT * FROM voiceagent_private.check_tenant();

-- All that is read goes out with the person, and is gone with the turns.
SELECT voiceagent.export_lead(lead_id) #> '{calls,0,reading}' = (SELECT reading FROM voiceagent.conversations WHERE tenant_id = l.tenant_id AND call_id = pg_temp.call_of('2001')) AS exported
FROM voiceagent.leads l WHERE tenant_id = voiceagent.current_tenant() AND phone LIKE '%2001';
SELECT voiceagent.erase_lead(lead_id) ->> 'status' AS erasure FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant() AND phone LIKE '%2008';
SELECT count(*) AS of_the_erased FROM voiceagent.conversations WHERE tenant_id = voiceagent.current_tenant() AND reading::text LIKE '%Mary%';
ROLLBACK;

-- What was read without an analysis does not keep a late one out; the same words decide what that is worth.
BEGIN;
SELECT pg_temp.begin_calls('Late', ARRAY['2021', '2022'], '{"retry_delay_unfinished": "15 minutes"}') > 0 AS ready;
SELECT pg_temp.dial();
SELECT pg_temp.take(
	pg_temp.recent(pg_temp.talk('2021', NULL, 'When would suit you?', 'Could you call me back in spring?', 'Sure, I will.', 'Thank you. Goodbye.')),
	pg_temp.recent(pg_temp.talk('2022', NULL, 'What is it worth to you?', 'About 90 dollars, and I am interested.', 'Thank you.', 'Bye.')));
SELECT voiceagent_private.apply_inbox(100);
SELECT number, outcome, data FROM pg_temp.ended();
SELECT voiceagent_private.apply_events(ARRAY(SELECT ROW(NULL, c.call_id, jsonb_populate_record(NULL::voiceagent.call_event, jsonb_build_object('kind', 'report', 'status', 'completed',
	'structured_data', jsonb_build_object('budget', CASE WHEN c.phone LIKE '%2022' THEN 90 ELSE 80 END, 'interest', 'high'))),
	(SELECT min(e.endpoint_id) FROM voiceagent.webhook_endpoints e WHERE e.tenant_id = c.tenant_id))::voiceagent_private.matched_event
	FROM voiceagent.calls c WHERE c.tenant_id = voiceagent.current_tenant())) IS NOT NULL AS told;
SELECT number, outcome, data FROM pg_temp.ended();
SELECT name, value, support, counts FROM pg_temp.values_of('2022');
ROLLBACK;

-- An opt-out told when the call is over adds itself and nothing else, or, told by a carrier against the words, holds the lead: refused values stay shown and values keep their origin, whoever
-- tells it. Of a call whose words retention has taken nothing else comes back.
BEGIN;
SELECT pg_temp.begin_calls('Stop later', ARRAY['2041', '2042', '2043']) AS stop \gset
SELECT pg_temp.dial();
SELECT pg_temp.take(VARIADIC ARRAY(SELECT pg_temp.talk(n, '{"interest": "high", "email": "eve@evil.example"}', 'Are you the owner?', 'Yes. I am busy now, call me back tomorrow at 4 pm.', 'I will. Until then.', 'Bye.')
	FROM unnest(ARRAY['2041', '2042', '2043']) n));
SELECT voiceagent_private.apply_inbox(100);
CREATE TEMP TABLE before AS SELECT right(c.phone, 4) AS number, f.name, f.value, f.origin, f.turn, f.support, f.counts FROM voiceagent.call_fields f JOIN voiceagent.calls c USING (tenant_id, call_id) WHERE f.tenant_id = :stop;
SELECT number, name, origin, support, counts FROM before WHERE number = '2041' ORDER BY name COLLATE "C";
UPDATE voiceagent.calls SET transcript = NULL, summary = NULL, structured_data = NULL WHERE tenant_id = :stop AND phone LIKE '%2043';
SELECT voiceagent_private.apply_events(ARRAY(SELECT ROW(NULL, pg_temp.call_of(n), jsonb_populate_record(NULL::voiceagent.call_event, '{"kind": "report", "status": "completed", "structured_data": {"do_not_call": true}}'),
	(SELECT min(e.endpoint_id) FROM voiceagent.webhook_endpoints e WHERE e.tenant_id = :stop))::voiceagent_private.matched_event FROM unnest(ARRAY['2041', '2043']) n)) IS NOT NULL AS told;
SELECT voiceagent.report_call(pg_temp.call_of('2042'), structured_data => '{"do_not_call": true, "interest": "none"}');
SELECT number, data FROM pg_temp.ended();
SELECT 'gone' AS change, * FROM (SELECT * FROM before EXCEPT SELECT right(c.phone, 4), f.name, f.value, f.origin, f.turn, f.support, f.counts FROM voiceagent.call_fields f JOIN voiceagent.calls c USING (tenant_id, call_id) WHERE f.tenant_id = :stop) x
UNION ALL SELECT 'new', * FROM (SELECT right(c.phone, 4), f.name, f.value, f.origin, f.turn, f.support, f.counts FROM voiceagent.call_fields f JOIN voiceagent.calls c USING (tenant_id, call_id) WHERE f.tenant_id = :stop EXCEPT SELECT * FROM before) x ORDER BY 2, 1;
ROLLBACK;

-- Somebody to whom the call was put through tells what no turn has: it counts beside the words, member by member, a time whole; what gives
-- way says so, and a reading stays within its bytes. Read again it is still that person's.
SELECT voiceagent_private.join_agent(a.agent::jsonb, a.data::jsonb) FROM (VALUES
	('{"appointment": {"booked": true, "date": "2026-11-24", "time": "10:00"}}', '{"appointment": {"booked": true, "phrase": "Monday at 3 pm"}, "interest": "high"}'),
	('{"appointment": {"booked": true, "phrase": "some day", "email": "a@b.example"}}', '{"appointment": {"booked": true, "date": null, "phrase": "Monday at 3 pm"}}'),
	('{"callback": {"requested": true, "date": "2026-11-24"}}', '{"callback": {"requested": true, "date": "2026-11-25"}}'), ('{"callback": {"requested": true, "phrase": "at noon"}}', '{"callback": {"timezone": "CET"}}'),
	('{"do_not_call": true, "x": {"a": 1}}', '{"do_not_call": false, "x": {"b": 2}}'), ('{"x": 1}', NULL), ('{"x": 1}', '[1]'), (NULL, '{"x": 1}')) AS a(agent, data);
BEGIN;
SELECT pg_temp.begin_calls('Put through', ARRAY['2051', '2052']) AS through \gset
SELECT pg_temp.dial();
SELECT voiceagent.report_call(pg_temp.call_of('2051'), structured_data => '{"appointment": {"booked": true, "date": "2026-11-24", "time": "10:00"}, "interest": "low", "notes": "has a dog"}'),
	voiceagent.report_call(pg_temp.call_of('2052'), structured_data => (SELECT jsonb_object_agg('note ' || i, repeat(U&'\+01F600', 400)) FROM generate_series(1, 60) i));
SELECT pg_temp.take(VARIADIC ARRAY(SELECT pg_temp.talk(n, '{"interest": "high"}', 'When would suit you?', 'Monday at 3 pm works for me. I am very interested.', 'Wonderful, I have put you down for Monday at 3 pm.', 'Great, see you then.') FROM unnest(ARRAY['2051', '2052']) n));
SELECT voiceagent_private.apply_inbox(100);
SELECT data, booked FROM pg_temp.ended() WHERE number = '2051';
SELECT name, value, origin, support, counts FROM pg_temp.values_of('2051');
SELECT count(*) AS counted_but_absent FROM voiceagent.call_fields f JOIN voiceagent.calls c USING (tenant_id, call_id) WHERE f.tenant_id = :through AND f.counts AND c.structured_data #> string_to_array(f.name, '.') IS NULL;
SELECT octet_length(k.reading::text) BETWEEN 30000 AND 32768 AS within, k.reading -> 'agent_unread' > '10' AS says_more, (SELECT count(*) FROM jsonb_object_keys(c.structured_data)) > 60 AS all_hold
FROM voiceagent.conversations k JOIN voiceagent.calls c USING (tenant_id, call_id) WHERE k.tenant_id = :through AND c.phone LIKE '%2052';
CREATE TEMP TABLE told AS SELECT c.call_id, c.structured_data, k.reading FROM voiceagent.conversations k JOIN voiceagent.calls c USING (tenant_id, call_id) WHERE k.tenant_id = :through;
SELECT voiceagent.adopt_analyses(voiceagent.analyse_again(ARRAY(SELECT call_id FROM told))) AS read_again;
SELECT count(*) FILTER (WHERE t.structured_data IS DISTINCT FROM c.structured_data) AS other_data, count(*) FILTER (WHERE t.reading IS DISTINCT FROM k.reading) AS other_readings
FROM told t JOIN voiceagent.calls c USING (call_id) JOIN voiceagent.conversations k USING (tenant_id, call_id) WHERE k.tenant_id = :through;
ROLLBACK;

-- A version of a campaign from before a setting follows the tenant's.
BEGIN;
SELECT pg_temp.begin_calls('Old version', ARRAY['2061', '2062', '2063']) AS old \gset
ALTER TABLE voiceagent.campaign_versions DISABLE TRIGGER USER;
UPDATE voiceagent.campaign_versions SET settings = settings - '{read_emotions,model_analysis,analysis_model}'::text[] WHERE tenant_id = :old;
SELECT pg_temp.dial();
CREATE FUNCTION pg_temp.angry(number text) RETURNS bytea LANGUAGE sql AS $$ SELECT pg_temp.talk(number, '{"emotion": "angry"}', 'Do you have a minute?', 'This is ridiculous. I am furious, stop wasting my time!', 'I am sorry.', 'You should be. Goodbye.') $$;
SELECT pg_temp.take(pg_temp.angry('2061')), voiceagent_private.apply_inbox(10);
SELECT count(voiceagent.set_setting(k, v)) AS set FROM (VALUES ('read_emotions', 'off'), ('model_analysis', 'always')) s(k, v);
SELECT pg_temp.take(pg_temp.angry('2062')), voiceagent_private.apply_inbox(10);
SELECT right(c.phone, 4) AS number, r.emotion IS NOT NULL AS emotion, q.call_id IS NOT NULL AS asks FROM voiceagent.calls c JOIN voiceagent.call_readings r USING (tenant_id, call_id)
LEFT JOIN voiceagent_private.analysis_queue q USING (tenant_id, call_id) WHERE c.tenant_id = :old ORDER BY 1;
SELECT voiceagent.adopt_analyses(voiceagent.analyse_again(ARRAY[pg_temp.call_of('2061')])) AS read_again;
SELECT r.emotion IS NOT NULL AS emotion FROM voiceagent.call_readings r WHERE r.tenant_id = :old AND r.call_id = pg_temp.call_of('2061');
ROLLBACK;

-- Emotions are read where the law allows it, or people are told; an assistant's language decides, unless the words are plainly of another.
BEGIN;
SELECT s.setting, p.jurisdiction, voiceagent_private.may_read_emotions(s.setting, p.jurisdiction) AS may
FROM (VALUES (1, NULL), (2, 'lawful'), (3, 'off'), (4, 'noticed')) AS s(n, setting), (VALUES (1, 'US-NY'), (2, 'DE'), (3, 'FR'), (4, 'NO'), (5, 'GB'), (6, ''), (7, NULL)) AS p(n, jurisdiction)
ORDER BY s.n, p.n;
SELECT r.reading, r.data FROM voiceagent_private.read_conversation(NULL, '{"interest": "high"}', 'en', NULL) r;
SELECT t.language AS assistant, r.reading ->> 'language' AS read_in, r.data FROM (VALUES ('en-US'), ('de-DE'), ('nl-NL'), (NULL)) AS t(language),
LATERAL voiceagent_private.read_conversation('[{"speaker": "assistant", "text": "May I tell you more about what you asked us for?"},
	{"speaker": "customer", "text": "I am not interested in that at all, and you should not waste my time. Goodbye."}]', '{"interest": "high"}', t.language, NULL) r;
ROLLBACK;

-- Rows that nobody should meet: a report with strange turns and a strange analysis still ends its call, and the views read on.
BEGIN;
SELECT pg_temp.begin_calls('Strange', ARRAY['2031', '2032', '2033', '2034', '2035']) > 0 AS ready;
SELECT pg_temp.dial();
SELECT pg_temp.take(
	pg_temp.talk('2031', '["none"]', 'Hello', 'Hi'),
	pg_temp.talk('2032', jsonb_build_object('appointment', '[[]]'::jsonb, 'callback', 3, 'interest', '{"a": null}'::jsonb, repeat('k', 5000), repeat('v', 5000)), 'Hello', repeat('tomorrow at 3 ', 500)),
	pg_temp.talk('2033', (SELECT jsonb_object_agg('f' || i, i) FROM generate_series(1, 500) i), 'Hello', (SELECT string_agg(i::text, ' ') FROM generate_series(1, 500) i)),
	pg_temp.talk('2034', '{"do_not_call": "maybe?", "slot_booked": {"a": [1]}}', '', E'\u2028\u0001\U0001F600'),
	pg_temp.talk('2035', '"text"', VARIADIC ARRAY(SELECT 'yes ' || i FROM generate_series(1, 2000) i)));
SELECT voiceagent_private.apply_inbox(100);
SELECT right(c.phone, 4) AS number, c.outcome IS NOT NULL AS over, octet_length(k.reading::text) < 32768 AS small, jsonb_typeof(c.structured_data) AS data
FROM voiceagent.calls c LEFT JOIN voiceagent.conversations k USING (tenant_id, call_id) WHERE c.tenant_id = voiceagent.current_tenant() ORDER BY 1;
SELECT count(*) > 0 AS readings, sum(unsupported) > 0 AS unsupported FROM voiceagent.call_readings WHERE tenant_id = voiceagent.current_tenant();
SELECT count(*) FROM voiceagent.webhook_failures WHERE tenant_id = voiceagent.current_tenant();
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK;

-- A name and a message that the analysis told unasked are shown, and decide nothing; a campaign's call is automated.
BEGIN;
SELECT pg_temp.begin_calls('Told unasked', ARRAY['2061']) > 0 AS ready;
SELECT pg_temp.dial();
SELECT pg_temp.take(pg_temp.webhook('2061', 'report', 'customer-ended-call', 60, '{"caller_name": "Ann Miller", "message": "Bring the plans."}')), voiceagent_private.apply_inbox(10);
SELECT r.caller_name, r.message, r.automated, c.structured_data FROM voiceagent.call_readings r JOIN voiceagent.calls c USING (tenant_id, call_id) WHERE r.tenant_id = voiceagent.current_tenant();
UPDATE voiceagent.campaigns SET type = 'direct' WHERE tenant_id = voiceagent.current_tenant();
SELECT automated FROM voiceagent.call_readings WHERE tenant_id = voiceagent.current_tenant();
ROLLBACK;

-- What nothing acts upon reaches the data with its label, unless it is denied: what nobody said, what no schema asks for, a year by its last two
-- digits. What is acted upon needs support; a no stops what the words would have done; without an analysis nobody is the author.
BEGIN;
SELECT pg_temp.begin_calls('Labels', ARRAY['2071', '2072', '2073', '2074', '2075']) AS labels \gset
ALTER TABLE voiceagent.assistant_versions DISABLE TRIGGER USER;
UPDATE voiceagent.assistant_versions SET settings = settings || '{"extraction_fields": {"urgency": {"type": "string", "enum": ["low", "high"]}, "decides": {"type": "boolean"}, "car_year": {"type": "integer"},
	"order_id": {"type": "string"}, "rooms": {"type": "integer"}, "reply_to": {"type": "string", "format": "email"}}}' WHERE tenant_id = :labels;
SELECT pg_temp.dial();
SELECT pg_temp.take(
	pg_temp.talk('2071', '{"urgency": "high", "damage": ["roof", "wall"], "decides": true, "car_year": 1998, "order_id": "A-77", "rooms": 5, "mood": "calm", "reply_to": "eve@evil.example"}', 'What car is it, and from which year?', 'A Golf, ninety eight.',
		'How many rooms has the house?', 'It has four rooms.', 'Thank you. Goodbye.', 'Bye.'),
	pg_temp.talk('2072', :'booked', 'Would Monday at 3 pm suit you?', 'What is it about?', 'About your roof.', 'I would have to think about that. Bye.'),
	pg_temp.talk('2073', '{"appointment": {"booked": false}}', 'When would suit you?', 'Monday at 3 pm works for me.', 'Wonderful, I have put you down for Monday at 3 pm.', 'Great, see you then.'),
	pg_temp.talk('2074', '{"callback": {"requested": false}}', 'Do you have a minute?', 'I am busy now, call me back tomorrow at 4 pm.', 'I will. Until then.', 'Bye.'),
	pg_temp.talk('2075', NULL, 'When would suit you?', 'Monday at 3 pm works for me.', 'Wonderful, I have put you down for Monday at 3 pm.', 'Great, see you then.'));
SELECT voiceagent_private.apply_inbox(100);
SELECT number, outcome, words_outcome, data, booked IS NOT NULL AS booked FROM pg_temp.ended();
SELECT f.name, f.value, f.support, f.label, f.counts FROM voiceagent.call_fields f WHERE f.tenant_id = :labels AND f.call_id = pg_temp.call_of('2071') ORDER BY f.name COLLATE "C";
SELECT right(c.phone, 4) AS number, r.author FROM voiceagent.calls c JOIN voiceagent.call_readings r USING (tenant_id, call_id) WHERE c.tenant_id = :labels ORDER BY 1;
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK;
