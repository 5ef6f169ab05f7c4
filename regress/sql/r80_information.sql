-- What a caller has sent: to the lead's address, or one that the caller has said, and nowhere else; and how many tasks there may be.
\set VERBOSITY terse
SET client_min_messages = warning;
\set ECHO none
\i lib/turns.inc
\i sql/r50_setup.inc
\i lib/live_incoming.inc
CREATE FUNCTION pg_temp.tool(call bigint, tool text, arguments jsonb DEFAULT '{}', id text DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
	SELECT voiceagent.call_tool(call, tool, arguments, id) ->> 'result' $$;
-- The call ends with these words: "customer: ..." or "assistant: ...".
CREATE FUNCTION pg_temp.ends(call text, VARIADIC words text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	PERFORM voiceagent_private.apply_events(ARRAY[ROW(0, NULL, jsonb_populate_record(NULL::voiceagent.call_event, jsonb_build_object('kind', 'report',
		'status', 'completed', 'duration_seconds', 60, 'provider_call_id', call, 'turns', (SELECT jsonb_agg(jsonb_build_object('turn', n,
		'speaker', split_part(w, ': ', 1), 'text', substr(w, strpos(w, ': ') + 2))) FROM unnest(words) WITH ORDINALITY AS t(w, n)))),
		(SELECT min(p.endpoint_id) FROM voiceagent.webhook_endpoints p WHERE p.tenant_id = voiceagent.current_tenant()))::voiceagent_private.matched_event]);
	PERFORM voiceagent_private.follow_calls_of_tenant(100);
END
$$;
CREATE FUNCTION pg_temp.send() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	PERFORM voiceagent_private.follow_calls_of_tenant(100);
	PERFORM voiceagent_private.set_tenant(0);
	UPDATE voiceagent_private.information_asked SET due_at = voiceagent.clock() WHERE tenant_id = v_tenant;
	PERFORM pg_temp.serve('send_information');
	PERFORM voiceagent_private.set_tenant(v_tenant);
END
$$;
\set ECHO all
-- What words say an address.
SELECT words, a, voiceagent_private.says_address(words, a) FROM (VALUES
	('It is Ann.Lee@example.com, please.', 'ann.lee@example.com'), ('ann dot lee at example dot com', 'ann.lee@example.com'),
	('My address is a n n at example dot com.', 'ann@example.com'), ('ana punto ruiz arroba ejemplo punto es', 'ana.ruiz@ejemplo.es'),
	('jean tiret luc arobase exemple point fr', 'jean-luc@exemple.fr'), ('max unterstrich m ät beispiel punkt de', 'max_m@beispiel.de'),
	('write to ann@example.com. Thanks', 'ann@example.com'), ('joann@example.com', 'ann@example.com'), ('ann@example.com.evil.org', 'ann@example.com'),
	('ann@example.community', 'ann@example.com'), ('annxlee@example.com', 'ann.lee@example.com'), ('Yes.', 'ann@example.com'), (NULL, 'ann@example.com')) AS t(words, a);
BEGIN;
SELECT pg_temp.tenant('r80 information') AS tenant \gset
SELECT min(provider_account_id) AS account FROM voiceagent.provider_accounts WHERE tenant_id = :tenant \gset
UPDATE voiceagent.provider_accounts SET settings = '{"stream_url": "wss://talk.example.com/x"}' WHERE provider_account_id = :account;
SELECT voiceagent.create_assistant('Desk', 'Hello', 'Be kind.') AS assistant \gset
SELECT voiceagent.update_assistant(:assistant, '{"settings": {"tools": ["take_message", "make_offer", "send_information"]}}');
SELECT voiceagent.create_phone_number('+12125550001', :account, jsonb_build_object('ai_assistant_id', :assistant)) AS n \gset
SELECT voiceagent.add_knowledge('Price list', 'A window costs 200 USD.', 'text') AS list, voiceagent.add_knowledge('Margins', 'We buy at 90 USD.', 'text') AS secret \gset
SELECT voiceagent.choose_knowledge(:assistant, ARRAY[:list]);
INSERT INTO voiceagent.mail_accounts (tenant_id, url, sender, sender_name, changed_at) VALUES (:tenant, 'smtp://mail.example.com:587', 'desk@example.com', 'Desk', voiceagent.clock());
SELECT voiceagent.add_lead('+12125550110', 'Ann', email => 'ann@example.com') AS ann \gset
-- What the tool refuses, and what it answers.
SELECT pg_temp.rings('IN-1', '+12125550110') AS call, pg_temp.rings('IN-2', '+12125550111') AS strange \gset
SELECT pg_temp.tool(:strange, 'send_information', '{"what": "Price list"}') AS nowhere, pg_temp.tool(:strange, 'send_information', '{"what": "Price list", "email": "bob at example"}') AS no_address,
	pg_temp.tool(:strange, 'send_information', '{"email": "bob@example.com"}') AS nothing;
SELECT pg_temp.tool(:call, 'send_information', '{"what": "price list"}', 'one') AS known, pg_temp.tool(:strange, 'send_information', '{"what": "Price list", "email": "Bob@Example.com", "name": "Bob"}', 'two') AS told;
-- While the call goes on nothing leaves; afterwards nothing either, as long as the setting is off.
SELECT pg_temp.send();
SELECT kind, priority, lead_id = :ann AS anns, contact_name, note FROM voiceagent.tasks WHERE tenant_id = :tenant ORDER BY task_id;
SELECT pg_temp.ends('IN-1', 'assistant: Hello', 'customer: Send me the price list.');
SELECT pg_temp.send();
SELECT note, finished_at IS NOT NULL AS finished FROM voiceagent.tasks WHERE tenant_id = :tenant AND call_id = :call;
SELECT voiceagent.set_setting('mail_information', 'on') IS NOT NULL AS set;
-- An address that only the assistant has said; one that the caller has.
SELECT pg_temp.ends('IN-2', 'customer: Send me the price list.', 'assistant: To bob@example.com?', 'customer: Yes.');
SELECT pg_temp.send();
SELECT note, finished_at IS NOT NULL AS finished FROM voiceagent.tasks WHERE tenant_id = :tenant AND call_id = :strange;
SELECT pg_temp.rings('IN-3', '+12125550112') AS call, pg_temp.rings('IN-4', '+12125550110') AS again, pg_temp.rings('IN-5', '+12125550113') AS another \gset
SELECT pg_temp.tool(:call, 'send_information', '{"what": "Price list", "email": "cy@example.com"}') AS told, pg_temp.tool(:again, 'send_information', '{"what": "PRICE LIST"}') AS known,
	pg_temp.tool(:another, 'send_information', '{"what": "Margins", "email": "dee@example.com"}') AS secret;
SELECT pg_temp.ends('IN-3', 'customer: To c y at example dot com, please.'), pg_temp.ends('IN-4', 'customer: The price list, please.'), pg_temp.ends('IN-5', 'customer: To dee@example.com.');
SELECT pg_temp.send();
SELECT i.provider_call_id, t.note, t.result ~ '^Mailed \(mail \d+\)\.$' AS mailed FROM voiceagent.tasks t JOIN voiceagent.call_inbound i USING (tenant_id, call_id)
WHERE t.tenant_id = :tenant AND t.call_id IN (:call, :again, :another) ORDER BY 1;
SELECT kind, recipient, subject, body, status, reason FROM voiceagent.mails WHERE tenant_id = :tenant ORDER BY mail_id;
-- A person that opted out gets nothing by itself.
SELECT voiceagent.do_not_call('+12125550110', 'asked') IS NULL AS listed_of_the_plan;
SELECT pg_temp.rings('IN-6', '+12125550110') AS call \gset
SELECT pg_temp.tool(:call, 'send_information', '{"what": "Price list"}');
SELECT pg_temp.ends('IN-6', 'customer: The price list, please.');
SELECT pg_temp.send();
SELECT note, finished_at IS NOT NULL AS finished FROM voiceagent.tasks WHERE tenant_id = :tenant AND call_id = :call;
SELECT count(*) FROM voiceagent_private.information_asked WHERE tenant_id = :tenant;

-- As a text to the number of the call: only where the question was asked, word for word, and answered with a yes.
SELECT pg_temp.rings('IN-T1', '+12125550121') AS yes, pg_temp.rings('IN-T2', '+12125550122') AS no, pg_temp.rings('IN-T3', '+12125550123') AS unasked, pg_temp.rings('IN-T4', NULL) AS nobody,
	pg_temp.rings('IN-T5', '+12125550124') AS other \gset
SELECT pg_temp.tool(:yes, 'send_information', '{"what": "Price list", "by_text": true}') AS off;
SELECT voiceagent.set_setting('text_information', 'on') IS NOT NULL AS set;
SELECT pg_temp.tool(:yes, 'send_information', '{"what": "Price list", "by_text": true}', 'a') AS no_sender;
SELECT voiceagent.set_text_sender(:n, '10dlc', 'registered', 'C1');
SELECT pg_temp.tool(:nobody, 'send_information', '{"what": "Price list", "by_text": true}') AS no_number;
SELECT pg_temp.tool(c, 'send_information', '{"what": "Price list", "by_text": true}', 'b' || c) FROM unnest(ARRAY[:yes, :no, :unasked]) c;
SELECT pg_temp.tool(:other, 'send_information', '{"what": "Margins", "by_text": "yes"}', 'b') = (SELECT result FROM voiceagent.call_tools WHERE tenant_id = :tenant AND call_id = :yes AND error IS NULL) AS same_question;
SELECT pg_temp.ends('IN-T1', 'customer: Text me the prices.', 'assistant: May we send it to this number as a text message? Please say yes or no.', 'customer: Yes, please.'),
	pg_temp.ends('IN-T2', 'assistant: May we send it to this number as a text message? Please say yes or no.', 'customer: No, do not.'),
	pg_temp.ends('IN-T3', 'customer: Text me the prices.', 'assistant: Shall I text it?', 'customer: Yes.'),
	pg_temp.ends('IN-T5', 'assistant: May we send it to this number as a text message? Please say yes or no.', 'customer: Yes.');
SELECT pg_temp.send();
SELECT i.provider_call_id, t.note, t.finished_at IS NOT NULL AS finished FROM voiceagent.tasks t JOIN voiceagent.call_inbound i USING (tenant_id, call_id)
WHERE t.tenant_id = :tenant AND i.provider_call_id LIKE 'IN-T%' ORDER BY 1;
SELECT kind, phone, body, status, call_id = :yes AS of_the_call FROM voiceagent.texts WHERE tenant_id = :tenant;
-- On its way it is no promise kept; what came of it is.
SELECT pg_temp.send();
SELECT finished_at IS NULL AS waits FROM voiceagent.tasks WHERE tenant_id = :tenant AND call_id = :yes;
SAVEPOINT s;
SELECT voiceagent_private.move_text(x, 'refused', 'out of credits') FROM voiceagent.texts x WHERE tenant_id = :tenant;
SELECT pg_temp.send();
SELECT regexp_replace(note, 'text \d+', 'text N') AS note, finished_at IS NULL AS waits_for_a_person FROM voiceagent.tasks WHERE tenant_id = :tenant AND call_id = :yes;
ROLLBACK TO s;
SELECT voiceagent_private.move_text(x, 'sent') FROM voiceagent.texts x WHERE tenant_id = :tenant;
SELECT pg_temp.send();
SELECT regexp_replace(result, 'text \d+', 'text N') AS result FROM voiceagent.tasks WHERE tenant_id = :tenant AND call_id = :yes;
SELECT count(*) AS texts, (SELECT count(*) FROM voiceagent_private.information_asked WHERE tenant_id = :tenant) AS left FROM voiceagent.texts WHERE tenant_id = :tenant;

-- How many tasks a call makes, and a tenant has: the tool says so, and what was promised is kept.
SELECT voiceagent.set_setting('tasks_per_call', '2') IS NOT NULL AS set;
SELECT pg_temp.rings('IN-7', '+12125550114') AS call, pg_temp.rings('IN-8', '+12125550115') AS other \gset
SELECT pg_temp.tool(:call, 'take_message', jsonb_build_object('message', 'Message ' || n)) FROM generate_series(1, 3) n;
SELECT pg_temp.tool(:call, 'make_offer', '{"amount": 100, "currency": "USD"}') AS offer, pg_temp.tool(:call, 'send_information', '{"what": "x", "email": "x@example.com"}') AS information;
SELECT voiceagent_private.follow_calls_of_tenant(100) > 0 AS followed;
SELECT pg_temp.tool(:call, 'take_message', '{"message": "One more"}') AS still;
\set ON_ERROR_ROLLBACK on
SELECT voiceagent.take_message('Another', call_id => :call);
SELECT voiceagent.set_setting('open_tasks', (SELECT (count(*) + 1)::text FROM voiceagent.tasks WHERE tenant_id = :tenant AND finished_at IS NULL)) IS NOT NULL AS set;
SELECT pg_temp.tool(:other, 'take_message', '{"message": "The last"}') AS last;
SELECT voiceagent.create_task('other', 'x') > 0 AS made_before_it_follows;
SELECT voiceagent.create_task('other', 'x');
SELECT voiceagent.make_offer(100, 'USD', phone => '+12125550116');
SELECT voiceagent_private.follow_calls_of_tenant(100) > 0 AS followed;
SELECT kind, note FROM voiceagent.tasks WHERE tenant_id = :tenant AND call_id IN (:call, :other) ORDER BY task_id;
SELECT voiceagent.set_setting('task_of_missed_call', 'on') IS NOT NULL AS set;
SELECT pg_temp.rings('IN-9', '+12125550117') AS call \gset
SELECT voiceagent_private.close_incoming(voiceagent_private.end_incoming(ARRAY[:call]));
SELECT event_type, event_data ->> 'kind' AS kind FROM voiceagent.events WHERE tenant_id = :tenant AND event_type = 'task_refused';
-- A call back that was promised waits as the call.
SELECT voiceagent_private.owe_callback(:call, voiceagent.add_lead('+12125550117'), 'no number');
SELECT c.uncertain, t.tasks, e.refused FROM voiceagent.calls c, (SELECT count(*) AS tasks FROM voiceagent.tasks WHERE call_id = :call) t,
	(SELECT string_agg(event_data ->> 'kind', ' ') AS refused FROM voiceagent.events WHERE call_id = :call AND event_type = 'task_refused') e WHERE c.tenant_id = :tenant AND c.call_id = :call;
SELECT voiceagent.finish_task(min(task_id)), voiceagent.finish_task(max(task_id)) FROM voiceagent.tasks WHERE tenant_id = :tenant AND finished_at IS NULL;
SELECT voiceagent.create_task('other', 'x') > 0 AS again;
ROLLBACK;
