-- What is asked of a voicemail is asked of the calls that reached one, however many calls the tenant has.
SET client_min_messages = warning;
SELECT voiceagent.create_tenant('r65 voicemails', 'UTC', 1000) AS tenant \gset
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) AS was \gset
SELECT voiceagent.create_campaign('r65', voiceagent.create_assistant('A', 'Hello', 'Be kind.', '{"voicemail_message": "Call us."}'), 'sales',
	'{"call_interval": 0, "machine_detection": "message", "calling_hours": {"start": "00:00", "end": "24:00", "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}}') AS campaign \gset
SELECT count(voiceagent.add_lead('+120255500' || i, campaign_id => :campaign)) AS leads FROM generate_series(10, 49) i;
SELECT voiceagent.start_campaign(:campaign) AS status \gset
SELECT count(*) AS dialled FROM voiceagent_private.claim_calls(100);
UPDATE voiceagent.calls c SET machine = 'voicemail', ended_at = voiceagent.clock() WHERE c.tenant_id = :tenant;
SET LOCAL track_functions = 'all';
SELECT voiceagent_private.assume_messages(ARRAY(SELECT call_id FROM voiceagent.calls c WHERE c.tenant_id = :tenant ORDER BY call_id LIMIT 2)) \gset
SELECT calls AS asked FROM pg_stat_get_xact_function_calls('voiceagent_private.treat_machine'::regproc) AS calls;
SELECT count(*) AS calls, count(message_left_at) AS messages FROM voiceagent.calls c WHERE c.tenant_id = :tenant;
ROLLBACK;
