ALTER TABLE voiceagent.ledgers ADD COLUMN grants_until timestamptz;
