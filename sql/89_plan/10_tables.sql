/*
 * 89_plan: tiers that tenants subscribe to.
 *
 * A contract is a tenant's subscription to a plan.  Its state is never moved by
 * an event: events leave facts (a period was paid, a payment failed, it was
 * canceled, the vendor closed it), and facts only grow: paid stays paid, closed
 * stays closed, and of two words about canceling the later one counts.  The state
 * follows from the facts and the clock by the rows of plan_state_rules.  So events
 * may come twice, late and out of order, and end in one state.
 *
 * A tenant that never had a plan has every feature.
 *
 * Locks: the contract's row, then the ledger.
 */

CREATE TABLE voiceagent.plans (
	plan_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
	level smallint NOT NULL CHECK (level BETWEEN 0 AND 1000),
	credits voiceagent.credit NOT NULL CHECK (credits >= 0.0),
	minutes voiceagent.credit NOT NULL DEFAULT 0 CHECK (minutes >= 0.0),
	rollover voiceagent.credit NOT NULL DEFAULT 0 CHECK (rollover >= 0.0),
	minutes_rollover voiceagent.credit NOT NULL DEFAULT 0 CHECK (minutes_rollover >= 0.0),
	period interval NOT NULL CHECK (period IN ('1 month', '1 year')),
	trial interval NOT NULL DEFAULT '0' CHECK (trial BETWEEN '0' AND '1 year'),
	grace interval NOT NULL DEFAULT '7 days' CHECK (grace BETWEEN '0' AND '60 days'),
	features text[] NOT NULL DEFAULT '{}',
	limits jsonb NOT NULL DEFAULT '{}',
	fallback boolean NOT NULL DEFAULT false,
	created_at timestamptz NOT NULL,
	archived_at timestamptz
);
CREATE UNIQUE INDEX plans_name ON voiceagent.plans (name) WHERE archived_at IS NULL;
CREATE UNIQUE INDEX plans_fallback ON voiceagent.plans (fallback) WHERE fallback AND archived_at IS NULL;
COMMENT ON TABLE voiceagent.plans IS
	E'Tiers: credits, features and limits of a period.\n'
	'One without a price is free.';
COMMENT ON COLUMN voiceagent.plans.plan_id IS 'Number of the plan.';
COMMENT ON COLUMN voiceagent.plans.name IS 'Name, as tenants see it.';
COMMENT ON COLUMN voiceagent.plans.level IS 'Its rank: a change to a higher one is an upgrade.';
COMMENT ON COLUMN voiceagent.plans.credits IS 'Credits of each period; they last as long as it does.';
COMMENT ON COLUMN voiceagent.plans.minutes IS 'Prepaid minutes of each period; they last as long as it does.';
COMMENT ON COLUMN voiceagent.plans.rollover IS
	'So many credits of the rest, at most, are carried into the next period.';
COMMENT ON COLUMN voiceagent.plans.minutes_rollover IS 'The same of minutes.';
COMMENT ON COLUMN voiceagent.plans.period IS '1 month or 1 year.';
COMMENT ON COLUMN voiceagent.plans.trial IS
	'How long a tenant may try it before its first payment, once; 0: not at all.';
COMMENT ON COLUMN voiceagent.plans.grace IS 'How long a payment may be late.';
COMMENT ON COLUMN voiceagent.plans.features IS 'Its features, of plan_features().';
COMMENT ON COLUMN voiceagent.plans.limits IS
	'How many of what there may be, of plan_features(); what is not named is not limited.';
COMMENT ON COLUMN voiceagent.plans.fallback IS 'The plan of a tenant whose contract has ended.';
COMMENT ON COLUMN voiceagent.plans.archived_at IS 'Since when it is not sold (contracts go on); NULL: it is.';
SELECT voiceagent_private.guard_table('voiceagent.plans', 'platform', '');

CREATE TABLE voiceagent.plan_prices (
	plan_id bigint NOT NULL REFERENCES voiceagent.plans,
	currency text NOT NULL REFERENCES voiceagent.currencies,
	amount bigint NOT NULL CHECK (amount BETWEEN 1 AND 999999999999),
	PRIMARY KEY (plan_id, currency)
);
COMMENT ON TABLE voiceagent.plan_prices IS 'The price of a period of a plan, in each currency in which it is sold.';
COMMENT ON COLUMN voiceagent.plan_prices.plan_id IS 'Number of the plan.';
COMMENT ON COLUMN voiceagent.plan_prices.currency IS 'Currency of this price.';
COMMENT ON COLUMN voiceagent.plan_prices.amount IS 'Price before tax, in the currency''s smallest unit.';
SELECT voiceagent_private.guard_table('voiceagent.plan_prices', 'platform', '');

CREATE TABLE voiceagent_private.plan_coupons (
	code text PRIMARY KEY CHECK (code ~ '^[A-Z0-9-]{3,40}$'),
	percent smallint NOT NULL CHECK (percent BETWEEN 1 AND 100),
	periods smallint CHECK (periods > 0),
	uses_left integer CHECK (uses_left >= 0),
	expires_at timestamptz NOT NULL DEFAULT 'infinity',
	created_at timestamptz NOT NULL
);
COMMENT ON TABLE voiceagent_private.plan_coupons IS 'Coupons: so much less for the first periods of a contract.';
COMMENT ON COLUMN voiceagent_private.plan_coupons.code IS 'The text that the tenant types.';
COMMENT ON COLUMN voiceagent_private.plan_coupons.percent IS 'How much less.';
COMMENT ON COLUMN voiceagent_private.plan_coupons.periods IS 'For how many periods; NULL: for all.';
COMMENT ON COLUMN voiceagent_private.plan_coupons.uses_left IS 'How many tenants may still use it; NULL: any number.';
COMMENT ON COLUMN voiceagent_private.plan_coupons.expires_at IS 'Until when it is taken; infinity: for ever.';
SELECT voiceagent_private.guard_table('voiceagent_private.plan_coupons', 'platform', '');

CREATE TABLE voiceagent.plan_contracts (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	contract_id bigint GENERATED ALWAYS AS IDENTITY,
	plan_id bigint NOT NULL,
	next_plan_id bigint,
	vendor text NOT NULL REFERENCES voiceagent_private.payment_vendors,
	vendor_ref text,
	currency text,
	coupon text,
	coupon_percent smallint NOT NULL DEFAULT 0,
	coupon_periods smallint,
	coupon_back text,
	card text NOT NULL DEFAULT 'succeeds' CHECK (card IN ('succeeds', 'is_declined', 'is_declined_later')),
	state text NOT NULL DEFAULT 'incomplete' CHECK (state IN ('incomplete', 'trialing', 'active', 'past_due',
		'canceled', 'ended')),
	reason text,
	canceled boolean NOT NULL DEFAULT false,
	canceled_at timestamptz,
	closed_at timestamptz,
	attached boolean NOT NULL DEFAULT false,
	trial interval NOT NULL DEFAULT '0',
	tax_rate numeric,
	tax_kind text,
	buyer jsonb,
	return_url text,
	approve_url text,
	expires_at timestamptz,
	begins_at timestamptz,
	checkout_ref text,
	item_ref text,
	changing_to bigint,
	created_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, contract_id)
) WITH (fillfactor = 70);
CREATE UNIQUE INDEX plan_contracts_open ON voiceagent.plan_contracts (tenant_id) WHERE closed_at IS NULL;
COMMENT ON TABLE voiceagent.plan_contracts IS
	E'Subscriptions of tenants to plans; the last one of a tenant counts.\n'
	'state: incomplete (nothing was paid yet), trialing, active, past_due (a payment is late), canceled (until the '
	'paid time is over), ended.';
COMMENT ON COLUMN voiceagent.plan_contracts.contract_id IS 'Number of the contract.';
COMMENT ON COLUMN voiceagent.plan_contracts.plan_id IS 'The plan.';
COMMENT ON COLUMN voiceagent.plan_contracts.next_plan_id IS 'The plan of the next period; NULL: the same.';
COMMENT ON COLUMN voiceagent.plan_contracts.vendor IS
	'The payment vendor; at the embedded one nothing is paid in truth.';
COMMENT ON COLUMN voiceagent.plan_contracts.vendor_ref IS 'Number of the subscription at the vendor; NULL: embedded.';
COMMENT ON COLUMN voiceagent.plan_contracts.currency IS 'Code of the currency; NULL: it is free.';
COMMENT ON COLUMN voiceagent.plan_contracts.coupon IS 'The coupon that was used; NULL: none.';
COMMENT ON COLUMN voiceagent.plan_contracts.coupon_percent IS 'How much less its periods cost, in per cent.';
COMMENT ON COLUMN voiceagent.plan_contracts.coupon_periods IS 'For how many more periods; NULL: for all.';
COMMENT ON COLUMN voiceagent.plan_contracts.coupon_back IS
	'The coupon that may be used again, once another tenant''s transaction lets it go; NULL: none.';
COMMENT ON COLUMN voiceagent.plan_contracts.card IS 'The embedded vendor''s card, by what happens to it.';
COMMENT ON COLUMN voiceagent.plan_contracts.state IS 'Where it stands: see the table.';
COMMENT ON COLUMN voiceagent.plan_contracts.reason IS 'Why, in words; NULL: as it should be.';
COMMENT ON COLUMN voiceagent.plan_contracts.canceled IS 'It ends when the paid time is over.';
COMMENT ON COLUMN voiceagent.plan_contracts.canceled_at IS
	'When that was last said, this way or the other; NULL: never.';
COMMENT ON COLUMN voiceagent.plan_contracts.closed_at IS
	'When its vendor, or a newer contract, closed it for good; NULL: nothing has.';
COMMENT ON COLUMN voiceagent.plan_contracts.attached IS
	'The platform sold it at the vendor by itself, and the vendor adds the tax.';
COMMENT ON COLUMN voiceagent.plan_contracts.trial IS 'The trial with which it begins; 0: none.';
COMMENT ON COLUMN voiceagent.plan_contracts.tax_rate IS
	'Per cent of tax on its periods; NULL: there was no seller when it was made.';
COMMENT ON COLUMN voiceagent.plan_contracts.tax_kind IS 'As payment_orders.tax_kind.';
COMMENT ON COLUMN voiceagent.plan_contracts.buyer IS 'The billing details by which the tax was decided.';
COMMENT ON COLUMN voiceagent.plan_contracts.return_url IS 'Where the vendor sends the buyer afterwards.';
COMMENT ON COLUMN voiceagent.plan_contracts.approve_url IS
	'Where the buyer approves the contract, or its change; NULL: nowhere, or not known yet.';
COMMENT ON COLUMN voiceagent.plan_contracts.expires_at IS 'Until when it may be approved; NULL: it need not be.';
COMMENT ON COLUMN voiceagent.plan_contracts.begins_at IS
	'From when on its periods are counted, where the vendor names none; NULL: from when it was made.';
COMMENT ON COLUMN voiceagent.plan_contracts.checkout_ref IS
	'The vendor''s number of the page where it is approved; NULL: that has none of its own.';
COMMENT ON COLUMN voiceagent.plan_contracts.item_ref IS
	'The vendor''s number of what is sold in it; NULL: that has none.';
COMMENT ON COLUMN voiceagent.plan_contracts.changing_to IS
	'The plan that its vendor is being asked to change it to; NULL: none.';
SELECT voiceagent_private.guard_table('voiceagent.plan_contracts', 'tenant');
INSERT INTO voiceagent_private.registrations (kind, name, detail)
VALUES ('open', 'voiceagent.plan_contracts',
	'CASE WHEN t.closed_at IS NULL THEN format(''contract %s runs'', t.contract_id) END');

CREATE TABLE voiceagent.plan_periods (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	contract_id bigint NOT NULL,
	starts_at timestamptz NOT NULL,
	ends_at timestamptz NOT NULL,
	plan_id bigint NOT NULL,
	trial boolean NOT NULL DEFAULT false,
	amount bigint NOT NULL DEFAULT 0 CHECK (amount >= 0),
	tax bigint NOT NULL DEFAULT 0 CHECK (tax BETWEEN 0 AND amount),
	exponent smallint NOT NULL DEFAULT 0,
	state text NOT NULL DEFAULT 'due' CHECK (state IN ('due', 'failed', 'paid')),
	reason text,
	tries smallint NOT NULL DEFAULT 0,
	grant_id bigint,
	entitled voiceagent.credit NOT NULL DEFAULT 0,
	minutes_entitled voiceagent.credit NOT NULL DEFAULT 0,
	granted voiceagent.credit NOT NULL DEFAULT 0,
	minutes_granted voiceagent.credit NOT NULL DEFAULT 0,
	PRIMARY KEY (tenant_id, contract_id, starts_at),
	CHECK (ends_at > starts_at),
	CONSTRAINT entitled_once_paid CHECK (state = 'paid' OR entitled + minutes_entitled = 0.0),
	CONSTRAINT granted_as_entitled CHECK (granted BETWEEN 0.0 AND entitled
		AND minutes_granted BETWEEN 0.0 AND minutes_entitled)
) WITH (fillfactor = 70);
COMMENT ON TABLE voiceagent.plan_periods IS
	E'The periods of contracts.\n'
	'One that is paid has its credits, once; paid stays paid, whatever is heard of it later.';
COMMENT ON COLUMN voiceagent.plan_periods.contract_id IS 'The contract.';
COMMENT ON COLUMN voiceagent.plan_periods.starts_at IS 'When it begins.';
COMMENT ON COLUMN voiceagent.plan_periods.ends_at IS 'When it ends.';
COMMENT ON COLUMN voiceagent.plan_periods.plan_id IS 'The plan in it.';
COMMENT ON COLUMN voiceagent.plan_periods.trial IS 'It is the trial, which is free.';
COMMENT ON COLUMN voiceagent.plan_periods.amount IS 'Its price, tax included, in the currency''s smallest unit.';
COMMENT ON COLUMN voiceagent.plan_periods.tax IS 'Of the amount, the tax.';
COMMENT ON COLUMN voiceagent.plan_periods.exponent IS 'Decimals of the currency: amount / 10 ^ exponent is the price.';
COMMENT ON COLUMN voiceagent.plan_periods.state IS 'due, failed (a payment was tried) or paid.';
COMMENT ON COLUMN voiceagent.plan_periods.reason IS
	'Why the payment failed, or why there are no credits; NULL: all is well.';
COMMENT ON COLUMN voiceagent.plan_periods.tries IS 'How often it was to be paid.';
COMMENT ON COLUMN voiceagent.plan_periods.grant_id IS
	'The grant with its credits, or with its minutes where it has no credits; NULL: there is none.';
COMMENT ON COLUMN voiceagent.plan_periods.entitled IS
	'Credits that were paid for it, or tried: those of the plan, and the share of an upgrade that was paid.';
COMMENT ON COLUMN voiceagent.plan_periods.minutes_entitled IS 'The same of minutes.';
COMMENT ON COLUMN voiceagent.plan_periods.granted IS
	'Credits that it gave, by allocate() alone; never more than entitled.';
COMMENT ON COLUMN voiceagent.plan_periods.minutes_granted IS 'The same of minutes.';
SELECT voiceagent_private.guard_table('voiceagent.plan_periods', 'tenant');

CREATE TABLE voiceagent_private.plan_turns (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	contract_id bigint NOT NULL,
	next_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, contract_id)
) WITH (fillfactor = 50);
COMMENT ON TABLE voiceagent_private.plan_turns IS
	'Contracts for which something becomes due by time: the next period, another try of a payment, the end of a grace.';
COMMENT ON COLUMN voiceagent_private.plan_turns.next_at IS 'When.';
CREATE INDEX plan_turns_due ON voiceagent_private.plan_turns (next_at);
SELECT voiceagent_private.guard_table('voiceagent_private.plan_turns', 'routing', waits => '{next_at}');

CREATE TABLE voiceagent_private.plan_excesses (
	tenant_id bigint PRIMARY KEY REFERENCES voiceagent.tenants,
	next_at timestamptz NOT NULL
);
COMMENT ON TABLE voiceagent_private.plan_excesses IS
	'Tenants whose plan has changed, so that more campaigns may run than it allows.';
COMMENT ON COLUMN voiceagent_private.plan_excesses.next_at IS 'When the job end_excess looks at it.';
CREATE INDEX plan_excesses_next ON voiceagent_private.plan_excesses (next_at);
SELECT voiceagent_private.guard_table('voiceagent_private.plan_excesses', 'routing', waits => '{next_at}');

CREATE TABLE voiceagent_private.plan_routes (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	contract_id bigint NOT NULL,
	vendor text NOT NULL,
	vendor_ref text NOT NULL,
	PRIMARY KEY (tenant_id, contract_id)
);
CREATE UNIQUE INDEX plan_routes_ref ON voiceagent_private.plan_routes (vendor, vendor_ref);
COMMENT ON TABLE voiceagent_private.plan_routes IS 'Whose contract a vendor''s subscription is, for its events.';
COMMENT ON COLUMN voiceagent_private.plan_routes.vendor IS 'The payment vendor.';
COMMENT ON COLUMN voiceagent_private.plan_routes.vendor_ref IS 'Number of the subscription there.';
SELECT voiceagent_private.guard_table('voiceagent_private.plan_routes', 'routing');

CREATE TABLE voiceagent_private.plan_state_rules (
	place smallint PRIMARY KEY,
	closed boolean,
	canceled boolean,
	begun boolean,
	paid boolean,
	trial boolean,
	grace boolean,
	state text NOT NULL
);
COMMENT ON TABLE voiceagent_private.plan_state_rules IS
	'The state of a contract by its facts: the first row that fits, where NULL fits all.';
COMMENT ON COLUMN voiceagent_private.plan_state_rules.place IS 'Order.';
COMMENT ON COLUMN voiceagent_private.plan_state_rules.closed IS 'It was closed for good.';
COMMENT ON COLUMN voiceagent_private.plan_state_rules.canceled IS 'It was canceled.';
COMMENT ON COLUMN voiceagent_private.plan_state_rules.begun IS 'A period of it was paid, or is free.';
COMMENT ON COLUMN voiceagent_private.plan_state_rules.paid IS 'The time is paid in which we are.';
COMMENT ON COLUMN voiceagent_private.plan_state_rules.trial IS 'We are in its trial.';
COMMENT ON COLUMN voiceagent_private.plan_state_rules.grace IS
	'The payment is late, but not for longer than the grace.';
COMMENT ON COLUMN voiceagent_private.plan_state_rules.state IS 'The state.';
SELECT voiceagent_private.guard_table('voiceagent_private.plan_state_rules', 'platform', 'WHERE false');
INSERT INTO voiceagent_private.plan_state_rules (place, closed, canceled, begun, paid, trial, grace, state) VALUES
	(1, true, NULL, NULL, NULL, NULL, NULL, 'ended'),
	(2, NULL, true, NULL, true, NULL, NULL, 'canceled'),
	(3, NULL, true, NULL, false, NULL, NULL, 'ended'),
	(4, NULL, NULL, NULL, true, true, NULL, 'trialing'),
	(5, NULL, NULL, NULL, true, NULL, NULL, 'active'),
	(6, NULL, NULL, false, NULL, NULL, NULL, 'incomplete'),
	(7, NULL, NULL, NULL, NULL, NULL, true, 'past_due'),
	(8, NULL, NULL, NULL, NULL, NULL, NULL, 'ended');
