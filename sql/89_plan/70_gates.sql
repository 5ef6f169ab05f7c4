-- 89_plan: what a plan lacks is refused where it would be made. What is there already stays, and stays readable.

CREATE FUNCTION voiceagent_private.plan_in_force() RETURNS voiceagent.plans
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v voiceagent.plan_contracts;
	v_plan voiceagent.plans;
BEGIN
	SELECT * INTO v FROM voiceagent.plan_contracts c
	WHERE c.tenant_id = v_tenant ORDER BY c.contract_id DESC LIMIT 1;
	IF NOT FOUND OR v.state = 'incomplete' AND NOT EXISTS (SELECT FROM voiceagent.plan_periods p
		WHERE p.tenant_id = v_tenant AND p.state = 'paid') THEN
		RETURN NULL;
	END IF;
	SELECT * INTO v_plan FROM voiceagent.plans p WHERE p.plan_id = v.plan_id;
	IF v.state IN ('ended', 'incomplete') THEN
		v_plan.features := '{}';
		v_plan.name := 'none';
		SELECT * INTO v_plan FROM (SELECT p.* FROM voiceagent.plans p WHERE p.fallback AND p.archived_at IS NULL
			UNION ALL SELECT v_plan.*) x LIMIT 1;
	END IF;
	RETURN v_plan;
END
$$;
COMMENT ON FUNCTION voiceagent_private.plan_in_force() IS
	'What the current tenant has: its plan; when that has ended the fallback, or without one no feature; NULL: it '
	'never had a plan, and has everything.';

CREATE FUNCTION voiceagent_private.plans_with(word text, above integer) RETURNS text
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN (SELECT string_agg(p.name, ', ' ORDER BY p.level, p.plan_id) FROM voiceagent.plans p
		WHERE p.archived_at IS NULL AND CASE WHEN above IS NULL THEN p.features @> ARRAY[word]
			ELSE coalesce((p.limits ->> word)::integer > above, true) END);
END
$$;
COMMENT ON FUNCTION voiceagent_private.plans_with(text, integer) IS
	'The plans that have a feature (above: NULL), or allow more than so many; NULL: none.';

CREATE FUNCTION voiceagent_private.require_plan() RETURNS trigger
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	c_word CONSTANT text := TG_ARGV[0];
	v_caller record;
	v_plan voiceagent.plans;
	v_limit integer;
	v_there integer;
	v_names text;
BEGIN
	-- A restore writes for nobody, and what a worker does was allowed when it was planned.
	SELECT * INTO v_caller FROM voiceagent_private.caller();
	IF v_caller.proof IS NULL OR v_caller.proof = 'acting' THEN
		RETURN NULL;
	END IF;
	v_plan := voiceagent_private.plan_in_force();
	IF v_plan.plan_id IS NULL THEN
		RETURN NULL;
	ELSIF TG_ARGV[1] IS NULL THEN
		IF NOT c_word = ANY (v_plan.features) THEN
			PERFORM voiceagent_private.fail('PT402', format('the plan "%s" does not have this', v_plan.name),
				format('plan: %s has %s', coalesce(voiceagent_private.plans_with(c_word, NULL), 'none'), c_word),
				'change_plan() changes the plan.');
		END IF;
		RETURN NULL;
	END IF;
	v_limit := (v_plan.limits ->> c_word)::integer;
	IF v_limit IS NOT NULL THEN
		-- The condition is ours.  @plpgsql_check_options: security_warnings = off
		EXECUTE format('SELECT count(*), string_agg(t.%1$I::text, '', '' ORDER BY t.%1$I::text) FROM %2$I.%3$I t '
			'WHERE t.tenant_id = $1 AND %4$s', TG_ARGV[2], TG_TABLE_SCHEMA, TG_TABLE_NAME, TG_ARGV[1]) INTO v_there,
				v_names USING v_caller.tenant_id;
		IF v_there > v_limit THEN
			PERFORM voiceagent_private.fail('PT402', format('the plan "%s" allows %s %s', v_plan.name, v_limit, c_word),
				format('plan: %s allows more', coalesce(voiceagent_private.plans_with(c_word, v_limit), 'none')),
				'change_plan() changes the plan; or give up one of: ' || left(v_names, 300));
		END IF;
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_plan() IS
	'Trigger of what a plan may lack or limit (arguments: the word of plan_features(); for a limit, which rows count, '
	'and the column that names them): '
	'PT402 whose detail names the plan that has it.';

CREATE TRIGGER plan AFTER INSERT ON voiceagent.api_keys
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.require_plan('api_keys');
CREATE TRIGGER plan AFTER INSERT ON voiceagent.calendars
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.require_plan('calendars');
CREATE TRIGGER plan AFTER INSERT ON voiceagent.provider_accounts
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.require_plan('carriers', 't.provider <> ''sandbox''',
		'name');
CREATE TRIGGER plan AFTER INSERT ON voiceagent.experiments
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.require_plan('experiments');
CREATE TRIGGER plan AFTER INSERT ON voiceagent.knowledge_documents
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.require_plan('knowledge');
CREATE TRIGGER plan AFTER INSERT ON voiceagent.listings
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.require_plan('listings');
CREATE TRIGGER plan AFTER INSERT ON voiceagent.model_accounts
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.require_plan('models');
CREATE TRIGGER plan AFTER INSERT ON voiceagent.webhook_subscriptions
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.require_plan('webhooks');
CREATE TRIGGER plan AFTER INSERT ON voiceagent.assistants
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.require_plan('assistants', 't.archived_at IS NULL', 'name');
CREATE TRIGGER plan AFTER INSERT ON voiceagent.campaigns
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.require_plan('campaigns', 't.archived_at IS NULL', 'name');
CREATE TRIGGER plan AFTER INSERT ON voiceagent.members
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.require_plan('members', 't.active', 'email');
CREATE TRIGGER plan AFTER INSERT ON voiceagent.own_numbers
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.require_plan('numbers', 'true', 'phone');
