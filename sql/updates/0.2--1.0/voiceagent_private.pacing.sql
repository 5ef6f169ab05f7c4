ALTER TABLE voiceagent_private.pacing ADD COLUMN slow_until timestamptz;
