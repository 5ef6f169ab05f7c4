-- The page of one assistant, a call while it lasts, and what is found by words: of its reader's tenant alone.
\set VERBOSITY terse
\set SHOW_CONTEXT never
SET client_min_messages = warning;
\set ECHO none
\i lib/inbox_setup.inc
\set ECHO all
BEGIN;
SELECT pg_temp.begin_calls('One page', ARRAY['5001', '5002']) AS tenant \gset
SELECT pg_temp.dial();
SELECT pg_temp.take(pg_temp.webhook('5001', 'report', 'customer-ended-call', 60, '{"appointment": {"booked": true, "date": "2026-11-23", "time": "10:00"}}'));
SELECT voiceagent_private.apply_inbox(10);
SELECT voiceagent.create_tenant('One page of another') AS other \gset
CREATE ROLE regress_one_owner LOGIN;
CREATE ROLE regress_one_other LOGIN;
SELECT voiceagent_private.set_tenant(0) \gset
SELECT voiceagent.map_role('regress_one_owner', :tenant), voiceagent.map_role('regress_one_other', :other);
SELECT min(assistant_id) AS a FROM voiceagent.assistants WHERE tenant_id = :tenant \gset
SELECT min(call_id) AS call FROM voiceagent.calls WHERE tenant_id = :tenant \gset
SELECT name AS assistant FROM voiceagent.assistants WHERE assistant_id = :a \gset

SET SESSION AUTHORIZATION regress_one_owner;
SELECT k, jsonb_typeof(v) FROM jsonb_each(voiceagent.assistant_detail(:a)) AS f(k, v) ORDER BY k;
-- its texts are those of now, and each version is there
SELECT (d #>> '{assistant,first_message}') = v.first_message AS first_message, (d #>> '{assistant,system_prompt}') = v.system_prompt AS prompt, d -> 'assistant' ? 'tenant_id' AS tells_too_much,
	jsonb_array_length(d -> 'versions') = a.version AS versions, jsonb_array_length(d -> 'campaigns') = (SELECT count(*) FROM voiceagent.campaigns c WHERE c.assistant_id = :a) AS campaigns
FROM voiceagent.assistant_detail(:a) d, voiceagent.assistants a JOIN voiceagent.assistant_versions v USING (tenant_id, assistant_id, version) WHERE a.assistant_id = :a;
SELECT l - 'now' = voiceagent.call_film(:call) AS film, l -> 'now' AS now FROM voiceagent.live_page(:call) l;
SELECT key, jsonb_array_length(value) AS found FROM jsonb_each(voiceagent.search_all(:'assistant')) ORDER BY key;
SELECT key, jsonb_array_length(value) AS found FROM jsonb_each(voiceagent.search_all('5001')) ORDER BY key;
-- what LIKE takes for anything is a word like others
-- A number is found however it is written, with words beside it, too, and digits of a name stay what they are.
SAVEPOINT numbers;
SELECT voiceagent.add_lead('+14155550109', 'Ada', company => '24/7 Roofs') > 0 AS us, voiceagent.add_lead('+493012345678', 'Bob') > 0 AS german;
SELECT w, voiceagent.search_all(w) #>> '{leads,0,first_name}' AS found FROM unnest('{(415) 555-0109,415 555-0109,415.555.0109,+1 415 555 0109,1-415-555-0109,0014155550109,ada 415/555 0109,0109,
	415 555,+49 (0)30 1234 5678,030 12345678,(030) 1234-5678,0049 30 12345678,24/7 roofs,(415) 555-0108}'::text[]) WITH ORDINALITY AS x(w, n) ORDER BY n;
ROLLBACK TO numbers;
SELECT key, jsonb_array_length(value) AS found FROM jsonb_each(voiceagent.search_all('%_')) ORDER BY key;

SET SESSION AUTHORIZATION regress_one_other;
\set VERBOSITY sqlstate
SAVEPOINT s;
SELECT voiceagent.assistant_detail(:a);
ROLLBACK TO s;
SELECT voiceagent.live_page(:call);
ROLLBACK TO s;
SELECT key, jsonb_array_length(value) AS found FROM jsonb_each(voiceagent.search_all(:'assistant')) ORDER BY key;
RESET SESSION AUTHORIZATION;
ROLLBACK;
