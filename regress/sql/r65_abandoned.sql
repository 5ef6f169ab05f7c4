-- Abandoned calls, as a regulator reckons them: who was reached and heard nobody within two seconds; from a share on the campaign slows, from
-- another one it rests for 72 hours, whoever pauses and resumes it, and goes on by itself.
SET client_min_messages = warning;
\set ECHO none
\i sql/r50_setup.inc
\set ECHO all
-- The formula, in milliseconds behind the answer.
CREATE FUNCTION pg_temp.turns(VARIADIC said text[]) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('turn', n, 'speaker', split_part(s, ' ', 1), 'at_ms', 1790000000500 + nullif(split_part(s, ' ', 2), '-')::bigint, 'text', split_part(s, ' ', 3))) ORDER BY n)
	FROM unnest(said) WITH ORDINALITY AS u(s, n) $$;
SELECT t.what, voiceagent_private.is_abandoned(to_timestamp(1790000000.5), t.words, t.turns) AS abandoned FROM (VALUES
	(1, 'nobody spoke', NULL::jsonb), (2, 'only the person', pg_temp.turns('customer 500 Hello?')), (3, 'after 2 s', pg_temp.turns('assistant 2000 Hi')), (4, 'after 2.001 s', pg_temp.turns('assistant 2001 Hi')),
	(5, 'after the greeting', pg_temp.turns('customer 1000 Hello', 'assistant 3300 Hi')), (6, 'too late after it', pg_temp.turns('customer 1000 Hello', 'assistant 3326 Hi')),
	(7, 'asked twice', pg_temp.turns('customer 500 Hello', 'customer 4000 Hello', 'assistant 5000 Hi')), (8, 'no times', pg_temp.turns('assistant - Hi')), (9, 'nobody knows whose', pg_temp.turns('unknown - Hi')),
	(10, 'a tool alone', pg_temp.turns('tool 100 x'))) s(n, what, turns)
	CROSS JOIN LATERAL (VALUES (s.what, NULL::text, s.n, s.turns), (s.what || ', words', 'hi', s.n, s.turns)) t(what, words, n, turns) WHERE t.words IS NULL OR t.turns IS NULL ORDER BY t.n;
SELECT voiceagent_private.is_abandoned(to_timestamp(1790000000), NULL, pg_temp.turns('assistant 2400 Hi')) AS whole_second, voiceagent_private.is_abandoned(to_timestamp(1790000000), NULL, pg_temp.turns('assistant 2600 Hi')) AS late;
-- Settings and their limits.
SELECT key, voiceagent_private.setting_text(key) FROM unnest('{abandoned_slow_share,abandoned_stop_share,abandoned_rest,abandoned_min_calls}'::text[]) key;
BEGIN;
SELECT voiceagent_private.set_tenant(voiceagent.create_tenant('r65 limits', 'UTC')) \g /dev/null
\set ON_ERROR_ROLLBACK on
SELECT voiceagent.set_setting('abandoned_stop_share', '0.031');
SELECT voiceagent.set_setting('abandoned_slow_share', '-0.01');
SELECT voiceagent.set_setting('abandoned_rest', '71 hours');
SELECT voiceagent.set_setting('abandoned_min_calls', '0');
\set ON_ERROR_ROLLBACK off
ROLLBACK;

BEGIN;
SELECT pg_temp.tenant('r65 abandoned') > 0 AS made;
SELECT pg_temp.leads('+12025550', 40) AS l \gset
SELECT pg_temp.start('abandons', :'l', '{"lawful": true}') AS c \gset
-- A law that lets anybody be called.
INSERT INTO voiceagent_private.law_rules (jurisdiction, rule, value, source) SELECT 'XA', r, v::jsonb, 'test' FROM (VALUES ('hours', '{"start":"00:00","end":"24:00"}'), ('calls_per_24h', 'null'), ('require_consent', 'false'),
	('disclose_ai', 'false'), ('disclose_caller', 'false'), ('disclose_recording', 'false'), ('opt_out_text', 'null'), ('list_max_age', 'null'), ('holidays', '{}')) x(r, v);
UPDATE voiceagent_private.lanes SET region = 'XA-0' WHERE campaign_id = :c;
UPDATE voiceagent.leads SET region = 'XA-0' WHERE lead_id = ANY (:'l'::bigint[]);
SELECT pg_temp.claim(1) <> 'none' AS dialled;
CREATE FUNCTION pg_temp.reached(n integer, silent boolean, ago interval DEFAULT '1 day', machine text DEFAULT NULL, lawful boolean DEFAULT true) RETURNS bigint LANGUAGE sql AS $$
	WITH made AS (INSERT INTO voiceagent.calls (tenant_id, call_id, campaign_id, lead_id, phone, number, assistant_id, assistant_version, campaign_version, provider_account_id, attempt_number, lawful, started_at, answered_at, status, outcome, ended_at, counts, machine, abandoned)
		OVERRIDING SYSTEM VALUE SELECT k.tenant_id, nextval(pg_get_serial_sequence('voiceagent.calls', 'call_id')), k.campaign_id, k.lead_id, k.phone, 1, k.assistant_id, k.assistant_version, 1, k.provider_account_id, 1, reached.lawful, voiceagent.clock() - ago, voiceagent.clock() - ago, 'completed', 'completed', voiceagent.clock() - ago + interval '1 minute', true, reached.machine, CASE WHEN reached.machine IS NULL AND reached.lawful THEN silent END
		FROM (SELECT * FROM voiceagent.calls o WHERE o.tenant_id = voiceagent.current_tenant() ORDER BY o.call_id LIMIT 1) k, generate_series(1, n) RETURNING *)
	SELECT max(call_id) FROM made $$;
CREATE FUNCTION pg_temp.state() RETURNS TABLE (reached bigint, abandoned bigint, share numeric, suspended text, waits interval, slow boolean, reason text) LANGUAGE sql AS $$
	SELECT a.*, regexp_replace(p.suspended, '\d{4}-\S+ \S+', 'TIME'), date_trunc('hour', CASE WHEN isfinite(p.next_dial_at) THEN p.next_dial_at - voiceagent.clock() + interval '1 minute' END), p.slow_until > voiceagent.clock(), voiceagent.explain_reason(c.status_reason) ->> 'key'
	FROM voiceagent.campaigns c JOIN voiceagent_private.pacing p USING (tenant_id, campaign_id), LATERAL voiceagent_private.abandonment(c.campaign_id, voiceagent.clock()) a WHERE c.tenant_id = voiceagent.current_tenant() $$;
-- 49 reached, one of them abandoned: too few to say anything. Of a machine, a rehearsal and 31 days ago nothing is said.
SELECT pg_temp.reached(48, false) > 0 AS a, pg_temp.reached(5, true, machine => 'voicemail') > 0 AS b, pg_temp.reached(5, true, lawful => false) > 0 AS d, pg_temp.reached(5, true, '30 days 1 minute') > 0 AS e;
SELECT voiceagent_private.rest_abandoning(voiceagent_private.abandoning(ARRAY[pg_temp.reached(1, true)]));
SELECT * FROM pg_temp.state();
-- The fiftieth: 2 % slows, and the claim dials one call every ten seconds.
SELECT pg_temp.reached(1, false) > 0;
SELECT voiceagent_private.rest_abandoning(ARRAY[:c]);
SELECT * FROM pg_temp.state();
SELECT cardinality(string_to_array(pg_temp.claim(10), ' ')) AS dialled, pg_temp.claim(10) AS at_once;
SELECT next_dial_at - voiceagent.clock() BETWEEN interval '9 seconds' AND interval '10 seconds' AS ten_seconds FROM voiceagent_private.pacing WHERE campaign_id = :c;
-- No abandoned call ends, and nothing is asked.
SELECT voiceagent_private.abandoning(ARRAY[pg_temp.reached(1, false), pg_temp.reached(1, true, machine => 'voicemail')]);
-- A call that ends in silence stops it: 2 of 52 are 3.8 %; the whole way of a call's end.
SELECT min(call_id) AS silent FROM voiceagent.calls WHERE campaign_id = :c AND outcome IS NULL \gset
UPDATE voiceagent.calls SET status = 'completed', outcome = 'completed', answered_at = voiceagent.clock() - interval '10 seconds', ended_at = voiceagent.clock(), started_at = voiceagent.clock() - interval '20 seconds', duration_seconds = 10, abandoned = true WHERE call_id = :silent;
SELECT voiceagent_private.conclude_calls(ARRAY[:silent], '{}', '{}', '{}', '{}', '{}');
SELECT * FROM pg_temp.state();
SELECT event_type, event_data ->> 'reached' AS reached, event_data ->> 'abandoned' AS abandoned FROM voiceagent.events WHERE campaign_id = :c AND event_type LIKE 'campaign_ab%';
SELECT pg_temp.claim(10), voiceagent.explain_campaign(:c) ~ '^nobody spoke to 2 of the 52 people reached: rests until ' AS explained;
-- Neither a pause and a resumption nor a carrier's recovery shortens the rest.
SELECT voiceagent.pause_campaign(:c) \g /dev/null
SELECT voiceagent.resume_campaign(:c) \g /dev/null
SELECT voiceagent_private.resume_suspended(NULL);
SELECT pg_temp.claim(10);
SELECT suspended IS NOT NULL AS rests FROM voiceagent_private.pacing WHERE campaign_id = :c;
SELECT count(*) AS violations FROM voiceagent_private.check_abandoned();
-- A date that is moved ends nothing: the claim looks at the rest itself, and says so again.
UPDATE voiceagent_private.pacing SET next_dial_at = voiceagent.clock() - interval '1 second', suspended = NULL WHERE campaign_id = :c;
SELECT pg_temp.claim(10);
SELECT suspended ~ '^nobody spoke to 2 of the 52 ' AS rests, next_dial_at = rests_until AS until_then FROM voiceagent_private.pacing WHERE campaign_id = :c;
-- After it the campaign goes on by itself.
UPDATE voiceagent_private.pacing SET next_dial_at = voiceagent.clock() - interval '1 second', rests_until = voiceagent.clock() - interval '1 second', slow_until = NULL WHERE campaign_id = :c;
SELECT cardinality(string_to_array(pg_temp.claim(3), ' ')) AS dialled;
SELECT suspended, (SELECT status_reason FROM voiceagent.campaigns WHERE campaign_id = :c) FROM voiceagent_private.pacing WHERE campaign_id = :c;
-- A dial within the rest is found: the event says until when.
UPDATE voiceagent.calls SET started_at = started_at + interval '1 hour' WHERE call_id = (SELECT max(call_id) FROM voiceagent.calls WHERE campaign_id = :c AND outcome IS NULL);
SELECT c.invariant FROM voiceagent_private.check_abandoned() c;
-- One that is stopped while its last calls are live rests all the same when it is started again.
UPDATE voiceagent_private.pacing SET rests_until = NULL, next_dial_at = '-infinity' WHERE campaign_id = :c;
SELECT voiceagent.pause_campaign(:c) \g /dev/null
SELECT voiceagent_private.rest_abandoning(ARRAY[:c]);
SELECT voiceagent.resume_campaign(:c), pg_temp.claim(10);
SELECT suspended ~ '^nobody spoke to ' AS rests FROM voiceagent_private.pacing WHERE campaign_id = :c;
ROLLBACK;
