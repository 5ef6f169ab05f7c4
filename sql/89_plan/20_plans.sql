-- 89_plan: plans and coupons as the platform sells them.

CREATE FUNCTION voiceagent.plan_features() RETURNS TABLE (feature text, kind text, description text)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
	VALUES ('api_keys', 'feature', 'API keys'), ('calendars', 'feature', 'calendars of one''s own'),
		('experiments', 'feature', 'experiments'),
		('exports', 'feature', 'exports'), ('knowledge', 'feature', 'documents for assistants'),
		('listings', 'feature', 'listings'), ('models', 'feature', 'accounts of one''s own at language models'),
		('webhooks', 'feature', 'outgoing webhooks'),
		('assistants', 'limit', 'assistants'), ('carriers', 'limit', 'carrier accounts of one''s own'),
		('campaigns', 'limit', 'campaigns that are not archived'),
		('members', 'limit', 'members that may log in'), ('numbers', 'limit', 'telephone numbers that are active')
$$;
COMMENT ON FUNCTION voiceagent.plan_features() IS
	'The features (kind feature) and limits (kind limit) of plans, by the words in plans.features and plans.limits.';

CREATE FUNCTION voiceagent.create_plan(name text, level integer, credits numeric, prices jsonb DEFAULT '{}',
	features text[] DEFAULT '{}', limits jsonb DEFAULT '{}', period interval DEFAULT '1 month',
	trial interval DEFAULT '0', grace interval DEFAULT '7 days', rollover numeric DEFAULT 0,
	fallback boolean DEFAULT false, minutes numeric DEFAULT 0, minutes_rollover numeric DEFAULT 0) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_plan bigint;
	v_bad text;
BEGIN
	PERFORM voiceagent_private.require_platform('sell a plan');
	IF NOT voiceagent_private.is_name(name, 200) THEN
		PERFORM voiceagent_private.fail('PT422', 'a plan needs a name of 1 to 200 characters, in one line');
	ELSIF level IS NULL OR level NOT BETWEEN 0 AND 1000 THEN
		PERFORM voiceagent_private.fail('PT422', 'a level lies between 0 and 1000');
	ELSIF credits IS NULL OR credits NOT BETWEEN 0 AND 1e9 OR credits <> round(credits, 6)
		OR rollover IS NULL OR rollover NOT BETWEEN 0 AND 1e9 OR rollover <> round(rollover, 6)
		OR minutes IS NULL OR minutes NOT BETWEEN 0 AND 1e9 OR minutes <> round(minutes, 6)
		OR minutes_rollover IS NULL OR minutes_rollover NOT BETWEEN 0 AND 1e9
		OR minutes_rollover <> round(minutes_rollover, 6) THEN
		PERFORM voiceagent_private.fail('PT422',
			'a plan has 0 to 1000000000 credits and minutes, and as many of each that are carried over');
	ELSIF coalesce(period NOT IN ('1 month', '1 year'), true) OR coalesce(trial NOT BETWEEN '0' AND '1 year', true)
		OR coalesce(grace NOT BETWEEN '0' AND '60 days', true) THEN
		PERFORM voiceagent_private.fail('PT422', 'a period is 1 month or 1 year, a trial at most a year, a grace at '
			'most 60 days');
	ELSIF jsonb_typeof(prices) IS DISTINCT FROM 'object'
		OR EXISTS (SELECT FROM jsonb_each(prices) p WHERE jsonb_typeof(p.value) <> 'number') THEN
		PERFORM voiceagent_private.fail('PT422', 'prices are numbers by currency', NULL,
			'Write them as {"EUR": 49.00}; {} for a plan that is free.');
	END IF;
	SELECT x INTO v_bad FROM unnest(coalesce(features, '{}')) x
	WHERE NOT EXISTS (SELECT FROM voiceagent.plan_features() f WHERE f.feature = x AND f.kind = 'feature') LIMIT 1;
	PERFORM voiceagent_private.fail_if(FOUND, 'PT422',
		format('there is no feature "%s"', left(coalesce(v_bad, 'null'), 60)), NULL, 'plan_features() lists them.');
	PERFORM voiceagent_private.fail_if(jsonb_typeof(limits) IS DISTINCT FROM 'object', 'PT422', 'limits are an object',
		NULL, 'Write them as {"campaigns": 3}.');
	SELECT x.key INTO v_bad FROM jsonb_each(limits) x
	WHERE jsonb_typeof(x.value) <> 'number' OR x.value::text !~ '^[0-9]{1,9}$'
		OR NOT EXISTS (SELECT FROM voiceagent.plan_features() f WHERE f.feature = x.key AND f.kind = 'limit') LIMIT 1;
	PERFORM voiceagent_private.fail_if(FOUND, 'PT422', format('"%s" is no limit', left(v_bad, 60)), NULL,
		'plan_features() lists them; each is a whole number.');
	INSERT INTO voiceagent.plans (name, level, credits, minutes, rollover, minutes_rollover, period, trial, grace,
		features, limits, fallback, created_at)
	VALUES (btrim(create_plan.name), create_plan.level, create_plan.credits, create_plan.minutes,
		create_plan.rollover, create_plan.minutes_rollover,
		create_plan.period, create_plan.trial, create_plan.grace, coalesce(create_plan.features, '{}'),
		create_plan.limits, coalesce(create_plan.fallback, false), voiceagent.clock())
	ON CONFLICT DO NOTHING RETURNING plan_id INTO v_plan;
	PERFORM voiceagent_private.fail_if(v_plan IS NULL, 'PT409',
		'a plan with this name, or another fallback, is sold already', NULL, 'archive_plan() takes one off the list.');
	INSERT INTO voiceagent.plan_prices (plan_id, currency, amount)
	SELECT v_plan, p.key, voiceagent_private.smallest_units(p.value::numeric, p.key)
	FROM jsonb_each(prices) p ORDER BY p.key;
	PERFORM voiceagent_private.audit_platform('create_plan', 'plan ' || v_plan, NULL,
		jsonb_build_object('name', name, 'credits', credits, 'minutes', minutes, 'prices', prices, 'features', features,
			'limits', limits));
	RETURN v_plan;
END
$$;
COMMENT ON FUNCTION voiceagent.create_plan(text, integer, numeric, jsonb, text[], jsonb, interval, interval, interval,
	numeric, boolean, numeric, numeric) IS
	E'Platform only: sells a plan from now on -> plan_id.\n'
	'level: its rank; credits, minutes: of each period, of which rollover and minutes_rollover go over at most; '
	'prices: of a period before tax, by currency ({}: free); features, limits: of plan_features(); fallback: what '
	'tenants have whose contract has ended. 42501; PT409 for a name in use; PT422.';

CREATE FUNCTION voiceagent.archive_plan(plan_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.require_platform('take a plan off the list');
	UPDATE voiceagent.plans p SET archived_at = voiceagent.clock()
	WHERE p.plan_id = archive_plan.plan_id AND p.archived_at IS NULL;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'there is no such plan on sale');
	PERFORM voiceagent_private.audit_platform('archive_plan', 'plan ' || plan_id);
END
$$;
COMMENT ON FUNCTION voiceagent.archive_plan(bigint) IS
	E'Platform only: sells a plan no longer; contracts for it go on as they are.\n'
	'42501, PT404.';

CREATE FUNCTION voiceagent.create_coupon(code text, percent integer, periods integer DEFAULT NULL,
	uses integer DEFAULT NULL, expires_at timestamptz DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.hide_query('create_coupon');
	PERFORM voiceagent_private.require_platform('make a coupon');
	PERFORM voiceagent_private.fail_if(
		coalesce(code !~ '^[A-Z0-9-]{3,40}$', true) OR coalesce(percent NOT BETWEEN 1 AND 100, true)
			OR periods NOT BETWEEN 1 AND 1000 OR uses NOT BETWEEN 1 AND 1000000000, 'PT422', 'that is no coupon', NULL,
		'A code has 3 to 40 capital letters, digits and dashes; 1 to 100 per cent; at least one period and one '
			'use.');
	INSERT INTO voiceagent_private.plan_coupons (code, percent, periods, uses_left, expires_at, created_at)
	VALUES (create_coupon.code, create_coupon.percent, create_coupon.periods, create_coupon.uses,
		coalesce(create_coupon.expires_at, 'infinity'), voiceagent.clock())
	ON CONFLICT ON CONSTRAINT plan_coupons_pkey DO NOTHING;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT409', 'there is a coupon with this code');
	PERFORM voiceagent_private.audit_platform('create_coupon', 'coupon ' || code, NULL, jsonb_build_object('percent',
		percent, 'periods', periods, 'uses', uses, 'expires_at', expires_at));
END
$$;
COMMENT ON FUNCTION voiceagent.create_coupon(text, integer, integer, integer, timestamptz) IS
	E'Platform only: so many per cent less for the first periods of a contract (NULL: for all), for so many tenants '
	'(NULL: any number), once each.\n'
	'42501, PT409, PT422.';

CREATE VIEW voiceagent.plan_offers WITH (security_invoker = true) AS
SELECT p.plan_id, p.name, p.level, p.credits, p.period, p.trial, p.features, p.limits, r.currency,
	round(r.amount / power(10::numeric, c.exponent), c.exponent) AS price, p.minutes
FROM voiceagent.plans p
LEFT JOIN voiceagent.plan_prices r ON r.plan_id = p.plan_id
LEFT JOIN voiceagent.currencies c ON c.currency = r.currency
WHERE p.archived_at IS NULL;
COMMENT ON VIEW voiceagent.plan_offers IS
	'The plans that choose_plan() sells now, with their price in each currency; currency is NULL for a free one.';
COMMENT ON COLUMN voiceagent.plan_offers.price IS 'Price of a period before tax, as people write it; NULL: free.';

GRANT SELECT ON voiceagent.plans, voiceagent.plan_prices, voiceagent.plan_offers TO voiceagent_admin;
