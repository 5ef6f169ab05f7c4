-- Maintenance jobs: what time makes due is done in steps, one failure stops no other, and a wish is never lost.
SET client_min_messages = warning;
BEGIN;
-- Only ours, for the time of the test.
UPDATE voiceagent_private.maintenance_jobs SET next_at = 'infinity';
CREATE TABLE public.steps (n int, step int, tenant text);
CREATE FUNCTION voiceagent_private.count_step(max integer) RETURNS timestamptz LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO public.steps SELECT count(*) + 1, max, current_setting('voiceagent.context_tenant', true) FROM public.steps;
	-- Three steps, then in an hour.
	RETURN CASE WHEN (SELECT count(*) FROM public.steps) < 3 THEN voiceagent.clock() ELSE voiceagent.clock() + interval '1 hour' END;
END $$;
CREATE FUNCTION voiceagent_private.fail_step(max integer) RETURNS timestamptz LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'broken'; END $$;
SELECT voiceagent_private.register_job('count_step', 7);
SELECT voiceagent_private.next_job_at();

-- A step at a time, until it says when it wants to be called again.
CREATE FUNCTION pg_temp.run() RETURNS text LANGUAGE plpgsql AS $$
DECLARE v_job text := voiceagent_private.claim_job(); BEGIN
	IF v_job IS NOT NULL THEN PERFORM voiceagent_private.run_job(v_job); END IF;
	RETURN v_job;
END $$;
SELECT pg_temp.run(), pg_temp.run(), pg_temp.run(), pg_temp.run();
SELECT n, step FROM public.steps ORDER BY n;
SELECT next_at > voiceagent.clock() + interval '59 minutes' AS "in an hour", ran_at IS NOT NULL AS ran FROM voiceagent_private.maintenance_jobs WHERE job = 'count_step';

-- What is claimed is claimed once; a wish while it runs stands, a later one than the next time does not.
SELECT voiceagent_private.request_job('count_step', voiceagent.clock());
SELECT voiceagent_private.claim_job(), voiceagent_private.claim_job();
SELECT voiceagent_private.request_job('count_step', '2001-01-01 00:00+00');
SELECT voiceagent_private.run_job('count_step');
SELECT voiceagent_private.request_job('count_step', '2002-01-01 00:00+00');
SELECT voiceagent_private.next_job_at() = '2001-01-01 00:00+00' AS "the wish stands", (SELECT count(*) FROM voiceagent_private.job_requests) AS wishes;
SELECT voiceagent_private.claim_job();
SELECT count(*) AS wishes FROM voiceagent_private.job_requests;

-- A failure is told and tried again later; the others go on; a success forgets it.
SELECT voiceagent_private.register_job('fail_step', 1);
SELECT voiceagent_private.claim_job();
DO $$ BEGIN PERFORM voiceagent_private.run_job('fail_step'); EXCEPTION WHEN raise_exception THEN PERFORM voiceagent_private.job_failed('fail_step', SQLERRM); END $$;
SELECT failures, last_error, next_at > voiceagent.clock() AS later FROM voiceagent_private.maintenance_jobs WHERE job = 'fail_step';
SELECT count(*) FROM (SELECT voiceagent_private.job_failed('fail_step', 'still') FROM generate_series(1, 30) OFFSET 0) x;
SELECT failures, next_at < voiceagent.clock() + interval '11 minutes' AS "not for ever" FROM voiceagent_private.maintenance_jobs WHERE job = 'fail_step';
CREATE OR REPLACE FUNCTION voiceagent_private.fail_step(max integer) RETURNS timestamptz LANGUAGE sql AS $$ SELECT 'infinity'::timestamptz $$;
SELECT voiceagent_private.run_job('fail_step');
SELECT failures, last_error, next_at FROM voiceagent_private.maintenance_jobs WHERE job = 'fail_step';

-- A job that always wants to be called again, since somebody holds its rows, leaves the others their turn.
CREATE FUNCTION voiceagent_private.held_step(max integer) RETURNS timestamptz LANGUAGE sql AS $$ SELECT '2001-01-01 00:00+00'::timestamptz $$;
UPDATE voiceagent_private.maintenance_jobs SET next_at = 'infinity', requested_at = NULL;
SELECT voiceagent_private.register_job('held_step', 1);
SELECT voiceagent_private.request_job('count_step', voiceagent.clock());
SELECT pg_temp.run(), pg_temp.run(), pg_temp.run();

-- A worker that starts does not know what its predecessor was in.
SELECT voiceagent_private.claim_job();
SELECT voiceagent_private.requeue_jobs();
SELECT voiceagent_private.claim_job() IS NOT NULL AS again;

-- A tenant job: the tenants take turns, one a step, each for its part; one whose rows raise is set aside with its error, and is let in again.
CREATE TABLE voiceagent_private.due_things (tenant_id bigint, due_at timestamptz, bad boolean);
CREATE TABLE public.served (n int GENERATED ALWAYS AS IDENTITY, tenant bigint);
GRANT ALL ON voiceagent_private.due_things, public.served TO PUBLIC;
CREATE FUNCTION voiceagent_private.serve_things(max integer) RETURNS timestamptz LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO public.served (tenant) VALUES (voiceagent.current_tenant());
	IF EXISTS (SELECT FROM voiceagent_private.due_things WHERE tenant_id = voiceagent.current_tenant() AND bad) THEN
		RAISE EXCEPTION 'no integer: "secret"' USING ERRCODE = 'invalid_text_representation';
	END IF;
	DELETE FROM voiceagent_private.due_things d WHERE d.ctid IN (SELECT o.ctid FROM voiceagent_private.due_things o
		WHERE o.tenant_id = voiceagent.current_tenant() AND o.due_at <= voiceagent.clock() LIMIT max);
	RETURN CASE WHEN NOT FOUND THEN voiceagent.clock() + interval '1 minute' END;
END $$;
SELECT voiceagent_private.register_tenant_job('serve_things', 3, 'due_things', 'due_at');
UPDATE voiceagent_private.maintenance_jobs SET next_at = 'infinity', requested_at = NULL;
SELECT voiceagent.create_tenant('r00 one', 'UTC') AS one, voiceagent.create_tenant('r00 two', 'UTC') AS two, voiceagent.create_tenant('r00 three', 'UTC') AS three \gset
INSERT INTO voiceagent_private.due_things SELECT :one, '2001-01-01 00:00+00', false FROM generate_series(1, 9);
INSERT INTO voiceagent_private.due_things VALUES (:two, '2002-01-01 00:00+00', true), (:three, '2003-01-01 00:00+00', false), (:three, '2100-01-01 00:00+00', false);
SELECT voiceagent_private.run_job('serve_things') FROM generate_series(1, 6) \g /dev/null
SELECT string_agg(CASE tenant WHEN :one THEN 'one' WHEN :two THEN 'two' ELSE 'three' END, ' ' ORDER BY n) AS turns FROM public.served;
SELECT tenant_id = :two AS two, failures, error, rests_until > voiceagent.clock() AS rests FROM voiceagent_private.job_rests WHERE job = 'serve_things';
SELECT replace(component, :'two', 'N') AS component, state ~ '^failing, tried again at' AS failing, last_error FROM voiceagent.status() WHERE component LIKE 'job serve%';
SELECT next_at = rests_until AS "due when it is let in", d.failures AS "of the job" FROM voiceagent_private.maintenance_jobs d JOIN voiceagent_private.job_rests r USING (job) WHERE d.job = 'serve_things';
UPDATE voiceagent_private.due_things SET bad = false;
SET LOCAL voiceagent.clock_offset = '2';
SELECT voiceagent_private.run_job('serve_things') FROM generate_series(1, 2) \g /dev/null
SELECT count(*) AS rests, (SELECT count(*) FROM voiceagent_private.due_things) AS left, (SELECT next_at = '2100-01-01 00:00+00' FROM voiceagent_private.maintenance_jobs WHERE job = 'serve_things') AS "in 2100"
FROM voiceagent_private.job_rests WHERE job = 'serve_things';
-- A step that took long makes its own tenant wait for so many times as long, and no other.
INSERT INTO voiceagent_private.due_things SELECT t, '2001-01-01 00:00+00', false FROM unnest(ARRAY[:one, :three]::bigint[]) t, generate_series(1, 9);
TRUNCATE public.served RESTART IDENTITY;
SELECT voiceagent_private.run_job('serve_things', 1000000) AS "a tenant's" FROM generate_series(1, 4);
SELECT string_agg(CASE tenant WHEN :one THEN 'one' WHEN :two THEN 'two' ELSE 'three' END, ' ' ORDER BY n) AS turns FROM public.served;
SELECT next_at > voiceagent.clock() AND next_at = (SELECT min(rests_until) FROM voiceagent_private.job_rests r WHERE r.job = d.job) AS "when one has rested"
FROM voiceagent_private.maintenance_jobs d WHERE job = 'serve_things';
SELECT voiceagent_private.run_job('count_step', 1000000) AS "a tenant's";
-- A step that does not end is cancelled; its tenant's next ones do less, and more again when they are quick.  Nobody else waits for it.
UPDATE voiceagent_private.due_things SET due_at = '2100-01-01 00:00+00';
TRUNCATE public.served RESTART IDENTITY;
DELETE FROM voiceagent_private.job_rests;
CREATE OR REPLACE FUNCTION voiceagent_private.serve_things(max integer) RETURNS timestamptz LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO public.served (tenant) VALUES (voiceagent.current_tenant());
	DELETE FROM voiceagent_private.due_things d WHERE d.tenant_id = voiceagent.current_tenant() AND d.bad;
	IF FOUND AND max > 1 THEN PERFORM pg_sleep(600); END IF;
	DELETE FROM voiceagent_private.due_things d WHERE d.tenant_id = voiceagent.current_tenant() AND d.due_at <= voiceagent.clock();
	RETURN NULL;
END $$;
INSERT INTO voiceagent_private.due_things VALUES (:one, '2001-01-01 00:00+00', true), (:two, '2001-01-01 00:00+00', false);
UPDATE voiceagent_private.tenant_jobs SET last_tenant = 0 WHERE job = 'serve_things';
SELECT voiceagent_private.run_job('serve_things') FROM generate_series(1, 2) \g /dev/null
SELECT CASE tenant WHEN :one THEN 'one' ELSE 'two' END AS served, (SELECT count(*) FROM voiceagent_private.due_things WHERE due_at < '2100-01-01') AS left FROM public.served;
SELECT tenant_id = :one AS one, failures, error, step, rests_until > voiceagent.clock() AS rests FROM voiceagent_private.job_rests WHERE job = 'serve_things';
SET LOCAL voiceagent.clock_offset = '4';
SELECT voiceagent_private.run_job('serve_things') \g /dev/null
SELECT count(*) AS left, (SELECT step FROM voiceagent_private.job_rests WHERE job = 'serve_things') AS "may do", (SELECT sum(failures) FROM voiceagent_private.job_rests) AS failures FROM voiceagent_private.due_things WHERE due_at < '2100-01-01';
INSERT INTO voiceagent_private.due_things VALUES (:one, '2001-01-01 00:00+00', false);
SELECT voiceagent_private.run_job('serve_things') \g /dev/null
SELECT count(*) AS smaller FROM voiceagent_private.job_rests WHERE job = 'serve_things' AND step IS NOT NULL;
-- Every registered maintenance job is such a function.
SELECT d.job AS "maintenance jobs that are none" FROM voiceagent_private.maintenance_jobs d
WHERE d.job NOT IN ('count_step', 'fail_step', 'held_step', 'serve_things') AND NOT EXISTS (SELECT FROM pg_proc p WHERE p.pronamespace = 'voiceagent_private'::regnamespace
	AND p.proname = d.job AND oidvectortypes(p.proargtypes) = 'integer' AND p.prorettype = 'timestamptz'::regtype);
ROLLBACK;
