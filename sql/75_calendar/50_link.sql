/*
 * 75_calendar: the page on which a lead, who has no more than a link from a text
 * or a mail, moves its appointment or cancels it.
 *
 * The page names the business and the appointment's time, and nothing else.  A
 * GET changes nothing, because programs open links to show what is behind them.
 * The link is signed for the appointment as it is: the first deed, or anybody
 * else's, ends it.
 */

CREATE FUNCTION voiceagent_private.appointment_page(appointment voiceagent.appointments, note text, offers boolean)
	RETURNS text
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_name text := (SELECT replace(replace(replace(t.name, '&', '&amp;'), '<', '&lt;'), '>', '&gt;')
		FROM voiceagent.tenants t WHERE t.tenant_id = voiceagent.current_tenant());
	v_local timestamp := appointment.starts_at AT TIME ZONE appointment.timezone;
	v_times text;
	c_button CONSTANT text := '<p><button name="at" value="%s">%s</button>';
BEGIN
	IF offers THEN
		BEGIN
			-- The times of each day that are nearest to the appointment's own.
			SELECT string_agg(format(c_button, extract(epoch FROM n.starts_at)::bigint,
				voiceagent_private.slot_words(n.starts_at, appointment.timezone)), '' ORDER BY n.starts_at) INTO v_times
			FROM (SELECT s.starts_at, row_number() OVER (PARTITION BY s.local_start::date
					ORDER BY abs(extract(epoch FROM s.local_start::time - v_local::time)), s.starts_at) AS nth
				FROM voiceagent.free_slots(appointment.calendar_id, timezone => appointment.timezone,
					max_slots => 1000) s
				WHERE s.starts_at <> appointment.starts_at) n
			WHERE n.nth <= 3;
		EXCEPTION WHEN SQLSTATE 'PT409' THEN
			-- The calendar is gone, or has no person: there is still the way to cancel.
			v_times := NULL;
		END;
	END IF;
	RETURN concat('<!DOCTYPE html><html lang="en"><meta charset="utf-8">'
		'<meta name="viewport" content="width=device-width"><title>', v_name, '</title><h1>', v_name, '</h1>',
		'<p>' || note,
		'<p>Your appointment: <strong>' || voiceagent_private.slot_words(appointment.starts_at, appointment.timezone)
			|| format(' (%s)</strong>', appointment.timezone),
		CASE WHEN offers THEN '<form method="post"><h2>Cancel it</h2>' || format(c_button, 'cancel', 'Cancel')
			|| coalesce('<h2>Move it to</h2>' || v_times, '<p>No other time is free.') || '</form>' END, E'\n');
END
$$;
COMMENT ON FUNCTION voiceagent_private.appointment_page(voiceagent.appointments, text, boolean) IS
	E'The page of open_appointment_link(), as HTML without script: the business, a note, and the time of an '
	'appointment of the current tenant (NULL: without it).\n'
	'offers: with forms to cancel it and to move it to up to three free times a day, two weeks ahead.';

CREATE FUNCTION voiceagent.open_appointment_link(link text, choice text DEFAULT NULL, OUT page text,
	OUT status integer)
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_link text[] := regexp_match(link, '^(\d{1,18})-(\d{1,18})-(\d{1,9})-(\d{1,12})-([0-9a-f]{64})$');
	v_old voiceagent.appointments;
	v_answer voiceagent.booking_answer;
	c_why CONSTANT text := 'by the link in a message to the lead';
BEGIN
	PERFORM voiceagent_private.hide_query('open_appointment_link');
	PERFORM voiceagent_private.fail_if(v_link IS NULL OR v_link[1]::bigint <> v_tenant
		OR NOT voiceagent_private.is_signed_link('appointment', v_link[4]::bigint,
			format('%s-%s-%s', v_link[1], v_link[2], v_link[3]), v_link[5])
		OR NOT EXISTS (SELECT FROM voiceagent.tenants t WHERE t.tenant_id = v_tenant AND t.active), 'PT404',
		'this link leads nowhere');
	IF choice IS NOT NULL THEN
		PERFORM voiceagent_private.require_post('a change of an appointment', 'link');
		PERFORM voiceagent_private.lock_tenant(false);
		-- The lead before the calendar, in the order of the end of a call; of two clicks the second sees what the first
		-- did.
		PERFORM FROM voiceagent.leads l
		WHERE l.tenant_id = v_tenant AND l.lead_id = (SELECT a.lead_id FROM voiceagent.appointments a
			WHERE a.tenant_id = v_tenant AND a.appointment_id = v_link[2]::bigint) FOR NO KEY UPDATE;
		PERFORM FROM voiceagent_private.lock_appointment(v_link[2]::bigint);
	END IF;
	SELECT a.* INTO v_old FROM voiceagent.appointments a
	WHERE a.tenant_id = v_tenant AND a.appointment_id = v_link[2]::bigint AND a.sequence = v_link[3]::integer
		AND a.status IN ('pending', 'confirmed') AND a.starts_at > voiceagent.clock();
	status := CASE WHEN v_old.appointment_id IS NULL THEN 410 ELSE 200 END;
	IF status = 410 THEN
		page := voiceagent_private.appointment_page(NULL,
			'This link has been used, or the appointment has changed or is over. The newest message '
			'has the link that is good.', false);
		RETURN;
	ELSIF choice IS NULL THEN
		page := voiceagent_private.appointment_page(v_old, NULL, true);
		RETURN;
	END IF;
	BEGIN
		IF choice = 'cancel' THEN
			v_answer := voiceagent.cancel_booking(v_old.appointment_id, c_why);
		ELSIF choice ~ '^\d{1,11}$' AND to_timestamp(choice::bigint) <> v_old.starts_at THEN
			v_answer := voiceagent.move_booking(v_old.appointment_id, to_timestamp(choice::bigint), reason => c_why);
		END IF;
	EXCEPTION WHEN SQLSTATE 'PT409' OR SQLSTATE 'PT422' THEN
		-- Times that the calendar forbids are no longer offered.
		v_answer.status := 'taken';
	END;
	IF coalesce(v_answer.status, 'taken') = 'taken' THEN
		page := voiceagent_private.appointment_page(v_old, 'That time is not free any more. Nothing was changed.',
			true);
		RETURN;
	END IF;
	PERFORM voiceagent_private.audit('open_appointment_link', 'appointment ' || v_old.appointment_id,
		jsonb_build_object('status', v_old.status, 'starts_at', v_old.starts_at),
		jsonb_build_object('status', v_answer.status, 'starts_at', v_answer.starts_at));
	v_old.starts_at := v_answer.starts_at;
	page := voiceagent_private.appointment_page(v_old, CASE v_answer.status WHEN 'canceled' THEN 'It is cancelled.'
		WHEN 'pending' THEN 'It is noted, and has yet to be confirmed.' ELSE 'It is moved.' END, false);
END
$$;
COMMENT ON FUNCTION voiceagent.open_appointment_link(text, text) IS
	E'For the process web: what the link in a message to a lead leads to, a page as HTML with its HTTP status; '
	'choice, by POST alone: cancel, or the start of another slot in seconds since 1970.\n'
	'Judged, noted and notified as move_booking() and cancel_booking() are. 410 once the appointment has changed or '
	'begun; PT404 for what no link of the tenant is.';
