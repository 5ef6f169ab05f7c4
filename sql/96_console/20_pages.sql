-- 96_console: the pages of those who set things up.

CREATE FUNCTION voiceagent.import_page() RETURNS jsonb
	LANGUAGE sql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
	SELECT coalesce(jsonb_agg(jsonb_build_object('batch_id', b.batch_id, 'status', b.status, 'rows_read', b.rows_read,
		'rows_imported', b.rows_imported, 'rows_rejected', b.rows_rejected, 'rows_duplicate', b.rows_duplicate,
		'rows_do_not_call', b.rows_do_not_call, 'rows_updated', b.rows_updated, 'created_at', b.created_at,
		'finished_at', b.finished_at, 'undone_at', b.undone_at, 'bytes_read', b.bytes_read, 'key', b.idempotency_key)
		ORDER BY b.batch_id DESC), '[]')
	FROM (SELECT i.* FROM voiceagent.import_batches i WHERE i.tenant_id = voiceagent.current_tenant()
		ORDER BY i.batch_id DESC LIMIT 20) b
$$;
COMMENT ON FUNCTION voiceagent.import_page() IS
	'The latest 20 imports of leads and dry runs, with their counts; bytes_read: where one that is open goes on.';

CREATE FUNCTION voiceagent.import_error_page(batch_id bigint, page_size integer DEFAULT 100, after text DEFAULT NULL)
	RETURNS jsonb
	LANGUAGE plpgsql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v text[] := regexp_match(after, '^(\d{1,18})[.](\d{1,4})$');
BEGIN
	IF v IS NULL AND after IS NOT NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'PT422', MESSAGE = 'this is no cursor of import_error_page()';
	END IF;
	RETURN (SELECT coalesce(jsonb_agg(jsonb_build_object('row_number', e.row_number, 'kind', e.kind, 'column',
			e.column_name, 'value', e.value, 'reason', e.reason, 'cursor', concat(e.row_number, '.', e.error_number))
			ORDER BY e.row_number, e.error_number), '[]')
		FROM (SELECT r.* FROM voiceagent.import_reports r
			WHERE r.tenant_id = voiceagent.current_tenant() AND r.batch_id = import_error_page.batch_id
				AND (r.row_number, r.error_number) > (coalesce(v[1]::bigint, -1), coalesce(v[2]::smallint, 0::smallint))
			ORDER BY r.row_number, r.error_number LIMIT least(greatest(page_size, 1), 1000)) e);
END
$$;
COMMENT ON FUNCTION voiceagent.import_error_page(bigint, integer, text) IS
	E'The faults in the rows of an import, or of a dry run: row_number, kind, column, value, reason, cursor.\n'
	'after: the cursor of the last one, for the next page; page_size: 1 to 1000. rejected_csv() has the rows. PT422.';

CREATE FUNCTION voiceagent.incoming_page() RETURNS jsonb
	LANGUAGE sql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
	SELECT jsonb_build_object(
		'numbers', (SELECT coalesce(jsonb_agg(jsonb_build_object('phone_number_id', n.phone_number_id,
				'phone_number', n.phone_number, 'name', n.friendly_name, 'state', n.state, 'reason', n.state_reason,
				'assistant', a.name, 'forward_to', n.forward_to_number, 'from', n.business_hours_start,
				'until', n.business_hours_end, 'timezone', n.timezone, 'spam_since', n.spam_since,
				'calendar_id', u.calendar_id, 'details', jsonb_build_object('friendly_name', n.friendly_name,
					'is_active', n.is_active, 'ai_assistant_id', n.ai_assistant_id, 'in_hours', n.in_hours,
					'after_hours', n.after_hours, 'forward_to_number', n.forward_to_number, 'business_hours_start',
					left(n.business_hours_start::text, 5), 'business_hours_end', left(n.business_hours_end::text, 5),
					'timezone', n.timezone, 'other_days', n.other_days, 'greeting_message', n.greeting_message,
					'after_hours_message', n.after_hours_message, 'known_callers_only', n.known_callers_only,
					'calls_per_day', n.calls_per_day, 'calls_per_caller', n.calls_per_caller))
				ORDER BY n.phone_number_id), '[]')
			FROM (SELECT p.* FROM voiceagent.phone_numbers p WHERE p.tenant_id = voiceagent.current_tenant()
				AND p.removed_at IS NULL ORDER BY p.phone_number_id LIMIT 200) n
			LEFT JOIN voiceagent.assistants a ON a.tenant_id = n.tenant_id AND a.assistant_id = n.ai_assistant_id
			LEFT JOIN voiceagent.calendar_uses u ON u.tenant_id = n.tenant_id
				AND u.phone_number_id = n.phone_number_id),
		'calls', (SELECT coalesce(jsonb_agg(jsonb_build_object('call_id', i.call_id, 'from', i.from_number,
				'to', i.to_number, 'told', i.told,
				'answered', CASE WHEN o.outcome IS NULL THEN i.answered ELSE o.status = 'completed' END,
				'outcome', s.outcome, 'summary', s.summary, 'started_at', i.started_at,
				'ended_at', i.ended_at, 'who', (SELECT nullif(concat_ws(' ', l.first_name, l.last_name), '')
					FROM voiceagent.leads l
					WHERE l.tenant_id = o.tenant_id AND l.lead_id = o.lead_id)) ORDER BY i.call_id DESC), '[]')
			FROM (SELECT c.* FROM voiceagent.call_inbound c WHERE c.tenant_id = voiceagent.current_tenant()
				ORDER BY c.call_id DESC LIMIT 100) i
			JOIN voiceagent.calls o ON o.tenant_id = i.tenant_id AND o.call_id = i.call_id
			CROSS JOIN LATERAL voiceagent.call_result(o) s))
$$;
COMMENT ON FUNCTION voiceagent.incoming_page() IS
	'The tenant''s numbers, with what answers them and when, and what of that may be changed (details, as '
	'update_phone_number() takes it), and the latest 100 incoming calls.';

CREATE FUNCTION voiceagent.assistant_page() RETURNS jsonb
	LANGUAGE sql STABLE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
	SELECT jsonb_build_object(
		'assistants', (SELECT coalesce(jsonb_agg(jsonb_build_object('assistant_id', a.assistant_id, 'name', a.name,
				'version', a.version, 'active', a.active, 'language', a.language, 'voice', a.voice, 'model', a.model,
				'first_message', a.first_message, 'campaigns', a.campaigns, 'changed_at', a.changed_at, 'tools',
				(SELECT coalesce(v.settings -> 'tools', '[]') FROM voiceagent.assistant_versions v
				WHERE v.tenant_id = a.tenant_id AND v.assistant_id = a.assistant_id AND v.version = a.version))
				ORDER BY a.assistant_id DESC), '[]')
			FROM (SELECT * FROM voiceagent.assistant_list ORDER BY assistant_id DESC LIMIT 200) a),
		'tools', (SELECT jsonb_agg(jsonb_build_object('tool', l.tool, 'description', l.description))
			FROM voiceagent.list_tools() l),
		'wizards', (SELECT coalesce(jsonb_agg(to_jsonb(w) - 'tenant_id' ORDER BY w.wizard_id DESC), '[]')
			FROM (SELECT * FROM voiceagent.unfinished_wizards ORDER BY wizard_id DESC LIMIT 50) w),
		'profiles', (SELECT coalesce(jsonb_agg(jsonb_build_object('profile', p.profile, 'language', p.language,
				'name', p.name, 'description', p.description) ORDER BY p.language, p.name), '[]')
			FROM voiceagent.wizard_profiles p))
$$;
COMMENT ON FUNCTION voiceagent.assistant_page() IS
	'The tenant''s assistants with the tools that they have, its unfinished wizards, the profiles from which a wizard '
	'may start, and the tools that there are.';

CREATE FUNCTION voiceagent.money_page(before bigint DEFAULT NULL, page_size integer DEFAULT 50) RETURNS jsonb
	LANGUAGE sql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
	SELECT jsonb_build_object(
		'balance', (SELECT to_jsonb(b) - 'tenant_id' FROM voiceagent.credit_balance b),
		'campaigns', (SELECT coalesce(jsonb_agg(jsonb_build_object('campaign_id', p.campaign_id, 'name', p.name,
				'credits', f.credits, 'costs', p.costs) ORDER BY f.credits DESC), '[]')
			FROM (SELECT * FROM voiceagent.campaign_progress ORDER BY campaign_id DESC LIMIT 50) p
			JOIN voiceagent_bi.campaigns f USING (campaign_id)),
		'prices', (SELECT coalesce(jsonb_agg(jsonb_build_object('operation', p.operation, 'credits', p.credits,
				'unit', p.unit) ORDER BY p.operation), '[]')
			FROM voiceagent.prices p WHERE p.valid @> voiceagent.clock()),
		'statement', (SELECT coalesce(jsonb_agg(jsonb_build_object('transaction_id', t.transfer_id, 'at', t.at,
				'operation', t.operation,
				'change', CASE WHEN t.to_account = 'available' THEN t.amount WHEN t.from_account LIKE 'minutes%' THEN 0
					ELSE -t.amount END,
				'minutes', CASE WHEN t.to_account = 'minutes' THEN t.amount WHEN t.from_account LIKE 'minutes%'
					THEN -t.amount END,
				'reference', t.reference, 'call_id', t.call_id) ORDER BY t.transfer_id DESC), '[]')
			FROM (SELECT k.* FROM voiceagent.credit_transfers k WHERE k.tenant_id = voiceagent.current_tenant()
				AND k.transfer_id < coalesce(money_page.before, 9223372036854775807)
				AND k.operation NOT IN ('hold', 'release')
				ORDER BY k.transfer_id DESC LIMIT least(greatest(page_size, 1), 200)) t))
$$;
COMMENT ON FUNCTION voiceagent.money_page(bigint, integer) IS
	'The balance, what campaigns have spent, the prices of now, and the statement, latest first; before: only entries '
	'with a lower transaction_id, for the next page; page_size: 1 to 200.';

CREATE FUNCTION voiceagent.team_page() RETURNS jsonb
	LANGUAGE sql STABLE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
	SELECT jsonb_build_object(
		'members', (SELECT coalesce(jsonb_agg(jsonb_build_object('member_id', m.member_id, 'email', m.email,
				'role', m.role, 'active', m.active, 'created_at', m.created_at) ORDER BY m.member_id), '[]')
			FROM (SELECT * FROM voiceagent.members n WHERE n.tenant_id = voiceagent.current_tenant()
				ORDER BY n.member_id LIMIT 500) m),
		'api_keys', (SELECT coalesce(jsonb_agg(jsonb_build_object('api_key_id', k.api_key_id, 'label', k.label,
				'role', k.role, 'hint', k.hint, 'created_at', k.created_at, 'revoked_at', k.revoked_at)
				ORDER BY k.api_key_id DESC), '[]')
			FROM (SELECT * FROM voiceagent.api_keys a WHERE a.tenant_id = voiceagent.current_tenant()
				ORDER BY a.api_key_id DESC LIMIT 100) k))
$$;
COMMENT ON FUNCTION voiceagent.team_page() IS 'The people of the tenant that may log in, and its API keys.';
