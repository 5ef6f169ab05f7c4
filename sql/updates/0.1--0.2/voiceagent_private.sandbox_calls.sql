ALTER TABLE voiceagent_private.sandbox_calls ADD COLUMN commands text;
