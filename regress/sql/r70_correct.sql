-- A person's correction of a call is final, and dials and unlists nothing; what waits for a person stands in one view, each with the statement that settles it.
\set ON_ERROR_STOP off
\set VERBOSITY terse
\set ECHO none
\i lib/inbox_setup.inc
CREATE FUNCTION pg_temp.known() RETURNS TABLE (number text, outcome text, data jsonb, lead text, booked text) LANGUAGE sql AS $$
	SELECT right(c.phone, 4), c.outcome, c.structured_data, m.status, (SELECT a.status || to_char(a.starts_at AT TIME ZONE 'UTC', ' DD HH24:MI') FROM voiceagent.appointments a WHERE a.tenant_id = c.tenant_id AND a.call_id = c.call_id)
	FROM voiceagent.calls c JOIN voiceagent.campaign_leads m USING (tenant_id, campaign_id, lead_id) WHERE c.tenant_id = voiceagent.current_tenant() ORDER BY 1
$$;
CREATE FUNCTION pg_temp.refused(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE statement;
	RETURN 'done';
EXCEPTION WHEN OTHERS THEN
	RETURN regexp_replace(format('%s %s', SQLSTATE, SQLERRM), 'call \d+', 'call N');
END
$$;
CREATE FUNCTION pg_temp.waits() RETURNS TABLE (kind text, who text, what text, quote text, settle text) LANGUAGE sql AS $$
	SELECT w.kind, w.who, regexp_replace(w.what, '20\d\d-\d\d-\d\d.*', 'T'), w.quote, regexp_replace(w.settle, '\d+([]),])', 'N\1', 'g') FROM voiceagent.waiting w ORDER BY w.kind, w.who
$$;
\set ECHO all
BEGIN;
SELECT set_config('voiceagent.clock_offset', extract(epoch FROM '2026-11-20 15:10:10+00' - clock_timestamp())::text, true) <> '' AS then_it_was;
SELECT pg_temp.begin_calls('Corrected', ARRAY['7001', '7002', '7003', '7004', '7005', '7006', '7007']) > 0 AS ready;
SELECT pg_temp.dial();
SELECT pg_temp.take(
	pg_temp.talk('7001', '{"interest": "high", "budget": 90, "city": "Rom"}', 'May I tell you more?', 'Yes, I am interested, tell me more. My budget is ninety.'),
	pg_temp.talk('7002', '{"appointment": {"booked": true, "date": "2026-11-23", "time": "15:00"}}', 'When would suit you?', 'Monday at 3 pm works for me.', 'Wonderful, I have put you down for Monday at 3 pm.', 'Great, see you then.'),
	pg_temp.talk('7003', NULL, 'Do you have a minute?', 'I am busy now, call me back tomorrow at 4 pm.', 'I will. Until then.', 'Bye.'),
	pg_temp.talk('7004', '{"interest": "none"}', 'May I tell you more?', 'No, I am not interested.'),
	pg_temp.talk('7005', '{"do_not_call": true}', 'Do you have a minute?', 'I am busy now, call me back tomorrow at 4 pm.', 'I will. Until then.', 'Bye.'),
	pg_temp.webhook('7006', 'report', 'customer-ended-call', 0, '{"interest": "none"}'));
SELECT voiceagent_private.apply_inbox(100);
SELECT * FROM pg_temp.known();
SELECT * FROM pg_temp.waits();
SELECT (voiceagent.health() ->> 'waiting')::integer AS waiting, (SELECT waiting_since IS NOT NULL FROM voiceagent.campaign_progress WHERE tenant_id = voiceagent.current_tenant()) AS said;
-- values, of which null removes one; an appointment moved; another outcome, after which nobody calls; an opt-out, which lists
SELECT voiceagent.correct_call(pg_temp.call_of('7001'), 'heard the recording', fields => '{"city": "Rome", "budget": null, "family": {"children": 2}}');
SELECT voiceagent.correct_call(pg_temp.call_of('7002'), 'it was Tuesday', appointment => '2026-11-24 15:00+00');
SELECT voiceagent.correct_call(pg_temp.call_of('7003'), 'they rang: it is settled', outcome => 'completed');
SELECT voiceagent.correct_call(pg_temp.call_of('7004'), 'it said stop', outcome => 'do_not_call');
SELECT voiceagent.correct_call(pg_temp.call_of('7006'), 'no words came, they want it', outcome => 'interested', fields => '{"interest": "high"}');
SELECT * FROM pg_temp.known();
SELECT right(c.phone, 4) AS number, f.name, f.value, f.origin, f.label, f.counts FROM voiceagent.call_fields f JOIN voiceagent.calls c USING (tenant_id, call_id)
WHERE f.tenant_id = voiceagent.current_tenant() AND right(c.phone, 4) IN ('7001', '7004', '7006') ORDER BY 1, 2, 4;
SELECT right(phone, 4) AS number, held FROM voiceagent.do_not_call_list WHERE tenant_id = voiceagent.current_tenant() ORDER BY 1;
SELECT right(c.phone, 4) AS number, e.event_data - 'by' AS data FROM voiceagent.events e JOIN voiceagent.calls c USING (tenant_id, call_id) WHERE e.tenant_id = voiceagent.current_tenant() AND e.event_type = 'call_corrected' ORDER BY e.event_id;
SELECT r.author FROM voiceagent.call_readings r WHERE r.call_id = pg_temp.call_of('7001');
-- what comes later does not override it: a report, the words that were lacking, a reading anew
SELECT voiceagent.report_call(pg_temp.call_of('7001'), structured_data => '{"city": "Paris", "budget": 80, "floor": 3}') ->> 'report' AS report;
SELECT voiceagent.report_call(pg_temp.call_of('7006'), structured_data => '{"interest": "none"}', turns => '[{"speaker": "assistant", "text": "May I tell you more?"}, {"speaker": "customer", "text": "No, I am not interested."}]') ->> 'report' AS report;
SELECT voiceagent.adopt_analyses(voiceagent.analyse_again(ARRAY[pg_temp.call_of('7001'), pg_temp.call_of('7006')])) >= 0 AS read_again;
SELECT * FROM pg_temp.known() WHERE number IN ('7001', '7006');
SELECT count(*) AS turns FROM voiceagent.call_turns WHERE call_id = pg_temp.call_of('7006');
-- it unlists nobody, and a correction of the correction holds
SELECT voiceagent.correct_call(pg_temp.call_of('7004'), 'it did not', outcome => 'not_interested', fields => '{"do_not_call": false}');
SELECT right(phone, 4) AS number FROM voiceagent.do_not_call_list WHERE tenant_id = voiceagent.current_tenant() AND NOT held ORDER BY 1;
SELECT voiceagent.correct_call(pg_temp.call_of('7002'), 'they called it off', outcome => 'not_interested');
SELECT number, outcome, booked FROM pg_temp.known() WHERE number IN ('7002', '7004');
-- a call back that nothing waits for is a task, once
SELECT voiceagent.correct_call(pg_temp.call_of('7006'), 'they want to be called on Friday', outcome => 'callback'), voiceagent.correct_call(pg_temp.call_of('7006'), 'on Friday at noon', outcome => 'callback') AS again;
SELECT right(c.phone, 4) AS number, t.kind, t.note, t.finished_at IS NULL AS open FROM voiceagent.tasks t JOIN voiceagent.calls c USING (tenant_id, call_id) WHERE t.tenant_id = voiceagent.current_tenant() ORDER BY t.task_id;
-- what it refuses
SELECT pg_temp.refused(format('SELECT voiceagent.correct_call(%s, %s)', pg_temp.call_of(n), more)) FROM (VALUES ('7001', '''why'''), ('7001', ''' '', ''completed'''), ('7001', '''why'', ''busy'''), ('7001', '''why'', fields => ''[1]'''),
	('7007', '''why'', ''completed''')) AS t(n, more);
SELECT pg_temp.refused('SELECT voiceagent.correct_call(0, ''why'', ''completed'')');
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK;
