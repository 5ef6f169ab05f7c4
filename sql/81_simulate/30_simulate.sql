/*
 * 81_simulate: what the next days of a campaign will look like.  The claim's input is copied, under a tenant of its
 * own, into a subtransaction; there the campaign runs, and then everything is rolled back.  The real tenant's rows are
 * read once, as anybody reads them, and never locked.
 */

CREATE TYPE voiceagent_private.table_copy AS (
	tab text,
	lines text[]
);
COMMENT ON TYPE voiceagent_private.table_copy IS 'Rows of a table of the current tenant, as text.';

CREATE FUNCTION voiceagent_private.copy_rows(tab text, condition text, key bigint, leads bigint[])
	RETURNS voiceagent_private.table_copy
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_copy voiceagent_private.table_copy;
BEGIN
	v_copy.tab := tab;
	-- Our own constants.  @plpgsql_check_options: security_warnings = off
	EXECUTE format('SELECT array_agg(x::text) FROM (SELECT t AS x FROM %s t WHERE t.tenant_id = $1 AND (%s) '
		'OFFSET 0 /* the row as it is */) o', tab, condition)
	INTO v_copy.lines USING voiceagent.current_tenant(), key, leads;
	RETURN v_copy;
END
$$;
COMMENT ON FUNCTION voiceagent_private.copy_rows(text, text, bigint, bigint[]) IS
	'Rows t of a table of the current tenant for which the condition over t, $2 (key) and $3 (leads) holds.';

CREATE FUNCTION voiceagent_private.insert_copied_rows(copy voiceagent_private.table_copy, tenant_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_columns text[] := ARRAY(SELECT quote_ident(a.attname) FROM pg_catalog.pg_attribute a
		WHERE a.attrelid = copy.tab::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
			AND a.attname <> 'tenant_id'
		ORDER BY a.attnum);
BEGIN
	IF copy.lines IS NULL THEN
		RETURN;
	END IF;
	-- Ids are unique within a tenant: they stay as they are.  @plpgsql_check_options: security_warnings = off
	EXECUTE format('INSERT INTO %s (tenant_id, %s) OVERRIDING SYSTEM VALUE SELECT $1, %s
		FROM (SELECT i.line::%s AS x FROM unnest($2) WITH ORDINALITY AS i(line, nth)
			ORDER BY i.nth OFFSET 0 /* cast once */) o',
		copy.tab, array_to_string(v_columns, ', '), (SELECT string_agg('(o.x).' || c.name, ', ' ORDER BY c.nth)
			FROM unnest(v_columns) WITH ORDINALITY AS c(name, nth)), copy.tab)
	USING tenant_id, copy.lines;
END
$$;
COMMENT ON FUNCTION voiceagent_private.insert_copied_rows(voiceagent_private.table_copy, bigint) IS
	'Puts copied rows under another tenant, who is acted for.';

CREATE FUNCTION voiceagent_private.copy_campaign(campaign_id bigint, lead_ids bigint[])
	RETURNS voiceagent_private.table_copy[]
	LANGUAGE plpgsql STABLE SET planner.policy = by_keys AS $$
DECLARE
	c_pool CONSTANT text := 't.removed_at IS NULL
		AND t.provider_account_id = ANY (voiceagent_private.accounts_of_campaign($2))
		AND EXISTS (SELECT FROM voiceagent.campaign_numbers m WHERE m.tenant_id = $1 AND m.campaign_id = $2
			AND m.phone_number_id = t.phone_number_id)';
	-- Both of an experiment.
	c_assistants CONSTANT text := 't.assistant_id IN (SELECT i.assistant_id FROM voiceagent.campaigns c,
		unnest(ARRAY[c.assistant_id, (c.experiment #>> ''{b,assistant_id}'')::bigint]) AS i(assistant_id)
		WHERE c.tenant_id = $1 AND c.campaign_id = $2)';
	c_phones CONSTANT text := 't.phone IN (SELECT l.phone FROM voiceagent.leads l WHERE l.tenant_id = $1
		AND l.lead_id = ANY ($3)
		UNION SELECT n.phone FROM voiceagent.lead_numbers n WHERE n.tenant_id = $1 AND n.lead_id = ANY ($3))';
	c_parts CONSTANT text[] := ARRAY[
		-- Days pass as on a real carrier (make_simulated_tenant()).
		'voiceagent_private.tenant_settings', 't.key <> ''sandbox_time_scale''',
		'voiceagent.assistants', c_assistants,
		'voiceagent.assistant_versions', c_assistants,
		'voiceagent.leads', 't.lead_id = ANY ($3)',
		'voiceagent.lead_numbers', 't.lead_id = ANY ($3)',
		'voiceagent.consents', 't.lead_id = ANY ($3)
			AND (t.revoked_at IS NULL OR t.kind = ''recording'')',
		'voiceagent.do_not_call_list', c_phones,
		'voiceagent_private.removed_calls', c_phones,
		'voiceagent.number_facts', c_phones,
		'voiceagent.litigator_lists', 'true',
		'voiceagent.do_not_call_prefixes', 'true',
		'voiceagent.answer_counts', 'true',
		'voiceagent.campaigns', 't.campaign_id = $2',
		'voiceagent.campaign_accounts', 't.campaign_id = $2 AND EXISTS (SELECT FROM voiceagent.provider_accounts a
			WHERE a.tenant_id = $1 AND a.provider_account_id = t.provider_account_id AND a.active)',
		'voiceagent.campaign_versions', 't.campaign_id = $2',
		'voiceagent.campaign_do_not_call_list', 't.campaign_id = $2',
		'voiceagent.campaign_leads', 't.campaign_id = $2 AND t.lead_id = ANY ($3)',
		'voiceagent.campaign_spending', 't.campaign_id = $2',
		'voiceagent.phone_numbers', c_pool,
		'voiceagent.campaign_numbers', 't.campaign_id = $2 AND t.phone_number_id IN (SELECT t.phone_number_id
			FROM voiceagent.phone_numbers t
			WHERE t.tenant_id = $1 AND ' || c_pool || ')',
		'voiceagent_private.number_use', 't.phone_number_id IN (SELECT t.phone_number_id FROM voiceagent.phone_numbers '
			't WHERE t.tenant_id = $1 AND ' || c_pool || ')',
		'voiceagent_private.pacing', 't.campaign_id = $2',
		'voiceagent_private.lanes', 't.campaign_id = $2',
		'voiceagent_private.call_queue', 't.campaign_id = $2 AND t.lead_id = ANY ($3)'];
	v_copies voiceagent_private.table_copy[] := '{}';
BEGIN
	FOR i IN 1 .. cardinality(c_parts) BY 2 LOOP
		v_copies := v_copies || voiceagent_private.copy_rows(c_parts[i], c_parts[i + 1], campaign_id, lead_ids);
	END LOOP;
	RETURN v_copies;
END
$$;
COMMENT ON FUNCTION voiceagent_private.copy_campaign(bigint, bigint[]) IS
	'All that decides about these leads in a campaign of the current tenant, in the order in which it can be put '
	'back: settings, assistant, leads, consents, do-not-call lists, facts of numbers, the campaign, the '
	'active accounts that it falls back on, its pool of numbers, its queue.';

CREATE FUNCTION voiceagent_private.copy_dials(dials voiceagent.calls[], campaign voiceagent.campaigns) RETURNS void
	LANGUAGE sql VOLATILE
	BEGIN ATOMIC
		-- Whatever campaign they were of, the caps count them, but for rehearsals; each needs a version to refer to.
		INSERT INTO voiceagent.calls (tenant_id, call_id, campaign_id, lead_id, phone, number, assistant_id,
			assistant_version, campaign_version, provider_account_id, attempt_number, status, outcome, cause,
			cause_class, structured_data, lawful, counts, duration_seconds, credits, started_at, ended_at)
		OVERRIDING SYSTEM VALUE
		SELECT (campaign).tenant_id, d.call_id, (campaign).campaign_id, d.lead_id, d.phone, d.number,
			(campaign).assistant_id,
			(SELECT a.version FROM voiceagent.assistants a
				WHERE a.tenant_id = (campaign).tenant_id AND a.assistant_id = (campaign).assistant_id),
			(campaign).version, (campaign).provider_account_id, d.attempt_number, d.status, d.outcome, d.cause,
			d.cause_class, d.structured_data, d.lawful, d.counts,
			d.duration_seconds, 0, d.started_at, d.ended_at
		FROM unnest(dials) d;
	END;
COMMENT ON FUNCTION voiceagent_private.copy_dials(voiceagent.calls[], voiceagent.campaigns) IS
	'Puts former calls of its leads into the copy of a campaign.';

CREATE FUNCTION voiceagent_private.leads_in_cooldown(campaign_id bigint, lead_ids bigint[], at timestamptz,
	lawful boolean, OUT leads bigint[], OUT until timestamptz[])
	LANGUAGE plpgsql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_settings jsonb := (SELECT voiceagent_private.resolved_settings(c.settings, 'vapi') FROM voiceagent.campaigns c
		WHERE c.tenant_id = v_tenant AND c.campaign_id = leads_in_cooldown.campaign_id);
	v_number_rest interval := voiceagent_private.as_interval(v_settings ->> 'number_cooldown');
	v_incoming_rest interval := voiceagent_private.as_interval(v_settings ->> 'retry_delay_incoming');
BEGIN
	SELECT array_agg(l.lead_id), array_agg(greatest(r.called_until, r.paused_until)) INTO leads, until
	FROM unnest(lead_ids) AS i(lead_id)
	CROSS JOIN LATERAL (SELECT o.lead_id, o.phone FROM voiceagent.leads o
		WHERE o.tenant_id = v_tenant AND o.lead_id = i.lead_id OFFSET 0) l
	LEFT JOIN LATERAL (SELECT o.number, o.reason FROM voiceagent_private.call_queue o
		WHERE o.tenant_id = v_tenant AND o.campaign_id = leads_in_cooldown.campaign_id
			AND o.lead_id = i.lead_id OFFSET 0) q ON true
	LEFT JOIN LATERAL (SELECT o.phone FROM voiceagent.lead_numbers o
		WHERE o.tenant_id = v_tenant AND o.lead_id = i.lead_id AND o.number = q.number OFFSET 0) n ON true
	CROSS JOIN LATERAL voiceagent_private.number_cooldowns(v_tenant, leads_in_cooldown.campaign_id, i.lead_id, l.phone,
		coalesce(n.phone, l.phone), lawful, v_number_rest, v_incoming_rest, at) r
	WHERE greatest(r.called_until, r.paused_until) > at AND q.reason IS DISTINCT FROM 'callback';
END
$$;
COMMENT ON FUNCTION voiceagent_private.leads_in_cooldown(bigint, bigint[], timestamptz, boolean) IS
	'Those of the leads that a campaign of the current tenant leaves alone at an instant because they have called us, '
	'or another campaign has called them (number_cooldowns()), and until when; NULL: none.';

CREATE FUNCTION voiceagent_private.simulated_law(campaign_id bigint, OUT provider text, OUT lawful boolean)
	LANGUAGE sql STABLE AS $$
	SELECT p.provider, voiceagent_private.obeys_law(p.provider,
		voiceagent_private.resolved_settings(c.settings, p.provider))
	FROM voiceagent.campaigns c
	-- One real carrier stands for all of them.
	CROSS JOIN LATERAL (SELECT CASE a.provider WHEN 'sandbox' THEN 'sandbox' ELSE 'vapi' END AS provider
		FROM voiceagent.provider_accounts a
		WHERE a.tenant_id = c.tenant_id AND a.provider_account_id = c.provider_account_id) p
	WHERE c.tenant_id = voiceagent.current_tenant() AND c.campaign_id = simulated_law.campaign_id
$$;
COMMENT ON FUNCTION voiceagent_private.simulated_law(bigint) IS
	'By whose rules a simulation of a campaign dials: the provider of the simulated accounts, and whether the law '
	'holds, both as a start of the campaign would have it.';

CREATE TYPE voiceagent_private.simulated_figures AS (
	day date,
	hour integer,
	calls bigint,
	answered bigint,
	talk_minutes numeric,
	credits numeric,
	appointments bigint,
	interested bigint,
	callbacks bigint,
	opted_out bigint,
	leads_left bigint,
	blocked jsonb,
	note text
);
COMMENT ON TYPE voiceagent_private.simulated_figures IS 'A row of simulate().';

CREATE FUNCTION voiceagent_private.simulated_end(campaign_id bigint, refusal text, steps_left integer) RETURNS text
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_zone text := voiceagent_private.tenant_zone();
	v_campaign voiceagent.campaigns;
	v_suspended text;
BEGIN
	IF refusal IS NOT NULL THEN
		RETURN 'cannot start: ' || refusal;
	END IF;
	SELECT * INTO v_campaign FROM voiceagent.campaigns c
	WHERE c.tenant_id = v_tenant AND c.campaign_id = simulated_end.campaign_id;
	SELECT p.suspended INTO v_suspended FROM voiceagent_private.pacing p
	WHERE p.tenant_id = v_tenant AND p.campaign_id = simulated_end.campaign_id;
	RETURN CASE
		WHEN v_campaign.status = 'completed' THEN 'done '
			|| to_char(v_campaign.ended_at AT TIME ZONE v_zone, 'YYYY-MM-DD HH24:MI')
		WHEN v_campaign.status = 'paused' THEN 'paused: '
			|| regexp_replace(coalesce(v_campaign.status_reason, 'by its breaker'), ': call .*', '')
		WHEN v_campaign.status = 'scheduled' THEN 'not started yet'
		WHEN v_suspended IS NOT NULL THEN 'held back: ' || v_suspended
		WHEN v_campaign.status_reason IS NOT NULL THEN 'held back: ' || v_campaign.status_reason
		WHEN steps_left <= 0 THEN 'not simulated to the end: too much happens'
		ELSE 'not done by then' END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.simulated_end(bigint, text, integer) IS
	'How a simulated campaign stands at the end, in words: done, or what stops it.';

CREATE FUNCTION voiceagent_private.count_simulated(campaign_id bigint, since timestamptz, one_in integer, note text)
	RETURNS voiceagent_private.simulated_figures[] LANGUAGE sql STABLE SET planner.policy = whole
	BEGIN ATOMIC
		WITH ended AS MATERIALIZED (
			SELECT (c.started_at AT TIME ZONE z.zone)::date AS day,
				extract(hour FROM c.started_at AT TIME ZONE z.zone)::integer AS hour,
				c.status, c.outcome, c.duration_seconds, c.credits
			FROM voiceagent.calls c CROSS JOIN (SELECT voiceagent_private.tenant_zone() AS zone) z
			WHERE c.tenant_id = voiceagent.current_tenant() AND c.campaign_id = count_simulated.campaign_id
				AND c.started_at >= since
				AND c.outcome IS NOT NULL
		), counted AS (
			SELECT e.day, e.hour, grouping(e.day) AS of_all, count(*) * one_in AS calls,
				count(*) FILTER (WHERE e.status = 'completed') * one_in AS answered,
				round(coalesce(sum(e.duration_seconds), 0) * one_in / 60, 1) AS talk_minutes,
				trim_scale(coalesce(sum(e.credits), 0) * one_in) AS credits,
				count(*) FILTER (WHERE e.outcome = 'scheduled') * one_in AS appointments,
				count(*) FILTER (WHERE e.outcome = 'interested') * one_in AS interested,
				count(*) FILTER (WHERE e.outcome = 'callback') * one_in AS callbacks,
				count(*) FILTER (WHERE e.outcome = 'do_not_call') * one_in AS opted_out
			FROM ended e GROUP BY GROUPING SETS ((e.day, e.hour), (e.day), ())
		)
		SELECT array_agg(ROW(r.*)::voiceagent_private.simulated_figures ORDER BY r.day NULLS FIRST, r.hour NULLS FIRST)
		FROM (SELECT k.day, k.hour, k.calls, k.answered, k.talk_minutes, k.credits, k.appointments, k.interested,
			k.callbacks, k.opted_out,
			CASE WHEN k.of_all = 1 THEN (SELECT count(*) * one_in FROM voiceagent.campaign_leads m
				WHERE m.tenant_id = voiceagent.current_tenant() AND m.campaign_id = count_simulated.campaign_id
					AND m.status IN ('pending', 'queued', 'retry', 'calling')) END AS leads_left,
			CASE WHEN k.of_all = 1 THEN (SELECT coalesce(jsonb_object_agg(b.reason, b.leads * one_in), '{}')
				FROM voiceagent_private.blocked_leads(count_simulated.campaign_id, voiceagent.clock()) b)
				END AS blocked,
			CASE WHEN k.of_all = 1 THEN count_simulated.note END AS note
			FROM counted k) r;
	END;
COMMENT ON FUNCTION voiceagent_private.count_simulated(bigint, timestamptz, integer, text) IS
	'The rows of simulate(), from the calls of the simulated campaign since its start: all, each day, each hour.';

CREATE FUNCTION voiceagent_private.simulated_settings(settings jsonb, provider text, one_in integer, line_s numeric,
	converses boolean) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_in_force jsonb := voiceagent_private.resolved_settings(settings, provider);
	v_lines numeric := least((v_in_force ->> 'max_concurrent_calls')::numeric,
		(v_in_force ->> 'tenant_max_concurrent_calls')::numeric) / one_in;
	v_interval numeric := extract(epoch FROM voiceagent_private.as_interval(v_in_force ->> 'call_interval')) * one_in;
BEGIN
	-- The simulated carrier judges its calls; where none of the campaign's does, none is dialled again for having been
	-- short.
	IF NOT converses THEN
		settings := settings || '{"unfinished_call_seconds": 0}';
	END IF;
	IF one_in = 1 THEN
		RETURN settings;
	END IF;
	-- Less than one line is one line that rests between its calls.
	IF v_lines < 1 THEN
		v_interval := greatest(v_interval, line_s / v_lines);
	END IF;
	RETURN settings || jsonb_build_object('max_concurrent_calls', greatest(round(v_lines), 1)::integer,
		'call_interval', least(v_interval, 86400)::text,
		'spend_cap', (v_in_force ->> 'spend_cap')::numeric / one_in,
		'spend_cap_per_day', (v_in_force ->> 'spend_cap_per_day')::numeric / one_in);
END
$$;
COMMENT ON FUNCTION voiceagent_private.simulated_settings(jsonb, text, integer, numeric, boolean) IS
	'The settings of a campaign at this provider for its simulated copy with one lead in so many; line_s: how long a '
	'call takes a line; converses: whether a carrier of the campaign holds the conversation.';

CREATE FUNCTION voiceagent_private.simulate_campaign(campaign_id bigint, until timestamptz, seed bigint,
	answer_rate numeric, lead_ids bigint[], one_in integer) RETURNS voiceagent_private.simulated_figures[]
	LANGUAGE plpgsql VOLATILE
	SET planner.policy = simulation SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_zone text := voiceagent_private.tenant_zone();
	v_copies voiceagent_private.table_copy[] := voiceagent_private.copy_campaign(campaign_id, lead_ids);
	-- The latest ended calls of each: the caps of their numbers count those under the law.
	v_dials voiceagent.calls[] := ARRAY(SELECT c.call FROM unnest(lead_ids) AS i(lead_id)
		CROSS JOIN LATERAL (SELECT o AS call FROM voiceagent.calls o
			WHERE o.tenant_id = voiceagent.current_tenant() AND o.lead_id = i.lead_id
				AND o.direction = 'outbound' AND o.outcome IS NOT NULL AND o.started_at <= v_now
			ORDER BY o.call_id DESC LIMIT 50) c);
	v_law record := voiceagent_private.simulated_law(campaign_id);
	v_resting record := voiceagent_private.leads_in_cooldown(campaign_id, lead_ids, v_now, v_law.lawful);
	v_credits numeric := round((voiceagent_private.wallet(v_now)).all_calls, 6);
	v_history record := voiceagent_private.preview_history(v_law.lawful);
	v_rate numeric := coalesce(answer_rate, CASE WHEN v_history.calls > 0 THEN v_history.answer_rate END);
	v_line_s numeric := 15 + v_history.answer_rate * v_history.talk_s;
	v_accounts bigint[];
	v_limits integer[];
	v_converses boolean;
	v_campaign voiceagent.campaigns;
	v_runs boolean;
	v_tenant bigint;
	v_refusal text;
	v_left integer := 20000;
	v_result voiceagent_private.simulated_figures[];
BEGIN
	SELECT array_agg(a.provider_account_id), array_agg(a.max_concurrent_calls),
		bool_or(voiceagent_private.answers_by(a.provider) = 'conversation')
	INTO v_accounts, v_limits, v_converses
	FROM voiceagent.provider_accounts a
	WHERE a.tenant_id = voiceagent.current_tenant()
		AND a.provider_account_id = ANY (voiceagent_private.accounts_of_campaign(campaign_id));
	BEGIN
		PERFORM voiceagent_private.begin_simulation(v_now, seed, coalesce(round(v_rate * 1000)::integer, -1),
			'{0,0,0,0,0}');
		v_tenant := voiceagent_private.make_simulated_tenant('simulated', v_zone, round(v_credits / one_in, 6));
		FOR i IN 1 .. cardinality(v_copies) LOOP
			IF v_copies[i].tab = 'voiceagent.campaigns' THEN
				-- Before the campaign: the accounts that it is to dial by.
				v_campaign := (v_copies[i].lines[1])::voiceagent.campaigns;
				PERFORM voiceagent_private.simulated_account(greatest(a.calls / one_in, 1), a.id, v_law.provider)
				FROM unnest(v_accounts, v_limits) AS a(id, calls);
				v_campaign.tenant_id := v_tenant;
				v_campaign.settings := voiceagent_private.simulated_settings(v_campaign.settings, v_law.provider,
					one_in, v_line_s, v_converses);
				v_runs := v_campaign.status = 'running';
				IF v_campaign.status <> 'draft' THEN
					v_campaign.status := 'paused';
				END IF;
				v_copies[i].lines[1] := v_campaign::text;
			ELSIF v_copies[i].tab = 'voiceagent.phone_numbers' THEN
				-- Other rows that they refer to are not here, nor does anybody call them.
				v_copies[i].lines := ARRAY(SELECT (jsonb_populate_record(l::voiceagent.phone_numbers,
					'{"origin_account_id": null, "origin_number_id": null,
					"ai_assistant_id": null, "forward_to_number": null, "greeting_message": null, "is_primary": false, '
						'"proof": "tenant"}'))::text
					FROM unnest(v_copies[i].lines) l);
			END IF;
			PERFORM voiceagent_private.insert_copied_rows(v_copies[i], v_tenant);
		END LOOP;
		-- The same share of the pool as of the leads.
		DELETE FROM voiceagent.campaign_numbers m
		WHERE m.tenant_id = v_tenant AND m.phone_number_id IN (SELECT o.phone_number_id
			FROM (SELECT n.phone_number_id, row_number() OVER (ORDER BY n.phone_number_id) AS nth,
				count(*) OVER () AS of_all
				FROM voiceagent.campaign_numbers n WHERE n.tenant_id = v_tenant) o
				WHERE o.nth > ceil(o.of_all::numeric / one_in));
		PERFORM voiceagent_private.copy_dials(v_dials, v_campaign)
		WHERE EXISTS (SELECT FROM voiceagent.campaign_versions w
			WHERE w.tenant_id = v_tenant AND w.campaign_id = campaign_id AND w.version = v_campaign.version);
		UPDATE voiceagent.campaign_leads m SET status = 'pending'
		WHERE m.tenant_id = v_tenant AND m.campaign_id = campaign_id AND m.status = 'calling';
		-- In the copy all calls are the campaign's own, and there are no incoming calls.
		UPDATE voiceagent.campaign_leads m SET not_before = greatest(m.not_before, r.rests_until)
		FROM unnest(v_resting.leads, v_resting.until) AS r(lead_id, rests_until)
		WHERE m.tenant_id = v_tenant AND m.campaign_id = simulate_campaign.campaign_id AND m.lead_id = r.lead_id;
		UPDATE voiceagent_private.call_queue q SET not_before = greatest(q.not_before, r.rests_until)
		FROM unnest(v_resting.leads, v_resting.until) AS r(lead_id, rests_until)
		WHERE q.tenant_id = v_tenant AND q.campaign_id = simulate_campaign.campaign_id AND q.lead_id = r.lead_id;
		UPDATE voiceagent.campaign_spending s SET held = 0, spent = s.spent / one_in WHERE s.tenant_id = v_tenant;
		UPDATE voiceagent_private.pacing p SET suspended = NULL, next_dial_at = v_now WHERE p.tenant_id = v_tenant;
		INSERT INTO voiceagent.campaign_confirmations (tenant_id, campaign_id, provider_account_id, people, leads,
			confirmed_by, confirmed_at)
		VALUES (v_tenant, campaign_id, v_campaign.provider_account_id, cardinality(lead_ids), cardinality(lead_ids),
			'simulated', v_now);
		BEGIN
			v_campaign := voiceagent_private.lock_campaign(campaign_id);
			-- One that runs goes on, whoever loses a value.
			PERFORM voiceagent_private.run_campaign(v_campaign, 'campaign_started', v_runs);
		EXCEPTION WHEN SQLSTATE 'PT402' OR SQLSTATE 'PT404' OR SQLSTATE 'PT409' OR SQLSTATE 'PT422' THEN
			v_refusal := SQLERRM;
		END;
		IF v_refusal IS NULL THEN
			SELECT u.steps_left INTO v_left
			FROM voiceagent_private.simulate_until(until, '30 seconds', v_left, '15 seconds') u;
			PERFORM voiceagent_private.set_tenant(v_tenant);
		END IF;
		v_result := voiceagent_private.count_simulated(campaign_id, v_now, one_in,
			voiceagent_private.simulated_end(campaign_id, v_refusal, v_left));
		RAISE EXCEPTION USING ERRCODE = 'VA000', MESSAGE = 'the simulation is over';
	EXCEPTION WHEN SQLSTATE 'VA000' THEN
		NULL;
	END;
	RETURN v_result;
END
$$;
COMMENT ON FUNCTION voiceagent_private.simulate_campaign(bigint, timestamptz, bigint, numeric, bigint[], integer) IS
	'Runs a copy of a campaign of the current tenant with these leads, one in so many of those that wait, until that '
	'time, and rolls it back; the rows of simulate().';

CREATE FUNCTION voiceagent.simulate(campaign_id bigint, days integer DEFAULT 14, max_leads integer DEFAULT 200,
	seed bigint DEFAULT 1, answer_rate numeric DEFAULT NULL)
	RETURNS TABLE (day date, hour integer, calls bigint, answered bigint, talk_minutes numeric, credits numeric,
		appointments bigint, interested bigint, callbacks bigint, opted_out bigint, leads_left bigint, blocked jsonb,
		note text)
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
	SET planner.policy = simulation AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_leads bigint[];
	v_waiting bigint;
	v_one_in integer;
BEGIN
	PERFORM voiceagent_private.fail_if(NOT EXISTS (SELECT FROM voiceagent.campaigns c
		WHERE c.tenant_id = v_tenant AND c.campaign_id = simulate.campaign_id), 'PT404', 'no such campaign');
	PERFORM voiceagent_private.fail_if(days IS NULL OR days NOT BETWEEN 1 AND 90, 'PT422', 'days lie between 1 and 90');
	PERFORM voiceagent_private.fail_if(max_leads IS NULL OR max_leads NOT BETWEEN 1 AND 10000, 'PT422',
		'max_leads lies between 1 and 10000', NULL,
		'Of a larger campaign one in so many leads is simulated, with so much fewer lines and credits.');
	PERFORM voiceagent_private.fail_if(answer_rate NOT BETWEEN 0 AND 1, 'PT422', 'answer_rate lies between 0 and 1');
	PERFORM voiceagent_private.fail_if(seed IS NULL, 'PT422', 'seed must be a number');
	v_waiting := (SELECT count(*) FROM voiceagent.campaign_leads m
		WHERE m.tenant_id = v_tenant AND m.campaign_id = simulate.campaign_id
		AND m.status IN ('pending', 'queued', 'retry', 'calling'));
	v_one_in := greatest(ceil(v_waiting::numeric / max_leads), 1)::integer;
	v_leads := ARRAY(SELECT w.lead_id FROM (SELECT m.lead_id,
		row_number() OVER (ORDER BY hashint8extended(m.lead_id, 0), m.lead_id) AS nth FROM voiceagent.campaign_leads m
		WHERE m.tenant_id = v_tenant AND m.campaign_id = simulate.campaign_id
			AND m.status IN ('pending', 'queued', 'retry', 'calling')) w
		WHERE (w.nth - 1) % v_one_in = 0 ORDER BY w.lead_id);
	RETURN QUERY SELECT f.*
		FROM unnest(voiceagent_private.simulate_campaign(campaign_id, voiceagent.clock() + make_interval(days => days),
			seed, answer_rate, v_leads, v_one_in)) f;
END
$$;
COMMENT ON FUNCTION voiceagent.simulate(bigint, integer, integer, bigint, numeric) IS
	E'Plays the next days (1 to 90) of a campaign on a copy that is rolled back, under the law that its start obeys.\n'
	'max_leads: leads to simulate (up to 10000; of more, one in so many); seed: the same gives the same days; '
	'answer_rate: share of calls that are answered (NULL: as so far). It returns a row for all (with blocked: leads by '
	'reason), each day and each hour; it raises PT404, PT422, PT403.';
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('deferred', 'simulate');
