-- what a talk is worth, each value with the turn and the words that show it; what is not known is absent
CREATE FUNCTION pg_temp.talk(said text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_agg(jsonb_build_object('speaker', CASE WHEN s.words LIKE '>%' THEN 'assistant' ELSE 'customer' END,
		'text', ltrim(s.words, '>')) ORDER BY s.n) FROM string_to_table(said, '|') WITH ORDINALITY AS s(words, n) $$;
SELECT jsonb_pretty(s - '{outcome,intent,interest,next_steps,summary}'::text[]) FROM voiceagent_private.read_scores(pg_temp.talk('>Hi, Oak Kitchens about your quote.|It''s too expensive for us.|'
	'>We can split it into twelve parts.|Oh, I love that! How much is it a month?|>Sixty. Tuesday at ten?|Tuesday at ten is fine.|>How would you rate this call from one to five?|'
	'Five. Thank you so much, bye.'), 'en-US', '2026-03-17 10:20') AS s;
SELECT language, s - 'next_steps' - 'outcome' AS scores FROM (VALUES
	(1, 'en', '>Hi, Apex Claims.|I''m furious. Take me off your list.|>Goodbye.'),
	(2, 'es', '>Hola.|Ya estoy harto, no me llamen más.|>Adiós.'),
	(3, 'fr', '>Bonjour.|C''est scandaleux. Ne m''appelez plus.|>Au revoir.'),
	(4, 'de', '>Guten Tag.|Das ist eine Frechheit. Rufen Sie nie wieder an.|>Auf Wiederhören.')) AS t(n, language, said)
CROSS JOIN LATERAL voiceagent_private.read_scores(pg_temp.talk(t.said), t.language) AS s ORDER BY n;

-- a turn without speaker is no turn, but keeps its place; sarcasm and others' words show no mood
SELECT s -> 'emotion' AS emotion, s -> 'intent' AS intent FROM voiceagent_private.read_scores('[{"text": "I love it"}, {"speaker": "assistant", "text": "Hello"},
	{"speaker": "customer", "text": "I already told you no, leave me alone."}]', 'en') AS s;
SELECT words, voiceagent_private.read_scores(pg_temp.talk(words), 'en') -> 'emotion' AS emotion
FROM unnest(ARRAY['>Hi.|Oh great, another call, I love it.', '>Hi.|My wife says she loves it.', '>Hi.|I''m not angry.']) AS words;

-- an e-mail address goes with what is to be sent
SELECT s -> 'next_steps' AS next_steps FROM voiceagent_private.read_scores(pg_temp.talk('>Hi.|Just send me an email.|>To which address?|'
	'ann dot gill at example dot com'), 'en') AS s;

-- a reading holds them, moods only if they are asked for
SELECT emotions, f.reading ? 'emotion' AS emotion, f.reading -> 'objections' AS objections, f.reading ->> 'ended_by' AS ended_by, f.reading ->> 'summary' AS summary
FROM unnest(ARRAY[true, false]) AS emotions
CROSS JOIN LATERAL voiceagent_private.read_conversation(pg_temp.talk('>Hi, Apex Claims.|Where did you get my number? I''m furious. Take me off your list.|>Goodbye.'),
	NULL, 'en', NULL, '2026-03-17 10:20', emotions) AS f;

-- whatever stands in place of turns
SELECT turns, voiceagent_private.read_scores(turns, 'en') IS NULL AS nothing
FROM unnest(ARRAY['[]', '{}', '5', '[5, null, {"text": "five"}, {"speaker": "customer"}]', NULL]::jsonb[]) AS turns;
SELECT voiceagent_private.read_scores(pg_temp.talk('hej'), 'sv') IS NULL AS "no table, no scores";
SELECT voiceagent_private.read_scores(pg_temp.talk('hi'), 'en', 'infinity');

-- 10,001 turns end soon, the newest count, and the scores stay small
SET statement_timeout = '60s';
SELECT octet_length(s::text) < 16384 AS small, s #>> '{emotion,value}' AS emotion, jsonb_array_length(s #> '{emotion,turns}') AS turns
FROM (SELECT jsonb_agg(jsonb_build_object('speaker', CASE n % 2 WHEN 0 THEN 'assistant' ELSE 'customer' END,
	'text', CASE n % 2 WHEN 0 THEN 'Does Thursday suit you?' ELSE repeat('This is ridiculous, ', 20) END) ORDER BY n) AS turns
	FROM generate_series(1, 10001) AS n) AS t
CROSS JOIN LATERAL voiceagent_private.read_scores(t.turns, 'en') AS s;
RESET statement_timeout;
