-- A machine's verdict that arrives after the end of a call corrects its outcome, charge and lead, while the words allow it. A telephone
-- that rang until its time was up was not canceled.
\set ECHO none
\i lib/inbox_setup.inc
CREATE FUNCTION pg_temp.tell(number text, said jsonb) RETURNS void LANGUAGE sql AS $$
	SELECT voiceagent_private.apply_events(ARRAY[ROW(0, pg_temp.call_of(number), jsonb_populate_record(NULL::voiceagent.call_event, said),
		(SELECT min(endpoint_id) FROM voiceagent.webhook_endpoints WHERE tenant_id = voiceagent.current_tenant()))::voiceagent_private.matched_event])
$$;
CREATE FUNCTION pg_temp.ends(number text, said jsonb DEFAULT '{}') RETURNS void LANGUAGE sql AS $$
	SELECT pg_temp.tell(number, jsonb_build_object('kind', 'status', 'status', 'in_progress', 'answered_at', voiceagent.clock()));
	SELECT pg_temp.tell(number, jsonb_build_object('kind', 'report', 'status', 'completed', 'cause', 'normal_clearing', 'cause_class', 'ok',
		'duration_seconds', 60, 'ended_at', voiceagent.clock() + interval '1 minute') || said)
$$;
CREATE FUNCTION pg_temp.now_is() RETURNS TABLE (number text, outcome text, machine text, evaluation text, credits numeric, lead_status text, queued text) LANGUAGE sql AS $$
	SELECT s.number, s.outcome, c.machine, c.evaluation, s.credits, s.lead_status, s.queued
	FROM pg_temp.seen() s JOIN voiceagent.calls c ON c.tenant_id = voiceagent.current_tenant() AND c.call_id = pg_temp.call_of(s.number) ORDER BY 1
$$;
\set beep '{"kind": "machine", "machine": "voicemail", "machine_raw": "machine_end_beep"}'
\set ECHO all
BEGIN;
INSERT INTO voiceagent_private.platform_settings (key, value) VALUES ('charge_machines', 'off');
SELECT pg_temp.begin_calls('Late machine', ARRAY['2001', '2002', '2003', '2004', '2005', '2006'], '{"machine_detection": "detect"}') > 0 AS ready;
SELECT pg_temp.dial();
UPDATE voiceagent.provider_accounts SET provider = 'twilio' WHERE tenant_id = voiceagent.current_tenant();
UPDATE voiceagent_private.live_calls SET provider = 'twilio' WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.ends('2001');
SELECT pg_temp.ends('2002', '{"structured_data": {"wrong_number": true}}');
SELECT pg_temp.ends('2003', '{"turns": [{"speaker": "assistant", "text": "May I tell you about our offer?"}, {"speaker": "customer", "text": "No, I am not interested."}]}');
SELECT pg_temp.ends('2004');
SELECT voiceagent.correct_call(pg_temp.call_of('2004'), 'heard it', 'interested');
SELECT pg_temp.ends('2005');
SELECT pg_temp.ends('2006');
SELECT * FROM pg_temp.now_is();
-- a machine counts where the words do not speak against it and no person has judged; a person, or who is not sure, changes nothing
SELECT pg_temp.tell(n, :'beep') FROM unnest(ARRAY['2001', '2002', '2003', '2004']) n;
SELECT pg_temp.tell('2005', '{"kind": "machine", "machine": "human", "machine_raw": "human"}'), pg_temp.tell('2006', '{"kind": "machine", "machine": "uncertain", "machine_raw": "unknown"}');
SELECT * FROM pg_temp.now_is();
-- once, however often it is told
SELECT pg_temp.tell('2001', :'beep');
SELECT right(c.phone, 4) AS number, e.event_data FROM voiceagent.events e JOIN voiceagent.calls c USING (tenant_id, call_id)
WHERE e.tenant_id = voiceagent.current_tenant() AND e.event_type = 'call_corrected' ORDER BY e.event_id;
SELECT operation, from_account, to_account, amount FROM voiceagent.credit_transfers WHERE tenant_id = voiceagent.current_tenant() AND operation = 'call_corrected';
SELECT machine_answers, human_answers, unclear_answers FROM voiceagent.campaign_progress WHERE tenant_id = voiceagent.current_tenant();
SELECT * FROM voiceagent_private.check_tenant() WHERE invariant NOT LIKE 'a real carrier%';
ROLLBACK;
-- a short call waits to be dialled again anyway: only later; where the lead was called since, or machines are charged, the outcome alone follows
BEGIN;
SELECT pg_temp.begin_calls('Later machine', ARRAY['2001', '2002'], '{"machine_detection": "detect", "uncertain_outcome": "retry", "retry_delay_unfinished": "5 minutes"}') > 0 AS ready;
SELECT pg_temp.dial();
UPDATE voiceagent.provider_accounts SET provider = 'twilio' WHERE tenant_id = voiceagent.current_tenant();
UPDATE voiceagent_private.live_calls SET provider = 'twilio' WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.ends('2001', '{"cause_class": "retry"}'), pg_temp.ends('2002', '{"turns": [{"speaker": "assistant", "text": "Hello?"}, {"speaker": "customer", "text": "Hello."}]}');
SELECT * FROM pg_temp.now_is();
SELECT pg_temp.tell(n, :'beep') FROM unnest(ARRAY['2001', '2002']) n;
SELECT n.*, q.not_before > voiceagent.clock() + interval '1 hour' AS in_two_hours FROM pg_temp.now_is() n
JOIN voiceagent.leads l ON l.tenant_id = voiceagent.current_tenant() AND l.phone = '+1212555' || n.number
JOIN voiceagent_private.call_queue q ON q.tenant_id = l.tenant_id AND q.lead_id = l.lead_id ORDER BY 1;
SELECT * FROM voiceagent_private.check_tenant() WHERE invariant NOT LIKE 'a real carrier%';
ROLLBACK;
-- It rang for its whole time and nobody was told to end it: no answer. What we ended, or rang for less, was canceled.
BEGIN;
SELECT pg_temp.begin_calls('Rings', ARRAY['2001', '2002', '2003'], '{"ring_timeout": "20 seconds"}') > 0 AS ready;
SELECT pg_temp.dial();
UPDATE voiceagent.provider_accounts SET provider = 'asterisk', settings = '{"media": "sound:offer"}' WHERE tenant_id = voiceagent.current_tenant();
UPDATE voiceagent_private.live_calls SET provider = 'asterisk' WHERE tenant_id = voiceagent.current_tenant();
SELECT e.status, e.cause_class, e.details -> 'rang' AS rang FROM voiceagent_private.read_provider_webhook('asterisk', '{}', convert_to('{"type": "ChannelDestroyed",
	"timestamp": "2026-11-26T08:00:20.400+0000", "cause": 16, "channel": {"id": "va-1-1-aaaaaaaa", "state": "Ringing", "creationtime": "2026-11-26T08:00:00.000+0000"}}', 'UTF8')) e;
SELECT voiceagent_private.enqueue_provider_request(min(a.provider_account_id), 'hangup', '{}', pg_temp.call_of('2002')) > 0 AS we_hang_up
FROM voiceagent.provider_accounts a WHERE a.tenant_id = voiceagent.current_tenant();
SELECT pg_temp.tell(n, jsonb_build_object('kind', 'report', 'status', 'failed', 'cause', 'q850-16', 'cause_class', 'canceled', 'duration_seconds', 0,
	'ended_at', voiceagent.clock(), 'details', jsonb_build_object('rang', s))) FROM (VALUES ('2001', 20.4), ('2002', 20.4), ('2003', 12)) AS c(n, s);
SELECT number, status, outcome, cause, lead_status, queued FROM pg_temp.seen();
ROLLBACK;
