/*
 * 50_queue: how often a number may be called.  A dial counts from the moment
 * it is committed, whatever came of it, unless it certainly never rang
 * (calls.counts).  Rehearsals count among themselves (calls.lawful).
 */

CREATE TYPE voiceagent_private.cap_state AS (
	allows_at timestamptz,
	dials_day integer,
	dials_24h integer,
	dials_lifetime integer
);
COMMENT ON TYPE voiceagent_private.cap_state IS
	'When the caps of a number allow its next call (infinity: never), and how many dials count for each of them now.';

CREATE FUNCTION voiceagent_private.next_local_day(zone text, at timestamptz) RETURNS timestamptz
	LANGUAGE sql STABLE PARALLEL SAFE
	-- A midnight that comes twice is taken by its first coming; one that the clocks leap over, by the leap.
	RETURN (SELECT min(m.midnight - f.earlier)
		FROM (SELECT ((at AT TIME ZONE zone)::date + 1)::timestamp AT TIME ZONE zone AS midnight) m
		CROSS JOIN (VALUES (interval '0'), (interval '30 minutes'), (interval '1 hour')) AS f(earlier)
		WHERE m.midnight - f.earlier > at
		  AND ((m.midnight - f.earlier) AT TIME ZONE zone)::date > (at AT TIME ZONE zone)::date);
COMMENT ON FUNCTION voiceagent_private.next_local_day(text, timestamptz) IS
	'The first instant after `at` whose date, by the clock of that zone, is a later one.';

CREATE FUNCTION voiceagent_private.judge_caps(dials timestamptz[], timezones text[], per_day integer, per_24h integer,
		lifetime integer, earlier integer, at timestamptz) RETURNS voiceagent_private.cap_state
	LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
#variable_conflict use_variable
DECLARE
	v_state voiceagent_private.cap_state;
	v_day integer;
	v_zone text;
	v_due timestamptz[];
BEGIN
	v_state.allows_at := at;
	v_state.dials_lifetime := coalesce(cardinality(dials), 0) + coalesce(earlier, 0);
	IF coalesce(cardinality(dials), 0) = 0 THEN
		v_state.dials_day := 0;
		v_state.dials_24h := 0;
		IF v_state.dials_lifetime >= lifetime THEN
			v_state.allows_at := 'infinity';
		END IF;
		RETURN v_state;
	END IF;
	-- Newest first. A clock that was set back makes no dial a later one than now.
	v_due := ARRAY(SELECT least(d, at) FROM unnest(dials) d ORDER BY d DESC);
	v_state.dials_24h := (SELECT count(*) FROM unnest(v_due) d WHERE d > at - interval '24 hours');
	IF v_state.dials_24h >= per_24h THEN
		v_state.allows_at := v_due[per_24h] + interval '24 hours';
	END IF;
	IF cardinality(timezones) = 0 THEN
		v_state.dials_day := v_state.dials_24h;
		IF v_state.dials_day >= per_day THEN
			v_state.allows_at := greatest(v_state.allows_at, v_due[per_day] + interval '24 hours');
		END IF;
	ELSE
		-- Each of the zones must allow it.
		FOREACH v_zone IN ARRAY timezones LOOP
			v_day := (SELECT count(*) FROM unnest(v_due) d
					  WHERE (d AT TIME ZONE v_zone)::date = (at AT TIME ZONE v_zone)::date);
			v_state.dials_day := greatest(v_state.dials_day, v_day);
			IF v_day >= per_day THEN
				v_state.allows_at := greatest(v_state.allows_at, voiceagent_private.next_local_day(v_zone, at));
			END IF;
		END LOOP;
	END IF;
	IF v_state.dials_lifetime >= lifetime THEN
		v_state.allows_at := 'infinity';
	END IF;
	RETURN v_state;
END
$$;
COMMENT ON FUNCTION voiceagent_private.judge_caps(timestamptz[], text[], integer, integer, integer, integer, timestamptz) IS
	'What the caps of a number (calls a local day, in 24 hours, ever; NULL: none) say at an instant after these dials, of which at least as many as the greatest cap are given, the newest; earlier: calls that are removed by now (NULL: none). A day is that of every zone in which the person may be; without a zone it is the last 24 hours.';

CREATE FUNCTION voiceagent_private.cap_allows_at(dials timestamptz[], timezones text[], per_day integer, per_24h integer,
		lifetime integer, at timestamptz) RETURNS timestamptz
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN (voiceagent_private.judge_caps(dials, timezones, per_day, per_24h, lifetime, 0, at)).allows_at;
COMMENT ON FUNCTION voiceagent_private.cap_allows_at(timestamptz[], text[], integer, integer, integer, timestamptz) IS
	'The first instant from `at` on at which the caps of a number allow its next call; infinity: never. See judge_caps().';
