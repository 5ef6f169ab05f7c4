/*
 * 10_tenant: steps of maintenance jobs, and those that work for one tenant after the other.
 *
 * A tenant job is a function voiceagent_private.NAME(max integer) RETURNS
 * timestamptz for the current tenant.  Its turns are the rows of a table with a
 * time; a step serves the next tenant, by its id, that has one due.  So a step is
 * one commit for one tenant: a backlog takes its turn like the others, and what
 * raises sets its tenant aside, longer each time, with its error in status().
 * However much a tenant's rows cost, a step is short: one that took long is followed
 * by smaller ones, and one that does not end is cancelled (run_turn()).
 */

CREATE TABLE voiceagent_private.tenant_jobs (
	job text PRIMARY KEY REFERENCES voiceagent_private.maintenance_jobs,
	turns text NOT NULL,
	due text NOT NULL,
	kind text NOT NULL,
	kinds text[],
	last_tenant bigint NOT NULL DEFAULT 0
);
COMMENT ON TABLE voiceagent_private.tenant_jobs IS
	E'Maintenance jobs whose steps are one tenant''s each.\n'
	'Registered by register_tenant_job() in the install script.';
COMMENT ON COLUMN voiceagent_private.tenant_jobs.turns IS 'Table of voiceagent_private with its rows, by tenant_id.';
COMMENT ON COLUMN voiceagent_private.tenant_jobs.due IS 'Its column that says when a row is due.';
COMMENT ON COLUMN voiceagent_private.tenant_jobs.kind IS 'Its column that says which rows are the job''s.';
COMMENT ON COLUMN voiceagent_private.tenant_jobs.kinds IS 'The kinds among those; NULL: all.';
COMMENT ON COLUMN voiceagent_private.tenant_jobs.last_tenant IS 'Whose turn was the last.';
SELECT voiceagent_private.guard_table('voiceagent_private.tenant_jobs', 'platform', 'WHERE false');
GRANT SELECT, UPDATE ON voiceagent_private.tenant_jobs TO voiceagent_worker;

CREATE TABLE voiceagent_private.job_rests (
	tenant_id bigint NOT NULL,
	job text NOT NULL,
	rests_until timestamptz NOT NULL,
	failures integer NOT NULL DEFAULT 0,
	error text,
	step integer,
	PRIMARY KEY (tenant_id, job)
);
COMMENT ON TABLE voiceagent_private.job_rests IS
	E'Tenants that a tenant job leaves alone for a while: what is due is held by somebody, or its last step failed.\n'
	'And those whose steps took too long, which are smaller now.';
COMMENT ON COLUMN voiceagent_private.job_rests.failures IS 'Failures since the last step that succeeded.';
COMMENT ON COLUMN voiceagent_private.job_rests.error IS 'The last error.';
COMMENT ON COLUMN voiceagent_private.job_rests.step IS 'How much its next step does at most; NULL: as the job says.';
SELECT voiceagent_private.guard_table('voiceagent_private.job_rests', 'routing', waits => '{rests_until}');

CREATE FUNCTION voiceagent_private.register_tenant_job(job text, step integer, turns text, due text,
	kind text DEFAULT 'tenant_id', kinds text[] DEFAULT NULL) RETURNS void
	LANGUAGE sql VOLATILE
	BEGIN ATOMIC
		SELECT voiceagent_private.register_job(job, step);
		INSERT INTO voiceagent_private.tenant_jobs (job, turns, due, kind, kinds)
		VALUES (register_tenant_job.job, register_tenant_job.turns, register_tenant_job.due, register_tenant_job.kind,
			register_tenant_job.kinds)
		ON CONFLICT ON CONSTRAINT tenant_jobs_pkey DO UPDATE SET turns = excluded.turns, due = excluded.due,
			kind = excluded.kind, kinds = excluded.kinds;
	END;
COMMENT ON FUNCTION voiceagent_private.register_tenant_job(text, integer, text, text, text, text[]) IS
	'For install and update scripts: a job whose step is voiceagent_private.JOB(step) for the next tenant with a row '
	'of turns that is due; it returns until when that tenant then rests, or NULL.';

CREATE FUNCTION voiceagent_private.mask_message(message text, state text) RETURNS text
	LANGUAGE c IMMUTABLE STRICT AS 'MODULE_PATHNAME', 'va_sql_mask_message';
COMMENT ON FUNCTION voiceagent_private.mask_message(text, text) IS
	'An error''s message without what it quotes of data, as the log has it.';

CREATE FUNCTION voiceagent_private.next_in_turn(job voiceagent_private.tenant_jobs, after bigint, at timestamptz)
	RETURNS bigint
	LANGUAGE plpgsql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint;
BEGIN
	-- From tenant to tenant, however many rows one of them has.
	EXECUTE format('WITH RECURSIVE t AS (
			SELECT (SELECT min(d.tenant_id) FROM voiceagent_private.%1$I d WHERE d.tenant_id > $1) AS tenant_id
			UNION ALL
			SELECT (SELECT min(d.tenant_id) FROM voiceagent_private.%1$I d WHERE d.tenant_id > t.tenant_id)
			FROM t WHERE t.tenant_id IS NOT NULL)
		SELECT t.tenant_id FROM t
		WHERE EXISTS (SELECT FROM voiceagent_private.%1$I d WHERE d.tenant_id = t.tenant_id AND d.%2$I <= $2
			AND ($4 IS NULL OR d.%3$I::text = ANY ($4)) OFFSET 0)
			AND NOT EXISTS (SELECT FROM voiceagent_private.job_rests r
				WHERE r.tenant_id = t.tenant_id AND r.job = $3 AND r.rests_until > $2 OFFSET 0)
		LIMIT 1', job.turns, job.due, job.kind)
	INTO v_tenant USING after, at, job.job, job.kinds;
	RETURN v_tenant;
END
$$;
COMMENT ON FUNCTION voiceagent_private.next_in_turn(voiceagent_private.tenant_jobs, bigint, timestamptz) IS
	'The first tenant behind one, by their ids, that has something due of a tenant job and does not rest; NULL: none.';

CREATE FUNCTION voiceagent_private.limit_step(ms integer) RETURNS void
	LANGUAGE c VOLATILE STRICT AS 'MODULE_PATHNAME', 'va_sql_limit_step';
COMMENT ON FUNCTION voiceagent_private.limit_step(integer) IS
	'From now on the statement is cancelled after so many milliseconds; 0: no more.';

CREATE FUNCTION voiceagent_private.run_turn(job voiceagent_private.tenant_jobs, step integer, rest integer DEFAULT 0)
	RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_tenant bigint := coalesce(voiceagent_private.next_in_turn(job, job.last_tenant, v_now),
		voiceagent_private.next_in_turn(job, 0, v_now));
	v_began timestamptz := clock_timestamp();
	v_step integer := coalesce((SELECT r.step FROM voiceagent_private.job_rests r
		WHERE r.tenant_id = v_tenant AND r.job = run_turn.job.job), step);
	v_took interval;
	v_rests timestamptz;
	v_next timestamptz;
	-- A step is meant to take no longer, ...
	c_quick CONSTANT interval := '200 milliseconds';
	-- ... and is cancelled after so many.
	c_most_ms CONSTANT integer := 10000;
BEGIN
	IF v_tenant IS NULL THEN
		-- Rows whose last failure is this old are no longer needed.
		DELETE FROM voiceagent_private.job_rests r
		WHERE r.job = run_turn.job.job AND r.rests_until < v_now - interval '1 hour';
		EXECUTE format('SELECT min(d.%2$I) FROM voiceagent_private.%1$I d
			WHERE d.%2$I > $1 AND ($2 IS NULL OR d.%3$I::text = ANY ($2))', job.turns, job.due, job.kind)
		INTO v_next USING v_now, job.kinds;
		RETURN coalesce(least(v_next, (SELECT min(r.rests_until) FROM voiceagent_private.job_rests r
			WHERE r.job = run_turn.job.job AND r.rests_until > v_now)), 'infinity');
	END IF;
	BEGIN
		PERFORM voiceagent_private.set_tenant(v_tenant);
		PERFORM voiceagent_private.limit_step(c_most_ms);
		EXECUTE format('SELECT voiceagent_private.%I($1)', job.job) INTO v_rests USING v_step;
		PERFORM voiceagent_private.limit_step(0);
		v_took := clock_timestamp() - v_began;
		-- For what took long this tenant alone waits: the next one's turn is at hand (maintenance.c, MAX_REST_MS).
		v_rests := greatest(v_rests, CASE WHEN rest * v_took > c_quick THEN v_now + rest * v_took END);
		v_step := CASE WHEN v_took > c_quick
			THEN greatest(v_step * extract(epoch FROM c_quick) / extract(epoch FROM v_took), 1)
			ELSE least(2 * v_step::bigint, step) END;
		DELETE FROM voiceagent_private.job_rests r WHERE r.tenant_id = v_tenant AND r.job = run_turn.job.job;
		INSERT INTO voiceagent_private.job_rests (tenant_id, job, rests_until, step)
		SELECT v_tenant, run_turn.job.job, coalesce(v_rests, v_now), nullif(v_step, step)
		WHERE v_rests > v_now OR v_step < step;
	EXCEPTION WHEN query_canceled OR OTHERS THEN
		PERFORM voiceagent_private.limit_step(0);
		v_now := v_now + (clock_timestamp() - v_began);
		RAISE LOG 'job % failed for tenant %: % %', job.job, v_tenant, SQLSTATE, SQLERRM;
		INSERT INTO voiceagent_private.job_rests AS r (tenant_id, job, rests_until, failures, error, step)
		VALUES (v_tenant, run_turn.job.job, v_now + interval '1 second', 1, format('%s %s', SQLSTATE,
			CASE SQLSTATE WHEN '57014' THEN format('a step of %s did not end within %s ms', v_step, c_most_ms)
			ELSE voiceagent_private.mask_message(SQLERRM, SQLSTATE) END),
			CASE SQLSTATE WHEN '57014' THEN greatest(v_step / 8, 1) ELSE nullif(v_step, run_turn.step) END)
		ON CONFLICT ON CONSTRAINT job_rests_pkey DO UPDATE SET failures = r.failures + 1, error = excluded.error,
			step = excluded.step,
			rests_until = v_now + least(interval '1 second' * power(2, least(r.failures, 20)), interval '10 minutes');
	END;
	PERFORM voiceagent_private.set_tenant(0);
	UPDATE voiceagent_private.tenant_jobs t SET last_tenant = v_tenant WHERE t.job = run_turn.job.job;
	RETURN v_now;
END
$$;
COMMENT ON FUNCTION voiceagent_private.run_turn(voiceagent_private.tenant_jobs, integer, integer) IS
	E'One step of a tenant job, for the next tenant -> when the job is due again; that tenant then rests for so many '
	'times as long as the step took, if that is long, and its next step is smaller.\n'
	'One whose step raises an error or does not end in time is set aside, for a second, doubling to ten minutes.';

CREATE FUNCTION voiceagent_private.run_job(job text, rest integer DEFAULT 0) RETURNS boolean
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_step integer := (SELECT d.step FROM voiceagent_private.maintenance_jobs d WHERE d.job = run_job.job);
	v_turns voiceagent_private.tenant_jobs;
	v_next timestamptz;
BEGIN
	PERFORM voiceagent_private.set_tenant(0);
	SELECT t.* INTO v_turns FROM voiceagent_private.tenant_jobs t WHERE t.job = run_job.job;
	IF FOUND THEN
		v_next := voiceagent_private.run_turn(v_turns, v_step, rest);
	ELSE
		EXECUTE format('SELECT voiceagent_private.%I($1)', job) INTO v_next USING v_step;
	END IF;
	PERFORM voiceagent_private.set_tenant(0);
	-- A wish that came meanwhile stands.  A time that has passed (of rows that somebody holds, say) is now: those that
	-- are due have their turn first.
	UPDATE voiceagent_private.maintenance_jobs d
	SET next_at = least(d.requested_at, greatest(coalesce(v_next, 'infinity'), voiceagent.clock())),
		ran_at = voiceagent.clock(), failures = 0, last_error = NULL
	WHERE d.job = run_job.job;
	RETURN v_turns.job IS NOT NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.run_job(text, integer) IS
	'Takes one step of a claimed maintenance job, and notes when it is due again -> whether it was a tenant''s step; '
	'that tenant then rests for so many times as long as the step took, so that the others have their share.';

CREATE FUNCTION voiceagent_private.take_campaign_turn(turns regclass, work regproc, max integer) RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_campaign bigint;
	v_next timestamptz;
	c_after_failure CONSTANT interval := '1 minute';
	c_breath CONSTANT interval := '50 milliseconds';
BEGIN
	EXECUTE format('SELECT t.campaign_id FROM %s t WHERE t.tenant_id = $1 AND t.next_at <= $2
		ORDER BY t.next_at, t.campaign_id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED', turns)
	INTO v_campaign USING v_tenant, v_now;
	IF v_campaign IS NOT NULL THEN
		BEGIN
			EXECUTE format('SELECT %s($1, $2)', work) INTO v_next USING v_campaign, max;
		EXCEPTION WHEN OTHERS THEN
			v_next := v_now + c_after_failure;
			RAISE LOG '% of campaign % of tenant % failed: % %', work, v_campaign, v_tenant, SQLSTATE, SQLERRM;
		END;
		EXECUTE format('UPDATE %s t SET next_at = $3 WHERE t.tenant_id = $1 AND t.campaign_id = $2', turns)
		USING v_tenant, v_campaign, v_next;
	END IF;
	RETURN v_now + c_breath;
END
$$;
COMMENT ON FUNCTION voiceagent_private.take_campaign_turn(regclass, regproc, integer) IS
	E'Has work, of a campaign and how much at most, done for the campaign of the current tenant that waits longest in '
	'turns, and keeps there when it says to look again.\n'
	'One campaign a commit: what goes wrong with one, and its locks, are no other''s.';
