ALTER TABLE voiceagent_private.setting_definitions ADD COLUMN capped boolean NOT NULL DEFAULT false
	CHECK (NOT capped OR kind IN ('integer', 'number'));
