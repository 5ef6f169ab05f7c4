ALTER TABLE voiceagent.calls ADD COLUMN abandoned boolean;
