/*
 * 80_reception: what follows from incoming calls.  A caller becomes a lead when it gave a name, or something was
 * promised to it; then an appointment, a call back or a follow-up is that lead's, by the code of outgoing calls.
 */

CREATE FUNCTION voiceagent_private.told_name(call voiceagent.calls) RETURNS text
	LANGUAGE sql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
	SELECT nullif(left(btrim(regexp_replace(coalesce((SELECT
			coalesce(min(f.value) FILTER (WHERE f.counts), min(f.value) FILTER (WHERE f.support = 'unknown'))
			FROM voiceagent.conversations k
			CROSS JOIN LATERAL jsonb_to_recordset(k.reading -> 'fields') AS f(name text, value text, support text,
				counts boolean)
			WHERE k.tenant_id = (call).tenant_id AND k.call_id = (call).call_id
				AND k.month_slot = voiceagent_private.month_slot((call).started_at)
				AND f.name IN ('name', 'caller_name')),
		(SELECT CASE WHEN jsonb_typeof((call).structured_data -> n) = 'string' THEN (call).structured_data ->> n END
			FROM unnest('{caller_name,name}'::text[]) n
			WHERE jsonb_typeof((call).structured_data -> n) = 'string' LIMIT 1)), '\s+', ' ', 'g')), 100), '')
$$;
COMMENT ON FUNCTION voiceagent_private.told_name(voiceagent.calls) IS
	'The name that the person gave in a call; NULL: none was read.';

CREATE FUNCTION voiceagent_private.make_caller_a_lead(phone text, name text) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_number record;
	v_place record;
	v_lead bigint;
BEGIN
	SELECT * INTO v_number FROM voiceagent_private.parse_phone(make_caller_a_lead.phone);
	IF v_number.verdict <> 'ok' THEN
		RETURN NULL;
	END IF;
	v_place := voiceagent_private.place_of(v_number.timezones, v_number.region, v_number.country, NULL, NULL);
	INSERT INTO voiceagent.leads (tenant_id, phone, first_name, last_name, country, region, timezones, context, tags,
		status, status_reason, created_at)
	SELECT v_tenant, v_number.phone, nullif(split_part(name, ' ', 1), ''),
		nullif(substr(name, strpos(name || ' ', ' ') + 1), ''), v_number.country, v_place.place, v_place.timezones,
		'{"source": "incoming"}', '{incoming}', CASE WHEN d.phone IS NULL THEN 'new' ELSE 'do_not_call' END, d.reason,
		voiceagent.clock()
	FROM (SELECT WHERE voiceagent_private.lead_by_number(v_number.phone) IS NULL) one
	LEFT JOIN voiceagent.do_not_call_list d ON d.tenant_id = v_tenant AND d.phone = v_number.phone AND NOT d.held
	ON CONFLICT DO NOTHING
	RETURNING lead_id INTO v_lead;
	IF v_lead IS NULL THEN
		RETURN voiceagent_private.lead_by_number(v_number.phone);
	END IF;
	PERFORM voiceagent_private.relist(ARRAY[v_lead]);
	RETURN v_lead;
END
$$;
COMMENT ON FUNCTION voiceagent_private.make_caller_a_lead(text, text) IS
	E'The lead of the current tenant for a caller''s number, made if there is none: with the tag and the source '
	'incoming, the name that it gave (NULL: none), and no consent.\n'
	'NULL: the number is none that can be called. After lock_leads().';
