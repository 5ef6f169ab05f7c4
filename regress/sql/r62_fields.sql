-- values that a person gives in a talk, each with the turn and the words that prove it; NULL is nothing, or what stayed open
CREATE FUNCTION pg_temp.talk(VARIADIC said text[]) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_agg(jsonb_build_object('speaker', CASE WHEN s.words LIKE '>%' THEN 'assistant' ELSE 'customer' END,
		'text', ltrim(s.words, '>')) ORDER BY s.n) FROM unnest(said) WITH ORDINALITY AS s(words, n) $$;
SELECT f.* FROM (VALUES
	(1, 'name', pg_temp.talk('>Your name?', 'Katherine Doyle, Katherine with a K.')),
	(2, 'email', pg_temp.talk('>Your e-mail?', 'k dot doyle at example dot com', '>k dot doyle at example dot com?', 'That''s right.')),
	(3, 'phone', pg_temp.talk('>415 555 0134?', 'No, three five at the end.')),
	(4, 'number', pg_temp.talk('>How many windows?', 'fifty', '>Fifty?', 'No, fifteen!')),
	(5, 'date', pg_temp.talk('>Your date of birth?', 'May third, nineteen seventy-one')),
	(6, 'address', pg_temp.talk('3 Mill Lane, Bath, B A one, two C D')),
	(7, 'phone', pg_temp.talk('It''s on your screen.'))) AS t(n, kind, turns)
CROSS JOIN LATERAL voiceagent_private.read_field(t.turns, t.kind, 'en-US') AS f ORDER BY t.n;

-- a report can hold anything in place of its turns
SELECT voiceagent_private.read_field(turns, 'number', 'en')
FROM unnest(ARRAY['[]', '{}', '5', '[5, null, {"text": "five"}, {"speaker": "customer"}, {"speaker": "customer", "text": 5}]',
	'[{"speaker": "tool", "text": "five"}]', '{"speaker": "customer", "text": "five"}']::jsonb[]) AS turns;
SELECT voiceagent_private.read_field(pg_temp.talk('fünf'), 'number', 'xx') IS NULL AS "no table, no value";
SELECT voiceagent_private.read_field('[]', 'colour', 'en');

-- 10,000 turns end within a second, and one behind them is not read
SET statement_timeout = '60s';
SELECT f.value, f.turn FROM (SELECT jsonb_agg(jsonb_build_object('speaker', 'customer', 'text', CASE n WHEN 9000 THEN 'seven' WHEN 10001 THEN 'nine'
	ELSE 'well, I see, and so on it goes' END) ORDER BY n) AS turns FROM generate_series(1, 10001) AS n) AS t
CROSS JOIN LATERAL voiceagent_private.read_field(t.turns, 'number', 'en') AS f;
RESET statement_timeout;

-- a quote bears a value out, or does not
SELECT v.kind, v.value, voiceagent_private.entails(v.kind, v.value, v.quote, 'en', v.question) AS verdict
FROM (VALUES ('number', '1250', 'about twelve fifty', NULL), ('number', '1300', 'about twelve fifty', NULL), ('boolean', 'true', 'Yes.', 'Do you own it?'),
	('boolean', 'true', 'Yes.', NULL), ('choice', 'blue', 'not the blue one', NULL), ('email', 'a@evil.com', 'a at example dot com', NULL),
	('number', '5', NULL, NULL), ('colour', 'red', 'red', NULL)) AS v(kind, value, quote, question);

-- a day that is said from where the person stands bears out a date only by its clock
SELECT v.value, v.quote, voiceagent_private.entails('date', v.value, v.quote, v.language, v.question) AS without,
	voiceagent_private.entails('date', v.value, v.quote, v.language, v.question, '2026-03-17 10:20') AS by_clock
FROM (VALUES ('2026-03-18', 'Tomorrow at three is fine', NULL, 'en'), ('2026-03-18T15:00', 'Tomorrow at three is fine', NULL, 'en'),
	('2026-03-18T16:00', 'Tomorrow at three is fine', NULL, 'en'), ('2026-03-19', 'mañana por la tarde', NULL, 'es'), ('2026-03-18', 'mañana por la tarde', NULL, 'es'),
	('2026-03-20', 'Ja, gern.', 'Passt Ihnen Freitag?', 'de'), ('2026-03-20', 'Nein.', 'Passt Ihnen Freitag?', 'de'),
	('2026-02-30', 'tomorrow', NULL, 'en'), ('1971-05-03', 'May third, seventy-one', NULL, 'en')) AS v(value, quote, question, language);
