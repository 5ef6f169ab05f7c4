-- 70_appointment: moved, or entered by hand: what a detector could not tell or hold, and who rings back.

CREATE FUNCTION voiceagent_private.check_appointment_time(starts_at timestamptz) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF starts_at > voiceagent.clock() AND starts_at <= voiceagent.clock() + interval '10 years' THEN
		RETURN;
	END IF;
	PERFORM voiceagent_private.fail('PT422',
		format('an appointment cannot start at %s', coalesce(starts_at::text, 'null')), NULL,
		'It takes a time to come, within ten years.');
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_appointment_time(timestamptz) IS
	'PT422 unless a member may set an appointment to that time: one to come, within ten years.';

CREATE FUNCTION voiceagent.move_appointment(appointment_id bigint, starts_at timestamptz, reason text DEFAULT NULL)
	RETURNS text
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_old voiceagent.appointments := voiceagent_private.lock_appointment(move_appointment.appointment_id);
	v_status voiceagent.appointment_status := CASE v_old.status WHEN 'conflict' THEN 'pending' ELSE v_old.status END;
	v_seat integer;
BEGIN
	PERFORM voiceagent_private.check_appointment_time(move_appointment.starts_at);
	PERFORM voiceagent_private.fail_if(v_status NOT IN ('pending', 'confirmed'), 'PT409',
		format('appointment %s is %s', v_old.appointment_id, v_old.status), NULL,
		'Enter a new one with add_appointment().');
	IF v_old.status = v_status AND v_old.starts_at = move_appointment.starts_at THEN
		RAISE NOTICE 'appointment % is at that time already', v_old.appointment_id;
		RETURN v_status;
	END IF;
	v_seat := voiceagent_private.seat_by_hand(v_old.calendar_id, move_appointment.starts_at,
		move_appointment.starts_at + (v_old.ends_at - v_old.starts_at), v_old.appointment_id, v_old.seat);
	IF v_seat IS NULL THEN
		PERFORM voiceagent_private.fail_overlap(format('appointment %s', move_appointment.appointment_id));
	END IF;
	UPDATE voiceagent.appointments a
	SET status = v_status, starts_at = move_appointment.starts_at, seat = v_seat, conflict_reason = NULL,
		ends_at = move_appointment.starts_at + (v_old.ends_at - v_old.starts_at)
	WHERE a.tenant_id = v_tenant AND a.appointment_id = v_old.appointment_id;
	PERFORM voiceagent_private.note_invitation(v_old.appointment_id);
	PERFORM voiceagent_private.log_event('appointment_moved', NULL, v_old.call_id, v_old.lead_id,
		jsonb_build_object('appointment_id', v_old.appointment_id, 'starts_at', move_appointment.starts_at,
			'previous_starts_at', v_old.starts_at, 'reason', move_appointment.reason));
	PERFORM voiceagent_private.audit('move_appointment', 'appointment ' || v_old.appointment_id,
		jsonb_build_object('status', v_old.status, 'starts_at', v_old.starts_at),
		jsonb_build_object('status', v_status, 'starts_at', move_appointment.starts_at));
	RETURN v_status;
EXCEPTION WHEN exclusion_violation THEN
	PERFORM voiceagent_private.fail_overlap(format('appointment %s', move_appointment.appointment_id));
END
$$;
COMMENT ON FUNCTION voiceagent.move_appointment(bigint, timestamptz, text) IS
	E'Gives a pending, confirmed or conflicting appointment another start and returns its status; it keeps its '
	'length.\n'
	'starts_at: with an offset, else in the session''s time zone; reason: for the event and the notice. It raises '
	'PT404, PT409 for an overlap or when it was rejected or canceled, PT422 for a time that has passed or is more '
	'than ten years ahead.';

CREATE FUNCTION voiceagent.add_appointment(starts_at timestamptz, call_id bigint DEFAULT NULL,
	lead_id bigint DEFAULT NULL, duration interval DEFAULT NULL, summary text DEFAULT NULL,
	calendar_id bigint DEFAULT NULL) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_now timestamptz := voiceagent.clock();
	v_call voiceagent.calls;
	v_lead bigint := add_appointment.lead_id;
	v_calendar voiceagent.calendars;
	v_length interval;
	v_seat integer;
	v_id bigint;
BEGIN
	PERFORM voiceagent_private.check_appointment_time(add_appointment.starts_at);
	PERFORM voiceagent_private.fail_if(num_nonnulls(add_appointment.call_id, add_appointment.lead_id) <> 1, 'PT422',
		'an appointment is of one call, or of one lead', NULL, 'Give call_id or lead_id.');
	-- An erasure of the lead is done, and it is not found, or waits for us.
	PERFORM voiceagent_private.lock_tenant(false);
	-- Before the calendar, in the order of the end of a call.
	PERFORM FROM voiceagent.leads l
	WHERE l.tenant_id = v_tenant
		AND l.lead_id = coalesce(add_appointment.lead_id, (SELECT c.lead_id FROM voiceagent.calls c
			WHERE c.tenant_id = v_tenant AND c.call_id = add_appointment.call_id)) FOR NO KEY UPDATE;
	v_calendar := voiceagent_private.calendar_row(coalesce(add_appointment.calendar_id,
		voiceagent_private.calendar_for((SELECT c.campaign_id FROM voiceagent.calls c
			WHERE c.tenant_id = v_tenant AND c.call_id = add_appointment.call_id))), true);
	IF add_appointment.call_id IS NOT NULL THEN
		-- Its end detects nothing meanwhile.
		SELECT c.* INTO v_call FROM voiceagent.calls c
		WHERE c.tenant_id = v_tenant AND c.call_id = add_appointment.call_id FOR SHARE;
		PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404',
			format('call %s does not exist', add_appointment.call_id));
		v_lead := v_call.lead_id;
	ELSIF NOT EXISTS (SELECT FROM voiceagent.leads l
		WHERE l.tenant_id = v_tenant AND l.lead_id = add_appointment.lead_id) THEN
		PERFORM voiceagent_private.fail('PT404', format('lead %s does not exist', add_appointment.lead_id));
	END IF;
	v_length := voiceagent_private.as_interval(CASE WHEN add_appointment.duration IS NULL
		THEN coalesce((SELECT c.slot_length::text FROM voiceagent.calendars c
			WHERE c.tenant_id = v_tenant AND c.calendar_id = v_calendar.calendar_id),
			voiceagent.get_setting('appointment_duration', v_call.campaign_id))
		ELSE voiceagent_private.check_setting('appointment_duration', add_appointment.duration::text, 'tenant') END);
	v_seat := voiceagent_private.seat_by_hand(v_calendar.calendar_id, add_appointment.starts_at,
		add_appointment.starts_at + v_length);
	IF v_seat IS NULL THEN
		PERFORM voiceagent_private.fail_overlap('the appointment');
	END IF;
	INSERT INTO voiceagent.appointments (tenant_id, calendar_id, lead_id, call_id, status, starts_at, ends_at, timezone,
		detected_by, summary, decided_at, created_at, seat, buffer)
	VALUES (v_tenant, v_calendar.calendar_id, v_lead, v_call.call_id, 'confirmed', add_appointment.starts_at,
		add_appointment.starts_at + v_length,
		voiceagent_private.zone_of_call(v_lead, coalesce(v_call.number, 1::smallint)), '{}',
		nullif(btrim(add_appointment.summary), ''), v_now, v_now, v_seat,
		voiceagent_private.calendar_gap(v_calendar))
	RETURNING appointment_id INTO v_id;
	PERFORM voiceagent_private.note_invitation(v_id);
	PERFORM voiceagent_private.hear(ARRAY[v_lead], 'booked', played => voiceagent_private.is_played(NULL,
		v_call.call_id));
	PERFORM voiceagent_private.followed_up(v_lead, '{appointment,interested}');
	PERFORM voiceagent_private.log_event('appointment_added', NULL, v_call.call_id, v_lead,
		jsonb_build_object('appointment_id', v_id, 'starts_at', add_appointment.starts_at));
	PERFORM voiceagent_private.audit('add_appointment', 'appointment ' || v_id, NULL,
		jsonb_strip_nulls(
			jsonb_build_object('call_id', v_call.call_id, 'lead_id', v_lead, 'starts_at', add_appointment.starts_at)));
	RETURN v_id;
EXCEPTION
	WHEN exclusion_violation THEN
		PERFORM voiceagent_private.fail_overlap('the appointment');
	WHEN unique_violation THEN
		PERFORM voiceagent_private.fail('PT409', format('call %s has an appointment already', add_appointment.call_id),
			NULL, 'move_appointment() gives it another time; one that was rejected or canceled stays that: '
				'enter another for the lead.');
END
$$;
COMMENT ON FUNCTION voiceagent.add_appointment(timestamptz, bigint, bigint, interval, text, bigint) IS
	E'Enters a confirmed appointment for a call whose time could not be read (call_id) or a lead (lead_id), and '
	'returns appointment_id.\n'
	'duration: 1 minute to 1 day (NULL: the calendar''s slot_length, else appointment_duration); calendar_id: NULL, '
	'the one that the call''s campaign uses, whose hours bind no person. PT404, PT409 for an overlap or a '
	'second one of the call, PT422 for a bad time or duration.';
