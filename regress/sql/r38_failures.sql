-- Language models that fail: what it costs, who is told, and that nothing waits for ever. All of it is rolled back.
\set VERBOSITY terse
SET client_min_messages = warning;
BEGIN;
\set ON_ERROR_ROLLBACK on
SELECT voiceagent.create_tenant('Failures', credits => 100) AS tenant \gset
CREATE ROLE regress_failures LOGIN;
SELECT voiceagent.map_role('regress_failures', :tenant);
SELECT voiceagent.set_model_price('compatible', 'm-', 10, 1, 100, 1000, 100, 10000) > 0 AS priced;
SELECT voiceagent_private.register_model_purpose('regress_failures', 'regress_failure_ended', 'A test.');
CREATE FUNCTION voiceagent_private.regress_failure_ended(model_request_id bigint) RETURNS void LANGUAGE sql AS $$SELECT NULL::void$$;
CREATE FUNCTION pg_temp.ask(lead bigint) RETURNS bigint LANGUAGE sql AS $$
	SELECT voiceagent_private.request_model('regress_failures', 7, jsonb_strip_nulls(jsonb_build_object('lead_id', lead,
		'messages', '[{"role": "user", "content": "Write to Zebra"}]'::jsonb)))
$$;
CREATE FUNCTION pg_temp.send() RETURNS bigint[] LANGUAGE sql AS $$
	SELECT array_agg(c.model_request_id) FROM voiceagent_private.claim_model_requests(10, true, true) c
$$;
CREATE FUNCTION pg_temp.answer(request bigint, kind text, message text) RETURNS void LANGUAGE sql AS $$
	SELECT voiceagent_private.record_model_answer(request, kind, message, 0, kind = 'answered', CASE kind WHEN 'answered' THEN 100 ELSE 0 END, 0,
		CASE kind WHEN 'answered' THEN 20 ELSE 0 END, CASE kind WHEN 'answered' THEN 'Dear Zebra' END, NULL, NULL, NULL, NULL)
$$;
CREATE VIEW pg_temp.usage AS SELECT purpose, of_platform, requests, unpaid, tries, tokens_in, tokens_out, tokens_lost, cost_usd, credits
	FROM voiceagent.model_usage WHERE tenant_id = voiceagent.current_tenant() AND purpose <> 'check_account' ORDER BY 1, 2;
CREATE VIEW pg_temp.told AS SELECT event_type, event_data - 'model_account_id' - 'resumes_at' - 'since' AS data
	FROM voiceagent.events WHERE tenant_id = voiceagent.current_tenant() AND event_type LIKE 'model%' ORDER BY event_id;
SELECT voiceagent_private.set_tenant(:tenant) AS none \gset
SELECT voiceagent.create_model_account('compatible', 'Own', '', 'm-1', 'https://models.example.com/v1') AS account \gset
DELETE FROM voiceagent_private.model_request_queue WHERE tenant_id = :tenant;
DELETE FROM voiceagent.model_requests WHERE tenant_id = :tenant;

-- A lead is erased while a model is asked about it: the answer is paid for, and thrown away.
SELECT voiceagent.add_lead('+12125550138', 'Zebra') AS lead \gset
SELECT pg_temp.ask(:lead) AS waits \gset
SELECT pg_temp.send() = ARRAY[:waits::bigint] AS sent;
SELECT pg_temp.ask(:lead) AS queued \gset
SELECT voiceagent.erase_lead(:lead) #> '{erased,model_requests}' AS erased;
SELECT model_request_id = :waits AS on_its_way, lead_id, status, request FROM voiceagent.model_requests WHERE tenant_id = :tenant;
SELECT (voiceagent_private.model_budget_now()).tokens > 2000 AS counts;
SELECT * FROM voiceagent.invariants();
SELECT pg_temp.answer(:waits, 'answered', NULL);
SELECT status, reason, output_text, output, tokens_in, tokens_out, cost_usd FROM voiceagent.model_requests WHERE tenant_id = :tenant;
SELECT * FROM pg_temp.usage;
-- ... and where the answer is lost, so is what it may have cost
SELECT voiceagent.add_lead('+12125550139', 'Zebra') AS lead \gset
SELECT pg_temp.ask(:lead) AS lost \gset
SELECT pg_temp.send() = ARRAY[:lost::bigint] AS sent;
SELECT voiceagent.erase_lead(:lead) #> '{erased,model_requests}' AS erased;
SELECT voiceagent_private.set_tenant(0) AS none \gset
SELECT voiceagent_private.recover_model_requests() AS recovered;
SELECT voiceagent_private.set_tenant(:tenant) AS none \gset
SELECT pg_temp.send() AS "not sent again";
SELECT status, reason, tokens_lost > 2000 AS counted FROM voiceagent.model_requests WHERE model_request_id = :lost;
-- ... also where it is erased after the loss
SELECT voiceagent.add_lead('+12125550140', 'Zebra') AS lead \gset
SELECT pg_temp.ask(:lead) AS lost \gset
SELECT pg_temp.send() = ARRAY[:lost::bigint] AS sent;
SELECT voiceagent_private.set_tenant(0) AS none \gset
SELECT voiceagent_private.recover_model_requests() AS recovered;
SELECT voiceagent_private.set_tenant(:tenant) AS none \gset
SELECT voiceagent.erase_lead(:lead) #> '{erased,model_requests}' AS erased;
SELECT requests, tries, tokens_lost > 4000 AS "both losses count" FROM pg_temp.usage;

-- The breaker of an account opens: an event, once, and an outgoing webhook.
INSERT INTO voiceagent.webhook_subscriptions (tenant_id, url, kinds, home, created_at)
VALUES (:tenant, 'https://crm.example/hook', '{models_failing}', voiceagent_private.home(), voiceagent.clock());
SELECT voiceagent_private.record_webhook_subscriptions();
SELECT voiceagent_private.adapt_model_account(false, :account, 'server', 'HTTP status 500: Boom', 0) FROM generate_series(1, 7);
SELECT * FROM pg_temp.told;
SELECT voiceagent_private.derive_webhook_deliveries();
SELECT d.kind, d.event_type FROM voiceagent.webhook_deliveries d WHERE d.tenant_id = :tenant;
SELECT regexp_replace(p, 'account [0-9]+|[0-9:]{8} UTC|[(]since .*', 'N', 'g') AS health FROM jsonb_array_elements_text(voiceagent.health() -> 'problems') p WHERE p LIKE '%model%';
SELECT regexp_replace(component, 'account [0-9]+', 'account N') AS component, regexp_replace(state, '[0-9:]{8}', 'HH:MM:SS') AS state, last_error FROM voiceagent.status() WHERE component LIKE 'model%';
SELECT voiceagent_private.adapt_model_account(false, :account, 'answered', NULL, 0);
SELECT * FROM pg_temp.told OFFSET 1;

-- ... answers that are none count as failures, too; a member ends the rest itself
SELECT voiceagent_private.adapt_model_account(false, :account, 'unreadable', 'the answer is not JSON', 0) FROM generate_series(1, 5);
SELECT voiceagent_private.set_tenant(0) AS none \gset
SET SESSION AUTHORIZATION regress_failures;
SELECT voiceagent.update_model_account(:account);
RESET SESSION AUTHORIZATION;
SELECT voiceagent_private.set_tenant(:tenant) AS none \gset
SELECT * FROM pg_temp.told OFFSET 2;
-- ... and so does whoever mends a row by hand
SELECT voiceagent_private.set_tenant(0) AS none \gset
UPDATE voiceagent.model_accounts SET opened_at = now() WHERE tenant_id = :tenant;
UPDATE voiceagent.model_accounts SET opened_at = NULL WHERE tenant_id = :tenant;
SELECT voiceagent_private.set_tenant(:tenant) AS none \gset
SELECT event_type FROM pg_temp.told OFFSET 4;
DELETE FROM voiceagent_private.model_request_queue WHERE tenant_id = :tenant;
DELETE FROM voiceagent.model_requests WHERE tenant_id = :tenant AND status = 'queued';

-- A budget that is used up: an event a day, and a count.
SELECT voiceagent.set_setting('model_tokens_per_day', '10');
SELECT pg_temp.ask(NULL) > 0 AS asked FROM generate_series(1, 3);
SELECT pg_temp.send() AS sent;
SELECT event_type, data ->> 'reason' AS reason, regexp_replace(data ->> 'trouble', '[0-9]{3,}', 'N', 'g') AS trouble FROM pg_temp.told OFFSET 6;
SELECT requests, unpaid FROM pg_temp.usage;
SELECT regexp_replace(p, '[0-9]{3,}', 'N', 'g') AS health FROM jsonb_array_elements_text(voiceagent.health() -> 'problems') p WHERE p LIKE '%model%';
SELECT voiceagent.set_setting('model_tokens_per_day', NULL);

-- A test whose model account is taken away comes to its end, and says why.
SELECT voiceagent.create_assistant('Ada', 'Hello, this is Ada. Do you have a minute?', 'You sell roofs.') AS assistant \gset
SELECT voiceagent.test_assistant(:assistant, callers => ARRAY(SELECT name FROM voiceagent.standard_callers() ORDER BY name LIMIT 1), model_account_id => :account) AS run \gset
SELECT cardinality(pg_temp.send()) AS talks;
SELECT voiceagent.archive_model_account(:account);
SELECT pg_temp.answer(m.model_request_id, 'answered', NULL) FROM voiceagent.model_requests m WHERE m.tenant_id = :tenant AND m.status = 'sending';
SELECT status FROM voiceagent.test_runs WHERE tenant_id = :tenant;
SELECT verdict, failed_predicate FROM voiceagent.test_report(:run) WHERE caller IS NOT NULL;

-- An account of the platform: its answers are charged whoever was erased meanwhile; what waited for it goes when it is changed.
SELECT voiceagent_private.set_tenant(0) AS none \gset
SELECT voiceagent.create_platform_model_account('compatible', 'House', '', 'm-1', 'https://models.example.com/v1') AS platform \gset
SELECT voiceagent.check_platform_model_account(:platform);
SELECT voiceagent.check_platform_model_account(0);
SELECT count(*) AS "one check at a time" FROM voiceagent_private.model_request_queue q WHERE q.of_platform;
SELECT q.tenant_id AS any, q.model_request_id AS check FROM voiceagent_private.model_request_queue q WHERE q.of_platform \gset
SELECT voiceagent_private.set_tenant(:any) AS none \gset
SELECT pg_temp.send() @> ARRAY[:check::bigint] AS sent;
SELECT voiceagent_private.record_model_answer(:check, 'bad_key', 'HTTP status 401: no such key', 0, true, 0, 0, 0, NULL, NULL, NULL, NULL, NULL);
SELECT count(*) AS "no trace in a tenant" FROM voiceagent.model_requests m WHERE m.model_request_id = :check;
SELECT voiceagent_private.set_tenant(0) AS none \gset
SELECT name, test_result, test_message, trouble, resumes_at > now() AS rests FROM voiceagent.list_platform_model_accounts();
SELECT regexp_replace(p, 'account [0-9]+|[0-9:]{8} UTC|[(]since .*', 'N', 'g') AS health FROM jsonb_array_elements_text(voiceagent.health() -> 'problems') p WHERE p LIKE 'model account%';
SELECT voiceagent.update_platform_model_account(:platform);
SELECT voiceagent_private.set_tenant(:tenant) AS none \gset
SELECT voiceagent.add_lead('+12125550141', 'Zebra') AS lead \gset
SELECT pg_temp.ask(:lead) AS asked \gset
SELECT pg_temp.send() @> ARRAY[:asked::bigint] AS sent;
SELECT voiceagent.erase_lead(:lead) #> '{erased,model_requests}' AS erased;
SELECT available < 100 AND held > 0 AS held FROM voiceagent.ledgers WHERE tenant_id = :tenant;
SELECT component, queue_depth > 0 AS waits, in_flight > 0 AS "on its way" FROM voiceagent.status() WHERE component = 'model requests';
SELECT pg_temp.answer(:asked, 'answered', NULL);
SELECT available, held, spent FROM voiceagent.ledgers WHERE tenant_id = :tenant;
SELECT * FROM voiceagent.invariants();

-- Models that end: an account cannot begin with one, is told a month ahead, and is a problem from its last day on; so is what else names it.
SELECT voiceagent.create_model_account('anthropic', 'Gone', 'sk-ant', 'claude-3-opus-20240229');
SELECT voiceagent.create_model_account('openai_responses', 'Gone', 'sk', 'gpt-4-turbo');
SELECT voiceagent.create_model_account('compatible', 'A server of ours', '', 'gpt-4-turbo', 'https://models.example.com/v1') > 0 AS "another's name for it";
SELECT voiceagent.create_model_account('compatible', 'Ends', '', 'm-1', 'https://models.example.com/v1') AS ends \gset
UPDATE voiceagent.model_accounts SET provider = 'openai', base_url = NULL WHERE model_account_id = :ends;
SELECT voiceagent.update_model_account(:ends, default_model := 'gpt-4');
UPDATE voiceagent.model_accounts SET default_model = 'gpt-4o-mini' WHERE model_account_id = :ends;
SELECT voiceagent.set_setting('analysis_model', 'claude-opus-4-5');
SELECT voiceagent.create_assistant('Ada', 'Hello', 'Sell.') AS ada \gset
INSERT INTO voiceagent.assistant_versions (tenant_id, assistant_id, version, first_message, system_prompt, voice, model, settings, created_at)
	VALUES (:tenant, :ada, 2, 'Hello', 'Sell.', 'Elliot', 'openai/gpt-4o:eastus', '{"transcriber": "openai", "transcriber_model": "gpt-4o-transcribe"}', now());
UPDATE voiceagent.assistants SET version = 2 WHERE assistant_id = :ada;
CREATE FUNCTION pg_temp.day_is(day date) RETURNS text LANGUAGE sql AS $$SELECT set_config('voiceagent.clock_offset',
	extract(epoch FROM (day + time '12:00') AT TIME ZONE 'UTC' - statement_timestamp())::bigint::text, true)$$;
CREATE FUNCTION pg_temp.ending() RETURNS TABLE (words text) LANGUAGE sql AS $$
	SELECT regexp_replace(p, '(account|assistant) [0-9]+', '\1 N') FROM unnest(voiceagent_private.ai_problems(voiceagent.clock())) p WHERE p LIKE '%model%'$$;
SELECT pg_temp.day_is('2026-12-14') IS NOT NULL AS "not yet", voiceagent_private.tell_ending_models();
SELECT pg_temp.day_is('2026-12-15') IS NOT NULL AS told, voiceagent_private.tell_ending_models();
SELECT pg_temp.day_is('2026-12-16') IS NOT NULL AS "not again", voiceagent_private.tell_ending_models();
SELECT pg_temp.ending();
SELECT regexp_replace(event_data::text, '(account|assistant) [0-9]+', '\1 N') AS "a month ahead", voiceagent_private.kind_of_notice(event_type, event_data), voiceagent_private.webhook_kind(event_type)
FROM voiceagent.events WHERE tenant_id = :tenant AND event_type = 'model_ends' ORDER BY event_id;
SELECT pg_temp.day_is('2027-01-14') IS NOT NULL AS over;
SELECT pg_temp.ending();
SELECT pg_temp.day_is('2027-03-01') IS NOT NULL AS "over, too";
SELECT pg_temp.ending();
ROLLBACK;
