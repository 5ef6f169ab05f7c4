-- What-if: the rules of the claim over all leads of a campaign, without a trace; when it would be done, and what it would cost.
\set VERBOSITY terse
SET client_min_messages = warning;
SET voiceagent.public_base_url = 'https://calls.example.com';
SET timezone = 'UTC';
CREATE FUNCTION pg_temp.at(t timestamptz) RETURNS text LANGUAGE sql AS $$
	SELECT set_config('voiceagent.clock_offset', extract(epoch FROM t - clock_timestamp())::text, false) IS NOT NULL $$;
-- Friday, 18 June 2027, 15:00 UTC: 11:00 in New York, 08:00 in Los Angeles
SELECT pg_temp.at('2027-06-18 15:00+00') \g /dev/null
CREATE FUNCTION pg_temp.leads(prefix text, n int, zones text[], region text, first_name text DEFAULT 'Ann') RETURNS bigint[] LANGUAGE sql AS $$
	WITH made AS (
		INSERT INTO voiceagent.leads (tenant_id, phone, first_name, country, timezones, region, created_at)
		SELECT voiceagent.current_tenant(), prefix || lpad(i::text, 6, '0'), first_name, left(region, 2), zones, region, voiceagent.clock() FROM generate_series(1, n) i RETURNING lead_id
	) SELECT array_agg(lead_id ORDER BY lead_id) FROM made $$;
CREATE FUNCTION pg_temp.show(preview jsonb, VARIADIC keys text[]) RETURNS TABLE (key text, value jsonb) LANGUAGE sql AS $$
	SELECT k, preview -> k FROM unnest(keys) WITH ORDINALITY AS u(k, n) ORDER BY n $$;
SELECT voiceagent.create_tenant('r90 preview', 'America/New_York', 100000) AS tenant \gset
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT voiceagent.create_assistant('Ann', 'Hello {{first_name}}', 'Be kind.') AS ann \gset
INSERT INTO voiceagent.provider_accounts (tenant_id, provider, name, base_url, settings, max_concurrent_calls, armed_at, created_at)
VALUES (:tenant, 'vapi', 'one', 'https://carrier.example', '{"phone_number_id": "theirs"}', 10, '2027-01-01', '2027-01-01') RETURNING provider_account_id AS account \gset
SELECT pg_temp.leads('+12128', 40, '{America/New_York}', 'US-NY') AS ny, pg_temp.leads('+13108', 20, '{America/Los_Angeles}', 'US-CA') AS ca,
	pg_temp.leads('+12129', 4, '{America/New_York}', 'US-NY', '') AS unnamed, pg_temp.leads('+19998', 2, '{}', NULL) AS nowhere \gset
SELECT voiceagent.create_campaign('Real', :ann, settings => jsonb_build_object('provider_account_id', :account, 'calling_hours', '{"start": "00:00", "end": "24:00"}'::jsonb, 'call_interval', 0)) AS c \gset
SELECT voiceagent.add_leads(:c);
-- half of the leads of New York have agreed, all of California; one is listed, one has been called three times today, one once
SELECT count(voiceagent.record_consent(i, 'call', 'form')) FROM unnest((:'ny'::bigint[])[1:20] || :'ca'::bigint[] || :'unnamed'::bigint[] || :'nowhere'::bigint[]) i;
SELECT voiceagent.do_not_call(phone, 'asked') FROM voiceagent.leads WHERE lead_id = (:'ny'::bigint[])[40] \g /dev/null
COMMIT;

-- A read-only transaction is enough: nothing is written, no lane and no number is used up.
BEGIN READ ONLY;
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT * FROM pg_temp.show(voiceagent.preview_campaign(:c, at => '2027-06-18 15:00+00'), 'lawful', 'leads', 'callable', 'callable_now', 'blocked', 'obstacles', 'confirmation');
COMMIT;
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT voiceagent.set_setting('caller_name', 'Acme'), voiceagent.set_setting('caller_phone', '+1 800 555 0100'), voiceagent.set_setting('call_subject', 'roofs') \g /dev/null
SELECT voiceagent.update_campaign(:c, '{"number_calls_per_day": 3}') \g /dev/null
-- the law's hours, and the lead's clock
SELECT * FROM pg_temp.show(voiceagent.preview_campaign(:c, at => '2027-06-18 15:00+00'), 'callable', 'callable_now', 'blocked', 'lanes', 'first_windows', 'concurrent_calls', 'calls_per_hour', 'expected_dials', 'estimated_cost', 'worst_cost', 'estimated_finish', 'money_ends_at', 'assumptions');
-- what if: one line; at night
SELECT * FROM pg_temp.show(voiceagent.preview_campaign(:c, 1, '2027-06-18 15:00+00'), 'concurrent_calls', 'calls_per_hour', 'estimated_finish');
SELECT * FROM pg_temp.show(voiceagent.preview_campaign(:c, at => '2027-06-19 03:30+00'), 'callable_now', 'first_windows', 'estimated_finish');
-- the same calls as the claim would place: the leads that it skips when it is started are those that were said to be blocked
SAVEPOINT s;
SELECT voiceagent.remove_leads(:c, :'unnamed') \g /dev/null
SELECT voiceagent.confirm_campaign(:c, 'Real') \g /dev/null
SELECT voiceagent.start_campaign(:c);
SELECT m.status || coalesce(': ' || m.reason, '') AS state, count(*) FROM voiceagent.campaign_leads m WHERE m.campaign_id = :c GROUP BY 1 ORDER BY 1;
ROLLBACK TO s;
-- caps of the number: called three times since midnight, it is delayed; a cap for life blocks it
INSERT INTO voiceagent.calls (tenant_id, campaign_id, lead_id, phone, assistant_id, assistant_version, campaign_version, provider_account_id, attempt_number, status, outcome, started_at, ended_at, lawful)
SELECT :tenant, :c, l.lead_id, l.phone, :ann, 1, 1, :account, i, 'no_answer', 'no_answer', voiceagent.clock() - i * interval '1 hour', voiceagent.clock() - i * interval '1 hour', true
FROM voiceagent.leads l, generate_series(1, 3) i WHERE l.lead_id = (:'ny'::bigint[])[1];
UPDATE voiceagent.leads SET call_attempts = 3 WHERE lead_id = (:'ny'::bigint[])[1];
SELECT * FROM pg_temp.show(voiceagent.preview_campaign(:c, at => '2027-06-18 15:00+00'), 'callable', 'callable_now', 'called_enough_for_now');
SELECT voiceagent.update_campaign(:c, '{"number_calls_lifetime": 3}') \g /dev/null
SELECT * FROM pg_temp.show(voiceagent.preview_campaign(:c, at => '2027-06-18 15:00+00'), 'callable', 'blocked');
ROLLBACK TO s;
-- expectation and finish come from the tenant's own calls: 60 of them, a third answered for two minutes
INSERT INTO voiceagent.calls (tenant_id, campaign_id, lead_id, phone, assistant_id, assistant_version, campaign_version, provider_account_id, attempt_number, status, outcome, duration_seconds, started_at, ended_at, lawful)
SELECT :tenant, :c, (:'ca'::bigint[])[1], '+13108000001', :ann, 1, 1, :account, 1, CASE WHEN i % 3 = 0 THEN 'completed' ELSE 'no_answer' END, CASE WHEN i % 3 = 0 THEN 'interested' ELSE 'no_answer' END,
	CASE WHEN i % 3 = 0 THEN 120 ELSE 0 END, '2027-06-01', '2027-06-01', true FROM generate_series(1, 60) i;
SELECT * FROM pg_temp.show(voiceagent.preview_campaign(:c, at => '2027-06-18 15:00+00'), 'calls_per_hour', 'expected_dials', 'estimated_cost', 'estimated_finish', 'assumptions');
ROLLBACK TO s;
-- money: a cap of the day spreads the calls over days, the cap of the whole ends them, and what is spent already counts
SELECT voiceagent.update_campaign(:c, '{"spend_cap_per_day": 7}') \g /dev/null
SELECT * FROM pg_temp.show(voiceagent.preview_campaign(:c, at => '2027-06-18 15:00+00'), 'spend_left', 'estimated_finish', 'money_ends_at');
SELECT voiceagent.update_campaign(:c, '{"spend_cap_per_day": null, "spend_cap": 5}') \g /dev/null
SELECT * FROM pg_temp.show(voiceagent.preview_campaign(:c, at => '2027-06-18 15:00+00'), 'spend_left', 'estimated_finish', 'money_ends_at');
SELECT voiceagent.update_campaign(:c, '{"spend_cap": 3}') \g /dev/null
UPDATE voiceagent.provider_accounts SET resumes_at = '2027-06-18 16:00+00', trouble = 'http-500' WHERE provider_account_id = :account;
SELECT * FROM pg_temp.show(voiceagent.preview_campaign(:c, at => '2027-06-18 15:00+00'), 'obstacles');
ROLLBACK TO s;
-- no hour that the law and the campaign share
SELECT voiceagent.update_campaign(:c, '{"calling_hours": {"start": "22:00", "end": "23:00"}}') \g /dev/null
SELECT * FROM pg_temp.show(voiceagent.preview_campaign(:c, at => '2027-06-18 15:00+00'), 'callable', 'blocked', 'estimated_finish', 'expected_dials');
ROLLBACK TO s;
-- the request for one lead: where its events come, and with which proof; what a machine hears
UPDATE voiceagent.provider_accounts SET settings = '{"phone_number_id": "theirs", "webhook": {"type": "bearer"}}' WHERE provider_account_id = :account;
SELECT voiceagent_private.add_endpoint(:account) \g /dev/null
SELECT voiceagent.update_campaign(:c, '{"machine_detection": "message", "voicemail_message": "Call {{caller}} back.", "caller_toll_free": "+1 800 555 0101"}') \g /dev/null
SELECT r #>> '{assistant,server,url}' AS url, r #> '{assistant,server,headers}' AS headers, r #>> '{assistant,firstMessage}' AS first_message,
	r #>> '{assistant,voicemailMessage}' AS voicemail_message, r #> '{assistant,voicemailDetection}' IS NOT NULL AS detects
FROM (SELECT voiceagent.preview_request(:c, (:'ny'::bigint[])[1]) -> 'body' AS r) x \gx
ROLLBACK TO s;
-- who calls back the number that is shown reaches somebody only if it is registered; a pool's are
UPDATE voiceagent.provider_accounts SET settings = '{"from_number": "+12125550001"}' WHERE provider_account_id = :account;
SELECT ARRAY(SELECT w.says FROM voiceagent_private.preview_warnings(:c) w) = ARRAY[format('people who call back will not reach you: provider account %s (one) calls from +12125550001, which is not one of your numbers', :account),
	format('nobody has heard its assistant through the provider account %s (one) yet: no test_call() by it was answered', :account)] AS warned,
	(SELECT jsonb_agg(w.says) FROM voiceagent_private.preview_warnings(:c) w) = voiceagent.preview_campaign(:c) -> 'warnings' AS told;
SELECT c ->> 'key' AS key, c ->> 'state' AS state, c ->> 'mend' AS mend FROM jsonb_array_elements(voiceagent.preview_campaign(:c) -> 'checks') c WHERE c ->> 'state' = 'warns';
INSERT INTO voiceagent.phone_numbers (tenant_id, phone_number, provider_account_id, state, proof, timezone, created_at)
VALUES (:tenant, '+12125550002', :account, 'ready', 'tenant', 'UTC', '2027-01-01') RETURNING phone_number_id AS other_number \gset
SELECT count(*) AS another_number FROM voiceagent_private.preview_warnings(:c);
INSERT INTO voiceagent.campaign_numbers (tenant_id, campaign_id, phone_number_id) VALUES (:tenant, :c, :other_number);
SELECT count(*) AS pool FROM voiceagent_private.preview_warnings(:c);
DELETE FROM voiceagent.campaign_numbers WHERE campaign_id = :c;
UPDATE voiceagent.phone_numbers SET phone_number = '+12125550001' WHERE phone_number_id = :other_number;
SELECT count(*) AS registered FROM voiceagent_private.preview_warnings(:c);
ROLLBACK TO s;
-- each check has a key, a state and what mends it, whatever language its page speaks; leads that are left out have one reason, counted
UPDATE voiceagent.assistants SET active = false WHERE assistant_id = (SELECT assistant_id FROM voiceagent.campaigns WHERE campaign_id = :c);
SELECT voiceagent.update_campaign(:c, '{"calling_hours": {"start": "22:00", "end": "23:00"}}') \g /dev/null
SELECT c ->> 'key' AS key, c ->> 'state' AS state, c -> 'number' AS number, c ->> 'mend' AS mend FROM jsonb_array_elements(voiceagent.preview_campaign(:c, at => '2027-06-18 15:00+00') -> 'checks') WITH ORDINALITY AS x(c, n) ORDER BY n;
SELECT p -> 'obstacles' = jsonb_path_query_array(p, '$.checks[*] ? (@.state == "stops").says') AS obstacles, p -> 'warnings' = jsonb_path_query_array(p, '$.checks[*] ? (@.state == "warns" && @.says != null).says') AS warnings,
	(SELECT sum((c ->> 'number')::numeric) FROM jsonb_array_elements(p -> 'checks') c WHERE c ->> 'state' = 'leads') + (p ->> 'callable')::numeric = (p ->> 'leads')::numeric AS all_leads
FROM voiceagent.preview_campaign(:c, at => '2027-06-18 15:00+00') p;
SELECT string_agg(DISTINCT voiceagent.explain_reason(r) ->> 'key', ' ') AS keys, bool_or((voiceagent.explain_reason(r) ->> 'key') = 'other') AS unknown FROM unnest('{completed,failed: no_answer,skipped: removed,expired,calling,do_not_call,skipped: do_not_call: held,do_not_call: national,
	missing variable,skipped: missing variable,no attempts left,wrong number,no recorded consent to be called,lifetime cap of 3 calls to the number,the national do-not-call list is missing or too old,
	the law wants the caller named: set caller_name,unknown time zone,no legal calling window,no calling window}'::text[]) AS r;
ROLLBACK TO s;
SELECT voiceagent.preview_campaign(:c, 0);
ROLLBACK TO s;
SELECT voiceagent.preview_campaign(:c, at => 'infinity');
ROLLBACK TO s;
SELECT voiceagent.preview_campaign(-1);
ROLLBACK;

-- The simulation against reckoning by hand: 800 dials an hour, nobody needs another; 9 hours a day: 20,000 take 25 hours, to 17:00 on the third day.
SELECT s.* FROM voiceagent_private.simulate_dialling(ARRAY[ROW('{UTC}', NULL, NULL, 20000, NULL, NULL)::voiceagent_private.preview_lane],
	voiceagent_private.hours_windows('{"start": "10:00", "end": "19:00"}'), false, '2027-06-18 10:00+00', 800, 0, 1, '2 hours', NULL, NULL, 'UTC') s;
-- half need another dial, two hours later: 400, and 200 that are due from 12:00 on, as the first 400 were dialled within half an hour
SELECT s.* FROM voiceagent_private.simulate_dialling(ARRAY[ROW('{UTC}', NULL, NULL, 400, NULL, NULL)::voiceagent_private.preview_lane],
	voiceagent_private.hours_windows('{"start": "10:00", "end": "19:00"}'), false, '2027-06-18 10:00+00', 800, 0.5, 2, '2 hours', NULL, NULL, 'UTC') s;
-- two zones share the lines: while both are open each gets its share, then the later one has them alone
SELECT s.* FROM voiceagent_private.simulate_dialling(ARRAY[ROW('{America/New_York}', NULL, NULL, 3600, NULL, NULL)::voiceagent_private.preview_lane, ROW('{America/Los_Angeles}', NULL, NULL, 3600, NULL, NULL)::voiceagent_private.preview_lane],
	voiceagent_private.hours_windows('{"start": "10:00", "end": "19:00"}'), false, '2027-06-18 14:00+00', 600, 0, 1, '2 hours', NULL, NULL, 'UTC') s;
-- 100 dials a day, and 250 in all
SELECT s.* FROM voiceagent_private.simulate_dialling(ARRAY[ROW('{UTC}', NULL, NULL, 400, NULL, NULL)::voiceagent_private.preview_lane],
	voiceagent_private.hours_windows('{"start": "10:00", "end": "19:00"}'), false, '2027-06-18 10:00+00', 100, 0, 1, '2 hours', 250, 100, 'UTC') s;
-- never open
SELECT s.* FROM voiceagent_private.simulate_dialling(ARRAY[ROW('{}', NULL, NULL, 400, NULL, NULL)::voiceagent_private.preview_lane],
	voiceagent_private.hours_windows('{"start": "10:00", "end": "19:00"}'), false, '2027-06-18 10:00+00', 100, 0, 1, '2 hours', NULL, NULL, 'UTC') s;

-- All leads are judged in one pass, although the planner knows nothing of the tenant: 20,000 of them, each with a
-- consent, are a matter of a second, as each is looked up by its key. That other leads of the tenant are not read at
-- all is for r90_lookups.
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT cardinality(pg_temp.leads('+14158', 20000, '{America/Los_Angeles}', 'US-CA')) AS leads;
INSERT INTO voiceagent.consents (tenant_id, lead_id, phone, kind, source, granted_at) SELECT tenant_id, lead_id, phone, 'call', 'form', created_at FROM voiceagent.leads WHERE tenant_id = :tenant AND phone LIKE '+14158%';
SELECT voiceagent.set_setting('caller_name', 'Acme'), voiceagent.set_setting('caller_phone', '+1 800 555 0100'), voiceagent.set_setting('call_subject', 'roofs') \g /dev/null
SELECT voiceagent.add_leads(:c) AS added;
CREATE FUNCTION pg_temp.read(tab regclass) RETURNS bigint LANGUAGE sql AS $$
	SELECT pg_stat_get_xact_tuples_returned(tab) + pg_stat_get_xact_tuples_fetched(tab) + (SELECT coalesce(sum(pg_stat_get_xact_tuples_returned(i.indexrelid)), 0) FROM pg_index i WHERE i.indrelid = tab)::bigint $$;
SELECT pg_temp.read('voiceagent.leads') AS leads, pg_temp.read('voiceagent.campaign_leads') AS members, pg_temp.read('voiceagent.consents') AS consents, pg_temp.read('voiceagent.calls') AS calls \gset
SET LOCAL statement_timeout = '120s';
SELECT (voiceagent.preview_campaign(:c) ->> 'callable')::int AS callable;
SELECT pg_temp.read('voiceagent.leads') - :leads < 3 * 20100 AS leads, pg_temp.read('voiceagent.campaign_leads') - :members < 5 * 20100 AS members,
	pg_temp.read('voiceagent.consents') - :consents < 3 * 20100 AS consents, pg_temp.read('voiceagent.calls') - :calls < 200 AS calls;
ROLLBACK;
SELECT voiceagent_private.set_tenant(0) IS NOT NULL AS done;
