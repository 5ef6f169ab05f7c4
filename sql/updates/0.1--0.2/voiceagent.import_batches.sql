ALTER TABLE voiceagent.import_batches ADD COLUMN assistant_id bigint;
