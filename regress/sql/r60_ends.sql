-- The end of what a call is told to say, which a carrier tells over its socket alone: what was not heard is asked for, and has the same effect, once.
\set ECHO none
\i lib/inbox_setup.inc
\set answered '{"kind": "status", "status": "in_progress", "wants_answer": true}'
\set spoken '{"kind": "spoken"}'
CREATE FUNCTION pg_temp.apply(call bigint, event jsonb) RETURNS void LANGUAGE sql AS $$
	SELECT voiceagent_private.apply_events(ARRAY[ROW(NULL, call, jsonb_populate_record(NULL::voiceagent.call_event, event || jsonb_build_object(
		'occurred_at', voiceagent.clock())), min(e.endpoint_id))::voiceagent_private.matched_event])
	FROM voiceagent.webhook_endpoints e WHERE e.tenant_id = voiceagent.current_tenant()
$$;
-- What each call was told, in order: our own calls by number, incoming ones by the carrier's id. Commands that were sent are marked done.
CREATE FUNCTION pg_temp.told(call text) RETURNS text LANGUAGE sql AS $$
	UPDATE voiceagent.provider_requests SET state = 'done', done_at = voiceagent.clock() WHERE tenant_id = voiceagent.current_tenant() AND state = 'queued' AND kind <> 'check_playback';
	SELECT string_agg(e.kind, ', ' ORDER BY e.provider_request_id) FROM voiceagent.provider_requests e
	WHERE e.tenant_id = voiceagent.current_tenant() AND e.kind <> 'check_playback' AND (e.call_id = pg_temp.call_of(call) OR e.request_data ->> 'provider_call_id' = call)
$$;
CREATE FUNCTION pg_temp.hear(call text, event jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.apply(a.call_id, event || jsonb_build_object('provider_call_id', coalesce(a.provider_call_id, call), 'attempt_ref', a.reference))
	FROM (SELECT) one LEFT JOIN voiceagent.attempts a ON a.tenant_id = voiceagent.current_tenant() AND a.call_id = pg_temp.call_of(call);
	SELECT pg_temp.told(call)
$$;
-- The socket opens, and these calls are there: what is asked.
CREATE FUNCTION pg_temp.opens(VARIADIC calls text[] DEFAULT '{}') RETURNS TABLE (asked bigint, of_call text, names_its_provider_request boolean) LANGUAGE sql AS $$
	SELECT voiceagent_private.request_call_ends(min(p.provider_account_id), ARRAY(SELECT coalesce(a.provider_call_id, c) FROM unnest(calls) c
		LEFT JOIN voiceagent.attempts a ON a.tenant_id = voiceagent.current_tenant() AND a.call_id = pg_temp.call_of(c)))
	FROM voiceagent.provider_accounts p WHERE p.tenant_id = voiceagent.current_tenant();
	SELECT count(*) OVER (), coalesce(right(c.phone, 4), s.request_data ->> 'provider_call_id'), s.reference::text = q.request_data ->> 'playback_ref'
	FROM voiceagent.provider_requests q
	LEFT JOIN voiceagent.calls c ON c.tenant_id = q.tenant_id AND c.call_id = q.call_id
	LEFT JOIN voiceagent.provider_requests s ON s.tenant_id = q.tenant_id AND s.provider_request_id = (q.request_data ->> 'told_provider_request')::bigint
	WHERE q.tenant_id = voiceagent.current_tenant() AND q.kind = 'check_playback' AND q.state = 'queued' ORDER BY q.provider_request_id
$$;
-- What was asked last is answered.
CREATE FUNCTION pg_temp.is_over(over boolean) RETURNS void LANGUAGE sql AS $$
	SELECT voiceagent_private.end_provider_request(e.provider_request_id, 'done', CASE WHEN over THEN '{"kind": "accepted", "already": true}' ELSE '{"kind": "accepted"}' END::jsonb, NULL)
	FROM voiceagent.provider_requests e WHERE e.tenant_id = voiceagent.current_tenant() AND e.kind = 'check_playback' AND e.state = 'queued'
$$;
\set ECHO all
BEGIN;
SELECT pg_temp.begin_calls('Ends', ARRAY['2001', '2002', '2003', '2004', '2005']) > 0 AS ready;
SELECT pg_temp.dial();
UPDATE voiceagent.provider_accounts SET provider = 'asterisk', settings = '{"media": "sound:offer"}' WHERE tenant_id = voiceagent.current_tenant();
UPDATE voiceagent_private.live_calls SET provider = 'asterisk' WHERE tenant_id = voiceagent.current_tenant();
SELECT n, pg_temp.hear(n, :'answered') FROM unnest(ARRAY['2001', '2002', '2003', '2004']) n;
-- Only calls that go on and were told to say something: not those without an answer, nor those that the carrier does not mention.
SELECT * FROM pg_temp.opens('2001', '2005', 'stranger');
-- It goes on, so its end will be heard.
SELECT pg_temp.is_over(false);
SELECT pg_temp.told('2001');
-- It is over, which nobody heard; and then it is told after all, or found out once more.
SELECT asked FROM pg_temp.opens('2001');
SELECT asked FROM pg_temp.opens('2001') LIMIT 1;
SELECT pg_temp.is_over(true);
SELECT pg_temp.told('2001') AS once;
SELECT * FROM pg_temp.opens('2001');
-- Told while it was asked.
SELECT asked FROM pg_temp.opens('2002');
SELECT pg_temp.hear('2002', :'spoken') AS by_the_carrier;
SELECT pg_temp.is_over(true);
SELECT pg_temp.told('2002') AS once;
-- Somebody else has it.
SELECT asked FROM pg_temp.opens('2003');
SELECT voiceagent.transfer_call(pg_temp.call_of('2003'), '+12125550188') > 0 AS ordered;
SELECT pg_temp.is_over(true);
SELECT pg_temp.told('2003') AS is_transferred;
-- What is played last is what is waited for; what is on its way has not begun.
SELECT voiceagent.play_in_call(pg_temp.call_of('2004'), 'sound:more') > 0 AS ordered;
SELECT * FROM pg_temp.opens('2004');
SELECT pg_temp.told('2004');
SELECT * FROM pg_temp.opens('2004');
SELECT pg_temp.is_over(true);
SELECT pg_temp.told('2004') AS then_ended;

-- Incoming calls: limited, answered, spoken to.
SELECT voiceagent.create_phone_number('+12125550001', min(p.provider_account_id), '{"greeting_message": "sound:hello"}') AS n
FROM voiceagent.provider_accounts p WHERE p.tenant_id = voiceagent.current_tenant() \gset
\set incoming '{"kind": "incoming", "from_number": "+13055550100", "to_number": "+12125550001", "wants_answer": true}'
SELECT pg_temp.hear('IN1', :'incoming') AS taken;
SELECT request_data FROM voiceagent.provider_requests WHERE tenant_id = voiceagent.current_tenant() AND kind = 'limit';
SELECT * FROM pg_temp.opens('IN1');
SELECT pg_temp.hear('IN1', :'answered') AS spoken_to;
SELECT * FROM pg_temp.opens('IN1', 'IN0');
SELECT pg_temp.is_over(false);
SELECT pg_temp.told('IN1') AS goes_on;
SELECT * FROM pg_temp.opens('IN1');
SELECT pg_temp.is_over(true);
SELECT pg_temp.told('IN1') AS ended;
SELECT * FROM pg_temp.opens('IN1');
-- Refused at once, and over at once: nothing to limit, nothing to wait for.
SELECT voiceagent.update_phone_number(:n, '{"is_active": false}');
SELECT pg_temp.hear('IN2', :'incoming') AS refused;
SELECT voiceagent.update_phone_number(:n, '{"is_active": true}');
SELECT pg_temp.hear('IN3', :'incoming') AS taken, pg_temp.hear('IN3', :'answered') AS spoken_to, pg_temp.hear('IN3', '{"kind": "report", "status": "completed"}') AS over;
SELECT * FROM pg_temp.opens('IN3');
-- Put through after the words, once.
SELECT to_char(voiceagent.clock() AT TIME ZONE 'UTC' + interval '2 hours', 'HH24:MI') AS later, to_char(voiceagent.clock() AT TIME ZONE 'UTC' + interval '4 hours', 'HH24:MI') AS later_end \gset
SELECT voiceagent.update_phone_number(:n, jsonb_build_object('business_hours_start', :'later', 'business_hours_end', :'later_end', 'timezone', 'UTC',
	'after_hours_message', 'sound:closed', 'forward_to_number', '+12125550002'));
SELECT pg_temp.hear('IN4', :'incoming') AS taken, pg_temp.hear('IN4', :'answered') AS spoken_to;
SELECT asked FROM pg_temp.opens('IN4');
SELECT pg_temp.is_over(true);
SELECT pg_temp.told('IN4') AS is_transferred;
SELECT pg_temp.hear('IN4', :'spoken') AS once;
SELECT * FROM pg_temp.opens('IN4');
-- Somebody puts it through while it is told; the end of the words changes nothing then.
SELECT pg_temp.hear('IN6', :'incoming') AS taken, pg_temp.hear('IN6', :'answered') AS spoken_to;
SELECT voiceagent.transfer_call(i.call_id, '+12125550003') IS NOT NULL AS put_through FROM voiceagent.call_inbound i WHERE i.tenant_id = voiceagent.current_tenant() AND i.provider_call_id = 'IN6';
SELECT pg_temp.hear('IN6', :'spoken') AS once;
-- A carrier that cannot be asked is not.
UPDATE voiceagent.provider_accounts SET provider = 'telnyx' WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.hear('IN5', :'incoming') AS taken, pg_temp.hear('IN5', :'answered') AS spoken_to;
SELECT * FROM pg_temp.opens('IN5');
SELECT error FROM voiceagent.provider_requests WHERE tenant_id = voiceagent.current_tenant() AND error IS NOT NULL;
ROLLBACK;
