-- Before real people are called: a person types how many, and an owner can try the assistant on an own telephone first.
\set VERBOSITY default
\set SHOW_CONTEXT never
\set ECHO none
\i lib/evaluate.inc
\set ECHO all
SET client_min_messages = warning;
SET voiceagent.public_base_url = 'https://calls.example.com';
\set ECHO none
\i lib/inbox_setup.inc
\set ECHO all
-- Without the numbers of this run.
CREATE FUNCTION pg_temp.try(statement text) RETURNS TABLE (code text, message text, detail text, hint text) LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE statement INTO message;
	code := 'ok';
	RETURN NEXT;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	message := regexp_replace(message, 'lead \d+', 'lead N', 'g');
	hint := regexp_replace(hint, '\(\d+', '(N', 'g');
	RETURN NEXT;
END $$;
CREATE FUNCTION pg_temp.carrier(name text) RETURNS bigint LANGUAGE sql AS $$
	INSERT INTO voiceagent.provider_accounts (tenant_id, provider, name, base_url, settings, max_concurrent_calls, armed_at, created_at)
	VALUES (voiceagent.current_tenant(), 'vapi', name, 'https://carrier.example', '{"phone_number_id": "1"}', 10, '2027-01-01', '2027-01-01') RETURNING provider_account_id $$;
CREATE FUNCTION pg_temp.at(t timestamptz) RETURNS text LANGUAGE sql AS $$
	SELECT set_config('voiceagent.clock_offset', extract(epoch FROM t - clock_timestamp())::text, false) IS NOT NULL $$;
SELECT pg_temp.at('2027-06-18 15:00+00') \g /dev/null
BEGIN;
SELECT pg_temp.begin_calls('Confirm', ARRAY['1001']) > 0 AS ready;
SELECT voiceagent.set_setting('caller_name', 'Acme'), voiceagent.set_setting('caller_phone', '+1 800 555 0100'), voiceagent.set_setting('call_subject', 'roofs') \g /dev/null
SELECT voiceagent.add_lead(phone => '+1212555' || 2000 + i, first_name => 'Lead ' || i) IS NOT NULL AS added FROM generate_series(1, 20) i \g /dev/null
SELECT pg_temp.carrier('one') AS one, pg_temp.carrier('two') AS two, max(assistant_id) AS ann FROM voiceagent.assistants WHERE tenant_id = voiceagent.current_tenant() \gset
SELECT voiceagent.create_campaign('Real', :ann, settings => jsonb_build_object('provider_account_id', :one, 'call_interval', 0)) AS c \gset
SELECT voiceagent.add_leads(:c);
-- not before a person has typed how many people will be called
SELECT * FROM pg_temp.try('SELECT voiceagent.start_campaign(' || :c || ')');
SELECT * FROM pg_temp.try('SELECT voiceagent.confirm_campaign(' || :c || ', ''yes'')');
SELECT * FROM pg_temp.try('SELECT voiceagent.confirm_campaign(' || :c || ', NULL)');
SELECT * FROM pg_temp.try('SELECT voiceagent.confirm_campaign(' || :c || ', ''call 21 people'')');
SELECT voiceagent.confirm_campaign(:c, 'Call 20 people');
SELECT people, leads, confirmed_by <> '' AS by_whom, date_trunc('minute', confirmed_at) AS at FROM voiceagent.campaign_confirmations WHERE campaign_id = :c;
SELECT new_value - 'provider_account_id' AS audited FROM voiceagent.audit_log WHERE tenant_id = voiceagent.current_tenant() AND action = 'confirm_campaign';
SELECT voiceagent.start_campaign(:c);
-- a tenth more leads is within it; another lead holds the campaign back, until it is confirmed again
SELECT voiceagent.add_lead(phone => '+1212555' || 2020 + i, first_name => 'Lead ' || i, campaign_id => :c) IS NOT NULL AS added FROM generate_series(1, 2) i;
SELECT status, status_reason FROM voiceagent.campaigns WHERE campaign_id = :c;
SELECT voiceagent.add_lead(phone => '+12125552030', first_name => 'Lead', campaign_id => :c) IS NOT NULL AS added;
SELECT c.status, c.status_reason, p.next_dial_at FROM voiceagent.campaigns c JOIN voiceagent_private.pacing p USING (tenant_id, campaign_id) WHERE c.campaign_id = :c;
-- neither a start nor a mended account lets it go on
SELECT voiceagent.start_campaign(:c), voiceagent_private.resume_suspended(NULL, :one) AS resumed;
SELECT c.status, p.suspended IS NOT NULL AS held FROM voiceagent.campaigns c JOIN voiceagent_private.pacing p USING (tenant_id, campaign_id) WHERE c.campaign_id = :c;
SELECT voiceagent.confirm_campaign(:c, 'Real');
SELECT c.status, c.status_reason, p.next_dial_at, p.suspended FROM voiceagent.campaigns c JOIN voiceagent_private.pacing p USING (tenant_id, campaign_id) WHERE c.campaign_id = :c;
-- so does another carrier account
SELECT voiceagent.update_campaign(:c, jsonb_build_object('provider_account_id', :two));
SELECT status, status_reason FROM voiceagent.campaigns WHERE campaign_id = :c;
SELECT voiceagent.pause_campaign(:c);
SELECT * FROM pg_temp.try('SELECT voiceagent.resume_campaign(' || :c || ')');
-- a campaign that was scheduled is paused when its time comes, and says why
SELECT voiceagent.create_campaign('Later', :ann, settings => jsonb_build_object('provider_account_id', :one, 'starts_at', '2027-06-19')) AS d \gset
SELECT voiceagent.add_leads(:d, ARRAY(SELECT lead_id FROM voiceagent.campaign_leads WHERE campaign_id = :c ORDER BY lead_id LIMIT 10));
SELECT voiceagent.confirm_campaign(:d, 'call 10 people'), voiceagent.start_campaign(:d);
SELECT voiceagent.add_leads(:d, ARRAY(SELECT lead_id FROM voiceagent.campaign_leads WHERE campaign_id = :c ORDER BY lead_id));
SELECT voiceagent_private.set_tenant(tenant_id) AS before, set_config('test.tenant', tenant_id::text, true) IS NOT NULL AS kept FROM voiceagent.tenants WHERE tenant_id = voiceagent.current_tenant() \g /dev/null
SELECT pg_temp.at('2027-06-19 15:00+00') \g /dev/null
SELECT voiceagent_private.start_due_campaigns() >= 0 AS started;
SELECT voiceagent_private.set_tenant(current_setting('test.tenant')::bigint) IS NOT NULL AS acting;
SELECT status, status_reason FROM voiceagent.campaigns WHERE campaign_id = :d;
-- the sandbox calls nobody
SELECT * FROM pg_temp.try('SELECT voiceagent.confirm_campaign(' || (SELECT min(campaign_id) FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant()) || ', ''Calls'')');
SELECT * FROM pg_temp.try('SELECT voiceagent.confirm_campaign(-1, ''x'')');
ROLLBACK;

/* ----- a test call ----- */
BEGIN;
SELECT pg_temp.at('2027-06-18 15:00+00') \g /dev/null
SELECT pg_temp.begin_calls('Test call', ARRAY['1001']) > 0 AS ready;
SELECT voiceagent.set_setting('caller_name', 'Acme'), voiceagent.set_setting('caller_phone', '+1 800 555 0100'), voiceagent.set_setting('call_subject', 'roofs') \g /dev/null
SELECT pg_temp.dial() \g /dev/null
SELECT pg_temp.carrier('one') AS one, max(assistant_id) AS ann FROM voiceagent.assistants WHERE tenant_id = voiceagent.current_tenant() \gset
SELECT * FROM pg_temp.try('SELECT voiceagent.test_call(' || :ann || ', ''+1 212 555 9001'')');
SELECT * FROM pg_temp.try('SELECT voiceagent.test_call(-1, ''+1 212 555 9001'')');
SELECT * FROM pg_temp.try('SELECT voiceagent.test_call(' || :ann || ', ''+1 212 555 9001'', -1)');
SELECT * FROM pg_temp.try('SELECT voiceagent.register_own_number(''12'')');
SELECT voiceagent.register_own_number('+1 212 555 9001') = voiceagent.register_own_number('(212) 555-9001') AS same_lead;
SELECT kind, source, phone FROM voiceagent.consents WHERE tenant_id = voiceagent.current_tenant();
SELECT * FROM pg_temp.try('SELECT voiceagent.test_call(' || :ann || ', ''+1 212 555 9001'')');
SELECT voiceagent.test_call(:ann, '+1 212 555 9001', variables => '{"first_name": "Ann"}') - 'campaign_id' - 'lead_id' AS test;
SELECT * FROM pg_temp.try('SELECT voiceagent.test_call(' || :ann || ', ''+1 212 555 9001'', variables => ''{"first_name": "Bob"}'')');
SELECT variables FROM voiceagent.own_numbers WHERE tenant_id = voiceagent.current_tenant();
SELECT c.name, c.type, c.status FROM voiceagent.campaigns c WHERE c.tenant_id = voiceagent.current_tenant() ORDER BY 1;
-- the claim gives it its proof and its hold, as every call; nobody tries again, and no report counts it
SELECT pg_temp.dial();
SELECT c.phone, c.attempt_number, e.attempt_limit, h.state, h.amount FROM voiceagent.calls c JOIN voiceagent.attempts a USING (tenant_id, call_id) JOIN voiceagent.eligibility e USING (tenant_id, attempt_id)
JOIN voiceagent.credit_holds h ON h.tenant_id = c.tenant_id AND h.hold_id = e.hold_id WHERE c.tenant_id = voiceagent.current_tenant() AND c.phone = '+12125559001';
SELECT pg_temp.take(pg_temp.webhook('9001', 'report', 'customer-did-not-answer')), voiceagent_private.apply_inbox(10);
SELECT name FROM voiceagent.campaign_progress;
SELECT c.status, m.status AS lead, m.attempts FROM voiceagent.campaigns c JOIN voiceagent.campaign_leads m USING (tenant_id, campaign_id) WHERE c.tenant_id = voiceagent.current_tenant() AND c.type = 'test';
-- and again; charged as every call
SELECT * FROM pg_temp.try('SELECT voiceagent.test_call(' || :ann || ', ''+1 212 555 9001'')');
SELECT first_name, context FROM voiceagent.leads WHERE phone = '+12125559001';
SELECT voiceagent.test_call(:ann, '+1 212 555 9001', variables => '{"first_name": "Ann"}') - 'campaign_id' - 'lead_id' AS test;
SELECT pg_temp.dial();
SELECT pg_temp.take(pg_temp.webhook('9001', 'report', 'customer-ended-call', 60)), voiceagent_private.apply_inbox(10);
SELECT c.status, c.outcome, trim_scale(c.credits) AS credits FROM voiceagent.calls c WHERE c.tenant_id = voiceagent.current_tenant() AND c.phone = '+12125559001' ORDER BY c.call_id;
SELECT count(*) AS campaigns FROM voiceagent.campaigns c WHERE c.tenant_id = voiceagent.current_tenant() AND c.type = 'test';
SELECT * FROM voiceagent_private.check_tenant();
-- by a real carrier, too: an own number needs no confirmation, but the law of the place holds
SELECT voiceagent.test_call(:ann, '+1 212 555 9001', :one, '{"first_name": "Ann"}') - 'campaign_id' - 'lead_id' AS test;
-- where it is required, nothing is started at a real carrier before such a call was answered
SAVEPOINT tested;
SELECT voiceagent.create_campaign('Tested', :ann, settings => jsonb_build_object('provider_account_id', :one, 'require_test_call', true)) AS tested \gset
SELECT voiceagent.add_leads(:tested, ARRAY(SELECT lead_id FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant() AND phone LIKE '%1001'));
SELECT voiceagent.confirm_campaign(:tested, voiceagent.preview_campaign(:tested) ->> 'confirmation') IS NOT NULL AS confirmed;
SELECT regexp_replace(o, '[0-9]+', 'N', 'g') AS obstacle FROM jsonb_array_elements_text(voiceagent.preview_campaign(:tested) -> 'obstacles') o;
SELECT code, message, regexp_replace(detail, '[0-9]+', 'N', 'g') AS detail, hint FROM pg_temp.try('SELECT voiceagent.start_campaign(' || :tested || ')');
INSERT INTO voiceagent.calls (tenant_id, campaign_id, lead_id, phone, assistant_id, assistant_version, campaign_version, provider_account_id, attempt_number, status, outcome,
	lawful, counts, duration_seconds, credits, started_at, ended_at)
SELECT c.tenant_id, c.campaign_id, m.lead_id, '+12125559001', c.assistant_id, 1, c.version, :one, 1, 'completed', 'completed', true, true, 60, 0, voiceagent.clock(), voiceagent.clock()
FROM voiceagent.campaigns c JOIN voiceagent.campaign_leads m USING (tenant_id, campaign_id) WHERE c.type = 'test' AND c.provider_account_id = :one;
SELECT voiceagent.preview_campaign(:tested) -> 'obstacles' AS obstacles;
SELECT code, message FROM pg_temp.try('SELECT voiceagent.start_campaign(' || :tested || ')');
ROLLBACK TO tested;
SELECT voiceagent.remove_leads(c.campaign_id, ARRAY[m.lead_id]) FROM voiceagent.campaigns c JOIN voiceagent.campaign_leads m USING (tenant_id, campaign_id) WHERE c.provider_account_id = :one;
SELECT pg_temp.at('2027-06-19 04:00+00') \g /dev/null
SELECT * FROM pg_temp.try('SELECT voiceagent.test_call(' || :ann || ', ''+1 212 555 9001'', ' || :one || ', ''{"first_name": "Ann"}'')');
UPDATE voiceagent.provider_accounts SET armed_at = NULL WHERE provider_account_id = :one;
SELECT * FROM pg_temp.try('SELECT voiceagent.test_call(' || :ann || ', ''+1 212 555 9001'', ' || :one || ', ''{"first_name": "Ann"}'')');
SELECT voiceagent.adjust_credits(voiceagent.current_tenant(), -995, 'poor') < 3.5 AS poor;
SELECT * FROM pg_temp.try('SELECT voiceagent.test_call(' || :ann || ', ''+1 212 555 9001'', variables => ''{"first_name": "Ann"}'')');
SELECT voiceagent.do_not_call('+12125559001', 'asked') \g /dev/null
SELECT * FROM pg_temp.try('SELECT voiceagent.test_call(' || :ann || ', ''+1 212 555 9001'', variables => ''{"first_name": "Ann"}'')');
-- who is erased is no own number any more
SELECT voiceagent.erase_lead((SELECT lead_id FROM voiceagent.own_numbers WHERE tenant_id = voiceagent.current_tenant())) ->> 'status' AS erased, (SELECT count(*) FROM voiceagent.own_numbers WHERE tenant_id = voiceagent.current_tenant()) AS before;
SELECT count(*) AS own_numbers FROM voiceagent.own_numbers WHERE tenant_id = voiceagent.current_tenant();
SELECT * FROM pg_temp.try('SELECT voiceagent.create_campaign(''x'', ' || :ann || ', ''test'')');
ROLLBACK;

/* ----- launching on a real carrier ----- */
BEGIN;
SELECT pg_temp.at('2027-06-18 15:00+00') \g /dev/null
SELECT pg_temp.begin_calls('Launch', ARRAY['1001', '1002']) > 0 AS ready;
SELECT voiceagent.set_setting('caller_name', 'Acme'), voiceagent.set_setting('caller_phone', '+1 800 555 0100'), voiceagent.set_setting('call_subject', 'roofs'), voiceagent.set_setting('default_provider', 'vapi') \g /dev/null
SELECT pg_temp.carrier('one') AS one, max(assistant_id) AS ann FROM voiceagent.assistants WHERE tenant_id = voiceagent.current_tenant() \gset
SELECT array_agg(lead_id) AS leads FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant() \gset
-- what must be mended first is said as ever
SELECT code, message FROM pg_temp.try(format('SELECT voiceagent.launch_campaign(%L, %s)', ARRAY[voiceagent.add_lead(phone => '+12125551003')], :ann));
-- a draft, and what a person has to type: nothing is lost with an error
SELECT voiceagent.launch_campaign(:'leads', :ann, idempotency_key => 'k') AS launched \gset
SELECT :'launched'::jsonb - 'campaign_id' AS launched, (:'launched'::jsonb ->> 'campaign_id')::bigint AS c \gset
SELECT :'launched' AS launched;
SELECT voiceagent.launch_campaign(:'leads', :ann, idempotency_key => 'k') - 'campaign_id' = :'launched' AS same;
SELECT status, provider_account_id = :one AS by_carrier FROM voiceagent.campaigns WHERE campaign_id = :c;
SELECT status, count(*) FROM voiceagent.campaign_leads WHERE campaign_id = :c GROUP BY 1;
SELECT voiceagent.confirm_campaign(:c, :'launched'::jsonb ->> 'confirmation'), voiceagent.start_campaign(:c);
SELECT * FROM voiceagent_private.check_campaign();
-- not when so many calls are not affordable
SELECT array_agg(voiceagent.add_lead(phone => '+1212555' || 3000 + i, first_name => 'Lead ' || i)) AS leads FROM generate_series(1, 20) i \gset
SELECT voiceagent.adjust_credits(voiceagent.current_tenant(), 5 - available, 'poor') AS poor FROM voiceagent.ledgers WHERE tenant_id = voiceagent.current_tenant();
SELECT code, message, detail FROM pg_temp.try(format('SELECT voiceagent.launch_campaign(%L, %s)', :'leads', :ann));
ROLLBACK;

/* ----- an audience takes a completed campaign up again ----- */
BEGIN;
SELECT pg_temp.at('2027-06-18 15:00+00') \g /dev/null
SELECT pg_temp.begin_calls('Audience', ARRAY['1001', '1002']) AS tenant \gset
SELECT voiceagent.set_setting('caller_name', 'Acme'), voiceagent.set_setting('caller_phone', '+1 800 555 0100'), voiceagent.set_setting('call_subject', 'roofs') \g /dev/null
SELECT pg_temp.carrier('one') AS one, max(assistant_id) AS ann FROM voiceagent.assistants WHERE tenant_id = :tenant \gset
SELECT voiceagent.create_campaign('Real', :ann, settings => jsonb_build_object('provider_account_id', :one, 'call_interval', 0)) AS c \gset
SELECT voiceagent.add_leads(:c, ARRAY(SELECT lead_id FROM voiceagent.leads WHERE tenant_id = :tenant));
SELECT voiceagent.confirm_campaign(:c, 'call 2 people'), voiceagent.start_campaign(:c);
DELETE FROM voiceagent_private.call_queue WHERE tenant_id = :tenant AND campaign_id = :c;
UPDATE voiceagent.campaign_leads SET status = 'completed' WHERE tenant_id = :tenant AND campaign_id = :c;
SELECT voiceagent_private.complete_campaign(:c);
SELECT voiceagent.create_audience('all', :c, 'true') > 0 AS made, voiceagent.add_lead(phone => '+12125551003', first_name => 'Eve') > 0 AS added;
-- who joins waits in it until somebody confirms it
SELECT pg_temp.enrol(100) > voiceagent.clock() AS later, voiceagent_private.set_tenant(:tenant) AS before;
SELECT leads_added, error FROM voiceagent.audiences WHERE tenant_id = :tenant;
SELECT c.status, c.status_reason, p.next_dial_at FROM voiceagent.campaigns c JOIN voiceagent_private.pacing p USING (tenant_id, campaign_id) WHERE c.campaign_id = :c;
SELECT * FROM pg_temp.try('SELECT voiceagent.confirm_campaign(' || :c || ', ''call 1 people'')');
SELECT voiceagent.confirm_campaign(:c, 'call 1 people, and up to 100 a day');
SELECT c.status, c.status_reason, p.next_dial_at FROM voiceagent.campaigns c JOIN voiceagent_private.pacing p USING (tenant_id, campaign_id) WHERE c.campaign_id = :c;
SELECT * FROM voiceagent_private.check_campaign();
ROLLBACK;
SELECT voiceagent_private.set_tenant(0) IS NOT NULL AS done;

/* ----- whoever starts on a real carrier without a test call is told so, not refused ----- */
BEGIN;
SELECT pg_temp.at('2027-06-18 15:00+00') \g /dev/null
SELECT pg_temp.begin_calls('Untested', ARRAY['1001']) > 0 AS ready;
SELECT voiceagent.set_setting('caller_name', 'Acme'), voiceagent.set_setting('caller_phone', '+1 800 555 0100'), voiceagent.set_setting('call_subject', 'roofs') \g /dev/null
SELECT pg_temp.carrier('one') AS one, max(assistant_id) AS ann FROM voiceagent.assistants WHERE tenant_id = voiceagent.current_tenant() \gset
UPDATE voiceagent.provider_accounts SET settings = '{}' WHERE provider_account_id = :one;
SELECT voiceagent.create_campaign('Real', :ann, settings => jsonb_build_object('provider_account_id', :one)) AS c \gset
SELECT voiceagent.add_leads(:c, ARRAY[voiceagent.add_lead(phone => '+12125552001', first_name => 'Eve')]);
-- an account that cannot place calls is said by the preview and by the start, before anybody is dialled
SELECT voiceagent.preview_campaign(:c) -> 'obstacles' AS obstacles;
SELECT voiceagent.confirm_campaign(:c, 'call 1 people');
SELECT message, detail, hint FROM pg_temp.try('SELECT voiceagent.start_campaign(' || :c || ')');
SELECT message, detail FROM pg_temp.try(format('SELECT voiceagent.call_now((SELECT max(lead_id) FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant()), %s, %s)', :ann, :one));
UPDATE voiceagent.provider_accounts SET settings = '{"phone_number_id": "1"}' WHERE provider_account_id = :one;
SELECT regexp_replace(w, '\d+', 'N', 'g') AS warning FROM jsonb_array_elements_text(voiceagent.preview_campaign(:c) -> 'warnings') w;
SELECT voiceagent.start_campaign(:c);
SELECT voiceagent.stop_campaign(:c);
-- what is previewed is what is sent, also after a setting of the tenant has changed
SELECT voiceagent.set_setting('caller_name', 'Smith and Sons'), voiceagent.set_setting('caller_phone', '+1 800 555 0100'), voiceagent.set_setting('call_subject', 'roofs') \g /dev/null
SELECT voiceagent.preview_request(:c, max(lead_id)) #>> '{body}' LIKE '%Smith and Sons%' AS said FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant();
SELECT count(*) = 1 AS nothing_written FROM voiceagent.campaign_versions WHERE campaign_id = :c;
ROLLBACK;
SELECT voiceagent_private.set_tenant(0) IS NOT NULL AS done;
CREATE FUNCTION pg_temp.arrives(intake bigint, n integer) RETURNS text LANGUAGE sql AS $$
	SELECT voiceagent_private.receive_intake(intake, convert_to(format('{"phone": "+1212555%s", "name": "Lead %s"}', 3000 + n, n), 'UTF8'), 'application/json', NULL, true) ->> 'outcome' $$;
-- An intake's leads are counted before the campaign is judged: empty, confirmed ahead, and it goes on with the first, second and third.
SELECT pg_temp.at('2027-06-18 15:00+00') \g /dev/null
BEGIN;
SELECT pg_temp.begin_calls('Arrivals', ARRAY['1001']) > 0 AS ready;
SELECT voiceagent.set_setting('caller_name', 'Acme'), voiceagent.set_setting('caller_phone', '+1 800 555 0100'), voiceagent.set_setting('call_subject', 'roofs') \g /dev/null
SELECT pg_temp.carrier('real') AS real, max(assistant_id) AS ann FROM voiceagent.assistants WHERE tenant_id = voiceagent.current_tenant() \gset
SELECT voiceagent.create_campaign('Forms', :ann, settings => jsonb_build_object('provider_account_id', :real, 'call_interval', 0)) AS c \gset
SELECT (voiceagent.create_intake('form', :c) ->> 'intake_id')::bigint AS i \gset
SELECT voiceagent.confirm_campaign(:c, 'call 0 people, and up to 100 a day'), voiceagent.start_campaign(:c);
SELECT n, pg_temp.arrives(:i, n) AS came, voiceagent_private.lacks_confirmation(:c) AS lacks FROM generate_series(1, 3) n;
SELECT c.status, c.status_reason, p.suspended, (SELECT count(*) FROM voiceagent_private.call_queue q WHERE q.campaign_id = :c) AS waiting FROM voiceagent.campaigns c JOIN voiceagent_private.pacing p USING (tenant_id, campaign_id) WHERE c.campaign_id = :c;
-- What joins nothing is counted back: a number of the list, and the same lead again.
SELECT voiceagent.do_not_call('+12125553004', 'x') IS NOT NULL AS listed, pg_temp.arrives(:i, 4) AS came;
SELECT joined, joined_today FROM voiceagent.intakes WHERE intake_id = :i;
ROLLBACK;

/* ----- who comes by a follow-up, a sequence or an audience is confirmed ahead as well, by one number a day ----- */
CREATE FUNCTION pg_temp.stands(campaign bigint) RETURNS TABLE (lacks text, suspended text, waiting bigint, arrived bigint, today bigint) LANGUAGE sql AS $$
	SELECT voiceagent_private.lacks_confirmation(campaign), p.suspended, (SELECT count(*) FROM voiceagent_private.call_queue q WHERE q.campaign_id = campaign), f.arrived, f.arrived_today
	FROM voiceagent_private.pacing p JOIN voiceagent.campaign_confirmations f USING (tenant_id, campaign_id) WHERE p.campaign_id = campaign $$;
CREATE FUNCTION pg_temp.ends(VARIADIC numbers text[]) RETURNS bigint LANGUAGE sql AS $$
	SELECT pg_temp.take(VARIADIC ARRAY(SELECT pg_temp.webhook(n, 'report', 'customer-did-not-answer') FROM unnest(numbers) n)) * voiceagent_private.apply_inbox(100) $$;
CREATE FUNCTION pg_temp.real_campaign(name text) RETURNS bigint LANGUAGE sql AS $$
	SELECT voiceagent.create_campaign($1, max(assistant_id), settings => jsonb_build_object('provider_account_id', (SELECT max(provider_account_id) FROM voiceagent.provider_accounts WHERE tenant_id = voiceagent.current_tenant()),
		'call_interval', 0, 'max_concurrent_calls', 100, 'calling_hours', '{"start": "00:00", "end": "24:00", "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}'::jsonb)) FROM voiceagent.assistants WHERE tenant_id = voiceagent.current_tenant() $$;
SELECT pg_temp.at('2027-06-18 15:00+00') \g /dev/null
BEGIN;
SELECT pg_temp.begin_calls('Followers', ARRAY(SELECT (1000 + i)::text FROM generate_series(1, 12) i), '{"retry_attempts": 0}') AS tenant \gset
SELECT voiceagent.set_setting('caller_name', 'Acme'), voiceagent.set_setting('caller_phone', '+1 800 555 0100'), voiceagent.set_setting('call_subject', 'roofs'), pg_temp.carrier('real') > 0 AS real;
SELECT min(campaign_id) AS calls FROM voiceagent.campaigns WHERE tenant_id = :tenant \gset
SELECT pg_temp.real_campaign('Next') AS c \gset
SELECT voiceagent.set_follow_up(:calls, 'no_answer', :c);
-- empty, and to be confirmed with how many a day may come
SELECT * FROM pg_temp.try('SELECT voiceagent.start_campaign(' || :c || ')');
SELECT code, message, hint FROM pg_temp.try('SELECT voiceagent.confirm_campaign(' || :c || ', ''call 0 people'')');
SELECT voiceagent.set_setting('arrivals_a_day', '3', :c);
SELECT voiceagent.preview_campaign(:c) ->> 'confirmation' AS confirmation;
SELECT voiceagent.confirm_campaign(:c, 'call 0 people, and up to 3 a day'), voiceagent.start_campaign(:c);
SELECT pg_temp.dial() AS dialled;
-- A campaign of the sandbox leads nobody to one of a real carrier: from here on it is of one.
SET LOCAL session_replication_role = replica;
UPDATE voiceagent.campaigns c SET provider_account_id = n.provider_account_id FROM voiceagent.campaigns n WHERE c.campaign_id = :calls AND n.campaign_id = :c;
SET LOCAL session_replication_role = DEFAULT;
SELECT pg_temp.ends('1001');
SELECT * FROM pg_temp.stands(:c);
SELECT pg_temp.ends('1002', '1003');
SELECT * FROM pg_temp.stands(:c);
-- one more than confirmed is growth; a raised setting is no confirmation
SELECT voiceagent.set_setting('arrivals_a_day', '50', :c);
SELECT pg_temp.ends('1004');
SELECT * FROM pg_temp.stands(:c);
SELECT voiceagent.confirm_campaign(:c, voiceagent.preview_campaign(:c) ->> 'confirmation') AS confirmed;
SELECT * FROM pg_temp.stands(:c);
-- the next day has its own
SELECT pg_temp.at('2027-06-19 15:00+00') \g /dev/null
SELECT pg_temp.ends('1005', '1006', '1007');
SELECT * FROM pg_temp.stands(:c);
-- a lead that a person adds counts as growth as before, and so does one that comes while nothing was confirmed for it
SELECT voiceagent.add_lead(phone => '+12125551050', first_name => 'Eve', campaign_id => :c) IS NOT NULL AS added;
SELECT lacks, arrived FROM pg_temp.stands(:c);
-- a sequence's call, into a campaign of its own
SELECT pg_temp.real_campaign('By sequence') AS s \gset
SELECT voiceagent.create_sequence('calls', jsonb_build_array(jsonb_build_object('do', 'call', 'campaign_id', :s))) AS sequence \gset
SELECT voiceagent.confirm_campaign(:s, 'call 0 people') IS NOT NULL AS confirmed_without;
SELECT voiceagent.publish_sequence(:sequence);
SELECT voiceagent.start_campaign(:s);
SAVEPOINT unnamed;
SELECT voiceagent.enrol_leads(:sequence, ARRAY(SELECT lead_id FROM voiceagent.leads WHERE tenant_id = :tenant AND phone IN ('+12125551008', '+12125551009'))) AS enrolled, voiceagent_private.take_steps(100) IS NOT NULL AS more;
SELECT * FROM pg_temp.stands(:s);
ROLLBACK TO unnamed;
SELECT voiceagent.confirm_campaign(:s, 'call 0 people, and up to 100 a day');
SELECT voiceagent.enrol_leads(:sequence, ARRAY(SELECT lead_id FROM voiceagent.leads WHERE tenant_id = :tenant AND phone IN ('+12125551008', '+12125551009'))) AS enrolled, voiceagent_private.take_steps(100) IS NOT NULL AS more;
SELECT * FROM pg_temp.stands(:s);
-- an audience, beside an intake: one number for both
SELECT pg_temp.real_campaign('By audience') AS a \gset
SELECT voiceagent.create_audience('tenth', :a, $$phone = '+12125551010'$$) > 0 AS made, (voiceagent.create_intake('form', :a, daily_limit => 2) ->> 'intake_id')::bigint AS i \gset
SELECT voiceagent.set_setting('arrivals_a_day', '1', :a);
SELECT voiceagent.confirm_campaign(:a, 'call 0 people, and up to 3 a day'), voiceagent.start_campaign(:a);
SELECT pg_temp.enrol(100) > voiceagent.clock() AS later, voiceagent_private.set_tenant(:tenant) AS before;
SELECT n, pg_temp.arrives(:i, n) AS came FROM generate_series(1, 3) n;
SELECT * FROM pg_temp.stands(:a);
SELECT * FROM voiceagent_private.check_campaign();
ROLLBACK;
SELECT voiceagent_private.set_tenant(0) IS NOT NULL AS done;
