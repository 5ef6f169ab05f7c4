-- 45_campaign: calling windows against the wall clock, every five minutes (all edges here lie on those). Nothing here reads the clock.
\set VERBOSITY terse

CREATE FUNCTION pg_temp.window_at(zones text[], hours jsonb, at timestamptz, OUT opens_at timestamptz, OUT closes_at timestamptz) LANGUAGE sql AS $$
	SELECT * FROM voiceagent_private.window_of(zones, voiceagent_private.hours_windows(hours), at) $$;
-- Obviously right and slow: an instant is open if every zone's wall clock lies in a span of its weekday.
CREATE FUNCTION pg_temp.is_open(zones text[], hours jsonb, at timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT bool_and(EXISTS (
		SELECT FROM jsonb_array_elements(hours -> to_char(at AT TIME ZONE z, 'dy')) s
		WHERE to_char(at AT TIME ZONE z, 'HH24:MI') >= s ->> 0 AND to_char(at AT TIME ZONE z, 'HH24:MI') < s ->> 1))
	FROM unnest(zones) z
$$;

-- What the wall clock says: the first open one from at on, and the first closed one after that.
CREATE FUNCTION pg_temp.slow_window(zones text[], hours jsonb, at timestamptz, days int, OUT opens timestamptz, OUT closes timestamptz)
LANGUAGE plpgsql STABLE AS $$
BEGIN
	SELECT min(m) INTO opens FROM generate_series(at, at + days * interval '1 day', interval '5 minutes') m
	WHERE pg_temp.is_open(zones, hours, m);
	SELECT min(m) INTO closes FROM generate_series(opens, opens + interval '26 hours', interval '5 minutes') m
	WHERE NOT pg_temp.is_open(zones, hours, m);
END
$$;

CREATE TEMP TABLE hours (name text, hours jsonb);
INSERT INTO hours VALUES
	('week', '{"mon":[["10:00","19:00"]],"tue":[["10:00","19:00"]],"wed":[["10:00","19:00"]],"thu":[["10:00","19:00"]],"fri":[["10:00","19:00"]],"sat":[["10:00","19:00"]]}'),
	('noon break', '{"sun":[["09:00","12:00"],["13:30","24:00"]],"mon":[["00:00","02:45"],["21:00","24:00"]]}'),
	('small hours', '{"sat":[["01:30","03:15"]],"sun":[["01:30","03:15"]]}');

CREATE TEMP TABLE zones (name text, zones text[]);
INSERT INTO zones VALUES
	('New York', '{America/New_York}'), ('Kolkata', '{Asia/Kolkata}'), ('Kathmandu', '{Asia/Kathmandu}'),
	('St. John''s', '{America/St_Johns}'), ('Lord Howe', '{Australia/Lord_Howe}'), ('Chatham', '{Pacific/Chatham}'),
	('Apia', '{Pacific/Apia}'),
	('Chicago and Denver', '{America/Chicago,America/Denver}'), ('all of the US', '{America/New_York,America/Los_Angeles}');

-- Saturdays and Sundays of both changes of daylight saving, in the north and in the south, and a plain week.
CREATE TEMP TABLE instants (at timestamptz);
INSERT INTO instants VALUES ('2027-03-13 23:00+00'), ('2027-03-14 06:40+00'), ('2027-11-06 20:00+00'), ('2027-11-07 05:50+00'),
	('2027-11-07 06:10+00'), ('2027-04-03 14:30+00'), ('2027-10-02 15:00+00');

-- No difference is well. A window that is open already began before, so only its end is compared then.
SELECT h.name, z.name, i.at, w.opens_at, s.opens, w.closes_at, s.closes
FROM hours h CROSS JOIN zones z CROSS JOIN instants i
CROSS JOIN LATERAL pg_temp.window_at(z.zones, h.hours, i.at) w
CROSS JOIN LATERAL pg_temp.slow_window(z.zones, h.hours, i.at, 2) s
WHERE CASE WHEN s.opens IS NULL THEN w.opens_at < i.at + interval '2 days'
	ELSE greatest(w.opens_at, i.at) <> s.opens OR w.closes_at <> s.closes END;
-- and a window's own beginning
SELECT h.name, z.name, i.at FROM hours h CROSS JOIN zones z CROSS JOIN instants i
CROSS JOIN LATERAL pg_temp.window_at(z.zones, h.hours, i.at) w
WHERE isfinite(w.opens_at) AND w.opens_at > i.at - interval '1 day'
	AND (NOT pg_temp.is_open(z.zones, h.hours, w.opens_at) OR pg_temp.is_open(z.zones, h.hours, w.opens_at - interval '1 minute'));
-- the test says something: how many of the cases were open at once, later, and not within two weeks
SELECT count(*) FILTER (WHERE w.opens_at <= i.at) AS open_now, count(*) FILTER (WHERE w.opens_at > i.at AND isfinite(w.opens_at)) AS later,
	count(*) FILTER (WHERE w.opens_at = 'infinity') AS never
FROM hours h CROSS JOIN zones z CROSS JOIN instants i CROSS JOIN LATERAL pg_temp.window_at(z.zones, h.hours, i.at) w;

-- The default hours: never on a Sunday, and by the lead's clock
SET timezone = 'UTC';
\set week '{"start":"10:00","end":"19:00","days":["mon","tue","wed","thu","fri","sat"]}'
SELECT * FROM pg_temp.window_at('{America/New_York}', :'week', '2027-06-18 15:00+00');
SELECT * FROM pg_temp.window_at('{America/New_York}', :'week', '2027-06-19 23:00+00');
SELECT * FROM pg_temp.window_at('{America/New_York,America/Los_Angeles}', :'week', '2027-06-18 15:00+00');
-- a spring Sunday has 23 hours, an autumn one 25
SELECT closes_at - opens_at AS length FROM pg_temp.window_at('{America/New_York}', '{"sun":[["00:00","24:00"]]}', '2027-03-14 12:00+00');
SELECT closes_at - opens_at AS length FROM pg_temp.window_at('{America/New_York}', '{"sun":[["00:00","24:00"]]}', '2027-11-07 12:00+00');
-- around the clock: asked again after two weeks
SELECT opens_at <= '2027-06-18 15:00+00' AS open, closes_at - '2027-06-18 15:00+00' AS for FROM pg_temp.window_at('{Asia/Tokyo}', '{"start":"00:00","end":"24:00"}', '2027-06-18 15:00+00');

-- Fails closed: unknown zones, POSIX rules, hours that cannot be read, no common hour
SELECT z, (pg_temp.window_at(z, :'week', '2027-06-18 15:00+00')).*
FROM (VALUES ('{Mars/Olympus}'::text[]), ('{UTC-3}'), ('{EST}'), ('{America/New_York,Nowhere}'), ('{""}'), ('{NULL}'), (NULL), ('{../../etc/passwd}'),
	('{UTC,Pacific/Auckland}')) AS t(z);
SELECT h, (pg_temp.window_at('{UTC}', h::jsonb, '2027-06-18 15:00+00')).*
FROM (VALUES ('{}'), ('[]'), ('7'), ('null'), (NULL), ('{"start":"19:00","end":"10:00"}'), ('{"start":"10:00"}'), ('{"start":"10:00","end":"25:00"}'),
	('{"start":"10:00","end":"19:00","days":["fry"]}'), ('{"mon":"all"}'), ('{"mon":[["10:00"]]}'), ('{"mon":[[10,12]]}'), ('{"fri":[["10:00","19:00"]],"xyz":[["10:00","19:00"]]}')) AS t(h);
-- Accepted means callable: what a lead may have, settings take and has a window, under the name that the server gives it
SELECT z, voiceagent_private.timezone_name(z) AS name, voiceagent_private.is_timezone(z),
	isfinite((pg_temp.window_at(ARRAY[voiceagent_private.timezone_name(z)], :'week', '2027-06-18 15:00+00')).opens_at) AS opens
FROM (VALUES ('UTC'), ('GMT'), ('gmt'), ('Etc/GMT+5'), ('Etc/GMT+13'), ('Etc/GMT5X'), ('Etc/GMTX5'), ('america/new_york'), ('EST'), ('EST5'), ('UTC-3'), ('Mars/Olympus'), ('America/New_York:'), (''), (NULL)) AS t(z);
-- Nobody knows where: only around the clock, on all days
SELECT (pg_temp.window_at('{}', :'week', '2027-06-18 15:00+00')).*;
SELECT opens_at <= '2027-06-18 15:00+00' AS open FROM pg_temp.window_at('{}', '{"start":"00:00","end":"24:00"}', '2027-06-18 15:00+00');
SELECT * FROM pg_temp.window_at('{UTC}', :'week', 'infinity');
