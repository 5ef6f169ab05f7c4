/*
 * 30_credit: debts.  A payment can be taken back when its credits are spent:
 * what is not there any more is owed, and the next purchase pays it first.
 *
 * Locking: whoever changes a debt holds the tenant's ledger (lock_available()).
 */

CREATE TABLE voiceagent.credit_debts (
	tenant_id bigint PRIMARY KEY REFERENCES voiceagent.tenants,
	owed voiceagent.credit NOT NULL DEFAULT 0 CHECK (owed >= 0.0),
	incurred voiceagent.credit NOT NULL DEFAULT 0,
	forgiven voiceagent.credit NOT NULL DEFAULT 0 CHECK (forgiven >= 0.0),
	since timestamptz,
	CONSTRAINT since_when_owed CHECK ((owed > 0.0) = (since IS NOT NULL))
);
COMMENT ON TABLE voiceagent.credit_debts IS
	E'Credits that a tenant owes: they were spent, and then the payment for them was refunded or disputed.\n'
	'No row: there was never a debt.';
COMMENT ON COLUMN voiceagent.credit_debts.owed IS 'Credits that the next purchase pays first.';
COMMENT ON COLUMN voiceagent.credit_debts.incurred IS
	'All credits that were ever owed, without those of disputes that were won.';
COMMENT ON COLUMN voiceagent.credit_debts.forgiven IS 'All credits that forgive_debt() has let go.';
COMMENT ON COLUMN voiceagent.credit_debts.since IS 'Since when there is a debt; NULL: there is none.';
SELECT voiceagent_private.guard_table('voiceagent.credit_debts', 'tenant');

CREATE TABLE voiceagent_private.debtors (
	tenant_id bigint PRIMARY KEY REFERENCES voiceagent.tenants,
	since timestamptz NOT NULL DEFAULT voiceagent.clock()
);
COMMENT ON TABLE voiceagent_private.debtors IS 'Tenants that owe credits, for the job that stops their dialling.';
COMMENT ON COLUMN voiceagent_private.debtors.since IS 'When they came here; the job looks at them from then on.';
SELECT voiceagent_private.guard_table('voiceagent_private.debtors', 'routing', waits => '{since}');

CREATE FUNCTION voiceagent_private.credits_owed() RETURNS numeric
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN coalesce((SELECT d.owed FROM voiceagent.credit_debts d WHERE d.tenant_id = voiceagent.current_tenant()), 0);
END
$$;
COMMENT ON FUNCTION voiceagent_private.credits_owed() IS 'Credits that the current tenant owes; 0: none.';

CREATE FUNCTION voiceagent_private.debt_stops() RETURNS boolean
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN voiceagent_private.credits_owed() > 0
		AND voiceagent_private.setting_text('debt_stops_dialling')::boolean;
END
$$;
COMMENT ON FUNCTION voiceagent_private.debt_stops() IS
	'Whether the current tenant does not dial because it owes credits.';

CREATE FUNCTION voiceagent_private.require_no_debt() RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.fail_if(voiceagent_private.debt_stops(), 'PT402', 'credits are owed',
		format('A payment was taken back after its credits were spent: %s are owed.',
			trim_scale(voiceagent_private.credits_owed())), 'buy() pays them first, and dialling goes on.');
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_no_debt() IS
	'PT402 if the current tenant does not dial because it owes credits.';

CREATE FUNCTION voiceagent_private.owe_credits(amount numeric) RETURNS void
	LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
	BEGIN ATOMIC
		INSERT INTO voiceagent.credit_debts AS d (tenant_id, owed, incurred, since)
		VALUES (voiceagent.current_tenant(), owe_credits.amount, owe_credits.amount, voiceagent.clock())
		ON CONFLICT ON CONSTRAINT credit_debts_pkey DO UPDATE SET owed = d.owed + excluded.owed,
			incurred = d.incurred + excluded.incurred, since = coalesce(d.since, excluded.since);
		INSERT INTO voiceagent_private.debtors (tenant_id) VALUES (voiceagent.current_tenant())
		ON CONFLICT ON CONSTRAINT debtors_pkey DO NOTHING;
	END;
COMMENT ON FUNCTION voiceagent_private.owe_credits(numeric) IS
	'Adds so many credits, above 0, to what the current tenant owes; under its ledger''s lock.';

CREATE FUNCTION voiceagent_private.lower_debt(amount numeric, how text) RETURNS numeric
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_less numeric := least(amount, voiceagent_private.credits_owed());
BEGIN
	IF v_less > 0 THEN
		UPDATE voiceagent.credit_debts d
		SET owed = d.owed - v_less, incurred = d.incurred - CASE how WHEN 'undone' THEN v_less ELSE 0 END,
			forgiven = d.forgiven + CASE how WHEN 'forgiven' THEN v_less ELSE 0 END,
			since = CASE WHEN d.owed > v_less THEN d.since END
		WHERE d.tenant_id = voiceagent.current_tenant();
		DELETE FROM voiceagent_private.debtors d
		WHERE d.tenant_id = voiceagent.current_tenant() AND voiceagent_private.credits_owed() = 0;
	END IF;
	RETURN v_less;
END
$$;
COMMENT ON FUNCTION voiceagent_private.lower_debt(numeric, text) IS
	E'Takes up to so many credits off what the current tenant owes -> how many.\n'
	'how: paid, forgiven, or undone (the dispute was won). Under its ledger''s lock.';
