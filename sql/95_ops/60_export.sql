-- 95_ops: everything that a tenant has, and everything about one person, to take away.

CREATE FUNCTION voiceagent_private.tenant_rows() RETURNS TABLE (relation text, data jsonb)
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_name text;
BEGIN
	FOR v_name IN
		SELECT c.relname FROM pg_catalog.pg_class c
		WHERE c.relnamespace = 'voiceagent'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
			AND EXISTS (SELECT FROM pg_catalog.pg_attribute a
				WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped)
		ORDER BY c.relname COLLATE "C"
	LOOP
		RETURN QUERY EXECUTE format('SELECT %L, to_jsonb(t) FROM voiceagent.%I t WHERE t.tenant_id = $1', v_name,
			v_name) USING v_tenant;
	END LOOP;
	RETURN QUERY SELECT 'tenant_settings', to_jsonb(s) FROM voiceagent_private.tenant_settings s
		WHERE s.tenant_id = v_tenant;
END
$$;
COMMENT ON FUNCTION voiceagent_private.tenant_rows() IS
	'The rows of the current tenant, as export_tenant() gives them.';

CREATE FUNCTION voiceagent.export_tenant() RETURNS TABLE (relation text, data jsonb)
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.writer_tenant('owner');
	PERFORM voiceagent_private.audit('export_tenant', 'everything');
	RETURN QUERY SELECT r.* FROM voiceagent_private.tenant_rows() r;
END
$$;
COMMENT ON FUNCTION voiceagent.export_tenant() IS
	E'Every row of the tenant in every table of the schema voiceagent, and the settings of its own (tenant_settings), '
	'as JSON: (relation, data), table by table, each as it stands when it is read; all as of one moment in a '
	'transaction that is REPEATABLE READ.\n'
	'Times are in UTC. Sealed secrets and password hashes are in none of them. Noted in the audit log. Only for the '
	'role owner (PT403).';

CREATE FUNCTION voiceagent_private.events_of_person(v voiceagent_private.person) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	RETURN (SELECT jsonb_agg(to_jsonb(e) - 'month_slot' - 'xid' ORDER BY e.xid, e.event_id) FROM (
		SELECT o.* FROM unnest(v.calls) AS c(call_id)
		CROSS JOIN LATERAL (SELECT o.* FROM voiceagent.events o
			WHERE o.tenant_id = v_tenant AND o.call_id = c.call_id OFFSET 0) o
		UNION ALL SELECT o.* FROM voiceagent.events o
		WHERE o.tenant_id = v_tenant AND o.lead_id = v.lead_id AND o.call_id IS NULL
		UNION ALL SELECT o.* FROM voiceagent.events o
		WHERE o.tenant_id = v_tenant AND o.lead_id IS NULL AND o.call_id IS NULL
			AND o.event_type = 'lead_opted_out' AND o.event_data ->> 'phone' = ANY (v.phones)
		UNION ALL SELECT o.* FROM voiceagent.events o
		WHERE o.tenant_id = v_tenant AND o.lead_id = ANY (v.sharers) AND o.call_id IS NULL
			AND o.event_data ->> 'phone' = ANY (v.phones)) e);
END
$$;
COMMENT ON FUNCTION voiceagent_private.events_of_person(voiceagent_private.person) IS
	'The events of a person of the current tenant, its calls and its numbers, as export_lead() tells them; NULL: none.';

CREATE FUNCTION voiceagent_private.rows_of(relation text, col text, ids bigint[]) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_rows jsonb;
BEGIN
	-- For no ids the planner might read a partial index of all tenants: see empty_webhooks().
	IF cardinality(ids) > 0 THEN
		EXECUTE format('SELECT jsonb_agg(to_jsonb(t) ORDER BY t) FROM voiceagent.%I t WHERE t.tenant_id = $1 '
			'AND t.%I = ANY ($2)', relation, col) INTO v_rows USING voiceagent.current_tenant(), ids;
	END IF;
	RETURN v_rows;
END
$$;
COMMENT ON FUNCTION voiceagent_private.rows_of(text, text, bigint[]) IS
	'The current tenant''s rows of a public table that have one of these keys in a column, as an array; NULL: none.';

CREATE FUNCTION voiceagent.export_lead(lead_id bigint) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp
	SET timezone = 'UTC' AS $$
DECLARE
	-- A member that may read the tenant's rows one by one may read them together.
	v_tenant bigint := voiceagent_private.writer_tenant('viewer');
	v_lead voiceagent.leads;
	v voiceagent_private.person;
	v_result jsonb;
BEGIN
	SELECT l.* INTO v_lead FROM voiceagent.leads l WHERE l.tenant_id = v_tenant AND l.lead_id = export_lead.lead_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', format('lead %s does not exist', export_lead.lead_id));
	-- Not in the statement: there it would be gone through for each month, and once more by the planner.
	v := voiceagent_private.person(v_lead.lead_id);
	v_result := jsonb_build_object('lead', to_jsonb(v_lead),
		'numbers', (SELECT jsonb_agg(to_jsonb(n) ORDER BY n.number) FROM voiceagent.lead_numbers n
			WHERE n.tenant_id = v_tenant AND n.lead_id = v_lead.lead_id),
		'consents', (SELECT jsonb_agg(to_jsonb(n) ORDER BY n.consent_id) FROM voiceagent.consents n
			WHERE n.tenant_id = v_tenant AND n.lead_id = ANY (v_lead.lead_id || v.sharers)
				AND (n.lead_id = v_lead.lead_id OR n.phone = ANY (v.phones))),
		'numbers_of_others', (SELECT jsonb_agg(to_jsonb(n) ORDER BY n.lead_id, n.number) FROM voiceagent.lead_numbers n
			WHERE n.tenant_id = v_tenant AND n.lead_id = ANY (v.sharers) AND n.phone = ANY (v.phones)),
		'do_not_call', (SELECT jsonb_agg(to_jsonb(d) ORDER BY d.phone) FROM unnest(v.phones) AS p(phone)
			CROSS JOIN LATERAL (SELECT d.* FROM voiceagent.do_not_call_list d
				WHERE d.tenant_id = v_tenant AND d.phone = p.phone OFFSET 0) d),
		'calls', (SELECT jsonb_agg(to_jsonb(c)
			|| jsonb_build_object('turns', (SELECT coalesce(jsonb_agg(to_jsonb(t) - 'month_slot' ORDER BY t.turn), '[]')
					FROM voiceagent.call_turns t WHERE t.tenant_id = v_tenant AND t.call_id = c.call_id),
				'reading', (SELECT k.reading FROM voiceagent.conversations k
					WHERE k.tenant_id = v_tenant AND k.call_id = c.call_id))
				|| coalesce((SELECT jsonb_build_object('inbound', to_jsonb(b)) FROM voiceagent.call_inbound b
					WHERE b.tenant_id = v_tenant AND b.call_id = c.call_id), '{}') ORDER BY c.call_id)
			FROM voiceagent.calls c WHERE c.tenant_id = v_tenant AND c.call_id = ANY (v.calls)),
		'events', voiceagent_private.events_of_person(v),
		'scripts', (SELECT jsonb_agg(to_jsonb(s) - 'digest' || jsonb_build_object('calls',
				ARRAY(SELECT c.call_id FROM voiceagent.call_scripts c
					WHERE c.tenant_id = v_tenant AND c.script_id = s.script_id ORDER BY c.call_id))
				ORDER BY s.script_id)
			FROM voiceagent.lead_scripts s WHERE s.tenant_id = v_tenant AND s.lead_id = v_lead.lead_id),
		'import_reports', (SELECT jsonb_agg(to_jsonb(r) ORDER BY r.batch_id, r.row_number, r.error_number) FROM (
			-- Number by number: without statistics the planner takes = ANY for no better than all that the tenant has.
			SELECT o.* FROM unnest(v.phones) AS p(phone)
			CROSS JOIN LATERAL (SELECT i.* FROM voiceagent.import_reports i
				WHERE i.tenant_id = v_tenant AND i.phone = p.phone OFFSET 0) o
			UNION SELECT o.* FROM unnest(v.phones) AS p(phone)
			CROSS JOIN LATERAL (SELECT i.* FROM voiceagent.import_reports i
				WHERE i.tenant_id = v_tenant AND i.kind = 'warning' AND i.value LIKE '+%'
					AND i.value = p.phone OFFSET 0) o) r),
		'campaign_do_not_call',
		(SELECT jsonb_agg(to_jsonb(d) ORDER BY d.campaign_id, d.phone) FROM voiceagent.campaigns c
			CROSS JOIN unnest(v.phones) AS p(phone)
			CROSS JOIN LATERAL (SELECT o.* FROM voiceagent.campaign_do_not_call_list o
				WHERE o.tenant_id = v_tenant AND o.campaign_id = c.campaign_id AND o.phone = p.phone OFFSET 0) d
			WHERE c.tenant_id = v_tenant),
		'own_numbers', (SELECT jsonb_agg(to_jsonb(o) ORDER BY o.phone) FROM voiceagent.own_numbers o
			WHERE o.tenant_id = v_tenant AND (o.lead_id = v.lead_id OR o.phone = ANY (v.phones))),
		'blocked', (SELECT jsonb_agg(to_jsonb(b) ORDER BY b.phone) FROM voiceagent.blocked_callers b
			WHERE b.tenant_id = v_tenant AND b.phone = ANY (v.phones)),
		'texts', (SELECT jsonb_agg(to_jsonb(t) ORDER BY t.text_id) FROM voiceagent.texts t
			WHERE t.tenant_id = v_tenant AND (t.lead_id = v.lead_id OR t.phone = ANY (v.phones))),
		'number_facts', (SELECT jsonb_agg(to_jsonb(f) ORDER BY f.fact_id) FROM voiceagent.number_facts f
			WHERE f.tenant_id = v_tenant AND f.phone = ANY (v.phones)),
		'sequences', (SELECT jsonb_agg(to_jsonb(e) || jsonb_build_object('effects', ARRAY(SELECT to_jsonb(f)
				FROM voiceagent.sequence_effects f
				WHERE f.tenant_id = v_tenant AND f.enrolment_id = e.enrolment_id ORDER BY f.step))
				ORDER BY e.enrolment_id)
			FROM voiceagent.sequence_enrolments e WHERE e.tenant_id = v_tenant AND e.lead_id = v.lead_id),
		'text_stops', (SELECT jsonb_agg(to_jsonb(s) ORDER BY s.phone) FROM voiceagent.text_stops s
			WHERE s.tenant_id = v_tenant AND s.phone = ANY (v.phones)),
		'webhooks', (SELECT jsonb_agg(to_jsonb(w) - 'month_slot' || jsonb_build_object('body', encode(w.body, 'escape'))
			ORDER BY w.webhook_id)
			FROM voiceagent.webhooks w
			WHERE w.tenant_id = v_tenant AND w.webhook_id = ANY (v.webhooks)))
		|| (SELECT jsonb_object_agg(k.key, voiceagent_private.rows_of(k.relation, k.col, k.ids))
			FROM (VALUES ('campaigns', 'campaign_leads', 'lead_id', ARRAY[v.lead_id]),
				('enrichments', 'lead_enrichments', 'lead_id', ARRAY[v.lead_id]),
				('intake_requests', 'intake_requests', 'lead_id', ARRAY[v.lead_id]),
				('memories', 'lead_memories', 'lead_id', ARRAY[v.lead_id]),
				('merges', 'lead_merges', 'lead_id', ARRAY[v.lead_id]),
				('attempts', 'attempts', 'call_id', v.calls), ('tools', 'call_tools', 'call_id', v.calls),
				('transfers', 'transfers', 'call_id', v.calls), ('analyses', 'call_analyses', 'call_id', v.calls),
				('unresolved', 'unresolved_calls', 'call_id', v.calls),
				('provider_requests', 'provider_requests', 'call_id', v.calls),
				('appointments', 'appointments', 'appointment_id', v.appointments),
				('tasks', 'tasks', 'task_id', v.tasks), ('offers', 'offers', 'task_id', v.tasks),
				('webhook_deliveries', 'webhook_deliveries', 'delivery_id', v.deliveries),
				('model_requests', 'model_requests', 'model_request_id', v.model_requests)) k(key, relation, col, ids))
		|| (SELECT coalesce(jsonb_object_agg(k.relation, voiceagent_private.rows_of(k.relation, k.key, k.ids)), '{}')
			FROM (SELECT p.relation, p.key, array_agg(DISTINCT i.id) FILTER (WHERE i.id IS NOT NULL) AS ids
				FROM voiceagent_private.rows_of_person(v) p LEFT JOIN LATERAL unnest(p.ids) AS i(id) ON true
				GROUP BY p.relation, p.key) k);
	PERFORM voiceagent_private.audit('export_lead', format('lead %s', v_lead.lead_id));
	RETURN (SELECT jsonb_object_agg(e.key, CASE jsonb_typeof(e.value) WHEN 'null' THEN '[]' ELSE e.value END)
		FROM jsonb_each(v_result) e);
END
$$;
COMMENT ON FUNCTION voiceagent.export_lead(bigint) IS
	E'Everything about one person as an object, with times in UTC: the lead, its numbers, consents, campaigns, calls '
	'of both directions, appointments, events, webhooks and reports.\n'
	'Numbers that it shares with other leads are included, as are the consents for these; bytes of webhooks that are '
	'no ASCII are written as \\ooo. Noted in the audit log; it raises PT404.';
INSERT INTO voiceagent_private.registrations (kind, name) VALUES
	('deferred', 'export_lead'), ('deferred', 'export_tenant');
