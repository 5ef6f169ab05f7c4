-- A tenant's scripted callers talk besides those that are shipped, and take the name of none. Rolled back.
\set VERBOSITY terse
SET client_min_messages = warning;
BEGIN;
\set ON_ERROR_ROLLBACK on
SELECT voiceagent.create_tenant('r94 callers', 'UTC', 10) AS tenant \gset
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT voiceagent.create_test_caller(n, '[{"say": "Mine"}]', '[{"path": "outcome", "is": "present"}]') > 0 AS made FROM unnest(ARRAY['opts_out', ' Opts_Out ', 'agrees', 'opts out']) n;
SELECT voiceagent.create_test_caller('opts_out', '[{"say": "Mine"}]', '[{"path": "outcome", "is": "present"}]');
SELECT voiceagent.create_test_caller(' Agrees ', '[{"say": "Mine"}]', '[{"path": "outcome", "is": "present"}]');
SELECT voiceagent.create_test_caller('agrees with me', '[{"say": "Mine"}]', '[{"path": "outcome", "is": "present"}]') > 0 AS made;
-- one that was there before a shipped one had its name loses no run its shipped caller
INSERT INTO voiceagent.test_callers (tenant_id, name, language, persona, goal, lines, faults, expect, variables, seed, created_at)
VALUES (:tenant, 'opts_out', 'en', '', '', '[{"say": "Mine"}]', '[]', '[{"path": "outcome", "is": "present"}]', '{}', 1, now());
SELECT name, script -> 'lines' @> '[{"say": "Mine"}]' AS own FROM voiceagent_private.choose_callers('{opts_out,agrees with me}', 'en', 'appointment', '[]');
SELECT count(*) FILTER (WHERE script -> 'lines' @> '[{"say": "Mine"}]') AS own, count(DISTINCT name) = count(*) AS each_once, count(*) > 10 AS all_shipped
FROM voiceagent_private.choose_callers(NULL, 'en', 'appointment', '[]');
ROLLBACK;
