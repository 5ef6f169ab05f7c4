/*
 * 60_inbox: calls from which something follows that waits for other locks: of an incoming one that is over a lead, an
 * appointment, a call back; of a tool that was used in one a task.  These locks go before those that an applier, or a
 * tool, holds, so a job does it in transactions of its own (80_reception).
 */

CREATE TABLE voiceagent_private.calls_to_follow (
	tenant_id bigint NOT NULL,
	call_id bigint NOT NULL,
	due_at timestamptz NOT NULL CHECK (isfinite(due_at)),
	failures smallint NOT NULL DEFAULT 0,
	PRIMARY KEY (tenant_id, call_id)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
COMMENT ON TABLE voiceagent_private.calls_to_follow IS
	'Calls from which something follows, or more since, until follow_calls() has been at them.';
COMMENT ON COLUMN voiceagent_private.calls_to_follow.due_at IS 'When it is their turn; whoever adds to it changes it.';
COMMENT ON COLUMN voiceagent_private.calls_to_follow.failures IS 'How often what follows could not be done.';
CREATE INDEX calls_to_follow_due ON voiceagent_private.calls_to_follow (due_at);
CREATE INDEX calls_to_follow_turns ON voiceagent_private.calls_to_follow (tenant_id, due_at);
SELECT voiceagent_private.guard_table('voiceagent_private.calls_to_follow', 'routing', waits => '{due_at}');

CREATE FUNCTION voiceagent_private.follow_soon(call_ids bigint[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
BEGIN
	INSERT INTO voiceagent_private.calls_to_follow AS q (tenant_id, call_id, due_at)
	SELECT voiceagent.current_tenant(), c.call_id, v_now
	FROM (SELECT DISTINCT u.call_id FROM unnest(call_ids) AS u(call_id) ORDER BY 1) c
	ON CONFLICT (tenant_id, call_id) DO UPDATE
	-- Another time than the job has read: it leaves the row.
	SET due_at = CASE WHEN q.due_at = v_now THEN v_now + interval '1 microsecond' ELSE v_now END, failures = 0;
	PERFORM voiceagent_private.request_job('follow_calls', v_now);
END
$$;
COMMENT ON FUNCTION voiceagent_private.follow_soon(bigint[]) IS
	'Has what follows from calls of the current tenant done soon: of incoming ones that are over, and whose rows the '
	'caller has locked, or of tools that were used in them.';
