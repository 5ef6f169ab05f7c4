-- People who ask to be called again say when in many ways. Each is here beside what a sensible person would make of it, on Friday,
-- 20 November 2026, 16:10 in New York; shown is what differs.
CREATE FUNCTION pg_temp.called_back(data jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT CASE WHEN t.at = 'infinity' THEN 'a person' ELSE coalesce(to_char(t.at, 'YYYY-MM-DD HH24:MI'), 'the delay') END
	FROM (SELECT voiceagent_private.callback_time(jsonb_build_object('callback', data), 'America/New_York', '2026-11-20 16:10-05')
		AT TIME ZONE 'America/New_York' AS at) t $$;
-- a person is not called before the day from which on they want to be, be it one that nobody has heard as a date
CREATE TEMP TABLE phrases (phrase text, want text);
INSERT INTO phrases VALUES
	('not before Monday', '2026-11-23 00:00'), ('I can''t talk until Monday', '2026-11-23 00:00'), ('not until the 5th', '2026-12-05 00:00'),
	('don''t call me before Tuesday at 3', '2026-11-24 15:00'), ('not before next week', '2026-11-23 00:00'), ('not before February', '2027-02-01 00:00'),
	('not before the fifth', '2026-12-05 00:00'), ('not until after Christmas', '2026-12-26 00:00'), ('no sooner than December 1st', '2026-12-01 00:00'),
	('not today', '2026-11-21 00:00'), ('not today, at 3', '2026-11-21 15:00'), ('not tomorrow', '2026-11-22 00:00'), ('tomorrow neither', '2026-11-22 00:00'),
	('not this week', '2026-11-23 00:00'), ('not next week', '2026-11-30 00:00'), ('not in December', '2027-01-01 00:00'), ('another day', '2026-11-21 00:00'),
	('I am on vacation until Friday', '2026-11-28 00:00'), ('until next week I can''t talk', '2026-11-30 00:00'), ('I''m away until the end of the month', '2026-12-01 00:00'), ('I''m away for two weeks', '2026-12-04 00:00'), ('out of town Monday, Tuesday works', '2026-11-24 00:00'),
	('Monday, not today', '2026-11-23 00:00'), ('Monday not today', '2026-11-23 00:00'), ('Monday instead of today', '2026-11-23 00:00'),
	('today I can''t so tomorrow at 4', '2026-11-21 16:00'), ('tomorrow because today I can''t', '2026-11-21 00:00'), ('anything but today', '2026-11-21 00:00'),
	-- a span of time, or one of the calendar's
	('in a month', '2026-12-20 00:00'), ('in two weeks', '2026-12-04 00:00'), ('in a couple of weeks', '2026-12-04 00:00'), ('in a few days', '2026-11-23 00:00'),
	('a week from now', '2026-11-27 00:00'), ('two weeks from now', '2026-12-04 00:00'), ('in three months', '2027-02-20 00:00'), ('give me two weeks', '2026-12-04 00:00'),
	('next week', '2026-11-23 00:00'), ('next week at 3 pm', 'a person'), ('next week at ten thirty', 'a person'), ('in January at 4 pm', 'a person'), ('the week after next', '2026-11-30 00:00'), ('after next week', '2026-11-30 00:00'),
	('end of next week', '2026-11-27 00:00'), ('later this week', 'the delay'), ('on the weekend', '2026-11-21 00:00'), ('next weekend', '2026-11-28 00:00'),
	('next month', '2026-12-01 00:00'), ('at the beginning of next month', '2026-12-01 00:00'), ('the end of the month', '2026-11-21 00:00'), ('end of December', '2026-12-21 00:00'),
	('mid-January', '2027-01-11 00:00'), ('in January', '2027-01-01 00:00'), ('next year', '2027-01-01 00:00'), ('in the new year', '2027-01-01 00:00'), ('in a year', '2027-11-20 00:00'),
	('after the 15th', '2026-12-16 00:00'), ('after Monday', '2026-11-24 00:00'), ('after Christmas', '2026-12-26 00:00'), ('after Thanksgiving', '2026-11-27 00:00'),
	-- whose day nobody can tell from the words, and who wants none
	('after the holidays', 'a person'), ('when I am back from vacation', 'a person'), ('in the spring', 'a person'), ('once the surgery is over', 'a person'), ('some day', 'a person'),
	('when my wife is home', 'a person'), ('once the cast is off', 'a person'), ('after my shift', 'a person'), ('as soon as I have the papers', 'a person'), ('when you can', 'the delay'), ('as soon as possible', 'the delay'),
	('on the fifth', '2026-12-05 00:00'), ('Thursday week', '2026-12-03 00:00'), ('never', 'a person'), ('don''t call me again', 'a person'), ('do not call', 'a person'),
	-- where they are, what they ask, or who, says nothing of it
	('I''m at the hospital, call me in two hours', '2026-11-20 18:10'), ('I am on a trip, try again in half an hour', '2026-11-20 16:40'), ('not in an hour, after the holidays', 'a person'),
	('May I get a call at 5', '2026-11-20 17:00'), ('may we talk at 5', '2026-11-20 17:00'), ('April is back at 5', '2026-11-20 17:00'), ('June is here at 5', '2026-11-20 17:00'),
	('Julio is back at 3', '2026-11-21 15:00'), ('Ask for Noel, after 5', '2026-11-20 17:00'), ('Mr Domingo is in at 5', '2026-11-20 17:00'), ('Abril is out, call at 5', '2026-11-20 17:00'),
	('May', '2027-05-01 00:00'), ('May is better', '2027-05-01 00:00'), ('January or so', '2027-01-01 00:00'), ('until May when I am back', '2027-06-01 00:00'), ('after April or so', '2027-05-01 00:00'),
	-- a part of a day
	('in the morning', '2026-11-21 00:00'), ('first thing in the morning', '2026-11-21 00:00'), ('not in the morning', 'the delay'), ('in the evening', '2026-11-20 17:00'),
	('after work', '2026-11-20 17:00'), ('tomorrow at lunch time', '2026-11-21 12:00'), ('evenings are best', '2026-11-20 17:00'), ('I work nights, afternoons only', '2026-11-21 12:00'),
	('Monday, not in the morning', '2026-11-23 00:00'),
	-- an hour
	('at 3 on Monday', '2026-11-23 15:00'), ('at 4 please', '2026-11-21 16:00'), ('around 5', '2026-11-20 17:00'), ('5 o''clock tomorrow', '2026-11-21 17:00'), ('3ish', '2026-11-21 15:00'),
	('half past three', '2026-11-21 15:30'), ('a quarter past ten on Monday', '2026-11-23 10:15'), ('quarter to five tomorrow', '2026-11-21 16:45'), ('after 6', '2026-11-20 18:00'),
	('between 2 and 4', '2026-11-21 14:00'), ('before 5 pm tomorrow', 'the delay'), ('don''t call before 10 am', '2026-11-21 10:00'), ('not before noon', '2026-11-21 12:00'),
	('don''t call me after 9 pm', 'the delay'), ('not at 3, at 5 tomorrow', '2026-11-21 17:00'), ('I''m busy until 6', '2026-11-20 18:00'), ('Mon at 3', '2026-11-23 15:00'),
	('in an hour and a half', '2026-11-20 17:40'), ('give me 10 minutes', '2026-11-20 16:20'), ('in about an hour', '2026-11-20 17:10'), ('a few hours from now', '2026-11-20 19:10'),
	('in a couple of hours', '2026-11-20 18:10'), ('I''m in a meeting for two hours', '2026-11-20 18:10'),
	-- nothing of all that
	('later', 'the delay'), ('later today', 'the delay'), ('in a bit', 'the delay'), ('I am busy right now', 'the delay'), ('any time', 'the delay'), ('this week', 'the delay'),
	('later in the day', 'the delay'), ('before Friday', 'the delay'), ('by the end of the week', 'the delay'), ('not on Monday', 'the delay'), ('the sun is out, call me later', 'the delay');
SELECT p.phrase, p.want, t.at FROM phrases p CROSS JOIN LATERAL (SELECT pg_temp.called_back(jsonb_build_object('date', '', 'time', '', 'phrase', p.phrase)) AS at) t
WHERE t.at IS DISTINCT FROM p.want;
-- what a model has heard counts, unless the words rule its day out
SELECT v.data, v.want, t.at
FROM (VALUES ('{"date": "2026-11-20", "phrase": "not today"}', '2026-11-21 00:00'), ('{"date": "2026-11-21", "phrase": "next week"}', '2026-11-23 00:00'),
	('{"date": "2026-11-24", "time": "10:00", "phrase": "sometime next week"}', '2026-11-24 10:00'), ('{"date": "2027-01-04", "phrase": "after the holidays"}', '2027-01-04 00:00'),
	('{"date": "2026-11-20", "time": "18:00", "phrase": "after the holidays"}', 'a person'), ('{"time": "18:10", "phrase": "in a month"}', '2026-12-20 18:10'),
	('{"date": "2026-12-22", "time": "18:10", "phrase": "in a month"}', '2026-12-22 18:10'), ('{"time": "15:00", "phrase": "not before Monday"}', '2026-11-23 15:00'),
	('{"date": "2026-11-24", "time": "15:00", "phrase": "rappelez mon bureau mardi"}', '2026-11-24 15:00')) AS v(data, want)
CROSS JOIN LATERAL (SELECT pg_temp.called_back(v.data::jsonb) AS at) t WHERE t.at IS DISTINCT FROM v.want;
-- what was heard and cannot be is never rung within the hour; a day without an hour and without the person's words is no call in the night
SELECT v.data, v.want, t.at
FROM (VALUES ('{"date": "next Frisday", "time": "N/A"}', 'a person'), ('{"date": "2026-13-45"}', 'a person'), ('{"date": "12/34/2026", "phrase": "call me then"}', 'a person'),
	('{"time": "half past quarter"}', 'a person'), ('{"date": "2026-11-19", "time": "10:00"}', 'a person'), ('{"date": "2026-11-19"}', 'a person'), ('{"date": "2206-11-21", "time": "10:00"}', 'a person'),
	('{"date": "2026-12-04"}', 'a person'), ('{"date": "2026-12-04", "time": "00:00"}', 'a person'), ('{"date": "2026-12-04", "time": "N/A", "phrase": "Friday two weeks from now"}', '2026-12-04 00:00'),
	('{"date": "2026-12-04", "time": "", "phrase": "December 4th, at eight in the evening"}', '2026-12-04 20:00'), ('{"phrase": "llámeme cuando vuelva mi esposa"}', 'a person'), ('{"phrase": "cuando pueda"}', 'the delay'),
	('{"date": "2026-11-20"}', 'the delay'), ('{"date": "N/A", "time": "not specified"}', 'the delay'), ('{"date": "null", "time": "unknown", "phrase": ""}', 'the delay'),
	('{"phrase": "yesterday"}', 'a person'), ('{"date": "yesterday", "phrase": "yesterday"}', 'a person'), ('{"phrase": "Blursday"}', 'a person'), ('{"phrase": "two days ago"}', 'a person'), ('{"phrase": "N/A"}', 'the delay'),
	('{"time": "any time"}', 'the delay'), ('{"requested": true, "unproved": true}', 'a person'), ('true', 'the delay')) AS v(data, want)
CROSS JOIN LATERAL (SELECT pg_temp.called_back(v.data::jsonb) AS at) t WHERE t.at IS DISTINCT FROM v.want;
-- a zone may be said behind an hour or by its whole name; a street is none, and nor are the words of another language
SELECT v.said, v.want, z.zone
FROM (VALUES ('3 o''clock Pacific', 'America/Los_Angeles'), ('3 pm pst', 'America/Los_Angeles'), ('three in the afternoon Pacific time', 'America/Los_Angeles'),
	('at 3 pacific please', 'America/Los_Angeles'), ('noon Eastern', 'America/New_York'), ('3pm est', 'America/New_York'), ('3 p.m. et', 'America/New_York'), ('10 am (ET)', 'America/New_York'),
	('half past 3 Mountain', 'America/Denver'), ('3:30 central tomorrow', 'America/Chicago'), ('3 pm West Coast time', 'America/Los_Angeles'), ('Central European Time at 3', 'Europe/Berlin'),
	('at 3 pm London time', 'Europe/London'), ('3 pm GMT+1', 'Etc/GMT-1'), ('a las 3 hora de Madrid', 'Europe/Madrid'),
	('45 Mountain Road', 'Asia/Tokyo'), ('120 Central Avenue', 'Asia/Tokyo'), ('we are at 9 Eastern Parkway, call at 3', 'Asia/Tokyo'), ('10 Central Park West at 3', 'Asia/Tokyo'),
	('I live on Pacific, call at 3', 'Asia/Tokyo'), ('CT scan at 3 pm', 'Asia/Tokyo'), ('10:00 please', 'Asia/Tokyo')) AS v(said, want)
CROSS JOIN LATERAL (SELECT voiceagent_private.resolve_zone(ARRAY[v.said], NULL, 'Asia/Tokyo', '2026-11-20 16:10-05', 'en') AS zone) z WHERE z.zone IS DISTINCT FROM v.want;
SELECT v.said, voiceagent_private.resolve_zone(ARRAY[v.said], NULL, 'Asia/Tokyo', '2026-11-20 16:10-05', v.language) AS zone
FROM (VALUES ('fr', 'à 15h est possible'), ('fr', 'demain à trois heures est bien'), ('fr', '15h et 16h'), ('de', '15:00 ist gut'), ('es', 'a las 3 est')) AS v(language, said);
-- who has the hours of a zone by its letters means the own
SELECT v.own, v.said, voiceagent_private.resolve_zone(ARRAY[v.said], v.heard, v.own, '2026-07-20 16:10-05') AS zone
FROM (VALUES ('America/Phoenix', 'at 3 MST', NULL), ('America/Phoenix', 'at 3 Pacific', NULL), ('Europe/London', 'at 3 GMT', NULL), ('America/Detroit', 'at 3 pm EST', NULL), ('Asia/Shanghai', 'at 3 pm CST', NULL),
	('Asia/Kolkata', 'at 3', 'UTC+5:30'), ('America/New_York', 'at 3', 'UTC+5:30'), ('Asia/Kolkata', 'at 3', 'IST'), ('America/New_York', 'at 3', 'GMT-05:00')) AS v(own, said, heard);
-- it is by the clock of that zone that they are called, whoever has named it; of one that nobody can tell the day counts
SELECT v.data, v.want, t.at
FROM (VALUES ('{"phrase": "tomorrow at 3 pm pst"}', '2026-11-21 18:00'), ('{"phrase": "at 3 Pacific tomorrow"}', '2026-11-21 18:00'), ('{"phrase": "at 5 PST"}', '2026-11-20 20:00'),
	('{"phrase": "three in the afternoon Pacific time tomorrow"}', '2026-11-21 18:00'), ('{"phrase": "tomorrow at 3 Eastern"}', '2026-11-21 15:00'),
	('{"date": "2026-11-23", "time": "17:00", "timezone": "America/Los_Angeles"}', '2026-11-23 20:00'), ('{"date": "2026-11-23", "time": "15:00", "timezone": "Pacific"}', '2026-11-23 18:00'),
	('{"date": "2026-11-23", "time": "15:00", "timezone": "IST"}', 'a person'), ('{"date": "2026-11-23", "time": "15:00", "timezone": "local"}', '2026-11-23 15:00'),
	('{"phrase": "we are at 9 Eastern Parkway, call Monday at 3"}', '2026-11-23 15:00'), ('{"phrase": "call me at 45 Mountain Road tomorrow at 3"}', '2026-11-21 15:00')) AS v(data, want)
CROSS JOIN LATERAL (SELECT pg_temp.called_back(v.data::jsonb) AS at) t WHERE t.at IS DISTINCT FROM v.want;
-- in Spanish, French and German, where nobody has heard a date, be the talk's language another
SELECT v.phrase, v.want, t.at
FROM (VALUES ('mañana a las tres de la tarde', '2026-11-21 15:00'), ('el lunes a las 10', '2026-11-23 10:00'), ('pasado mañana a las 5 de la tarde', '2026-11-22 17:00'), ('no antes de las 5', '2026-11-20 17:00'),
	('no me llame hoy', '2026-11-21 00:00'), ('no me llame antes del lunes', '2026-11-23 00:00'), ('hasta el viernes no puedo', '2026-11-28 00:00'), ('estoy fuera hasta el viernes', '2026-11-28 00:00'), ('la próxima semana a las tres de la tarde', 'a person'), ('la próxima semana', '2026-11-23 00:00'),
	('en un mes', '2026-12-20 00:00'), ('dentro de dos semanas', '2026-12-04 00:00'), ('en dos horas', '2026-11-20 18:10'), ('a fin de mes', '2026-11-21 00:00'), ('en febrero', '2027-02-01 00:00'),
	('en julio', '2027-07-01 00:00'), ('no antes de abril', '2027-04-01 00:00'), ('el 5 de julio', '2027-07-05 00:00'), ('el domingo por la tarde', '2026-11-22 12:00'), ('domingo a las 10', '2026-11-22 10:00'),
	('en avril', '2027-04-01 00:00'), ('le 5 avril', '2027-04-05 00:00'), ('après Noël', '2026-12-26 00:00'),
	('después de Navidad', '2026-12-26 00:00'), ('después de las fiestas', 'a person'), ('nunca', 'a person'), ('esta noche', '2026-11-20 17:00'), ('más tarde', 'the delay'),
	('demain à 15 heures', '2026-11-21 15:00'), ('lundi soir', '2026-11-23 17:00'), ('après-demain à midi', '2026-11-22 12:00'), ('pas aujourd''hui', '2026-11-21 00:00'), ('pas avant lundi', '2026-11-23 00:00'),
	('pas avant février', '2027-02-01 00:00'), ('la semaine prochaine', '2026-11-23 00:00'), ('dans un mois', '2026-12-20 00:00'), ('dans 2 heures', '2026-11-20 18:10'),
	('je suis en vacances jusqu''au 5 décembre', '2026-12-06 00:00'), ('après les vacances', 'a person'), ('plus tard', 'the delay'),
	('morgen früh', '2026-11-21 00:00'), ('morgen um halb vier', '2026-11-21 15:30'), ('übermorgen um 10 Uhr', '2026-11-22 10:00'), ('Mittwoch um 15 Uhr ist gut', '2026-11-25 15:00'), ('heute nicht', '2026-11-21 00:00'),
	('nicht vor Montag', '2026-11-23 00:00'), ('nicht vor Februar', '2027-02-01 00:00'), ('bis Freitag bin ich weg', '2026-11-28 00:00'), ('ab Dienstag', '2026-11-24 00:00'), ('nächste Woche', '2026-11-23 00:00'),
	('in einem Monat', '2026-12-20 00:00'), ('in einer Stunde', '2026-11-20 17:10'), ('heute Abend um 8', '2026-11-20 20:00'), ('am Wochenende', '2026-11-21 00:00'), ('nach Weihnachten', '2026-12-26 00:00'),
	('nach dem Urlaub', 'a person'), ('später', 'the delay'), ('until Friday I can''t talk', '2026-11-28 00:00'), ('jusqu''à vendredi je ne peux pas', '2026-11-28 00:00'), ('nächste Woche um 15 Uhr', 'a person'), ('la semaine prochaine à 15 heures', 'a person')) AS v(phrase, want)
CROSS JOIN LATERAL (SELECT pg_temp.called_back(jsonb_build_object('phrase', v.phrase)) AS at) t WHERE t.at IS DISTINCT FROM v.want;
-- "el 3" is a day in Spanish, whatever an English table makes of it; words that need a language have it
SELECT v.language, v.phrase, voiceagent_private.callback_time(jsonb_build_object('callback', jsonb_build_object('phrase', v.phrase)), 'America/New_York', '2026-11-20 16:10-05', v.language)
	AT TIME ZONE 'America/New_York' AS at
FROM (VALUES ('es-MX', 'el 3 a las 4'), ('fr-FR', 'lundi en huit à quatorze heures trente'), ('de-DE', 'am Donnerstag um dreiviertel vier'), ('de-DE', 'in ein paar Tagen'), ('es-ES', 'dentro de unos días'),
	('fr-FR', 'dans quelques semaines'), ('it-IT', 'tomorrow at 3 pm'), ('es-ES', 'tomorrow at 3 pm'), (NULL, 'mañana a las tres'), ('en', 'nunca'), ('fr-FR', 'plus jamais')) AS v(language, phrase);
-- nothing that a person says takes long: words of any length, in any order
SELECT v.n, voiceagent_private.callback_time(jsonb_build_object('callback', jsonb_build_object('phrase', v.words, 'date', v.words, 'time', v.words, 'timezone', v.words)), 'America/New_York',
	'2026-11-20 16:10-05') IS NULL AS none
FROM (VALUES (1, repeat('not before Monday or ', 50000)), (2, repeat('2026-11-23T16:00', 60000)), (3, repeat('a', 1000000)), (4, repeat('IST ', 250000)), (5, repeat('at 3, no, ', 100000)), (6, repeat('é', 500000))) v(n, words);
