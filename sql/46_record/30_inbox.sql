-- 46_record: verified webhooks, stored raw before anything is made of them.

CREATE TABLE voiceagent.webhooks (
	tenant_id bigint NOT NULL,
	webhook_id bigint GENERATED ALWAYS AS IDENTITY,
	month_slot smallint NOT NULL,
	endpoint_id bigint NOT NULL,
	provider text NOT NULL,
	source text NOT NULL DEFAULT 'http' CHECK (source IN ('http', 'sql', 'lookup', 'socket', 'media')),
	received_at timestamptz NOT NULL,
	headers jsonb NOT NULL DEFAULT '{}',
	body bytea NOT NULL,
	PRIMARY KEY (tenant_id, webhook_id, month_slot)
) PARTITION BY LIST (month_slot);
COMMENT ON TABLE voiceagent.webhooks IS 'Raw bytes of every verified webhook (and answer to a lookup), as they came.';
COMMENT ON COLUMN voiceagent.webhooks.webhook_id IS 'Number of the webhook.';
COMMENT ON COLUMN voiceagent.webhooks.provider IS 'The driver it was read in.';
COMMENT ON COLUMN voiceagent.webhooks.source IS
	'http (gateway), sql (receive_webhook), lookup (the carrier was asked), socket (over a socket that we '
	'opened) or media (what was said in a call that we hold).';
COMMENT ON COLUMN voiceagent.webhooks.received_at IS 'When it arrived.';
COMMENT ON COLUMN voiceagent.webhooks.body IS 'The bytes that were signed.';
COMMENT ON COLUMN voiceagent.webhooks.headers IS 'Header names in lower case; authentication headers are left out.';
COMMENT ON COLUMN voiceagent.webhooks.month_slot IS 'Partition: voiceagent_private.month_slot(received_at).';
SELECT voiceagent_private.make_ring('voiceagent.webhooks');
SELECT voiceagent_private.guard_table('voiceagent.webhooks', 'tenant');

CREATE TABLE voiceagent_private.webhook_keys (
	tenant_id bigint NOT NULL,
	endpoint_id bigint NOT NULL,
	event_key text COLLATE "C" NOT NULL,
	webhook_id bigint NOT NULL,
	received_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, endpoint_id, event_key)
);
COMMENT ON TABLE voiceagent_private.webhook_keys IS
	'The event keys that were taken in: a replay finds its key here and is answered without effect.';
-- In the order in which they come, so the oldest are found without an index that every webhook would pay for.
CREATE INDEX webhook_keys_received ON voiceagent_private.webhook_keys
	USING brin (received_at) WITH (autosummarize = on);
SELECT voiceagent_private.guard_table('voiceagent_private.webhook_keys', 'routing');

CREATE TABLE voiceagent_private.inbox (
	tenant_id bigint NOT NULL,
	webhook_id bigint NOT NULL,
	month_slot smallint NOT NULL,
	tries smallint NOT NULL DEFAULT 0,
	body_bytes integer NOT NULL,
	next_try_at timestamptz NOT NULL DEFAULT '-infinity',
	heard boolean NOT NULL DEFAULT false,
	ended_call text COLLATE "C",
	PRIMARY KEY (tenant_id, webhook_id)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
		autovacuum_vacuum_cost_delay = 0);
COMMENT ON TABLE voiceagent_private.inbox IS
	'Webhooks that wait to be applied; the apply deletes the row in the commit that carries its effects.';
COMMENT ON COLUMN voiceagent_private.inbox.body_bytes IS
	'Length of the body, so that a batch can be bounded without a look at it.';
COMMENT ON COLUMN voiceagent_private.inbox.heard IS
	'Its report of an unresolved call has been written down; the rest waits for the end of another call of the lead.';
COMMENT ON COLUMN voiceagent_private.inbox.ended_call IS
	E'The call whose end it reports: our reference, else the carrier''s id of it.\n'
	'NULL: it reports no end, or was tried before.\n'
	'While this row waits for its first try, due_lookups() does not ask the carrier about the call.';
-- One entry a call, for due_lookups().
CREATE INDEX inbox_ended_call ON voiceagent_private.inbox (tenant_id, ended_call)
	WHERE ended_call IS NOT NULL AND next_try_at = '-infinity';
-- The next alarm.  A new row is due, and needs none.
CREATE INDEX inbox_due ON voiceagent_private.inbox (next_try_at) WHERE next_try_at > '-infinity';
SELECT voiceagent_private.guard_table('voiceagent_private.inbox', 'routing', waits => '{next_try_at}');

CREATE TABLE voiceagent.webhook_failures (
	tenant_id bigint NOT NULL,
	webhook_id bigint NOT NULL,
	month_slot smallint NOT NULL,
	endpoint_id bigint NOT NULL,
	reason text NOT NULL,
	set_aside_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, webhook_id)
);
COMMENT ON TABLE voiceagent.webhook_failures IS
	E'Webhooks set aside with the reason (malformed, or failed again and again); replay_webhook() tries one again.\n'
	'A call whose report could not be applied has ended all the same, if that was possible '
	'without what was said in it.';
COMMENT ON COLUMN voiceagent.webhook_failures.month_slot IS 'Partition of the webhook in voiceagent.webhooks.';
COMMENT ON COLUMN voiceagent.webhook_failures.reason IS 'The error, in words.';
COMMENT ON COLUMN voiceagent.webhook_failures.set_aside_at IS 'When it was given up.';
SELECT voiceagent_private.guard_table('voiceagent.webhook_failures', 'tenant');
