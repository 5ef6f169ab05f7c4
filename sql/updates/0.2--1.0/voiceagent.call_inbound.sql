ALTER TABLE voiceagent.call_inbound ADD COLUMN returns_to bigint;
ALTER TABLE voiceagent.call_inbound ADD COLUMN attestation text;
