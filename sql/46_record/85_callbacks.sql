-- 46_record: calls back that an incoming call promised, or that was missed.

CREATE TABLE voiceagent_private.incoming_callbacks (
	tenant_id bigint NOT NULL,
	call_id bigint NOT NULL,
	lead_id bigint NOT NULL,
	assistant_id bigint NOT NULL,
	promised_at timestamptz NOT NULL CHECK (isfinite(promised_at)),
	look_at timestamptz NOT NULL CHECK (isfinite(look_at)),
	consent_id bigint,
	campaign_id bigint,
	reason text,
	PRIMARY KEY (tenant_id, call_id)
) WITH (fillfactor = 70);
COMMENT ON TABLE voiceagent_private.incoming_callbacks IS
	'Calls back that follow from incoming calls, until they were dialled and are over, or were given up.';
COMMENT ON COLUMN voiceagent_private.incoming_callbacks.call_id IS 'The incoming call.';
COMMENT ON COLUMN voiceagent_private.incoming_callbacks.promised_at IS 'When it is to be dialled, and not before.';
COMMENT ON COLUMN voiceagent_private.incoming_callbacks.look_at IS 'When it is looked at next.';
COMMENT ON COLUMN voiceagent_private.incoming_callbacks.consent_id IS
	'The consent that the caller gave by asking for it, which ends with it; NULL: none was written.';
COMMENT ON COLUMN voiceagent_private.incoming_callbacks.campaign_id IS
	'The campaign in which it is queued; NULL: it is not yet.';
COMMENT ON COLUMN voiceagent_private.incoming_callbacks.reason IS
	'Why it was not dialled at its time, in words; NULL: it is not late.';
CREATE INDEX incoming_callbacks_look ON voiceagent_private.incoming_callbacks (look_at);
SELECT voiceagent_private.guard_table('voiceagent_private.incoming_callbacks', 'routing', waits => '{look_at}');
