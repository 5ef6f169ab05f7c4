/*
 * 30_credit: moving credits.
 *
 * Locking: whoever moves credits of a tenant locks its account "available"
 * first and keeps it to the end of the transaction, so accounts are always
 * locked in one order and two batches never deadlock.  The ledger is the last
 * that a transaction waits for (45_campaign/40_queue.sql has the whole order).
 */

CREATE TYPE voiceagent_private.transfer AS (
	operation text,
	from_account text,
	to_account text,
	amount numeric,
	hold_id bigint,
	call_id bigint,
	assistant_id bigint,
	reference text,
	idempotency_key text
);
COMMENT ON TYPE voiceagent_private.transfer IS 'One movement of credits, for post().';

CREATE FUNCTION voiceagent_private.lock_available() RETURNS numeric LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_available numeric;
BEGIN
	SELECT balance INTO v_available FROM voiceagent.credit_accounts
	WHERE tenant_id = v_tenant AND account = 'available' FOR NO KEY UPDATE;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'the tenant has no credit accounts' USING ERRCODE = 'PT409',
			HINT = 'create_tenant() makes them.';
	END IF;
	RETURN v_available;
END
$$;
COMMENT ON FUNCTION voiceagent_private.lock_available() IS
	'Locks the acting tenant''s ledger until the transaction ends and returns its available credits.';

CREATE FUNCTION voiceagent_private.running_balances(transfers voiceagent_private.transfer[], balances numeric[],
		OUT from_after numeric[], OUT to_after numeric[], OUT available_after numeric[], OUT ends numeric[])
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_running_balances';
COMMENT ON FUNCTION voiceagent_private.running_balances(voiceagent_private.transfer[], numeric[]) IS
	'What transfers, one after the other, leave behind, from these balances of available, held, spent and funding: element i of each array is of transfer i (of the account that gave, of the one that took, of available; NULL where it moves nothing), ends has the balances of the four after all of them.';

CREATE FUNCTION voiceagent_private.post(transfers voiceagent_private.transfer[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET enable_seqscan = off AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_balances numeric[];
	v_after record;
	v_was numeric;
	v_left numeric;
	v_line numeric;
BEGIN
	PERFORM voiceagent_private.lock_available();
	-- A statement of its own, because its snapshot must be later than the lock.
	SELECT ARRAY[max(c.balance) FILTER (WHERE c.account = 'available'), max(c.balance) FILTER (WHERE c.account = 'held'),
		max(c.balance) FILTER (WHERE c.account = 'spent'), max(c.balance) FILTER (WHERE c.account = 'funding')]
	INTO v_balances
	FROM voiceagent.credit_accounts c WHERE c.tenant_id = v_tenant;
	v_after := voiceagent_private.running_balances(transfers, v_balances);

	INSERT INTO voiceagent.credit_transfers (tenant_id, at, operation, from_account, to_account, amount,
		from_before, from_after, to_before, to_after, available_after, hold_id, call_id, assistant_id,
		reference, idempotency_key)
	SELECT v_tenant, v_now, t.operation, t.from_account, t.to_account, t.amount,
		t.from_after + t.amount, t.from_after, t.to_after - t.amount, t.to_after, t.available_after,
		t.hold_id, t.call_id, t.assistant_id, t.reference, t.idempotency_key
	FROM unnest(transfers, v_after.from_after, v_after.to_after, v_after.available_after) WITH ORDINALITY
		AS t(operation, from_account, to_account, amount, hold_id, call_id, assistant_id, reference, idempotency_key,
			from_after, to_after, available_after, ord)
	WHERE t.amount > 0 ORDER BY t.ord;
	UPDATE voiceagent.credit_accounts a
	SET balance = CASE a.account WHEN 'available' THEN v_after.ends[1] WHEN 'held' THEN v_after.ends[2]
		WHEN 'spent' THEN v_after.ends[3] ELSE v_after.ends[4] END
	WHERE a.tenant_id = v_tenant AND a.balance <> CASE a.account WHEN 'available' THEN v_after.ends[1] WHEN 'held' THEN v_after.ends[2]
		WHEN 'spent' THEN v_after.ends[3] ELSE v_after.ends[4] END;

	-- Holds come and go; what is left, held or not, crosses the line once until credits are granted.
	v_was := v_balances[1] + v_balances[2];
	v_left := v_after.ends[1] + v_after.ends[2];
	IF v_left < v_was THEN
		v_line := voiceagent_private.setting_number('balance_low_credits');
		IF v_was >= v_line AND v_left < v_line THEN
			PERFORM voiceagent_private.log_event('balance_low', NULL, NULL, NULL,
				jsonb_build_object('balance', v_left, 'threshold', v_line));
		END IF;
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.post(voiceagent_private.transfer[]) IS
	'Moves credits of the acting tenant in array order; amounts that are not above 0 are left out. A balance that would fall below 0 violates no_overdraft and undoes the whole.';

CREATE FUNCTION voiceagent_private.provision_credit(credits numeric) RETURNS void
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	IF credits IS NULL OR credits NOT BETWEEN 0 AND 1e12 THEN
		RAISE EXCEPTION 'credits must lie between 0 and 1000000000000' USING ERRCODE = 'PT422';
	END IF;
	INSERT INTO voiceagent.credit_accounts (tenant_id, account)
	SELECT v_tenant, a FROM unnest(ARRAY['available', 'funding', 'held', 'spent']) AS a;
	PERFORM voiceagent_private.post(ARRAY[
		ROW('grant', 'funding', 'available', round(credits, 6), NULL, NULL, NULL, 'initial credits', NULL)::voiceagent_private.transfer]);
END
$$;
COMMENT ON FUNCTION voiceagent_private.provision_credit(numeric) IS
	'Makes the four accounts of a new tenant and grants it its first credits; for create_tenant().';

CREATE FUNCTION voiceagent_private.price_of(operation text, at timestamptz) RETURNS numeric
	LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
	v_price numeric;
BEGIN
	SELECT p.credits INTO v_price FROM voiceagent.prices p
	WHERE p.operation = price_of.operation AND p.valid @> price_of.at
	ORDER BY p.price_id > 1000 DESC LIMIT 1;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'operation "%" has no price at that time', operation USING ERRCODE = 'PT409',
			DETAIL = format('Time: %s', at), HINT = 'The platform sets prices with set_price().';
	END IF;
	RETURN v_price;
END
$$;
COMMENT ON FUNCTION voiceagent_private.price_of(text, timestamptz) IS
	'Credits that an operation costs at a time (call: a minute); PT409 when nobody set a price.';

CREATE FUNCTION voiceagent_private.call_cost(duration_seconds numeric, at timestamptz) RETURNS numeric
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN round(voiceagent_private.price_of('call', at) * greatest(duration_seconds, 0) / 60, 6);
COMMENT ON FUNCTION voiceagent_private.call_cost(numeric, timestamptz) IS
	'Credits for so many seconds of talk at the price of that time: exact to a millionth of a credit, no rounding up to minutes.';

CREATE FUNCTION voiceagent_private.hold_amount(max_call_duration interval, at timestamptz) RETURNS numeric
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN voiceagent_private.call_cost(extract(epoch FROM max_call_duration)::numeric, at);
COMMENT ON FUNCTION voiceagent_private.hold_amount(interval, timestamptz) IS
	'Credits to hold for a call: what the longest one would cost.';

CREATE FUNCTION voiceagent_private.hold_credits(call_ids bigint[], amounts numeric[])
	RETURNS TABLE(call_id bigint, hold_id bigint) LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz;
	v_available numeric := voiceagent_private.lock_available();
	v_transfers voiceagent_private.transfer[];
	v_calls bigint[];
	v_holds bigint[];
BEGIN
	v_now := voiceagent.clock();
	WITH asked AS (
		SELECT i.call_id, round(i.amount, 6) AS amount, i.ord, sum(round(i.amount, 6)) OVER (ORDER BY i.ord) AS total
		FROM unnest(call_ids, amounts) WITH ORDINALITY AS i(call_id, amount, ord)
	), held AS (
		INSERT INTO voiceagent.credit_holds AS h (tenant_id, call_id, amount, created_at)
		SELECT v_tenant, a.call_id, a.amount, v_now FROM asked a WHERE a.total <= v_available ORDER BY a.ord
		RETURNING h.hold_id, h.call_id, h.amount
	)
	SELECT array_agg(ROW('hold', 'available', 'held', h.amount, h.hold_id, h.call_id, NULL, NULL, NULL)::voiceagent_private.transfer
			ORDER BY h.hold_id),
		array_agg(h.call_id ORDER BY h.hold_id), array_agg(h.hold_id ORDER BY h.hold_id)
	INTO v_transfers, v_calls, v_holds FROM held h;

	IF v_holds IS NOT NULL THEN
		PERFORM voiceagent_private.post(v_transfers);
	END IF;
	RETURN QUERY SELECT * FROM unnest(v_calls, v_holds);
END
$$;
COMMENT ON FUNCTION voiceagent_private.hold_credits(bigint[], numeric[]) IS
	'Sets credits aside for calls of the acting tenant: call_ids[i] needs amounts[i]. Serves the array from its start as far as the available credits reach, and returns the calls that got a hold.';

CREATE FUNCTION voiceagent_private.settle_holds(call_ids bigint[], costs numeric[])
	RETURNS TABLE(call_id bigint, charged numeric) LANGUAGE plpgsql VOLATILE
	SET enable_seqscan = off SET enable_hashjoin = off SET enable_nestloop = on SET enable_mergejoin = off
	SET enable_material = off SET plan_cache_mode = force_generic_plan SET jit = off AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz;
	v_available numeric := voiceagent_private.lock_available();
	v_transfers voiceagent_private.transfer[];
	v_calls bigint[];
	v_charged numeric[];
	v_holds bigint[];
	v_amounts numeric[];
	v_from_hold numeric[];
	v_released numeric;
BEGIN
	v_now := voiceagent.clock();
	-- A hold that has ended is left alone: settling twice has no effect.
	WITH open AS (
		SELECT h.ctid AS hold_row, h.hold_id, h.call_id, h.amount, greatest(round(coalesce(i.cost, 0), 6), 0) AS cost, i.ord
		FROM (SELECT u.call_id, max(u.cost) AS cost, min(u.ord) AS ord
			FROM unnest(call_ids, costs) WITH ORDINALITY AS u(call_id, cost, ord) GROUP BY u.call_id) i
		CROSS JOIN LATERAL (SELECT o.ctid, o.hold_id, o.call_id, o.amount FROM voiceagent.credit_holds o
			WHERE o.tenant_id = v_tenant AND o.call_id = i.call_id AND o.state = 'held' OFFSET 0) h
	), summed AS (
		-- What a call cost beyond its hold comes out of what is available once this batch's releases are in.
		SELECT o.*, greatest(o.cost - o.amount, 0) AS excess,
			v_available + sum(greatest(o.amount - o.cost, 0)) OVER () AS reach,
			sum(greatest(o.cost - o.amount, 0)) OVER (ORDER BY o.ord) AS excess_total
		FROM open o
	), charges AS (
		SELECT s.*, least(s.cost, s.amount) AS from_hold,
			greatest(least(s.excess, s.reach - (s.excess_total - s.excess)), 0) AS from_available
		FROM summed s
	), ended AS (
		-- Under the ledger's lock nobody else ends them: they lie where they were found.  The LIMIT cuts nothing off: it has the
		-- planner expect one row, for which to go where it lies is always the least, however few holds it knows of.
		UPDATE voiceagent.credit_holds h
		SET state = CASE WHEN c.cost = 0 THEN 'voided' ELSE 'posted' END,
			charged = CASE WHEN c.cost = 0 THEN NULL ELSE c.from_hold + c.from_available END,
			ended_at = v_now
		FROM (SELECT * FROM charges LIMIT cardinality(call_ids)) c WHERE h.tenant_id = v_tenant AND h.ctid = c.hold_row
	)
	SELECT array_agg(c.call_id ORDER BY c.ord), array_agg(c.from_hold + c.from_available ORDER BY c.ord),
		array_agg(c.hold_id ORDER BY c.ord), array_agg(c.amount ORDER BY c.ord), array_agg(c.from_hold ORDER BY c.ord),
		sum(c.amount - c.from_hold)
	INTO v_calls, v_charged, v_holds, v_amounts, v_from_hold, v_released
	FROM charges c;

	IF v_calls IS NOT NULL THEN
		PERFORM voiceagent_private.note_charges(v_calls, v_amounts, v_charged);
		SELECT array_agg(ROW(m.operation, m.source, m.target, m.amount, c.hold_id, c.call_id, NULL, NULL, NULL)::voiceagent_private.transfer
			ORDER BY m.part, c.ord, m.step)
		INTO v_transfers
		FROM unnest(v_calls, v_charged, v_holds, v_amounts, v_from_hold) WITH ORDINALITY
			AS c(call_id, charged, hold_id, amount, from_hold, ord)
		CROSS JOIN LATERAL (VALUES (1, 1, 'settle', 'held', 'spent', c.from_hold),
			(1, 2, 'release', 'held', 'available', c.amount - c.from_hold),
			(2, 1, 'settle', 'available', 'spent', c.charged - c.from_hold)) AS m(part, step, operation, source, target, amount)
		WHERE m.amount > 0;
	END IF;
	IF v_transfers IS NOT NULL THEN
		PERFORM voiceagent_private.post(v_transfers);
		IF v_released > 0 THEN
			PERFORM voiceagent_private.resume_suspended('out of credits');
		END IF;
	END IF;
	RETURN QUERY SELECT * FROM unnest(v_calls, v_charged);
END
$$;
COMMENT ON FUNCTION voiceagent_private.settle_holds(bigint[], numeric[]) IS
	'Ends the holds of calls of the acting tenant: call_ids[i] cost costs[i] credits (0 or NULL: released whole). The rest of a hold is released; what a call cost beyond its hold is charged as far as credits are available. Holds that have ended are left alone. Returns what each call was charged.';

CREATE FUNCTION voiceagent_private.charge(operation text, assistant_id bigint, reference text) RETURNS numeric
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_price numeric := voiceagent_private.price_of(operation, voiceagent.clock());
	v_available numeric;
BEGIN
	IF v_price > 0 THEN
		v_available := voiceagent_private.lock_available();
		IF v_available < v_price THEN
			RAISE EXCEPTION 'not enough credits' USING ERRCODE = 'PT402',
				DETAIL = format('This costs %s credits; %s are available.', trim_scale(v_price), trim_scale(v_available)),
				HINT = 'Ask the platform to add credits.';
		END IF;
		PERFORM voiceagent_private.post(ARRAY[
			ROW(operation, 'available', 'spent', v_price, NULL, NULL, assistant_id, reference, NULL)::voiceagent_private.transfer]);
	END IF;
	RETURN v_price;
END
$$;
COMMENT ON FUNCTION voiceagent_private.charge(text, bigint, text) IS
	'Charges the acting tenant the price of an operation that is paid each time; PT402 when it cannot.';
