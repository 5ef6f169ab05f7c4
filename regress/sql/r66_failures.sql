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
INSERT INTO voiceagent.assistant_versions SELECT (jsonb_populate_record(v, '{"version": 2, "language": "it-IT"}')).* FROM voiceagent.assistant_versions v WHERE tenant_id = :tenant AND version = 1;
SELECT pg_temp.take(pg_temp.told('2001', 'Buongiorno, ha un minuto?', 'Di che si tratta?'),
	pg_temp.told('2002', 'May I ask your name?', 'My name is Mary Smith.', 'Mary Smith, thank you. Goodbye.', 'Bye.'),
	pg_temp.told('2003', 'May I ask your name?', 'My name is Jane Miller.', 'Jane Miller, thank you. Goodbye.', 'Bye.'),
	pg_temp.told('2004', 'Do you have a minute?', 'What is it about?', 'About your roof.', 'Hm. Okay then. Bye.'),
	pg_temp.told('2005', 'Do you have a minute?', 'What is it about?', 'About your roof.', 'Hm. Okay then. Bye.'));
SELECT voiceagent_private.apply_inbox(100);
SELECT isfinite(voiceagent_private.analyse_calls(20)) AS looks_again;
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS set;
-- it is not asked about, costs nothing, and says why
SELECT pg_temp.requested('2001') AS request;
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
-- a language that is no longer read when the answer comes
UPDATE voiceagent.calls SET assistant_version = 2 WHERE tenant_id = :tenant AND call_id = pg_temp.call_of('2004');
SELECT pg_temp.answer('2004', '{"summary": "They asked what it is about.", "interest": "high"}');
SELECT * FROM pg_temp.ends WHERE number = '2004';
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK;
