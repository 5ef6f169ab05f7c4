ALTER TABLE voiceagent.consents ADD COLUMN version text CHECK (length(version) <= 200);
ALTER TABLE voiceagent.consents DROP CONSTRAINT consents_kind_check,
	ADD CONSTRAINT consents_kind_check CHECK (kind IN ('call', 'recording', 'text', 'appointment'));
