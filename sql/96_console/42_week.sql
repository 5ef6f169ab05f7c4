-- 96_console: who goes where when: a week of appointments on the tenant's clock.

CREATE FUNCTION voiceagent.calendar_week(from_day date DEFAULT NULL, calendar_id bigint DEFAULT NULL) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_zone text := (SELECT t.timezone FROM voiceagent.tenants t WHERE t.tenant_id = voiceagent.current_tenant());
	v_now timestamptz := voiceagent.clock();
	v_day date := coalesce(from_day, (v_now AT TIME ZONE v_zone)::date);
	v_from timestamptz;
	v_to timestamptz;
BEGIN
	IF v_day NOT BETWEEN '1900-01-01' AND '9999-12-24' THEN
		RAISE EXCEPTION USING ERRCODE = 'PT422', MESSAGE = 'a week is of the years 1900 to 9999';
	END IF;
	v_day := v_day - (extract(isodow FROM v_day)::integer - 1);
	v_from := v_day::timestamp AT TIME ZONE v_zone;
	v_to := (v_day + 7)::timestamp AT TIME ZONE v_zone;
	RETURN jsonb_build_object('monday', v_day, 'today', (v_now AT TIME ZONE v_zone)::date, 'now', v_now,
		'timezone', v_zone,
		-- An appointment lasts a day at most.
		'appointments', (SELECT coalesce(jsonb_agg(voiceagent.page_appointment(a) || jsonb_build_object('calendar_id',
				a.calendar_id, 'seat', (SELECT p.name FROM voiceagent.calendar_people p WHERE p.tenant_id = a.tenant_id
					AND p.calendar_id = a.calendar_id AND p.seat = a.seat))
				ORDER BY a.starts_at, a.appointment_id), '[]')
			FROM (SELECT o.* FROM voiceagent.appointments o WHERE o.tenant_id = v_tenant
				AND o.status IN ('pending', 'confirmed', 'held', 'conflict')
				AND o.starts_at > v_from - interval '26 hours' AND o.starts_at < v_to AND o.ends_at > v_from
				AND (calendar_week.calendar_id IS NULL OR o.calendar_id = calendar_week.calendar_id)
				ORDER BY o.starts_at LIMIT 500) a),
		'busy', (SELECT coalesce(jsonb_agg(jsonb_build_object('starts_at', b.starts_at, 'ends_at', b.ends_at)
				ORDER BY b.starts_at), '[]')
			FROM (SELECT o.* FROM voiceagent.busy_times o WHERE o.tenant_id = v_tenant
				AND o.starts_at > v_from - interval '26 hours' AND o.starts_at < v_to AND o.ends_at > v_from
				AND (calendar_week.calendar_id IS NULL OR o.calendar_id = calendar_week.calendar_id)
				ORDER BY o.starts_at LIMIT 500) b),
		'calendars', (SELECT coalesce(jsonb_agg(jsonb_build_object('calendar_id', c.calendar_id, 'name', c.name,
				'hours', c.hours, 'closed', (SELECT coalesce(jsonb_agg(d.day ORDER BY d.day), '[]')
					FROM voiceagent.calendar_days d WHERE d.tenant_id = c.tenant_id AND d.calendar_id = c.calendar_id
						AND d.hours IS NULL AND d.day BETWEEN v_day AND v_day + 6)) ORDER BY c.calendar_id), '[]')
			FROM (SELECT * FROM voiceagent.calendars k WHERE k.tenant_id = v_tenant AND k.removed_at IS NULL
				ORDER BY k.calendar_id LIMIT 200) c));
END
$$;
COMMENT ON FUNCTION voiceagent.calendar_week(date, bigint) IS
	E'The week of a day (this one), from its Monday, on the tenant''s clock, of one calendar or all: monday, today, '
	'now, timezone, appointments (those that hold or want a time; 500), busy times of followed calendars, calendars '
	'with their hours and the days of the week on which they are closed.\n'
	'PT422.';
