-- What was said in a call that we hold is kept with it at once; what follows from it the applier does, as from a webhook, once.
\set ECHO none
\i lib/inbox_setup.inc
CREATE FUNCTION pg_temp.say(number text, turn integer, said text, key boolean DEFAULT false) RETURNS text LANGUAGE sql AS $$
	SELECT voiceagent_private.keep_media_turns(pg_temp.call_of(number), CASE WHEN said IS NULL THEN '[]'
		ELSE jsonb_build_array(jsonb_build_object('speaker', 'customer', 'text', said, 'turn', turn)) END, key, '[]')
$$;
CREATE FUNCTION pg_temp.listed() RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(right(d.phone, 4), ', ' ORDER BY d.phone) FROM voiceagent.do_not_call_list d WHERE d.tenant_id = voiceagent.current_tenant()
$$;
\set ECHO all
BEGIN;
SELECT pg_temp.begin_calls('Said', ARRAY['2001', '2002', '2003', '2004']) > 0 AS ready;
SELECT pg_temp.dial();
UPDATE voiceagent.provider_accounts SET provider = 'twilio' WHERE tenant_id = voiceagent.current_tenant();
UPDATE voiceagent_private.live_calls SET provider = 'twilio' WHERE tenant_id = voiceagent.current_tenant();
-- words, and a key; told twice they are noted once
SELECT pg_temp.say('2001', 1, 'Hello?'), pg_temp.say('2001', 2, 'Never call me again.'), pg_temp.say('2001', 2, 'Never call me again.'), pg_temp.say('2002', 1, NULL, true);
SELECT pg_temp.listed() AS at_once, count(*) AS waiting FROM voiceagent_private.inbox WHERE tenant_id = voiceagent.current_tenant();
SELECT voiceagent_private.apply_inbox(10);
SELECT pg_temp.listed();
-- the call ends before the applier comes by, or had ended before the words came
SELECT pg_temp.say('2003', 1, 'Never call me again.');
SELECT voiceagent_private.apply_events(ARRAY[ROW(0, pg_temp.call_of(n), jsonb_populate_record(NULL::voiceagent.call_event, '{"kind": "report", "status": "completed",
	"cause": "hangup", "cause_class": "ok", "duration_seconds": 30}'), (SELECT min(endpoint_id) FROM voiceagent.webhook_endpoints
	WHERE tenant_id = voiceagent.current_tenant()))::voiceagent_private.matched_event]) FROM unnest(ARRAY['2003', '2004']) n;
SELECT pg_temp.listed();
SELECT pg_temp.say('2004', 1, 'Never call me again.');
SELECT voiceagent_private.apply_inbox(10);
SELECT pg_temp.listed();
SELECT number, status, outcome, lead_status FROM pg_temp.seen();
SELECT right(c.phone, 4) AS number, count(*) FROM voiceagent.events e JOIN voiceagent.calls c USING (tenant_id, call_id)
WHERE e.tenant_id = voiceagent.current_tenant() AND e.event_type = 'lead_opted_out' GROUP BY 1 ORDER BY 1;
-- who may be called again is not listed by what was said before
SELECT voiceagent.allow_call('+12125552001', 'asked for it') IS NOT NULL AS allowed;
SELECT voiceagent.replay_webhook(w.webhook_id) FROM voiceagent.webhooks w WHERE w.tenant_id = voiceagent.current_tenant() AND w.source = 'media' ORDER BY 1;
SELECT voiceagent_private.apply_inbox(10);
SELECT pg_temp.listed();
-- somebody who calls us is told that it is called no more, and it is not
SELECT voiceagent.create_phone_number('+12125550001', (SELECT min(a.provider_account_id) FROM voiceagent.provider_accounts a WHERE a.tenant_id = voiceagent.current_tenant()),
	jsonb_build_object('ai_assistant_id', voiceagent.create_assistant('Reception', 'Hello, how can I help?', 'Be kind.'))) IS NOT NULL AS ours;
UPDATE voiceagent.phone_numbers SET state = 'ready', state_reason = NULL, proof = 'tenant', proved_at = now() WHERE tenant_id = voiceagent.current_tenant();
SELECT voiceagent_private.begin_incoming_call(n.provider_account_id, 'in-1', '+12125552009', n.phone_number) FROM voiceagent.phone_numbers n WHERE n.tenant_id = voiceagent.current_tenant();
SELECT voiceagent_private.keep_media_turns(i.call_id, '[{"speaker": "customer", "text": "Stop calling me.", "turn": 1}]', false, '[]')
FROM voiceagent.call_inbound i WHERE i.tenant_id = voiceagent.current_tenant();
SELECT voiceagent_private.apply_inbox(10);
SELECT pg_temp.listed();
SELECT count(*) AS set_aside FROM voiceagent.webhook_failures WHERE tenant_id = voiceagent.current_tenant();
SELECT * FROM voiceagent_private.check_tenant() WHERE invariant NOT LIKE 'a real carrier%';
ROLLBACK;
