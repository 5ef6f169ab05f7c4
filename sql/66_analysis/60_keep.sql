-- 66_analysis: what is forgotten with a call's words.

CREATE FUNCTION voiceagent_private.forget_analyses(call_ids bigint[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	DELETE FROM voiceagent_private.analysis_queue q WHERE q.tenant_id = v_tenant AND q.call_id = ANY (call_ids);
	-- They hold the transcript, and what a model made of it; also those of which no answer has come.
	PERFORM voiceagent_private.forget_model_requests(ARRAY(SELECT m.model_request_id FROM voiceagent.model_requests m
		WHERE m.tenant_id = v_tenant AND m.purpose = 'analysis' AND m.object_id = ANY (call_ids)));
	DELETE FROM voiceagent.call_analyses a WHERE a.tenant_id = v_tenant AND a.call_id = ANY (call_ids);
END
$$;
COMMENT ON FUNCTION voiceagent_private.forget_analyses(bigint[]) IS
	E'Forgets what was asked of models about these calls of the current tenant, their answers, and what runs of '
	'analyse_again() read; no model is asked about them any more.\n'
	'It comes before whatever locks rows of the calls.';
