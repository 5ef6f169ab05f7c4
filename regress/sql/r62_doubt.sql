-- A talk in which no rule hears an opt-out may still be doubtful; who speaks counts, and where.
\set ON_ERROR_STOP on
\pset format unaligned
SET ROLE voiceagent_owner;
SELECT t.name, d.share <= 3 AS doubtful, d.turn, d.quote
FROM (VALUES
	(1, 'plain', '[{"speaker": "assistant", "text": "Hello, this is Nova."}, {"speaker": "customer", "text": "Lose my number and quit bothering my mother."}]'),
	(2, 'second turn', '[{"speaker": "customer", "text": "Yes, speaking."}, {"speaker": "assistant", "text": "About your roof."}, {"speaker": "customer", "text": "You people must never phone this house again."}]'),
	(3, 'the assistant''s words', '[{"speaker": "assistant", "text": "You people must never phone this house again."}, {"speaker": "customer", "text": "Thursday at three is fine."}]'),
	(4, 'ordinary', '[{"speaker": "customer", "text": "Sí, mañana por la tarde me viene bien, gracias."}]'),
	(5, 'nobody known', '[{"speaker": "unknown", "text": "Never phone this house again."}]'),
	(6, 'no turns', '[]'), (7, 'no array', '{"speaker": "customer"}'), (8, 'no text', '[{"speaker": "customer", "text": 1}, null, 3]')
	) AS t(n, name, turns), voiceagent_private.talk_doubt(t.turns::jsonb) d
ORDER BY t.n;
-- The quote ends within a character, and bytes are bounded.
SELECT octet_length(d.quote), length(d.quote) FROM voiceagent_private.talk_doubt(jsonb_build_array(jsonb_build_object(
	'speaker', 'customer', 'text', 'Ne me rappelez plus jamais ' || repeat('é', 100000)))) d;
RESET ROLE;
