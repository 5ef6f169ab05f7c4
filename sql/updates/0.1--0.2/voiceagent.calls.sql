ALTER TABLE voiceagent.calls
	ADD COLUMN uncertain text CHECK (uncertain IN ('final', 'review', 'retry', 'acted')),
	DROP CONSTRAINT calls_machine_check,
	ADD CONSTRAINT calls_machine_check CHECK (machine IN ('human', 'ivr', 'voicemail', 'unavailable', 'screener', 'uncertain')),
	ALTER COLUMN campaign_id DROP NOT NULL,
	ALTER COLUMN campaign_version DROP NOT NULL,
	ALTER COLUMN lead_id DROP NOT NULL,
	ALTER COLUMN phone DROP NOT NULL,
	ALTER COLUMN assistant_id DROP NOT NULL,
	ALTER COLUMN assistant_version DROP NOT NULL,
	ALTER COLUMN attempt_number DROP NOT NULL,
	ADD CONSTRAINT outbound_call CHECK (direction = 'inbound' OR (campaign_id IS NOT NULL AND campaign_version IS NOT NULL AND lead_id IS NOT NULL
		AND phone IS NOT NULL AND assistant_id IS NOT NULL AND assistant_version IS NOT NULL AND attempt_number IS NOT NULL)),
	ADD CONSTRAINT inbound_call CHECK (direction = 'outbound' OR (NOT counts AND NOT lawful AND campaign_id IS NULL AND campaign_version IS NULL
		AND attempt_number IS NULL AND provider_call_id IS NOT NULL AND (outcome IS NULL) = (ended_at IS NULL)
		AND (assistant_id IS NULL) = (assistant_version IS NULL)));
