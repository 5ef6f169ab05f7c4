-- What is kept for how long: a tenant that keeps less than the platform loses its rows one by one, in steps, and only
-- its own; a month that nobody keeps is emptied whole, and not for longer than a dial would wait.
\set VERBOSITY terse
\set ECHO none
\i lib/inbox_setup.inc
\set ECHO all
SET client_min_messages = warning;
CREATE FUNCTION pg_temp.now() RETURNS text LANGUAGE sql AS $$ SELECT to_char(voiceagent.clock() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') $$;
CREATE FUNCTION pg_temp.kept() RETURNS TABLE (tenant text, webhooks bigint, turns bigint, transcripts bigint, recordings bigint, events boolean, errors bigint, calls bigint) LANGUAGE sql AS $$
	SELECT t.name, (SELECT count(*) FROM voiceagent.webhooks w WHERE w.tenant_id = t.tenant_id), (SELECT count(*) FROM voiceagent.call_turns u WHERE u.tenant_id = t.tenant_id),
		count(c.transcript), count(c.recording_url), EXISTS (SELECT FROM voiceagent.events e WHERE e.tenant_id = t.tenant_id),
		(SELECT count(*) FROM voiceagent.import_errors i WHERE i.tenant_id = t.tenant_id), count(c.call_id)
	FROM voiceagent.tenants t LEFT JOIN voiceagent.calls c USING (tenant_id) WHERE t.name LIKE 'Keeps %' GROUP BY t.tenant_id, t.name ORDER BY 1
$$;
-- As the worker does it, step by step, until nothing is due: how many steps that were.
CREATE FUNCTION pg_temp.retain(step integer, days integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
	v_steps integer := 0;
BEGIN
	PERFORM set_config('voiceagent.clock_offset', (days * 86400)::text, true);
	PERFORM voiceagent_private.set_tenant(0);
	PERFORM voiceagent_private.begin_retention(100000);
	LOOP
		PERFORM voiceagent_private.set_tenant(0);
		EXIT WHEN voiceagent_private.retain_rows(step) > voiceagent.clock() OR v_steps > 10000;
		v_steps := v_steps + 1;
	END LOOP;
	PERFORM voiceagent_private.set_tenant(0);
	RETURN v_steps;
END $$;
-- The months that are over are emptied; what the current tenant then has.
CREATE FUNCTION pg_temp.empty(days integer) RETURNS TABLE (webhooks bigint, waiting bigint, aside bigint) LANGUAGE plpgsql AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_steps integer := 0;
BEGIN
	PERFORM set_config('voiceagent.clock_offset', (days * 86400)::text, true);
	PERFORM voiceagent_private.set_tenant(0);
	WHILE voiceagent_private.empty_months(1000) <= voiceagent.clock() AND v_steps < 200 LOOP
		v_steps := v_steps + 1;
	END LOOP;
	PERFORM voiceagent_private.set_tenant(v_tenant);
	RETURN QUERY SELECT (SELECT count(*) FROM voiceagent.webhooks w WHERE w.tenant_id = v_tenant),
		(SELECT count(*) FROM voiceagent_private.inbox i WHERE i.tenant_id = v_tenant), (SELECT count(*) FROM voiceagent.webhook_failures f WHERE f.tenant_id = v_tenant);
END $$;
-- A driven clock: what happened is then days ago.
BEGIN;
UPDATE voiceagent_private.maintenance_jobs SET next_at = 'infinity';
SELECT pg_temp.begin_calls('Keeps long', ARRAY['2001']) AS long \gset
SELECT pg_temp.dial();
SELECT pg_temp.take(pg_temp.webhook('2001', 'report', 'customer-ended-call', 90, '{"interest": "high"}', pg_temp.now()));
SELECT voiceagent_private.apply_inbox(10);
SELECT pg_temp.begin_calls('Keeps short', ARRAY['2001', '2002', '2003']) AS short \gset
SELECT count(voiceagent.set_setting('retention_' || c, d)) AS set FROM (VALUES ('webhooks', '10 days'), ('transcripts', '20 days'), ('recordings', '20 days'), ('events', '30 days'), ('imports', '5 days')) s(c, d);
SAVEPOINT a;
SELECT voiceagent.set_setting('retention_webhooks', '400 days');
ROLLBACK TO a;
SELECT rows_rejected FROM voiceagent.import_leads(E'phone\n1\n2\n3\n4\n5\n6\n7\n');
SELECT pg_temp.dial();
SELECT pg_temp.take(pg_temp.webhook('2001', 'report', 'customer-ended-call', 90, '{"interest": "high"}', pg_temp.now()),
	pg_temp.webhook('2002', 'report', 'customer-ended-call', 90, '{"interest": "high"}', pg_temp.now()));
SELECT voiceagent_private.apply_inbox(10);

SELECT * FROM pg_temp.kept();
SELECT pg_temp.retain(2, 1) > 0 AS steps;
SELECT * FROM pg_temp.kept();
-- after five days the import, after ten the webhooks, after twenty the words; never a live call's, nor another's
SELECT pg_temp.retain(2, 11) > 0 AS steps;
SELECT * FROM pg_temp.kept();
SELECT pg_temp.retain(2, 21) > 0 AS steps;
SELECT * FROM pg_temp.kept();
-- whose webhooks are gone by his own wish lacks none
SELECT voiceagent_private.set_tenant(:short) IS NOT NULL AS acting;
SELECT invariant FROM voiceagent_private.check_inbox();
SELECT pg_temp.retain(2, 31) > 0 AS steps;
SELECT * FROM pg_temp.kept();
-- nothing is read twice: a step goes on where the last one stopped
SELECT class, upto > 0 AS moved, removed FROM voiceagent_private.retention_marks WHERE tenant_id = :short ORDER BY class;
SELECT voiceagent_private.set_tenant(:short) IS NOT NULL AS acting;
SELECT class, keep, origin, removed FROM voiceagent.list_retention();
SELECT * FROM voiceagent_private.check_tenant() WHERE invariant NOT LIKE '%lease%';
-- calls go last; what is live stays whatever its age
SELECT count(voiceagent.set_setting('retention_calls', '40 days')) AS set;
SELECT pg_temp.retain(1, 41) > 0 AS steps;
SELECT * FROM pg_temp.kept();
SELECT voiceagent_private.set_tenant(:short) IS NOT NULL AS acting;
SELECT status, outcome FROM voiceagent.calls WHERE tenant_id = :short;
SELECT * FROM voiceagent_private.check_tenant() WHERE invariant NOT LIKE '%lease%';
ROLLBACK;

-- with a month go those of its webhooks that were set aside, or wait: nobody is sent to look for what is not there
BEGIN;
SELECT pg_temp.begin_calls('Set aside', ARRAY['2001']) AS aside \gset
SELECT voiceagent_private.store_webhooks(ARRAY[e, e], '{malformed:1,malformed:2}', ARRAY['{}', '{}']::jsonb[], ARRAY['{'::bytea, '['::bytea], 'http')
FROM (SELECT min(endpoint_id) AS e FROM voiceagent.webhook_endpoints WHERE tenant_id = :aside) m;
SELECT voiceagent_private.apply_inbox(1);
SELECT * FROM pg_temp.empty(20);
SELECT * FROM pg_temp.empty(200);
ROLLBACK;

-- A clock that was ahead, over the end of the month, and is set back: what was written meanwhile lies where a month that is
-- long over would lie, and stays until it is over itself; also what waits. So does everything under a clock that is late.
CREATE FUNCTION pg_temp.ahead(months integer) RETURNS numeric LANGUAGE sql AS $$
	SELECT ceil(extract(epoch FROM date_trunc('month', clock_timestamp() AT TIME ZONE 'UTC') + make_interval(months => months, hours => 1)
		- clock_timestamp() AT TIME ZONE 'UTC') / 86400) $$;
CREATE FUNCTION pg_temp.left() RETURNS TABLE (webhooks bigint, events boolean, turns bigint, waiting bigint, aside bigint) LANGUAGE sql AS $$
	SELECT (SELECT count(*) FROM voiceagent.webhooks w WHERE w.tenant_id = t), EXISTS (SELECT FROM voiceagent.events e WHERE e.tenant_id = t),
		(SELECT count(*) FROM voiceagent.call_turns u WHERE u.tenant_id = t),
		(SELECT count(*) FROM voiceagent_private.inbox i WHERE i.tenant_id = t), (SELECT count(*) FROM voiceagent.webhook_failures f WHERE f.tenant_id = t)
	FROM voiceagent.current_tenant() t $$;
BEGIN;
UPDATE voiceagent_private.maintenance_jobs SET next_at = 'infinity';
SELECT set_config('voiceagent.clock_offset', (86400 * pg_temp.ahead(1))::text, true) IS NOT NULL AS ahead;
SELECT pg_temp.begin_calls('Ahead', ARRAY['2001']) AS ahead \gset
SELECT pg_temp.dial();
SELECT pg_temp.take(pg_temp.webhook('2001', 'report', 'customer-ended-call', 90, '{"interest": "high"}', pg_temp.now()));
SELECT voiceagent_private.apply_inbox(10);
SELECT voiceagent_private.set_tenant(:ahead) IS NOT NULL AS acting;
SELECT voiceagent_private.store_webhooks(ARRAY[e, e], '{malformed:1,malformed:2}', ARRAY['{}', '{}']::jsonb[], ARRAY['{'::bytea, '['::bytea], 'http')
FROM (SELECT min(endpoint_id) AS e FROM voiceagent.webhook_endpoints WHERE tenant_id = :ahead) m;
SELECT voiceagent_private.apply_inbox(1);
SELECT voiceagent_private.set_tenant(:ahead) IS NOT NULL AS acting;
SELECT * FROM pg_temp.left();
SELECT pg_temp.empty(0) IS NOT NULL AS "set back";
SELECT * FROM pg_temp.left();
SELECT pg_temp.empty(-40 * 365) IS NOT NULL AS "a late clock";
SELECT * FROM pg_temp.left();
SELECT pg_temp.empty(pg_temp.ahead(1)::integer + 1) IS NOT NULL AS "the month itself";
SELECT * FROM pg_temp.left();
SELECT pg_temp.empty(pg_temp.ahead(6)::integer) IS NOT NULL AS "past the time of webhooks";
SELECT * FROM pg_temp.left();
SELECT pg_temp.empty(pg_temp.ahead(15)::integer) IS NOT NULL AS "past all";
SELECT * FROM pg_temp.left();
ROLLBACK;

-- A clock that is years ahead, for one webhook, event and call of one tenant: of all others the month goes row by row, and of
-- that one what is older.
BEGIN;
UPDATE voiceagent_private.maintenance_jobs SET next_at = 'infinity';
CREATE FUNCTION pg_temp.has(t bigint) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM voiceagent_private.set_tenant(t);
	RETURN QUERY SELECT format('%s: webhooks %s, events %s, turns %s, waiting %s, aside %s', (SELECT n.name FROM voiceagent.tenants n WHERE n.tenant_id = t), l.webhooks, l.events, l.turns > 0, l.waiting, l.aside)
	FROM pg_temp.left() l;
END $$;
SELECT pg_temp.begin_calls('Of now', ARRAY['2001']) AS now \gset
SELECT pg_temp.dial();
SELECT pg_temp.take(pg_temp.webhook('2001', 'report', 'customer-ended-call', 90, '{"interest": "high"}', pg_temp.now()));
SELECT voiceagent_private.apply_inbox(10);
SELECT voiceagent_private.set_tenant(:now) IS NOT NULL AS acting;
SELECT voiceagent_private.store_webhooks(ARRAY[e, e], '{malformed:1,malformed:2}', ARRAY['{}', '{}']::jsonb[], ARRAY['{'::bytea, '['::bytea], 'http')
FROM (SELECT min(endpoint_id) AS e FROM voiceagent.webhook_endpoints WHERE tenant_id = :now) m;
SELECT voiceagent_private.apply_inbox(1);
-- 64 months hence is the same slot
SELECT set_config('voiceagent.clock_offset', (86400 * pg_temp.ahead(64))::text, true) IS NOT NULL AS ahead;
SELECT pg_temp.begin_calls('Years ahead', ARRAY['2001']) AS ahead \gset
SELECT pg_temp.dial();
SELECT pg_temp.take(pg_temp.webhook('2001', 'report', 'customer-ended-call', 90, '{"interest": "high"}', pg_temp.now()));
SELECT voiceagent_private.apply_inbox(10);
SELECT * FROM pg_temp.has(:now) UNION ALL SELECT * FROM pg_temp.has(:ahead) ORDER BY 1;
SELECT pg_temp.empty(0) IS NOT NULL AS "set back";
SELECT * FROM pg_temp.has(:now) UNION ALL SELECT * FROM pg_temp.has(:ahead) ORDER BY 1;
SELECT pg_temp.empty(pg_temp.ahead(5)::integer) IS NOT NULL AS "past the time of webhooks";
SELECT * FROM pg_temp.has(:now) UNION ALL SELECT * FROM pg_temp.has(:ahead) ORDER BY 1;
SELECT pg_temp.empty(pg_temp.ahead(15)::integer) IS NOT NULL AS "past all";
SELECT * FROM pg_temp.has(:now) UNION ALL SELECT * FROM pg_temp.has(:ahead) ORDER BY 1;
ROLLBACK;

-- One tenant keeps longer than the platform: the months wait for it, so all others lose their rows one by one; also the
-- turns that had been left to the month, of calls whose other words are gone.
BEGIN;
UPDATE voiceagent_private.maintenance_jobs SET next_at = 'infinity';
SELECT count(voiceagent.set_setting('retention_' || c, d)) AS set FROM (VALUES ('webhooks', '90 days'), ('transcripts', '20 days'), ('events', '60 days')) s(c, d);
SELECT pg_temp.begin_calls('Keeps as all', ARRAY['2001']) AS all \gset
SELECT pg_temp.dial();
SELECT pg_temp.take(pg_temp.webhook('2001', 'report', 'customer-ended-call', 90, '{"interest": "high"}', pg_temp.now()));
SELECT voiceagent_private.apply_inbox(10);
SELECT pg_temp.begin_calls('Keeps longest', ARRAY['2001']) AS longest \gset
SELECT pg_temp.dial();
SELECT pg_temp.take(pg_temp.webhook('2001', 'report', 'customer-ended-call', 90, '{"interest": "high"}', pg_temp.now()));
SELECT voiceagent_private.apply_inbox(10);
-- What other tests have left goes first.
CREATE FUNCTION pg_temp.empty_all() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	FOR i IN 1 .. 200 LOOP
		EXIT WHEN voiceagent_private.empty_months(1000) > voiceagent.clock();
	END LOOP;
END $$;
CREATE FUNCTION pg_temp.mine() RETURNS TABLE (tenant text, webhooks bigint, turns bigint, transcripts bigint, events boolean) LANGUAGE sql AS $$
	SELECT k.tenant, k.webhooks, k.turns, k.transcripts, k.events FROM pg_temp.kept() k $$;
SELECT pg_temp.empty_all();
SELECT pg_temp.retain(1000, 21) > 0 AS steps;
SELECT * FROM pg_temp.mine();
SELECT voiceagent_private.set_tenant(:longest) IS NOT NULL AS acting;
SELECT count(voiceagent.set_setting('retention_' || c, '390 days')) AS set FROM unnest(ARRAY['webhooks', 'transcripts', 'events']) c;
SELECT pg_temp.retain(1000, 91) > 0 AS steps;
SELECT * FROM pg_temp.mine();
SELECT pg_temp.empty_all();
SELECT pg_temp.retain(1000, 92) > 0 AS steps;
SELECT * FROM pg_temp.mine();
ROLLBACK;

-- What of one tenant cannot be removed holds up no other's.
BEGIN;
UPDATE voiceagent_private.maintenance_jobs SET next_at = 'infinity';
SELECT pg_temp.begin_calls('Keeps broken', ARRAY['2001']) AS broken \gset
SELECT pg_temp.dial();
SELECT pg_temp.take(pg_temp.webhook('2001', 'report', 'customer-ended-call', 90, '{"interest": "high"}', pg_temp.now()));
SELECT voiceagent.set_setting('retention_calls', '2 days');
SELECT voiceagent_private.apply_inbox(10);
SELECT pg_temp.begin_calls('Keeps well', ARRAY['2001']) AS well \gset
SELECT pg_temp.dial();
SELECT pg_temp.take(pg_temp.webhook('2001', 'report', 'customer-ended-call', 90, '{"interest": "high"}', pg_temp.now()));
SELECT voiceagent.set_setting('retention_calls', '2 days');
SELECT voiceagent_private.apply_inbox(10);
CREATE FUNCTION pg_temp.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'broken'; END $$;
CREATE TRIGGER refuse BEFORE DELETE ON voiceagent.calls FOR EACH ROW WHEN (old.tenant_id = :broken) EXECUTE FUNCTION pg_temp.refuse();
SELECT pg_temp.retain(2, 3) > 0 AS steps;
SELECT tenant, calls FROM pg_temp.kept();
SELECT next_at > voiceagent.clock() AS "again later" FROM voiceagent_private.retention_marks WHERE tenant_id = :broken AND class = 'calls';
ROLLBACK;

-- A new tenant's turn comes though others always have something due, and no step looks for new ones: it is known from its creation.
BEGIN;
UPDATE voiceagent_private.maintenance_jobs SET next_at = 'infinity';
DELETE FROM voiceagent_private.job_requests;
SELECT voiceagent.create_tenant('Keeps on') > 0 AS another;
SELECT voiceagent_private.begin_retention(100000) IS NOT NULL AS begun;
SELECT voiceagent_private.begin_retention(100000) > voiceagent.clock() AS "all are known";
UPDATE voiceagent_private.retention_marks SET next_at = '-infinity';
DELETE FROM voiceagent_private.job_requests;
SELECT voiceagent.create_tenant('Keeps anew') AS anew \gset
SELECT voiceagent_private.retain_rows(1) <= voiceagent.clock() AS "others are due";
SELECT count(*) AS marks FROM voiceagent_private.retention_marks WHERE tenant_id = :anew;
SELECT job, min(at) <= voiceagent.clock() AS "at once" FROM voiceagent_private.job_requests GROUP BY 1;
-- As after an upgrade that knows more classes.
DELETE FROM voiceagent_private.job_requests;
DELETE FROM voiceagent_private.retention_marks WHERE tenant_id = :anew;
SELECT voiceagent_private.begin_retention(12) <= voiceagent.clock() AS more, voiceagent_private.begin_retention(12) <= voiceagent.clock() AS rest,
	voiceagent_private.begin_retention(12) = 'infinity' AS "that is all";
SELECT count(*) - (SELECT count(*) FROM voiceagent_private.retention_classes) AS "and of turns" FROM voiceagent_private.retention_marks WHERE tenant_id = :anew;
SELECT job, min(at) <= voiceagent.clock() AS "at once" FROM voiceagent_private.job_requests GROUP BY 1;
ROLLBACK;

-- the ring: which month a slot holds, and when it ended
SELECT s, voiceagent_private.slot_ends_at(s, '2026-11-20 00:00+00') AT TIME ZONE 'UTC' AS ended
FROM generate_series(0, 15) s ORDER BY 2;
SELECT bool_and(voiceagent_private.slot_ends_at(voiceagent_private.month_slot(m), t) = m + interval '1 month') AS "agrees with the month of every row"
FROM generate_series('2024-01-15 00:00+00'::timestamptz, '2027-12-15 00:00+00', '17 days') t,
	LATERAL generate_series(date_trunc('month', t AT TIME ZONE 'UTC') - interval '15 months' + interval '1 month', date_trunc('month', t AT TIME ZONE 'UTC'), '1 month') AS l(local),
	LATERAL (SELECT l.local AT TIME ZONE 'UTC') AS x(m);
-- the current month cannot be emptied
DO $$ BEGIN PERFORM voiceagent_private.empty_slot('voiceagent.events', voiceagent_private.month_slot(voiceagent.clock()));
EXCEPTION WHEN OTHERS THEN RAISE WARNING '%', regexp_replace(SQLERRM, '\d+', 'N'); END $$;
SELECT count(*) AS rings, count(DISTINCT voiceagent_private.slot_partition(c.ring, s)) AS partitions
FROM voiceagent_private.retention_classes c, generate_series(0, 15) s WHERE c.ring IS NOT NULL;
-- every ring of the catalog ends
SELECT p.partrelid::regclass AS "rings that never end" FROM pg_partitioned_table p JOIN pg_class c ON c.oid = p.partrelid
WHERE c.relnamespace = 'voiceagent'::regnamespace AND p.partrelid NOT IN (SELECT r.ring FROM voiceagent_private.retention_classes r WHERE r.ring IS NOT NULL);
-- no setting keeps longer than the ring
SELECT c.class, d.maximum FROM voiceagent_private.retention_classes c JOIN voiceagent_private.setting_definitions d ON d.key = 'retention_' || c.class WHERE c.ring IS NOT NULL;
