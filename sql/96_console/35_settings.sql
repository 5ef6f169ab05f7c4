-- 96_console: the workspace's settings, who may not be called, and where its notices go.

CREATE FUNCTION voiceagent.settings_page() RETURNS jsonb
	LANGUAGE sql STABLE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
	SELECT jsonb_build_object(
		'tenant', (SELECT jsonb_build_object('name', t.name, 'timezone', t.timezone) FROM voiceagent.tenants t
			WHERE t.tenant_id = voiceagent.current_tenant()),
		'settings', (SELECT jsonb_object_agg(s.key, jsonb_build_object('value',
				CASE k.unit WHEN '' THEN to_jsonb(s.value)
					ELSE to_jsonb(trim_scale(extract(epoch FROM s.value::interval) / k.unit::numeric)) END,
				'own', s.origin = 'tenant'))
			FROM voiceagent.settings s
			JOIN (VALUES ('caller_name', ''), ('default_country', ''), ('calling_hours', ''), ('days_off', ''),
				('max_concurrent_calls', ''), ('call_interval', '1'), ('max_call_duration', '60'),
				('ring_timeout', '1'), ('retry_attempts', ''), ('retry_delay_no_answer', '60'),
				('retry_delay_busy', '60'), ('number_calls_per_day', ''), ('require_consent', ''),
				('record_calls', ''), ('announce_recording', ''), ('machine_detection', ''), ('require_test_call', ''),
				('call_back_missed', ''), ('mail_invitations', ''), ('mail_information', ''), ('auto_spend', ''),
				('auto_spend_per_campaign', ''), ('tenant_spend_cap_per_day', ''), ('balance_low_credits', ''),
				('retention_calls', ''), ('retention_transcripts', ''), ('retention_recordings', ''),
				('retention_mails', ''), ('retention_tasks', ''), ('retention_imports', ''))
				AS k(key, unit) ON k.key = s.key),
		'sign_on', (SELECT to_jsonb(o) - '{tenant_id,changed_at}'::text[] FROM voiceagent.sign_ons o
			WHERE o.tenant_id = voiceagent.current_tenant()),
		'accounts', (SELECT coalesce(jsonb_agg(jsonb_build_array(a.provider_account_id, a.name)
				ORDER BY a.provider_account_id), '[]')
			FROM (SELECT * FROM voiceagent.provider_accounts p WHERE p.tenant_id = voiceagent.current_tenant()
				AND p.provider <> 'sandbox' ORDER BY p.provider_account_id LIMIT 100) a),
		'rates', (SELECT coalesce(jsonb_agg(jsonb_build_object('rate_id', r.rate_id, 'account', a.name, 'direction',
				r.direction, 'prefix', r.prefix, 'price_per_minute', r.price_per_minute, 'currency', r.currency,
				'increment_s', r.increment_s, 'since', lower(r.valid)) ORDER BY a.name, r.direction, r.prefix), '[]')
			FROM (SELECT * FROM voiceagent.account_rates q WHERE q.tenant_id = voiceagent.current_tenant()
				AND q.valid @> voiceagent.clock() ORDER BY q.rate_id DESC LIMIT 200) r
			JOIN voiceagent.provider_accounts a
				ON a.tenant_id = r.tenant_id AND a.provider_account_id = r.provider_account_id))
$$;
COMMENT ON FUNCTION voiceagent.settings_page() IS
	'The settings that workspaces change most: tenant, settings by key (value, lengths of time in minutes, or as they '
	'are for what is kept; own: set here), its accounts at carriers, at which provider its members log in (sign_on), '
	'and the rates of now that it has set for its accounts.';

CREATE FUNCTION voiceagent.stop_page(words text DEFAULT NULL, before timestamptz DEFAULT NULL,
	page_size integer DEFAULT 50, before_phone text DEFAULT NULL) RETURNS jsonb
	LANGUAGE sql STABLE SET planner.policy = batch SET search_path = pg_catalog, pg_temp AS $$
	SELECT coalesce(jsonb_agg(jsonb_build_object('phone', d.phone, 'reason', d.reason, 'source', d.source, 'call_id',
		d.call_id, 'created_at', d.created_at, 'held', d.held) ORDER BY d.created_at DESC, d.phone DESC), '[]')
	FROM (SELECT l.* FROM voiceagent.do_not_call_list l
		CROSS JOIN (SELECT lower(w.words) AS words, regexp_replace(w.words, '\D', '', 'g') AS digits
			FROM (SELECT left(btrim(coalesce(stop_page.words, '')), 1000)) AS w(words)
			OFFSET 0 /* read once, not for each row; a reason is no longer */) a
		WHERE l.tenant_id = voiceagent.current_tenant()
			-- A list that is imported has one instant.
			AND (l.created_at, l.phone::text) < (coalesce(stop_page.before, 'infinity'),
				coalesce(stop_page.before_phone, ''))
			AND (a.words = '' OR position(a.words IN lower(l.reason)) > 0
				OR a.digits <> '' AND position(a.digits IN l.phone) > 0)
		ORDER BY l.created_at DESC, l.phone DESC LIMIT least(greatest(page_size, 1), 200)) d
$$;
COMMENT ON FUNCTION voiceagent.stop_page(text, timestamptz, integer, text) IS
	'The do-not-call list, the latest first, or of it what has these digits in its number, or these words in its '
	'reason; before and before_phone: created_at and phone of the last one, for the next page; page_size: 1 to 200.';

CREATE FUNCTION voiceagent.legal_hold_page() RETURNS jsonb
	LANGUAGE sql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
	SELECT coalesce(jsonb_agg(jsonb_build_object('phone', h.phone, 'reason', h.reason, 'held_by', h.held_by,
		'created_at', h.created_at) ORDER BY h.created_at DESC, h.phone), '[]')
	FROM voiceagent.legal_holds h WHERE h.tenant_id = voiceagent.current_tenant()
$$;
COMMENT ON FUNCTION voiceagent.legal_hold_page() IS
	'The numbers under a legal hold (100 at most), the latest first; case_file() tells what there is about a number.';

CREATE FUNCTION voiceagent.webhook_page() RETURNS jsonb
	LANGUAGE sql STABLE SECURITY DEFINER SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
	SELECT jsonb_build_object('kinds', voiceagent_private.webhook_kinds(),
		'subscriptions', (SELECT coalesce(jsonb_agg(jsonb_build_object('subscription_id', s.subscription_id,
				'url', s.url, 'kinds', s.kinds, 'description', s.description, 'active', s.active,
				'failing_since', s.failing_since,
				'last_status', s.last_status, 'created_at', s.created_at) ORDER BY s.subscription_id), '[]')
			FROM (SELECT * FROM voiceagent.webhook_subscriptions w WHERE w.tenant_id = voiceagent.current_tenant()
				ORDER BY w.subscription_id LIMIT 100) s),
		'deliveries', (SELECT coalesce(jsonb_agg(jsonb_build_object('delivery_id', d.delivery_id, 'subscription_id',
				d.subscription_id, 'kind', d.kind, 'at', d.event_at, 'status', d.status, 'tries', d.tries,
				'last_status', d.last_status) ORDER BY d.delivery_id DESC), '[]')
			FROM (SELECT * FROM voiceagent.webhook_deliveries o WHERE o.tenant_id = voiceagent.current_tenant()
				ORDER BY o.delivery_id DESC LIMIT 30) d))
$$;
COMMENT ON FUNCTION voiceagent.webhook_page() IS
	'The workspace''s webhooks, without the secrets, the kinds of events, and the latest 30 that were sent.';
