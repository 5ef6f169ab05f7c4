ALTER TABLE voiceagent_private.pacing ADD COLUMN slow_until timestamptz, ADD COLUMN rests_until timestamptz,
	ADD COLUMN rest_reason text;
