-- 46_record: ended calls whose traces wait to be sent, where voiceagent.trace_endpoint is set: a row each, from the end
-- to the collector's answer. Their spans are derived from the rows that they have anyway (95_ops/46_traces.sql).

CREATE TABLE voiceagent_private.trace_queue (
	tenant_id bigint NOT NULL,
	call_id bigint NOT NULL,
	next_at timestamptz NOT NULL,
	claimed boolean NOT NULL DEFAULT false,
	batch bigint,
	tries smallint NOT NULL DEFAULT 0,
	PRIMARY KEY (tenant_id, call_id)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
		autovacuum_vacuum_cost_delay = 0);
COMMENT ON TABLE voiceagent_private.trace_queue IS
	'Ended calls whose traces wait to be sent to voiceagent.trace_endpoint, or are on their way.';
COMMENT ON COLUMN voiceagent_private.trace_queue.next_at IS
	'Not before; while it is claimed: when its answer counts as lost.';
COMMENT ON COLUMN voiceagent_private.trace_queue.claimed IS 'True: it is on its way.';
COMMENT ON COLUMN voiceagent_private.trace_queue.batch IS
	'The first call of the request that it is in; NULL: in none.';
COMMENT ON COLUMN voiceagent_private.trace_queue.tries IS 'How often it was claimed.';
CREATE INDEX trace_queue_due ON voiceagent_private.trace_queue (tenant_id, next_at);
SELECT voiceagent_private.guard_table('voiceagent_private.trace_queue', 'routing', waits => '{next_at}');
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('of_calls', 'voiceagent_private.trace_queue');

CREATE TABLE voiceagent_private.trace_drops (
	tenant_id bigint PRIMARY KEY,
	dropped bigint NOT NULL,
	dropped_at timestamptz NOT NULL,
	error text NOT NULL
);
COMMENT ON TABLE voiceagent_private.trace_drops IS
	'Calls whose traces the collector refused, or did not take in all their tries, by tenant.';
COMMENT ON COLUMN voiceagent_private.trace_drops.dropped IS 'How many calls, ever.';
COMMENT ON COLUMN voiceagent_private.trace_drops.dropped_at IS 'When the last one was given up.';
COMMENT ON COLUMN voiceagent_private.trace_drops.error IS 'Why.';
SELECT voiceagent_private.guard_table('voiceagent_private.trace_drops', 'routing');

CREATE FUNCTION voiceagent_private.queue_traces(call_ids bigint[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	-- Its hold is settled with it, and the calls that end meanwhile go in the same request.
	c_gather CONSTANT interval := '5 seconds';
BEGIN
	-- A call that was reopened ends again: what is on its way does not say so.
	INSERT INTO voiceagent_private.trace_queue AS q (tenant_id, call_id, next_at)
	SELECT voiceagent.current_tenant(), i, voiceagent.clock() + c_gather
	FROM (SELECT DISTINCT i FROM unnest(call_ids) i) i ORDER BY i
	ON CONFLICT (tenant_id, call_id) DO UPDATE SET next_at = excluded.next_at, claimed = false, batch = NULL;
	PERFORM voiceagent_private.poke('traces');
END
$$;
COMMENT ON FUNCTION voiceagent_private.queue_traces(bigint[]) IS
	'Has the traces of ended calls of the current tenant sent; the caller asks for voiceagent.trace_endpoint.';
