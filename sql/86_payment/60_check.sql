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
			coalesce((SELECT sum(o.taken_back + o.minutes_debt) FROM orders o), 0) AS taken_back,
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
	SELECT 'a payment of a plan gave its credits as one grant', format('order %s of %s, grants %s; minutes %s of %s',
		o.order_id, o.credits, g.credits, g.minutes, o.minutes)
	FROM orders o CROSS JOIN LATERAL (SELECT coalesce(sum(c.credits) FILTER (WHERE c.unit = 'credits'), 0) AS credits,
			coalesce(sum(c.credits) FILTER (WHERE c.unit = 'minutes'), 0) AS minutes
		FROM voiceagent.credit_grants c
		WHERE c.tenant_id = o.tenant_id AND c.order_id = o.order_id AND c.source = 'allocation') g
	WHERE o.state = 'paid' AND o.contract_id IS NOT NULL AND (o.credits <> g.credits OR o.minutes <> g.minutes)
	UNION ALL
	SELECT 'minutes came and went with their payments', format('orders %s, less %s; ledger %s, less %s', o.bought,
		o.taken_back, m.bought, m.taken_back)
	FROM (SELECT coalesce(sum(p.minutes) FILTER (WHERE p.state = 'paid' AND p.pack_id IS NOT NULL), 0) AS bought,
			coalesce(sum(p.minutes_taken_back - p.minutes_missing), 0) AS taken_back FROM orders p) o,
		(SELECT coalesce(sum(t.amount) FILTER (WHERE t.operation = 'purchase'), 0) AS bought,
			coalesce(sum(t.amount) FILTER (WHERE t.operation = 'refund'), 0)
				- coalesce(sum(t.amount) FILTER (WHERE t.operation = 'refund_undone'), 0) AS taken_back
		FROM voiceagent.credit_transfers t WHERE t.tenant_id = voiceagent.current_tenant()
			AND t.from_account LIKE 'minutes%') m
	WHERE o.bought <> m.bought OR o.taken_back <> m.taken_back
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
	'Inconsistencies of the current tenant''s orders, debts and ledger; no row is well.';
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('invariant', 'check_payments');
