-- A talk of which no analysis, report or model says what came of it: never a guess. By the setting uncertain_outcome it is over, waits
-- for a person, or is tried again; what a person agreed to is pending, and says that only rules heard it.
\set ON_ERROR_STOP off
\set VERBOSITY terse
\set ECHO none
\i lib/inbox_setup.inc
-- Nothing definite; the same with an analysis; nobody spoke; a time agreed; a callback at a time; one without a time; a plain no.
CREATE FUNCTION pg_temp.begin_talks(how text) RETURNS bigint LANGUAGE sql AS $$
	SELECT pg_temp.begin_calls('Uncertain ' || how, ARRAY(SELECT '650' || i FROM generate_series(1, 7) i), jsonb_build_object('uncertain_outcome', how, 'retry_attempts', 1))
$$;
CREATE FUNCTION pg_temp.said_alone(number text, VARIADIC lines text[]) RETURNS bytea LANGUAGE sql AS $$
	SELECT convert_to((convert_from(pg_temp.talk(number, NULL, VARIADIC lines), 'UTF8')::jsonb #- '{message,analysis}')::text, 'UTF8')
$$;
CREATE FUNCTION pg_temp.talks() RETURNS integer LANGUAGE sql AS $$
	SELECT pg_temp.take(
		pg_temp.said_alone('6501', 'Do you have a minute?', 'Well, we have our roof from my uncle.', 'I see.', 'Yes, it is red. Bye.'),
		pg_temp.talk('6502', '{"interest": "unknown"}', 'Do you have a minute?', 'Well, we have our roof from my uncle.', 'I see.', 'Yes, it is red. Bye.'),
		pg_temp.said_alone('6503', 'Do you have a minute?'),
		pg_temp.said_alone('6504', 'Shall we come on Monday at 3 pm?', 'Yes, Monday at 3 pm works for me.', 'Wonderful, I have put you down for Monday at 3 pm.', 'Great, see you then.'),
		pg_temp.said_alone('6505', 'Do you have a minute?', 'I am busy now, call me back tomorrow at 4 pm.', 'I will. Until then.', 'Bye.'),
		pg_temp.said_alone('6506', 'Do you have a minute?', 'I am busy right now, please call me back.', 'I will. Goodbye.', 'Bye.'),
		pg_temp.said_alone('6507', 'Do you have a minute?', 'No, I am not interested.', 'I see. Goodbye.'))
$$;
CREATE FUNCTION pg_temp.ends() RETURNS TABLE (number text, outcome text, uncertain text, lead_status text, reason text, queued text) LANGUAGE sql AS $$
	SELECT s.number, s.outcome, c.uncertain, s.lead_status, s.reason, s.queued FROM pg_temp.seen() s
	JOIN voiceagent.calls c ON c.tenant_id = voiceagent.current_tenant() AND c.call_id = pg_temp.call_of(s.number) ORDER BY 1
$$;
CREATE FUNCTION pg_temp.waits() RETURNS TABLE (kind text, number text, what text, settle text) LANGUAGE sql AS $$
	SELECT w.kind, right(l.phone, 4), w.what, regexp_replace(w.settle, '\d+', 'N', 'g') FROM voiceagent.waiting w
	JOIN voiceagent.leads l ON l.tenant_id = w.tenant_id AND l.lead_id = w.lead_id ORDER BY 2
$$;
\set ECHO all
BEGIN;
SELECT set_config('voiceagent.clock_offset', extract(epoch FROM timestamptz '2026-11-20 15:10+00' - clock_timestamp())::text, false) IS NOT NULL AS at;
SELECT pg_temp.begin_talks('final') > 0 AS ready, pg_temp.dial(), pg_temp.talks();
SELECT voiceagent_private.apply_inbox(100);
SELECT * FROM pg_temp.ends();
SELECT * FROM pg_temp.waits();
SELECT pg_temp.begin_talks('retry') > 0 AS ready, pg_temp.dial(), pg_temp.talks();
SELECT voiceagent_private.apply_inbox(100);
SELECT * FROM pg_temp.ends();
SELECT * FROM pg_temp.waits();
-- as often as retry_attempts lets it: then the call that was has its outcome
UPDATE voiceagent_private.call_queue SET not_before = voiceagent.clock() WHERE tenant_id = voiceagent.current_tenant();
UPDATE voiceagent_private.lanes SET next_due = voiceagent.clock() WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.dial() > 0 AS again;
SELECT pg_temp.take(pg_temp.said_alone('6501', 'Do you have a minute?', 'We have our roof from my uncle.'));
SELECT voiceagent_private.apply_inbox(100);
SELECT * FROM pg_temp.ends() WHERE number = '6501';
SELECT pg_temp.begin_talks('review') > 0 AS ready, pg_temp.dial(), pg_temp.talks();
SELECT voiceagent_private.apply_inbox(100);
SELECT * FROM pg_temp.ends();
SELECT * FROM pg_temp.waits();
-- a callback without a time is dialled by nobody, and is a promise that a person keeps
SELECT right(phone, 4) AS number, state, reason FROM voiceagent.promised_callbacks ORDER BY 1;
-- who knows settles it: a person, by accepting or correcting; a late analysis; and no second time
SELECT voiceagent.accept_outcomes(ARRAY[pg_temp.call_of('6501'), pg_temp.call_of('6502'), -1], 'listened') AS accepted;
SELECT action, new_value - 'calls' AS new_value FROM voiceagent.audit_log WHERE tenant_id = voiceagent.current_tenant() AND action = 'accept_outcomes';
SELECT voiceagent.accept_outcomes(ARRAY[pg_temp.call_of('6501')], 'listened') AS accepted;
SAVEPOINT refused;
SELECT voiceagent.accept_outcomes(ARRAY[pg_temp.call_of('6501')], ' ');
ROLLBACK TO refused;
SELECT voiceagent.correct_call(pg_temp.call_of('6504'), 'heard it', outcome => 'interested');
SELECT * FROM pg_temp.ends() WHERE uncertain IS NOT NULL;
SELECT * FROM pg_temp.waits();
-- ... until one has looked after the lead
SELECT voiceagent.follow_up_done(l.lead_id) FROM voiceagent.leads l WHERE l.tenant_id = voiceagent.current_tenant() AND right(l.phone, 4) = '6506';
SELECT * FROM pg_temp.waits();
ROLLBACK;
-- a version of a campaign from before the setting goes on as it did, and a report that comes late says what came of the call
BEGIN;
SELECT set_config('voiceagent.clock_offset', extract(epoch FROM timestamptz '2026-11-20 15:10+00' - clock_timestamp())::text, false) IS NOT NULL AS at;
SELECT pg_temp.begin_talks('review') > 0 AS ready;
ALTER TABLE voiceagent.campaign_versions DISABLE TRIGGER append_only;
UPDATE voiceagent.campaign_versions SET settings = settings - 'uncertain_outcome' WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.dial(), pg_temp.talks();
SELECT voiceagent_private.apply_inbox(100);
SELECT * FROM pg_temp.ends() WHERE uncertain IS NOT NULL;
SELECT * FROM pg_temp.waits();
SELECT voiceagent.report_call(call_id => pg_temp.call_of('6501'), structured_data => '{"interest": "low"}') ->> 'known' AS known;
SELECT voiceagent_private.apply_inbox(100);
SELECT * FROM pg_temp.ends() WHERE number IN ('6501', '6506');
ROLLBACK;
SELECT voiceagent_private.set_tenant(0) IS NOT NULL AS done;
-- In a language that has no table nobody reads the words: an analysis counts, one that is not sure holds, and a talk without one waits.
BEGIN;
SELECT pg_temp.begin_talks('review') > 0 AS ready;
INSERT INTO voiceagent.assistant_versions SELECT (jsonb_populate_record(v, '{"version": 2, "language": "pl-PL"}')).* FROM voiceagent.assistant_versions v WHERE tenant_id = voiceagent.current_tenant() AND version = 1;
SELECT pg_temp.dial();
UPDATE voiceagent.calls SET assistant_version = 2 WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.take(
	pg_temp.said_alone('6501', 'Dzień dobry, czy ma pan chwilę?', 'Proszę do mnie więcej nie dzwonić.'),
	pg_temp.talk('6502', '{"do_not_call": "maybe"}', 'Dzień dobry, czy ma pan chwilę?', 'Dajcie mi spokój.'),
	pg_temp.talk('6503', '{"do_not_call": true}', 'Dzień dobry, czy ma pan chwilę?', 'Proszę do mnie więcej nie dzwonić.'),
	pg_temp.talk('6504', '{"do_not_call": false, "interest": "low"}', 'Dzień dobry, czy ma pan chwilę?', 'Nie, dziękuję.'),
	pg_temp.talk('6505', '{"do_not_call": "maybe"}', 'Dzień dobry?'));
SELECT voiceagent_private.apply_inbox(100);
SELECT * FROM pg_temp.ends() WHERE outcome IS NOT NULL;
SELECT right(phone, 4) AS number, held, reason FROM voiceagent.do_not_call_list WHERE tenant_id = voiceagent.current_tenant() ORDER BY 1;
SELECT kind, number, what FROM pg_temp.waits();
ROLLBACK;
