/*
 * 48_script: enrichment.  A source's answer on a lead is data from outside: it
 * is bounded before it is looked at, lies below the variable enrichment and
 * nowhere else, and is never read as a template.
 */

CREATE FUNCTION voiceagent_private.merge_deep(base jsonb, over jsonb) RETURNS jsonb
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
	IF jsonb_typeof(base) IS DISTINCT FROM 'object' OR jsonb_typeof(over) IS DISTINCT FROM 'object' THEN
		RETURN over;
	END IF;
	RETURN base || coalesce((SELECT jsonb_object_agg(o.key, voiceagent_private.merge_deep(base -> o.key, o.value))
		FROM jsonb_each(over) o), '{}');
END
$$;
COMMENT ON FUNCTION voiceagent_private.merge_deep(jsonb, jsonb) IS
	E'Two values as one: members of both objects, level by level; of what is no object in both, the second.\n'
	'It goes as deep as the data, which enrichment_max_depth bounds.';

-- Members of the merged data win over names of sources: what a prompt names stays what it is when a source joins.
CREATE FUNCTION voiceagent_private.merged_enrichment(tenant_id bigint, lead_id bigint) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_newest record;
	v_merged jsonb := '{}';
	v_sources jsonb := '{}';
BEGIN
	FOR v_newest IN
		SELECT n.source, n.data FROM (
			SELECT DISTINCT ON (e.source) e.source, e.data, e.enrichment_id FROM voiceagent.lead_enrichments e
			WHERE e.tenant_id = merged_enrichment.tenant_id AND e.lead_id = merged_enrichment.lead_id
			ORDER BY e.source, e.version DESC) n
		ORDER BY n.enrichment_id
	LOOP
		v_merged := voiceagent_private.merge_deep(v_merged, v_newest.data);
		v_sources := v_sources || jsonb_build_object(v_newest.source, v_newest.data);
	END LOOP;
	RETURN nullif(v_sources || v_merged, '{}');
END
$$;
COMMENT ON FUNCTION voiceagent_private.merged_enrichment(bigint, bigint) IS
	'The value that leads.enrichment must have: the newest data of each source under its name, and over that all of it '
	'merged, later data over earlier; NULL: no source gave any.';

CREATE FUNCTION voiceagent_private.enrichment_fault(source text, data jsonb, max_bytes integer, max_depth integer,
	OUT message text, OUT detail text, OUT hint text) RETURNS record
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF source IS NULL OR length(source) > 40 OR source !~ '^[a-z][a-z0-9_]*$' THEN
		message := 'invalid source of an enrichment';
		detail := format('Got %s.', coalesce(quote_literal(left(source, 100)), 'NULL'));
		hint := 'source is a name of 1 to 40 lower-case letters, digits and _, beginning with a letter, such as crm.';
	ELSIF jsonb_typeof(data) IS DISTINCT FROM 'object' THEN
		message := 'the data of an enrichment is a JSON object';
		detail := format('data is %s.', coalesce(jsonb_typeof(data), 'NULL'));
		hint := 'For example {"property": {"age": 12}}.';
	ELSIF voiceagent_private.json_bytes(data, max_bytes) > max_bytes THEN
		message := format('the data of an enrichment has at most %s bytes', max_bytes);
		detail := format('data has %s.', CASE WHEN voiceagent_private.json_bytes(data, 4 * max_bytes) > 4 * max_bytes
			THEN 'far more' ELSE voiceagent_private.json_bytes(data, 4 * max_bytes)::text END);
		hint := 'Send what a call needs; the setting enrichment_max_bytes is the limit.';
	-- Looks no deeper than that, however deep the data is.
	ELSIF jsonb_path_exists(data, format('strict $.**{%s}', max_depth + 1)::jsonpath) THEN
		message := format('the data of an enrichment has at most %s levels', max_depth);
		detail := 'data has more.';
		hint := 'A variable such as {{enrichment.property.age}} has at most 8 levels in all.';
	ELSIF voiceagent_private.json_fault(data) IS NOT NULL THEN
		message := 'the data of an enrichment cannot be used';
		detail := voiceagent_private.json_fault(data);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.enrichment_fault(text, jsonb, integer, integer) IS
	'The fault in the arguments of an enrichment, as an error says it; NULLs: none.';

CREATE TYPE voiceagent_private.enrichment_item AS (
	item integer,
	lead_id bigint,
	source text,
	data jsonb
);
COMMENT ON TYPE voiceagent_private.enrichment_item IS
	'One piece of what enrich_leads() was given, checked: its place from 1, the lead, its source and the data.';

CREATE FUNCTION voiceagent_private.store_enrichments(items voiceagent_private.enrichment_item[])
	RETURNS TABLE (item integer, version integer, is_new boolean, fault text)
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_keep integer := voiceagent_private.setting_integer('enrichment_versions');
	v_sources integer := voiceagent_private.setting_integer('enrichment_max_sources');
	v_item record;
	v_last voiceagent.lead_enrichments;
	v_changed bigint[] := '{}';
BEGIN
	-- Two that enrich a lead at once are one after the other, and so are their versions.
	PERFORM FROM voiceagent.leads l
	WHERE l.tenant_id = v_tenant AND l.lead_id = ANY (ARRAY(SELECT i.lead_id FROM unnest(items) i))
	ORDER BY l.lead_id FOR NO KEY UPDATE;
	FOR v_item IN SELECT i.* FROM unnest(items) i ORDER BY i.item LOOP
		item := v_item.item;
		fault := NULL;
		SELECT e.* INTO v_last FROM voiceagent.lead_enrichments e
		WHERE e.tenant_id = v_tenant AND e.lead_id = v_item.lead_id AND e.source = v_item.source
		ORDER BY e.version DESC LIMIT 1;
		version := coalesce(v_last.version, 0);
		is_new := v_last.data IS DISTINCT FROM v_item.data;
		IF version = 0 AND (SELECT count(DISTINCT e.source) FROM voiceagent.lead_enrichments e
			WHERE e.tenant_id = v_tenant AND e.lead_id = v_item.lead_id) >= v_sources THEN
			fault := format('a lead is enriched by at most %s sources', v_sources);
			is_new := false;
		ELSIF is_new THEN
			version := version + 1;
			INSERT INTO voiceagent.lead_enrichments (tenant_id, lead_id, source, version, data, enriched_at)
			VALUES (v_tenant, v_item.lead_id, v_item.source, version, v_item.data, voiceagent.clock());
			DELETE FROM voiceagent.lead_enrichments e
			WHERE e.tenant_id = v_tenant AND e.lead_id = v_item.lead_id AND e.source = v_item.source
				AND e.version <= store_enrichments.version - v_keep;
			v_changed := v_changed || v_item.lead_id;
		END IF;
		RETURN NEXT;
	END LOOP;
	PERFORM voiceagent_private.refresh_enrichment(v_changed);
END
$$;
COMMENT ON FUNCTION voiceagent_private.store_enrichments(voiceagent_private.enrichment_item[]) IS
	'Stores checked enrichments of leads of the current tenant, which it locks, and says of each which version it '
	'became, whether that is new (the same data twice is one version), or what stands in its way.';

CREATE FUNCTION voiceagent_private.refresh_enrichment(lead_ids bigint[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	UPDATE voiceagent.leads l SET enrichment = voiceagent_private.merged_enrichment(v_tenant, l.lead_id)
	WHERE l.tenant_id = v_tenant AND l.lead_id = ANY (lead_ids);
END
$$;
COMMENT ON FUNCTION voiceagent_private.refresh_enrichment(bigint[]) IS
	'Brings leads.enrichment of these leads of the current tenant, which the caller has locked, up to their sources.';

CREATE FUNCTION voiceagent.enrich_lead(lead_id bigint, source text, data jsonb) RETURNS integer
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_fault record;
	v_stored record;
BEGIN
	v_fault := voiceagent_private.enrichment_fault(source, data,
		voiceagent_private.setting_integer('enrichment_max_bytes'),
		voiceagent_private.setting_integer('enrichment_max_depth'));
	PERFORM voiceagent_private.fail_if(v_fault.message IS NOT NULL, 'PT422', v_fault.message, v_fault.detail,
		v_fault.hint);
	-- Locked: an erasure that goes on meanwhile is waited for.
	PERFORM FROM voiceagent.leads l WHERE l.tenant_id = v_tenant AND l.lead_id = enrich_lead.lead_id
	FOR NO KEY UPDATE;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', format('lead %s does not exist', lead_id));
	SELECT s.* INTO v_stored FROM voiceagent_private.store_enrichments(
		ARRAY[ROW(1, lead_id, source, data)::voiceagent_private.enrichment_item]) s;
	PERFORM voiceagent_private.fail_if(v_stored.fault IS NOT NULL, 'PT422', v_stored.fault,
		format('%s would be one more.', source), format('forget_enrichment(%s, source) takes one away.', lead_id));
	RETURN v_stored.version;
END
$$;
COMMENT ON FUNCTION voiceagent.enrich_lead(bigint, text, jsonb) IS
	E'Adds what a source knows of a lead, an object, as the source''s newest version, and returns its number.\n'
	'Prompts and scripts say {{enrichment.property.age}}, or of one source {{enrichment.SOURCE.property.age}}. '
	'The same data again is no new version. PT404, PT422 for a bad source, or data too large or too deep.';

CREATE FUNCTION voiceagent.enrich_leads(items jsonb) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	c_max_items CONSTANT integer := 10000;
	c_max_bytes CONSTANT integer := 33554432;
	v_bytes integer := voiceagent_private.setting_integer('enrichment_max_bytes');
	v_depth integer := voiceagent_private.setting_integer('enrichment_max_depth');
	v_taken voiceagent_private.enrichment_item[];
	v_errors jsonb;
	v_result record;
BEGIN
	PERFORM voiceagent_private.fail_if(jsonb_typeof(items) IS DISTINCT FROM 'array', 'PT422', 'items is a JSON array',
		format('It is %s.', coalesce(jsonb_typeof(items), 'NULL')),
		'Give [{"lead_id": 7, "source": "crm", "data": {"age": 12}}].');
	PERFORM voiceagent_private.fail_if(voiceagent_private.json_bytes(items, c_max_bytes) > c_max_bytes
		OR jsonb_array_length(items) > c_max_items, 'PT422',
		format('items has at most %s elements and %s bytes', c_max_items, c_max_bytes), NULL,
		'Send the rest in another call.');
	-- Many leads, whatever calls of theirs are ending meanwhile.
	PERFORM voiceagent_private.lock_tenant(true);
	SELECT array_agg(ROW(x.item, x.lead_id, x.source, x.data)::voiceagent_private.enrichment_item ORDER BY x.item)
			FILTER (WHERE x.error IS NULL),
		jsonb_agg(jsonb_build_object('item', x.item, 'message', x.error) ORDER BY x.item)
			FILTER (WHERE x.error IS NOT NULL)
	INTO v_taken, v_errors
	FROM (
		SELECT i.item, l.lead_id, i.source, i.data, coalesce(f.message || coalesce(': ' || f.detail, ''),
			CASE WHEN l.lead_id IS NULL THEN 'there is no such lead: give lead_id, or its phone in E.164' END) AS error
		FROM (SELECT e.ord::integer AS item, e.value, e.value ->> 'source' AS source, e.value -> 'data' AS data
			FROM jsonb_array_elements(items) WITH ORDINALITY AS e(value, ord)) i
		CROSS JOIN LATERAL voiceagent_private.enrichment_fault(i.source, i.data, v_bytes, v_depth) f
		LEFT JOIN LATERAL (
			SELECT d.lead_id FROM voiceagent.leads d
			WHERE d.tenant_id = v_tenant
				AND d.lead_id =
					(CASE WHEN i.value ->> 'lead_id' ~ '^[0-9]{1,18}$' THEN i.value ->> 'lead_id' END)::bigint
			UNION ALL
			SELECT voiceagent_private.lead_by_number(i.value ->> 'phone') WHERE NOT i.value ? 'lead_id'
			LIMIT 1) l ON true) x;
	SELECT count(*) FILTER (WHERE s.is_new) AS enriched,
		count(*) FILTER (WHERE NOT s.is_new AND s.fault IS NULL) AS same,
		jsonb_agg(jsonb_build_object('item', s.item, 'message', s.fault) ORDER BY s.item)
			FILTER (WHERE s.fault IS NOT NULL) AS faults
	INTO v_result FROM voiceagent_private.store_enrichments(coalesce(v_taken, '{}')) s;
	RETURN jsonb_build_object('enriched', v_result.enriched, 'unchanged', v_result.same,
		'errors', coalesce(v_errors, '[]') || coalesce(v_result.faults, '[]'));
END
$$;
COMMENT ON FUNCTION voiceagent.enrich_leads(jsonb) IS
	E'enrich_lead() for up to 10,000 leads at once: [{"lead_id" or "phone", "source", "data"}, ...].\n'
	'Good items are taken, whatever the others are; it returns {"enriched", "unchanged", "errors": [{"item" (from 1), '
	'"message"}]}. PT422 when items is no array, or too large as a whole.';

CREATE FUNCTION voiceagent.forget_enrichment(lead_id bigint, source text DEFAULT NULL) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_count bigint;
BEGIN
	PERFORM FROM voiceagent.leads l
	WHERE l.tenant_id = v_tenant AND l.lead_id = forget_enrichment.lead_id FOR NO KEY UPDATE;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', format('lead %s does not exist', lead_id));
	DELETE FROM voiceagent.lead_enrichments e
	WHERE e.tenant_id = v_tenant AND e.lead_id = forget_enrichment.lead_id
		AND (forget_enrichment.source IS NULL OR e.source = forget_enrichment.source);
	GET DIAGNOSTICS v_count = ROW_COUNT;
	PERFORM voiceagent_private.refresh_enrichment(ARRAY[lead_id]);
	RETURN v_count;
END
$$;
COMMENT ON FUNCTION voiceagent.forget_enrichment(bigint, text) IS
	E'Removes what a source (default: every source) said of a lead, and returns how many versions there were.\n'
	'PT404.';

CREATE FUNCTION voiceagent_private.retain_enrichments(upto bigint, cutoff timestamptz, max integer)
	RETURNS TABLE (upto_now bigint, removed integer, more boolean)
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_ids bigint[];
	v_leads bigint[];
BEGIN
	SELECT coalesce(array_agg(w.enrichment_id ORDER BY w.enrichment_id), '{}'), array_agg(DISTINCT w.lead_id)
	INTO v_ids, v_leads
	FROM (SELECT e.enrichment_id, e.lead_id, e.enriched_at FROM voiceagent.lead_enrichments e
		WHERE e.tenant_id = v_tenant AND e.enrichment_id > upto ORDER BY e.enrichment_id LIMIT max) w
	WHERE w.enriched_at < cutoff;
	IF cardinality(v_ids) > 0 THEN
		PERFORM FROM voiceagent.leads l WHERE l.tenant_id = v_tenant AND l.lead_id = ANY (v_leads)
		ORDER BY l.lead_id FOR NO KEY UPDATE;
		DELETE FROM voiceagent.lead_enrichments e WHERE e.tenant_id = v_tenant AND e.enrichment_id = ANY (v_ids);
		PERFORM voiceagent_private.refresh_enrichment(v_leads);
	END IF;
	RETURN QUERY SELECT coalesce(v_ids[cardinality(v_ids)], upto), cardinality(v_ids), cardinality(v_ids) = max;
END
$$;
COMMENT ON FUNCTION voiceagent_private.retain_enrichments(bigint, timestamptz, integer) IS
	'Removes the current tenant''s oldest enrichments behind the mark that came before cutoff, at most max, also from '
	'leads.enrichment.';
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('deferred', 'enrich_leads');
