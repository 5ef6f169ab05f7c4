/*
 * 89_plan: a plan that we sell at Stripe or PayPal.
 *
 * subscribe_to_plan() makes a contract, and advance_contract() asks its vendor for what
 * it lacks, one thing after the other: the product, at PayPal the price, at
 * Stripe the coupon (each made once for all tenants), then the page where the
 * buyer approves it.  A change goes the same way.  How the contract stands is
 * read from the vendor, each minute while the buyer has to approve something,
 * then once a day (65_requests.sql).
 *
 * What nobody was shown was approved by nobody: a page whose answer was lost
 * for longer than its key holds is given up.
 */

CREATE FUNCTION voiceagent_private.contract_reference(tenant_id bigint, contract_id bigint) RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN format('vap-%s-%s-%s', left(md5(voiceagent_private.home()), 8), tenant_id, contract_id);
COMMENT ON FUNCTION voiceagent_private.contract_reference(bigint, bigint) IS
	'By what a vendor knows a contract of ours; no other database, and no order, has the same.';

CREATE FUNCTION voiceagent_private.vendor_object(vendor text, task text, body jsonb) RETURNS text
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN (SELECT o.vendor_ref FROM voiceagent_private.vendor_objects o
		WHERE o.vendor = vendor_object.vendor AND o.key = task || ' ' || md5(body::text));
END
$$;
COMMENT ON FUNCTION voiceagent_private.vendor_object(text, text, jsonb) IS
	'The number that a vendor gave to what this task made of this body; NULL: it was not made yet.';

CREATE FUNCTION voiceagent_private.vendor_value(vendor text, currency text, amount bigint) RETURNS text
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v record := voiceagent_private.vendor_amount(vendor, currency, amount, (SELECT c.exponent
		FROM voiceagent.currencies c WHERE c.currency = vendor_value.currency));
BEGIN
	RETURN CASE vendor WHEN 'paypal' THEN round(v.units / power(10::numeric, v.decimals), v.decimals)::text
		ELSE v.units::text END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.vendor_value(text, text, bigint) IS
	'An amount in the smallest unit of ISO 4217 as a vendor writes it: 49.00 (paypal) or 4900 (stripe); PT422.';

CREATE FUNCTION voiceagent_private.paypal_cycles(contract voiceagent.plan_contracts,
	plan voiceagent.plans) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_unit text := CASE plan.period WHEN '1 year' THEN 'YEAR' ELSE 'MONTH' END;
	v_cycles jsonb := '[]';
	v record;
BEGIN
	FOR v IN
		SELECT x.tenure, x.cycles, x.percent, x.days FROM (VALUES
			(1, 'TRIAL', 1, NULL, (extract(epoch FROM contract.trial) / 86400)::integer, contract.trial > '0'),
			(2, 'TRIAL', contract.coupon_periods, contract.coupon_percent, NULL,
				contract.coupon_percent > 0 AND contract.coupon_periods IS NOT NULL),
			(3, 'REGULAR', 0, CASE WHEN contract.coupon_periods IS NULL THEN contract.coupon_percent ELSE 0 END, NULL,
				true))
			AS x(n, tenure, cycles, percent, days, wanted) WHERE x.wanted ORDER BY x.n
	LOOP
		v_cycles := v_cycles || jsonb_build_array(jsonb_strip_nulls(jsonb_build_object('tenure_type', v.tenure,
			'sequence', jsonb_array_length(v_cycles) + 1, 'total_cycles', v.cycles, 'frequency',
			jsonb_build_object('interval_unit', CASE WHEN v.days IS NULL THEN v_unit ELSE 'DAY' END, 'interval_count',
				coalesce(v.days, 1)),
			'pricing_scheme', CASE WHEN v.days IS NULL THEN jsonb_build_object('fixed_price', jsonb_build_object(
				'currency_code', contract.currency, 'value', voiceagent_private.vendor_value('paypal',
					contract.currency,
					(voiceagent_private.plan_price(contract, plan.plan_id, v.percent)).total))) END)));
	END LOOP;
	RETURN v_cycles;
END
$$;
COMMENT ON FUNCTION voiceagent_private.paypal_cycles(voiceagent.plan_contracts, voiceagent.plans) IS
	'What a contract of the current tenant costs when, as PayPal writes it: a free trial, periods with a coupon, the '
	'others.';

CREATE FUNCTION voiceagent_private.contract_step(contract voiceagent.plan_contracts, plan voiceagent.plans, task text)
	RETURNS jsonb
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_months integer := contract.coupon_periods * CASE plan.period WHEN '1 year' THEN 12 ELSE 1 END;
BEGIN
	RETURN CASE task
		WHEN 'product' THEN CASE contract.vendor WHEN 'stripe' THEN jsonb_build_object('name', plan.name)
			ELSE jsonb_build_object('name', left(plan.name, 127), 'type', 'SERVICE') END
		WHEN 'price' THEN jsonb_build_object('product_id', voiceagent_private.vendor_object('paypal', 'product',
				voiceagent_private.contract_step(contract, plan, 'product')), 'name', left(plan.name, 127), 'status',
					'ACTIVE',
			'billing_cycles', voiceagent_private.paypal_cycles(contract, plan), 'payment_preferences',
				jsonb_build_object(
				'auto_bill_outstanding', true, 'payment_failure_threshold', 3))
		WHEN 'coupon' THEN jsonb_strip_nulls(jsonb_build_object('name', contract.coupon, 'percent_off',
			contract.coupon_percent, 'duration', CASE WHEN v_months IS NULL THEN 'forever' ELSE 'repeating' END,
			'duration_in_months', v_months)) END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.contract_step(voiceagent.plan_contracts, voiceagent.plans, text) IS
	'What is sent to have a product, a price or a coupon made for a contract of the current tenant.';

CREATE FUNCTION voiceagent_private.stripe_price(contract voiceagent.plan_contracts, plan voiceagent.plans) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN jsonb_build_object('currency', lower(contract.currency), 'unit_amount',
		voiceagent_private.vendor_value('stripe',
			contract.currency, (voiceagent_private.plan_price(contract, plan.plan_id, 0)).total),
		'product', voiceagent_private.vendor_object('stripe', 'product', voiceagent_private.contract_step(contract,
			plan,
			'product')),
		'recurring', jsonb_build_object('interval', CASE plan.period WHEN '1 year' THEN 'year' ELSE 'month' END));
END
$$;
COMMENT ON FUNCTION voiceagent_private.stripe_price(voiceagent.plan_contracts, voiceagent.plans) IS
	'The price of a plan in a contract of the current tenant, as Stripe writes it.';

CREATE FUNCTION voiceagent_private.ask_approval_page(contract voiceagent.plan_contracts, plan voiceagent.plans)
	RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_ref text := voiceagent_private.contract_reference(contract.tenant_id, contract.contract_id);
	v_days integer := (extract(epoch FROM contract.trial) / 86400)::integer;
BEGIN
	IF contract.vendor = 'stripe' THEN
		PERFORM voiceagent_private.ask_vendor('stripe', contract.contract_id, 'create', 'POST', '/v1/checkout/sessions',
			jsonb_strip_nulls(jsonb_build_object('mode', 'subscription', 'client_reference_id', v_ref, 'success_url',
				contract.return_url, 'cancel_url', contract.return_url, 'expires_at',
				extract(epoch FROM contract.expires_at)::bigint, 'line_items',
					jsonb_build_array(jsonb_build_object('quantity',
					1, 'price_data', voiceagent_private.stripe_price(contract, plan))),
				'subscription_data', jsonb_build_object('metadata', jsonb_build_object('contract', v_ref),
					'trial_period_days', nullif(v_days, 0)),
				'discounts', CASE WHEN contract.coupon_percent > 0 THEN jsonb_build_array(jsonb_build_object('coupon',
					voiceagent_private.vendor_object('stripe', 'coupon', voiceagent_private.contract_step(contract,
						plan,
						'coupon')))) END)));
	ELSE
		PERFORM voiceagent_private.ask_vendor('paypal', contract.contract_id, 'create', 'POST',
			'/v1/billing/subscriptions', jsonb_build_object('plan_id', voiceagent_private.vendor_object('paypal',
				'price',
				voiceagent_private.contract_step(contract, plan, 'price')), 'custom_id', v_ref, 'application_context',
				jsonb_build_object('return_url', contract.return_url, 'cancel_url', contract.return_url, 'user_action',
					'SUBSCRIBE_NOW', 'shipping_preference', 'NO_SHIPPING')));
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.ask_approval_page(voiceagent.plan_contracts, voiceagent.plans) IS
	'Has the vendor make the page where the buyer approves a contract of the current tenant.';

CREATE FUNCTION voiceagent_private.ask_change(contract voiceagent.plan_contracts, plan voiceagent.plans) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_up boolean := plan.level > (SELECT p.level FROM voiceagent.plans p WHERE p.plan_id = contract.plan_id);
BEGIN
	IF contract.vendor = 'stripe' THEN
		-- An upgrade is paid at once or not made; what is lower costs its price from the next invoice on.
		PERFORM voiceagent_private.ask_vendor('stripe', contract.contract_id, 'change', 'POST', '/v1/subscriptions/'
			|| contract.vendor_ref, jsonb_build_object('items', jsonb_build_array(jsonb_build_object('id',
				contract.item_ref, 'price_data', voiceagent_private.stripe_price(contract, plan))),
					'proration_behavior',
				CASE WHEN v_up THEN 'always_invoice' ELSE 'none' END) || CASE WHEN v_up
				THEN '{"payment_behavior": "error_if_incomplete"}'::jsonb ELSE '{}' END);
	ELSE
		PERFORM voiceagent_private.ask_vendor('paypal', contract.contract_id, 'change', 'POST',
			format('/v1/billing/subscriptions/%s/revise', contract.vendor_ref), jsonb_build_object('plan_id',
				voiceagent_private.vendor_object('paypal', 'price', voiceagent_private.contract_step(contract, plan,
					'price')), 'application_context', jsonb_build_object('return_url', contract.return_url,
						'cancel_url',
					contract.return_url)));
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.ask_change(voiceagent.plan_contracts, voiceagent.plans) IS
	'Has the vendor change a contract of the current tenant to another plan.';

CREATE FUNCTION voiceagent_private.advance_contract(contract_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v voiceagent.plan_contracts;
	v_plan voiceagent.plans;
	v_task text;
	v_body jsonb;
BEGIN
	SELECT * INTO v FROM voiceagent.plan_contracts c
	WHERE c.tenant_id = voiceagent.current_tenant() AND c.contract_id = advance_contract.contract_id;
	SELECT * INTO v_plan FROM voiceagent.plans p WHERE p.plan_id = coalesce(v.changing_to, v.plan_id);
	IF v.closed_at IS NOT NULL THEN
		RETURN;
	ELSIF v.changing_to IS NOT NULL THEN
		-- The new price has neither a trial nor what is left of a coupon.
		v.trial := '0';
		v.coupon_percent := 0;
	END IF;
	FOREACH v_task IN ARRAY CASE v.vendor WHEN 'paypal' THEN ARRAY['product', 'price'] WHEN 'stripe'
		THEN ARRAY['product'] || CASE WHEN v.coupon_percent > 0 THEN ARRAY['coupon'] ELSE '{}' END END
	LOOP
		v_body := voiceagent_private.contract_step(v, v_plan, v_task);
		IF voiceagent_private.vendor_object(v.vendor, v_task, v_body) IS NULL THEN
			PERFORM voiceagent_private.ask_vendor(v.vendor, v.contract_id, v_task, 'POST',
				CASE v.vendor || ' ' || v_task
				WHEN 'stripe product' THEN '/v1/products' WHEN 'stripe coupon' THEN '/v1/coupons'
				WHEN 'paypal product' THEN '/v1/catalogs/products' ELSE '/v1/billing/plans' END, v_body);
			RETURN;
		END IF;
	END LOOP;
	IF v.changing_to IS NOT NULL THEN
		PERFORM voiceagent_private.ask_change(v, v_plan);
	ELSE
		PERFORM voiceagent_private.ask_approval_page(v, v_plan);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.advance_contract(bigint) IS
	'Asks the vendor of a contract of the current tenant for the next thing that it lacks, or its change does.';

CREATE FUNCTION voiceagent_private.withdraw_contract(contract voiceagent.plan_contracts) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	DELETE FROM voiceagent_private.payment_requests q WHERE q.tenant_id = contract.tenant_id
		AND q.subject_id = contract.contract_id AND q.task IN ('product', 'coupon', 'price', 'change')
			AND NOT q.claimed;
	IF contract.vendor = 'stripe' AND contract.vendor_ref IS NOT NULL THEN
		PERFORM voiceagent_private.ask_vendor('stripe', contract.contract_id, 'withdraw', 'DELETE', '/v1/subscriptions/'
			|| contract.vendor_ref);
	ELSIF contract.vendor = 'stripe' AND contract.checkout_ref IS NOT NULL THEN
		PERFORM voiceagent_private.ask_vendor('stripe', contract.contract_id, 'withdraw', 'POST',
			format('/v1/checkout/sessions/%s/expire', contract.checkout_ref));
	ELSIF contract.vendor = 'paypal' AND contract.vendor_ref IS NOT NULL THEN
		PERFORM voiceagent_private.ask_vendor('paypal', contract.contract_id, 'withdraw', 'POST',
			format('/v1/billing/subscriptions/%s/cancel', contract.vendor_ref), '{"reason": "withdrawn"}');
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.withdraw_contract(voiceagent.plan_contracts) IS
	'Has the vendor end at once what it has of a contract of the current tenant that is closed here.';

CREATE FUNCTION voiceagent_private.give_contract_up(contract voiceagent.plan_contracts, reason text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	UPDATE voiceagent.plan_contracts c SET closed_at = voiceagent.clock(), approve_url = NULL, coupon = NULL,
		coupon_back = c.coupon, coupon_percent = 0, reason = left(give_contract_up.reason, 500)
	WHERE c.tenant_id = contract.tenant_id AND c.contract_id = contract.contract_id AND c.closed_at IS NULL;
	PERFORM voiceagent_private.withdraw_contract(contract);
	PERFORM voiceagent_private.settle_plan(contract.contract_id);
END
$$;
COMMENT ON FUNCTION voiceagent_private.give_contract_up(voiceagent.plan_contracts, text) IS
	'Closes a contract of the current tenant that nobody has approved; its coupon may be used again.';

CREATE FUNCTION voiceagent_private.cancel_at_vendor(contract voiceagent.plan_contracts, undo boolean) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_asked boolean;
BEGIN
	IF contract.state = 'incomplete' AND NOT undo THEN
		PERFORM voiceagent_private.give_contract_up(contract, 'canceled before it was approved');
		RETURN;
	ELSIF contract.vendor = 'paypal' AND undo THEN
		PERFORM voiceagent_private.fail('PT409', 'PayPal takes no cancellation back', NULL,
			'subscribe_to_plan() begins a new contract when this one has ended.');
	END IF;
	v_asked := CASE contract.vendor WHEN 'stripe' THEN voiceagent_private.ask_vendor('stripe', contract.contract_id,
			'cancel', 'POST', '/v1/subscriptions/' || contract.vendor_ref, jsonb_build_object('cancel_at_period_end',
				NOT undo))
		ELSE voiceagent_private.ask_vendor('paypal', contract.contract_id, 'cancel', 'POST',
			format('/v1/billing/subscriptions/%s/cancel', contract.vendor_ref), '{"reason": "canceled by the buyer"}')
				END;
	PERFORM voiceagent_private.fail_if(NOT v_asked, 'PT409', 'the vendor is being asked already', NULL,
		'Try again when its answer is there.');
END
$$;
COMMENT ON FUNCTION voiceagent_private.cancel_at_vendor(voiceagent.plan_contracts, boolean) IS
	'Has the vendor end a contract of the current tenant with the time that is paid, or go on after all; PT409.';

CREATE FUNCTION voiceagent.subscribe_to_plan(plan bigint, vendor text DEFAULT 'embedded', return_url text DEFAULT NULL,
	currency text DEFAULT NULL, coupon text DEFAULT NULL, OUT contract_id bigint, OUT state text, OUT approve_url text)
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent_private.plan_buyer();
	v_offer record;
	v_plan voiceagent.plans;
	v_tax record;
	v voiceagent.plan_contracts;
BEGIN
	PERFORM voiceagent_private.hide_query('subscribe_to_plan');
	PERFORM voiceagent_private.require_vendor(vendor);
	PERFORM voiceagent_private.check_return_url(return_url, vendor <> 'embedded');
	SELECT * INTO v_offer FROM voiceagent_private.plan_on_sale(plan, currency);
	v_plan := v_offer.plan;
	IF vendor = 'embedded' OR v_offer.currency IS NULL THEN
		SELECT c.contract_id, c.state INTO contract_id, state FROM voiceagent.choose_plan(plan, currency, coupon) c;
		RETURN;
	END IF;
	v_tax := voiceagent_private.tax_on(vendor, voiceagent_private.plan_amount(plan, v_offer.currency, 0));
	v := voiceagent_private.start_contract(v_plan, vendor, NULL, v_offer.currency, coupon, 'succeeds');
	UPDATE voiceagent.plan_contracts c SET return_url = return_url, tax_rate = v_tax.rate, tax_kind = v_tax.kind,
		buyer = v_tax.buyer, expires_at = voiceagent.clock()
			+ voiceagent_private.platform_setting('payment_order_expires')::interval,
		trial = CASE WHEN EXISTS (SELECT FROM voiceagent.plan_periods p WHERE p.tenant_id = v_tenant AND p.trial)
			THEN '0' ELSE make_interval(days => ceil(extract(epoch FROM v_plan.trial) / 86400)::integer) END
	WHERE c.tenant_id = v_tenant AND c.contract_id = v.contract_id RETURNING c.* INTO v;
	-- What the vendor does not take is refused here.
	PERFORM voiceagent_private.vendor_value(vendor, v.currency, (voiceagent_private.plan_price(v, v.plan_id, p)).total)
	FROM unnest(ARRAY[0, v.coupon_percent::integer]) p;
	PERFORM voiceagent_private.advance_contract(v.contract_id);
	contract_id := v.contract_id;
	state := v.state;
END
$$;
COMMENT ON FUNCTION voiceagent.subscribe_to_plan(bigint, text, text, text, text) IS
	E'Subscribes the tenant to a plan -> contract_id, its state, and approve_url, where the buyer approves it.\n'
	'stripe and paypal make that page after the commit: plan_contracts.approve_url has it soon. embedded moves no '
	'money '
	'and begins at once. currency: NULL for the plan''s first. PT404; PT409 while there is another plan, or for a '
	'vendor that is not set up; PT422.';

CREATE FUNCTION voiceagent.plan_returned() RETURNS text
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v voiceagent.plan_contracts := voiceagent_private.open_contract();
BEGIN
	PERFORM voiceagent_private.look_at_contract(v, voiceagent.clock());
	RETURN v.state;
END
$$;
COMMENT ON FUNCTION voiceagent.plan_returned() IS
	E'For the page to which the vendor sends the buyer: has the vendor asked at once how the plan stands -> its '
	'state as far as it is known.\n'
	'my_plan() has the answer within seconds. PT404.';
