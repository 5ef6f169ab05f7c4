ALTER TYPE voiceagent_private.law_terms ADD ATTRIBUTE opt_out_language text, ADD ATTRIBUTE must_be_said_in text,
	ADD ATTRIBUTE call_windows integer[], ADD ATTRIBUTE special jsonb;
