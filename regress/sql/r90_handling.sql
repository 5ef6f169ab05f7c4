-- A booking that is not certain is shown as what it is, and nowhere as an appointment.
\set SHOW_CONTEXT never
\set ECHO none
\i lib/inbox_setup.inc
\set ECHO all
BEGIN;
SELECT pg_temp.begin_calls('r90 handling', ARRAY['2001', '2002']) AS tenant \gset
SELECT pg_temp.dial();
SELECT pg_temp.take(pg_temp.talk('2001', NULL, 'Hi, Acme Roofing. When could we come by?', 'Thursday at three works. No, I do not want that.', 'Okay.', 'Bye.'),
	pg_temp.talk('2002', NULL, 'Hi, Acme Roofing. When could we come by?', 'Thursday at three works.', 'I have put you down for Thursday at three.', 'Great, see you then.'));
SELECT voiceagent_private.apply_inbox(100);
CREATE VIEW pg_temp.shown AS SELECT right(c.phone, 4) AS number, c.outcome, r.words_outcome, r.certain, r.named_time IS NOT NULL AS timed, (SELECT array_agg(s ->> 'step') FROM jsonb_array_elements(r.next_steps) s) AS steps,
	r.ended_at_step, r.follow_up_created, r.handling, (SELECT count(*) FROM voiceagent.appointments a WHERE a.tenant_id = c.tenant_id AND a.call_id = c.call_id) AS appointments
	FROM voiceagent.call_readings r JOIN voiceagent.calls c USING (tenant_id, call_id) WHERE c.tenant_id = voiceagent.current_tenant() ORDER BY 1;
SELECT * FROM pg_temp.shown WHERE number = '2001';
-- of a call that came in, too
UPDATE voiceagent.calls SET direction = 'inbound', campaign_id = NULL, campaign_version = NULL, attempt_number = NULL, counts = false, lawful = false, outcome = 'completed', status = 'completed' WHERE tenant_id = :tenant;
UPDATE voiceagent.conversations SET reading = jsonb_set(reading, '{outcome}', jsonb_build_object('value', 'scheduled', 'certain', call_id = pg_temp.call_of('2002'))) WHERE tenant_id = :tenant;
SELECT number, words_outcome, certain, handling FROM pg_temp.shown;
ROLLBACK;
