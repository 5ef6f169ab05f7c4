-- Runs of analyse_again() end in time, say what they have left, and take no more room than the platform gives; where talks end.
\set SHOW_CONTEXT never
\set ON_ERROR_STOP off
\set ECHO none
\i lib/inbox_setup.inc
CREATE FUNCTION pg_temp.told(number text, VARIADIC lines text[]) RETURNS bytea LANGUAGE sql AS $$
	SELECT convert_to(jsonb_set(convert_from(pg_temp.webhook(number, 'report', 'customer-ended-call', 60, NULL), 'UTF8')::jsonb #- '{message,analysis,summary}', '{message,artifact,messages}',
		(SELECT jsonb_agg(jsonb_build_object('role', CASE n % 2 WHEN 1 THEN 'bot' ELSE 'user' END, 'message', line, 'secondsFromStart', 2 * n) ORDER BY n)
		FROM unnest(lines) WITH ORDINALITY AS l(line, n)))::text, 'UTF8')
$$;
CREATE FUNCTION pg_temp.platform(key text, value text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	PERFORM voiceagent_private.set_tenant(0);
	PERFORM voiceagent.set_setting(platform.key, platform.value);
	PERFORM voiceagent_private.set_tenant(v_tenant);
	RETURN true;
END
$$;
\set ECHO all
BEGIN;
SELECT pg_temp.begin_calls('r66 runs', ARRAY(SELECT (2000 + n)::text FROM generate_series(1, 12) n)) AS tenant \gset
SELECT pg_temp.dial();
SELECT pg_temp.take(VARIADIC ARRAY(SELECT pg_temp.told((2000 + n)::text, 'Do you have a minute?', 'What is it about?', 'About your roof.', CASE WHEN n % 3 = 0 THEN 'That is too expensive for us. Bye.' ELSE 'Hm. Okay then. Bye.' END)
	FROM generate_series(1, 12) n));
SELECT voiceagent_private.apply_inbox(100);
SELECT array_agg(call_id ORDER BY call_id) AS calls FROM voiceagent.calls WHERE tenant_id = :tenant \gset
SELECT voiceagent.analyse_again(:'calls') AS whole \gset
SELECT calls, calls_left, bytes BETWEEN 12 * 150 AND 12 * 33000 AS weighed FROM voiceagent.analysis_runs WHERE tenant_id = :tenant AND run = :whole;
-- without time for more, a run reads a step, and says what it has left; another takes that up
SELECT pg_temp.platform('analysis_time', '0 seconds');
SET client_min_messages = error;
SELECT voiceagent.analyse_again(:'calls') AS first \gset
SELECT calls, cardinality(calls_left) AS calls_left, calls_left = (:'calls'::bigint[])[6:] AS the_last FROM voiceagent.analysis_runs WHERE tenant_id = :tenant AND run = :first;
SELECT voiceagent.analyse_again(calls_left) AS second FROM voiceagent.analysis_runs WHERE tenant_id = :tenant AND run = :first \gset
SELECT voiceagent.analyse_again(calls_left) AS third FROM voiceagent.analysis_runs WHERE tenant_id = :tenant AND run = :second \gset
SELECT run - :first AS run, calls, cardinality(calls_left) AS calls_left FROM voiceagent.analysis_runs WHERE tenant_id = :tenant AND run >= :first ORDER BY run;
SELECT count(DISTINCT call_id) AS read FROM voiceagent.call_analyses WHERE tenant_id = :tenant AND run >= :first;
-- where none can be read
SELECT voiceagent.analyse_again(ARRAY[-1, -2, -3]);
ROLLBACK;
BEGIN;
SELECT pg_temp.begin_calls('r66 room', ARRAY['2001', '2002', '2003']) AS tenant \gset
SELECT pg_temp.dial();
SELECT pg_temp.take(VARIADIC ARRAY(SELECT pg_temp.told('200' || n, 'Do you have a minute?', 'What is it about?', 'About your roof.', 'Hm. Okay then. Bye.') FROM generate_series(1, 3) n));
SELECT voiceagent_private.apply_inbox(100);
SELECT array_agg(call_id ORDER BY call_id) AS calls FROM voiceagent.calls WHERE tenant_id = :tenant \gset
-- of as many runs as fit the oldest give way, and the newest stays, however large
SELECT count(voiceagent.analyse_again(:'calls')) AS runs FROM generate_series(1, 5);
SELECT pg_temp.platform('analysis_bytes_kept', (3.5 * max(bytes))::bigint::text) FROM voiceagent.analysis_runs WHERE tenant_id = :tenant;
SELECT voiceagent.analyse_again(:'calls') AS newest \gset
SELECT count(*) AS runs, max(run) = :newest AS newest, (SELECT count(*) FROM voiceagent.call_analyses a WHERE a.tenant_id = :tenant) AS analyses FROM voiceagent.analysis_runs WHERE tenant_id = :tenant;
SELECT pg_temp.platform('analysis_bytes_kept', '1');
SELECT voiceagent.analyse_again(:'calls') AS newest \gset
SELECT count(*) AS runs, max(run) = :newest AS newest FROM voiceagent.analysis_runs WHERE tenant_id = :tenant;
-- a tenant may not keep them without end
SAVEPOINT a;
SELECT voiceagent.set_setting('analysis_runs_kept', '1001');
ROLLBACK TO a;
SELECT voiceagent.set_setting('analysis_bytes_kept', '1000000000');
ROLLBACK;
-- What the platform sets is a tenant's most: it may take less, not more; and more that it has taken before counts no longer.
BEGIN;
SELECT pg_temp.begin_calls('r66 most', ARRAY['2001']) AS tenant \gset
SELECT pg_temp.platform('analyses_per_day', '6000');
SELECT voiceagent.set_setting('analyses_per_day', '5000') AS set, voiceagent.set_setting('scripts_per_day', '20') AS less \gset
SELECT key, value, origin, range FROM voiceagent.settings WHERE key IN ('analyses_per_day', 'scripts_per_day') ORDER BY key;
SELECT pg_temp.platform('analyses_per_day', '3'), pg_temp.platform('scripts_per_day', '30');
SELECT key, value, origin, range FROM voiceagent.settings WHERE key IN ('analyses_per_day', 'scripts_per_day') ORDER BY key;
SELECT n, voiceagent_private.count_analysis() AS may FROM generate_series(1, 5) n;
SAVEPOINT a;
SELECT voiceagent.set_setting('analyses_per_day', '4');
ROLLBACK TO a;
SELECT voiceagent.set_setting('analyses_per_day', '2');
SELECT value, origin FROM voiceagent.settings WHERE key = 'analyses_per_day';
SELECT pg_temp.platform('analyses_per_day', '6000'), pg_temp.platform('scripts_per_day', NULL);
SELECT key, value, origin, range FROM voiceagent.settings WHERE key IN ('analyses_per_day', 'scripts_per_day') ORDER BY key;
ROLLBACK;
-- where talks end, and what was objected, by version
BEGIN;
SELECT pg_temp.begin_calls('r66 ends', ARRAY['2001', '2002', '2003', '2004']) AS tenant \gset
SELECT pg_temp.dial();
CREATE FUNCTION pg_temp.with_data(report bytea, data jsonb) RETURNS bytea LANGUAGE sql AS $$
	SELECT convert_to(jsonb_set(convert_from(report, 'UTF8')::jsonb, '{message,analysis}', coalesce(convert_from(report, 'UTF8')::jsonb #> '{message,analysis}', '{}') || jsonb_build_object('structuredData', data))::text, 'UTF8')
$$;
SELECT pg_temp.take(pg_temp.with_data(pg_temp.told('2001', 'Do you have a minute?', 'What is it about?', 'About your roof.', 'That is too expensive for us. Bye.'),
		'{"ended_at_step": "farewell", "objections": [{"kind": "price", "worked": false}]}'),
	pg_temp.with_data(pg_temp.told('2002', 'Do you have a minute?', 'What is it about?', 'About your roof.', 'That is too expensive.', 'We have a plan of ten months.', 'Oh, that sounds good. Tell me more.'),
		'{"ended_at_step": "farewell", "objections": [{"kind": "price", "worked": false}, {"kind": "price", "worked": true}]}'),
	pg_temp.with_data(pg_temp.told('2003', 'Do you have a minute?', 'No. Bye.'), '{"ended_at_step": "greeting"}'), pg_temp.webhook('2004', 'report', 'customer-did-not-answer'));
SELECT voiceagent_private.apply_inbox(100);
SELECT e.* FROM voiceagent.assistants a, voiceagent.talk_ends(a.assistant_id) e WHERE a.tenant_id = :tenant;
SELECT sum(calls) FILTER (WHERE kind = 'step') AS steps, min(calls_read) AS calls_read FROM voiceagent.assistants a, voiceagent.talk_ends(a.assistant_id, max_calls => 2) e WHERE a.tenant_id = :tenant;
SELECT count(*) AS later FROM voiceagent.assistants a, voiceagent.talk_ends(a.assistant_id, since => voiceagent.clock() + interval '1 hour') e WHERE a.tenant_id = :tenant;
SELECT assistant_id AS assistant FROM voiceagent.assistants WHERE tenant_id = :tenant \gset
SAVEPOINT a;
SELECT voiceagent.talk_ends(:assistant, max_calls => 100001);
ROLLBACK TO a;
SELECT voiceagent.create_tenant('r66 other', 'UTC', 10) AS other \gset
SELECT voiceagent_private.set_tenant(:other) IS NOT NULL AS set;
SELECT voiceagent.talk_ends(:assistant);
ROLLBACK;
