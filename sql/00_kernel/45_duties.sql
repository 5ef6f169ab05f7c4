/*
 * 00_kernel: duties, what is done because time passes and can wait a moment.
 *
 * A duty is a function voiceagent_private.NAME(max integer) RETURNS timestamptz
 * that takes one step, short enough for one commit (about max rows), and
 * returns when it wants to be called again: clock() for "at once, there is
 * more", infinity for "when somebody wishes it".  It is called for no tenant
 * (act_for(0)) and acts for each by itself.  A duty that fails is tried again
 * later and later; the others go on.
 *
 * Locks: nobody waits for a duty with its row locked.  The row is claimed in
 * a commit of its own, and changed at the very end of a step: behind every
 * other lock.  Workers alone change it: a wish is a row of its own, since a
 * tenant's transaction that stays open must hold up neither another tenant's
 * wish nor a worker.
 */

CREATE TABLE voiceagent_private.duties (
	duty text PRIMARY KEY,
	step integer NOT NULL CHECK (step > 0),
	next_at timestamptz NOT NULL DEFAULT '-infinity',
	wished_at timestamptz,
	ran_at timestamptz,
	failures integer NOT NULL DEFAULT 0,
	last_error text
) WITH (fillfactor = 50);
COMMENT ON TABLE voiceagent_private.duties IS
	'What the process keeper does because time passes: each row is a function of that name. Registered by register_duty() in the install script.';
COMMENT ON COLUMN voiceagent_private.duties.duty IS 'Name of the function in voiceagent_private.';
COMMENT ON COLUMN voiceagent_private.duties.step IS 'Its argument: about how many rows one step may change.';
COMMENT ON COLUMN voiceagent_private.duties.next_at IS 'When it is due; infinity: only when somebody wishes it.';
COMMENT ON COLUMN voiceagent_private.duties.wished_at IS 'The earliest wish since it was claimed last.';
COMMENT ON COLUMN voiceagent_private.duties.ran_at IS 'Its last step.';
COMMENT ON COLUMN voiceagent_private.duties.failures IS 'Failures since the last step that succeeded.';
COMMENT ON COLUMN voiceagent_private.duties.last_error IS 'What went wrong last; NULL: nothing since the last success.';
-- The rows come with the install script, and every start of a worker makes all of them due.
SELECT voiceagent_private.guard_table('voiceagent_private.duties', 'platform', 'WHERE false');
GRANT SELECT, UPDATE ON voiceagent_private.duties TO voiceagent_worker;

CREATE TABLE voiceagent_private.duty_wishes (
	wish_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	duty text NOT NULL,
	at timestamptz NOT NULL
);
COMMENT ON TABLE voiceagent_private.duty_wishes IS
	'Duties that somebody wants done by a time, until a worker has seen it.';
COMMENT ON COLUMN voiceagent_private.duty_wishes.at IS 'When at the latest.';
SELECT voiceagent_private.guard_table('voiceagent_private.duty_wishes', 'platform', 'WHERE false');

CREATE FUNCTION voiceagent_private.register_duty(duty text, step integer) RETURNS void
	LANGUAGE sql VOLATILE
	BEGIN ATOMIC
		INSERT INTO voiceagent_private.duties (duty, step) VALUES (register_duty.duty, register_duty.step)
		ON CONFLICT ON CONSTRAINT duties_pkey DO UPDATE SET step = excluded.step;
	END;
COMMENT ON FUNCTION voiceagent_private.register_duty(text, integer) IS
	'For install and update scripts: has the process keeper call voiceagent_private.DUTY(step) whenever it is due.';

CREATE FUNCTION voiceagent_private.wish_duty(duty text, at timestamptz) RETURNS void
	LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	INSERT INTO voiceagent_private.duty_wishes (duty, at) VALUES (wish_duty.duty, wish_duty.at);
	PERFORM voiceagent_private.poke('jobs');
END
$$;
COMMENT ON FUNCTION voiceagent_private.wish_duty(text, timestamptz) IS
	'Has a duty done at that time at the latest. Waits for nobody.';

CREATE FUNCTION voiceagent_private.next_duty_at() RETURNS timestamptz
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN least((SELECT coalesce(min(d.next_at), 'infinity') FROM voiceagent_private.duties d),
		(SELECT min(w.at) FROM voiceagent_private.duty_wishes w));
END
$$;
COMMENT ON FUNCTION voiceagent_private.next_duty_at() IS 'When the next duty is due; infinity: none by time alone.';

CREATE FUNCTION voiceagent_private.recall_duties() RETURNS void
	LANGUAGE sql VOLATILE
	BEGIN ATOMIC
		UPDATE voiceagent_private.duties SET next_at = '-infinity' WHERE next_at > '-infinity';
	END;
COMMENT ON FUNCTION voiceagent_private.recall_duties() IS
	'For a worker that starts: makes every duty due, because its predecessor may have died in one.';

CREATE FUNCTION voiceagent_private.claim_duty() RETURNS text
	LANGUAGE sql VOLATILE
	BEGIN ATOMIC
		WITH wish AS (
			DELETE FROM voiceagent_private.duty_wishes w
			WHERE w.wish_id IN (SELECT n.wish_id FROM voiceagent_private.duty_wishes n FOR UPDATE SKIP LOCKED)
			RETURNING w.duty, w.at
		)
		UPDATE voiceagent_private.duties d SET next_at = least(d.next_at, m.at), wished_at = least(d.wished_at, m.at)
		FROM (SELECT w.duty, min(w.at) AS at FROM wish w GROUP BY w.duty) m
		WHERE d.duty = m.duty;
		UPDATE voiceagent_private.duties d SET next_at = voiceagent.clock() + interval '10 minutes', wished_at = NULL
		WHERE d.duty = (SELECT n.duty FROM voiceagent_private.duties n WHERE n.next_at <= voiceagent.clock()
			ORDER BY n.next_at, n.duty LIMIT 1 FOR UPDATE SKIP LOCKED)
		RETURNING d.duty;
	END;
COMMENT ON FUNCTION voiceagent_private.claim_duty() IS
	'The duty that has been due longest, due again in ten minutes should its step never end; NULL: none is. Commit, then perform_duty().';

CREATE FUNCTION voiceagent_private.perform_duty(duty text) RETURNS void
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_step integer := (SELECT d.step FROM voiceagent_private.duties d WHERE d.duty = perform_duty.duty);
	v_next timestamptz;
BEGIN
	PERFORM voiceagent_private.act_for(0);
	EXECUTE format('SELECT voiceagent_private.%I($1)', duty) INTO v_next USING v_step;
	PERFORM voiceagent_private.act_for(0);
	-- A wish that came meanwhile stands.
	UPDATE voiceagent_private.duties d
	SET next_at = least(d.wished_at, coalesce(v_next, 'infinity')), ran_at = voiceagent.clock(), failures = 0, last_error = NULL
	WHERE d.duty = perform_duty.duty;
END
$$;
COMMENT ON FUNCTION voiceagent_private.perform_duty(text) IS
	'Takes one step of a claimed duty, and notes when it is due again.';

CREATE FUNCTION voiceagent_private.duty_failed(duty text, error text) RETURNS void
	LANGUAGE sql VOLATILE
	BEGIN ATOMIC
		UPDATE voiceagent_private.duties d
		SET next_at = voiceagent.clock() + least(interval '1 second' * power(2, least(d.failures, 20)), interval '10 minutes'),
			failures = d.failures + 1, last_error = duty_failed.error
		WHERE d.duty = duty_failed.duty;
	END;
COMMENT ON FUNCTION voiceagent_private.duty_failed(text, text) IS
	'Notes that a claimed duty raised an error; it is tried again after a second, doubling to ten minutes.';
