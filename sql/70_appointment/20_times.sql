/*
 * 70_appointment: from words to an instant, in the lead's zone.  Dates are
 * resolved here: what a language model says of the day counts only where the
 * person's own words name none, or bear it out.
 */

CREATE FUNCTION voiceagent_private.read_agreed(heard text, phrase text, language text, reference timestamp,
	callback boolean) RETURNS timestamp
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_read_agreed';
COMMENT ON FUNCTION voiceagent_private.read_agreed(text, text, text, timestamp, boolean) IS
	E'The local time that was agreed, of a person''s words (phrase) and of the day and hour that were heard in them.\n'
	'callback: a day, or a longer period, is enough. infinity: only a person can tell it; NULL: it is not plain.';

CREATE FUNCTION voiceagent_private.read_zone(words text, language text, name boolean) RETURNS text
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_read_zone';
COMMENT ON FUNCTION voiceagent_private.read_zone(text, text, boolean) IS
	'The zone that words name behind an hour, or that they are the name of, in the language or in English; NULL: none.';

CREATE FUNCTION voiceagent_private.is_time(said text) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_is_time';
COMMENT ON FUNCTION voiceagent_private.is_time(text) IS
	'Whether words, in any language that is understood, name a day or an hour and say nothing else; NULL of NULL.';

CREATE FUNCTION voiceagent_private.zone_hours(zone text, at timestamptz) RETURNS interval[]
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN ARRAY[(at AT TIME ZONE zone) - (at AT TIME ZONE 'UTC'),
		((at + interval '182 days') AT TIME ZONE zone) - ((at + interval '182 days') AT TIME ZONE 'UTC')];
COMMENT ON FUNCTION voiceagent_private.zone_hours(text, timestamptz) IS
	'How far ahead of UTC a zone is at an instant, and half a year later.';

CREATE FUNCTION voiceagent_private.resolve_zone(words text[], heard text, timezone text, at timestamptz,
	language text DEFAULT 'en') RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
	v_iana text := voiceagent_private.timezone_name(replace(btrim(heard), ' ', '_'));
	v_named text := coalesce(v_iana, (SELECT z.name FROM unnest(words) WITH ORDINALITY w(said, n)
			CROSS JOIN LATERAL voiceagent_private.read_zone(w.said, coalesce(language, 'en'), false) z(name)
			WHERE z.name IS NOT NULL ORDER BY w.n LIMIT 1),
		voiceagent_private.read_zone(heard, coalesce(language, 'en'), true));
	v_own interval[] := voiceagent_private.zone_hours(timezone, at);
	v_its interval[];
	v_open boolean := left(array_to_string(words || heard, ' '), 12000) ~ '\mIST\M'
		AND timezone NOT IN ('Asia/Kolkata', 'Asia/Jerusalem', 'Europe/Dublin');
BEGIN
	-- Three places have these letters.
	IF v_named IS NULL OR v_open THEN
		RETURN CASE WHEN NOT v_open THEN timezone END;
	END IF;
	v_its := voiceagent_private.zone_hours(v_named, at);
	-- Letters of a zone whose winter a place keeps all year, or that has GMT for its winter, mean the own; so does
	-- CST in China.
	RETURN CASE WHEN v_its = v_own
		OR v_iana IS NULL AND least(v_its[1], v_its[2]) = least(v_own[1], v_own[2])
			AND (v_own[1] = v_own[2] OR v_its[1] = v_its[2] AND v_its[1] = interval '0')
		OR v_iana IS NULL AND v_named = 'America/Chicago' AND v_own[1] = interval '8 hours' THEN timezone
		ELSE v_named END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.resolve_zone(text[], text, text, timestamptz, text) IS
	E'The zone by whose clock words are meant: heard, by IANA''s name or another, or named in them, where '
	'the given one has other hours; else the given one.\n'
	'NULL: letters that several places have.';

CREATE FUNCTION voiceagent_private.parse_instant(said text) RETURNS timestamptz
	LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
	v text[] := regexp_match(said, '^\s*(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:\.\d+)?\s?'
		'(?:Z|([+-](?:0\d|1[0-4])):?([0-5]\d)?)\s*$');
BEGIN
	-- The second part of "16:00-17:00" is the end of a span.
	RETURN CASE WHEN said !~ ' \d\d:\d\d\s?[+-]' THEN (voiceagent_private.read_agreed(v[1] || ' ' || v[2], '', 'en',
		'2026-01-01', false) - coalesce(v[3] || ':' || coalesce(v[4], '00'), '00:00')::interval) AT TIME ZONE 'UTC' END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.parse_instant(text) IS
	'An instant with its offset from UTC, as programs write it; NULL: anything else.';

CREATE FUNCTION voiceagent_private.resolve_time(spoken_day text, spoken_hour text, phrase text, timezone text,
	at timestamptz, zone text DEFAULT NULL, language text DEFAULT 'en', callback boolean DEFAULT false)
	RETURNS timestamptz
	LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
	v_language text := coalesce(resolve_time.language, 'en');
	v_instant timestamptz := voiceagent_private.parse_instant(spoken_day);
	v_zone text;
	v_time timestamp;
	v_read timestamp;
BEGIN
	IF at IS NULL OR NOT isfinite(at) OR NOT voiceagent_private.is_timezone(timezone) THEN
		RETURN coalesce(v_instant, voiceagent_private.parse_instant(phrase));
	END IF;
	v_zone := voiceagent_private.resolve_zone(ARRAY[phrase, spoken_hour, spoken_day], left(zone, 100), timezone, at,
		v_language);
	-- Some write 3 pm there as 15:00Z: an offset that the words, or the hour beside it, do not bear out is none.
	IF v_instant IS NOT NULL AND coalesce(btrim(spoken_hour), '') = '' THEN
		v_time := v_instant AT TIME ZONE coalesce(v_zone, timezone);
		v_read := voiceagent_private.read_agreed(to_char(v_time, 'YYYY-MM-DD HH24:MI:SS'), coalesce(phrase, ''),
			v_language, at AT TIME ZONE coalesce(v_zone, timezone), callback);
		IF v_read IS NOT NULL THEN
			RETURN CASE WHEN v_read = v_time THEN v_instant ELSE v_read AT TIME ZONE coalesce(v_zone, timezone) END;
		END IF;
	END IF;
	v_time := voiceagent_private.read_agreed(concat_ws(' ', CASE WHEN v_instant IS NULL THEN spoken_day
			WHEN btrim(spoken_hour) <> '' THEN left(btrim(spoken_day), 10)
			ELSE replace(left(btrim(spoken_day), 16), 'T', ' ') END, spoken_hour), coalesce(phrase, ''), v_language,
		at AT TIME ZONE coalesce(v_zone, timezone), callback);
	RETURN CASE WHEN v_zone IS NOT NULL THEN coalesce(voiceagent_private.parse_instant(phrase), CASE WHEN isfinite(
		v_time) THEN v_time AT TIME ZONE v_zone WHEN v_time IS NOT NULL THEN 'infinity' END)
		-- The day counts by an unknown clock.
		WHEN callback AND v_time IS NOT NULL THEN date_trunc('day', v_time) AT TIME ZONE timezone END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.resolve_time(text, text, text, text, timestamptz, text, text, boolean) IS
	E'The instant meant by a person''s words (phrase) in which a day and an hour have been heard, said at an instant '
	'(at) in an IANA zone; it may be past.\n'
	'zone: the one that was heard, by any name. callback: when the person wants to be called again; a day counts from '
	'its beginning, infinity is a day that only a person can tell. NULL: day or hour are not said, or not plainly.';
