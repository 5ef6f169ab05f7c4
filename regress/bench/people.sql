-- One campaign of a tenant (:tenant) with :jobs leads of 28 lanes, ready to start on the sandbox carrier; prints the campaign.
--
-- :people is mix (every outcome of the sandbox's mix, and one lead in 25 with a number that forces a refusal, a 429, a lost
-- webhook ...) or plain (every lead answers and is interested; at most 800 leads).
SELECT voiceagent.set_setting('tenant_max_concurrent_calls', '100000'), voiceagent.set_setting('account_max_concurrent_calls', '100000'),
	voiceagent.set_setting('sandbox_time_scale', '86400') \g /dev/null
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) AS before \gset
UPDATE voiceagent.provider_accounts SET max_concurrent_calls = 100000 WHERE tenant_id = :tenant;
INSERT INTO voiceagent.leads (tenant_id, phone, first_name, country, region, timezones, context, created_at)
SELECT :tenant, CASE WHEN :'people' = 'plain' THEN '+1' || 199 + i || '5550101'
		WHEN i % 25 = 0 THEN '+1' || 200 + i / 25 || '55501' || to_char(i / 25 % 21, 'FM00')
		ELSE '+1' || 2122000000 + i END,
	'Lead ' || i, 'US', 'US-' || (place.states)[1 + i % 28], ARRAY[(place.zones)[1 + i % 28]],
	jsonb_build_object('city', 'Springfield', 'product', CASE i % 3 WHEN 0 THEN 'heat pump' ELSE 'home battery' END), now()
FROM generate_series(1, :jobs) i, (VALUES (
	'{NY,FL,GA,OH,PA,NJ,VA,NC,MA,MI,IN,IL,TX,TN,AL,WI,MN,MO,LA,CO,UT,NM,AZ,CA,WA,NV,AK,HI}'::text[],
	(array_fill('America/New_York'::text, ARRAY[9]) || '{America/Detroit,America/Indiana/Indianapolis}'
		|| array_fill('America/Chicago'::text, ARRAY[8]) || array_fill('America/Denver'::text, ARRAY[3]) || '{America/Phoenix}'
		|| array_fill('America/Los_Angeles'::text, ARRAY[3]) || '{America/Anchorage,Pacific/Honolulu}')::text[])) place (states, zones);
SELECT voiceagent.create_campaign(:'people',
	voiceagent.create_assistant('Ann', 'Hello {{first_name}}, this is Ann, an automated assistant.', 'Sell {{product}} in {{city}}. Be kind, and brief.'),
	settings => '{"call_interval": 0, "caller_name": "Acme", "caller_phone": "+1 800 555 0100", "call_subject": "roofs", "max_concurrent_calls": 1000, "retry_attempts": 2, "breaker_min_calls": 100,
	"calling_hours": {"start": "00:00", "end": "24:00", "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}}') AS campaign \gset
SELECT voiceagent.add_leads(:campaign) AS added \gset
COMMIT;
SELECT :campaign;
