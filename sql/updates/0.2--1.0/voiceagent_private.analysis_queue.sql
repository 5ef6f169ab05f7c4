DELETE FROM voiceagent_private.analysis_queue q WHERE q.purpose = 'review';
ALTER TABLE voiceagent_private.analysis_queue DROP CONSTRAINT analysis_queue_pkey, DROP COLUMN purpose,
	ADD PRIMARY KEY (tenant_id, call_id);
