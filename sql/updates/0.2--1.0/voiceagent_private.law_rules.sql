ALTER TABLE voiceagent_private.law_rules DROP CONSTRAINT law_rules_rule_check, ADD CONSTRAINT law_rules_rule_check
		CHECK (rule IN ('hours', 'holidays', 'calls_per_day', 'calls_per_24h', 'calls_per_window', 'calls_lifetime',
			'min_ring', 'require_consent', 'consent_valid', 'refusal_rest', 'caller_prefixes', 'human_first',
			'opt_out_first', 'disclose_ai', 'disclose_caller', 'disclose_recording', 'list_max_age',
			'list_retention', 'opt_out_text', 'opening', 'contact_said', 'number_check'));
