-- What is paid for a plan is an order: invoiced once with its tax, refunded, its credits taken back as far as they were not lost with their
-- period; a lower plan ends campaigns above it, and what is above is refused naming what to give up.
\set VERBOSITY default
\set SHOW_CONTEXT never
SET client_min_messages = warning;
SET timezone = 'UTC';
\i lib/turns.inc
BEGIN;
CREATE FUNCTION pg_temp.at(t timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	v_tenant bigint := (SELECT tenant_id FROM voiceagent_private.caller());
BEGIN
	PERFORM set_config('voiceagent.clock_offset', extract(epoch FROM t - clock_timestamp()) || ' s', true);
	PERFORM pg_temp.serve('look_at_plans'), pg_temp.serve('expire_grants'), pg_temp.serve('look_at_plans'), voiceagent_private.issue_invoices(100);
	PERFORM voiceagent_private.set_tenant(v_tenant);
END $$;
CREATE FUNCTION pg_temp.orders() RETURNS TABLE (pack_name text, credits numeric, price numeric, tax numeric, state text, refunded bigint, taken_back numeric) LANGUAGE sql AS $$
	SELECT o.pack_name, trim_scale(round(o.credits, 2)), voiceagent_private.money(o.amount, o.exponent), voiceagent_private.money(o.tax, o.exponent), o.state, o.refunded, trim_scale(round(o.taken_back, 2))
	FROM voiceagent.payment_orders o WHERE o.tenant_id = voiceagent.current_tenant() ORDER BY o.order_id $$;
CREATE FUNCTION pg_temp.wrong() RETURNS TABLE (invariant text, detail text) LANGUAGE sql AS $$
	SELECT * FROM voiceagent_private.check_plans() UNION ALL SELECT * FROM voiceagent_private.check_grants() UNION ALL SELECT * FROM voiceagent_private.check_credit()
	UNION ALL SELECT * FROM voiceagent_private.check_payments() UNION ALL SELECT * FROM voiceagent_private.check_invoices() $$;
CREATE FUNCTION pg_temp.refund(tenant bigint, name text, price numeric DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RETURN voiceagent.refund_order(tenant, (SELECT max(order_id) FROM voiceagent.payment_orders WHERE tenant_id = tenant AND pack_name LIKE name), 'sorry', price);
END $$;
SELECT set_config('voiceagent.clock_offset', extract(epoch FROM '2040-03-01 15:00+00' - clock_timestamp()) || ' s', true) \g /dev/null
SELECT voiceagent.create_tenant('r89 payer', 'UTC', 0) AS tenant \gset
SELECT voiceagent.set_seller('r89 plans', 'Street', 'DE', 'R89P', '{embedded}') > 0 AS seller;
SELECT voiceagent.set_tax_rate('DE', 19, 'USt', '2020-01-01', 'a law');
SELECT voiceagent.create_plan('r89 Free', 0, 5, limits => '{"campaigns": 0}') AS free, voiceagent.create_plan('r89 Basic', 1, 100, '{"EUR": 49.00}', limits => '{"campaigns": 1}') AS basic, voiceagent.create_plan('r89 Pro', 2, 400, '{"EUR": 149.00}') AS pro \gset
SELECT voiceagent.create_coupon('R89ALL', 100, periods => 1);

SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SAVEPOINT s;
SELECT voiceagent.subscribe_to_plan(:basic, 'stripe', 'https://app.example/');
ROLLBACK TO s;
SELECT voiceagent.subscribe_to_plan(:basic, 'bank');
ROLLBACK TO s;
SELECT voiceagent.subscribe_to_plan(:basic, 'embedded', 'ftp://app.example/');
ROLLBACK TO s;
SELECT voiceagent.plan_returned();
ROLLBACK TO s;
-- A period is paid, an upgrade in its middle, the next one: an order and an invoice each; what a coupon makes free has none.
SELECT state FROM voiceagent.subscribe_to_plan(:basic, coupon => 'R89ALL');
SELECT * FROM pg_temp.orders();
SELECT pg_temp.at('2040-04-01 15:30+00') \g /dev/null
SELECT pg_temp.at('2040-04-16 15:30+00') \g /dev/null
SELECT voiceagent.change_plan(:pro);
SELECT pg_temp.at('2040-05-01 15:30+00') \g /dev/null
SELECT * FROM pg_temp.orders();
SELECT number, item, net, tax, total FROM (SELECT number, regexp_replace(item, '^r89 ', '') AS item, net, tax, total FROM voiceagent.my_invoices()) i;
SELECT * FROM pg_temp.wrong();
-- Half of what is used in part goes back: what is not used first; the whole, and the rest is owed.
SELECT voiceagent_private.lock_available(), voiceagent_private.post(ARRAY[ROW('assistant', 'available', 'spent', 150, NULL, NULL, NULL, NULL, NULL)::voiceagent_private.transfer]) \g /dev/null
SELECT pg_temp.refund(:tenant, 'r89 Pro, %', 88.66);
SELECT trim_scale(available) AS available, voiceagent_private.credits_owed() AS owed FROM voiceagent.credit_balance;
SELECT pg_temp.refund(:tenant, 'r89 Pro, %');
SELECT trim_scale(available) AS available, voiceagent_private.credits_owed() AS owed FROM voiceagent.credit_balance;
-- The credits of a period that is over went with it: nothing is owed for them.
SELECT pg_temp.refund(:tenant, 'r89 Basic, 2040-04%');
SELECT trim_scale(available) AS available, voiceagent_private.credits_owed() AS owed FROM voiceagent.credit_balance;
SELECT pg_temp.at('2040-05-01 16:30+00') \g /dev/null
SELECT kind, corrects IS NOT NULL AS corrects, net, tax, total FROM voiceagent.my_invoices() WHERE kind = 'credit_note';
SELECT * FROM pg_temp.orders();
SELECT * FROM pg_temp.wrong();

-- Three campaigns run; the lower plan allows one, and the others end, the youngest first, and stay readable.
SELECT voiceagent_private.set_tenant(0) \g /dev/null
SELECT voiceagent.forgive_debt(:tenant, 'x') \g /dev/null
SELECT voiceagent.adjust_credits(:tenant, 1000, 'x') \g /dev/null
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT voiceagent.create_assistant('Ada', 'Hello {{first_name}}', 'You sell roofs.') AS ada \gset
WITH made AS (INSERT INTO voiceagent.leads (tenant_id, phone, first_name, timezones, region, created_at)
	SELECT :tenant, '+1202555' || lpad(i::text, 4, '0'), 'Lead ' || i, '{America/New_York}', 'US-DC', voiceagent.clock() FROM generate_series(100, 103) i RETURNING lead_id)
SELECT array_agg(lead_id ORDER BY lead_id) AS leads FROM made \gset
SELECT voiceagent.create_campaign('First', :ada) AS first, voiceagent.create_campaign('Second', :ada) AS second, voiceagent.create_campaign('Third', :ada) AS third, voiceagent.create_campaign('Fourth', :ada) AS fourth \gset
SELECT voiceagent.add_leads(c, :'leads'::bigint[]) FROM unnest(ARRAY[:first, :second, :third, :fourth]::bigint[]) c \g /dev/null
SELECT voiceagent.start_campaign(c) FROM unnest(ARRAY[:first, :second, :third]::bigint[]) c;
SELECT voiceagent.change_plan(:basic);
SELECT pg_temp.at('2040-06-01 15:30+00') \g /dev/null
SELECT pg_temp.serve('end_excess') AS then;
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT name, status, status_reason FROM voiceagent.campaigns WHERE tenant_id = :tenant ORDER BY campaign_id;
SELECT voiceagent_private.set_tenant(0) \g /dev/null
CREATE ROLE r89_payer LOGIN;
SELECT voiceagent.map_role('r89_payer', :tenant);
SET SESSION AUTHORIZATION r89_payer;
SAVEPOINT s;
SELECT voiceagent.start_campaign(:third);
ROLLBACK TO s;
SELECT voiceagent.create_campaign('Fifth', :ada);
ROLLBACK TO s;
SELECT voiceagent.stop_campaign(:first);
SELECT voiceagent.start_campaign(:third);
RESET SESSION AUTHORIZATION;
ROLLBACK;
