-- 46_record: to whom calls were put through, and may be.

CREATE TABLE voiceagent.transfers (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	transfer_id bigint GENERATED ALWAYS AS IDENTITY,
	call_id bigint NOT NULL,
	agent_id bigint,
	phone voiceagent.e164 NOT NULL,
	way text NOT NULL CHECK (way IN ('warm', 'blind')),
	reason text CHECK (length(reason) BETWEEN 1 AND 300),
	provider_request_id bigint,
	requested_at timestamptz NOT NULL,
	unanswered_at timestamptz,
	PRIMARY KEY (tenant_id, transfer_id)
);
COMMENT ON TABLE voiceagent.transfers IS
	'To whom calls were put through, or were to be: one row each time that an assistant or a person asked for it.';
COMMENT ON COLUMN voiceagent.transfers.transfer_id IS 'Number of the transfer.';
COMMENT ON COLUMN voiceagent.transfers.call_id IS 'The call.';
COMMENT ON COLUMN voiceagent.transfers.agent_id IS
	'The agent to whom; NULL: to a number that is no agent''s, or the agent is gone.';
COMMENT ON COLUMN voiceagent.transfers.phone IS 'The number to which, E.164.';
COMMENT ON COLUMN voiceagent.transfers.way IS
	'warm: whoever takes it first hears what it is about; blind: without a word.';
COMMENT ON COLUMN voiceagent.transfers.reason IS
	'The caller''s wish, in the assistant''s words; NULL: not given, or no longer kept.';
COMMENT ON COLUMN voiceagent.transfers.provider_request_id IS
	'The request to the carrier, where that was a request of ours; NULL: the reply to its question had it.';
COMMENT ON COLUMN voiceagent.transfers.requested_at IS 'When.';
COMMENT ON COLUMN voiceagent.transfers.unanswered_at IS 'When the carrier reported it untaken; NULL: never.';
CREATE INDEX transfers_call ON voiceagent.transfers (tenant_id, call_id);
CREATE INDEX transfers_agent ON voiceagent.transfers (tenant_id, agent_id) WHERE agent_id IS NOT NULL;
SELECT voiceagent_private.guard_table('voiceagent.transfers', 'tenant');
