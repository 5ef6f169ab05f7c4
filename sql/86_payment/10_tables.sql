/*
 * 86_payment: credits that are bought.
 *
 * An order is a state machine that moves by what the vendor says of it and by
 * nothing else.  A webhook, the buyer's return and our own question each lead
 * to the same place, apply_payment_report(), which reads the whole state of the
 * payment at the vendor: it may come twice, late and out of order.  Only
 * a payment that the vendor calls completed grants credits, and only when amount,
 * currency and payee are those of the order.
 *
 * Locks: the order's row, then the ledger.
 */

CREATE TABLE voiceagent.credit_packs (
	pack_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
	credits voiceagent.credit NOT NULL CHECK (credits >= 0.0),
	minutes voiceagent.credit NOT NULL DEFAULT 0 CHECK (minutes >= 0.0),
	valid_for interval CHECK (valid_for BETWEEN '1 day' AND '100 years'),
	created_at timestamptz NOT NULL,
	archived_at timestamptz,
	CONSTRAINT gives_something CHECK (credits + minutes > 0.0)
);
CREATE UNIQUE INDEX credit_packs_name ON voiceagent.credit_packs (name) WHERE archived_at IS NULL;
COMMENT ON TABLE voiceagent.credit_packs IS
	'Packs for sale: so many credits and minutes at a price in each of some currencies.';
COMMENT ON COLUMN voiceagent.credit_packs.pack_id IS 'Number of the pack.';
COMMENT ON COLUMN voiceagent.credit_packs.name IS 'Name, as buyers see it.';
COMMENT ON COLUMN voiceagent.credit_packs.credits IS 'Credits that it gives.';
COMMENT ON COLUMN voiceagent.credit_packs.minutes IS 'Prepaid minutes that it gives.';
COMMENT ON COLUMN voiceagent.credit_packs.valid_for IS
	'How long they last once they are paid; NULL: they never expire.';
COMMENT ON COLUMN voiceagent.credit_packs.archived_at IS 'Since when it is not sold any more; NULL: it is.';
SELECT voiceagent_private.guard_table('voiceagent.credit_packs', 'platform', '');

CREATE TABLE voiceagent.credit_pack_prices (
	pack_id bigint NOT NULL REFERENCES voiceagent.credit_packs,
	currency text NOT NULL REFERENCES voiceagent.currencies,
	amount bigint NOT NULL CHECK (amount BETWEEN 1 AND 999999999999),
	PRIMARY KEY (pack_id, currency)
);
COMMENT ON TABLE voiceagent.credit_pack_prices IS 'The price of a pack, in each currency in which it is sold.';
COMMENT ON COLUMN voiceagent.credit_pack_prices.pack_id IS 'Number of the pack.';
COMMENT ON COLUMN voiceagent.credit_pack_prices.currency IS 'Currency of this price.';
COMMENT ON COLUMN voiceagent.credit_pack_prices.amount IS 'Price before tax, in the currency''s smallest unit.';
SELECT voiceagent_private.guard_table('voiceagent.credit_pack_prices', 'platform', '');

-- The pack's name, credits and price as they were: a pack may be archived, and an order says what was agreed.
CREATE TABLE voiceagent.payment_orders (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	order_id bigint GENERATED ALWAYS AS IDENTITY,
	vendor text NOT NULL REFERENCES voiceagent_private.payment_vendors,
	pack_id bigint,
	contract_id bigint,
	period_at timestamptz,
	upgrade_to bigint,
	pack_name text NOT NULL,
	credits voiceagent.credit NOT NULL CHECK (credits >= 0.0),
	minutes voiceagent.credit NOT NULL DEFAULT 0 CHECK (minutes >= 0.0),
	valid_for interval,
	currency text NOT NULL,
	amount bigint NOT NULL CHECK (amount > 0),
	exponent smallint NOT NULL,
	tax bigint NOT NULL DEFAULT 0 CHECK (tax BETWEEN 0 AND amount),
	tax_rate numeric,
	tax_kind text,
	buyer jsonb,
	state text NOT NULL CHECK (state IN ('waiting_approval', 'creating', 'waiting', 'approved', 'pending', 'paid',
		'failed', 'expired', 'canceled')),
	reason text,
	return_url text CHECK (length(return_url) <= 2000),
	approve_url text,
	vendor_ref text,
	payment_ref text,
	method text,
	method_id bigint,
	keeps_method boolean NOT NULL DEFAULT false,
	ordered_by text NOT NULL,
	refunded bigint NOT NULL DEFAULT 0 CHECK (refunded BETWEEN 0 AND amount),
	disputed bigint NOT NULL DEFAULT 0 CHECK (disputed BETWEEN 0 AND amount),
	taken_back voiceagent.credit NOT NULL DEFAULT 0 CHECK (taken_back BETWEEN 0.0 AND credits),
	minutes_taken_back voiceagent.credit NOT NULL DEFAULT 0 CHECK (minutes_taken_back BETWEEN 0.0 AND minutes),
	minutes_missing voiceagent.credit NOT NULL DEFAULT 0 CHECK (minutes_missing BETWEEN 0.0 AND minutes_taken_back),
	minutes_debt voiceagent.credit NOT NULL DEFAULT 0 CHECK (minutes_debt >= 0.0),
	created_at timestamptz NOT NULL,
	expires_at timestamptz NOT NULL,
	paid_at timestamptz,
	ended_at timestamptz,
	PRIMARY KEY (tenant_id, order_id),
	CONSTRAINT paid_at_a_time CHECK ((state = 'paid') = (paid_at IS NOT NULL)),
	CONSTRAINT ended_for_a_reason CHECK (state NOT IN ('failed', 'expired', 'canceled') OR reason IS NOT NULL),
	CONSTRAINT taken_back_of_paid CHECK (state = 'paid' OR taken_back + minutes_taken_back = 0.0),
	CONSTRAINT pack_or_plan CHECK ((pack_id IS NULL) = (contract_id IS NOT NULL)
		AND (contract_id IS NULL) = (period_at IS NULL))
) WITH (fillfactor = 70);
COMMENT ON TABLE voiceagent.payment_orders IS
	E'Purchases of credits, and payments of plans: creating, waiting (for the buyer''s approval), approved (being '
	'captured), pending (the vendor waits for the money), then paid, failed, expired or canceled.\n'
	'Only paid grants credits, once.';
COMMENT ON COLUMN voiceagent.payment_orders.order_id IS 'Number of the order.';
COMMENT ON COLUMN voiceagent.payment_orders.vendor IS
	'The payment vendor; at the embedded one nothing is paid in truth.';
COMMENT ON COLUMN voiceagent.payment_orders.buyer IS 'The billing details when it was ordered; NULL: there were none.';
COMMENT ON COLUMN voiceagent.payment_orders.pack_id IS 'The pack that was ordered; NULL: it is of a plan.';
COMMENT ON COLUMN voiceagent.payment_orders.contract_id IS
	'The contract whose period it pays, or whose upgrade; NULL: it is of a pack.';
COMMENT ON COLUMN voiceagent.payment_orders.period_at IS 'When that period begins; NULL: it is of a pack.';
COMMENT ON COLUMN voiceagent.payment_orders.upgrade_to IS
	'The plan that the period has once it is paid, of an order of the difference; NULL: no other.';
COMMENT ON COLUMN voiceagent.payment_orders.keeps_method IS
	'The vendor keeps how it is paid, to charge it later without the buyer.';
COMMENT ON COLUMN voiceagent.payment_orders.currency IS 'Code of the currency.';
COMMENT ON COLUMN voiceagent.payment_orders.state IS 'Where the purchase stands: see the table.';
COMMENT ON COLUMN voiceagent.payment_orders.paid_at IS 'When the vendor said that it was paid; NULL: it is not.';
COMMENT ON COLUMN voiceagent.payment_orders.pack_name IS
	'Name of the pack when it was ordered; of a plan its name and the period.';
COMMENT ON COLUMN voiceagent.payment_orders.credits IS 'Credits that were ordered.';
COMMENT ON COLUMN voiceagent.payment_orders.minutes IS 'Prepaid minutes that were ordered.';
COMMENT ON COLUMN voiceagent.payment_orders.minutes_taken_back IS
	'Minutes that went back for it, those that were used already included.';
COMMENT ON COLUMN voiceagent.payment_orders.minutes_missing IS 'Of these, what was used already.';
COMMENT ON COLUMN voiceagent.payment_orders.minutes_debt IS 'The debt for those, in credits at the price of that time.';
COMMENT ON COLUMN voiceagent.payment_orders.valid_for IS
	'How long the credits last once they are paid; NULL: they never expire.';
COMMENT ON COLUMN voiceagent.payment_orders.amount IS 'The amount, tax included, in the currency''s smallest unit.';
COMMENT ON COLUMN voiceagent.payment_orders.tax IS 'Of the amount, the tax.';
COMMENT ON COLUMN voiceagent.payment_orders.tax_rate IS 'Its rate in per cent; NULL: there was no seller then.';
COMMENT ON COLUMN voiceagent.payment_orders.tax_kind IS
	'As tax_rates.kind; reverse charge, or none; NULL: there was no seller then.';
COMMENT ON COLUMN voiceagent.payment_orders.exponent IS
	'Decimals of the currency: amount / 10 ^ exponent is the price.';
COMMENT ON COLUMN voiceagent.payment_orders.reason IS 'Why it is where it is, in words.';
COMMENT ON COLUMN voiceagent.payment_orders.return_url IS 'Where the vendor sends the buyer afterwards.';
COMMENT ON COLUMN voiceagent.payment_orders.approve_url IS
	'Where the buyer pays; NULL: not known yet, or there is no such page.';
COMMENT ON COLUMN voiceagent.payment_orders.vendor_ref IS 'Number of the order at the vendor.';
COMMENT ON COLUMN voiceagent.payment_orders.payment_ref IS 'Number of the payment at the vendor.';
COMMENT ON COLUMN voiceagent.payment_orders.method IS
	'How it was paid, as the vendor shows it, such as visa 4242; NULL: not known.';
COMMENT ON COLUMN voiceagent.payment_orders.method_id IS
	'The payment method that is charged without the buyer (auto top-up); NULL: the buyer pays.';
COMMENT ON COLUMN voiceagent.payment_orders.ordered_by IS 'Who ordered, in words.';
COMMENT ON COLUMN voiceagent.payment_orders.refunded IS 'Of the amount, what was given back.';
COMMENT ON COLUMN voiceagent.payment_orders.disputed IS 'Of the amount, what is disputed, or was lost in a dispute.';
COMMENT ON COLUMN voiceagent.payment_orders.taken_back IS
	'Credits that went back for it, those that are owed included.';
COMMENT ON COLUMN voiceagent.payment_orders.expires_at IS 'Until when the buyer may pay.';
COMMENT ON COLUMN voiceagent.payment_orders.ended_at IS 'When it was paid, or came to nothing; NULL: it is open.';
-- A payment of a plan that is heard of twice is one.
CREATE UNIQUE INDEX payment_orders_plan ON voiceagent.payment_orders (tenant_id, contract_id, vendor_ref)
	WHERE contract_id IS NOT NULL;
CREATE INDEX payment_orders_open ON voiceagent.payment_orders (tenant_id, order_id) WHERE ended_at IS NULL;
SELECT voiceagent_private.guard_table('voiceagent.payment_orders', 'tenant');
INSERT INTO voiceagent_private.registrations (kind, name, detail)
VALUES ('open', 'voiceagent.payment_orders',
	'CASE WHEN t.ended_at IS NULL THEN format(''order %s is open'', t.order_id) END');

CREATE TABLE voiceagent_private.payment_looks (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	order_id bigint NOT NULL,
	vendor text NOT NULL,
	task text NOT NULL DEFAULT 'look' CHECK (task IN ('create', 'look', 'capture', 'refund', 'dispute')),
	next_at timestamptz NOT NULL,
	claimed boolean NOT NULL DEFAULT false,
	tries integer NOT NULL DEFAULT 0,
	first_sent_at timestamptz,
	refund bigint CHECK (refund > 0),
	PRIMARY KEY (tenant_id, order_id)
) WITH (fillfactor = 50);
COMMENT ON TABLE voiceagent_private.payment_looks IS
	E'Orders about which the vendor is to be asked: a row each while something may still come of it.\n'
	'Embedded ones are looked at by the job look_at_payments, the others by the task payments.';
COMMENT ON COLUMN voiceagent_private.payment_looks.task IS
	'The next request: create, look, capture (takes the money of what is approved), refund, or dispute (how those '
	'about it stand).';
COMMENT ON COLUMN voiceagent_private.payment_looks.next_at IS 'When; while claimed: when the answer counts as lost.';
COMMENT ON COLUMN voiceagent_private.payment_looks.claimed IS 'The request is on its way.';
COMMENT ON COLUMN voiceagent_private.payment_looks.tries IS 'Requests of this task so far.';
COMMENT ON COLUMN voiceagent_private.payment_looks.first_sent_at IS
	'When the task was sent first: the vendor''s idempotency key holds from then on for some hours.';
COMMENT ON COLUMN voiceagent_private.payment_looks.refund IS 'The refund, in the smallest unit.';
CREATE INDEX payment_looks_due ON voiceagent_private.payment_looks (next_at);
SELECT voiceagent_private.guard_table('voiceagent_private.payment_looks', 'routing', waits => '{next_at}');

CREATE TABLE voiceagent_private.payment_requests (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	request_id bigint GENERATED ALWAYS AS IDENTITY,
	vendor text NOT NULL REFERENCES voiceagent_private.payment_vendors,
	subject_id bigint NOT NULL,
	task text NOT NULL CHECK (task IN ('product', 'coupon', 'price', 'create', 'look', 'payments', 'change', 'cancel',
		'withdraw', 'detach')),
	body jsonb NOT NULL,
	hinted boolean NOT NULL DEFAULT false,
	again boolean NOT NULL DEFAULT false,
	next_at timestamptz NOT NULL,
	claimed boolean NOT NULL DEFAULT false,
	tries integer NOT NULL DEFAULT 0,
	first_sent_at timestamptz,
	PRIMARY KEY (tenant_id, request_id),
	UNIQUE (tenant_id, subject_id, task)
) WITH (fillfactor = 50);
COMMENT ON TABLE voiceagent_private.payment_requests IS
	'Requests to payment vendors about plans and payment methods, one of a kind at a time; for the task payments.';
COMMENT ON COLUMN voiceagent_private.payment_requests.request_id IS 'Its number, which its idempotency key names.';
COMMENT ON COLUMN voiceagent_private.payment_requests.vendor IS 'The vendor.';
COMMENT ON COLUMN voiceagent_private.payment_requests.subject_id IS 'The contract; of a detach the payment method.';
COMMENT ON COLUMN voiceagent_private.payment_requests.task IS
	'product, coupon, price (made there once), create, look, payments (its list), change, cancel, withdraw '
	'(what is not approved) or detach.';
COMMENT ON COLUMN voiceagent_private.payment_requests.body IS
	'The order of which the driver makes its request (VaPaymentOrder in extension/pure/payments/payments.h), the same '
	'each time, since the key stands for it.';
COMMENT ON COLUMN voiceagent_private.payment_requests.hinted IS
	'A webhook, the buyer or we ourselves gave a reason to ask: something new is expected.';
COMMENT ON COLUMN voiceagent_private.payment_requests.again IS
	'Somebody asked for the same while it was on its way, whose answer may be older: the vendor is asked once more.';
COMMENT ON COLUMN voiceagent_private.payment_requests.next_at IS 'When; while claimed: when the answer counts as lost.';
COMMENT ON COLUMN voiceagent_private.payment_requests.claimed IS 'It is on its way.';
COMMENT ON COLUMN voiceagent_private.payment_requests.tries IS 'How often it was sent.';
COMMENT ON COLUMN voiceagent_private.payment_requests.first_sent_at IS
	'When it was sent first: its idempotency key holds from then on for some hours.';
CREATE INDEX payment_requests_due ON voiceagent_private.payment_requests (next_at);
SELECT voiceagent_private.guard_table('voiceagent_private.payment_requests', 'routing', waits => '{next_at}');

CREATE TABLE voiceagent_private.vendor_objects (
	vendor text NOT NULL REFERENCES voiceagent_private.payment_vendors,
	key text NOT NULL,
	vendor_ref text NOT NULL,
	created_at timestamptz NOT NULL,
	PRIMARY KEY (vendor, key)
);
COMMENT ON TABLE voiceagent_private.vendor_objects IS
	'Products, coupons and prices that were made at payment vendors, once for all tenants.';
COMMENT ON COLUMN voiceagent_private.vendor_objects.key IS 'The task that made it, and a digest of what was sent.';
COMMENT ON COLUMN voiceagent_private.vendor_objects.vendor_ref IS 'Its number there.';
SELECT voiceagent_private.guard_table('voiceagent_private.vendor_objects', 'platform', '');
GRANT SELECT, INSERT ON voiceagent_private.vendor_objects TO voiceagent_worker;

CREATE TABLE voiceagent_private.embedded_payments (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	order_id bigint NOT NULL,
	status text NOT NULL CHECK (status IN ('completed', 'pending', 'declined')),
	refunded bigint NOT NULL DEFAULT 0,
	dispute text CHECK (dispute IN ('coming', 'open', 'won', 'lost')),
	message text,
	PRIMARY KEY (tenant_id, order_id)
);
COMMENT ON TABLE voiceagent_private.embedded_payments IS
	'The records of the embedded payment vendor: the state of each payment that was tried there.';
COMMENT ON COLUMN voiceagent_private.embedded_payments.status IS
	'completed, pending (completed at the next look) or declined.';
COMMENT ON COLUMN voiceagent_private.embedded_payments.message IS 'Why it was declined; NULL: it was not.';
COMMENT ON COLUMN voiceagent_private.embedded_payments.refunded IS 'The refund, in the smallest unit.';
COMMENT ON COLUMN voiceagent_private.embedded_payments.dispute IS
	'coming (open at the next look), open, won (by the seller) or lost; NULL: none.';
SELECT voiceagent_private.guard_table('voiceagent_private.embedded_payments', 'internal');
