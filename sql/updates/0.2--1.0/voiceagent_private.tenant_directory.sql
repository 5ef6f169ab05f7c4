ALTER TABLE voiceagent_private.tenant_directory ADD COLUMN dial_weight smallint NOT NULL DEFAULT 1
	CHECK (dial_weight BETWEEN 1 AND 100);
