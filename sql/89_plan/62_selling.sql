/*
 * 89_plan: a plan that we sell at a payment vendor.
 *
 * subscribe_to_plan() makes a contract, and advance_contract() asks its vendor
 * for the objects that it lacks, one after the other: those that
 * payment_vendors.makes names (each made once for all tenants), then the page
 * where the buyer approves it.  A change takes the same steps.  We send an order
 * in our own words, and the vendor's driver turns it into a request
 * (extension/pure/payments).  We ask the vendor for the state of the contract each
 * minute while the buyer has to approve something, then once a day (65_requests.sql).
 *
 * A page that was never shown was never approved: one whose answer was lost for
 * longer than its key holds is given up.
 */

CREATE FUNCTION voiceagent_private.contract_reference(tenant_id bigint, contract_id bigint) RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN format('vap-%s-%s-%s', left(md5(voiceagent_private.home()), 8), tenant_id, contract_id);
COMMENT ON FUNCTION voiceagent_private.contract_reference(bigint, bigint) IS
	'By what a vendor knows a contract of ours; no other database, and no order, has the same.';

CREATE FUNCTION voiceagent_private.contract_units(contract voiceagent.plan_contracts, plan_id bigint, percent integer)
	RETURNS bigint
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN (voiceagent_private.vendor_amount(contract.vendor, contract.currency,
		(voiceagent_private.plan_price(contract, plan_id, percent)).total,
		(SELECT c.exponent FROM voiceagent.currencies c WHERE c.currency = contract.currency))).units;
END
$$;
COMMENT ON FUNCTION voiceagent_private.contract_units(voiceagent.plan_contracts, bigint, integer) IS
	'The price of a period of a plan in a contract of the current tenant, so many per cent less, as its vendor '
	'counts; PT422 for what the vendor does not take.';

CREATE FUNCTION voiceagent_private.contract_numbers(contract voiceagent.plan_contracts) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN jsonb_strip_nulls(jsonb_build_object(
		'reference', voiceagent_private.contract_reference(contract.tenant_id, contract.contract_id),
		'subscription', contract.vendor_ref,
		'page', contract.checkout_ref,
		'item', contract.item_ref,
		'decimals', voiceagent_private.vendor_decimals(contract),
		'trial_days', nullif((extract(epoch FROM contract.trial) / 86400)::integer, 0)));
END
$$;
COMMENT ON FUNCTION voiceagent_private.contract_numbers(voiceagent.plan_contracts) IS
	'By what a vendor knows a contract, and how it is read: the part that is the same in all that is asked about it.';

CREATE FUNCTION voiceagent_private.order_of_step(task text, body jsonb) RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE task
		WHEN 'product' THEN jsonb_build_object('name', body -> 'name')
		WHEN 'coupon' THEN jsonb_build_object('coupon_name', body -> 'coupon_name', 'coupon_percent',
			body -> 'coupon_percent', 'coupon_periods', body -> 'coupon_periods', 'months', body -> 'months')
		ELSE body - 'coupon_name' END;
COMMENT ON FUNCTION voiceagent_private.order_of_step(text, jsonb) IS
	'Of the order of a plan, the part by which a product, a coupon or a price is made, and found again.';

CREATE FUNCTION voiceagent_private.plan_order(contract voiceagent.plan_contracts, OUT body jsonb,
	OUT lacks text)
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	-- The price of a change includes neither a trial nor the rest of a coupon.
	v_changes boolean := contract.changing_to IS NOT NULL;
	v_percent integer := CASE WHEN NOT v_changes THEN nullif(contract.coupon_percent, 0) END;
	v_plan voiceagent.plans;
	v_number text;
BEGIN
	SELECT * INTO v_plan FROM voiceagent.plans p WHERE p.plan_id = coalesce(contract.changing_to, contract.plan_id);
	body := jsonb_strip_nulls(jsonb_build_object(
		'name', v_plan.name,
		'currency', contract.currency,
		'amount', voiceagent_private.contract_units(contract, v_plan.plan_id, 0),
		'decimals', voiceagent_private.vendor_decimals(contract),
		'months', CASE v_plan.period WHEN '1 year' THEN 12 ELSE 1 END,
		'trial_days', CASE WHEN NOT v_changes THEN nullif((extract(epoch FROM contract.trial) / 86400)::integer, 0) END,
		'coupon_name', CASE WHEN v_percent IS NOT NULL THEN contract.coupon END,
		'coupon_percent', v_percent,
		'coupon_periods', CASE WHEN v_percent IS NOT NULL THEN contract.coupon_periods END,
		'reduced', CASE WHEN v_percent IS NOT NULL
			THEN voiceagent_private.contract_units(contract, v_plan.plan_id, v_percent) END));
	FOREACH lacks IN ARRAY (voiceagent_private.payment_vendor(contract.vendor)).makes LOOP
		CONTINUE WHEN lacks = 'coupon' AND v_percent IS NULL;
		v_number := (SELECT o.vendor_ref FROM voiceagent_private.vendor_objects o WHERE o.vendor = contract.vendor
			AND o.key = lacks || ' ' || md5(voiceagent_private.order_of_step(lacks, body)::text));
		IF v_number IS NULL THEN
			RETURN;
		END IF;
		body := body || jsonb_build_object(lacks, v_number);
	END LOOP;
	lacks := NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.plan_order(voiceagent.plan_contracts) IS
	E'The order of a contract of the current tenant for its plan, or for the one to which it is being changed, as the '
	'vendor''s driver takes it, with the vendor''s numbers of the objects that were made for it.\n'
	'lacks: the task by which the next of these is made; NULL: all are there.';

CREATE FUNCTION voiceagent_private.advance_contract(contract_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v voiceagent.plan_contracts;
	v_order record;
BEGIN
	SELECT * INTO v FROM voiceagent.plan_contracts c
	WHERE c.tenant_id = voiceagent.current_tenant() AND c.contract_id = advance_contract.contract_id;
	IF v.closed_at IS NOT NULL THEN
		RETURN;
	END IF;
	v_order := voiceagent_private.plan_order(v);
	IF v_order.lacks IS NOT NULL THEN
		PERFORM voiceagent_private.ask_vendor(v.vendor, v.contract_id, v_order.lacks,
			voiceagent_private.order_of_step(v_order.lacks, v_order.body));
		RETURN;
	END IF;
	v_order.body := voiceagent_private.contract_numbers(v) || v_order.body || jsonb_build_object('return_url',
		v.return_url);
	IF v.changing_to IS NULL THEN
		PERFORM voiceagent_private.ask_vendor(v.vendor, v.contract_id, 'create', v_order.body
			|| jsonb_build_object('expires_at', extract(epoch FROM v.expires_at)::bigint));
	ELSE
		PERFORM voiceagent_private.ask_vendor(v.vendor, v.contract_id, 'change', v_order.body
			|| jsonb_build_object('upgrade', (SELECT n.level > p.level FROM voiceagent.plans p,
				voiceagent.plans n WHERE p.plan_id = v.plan_id AND n.plan_id = v.changing_to)));
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
	IF num_nonnulls(contract.vendor_ref, contract.checkout_ref) > 0 THEN
		PERFORM voiceagent_private.ask_vendor(contract.vendor, contract.contract_id, 'withdraw',
			voiceagent_private.contract_numbers(contract));
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
	'Closes a contract of the current tenant that was never approved; its coupon may be used again.';

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
	-- Refuse a price that the vendor does not take.
	PERFORM voiceagent_private.contract_units(v, v.plan_id, p)
	FROM unnest(ARRAY[0, v.coupon_percent::integer]) p;
	PERFORM voiceagent_private.advance_contract(v.contract_id);
	contract_id := v.contract_id;
	state := v.state;
END
$$;
COMMENT ON FUNCTION voiceagent.subscribe_to_plan(bigint, text, text, text, text) IS
	E'Subscribes the tenant to a plan -> contract_id, its state, and approve_url, where the buyer approves it.\n'
	'A vendor makes that page after the commit: plan_contracts.approve_url has it soon. embedded moves no money '
	'and begins at once. currency: NULL for the plan''s first. PT404; PT409 while there is another plan, or for a '
	'vendor that is not set up; PT422.';

CREATE FUNCTION voiceagent.plan_returned() RETURNS text
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v voiceagent.plan_contracts := voiceagent_private.open_contract();
BEGIN
	PERFORM voiceagent_private.look_at_contract(v, voiceagent.clock(), true);
	RETURN v.state;
END
$$;
COMMENT ON FUNCTION voiceagent.plan_returned() IS
	E'For the page to which the vendor sends the buyer: has the vendor asked at once how the plan stands -> its '
	'state as far as it is known.\n'
	'my_plan() has the answer within seconds. PT404.';
