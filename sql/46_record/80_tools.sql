-- 46_record: what assistants did while they talked (80_reception), which counts when a call is read.

CREATE TABLE voiceagent.call_tools (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	call_id bigint NOT NULL,
	tool_call_id text NOT NULL CHECK (length(tool_call_id) BETWEEN 1 AND 200),
	tool text NOT NULL CHECK (length(tool) BETWEEN 1 AND 100),
	arguments jsonb NOT NULL,
	result text NOT NULL,
	error text,
	made jsonb,
	called_at timestamptz NOT NULL,
	took_ms numeric NOT NULL,
	followed_at timestamptz,
	PRIMARY KEY (tenant_id, call_id, tool_call_id)
);
COMMENT ON TABLE voiceagent.call_tools IS
	'What assistants did while they talked: one row each time that a tool was called, with what it answered.';
COMMENT ON COLUMN voiceagent.call_tools.call_id IS 'The call.';
COMMENT ON COLUMN voiceagent.call_tools.tool_call_id IS 'The id that the carrier, or the bot, gave it.';
COMMENT ON COLUMN voiceagent.call_tools.tool IS 'Name of the tool; list_tools() has them all.';
COMMENT ON COLUMN voiceagent.call_tools.arguments IS 'Its arguments, as the language model chose them.';
COMMENT ON COLUMN voiceagent.call_tools.result IS 'The sentence that the model was given.';
COMMENT ON COLUMN voiceagent.call_tools.error IS
	'Why it did nothing: unknown, many, missing, long, when, cannot, ..., or failed; NULL: it did it.';
COMMENT ON COLUMN voiceagent.call_tools.made IS
	'What came of it: appointment_id, task_id, offer_id, transfer_id, agent_id, way, provider_request_id, at; '
	'starts_at: of a booking, by the calendar''s clock; listing_id: what it was about.';
COMMENT ON COLUMN voiceagent.call_tools.called_at IS 'When it was called.';
COMMENT ON COLUMN voiceagent.call_tools.took_ms IS 'How long it took, in milliseconds.';
COMMENT ON COLUMN voiceagent.call_tools.followed_at IS
	'When what follows from it (a task, the lead of a booking, a call back) was done; NULL: it waits for that, or '
	'nothing follows.';
SELECT voiceagent_private.guard_table('voiceagent.call_tools', 'tenant');
