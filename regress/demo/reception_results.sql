-- What the callers have left.
\set QUIET on
\echo
SELECT l.first_name, l.last_name, a.status, to_char(a.starts_at AT TIME ZONE a.timezone, 'Dy DD Mon HH24:MI') AS "there", a.summary
FROM voiceagent.appointments a JOIN voiceagent.leads l USING (tenant_id, lead_id) JOIN voiceagent.calls c USING (tenant_id, call_id)
WHERE c.direction = 'inbound' ORDER BY a.appointment_id;
\pset format wrapped
\pset columns 108
SELECT kind AS task, contact_name, contact_phone, note, to_char(due_at - created_at, 'HH24:MI') AS "due in" FROM voiceagent.tasks WHERE kind <> 'promise' ORDER BY task_id;
\pset format aligned
