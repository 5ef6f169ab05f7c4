ALTER TABLE voiceagent.audiences ADD COLUMN stopped_at timestamptz;
