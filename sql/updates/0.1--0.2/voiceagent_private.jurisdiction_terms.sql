-- Filled when the terms are resolved anew, for the other law_version().
ALTER TABLE voiceagent_private.jurisdiction_terms ADD COLUMN opt_out_language text, ADD COLUMN must_be_said_in text,
	ADD COLUMN holds_until timestamptz NOT NULL DEFAULT 'infinity', ADD COLUMN call_windows integer[],
	ADD COLUMN special jsonb;
