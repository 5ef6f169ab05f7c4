ALTER TABLE voiceagent_private.setting_definitions
	ADD COLUMN share text CHECK (share IS NULL OR share IN ('most', 'least')
		AND kind IN ('integer', 'number', 'interval')),
	ADD COLUMN least_role text CHECK (least_role IN ('manager', 'owner'));
-- One by one: a function uses the type of its rows.
ALTER TABLE voiceagent_private.setting_definitions ALTER least_role SET DEFAULT 'manager';
UPDATE voiceagent_private.setting_definitions SET least_role = 'manager';
ALTER TABLE voiceagent_private.setting_definitions ALTER least_role SET NOT NULL;
