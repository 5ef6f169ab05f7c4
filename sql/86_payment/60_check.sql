-- 86_payment: what must hold between orders, debts and the ledger.

CREATE FUNCTION voiceagent_private.check_payments() RETURNS TABLE (invariant text, detail text)
	LANGUAGE sql STABLE AS $$
	WITH orders AS (
		SELECT o.* FROM voiceagent.payment_orders o WHERE o.tenant_id = voiceagent.current_tenant()
	), moved AS (
		SELECT t.operation, sum(t.amount) AS total FROM voiceagent.credit_transfers t
		WHERE t.tenant_id = voiceagent.current_tenant()
			AND t.operation IN ('purchase', 'refund', 'refund_undone', 'debt_paid')
			AND t.from_account NOT LIKE 'minutes%' GROUP BY t.operation
	), sums AS (
		SELECT coalesce((SELECT sum(o.credits) FROM orders o WHERE o.state = 'paid' AND o.pack_id IS NOT NULL), 0)
			AS bought,
			coalesce((SELECT sum(o.taken_back) FROM orders o), 0) AS taken_back,
			coalesce(max(m.total) FILTER (WHERE m.operation = 'purchase'), 0) AS purchases,
			coalesce(max(m.total) FILTER (WHERE m.operation = 'refund'), 0)
				- coalesce(max(m.total) FILTER (WHERE m.operation = 'refund_undone'), 0) AS refunds,
			coalesce(max(m.total) FILTER (WHERE m.operation = 'debt_paid'), 0) AS paid,
			coalesce((SELECT d.incurred FROM voiceagent.credit_debts d
				WHERE d.tenant_id = voiceagent.current_tenant()), 0) AS incurred,
			coalesce((SELECT d.owed + d.forgiven FROM voiceagent.credit_debts d
				WHERE d.tenant_id = voiceagent.current_tenant()), 0) AS unpaid
		FROM moved m
	)
	SELECT 'a paid order granted its credits once', format('orders %s, granted %s', s.bought, s.purchases)
	FROM sums s WHERE s.bought <> s.purchases
	UNION ALL
	SELECT 'a payment of a plan gave its credits as one grant', format('order %s of %s, grants %s', o.order_id,
		o.credits,
		g.credits)
	FROM orders o CROSS JOIN LATERAL (SELECT coalesce(sum(c.credits), 0) AS credits FROM voiceagent.credit_grants c
		WHERE c.tenant_id = o.tenant_id AND c.order_id = o.order_id) g
	WHERE o.state = 'paid' AND o.contract_id IS NOT NULL AND o.credits <> g.credits
	UNION ALL
	SELECT 'what was taken back came from the ledger or is a debt',
		format('taken back %s, from the ledger %s, as a debt %s', s.taken_back, s.refunds, s.incurred)
	FROM sums s WHERE s.taken_back <> s.refunds + s.incurred
	UNION ALL
	SELECT 'a debt is what was not paid of it',
		format('incurred %s, paid %s, owed or forgiven %s', s.incurred, s.paid, s.unpaid)
	FROM sums s WHERE s.incurred <> s.paid + s.unpaid
	UNION ALL
	SELECT 'an order that waits for its vendor is looked at', format('order %s is %s', o.order_id, o.state)
	FROM orders o
	WHERE o.ended_at IS NULL AND o.state <> 'waiting_approval' AND NOT EXISTS (
		SELECT FROM voiceagent_private.payment_looks l WHERE l.tenant_id = o.tenant_id AND l.order_id = o.order_id)
$$;
COMMENT ON FUNCTION voiceagent_private.check_payments() IS
	'What is wrong between the current tenant''s orders, debts and ledger; no row is well.';
