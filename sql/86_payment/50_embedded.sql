/*
 * 86_payment: the embedded vendor.  It moves no money: it shows what would be
 * paid, and has cards for what can happen.  It reports as the others do.
 */

CREATE FUNCTION voiceagent_private.look_at_embedded(order_id bigint) RETURNS text
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v voiceagent.payment_orders := voiceagent_private.lock_order(order_id);
BEGIN
	RETURN voiceagent_private.apply_payment_report(v.order_id, coalesce((SELECT jsonb_build_object('status', e.status,
			'amount', v.amount, 'currency', v.currency, 'refunded', e.refunded,
			'disputed', CASE WHEN e.dispute IN ('open', 'lost') THEN v.amount - e.refunded ELSE 0 END,
			'vendor_ref', 'embedded-' || v.order_id, 'payment_ref', 'embedded-' || v.order_id,
			'method', 'embedded card', 'method_ref', 'succeeds', 'message', CASE e.status WHEN 'declined'
				THEN coalesce(e.message, 'the card was declined') END)
		FROM voiceagent_private.embedded_payments e
		WHERE e.tenant_id = v.tenant_id AND e.order_id = v.order_id), '{"status": "open"}'));
END
$$;
COMMENT ON FUNCTION voiceagent_private.look_at_embedded(bigint) IS
	'Asks the embedded vendor about an order of the current tenant -> its state.';

CREATE FUNCTION voiceagent.pay_embedded(order_id bigint, card text DEFAULT 'succeeds') RETURNS text
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v voiceagent.payment_orders;
BEGIN
	PERFORM voiceagent_private.fail_if(card IS NULL OR card NOT IN ('succeeds', 'pends', 'is_declined', 'is_disputed'),
		'PT422', 'the embedded vendor has no such card', NULL,
		'Its cards are succeeds, pends, is_declined and is_disputed.');
	v := voiceagent_private.lock_order(order_id);
	PERFORM voiceagent_private.fail_if(v.vendor <> 'embedded' OR v.state <> 'waiting'
		OR v.expires_at < voiceagent.clock(), 'PT409', 'this order is not to be paid at the embedded vendor',
		format('It is %s, at the vendor %s.', v.state, v.vendor));
	PERFORM voiceagent_private.require_vendor('embedded');
	INSERT INTO voiceagent_private.embedded_payments (tenant_id, order_id, status, dispute)
	VALUES (v_tenant, v.order_id,
		CASE card WHEN 'pends' THEN 'pending' WHEN 'is_declined' THEN 'declined' ELSE 'completed' END,
		CASE card WHEN 'is_disputed' THEN 'coming' END);
	RETURN voiceagent_private.look_at_embedded(v.order_id);
END
$$;
COMMENT ON FUNCTION voiceagent.pay_embedded(bigint, text) IS
	E'Pays an order at the embedded vendor, with no money -> its state.\n'
	'card: succeeds; pends (paid a minute later); is_declined; is_disputed (paid, and a minute later the buyer '
	'disputes it). PT404; PT409 for an order of another vendor, one that does not wait, or once it is off; PT422.';

CREATE FUNCTION voiceagent.settle_embedded_dispute(tenant_id bigint, order_id bigint, won boolean) RETURNS text
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_was bigint;
	v_state text;
BEGIN
	PERFORM voiceagent_private.require_platform('settle a dispute');
	PERFORM voiceagent_private.fail_if(won IS NULL, 'PT422', 'a dispute is won or lost', NULL, 'Write true or false.');
	v_was := voiceagent_private.set_existing_tenant(tenant_id);
	PERFORM voiceagent_private.lock_order(order_id);
	UPDATE voiceagent_private.embedded_payments e
	SET dispute = CASE WHEN settle_embedded_dispute.won THEN 'won' ELSE 'lost' END
	WHERE e.tenant_id = settle_embedded_dispute.tenant_id AND e.order_id = settle_embedded_dispute.order_id
		AND e.dispute = 'open';
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT409', 'no dispute about this order is open');
	v_state := voiceagent_private.look_at_embedded(order_id);
	PERFORM voiceagent_private.set_tenant(v_was);
	RETURN v_state;
END
$$;
COMMENT ON FUNCTION voiceagent.settle_embedded_dispute(bigint, bigint, boolean) IS
	E'Platform only: ends a dispute at the embedded vendor, won by the seller or not -> the order''s state.\n'
	'42501, PT404, PT409 without an open dispute, PT422.';

CREATE FUNCTION voiceagent_private.look_at_payments(max integer) RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_order bigint;
BEGIN
	FOR v_order IN
		SELECT l.order_id FROM voiceagent_private.payment_looks l
		WHERE l.tenant_id = v_tenant AND l.next_at <= voiceagent.clock() AND l.vendor = 'embedded'
		ORDER BY l.next_at LIMIT max FOR NO KEY UPDATE SKIP LOCKED
	LOOP
		-- An order that its tenant holds is looked at when that transaction is over.
		UPDATE voiceagent_private.payment_looks l SET next_at = voiceagent.clock() + interval '1 minute'
		WHERE l.tenant_id = v_tenant AND l.order_id = v_order;
		PERFORM FROM voiceagent.payment_orders o
		WHERE o.tenant_id = v_tenant AND o.order_id = v_order FOR NO KEY UPDATE SKIP LOCKED;
		CONTINUE WHEN NOT FOUND;
		CONTINUE WHEN NOT voiceagent_private.try_lock_ledger();
		UPDATE voiceagent_private.embedded_payments e
		SET status = CASE WHEN e.status <> 'pending' THEN e.status
				WHEN voiceagent_private.embedded_vendor_ended() THEN 'declined' ELSE 'completed' END,
			dispute = CASE e.dispute WHEN 'coming' THEN 'open' ELSE e.dispute END
		WHERE e.tenant_id = v_tenant AND e.order_id = v_order;
		PERFORM voiceagent_private.look_at_embedded(v_order);
	END LOOP;
	-- Due rows that were skipped are locked.
	RETURN CASE WHEN NOT FOUND THEN voiceagent.clock() + interval '1 second' END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.look_at_payments(integer) IS
	'A tenant job: asks the embedded vendor about the orders that are due, each minute while one is open.';
SELECT voiceagent_private.register_tenant_job('look_at_payments', 100, 'payment_looks', 'next_at', 'vendor',
	'{embedded}');

CREATE FUNCTION voiceagent_private.stop_debtors(max integer) RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.stop_debtor();
	RETURN voiceagent.clock() + interval '1 minute';
END
$$;
COMMENT ON FUNCTION voiceagent_private.stop_debtors(integer) IS
	'A tenant job: holds back campaigns of tenants that owe credits, also those that were being dialled when the '
	'payment was taken back.';
SELECT voiceagent_private.register_tenant_job('stop_debtors', 1000, 'debtors', 'since');
