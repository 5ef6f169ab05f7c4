/*
 * 86_payment: what a vendor says of a payment, and what follows.
 *
 * A report is JSON: status (open, approved, pending, completed, declined,
 * expired, missing), amount, currency, payee, refunded, disputed (amounts in
 * the smallest unit of ISO 4217), vendor_ref, payment_ref, approve_url, method,
 * message, and what may be charged later: method_ref, customer_ref.  It tells how things stand, not what changed.
 */

CREATE FUNCTION voiceagent_private.plan_payment_look(payment voiceagent.payment_orders) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_next timestamptz;
	v_task text := 'look';
BEGIN
	IF payment.state = 'paid' AND payment.contract_id IS NOT NULL AND (payment.vendor = 'embedded'
		OR payment.payment_ref IS NULL) THEN
		-- An order that was paid without its own payment needs no look.
		v_next := NULL;
	ELSIF payment.state = 'paid' THEN
		v_next := v_now + interval '1 day';
		IF payment.vendor = 'embedded' AND EXISTS (SELECT FROM voiceagent_private.embedded_payments e
			WHERE e.tenant_id = payment.tenant_id AND e.order_id = payment.order_id AND e.dispute = 'coming') THEN
			v_next := v_now + interval '1 minute';
		ELSIF v_next > payment.paid_at + voiceagent_private.platform_setting('payment_watch')::interval THEN
			v_next := NULL;
		END IF;
	ELSIF payment.state = 'creating' THEN
		v_next := v_now;
		v_task := 'create';
	ELSIF payment.state = 'approved' THEN
		v_next := v_now;
		v_task := 'capture';
	ELSIF payment.state IN ('waiting', 'pending') THEN
		v_next := v_now + interval '1 minute';
	END IF;
	IF v_next IS NULL THEN
		DELETE FROM voiceagent_private.payment_looks l
		WHERE l.tenant_id = payment.tenant_id AND l.order_id = payment.order_id;
		RETURN;
	END IF;
	INSERT INTO voiceagent_private.payment_looks AS l (tenant_id, order_id, vendor, task, next_at)
	VALUES (payment.tenant_id, payment.order_id, payment.vendor, v_task, v_next)
	ON CONFLICT ON CONSTRAINT payment_looks_pkey DO UPDATE SET task = excluded.task, next_at = excluded.next_at,
		claimed = false, tries = 0, first_sent_at = NULL, refund = NULL;
	PERFORM voiceagent_private.ask_payment_soon(payment.vendor, v_next);
END
$$;
COMMENT ON FUNCTION voiceagent_private.plan_payment_look(voiceagent.payment_orders) IS
	'Notes when the vendor is asked next about an order of the current tenant that stands like this: each minute '
	'while it is open, each day for some months once it is paid.';

CREATE FUNCTION voiceagent_private.ask_payment_soon(vendor text, at timestamptz) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF vendor = 'embedded' THEN
		PERFORM voiceagent_private.request_job('look_at_payments', at);
	ELSE
		PERFORM voiceagent_private.poke('payments');
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.ask_payment_soon(text, timestamptz) IS
	'Wakes what asks this vendor at that time.';

CREATE FUNCTION voiceagent_private.give_back(payment voiceagent.payment_orders, credits numeric) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_name text := format('order %s', payment.order_id);
BEGIN
	IF credits > 0 AND payment.vendor = 'embedded' THEN
		PERFORM voiceagent_private.open_grant('refund_undone', 'refund', credits, v_name, NULL,
			order_id := payment.order_id, test := true);
	ELSE
		PERFORM voiceagent_private.post(ARRAY[voiceagent_private.transfer('refund_undone', 'funding', 'available',
			credits, reference => v_name)]);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.give_back(voiceagent.payment_orders, numeric) IS
	'Gives credits back that were taken for a payment of the current tenant, as test credits if unpaid.';

CREATE FUNCTION voiceagent_private.take_minutes_back(payment voiceagent.payment_orders, target numeric)
	RETURNS voiceagent.payment_orders
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_change numeric := target - payment.minutes_taken_back;
	v_name text := format('order %s', payment.order_id);
	v_left numeric := v_change;
	v_part numeric;
	v_debt numeric := 0;
	v_undone numeric;
	v voiceagent.credit_grants;
BEGIN
	IF v_change = 0 THEN
		RETURN payment;
	END IF;
	PERFORM voiceagent_private.lock_available();
	IF v_change < 0 THEN
		-- First what was owed, then minutes, which last as long as they would have.
		v_left := -least(-v_change, payment.minutes_missing);
		v_debt := coalesce(-round(payment.minutes_debt * -v_left / nullif(payment.minutes_missing, 0), 6), 0);
		v_undone := voiceagent_private.lower_debt(-v_debt, 'undone');
		PERFORM voiceagent_private.give_back(payment, -v_debt - v_undone);
		IF v_change < v_left THEN
			PERFORM voiceagent_private.open_grant('refund_undone', 'refund', v_left - v_change, v_name,
				(SELECT max(g.expires_at) FROM voiceagent.credit_grants g WHERE g.tenant_id = payment.tenant_id
					AND g.order_id = payment.order_id AND g.unit = 'minutes'), order_id := payment.order_id,
				unit := 'minutes', test := payment.vendor = 'embedded');
		END IF;
		PERFORM voiceagent_private.resume_after_purchase();
	ELSE
		FOR v IN SELECT * FROM voiceagent.credit_grants g WHERE g.tenant_id = payment.tenant_id
			AND g.order_id = payment.order_id AND g.unit = 'minutes' AND g.state = 'open' ORDER BY g.grant_id
		LOOP
			v_part := least(v.rest, v_left);
			v_left := v_left - v_part;
			UPDATE voiceagent.credit_grants g SET rest = g.rest - v_part, used = g.used + v_part,
				state = CASE WHEN g.held = 0 AND g.rest = v_part THEN 'used' ELSE 'open' END
			WHERE g.tenant_id = v.tenant_id AND g.grant_id = v.grant_id;
			PERFORM voiceagent_private.post(ARRAY[voiceagent_private.transfer('refund', 'minutes', 'minutes_funding',
				v_part, reference => v_name)]);
		END LOOP;
		PERFORM voiceagent_private.refresh_grants();
		v_debt := round(v_left * voiceagent_private.price_of('call', voiceagent.clock()), 6);
		IF v_debt > 0 THEN
			PERFORM voiceagent_private.owe_credits(v_debt);
			PERFORM voiceagent_private.request_job('stop_debtors', voiceagent.clock());
		END IF;
		PERFORM voiceagent_private.log_event('payment_taken_back', NULL, NULL, NULL,
			voiceagent_private.payment_facts(payment) || jsonb_build_object('minutes_taken_back', trim_scale(v_change),
				'owed', trim_scale(v_debt)));
		PERFORM voiceagent_private.stop_debtor();
	END IF;
	UPDATE voiceagent.payment_orders o SET minutes_taken_back = target, minutes_missing = o.minutes_missing + v_left,
		minutes_debt = o.minutes_debt + v_debt
	WHERE o.tenant_id = payment.tenant_id AND o.order_id = payment.order_id RETURNING o.* INTO payment;
	RETURN payment;
END
$$;
COMMENT ON FUNCTION voiceagent_private.take_minutes_back(voiceagent.payment_orders, numeric) IS
	E'Takes so many minutes of a paid order back in all, out of what its bundles have left; returns the order.\n'
	'Those that are used are owed in credits, at the price of now. Fewer than before gives them back. Repeated, it '
	'does nothing.';

-- Credits of a payment that is taken back go in proportion; the last part is the rest, so that no fraction stays.
CREATE FUNCTION voiceagent_private.take_back(payment voiceagent.payment_orders, refunded bigint, disputed bigint)
	RETURNS voiceagent.payment_orders
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_refunded bigint := least(greatest(refunded, payment.refunded), payment.amount);
	v_disputed bigint := least(greatest(coalesce(disputed, payment.disputed), 0), payment.amount);
	v_gone bigint := least(v_refunded + v_disputed, payment.amount);
	v_target numeric := CASE v_gone WHEN payment.amount THEN payment.credits
		ELSE round(payment.credits * v_gone / payment.amount, 6) END;
	v_change numeric := v_target - payment.taken_back;
	v_minutes numeric := CASE v_gone WHEN payment.amount THEN payment.minutes
		ELSE round(payment.minutes * v_gone / payment.amount, 6) END;
	v_available numeric;
	v_part numeric;
	v_name text := format('order %s', payment.order_id);
BEGIN
	IF payment.contract_id IS NOT NULL THEN
		-- Credits that expired with their period were not used.
		v_target := least(v_target, payment.credits - (SELECT coalesce(sum(g.lost), 0) FROM voiceagent.credit_grants g
			WHERE g.tenant_id = payment.tenant_id AND g.order_id = payment.order_id AND g.unit = 'credits'));
		v_change := v_target - payment.taken_back;
		v_minutes := least(v_minutes, payment.minutes - (SELECT coalesce(sum(g.lost), 0) FROM voiceagent.credit_grants g
			WHERE g.tenant_id = payment.tenant_id AND g.order_id = payment.order_id AND g.unit = 'minutes'));
	END IF;
	UPDATE voiceagent.payment_orders o SET refunded = v_refunded, disputed = v_disputed, taken_back = v_target
	WHERE o.tenant_id = payment.tenant_id AND o.order_id = payment.order_id RETURNING o.* INTO payment;
	payment := voiceagent_private.take_minutes_back(payment, v_minutes);
	IF v_change = 0 THEN
		RETURN payment;
	END IF;
	v_available := voiceagent_private.lock_available();
	IF v_change > 0 THEN
		v_part := least(v_change, v_available);
		PERFORM voiceagent_private.shrink_grant(payment.order_id, v_part);
		PERFORM voiceagent_private.post(ARRAY[
			voiceagent_private.transfer('refund', 'available', 'funding', v_part, reference => v_name)]);
		IF v_change > v_part THEN
			PERFORM voiceagent_private.owe_credits(v_change - v_part);
			PERFORM voiceagent_private.request_job('stop_debtors', voiceagent.clock());
		END IF;
		PERFORM voiceagent_private.log_event('payment_taken_back', NULL, NULL, NULL,
			voiceagent_private.payment_facts(payment) || jsonb_build_object('taken_back', trim_scale(v_change),
				'owed', trim_scale(v_change - v_part)));
		PERFORM voiceagent_private.stop_debtor();
	ELSE
		v_part := voiceagent_private.lower_debt(-v_change, 'undone');
		PERFORM voiceagent_private.give_back(payment, -v_change - v_part);
		PERFORM voiceagent_private.resume_after_purchase();
	END IF;
	RETURN payment;
END
$$;
COMMENT ON FUNCTION voiceagent_private.take_back(voiceagent.payment_orders, bigint, bigint) IS
	E'Takes the credits of a paid order back in proportion to what was refunded or is disputed, in the smallest unit: '
	'what is available, and the rest as a debt; or gives them back when a dispute was won.\n'
	'Returns the order. Repeated, it does nothing.';

CREATE FUNCTION voiceagent_private.payment_facts(payment voiceagent.payment_orders) RETURNS jsonb
	LANGUAGE sql STABLE
	RETURN jsonb_build_object('order_id', payment.order_id, 'pack', payment.pack_name, 'credits',
		trim_scale(payment.credits), 'price', voiceagent_private.money(payment.amount, payment.exponent),
		'currency', payment.currency, 'vendor', payment.vendor, 'state', payment.state, 'reason', payment.reason)
		|| CASE WHEN payment.minutes > 0 THEN jsonb_build_object('minutes', trim_scale(payment.minutes)) ELSE '{}' END;
COMMENT ON FUNCTION voiceagent_private.payment_facts(voiceagent.payment_orders) IS
	'The data of an order in events and outgoing webhooks.';

CREATE FUNCTION voiceagent_private.resume_after_purchase() RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.resume_suspended('out of credits');
	IF NOT voiceagent_private.debt_stops() THEN
		PERFORM voiceagent_private.resume_suspended('credits are owed');
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.resume_after_purchase() IS
	'Lets the campaigns of the current tenant go on that waited for credits.';

CREATE FUNCTION voiceagent_private.grant_purchase(payment voiceagent.payment_orders) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_name text := format('order %s', payment.order_id);
BEGIN
	IF payment.contract_id IS NOT NULL THEN
		-- 89_plan gives what belongs to the period.
		RETURN;
	END IF;
	-- The order's row is locked and was not paid; the key would refuse a second grant all the same.
	PERFORM voiceagent_private.lock_available();
	IF payment.valid_for IS NULL AND payment.vendor <> 'embedded' THEN
		PERFORM voiceagent_private.post(ARRAY[
			voiceagent_private.transfer('purchase', 'funding', 'available', payment.credits, reference => v_name,
				idempotency_key => 'payment order ' || payment.order_id)]);
	ELSIF payment.credits > 0 THEN
		PERFORM voiceagent_private.open_grant('purchase', 'purchase', payment.credits, v_name,
			voiceagent.clock() + payment.valid_for, order_id := payment.order_id,
			idempotency_key := 'payment order ' || payment.order_id, test := payment.vendor = 'embedded');
	END IF;
	IF payment.minutes > 0 THEN
		PERFORM voiceagent_private.open_grant('purchase', 'purchase', payment.minutes, v_name,
			voiceagent.clock() + payment.valid_for, order_id := payment.order_id,
			idempotency_key := 'minutes of payment order ' || payment.order_id, unit := 'minutes',
			test := payment.vendor = 'embedded');
	END IF;
	PERFORM voiceagent_private.post(ARRAY[voiceagent_private.transfer('debt_paid', 'available', 'funding',
		voiceagent_private.lower_debt(voiceagent_private.lock_available(), 'paid'), reference => v_name)]);
	PERFORM voiceagent_private.log_event('credits_bought', NULL, NULL, NULL, voiceagent_private.payment_facts(payment));
	PERFORM voiceagent_private.audit('credits_bought', v_name, NULL, voiceagent_private.payment_facts(payment));
	PERFORM voiceagent_private.resume_after_purchase();
END
$$;
COMMENT ON FUNCTION voiceagent_private.grant_purchase(voiceagent.payment_orders) IS
	'Gives the current tenant the credits of an order that has just become paid; a debt is paid first.';

CREATE FUNCTION voiceagent_private.apply_payment_report(order_id bigint, report jsonb) RETURNS text
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_was voiceagent.payment_orders;
	v voiceagent.payment_orders;
	v_status text := report ->> 'status';
	v_differs text;
	v_state text;
	v_method text;
BEGIN
	SELECT * INTO v_was FROM voiceagent.payment_orders o
	WHERE o.tenant_id = v_tenant AND o.order_id = apply_payment_report.order_id FOR NO KEY UPDATE;
	IF NOT FOUND THEN
		RETURN NULL;
	END IF;
	v_differs := CASE WHEN v_status IS DISTINCT FROM 'completed' THEN NULL
		WHEN (report ->> 'amount')::bigint IS DISTINCT FROM v_was.amount
			OR report ->> 'currency' IS DISTINCT FROM v_was.currency
			THEN format('the vendor names %s %s instead of %s %s', coalesce(
				voiceagent_private.money((report ->> 'amount')::bigint, v_was.exponent)::text, 'no amount'),
				left(coalesce(report ->> 'currency', 'of no currency'), 20),
				voiceagent_private.money(v_was.amount, v_was.exponent), v_was.currency)
		-- NULL: accept any payee.
		WHEN report ->> 'payee' IS DISTINCT FROM coalesce((SELECT a.payee
			FROM voiceagent_private.payment_accounts a WHERE a.vendor = v_was.vendor), report ->> 'payee')
			THEN 'the vendor names another payee' END;
	v_state := CASE
		WHEN v_was.state = 'paid' THEN 'paid'
		WHEN v_status = 'completed' THEN CASE WHEN v_differs IS NULL THEN 'paid' ELSE 'failed' END
		-- An ended order stays ended, unless money came after all.
		WHEN v_was.ended_at IS NOT NULL THEN v_was.state
		WHEN v_status = 'declined' THEN 'failed'
		WHEN v_status IN ('expired', 'missing') THEN 'expired'
		WHEN v_status IN ('pending', 'approved') THEN v_status
		WHEN voiceagent.clock() > v_was.expires_at THEN 'expired'
		ELSE 'waiting' END;
	UPDATE voiceagent.payment_orders o
	SET state = v_state,
		reason = CASE WHEN v_state IN ('failed', 'expired', 'canceled') AND v_was.ended_at IS NOT NULL
				AND v_was.state = v_state THEN o.reason
			WHEN v_differs IS NOT NULL THEN v_differs
			WHEN v_state = 'expired' THEN 'nobody paid in time'
			WHEN v_state = 'failed' THEN coalesce(left(report ->> 'message', 500), 'the vendor refused the payment')
			WHEN v_state = 'pending' THEN coalesce(left(report ->> 'message', 500), 'the vendor waits for the money')
			WHEN v_state = 'waiting' THEN o.reason END,
		approve_url = CASE WHEN v_state = 'waiting' THEN coalesce(report ->> 'approve_url', o.approve_url) END,
		vendor_ref = coalesce(o.vendor_ref, report ->> 'vendor_ref'),
		payment_ref = coalesce(report ->> 'payment_ref', o.payment_ref),
		method = coalesce(left(report ->> 'method', 200), o.method),
		paid_at = CASE v_state WHEN 'paid' THEN coalesce(o.paid_at, v_now) END,
		ended_at = CASE WHEN v_state IN ('paid', 'failed', 'expired', 'canceled') THEN coalesce(
			CASE WHEN o.state = v_state THEN o.ended_at END, v_now) END
	WHERE o.tenant_id = v_tenant AND o.order_id = apply_payment_report.order_id RETURNING o.* INTO v;
	IF v.state = 'paid' AND v_was.state <> 'paid' THEN
		PERFORM voiceagent_private.grant_purchase(v);
		PERFORM voiceagent_private.business_proved('it has paid') WHERE v.vendor <> 'embedded';
		v_method := report ->> 'method_ref';
		IF v.keeps_method AND v_method ~ '^[A-Za-z0-9_-]{1,255}$' AND NOT EXISTS (
			SELECT FROM voiceagent.payment_methods m WHERE m.tenant_id = v.tenant_id AND m.vendor = v.vendor
				AND m.vendor_ref = v_method AND m.removed_at IS NULL) THEN
			INSERT INTO voiceagent.payment_methods (tenant_id, vendor, shown, vendor_ref, customer_ref, added_by,
				created_at)
			VALUES (v.tenant_id, v.vendor, coalesce(v.method, v.vendor), v_method,
				left(report ->> 'customer_ref', 255), v.ordered_by, voiceagent.clock());
		END IF;
	ELSIF v.method_id IS NOT NULL AND v.ended_at IS NOT NULL AND v_was.ended_at IS NULL THEN
		PERFORM voiceagent_private.end_top_up(format('order %s: %s', v.order_id, v.reason));
	END IF;
	IF v.state = 'failed' AND v_was.state <> 'failed' THEN
		PERFORM voiceagent_private.log_event('payment_failed', NULL, NULL, NULL, voiceagent_private.payment_facts(v));
	END IF;
	IF report ? 'unknown' THEN
		-- Each look finds it again.
		PERFORM voiceagent_private.audit_platform('dispute_unknown', o.object, NULL, o.value)
		FROM (SELECT format('tenant %s, order %s', v.tenant_id, v.order_id) AS object,
			jsonb_build_object('vendor', v.vendor, 'word', left(report ->> 'unknown', 60)) AS value) o
		WHERE NOT EXISTS (SELECT FROM voiceagent_private.platform_audit_log a
			WHERE a.action = 'dispute_unknown' AND a.object = o.object AND a.new_value = o.value);
	END IF;
	IF v.state = 'paid' THEN
		v := voiceagent_private.take_back(v, (report ->> 'refunded')::bigint, (report ->> 'disputed')::bigint);
	END IF;
	PERFORM voiceagent_private.plan_payment_look(v);
	RETURN v.state;
END
$$;
COMMENT ON FUNCTION voiceagent_private.apply_payment_report(bigint, jsonb) IS
	E'Applies the vendor''s report of an order of the current tenant -> the order''s state; NULL: no such order.\n'
	'Completed grants the credits, once, if amount, currency and payee are the order''s; refunds and disputes take '
	'them back.';
