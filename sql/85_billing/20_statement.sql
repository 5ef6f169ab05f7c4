/*
 * 85_billing: the statement, as the owner of an account reads it: one line a
 * call, and what came and went.  Credits that are set aside for live calls are
 * still the tenant's, so the balance counts them, and only a charge lowers it.
 */

CREATE FUNCTION voiceagent_private.transfers_before(at timestamptz) RETURNS bigint
	LANGUAGE plpgsql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_low bigint := 0;
	v_high bigint;
	v_middle bigint;
	v_next record;
BEGIN
	SELECT t.transfer_id INTO v_high FROM voiceagent.credit_transfers t
	WHERE t.tenant_id = v_tenant ORDER BY t.transfer_id DESC LIMIT 1;
	-- Transfers of a tenant have their times in the order of their numbers, so a time is found by halving: no index by
	-- time has to be written for each.
	WHILE v_low < v_high LOOP
		v_middle := v_low + (v_high - v_low + 1) / 2;
		SELECT t.transfer_id, t.at INTO v_next FROM voiceagent.credit_transfers t
		WHERE t.tenant_id = v_tenant AND t.transfer_id >= v_middle ORDER BY t.transfer_id LIMIT 1;
		IF v_next.at < transfers_before.at THEN
			v_low := v_next.transfer_id;
		ELSE
			v_high := v_middle - 1;
		END IF;
	END LOOP;
	RETURN coalesce(least(v_low, v_high), 0);
END
$$;
COMMENT ON FUNCTION voiceagent_private.transfers_before(timestamptz) IS
	'A number up to which all transfers of the current tenant, and no others, were before that time; 0: none was.';

CREATE FUNCTION voiceagent_private.wallet_after(transfer_id bigint) RETURNS numeric
	LANGUAGE sql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
	SELECT coalesce((SELECT t.available_after FROM voiceagent.credit_transfers t
		WHERE t.tenant_id = voiceagent.current_tenant() AND t.transfer_id <= wallet_after.transfer_id
		ORDER BY t.transfer_id DESC LIMIT 1), 0) + voiceagent_private.balance_after('held', wallet_after.transfer_id)
$$;
COMMENT ON FUNCTION voiceagent_private.wallet_after(bigint) IS
	'Credits of the current tenant, available and held, after its last transfer up to that number.';

CREATE FUNCTION voiceagent_private.minutes_after(transfer_id bigint) RETURNS numeric
	LANGUAGE sql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
	SELECT voiceagent_private.minutes_balance_after('minutes', minutes_after.transfer_id)
		+ voiceagent_private.minutes_balance_after('minutes_held', minutes_after.transfer_id)
	FROM voiceagent.ledgers l WHERE l.tenant_id = voiceagent.current_tenant() AND l.minutes IS NOT NULL
$$;
COMMENT ON FUNCTION voiceagent_private.minutes_after(bigint) IS
	'Minutes of the current tenant, free and held, after its last transfer up to that number; NULL: there never were '
	'any.';

CREATE FUNCTION voiceagent.statement(from_day date, to_day date DEFAULT NULL)
	RETURNS TABLE (at timestamptz, kind text, details text, call_id bigint, duration_seconds numeric, amount numeric,
		balance numeric, minutes numeric, minutes_balance numeric)
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET planner.policy = bulk SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_zone text := voiceagent_private.tenant_zone();
	v_from timestamptz;
	v_until timestamptz;
	v_first bigint;
	v_last bigint;
	v_opening numeric;
	v_minutes numeric;
BEGIN
	to_day := coalesce(to_day, from_day);
	PERFORM voiceagent_private.fail_if(
		from_day IS NULL OR from_day NOT BETWEEN '2000-01-01' AND '9999-01-01' OR to_day NOT BETWEEN from_day
			AND '9999-01-01', 'PT422', 'a statement is from one day to the same or a later one');
	v_from := from_day::timestamp AT TIME ZONE v_zone;
	v_until := (to_day + 1)::timestamp AT TIME ZONE v_zone;
	v_first := voiceagent_private.transfers_before(v_from);
	v_last := voiceagent_private.transfers_before(v_until);
	v_opening := voiceagent_private.wallet_after(v_first);
	v_minutes := voiceagent_private.minutes_after(v_first);
	RETURN QUERY
	WITH line AS (
		-- A call that cost more than its hold has two transfers, and one of its minutes.
		SELECT min(t.transfer_id) AS place, min(t.at) AS at, t.operation, t.call_id, min(t.reference) AS reference,
			sum(CASE WHEN t.to_account = 'available' THEN t.amount WHEN t.from_account LIKE 'minutes%' THEN 0
				ELSE -t.amount END) AS amount,
			sum(CASE WHEN t.to_account = 'minutes' THEN t.amount WHEN t.from_account LIKE 'minutes%' THEN -t.amount
				END) AS minutes
		FROM voiceagent.credit_transfers t
		WHERE t.tenant_id = v_tenant AND t.transfer_id > v_first AND t.transfer_id <= v_last
			AND t.operation NOT IN ('hold', 'release')
		GROUP BY t.operation, t.call_id, t.hold_id, CASE WHEN t.hold_id IS NULL THEN t.transfer_id END
	)
	SELECT x.* FROM (
		SELECT v_from, 'opening balance', NULL::text, NULL::bigint, NULL::numeric, NULL::numeric,
			v_opening::numeric, NULL::numeric, v_minutes
		UNION ALL
		SELECT l.* FROM (
			SELECT l.at, CASE l.operation
				WHEN 'settle' THEN CASE WHEN (l.call_id IS NOT NULL) THEN 'call' ELSE 'model request' END
				WHEN 'assistant' THEN 'assistant created'
				WHEN 'adjust' THEN 'adjustment'
				WHEN 'refund' THEN 'payment taken back'
				WHEN 'refund_undone' THEN 'dispute won'
				WHEN 'allocation' THEN 'credits of the plan'
				WHEN 'expired' THEN 'credits expired'
				WHEN 'voided' THEN 'grant voided'
				ELSE replace(l.operation, '_', ' ') END,
				coalesce(l.reference, concat_ws(', ', c.phone::text, m.name)), l.call_id, c.duration_seconds::numeric,
				l.amount::numeric,
				(v_opening + sum(l.amount) OVER (ORDER BY l.place))::numeric, l.minutes::numeric,
				v_minutes + coalesce(sum(l.minutes) OVER (ORDER BY l.place), 0)
			FROM line l
			-- Calls of both directions, as far as they are kept.
			LEFT JOIN voiceagent.calls c ON c.tenant_id = v_tenant AND c.call_id = l.call_id
			LEFT JOIN voiceagent.campaigns m ON m.tenant_id = v_tenant AND m.campaign_id = c.campaign_id
			ORDER BY l.place) l
		UNION ALL
		SELECT v_until, 'closing balance', NULL, NULL, NULL, NULL, voiceagent_private.wallet_after(v_last),
			NULL, voiceagent_private.minutes_after(v_last)) x;
END
$$;
COMMENT ON FUNCTION voiceagent.statement(date, date) IS
	E'The tenant''s account for these days of its time zone (to_day: NULL for one day).\n'
	'A line a call with its duration and what it cost, model requests, purchases, grants, payments taken back; after '
	'each the balance, which counts what is set aside for live calls. The first and last lines are the balances at '
	'the ends. Prepaid minutes are counted likewise (NULL: there never were any). PT422.';
