/*
 * 38_model: what models cost. Two sums, kept apart: US dollars that the vendor
 * bills, reckoned by model_prices; and credits that the platform charges where
 * its own account was used, held before the request leaves and settled when its
 * answer is recorded, in the same transaction.
 */

CREATE FUNCTION voiceagent_private.model_price(provider text, model text, at timestamptz)
	RETURNS voiceagent.model_prices
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT p.* FROM voiceagent.model_prices p
	WHERE p.provider = model_price.provider AND starts_with(model_price.model, p.model) AND p.valid @> model_price.at
	ORDER BY length(p.model) DESC LIMIT 1
$$;
COMMENT ON FUNCTION voiceagent_private.model_price(text, text, timestamptz) IS
	'The price of a million tokens of a model at that time; a row of NULLs when no price is set.';

CREATE FUNCTION voiceagent_private.tokens_cost(tokens_in bigint, tokens_cached bigint, tokens_out bigint,
	price_in numeric, price_cached numeric, price_out numeric) RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN pg_catalog.round((greatest(tokens_in - tokens_cached, 0) * price_in + tokens_cached * price_cached
		+ tokens_out * price_out) / 1000000, 8);
COMMENT ON FUNCTION voiceagent_private.tokens_cost(bigint, bigint, bigint, numeric, numeric, numeric) IS
	'The cost of these tokens at prices per million; tokens_cached are part of tokens_in.';

CREATE FUNCTION voiceagent_private.hold_model_credits(amount numeric, reference text) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_hold bigint;
BEGIN
	IF voiceagent_private.lock_available() - voiceagent_private.test_credits() < amount THEN
		RETURN NULL;
	END IF;
	INSERT INTO voiceagent.credit_holds (tenant_id, amount, created_at)
	VALUES (voiceagent.current_tenant(), amount, voiceagent.clock()) RETURNING hold_id INTO v_hold;
	PERFORM voiceagent_private.post(ARRAY[
		voiceagent_private.transfer('hold', 'available', 'held', amount, hold_id => v_hold, reference => reference)]);
	RETURN v_hold;
END
$$;
COMMENT ON FUNCTION voiceagent_private.hold_model_credits(numeric, text) IS
	'Sets credits of the current tenant aside for a model request -> hold_id; NULL: there are not enough, test '
	'credits not counted.';

CREATE FUNCTION voiceagent_private.settle_model_hold(hold_id bigint, cost numeric, reference text) RETURNS numeric
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_hold voiceagent.credit_holds;
	v_charged numeric;
BEGIN
	SELECT * INTO v_hold FROM voiceagent.credit_holds h
	WHERE h.tenant_id = v_tenant AND h.hold_id = settle_model_hold.hold_id FOR NO KEY UPDATE;
	-- One that has ended is left alone: settling twice has no effect.
	IF NOT FOUND OR v_hold.state <> 'held' THEN
		RETURN 0;
	END IF;
	-- The hold is the worst case; a vendor that counts more than that is not the tenant's to pay.
	v_charged := least(round(coalesce(cost, 0), 6), v_hold.amount);
	PERFORM voiceagent_private.lock_available();
	PERFORM voiceagent_private.post(ARRAY[
		voiceagent_private.transfer('settle', 'held', 'spent', v_charged, hold_id => v_hold.hold_id,
			reference => reference),
		voiceagent_private.transfer('release', 'held', 'available', v_hold.amount - v_charged,
			hold_id => v_hold.hold_id, reference => reference)]);
	UPDATE voiceagent.credit_holds h
	SET state = CASE WHEN v_charged > 0 THEN 'posted' ELSE 'voided' END::voiceagent.hold_state,
		charged = CASE WHEN v_charged > 0 THEN v_charged END, ended_at = voiceagent.clock()
	WHERE h.tenant_id = v_tenant AND h.hold_id = v_hold.hold_id;
	RETURN v_charged;
END
$$;
COMMENT ON FUNCTION voiceagent_private.settle_model_hold(bigint, numeric, text) IS
	E'Ends the hold of a model request of the current tenant: cost credits of it are charged (0: none), the rest is '
	'released; returns what was charged.\n'
	'A hold that has ended is left alone.';

CREATE FUNCTION voiceagent_private.count_model_usage(purpose text, provider text, model text, of_platform boolean,
	requests integer, tries integer, tokens_in bigint, tokens_cached bigint, tokens_out bigint, tokens_lost bigint,
	cost_usd numeric, credits numeric) RETURNS void
	LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
	INSERT INTO voiceagent.model_usage AS u (tenant_id, day, purpose, provider, model, of_platform, requests, tries,
		tokens_in, tokens_cached, tokens_out, tokens_lost, cost_usd, credits)
	SELECT voiceagent.current_tenant(), (voiceagent.clock() AT TIME ZONE 'UTC')::date, purpose, provider, model,
		of_platform, requests, tries, tokens_in, tokens_cached, tokens_out, tokens_lost, coalesce(cost_usd, 0), credits
	-- The platform's look at its own account is no use of the tenant's.
	WHERE NOT (of_platform AND purpose = 'check_account')
	ON CONFLICT (tenant_id, day, purpose, provider, model, of_platform) DO UPDATE
	SET requests = u.requests + excluded.requests, tries = u.tries + excluded.tries,
		tokens_in = u.tokens_in + excluded.tokens_in, tokens_cached = u.tokens_cached + excluded.tokens_cached,
		tokens_out = u.tokens_out + excluded.tokens_out, tokens_lost = u.tokens_lost + excluded.tokens_lost,
		cost_usd = u.cost_usd + excluded.cost_usd, credits = u.credits + excluded.credits
$$;
COMMENT ON FUNCTION voiceagent_private.count_model_usage(text, text, text, boolean, integer, integer, bigint, bigint,
	bigint, bigint, numeric, numeric) IS
	'Adds to what language models have read and written for the current tenant today.';
