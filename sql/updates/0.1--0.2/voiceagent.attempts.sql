ALTER TABLE voiceagent.attempts ADD COLUMN slots timestamptz[];
