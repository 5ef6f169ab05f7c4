-- 25_lead: the further numbers of a lead.

CREATE FUNCTION voiceagent_private.phones_of_lead(lead_id bigint) RETURNS text[]
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT array_agg(p.phone::text ORDER BY p.number)
	FROM (SELECT l.phone, 1 AS number FROM voiceagent.leads l
		WHERE l.tenant_id = voiceagent.current_tenant() AND l.lead_id = phones_of_lead.lead_id
		UNION ALL SELECT n.phone, n.number FROM voiceagent.lead_numbers n
		WHERE n.tenant_id = voiceagent.current_tenant() AND n.lead_id = phones_of_lead.lead_id) p);
END
$$;
COMMENT ON FUNCTION voiceagent_private.phones_of_lead(bigint) IS 'Every number of a lead, the first one first.';

CREATE FUNCTION voiceagent_private.lead_by_number(phone text) RETURNS bigint
	LANGUAGE sql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
	SELECT x.lead_id FROM unnest(voiceagent_private.spellings(lead_by_number.phone)) s
	CROSS JOIN LATERAL (SELECT l.lead_id, 1 AS place FROM voiceagent.leads l
		WHERE l.tenant_id = voiceagent.current_tenant() AND l.phone = s
		UNION ALL SELECT n.lead_id, 2 FROM voiceagent.lead_numbers n
		WHERE n.tenant_id = voiceagent.current_tenant() AND n.phone = s AND n.was_lead IS NOT NULL OFFSET 0) x
	ORDER BY x.place, s <> lead_by_number.phone LIMIT 1
$$;
COMMENT ON FUNCTION voiceagent_private.lead_by_number(text) IS
	'The lead of the current tenant whose first number this is, in either spelling, or into which the one was merged '
	'whose it was.';

CREATE FUNCTION voiceagent_private.merged_into(lead_id bigint) RETURNS bigint
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
	-- A mark goes with its number, and a merge is forgotten after 90 days.
	SELECT greatest((SELECT count(*) FROM voiceagent.lead_numbers n WHERE n.tenant_id = voiceagent.current_tenant()
			AND n.lead_id = merged_into.lead_id AND n.was_lead IS NOT NULL),
		(SELECT count(*) FROM voiceagent.lead_merges m WHERE m.tenant_id = voiceagent.current_tenant()
			AND merged_into.lead_id IN (m.lead_id, m.gone_lead_id)))
$$;
COMMENT ON FUNCTION voiceagent_private.merged_into(bigint) IS
	'How many other leads a lead of the current tenant is, or was until an undo.';

CREATE FUNCTION voiceagent_private.place_of_number(lead voiceagent.leads, number_timezones text[], number_region text,
	OUT timezones text[], OUT region text)
	RETURNS record LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE WHEN lead.timezones IS DISTINCT FROM p.timezones THEN lead.timezones ELSE number_timezones END,
		CASE WHEN lead.region IS DISTINCT FROM p.region THEN lead.region ELSE number_region END
	FROM voiceagent_private.parse_phone(lead.phone) p
$$;
COMMENT ON FUNCTION voiceagent_private.place_of_number(voiceagent.leads, text[], text) IS
	'Zones and region of a further number: a place that the lead has of its own, not from its first number, holds for '
	'all its numbers; else what the number says.';

CREATE FUNCTION voiceagent.remove_lead_number(lead_id bigint, number integer) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
BEGIN
	PERFORM voiceagent_private.fail_if(
		remove_lead_number.number IS NULL OR remove_lead_number.number NOT BETWEEN 2 AND 5, 'PT422',
		'number is out of range', 'Number 1 is what makes a lead: it stays.', 'Give 2 to 5.');
	PERFORM FROM voiceagent.leads l
	WHERE l.tenant_id = v_tenant AND l.lead_id = remove_lead_number.lead_id FOR NO KEY UPDATE;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404',
		format('lead %s does not exist', remove_lead_number.lead_id));
	DELETE FROM voiceagent.lead_numbers n
	WHERE n.tenant_id = v_tenant AND n.lead_id = remove_lead_number.lead_id AND n.number = remove_lead_number.number;
	RETURN FOUND;
END
$$;
COMMENT ON FUNCTION voiceagent.remove_lead_number(bigint, integer) IS
	E'Takes a further number (2 to 5) from a lead; the others keep theirs.\n'
	'True if there was one. PT404, PT422.';

CREATE FUNCTION voiceagent_private.add_numbers(given voiceagent.lead_numbers[], lead_ids bigint[],
	OUT ords integer[], OUT numbers smallint[])
	RETURNS record LANGUAGE plpgsql VOLATILE
	SET planner.policy = row_by_row
	SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	WITH fresh AS (
		SELECT DISTINCT ON (g.unnest, g.phone) g.ordinality::integer AS ord, g.unnest AS lead_id, g.phone, g.extension,
			g.country, p.region, p.timezones
		FROM ROWS FROM (unnest(given), unnest(lead_ids)) WITH ORDINALITY g
		JOIN voiceagent.leads l ON l.tenant_id = v_tenant AND l.lead_id = g.unnest
			AND l.phone <> ALL (voiceagent_private.spellings(g.phone))
		CROSS JOIN LATERAL voiceagent_private.place_of_number(l, g.timezones, g.region) p
		WHERE NOT EXISTS (SELECT FROM voiceagent.lead_numbers n
			WHERE n.tenant_id = v_tenant AND n.lead_id = g.unnest
				AND n.phone = ANY (voiceagent_private.spellings(g.phone)))
		ORDER BY g.unnest, g.phone, g.ordinality
	), placed AS (
		SELECT f.*, (ARRAY(SELECT p FROM generate_series(2, 5) p
			WHERE NOT EXISTS (SELECT FROM voiceagent.lead_numbers n
				WHERE n.tenant_id = v_tenant AND n.lead_id = f.lead_id AND n.number = p)
			ORDER BY p))[row_number() OVER (PARTITION BY f.lead_id ORDER BY f.ord)] AS number
		FROM fresh f
	), added AS (
		INSERT INTO voiceagent.lead_numbers (tenant_id, lead_id, number, phone, extension, country, region, timezones)
		SELECT v_tenant, p.lead_id, p.number, p.phone, p.extension, p.country, p.region, p.timezones FROM placed p
		WHERE p.number IS NOT NULL
	)
	SELECT coalesce(array_agg(p.ord ORDER BY p.ord), '{}'),
		coalesce(array_agg(coalesce(p.number, 0)::smallint ORDER BY p.ord), '{}') INTO ords, numbers
	FROM placed p;
END
$$;
COMMENT ON FUNCTION voiceagent_private.add_numbers(voiceagent.lead_numbers[], bigint[]) IS
	E'Gives leads of the current tenant further numbers, as add_lead_number() does: given[i] to lead lead_ids[i], '
	'unless it is the lead''s already, at the lead''s next free place.\n'
	'Returns, by i in ords, those that are new to their leads, and which number each is now: 2 to 5, or 0 '
	'when the lead has five.';
