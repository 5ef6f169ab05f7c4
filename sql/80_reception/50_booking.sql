-- 80_reception: tools that book.

CREATE FUNCTION voiceagent_private.say_slots(context voiceagent_private.tool_context, slots timestamptz[]) RETURNS text
	LANGUAGE sql STABLE
	RETURN coalesce((SELECT voiceagent_private.tool_says(context, 'free',
		string_agg(voiceagent_private.spoken_slot(s, (context).zone, (context).language), '; ' ORDER BY s))
		FROM unnest(slots) s HAVING count(*) > 0), voiceagent_private.tool_says(context, 'none_free'));
COMMENT ON FUNCTION voiceagent_private.say_slots(voiceagent_private.tool_context, timestamptz[]) IS
	'Free times, as they are said.';

CREATE FUNCTION voiceagent_private.times_data(context voiceagent_private.tool_context,
	VARIADIC times timestamptz[]) RETURNS jsonb
	LANGUAGE sql STABLE
	RETURN jsonb_build_object('times', (SELECT coalesce(jsonb_agg(to_char(t AT TIME ZONE (context).zone,
		'YYYY-MM-DD"T"HH24:MI') ORDER BY t), '[]') FROM unnest(times) t));
COMMENT ON FUNCTION voiceagent_private.times_data(voiceagent_private.tool_context, timestamptz[]) IS
	'Times as data of an answer, by the calendar''s clock.';

CREATE FUNCTION voiceagent_private.tool_free_slots(context voiceagent_private.tool_context, arguments jsonb)
	RETURNS voiceagent_private.tool_answer
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_from timestamptz := context.at;
	v_listing voiceagent.listings := voiceagent_private.listing_told(context, arguments);
	v_calendar voiceagent.calendars := voiceagent_private.calendar_of_tool(context, v_listing, false);
	v_slots timestamptz[];
	v_answer voiceagent_private.tool_answer;
	v_hour boolean := btrim(arguments ->> 'day') <> ''
		AND voiceagent_private.time_lacks(context, arguments ->> 'day', false) IS NULL;
	v_rule text;
	c_slots CONSTANT integer := 4;
BEGIN
	context.zone := v_calendar.timezone;
	IF btrim(arguments ->> 'listing') <> '' AND v_listing.listing_id IS NULL THEN
		RETURN voiceagent_private.tool_error(context, 'no_listing');
	ELSIF btrim(arguments ->> 'day') <> '' THEN
		v_from := voiceagent_private.tool_time(context, arguments ->> 'day');
		IF v_from IS NULL OR NOT isfinite(v_from) THEN
			RETURN voiceagent_private.tool_error(context, 'when');
		END IF;
	END IF;
	v_slots := ARRAY(SELECT s FROM voiceagent_private.offered_slots(v_calendar.calendar_id,
		greatest(v_from, context.at), c_slots) s);
	-- An hour that is named may be booked though no slot of the grid begins then.
	IF v_hour AND v_from > context.at THEN
		v_rule := voiceagent_private.broken_rule(v_calendar, v_from, v_from + v_calendar.slot_length);
		IF v_rule IS NULL AND v_from <> ALL (v_slots) AND voiceagent_private.free_seats(v_calendar, v_from,
				v_from + v_calendar.slot_length, voiceagent_private.calendar_seats(v_calendar)) <> '{}'
			AND voiceagent_private.day_is_full(v_calendar, v_from) IS NOT TRUE THEN
			v_slots := (v_from || v_slots)[:c_slots];
		END IF;
	END IF;
	v_answer := voiceagent_private.tool_done(context, CASE WHEN v_slots = '{}' THEN 'none_free'
		WHEN v_rule = 'closed' THEN 'closed' ELSE 'free' END,
		ARRAY[''], voiceagent_private.times_data(context, VARIADIC v_slots));
	v_answer.result := CASE WHEN v_rule = 'closed' THEN voiceagent_private.tool_says(context, 'closed',
		voiceagent_private.say_slots(context, v_slots)) ELSE voiceagent_private.say_slots(context, v_slots) END;
	RETURN v_answer;
END
$$;
COMMENT ON FUNCTION voiceagent_private.tool_free_slots(voiceagent_private.tool_context, jsonb) IS
	E'The tool free_slots: the next four free times of the calendar of the listing, or of the call, from a day on, '
	'within 90 days of it.\n'
	'An hour that is named comes first if it can be booked, or the answer says that it is closed then.';

CREATE FUNCTION voiceagent_private.booking_result(context voiceagent_private.tool_context,
	answer voiceagent.booking_answer, asked timestamptz) RETURNS voiceagent_private.tool_answer
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_data jsonb := voiceagent_private.times_data(context, answer.starts_at);
	v voiceagent_private.tool_answer;
BEGIN
	IF answer.reason IS NULL OR answer.status IN ('confirmed', 'pending') AND answer.starts_at = asked THEN
		RETURN voiceagent_private.tool_done(context, answer.status,
			ARRAY[voiceagent_private.spoken_slot(answer.starts_at, context.zone, context.language)], v_data,
			jsonb_build_object('appointment_id', answer.appointment_id, 'starts_at', v_data #> '{times,0}',
				'timezone', context.zone));
	END IF;
	v := voiceagent_private.tool_error(context, 'taken',
		voiceagent_private.spoken_slot(asked, context.zone, context.language),
		voiceagent_private.say_slots(context, answer.next_slots));
	v.data := v.data || voiceagent_private.times_data(context, VARIADIC answer.next_slots);
	RETURN v;
END
$$;
COMMENT ON FUNCTION voiceagent_private.booking_result(voiceagent_private.tool_context, voiceagent.booking_answer,
	timestamptz) IS
	'A tool''s answer to the result of a booking; for a taken slot, the other free ones, of which the first is held.';

CREATE FUNCTION voiceagent_private.tool_book(context voiceagent_private.tool_context, arguments jsonb)
	RETURNS voiceagent_private.tool_answer
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_listing voiceagent.listings := voiceagent_private.listing_told(context, arguments);
	v_calendar voiceagent.calendars := voiceagent_private.calendar_of_tool(context, v_listing, true);
	v_at timestamptz;
	v_note text := nullif(concat_ws(': ', nullif(btrim(arguments ->> 'name'), ''),
		voiceagent_private.told_number(arguments ->> 'phone'),
		coalesce(v_listing.reference, v_listing.listing_id::text), nullif(btrim(arguments ->> 'note'), '')), '');
	v_answer voiceagent_private.tool_answer;
	v_free timestamptz[];
BEGIN
	context.zone := v_calendar.timezone;
	v_at := voiceagent_private.tool_time(context, arguments ->> 'starts_at');
	IF v_at IS NULL OR NOT isfinite(v_at) THEN
		RETURN voiceagent_private.tool_error(context, 'when');
	ELSIF voiceagent_private.time_lacks(context, arguments ->> 'starts_at', false) IS NOT NULL THEN
		RETURN voiceagent_private.tool_error(context,
			voiceagent_private.time_lacks(context, arguments ->> 'starts_at', false));
	ELSIF context.lead_id IS NULL AND context.phone IS NULL THEN
		RETURN voiceagent_private.tool_error(context, 'contact');
	ELSIF btrim(arguments ->> 'listing') <> '' AND v_listing.listing_id IS NULL THEN
		RETURN voiceagent_private.tool_error(context, 'no_listing');
	END IF;
	v_answer := voiceagent_private.booking_result(context, voiceagent_private.book_slot(
		voiceagent_private.booking_subject(v_calendar.calendar_id, context.call_id,
			-- In a text there is no call whose lead it is.
			CASE WHEN context.call_id IS NULL THEN context.lead_id END, context.zone), v_at,
		CASE context.tool WHEN 'hold_slot' THEN 'held' ELSE 'booked' END, summary => v_note), v_at);
	v_answer.made := v_answer.made || voiceagent_private.made_for(v_listing);
	RETURN v_answer;
EXCEPTION
	WHEN SQLSTATE 'PT409' THEN
		RETURN voiceagent_private.tool_error(context, CASE WHEN SQLERRM LIKE 'this call has an appointment%'
			THEN 'booked_already' ELSE 'failed' END);
	WHEN SQLSTATE 'PT422' THEN
		v_calendar := voiceagent_private.calendar_row(v_calendar.calendar_id, false);
		v_free := (SELECT n.slots FROM voiceagent_private.next_slots(v_calendar, greatest(v_at, context.at),
			voiceagent_private.calendar_seats(v_calendar, NULL), NULL) n);
		v_answer := voiceagent_private.tool_error(context, 'cannot', voiceagent_private.say_slots(context, v_free));
		v_answer.data := v_answer.data || voiceagent_private.times_data(context, VARIADIC v_free);
		RETURN v_answer;
END
$$;
COMMENT ON FUNCTION voiceagent_private.tool_book(voiceagent_private.tool_context, jsonb) IS
	'The tools book and hold_slot: a slot of calendar_of_tool() for the caller; of a taken '
	'one, or one that breaks a rule, what is free next.';

CREATE FUNCTION voiceagent_private.booking_told(context voiceagent_private.tool_context, arguments jsonb)
	RETURNS bigint
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_words text[] := regexp_split_to_array(lower(btrim(arguments ->> 'name')), '[^[:alnum:]]+');
	v_day timestamptz := voiceagent_private.tool_time(context, arguments ->> 'day');
	v_booking bigint;
BEGIN
	SELECT a.appointment_id INTO v_booking FROM voiceagent.appointments a
	WHERE a.tenant_id = v_tenant AND a.call_id = context.call_id
		AND a.status IN ('pending', 'confirmed', 'conflict', 'held');
	IF FOUND AND nullif(btrim(arguments ->> 'day'), '') IS NULL THEN
		RETURN v_booking;
	END IF;
	RETURN (SELECT a.appointment_id FROM voiceagent.appointments a
		JOIN voiceagent.leads l ON l.tenant_id = v_tenant AND l.lead_id = a.lead_id
		WHERE a.tenant_id = v_tenant AND a.lead_id = context.lead_id AND a.status IN ('pending', 'confirmed')
			AND a.starts_at > context.at
			AND (a.starts_at AT TIME ZONE context.zone)::date = (v_day AT TIME ZONE context.zone)::date
			-- The family name, where we know one: many are called Ann.
			AND lower(coalesce(l.last_name, l.first_name)) = ANY (v_words)
		ORDER BY a.starts_at LIMIT 1);
END
$$;
COMMENT ON FUNCTION voiceagent_private.booking_told(voiceagent_private.tool_context, jsonb) IS
	E'The appointment that a caller means: the one of this call, else one to come of the lead whose number calls, if '
	'the caller tells its day and the lead''s name.\n'
	'NULL: there is none. By its number alone a caller learns of none.';

CREATE FUNCTION voiceagent_private.tool_change_booking(context voiceagent_private.tool_context, arguments jsonb)
	RETURNS voiceagent_private.tool_answer
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_moves boolean := context.tool = 'move_booking';
	v_booking bigint;
	v_at timestamptz := CASE WHEN v_moves THEN voiceagent_private.tool_time(context, arguments ->> 'starts_at') END;
	v_answer voiceagent.booking_answer;
	c_tries CONSTANT integer := 3;
BEGIN
	IF v_moves AND (v_at IS NULL OR NOT isfinite(v_at)) THEN
		RETURN voiceagent_private.tool_error(context, 'when');
	ELSIF v_moves AND voiceagent_private.time_lacks(context, arguments ->> 'starts_at', false) IS NOT NULL THEN
		RETURN voiceagent_private.tool_error(context,
			voiceagent_private.time_lacks(context, arguments ->> 'starts_at', false));
	ELSIF c_tries <= (SELECT count(*) FROM voiceagent.call_tools t
		WHERE t.tenant_id = voiceagent.current_tenant() AND t.call_id = context.call_id AND t.error = 'no_booking') THEN
		RETURN voiceagent_private.tool_error(context, 'tried_enough');
	END IF;
	v_booking := voiceagent_private.booking_told(context, arguments);
	IF v_booking IS NULL THEN
		RETURN voiceagent_private.tool_error(context, 'no_booking');
	END IF;
	-- By its calendar's clock, by which free times are offered: a called lead heard it by its own.
	context.zone := (SELECT coalesce(c.timezone, a.timezone) FROM voiceagent.appointments a
		LEFT JOIN voiceagent.calendars c ON c.tenant_id = a.tenant_id AND c.calendar_id = a.calendar_id
		WHERE a.tenant_id = voiceagent.current_tenant() AND a.appointment_id = v_booking);
	IF v_moves THEN
		v_at := voiceagent_private.tool_time(context, arguments ->> 'starts_at');
		v_answer := voiceagent.move_booking(v_booking, v_at, reason => 'the caller asked for it');
		RETURN voiceagent_private.booking_result(context, v_answer, v_at);
	END IF;
	v_answer := voiceagent.cancel_booking(v_booking, 'the caller asked for it');
	RETURN voiceagent_private.tool_done(context, 'canceled',
		ARRAY[voiceagent_private.spoken_slot(v_answer.starts_at, context.zone, context.language)],
		voiceagent_private.times_data(context, v_answer.starts_at), jsonb_build_object('appointment_id', v_booking));
EXCEPTION WHEN SQLSTATE 'PT422' THEN
	RETURN voiceagent_private.tool_error(context, 'cannot', '');
END
$$;
COMMENT ON FUNCTION voiceagent_private.tool_change_booking(voiceagent_private.tool_context, jsonb) IS
	'The tools move_booking and cancel_booking; after three bookings that there are not, nothing is looked for '
	'any more in this call.';
