-- Numbers: made, changed, given up; one primary; nobody learns what others have.
\set VERBOSITY default
\set SHOW_CONTEXT never
SET client_min_messages = warning;
CREATE ROLE regress_numbers LOGIN;
CREATE ROLE regress_numbers_other LOGIN;
SELECT voiceagent.create_tenant('Numbers', 'Europe/Berlin', 1000) AS tenant, voiceagent.create_tenant('Other numbers') AS other \gset
SELECT voiceagent.map_role('regress_numbers', :tenant);
SELECT voiceagent.map_role('regress_numbers_other', :other);
SET SESSION AUTHORIZATION regress_numbers;
SELECT provider_account_id AS account FROM voiceagent.provider_accounts \gset
SELECT voiceagent.create_assistant('A', 'Hello', 'Be kind.') AS assistant \gset

SELECT voiceagent.create_phone_number('(212) 555-0101', :account) AS n1 \gset
SELECT voiceagent.create_phone_number('+44 20 7946 0018', :account, jsonb_build_object('friendly_name', ' London ', 'greeting_message', 'Good day.',
	'ai_assistant_id', :assistant, 'forward_to_number', '2125550199', 'business_hours_start', '22:00', 'business_hours_end', '6:30',
	'after_hours_message', 'We are closed.', 'timezone', 'Europe/London')) AS n2 \gset
SELECT phone_number, friendly_name, state, proof, country, region, is_active, is_primary, greeting_message, forward_to_number,
	business_hours_start, business_hours_end, after_hours_message, timezone FROM voiceagent.phone_numbers ORDER BY phone_number_id;
SELECT voiceagent.get_phone_number(:n2) - ARRAY['phone_number_id', 'provider_account_id', 'created_at', 'proved_at', 'ai_assistant_id'] AS number;
SELECT n ->> 'phone_number' AS number, n ->> 'is_primary' AS primary FROM voiceagent.list_phone_numbers() n;

-- Refused.
SELECT voiceagent.create_phone_number('+12125550101', :account);
SELECT voiceagent.create_phone_number('12', :account);
SELECT voiceagent.create_phone_number(NULL, :account);
SELECT voiceagent.create_phone_number('+12125550102', 987654321987);
SELECT voiceagent.create_phone_number('+12125550102', :account, '{"colour": "red"}');
SELECT voiceagent.create_phone_number('+12125550102', :account, '{"business_hours_start": "09:00"}');
SELECT voiceagent.create_phone_number('+12125550102', :account, '{"business_hours_start": "09:00", "business_hours_end": "9:00"}');
SELECT voiceagent.create_phone_number('+12125550102', :account, '{"business_hours_start": "25:00", "business_hours_end": "9:00"}');
SELECT voiceagent.create_phone_number('+12125550102', :account, '{"timezone": "Mars/Olympus"}');
SELECT voiceagent.create_phone_number('+12125550102', :account, '{"forward_to_number": "+12125550102"}');
SELECT voiceagent.create_phone_number('+12125550102', :account, '{"ai_assistant_id": 987654321987}');
SELECT voiceagent.create_phone_number('+12125550102', :account, '{"is_active": "yes"}');
SELECT voiceagent.create_phone_number('+12125550102', :account, '{"friendly_name": 1}');
SELECT voiceagent.get_phone_number(987654321987);

SELECT voiceagent.create_phone_number('+12125550102', :account, '{"in_hours": "assistant"}');
SELECT voiceagent.create_phone_number('+12125550102', :account, '{"after_hours": "message", "greeting_message": "Hello"}');
SELECT voiceagent.create_phone_number('+12125550102', :account, '{"in_hours": "robot"}');
SELECT voiceagent.create_phone_number('+12125550102', :account, '{"calls_per_day": 0}');
SELECT voiceagent.create_phone_number('+12125550102', :account, '{"calls_per_caller": "many"}');
SELECT voiceagent.create_phone_number('+12125550102', :account, '{"other_days": {"US": "closed"}}');
SELECT voiceagent.create_phone_number('+12125550102', :account, '{"other_days": {"12-24": "9 to 5"}}');
SELECT voiceagent.create_phone_number('+12125550102', :account, '{"other_days": {"31-12": "closed"}}');
SELECT voiceagent.create_phone_number('+12125550102', :account, '{"known_callers_only": "yes"}');
SELECT voiceagent.block_caller('12');

-- Changes.
SELECT voiceagent.update_phone_number(:n2, '{"is_active": false, "business_hours_start": null, "business_hours_end": null, "friendly_name": "L"}');
SELECT friendly_name, is_active, business_hours_start, greeting_message FROM voiceagent.phone_numbers WHERE phone_number_id = :n2;
SELECT voiceagent.update_phone_number(:n2, '{"timezone": null}');
SELECT voiceagent.update_phone_number(987654321987, '{}');
SELECT voiceagent.mark_number_spam(:n1, reason => 'shown as spam likely');
SELECT spam_since IS NOT NULL AS spam, spam_reason FROM voiceagent.phone_numbers WHERE phone_number_id = :n1;
SELECT voiceagent.mark_number_spam(:n1, false);
SELECT spam_since IS NOT NULL AS spam, spam_reason FROM voiceagent.phone_numbers WHERE phone_number_id = :n1;

-- One primary, always.
SELECT voiceagent.set_primary_number(:n2);
SELECT phone_number, is_primary FROM voiceagent.phone_numbers ORDER BY phone_number_id;
SELECT voiceagent.set_primary_number(:n2);
SELECT voiceagent.delete_phone_number(:n2);
SELECT phone_number, state, is_primary FROM voiceagent.phone_numbers ORDER BY phone_number_id;
SELECT voiceagent.delete_phone_number(:n2);
SELECT voiceagent.set_primary_number(:n2);
SELECT n ->> 'phone_number' AS number FROM voiceagent.list_phone_numbers() n;
SELECT n ->> 'phone_number' AS number, n ->> 'state' AS state FROM voiceagent.list_phone_numbers(true) n;
-- It may come back, as another row.
SELECT voiceagent.create_phone_number('+442079460018', :account) <> :n2 AS another;

-- In use: a campaign that has not ended.
SELECT voiceagent.create_phone_number('+12125550103', :account) AS n3 \gset
SELECT voiceagent.create_campaign('Pool', :assistant, settings => '{"call_interval": 0, "calling_hours": {"start": "00:00", "end": "24:00"}}') AS campaign \gset
SELECT voiceagent.set_campaign_numbers(:campaign, ARRAY[:n3, :n1, :n3]);
SELECT voiceagent.get_phone_number(:n3) -> 'campaign_ids' = to_jsonb(ARRAY[:campaign]) AS in_pool;
\set VERBOSITY terse
SELECT voiceagent.set_campaign_numbers(:campaign, ARRAY[:n3, :n2]);
\set VERBOSITY default
SELECT voiceagent.set_campaign_numbers(987654321987, ARRAY[:n3]);
BEGIN;
SELECT voiceagent.add_lead('+12125550142', campaign_id => :campaign) > 0 AS lead;
SELECT voiceagent.start_campaign(:campaign);
\set ON_ERROR_ROLLBACK on
SELECT voiceagent.delete_phone_number(:n3);
SELECT voiceagent.pause_campaign(:campaign);
SELECT voiceagent.delete_phone_number(:n3);
SELECT voiceagent.stop_campaign(:campaign);
SELECT voiceagent.delete_phone_number(:n3);
SELECT count(*) AS in_pool FROM voiceagent.campaign_numbers;
\set ON_ERROR_ROLLBACK off
ROLLBACK;
SELECT voiceagent.set_campaign_numbers(:campaign, '{}');

-- No number gets an assistant that was put away.
SELECT voiceagent.create_assistant('Away', 'Hello', 'Be kind.') AS away \gset
SELECT voiceagent.archive_assistant(:away);
\set VERBOSITY terse
SELECT voiceagent.update_phone_number(:n3, jsonb_build_object('ai_assistant_id', :away));
SELECT voiceagent.create_phone_number('+12125550104', :account, jsonb_build_object('ai_assistant_id', :away));
\set VERBOSITY default

-- Requests.
SELECT voiceagent.request_number(' us', 'Texas', '512', 'must take text messages') AS request \gset
SELECT country, region, area_code, needs, status FROM voiceagent.number_requests;
SELECT voiceagent.request_number('Texas');
SELECT voiceagent.request_number('US', area_code => '+1512');
SELECT voiceagent.close_number_request(:request, 'fulfilled');
SELECT voiceagent.close_number_request(:request, 'open');
SELECT voiceagent.close_number_request(:request, 'fulfilled', phone_number_id => 987654321987);
SELECT voiceagent.close_number_request(:request, 'fulfilled', 'found one', :n1);
SELECT status, status_reason, phone_number_id = :n1 AS found, closed_at IS NOT NULL AS closed FROM voiceagent.number_requests;
SELECT voiceagent.close_number_request(:request, 'canceled');
SELECT voiceagent.close_number_request(987654321987, 'canceled');
-- The platform's staff finds what is wanted, and says what came of it.
SELECT voiceagent.request_number('DE', 'Hamburg') AS wanted \gset
RESET SESSION AUTHORIZATION;
CREATE ROLE regress_numbers_staff LOGIN IN ROLE voiceagent_admin;
SET SESSION AUTHORIZATION regress_numbers_staff;
SELECT tenant_id = :tenant AS of_the_tenant, country, region FROM voiceagent.number_requests WHERE tenant_id = :tenant AND status = 'open';
SELECT voiceagent.close_number_request(:wanted, 'rejected', 'none there', tenant_id => :other);
SELECT voiceagent.close_number_request(:wanted, 'rejected', 'none there', tenant_id => :tenant);
SELECT voiceagent.close_number_request(:wanted, 'canceled');
SELECT voiceagent.adjust_credits(:tenant, 5, 'for the trouble') IS NOT NULL AS adjusted;
SELECT actor, action, object = 'tenant ' || :tenant AS of_the_tenant, new_value ->> 'reason' AS reason FROM voiceagent.platform_audit(max => 1);
RESET SESSION AUTHORIZATION;
SET SESSION AUTHORIZATION regress_numbers_other;
SELECT voiceagent.close_number_request(:wanted, 'canceled', tenant_id => :tenant);
SELECT count(*) FROM voiceagent.number_requests;
RESET SESSION AUTHORIZATION;
SET SESSION AUTHORIZATION regress_numbers;
SELECT status, status_reason FROM voiceagent.number_requests WHERE number_request_id = :wanted;
SELECT action, count(*) FROM voiceagent.audit_log WHERE action LIKE '%number%' GROUP BY action ORDER BY action;
RESET SESSION AUTHORIZATION;

-- Another tenant: what the first has is nobody's here, and may be entered.
SET SESSION AUTHORIZATION regress_numbers_other;
SELECT count(*) FROM voiceagent.phone_numbers;
SELECT voiceagent.get_phone_number(:n1);
SELECT voiceagent.update_phone_number(:n1, '{"is_active": false}');
SELECT voiceagent.delete_phone_number(:n1);
SELECT voiceagent.set_primary_number(:n1);
SELECT voiceagent.mark_number_spam(:n1);
SELECT voiceagent.create_phone_number('+12125550101', :account);
SELECT voiceagent.create_phone_number('+12125550101', (SELECT provider_account_id FROM voiceagent.provider_accounts)) > 0 AS made;
RESET SESSION AUTHORIZATION;
SELECT * FROM voiceagent.invariants() WHERE invariant LIKE '%number%';
