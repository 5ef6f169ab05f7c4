-- An address that the person says in the call is where the invitation goes, if its lead has none; one that only an analysis names is not.
\set ON_ERROR_STOP off
\set VERBOSITY terse
\set ECHO none
\i lib/inbox_setup.inc
\i lib/turns.inc
CREATE FUNCTION pg_temp.send() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	UPDATE voiceagent_private.invitations_due SET due_at = voiceagent.clock() - interval '1 second' WHERE tenant_id = v_tenant;
	PERFORM voiceagent_private.send_invitations(100);
END $$;
\set ECHO all
BEGIN;
SELECT pg_temp.begin_calls('Addresses', ARRAY['7101', '7102', '7103', '7104']) > 0 AS ready;
SELECT voiceagent.set_setting('mail_invitations', 'on') IS NOT NULL AS set;
SELECT pg_temp.dial();
SELECT voiceagent_private.follow_calls_of_tenant(100) >= 0 AS followed;
-- said and spelled the same; named by the analysis alone; two that were said; a call that goes on
SELECT pg_temp.take(
	pg_temp.talk('7101', '{"email": "Tess@example.com"}', 'Where shall I send it?', 'To tess@example.com, please.'),
	pg_temp.talk('7102', '{"email": "bob@example.com"}', 'Where shall I send it?', 'I would rather not say.'),
	pg_temp.talk('7103', '{"email": "ann@example.com", "appointment": {"email": "joe@example.com"}}', 'Where shall I send it?', 'To ann@example.com, and to joe@example.com.'));
SELECT voiceagent_private.apply_inbox(100);
SELECT count(voiceagent.add_appointment(date_trunc('day', voiceagent.clock()) + interval '3 days' + c.call_id % 1000 * interval '1 hour', call_id := c.call_id)) AS added
FROM voiceagent.calls c WHERE c.tenant_id = voiceagent.current_tenant();
SELECT pg_temp.send();
SELECT right(c.phone, 4) AS number, a.invited_to, a.invitation_note FROM voiceagent.appointments a JOIN voiceagent.calls c USING (tenant_id, call_id) WHERE a.tenant_id = voiceagent.current_tenant() ORDER BY 1;
-- only that of the call that goes on is still due
SELECT right(c.phone, 4) AS number FROM voiceagent_private.invitations_due d JOIN voiceagent.appointments a USING (tenant_id, appointment_id) JOIN voiceagent.calls c USING (tenant_id, call_id) WHERE d.tenant_id = voiceagent.current_tenant();
ROLLBACK;
