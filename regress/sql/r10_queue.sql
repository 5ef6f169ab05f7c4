-- make_queue(): whose turn it is, what waits longer, the share of a tenant, and what a dead worker left.
\set VERBOSITY terse
\set SHOW_CONTEXT never
SET client_min_messages = warning;
BEGIN;
SELECT voiceagent.create_tenant('r10 queue one') AS one, voiceagent.create_tenant('r10 queue two') AS two, voiceagent.create_tenant('r10 queue three') AS three \gset
CREATE TABLE voiceagent_private.r10_things (tenant_id bigint, thing_id bigint, next_at timestamptz, claimed boolean NOT NULL DEFAULT false, PRIMARY KEY (tenant_id, thing_id));
CREATE INDEX ON voiceagent_private.r10_things (tenant_id, next_at);
CREATE TABLE voiceagent_private.r10_rare (LIKE voiceagent_private.r10_things INCLUDING ALL);
SAVEPOINT s;
-- A table that is guarded as no queue is, or whose columns are others, is none.
SELECT voiceagent_private.make_queue('r10_things', 'voiceagent_private.r10_things');
ROLLBACK TO s;
CREATE POLICY routing ON voiceagent_private.r10_things TO voiceagent_worker USING (true);
CREATE POLICY routing ON voiceagent_private.r10_rare TO voiceagent_worker USING (true);
SAVEPOINT s;
SELECT voiceagent_private.make_queue('r10_things', 'voiceagent_private.r10_things', claimed => 'q.taken');
ROLLBACK TO s;
SELECT voiceagent_private.make_queue('r10_things', 'voiceagent_private.r10_things', share => 2) \g /dev/null
SELECT voiceagent_private.make_queue('r10_rare', 'voiceagent_private.r10_rare', by_time => true, due => 'v_now', for_inactive => true) \g /dev/null
CREATE FUNCTION pg_temp.named(tenants bigint[]) RETURNS text LANGUAGE sql AS
$$ SELECT string_agg(substr(t.name, 11), ' ' ORDER BY u.n) FROM unnest(tenants) WITH ORDINALITY u(id, n) JOIN voiceagent.tenants t ON t.tenant_id = u.id $$;
CREATE FUNCTION pg_temp.ready(after bigint, most integer) RETURNS text LANGUAGE sql AS
$$ SELECT concat_ws(', ', pg_temp.named(r.tenants), CASE WHEN isfinite(r.next_at) THEN (r.next_at - current_setting('r10.at')::timestamptz)::text ELSE 'infinity' END) FROM voiceagent_private.ready_r10_things(after, most) r $$;
CREATE FUNCTION pg_temp.rare(after bigint, most integer) RETURNS text LANGUAGE sql AS
$$ SELECT concat_ws(', ', pg_temp.named(r.tenants), CASE WHEN isfinite(r.next_at) THEN (r.next_at - current_setting('r10.at')::timestamptz)::text ELSE 'infinity' END) FROM voiceagent_private.ready_r10_rare(after, most) r $$;
SELECT voiceagent.clock() AS at \gset
SET LOCAL r10.at = :'at';
-- Nothing waits.
SELECT pg_temp.ready(0, 10) AS nothing, pg_temp.rare(0, 10);
INSERT INTO voiceagent_private.r10_things SELECT t, n, timestamptz :'at' - n * interval '1 minute'
FROM unnest(ARRAY[:three, :one, :two]::bigint[]) t, generate_series(1, 3) n;
INSERT INTO voiceagent_private.r10_rare SELECT * FROM voiceagent_private.r10_things;
-- In the order of their ids, so many, and behind the last one.
SELECT pg_temp.ready(0, 10) AS "all", pg_temp.ready(0, 2) AS two, pg_temp.ready(:two, 10) AS behind;
SELECT pg_temp.rare(0, 10) AS "all", pg_temp.rare(0, 2) AS two, pg_temp.rare(:two, 10) AS behind;
-- A tenant that is not active is held, but where a queue is for such, too.
UPDATE voiceagent_private.tenant_directory SET active = false WHERE tenant_id = :two;
SELECT pg_temp.ready(0, 10) AS held, pg_temp.rare(0, 10) AS for_all;
-- What waits says when it is due; what waits for nothing says nothing.
UPDATE voiceagent_private.r10_things SET next_at = timestamptz :'at' + thing_id * interval '7 hours' WHERE tenant_id = :one;
UPDATE voiceagent_private.r10_rare SET next_at = timestamptz :'at' + thing_id * interval '7 hours' WHERE tenant_id = :one;
SELECT pg_temp.ready(0, 10) AS later, pg_temp.rare(0, 10) AS later;
UPDATE voiceagent_private.r10_things SET next_at = NULL WHERE tenant_id = :one;
SELECT pg_temp.ready(0, 10) AS never;
-- Two of a tenant at a time: room for none, until an answer comes or a lease ends.
UPDATE voiceagent_private.r10_things SET claimed = true, next_at = timestamptz :'at' + interval '40 hours' WHERE tenant_id = :three AND thing_id < 3;
SELECT pg_temp.named(r.tenants), r.next_at BETWEEN timestamptz :'at' + interval '1 second' AND voiceagent.clock() + interval '1 second' AS full FROM voiceagent_private.ready_r10_things(0, 10) r;
SELECT voiceagent_private.room_for_r10_things(:three, 5) AS none, voiceagent_private.room_for_r10_things(:two, 5) AS share, voiceagent_private.room_for_r10_things(:two, 1) AS asked;
UPDATE voiceagent_private.r10_things SET next_at = :'at' WHERE tenant_id = :three AND thing_id = 1;
SELECT pg_temp.ready(0, 10) AS lease_ended, voiceagent_private.room_for_r10_things(:three, 5) AS room;
-- A worker that begins frees what its predecessor had, of all tenants and once.
SELECT voiceagent_private.recover_r10_things() AS freed, voiceagent_private.recover_r10_things() AS none;
SELECT count(*) FILTER (WHERE claimed) AS claimed, count(*) FILTER (WHERE next_at BETWEEN :'at' AND voiceagent.clock()) AS due FROM voiceagent_private.r10_things WHERE tenant_id = :three;
ROLLBACK;
-- Each sender's queue is one of these, but for that of payments, which is several tables.
SELECT array_agg(substr(r.proname, 7) ORDER BY r.proname COLLATE "C") AS queues, bool_and(obj_description(r.oid, 'pg_proc') IS NOT NULL) AS commented
FROM pg_proc r WHERE r.pronamespace = 'voiceagent_private'::regnamespace AND r.proname ~ '^ready_'
	AND EXISTS (SELECT FROM pg_proc o WHERE o.pronamespace = r.pronamespace AND o.proname = 'recover_' || substr(r.proname, 7));
