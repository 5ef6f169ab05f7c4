ALTER TABLE voiceagent.attempts ADD COLUMN special text;
