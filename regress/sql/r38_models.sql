-- Language models: what may be asked, who answers, what is queued. All of it is rolled back. (What goes over the wire:
-- 038_models.pl.)
\set VERBOSITY default
\set SHOW_CONTEXT never
SET client_min_messages = warning;
BEGIN;
\set ON_ERROR_ROLLBACK on
CREATE ROLE regress_models LOGIN;
CREATE ROLE regress_models_other LOGIN;
SELECT voiceagent.create_tenant('Models', credits => 100) AS tenant, voiceagent.create_tenant('Other models') AS other \gset
SELECT voiceagent.map_role('regress_models', :tenant);
SELECT voiceagent.map_role('regress_models_other', :other);
SELECT voiceagent_private.register_model_purpose('regress_models', 'regress_model_answer', 'A test.');
CREATE FUNCTION voiceagent_private.regress_model_answer(model_request_id bigint) RETURNS void
	LANGUAGE sql AS $$SELECT NULL::void$$;
SELECT voiceagent_private.set_tenant(:tenant) AS none \gset

-- Without an account of the tenant or the platform the embedded model answers.
SELECT voiceagent_private.request_model('regress_models', 7, '{"messages": [{"role": "user", "content": "Hello"}]}') AS request \gset
SELECT purpose, object_id, lead_id, model_account_id, of_platform, provider, model, request, status, tries, credits
FROM voiceagent.model_requests WHERE model_request_id = :request;
SELECT of_platform, model_account_id, claimed, gives_up_at - next_at AS waits_for FROM voiceagent_private.model_request_queue
WHERE model_request_id = :request;

-- What cannot be asked, with the place.
SELECT voiceagent_private.request_model('nothing', 1, '{"messages": [{"role": "user", "content": "Hello"}]}');
SELECT voiceagent_private.request_model('regress_models', 1, r::jsonb) FROM unnest(ARRAY['[]']) r;
SELECT voiceagent_private.request_model('regress_models', 1, '{}');
SELECT voiceagent_private.request_model('regress_models', 1, '{"messages": []}');
SELECT voiceagent_private.request_model('regress_models', 1, '{"messages": [{"role": "user", "content": "a"}, {"role": "tool", "content": "a"}]}');
SELECT voiceagent_private.request_model('regress_models', 1, '{"messages": [{"role": "user", "content": 1}]}');
SELECT voiceagent_private.request_model('regress_models', 1, '{"messages": [{"role": "user", "content": "a", "name": "b"}]}');
SELECT voiceagent_private.request_model('regress_models', 1, '{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "a"}]}');
SELECT voiceagent_private.request_model('regress_models', 1, '{"messages": [{"role": "user", "content": "a"}], "stream": true}');
SELECT voiceagent_private.request_model('regress_models', 1, '{"messages": [{"role": "user", "content": "a"}], "max_tokens": 15}');
SELECT voiceagent_private.request_model('regress_models', 1, '{"messages": [{"role": "user", "content": "a"}], "max_tokens": 100.5}');
SELECT voiceagent_private.request_model('regress_models', 1, '{"messages": [{"role": "user", "content": "a"}], "temperature": "hot"}');
SELECT voiceagent_private.request_model('regress_models', 1, '{"messages": [{"role": "user", "content": "a"}], "language": "ru"}');
SELECT voiceagent_private.request_model('regress_models', 1, '{"messages": [{"role": "user", "content": "a"}], "schema": "x"}');
SELECT voiceagent_private.request_model('regress_models', 1, '{"messages": [{"role": "user", "content": "a"}], "schema_name": "a b"}');
SELECT s, voiceagent_private.model_schema_problem(s::jsonb) FROM unnest(ARRAY['{"type": "object"}', '{"type": "string"}',
	'{"type": "object", "properties": {"a": {"type": "date"}}}', '{"type": "object", "properties": {"a": {"pattern": "(a+)+", "type": "string"}}}',
	'{"type": "object", "properties": {"a": {"type": "array"}}}', '{"type": "object", "properties": {"a": {"$ref": "#"}}}',
	'{"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["b"]}',
	'{"type": "object", "properties": {"a": {"type": "array", "items": {"type": "object", "properties": {"b": {"type": ["string", "void"]}}}}}}',
	'{"type": "object", "properties": {"a": {"type": "string", "maxLength": -1}}}', '{"type": "object", "properties": {"a": {"type": "string", "enum": []}}}',
	'{"type": "object", "properties": {"a": {"type": ["string", "null"], "enum": ["x", null]}}, "required": ["a"], "additionalProperties": false}']) s;
SELECT voiceagent_private.request_model('regress_models', 1, '{"messages": [{"role": "user", "content": "a"}], "schema": {"type": "object", "properties": {"a": {"type": "date"}}}}');
SELECT voiceagent_private.request_model('regress_models', 1,
	jsonb_build_object('messages', jsonb_build_array(jsonb_build_object('role', 'user', 'content', repeat('x', 400000)))));
SELECT voiceagent_private.request_model('regress_models', 1, '{"messages": [{"role": "user", "content": "a"}]}', model_account_id := 999999999);
SELECT voiceagent_private.request_model('regress_models', 1, '{"messages": [{"role": "user", "content": "a"}]}', model := 'a model');

-- What would leave, by vendor: the key is never shown; bounds that vendors do not know are left out, and what may be left out may be null.
SELECT p, voiceagent_private.build_model_request(p, CASE p WHEN 'compatible' THEN 'https://models.example.com/v1' END, '{}', 'm-1',
	'{"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hello"}], "temperature": 0.5, "seed": 7, "schema_name": "hi",
	"schema": {"type": "object", "properties": {"a": {"type": "string", "maxLength": 3}, "b": {"type": "integer"}}, "required": ["a"]}}', NULL, 500)
FROM unnest(ARRAY['openai', 'openai_responses', 'anthropic', 'compatible']) p;
-- A newer version of Anthropic's API takes no temperature, and the key as a bearer's; a server without schemas is told in words; an answer is repaired.
SELECT voiceagent_private.build_model_request('anthropic', NULL, '{"anthropic_version": "2026-10-21"}', 'm-1',
	'{"messages": [{"role": "assistant", "content": "Hello?"}, {"role": "user", "content": "Yes"}], "temperature": 0.5}', NULL, 500);
-- What a model has refused is left out for that model alone; the bound on an answer goes by its other name.
SELECT m, r -> 'body' ? 'temperature' AS warm, r -> 'body' ? 'seed' AS seed, r -> 'body' -> 'max_tokens' AS max_tokens, r -> 'body' -> 'max_completion_tokens' AS max_completion_tokens
FROM unnest('{m-1,m-2}'::text[]) m, voiceagent_private.build_model_request('compatible', 'https://models.example.com/v1',
	'{"without": {"m-1": ["temperature", "max_tokens"]}}', m, '{"messages": [{"role": "user", "content": "Hello"}], "temperature": 0.5, "seed": 7, "without": ["seed"]}', NULL, 500) r;
SELECT voiceagent_private.build_model_request('compatible', 'https://models.example.com/v1', '{"structured_output": "json_object", "temperature": false}', 'm-1',
	'{"messages": [{"role": "user", "content": "Hello"}], "temperature": 0.5, "schema": {"type": "object", "properties": {"a": {"type": "string"}}}}',
	'{"output": "{\"a\": 1}", "problem": "$.a must be of type string"}', 500) -> 'body';
SELECT voiceagent_private.build_model_request('nobody', NULL, '{}', 'm', '{}', NULL, 1);
SELECT voiceagent.preview_model_request(:request) -> 'body';
SELECT voiceagent.preview_model_request(999999999);

-- So many may wait.
SELECT voiceagent_private.set_tenant(0) AS none \gset
SELECT voiceagent.set_setting('model_requests_waiting', '2');
SELECT voiceagent_private.set_tenant(:tenant) AS none \gset
SELECT voiceagent_private.request_model('regress_models', 8, '{"messages": [{"role": "user", "content": "a"}]}') > 0 AS asked;
SELECT voiceagent_private.request_model('regress_models', 9, '{"messages": [{"role": "user", "content": "a"}]}') > 0 AS asked;

-- Of an account of the platform a tenant asks for what the platform sells: a dearer model whose name begins like a cheaper one's is none.
SELECT voiceagent_private.set_tenant(0) AS none \gset
SELECT voiceagent.set_setting('model_requests_waiting', NULL);
INSERT INTO voiceagent_private.platform_model_accounts (provider, name, default_model, max_concurrent_requests, created_at)
VALUES ('openai', 'Ours', 'p-0', 8, voiceagent.clock()) RETURNING model_account_id AS house \gset
SELECT voiceagent.set_model_price('openai', 'p-1', 10, 1, 100, 1000, 100, 10000) > 0 AS priced, voiceagent.set_model_price('openai', 'p-', 10, 1, 100) > 0 AS not_sold;
SELECT voiceagent_private.set_tenant(:tenant) AS none \gset
SELECT of_platform, model FROM voiceagent_private.choose_model(NULL, NULL);
SELECT model FROM unnest('{p-0,p-1,p-1-2024-07-18,p-1-20240718}'::text[]) a, LATERAL voiceagent_private.choose_model(NULL, a);
SELECT voiceagent_private.choose_model(NULL, 'p-1-pro');
SELECT voiceagent_private.choose_model(NULL, 'p-15');
SELECT voiceagent_private.choose_model(NULL, 'p-9');
-- What is held is the worst case: a text of a token a byte does not cost the platform more.
SELECT voiceagent_private.request_model('regress_models', 1, jsonb_build_object('messages', jsonb_build_array(jsonb_build_object('role', 'user', 'content', repeat('~', 30000)))), NULL, 'p-1') AS dense \gset
SELECT count(*) FROM voiceagent_private.claim_model_requests(10, true, true) WHERE model_request_id = :dense;
SELECT voiceagent_private.record_model_answer(:dense, 'answered', NULL, 0, true, 30000, 0, 100, 'Yes.', NULL, NULL, NULL, '{}');
SELECT status, credits, cost_usd FROM voiceagent.model_requests WHERE model_request_id = :dense;
-- Nor is it told what a vendor says of the platform's account, neither in its own request's words nor in those of another tenant's.
CREATE FUNCTION pg_temp.answer(kind text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_request bigint := voiceagent_private.request_model('regress_models', 1, '{"messages": [{"role": "user", "content": "a"}]}', NULL, 'p-1');
BEGIN
	UPDATE voiceagent_private.model_request_queue SET claimed = true WHERE model_request_id = v_request;
	UPDATE voiceagent.model_requests SET status = 'sending', tries = 1 WHERE model_request_id = v_request;
	PERFORM voiceagent_private.record_model_answer(v_request, kind, kind || ' for sk-house-*** of org-house at 10.0.0.5', 0, false, 0, 0, 0, NULL, NULL, NULL, NULL, '{}');
	RETURN (SELECT concat_ws('|', status, reason, error) FROM voiceagent.model_requests WHERE model_request_id = v_request);
END $$;
SELECT k, pg_temp.answer(k) FROM unnest('{bad_request,limited,overloaded,quota,server,lost,not_sent,bad_key}'::text[]) k;
SELECT trouble LIKE '%org-house%' AS known_to_staff FROM voiceagent_private.platform_model_accounts WHERE model_account_id = :house;
SELECT voiceagent_private.set_tenant(:other) AS none \gset
SELECT voiceagent_private.request_model('regress_models', 1, '{"messages": [{"role": "user", "content": "a"}]}') AS waits \gset
UPDATE voiceagent_private.model_request_queue SET gives_up_at = voiceagent.clock() WHERE model_request_id = :waits;
SELECT count(*) FROM voiceagent_private.claim_model_requests(10, true, true);
SELECT status, reason, error FROM voiceagent.model_requests WHERE model_request_id = :waits;
SELECT voiceagent_private.set_tenant(:tenant) AS none \gset

-- Every vendor, through all that asks which there are: an account of a tenant, one of the platform, a price, the page of accounts.
SELECT voiceagent_private.set_tenant(:other) AS none \gset
CREATE FUNCTION pg_temp.tries(what text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE 'SELECT ' || what;
	RETURN 'taken';
EXCEPTION WHEN SQLSTATE 'PT422' THEN
	RETURN SQLERRM;
END $$;
SELECT p.*, page.vendor IS NOT NULL AS on_page,
	pg_temp.tries(format('voiceagent.set_model_price(%L, %L, 1, 1, 1)', p.provider, 'm')) AS price,
	pg_temp.tries(format('voiceagent_private.check_model_account_parts(%L, %L, %L, %L, %L, %L, 1, false)', p.provider, 'n', 'k', 'm',
		'https://models.example.com/v1', CASE WHEN p.needs_setting IS NULL THEN '{}' ELSE jsonb_build_object(p.needs_setting, 'v') END)) AS account,
	pg_temp.tries(format('voiceagent_private.check_model_account_parts(%L, %L, NULL, %L, NULL, NULL, 1, false)', p.provider, 'n', 'm')) AS without_key,
	pg_temp.tries(format('voiceagent_private.check_model_account_parts(%L, %L, %L, %L, NULL, NULL, 1, false)', p.provider, 'n', 'k', 'm')) AS bare,
	pg_temp.tries(format('voiceagent_private.check_model_account_parts(%L, %L, %L, %L, %L, NULL, 1, true)', p.provider, 'n', 'k', 'm',
		'https://models.example.com/v1')) AS of_platform
FROM voiceagent.model_providers p
LEFT JOIN (SELECT v ->> 0 AS vendor FROM jsonb_array_elements(voiceagent.account_page() -> 'vendors') v) page ON page.vendor = p.provider;
SELECT voiceagent.create_model_account('sandbox', 'One', 'k', 'm');
\set VERBOSITY terse
INSERT INTO voiceagent.model_prices (provider, model, usd_in, usd_cached, usd_out, valid) VALUES ('none', 'm', 1, 1, 1, tstzrange(NULL, NULL));
\set VERBOSITY default
SELECT voiceagent_private.set_tenant(:tenant) AS none \gset

-- Each tenant sees its own.
SELECT voiceagent_private.set_tenant(0) AS none \gset
SET SESSION AUTHORIZATION regress_models;
SELECT count(*) FROM voiceagent.model_requests;
SET SESSION AUTHORIZATION regress_models_other;
-- The platform may have its own account checked in the name of any tenant.
SELECT count(*) FROM voiceagent.model_requests WHERE NOT (of_platform AND purpose = 'check_account');
SELECT voiceagent_private.request_model('regress_models', 1, '{"messages": [{"role": "user", "content": "a"}]}');
RESET SESSION AUTHORIZATION;
SELECT * FROM voiceagent.invariants();
ROLLBACK;
