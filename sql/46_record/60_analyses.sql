-- 46_record: calls whose words a language model is to be asked about (66_analysis).

CREATE TABLE voiceagent_private.analysis_queue (
	tenant_id bigint NOT NULL,
	call_id bigint NOT NULL,
	queued_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, call_id)
);
COMMENT ON TABLE voiceagent_private.analysis_queue IS
	'Ended calls about which a language model has not been asked yet: the setting model_analysis.';
COMMENT ON COLUMN voiceagent_private.analysis_queue.queued_at IS 'When it was put here.';
SELECT voiceagent_private.guard_table('voiceagent_private.analysis_queue', 'routing');

CREATE FUNCTION voiceagent_private.wants_model(model_analysis text, structured_data jsonb) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE model_analysis WHEN 'always' THEN true
		-- A non-object is ignored.
		WHEN 'lacking' THEN CASE jsonb_typeof(structured_data) WHEN 'object' THEN structured_data - 'do_not_call' = '{}'
			ELSE true END
		ELSE false END;
COMMENT ON FUNCTION voiceagent_private.wants_model(text, jsonb) IS
	'Whether a language model is asked about a call, by its campaign''s setting and the carrier''s analysis.';
