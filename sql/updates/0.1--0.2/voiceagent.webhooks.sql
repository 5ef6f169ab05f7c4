ALTER TABLE voiceagent.webhooks DROP CONSTRAINT webhooks_source_check;
ALTER TABLE voiceagent.webhooks
	ADD CONSTRAINT webhooks_source_check CHECK (source IN ('http', 'sql', 'lookup', 'socket', 'media'));
