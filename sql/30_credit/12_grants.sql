/*
 * 30_credit: grants, credits or minutes that came together: from where, until when, and
 * before or after which others they are used.  The wallet is the rest of the open
 * grants and what belongs to no grant, which is used last and never expires.
 *
 * Locking: whoever changes a grant holds the tenant's ledger.  A tenant without
 * grants pays nothing for them: ledgers.grants_until is NULL.
 */

CREATE TABLE voiceagent.credit_grants (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	grant_id bigint GENERATED ALWAYS AS IDENTITY,
	unit text NOT NULL DEFAULT 'credits' CHECK (unit IN ('credits', 'minutes')),
	source text NOT NULL CHECK (source IN ('gift', 'purchase', 'allocation', 'refund', 'rollover', 'other')),
	reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 1000),
	order_id bigint,
	idempotency_key text,
	priority smallint NOT NULL DEFAULT 50 CHECK (priority BETWEEN 0 AND 100),
	expires_at timestamptz NOT NULL DEFAULT 'infinity',
	rollover voiceagent.credit NOT NULL DEFAULT 0 CHECK (rollover >= 0.0),
	rollover_for interval,
	credits voiceagent.credit NOT NULL CHECK (credits > 0.0),
	rest voiceagent.credit NOT NULL,
	held voiceagent.credit NOT NULL DEFAULT 0,
	used voiceagent.credit NOT NULL DEFAULT 0,
	lost voiceagent.credit NOT NULL DEFAULT 0,
	rolled voiceagent.credit NOT NULL DEFAULT 0,
	state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'used', 'expired', 'voided')),
	created_at timestamptz NOT NULL,
	test boolean NOT NULL DEFAULT false,
	PRIMARY KEY (tenant_id, grant_id),
	CONSTRAINT rollover_for_a_time CHECK ((rollover > 0.0) = (rollover_for IS NOT NULL)),
	CONSTRAINT closed_without_rest CHECK (state = 'open' OR rest = 0.0),
	CONSTRAINT parts_add_up CHECK (least(rest, held, used, lost, rolled) >= 0.0
		AND credits = rest + held + used + lost + rolled)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
-- In the order in which they are used; what an update of amounts changes is in no index.
CREATE INDEX credit_grants_open ON voiceagent.credit_grants (tenant_id, priority, expires_at, grant_id)
	WHERE state = 'open';
CREATE UNIQUE INDEX credit_grants_key ON voiceagent.credit_grants (tenant_id, idempotency_key)
	WHERE idempotency_key IS NOT NULL;
COMMENT ON TABLE voiceagent.credit_grants IS
	E'Credits that were given together: used by priority, then by what expires first, then by age.\n'
	'credits = rest + held + used + lost + rolled, minutes where the unit says so. Credits that came without priority '
	'or expiry may have no row.';
COMMENT ON COLUMN voiceagent.credit_grants.unit IS 'credits, or minutes (a bundle).';
COMMENT ON COLUMN voiceagent.credit_grants.grant_id IS 'Number of the grant.';
COMMENT ON COLUMN voiceagent.credit_grants.source IS
	'gift, purchase, allocation (of a plan), refund, rollover or other.';
COMMENT ON COLUMN voiceagent.credit_grants.reason IS 'Why, in words.';
COMMENT ON COLUMN voiceagent.credit_grants.order_id IS 'The order that paid for it; NULL: none did.';
COMMENT ON COLUMN voiceagent.credit_grants.idempotency_key IS 'Given with it: a second grant with it is the first one.';
COMMENT ON COLUMN voiceagent.credit_grants.priority IS '0 is used first, 100 last.';
COMMENT ON COLUMN voiceagent.credit_grants.expires_at IS 'When its rest is lost; infinity: never.';
COMMENT ON COLUMN voiceagent.credit_grants.rollover IS
	'So many credits of the rest, at most, become another grant when it expires.';
COMMENT ON COLUMN voiceagent.credit_grants.rollover_for IS 'How long that one lasts; NULL without rollover.';
COMMENT ON COLUMN voiceagent.credit_grants.credits IS 'Credits that were given.';
COMMENT ON COLUMN voiceagent.credit_grants.rest IS 'Of these, what can be spent or held now.';
COMMENT ON COLUMN voiceagent.credit_grants.held IS 'Of these, what is set aside for live calls.';
COMMENT ON COLUMN voiceagent.credit_grants.used IS 'Of these, what was charged, or taken back with its payment.';
COMMENT ON COLUMN voiceagent.credit_grants.lost IS 'Of these, what expired or was voided.';
COMMENT ON COLUMN voiceagent.credit_grants.rolled IS 'Of these, what became another grant.';
COMMENT ON COLUMN voiceagent.credit_grants.state IS
	'open; used (nothing is left), expired or voided: what calls still hold of it is lost when it comes back.';
COMMENT ON COLUMN voiceagent.credit_grants.test IS
	'Test credits: they are unpaid, so no model of the platform takes any, and they end with the embedded vendor, '
	'before a real carrier dials.';
SELECT voiceagent_private.guard_table('voiceagent.credit_grants', 'tenant');

-- A hold that is released whole has none: it may be set aside anew (reopen_call()).
CREATE TABLE voiceagent.credit_hold_parts (
	tenant_id bigint NOT NULL,
	hold_id bigint NOT NULL,
	grant_id bigint NOT NULL,
	amount voiceagent.credit NOT NULL CHECK (amount > 0.0),
	PRIMARY KEY (tenant_id, hold_id, grant_id)
);
COMMENT ON TABLE voiceagent.credit_hold_parts IS
	E'The parts of a hold that grants cover, at most one of them a grant of minutes; no grant covers the rest.\n'
	'The charge takes from them in the order in which grants are used, and the rest returns to them.';
COMMENT ON COLUMN voiceagent.credit_hold_parts.hold_id IS 'The hold: credit_holds.hold_id.';
COMMENT ON COLUMN voiceagent.credit_hold_parts.grant_id IS 'The grant from which it took.';
COMMENT ON COLUMN voiceagent.credit_hold_parts.amount IS 'Credits that it took from there.';
SELECT voiceagent_private.guard_table('voiceagent.credit_hold_parts', 'tenant');

CREATE TABLE voiceagent_private.grant_deadlines (
	tenant_id bigint PRIMARY KEY REFERENCES voiceagent.tenants,
	due_at timestamptz NOT NULL
);
CREATE INDEX grant_deadlines_due ON voiceagent_private.grant_deadlines (due_at);
COMMENT ON TABLE voiceagent_private.grant_deadlines IS
	'When the first grant of a tenant expires, for the job expire_grants; no row: none does.';
COMMENT ON COLUMN voiceagent_private.grant_deadlines.due_at IS 'As ledgers.grants_until.';
SELECT voiceagent_private.guard_table('voiceagent_private.grant_deadlines', 'routing', waits => '{due_at}');

CREATE TABLE voiceagent_private.embedded_vendor_end (
	once boolean PRIMARY KEY DEFAULT true CHECK (once),
	ended_at timestamptz NOT NULL,
	reason text NOT NULL
);
COMMENT ON TABLE voiceagent_private.embedded_vendor_end IS
	'Since when the embedded payment vendor, which moves no money, is used no more, for good; no row: it is used.';
COMMENT ON COLUMN voiceagent_private.embedded_vendor_end.once IS 'There is one row at most.';
COMMENT ON COLUMN voiceagent_private.embedded_vendor_end.ended_at IS 'When.';
COMMENT ON COLUMN voiceagent_private.embedded_vendor_end.reason IS 'The first deed that ends it, in words.';
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON voiceagent_private.embedded_vendor_end
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.reject_change();
SELECT voiceagent_private.guard_table('voiceagent_private.embedded_vendor_end', 'platform', '');
GRANT SELECT ON voiceagent_private.embedded_vendor_end TO voiceagent_worker;

CREATE FUNCTION voiceagent_private.end_embedded_vendor(reason text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_was bigint := voiceagent_private.set_tenant(0);
	v_tenant bigint;
	v_credits numeric := 0;
BEGIN
	INSERT INTO voiceagent_private.embedded_vendor_end (ended_at, reason) VALUES (voiceagent.clock(), reason)
	ON CONFLICT DO NOTHING;
	FOR v_tenant IN SELECT d.tenant_id FROM voiceagent_private.tenant_directory d ORDER BY d.tenant_id LOOP
		PERFORM voiceagent_private.set_tenant(v_tenant);
		v_credits := v_credits + voiceagent_private.end_test_credits();
	END LOOP;
	PERFORM voiceagent_private.set_tenant(v_was);
	IF v_credits > 0 THEN
		RAISE NOTICE '% test credits, for which nobody has paid, have ended', trim_scale(v_credits);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.end_embedded_vendor(text) IS
	E'The embedded payment vendor is used no more from now on: credits cost somebody money.\n'
	'All tenants'' test credits and minutes end; a notice says how many there were.';

CREATE FUNCTION voiceagent_private.embedded_vendor_ended() RETURNS boolean
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN EXISTS (SELECT FROM voiceagent_private.embedded_vendor_end) OR voiceagent_private.arming() = 'armed';
END
$$;
COMMENT ON FUNCTION voiceagent_private.embedded_vendor_ended() IS
	'Whether a payment account was ever set, or arm() was ever called, in this database or the one it is a copy of.';
