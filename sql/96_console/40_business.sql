-- 96_console: the pages of agents, calendars, listings, and of what is bought. Lengths of time are in minutes.

CREATE FUNCTION voiceagent.agent_page() RETURNS jsonb
	LANGUAGE sql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
	SELECT jsonb_build_object(
		'agents', (SELECT coalesce(jsonb_agg(to_jsonb(a) || jsonb_build_object('wrap_up',
				trim_scale(extract(epoch FROM a.wrap_up) / 60))), '[]')
			FROM voiceagent.list_agents() a),
		'transfers', (SELECT coalesce(jsonb_agg(to_jsonb(t) - 'tenant_id' ORDER BY t.transfer_id DESC), '[]')
			FROM (SELECT * FROM voiceagent.transfer_list l WHERE l.tenant_id = voiceagent.current_tenant()
				ORDER BY l.transfer_id DESC LIMIT 100) t),
		'members', (SELECT coalesce(jsonb_agg(jsonb_build_object('member_id', m.member_id, 'email', m.email)
				ORDER BY m.member_id), '[]')
			FROM (SELECT * FROM voiceagent.members n WHERE n.tenant_id = voiceagent.current_tenant() AND n.active
				ORDER BY n.member_id LIMIT 500) m))
$$;
COMMENT ON FUNCTION voiceagent.agent_page() IS
	'The people to whom calls are put through, as list_agents() has them, the latest 100 transfers, and the members '
	'that an agent may be.';

CREATE FUNCTION voiceagent.calendar_page() RETURNS jsonb
	LANGUAGE sql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
	SELECT coalesce(jsonb_agg(to_jsonb(c) - '{tenant_id,removed_at,has_rules,slot_step,horizon}'::text[]
		|| jsonb_build_object('slot_length', trim_scale(extract(epoch FROM c.slot_length) / 60),
			'buffer_before', trim_scale(extract(epoch FROM c.buffer_before) / 60),
			'buffer_after', trim_scale(extract(epoch FROM c.buffer_after) / 60),
			'notice', trim_scale(extract(epoch FROM c.notice) / 60),
			'hold_time', trim_scale(extract(epoch FROM c.hold_time) / 60),
			'days', (SELECT coalesce(jsonb_agg(to_jsonb(d) - '{tenant_id,calendar_id}'::text[] ORDER BY d.day), '[]')
				FROM (SELECT * FROM voiceagent.calendar_days k
					WHERE k.tenant_id = c.tenant_id AND k.calendar_id = c.calendar_id
						AND k.day >= (voiceagent.clock() AT TIME ZONE c.timezone)::date
					ORDER BY k.day LIMIT 100) d),
			'people', (SELECT coalesce(jsonb_agg(jsonb_build_object('name', p.name, 'skills', p.skills, 'active',
					p.active) ORDER BY p.seat), '[]')
				FROM voiceagent.calendar_people p WHERE p.tenant_id = c.tenant_id AND p.calendar_id = c.calendar_id),
			'follows', (SELECT coalesce(jsonb_agg(jsonb_build_object('followed_id', f.followed_id, 'origin', f.origin,
					'status', f.status) ORDER BY f.followed_id), '[]')
				FROM voiceagent.followed_calendars f
				WHERE f.tenant_id = c.tenant_id AND f.calendar_id = c.calendar_id),
			'written', (SELECT coalesce(jsonb_agg(jsonb_build_object('key', w.calendar_connection_id, 'id',
					jsonb_build_object('calendar_connection_id', w.calendar_connection_id), 'provider', w.provider,
					'url', w.url, 'name', w.name, 'person', (SELECT p.name FROM voiceagent.calendar_people p
						WHERE p.tenant_id = w.tenant_id AND p.calendar_id = w.calendar_id AND p.seat = w.seat),
					'writes', w.writes, 'status', w.status, 'reason', w.status_reason, 'read_at', w.checked_at,
					'written_at', k.written_at, 'problems', k.problems) ORDER BY w.calendar_connection_id), '[]')
				FROM voiceagent.calendar_connections w
				CROSS JOIN LATERAL (SELECT max(o.written_at), (array_agg(format('appointment %s %s', o.appointment_id,
						o.problem) ORDER BY o.appointment_id) FILTER (WHERE o.problem IS NOT NULL))[:5]
					FROM voiceagent.calendar_copies o WHERE o.tenant_id = w.tenant_id
						AND o.calendar_connection_id = w.calendar_connection_id) k(written_at, problems)
				WHERE w.tenant_id = c.tenant_id AND w.calendar_id = c.calendar_id))
		ORDER BY c.calendar_id), '[]')
	FROM (SELECT * FROM voiceagent.calendars l WHERE l.tenant_id = voiceagent.current_tenant()
		AND l.removed_at IS NULL ORDER BY l.calendar_id LIMIT 200) c
$$;
COMMENT ON FUNCTION voiceagent.calendar_page() IS
	'The first 200 calendars, each with its rules, its people, the calendars that it follows, those into which it is '
	'written, and the next 100 days that have hours of their own.';

CREATE FUNCTION voiceagent.listing_page(profile text DEFAULT NULL, before bigint DEFAULT NULL,
	page_size integer DEFAULT 50) RETURNS jsonb
	LANGUAGE sql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
	SELECT jsonb_build_object(
		'profiles', (SELECT coalesce(jsonb_agg(jsonb_build_object('profile', p.profile, 'attributes', p.attributes)
				ORDER BY p.profile), '[]')
			FROM voiceagent.listing_profiles p WHERE p.tenant_id = voiceagent.current_tenant()),
		'listings', (SELECT coalesce(jsonb_agg(to_jsonb(l) - 'tenant_id' ORDER BY l.listing_id DESC), '[]')
			FROM (SELECT * FROM voiceagent.listings o WHERE o.tenant_id = voiceagent.current_tenant()
				AND o.listing_id < coalesce(listing_page.before, 9223372036854775807)
				AND (listing_page.profile IS NULL OR o.profile = listing_page.profile)
				ORDER BY o.listing_id DESC LIMIT least(greatest(page_size, 1), 200)) l))
$$;
COMMENT ON FUNCTION voiceagent.listing_page(text, bigint, integer) IS
	E'The kinds of listings with their attributes, and the listings (of a profile), the latest first, active or not.\n'
	'before: only those with a lower listing_id, for the next page; page_size: 1 to 200. find_listings() searches.';

CREATE FUNCTION voiceagent.wallet_page() RETURNS jsonb
	LANGUAGE sql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
	SELECT jsonb_build_object('vendors', to_jsonb(voiceagent.payment_vendors()),
		'offers', (SELECT coalesce(jsonb_agg(to_jsonb(f) ORDER BY f.credits, f.currency), '[]')
			FROM voiceagent.credit_offers f),
		'orders', (SELECT coalesce(jsonb_agg(jsonb_build_object('order_id', o.order_id, 'vendor', o.vendor, 'pack',
				o.pack_name, 'credits', o.credits, 'minutes', o.minutes, 'currency', o.currency, 'price',
				round(o.amount / power(10::numeric, o.exponent), o.exponent), 'state', o.state, 'reason', o.reason,
				'approve_url', o.approve_url, 'method', o.method, 'taken_back', o.taken_back, 'created_at',
				o.created_at, 'paid_at', o.paid_at) ORDER BY o.order_id DESC), '[]')
			FROM (SELECT * FROM voiceagent.payment_orders p WHERE p.tenant_id = voiceagent.current_tenant()
				ORDER BY p.order_id DESC LIMIT 20) o),
		'approvals', (SELECT coalesce(jsonb_agg(jsonb_build_object('approval_id', a.approval_id, 'kind', a.kind,
				'campaign_id', a.campaign_id, 'order_id', a.order_id, 'estimate', a.estimate, 'reason', a.reason,
				'requested_by', a.requested_by, 'created_at', a.created_at, 'expires_at', a.expires_at, 'state',
				a.state, 'decided_by', a.decided_by, 'decision', a.decision, 'name', k.name)
				ORDER BY a.state <> 'waiting', a.approval_id DESC), '[]')
			FROM (SELECT * FROM voiceagent.spend_approvals s WHERE s.tenant_id = voiceagent.current_tenant()
				ORDER BY s.approval_id DESC LIMIT 100) a
			LEFT JOIN voiceagent.campaigns k ON k.tenant_id = a.tenant_id AND k.campaign_id = a.campaign_id))
$$;
COMMENT ON FUNCTION voiceagent.wallet_page() IS
	'The packs of credits that are sold, and by which vendors; the latest 20 orders; the latest 100 approvals, those '
	'that wait first.';
