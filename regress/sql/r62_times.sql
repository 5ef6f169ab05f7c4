-- What words name: readings, instants in a zone, both readings, quotes, bounds, and what is refused.
\set said '''2026-03-17 14:20+00'''

-- Said in New York at 10:20 on a Tuesday.
SELECT w.n, t.reading, t.starts_at AT TIME ZONE 'UTC' AS starts_at, t.ends_at AT TIME ZONE 'UTC' AS ends_at, t.grain, t.alternative, t.quote, t.zone
FROM (VALUES (1, 'Could you call me tomorrow at half past three, please?'), (2, 'next Friday in the afternoon'),
	(3, 'between two and four on Thursday'), (4, 'Monday or Tuesday'), (5, 'Wednesday at ten Pacific time'),
	(6, 'after the 20th'), (7, 'not on Friday'), (8, 'Friday, no, Monday at nine'), (9, 'in half an hour'),
	(10, 'the week after Easter'), (11, 'at 15:30:20'), (12, 'any day at four'), (13, 'I live on the second floor'),
	(14, 'until Friday'), (15, 'the end of April'), (16, 'at 15:00 UTC+2')) w(n, words)
LEFT JOIN LATERAL voiceagent.parse_time(w.words, 'en-US', :said, 'America/New_York') WITH ORDINALITY t ON true
ORDER BY w.n, t.ordinality;

-- The clock goes forward in the night to 29 March in Berlin: the hour after one is the hour of three.
SELECT reading, starts_at AT TIME ZONE 'UTC' AS starts_at FROM voiceagent.parse_time('tomorrow at 02:30', 'en', '2026-03-28 12:00+01', 'Europe/Berlin');

-- Longer words are read up to their bound, at once.
SELECT count(*) FROM voiceagent.parse_time(repeat('tomorrow at three or ', 500), 'en', :said, 'UTC');
SELECT reading FROM voiceagent.parse_time('tomorrow at three. ' || repeat('x', 1000000), 'en', :said, 'UTC');
SELECT count(*) FROM voiceagent.parse_time('', 'en', :said, 'UTC');
SELECT count(*) FROM voiceagent.parse_time(NULL, 'en', :said, 'UTC');
SELECT count(*) FROM voiceagent.parse_time('30 February at 25:00', 'en', :said, 'UTC');

-- What cannot be read is refused with what can.
\set VERBOSITY default
SELECT * FROM voiceagent.parse_time('tomorrow', 'xx', :said, 'UTC');
SELECT * FROM voiceagent.parse_time('tomorrow', NULL, :said, 'UTC');
SELECT * FROM voiceagent.parse_time('tomorrow', 'en', NULL, 'UTC');
SELECT * FROM voiceagent.parse_time('tomorrow', 'en', :said, 'Europe/Nowhere');
SELECT * FROM voiceagent.parse_time('tomorrow', 'en', 'infinity', 'UTC');
\set VERBOSITY terse

-- In five languages, by a member.
SELECT voiceagent.create_tenant('Times test', 'Europe/Madrid', 10) AS tenant \gset
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SET LOCAL ROLE voiceagent_user;
SELECT t.reading, t.quote FROM (VALUES (1, 'en', 'Boxing Day in the morning'), (2, 'es', 'el lunes 23 a las tres y media'), (3, 'fr', 'lundi en huit à quatorze heures trente'),
	(4, 'de', 'am Donnerstagnachmittag um dreiviertel vier'), (5, 'it', 'lunedì dalle nove alle undici e mezza')) w(n, language, words)
CROSS JOIN LATERAL voiceagent.parse_time(w.words, w.language, :said, 'Europe/Madrid') t ORDER BY w.n;
ROLLBACK;
