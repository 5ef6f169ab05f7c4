-- Analyses that fail: none is lost without a word of it, none is paid for in vain, and those that can be made later are.
\set SHOW_CONTEXT never
\set ON_ERROR_STOP off
\set ECHO none
\i lib/inbox_setup.inc
CREATE FUNCTION pg_temp.told(number text, VARIADIC lines text[]) RETURNS bytea LANGUAGE sql AS $$
	SELECT convert_to((convert_from(pg_temp.talk(told.number, NULL, VARIADIC lines), 'UTF8')::jsonb #- '{message,analysis,summary}')::text, 'UTF8')
$$;
CREATE FUNCTION pg_temp.requested(number text) RETURNS bigint LANGUAGE sql AS $$
	SELECT max(m.model_request_id) FROM voiceagent.model_requests m
	WHERE m.tenant_id = voiceagent.current_tenant() AND m.purpose = 'analysis' AND m.call_id = pg_temp.call_of(requested.number)
$$;
CREATE FUNCTION pg_temp.answer(number text, output jsonb, status text DEFAULT 'done', reason text DEFAULT NULL, error text DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM voiceagent_private.end_model_request(pg_temp.requested(number), status, reason, error, output::text, output);
	RETURN 'done';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ' ' || SQLERRM;
END
$$;
CREATE VIEW pg_temp.ends AS SELECT right(c.phone, 4) AS number, e.event_type, e.event_data - 'model_request_id' - 'model' AS data
	FROM voiceagent.events e JOIN voiceagent.calls c USING (tenant_id, call_id)
	WHERE e.tenant_id = voiceagent.current_tenant() AND e.event_type IN ('call_analysed', 'call_not_analysed') ORDER BY e.event_id;
\set ECHO all
BEGIN;
SELECT pg_temp.begin_calls('r66 failures', ARRAY['2001', '2002', '2003', '2004', '2005'], '{"model_analysis": "lacking"}') AS tenant \gset
SELECT pg_temp.dial();
-- one assistant speaks a language that has no table
UPDATE voiceagent.calls SET assistant_version = 2 WHERE tenant_id = :tenant AND call_id = pg_temp.call_of('2001');
INSERT INTO voiceagent.assistant_versions SELECT (jsonb_populate_record(v, '{"version": 2, "language": "nl-NL"}')).* FROM voiceagent.assistant_versions v WHERE tenant_id = :tenant AND version = 1;
SELECT pg_temp.take(pg_temp.told('2001', 'Goedendag, heeft u even?', 'Waar gaat het over?'),
	pg_temp.told('2002', 'May I ask your name?', 'My name is Mary Smith.', 'Mary Smith, thank you. Goodbye.', 'Bye.'),
	pg_temp.told('2003', 'May I ask your name?', 'My name is Jane Miller.', 'Jane Miller, thank you. Goodbye.', 'Bye.'),
	pg_temp.told('2004', 'Do you have a minute?', 'What is it about?', 'About your roof.', 'Hm. Okay then. Bye.'),
	pg_temp.told('2005', 'Do you have a minute?', 'What is it about?', 'About your roof.', 'Hm. Okay then. Bye.'));
SELECT voiceagent_private.apply_inbox(100);
SELECT isfinite(voiceagent_private.analyse_calls(20)) AS looks_again;
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS set;
-- it is asked about like any other
SELECT pg_temp.requested('2001') IS NOT NULL AS asked;
SELECT * FROM pg_temp.ends;
-- an answer that cannot be used, for whatever reason, is a failure that the call and the request tell of
SELECT pg_get_functiondef('voiceagent_private.adopt_readings'::regproc) AS adopt_readings \gset
CREATE OR REPLACE FUNCTION voiceagent_private.adopt_readings(readings voiceagent_private.later_reading[], event_type text, details jsonb) RETURNS void
	LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION USING ERRCODE = current_setting('r66.state'), MESSAGE = 'it cannot be'; END $$;
SET LOCAL r66.state = 'XX000';
SELECT pg_temp.answer('2002', '{"summary": "They told their name.", "name": "Mary Smith"}');
SELECT status, reason, error, output_text IS NOT NULL AS text_kept, output FROM voiceagent.model_requests WHERE tenant_id = :tenant AND model_request_id = pg_temp.requested('2002');
SELECT * FROM pg_temp.ends WHERE number = '2002';
-- a disk that is full is no end: the answer is recorded once there is room
SET LOCAL r66.state = '53100';
SELECT pg_temp.answer('2003', '{"summary": "They told their name.", "name": "Jane Miller"}');
SELECT status FROM voiceagent.model_requests WHERE tenant_id = :tenant AND model_request_id = pg_temp.requested('2003');
:adopt_readings ;
SELECT pg_temp.answer('2003', '{"summary": "They told their name.", "name": "Jane Miller"}');
SELECT * FROM pg_temp.ends WHERE number = '2003';
-- in a language without table nothing can verify a model: what it says is unproved, and what would act waits for a person
UPDATE voiceagent.calls SET assistant_version = 2 WHERE tenant_id = :tenant AND call_id = pg_temp.call_of('2004');
SELECT pg_temp.answer('2004', '{"summary": "They asked what it is about.", "interest": "high", "appointment": {"booked": true, "date": "2026-11-23", "time": "15:00"}}');
SELECT * FROM pg_temp.ends WHERE number = '2004';
SELECT name, value, origin, label, counts FROM voiceagent.call_fields WHERE tenant_id = :tenant AND call_id = pg_temp.call_of('2004') ORDER BY 1;
SELECT c.structured_data, c.uncertain, w.what, (SELECT count(*) FROM voiceagent.appointments a WHERE a.tenant_id = c.tenant_id AND a.call_id = c.call_id) AS appointments
FROM voiceagent.calls c JOIN voiceagent.waiting w USING (tenant_id, call_id) WHERE c.tenant_id = :tenant AND c.call_id = pg_temp.call_of('2004');
SELECT * FROM voiceagent_private.check_tenant();

-- What could not be asked, or used, is asked for once more by hand; what a model has told, or is being asked, is not.
CREATE FUNCTION pg_temp.by_model(VARIADIC calls bigint[]) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RETURN voiceagent.analyse_by_model(calls);
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ' ' || SQLERRM;
END
$$;
SELECT pg_temp.by_model(VARIADIC ARRAY(SELECT call_id FROM voiceagent.calls WHERE tenant_id = :tenant)) AS queued;
SELECT right(c.phone, 4) AS number FROM voiceagent_private.analysis_queue q JOIN voiceagent.calls c USING (tenant_id, call_id) WHERE q.tenant_id = :tenant;
SELECT pg_temp.by_model(pg_temp.call_of('2002')) AS "waits already", pg_temp.by_model(pg_temp.call_of('2003')) AS "analysed", pg_temp.by_model(-1) AS "no call", pg_temp.by_model(VARIADIC NULL) AS "none",
	pg_temp.by_model(VARIADIC ARRAY(SELECT generate_series(1, 1001))) AS "too many";
SELECT isfinite(voiceagent_private.analyse_calls(20)) AS looks_again FROM voiceagent_private.set_tenant(0);
SELECT pg_temp.answer('2002', '{"summary": "They told their name.", "name": "Mary Smith"}') FROM voiceagent_private.set_tenant(:tenant);
SELECT * FROM pg_temp.ends WHERE number = '2002';
SELECT pg_temp.by_model(pg_temp.call_of('2002')) AS again;

-- An account that rests: its calls wait for it, and neither fail one after the other nor keep other tenants' from being asked about.
CREATE FUNCTION pg_temp.step(max integer DEFAULT 20) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_again timestamptz := voiceagent_private.analyse_calls(step.max);
	v_was bigint := voiceagent_private.set_tenant(current_setting('r66.tenant')::bigint);
BEGIN
	RETURN (SELECT format('%s wait, %s asked, ', (SELECT count(*) FROM voiceagent_private.analysis_queue WHERE tenant_id = voiceagent.current_tenant()), count(*))
		FROM voiceagent.model_requests m WHERE m.tenant_id = voiceagent.current_tenant() AND m.purpose = 'analysis' AND m.status = 'queued')
		|| CASE WHEN v_again = 'infinity' THEN 'done' WHEN v_again < voiceagent.clock() + interval '500 milliseconds' THEN 'at once' ELSE 'later' END;
END
$$;
SELECT set_config('r66.tenant', :'tenant', true) = '' AS unset;
SELECT pg_temp.answer('2005', NULL, 'failed', 'gave_up', 'it was slow');
SELECT voiceagent.create_model_account('compatible', 'Own', '', 'm-1', 'https://models.example.com/v1') AS account \gset
DELETE FROM voiceagent_private.model_request_queue WHERE tenant_id = :tenant;
DELETE FROM voiceagent.model_requests WHERE tenant_id = :tenant;
UPDATE voiceagent.model_accounts SET opened_at = voiceagent.clock(), resumes_at = voiceagent.clock() + interval '10 minutes', trouble = 'no money' WHERE tenant_id = :tenant;
INSERT INTO voiceagent_private.analysis_queue (tenant_id, call_id, queued_at) SELECT :tenant, pg_temp.call_of(n), voiceagent.clock() - interval '2 hours' FROM unnest(ARRAY['2002', '2003', '2005']) n;
SELECT pg_temp.step();
SELECT pg_temp.begin_calls('r66 other', ARRAY['2011'], '{"model_analysis": "lacking"}') AS other \gset
SELECT pg_temp.dial();
SELECT pg_temp.take(pg_temp.told('2011', 'Do you have a minute?', 'What is it about?', 'About your roof.', 'Hm. Okay then. Bye.'));
SELECT voiceagent_private.apply_inbox(100);
SELECT pg_temp.step();
SELECT count(*) AS asked FROM voiceagent.model_requests WHERE tenant_id = :other;
SELECT pg_temp.step();
-- what waits shows, to staff and to the tenant
SELECT component, state, queue_depth FROM voiceagent.status() WHERE component = 'calls to be analysed';
SELECT left(p, 49) AS problem FROM jsonb_array_elements_text(voiceagent.health() -> 'problems') p WHERE p LIKE 'calls wait%';
SELECT metric, value >= 3 AS counts FROM voiceagent_private.metric_samples() WHERE metric = 'analyses_waiting';
-- then one call at a time probes the account; when it is well, some are asked about ahead, and no more than may wait
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS set;
UPDATE voiceagent.model_accounts SET resumes_at = voiceagent.clock() WHERE tenant_id = :tenant;
SELECT pg_temp.step();
SELECT pg_temp.step();
UPDATE voiceagent.model_accounts SET opened_at = NULL, resumes_at = NULL, trouble = NULL WHERE tenant_id = :tenant;
SELECT voiceagent.set_setting('model_requests_waiting', '4') IS NOT NULL AS set FROM voiceagent_private.set_tenant(0);
SELECT pg_temp.step();
SELECT pg_temp.step();

-- A job that fails shows, to staff alone: at once in status(), in health() when it fails again and again.
SELECT voiceagent_private.set_tenant(0) IS NOT NULL AS set;
SELECT voiceagent_private.register_job('r66_nothing', 1);
SELECT voiceagent_private.job_failed('r66_nothing', 'P0001 it cannot be');
CREATE VIEW pg_temp.troubles AS SELECT 'status' AS shown, concat_ws(': ', component, regexp_replace(state, '[0-9]+:.*', '...'), last_error) AS trouble FROM voiceagent.status() WHERE component = 'job r66_nothing'
	UNION ALL SELECT 'health', regexp_replace(p, '[0-9:]{8} UTC', '...') FROM jsonb_array_elements_text(voiceagent.health() -> 'problems') p WHERE p LIKE 'job r66%' OR p LIKE '% said in them%'
	UNION ALL SELECT 'metrics', (value > 0)::text FROM voiceagent_private.metric_samples() WHERE metric = 'jobs_failing';
SELECT * FROM pg_temp.troubles;
SELECT voiceagent_private.job_failed('r66_nothing', 'P0001 it cannot be') FROM generate_series(1, 3);
SELECT * FROM pg_temp.troubles WHERE shown = 'health';

-- A call whose words cannot be read ends without them, but for an opt-out; its tenant is told which report to replay.
SELECT voiceagent.set_setting('inbox_tries', '1') IS NOT NULL AS set;
SELECT pg_temp.begin_calls('r66 unread', ARRAY['2021', '2022', '2023']) AS unread \gset
SELECT pg_temp.dial();
-- a time zone that the server no longer knows keeps no word from being read
UPDATE voiceagent.attempts SET timezones = '{Mars/Olympus}' WHERE tenant_id = :unread AND call_id = pg_temp.call_of('2023');
SELECT pg_temp.take(pg_temp.told('2023', 'Do you have a minute?', 'Not now, please call me back tomorrow at 3 pm.', 'I will call you then.', 'Thank you.'));
SELECT voiceagent_private.apply_inbox(100);
SELECT c.outcome, r.words_outcome, r.named_time, r.outcome_quote FROM voiceagent.calls c JOIN voiceagent.call_readings r USING (tenant_id, call_id) WHERE c.tenant_id = :unread AND c.phone LIKE '%2023';
SELECT reason FROM voiceagent.webhook_failures WHERE tenant_id = :unread;
SELECT pg_get_functiondef('voiceagent_private.read_conversation'::regproc) AS read_conversation \gset
CREATE OR REPLACE FUNCTION voiceagent_private.read_conversation(turns jsonb, analysis jsonb, language text, fields jsonb, reference timestamp DEFAULT NULL, OUT reading jsonb, OUT data jsonb)
	LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN IF turns IS NOT NULL THEN RAISE EXCEPTION 'it cannot be'; END IF; data := analysis; END $$;
SELECT pg_temp.take(pg_temp.told('2021', 'May I ask your name?', 'My name is Mary Smith.', 'Mary Smith, thank you. Goodbye.', 'Bye.'),
	pg_temp.told('2022', 'Do you have a minute?', 'Take me off your list and never call me again.'));
SELECT voiceagent_private.apply_inbox(100);
SELECT right(phone, 4) AS number, outcome, structured_data FROM voiceagent.calls WHERE tenant_id = :unread AND phone NOT LIKE '%2023' ORDER BY 1;
CREATE ROLE regress_r66;
SELECT voiceagent.map_role('regress_r66', :unread);
SET ROLE regress_r66;
SELECT regexp_replace(p, 'webhook [0-9]+', 'webhook N') AS problem FROM jsonb_array_elements_text(voiceagent.health() -> 'problems') p WHERE p ~ 'said in them|job';
RESET ROLE;
:read_conversation ;
UPDATE voiceagent.calls SET ended_at = voiceagent.clock() WHERE tenant_id = :unread;
SELECT count(voiceagent.replay_webhook(webhook_id)) AS replayed FROM voiceagent.webhook_failures WHERE tenant_id = :unread;
SELECT voiceagent_private.apply_inbox(100);
SELECT count(*) AS read FROM voiceagent.call_readings WHERE tenant_id = :unread;
SELECT right(c.phone, 4) AS number, f.name, f.value FROM voiceagent.call_fields f JOIN voiceagent.calls c USING (tenant_id, call_id) WHERE f.tenant_id = :unread AND c.phone NOT LIKE '%2023' ORDER BY 1, 2;
SET ROLE regress_r66;
SELECT p FROM jsonb_array_elements_text(voiceagent.health() -> 'problems') p WHERE p ~ 'said in them';
RESET ROLE;
ROLLBACK;
