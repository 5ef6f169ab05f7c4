-- A caller is put through to a person who is there and has no other call, never to a number that the tenant did not choose.
\set VERBOSITY terse
SET client_min_messages = warning;
\set ECHO none
\i sql/r50_setup.inc
\i lib/incoming.inc
\i lib/live_incoming.inc
-- The tool, as a bot calls it, or as a carrier that asks to whom.
CREATE FUNCTION pg_temp.through(call bigint, arguments jsonb DEFAULT '{}', in_reply boolean DEFAULT false) RETURNS text LANGUAGE sql AS $$
	SELECT voiceagent_private.run_tool(call, 'transfer', arguments, NULL, in_reply) ->> 'result' $$;
CREATE FUNCTION pg_temp.at(local text) RETURNS boolean LANGUAGE sql AS $$
	SELECT set_config('voiceagent.clock_offset', extract(epoch FROM (local::timestamp AT TIME ZONE 'America/New_York') - clock_timestamp())::text, true) IS NOT NULL $$;
\set ECHO all
BEGIN;
SELECT pg_temp.at('2026-03-17 12:00');
SELECT pg_temp.tenant('r79 agents') AS tenant \gset
SELECT min(provider_account_id) AS account FROM voiceagent.provider_accounts WHERE tenant_id = :tenant \gset
UPDATE voiceagent.provider_accounts SET settings = '{"stream_url": "wss://talk.example.com/x"}' WHERE provider_account_id = :account;
SELECT voiceagent.create_assistant('Desk', 'Hello', 'Be kind.') AS assistant \gset
SELECT voiceagent.update_assistant(:assistant, '{"settings": {"tools": ["transfer", "take_message", "book"]}}');
SELECT voiceagent.create_phone_number('+12125550001', :account, jsonb_build_object('ai_assistant_id', :assistant)) AS n \gset
SELECT voiceagent.add_agent('Ann Lee', '{"(212) 555-0201", 2125550202}', hours => '{"start": "09:00", "end": "17:00", "days": ["tue"]}', timezone => 'America/New_York', skills => '{Sales,rentals}') AS ann \gset
SELECT voiceagent.add_agent('Bob Ray', '{+12125550203}', timezone => 'America/New_York', skills => '{sales}') AS bob \gset
SELECT voiceagent.add_agent('Night desk', '{+12125550204}', tier => 2) AS night \gset
SELECT name, phones, tier, skills, is_there, is_busy, transfers FROM voiceagent.list_agents();

-- In turns within a tier; whoever has a call is passed over, and so is the next number of one who did not take it.
SELECT pg_temp.rings('IN-1', '+12125550110') AS one, pg_temp.rings('IN-2', '+12125550111') AS two, pg_temp.rings('IN-3', '+12125550112') AS three, pg_temp.rings('IN-4', '+12125550113') AS four, pg_temp.rings('IN-5', '+12125550114') AS five \gset
UPDATE voiceagent.provider_accounts SET provider = 'twilio' WHERE provider_account_id = :account;
SELECT pg_temp.through(:one, '{"reason": "a house"}') AS one, pg_temp.through(:two) AS two, pg_temp.through(:three) AS three, pg_temp.through(:four) AS four;
SELECT pg_temp.through(:one, '{"reason": "again"}') AS her_other_number, pg_temp.through(:one, '{"reason": "and again"}') AS nobody_else;
SELECT agent, phone, way, reason, state, call_id = :one AS of_the_first FROM voiceagent.transfer_list WHERE tenant_id = :tenant ORDER BY transfer_id;
SELECT request_data -> 'answer' AS told FROM voiceagent.provider_requests WHERE tenant_id = :tenant ORDER BY provider_request_id LIMIT 1;
SELECT event_data - '{agent_id,transfer_id}'::text[] AS event FROM voiceagent.events WHERE tenant_id = :tenant AND event_type = 'call_transferred' ORDER BY event_id LIMIT 1;
SELECT transferred_to FROM voiceagent_bi.call_list WHERE call_id IN (:one, :four) ORDER BY call_id;
-- Nobody took it; after the end there is a wrap-up, then the turn is theirs again.
SELECT voiceagent_private.record_unanswered_transfer(:two);
UPDATE voiceagent.provider_requests SET state = 'done', next_at = NULL, done_at = voiceagent.clock() WHERE tenant_id = :tenant AND call_id IN (:one, :three) AND kind = 'transfer';
UPDATE voiceagent.provider_requests SET state = 'sending' WHERE tenant_id = :tenant AND call_id = :two;
SELECT voiceagent_private.record_unanswered_transfer(:two);
SELECT agent, state FROM voiceagent.transfer_list WHERE tenant_id = :tenant ORDER BY transfer_id;
-- Our side of a call that was put through ends, unless nobody took the call.
SELECT bool_and(o.call_id IN (:one, :three)) AS put_through, count(*) FROM voiceagent_private.over_media_calls(ARRAY[:tenant, :tenant, :tenant], ARRAY[:one, :two, :three]) o;
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
-- ... and does not end the call itself, however the assistant took its leave.
SAVEPOINT leave;
SELECT voiceagent_private.end_media_session(c, 'we have hung up', true, '{}') FROM unnest(ARRAY[:one, :two, :three]) c \g /dev/null
SELECT call_id = :two AS whom_nobody_took, count(*) FROM voiceagent.provider_requests WHERE tenant_id = :tenant AND kind = 'hangup' GROUP BY 1;
ROLLBACK TO leave;
UPDATE voiceagent.calls SET status = 'completed', outcome = 'completed', answered_at = started_at, ended_at = voiceagent.clock() + interval '1 minute' WHERE tenant_id = :tenant AND call_id = :two;
SELECT pg_temp.at('2026-03-17 12:01:30');
SELECT pg_temp.through(:four) AS wraps_up;
SELECT pg_temp.at('2026-03-17 12:02:01');
SELECT pg_temp.through(:four) AS free_again;
-- By what they know; of what nobody knows the assistant is told.
UPDATE voiceagent.calls SET status = 'completed', outcome = 'completed', answered_at = started_at, ended_at = voiceagent.clock() WHERE tenant_id = :tenant AND call_id IN (:one, :three, :four);
SELECT pg_temp.at('2026-03-17 13:00');
SELECT pg_temp.through(:five, '{"skill": "Plumbing"}') AS unknown, pg_temp.through(:five, '{"skill": " RENTALS "}') AS rentals;

-- Hours, members, switches.
UPDATE voiceagent.provider_accounts SET provider = 'sandbox' WHERE provider_account_id = :account;
SELECT pg_temp.rings('IN-6', '+12125550115') AS six, pg_temp.rings('IN-7', '+12125550116') AS seven, pg_temp.rings('IN-8', '+12125550118') AS eight \gset
UPDATE voiceagent.provider_accounts SET provider = 'twilio' WHERE provider_account_id = :account;
SELECT pg_temp.at('2026-03-18 12:00');
SELECT voiceagent.create_member(:tenant, 'r79@example.com', 'a long password 1', 'viewer') AS member \gset
SELECT voiceagent.update_agent(:bob, jsonb_build_object('member_id', :member));
SELECT name, is_there FROM voiceagent.list_agents() ORDER BY name;
SELECT voiceagent.update_member(:member, active => false);
SELECT name, is_there FROM voiceagent.list_agents() ORDER BY name;
SELECT voiceagent.update_agent(:night, '{"active": false}');
SELECT pg_temp.through(:six) AS nobody;
SELECT pg_temp.at('2026-03-17 08:59:59');
SELECT is_there FROM voiceagent.list_agents() WHERE name = 'Ann Lee';
SELECT pg_temp.at('2026-03-17 09:00');
SELECT is_there FROM voiceagent.list_agents() WHERE name = 'Ann Lee';
SELECT pg_temp.at('2026-03-17 17:00');
SELECT is_there FROM voiceagent.list_agents() WHERE name = 'Ann Lee';
-- Never outside of what is allowed: the platform's and the tenant's, at the transfer as well.
SELECT voiceagent.update_agent(:night, '{"active": true}');
SELECT voiceagent.set_setting('transfer_destinations', '+1646 +49');
SELECT pg_temp.through(:six) AS not_allowed;
\set ON_ERROR_ROLLBACK on
SELECT voiceagent.transfer_call(:six, '+12125550299');
SELECT voiceagent.add_agent('Eve', '{+12125550205}');
SELECT voiceagent.update_phone_number(:n, '{"forward_to_number": "+12125550299"}');
\set ON_ERROR_ROLLBACK off
SELECT voiceagent.set_setting('transfer_destinations', '');
SELECT voiceagent.transfer_call(:six, '(212) 555-0299') > 0 AS by_a_person;
SELECT agent, phone, way FROM voiceagent.transfer_list WHERE tenant_id = :tenant AND call_id = :six;

-- A carrier that asks to whom: warm, and what it is told; asked again it is told the same.
UPDATE voiceagent.provider_accounts SET provider = 'vapi' WHERE provider_account_id = :account;
SELECT voiceagent.create_endpoint(:account) IS NOT NULL AS made;
SELECT min(endpoint_id) AS endpoint FROM voiceagent.webhook_endpoints WHERE tenant_id = :tenant \gset
SELECT voiceagent.call_tool(:eight, 'take_message', '{"message": "Hi", "name": "Dora {{x}} Lane"}') ->> 'result' AS message;
SELECT (voiceagent_private.run_carrier_tool(:endpoint, NULL, 'IN-8', '{"name": "transfer", "toolCallId": "transfer-5", "asksDestination": true}')).* FROM generate_series(1, 2);
SELECT agent, way, state FROM voiceagent.transfer_list WHERE tenant_id = :tenant AND call_id = :eight;
-- Twice at once is once; when the caller comes back, nobody else is there.
SELECT (voiceagent_private.run_carrier_tool(:endpoint, NULL, 'IN-8', '{"name": "transfer", "toolCallId": "transfer-6", "asksDestination": true}')).*;
SELECT pg_temp.at('2026-03-17 17:00:21');
SELECT (voiceagent_private.run_carrier_tool(:endpoint, NULL, 'IN-8', '{"name": "transfer", "toolCallId": "transfer-7", "asksDestination": true}')).*;
SELECT voiceagent_private.is_transferred(:eight), voiceagent_private.is_transferred(:seven);
-- The agent goes; what it was given stays.
SELECT voiceagent.remove_agent(:night);
SELECT agent, phone FROM voiceagent.transfer_list WHERE tenant_id = :tenant AND call_id = :eight;
\set ON_ERROR_ROLLBACK on
SELECT voiceagent.add_agent(' ', '{+12125550205}');
SELECT voiceagent.add_agent('Eve', '{}');
SELECT voiceagent.add_agent('Eve', '{12}');
SELECT voiceagent.add_agent('{{secret}}', '{+12125550205}');
SELECT voiceagent.add_agent('Ann Lee', '{+12125550205}');
SELECT voiceagent.add_agent('Eve', '{+12125550205}', timezone => 'Mars/Crater');
SELECT voiceagent.add_agent('Eve', '{+12125550205}', hours => '{"mon": "always"}');
SELECT voiceagent.add_agent('Eve', '{+12125550205}', tier => 0);
SELECT voiceagent.add_agent('Eve', '{+12125550205}', wrap_up => '-1 hour');
SELECT voiceagent.add_agent('Eve', '{+12125550205}', member_id => 0);
SELECT voiceagent.update_agent(:ann, '{"pay": 1}');
SELECT voiceagent.update_agent(:ann, '{"tier": "first"}');
SELECT voiceagent.update_agent(:ann, '{"tier": null}');
SELECT voiceagent.update_agent(0, '{"tier": 2}');
SELECT voiceagent.remove_agent(0);
\set ON_ERROR_ROLLBACK off
-- Nothing of another tenant's.
SELECT set_config('r79.call', :'seven', true) IS NOT NULL AS kept, set_config('r79.agent', :'ann', true) IS NOT NULL AS kept;
SELECT pg_temp.tenant('r79 other') AS other \gset
SELECT count(*) AS agents, (SELECT count(*) FROM voiceagent.transfer_list WHERE tenant_id = voiceagent.current_tenant()) AS transfers FROM voiceagent.list_agents();
\set ON_ERROR_ROLLBACK on
\set VERBOSITY sqlstate
SELECT voiceagent.update_agent(current_setting('r79.agent')::bigint, '{"active": false}');
\set VERBOSITY terse
SELECT pg_temp.through(current_setting('r79.call')::bigint);
ROLLBACK;
