ALTER TABLE voiceagent_private.setting_definitions
	ADD COLUMN share text CHECK (share IS NULL OR share IN ('most', 'least') AND kind IN ('integer', 'number', 'interval'));
