-- What language models cost, by day, and the digests of documents' former versions end too. Rolled back.
\set VERBOSITY terse
SET client_min_messages = warning;
BEGIN;
\set ON_ERROR_ROLLBACK on
SELECT voiceagent.create_tenant('r95 usage', 'UTC', 10) AS tenant, voiceagent.create_tenant('r95 usage of another', 'UTC', 10) AS other \gset
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT class, keep, origin FROM voiceagent.list_retention() WHERE class IN ('model_usage', 'knowledge_versions');
INSERT INTO voiceagent.model_usage (tenant_id, day, purpose, provider, model, of_platform, requests)
SELECT t, d, 'script', 'openai', 'm', false, 1 FROM unnest(ARRAY[:tenant, :other]::bigint[]) t, unnest('{2026-01-01,2026-02-01,2026-04-30,2026-05-01,2026-06-01}'::date[]) d;
SELECT voiceagent.set_setting('retention_model_usage', '30 days');
SELECT voiceagent.set_setting('retention_model_usage', '31 days');
SELECT * FROM voiceagent_private.retain_class('model_usage', 0, '2026-06-01 00:00Z', 2);
SELECT * FROM voiceagent_private.retain_class('model_usage', 0, '2026-06-01 00:00Z', 2);
SELECT tenant_id = :other AS of_another, count(*), min(day) FROM voiceagent.model_usage WHERE tenant_id IN (:tenant, :other) GROUP BY 1 ORDER BY 1;

-- Of a document the current version stays, by which the same text is known.
SELECT voiceagent.add_knowledge('Prices', content := 'One.') AS document \gset
SELECT voiceagent.update_knowledge(:document, w) AS version FROM unnest(ARRAY['Two.', 'Three.']) w;
SELECT * FROM voiceagent_private.retain_class('knowledge_versions', 0, now() + interval '300 days', 100);
SELECT * FROM voiceagent_private.retain_class('knowledge_versions', 0, now() + interval '400 days', 100);
SELECT version FROM voiceagent.knowledge_versions WHERE tenant_id = :tenant;
SELECT voiceagent.update_knowledge(:document, 'Three.') AS the_same, voiceagent.update_knowledge(:document, 'Four.') AS another;
SELECT string_agg(body, ' ') FROM voiceagent.knowledge_passages WHERE tenant_id = :tenant;
-- ... and however often it changes, so many are kept
SELECT voiceagent_private.set_tenant(0) \g /dev/null
SELECT voiceagent.set_setting('knowledge_versions_max', '3');
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT max(voiceagent.update_knowledge(:document, 'Text ' || i)) FROM generate_series(1, 10) i;
SELECT array_agg(version ORDER BY version) FROM voiceagent.knowledge_versions WHERE tenant_id = :tenant;
SELECT * FROM voiceagent.invariants();
ROLLBACK;
