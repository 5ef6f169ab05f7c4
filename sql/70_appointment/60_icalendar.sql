-- 70_appointment: appointments for calendars elsewhere: as iCalendar text, and which of them a lead must hear of.

CREATE TYPE voiceagent_private.icalendar_event AS (
	uid text,
	sequence integer,
	status text,
	starts_at timestamptz,
	ends_at timestamptz,
	summary text,
	description text,
	organizer text,
	organizer_name text,
	attendee text,
	attendee_name text
);
COMMENT ON TYPE voiceagent_private.icalendar_event IS
	E'An event of a calendar elsewhere; status: CONFIRMED, TENTATIVE or CANCELLED.\n'
	'organizer and attendee, with their names, are addresses; NULL: it is no invitation.';

CREATE FUNCTION voiceagent_private.icalendar(method text, name text, notice text, stamp timestamptz,
	events voiceagent_private.icalendar_event[])
	RETURNS text LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_icalendar';
COMMENT ON FUNCTION voiceagent_private.icalendar(text, text, text, timestamptz, voiceagent_private.icalendar_event[]) IS
	E'Events as iCalendar text (RFC 5545), by libical.\n'
	'method: REQUEST, CANCEL, PUBLISH or NULL; name and notice: what a program shows of the calendar; stamp: when the '
	'text was made. Control characters become spaces, and marks that turn the direction of text are left out.';

CREATE FUNCTION voiceagent_private.icalendar_domain() RETURNS text
	LANGUAGE sql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
	-- The channel is random and stays: it tells nothing of the tenant, and no other has it.
	SELECT left(encode(sha256(convert_to('calendars of ' || d.channel, 'UTF8')), 'hex'), 24) || '.voiceagent'
	FROM voiceagent_private.tenant_directory d WHERE d.tenant_id = voiceagent.current_tenant()
$$;
COMMENT ON FUNCTION voiceagent_private.icalendar_domain() IS
	'The part behind the @ in the UIDs of the current tenant''s events, the same for ever.';

CREATE TABLE voiceagent_private.invitations_due (
	tenant_id bigint NOT NULL,
	appointment_id bigint NOT NULL,
	due_at timestamptz NOT NULL CHECK (isfinite(due_at)),
	tries integer NOT NULL DEFAULT 0,
	PRIMARY KEY (tenant_id, appointment_id),
	FOREIGN KEY (tenant_id, appointment_id) REFERENCES voiceagent.appointments ON DELETE CASCADE
) WITH (fillfactor = 50);
COMMENT ON TABLE voiceagent_private.invitations_due IS
	'Appointments with something to send to their lead, until send_invitations() has been at them.';
COMMENT ON COLUMN voiceagent_private.invitations_due.due_at IS 'When it is their turn.';
COMMENT ON COLUMN voiceagent_private.invitations_due.tries IS 'How often an error has kept them from being sent.';
CREATE INDEX invitations_due_at ON voiceagent_private.invitations_due (due_at);
CREATE INDEX invitations_due_turns ON voiceagent_private.invitations_due (tenant_id, due_at);
SELECT voiceagent_private.guard_table('voiceagent_private.invitations_due', 'routing', waits => '{due_at}');

CREATE FUNCTION voiceagent_private.text_appointment(appointment voiceagent.appointments) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_phone text := (SELECT l.phone FROM voiceagent.leads l
		WHERE l.tenant_id = appointment.tenant_id AND l.lead_id = appointment.lead_id);
	v_item voiceagent.texts;
	v record;
BEGIN
	-- Words on another time, or on one taken back, hold no more.
	FOR v_item IN SELECT t.* FROM voiceagent.texts t
		WHERE t.tenant_id = appointment.tenant_id AND t.lead_id = appointment.lead_id AND t.status = 'waiting'
			AND t.about_id = appointment.appointment_id AND t.about_version IS NOT NULL
			AND (appointment.status <> 'confirmed' OR t.about_version <> appointment.sequence)
	LOOP
		PERFORM voiceagent_private.move_text(v_item, 'refused', 'the appointment has changed');
	END LOOP;
	FOR v IN SELECT x.name, btrim(voiceagent_private.setting_text(x.name)) AS words, x.due
		FROM (VALUES ('appointment_text', NULL),
			('appointment_reminder', appointment.starts_at - interval '1 day')) AS x(name, due)
		WHERE appointment.status = 'confirmed' AND v_phone IS NOT NULL AND appointment.starts_at > voiceagent.clock()
			AND (x.due IS NULL OR x.due >= voiceagent.clock())
	LOOP
		CONTINUE WHEN v.words = '';
		PERFORM voiceagent_private.queue_text(v.name, v_phone, replace(v.words, '{{when}}',
				to_char(appointment.starts_at AT TIME ZONE appointment.timezone, 'YYYY-MM-DD HH24:MI')),
			format('appointment:%s:%s:%s', appointment.appointment_id, v.name, appointment.sequence),
			appointment.lead_id, appointment.call_id, due => v.due, about => appointment.appointment_id,
			version => appointment.sequence, until => extract(epoch FROM appointment.starts_at)::bigint);
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.text_appointment(voiceagent.appointments) IS
	E'Writes to the lead of an appointment of the current tenant that is confirmed, or was moved, and a day before it, '
	'where the settings have words for it.\n'
	'Waiting texts about another time are refused.';

CREATE FUNCTION voiceagent_private.note_invitation(appointment_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v voiceagent.appointments;
BEGIN
	SELECT a.* INTO v FROM voiceagent.appointments a
	WHERE a.tenant_id = v_tenant AND a.appointment_id = note_invitation.appointment_id;
	PERFORM voiceagent_private.text_appointment(v);
	IF v.lead_id IS NOT NULL AND (v.invited_to IS NOT NULL
		OR v.status = 'confirmed' AND voiceagent_private.setting_text('mail_invitations') = 'on') THEN
		INSERT INTO voiceagent_private.invitations_due (tenant_id, appointment_id, due_at)
		VALUES (v_tenant, v.appointment_id, voiceagent.clock())
		ON CONFLICT ON CONSTRAINT invitations_due_pkey DO UPDATE SET due_at = excluded.due_at, tries = 0;
		PERFORM voiceagent_private.request_job('send_invitations', voiceagent.clock());
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.note_invitation(bigint) IS
	'Notes that the lead of an appointment of the current tenant, whose status, time or lead has changed, may need a '
	'mail (mail_invitations).';
