-- 85_billing: the ledger as a tenant reads it, with what each movement was for.

CREATE VIEW voiceagent.credit_transactions WITH (security_invoker = true) AS
SELECT t.tenant_id, t.transfer_id AS transaction_id, t.at, t.operation,
	t.available_after + CASE 'available' WHEN t.from_account THEN t.amount WHEN t.to_account THEN -t.amount
		ELSE 0 END AS before,
	t.available_after AS after,
	t.amount, t.from_account, t.to_account,
	CASE t.operation
		WHEN 'hold' THEN CASE WHEN t.call_id IS NULL THEN 'Set aside for a model request'
			ELSE 'Set aside for a call' END
		WHEN 'settle' THEN CASE WHEN t.call_id IS NULL THEN 'Model request charged' ELSE 'Call charged' END
		WHEN 'release' THEN 'Rest of a hold released'
		WHEN 'grant' THEN 'Credits granted'
		WHEN 'adjust' THEN 'Adjustment by the platform'
		WHEN 'assistant' THEN 'Assistant created'
		WHEN 'purchase' THEN 'Credits bought'
		WHEN 'refund' THEN 'Payment taken back'
		WHEN 'refund_undone' THEN 'Dispute won'
		WHEN 'debt_paid' THEN 'Debt paid'
		WHEN 'allocation' THEN 'Credits of the plan'
		WHEN 'expired' THEN 'Credits expired'
		WHEN 'voided' THEN 'Grant voided'
		ELSE t.operation END AS activity,
	-- A subquery for the rows that are shown: a join might read all calls of the tenant first.
	t.reference, t.call_id, t.hold_id, coalesce(t.assistant_id, (SELECT c.assistant_id FROM voiceagent.calls c
		WHERE c.tenant_id = t.tenant_id AND c.call_id = t.call_id)) AS assistant_id,
	(SELECT c.campaign_id FROM voiceagent.calls c
		WHERE c.tenant_id = t.tenant_id AND c.call_id = t.call_id) AS campaign_id,
	CASE WHEN t.from_account LIKE 'minutes%' THEN 'minutes' ELSE 'credits' END AS unit
FROM voiceagent.credit_transfers t
-- With nothing: a view of one table alone is taken for a way to write to it.
CROSS JOIN (SELECT) AS nothing
WHERE t.tenant_id = voiceagent.current_tenant();
COMMENT ON VIEW voiceagent.credit_transactions IS
	'Every movement of the tenant''s credits: before and after are the available credits, amount is what moved from '
	'from_account to to_account (available, held, spent, funding; minutes, minutes_held, ...).';
COMMENT ON COLUMN voiceagent.credit_transactions.unit IS 'The unit of the amount: credits or prepaid minutes.';
COMMENT ON COLUMN voiceagent.credit_transactions.transaction_id IS
	'Number of the movement (transfer_id of credit_transfers).';
COMMENT ON COLUMN voiceagent.credit_transactions.before IS 'Available credits before.';
COMMENT ON COLUMN voiceagent.credit_transactions.after IS 'Available credits after.';
COMMENT ON COLUMN voiceagent.credit_transactions.activity IS 'The operation in words.';

CREATE VIEW voiceagent.credit_statement WITH (security_invoker = true) AS
SELECT t.tenant_id, t.transfer_id AS transaction_id, t.at,
	CASE t.operation
		WHEN 'settle' THEN CASE WHEN t.call_id IS NULL THEN 'Model request' ELSE 'Call' END
		WHEN 'grant' THEN 'Credits granted'
		WHEN 'adjust' THEN 'Adjustment by the platform'
		WHEN 'assistant' THEN 'Assistant created'
		WHEN 'purchase' THEN 'Credits bought'
		WHEN 'refund' THEN 'Payment taken back'
		WHEN 'refund_undone' THEN 'Dispute won'
		WHEN 'debt_paid' THEN 'Debt paid'
		WHEN 'allocation' THEN 'Credits of the plan'
		WHEN 'expired' THEN 'Credits expired'
		WHEN 'voided' THEN 'Grant voided'
		ELSE t.operation END AS activity,
	CASE WHEN t.to_account = 'available' THEN t.amount WHEN t.from_account LIKE 'minutes%' THEN 0
		ELSE -t.amount END AS change,
	-- The rest of the hold is released in the same commit.
	t.available_after + CASE WHEN t.operation = 'settle' AND t.from_account = 'held' THEN
		(SELECT h.amount - t.amount FROM voiceagent.credit_holds h
			WHERE h.tenant_id = t.tenant_id AND h.hold_id = t.hold_id) ELSE 0 END AS available,
	t.reference, t.call_id,
	(SELECT c.campaign_id FROM voiceagent.calls c
		WHERE c.tenant_id = t.tenant_id AND c.call_id = t.call_id) AS campaign_id,
	CASE WHEN t.to_account = 'minutes' THEN t.amount WHEN t.from_account LIKE 'minutes%' THEN -t.amount END AS minutes
FROM voiceagent.credit_transfers t
WHERE t.tenant_id = voiceagent.current_tenant() AND t.operation NOT IN ('hold', 'release')
OFFSET 0 /* a view to read only */;
COMMENT ON VIEW voiceagent.credit_statement IS
	E'Changes of the tenant''s credits, one row each: a call or model request that was charged, credits that came or '
	'went.\n'
	'Credits that were only held for live calls, and released, are in credit_transactions.';
COMMENT ON COLUMN voiceagent.credit_statement.transaction_id IS
	'Number of the movement (transfer_id of credit_transfers).';
COMMENT ON COLUMN voiceagent.credit_statement.change IS 'Credits that came, or (negative) were charged.';
COMMENT ON COLUMN voiceagent.credit_statement.minutes IS
	'Prepaid minutes that came, or (negative) were used; NULL: it is of credits.';
COMMENT ON COLUMN voiceagent.credit_statement.available IS
	'Credits available after it, without what is set aside for live calls at that moment.';
COMMENT ON COLUMN voiceagent.credit_statement.activity IS 'Its description.';
