-- 86_payment: amounts of money, and the packs that the platform sells.

CREATE FUNCTION voiceagent_private.money(amount numeric, exponent integer) RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN round(amount / power(10::numeric, exponent), exponent);
COMMENT ON FUNCTION voiceagent_private.money(numeric, integer) IS
	'An amount of the currency''s smallest unit as people write it: 25000 with 2 decimals is 250.00.';

CREATE FUNCTION voiceagent_private.smallest_units(price numeric, currency text) RETURNS bigint
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_exponent integer := (SELECT c.exponent FROM voiceagent.currencies c
		WHERE c.currency = smallest_units.currency);
	v_amount numeric;
BEGIN
	PERFORM voiceagent_private.fail_if(v_exponent IS NULL, 'PT422',
		format('there is no currency "%s"', left(coalesce(currency, 'null'), 60)), NULL,
		'Write a code of ISO 4217 such as EUR; the table currencies has them all.');
	v_amount := price * power(10::numeric, v_exponent);
	PERFORM voiceagent_private.fail_if(v_amount IS NULL OR v_amount NOT BETWEEN 1 AND 999999999999, 'PT422',
		'that is not a price',
		format('It must lie between %s and %s %s.', voiceagent_private.money(1, v_exponent),
			voiceagent_private.money(999999999999, v_exponent), currency));
	PERFORM voiceagent_private.fail_if(v_amount <> trunc(v_amount), 'PT422',
		format('%s has no such fraction', currency),
		format('Its amounts have %s decimals; got %s.', v_exponent, left(price::text, 60)));
	RETURN v_amount;
END
$$;
COMMENT ON FUNCTION voiceagent_private.smallest_units(numeric, text) IS
	'A price as people write it, in the smallest unit of its currency; PT422 for an unknown currency, a fraction that '
	'it does not have, or what is no price.';

CREATE FUNCTION voiceagent.create_credit_pack(name text, credits numeric, prices jsonb,
	valid_for interval DEFAULT NULL, minutes numeric DEFAULT 0) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_name text := btrim(name);
	v_pack bigint;
	v_bad text;
BEGIN
	PERFORM voiceagent_private.require_platform('sell credits');
	PERFORM voiceagent_private.fail_if(NOT voiceagent_private.is_name(v_name, 200), 'PT422',
		'a pack needs a name of 1 to 200 characters, in one line');
	PERFORM voiceagent_private.fail_if(
		credits IS NULL OR credits NOT BETWEEN 0 AND 1e9 OR credits <> round(credits, 6) OR minutes IS NULL
			OR minutes NOT BETWEEN 0 AND 1e9 OR minutes <> round(minutes, 6) OR credits + minutes = 0, 'PT422',
		'a pack has more than 0 and at most 1000000000 credits or minutes',
		format('Got %s and %s; they have at most 6 decimals.', coalesce(left(credits::text, 60), 'NULL'),
			coalesce(left(minutes::text, 60), 'NULL')));
	PERFORM voiceagent_private.fail_if(jsonb_typeof(prices) IS DISTINCT FROM 'object' OR prices = '{}', 'PT422',
		'a pack needs a price', NULL, 'Write prices as {"EUR": 250.00, "USD": 270.00}.');
	PERFORM voiceagent_private.fail_if(valid_for NOT BETWEEN '1 day' AND '100 years', 'PT422',
		'bought credits last from 1 day to 100 years', NULL, 'NULL: they never expire.');
	SELECT p.key INTO v_bad FROM jsonb_each(prices) p WHERE jsonb_typeof(p.value) <> 'number' ORDER BY p.key LIMIT 1;
	PERFORM voiceagent_private.fail_if(FOUND, 'PT422', format('the price in "%s" is not a number', left(v_bad, 60)));
	INSERT INTO voiceagent.credit_packs (name, credits, minutes, valid_for, created_at)
	VALUES (v_name, create_credit_pack.credits, create_credit_pack.minutes, create_credit_pack.valid_for,
		voiceagent.clock())
	ON CONFLICT DO NOTHING RETURNING pack_id INTO v_pack;
	PERFORM voiceagent_private.fail_if(v_pack IS NULL, 'PT409', 'a pack with this name is sold already', NULL,
		'archive_credit_pack() takes one off the list.');
	INSERT INTO voiceagent.credit_pack_prices (pack_id, currency, amount)
	SELECT v_pack, p.key, voiceagent_private.smallest_units(p.value::numeric, p.key)
	FROM jsonb_each(prices) p ORDER BY p.key;
	PERFORM voiceagent_private.audit_platform('create_credit_pack', 'pack ' || v_pack, NULL,
		jsonb_build_object('name', v_name, 'credits', credits, 'minutes', minutes, 'prices', prices));
	RETURN v_pack;
END
$$;
COMMENT ON FUNCTION voiceagent.create_credit_pack(text, numeric, jsonb, interval, numeric) IS
	E'Platform only: sells so many credits, and prepaid minutes, from now on -> pack_id.\n'
	'prices: what they cost before tax, by currency: {"EUR": 250.00, "JPY": 40000}; valid_for: how long they last '
	'(NULL: for ever). 42501; PT409 for a name in use; PT422 for a currency, a fraction or a number that there is not.';

CREATE FUNCTION voiceagent.archive_credit_pack(pack_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.require_platform('take a pack of credits off the list');
	UPDATE voiceagent.credit_packs p SET archived_at = voiceagent.clock()
	WHERE p.pack_id = archive_credit_pack.pack_id AND p.archived_at IS NULL;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'there is no such pack on sale');
	PERFORM voiceagent_private.audit_platform('archive_credit_pack', 'pack ' || pack_id);
END
$$;
COMMENT ON FUNCTION voiceagent.archive_credit_pack(bigint) IS
	E'Platform only: sells a pack no longer; orders for it stay as they are.\n'
	'42501, PT404.';

CREATE VIEW voiceagent.credit_offers WITH (security_invoker = true) AS
SELECT p.pack_id, p.name, p.credits, r.currency,
	round(r.amount / power(10::numeric, c.exponent), c.exponent) AS price, p.minutes
FROM voiceagent.credit_packs p
JOIN voiceagent.credit_pack_prices r ON r.pack_id = p.pack_id
JOIN voiceagent.currencies c ON c.currency = r.currency
WHERE p.archived_at IS NULL;
COMMENT ON VIEW voiceagent.credit_offers IS
	'The packs of credits and minutes that buy() sells now, with their price in each currency.';
COMMENT ON COLUMN voiceagent.credit_offers.price IS 'Price before tax, as people write it.';

GRANT SELECT ON voiceagent.currencies, voiceagent.payment_currencies, voiceagent.credit_packs,
	voiceagent.credit_pack_prices, voiceagent.credit_offers, voiceagent.tax_rates TO voiceagent_admin;
