/*
 * 60_inbox: incoming calls that are over, and from which something may follow: a lead, an appointment, a call back.
 * That takes locks which go before those that an applier holds, so a job does it in transactions of its own
 * (80_reception).
 */

CREATE TABLE voiceagent_private.incoming_to_follow (
	tenant_id bigint NOT NULL,
	call_id bigint NOT NULL,
	due_at timestamptz NOT NULL CHECK (isfinite(due_at)),
	failures smallint NOT NULL DEFAULT 0,
	PRIMARY KEY (tenant_id, call_id)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
COMMENT ON TABLE voiceagent_private.incoming_to_follow IS
	'Incoming calls that are over, or of which more was told since, until follow_incoming_calls() has been at them.';
COMMENT ON COLUMN voiceagent_private.incoming_to_follow.due_at IS 'When it is their turn.';
COMMENT ON COLUMN voiceagent_private.incoming_to_follow.failures IS 'How often what follows could not be done.';
CREATE INDEX incoming_to_follow_due ON voiceagent_private.incoming_to_follow (due_at);
SELECT voiceagent_private.guard_table('voiceagent_private.incoming_to_follow', 'routing');

CREATE FUNCTION voiceagent_private.follow_incoming(call_ids bigint[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
	v_now timestamptz := voiceagent.clock();
BEGIN
	INSERT INTO voiceagent_private.incoming_to_follow (tenant_id, call_id, due_at)
	SELECT voiceagent.current_tenant(), c.call_id, v_now
	FROM (SELECT DISTINCT u.call_id FROM unnest(call_ids) AS u(call_id) ORDER BY 1) c
	ON CONFLICT (tenant_id, call_id) DO UPDATE SET due_at = v_now, failures = 0;
	PERFORM voiceagent_private.request_job('follow_incoming_calls', v_now);
END
$$;
COMMENT ON FUNCTION voiceagent_private.follow_incoming(bigint[]) IS
	'Has what follows from incoming calls of the current tenant, which are over and whose rows the caller has locked, '
	'done soon.';
