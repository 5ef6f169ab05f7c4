-- A call as one trace: its spans are derived from its rows, in OTLP's JSON, without a word, a name or a number of people;
-- calls that end wait to be sent where an endpoint is set, and what a collector answers decides what becomes of them.
\set ECHO none
\i lib/inbox_setup.inc
\i lib/incoming.inc
-- One row a span, without ids and times of this run; each is asked whether it is as OTLP wants it.
CREATE FUNCTION pg_temp.spans(document jsonb) RETURNS TABLE (name text, kind integer, of text, failure text, attributes jsonb, events text, bad text) LANGUAGE sql AS $$
	WITH s AS (SELECT n, s FROM jsonb_array_elements(document #> '{resourceSpans,0,scopeSpans,0,spans}') WITH ORDINALITY AS x(s, n)),
	a AS (SELECT n, jsonb_object_agg(t ->> 'key', t #> ARRAY['value', k]) AS attributes, count(*) AS given FROM s, jsonb_array_elements(s -> 'attributes') t, jsonb_object_keys(t -> 'value') k GROUP BY n)
	SELECT s ->> 'name', (s ->> 'kind')::integer, (SELECT p.s ->> 'name' FROM s p WHERE p.s ->> 'spanId' = s.s ->> 'parentSpanId' AND p.s ->> 'traceId' = s.s ->> 'traceId'),
		s #>> '{status,message}', a.attributes - '{voiceagent.call.id,voiceagent.campaign.id,gen_ai.conversation.id,gen_ai.agent.id,voiceagent.intake.id}'::text[],
		(SELECT string_agg(e ->> 'name', ', ' ORDER BY o) FROM jsonb_array_elements(s -> 'events') WITH ORDINALITY AS e(e, o)),
		concat_ws(', ', CASE WHEN s ->> 'traceId' !~ '^[0-9a-f]{32}$' OR s ->> 'traceId' ~ '^0+$' THEN 'trace id' END,
			CASE WHEN s ->> 'spanId' !~ '^[0-9a-f]{16}$' OR s ->> 'spanId' ~ '^0+$' THEN 'span id' END,
			CASE WHEN s ? 'parentSpanId' AND NOT EXISTS (SELECT FROM s p WHERE p.s ->> 'spanId' = s.s ->> 'parentSpanId') THEN 'orphan' END,
			CASE WHEN (SELECT count(*) FROM s p WHERE p.s ->> 'spanId' = s.s ->> 'spanId') > 1 THEN 'twice' END,
			CASE WHEN jsonb_typeof(s -> 'startTimeUnixNano') <> 'string' OR s ->> 'startTimeUnixNano' !~ '^[0-9]{19}$' OR s ->> 'endTimeUnixNano' !~ '^[0-9]{19}$' THEN 'time' END,
			CASE WHEN (s ->> 'endTimeUnixNano')::numeric < (s ->> 'startTimeUnixNano')::numeric THEN 'ends before it begins' END,
			CASE WHEN jsonb_typeof(s -> 'kind') <> 'number' OR jsonb_typeof(s #> '{status,code}') <> 'number' THEN 'enum' END,
			CASE WHEN a.given <> (SELECT count(DISTINCT t ->> 'key') FROM jsonb_array_elements(s -> 'attributes') t) THEN 'attribute' END)
	FROM s LEFT JOIN a USING (n) ORDER BY s.n
$$;
-- What waits, and whether it rests for as long as is meant, from some time on.
CREATE FUNCTION pg_temp.waiting(since timestamptz, rest interval) RETURNS TABLE (number text, claimed boolean, tries smallint, as_meant boolean) LANGUAGE sql AS $$
	SELECT right(c.phone, 4), q.claimed, q.tries, q.next_at BETWEEN since + rest AND voiceagent.clock() + rest
	FROM voiceagent_private.trace_queue q JOIN voiceagent.calls c USING (tenant_id, call_id) WHERE q.tenant_id = voiceagent.current_tenant() ORDER BY c.call_id
$$;
CREATE FUNCTION pg_temp.due() RETURNS void LANGUAGE sql AS $$ UPDATE voiceagent_private.trace_queue SET next_at = voiceagent.clock() - interval '1 second' $$;
\set ECHO all
SET client_min_messages = warning;

-- An endpoint is https, or http on this machine; anything else is refused with the reason.
SET voiceagent.trace_endpoint = 'collector';
SET voiceagent.trace_endpoint = 'http://collector.example.com/v1/traces';
SET voiceagent.trace_endpoint = 'http://10.0.0.1:4318/v1/traces';
SET voiceagent.trace_endpoint = 'https://user:password@collector.example.com/v1/traces';
SET voiceagent.trace_endpoint = 'https://collector.example.com/v1/traces';
SET voiceagent.trace_endpoint = 'http://[::1]:4318/v1/traces';
RESET voiceagent.trace_endpoint;

BEGIN;
SELECT voiceagent.clock() AS began \gset
SELECT pg_temp.begin_calls('Traces', ARRAY['7001', '7002', '7003', '7004']) AS tenant \gset
SELECT pg_temp.dial();
-- Off: nothing waits.
SELECT pg_temp.take(pg_temp.webhook('7001', 'report', 'customer-busy'));
SELECT voiceagent_private.apply_inbox(100) \g /dev/null
SELECT * FROM pg_temp.waiting(:'began', '30 seconds');
SET LOCAL voiceagent.trace_endpoint = 'https://collector.example.com/v1/traces';
SELECT pg_temp.take(pg_temp.webhook('7002', 'report', 'customer-ended-call', 60, '{"do_not_call": true}'));
SELECT voiceagent_private.apply_inbox(100) \g /dev/null
SELECT * FROM pg_temp.waiting(:'began', '5 seconds');

-- What else a call may have: tools, one of them of a name that nobody has; a model that was asked; requests to its carrier.
INSERT INTO voiceagent.call_tools (tenant_id, call_id, tool_call_id, tool, arguments, result, error, called_at, took_ms)
SELECT :tenant, pg_temp.call_of('7002'), x.id, x.tool, '{"name": "Jonas Secret"}', 'Jonas Secret is told', x.error, voiceagent.clock(), 12.5
FROM (VALUES ('Jonas Secret 1', 'book', NULL), ('Jonas Secret 2', 'call_Jonas_Secret_back', 'unknown'), ('3', 'take_message', 'missing')) x(id, tool, error);
INSERT INTO voiceagent.model_requests (tenant_id, purpose, call_id, provider, model, request, status, reason, error, output_text, tries, tokens_in, tokens_out, created_at, sent_at, done_at)
SELECT :tenant, 'analysis', pg_temp.call_of('7002'), x.provider, x.model, '{"messages": "Jonas Secret"}', x.status, x.reason, 'Jonas Secret', 'Jonas Secret', x.tries, 120, 30, now(), now(), now() + interval '2 seconds'
FROM (VALUES ('openai_responses', 'gpt-5', 'done', NULL, 1), ('anthropic', 'claude', 'failed', 'server', 3)) x(provider, model, status, reason, tries);
INSERT INTO voiceagent.provider_requests (tenant_id, kind, provider_account_id, call_id, request_data, state, tries, result, error, created_at, done_at)
SELECT :tenant, x.kind, c.provider_account_id, c.call_id, '{"answer": {"text": "Jonas Secret"}}', x.state, x.tries, x.result::jsonb, 'Jonas Secret', now(), now() + interval '1 second'
FROM voiceagent.calls c, (VALUES ('hangup', 'done', 1, '{"message": "Jonas Secret"}'), ('say', 'failed', 2, '{"kind": "bad_request", "message": "Jonas Secret"}'), ('transfer', 'unknown', 1, NULL)) x(kind, state, tries, result)
WHERE c.tenant_id = :tenant AND c.call_id = pg_temp.call_of('7002');
UPDATE voiceagent.conversations SET turns = (SELECT jsonb_agg(t || jsonb_build_object('at_ms', 1790000000000 + 1000 * (t ->> 'turn')::bigint)) FROM jsonb_array_elements(turns) t) WHERE tenant_id = :tenant;
SELECT name, kind, of, failure, attributes, events FROM pg_temp.spans(voiceagent.call_trace(pg_temp.call_of('7002'))) ORDER BY kind, name;
-- ... of a busy number, of a call that is on its way, of one that its carrier refused, and of an incoming one.
SELECT name, kind, of, failure, events FROM pg_temp.spans(voiceagent.call_trace(pg_temp.call_of('7001')));
SELECT name, kind, of, failure, events FROM pg_temp.spans(voiceagent.call_trace(pg_temp.call_of('7003')));
SELECT voiceagent_private.fail_calls(ARRAY[pg_temp.call_of('7004')], '{failed}', '{refused by the carrier}', '{refused}') = ARRAY[pg_temp.call_of('7004')] AS failed;
UPDATE voiceagent.attempts SET state = 'refused', http_status = 402 WHERE tenant_id = :tenant AND call_id = pg_temp.call_of('7004');
SELECT name, kind, of, failure, events FROM pg_temp.spans(voiceagent.call_trace(pg_temp.call_of('7004')));
INSERT INTO pg_temp.incoming_calls (tenant_id, provider_account_id, provider_call_id, from_number, outcome, duration_seconds, started_at, answered_at, ended_at)
SELECT :tenant, min(provider_account_id), 'IN-1', '+12125557009', 'completed', 9, now() - interval '10 seconds', now() - interval '9 seconds', now() FROM voiceagent.provider_accounts WHERE tenant_id = :tenant;
SELECT voiceagent_private.tell_incoming_end(ARRAY[pg_temp.call_of('7009')]);
SELECT name, kind, of, failure, events FROM pg_temp.spans(voiceagent.call_trace(pg_temp.call_of('7009')));
-- A lead that an intake brought: its wait for its first dial.
INSERT INTO voiceagent.intakes (tenant_id, name, mapping, daily_limit, signed, created_at) VALUES (:tenant, 'Portal', '{}', 10, false, now());
INSERT INTO voiceagent.intake_requests (tenant_id, intake_id, sender_id, received_at, outcome, lead_id)
SELECT :tenant, i.intake_id, x.id, c.started_at + x.at, 'added', c.lead_id FROM voiceagent.intakes i, voiceagent.calls c, (VALUES ('before', '-20 minutes'::interval), ('first', '-50 minutes'), ('later', '1 minute')) x(id, at)
WHERE i.tenant_id = :tenant AND c.tenant_id = :tenant AND c.call_id = pg_temp.call_of('7001');
SELECT s ->> 'name' AS name, ((s ->> 'endTimeUnixNano')::numeric - (s ->> 'startTimeUnixNano')::numeric) / 60e9 AS minutes FROM jsonb_array_elements(voiceagent.call_trace(pg_temp.call_of('7001')) #> '{resourceSpans,0,scopeSpans,0,spans}') s WHERE s ->> 'name' = 'intake';
-- Every span is as OTLP wants it, each call is a trace of its own, and the same whenever it is asked for.
SELECT s.name, s.bad FROM unnest(ARRAY['7001', '7002', '7003', '7004', '7009']) n, pg_temp.spans(voiceagent.call_trace(pg_temp.call_of(n))) s WHERE s.bad <> '';
SELECT count(DISTINCT d #>> '{resourceSpans,0,scopeSpans,0,spans,0,traceId}') AS traces, bool_and(d = voiceagent.call_trace(c)) AS same
FROM (SELECT c, voiceagent.call_trace(c) AS d FROM unnest(ARRAY['7001', '7002', '7004', '7009']) n, pg_temp.call_of(n) c) x;
SELECT (a ->> 'key'), a -> 'value' ->> 'intValue' = :'tenant' AS mine FROM jsonb_array_elements(voiceagent.call_trace(pg_temp.call_of('7001')) #> '{resourceSpans,0,resource,attributes}') a;
-- Nothing of people: what they said, their names, their numbers.
SELECT voiceagent.call_trace(c)::text ~ '2125557|Jonas|Secret|Lead 7|Hello|Take me off|carrier\.example|call-\d' AS tells FROM unnest(ARRAY['7001', '7002', '7003', '7004', '7009']) n, pg_temp.call_of(n) c;

-- One request has the calls that are due, of this tenant alone.
SELECT * FROM pg_temp.waiting(:'began', '5 seconds');
UPDATE voiceagent_private.trace_queue SET next_at = 'infinity';
SELECT count(*) FROM voiceagent_private.claim_traces(10);
SELECT pg_temp.due();
SELECT tenants = ARRAY[:tenant]::bigint[] AS ready FROM voiceagent_private.ready_traces(:tenant - 1, 10);
SELECT batch, url, private_host, timeout_ms, coalesce(problem, 'none') AS problem, body FROM voiceagent_private.claim_traces(10) \gset
SELECT :batch = pg_temp.call_of('7002') AS first, :'url' AS url, :'private_host' AS private_host, :'timeout_ms' AS timeout_ms, :'problem' AS problem;
SELECT count(*) AS spans, count(*) FILTER (WHERE bad <> '') AS bad, count(*) FILTER (WHERE of IS NULL) AS calls FROM pg_temp.spans(:'body'::jsonb);
SELECT * FROM pg_temp.waiting(:'began', '30 seconds');
SELECT count(*) FROM voiceagent_private.claim_traces(10);
-- What may be taken later is sent again, later each time, and as late as the collector wants; an answer that comes twice changes nothing.
SELECT voiceagent.clock() AS failed \gset
SELECT voiceagent_private.record_traces(:batch, 503, 'HTTP status 503', NULL);
SELECT * FROM pg_temp.waiting(:'failed', '5 seconds');
SELECT voiceagent_private.record_traces(:batch, 400, 'HTTP status 400', NULL);
SELECT count(*) FROM pg_temp.waiting(:'began', '30 seconds');
SELECT pg_temp.due();
SELECT batch FROM voiceagent_private.claim_traces(10) \gset
SELECT voiceagent_private.record_traces(:batch, 429, 'HTTP status 429', 90);
SELECT * FROM pg_temp.waiting(:'failed', '90 seconds');
-- A call that ends once more while its first end is on its way is sent once more.
SELECT pg_temp.due();
SELECT batch FROM voiceagent_private.claim_traces(10) \gset
SELECT voiceagent_private.queue_traces(ARRAY[pg_temp.call_of('7004')]);
SELECT voiceagent_private.record_traces(:batch, 200, NULL, NULL);
SELECT number, claimed, tries FROM pg_temp.waiting(:'began', '30 seconds');
-- A refusal for good, the tenth failure and an answer that was lost as often: dropped, counted and told; nothing else stops.
SELECT count(*) FROM voiceagent_private.trace_conditions(false);
SELECT pg_temp.due();
SELECT batch FROM voiceagent_private.claim_traces(10) \gset
SELECT voiceagent_private.record_traces(:batch, 400, 'HTTP status 400', NULL);
SELECT voiceagent_private.queue_traces(ARRAY[pg_temp.call_of('7001')]);
UPDATE voiceagent_private.trace_queue SET tries = 9;
SELECT pg_temp.due();
SELECT batch FROM voiceagent_private.claim_traces(10) \gset
SELECT voiceagent_private.record_traces(:batch, NULL, 'timed out', NULL);
SELECT voiceagent_private.queue_traces(ARRAY[pg_temp.call_of('7002'), pg_temp.call_of('7009')]);
UPDATE voiceagent_private.trace_queue SET tries = 10;
SELECT pg_temp.due();
SELECT batch, problem, body IS NULL AS unsent FROM voiceagent_private.claim_traces(10) \gset
SELECT :'problem' AS problem, :'unsent' AS unsent;
SELECT voiceagent_private.record_traces(:batch, NULL, :'problem', NULL);
SELECT count(*) FROM pg_temp.waiting(:'began', '30 seconds');
SELECT dropped, error FROM voiceagent_private.trace_drops WHERE tenant_id = :tenant;
SELECT component, state, queue_depth, last_error, remedy, problem FROM voiceagent_private.trace_conditions(true);
-- Switched off, what waits is left where it is.
SELECT voiceagent_private.queue_traces(ARRAY[pg_temp.call_of('7001')]);
SELECT pg_temp.due();
SET LOCAL voiceagent.trace_endpoint = '';
SELECT tenants FROM voiceagent_private.ready_traces(0, 10);
SELECT count(*) FROM voiceagent_private.claim_traces(10);

-- Another tenant's call is none.
SELECT pg_temp.call_of('7002') AS theirs \gset
SELECT voiceagent_private.set_tenant(voiceagent.create_tenant('Other traces', credits => 10)) \g /dev/null
SELECT jsonb_array_length(voiceagent_private.trace_document(ARRAY[:theirs]) #> '{resourceSpans,0,scopeSpans,0,spans}') AS of_another;
SELECT voiceagent.call_trace(:theirs);
ROLLBACK;
