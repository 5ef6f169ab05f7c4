-- Bugs that others have had with money, by their numbers: a cent lost at a top-up, a void or a tax, a fee taken twice, a payment that was unknown, paid again, and then found.
\set VERBOSITY default
\set SHOW_CONTEXT never
SET client_min_messages = warning;
BEGIN;
SET LOCAL voiceagent.clock_offset = '0';
SELECT voiceagent.create_tenant('r87 rivals', 'UTC', 0) AS tenant \gset
SELECT voiceagent.set_seller('r87 rivals', 'A street', 'CH', 'RIV', '{embedded}') IS NOT NULL AS seller;
CREATE FUNCTION pg_temp.issue() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	v_tenant bigint := voiceagent_private.set_tenant(0);
BEGIN
	PERFORM voiceagent_private.issue_invoices(1000);
	PERFORM voiceagent_private.set_tenant(v_tenant);
END $$;
-- An order at a price, with a tax of so many per cent, paid -> its number.
CREATE FUNCTION pg_temp.sold(tenant bigint, price numeric, credits numeric, rate numeric) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	v_pack bigint;
	v_order bigint;
BEGIN
	PERFORM voiceagent_private.set_tenant(0);
	PERFORM voiceagent.set_tax_rate('CH', rate, 'VAT', '2020-01-01', 'a test');
	v_pack := voiceagent.create_credit_pack(format('%s for %s at %s', credits, price, rate), credits, jsonb_build_object('EUR', price));
	PERFORM voiceagent_private.set_tenant(tenant);
	SELECT b.order_id INTO v_order FROM voiceagent.buy(v_pack) b;
	PERFORM voiceagent.pay_embedded(v_order);
	RETURN v_order;
END $$;
-- Gives an order back in parts of so many cents and then the rest, a credit note for each.
CREATE FUNCTION pg_temp.given_back(tenant bigint, v_order bigint, cents int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	o voiceagent.payment_orders;
BEGIN
	LOOP
		PERFORM voiceagent_private.set_tenant(tenant);
		SELECT * INTO o FROM voiceagent.payment_orders p WHERE p.order_id = v_order;
		EXIT WHEN o.refunded = o.amount;
		PERFORM voiceagent_private.set_tenant(0);
		PERFORM voiceagent.refund_order(tenant, v_order, 'a part', least(cents, o.amount - o.refunded) / 100.0);
		PERFORM pg_temp.issue();
	END LOOP;
END $$;
-- Lago 4639: a top-up of 17.97 became 17.96.
SELECT pg_temp.sold(:tenant, 17.97, 17.97, 0) AS o \gset
SELECT pg_temp.issue();
SELECT o.amount, trim_scale(o.credits) AS credits, trim_scale(b.available) AS available, i.total FROM voiceagent.payment_orders o, voiceagent.credit_balance b, voiceagent.my_invoices() i WHERE o.order_id = :o AND i.order_id = :o;
-- Lago 4641: a void of 85.72 took 85.71.
SELECT pg_temp.sold(:tenant, 85.72, 85.72, 0) AS o \gset
SELECT pg_temp.given_back(:tenant, :o, 8572);
SELECT o.refunded, trim_scale(o.taken_back) AS taken_back, trim_scale(b.available) AS available FROM voiceagent.payment_orders o, voiceagent.credit_balance b WHERE o.order_id = :o;
-- Lago 4642, 4794: an invoice of 17.72 became 17.71, or went below 0. Prices by taxes by parts: net and tax make the total at every step, none is below what was paid, and all comes to 0.
DO $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_price numeric;
	v_rate numeric;
BEGIN
	FOREACH v_price IN ARRAY ARRAY[17.72, 0.07, 9.99, 33.33, 0.01] LOOP
		FOREACH v_rate IN ARRAY ARRAY[8.1, 19, 7.7, 5.5, 25.5] LOOP
			PERFORM pg_temp.given_back(v_tenant, pg_temp.sold(v_tenant, v_price, 3.333333, v_rate), greatest((v_price * 30)::int, 1));
		END LOOP;
	END LOOP;
END $$;
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT count(*) AS orders, count(*) FILTER (WHERE t.net = 0 AND t.tax = 0 AND t.total = 0) AS "come to 0", bool_and(t.lowest_net >= 0 AND t.lowest_tax >= 0) AS "never below 0", bool_and(t.taken_back = t.credits) AS "all credits back", sum(t.notes) > 50 AS "in parts"
FROM (SELECT o.order_id, o.taken_back, o.credits, sum(i.net) AS net, sum(i.tax) AS tax, sum(i.total) AS total, min(i.left_net) AS lowest_net, min(i.left_tax) AS lowest_tax, count(*) - 1 AS notes
	FROM voiceagent.payment_orders o JOIN (SELECT i.*, sum(i.net) OVER w AS left_net, sum(i.tax) OVER w AS left_tax FROM voiceagent.invoices i WINDOW w AS (PARTITION BY i.order_id ORDER BY i.invoice_id)) i USING (tenant_id, order_id)
	WHERE o.credits = 3.333333 GROUP BY 1, 2, 3) t;
-- Lago 2542: a fee in advance was taken twice from the balance.
SELECT trim_scale(available) AS before FROM voiceagent.credit_balance \gset
SELECT count(*) FROM voiceagent_private.hold_credits('{1}', '{10}');
SELECT count(*) FROM voiceagent_private.settle_holds('{1}', '{4}');
SELECT count(*) FROM voiceagent_private.settle_holds('{1}', '{4}');
SELECT :before - trim_scale(available) AS taken FROM voiceagent.credit_balance;
-- Kill Bill 1015: a payment whose answer was lost was paid again, and then found good. Whatever is reported, in whatever order, as often as it likes: once.
INSERT INTO voiceagent.payment_orders (tenant_id, vendor, pack_id, pack_name, credits, currency, amount, exponent, state, ordered_by, created_at, expires_at)
VALUES (:tenant, 'stripe', 1, 'p', 100, 'EUR', 2500, 2, 'creating', 'a test', voiceagent.clock(), voiceagent.clock() + interval '1 hour') RETURNING order_id AS o \gset
SELECT n, voiceagent_private.apply_payment_report(:o, jsonb_build_object('status', status, 'amount', 2500, 'currency', 'EUR')) AS state
FROM unnest('{pending,declined,completed,open,completed,missing,completed}'::text[]) WITH ORDINALITY AS u(status, n) ORDER BY n;
SELECT count(*), trim_scale(sum(amount)) AS granted FROM voiceagent.credit_transfers WHERE tenant_id = :tenant AND reference = 'order ' || :o;
-- Webhooks that came twice and wallets that drifted (open-saas 688, lago 3703, laravel-wallet 1039): the wallet is what its entries are, and orders, invoices and ledger agree.
SELECT pg_temp.issue();
SELECT (SELECT trim_scale(available + held) FROM voiceagent.ledgers WHERE tenant_id = :tenant) = (SELECT sum(CASE WHEN to_account IN ('available', 'held') THEN amount ELSE 0 END - CASE WHEN from_account IN ('available', 'held') THEN amount ELSE 0 END) FROM voiceagent.credit_transfers WHERE tenant_id = :tenant) AS "wallet = entries";
SELECT * FROM voiceagent_private.check_payments();
SELECT * FROM voiceagent_private.check_invoices();
SELECT * FROM voiceagent_private.check_credit() WHERE invariant <> 'an open hold has a live call';
ROLLBACK;
