/*
 * 84_notice: a notice on a condition over voiceagent_bi, once when it becomes
 * true, and none until it was false again.
 *
 * A condition is a view of figures, a column, how its rows are taken together,
 * and a bound: no text of a tenant's is executed.  Those views read sums of
 * days, so that a look is bounded by the days and campaigns of the tenant; a
 * condition whose look takes long is looked at that much more rarely, and the
 * looks of a tenant are steps of a job in which tenants take turns.
 */

CREATE TABLE voiceagent.notice_conditions (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	condition_id bigint GENERATED ALWAYS AS IDENTITY,
	name text NOT NULL,
	member_id bigint,
	relation text NOT NULL,
	measure text NOT NULL,
	of_rows text NOT NULL CHECK (of_rows IN ('sum', 'avg', 'min', 'max')),
	days integer NOT NULL CHECK (days BETWEEN 1 AND 366),
	campaign_id bigint,
	comparison text NOT NULL CHECK (comparison IN ('<', '<=', '>', '>=', '=')),
	bound numeric NOT NULL,
	every interval NOT NULL CHECK (every BETWEEN interval '1 minute' AND interval '31 days'),
	met boolean NOT NULL DEFAULT false,
	value numeric,
	fulfilled_at timestamptz,
	looked_at timestamptz,
	error text,
	created_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, condition_id),
	UNIQUE (tenant_id, name),
	FOREIGN KEY (tenant_id, member_id) REFERENCES voiceagent.members,
	FOREIGN KEY (tenant_id, campaign_id) REFERENCES voiceagent.campaigns
);
COMMENT ON TABLE voiceagent.notice_conditions IS
	'Conditions of members: figures that reach a bound; create_notice_condition() makes them.';
COMMENT ON COLUMN voiceagent.notice_conditions.condition_id IS 'Number of the condition.';
COMMENT ON COLUMN voiceagent.notice_conditions.name IS 'The notice''s words.';
COMMENT ON COLUMN voiceagent.notice_conditions.member_id IS 'Whom it tells; NULL: all members, as they wish.';
COMMENT ON COLUMN voiceagent.notice_conditions.relation IS 'View of voiceagent_bi.';
COMMENT ON COLUMN voiceagent.notice_conditions.measure IS 'Its column, a number.';
COMMENT ON COLUMN voiceagent.notice_conditions.of_rows IS 'The function over its rows: sum, avg, min or max.';
COMMENT ON COLUMN voiceagent.notice_conditions.days IS 'Of how many days, today included, where the view has days.';
COMMENT ON COLUMN voiceagent.notice_conditions.campaign_id IS 'Of which campaign; NULL: of all.';
COMMENT ON COLUMN voiceagent.notice_conditions.comparison IS '<, <=, >, >= or =.';
COMMENT ON COLUMN voiceagent.notice_conditions.bound IS 'The bound.';
COMMENT ON COLUMN voiceagent.notice_conditions.every IS 'How often it is looked at.';
COMMENT ON COLUMN voiceagent.notice_conditions.met IS 'Whether it held at the last look.';
COMMENT ON COLUMN voiceagent.notice_conditions.value IS
	'The value then; NULL: there was none, and the condition did not hold.';
COMMENT ON COLUMN voiceagent.notice_conditions.fulfilled_at IS 'When it last became true; NULL: never.';
COMMENT ON COLUMN voiceagent.notice_conditions.looked_at IS 'The last look; NULL: none yet.';
COMMENT ON COLUMN voiceagent.notice_conditions.error IS 'Why the last look failed; NULL: it did not.';
CREATE INDEX notice_conditions_member ON voiceagent.notice_conditions (tenant_id, member_id)
	WHERE member_id IS NOT NULL;
CREATE INDEX notice_conditions_campaign ON voiceagent.notice_conditions (tenant_id, campaign_id)
	WHERE campaign_id IS NOT NULL;
SELECT voiceagent_private.guard_table('voiceagent.notice_conditions', 'tenant');

CREATE TABLE voiceagent_private.condition_turns (
	tenant_id bigint NOT NULL,
	condition_id bigint NOT NULL,
	due_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, condition_id),
	FOREIGN KEY (tenant_id, condition_id) REFERENCES voiceagent.notice_conditions ON DELETE CASCADE
);
COMMENT ON TABLE voiceagent_private.condition_turns IS 'When each condition is looked at next.';
SELECT voiceagent_private.guard_table('voiceagent_private.condition_turns', 'routing', waits => '{due_at}');

CREATE FUNCTION voiceagent_private.condition_value(condition voiceagent.notice_conditions) RETURNS numeric
	LANGUAGE plpgsql STABLE SET planner.policy = whole SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_value numeric;
	v_today date := (voiceagent.clock() AT TIME ZONE voiceagent_private.tenant_zone())::date;
BEGIN
	-- Names that check_condition_view() has found.  @plpgsql_check_options: security_warnings = off
	EXECUTE format('SELECT %s(v.%I) FROM voiceagent_bi.%I v WHERE true%s%s', condition.of_rows, condition.measure,
		condition.relation, CASE WHEN voiceagent_private.has_column(condition.relation, 'day')
			THEN ' AND v.day BETWEEN $1 AND $2' END,
		CASE WHEN condition.campaign_id IS NOT NULL THEN ' AND v.campaign_id = $3' END)
	INTO v_value USING v_today - (condition.days - 1), v_today, condition.campaign_id;
	RETURN v_value;
END
$$;
COMMENT ON FUNCTION voiceagent_private.condition_value(voiceagent.notice_conditions) IS
	'The value that a condition of the current tenant compares with its bound; NULL: there is none.';

CREATE FUNCTION voiceagent_private.has_column(relation text, name text) RETURNS boolean
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT EXISTS (SELECT FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
		JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
		WHERE n.nspname = 'voiceagent_bi' AND c.relname = has_column.relation AND a.attname = has_column.name
			AND a.attnum > 0 AND NOT a.attisdropped)
$$;
COMMENT ON FUNCTION voiceagent_private.has_column(text, text) IS 'Whether a view of voiceagent_bi has this column.';

CREATE FUNCTION voiceagent_private.check_condition_view(condition voiceagent.notice_conditions) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	-- Those whose rows are sums; the others read every call or lead.
	c_views CONSTANT text[] := '{daily_metrics,daily_calls,daily_outcomes,last_21_days,today,campaigns,spending}';
	v_columns text[];
BEGIN
	PERFORM voiceagent_private.fail_if(condition.relation IS NULL OR condition.relation <> ALL (c_views), 'PT422',
		'no such view of figures', NULL, format('These can be watched: %s.', array_to_string(c_views, ', ')));
	v_columns := ARRAY(SELECT a.attname FROM pg_catalog.pg_attribute a
		JOIN pg_catalog.pg_class c ON c.oid = a.attrelid AND c.relname = condition.relation
		JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'voiceagent_bi'
		WHERE a.attnum > 0 AND a.atttypid IN ('numeric'::regtype, 'bigint'::regtype, 'integer'::regtype)
			AND a.attname NOT LIKE '%\_id' ORDER BY a.attnum);
	PERFORM voiceagent_private.fail_if(condition.measure IS NULL OR condition.measure <> ALL (v_columns), 'PT422',
		'the view has no such number', NULL, format('It has %s.', array_to_string(v_columns, ', ')));
	PERFORM voiceagent_private.fail_if(condition.campaign_id IS NOT NULL
		AND NOT voiceagent_private.has_column(condition.relation, 'campaign_id'), 'PT422',
		'the view does not tell campaigns apart');
	PERFORM voiceagent_private.fail_if(condition.bound IS NULL OR condition.bound IN ('NaN', 'Infinity', '-Infinity'),
		'PT422', 'the bound is a number');
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_condition_view(voiceagent.notice_conditions) IS
	'PT422 for what no condition can look at.';

CREATE FUNCTION voiceagent.create_notice_condition(name text, relation text, measure text, comparison text,
	bound numeric, of_rows text DEFAULT 'sum', days integer DEFAULT 1, campaign_id bigint DEFAULT NULL,
	every interval DEFAULT '15 minutes', for_me boolean DEFAULT false) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant(lasting := true);
	v voiceagent.notice_conditions;
	c_most CONSTANT integer := 50;
BEGIN
	v.name := btrim(name);
	v.relation := relation;
	v.measure := measure;
	v.bound := bound;
	v.campaign_id := campaign_id;
	PERFORM voiceagent_private.check_condition_view(v);
	IF NOT voiceagent_private.is_name(v.name, 100) THEN
		PERFORM voiceagent_private.fail('PT422', 'a condition has a name of 1 to 100 characters, in one line');
	ELSIF comparison IS NULL OR comparison NOT IN ('<', '<=', '>', '>=', '=') THEN
		PERFORM voiceagent_private.fail('PT422', 'the comparison is <, <=, >, >= or =');
	ELSIF of_rows IS NULL OR of_rows NOT IN ('sum', 'avg', 'min', 'max') THEN
		PERFORM voiceagent_private.fail('PT422', 'of_rows is sum, avg, min or max');
	ELSIF days IS NULL OR days NOT BETWEEN 1 AND 366 THEN
		PERFORM voiceagent_private.fail('PT422', 'days is a number from 1 to 366');
	ELSIF every IS NULL OR every NOT BETWEEN interval '1 minute' AND interval '31 days' THEN
		PERFORM voiceagent_private.fail('PT422', 'every is a time from a minute to 31 days');
	ELSIF campaign_id IS NOT NULL AND NOT EXISTS (SELECT FROM voiceagent.campaigns c WHERE c.tenant_id = v_tenant
		AND c.campaign_id = create_notice_condition.campaign_id) THEN
		PERFORM voiceagent_private.fail('PT404', format('campaign %s not found', campaign_id));
	END IF;
	PERFORM voiceagent_private.lock_tenant(true);
	PERFORM voiceagent_private.fail_if((SELECT count(*) >= c_most FROM voiceagent.notice_conditions c
		WHERE c.tenant_id = v_tenant), 'PT409', format('there are %s conditions already', c_most), NULL,
		'drop_notice_condition() takes one away.');
	INSERT INTO voiceagent.notice_conditions AS c (tenant_id, name, member_id, relation, measure, of_rows, days,
		campaign_id, comparison, bound, every, created_at)
	VALUES (v_tenant, v.name, CASE WHEN for_me THEN voiceagent_private.own_member() END, relation, measure, of_rows,
		days, campaign_id, comparison, bound, every, voiceagent.clock())
	ON CONFLICT DO NOTHING RETURNING c.* INTO v;
	PERFORM voiceagent_private.fail_if(v.condition_id IS NULL, 'PT409', 'a condition of this name exists');
	INSERT INTO voiceagent_private.condition_turns (tenant_id, condition_id, due_at)
	VALUES (v_tenant, v.condition_id, voiceagent.clock());
	PERFORM voiceagent_private.request_job('look_at_conditions', voiceagent.clock());
	PERFORM voiceagent_private.audit('create_notice_condition', 'condition ' || v.condition_id, NULL,
		jsonb_build_object('name', v.name, 'relation', relation, 'measure', measure, 'comparison', comparison, 'bound',
			bound));
	RETURN v.condition_id;
END
$$;
COMMENT ON FUNCTION voiceagent.create_notice_condition(text, text, text, text, numeric, text, integer, bigint, interval,
	boolean) IS
	E'Notifies members, once when it becomes true, that a number of a view of voiceagent_bi compares so with a '
	'bound -> condition_id.\n'
	'of_rows: sum, avg, min or max of the last days (today included), of a campaign or all; for_me: tells the '
	'caller alone. For managers and owners. PT403, PT404, PT409, PT422.';

CREATE FUNCTION voiceagent.drop_notice_condition(condition_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant(lasting := true);
	v_name text;
BEGIN
	DELETE FROM voiceagent.notice_conditions c
	WHERE c.tenant_id = v_tenant AND c.condition_id = drop_notice_condition.condition_id RETURNING c.name INTO v_name;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'no such condition');
	PERFORM voiceagent_private.audit('drop_notice_condition', 'condition ' || condition_id, to_jsonb(v_name), NULL);
END
$$;
COMMENT ON FUNCTION voiceagent.drop_notice_condition(bigint) IS
	E'Takes a condition away.\nFor managers and owners. PT404.';

CREATE FUNCTION voiceagent_private.look_at_condition(condition_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_began timestamptz := clock_timestamp();
	v voiceagent.notice_conditions;
	v_was boolean;
	-- A look costs its tenant at most so much of the time.
	c_share CONSTANT integer := 100;
BEGIN
	SELECT c.* INTO v FROM voiceagent.notice_conditions c
	WHERE c.tenant_id = v_tenant AND c.condition_id = look_at_condition.condition_id FOR NO KEY UPDATE;
	v_was := v.met;
	BEGIN
		v.value := voiceagent_private.condition_value(v);
		v.error := NULL;
		v.met := coalesce(CASE v.comparison WHEN '<' THEN v.value < v.bound WHEN '<=' THEN v.value <= v.bound
			WHEN '>' THEN v.value > v.bound WHEN '>=' THEN v.value >= v.bound ELSE v.value = v.bound END, false);
	EXCEPTION WHEN OTHERS THEN
		-- An unknown condition neither holds nor has ended.
		v.error := left(SQLSTATE || ' ' || voiceagent_private.mask_message(SQLERRM, SQLSTATE), 300);
	END;
	UPDATE voiceagent.notice_conditions c SET met = v.met, value = v.value, error = v.error, looked_at = v_now,
		fulfilled_at = CASE WHEN v.met AND NOT v_was THEN v_now ELSE c.fulfilled_at END
	WHERE c.tenant_id = v_tenant AND c.condition_id = v.condition_id;
	IF v.met AND NOT v_was THEN
		PERFORM voiceagent_private.log_event('condition_met', v.campaign_id, NULL, NULL, jsonb_strip_nulls(
			jsonb_build_object('condition_id', v.condition_id, 'name', v.name, 'value', trim_scale(v.value),
				'reason', format('%s %s is %s', v.relation, v.measure, trim_scale(v.value)),
				'member_id', v.member_id)));
	END IF;
	UPDATE voiceagent_private.condition_turns t
	SET due_at = v_now + greatest(v.every, (clock_timestamp() - v_began) * c_share)
	WHERE t.tenant_id = v_tenant AND t.condition_id = v.condition_id;
END
$$;
COMMENT ON FUNCTION voiceagent_private.look_at_condition(bigint) IS
	'Compares a condition of the current tenant with its bound, and tells of it if it has just become true.';

CREATE FUNCTION voiceagent_private.look_at_conditions(max integer) RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_condition bigint;
BEGIN
	FOR v_condition IN SELECT t.condition_id FROM voiceagent_private.condition_turns t
		WHERE t.tenant_id = voiceagent.current_tenant() AND t.due_at <= voiceagent.clock()
		ORDER BY t.due_at LIMIT max FOR UPDATE SKIP LOCKED
	LOOP
		PERFORM voiceagent_private.look_at_condition(v_condition);
	END LOOP;
	RETURN CASE WHEN v_condition IS NULL THEN voiceagent.clock() + interval '1 second' END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.look_at_conditions(integer) IS
	'A tenant job: looks at the condition that has been due longest.';
SELECT voiceagent_private.register_tenant_job('look_at_conditions', 1, 'condition_turns', 'due_at');
