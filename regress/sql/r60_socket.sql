-- A socket that talks, at a carrier that is told by requests: what the law wants said is said before it, alone and once; a machine gets its
-- message and no socket.
\set ECHO none
\i lib/inbox_setup.inc
CREATE FUNCTION pg_temp.hear(number text, event jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT voiceagent_private.apply_events(ARRAY[ROW(NULL, a.call_id, jsonb_populate_record(NULL::voiceagent.call_event, event || jsonb_build_object(
		'provider_call_id', a.provider_call_id, 'attempt_ref', a.reference, 'occurred_at', voiceagent.clock())),
		(SELECT min(e.endpoint_id) FROM voiceagent.webhook_endpoints e WHERE e.tenant_id = a.tenant_id))::voiceagent_private.matched_event])
	FROM voiceagent.attempts a WHERE a.tenant_id = voiceagent.current_tenant() AND a.call_id = pg_temp.call_of(number);
	SELECT string_agg(concat_ws(' ', e.kind, CASE e.kind WHEN 'say' THEN e.request_data #>> '{answer,text}' WHEN 'stream' THEN e.request_data #>> '{answer,stream_url}' END,
		CASE WHEN e.kind = 'stream' AND e.request_data -> 'answer' ? 'text' THEN 'and again' END), ', ' ORDER BY e.provider_request_id)
	FROM voiceagent.provider_requests e WHERE e.tenant_id = voiceagent.current_tenant() AND e.call_id = pg_temp.call_of(number)
$$;
\set answered '{"kind": "status", "status": "in_progress", "wants_answer": true}'
\set spoken '{"kind": "spoken"}'
\set silent '{"kind": "silent"}'
\set untaken '{"kind": "untaken"}'
\set ECHO all
BEGIN;
SELECT pg_temp.begin_calls('Sockets', ARRAY['2001', '2002', '2003', '2004', '2005'], '{"machine_detection": "message", "voicemail_message": "Call us back."}') > 0 AS ready;
SELECT pg_temp.dial();
UPDATE voiceagent.provider_accounts SET provider = 'telnyx', settings = '{"stream_url": "wss://bot.example/s"}' WHERE tenant_id = voiceagent.current_tenant();
UPDATE voiceagent_private.live_calls SET provider = 'telnyx' WHERE tenant_id = voiceagent.current_tenant();
UPDATE voiceagent.attempts SET disclosure = 'This is a machine.' WHERE tenant_id = voiceagent.current_tenant() AND call_id <> pg_temp.call_of('2002');
-- said, then connected; what else is said in its talk ends nothing, a socket that failed does
SELECT pg_temp.hear('2001', :'answered');
SELECT pg_temp.hear('2001', :'answered');
SELECT pg_temp.hear('2001', :'spoken');
SELECT voiceagent.say_in_call(pg_temp.call_of('2001'), 'A colleague listens in.') > 0 AS ordered;
SELECT pg_temp.hear('2001', :'spoken');
SELECT pg_temp.hear('2001', :'silent');
-- nothing to say: the dial has connected it, and it talks
SELECT pg_temp.hear('2002', :'answered'::jsonb || '{"wants_answer": false}');
SELECT pg_temp.hear('2002', :'spoken');
-- somebody else takes it while the law's words are said, and has it whatever becomes of the socket
SELECT pg_temp.hear('2004', :'answered');
SELECT voiceagent.transfer_call(pg_temp.call_of('2004'), '+12125550188') > 0 AS ordered;
SELECT pg_temp.hear('2004', :'spoken');
SELECT pg_temp.hear('2004', :'silent');
-- unless nobody takes it there, or the carrier would not
SAVEPOINT taken;
UPDATE voiceagent.provider_requests SET state = 'done', done_at = voiceagent.clock() WHERE tenant_id = voiceagent.current_tenant() AND call_id = pg_temp.call_of('2004') AND kind = 'transfer';
SELECT pg_temp.hear('2004', :'untaken');
SELECT pg_temp.hear('2004', :'untaken');
SELECT state, error FROM voiceagent.provider_requests WHERE tenant_id = voiceagent.current_tenant() AND call_id = pg_temp.call_of('2004') AND kind = 'transfer';
-- from then on it is put through to nobody: a socket that fails ends it, and so does a late verdict
SAVEPOINT talks;
SELECT pg_temp.hear('2004', :'silent');
ROLLBACK TO talks;
SELECT pg_temp.hear('2004', '{"kind": "machine", "machine": "ivr", "wants_answer": false}');
ROLLBACK TO taken;
-- and another, ordered meanwhile, has it, though the answer to the first was lost
UPDATE voiceagent.provider_requests SET state = 'sending' WHERE tenant_id = voiceagent.current_tenant() AND call_id = pg_temp.call_of('2004') AND kind = 'transfer';
SELECT voiceagent.transfer_call(pg_temp.call_of('2004'), '+12125550189') > 0 AS ordered;
SELECT pg_temp.hear('2004', :'untaken');
SELECT e.request_data #>> '{answer,forward_to}' AS forward_to, e.state, q.provider_request_id IS NOT NULL AS waits FROM voiceagent.provider_requests e LEFT JOIN voiceagent_private.provider_request_queue q USING (tenant_id, provider_request_id)
WHERE e.tenant_id = voiceagent.current_tenant() AND e.call_id = pg_temp.call_of('2004') AND e.kind = 'transfer' ORDER BY e.provider_request_id;
ROLLBACK TO taken;
UPDATE voiceagent.provider_requests SET state = 'failed', done_at = voiceagent.clock() WHERE tenant_id = voiceagent.current_tenant() AND call_id = pg_temp.call_of('2004') AND kind = 'transfer';
SELECT pg_temp.hear('2004', :'spoken');
-- where no socket talks, what was said was all
UPDATE voiceagent.provider_accounts SET settings = '{}' WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.hear('2005', :'answered');
SELECT pg_temp.hear('2005', :'spoken');
UPDATE voiceagent.provider_accounts SET settings = '{"stream_url": "wss://bot.example/s"}' WHERE tenant_id = voiceagent.current_tenant();
-- a machine
SELECT pg_temp.hear('2003', '{"kind": "machine", "machine": "voicemail", "wants_answer": true}');
SELECT pg_temp.hear('2003', :'spoken');
ROLLBACK;
-- A socket that refuses is a fault of the campaign: its next call would be one of silence, too. The lead is called again, for no credits.
BEGIN;
SELECT pg_temp.begin_calls('Refusals', ARRAY['2011', '2012', '2013', '2014', '2015', '2016'], '{"machine_detection": "detect"}') > 0 AS ready;
SELECT pg_temp.dial();
UPDATE voiceagent.provider_accounts SET provider = 'twilio', settings = '{"stream_url": "wss://bot.example/s", "from_number": "+12125550100"}' WHERE tenant_id = voiceagent.current_tenant();
UPDATE voiceagent_private.live_calls SET provider = 'twilio' WHERE tenant_id = voiceagent.current_tenant();
\set refused '{"kind": "silent", "cause": "stream_url: stream-error, refused"}'
\set completed '{"kind": "report", "status": "completed", "cause": "completed", "cause_class": "ok", "duration_seconds": 7}'
SELECT pg_temp.hear(n, :'answered'::jsonb || jsonb_build_object('wants_answer', false, 'answered_at', voiceagent.clock() - CASE n WHEN '2013' THEN interval '2 minutes' ELSE '0' END))
FROM unnest(ARRAY['2011', '2012', '2013', '2014']) n;
-- one has begun, one had for long, one is put through
INSERT INTO voiceagent_private.webhook_keys (tenant_id, endpoint_id, event_key, webhook_id, received_at)
SELECT a.tenant_id, (SELECT min(e.endpoint_id) FROM voiceagent.webhook_endpoints e WHERE e.tenant_id = a.tenant_id), a.provider_call_id || ':stream:begun', 0, voiceagent.clock()
FROM voiceagent.attempts a WHERE a.tenant_id = voiceagent.current_tenant() AND a.call_id = pg_temp.call_of('2012');
SELECT voiceagent.transfer_call(pg_temp.call_of('2014'), '+12125550188') > 0 AS ordered;
SELECT n, pg_temp.hear(n, :'refused') AS told, pg_temp.hear(n, :'completed') AS then FROM unnest(ARRAY['2012', '2013', '2014']) n;
SELECT status, status_reason FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant();
-- that nobody took it there may be told when the carrier has ended the call: the transfer has failed all the same, and nothing more is told
UPDATE voiceagent.provider_requests SET state = 'done', done_at = voiceagent.clock() WHERE tenant_id = voiceagent.current_tenant() AND call_id = pg_temp.call_of('2014') AND kind = 'transfer';
SELECT pg_temp.hear('2014', :'untaken'), c.status, c.outcome FROM voiceagent.calls c WHERE c.tenant_id = voiceagent.current_tenant() AND c.call_id = pg_temp.call_of('2014');
SELECT state, error FROM voiceagent.provider_requests WHERE tenant_id = voiceagent.current_tenant() AND call_id = pg_temp.call_of('2014') AND kind = 'transfer';
SELECT pg_temp.hear('2015', :'answered'::jsonb || '{"wants_answer": false}');
SELECT voiceagent.transfer_call(pg_temp.call_of('2015'), '+12125550188') > 0 AS ordered;
SELECT request_data -> 'answer' AS answer FROM voiceagent.provider_requests WHERE tenant_id = voiceagent.current_tenant() AND call_id = pg_temp.call_of('2015') AND kind = 'transfer';
-- nor does a verdict that comes late throw out whoever took it over
SELECT pg_temp.hear('2015', '{"kind": "machine", "machine": "voicemail", "wants_answer": false}');
SELECT pg_temp.hear('2016', :'answered'::jsonb || '{"wants_answer": false}');
SELECT pg_temp.hear('2016', '{"kind": "machine", "machine": "voicemail", "wants_answer": false}');
SELECT pg_temp.hear('2011', :'refused');
SELECT pg_temp.hear('2011', :'completed');
SELECT * FROM pg_temp.seen();
SELECT status, status_reason FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant();
ROLLBACK;
-- what a dial asks for is the same, alone: without a socket the whole message
SELECT p.provider, s.way, q.found FROM unnest(ARRAY['twilio', 'vonage', 'telnyx', 'exotel']) WITH ORDINALITY AS p(provider, nth)
CROSS JOIN (VALUES ('a socket', '{"stream_url": "wss://bot.example/s"}'::jsonb), ('none', '{}')) AS s(way, settings)
CROSS JOIN LATERAL (SELECT voiceagent_private.build_call_request(p.provider, jsonb_build_object('carrier', jsonb_build_object('settings',
	'{"from_number": "+12125550100", "connection_id": "1", "account_sid": "a", "caller_id": "+12125550100", "flow_id": "926"}'::jsonb || s.settings), 'to_number', '+12125550123', 'attempt_ref', 'va-1-2',
	'disclosure', 'Law for {{first_name}}.', 'variables', '{"first_name": "Ann"}'::jsonb, 'assistant', '{"first_message": "Law for {{first_name}}. Hello."}'::jsonb)) #>> '{body}' AS body OFFSET 0) r
CROSS JOIN LATERAL (SELECT string_agg(m[1], ' ') AS found FROM regexp_matches(r.body, '(Law.{1,3}for.{1,3}Ann\.|Hello\.|bot\.example|926)', 'g') m) q
ORDER BY p.nth, s.way;
