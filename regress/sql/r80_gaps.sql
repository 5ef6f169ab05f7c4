-- A question that nothing in the knowledge answered is one row with its like, answered there, and found from the next lookup on.
\set VERBOSITY terse
SET client_min_messages = warning;
\set ECHO none
\i sql/r50_setup.inc
\i lib/incoming.inc
\i lib/live_incoming.inc
CREATE FUNCTION pg_temp.asks(call bigint, question text) RETURNS text LANGUAGE sql AS $$
	SELECT voiceagent_private.run_tool(call, 'find_knowledge', jsonb_build_object('question', question), NULL) ->> 'result' $$;
CREATE FUNCTION pg_temp.gaps() RETURNS TABLE (assistant text, question text, asked bigint, calls integer) LANGUAGE sql AS $$
	SELECT a.name, g.question, g.asked, cardinality(g.calls) FROM voiceagent.list_gaps() g
	JOIN voiceagent.assistants a ON a.tenant_id = voiceagent.current_tenant() AND a.assistant_id = g.assistant ORDER BY g.asked DESC, a.name, g.question $$;
\set ECHO all
BEGIN;
SELECT pg_temp.tenant('r80 gaps') AS tenant \gset
SET LOCAL voiceagent.public_base_url = 'https://calls.example.com';
INSERT INTO voiceagent.provider_accounts (tenant_id, provider, name, base_url, settings, max_concurrent_calls, created_at)
VALUES (:tenant, 'twilio', 'Held', 'https://carrier.example', '{}', 10, now()) RETURNING provider_account_id AS account \gset
SELECT voiceagent_private.add_endpoint(:account) IS NOT NULL AS told_at;
UPDATE voiceagent.provider_accounts a SET settings = jsonb_build_object('stream_url', 'wss://calls.example.com/media/twilio/' || r.token)
FROM voiceagent_private.endpoint_routes r WHERE a.provider_account_id = :account AND r.provider_account_id = a.provider_account_id;
SELECT voiceagent.create_assistant('Desk', 'Hello', 'Be kind.', settings => '{"tools": ["find_knowledge"]}') AS assistant \gset
SELECT voiceagent.create_phone_number('+12125550001', :account) AS n \gset
UPDATE voiceagent.phone_numbers SET state = 'ready', proof = 'tenant', proved_at = now() WHERE phone_number_id = :n;
SELECT voiceagent.update_phone_number(:n, jsonb_build_object('ai_assistant_id', :assistant));
SELECT voiceagent.choose_knowledge(:assistant, ARRAY[voiceagent.add_knowledge('House', E'# Parking\n\nThere is parking for cars behind the house.', 'markdown')]);
SELECT pg_temp.rings('IN-1', '+12125550110') AS one, pg_temp.rings('IN-2', '+12125550111') AS two, pg_temp.rings('IN-3', '+12125550112') AS three \gset
-- What the documents say is no gap; what they do not, or of which they say less than half, is.
SELECT pg_temp.asks(:one, 'Is there parking behind the house?');
SELECT pg_temp.asks(:one, 'Do you take dogs?'), pg_temp.asks(:two, 'Is it so that dogs get taken?'), pg_temp.asks(:two, 'do you take a DOG') AS again, pg_temp.asks(:three, 'Do you take cats?');
SELECT pg_temp.asks(:three, 'Is there parking for heavy trucks overnight on weekends?') AS of_something_else;
SELECT pg_temp.asks(:three, 'Who are you?') AS says_nothing;
SELECT * FROM pg_temp.gaps();
-- Answered there; the next caller hears it, and it is a gap no more. A second answer takes the place of the first.
SELECT voiceagent.answer_gap(:assistant, 'Do you take dogs?', E'Small dogs,\n# on a lead.') > 0 AS answered;
SELECT pg_temp.asks(:three, 'Taking dogs?');
SELECT * FROM pg_temp.gaps();
SELECT voiceagent.answer_gap(:assistant, 'Do you take cats?', 'No cats.') > 0 AS answered, voiceagent.answer_gap(:assistant, 'Taking a dog?', 'All dogs.') > 0 AS again;
SELECT p.heading, p.body FROM voiceagent.knowledge_passages p JOIN voiceagent.knowledge_documents d USING (tenant_id, document_id) WHERE d.name LIKE 'Answers of%' ORDER BY p.passage;
SELECT cardinality(voiceagent_private.documents_of(:assistant)) AS documents;
SELECT * FROM pg_temp.gaps();
\set ON_ERROR_ROLLBACK on
SELECT voiceagent.answer_gap(:assistant, 'x', 'y');
SELECT voiceagent.answer_gap(:assistant, 'Do you take dogs?', repeat('x', 1001));
SELECT voiceagent.answer_gap(0, 'Do you take dogs?', 'Yes.');
ROLLBACK;
