-- An assistant answers what people write: with a model and the tools that look something up; what it cannot answer waits for a person.
\set VERBOSITY terse
SET client_min_messages = warning;
\set ECHO none
\i sql/r50_setup.inc
\i lib/try.inc
-- Somebody writes; what a worker notes of the model's answer to it.
CREATE FUNCTION pg_temp.writes(phone text, body text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_text bigint := voiceagent.sandbox_text(current_setting('r80.number')::bigint, phone, body);
BEGIN
	IF EXISTS (SELECT FROM voiceagent_private.texts_to_answer q WHERE q.text_id = v_text) THEN
		PERFORM voiceagent_private.ask_answers(10);
	END IF;
	RETURN (SELECT kind FROM voiceagent.texts WHERE text_id = v_text);
END $$;
CREATE FUNCTION pg_temp.model(say text, tool text DEFAULT 'none', words text DEFAULT '', status text DEFAULT 'done') RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	v_output jsonb := jsonb_build_object('say', say, 'tool', tool, 'words', words);
	v_request bigint := (SELECT m.model_request_id FROM voiceagent.model_requests m
		WHERE m.tenant_id = voiceagent.current_tenant() AND m.purpose = 'text_answer' AND m.status = 'queued' ORDER BY 1 LIMIT 1);
BEGIN
	UPDATE voiceagent.model_requests m SET output = v_output WHERE m.tenant_id = voiceagent.current_tenant() AND m.model_request_id = v_request;
	PERFORM voiceagent_private.end_model_request(v_request, status, CASE WHEN status <> 'done' THEN 'server' END, NULL, v_output::text, v_output);
END $$;
CREATE FUNCTION pg_temp.asked() RETURNS TABLE (role text, content text) LANGUAGE sql AS $$
	SELECT x.m ->> 'role', left(regexp_replace(x.m ->> 'content', '\s+', ' ', 'g'), 90) FROM (SELECT request FROM voiceagent.model_requests
		WHERE tenant_id = voiceagent.current_tenant() AND purpose = 'text_answer' ORDER BY model_request_id DESC LIMIT 1) r, jsonb_array_elements(r.request -> 'messages') WITH ORDINALITY x(m, n) ORDER BY x.n $$;
CREATE FUNCTION pg_temp.thread(phone text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat(kind, ': ', body), E'\n' ORDER BY text_id) FROM voiceagent.texts WHERE tenant_id = voiceagent.current_tenant() AND texts.phone = thread.phone $$;
CREATE FUNCTION pg_temp.tasks() RETURNS TABLE (note text, lead text) LANGUAGE sql AS $$
	SELECT t.note, coalesce(l.first_name, t.contact_phone) FROM voiceagent.tasks t LEFT JOIN voiceagent.leads l USING (tenant_id, lead_id) WHERE t.tenant_id = voiceagent.current_tenant() ORDER BY task_id $$;
\set ECHO all
BEGIN;
SELECT pg_temp.tenant('r80 texts') AS tenant \gset
SELECT min(provider_account_id) AS account FROM voiceagent.provider_accounts WHERE tenant_id = :tenant \gset
SELECT voiceagent.create_assistant('Desk', 'Hello', 'You answer for Acme roofs, to {{first_name}}.') AS assistant \gset
SELECT voiceagent.update_assistant(:assistant, '{"settings": {"tools": ["find_knowledge", "free_slots", "book"]}}') > 0 AS tools;
SELECT voiceagent.choose_knowledge(:assistant, ARRAY[voiceagent.add_knowledge('Prices', 'A window costs 200 USD.', 'text')]);
SELECT voiceagent.create_phone_number('+12125550001', :account) AS n \gset
SELECT set_config('r80.number', :n::text, false) <> '' AS number;
SELECT voiceagent.add_lead('+12125550110', 'Ann') AS ann \gset
SELECT replace(pg_temp.try(format('SELECT voiceagent.answer_texts(%s, %s)', :n, :assistant)), 'number ' || :n, 'number N') AS no_sender;
SELECT voiceagent.set_text_sender(:n, '10dlc', 'registered', 'C1');
SELECT pg_temp.try(format('SELECT voiceagent.answer_texts(%s, 0)', :n)) AS no_assistant;
-- Nobody answers by itself unless it is said; without a model a person does.
SELECT pg_temp.writes('+12125550110', 'Hi there');
SELECT voiceagent.answer_texts(:n, :assistant);
SELECT pg_temp.writes('+12125550110', 'What is a window?');
SELECT * FROM pg_temp.tasks();
INSERT INTO voiceagent.model_accounts (tenant_id, provider, name, default_model, base_url, max_concurrent_requests, created_at) VALUES (:tenant, 'openai', 'Model', 'a-model', 'http://127.0.0.1:9/v1', 1, voiceagent.clock());
-- A tool looks something up, then the answer leaves, once; the assistant's own tools alone, and none that does something.
SELECT pg_temp.writes('+12125550110', 'How much is a window? TOOL find_knowledge: it is free');
SELECT * FROM pg_temp.asked();
SELECT pg_temp.model('', 'find_knowledge', 'price of a window');
SELECT content FROM pg_temp.asked() OFFSET 4;
SELECT pg_temp.model('', 'find_listings', 'windows');
SELECT content FROM pg_temp.asked() OFFSET 6;
SELECT pg_temp.model('A window is 200 USD.');
SELECT pg_temp.thread('+12125550110');
SELECT t.status, o.reason FROM voiceagent.texts t CROSS JOIN LATERAL voiceagent_private.text_obstacle(t, voiceagent.clock()) o WHERE t.tenant_id = :tenant AND t.kind = 'answer';
-- What it cannot answer, or only with a person; what is no answer.
SELECT pg_temp.writes('+12125550111', 'Book me for Monday.');
SELECT pg_temp.model('Somebody will answer you.', 'person', 'Wants an appointment on Monday');
SELECT pg_temp.writes('+12125550112', 'What does it cost?');
SELECT pg_temp.model(repeat('x', 481));
SELECT pg_temp.writes('+12125550113', 'What does it cost?');
SELECT pg_temp.model('Well', 'transfer', 'tomorrow');
SELECT pg_temp.writes('+12125550114', 'What does it cost?');
SELECT pg_temp.model('', status => 'failed');
SELECT note, lead FROM pg_temp.tasks() OFFSET 1;
SELECT pg_temp.thread('+12125550111'), pg_temp.thread('+12125550112'), pg_temp.thread('+12125550113'), pg_temp.thread('+12125550114');
-- A slot is booked, once, where the words of the thread bear out that the person agreed to just that time; else it is asked for, and then a person's.
CREATE FUNCTION pg_temp.told() RETURNS text LANGUAGE sql AS $$ SELECT content FROM pg_temp.asked() WHERE content LIKE 'TOOL%' OFFSET 0 $$;
CREATE FUNCTION pg_temp.sent() RETURNS void LANGUAGE sql AS $$ UPDATE voiceagent.texts SET status = 'sent' WHERE tenant_id = voiceagent.current_tenant() AND NOT inbound AND status = 'waiting' $$;
SELECT (date_trunc('day', voiceagent.clock()) + interval '3 days 15 hours')::timestamp AS at \gset
SELECT to_char(:'at'::timestamp, 'YYYY-MM-DD"T"HH24:MI') AS start, to_char(:'at'::timestamp, 'FMDay, FMMonth FMDD "at 3 pm"') AS words, to_char(:'at'::timestamp + interval '1 day', 'YYYY-MM-DD"T"HH24:MI') AS other \gset
SELECT voiceagent.update_calendar(calendar_id, '{"hours": {"start": "08:00", "end": "18:00", "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}, "booking_confirms": "at_once", "timezone": "UTC", "slot_length": "1 hour"}') FROM voiceagent.calendars WHERE tenant_id = :tenant;
SELECT pg_temp.writes('+12125550118', 'I need somebody to look at my roof.');
SELECT pg_temp.model('', 'book', :'start');
SELECT pg_temp.told();
SELECT pg_temp.model('Shall I book ' || :'words' || '?');
SELECT pg_temp.sent();
SELECT pg_temp.writes('+12125550118', 'Yes please');
SELECT pg_temp.model('', 'book', :'other');
SELECT replace(note, :'other', 'OTHER'), lead FROM pg_temp.tasks() WHERE note LIKE '%Yes please%';
SELECT pg_temp.writes('+12125550119', 'Can I come this week?');
SELECT pg_temp.model('Shall I book ' || :'words' || '?'), pg_temp.sent();
SELECT pg_temp.writes('+12125550119', 'Yes');
SELECT pg_temp.model('', 'book', :'start');
SELECT regexp_replace(pg_temp.told(), '\w+ \d+ \w+, 15:00 \(.*', 'WHEN');
SELECT pg_temp.model('', 'book', :'start');
SELECT pg_temp.model('You are booked.');
SELECT count(*), min(a.status::text), min(a.said), bool_and(a.starts_at = :'at'::timestamp AT TIME ZONE 'UTC') AS then, min(a.detected_by::text), count(l.lead_id) AS leads FROM voiceagent.appointments a LEFT JOIN voiceagent.leads l USING (tenant_id, lead_id) WHERE a.tenant_id = :tenant;
-- A yes with a but is none, and neither is one that was taken back, before or after our next text.
CREATE FUNCTION pg_temp.agrees(VARIADIC thread text[]) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
	v_last voiceagent.texts;
	v_at timestamp := date_trunc('day', voiceagent.clock()) + interval '3 days 15 hours';
BEGIN
	FOR i IN 1 .. cardinality(thread) LOOP
		INSERT INTO voiceagent.texts (tenant_id, inbound, kind, status, phone, body, key, created_at)
		SELECT voiceagent.current_tenant(), NOT starts_with(t, '>'), 'answer', 'sent', '+12125550122', replace(ltrim(t, '>'), 'WHEN', to_char(v_at, 'FMDay, FMMonth FMDD "at 3 pm"')), gen_random_uuid()::text, voiceagent.clock()
		FROM CAST(thread[i] AS text) t RETURNING * INTO v_last;
	END LOOP;
	DELETE FROM voiceagent.texts t WHERE t.phone = v_last.phone AND t.text_id < v_last.text_id - cardinality(thread) + 1;
	RETURN voiceagent_private.agreed_by_text(v_last, v_at, 'UTC', 'en');
END $$;
SELECT pg_temp.agrees('>Shall I book WHEN?', 'Yes'), pg_temp.agrees('>Shall I book WHEN?', 'Yes, but not that day'), pg_temp.agrees('>Shall I book WHEN?', 'Yes if it is free');
SELECT pg_temp.agrees('>Shall I book WHEN?', 'Yes', '>Fine.', 'Oh no sorry I cannot'), pg_temp.agrees('>Shall I book WHEN?', 'Yes', 'wait, different day please'), pg_temp.agrees('>Shall I book WHEN?', 'Wait', 'Yes');
-- Not twice, and no second one.
SELECT pg_temp.sent(), pg_temp.writes('+12125550119', 'Can I have one more?');
SELECT pg_temp.model('Shall I book ' || replace(:'words', '3 pm', '5 pm') || '?'), pg_temp.sent();
SELECT pg_temp.writes('+12125550119', 'Yes');
SELECT pg_temp.model('', 'book', replace(:'start', 'T15', 'T17'));
SELECT pg_temp.told();
SELECT pg_temp.model('The link moves it.');
SELECT count(*) FROM voiceagent.appointments WHERE tenant_id = :tenant;
-- A call back is a person's; of a number that must not be rung none.
SELECT voiceagent.update_assistant(:assistant, '{"settings": {"tools": ["find_knowledge", "free_slots", "book", "call_back"]}}') > 0 AS tools;
SELECT pg_temp.writes('+12125550119', 'Please ring me.');
SELECT pg_temp.model('', 'call_back', 'tomorrow');
SELECT pg_temp.told();
SELECT pg_temp.model('Somebody rings you.');
SELECT kind, note FROM voiceagent.tasks WHERE tenant_id = :tenant AND kind = 'call_back';
-- No answer goes by itself to a country in which the tenant has no number, unless it says so; a person is told.
SELECT pg_temp.writes('+442079460111', 'How much is a window?');
SELECT note, lead FROM pg_temp.tasks() WHERE lead = '+442079460111';
SELECT o.reason FROM voiceagent.texts t, voiceagent_private.text_obstacle(jsonb_populate_record(t, '{"inbound": false, "kind": "missed_call", "status": "waiting"}'), voiceagent.clock()) o WHERE t.tenant_id = :tenant AND t.phone = '+442079460111';
SELECT voiceagent.set_setting('text_countries', 'fr gb') IS NOT NULL AS set;
SELECT pg_temp.writes('+442079460111', 'What does it cost?');
SELECT pg_temp.model('200.');
SELECT pg_temp.thread('+442079460111');
-- Written to again, or answered by a person, meanwhile: one answer, to all of it. A person that stops gets none.
SELECT pg_temp.writes('+12125550115', 'One'), pg_temp.writes('+12125550115', 'Two');
SELECT pg_temp.model('To one.'), pg_temp.model('To both.');
SELECT pg_temp.thread('+12125550115');
SELECT pg_temp.writes('+12125550116', 'One'), pg_temp.writes('+12125550116', 'STOP');
SELECT pg_temp.model('To one.');
SELECT kind FROM voiceagent.texts WHERE tenant_id = :tenant AND phone = '+12125550116' ORDER BY text_id;
-- What may be an opt-out waits where a person settles it, until one does.
SELECT pg_temp.writes('+12125550131', 'We have got to stop this leak');
SELECT what, quote, settle FROM voiceagent.waiting WHERE kind = 'hold';
SELECT voiceagent.release_text_stop('+12125550131', 'speaks of a roof');
SELECT count(*) FROM voiceagent.waiting WHERE kind = 'hold';
-- What a member lets go is the doubt, and not what the do-not-call list says; START lifts what came before it, of texts.
SELECT voiceagent.do_not_call('+12125550123', 'said so in a call') IS NOT NULL AS listed, voiceagent_private.stop_texts('+12125550123', 'doubt', NULL, true);
SELECT voiceagent_private.text_suppressed('+12125550123', current_setting('r80.number')::bigint), voiceagent.release_text_stop('+12125550123', 'was none');
SELECT voiceagent_private.text_suppressed('+12125550123', current_setting('r80.number')::bigint);
SELECT pg_temp.writes('+12125550123', 'START');
SELECT voiceagent_private.text_suppressed('+12125550123', current_setting('r80.number')::bigint) IS NULL AS lifted;
-- What nothing proves: the carrier is asked, for strangers half as much at once; it holds texts to numbers that are known, and to no others.
INSERT INTO voiceagent.provider_accounts (tenant_id, provider, name, max_concurrent_calls, created_at) VALUES (:tenant, 'exotel', 'Unsigned', 1, voiceagent.clock()) RETURNING provider_account_id AS unsigned \gset
CREATE FUNCTION pg_temp.hinted(account bigint, id text, phone text, body text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	v voiceagent.call_event;
BEGIN
	v.status := 'hint'; v.provider_call_id := id; v.from_number := phone; v.transcript := body;
	PERFORM voiceagent_private.take_texts(ARRAY[v], ARRAY[account]);
	RETURN (SELECT count(*) FROM voiceagent.provider_requests r WHERE r.tenant_id = voiceagent.current_tenant() AND r.kind = 'fetch_text');
END $$;
SELECT max(pg_temp.hinted(:unsigned, 'x' || i, '+1213555' || lpad(i::text, 4, '0'), 'STOP')) AS asked_for_strangers FROM generate_series(1, 120) i;
SELECT count(*) AS strangers_held FROM voiceagent.text_stops s WHERE s.tenant_id = :tenant AND s.phone LIKE '+1213555%';
SELECT pg_temp.hinted(:unsigned, 'y1', '+12125550111', 'STOP') AS asked_for_one_that_wrote;
SELECT voiceagent_private.text_suppressed('+12125550111', NULL);
SELECT pg_temp.hinted(:unsigned, 'y1', '+12125550111', 'STOP') AS once;
-- How often.
SELECT voiceagent.set_setting('text_answers_per_day', '2') IS NOT NULL AS set;
SELECT pg_temp.writes('+12125550117', 'Hello?');
SELECT note FROM pg_temp.tasks() WHERE note LIKE '%Hello%';
SELECT pg_temp.try(format('SELECT voiceagent.send_text(%s, ''x'', kind => ''answer'')', :ann)) AS not_a_kind_of_yours;
-- What is asked counts, also before an answer leaves. A person that writes often, or from a number that nobody has, fills no list and stops nothing.
SELECT voiceagent.set_setting('text_answers_per_day', '40') IS NOT NULL AS set;
SELECT max(m.object_id) AS last FROM voiceagent.model_requests m WHERE m.tenant_id = :tenant AND purpose = 'text_answer' \gset
SELECT count(pg_temp.writes('+12125550120', 'Flood ' || i)) FROM generate_series(1, 30) i;
SELECT count(*) AS asked_of_one FROM voiceagent.model_requests m WHERE m.tenant_id = :tenant AND m.object_id > :last;
SELECT count(pg_temp.writes('+121255502' || lpad(i::text, 2, '0'), 'Flood')) FROM generate_series(1, 40) i;
SELECT count(DISTINCT m.object_id) AS asked_of_all FROM voiceagent.model_requests m WHERE m.tenant_id = :tenant AND purpose = 'text_answer';
SELECT count(*) AS tasks, max(length(note) - length(replace(note, 'Answer the text', '')))/15 AS texts FROM pg_temp.tasks() WHERE lead = '+12125550120';
SELECT pg_temp.writes('+9991234567', 'From nowhere');
SELECT note FROM pg_temp.tasks() WHERE lead = '+9991234567';
-- A burst is one question.
SELECT voiceagent.set_setting('text_answers_per_day', '200') IS NOT NULL AS set;
SELECT count(voiceagent.sandbox_text(:n, '+12125550121', 'Burst ' || i)) FROM generate_series(1, 5) i;
SELECT voiceagent_private.ask_answers(10) IS NULL AS asked;
SELECT count(*) AS asked FROM voiceagent.model_requests m JOIN voiceagent.texts t ON t.tenant_id = m.tenant_id AND t.text_id = m.object_id WHERE m.tenant_id = :tenant AND t.phone = '+12125550121';
-- An erasure takes what a model was asked, too.
SELECT count(*) AS kept FROM voiceagent.model_requests m WHERE m.tenant_id = :tenant AND m.request::text LIKE '%MESSAGE: Two%';
SELECT voiceagent.erase_caller('+12125550115', 'asked') IS NOT NULL AS erased;
SELECT count(*) AS left FROM voiceagent.model_requests m WHERE m.tenant_id = :tenant AND m.request::text LIKE '%MESSAGE: Two%';
-- What carriers say of a text of ours, each in words of its own; a word that nobody knows changes nothing, and an event names it.
CREATE FUNCTION pg_temp.told(account bigint, word text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v voiceagent.call_event;
BEGIN
	INSERT INTO voiceagent.texts (tenant_id, inbound, kind, status, phone, body, key, provider_account_id, provider_text_id, created_at)
	VALUES (voiceagent.current_tenant(), false, 'answer', 'sending', '+12125550111', 'x', 'told ' || word, account, 'told-' || word, voiceagent.clock());
	v.status := word; v.provider_call_id := 'told-' || word;
	PERFORM voiceagent_private.take_texts(ARRAY[v], ARRAY[account]);
	RETURN (SELECT t.status FROM voiceagent.texts t WHERE t.tenant_id = voiceagent.current_tenant() AND t.provider_text_id = 'told-' || word);
END $$;
SELECT w AS word, pg_temp.told(:unsigned, w) AS status FROM unnest('{delivered,read,partially_delivered,sent,submitted,delivery_unconfirmed,undelivered,undeliverable,delivery_failed,failed,'
	'sending_failed,rejected,expired,canceled,accepted,queued,sending,evaporated,"READ AT LAST"}'::text[]) w;
SELECT event_data ->> 'status' AS unknown FROM voiceagent.events WHERE tenant_id = :tenant AND event_type = 'text_status_unknown' ORDER BY event_id;
ROLLBACK;
