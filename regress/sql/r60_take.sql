-- What the gateway takes with its whole effect: what it has read is what counts, once; what stands in the way of one undoes them all.
\set ON_ERROR_STOP off
\set SHOW_CONTEXT never
\set ECHO none
\i lib/inbox_setup.inc
\set ECHO all
BEGIN;
SELECT pg_temp.begin_calls('Taken', ARRAY['2001', '2002', '2003', '2004']) > 0 AS ready;
SELECT pg_temp.dial();
-- reads, and takes with what was read, or with what is said to have been
CREATE FUNCTION pg_temp.take_at_once(bodies bytea[], said jsonb DEFAULT NULL) RETURNS integer LANGUAGE sql AS $$
	SELECT voiceagent_private.take_webhooks(array_agg(e.endpoint_id ORDER BY b.ord), array_agg(w.event_key ORDER BY b.ord),
		array_agg('{}'::jsonb ORDER BY b.ord), array_agg(b.body ORDER BY b.ord),
		array_agg(ROW(b.ord, e.endpoint_id, voiceagent_private.attempt_of_reference(w.attempt_ref),
			jsonb_populate_record(w, coalesce(said, '{}')))::voiceagent_private.read_event ORDER BY b.ord))
	FROM unnest(bodies) WITH ORDINALITY AS b(body, ord)
	CROSS JOIN LATERAL voiceagent_private.read_provider_webhook('sandbox', '{}', b.body) w
	CROSS JOIN (SELECT min(endpoint_id) AS endpoint_id FROM voiceagent.webhook_endpoints WHERE tenant_id = voiceagent.current_tenant()) e
$$;
CREATE FUNCTION pg_temp.kept() RETURNS TABLE (webhooks bigint, waiting bigint, transfers bigint) LANGUAGE sql AS $$
	SELECT (SELECT count(*) FROM voiceagent.webhooks WHERE tenant_id = voiceagent.current_tenant()),
		(SELECT count(*) FROM voiceagent_private.inbox WHERE tenant_id = voiceagent.current_tenant()),
		(SELECT count(*) FROM voiceagent.credit_transfers WHERE tenant_id = voiceagent.current_tenant())
$$;
CREATE TEMP TABLE report AS SELECT n AS number, pg_temp.webhook(n, 'report', 'customer-ended-call', 60, '{"interest": "high"}') AS body
FROM unnest(ARRAY['2001', '2002', '2003', '2004']) n;
-- something else is said than the bytes say
SELECT pg_temp.take_at_once(ARRAY(SELECT body FROM report WHERE number = '2001'), '{"structured_data": {"interest": "none"}}');
SELECT number, status, outcome, credits FROM pg_temp.seen();
SELECT * FROM pg_temp.kept();
-- again, alone and beside a new one, and a new one twice
SELECT pg_temp.take_at_once(ARRAY(SELECT body FROM report WHERE number = '2001'));
SELECT * FROM pg_temp.kept();
SELECT pg_temp.take_at_once(ARRAY(SELECT body FROM report WHERE number IN ('2001', '2002')));
SELECT pg_temp.take_at_once(array_fill((SELECT body FROM report WHERE number = '2003'), ARRAY[2]));
SELECT number, status, outcome, credits FROM pg_temp.seen();
SELECT * FROM pg_temp.kept();
-- beside one that names no call of ours
SAVEPOINT before;
SELECT pg_temp.take_at_once(ARRAY(SELECT body FROM report WHERE number = '2004'), '{"attempt_ref": "va-0-0", "provider_call_id": "nobody''s"}');
ROLLBACK TO before;
SELECT * FROM pg_temp.kept();
SELECT number, status, outcome FROM pg_temp.seen() WHERE number = '2004';
-- the applier finds nothing left to do
SELECT voiceagent_private.apply_inbox(100);
SELECT * FROM voiceagent.invariants();
-- many are read in one call, each with its own account's settings, and none in part
SELECT count(*), count(DISTINCT r.webhook_id), count(DISTINCT (r.event).provider_call_id)
FROM unnest(voiceagent_private.read_stored_webhooks(ARRAY(SELECT i FROM generate_series(1, 200) i), array_fill(7::bigint, ARRAY[200]), array_fill('sandbox'::text, ARRAY[200]),
	array_fill(false, ARRAY[200]), array_fill('{}'::jsonb, ARRAY[200]),
	ARRAY(SELECT body FROM report CROSS JOIN generate_series(1, 50) ORDER BY 1), ARRAY(SELECT CASE i % 3 WHEN 0 THEN NULL WHEN 1 THEN '{}' ELSE '{"phone_number_id": "p1"}' END::jsonb FROM generate_series(1, 200) i))) r;
SAVEPOINT before;
SELECT voiceagent_private.read_stored_webhooks('{1,2}', '{7,7}', '{sandbox,sandbox}', '{f,f}', ARRAY['{}', '{}']::jsonb[], ARRAY[(SELECT body FROM report WHERE number = '2001'), 'nonsense'], '{NULL,NULL}');
ROLLBACK TO before;
SELECT voiceagent_private.read_stored_webhooks('{1,2}', '{7}', '{sandbox}', '{f}', ARRAY['{}']::jsonb[], ARRAY['x'::bytea], '{NULL}');
ROLLBACK TO before;
SELECT voiceagent_private.read_stored_webhooks('{1}', '{7}', '{NULL}', '{f}', ARRAY['{}']::jsonb[], ARRAY['x'::bytea], '{NULL}');
ROLLBACK TO before;
SELECT voiceagent_private.read_stored_webhooks('{1}', '{7}', '{sandbox}', '{f}', ARRAY['{}']::jsonb[], ARRAY[convert_to(repeat(' ', 16 * 1024 * 1024 + 1), 'UTF8')], '{NULL}');
ROLLBACK TO before;
SELECT voiceagent_private.read_stored_webhooks('{}', '{}', '{}', '{}', '{}', '{}', '{}');

-- what raises calls is one update a batch and call: ringing and its answer, and a ringing of another; the usual way finds nothing
SELECT pg_temp.begin_calls('Raised', ARRAY['2101', '2102', '2103', '2104', '2105']) > 0 AS ready;
SELECT pg_temp.dial();
CREATE FUNCTION pg_temp.raise_at_once(bodies bytea[]) RETURNS integer[] LANGUAGE sql AS $$
	SELECT voiceagent_private.take_progress(array_agg(e.endpoint_id ORDER BY b.ord), array_agg(w.event_key ORDER BY b.ord),
		array_agg('{}'::jsonb ORDER BY b.ord), array_agg(b.body ORDER BY b.ord),
		array_agg(ROW(b.ord, e.endpoint_id, voiceagent_private.attempt_of_reference(w.attempt_ref), w)::voiceagent_private.read_event ORDER BY b.ord))
	FROM unnest(bodies) WITH ORDINALITY AS b(body, ord)
	CROSS JOIN LATERAL voiceagent_private.read_provider_webhook('sandbox', '{}', b.body) w
	CROSS JOIN (SELECT min(endpoint_id) AS endpoint_id FROM voiceagent.webhook_endpoints WHERE tenant_id = voiceagent.current_tenant()) e
$$;
CREATE FUNCTION pg_temp.states() RETURNS TABLE (number text, status text, answered boolean, events text) LANGUAGE sql AS $$
	SELECT right(c.phone, 4), c.status, c.answered_at IS NOT NULL,
		(SELECT string_agg(e.event_type, ', ' ORDER BY e.event_id) FROM voiceagent.events e WHERE e.tenant_id = c.tenant_id AND e.call_id = c.call_id AND e.event_type ~ 'ringing|answered')
	FROM voiceagent.calls c WHERE c.tenant_id = voiceagent.current_tenant() ORDER BY 1
$$;
-- 2105 is not known to be accepted: any word of it proves that it is, which is the usual way's business
UPDATE voiceagent.attempts SET state = 'unknown' WHERE call_id = pg_temp.call_of('2105');
UPDATE voiceagent_private.live_calls SET state = 'unknown' WHERE call_id = pg_temp.call_of('2105');
SELECT pg_temp.raise_at_once(ARRAY[pg_temp.webhook('2102', 'in-progress'), pg_temp.webhook('2101', 'ringing'), pg_temp.webhook('2102', 'ringing'), pg_temp.webhook('2105', 'ringing')]);
SELECT * FROM pg_temp.states();
SELECT * FROM pg_temp.kept();
SELECT string_agg(w.source || ' ' || e.status, ', ' ORDER BY w.webhook_id)
FROM voiceagent.webhooks w CROSS JOIN LATERAL voiceagent_private.read_provider_webhook('sandbox', '{}', w.body) e WHERE w.tenant_id = voiceagent.current_tenant();
-- replays, of the same state and of an earlier one; also when their keys are gone
SELECT pg_temp.raise_at_once(ARRAY[pg_temp.webhook('2101', 'ringing'), pg_temp.webhook('2102', 'ringing'), pg_temp.webhook('2102', 'in-progress')]);
DELETE FROM voiceagent_private.webhook_keys WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.raise_at_once(ARRAY[pg_temp.webhook('2102', 'ringing')]);
SELECT pg_temp.take(pg_temp.webhook('2102', 'ringing'));
SELECT voiceagent_private.apply_inbox(100);
SELECT * FROM pg_temp.states() WHERE number = '2102';
-- ... and when the call is over
SELECT pg_temp.take(pg_temp.webhook('2102', 'report', 'customer-ended-call', 60, '{"interest": "high"}'));
SELECT voiceagent_private.apply_inbox(100);
SELECT pg_temp.raise_at_once(ARRAY[pg_temp.webhook('2102', 'ringing')]);
SELECT * FROM pg_temp.states() WHERE number = '2102';
-- an end has the report awaited, and says nothing else; nor does it once the call is over, or of a call that was asked about
CREATE FUNCTION pg_temp.awaited() RETURNS TABLE (number text, status text, outcome text, soon boolean) LANGUAGE sql AS $$
	SELECT right(c.phone, 4), c.status, c.outcome, l.lease_until < voiceagent.clock() + interval '1 minute'
	FROM voiceagent.calls c LEFT JOIN voiceagent_private.live_calls l USING (tenant_id, call_id)
	WHERE c.tenant_id = voiceagent.current_tenant() AND right(c.phone, 4) IN ('2101', '2102', '2103') ORDER BY 1
$$;
UPDATE voiceagent_private.live_calls SET lookups = 1 WHERE call_id = pg_temp.call_of('2103');
UPDATE voiceagent_private.live_calls SET lease_until = voiceagent.clock() + interval '1 hour' WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.raise_at_once(ARRAY[pg_temp.webhook('2101', 'ended', 'customer-ended-call'), pg_temp.webhook('2102', 'ended', 'customer-ended-call'),
	pg_temp.webhook('2103', 'ended', 'customer-ended-call')]);
SELECT * FROM pg_temp.awaited();
UPDATE voiceagent_private.live_calls SET lookups = 0 WHERE call_id = pg_temp.call_of('2103');
-- an id that is not the call's raises nothing; an answer without a ringing before does
SELECT pg_temp.raise_at_once(ARRAY[convert_to(replace(convert_from(pg_temp.webhook('2103', 'ringing'), 'UTF8'), 'call-', 'strange-'), 'UTF8')]);
SELECT pg_temp.raise_at_once(ARRAY[pg_temp.webhook('2104', 'in-progress')]);
SELECT * FROM pg_temp.states();
-- another tenant's ids: its endpoint, attempt, call and reference raise nothing, store nothing and have nothing awaited
CREATE TEMP TABLE theirs AS SELECT a.attempt_id, a.call_id, a.reference, a.provider_call_id,
	(SELECT min(o.endpoint_id) FROM voiceagent.webhook_endpoints o WHERE o.tenant_id = a.tenant_id) AS endpoint_id, pg_temp.webhook('2103', 'in-progress') AS body
FROM voiceagent.attempts a WHERE a.call_id = pg_temp.call_of('2103');
CREATE FUNCTION pg_temp.all_rows() RETURNS text LANGUAGE sql AS $$
	SELECT md5(string_agg(r, ' ' ORDER BY r)) FROM (SELECT c::text AS r FROM voiceagent.calls c UNION ALL SELECT l::text FROM voiceagent_private.live_calls l
		UNION ALL SELECT e::text FROM voiceagent.events e UNION ALL SELECT w::text FROM voiceagent.webhooks w UNION ALL SELECT k::text FROM voiceagent_private.webhook_keys k) t
$$;
SELECT pg_temp.begin_calls('Hostile', ARRAY['2201']) > 0 AS ready;
SELECT pg_temp.dial();
CREATE TEMP TABLE ours AS SELECT a.attempt_id, a.call_id, a.reference, a.provider_call_id, (SELECT min(o.endpoint_id) FROM voiceagent.webhook_endpoints o WHERE o.tenant_id = a.tenant_id) AS endpoint_id
FROM voiceagent.attempts a WHERE a.call_id = pg_temp.call_of('2201');
UPDATE voiceagent_private.live_calls l SET lease_until = voiceagent.clock() + interval '1 hour' WHERE l.call_id IN (SELECT t.call_id FROM theirs t UNION SELECT o.call_id FROM ours o);
CREATE TEMP TABLE rows_before AS SELECT pg_temp.all_rows() AS rows;
SELECT voiceagent_private.take_progress(ARRAY[e], ARRAY['k'], ARRAY['{}'::jsonb], ARRAY[t.body],
	ARRAY[ROW(1, e, a, jsonb_populate_record(NULL::voiceagent.call_event, jsonb_build_object('kind', 'status', 'status', s, 'attempt_ref', r, 'provider_call_id', t.provider_call_id)))::voiceagent_private.read_event]) AS taken, count(*)
FROM theirs t CROSS JOIN ours o CROSS JOIN LATERAL unnest(ARRAY[t.endpoint_id, o.endpoint_id]) e CROSS JOIN LATERAL unnest(ARRAY[t.attempt_id, o.attempt_id]) a
	CROSS JOIN LATERAL unnest(ARRAY[t.reference, o.reference]) r CROSS JOIN unnest(ARRAY['ringing', 'completed']) s GROUP BY 1;
SELECT voiceagent_private.insert_webhooks(ARRAY[t.endpoint_id], ARRAY['k'], ARRAY['{}'::jsonb], ARRAY[t.body], 'http') FROM theirs t;
SELECT voiceagent_private.await_reports(ARRAY[t.call_id]) FROM theirs t;
SELECT b.rows = pg_temp.all_rows() AS as_before FROM rows_before b;
-- ... whose own are taken
SELECT voiceagent_private.await_reports(ARRAY[o.call_id]) FROM ours o;
SELECT b.rows <> pg_temp.all_rows() AS changed FROM rows_before b;
SELECT pg_temp.raise_at_once(ARRAY[pg_temp.webhook('2201', 'in-progress')]);
SELECT * FROM voiceagent.invariants();
ROLLBACK;
