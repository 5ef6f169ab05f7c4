-- The tenant buys its credits, at the vendor that moves no money.
\set QUIET on
SELECT order_id FROM voiceagent.buy((SELECT pack_id FROM voiceagent.credit_offers WHERE name = 'Ten thousand')) \gset
SELECT o.pack_name AS pack, o.credits::integer AS credits, round(o.amount / 100.0, 2) AS price, o.currency, voiceagent.pay_embedded(o.order_id) AS payment
FROM voiceagent.payment_orders o WHERE o.order_id = :order_id;
