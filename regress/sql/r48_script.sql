-- Scripts from templates and playbooks: versions, which one holds, filled for a lead, and nothing read as a template twice.
\set SHOW_CONTEXT never
\set ECHO none
\i lib/inbox_setup.inc
\set ECHO all
CREATE FUNCTION pg_temp.why(command text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	v_detail text;
BEGIN
	EXECUTE command;
	RETURN NEXT 'done';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL;
	RETURN NEXT SQLSTATE || ' ' || regexp_replace(SQLERRM, '(lead|campaign) \d+', '\1 N', 'g');
	RETURN NEXT regexp_replace(v_detail, 'lead \d+', 'lead N', 'g');
END
$$;
BEGIN;
-- the platform's: well formed in four languages, in the language they say, and without a hole for a lead of whom nothing is known
SELECT s.playbook, s.language, voiceagent_private.text_language(array_to_string(voiceagent_private.script_texts(s.body), ' ')) = s.language AS said,
	(SELECT count(*) FROM voiceagent_private.script_faults(s.body, voiceagent_private.script_members() || 'rules'::text)) AS faults,
	voiceagent_private.template_variables(concat_ws(' ', s.body ->> 'opening', s.body ->> 'pitch', s.body ->> 'closing')) AS needed,
	array_length(regexp_split_to_array(s.body ->> 'opening', '\s+'), 1) < 40 AS short, s.body ->> 'opening' ~ '\?' AS asks, s.body ->> 'closing' ~ '\?' AS calls_to_act
FROM voiceagent_private.shipped_playbooks s ORDER BY 1, 2;

-- and the lint has no error to name, nor in the scripts that are made of them
SELECT s.playbook, s.language, f.* FROM voiceagent_private.shipped_playbooks s,
	voiceagent_private.write_script(ROW('template', '0', s.language, '', s.body, s.body, voiceagent_private.template_variables(array_to_string(voiceagent_private.script_texts(s.body), ' ')), '{}', '')::voiceagent_private.script_plan, '{}') w(script),
	voiceagent_private.lint_script(w.script - 'rules', s.language) f WHERE f.severity = 'error' ORDER BY 1, 2;

SELECT voiceagent.create_tenant('r48 other', 'UTC', 100) AS other \gset
SELECT voiceagent.create_tenant('r48 script', 'UTC', 100) AS tenant \gset
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS acting;
SELECT voiceagent.add_lead(phone => '+12125550101', first_name => 'Ann') AS ann \gset
SELECT voiceagent.add_lead(phone => '+12125550102') AS bob \gset
SELECT voiceagent.create_assistant('Scripted', '{{script.opening}}', 'Say: {{script.pitch}} Ask: {{script.questions_list}} {{script.objections_list}} {{script.rules_list}} End: {{script.closing}}') AS assistant \gset
SELECT voiceagent.create_assistant('Portuguese', 'Oi', 'Fale.', settings => '{"language": "pt-BR"}') AS portuguese \gset

-- what is refused, by the member at fault
SELECT w.* FROM (VALUES ('roof', NULL), ('Roof!', '{}'), ('roof', '[]'), ('roof', '{"description": "x"}'), ('roof', '{"description": "", "languages": {"en": {}}}'),
	('roof', '{"description": "x", "languages": {"klingon!": {}}}'), ('roof', '{"description": "x", "languages": {}}'),
	('roof', '{"description": "x", "extra": 1, "languages": {"en": {}}}'),
	('roof', '{"description": "x", "languages": {"en": {"opening": "Hi", "pitch": 3, "closing": "Bye", "questions": [], "objections": []}}}'),
	('roof', '{"description": "x", "languages": {"en": {"opening": "Hi", "pitch": "", "closing": "Bye", "questions": [], "objections": []}}}'),
	('roof', '{"description": "x", "languages": {"en": {"opening": "Hi", "pitch": "We", "closing": "Bye", "questions": "Why?", "objections": []}}}'),
	('roof', '{"description": "x", "languages": {"en": {"opening": "Hi", "pitch": "We", "closing": "Bye", "questions": ["a", {}], "objections": []}}}'),
	('roof', '{"description": "x", "languages": {"en": {"opening": "Hi", "pitch": "We", "closing": "Bye", "questions": [], "objections": [{"objection": "No"}]}}}'),
	('roof', '{"description": "x", "languages": {"en": {"opening": "Hi", "pitch": "We", "closing": "Bye", "questions": [], "objections": [], "price": "1"}}}'),
	('roof', '{"description": "x", "languages": {"en": {"opening": "Hi {{first name}}", "pitch": "We", "closing": "Bye", "questions": [], "objections": []}}}'),
	('roof', '{"description": "x", "languages": {"en": {"opening": "Hi {{first_name", "pitch": "We", "closing": "Bye", "questions": [], "objections": []}}}'),
	('roof', '{"description": "x", "languages": {"en": {"opening": "Hi {{script.pitch}}", "pitch": "We", "closing": "Bye", "questions": [], "objections": []}}}'),
	('roof', '{"description": "x", "languages": {"en": {"opening": "Hi {{date}}", "pitch": "We", "closing": "Bye", "questions": [], "objections": []}}}'),
	('roof', '{"description": "x", "languages": {"en": {"opening": "Hi", "pitch": "We", "closing": "{% if x %}", "questions": [], "objections": []}}}')) AS x(name, document),
	pg_temp.why(format('SELECT voiceagent.load_playbook(%L, %L)', name, document)) w WHERE w IS NOT NULL;
SELECT * FROM pg_temp.why($$SELECT voiceagent.load_playbook('roof', jsonb_build_object('description', 'x', 'opening', repeat('x', 601), 'pitch', 'We', 'closing', 'Bye', 'questions', '[]'::jsonb, 'objections', '[]'::jsonb))$$);
SELECT * FROM pg_temp.why($$SELECT voiceagent.load_playbook('roof', jsonb_build_object('description', 'x', 'opening', 'Hi', 'pitch', 'We', 'closing', 'Bye', 'objections', '[]'::jsonb, 'questions', (SELECT jsonb_agg('why?'::text) FROM generate_series(1, 11))))$$);
SELECT * FROM pg_temp.why($$SELECT voiceagent.load_playbook('roof', jsonb_build_object('description', 'x', 'opening', repeat('x', 10000000)))$$);
SELECT w.* FROM (VALUES ('pitch', 'en', '{"opening": "Hi"}'), ('chat', 'en', '{}'), ('closing', 'English language', '{"closing": "Bye"}'), ('closing', 'en', '{"closing": "Bye", "opening": "Hi"}')) AS x(kind, language, body),
	pg_temp.why(format('SELECT voiceagent.store_script_template(%L, %L, %L)', kind, language, body)) w WHERE w IS NOT NULL;

-- a campaign without scripts has none; one that wants them asks for what there is
SELECT voiceagent.create_campaign('Plain', :assistant, 'sales') AS plain \gset
SELECT voiceagent.preview_script(:plain, :ann);
SELECT w.* FROM (VALUES (:assistant, '{"playbook": "rofing"}'), (:assistant, '{"script_source": "models"}'), (:portuguese, '{"script_source": "template"}'), (:assistant, '{"script_wait": "2 hours"}')) AS x(a, s),
	pg_temp.why(format('SELECT voiceagent.create_campaign(%L, %s, %L, %L)', 'C', a, 'sales', s)) w WHERE w IS NOT NULL;
SELECT voiceagent.create_campaign('Scripted', :assistant, 'sales', '{"script_source": "template", "call_interval": 0}') AS c \gset
SELECT * FROM pg_temp.why(format('SELECT voiceagent.update_campaign(%s, %L)', :c, '{"playbook": "no_such"}'));
-- what a lead would hear has its script, and lacks nothing that the script gives
SELECT p ->> 'first_message' LIKE '%' || (voiceagent.preview_script(:c, :ann) #>> '{script,opening}') || '%' AS opening,
	p ->> 'system_prompt' LIKE '%' || (voiceagent.preview_script(:c, :ann) #>> '{script,pitch}') || '%' AS pitch, p -> 'missing' AS missing
FROM voiceagent.preview_prompt(:assistant, :ann, :c) p;
SELECT p ->> 'first_message' AS "without the campaign", p -> 'missing' AS missing FROM voiceagent.preview_prompt(:assistant, :ann) p;
SELECT * FROM pg_temp.why(format('SELECT voiceagent.preview_script(%s, %s)', :c, 999999999));
SELECT * FROM pg_temp.why(format('SELECT voiceagent.preview_script(%s, %s)', 999999999, :ann));

-- the platform's fallback, then the tenant's templates kind by kind, then a playbook
CREATE FUNCTION pg_temp.preview(campaign bigint, lead bigint) RETURNS TABLE (origin jsonb, opening text, closing text, objections bigint, questions jsonb) LANGUAGE sql AS $$
	SELECT p -> 'origin', p #>> '{script,opening}', p #>> '{script,closing}', jsonb_array_length(p #> '{script,objections}')::bigint, p #> '{script,questions}'
	FROM voiceagent.preview_script(campaign, lead) p $$;
SELECT * FROM pg_temp.preview(:c, :bob);
SELECT voiceagent.store_script_template('closing', 'en-GB', '{"closing": "Shall we meet, {{first_name | default: \"friend\"}}?"}') AS v1,
	voiceagent.store_script_template('closing', 'en', '{"closing": "Shall we meet, {{first_name | default: \"friend\"}}?"}') AS same;
SELECT origin, closing FROM pg_temp.preview(:c, :ann);
SELECT voiceagent.store_script_template('closing', 'en', NULL) AS v2;
SELECT origin -> 'closing' AS closing FROM pg_temp.preview(:c, :ann);
SELECT voiceagent.load_playbook('roof', '{"description": "Ours", "language": "en", "opening": "Hi {{first_name}}, about your roof of {{enrichment.property.age}} years. A minute?", "pitch": "We look at it.",
	"questions": ["Is it {{enrichment.property.roof}}?", "Do you own it?"], "objections": [{"objection": "No", "answer": "Why, {{first_name}}?"}, {"objection": "Busy", "answer": "When then?"}], "closing": "When, {{first_name | default: \"friend\"}}?", "rules": ["Be brief, {{nobody}}.", "Be kind."]}') AS v1;
SELECT voiceagent.load_playbook('roof', (voiceagent.playbook_document('roof'))) AS same;
SELECT voiceagent.update_campaign(:c, '{"playbook": "roof"}') > 0 AS updated;
SELECT playbook, version, built_in, description, languages FROM voiceagent.list_playbooks() WHERE playbook IN ('roof', 'roofing');
SELECT voiceagent.enrich_lead(:ann, 'register', '{"property": {"age": 40, "roof": "{{phone}} {% raw %}"}}') AS enriched;
SELECT * FROM pg_temp.preview(:c, :ann);
-- a sentence with a hole is never said: the platform's stands for it, or it is left out
SELECT * FROM pg_temp.preview(:c, :bob);
SELECT p -> 'rules' AS rules FROM voiceagent.preview_script(:c, :bob) p;
-- a value that is far too long, or made to break the filling apart, gives the platform's texts and no error
SELECT voiceagent.update_lead(:bob, jsonb_build_object('first_name', 'Bob', 'context', jsonb_build_object('note', chr(1)))) > 0 AS changed;
SELECT voiceagent.enrich_lead(:bob, 'register', jsonb_build_object('property', jsonb_build_object('age', 'a' || chr(1) || 'b', 'roof', repeat('long ', 3000)))) AS enriched;
SELECT left(opening, 30) AS opening, closing, length(questions ->> 0) <= 4000 AS bounded FROM pg_temp.preview(:c, :bob);
SELECT voiceagent.enrich_lead(:bob, 'register', jsonb_build_object('property', jsonb_build_object('age', 7, 'roof', repeat('long ', 3000)))) AS enriched;
SELECT opening, length(questions ->> 0) AS length FROM pg_temp.preview(:c, :bob);

-- one row a digest: the second call of the same lead takes the same script, a lead that has changed another one
SELECT voiceagent.add_leads(:c, ARRAY[:ann, :bob]::bigint[]);
SELECT voiceagent.start_campaign(:c);
SELECT variables #>> '{script,opening}' AS opening, variables #>> '{script,objections_list}' AS objections, variables #>> '{script,rules_list}' AS rules, variables ->> 'phone' AS phone
FROM voiceagent_private.claim_calls(10) c WHERE c.lead_id = :ann;
SELECT s.lead_id = :ann AS ann, s.status, s.written_by, s.origin -> 'pitch' AS pitch, s.campaign_id = :c AS campaign, cardinality(x.calls) AS calls, x.words
FROM voiceagent.lead_scripts s CROSS JOIN LATERAL (SELECT x.* FROM voiceagent.scripts_of_lead(s.lead_id, :c) x WHERE x.script_id = s.script_id) x WHERE s.tenant_id = :tenant ORDER BY s.script_id;
SELECT variables #>> '{script,opening}' AS again FROM (SELECT voiceagent_private.with_script(voiceagent_private.lead_variables(l), voiceagent_private.plan_script(v.settings, 'en-US'), :c, l.lead_id, 1000001, voiceagent.clock()) AS variables
	FROM voiceagent.leads l, voiceagent.campaigns k JOIN voiceagent.campaign_versions v USING (tenant_id, campaign_id, version) WHERE l.lead_id = :ann AND k.campaign_id = :c) x;
SELECT count(*) AS scripts FROM voiceagent.lead_scripts WHERE tenant_id = :tenant AND lead_id = :ann;
SELECT voiceagent.update_lead(:ann, '{"first_name": "Anna"}') > 0 AS changed;
SELECT variables #>> '{script,opening}' AS again FROM (SELECT voiceagent_private.with_script(voiceagent_private.lead_variables(l), voiceagent_private.plan_script(v.settings, 'en-US'), :c, l.lead_id, 1000002, voiceagent.clock()) AS variables
	FROM voiceagent.leads l, voiceagent.campaigns k JOIN voiceagent.campaign_versions v USING (tenant_id, campaign_id, version) WHERE l.lead_id = :ann AND k.campaign_id = :c) x;
SELECT count(*) AS scripts FROM voiceagent.lead_scripts WHERE tenant_id = :tenant AND lead_id = :ann;
-- what the call would be told by a carrier that only says a text, and what is previewed
SELECT voiceagent_private.script_of_call(min(s.call_id), '{"script_source": "template"}') #>> '{script,closing}' AS closing, voiceagent_private.script_of_call(min(s.call_id), '{}') AS none
FROM voiceagent.call_scripts s WHERE s.tenant_id = :tenant;
SELECT voiceagent.preview_request(:c, :ann) #>> '{body,assistantOverrides,variableValues,script,opening}' AS opening,
	voiceagent.preview_request(:plain, :ann) #> '{body,assistantOverrides,variableValues,script}' IS NULL AS plain_has_none;

-- the other tenant sees nothing of it
SELECT voiceagent_private.set_tenant(:other) IS NOT NULL AS acting;
SELECT count(*) AS playbooks FROM voiceagent.list_playbooks() WHERE NOT built_in;
SELECT * FROM pg_temp.why(format('SELECT * FROM voiceagent.scripts_of_lead(%s)', :ann));
SELECT * FROM pg_temp.why(format('SELECT voiceagent.playbook_document(%L)', 'roof'));
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS acting;

-- versions never change; scripts go with their lead, and by age
SELECT w.* FROM (VALUES ('UPDATE voiceagent.playbooks SET description = ''x'''), ('DELETE FROM voiceagent.playbooks'), ('UPDATE voiceagent.script_templates SET body = NULL'), ('DELETE FROM voiceagent.script_templates')) AS x(command), pg_temp.why(command) w WHERE w ~ '^\d';
SELECT jsonb_array_length(voiceagent.export_lead(:ann) -> 'scripts') AS exported;
SELECT (voiceagent_private.retain_class('scripts', 0, voiceagent.clock() + interval '389 days', 1000)).removed AS not_yet,
	(voiceagent_private.retain_class('scripts', 0, voiceagent.clock() + interval '391 days', 1000)).removed AS removed;
SELECT count(*) AS scripts, (SELECT count(*) FROM voiceagent.call_scripts WHERE tenant_id = :tenant) AS of_calls FROM voiceagent.lead_scripts WHERE tenant_id = :tenant;
ROLLBACK;

-- However often a template was stored, a claim reads its newest version.
BEGIN;
SELECT voiceagent.create_tenant('r48 versions', 'UTC', 10) AS tenant \gset
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
INSERT INTO voiceagent.script_templates (tenant_id, kind, language, version, body, created_by, created_at)
SELECT :tenant, k, 'en', i, jsonb_build_object('closing', 'Version ' || i), 'r48', voiceagent.clock() FROM generate_series(1, 500) i, unnest('{pitch,closing,objections}'::text[]) k;
SELECT pg_stat_get_xact_tuples_returned('voiceagent.script_templates'::regclass) + pg_stat_get_xact_tuples_returned('voiceagent.script_templates_pkey'::regclass) AS before \gset
SELECT p.body ->> 'closing' AS newest FROM voiceagent_private.plan_script('{"script_source": "template", "script_wait": "1 minute"}', 'en-US') p;
SELECT pg_stat_get_xact_tuples_returned('voiceagent.script_templates'::regclass) + pg_stat_get_xact_tuples_returned('voiceagent.script_templates_pkey'::regclass) - :before < 20 AS few;
ROLLBACK;
