-- What a room announces of itself: a name twice, or what is not there, fails at the end of CREATE EXTENSION.
\set VERBOSITY terse
CREATE FUNCTION pg_temp.announce(kind text, name text, detail text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO voiceagent_private.registrations VALUES (kind, name, detail);
	PERFORM voiceagent_private.check_registrations();
	RAISE EXCEPTION 'taken';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLERRM;
END
$$;
SELECT voiceagent_private.check_registrations();
SELECT r.kind, r.name, pg_temp.announce(r.kind, r.name, r.detail) FROM voiceagent_private.registrations r WHERE (r.kind, r.name) IN (SELECT o.kind, min(o.name) FROM voiceagent_private.registrations o GROUP BY o.kind) ORDER BY 1;
-- Functions that are not there, or have other arguments.
SELECT kind, pg_temp.announce(kind, 'check_nothing', NULL) FROM (VALUES ('invariant'), ('waiting'), ('daily'), ('person'), ('erasure'), ('condition'), ('metric'), ('low_balance'), ('webhook'), ('deferred'), ('nothing'), (''), ('Invariant')) k(kind);
SELECT pg_temp.announce('invariant', 'run_job', NULL), pg_temp.announce('invariant', 'clock', NULL), pg_temp.announce('invariant', 'month_slot', 'voiceagent.calls.call_id'),
	pg_temp.announce('waiting', 'delete_statistics() UNION SELECT 1; --', NULL), pg_temp.announce('invariant', '', NULL);
-- Tables that are not there, or are no tenant's. (A name of two statements is bad syntax to servers up to 15, and no table to others.)
SELECT kind, pg_temp.announce(kind, 'voiceagent.nothing', ''), pg_temp.announce(kind, 'voiceagent.currencies', ''), pg_temp.announce(kind, 'voiceagent.leads; DROP TABLE voiceagent.leads', '') ~ '^invalid name syntax$|: there is no such table$', pg_temp.announce(kind, 'voiceagent.appointments', 'NULL')
FROM (VALUES ('open'), ('outlives')) k(kind);

-- A table that says which of its times somebody waits for. (Beyond this check it is a matter of the install script.)
BEGIN;
CREATE TABLE voiceagent_private.r00_turns (tenant_id bigint, next_at timestamptz, day date);
CREATE FUNCTION pg_temp.guards(kind text, waits name[], set_back_by text DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM voiceagent_private.guard_table('voiceagent_private.r00_turns', kind, waits => waits, set_back_by => set_back_by);
	RETURN 'taken';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLERRM;
END
$$;
SELECT k.kind, w.waits, pg_temp.guards(k.kind, w.waits) FROM (VALUES ('routing'), ('tenant'), ('platform'), ('nobody')) k(kind), (VALUES ('{next_at}'::name[]), ('{day}'), ('{next_at,gone_at}'), ('{}')) w(waits);
SELECT pg_temp.guards('platform', '{next_at}', 'requeue_jobs'), pg_temp.guards('platform', '{day}', 'requeue_jobs');
ROLLBACK;
