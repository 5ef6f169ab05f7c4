-- a talk read together with the analysis of it: which values its words bear out, which count, and what rules add
CREATE FUNCTION pg_temp.talk(said text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_agg(jsonb_build_object('speaker', CASE WHEN s.words LIKE '>%' THEN 'assistant' ELSE 'customer' END,
		'text', ltrim(s.words, '>')) ORDER BY s.n) FROM string_to_table(said, '|') WITH ORDINALITY AS s(words, n) $$;
-- One line a value: name = value, support, + counts, origin, turn, quote.
CREATE FUNCTION pg_temp.rows_of(reading jsonb) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT format('%s = %s: %s%s%s%s', f ->> 'name', f ->> 'value', f ->> 'support', CASE WHEN (f ->> 'counts')::boolean THEN ' +' ELSE ' -' END,
		CASE WHEN f ->> 'origin' <> 'carrier' THEN ' ' || (f ->> 'origin') END, ' ' || (f ->> 'turn') || ' "' || (f ->> 'quote') || '"')
	FROM jsonb_array_elements(reading -> 'fields') AS f $$;

-- the values of an analysis, each by its kind
SELECT r.* FROM voiceagent_private.read_conversation(pg_temp.talk('>Hi, are you the owner of the house?|Yes I am.|>What is your budget?|'
	'About twenty-four hundred dollars.|>Tomorrow at three?|Yes, tomorrow at three.|>Great, see you tomorrow at three.|Thanks, bye.'),
	'{"appointment": {"date": "2026-03-18", "time": "15:00", "email": "", "person": "Bob"}, "do_not_call": false, "owns_house": true,
		"budget": 2400, "lead_id": 77}', 'en-US',
	'{"owns_house": {"type": "boolean", "description": "Whether the person owns the house"}, "budget": {"type": "number"}}', '2026-03-17 10:20') AS f
CROSS JOIN LATERAL (SELECT line FROM pg_temp.rows_of(f.reading) AS line UNION ALL SELECT f.data::text) AS r;

-- an opt-out in the words beats an analysis that knows of none, and one in the analysis needs no words
SELECT analysis, f.data, f.reading #>> '{outcome,value}' AS outcome
FROM unnest(ARRAY['{"interest": "high", "appointment": {"booked": true, "date": "2026-03-18"}}', '{"do_not_call": false}', NULL]::jsonb[]) AS analysis
CROSS JOIN LATERAL voiceagent_private.read_conversation(pg_temp.talk('>Hi, this is Dana.|Stop calling me.'), analysis, 'en-US', NULL, '2026-03-17 10:20') AS f;
SELECT f.data FROM voiceagent_private.read_conversation(pg_temp.talk('>Hi.|Hello?'), '{"do_not_call": "Yes."}', 'en', '{}') AS f;

-- nothing that turns, an analysis or a schema hold is an error; without words the analysis stays as it is
SELECT turns, f.* FROM unnest(ARRAY[NULL, '[]', '{}', '5', 'null', '[1, null, {"speaker": "customer"}, {"speaker": 5, "text": "yes"}]']::jsonb[]) AS turns
CROSS JOIN LATERAL voiceagent_private.read_conversation(turns, '{"interest": "high"}', 'en', '[]') AS f;
SELECT f.* FROM voiceagent_private.read_conversation(pg_temp.talk('hej'), '{"interest": "high"}', 'sv-SE', NULL) AS f;
SELECT f.* FROM voiceagent_private.read_conversation(pg_temp.talk('hi'), '{"interest": "high"}', NULL, NULL) AS f;
SELECT analysis, f.data FROM unnest(ARRAY['[]', '5', '"x"', 'null', '{}', '{"appointment": "yes", "callback": [1], "interest": {"a": 1}}',
	'{"appointment": {}, "callback": null, "name": ""}']::jsonb[]) AS analysis
CROSS JOIN LATERAL voiceagent_private.read_conversation(pg_temp.talk('>Hi.|Hello?'), analysis, 'en', '{"name": 5, "x": {"enum": 5, "type": []}}') AS f;
