-- 47_campaign_lead: one look at the pending leads of a campaign: which are queued, which are skipped, and why.

-- missing, layer and joins are texts of SQL over leads d: missing: whether it lacks a value; layer: the do-not-call
-- layer that forbids it, which takes joins. again: it was started before.
CREATE TYPE voiceagent_private.enqueue_rules AS (
	variables text[],
	windows int[],
	lawful boolean,
	again boolean,
	missing text,
	joins text,
	layer text
);
COMMENT ON TYPE voiceagent_private.enqueue_rules IS 'By what a campaign queues its pending leads, or skips them.';

CREATE FUNCTION voiceagent_private.enqueue_rules_of(campaign_id bigint) RETURNS voiceagent_private.enqueue_rules
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_test boolean;
	v_rules voiceagent_private.enqueue_rules;
BEGIN
	SELECT voiceagent_private.variables_to_find(
			voiceagent_private.variables_heard(a.variables, v.settings -> 'experiment'), v.settings),
		voiceagent_private.hours_windows(v.calling_hours), v.lawful, c.started_at IS NOT NULL, c.type = 'test'
	INTO STRICT v_rules.variables, v_rules.windows, v_rules.lawful, v_rules.again, v_test
	FROM voiceagent.campaigns c
	JOIN voiceagent.campaign_versions v ON v.tenant_id = c.tenant_id AND v.campaign_id = c.campaign_id
		AND v.version = c.version
	JOIN voiceagent.assistant_versions a ON a.tenant_id = c.tenant_id
		AND a.assistant_id = (v.settings ->> 'assistant_id')::bigint
		AND a.version = v.assistant_version
	WHERE c.tenant_id = voiceagent.current_tenant() AND c.campaign_id = enqueue_rules_of.campaign_id;
	-- test_call() has checked already: it gives the prompt values that are not the lead's.
	v_rules.missing := CASE WHEN v_test OR coalesce(cardinality(v_rules.variables), 0) = 0 THEN 'false'
		ELSE format('voiceagent_private.lead_lacks(d, %L)', v_rules.variables) END;
	v_rules.joins := voiceagent_private.layers_joins(enqueue_rules_of.campaign_id);
	v_rules.layer := voiceagent_private.layers_case(v_rules.joins, v_rules.lawful);
	RETURN v_rules;
END
$$;
COMMENT ON FUNCTION voiceagent_private.enqueue_rules_of(bigint) IS
	'By what this campaign of the current tenant queues its pending leads now.';

CREATE FUNCTION voiceagent_private.passing_reasons() RETURNS text[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN ARRAY['no legal calling window', 'do_not_call: platform', 'do_not_call: held', 'do_not_call: campaign',
		'do_not_call: area_code', 'do_not_call: national', 'missing variable']
		|| voiceagent_private.number_reasons();
COMMENT ON FUNCTION voiceagent_private.passing_reasons() IS
	'The reasons for which a lead is skipped until they are gone: hours, law, blocks, consents, values and numbers '
	'change.';

-- A lead that still lacks a value or a number stays skipped: it did not stop other leads from being dialled, and must
-- not when the campaign goes on.
CREATE FUNCTION voiceagent_private.bring_back_skipped(campaign_id bigint, rules voiceagent_private.enqueue_rules)
	RETURNS bigint[] LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_back bigint[];
BEGIN
	-- The text comes from enqueue_rules_of().  @plpgsql_check_options: security_warnings = off
	EXECUTE format($q$
		WITH back AS (
			UPDATE voiceagent.campaign_leads cl SET status = 'pending', reason = NULL
			WHERE cl.tenant_id = $1 AND cl.campaign_id = $2 AND cl.status = 'skipped' AND cl.reason = ANY ($3)
				AND CASE WHEN cl.reason = 'missing variable' THEN EXISTS (SELECT FROM voiceagent.leads d
						WHERE d.tenant_id = $1 AND d.lead_id = cl.lead_id AND NOT (%s))
					WHEN cl.reason = ANY ($4) THEN
						voiceagent_private.other_number($2, cl.lead_id, 0::smallint) IS NOT NULL ELSE true END
			RETURNING cl.lead_id
		)
		SELECT array_agg(b.lead_id) FROM back b CROSS JOIN LATERAL (SELECT FROM voiceagent.leads o
			WHERE o.tenant_id = $1 AND o.lead_id = b.lead_id AND o.status = 'failed'
				AND o.status_reason = ANY ($3) OFFSET 0) d $q$, rules.missing)
	INTO v_back USING v_tenant, campaign_id, voiceagent_private.passing_reasons(), voiceagent_private.number_reasons();
	RETURN v_back;
END
$$;
COMMENT ON FUNCTION voiceagent_private.bring_back_skipped(bigint, voiceagent_private.enqueue_rules) IS
	E'Makes leads of a campaign pending that were skipped for a reason that is gone (passing_reasons()).\n'
	'It returns those that were given up for such a reason alone (NULL: none): see wait_again().';

CREATE FUNCTION voiceagent_private.look_at_pending(campaign_id bigint, lead_ids bigint[],
	rules voiceagent_private.enqueue_rules, at timestamptz, OUT callable bigint, OUT do_not_call bigint,
	OUT missing bigint, OUT unlawful bigint, OUT unlawful_places jsonb, OUT left_out bigint[], OUT layers text[],
	OUT places voiceagent_private.dial_place[])
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	-- The texts come from enqueue_rules_of().  @plpgsql_check_options: security_warnings = off
	EXECUTE format($q$
		WITH kinds AS MATERIALIZED (
			SELECT j.timezones, j.region, j.layer, j.missing, count(*) AS leads,
				array_agg(j.lead_id) FILTER (WHERE j.layer IS NOT NULL OR j.missing) AS out
			FROM (SELECT cl.lead_id, d.timezones, voiceagent_private.jurisdiction(d.country, d.region) AS region,
				(%s) AS layer, (%s) AS missing
				FROM voiceagent.campaign_leads cl
				JOIN voiceagent.leads d ON d.tenant_id = cl.tenant_id AND d.lead_id = cl.lead_id %s
				WHERE cl.tenant_id = $1 AND cl.campaign_id = $2 AND cl.status = 'pending'
					AND ($6 IS NULL OR cl.lead_id = ANY ($6))
				OFFSET 0 /* computed once */) j
			GROUP BY j.timezones, j.region, j.layer, j.missing
		), out AS (
			SELECT array_agg(i.lead_id) AS leads, array_agg(k.layer) AS layers
			FROM kinds k CROSS JOIN LATERAL unnest(k.out) AS i(lead_id)
		), zones AS MATERIALIZED (
			SELECT k.timezones, k.region,
				coalesce(sum(k.leads) FILTER (WHERE k.layer IS NULL AND NOT k.missing), 0)::bigint AS callable,
				coalesce(sum(k.leads) FILTER (WHERE k.layer IS NOT NULL), 0)::bigint AS do_not_call,
				coalesce(sum(k.leads) FILTER (WHERE k.layer IS NULL AND k.missing), 0)::bigint AS missing
			FROM kinds k GROUP BY k.timezones, k.region
		), windows AS MATERIALIZED (
			SELECT z.*, w.opens_at, w.closes_at, $7 AND w.opens_at = 'infinity' AS unlawful
			FROM zones z CROSS JOIN LATERAL voiceagent_private.window_under($7, z.region, z.timezones, $4, $5) w
		), made AS (
			INSERT INTO voiceagent_private.lanes (tenant_id, campaign_id, timezones, region, running,
				opens_at, closes_at)
			SELECT $1, $2, w.timezones, w.region, $3, w.opens_at, w.closes_at
			FROM windows w
			WHERE w.callable > 0 AND NOT w.unlawful
			ORDER BY w.timezones, w.region
			ON CONFLICT DO NOTHING
		)
		SELECT coalesce(sum(w.callable) FILTER (WHERE NOT w.unlawful), 0), coalesce(sum(w.do_not_call), 0),
			coalesce(sum(w.missing), 0), coalesce(sum(w.callable) FILTER (WHERE w.unlawful), 0),
			jsonb_agg(jsonb_build_object('timezones', w.timezones, 'region', w.region, 'leads', w.callable)
				ORDER BY w.region, w.timezones) FILTER (WHERE w.unlawful AND w.callable > 0),
			(SELECT o.leads FROM out o), (SELECT o.layers FROM out o),
			array_agg(ROW(NULL, NULL, NULL, w.timezones, w.region, NULL)::voiceagent_private.dial_place)
				FILTER (WHERE w.callable > 0 AND NOT w.unlawful)
		FROM windows w $q$,
		rules.layer, rules.missing, rules.joins)
	INTO callable, do_not_call, missing, unlawful, unlawful_places, left_out, layers, places
	USING v_tenant, campaign_id, voiceagent_private.lanes_run(campaign_id), rules.windows, at, lead_ids, rules.lawful;
END
$$;
COMMENT ON FUNCTION voiceagent_private.look_at_pending(bigint, bigint[], voiceagent_private.enqueue_rules,
	timestamptz) IS
	E'Looks at each pending lead of a campaign (lead_ids: only those) once: whether it may be called, whether it lacks '
	'a value, which lane it needs; and makes these lanes.\n'
	'It returns counts; places without a legal window (unlawful_places); leads that are not queued, each with the '
	'do-not-call layer that forbids it (NULL: a variable is missing); and the places of those that are.';

CREATE FUNCTION voiceagent_private.queue_pending(campaign_id bigint, lead_ids bigint[],
	places voiceagent_private.dial_place[], at timestamptz) RETURNS bigint
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_queued bigint;
	-- Touch only the lanes that a lead joins, not all lanes of the campaign.
	v_lanes bigint[] := ARRAY(SELECT l.lane_id FROM unnest(places) d
		CROSS JOIN LATERAL (SELECT o.lane_id FROM voiceagent_private.lanes o
			WHERE o.tenant_id = v_tenant AND o.campaign_id = queue_pending.campaign_id
				AND o.timezones = d.timezones AND o.region = d.jurisdiction OFFSET 0) l);
BEGIN
	PERFORM FROM voiceagent_private.lanes l
	WHERE l.tenant_id = v_tenant AND l.lane_id = ANY (v_lanes) ORDER BY l.lane_id FOR NO KEY UPDATE;
	PERFORM voiceagent_private.store_terms((SELECT array_agg(DISTINCT d.jurisdiction) FROM unnest(places) d), at);
	-- Planned anew each time, because lead_ids decides how the leads are found. A lead that has moved to another lane
	-- meanwhile stays pending until the next look.
	EXECUTE $q$
		WITH waiting AS (
			UPDATE voiceagent.campaign_leads cl SET status = 'queued', reason = NULL
			FROM voiceagent.leads d
			JOIN voiceagent_private.lanes l ON l.tenant_id = $1 AND l.campaign_id = $2
				AND l.timezones = d.timezones AND l.region = voiceagent_private.jurisdiction(d.country, d.region)
			WHERE cl.tenant_id = $1 AND cl.campaign_id = $2 AND cl.status = 'pending'
				AND ($4 IS NULL OR cl.lead_id = ANY ($4))
				AND d.tenant_id = $1 AND d.lead_id = cl.lead_id AND l.lane_id = ANY ($5)
			RETURNING cl.lead_id, l.lane_id, d.priority, cl.not_before
		), added AS (
			INSERT INTO voiceagent_private.call_queue (tenant_id, lane_id, priority, not_before, campaign_id, lead_id)
			SELECT $1, w.lane_id, w.priority, greatest($3, w.not_before), $2, w.lead_id FROM waiting w
			RETURNING lane_id, not_before
		), due AS (
			SELECT r.lane_id, min(r.not_before) AS first_due, count(*) AS rows FROM added r GROUP BY r.lane_id
		), lowered AS (
			UPDATE voiceagent_private.lanes l SET next_due = d.first_due
			FROM due d WHERE l.tenant_id = $1 AND l.lane_id = d.lane_id AND l.next_due > d.first_due
		)
		SELECT coalesce(sum(d.rows), 0) FROM due d $q$
	INTO v_queued USING v_tenant, campaign_id, at, lead_ids, v_lanes;
	RETURN v_queued;
END
$$;
COMMENT ON FUNCTION voiceagent_private.queue_pending(bigint, bigint[], voiceagent_private.dial_place[], timestamptz) IS
	'Queues the pending leads of a campaign (lead_ids: only those) that are at these places, whose lanes it locks, as '
	'due at that time, or at their own not_before; returns how many.';

CREATE FUNCTION voiceagent_private.enqueue_seen(campaign_id bigint, lead_ids bigint[], skip_missing boolean,
	at timestamptz, OUT queued bigint, OUT do_not_call bigint, OUT missing bigint, OUT unlawful bigint)
	LANGUAGE plpgsql VOLATILE SET planner.policy = adaptive AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_rules voiceagent_private.enqueue_rules;
	v_seen record;
	v_others bigint;
	v_moved bigint;
	-- Leads that were given up for a temporary reason and have come back.
	v_back bigint[];
	v_lacking bigint[];
	v_given_up bigint[];
BEGIN
	PERFORM voiceagent_private.lock_law(false);
	v_rules := voiceagent_private.enqueue_rules_of(campaign_id);
	-- The planner cannot know how many leads are pending: hash-join many, look up a few. (The settings end with this
	-- function.)
	IF coalesce(cardinality(lead_ids), (SELECT count(*) FROM (SELECT FROM voiceagent.campaign_leads cl
			WHERE cl.tenant_id = v_tenant AND cl.campaign_id = enqueue_seen.campaign_id AND cl.status = 'pending'
			LIMIT 5001) many)) > 5000 THEN
		PERFORM set_config('enable_nestloop', 'off', true), set_config('enable_sort', 'off', true);
	END IF;
	IF lead_ids IS NULL AND v_rules.again THEN
		v_back := voiceagent_private.bring_back_skipped(campaign_id, v_rules);
	END IF;
	v_others := voiceagent_private.enqueue_others(campaign_id, lead_ids, v_rules.joins,
		format('((%s) IS NOT NULL OR d.call_attempts > 0 AND voiceagent_private.found_wrong_last(d.tenant_id, '
			'd.lead_id, %L)) AND NOT (%s)',
			v_rules.layer, v_rules.lawful, v_rules.missing), at);
	v_seen := voiceagent_private.look_at_pending(campaign_id, lead_ids, v_rules, at);
	queued := v_seen.callable;
	do_not_call := v_seen.do_not_call;
	missing := v_seen.missing;
	unlawful := v_seen.unlawful;

	IF do_not_call > 0 THEN
		PERFORM voiceagent_private.skip_leads(campaign_id, v_seen.left_out, v_seen.layers, true);
	END IF;
	IF missing > 0 THEN
		v_lacking := ARRAY(SELECT i.lead_id FROM unnest(v_seen.left_out, v_seen.layers) AS i(lead_id, layer)
			WHERE i.layer IS NULL);
		IF NOT skip_missing THEN
			PERFORM voiceagent_private.fail_missing_variables(v_rules.variables, v_lacking);
		END IF;
		PERFORM voiceagent_private.skip_leads(campaign_id, v_seen.left_out, v_seen.layers, false);
		RAISE NOTICE 'variables of the prompt have no value for % of the leads', cardinality(v_lacking) USING
			DETAIL = voiceagent_private.describe_missing(v_rules.variables, v_lacking),
			HINT = 'They are skipped. Fill the fields, then add_leads() takes them back.';
	END IF;
	IF unlawful > 0 THEN
		v_moved := voiceagent_private.enqueue_others(campaign_id, lead_ids, '', format($c$
			(voiceagent_private.jurisdiction(d.country, d.region), d.timezones) IN (
				SELECT p.region, p.timezones
				FROM jsonb_to_recordset(%L) AS p(region text, timezones text[])) $c$, v_seen.unlawful_places), at);
		v_others := v_others + v_moved;
		unlawful := unlawful - v_moved;
		IF unlawful > 0 THEN
			PERFORM voiceagent_private.skip_unlawful(campaign_id, lead_ids, v_seen.unlawful_places);
		END IF;
	END IF;
	IF v_rules.again AND do_not_call + missing + unlawful > 0 THEN
		-- One by one: few leads are skipped.
		EXECUTE $q$
			SELECT array_agg(cl.lead_id) FROM voiceagent.campaign_leads cl
			CROSS JOIN LATERAL (SELECT FROM voiceagent.leads o
				WHERE o.tenant_id = $1 AND o.lead_id = cl.lead_id AND o.status = 'retry' OFFSET 0) d
			WHERE cl.tenant_id = $1 AND cl.campaign_id = $2 AND cl.status = 'skipped'
				AND ($3 IS NULL OR cl.lead_id = ANY ($3)) $q$
		INTO v_given_up USING voiceagent.current_tenant(), campaign_id, lead_ids;
		IF v_given_up IS NOT NULL THEN
			PERFORM voiceagent_private.give_up_leads(array_fill(campaign_id, ARRAY[cardinality(v_given_up)]),
				v_given_up);
		END IF;
	END IF;
	IF queued + v_others = 0 THEN
		RETURN;
	END IF;
	queued := voiceagent_private.queue_pending(campaign_id, lead_ids, v_seen.places, at) + v_others;
	IF v_back IS NOT NULL THEN
		PERFORM voiceagent_private.wait_again(ARRAY(SELECT cl.lead_id FROM voiceagent.campaign_leads cl
			WHERE cl.tenant_id = v_tenant AND cl.campaign_id = enqueue_seen.campaign_id AND cl.lead_id = ANY (v_back)
				AND cl.status = 'queued'),
			voiceagent_private.passing_reasons());
	END IF;
	PERFORM set_config('enable_nestloop', 'on', true), set_config('enable_sort', 'on', true);
END
$$;
COMMENT ON FUNCTION voiceagent_private.enqueue_seen(bigint, bigint[], boolean, timestamptz) IS
	'One look of enqueue_pending(), with its arguments: a lead that is changed meanwhile may stay pending.';
