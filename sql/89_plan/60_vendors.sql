/*
 * 89_plan: contracts that a vendor keeps.  We sold it there (62_selling.sql),
 * or the platform did and tells us whose it is (attach_plan()); the vendor's
 * events, and what it says when it is asked, then leave facts:
 *
 *	ref, at, kind: paid, upgraded, failed, canceled, resumed or closed, and for the
 *	first three starts_at, ends_at, amount (the full price, as the vendor writes it),
 *	paid (less a discount, before tax that the vendor adds), tax, currency, message,
 *	and the payment's numbers there: invoice, payment.
 */

CREATE FUNCTION voiceagent_private.stripe_plan_fact(event jsonb) RETURNS jsonb
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	o jsonb := event #> '{data,object}';
	v_type text := event ->> 'type';
	v_at timestamptz := to_timestamp((event ->> 'created')::double precision);
	v_line jsonb;
BEGIN
	IF v_type LIKE 'customer.subscription.%' THEN
		RETURN jsonb_build_object('ref', o ->> 'id', 'at', v_at, 'kind', CASE
			WHEN v_type = 'customer.subscription.deleted' OR o ->> 'status' IN ('canceled', 'incomplete_expired')
				THEN 'closed'
			WHEN (o ->> 'cancel_at_period_end')::boolean THEN 'canceled' ELSE 'resumed' END,
			'starts_at', to_timestamp(coalesce(o ->> 'current_period_start',
				o #>> '{items,data,0,current_period_start}')::double precision),
			'ends_at', to_timestamp(coalesce(o ->> 'current_period_end',
				o #>> '{items,data,0,current_period_end}')::double precision), 'trial', o ->> 'status' = 'trialing');
	-- An invoice of a change in the middle of a period is no period's.
	ELSIF v_type NOT IN ('invoice.paid', 'invoice.payment_failed')
		OR o ->> 'billing_reason' NOT IN ('subscription_create', 'subscription_cycle', 'subscription_update')
		OR o ->> 'billing_reason' = 'subscription_update' AND v_type <> 'invoice.paid' THEN
		RETURN NULL;
	END IF;
	v_line := (SELECT l FROM jsonb_array_elements(o #> '{lines,data}') l
		ORDER BY (l #>> '{period,start}')::bigint DESC LIMIT 1);
	RETURN jsonb_build_object('ref', coalesce(o ->> 'subscription', o #>> '{parent,subscription_details,subscription}'),
		'at', v_at, 'kind', CASE WHEN o ->> 'billing_reason' = 'subscription_update' THEN 'upgraded'
			WHEN v_type = 'invoice.paid' THEN 'paid' ELSE 'failed' END,
		'starts_at', to_timestamp((v_line #>> '{period,start}')::double precision),
		'ends_at', to_timestamp((v_line #>> '{period,end}')::double precision), 'currency', upper(o ->> 'currency'),
		'amount', o ->> 'subtotal', 'paid', coalesce(o ->> 'total_excluding_tax', o ->> 'subtotal'), 'tax', o ->> 'tax',
		'invoice', o ->> 'id', 'payment', o ->> 'payment_intent', 'message', o #>> '{last_finalization_error,message}');
END
$$;
COMMENT ON FUNCTION voiceagent_private.stripe_plan_fact(jsonb) IS
	'The fact in an event of Stripe''s about a subscription; NULL: none; the amount is in Stripe''s own unit, before '
	'tax.';

CREATE FUNCTION voiceagent_private.paypal_plan_fact(event jsonb) RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
	SELECT jsonb_build_object('ref', coalesce(event #>> '{resource,billing_agreement_id}', event #>> '{resource,id}'),
		'at', k.at, 'kind', k.kind, 'starts_at', k.at, 'currency', event #>> '{resource,amount,currency}',
		'amount', event #>> '{resource,amount,total}', 'payment', CASE k.kind WHEN 'paid'
			THEN event #>> '{resource,id}' END)
	FROM (SELECT CASE event ->> 'event_type' WHEN 'PAYMENT.SALE.COMPLETED' THEN 'paid'
			WHEN 'BILLING.SUBSCRIPTION.PAYMENT.FAILED' THEN 'failed'
			WHEN 'BILLING.SUBSCRIPTION.SUSPENDED' THEN 'failed'
			WHEN 'BILLING.SUBSCRIPTION.CANCELLED' THEN 'canceled'
			WHEN 'BILLING.SUBSCRIPTION.EXPIRED' THEN 'canceled' END AS kind,
		coalesce(event #>> '{resource,create_time}', event ->> 'create_time')::timestamptz AS at) k
	WHERE k.kind IS NOT NULL
$$;
COMMENT ON FUNCTION voiceagent_private.paypal_plan_fact(jsonb) IS
	'The fact in an event of PayPal''s about a subscription; NULL: none; starts_at: a time in the period.';

CREATE FUNCTION voiceagent.attach_plan(tenant_id bigint, plan bigint, vendor text, vendor_ref text, currency text)
	RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_was bigint;
	v_plan voiceagent.plans;
	v voiceagent.plan_contracts;
BEGIN
	PERFORM voiceagent_private.require_platform('attach a plan');
	IF vendor IS NULL OR vendor NOT IN ('stripe', 'paypal') OR coalesce(vendor_ref !~ '^[\x21-\x7e]{1,200}$', true) THEN
		PERFORM voiceagent_private.fail('PT422', 'a subscription is one of stripe or paypal, with its number there');
	END IF;
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
	E'Platform only: a subscription that was made at stripe or paypal is this tenant''s, for a plan -> contract_id.\n'
	'vendor_ref: its number there. Its events (customer.subscription.*, invoice.paid, invoice.payment_failed; '
	'BILLING.SUBSCRIPTION.*, PAYMENT.SALE.COMPLETED) say how it stands. 42501, PT404, PT409, PT422.';

CREATE FUNCTION voiceagent_private.plan_of_payment(contract voiceagent.plan_contracts, fact jsonb, OUT plan_id bigint,
	OUT total bigint, OUT tax bigint)
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_exponent integer := (SELECT c.exponent FROM voiceagent.currencies c WHERE c.currency = contract.currency);
	v_vendor record;
	v_full numeric;
	v_paid numeric;
	v_least bigint;
BEGIN
	-- In the smallest unit; PayPal writes 49.00.
	v_vendor := voiceagent_private.vendor_amount(contract.vendor, contract.currency, 0, v_exponent);
	v_full := (fact ->> 'amount')::numeric * power(10::numeric, CASE contract.vendor WHEN 'paypal' THEN v_exponent
		ELSE v_exponent - v_vendor.decimals END);
	v_paid := coalesce((fact ->> 'paid')::numeric * power(10::numeric, v_exponent - v_vendor.decimals), v_full);
	IF fact ->> 'currency' IS DISTINCT FROM contract.currency THEN
		RETURN;
	END IF;
	SELECT u.plan_id INTO plan_id
	FROM unnest(ARRAY[contract.next_plan_id, contract.plan_id]) WITH ORDINALITY AS u(plan_id, n)
	CROSS JOIN LATERAL voiceagent_private.plan_price(contract, u.plan_id, 0) f
	CROSS JOIN LATERAL voiceagent_private.plan_price(contract, u.plan_id, contract.coupon_percent) d
	WHERE u.plan_id IS NOT NULL AND (v_full = f.total OR contract.vendor = 'paypal' AND v_full = d.total)
	ORDER BY u.n LIMIT 1;
	v_least := (voiceagent_private.plan_price(contract, plan_id, contract.coupon_percent)).total;
	-- The vendor reckons the discount by itself, and may round it otherwise.
	IF plan_id IS NULL OR v_paid < v_least - 1 THEN
		plan_id := NULL;
		RETURN;
	END IF;
	tax := CASE WHEN contract.attached THEN coalesce((fact ->> 'tax')::numeric * power(10::numeric, v_exponent
			- v_vendor.decimals), 0)
		ELSE v_paid - round(v_paid * 100 / (100 + coalesce(contract.tax_rate, 0))) END;
	total := v_paid + CASE WHEN contract.attached THEN tax ELSE 0 END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.plan_of_payment(voiceagent.plan_contracts, jsonb) IS
	'The plan whose price a payment of a period of the current tenant''s contract is (the next one''s or its own), '
	'with what was paid and the tax in it; NULL: of none.';

CREATE FUNCTION voiceagent_private.apply_paid_fact(contract voiceagent.plan_contracts, fact jsonb) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_exponent integer := (SELECT c.exponent FROM voiceagent.currencies c WHERE c.currency = contract.currency);
	v_price record := voiceagent_private.plan_price(contract, contract.plan_id, 0);
	v_starts timestamptz := (fact ->> 'starts_at')::timestamptz;
	v_ends timestamptz := (fact ->> 'ends_at')::timestamptz;
	v_period interval := (SELECT p.period FROM voiceagent.plans p WHERE p.plan_id = contract.plan_id);
	v_begins timestamptz := coalesce(contract.begins_at, contract.created_at);
	v_kind text := fact ->> 'kind';
	v_message text := fact ->> 'message';
	v_paid record;
BEGIN
	IF contract.vendor = 'paypal' THEN
		-- It names no period: that in which the payment was made, counted from the contract's beginning. It may take
		-- the money some hours early.
		v_ends := voiceagent_private.period_end(v_begins, v_starts + interval '1 day', v_period);
		v_starts := greatest(v_ends - v_period, v_begins);
	END IF;
	v_paid := voiceagent_private.plan_of_payment(contract, fact);
	IF v_kind = 'paid' AND v_paid.plan_id IS NULL THEN
		v_kind := 'failed';
		v_message := format('the vendor names %s %s instead of %s %s', coalesce(CASE contract.vendor WHEN 'paypal'
				THEN left(fact ->> 'amount', 20) ELSE round((fact ->> 'amount')::numeric / power(10::numeric,
				(voiceagent_private.vendor_amount(contract.vendor, contract.currency, 0, v_exponent)).decimals),
				v_exponent)::text END, 'no amount'), left(coalesce(fact ->> 'currency', 'of no currency'), 20),
			voiceagent_private.money(v_price.total, v_exponent), contract.currency);
	END IF;
	PERFORM voiceagent_private.note_period(contract.contract_id, v_starts, v_ends, coalesce(v_paid.plan_id,
		contract.plan_id), coalesce(v_paid.total, v_price.total), v_exponent, v_kind, coalesce(v_message,
		'the vendor could not take the payment'), tax := coalesce(v_paid.tax, v_price.tax), vendor_ref := coalesce(
		fact ->> 'payment', fact ->> 'invoice'), payment_ref := fact ->> 'payment');
END
$$;
COMMENT ON FUNCTION voiceagent_private.apply_paid_fact(voiceagent.plan_contracts, jsonb) IS
	'A payment of a period of the current tenant''s contract, or one that failed; one of another amount or currency '
	'than the plan''s pays nothing.';

CREATE FUNCTION voiceagent_private.apply_upgraded_fact(contract voiceagent.plan_contracts, fact jsonb) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_at timestamptz := (fact ->> 'at')::timestamptz;
	v_exponent integer := (SELECT c.exponent FROM voiceagent.currencies c WHERE c.currency = contract.currency);
	v_vendor record := voiceagent_private.vendor_amount(contract.vendor, contract.currency, 0, v_exponent);
	v_total bigint := trunc((fact ->> 'paid')::numeric * power(10::numeric, v_exponent - v_vendor.decimals));
	v_tax bigint := v_total - round(v_total * 100 / (100 + coalesce(contract.tax_rate, 0)));
	v_number text := coalesce(fact ->> 'payment', fact ->> 'invoice');
	v voiceagent.plan_periods;
BEGIN
	SELECT * INTO v FROM voiceagent.plan_periods p
	WHERE p.tenant_id = contract.tenant_id AND p.contract_id = contract.contract_id AND p.starts_at <= v_at
		AND p.ends_at > v_at AND p.state = 'paid'
	ORDER BY p.starts_at DESC LIMIT 1;
	-- The period may be heard of later: the list of payments is read each day.
	IF NOT FOUND OR v_total <= 0 OR fact ->> 'currency' IS DISTINCT FROM contract.currency OR EXISTS (
		SELECT FROM voiceagent.payment_orders o WHERE o.tenant_id = v.tenant_id AND o.contract_id = v.contract_id
			AND o.vendor_ref = v_number) THEN
		RETURN;
	END IF;
	IF contract.attached THEN
		v_tax := coalesce(trunc((fact ->> 'tax')::numeric * power(10::numeric, v_exponent - v_vendor.decimals)), 0);
		v_total := v_total + v_tax;
	END IF;
	UPDATE voiceagent.plan_periods p SET amount = p.amount + v_total, tax = p.tax + v_tax
	WHERE p.tenant_id = v.tenant_id AND p.contract_id = v.contract_id AND p.starts_at = v.starts_at RETURNING p.*
		INTO v;
	PERFORM voiceagent_private.note_plan_payment(v, v_total, v_tax, v_number, fact ->> 'payment', (SELECT g.grant_id
		FROM voiceagent.credit_grants g
		WHERE g.tenant_id = v.tenant_id AND g.order_id IS NULL AND g.idempotency_key IN
			(voiceagent_private.upgrade_key(v), voiceagent_private.upgrade_key(v) || ' minutes')
		ORDER BY g.grant_id LIMIT 1));
END
$$;
COMMENT ON FUNCTION voiceagent_private.apply_upgraded_fact(voiceagent.plan_contracts, jsonb) IS
	'A payment for the rest of a period after an upgrade of the current tenant''s contract becomes a paid order.';

CREATE FUNCTION voiceagent_private.apply_plan_fact(contract_id bigint, fact jsonb) RETURNS text
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_at timestamptz := (fact ->> 'at')::timestamptz;
	v_kind text := fact ->> 'kind';
	v voiceagent.plan_contracts;
BEGIN
	SELECT * INTO v FROM voiceagent.plan_contracts c
	WHERE c.tenant_id = v_tenant AND c.contract_id = apply_plan_fact.contract_id FOR NO KEY UPDATE;
	IF v_kind IN ('paid', 'failed') THEN
		PERFORM voiceagent_private.apply_paid_fact(v, fact);
	ELSIF v_kind = 'upgraded' THEN
		PERFORM voiceagent_private.apply_upgraded_fact(v, fact);
	ELSIF v_kind = 'closed' THEN
		UPDATE voiceagent.plan_contracts c SET closed_at = least(c.closed_at, v_at)
		WHERE c.tenant_id = v_tenant AND c.contract_id = v.contract_id;
	ELSE
		-- When two words were said in one second, the one that ends it counts.
		UPDATE voiceagent.plan_contracts c SET canceled = v_kind = 'canceled', canceled_at = v_at
		WHERE c.tenant_id = v_tenant AND c.contract_id = v.contract_id AND (c.canceled_at IS NULL
			OR v_at > c.canceled_at OR v_at = c.canceled_at AND v_kind = 'canceled');
		IF (fact ->> 'trial')::boolean THEN
			PERFORM voiceagent_private.note_period(v.contract_id, (fact ->> 'starts_at')::timestamptz,
				(fact ->> 'ends_at')::timestamptz, v.plan_id, 0, 0, 'paid', trial := true);
		END IF;
	END IF;
	RETURN voiceagent_private.settle_plan(v.contract_id);
END
$$;
COMMENT ON FUNCTION voiceagent_private.apply_plan_fact(bigint, jsonb) IS
	E'A fact about a contract of the current tenant -> its state.\n'
	'Facts may come twice and in any order.';

CREATE FUNCTION voiceagent_private.take_plan_event(vendor text, event jsonb) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_fact jsonb := CASE vendor WHEN 'stripe' THEN voiceagent_private.stripe_plan_fact(event)
		WHEN 'paypal' THEN voiceagent_private.paypal_plan_fact(event) END;
	v_route voiceagent_private.plan_routes;
BEGIN
	SELECT * INTO v_route FROM voiceagent_private.plan_routes r
	WHERE r.vendor = take_plan_event.vendor AND r.vendor_ref = v_fact ->> 'ref';
	IF NOT FOUND THEN
		RETURN voiceagent_private.hint_contract(vendor, event);
	END IF;
	PERFORM voiceagent_private.set_tenant(v_route.tenant_id);
	-- The gateway waits for nobody: the vendor sends it again.
	PERFORM FROM voiceagent.plan_contracts c JOIN voiceagent.ledgers l ON l.tenant_id = c.tenant_id
	WHERE c.tenant_id = v_route.tenant_id AND c.contract_id = v_route.contract_id FOR NO KEY UPDATE SKIP LOCKED;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'lock_not_available', 'the tenant''s plan is being changed');
	PERFORM voiceagent_private.apply_plan_fact(v_route.contract_id, v_fact);
	PERFORM voiceagent_private.look_at_contract(c, voiceagent.clock()) FROM voiceagent.plan_contracts c
	WHERE c.tenant_id = v_route.tenant_id AND c.contract_id = v_route.contract_id
		AND (c.changing_to IS NOT NULL OR c.state = 'incomplete' AND NOT c.attached);
	PERFORM voiceagent_private.set_tenant(0);
	RETURN true;
END
$$;
COMMENT ON FUNCTION voiceagent_private.take_plan_event(text, jsonb) IS
	'An event of a vendor whose signature was verified; false: it is about no contract of ours; 55P03 while somebody '
	'changes the tenant''s plan or credits.';
