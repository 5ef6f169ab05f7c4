-- what a person does with words, each with the words that show it and the sense in which they stand
SELECT i.* FROM voiceagent_private.read_intents(jsonb_build_array(
	'{"speaker": "assistant", "text": "Shall I take you off our list?"}'::jsonb, '{"speaker": "customer", "text": "No. Call me back tomorrow."}'::jsonb,
	'{"speaker": "customer", "text": "My neighbour told you: never call me again. I say tell me more."}'::jsonb, '{"text": "Take me off your list."}'::jsonb,
	'{"speaker": "customer", "text": "Well, take me off your list then. Bye."}'::jsonb), 'en') AS i;
SELECT count(*) AS "nothing" FROM unnest(ARRAY['[]', '{}', '7', '[[]]', '[{"speaker": "customer", "text": null}]']::jsonb[]) AS t(turns)
CROSS JOIN LATERAL voiceagent_private.read_intents(t.turns, 'en') AS i;
SELECT count(*) AS "no table" FROM voiceagent_private.read_intents('[{"speaker": "customer", "text": "Take me off your list."}]', 'xx');
-- what a talk came to, with the words that show it; without the moment of the talk no time, without a table nothing
SELECT o.* FROM (VALUES ('en', timestamp '2026-03-17 10:20'), ('en', NULL), ('xx', '2026-03-17 10:20')) AS t(language, reference)
CROSS JOIN LATERAL voiceagent_private.read_outcome('[{"speaker": "assistant", "text": "Could someone come by Thursday at three?"},
	{"text": "..."}, {"speaker": "customer", "text": "Thursday at three is fine."}, {"speaker": "assistant", "text": "Great, Thursday at three."}]',
	t.language, t.reference) AS o;
SELECT o.outcome, o.opt_out, o.opt_out_turn, o.opt_out_quote FROM voiceagent_private.read_outcome('[{"speaker": "assistant",
	"text": "Thursday at three?"}, {"speaker": "customer", "text": "Okay. And take me off your list."}]', 'en') AS o;
SELECT count(o.outcome) AS "nothing" FROM unnest(ARRAY['[]', '{}', '7', '[[]]', '[{"text": "Hello"}]', NULL]::jsonb[]) AS t(turns)
CROSS JOIN LATERAL voiceagent_private.read_outcome(t.turns, 'en') AS o;
-- a talk of 10,000 turns, and a turn of 10 kB with an opt-out at its end
SELECT o.outcome FROM (SELECT jsonb_agg(jsonb_build_object('speaker', CASE WHEN i % 2 = 0 THEN 'customer' ELSE 'assistant' END, 'text',
	CASE WHEN i = 12000 THEN 'Stop calling me.' ELSE 'Would Thursday at three suit you, or not?' END) ORDER BY i) AS turns
	FROM generate_series(1, 12000) AS t(i)) AS t CROSS JOIN LATERAL voiceagent_private.read_outcome(t.turns, 'en', '2026-03-17') AS o;
SELECT o.outcome, voiceagent_private.parse_stop(t.words) AS stop
FROM (SELECT repeat('It rains a lot in this town. ', 350) || 'Never call me again.' AS words) AS t
CROSS JOIN LATERAL voiceagent_private.read_outcome(jsonb_build_array(jsonb_build_object('speaker', 'customer', 'text', t.words)), 'en') AS o;
