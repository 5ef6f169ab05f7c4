-- Filled when the terms are resolved anew, for the other law_version().
ALTER TABLE voiceagent_private.jurisdiction_terms ADD COLUMN special jsonb, ADD COLUMN opening text[];
