ALTER TABLE voiceagent_private.sandbox_calls ADD COLUMN commands text, ADD COLUMN analysed boolean NOT NULL DEFAULT true;
