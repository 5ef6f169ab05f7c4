-- No telephone rings that the law, the platform or the tenant forbids: whoever asks for it is told why, and no caller is lost.
\set VERBOSITY terse
SET client_min_messages = warning;
\set ECHO none
\i sql/r50_setup.inc
\i lib/incoming.inc
\i lib/try.inc
CREATE FUNCTION pg_temp.rings(call text, called text) RETURNS bigint LANGUAGE sql AS $$
	SELECT voiceagent_private.begin_incoming_call((SELECT n.provider_account_id FROM voiceagent.phone_numbers n WHERE n.tenant_id = voiceagent.current_tenant()
		AND n.phone_number = called), call, '+12125550110', called);
	SELECT i.call_id FROM voiceagent.call_inbound i WHERE i.tenant_id = voiceagent.current_tenant() AND i.provider_call_id = call $$;
CREATE FUNCTION pg_temp.through(call bigint, arguments jsonb DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
	SELECT voiceagent_private.run_tool(call, 'transfer', arguments, NULL, false) ->> 'result' $$;
CREATE FUNCTION pg_temp.plan(call bigint) RETURNS jsonb LANGUAGE sql AS $$
	SELECT i.plan - '{language,max_duration_s,voice,assistant_id,assistant_version,stream_url}'::text[] FROM voiceagent.call_inbound i
	WHERE i.tenant_id = voiceagent.current_tenant() AND i.call_id = call $$;
\set ECHO all
BEGIN;
SELECT pg_temp.tenant('r80 ring') AS tenant \gset
SELECT min(provider_account_id) AS account FROM voiceagent.provider_accounts WHERE tenant_id = :tenant \gset
UPDATE voiceagent.provider_accounts SET settings = '{"stream_url": "wss://talk.example.com/x"}' WHERE provider_account_id = :account;
SELECT voiceagent.create_assistant('Desk', 'Hello', 'Be kind.') AS assistant \gset
SELECT voiceagent.update_assistant(:assistant, '{"settings": {"tools": ["transfer"]}}');
-- Set while they may be rung; then the platform, the tenant and a whole area forbid them.
SELECT voiceagent.create_phone_number('+12125550001', :account, jsonb_build_object('ai_assistant_id', :assistant)) AS desk \gset
SELECT voiceagent.create_phone_number('+12125550002', :account, '{"forward_to_number": "+12125550301"}') AS forwards \gset
SELECT voiceagent.create_phone_number('+12125550003', :account, jsonb_build_object('ai_assistant_id', :assistant, 'forward_to_number', '+12125550302', 'in_hours', 'forward')) AS office \gset
SELECT voiceagent.create_phone_number('+12125550004', :account, jsonb_build_object('ai_assistant_id', :assistant, 'forward_to_number', '+12125550302', 'ring_office_seconds', 20)) AS rings \gset
SELECT voiceagent.create_phone_number('+12125550005', :account, '{"forward_to_number": "+13125550303", "after_hours_message": "We sleep.", "greeting_message": "Good day.", "in_hours": "forward", "after_hours": "forward"}') AS says \gset
SELECT voiceagent.add_agent('Ann', '{+12125550301,+12125550311}') AS ann \gset
SELECT pg_temp.plan(pg_temp.rings('IN-0', '+12125550003')) AS before, pg_temp.rings('IN-1', '+12125550001') AS live \gset
SELECT :'before' AS before;
SELECT voiceagent_private.platform_list_number('+12125550301', false, 'fraud'), voiceagent.do_not_call('+12125550302', 'asked'), voiceagent.block_prefix('+1312', 'dear');

-- What the number would ring must not ring: the assistant, else the number's words, else words of ours.
SELECT n, pg_temp.plan(pg_temp.rings('IN-' || n, n)) FROM unnest('{+12125550002,+12125550003,+12125550004,+12125550005}'::text[]) n;
SELECT event_data ->> 'barred' AS barred FROM voiceagent.events WHERE tenant_id = :tenant AND event_type = 'call_incoming' ORDER BY event_id DESC LIMIT 1;
SELECT detail FROM voiceagent.explain_call((SELECT call_id FROM voiceagent.call_inbound WHERE tenant_id = :tenant AND provider_call_id = 'IN-+12125550003')) WHERE rule = 'answer';
-- Decided before it was listed, told afterwards.
SELECT voiceagent_private.answer_plan((SELECT endpoint_id FROM voiceagent.webhook_endpoints WHERE tenant_id = :tenant), NULL, '+12125550110', '+12125550003', incoming_call => 'IN-0') ->> 'kind' AS told FROM voiceagent.create_endpoint(:account);

-- The agent's next number; when all are listed, words for the assistant.
UPDATE voiceagent.provider_accounts SET provider = 'twilio' WHERE provider_account_id = :account;
SELECT pg_temp.through(:live);
SELECT phone FROM voiceagent.transfer_list WHERE tenant_id = :tenant;
-- Listed between the wish and the sending.
SELECT voiceagent.do_not_call('+12125550311', 'asked');
UPDATE voiceagent.provider_accounts SET provider = 'sandbox' WHERE provider_account_id = :account;
SELECT count(*) AS sent FROM voiceagent_private.claim_provider_requests(9, true, true, '1 minute');
SELECT error FROM voiceagent.provider_requests WHERE tenant_id = :tenant AND kind = 'transfer';
SELECT agent, state FROM voiceagent.transfer_list WHERE tenant_id = :tenant;
UPDATE voiceagent.provider_accounts SET provider = 'twilio' WHERE provider_account_id = :account;
SELECT pg_temp.through(:live, '{"reason": "again"}') AS nobody_left;

-- A person is told why, in any spelling of the number; so is who sets it.
SELECT p, pg_temp.try(format('SELECT voiceagent.transfer_call(%s, %L)', :live, p)) FROM unnest('{+12125550301,"+1 (212) 555-0301",2125550301,212.555.0301,"1-212-555-0301","011 1 212 555 0301",tel:+1-212-555-0301,"+1 212 555-03-01","(212)5550301"}'::text[]) p;
SELECT pg_temp.try(format('SELECT voiceagent.transfer_call(%s, %L)', :live, p)) FROM unnest('{+12125550302,+13125550303,+19002345678,+449098790000}'::text[]) p;
SELECT pg_temp.try(format('SELECT voiceagent.add_agent(''Eve'', ARRAY[%L])', p)) FROM unnest('{+12125550301,+12125550302,+19002345678}'::text[]) p;
SELECT pg_temp.try(format('SELECT voiceagent.update_phone_number(%s, ''{"forward_to_number": "%s"}'')', :desk, p)) FROM unnest('{+12125550301,+12125550302,+19002345678}'::text[]) p;
SELECT pg_temp.try('SELECT voiceagent.add_lead(''+1 900 234 5678'')');
-- An agent with a listed number can be changed, and switched off.
SELECT voiceagent.update_agent(:ann, '{"active": false}');
UPDATE voiceagent.provider_accounts SET provider = 'sandbox' WHERE provider_account_id = :account;
-- Nobody dials a premium number that came in by another way.
SELECT pg_temp.leads('+19002345', 1) AS leads \gset
UPDATE voiceagent.leads SET phone = '+19002345678' WHERE tenant_id = :tenant AND lead_id = (:'leads'::bigint[])[1];
SELECT pg_temp.start('premium', :'leads') AS campaign \gset
SELECT pg_temp.claim(10) AS dialled;
SELECT status, reason FROM voiceagent.campaign_leads WHERE tenant_id = :tenant AND campaign_id = :campaign;

-- An own telephone that was registered before it was listed is the tenant's to ring with its calls, and not with dials; one listed before is not.
SELECT voiceagent.register_own_number('+12125550320') > 0 AS registered;
SELECT set_config('voiceagent.clock_offset', '60', true);
SELECT voiceagent.do_not_call('+12125550320', 'asked');
SELECT why, (SELECT layer FROM voiceagent_private.may_ring(:tenant, '+12125550320', why) LIMIT 1) FROM unnest(enum_range(NULL::voiceagent_private.ring_purpose)) why;
UPDATE voiceagent.own_numbers SET registered_at = voiceagent.clock() WHERE tenant_id = :tenant;
SELECT layer, reason FROM voiceagent_private.may_ring(:tenant, '+12125550320', 'agent');
ROLLBACK;
