/*
 * 30_credit: moving credits.
 *
 * Locking: a session that moves credits of a tenant locks the row of its ledger
 * and keeps it to the end of the transaction.  It is the last that a transaction
 * waits for (47_campaign_lead/40_queue.sql has the whole order); extension/ledger/ledger.c
 * says what a hold and its settlement do.
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

CREATE FUNCTION voiceagent_private.transfer(operation text, from_account text, to_account text, amount numeric,
	hold_id bigint DEFAULT NULL, call_id bigint DEFAULT NULL, assistant_id bigint DEFAULT NULL,
	reference text DEFAULT NULL, idempotency_key text DEFAULT NULL) RETURNS voiceagent_private.transfer
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN ROW(operation, from_account, to_account, amount, hold_id, call_id, assistant_id, reference,
		idempotency_key)::voiceagent_private.transfer;
COMMENT ON FUNCTION voiceagent_private.transfer(text, text, text, numeric, bigint, bigint, bigint, text, text) IS
	'A transfer whose parts go by their names.';

CREATE FUNCTION voiceagent_private.lock_available() RETURNS numeric
	LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'va_sql_lock_available';
COMMENT ON FUNCTION voiceagent_private.lock_available() IS
	'Locks the current tenant''s ledger until the transaction ends and returns its available credits.';

CREATE FUNCTION voiceagent_private.post(transfers voiceagent_private.transfer[]) RETURNS void
	LANGUAGE c VOLATILE STRICT AS 'MODULE_PATHNAME', 'va_sql_post';
COMMENT ON FUNCTION voiceagent_private.post(voiceagent_private.transfer[]) IS
	E'Moves credits of the current tenant in array order; amounts that are not above 0 are left out.\n'
	'A balance that would fall below 0 violates no_overdraft and undoes the whole.';

CREATE FUNCTION voiceagent_private.provision_credit(credits numeric) RETURNS void
	LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	PERFORM voiceagent_private.fail_if(credits IS NULL OR credits NOT BETWEEN 0 AND 1e12, 'PT422',
		'credits must lie between 0 and 1000000000000');
	INSERT INTO voiceagent.ledgers (tenant_id) VALUES (voiceagent.current_tenant());
	PERFORM voiceagent_private.post(ARRAY[
		voiceagent_private.transfer('grant', 'funding', 'available', round(credits, 6),
			reference => 'initial credits')]);
END
$$;
COMMENT ON FUNCTION voiceagent_private.provision_credit(numeric) IS
	'Makes the ledger of a new tenant and grants it its first credits; for create_tenant().';

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
	'Credits that an operation costs at a time (call: a minute); PT409 when no price is set.';

CREATE FUNCTION voiceagent_private.call_cost(duration_seconds numeric, at timestamptz) RETURNS numeric
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN round(voiceagent_private.price_of('call', at) * greatest(duration_seconds, 0) / 60, 6);
COMMENT ON FUNCTION voiceagent_private.call_cost(numeric, timestamptz) IS
	'Credits for so many seconds of talk at the price of that time: exact to a millionth of a credit, no '
	'rounding up to minutes.';

CREATE FUNCTION voiceagent_private.hold_amount(max_call_duration interval, at timestamptz) RETURNS numeric
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN voiceagent_private.call_cost(extract(epoch FROM max_call_duration)::numeric, at);
COMMENT ON FUNCTION voiceagent_private.hold_amount(interval, timestamptz) IS
	'Credits to hold for a call: what the longest one would cost.';

CREATE FUNCTION voiceagent_private.hold_credits(call_ids bigint[], amounts numeric[], hold_ids bigint[] DEFAULT '{}')
	RETURNS TABLE(call_id bigint, hold_id bigint)
	LANGUAGE c VOLATILE STRICT AS 'MODULE_PATHNAME', 'va_sql_hold_credits_as';
COMMENT ON FUNCTION voiceagent_private.hold_credits(bigint[], numeric[], bigint[]) IS
	E'Sets credits aside for calls of the current tenant: call_ids[i] needs amounts[i].\n'
	'hold_ids: numbers of the holds, of the sequence, where something names them already; none: new ones. '
	'Serves the array from its start as far as the available credits reach, and returns the calls that got a hold.';

CREATE FUNCTION voiceagent_private.hold_claimed(campaign_ids bigint[], call_ids bigint[], amounts numeric[],
	hold_ids bigint[], at timestamptz) RETURNS boolean
	LANGUAGE c VOLATILE STRICT AS 'MODULE_PATHNAME', 'va_sql_hold_claimed';
COMMENT ON FUNCTION voiceagent_private.hold_claimed(bigint[], bigint[], numeric[], bigint[], timestamptz) IS
	'hold_credits() for calls of campaigns that are dialled at that time, and record_holds(); false: there is not '
	'enough for all of them, and the caller undoes what was held.';

CREATE FUNCTION voiceagent_private.settle_holds(call_ids bigint[], costs numeric[])
	RETURNS TABLE(call_id bigint, charged numeric)
	LANGUAGE c VOLATILE STRICT AS 'MODULE_PATHNAME', 'va_sql_settle_holds';
COMMENT ON FUNCTION voiceagent_private.settle_holds(bigint[], numeric[]) IS
	E'Ends the holds of calls of the current tenant: call_ids[i] cost costs[i] credits (0 or NULL: released whole).\n'
	'The rest of a hold is released; what a call cost beyond its hold is charged as far as credits are available, in '
	'the order of the calls'' numbers. Holds that have ended are left alone. Returns what each call was charged.';

CREATE FUNCTION voiceagent_private.charge(operation text, assistant_id bigint, reference text) RETURNS numeric
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_price numeric := voiceagent_private.price_of(operation, voiceagent.clock());
	v_available numeric;
BEGIN
	IF v_price > 0 THEN
		v_available := voiceagent_private.lock_available();
		PERFORM voiceagent_private.fail_if(v_available < v_price, 'PT402', 'not enough credits',
			format('This costs %s credits; %s are available.', trim_scale(v_price), trim_scale(v_available)),
			'Ask the platform to add credits.');
		PERFORM voiceagent_private.post(ARRAY[
			voiceagent_private.transfer(operation, 'available', 'spent', v_price, assistant_id => assistant_id,
				reference => reference)]);
	END IF;
	RETURN v_price;
END
$$;
COMMENT ON FUNCTION voiceagent_private.charge(text, bigint, text) IS
	'Charges the current tenant the price of an operation that is paid each time; PT402 when it cannot.';
