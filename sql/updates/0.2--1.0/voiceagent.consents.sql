ALTER TABLE voiceagent.consents ADD COLUMN version text CHECK (length(version) <= 200), ADD COLUMN call_id bigint,
	ADD COLUMN quote text, ADD COLUMN said_at_s integer;
ALTER TABLE voiceagent.consents DROP CONSTRAINT consents_kind_check,
	ADD CONSTRAINT consents_kind_check CHECK (kind IN ('call', 'recording', 'text', 'appointment', 'played_call',
		'played_recording', 'played_text'));
