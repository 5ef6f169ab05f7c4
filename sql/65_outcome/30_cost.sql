/*
 * 65_outcome: what calls cost at their carriers, beside the credits.  A
 * carrier that tells the price is believed; the price that comes minutes later
 * is fetched; until then, or where none comes, the rates reckon it.
 */

CREATE TABLE voiceagent.carrier_rates (
	rate_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	provider text NOT NULL CHECK (voiceagent_private.is_provider(provider)),
	direction text NOT NULL DEFAULT 'outbound' CHECK (direction IN ('outbound', 'inbound')),
	prefix text NOT NULL DEFAULT '' CHECK (prefix ~ '^(\+[1-9][0-9]{0,14})?$'),
	-- NaN is more than any number.
	price_per_minute numeric(12,6) NOT NULL CHECK (price_per_minute >= 0 AND price_per_minute < 'NaN'),
	increment_s integer NOT NULL DEFAULT 60 CHECK (increment_s BETWEEN 1 AND 3600),
	currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
	valid tstzrange NOT NULL,
	source text NOT NULL,
	EXCLUDE USING gist (provider WITH =, direction WITH =, prefix WITH =, valid WITH &&)
);
COMMENT ON TABLE voiceagent.carrier_rates IS
	'The price of a minute at a carrier, for calls whose price it does not tell: the longest prefix of the number, '
	'of those valid at the dial.';
COMMENT ON COLUMN voiceagent.carrier_rates.rate_id IS 'Number of the rate.';
COMMENT ON COLUMN voiceagent.carrier_rates.provider IS 'The carrier.';
COMMENT ON COLUMN voiceagent.carrier_rates.direction IS 'outbound or inbound.';
COMMENT ON COLUMN voiceagent.carrier_rates.prefix IS 'How the number begins that is called, e.g. +1212; empty: any.';
COMMENT ON COLUMN voiceagent.carrier_rates.price_per_minute IS 'In currency.';
COMMENT ON COLUMN voiceagent.carrier_rates.increment_s IS 'Seconds by which the carrier counts; a begun one is whole.';
COMMENT ON COLUMN voiceagent.carrier_rates.currency IS 'ISO 4217 code.';
COMMENT ON COLUMN voiceagent.carrier_rates.valid IS 'From when to when it holds.';
COMMENT ON COLUMN voiceagent.carrier_rates.source IS 'Where the figure comes from, in words.';
SELECT voiceagent_private.guard_table('voiceagent.carrier_rates', 'platform', '');

CREATE TABLE voiceagent.account_rates (
	tenant_id bigint NOT NULL,
	rate_id bigint GENERATED ALWAYS AS IDENTITY,
	provider_account_id bigint NOT NULL,
	direction text NOT NULL DEFAULT 'outbound' CHECK (direction IN ('outbound', 'inbound')),
	prefix text NOT NULL DEFAULT '' CHECK (prefix ~ '^(\+[1-9][0-9]{0,14})?$'),
	price_per_minute numeric(12,6) NOT NULL CHECK (price_per_minute >= 0 AND price_per_minute < 'NaN'),
	increment_s integer NOT NULL DEFAULT 60 CHECK (increment_s BETWEEN 1 AND 3600),
	currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
	valid tstzrange NOT NULL,
	PRIMARY KEY (tenant_id, rate_id),
	FOREIGN KEY (tenant_id, provider_account_id) REFERENCES voiceagent.provider_accounts,
	EXCLUDE USING gist (tenant_id WITH =, provider_account_id WITH =, direction WITH =, prefix WITH =, valid WITH &&)
);
COMMENT ON TABLE voiceagent.account_rates IS
	'The price of a minute to a tenant at an account of its own: goes before carrier_rates, whatever the prefix.';
COMMENT ON COLUMN voiceagent.account_rates.rate_id IS 'Number of the rate.';
COMMENT ON COLUMN voiceagent.account_rates.direction IS 'outbound or inbound.';
COMMENT ON COLUMN voiceagent.account_rates.prefix IS 'How the number begins that is called, e.g. +1212; empty: any.';
COMMENT ON COLUMN voiceagent.account_rates.price_per_minute IS 'In currency.';
COMMENT ON COLUMN voiceagent.account_rates.increment_s IS 'Seconds by which the carrier counts; a begun one is whole.';
COMMENT ON COLUMN voiceagent.account_rates.currency IS 'ISO 4217 code.';
COMMENT ON COLUMN voiceagent.account_rates.valid IS 'From when to when it holds.';
SELECT voiceagent_private.guard_table('voiceagent.account_rates', 'tenant');

CREATE FUNCTION voiceagent.set_carrier_rate(provider text, price_per_minute numeric, currency text,
	prefix text DEFAULT '', direction text DEFAULT 'outbound', increment_s integer DEFAULT 60,
	source text DEFAULT 'set by hand', valid_from timestamptz DEFAULT NULL)
	RETURNS bigint LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_from timestamptz := coalesce(valid_from, voiceagent.clock());
	v_rate bigint;
	v_old jsonb;
BEGIN
	PERFORM voiceagent_private.require_platform('set a carrier''s rate');
	LOCK TABLE voiceagent.carrier_rates IN SHARE ROW EXCLUSIVE MODE;
	SELECT jsonb_build_object('price_per_minute', r.price_per_minute, 'currency', r.currency,
		'increment_s', r.increment_s) INTO v_old
	FROM voiceagent.carrier_rates r
	WHERE r.provider = set_carrier_rate.provider AND r.direction = set_carrier_rate.direction
		AND r.prefix = set_carrier_rate.prefix AND r.valid @> v_from;
	DELETE FROM voiceagent.carrier_rates r
	WHERE r.provider = set_carrier_rate.provider AND r.direction = set_carrier_rate.direction
		AND r.prefix = set_carrier_rate.prefix AND lower(r.valid) >= v_from;
	UPDATE voiceagent.carrier_rates r SET valid = tstzrange(lower(r.valid), v_from)
	WHERE r.provider = set_carrier_rate.provider AND r.direction = set_carrier_rate.direction
		AND r.prefix = set_carrier_rate.prefix AND r.valid @> v_from;
	INSERT INTO voiceagent.carrier_rates (provider, direction, prefix, price_per_minute, increment_s, currency,
		valid, source)
	VALUES (set_carrier_rate.provider, set_carrier_rate.direction, set_carrier_rate.prefix,
		set_carrier_rate.price_per_minute, set_carrier_rate.increment_s, set_carrier_rate.currency,
		tstzrange(v_from, NULL), set_carrier_rate.source)
	RETURNING rate_id INTO v_rate;
	PERFORM voiceagent_private.audit_platform('set_carrier_rate',
		concat_ws(' ', provider, direction, nullif(prefix, '')), v_old,
		jsonb_build_object('price_per_minute', price_per_minute, 'currency', currency, 'increment_s', increment_s,
			'valid_from', v_from));
	RETURN v_rate;
EXCEPTION WHEN check_violation OR not_null_violation OR numeric_value_out_of_range THEN
	RAISE EXCEPTION USING ERRCODE = 'PT422', MESSAGE = 'this is no rate', DETAIL = SQLERRM,
		HINT = 'A carrier of the view providers, a price from 0 on, a currency such as USD, a prefix such as +1212, '
			'outbound or inbound.';
END
$$;
COMMENT ON FUNCTION voiceagent.set_carrier_rate(text, numeric, text, text, text, integer, text, timestamptz) IS
	E'Platform only: what a minute costs at a carrier to numbers of a prefix, from valid_from (default now) on, in '
	'place of what was set before.\n'
	'Returns the rate''s id; PT422 for what is no rate.';

CREATE FUNCTION voiceagent.set_account_rate(provider_account_id bigint, price_per_minute numeric, currency text,
	prefix text DEFAULT '', direction text DEFAULT 'outbound', increment_s integer DEFAULT 60,
	valid_from timestamptz DEFAULT NULL)
	RETURNS bigint LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_from timestamptz := coalesce(valid_from, voiceagent.clock());
	v_rate bigint;
BEGIN
	PERFORM FROM voiceagent.provider_accounts a
	WHERE a.tenant_id = v_tenant AND a.provider_account_id = set_account_rate.provider_account_id FOR NO KEY UPDATE;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'there is no such provider account');
	DELETE FROM voiceagent.account_rates r
	WHERE r.tenant_id = v_tenant AND r.provider_account_id = set_account_rate.provider_account_id
		AND r.direction = set_account_rate.direction AND r.prefix = set_account_rate.prefix
		AND lower(r.valid) >= v_from;
	UPDATE voiceagent.account_rates r SET valid = tstzrange(lower(r.valid), v_from)
	WHERE r.tenant_id = v_tenant AND r.provider_account_id = set_account_rate.provider_account_id
		AND r.direction = set_account_rate.direction AND r.prefix = set_account_rate.prefix AND r.valid @> v_from;
	INSERT INTO voiceagent.account_rates (tenant_id, provider_account_id, direction, prefix, price_per_minute,
		increment_s, currency, valid)
	VALUES (v_tenant, set_account_rate.provider_account_id, set_account_rate.direction, set_account_rate.prefix,
		set_account_rate.price_per_minute, set_account_rate.increment_s, set_account_rate.currency,
		tstzrange(v_from, NULL))
	RETURNING rate_id INTO v_rate;
	RETURN v_rate;
EXCEPTION WHEN check_violation OR not_null_violation OR numeric_value_out_of_range THEN
	RAISE EXCEPTION USING ERRCODE = 'PT422', MESSAGE = 'this is no rate', DETAIL = SQLERRM,
		HINT = 'A price from 0 on, a currency such as USD, a prefix such as +1212, outbound or inbound.';
END
$$;
COMMENT ON FUNCTION voiceagent.set_account_rate(bigint, numeric, text, text, text, integer, timestamptz) IS
	E'The price of a minute at an account of the tenant''s own to numbers of a prefix, from valid_from (default now) '
	'on, in place of what was set before; goes before the platform''s rates.\n'
	'Returns the rate''s id; PT404, PT422 for what is no rate.';

CREATE FUNCTION voiceagent_private.rate_cost(account bigint, provider text, direction text, phone text, seconds numeric,
	at timestamptz, OUT cost numeric, OUT currency text)
	LANGUAGE sql STABLE AS $$
	SELECT round(r.price * ceil(seconds / r.step) * r.step / 60, 6), r.currency
	FROM (
		SELECT 0 AS place, length(o.prefix) AS length, o.price_per_minute AS price, o.increment_s AS step, o.currency
		FROM voiceagent.account_rates o
		WHERE o.tenant_id = voiceagent.current_tenant() AND o.provider_account_id = account
			AND o.direction = rate_cost.direction
			AND o.valid @> at AND starts_with(phone, o.prefix)
		UNION ALL
		SELECT 1, length(o.prefix), o.price_per_minute, o.increment_s, o.currency FROM voiceagent.carrier_rates o
		WHERE o.provider = rate_cost.provider AND o.direction = rate_cost.direction AND o.valid @> at
			AND starts_with(phone, o.prefix)) r
	ORDER BY r.place, r.length DESC LIMIT 1
$$;
COMMENT ON FUNCTION voiceagent_private.rate_cost(bigint, text, text, text, numeric, timestamptz) IS
	'The cost of a call of so many seconds by the rates in force at an instant: the account''s own before the '
	'carrier''s, the longest prefix of the number; NULL: there is no rate.';

CREATE FUNCTION voiceagent_private.rate_calls(call_ids bigint[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = row_by_row
	SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v record;
BEGIN
	FOR v IN
		-- A carrier prices a call that comes in by the number that was called.
		SELECT c.call_id, c.direction, CASE c.direction WHEN 'inbound' THEN coalesce(b.to_number, '')
			ELSE c.phone END AS phone, c.duration_seconds, c.started_at, c.provider_account_id, a.provider,
			coalesce(c.provider_call_id, t.provider_call_id) AS provider_call_id
		-- Keys one by one: see finish_leads().
		FROM unnest(call_ids) AS i(call_id)
		CROSS JOIN LATERAL (SELECT o.* FROM voiceagent.calls o
			WHERE o.tenant_id = v_tenant AND o.call_id = i.call_id AND o.cost_source = 'unknown' OFFSET 0) c
		CROSS JOIN LATERAL (SELECT o.provider FROM voiceagent.provider_accounts o
			WHERE o.tenant_id = v_tenant AND o.provider_account_id = c.provider_account_id OFFSET 0) a
		LEFT JOIN LATERAL (SELECT o.provider_call_id FROM voiceagent.attempts o
			WHERE o.tenant_id = v_tenant AND o.call_id = i.call_id OFFSET 0) t ON true
		LEFT JOIN LATERAL (SELECT o.to_number FROM voiceagent.call_inbound o
			WHERE o.tenant_id = v_tenant AND o.call_id = i.call_id OFFSET 0) b ON c.direction = 'inbound'
		ORDER BY i.call_id
	LOOP
		UPDATE voiceagent.calls c SET cost = r.cost, cost_currency = r.currency, cost_source = 'rate'
		FROM voiceagent_private.rate_cost(v.provider_account_id, v.provider, v.direction, v.phone, v.duration_seconds,
			v.started_at) r
		WHERE c.tenant_id = v_tenant AND c.call_id = v.call_id AND r.cost IS NOT NULL;
		IF v.provider_call_id IS NOT NULL AND voiceagent_private.driver_can(v.provider, 'fetch_cost') THEN
			PERFORM voiceagent_private.enqueue_provider_request(v.provider_account_id, 'fetch_cost', '{"look": 1}',
				v.call_id, NULL,
				voiceagent.clock() + voiceagent_private.as_interval(voiceagent_private.platform_setting('cost_delay')));
		END IF;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.rate_calls(bigint[]) IS
	'Reckons the cost of those of these ended calls whose carrier gave none, and has it asked for later, where '
	'it can be.';

CREATE FUNCTION voiceagent_private.on_cost_fetched(provider_request voiceagent.provider_requests, reply jsonb)
	RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_look integer := coalesce((provider_request.request_data ->> 'look')::integer, 1);
	v_cost numeric;
	v_next timestamptz;
	c_looks CONSTANT integer := 5;
BEGIN
	v_cost := (reply ->> 'cost')::numeric;
	IF v_cost IS NULL AND v_look < c_looks THEN
		-- Not rated yet: the same provider request once more.
		v_next := voiceagent.clock() + voiceagent_private.as_interval(voiceagent_private.platform_setting('cost_delay'))
			* power(4, v_look)::integer;
		UPDATE voiceagent.provider_requests e
		SET state = 'queued', tries = 0, next_at = v_next, request_data = jsonb_build_object('look', v_look + 1)
		WHERE e.tenant_id = v_tenant AND e.provider_request_id = provider_request.provider_request_id;
		UPDATE voiceagent_private.provider_request_queue q SET claimed = false, next_at = v_next
		WHERE q.tenant_id = v_tenant AND q.provider_request_id = provider_request.provider_request_id;
		RETURN;
	ELSIF v_cost IS NULL THEN
		PERFORM voiceagent_private.end_provider_request(provider_request.provider_request_id, 'done', reply,
			'the carrier has not priced the call');
		RETURN;
	END IF;
	UPDATE voiceagent.calls c SET cost = p.cost, cost_currency = p.currency, cost_source = 'carrier'
	FROM voiceagent.calls o
	CROSS JOIN LATERAL voiceagent_private.greater_cost(CASE o.cost_source WHEN 'carrier' THEN o.cost END,
		o.cost_currency, v_cost, reply ->> 'currency') p
	WHERE o.tenant_id = v_tenant AND o.call_id = provider_request.call_id AND c.tenant_id = v_tenant
		AND c.call_id = provider_request.call_id
		AND p.cost IS NOT NULL;
	-- The call has it: there is one such provider request for each, so nothing of it is kept.
	DELETE FROM voiceagent_private.provider_request_queue q
	WHERE q.tenant_id = v_tenant AND q.provider_request_id = provider_request.provider_request_id;
	DELETE FROM voiceagent.provider_requests e
	WHERE e.tenant_id = v_tenant AND e.provider_request_id = provider_request.provider_request_id;
EXCEPTION
	WHEN data_exception THEN
		PERFORM voiceagent_private.end_provider_request(provider_request.provider_request_id, 'failed', reply,
			'the price cannot be used: ' || SQLERRM);
END
$$;
COMMENT ON FUNCTION voiceagent_private.on_cost_fetched(voiceagent.provider_requests, jsonb) IS
	'The carrier was asked for the price of a call: it is the call''s cost, and the provider request is gone; or it '
	'is asked again later, up to five times.';
