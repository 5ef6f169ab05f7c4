-- 38_model: what would be said to a vendor, before anything is; and the models' answers as they are judged.

CREATE FUNCTION voiceagent_private.build_model_request(provider text, base_url text, settings jsonb, model text,
	request jsonb, repair jsonb, max_tokens integer) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_build_model_request';
COMMENT ON FUNCTION voiceagent_private.build_model_request(text, text, jsonb, text, jsonb, jsonb, integer) IS
	'The request by which a model is asked: {method, url, headers, body}, with **** in place of the key.';

CREATE FUNCTION voiceagent.preview_model_request(model_request_id bigint) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	m voiceagent.model_requests;
	v_state voiceagent_private.model_account_state;
BEGIN
	SELECT * INTO m FROM voiceagent.model_requests o
	WHERE o.tenant_id = voiceagent.current_tenant() AND o.model_request_id = preview_model_request.model_request_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'there is no such model request');
	v_state := voiceagent_private.model_account_state(m.of_platform, coalesce(m.model_account_id, 0));
	RETURN voiceagent_private.build_model_request(m.provider,
		-- Where the platform's own server lies is the platform's.
		CASE WHEN m.of_platform AND v_state.base_url IS NOT NULL THEN 'https://****' ELSE v_state.base_url END,
		v_state.settings, m.model, m.request, m.repair, coalesce((m.repair ->> 'max_tokens')::integer,
			(m.request ->> 'max_tokens')::integer, voiceagent_private.setting_integer('model_answer_tokens')));
END
$$;
COMMENT ON FUNCTION voiceagent.preview_model_request(bigint) IS
	E'The exact request by which a model is asked, as it would leave now: {method, url, headers, body}, the key as '
	'****.\n'
	'Changes nothing. PT404 when there is no such model request.';
