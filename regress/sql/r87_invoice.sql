-- Sellers, taxes and invoices: what is bought is invoiced once, by numbers without gaps, with the tax of the buyer's place; what is given back is noted to the last cent.
\set VERBOSITY default
\set SHOW_CONTEXT never
SET client_min_messages = warning;
\i lib/turns.inc
BEGIN;
SET LOCAL voiceagent.clock_offset = '0';
SELECT voiceagent.create_tenant('r87 invoice', 'Europe/Berlin', 10) AS tenant, voiceagent.create_tenant('r87 other', 'UTC') AS other \gset
SELECT voiceagent.create_credit_pack('r87 hundred', 100, '{"EUR": 10.10, "JPY": 1005, "KWD": 1.235}') AS pack \gset
CREATE FUNCTION pg_temp.bought(pack bigint, currency text DEFAULT 'EUR') RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	v_order bigint := (SELECT order_id FROM voiceagent.buy(pack, currency => bought.currency));
BEGIN
	PERFORM voiceagent.pay_embedded(v_order);
	RETURN v_order;
END $$;
CREATE FUNCTION pg_temp.issue() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	v_tenant bigint := voiceagent_private.set_tenant(0);
BEGIN
	PERFORM voiceagent_private.issue_invoices(100);
	PERFORM voiceagent_private.set_tenant(v_tenant);
END $$;
CREATE FUNCTION pg_temp.listed() RETURNS TABLE (number text, kind text, corrects text, currency text, net numeric, tax numeric, total numeric, rate numeric, tax_kind text) LANGUAGE sql AS $$
	SELECT number, kind, corrects, currency, net, tax, total, trim_scale(tax_rate), tax_kind FROM voiceagent.my_invoices() $$;
CREATE FUNCTION pg_temp.tax_in(country text, number text, OUT tax bigint, OUT rate numeric, OUT kind text) LANGUAGE plpgsql AS $$
BEGIN
	PERFORM voiceagent.set_billing_details('b', 'a', country, number);
	SELECT t.* INTO tax, rate, kind FROM voiceagent_private.tax_on('embedded', 1000) t;
END $$;
-- What is no seller, no tax, no buyer.
SAVEPOINT s;
SELECT voiceagent.set_seller('', 'a', 'DE', 'R', '{embedded}');
ROLLBACK TO s;
SELECT voiceagent.set_seller('n', 'a', 'Germany', 'R', '{embedded}');
ROLLBACK TO s;
SELECT voiceagent.set_seller('n', 'a', 'DE', 'r 1', '{embedded}');
ROLLBACK TO s;
SELECT voiceagent.set_seller('n', 'a', 'DE', 'R', '{bank}');
ROLLBACK TO s;
SELECT voiceagent.set_seller('n', 'a', 'DE', 'R', '{embedded}', 'FR123456789');
ROLLBACK TO s;
SELECT voiceagent.set_tax_rate('DE', 101, 'VAT', '2020-01-01', 'law');
ROLLBACK TO s;
SELECT voiceagent.set_tax_rate('DE', 19, 'VAT', '2020-01-01', ' ');
ROLLBACK TO s;
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT voiceagent.set_billing_details(E'two\nlines', 'a', 'DE');
ROLLBACK TO s;
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT voiceagent.set_billing_details('n', 'a', 'DE', email => E'a@b.example\nBcc: x');
ROLLBACK TO s;
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT voiceagent.set_billing_details('n', 'a', 'DE', language => 'tlh');
ROLLBACK TO s;
-- Paid before there is a seller: it waits, and has no tax.
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT pg_temp.bought(:pack) AS early \gset
SELECT pg_temp.issue();
SELECT d.next_at, d.problem FROM voiceagent_private.invoices_due d WHERE d.tenant_id = :tenant;
SELECT * FROM voiceagent_private.check_invoices();
SELECT voiceagent_private.set_tenant(0) \g /dev/null
SELECT voiceagent.set_seller('Voice GmbH', E'Am Weg 1\n10115 Berlin', 'DE', 'R89', '{embedded,stripe}', 'DE 123.456-789') AS seller \gset
-- The rates are the test's own.
SELECT voiceagent.set_tax_rate('DE', 19, 'USt', '2020-01-01', 'a test'), voiceagent.set_tax_rate('FR', 20, 'TVA', '2020-01-01', 'a test'), voiceagent.set_tax_rate('FR', 50, 'TVA', '2999-01-01', 'a test');
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT pg_temp.issue();
SELECT * FROM pg_temp.listed();
-- A buyer of whom nothing is known pays the seller's tax; half a smallest unit is rounded upwards.
SELECT c.currency, t.tax, t.rate, t.kind, t.buyer FROM (VALUES ('EUR', 250), ('EUR', 1010), ('EUR', 3), ('JPY', 1005), ('KWD', 1235)) AS c(currency, price), voiceagent_private.tax_on('embedded', c.price) t;
SELECT pg_temp.bought(:pack, 'JPY') AS yen \gset
-- Of another country of the Union with a number: the buyer accounts for it; without one: its own tax, or the seller's where no row is; outside: a row's, or none.
SELECT voiceagent.set_billing_details('Société & Fils', E'2 rue Neuve\n75001 Paris', 'FR', 'FR 12 345678901', 'Buyer@Example.com', 'fr');
SELECT * FROM voiceagent_private.tax_on('embedded', 1000), voiceagent_private.tax_on('paypal', 1000) nobody;
SELECT pg_temp.bought(:pack) AS reversed \gset
SELECT x.country, x.number, t.* FROM (VALUES ('FR', NULL), ('IT', NULL), ('DE', 'DE999999999'), ('US', NULL), ('GR', 'EL123456789'), ('CH', 'CHE-123.456.789 MWST')) AS x(country, number),
	LATERAL pg_temp.tax_in(x.country, x.number) t;
SELECT voiceagent.set_billing_details('Société & Fils', E'2 rue Neuve\n75001 Paris', 'FR', NULL, 'Buyer@Example.com', 'fr');
SELECT pg_temp.bought(:pack) AS taxed \gset
SELECT amount, tax, tax_rate, tax_kind FROM voiceagent.payment_orders WHERE order_id = :taxed;
-- What is set later changes nothing that was bought.
SELECT voiceagent.set_billing_details('Another', 'Elsewhere', 'US', language => 'en');
SELECT pg_temp.issue();
SELECT pg_temp.issue();
SELECT * FROM pg_temp.listed();
SELECT voiceagent.set_billing_details('Société & Fils', E'2 rue Neuve\n75001 Paris', 'FR', NULL, 'Buyer@Example.com', 'fr');
-- Given back in three parts: their tax adds up to the whole.
SELECT voiceagent_private.set_tenant(0) \g /dev/null
SELECT voiceagent.refund_order(:tenant, :taxed, 'a part', 0.05), voiceagent.refund_order(:tenant, :taxed, 'a part', 4.01);
SELECT pg_temp.issue();
SELECT voiceagent.refund_order(:tenant, :taxed, 'the rest');
SELECT pg_temp.issue();
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT number, net, tax, total, corrects FROM pg_temp.listed() WHERE kind = 'credit_note';
SELECT o.amount, o.refunded, sum(i.net) AS net, sum(i.tax) AS tax, sum(i.total) AS total FROM voiceagent.payment_orders o JOIN voiceagent.invoices i USING (tenant_id, order_id) WHERE o.order_id = :taxed GROUP BY 1, 2;
-- A dispute changes no invoice.
SELECT order_id AS disputed FROM voiceagent.buy(:pack) \gset
SELECT voiceagent.pay_embedded(:disputed, 'is_disputed');
SET LOCAL voiceagent.clock_offset = '120';
SELECT pg_temp.serve('look_at_payments') IS NOT NULL;
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT pg_temp.issue();
SELECT disputed, (SELECT count(*) FROM voiceagent.invoices i WHERE i.order_id = o.order_id) FROM voiceagent.payment_orders o WHERE order_id = :disputed;
-- Whole, in the language of its buyer; days and numbers that differ from run to run are left out.
CREATE FUNCTION pg_temp.shown(number text) RETURNS text LANGUAGE sql AS $$
	SELECT regexp_replace(regexp_replace(voiceagent.invoice(i.invoice_id), '\d{4}-\d\d-\d\d', 'DAY', 'g'), '(order|commande|pedido|Bestellung) \d+', '\1 N') FROM voiceagent.invoices i WHERE i.number = shown.number $$;
SELECT pg_temp.shown('R89-1');
SELECT pg_temp.shown('R89-4');
SELECT pg_temp.shown('R89-C-1');
SELECT voiceagent.set_billing_details('Käufer', 'Straße 3', 'DE', 'DE999999999', 'buyer@example.com', 'de');
SELECT pg_temp.bought(:pack, 'KWD') AS dinar \gset
SELECT pg_temp.issue();
SELECT pg_temp.shown('R89-6');
-- What was mailed; one that failed is told, too.
SELECT order_id AS failing FROM voiceagent.buy(:pack) \gset
SELECT voiceagent.pay_embedded(:failing, 'is_declined');
SELECT voiceagent_private.balance_is_low('credits', 5, 10);
SELECT pg_temp.issue();
SELECT kind, class, language, recipient, regexp_replace(subject, '\d{4}-', '') AS subject, status FROM voiceagent.mails WHERE tenant_id = :tenant ORDER BY mail_id;
SELECT regexp_replace(body, 'Bestellung \d+', 'Bestellung N') FROM voiceagent.mails WHERE tenant_id = :tenant AND kind IN ('payment_failed', 'credits_low') ORDER BY mail_id;
SELECT event_type, event_data - 'order_id' - 'invoice_id' AS said FROM voiceagent.events WHERE tenant_id = :tenant AND event_type = 'invoice_issued' ORDER BY event_id LIMIT 2;
-- Never changed, by whoever owns it.
SAVEPOINT s;
UPDATE voiceagent.invoices SET total = 0 WHERE tenant_id = :tenant;
ROLLBACK TO s;
DELETE FROM voiceagent.invoices WHERE tenant_id = :tenant;
ROLLBACK TO s;
TRUNCATE voiceagent.invoices CASCADE;
ROLLBACK TO s;
-- Another tenant's are not there; its own come next in the series, which has no gap.
SELECT i.invoice_id AS ours FROM voiceagent.invoices i WHERE i.number = 'R89-1' \gset
SELECT voiceagent_private.set_tenant(:other) \g /dev/null
SELECT voiceagent.invoice(:ours);
ROLLBACK TO s;
SELECT voiceagent_private.set_tenant(:other) \g /dev/null
SELECT voiceagent.invoice_pdf(:ours);
ROLLBACK TO s;
SELECT voiceagent_private.set_tenant(:other) \g /dev/null
SELECT pg_temp.bought(:pack) \g /dev/null
SELECT pg_temp.issue();
SELECT number FROM pg_temp.listed();
SELECT * FROM voiceagent_private.check_invoices();
SELECT voiceagent_private.set_tenant(0) \g /dev/null
SELECT * FROM voiceagent_private.check_invoice_numbers();
SELECT series, count(*), max(place) FROM voiceagent_private.invoice_numbers WHERE seller_id = :seller GROUP BY series ORDER BY series;
-- Trouble of one tenant's is its own: the numbers go on behind it.
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT pg_temp.bought(:pack) \g /dev/null
UPDATE voiceagent.billing_details SET email = 'no address' WHERE tenant_id = :tenant;
SELECT voiceagent_private.set_tenant(:other) \g /dev/null
SELECT pg_temp.bought(:pack) \g /dev/null
SELECT pg_temp.issue();
SELECT number FROM pg_temp.listed();
SELECT voiceagent_private.set_tenant(0) \g /dev/null
SELECT problem FROM voiceagent_private.invoices_due WHERE tenant_id = :tenant;
SELECT * FROM voiceagent_private.check_invoice_numbers();
-- The checks find what is wrong.
INSERT INTO voiceagent_private.invoice_series VALUES (:seller, 'GAP', 2);
SELECT invariant, regexp_replace(detail, 'seller \d+', 'seller N') FROM voiceagent_private.check_invoice_numbers();
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
DELETE FROM voiceagent_private.invoices_due WHERE tenant_id = :tenant;
SELECT invariant FROM voiceagent_private.check_invoices();
-- As PDF: asked for, it is being made.
SELECT state, pdf, lacks FROM voiceagent.invoice_pdf(:ours);
ROLLBACK;
