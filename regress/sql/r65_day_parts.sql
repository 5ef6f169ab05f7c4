-- X3: a quota of tries over days and parts of the day, in the lead's own zones.
\set VERBOSITY terse
SET timezone = 'UTC';
SELECT v.what, voiceagent_private.check_parts(v.parts::jsonb) FROM (VALUES
	('defaults', '{"parts": [["12:00", "17:00"], ["8:00", "12:00"]]}'), ('whole', '{"parts": [["17:00", "24:00"]], "days": 3, "tries_per_part": 2}')) AS v(what, parts);
CREATE FUNCTION pg_temp.refused(parts text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RETURN voiceagent_private.check_parts(parts::jsonb);
EXCEPTION WHEN SQLSTATE 'PT422' THEN
	RETURN sqlerrm;
END
$$;
SELECT pg_temp.refused(p) FROM unnest(ARRAY['[]', '{"parts": []}', '{"parts": [["08:00"]]}', '{"parts": [["12:00", "08:00"]]}', '{"parts": [["08:00", "12:00"], ["11:00", "13:00"]]}',
	'{"parts": [["08:00", "12:00"]], "days": 0}', '{"parts": [["08:00", "12:00"]], "days": "two"}', '{"parts": [["08:00", "12:00"]], "day": 1}', '{"parts": [["08:00", "25:00"]]}']) WITH ORDINALITY AS u(p, n) ORDER BY n;

-- The decision, at its edges. Monday, 8 March 2027; the clocks of New York go forward on Sunday, 14 March, at 2:00
CREATE FUNCTION pg_temp.next(earliest text, tries text DEFAULT '{}', zones text[] DEFAULT '{America/New_York}',
	parts jsonb DEFAULT '{"parts": [["08:00", "12:00"], ["12:00", "17:00"], ["17:00", "21:00"]], "days": 2, "tries_per_part": 1}') RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(to_char(voiceagent_private.next_part(parts, zones, ARRAY(SELECT t::timestamp AT TIME ZONE zones[1] FROM unnest(tries::text[]) t),
		earliest::timestamp AT TIME ZONE zones[1]) AT TIME ZONE zones[1], 'Dy DD HH24:MI'), 'used') $$;
SELECT v.what, pg_temp.next(v.earliest, v.tries) FROM (VALUES
	('never tried', '2027-03-08 09:30', '{}'), ('before the first part', '2027-03-08 06:00', '{}'), ('after the last one', '2027-03-08 21:00', '{}'),
	('this part is used', '2027-03-08 10:00', '{2027-03-08 09:30}'), ('on its first minute', '2027-03-08 12:00', '{2027-03-08 11:59:59}'),
	('and on its last', '2027-03-08 11:59:59', '{2027-03-08 08:00}'), ('the next one, too', '2027-03-08 10:00', '{2027-03-08 09:30, 2027-03-08 13:00}'),
	('the whole day', '2027-03-08 18:00', '{2027-03-08 09:30, 2027-03-08 13:00, 2027-03-08 17:00}'),
	('a try outside of all parts uses none, but its day', '2027-03-08 08:00', '{2027-03-08 07:30}'),
	('the last part of the last day', '2027-03-09 13:30', '{2027-03-08 09:30, 2027-03-09 13:00}'),
	('after two days of tries', '2027-03-09 17:30', '{2027-03-08 09:30, 2027-03-09 17:00}'),
	('a day without a try is not counted', '2027-03-10 09:30', '{2027-03-08 09:30}'),
	('the night of the jump', '2027-03-13 21:30', '{2027-03-13 20:00}')) AS v(what, earliest, tries);
-- a part that does not exist on the day of the jump; one that is an hour longer when it goes back
SELECT pg_temp.next('2027-03-14 00:30', parts => '{"parts": [["02:00", "03:00"]], "days": 2, "tries_per_part": 1}') AS jump,
	pg_temp.next('2027-11-07 00:30', parts => '{"parts": [["00:00", "06:00"]], "days": 2, "tries_per_part": 1}') AS back;
-- several zones: the part has to hold in all of them; none: no part in common
SELECT pg_temp.next('2027-03-08 09:30', zones => '{America/New_York,America/Los_Angeles}') AS east_and_west,
	pg_temp.next('2027-03-08 09:30', '{2027-03-08 11:30}', zones => '{America/New_York,America/Los_Angeles}') AS used_in_the_west_only,
	pg_temp.next('2027-03-08 09:30', zones => '{Pacific/Auckland,Pacific/Honolulu}') AS far_apart;
SELECT pg_temp.next('2027-03-08 09:30', '{2027-03-08 09:00}', parts => '{"parts": [["08:00", "12:00"]], "days": 1, "tries_per_part": 2}') AS second_try,
	pg_temp.next('2027-03-08 09:30', '{2027-03-08 09:00,2027-03-08 09:10}', parts => '{"parts": [["08:00", "12:00"]], "days": 1, "tries_per_part": 2}') AS third_try;

-- Property: whatever the waits, never more tries in one part of one day than the quota says, in any of the zones; never more days
CREATE FUNCTION pg_temp.storm(rounds integer, late interval) RETURNS TABLE (leads bigint, dials bigint, outside bigint, too_many_in_a_part bigint, too_many_days bigint) LANGUAGE plpgsql AS $$
DECLARE
	v_zones text[];
	v_parts jsonb;
	v_at timestamptz;
	v_tries timestamptz[];
	v_all constant text[] := '{America/New_York,America/Los_Angeles,Europe/London,Asia/Kolkata,Australia/Lord_Howe,America/St_Johns,Pacific/Apia}';
BEGIN
	leads := 0; dials := 0; outside := 0; too_many_in_a_part := 0; too_many_days := 0;
	FOR i IN 1 .. rounds LOOP
		v_zones := CASE WHEN random() < 0.6 THEN v_all[1 + floor(random() * 7)::int :][1:1] ELSE '{America/New_York,America/Los_Angeles}' END;
		v_parts := jsonb_build_object('parts', (ARRAY['[["08:00", "12:00"], ["12:00", "17:00"], ["17:00", "21:00"]]', '[["09:00", "18:00"]]', '[["00:00", "08:00"], ["20:00", "24:00"]]'])[1 + floor(random() * 3)::int]::jsonb,
			'days', 1 + floor(random() * 3)::int, 'tries_per_part', 1 + floor(random() * 2)::int);
		-- around the changes of the clocks
		v_at := timestamptz '2027-03-12 00:00+00' + random() * interval '20 days' + (CASE WHEN random() < 0.5 THEN interval '230 days' ELSE interval '0' END);
		v_tries := '{}';
		FOR j IN 1 .. 30 LOOP
			v_at := voiceagent_private.next_part(v_parts, v_zones, v_tries, v_at);
			EXIT WHEN v_at IS NULL;
			outside := outside + (SELECT count(*) FROM unnest(v_zones) z WHERE NOT EXISTS (SELECT FROM jsonb_array_elements(v_parts -> 'parts') p
				WHERE to_char(v_at AT TIME ZONE z, 'HH24:MI') >= p ->> 0 AND to_char(v_at AT TIME ZONE z, 'HH24:MI') < p ->> 1));
			v_at := v_at + random() * late;
			v_tries := v_tries || v_at;
			v_at := v_at + random() * random() * interval '8 hours';
		END LOOP;
		leads := leads + 1;
		dials := dials + cardinality(v_tries);
		too_many_in_a_part := too_many_in_a_part + (SELECT count(*) FROM (SELECT FROM unnest(v_zones) z, unnest(v_tries) t, jsonb_array_elements(v_parts -> 'parts') p
			WHERE to_char(t AT TIME ZONE z, 'HH24:MI') >= p ->> 0 AND to_char(t AT TIME ZONE z, 'HH24:MI') < p ->> 1
			GROUP BY z, (t AT TIME ZONE z)::date, p HAVING count(*) > (v_parts ->> 'tries_per_part')::int) x);
		too_many_days := too_many_days + (SELECT count(*) FROM (SELECT FROM unnest(v_zones) z, unnest(v_tries) t
			GROUP BY z HAVING count(DISTINCT (t AT TIME ZONE z)::date) > (v_parts ->> 'days')::int) x);
	END LOOP;
	RETURN NEXT;
END
$$;
SELECT setseed(0.42);
SELECT leads, dials > 1000 AS many_dials, outside, too_many_in_a_part, too_many_days FROM pg_temp.storm(600, interval '0');
-- against the minutes one by one
CREATE FUNCTION pg_temp.slow(parts jsonb, zones text[], tries timestamptz[], earliest timestamptz) RETURNS timestamptz LANGUAGE sql AS $$
	SELECT min(m) FROM generate_series(earliest, earliest + interval '3 days', interval '1 minute') m
	WHERE EXISTS (SELECT FROM jsonb_array_elements(parts -> 'parts') p WHERE NOT EXISTS (SELECT FROM unnest(zones) z
		WHERE NOT (to_char(m AT TIME ZONE z, 'HH24:MI') >= p ->> 0 AND to_char(m AT TIME ZONE z, 'HH24:MI') < p ->> 1)
			OR (m AT TIME ZONE z)::date <> (m AT TIME ZONE zones[1])::date
			OR (SELECT count(*) FROM unnest(tries) t WHERE (t AT TIME ZONE z)::date = (m AT TIME ZONE z)::date
				AND to_char(t AT TIME ZONE z, 'HH24:MI') >= p ->> 0 AND to_char(t AT TIME ZONE z, 'HH24:MI') < p ->> 1) >= (parts ->> 'tries_per_part')::int
			OR (SELECT count(DISTINCT (t AT TIME ZONE z)::date) FROM unnest(tries) t WHERE (t AT TIME ZONE z)::date <> (m AT TIME ZONE z)::date) >= (parts ->> 'days')::int)) $$;
WITH cases AS MATERIALIZED (
	SELECT i, (ARRAY['{America/New_York}', '{America/New_York,America/Los_Angeles}', '{Australia/Lord_Howe}', '{Europe/London}'])[1 + i % 4]::text[] AS zones,
		jsonb_build_object('parts', '[["08:00", "12:00"], ["12:00", "17:00"], ["19:00", "24:00"]]'::jsonb, 'days', 1 + i % 3, 'tries_per_part', 1 + i % 2) AS parts,
		date_trunc('minute', timestamptz '2027-03-12 00:00+00' + random() * interval '25 days') AS earliest,
		(SELECT array_agg(timestamptz '2027-03-12 00:00+00' + random() * interval '25 days') FROM generate_series(1, i % 5)) AS tries
	FROM generate_series(1, 40) i
)
SELECT count(*) AS cases, count(*) FILTER (WHERE s IS NOT NULL) > 5 AS some_found, count(*) FILTER (WHERE s IS DISTINCT FROM CASE WHEN f <= earliest + interval '3 days' THEN f END) AS differences
FROM (SELECT c.*, pg_temp.slow(parts, zones, coalesce(tries, '{}'), earliest) AS s, voiceagent_private.next_part(parts, zones, coalesce(tries, '{}'), earliest) AS f FROM cases c) x;

-- In a campaign
\set ECHO none
\i lib/inbox_setup.inc
CREATE FUNCTION pg_temp.at(t timestamptz) RETURNS text LANGUAGE sql AS $$
	SELECT set_config('voiceagent.clock_offset', extract(epoch FROM t - clock_timestamp())::text, false) IS NOT NULL $$;
CREATE FUNCTION pg_temp.ends(reason text, at timestamptz) RETURNS TABLE (status text, why text, due text) LANGUAGE plpgsql AS $$
BEGIN
	PERFORM pg_temp.at(at);
	UPDATE voiceagent_private.lanes SET opens_at = '-infinity', closes_at = 'infinity' WHERE tenant_id = voiceagent.current_tenant();
	UPDATE voiceagent_private.pacing SET next_dial_at = '-infinity' WHERE tenant_id = voiceagent.current_tenant();
	PERFORM pg_temp.dial();
	PERFORM pg_temp.take(pg_temp.webhook('6001', 'report', reason));
	PERFORM voiceagent_private.apply_inbox(10);
	RETURN QUERY SELECT m.status::text, m.reason, to_char(q.not_before AT TIME ZONE 'America/New_York', 'Dy DD HH24:MI')
	FROM voiceagent.campaign_leads m LEFT JOIN voiceagent_private.call_queue q USING (tenant_id, campaign_id, lead_id)
	WHERE m.tenant_id = voiceagent.current_tenant();
END
$$;
\set ECHO all
SELECT pg_temp.at('2027-03-08 14:30+00') \g /dev/null
BEGIN;
SELECT pg_temp.begin_calls('Day parts', '{6001}', '{"retry_attempts": 20, "retry_delay_no_answer": "1 hour", "retry_delay_busy": "1 hour",
	"day_parts": {"parts": [["08:00", "12:00"], ["12:00", "17:00"], ["17:00", "21:00"]], "days": 2, "tries_per_part": 1}}') > 0 AS ready;
SELECT * FROM pg_temp.ends('customer-did-not-answer', '2027-03-08 14:30:05+00');
SELECT * FROM pg_temp.ends('customer-busy', '2027-03-08 17:00:01+00');
SELECT substring(x.why FROM 'Dials are spread.*?used') FROM voiceagent.leads l, voiceagent.explain_lead(l.lead_id) x WHERE l.tenant_id = voiceagent.current_tenant() AND x.what = 'now';
SELECT * FROM pg_temp.ends('customer-did-not-answer', '2027-03-08 22:00:01+00');
SELECT * FROM pg_temp.ends('customer-did-not-answer', '2027-03-09 13:00:01+00');
SELECT * FROM pg_temp.ends('customer-did-not-answer', '2027-03-09 21:30+00');
SELECT * FROM pg_temp.ends('customer-did-not-answer', '2027-03-09 22:31+00');
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK;
SELECT voiceagent.create_tenant('Day parts 2', 'UTC', 10) AS tenant \gset
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT voiceagent.set_setting('day_parts', '{"parts": [["08:00", "12:00"]]}');
SELECT voiceagent.get_setting('day_parts');
-- a rehearsal does not wait for the morning, unless its campaign says so itself
SELECT voiceagent_private.resolved_settings('{}', 'sandbox') ->> 'day_parts' AS sandbox, voiceagent_private.resolved_settings('{}', 'vapi') ->> 'day_parts' AS vapi,
	voiceagent_private.resolved_settings('{"day_parts": {"parts": [["09:00", "10:00"]], "days": 1, "tries_per_part": 1}}', 'sandbox') ->> 'day_parts' AS own;
SELECT voiceagent.set_setting('day_parts', '');
SELECT voiceagent.get_setting('day_parts');
SELECT voiceagent.set_setting('day_parts', '{"parts": 3}');
ROLLBACK;
RESET voiceagent.clock_offset;
