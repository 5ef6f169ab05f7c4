-- 28_law: calling hours -> windows of real time.

CREATE FUNCTION voiceagent_private.day_minute(hhmm text) RETURNS integer
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN hhmm ~ '^([01]?[0-9]|2[0-3]):[0-5][0-9]$' OR hhmm = '24:00'
		THEN split_part(hhmm, ':', 1)::int * 60 + split_part(hhmm, ':', 2)::int END;
COMMENT ON FUNCTION voiceagent_private.day_minute(text) IS
	'"HH:MM" -> minutes since midnight, 24:00 being the end of the day; NULL for what is none.';

CREATE FUNCTION voiceagent_private.hours_windows(calling_hours jsonb) RETURNS integer[]
	-- In a language that keeps its plan: it is asked for lead by lead.
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
	RETURN (
		WITH days AS (
			SELECT * FROM unnest(ARRAY['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
				ARRAY[0, 1, 2, 3, 4, 5, 6]) AS d(name, weekday)
		), entries AS (
			SELECT day #>> '{}' AS name, calling_hours ->> 'start' AS opens, calling_hours ->> 'end' AS closes
			FROM jsonb_array_elements(
				CASE jsonb_typeof(calling_hours -> 'days') WHEN 'array' THEN calling_hours -> 'days'
					ELSE '["mon", "tue", "wed", "thu", "fri", "sat", "sun"]' END) AS day
			WHERE calling_hours ?| '{start,end}'
			UNION ALL
			SELECT e.key, w ->> 0, w ->> 1
			FROM jsonb_each(CASE jsonb_typeof(calling_hours)
				WHEN 'object' THEN calling_hours - '{start,end,days,off}'::text[] ELSE '{"?": [[]]}' END) e
			CROSS JOIN LATERAL jsonb_array_elements(
				CASE jsonb_typeof(e.value) WHEN 'array' THEN e.value ELSE '[[]]' END) AS w
		), triples AS (
			SELECT d.weekday, voiceagent_private.day_minute(e.opens) AS opens,
				voiceagent_private.day_minute(e.closes) AS closes
			FROM entries e LEFT JOIN days d ON d.name = lower(e.name)
		)
		SELECT array_agg(t.value ORDER BY e.weekday, e.opens, e.closes, t.ord)
		FROM triples e CROSS JOIN LATERAL unnest(ARRAY[e.weekday, e.opens, e.closes]) WITH ORDINALITY AS t(value, ord))
		|| (SELECT array_agg(t.value ORDER BY d.days, t.ord)
			FROM unnest((calling_hours ->> 'off')::datemultirange) AS d(days)
			CROSS JOIN LATERAL unnest(ARRAY[-2, lower(d.days) - date '2000-01-01', upper(d.days) - date '2000-01-01'])
				WITH ORDINALITY AS t(value, ord));
END
$$;
COMMENT ON FUNCTION voiceagent_private.hours_windows(jsonb) IS
	E'Calling hours ({"start","end","days"} or {"mon": [["10:00","12:00"], ...], ...}) -> triples weekday (0 = '
	'Monday), start minute, end minute.\n'
	'Behind them come triples -2, first day, day behind the last (since 2000-01-01) of the days off (with_days_off()). '
	'Hours that cannot be read become NULL, and nothing is open then.';

CREATE FUNCTION voiceagent_private.law_hours(hours jsonb) RETURNS integer[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN hours ? 'eve' THEN voiceagent_private.hours_windows(hours - 'eve')
			|| coalesce((SELECT array_agg(CASE mod(w.ord, 3) WHEN 1 THEN 7 ELSE w.value END ORDER BY w.ord)
				FROM unnest(voiceagent_private.hours_windows(jsonb_build_object('mon', hours -> 'eve')))
					WITH ORDINALITY AS w(value, ord)), '{7,0,0}')
		ELSE voiceagent_private.hours_windows(hours) END;
COMMENT ON FUNCTION voiceagent_private.law_hours(jsonb) IS
	'hours_windows() of a law, which may name "eve" (weekday 7), too: hours that hold besides on the day before a '
	'holiday; 7, 0, 0: none do.';

CREATE FUNCTION voiceagent_private.window_of(timezones text[], windows integer[], at timestamptz,
	OUT opens_at timestamptz, OUT closes_at timestamptz) RETURNS record
	LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_window_at';
COMMENT ON FUNCTION voiceagent_private.window_of(text[], integer[], timestamptz) IS
	E'The window of real time that contains an instant, or the next one within 14 days: open are the instants at '
	'which the wall clock of every zone lies in its calling hours (windows: of hours_windows()).\n'
	'Fails closed (infinity, infinity): an unknown zone, hours that cannot be read, no window. '
	'No zone at all: only calls around the clock are open.';

CREATE FUNCTION voiceagent_private.window_within(timezones text[], windows integer[], at timestamptz,
	law_windows integer[], closed date[], OUT opens_at timestamptz, OUT closes_at timestamptz) RETURNS record
	LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_window_at';
COMMENT ON FUNCTION voiceagent_private.window_within(text[], integer[], timestamptz, integer[], date[]) IS
	E'window_of() for hours that lie within the law''s as well, on local dates that are not closed; where dates are '
	'closed, the next window within 35 days.\n'
	'law_windows: of law_windows(); NULL or {}: never.';
