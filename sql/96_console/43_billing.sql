-- 96_console: how long the credits last, and what they were spent on.

CREATE FUNCTION voiceagent.billing_overview() RETURNS jsonb
	LANGUAGE plpgsql STABLE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_today date := (SELECT (voiceagent.clock() AT TIME ZONE t.timezone)::date FROM voiceagent.tenants t
		WHERE t.tenant_id = voiceagent.current_tenant());
BEGIN
	RETURN jsonb_build_object('balance', (SELECT to_jsonb(b) - 'tenant_id' FROM voiceagent.credit_balance b),
		'ends', (SELECT jsonb_build_object('at', f.at, 'days', f.days) FROM voiceagent.credit_forecast() f
			WHERE f.event = 'used up'),
		'lapse', (SELECT jsonb_build_object('at', f.at, 'credits', f.credits) FROM voiceagent.credit_forecast() f
			WHERE f.event = 'expires' ORDER BY f.at LIMIT 1),
		'days', (SELECT jsonb_agg(jsonb_build_object('day', n.day, 'campaigns', coalesce(s.campaigns, 0), 'incoming',
				coalesce(s.incoming, 0)) ORDER BY n.day)
			FROM (SELECT v_today - i AS day FROM generate_series(0, 29) i) n
			LEFT JOIN (SELECT d.day, sum(d.credits) FILTER (WHERE d.direction <> 'inbound') AS campaigns,
					sum(d.credits) FILTER (WHERE d.direction = 'inbound') AS incoming
				FROM voiceagent_bi.daily_calls d WHERE d.day BETWEEN v_today - 29 AND v_today
				GROUP BY d.day) s ON s.day = n.day),
		'wallet', voiceagent.wallet_page(), 'plan', voiceagent.plan_page() -> 'plan',
		'billing', voiceagent.billing_page() - 'details');
END
$$;
COMMENT ON FUNCTION voiceagent.billing_overview() IS
	'All of the tenant''s money in one: balance, ends (when credits are used up at the pace of a week; null: nothing '
	'was used), lapse (the next credits that expire), days (30: spent on campaigns and incoming calls), wallet, plan '
	'and billing as wallet_page(), plan_page() and billing_page() have them.';
