/*
 * 75_calendar: hold, book, move, cancel, by every rule of the calendar.
 *
 * A taken slot is no error: the answer names the next free ones, and the first
 * of these is held for whom it was asked for, so that of many callers who want
 * one slot each is offered another.  Any other broken rule is an error whose
 * message an assistant can say.
 *
 * Order of locks: the lead (in book() alone), the calendar, its appointments.
 */

CREATE TYPE voiceagent.booking_answer AS (
	appointment_id bigint,
	calendar_id bigint,
	status text,
	starts_at timestamptz,
	ends_at timestamptz,
	timezone text,
	held_until timestamptz,
	person text,
	reason text,
	next_slots timestamptz[],
	sentence text
);
COMMENT ON TYPE voiceagent.booking_answer IS
	E'The result of a booking.\n'
	'status: confirmed, pending (a person has yet to confirm it), held (not booked: kept until held_until), '
	'canceled, or taken (nothing is kept).\n'
	'reason: why it is not the slot that was asked for, taken or day_full; next_slots: what is free then. sentence: '
	'all of it in English, by the clock of timezone; person: who has it.';

CREATE FUNCTION voiceagent_private.slot_words(at timestamptz, timezone text) RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN to_char(at AT TIME ZONE timezone, 'FMDay, FMDD FMMonth YYYY, HH24:MI');
COMMENT ON FUNCTION voiceagent_private.slot_words(timestamptz, text) IS 'A start in English words, by a zone''s clock.';

CREATE FUNCTION voiceagent_private.duration_words(duration interval) RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE SET intervalstyle = 'postgres_verbose'
	RETURN ltrim(duration::text, '@ ');
COMMENT ON FUNCTION voiceagent_private.duration_words(interval) IS 'A duration in English words: 2 hours.';

CREATE FUNCTION voiceagent_private.next_slots(calendar voiceagent.calendars, at timestamptz, seats integer[],
	own_id bigint, OUT slots timestamptz[], OUT free integer[]) RETURNS record LANGUAGE plpgsql STABLE AS $$
BEGIN
	SELECT coalesce(array_agg(s.starts_at), '{}'), min(s.free) FILTER (WHERE s.nth = 1) INTO slots, free
	FROM voiceagent_private.slots_of(calendar, at, at + interval '366 days', seats, 3, own_id)
		WITH ORDINALITY AS s(starts_at, free, nth);
END
$$;
COMMENT ON FUNCTION voiceagent_private.next_slots(voiceagent.calendars, timestamptz, integer[], bigint) IS
	'Up to three free slots of these seats that start from a time on, within a year, and the free seats of the first; '
	'own_id as in slots_of().';

CREATE FUNCTION voiceagent_private.require_bookable(calendar voiceagent.calendars, at timestamptz, seats integer[],
	zone text) RETURNS void LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_rule text;
BEGIN
	PERFORM voiceagent_private.fail_if(at IS NULL OR NOT isfinite(at), 'PT422', 'a booking starts at some time', NULL,
		'Give starts_at, with an offset.');
	IF at > voiceagent.clock() THEN
		v_rule := voiceagent_private.broken_rule(calendar, at, at + calendar.slot_length);
		IF v_rule IS NULL THEN
			RETURN;
		END IF;
	END IF;
	PERFORM voiceagent_private.fail('PT422', CASE v_rule
			WHEN 'notice' THEN format('it must be booked at least %s ahead',
				voiceagent_private.duration_words(calendar.notice))
			WHEN 'horizon' THEN format('it cannot be booked more than %s ahead',
				voiceagent_private.duration_words(calendar.horizon))
			WHEN 'closed' THEN format('the calendar is closed on %s', voiceagent_private.slot_words(at, zone))
			WHEN 'step' THEN format('no appointment starts on %s', voiceagent_private.slot_words(at, zone))
			ELSE 'that time has passed' END,
		coalesce((SELECT 'Free next: ' || string_agg(voiceagent_private.slot_words(n, zone), '; ' ORDER BY n)
			|| format(' (%s).', zone)
			FROM voiceagent_private.next_slots(calendar, greatest(at, voiceagent.clock()), seats, NULL) s
			CROSS JOIN LATERAL unnest(s.slots) n),
			'Nothing is free after it.'), 'free_slots() lists what is free.');
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_bookable(voiceagent.calendars, timestamptz, integer[], text) IS
	'PT422 that can be said where a start breaks a rule of its calendar other than what is booked: it has passed, '
	'notice, horizon, closed, step.';

CREATE FUNCTION voiceagent_private.booking_answer(booked voiceagent.appointments, asked timestamptz, reason text,
	next_slots timestamptz[]) RETURNS voiceagent.booking_answer
	LANGUAGE plpgsql STABLE SET planner.policy = by_key AS $$
DECLARE
	v voiceagent.booking_answer;
	v_when text := voiceagent_private.slot_words(booked.starts_at, booked.timezone) || format(' (%s)', booked.timezone);
BEGIN
	SELECT p.name INTO v.person FROM voiceagent.calendar_people p
	JOIN voiceagent.calendars c ON c.tenant_id = p.tenant_id AND c.calendar_id = p.calendar_id
		AND c.people_rule IS NOT NULL
	WHERE p.tenant_id = booked.tenant_id AND p.calendar_id = booked.calendar_id AND p.seat = booked.seat;
	v.appointment_id := booked.appointment_id;
	v.calendar_id := booked.calendar_id;
	v.status := coalesce(booked.status, 'taken');
	v.starts_at := booked.starts_at;
	v.ends_at := booked.ends_at;
	v.timezone := booked.timezone;
	v.held_until := booked.held_until;
	v.reason := reason;
	v.next_slots := coalesce(next_slots, '{}');
	v_when := v_when || coalesce(' with ' || v.person, '');
	v.sentence := CASE WHEN reason IS NULL THEN '' ELSE voiceagent_private.slot_words(asked, booked.timezone)
			|| CASE reason WHEN 'day_full' THEN ': the day is full. ' ELSE ' is taken. ' END END
		|| CASE booked.status WHEN 'confirmed' THEN format('Booked: %s.', v_when)
			WHEN 'pending' THEN format('Noted: %s; a person has yet to confirm it.', v_when)
			WHEN 'held' THEN format('Held, and not booked yet: %s.', v_when)
			WHEN 'canceled' THEN format('Canceled: %s.', v_when)
			ELSE coalesce((SELECT 'Free next: ' || string_agg(voiceagent_private.slot_words(n, booked.timezone), '; '
				ORDER BY n) || format(' (%s).', booked.timezone)
				FROM unnest(next_slots) n), 'Nothing else is free.') END;
	RETURN v;
END
$$;
COMMENT ON FUNCTION voiceagent_private.booking_answer(voiceagent.appointments, timestamptz, text, timestamptz[]) IS
	'The answer for an appointment as it is now, where asked was wanted; reason: why it is not that.';

CREATE TYPE voiceagent_private.booking_subject AS (
	lead_id bigint,
	call_id bigint,
	campaign_id bigint,
	calendar_id bigint,
	timezone text
);
COMMENT ON TYPE voiceagent_private.booking_subject IS
	'For whom a slot is booked: a lead, or the caller of a call; in which calendar, and by whose clock it is given.';

CREATE FUNCTION voiceagent_private.booking_subject(calendar_id bigint, call_id bigint, lead_id bigint, timezone text)
	RETURNS voiceagent_private.booking_subject LANGUAGE plpgsql STABLE SET planner.policy = by_key AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v voiceagent_private.booking_subject;
	v_call voiceagent.calls;
BEGIN
	PERFORM voiceagent_private.fail_if(num_nonnulls(call_id, lead_id) = 0, 'PT422', 'a booking needs a contact', NULL,
		'Give call_id or lead_id.');
	PERFORM voiceagent_private.fail_if(timezone IS NOT NULL AND NOT voiceagent_private.is_timezone(timezone), 'PT422',
		format('"%s" is no time zone', left(timezone, 60)), NULL, 'Give an IANA name such as "Europe/Berlin".');
	IF call_id IS NOT NULL THEN
		-- A call of either direction.
		SELECT c.* INTO v_call FROM voiceagent.calls c WHERE c.tenant_id = v_tenant AND c.call_id = call_id;
		PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', format('call %s does not exist', call_id));
		PERFORM voiceagent_private.fail_if(lead_id <> v_call.lead_id, 'PT422',
			format('call %s is not of lead %s', call_id, lead_id));
		PERFORM voiceagent_private.fail_if(coalesce(lead_id, v_call.lead_id) IS NULL AND v_call.phone IS NULL, 'PT422',
			'a booking needs a contact', 'The caller''s number is not known.',
			'Ask for a number, add_lead() it, and give its lead_id.');
	END IF;
	v := ROW(coalesce(lead_id, v_call.lead_id), call_id, v_call.campaign_id, coalesce(calendar_id,
		voiceagent_private.calendar_for(v_call.campaign_id, CASE WHEN v_call.direction = 'inbound' THEN
			(SELECT i.phone_number_id FROM voiceagent.call_inbound i
				WHERE i.tenant_id = v_tenant AND i.call_id = v_call.call_id) END)), timezone);
	PERFORM voiceagent_private.fail_if(v.lead_id IS NOT NULL AND NOT EXISTS (SELECT FROM voiceagent.leads l
		WHERE l.tenant_id = v_tenant AND l.lead_id = v.lead_id), 'PT404', format('lead %s does not exist', v.lead_id));
	IF v.timezone IS NULL THEN
		v.timezone := CASE WHEN v.lead_id IS NOT NULL
			THEN voiceagent_private.zone_of_call(v.lead_id, coalesce(v_call.number, 1::smallint))
			ELSE (SELECT c.timezone FROM voiceagent.calendars c
				WHERE c.tenant_id = v_tenant AND c.calendar_id = v.calendar_id) END;
	END IF;
	RETURN v;
END
$$;
COMMENT ON FUNCTION voiceagent_private.booking_subject(bigint, bigint, bigint, text) IS
	E'For whom, where and by whose clock (the lead''s, else the calendar''s) is booked, of what a caller gave.\n'
	'PT404, PT422 where there is no one to book for.';

CREATE FUNCTION voiceagent_private.store_booking(own voiceagent.appointments,
	subject voiceagent_private.booking_subject, calendar voiceagent.calendars, at timestamptz,
	seat integer, status text, hold_for interval, summary text)
	RETURNS voiceagent.appointments LANGUAGE plpgsql VOLATILE SET planner.policy = by_key AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v voiceagent.appointments := own;
BEGIN
	v.calendar_id := calendar.calendar_id;
	v.lead_id := subject.lead_id;
	v.starts_at := at;
	v.ends_at := at + calendar.slot_length;
	v.status := status;
	v.seat := seat;
	v.buffer := voiceagent_private.calendar_gap(calendar);
	v.held_until := CASE status WHEN 'held' THEN v_now + coalesce(hold_for, calendar.hold_time) END;
	v.timezone := subject.timezone;
	v.summary := coalesce(nullif(left(btrim(summary), 2000), ''), v.summary);
	IF v.appointment_id IS NULL THEN
		INSERT INTO voiceagent.appointments AS n (tenant_id, calendar_id, lead_id, call_id, status, starts_at, ends_at,
			timezone, detected_by, summary, created_at, seat, buffer, held_until)
		VALUES (calendar.tenant_id, v.calendar_id, v.lead_id, subject.call_id, v.status, v.starts_at, v.ends_at,
			v.timezone, CASE WHEN subject.call_id IS NULL THEN '{}' ELSE '{tool}' END::text[], v.summary, v_now, v.seat,
			v.buffer, v.held_until)
		RETURNING n.* INTO v;
	ELSE
		UPDATE voiceagent.appointments n
		SET calendar_id = v.calendar_id, lead_id = v.lead_id, status = v.status, starts_at = v.starts_at,
			ends_at = v.ends_at, timezone = v.timezone, summary = v.summary, seat = v.seat, buffer = v.buffer,
			held_until = v.held_until, conflict_reason = NULL, decided_at = NULL, decision_reason = NULL, said = NULL,
			detected_by = CASE WHEN subject.call_id IS NULL THEN '{}' ELSE '{tool}' END::text[]
		WHERE n.tenant_id = v.tenant_id AND n.appointment_id = v.appointment_id
		RETURNING n.* INTO v;
	END IF;
	IF v.status IN ('pending', 'confirmed') THEN
		PERFORM voiceagent_private.hear(ARRAY[v.lead_id], 'booked', played => voiceagent_private.is_played(NULL,
			v.call_id));
	END IF;
	IF v.status = 'confirmed' OR v.invited_to IS NOT NULL THEN
		PERFORM voiceagent_private.note_invitation(v.appointment_id);
	END IF;
	RETURN v;
END
$$;
COMMENT ON FUNCTION voiceagent_private.store_booking(voiceagent.appointments, voiceagent_private.booking_subject,
	voiceagent.calendars, timestamptz, integer, text, interval, text) IS
	'Writes a slot that was chosen, as a new appointment or in place of what the subject has (own).';

CREATE TYPE voiceagent_private.calendar_look AS (
	place tid,
	bookable boolean,
	next_at timestamptz
);
COMMENT ON TYPE voiceagent_private.calendar_look IS
	'A look at a calendar before it was locked: where its row was, whether its rules allow a start, and the first free '
	'one from there on.';

CREATE FUNCTION voiceagent_private.look_at_calendar(subject voiceagent_private.booking_subject, at timestamptz,
	skill text) RETURNS voiceagent_private.calendar_look
	LANGUAGE plpgsql STABLE SET planner.policy = by_key AS $$
DECLARE
	v_calendar voiceagent.calendars := voiceagent_private.calendar_row(subject.calendar_id, false);
	v voiceagent_private.calendar_look;
BEGIN
	IF NOT isfinite(at) OR at <= voiceagent.clock() THEN
		RETURN v;
	END IF;
	v.place := (SELECT c.ctid FROM voiceagent.calendars c
		WHERE c.tenant_id = v_calendar.tenant_id AND c.calendar_id = v_calendar.calendar_id);
	v.bookable := voiceagent_private.broken_rule(v_calendar, at, at + v_calendar.slot_length) IS NULL;
	v.next_at := (SELECT n.slots[1] FROM voiceagent_private.next_slots(v_calendar, at,
		voiceagent_private.calendar_seats(v_calendar, lower(btrim(skill))), NULL) n WHERE v.bookable);
	RETURN v;
END
$$;
COMMENT ON FUNCTION voiceagent_private.look_at_calendar(voiceagent_private.booking_subject, timestamptz, text) IS
	'Without a lock: searches, and plans at the first booking of a session, while no caller waits for it.';

CREATE FUNCTION voiceagent_private.try_book_slot(subject voiceagent_private.booking_subject,
	look voiceagent_private.calendar_look, at timestamptz, status text, skill text, summary text, or_next boolean,
	hold_for interval) RETURNS voiceagent.booking_answer
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key AS $$
DECLARE
	v_calendar voiceagent.calendars := voiceagent_private.calendar_row(subject.calendar_id, true);
	v_seats integer[] := voiceagent_private.calendar_seats(v_calendar, lower(btrim(skill)));
	v_status text := CASE WHEN status = 'held' THEN 'held' WHEN v_calendar.booking_confirms = 'at_once' THEN 'confirmed'
		ELSE 'pending' END;
	v_own voiceagent.appointments;
	v_free integer[];
	v_reason text;
	v_next timestamptz[];
	v_at timestamptz := at;
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	PERFORM voiceagent_private.check_skill(v_calendar, v_seats, lower(btrim(skill)));
	PERFORM voiceagent_private.drop_old_holds(v_calendar);
	IF subject.call_id IS NOT NULL THEN
		SELECT a.* INTO v_own FROM voiceagent.appointments a
		WHERE a.tenant_id = v_tenant AND a.call_id = subject.call_id FOR UPDATE;
	ELSE
		SELECT a.* INTO v_own FROM voiceagent.appointments a
		WHERE a.tenant_id = v_tenant AND a.lead_id = subject.lead_id AND a.calendar_id = subject.calendar_id
			AND (a.status = 'held' AND a.call_id IS NULL OR a.status IN ('pending', 'confirmed') AND a.starts_at = at)
		ORDER BY a.status = 'held', a.appointment_id LIMIT 1 FOR UPDATE;
	END IF;
	IF v_own.status IN ('pending', 'confirmed') AND (v_own.starts_at = at OR 'tool' = ANY (v_own.detected_by)
		OR v_own.decided_at IS NOT NULL) OR v_own.status IN ('rejected', 'no_show') THEN
		IF v_own.starts_at = at AND v_own.calendar_id = v_calendar.calendar_id
			AND v_own.status IN ('pending', 'confirmed') THEN
			RETURN voiceagent_private.booking_answer(v_own, at, NULL, NULL);
		END IF;
		PERFORM voiceagent_private.fail('PT409', format('this call has an appointment already, on %s: it is %s',
			voiceagent_private.slot_words(v_own.starts_at, v_own.timezone), v_own.status), NULL,
			format('move_booking(%s, ...) gives it another time.', v_own.appointment_id));
	END IF;
	IF look.bookable IS NOT TRUE OR NOT EXISTS (SELECT FROM voiceagent.calendars c
		WHERE c.tenant_id = v_calendar.tenant_id AND c.calendar_id = v_calendar.calendar_id
			AND c.ctid = look.place) THEN
		PERFORM voiceagent_private.require_bookable(v_calendar, at, v_seats, subject.timezone);
	END IF;
	v_free := voiceagent_private.free_seats(v_calendar, at, at + v_calendar.slot_length, v_seats, v_own.appointment_id);
	v_reason := CASE WHEN voiceagent_private.day_is_full(v_calendar, at, v_own.appointment_id) THEN 'day_full'
		WHEN cardinality(v_free) = 0 THEN 'taken' END;
	IF v_reason IS NOT NULL THEN
		SELECT n.slots, n.free INTO v_next, v_free
		FROM voiceagent_private.next_slots(v_calendar, CASE WHEN v_own.appointment_id IS NULL
			THEN coalesce(look.next_at, at) ELSE at END, v_seats, v_own.appointment_id) n;
		v_at := v_next[1];
		-- Canceled and conflicting appointments stay on record: only a hold gives way to a hold.
		IF v_at IS NULL OR NOT or_next AND coalesce(v_own.status, 'held') <> 'held' THEN
			v_own := NULL;
			v_own.calendar_id := v_calendar.calendar_id;
			v_own.timezone := subject.timezone;
			RETURN voiceagent_private.booking_answer(v_own, at, v_reason, v_next);
		END IF;
		v_status := CASE WHEN or_next THEN v_status ELSE 'held' END;
	END IF;
	v_own := voiceagent_private.store_booking(v_own, subject, v_calendar, v_at,
		CASE WHEN v_own.status = 'held' AND v_own.calendar_id = v_calendar.calendar_id AND v_own.seat = ANY (v_free)
			THEN v_own.seat ELSE voiceagent_private.choose_seat(v_calendar, v_free, v_at) END,
		v_status, hold_for, summary);
	IF v_own.status <> 'held' THEN
		PERFORM voiceagent_private.log_event('appointment_added', subject.campaign_id, subject.call_id, subject.lead_id,
			jsonb_build_object('appointment_id', v_own.appointment_id, 'starts_at', v_own.starts_at));
	END IF;
	RETURN voiceagent_private.booking_answer(v_own, at, v_reason, v_next);
END
$$;
COMMENT ON FUNCTION voiceagent_private.try_book_slot(voiceagent_private.booking_subject,
	voiceagent_private.calendar_look, timestamptz, text, text, text, boolean, interval) IS
	'book_slot(), once; a calendar without rules may be booked by the end of a call meanwhile, which a constraint '
	'tells.';

CREATE FUNCTION voiceagent_private.book_slot(subject voiceagent_private.booking_subject, at timestamptz,
	status text, skill text DEFAULT NULL, summary text DEFAULT NULL, or_next boolean DEFAULT false,
	hold_for interval DEFAULT NULL) RETURNS voiceagent.booking_answer LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	c_tries CONSTANT integer := 3;
	v_look voiceagent_private.calendar_look := voiceagent_private.look_at_calendar(subject, at, skill);
BEGIN
	FOR v_try IN 1 .. c_tries LOOP
		BEGIN
			RETURN voiceagent_private.try_book_slot(subject, v_look, at, status, skill, summary, or_next,
				hold_for);
		EXCEPTION WHEN exclusion_violation OR unique_violation THEN
			-- The conflicting row is committed: the next try sees it.
			v_look.next_at := NULL;
		END;
	END LOOP;
	PERFORM voiceagent_private.fail('PT409', 'others are booking there at this moment', NULL, 'Try again.');
END
$$;
COMMENT ON FUNCTION voiceagent_private.book_slot(voiceagent_private.booking_subject, timestamptz, text, text, text,
	boolean, interval) IS
	E'Holds (status held) or books (booked) a slot for booking_subject(), or the next free one: that is held, or '
	'with or_next done with as if it had been asked for.\n'
	'Locks the calendar and nothing of the lead or the call. PT404, PT409 where the call has another appointment or '
	'the calendar no people, PT422 for any other rule that is broken.';

CREATE FUNCTION voiceagent_private.book_by_member(calendar_id bigint, starts_at timestamptz, call_id bigint,
	lead_id bigint, status text, skill text, summary text, timezone text, or_next boolean, hold_for interval)
	RETURNS voiceagent.booking_answer LANGUAGE plpgsql VOLATILE SET planner.policy = by_key AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_subject voiceagent_private.booking_subject;
	v voiceagent.booking_answer;
BEGIN
	-- An erasure of the lead is done, and it is not found, or waits for us.
	PERFORM voiceagent_private.lock_tenant(false);
	v_subject := voiceagent_private.booking_subject(calendar_id, call_id, lead_id, timezone);
	IF status <> 'held' THEN
		-- Before the calendar, in the order of the end of a call.
		PERFORM FROM voiceagent.leads l
		WHERE l.tenant_id = v_tenant AND l.lead_id = v_subject.lead_id FOR NO KEY UPDATE;
	END IF;
	v := voiceagent_private.book_slot(v_subject, starts_at, status, skill, summary, coalesce(or_next, false), hold_for);
	IF v.status IN ('pending', 'confirmed') THEN
		PERFORM voiceagent_private.followed_up(v_subject.lead_id, '{appointment,interested}')
		WHERE v_subject.lead_id IS NOT NULL;
		PERFORM voiceagent_private.audit('book', 'appointment ' || v.appointment_id, NULL, jsonb_strip_nulls(
			jsonb_build_object('call_id', call_id, 'lead_id', v_subject.lead_id, 'starts_at', v.starts_at)));
	END IF;
	RETURN v;
END
$$;
COMMENT ON FUNCTION voiceagent_private.book_by_member(bigint, timestamptz, bigint, bigint, text, text, text, text,
	boolean, interval) IS 'book() and hold_slot().';

CREATE FUNCTION voiceagent.hold_slot(calendar_id bigint, starts_at timestamptz, call_id bigint DEFAULT NULL,
	lead_id bigint DEFAULT NULL, skill text DEFAULT NULL, timezone text DEFAULT NULL, hold_for interval DEFAULT NULL)
	RETURNS voiceagent.booking_answer
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.fail_if(hold_for NOT BETWEEN interval '10 seconds' AND interval '1 hour', 'PT422',
		'a slot is held for 10 seconds to an hour');
	RETURN voiceagent_private.book_by_member(calendar_id, starts_at, call_id, lead_id, 'held', skill, NULL, timezone,
		false, hold_for);
END
$$;
COMMENT ON FUNCTION voiceagent.hold_slot(bigint, timestamptz, bigint, bigint, text, text, interval) IS
	E'Keeps a slot for a call or a lead for hold_for (10 s to 1 h; NULL: the calendar''s hold_time), or the next free '
	'one where it is taken; each has one hold, which this moves and book() turns into a booking.\n'
	'Arguments, answer and errors are those of book().';

CREATE FUNCTION voiceagent.book(calendar_id bigint, starts_at timestamptz, call_id bigint DEFAULT NULL,
	lead_id bigint DEFAULT NULL, summary text DEFAULT NULL, skill text DEFAULT NULL, timezone text DEFAULT NULL,
	or_next boolean DEFAULT false) RETURNS voiceagent.booking_answer
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN voiceagent_private.book_by_member(calendar_id, starts_at, call_id, lead_id, 'booked', skill, summary,
		timezone, or_next, NULL);
END
$$;
COMMENT ON FUNCTION voiceagent.book(bigint, timestamptz, bigint, bigint, text, text, text, boolean) IS
	E'Books a slot for a call or a lead; of one that is taken the answer''s next_slots are free, the first is held, '
	'or booked with or_next.\n'
	'calendar_id: NULL, the one that the call''s campaign or number uses; skill: of one of its people; timezone: of '
	'the answer. PT404, PT409 where the call has another appointment, PT422 for a time that has passed or breaks a '
	'rule.';

CREATE FUNCTION voiceagent.move_booking(appointment_id bigint, starts_at timestamptz, or_next boolean DEFAULT false,
	reason text DEFAULT NULL) RETURNS voiceagent.booking_answer
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_old voiceagent.appointments := voiceagent_private.lock_appointment(appointment_id);
	v_calendar voiceagent.calendars;
	v_seats integer[];
	v_free integer[];
	v_reason text;
	v_next timestamptz[];
	v_at timestamptz := starts_at;
	v voiceagent.appointments := v_old;
BEGIN
	PERFORM voiceagent_private.fail_if(v_old.status NOT IN ('pending', 'confirmed', 'conflict'), 'PT409',
		format('appointment %s is %s', appointment_id, v_old.status), NULL, 'book() enters a new one.');
	IF v_old.starts_at = starts_at AND v_old.status <> 'conflict' THEN
		RETURN voiceagent_private.booking_answer(v_old, starts_at, NULL, NULL);
	END IF;
	v_calendar := voiceagent_private.calendar_row(v_old.calendar_id, true);
	v_calendar.slot_length := v_old.ends_at - v_old.starts_at;
	v_seats := voiceagent_private.calendar_seats(v_calendar);
	PERFORM voiceagent_private.check_skill(v_calendar, v_seats, NULL);
	PERFORM voiceagent_private.drop_old_holds(v_calendar);
	PERFORM voiceagent_private.require_bookable(v_calendar, starts_at, v_seats, v_old.timezone);
	v_free := voiceagent_private.free_seats(v_calendar, starts_at, starts_at + v_calendar.slot_length, v_seats,
		appointment_id);
	v_reason := CASE WHEN voiceagent_private.day_is_full(v_calendar, starts_at, appointment_id) THEN 'day_full'
		WHEN cardinality(v_free) = 0 THEN 'taken' END;
	IF v_reason IS NOT NULL THEN
		SELECT n.slots, n.free INTO v_next, v_free
		FROM voiceagent_private.next_slots(v_calendar, starts_at, v_seats, appointment_id) n;
		v_at := v_next[1];
		IF v_at IS NULL OR NOT coalesce(or_next, false) THEN
			v.status := NULL;
			RETURN voiceagent_private.booking_answer(v, starts_at, v_reason, v_next);
		END IF;
	END IF;
	v.seat := CASE WHEN v_old.seat = ANY (v_free) THEN v_old.seat
		ELSE voiceagent_private.choose_seat(v_calendar, v_free, v_at) END;
	UPDATE voiceagent.appointments a
	SET status = CASE v_calendar.booking_confirms WHEN 'at_once' THEN 'confirmed' ELSE 'pending' END, starts_at = v_at,
		ends_at = v_at + v_calendar.slot_length, seat = v.seat, buffer = voiceagent_private.calendar_gap(v_calendar),
		conflict_reason = NULL
	WHERE a.tenant_id = v_tenant AND a.appointment_id = v_old.appointment_id
	RETURNING a.* INTO v;
	PERFORM voiceagent_private.note_invitation(v.appointment_id);
	PERFORM voiceagent_private.log_event('appointment_moved', NULL, v.call_id, v.lead_id,
		jsonb_build_object('appointment_id', v.appointment_id, 'starts_at', v.starts_at,
			'previous_starts_at', v_old.starts_at, 'reason', reason));
	PERFORM voiceagent_private.audit('move_booking', 'appointment ' || v.appointment_id,
		jsonb_build_object('status', v_old.status, 'starts_at', v_old.starts_at),
		jsonb_build_object('status', v.status, 'starts_at', v.starts_at));
	RETURN voiceagent_private.booking_answer(v, starts_at, v_reason, v_next);
EXCEPTION WHEN exclusion_violation THEN
	PERFORM voiceagent_private.fail('PT409', 'others are booking there at this moment', NULL, 'Try again.');
END
$$;
COMMENT ON FUNCTION voiceagent.move_booking(bigint, timestamptz, boolean, text) IS
	E'Gives an appointment another slot of its calendar, by every rule of it.\n'
	'It keeps its length, and its person if that one is free; where a person confirms, it is pending again. Of a slot '
	'that is taken the answer has the next ones, and nothing is moved, but with or_next. PT404, PT409 for one that is '
	'canceled, rejected or held, PT422 for any other rule.';

CREATE FUNCTION voiceagent.cancel_booking(appointment_id bigint, reason text DEFAULT NULL)
	RETURNS voiceagent.booking_answer
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v voiceagent.appointments;
BEGIN
	-- A hold is only a thought: it leaves no trace.
	DELETE FROM voiceagent.appointments a
	WHERE a.tenant_id = v_tenant AND a.appointment_id = appointment_id AND a.status = 'held' RETURNING a.* INTO v;
	IF NOT FOUND THEN
		PERFORM voiceagent_private.decide_appointment(appointment_id, 'canceled', reason);
		SELECT a.* INTO STRICT v FROM voiceagent.appointments a
		WHERE a.tenant_id = v_tenant AND a.appointment_id = appointment_id;
	END IF;
	v.status := 'canceled';
	v.held_until := NULL;
	RETURN voiceagent_private.booking_answer(v, v.starts_at, NULL, NULL);
END
$$;
COMMENT ON FUNCTION voiceagent.cancel_booking(bigint, text) IS
	E'Gives a slot back: cancels an appointment, as cancel_appointment() does, or ends a hold.\n'
	'The answer is canceled, also when it was already. PT404, PT409 when it was rejected, or a no-show.';

CREATE FUNCTION voiceagent.mark_no_show(appointment_id bigint) RETURNS text
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v voiceagent.appointments := voiceagent_private.lock_appointment(appointment_id);
BEGIN
	IF v.status = 'no_show' THEN
		RETURN v.status;
	ELSIF v.status NOT IN ('pending', 'confirmed') OR v.starts_at > voiceagent.clock() THEN
		PERFORM voiceagent_private.fail('PT409', format('appointment %s is %s', v.appointment_id,
			CASE WHEN v.status IN ('pending', 'confirmed') THEN 'still to come' ELSE v.status END));
	END IF;
	UPDATE voiceagent.appointments a SET status = 'no_show', decided_at = voiceagent.clock()
	WHERE a.tenant_id = v_tenant AND a.appointment_id = v.appointment_id;
	PERFORM voiceagent_private.log_event('appointment_no_show', NULL, v.call_id, v.lead_id,
		jsonb_build_object('appointment_id', v.appointment_id, 'starts_at', v.starts_at));
	PERFORM voiceagent_private.audit('mark_no_show', 'appointment ' || v.appointment_id, to_jsonb(v.status),
		'"no_show"');
	RETURN 'no_show';
END
$$;
COMMENT ON FUNCTION voiceagent.mark_no_show(bigint) IS
	E'Notes that no one came to an appointment whose start has passed; returns no_show.\n'
	'PT404, PT409 for one that is still to come, or was canceled, rejected or never had a slot.';
