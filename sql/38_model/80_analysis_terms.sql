-- 38_model: on which terms a model reads calls (66_analysis asks it): whether it does, by whose account, for how much.

CREATE FUNCTION voiceagent_private.analysis_refused(model text) RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN CASE WHEN (voiceagent_private.choose_model(NULL, nullif(model, ''))).of_platform
			AND NOT voiceagent_private.platform_setting('platform_analyses')::boolean
		THEN 'the tenant has no model account, and the platform does not read calls on its own (platform_analyses)' END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.analysis_refused(text) IS
	E'Why no model reads calls of the current tenant, whatever it wants; NULL: one does.\n'
	'PT422 for a model that the platform does not sell.';

CREATE FUNCTION voiceagent.analysis_terms(OUT asked text, OUT reads boolean, OUT why_not text, OUT of_platform boolean,
	OUT model text, OUT calls bigint, OUT credits_a_call numeric, OUT usd_a_call numeric)
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_model text := voiceagent_private.setting_text('analysis_model');
	v_choice voiceagent_private.model_choice := voiceagent_private.choose_model(NULL, nullif(v_model, ''));
	v_price voiceagent.model_prices;
	-- A talk of four minutes with what is asked about it, and an answer with most of the values.
	c_tokens_in CONSTANT bigint := 2500;
	c_tokens_out CONSTANT bigint := 300;
BEGIN
	asked := voiceagent_private.setting_text('model_analysis');
	why_not := voiceagent_private.analysis_refused(v_model);
	reads := asked <> 'none' AND why_not IS NULL;
	of_platform := v_choice.of_platform;
	model := v_choice.model;
	SELECT count(*), round(avg(m.credits), 6), round(avg(m.cost_usd), 6)
	INTO analysis_terms.calls, credits_a_call, usd_a_call
	FROM (SELECT r.purpose, r.status, r.credits, r.cost_usd FROM voiceagent.model_requests r
		WHERE r.tenant_id = voiceagent.current_tenant() ORDER BY r.model_request_id DESC LIMIT 1000) m
	WHERE m.purpose = 'analysis' AND m.status = 'done';
	IF analysis_terms.calls = 0 THEN
		v_price := voiceagent_private.model_price(v_choice.provider, v_choice.model, voiceagent.clock());
		usd_a_call := round(voiceagent_private.tokens_cost(c_tokens_in, 0, c_tokens_out, v_price.usd_in,
			v_price.usd_cached, v_price.usd_out), 6);
		credits_a_call := CASE WHEN of_platform THEN round(voiceagent_private.tokens_cost(c_tokens_in, 0, c_tokens_out,
			v_price.credits_in, v_price.credits_cached, v_price.credits_out), 6) ELSE 0 END;
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent.analysis_terms() IS
	E'Whether a model reads the tenant''s calls (asked: model_analysis), else why not; by whose account, which '
	'model; what a call costs in credits and USD: on average of the analyses (calls) among its newest 1,000 model '
	'requests, else by the price of a talk of four minutes (NULL: none is set).\n'
	'PT422 for an analysis_model that the platform does not sell.';
