ALTER TABLE voiceagent_private.law_rules ADD COLUMN language text CHECK (language ~ '^[a-z]{2}$'),
	ADD COLUMN must_be_said_in text CHECK (must_be_said_in ~ '^[a-z]{2}$'),
	ALTER COLUMN source_date DROP NOT NULL,
	ADD COLUMN effective_from date NOT NULL DEFAULT '-infinity', ADD COLUMN effective_until date NOT NULL DEFAULT 'infinity',
	DROP CONSTRAINT law_rules_pkey, ADD PRIMARY KEY (jurisdiction, rule, effective_from),
	ADD CONSTRAINT law_rules_days CHECK (effective_from <= effective_until);
