ALTER TABLE voiceagent.import_reports ADD COLUMN dry_run boolean NOT NULL DEFAULT false;
