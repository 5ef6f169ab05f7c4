-- 86_payment: buying.

CREATE FUNCTION voiceagent_private.vendor_amount(vendor text, currency text, amount bigint, exponent integer,
	OUT units bigint, OUT decimals integer)
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_vendor voiceagent_private.payment_vendors := voiceagent_private.payment_vendor(vendor);
	v_step integer := 1;
	v_units numeric;
BEGIN
	SELECT c.exponent, c.step INTO decimals, v_step FROM voiceagent.payment_currencies c
	WHERE c.vendor = vendor_amount.vendor AND c.currency = vendor_amount.currency;
	IF NOT FOUND THEN
		PERFORM voiceagent_private.fail_if(NOT v_vendor.other_currencies, 'PT422', format('%s does not take %s',
			v_vendor.title, currency), NULL, 'The table payment_currencies has those that it takes.');
		decimals := exponent;
		v_step := 1;
	END IF;
	v_units := amount * power(10::numeric, decimals - exponent);
	PERFORM voiceagent_private.fail_if(v_units <> trunc(v_units) OR v_units % v_step <> 0, 'PT422',
		format('%s does not take %s %s', vendor, voiceagent_private.money(amount, exponent), currency),
		format('Its amounts in %s are multiples of %s.', currency, trim_scale(v_step / power(10::numeric, decimals))));
	units := v_units;
END
$$;
COMMENT ON FUNCTION voiceagent_private.vendor_amount(text, text, bigint, integer) IS
	'An amount in the smallest unit of ISO 4217 (exponent: its decimals) as a payment vendor counts it -> units of so '
	'many decimals; PT422 for what the vendor does not take.';

CREATE FUNCTION voiceagent_private.require_vendor(vendor text) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.fail_if((voiceagent_private.payment_vendor(vendor)).vendor IS NULL, 'PT422',
		format('there is no payment vendor "%s"', left(coalesce(vendor, 'null'), 60)), NULL,
		format('Vendors are %s.', voiceagent_private.payment_vendor_names(true)));
	IF vendor = 'embedded' THEN
		PERFORM voiceagent_private.fail_if(voiceagent_private.embedded_vendor_ended(), 'PT409',
			'the embedded payment vendor is not used here any more',
			'A payment account was set up, or a carrier account armed: credits are paid for from then on.',
			'The platform sets up another one with set_payment_account().');
	ELSIF NOT voiceagent_private.has_payment_account(vendor) THEN
		PERFORM voiceagent_private.fail('PT409', format('the platform has no account at %s', vendor), NULL,
			'The platform sets one up with set_payment_account().');
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_vendor(text) IS
	'PT422 for an unknown payment vendor, PT409 for one that is not to be used here.';

CREATE FUNCTION voiceagent_private.check_return_url(return_url text, needed boolean) RETURNS void
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.fail_if(needed AND coalesce(return_url, '') = '', 'PT422', 'a return_url is needed',
		NULL, 'The vendor sends the buyer there; payment_returned() or plan_returned() then tells how it went.');
	PERFORM voiceagent_private.fail_if(return_url !~ '^https?://[^[:space:]]+$' OR length(return_url) > 2000, 'PT422',
		'return_url is not an address of a web page');
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_return_url(text, boolean) IS
	'PT422 for an address that no vendor could send a buyer to.';

CREATE FUNCTION voiceagent.payment_vendors() RETURNS text[]
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent.current_tenant();
	RETURN ARRAY(SELECT p.vendor FROM voiceagent_private.payment_vendors p
		WHERE CASE p.vendor WHEN 'embedded' THEN NOT voiceagent_private.embedded_vendor_ended()
			ELSE voiceagent_private.has_payment_account(p.vendor) END
		ORDER BY p.place);
END
$$;
COMMENT ON FUNCTION voiceagent.payment_vendors() IS 'The payment vendors at which buy() has orders paid here.';

CREATE FUNCTION voiceagent_private.place_order(payment voiceagent.payment_orders) RETURNS voiceagent.payment_orders
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v voiceagent.payment_orders;
BEGIN
	UPDATE voiceagent.payment_orders o
	SET state = CASE o.vendor WHEN 'embedded' THEN 'waiting' ELSE 'creating' END,
		reason = CASE o.vendor WHEN 'embedded' THEN 'a test: nothing is paid in truth' END,
		expires_at = voiceagent.clock() + voiceagent_private.platform_setting('payment_order_expires')::interval
	WHERE o.tenant_id = payment.tenant_id AND o.order_id = payment.order_id RETURNING o.* INTO v;
	PERFORM voiceagent_private.plan_payment_look(v);
	RETURN v;
END
$$;
COMMENT ON FUNCTION voiceagent_private.place_order(voiceagent.payment_orders) IS
	'Has an order of the current tenant made at its vendor; returns it.';

CREATE FUNCTION voiceagent_private.order_pack(pack bigint, vendor text, currency text, return_url text,
	method_id bigint, ordered_by text, keeps_method boolean DEFAULT false) RETURNS voiceagent.payment_orders
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_pack record;
	v_tax record;
	v voiceagent.payment_orders;
BEGIN
	PERFORM voiceagent_private.require_vendor(vendor);
	SELECT p.pack_id, p.name, p.credits, p.minutes, p.valid_for, r.currency, r.amount, c.exponent INTO v_pack
	FROM voiceagent.credit_packs p
	JOIN voiceagent.credit_pack_prices r ON r.pack_id = p.pack_id
	JOIN voiceagent.currencies c ON c.currency = r.currency
	WHERE p.pack_id = order_pack.pack AND p.archived_at IS NULL
		AND (order_pack.currency IS NULL OR r.currency = order_pack.currency)
	ORDER BY r.currency LIMIT 1;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'there is no such pack on sale in this currency', NULL,
		'The view credit_offers has what is sold.');
	PERFORM voiceagent_private.check_return_url(return_url, vendor <> 'embedded' AND method_id IS NULL);
	v_tax := voiceagent_private.tax_on(vendor, v_pack.amount);
	PERFORM voiceagent_private.vendor_amount(vendor, v_pack.currency, v_pack.amount + v_tax.tax, v_pack.exponent);
	-- Orders of a tenant are counted by one transaction at a time.
	PERFORM voiceagent_private.lock_available();
	PERFORM voiceagent_private.fail_if(
		(SELECT count(*) FROM voiceagent.payment_orders o WHERE o.tenant_id = v_tenant AND o.ended_at IS NULL)
			>= voiceagent_private.platform_setting('payment_orders_open')::integer, 'PT409', 'too many orders are open',
		format('At most %s may wait for their payment.', voiceagent_private.platform_setting('payment_orders_open')),
		'cancel_order() ends one; they also expire by themselves.');
	INSERT INTO voiceagent.payment_orders (tenant_id, vendor, pack_id, pack_name, credits, minutes, valid_for, currency,
		amount, exponent, tax, tax_rate, tax_kind, buyer, state, return_url, method_id, keeps_method, ordered_by,
		created_at, expires_at)
	VALUES (v_tenant, order_pack.vendor, v_pack.pack_id, v_pack.name || CASE WHEN v_pack.minutes > 0
			THEN format(' (%s min)', trim_scale(v_pack.minutes)) ELSE '' END, v_pack.credits, v_pack.minutes,
		v_pack.valid_for, v_pack.currency, v_pack.amount + v_tax.tax, v_pack.exponent, v_tax.tax, v_tax.rate,
		v_tax.kind, v_tax.buyer, 'creating', order_pack.return_url, order_pack.method_id,
		coalesce(order_pack.keeps_method, false), order_pack.ordered_by, v_now, v_now)
	RETURNING * INTO v;
	PERFORM voiceagent_private.audit('buy', 'order ' || v.order_id, NULL, voiceagent_private.payment_facts(v));
	IF voiceagent_private.setting_text('auto_spend')::boolean THEN
		v := voiceagent_private.place_order(v);
	ELSE
		UPDATE voiceagent.payment_orders o SET state = 'waiting_approval', reason = 'waits for approval '
			|| voiceagent_private.ask_approval('purchase', v.order_id, v.credits
				+ round(v.minutes * voiceagent_private.price_of('call', v_now), 6),
				'nothing is spent by itself (auto_spend)')
		WHERE o.tenant_id = v_tenant AND o.order_id = v.order_id RETURNING o.* INTO v;
	END IF;
	RETURN v;
END
$$;
COMMENT ON FUNCTION voiceagent_private.order_pack(bigint, text, text, text, bigint, text, boolean) IS
	'Orders a pack for the current tenant, as buy() says; method_id: what is charged without the buyer, NULL: it pays '
	'by itself.';

CREATE FUNCTION voiceagent.buy(pack bigint, vendor text DEFAULT 'embedded', currency text DEFAULT NULL,
	return_url text DEFAULT NULL, keep_method boolean DEFAULT false, OUT order_id bigint, OUT approve_url text)
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant(lasting := true);
	v voiceagent.payment_orders;
BEGIN
	v := voiceagent_private.order_pack(pack, vendor, currency, return_url, NULL, voiceagent_private.actor(),
		keep_method);
	order_id := v.order_id;
	approve_url := v.approve_url;
END
$$;
COMMENT ON FUNCTION voiceagent.buy(bigint, text, text, text, boolean) IS
	E'Orders a pack of credits -> order_id, and approve_url, where the buyer pays.\n'
	'A vendor makes that page after the commit: payment_orders.approve_url has it soon. embedded: pay_embedded(). '
	'currency: NULL for the first; keep_method: to be charged later (payment_methods). PT404 for a pack or currency '
	'that is not sold, PT409 for a vendor that is not set up or too many open orders, PT422.';

SELECT voiceagent_private.make_lock('lock_order', 'voiceagent.payment_orders', 'there is no such order',
	'An order of the current tenant, locked; PT404 if there is none.');

CREATE FUNCTION voiceagent_private.give_order_up(order_id bigint, reason text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v voiceagent.payment_orders;
BEGIN
	UPDATE voiceagent.payment_orders o SET state = 'canceled', reason = give_order_up.reason, approve_url = NULL,
		ended_at = voiceagent.clock()
	WHERE o.tenant_id = voiceagent.current_tenant() AND o.order_id = give_order_up.order_id AND o.ended_at IS NULL
	RETURNING o.* INTO v;
	IF FOUND THEN
		PERFORM voiceagent_private.plan_payment_look(v);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.give_order_up(bigint, text) IS
	'Cancels an open order of the current tenant that the caller has locked.';

CREATE FUNCTION voiceagent.cancel_order(order_id bigint) RETURNS text
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v voiceagent.payment_orders := voiceagent_private.lock_order(order_id);
	v_approval bigint;
BEGIN
	PERFORM voiceagent_private.fail_if(v.ended_at IS NOT NULL OR v.state IN ('approved', 'pending'), 'PT409',
		format('an order that is %s cannot be canceled', v.state));
	IF v.state = 'waiting_approval' THEN
		UPDATE voiceagent.spend_approvals a SET state = 'rejected', decided_at = voiceagent.clock(),
			decided_by = voiceagent_private.actor(), decision = 'the order was canceled'
		WHERE a.tenant_id = v_tenant AND a.order_id = v.order_id AND a.state = 'waiting'
		RETURNING a.approval_id INTO v_approval;
		DELETE FROM voiceagent_private.approval_deadlines d
		WHERE d.tenant_id = v_tenant AND d.approval_id = v_approval;
	END IF;
	PERFORM voiceagent_private.give_order_up(v.order_id, 'canceled by ' || voiceagent_private.actor());
	PERFORM voiceagent_private.audit('cancel_order', 'order ' || order_id);
	RETURN 'canceled';
END
$$;
COMMENT ON FUNCTION voiceagent.cancel_order(bigint) IS
	E'Gives an unpaid order up -> canceled.\n'
	'Money that comes all the same still grants its credits. PT404; PT409 for one that is being paid, or has ended.';

CREATE FUNCTION voiceagent.payment_returned(order_id bigint) RETURNS text
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v voiceagent.payment_orders := voiceagent_private.lock_order(order_id);
BEGIN
	IF v.ended_at IS NULL AND v.state <> 'waiting_approval' THEN
		IF v.vendor = 'embedded' THEN
			RETURN voiceagent_private.look_at_embedded(v.order_id);
		END IF;
		PERFORM voiceagent_private.hint_payment(v.order_id);
	END IF;
	RETURN v.state;
END
$$;
COMMENT ON FUNCTION voiceagent.payment_returned(bigint) IS
	E'For the page to which the vendor sends the buyer: has the vendor asked at once how the payment stands -> the '
	'order''s state as far as it is known; payment_orders has the answer within seconds.\n'
	'PT404.';

CREATE FUNCTION voiceagent_private.hint_payment(order_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_vendor text;
	v_open boolean;
	-- plan_payment_look() looks at an open order after a minute: it is not asked about within two seconds of a look.
	c_early CONSTANT interval := '58 seconds';
BEGIN
	SELECT o.vendor, o.ended_at IS NULL INTO v_vendor, v_open FROM voiceagent.payment_orders o
	WHERE o.tenant_id = voiceagent.current_tenant() AND o.order_id = hint_payment.order_id
		AND o.state <> 'waiting_approval';
	IF NOT FOUND THEN
		RETURN;
	END IF;
	-- A request that is on its way may have left before what is hinted at: another one follows it.
	INSERT INTO voiceagent_private.payment_looks AS l (tenant_id, order_id, vendor, next_at)
	VALUES (voiceagent.current_tenant(), hint_payment.order_id, v_vendor, v_now)
	ON CONFLICT ON CONSTRAINT payment_looks_pkey DO UPDATE
	SET next_at = CASE WHEN NOT v_open THEN least(l.next_at, v_now)
		WHEN l.next_at > v_now + interval '1 minute' - c_early THEN greatest(v_now, l.next_at - c_early)
		ELSE l.next_at END
	WHERE NOT l.claimed;
	PERFORM voiceagent_private.ask_payment_soon(v_vendor, v_now);
END
$$;
COMMENT ON FUNCTION voiceagent_private.hint_payment(bigint) IS
	'Has the vendor asked at once about an order of the current tenant, since something seems to have happened to it.';

CREATE FUNCTION voiceagent.refund_order(tenant_id bigint, order_id bigint, reason text, price numeric DEFAULT NULL)
	RETURNS text
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_was bigint;
	v voiceagent.payment_orders;
	v_back bigint;
	v_look voiceagent_private.payment_looks;
BEGIN
	PERFORM voiceagent_private.require_platform('refund a payment');
	PERFORM voiceagent_private.fail_if(coalesce(btrim(reason), '') = '' OR length(reason) > 1000, 'PT422',
		'a refund needs a reason of 1 to 1000 characters');
	v_was := voiceagent_private.set_existing_tenant(tenant_id);
	v := voiceagent_private.lock_order(order_id);
	PERFORM voiceagent_private.fail_if(v.state <> 'paid', 'PT409',
		format('an order that is %s cannot be refunded', v.state));
	PERFORM voiceagent_private.fail_if(v.payment_ref IS NULL, 'PT409', 'this was paid without a payment of its own',
		NULL, 'The vendor took it out of a balance that the buyer has there; give it back there.');
	v_back := CASE WHEN price IS NULL THEN v.amount - v.refunded - v.disputed
		ELSE voiceagent_private.smallest_units(price, v.currency) END;
	PERFORM voiceagent_private.fail_if(v_back > v.amount - v.refunded - v.disputed OR v_back <= 0, 'PT409',
		'a refund cannot be above what was paid',
		format('%s of %s %s are left.', voiceagent_private.money(v.amount - v.refunded - v.disputed, v.exponent),
			voiceagent_private.money(v.amount, v.exponent), v.currency));
	PERFORM voiceagent_private.weigh_deed((v.credits + v.minutes) * v_back / v.amount);
	PERFORM voiceagent_private.audit('refund_order', 'order ' || v.order_id, NULL, jsonb_build_object('price',
		voiceagent_private.money(v_back, v.exponent), 'currency', v.currency, 'reason', reason));
	PERFORM voiceagent_private.audit_platform('refund_order', format('tenant %s, order %s', v.tenant_id, v.order_id),
		NULL, jsonb_build_object('price', voiceagent_private.money(v_back, v.exponent), 'currency', v.currency,
			'reason', reason));
	IF v.vendor = 'embedded' THEN
		UPDATE voiceagent_private.embedded_payments e SET refunded = e.refunded + v_back
		WHERE e.tenant_id = v.tenant_id AND e.order_id = v.order_id;
		PERFORM voiceagent_private.look_at_embedded(v.order_id);
	ELSE
		SELECT * INTO v_look FROM voiceagent_private.payment_looks l
		WHERE l.tenant_id = v.tenant_id AND l.order_id = v.order_id FOR NO KEY UPDATE;
		PERFORM voiceagent_private.fail_if(v_look.task = 'refund' OR v_look.claimed, 'PT409',
			'the vendor is being asked about this order', NULL, 'Try again when its answer is there.');
		INSERT INTO voiceagent_private.payment_looks AS l (tenant_id, order_id, vendor, task, next_at, refund)
		VALUES (v.tenant_id, v.order_id, v.vendor, 'refund', voiceagent.clock(), v_back)
		ON CONFLICT ON CONSTRAINT payment_looks_pkey DO UPDATE SET task = excluded.task, next_at = excluded.next_at,
			tries = 0, first_sent_at = NULL, refund = excluded.refund;
		PERFORM voiceagent_private.ask_payment_soon(v.vendor, voiceagent.clock());
	END IF;
	PERFORM voiceagent_private.set_tenant(v_was);
	RETURN CASE v.vendor WHEN 'embedded' THEN 'refunded' ELSE 'asked' END;
END
$$;
COMMENT ON FUNCTION voiceagent.refund_order(bigint, bigint, text, numeric) IS
	E'Platform only: gives the price of a paid order back, or a part of it (price; NULL: all that is left) -> '
	'refunded, or asked while the vendor is being asked.\n'
	'Its credits go back in proportion, those that are spent as a debt. '
	'42501, PT404; PT409 above what was paid, or while another refund is on its way; PT422.';

CREATE FUNCTION voiceagent.forgive_debt(tenant_id bigint, reason text) RETURNS numeric
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_was bigint;
	v_forgiven numeric;
BEGIN
	PERFORM voiceagent_private.require_platform('forgive a debt');
	PERFORM voiceagent_private.fail_if(coalesce(btrim(reason), '') = '' OR length(reason) > 1000, 'PT422',
		'forgiving a debt needs a reason of 1 to 1000 characters');
	v_was := voiceagent_private.set_existing_tenant(tenant_id);
	PERFORM voiceagent_private.lock_available();
	PERFORM voiceagent_private.weigh_deed(voiceagent_private.credits_owed());
	v_forgiven := voiceagent_private.lower_debt(voiceagent_private.credits_owed(), 'forgiven');
	PERFORM voiceagent_private.audit('forgive_debt', 'tenant ' || forgive_debt.tenant_id, NULL,
		jsonb_build_object('credits', v_forgiven, 'reason', reason));
	PERFORM voiceagent_private.audit_platform('forgive_debt', 'tenant ' || forgive_debt.tenant_id, NULL,
		jsonb_build_object('credits', v_forgiven, 'reason', reason));
	PERFORM voiceagent_private.resume_after_purchase();
	PERFORM voiceagent_private.set_tenant(v_was);
	RETURN v_forgiven;
END
$$;
COMMENT ON FUNCTION voiceagent.forgive_debt(bigint, text) IS
	E'Platform only: lets go what a tenant owes -> credits; its campaigns go on.\n'
	'42501, PT404, PT422.';
