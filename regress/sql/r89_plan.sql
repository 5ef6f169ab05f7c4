-- Plans: periods in the tenant's zone, credits once a period, upgrade at once, downgrade later, trial, grace, coupons, what a plan lacks; what vendors answer.
\set VERBOSITY default
\set SHOW_CONTEXT never
SET client_min_messages = warning;
\i lib/turns.inc
BEGIN;
CREATE FUNCTION pg_temp.at(t timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	v_tenant bigint := (SELECT tenant_id FROM voiceagent_private.caller());
BEGIN
	PERFORM set_config('voiceagent.clock_offset', extract(epoch FROM t - clock_timestamp()) || ' s', true);
	-- Twice: what is done is done once.
	PERFORM pg_temp.serve('look_at_plans'), pg_temp.serve('expire_grants'), pg_temp.serve('look_at_plans');
	PERFORM voiceagent_private.set_tenant(v_tenant);
END $$;
CREATE FUNCTION pg_temp.plan() RETURNS TABLE (plan text, state text, reason text, starts text, ends text, price numeric, next_plan text, available numeric) LANGUAGE sql AS $$
	SELECT p.plan, p.state, p.reason, to_char(p.starts_at AT TIME ZONE 'America/New_York', 'YYYY-MM-DD HH24'), to_char(p.ends_at AT TIME ZONE 'America/New_York', 'YYYY-MM-DD HH24'), p.price, p.next_plan, trim_scale(round(b.available, 2))
	FROM voiceagent.my_plan() p, voiceagent.credit_balance b $$;
CREATE FUNCTION pg_temp.wrong() RETURNS TABLE (invariant text, detail text) LANGUAGE sql AS $$
	SELECT * FROM voiceagent_private.check_plans() UNION ALL SELECT * FROM voiceagent_private.check_grants() UNION ALL SELECT * FROM voiceagent_private.check_credit() $$;
SELECT set_config('voiceagent.clock_offset', extract(epoch FROM '2040-01-31 15:00+00' - clock_timestamp()) || ' s', true) \g /dev/null
SELECT voiceagent.create_tenant('r89 plan', 'America/New_York') AS tenant, voiceagent.create_tenant('r89 other', 'UTC') AS other \gset

-- What is no plan.
SAVEPOINT s;
SELECT voiceagent.create_plan('P', 1, 10, '{"EUR": 0.001}');
ROLLBACK TO s;
SELECT voiceagent.create_plan('P', 1, 10, '{"EUR": 1}', features => '{flying}');
ROLLBACK TO s;
SELECT voiceagent.create_plan('P', 1, 10, '{"EUR": 1}', limits => '{"campaigns": -1}');
ROLLBACK TO s;
SELECT voiceagent.create_plan('P', 1, 1e18, '{"EUR": 1}');
ROLLBACK TO s;
SELECT voiceagent.create_plan('P', 1, 1, period => '1 week');
ROLLBACK TO s;
SELECT voiceagent.create_coupon('half', 50);
ROLLBACK TO s;
SELECT voiceagent.create_plan('Free', 0, 5, limits => '{"campaigns": 1, "assistants": 1}', fallback => true) AS free \gset
SELECT voiceagent.create_plan('Basic', 1, 100, '{"EUR": 49.00, "JPY": 7000}', features => '{calendars}', limits => '{"campaigns": 2}', trial => '14 days', rollover => 30) AS basic \gset
SELECT voiceagent.create_plan('Pro', 2, 400, '{"EUR": 149.00}', features => '{calendars,webhooks,api_keys}') AS pro \gset
SELECT voiceagent.create_coupon('HALF', 50, periods => 1, uses => 1);
SELECT name, level, credits, period, trial, features, limits, currency, price FROM voiceagent.plan_offers WHERE plan_id IN (:free, :basic, :pro) ORDER BY level, currency;

SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
-- Never a plan: everything is there.
SELECT voiceagent_private.plan_in_force() IS NULL AS everything;
SELECT voiceagent.change_plan(:pro);
ROLLBACK TO s;
\set VERBOSITY terse
SELECT voiceagent.create_plan('Free', 0, 5, limits => '{"campaigns": 1, "assistants": 1}', fallback => true) AS free \gset
SELECT voiceagent.create_plan('Basic', 1, 100, '{"EUR": 49.00, "JPY": 7000}', features => '{calendars}', limits => '{"campaigns": 2}', trial => '14 days', rollover => 30) AS basic \gset
SELECT voiceagent.create_plan('Pro', 2, 400, '{"EUR": 149.00}', features => '{calendars,webhooks,api_keys}') AS pro \gset
SELECT voiceagent.create_coupon('HALF', 50, periods => 1, uses => 1);
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SAVEPOINT s;
SELECT voiceagent.choose_plan(:basic, currency => 'USD');
ROLLBACK TO s;
SELECT voiceagent.choose_plan(:basic, coupon => 'QUARTER');
ROLLBACK TO s;
SELECT voiceagent.choose_plan(0);
ROLLBACK TO s;
-- A trial, then the first period with the coupon; the 31st is kept through February.
SELECT state FROM voiceagent.choose_plan(:basic, 'EUR', coupon => 'HALF');
SELECT * FROM pg_temp.plan();
SAVEPOINT s;
SELECT voiceagent.choose_plan(:pro);
ROLLBACK TO s;
SELECT pg_temp.at('2040-02-14 16:00+00') \g /dev/null
SELECT * FROM pg_temp.plan();
SELECT pg_temp.at('2040-03-14 16:00+00') \g /dev/null
SELECT * FROM pg_temp.plan();
SELECT rest, source, state, regexp_replace(reason, 'grant [0-9]+', 'grant N') AS reason FROM voiceagent.list_grants(true) ORDER BY grant_id;
SELECT * FROM pg_temp.wrong();
-- Upgrade in the middle of the period (from 10:00 in summer time on): half of the difference, half of the credits; downgrade with the next one.
SELECT pg_temp.at(starts_at + (ends_at - starts_at) / 2) FROM voiceagent.my_plan() \g /dev/null
SELECT voiceagent.change_plan(:pro);
SELECT * FROM pg_temp.plan();
SAVEPOINT s;
SELECT voiceagent.change_plan(:pro);
ROLLBACK TO s;
SELECT voiceagent.change_plan(:basic);
SELECT * FROM pg_temp.plan();
SELECT pg_temp.at('2040-04-14 16:00+00') \g /dev/null
SELECT * FROM pg_temp.plan();
-- A payment fails: a grace, tries each day, and then the end; the fallback is what is left.
SELECT voiceagent.set_plan_card('is_declined');
SELECT pg_temp.at('2040-05-14 16:00+00') \g /dev/null
SELECT * FROM pg_temp.plan();
SELECT pg_temp.at('2040-05-16 16:00+00') \g /dev/null
SELECT tries BETWEEN 2 AND 4 AS tried_again FROM voiceagent.plan_periods WHERE tenant_id = :tenant ORDER BY starts_at DESC LIMIT 1;
SAVEPOINT late;
SELECT pg_temp.at('2040-05-22 16:00+00') \g /dev/null
SELECT * FROM pg_temp.plan();
SELECT (voiceagent_private.plan_in_force()).name;
SELECT event_type, event_data ->> 'plan' AS plan, event_data ->> 'state' AS state, event_data ->> 'next_plan' AS next_plan, event_data ->> 'price' AS price FROM voiceagent.events WHERE tenant_id = :tenant AND event_type IN ('plan_changed', 'payment_failed') ORDER BY event_id;
SELECT voiceagent.choose_plan(:pro, coupon => 'HALF');
ROLLBACK TO late;
-- Or another card pays in time; and a plan that is canceled runs on until its end.
SELECT voiceagent.set_plan_card('succeeds');
SELECT voiceagent.cancel_plan();
SELECT voiceagent.cancel_plan(undo => true);
SELECT voiceagent.cancel_plan();
SELECT * FROM pg_temp.plan();
SELECT pg_temp.at('2040-06-14 16:00+00') \g /dev/null
SELECT * FROM pg_temp.plan();
SELECT * FROM pg_temp.wrong();
-- Credits came once a period, whatever was looked at how often.
SELECT activity, trim_scale(round(change, 2)) AS change FROM voiceagent.credit_statement ORDER BY transaction_id;
-- No second trial; a card that is declined at once leaves an incomplete contract, which another choice replaces.
SELECT state FROM voiceagent.choose_plan(:basic, 'EUR', card => 'is_declined');
SELECT (voiceagent_private.plan_in_force()).name;
SELECT state FROM voiceagent.choose_plan(:basic, 'EUR', card => 'is_declined_later');
SELECT pg_temp.at('2040-07-14 17:00+00') \g /dev/null
SELECT * FROM pg_temp.plan();
SELECT * FROM pg_temp.wrong();

-- What a plan lacks is refused to its people, with the plan that has it; what is there stays.
\set VERBOSITY default
SELECT voiceagent_private.set_tenant(:other) \g /dev/null
SELECT voiceagent.create_assistant('A', system_prompt => 'Be kind', first_message => 'Hello') AS assistant \gset
SELECT state FROM voiceagent.choose_plan(:free);
SELECT voiceagent_private.set_tenant(0) \g /dev/null
CREATE ROLE r89_member LOGIN;
SELECT voiceagent.map_role('r89_member', :other);
SET SESSION AUTHORIZATION r89_member;
SAVEPOINT s;
SELECT voiceagent.create_calendar(name => 'C');
ROLLBACK TO s;
SELECT voiceagent.create_assistant('B', system_prompt => 'Be kind', first_message => 'Hello');
ROLLBACK TO s;
SELECT name FROM voiceagent.assistants;
SELECT voiceagent.change_plan(:basic);
ROLLBACK TO s;
-- A limit holds at each door at which a row begins to count; what counts already stays.
RESET SESSION AUTHORIZATION;
SAVEPOINT room;
SELECT voiceagent_private.set_tenant(0) \g /dev/null
SELECT voiceagent.create_plan('One', 1, 0, limits => '{"assistants": 1, "campaigns": 1, "members": 1, "numbers": 1, "carriers": 0}') AS one \gset
SELECT voiceagent_private.set_tenant(:other) \g /dev/null
SELECT voiceagent.create_campaign('First', :assistant) AS first \gset
SELECT provider_account_id AS sandbox FROM voiceagent.provider_accounts LIMIT 1 \gset
SELECT state FROM voiceagent.choose_plan(:one);
SELECT voiceagent_private.set_tenant(0) \g /dev/null
SET SESSION AUTHORIZATION r89_member;
CREATE FUNCTION pg_temp.try(what text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE 'SELECT ' || what;
	RETURN 'done';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
SELECT pg_temp.try(format('voiceagent.archive_campaign(%s)', :first)), pg_temp.try(format('voiceagent.archive_assistant(%s)', :assistant));
SELECT pg_temp.try($$voiceagent.create_assistant('Second', system_prompt => 'Be kind', first_message => 'Hello')$$);
SELECT pg_temp.try(format('voiceagent.unarchive_assistant(%s)', :assistant));
SELECT pg_temp.try(format('voiceagent.create_campaign(%L, (SELECT max(assistant_id) FROM voiceagent.assistants))', 'Second'));
SELECT pg_temp.try(format('voiceagent.unarchive_campaign(%s)', :first));
SELECT pg_temp.try(format('voiceagent.create_member(%s, %L, %L)', :other, 'r89-1@example.com', 'a long password 1'));
SELECT pg_temp.try(format('voiceagent.create_member(%s, %L, %L)', :other, 'r89-2@example.com', 'a long password 2'));
SELECT pg_temp.try($$voiceagent.create_phone_number('+12025550171')$$), pg_temp.try($$voiceagent.create_phone_number('+12025550172')$$);
SELECT pg_temp.try($$voiceagent.update_phone_number(max(phone_number_id), '{"is_active": false}') FROM voiceagent.phone_numbers$$), pg_temp.try($$voiceagent.create_phone_number('+12025550172')$$);
SELECT pg_temp.try($$voiceagent.update_phone_number(min(phone_number_id), '{"is_active": true}') FROM voiceagent.phone_numbers$$);
SELECT pg_temp.try($$voiceagent.create_provider_account('vapi', 'V', '{"api_key": "key-of-r89"}', '{"phone_number_id": "p"}')$$);
-- Above the plan: what a carrier lists is there and not active; a change of what counts is no more of it.
RESET SESSION AUTHORIZATION;
SELECT voiceagent_private.set_tenant(:other) \g /dev/null
SELECT voiceagent.create_phone_number('+12025550173') > 0 AS listed;
SELECT is_active FROM voiceagent.phone_numbers WHERE tenant_id = :other AND phone_number = '+12025550173';
UPDATE voiceagent.assistants SET archived_at = NULL WHERE tenant_id = :other;
SELECT voiceagent_private.set_tenant(0) \g /dev/null
SET SESSION AUTHORIZATION r89_member;
SELECT pg_temp.try(format('voiceagent.update_assistant(%s, %L)', :assistant, '{"name": "Renamed"}')), count(*) FROM voiceagent.assistants WHERE archived_at IS NULL;
RESET SESSION AUTHORIZATION;
ROLLBACK TO room;
SET SESSION AUTHORIZATION r89_member;
-- What is free is left for another one.
SELECT state FROM voiceagent.choose_plan(:basic);
SELECT voiceagent.create_calendar(name => 'C') > 0 AS made;
RESET SESSION AUTHORIZATION;

-- Free credits come once a period, however often a free plan is chosen, which one, and by which way; nor is a free plan the way to one that costs something.
SAVEPOINT free;
SELECT voiceagent_private.set_tenant(0) \g /dev/null
SELECT voiceagent.create_plan('Free plus', 1, 20) AS plus, voiceagent.create_tenant('r89 free', 'UTC') AS poor \gset
SELECT voiceagent_private.set_tenant(:poor) \g /dev/null
SELECT state FROM voiceagent.choose_plan(:free, 'EUR');
SELECT state FROM voiceagent.choose_plan(:free);
SELECT voiceagent.change_plan(:plus);
SELECT state FROM voiceagent.choose_plan(:pro, card => 'is_declined');
SELECT state FROM voiceagent.choose_plan(:free);
SELECT voiceagent.change_plan(:plus);
SELECT reason, available FROM pg_temp.plan();
SAVEPOINT s;
SELECT voiceagent.change_plan(:pro);
ROLLBACK TO s;
SELECT pg_temp.at(ends_at + interval '1 hour') FROM voiceagent.my_plan() \g /dev/null
SELECT plan, state, reason, available FROM pg_temp.plan();
-- Once there is a payment account, or a carrier account was armed, the embedded vendor pays for nothing.
SAVEPOINT s;
SELECT state FROM voiceagent.choose_plan(:basic, 'EUR', card => 'is_declined_later');
SAVEPOINT armed;
SELECT voiceagent_private.end_embedded_vendor('r89');
SELECT voiceagent.change_plan(:pro);
ROLLBACK TO armed;
SELECT voiceagent_private.end_embedded_vendor('r89');
SELECT voiceagent.set_plan_card('succeeds');
SELECT pg_temp.at(ends_at + interval '1 hour') FROM voiceagent.my_plan() \g /dev/null
SELECT plan, state, reason, available FROM pg_temp.plan();
ROLLBACK TO free;

-- An upgrade in a trial changes the plan and gives nothing, whoever the vendor; the first payment is that of the higher plan, and gives its credits. A second trial gives none.
SAVEPOINT trials;
SELECT voiceagent_private.set_tenant(0) \g /dev/null
SELECT voiceagent.create_plan('Sip', 1, 10, '{"EUR": 9.00}', trial => '14 days') AS sip, voiceagent.create_plan('Flood', 9, 100000, '{"EUR": 9000.00}', minutes => 500) AS flood,
	voiceagent.create_tenant('r89 embedded', 'UTC', 0) AS embedded, voiceagent.create_tenant('r89 stripe', 'UTC', 0) AS stripe, voiceagent.create_tenant('r89 paypal', 'UTC', 0) AS paypal \gset
SELECT voiceagent_private.set_tenant(:embedded) \g /dev/null
SELECT state FROM voiceagent.choose_plan(:sip);
SELECT voiceagent.change_plan(:flood);
SELECT plan, state, available FROM pg_temp.plan();
SELECT * FROM pg_temp.wrong();
SAVEPOINT s;
\set VERBOSITY terse
UPDATE voiceagent.plan_periods SET granted = entitled + 1 WHERE tenant_id = :embedded;
\set VERBOSITY default
ROLLBACK TO s;
SELECT voiceagent.cancel_plan();
SELECT pg_temp.at(ends_at + interval '1 hour') FROM voiceagent.my_plan() \g /dev/null
SELECT plan, state, available FROM pg_temp.plan();
ROLLBACK TO s;
SELECT pg_temp.at(ends_at + interval '1 hour') FROM voiceagent.my_plan() \g /dev/null
SELECT plan, state, price, available FROM pg_temp.plan();
SELECT trim_scale(minutes) AS minutes FROM voiceagent.ledgers WHERE tenant_id = :embedded;
SELECT * FROM pg_temp.wrong();
CREATE FUNCTION pg_temp.upgrade_at(tenant bigint, vendor text, sip bigint, flood bigint) RETURNS TABLE (contract bigint, state text, plan text, orders bigint, available numeric) LANGUAGE plpgsql AS $$
BEGIN
	PERFORM voiceagent_private.set_tenant(0);
	contract := voiceagent.attach_plan(tenant, sip, vendor, 'r89-' || vendor, 'EUR');
	PERFORM voiceagent_private.set_tenant(tenant);
	PERFORM voiceagent_private.apply_plan_fact(contract, jsonb_populate_record(NULL::voiceagent_private.plan_fact, jsonb_build_object('at', voiceagent.clock(), 'kind', 'resumed', 'trial', true, 'starts_at', voiceagent.clock(), 'ends_at', voiceagent.clock() + interval '14 days')));
	UPDATE voiceagent.plan_contracts c SET changing_to = flood WHERE c.tenant_id = tenant;
	PERFORM voiceagent_private.finish_change(c) FROM voiceagent.plan_contracts c WHERE c.tenant_id = tenant;
	-- The vendor names another trial.
	PERFORM voiceagent_private.apply_plan_fact(contract, jsonb_populate_record(NULL::voiceagent_private.plan_fact, jsonb_build_object('at', voiceagent.clock(), 'kind', 'resumed', 'trial', true, 'starts_at', voiceagent.clock() + interval '1 second', 'ends_at', voiceagent.clock() + interval '14 days')));
	RETURN QUERY SELECT NULL::bigint, p.state, p.plan, (SELECT count(*) FROM voiceagent.payment_orders o WHERE o.tenant_id = tenant), b.available::numeric FROM voiceagent.my_plan() p, voiceagent.credit_balance b;
END $$;
SELECT state, plan, orders, trim_scale(available) AS available FROM pg_temp.upgrade_at(:stripe, 'stripe', :sip, :flood);
SELECT * FROM pg_temp.wrong();
SELECT state, plan, orders, trim_scale(available) AS available FROM pg_temp.upgrade_at(:paypal, 'paypal', :sip, :flood);
SELECT * FROM pg_temp.wrong();
ROLLBACK TO trials;

-- A vendor's webhook is a hint, however often it comes: the vendor is asked once, and what it answers counts. Paid before anything else is known, twice, of another amount, and after its end.
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT voiceagent.cancel_plan();
SELECT pg_temp.at('2040-09-01 00:30+00') \g /dev/null
SELECT voiceagent.attach_plan(:tenant, :pro, 'stripe', 'sub_1', 'EUR') > 0 AS attached;
SAVEPOINT s;
SELECT voiceagent.attach_plan(:other, :pro, 'stripe', 'sub_1', 'EUR');
ROLLBACK TO s;
SELECT voiceagent.attach_plan(:other, :pro, 'bank', 'sub_1', 'EUR');
ROLLBACK TO s;
CREATE FUNCTION pg_temp.asked() RETURNS TABLE (task text, hinted boolean, again boolean, claimed boolean, due interval) LANGUAGE sql AS $$
	SELECT q.task, q.hinted, q.again, q.claimed, date_trunc('second', q.next_at - voiceagent.clock() + interval '0.5 seconds') FROM voiceagent_private.payment_requests q ORDER BY q.request_id $$;
-- The request is on its way, and this is what came of it.
CREATE FUNCTION pg_temp.leaves(task text) RETURNS bigint LANGUAGE sql AS $$
	UPDATE voiceagent_private.payment_requests q SET claimed = true, tries = 1, first_sent_at = voiceagent.clock() WHERE q.task = leaves.task RETURNING q.request_id $$;
CREATE FUNCTION pg_temp.answered(request bigint, report jsonb) RETURNS void LANGUAGE sql AS $$ SELECT voiceagent_private.record_payment_request(request, 'report', report, NULL) $$;
CREATE FUNCTION pg_temp.invoice(kind text, amount int) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('facts', jsonb_build_array(jsonb_build_object('kind', kind, 'at', s, 'starts_at', s, 'ends_at', s + 30 * 86400, 'currency', 'EUR', 'amount', amount, 'paid', amount, 'invoice', 'in_1', 'payment', 'pi_1')))
	FROM (SELECT extract(epoch FROM timestamptz '2040-09-01 00:00+00')::bigint AS s) x $$;
SELECT * FROM pg_temp.asked();
SELECT voiceagent_private.hint_vendor('stripe', NULL, 'sub_2') AS unknown, voiceagent_private.hint_vendor('paypal', NULL, 'sub_1') AS elsewhere, voiceagent_private.hint_vendor('stripe', 'va-00000000-1-1', NULL) AS foreign,
	voiceagent_private.hint_vendor('stripe', 'vap--', NULL) AS "none", voiceagent_private.hint_vendor('stripe', NULL, NULL) AS "nothing";
SELECT count(voiceagent_private.hint_vendor('stripe', NULL, 'sub_1')) AS hints FROM generate_series(1, 5);
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT state FROM voiceagent.my_plan();
SELECT * FROM pg_temp.asked();
-- One that comes while the vendor answers has it asked once more: the answer may be older.
SELECT pg_temp.leaves('look') AS look \gset
SELECT voiceagent_private.hint_vendor('stripe', NULL, 'sub_1'), voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT * FROM pg_temp.asked();
SELECT pg_temp.answered(:look, '{"subscription": "sub_1", "live": true, "amount": 14900, "item": "si_1", "facts": [{"kind": "resumed"}]}') \g /dev/null
SELECT * FROM pg_temp.asked();
SELECT state FROM voiceagent.my_plan();
SELECT pg_temp.answered(pg_temp.leaves('payments'), pg_temp.invoice('paid', 14899)) \g /dev/null
SELECT state, reason FROM voiceagent.my_plan();
CREATE FUNCTION pg_temp.paid_again(kind text, amount int) RETURNS void LANGUAGE sql AS $$
	SELECT voiceagent_private.ask_vendor('stripe', max(c.contract_id), 'payments', '{}') FROM voiceagent.plan_contracts c WHERE c.tenant_id = voiceagent.current_tenant();
	SELECT pg_temp.answered(pg_temp.leaves('payments'), pg_temp.invoice(kind, amount)) $$;
SELECT pg_temp.paid_again('paid', 14900), pg_temp.paid_again('paid', 14900), pg_temp.paid_again('failed', 14900) \g /dev/null
SELECT plan, state, reason, price FROM voiceagent.my_plan();
SELECT count(*), sum(credits) FROM voiceagent.credit_grants WHERE tenant_id = :tenant AND created_at >= '2040-09-01';
SELECT count(*) AS orders FROM voiceagent.payment_orders WHERE tenant_id = :tenant AND payment_ref = 'pi_1';
SAVEPOINT s;
SELECT voiceagent.cancel_plan();
ROLLBACK TO s;
SELECT pg_temp.answered(pg_temp.leaves('look'), '{"subscription": "sub_1", "live": false, "facts": [{"kind": "closed"}]}') \g /dev/null
SELECT state, closed_at IS NOT NULL AS closed FROM voiceagent.plan_contracts WHERE tenant_id = :tenant ORDER BY contract_id DESC LIMIT 1;
SELECT * FROM pg_temp.wrong();
ROLLBACK;
