-- What is known of a call's recording, from the dial to the carrier's answer.
\set VERBOSITY terse
SET client_min_messages = warning;
\set ECHO none
\i lib/inbox_setup.inc
CREATE FUNCTION pg_temp.recordings(ask boolean DEFAULT false) RETURNS TABLE (number text, state text, url text, stereo_url text, provider_request boolean, note text) LANGUAGE sql AS $$
	SELECT right(c.phone, 4), r.state, r.url, r.stereo_url, r.provider_request_id IS NOT NULL, r.note
	FROM voiceagent.calls c CROSS JOIN LATERAL voiceagent.call_recording(c.call_id, ask) r WHERE c.tenant_id = voiceagent.current_tenant() ORDER BY 1
$$;
CREATE FUNCTION pg_temp.try(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE statement;
	RETURN 'done';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ' ' || SQLERRM;
END
$$;
\set ECHO all
BEGIN;
SELECT pg_temp.begin_calls('Recorded', ARRAY['2001', '2002', '2003', '2004']) > 0 AS ready;
SELECT pg_temp.dial();
UPDATE voiceagent.attempts SET recorded = call_id <> pg_temp.call_of('2004') WHERE tenant_id = voiceagent.current_tenant();
SELECT * FROM pg_temp.recordings();
-- one is told of with the report, one was talked to without, one was not answered, one was not to be recorded
SELECT pg_temp.take(pg_temp.webhook('2001', 'report', 'customer-ended-call', 60),
	convert_to((convert_from(pg_temp.webhook('2002', 'report', 'customer-ended-call', 60), 'UTF8')::jsonb #- '{message,artifact}')::text, 'UTF8'),
	pg_temp.webhook('2003', 'report', 'customer-did-not-answer'),
	convert_to((convert_from(pg_temp.webhook('2004', 'report', 'customer-ended-call', 60), 'UTF8')::jsonb #- '{message,artifact}')::text, 'UTF8')),
	voiceagent_private.apply_inbox(10);
SELECT * FROM pg_temp.recordings();
-- the carrier is asked, once at a time
UPDATE voiceagent.provider_accounts SET provider = 'twilio' WHERE tenant_id = voiceagent.current_tenant();
SELECT state, note, provider_request_id = (voiceagent.call_recording(pg_temp.call_of('2002'), true)).provider_request_id AS the_same FROM voiceagent.call_recording(pg_temp.call_of('2002'), true);
SELECT kind, state, count(*) FROM voiceagent.provider_requests WHERE tenant_id = voiceagent.current_tenant() GROUP BY 1, 2;
SAVEPOINT asked;
SELECT voiceagent_private.end_provider_request(provider_request_id, 'failed', NULL, 'the carrier knows no recording of it') FROM voiceagent.provider_requests WHERE tenant_id = voiceagent.current_tenant();
SELECT * FROM pg_temp.recordings() WHERE number = '2002';
-- asked again: what it says last counts
SELECT state FROM voiceagent.call_recording(pg_temp.call_of('2002'), true);
SELECT voiceagent_private.end_provider_request(provider_request_id, 'done', '{"recording_url": "https://carrier.example/second.mp3"}', NULL) FROM voiceagent.provider_requests WHERE tenant_id = voiceagent.current_tenant() AND state = 'queued';
SELECT * FROM pg_temp.recordings() WHERE number = '2002';
-- a recording with a channel for each side, and no other; a tenant that may change nothing reads, and does not ask
UPDATE voiceagent.calls SET stereo_recording_url = 'https://carrier.example/stereo.mp3' WHERE call_id = pg_temp.call_of('2004');
SELECT * FROM pg_temp.recordings() WHERE number = '2004';
CREATE ROLE regress_recording LOGIN;
SELECT voiceagent.map_role('regress_recording', voiceagent.current_tenant()), voiceagent.set_tenant_active(voiceagent.current_tenant(), false);
SELECT pg_temp.call_of('2001') AS told \gset
SET LOCAL SESSION AUTHORIZATION regress_recording;
SELECT state FROM voiceagent.call_recording(:told);
SELECT state FROM voiceagent.call_recording(:told, true);
ROLLBACK TO asked;
SELECT voiceagent_private.end_provider_request(provider_request_id, 'done', '{"recording_url": "https://carrier.example/fresh.mp3"}', NULL) FROM voiceagent.provider_requests WHERE tenant_id = voiceagent.current_tenant();
SELECT * FROM pg_temp.recordings() WHERE number = '2002';
-- a URL that the carrier gives anew goes before the old one
SELECT state, url FROM voiceagent.call_recording(pg_temp.call_of('2001'), true);
SELECT voiceagent_private.end_provider_request(provider_request_id, 'done', '{"recording_url": "https://carrier.example/anew.mp3"}', NULL) FROM voiceagent.provider_requests WHERE tenant_id = voiceagent.current_tenant() AND state = 'queued';
SELECT * FROM pg_temp.recordings() WHERE number = '2001';
-- retention forgets both
SELECT (voiceagent_private.retain_old_calls('recordings', 0, voiceagent.clock() + interval '1 day', 100)).removed > 0 AS forgotten;
SELECT * FROM pg_temp.recordings();
-- bad input: no such call, another tenant's, a call that goes on
SELECT pg_temp.try('SELECT voiceagent.call_recording(0)'), pg_temp.try('SELECT voiceagent.call_recording(NULL)');
CREATE TEMP TABLE theirs AS SELECT pg_temp.call_of('2001') AS call_id;
SELECT pg_temp.begin_calls('Others', ARRAY['2009']) > 0 AS ready;
SELECT pg_temp.dial();
SELECT pg_temp.try(format('SELECT voiceagent.call_recording(%s)', call_id)) FROM theirs;
SELECT pg_temp.try('SELECT voiceagent.call_recording(pg_temp.call_of(''2009''), true)');
SELECT pg_temp.take(pg_temp.webhook('2009', 'report', 'customer-ended-call', 60)), voiceagent_private.apply_inbox(10);
SELECT pg_temp.try('SELECT voiceagent.call_recording(pg_temp.call_of(''2009''), true)');
SELECT provider, 'fetch_recording' = ANY (capabilities) AS fetches FROM voiceagent.providers ORDER BY 1;
ROLLBACK;
