-- 96_console: the pages of plans, invoices and what is charged, and of the accounts at carriers and vendors of models.

CREATE FUNCTION voiceagent.plan_page() RETURNS jsonb
	LANGUAGE sql STABLE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
	SELECT jsonb_build_object('plan', (SELECT to_jsonb(m) FROM voiceagent.my_plan() m),
		'offers', (SELECT coalesce(jsonb_agg(to_jsonb(o) ORDER BY o.level, o.currency), '[]')
			FROM voiceagent.plan_offers o))
$$;
COMMENT ON FUNCTION voiceagent.plan_page() IS
	'The tenant''s plan, as my_plan() has it (null: none), and the plans that are sold, as plan_offers has them.';

CREATE FUNCTION voiceagent.billing_page() RETURNS jsonb
	LANGUAGE sql STABLE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
	SELECT jsonb_build_object(
		'details', (SELECT to_jsonb(b) - '{tenant_id,changed_at}'::text[] FROM voiceagent.billing_details b
			WHERE b.tenant_id = voiceagent.current_tenant()),
		'invoices', (SELECT coalesce(jsonb_agg(to_jsonb(i) ORDER BY i.invoice_id DESC), '[]')
			FROM (SELECT * FROM voiceagent.my_invoices() v ORDER BY v.invoice_id DESC LIMIT 100) i),
		'methods', (SELECT coalesce(jsonb_agg(jsonb_build_object('method_id', m.method_id, 'vendor', m.vendor, 'shown',
				m.shown, 'added_by', m.added_by, 'created_at', m.created_at) ORDER BY m.method_id), '[]')
			FROM voiceagent.payment_methods m
			WHERE m.tenant_id = voiceagent.current_tenant() AND m.removed_at IS NULL),
		'top_up', (SELECT jsonb_build_object('active', t.active, 'reason', t.reason, 'below', t.below, 'pack_id',
				t.pack_id, 'currency', t.currency, 'most_per_month',
				round(t.most_per_month / power(10::numeric, t.exponent), t.exponent), 'method_id', t.method_id)
			FROM voiceagent.top_ups t WHERE t.tenant_id = voiceagent.current_tenant()),
		'grants', (SELECT coalesce(jsonb_agg(to_jsonb(g) ORDER BY g.n), '[]')
			FROM (SELECT * FROM voiceagent.list_grants(true) WITH ORDINALITY AS l(grant_id, source, reason, credits,
				rest, held, used, lost, rolled, priority, expires_at, state, unit, n) ORDER BY l.n LIMIT 100) g))
$$;
COMMENT ON FUNCTION voiceagent.billing_page() IS
	'To whom invoices are written, the latest 100 invoices, what may be charged, what is bought by itself (top_up), '
	'and the first 100 grants in the order of list_grants().';

CREATE FUNCTION voiceagent.account_page() RETURNS jsonb
	LANGUAGE sql STABLE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
	SELECT jsonb_build_object(
		'carriers', (SELECT coalesce(jsonb_agg(jsonb_build_object('provider_account_id', a.provider_account_id,
				'provider', a.provider, 'name', a.name, 'active', a.active, 'armed_at', a.armed_at, 'trouble',
				a.trouble, 'resumes_at', a.resumes_at, 'tested_at', a.tested_at, 'test_result', a.test_result,
				'test_message', a.test_message, 'max_concurrent_calls', a.max_concurrent_calls)
				ORDER BY a.provider_account_id), '[]')
			FROM (SELECT * FROM voiceagent.provider_accounts p WHERE p.tenant_id = voiceagent.current_tenant()
				ORDER BY p.provider_account_id LIMIT 100) a),
		'models', (SELECT coalesce(jsonb_agg(jsonb_build_object('model_account_id', m.model_account_id, 'provider',
				m.provider, 'name', m.name, 'default_model', m.default_model, 'active', m.active, 'in_calls',
				m.settings -> 'in_calls', 'trouble', m.trouble, 'tested_at', m.tested_at, 'test_result',
				m.test_result, 'test_message', m.test_message) ORDER BY m.model_account_id), '[]')
			FROM (SELECT * FROM voiceagent.model_accounts o WHERE o.tenant_id = voiceagent.current_tenant()
				AND o.archived_at IS NULL ORDER BY o.model_account_id LIMIT 100) m),
		'providers', (SELECT coalesce(jsonb_agg(jsonb_build_object('provider', p.provider, 'title', p.title,
				'can_be_tested', p.can_be_tested, 'credentials', p.credentials, 'settings', p.settings)
				ORDER BY p.title), '[]')
			FROM voiceagent.providers p WHERE p.provider <> 'sandbox'),
		'vendors', (SELECT jsonb_agg(jsonb_build_array(v.provider, v.title)) FROM voiceagent.model_providers v))
$$;
COMMENT ON FUNCTION voiceagent.account_page() IS
	'The first 100 accounts at carriers, and at vendors of models, ears and voices, without their keys; what an '
	'account at each carrier needs, and the vendors.';
