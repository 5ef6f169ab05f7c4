/*
 * 89_plan: contracts that a vendor keeps.  We sold such a contract there
 * (62_selling.sql), or the platform did and names its tenant (attach_plan()).
 * The vendor's driver reads facts from each answer (65_requests.sql).
 */

CREATE TYPE voiceagent_private.plan_fact AS (
	kind text,
	at timestamptz,
	starts_at timestamptz,
	ends_at timestamptz,
	trial boolean,
	currency text,
	amount numeric,
	paid numeric,
	tax numeric,
	invoice text,
	payment text,
	message text
);
COMMENT ON TYPE voiceagent_private.plan_fact IS
	E'A fact about a contract: VaPlanFact of extension/pure/payments/payments.h, with amounts in the smallest unit of '
	'ISO 4217.\n'
	'kind: paid, upgraded, failed, canceled, resumed or closed.';

CREATE FUNCTION voiceagent_private.vendor_decimals(contract voiceagent.plan_contracts) RETURNS integer
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN (SELECT coalesce(p.exponent, c.exponent) FROM voiceagent.currencies c
		LEFT JOIN voiceagent.payment_currencies p ON p.vendor = contract.vendor AND p.currency = c.currency
		WHERE c.currency = contract.currency);
END
$$;
COMMENT ON FUNCTION voiceagent_private.vendor_decimals(voiceagent.plan_contracts) IS
	'In how many decimals the vendor of a contract counts its currency; NULL: the contract has none.';

CREATE FUNCTION voiceagent.attach_plan(tenant_id bigint, plan bigint, vendor text, vendor_ref text, currency text)
	RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_was bigint;
	v_plan voiceagent.plans;
	v voiceagent.plan_contracts;
BEGIN
	PERFORM voiceagent_private.require_platform('attach a plan');
	PERFORM voiceagent_private.fail_if((voiceagent_private.payment_vendor(vendor)).vendor IS NULL OR vendor = 'embedded'
		OR coalesce(vendor_ref !~ '^[\x21-\x7e]{1,200}$', true), 'PT422',
		format('a subscription is one of %s, with its number there', voiceagent_private.payment_vendor_names(false)));
	v_was := voiceagent_private.set_existing_tenant(tenant_id);
	v_plan := (voiceagent_private.plan_on_sale(attach_plan.plan, attach_plan.currency)).plan;
	PERFORM voiceagent_private.plan_amount(v_plan.plan_id, currency, 0);
	v := voiceagent_private.start_contract(v_plan, vendor, vendor_ref, currency, NULL, 'succeeds');
	UPDATE voiceagent.plan_contracts c SET attached = true
	WHERE c.tenant_id = v.tenant_id AND c.contract_id = v.contract_id RETURNING c.* INTO v;
	INSERT INTO voiceagent_private.plan_routes (tenant_id, contract_id, vendor, vendor_ref)
	VALUES (v.tenant_id, v.contract_id, v.vendor, v.vendor_ref)
	ON CONFLICT DO NOTHING;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT409', 'this subscription belongs to a contract already');
	PERFORM voiceagent_private.audit_platform('attach_plan', format('tenant %s, contract %s', v.tenant_id,
		v.contract_id), NULL, jsonb_build_object('plan', v_plan.name, 'vendor', vendor, 'vendor_ref', vendor_ref));
	PERFORM voiceagent_private.settle_plan(v.contract_id);
	PERFORM voiceagent_private.look_at_contract(v, voiceagent.clock() + interval '1 day');
	PERFORM voiceagent_private.set_tenant(v_was);
	RETURN v.contract_id;
END
$$;
COMMENT ON FUNCTION voiceagent.attach_plan(bigint, bigint, text, text, text) IS
	E'Platform only: a subscription that was made at a payment vendor is this tenant''s, for a plan -> contract_id.\n'
	'vendor_ref: its number there. The vendor is asked each day how it stands, and whenever its webhooks name it. '
	'42501, PT404, PT409, PT422.';

CREATE FUNCTION voiceagent_private.plan_of_payment(contract voiceagent.plan_contracts,
	fact voiceagent_private.plan_fact, OUT plan_id bigint, OUT total bigint, OUT tax bigint)
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_paid numeric := coalesce(fact.paid, fact.amount);
	v_least bigint;
BEGIN
	IF fact.currency IS DISTINCT FROM contract.currency THEN
		RETURN;
	END IF;
	-- A vendor that names no full price names the price after the discount.
	SELECT u.plan_id INTO plan_id
	FROM unnest(ARRAY[contract.next_plan_id, contract.plan_id]) WITH ORDINALITY AS u(plan_id, n)
	CROSS JOIN LATERAL voiceagent_private.plan_price(contract, u.plan_id, 0) f
	CROSS JOIN LATERAL voiceagent_private.plan_price(contract, u.plan_id, contract.coupon_percent) d
	WHERE u.plan_id IS NOT NULL AND (fact.amount = f.total OR fact.paid IS NULL AND fact.amount = d.total)
	ORDER BY u.n LIMIT 1;
	v_least := (voiceagent_private.plan_price(contract, plan_id, contract.coupon_percent)).total;
	-- The vendor calculates the discount, and may round it differently.
	IF plan_id IS NULL OR v_paid < v_least - 1 THEN
		plan_id := NULL;
		RETURN;
	END IF;
	tax := CASE WHEN contract.attached THEN coalesce(fact.tax, 0)
		ELSE v_paid - round(v_paid * 100 / (100 + coalesce(contract.tax_rate, 0))) END;
	total := v_paid + CASE WHEN contract.attached THEN tax ELSE 0 END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.plan_of_payment(voiceagent.plan_contracts, voiceagent_private.plan_fact) IS
	'The plan whose price a payment of a period of the current tenant''s contract is (the next one''s or its own), '
	'with what was paid and the tax in it; NULL: of none.';

CREATE FUNCTION voiceagent_private.apply_paid_fact(contract voiceagent.plan_contracts,
	fact voiceagent_private.plan_fact) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_exponent integer := (SELECT c.exponent FROM voiceagent.currencies c WHERE c.currency = contract.currency);
	v_price record := voiceagent_private.plan_price(contract, contract.plan_id, 0);
	v_period interval := (SELECT p.period FROM voiceagent.plans p WHERE p.plan_id = contract.plan_id);
	v_begins timestamptz := coalesce(contract.begins_at, contract.created_at);
	v_paid record := voiceagent_private.plan_of_payment(contract, fact);
BEGIN
	IF fact.ends_at IS NULL THEN
		-- The vendor names no period: take the one in which the payment was made, counted from the start of the
		-- contract. The vendor may take the money some hours early.
		fact.ends_at := voiceagent_private.period_end(v_begins, fact.starts_at + interval '1 day', v_period);
		fact.starts_at := greatest(fact.ends_at - v_period, v_begins);
	END IF;
	IF fact.kind = 'paid' AND v_paid.plan_id IS NULL THEN
		fact.kind := 'failed';
		fact.message := format('the vendor names %s %s instead of %s %s', coalesce(round(fact.amount
				/ power(10::numeric, v_exponent), v_exponent)::text, 'no amount'),
			left(coalesce(fact.currency, 'of no currency'), 20), voiceagent_private.money(v_price.total, v_exponent),
			contract.currency);
	END IF;
	PERFORM voiceagent_private.note_period(contract.contract_id, fact.starts_at, fact.ends_at,
		coalesce(v_paid.plan_id, contract.plan_id), coalesce(v_paid.total, v_price.total), v_exponent, fact.kind,
		coalesce(fact.message, 'the vendor could not take the payment'), tax := coalesce(v_paid.tax, v_price.tax),
		vendor_ref := coalesce(fact.payment, fact.invoice), payment_ref := fact.payment);
END
$$;
COMMENT ON FUNCTION voiceagent_private.apply_paid_fact(voiceagent.plan_contracts, voiceagent_private.plan_fact) IS
	'A payment of a period of the current tenant''s contract, or one that failed; one of another amount or currency '
	'than the plan''s pays nothing.';

CREATE FUNCTION voiceagent_private.apply_upgraded_fact(contract voiceagent.plan_contracts,
	fact voiceagent_private.plan_fact) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_total bigint := trunc(fact.paid);
	v_tax bigint := v_total - round(v_total * 100 / (100 + coalesce(contract.tax_rate, 0)));
	v_number text := coalesce(fact.payment, fact.invoice);
	v voiceagent.plan_periods;
BEGIN
	SELECT * INTO v FROM voiceagent.plan_periods p
	WHERE p.tenant_id = contract.tenant_id AND p.contract_id = contract.contract_id AND p.starts_at <= fact.at
		AND p.ends_at > fact.at AND p.state = 'paid'
	ORDER BY p.starts_at DESC LIMIT 1;
	-- The period may be heard of later: the list of payments is read each day.
	IF NOT FOUND OR v_total <= 0 OR fact.currency IS DISTINCT FROM contract.currency OR EXISTS (
		SELECT FROM voiceagent.payment_orders o WHERE o.tenant_id = v.tenant_id AND o.contract_id = v.contract_id
			AND o.vendor_ref = v_number) THEN
		RETURN;
	END IF;
	IF contract.attached THEN
		v_tax := coalesce(trunc(fact.tax), 0);
		v_total := v_total + v_tax;
	END IF;
	UPDATE voiceagent.plan_periods p SET amount = p.amount + v_total, tax = p.tax + v_tax
	WHERE p.tenant_id = v.tenant_id AND p.contract_id = v.contract_id AND p.starts_at = v.starts_at RETURNING p.*
		INTO v;
	PERFORM voiceagent_private.note_plan_payment(v, v_total, v_tax, v_number, fact.payment, (SELECT g.grant_id
		FROM voiceagent.credit_grants g
		WHERE g.tenant_id = v.tenant_id AND g.order_id IS NULL AND g.idempotency_key IN
			(voiceagent_private.upgrade_key(v), voiceagent_private.upgrade_key(v) || ' minutes')
		ORDER BY g.grant_id LIMIT 1));
END
$$;
COMMENT ON FUNCTION voiceagent_private.apply_upgraded_fact(voiceagent.plan_contracts, voiceagent_private.plan_fact) IS
	'A payment for the rest of a period after an upgrade of the current tenant''s contract becomes a paid order.';

CREATE FUNCTION voiceagent_private.apply_plan_fact(contract_id bigint,
	fact voiceagent_private.plan_fact) RETURNS text
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v voiceagent.plan_contracts;
BEGIN
	SELECT * INTO v FROM voiceagent.plan_contracts c
	WHERE c.tenant_id = v_tenant AND c.contract_id = apply_plan_fact.contract_id FOR NO KEY UPDATE;
	IF fact.kind IN ('paid', 'failed') THEN
		PERFORM voiceagent_private.apply_paid_fact(v, fact);
	ELSIF fact.kind = 'upgraded' THEN
		PERFORM voiceagent_private.apply_upgraded_fact(v, fact);
	ELSIF fact.kind = 'closed' THEN
		UPDATE voiceagent.plan_contracts c SET closed_at = least(c.closed_at, fact.at)
		WHERE c.tenant_id = v_tenant AND c.contract_id = v.contract_id;
	ELSE
		-- When two words were said in one second, the one that ends it counts.
		UPDATE voiceagent.plan_contracts c SET canceled = fact.kind = 'canceled', canceled_at = fact.at
		WHERE c.tenant_id = v_tenant AND c.contract_id = v.contract_id AND (c.canceled_at IS NULL
			OR fact.at > c.canceled_at OR fact.at = c.canceled_at AND fact.kind = 'canceled');
		IF fact.trial THEN
			PERFORM voiceagent_private.note_period(v.contract_id, fact.starts_at,
				fact.ends_at, v.plan_id, 0, 0, 'paid', trial := true);
		END IF;
	END IF;
	RETURN voiceagent_private.settle_plan(v.contract_id);
END
$$;
COMMENT ON FUNCTION voiceagent_private.apply_plan_fact(bigint, voiceagent_private.plan_fact) IS
	E'A fact about a contract of the current tenant -> its state.\n'
	'Facts may come twice and in any order.';
