-- The law as data: what each place's rules come to (the strictest of country and states), holidays that move, and who
-- may change it: administrators, towards stricter only.
\set VERBOSITY terse
SET client_min_messages = warning;
SELECT set_config('voiceagent.clock_offset', extract(epoch FROM timestamptz '2027-06-01 12:00+00' - now())::text, false) IS NOT NULL AS clock;

-- Every place has a day on which one may call, and its rules can be read.
SELECT r.jurisdiction FROM (SELECT DISTINCT jurisdiction FROM voiceagent_private.law_rules) r
WHERE (voiceagent_private.resolve_terms(CASE r.jurisdiction WHEN '*' THEN '' ELSE r.jurisdiction END, '2027-06-01')).windows = '{}';
SELECT jurisdiction, rule FROM voiceagent_private.law_rules
WHERE voiceagent_private.describe_rule(rule, value) IS NULL OR source = '' OR rule = 'hours' AND voiceagent_private.check_hours(value - 'eve') <> value - 'eve';
SELECT jurisdiction FROM voiceagent_private.law_rules WHERE voiceagent_private.check_jurisdiction(jurisdiction) <> jurisdiction;
-- All that is written down; a rule that goes, or comes, must be seen.
SELECT count(DISTINCT jurisdiction) AS jurisdictions, count(*) AS rules, md5(string_agg(jurisdiction || rule || value::text, ',' ORDER BY jurisdiction COLLATE "C", rule COLLATE "C")) AS all_of_them,
	voiceagent_private.law_version() AS version
FROM voiceagent_private.law_rules;

-- The strictest of a country and its states; of an area code of two states both; where nobody knows which state, of all;
-- where nobody knows anything, the cautious rules. (US- is the federal law by itself.)
CREATE FUNCTION pg_temp.hours(place text) RETURNS text LANGUAGE sql AS
$$ SELECT voiceagent_private.describe_hours((voiceagent_private.resolve_terms(place, '2027-06-01')).windows) $$;
SELECT p AS place, pg_temp.hours(p) AS hours
FROM unnest(ARRAY['US', 'US-', 'US-NY', 'US-NY|US-NJ', 'US-FL', 'US-CT|US-KY', 'US-LA|US-TX', 'US-RI', 'US-TX', 'CA', 'CA-ON', 'CA-NT|CA-NU|CA-YT', 'GB', 'FR', 'IN', 'BR', '', 'US-RI|CA-ON']) WITH ORDINALITY AS x(p, n) ORDER BY n;
SELECT (t).jurisdiction AS place, (t).calls_per_24h, (t).min_ring, (t).require_consent AS consent, (t).disclose_ai AS ai, (t).disclose_caller AS caller,
	(t).disclose_recording AS recording, (t).list_max_age, (t).list_retention, left((t).opt_out_text, 20) AS opt_out
FROM (SELECT voiceagent_private.resolve_terms(p, '2027-06-01') AS t, n
	FROM unnest(ARRAY['US', 'US-', 'US-FL', 'US-CA', 'US-NY|US-FL', 'GB', 'DE', 'FR', 'BR', '']) WITH ORDINALITY AS x(p, n)) y ORDER BY n;

-- Holidays that move, also over the year's end
SELECT r AS rule, array_to_string(voiceagent_private.holiday_dates(r, 2027), ' ') AS y2027, array_to_string(voiceagent_private.holiday_dates(r, 2028), ' ') AS y2028
FROM unnest(ARRAY['12-25', '12-25 observed', '12-25 observed monday', '12-25 observed next', '01-01 observed', '02-29', '4th thu nov', '4th thu nov+1', 'last mon may', '5th mon feb', '5th tue feb',
	'1st mon nov+1', 'easter', 'easter-2', 'easter+49', 'mon before 05-25', 'sat after 06-19', 'mon before 05-24', ' 4th   THU  nov ', '2027-10-29']) WITH ORDINALITY AS x(r, n) ORDER BY n;
SELECT voiceagent_private.holiday_dates(r, 2027) FROM unnest(ARRAY['13-01']) r;
SELECT voiceagent_private.holiday_dates('02-30', 2027);
SELECT voiceagent_private.holiday_dates('6th mon may', 2027);
SELECT voiceagent_private.holiday_dates('whenever', 2027);
SELECT voiceagent_private.holiday_dates(NULL, 2027);
SELECT voiceagent_private.holiday_dates('00-10', 2027);
-- Easter by another way of reckoning (Gauss's, for this century), 2000 to 2099
SELECT y FROM generate_series(2000, 2099) y, LATERAL (SELECT (19 * (y % 19) + 24) % 30 AS d) a, LATERAL (SELECT (2 * (y % 4) + 4 * (y % 7) + 6 * d + 5) % 7 AS e) b
WHERE voiceagent_private.easter(y) <> make_date(y, 3, 22) + d + e - CASE WHEN d = 29 AND e = 6 OR d = 28 AND e = 6 AND (11 * (y % 19) + 11) % 30 < 19 THEN 7 ELSE 0 END;
SELECT array_to_string((voiceagent_private.resolve_terms('US-RI', '2027-12-30')).holidays[1:3], ' ') AS over_new_year;
-- The hours of the day after a holiday are the day's own; the holiday is the callee's local date.
SELECT z, w.* FROM unnest(ARRAY['{America/New_York}', '{Pacific/Honolulu}', '{Asia/Tokyo}']::text[]) z,
	LATERAL voiceagent_private.window_within(z::text[], voiceagent_private.hours_windows('{"start":"10:00","end":"19:00"}'), '2027-12-25 06:00+00',
		voiceagent_private.hours_windows('{"start":"08:00","end":"12:00"}'), '{2027-12-25}') w;
-- Both Saturdays of two weeks closed: the third is found.
SELECT * FROM voiceagent_private.window_within('{UTC}', '{5,600,660}', '2027-12-20 00:00+00', '{5,0,1440}', '{2027-12-25,2028-01-01}');
-- A law that is none closes.
SELECT l, w.* FROM unnest(ARRAY[NULL, '{}', '{0,0}', '{0,600,600}', '{7,0,1440}']::text[]) l, LATERAL voiceagent_private.window_within('{UTC}', '{0,0,1440}', '2027-06-01', l::int[], '{}') w;
SELECT * FROM voiceagent_private.window_within('{UTC}', '{0,0,1440}', '2027-06-01', '{0,0,1440}', NULL);
SELECT * FROM voiceagent_private.window_within('{UTC}', '{0,0,1440}', '2027-06-01', '{0,0,1440}', ARRAY[NULL]::date[]);
SELECT * FROM voiceagent_private.window_within('{UTC}', '{0,0,1440}', '2027-06-01', '{0,0,1440}', '{infinity}');

-- A rule whose source nobody has opened says so, and binds as the others do.
SELECT status, bool_and(source_date IS NOT NULL) AS all_dated, bool_or(source_date IS NOT NULL) AS some_dated, bool_or(source LIKE 'none:%') AS without_source,
	bool_or(note ~ 'memory') AS memory, count(*) > 5 AS many FROM voiceagent.calling_rules WHERE tightened_by IS NULL GROUP BY 1 ORDER BY 1;
SELECT r.status, voiceagent.callable_hours('+1 317 555 0105', '2027-01-11 13:30+00') ->> 'callable' AS callable
FROM voiceagent.calling_rules r WHERE r.jurisdiction = 'US-IN' AND r.rule = 'hours';
-- Tightening: only stricter, only what can be read, only by the platform
BEGIN;
SELECT voiceagent.tighten_rule('us-fl', 'hours', '{"mon":[["09:00","12:00"],["13:00","18:00"]]}', 'storm');
SELECT pg_temp.hours('US-FL') AS florida, pg_temp.hours('US-FL|US-GA') AS both, pg_temp.hours('US-GA') AS georgia;
SELECT voiceagent.tighten_rule('US', 'holidays', '{"Christmas Eve":"12-24"}', 'our people rest');
SELECT voiceagent.tighten_rule('US', 'holidays', '["2027-07-02"]', 'our people rest');
SELECT array_to_string((voiceagent_private.resolve_terms('US-RI', '2027-06-20')).holidays[1:4], ' ') AS rhode_island;
SELECT voiceagent.tighten_rule('GB', 'calls_per_24h', '2', 'complaints'), voiceagent.tighten_rule('GB', 'calls_per_day', '1', 'complaints'), voiceagent.tighten_rule('GB', 'calls_lifetime', '9', 'complaints'),
	voiceagent.tighten_rule('US', 'disclose_ai', 'true', 'fair'), voiceagent.tighten_rule('US', 'min_ring', '"20 seconds"', 'fair'), voiceagent.tighten_rule('US', 'list_max_age', '604800', 'fair'),
	voiceagent.tighten_rule('US', 'list_retention', '"10 years"', 'fair'), voiceagent.tighten_rule('US', 'opt_out_text', '"Say stop."', 'short'), voiceagent.tighten_rule('*', 'calls_per_24h', '1', 'unknown law');
SELECT (t).jurisdiction AS place, (t).calls_per_day AS day, (t).calls_per_24h AS h24, (t).calls_lifetime AS life, (t).min_ring, (t).disclose_ai AS ai, (t).list_max_age, (t).list_retention, left((t).opt_out_text, 20) AS opt_out
FROM (SELECT voiceagent_private.resolve_terms(p, '2027-06-01') AS t, n FROM unnest(ARRAY['US-NY', 'GB', 'BR', 'US-FL']) WITH ORDINALITY AS x(p, n)) y ORDER BY n;
SELECT jurisdiction, rule, value, source, source_date IS NOT NULL AS dated, note, tightened_by IS NOT NULL AS by FROM voiceagent.calling_rules WHERE tightened_by IS NOT NULL;
SELECT action, object, old_value IS NOT NULL AS had, new_value FROM voiceagent_private.platform_audit_log WHERE action LIKE '%tighten_rule' ORDER BY audit_id;
SELECT voiceagent.untighten_rule('US-FL', 'hours'), voiceagent.untighten_rule('GB', 'calls_per_day');
SELECT pg_temp.hours('US-FL') AS florida;
SELECT count(*) FROM voiceagent_private.platform_audit_log WHERE action = 'untighten_rule' AND old_value IS NOT NULL AND new_value IS NULL;
ROLLBACK;

\set VERBOSITY default
\set SHOW_CONTEXT never
SELECT voiceagent.tighten_rule('US-FL', 'hours', '{"start":"08:00","end":"21:00"}', 'x');
SELECT voiceagent.tighten_rule('US-TX', 'hours', '{"sun":[["11:00","13:00"]]}', 'x');
SELECT voiceagent.tighten_rule('US', 'hours', '{"mon":[["09:00","12:00"],["11:00","18:00"]]}', 'x');
SELECT voiceagent.tighten_rule('US', 'hours', '{"mon":[["09:00","09:00"]]}', 'x');
SELECT voiceagent.tighten_rule('US', 'hours', '{"mon":[]}', 'x');
SELECT voiceagent.tighten_rule('US', 'hours', '{"someday":[["09:00","10:00"]]}', 'x');
SELECT voiceagent.tighten_rule('US', 'hours', 'null', 'x');
SELECT voiceagent.tighten_rule('US', 'holidays', '["whenever"]', 'x');
SELECT voiceagent.tighten_rule('US', 'holidays', '{}', 'x');
SELECT voiceagent.tighten_rule('US', 'holidays', '"12-24"', 'x');
SELECT voiceagent.tighten_rule('US', 'holidays', '[null]', 'x');
SELECT voiceagent.tighten_rule('GB', 'calls_per_24h', '4', 'x');
SELECT voiceagent.tighten_rule('GB', 'calls_per_24h', '0', 'x');
SELECT voiceagent.tighten_rule('GB', 'calls_per_24h', '1.5', 'x');
SELECT voiceagent.tighten_rule('GB', 'calls_per_24h', NULL, 'x');
SELECT voiceagent.tighten_rule('US', 'min_ring', '"10 seconds"', 'x');
SELECT voiceagent.tighten_rule('US', 'min_ring', '"1 hour"', 'x');
SELECT voiceagent.tighten_rule('US', 'min_ring', '"long"', 'x');
SELECT voiceagent.tighten_rule('US', 'list_max_age', '"32 days"', 'x');
SELECT voiceagent.tighten_rule('US', 'list_retention', '"1 year"', 'x');
SELECT voiceagent.tighten_rule('US', 'require_consent', 'false', 'x');
SELECT voiceagent.tighten_rule('US', 'opt_out_text', '" "', 'x');
SELECT voiceagent.tighten_rule('US', 'moon', '1', 'x');
SELECT voiceagent.tighten_rule('XX', 'require_consent', 'true', 'x');
SELECT voiceagent.tighten_rule('US-ZZ', 'require_consent', 'true', 'x');
SELECT voiceagent.tighten_rule('US-NY|US-NJ', 'require_consent', 'true', 'x');
SELECT voiceagent.tighten_rule('Europe/Berlin', 'require_consent', 'true', 'x');
SELECT voiceagent.tighten_rule(NULL, 'require_consent', 'true', 'x');
SELECT voiceagent.tighten_rule('US', 'require_consent', 'true', ' ');
SELECT voiceagent.untighten_rule('US', 'hours');
SELECT voiceagent.untighten_rule('US', 'moon');
SELECT count(*) AS half_done FROM voiceagent_private.law_tightenings;
-- Two that leave nothing between them: the second is refused whole.
BEGIN;
SELECT voiceagent_private.store_terms('{US-FL,US}', voiceagent.clock());
-- (a number of an unknown state may be left none)
SELECT voiceagent.tighten_rule('US-FL', 'hours', '{"start":"18:00","end":"19:00"}', 'x');
SELECT voiceagent_private.describe_hours(windows) FROM voiceagent_private.jurisdiction_terms WHERE jurisdiction = 'US';
SELECT voiceagent.untighten_rule('US-FL', 'hours');
SELECT voiceagent.tighten_rule('US', 'hours', '{"start":"09:00","end":"10:00"}', 'x');
SELECT voiceagent.tighten_rule('US-FL', 'hours', '{"start":"12:00","end":"13:00"}', 'x');
ROLLBACK;

-- A tenant reads the law, and cannot change it.
SELECT voiceagent.create_tenant('Law readers') AS tenant \gset
CREATE ROLE regress_law LOGIN;
SELECT voiceagent.map_role('regress_law', :tenant);
SELECT voiceagent.tighten_rule('US-FL', 'calls_per_24h', '2', 'for the test') AS tightened;
SET SESSION AUTHORIZATION regress_law;
SELECT jurisdiction, rule, value, note, tightened_by FROM voiceagent.calling_rules WHERE jurisdiction = 'US-FL' AND rule LIKE 'calls%';
SELECT voiceagent.tighten_rule('US', 'require_consent', 'true', 'x');
SELECT voiceagent.untighten_rule('US-FL', 'calls_per_24h');
SELECT c ->> 'jurisdiction' AS place, c ->> 'hours' AS hours, c ->> 'callable' AS callable, c ->> 'opens_at' AS opens_at, c ->> 'closes_at' AS closes_at
FROM voiceagent.callable_hours('(305) 555-0123', '2027-01-01 12:00+00') c;
-- A number that may lie in several zones has the hours that all of them allow: overlays (448, 364, 930, 729), an area code of two
-- zones whatever its exchange (812, 219, 605, 906, 423, 928), mobiles of a whole country; 689 and 407 are Orlando, which has one.
SELECT n AS number, (c ->> 'opens_at')::timestamptz AT TIME ZONE 'UTC' AS opens, (c ->> 'closes_at')::timestamptz AT TIME ZONE 'UTC' AS closes,
	translate(c ->> 'timezones', '"[]', '') AS zones
FROM unnest(ARRAY['+1 448 234 5678', '+1 850 234 5678', '+1 689 234 5678', '+1 407 234 5678', '+1 364 234 5678', '+1 930 234 5678', '+1 812 234 5678',
	'+1 219 234 5678', '+1 605 234 5678', '+1 906 234 5678', '+1 423 234 5678', '+1 729 234 5678', '+1 928 234 5678', '+7 924 123 4567', '+61 412 345 678',
	'+62 812 3456 7890', '+34 612 345 678', '+34 912 345 678']) WITH ORDINALITY AS x(n, i), LATERAL voiceagent.callable_hours(n, '2026-12-01 12:50+00') c ORDER BY i;
-- Canada's west does not change its clock any more: whatever this server's time zones know of it, nobody is called after 21:30.
SELECT n AS number, (c ->> 'closes_at')::timestamptz AT TIME ZONE 'UTC' AS closes
FROM unnest(ARRAY['+1 604 234 5678', '+1 204 234 5678']) AS n, LATERAL voiceagent.callable_hours(n, '2026-12-01 20:00+00') c;
SELECT voiceagent.callable_hours('12');
SELECT count(*) FROM voiceagent_private.law_rules;
RESET SESSION AUTHORIZATION;
SELECT voiceagent.untighten_rule('US-FL', 'calls_per_24h');
SELECT voiceagent.unmap_role('regress_law');
DROP ROLE regress_law;

-- The shipped rules can all be read and leave no hole; who breaks the table by hand is told by invariants().
BEGIN;
SELECT * FROM voiceagent_private.check_law();
INSERT INTO voiceagent_private.law_rules (jurisdiction, rule, value, source, source_date) VALUES
	('US-MARS', 'hours', '{"start":"09:00","end":"20:00"}', 'test', '2026-01-01'),
	('DE', 'calls_lifetime', '"many"', 'test', '2026-01-01');
UPDATE voiceagent_private.law_rules SET value = '{"mon":[["09:00","13:00"],["12:00","18:00"]]}' WHERE jurisdiction = 'US-TX' AND rule = 'hours';
UPDATE voiceagent_private.law_rules SET value = '{"x":"25th of never"}' WHERE jurisdiction = 'US-AL' AND rule = 'holidays';
DELETE FROM voiceagent_private.law_rules WHERE jurisdiction = '*' AND rule = 'hours';
SELECT * FROM voiceagent_private.check_law() ORDER BY 1, 2;
SELECT count(*) AS told FROM voiceagent.invariants() WHERE invariant LIKE 'the law %';
-- a hole calls nobody
SELECT (voiceagent_private.resolve_terms('BR', '2026-11-20 15:00+00')).windows;
ROLLBACK;
SELECT voiceagent.callable_hours('(305) 555-0123', 'infinity');

-- A change of law is a row with its day, which is that of the telephone: the day before, the day of, the day after, where two
-- zones have two dates, and for a number of an unknown place, which has the rules of both days.
BEGIN;
CREATE FUNCTION pg_temp.rule(rule text, value jsonb, first date, last date DEFAULT 'infinity') RETURNS void LANGUAGE sql AS $$
	INSERT INTO voiceagent_private.law_rules (jurisdiction, rule, value, source, source_date, effective_from, effective_until)
	VALUES ('XB', rule, value, 'Act of ' || first, '2026-01-01', first, last) $$;
SELECT pg_temp.rule('hours', '{"start":"09:00","end":"20:00"}', '-infinity', '2027-06-09'), pg_temp.rule('hours', '{"start":"10:00","end":"18:00"}', '2027-06-10'),
	pg_temp.rule('holidays', '{"a":"06-08","b":"06-12"}', '-infinity', '2027-06-09'), pg_temp.rule('holidays', '{"a":"06-08","c":"06-14"}', '2027-06-10'),
	pg_temp.rule('calls_per_24h', '5', '-infinity', '2027-06-09'), pg_temp.rule('calls_per_24h', '2', '2027-06-10', '2027-06-30'), pg_temp.rule('calls_per_24h', '4', '2027-07-01'),
	pg_temp.rule('require_consent', 'false', '-infinity', '2027-06-09');
CREATE TEMP TABLE asked AS SELECT at, z FROM unnest('{2027-06-09 12:00+00,2027-06-09 22:30+00,2027-06-10 12:00+00,2027-06-11 12:00+00,2027-07-02 00:00+00}'::timestamptz[]) at,
	unnest(ARRAY['{America/New_York}', '{Europe/Paris}', '{America/New_York,Europe/Paris}', NULL]::text[]) z;
SELECT a.z AS zones, to_char(a.at AT TIME ZONE 'UTC', 'MM-DD HH24:MI') AS utc, t.calls_per_24h, t.require_consent AS consent FROM asked a,
	LATERAL voiceagent_private.resolve_terms('XB', a.at, true, a.z::text[]) t ORDER BY 1 NULLS LAST, 2;
-- what is kept says the same, whenever it was resolved
SELECT voiceagent_private.store_terms('{XB}', '2027-06-01 12:00+00');
SELECT count(*) AS others FROM asked a, LATERAL voiceagent_private.terms_of('XB', a.at, a.z::text[]) t, LATERAL voiceagent_private.resolve_terms('XB', a.at, true, a.z::text[]) r
WHERE (t.calls_per_24h, t.require_consent) IS DISTINCT FROM (r.calls_per_24h, r.require_consent);
SELECT holds_until AT TIME ZONE 'UTC' AS holds_until, pg_temp.hours('XB') FROM voiceagent_private.jurisdiction_terms WHERE jurisdiction = 'XB';
SELECT voiceagent_private.renew_terms('2027-06-10 11:00+00', false), (SELECT holds_until AT TIME ZONE 'UTC' FROM voiceagent_private.jurisdiction_terms WHERE jurisdiction = 'XB') AS not_yet;
SELECT 'XB' = ANY (voiceagent_private.renew_terms('2027-06-10 12:00+00', false)) AS moved;
SELECT holds_until AT TIME ZONE 'UTC' AS next, calls_per_24h, voiceagent_private.describe_hours(windows) FROM voiceagent_private.jurisdiction_terms WHERE jurisdiction = 'XB';
-- windows by the wall clock of each place; the holidays of each day
SELECT z, to_char(at AT TIME ZONE z, 'MM-DD HH24:MI') AS asked, to_char(w.opens_at AT TIME ZONE z, 'MM-DD HH24:MI') AS opens, to_char(w.closes_at AT TIME ZONE z, 'MM-DD HH24:MI') AS closes
FROM unnest('{America/New_York,Asia/Tokyo}'::text[]) z, unnest('{2027-06-08 03:00+00,2027-06-09 12:00+00,2027-06-10 03:00+00,2027-06-11 12:00+00,2027-06-14 04:00+00}'::timestamptz[]) at,
	LATERAL voiceagent_private.window_under(true, 'XB', ARRAY[z], '{0,0,1440,1,0,1440,2,0,1440,3,0,1440,4,0,1440,5,0,1440,6,0,1440}', at) w ORDER BY 1, at;
-- ahead, in words; a rule that no other follows ends
SELECT voiceagent_private.law_ahead('{XB-1}', '2027-06-01');
SELECT voiceagent_private.describe_law('XB', 'calls_per_24h', at, '{America/New_York}') FROM unnest('{2027-06-10 03:59+00,2027-06-10 04:00+00}'::timestamptz[]) at;
SELECT rule, value, effective_from, effective_until FROM voiceagent.calling_rules WHERE jurisdiction = 'XB' ORDER BY rule, effective_from NULLS FIRST;
-- Two that contradict on a day: the stricter binds, and it is said. One that ends before it begins, or begins as another does, is none.
DELETE FROM voiceagent_private.jurisdiction_terms WHERE jurisdiction = 'XB';
SELECT pg_temp.rule('calls_per_24h', '9', '2027-06-20', '2027-06-25'), pg_temp.rule('calls_per_24h', '1', '2027-07-05', '2027-07-06');
SELECT d::date, (voiceagent_private.resolve_terms('XB', d, true, '{UTC}')).calls_per_24h FROM unnest('{2027-06-22 12:00+00,2027-07-04 12:00+00,2027-07-05 12:00+00,2027-07-07 12:00+00}'::timestamptz[]) d;
SELECT * FROM voiceagent_private.check_law() WHERE detail LIKE '%XB %' ORDER BY 2;
\set VERBOSITY terse
SAVEPOINT s;
SELECT pg_temp.rule('calls_lifetime', '9', '2027-06-20', '2027-06-19');
ROLLBACK TO s;
SELECT pg_temp.rule('calls_per_24h', '3', '2027-06-10');
ROLLBACK TO s;
ROLLBACK;

-- On the eve of a holiday Italy opens at 10:00 and closes at 19:00.
SELECT to_char(at AT TIME ZONE 'Europe/Rome', 'Dy MM-DD HH24:MI') AS asked, (c ->> 'opens_at')::timestamptz AT TIME ZONE 'Europe/Rome' AS opens, (c ->> 'closes_at')::timestamptz AT TIME ZONE 'Europe/Rome' AS closes
FROM unnest('{2026-12-07 07:00+00,2026-12-09 07:00+00,2026-12-24 18:30+00,2026-12-05 08:00+00}'::timestamptz[]) at, LATERAL voiceagent.callable_hours('+39 06 4820 1234', at) c ORDER BY at;
SELECT voiceagent.callable_hours('+39 06 4820 1234', '2026-12-07 07:00+00') ->> 'hours' AS hours;
-- Two laws whose hours of eves do not meet, and one that names none, close the eve; one that does not name it closes nothing.
SELECT voiceagent_private.common_windows('{0,540,1200,7,540,720}', '{0,540,1200,7,780,900}') AS no_common, voiceagent_private.common_windows('{0,540,1200,7,0,0}', '{0,540,1080}') AS closed,
	voiceagent_private.law_hours('{"mon":[["09:00","20:00"]],"eve":[]}') AS none, voiceagent_private.common_windows('{0,540,1200}', '{0,540,1080}') AS without;
SELECT w AS law, (voiceagent_private.window_within('{UTC}', '{0,0,1440}', '2027-03-01 10:00+00', w, '{2027-03-02}')).opens_at AT TIME ZONE 'UTC' AS opens
FROM (VALUES (1, '{0,540,1200}'::integer[]), (2, '{0,540,1200,7,0,0}'), (3, '{0,540,1200,7,660,720}')) v(n, w) ORDER BY n;
-- The law of the day before 18 October 2026, and of that day
SELECT to_char(at, 'MM-DD') AS day, c ->> 'hours' AS hours, c ->> 'callable' AS callable FROM unnest('{2026-10-17 23:30+00,2026-10-18 17:00+00,2026-10-19 22:30+00,2026-10-19 23:30+00}'::timestamptz[]) at,
	LATERAL voiceagent.callable_hours('+1 412 555 0105', at) c;
-- Colorado's rule on machines that talk: what this platform asks for until its last day, the statute from its first, and never both.
SELECT d, r.value, l.source, l.source_date IS NOT NULL OR l.source LIKE 'none:%' AS settled FROM unnest('{2026-12-31,2027-01-01,2027-01-02}'::date[]) d
CROSS JOIN LATERAL voiceagent_private.rules_in_force('US-CO', d) r JOIN voiceagent_private.law_rules l ON l.jurisdiction = r.origin AND l.rule = r.rule AND d BETWEEN l.effective_from AND l.effective_until
WHERE r.rule = 'disclose_ai' AND r.origin = 'US-CO' ORDER BY d;
