/*
 * 70_appointment: when who asked to be called again wants to be.  Unlike an
 * appointment that needs no hour which both have agreed on: a week, a month, or
 * a day that somebody wants to be left alone until, say when not to call.
 */

CREATE FUNCTION voiceagent_private.parse_feast(said text, today date) RETURNS daterange
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT f.days
	FROM generate_series(0, 1) AS y(n)
	CROSS JOIN LATERAL (SELECT make_date(extract(year FROM today)::integer + y.n, 1, 1) AS day) AS n
	CROSS JOIN LATERAL (VALUES ('new\s+year', daterange(n.day, n.day + 1)),
		('christmas|xmas',
			daterange((n.day + interval '11 months 23 days')::date, (n.day + interval '11 months 26 days')::date)),
		-- The Thursday of the week of November 25th is its fourth; and the weekend behind it.
		('thanksgiving', daterange(date_trunc('week', n.day + interval '10 months 24 days')::date + 3,
			date_trunc('week', n.day + interval '10 months 24 days')::date + 7))) AS f(name, days)
	WHERE voiceagent_private.matches(said, '\m(' || f.name || ')\M', 'i') AND upper(f.days) > today
	ORDER BY f.days LIMIT 1
$$;
COMMENT ON FUNCTION voiceagent_private.parse_feast(text, date) IS
	'The days of the feast that words name (Christmas, New Year, Thanksgiving) and that is not over; NULL when they '
	'name none whose date is the same everywhere.';

CREATE FUNCTION voiceagent_private.parse_period(said text, today date) RETURNS daterange
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
	c_month CONSTANT text := '(' || voiceagent_private.month_names() || ')\M';
	-- May I, and April is not in: a month at the start of words is one where none of that can be meant.
	c_first CONSTANT text := '^(?!(?:april|may|june)\M(?!\s*(?:$|[,.;!?])|\s+(?:or\s+so|please|(?:is|works?'
		'|would\s+be)\s+(?:best|better|fine|good|ok|for))\M))';
	c_unit CONSTANT text := '(day|week|fortnight|month|year)';
	c_count CONSTANT text := '(an?|[0-9]{1,3}|(?:a\s+)?(?:couple(?:\s+of)?|few)|several|some)\s+(?:more\s+)?';
	c_next CONSTANT text := '\m(this|next|following|coming)\s+(week|month|year)\M';
	v_said text := lower(said);
	-- In a month, two weeks from now, away for a few days
	v_part text[] := coalesce(voiceagent_private.captures(v_said,
		'\m(?:in|after|for|another|wait|least|maybe|give\s+(?:me|us|it))\s+' || c_count || c_unit || 's?\M'),
		voiceagent_private.captures(v_said, '\m' || c_count || c_unit || 's?\s+(?:from\s+(?:now|today)|later)\M'));
	v_which text := (voiceagent_private.captures(v_said, '\m(mid|middle|end|late|later)\M(?=(?:\s+(?:of|in'
		'|on))?[\s-]+(?:the\s+)?(?:(?:this|next|following|coming)\s+)?(?:week|month|year|' || c_month || '))'))[1];
	v_unit text;
	v_from date;
BEGIN
	IF v_part IS NOT NULL THEN
		RETURN daterange((today + CASE WHEN voiceagent_private.matches(v_part[1], '^[0-9]') THEN v_part[1]::integer
			WHEN voiceagent_private.matches(v_part[1], 'couple') THEN 2
			WHEN voiceagent_private.matches(v_part[1], '^an?$') THEN 1 ELSE 3 END * CASE v_part[2]
			WHEN 'fortnight' THEN interval '14 days' ELSE ('1 ' || v_part[2])::interval END)::date, NULL);
	ELSIF voiceagent_private.matches(v_said, '\mnext\s+(few|couple\s+of|several|[0-9]+)\s+(days|weeks|months)\M') THEN
		RETURN daterange(today + 1, NULL);
	ELSIF voiceagent_private.matches(v_said, '\min\s+the\s+new\s+year\M') THEN
		RETURN daterange(upper(
			voiceagent_private.parse_feast('new year', (date_trunc('year', today) + interval '1 day')::date)), NULL);
	ELSIF voiceagent_private.parse_feast(v_said, today) IS NOT NULL THEN
		RETURN voiceagent_private.parse_feast(v_said, today);
	ELSIF voiceagent_private.matches(v_said, '\mweekend\M') THEN
		v_from := date_trunc('week', today)::date + 5;
		v_from := v_from + CASE WHEN v_from <= today
			OR voiceagent_private.matches(v_said, '\mnext\s+weekend\M') THEN 7 ELSE 0 END;
		RETURN daterange(v_from, v_from + 2);
	END IF;
	-- The week after next, the end of next month, later this week
	v_part := voiceagent_private.captures(v_said, c_next);
	IF voiceagent_private.matches(v_said, '\m(week|month|year)\s+after\s+next\M') THEN
		v_unit := (voiceagent_private.captures(v_said, '\m(week|month|year)\s+after\s+next\M'))[1];
		v_from := date_trunc(v_unit, today) + 2 * ('1 ' || v_unit)::interval;
	ELSIF v_part[1] <> 'this' THEN
		v_unit := v_part[2];
		v_from := date_trunc(v_unit, today) + ('1 ' || v_unit)::interval;
	ELSIF v_which IS NOT NULL AND voiceagent_private.matches(v_said, '\m(week|month|year)\M') THEN
		v_unit := (voiceagent_private.captures(v_said, '\m(week|month|year)\M'))[1];
		v_from := date_trunc(v_unit, today);
	ELSE
		v_part := voiceagent_private.captures(v_said, '(?:' || c_first || '|\m(?:in|of|until|till|before|after|from|by'
			'|early|mid|late|next|this|around|than|sometime)[\s-]+)(?:the\s+)?' || c_month || '(?!\s+[0-9])');
		IF v_part IS NULL THEN
			RETURN NULL;
		END IF;
		v_unit := 'month';
		v_from := (SELECT m.first FROM (SELECT (date_trunc('month', today) + n * interval '1 month')::date AS first
			FROM generate_series(0, 11) AS n) AS m
			WHERE extract(month FROM m.first) = voiceagent_private.month_number(v_part[1]));
	END IF;
	RETURN daterange(greatest(today + 1, v_from + coalesce(
		(SELECT p.days FROM (VALUES ('week', 2, 4), ('month', 14, 24), ('year', 166, 349)) AS u(unit, mid, late)
				CROSS JOIN LATERAL (VALUES ('mid', u.mid), ('middle', u.mid), ('late', u.late),
					('end', u.late)) AS p(which, days)
				WHERE u.unit = v_unit AND p.which = v_which), 0)),
		greatest(today + 2, (v_from + ('1 ' || v_unit)::interval)::date));
END
$$;
COMMENT ON FUNCTION voiceagent_private.parse_period(text, date) IS
	E'The days that words mean without naming one, seen from today: next week, the end of the month, in a month (from '
	'then on), in January, at Christmas, on the weekend; of what has begun those after today.\n'
	'NULL when they name no such.';

CREATE FUNCTION voiceagent_private.parse_range_start(said text, today date) RETURNS date
	LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	-- Friday I can't: what cannot be then rules out no Friday. And what they begin with is no person's name.
	v_said text :=
		voiceagent_private.replaced(voiceagent_private.replaced(said, '\s+(?:i|we|no|not|never)\M.*$', '', 'i'),
			'^(\s*(?:(?:right\s+|sometime\s+)?after\s+)?)(?=(?:april|may|june)\M)', '\1in ', 'i');
	v_passed text := (voiceagent_private.captures(v_said, '^\s*(?:right\s+|sometime\s+)?after\s+(.*)', 'i'))[1];
	v_date date;
BEGIN
	IF v_passed IS NULL THEN
		v_date := coalesce(voiceagent_private.parse_date(v_said, today),
			lower(voiceagent_private.parse_period(v_said, today)));
	ELSE
		v_date := coalesce(voiceagent_private.parse_date(v_passed, today) + 1,
			upper(voiceagent_private.parse_period(v_passed, today)));
	END IF;
	RETURN CASE WHEN v_date IS NULL AND voiceagent_private.names_day(v_said) THEN 'infinity' ELSE v_date END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.parse_range_start(text, date) IS
	'The day that words such as Monday, next month, after the 5th begin with, seen from today; infinity when they '
	'name one that cannot be told, NULL when none.';

CREATE FUNCTION voiceagent_private.parse_earliest(said text, today date) RETURNS date
	LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	c_no CONSTANT text := '(?:\m(?:no|not|never|cannot|cant|dont|wont|earliest)\M|n[''’]t\M)';
	c_day CONSTANT text := '(?:(?:on|the|next|this|following|end|of)\s+)*(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day'
		'|(?:day\s+after\s+)?tomorrow|today|[0-9]{1,2}(?:st|nd|rd|th|\s+(?:of\s+)?(?:'
		|| voiceagent_private.month_words()
		|| '))|weekend|week|month|year|new\s+year|christmas|xmas|thanksgiving|' || voiceagent_private.month_names()
			|| ')\M[^;!?]*';
	-- Times whose end nobody can tell, and words that are no time at all.
	c_far CONSTANT text := '\m(?:holidays?|vacations?|honeymoon|(?:maternity|parental|sick)\s+leave|sabbatical|semester'
		'|exams?|finals|season|spring|summer|autumn|winter|the\s+fall|easter'
		|| '|ramadan|surgery|operation|hospital|funeral|abroad|overseas|trip|out\s+of\s+(?:the\s+country|town)'
			'|some\s*day|one\s+day|one\s+of\s+these\s+days)\M'
		|| '|\m(?:never|not\s+at\s+all|leave\s+me\s+alone|stop\s+calling|no\s+more\s+calls|(?:don[''’]?t'
			'|do\s+not)\s+(?:ever\s+)?call)\M(?:\s+(?:me|us|here|back|again|ever|any\s*more))*\s*(?:$|[,.;!?])';
	c_today CONSTANT text := '\m(?:today|tonight|this\s+(?:morning|afternoon|evening))\M';
	v_said text := lower(voiceagent_private.parse_granted(said));
	-- Until Monday; no earlier than next week; from the 5th on; after Christmas.
	v_from text := coalesce((voiceagent_private.captures(v_said,
		c_no || '[^,;!?]*?\m(?:before|until|till|(?:earlier|sooner)\s+than)\s+([^;!?]+)'))[1],
		(voiceagent_private.captures(v_said, '\m(?:until|till|from|starting|as\s+of)\s+((?:after\s+)?' || c_day
			|| ')'))[1],
		(voiceagent_private.captures(v_said, '\m(after\s+' || c_day || ')'))[1]);
	v_later text;
	v_words text;
	v_period daterange;
	v_unit text;
BEGIN
	IF voiceagent_private.parse_range_start(v_from, today) IS NOT NULL THEN
		RETURN voiceagent_private.parse_range_start(v_from, today);
	END IF;
	-- A call that is to come before Friday, or this week, may come now.
	v_later := voiceagent_private.replaced(v_said, '\m(?:before|by|within)\s+[^,;.!?]*', '', 'g');
	v_words := voiceagent_private.parse_affirmed(v_later);
	v_period := voiceagent_private.parse_period(v_later, today);
	v_unit := (voiceagent_private.captures(v_said, '\mthis\s+(week|month|year)\M'))[1];
	IF v_unit IS NOT NULL AND v_period IS NULL
		AND NOT voiceagent_private.matches(v_words, '\mthis\s+(?:week|month|year)\M') THEN
		RETURN date_trunc(v_unit, today) + ('1 ' || v_unit)::interval;
	END IF;
	RETURN coalesce(lower(voiceagent_private.parse_period(v_words, today)),
		-- Not next week; I can't for two weeks
		upper(v_period), lower(v_period),
		CASE
			WHEN voiceagent_private.matches(v_said, '\mtomorrow\M')
				AND NOT voiceagent_private.matches(v_words, '\mtomorrow\M') THEN today + 2
			WHEN voiceagent_private.matches(v_said, c_today) AND NOT voiceagent_private.matches(v_words, c_today)
				OR voiceagent_private.matches(v_words, '\m(?:another|other|different)\s+day\M') THEN today + 1
			WHEN voiceagent_private.matches(v_said, c_far) OR voiceagent_private.matches(
				voiceagent_private.replaced(v_words, '\m(?:this|any|every|each|all)\s+(?:week|month|year)\M', '', 'g'),
				'\m(?:weeks?|fortnight|months?|years?)\M') OR voiceagent_private.parse_ordinal(v_words)
				OR voiceagent_private.parse_day_of_month(v_words, today) IS NOT NULL
				OR voiceagent_private.parse_weekday(v_words, NULL) THEN 'infinity' END);
END
$$;
COMMENT ON FUNCTION voiceagent_private.parse_earliest(text, date) IS
	E'The first day, seen from today, on which a person whose words name no one day (parse_date()) wants to be '
	'called: not before Monday, in a month, next week, after Christmas, not today; infinity when they mean one that '
	'cannot be told (after the holidays), or none (never).\n'
	'NULL when they say nothing of it.';

-- An hour, or a part of the day, without a day is the next such one. A day without an hour (or with one of a zone
-- that nobody can tell) counts from its beginning, or from that of the part that the words name (tonight). Where
-- they name no one day, the first of those that they mean counts (parse_earliest()).
CREATE FUNCTION voiceagent_private.callback_time(structured_data jsonb, timezone text, at timestamptz)
	RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
DECLARE
	c_morning CONSTANT text := '\m(mornings?|first\s+thing)\M';
	v_day text := voiceagent_private.parse_head(structured_data #>> '{callback,date}');
	v_hour text := voiceagent_private.parse_head(structured_data #>> '{callback,time}');
	v_phrase text := voiceagent_private.parse_head(structured_data #>> '{callback,phrase}');
	v_words text := voiceagent_private.parse_numbers(v_phrase);
	v_named text := nullif(btrim(structured_data #>> '{callback,timezone}'), '');
	-- A person that names the zone of another place means its clock; when it may be called there is for
	-- the calling hours to say.
	v_zone text := voiceagent_private.resolve_zone(concat_ws(', ', v_hour, v_day, v_words), v_named, at, timezone);
	v_unknown text := CASE WHEN v_zone = timezone THEN v_named END;
	v_time timestamptz := voiceagent_private.resolve_time(v_day, v_hour, v_phrase, v_zone, at, v_unknown);
	v_for text := voiceagent_private.parse_affirmed(concat_ws(', ', v_hour, v_words));
	v_part time := CASE WHEN voiceagent_private.matches(v_words, c_morning, 'i') AND NOT voiceagent_private.matches(
		v_for, c_morning, 'i') THEN '12:00' ELSE voiceagent_private.parse_day_part(v_for) END;
	v_today date;
	v_earliest date;
	-- As of an appointment: what is farther away was misheard.
	c_farthest CONSTANT interval := '10 years';
BEGIN
	IF NOT voiceagent_private.is_timezone(v_zone) THEN
		RETURN CASE WHEN v_time > at AND v_time <= at + c_farthest THEN v_time END;
	END IF;
	v_today := at AT TIME ZONE v_zone;
	IF voiceagent_private.parse_date(v_words, v_today) IS NULL THEN
		v_earliest := voiceagent_private.parse_earliest(v_words, v_today);
	END IF;
	-- A person that is at the hospital, and wants a call in two hours, has said when.
	IF v_earliest = 'infinity' AND voiceagent_private.parse_span(v_for) IS NOT NULL THEN
		v_earliest := NULL;
	END IF;
	IF v_time IS NULL AND v_day = '' AND v_earliest IS NULL AND NOT voiceagent_private.names_day(v_words) THEN
		-- An hour, or a part of the day, of which no day is said is the next such one.
		v_time := coalesce(voiceagent_private.resolve_time('today', v_hour, v_phrase, v_zone, at, v_unknown),
			(v_today + v_part) AT TIME ZONE v_zone);
		IF v_time <= at OR v_time IS NULL AND voiceagent_private.matches(v_for, c_morning, 'i') THEN
			v_time := coalesce(voiceagent_private.resolve_time('tomorrow', v_hour, v_phrase, v_zone, at, v_unknown),
				(v_today + 1 + coalesce(v_part, '00:00')) AT TIME ZONE v_zone);
		END IF;
	ELSIF v_time IS NULL THEN
		-- A day of which no hour is said: the calling hours say when on it.
		v_time := (voiceagent_private.resolve_date(voiceagent_private.parse_date(v_day, v_today), v_words, v_today)
			+ coalesce(v_part, '00:00'))
			AT TIME ZONE v_zone;
	END IF;
	-- A day that the words rule out is none, whoever has heard it. A day that cannot be told is not tomorrow.
	IF v_earliest IS NOT NULL AND ((v_time AT TIME ZONE v_zone)::date >= CASE v_earliest
		WHEN 'infinity' THEN v_today + 2 ELSE v_earliest END) IS NOT TRUE THEN
		v_time := coalesce(voiceagent_private.resolve_time(v_earliest::text,
			coalesce(voiceagent_private.parse_clock(v_words)::text, v_hour), '', v_zone, at, v_unknown),
			(v_earliest + coalesce(v_part, '00:00')) AT TIME ZONE v_zone);
	END IF;
	RETURN CASE WHEN v_time > at AND (v_time <= at + c_farthest OR NOT isfinite(v_time)) THEN v_time END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.callback_time(jsonb, text, timestamptz) IS
	E'When the person asked to be called again, read by resolve_time() from the call''s end (at) in the zone that it '
	'named, else in the given IANA zone.\n'
	'infinity: on a day that only a person can tell, or on none. NULL: the person did not say, or named a time that '
	'has passed or is more than 10 years away; callback_delay holds then.';
