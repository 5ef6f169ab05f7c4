/*
 * 75_calendar: calendars of a tenant's own, and booking in them.
 *
 * A slot is a time that a calendar gives away; a seat is one of those that it
 * gives away at once: a person, or 1 to its capacity.  A hold keeps a slot for
 * a caller that is still deciding.  A booking is an appointment that obeys
 * every rule of its calendar, which is what an assistant may make; a person
 * (add_, move_, confirm_appointment()) is bound by nothing but other
 * appointments.
 */

CREATE FUNCTION voiceagent_private.check_spans(hours jsonb, what text) RETURNS void
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_triples integer[] := voiceagent_private.hours_windows(hours);
	v_at integer;
BEGIN
	PERFORM voiceagent_private.fail_if(v_triples IS NULL OR array_position(v_triples, NULL) IS NOT NULL
		OR cardinality(v_triples) > 600, 'PT422', format('%s cannot be read', what), NULL,
		'Write {"mon": [["09:00", "12:00"], ["13:00", "17:00"]], "tue": [...]} or {"start": "09:00", "end": '
		'"17:00", '
		'"days": ["mon", "tue"]}, with at most 200 spans; "24:00" is the end of a day.');
	FOR v_at IN 1 .. cardinality(v_triples) BY 3 LOOP
		PERFORM voiceagent_private.fail_if(v_triples[v_at + 1] >= v_triples[v_at + 2], 'PT422',
			format('%s close before they open', what), NULL,
			'Split hours that reach over midnight: until "24:00", and from "00:00" on the next day.');
		PERFORM voiceagent_private.fail_if(
			v_at > 1 AND v_triples[v_at] = v_triples[v_at - 3] AND v_triples[v_at + 1] < v_triples[v_at - 1], 'PT422',
			format('%s overlap', what), NULL, 'Each must end before the next begins.');
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_spans(jsonb, text) IS
	'PT422 unless these are hours of a week that a calendar can have; what: what they are, for the message.';

CREATE FUNCTION voiceagent_private.checked_calendar(calendar voiceagent.calendars) RETURNS voiceagent.calendars
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	v voiceagent.calendars := calendar;
BEGIN
	v.name := btrim(v.name);
	PERFORM voiceagent_private.fail_if(NOT voiceagent_private.is_name(v.name, 100), 'PT422',
		'a calendar has a name of 1 to 100 characters, in one line');
	PERFORM voiceagent_private.fail_if(NOT coalesce(voiceagent_private.is_timezone(v.timezone), false), 'PT422',
		format('"%s" is no time zone', left(coalesce(v.timezone, 'null'), 60)), NULL,
		'Give an IANA name such as "Europe/Berlin".');
	PERFORM voiceagent_private.fail_if(v.people_rule IS NOT NULL AND v.capacity > 1, 'PT422',
		'a calendar has people or a capacity, not both', NULL, 'Each of its people is one seat: leave capacity at 1.');
	IF v.hours IS NOT NULL THEN
		PERFORM voiceagent_private.check_spans(v.hours, 'the hours');
	END IF;
	-- PT422 for a country of which no holidays are known, and for rules that are none.
	PERFORM voiceagent_private.fail_if(v.holiday_country IS NOT NULL
		AND NOT EXISTS (SELECT FROM voiceagent_private.holiday_rules(v.holiday_country)), 'PT422',
		format('no holidays are known of "%s"', left(v.holiday_country, 60)),
		(SELECT 'They are known of ' || string_agg(r.jurisdiction, ', ' ORDER BY r.jurisdiction) || '.'
			FROM (SELECT l.jurisdiction FROM voiceagent_private.law_rules l
				WHERE l.rule = 'holidays' AND l.value <> '{}' AND l.jurisdiction <> '*'
				UNION SELECT p.country FROM voiceagent_private.public_holidays p) r),
		'Give rules of your own as holidays, or single days by set_calendar_day().');
	IF v.holidays IS NOT NULL THEN
		PERFORM voiceagent_private.fail_if(jsonb_typeof(v.holidays) <> 'object'
			OR (SELECT count(*) FROM jsonb_object_keys(v.holidays)) > 100, 'PT422',
			'holidays must be an object with at most 100 rules', NULL,
			'For example {"Christmas Eve": "12-24", "Thanksgiving": "4th thu nov"}.');
		-- Raises PT422 for what is no rule.
		PERFORM voiceagent_private.holidays_between(v.holidays, date '2027-01-01', date '2027-12-31');
	END IF;
	-- Hours, whatever they were written as: a day of 23 or 25 hours moves none of them.
	v.slot_length := make_interval(secs => round(date_part('epoch', v.slot_length)));
	v.slot_step := make_interval(secs => round(date_part('epoch', v.slot_step)));
	v.buffer_before := make_interval(secs => round(date_part('epoch', v.buffer_before)));
	v.buffer_after := make_interval(secs => round(date_part('epoch', v.buffer_after)));
	v.has_rules := true;
	RETURN v;
END
$$;
COMMENT ON FUNCTION voiceagent_private.checked_calendar(voiceagent.calendars) IS
	E'A calendar as it is kept; what its constraints cannot judge is judged here.\n'
	'PT422.';

CREATE FUNCTION voiceagent_private.fail_calendar(constraint_name text, name text) RETURNS void
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	PERFORM voiceagent_private.fail_if(constraint_name = 'calendars_tenant_id_name_key', 'PT409',
		format('there is a calendar "%s" already', left(name, 60)));
	PERFORM voiceagent_private.fail('PT422',
		format('%s is out of range', regexp_replace(constraint_name, '^calendars_(.*)_check$', '\1')), NULL,
		'slot_length and slot_step: 1 minute to 1 day; buffer_before and buffer_after: at most 1 day; notice: at most '
		'1 '
			'year; horizon: 1 hour to 10 years; day_limit: 1 to 10000; capacity: 1 to 100; people_rule: round_robin or '
			'most_free; booking_confirms: at_once or by_person; hold_time: 10 seconds to 1 hour.');
END
$$;
COMMENT ON FUNCTION voiceagent_private.fail_calendar(text, text) IS
	'PT409 or PT422 for what a constraint of calendars has refused.';

CREATE FUNCTION voiceagent.create_calendar(name text, timezone text DEFAULT NULL, hours jsonb DEFAULT NULL,
	slot_length interval DEFAULT '30 minutes', buffer_before interval DEFAULT '0', buffer_after interval DEFAULT '0',
	notice interval DEFAULT '0', horizon interval DEFAULT '1 year', day_limit integer DEFAULT NULL,
	capacity integer DEFAULT 1, people_rule text DEFAULT NULL, booking_confirms text DEFAULT 'at_once',
	holiday_country text DEFAULT NULL, holidays jsonb DEFAULT NULL, slot_step interval DEFAULT NULL) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	-- More than anybody tells apart.
	c_most CONSTANT integer := 1000;
	v_tenant bigint := voiceagent_private.writer_tenant();
	v voiceagent.calendars;
	v_constraint text;
BEGIN
	IF (SELECT count(*) FROM voiceagent.calendars c WHERE c.tenant_id = v_tenant) >= c_most THEN
		PERFORM voiceagent_private.fail('PT409', format('a tenant has at most %s calendars', c_most));
	END IF;
	v := jsonb_populate_record(NULL::voiceagent.calendars, jsonb_build_object('name', name, 'timezone',
		coalesce(timezone, (SELECT t.timezone FROM voiceagent.tenants t WHERE t.tenant_id = v_tenant)), 'hours', hours,
		'slot_length', slot_length, 'buffer_before', buffer_before, 'buffer_after', buffer_after, 'notice', notice,
		'horizon', horizon, 'day_limit', day_limit, 'capacity', capacity, 'people_rule', people_rule,
		'booking_confirms', booking_confirms, 'holiday_country', holiday_country, 'holidays', holidays,
		'slot_step', coalesce(slot_step, slot_length)));
	v := voiceagent_private.checked_calendar(v);
	INSERT INTO voiceagent.calendars AS c (tenant_id, name, timezone, hours, slot_length, slot_step, buffer_before,
		buffer_after, notice, horizon, day_limit, capacity, people_rule, holiday_country, holidays, booking_confirms,
		has_rules)
	VALUES (v_tenant, v.name, v.timezone, v.hours, v.slot_length, v.slot_step, v.buffer_before, v.buffer_after,
		v.notice, v.horizon, v.day_limit, v.capacity, v.people_rule, v.holiday_country, v.holidays, v.booking_confirms,
		true)
	RETURNING c.calendar_id INTO v.calendar_id;
	PERFORM voiceagent_private.audit('create_calendar', 'calendar ' || v.calendar_id, NULL, to_jsonb(v.name));
	RETURN v.calendar_id;
EXCEPTION
	WHEN check_violation OR unique_violation THEN
		GET STACKED DIAGNOSTICS v_constraint = CONSTRAINT_NAME;
		PERFORM voiceagent_private.fail_calendar(v_constraint, name);
	WHEN not_null_violation THEN
		GET STACKED DIAGNOSTICS v_constraint = COLUMN_NAME;
		PERFORM voiceagent_private.fail('PT422', format('%s must not be null', v_constraint));
END
$$;
COMMENT ON FUNCTION voiceagent.create_calendar(text, text, jsonb, interval, interval, interval, interval, interval,
	integer, integer, text, text, text, jsonb, interval) IS
	E'A new calendar: calendar_id.\n'
	'The arguments are columns of calendars: hours NULL is always open, timezone NULL the tenant''s, slot_step NULL as '
	'long as a slot. For managers and owners; PT409 for a name that is taken, PT422 for what is out of range.';

CREATE FUNCTION voiceagent.update_calendar(calendar_id bigint, changes jsonb) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	c_keys CONSTANT text[] := '{name,timezone,hours,slot_length,slot_step,buffer_before,buffer_after,notice,horizon,'
		'day_limit,capacity,people_rule,holiday_country,holidays,booking_confirms,hold_time}';
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_old voiceagent.calendars;
	v voiceagent.calendars;
	v_text text;
BEGIN
	v_text := (SELECT min(k) FROM jsonb_object_keys(CASE jsonb_typeof(changes) WHEN 'object' THEN changes
		ELSE '{"changes": null}' END) k WHERE k <> ALL (c_keys));
	PERFORM voiceagent_private.fail_if(changes IS NULL OR v_text IS NOT NULL, 'PT422',
		format('a calendar has no "%s" to change', left(v_text, 60)), NULL,
		'Give an object with any of: ' || array_to_string(c_keys, ', ') || '.');
	PERFORM voiceagent_private.calendar_row(coalesce(calendar_id, 0), true);
	SELECT c.* INTO v_old FROM voiceagent.calendars c WHERE c.tenant_id = v_tenant AND c.calendar_id = calendar_id;
	BEGIN
		v := jsonb_populate_record(v_old, changes);
	EXCEPTION WHEN data_exception THEN
		PERFORM voiceagent_private.fail('PT422', 'a value has the wrong type', SQLERRM);
	END;
	-- A JSON null in a column of JSON is no value.
	v.hours := nullif(v.hours, 'null');
	v.holidays := nullif(v.holidays, 'null');
	v := voiceagent_private.checked_calendar(v);
	UPDATE voiceagent.calendars c
	SET name = v.name, timezone = v.timezone, hours = v.hours, slot_length = v.slot_length, slot_step = v.slot_step,
		buffer_before = v.buffer_before, buffer_after = v.buffer_after, notice = v.notice, horizon = v.horizon,
		day_limit = v.day_limit, capacity = v.capacity, people_rule = v.people_rule,
		holiday_country = v.holiday_country, holidays = v.holidays, booking_confirms = v.booking_confirms,
		hold_time = v.hold_time, has_rules = true
	WHERE c.tenant_id = v_tenant AND c.calendar_id = v.calendar_id;
	PERFORM voiceagent_private.audit('update_calendar', 'calendar ' || v.calendar_id,
		(SELECT jsonb_object_agg(k, to_jsonb(v_old) -> k) FROM jsonb_object_keys(changes) k), changes);
EXCEPTION
	WHEN check_violation OR unique_violation THEN
		GET STACKED DIAGNOSTICS v_text = CONSTRAINT_NAME;
		PERFORM voiceagent_private.fail_calendar(v_text, v.name);
	WHEN not_null_violation THEN
		GET STACKED DIAGNOSTICS v_text = COLUMN_NAME;
		PERFORM voiceagent_private.fail('PT422', format('%s must not be null', v_text));
END
$$;
COMMENT ON FUNCTION voiceagent.update_calendar(bigint, jsonb) IS
	E'Changes columns of a calendar, {column: value}; null takes hours, a limit, people or holidays away.\n'
	'Bookings stay where they are, also when the zone changes; buffers hold for bookings from now on. For managers and '
	'owners; PT404, PT409 for a name that is taken, PT422.';

CREATE FUNCTION voiceagent.remove_calendar(calendar_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v voiceagent.calendars := voiceagent_private.calendar_row(coalesce(calendar_id, 0), true);
BEGIN
	PERFORM voiceagent_private.fail_if(v.is_default, 'PT409', 'the default calendar stays', NULL,
		'Give it hours by update_calendar(), or other calendars to campaigns and numbers by use_calendar().');
	DELETE FROM voiceagent.calendar_uses u WHERE u.tenant_id = v_tenant AND u.calendar_id = calendar_id;
	PERFORM voiceagent_private.drop_followed(ARRAY(SELECT f.followed_id FROM voiceagent.followed_calendars f
		WHERE f.tenant_id = v_tenant AND f.calendar_id = calendar_id));
	PERFORM voiceagent_private.drop_connections(ARRAY(SELECT c.calendar_connection_id
		FROM voiceagent.calendar_connections c
		WHERE c.tenant_id = v_tenant AND c.calendar_id = calendar_id));
	UPDATE voiceagent.calendars c SET removed_at = voiceagent.clock()
	WHERE c.tenant_id = v_tenant AND c.calendar_id = calendar_id;
	PERFORM voiceagent_private.audit('remove_calendar', 'calendar ' || calendar_id, to_jsonb(v.name), NULL);
END
$$;
COMMENT ON FUNCTION voiceagent.remove_calendar(bigint) IS
	E'Nothing is booked in the calendar any more, it follows no others and is written into none, and campaigns and '
	'numbers that use it book in the default one; its appointments stay.\n'
	'For managers and owners; PT404, PT409 for the default calendar and for one that was removed.';

CREATE FUNCTION voiceagent.set_calendar_day(calendar_id bigint, day date, hours jsonb DEFAULT NULL,
	reason text DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	c_most CONSTANT integer := 5000;
	v_tenant bigint := voiceagent_private.writer_tenant();
	v voiceagent.calendars := voiceagent_private.calendar_row(coalesce(calendar_id, 0), true);
	v_hours jsonb := nullif(nullif(hours, '[]'), 'null');
BEGIN
	PERFORM voiceagent_private.fail_if(day IS NULL OR NOT isfinite(day), 'PT422', 'which day is it?', NULL,
		'Give a date.');
	PERFORM voiceagent_private.fail_if(length(reason) > 200, 'PT422', 'a reason has at most 200 characters');
	IF v_hours IS NOT NULL THEN
		PERFORM voiceagent_private.check_spans(jsonb_build_object('mon', v_hours), 'the day''s hours');
	ELSIF (SELECT count(*) FROM voiceagent.calendar_days d
		WHERE d.tenant_id = v_tenant AND d.calendar_id = calendar_id) >= c_most THEN
		PERFORM voiceagent_private.fail('PT409', format('a calendar has at most %s days of its own', c_most), NULL,
			'Take old ones away by clear_calendar_day().');
	END IF;
	INSERT INTO voiceagent.calendar_days (tenant_id, calendar_id, day, hours, reason)
	VALUES (v_tenant, calendar_id, day, v_hours, nullif(btrim(reason), ''))
	ON CONFLICT ON CONSTRAINT calendar_days_pkey DO UPDATE SET hours = excluded.hours, reason = excluded.reason;
	-- In any case: a booking that waits for the row looks at the rules anew when it has changed.
	UPDATE voiceagent.calendars c SET has_rules = true
	WHERE c.tenant_id = v_tenant AND c.calendar_id = v.calendar_id;
	PERFORM voiceagent_private.audit('set_calendar_day', 'calendar ' || calendar_id, NULL,
		jsonb_strip_nulls(jsonb_build_object('day', day, 'hours', v_hours, 'reason', reason)));
END
$$;
COMMENT ON FUNCTION voiceagent.set_calendar_day(bigint, date, jsonb, text) IS
	E'Gives a date of a calendar other hours, [["10:00", "14:00"]], or closes it (NULL), be it a holiday or not.\n'
	'Bookings on it stay. For managers and owners; PT404, PT422.';

CREATE FUNCTION voiceagent.clear_calendar_day(calendar_id bigint, day date) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v voiceagent.calendars := voiceagent_private.calendar_row(coalesce(calendar_id, 0), true);
BEGIN
	DELETE FROM voiceagent.calendar_days d
	WHERE d.tenant_id = v_tenant AND d.calendar_id = v.calendar_id AND d.day = day;
	IF FOUND THEN
		UPDATE voiceagent.calendars c SET has_rules = true
		WHERE c.tenant_id = v_tenant AND c.calendar_id = v.calendar_id;
		PERFORM voiceagent_private.audit('clear_calendar_day', 'calendar ' || v.calendar_id, to_jsonb(day), NULL);
		RETURN true;
	END IF;
	RETURN false;
END
$$;
COMMENT ON FUNCTION voiceagent.clear_calendar_day(bigint, date) IS
	E'A date of a calendar has the hours of its week and its holidays again; false: it had them.\n'
	'For managers and owners; PT404.';

CREATE FUNCTION voiceagent.set_calendar_person(calendar_id bigint, name text, skills text[] DEFAULT NULL,
	active boolean DEFAULT true) RETURNS integer
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v voiceagent.calendars := voiceagent_private.calendar_row(coalesce(calendar_id, 0), true);
	v_name text := btrim(name);
	v_skills text[] := ARRAY(SELECT DISTINCT lower(btrim(s)) FROM unnest(skills) s WHERE btrim(s) <> '' ORDER BY 1);
	v_seat integer;
BEGIN
	PERFORM voiceagent_private.fail_if(v.people_rule IS NULL, 'PT409',
		format('calendar %s has no people', v.calendar_id), NULL,
		'Set its people_rule by update_calendar() first: round_robin or most_free.');
	PERFORM voiceagent_private.fail_if(NOT voiceagent_private.is_name(v_name, 200) OR cardinality(v_skills) > 50
		OR length(array_to_string(v_skills, '')) > 2000, 'PT422',
		'a person has a name of 1 to 200 characters, in one line, and at most 50 short skills');
	SELECT p.seat INTO v_seat FROM voiceagent.calendar_people p
	WHERE p.tenant_id = v_tenant AND p.calendar_id = calendar_id AND p.name = v_name;
	IF v_seat IS NULL THEN
		SELECT min(s) INTO v_seat FROM generate_series(1, 100) s
		WHERE NOT EXISTS (SELECT FROM voiceagent.calendar_people p
			WHERE p.tenant_id = v_tenant AND p.calendar_id = calendar_id AND p.seat = s);
		PERFORM voiceagent_private.fail_if(v_seat IS NULL, 'PT409', 'a calendar has at most 100 people');
		-- It begins where the others are, or it would have every turn until it has caught up.
		INSERT INTO voiceagent.calendar_people (tenant_id, calendar_id, seat, name, skills, active, last_turn)
		VALUES (v_tenant, calendar_id, v_seat, v_name, v_skills, coalesce(active, true),
			(SELECT coalesce(min(p.last_turn), 0) FROM voiceagent.calendar_people p
				WHERE p.tenant_id = v_tenant AND p.calendar_id = calendar_id AND p.active));
	ELSE
		UPDATE voiceagent.calendar_people p
		SET skills = CASE WHEN skills IS NULL THEN p.skills ELSE v_skills END, active = coalesce(active, p.active)
		WHERE p.tenant_id = v_tenant AND p.calendar_id = calendar_id AND p.seat = v_seat;
	END IF;
	PERFORM voiceagent_private.audit('set_calendar_person', 'calendar ' || calendar_id, NULL,
		jsonb_build_object('name', v_name, 'skills', v_skills, 'active', active));
	RETURN v_seat;
END
$$;
COMMENT ON FUNCTION voiceagent.set_calendar_person(bigint, text, text[], boolean) IS
	E'Adds a person to a calendar that has people, or changes its skills (NULL: as they are) and whether it gets new '
	'appointments; returns its seat.\n'
	'For managers and owners; PT404, PT409 for a calendar without people_rule or with 100 people, PT422.';

CREATE FUNCTION voiceagent.use_calendar(calendar_id bigint, campaign_id bigint DEFAULT NULL,
	phone_number_id bigint DEFAULT NULL, listing_id bigint DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_what text := coalesce('campaign ' || campaign_id, 'number ' || phone_number_id, 'listing ' || listing_id);
BEGIN
	PERFORM voiceagent_private.fail_if(num_nonnulls(campaign_id, phone_number_id, listing_id) <> 1, 'PT422',
		'a calendar is used by one campaign, one number or one listing', NULL,
		'Give campaign_id, phone_number_id or listing_id.');
	PERFORM voiceagent_private.fail_if(campaign_id IS NOT NULL AND NOT EXISTS (SELECT FROM voiceagent.campaigns c
			WHERE c.tenant_id = v_tenant AND c.campaign_id = campaign_id)
		OR phone_number_id IS NOT NULL AND NOT EXISTS (SELECT FROM voiceagent.phone_numbers n
			WHERE n.tenant_id = v_tenant AND n.phone_number_id = phone_number_id), 'PT404',
		v_what || ' does not exist');
	IF calendar_id IS NOT NULL THEN
		PERFORM voiceagent_private.calendar_row(calendar_id, true);
	END IF;
	DELETE FROM voiceagent.calendar_uses u WHERE u.tenant_id = v_tenant
		AND (u.campaign_id = campaign_id OR u.phone_number_id = phone_number_id OR u.listing_id = listing_id);
	INSERT INTO voiceagent.calendar_uses (tenant_id, calendar_id, campaign_id, phone_number_id, listing_id)
	SELECT v_tenant, calendar_id, campaign_id, phone_number_id, listing_id WHERE calendar_id IS NOT NULL;
	PERFORM voiceagent_private.audit('use_calendar', v_what, NULL, to_jsonb(calendar_id));
EXCEPTION
	WHEN unique_violation THEN
		PERFORM voiceagent_private.fail('PT409', v_what || ' is being given a calendar by somebody else', NULL,
			'Try again.');
	WHEN foreign_key_violation THEN
		PERFORM voiceagent_private.fail('PT404', v_what || ' does not exist');
END
$$;
COMMENT ON FUNCTION voiceagent.use_calendar(bigint, bigint, bigint, bigint) IS
	E'The calls of a campaign, or those that come in for a number, book in this calendar from now on, and all that '
	'book for a listing; NULL: in the default one, or for a listing in that of the call.\n'
	'For managers and owners; PT404, PT409 for a calendar that was removed, PT422 unless one of the three is given.';
