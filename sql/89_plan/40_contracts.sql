-- 89_plan: what a tenant does about its plan. 62_selling.sql has what a vendor is asked for it.

CREATE FUNCTION voiceagent_private.plan_buyer() RETURNS bigint
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN voiceagent_private.writer_tenant(CASE WHEN voiceagent_private.setting_text('auto_spend')::boolean
		THEN 'manager' ELSE 'owner' END, true);
END
$$;
COMMENT ON FUNCTION voiceagent_private.plan_buyer() IS
	'The current tenant, if the caller may decide about its plan: a manager, or an owner alone where nothing is spent '
	'by itself (auto_spend).';

CREATE FUNCTION voiceagent_private.open_contract() RETURNS voiceagent.plan_contracts
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v voiceagent.plan_contracts;
BEGIN
	SELECT * INTO v FROM voiceagent.plan_contracts c
	WHERE c.tenant_id = voiceagent.current_tenant() AND c.closed_at IS NULL FOR NO KEY UPDATE;
	PERFORM voiceagent_private.fail_if(NOT FOUND OR v.state = 'ended', 'PT404', 'there is no plan', NULL,
		'choose_plan() chooses one.');
	RETURN v;
END
$$;
COMMENT ON FUNCTION voiceagent_private.open_contract() IS
	'The contract of the current tenant that has not ended, locked; PT404 if there is none.';

CREATE FUNCTION voiceagent_private.plan_amount(plan_id bigint, currency text, percent integer) RETURNS bigint
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_amount bigint := (SELECT p.amount FROM voiceagent.plan_prices p
		WHERE p.plan_id = plan_amount.plan_id AND p.currency = plan_amount.currency);
BEGIN
	IF v_amount IS NULL AND EXISTS (SELECT FROM voiceagent.plan_prices p WHERE p.plan_id = plan_amount.plan_id) THEN
		PERFORM voiceagent_private.fail('PT422', format('the plan is not sold in %s', coalesce(currency, 'this '
			'currency')), NULL, 'The view plan_offers has what is sold.');
	END IF;
	-- Half a unit is rounded away from 0.
	RETURN coalesce(v_amount - round(v_amount * percent / 100.0), 0);
END
$$;
COMMENT ON FUNCTION voiceagent_private.plan_amount(bigint, text, integer) IS
	'The price of a period of a plan in the currency''s smallest unit, so many per cent less; 0: it is free; PT422 '
	'where it has no price in this currency.';

CREATE FUNCTION voiceagent_private.plan_price(contract voiceagent.plan_contracts, plan_id bigint, percent integer,
	OUT total bigint, OUT tax bigint)
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	total := voiceagent_private.plan_amount(plan_id, contract.currency, percent);
	tax := round(total * coalesce(contract.tax_rate, 0) / 100);
	total := total + tax;
END
$$;
COMMENT ON FUNCTION voiceagent_private.plan_price(voiceagent.plan_contracts, bigint, integer) IS
	'The price of a period of a plan in a contract of the current tenant, with tax, after a discount in per cent.';

CREATE FUNCTION voiceagent_private.use_coupon(coupon text) RETURNS voiceagent_private.plan_coupons
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v voiceagent_private.plan_coupons;
BEGIN
	SELECT * INTO v FROM voiceagent_private.plan_coupons c
	WHERE c.code = use_coupon.coupon AND coalesce(c.uses_left > 0, true) AND c.expires_at > voiceagent.clock();
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'there is no such coupon, or it is used up');
	PERFORM voiceagent_private.fail_if(EXISTS (SELECT FROM voiceagent.plan_contracts c
		WHERE c.tenant_id = voiceagent.current_tenant() AND c.coupon = use_coupon.coupon), 'PT409',
		'this coupon was used already');
	IF v.uses_left IS NULL THEN
		RETURN v;
	END IF;
	-- It belongs to no tenant, so none waits until another's transaction is over.
	SELECT * INTO v FROM voiceagent_private.plan_coupons c
	WHERE c.code = use_coupon.coupon AND c.uses_left > 0 FOR NO KEY UPDATE SKIP LOCKED;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT409', 'this coupon is being used at this moment', NULL,
		'Try it again.');
	UPDATE voiceagent_private.plan_coupons c SET uses_left = c.uses_left - 1 WHERE c.code = use_coupon.coupon;
	RETURN v;
END
$$;
COMMENT ON FUNCTION voiceagent_private.use_coupon(text) IS
	'Takes one use off a coupon for the current tenant; PT404, PT409 when this tenant has used it, or another is just '
	'using it.';

CREATE FUNCTION voiceagent_private.start_contract(plan voiceagent.plans, vendor text, vendor_ref text, currency text,
	coupon text, card text) RETURNS voiceagent.plan_contracts
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_coupon voiceagent_private.plan_coupons;
	v voiceagent.plan_contracts;
BEGIN
	-- Two that choose at a time come one after the other: the second looks again for what the first has made.
	FOR i IN 1 .. 2 LOOP
		SELECT * INTO v FROM voiceagent.plan_contracts c
		WHERE c.tenant_id = v_tenant AND c.closed_at IS NULL FOR NO KEY UPDATE;
		EXIT WHEN FOUND;
	END LOOP;
	-- Free ones are left for anything else.
	IF v.state NOT IN ('ended', 'incomplete') AND EXISTS (SELECT FROM voiceagent.plan_prices p
		WHERE p.plan_id = v.plan_id) THEN
		PERFORM voiceagent_private.fail('PT409', 'there is a plan already', NULL,
			'change_plan() changes it, cancel_plan() ends it.');
	ELSIF coupon IS NOT NULL THEN
		v_coupon := voiceagent_private.use_coupon(coupon);
	END IF;
	UPDATE voiceagent.plan_contracts c SET closed_at = v_now, state = 'ended'
	WHERE c.tenant_id = v_tenant AND c.contract_id = v.contract_id;
	IF v.vendor <> 'embedded' THEN
		PERFORM voiceagent_private.withdraw_contract(v);
	END IF;
	DELETE FROM voiceagent_private.plan_turns t WHERE t.tenant_id = v_tenant AND t.contract_id = v.contract_id;
	INSERT INTO voiceagent.plan_contracts (tenant_id, plan_id, vendor, vendor_ref, currency, coupon, coupon_percent,
		coupon_periods, card, created_at)
	VALUES (v_tenant, plan.plan_id, start_contract.vendor, start_contract.vendor_ref, start_contract.currency,
		start_contract.coupon, coalesce(v_coupon.percent, 0), v_coupon.periods, start_contract.card, v_now)
	ON CONFLICT (tenant_id) WHERE closed_at IS NULL DO NOTHING RETURNING * INTO v;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT409', 'another plan is being chosen at this moment', NULL,
		'my_plan() has it.');
	PERFORM voiceagent_private.audit('choose_plan', 'contract ' || v.contract_id, NULL,
		jsonb_build_object('plan', plan.name, 'vendor', vendor, 'currency', currency, 'coupon', coupon));
	RETURN v;
END
$$;
COMMENT ON FUNCTION voiceagent_private.start_contract(voiceagent.plans, text, text, text, text, text) IS
	'Makes a contract of the current tenant; PT409 while it has another one.';

CREATE FUNCTION voiceagent_private.plan_on_sale(plan_id bigint, OUT plan voiceagent.plans, INOUT currency text)
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	SELECT p.* INTO plan FROM voiceagent.plans p WHERE p.plan_id = plan_on_sale.plan_id AND p.archived_at IS NULL;
	PERFORM voiceagent_private.fail_if(plan.plan_id IS NULL, 'PT404', 'there is no such plan on sale', NULL,
		'The view plan_offers has what is sold.');
	currency := (SELECT coalesce(plan_on_sale.currency, min(p.currency)) FROM voiceagent.plan_prices p
		WHERE p.plan_id = plan_on_sale.plan_id HAVING count(*) > 0);
END
$$;
COMMENT ON FUNCTION voiceagent_private.plan_on_sale(bigint, text) IS
	'A plan that is sold, and the currency (NULL: its first one); PT404.';

CREATE FUNCTION voiceagent.choose_plan(plan bigint, currency text DEFAULT NULL, coupon text DEFAULT NULL,
	card text DEFAULT 'succeeds', OUT contract_id bigint, OUT state text)
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.plan_buyer();
	v_offer record;
	v_plan voiceagent.plans;
	v voiceagent.plan_contracts;
	v_now timestamptz := voiceagent.clock();
BEGIN
	PERFORM voiceagent_private.hide_query('choose_plan');
	PERFORM voiceagent_private.fail_if(card IS NULL OR card NOT IN ('succeeds', 'is_declined', 'is_declined_later'),
		'PT422', 'the embedded vendor has no such card', NULL,
		'Its cards are succeeds, is_declined and is_declined_later.');
	SELECT * INTO v_offer FROM voiceagent_private.plan_on_sale(choose_plan.plan, choose_plan.currency);
	v_plan := v_offer.plan;
	IF voiceagent_private.plan_amount(v_plan.plan_id, v_offer.currency, 0) > 0 THEN
		PERFORM voiceagent_private.require_vendor('embedded');
	END IF;
	v := voiceagent_private.start_contract(v_plan, 'embedded', NULL, v_offer.currency, coupon, card);
	-- A tenant tries a plan once, whichever it was.
	IF v_plan.trial > '0' AND NOT EXISTS (SELECT FROM voiceagent.plan_periods p
		WHERE p.tenant_id = v_tenant AND p.trial) THEN
		PERFORM voiceagent_private.note_period(v.contract_id, v_now, v_now + v_plan.trial, v_plan.plan_id, 0, 0, 'paid',
			trial := true);
	ELSE
		PERFORM voiceagent_private.next_period(v, v_now);
	END IF;
	contract_id := v.contract_id;
	state := voiceagent_private.settle_plan(v.contract_id);
END
$$;
COMMENT ON FUNCTION voiceagent.choose_plan(bigint, text, text, text) IS
	E'Subscribes the tenant to a plan at the embedded vendor, with no money -> contract_id and its state.\n'
	'currency: NULL for the plan''s first; card: succeeds, is_declined, is_declined_later (from the second period on). '
	'PT404, PT409 while there is another plan or once it is off, PT422.';

CREATE FUNCTION voiceagent.change_plan(plan bigint) RETURNS text
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.plan_buyer();
	v voiceagent.plan_contracts := voiceagent_private.open_contract();
	v_new voiceagent.plans := (voiceagent_private.plan_on_sale(change_plan.plan, v.currency)).plan;
	v_old voiceagent.plans;
BEGIN
	SELECT * INTO v_old FROM voiceagent.plans p WHERE p.plan_id = v.plan_id;
	PERFORM voiceagent_private.fail_if(v.changing_to IS NOT NULL, 'PT409', 'the plan is being changed', NULL,
		'Its vendor is being asked, or the buyer has to approve it: plan_contracts.approve_url.');
	PERFORM voiceagent_private.fail_if(v.state NOT IN ('active', 'trialing'), 'PT409',
		format('a plan that is %s cannot be changed', v.state));
	PERFORM voiceagent_private.fail_if(v_new.plan_id = v.plan_id AND v.next_plan_id IS NULL, 'PT409',
		'that is the plan already');
	PERFORM voiceagent_private.fail_if(v_new.period <> v_old.period, 'PT409',
		'a plan is changed to one of the same period', NULL,
		'cancel_plan(), and choose the other one when this has ended.');
	IF v.currency IS NULL AND EXISTS (SELECT FROM voiceagent.plan_prices p WHERE p.plan_id = v_new.plan_id) THEN
		PERFORM voiceagent_private.fail('PT409', 'a free plan is not changed to one that costs something', NULL,
			'choose_plan() chooses that one.');
	ELSIF voiceagent_private.plan_amount(v_new.plan_id, v.currency, 0) > 0 AND v.vendor = 'embedded' THEN
		PERFORM voiceagent_private.require_vendor('embedded');
	END IF;
	PERFORM voiceagent_private.audit('change_plan', 'contract ' || v.contract_id,
		jsonb_build_object('plan', v_old.name), jsonb_build_object('plan', v_new.name));
	IF v.vendor <> 'embedded' THEN
		UPDATE voiceagent.plan_contracts c SET changing_to = v_new.plan_id, reason = NULL
		WHERE c.tenant_id = v_tenant AND c.contract_id = v.contract_id;
		PERFORM voiceagent_private.advance_contract(v.contract_id);
		RETURN 'asked';
	ELSIF v_new.level > v_old.level THEN
		PERFORM voiceagent_private.upgrade_plan(v, v_old, v_new);
	ELSE
		UPDATE voiceagent.plan_contracts c SET next_plan_id = nullif(v_new.plan_id, c.plan_id)
		WHERE c.tenant_id = v_tenant AND c.contract_id = v.contract_id;
		PERFORM voiceagent_private.log_event('plan_changed', NULL, NULL, NULL, voiceagent_private.plan_facts(v)
			|| jsonb_build_object('next_plan', nullif(v_new.name, v_old.name)));
	END IF;
	PERFORM voiceagent_private.settle_plan(v.contract_id);
	RETURN CASE WHEN v_new.level > v_old.level THEN 'now' ELSE 'with the next period' END;
END
$$;
COMMENT ON FUNCTION voiceagent.change_plan(bigint) IS
	E'Changes the tenant''s plan -> now (an upgrade: the rest of the period is paid, and its credits given, in '
	'proportion; in a trial neither), with the next period (a downgrade), or asked: of its vendor.\n'
	'A vendor may have the buyer approve it (plan_contracts.approve_url), and pay an upgrade''s difference as an '
	'order. PT402 when the card is declined, PT404, PT409.';

CREATE FUNCTION voiceagent_private.upgrade_key(period voiceagent.plan_periods) RETURNS text
	LANGUAGE sql STABLE
	RETURN format('plan %s %s to %s', period.contract_id, period.starts_at AT TIME ZONE 'UTC', period.plan_id);
COMMENT ON FUNCTION voiceagent_private.upgrade_key(voiceagent.plan_periods) IS
	'The idempotency key of the grant of an upgrade to the plan that the period has now.';

CREATE FUNCTION voiceagent_private.upgrade_plan(contract voiceagent.plan_contracts, old voiceagent.plans,
	new voiceagent.plans) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v voiceagent.plan_periods;
	v_rest numeric;
	v_due bigint := 0;
	v_tax bigint := 0;
	v_credits numeric := 0;
	v_minutes numeric := 0;
	v_grant bigint;
BEGIN
	SELECT * INTO v FROM voiceagent.plan_periods p
	WHERE p.tenant_id = contract.tenant_id AND p.contract_id = contract.contract_id AND p.starts_at <= v_now
		AND p.ends_at > v_now AND p.state = 'paid'
	ORDER BY p.starts_at DESC LIMIT 1;
	IF NOT FOUND THEN
		RETURN;
	END IF;
	v_rest := extract(epoch FROM v.ends_at - v_now) / extract(epoch FROM v.ends_at - v.starts_at);
	IF contract.vendor = 'embedded' AND NOT v.trial THEN
		SELECT greatest(round((x.total - v.amount) * v_rest), 0), greatest(round((x.tax - v.tax) * v_rest), 0)
		INTO v_due, v_tax
		FROM voiceagent_private.plan_price(contract, new.plan_id, contract.coupon_percent) x;
	END IF;
	-- A trial has the credits of the plan that is tried: more was not paid for.
	IF NOT v.trial AND (v_due > 0 OR NOT voiceagent_private.free_credits_given(v)) THEN
		v_credits := greatest(round((new.credits - old.credits) * v_rest, 6), 0);
		v_minutes := greatest(round((new.minutes - old.minutes) * v_rest, 6), 0);
	END IF;
	PERFORM voiceagent_private.fail_if(v_due > 0 AND contract.card <> 'succeeds', 'PT402', 'the card was declined',
		format('The upgrade costs %s %s now.', voiceagent_private.money(v_due, v.exponent), contract.currency));
	UPDATE voiceagent.plan_periods p SET plan_id = new.plan_id, amount = p.amount + v_due, tax = p.tax + v_tax,
		entitled = p.entitled + v_credits, minutes_entitled = p.minutes_entitled + v_minutes
	WHERE p.tenant_id = v.tenant_id AND p.contract_id = v.contract_id AND p.starts_at = v.starts_at
	RETURNING p.* INTO v;
	UPDATE voiceagent.plan_contracts c SET next_plan_id = NULL
	WHERE c.tenant_id = v.tenant_id AND c.contract_id = v.contract_id;
	v_grant := voiceagent_private.allocate(v, v_credits, v_minutes, format('%s instead of %s', new.name, old.name),
		voiceagent_private.upgrade_key(v));
	PERFORM voiceagent_private.note_plan_payment(v, v_due, v_tax, NULL, NULL, v_grant);
END
$$;
COMMENT ON FUNCTION voiceagent_private.upgrade_plan(voiceagent.plan_contracts, voiceagent.plans, voiceagent.plans) IS
	E'Changes the paid period in which a contract of the current tenant is to a higher plan: gives the difference for '
	'the time that is left, and at the embedded vendor charges it; PT402.\n'
	'A trial keeps its credits and its end.';

CREATE FUNCTION voiceagent.cancel_plan(undo boolean DEFAULT false) RETURNS text
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.plan_buyer();
	v voiceagent.plan_contracts := voiceagent_private.open_contract();
	v_vendor voiceagent_private.payment_vendors;
	v_asked boolean;
BEGIN
	PERFORM voiceagent_private.audit('cancel_plan', 'contract ' || v.contract_id, NULL,
		jsonb_build_object('undo', undo));
	IF v.vendor <> 'embedded' THEN
		v_vendor := voiceagent_private.payment_vendor(v.vendor);
		IF v.state = 'incomplete' AND NOT coalesce(undo, false) THEN
			PERFORM voiceagent_private.give_contract_up(v, 'canceled before it was approved');
		ELSE
			PERFORM voiceagent_private.fail_if(undo AND NOT v_vendor.takes_undo, 'PT409',
				format('%s takes no cancellation back', v_vendor.title), NULL,
				'subscribe_to_plan() begins a new contract when this one has ended.');
			v_asked := voiceagent_private.ask_vendor(v.vendor, v.contract_id, 'cancel',
				voiceagent_private.contract_numbers(v) || jsonb_build_object('undo', coalesce(undo, false)));
			PERFORM voiceagent_private.fail_if(NOT v_asked, 'PT409', 'the vendor is being asked already', NULL,
				'Try again when its answer is there.');
		END IF;
		RETURN (SELECT c.state FROM voiceagent.plan_contracts c
			WHERE c.tenant_id = v_tenant AND c.contract_id = v.contract_id);
	END IF;
	UPDATE voiceagent.plan_contracts c SET canceled = NOT coalesce(undo, false), canceled_at = voiceagent.clock()
	WHERE c.tenant_id = v_tenant AND c.contract_id = v.contract_id;
	RETURN voiceagent_private.settle_plan(v.contract_id);
END
$$;
COMMENT ON FUNCTION voiceagent.cancel_plan(boolean) IS
	E'Ends the tenant''s plan when the time that is paid is over -> its state; undo: goes on after all.\n'
	'A vendor is asked, and the state follows within seconds; some take no cancellation back (PT409). PT404.';

CREATE FUNCTION voiceagent.my_plan()
	RETURNS TABLE (contract_id bigint, plan text, state text, reason text, starts_at timestamptz, ends_at timestamptz,
		price numeric, currency text, credits numeric, next_plan text, features text[], limits jsonb, minutes numeric)
	LANGUAGE sql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
	SELECT c.contract_id, p.name, c.state, c.reason, d.starts_at, d.ends_at,
		round(d.amount / power(10::numeric, d.exponent), d.exponent), c.currency, p.credits, n.name, p.features,
		p.limits, p.minutes
	FROM voiceagent.plan_contracts c
	JOIN voiceagent.plans p ON p.plan_id = c.plan_id
	LEFT JOIN voiceagent.plans n ON n.plan_id = c.next_plan_id
	LEFT JOIN LATERAL (SELECT * FROM voiceagent.plan_periods o WHERE o.tenant_id = c.tenant_id
		AND o.contract_id = c.contract_id AND o.starts_at <= voiceagent.clock()
		ORDER BY o.starts_at DESC LIMIT 1) d ON true
	WHERE c.tenant_id = voiceagent.current_tenant() AND c.closed_at IS NULL
$$;
COMMENT ON FUNCTION voiceagent.my_plan() IS
	'The tenant''s plan, its state and period, and what it has; no row: there never was one, and every feature is '
	'there.';
