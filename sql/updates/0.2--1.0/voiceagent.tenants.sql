ALTER TABLE voiceagent.tenants ADD COLUMN standing text NOT NULL DEFAULT 'verified'
		CHECK (standing IN ('new', 'asked', 'verified', 'refused')),
	ADD COLUMN standing_reason text, ADD COLUMN braked text, ADD COLUMN brake_ended_at timestamptz;
