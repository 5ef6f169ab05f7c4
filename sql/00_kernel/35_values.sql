-- 00_kernel: values that people write: durations, time zones, calling hours.

CREATE FUNCTION voiceagent_private.edit_distance(a text, b text) RETURNS integer
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_edit_distance';
COMMENT ON FUNCTION voiceagent_private.edit_distance(text, text) IS
	E'How many letters must be put in, taken out or changed to make a into b; texts over 255 bytes '
	'count as far apart (255).\n'
	'For "did you mean".';

CREATE FUNCTION voiceagent_private.as_interval(value text) RETURNS interval
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_duration interval;
BEGIN
	-- A text that surely is one needs no subtransaction, which would be most of the work.
	IF value IS NULL OR value ~ '^(\d{1,6} (second|minute|hour|day)s?|\d{1,4}:[0-5]\d:[0-5]\d)$' THEN
		RETURN value::interval;
	ELSIF value ~ '^\d{1,9}(\.\d{1,6})?$' THEN
		RETURN pg_catalog.make_interval(secs => value::double precision);
	END IF;
	BEGIN
		IF value ~ '^\s*[+-]?(\d+\.?\d*|\.\d+)\s*$' THEN
			RETURN pg_catalog.make_interval(secs => value::double precision);
		END IF;
		v_duration := value::interval;
		-- From PostgreSQL 17 on intervals may be infinite.
		IF NOT pg_catalog.isfinite(v_duration) THEN
			RAISE invalid_datetime_format;
		END IF;
		RETURN v_duration;
	EXCEPTION WHEN invalid_datetime_format OR datetime_field_overflow OR interval_field_overflow
			OR numeric_value_out_of_range OR invalid_text_representation THEN
		RAISE EXCEPTION USING ERRCODE = 'PT422',
			MESSAGE = pg_catalog.format('"%s" is not a duration', pg_catalog.left(value, 60)),
			HINT = 'Write a number of seconds, or an interval such as ''30 minutes'' or ''01:30:00''.';
	END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.as_interval(text) IS
	E'A duration as people write it: interval text, or a number of seconds.\n'
	'PT422 if it is neither; NULL gives NULL.';

CREATE FUNCTION voiceagent_private.is_name(name text, longest integer) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN coalesce(pg_catalog.length(pg_catalog.btrim(name)) > 0 AND pg_catalog.length(name) <= longest
		AND name !~ '[[:cntrl:]]', false);
COMMENT ON FUNCTION voiceagent_private.is_name(text, integer) IS
	'Whether a text can be what people call a thing: some characters, longest at most, in one line and without control '
	'characters.';

CREATE FUNCTION voiceagent_private.check_hour(hour text, is_end boolean) RETURNS text
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
	IF hour ~ '^([01]?\d|2[0-3]):[0-5]\d$' THEN
		RETURN pg_catalog.lpad(hour, 5, '0');
	ELSIF is_end AND hour = '24:00' THEN
		RETURN hour;
	END IF;
	RAISE EXCEPTION USING ERRCODE = 'PT422',
		MESSAGE = pg_catalog.format('"%s" is not a time of day', pg_catalog.left(coalesce(hour, 'null'), 60)),
		HINT = 'Write hours as "HH:MM" from "00:00" to "23:59"; the end may be "24:00", '
			'midnight at the end of the day.';
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_hour(text, boolean) IS
	E'"H:MM" or "HH:MM" -> "HH:MM"; "24:00" only as an end.\n'
	'PT422 otherwise.';

CREATE FUNCTION voiceagent_private.check_span(span_start text, span_end text) RETURNS jsonb
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
	v_start text := voiceagent_private.check_hour(span_start, false);
	v_end text := voiceagent_private.check_hour(span_end, true);
BEGIN
	PERFORM voiceagent_private.fail_if(v_end COLLATE "C" <= v_start COLLATE "C", 'PT422',
		pg_catalog.format('calling hours end (%s) before they start (%s)', v_end, v_start), NULL,
		'A span lies within one day; write two for a night: to "24:00", and from "00:00".');
	RETURN pg_catalog.jsonb_build_array(v_start, v_end);
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_span(text, text) IS
	'["HH:MM","HH:MM"] of a start and an end on the same day; PT422 if it is empty.';

CREATE FUNCTION voiceagent_private.check_day(day text) RETURNS text
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
	v_day text := pg_catalog.left(pg_catalog.lower(pg_catalog.btrim(day)), 3);
BEGIN
	IF v_day IN ('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun') THEN
		RETURN v_day;
	END IF;
	RAISE EXCEPTION USING ERRCODE = 'PT422',
		MESSAGE = pg_catalog.format('"%s" is not a day of the week', pg_catalog.left(coalesce(day, 'null'), 60)),
		HINT = 'Days are mon, tue, wed, thu, fri, sat, sun.';
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_day(text) IS
	E'mon ..\n'
	'sun, of a day''s name in English; PT422 otherwise.';

CREATE FUNCTION voiceagent_private.check_hours(hours jsonb) RETURNS jsonb
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
	c_form constant text :=
		'Write {"start":"10:00","end":"19:00","days":["mon","tue"]} or {"mon":[["10:00","12:00"],["13:00","19:00"]]}.';
	v_span jsonb;
	v_days text[];
	v_key text;
	v_spans jsonb;
	v_checked jsonb;
	v_result jsonb := '{}';
BEGIN
	PERFORM voiceagent_private.fail_if(pg_catalog.jsonb_typeof(hours) IS DISTINCT FROM 'object' OR hours = '{}',
		'PT422', 'calling hours must be an object that names hours', NULL, c_form);
	IF hours ?| ARRAY['start', 'end', 'days'] THEN
		SELECT k INTO v_key FROM pg_catalog.jsonb_object_keys(hours) k WHERE k NOT IN ('start', 'end', 'days') LIMIT 1;
		PERFORM voiceagent_private.fail_if(v_key IS NOT NULL, 'PT422',
			pg_catalog.format('"%s" has no place in calling hours', pg_catalog.left(v_key, 60)), NULL, c_form);
		v_span := voiceagent_private.check_span(hours ->> 'start', hours ->> 'end');
		IF NOT hours ? 'days' THEN
			v_days := ARRAY['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
		ELSIF pg_catalog.jsonb_typeof(hours -> 'days') <> 'array' OR hours -> 'days' = '[]' THEN
			RAISE EXCEPTION USING ERRCODE = 'PT422', MESSAGE = 'the days of calling hours must be a list of days',
				HINT = c_form;
		ELSE
			SELECT pg_catalog.array_agg(DISTINCT voiceagent_private.check_day(d)) INTO v_days
			FROM pg_catalog.jsonb_array_elements_text(hours -> 'days') d;
		END IF;
		SELECT pg_catalog.array_agg(d ORDER BY n) INTO v_days
		FROM pg_catalog.unnest(ARRAY['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']) WITH ORDINALITY w(d, n)
		WHERE d = ANY (v_days);
		RETURN pg_catalog.jsonb_build_object('start', v_span -> 0, 'end', v_span -> 1,
			'days', pg_catalog.to_jsonb(v_days));
	END IF;
	FOR v_key, v_spans IN SELECT * FROM pg_catalog.jsonb_each(hours) LOOP
		IF pg_catalog.jsonb_typeof(v_spans) <> 'array' OR EXISTS
			(SELECT FROM pg_catalog.jsonb_array_elements(
				CASE pg_catalog.jsonb_typeof(v_spans) WHEN 'array' THEN v_spans ELSE '[]' END) s
				WHERE pg_catalog.jsonb_typeof(s) <> 'array' OR pg_catalog.jsonb_array_length(s) <> 2)
		THEN
			RAISE EXCEPTION USING ERRCODE = 'PT422',
				MESSAGE = pg_catalog.format('the hours of "%s" must be a list of spans', pg_catalog.left(v_key, 60)),
					HINT = c_form;
		END IF;
		SELECT coalesce(pg_catalog.jsonb_agg(c ORDER BY c), '[]') INTO v_checked
		FROM (SELECT voiceagent_private.check_span(s ->> 0, s ->> 1) AS c
			FROM pg_catalog.jsonb_array_elements(v_spans) s) x;
		IF EXISTS (SELECT FROM (SELECT s ->> 0 AS starts, pg_catalog.lag(s ->> 1) OVER (ORDER BY s ->> 0) AS before
			FROM pg_catalog.jsonb_array_elements(v_checked) s) x
				WHERE x.starts COLLATE "C" < x.before COLLATE "C")
		THEN
			RAISE EXCEPTION USING ERRCODE = 'PT422',
				MESSAGE = pg_catalog.format('the hours of "%s" overlap', v_key), HINT = c_form;
		END IF;
		v_result := v_result || pg_catalog.jsonb_build_object(voiceagent_private.check_day(v_key), v_checked);
	END LOOP;
	RETURN v_result;
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_hours(jsonb) IS
	E'Calling hours, checked and written in one way: {"start","end","days"} (days in the order of the week, all seven '
	'if none are named) or {"mon":[["10:00","12:00"],...],...} (spans sorted; a day that is missing has none).\n'
	'PT422 otherwise.';

CREATE FUNCTION voiceagent_private.read_days(days text) RETURNS datemultirange
	LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	v_span text;
	v_days datemultirange := '{}';
	c_most CONSTANT integer := 366;
	c_spans CONSTANT integer := 100;
BEGIN
	PERFORM voiceagent_private.fail_if(pg_catalog.length(days) > 10000, 'PT422', 'these are too many days');
	FOREACH v_span IN ARRAY pg_catalog.regexp_split_to_array(pg_catalog.btrim(days, E' ,\n'), '[ ,\n]+') LOOP
		CONTINUE WHEN v_span = '';
		PERFORM voiceagent_private.fail_if(v_span !~ '^\d{4}-\d\d-\d\d(\.\.\d{4}-\d\d-\d\d)?$', '22008', v_span);
		PERFORM voiceagent_private.fail_if(pg_catalog.right(v_span, 10)::date < pg_catalog.left(v_span, 10)::date,
			'PT422', pg_catalog.format('"%s" ends before it begins', v_span));
		v_days := v_days + pg_catalog.datemultirange(pg_catalog.daterange(pg_catalog.left(v_span, 10)::date,
			pg_catalog.right(v_span, 10)::date, '[]'));
	END LOOP;
	PERFORM voiceagent_private.fail_if((SELECT pg_catalog.sum(upper(d.span) - lower(d.span)) > c_most
			OR pg_catalog.count(*) > c_spans FROM pg_catalog.unnest(v_days) AS d(span)), 'PT422',
		pg_catalog.format('at most %s days can be named, in %s spans', c_most, c_spans));
	RETURN v_days;
EXCEPTION WHEN data_exception THEN
	PERFORM voiceagent_private.fail('PT422', pg_catalog.format('"%s" is not a day', pg_catalog.left(v_span, 60)), NULL,
		'Write days as 2026-12-24, and several in a row as 2026-12-28..2027-01-02.');
END
$$;
COMMENT ON FUNCTION voiceagent_private.read_days(text) IS
	E'Days as people write them, "2026-12-24, 2026-12-28..2027-01-02".\n'
	'PT422 for what is none, and for more than 366 of them, or 100 spans.';

CREATE FUNCTION voiceagent_private.json_bytes(value jsonb, most integer) RETURNS bigint
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_json_bytes';
COMMENT ON FUNCTION voiceagent_private.json_bytes(jsonb, integer) IS
	E'The bytes of the text that a value prints as; most + 1 where it is more than most.\n'
	'It stops there, whatever the value would print: 1e131000 takes 12 bytes and prints 131 kB.';

CREATE FUNCTION voiceagent_private.json_fault(value jsonb) RETURNS text
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_json_fault';
COMMENT ON FUNCTION voiceagent_private.json_fault(jsonb) IS
	E'Why what places calls could not read a value, as a sentence: a number beyond 64 bits, or levels; NULL: it can.\n'
	'Ask json_bytes() first.';

CREATE FUNCTION voiceagent_private.require_readable(value jsonb, what text) RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
	PERFORM voiceagent_private.fail_if(voiceagent_private.json_fault(value) IS NOT NULL, 'PT422',
		what || ' cannot be used', voiceagent_private.json_fault(value));
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_readable(jsonb, text) IS
	E'PT422 for a value that json_fault() finds something in; what: which value it is, as the subject of a sentence.\n'
	'For each value that calls are placed or judged with.';
