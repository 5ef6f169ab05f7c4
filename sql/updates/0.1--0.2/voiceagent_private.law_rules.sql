ALTER TABLE voiceagent_private.law_rules ADD COLUMN language text CHECK (language ~ '^[a-z]{2}$'),
	ADD COLUMN must_be_said_in text CHECK (must_be_said_in ~ '^[a-z]{2}$'),
	ALTER COLUMN source_date DROP NOT NULL;
