ALTER TABLE voiceagent.campaigns ADD COLUMN archived_at timestamptz,
	ADD COLUMN experiment jsonb,
	ADD CONSTRAINT archived_is_over CHECK (archived_at IS NULL OR status IN ('draft', 'stopped', 'completed'));
-- Only the platform sets it now.
UPDATE voiceagent.campaigns SET settings = settings - 'charge_machines' WHERE settings ? 'charge_machines';
