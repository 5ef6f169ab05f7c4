-- Somebody types, and the embedded model answers as an assistant: the same lines, the same answers; nothing is kept, and no assistant is another tenant's.
\set ECHO none
SET client_min_messages = warning;
\i lib/try.inc
SELECT voiceagent.create_tenant(name := 'r94 talk', timezone := 'America/New_York', credits := 10) AS tenant \gset
SELECT voiceagent.create_tenant(name := 'r94 stranger', credits := 10) AS other \gset
\set ECHO all
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT voiceagent.create_assistant('Nova', 'Hello {{first_name}}, this is Nova, an automated assistant of Acme Solar.', E'You are Nova, the voice assistant of Acme Solar.\n## What you offer\n> Free roof inspections.\nAbout prices:\n> The inspection is free.\n') AS assistant \gset
SELECT t ->> 'speaker' AS speaker, t ->> 'text' AS text
FROM jsonb_array_elements(voiceagent.talk_to_assistant(:assistant, '{"Yes?", "What does it cost?", "Take me off your list."}', variables := '{"first_name": "Ann"}') -> 'turns') t;
-- With the answers of a wizard it is what these say.
INSERT INTO voiceagent.assistant_answers (tenant_id, assistant_id, version, answers, profile, template_version, created_at)
VALUES (:tenant, :assistant, 1, '{"business": {"business_name": "Acme Solar"}, "offer": {"offer": "a free inspection of {{roof | default: \"your roof\"}}", "price_note": "The inspection is free."}, "objective": {"objective": "appointment"}}', 'general', 1, now());
SELECT t ->> 'speaker' AS speaker, t ->> 'text' AS text
FROM jsonb_array_elements(voiceagent.talk_to_assistant(:assistant, '{"Yes?", "What does it cost?", "Fine.", "Tomorrow at 3 pm.", "Yes."}', variables := '{"first_name": "Ann"}') -> 'turns') t;
SELECT t ->> 'verdict' AS verdict, t ->> 'over' AS over FROM voiceagent.talk_to_assistant(:assistant, '{"Yes?"}') t;
SELECT voiceagent.talk_to_assistant(:assistant, '{"Yes?"}') = voiceagent.talk_to_assistant(:assistant, '{"Yes?"}') AS same;
SELECT jsonb_array_length(voiceagent.talk_to_assistant(:assistant) -> 'turns') AS "before anybody says a word";
SELECT pg_temp.try(format('SELECT voiceagent.talk_to_assistant(%s, %L)', :assistant, lines)) FROM (VALUES ('{}'::text[]), ('{""}'), (ARRAY[NULL]), (ARRAY[repeat('x', 2001)]), (array_fill('Yes.'::text, '{30}')), ('{{a,b},{c,d}}')) v(lines);
SELECT pg_temp.try(format('SELECT voiceagent.talk_to_assistant(%s, variables := ''[]'')', :assistant));
SELECT count(*) AS kept FROM voiceagent.test_talks WHERE tenant_id = :tenant;
SELECT voiceagent_private.set_tenant(:other) \g /dev/null
SELECT pg_temp.try(format('SELECT voiceagent.talk_to_assistant(%s)', :assistant));
ROLLBACK;
