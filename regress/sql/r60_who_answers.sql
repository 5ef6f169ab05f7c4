-- A call to a number: what answers it, when, and which callers it refuses.
\set VERBOSITY terse
SET client_min_messages = warning;
\set ECHO none
\i sql/r50_setup.inc
\set ECHO all
BEGIN;
SELECT pg_temp.tenant('r60 who answers') AS tenant \gset
SELECT min(provider_account_id) AS account FROM voiceagent.provider_accounts WHERE tenant_id = :tenant \gset
UPDATE voiceagent.provider_accounts SET settings = '{"stream_url": "wss://talk.example.com/x"}' WHERE provider_account_id = :account;
SELECT voiceagent.create_assistant('Desk', 'Hello', 'Be kind.') AS assistant \gset
SELECT voiceagent.create_phone_number('+12125550001', :account, jsonb_build_object('ai_assistant_id', :assistant, 'forward_to_number', '+12125550002',
	'business_hours_start', '09:00', 'business_hours_end', '17:00', 'timezone', 'America/New_York')) AS n \gset
CREATE FUNCTION pg_temp.answers(at timestamptz, caller text DEFAULT '+13055550100') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_plan jsonb;
BEGIN
	PERFORM set_config('voiceagent.clock_offset', extract(epoch FROM at - clock_timestamp())::text, true);
	v_plan := voiceagent_private.answer_incoming((SELECT min(a.provider_account_id) FROM voiceagent.provider_accounts a
		WHERE a.tenant_id = voiceagent.current_tenant()), caller, '+12125550001');
	PERFORM set_config('voiceagent.clock_offset', '0', true);
	RETURN concat_ws(' ', v_plan ->> 'kind', v_plan ->> 'text', v_plan ->> 'refused');
END
$$;
\set day '2026-03-17 11:00-04'
\set night '2026-03-17 22:00-04'
-- The office by day, the assistant at night; or as the number says.
SELECT pg_temp.answers(:'day') AS day, pg_temp.answers(:'night') AS night;
SELECT voiceagent.update_phone_number(:n, '{"in_hours": "assistant", "after_hours": "forward"}');
SELECT pg_temp.answers(:'day') AS day, pg_temp.answers(:'night') AS night, voiceagent.get_phone_number(:n) ->> 'hint' LIKE 'Usual is%' AS hint;
SELECT voiceagent.update_phone_number(:n, '{"in_hours": "message", "greeting_message": "We are all out.", "after_hours": "reject"}');
SELECT pg_temp.answers(:'day') AS day, pg_temp.answers(:'night') AS night;
SELECT voiceagent.update_phone_number(:n, '{"in_hours": null, "after_hours": null, "greeting_message": null}');
-- What an answer needs is not taken away under it.
SAVEPOINT s;
SELECT voiceagent.update_phone_number(:n, '{"in_hours": "forward", "forward_to_number": null}');
ROLLBACK TO s;
-- Days with hours of their own: a date, a rule for a holiday, the holidays of a country; the more exact goes first.
SELECT voiceagent.update_phone_number(:n, '{"other_days": {"03-17": "closed", "2026-03-18": "12:00-13:00", "DE": "closed", "12-25": "10:00-11:00", "easter-2": "closed"}}');
SELECT at, pg_temp.answers(at::timestamptz) FROM unnest(ARRAY['2026-03-17 11:00-04', '2027-03-17 11:00-04', '2026-03-18 11:00-04', '2026-03-18 12:30-04',
	'2027-03-18 11:00-04', '2026-05-01 11:00-04', '2026-05-02 11:00-04', '2026-12-25 10:30-05', '2026-12-25 11:30-05', '2026-04-03 11:00-04',
	-- the day is New York's
	'2026-05-02 03:30+00', '2026-04-30 15:00+00']) at;
SELECT voiceagent.update_phone_number(:n, '{"other_days": null}');
-- Callers that the number takes.
SELECT voiceagent.block_caller('(305) 555-0100', 'spam');
SELECT pg_temp.answers(:'day') AS blocked, pg_temp.answers(:'day', '+13055550101') AS another;
SELECT phone, reason FROM voiceagent.blocked_callers WHERE tenant_id = :tenant;
SELECT voiceagent.unblock_caller('+13055550100'), voiceagent.unblock_caller('+13055550100') AS again;
SELECT voiceagent.update_phone_number(:n, '{"known_callers_only": true}');
SELECT voiceagent.add_lead('+13055550100') > 0 AS lead;
SELECT pg_temp.answers(:'night') AS known, pg_temp.answers(:'night', '+13055550101') AS stranger, pg_temp.answers(:'night', NULL) AS withheld;
SELECT voiceagent.update_phone_number(:n, '{"known_callers_only": false, "calls_per_caller": 2, "calls_per_day": 3}');
CREATE FUNCTION pg_temp.rings(id text, caller text, at timestamptz) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('voiceagent.clock_offset', extract(epoch FROM at - clock_timestamp())::text, true);
	PERFORM voiceagent_private.begin_incoming_call((SELECT min(a.provider_account_id) FROM voiceagent.provider_accounts a
		WHERE a.tenant_id = voiceagent.current_tenant()), id, caller, '+12125550001');
	PERFORM voiceagent_private.end_incoming(ARRAY(SELECT c.call_id FROM voiceagent.calls c
		WHERE c.tenant_id = voiceagent.current_tenant() AND c.provider_call_id = id));
	PERFORM set_config('voiceagent.clock_offset', '0', true);
	RETURN (SELECT concat_ws(' ', i.answer, i.plan ->> 'refused') FROM voiceagent.call_inbound i
		WHERE i.tenant_id = voiceagent.current_tenant() AND i.provider_call_id = id);
END
$$;
SELECT n, pg_temp.rings(n || 'a', '+13055550100', :'night') AS one_caller, pg_temp.rings(n || 'b', '+13055550200', :'night') AS another FROM generate_series(1, 3) n;
-- Told a second time it is not one more.
SELECT pg_temp.rings('1a', '+13055550100', :'night') AS known, pg_temp.rings('5', '+13055550300', timestamptz :'night' + interval '1 day') AS next_day;
SELECT string_agg(DISTINCT e.detail, E'\n') FROM voiceagent.calls c CROSS JOIN LATERAL voiceagent.explain_call(c.call_id) e
WHERE c.tenant_id = :tenant AND e.rule = 'answer';
-- Without a person the words are said, and without words nobody answers.
SELECT voiceagent.update_phone_number(:n, '{"calls_per_caller": null, "forward_to_number": null, "in_hours": "assistant", "after_hours": "assistant", "after_hours_message": "Please call again tomorrow."}');
SELECT pg_temp.answers(:'night') AS words;
SELECT voiceagent.update_phone_number(:n, '{"after_hours_message": null}');
SELECT pg_temp.answers(:'night') AS nothing;
ROLLBACK;

-- Several leads with one number: the one with something open, else the one called last; strangers are nobody, and nobody's words are heard.
BEGIN;
SELECT pg_temp.tenant('r60 shared number') AS tenant \gset
SELECT voiceagent.add_lead('+13055550110', 'Ann') AS ann, voiceagent.add_lead('+13055550111', 'Bob') AS bob \gset
SELECT voiceagent.add_lead_number(:ann, '+13055550199'), voiceagent.add_lead_number(:bob, '+13055550199');
CREATE FUNCTION pg_temp.caller() RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', coalesce((SELECT l.first_name FROM voiceagent.leads l WHERE l.tenant_id = voiceagent.current_tenant() AND l.lead_id = c.lead_id), 'nobody'), c.ambiguous)
	FROM voiceagent_private.lead_of_caller('+13055550199') c $$;
SELECT pg_temp.caller() AS strangers;
UPDATE voiceagent.leads SET last_contacted_at = voiceagent.clock() WHERE tenant_id = :tenant AND lead_id = :bob;
SELECT pg_temp.caller() AS called_last;
UPDATE voiceagent.leads SET follow_up = 'callback' WHERE tenant_id = :tenant AND lead_id = :ann;
SELECT pg_temp.caller() AS something_open;
SELECT voiceagent.remove_lead_number(:bob, 2);
SELECT pg_temp.caller() AS alone;
ROLLBACK;

-- The line that stops: at any hour, in the language of its country, and no key where there is no number to list; refused where nothing would hear it.
BEGIN;
SELECT pg_temp.tenant('r60 stop line') AS tenant \gset
SELECT c.country, s ->> 'language' AS language, s ->> 'opt_out_key' AS key, s ->> 'text' AS words
FROM unnest('{US,MX,FR,AT,IT}'::text[]) c(country) CROSS JOIN LATERAL voiceagent_private.stop_line(jsonb_populate_record(NULL::voiceagent.phone_numbers, jsonb_build_object('country', c.country)),
	jsonb_populate_record(NULL::voiceagent.provider_accounts, '{"provider": "twilio", "settings": {}}'), NULL, '+13055550100', 'CA1') s;
SELECT s ->> 'opt_out_key' AS key, s ->> 'text' AS words FROM unnest('{anonymous,+266696687,""}'::text[]) f(caller) CROSS JOIN LATERAL voiceagent_private.stop_line(
	jsonb_populate_record(NULL::voiceagent.phone_numbers, '{"country": "US"}'), jsonb_populate_record(NULL::voiceagent.provider_accounts, '{"provider": "twilio", "settings": {}}'), NULL, f.caller, 'CA1') s;
SELECT voiceagent_private.who_answers(jsonb_populate_record(NULL::voiceagent.phone_numbers, '{"in_hours": "stop_line", "after_hours": "reject"}'), o) FROM unnest('{t,f}'::boolean[]) o;
UPDATE voiceagent.provider_accounts SET provider = 'vapi', settings = '{}' WHERE tenant_id = :tenant;
SELECT min(provider_account_id) AS account FROM voiceagent.provider_accounts WHERE tenant_id = :tenant \gset
SAVEPOINT s;
SELECT voiceagent_private.apply_number_rules(jsonb_populate_record(NULL::voiceagent.phone_numbers, jsonb_build_object('provider_account_id', :account)), '{"in_hours": "stop_line"}');
ROLLBACK TO s;
SELECT voiceagent_private.apply_number_rules(NULL, '{"after_hours": "stop_line"}');
ROLLBACK TO s;
UPDATE voiceagent.provider_accounts SET provider = 'plivo' WHERE tenant_id = :tenant;
SELECT (voiceagent_private.apply_number_rules(jsonb_populate_record(NULL::voiceagent.phone_numbers, jsonb_build_object('provider_account_id', :account)), '{"in_hours": "stop_line"}')).in_hours;
ROLLBACK;

-- Whoever was called in another language than the number's hears that one; everybody else hears the number's.
BEGIN;
SELECT pg_temp.tenant('r60 two languages') AS tenant \gset
SELECT min(provider_account_id) AS account FROM voiceagent.provider_accounts WHERE tenant_id = :tenant \gset
SELECT voiceagent.create_assistant('Desk', 'Hello', 'Be kind.') AS desk, voiceagent.create_assistant('Zoe', 'Bonjour', 'Sois aimable.', settings => '{"language": "fr"}') AS zoe \gset
SELECT voiceagent.create_phone_number('+12125550009', :account, jsonb_build_object('ai_assistant_id', :desk)) IS NOT NULL AS made;
UPDATE voiceagent.phone_numbers SET in_hours = 'stop_line' WHERE tenant_id = :tenant;
SELECT voiceagent.create_campaign('Paris', :zoe, settings => jsonb_build_object('provider_account_id', :account)) AS campaign, voiceagent.add_lead('+33142278186', 'Marie') AS marie \gset
INSERT INTO voiceagent.calls (tenant_id, lead_id, campaign_id, campaign_version, attempt_number, direction, phone, assistant_id, assistant_version, provider_account_id, status, outcome, counts, started_at, ended_at)
SELECT :tenant, :marie, :campaign, 1, 1, 'outbound', '+33142278186', :zoe, 1, g.provider_account_id, 'completed', 'not_interested', true, now() - interval '1 day', now() - interval '1 day' FROM voiceagent.campaigns g WHERE g.campaign_id = :campaign;
SELECT f.caller, s ->> 'language' AS language, s ->> 'text' AS words FROM unnest('{+33142278186,+33142278187}'::text[]) f(caller) CROSS JOIN LATERAL voiceagent_private.answer_incoming(:account, f.caller, '+12125550009', 'CA9') s;
UPDATE voiceagent.calls SET started_at = started_at - interval '8 days' WHERE tenant_id = :tenant;
SELECT voiceagent_private.answer_incoming(:account, '+33142278186', '+12125550009', 'CA9') ->> 'language' AS long_ago;
ROLLBACK;
