ALTER TABLE voiceagent.attempts ADD COLUMN special text, ADD COLUMN disclosure_ends integer[],
	ADD COLUMN opening_ms integer[];
