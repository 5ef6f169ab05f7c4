ALTER TABLE voiceagent.attempts ADD COLUMN slots timestamptz[], ADD COLUMN call_windows text,
	ADD COLUMN special text;
