/*
 * 88_media: what listens, thinks and speaks in calls that we hold, besides the
 * embedded chain: the tenant's model accounts that have a place in calls
 * (setting in_calls).  The process asks them as long as the call lasts; what
 * they cost is counted where the cost of models is, and one that fails rests
 * as it does for other requests.
 */

CREATE FUNCTION voiceagent_private.call_engines(may_ask boolean, armed boolean) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_budget voiceagent_private.model_budget;
	v_state voiceagent_private.model_account_state;
	v_hosts text := voiceagent_private.model_hosts(false);
	v_engines jsonb := '[]';
	a record;
BEGIN
	IF NOT EXISTS (SELECT FROM voiceagent.model_accounts o
		WHERE o.tenant_id = v_tenant AND o.active AND o.settings ? 'in_calls') THEN
		RETURN v_engines;
	END IF;
	v_budget := voiceagent_private.model_budget_now();
	FOR a IN SELECT o.model_account_id, o.provider, o.base_url, o.default_model, o.settings, p.kind
		FROM voiceagent.model_accounts o JOIN voiceagent.model_providers p ON p.provider = o.provider
		WHERE o.tenant_id = v_tenant AND o.active AND o.settings ? 'in_calls'
		ORDER BY (o.settings ->> 'in_calls')::integer, o.model_account_id LOOP
		v_state := voiceagent_private.model_account_state(false, a.model_account_id);
		CONTINUE WHEN (voiceagent_private.model_obstacle(v_state, may_ask, armed)).reason IS NOT NULL
			OR v_state.resumes_at > v_now
			OR a.kind IN ('mind', 'whole') AND v_budget.tokens >= v_budget.most_tokens
			-- A budget in dollars fails closed, as it does for other requests.
			OR v_budget.most_usd > 0 AND (v_budget.usd >= v_budget.most_usd
				OR (voiceagent_private.model_price(a.provider, a.default_model, v_now)).usd_in IS NULL);
		v_engines := v_engines || jsonb_build_object('account', a.model_account_id, 'provider', a.provider,
			'base_url', a.base_url, 'model', a.default_model,
			'places', least(v_state.concurrency, v_state.most), 'settings', a.settings, 'private_host',
			coalesce(voiceagent_private.is_allowed_host(a.base_url, v_hosts), false));
	END LOOP;
	RETURN v_engines;
END
$$;
COMMENT ON FUNCTION voiceagent_private.call_engines(boolean, boolean) IS
	E'The current tenant''s accounts that a call may ask now, in their order: those that rest, or are beyond a budget '
	'of the day, are left out.\n'
	'may_ask, armed: see model_obstacle().';

CREATE FUNCTION voiceagent_private.open_media_engines(call_id bigint, may_ask boolean, armed boolean) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN (SELECT jsonb_strip_nulls(jsonb_build_object('engines', voiceagent_private.call_engines(may_ask, armed),
			'voice', v.voice, 'settings', v.settings, 'assistant',
			voiceagent_private.talker_assistant(v.assistant_id, v.version, c.direction)))
		FROM voiceagent.calls c
		JOIN voiceagent.assistant_versions v ON v.tenant_id = c.tenant_id AND v.assistant_id = c.assistant_id
			AND v.version = c.assistant_version
		WHERE c.tenant_id = voiceagent.current_tenant() AND c.call_id = open_media_engines.call_id);
END
$$;
COMMENT ON FUNCTION voiceagent_private.open_media_engines(bigint, boolean, boolean) IS
	E'The engines of a call of the current tenant that we hold: {"engines", "voice" and "settings" of its assistant, '
	'"assistant" (talker_assistant())}.\n'
	'may_ask, armed: see model_obstacle().';

CREATE FUNCTION voiceagent_private.keep_media_engines(reports jsonb) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_price voiceagent.model_prices;
	v record;
BEGIN
	FOR v IN
		SELECT r.account, sum(r.tries)::integer AS tries, sum(r.tokens_in)::bigint AS tokens_in,
			sum(r.tokens_cached)::bigint AS tokens_cached, sum(r.tokens_out)::bigint AS tokens_out,
			count(*) AS times, r.kind, r.error, r.why, r.without, a.provider, a.default_model AS model,
			a.concurrency < a.max_concurrent_requests AS grows, c.campaign_id, c.call_id, c.lead_id
		FROM jsonb_to_recordset(reports) AS r(account bigint, tries integer, tokens_in bigint, tokens_cached bigint,
			tokens_out bigint, kind text, error text, why text, without text, call bigint)
		JOIN voiceagent.model_accounts a ON a.tenant_id = v_tenant AND a.model_account_id = r.account
		LEFT JOIN voiceagent.calls c ON r.why IS NOT NULL AND c.tenant_id = v_tenant AND c.call_id = r.call
		GROUP BY r.account, r.kind, r.error, r.why, r.without, a.provider, a.default_model, grows, c.campaign_id,
			c.call_id, c.lead_id
		-- Two transactions lock the accounts in one order.
		ORDER BY r.account
	LOOP
		IF v.tries > 0 OR v.tokens_in > 0 THEN
			v_price := voiceagent_private.model_price(v.provider, v.model, voiceagent.clock());
			PERFORM voiceagent_private.count_model_usage('call', v.provider, v.model, false, v.tries, v.tries,
				v.tokens_in, v.tokens_cached, v.tokens_out, 0, voiceagent_private.tokens_cost(v.tokens_in,
					v.tokens_cached, v.tokens_out, v_price.usd_in, v_price.usd_cached, v_price.usd_out), 0);
		END IF;
		-- An account that was never limited counts no answers.
		FOR i IN 1 .. CASE WHEN v.kind IS NULL THEN 0 WHEN v.kind = 'answered' AND NOT v.grows THEN 1
				ELSE v.times END LOOP
			PERFORM voiceagent_private.adapt_model_account(false, v.account, v.kind, v.why, 0);
		END LOOP;
		IF v.kind = 'answered' AND v.without IS NOT NULL THEN
			PERFORM voiceagent_private.remember_without(false, v.account, v.model, to_jsonb(ARRAY[v.without]));
		END IF;
		IF v.call_id IS NOT NULL THEN
			PERFORM voiceagent_private.log_event('media_engine_failed', v.campaign_id, v.call_id, v.lead_id,
				jsonb_build_object('model_account_id', v.account, 'engine',
					voiceagent_private.engine_kind(v.provider), 'provider', v.provider, 'error', v.error,
					'why', v.why));
		END IF;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.keep_media_engines(jsonb) IS
	E'Counts what accounts were asked in calls of the current tenant, and what came of it, since the last time.\n'
	'reports: [{"call", "account", "tries", "tokens_in", "tokens_cached", "tokens_out", "kind" (of '
	'va_model_kind_name()), "error", "why", "without"}]; why: it has failed, in words; error: how, as metrics() names '
	'it; without: a parameter that its model has refused.';
