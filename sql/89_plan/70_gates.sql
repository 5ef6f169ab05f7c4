-- 89_plan: what a plan lacks is refused where it would be made. Existing rows stay, and stay readable.

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
	'The plan of the current tenant; once it has ended its fallback, or without one no feature; NULL: the tenant never '
	'had a plan, and has everything.';

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

CREATE FUNCTION voiceagent_private.plan_room(word text, starting bigint DEFAULT NULL, OUT plan text,
	OUT most integer, OUT room integer, OUT names text)
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_plan voiceagent.plans := voiceagent_private.plan_in_force();
BEGIN
	IF v_plan.limits IS NULL OR v_plan.limits = '{}' THEN
		RETURN;
	END IF;
	-- One transaction after the other, each of which sees what the one before has made. It is a change, so that a
	-- transaction with an older snapshot fails instead of counting by it.
	UPDATE voiceagent.plan_contracts c SET state = c.state
	WHERE c.tenant_id = v_tenant AND c.contract_id = (SELECT max(o.contract_id) FROM voiceagent.plan_contracts o
		WHERE o.tenant_id = v_tenant);
	v_plan := voiceagent_private.plan_in_force();
	plan := v_plan.name;
	most := (v_plan.limits ->> word)::integer;
	SELECT most - count(*), left(string_agg(x.name, ', ' ORDER BY x.name)
		FILTER (WHERE (x.id = starting) IS NOT TRUE), 300) INTO room, names
	FROM (SELECT a.name, NULL::bigint AS id FROM voiceagent.assistants a
		WHERE word = 'assistants' AND a.tenant_id = v_tenant AND a.archived_at IS NULL
		UNION ALL SELECT c.name, c.campaign_id FROM voiceagent.campaigns c
		WHERE word = 'campaigns' AND c.tenant_id = v_tenant AND CASE WHEN starting IS NOT NULL
			THEN c.status IN ('running', 'scheduled') ELSE c.archived_at IS NULL END
		UNION ALL SELECT a.name, NULL FROM voiceagent.provider_accounts a
		WHERE word = 'carriers' AND a.tenant_id = v_tenant AND a.provider <> 'sandbox'
		UNION ALL SELECT m.email, NULL FROM voiceagent.members m
		WHERE word = 'members' AND m.tenant_id = v_tenant AND m.active
		UNION ALL SELECT n.phone_number, NULL FROM voiceagent.phone_numbers n WHERE word = 'numbers'
			AND n.tenant_id = v_tenant AND n.is_active AND n.state NOT IN ('refused', 'removed')) x;
END
$$;
COMMENT ON FUNCTION voiceagent_private.plan_room(text, bigint) IS
	E'How many more of what a word of plan_features() limits the plan of the current tenant allows (below 0: so many '
	'are above it; NULL: any number), with the names of those that count; starting: a campaign; those that run count.\n'
	'Until the transaction ends, no other one of the tenant makes any.';

CREATE FUNCTION voiceagent_private.require_plan() RETURNS trigger
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	c_word CONSTANT text := TG_ARGV[0];
	v_caller record;
	v_plan voiceagent.plans;
BEGIN
	-- A restore has no tenant, and what a worker does was allowed when it was planned.
	SELECT * INTO v_caller FROM voiceagent_private.caller();
	IF v_caller.proof IS NULL OR v_caller.proof = 'acting' THEN
		RETURN NULL;
	END IF;
	v_plan := voiceagent_private.plan_in_force();
	PERFORM voiceagent_private.fail_if(v_plan.plan_id IS NOT NULL AND NOT c_word = ANY (v_plan.features), 'PT402',
		format('the plan "%s" does not have this', v_plan.name),
		format('plan: %s has %s', coalesce(voiceagent_private.plans_with(c_word, NULL), 'none'), c_word),
		'change_plan() changes the plan.');
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_plan() IS
	'Trigger of what a plan may lack (argument: the word of plan_features()): PT402 whose detail names the plan that '
	'has it.';

CREATE FUNCTION voiceagent_private.require_room() RETURNS trigger
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	c_word CONSTANT text := TG_ARGV[0];
	c_runs CONSTANT boolean := TG_NARGS > 1;
	v_caller record;
	v record;
BEGIN
	SELECT * INTO v_caller FROM voiceagent_private.caller();
	IF v_caller.proof IS NULL OR v_caller.proof = 'acting' THEN
		RETURN NULL;
	END IF;
	v := voiceagent_private.plan_room(c_word, CASE WHEN c_runs THEN (to_jsonb(new) ->> 'campaign_id')::bigint END);
	PERFORM voiceagent_private.fail_if(v.room < 0, 'PT402',
		format('the plan "%s" allows %s %s', v.plan, v.most, c_word),
		format('plan: %s allows more', coalesce(voiceagent_private.plans_with(c_word, v.most), 'none')),
		format('change_plan() changes the plan; or %s one of: %s', CASE WHEN c_runs THEN 'stop' ELSE 'give up' END,
			v.names));
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_room() IS
	'Trigger of rows that begin to count for a limit of a plan (arguments: the word of plan_features(); running for '
	'campaigns that start): PT402 whose detail names the plan that allows more.';

CREATE FUNCTION voiceagent_private.import_within_plan() RETURNS trigger
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_acting boolean := coalesce((voiceagent_private.caller()).proof = 'acting', false);
BEGIN
	new.is_active := NOT v_acting OR coalesce((voiceagent_private.plan_room('numbers')).room > 0, true);
	RETURN new;
END
$$;
COMMENT ON FUNCTION voiceagent_private.import_within_plan() IS
	'Trigger of numbers that a worker imports: one for which the plan has no room is there, and not active.';

CREATE TRIGGER plan AFTER INSERT ON voiceagent.api_keys
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.require_plan('api_keys');
CREATE TRIGGER plan AFTER INSERT ON voiceagent.calendars
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.require_plan('calendars');
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
-- A row that counts already stays, however many there are.
CREATE TRIGGER plan AFTER INSERT ON voiceagent.provider_accounts FOR EACH ROW
	WHEN (new.provider <> 'sandbox') EXECUTE FUNCTION voiceagent_private.require_room('carriers');
CREATE TRIGGER plan_again AFTER UPDATE OF provider ON voiceagent.provider_accounts FOR EACH ROW
	WHEN (new.provider <> 'sandbox' AND NOT (old.provider <> 'sandbox'))
	EXECUTE FUNCTION voiceagent_private.require_room('carriers');
CREATE TRIGGER plan AFTER INSERT ON voiceagent.assistants FOR EACH ROW
	WHEN (new.archived_at IS NULL) EXECUTE FUNCTION voiceagent_private.require_room('assistants');
CREATE TRIGGER plan_again AFTER UPDATE OF archived_at ON voiceagent.assistants FOR EACH ROW
	WHEN (new.archived_at IS NULL AND NOT (old.archived_at IS NULL))
	EXECUTE FUNCTION voiceagent_private.require_room('assistants');
CREATE TRIGGER plan AFTER INSERT ON voiceagent.campaigns FOR EACH ROW
	WHEN (new.archived_at IS NULL) EXECUTE FUNCTION voiceagent_private.require_room('campaigns');
CREATE TRIGGER plan_again AFTER UPDATE OF archived_at ON voiceagent.campaigns FOR EACH ROW
	WHEN (new.archived_at IS NULL AND NOT (old.archived_at IS NULL))
	EXECUTE FUNCTION voiceagent_private.require_room('campaigns');
CREATE TRIGGER plan AFTER INSERT ON voiceagent.members FOR EACH ROW
	WHEN (new.active) EXECUTE FUNCTION voiceagent_private.require_room('members');
CREATE TRIGGER plan_again AFTER UPDATE OF active ON voiceagent.members FOR EACH ROW
	WHEN (new.active AND NOT (old.active))
	EXECUTE FUNCTION voiceagent_private.require_room('members');
CREATE TRIGGER plan AFTER INSERT ON voiceagent.phone_numbers FOR EACH ROW
	WHEN (new.is_active AND new.state NOT IN ('refused', 'removed'))
	EXECUTE FUNCTION voiceagent_private.require_room('numbers');
CREATE TRIGGER plan_again AFTER UPDATE OF is_active, state ON voiceagent.phone_numbers FOR EACH ROW
	WHEN (new.is_active AND new.state NOT IN ('refused', 'removed')
		AND NOT (old.is_active AND old.state NOT IN ('refused', 'removed')))
	EXECUTE FUNCTION voiceagent_private.require_room('numbers');
CREATE TRIGGER plan_import BEFORE INSERT ON voiceagent.phone_numbers FOR EACH ROW
	WHEN (new.is_active) EXECUTE FUNCTION voiceagent_private.import_within_plan();
CREATE TRIGGER plan_to_run AFTER UPDATE OF status ON voiceagent.campaigns FOR EACH ROW
	WHEN (new.status IN ('running', 'scheduled') AND old.status NOT IN ('running', 'scheduled'))
	EXECUTE FUNCTION voiceagent_private.require_room('campaigns', 'running');
