-- A call to our number at a carrier that converses: the number's assistant answers it as it talks in a dial, and what comes of it is kept.
\set VERBOSITY terse
SET client_min_messages = warning;
\set ECHO none
\i lib/incoming.inc
\set ECHO all
BEGIN;
SET LOCAL voiceagent.public_base_url = 'https://calls.example.com';
SELECT voiceagent.create_tenant('r60 conversing', 'UTC', 1000) AS tenant \gset
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS acting;
INSERT INTO voiceagent.provider_accounts (tenant_id, provider, name, base_url, settings, max_concurrent_calls, created_at)
VALUES (:tenant, 'vapi', 'Vapi', 'https://carrier.example', '{"phone_number_id": "p"}', 10, now()) RETURNING provider_account_id AS account \gset
SELECT voiceagent_private.add_endpoint(:account) IS NOT NULL AS told_at;
SELECT endpoint_id AS endpoint FROM voiceagent.webhook_endpoints WHERE tenant_id = :tenant AND provider_account_id = :account \gset
SELECT voiceagent.create_assistant('Reception', 'Hello {{first_name}}, how can I help?', 'Be kind to {{first_name}}.') AS assistant \gset
SELECT voiceagent.update_assistant(:assistant, '{"voice": "vapi/Elliot", "settings": {"first_message_mode": "assistant-waits-for-user", "temperature": 0.5}}');
SELECT voiceagent.create_phone_number('+12125550001', :account) AS n \gset
UPDATE voiceagent.phone_numbers SET state = 'ready', proof = 'tenant', proved_at = now() WHERE phone_number_id = :n;
SELECT voiceagent.update_phone_number(:n, jsonb_build_object('ai_assistant_id', :assistant));
SELECT voiceagent.set_setting('caller_name', 'Acme Roofing'), voiceagent.set_setting('caller_phone', '+1 800 555 0100'), voiceagent.set_setting('call_subject', 'roofs');
SELECT voiceagent.add_lead('+12125550100', 'Ann') AS ann \gset
SELECT voiceagent.add_lead('+12125550101', 'Bob') AS bob \gset
SELECT voiceagent.add_lead('+12125550102', 'Cora') AS cora \gset
SELECT voiceagent.add_lead_number(:ann, '+12125550109'), voiceagent.add_lead_number(:cora, '+12125550101');

-- The plan: by the law of the caller's place and of ours, whatever the other wants; who withholds the number may be anywhere in our country.
CREATE FUNCTION pg_temp.plan(caller text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT voiceagent_private.answer_incoming((SELECT a.provider_account_id FROM voiceagent.provider_accounts a
		WHERE a.tenant_id = voiceagent.current_tenant() AND a.provider = 'vapi'), caller, '+12125550001') - ARRAY['assistant_id', 'assistant_version'] $$;
SELECT place, pg_temp.plan(caller) AS plan FROM (VALUES ('New York', '+12125550100'), ('California', '+14155550100'), ('Germany', '+493012345678'), ('withheld', NULL), ('no number', 'anonymous')) v(place, caller);
-- What the law of a place comes to is resolved for the first call alone: the carrier waits.
SELECT jurisdiction FROM voiceagent_private.jurisdiction_terms WHERE jurisdiction IN ('US', 'US-NY', 'US-CA', 'DE') ORDER BY 1;
SELECT voiceagent.set_setting('announce_recording', 'off');
SELECT pg_temp.plan('+14155550100') AS not_recorded_where_it_would_have_to_be_said;
SELECT voiceagent.set_setting('announce_recording', 'on');
-- A lead that took back its consent for a number is not recorded when it calls from there; nor, where consent is required, is a stranger.
SAVEPOINT recorded;
SELECT voiceagent.record_consent(:ann, 'recording', 'form', phone => '+12125550109') > 0 AS agreed;
SELECT voiceagent.set_setting('require_recording_consent', 'on');
CREATE TEMP VIEW recordings AS SELECT pg_temp.plan('+12125550109') -> 'record' AS agreed, pg_temp.plan('+12125550100') -> 'record' AS other_number, pg_temp.plan('+14155550100') -> 'record' AS stranger,
	pg_temp.plan('+14155550100') ->> 'text' LIKE '%recorded%' AS announced;
SELECT * FROM recordings;
SELECT voiceagent.set_setting('require_recording_consent', 'off');
SELECT voiceagent.revoke_consent(:ann, 'recording');
SELECT * FROM recordings;
ROLLBACK TO recorded;
-- A greeting comes first, whoever was to speak first, and does not disclose what the assistant's own first message would.
SELECT voiceagent.update_assistant(:assistant, '{"settings": {"discloses": true}}');
SELECT pg_temp.plan('+14155550100') ->> 'text' AS says_itself;
SELECT voiceagent.update_phone_number(:n, '{"greeting_message": "Acme, good day.", "ai_voice_id": "vapi/Kylie"}');
SELECT pg_temp.plan('+14155550100') AS greeted;
SELECT voiceagent.update_phone_number(:n, '{"greeting_message": null, "ai_voice_id": null}');
SELECT voiceagent.update_assistant(:assistant, '{"settings": {"discloses": false}}');
-- Where nobody could tell us how the call ended there is none.
SET LOCAL voiceagent.public_base_url = '';
SELECT pg_temp.plan('+14155550100') AS unheard;
SET LOCAL voiceagent.public_base_url = 'https://calls.example.com';

-- What the carrier is told: the assistant as it is pinned, with what is known of the only lead that has the number.
CREATE FUNCTION pg_temp.ask(call text, caller text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT voiceagent_private.answer_plan((SELECT e.endpoint_id FROM voiceagent.webhook_endpoints e JOIN voiceagent.provider_accounts a USING (tenant_id, provider_account_id)
		WHERE e.tenant_id = voiceagent.current_tenant() AND a.provider = 'vapi'), NULL, caller, '+12125550001', NULL, call) $$;
SELECT jsonb_pretty(pg_temp.ask('IN-ann', '+12125550109') - ARRAY['assistant_id', 'assistant_version']) AS ann;
SELECT voiceagent.update_assistant(:assistant, '{"first_message": "Welcome back, {{first_name}}!"}');
SELECT pg_temp.ask('IN-ann', '+12125550109') #>> '{assistant,first_message}' AS the_same_again;
SELECT p #>> '{assistant,first_message}' AS first_message, p ? 'variables' AS known FROM (SELECT pg_temp.ask('IN-stranger', '+12125550150') AS p) x;
SELECT p ? 'variables' AS known FROM (SELECT pg_temp.ask('IN-shared', '+12125550101') AS p) x;
SELECT provider_call_id, answer, CASE lead_id WHEN :ann THEN 'Ann' WHEN :bob THEN 'Bob' WHEN :cora THEN 'Cora' END AS lead, plan ? 'assistant' AS bulky
FROM pg_temp.incoming_calls WHERE tenant_id = :tenant ORDER BY call_id;
SELECT event_type, lead_id = :ann AS of_ann, event_data ->> 'answer' AS answer FROM voiceagent.events WHERE tenant_id = :tenant AND event_type = 'call_incoming' ORDER BY event_id;

-- The report: once, with all that is known of the call; it costs no credits.
CREATE FUNCTION pg_temp.report(call text, more jsonb DEFAULT '{}') RETURNS bigint[] LANGUAGE sql AS $$
	SELECT a.early FROM voiceagent_private.apply_events(ARRAY[ROW(0, NULL, jsonb_populate_record(NULL::voiceagent.call_event,
		'{"kind": "report", "status": "completed", "duration_seconds": 61.5, "cost": 0.09, "cost_currency": "USD", "summary": "Asked for the hours.",
		"transcript": "AI: Hello. User: Hi.", "recording_url": "https://r.example/mono.wav", "stereo_recording_url": "https://r.example/stereo.wav",
		"structured_data": {"interest": "low"}, "success_evaluation": "true"}' || jsonb_build_object('provider_call_id', call) || more),
		(SELECT e.endpoint_id FROM voiceagent.webhook_endpoints e JOIN voiceagent.provider_accounts a USING (tenant_id, provider_account_id)
		WHERE e.tenant_id = voiceagent.current_tenant() AND a.provider = 'vapi'))::voiceagent_private.matched_event]) a $$;
SELECT pg_temp.report('IN-stranger');
SELECT pg_temp.report('IN-stranger', '{"duration_seconds": 62, "summary": "Another.", "cost": 0.01, "structured_data": {}}');
SELECT outcome, duration_seconds, cost, cost_currency, summary, transcript, recording_url, stereo_recording_url, structured_data, success_evaluation, ended_at IS NOT NULL AS ended
FROM pg_temp.incoming_calls WHERE tenant_id = :tenant AND provider_call_id = 'IN-stranger';
SELECT count(*) AS charged FROM voiceagent.credit_transfers WHERE tenant_id = :tenant AND operation = 'call';

-- A caller who asks not to be called is not called: neither at that number nor, as a known lead, at another; reported once.
CREATE VIEW pg_temp.listed AS SELECT phone, reason, source, call_id IS NOT NULL AS by_call FROM voiceagent.do_not_call_list WHERE tenant_id = voiceagent.current_tenant() ORDER BY phone;
SELECT voiceagent.create_campaign('Roofs', :assistant) AS campaign \gset
SELECT voiceagent.add_leads(:campaign, ARRAY[:ann, :bob, :cora]);
SELECT voiceagent.record_consent(:ann, 'call', 'form') IS NOT NULL AS consented;
SELECT pg_temp.report('IN-stranger', '{"structured_data": {"do_not_call": true}}');
SELECT i.structured_data, n.phone FROM pg_temp.listed n, pg_temp.incoming_calls i WHERE i.tenant_id = :tenant AND i.provider_call_id = 'IN-stranger';
SELECT pg_temp.report('IN-ann', '{"structured_data": {"do_not_call": "Yes."}}');
SELECT pg_temp.report('IN-ann', '{"structured_data": {"do_not_call": "Yes."}}');
SELECT * FROM pg_temp.listed;
SELECT count(*) AS opted_out, bool_and(lead_id = :ann) AS ann, min(event_data ->> 'phone') AS phone FROM voiceagent.events WHERE tenant_id = :tenant AND event_type = 'lead_opted_out';
SELECT l.status, l.status_reason, m.status, m.reason, (SELECT count(*) FROM voiceagent.consents n WHERE n.tenant_id = :tenant AND n.lead_id = :ann AND n.revoked_at IS NULL) AS consents
FROM voiceagent.leads l JOIN voiceagent.campaign_leads m USING (tenant_id, lead_id) WHERE l.tenant_id = :tenant AND l.lead_id = :ann;
-- Two have the number: it alone is listed, and withdraws whom nothing else reaches.
SELECT pg_temp.report('IN-shared', '{"structured_data": {"do_not_call": true}}');
SELECT * FROM pg_temp.listed;
SELECT first_name, status FROM voiceagent.leads WHERE tenant_id = :tenant ORDER BY lead_id;
SELECT pg_temp.ask('IN-withheld', NULL) ->> 'kind' AS withheld;
SELECT pg_temp.report('IN-withheld', '{"structured_data": {"do_not_call": true}}');
SELECT count(*) FROM pg_temp.listed;

-- What was said ends as that of other calls does, and with the person, as the call; a call that goes on is waited for.
SELECT pg_temp.ask('IN-cora', '+12125550102') ->> 'kind' AS answered;
SELECT pg_temp.report('IN-cora');
SELECT pg_temp.ask('IN-cora-again', '+12125550102') ->> 'kind' AS answered;
SELECT jsonb_array_length(jsonb_path_query_array(voiceagent.export_lead(:cora), '$.calls[*].inbound')) AS exported;
SELECT voiceagent.erase_lead(:cora) ->> 'status' AS erased;
SELECT pg_temp.report('IN-cora-again');
UPDATE voiceagent_private.waiting_erasures SET next_at = '-infinity' WHERE tenant_id = :tenant;
SELECT voiceagent_private.finish_erasures(1) IS NOT NULL AS went_on, voiceagent_private.set_tenant(:tenant) IS NOT NULL AS back;
SELECT provider_call_id, lead_id, from_number, summary, transcript, structured_data, recording_url, stereo_recording_url, plan, ended_at IS NOT NULL AS ended
FROM pg_temp.incoming_calls WHERE tenant_id = :tenant AND provider_call_id LIKE 'IN-cora%' ORDER BY call_id;
SELECT (s).removed, (s).more FROM voiceagent_private.retain_class('transcripts', 0, voiceagent.clock() + interval '389 days', 100) s;
SELECT (s).removed, (s).more FROM voiceagent_private.retain_class('transcripts', 0, voiceagent.clock() + interval '391 days', 2) s;
SELECT (s).removed, (s).more FROM voiceagent_private.retain_class('transcripts', 0, voiceagent.clock() + interval '391 days', 100) s;
SELECT (s).removed, (s).more FROM voiceagent_private.retain_class('recordings', 0, voiceagent.clock() + interval '391 days', 100) s;
SELECT count(*) AS calls, count(summary) + count(transcript) + count(structured_data) + count(recording_url) + count(stereo_recording_url) AS words
FROM pg_temp.incoming_calls WHERE tenant_id = :tenant;

-- After hours the carrier says a text and hangs up, which it does not report: it is asked within half a minute, again while it knows
-- the call, and the call is over when it does not.
SELECT set_config('voiceagent.clock_offset', '0', true) \g /dev/null
UPDATE voiceagent.phone_numbers SET timezone = 'UTC', after_hours_message = 'We are closed.', business_hours_start = (voiceagent.clock() AT TIME ZONE 'UTC' + interval '2 hours')::time,
	business_hours_end = (voiceagent.clock() AT TIME ZONE 'UTC' + interval '3 hours')::time WHERE phone_number_id = :n;
SELECT pg_temp.ask('IN-late', '+12125550177') ->> 'kind' AS answered;
CREATE VIEW pg_temp.late AS SELECT c.call_id, c.status, c.outcome, l.ask_at - voiceagent.clock() AS asked_in FROM voiceagent.calls c
LEFT JOIN voiceagent_private.live_incoming l USING (tenant_id, call_id) WHERE c.tenant_id = voiceagent.current_tenant() AND c.provider_call_id = 'IN-late';
SELECT status, asked_in BETWEEN interval '20 seconds' AND interval '30 seconds' AS soon FROM pg_temp.late;
SELECT set_config('voiceagent.clock_offset', '31', true) \g /dev/null
SELECT count(*) AS asked FROM voiceagent_private.due_incoming(100) d WHERE d.tenant_id = :tenant AND d.provider_call_id = 'IN-late';
SELECT voiceagent_private.record_incoming_lookup(call_id, true) AS over FROM pg_temp.late;
SELECT status, asked_in <= interval '30 seconds' AS soon FROM pg_temp.late;
SELECT voiceagent_private.record_incoming_lookup(call_id, false) AS over FROM pg_temp.late;
SELECT status, outcome, asked_in FROM pg_temp.late;
ROLLBACK;
