-- What a carrier that holds no conversation is told when somebody answers: from what the dial has pinned, by who answered, and only about its own calls.
\set ECHO none
\i lib/inbox_setup.inc
CREATE FUNCTION pg_temp.endpoint() RETURNS bigint LANGUAGE sql AS $$
	SELECT min(e.endpoint_id) FROM voiceagent.webhook_endpoints e JOIN voiceagent.attempts a USING (tenant_id, provider_account_id) WHERE e.tenant_id = voiceagent.current_tenant()
$$;
CREATE FUNCTION pg_temp.plan(number text, machine text DEFAULT NULL, endpoint bigint DEFAULT pg_temp.endpoint()) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_set(p.plan - 'attempt_ref', '{status_url}', to_jsonb(CASE WHEN p.plan ->> 'status_url' LIKE '%/webhooks/' || r.token THEN 'its endpoint' ELSE p.plan ->> 'status_url' END))
		|| jsonb_build_object('ours', p.plan ->> 'attempt_ref' = a.reference)
	FROM voiceagent.attempts a
	CROSS JOIN LATERAL (SELECT voiceagent_private.answer_plan(endpoint, a.reference, '+14155550101', '+1212555' || number, machine) AS plan) p
	LEFT JOIN voiceagent_private.endpoint_routes r ON r.tenant_id = a.tenant_id AND r.endpoint_id = plan.endpoint
	WHERE a.tenant_id = voiceagent.current_tenant() AND a.call_id = pg_temp.call_of(number)
$$;
\set ECHO all
BEGIN;
SELECT pg_temp.begin_calls('Answers', ARRAY['2001', '2002', '2003', '2004'], '{"machine_detection": "message", "voicemail_message": "{{first_name}}, {{nothing}}call us back.", "max_call_duration": "4 minutes"}') > 0 AS ready;
SELECT pg_temp.dial();
SELECT voiceagent.create_endpoint(provider_account_id) <> '' AS newer FROM voiceagent.provider_accounts WHERE tenant_id = voiceagent.current_tenant();
UPDATE voiceagent.provider_accounts SET provider = 'telnyx', settings = '{"voice": "alice"}' WHERE tenant_id = voiceagent.current_tenant();
UPDATE voiceagent.attempts SET recorded = false, disclosure = 'This is a machine.' WHERE tenant_id = voiceagent.current_tenant() AND call_id = pg_temp.call_of('2002');
-- words, language, voice, where events go, how long, whether it is recorded; what the law wants said comes first
SELECT pg_temp.plan('2001');
SELECT pg_temp.plan('2002');
-- what is said into it by hand, as well
SELECT voiceagent.say_in_call(pg_temp.call_of('2001'), 'One moment.') IS NOT NULL AS told;
SELECT request_data -> 'answer' AS answer FROM voiceagent.provider_requests WHERE tenant_id = voiceagent.current_tenant();
-- who answered
SELECT m AS machine, p ->> 'kind' AS kind, p ->> 'text' AS text FROM unnest(ARRAY[NULL, 'human', 'uncertain', 'voicemail', 'ivr', 'unavailable']) m, pg_temp.plan('2001', m) p;
-- a socket that talks goes before words, but a machine gets its message
UPDATE voiceagent.provider_accounts SET settings = '{"stream_url": "wss://bot.example/s"}' WHERE tenant_id = voiceagent.current_tenant();
SELECT m AS machine, p ->> 'kind' AS kind, p ->> 'stream_url' AS stream_url FROM unnest(ARRAY[NULL, 'voicemail']) m, pg_temp.plan('2001', m) p;
-- it has words of its own, but what the law wants said comes before it
SELECT n AS number, p ->> 'kind' AS kind, p ->> 'text' AS text FROM unnest(ARRAY['2001', '2002']) n, pg_temp.plan(n) p;
UPDATE voiceagent.provider_accounts SET settings = '{"stream_url": ""}' WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.plan('2001') ->> 'kind' AS kind;
-- what was pinned by the dial stays, whatever has changed since
SELECT voiceagent.update_assistant(assistant_id, '{"first_message": "Something else"}') IS NOT NULL AS changed FROM voiceagent.assistants WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.plan('2001') ->> 'text' AS text;
-- what has no value is left out
UPDATE voiceagent.leads SET first_name = NULL WHERE tenant_id = voiceagent.current_tenant() AND phone LIKE '%2003';
SELECT pg_temp.plan('2003') ->> 'text' AS text;
-- withdrawn meanwhile
UPDATE voiceagent.calls SET status = 'failed', outcome = 'canceled', ended_at = started_at, credits = 0 WHERE tenant_id = voiceagent.current_tenant() AND call_id = pg_temp.call_of('2004');
SELECT pg_temp.plan('2004') IS NULL AS nothing;
-- a reference that is another account's, made up, or cut short
INSERT INTO voiceagent.provider_accounts (tenant_id, provider, name, max_concurrent_calls, created_at) VALUES (voiceagent.current_tenant(), 'telnyx', 'Another', 1, voiceagent.clock());
INSERT INTO voiceagent.webhook_endpoints (tenant_id, provider_account_id, created_at)
SELECT tenant_id, provider_account_id, voiceagent.clock() FROM voiceagent.provider_accounts WHERE tenant_id = voiceagent.current_tenant() AND name = 'Another';
SELECT pg_temp.plan('2001', NULL, max(endpoint_id)) IS NULL AS not_its_own FROM voiceagent.webhook_endpoints WHERE tenant_id = voiceagent.current_tenant();
SELECT what, voiceagent_private.answer_plan(pg_temp.endpoint(), ref, NULL, NULL) IS NULL AS nothing FROM voiceagent.attempts a
CROSS JOIN LATERAL (VALUES ('other digits', regexp_replace(a.reference, '.{8}$', '00000000')), ('none', regexp_replace(a.reference, '-.{8}$', '')), ('garbage', 'va-x'), ('empty', '')) v(what, ref)
WHERE a.tenant_id = voiceagent.current_tenant() AND a.call_id = pg_temp.call_of('2001');
SELECT voiceagent_private.attempt_of_reference(r) FROM unnest(ARRAY['va-7-42-0a1b2c3d', 'va-7-42', 'va-7-42-0a1b', 'xva-7-42', 'va-7-4x', 'va-7-9999999999999999999', NULL]) r;
-- no reference: somebody calls one of our numbers, and this is none
SELECT voiceagent_private.answer_plan(pg_temp.endpoint(), NULL, '+14155550101', '+14155550199');
-- another tenant's endpoint and reference
CREATE TEMP TABLE theirs AS SELECT pg_temp.endpoint() AS endpoint, reference FROM voiceagent.attempts WHERE tenant_id = voiceagent.current_tenant() LIMIT 1;
SELECT pg_temp.begin_calls('Strangers', ARRAY['2009']) > 0 AS ready;
SELECT voiceagent_private.answer_plan(endpoint, reference, NULL, NULL) IS NULL AS nothing FROM theirs;
ROLLBACK;
