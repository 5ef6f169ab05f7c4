/*
 * 90_report: the fold.
 *
 * Locks: the tenant's row of figure_marks, taken before any call is read and
 * held to the commit; the keeper does not wait for it (55P03, tried later).
 * Rows read by an earlier statement of the transaction may be older than the
 * lock, so the calls are read behind it.  A crash undoes the whole step.
 */

CREATE FUNCTION voiceagent_private.fold_calls(call_ids bigint[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_new voiceagent_private.call_fact[] := ARRAY(SELECT f FROM voiceagent_private.facts_of(call_ids) f);
	v_all voiceagent_private.call_fact[] := v_new;
	v_old voiceagent_private.call_fact[] := ARRAY(SELECT f FROM voiceagent_private.folded_facts(call_ids) f);
BEGIN
	-- An unchanged row is not reported.
	IF v_old <> '{}' THEN
		SELECT ARRAY(SELECT n FROM unnest(v_new) n EXCEPT ALL SELECT o FROM unnest(v_old) o),
			ARRAY(SELECT o FROM unnest(v_old) o EXCEPT ALL SELECT n FROM unnest(v_new) n) INTO v_new, v_old;
	END IF;
	DELETE FROM voiceagent.call_facts f USING unnest(v_old) o
	WHERE f.tenant_id = v_tenant AND f.call_id = o.call_id;
	INSERT INTO voiceagent.call_facts (
		tenant_id, call_id, started_at, day, campaign_id, direction, phone_number_id, assistant_id, currency,
		answered, reached, machine, booked, success, callback, opted_out, qualified, retry, csat,
		talk_seconds, credits, cost, status, outcome, evaluation, intent, emotion, interest)
	SELECT n.* FROM unnest(v_new) n ORDER BY n.call_id;
	PERFORM voiceagent_private.add_figures(v_new, v_old);
	PERFORM voiceagent_private.write_call_words(v_all);
END
$$;
COMMENT ON FUNCTION voiceagent_private.fold_calls(bigint[]) IS
	'Brings call_facts, the daily sums and call_words of these calls of the current tenant, each named once, up to '
	'date; the caller has locked the row of figure_marks.';

CREATE FUNCTION voiceagent_private.add_figures(added voiceagent_private.call_fact[],
	taken voiceagent_private.call_fact[])
	RETURNS void LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	INSERT INTO voiceagent.daily_figures AS d (
		tenant_id, day, campaign_id, direction, phone_number_id, assistant_id, currency, calls, answered,
		reached, machines, booked, successes, callbacks, opt_outs, qualified, retries, csat_calls, csat_sum,
		unpriced, talk_seconds, credits, cost)
	SELECT s.* FROM voiceagent_private.sum_facts(added, taken) s
	ON CONFLICT ON CONSTRAINT daily_figures_pkey DO UPDATE
	SET calls = d.calls + excluded.calls, answered = d.answered + excluded.answered,
		reached = d.reached + excluded.reached, machines = d.machines + excluded.machines,
		booked = d.booked + excluded.booked, successes = d.successes + excluded.successes,
		callbacks = d.callbacks + excluded.callbacks, opt_outs = d.opt_outs + excluded.opt_outs,
		qualified = d.qualified + excluded.qualified, retries = d.retries + excluded.retries,
		csat_calls = d.csat_calls + excluded.csat_calls, csat_sum = d.csat_sum + excluded.csat_sum,
		unpriced = d.unpriced + excluded.unpriced, talk_seconds = d.talk_seconds + excluded.talk_seconds,
		credits = d.credits + excluded.credits, cost = d.cost + excluded.cost;
	INSERT INTO voiceagent.daily_labels AS d (tenant_id, day, campaign_id, direction, kind, value, calls)
	SELECT s.* FROM voiceagent_private.sum_labels(added, taken) s
	ON CONFLICT ON CONSTRAINT daily_labels_pkey DO UPDATE SET calls = d.calls + excluded.calls;
END
$$;
COMMENT ON FUNCTION voiceagent_private.add_figures(voiceagent_private.call_fact[], voiceagent_private.call_fact[]) IS
	'Adds to the daily sums what these calls count, and takes from them what they counted before.';

CREATE FUNCTION voiceagent_private.lock_figures(wait boolean) RETURNS voiceagent_private.figure_marks
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_mark voiceagent_private.figure_marks;
BEGIN
	-- In one snapshot: a call that it does not show will write an event behind the position.
	INSERT INTO voiceagent_private.figure_marks (tenant_id, position, walk_to)
	SELECT v_tenant, voiceagent_private.decided_position() - 1,
		-- of both directions
		(SELECT coalesce(max(c.call_id), 0) FROM voiceagent.calls c WHERE c.tenant_id = v_tenant)
	WHERE NOT EXISTS (SELECT FROM voiceagent_private.figure_marks m WHERE m.tenant_id = v_tenant)
	ON CONFLICT DO NOTHING;
	IF wait THEN
		SELECT m.* INTO v_mark FROM voiceagent_private.figure_marks m WHERE m.tenant_id = v_tenant FOR UPDATE;
	ELSE
		SELECT m.* INTO v_mark FROM voiceagent_private.figure_marks m WHERE m.tenant_id = v_tenant FOR UPDATE NOWAIT;
	END IF;
	RETURN v_mark;
END
$$;
COMMENT ON FUNCTION voiceagent_private.lock_figures(boolean) IS
	'Locks the current tenant''s figures, made where there are none, against everybody else who folds; without wait: '
	'55P03 when somebody does.';

CREATE FUNCTION voiceagent_private.fold_figures(max integer) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_mark voiceagent_private.figure_marks := voiceagent_private.lock_figures(false);
	v_end bigint := voiceagent_private.decided_position();
	-- A call leaves some ten events.
	c_events CONSTANT integer := max * 10;
	v_xids bigint[];
	v_upto bigint;
	v_changes bigint[];
	v_walk bigint[];
	v_calls bigint[];
BEGIN
	v_xids := ARRAY(SELECT e.xid FROM voiceagent.events e
		WHERE e.tenant_id = v_tenant AND e.xid > v_mark.position AND e.xid < v_end ORDER BY e.xid LIMIT c_events);
	-- Whole transactions only.
	v_upto := CASE WHEN cardinality(v_xids) = c_events THEN v_xids[c_events] ELSE v_end - 1 END;
	v_changes := ARRAY(SELECT c.change_id FROM voiceagent_private.changed_calls c
		WHERE c.tenant_id = v_tenant ORDER BY c.change_id LIMIT max);
	v_walk := ARRAY(SELECT c.call_id FROM voiceagent.calls c -- both directions
		WHERE c.tenant_id = v_tenant AND c.call_id > v_mark.walked AND c.call_id <= v_mark.walk_to
		ORDER BY c.call_id LIMIT max);
	v_calls := array_remove(ARRAY(
		SELECT e.call_id FROM voiceagent.events e
		WHERE e.tenant_id = v_tenant AND e.xid > v_mark.position AND e.xid <= v_upto
			AND voiceagent_private.changes_figures(e.event_type)
		UNION SELECT c.call_id FROM voiceagent_private.changed_calls c
		WHERE c.tenant_id = v_tenant AND c.change_id = ANY (v_changes)
		UNION SELECT w FROM unnest(v_walk) w), NULL);
	IF v_calls <> '{}' THEN
		PERFORM voiceagent_private.fold_calls(v_calls);
	END IF;
	DELETE FROM voiceagent_private.changed_calls c WHERE c.tenant_id = v_tenant AND c.change_id = ANY (v_changes);
	IF cardinality(v_xids) > 0 OR v_mark.walked < v_mark.walk_to THEN
		UPDATE voiceagent_private.figure_marks m
		SET position = greatest(m.position, v_upto),
			walked = CASE WHEN cardinality(v_walk) = max THEN v_walk[max] ELSE m.walk_to END
		WHERE m.tenant_id = v_tenant;
	END IF;
	RETURN cardinality(v_xids) = c_events OR cardinality(v_changes) = max OR cardinality(v_walk) = max;
END
$$;
COMMENT ON FUNCTION voiceagent_private.fold_figures(integer) IS
	E'Folds what the current tenant''s mark lacks, about max calls; true: there is more.\n'
	'55P03: somebody else folds.';

CREATE FUNCTION voiceagent_private.release_facts(call_ids bigint[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.lock_figures(true);
	PERFORM voiceagent_private.fold_calls(call_ids);
	WITH gone AS (
		DELETE FROM voiceagent.call_facts f
		WHERE f.tenant_id = voiceagent.current_tenant() AND f.call_id = ANY (call_ids)
		RETURNING f.*
	)
	INSERT INTO voiceagent.daily_labels AS d (tenant_id, day, campaign_id, direction, kind, value, calls)
	SELECT g.tenant_id, g.day, coalesce(g.campaign_id, 0), g.direction, k.kind,
		date_part('hour', g.started_at AT TIME ZONE t.timezone), count(*)
	FROM gone g
	JOIN voiceagent.tenants t ON t.tenant_id = g.tenant_id
		-- Only today is shown by the hour.
		AND g.day = (voiceagent.clock() AT TIME ZONE t.timezone)::date
	JOIN (VALUES ('hour', true), ('hour_answered', false)) AS k(kind, all_calls) ON k.all_calls OR g.answered
	GROUP BY 1, 2, 3, 4, 5, 6
	ON CONFLICT ON CONSTRAINT daily_labels_pkey DO UPDATE SET calls = d.calls + excluded.calls;
END
$$;
COMMENT ON FUNCTION voiceagent_private.release_facts(bigint[]) IS
	'For calls that are about to be removed, each named once: their rows of call_facts go, and they stay counted.';

CREATE FUNCTION voiceagent_private.check_figures() RETURNS TABLE (invariant text, detail text)
	LANGUAGE plpgsql STABLE SET planner.policy = whole SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN QUERY
	WITH counted AS (
		SELECT s.* FROM (SELECT array_agg(f.call_id) AS calls FROM voiceagent.call_facts f
			WHERE f.tenant_id = voiceagent.current_tenant() GROUP BY f.day) d
		CROSS JOIN LATERAL voiceagent_private.sum_facts(
			ARRAY(SELECT f FROM voiceagent_private.folded_facts(d.calls) f), '{}') s
	), kept AS (
		SELECT d.* FROM voiceagent.daily_figures d WHERE d.tenant_id = voiceagent.current_tenant() AND d.calls <> 0
	), whole_days AS (
		-- A removed call leaves more in the sum than there are rows.
		SELECT day FROM kept GROUP BY day
		HAVING sum(kept.calls) = (SELECT sum(c.calls) FROM counted c WHERE c.day = kept.day)
	)
	SELECT 'the figures of a day are what its calls count',
		format('%s, campaign %s, %s, number %s, assistant %s, "%s"', day, campaign_id, direction, phone_number_id,
			assistant_id, currency)
	FROM (SELECT k.*, to_jsonb(k) AS figures FROM kept k) k
	FULL JOIN (SELECT c.*, to_jsonb(c) AS figures FROM counted c) c
		USING (day, campaign_id, direction, phone_number_id, assistant_id, currency)
	WHERE day IN (SELECT w.day FROM whole_days w) AND k.figures IS DISTINCT FROM c.figures
	UNION ALL
	SELECT 'every ended call is in the figures, or about to be', format('call %s', c.call_id)
	FROM voiceagent.calls c -- both directions
	WHERE c.tenant_id = voiceagent.current_tenant() AND c.outcome IS NOT NULL
		AND NOT EXISTS (SELECT FROM voiceagent.campaigns g WHERE g.tenant_id = c.tenant_id
			AND g.campaign_id = c.campaign_id AND g.type = 'test')
		AND NOT EXISTS (SELECT FROM voiceagent.call_facts f WHERE f.tenant_id = c.tenant_id AND f.call_id = c.call_id)
		AND c.call_id NOT IN (SELECT unnest(voiceagent_private.unfolded_calls()));
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_figures() IS
	E'Where the current tenant''s daily figures are not what its calls count; no row is well.\n'
	'Days of which calls were removed are not compared.';
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('invariant', 'check_figures');
