ALTER TYPE voiceagent_private.law_terms ADD ATTRIBUTE special jsonb, ADD ATTRIBUTE opening text[];
