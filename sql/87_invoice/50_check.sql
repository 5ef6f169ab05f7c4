-- 87_invoice: what must hold between orders and invoices.

CREATE FUNCTION voiceagent_private.check_invoices() RETURNS TABLE (invariant text, detail text)
	LANGUAGE sql STABLE AS $$
	WITH paid AS (
		SELECT o.* FROM voiceagent.payment_orders o
		WHERE o.tenant_id = voiceagent.current_tenant() AND o.state = 'paid'
	), written AS (
		SELECT i.order_id, count(*) FILTER (WHERE i.kind = 'invoice') AS invoices,
			coalesce(sum(i.total) FILTER (WHERE i.kind = 'invoice'), 0) AS total,
			coalesce(sum(i.tax) FILTER (WHERE i.kind = 'invoice'), 0) AS tax,
			coalesce(sum(-i.total) FILTER (WHERE i.kind = 'credit_note'), 0) AS back
		FROM voiceagent.invoices i WHERE i.tenant_id = voiceagent.current_tenant() GROUP BY i.order_id
	), due AS (
		SELECT d.order_id FROM voiceagent_private.invoices_due d WHERE d.tenant_id = voiceagent.current_tenant()
	)
	SELECT 'a paid order has its invoice, and credit notes for what was refunded, or they are due',
		format('order %s of %s, refunded %s: invoiced %s, noted %s', o.order_id, o.amount, o.refunded, w.total, w.back)
	FROM paid o LEFT JOIN written w ON w.order_id = o.order_id
	WHERE (w.total IS DISTINCT FROM o.amount OR w.tax <> o.tax OR w.back <> o.refunded)
		AND NOT EXISTS (SELECT FROM due d WHERE d.order_id = o.order_id)
	UNION ALL
	SELECT 'only a paid order has an invoice', format('order %s', w.order_id)
	FROM written w WHERE NOT EXISTS (SELECT FROM paid o WHERE o.order_id = w.order_id)
$$;
COMMENT ON FUNCTION voiceagent_private.check_invoices() IS
	'Inconsistencies of the current tenant''s orders and invoices; no row is well.';
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('invariant', 'check_invoices');

CREATE FUNCTION voiceagent_private.check_invoice_numbers() RETURNS TABLE (invariant text, detail text)
	LANGUAGE sql STABLE AS $$
	SELECT 'the numbers of a series have no gap', format('seller %s, series %s: %s numbers, the last is %s',
		s.seller_id, s.series, n.n, s.last_place)
	FROM voiceagent_private.invoice_series s
	CROSS JOIN LATERAL (SELECT count(*) AS n, max(o.place) AS last FROM voiceagent_private.invoice_numbers o
		WHERE o.seller_id = s.seller_id AND o.series = s.series) n
	WHERE n.n <> s.last_place OR n.last <> s.last_place
$$;
COMMENT ON FUNCTION voiceagent_private.check_invoice_numbers() IS
	'Series of invoices with a number too few or too many.';
INSERT INTO voiceagent_private.registrations (kind, name, detail)
VALUES ('invariant', 'check_invoice_numbers', 'platform');
