ALTER TABLE voiceagent_private.law_rules ADD COLUMN language text CHECK (language ~ '^[a-z]{2}$'),
	ADD COLUMN must_be_said_in text CHECK (must_be_said_in ~ '^[a-z]{2}$'),
	ALTER COLUMN source_date DROP NOT NULL,
	ADD COLUMN effective_from date NOT NULL DEFAULT '-infinity', ADD COLUMN effective_until date NOT NULL DEFAULT 'infinity',
	DROP CONSTRAINT law_rules_pkey, ADD PRIMARY KEY (jurisdiction, rule, effective_from),
	DROP CONSTRAINT law_rules_rule_check, ADD CONSTRAINT law_rules_rule_check
		CHECK (rule IN ('hours', 'holidays', 'calls_per_day', 'calls_per_24h', 'calls_per_window', 'calls_lifetime',
			'min_ring', 'require_consent', 'consent_valid', 'refusal_rest', 'caller_prefixes', 'human_first',
			'opt_out_first', 'disclose_ai', 'disclose_caller', 'disclose_recording', 'list_max_age',
			'list_retention', 'opt_out_text')),
	ADD CONSTRAINT law_rules_days CHECK (effective_from <= effective_until);
