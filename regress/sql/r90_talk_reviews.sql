-- Talks are judged by themselves: each question has its yes, its no with the turn that proves it, and its silence; people's verdicts are compared; it goes with the call.
\set ECHO none
\i lib/inbox_setup.inc
\i lib/try.inc
CREATE FUNCTION pg_temp.turns(VARIADIC said text[]) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_agg(jsonb_build_object('turn', n, 'speaker', CASE split_part(s, ': ', 1) WHEN 'A' THEN 'assistant' ELSE 'customer' END,
		'text', split_part(s, ': ', 2)) || CASE WHEN split_part(s, ': ', 3) = '' THEN '{}' ELSE jsonb_build_object('at_ms', split_part(s, ': ', 3)::integer) END)
	FROM unnest(said) WITH ORDINALITY AS x(s, n)
$$;
-- The answers that are not NULL: question+ or question-turn.
CREATE FUNCTION pg_temp.judged(turns jsonb, reading jsonb DEFAULT '{}', disclosed text DEFAULT NULL, business text DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(j.question || CASE WHEN j.answer THEN '+' ELSE '-' || coalesce(j.turn::text, '') END, ' ') FROM voiceagent_private.answer_questions(turns, reading, disclosed, business) j WHERE j.answer IS NOT NULL
$$;
\set ECHO all
SELECT pg_temp.judged(pg_temp.turns('A: Hello, this is Ann.', 'C: Hi.')) AS plain, pg_temp.judged(pg_temp.turns('A: Hello?')) AS one_side, pg_temp.judged('[]') AS nothing;
SELECT pg_temp.judged(pg_temp.turns('A: This is an automated call, by Roof Masters!', 'C: Hi.'), '{}', 'This is an automated call', 'Roof Masters') AS disclosed,
	pg_temp.judged(pg_temp.turns('A: Hello there.', 'C: Hi.', 'A: Fine.', 'C: Yes.', 'A: This is an automated call by Roof Masters.'), '{}', 'This is an automated call', 'Roof Masters') AS too_late;
SELECT pg_temp.judged(pg_temp.turns('A: Hello.', 'C: Do not call me again.', 'A: Of course.', 'C: Fine.', 'A: Goodbye.'), '{"outcome": {"value": "do_not_call", "turn": 2, "certain": true}}') AS obeyed,
	pg_temp.judged(pg_temp.turns('A: Hello.', 'C: Do not call me again.', 'A: But wait.', 'C: No.', 'A: One more thing.', 'C: No.', 'A: Only a minute.', 'C: No.'), '{"outcome": {"value": "do_not_call", "turn": 2, "certain": true}}') AS went_on;
SELECT pg_temp.judged(pg_temp.turns('A: Hello.', 'C: What is it?', 'A: A roof.', 'C: Thanks.')) AS answered, pg_temp.judged(pg_temp.turns('A: Hello.', 'C: What is it?')) AS unanswered;
SELECT pg_temp.judged(pg_temp.turns('A: Hello there: : 0', 'C: Hi: : 2000')) AS odd, pg_temp.judged(pg_temp.turns('A: Hello: 0', 'C: Hi: 5000', 'A: So: 20000')) AS silent, pg_temp.judged(pg_temp.turns('A: Hello: 0', 'C: Hi: 5000')) AS quick;
SELECT pg_temp.judged(pg_temp.turns('A: Can you hear me now?', 'C: Yes indeed.', 'A: Can you hear me, now', 'C: Yes I do.', 'A: can you hear me NOW!', 'C: Yes.')) AS repeated,
	pg_temp.judged(pg_temp.turns('A: ' || repeat('word ', 81), 'C: ' || repeat('yes ', 20))) AS long, pg_temp.judged(pg_temp.turns('A: ' || repeat('word ', 31), 'C: yes yes yes yes yes yes')) AS listened, pg_temp.judged(pg_temp.turns('A: ' || repeat('word ', 31), 'C: yes')) AS talked;
SELECT pg_temp.judged(pg_temp.turns('A: Hello.', 'C: Hi.'), '{"outcome": {"value": "interested", "certain": true, "turn": 2}, "fields": [{"origin": "model", "support": "supported"}, {"origin": "rules", "support": "denied"}]}') AS true,
	pg_temp.judged(pg_temp.turns('A: Hello.', 'C: Hi.'), '{"outcome": {"value": "completed", "certain": false, "turn": 2}, "fields": [{"origin": "model", "support": "denied", "turn": 2}]}') AS untrue;
SELECT count(*) AS questions, sum(weight) AS weight, count(*) FILTER (WHERE must) AS must FROM voiceagent.review_questions();
SELECT q.tag FROM voiceagent.review_questions() q WHERE q.tag IS NOT NULL AND q.tag NOT IN (SELECT t.tag FROM voiceagent_private.standard_review_tags() t);

-- Calls of an assistant that wants it get a row when they are folded, once; of others none.
BEGIN;
SELECT pg_temp.begin_calls('Talk reviews', ARRAY['5001', '5002', '5003']) AS tenant \gset
SELECT assistant_id AS a FROM voiceagent.assistants WHERE tenant_id = :tenant \gset
SELECT pg_temp.dial();
SELECT pg_temp.take(
	pg_temp.talk('5001', '{}', 'Hello, this is Ann.', 'We had our roof repaired in spring, thank you.', 'I see. Goodbye.', 'Goodbye.'),
	pg_temp.talk('5002', '{}', 'Hello, this is Ann.', 'What do you want?', 'May I ask you something?', 'Who are you?'));
SELECT voiceagent_private.apply_inbox(10);
COMMIT;
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS acting;
SELECT voiceagent_private.fold_figures(100) AS more, (SELECT count(*) FROM voiceagent.talk_reviews WHERE tenant_id = :tenant) AS unasked;
SELECT voiceagent.set_automatic_review(:a, true);
SELECT voiceagent_private.fold_calls(ARRAY(SELECT call_id FROM voiceagent.calls WHERE tenant_id = :tenant ORDER BY call_id));
SELECT right(c.phone, 4) AS number, q.passed, q.score, q.tags, q.turn, (SELECT string_agg(x.question, ' ' ORDER BY x.question) FROM voiceagent_bi.quality_answers x WHERE x.call_id = q.call_id AND NOT x.answer) AS no
FROM voiceagent_bi.quality q JOIN voiceagent.calls c ON c.tenant_id = :tenant AND c.call_id = q.call_id ORDER BY 1;
-- People agree, or do not.
SELECT voiceagent.review_call(pg_temp.call_of('5001'), passed => true), voiceagent.review_call(pg_temp.call_of('5002'), passed => true);
SELECT measure, what, reviews, value FROM voiceagent.quality_report() WHERE what LIKE '%rules%';
SELECT (l::jsonb) ->> 'score' AS score FROM voiceagent.export_lines('quality', 'ndjson') l;
SELECT voiceagent.set_automatic_review(:a, false);
SELECT count(*) AS assistants FROM voiceagent.reviewed_assistants WHERE tenant_id = :tenant;
SELECT pg_temp.try('SELECT voiceagent.set_automatic_review(0, true)') AS unknown, pg_temp.try(format('SELECT voiceagent.set_automatic_review(%s, NULL)', :a)) AS neither;
SELECT voiceagent.erase_lead(lead_id) ->> 'status' AS erased FROM voiceagent.leads WHERE tenant_id = :tenant AND phone = '+12125555001';
SELECT count(*) AS left FROM voiceagent.talk_reviews WHERE tenant_id = :tenant;
ROLLBACK;
