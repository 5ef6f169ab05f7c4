/*
 * 00_kernel: maintenance jobs, what is done because time passes and can wait a moment.
 *
 * A maintenance job is a function voiceagent_private.NAME(max integer) RETURNS timestamptz
 * that takes one step, short enough for one commit (about max rows), and
 * returns when it wants to be called again: clock() for "at once, there is
 * more", infinity for "when somebody wishes it".  It is called for no tenant
 * (set_tenant(0)) and acts for each by itself, unless it was registered by
 * register_tenant_job() (10_tenant): then a step is one tenant's, and the
 * tenants take turns.  A maintenance job that fails is tried again later and
 * later; the others go on.
 *
 * Locks: no session waits for a maintenance job with its row locked.  The row is claimed
 * in a commit of its own, and changed at the very end of a step: behind every other lock.
 * Workers alone change it: a wish is a row of its own, since a tenant's transaction that
 * stays open must hold up neither another tenant's wish nor a worker.
 */

CREATE TABLE voiceagent_private.maintenance_jobs (
	job text PRIMARY KEY,
	step integer NOT NULL CHECK (step > 0),
	next_at timestamptz NOT NULL DEFAULT '-infinity',
	requested_at timestamptz,
	ran_at timestamptz,
	failures integer NOT NULL DEFAULT 0,
	last_error text
) WITH (fillfactor = 50);
COMMENT ON TABLE voiceagent_private.maintenance_jobs IS
	E'The timed work of the process keeper: each row is a function of that name.\n'
	'Registered by register_job() in the install script.';
COMMENT ON COLUMN voiceagent_private.maintenance_jobs.job IS 'Name of the function in voiceagent_private.';
COMMENT ON COLUMN voiceagent_private.maintenance_jobs.step IS 'Its argument: about how many rows one step may change.';
COMMENT ON COLUMN voiceagent_private.maintenance_jobs.next_at IS
	'When it is due; infinity: only when somebody wishes it.';
COMMENT ON COLUMN voiceagent_private.maintenance_jobs.requested_at IS 'The earliest wish since it was claimed last.';
COMMENT ON COLUMN voiceagent_private.maintenance_jobs.ran_at IS 'Its last step.';
COMMENT ON COLUMN voiceagent_private.maintenance_jobs.failures IS 'Failures since the last step that succeeded.';
COMMENT ON COLUMN voiceagent_private.maintenance_jobs.last_error IS
	'The last error; NULL: none since the last success.';
-- The rows come with the install script, and every start of a worker makes all of them due.
SELECT voiceagent_private.guard_table('voiceagent_private.maintenance_jobs', 'platform', 'WHERE false',
	waits => '{next_at}', set_back_by => 'requeue_jobs');
GRANT SELECT, UPDATE ON voiceagent_private.maintenance_jobs TO voiceagent_worker;

CREATE TABLE voiceagent_private.job_requests (
	job_request_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	job text NOT NULL,
	at timestamptz NOT NULL
);
COMMENT ON TABLE voiceagent_private.job_requests IS
	'Maintenance jobs that somebody wants done by a time, until a worker has seen it.';
COMMENT ON COLUMN voiceagent_private.job_requests.at IS 'When at the latest.';
SELECT voiceagent_private.guard_table('voiceagent_private.job_requests', 'platform', 'WHERE false');

CREATE FUNCTION voiceagent_private.register_job(job text, step integer) RETURNS void
	LANGUAGE sql VOLATILE
	BEGIN ATOMIC
		INSERT INTO voiceagent_private.maintenance_jobs (job, step) VALUES (register_job.job, register_job.step)
		ON CONFLICT ON CONSTRAINT maintenance_jobs_pkey DO UPDATE SET step = excluded.step;
	END;
COMMENT ON FUNCTION voiceagent_private.register_job(text, integer) IS
	'For install and update scripts: has the process keeper call voiceagent_private.JOB(step) whenever it is due.';

CREATE FUNCTION voiceagent_private.request_job(job text, at timestamptz) RETURNS void
	LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	INSERT INTO voiceagent_private.job_requests (job, at) VALUES (request_job.job, request_job.at);
	PERFORM voiceagent_private.poke('jobs');
END
$$;
COMMENT ON FUNCTION voiceagent_private.request_job(text, timestamptz) IS
	E'Has a maintenance job done at that time at the latest.\n'
	'Waits for no lock.';

CREATE FUNCTION voiceagent_private.next_job_at() RETURNS timestamptz
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN least((SELECT coalesce(min(d.next_at), 'infinity') FROM voiceagent_private.maintenance_jobs d),
		(SELECT min(w.at) FROM voiceagent_private.job_requests w));
END
$$;
COMMENT ON FUNCTION voiceagent_private.next_job_at() IS
	'When the next maintenance job is due; infinity: none by time alone.';

CREATE FUNCTION voiceagent_private.requeue_jobs() RETURNS void
	LANGUAGE sql VOLATILE
	BEGIN ATOMIC
		UPDATE voiceagent_private.maintenance_jobs SET next_at = '-infinity' WHERE next_at > '-infinity';
	END;
COMMENT ON FUNCTION voiceagent_private.requeue_jobs() IS
	'For a worker that starts: makes every maintenance job due, because its predecessor may have died in one.';

CREATE FUNCTION voiceagent_private.claim_job() RETURNS text
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_job text;
BEGIN
	WITH wish AS (
		DELETE FROM voiceagent_private.job_requests w
		WHERE w.job_request_id IN (SELECT n.job_request_id
			FROM voiceagent_private.job_requests n FOR UPDATE SKIP LOCKED)
		RETURNING w.job, w.at
	)
	UPDATE voiceagent_private.maintenance_jobs d
		SET next_at = least(d.next_at, m.at), requested_at = least(d.requested_at, m.at)
	FROM (SELECT w.job, min(w.at) AS at FROM wish w GROUP BY w.job) m
	WHERE d.job = m.job;
	UPDATE voiceagent_private.maintenance_jobs d
	SET next_at = voiceagent.clock() + interval '10 minutes', requested_at = NULL
	WHERE d.job = (SELECT n.job FROM voiceagent_private.maintenance_jobs n WHERE n.next_at <= voiceagent.clock()
		ORDER BY n.next_at, n.job LIMIT 1 FOR UPDATE SKIP LOCKED)
	RETURNING d.job INTO v_job;
	RETURN v_job;
END
$$;
COMMENT ON FUNCTION voiceagent_private.claim_job() IS
	E'The maintenance job that has been due longest, due again in ten minutes should its step '
	'never end; NULL: none is.\n'
	'Commit, then run_job().';

CREATE FUNCTION voiceagent_private.job_failed(job text, error text) RETURNS void
	LANGUAGE sql VOLATILE
	BEGIN ATOMIC
		UPDATE voiceagent_private.maintenance_jobs d
		SET next_at = voiceagent.clock() + least(interval '1 second' * power(2, least(d.failures, 20)),
			interval '10 minutes'),
			failures = d.failures + 1, last_error = job_failed.error
		WHERE d.job = job_failed.job;
	END;
COMMENT ON FUNCTION voiceagent_private.job_failed(text, text) IS
	'Notes that a claimed maintenance job raised an error; it is tried again after a second, doubling to ten minutes.';
