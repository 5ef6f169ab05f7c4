ALTER TABLE voiceagent.call_inbound ADD COLUMN returns_to bigint;
