-- What was asked of a model about a call, and what it answered, goes with the call's words, and with the call; also what still waits.
\set SHOW_CONTEXT never
\set ON_ERROR_STOP off
\set ECHO none
\i lib/inbox_setup.inc
CREATE FUNCTION pg_temp.told(number text, VARIADIC lines text[]) RETURNS bytea LANGUAGE sql AS $$
	SELECT convert_to(jsonb_set(convert_from(pg_temp.webhook(number, 'report', 'customer-ended-call', 60, NULL), 'UTF8')::jsonb #- '{message,analysis,summary}', '{message,artifact,messages}',
		(SELECT jsonb_agg(jsonb_build_object('role', CASE n % 2 WHEN 1 THEN 'bot' ELSE 'user' END, 'message', line, 'secondsFromStart', 2 * n) ORDER BY n)
		FROM unnest(lines) WITH ORDINALITY AS l(line, n)))::text, 'UTF8')
$$;
CREATE FUNCTION pg_temp.request_of(number text) RETURNS bigint LANGUAGE sql AS $$
	SELECT m.model_request_id FROM voiceagent.model_requests m WHERE m.tenant_id = voiceagent.current_tenant() AND m.purpose = 'analysis' AND m.object_id = pg_temp.call_of(number)
$$;
CREATE FUNCTION pg_temp.waiting() RETURNS TABLE (number text, request text, queued boolean, run boolean, unasked boolean) LANGUAGE sql AS $$
	SELECT right(c.phone, 4), m.status || CASE WHEN m.request ? 'erased' THEN ', empty' ELSE '' END, q.model_request_id IS NOT NULL,
		EXISTS (SELECT FROM voiceagent.call_analyses a WHERE a.tenant_id = c.tenant_id AND a.call_id = c.call_id),
		EXISTS (SELECT FROM voiceagent_private.analysis_queue a WHERE a.tenant_id = c.tenant_id AND a.call_id = c.call_id)
	FROM voiceagent.calls c LEFT JOIN voiceagent.model_requests m ON m.tenant_id = c.tenant_id AND m.object_id = c.call_id AND m.purpose = 'analysis'
	LEFT JOIN voiceagent_private.model_request_queue q ON q.tenant_id = m.tenant_id AND q.model_request_id = m.model_request_id
	WHERE c.tenant_id = voiceagent.current_tenant() ORDER BY 1
$$;
\set ECHO all
BEGIN;
SELECT pg_temp.begin_calls('r66 kept', ARRAY['2001', '2002', '2003', '2004', '2005'], '{"model_analysis": "lacking"}') AS tenant \gset
SELECT pg_temp.dial();
SELECT pg_temp.take(VARIADIC ARRAY(SELECT pg_temp.told('200' || n, 'Do you have a minute?', 'What is it about?', 'About your roof.', 'Hm. Okay then. Bye.') FROM generate_series(1, 5) n));
SELECT voiceagent_private.apply_inbox(100);
-- of the five one has been answered, one waits, one is on its way, one is not asked about yet, and one stays
SELECT voiceagent_private.ask_analysis(pg_temp.call_of('200' || n)) FROM generate_series(1, 5) n WHERE n <> 4;
SELECT voiceagent_private.end_model_request(pg_temp.request_of('2001'), 'failed', 'gave_up', 'no answer');
UPDATE voiceagent_private.model_request_queue SET claimed = true WHERE tenant_id = :tenant AND model_request_id = pg_temp.request_of('2003');
UPDATE voiceagent.model_requests SET status = 'sending' WHERE tenant_id = :tenant AND model_request_id = pg_temp.request_of('2003');
DELETE FROM voiceagent_private.analysis_queue WHERE tenant_id = :tenant AND call_id <> pg_temp.call_of('2004');
SELECT voiceagent.analyse_again(ARRAY(SELECT call_id FROM voiceagent.calls WHERE tenant_id = :tenant)) > 0 AS run;
SELECT * FROM pg_temp.waiting();
SAVEPOINT asked;
-- the words are no longer kept; an answer that comes then is paid for and forgotten
SELECT voiceagent_private.retain_transcripts(ARRAY(SELECT pg_temp.call_of('200' || n) FROM generate_series(1, 4) n));
SELECT * FROM pg_temp.waiting();
SELECT voiceagent_private.record_model_answer(pg_temp.request_of('2003'), 'answered', NULL, 0, true, 10, 0, 10, '{"summary": "A roof."}', '{"summary": "A roof."}', NULL, NULL, NULL);
SELECT status, reason, output_text, request FROM voiceagent.model_requests WHERE tenant_id = :tenant AND model_request_id = pg_temp.request_of('2003');
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK TO asked;
-- nor the calls
SELECT pg_temp.request_of('2003') AS going \gset
SELECT voiceagent_private.remove_calls(ARRAY(SELECT pg_temp.call_of('200' || n) FROM generate_series(1, 4) n)) AS removed;
SELECT * FROM pg_temp.waiting();
SELECT model_request_id = :going AS going, call_id, lead_id, status, request FROM voiceagent.model_requests WHERE tenant_id = :tenant AND object_id <> pg_temp.call_of('2005');
SELECT voiceagent_private.record_model_answer(:going, 'answered', NULL, 0, true, 10, 0, 10, '{"summary": "A roof."}', '{"summary": "A roof."}', NULL, NULL, NULL);
SELECT status, reason, output_text FROM voiceagent.model_requests WHERE tenant_id = :tenant AND model_request_id = :going;
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK TO asked;
-- nor the person
SELECT voiceagent.erase_lead(lead_id) -> 'erased' ->> 'model_requests' AS erased FROM voiceagent.leads WHERE tenant_id = :tenant AND phone LIKE '%2002';
SELECT * FROM pg_temp.waiting();
ROLLBACK;
