-- 70_appointment: from words to an instant. Dates are resolved here, in the lead's zone, never by a language model.

CREATE FUNCTION voiceagent_private.said_clock(said text) RETURNS time
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
	v_part text[];
	v_hour integer;
	v_minute integer;
BEGIN
	IF said ~* '\m(noon|midday)\M' THEN
		RETURN '12:00';
	END IF;
	-- 15:30, 3:30 pm, 3.30 p.m., 3pm, "at 15"
	v_part := regexp_match(said, '(?:^|[^0-9:.-])([0-9]{1,2})[:.h]([0-9]{2})(?::[0-9]{2})?\s*([ap])?\.?m?', 'i');
	IF v_part IS NULL THEN
		v_part := regexp_match(said, '(?:^|[^0-9:.-])([0-9]{1,2})()\s*([ap])\.?\s?m', 'i');
	END IF;
	IF v_part IS NULL THEN
		v_part := regexp_match(said, '\mat\s+([0-9]{1,2})()()(?:\s*(?:o.?clock|h|uhr|$)|\s*[,.])', 'i');
	END IF;
	IF v_part IS NULL THEN
		RETURN NULL;
	END IF;
	v_hour := v_part[1]::integer;
	v_minute := coalesce(nullif(v_part[2], ''), '0')::integer;
	IF lower(v_part[3]) = 'p' AND v_hour < 12 THEN
		v_hour := v_hour + 12;
	ELSIF lower(v_part[3]) = 'a' AND v_hour = 12 THEN
		v_hour := 0;
	END IF;
	IF v_hour > 23 OR v_minute > 59 THEN
		RETURN NULL;
	END IF;
	RETURN make_time(v_hour, v_minute, 0);
END
$$;
COMMENT ON FUNCTION voiceagent_private.said_clock(text) IS
	'The time of day in words such as 15:30, 3:30 pm, 3pm, at 15, noon; NULL when there is none.';

CREATE FUNCTION voiceagent_private.said_date(said text, today date) RETURNS date
	LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	v_part text[];
	v_day integer;
	v_ahead integer;
BEGIN
	v_part := regexp_match(said, '(?:^|[^0-9])([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[^0-9]|$)');
	IF v_part IS NOT NULL THEN
		BEGIN
			RETURN make_date(v_part[1]::integer, v_part[2]::integer, v_part[3]::integer);
		EXCEPTION WHEN datetime_field_overflow THEN
			RETURN NULL;
		END;
	END IF;
	IF said ~* '\mday after tomorrow\M' THEN
		RETURN today + 2;
	ELSIF said ~* '\mtomorrow\M' THEN
		RETURN today + 1;
	ELSIF said ~* '\m(today|tonight|this (morning|afternoon|evening))\M' THEN
		RETURN today;
	END IF;
	v_part := regexp_match(said, '\min\s+([0-9]{1,3})\s+(day|week)', 'i');
	IF v_part IS NOT NULL THEN
		RETURN today + v_part[1]::integer * CASE lower(v_part[2]) WHEN 'week' THEN 7 ELSE 1 END;
	END IF;
	SELECT d.n INTO v_day
	FROM unnest(ARRAY['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']) WITH ORDINALITY AS d(name, n)
	WHERE said ~* ('\m' || d.name || '(day|sday|nesday|rsday|urday)?s?\M') LIMIT 1;
	IF v_day IS NULL THEN
		RETURN NULL;
	END IF;
	-- The next such day, never today itself: who means today says so.
	v_ahead := (v_day - extract(isodow FROM today)::integer + 7) % 7;
	RETURN today + CASE v_ahead WHEN 0 THEN 7 ELSE v_ahead END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.said_date(text, date) IS
	'The date in words such as 2026-03-09, today, tomorrow, monday, in 3 days, seen from today; NULL when there is none.';

CREATE FUNCTION voiceagent_private.resolve_time(said_day text, said_hour text, phrase text, timezone text, at timestamptz)
	RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_today date;
	v_date date;
	v_clock time;
	v_exact text := (regexp_match(concat_ws(' ', said_day, phrase),
		'[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?\s?(?:Z|[+-][0-9]{2}:?[0-9]{2})'))[1];
BEGIN
	-- An instant with its offset needs no zone.
	IF v_exact IS NOT NULL THEN
		BEGIN
			RETURN v_exact::timestamptz;
		EXCEPTION WHEN datetime_field_overflow OR invalid_datetime_format THEN
			RETURN NULL;
		END;
	END IF;
	IF NOT voiceagent_private.is_timezone(resolve_time.timezone) THEN
		RETURN NULL;
	END IF;
	v_today := (at AT TIME ZONE resolve_time.timezone)::date;
	v_date := coalesce(voiceagent_private.said_date(said_day, v_today), voiceagent_private.said_date(phrase, v_today));
	v_clock := coalesce(voiceagent_private.said_clock(said_hour), voiceagent_private.said_clock(said_day),
						voiceagent_private.said_clock(phrase));
	IF v_date IS NULL OR v_clock IS NULL THEN
		RETURN NULL;
	END IF;
	RETURN (v_date + v_clock) AT TIME ZONE resolve_time.timezone;
END
$$;
COMMENT ON FUNCTION voiceagent_private.resolve_time(text, text, text, text, timestamptz) IS
	'The instant meant by a day, an hour and a phrase, said at the instant at in an IANA zone ("tomorrow" is the lead''s tomorrow); NULL when they name none.';
