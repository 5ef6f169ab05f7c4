-- 96_console: what the platform sells, for its staff.

CREATE FUNCTION voiceagent.what_is_sold() RETURNS jsonb
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
BEGIN
	PERFORM voiceagent_private.require_platform('see what is sold');
	RETURN jsonb_build_object(
		-- The platform's own go before those that come with the extension.
		'prices', (SELECT jsonb_agg(jsonb_build_object('operation', o.operation, 'unit', o.unit, 'credits', o.credits,
				'next', (SELECT jsonb_build_object('credits', n.credits, 'from', lower(n.valid))
					FROM voiceagent.prices n WHERE n.operation = o.operation AND n.price_id > 1000
						AND lower(n.valid) > v_now ORDER BY lower(n.valid) LIMIT 1)) ORDER BY o.operation)
			FROM (SELECT DISTINCT ON (p.operation) p.* FROM voiceagent.prices p WHERE p.valid @> v_now
				ORDER BY p.operation, p.price_id <= 1000) o),
		'packs', (SELECT coalesce(jsonb_agg(to_jsonb(p) ORDER BY p.name), '[]') FROM (
			SELECT o.pack_id, o.name, o.credits, o.minutes, jsonb_object_agg(o.currency, o.price) AS prices
			FROM voiceagent.credit_offers o GROUP BY o.pack_id, o.name, o.credits, o.minutes) p),
		'plans', (SELECT coalesce(jsonb_agg(to_jsonb(p) ORDER BY p.level, p.name), '[]') FROM (
			SELECT o.plan_id, o.name, o.level, o.credits, o.minutes, o.period, o.trial, o.features, o.limits,
				coalesce(jsonb_object_agg(o.currency, o.price) FILTER (WHERE o.currency IS NOT NULL), '{}') AS prices
			FROM voiceagent.plan_offers o
			GROUP BY o.plan_id, o.name, o.level, o.credits, o.minutes, o.period, o.trial, o.features, o.limits) p),
		'coupons', (SELECT coalesce(jsonb_agg(jsonb_build_object('code', c.code, 'percent', c.percent, 'periods',
				c.periods, 'uses_left', c.uses_left, 'expires_at', CASE WHEN isfinite(c.expires_at) THEN c.expires_at
				END) ORDER BY c.created_at DESC, c.code), '[]') FROM voiceagent_private.plan_coupons c
			WHERE c.expires_at > v_now AND c.uses_left IS DISTINCT FROM 0),
		'features', (SELECT jsonb_agg(to_jsonb(f) ORDER BY f.kind, f.feature) FROM voiceagent.plan_features() f));
END
$$;
COMMENT ON FUNCTION voiceagent.what_is_sold() IS
	E'Platform only (42501): prices of operations with the next one that is set, packs, plans and coupons on sale, and '
	'what plans may have (plan_features()).\n'
	'prices of packs and plans: before tax, by currency.';
