-- Profiles: named sets of settings, for a campaign or a tenant; the law of the leads' places stays above them.
\set VERBOSITY default
\set SHOW_CONTEXT never
SET client_min_messages = warning;
SET timezone = 'UTC';
CREATE FUNCTION pg_temp.at(t timestamptz) RETURNS text LANGUAGE sql AS $$
	SELECT set_config('voiceagent.clock_offset', extract(epoch FROM t - clock_timestamp())::text, false) IS NOT NULL $$;
SELECT pg_temp.at('2027-06-18 15:00+00') \g /dev/null
SELECT profile, settings, built_in, length(description) > 40 AS described FROM voiceagent.profiles ORDER BY profile;
-- every one of them consists of settings that there are, with values that they take
SELECT profile FROM voiceagent.profiles WHERE voiceagent_private.check_profile(settings) IS NULL;
SELECT voiceagent.create_tenant('r45 profiles', 'UTC', 1000) AS tenant \gset
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT voiceagent.create_assistant('Ann', 'Hello', 'Be kind.') AS ann \gset
SELECT voiceagent.create_campaign('Sandbox', :ann) AS c \gset
SELECT voiceagent.apply_profile(:c, 'quick_retry');
SELECT v.retry_delay, v.retry_delay_busy, v.max_concurrent_calls FROM voiceagent.campaign_versions v WHERE v.campaign_id = :c ORDER BY v.version DESC LIMIT 1;
SELECT voiceagent.apply_profile(:c, 'patient', '{"max_concurrent_calls": 3}');
SELECT settings FROM voiceagent.campaigns WHERE campaign_id = :c;
SELECT voiceagent.apply_profile(NULL, 'patient', '{"retry_attempts": 5}');
SELECT key, value, origin FROM voiceagent.settings WHERE origin = 'tenant' ORDER BY 1;
SELECT action, new_value -> 'profile' AS profile FROM voiceagent.audit_log WHERE tenant_id = :tenant AND action = 'apply_profile' ORDER BY 2;
SAVEPOINT s;
-- bad input changes nothing
SELECT voiceagent.apply_profile(:c, 'aggressive');
ROLLBACK TO s;
SELECT voiceagent.apply_profile(-1, 'patient');
ROLLBACK TO s;
SELECT voiceagent.apply_profile(:c, 'patient', '{"retry_dely": 5}');
ROLLBACK TO s;
SELECT voiceagent.apply_profile(:c, 'patient', '{"retry_attempts": 500}');
ROLLBACK TO s;
SELECT voiceagent.apply_profile(NULL, 'patient', '{"lookup_limit": 5}');
ROLLBACK TO s;
SELECT voiceagent.apply_profile(:c, 'patient', '[1]');
ROLLBACK TO s;

-- under the law: New York, Rhode Island, and a country of which nothing is known but the cautious rule
INSERT INTO voiceagent.leads (tenant_id, phone, country, region, timezones, created_at) VALUES
	(:tenant, '+12125551001', 'US', 'US-NY', '{America/New_York}', voiceagent.clock()), (:tenant, '+14015551001', 'US', 'US-RI', '{America/New_York}', voiceagent.clock()),
	(:tenant, '+5215555551001', 'ZZ', NULL, '{UTC}', voiceagent.clock());
INSERT INTO voiceagent.provider_accounts (tenant_id, provider, name, base_url, settings, max_concurrent_calls, armed_at, created_at)
VALUES (:tenant, 'vapi', 'one', 'https://carrier.example', '{}', 10, '2027-01-01', '2027-01-01') RETURNING provider_account_id AS account \gset
SELECT voiceagent.create_campaign('Real', :ann, settings => jsonb_build_object('provider_account_id', :account)) AS r \gset
SELECT voiceagent.add_leads(:r);
-- stricter than the law: nothing to narrow; looser: the law holds, and the answer says where
SELECT voiceagent.apply_profile(:r, 'us_telemarketing_conservative') -> 'narrowed' AS narrowed;
SELECT jsonb_array_elements(voiceagent.apply_profile(:r, 'us_telemarketing_conservative', '{"calling_hours": {"start": "07:00", "end": "22:00"}, "number_calls_per_24h": 9, "require_consent": false, "ring_timeout": 5}') -> 'narrowed') AS narrowed;
-- hours that Rhode Island forbids altogether: refused whole, with place and rule
SAVEPOINT s2;
SELECT voiceagent.apply_profile(:r, 'quick_retry', '{"calling_hours": {"start": "19:00", "end": "20:30"}}');
ROLLBACK TO s2;
SELECT settings -> 'retry_delay' AS retry_delay, settings -> 'calling_hours' AS hours FROM voiceagent.campaigns WHERE campaign_id = :r;
-- so for the tenant, unless the campaign has hours of its own; a rehearsal need not keep to it
SELECT jsonb_array_length(voiceagent.apply_profile(NULL, 'quick_retry', '{"calling_hours": {"start": "19:00", "end": "20:30"}}') -> 'narrowed') AS narrowed;
SELECT voiceagent.update_campaign(:r, '{"calling_hours": null}') > 0 AS taken_back;
SELECT voiceagent.apply_profile(NULL, 'quick_retry', '{"calling_hours": {"start": "20:00", "end": "20:30"}}');
ROLLBACK TO s2;
SELECT voiceagent.add_leads(:c, ARRAY(SELECT lead_id FROM voiceagent.leads WHERE tenant_id = :tenant));
SELECT voiceagent.apply_profile(:c, 'quick_retry', '{"calling_hours": {"start": "19:00", "end": "20:30"}}') -> 'narrowed' AS narrowed;
SELECT voiceagent.apply_profile(:c, 'quick_retry', '{"calling_hours": {"start": "19:00", "end": "20:30"}, "sandbox_obeys_law": true}');
ROLLBACK;

-- the platform adds its own
BEGIN;
SELECT voiceagent.create_profile('night_owl', 'Late hours.', '{"calling_hours": {"start": "18:00", "end": "20:00"}, "retry_delay": 600}');
SELECT profile, settings, built_in FROM voiceagent.profiles WHERE NOT built_in;
SAVEPOINT s;
SELECT voiceagent.create_profile('patient', 'Another.', '{"retry_delay": 600}');
ROLLBACK TO s;
SELECT voiceagent.create_profile('Bad Name', 'Another.', '{"retry_delay": 600}');
ROLLBACK TO s;
SELECT voiceagent.create_profile('empty', 'Another.', '{}');
ROLLBACK TO s;
SELECT voiceagent.create_profile('bad', 'Another.', '{"retry_delay": "soon"}');
ROLLBACK TO s;
SELECT voiceagent.create_profile('bad', 'Another.', '{"platform_max_concurrent_calls": 5}');
ROLLBACK TO s;
ROLLBACK;
SELECT voiceagent_private.set_tenant(0) IS NOT NULL AS done;
