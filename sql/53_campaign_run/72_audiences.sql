/*
 * 53_campaign_run: audiences, conditions whose leads join a campaign by themselves.
 *
 * A worker evaluates them.  It must not run a tenant's text with its own
 * rights, nor for long.  So an audience is not a view but one SQL condition on
 * the fields of a lead, in which extension/queue/condition.c allows only
 * comparisons.  An evaluation that costs too much is given up
 * (70_condition_bounds.sql); a condition that costs too much for many leads is
 * switched off.  A pass reads the tenant's leads in pieces, in the order of
 * their primary key, for a twentieth of a second at a time.
 *
 * The process guest evaluates (75_evaluations.sql), under a role that reads a
 * tenant's leads and writes nothing.  The leads that it finds wait in
 * audience_turns until the process keeper adds them to the campaign.
 */

CREATE TABLE voiceagent.audiences (
	tenant_id bigint NOT NULL,
	audience_id bigint GENERATED ALWAYS AS IDENTITY,
	name text NOT NULL,
	campaign_id bigint NOT NULL,
	condition text NOT NULL,
	leads_added bigint NOT NULL DEFAULT 0,
	last_pass_at timestamptz,
	error text,
	stopped_at timestamptz,
	created_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, audience_id),
	UNIQUE (tenant_id, name),
	FOREIGN KEY (tenant_id, campaign_id) REFERENCES voiceagent.campaigns
);
COMMENT ON TABLE voiceagent.audiences IS
	'Conditions whose leads join a campaign by themselves, those to come included.';
COMMENT ON COLUMN voiceagent.audiences.audience_id IS 'Number of the audience.';
COMMENT ON COLUMN voiceagent.audiences.name IS 'The tenant''s name for it.';
COMMENT ON COLUMN voiceagent.audiences.campaign_id IS 'The campaign that its leads join.';
COMMENT ON COLUMN voiceagent.audiences.condition IS 'A condition in SQL on the fields of a lead.';
COMMENT ON COLUMN voiceagent.audiences.leads_added IS 'Leads that it has brought into the campaign.';
COMMENT ON COLUMN voiceagent.audiences.last_pass_at IS 'When all leads had been looked at last.';
COMMENT ON COLUMN voiceagent.audiences.error IS
	E'Why a pass failed last, for some of the leads or for all, with DETAIL and HINT; NULL: the '
	'last whole pass did not.\n'
	'It is tried again all the same.';
COMMENT ON COLUMN voiceagent.audiences.stopped_at IS
	'When it was switched off, because its condition costs too much for many leads; NULL: it is looked at.';
SELECT voiceagent_private.guard_table('voiceagent.audiences', 'tenant');

CREATE TYPE voiceagent_private.audience_piece AS (lead_ids bigint[], last_lead_id bigint, ended boolean, error text,
	large_leads bigint, costly_leads bigint);
COMMENT ON TYPE voiceagent_private.audience_piece IS 'The result of wanted_leads().';

CREATE TABLE voiceagent_private.audience_turns (
	tenant_id bigint NOT NULL,
	audience_id bigint NOT NULL,
	next_at timestamptz NOT NULL,
	after_lead_id bigint NOT NULL DEFAULT 0,
	failed boolean NOT NULL DEFAULT false,
	large_leads bigint NOT NULL DEFAULT 0,
	costly_leads bigint NOT NULL DEFAULT 0,
	tries smallint NOT NULL DEFAULT 0,
	evaluated boolean NOT NULL DEFAULT false,
	piece voiceagent_private.audience_piece,
	PRIMARY KEY (tenant_id, audience_id),
	FOREIGN KEY (tenant_id, audience_id) REFERENCES voiceagent.audiences ON DELETE CASCADE
) WITH (fillfactor = 50);
COMMENT ON TABLE voiceagent_private.audience_turns IS 'When each audience is looked at next, and from which lead on.';
COMMENT ON COLUMN voiceagent_private.audience_turns.next_at IS
	'When: to be evaluated or, once it is, to have its leads join; infinity: switched off.';
COMMENT ON COLUMN voiceagent_private.audience_turns.after_lead_id IS
	'The last lead that this pass has looked at; 0: it begins.';
COMMENT ON COLUMN voiceagent_private.audience_turns.failed IS
	'This pass has failed for some leads, and gone on behind them.';
COMMENT ON COLUMN voiceagent_private.audience_turns.large_leads IS
	'Leads that this pass has found too large for the condition.';
COMMENT ON COLUMN voiceagent_private.audience_turns.costly_leads IS
	'Leads that the condition has cost too much for in this pass.';
COMMENT ON COLUMN voiceagent_private.audience_turns.tries IS
	'Evaluations of this piece that were begun and have not succeeded.';
COMMENT ON COLUMN voiceagent_private.audience_turns.evaluated IS 'A piece waits to have its leads join.';
COMMENT ON COLUMN voiceagent_private.audience_turns.piece IS 'That piece; NULL: none.';
CREATE INDEX audience_turns_next ON voiceagent_private.audience_turns (evaluated, next_at);
SELECT voiceagent_private.guard_table('voiceagent_private.audience_turns', 'routing', waits => '{next_at}');

CREATE FUNCTION voiceagent_private.check_condition(condition text) RETURNS text[]
	LANGUAGE c VOLATILE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_condition_columns';
COMMENT ON FUNCTION voiceagent_private.check_condition(text) IS
	E'The columns that a condition names.\n'
	'PT422, or a syntax error, for what is not one condition that compares columns, constants '
	'and what a few harmless\n'
	'functions make of them.';

CREATE TYPE voiceagent_private.talk_of_lead AS (last_talk_at timestamptz, interest text, intent text, emotion text,
	evaluation text, csat integer, booked boolean, success boolean, callback boolean, duration_seconds integer,
	direction text, campaign_id bigint, assistant_id bigint);
COMMENT ON TYPE voiceagent_private.talk_of_lead IS
	'The facts that a condition may name of the last call in which a lead was reached.';

CREATE FUNCTION voiceagent_private.last_talk(lead_id bigint, until timestamptz) RETURNS voiceagent_private.talk_of_lead
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v voiceagent_private.talk_of_lead;
	-- So far it looks back, so that a lead that is called for years costs no more.
	c_calls CONSTANT integer := 20;
BEGIN
	IF clock_timestamp() >= until THEN
		RETURN NULL;
	END IF;
	SELECT f.started_at, f.interest, f.intent, f.emotion, f.evaluation, f.csat, f.booked, f.success, f.callback,
		f.talk_seconds, f.direction, nullif(f.campaign_id, 0), nullif(f.assistant_id, 0) INTO v
	FROM (SELECT c.call_id FROM voiceagent.calls c -- both directions
		WHERE c.tenant_id = v_tenant AND c.lead_id = last_talk.lead_id ORDER BY c.call_id DESC LIMIT c_calls) i
	CROSS JOIN LATERAL (SELECT o.* FROM voiceagent.call_facts o
		WHERE o.tenant_id = v_tenant AND o.call_id = i.call_id OFFSET 0) f
	WHERE f.reached ORDER BY i.call_id DESC LIMIT 1;
	RETURN v;
END
$$;
COMMENT ON FUNCTION voiceagent_private.last_talk(bigint, timestamptz) IS
	'The last of the newest 20 calls with a lead of the current tenant in which it was reached; NULL: none was, or it '
	'is later than until by the real clock.';

CREATE FUNCTION voiceagent_private.audience_query(condition text) RETURNS text
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	c_columns CONSTANT text :=
		'd.lead_id, d.phone::text AS phone, d.extension, d.first_name, d.last_name, d.email, d.company, '
		'd.country, d.region, d.timezones, d.tags, d.context, d.priority::integer AS priority, '
			'd.status::text AS status, '
		'd.qualified, d.call_attempts, d.last_contacted_at, d.last_called_at, d.last_outcome::text AS last_outcome, '
		'd.follow_up::text AS follow_up, d.batch_id, d.created_at, voiceagent.clock() AS now';
	c_large CONSTANT text[] := '{extension,first_name,last_name,email,company,country,region,timezones,tags,context}';
	v_checked text[] := voiceagent_private.check_condition(condition);
	v_named text[] := ARRAY(SELECT DISTINCT n.name FROM unnest(v_checked) n(name) WHERE n.name = ANY (c_large));
	v_columns text := c_columns;
	v_column text;
	v_talk boolean := v_checked && ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute a
		WHERE a.attrelid = 'voiceagent_private.talk_of_lead'::regclass);
BEGIN
	FOREACH v_column IN ARRAY v_named LOOP
		v_columns := replace(v_columns, format('d.%s,', v_column),
			format('voiceagent_condition.flat_value(d.%I) AS %1$I,', v_column));
	END LOOP;
	RETURN format(E'SELECT l.lead_id, CASE voiceagent_condition.begin_evaluation($4, l.lead_id%s)
		WHEN 0 THEN voiceagent_condition.end_evaluation((%s\n) IS TRUE) WHEN 1 THEN 3 END AS verdict
		FROM (SELECT %s FROM voiceagent.leads d%s WHERE d.tenant_id = $1 AND d.lead_id > $2
			ORDER BY d.lead_id LIMIT $3) l',
		(SELECT string_agg(format(', l.%I', n.name), '') FROM unnest(v_named) n(name)), condition,
		v_columns || CASE WHEN v_talk THEN ', k.*' ELSE '' END,
		CASE WHEN v_talk THEN ' CROSS JOIN LATERAL voiceagent_private.last_talk(d.lead_id, $4) k' ELSE '' END);
END
$$;
COMMENT ON FUNCTION voiceagent_private.audience_query(text) IS
	E'The query for lead_id and verdict of up to $3 leads of tenant $1 after lead $2, evaluated before time $4.\n'
	'Verdicts: 1 wanted, 0 not, 2 the condition costs too much, 3 the lead is too large, NULL it was time. Run it '
	'with\n'
	'voiceagent_condition first in the search path. PT422 as check_condition.';

CREATE FUNCTION voiceagent_private.try_condition(condition text) RETURNS text
	LANGUAGE plpgsql VOLATILE SET search_path = voiceagent_condition, pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
	v_query text;
BEGIN
	PERFORM voiceagent_private.use_tenant_zone();
	-- The text has passed check_condition().  @plpgsql_check_options: security_warnings = off
	PERFORM voiceagent_private.fail_if(nullif(btrim(condition), '') IS NULL, 'PT422', 'no condition given', NULL,
		'Give a condition in SQL, such as: ''vip'' = ANY (tags). true takes every lead.');
	v_query := voiceagent_private.audience_query(condition);
	EXECUTE format('%s', v_query) USING voiceagent.current_tenant(), 0::bigint, 0, NULL::timestamptz;
	RETURN v_query;
EXCEPTION
	WHEN undefined_function THEN
		PERFORM voiceagent_private.fail('PT422', 'the condition is no valid SQL condition on a lead: ' || SQLERRM, NULL,
			'A value of context is a text: '
				'(context ->> ''budget'')::double precision > 30000 compares it as a number.');
	WHEN syntax_error_or_access_rule_violation OR data_exception OR feature_not_supported THEN
		PERFORM voiceagent_private.fail('PT422', 'the condition is no valid SQL condition on a lead: ' || SQLERRM, NULL,
			'Columns are lead_id, phone, extension, first_name, last_name, email, company, country, region, timezones, '
				'tags, context, priority, status, qualified, call_attempts, last_contacted_at, last_called_at, '
				'last_outcome, follow_up, batch_id, created_at and now; of the last call in which the lead was reached '
				'last_talk_at, interest, intent, emotion, evaluation, csat, booked, success, callback, '
				'duration_seconds, direction, campaign_id and assistant_id.');
END
$$;
COMMENT ON FUNCTION voiceagent_private.try_condition(text) IS
	'audience_query() of a condition that PostgreSQL''s planner has accepted; else PT422 with what it says.';

CREATE FUNCTION voiceagent.create_audience(name text, campaign_id bigint, condition text) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	c_max CONSTANT integer := 100;
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_name text := btrim(name);
	v_type text := (SELECT c.type FROM voiceagent.campaigns c
		WHERE c.tenant_id = v_tenant AND c.campaign_id = create_audience.campaign_id);
	v_audience bigint;
BEGIN
	PERFORM voiceagent_private.fail_if(NOT voiceagent_private.is_name(v_name, 200), 'PT422',
		'the audience has no sensible name', NULL, 'Give 1 to 200 characters, in one line.');
	PERFORM voiceagent_private.fail_if(v_type IS NULL, 'PT404', 'no such campaign');
	PERFORM voiceagent_private.fail_if(
		(SELECT count(*) >= c_max FROM voiceagent.audiences a WHERE a.tenant_id = v_tenant), 'PT409',
		format('there are %s audiences already', c_max), 'More are not looked at in time.',
		'drop_audience() one, or join two conditions with OR.');
	PERFORM voiceagent_private.require_launchable_type(v_type, '{}');
	PERFORM voiceagent_private.require_not_archived(c) FROM voiceagent.campaigns c
	WHERE c.tenant_id = v_tenant AND c.campaign_id = create_audience.campaign_id;
	PERFORM voiceagent_private.try_condition(condition);
	INSERT INTO voiceagent.audiences AS a (tenant_id, name, campaign_id, condition, created_at)
	VALUES (v_tenant, v_name, campaign_id, condition, voiceagent.clock())
	ON CONFLICT DO NOTHING
	RETURNING a.audience_id INTO v_audience;
	PERFORM voiceagent_private.fail_if(v_audience IS NULL, 'PT409', format('there is an audience "%s" already', v_name),
		NULL, 'Give another name, or drop_audience() it first.');
	INSERT INTO voiceagent_private.audience_turns (tenant_id, audience_id, next_at)
	VALUES (v_tenant, v_audience, '-infinity');
	PERFORM voiceagent_private.audit('create_audience', v_audience::text, NULL,
		jsonb_build_object('name', v_name, 'campaign_id', campaign_id, 'condition', condition));
	PERFORM voiceagent_private.poke('conditions');
	RETURN v_audience;
END
$$;
COMMENT ON FUNCTION voiceagent.create_audience(text, bigint, text) IS
	E'Has every lead for which a SQL condition holds join a campaign by itself, now and later, and returns '
	'audience_id.\n'
	'condition: over the columns of leads, of their last talk (interest, last_talk_at, ...) and now, without '
	'subqueries, e.g. ''vip'' = ANY (tags) AND interest = ''high''; explain_audience() shows its cost. PT404, '
	'PT409 for a name that is taken, PT422 for what is no such condition.';

CREATE FUNCTION voiceagent_private.found_leads(tenant bigint, condition text, campaign_id bigint, max_leads integer,
	after_lead_id bigint)
	RETURNS TABLE (lead_id bigint, phone text, first_name text, last_name text)
	LANGUAGE plpgsql VOLATILE SET search_path = voiceagent_condition, pg_catalog, pg_temp SET timezone = 'UTC' AS $$
BEGIN
	PERFORM voiceagent_private.use_tenant_zone();
	-- The text has passed check_condition().  @plpgsql_check_options: security_warnings = off
	RETURN QUERY EXECUTE format('SELECT d.lead_id, d.phone::text, d.first_name, d.last_name FROM (%s) q
		JOIN voiceagent.leads d ON d.tenant_id = $1 AND d.lead_id = q.lead_id
		WHERE q.verdict = 1 AND d.status <> ''do_not_call'' AND NOT EXISTS (SELECT FROM voiceagent.campaign_leads m
			WHERE m.tenant_id = $1 AND m.campaign_id = $5 AND m.lead_id = d.lead_id)
			AND d.lead_id <> ALL (ARRAY(SELECT o.lead_id FROM voiceagent.own_numbers o WHERE o.tenant_id = $1))
		ORDER BY d.lead_id LIMIT $6', voiceagent_private.try_condition(condition))
	USING tenant, after_lead_id, NULL::bigint, NULL::timestamptz, campaign_id, max_leads;
END
$$;
COMMENT ON FUNCTION voiceagent_private.found_leads(bigint, text, bigint, integer, bigint) IS
	'preview_audience() of that tenant, which is the acting one.';

CREATE FUNCTION voiceagent.preview_audience(condition text, campaign_id bigint DEFAULT NULL,
	max_leads integer DEFAULT 100, first_lead bigint DEFAULT 0)
	RETURNS TABLE (lead_id bigint, phone text, first_name text, last_name text)
	LANGUAGE sql VOLATILE ROWS 100 SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	SELECT f.lead_id, f.phone, f.first_name, f.last_name
	FROM voiceagent_private.found_leads(voiceagent.current_tenant(), preview_audience.condition,
		preview_audience.campaign_id, greatest(least(coalesce(preview_audience.max_leads, 100), 10000), 0),
		coalesce(preview_audience.first_lead, 0) - 1) f
$$;
COMMENT ON FUNCTION voiceagent.preview_audience(text, bigint, integer, bigint) IS
	E'The first max_leads (10,000 at most) leads, from number first_lead on, that create_audience() would find by '
	'this condition: not on the do-not-call list, no own number, and not in the campaign yet, if one is given.\n'
	'PT422 for what is no condition.';

CREATE FUNCTION voiceagent.drop_audience(audience_id bigint) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_old voiceagent.audiences;
BEGIN
	DELETE FROM voiceagent_private.audience_turns t
	WHERE t.tenant_id = v_tenant AND t.audience_id = drop_audience.audience_id;
	DELETE FROM voiceagent.audiences a WHERE a.tenant_id = v_tenant AND a.audience_id = drop_audience.audience_id
	RETURNING a.* INTO v_old;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'no such audience');
	PERFORM voiceagent_private.audit('drop_audience', v_old.audience_id::text,
		jsonb_build_object('name', v_old.name, 'campaign_id', v_old.campaign_id, 'condition', v_old.condition));
	RETURN true;
END
$$;
COMMENT ON FUNCTION voiceagent.drop_audience(bigint) IS
	E'Ends an audience: no lead joins by it any more; who has joined stays.\n'
	'PT404.';

CREATE FUNCTION voiceagent_private.describe_error(state text, message text, detail text, hint text) RETURNS text
	LANGUAGE sql IMMUTABLE AS $$
	SELECT left(
		concat_ws(E'\n', state || ' ' || message, 'DETAIL: ' || nullif(detail, ''), 'HINT: ' || nullif(hint, '')), 2000)
$$;
COMMENT ON FUNCTION voiceagent_private.describe_error(text, text, text, text) IS
	'An error as it is kept for a person to read: SQLSTATE and message, then DETAIL and HINT, a line each; '
	'2000 characters at most.';

-- A piece takes a twentieth of a second at most. Where the condition fails for many leads, others of the piece are
-- left out, too.
CREATE FUNCTION voiceagent_private.wanted_leads(audience voiceagent.audiences, after_lead_id bigint, step integer,
	OUT lead_ids bigint[], OUT last_lead_id bigint, OUT ended boolean, OUT error text,
	OUT large_leads bigint, OUT costly_leads bigint)
	RETURNS record LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys
	SET search_path = voiceagent_condition, pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
	c_time CONSTANT interval := interval '50 milliseconds';
	-- At most so many leads for which the condition fails are left out one by one; with one more, the rest of the
	-- piece is left out.
	c_failures CONSTANT integer := 20;
	v_began timestamptz := clock_timestamp();
	v_query text := voiceagent_private.audience_query(audience.condition);
	v_looked_at bigint := 0;
	v_batch bigint := 1;
	v_failures integer := 0;
	v_found bigint;
	v_rows bigint;
	v_last bigint;
	v_more bigint[];
	v_large bigint;
	v_costly bigint;
	v_message text;
	v_detail text;
	v_hint text;
BEGIN
	PERFORM voiceagent_private.use_tenant_zone();
	last_lead_id := after_lead_id;
	large_leads := 0;
	costly_leads := 0;
	/*
	 * Few leads first, then more, until the piece has used its time, which the query itself checks after each lead.
	 * The first lead is evaluated in any case, so that a piece makes progress however long it waited for a processor.
	 */
	WHILE v_looked_at < step AND v_batch > 0 AND clock_timestamp() < v_began + c_time LOOP
		v_batch := least(v_batch, step - v_looked_at);
		BEGIN
			-- The text has passed check_condition().  @plpgsql_check_options: security_warnings = off
			EXECUTE format('SELECT count(*), count(q.verdict), max(q.lead_id) FILTER (WHERE q.verdict IS NOT NULL),
				array_agg(q.lead_id
					ORDER BY q.lead_id) FILTER (WHERE q.verdict = 1), count(*) FILTER (WHERE q.verdict = 3),
				count(*) FILTER (WHERE q.verdict = 2) FROM (%s) q', v_query)
			INTO v_rows, v_found, v_last, v_more, v_large, v_costly
			USING audience.tenant_id, last_lead_id, v_batch, CASE WHEN v_looked_at > 0 THEN v_began + c_time END;
		EXCEPTION
		-- Not the fault of one lead: the whole piece fails.
		WHEN insufficient_resources THEN
			RAISE;
		WHEN OTHERS THEN
			GET STACKED DIAGNOSTICS v_message = MESSAGE_TEXT, v_detail = PG_EXCEPTION_DETAIL,
				v_hint = PG_EXCEPTION_HINT;
			error := voiceagent_private.describe_error(SQLSTATE, v_message, v_detail, v_hint);
			-- Try fewer leads, down to the one that fails.
			IF v_batch > 1 THEN
				v_batch := greatest(v_batch / 4, 1);
				CONTINUE;
			END IF;
			v_failures := v_failures + 1;
			v_batch := CASE WHEN v_failures > c_failures THEN step - v_looked_at ELSE 1 END;
			SELECT count(*), count(*), max(d.lead_id), NULL, 0, 0 INTO v_rows, v_found, v_last, v_more, v_large,
				v_costly FROM (
					SELECT l.lead_id FROM voiceagent.leads l
					WHERE l.tenant_id = audience.tenant_id AND l.lead_id > last_lead_id
					ORDER BY l.lead_id LIMIT v_batch) d;
		END;
		last_lead_id := coalesce(v_last, last_lead_id);
		lead_ids := lead_ids || v_more;
		large_leads := large_leads + v_large;
		costly_leads := costly_leads + v_costly;
		v_looked_at := v_looked_at + v_found;
		-- Fewer leads were evaluated than there are: the time was used up.
		v_batch := CASE WHEN v_rows < v_batch AND v_found = v_rows THEN 0 ELSE v_batch * 4 END;
	END LOOP;
	ended := v_batch = 0;
END
$$;
COMMENT ON FUNCTION voiceagent_private.wanted_leads(voiceagent.audiences, bigint, integer) IS
	E'One piece of a pass of an audience of the current tenant: the leads that fit among up to step leads after '
	'last_lead_id.\n'
	'ended: no lead comes behind last_lead_id; error: why the condition failed for a lead, which is left out; '
	'large_leads, costly_leads: for how many leads it is unknown, because of their size or its cost.';

CREATE FUNCTION voiceagent_private.audience_costs(condition text) RETURNS TABLE (topic text, detail text)
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = voiceagent_condition, pg_catalog, pg_temp
	SET timezone = 'UTC' AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_query text := voiceagent_private.try_condition(condition);
	v_audience voiceagent.audiences;
	v_began timestamptz := clock_timestamp();
	v_ms numeric;
	v record;
	v_line text;
BEGIN
	PERFORM voiceagent_private.use_tenant_zone();
	v_audience.tenant_id := v_tenant;
	v_audience.condition := condition;
	SELECT w.* INTO v FROM voiceagent_private.wanted_leads(v_audience, 0, 5000) w;
	v_ms := round(extract(epoch FROM clock_timestamp() - v_began) * 1000, 1);
	RETURN QUERY SELECT 'columns', string_agg(DISTINCT n.name, ', ' ORDER BY n.name)
	FROM unnest(voiceagent_private.check_condition(condition)) n(name);
	RETURN QUERY SELECT 'a piece', format('%s of %s leads in %s ms%s', coalesce(cardinality(v.lead_ids), 0), count(*),
		v_ms, CASE WHEN v.ended THEN ', which are all' ELSE ', and others follow' END)
	FROM voiceagent.leads d WHERE d.tenant_id = v_tenant AND d.lead_id <= v.last_lead_id;
	RETURN QUERY SELECT 'unknown', coalesce(v.error,
		voiceagent_private.describe_bound(v.large_leads, v.costly_leads, false), 'for no lead');
	RETURN QUERY VALUES ('bound', 'a piece of a pass takes 50 ms; for a lead, 8 KB of columns and 0.1 ms');
	-- Without costs: they would come from every tenant's rows.  The text has passed check_condition().
	-- @plpgsql_check_options: security_warnings = off
	FOR v_line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || v_query USING v_tenant, 0::bigint, 5000, NULL::timestamptz LOOP
		RETURN QUERY VALUES ('plan', v_line);
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.audience_costs(text) IS 'explain_audience() of the current tenant.';

CREATE FUNCTION voiceagent.explain_audience(condition text) RETURNS TABLE (topic text, detail text)
	LANGUAGE sql VOLATILE ROWS 20 SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	SELECT c.topic, c.detail FROM voiceagent_private.audience_costs(explain_audience.condition) c
$$;
COMMENT ON FUNCTION voiceagent.explain_audience(text) IS
	E'Shows the cost of a condition of create_audience(): the columns that it names, how many leads the first piece of '
	'a pass looks at and finds, in what time, for which it is unknown and why, the bounds, and PostgreSQL''s plan.\n'
	'Nobody joins. PT422 for what is no condition.';

CREATE FUNCTION voiceagent_private.enrol_leads(audience voiceagent.audiences, lead_ids bigint[]) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_leads bigint[];
	v_added bigint;
	v_campaign voiceagent.campaigns;
	-- A rehearsal brings no lead into a campaign of a real carrier.
	v_by_calls boolean := NOT voiceagent_private.is_sandbox((SELECT c.provider_account_id FROM voiceagent.campaigns c
			WHERE c.tenant_id = audience.tenant_id AND c.campaign_id = audience.campaign_id))
		AND voiceagent_private.check_condition(audience.condition) && ARRAY(SELECT a.attname::text
			FROM pg_catalog.pg_attribute a WHERE a.attrelid = 'voiceagent_private.talk_of_lead'::regclass
			UNION ALL SELECT unnest('{status,qualified,call_attempts,last_contacted_at,last_called_at,last_outcome,'
				'follow_up}'::text[]));
BEGIN
	-- Most of them have joined in an earlier pass.
	SELECT array_agg(i.id) INTO v_leads FROM unnest(lead_ids) i(id)
	JOIN LATERAL (SELECT d.status FROM voiceagent.leads d
		WHERE d.tenant_id = audience.tenant_id AND d.lead_id = i.id OFFSET 0) d
		ON d.status <> 'do_not_call'
	WHERE NOT EXISTS (SELECT FROM voiceagent.campaign_leads m
		WHERE m.tenant_id = audience.tenant_id AND m.campaign_id = audience.campaign_id AND m.lead_id = i.id)
		AND i.id <> ALL (ARRAY(SELECT o.lead_id FROM voiceagent.own_numbers o WHERE o.tenant_id = audience.tenant_id))
		AND NOT (v_by_calls AND voiceagent_private.is_sandbox((SELECT c.provider_account_id
			FROM voiceagent.calls c -- both directions
			WHERE c.tenant_id = audience.tenant_id AND c.lead_id = i.id ORDER BY c.call_id DESC LIMIT 1)));
	IF v_leads IS NULL THEN
		RETURN 0;
	END IF;
	v_added := voiceagent_private.join_leads(audience.campaign_id, v_leads, 'an audience has found leads');
	v_campaign := voiceagent_private.lock_campaign(audience.campaign_id);
	IF v_campaign.status = 'completed' AND v_added > 0 THEN
		-- It has expired, or has none of them to call.
		PERFORM voiceagent_private.require_not_expired(audience.campaign_id, voiceagent.clock());
	END IF;
	RETURN v_added;
END
$$;
COMMENT ON FUNCTION voiceagent_private.enrol_leads(voiceagent.audiences, bigint[]) IS
	'Puts those of the leads that an audience of the current tenant wants into its campaign that are not in it and '
	'may be, and returns how many.';

CREATE FUNCTION voiceagent_private.describe_bound(large_leads bigint, costly_leads bigint, stopped boolean) RETURNS text
	LANGUAGE sql IMMUTABLE AS $$
	SELECT voiceagent_private.describe_error('54000',
		CASE WHEN stopped THEN 'the audience is switched off: ' ELSE '' END
			|| format('the condition is unknown for %s leads', large_leads + costly_leads),
		concat_ws(' ', CASE WHEN large_leads > 0
				THEN format('For %s leads the columns that it names are larger than 8 KB together.', large_leads) END,
			CASE WHEN costly_leads > 0 THEN
				format('For %s leads it takes longer than a condition may.', costly_leads) END),
		concat_ws(' ', 'Such leads do not join. Compare short values, as in context ->> ''city'' = ''Reno'','
				' or tag the leads and ask for the tag.',
			CASE WHEN stopped THEN 'Then drop_audience() and create_audience() again.' END))
	WHERE large_leads + costly_leads > 0
$$;
COMMENT ON FUNCTION voiceagent_private.describe_bound(bigint, bigint, boolean) IS
	'The words of audiences.error on leads beyond the bounds of a condition; NULL: there is none.';

CREATE FUNCTION voiceagent_private.end_piece(audience voiceagent.audiences, turn voiceagent_private.audience_turns,
	piece voiceagent_private.audience_piece, added bigint, problem text)
	RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	-- A condition that costs too much for so many leads of one pass is badly written.
	c_costly_max CONSTANT integer := 100;
	v_now timestamptz := voiceagent.clock();
	v_large bigint := turn.large_leads + piece.large_leads;
	v_costly bigint := turn.costly_leads + piece.costly_leads;
	v_stops boolean := v_costly >= c_costly_max OR turn.tries >= voiceagent_private.evaluation_tries();
	v_error text := coalesce(problem, voiceagent_private.describe_bound(v_large, v_costly, v_stops));
	v_failed boolean := turn.failed OR v_error IS NOT NULL;
BEGIN
	-- Also after a piece that has failed: later leads must not wait for it.
	UPDATE voiceagent_private.audience_turns t
	SET next_at = CASE WHEN v_stops THEN 'infinity'
		WHEN piece.ended THEN v_now + voiceagent_private.setting_interval('audience_interval') ELSE v_now END,
		after_lead_id = CASE WHEN piece.ended THEN 0 ELSE coalesce(piece.last_lead_id, t.after_lead_id) END,
		failed = v_failed AND NOT piece.ended,
		large_leads = CASE WHEN piece.ended THEN 0 ELSE v_large END,
		costly_leads = CASE WHEN piece.ended THEN 0 ELSE v_costly END,
		tries = 0, evaluated = false, piece = NULL
	WHERE t.tenant_id = turn.tenant_id AND t.audience_id = turn.audience_id;
	IF piece.ended OR added > 0 OR v_error IS NOT NULL THEN
		UPDATE voiceagent.audiences a
		SET error = CASE WHEN v_error IS NOT NULL THEN v_error WHEN v_failed OR NOT piece.ended THEN a.error END,
			last_pass_at = CASE WHEN piece.ended AND NOT v_failed THEN v_now ELSE a.last_pass_at END,
			leads_added = a.leads_added + added,
			stopped_at = CASE WHEN v_stops THEN v_now END
		WHERE a.tenant_id = turn.tenant_id AND a.audience_id = turn.audience_id;
	END IF;
	IF v_stops THEN
		PERFORM voiceagent_private.log_event('audience_stopped', audience.campaign_id, NULL, NULL,
			jsonb_build_object('audience', audience.name, 'reason', v_error));
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.end_piece(voiceagent.audiences, voiceagent_private.audience_turns,
	voiceagent_private.audience_piece, bigint, text) IS
	E'Records a piece of a pass of an audience of the current tenant: when the next is due, who '
	'joined, what went wrong.\n'
	'An audience whose condition costs too much for 100 leads of a pass, or fails as a whole three '
	'times, is switched off,\n'
	'with the event audience_stopped.';

CREATE FUNCTION voiceagent_private.enrol_audiences(step integer) RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	-- The guest process watches for pieces that are due; wake it again in case it is late.
	c_backoff CONSTANT interval := '10 seconds';
	v_now timestamptz := voiceagent.clock();
	v_turn voiceagent_private.audience_turns;
	v_audience voiceagent.audiences;
	v_added bigint := 0;
	v_error text;
	v_message text;
	v_detail text;
	v_hint text;
	v_next timestamptz;
BEGIN
	SELECT t.* INTO v_turn FROM voiceagent_private.audience_turns t
	WHERE t.evaluated AND t.next_at <= v_now ORDER BY t.next_at LIMIT 1 FOR UPDATE SKIP LOCKED;
	IF FOUND THEN
		PERFORM voiceagent_private.set_tenant(v_turn.tenant_id);
		SELECT a.* INTO STRICT v_audience FROM voiceagent.audiences a
		WHERE a.tenant_id = v_turn.tenant_id AND a.audience_id = v_turn.audience_id;
		-- A worker waits neither for an import nor for a transaction that holds the campaign.
		PERFORM FROM voiceagent_private.pacing p
		WHERE p.tenant_id = v_turn.tenant_id AND p.campaign_id = v_audience.campaign_id
			AND voiceagent_private.try_lock_leads() FOR UPDATE SKIP LOCKED;
		IF NOT FOUND THEN
			UPDATE voiceagent_private.audience_turns t SET next_at = v_now + interval '2 seconds'
			WHERE t.tenant_id = v_turn.tenant_id AND t.audience_id = v_turn.audience_id;
		ELSE
			BEGIN
				v_added := voiceagent_private.enrol_leads(v_audience, (v_turn.piece).lead_ids);
			EXCEPTION WHEN OTHERS THEN
				GET STACKED DIAGNOSTICS v_message = MESSAGE_TEXT, v_detail = PG_EXCEPTION_DETAIL,
					v_hint = PG_EXCEPTION_HINT;
				v_error := voiceagent_private.describe_error(SQLSTATE, v_message, v_detail, v_hint);
			END;
			PERFORM voiceagent_private.end_piece(v_audience, v_turn, v_turn.piece, v_added,
				coalesce(v_error, (v_turn.piece).error));
		END IF;
		PERFORM voiceagent_private.set_tenant(0);
	END IF;
	SELECT min(t.next_at) INTO v_next FROM voiceagent_private.audience_turns t
	WHERE NOT t.evaluated AND t.next_at < 'infinity';
	IF v_next <= voiceagent.clock() THEN
		PERFORM voiceagent_private.poke('conditions');
		v_next := v_now + c_backoff;
	END IF;
	RETURN least(v_next, (SELECT min(t.next_at) FROM voiceagent_private.audience_turns t WHERE t.evaluated));
END
$$;
COMMENT ON FUNCTION voiceagent_private.enrol_audiences(integer) IS
	E'A maintenance job: has the leads of an audience join that the process guest has found for it longest ago.\n'
	'Tells that process when an audience is due, and returns when one is due next; NULL: there is none. '
	'What goes wrong\n'
	'stands in the audience.';
SELECT voiceagent_private.register_job('enrol_audiences', 5000);
