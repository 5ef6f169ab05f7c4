ALTER TABLE voiceagent.call_tools ADD COLUMN data jsonb;
