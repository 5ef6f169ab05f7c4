ALTER TABLE voiceagent_private.setting_definitions DROP CONSTRAINT setting_definitions_kind_check,
	ADD CONSTRAINT setting_definitions_kind_check CHECK (kind IN ('integer', 'number', 'interval', 'boolean', 'text',
		'choice', 'country', 'hours', 'parts', 'shapes'));
