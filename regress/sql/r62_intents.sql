-- what a person does with words, each with the words that show it and the sense in which they stand
SELECT i.* FROM voiceagent_private.read_intents(jsonb_build_array(
	'{"speaker": "assistant", "text": "Shall I take you off our list?"}'::jsonb, '{"speaker": "customer", "text": "No. Call me back tomorrow."}'::jsonb,
	'{"speaker": "customer", "text": "My neighbour told you: never call me again. I say tell me more."}'::jsonb, '{"text": "Take me off your list."}'::jsonb,
	'{"speaker": "customer", "text": "Well, take me off your list then. Bye."}'::jsonb), 'en') AS i;
SELECT count(*) AS "nothing" FROM unnest(ARRAY['[]', '{}', '7', '[[]]', '[{"speaker": "customer", "text": null}]']::jsonb[]) AS t(turns)
CROSS JOIN LATERAL voiceagent_private.read_intents(t.turns, 'en') AS i;
SELECT count(*) AS "no table" FROM voiceagent_private.read_intents('[{"speaker": "customer", "text": "Take me off your list."}]', 'xx');
