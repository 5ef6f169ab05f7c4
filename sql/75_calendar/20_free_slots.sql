-- 75_calendar: which slots are free.

CREATE FUNCTION voiceagent_private.check_skill(calendar voiceagent.calendars, seats integer[], skill text)
	RETURNS void LANGUAGE plpgsql STABLE AS $$
BEGIN
	PERFORM voiceagent_private.fail_if(skill IS NOT NULL AND calendar.people_rule IS NULL, 'PT422',
		'this calendar has no people to ask for a skill');
	PERFORM voiceagent_private.fail_if(cardinality(seats) = 0, 'PT409',
		CASE WHEN skill IS NULL THEN 'nobody takes appointments in this calendar'
			ELSE format('nobody who takes appointments in this calendar can do "%s"', left(skill, 60)) END, NULL,
		'set_calendar_person() names people and what they can do.');
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_skill(voiceagent.calendars, integer[], text) IS
	'PT409 where a calendar has no seat to give away (none with that skill), PT422 for a skill where it has no people.';

CREATE FUNCTION voiceagent.free_slots(calendar_id bigint DEFAULT NULL, from_time timestamptz DEFAULT NULL,
	to_time timestamptz DEFAULT NULL, timezone text DEFAULT NULL, skill text DEFAULT NULL,
	max_slots integer DEFAULT 50)
	RETURNS TABLE (starts_at timestamptz, ends_at timestamptz, local_start timestamp, free_seats integer)
	LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50 SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	c_most CONSTANT integer := 50000;
	c_span CONSTANT interval := '366 days 2 hours';
	v_skill text := lower(btrim(skill));
	v_from timestamptz := coalesce(from_time, voiceagent.clock());
	v_to timestamptz := coalesce(to_time, v_from + interval '14 days');
	v voiceagent.calendars := voiceagent_private.calendar_row(calendar_id, false);
	v_seats integer[] := voiceagent_private.calendar_seats(v, v_skill);
	v_zone text := coalesce(timezone, v.timezone);
BEGIN
	PERFORM voiceagent_private.fail_if(
		NOT isfinite(v_from) OR NOT isfinite(v_to) OR v_to - v_from > c_span OR v_to < v_from, 'PT422',
		'slots are looked for from one time until a later one, at most a year', NULL,
		'Give from_time and to_time with an offset.');
	PERFORM voiceagent_private.fail_if(max_slots IS NULL OR max_slots NOT BETWEEN 1 AND c_most, 'PT422',
		format('max_slots is a number from 1 to %s', c_most));
	PERFORM voiceagent_private.fail_if(NOT voiceagent_private.is_timezone(v_zone), 'PT422',
		format('"%s" is no time zone', left(v_zone, 60)), NULL, 'Give an IANA name such as "Europe/Berlin".');
	PERFORM voiceagent_private.check_skill(v, v_seats, v_skill);
	RETURN QUERY SELECT s.starts_at, s.starts_at + v.slot_length, s.starts_at AT TIME ZONE v_zone, cardinality(s.free)
	FROM voiceagent_private.slots_of(v, v_from, v_to, v_seats, max_slots) s;
END
$$;
COMMENT ON FUNCTION voiceagent.free_slots(bigint, timestamptz, timestamptz, text, text, integer) IS
	E'The first slots of a calendar (NULL: the default one) that start from from_time (now) until before to_time (14 '
	'days later, at most a year), may be booked now and have a free seat, in order.\n'
	'timezone: of local_start, NULL the calendar''s; skill: of one of its people; max_slots: 1 to 50000. PT404, '
	'PT409 for a calendar that was removed or has no people, PT422.';
