ALTER TABLE voiceagent.phone_numbers RENAME CONSTRAINT phone_numbers_tenant_id_provider_account_id_fkey TO account;
ALTER TABLE voiceagent.phone_numbers RENAME CONSTRAINT phone_numbers_tenant_id_origin_account_id_fkey TO origin;
-- Without a default first: functions use the row type.
ALTER TABLE voiceagent.phone_numbers
	ADD COLUMN in_hours text CHECK (in_hours IN ('assistant', 'forward', 'message', 'reject')),
	ADD COLUMN after_hours text CHECK (after_hours IN ('assistant', 'forward', 'message', 'reject')),
	ADD COLUMN other_days jsonb CHECK (jsonb_typeof(other_days) = 'object'),
	ADD COLUMN known_callers_only boolean,
	ADD COLUMN calls_per_day integer CHECK (calls_per_day BETWEEN 1 AND 100000),
	ADD COLUMN calls_per_caller integer CHECK (calls_per_caller BETWEEN 1 AND 1000),
	ADD COLUMN ring_office_seconds integer CHECK (ring_office_seconds BETWEEN 5 AND 60);
-- They go on as before: new ones that have both get the office by day and the assistant at night.
UPDATE voiceagent.phone_numbers SET other_days = '{}', known_callers_only = false,
	in_hours = CASE WHEN ai_assistant_id IS NOT NULL AND forward_to_number IS NOT NULL
		AND business_hours_start IS NOT NULL AND removed_at IS NULL THEN 'assistant' END,
	after_hours = CASE WHEN ai_assistant_id IS NOT NULL AND forward_to_number IS NOT NULL
		AND business_hours_start IS NOT NULL AND removed_at IS NULL THEN 'forward' END;
ALTER TABLE voiceagent.phone_numbers
	ALTER COLUMN other_days SET DEFAULT '{}',
	ALTER COLUMN other_days SET NOT NULL,
	ALTER COLUMN known_callers_only SET DEFAULT false,
	ALTER COLUMN known_callers_only SET NOT NULL;
