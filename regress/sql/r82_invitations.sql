-- Invitations: a confirmed appointment is mailed to its lead, and what becomes of it; to nobody that must get no mail, and never with what a call was noted to be about.
\set ECHO none
\i lib/turns.inc
BEGIN;
SELECT voiceagent.create_tenant(E'Acme\r\nBcc: all@example.com', 'Europe/Berlin', 1000) AS tenant, voiceagent.create_tenant('r82 other', 'UTC', 1000) AS other \gset
SET LOCAL timezone = 'UTC';
SET LOCAL client_min_messages = 'warning';
-- Shown without what is random.
CREATE FUNCTION pg_temp.told(tenant bigint) RETURNS TABLE (mail text, body text, event text) LANGUAGE sql AS $$
	SELECT concat_ws(' ', m.kind, m.language, m.recipient, m.subject, m.status, m.reason), m.body, (q.invitation - '{uid,organizer_name}'::text[])::text
	FROM voiceagent.mails m LEFT JOIN voiceagent_private.mail_queue q USING (tenant_id, mail_id) WHERE m.tenant_id = tenant ORDER BY m.mail_id DESC LIMIT 1 $$;
CREATE FUNCTION pg_temp.send() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_due bigint := (SELECT count(*) FROM voiceagent_private.invitations_due WHERE tenant_id = v_tenant);
BEGIN
	UPDATE voiceagent_private.invitations_due SET due_at = voiceagent.clock() - interval '1 second' WHERE tenant_id = v_tenant;
	PERFORM pg_temp.serve('send_invitations') FROM generate_series(1, 3);
	PERFORM voiceagent_private.set_tenant(v_tenant);
	RETURN v_due - (SELECT count(*) FROM voiceagent_private.invitations_due WHERE tenant_id = v_tenant);
END $$;
SELECT set_config('voiceagent.clock_offset', extract(epoch FROM '2030-03-04 08:00+00'::timestamptz - clock_timestamp())::text, true) \g /dev/null
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT voiceagent.add_lead('+4930555010', E'Ada";\r\nX: y', 'Lovelace', email => 'Ada@Example.com') AS ada, voiceagent.add_lead('+4930555011') AS nobody, voiceagent.add_lead('+4930555012') AS bad \gset
UPDATE voiceagent.leads SET email = E'no address\r\n' WHERE tenant_id = :tenant AND lead_id = :bad;
\set ECHO all
-- off, nothing is noted or sent
SELECT voiceagent.add_appointment('2030-03-05 09:00+00', lead_id := :ada, summary := 'haggles') AS before \gset
SELECT count(*) FROM voiceagent_private.invitations_due WHERE tenant_id = :tenant;
SELECT voiceagent.set_setting('mail_invitations', 'on') IS NOT NULL AS set;
-- confirmed, moved twice before it is told, moved, called off: the same UID, a higher SEQUENCE each time
SELECT voiceagent.add_appointment('2030-03-05 10:00+00', lead_id := :ada, summary := 'haggles about everything') AS appointment \gset
SELECT pg_temp.send();
SELECT * FROM pg_temp.told(:tenant);
SELECT invited_to, invitation_note FROM voiceagent.appointments WHERE tenant_id = :tenant AND appointment_id = :appointment;
SELECT invitation ->> 'uid' AS uid FROM voiceagent_private.mail_queue WHERE tenant_id = :tenant \gset
SELECT voiceagent.move_appointment(:appointment, '2030-03-06 10:00+00'), voiceagent.move_appointment(:appointment, '2030-03-07 10:00+00');
SELECT pg_temp.send();
SELECT * FROM pg_temp.told(:tenant);
SELECT voiceagent.cancel_appointment(:appointment, 'ill');
SELECT pg_temp.send();
SELECT * FROM pg_temp.told(:tenant);
SELECT invited_to, invitation_note FROM voiceagent.appointments WHERE tenant_id = :tenant AND appointment_id = :appointment;
SELECT count(*) AS mails, count(DISTINCT invitation ->> 'uid') AS uids, bool_or(m.body ~ 'haggles' OR q.invitation::text ~ 'haggles') AS with_summary FROM voiceagent.mails m JOIN voiceagent_private.mail_queue q USING (tenant_id, mail_id) WHERE m.tenant_id = :tenant;
-- the message: a text and an event, in which no name begins a line
SELECT l FROM voiceagent.mails m JOIN voiceagent_private.mail_queue q USING (tenant_id, mail_id), voiceagent_private.mail_message(m, 'calls@example.com', '', NULL, NULL, q.invitation) t,
	regexp_split_to_table(t, E'\r\n') WITH ORDINALITY AS s(l, n) WHERE m.tenant_id = :tenant AND m.kind = 'appointment_moved' AND l ~ '^(Content|MIME)|: ' AND l !~ '^(Message|Date|Content-Type: multi)' ORDER BY n;
SELECT regexp_replace(regexp_replace(l, '^UID:.*', 'UID'), '^DTSTAMP:.*', 'DTSTAMP') AS l FROM voiceagent_private.mail_queue q, regexp_split_to_table(voiceagent_private.invitation_text(q.invitation, 'calls@example.com', 'Acme "Solar"'), E'\r\n') WITH ORDINALITY AS s(l, n)
WHERE q.tenant_id = :tenant AND q.invitation ->> 'method' = 'CANCEL' ORDER BY n;
-- whom nothing reaches: the appointment says why
SELECT voiceagent.add_appointment('2030-03-08 10:00+00', lead_id := :nobody), voiceagent.add_appointment('2030-03-08 11:00+00', lead_id := :bad) \g /dev/null
SELECT pg_temp.send();
SELECT invited_to, invitation_note FROM voiceagent.appointments WHERE tenant_id = :tenant AND starts_at >= '2030-03-08 00:00+00' ORDER BY starts_at;
SAVEPOINT here;
SELECT voiceagent.suppress_mail('ada@example.com', 'complaint');
SELECT voiceagent.add_appointment('2030-03-09 10:00+00', lead_id := :ada) AS refused \gset
SELECT pg_temp.send();
SELECT a.invited_to, a.invitation_note, t.mail FROM voiceagent.appointments a, pg_temp.told(:tenant) t WHERE a.tenant_id = :tenant AND a.appointment_id = :refused;
ROLLBACK TO here;
SELECT voiceagent.do_not_call('+4930555010', 'asked') IS NULL AS listed_of_the_plan;
SELECT voiceagent.add_appointment('2030-03-09 10:00+00', lead_id := :ada) AS refused \gset
SELECT pg_temp.send();
SELECT invited_to, invitation_note FROM voiceagent.appointments WHERE tenant_id = :tenant AND appointment_id = :refused;
ROLLBACK TO here;
SELECT voiceagent.set_setting('mails_per_day', '3') IS NOT NULL AS set;
SELECT voiceagent.add_appointment('2030-03-09 10:00+00', lead_id := :ada) AS refused \gset
SELECT pg_temp.send();
SELECT invited_to, invitation_note FROM voiceagent.appointments WHERE tenant_id = :tenant AND appointment_id = :refused;
ROLLBACK TO here;
-- pending, over, or of a caller that no lead is known for yet
INSERT INTO voiceagent.appointments (tenant_id, calendar_id, lead_id, status, starts_at, ends_at, timezone, detected_by, created_at)
SELECT :tenant, calendar_id, l, s::voiceagent.appointment_status, b, b + interval '30 minutes', 'UTC', '{}', now()
FROM voiceagent.calendars, (VALUES (:ada, 'pending', timestamptz '2030-03-10 09:00+00'), (:ada, 'confirmed', '2030-03-01 09:00+00')) v(l, s, b) WHERE tenant_id = :tenant;
INSERT INTO voiceagent.appointments (tenant_id, calendar_id, call_id, status, starts_at, ends_at, timezone, detected_by, created_at)
SELECT :tenant, calendar_id, 1, 'confirmed', '2030-03-10 12:00+00', '2030-03-10 13:00+00', 'UTC', '{tool}', now() FROM voiceagent.calendars WHERE tenant_id = :tenant;
SELECT count(voiceagent_private.note_invitation(appointment_id)) AS noted FROM voiceagent.appointments WHERE tenant_id = :tenant AND detected_by = '{}' AND lead_id = :ada AND starts_at IN ('2030-03-10 09:00+00', '2030-03-01 09:00+00');
SELECT pg_temp.send();
SELECT count(*) AS mails FROM voiceagent.mails WHERE tenant_id = :tenant;
SELECT voiceagent.confirm_appointment(appointment_id) FROM voiceagent.appointments WHERE tenant_id = :tenant AND status = 'pending';
SELECT pg_temp.send();
SELECT mail FROM pg_temp.told(:tenant);
SELECT voiceagent_private.give_to_lead(1, :ada);
SELECT pg_temp.send();
SELECT mail, body FROM pg_temp.told(:tenant);
-- switched off, nobody is told any more, and the appointment says so
SAVEPOINT here;
SELECT voiceagent.set_setting('mail_invitations', 'off') IS NOT NULL AS set, voiceagent.cancel_appointment(appointment_id, 'ill') FROM voiceagent.appointments WHERE tenant_id = :tenant AND call_id = 1;
SELECT pg_temp.send();
SELECT invited_to, invitation_note FROM voiceagent.appointments WHERE tenant_id = :tenant AND call_id = 1;
ROLLBACK TO here;
-- a slot that is booked at once; moved in a calendar whose bookings a person confirms, it is told when that has happened
SELECT voiceagent.create_calendar('at once', booking_confirms := 'at_once') AS calendar \gset
SELECT appointment_id AS booked, status FROM voiceagent.book(:calendar, '2030-03-12 10:00+00', lead_id := :ada) \gset
SELECT pg_temp.send();
SELECT mail FROM pg_temp.told(:tenant);
SELECT voiceagent.update_calendar(:calendar, '{"booking_confirms": "by_person"}');
SELECT status FROM voiceagent.move_booking(:booked, '2030-03-13 10:00+00');
SELECT pg_temp.send();
SELECT mail FROM pg_temp.told(:tenant);
SELECT voiceagent.confirm_appointment(:booked);
SELECT pg_temp.send();
SELECT mail FROM pg_temp.told(:tenant);
-- erased: what is due goes with its appointment
SELECT voiceagent.move_appointment(appointment_id, '2030-03-11 09:00+00') FROM voiceagent.appointments WHERE tenant_id = :tenant AND starts_at = '2030-03-10 09:00+00';
DELETE FROM voiceagent.appointments WHERE tenant_id = :tenant AND lead_id = :ada;
SELECT count(*) FROM voiceagent_private.invitations_due WHERE tenant_id = :tenant;
-- another tenant's setting is its own, and so are its UIDs
SELECT voiceagent_private.set_tenant(:other) \g /dev/null
SELECT voiceagent.add_lead('+12125550100', email => 'ada@example.com') AS its \gset
SELECT voiceagent.add_appointment('2030-03-05 10:00+00', lead_id := :its) \g /dev/null
SELECT count(*) FROM voiceagent_private.invitations_due WHERE tenant_id = :other;
SELECT split_part(:'uid', '@', 2) <> voiceagent_private.icalendar_domain() AS own_domain;
ROLLBACK;
