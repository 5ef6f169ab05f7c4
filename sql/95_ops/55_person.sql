-- 95_ops: what a tenant's rows know of one person, found by its lead, its numbers and its calls.

CREATE FUNCTION voiceagent_private.calls_of_person(lead_id bigint, phones text[]) RETURNS bigint[]
	LANGUAGE sql STABLE SET planner.policy = by_key AS $$
	SELECT coalesce(array_agg(x.call_id ORDER BY x.call_id), '{}')
	-- The lead's calls of both directions, and those of a caller that was no lead yet, or had its number with another.
	FROM (SELECT c.call_id FROM voiceagent.calls c
		WHERE c.tenant_id = voiceagent.current_tenant() AND c.lead_id = calls_of_person.lead_id
		UNION
		SELECT i.call_id FROM unnest(phones) AS p(phone)
		CROSS JOIN LATERAL (SELECT o.call_id FROM voiceagent.call_inbound o
			WHERE o.tenant_id = voiceagent.current_tenant() AND o.from_number = p.phone OFFSET 0) i) x
$$;
COMMENT ON FUNCTION voiceagent_private.calls_of_person(bigint, text[]) IS
	'The calls of a lead of the current tenant, and the calls to the tenant from these E.164 numbers, in '
	'the order of their ids.';

CREATE FUNCTION voiceagent_private.sharers(lead_id bigint, phones text[]) RETURNS bigint[]
	LANGUAGE sql STABLE SET planner.policy = by_key AS $$
	SELECT coalesce(array_agg(DISTINCT o.lead_id), '{}')
	FROM unnest(phones) AS p(phone)
	CROSS JOIN LATERAL (SELECT n.lead_id FROM voiceagent.lead_numbers n
		WHERE n.tenant_id = voiceagent.current_tenant() AND n.phone = p.phone OFFSET 0) o
	WHERE o.lead_id <> sharers.lead_id
$$;
COMMENT ON FUNCTION voiceagent_private.sharers(bigint, text[]) IS
	'The other leads of the current tenant that have one of a lead''s E.164 numbers as a further one.';

CREATE FUNCTION voiceagent_private.person(lead_id bigint) RETURNS voiceagent_private.person
	LANGUAGE plpgsql STABLE SET planner.policy = by_key AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v voiceagent_private.person;
BEGIN
	SELECT l.lead_id, l.email, nullif(concat_ws(' ', l.first_name, l.last_name), '') INTO v.lead_id, v.email, v.name
	FROM voiceagent.leads l WHERE l.tenant_id = v_tenant AND l.lead_id = person.lead_id;
	v.phones := ARRAY(SELECT y FROM unnest(voiceagent_private.phones_of_lead(v.lead_id)) WITH ORDINALITY p(phone, n)
		CROSS JOIN LATERAL unnest(voiceagent_private.spellings(p.phone)) WITH ORDINALITY s(y, m) ORDER BY n, m);
	v.sharers := voiceagent_private.sharers(v.lead_id, v.phones);
	v.calls := voiceagent_private.calls_of_person(v.lead_id, v.phones);
	-- Carriers' names of these calls of the current tenant: their own ids, and our references.
	v.call_names := ARRAY(SELECT DISTINCT x.id
		FROM unnest(v.calls) AS i(call_id)
		CROSS JOIN LATERAL (SELECT c.provider_call_id FROM voiceagent.calls c
			WHERE c.tenant_id = v_tenant AND c.call_id = i.call_id OFFSET 0) c
		LEFT JOIN LATERAL (SELECT a.provider_call_id, a.reference FROM voiceagent.attempts a
			WHERE a.tenant_id = v_tenant AND a.call_id = i.call_id OFFSET 0) a ON true
		CROSS JOIN LATERAL (VALUES (c.provider_call_id), (a.provider_call_id), (a.reference)) AS x(id)
		WHERE x.id IS NOT NULL);
	v.webhooks := (SELECT coalesce(array_agg(DISTINCT k.webhook_id), '{}')
		FROM voiceagent.webhook_endpoints e
		CROSS JOIN unnest(v.call_names) AS c(id)
		CROSS JOIN (VALUES (''), ('lookup:')) AS p(prefix)
		CROSS JOIN LATERAL (SELECT o.webhook_id FROM voiceagent_private.webhook_keys o
			WHERE o.tenant_id = e.tenant_id AND o.endpoint_id = e.endpoint_id
				AND o.event_key >= p.prefix || c.id || ':' AND o.event_key < p.prefix || c.id || ';' OFFSET 0) k
		WHERE e.tenant_id = voiceagent.current_tenant()) || (SELECT coalesce(array_agg(f.webhook_id), '{}')
			FROM voiceagent.webhook_failures f
			CROSS JOIN LATERAL (SELECT o.body, o.headers FROM voiceagent.webhooks o
				WHERE o.tenant_id = f.tenant_id AND o.webhook_id = f.webhook_id
					AND o.month_slot = f.month_slot OFFSET 0) w
			WHERE f.tenant_id = voiceagent.current_tenant() AND EXISTS (SELECT FROM unnest(v.phones) AS p(phone)
				-- The number as carriers write it, with or without its plus sign, in a form or in JSON.
				WHERE position(convert_to(ltrim(p.phone, '+'), 'UTF8') IN w.body) > 0
					OR position(ltrim(p.phone, '+') IN w.headers::text) > 0));
	v.tasks := ARRAY(SELECT t.task_id FROM voiceagent.tasks t
		WHERE t.tenant_id = v_tenant AND t.lead_id = v.lead_id
		UNION SELECT o.task_id FROM unnest(v.calls) AS c(call_id) CROSS JOIN LATERAL (SELECT t.task_id
			FROM voiceagent.tasks t WHERE t.tenant_id = v_tenant AND t.call_id = c.call_id OFFSET 0) o
		UNION SELECT o.task_id FROM unnest(v.phones) AS p(phone) CROSS JOIN LATERAL (SELECT t.task_id
			FROM voiceagent.tasks t WHERE t.tenant_id = v_tenant AND t.contact_phone = p.phone OFFSET 0) o
		ORDER BY 1);
	v.appointments := ARRAY(SELECT a.appointment_id FROM voiceagent.appointments a
		WHERE a.tenant_id = v_tenant AND a.lead_id = v.lead_id
		UNION SELECT o.appointment_id FROM unnest(v.calls) AS c(call_id) CROSS JOIN LATERAL (SELECT a.appointment_id
			FROM voiceagent.appointments a WHERE a.tenant_id = v_tenant AND a.call_id = c.call_id OFFSET 0) o);
	v.deliveries := ARRAY(SELECT d.delivery_id FROM voiceagent.webhook_deliveries d
		WHERE d.tenant_id = v_tenant AND d.lead_id = v.lead_id
		UNION SELECT o.delivery_id FROM unnest(v.calls) AS c(call_id) CROSS JOIN LATERAL (SELECT d.delivery_id
			FROM voiceagent.webhook_deliveries d WHERE d.tenant_id = v_tenant AND d.call_id = c.call_id OFFSET 0) o
		-- Opt-outs of its numbers: before it was a lead, and of others that have them.
		UNION SELECT o.delivery_id FROM voiceagent.events e CROSS JOIN LATERAL (SELECT d.delivery_id
			FROM voiceagent.webhook_deliveries d WHERE d.tenant_id = v_tenant AND d.event_id = e.event_id OFFSET 0) o
		WHERE e.tenant_id = v_tenant AND e.lead_id IS NULL AND e.call_id IS NULL AND e.event_type = 'lead_opted_out'
			AND e.event_data ->> 'phone' = ANY (v.phones)
		UNION SELECT d.delivery_id FROM voiceagent.webhook_deliveries d
		WHERE d.tenant_id = v_tenant AND d.lead_id = ANY (v.sharers) AND d.call_id IS NULL
			AND d.event_data ->> 'phone' = ANY (v.phones));
	v.model_requests := ARRAY(SELECT m.model_request_id FROM voiceagent.model_requests m
		WHERE m.tenant_id = v_tenant AND m.lead_id = v.lead_id
		UNION SELECT o.model_request_id FROM unnest(v.calls) AS c(call_id) CROSS JOIN LATERAL (SELECT m.model_request_id
			FROM voiceagent.model_requests m WHERE m.tenant_id = v_tenant AND m.call_id = c.call_id OFFSET 0) o);
	RETURN v;
END
$$;
COMMENT ON FUNCTION voiceagent_private.person(bigint) IS
	'A lead of the current tenant as the person that it is; all members are empty when there is no such lead.';

CREATE FUNCTION voiceagent_private.rows_of_person(v voiceagent_private.person)
	RETURNS TABLE (relation name, key name, ids bigint[])
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_of record;
BEGIN
	FOR v_of IN SELECT r.name, r.detail FROM voiceagent_private.registrations r WHERE r.kind = 'person' LOOP
		relation := split_part(v_of.detail, '.', 1);
		key := split_part(v_of.detail, '.', 2);
		-- A name of ours.  @plpgsql_check_options: security_warnings = off
		EXECUTE format('SELECT voiceagent_private.%I($1)', v_of.name) INTO ids USING v;
		RETURN NEXT;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.rows_of_person(voiceagent_private.person) IS
	'The rows of a person that rooms announce (registrations), by the keys of public tables.';
