-- 30_credit: what a tenant sees of its ledger, and what the platform does to it.

CREATE VIEW voiceagent.credit_balance WITH (security_invoker = true) AS
SELECT l.tenant_id, l.available, l.held, l.spent AS posted, l.available + l.held + l.spent AS granted,
	l.minutes, l.minutes_held, l.minutes_spent AS minutes_used
FROM voiceagent.ledgers l
WHERE l.tenant_id = voiceagent.current_tenant()
-- A view of one table can be written to, but for this.
OFFSET 0 /* a view to read only */;
COMMENT ON VIEW voiceagent.credit_balance IS
	E'The tenant''s credits now: available to spend, held for live calls, posted (charged so far), '
	'granted (all ever given).\n'
	'available + held + posted = granted. Prepaid minutes likewise; NULL: there never were any.';
COMMENT ON COLUMN voiceagent.credit_balance.minutes IS 'Prepaid minutes that calls can take now.';
COMMENT ON COLUMN voiceagent.credit_balance.minutes_held IS 'Minutes set aside for live calls.';
COMMENT ON COLUMN voiceagent.credit_balance.minutes_used IS 'Minutes that calls have used so far.';
COMMENT ON COLUMN voiceagent.credit_balance.available IS 'Credits that can be spent or held now.';
COMMENT ON COLUMN voiceagent.credit_balance.held IS 'Credits set aside for live calls.';
COMMENT ON COLUMN voiceagent.credit_balance.posted IS 'Credits charged so far.';
COMMENT ON COLUMN voiceagent.credit_balance.granted IS 'All credits ever given, less what was taken back.';

CREATE FUNCTION voiceagent.adjust_credits(tenant_id bigint, amount numeric, reason text,
	idempotency_key text DEFAULT NULL)
	RETURNS numeric LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_was bigint;
	v_available numeric;
	v_done voiceagent.credit_transfers;
	v_signed numeric;
BEGIN
	PERFORM voiceagent_private.require_platform('adjust credits');
	PERFORM voiceagent_private.fail_if(
		amount IS NULL OR amount = 0 OR amount NOT BETWEEN -1e12 AND 1e12 OR amount <> round(amount, 6), 'PT422',
		'invalid amount of credits', format('Got %s.', coalesce(left(amount::text, 100), 'NULL')),
		'Give a number other than 0, up to a million millions, with at most 6 decimals.');
	PERFORM voiceagent_private.fail_if(coalesce(btrim(reason), '') = '' OR length(reason) > 1000, 'PT422',
		'an adjustment needs a reason of 1 to 1000 characters');
	PERFORM voiceagent_private.fail_if(length(idempotency_key) NOT BETWEEN 1 AND 255, 'PT422',
		'an idempotency key has 1 to 255 characters');
	v_was := voiceagent_private.set_existing_tenant(tenant_id);

	-- Under the ledger's lock two requests with one key come one after the other.
	v_available := voiceagent_private.lock_available();
	IF idempotency_key IS NOT NULL THEN
		SELECT * INTO v_done FROM voiceagent.credit_transfers t
		WHERE t.tenant_id = adjust_credits.tenant_id AND t.idempotency_key = adjust_credits.idempotency_key;
		IF FOUND THEN
			v_signed := CASE v_done.to_account WHEN 'available' THEN v_done.amount ELSE -v_done.amount END;
			PERFORM voiceagent_private.fail_if(v_signed <> amount OR v_done.reference IS DISTINCT FROM reason, 'PT409',
				'the idempotency key was used with other parameters',
				format('Then: %s credits, reason "%s".', trim_scale(v_signed), v_done.reference),
				'A new adjustment needs a new key.');
			PERFORM voiceagent_private.set_tenant(v_was);
			RETURN v_done.available_after;
		END IF;
	END IF;
	PERFORM voiceagent_private.fail_if(v_available + amount < 0, 'PT402', 'not enough credits',
		format('%s are to go, %s are available.', trim_scale(-amount), trim_scale(v_available)),
		'Credits that are held for live calls come back, or are charged, when those end.');
	PERFORM voiceagent_private.weigh_deed(amount);
	PERFORM voiceagent_private.post(ARRAY[
		voiceagent_private.transfer('adjust', CASE WHEN amount > 0 THEN 'funding' ELSE 'available' END,
			CASE WHEN amount > 0 THEN 'available' ELSE 'funding' END, abs(amount), reference => reason,
			idempotency_key => idempotency_key)]);
	PERFORM voiceagent_private.audit('adjust_credits', 'tenant ' || adjust_credits.tenant_id,
		jsonb_build_object('available', v_available),
		jsonb_build_object('available', v_available + amount, 'amount', amount, 'reason', reason));
	-- The platform answers for its money as well.
	PERFORM voiceagent_private.audit_platform('adjust_credits', 'tenant ' || adjust_credits.tenant_id,
		jsonb_build_object('available', v_available),
		jsonb_build_object('available', v_available + amount, 'amount', amount, 'reason', reason));
	IF amount > 0 THEN
		PERFORM voiceagent_private.resume_after_grant();
	END IF;
	PERFORM voiceagent_private.set_tenant(v_was);
	RETURN v_available + amount;
END
$$;
COMMENT ON FUNCTION voiceagent.adjust_credits(bigint, numeric, text, text) IS
	E'Adds credits to a tenant, or takes them with a negative amount, and returns what it then has available; only for '
	'the platform (42501).\n'
	'The same idempotency_key again changes nothing and returns the first answer, with other parameters PT409. '
	'PT402 when more is to go than is available, PT404 for an unknown tenant, PT422.';

CREATE FUNCTION voiceagent.set_price(operation text, credits numeric, valid_from timestamptz DEFAULT NULL)
	RETURNS bigint LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_old voiceagent.prices;
	v_unit text;
	v_until timestamptz;
	v_new bigint;
BEGIN
	PERFORM voiceagent_private.require_platform('set a price');
	PERFORM voiceagent_private.fail_if(credits IS NULL OR credits NOT BETWEEN 0 AND 1e9, 'PT422',
		'a price lies between 0 and 1000000000 credits');
	PERFORM voiceagent_private.fail_if(coalesce(valid_from, v_now) < v_now, 'PT422', 'a price cannot begin in the past',
		'What has been charged stays as it is.');
	valid_from := coalesce(valid_from, v_now);
	SELECT p.unit INTO v_unit FROM voiceagent.prices p WHERE p.operation = set_price.operation LIMIT 1;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT422', format('unknown operation "%s"', left(operation, 100)), NULL,
		'Operations with a price: ' || (SELECT string_agg(DISTINCT p.operation, ', ') FROM voiceagent.prices p) || '.');
	-- A session that sets a price at the same time sees this one, or is seen.
	LOCK TABLE voiceagent.prices IN SHARE ROW EXCLUSIVE MODE;
	-- Rows that come with the extension are not dumped, so they are never changed: the platform's own go before them.
	SELECT * INTO v_old FROM voiceagent.prices p
	WHERE p.operation = set_price.operation AND p.valid @> set_price.valid_from AND p.price_id > 1000 FOR UPDATE;
	PERFORM voiceagent_private.fail_if(lower(v_old.valid) = valid_from, 'PT409', 'a price already begins at that time');
	UPDATE voiceagent.prices SET valid = tstzrange(lower(v_old.valid), valid_from) WHERE price_id = v_old.price_id;
	v_until := coalesce(upper(v_old.valid), (SELECT min(lower(p.valid)) FROM voiceagent.prices p
		WHERE p.operation = set_price.operation AND p.price_id > 1000 AND lower(p.valid) > set_price.valid_from));
	INSERT INTO voiceagent.prices (operation, credits, unit, valid)
	VALUES (set_price.operation, set_price.credits, v_unit, tstzrange(valid_from, v_until))
	RETURNING price_id INTO v_new;
	PERFORM voiceagent_private.audit_platform('set_price', operation,
		jsonb_build_object('credits', coalesce(v_old.credits,
			(SELECT p.credits FROM voiceagent.prices p WHERE p.operation = set_price.operation AND p.price_id <= 1000
				AND p.valid @> set_price.valid_from))),
		jsonb_build_object('credits', credits, 'unit', v_unit, 'valid_from', valid_from));
	RETURN v_new;
END
$$;
COMMENT ON FUNCTION voiceagent.set_price(text, numeric, timestamptz) IS
	E'Platform only: an operation (call: a minute; assistant: each) costs so many credits from valid_from (default '
	'now) on.\n'
	'Returns the price''s id. A time in the past is refused: charges stay as they were.';

CREATE FUNCTION voiceagent_private.balance_after(account text, upto bigint) RETURNS numeric
	LANGUAGE sql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
	SELECT coalesce((SELECT CASE t.from_account WHEN balance_after.account THEN t.from_after ELSE t.to_after END
		FROM voiceagent.credit_transfers t
		WHERE t.tenant_id = voiceagent.current_tenant() AND t.transfer_id <= upto
			AND balance_after.account IN (t.from_account, t.to_account)
		ORDER BY t.transfer_id DESC LIMIT 1), 0)
$$;
COMMENT ON FUNCTION voiceagent_private.balance_after(text, bigint) IS
	'The balance of an account of the current tenant behind its last transfer up to that id; 0: there is none.';

CREATE FUNCTION voiceagent_private.spent_after(unit text, upto bigint) RETURNS numeric
	LANGUAGE sql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
	SELECT CASE unit WHEN 'minutes' THEN voiceagent_private.minutes_balance_after('minutes_spent', upto)
		ELSE voiceagent_private.balance_after('spent', upto) END
$$;
COMMENT ON FUNCTION voiceagent_private.spent_after(text, bigint) IS
	'Credits or minutes that the current tenant has used up to its transfer of that number.';

-- A balance is the sum of its transfers when each begins where the last one ended (check_transfers()), by what its row
-- says it moves (adds_up), and the balance is where the last one ended: so no check adds up a tenant's whole ledger.
CREATE FUNCTION voiceagent_private.check_credit() RETURNS TABLE(invariant text, detail text)
	LANGUAGE sql STABLE AS $$
	WITH accounts AS (
		SELECT * FROM voiceagent.credit_accounts a WHERE a.tenant_id = voiceagent.current_tenant()
	), holds AS (
		SELECT * FROM voiceagent.credit_holds h WHERE h.tenant_id = voiceagent.current_tenant()
	), ends AS (
		SELECT o.account, voiceagent_private.balance_after(o.account, 9223372036854775807) AS total
		FROM unnest('{available,held,spent}'::text[]) AS o(account)
	), minute_ends AS (
		SELECT o.account, voiceagent_private.minutes_balance_after(o.account, 9223372036854775807) AS total
		FROM unnest('{minutes,minutes_held,minutes_spent}'::text[]) AS o(account)
	)
	SELECT 'credit balances sum to 0', format('the sum is %s', sum(a.balance))
	FROM accounts a WHERE a.account NOT LIKE 'minutes%' HAVING sum(a.balance) <> 0 OR count(*) <> 4
	UNION ALL
	SELECT 'balances of minutes sum to 0', format('the sum is %s', sum(a.balance))
	FROM accounts a WHERE a.account LIKE 'minutes%' HAVING sum(a.balance) <> 0 OR count(*) NOT IN (0, 4)
	UNION ALL
	SELECT 'a credit balance is the sum of its transfers',
		format('account %s: balance %s, transfers %s', a.account, a.balance, l.total)
	-- One account's gift is another's gain, so funding, whose last transfer may be long ago, is minus the others.
	FROM (SELECT 'funding' AS account, -sum(o.total) AS total FROM ends o UNION ALL SELECT * FROM ends
		UNION ALL SELECT 'minutes_funding', -sum(o.total) FROM minute_ends o UNION ALL SELECT * FROM minute_ends) l
	JOIN accounts a ON a.account = l.account AND a.balance <> l.total
	UNION ALL
	SELECT 'credits are never overdrawn', format('account %s: %s', a.account, a.balance)
	FROM accounts a WHERE a.account NOT LIKE '%funding' AND a.balance < 0
	UNION ALL
	SELECT 'held credits are the sum of the open holds',
		format('balance %s, holds %s', a.balance, h.total)
	FROM accounts a, (SELECT coalesce(sum(amount), 0) AS total FROM holds WHERE state = 'held') h
	WHERE a.account = 'held' AND a.balance <> h.total
	UNION ALL
	SELECT 'held minutes are those of the open holds', format('balance %s, holds %s', a.balance, h.total)
	FROM accounts a, (SELECT coalesce(sum(minutes), 0) AS total FROM holds WHERE state = 'held') h
	WHERE a.account = 'minutes_held' AND a.balance <> h.total
	UNION ALL
	SELECT 'an open hold has a live call', format('hold %s, call %s', h.hold_id, h.call_id)
	FROM holds h
	WHERE h.state = 'held' AND h.call_id IS NOT NULL AND NOT EXISTS (SELECT FROM voiceagent_private.live_calls l
		WHERE l.tenant_id = h.tenant_id AND l.call_id = h.call_id)
	UNION ALL
	SELECT 'a posted hold was charged once', format('hold %s: charged %s, transfers %s; minutes %s, transfers %s',
		h.hold_id, h.charged, coalesce(s.total, 0), h.minutes_used, coalesce(s.minutes, 0))
	FROM holds h LEFT JOIN (SELECT t.hold_id, sum(t.amount) FILTER (WHERE t.to_account = 'spent') AS total,
			sum(t.amount) FILTER (WHERE t.to_account = 'minutes_spent') AS minutes
		FROM voiceagent.credit_transfers t
		WHERE t.tenant_id = voiceagent.current_tenant() AND t.operation = 'settle'
		GROUP BY t.hold_id) s ON s.hold_id = h.hold_id
	WHERE coalesce(h.charged, 0) <> coalesce(s.total, 0) OR coalesce(h.minutes_used, 0) <> coalesce(s.minutes, 0)
$$;
COMMENT ON FUNCTION voiceagent_private.check_credit() IS
	'Errors in the current tenant''s balances and holds; no row is well.';
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('invariant', 'check_credit');

CREATE FUNCTION voiceagent_private.check_transfers(after bigint, upto bigint)
	RETURNS TABLE(invariant text, detail text)
	LANGUAGE sql STABLE AS $$
	SELECT 'each transfer begins where the last one ended',
		format('account %s, transfer %s: before %s, last after %s', c.account, c.transfer_id, c.before, c.last)
	FROM (SELECT n.*, CASE WHEN n.place > 1 THEN n.ended
				ELSE voiceagent_private.balance_after(n.account, check_transfers.after) END AS last
		FROM (SELECT t.transfer_id, l.account, l.before, row_number() OVER w AS place, lag(l.after) OVER w AS ended
			FROM voiceagent.credit_transfers t
			CROSS JOIN LATERAL (VALUES (t.from_account, t.from_before, t.from_after),
				(t.to_account, t.to_before, t.to_after)) AS l(account, before, after)
			WHERE t.tenant_id = voiceagent.current_tenant() AND t.transfer_id > check_transfers.after
				AND t.transfer_id <= upto
			WINDOW w AS (PARTITION BY l.account ORDER BY t.transfer_id)) n) c
	WHERE c.before <> c.last
$$;
COMMENT ON FUNCTION voiceagent_private.check_transfers(bigint, bigint) IS
	'Where the current tenant''s transfers with ids behind after, up to upto, do not follow one another; no row is '
	'well.';
INSERT INTO voiceagent_private.registrations (kind, name, detail)
VALUES ('invariant', 'check_transfers', 'voiceagent.credit_transfers.transfer_id');
