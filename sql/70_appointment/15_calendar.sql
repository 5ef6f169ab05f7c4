/*
 * 70_appointment: when a calendar is open, and which of its seats are free.
 *
 * Booking locks the calendar's row, deletes holds that have run out, asks
 * free_seats(), chooses one, and inserts; the constraint no_overlap stands
 * behind it for what does not lock (a default calendar without rules, into
 * which the end of a call inserts as it always did).
 */

CREATE FUNCTION voiceagent_private.week_spans(hours jsonb) RETURNS integer[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN hours IS NULL THEN '{0,0,1440,1,0,1440,2,0,1440,3,0,1440,4,0,1440,5,0,1440,6,0,1440}'::integer[]
		ELSE coalesce(voiceagent_private.hours_windows(hours), '{}') END;
COMMENT ON FUNCTION voiceagent_private.week_spans(jsonb) IS
	'calendars.hours as triples weekday (0 = Monday), first minute, last minute; NULL: the whole week.';

CREATE TABLE voiceagent_private.public_holidays (country text PRIMARY KEY, holidays jsonb NOT NULL);
COMMENT ON TABLE voiceagent_private.public_holidays IS
	'Holidays of countries whose calling law has none, so that they close calendars and forbid no call.';
COMMENT ON COLUMN voiceagent_private.public_holidays.country IS 'ISO 3166-1 alpha-2.';
COMMENT ON COLUMN voiceagent_private.public_holidays.holidays IS '{name: rule}, as holiday_dates() reads one.';
SELECT voiceagent_private.guard_table('voiceagent_private.public_holidays', 'platform', 'WHERE false');
-- 5 U.S.C. 6103; Canada Labour Code, s. 166.
INSERT INTO voiceagent_private.public_holidays (country, holidays) VALUES
	('US', '{"New Year''s Day":"01-01 observed","Martin Luther King Day":"3rd mon jan","Memorial Day":"last mon may",'
		'"Washington''s Birthday":"3rd mon feb","Juneteenth":"06-19 observed","Independence Day":"07-04 observed",'
		'"Labor Day":"1st mon sep","Columbus Day":"2nd mon oct","Veterans Day":"11-11 observed",'
		'"Thanksgiving":"4th thu nov","Christmas":"12-25 observed"}'),
	('CA', '{"New Year''s Day":"01-01","Good Friday":"easter-2","Victoria Day":"mon before 05-25",'
		'"Canada Day":"07-01","Labour Day":"1st mon sep","Truth and Reconciliation":"09-30",'
		'"Thanksgiving":"2nd mon oct","Remembrance Day":"11-11","Christmas":"12-25","Boxing Day":"12-26"}');

CREATE FUNCTION voiceagent_private.holiday_rules(country text) RETURNS SETOF jsonb LANGUAGE sql STABLE AS $$
	-- Without its dash a country would have the holidays of all its states.
	SELECT r.value FROM voiceagent_private.rules_in_force(CASE WHEN length(country) = 2 THEN country || '-'
		ELSE country END, (voiceagent.clock() AT TIME ZONE 'UTC')::date, false) r
	WHERE r.rule = 'holidays' AND r.origin <> '*' AND r.value <> '{}'
	UNION ALL SELECT p.holidays FROM voiceagent_private.public_holidays p
	WHERE holiday_rules.country ~ ('^' || p.country || '(-[A-Z]{2})?$')
$$;
COMMENT ON FUNCTION voiceagent_private.holiday_rules(text) IS
	'The holidays {name: rule} of a country or state, by its calling law and by the public; no row: none are known.';

CREATE FUNCTION voiceagent_private.special_days(calendar voiceagent.calendars, from_day date, until_day date,
	OUT days date[], OUT spans integer[]) RETURNS record LANGUAGE plpgsql STABLE SET planner.policy = by_key AS $$
DECLARE
	v_closed date[] := '{}';
BEGIN
	IF calendar.holidays IS NOT NULL THEN
		v_closed := voiceagent_private.holidays_between(calendar.holidays, from_day, until_day);
	END IF;
	IF calendar.holiday_country IS NOT NULL THEN
		v_closed := v_closed || ARRAY(SELECT d.day FROM voiceagent_private.holiday_rules(calendar.holiday_country) r
			CROSS JOIN LATERAL unnest(voiceagent_private.holidays_between(r, from_day, until_day)) AS d(day));
	END IF;
	days := '{}';
	spans := '{}';
	-- Most have none.
	IF v_closed = '{}' AND NOT EXISTS (SELECT FROM voiceagent.calendar_days d
		WHERE d.tenant_id = calendar.tenant_id AND d.calendar_id = calendar.calendar_id
			AND d.day BETWEEN from_day AND until_day) THEN
		RETURN;
	END IF;
	WITH special AS (
		SELECT d.day, d.hours, 1 AS first FROM voiceagent.calendar_days d
		WHERE d.tenant_id = calendar.tenant_id AND d.calendar_id = calendar.calendar_id
			AND d.day BETWEEN from_day AND until_day
		UNION ALL SELECT c.day, NULL, 2 FROM unnest(v_closed) AS c(day)
	), told AS (
		-- A day's own entry comes before its being a holiday.
		SELECT DISTINCT ON (s.day) s.day, s.hours FROM special s ORDER BY s.day, s.first
	), placed AS (
		SELECT t.day, t.hours, row_number() OVER (ORDER BY t.day) - 1 AS place FROM told t
	)
	SELECT coalesce(array_agg(p.day ORDER BY p.place), '{}'),
		coalesce((SELECT array_agg(k.value ORDER BY q.place, voiceagent_private.day_minute(w.span ->> 0), k.nth)
			FROM placed q CROSS JOIN LATERAL jsonb_array_elements(q.hours) AS w(span)
			CROSS JOIN LATERAL unnest(ARRAY[q.place::integer, voiceagent_private.day_minute(w.span ->> 0),
				voiceagent_private.day_minute(w.span ->> 1)]) WITH ORDINALITY AS k(value, nth)), '{}')
	INTO days, spans FROM placed p;
END
$$;
COMMENT ON FUNCTION voiceagent_private.special_days(voiceagent.calendars, date, date) IS
	'The days of a calendar on which its week does not hold: exceptions and holidays, ascending, and their hours as '
	'triples place in days (from 0), first minute, last minute.';

CREATE FUNCTION voiceagent_private.open_hours(timezone text, week integer[], days date[], day_spans integer[],
	from_time timestamptz, until_time timestamptz, OUT day date, OUT opens_at timestamptz, OUT closes_at timestamptz)
	RETURNS SETOF record LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_open_hours';
COMMENT ON FUNCTION voiceagent_private.open_hours(text, integer[], date[], integer[], timestamptz, timestamptz) IS
	'The openings that touch a span of time, of a week''s hours (week_spans()) and of special_days(), by a zone''s '
	'wall clock: a time that it skips counts as an hour later, one that it has twice as the second.';

CREATE FUNCTION voiceagent_private.open_slots(timezone text, week integer[], days date[], day_spans integer[],
	from_time timestamptz, until_time timestamptz, length integer, step integer, gap integer, day_limit integer,
	seats integer[], booked_seats integer[], booked_from timestamptz[], booked_until timestamptz[], most integer,
	OUT starts_at timestamptz, OUT free integer[])
	RETURNS SETOF record LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_open_slots';
COMMENT ON FUNCTION voiceagent_private.open_slots(text, integer[], date[], integer[], timestamptz, timestamptz, integer,
	integer, integer, integer, integer[], integer[], timestamptz[], timestamptz[], integer) IS
	E'The first (most) slots in open_hours() that start in [from_time, until_time) with a free seat, and which.\n'
	'length, step, gap: seconds; day_limit: 0 is none. Bookings come by start, and each end with its gap; seats as '
	'booked_between() has them.';

CREATE FUNCTION voiceagent_private.open_until(timezone text, week integer[], days date[], day_spans integer[],
	from_time timestamptz, seconds bigint)
	RETURNS timestamptz LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_open_until';
COMMENT ON FUNCTION voiceagent_private.open_until(text, integer[], date[], integer[], timestamptz, bigint) IS
	'When so many seconds of open_hours() have passed since a time; NULL: not within 400 days.';

CREATE FUNCTION voiceagent_private.open_time(timezone text, week integer[], days date[], day_spans integer[],
	from_time timestamptz, until_time timestamptz)
	RETURNS bigint LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_open_time';
COMMENT ON FUNCTION voiceagent_private.open_time(text, integer[], date[], integer[], timestamptz, timestamptz) IS
	'Seconds of open_hours() between two times, of at most 400 days.';

CREATE FUNCTION voiceagent_private.seconds_of(duration interval) RETURNS integer
	LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN date_part('epoch', duration)::integer;
COMMENT ON FUNCTION voiceagent_private.seconds_of(interval) IS 'A duration in whole seconds.';

CREATE FUNCTION voiceagent_private.calendar_gap(calendar voiceagent.calendars) RETURNS interval
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN make_interval(secs => date_part('epoch', greatest((calendar).buffer_before, (calendar).buffer_after)));
COMMENT ON FUNCTION voiceagent_private.calendar_gap(voiceagent.calendars) IS
	'The free time between two appointments of a seat: of the buffer after the one and before the other the larger.';

CREATE FUNCTION voiceagent_private.appointment_reach() RETURNS interval
	LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN interval '54 hours';
COMMENT ON FUNCTION voiceagent_private.appointment_reach() IS
	E'No appointment with its buffer is longer, so that what reaches into a time starts at most this long before it.\n'
	'Row-level security lets an index serve comparisons of times, but not those of ranges.';

CREATE FUNCTION voiceagent_private.clock_in(calendar voiceagent.calendars, ahead interval) RETURNS timestamptz
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN (voiceagent.clock() AT TIME ZONE (calendar).timezone + date_trunc('day', ahead))
		AT TIME ZONE (calendar).timezone + (ahead - date_trunc('day', ahead));
COMMENT ON FUNCTION voiceagent_private.clock_in(voiceagent.calendars, interval) IS
	'The instant that far ahead: days by the wall clock of the calendar, whatever the session''s zone is.';

CREATE FUNCTION voiceagent_private.booked_between(calendar voiceagent.calendars, from_time timestamptz,
	until_time timestamptz, own_id bigint DEFAULT NULL)
	RETURNS TABLE (seat integer, starts_at timestamptz, frees_at timestamptz)
	LANGUAGE plpgsql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_gap interval := voiceagent_private.calendar_gap(calendar);
BEGIN
	-- The order is that of an index that knows times; no_overlap would be read from the calendar's first day on.
	RETURN QUERY SELECT a.seat, a.starts_at, greatest(upper(a.busy), a.ends_at + v_gap)
	FROM voiceagent.appointments a
	WHERE a.tenant_id = calendar.tenant_id AND a.calendar_id = calendar.calendar_id
		AND a.status IN ('pending', 'confirmed', 'held') AND (a.held_until IS NULL OR a.held_until > voiceagent.clock())
		AND a.starts_at >= from_time AND a.starts_at < until_time AND a.appointment_id IS DISTINCT FROM own_id
	UNION ALL SELECT coalesce(-t.seat, 0), t.starts_at, t.ends_at + v_gap FROM voiceagent.busy_times t
	WHERE t.tenant_id = calendar.tenant_id AND t.calendar_id = calendar.calendar_id
		AND t.starts_at >= from_time AND t.starts_at < until_time
	ORDER BY 2, 1;
END
$$;
COMMENT ON FUNCTION voiceagent_private.booked_between(voiceagent.calendars, timestamptz, timestamptz, bigint) IS
	E'Bookings that take a seat and start in [from_time, until_time), by start and seat; frees_at: when the next '
	'appointment of the seat may start.\n'
	'seat is below 0 where a followed calendar takes that person''s time, and 0 where it takes all. Holds that have '
	'run out count for nothing, nor does own_id, an appointment that is about to leave its place.';

CREATE FUNCTION voiceagent_private.slots_of(calendar voiceagent.calendars, from_time timestamptz,
	until_time timestamptz, seats integer[], most integer, own_id bigint DEFAULT NULL)
	RETURNS TABLE (starts_at timestamptz, free integer[])
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	-- More than any day is long: the limit a day counts all that begins on it.
	c_day CONSTANT interval := '50 hours';
	v_gap interval := voiceagent_private.calendar_gap(calendar);
	v_length integer := voiceagent_private.seconds_of(calendar.slot_length);
	v_week integer[] := voiceagent_private.week_spans(calendar.hours);
	v_at timestamptz := greatest(from_time, voiceagent_private.clock_in(calendar, calendar.notice),
		voiceagent.clock() + interval '1 microsecond');
	v_until timestamptz := least(until_time, voiceagent_private.clock_in(calendar, calendar.horizon)
		+ interval '1 microsecond');
	v_to timestamptz;
	v_look interval := '4 days';
	v_special record;
	v_booked record;
	v_left integer := most;
	v_found integer;
BEGIN
	IF v_at >= v_until THEN
		RETURN;
	END IF;
	SELECT * INTO v_special FROM voiceagent_private.special_days(calendar,
		(v_at AT TIME ZONE calendar.timezone)::date - 2, (v_until AT TIME ZONE calendar.timezone)::date + 2);
	-- The first ones are near: what is booked is read piece by piece, each four times as long as the one before.
	WHILE v_left > 0 AND v_at < v_until LOOP
		v_to := least(v_until, v_at + v_look);
		SELECT coalesce(array_agg(b.seat), '{}') AS seats, coalesce(array_agg(b.starts_at), '{}') AS starts,
			coalesce(array_agg(b.frees_at), '{}') AS ends
		INTO v_booked
		FROM voiceagent_private.booked_between(calendar, v_at - c_day - voiceagent_private.appointment_reach(),
			v_to + c_day + v_gap, own_id) b;
		RETURN QUERY SELECT s.starts_at, s.free FROM voiceagent_private.open_slots(calendar.timezone, v_week,
			v_special.days, v_special.spans, v_at, v_to, v_length,
			coalesce(voiceagent_private.seconds_of(calendar.slot_step), v_length),
			voiceagent_private.seconds_of(v_gap), coalesce(calendar.day_limit, 0), seats, v_booked.seats,
			v_booked.starts, v_booked.ends, v_left) s;
		GET DIAGNOSTICS v_found = ROW_COUNT;
		v_left := v_left - v_found;
		v_at := v_to;
		v_look := v_look * 4;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.slots_of(voiceagent.calendars, timestamptz, timestamptz, integer[], integer,
	bigint) IS
	E'The first (most) slots of a calendar of the current tenant, as calendar_row() has it, that start in '
	'[from_time, until_time) and may be booked now, with those of these seats that are free.\n'
	'Holds that have run out count for nothing, nor does own_id, an appointment that is about to leave its place.';

CREATE FUNCTION voiceagent_private.calendar_row(calendar_id bigint, locked boolean)
	RETURNS voiceagent.calendars LANGUAGE plpgsql VOLATILE SET planner.policy = by_key AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v voiceagent.calendars;
BEGIN
	IF locked THEN
		SELECT c.* INTO v FROM voiceagent.calendars c WHERE c.tenant_id = v_tenant
			AND CASE WHEN calendar_row.calendar_id IS NULL THEN c.is_default
				ELSE c.calendar_id = calendar_row.calendar_id END FOR NO KEY UPDATE;
	ELSE
		SELECT c.* INTO v FROM voiceagent.calendars c WHERE c.tenant_id = v_tenant
			AND CASE WHEN calendar_row.calendar_id IS NULL THEN c.is_default
				ELSE c.calendar_id = calendar_row.calendar_id END;
	END IF;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404',
		format('calendar %s does not exist', calendar_row.calendar_id));
	PERFORM voiceagent_private.fail_if(v.removed_at IS NOT NULL, 'PT409',
		format('calendar %s was removed', v.calendar_id));
	v.slot_length := coalesce(v.slot_length,
		voiceagent_private.as_interval(voiceagent.get_setting('appointment_duration')));
	RETURN v;
END
$$;
COMMENT ON FUNCTION voiceagent_private.calendar_row(bigint, boolean) IS
	E'A calendar of the current tenant (NULL: the default one), locked if wanted, with the slot''s length in force.\n'
	'PT404; PT409 for one that was removed.';

CREATE FUNCTION voiceagent_private.calendar_seats(calendar voiceagent.calendars, skill text DEFAULT NULL)
	RETURNS integer[] LANGUAGE plpgsql STABLE SET planner.policy = by_key AS $$
BEGIN
	IF calendar.people_rule IS NULL THEN
		RETURN ARRAY(SELECT generate_series(1, calendar.capacity));
	END IF;
	RETURN ARRAY(SELECT p.seat FROM voiceagent.calendar_people p
		WHERE p.tenant_id = calendar.tenant_id AND p.calendar_id = calendar.calendar_id AND p.active
			AND (skill IS NULL OR skill = ANY (p.skills)) ORDER BY p.seat);
END
$$;
COMMENT ON FUNCTION voiceagent_private.calendar_seats(voiceagent.calendars, text) IS
	'The seats of a calendar that may be given away: of its people that are active (and have the skill), or 1 to its '
	'capacity.';

CREATE FUNCTION voiceagent_private.free_seats(calendar voiceagent.calendars, starts_at timestamptz,
	ends_at timestamptz, seats integer[], own_id bigint DEFAULT NULL, by_hand boolean DEFAULT false)
	RETURNS integer[] LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_taken integer[] := ARRAY(SELECT b.seat
		FROM voiceagent_private.booked_between(calendar, starts_at - voiceagent_private.appointment_reach(),
			ends_at + voiceagent_private.calendar_gap(calendar), own_id) b
		WHERE b.frees_at > free_seats.starts_at AND (b.seat > 0 OR NOT by_hand));
BEGIN
	RETURN ARRAY(SELECT s.seat FROM unnest(seats) AS s(seat)
		WHERE s.seat <> ALL (v_taken) AND -s.seat <> ALL (v_taken) AND 0 <> ALL (v_taken) ORDER BY s.seat);
END
$$;
COMMENT ON FUNCTION voiceagent_private.free_seats(voiceagent.calendars, timestamptz, timestamptz, integer[], bigint,
	boolean) IS
	E'Those of these seats that have nothing in a slot, nor nearer to it than the calendar''s buffers and their own '
	'allow; own_id: an appointment that is about to leave its place.\n'
	'by_hand: what followed calendars say does not count.';

CREATE FUNCTION voiceagent_private.day_is_full(calendar voiceagent.calendars, at timestamptz,
	own_id bigint DEFAULT NULL) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_day date := (at AT TIME ZONE calendar.timezone)::date;
BEGIN
	IF calendar.day_limit IS NULL THEN
		RETURN NULL;
	END IF;
	RETURN calendar.day_limit <= (SELECT count(*)
		FROM voiceagent_private.booked_between(calendar, v_day::timestamp AT TIME ZONE calendar.timezone,
			(v_day + 1)::timestamp AT TIME ZONE calendar.timezone, own_id) b WHERE b.seat > 0);
END
$$;
COMMENT ON FUNCTION voiceagent_private.day_is_full(voiceagent.calendars, timestamptz, bigint) IS
	'Whether as many appointments start on that day of the calendar as may; NULL: there is no limit.';

CREATE FUNCTION voiceagent_private.broken_rule(calendar voiceagent.calendars, starts_at timestamptz,
	ends_at timestamptz) RETURNS text LANGUAGE plpgsql STABLE SET planner.policy = in_order AS $$
DECLARE
	v_week integer[] := voiceagent_private.week_spans(calendar.hours);
	v_special record;
	v_open boolean;
	v_at_step boolean;
BEGIN
	IF starts_at < voiceagent_private.clock_in(calendar, calendar.notice) THEN
		RETURN 'notice';
	ELSIF starts_at > voiceagent_private.clock_in(calendar, calendar.horizon) THEN
		RETURN 'horizon';
	END IF;
	SELECT * INTO v_special FROM voiceagent_private.special_days(calendar,
		(starts_at AT TIME ZONE calendar.timezone)::date - 2, (ends_at AT TIME ZONE calendar.timezone)::date + 2);
	-- Where it may start at any time, it may reach over midnight from one opening into the next.
	SELECT CASE WHEN calendar.slot_step IS NULL
			THEN range_agg(tstzrange(o.opens_at, o.closes_at)) @> tstzrange(starts_at, ends_at)
			ELSE bool_or(o.opens_at <= starts_at AND ends_at <= o.closes_at) END,
		bool_or(o.opens_at <= starts_at AND ends_at <= o.closes_at
			AND mod(date_part('epoch', starts_at - o.opens_at)::numeric,
				voiceagent_private.seconds_of(calendar.slot_step)) = 0)
	INTO v_open, v_at_step
	FROM voiceagent_private.open_hours(calendar.timezone, v_week, v_special.days, v_special.spans,
		starts_at - interval '2 days', ends_at + interval '1 day') o;
	RETURN CASE WHEN v_open IS NOT TRUE THEN 'closed'
		WHEN calendar.slot_step IS NOT NULL AND NOT v_at_step THEN 'step' END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.broken_rule(voiceagent.calendars, timestamptz, timestamptz) IS
	'Which rule of a calendar a slot breaks, apart from what is booked: notice, horizon, closed, step; NULL: none.';

CREATE FUNCTION voiceagent_private.choose_seat(calendar voiceagent.calendars, free integer[], starts_at timestamptz)
	RETURNS integer LANGUAGE plpgsql VOLATILE SET planner.policy = by_key AS $$
DECLARE
	v_day date := (starts_at AT TIME ZONE calendar.timezone)::date;
	v_seat integer := free[1];
BEGIN
	IF calendar.people_rule IS NULL THEN
		RETURN v_seat;
	END IF;
	SELECT p.seat INTO v_seat FROM voiceagent.calendar_people p
	LEFT JOIN (SELECT b.seat, count(*) AS booked
		FROM voiceagent_private.booked_between(calendar, v_day::timestamp AT TIME ZONE calendar.timezone,
			(v_day + 1)::timestamp AT TIME ZONE calendar.timezone) b
		WHERE calendar.people_rule = 'most_free' GROUP BY b.seat) d ON d.seat = p.seat
	WHERE p.tenant_id = calendar.tenant_id AND p.calendar_id = calendar.calendar_id AND p.seat = ANY (free)
	ORDER BY coalesce(d.booked, 0), p.last_turn, p.seat LIMIT 1;
	UPDATE voiceagent.calendar_people p
	SET last_turn = 1 + (SELECT max(o.last_turn) FROM voiceagent.calendar_people o
		WHERE o.tenant_id = calendar.tenant_id AND o.calendar_id = calendar.calendar_id)
	WHERE p.tenant_id = calendar.tenant_id AND p.calendar_id = calendar.calendar_id AND p.seat = v_seat;
	RETURN v_seat;
END
$$;
COMMENT ON FUNCTION voiceagent_private.choose_seat(voiceagent.calendars, integer[], timestamptz) IS
	'Gives one of these free seats away, by the calendar''s people_rule, and notes the person''s turn; the caller has '
	'locked the calendar.';

CREATE FUNCTION voiceagent_private.drop_old_holds(calendar voiceagent.calendars) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order AS $$
BEGIN
	-- This does not wait for one that another session deletes at the end of its call.
	DELETE FROM voiceagent.appointments a
	WHERE a.tenant_id = calendar.tenant_id AND a.appointment_id = ANY (ARRAY(
		SELECT h.appointment_id FROM voiceagent.appointments h
		WHERE h.tenant_id = calendar.tenant_id AND h.calendar_id = calendar.calendar_id
			AND h.held_until <= voiceagent.clock() FOR UPDATE SKIP LOCKED));
END
$$;
COMMENT ON FUNCTION voiceagent_private.drop_old_holds(voiceagent.calendars) IS
	'Deletes the holds of a calendar that have run out, because a constraint knows no time.';
