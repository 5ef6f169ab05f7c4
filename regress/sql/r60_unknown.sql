-- Words of whom nobody knows are kept and shown, and are evidence of nothing; long and disordered transcripts lose no turn.
\set SHOW_CONTEXT never
\set ECHO none
\i lib/inbox_setup.inc
CREATE FUNCTION pg_temp.with_messages(number text, messages jsonb) RETURNS bytea LANGUAGE sql AS $$
	SELECT convert_to((jsonb_set(convert_from(pg_temp.webhook(with_messages.number, 'report', 'customer-ended-call', 60, NULL), 'UTF8')::jsonb, '{message,artifact,messages}', messages)
		#- '{message,analysis}' #- '{message,artifact,transcript}')::text, 'UTF8')
$$;
\set ECHO all
BEGIN;
SELECT pg_temp.begin_calls('r60 unknown', ARRAY['2001', '2002', '2003', '2004', '2005']) AS tenant \gset
SELECT pg_temp.dial();
SELECT pg_temp.take(pg_temp.with_messages('2001', '[{"role": "bot", "message": "May I tell you about our offer?"}, {"message": "Take me off your list and never call me again."}, {"role": "alien", "message": "Monday at nine works."},
		{"role": "user", "message": "That sounds very interesting, tell me more."}, {"role": 5, "message": "Hm."}]'),
	pg_temp.with_messages('2002', '[{"message": "Hello"}, {"message": "Take me off your list and never call me again."}]'),
	pg_temp.with_messages('2003', (SELECT jsonb_agg(jsonb_build_object('role', CASE n % 3 WHEN 0 THEN 'bot' WHEN 1 THEN 'user' END, 'message', 'word ' || n, 'secondsFromStart', 10000 - n)) FROM generate_series(1, 10000) n)));
SELECT voiceagent_private.apply_inbox(100);
SELECT turn, speaker, text FROM voiceagent.call_turns WHERE tenant_id = :tenant AND call_id = pg_temp.call_of('2001') ORDER BY 1;
SELECT right(c.phone, 4) AS number, c.outcome, c.structured_data, (SELECT count(*) FROM voiceagent.call_turns t WHERE t.tenant_id = :tenant AND t.call_id = c.call_id) AS turns,
	(SELECT r.ai_insights -> 'unknown_speakers' FROM voiceagent.call_readings r WHERE r.tenant_id = :tenant AND r.call_id = c.call_id) AS unknown
FROM voiceagent.calls c WHERE c.tenant_id = :tenant AND c.outcome IS NOT NULL ORDER BY 1;
-- (the third says nothing that means anything, 10,000 times, and may be in doubt)
SELECT count(*) AS listed FROM voiceagent.do_not_call_list WHERE tenant_id = :tenant AND phone NOT LIKE '%2003';
-- a bot says so itself; a turn without a speaker is refused by name, and nothing of it is kept
SELECT voiceagent.report_call(pg_temp.call_of('2004'), turns => '[{"speaker": "assistant", "text": "Hello"}, {"speaker": "unknown", "text": "Never call me again."}]');
SELECT turn, speaker FROM voiceagent.call_turns WHERE tenant_id = :tenant AND call_id = pg_temp.call_of('2004') ORDER BY 1;
SELECT voiceagent.report_call(pg_temp.call_of('2005'), turns => '[{"speaker": "assistant", "text": "Hello"}, {"text": "Hi"}]');
ROLLBACK;
