-- Its rows are inserted anew, each with its roles.
DELETE FROM voiceagent_private.setting_definitions;
ALTER TABLE voiceagent_private.setting_definitions DROP CONSTRAINT setting_definitions_kind_check,
	ADD CONSTRAINT setting_definitions_kind_check CHECK (kind IN ('integer', 'number', 'interval', 'boolean', 'text',
		'choice', 'country', 'hours', 'days', 'parts', 'shapes')), DROP COLUMN least_role,
	ADD COLUMN least_roles text[] NOT NULL CONSTRAINT a_role_a_level CHECK (
		cardinality(least_roles) = cardinality(levels) AND array_position(least_roles, NULL) IS NULL AND least_roles <@ '{operator,admin,manager,owner}'::text[]);
