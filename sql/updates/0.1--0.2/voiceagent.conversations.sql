ALTER TABLE voiceagent.conversations ADD COLUMN reading jsonb CHECK (jsonb_typeof(reading) = 'object');
