-- 89_plan: from facts to the state, and what follows from it.

CREATE FUNCTION voiceagent_private.plan_state(contract voiceagent.plan_contracts, at timestamptz) RETURNS text
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now voiceagent.plan_periods;
	v_begun boolean := EXISTS (SELECT FROM voiceagent.plan_periods p WHERE p.tenant_id = contract.tenant_id
		AND p.contract_id = contract.contract_id AND p.state = 'paid');
	v_paid boolean;
	v_late_since timestamptz;
BEGIN
	SELECT * INTO v_now FROM voiceagent.plan_periods p
	WHERE p.tenant_id = contract.tenant_id AND p.contract_id = contract.contract_id AND p.starts_at <= at
	ORDER BY p.starts_at DESC LIMIT 1;
	v_paid := coalesce(v_now.state = 'paid' AND at < v_now.ends_at, false);
	v_late_since := CASE v_now.state WHEN 'paid' THEN v_now.ends_at ELSE v_now.starts_at END;
	RETURN (SELECT r.state FROM voiceagent_private.plan_state_rules r
		CROSS JOIN (SELECT coalesce(bool_or(at < v_late_since + p.grace), false) AS grace FROM voiceagent.plans p
			WHERE p.plan_id = contract.plan_id) g
		WHERE coalesce(r.closed = coalesce(contract.closed_at <= at, false), true)
			AND coalesce(r.canceled = contract.canceled, true) AND coalesce(r.begun = v_begun, true)
			AND coalesce(r.paid = v_paid, true) AND coalesce(r.trial = coalesce(v_now.trial, false), true)
			AND coalesce(r.grace = g.grace, true)
		ORDER BY r.place LIMIT 1);
END
$$;
COMMENT ON FUNCTION voiceagent_private.plan_state(voiceagent.plan_contracts, timestamptz) IS
	'The state of a contract of the current tenant at that time, by its facts and plan_state_rules.';

CREATE FUNCTION voiceagent_private.plan_facts(contract voiceagent.plan_contracts) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN (SELECT jsonb_build_object('contract_id', contract.contract_id, 'plan', p.name, 'state', contract.state,
		'reason', contract.reason, 'vendor', contract.vendor, 'next_plan', n.name)
		FROM voiceagent.plans p LEFT JOIN voiceagent.plans n ON n.plan_id = contract.next_plan_id
		WHERE p.plan_id = contract.plan_id);
END
$$;
COMMENT ON FUNCTION voiceagent_private.plan_facts(voiceagent.plan_contracts) IS
	'The data of a contract in events and outgoing webhooks.';

CREATE FUNCTION voiceagent_private.free_credits_given(period voiceagent.plan_periods) RETURNS boolean
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN period.amount = 0 AND EXISTS (SELECT FROM voiceagent.plan_periods p
		WHERE p.tenant_id = period.tenant_id AND p.amount = 0 AND p.trial = period.trial
			AND (p.trial OR p.grant_id IS NOT NULL)
			AND (p.contract_id, p.starts_at) <> (period.contract_id, period.starts_at)
			AND (p.trial OR p.starts_at <= period.starts_at AND p.ends_at > period.starts_at));
END
$$;
COMMENT ON FUNCTION voiceagent_private.free_credits_given(voiceagent.plan_periods) IS
	'Whether a period of the current tenant that costs nothing began while another such period, which has given its '
	'credits, lasted; or is a trial, and not the first one.';

CREATE FUNCTION voiceagent_private.allocate(period voiceagent.plan_periods, credits numeric, minutes numeric,
	reason text, key text, rollover numeric DEFAULT 0, minutes_rollover numeric DEFAULT 0,
	rollover_for interval DEFAULT NULL, order_id bigint DEFAULT NULL) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_grant bigint;
	v_bundle bigint;
	-- Free use that costs something there.
	v_test boolean := (SELECT c.vendor = 'embedded' AND c.currency IS NOT NULL FROM voiceagent.plan_contracts c
		WHERE c.tenant_id = period.tenant_id AND c.contract_id = period.contract_id);
BEGIN
	IF credits > 0 THEN
		v_grant := voiceagent_private.open_grant('allocation', 'allocation', credits, reason, period.ends_at, 40,
			rollover, rollover_for, order_id, key, test := v_test);
	END IF;
	IF minutes > 0 THEN
		v_bundle := voiceagent_private.open_grant('allocation', 'allocation', minutes, reason, period.ends_at, 40,
			minutes_rollover, rollover_for, order_id, key || ' minutes', 'minutes', v_test);
	END IF;
	IF v_grant IS NOT NULL OR v_bundle IS NOT NULL THEN
		UPDATE voiceagent.plan_periods p SET grant_id = coalesce(p.grant_id, v_grant, v_bundle),
			granted = p.granted + greatest(credits, 0), minutes_granted = p.minutes_granted + greatest(minutes, 0)
		WHERE p.tenant_id = period.tenant_id AND p.contract_id = period.contract_id AND p.starts_at = period.starts_at;
		PERFORM voiceagent_private.resume_suspended('out of credits');
	END IF;
	RETURN coalesce(v_grant, v_bundle);
END
$$;
COMMENT ON FUNCTION voiceagent_private.allocate(voiceagent.plan_periods, numeric, numeric, text, text, numeric, numeric,
	interval, bigint) IS
	E'Gives the current tenant credits and minutes of a period, within what it is entitled to -> the grant of the '
	'credits, else that of the minutes; NULL: there was nothing to give.\n'
	'key: of the one grant, and with " minutes" of the other.';

CREATE FUNCTION voiceagent_private.allocate_period(INOUT period voiceagent.plan_periods)
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_plan voiceagent.plans;
BEGIN
	SELECT * INTO v_plan FROM voiceagent.plans p WHERE p.plan_id = period.plan_id;
	-- An ended contract gives nothing more, however late its payment is reported.
	IF v_plan.credits + v_plan.minutes > 0 AND voiceagent_private.free_credits_given(period) THEN
		UPDATE voiceagent.plan_periods p SET reason = format('no credits: another %s gave them',
			CASE WHEN period.trial THEN 'trial' ELSE 'free period' END)
		WHERE p.tenant_id = period.tenant_id AND p.contract_id = period.contract_id AND p.starts_at = period.starts_at;
	ELSIF v_plan.credits + v_plan.minutes > 0 AND period.ends_at > voiceagent.clock() THEN
		period.grant_id := voiceagent_private.allocate(period, v_plan.credits, v_plan.minutes, format('%s, %s to %s',
			v_plan.name, (period.starts_at AT TIME ZONE voiceagent_private.tenant_zone())::date,
			(period.ends_at AT TIME ZONE voiceagent_private.tenant_zone())::date),
			format('plan %s %s', period.contract_id, period.starts_at AT TIME ZONE 'UTC'), v_plan.rollover,
			v_plan.minutes_rollover, v_plan.period);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.allocate_period(voiceagent.plan_periods) IS
	'Gives the current tenant the credits of a period that has just become paid, and returns it with its grant; a free '
	'one none that was chosen while another, which gave them, lasts.';

CREATE FUNCTION voiceagent_private.note_plan_payment(period voiceagent.plan_periods, amount bigint, tax bigint,
	vendor_ref text, payment_ref text, grant_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_zone text := voiceagent_private.tenant_zone();
	v_now timestamptz := voiceagent.clock();
	v_own text := format('embedded-plan-%s-%s-%s', period.contract_id, extract(epoch FROM period.starts_at)::bigint,
		period.plan_id);
	v_order bigint;
	v_grants bigint[];
BEGIN
	IF amount <= 0 THEN
		RETURN;
	END IF;
	v_grants := ARRAY(SELECT o.grant_id FROM voiceagent.credit_grants g
		JOIN voiceagent.credit_grants o ON o.tenant_id = g.tenant_id
			AND o.idempotency_key IN (g.idempotency_key, g.idempotency_key || ' minutes')
		WHERE g.tenant_id = period.tenant_id AND g.grant_id = note_plan_payment.grant_id);
	INSERT INTO voiceagent.payment_orders (tenant_id, vendor, contract_id, period_at, pack_name, credits, minutes,
		currency, amount, exponent, tax, tax_rate, tax_kind, buyer, state, vendor_ref, payment_ref, ordered_by,
		created_at, expires_at)
	SELECT c.tenant_id, c.vendor, c.contract_id, period.starts_at, format('%s, %s to %s', p.name,
			(period.starts_at AT TIME ZONE v_zone)::date, (period.ends_at AT TIME ZONE v_zone)::date),
		g.credits, g.minutes, c.currency, note_plan_payment.amount, period.exponent, note_plan_payment.tax,
		CASE WHEN c.attached THEN round(note_plan_payment.tax * 100.0 / nullif(note_plan_payment.amount
			- note_plan_payment.tax, 0), 3) ELSE c.tax_rate END,
		CASE WHEN c.attached AND note_plan_payment.tax > 0 THEN 'tax' ELSE c.tax_kind END, c.buyer, 'creating',
		CASE c.vendor WHEN 'embedded' THEN v_own ELSE note_plan_payment.vendor_ref END,
		CASE c.vendor WHEN 'embedded' THEN v_own ELSE note_plan_payment.payment_ref END,
		'the plan''s contract ' || c.contract_id, v_now, v_now
	FROM voiceagent.plan_contracts c
	JOIN voiceagent.plans p ON p.plan_id = period.plan_id
	CROSS JOIN LATERAL (SELECT coalesce(sum(o.credits) FILTER (WHERE o.unit = 'credits'), 0) AS credits,
			coalesce(sum(o.credits) FILTER (WHERE o.unit = 'minutes'), 0) AS minutes
		FROM voiceagent.credit_grants o WHERE o.tenant_id = c.tenant_id AND o.grant_id = ANY (v_grants)) g
	WHERE c.tenant_id = period.tenant_id AND c.contract_id = period.contract_id
	ON CONFLICT DO NOTHING RETURNING order_id INTO v_order;
	IF NOT FOUND THEN
		RETURN;
	END IF;
	UPDATE voiceagent.credit_grants g SET order_id = v_order
	WHERE g.tenant_id = period.tenant_id AND g.grant_id = ANY (v_grants);
	INSERT INTO voiceagent_private.embedded_payments (tenant_id, order_id, status)
	SELECT o.tenant_id, o.order_id, 'completed' FROM voiceagent.payment_orders o
	WHERE o.tenant_id = period.tenant_id AND o.order_id = v_order AND o.vendor = 'embedded';
	-- By this change its invoice becomes due.
	UPDATE voiceagent.payment_orders o SET state = 'paid', paid_at = v_now, ended_at = v_now
	WHERE o.tenant_id = period.tenant_id AND o.order_id = v_order;
	PERFORM voiceagent_private.plan_payment_look(o) FROM voiceagent.payment_orders o
	WHERE o.tenant_id = period.tenant_id AND o.order_id = v_order;
END
$$;
COMMENT ON FUNCTION voiceagent_private.note_plan_payment(voiceagent.plan_periods, bigint, bigint, text, text, bigint) IS
	E'Money that was paid for a period of the current tenant, or for its upgrade, becomes a paid order, which has an '
	'invoice and can be refunded.\n'
	'vendor_ref, payment_ref: its numbers there; grant_id: what it gave. The same again does nothing; nor does 0.';

CREATE FUNCTION voiceagent_private.note_period(contract_id bigint, starts_at timestamptz, ends_at timestamptz,
	plan_id bigint, amount bigint, exponent integer, fact text, reason text DEFAULT NULL, trial boolean DEFAULT false,
	tax bigint DEFAULT 0, vendor_ref text DEFAULT NULL, payment_ref text DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v voiceagent.plan_periods;
BEGIN
	INSERT INTO voiceagent.plan_periods AS p (tenant_id, contract_id, starts_at, ends_at, plan_id, trial, amount,
		tax, exponent)
	VALUES (v_tenant, note_period.contract_id, note_period.starts_at, note_period.ends_at, note_period.plan_id,
		note_period.trial, note_period.amount, note_period.tax, note_period.exponent)
	ON CONFLICT ON CONSTRAINT plan_periods_pkey DO NOTHING;
	UPDATE voiceagent.plan_periods p SET state = fact, tries = p.tries + 1,
		reason = CASE fact WHEN 'failed' THEN left(note_period.reason, 500) END, plan_id = note_period.plan_id,
		amount = note_period.amount, tax = note_period.tax, exponent = note_period.exponent,
		entitled = CASE fact WHEN 'paid' THEN n.credits ELSE 0 END,
		minutes_entitled = CASE fact WHEN 'paid' THEN n.minutes ELSE 0 END
	FROM voiceagent.plans n
	WHERE p.tenant_id = v_tenant AND p.contract_id = note_period.contract_id AND p.starts_at = note_period.starts_at
		AND fact <> 'due' AND p.state <> 'paid' AND n.plan_id = note_period.plan_id
	RETURNING p.* INTO v;
	IF NOT FOUND THEN
		RETURN;
	ELSIF v.state = 'paid' THEN
		v := voiceagent_private.allocate_period(v);
		PERFORM voiceagent_private.note_plan_payment(v, v.amount, v.tax, vendor_ref, payment_ref, v.grant_id);
	ELSIF v.tries = 1 THEN
		PERFORM voiceagent_private.log_event('payment_failed', NULL, NULL, NULL, jsonb_build_object('contract_id',
			v.contract_id, 'price', voiceagent_private.money(v.amount, v.exponent), 'reason', v.reason));
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.note_period(bigint, timestamptz, timestamptz, bigint, bigint, integer, text,
	text, boolean, bigint, text, text) IS
	E'A fact about a period of a contract of the current tenant, whose row the caller has locked.\n'
	'fact: due, failed or paid; a period that is paid stays so. The first payment gives its credits. vendor_ref, '
	'payment_ref: its numbers at the vendor.';

CREATE FUNCTION voiceagent_private.settle_plan(contract_id bigint) RETURNS text
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_was voiceagent.plan_contracts;
	v voiceagent.plan_contracts;
	v_last voiceagent.plan_periods;
	v_next timestamptz;
BEGIN
	SELECT * INTO v_was FROM voiceagent.plan_contracts c
	WHERE c.tenant_id = v_tenant AND c.contract_id = settle_plan.contract_id FOR NO KEY UPDATE;
	SELECT * INTO v_last FROM voiceagent.plan_periods p
	WHERE p.tenant_id = v_tenant AND p.contract_id = settle_plan.contract_id AND p.starts_at <= v_now
	ORDER BY p.starts_at DESC LIMIT 1;
	UPDATE voiceagent.plan_contracts c
	SET state = voiceagent_private.plan_state(v_was, v_now), plan_id = coalesce(v_last.plan_id, c.plan_id),
		next_plan_id = CASE WHEN c.next_plan_id <> v_last.plan_id THEN c.next_plan_id END,
		reason = CASE WHEN c.closed_at IS NOT NULL OR c.changing_to IS NOT NULL THEN c.reason ELSE v_last.reason END
	WHERE c.tenant_id = v_tenant AND c.contract_id = settle_plan.contract_id RETURNING c.* INTO v;
	IF v.state <> v_was.state OR v.plan_id <> v_was.plan_id
		OR v.next_plan_id IS DISTINCT FROM v_was.next_plan_id THEN
		PERFORM voiceagent_private.log_event('plan_changed', NULL, NULL, NULL, voiceagent_private.plan_facts(v));
		-- Has the job end_excess look at the current tenant, whose plan has changed.
		INSERT INTO voiceagent_private.plan_excesses AS e (tenant_id, next_at)
		VALUES (voiceagent.current_tenant(), voiceagent.clock())
		ON CONFLICT ON CONSTRAINT plan_excesses_pkey DO UPDATE SET next_at = excluded.next_at;
		PERFORM voiceagent_private.request_job('end_excess', voiceagent.clock());
	END IF;
	-- A period ends, a grace is over, a card is tried again; of a vendor's contract the end of a grace alone is ours.
	SELECT min(t) INTO v_next
	FROM voiceagent.plans p, unnest(ARRAY[v_last.ends_at, v_last.starts_at + p.grace, v_last.ends_at + p.grace,
		CASE WHEN v.vendor = 'embedded' AND v_last.state <> 'paid' THEN v_now + interval '1 day' END]) t
	WHERE p.plan_id = v.plan_id AND t > v_now AND v.state <> 'ended';
	IF v.coupon_back IS NOT NULL THEN
		-- It belongs to no tenant, so none waits until another's transaction is over.
		PERFORM FROM voiceagent_private.plan_coupons k WHERE k.code = v.coupon_back FOR NO KEY UPDATE SKIP LOCKED;
		IF NOT FOUND AND EXISTS (SELECT FROM voiceagent_private.plan_coupons k WHERE k.code = v.coupon_back) THEN
			v_next := least(v_next, v_now + interval '10 seconds');
		ELSE
			UPDATE voiceagent_private.plan_coupons k SET uses_left = k.uses_left + 1 WHERE k.code = v.coupon_back;
			UPDATE voiceagent.plan_contracts c SET coupon_back = NULL
			WHERE c.tenant_id = v_tenant AND c.contract_id = v.contract_id;
		END IF;
	END IF;
	IF v_next IS NULL THEN
		DELETE FROM voiceagent_private.plan_turns t
		WHERE t.tenant_id = v_tenant AND t.contract_id = settle_plan.contract_id;
	ELSE
		INSERT INTO voiceagent_private.plan_turns AS t (tenant_id, contract_id, next_at)
		VALUES (v_tenant, settle_plan.contract_id, v_next)
		ON CONFLICT ON CONSTRAINT plan_turns_pkey DO UPDATE SET next_at = excluded.next_at;
		PERFORM voiceagent_private.request_job('look_at_plans', v_next);
	END IF;
	RETURN v.state;
END
$$;
COMMENT ON FUNCTION voiceagent_private.settle_plan(bigint) IS
	'Writes the state that a contract of the current tenant has by its facts now, tells of a change, and notes when it '
	'is to be looked at again -> the state.';
