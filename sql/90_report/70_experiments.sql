-- 90_report: what came of the two variants of an experiment.

CREATE FUNCTION voiceagent_private.chance_of_difference(hits_a bigint, all_a bigint, hits_b bigint, all_b bigint)
	RETURNS numeric LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
	v_pooled double precision := (hits_a + hits_b)::double precision / nullif(all_a + all_b, 0);
	v_error double precision :=
		sqrt(v_pooled * (1 - v_pooled) * (1.0 / nullif(all_a, 0) + 1.0 / nullif(all_b, 0)));
	v_z double precision;
	v_t double precision;
BEGIN
	IF v_error IS NULL THEN
		RETURN NULL;
	ELSIF v_error = 0 THEN
		RETURN 1;
	END IF;
	v_z := abs(hits_a::double precision / all_a - hits_b::double precision / all_b) / v_error
		/ sqrt(2::double precision);
	-- The complementary error function, to 1.5e-7 (Abramowitz and Stegun, 7.1.26).
	v_t := 1 / (1 + 0.3275911 * v_z);
	RETURN round((v_t * (0.254829592 + v_t * (-0.284496736 + v_t * (1.421413741 + v_t * (-1.453152027
		+ v_t * 1.061405429)))) * exp(-least(v_z * v_z, 500)))::numeric, 4);
END
$$;
COMMENT ON FUNCTION voiceagent_private.chance_of_difference(bigint, bigint, bigint, bigint) IS
	'How probable a difference as large as that of two rates would be if there were none (two-sided test of two '
	'proportions, pooled): 0 to 1; NULL while one has no lead.';

CREATE FUNCTION voiceagent.experiment_report(experiment_id bigint)
	RETURNS TABLE (measure text, leads_a bigint, hits_a bigint, rate_a numeric, low_a numeric, high_a numeric,
		leads_b bigint, hits_b bigint, rate_b numeric, low_b numeric, high_b numeric, difference numeric,
		p_value numeric)
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET planner.policy = hashed SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_experiment voiceagent.experiments;
BEGIN
	SELECT * INTO v_experiment FROM voiceagent.experiments e
	WHERE e.tenant_id = v_tenant AND e.experiment_id = experiment_report.experiment_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'no such experiment');
	-- A lead counts once, however often it was called: its calls are no independent trials.
	RETURN QUERY
		WITH call AS MATERIALIZED (
			SELECT c.call_id, c.lead_id, c.outcome::text AS outcome, c.answered_at IS NOT NULL AS answered,
				CASE WHEN (c.assistant_id, c.assistant_version) = (v_experiment.b_assistant_id, v_experiment.b_version)
					THEN 'b' ELSE 'a' END AS variant
			FROM voiceagent.calls c
			WHERE c.tenant_id = v_tenant AND c.campaign_id = v_experiment.campaign_id AND c.outcome IS NOT NULL
				AND c.campaign_version >= v_experiment.first_campaign_version
				AND c.campaign_version < coalesce(v_experiment.end_campaign_version, 2147483647)
		), hit AS (
			SELECT 'answered' AS measure, c.variant, c.lead_id FROM call c WHERE c.answered
			UNION ALL SELECT 'booked', c.variant, c.lead_id FROM call c
			JOIN voiceagent.appointments a ON a.tenant_id = v_tenant AND a.call_id = c.call_id
			WHERE a.status NOT IN ('rejected', 'canceled')
			UNION ALL SELECT 'opted_out', c.variant, c.lead_id FROM call c WHERE c.outcome = 'do_not_call'
			UNION ALL SELECT 'outcome ' || c.outcome, c.variant, c.lead_id FROM call c
		), counted AS (
			SELECT n.measure, n.place, count(DISTINCT h.lead_id) FILTER (WHERE h.variant = 'a') AS a,
				count(DISTINCT h.lead_id) FILTER (WHERE h.variant = 'b') AS b
			FROM (SELECT v.measure, v.place
				FROM (VALUES ('answered', 1), ('booked', 2), ('opted_out', 3)) AS v(measure, place)
				UNION SELECT h.measure, 4 FROM hit h WHERE h.measure LIKE 'outcome %') n
			LEFT JOIN hit h ON h.measure = n.measure
			GROUP BY n.measure, n.place
		), everybody AS (
			SELECT count(DISTINCT c.lead_id) FILTER (WHERE c.variant = 'a') AS a,
				count(DISTINCT c.lead_id) FILTER (WHERE c.variant = 'b') AS b FROM call c
		)
		SELECT n.measure, e.a, n.a, round(n.a::numeric / nullif(e.a, 0), 4), wa.low, wa.high,
			e.b, n.b, round(n.b::numeric / nullif(e.b, 0), 4), wb.low, wb.high,
			round(n.b::numeric / nullif(e.b, 0) - n.a::numeric / nullif(e.a, 0), 4),
			voiceagent_private.chance_of_difference(n.a, e.a, n.b, e.b)
		FROM counted n
		CROSS JOIN everybody e
		CROSS JOIN LATERAL voiceagent_private.wilson(n.a, e.a) wa
		CROSS JOIN LATERAL voiceagent_private.wilson(n.b, e.b) wb
		ORDER BY n.place, n.measure;
END
$$;
COMMENT ON FUNCTION voiceagent.experiment_report(bigint) IS
	E'The two variants of an experiment side by side: of the leads whose calls have ended, how many answered, booked, '
	'opted out, and had each outcome.\n'
	'low and high: Wilson''s interval of the rate at 95 %; difference: of b over a; p_value: how probable so large a '
	'difference would be if there were none (two proportions). Many looks make chance findings. PT404.';
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('deferred', 'experiment_report');
