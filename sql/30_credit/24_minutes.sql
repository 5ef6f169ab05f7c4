/*
 * 30_credit: prepaid minutes, the second unit of the ledger.  All of them are of
 * grants, here bundles.  A call takes from one bundle: the first one with which
 * its hold can be paid; what that has not is held in credits, and paid from the
 * second on at which the bundle was empty.
 *
 * Locking: as credits.  A tenant that never had minutes pays nothing for them:
 * ledgers.minutes and credit_holds.minutes are NULL.
 */

CREATE FUNCTION voiceagent_private.minutes_balance_after(account text, upto bigint) RETURNS numeric
	LANGUAGE sql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
	SELECT coalesce((SELECT CASE t.from_account WHEN minutes_balance_after.account THEN t.from_after ELSE t.to_after END
		FROM voiceagent.credit_transfers t
		WHERE t.tenant_id = voiceagent.current_tenant() AND t.transfer_id <= upto AND t.from_account LIKE 'minutes%'
			AND minutes_balance_after.account IN (t.from_account, t.to_account)
		ORDER BY t.transfer_id DESC LIMIT 1), 0)
$$;
COMMENT ON FUNCTION voiceagent_private.minutes_balance_after(text, bigint) IS
	'As balance_after(), of an account of minutes.';

CREATE FUNCTION voiceagent_private.wallet(at timestamptz, OUT available numeric, OUT minutes numeric,
	OUT one_call numeric, OUT all_calls numeric)
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_price numeric;
BEGIN
	SELECT l.available, l.minutes INTO available, minutes FROM voiceagent.ledgers l WHERE l.tenant_id = v_tenant;
	available := coalesce(available, 0);
	one_call := available;
	all_calls := available;
	IF minutes > 0 THEN
		v_price := voiceagent_private.price_of('call', wallet.at);
		all_calls := available + minutes * v_price;
		one_call := available + v_price * coalesce((SELECT max(g.rest) FROM voiceagent.credit_grants g
			WHERE g.tenant_id = v_tenant AND g.state = 'open' AND g.unit = 'minutes' AND g.expires_at > wallet.at), 0);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.wallet(timestamptz) IS
	E'The credits and the minutes that the current tenant has available (minutes NULL: it never had any).\n'
	'one_call, all_calls: what one call may cost at that time, and all together, in credits: one call takes minutes of '
	'one bundle.';

CREATE FUNCTION voiceagent_private.share_minutes(INOUT amounts numeric[], available numeric, at timestamptz,
	OUT minutes numeric[], OUT grants bigint[])
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_price numeric := voiceagent_private.price_of('call', at);
	v_grants bigint[];
	v_rests numeric[];
	v_calls integer := cardinality(amounts);
	v_part numeric;
	v_left numeric;
	v_bundle integer;
BEGIN
	minutes := '{}';
	grants := '{}';
	SELECT array_agg(g.grant_id ORDER BY g.priority, g.expires_at, g.grant_id),
		array_agg(g.rest ORDER BY g.priority, g.expires_at, g.grant_id) INTO v_grants, v_rests
	FROM voiceagent.credit_grants g WHERE g.tenant_id = voiceagent.current_tenant() AND g.state = 'open'
		AND g.unit = 'minutes' AND g.rest > 0 AND g.expires_at > share_minutes.at AND v_price > 0;
	FOR i IN 1 .. v_calls LOOP
		v_bundle := NULL;
		v_left := amounts[i];
		FOR k IN 1 .. coalesce(cardinality(v_grants), 0) LOOP
			v_part := least(v_rests[k], round(amounts[i] / v_price, 6));
			CONTINUE WHEN v_part <= 0;
			v_left := CASE WHEN v_part < v_rests[k] THEN 0
				ELSE greatest(amounts[i] - round(v_part * v_price, 6), 0) END;
			IF v_left <= available THEN
				v_bundle := k;
				v_rests[k] := v_rests[k] - v_part;
				EXIT;
			END IF;
			v_left := amounts[i];
		END LOOP;
		IF v_left > available THEN
			amounts := amounts[:i - 1];
			EXIT;
		END IF;
		available := available - v_left;
		amounts[i] := v_left;
		minutes[i] := CASE WHEN v_bundle IS NOT NULL THEN v_part END;
		grants[i] := v_grants[v_bundle];
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.share_minutes(numeric[], numeric, timestamptz) IS
	E'Of calls whose holds would be these credits, the first ones for which minutes and so many available credits '
	'reach.\n'
	'amounts: what each holds in credits; minutes, grants: what it takes of which bundle (NULL: of none).';

CREATE FUNCTION voiceagent_private.hold_minutes(calls bigint[], holds bigint[], minutes numeric[], grants bigint[])
	RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_bundles bigint := (SELECT count(DISTINCT i.id) FROM unnest(grants) AS i(id));
	v_taken bigint;
BEGIN
	UPDATE voiceagent.credit_grants g SET rest = g.rest - x.amount, held = g.held + x.amount
	FROM (SELECT i.grant_id, sum(i.amount) AS amount FROM unnest(grants, minutes) AS i(grant_id, amount)
		WHERE i.grant_id IS NOT NULL GROUP BY i.grant_id) x
	WHERE g.tenant_id = v_tenant AND g.grant_id = x.grant_id AND g.state = 'open' AND g.rest >= x.amount;
	GET DIAGNOSTICS v_taken = ROW_COUNT;
	IF v_taken < v_bundles THEN
		RETURN false;
	END IF;
	UPDATE voiceagent.credit_holds h SET minutes = x.amount
	FROM unnest(holds, hold_minutes.minutes) AS x(hold_id, amount)
	WHERE h.tenant_id = v_tenant AND h.hold_id = x.hold_id AND x.amount IS NOT NULL;
	INSERT INTO voiceagent.credit_hold_parts (tenant_id, hold_id, grant_id, amount)
	SELECT v_tenant, x.hold_id, x.grant_id, x.amount FROM unnest(holds, grants, hold_minutes.minutes)
		AS x(hold_id, grant_id, amount) WHERE x.grant_id IS NOT NULL;
	PERFORM voiceagent_private.post(array_agg(voiceagent_private.transfer('hold', 'minutes', 'minutes_held', x.amount,
		hold_id => x.hold_id, call_id => x.call_id) ORDER BY x.place))
	FROM unnest(calls, holds, hold_minutes.minutes) WITH ORDINALITY AS x(call_id, hold_id, amount, place)
	WHERE x.amount IS NOT NULL;
	RETURN true;
END
$$;
COMMENT ON FUNCTION voiceagent_private.hold_minutes(bigint[], bigint[], numeric[], bigint[]) IS
	E'Sets minutes aside for holds that are made, as share_minutes() gave them; under the ledger''s lock.\n'
	'False when a bundle has fewer by now: the transaction has to be undone.';

CREATE FUNCTION voiceagent_private.settle_minutes(hold_ids bigint[], costs numeric[]) RETURNS numeric[]
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v record;
	v_used numeric;
	v_state text;
	v_closed boolean := false;
	v_transfers voiceagent_private.transfer[] := '{}';
BEGIN
	PERFORM voiceagent_private.lock_available();
	FOR v IN SELECT e.place, h.hold_id, h.call_id, h.amount, h.minutes, g.grant_id, costs[e.place] AS cost,
			voiceagent_private.price_of('call', h.created_at) AS price
		FROM unnest(hold_ids) WITH ORDINALITY AS e(hold_id, place)
		JOIN voiceagent.credit_holds h ON h.tenant_id = v_tenant AND h.hold_id = e.hold_id
		JOIN voiceagent.credit_hold_parts p ON p.tenant_id = v_tenant AND p.hold_id = h.hold_id
		JOIN voiceagent.credit_grants g ON g.tenant_id = v_tenant AND g.grant_id = p.grant_id AND g.unit = 'minutes'
		ORDER BY e.place
	LOOP
		v_used := coalesce(least(v.minutes, round(v.cost / nullif(v.price, 0), 6)), 0);
		costs[v.place] := CASE WHEN v_used < v.minutes THEN 0
			ELSE greatest(v.cost - round(v_used * v.price, 6), 0) END;
		IF v.cost > 0 THEN
			UPDATE voiceagent.credit_holds h SET charged = least(costs[v.place], h.amount), minutes_used = v_used
			WHERE h.tenant_id = v_tenant AND h.hold_id = v.hold_id;
		END IF;
		UPDATE voiceagent.credit_grants g SET held = g.held - v.minutes, used = g.used + v_used,
			rest = g.rest + CASE g.state WHEN 'open' THEN v.minutes - v_used ELSE 0 END,
			lost = g.lost + CASE g.state WHEN 'open' THEN 0 ELSE v.minutes - v_used END,
			state = CASE WHEN g.state = 'open' AND g.held = v.minutes AND g.rest + v.minutes = v_used THEN 'used'
				ELSE g.state END
		WHERE g.tenant_id = v_tenant AND g.grant_id = v.grant_id RETURNING g.state INTO v_state;
		v_closed := v_closed OR v_state <> 'open';
		v_transfers := v_transfers
			|| voiceagent_private.transfer('settle', 'minutes_held', 'minutes_spent', v_used, hold_id => v.hold_id,
				call_id => v.call_id)
			|| voiceagent_private.transfer('release', 'minutes_held', 'minutes', v.minutes - v_used,
				hold_id => v.hold_id, call_id => v.call_id);
		IF v_state IN ('expired', 'voided') THEN
			v_transfers := v_transfers || voiceagent_private.transfer(v_state, 'minutes', 'minutes_funding',
				v.minutes - v_used, reference => 'came back after its grant was closed');
		END IF;
	END LOOP;
	-- A call that is released whole may be dialled anew.
	DELETE FROM voiceagent.credit_hold_parts p
	USING voiceagent.credit_holds h
	WHERE p.tenant_id = v_tenant AND p.hold_id = ANY (hold_ids) AND h.tenant_id = v_tenant AND h.hold_id = p.hold_id
		AND h.state = 'voided' AND EXISTS (SELECT FROM voiceagent.credit_grants g
			WHERE g.tenant_id = v_tenant AND g.grant_id = p.grant_id AND g.unit = 'minutes');
	PERFORM voiceagent_private.post(v_transfers);
	IF v_closed THEN
		PERFORM voiceagent_private.refresh_grants();
	END IF;
	RETURN costs;
END
$$;
COMMENT ON FUNCTION voiceagent_private.settle_minutes(bigint[], numeric[]) IS
	E'For holds with minutes that have just ended, of calls that cost so many credits: their minutes are used as far '
	'as they reach, and the others return to their bundles (those of a closed one are lost).\n'
	'Returns what is left of each cost.';
