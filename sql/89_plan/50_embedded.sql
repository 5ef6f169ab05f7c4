-- 89_plan: periods that the embedded vendor charges.

CREATE FUNCTION voiceagent_private.period_end(anchor timestamptz, starts_at timestamptz, period interval)
	RETURNS timestamptz
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_zone text := voiceagent_private.tenant_zone();
	v_anchor timestamp := anchor AT TIME ZONE v_zone;
	v_n integer := 1;
BEGIN
	-- Counted from the anchor: the 31st is not lost in February, and the hour is the tenant's own.
	WHILE (v_anchor + v_n * period) AT TIME ZONE v_zone <= starts_at LOOP
		v_n := v_n + 1;
	END LOOP;
	RETURN (v_anchor + v_n * period) AT TIME ZONE v_zone;
END
$$;
COMMENT ON FUNCTION voiceagent_private.period_end(timestamptz, timestamptz, interval) IS
	'When a period of a contract whose first one began at anchor ends, in the current tenant''s time zone.';

CREATE FUNCTION voiceagent_private.next_period(contract voiceagent.plan_contracts, starts_at timestamptz) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_plan voiceagent.plans;
	v_price record;
	v_tax record;
	v_anchor timestamptz := (SELECT min(p.starts_at) FROM voiceagent.plan_periods p
		WHERE p.tenant_id = contract.tenant_id AND p.contract_id = contract.contract_id AND NOT p.trial);
BEGIN
	SELECT * INTO v_plan FROM voiceagent.plans p
	WHERE p.plan_id = coalesce(contract.next_plan_id, contract.plan_id);
	-- Each period has the tax of its own day.
	v_tax := voiceagent_private.tax_on(contract.vendor, voiceagent_private.plan_amount(v_plan.plan_id,
		contract.currency,
		contract.coupon_percent));
	UPDATE voiceagent.plan_contracts c SET tax_rate = v_tax.rate, tax_kind = v_tax.kind, buyer = v_tax.buyer
	WHERE c.tenant_id = contract.tenant_id AND c.contract_id = contract.contract_id RETURNING c.* INTO contract;
	v_price := voiceagent_private.plan_price(contract, v_plan.plan_id, contract.coupon_percent);
	PERFORM voiceagent_private.note_period(contract.contract_id, next_period.starts_at,
		voiceagent_private.period_end(coalesce(v_anchor, next_period.starts_at), next_period.starts_at, v_plan.period),
		v_plan.plan_id, v_price.total, coalesce((SELECT c.exponent FROM voiceagent.currencies c
			WHERE c.currency = contract.currency), 0), 'due', tax := v_price.tax);
	UPDATE voiceagent.plan_contracts c SET coupon_periods = c.coupon_periods - 1,
		coupon_percent = CASE WHEN c.coupon_periods = 1 THEN 0 ELSE c.coupon_percent END
	WHERE c.tenant_id = contract.tenant_id AND c.contract_id = contract.contract_id AND c.coupon_periods > 0;
	PERFORM voiceagent_private.charge_period(contract.contract_id, next_period.starts_at);
END
$$;
COMMENT ON FUNCTION voiceagent_private.next_period(voiceagent.plan_contracts, timestamptz) IS
	'Begins the next period of a contract of the current tenant, and has it paid.';

CREATE FUNCTION voiceagent_private.charge_period(contract_id bigint, starts_at timestamptz) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v voiceagent.plan_periods;
	v_declined text;
BEGIN
	SELECT * INTO v FROM voiceagent.plan_periods p
	WHERE p.tenant_id = v_tenant AND p.contract_id = charge_period.contract_id
		AND p.starts_at = charge_period.starts_at;
	v_declined := (SELECT CASE WHEN voiceagent_private.embedded_vendor_ended()
				THEN 'the embedded payment vendor is not used here any more'
			WHEN c.card = 'is_declined' OR c.card = 'is_declined_later' AND EXISTS (
				SELECT FROM voiceagent.plan_periods p WHERE p.tenant_id = c.tenant_id AND p.contract_id = c.contract_id
					AND p.state = 'paid' AND NOT p.trial) THEN 'the card was declined' END
		FROM voiceagent.plan_contracts c
		WHERE c.tenant_id = v_tenant AND c.contract_id = charge_period.contract_id);
	PERFORM voiceagent_private.note_period(v.contract_id, v.starts_at, v.ends_at, v.plan_id, v.amount, v.exponent,
		CASE WHEN v_declined IS NOT NULL AND v.amount > 0 THEN 'failed' ELSE 'paid' END, v_declined, tax := v.tax);
END
$$;
COMMENT ON FUNCTION voiceagent_private.charge_period(bigint, timestamptz) IS
	'Charges the embedded vendor''s card for a period of the current tenant; what is free is paid.';

CREATE FUNCTION voiceagent.set_plan_card(card text) RETURNS text
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.plan_buyer();
	v voiceagent.plan_contracts := voiceagent_private.open_contract();
BEGIN
	PERFORM voiceagent_private.fail_if(card IS NULL OR card NOT IN ('succeeds', 'is_declined', 'is_declined_later')
		OR v.vendor <> 'embedded', 'PT422', 'the embedded vendor has no such card', NULL,
		'Its cards are succeeds, is_declined and is_declined_later.');
	UPDATE voiceagent.plan_contracts c SET card = set_plan_card.card
	WHERE c.tenant_id = v_tenant AND c.contract_id = v.contract_id;
	PERFORM voiceagent_private.audit('set_plan_card', 'contract ' || v.contract_id);
	PERFORM voiceagent_private.renew_plan(v.contract_id);
	RETURN voiceagent_private.settle_plan(v.contract_id);
END
$$;
COMMENT ON FUNCTION voiceagent.set_plan_card(text) IS
	E'Gives another card of the embedded vendor, and pays what is late with it -> the state of the plan.\n'
	'PT404, PT422.';

CREATE FUNCTION voiceagent_private.renew_plan(contract_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v voiceagent.plan_contracts;
	v_last voiceagent.plan_periods;
BEGIN
	LOOP
		SELECT * INTO v FROM voiceagent.plan_contracts c
		WHERE c.tenant_id = voiceagent.current_tenant() AND c.contract_id = renew_plan.contract_id;
		SELECT * INTO v_last FROM voiceagent.plan_periods p
		WHERE p.tenant_id = v.tenant_id AND p.contract_id = v.contract_id ORDER BY p.starts_at DESC LIMIT 1;
		EXIT WHEN v.vendor <> 'embedded' OR v.closed_at IS NOT NULL OR v.canceled
			OR voiceagent_private.plan_state(v, v_now) = 'ended' AND v_last.state <> 'paid';
		IF v_last.state <> 'paid' THEN
			PERFORM voiceagent_private.charge_period(v.contract_id, v_last.starts_at);
			EXIT;
		END IF;
		EXIT WHEN v_last.ends_at > v_now;
		-- After a long sleep past time is not charged.
		PERFORM voiceagent_private.next_period(v, CASE WHEN v_last.trial OR v_last.ends_at > v_now - interval '1 day'
			THEN v_last.ends_at ELSE v_now END);
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.renew_plan(bigint) IS
	'At the embedded vendor: begins the next period of a contract of the current tenant when it is time, or tries a '
	'payment again that failed.';

CREATE FUNCTION voiceagent_private.look_at_plans(max integer) RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_contract bigint;
BEGIN
	FOR v_contract IN
		SELECT t.contract_id FROM voiceagent_private.plan_turns t
		WHERE t.tenant_id = v_tenant AND t.next_at <= voiceagent.clock()
		ORDER BY t.next_at LIMIT max FOR NO KEY UPDATE SKIP LOCKED
	LOOP
		UPDATE voiceagent_private.plan_turns t SET next_at = voiceagent.clock() + interval '1 minute'
		WHERE t.tenant_id = v_tenant AND t.contract_id = v_contract;
		-- A row that its tenant holds is looked at after that transaction.
		PERFORM FROM voiceagent.plan_contracts c
		WHERE c.tenant_id = v_tenant AND c.contract_id = v_contract FOR NO KEY UPDATE SKIP LOCKED;
		CONTINUE WHEN NOT FOUND;
		CONTINUE WHEN NOT voiceagent_private.try_lock_ledger();
		PERFORM voiceagent_private.renew_plan(v_contract);
		PERFORM voiceagent_private.settle_plan(v_contract);
	END LOOP;
	-- Due rows that were skipped are locked.
	RETURN CASE WHEN NOT FOUND THEN voiceagent.clock() + interval '1 second' END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.look_at_plans(integer) IS
	'A tenant job: renews and settles contracts of plans that are due.';
SELECT voiceagent_private.register_tenant_job('look_at_plans', 50, 'plan_turns', 'next_at');
