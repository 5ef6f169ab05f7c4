-- A tool that acted in a call is an author: what it did goes before what a report or the words say; who denies it is shown, and undoes nothing.
\set ON_ERROR_STOP off
\set VERBOSITY terse
\set ECHO none
\i lib/inbox_setup.inc
CREATE FUNCTION pg_temp.tool(number text, tool text, arguments jsonb DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
	SELECT voiceagent.call_tool(pg_temp.call_of(number), tool, arguments) ->> 'result' $$;
-- The day after tomorrow by the tenant's clock: what a tool books lies ahead.
CREATE FUNCTION pg_temp.day() RETURNS text LANGUAGE sql AS $$
	SELECT to_char(voiceagent.clock() AT TIME ZONE 'America/New_York' + interval '2 days', 'YYYY-MM-DD') $$;
\set ECHO all
BEGIN;
SELECT pg_temp.begin_calls('Authors', ARRAY['7001', '7002', '7003', '7004', '7005', '7006', '7007', '7008']) > 0 AS ready;
SELECT voiceagent.update_assistant(min(assistant_id), '{"settings": {"tools": ["book", "move_booking", "cancel_booking", "take_message", "make_offer", "call_back", "opt_out"]}}') AS version FROM voiceagent.assistants WHERE tenant_id = voiceagent.current_tenant();
SELECT voiceagent.update_campaign(campaign_id, '{}') AS version FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.dial();
-- booked, and the report denies it; booked, and it names another hour; booked and called off again, and it claims a visit; an opt-out that
-- the words seem to deny; a message and an offer; a call back, with no analysis; nothing done, and a booking claimed that nobody spoke of
SELECT pg_temp.tool('7001', 'book', jsonb_build_object('starts_at', pg_temp.day() || 'T10:00')) ~ '^Booked' AS one, pg_temp.tool('7002', 'book', jsonb_build_object('starts_at', pg_temp.day() || 'T12:00')) ~ '^Booked' AS two,
	pg_temp.tool('7003', 'book', jsonb_build_object('starts_at', pg_temp.day() || 'T14:00')) ~ '^Booked' AS three, pg_temp.tool('7003', 'cancel_booking') ~ '^Canceled' AS off;
SELECT pg_temp.tool('7004', 'opt_out') AS opt_out, pg_temp.tool('7005', 'take_message', '{"message": "The gate is on the left."}') AS message, pg_temp.tool('7005', 'make_offer', '{"amount": "1200.50", "currency": "usd"}') AS offer;
SELECT pg_temp.tool('7006', 'call_back', jsonb_build_object('when', pg_temp.day() || 'T16:00')) ~ '^A call back is noted' AS call_back;
SELECT voiceagent_private.follow_calls_of_tenant(100) >= 0 AS followed;
SELECT pg_temp.take(
	pg_temp.talk('7001', '{"appointment": {"booked": false}, "interest": "low"}', 'Shall I put you down for ten?', 'Well, all right.'),
	pg_temp.talk('7002', jsonb_build_object('appointment', jsonb_build_object('booked', true, 'date', pg_temp.day(), 'time', '15:00')), 'When would suit you?', 'At 3 pm that day works for me.', 'I have put you down for that.', 'Great.'),
	pg_temp.talk('7003', jsonb_build_object('appointment', jsonb_build_object('booked', true, 'date', pg_temp.day(), 'time', '14:00')), 'When would suit you?', 'At 2 pm.', 'I have put you down for 2 pm.', 'Ah no, leave it.'),
	pg_temp.talk('7004', '{"interest": "high", "do_not_call": false}', 'May I tell you about our offer?', 'That sounds very interesting, tell me more.'),
	pg_temp.talk('7005', '{"interest": "medium"}', 'Anything to add?', 'The gate is on the left.'),
	pg_temp.talk('7006', NULL, 'Do you have a minute?', 'Some other time.'),
	pg_temp.talk('7007', jsonb_build_object('appointment', jsonb_build_object('booked', true, 'date', pg_temp.day(), 'time', '10:00')), 'Do you have a minute?', 'I would have to think about that.'));
SELECT voiceagent_private.apply_inbox(100);
SELECT right(c.phone, 4) AS number, c.outcome, c.uncertain, replace((c.structured_data #- '{appointment,timezone}')::text, pg_temp.day(), 'DAY') AS data FROM voiceagent.calls c WHERE c.tenant_id = voiceagent.current_tenant() AND c.outcome IS NOT NULL ORDER BY 1;
SELECT right(c.phone, 4) AS number, f.name, replace(f.value, pg_temp.day(), 'DAY') AS value, f.origin, f.label, f.counts FROM voiceagent.call_fields f JOIN voiceagent.calls c USING (tenant_id, call_id)
WHERE c.tenant_id = voiceagent.current_tenant() AND (f.origin = 'tool' OR f.name ~ '^(appointment|callback|do_not_call)' AND c.phone ~ '700[1-4]$') AND f.name NOT LIKE '%.timezone' ORDER BY 1, 4 DESC, 2, 3;
SELECT right(c.phone, 4) AS number, r.author FROM voiceagent.call_readings r JOIN voiceagent.calls c USING (tenant_id, call_id) WHERE c.tenant_id = voiceagent.current_tenant() ORDER BY 1;
-- one appointment each where a tool booked, at its hour, called off where it was called off; the opt-out listed, not held
SELECT right(c.phone, 4) AS number, to_char(a.starts_at AT TIME ZONE a.timezone, 'HH24:MI') AS at, a.status, a.detected_by FROM voiceagent.appointments a JOIN voiceagent.calls c USING (tenant_id, call_id) WHERE a.tenant_id = voiceagent.current_tenant() ORDER BY 1;
SELECT right(phone, 4) AS number, held FROM voiceagent.do_not_call_list WHERE tenant_id = voiceagent.current_tenant();
-- what a report denies waits for a person, with both
SELECT right(c.phone, 4) AS number, w.kind, w.what FROM voiceagent.waiting w JOIN voiceagent.calls c USING (tenant_id, call_id) WHERE c.tenant_id = voiceagent.current_tenant() AND w.kind IN ('conflict', 'uncertain outcome') ORDER BY 1;
-- told late by another author it is shown, too; accepted, it waits no longer; and a person's word goes before a tool's
SELECT voiceagent.report_call(pg_temp.call_of('7006'), structured_data => '{"callback": {"requested": false}}') ->> 'report' AS report;
SELECT right(c.phone, 4) AS number, w.what FROM voiceagent.waiting w JOIN voiceagent.calls c USING (tenant_id, call_id) WHERE c.tenant_id = voiceagent.current_tenant() AND w.kind = 'conflict' AND c.phone LIKE '%7006';
SELECT voiceagent.accept_outcomes(ARRAY[pg_temp.call_of('7006'), pg_temp.call_of('7001')], 'heard both') AS accepted;
SELECT voiceagent.correct_call(pg_temp.call_of('7002'), 'heard it: three o''clock', appointment => (pg_temp.day() || ' 15:00')::timestamp AT TIME ZONE 'America/New_York') AS corrected;
SELECT right(c.phone, 4) AS number, w.kind FROM voiceagent.waiting w JOIN voiceagent.calls c USING (tenant_id, call_id) WHERE c.tenant_id = voiceagent.current_tenant() AND w.kind IN ('conflict', 'uncertain outcome') ORDER BY 1;
-- read again, by rules of today or by a model, it stays as it was
SELECT voiceagent.analyse_again(ARRAY(SELECT call_id FROM voiceagent.calls WHERE tenant_id = voiceagent.current_tenant() AND outcome IS NOT NULL)) AS run \gset
SELECT right(c.phone, 4) AS number, d.name, d.counted, d.counts_again FROM voiceagent.compare_analyses(:run) d JOIN voiceagent.calls c USING (call_id) WHERE d.name ~ '^(outcome|appointment|callback|do_not_call|message|offer)' ORDER BY 1, 2;
ROLLBACK;
