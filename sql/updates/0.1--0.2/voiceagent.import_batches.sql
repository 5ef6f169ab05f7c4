ALTER TABLE voiceagent.import_batches ADD COLUMN assistant_id bigint, ADD COLUMN warnings bigint NOT NULL DEFAULT 0;
