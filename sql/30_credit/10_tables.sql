/*
 * 30_credit: the ledger.  A transaction moves one amount from one account of
 * a tenant to another, in one row: it sums to zero by its shape, and carries
 * both accounts' balances before and after.
 *
 * Accounts: funding (where credits come from; goes below zero),
 *           available, held (for live calls), spent;
 *           and minutes_funding, minutes, minutes_held and minutes_spent of the
 *           other unit, prepaid minutes, which sums to zero by itself.
 */

CREATE TABLE voiceagent.ledgers (
	tenant_id bigint PRIMARY KEY REFERENCES voiceagent.tenants,
	available voiceagent.credit NOT NULL DEFAULT 0,
	held voiceagent.credit NOT NULL DEFAULT 0,
	spent voiceagent.credit NOT NULL DEFAULT 0,
	grants_until timestamptz,
	minutes voiceagent.credit,
	minutes_held voiceagent.credit,
	minutes_spent voiceagent.credit,
	warned_at timestamptz,
	minutes_warned_at timestamptz,
	CONSTRAINT no_overdraft CHECK (least(available, held, spent, minutes, minutes_held, minutes_spent) >= 0.0)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
COMMENT ON TABLE voiceagent.ledgers IS
	E'Running balances of a tenant''s accounts; of the fourth, funding, it is minus these three, so that all sum to 0 '
	'by the shape of the row.\n'
	'Whoever moves credits of a tenant locks this row: that is the lock of its ledger.';
COMMENT ON COLUMN voiceagent.ledgers.available IS 'Credits that can be spent or held.';
COMMENT ON COLUMN voiceagent.ledgers.held IS 'Credits set aside for live calls.';
COMMENT ON COLUMN voiceagent.ledgers.spent IS 'Credits charged.';
COMMENT ON COLUMN voiceagent.ledgers.grants_until IS
	'When the first of the open grants expires (infinity: never); NULL: nothing of the wallet is of a grant.';
COMMENT ON COLUMN voiceagent.ledgers.minutes IS
	'Prepaid minutes that calls can take; NULL, as the next two: there never were any.';
COMMENT ON COLUMN voiceagent.ledgers.minutes_held IS 'Minutes set aside for live calls.';
COMMENT ON COLUMN voiceagent.ledgers.minutes_spent IS 'Minutes that calls have used.';
COMMENT ON COLUMN voiceagent.ledgers.warned_at IS
	'When credits last fell below balance_low_credits, and may be above it again; NULL: never.';
COMMENT ON COLUMN voiceagent.ledgers.minutes_warned_at IS 'The same of minutes and balance_low_minutes.';
SELECT voiceagent_private.guard_table('voiceagent.ledgers', 'tenant');

CREATE VIEW voiceagent.credit_accounts WITH (security_invoker = true) AS
SELECT l.tenant_id, 'available' AS account, l.available AS balance FROM voiceagent.ledgers l
UNION ALL SELECT l.tenant_id, 'funding', -(l.available + l.held + l.spent) FROM voiceagent.ledgers l
UNION ALL SELECT l.tenant_id, 'held', l.held FROM voiceagent.ledgers l
UNION ALL SELECT l.tenant_id, 'spent', l.spent FROM voiceagent.ledgers l
UNION ALL SELECT l.tenant_id, m.account, m.balance FROM voiceagent.ledgers l
CROSS JOIN LATERAL (VALUES ('minutes', l.minutes::numeric),
	('minutes_funding', -(l.minutes + l.minutes_held + l.minutes_spent)::numeric), ('minutes_held', l.minutes_held),
	('minutes_spent', l.minutes_spent)) AS m(account, balance)
WHERE l.minutes IS NOT NULL;
COMMENT ON VIEW voiceagent.credit_accounts IS
	'Running balances, four a tenant: funding is minus everything ever granted, the four sum to 0; and four of minutes '
	'where there ever were any, which sum to 0 as well.';
COMMENT ON COLUMN voiceagent.credit_accounts.account IS
	'funding (where credits come from), available, held (for live calls) or spent; minutes_funding, minutes, '
	'minutes_held or minutes_spent.';
COMMENT ON COLUMN voiceagent.credit_accounts.balance IS 'Its balance; only funding goes below zero.';

CREATE FUNCTION voiceagent_private.transfer_adds_up(from_account text, to_account text, amount numeric,
	from_before numeric, from_after numeric, to_before numeric, to_after numeric, available_after numeric)
		RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_transfer_adds_up';
COMMENT
	ON FUNCTION voiceagent_private.transfer_adds_up(text, text, numeric, numeric, numeric, numeric, numeric, numeric) IS
	'Whether a transfer moves more than 0 between two of the four accounts of a unit: from_after = from_before - '
	'amount, to_after = to_before + amount, and available_after is the balance after of available where '
	'that is one of the two.';

-- No reference to the tenant: a session that writes here or in credit_holds has locked the tenant's ledger, which has
-- one.
CREATE TABLE voiceagent.credit_transfers (
	tenant_id bigint NOT NULL,
	transfer_id bigint GENERATED ALWAYS AS IDENTITY,
	at timestamptz NOT NULL,
	operation text NOT NULL,
	from_account text NOT NULL,
	to_account text NOT NULL,
	amount voiceagent.credit NOT NULL,
	from_before voiceagent.credit NOT NULL,
	from_after voiceagent.credit NOT NULL,
	to_before voiceagent.credit NOT NULL,
	to_after voiceagent.credit NOT NULL,
	available_after voiceagent.credit NOT NULL,
	hold_id bigint,
	call_id bigint,
	assistant_id bigint,
	reference text,
	idempotency_key text,
	PRIMARY KEY (tenant_id, transfer_id),
	CONSTRAINT adds_up CHECK (voiceagent_private.transfer_adds_up(from_account, to_account, amount, from_before,
		from_after, to_before, to_after, available_after))
);
COMMENT ON TABLE voiceagent.credit_transfers IS
	'Append-only double entry: each row debits one account and credits another by the same amount.';
COMMENT ON COLUMN voiceagent.credit_transfers.transfer_id IS 'Number of the transfer; order within a tenant.';
COMMENT ON COLUMN voiceagent.credit_transfers.at IS 'When.';
COMMENT ON COLUMN voiceagent.credit_transfers.from_account IS 'The account that gave.';
COMMENT ON COLUMN voiceagent.credit_transfers.to_account IS 'The account that took.';
COMMENT ON COLUMN voiceagent.credit_transfers.amount IS 'Credits moved; minutes where the accounts are of those.';
COMMENT ON COLUMN voiceagent.credit_transfers.from_before IS 'Balance of from_account before.';
COMMENT ON COLUMN voiceagent.credit_transfers.from_after IS 'Balance of from_account after.';
COMMENT ON COLUMN voiceagent.credit_transfers.to_before IS 'Balance of to_account before.';
COMMENT ON COLUMN voiceagent.credit_transfers.to_after IS 'Balance of to_account after.';
COMMENT ON COLUMN voiceagent.credit_transfers.reference IS 'Why, in words or by the caller''s own reference.';
COMMENT ON COLUMN voiceagent.credit_transfers.idempotency_key IS
	'Given by the caller: a second transfer with it does nothing.';
COMMENT ON COLUMN voiceagent.credit_transfers.available_after IS
	'Balance of available after this transfer, whichever accounts it touched.';
COMMENT ON COLUMN voiceagent.credit_transfers.operation IS
	'grant, adjust, hold, settle, release, assistant, and what else has a price.';
-- Few transfers have a key; the others need no entry.
CREATE UNIQUE INDEX credit_transfers_key ON voiceagent.credit_transfers (tenant_id, idempotency_key)
	WHERE idempotency_key IS NOT NULL;
CREATE INDEX credit_transfers_minutes ON voiceagent.credit_transfers (tenant_id, transfer_id)
	WHERE from_account LIKE 'minutes%';
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON voiceagent.credit_transfers
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.reject_change();
SELECT voiceagent_private.guard_table('voiceagent.credit_transfers', 'tenant');

CREATE TABLE voiceagent.credit_holds (
	tenant_id bigint NOT NULL,
	hold_id bigint GENERATED ALWAYS AS IDENTITY,
	call_id bigint,
	amount voiceagent.credit NOT NULL CHECK (amount >= 0.0),
	charged voiceagent.credit,
	state voiceagent.hold_state NOT NULL DEFAULT 'held',
	created_at timestamptz NOT NULL,
	ended_at timestamptz,
	minutes voiceagent.credit,
	minutes_used voiceagent.credit,
	PRIMARY KEY (tenant_id, hold_id),
	CHECK ((state = 'held') = (ended_at IS NULL)),
	CHECK ((state = 'posted') = (charged IS NOT NULL)),
	CONSTRAINT used_of_held CHECK (minutes_used <= minutes)
) WITH (fillfactor = 50);
COMMENT ON TABLE voiceagent.credit_holds IS
	'Credits set aside for a live call: each ends posted (charged, the rest released) or voided (released whole).';
COMMENT ON COLUMN voiceagent.credit_holds.hold_id IS 'Number of the hold.';
COMMENT ON COLUMN voiceagent.credit_holds.amount IS 'Credits set aside: the worst case of the call.';
COMMENT ON COLUMN voiceagent.credit_holds.charged IS 'Credits that the call cost; NULL unless posted.';
COMMENT ON COLUMN voiceagent.credit_holds.state IS 'held, posted or voided: enumeration hold_state.';
COMMENT ON COLUMN voiceagent.credit_holds.minutes IS
	'Prepaid minutes set aside: so much less of the worst case is in the amount; NULL: none.';
COMMENT ON COLUMN voiceagent.credit_holds.minutes_used IS 'Of these, what the call used; NULL: nothing yet, or none.';
COMMENT ON COLUMN voiceagent.credit_holds.ended_at IS 'When it was posted or voided; NULL: it is held.';
-- No index names the state: a settlement then changes the hold in place.
CREATE UNIQUE INDEX credit_holds_call ON voiceagent.credit_holds (tenant_id, call_id) WHERE call_id IS NOT NULL;
SELECT voiceagent_private.guard_table('voiceagent.credit_holds', 'tenant');

CREATE TABLE voiceagent.prices (
	price_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	operation text NOT NULL,
	credits voiceagent.credit NOT NULL CHECK (credits >= 0),
	unit text NOT NULL CHECK (unit IN ('minute', 'each')),
	valid tstzrange NOT NULL DEFAULT tstzrange(NULL, NULL),
	EXCLUDE USING gist (operation WITH =, valid WITH &&) WHERE (price_id > 1000)
);
COMMENT ON TABLE voiceagent.prices IS
	E'Prices of operations, by the time at which they happen.\n'
	'Ids up to 1000 come with the extension and hold where the platform set no price of its own, whose ranges never '
	'overlap.';
COMMENT ON COLUMN voiceagent.prices.price_id IS 'Number of the price; up to 1000 come with the extension.';
COMMENT ON COLUMN voiceagent.prices.credits IS 'Price of one unit, in credits.';
COMMENT ON COLUMN voiceagent.prices.unit IS 'minute (by the second) or each.';
COMMENT ON COLUMN voiceagent.prices.valid IS 'From when to when it holds.';
COMMENT ON COLUMN voiceagent.prices.operation IS
	'call (a minute of a call that was answered, counted by the second), assistant (creating one) or text (a segment '
	'of a text).';
SELECT voiceagent_private.guard_table('voiceagent.prices', 'platform', 'WHERE price_id > 1000');
ALTER TABLE voiceagent.prices ALTER price_id RESTART WITH 1001;
-- 0.35 credits a minute: the estimate that the source systems quote.
INSERT INTO voiceagent.prices (price_id, operation, credits, unit) OVERRIDING SYSTEM VALUE VALUES
	(1, 'call', 0.35, 'minute'),
	(2, 'assistant', 0, 'each'),
	(3, 'text', 0.01, 'each');
