-- What sources say of a lead: versions, merged under one variable, bounded, and nobody else's.
\set SHOW_CONTEXT never
\set ECHO none
\i lib/inbox_setup.inc
\set ECHO all
CREATE FUNCTION pg_temp.why(command text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	v_detail text;
	v_hint text;
BEGIN
	EXECUTE command;
	RETURN NEXT 'done';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL, v_hint = PG_EXCEPTION_HINT;
	RETURN NEXT regexp_replace(SQLSTATE || ' ' || SQLERRM, 'lead \d+', 'lead N', 'g');
	RETURN NEXT v_detail;
	RETURN NEXT regexp_replace(v_hint, '\(\d+,', '(N,', 'g');
END
$$;
BEGIN;
SELECT voiceagent.create_tenant('r48 other', 'UTC', 100) AS other \gset
SELECT voiceagent.create_tenant('r48 enrichment', 'UTC', 100) AS tenant \gset
SELECT voiceagent_private.set_tenant(:other) IS NOT NULL AS acting;
SELECT voiceagent.add_lead(phone => '+12125550199') AS theirs \gset
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS acting;
SELECT voiceagent.add_lead(phone => '+12125550101', first_name => 'Ann', context => '{"enrichment": "of the file", "city": "Reno"}') AS ann \gset
SELECT voiceagent.add_lead(phone => '+12125550102', first_name => 'Bob') AS bob \gset

-- a version for each source, only where the data differs
SELECT voiceagent.enrich_lead(:ann, 'crm', '{"property": {"age": 12, "size": 90}, "tier": "gold"}') AS v1,
	voiceagent.enrich_lead(:ann, 'crm', '{"tier": "gold", "property": {"size": 90, "age": 12}}') AS same,
	voiceagent.enrich_lead(:ann, 'crm', '{"property": {"age": 13}}') AS v2,
	voiceagent.enrich_lead(:ann, 'register', '{"property": {"roof": "slate", "age": 40}, "rooms": ["hall"]}') AS v1_of_another;
SELECT source, version, data, enriched_at IS NOT NULL AS timed FROM voiceagent.lead_enrichments WHERE tenant_id = :tenant AND lead_id = :ann ORDER BY enrichment_id;
-- level by level, later over earlier, each under the name of its source as well
SELECT jsonb_pretty(enrichment) FROM voiceagent.leads WHERE tenant_id = :tenant AND lead_id = :ann;
-- a source that speaks again is the latest
SELECT voiceagent.enrich_lead(:ann, 'crm', '{"property": {"age": 14}}') AS v3;
SELECT enrichment #> '{property}' AS property FROM voiceagent.leads WHERE tenant_id = :tenant AND lead_id = :ann;
-- in a prompt, and whether a value is missing; a file's own column of that name gives way
SELECT voiceagent_private.fill_template('{{enrichment.property.roof}} {{enrichment.crm.property.age}} {{enrichment.rooms.0}} {{city}}', voiceagent_private.lead_variables(l)) AS filled,
	voiceagent_private.lacking_variables(l, '{enrichment.property.age,enrichment.property.pool,enrichment.rooms.1,city}') AS lacking
FROM voiceagent.leads l WHERE tenant_id = :tenant AND lead_id = :ann;
SELECT voiceagent_private.lead_variables(l) AS variables FROM voiceagent.leads l WHERE tenant_id = :tenant AND lead_id = :bob;

-- bad input says what is allowed, and changes nothing
SELECT w.* FROM (VALUES ('crm', '[1]'), ('crm', '"x"'), ('Crm!', '{}'), (NULL, '{}'), (repeat('x', 41), '{}'), ('crm', NULL)) AS x(s, d),
	pg_temp.why(format('SELECT voiceagent.enrich_lead(%s, %L, %L)', :ann, s, d)) w;
SELECT * FROM pg_temp.why(format('SELECT voiceagent.enrich_lead(%s, %L, %L)', :theirs, 'crm', '{"a": 1}'));
SELECT * FROM pg_temp.why(format($$SELECT voiceagent.enrich_lead(%s, 'crm', jsonb_build_object('a', repeat('x', 100000000)))$$, :ann));
SELECT * FROM pg_temp.why(format($$SELECT voiceagent.enrich_lead(%s, 'crm', jsonb_build_object('a', repeat('x', 16384)))$$, :ann));
SELECT * FROM pg_temp.why(format($$SELECT voiceagent.enrich_lead(%s, 'crm', ('{"a":' || repeat('[', 1000) || repeat(']', 1000) || '}')::jsonb)$$, :ann));
SELECT * FROM pg_temp.why(format($$SELECT voiceagent.enrich_lead(%s, 'crm', ('{"a":' || repeat('{"a":', 1000) || '1' || repeat('}', 1001))::jsonb)$$, :ann));
-- as deep as a variable goes, and no deeper
SELECT w.* FROM (VALUES ('{"a": {"b": {"c": {"d": {"e": {"f": {"g": 7}}}}}}}'), ('{"a": {"b": {"c": {"d": {"e": {"f": {"g": {"h": 8}}}}}}}}')) AS x(d),
	pg_temp.why(format('SELECT voiceagent.enrich_lead(%s, %L, %L)', :ann, 'deep', d)) w;
SELECT voiceagent_private.fill_template('{{enrichment.a.b.c.d.e.f.g}}', voiceagent_private.lead_variables(l)) AS filled
FROM voiceagent.leads l WHERE tenant_id = :tenant AND lead_id = :ann;
-- so many sources
SELECT count(voiceagent.enrich_lead(:bob, 's' || i, '{"a": 1}')) AS sources FROM generate_series(1, 8) i;
SELECT * FROM pg_temp.why(format('SELECT voiceagent.enrich_lead(%s, %L, %L)', :bob, 's9', '{"a": 1}'));
-- so many versions of each
SELECT max(voiceagent.enrich_lead(:ann, 'clock', jsonb_build_object('n', i))) AS last FROM generate_series(1, 25) i;
SELECT count(*) AS kept, min(version) AS first, max(version) AS last FROM voiceagent.lead_enrichments WHERE tenant_id = :tenant AND lead_id = :ann AND source = 'clock';
-- a row never changes
SELECT * FROM pg_temp.why(format('UPDATE voiceagent.lead_enrichments SET data = %L WHERE tenant_id = %s', '{}', :tenant));

-- many at once: the good ones are taken, the others named; by lead or by number
SELECT voiceagent.enrich_leads(jsonb_build_array(
	jsonb_build_object('lead_id', :bob, 'source', 's1', 'data', '{"a": 2}'::jsonb),
	jsonb_build_object('phone', '+12125550102', 'source', 's2', 'data', '{"a": 1}'::jsonb),
	jsonb_build_object('phone', '+12125550199', 'source', 'crm', 'data', '{"a": 1}'::jsonb),
	jsonb_build_object('lead_id', :theirs, 'source', 'crm', 'data', '{"a": 1}'::jsonb),
	jsonb_build_object('lead_id', 'x', 'source', 'crm', 'data', '{}'::jsonb),
	jsonb_build_object('lead_id', 1e30, 'source', 'crm', 'data', '{}'::jsonb),
	jsonb_build_object('lead_id', :bob, 'source', 's10', 'data', '{}'::jsonb),
	jsonb_build_object('lead_id', :bob, 'source', 's1', 'data', '[]'::jsonb),
	'null', '7', '"x"', '[]'));
SELECT enrichment -> 'a' AS a FROM voiceagent.leads WHERE tenant_id = :tenant AND lead_id = :bob;
SELECT w.* FROM (VALUES (NULL), ('{}'), ('3')) AS x(i), pg_temp.why(format('SELECT voiceagent.enrich_leads(%L)', i)) w;
SELECT * FROM pg_temp.why($$SELECT voiceagent.enrich_leads((SELECT jsonb_agg(1) FROM generate_series(1, 10001)))$$);
SELECT voiceagent.enrich_leads('[]');

-- data that poses as a template, as SQL or as a field stays data, below enrichment
SELECT voiceagent.enrich_lead(:ann, 'evil', '{"phone": "+19005550100", "name": "{{phone}}", "note": "{{script.pitch}} {% raw %}''; DROP TABLE leads; --", "script": {"opening": "Buy"}}') > 0 AS stored;
SELECT v.variables ->> 'phone' AS phone, v.variables -> 'script' AS script, voiceagent_private.fill_template('{{phone}} {{enrichment.name}} {{enrichment.note}}', v.variables) AS filled
FROM (SELECT voiceagent_private.lead_variables(l) AS variables FROM voiceagent.leads l WHERE tenant_id = :tenant AND lead_id = :ann) v;
-- a test call's own values stand over it
SELECT voiceagent_private.lead_variables(voiceagent_private.with_variables(l, '{"enrichment": {"tier": "test"}}')) -> 'enrichment' AS enrichment
FROM voiceagent.leads l WHERE tenant_id = :tenant AND lead_id = :ann;

-- taken away by source, by age, and with the lead
SELECT voiceagent.forget_enrichment(:ann, 'evil') AS gone, voiceagent.forget_enrichment(:ann, 'evil') AS again;
SELECT enrichment ? 'evil' AS there, enrichment ? 'note' AS note, enrichment ? 'crm' AS crm FROM voiceagent.leads WHERE tenant_id = :tenant AND lead_id = :ann;
SELECT * FROM pg_temp.why(format('SELECT voiceagent.forget_enrichment(%s)', :theirs));
SELECT jsonb_array_length(voiceagent.export_lead(:ann) -> 'enrichments') AS exported;
SELECT (voiceagent_private.retain_class('enrichments', 0, voiceagent.clock() + interval '400 days', 3)).removed AS removed,
	(SELECT count(*) FROM voiceagent.lead_enrichments WHERE tenant_id = :tenant) AS there;
SELECT (voiceagent_private.retain_class('enrichments', 0, voiceagent.clock() + interval '400 days', 1000)).more AS more;
SELECT count(*) AS kept, (SELECT count(enrichment) FROM voiceagent.leads WHERE tenant_id = :tenant) AS merged FROM voiceagent.lead_enrichments WHERE tenant_id = :tenant;
SELECT voiceagent.enrich_lead(:ann, 'crm', '{"tier": "gold"}') AS version, voiceagent.enrich_lead(:bob, 'crm', '{"tier": "iron"}') AS of_bob;
SELECT voiceagent.erase_lead(:ann) -> 'erased' -> 'enrichments' AS erased;
SELECT lead_id = :bob AS bob, data FROM voiceagent.lead_enrichments WHERE tenant_id = :tenant;
-- nothing came to the other tenant
SELECT count(*) AS of_the_other FROM voiceagent.lead_enrichments WHERE tenant_id = :other;
ROLLBACK;
