-- A telephone that asks who calls and why, and lets nobody through, is no person: not reached, no interest and no opt-out whatever an analysis
-- claims, not charged, and the lead is called again. A person who takes the call behind it is a person.
\set ECHO none
\i lib/inbox_setup.inc
\set ECHO all
BEGIN;
SELECT pg_temp.begin_calls('Screened', ARRAY['2001', '2002', '2003', '2004', '2005']) > 0 AS ready;
SELECT pg_temp.dial();
-- an analysis that takes "Go ahead" for interest; none; a mailbox behind it; a person behind it; a mailbox by its words alone
SELECT pg_temp.take(
	pg_temp.talk('2001', '{"interest": "high", "do_not_call": false, "quotes": {"interest": "Go ahead"}}',
		'Hello, this is Ann from Acme.', 'The person you are calling is using a screening service from Google, and will get a copy of this conversation. Go ahead and say your name and why you''re calling.', 'Ann from Acme, about your visit.'),
	pg_temp.talk('2002', NULL, 'Hello, this is Ann from Acme.', 'Hi, if you record your name and reason for calling, I''ll see if this person is available.', 'Ann from Acme, about your visit.', 'Thanks. Please stay on the line.'),
	pg_temp.talk('2003', NULL, 'Hello, this is Ann from Acme.', 'Please state your name and the reason for calling.', 'Ann from Acme.', 'Please leave a message after the tone.'),
	pg_temp.talk('2004', NULL, 'Hello, this is Ann from Acme.', 'If you record your name and reason for calling, I''ll see if this person is available.', 'Ann from Acme.', 'Hi, this is Ann. I am not interested, thank you.'),
	pg_temp.talk('2005', NULL, 'Hello, this is Ann from Acme.', 'You have reached the mailbox of Lea. Please leave a message after the tone.'));
SELECT voiceagent_private.apply_inbox(100);
SELECT right(c.phone, 4) AS number, c.status, c.outcome, c.machine, c.evaluation, c.credits = 0 AS free, d.held
FROM voiceagent.calls c LEFT JOIN voiceagent.do_not_call_list d ON d.tenant_id = c.tenant_id AND d.call_id = c.call_id WHERE c.tenant_id = voiceagent.current_tenant() ORDER BY 1;
-- nor are its words an opt-out of the person that takes the call, whose own words are read as ever
SELECT said, (voiceagent_private.talk_doubt(jsonb_build_array(jsonb_build_object('speaker', 'assistant', 'text', 'Hello, this is Ann from Acme.'),
	jsonb_build_object('speaker', 'customer', 'text', 'Please state your name and the reason for calling.'), jsonb_build_object('speaker', 'customer', 'text', 'Please stay on the line.'),
	jsonb_build_object('speaker', 'customer', 'text', said)))).turn
FROM unnest('{Hi this is Ann. How much is the small one?,Please take me off your list and never call here again.}'::text[]) said ORDER BY 1;
SELECT number, lead_status, reason FROM pg_temp.seen();
SELECT human_answers, machine_answers, machine_credits > 0 AS charged FROM voiceagent.campaign_progress WHERE tenant_id = voiceagent.current_tenant();
ROLLBACK;
-- what a carrier says of it afterwards takes nothing back
SELECT m AS told, voiceagent_private.surer_machine('screener', m) FROM unnest('{human,voicemail,uncertain}'::text[]) m;
-- a campaign may leave such a lead alone
BEGIN;
SELECT pg_temp.begin_calls('Once', ARRAY['2001'], '{"retry_screener": false}') > 0 AS ready;
SELECT pg_temp.dial();
SELECT pg_temp.take(pg_temp.talk('2001', NULL, 'Hello, this is Ann from Acme.', 'This call may be screened. Please say your name and why you are calling.', 'Ann from Acme.'));
SELECT voiceagent_private.apply_inbox(100);
SELECT number, lead_status, reason FROM pg_temp.seen();
ROLLBACK;
-- a mailbox that its words alone show is a machine where machines are not charged
BEGIN;
INSERT INTO voiceagent_private.platform_settings (key, value) VALUES ('charge_machines', 'off');
SELECT pg_temp.begin_calls('Free', ARRAY['2001']) > 0 AS ready;
SELECT pg_temp.dial();
SELECT pg_temp.take(pg_temp.talk('2001', NULL, 'Hello, this is Ann from Acme.', 'You have reached the mailbox of Lea. Please leave a message after the tone.'));
SELECT voiceagent_private.apply_inbox(100);
SELECT outcome, machine, credits FROM voiceagent.calls WHERE tenant_id = voiceagent.current_tenant();
ROLLBACK;
