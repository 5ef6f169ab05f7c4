-- 83_ticket: the clocks of a ticket, which run while the staff works.

CREATE FUNCTION voiceagent_private.staff_calendar() RETURNS voiceagent.calendars
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v voiceagent.calendars;
BEGIN
	SELECT h.timezone, h.hours, h.holiday_country, h.holidays INTO v.timezone, v.hours, v.holiday_country, v.holidays
	FROM voiceagent_private.staff_hours h;
	RETURN v;
END
$$;
COMMENT ON FUNCTION voiceagent_private.staff_calendar() IS
	'The staff''s hours as a calendar without people; without a timezone: there are none.';

CREATE FUNCTION voiceagent_private.staff_time(at timestamptz, amount interval) RETURNS timestamptz
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v voiceagent.calendars := voiceagent_private.staff_calendar();
	v_day date := (at AT TIME ZONE v.timezone)::date;
	v_special record;
BEGIN
	IF v.timezone IS NULL THEN
		RETURN at + amount;
	END IF;
	v_special := voiceagent_private.special_days(v, v_day - 1, v_day + 402);
	-- A staff that never works has no clock.
	RETURN coalesce(voiceagent_private.open_until(v.timezone, voiceagent_private.week_spans(v.hours), v_special.days,
		v_special.spans, at, voiceagent_private.seconds_of(amount)), at + amount);
END
$$;
COMMENT ON FUNCTION voiceagent_private.staff_time(timestamptz, interval) IS
	'When so much of the staff''s time has passed since a time.';

CREATE FUNCTION voiceagent_private.staff_time_left(at timestamptz, due_at timestamptz) RETURNS interval
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v voiceagent.calendars := voiceagent_private.staff_calendar();
	v_special record;
BEGIN
	IF v.timezone IS NULL OR due_at <= at THEN
		RETURN greatest(due_at - at, interval '0');
	END IF;
	v_special := voiceagent_private.special_days(v, (at AT TIME ZONE v.timezone)::date - 1,
		(due_at AT TIME ZONE v.timezone)::date + 1);
	RETURN make_interval(secs => voiceagent_private.open_time(v.timezone, voiceagent_private.week_spans(v.hours),
		v_special.days, v_special.spans, at, due_at));
END
$$;
COMMENT ON FUNCTION voiceagent_private.staff_time_left(timestamptz, timestamptz) IS
	'How much of the staff''s time there is until a time; 0: it has passed.';

CREATE FUNCTION voiceagent_private.set_ticket_turn(ticket voiceagent.tickets) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_warning interval := voiceagent_private.as_interval(voiceagent_private.platform_setting('ticket_warning'));
	v_next timestamptz := (SELECT min(CASE WHEN c.clock || ' late' = ANY (ticket.told) THEN NULL
			WHEN c.clock || ' ahead' = ANY (ticket.told) THEN c.due_at ELSE c.due_at - v_warning END)
		FROM (VALUES ('answer', ticket.due_at), ('solution', ticket.solve_due_at)) c(clock, due_at));
BEGIN
	DELETE FROM voiceagent_private.ticket_turns t
	WHERE t.tenant_id = ticket.tenant_id AND t.ticket_id = ticket.ticket_id;
	IF v_next IS NOT NULL THEN
		INSERT INTO voiceagent_private.ticket_turns (tenant_id, ticket_id, look_at)
		VALUES (ticket.tenant_id, ticket.ticket_id, v_next);
		PERFORM voiceagent_private.request_job('tell_ticket_clocks', v_next);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.set_ticket_turn(voiceagent.tickets) IS
	'Notes when the clocks of a locked ticket have something to tell.';

CREATE FUNCTION voiceagent.set_staff_hours(timezone text, hours jsonb DEFAULT NULL, holiday_country text DEFAULT NULL,
	holidays jsonb DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v voiceagent.calendars;
BEGIN
	PERFORM voiceagent_private.require_platform('set the staff''s hours');
	DELETE FROM voiceagent_private.staff_hours;
	IF timezone IS NOT NULL THEN
		PERFORM voiceagent_private.fail_if(hours IS NULL, 'PT422', 'no hours are given', NULL,
			'Write {"mon": [["09:00", "17:00"]], ...}, as of a calendar.');
		v.name := 'staff';
		v.timezone := timezone;
		v.hours := hours;
		v.holiday_country := holiday_country;
		v.holidays := holidays;
		v := voiceagent_private.checked_calendar(v);
		INSERT INTO voiceagent_private.staff_hours (timezone, hours, holiday_country, holidays)
		VALUES (v.timezone, v.hours, v.holiday_country, v.holidays);
	END IF;
	PERFORM voiceagent_private.audit_platform('set_staff_hours', 'staff', NULL, jsonb_build_object('timezone', timezone,
		'hours', hours, 'holiday_country', holiday_country, 'holidays', holidays));
END
$$;
COMMENT ON FUNCTION voiceagent.set_staff_hours(text, jsonb, text, jsonb) IS
	E'When the platform''s staff works, in the words of create_calendar(): the clocks of tickets run then alone.\n'
	'Tickets that are due already stay so. timezone NULL: at any time. For the platform. PT422.';

CREATE FUNCTION voiceagent.set_ticket_macro(name text, message text, resolves boolean DEFAULT false,
	priority text DEFAULT NULL, category text DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	c_most CONSTANT integer := 1000;
BEGIN
	PERFORM voiceagent_private.require_platform('change what the staff answers');
	PERFORM voiceagent_private.fail_if(name IS NULL OR name !~ '^[a-z][a-z0-9_-]{0,39}$', 'PT422',
		'a macro has a name of 1 to 40 small letters, digits, _ and -');
	IF priority IS NOT NULL THEN
		PERFORM voiceagent_private.require_task_value('task_priority', priority);
	END IF;
	IF category IS NOT NULL THEN
		PERFORM voiceagent_private.require_task_value('ticket_category', category);
	END IF;
	DELETE FROM voiceagent_private.ticket_macros m WHERE m.name = set_ticket_macro.name;
	PERFORM voiceagent_private.fail_if(NOT FOUND AND message IS NULL, 'PT404', 'there is no such macro');
	IF message IS NOT NULL THEN
		PERFORM voiceagent_private.fail_if((SELECT count(*) >= c_most FROM voiceagent_private.ticket_macros), 'PT409',
			'there are too many macros');
		INSERT INTO voiceagent_private.ticket_macros (name, message, resolves, priority, category)
		VALUES (name, voiceagent_private.ticket_words('the message', message, 20000), coalesce(resolves, false),
			set_ticket_macro.priority, set_ticket_macro.category);
	END IF;
	PERFORM voiceagent_private.audit_platform('set_ticket_macro', name, NULL, jsonb_build_object('message', message,
		'resolves', resolves, 'priority', priority, 'category', category));
END
$$;
COMMENT ON FUNCTION voiceagent.set_ticket_macro(text, text, boolean, text, text) IS
	E'An answer that answer_ticket() gives for the message /NAME, with {{ticket}}, {{subject}}, {{business}}, '
	'{{opened_by}} and {{name}} filled in; NULL takes it away.\n'
	'resolves, priority, category: what else it does to the ticket. For the platform. PT404, PT409 for more than 1000, '
	'PT422.';

CREATE FUNCTION voiceagent.list_ticket_macros()
	RETURNS TABLE (name text, message text, resolves boolean, priority text, category text)
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.require_platform('read what the staff answers');
	RETURN QUERY SELECT m.name, m.message, m.resolves, m.priority::text, m.category::text
		FROM voiceagent_private.ticket_macros m ORDER BY m.name;
END
$$;
COMMENT ON FUNCTION voiceagent.list_ticket_macros() IS 'The macros of set_ticket_macro(), for the platform alone.';
