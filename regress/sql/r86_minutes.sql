-- Minutes that are bought: a pack or a plan gives them as a bundle; a refund or a dispute takes back what is left of that, and what was used is owed in credits.
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
	PERFORM pg_temp.serve('look_at_plans'), pg_temp.serve('expire_grants');
	PERFORM voiceagent_private.set_tenant(v_tenant);
END $$;
CREATE FUNCTION pg_temp.wallet() RETURNS text LANGUAGE sql AS $$
	SELECT format('credits %s; minutes %s, used %s; owed %s', trim_scale(round(available, 3)), trim_scale(round(minutes, 3)), trim_scale(minutes_used), trim_scale(voiceagent_private.credits_owed())) FROM voiceagent.credit_balance $$;
CREATE FUNCTION pg_temp.bundles() RETURNS TABLE (source text, expires date, credits numeric, rest numeric, used numeric, lost numeric, state text) LANGUAGE sql AS $$
	SELECT source, expires_at::date, trim_scale(round(credits, 3)), trim_scale(round(rest, 3)), trim_scale(round(used, 3)), trim_scale(round(lost, 3)), state FROM voiceagent.list_grants(true) WHERE unit = 'minutes' ORDER BY grant_id $$;
CREATE FUNCTION pg_temp.wrong() RETURNS SETOF text LANGUAGE sql AS $$ SELECT invariant || ': ' || detail FROM voiceagent_private.check_tenant() WHERE invariant !~ 'live' $$;
-- So many minutes of calls, all of the first bundle.
CREATE FUNCTION pg_temp.talk(call bigint, talked numeric) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE
	v_hold bigint[] := ARRAY(SELECT hold_id FROM voiceagent_private.hold_credits(ARRAY[call], '{0}'));
	v record := voiceagent_private.share_minutes(ARRAY[talked * 0.35], 0, voiceagent.clock());
BEGIN
	PERFORM voiceagent_private.hold_minutes(ARRAY[call], v_hold, v.minutes, v.grants);
	RETURN (SELECT charged FROM voiceagent_private.settle_holds(ARRAY[call], ARRAY[talked * 0.35]));
END $$;
SET LOCAL timezone = 'UTC';
SELECT set_config('voiceagent.clock_offset', extract(epoch FROM '2040-01-10 12:00+00' - clock_timestamp()) || ' s', true) \g /dev/null
SELECT voiceagent.create_tenant('r86 minutes', 'UTC') AS tenant \gset
SELECT voiceagent.set_seller('r86 minutes', 'A street', 'CH', 'MIN', '{embedded}') IS NOT NULL AS seller;
SAVEPOINT s;
SELECT voiceagent.create_credit_pack('Nothing', 0, '{"EUR": 1}');
ROLLBACK TO s;
SELECT voiceagent.create_credit_pack('Hundred', 0, '{"EUR": 20.00}', '90 days', 100) AS pack, voiceagent.create_credit_pack('Both', 10, '{"EUR": 9.00}', minutes => 30) AS both \gset
SELECT name, credits, minutes, price FROM voiceagent.credit_offers WHERE pack_id IN (:pack, :both) ORDER BY 1;
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT voiceagent.set_top_up(:pack, 5, 900, voiceagent.add_embedded_method());
ROLLBACK TO s;
SELECT voiceagent.create_credit_pack('Hundred', 0, '{"EUR": 20.00}', '90 days', 100) AS pack, voiceagent.create_credit_pack('Both', 10, '{"EUR": 9.00}', minutes => 30) AS both \gset
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT order_id AS o FROM voiceagent.buy(:pack) \gset
SELECT voiceagent.pay_embedded(:o);
SELECT order_id AS b FROM voiceagent.buy(:both) \gset
SELECT voiceagent.pay_embedded(:b);
SELECT pg_temp.wallet();
SELECT * FROM pg_temp.bundles();
SELECT pack_name, trim_scale(credits) AS credits, trim_scale(minutes) AS minutes, state FROM voiceagent.payment_orders WHERE tenant_id = :tenant ORDER BY order_id;
SELECT o ->> 'pack' AS pack, trim_scale((o ->> 'minutes')::numeric) AS minutes FROM jsonb_array_elements(voiceagent.wallet_page() -> 'orders') o;
SELECT kind, trim_scale(amount) AS amount, trim_scale(minutes) AS minutes, trim_scale(minutes_balance) AS balance FROM voiceagent.statement('2040-01-10');
-- Both go back: credits and minutes in proportion, then the rest.
SELECT voiceagent_private.set_tenant(0) \g /dev/null
SELECT voiceagent.refund_order(:tenant, :b, 'a third', 3.00);
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT pg_temp.wallet();
SELECT voiceagent_private.set_tenant(0) \g /dev/null
SELECT voiceagent.refund_order(:tenant, :b, 'the rest');
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT pg_temp.wallet();
SELECT * FROM pg_temp.wrong();
-- 60 minutes are used, and half of the hundred is refunded: 40 are left, and 10 are owed.
SELECT pg_temp.talk(1, 60);
SELECT voiceagent_private.set_tenant(0) \g /dev/null
SELECT voiceagent.refund_order(:tenant, :o, 'half', 10.00);
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT pg_temp.wallet();
SELECT trim_scale(minutes_taken_back) AS taken_back, trim_scale(minutes_missing) AS missing, trim_scale(minutes_debt) AS debt FROM voiceagent.payment_orders WHERE order_id = :o;
SELECT * FROM pg_temp.wrong();
-- The platform sees it of each tenant.
SELECT voiceagent_private.set_tenant(0) \g /dev/null
SELECT trim_scale(available) AS credits, trim_scale(minutes) AS minutes, trim_scale(minutes_held) AS held, trim_scale(minutes_used) AS used, trim_scale(owed) AS owed FROM voiceagent.list_tenants(:tenant);
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
-- The next purchase pays that first.
SELECT order_id AS b FROM voiceagent.buy(:both) \gset
SELECT voiceagent.pay_embedded(:b);
SELECT pg_temp.wallet();
SELECT * FROM pg_temp.wrong();
-- A dispute takes what is left; one that is won gives it back, what was owed first, for as long as it would have lasted.
SELECT order_id AS d FROM voiceagent.buy(:pack) \gset
SELECT voiceagent.pay_embedded(:d, 'is_disputed');
SELECT pg_temp.talk(2, 20);
SELECT voiceagent_private.set_tenant(0) \g /dev/null
UPDATE voiceagent_private.payment_looks SET next_at = '-infinity' WHERE order_id = :d;
SELECT pg_temp.serve('look_at_payments') > voiceagent.clock() AS looked;
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT trim_scale(disputed) AS disputed, trim_scale(minutes_taken_back) AS taken_back, trim_scale(minutes_missing) AS missing, trim_scale(minutes_debt) AS debt FROM voiceagent.payment_orders WHERE order_id = :d;
SELECT pg_temp.wallet();
SELECT * FROM pg_temp.wrong();
SELECT voiceagent_private.set_tenant(0) \g /dev/null
SELECT voiceagent.settle_embedded_dispute(:tenant, :d, true);
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT trim_scale(disputed) AS disputed, trim_scale(minutes_taken_back) AS taken_back, trim_scale(minutes_missing) AS missing, trim_scale(minutes_debt) AS debt FROM voiceagent.payment_orders WHERE order_id = :d;
SELECT pg_temp.wallet();
SELECT * FROM pg_temp.bundles();
SELECT * FROM pg_temp.wrong();
-- After ninety days the bought ones are over.
SELECT pg_temp.at('2040-05-01');
SELECT pg_temp.wallet();
SELECT * FROM pg_temp.wrong();

-- Plans bring minutes each period, an upgrade its share, a refund takes them back.
SELECT voiceagent_private.set_tenant(0) \g /dev/null
SELECT voiceagent.create_plan('Talk', 1, 0, '{"EUR": 30.00}', minutes => 300) AS talk, voiceagent.create_plan('Talk more', 2, 50, '{"EUR": 60.00}', minutes => 600) AS more, voiceagent.create_tenant('r86 plan', 'UTC') AS other \gset
SELECT voiceagent_private.set_tenant(:other) \g /dev/null
SELECT state FROM voiceagent.choose_plan(:talk, 'EUR');
SELECT plan, trim_scale(credits) AS credits, trim_scale(minutes) AS minutes FROM voiceagent.my_plan();
SELECT pg_temp.wallet();
SELECT pg_temp.talk(3, 100);
SELECT pg_temp.at('2040-05-16 12:00');
SELECT voiceagent.change_plan(:more);
SELECT pg_temp.wallet();
SELECT * FROM pg_temp.bundles();
SELECT trim_scale(round(credits, 3)) AS credits, trim_scale(round(minutes, 3)) AS minutes, state FROM voiceagent.payment_orders WHERE tenant_id = :other ORDER BY order_id;
SELECT * FROM pg_temp.wrong();
SELECT pg_temp.at('2040-06-02');
SELECT * FROM pg_temp.bundles();
SELECT pg_temp.wallet();
SELECT * FROM pg_temp.wrong();
SELECT voiceagent_private.set_tenant(0) \g /dev/null
-- A period that is over took its minutes with it: nobody owes them.  The present one gives back what is left.
SELECT voiceagent.refund_order(:other, min(order_id), 'x'), voiceagent.refund_order(:other, max(order_id), 'x') FROM voiceagent.payment_orders WHERE tenant_id = :other;
SELECT voiceagent_private.set_tenant(:other) \g /dev/null
SELECT pg_temp.wallet();
SELECT trim_scale(round(minutes, 3)) AS minutes, trim_scale(round(minutes_taken_back, 3)) AS taken_back, trim_scale(minutes_missing) AS missing FROM voiceagent.payment_orders WHERE tenant_id = :other ORDER BY order_id;
SELECT * FROM pg_temp.wrong();

-- What a plan carries over, at most and once; what will become of minutes; and that few are left: told once, until there are more.
SELECT voiceagent_private.set_tenant(0) \g /dev/null
SELECT set_config('voiceagent.clock_offset', extract(epoch FROM '2040-07-10 12:00+00' - clock_timestamp()) || ' s', true) \g /dev/null
SELECT voiceagent.create_tenant('r86 rollover', 'UTC') AS tenant \gset
SAVEPOINT s;
SELECT voiceagent.create_plan('Carried', 1, 0, '{"EUR": 30.00}', minutes => 100, minutes_rollover => -1);
ROLLBACK TO s;
SELECT voiceagent.create_plan('Carried', 1, 0, '{"EUR": 30.00}', minutes => 100, minutes_rollover => 30) AS plan \gset
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT voiceagent.set_billing_details('Buyer', 'Street 1', 'CH', email => 'buyer@example.com');
SELECT state FROM voiceagent.choose_plan(:plan, 'EUR');
SELECT event, trim_scale(credits) AS minutes, days, reason FROM voiceagent.credit_forecast('minutes');
-- 40 minutes in two days: 20 a day.
SELECT pg_temp.talk(4, 40);
SELECT pg_temp.at('2040-07-12 12:00');
SELECT event, trim_scale(credits) AS minutes, days FROM voiceagent.credit_forecast('minutes');
SELECT event FROM voiceagent.credit_forecast();
SAVEPOINT s;
SELECT voiceagent.credit_forecast('hours');
ROLLBACK TO s;
-- Half of 60 go over.
SELECT pg_temp.at('2040-08-11 12:00');
SELECT * FROM pg_temp.bundles();
SELECT event, trim_scale(credits) AS minutes, days FROM voiceagent.credit_forecast('minutes');
SELECT pg_temp.at('2040-09-11 12:00');
SELECT * FROM pg_temp.bundles();
SELECT * FROM pg_temp.wrong();
CREATE FUNCTION pg_temp.low() RETURNS TABLE (told bigint, last jsonb, what text, settle text) LANGUAGE sql AS $$
	SELECT (SELECT count(*) FROM voiceagent.events e WHERE e.tenant_id = voiceagent.current_tenant() AND e.event_type = 'balance_low'),
		(SELECT e.event_data FROM voiceagent.events e WHERE e.tenant_id = voiceagent.current_tenant() AND e.event_type = 'balance_low' ORDER BY e.event_id DESC LIMIT 1), w.what, w.settle
	FROM (SELECT) o LEFT JOIN voiceagent.waiting w ON w.kind = 'low balance' $$;
SELECT pg_temp.talk(5, 100);
SELECT * FROM pg_temp.low();
SELECT pg_temp.talk(6, 25), pg_temp.talk(7, 1);
SELECT * FROM pg_temp.low();
SELECT voiceagent_private.issue_invoices(50) > voiceagent.clock() AS told;
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT kind, subject, body FROM voiceagent.mails WHERE tenant_id = :tenant AND kind LIKE '%low';
SELECT voiceagent_private.set_tenant(0) \g /dev/null
SELECT voiceagent.grant_credits(:tenant, 10, 'more', unit => 'minutes') > 0 AS granted;
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT * FROM pg_temp.low();
SELECT pg_temp.talk(8, 9);
SELECT * FROM pg_temp.low();
SELECT voiceagent.set_setting('balance_low_minutes', '0');
SELECT * FROM pg_temp.low();

SELECT voiceagent_private.set_tenant(:other) \g /dev/null
-- What the invariants find.
UPDATE voiceagent.payment_orders SET minutes_taken_back = 0, minutes_missing = 0 WHERE tenant_id = :other AND minutes_taken_back > 0;
SELECT * FROM pg_temp.wrong();
ROLLBACK;
