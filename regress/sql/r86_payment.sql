-- Buying credits: each currency's own fractions, one grant a payment, refunds and disputes that take back what is unspent and leave a debt for the rest.
\set VERBOSITY default
\set SHOW_CONTEXT never
SET client_min_messages = warning;
\i lib/turns.inc
BEGIN;
SELECT voiceagent.create_tenant('r86 payment', 'UTC', 10) AS tenant, voiceagent.create_tenant('r86 other', 'UTC') AS other \gset
CREATE FUNCTION pg_temp.minutes_later(n int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	PERFORM set_config('voiceagent.clock_offset', (coalesce(current_setting('test.minutes', true)::int, 0) + n) * 60 || 's', true);
	PERFORM set_config('test.minutes', (coalesce(current_setting('test.minutes', true)::int, 0) + n)::text, true);
	PERFORM pg_temp.serve('look_at_payments');
	PERFORM voiceagent_private.set_tenant(v_tenant);
END $$;
CREATE FUNCTION pg_temp.wallet() RETURNS text LANGUAGE sql AS $$
	SELECT format('available %s, posted %s, granted %s, owed %s', trim_scale(available), trim_scale(posted), trim_scale(granted), trim_scale(voiceagent_private.credits_owed()))
	FROM voiceagent.credit_balance $$;
-- Packs: what no price is.
SAVEPOINT s;
SELECT voiceagent.create_credit_pack('None', 0, '{"EUR": 1}');
ROLLBACK TO s;
SELECT voiceagent.create_credit_pack('Too much', 1e18, '{"EUR": 1}');
ROLLBACK TO s;
SELECT voiceagent.create_credit_pack('Half a yen', 10, '{"EUR": 1, "JPY": 100.5}');
ROLLBACK TO s;
SELECT voiceagent.create_credit_pack('Fils', 10, '{"KWD": 1.2345}');
ROLLBACK TO s;
SELECT voiceagent.create_credit_pack('Nowhere', 10, '{"XYZ": 1}');
ROLLBACK TO s;
SELECT voiceagent.create_credit_pack('A word', 10, '{"EUR": "1"}');
ROLLBACK TO s;
SELECT voiceagent.create_credit_pack('Nothing', 10, '{"EUR": 0}');
ROLLBACK TO s;
SELECT voiceagent.create_credit_pack('No price', 10, '{}');
ROLLBACK TO s;
SELECT voiceagent.create_credit_pack('Thousand', 1000, '{"EUR": 250.00, "JPY": 40000, "KWD": 80.125}') AS pack \gset
SELECT voiceagent.create_credit_pack('Three', 3, '{"EUR": 0.07}') AS three \gset
SELECT voiceagent.create_credit_pack(' Thousand ', 5, '{"EUR": 1}');
ROLLBACK TO s;
SELECT voiceagent.create_credit_pack('Thousand', 1000, '{"EUR": 250.00, "JPY": 40000, "KWD": 80.125}') AS pack \gset
SELECT voiceagent.create_credit_pack('Three', 3, '{"EUR": 0.07}') AS three \gset
SELECT name, credits, currency, price FROM voiceagent.credit_offers WHERE pack_id IN (:pack, :three) ORDER BY pack_id, currency;
-- As vendors count: PayPal has no fractions of some currencies, Stripe counts others in hundredths or tens.
SELECT v.*, a.* FROM (VALUES ('stripe', 'ISK', 500, 0), ('stripe', 'KWD', 80120, 3), ('stripe', 'JPY', 40000, 0), ('stripe', 'MGA', 500, 2), ('paypal', 'HUF', 50000, 2), ('paypal', 'EUR', 25000, 2)) AS v(vendor, currency, amount, exponent), voiceagent_private.vendor_amount(v.vendor, v.currency, v.amount, v.exponent) a;
SAVEPOINT s;
SELECT voiceagent_private.vendor_amount('paypal', 'HUF', 50050, 2);
ROLLBACK TO s;
SELECT voiceagent_private.vendor_amount('stripe', 'KWD', 80125, 3);
ROLLBACK TO s;
SELECT voiceagent_private.vendor_amount('paypal', 'KWD', 80120, 3);
ROLLBACK TO s;

-- A purchase.
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SAVEPOINT s;
SELECT voiceagent.buy(0);
ROLLBACK TO s;
SELECT voiceagent.buy(:pack, currency => 'USD');
ROLLBACK TO s;
SELECT voiceagent.buy(:pack, 'bank');
ROLLBACK TO s;
SELECT voiceagent.buy(:pack, return_url => 'javascript:alert(1)');
ROLLBACK TO s;
SELECT order_id AS bought, approve_url FROM voiceagent.buy(:pack) \gset
SELECT state, regexp_replace(reason, '\(\d+\)', '(N)') AS reason, credits, amount, currency FROM voiceagent.payment_orders WHERE order_id = :bought;
SAVEPOINT s;
SELECT voiceagent.pay_embedded(:bought, 'steals');
ROLLBACK TO s;
SELECT voiceagent.pay_embedded(:bought);
SELECT pg_temp.wallet();
-- again, by whatever way it comes: nothing
SAVEPOINT s;
SELECT voiceagent.pay_embedded(:bought);
ROLLBACK TO s;
SELECT voiceagent.payment_returned(:bought);
SELECT voiceagent_private.look_at_embedded(:bought);
SELECT pg_temp.minutes_later(2 * 1440);
SELECT pg_temp.wallet();
SELECT event_type, event_data - 'order_id' AS event_data FROM voiceagent.events WHERE tenant_id = :tenant AND event_type LIKE '%bought' ORDER BY event_id;

-- What a vendor may say wrongly: another amount, another currency, nothing.
CREATE FUNCTION pg_temp.order_at(vendor text) RETURNS bigint LANGUAGE sql AS $$
	INSERT INTO voiceagent.payment_orders (tenant_id, vendor, pack_id, pack_name, credits, currency, amount, exponent, state, ordered_by, created_at, expires_at)
	VALUES (voiceagent.current_tenant(), vendor, 1, 'p', 100, 'EUR', 2500, 2, 'waiting', 'a test', voiceagent.clock(), voiceagent.clock() + interval '1 hour') RETURNING order_id $$;
SELECT pg_temp.order_at('stripe') AS o \gset
SELECT r.report, voiceagent_private.apply_payment_report(pg_temp.order_at('stripe'), r.report)
FROM (VALUES (jsonb '{"status": "completed", "amount": 2499, "currency": "EUR"}'), ('{"status": "completed", "amount": 2500, "currency": "USD"}'), ('{"status": "completed"}'),
	('{"status": "declined", "message": "no money"}'), ('{"status": "missing"}'), ('{"status": "pending"}'), ('{"status": "approved"}'), ('{"status": "open", "approve_url": "https://pay.example/1"}'), ('{}')) AS r(report);
SELECT state, reason, approve_url FROM voiceagent.payment_orders WHERE tenant_id = :tenant AND order_id > :o ORDER BY order_id;
-- out of order: what was refused stays so, but money that came after all counts
SELECT n, voiceagent_private.apply_payment_report(:o, jsonb_build_object('status', status, 'amount', 2500, 'currency', 'EUR')), pg_temp.wallet()
FROM unnest('{pending,declined,open,pending,completed,open,declined,completed}'::text[]) WITH ORDINALITY AS u(status, n);
SELECT voiceagent_private.apply_payment_report(-1, '{"status": "completed"}');
-- A word for a dispute that nobody knows changes nothing, and staff is told of it once.
SELECT voiceagent_private.apply_payment_report(:o, jsonb_build_object('status', 'completed', 'amount', 2500, 'currency', 'EUR', 'unknown', w)) AS state FROM unnest('{evaporated,evaporated,mediated}'::text[]) w;
SELECT action, object LIKE '%order ' || :o AS of_the_order, new_value ->> 'word' AS word FROM voiceagent_private.platform_audit_log WHERE action = 'dispute_unknown' ORDER BY audit_id;

-- Refunds in parts: three credits for seven cents, to the last millionth.
SELECT order_id AS small FROM voiceagent.buy(:three) \gset
SELECT voiceagent.pay_embedded(:small);
SELECT voiceagent_private.set_tenant(0) \g /dev/null
SAVEPOINT s;
SELECT voiceagent.refund_order(:tenant, :small, 'too much', 0.08);
ROLLBACK TO s;
SELECT voiceagent.refund_order(:tenant, :small, 'too fine', 0.015);
ROLLBACK TO s;
SELECT voiceagent.refund_order(:tenant, :small, ' ');
ROLLBACK TO s;
SELECT voiceagent.refund_order(:other, :small, 'not theirs');
ROLLBACK TO s;
SELECT voiceagent.refund_order(:tenant, :small, 'a part', 0.02), voiceagent.refund_order(:tenant, :small, 'a part', 0.02), voiceagent.refund_order(:tenant, :small, 'the rest');
SAVEPOINT s;
SELECT voiceagent.refund_order(:tenant, :small, 'once more', 0.01);
ROLLBACK TO s;
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT operation, amount FROM voiceagent.credit_transactions WHERE reference = 'order ' || :small ORDER BY transaction_id;
SELECT pg_temp.wallet();

-- A dispute after the credits are spent: the rest is a debt, which stops dialling and which the next purchase pays first.
SELECT order_id AS disputed FROM voiceagent.buy(:pack) \gset
SELECT voiceagent.pay_embedded(:disputed, 'is_disputed');
SELECT call_id FROM voiceagent_private.hold_credits('{1}', '{2000}');
SELECT * FROM voiceagent_private.settle_holds('{1}', '{2000}');
SELECT pg_temp.wallet();
SELECT pg_temp.minutes_later(1);
SELECT pg_temp.wallet();
SELECT state, refunded, disputed, taken_back FROM voiceagent.payment_orders WHERE order_id = :disputed;
SELECT owed, incurred, forgiven FROM voiceagent.credit_debts WHERE tenant_id = :tenant;
SELECT event_type, event_data - 'order_id' AS event_data FROM voiceagent.events WHERE tenant_id = :tenant AND event_type LIKE 'payment%' ORDER BY event_id;
SAVEPOINT debt;
SELECT voiceagent_private.require_no_debt();
ROLLBACK TO debt;
SELECT * FROM voiceagent_private.check_payments();
SELECT order_id AS later FROM voiceagent.buy(:three) \gset
SELECT voiceagent.pay_embedded(:later);
SELECT pg_temp.wallet();
SELECT * FROM voiceagent_private.check_payments();
-- won: what is still owed goes first, the rest comes back
SELECT voiceagent_private.set_tenant(0) \g /dev/null
SELECT voiceagent.settle_embedded_dispute(:tenant, :disputed, true);
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT pg_temp.wallet();
SELECT * FROM voiceagent_private.check_payments();
SELECT * FROM voiceagent_private.check_credit() WHERE invariant <> 'an open hold has a live call';
SELECT voiceagent_private.set_tenant(0) \g /dev/null
SAVEPOINT s;
SELECT voiceagent.settle_embedded_dispute(:tenant, :disputed, false);
ROLLBACK TO s;
-- forgiven
SAVEPOINT s;
SELECT voiceagent_private.set_tenant(:tenant), voiceagent_private.lock_available(), voiceagent_private.owe_credits(5) \g /dev/null
SELECT voiceagent_private.set_tenant(0) \g /dev/null
SELECT voiceagent.forgive_debt(:tenant, 'a goodwill'), voiceagent.forgive_debt(:tenant, 'a goodwill');
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT owed, incurred, forgiven, since FROM voiceagent.credit_debts WHERE tenant_id = :tenant;
ROLLBACK TO s;
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null

-- A card that pends or is refused, an order that nobody pays, one that is given up.
SELECT order_id AS pends FROM voiceagent.buy(:three) \gset
SELECT order_id AS refused FROM voiceagent.buy(:three) \gset
SELECT order_id AS forgotten FROM voiceagent.buy(:three) \gset
SELECT order_id AS given_up FROM voiceagent.buy(:three) \gset
SELECT voiceagent.pay_embedded(:pends, 'pends'), voiceagent.pay_embedded(:refused, 'is_declined'), voiceagent.cancel_order(:given_up);
SELECT pg_temp.minutes_later(2);
SELECT state, regexp_replace(reason, '\(\d+\)', '(N)') AS reason FROM voiceagent.payment_orders WHERE order_id IN (:pends, :refused, :forgotten, :given_up) ORDER BY order_id;
SELECT pg_temp.minutes_later(300);
SELECT state, reason FROM voiceagent.payment_orders WHERE order_id = :forgotten;
SAVEPOINT s;
SELECT voiceagent.pay_embedded(:forgotten);
ROLLBACK TO s;
SELECT voiceagent.cancel_order(:pends);
ROLLBACK TO s;
-- too many at once
INSERT INTO voiceagent_private.platform_settings (key, value) VALUES ('payment_orders_open', '1');
SELECT count(*) FROM voiceagent.buy(:three);
ROLLBACK TO s;
-- another tenant's order
SELECT voiceagent_private.set_tenant(:other) \g /dev/null
SELECT voiceagent.pay_embedded(:forgotten);
ROLLBACK TO s;
SELECT voiceagent_private.set_tenant(:other) \g /dev/null
SELECT voiceagent.payment_returned(:forgotten);
ROLLBACK TO s;
-- a pack that is sold no longer; its orders stay
SELECT voiceagent_private.set_tenant(0) \g /dev/null
SELECT voiceagent.archive_credit_pack(:three);
SELECT voiceagent.archive_credit_pack(:three);
ROLLBACK TO s;
SELECT voiceagent.archive_credit_pack(:three);
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT voiceagent.buy(:three);
ROLLBACK TO s;
SELECT * FROM voiceagent_private.check_payments();
ROLLBACK;

-- The statement: a line a call, also of one that cost more than its hold; the balance counts what is set aside, and ends where the next one begins.
BEGIN;
SET LOCAL voiceagent.clock_offset = '0';
SELECT voiceagent.create_tenant('r86 statement', 'America/New_York', 10) AS tenant \gset
SELECT voiceagent.create_credit_pack('r86 hundred', 100, '{"EUR": 20}') AS pack \gset
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT (voiceagent.clock() AT TIME ZONE 'America/New_York')::date AS today \gset
SELECT order_id FROM voiceagent.buy(:pack) \gset
SELECT voiceagent.pay_embedded(:order_id) \g /dev/null
SELECT count(*) FROM voiceagent_private.hold_credits('{1,2,3}', '{10,5,20}');
SELECT * FROM voiceagent_private.settle_holds('{1,2}', '{2.5,7}') ORDER BY 1;
CREATE TEMP TABLE lines AS SELECT row_number() OVER () AS n, * FROM voiceagent.statement(:'today');
SELECT kind, regexp_replace(details, 'order \d+', 'order N') AS details, call_id, trim_scale(amount) AS amount, trim_scale(balance) AS balance FROM lines ORDER BY n;
-- a day later
SET LOCAL voiceagent.clock_offset = '86400';
SELECT * FROM voiceagent_private.settle_holds('{3}', '{0}');
SELECT voiceagent.adjust_credits(:tenant, -1, 'a correction') \g /dev/null
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT kind, details, trim_scale(amount) AS amount, trim_scale(balance) AS balance FROM voiceagent.statement(date :'today' + 1);
SELECT count(*), min(balance), max(balance) FROM voiceagent.statement(date :'today' - 30, date :'today' - 1);
-- every cut between two transfers is found
SELECT count(*) FROM (SELECT t.transfer_id, t.at, lag(t.at) OVER (ORDER BY t.transfer_id) AS before FROM voiceagent.credit_transfers t WHERE t.tenant_id = :tenant) t
WHERE t.at > t.before AND voiceagent_private.transfers_before(t.at) IS DISTINCT FROM (SELECT max(o.transfer_id) FROM voiceagent.credit_transfers o WHERE o.tenant_id = :tenant AND o.at < t.at);
SAVEPOINT s;
SELECT * FROM voiceagent.statement('2030-01-02', '2030-01-01');
ROLLBACK TO s;
SELECT * FROM voiceagent.statement(NULL);
ROLLBACK TO s;
SELECT * FROM voiceagent.statement('infinity');
ROLLBACK;
-- Webhooks that nobody signed name certificates: those of one tenant's orders are few, and drive out no other's.
BEGIN;
SET LOCAL voiceagent.clock_offset = '0';
SELECT voiceagent.create_tenant('r86 certificates', 'UTC', 0) AS tenant, voiceagent.create_tenant('r86 other', 'UTC', 0) AS other, voiceagent.create_credit_pack('r86 certificate', 1, '{"EUR": 1}') AS pack \gset
CREATE FUNCTION pg_temp.reference(tenant bigint, pack bigint) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_order bigint;
BEGIN
	PERFORM voiceagent_private.set_tenant(tenant);
	SELECT b.order_id INTO v_order FROM voiceagent.buy(pack) b;
	UPDATE voiceagent.payment_orders SET vendor = 'paypal' WHERE tenant_id = tenant AND order_id = v_order;
	RETURN voiceagent_private.payment_reference(tenant, v_order);
END $$;
SELECT pg_temp.reference(:tenant, :pack) AS mine, pg_temp.reference(:other, :pack) AS others \gset
SELECT voiceagent_private.want_certificate('paypal', :'others', NULL, 'https://api.paypal.com/v1/notifications/certs/CERT-good');
SELECT voiceagent_private.record_payment_certificate('https://api.paypal.com/v1/notifications/certs/CERT-good', 'a certificate', NULL);
SET LOCAL voiceagent.clock_offset = '60';
SELECT count(voiceagent_private.want_certificate('paypal', :'mine', NULL, 'https://api.paypal.com/v1/notifications/certs/CERT-' || i)) FROM generate_series(1, 30) i;
SELECT pem, count(*) FROM voiceagent_private.payment_certificates GROUP BY 1 ORDER BY 1;
-- ... of which nothing came after five tries: it is not asked for in an endless loop
UPDATE voiceagent_private.payment_certificates SET tries = 5 WHERE pem IS NULL;
SELECT count(voiceagent_private.record_payment_certificate(url, NULL, 'not found')) FROM voiceagent_private.payment_certificates WHERE pem IS NULL;
SELECT count(voiceagent_private.want_certificate('paypal', :'mine', NULL, 'https://api.paypal.com/v1/notifications/certs/CERT-' || i)) FROM generate_series(1, 30) i;
SELECT pem, next_at, count(*) FROM voiceagent_private.payment_certificates GROUP BY 1, 2 ORDER BY 1;
SET LOCAL voiceagent.clock_offset = '3700';
SELECT count(voiceagent_private.want_certificate('paypal', :'mine', NULL, 'https://api.paypal.com/v1/notifications/certs/CERT-n' || i)) FROM generate_series(1, 30) i;
SELECT pem, next_at > voiceagent.clock() AS waits, count(*) FROM voiceagent_private.payment_certificates GROUP BY 1, 2 ORDER BY 1;
-- many tenants together: a good one stays, and whoever comes last has a place
SAVEPOINT many;
SELECT count(voiceagent_private.want_certificate('paypal', pg_temp.reference(i, :pack), NULL, 'https://api.paypal.com/v1/notifications/certs/CERT-m' || i || '-' || j))
FROM (SELECT voiceagent.create_tenant('r86 many ' || g, 'UTC', 0) AS i FROM generate_series(1, 12) g) g, generate_series(1, 4) j;
SELECT count(*) FILTER (WHERE pem = 'a certificate') AS good, count(*) BETWEEN 12 AND 21 AS bounded, count(DISTINCT tenant_id) FROM voiceagent_private.payment_certificates;
ROLLBACK TO many;
-- also when each is there at once, under another name
UPDATE voiceagent_private.payment_certificates SET pem = 'another' WHERE pem IS NULL;
SELECT count(voiceagent_private.want_certificate('paypal', :'mine', NULL, 'https://api.paypal.com/v1/notifications/certs/CERT-x' || i)),
	count(voiceagent_private.record_payment_certificate('https://api.paypal.com/v1/notifications/certs/CERT-x' || i, 'another', NULL)) FROM generate_series(1, 30) i;
SELECT count(*) FILTER (WHERE pem = 'a certificate') AS good, count(*) FILTER (WHERE pem = 'another') <= 3 AS few, count(*) FILTER (WHERE url LIKE '%CERT-x%') > 0 AS newest FROM voiceagent_private.payment_certificates;
ROLLBACK;
-- A buyer that comes back again and again has the vendor asked once in two seconds; of a paid order each word is asked about.
BEGIN;
SET LOCAL voiceagent.clock_offset = '0';
SELECT voiceagent.create_tenant('r86 returned', 'UTC', 0) AS tenant, voiceagent.create_credit_pack('r86 returned', 1, '{"EUR": 1}') AS pack \gset
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT order_id FROM voiceagent.buy(:pack) \gset
UPDATE voiceagent.payment_orders SET vendor = 'stripe' WHERE tenant_id = :tenant;
UPDATE voiceagent_private.payment_looks SET vendor = 'stripe' WHERE tenant_id = :tenant;
CREATE FUNCTION pg_temp.asked_in() RETURNS numeric LANGUAGE sql AS $$ SELECT greatest(round(extract(epoch FROM next_at - voiceagent.clock())), 0) FROM voiceagent_private.payment_looks WHERE tenant_id = voiceagent.current_tenant() $$;
SELECT voiceagent.payment_returned(:order_id);
SELECT l.next_at, l.next_at >= o.created_at + interval '2 s' AS early, l.next_at < o.created_at + interval '50 s' AS late FROM voiceagent_private.payment_looks l JOIN voiceagent.payment_orders o USING (tenant_id, order_id) WHERE tenant_id = :tenant \gset
SELECT :'early' AS "not at once", :'late' AS "but soon";
SELECT voiceagent.payment_returned(:order_id);
SELECT next_at >= :'next_at' AS "nor at the second time" FROM voiceagent_private.payment_looks WHERE tenant_id = :tenant;
SELECT voiceagent_private.plan_payment_look(o) FROM voiceagent.payment_orders o WHERE o.tenant_id = :tenant;
UPDATE voiceagent_private.payment_looks SET next_at = voiceagent.clock() + interval '10 seconds' WHERE tenant_id = :tenant;
SELECT voiceagent.payment_returned(:order_id), pg_temp.asked_in() AS "a while after a look";
UPDATE voiceagent.payment_orders SET state = 'paid', paid_at = voiceagent.clock(), ended_at = voiceagent.clock(), reason = NULL WHERE tenant_id = :tenant;
SELECT voiceagent_private.plan_payment_look(o) FROM voiceagent.payment_orders o WHERE o.tenant_id = :tenant;
SELECT voiceagent_private.hint_payment(:order_id);
SELECT pg_temp.asked_in() AS "of a paid one";

-- Credits that nobody has paid are test credits: no model of the platform takes them, whatever else there is, and they end before a real carrier dials; what calls hold of them, as well.
SELECT voiceagent_private.set_tenant(0) \g /dev/null
SELECT voiceagent.create_tenant('r86 tester', 'UTC', 0) AS tester, voiceagent.create_credit_pack('r86 million', 1000000, '{"EUR": 1}', minutes => 50) AS million \gset
SELECT voiceagent_private.set_tenant(:tester) \g /dev/null
SELECT voiceagent.pay_embedded(order_id) FROM voiceagent.buy(:million);
SELECT source, unit, rest, test FROM voiceagent.credit_grants WHERE tenant_id = :tester ORDER BY grant_id;
SELECT voiceagent_private.hold_model_credits(1, 'asks') AS held_of_test;
SELECT voiceagent_private.set_tenant(0) \g /dev/null
SELECT voiceagent.adjust_credits(:tester, 5, 'real ones') \g /dev/null
SELECT voiceagent_private.set_tenant(:tester) \g /dev/null
SELECT voiceagent_private.hold_model_credits(6, 'asks') AS too_many, voiceagent_private.hold_model_credits(3, 'asks') AS model \gset
\echo [:too_many]
SELECT voiceagent_private.settle_model_hold(:model, 2, 'answered');
SELECT rest, held, used FROM voiceagent.credit_grants WHERE tenant_id = :tester AND unit = 'credits';
SELECT count(*) FROM voiceagent_private.hold_credits(ARRAY[1]::bigint[], ARRAY[10]::numeric[]);
SELECT rest, held, used FROM voiceagent.credit_grants WHERE tenant_id = :tester AND unit = 'credits';
SELECT voiceagent_private.set_tenant(0) \g /dev/null
SAVEPOINT ended;
SET client_min_messages = notice;
SELECT voiceagent_private.end_embedded_vendor('arm() of provider account 1');
SET client_min_messages = warning;
SELECT voiceagent_private.set_tenant(:tester) \g /dev/null
SELECT trim_scale(available) AS available, trim_scale(held) AS held, trim_scale(minutes) AS minutes FROM voiceagent.credit_balance;
SELECT * FROM voiceagent_private.settle_holds(ARRAY[1]::bigint[], ARRAY[0]::numeric[]);
SELECT trim_scale(available) AS available, trim_scale(held) AS held FROM voiceagent.credit_balance;
SELECT * FROM voiceagent_private.check_grants() UNION ALL SELECT * FROM voiceagent_private.check_credit() UNION ALL SELECT * FROM voiceagent_private.check_payments();
ROLLBACK TO ended;

-- The embedded vendor is off for good once a payment account was set or a carrier account armed, whatever the arming of the hour: for what waits, what is bought by itself and what comes.
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT order_id FROM voiceagent.buy((SELECT max(pack_id) FROM voiceagent.credit_packs)) \gset
SELECT voiceagent.add_embedded_method() AS method \gset
SELECT voiceagent_private.arming() = 'armed' AS armed, voiceagent.payment_vendors();
SELECT voiceagent_private.end_embedded_vendor('arm() of provider account 1'), voiceagent_private.end_embedded_vendor('again');
SELECT reason FROM voiceagent_private.embedded_vendor_end;
SELECT voiceagent.payment_vendors();
SAVEPOINT s;
SELECT voiceagent.pay_embedded(:order_id);
ROLLBACK TO s;
SELECT voiceagent.buy((SELECT max(pack_id) FROM voiceagent.credit_packs));
ROLLBACK TO s;
SELECT voiceagent.set_top_up((SELECT max(pack_id) FROM voiceagent.credit_packs), 1, 1000, :method);
ROLLBACK TO s;
DELETE FROM voiceagent_private.embedded_vendor_end;
ROLLBACK;
