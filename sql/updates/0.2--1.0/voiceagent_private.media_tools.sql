ALTER TABLE voiceagent_private.media_tools ADD COLUMN data jsonb;
