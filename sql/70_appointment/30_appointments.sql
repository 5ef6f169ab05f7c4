-- 70_appointment: detect, hold, decide.

CREATE FUNCTION voiceagent_private.provision_calendar(timezone text) RETURNS void
	LANGUAGE sql VOLATILE AS $$
	INSERT INTO voiceagent.calendars (tenant_id, name, timezone, is_default)
	VALUES (voiceagent.current_tenant(), 'default', timezone, true)
$$;
COMMENT ON FUNCTION voiceagent_private.provision_calendar(text) IS 'Gives a new tenant its default calendar.';

CREATE FUNCTION voiceagent_private.calendar_for(campaign_id bigint, phone_number_id bigint DEFAULT NULL)
	RETURNS bigint LANGUAGE plpgsql STABLE SET planner.policy = by_key AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	RETURN coalesce(
		(SELECT u.calendar_id FROM voiceagent.calendar_uses u
			WHERE u.tenant_id = v_tenant AND u.campaign_id = calendar_for.campaign_id),
		(SELECT u.calendar_id FROM voiceagent.calendar_uses u
			WHERE u.tenant_id = v_tenant AND u.phone_number_id = calendar_for.phone_number_id),
		(SELECT c.calendar_id FROM voiceagent.calendars c WHERE c.tenant_id = v_tenant AND c.is_default));
END
$$;
COMMENT ON FUNCTION voiceagent_private.calendar_for(bigint, bigint) IS
	'The calendar in which a call of a campaign, or one that came in for a number, books: the one that it uses, or the '
	'default one.';

CREATE FUNCTION voiceagent_private.place_detected(calendar_id bigint, lead_id bigint, call_id bigint,
	starts_at timestamptz, duration interval, timezone text, said text, detected_by text[], summary text,
	OUT appointment_id bigint, OUT reason text)
	RETURNS record LANGUAGE plpgsql VOLATILE SET planner.policy = by_key AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v voiceagent.calendars;
	v_ends timestamptz;
	v_seats integer[];
	v_seat integer := 1;
	v_tries integer := 0;
BEGIN
	SELECT c.* INTO v FROM voiceagent.calendars c
	WHERE c.tenant_id = v_tenant AND c.calendar_id = place_detected.calendar_id;
	v_ends := place_detected.starts_at + coalesce(v.slot_length, duration);
	IF v.has_rules THEN
		PERFORM voiceagent_private.drop_old_holds(v);
		v_seats := voiceagent_private.calendar_seats(v);
		reason := coalesce(CASE WHEN cardinality(v_seats) = 0 THEN 'nobody' END,
			voiceagent_private.broken_rule(v, place_detected.starts_at, v_ends),
			CASE WHEN voiceagent_private.day_is_full(v, place_detected.starts_at) THEN 'day_full' END);
		v_seats := voiceagent_private.free_seats(v, place_detected.starts_at, v_ends, v_seats);
		reason := coalesce(reason, CASE WHEN cardinality(v_seats) = 0 THEN 'taken' END);
		v_seat := CASE WHEN reason IS NULL THEN voiceagent_private.choose_seat(v, v_seats, place_detected.starts_at)
			ELSE 1 END;
	END IF;
	-- Without rules nothing is locked: the constraint, not a look beforehand, decides. A refused booking may have
	-- met a hold that has run out.
	WHILE reason IS NULL AND appointment_id IS NULL AND v_tries < 2 LOOP
		IF v_tries = 1 THEN
			PERFORM voiceagent_private.drop_old_holds(v);
		END IF;
		INSERT INTO voiceagent.appointments AS n (tenant_id, calendar_id, lead_id, call_id, status, starts_at, ends_at,
			timezone, said, detected_by, summary, created_at, seat, buffer)
		VALUES (v_tenant, v.calendar_id, lead_id, call_id, 'pending', starts_at, v_ends, timezone, said, detected_by,
			summary, v_now, v_seat, voiceagent_private.calendar_gap(v))
		ON CONFLICT DO NOTHING
		RETURNING n.appointment_id INTO appointment_id;
		v_tries := v_tries + 1;
	END LOOP;
	IF appointment_id IS NOT NULL THEN
		PERFORM voiceagent_private.hear(ARRAY[lead_id], 'booked', played => voiceagent_private.is_played(NULL,
			call_id));
	ELSE
		reason := coalesce(reason, 'taken');
		INSERT INTO voiceagent.appointments AS n (tenant_id, calendar_id, lead_id, call_id, status, starts_at, ends_at,
			timezone, said, detected_by, summary, created_at, conflict_reason)
		VALUES (v_tenant, v.calendar_id, lead_id, call_id, 'conflict', starts_at, v_ends, timezone, said, detected_by,
			summary, v_now, reason)
		ON CONFLICT ON CONSTRAINT appointments_tenant_id_call_id_key DO NOTHING
		RETURNING n.appointment_id INTO appointment_id;
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.place_detected(bigint, bigint, bigint, timestamptz, interval, text, text, text[],
	text) IS
	E'Enters what was agreed in a call: pending, or in conflict for a reason (appointments.conflict_reason).\n'
	'A calendar with rules is locked by the caller. NULL for the id: the call has an appointment already.';

CREATE FUNCTION voiceagent_private.detect_appointments(call_ids bigint[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	-- An appointment that a member, or a tool in the call, has entered holds; one of words alone is read anew.
	v_booked bigint[] := ARRAY(SELECT i.call_id FROM unnest(call_ids) AS i(call_id)
		WHERE NOT EXISTS (SELECT FROM voiceagent.appointments a WHERE a.tenant_id = v_tenant AND a.call_id = i.call_id
			AND a.status <> 'held' AND NOT (a.detected_by = '{rules}' AND a.status IN ('pending', 'conflict')))
		ORDER BY i.call_id);
	v_told bigint;
BEGIN
	IF cardinality(v_booked) = 0 THEN
		RETURN;
	END IF;
	-- Calendars in their order, and then what is held in them.
	PERFORM FROM voiceagent.calendars d
	WHERE d.tenant_id = v_tenant AND d.has_rules
		AND d.calendar_id IN (SELECT voiceagent_private.calendar_for(o.campaign_id) FROM voiceagent.calls o
			WHERE o.tenant_id = v_tenant AND o.call_id = ANY (v_booked))
	ORDER BY d.calendar_id FOR NO KEY UPDATE;
	DELETE FROM voiceagent.appointments h WHERE h.tenant_id = v_tenant AND h.call_id = ANY (v_booked);
	-- Several detectors, one appointment a call.  Whoever asks for a slot that is not to be had is kept without one.
	WITH booked AS MATERIALIZED (
		SELECT c.call_id, c.campaign_id, c.lead_id, c.summary, z.timezone, c.ended_at,
			CASE WHEN r.quote IS NULL OR g.claimed THEN nullif(concat_ws(' ', coalesce(nullif(concat_ws(' ', w.day,
				w.hour, w.phrase), ''), c.structured_data ->> 'slot_booked'), w.in_words), '') ELSE r.quote END AS said,
			array_remove(ARRAY[
				CASE WHEN g.claimed AND o.told AND NOT o.by_model THEN 'structured_data' END,
				CASE WHEN g.claimed AND o.told AND o.by_model THEN 'model' END,
				CASE WHEN g.claimed AND voiceagent_private.books_slot(c.structured_data) THEN 'slot_booked' END,
				CASE WHEN r.outcome ->> 'value' = 'scheduled' THEN 'rules' END], NULL) AS detected_by,
			-- By the lead's clock, as the words were read.
			CASE WHEN r.outcome ->> 'value' = 'scheduled'
				AND r.named <> to_char(t.starts_at AT TIME ZONE c.timezone, 'YYYY-MM-DD"T"HH24:MI')
				AND r.named ~ '^\d{4}-\d\d-\d\dT\d\d:\d\d$' THEN r.named END AS words,
			t.starts_at,
			coalesce(voiceagent_private.as_interval(k.settings ->> 'appointment_duration'),
				voiceagent_private.setting_interval('appointment_duration')) AS length
		FROM unnest(v_booked) AS i(call_id)
		CROSS JOIN LATERAL (SELECT o.*, voiceagent_private.zone_of_call(o.lead_id, o.number) AS timezone,
				v.language
			FROM voiceagent.calls o
			LEFT JOIN voiceagent.assistant_versions v ON v.tenant_id = o.tenant_id
				AND v.assistant_id = o.assistant_id AND v.version = o.assistant_version
			WHERE o.tenant_id = v_tenant AND o.call_id = i.call_id OFFSET 0) c
		-- An incoming call has no campaign.
		LEFT JOIN LATERAL (SELECT v.settings FROM voiceagent.campaign_versions v
			WHERE v.tenant_id = v_tenant AND v.campaign_id = c.campaign_id
				AND v.version = c.campaign_version OFFSET 0) k ON true
		-- One look by key a booked call; the reading is stored before.
		LEFT JOIN LATERAL (SELECT v.reading -> 'outcome' AS outcome, v.reading #>> '{time,reading}' AS named, v.reading,
				v.reading #>> '{time,quote}' AS quote,
				v.reading -> 'fields' AS fields
			FROM voiceagent.conversations v
			WHERE v.tenant_id = v_tenant AND v.call_id = c.call_id
				AND v.month_slot = voiceagent_private.month_slot(c.started_at) OFFSET 0) r ON true
		CROSS JOIN LATERAL (SELECT voiceagent_private.parse_yes(c.structured_data #> '{appointment,booked}') AS told,
				coalesce(bool_or(f.origin = 'model'), false) AS by_model
			FROM jsonb_to_recordset(r.fields) AS f(name text, origin text, counts boolean)
			WHERE f.name = 'appointment.booked' AND f.counts OFFSET 0) o
		CROSS JOIN LATERAL (SELECT c.structured_data #>> '{appointment,date}' AS day,
			c.structured_data #>> '{appointment,time}' AS hour, c.structured_data #>> '{appointment,phrase}' AS phrase,
			nullif(btrim(c.structured_data #>> '{appointment,timezone}'), '') AS zone) AS d
		-- Most people name theirs as PST or Eastern.
		CROSS JOIN LATERAL (SELECT d.*, CASE WHEN NOT voiceagent_private.is_timezone(replace(d.zone, ' ', '_'))
			THEN d.zone END AS in_words) AS w
		-- The fields before the slot by itself.
		CROSS JOIN LATERAL (SELECT voiceagent_private.resolve_time(w.day, w.hour, w.phrase, c.timezone, c.ended_at,
			w.zone, c.language) AS starts_at OFFSET 0 /* computed once */) AS f
		CROSS JOIN LATERAL (SELECT s.starts_at, s.starts_at IS NOT NULL AS claimed FROM (SELECT coalesce(f.starts_at,
			voiceagent_private.resolve_time('', '', c.structured_data ->> 'slot_booked', c.timezone, c.ended_at,
				w.zone, c.language)) AS starts_at) s OFFSET 0 /* computed once */) AS g
		CROSS JOIN LATERAL (SELECT coalesce(g.starts_at,
			-- No value claims it: the words alone, for a person to decide.
			CASE WHEN voiceagent_private.words_speak_of(r.reading) = 'scheduled'
			THEN r.named::timestamp AT TIME ZONE c.timezone END) AS starts_at
			OFFSET 0 /* computed once */) AS t
		CROSS JOIN LATERAL (SELECT voiceagent_private.resolve_zone(CASE WHEN f.starts_at IS NULL
			THEN ARRAY[c.structured_data ->> 'slot_booked'] ELSE ARRAY[w.phrase, w.hour, w.day] END, w.zone,
			c.timezone, c.ended_at, c.language) AS timezone) AS z
	), found AS MATERIALIZED (
		SELECT b.call_id, p.appointment_id, p.reason FROM (SELECT * FROM booked k ORDER BY k.call_id) b
		CROSS JOIN LATERAL voiceagent_private.place_detected(voiceagent_private.calendar_for(b.campaign_id), b.lead_id,
			b.call_id, b.starts_at, b.length, b.timezone, b.said, b.detected_by, b.summary) p
		WHERE b.starts_at > b.ended_at AND p.appointment_id IS NOT NULL
	), told AS (
		INSERT INTO voiceagent.events (tenant_id, month_slot, at, event_type, campaign_id, call_id, lead_id, event_data)
		SELECT v_tenant, voiceagent_private.month_slot(v_now), v_now,
			CASE WHEN f.call_id IS NULL THEN 'appointment_unreadable' WHEN f.reason IS NULL THEN 'appointment_detected'
				ELSE 'appointment_conflict' END, b.campaign_id, b.call_id, b.lead_id,
			jsonb_build_object('appointment_id', f.appointment_id, 'said', b.said, 'starts_at', b.starts_at)
				|| CASE WHEN f.reason IS NULL THEN '{}' ELSE jsonb_build_object('reason', f.reason) END
				|| CASE WHEN b.words IS NULL THEN '{}' ELSE jsonb_build_object('words', b.words) END
		FROM booked b LEFT JOIN found f ON f.call_id = b.call_id
		RETURNING event_type, campaign_id, call_id, lead_id, event_data
	)
	SELECT count(voiceagent_private.note_notice('appointment', t.event_type, t.campaign_id, t.call_id, t.lead_id,
		t.event_data)) INTO v_told FROM told t;
END
$$;
COMMENT ON FUNCTION voiceagent_private.detect_appointments(bigint[]) IS
	E'One pending appointment for each of these ended calls in which one was agreed, in conflict when it breaks a '
	'rule of its calendar; its time by the zone that the data name, else by the lead''s.\n'
	'Where the turns name another time, the event has it: words, by the lead''s clock. appointment_unreadable: the '
	'time is unclear, is one of a zone named otherwise (PST) that is not the lead''s, or has passed.';

CREATE FUNCTION voiceagent_private.lock_appointment(appointment_id bigint) RETURNS voiceagent.appointments
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_result voiceagent.appointments;
BEGIN
	-- Two who move appointments of a calendar into each other's place follow one another, instead
	-- of waiting for each other.
	PERFORM FROM voiceagent.calendars c
	WHERE c.tenant_id = v_tenant AND c.calendar_id = (SELECT a.calendar_id FROM voiceagent.appointments a
		WHERE a.tenant_id = v_tenant AND a.appointment_id = lock_appointment.appointment_id)
	FOR NO KEY UPDATE;
	SELECT a.* INTO v_result FROM voiceagent.appointments a
	WHERE a.tenant_id = v_tenant AND a.appointment_id = lock_appointment.appointment_id FOR UPDATE;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404',
		format('appointment %s not found', lock_appointment.appointment_id));
	RETURN v_result;
END
$$;
COMMENT ON FUNCTION voiceagent_private.lock_appointment(bigint) IS
	E'An appointment of the current tenant, locked after its calendar, so that members who change appointments of one '
	'calendar follow each other.\n'
	'PT404.';

CREATE FUNCTION voiceagent_private.fail_overlap(subject text) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.fail('PT409', subject || ' overlaps another appointment', NULL,
		'Move, reject or cancel the other one first.');
END
$$;
COMMENT ON FUNCTION voiceagent_private.fail_overlap(text) IS
	'PT409 for what the constraint no_overlap has refused; subject: what it is, in words.';

CREATE FUNCTION voiceagent_private.seat_by_hand(calendar_id bigint, starts_at timestamptz, ends_at timestamptz,
	own_id bigint DEFAULT NULL, own_seat integer DEFAULT NULL)
	RETURNS integer LANGUAGE plpgsql VOLATILE SET planner.policy = by_key AS $$
DECLARE
	v voiceagent.calendars;
	v_free integer[];
BEGIN
	SELECT c.* INTO v FROM voiceagent.calendars c
	WHERE c.tenant_id = voiceagent.current_tenant() AND c.calendar_id = seat_by_hand.calendar_id FOR NO KEY UPDATE;
	PERFORM voiceagent_private.drop_old_holds(v);
	v_free := voiceagent_private.free_seats(v, seat_by_hand.starts_at, seat_by_hand.ends_at,
		voiceagent_private.calendar_seats(v), own_id);
	IF v_free = '{}' THEN
		-- A person knows better than a calendar elsewhere.
		v_free := voiceagent_private.free_seats(v, seat_by_hand.starts_at, seat_by_hand.ends_at,
			voiceagent_private.calendar_seats(v), own_id, true);
	END IF;
	RETURN CASE WHEN own_seat = ANY (v_free) THEN own_seat
		ELSE voiceagent_private.choose_seat(v, v_free, seat_by_hand.starts_at) END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.seat_by_hand(bigint, timestamptz, timestamptz, bigint, integer) IS
	E'A free seat for what a person enters, moves or confirms, whatever hours the calendar has; it is locked.\n'
	'own_id: what is moved, from own_seat, which it keeps if it can. NULL: all are taken.';

CREATE FUNCTION voiceagent_private.decide_appointment(appointment_id bigint, decision text, reason text)
	RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v voiceagent.appointments;
BEGIN
	-- The lead before the calendar, in the order of the end of a call.
	PERFORM FROM voiceagent.leads l
	WHERE l.tenant_id = v_tenant AND l.lead_id = (SELECT a.lead_id FROM voiceagent.appointments a
		WHERE a.tenant_id = v_tenant AND a.appointment_id = decide_appointment.appointment_id) FOR NO KEY UPDATE;
	v := voiceagent_private.lock_appointment(decide_appointment.appointment_id);
	IF v.status = decision THEN
		RAISE NOTICE 'appointment % is % already', v.appointment_id, v.status;
		RETURN v.status;
	ELSIF v.status NOT IN ('pending', 'conflict') AND NOT (v.status = 'confirmed' AND decision = 'canceled') THEN
		RAISE EXCEPTION USING ERRCODE = 'PT409',
			MESSAGE = format('appointment %s is %s', v.appointment_id, v.status),
			DETAIL = 'Only a pending or conflicting appointment can be decided; '
				'a confirmed one can be called off by cancel_appointment().';
	END IF;
	IF v.status = 'conflict' AND decision = 'confirmed' THEN
		v.seat := voiceagent_private.seat_by_hand(v.calendar_id, v.starts_at, v.ends_at);
		IF v.seat IS NULL THEN
			PERFORM voiceagent_private.fail_overlap(format('appointment %s', v.appointment_id));
		END IF;
	END IF;
	UPDATE voiceagent.appointments a
	SET status = decision, decided_at = voiceagent.clock(), decision_reason = decide_appointment.reason, seat = v.seat,
		conflict_reason = CASE WHEN decision <> 'confirmed' THEN a.conflict_reason END
	WHERE a.tenant_id = v_tenant AND a.appointment_id = v.appointment_id;
	PERFORM voiceagent_private.note_invitation(v.appointment_id);
	PERFORM voiceagent_private.followed_up(v.lead_id, '{appointment}');
	PERFORM voiceagent_private.log_event('appointment_' || decision, NULL, v.call_id, v.lead_id,
		jsonb_build_object('appointment_id', v.appointment_id, 'reason', decide_appointment.reason));
	PERFORM voiceagent_private.audit('decide_appointment', 'appointment ' || v.appointment_id, to_jsonb(v.status),
		to_jsonb(decision));
	RETURN decision;
EXCEPTION WHEN exclusion_violation THEN
	PERFORM voiceagent_private.fail_overlap(format('appointment %s', decide_appointment.appointment_id));
END
$$;
COMMENT ON FUNCTION voiceagent_private.decide_appointment(bigint, text, text) IS
	E'Confirms, rejects or calls off an appointment of the current tenant; noted in the audit log.\n'
	'PT404, PT409.';

CREATE FUNCTION voiceagent.confirm_appointment(appointment_id bigint) RETURNS text
	LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
	AS $$ SELECT voiceagent_private.decide_appointment(appointment_id, 'confirmed', NULL) $$;
COMMENT ON FUNCTION voiceagent.confirm_appointment(bigint) IS
	E'Confirms a pending appointment (or one in conflict whose slot has become free).\n'
	'Returns confirmed, also when it was already; PT409 when it overlaps or was decided otherwise, '
	'PT404 when there is none.';

CREATE FUNCTION voiceagent.reject_appointment(appointment_id bigint, reason text) RETURNS text
	LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
	AS $$ SELECT voiceagent_private.decide_appointment(appointment_id, 'rejected', reason) $$;
COMMENT ON FUNCTION voiceagent.reject_appointment(bigint, text) IS
	E'Rejects a pending or conflicting appointment; its slot is free at once.\n'
	'Returns rejected; PT409 when it was decided otherwise, PT404 when there is none.';

CREATE FUNCTION voiceagent.cancel_appointment(appointment_id bigint, reason text) RETURNS text
	LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
	AS $$ SELECT voiceagent_private.decide_appointment(appointment_id, 'canceled', reason) $$;
COMMENT ON FUNCTION voiceagent.cancel_appointment(bigint, text) IS
	E'Calls an appointment off that was confirmed, or not decided yet; its slot is free at once.\n'
	'Returns canceled, also when it was already; PT409 when it was rejected, PT404 when there is none.';
