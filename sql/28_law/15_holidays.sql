-- 28_law: holidays that move.

CREATE FUNCTION voiceagent_private.easter(year integer) RETURNS date LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
	v_century int := year / 100;
	v_golden int := year % 19;
	-- Age of the moon, with the corrections of the Gregorian calendar; then the Sunday after it is full.
	v_epact int := (v_century - v_century / 4 - (8 * v_century + 13) / 25 + 19 * v_golden + 15) % 30;
	v_full int := v_epact - (v_epact / 28) * (1 - (29 / (v_epact + 1)) * ((21 - v_golden) / 11));
	v_weekday int := (year + year / 4 + v_full + 2 - v_century + v_century / 4) % 7;
BEGIN
	RETURN make_date(year, 3, 28) + (v_full - v_weekday);
END
$$;
COMMENT ON FUNCTION voiceagent_private.easter(integer) IS 'Easter Sunday of a year in the Gregorian calendar.';

CREATE FUNCTION voiceagent_private.weekday_number(day text) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN array_position(ARRAY['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], lower(day));
COMMENT ON FUNCTION voiceagent_private.weekday_number(text) IS
	E'mon = 1 ..\n'
	'sun = 7; NULL for what is none.';

CREATE FUNCTION voiceagent_private.fail_holiday(rule text) RETURNS void LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
	RAISE EXCEPTION USING ERRCODE = 'PT422',
		MESSAGE = format('"%s" is not a rule for a holiday', left(coalesce(rule, 'null'), 60)),
		HINT = 'Write "12-25", "01-01 observed" (a Saturday also closes the Friday, a Sunday the Monday), '
			'"01-01 observed monday" (a Sunday also closes the Monday), '
			'"01-01 observed next" (a weekend also closes the Monday), "4th thu nov", "last mon may", "4th thu nov+1", '
			'"mon before 05-25", "sat after 06-19", "easter-2" or one date, "2027-10-29".';
END
$$;
COMMENT ON FUNCTION voiceagent_private.fail_holiday(text) IS 'Raises PT422: not a rule for a holiday.';

CREATE FUNCTION voiceagent_private.month_day(year integer, mm_dd text, rule text) RETURNS date
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
	v_month int := split_part(mm_dd, '-', 1)::int;
	v_day int := split_part(mm_dd, '-', 2)::int;
BEGIN
	IF v_month NOT BETWEEN 1 AND 12
		OR v_day NOT BETWEEN 1 AND (ARRAY[31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])[v_month] THEN
		PERFORM voiceagent_private.fail_holiday(rule);
	END IF;
	RETURN CASE WHEN mm_dd = '02-29' AND date_part('day', make_date(year, 3, 1) - 1) < 29 THEN NULL
		ELSE make_date(year, v_month, v_day) END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.month_day(integer, text, text) IS
	'"MM-DD" of a year; NULL for 29 February where there is none; PT422 names the rule where no year has that day.';

CREATE FUNCTION voiceagent_private.holiday_dates(rule text, year integer) RETURNS date[]
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
	v_rule text := lower(btrim(regexp_replace(rule, '\s+', ' ', 'g')));
	v text[];
	v_day date;
	v_shift int;
BEGIN
	IF v_rule ~ '^\d{4}-\d{2}-\d{2}$' THEN
		v_day := voiceagent_private.month_day(left(v_rule, 4)::int, right(v_rule, 5), rule);
		RETURN CASE WHEN v_day IS NULL OR left(v_rule, 4)::int <> year THEN '{}' ELSE ARRAY[v_day] END;
	END IF;
	v := regexp_match(v_rule, '^(\d{2}-\d{2})( observed( monday| next)?)?$');
	IF v IS NOT NULL THEN
		v_day := voiceagent_private.month_day(year, v[1], rule);
		IF v_day IS NULL THEN
			RETURN '{}';
		END IF;
		v_shift := CASE date_part('isodow', v_day)
			WHEN 6 THEN CASE WHEN v[2] = ' observed' THEN -1 WHEN v[3] = ' next' THEN 2 END
			WHEN 7 THEN CASE WHEN v[2] IS NOT NULL THEN 1 END END;
		RETURN array_remove(ARRAY[v_day, v_day + v_shift], NULL);
	END IF;
	v := regexp_match(v_rule, '^easter([+-]\d{1,3})?$');
	IF v IS NOT NULL THEN
		RETURN ARRAY[voiceagent_private.easter(year) + coalesce(v[1], '0')::int];
	END IF;
	v := regexp_match(v_rule, '^(1st|2nd|3rd|4th|5th|last) (mon|tue|wed|thu|fri|sat|sun) '
		'(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)([+-]\d{1,2})?$');
	IF v IS NOT NULL THEN
		v_day := make_date(year, array_position(
			ARRAY['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'], v[3]), 1);
		IF v[1] = 'last' THEN
			v_day := (v_day + interval '1 month')::date - 1;
			v_day := v_day - mod(date_part('isodow', v_day)::int - voiceagent_private.weekday_number(v[2]) + 7, 7);
		ELSE
			v_shift := mod(voiceagent_private.weekday_number(v[2]) - date_part('isodow', v_day)::int + 7, 7) + 7
				* (left(v[1], 1)::int - 1);
			-- Not every month has a fifth.
			IF date_part('month', v_day + v_shift) <> date_part('month', v_day) THEN
				RETURN '{}';
			END IF;
			v_day := v_day + v_shift;
		END IF;
		RETURN ARRAY[v_day + coalesce(v[4], '0')::int];
	END IF;
	v := regexp_match(v_rule, '^(mon|tue|wed|thu|fri|sat|sun) (before|after) (\d{2}-\d{2})$');
	IF v IS NOT NULL THEN
		v_day := voiceagent_private.month_day(year, v[3], rule);
		v_shift := mod(voiceagent_private.weekday_number(v[1]) - date_part('isodow', v_day)::int + 7, 7);
		RETURN array_remove(
			ARRAY[v_day + CASE WHEN v[2] = 'before' THEN v_shift - 7 WHEN v_shift = 0 THEN 7 ELSE v_shift END], NULL);
	END IF;
	PERFORM voiceagent_private.fail_holiday(rule);
END
$$;
COMMENT ON FUNCTION voiceagent_private.holiday_dates(text, integer) IS
	'The dates that a rule closes for a year (with their observed days, which may lie in the next or the last): '
	'"12-25", "01-01 observed", "4th thu nov", "last mon may", "easter-2", "mon before 05-25" or "2027-10-29"; '
	'PT422 for what is none.';

CREATE FUNCTION voiceagent_private.holidays_between(rules jsonb, from_date date, until_date date) RETURNS date[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT coalesce(array_agg(DISTINCT d.day ORDER BY d.day), '{}')
	FROM jsonb_each_text(rules) r
	CROSS JOIN generate_series(date_part('year', from_date)::int - 1, date_part('year', until_date)::int + 1) AS y(year)
	CROSS JOIN LATERAL unnest(voiceagent_private.holiday_dates(r.value, y.year)) AS d(day)
	WHERE d.day BETWEEN from_date AND until_date
$$;
COMMENT ON FUNCTION voiceagent_private.holidays_between(jsonb, date, date) IS
	'The dates that holidays {name: rule} close from a date until another, both included.';
