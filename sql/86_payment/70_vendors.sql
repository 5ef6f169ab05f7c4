/*
 * 86_payment: asking payment vendors, by the task payments
 * (bgworkers/outbound/payments.c).  A round: ready_payments(), then for each
 * tenant claim_payments() (commit, send), later record_payment().  A request
 * whose answer is lost is sent again with its idempotency key; once the vendor
 * may have forgotten that, the order is only looked at.
 */

CREATE FUNCTION voiceagent_private.payment_reference(tenant_id bigint, order_id bigint) RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN format('va-%s-%s-%s', left(md5(voiceagent_private.home()), 8), tenant_id, order_id);
COMMENT ON FUNCTION voiceagent_private.payment_reference(bigint, bigint) IS
	'By what a vendor knows an order of ours; no other database has the same.';

CREATE FUNCTION voiceagent_private.recover_payments() RETURNS integer
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_lost integer;
BEGIN
	UPDATE voiceagent_private.payment_certificates c SET next_at = voiceagent.clock() WHERE c.pem IS NULL;
	UPDATE voiceagent_private.payment_requests q SET claimed = false, next_at = voiceagent.clock() WHERE q.claimed;
	UPDATE voiceagent_private.payment_looks l SET claimed = false, next_at = voiceagent.clock() WHERE l.claimed;
	GET DIAGNOSTICS v_lost = ROW_COUNT;
	RETURN v_lost;
END
$$;
COMMENT ON FUNCTION voiceagent_private.recover_payments() IS
	'For the task''s start: requests that were on their way when its predecessor ended are sent again with their keys; '
	'returns how many.';

CREATE FUNCTION voiceagent_private.ready_payments(after_tenant bigint, max_tenants integer, OUT tenants bigint[],
	OUT next_at timestamptz)
	LANGUAGE plpgsql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	SELECT coalesce(array_agg(x.tenant_id), '{}') INTO tenants
	FROM (SELECT DISTINCT o.tenant_id FROM ((SELECT l.tenant_id FROM voiceagent_private.payment_looks l
			WHERE l.next_at <= voiceagent.clock() AND l.vendor <> 'embedded')
			UNION ALL (SELECT q.tenant_id FROM voiceagent_private.payment_requests q
			WHERE q.next_at <= voiceagent.clock())
			UNION ALL SELECT c.tenant_id FROM voiceagent_private.payment_certificates c
			WHERE c.next_at <= voiceagent.clock()) o
		WHERE o.tenant_id > after_tenant ORDER BY o.tenant_id LIMIT max_tenants) x;
	next_at := least('infinity', (SELECT min(l.next_at) FROM voiceagent_private.payment_looks l
			WHERE l.next_at > voiceagent.clock() AND l.vendor <> 'embedded'),
		(SELECT min(q.next_at) FROM voiceagent_private.payment_requests q WHERE q.next_at > voiceagent.clock()),
		(SELECT min(c.next_at) FROM voiceagent_private.payment_certificates c WHERE c.next_at > voiceagent.clock()));
END
$$;
COMMENT ON FUNCTION voiceagent_private.ready_payments(bigint, integer) IS
	'Tenants behind after_tenant with what a vendor is to be asked now, at most max_tenants, and when '
	'the next ones will be (infinity: none).';

CREATE FUNCTION voiceagent_private.claim_payments(max_requests integer) RETURNS TABLE (request_id bigint,
	of_plan boolean, vendor text, client_id text, base_url text, private_host boolean, task text, body text,
	idempotency_key text)
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_hosts text := voiceagent_private.platform_setting('allowed_private_hosts');
	v_orders integer;
	-- Longer than a request can take.
	c_lease CONSTANT interval := interval '5 minutes';
BEGIN
	RETURN QUERY
	WITH due AS (
		-- Without an account no request is sent; the row waits for set_payment_account().
		SELECT l.order_id, voiceagent_private.has_payment_account(l.vendor) AS sends
		FROM voiceagent_private.payment_looks l
		WHERE l.tenant_id = v_tenant AND l.next_at <= v_now AND l.vendor <> 'embedded'
		ORDER BY l.order_id LIMIT max_requests FOR NO KEY UPDATE SKIP LOCKED
	), sent AS (
		UPDATE voiceagent_private.payment_looks l SET claimed = d.sends, tries = l.tries + d.sends::integer,
			next_at = v_now + CASE WHEN d.sends THEN c_lease ELSE interval '10 minutes' END,
			first_sent_at = CASE WHEN d.sends THEN coalesce(l.first_sent_at, v_now) ELSE l.first_sent_at END
		FROM due d WHERE l.tenant_id = v_tenant AND l.order_id = d.order_id RETURNING l.*
	)
	SELECT o.order_id, false, o.vendor, a.client_id, a.base_url,
		coalesce(voiceagent_private.is_allowed_host(a.base_url, v_hosts), false),
		-- Without its number there is nothing to look at.
		CASE WHEN o.vendor_ref IS NULL AND o.method_id IS NULL THEN 'create' ELSE s.task END,
		jsonb_build_object(
			'reference', r.reference,
			'name', o.pack_name,
			'currency', o.currency,
			'amount', u.units,
			'decimals', u.decimals,
			'expires_at', extract(epoch FROM o.expires_at)::bigint,
			'return_url', o.return_url,
			'vendor_ref', o.vendor_ref,
			'payment_ref', o.payment_ref,
			'method_ref', m.vendor_ref,
			'customer_ref', m.customer_ref,
			'keeps', o.keeps_method,
			'of_plan', o.contract_id IS NOT NULL AND o.upgrade_to IS NULL)::text,
		concat_ws('-', r.reference, s.task, CASE s.task WHEN 'refund' THEN o.refunded END)
	FROM sent s
	JOIN voiceagent.payment_orders o ON o.tenant_id = v_tenant AND o.order_id = s.order_id
	JOIN voiceagent_private.payment_accounts a ON a.vendor = o.vendor
	LEFT JOIN voiceagent.payment_methods m ON m.tenant_id = v_tenant AND m.method_id = o.method_id
	CROSS JOIN LATERAL voiceagent_private.payment_reference(v_tenant, o.order_id) AS r(reference)
	CROSS JOIN LATERAL voiceagent_private.vendor_amount(o.vendor, o.currency, coalesce(s.refund, o.amount),
		o.exponent) u
	WHERE s.claimed ORDER BY o.order_id;
	GET DIAGNOSTICS v_orders = ROW_COUNT;
	RETURN QUERY
	WITH due AS (
		SELECT q.request_id, voiceagent_private.has_payment_account(q.vendor) AS sends
		FROM voiceagent_private.payment_requests q
		WHERE q.tenant_id = v_tenant AND q.next_at <= v_now
		ORDER BY q.request_id LIMIT max_requests - v_orders FOR NO KEY UPDATE SKIP LOCKED
	), sent AS (
		UPDATE voiceagent_private.payment_requests q SET claimed = d.sends, tries = q.tries + d.sends::integer,
			next_at = v_now + CASE WHEN d.sends THEN c_lease ELSE interval '10 minutes' END,
			first_sent_at = CASE WHEN d.sends THEN coalesce(q.first_sent_at, v_now) ELSE q.first_sent_at END
		FROM due d WHERE q.tenant_id = v_tenant AND q.request_id = d.request_id RETURNING q.*
	)
	SELECT s.request_id, true, s.vendor, a.client_id, a.base_url,
		coalesce(voiceagent_private.is_allowed_host(a.base_url, v_hosts), false), 'plan_' || s.task, s.body::text,
		format('%s-ask-%s', voiceagent_private.payment_reference(v_tenant, s.request_id), s.task)
	FROM sent s JOIN voiceagent_private.payment_accounts a ON a.vendor = s.vendor
	WHERE s.claimed ORDER BY s.request_id;
END
$$;
COMMENT ON FUNCTION voiceagent_private.claim_payments(integer) IS
	E'Requests to payment vendors of the current tenant that are due, leased from now: the task, the account, and the '
	'order as a driver takes it, with amounts as the vendor counts them.\n'
	'of_plan: of payment_requests; record_payment_request() takes its answer, else record_payment().';

CREATE FUNCTION voiceagent_private.ask_payment_again(payment voiceagent.payment_orders,
	look voiceagent_private.payment_looks, message text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	-- Vendors keep an idempotency key for at least six hours.
	v_forgotten boolean := look.first_sent_at < v_now - interval '5 hours' AND (look.task IN ('capture', 'refund')
		OR payment.method_id IS NOT NULL);
BEGIN
	IF look.task = 'create' AND (CASE WHEN payment.method_id IS NULL THEN v_now > payment.expires_at
		ELSE v_forgotten AND NOT (voiceagent_private.payment_vendor(payment.vendor)).finds_charges END) THEN
		-- A page that was never shown was never approved. The result of a charge without the buyer stays unknown,
		-- since this vendor has no list to look it up in.
		IF payment.method_id IS NOT NULL THEN
			PERFORM voiceagent_private.audit_platform('charge_unknown', format('tenant %s, order %s', payment.tenant_id,
				payment.order_id), NULL, jsonb_build_object('price', voiceagent_private.money(payment.amount,
					payment.exponent), 'reason', message));
		END IF;
		PERFORM voiceagent_private.apply_payment_report(payment.order_id, jsonb_build_object('status', 'declined',
			'message', 'the vendor could not be asked: ' || coalesce(message, 'no answer')));
		RETURN;
	ELSIF v_forgotten AND look.task = 'refund' THEN
		PERFORM voiceagent_private.audit_platform('refund_unknown', format('tenant %s, order %s', payment.tenant_id,
			payment.order_id), NULL, jsonb_build_object('price', voiceagent_private.money(look.refund,
				payment.exponent), 'reason', message));
	END IF;
	UPDATE voiceagent_private.payment_looks l
	SET claimed = false, task = CASE WHEN v_forgotten THEN 'look' ELSE l.task END,
		refund = CASE WHEN NOT v_forgotten THEN l.refund END,
		next_at = v_now + least(interval '2 seconds' * power(2, least(l.tries, 20)), interval '10 minutes')
	WHERE l.tenant_id = payment.tenant_id AND l.order_id = payment.order_id;
END
$$;
COMMENT ON FUNCTION voiceagent_private.ask_payment_again(voiceagent.payment_orders, voiceagent_private.payment_looks,
	text) IS
	'After an answer that says nothing, or to come again: the same request later, with its key; one whose key the '
	'vendor may have forgotten is not sent again, the order is looked at.';

CREATE FUNCTION voiceagent_private.record_payment(order_id bigint, kind text, report jsonb, message text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v voiceagent.payment_orders := voiceagent_private.lock_order(order_id);
	v_look voiceagent_private.payment_looks;
BEGIN
	SELECT * INTO v_look FROM voiceagent_private.payment_looks l
	WHERE l.tenant_id = v.tenant_id AND l.order_id = v.order_id FOR NO KEY UPDATE;
	IF NOT FOUND THEN
		RETURN;
	ELSIF v_look.task <> 'create' AND v.vendor_ref IS NULL AND v.method_id IS NULL THEN
		v_look.task := 'create';
	END IF;
	IF kind = 'bad_account' THEN
		UPDATE voiceagent_private.payment_accounts a SET trouble = left(record_payment.message, 500)
		WHERE a.vendor = v.vendor;
	ELSIF kind IN ('report', 'done') THEN
		UPDATE voiceagent_private.payment_accounts a SET trouble = NULL
		WHERE a.vendor = v.vendor AND a.trouble IS NOT NULL;
	END IF;
	IF kind = 'report' THEN
		-- Its amounts in the smallest unit of ISO 4217.
		PERFORM voiceagent_private.apply_payment_report(v.order_id, report || (
			SELECT coalesce(jsonb_object_agg(k, trunc((report ->> k)::numeric
				* power(10::numeric, v.exponent - (voiceagent_private.vendor_amount(v.vendor, v.currency, v.amount,
					v.exponent)).decimals))::bigint), '{}')
			FROM unnest('{amount,refunded,disputed}'::text[]) k WHERE jsonb_typeof(report -> k) = 'number'));
		IF (report -> 'ask_dispute')::boolean THEN
			UPDATE voiceagent_private.payment_looks l SET task = 'dispute', next_at = v_now
			WHERE l.tenant_id = v.tenant_id AND l.order_id = v.order_id;
		END IF;
	ELSIF kind IN ('done', 'token') THEN
		UPDATE voiceagent_private.payment_looks l SET claimed = false, next_at = v_now,
			task = CASE kind WHEN 'done' THEN 'look' ELSE l.task END,
			refund = CASE kind WHEN 'token' THEN l.refund END
		WHERE l.tenant_id = v.tenant_id AND l.order_id = v.order_id;
	ELSIF kind = 'refused' OR kind = 'bad_account' AND v_look.task = 'create' THEN
		message := CASE kind WHEN 'refused' THEN message ELSE 'the vendor refuses the platform''s account' END;
		IF v_look.task = 'create' THEN
			PERFORM voiceagent_private.apply_payment_report(v.order_id,
				jsonb_build_object('status', 'declined', 'message', message));
			RETURN;
		ELSIF v_look.task = 'refund' THEN
			PERFORM voiceagent_private.audit_platform('refund_refused', format('tenant %s, order %s', v.tenant_id,
				v.order_id), NULL, jsonb_build_object('price', voiceagent_private.money(v_look.refund, v.exponent),
					'reason', message));
		END IF;
		PERFORM voiceagent_private.plan_payment_look(v);
		UPDATE voiceagent_private.payment_looks l SET next_at = greatest(l.next_at, v_now + interval '10 minutes')
		WHERE l.tenant_id = v.tenant_id AND l.order_id = v.order_id;
	ELSE
		PERFORM voiceagent_private.ask_payment_again(v, v_look, message);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.record_payment(bigint, text, jsonb, text) IS
	E'The result of a request to a payment vendor about an order of the current tenant.\n'
	'kind: report, done (look at once), token (a token came: again at once), again, bad_account or refused; message: '
	'the vendor''s words.';
