-- The scanner reads times as the regular expressions did that it stands for, or differs for a reason that is listed here. They are kept below lib/, for this test alone.
BEGIN;
SET LOCAL client_min_messages = warning;
\set ECHO none
\i lib/times_before.inc
\set ECHO all
CREATE TEMP TABLE phrases (n integer GENERATED ALWAYS AS IDENTITY, day text, hour text, phrase text);
\copy phrases (day, hour, phrase) FROM 'lib/times_before.tsv'
SELECT count(*) AS phrases, count(*) FILTER (WHERE day <> '') AS heard FROM phrases;
-- Said on a Friday afternoon and on a Monday morning, in New York.
CREATE TEMP TABLE readings AS
SELECT p.*, s.said, b.agreed AS agreed_before, a.agreed, b.callback AS callback_before, a.callback
FROM phrases p CROSS JOIN (VALUES (timestamptz '2026-11-20 16:10-05'), ('2026-11-23 10:00-05')) s(said)
CROSS JOIN LATERAL (SELECT times_before.resolve_time(p.day, p.hour, p.phrase, 'America/New_York', s.said) AS agreed,
	times_before.callback_time(jsonb_build_object('callback', jsonb_build_object('date', p.day, 'time', p.hour, 'phrase', p.phrase)), 'America/New_York', s.said) AS callback OFFSET 0) b
CROSS JOIN LATERAL (SELECT voiceagent_private.resolve_time(p.day, p.hour, p.phrase, 'America/New_York', s.said) AS agreed,
	voiceagent_private.callback_time(jsonb_build_object('callback', jsonb_build_object('date', p.day, 'time', p.hour, 'phrase', p.phrase)), 'America/New_York', s.said) AS callback OFFSET 0) a;
-- Every difference has its reason: none is left, and no reason stands here for nothing.
CREATE TEMP TABLE reasons (reason text, phrases text[]);
INSERT INTO reasons VALUES
	('a day that is counted from another is counted, whatever else was heard',
		ARRAY['a week from tomorrow at 3 pm', 'tomorrow in a week at 3 pm', 'today in three weeks at 3 pm', 'Friday next week at 3 pm', 'two weeks from Monday', 'sometime next week', 'in a month']),
	('what bounds an hour agrees on none; to be called, it is the beginning, or the day of a deadline',
		ARRAY['after tomorrow at 3', 'tomorrow after 2', 'tomorrow not before 3 pm', 'tomorrow no later than 3 p.m. please', 'not before 3 pm tomorrow', 'Friday, not before noon', 'not sooner than 15:00 on Friday', 'not after 3 pm tomorrow', 'not before 3 days, at 3 pm', 'in December not before 3 pm']),
	('words that are not understood whole, or name two times, agree on none',
		ARRAY['not tomorrow, the day after, at 3 pm', 'tomorrow at 3, in an hour when I am home', 'not in an hour, after the holidays', 'a few hours from now', 'I''m in a meeting for two hours', '31st of November at 3', '2026-11-23T16:00+15:00', '2026-11-31T16:00Z', '2026-11-23T25:00-05:00', '6.15', 'in the morning or in the afternoon, 9:00']),
	('a day that is ruled out takes its hour with it',
		ARRAY['no problem but not tomorrow at 3 pm', 'no problem if it is not tomorrow at 3 pm', 'not today at 3 pm', 'tomorrow is not good at 3 pm', 'never mind tomorrow at 3 pm', 'don''t bother to call tomorrow at 3 pm', 'it''s no good, tomorrow at 3 pm I''m busy', 'tomorrow at 3 pm is no good']),
	('days and hours that were not understood before, or as others',
		ARRAY['yes, tomorrow at 3 may suit me', 'tomorrow is my birthday, so call me today at 3', 'Tuesday the first', 'on the fifth', 'on the fifth at 3', 'not before the fifth', 'Thursday week', 'at 5 a meeting', '12:15 a. m.', 'tonight I am out', 'after the 15th']),
	('the hour of another zone that is named is read by its clock',
		ARRAY['tomorrow at 3 pm pst', 'at 3 Pacific tomorrow', 'three in the afternoon Pacific time tomorrow', 'Monday at 5 PST', '10:00 Pacific', '10:00 PST', '12:30 ADT', '10:00 EDT', '10:00 UTC', '10:00 CET']),
	('a span of hours begins with its first; a second has no parts; no year is 2206',
		ARRAY['2026-11-23 10:00-10:30', '2026-11-23 16:00:00.5+00:00', '2206-11-21']),
	('the morning hour of tomorrow, not the late evening''s of today; a part of the day counts where the day heard has passed',
		ARRAY['10:00 please', 'in the evening']),
	('next Friday, said on a Monday, is of the week that follows',
		ARRAY['next Friday', 'in the new year']),
	('after a holiday is the day after; in French and German, whoever is away until a day is away on it',
		ARRAY['not until after Christmas', 'after Christmas', 'after Thanksgiving', 'après Noël', 'después de Navidad', 'nach Weihnachten', 'bis Freitag bin ich weg', 'je suis en vacances jusqu''au 5 décembre']);
CREATE TEMP VIEW differences AS
SELECT coalesce(nullif(phrase, ''), day) AS phrase, to_char(said, 'Dy') AS said, day, hour, d.what, d.before, d.now FROM readings
CROSS JOIN LATERAL (VALUES ('agreed', agreed_before, agreed), ('callback', callback_before, callback)) d(what, before, now) WHERE d.before IS DISTINCT FROM d.now;
SELECT count(DISTINCT phrase) AS phrases FROM differences;
SELECT d.* FROM differences d WHERE NOT EXISTS (SELECT FROM reasons r WHERE d.phrase = ANY(r.phrases)) ORDER BY d.phrase, d.said, d.what;
SELECT p.phrase AS differs_no_more FROM reasons r CROSS JOIN unnest(r.phrases) p(phrase) WHERE NOT EXISTS (SELECT FROM differences d WHERE d.phrase = p.phrase) ORDER BY 1;
SELECT count(*) FILTER (WHERE agreed IS NOT NULL) AS agreed, count(*) FILTER (WHERE callback IS NOT NULL) AS called_back FROM readings;
ROLLBACK;
