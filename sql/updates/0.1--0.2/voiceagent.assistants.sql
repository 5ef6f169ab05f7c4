ALTER TABLE voiceagent.assistants ADD COLUMN archived_at timestamptz,
	ADD CONSTRAINT archived_is_inactive CHECK (archived_at IS NULL OR NOT active);
