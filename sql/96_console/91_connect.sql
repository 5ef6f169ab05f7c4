-- 96_console: sequences, and what other programs have to know to bring leads, get events, and work for a member.

CREATE FUNCTION voiceagent.sequence_page() RETURNS jsonb
	LANGUAGE sql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
	SELECT coalesce(jsonb_agg(jsonb_build_object('sequence_id', s.sequence_id, 'name', s.name, 'version', s.version,
			'steps', jsonb_array_length(s.draft -> 'steps'), 'paused_at', s.paused_at, 'under_way', n.n, 'changed',
			s.changed_at > v.published_at) ORDER BY s.sequence_id DESC), '[]')
	FROM (SELECT * FROM voiceagent.sequences o WHERE o.tenant_id = voiceagent.current_tenant()
		ORDER BY o.sequence_id DESC LIMIT 200) s
	LEFT JOIN voiceagent.sequence_versions v ON v.tenant_id = s.tenant_id AND v.sequence_id = s.sequence_id
		AND v.version = s.version
	CROSS JOIN LATERAL (SELECT count(*) FROM (SELECT FROM voiceagent.sequence_enrolments e
		WHERE e.tenant_id = s.tenant_id AND e.sequence_id = s.sequence_id AND e.ended_at IS NULL LIMIT 10001) c) n(n)
$$;
COMMENT ON FUNCTION voiceagent.sequence_page() IS
	'The latest 200 sequences, each with how many leads are under way in it (counted up to 10001), and whether its '
	'draft was changed after its newest version (changed; NULL: it has none).';

CREATE FUNCTION voiceagent.sequence_detail(sequence_id bigint) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_numbers jsonb := (SELECT coalesce(jsonb_agg(to_jsonb(n)), '[]')
		FROM voiceagent.sequence_numbers(sequence_detail.sequence_id) n);
	v voiceagent.sequences;
	v_version voiceagent.sequence_versions;
BEGIN
	SELECT s.* INTO v FROM voiceagent.sequences s
	WHERE s.tenant_id = v_tenant AND s.sequence_id = sequence_detail.sequence_id;
	SELECT n.* INTO v_version FROM voiceagent.sequence_versions n
	WHERE n.tenant_id = v_tenant AND n.sequence_id = v.sequence_id AND n.version = v.version;
	RETURN jsonb_build_object('name', v.name, 'draft', v.draft, 'version', v.version, 'paused_at', v.paused_at,
		'pause_due', v.pause_due, 'steps', v_version.steps, 'stop_on', v_version.stop_on,
		'published_at', v_version.published_at, 'changed', v.changed_at > v_version.published_at, 'numbers', v_numbers,
		'starts', (SELECT coalesce(jsonb_agg(jsonb_build_object('campaign_id', b.campaign_id, 'outcomes', b.outcomes)
				ORDER BY b.campaign_id), '[]')
			FROM (SELECT o.campaign_id, array_agg(o.outcome ORDER BY o.outcome) AS outcomes
				FROM voiceagent.sequence_starts o WHERE o.tenant_id = v_tenant AND o.sequence_id = v.sequence_id
				GROUP BY 1 LIMIT 100) b),
		'campaigns', (SELECT coalesce(jsonb_agg(jsonb_build_array(c.campaign_id, c.name, c.status) ORDER BY c.name),
				'[]')
			FROM voiceagent.campaigns c WHERE c.tenant_id = v_tenant AND (c.campaign_id IN (SELECT o.campaign_id
					FROM voiceagent.campaigns o WHERE o.tenant_id = v_tenant AND o.archived_at IS NULL
					ORDER BY o.campaign_id DESC LIMIT 200)
				OR jsonb_path_query_array(jsonb_build_array(v.draft, v_version.steps),
					'$.**.campaign_id') @> to_jsonb(c.campaign_id))));
END
$$;
COMMENT ON FUNCTION voiceagent.sequence_detail(bigint) IS
	E'One sequence: its draft, what its newest version says, what came of its steps (sequence_numbers()), which '
	'outcomes of which campaigns begin it (starts), and the campaigns that its page names, with their status.\n'
	'PT404.';

CREATE FUNCTION voiceagent.enrol_listed_leads(sequence_id bigint, batch_id bigint DEFAULT NULL,
	tag text DEFAULT NULL, campaign_id bigint DEFAULT NULL, outcome text DEFAULT NULL) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_leads bigint[];
	c_most CONSTANT integer := 10000;
BEGIN
	-- By keys that one index alone has: where the statistics take the tables for empty, another one would look as
	-- cheap, and be read from end to end for each lead.
	v_leads := ARRAY(SELECT l.lead_id FROM voiceagent.leads l
		WHERE l.tenant_id = v_tenant AND l.status <> 'do_not_call'
			AND (batch_id IS NULL OR l.batch_id = batch_id) AND (tag IS NULL OR tag = ANY (l.tags))
			AND (campaign_id IS NULL OR EXISTS (SELECT FROM voiceagent.campaign_leads m
				WHERE m.tenant_id = v_tenant AND m.campaign_id = campaign_id AND m.lead_id = l.lead_id
					AND (outcome IS NULL OR m.last_outcome::text = outcome)))
			AND (campaign_id IS NOT NULL OR outcome IS NULL OR (SELECT m.lead_id FROM voiceagent.campaign_leads m
				WHERE m.tenant_id = v_tenant AND m.lead_id BETWEEN l.lead_id AND l.lead_id
					AND m.last_outcome::text = outcome ORDER BY m.lead_id LIMIT 1) IS NOT NULL)
			AND (SELECT e.run FROM voiceagent.sequence_enrolments e WHERE e.tenant_id = v_tenant
				AND e.sequence_id = sequence_id AND e.lead_id = l.lead_id ORDER BY e.run LIMIT 1) IS NULL
			AND l.lead_id <> ALL (ARRAY(SELECT o.lead_id FROM voiceagent.own_numbers o WHERE o.tenant_id = v_tenant))
		ORDER BY l.lead_id LIMIT c_most + 1);
	RETURN jsonb_build_object('enrolled', voiceagent.enrol_leads(sequence_id, v_leads[:c_most]),
		'more', cardinality(v_leads) > c_most);
END
$$;
COMMENT ON FUNCTION voiceagent.enrol_listed_leads(bigint, bigint, text, bigint, text) IS
	E'Has the leads of an import, with a tag, of a campaign, whose last call there ended so, or all of these (none: '
	'every lead), that were never in a sequence begin it, as enrol_leads() does, but those on the do-not-call list and '
	'the tenant''s own telephones -> {"enrolled", "more": there are more than the 10000 of one call}.\n'
	'PT403, PT404, PT409 for a draft.';

CREATE FUNCTION voiceagent.connect_page() RETURNS jsonb
	LANGUAGE sql STABLE SECURITY DEFINER SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
	SELECT jsonb_build_object('mcp', voiceagent_private.oauth_address() || '/mcp',
		'kinds', voiceagent_private.webhook_kinds(),
		'presets', (SELECT jsonb_agg(jsonb_build_object('preset', p.preset, 'mapping', p.mapping) ORDER BY p.preset)
			FROM voiceagent.intake_presets p),
		'campaigns', (SELECT coalesce(jsonb_agg(jsonb_build_array(c.campaign_id, c.name) ORDER BY c.campaign_id DESC),
				'[]')
			FROM (SELECT * FROM voiceagent.campaigns o WHERE o.tenant_id = voiceagent.current_tenant()
				AND o.archived_at IS NULL ORDER BY o.campaign_id DESC LIMIT 200) c),
		'intakes', (SELECT coalesce(jsonb_agg(jsonb_build_object('intake_id', i.intake_id, 'name', i.name, 'campaign',
				c.name, 'active', i.active, 'signed', i.signed, 'joined', i.joined, 'daily_limit', i.daily_limit,
				'refused', i.refused, 'ignored', i.ignored, 'last_refusal', i.last_refusal, 'mapping', i.mapping)
				ORDER BY i.active DESC, i.intake_id DESC), '[]')
			FROM (SELECT * FROM voiceagent.intakes o WHERE o.tenant_id = voiceagent.current_tenant()
				ORDER BY o.active DESC, o.intake_id DESC LIMIT 100) i
			LEFT JOIN voiceagent.campaigns c ON c.tenant_id = i.tenant_id AND c.campaign_id = i.campaign_id),
		'requests', (SELECT coalesce(jsonb_agg(jsonb_build_object('intake', i.name, 'received_at', r.received_at,
				'outcome', r.outcome, 'lead_id', l.lead_id, 'phone', l.phone, 'first_name', l.first_name, 'last_name',
				l.last_name) ORDER BY r.received_at DESC), '[]')
			FROM (SELECT * FROM voiceagent.intake_requests o WHERE o.tenant_id = voiceagent.current_tenant()
				ORDER BY o.received_at DESC LIMIT 30) r
			JOIN voiceagent.intakes i ON i.tenant_id = r.tenant_id AND i.intake_id = r.intake_id
			LEFT JOIN voiceagent.leads l ON l.tenant_id = r.tenant_id AND l.lead_id = r.lead_id),
		'programs', (SELECT coalesce(jsonb_agg(jsonb_build_object('connection_id', c.connection_id, 'name',
				c.client_name, 'host', c.client_host, 'member_id', c.member_id, 'email', m.email, 'created_at',
				c.created_at, 'used_at', c.used_at) ORDER BY c.used_at DESC), '[]')
			FROM (SELECT o.* FROM voiceagent.connections o WHERE o.tenant_id = voiceagent.current_tenant()
				ORDER BY o.used_at DESC LIMIT 100) c
			JOIN voiceagent.members m ON m.tenant_id = c.tenant_id AND m.member_id = c.member_id
				AND m.active AND m.session_version = c.session_version))
$$;
COMMENT ON FUNCTION voiceagent.connect_page() IS
	'The connections of other programs: intakes (100 at most, without their addresses), the latest 30 that came by '
	'them, presets, campaigns that take leads, kinds of events, the address for MCP (NULL: the platform has not said '
	'where its console is), and the programs that members have let in.';

CREATE FUNCTION voiceagent.sample_events(kind text, max_events integer DEFAULT 3) RETURNS SETOF jsonb
	LANGUAGE sql STABLE SECURITY DEFINER SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
	SELECT voiceagent_private.webhook_body(d)::jsonb FROM voiceagent.webhook_deliveries d
	WHERE d.tenant_id = voiceagent.current_tenant() AND d.kind = sample_events.kind
	ORDER BY d.delivery_id DESC LIMIT least(greatest(max_events, 1), 20)
$$;
COMMENT ON FUNCTION voiceagent.sample_events(text, integer) IS
	E'The latest outgoing webhooks of a kind as they were sent, for a program that asks what one looks like.\n'
	'max_events: 1 to 20. None before a subscription got one.';
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('deferred', 'enrol_listed_leads');
