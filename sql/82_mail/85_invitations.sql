/*
 * 82_mail: a confirmed appointment is mailed to its lead as an invitation
 * (iTIP by mail, RFC 5546 and 6047); what becomes of it follows by the same
 * UID and a higher SEQUENCE.
 *
 * The commit that confirms, moves or calls off notes that there is something
 * to tell; a job does it, so that no call waits for it, and repeated changes
 * meanwhile make one message.  An appointment's summary may be of the call and
 * meant for the business alone: none of it is mailed.
 */

CREATE FUNCTION voiceagent_private.invitation_language(appointment voiceagent.appointments) RETURNS text
	LANGUAGE plpgsql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := (appointment).tenant_id;
BEGIN
	RETURN coalesce((SELECT v.language FROM voiceagent.calls c
		JOIN voiceagent.assistant_versions v ON v.tenant_id = c.tenant_id AND v.assistant_id = c.assistant_id
			AND v.version = c.assistant_version
		WHERE c.tenant_id = v_tenant AND c.call_id = coalesce((appointment).call_id, (SELECT max(o.call_id)
			-- The last one, of both directions.
			FROM voiceagent.calls o WHERE o.tenant_id = v_tenant AND o.lead_id = (appointment).lead_id))), 'en');
END
$$;
COMMENT ON FUNCTION voiceagent_private.invitation_language(voiceagent.appointments) IS
	'In which language its lead was spoken with: in the call in which it was agreed, else in its last one, else en.';

CREATE FUNCTION voiceagent_private.mail_invitation(appointment voiceagent.appointments, recipient text, kind text)
	RETURNS bigint
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := (appointment).tenant_id;
	v_name text := (SELECT concat_ws(' ', l.first_name, l.last_name) FROM voiceagent.leads l
		WHERE l.tenant_id = v_tenant AND l.lead_id = (appointment).lead_id);
	v_business text := (SELECT regexp_replace(t.name, '[[:cntrl:]]+', ' ', 'g') FROM voiceagent.tenants t
		WHERE t.tenant_id = v_tenant);
	v_mail bigint := voiceagent_private.enqueue_mail(recipient, kind, jsonb_build_object('business', v_business,
		'when', to_char((appointment).starts_at AT TIME ZONE (appointment).timezone, 'YYYY-MM-DD HH24:MI')
			|| ' (' || (appointment).timezone || ')'),
		voiceagent_private.invitation_language(appointment), CASE WHEN kind <> 'appointment_canceled' THEN
			voiceagent_private.appointment_link((appointment).appointment_id, (appointment).sequence,
				extract(epoch FROM (appointment).starts_at)::bigint) END, (appointment).lead_id, (appointment).call_id);
	v_language text := (SELECT m.language FROM voiceagent.mails m WHERE m.tenant_id = v_tenant AND m.mail_id = v_mail);
BEGIN
	UPDATE voiceagent_private.mail_queue q SET invitation = jsonb_build_object(
		'method', CASE kind WHEN 'appointment_canceled' THEN 'CANCEL' ELSE 'REQUEST' END,
		'uid', format('%s@%s', (appointment).appointment_id, voiceagent_private.icalendar_domain()),
		'sequence', (appointment).sequence, 'starts_at', (appointment).starts_at, 'ends_at', (appointment).ends_at,
		'status', CASE kind WHEN 'appointment_canceled' THEN 'CANCELLED' ELSE 'CONFIRMED' END,
		-- The same in each mail of it: what a calendar shows.
		'summary', (SELECT voiceagent_private.fill_mail(t.subject, jsonb_build_object('business', v_business))
			FROM voiceagent.mail_templates t WHERE t.kind = 'appointment_confirmed' AND t.language = v_language),
		'organizer_name', v_business, 'attendee', lower(btrim(recipient, ' ')), 'attendee_name', v_name)
	WHERE q.tenant_id = v_tenant AND q.mail_id = v_mail;
	RETURN v_mail;
END
$$;
COMMENT ON FUNCTION voiceagent_private.mail_invitation(voiceagent.appointments, text, text) IS
	'Queues a mail that tells the lead of an appointment of the current tenant what became of it, with the event for '
	'its calendar -> mail_id; PT422 as of enqueue_mail().';

CREATE FUNCTION voiceagent_private.settle_invitation(appointment_id bigint) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v voiceagent.appointments;
	v_kind text;
	v_address text;
	v_note text;
	v_mail bigint;
BEGIN
	SELECT a.* INTO v FROM voiceagent.appointments a
	WHERE a.tenant_id = v_tenant AND a.appointment_id = settle_invitation.appointment_id
	FOR NO KEY UPDATE SKIP LOCKED;
	IF NOT FOUND THEN
		RETURN false;
	END IF;
	v_kind := CASE WHEN v.status = 'confirmed' AND v.invited_to IS NULL THEN 'appointment_confirmed'
		WHEN v.status = 'confirmed' THEN 'appointment_moved'
		WHEN v.status IN ('canceled', 'rejected') AND v.invited_to IS NOT NULL THEN 'appointment_canceled' END;
	IF v_kind IS NULL OR v.ends_at <= voiceagent.clock() THEN
		RETURN true;
	END IF;
	v_address := CASE WHEN v_kind = 'appointment_canceled' THEN v.invited_to ELSE coalesce(
		(SELECT nullif(btrim(l.email), '') FROM voiceagent.leads l
			WHERE l.tenant_id = v_tenant AND l.lead_id = v.lead_id),
		(SELECT CASE WHEN min(lower(f.value)) = max(lower(f.value)) THEN min(lower(f.value)) END
			FROM voiceagent.calls c
			JOIN voiceagent.conversations k ON k.tenant_id = c.tenant_id AND k.call_id = c.call_id
				AND k.month_slot = voiceagent_private.month_slot(c.started_at)
			CROSS JOIN LATERAL jsonb_to_recordset(k.reading -> 'fields') AS f(name text, value text, support text)
			WHERE c.tenant_id = voiceagent.current_tenant() AND c.call_id = v.call_id
				AND f.name IN ('email', 'appointment.email') AND f.support = 'supported')) END;
	-- The person may still say an address while the call goes on.
	IF v_address IS NULL AND EXISTS (SELECT FROM voiceagent.calls c
		WHERE c.tenant_id = v_tenant AND c.call_id = v.call_id AND c.outcome IS NULL) THEN
		RETURN false;
	END IF;
	v_note := CASE WHEN voiceagent_private.setting_text('mail_invitations') <> 'on' THEN 'mail_invitations is off'
		WHEN v_address IS NULL THEN 'the lead has no e-mail address, and said none in the call' END;
	IF v_note IS NULL THEN
		BEGIN
			v_mail := voiceagent_private.mail_invitation(v, v_address, v_kind);
			v_note := (SELECT m.reason FROM voiceagent.mails m WHERE m.tenant_id = v_tenant AND m.mail_id = v_mail
				AND m.status = 'refused');
		EXCEPTION WHEN SQLSTATE 'PT422' THEN
			v_note := SQLERRM;
		END;
	END IF;
	UPDATE voiceagent.appointments a SET invitation_note = v_note, invited_to = CASE WHEN v_note IS NOT NULL
		THEN a.invited_to WHEN v_kind <> 'appointment_canceled' THEN lower(v_address) END
	WHERE a.tenant_id = v_tenant AND a.appointment_id = v.appointment_id;
	RETURN true;
END
$$;
COMMENT ON FUNCTION voiceagent_private.settle_invitation(bigint) IS
	'Tells the lead of an appointment of the current tenant by mail what became of it, or notes in the appointment why '
	'not (invitation_note); false: not yet, for somebody holds it, or its call goes on and no address is known.';

CREATE FUNCTION voiceagent_private.send_invitations(max integer) RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_tenant bigint := voiceagent.current_tenant();
	v_appointment bigint;
	v_done boolean;
	c_again CONSTANT interval := '15 seconds';
	c_tries CONSTANT integer := 20;
BEGIN
	FOR v_appointment IN SELECT a.appointment_id FROM voiceagent_private.invitations_due a
		WHERE a.tenant_id = v_tenant AND a.due_at <= v_now ORDER BY a.due_at LIMIT max FOR UPDATE SKIP LOCKED
	LOOP
		BEGIN
			v_done := voiceagent_private.settle_invitation(v_appointment);
		EXCEPTION WHEN OTHERS THEN
			RAISE LOG 'the invitation to appointment % of tenant % could not be sent: % %', v_appointment,
				v_tenant, SQLSTATE, SQLERRM;
			UPDATE voiceagent_private.invitations_due a SET tries = a.tries + 1
			WHERE a.tenant_id = v_tenant AND a.appointment_id = v_appointment RETURNING a.tries >= c_tries INTO v_done;
			UPDATE voiceagent.appointments a SET invitation_note = 'errors kept the mail from being written'
			WHERE v_done AND a.tenant_id = v_tenant AND a.appointment_id = v_appointment;
		END;
		IF v_done THEN
			DELETE FROM voiceagent_private.invitations_due a
			WHERE a.tenant_id = v_tenant AND a.appointment_id = v_appointment;
		ELSE
			UPDATE voiceagent_private.invitations_due a SET due_at = v_now + c_again
			WHERE a.tenant_id = v_tenant AND a.appointment_id = v_appointment;
		END IF;
	END LOOP;
	-- Another transaction holds the due rows that were skipped.
	RETURN CASE WHEN NOT FOUND THEN voiceagent.clock() + interval '1 second' END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.send_invitations(integer) IS
	'A tenant job: tells leads by mail of appointments that were confirmed, moved or called off.';
SELECT voiceagent_private.register_tenant_job('send_invitations', 20, 'invitations_due', 'due_at');
