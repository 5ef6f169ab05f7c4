-- 66_analysis: what a run found, against what counts.

CREATE FUNCTION voiceagent.compare_analyses(run bigint, max_calls integer DEFAULT 1000)
	RETURNS TABLE (call_id bigint, name text, counted text, counts_again text, support text, support_again text,
		turn integer, quote text)
	LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 100 SET planner.policy = by_keys
	SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	PERFORM voiceagent_private.fail_if(max_calls IS NULL OR max_calls NOT BETWEEN 1 AND 1000, 'PT422',
		'max_calls must be from 1 to 1000');
	PERFORM voiceagent_private.fail_if(NOT EXISTS (SELECT FROM voiceagent.analysis_runs r
		WHERE r.tenant_id = v_tenant AND r.run = compare_analyses.run), 'PT404', 'there is no such run');
	RETURN QUERY
	WITH pairs AS MATERIALIZED (
		SELECT a.call_id, c.outcome, a.outcome AS again, k.reading AS old, a.reading AS new
		FROM (SELECT o.* FROM voiceagent.call_analyses o
			WHERE o.tenant_id = v_tenant AND o.run = compare_analyses.run ORDER BY o.call_id LIMIT max_calls) a
		CROSS JOIN LATERAL (SELECT o.outcome, o.started_at FROM voiceagent.calls o
			WHERE o.tenant_id = v_tenant AND o.call_id = a.call_id OFFSET 0) c
		CROSS JOIN LATERAL (SELECT o.reading FROM voiceagent.conversations o
			WHERE o.tenant_id = v_tenant AND o.call_id = a.call_id
				AND o.month_slot = voiceagent_private.month_slot(c.started_at) OFFSET 0) k
	), fields AS (
		SELECT p.call_id, f.name, max(f.value) FILTER (WHERE NOT f.again AND f.counts) AS counted,
			max(f.value) FILTER (WHERE f.again AND f.counts) AS counts_again,
			string_agg(f.support, ', ' ORDER BY f.counts DESC, f.origin) FILTER (WHERE NOT f.again) AS support,
			string_agg(f.support, ', ' ORDER BY f.counts DESC, f.origin) FILTER (WHERE f.again) AS support_again,
			(array_agg(f.turn ORDER BY f.again DESC, f.counts DESC))[1] AS turn,
			(array_agg(f.quote ORDER BY f.again DESC, f.counts DESC))[1] AS quote
		FROM pairs p
		CROSS JOIN LATERAL (
			SELECT false AS again, o.* FROM jsonb_to_recordset(p.old -> 'fields')
				AS o(name text, value text, origin text, support text, counts boolean, turn integer, quote text)
			UNION ALL
			SELECT true, o.* FROM jsonb_to_recordset(p.new -> 'fields')
				AS o(name text, value text, origin text, support text, counts boolean, turn integer, quote text)) f
		GROUP BY p.call_id, f.name
	)
	SELECT d.* FROM (
		SELECT p.call_id, 'outcome' AS name, p.outcome::text, p.again::text, NULL::text, NULL::text,
			(p.new #>> '{outcome,turn}')::integer, p.new #>> '{outcome,quote}'
		FROM pairs p WHERE p.again IS NOT NULL AND p.again <> p.outcome
		UNION ALL
		SELECT p.call_id, m.name, p.old #>> ARRAY[m.name, 'value'], p.new #>> ARRAY[m.name, 'value'], NULL, NULL,
			(p.new #>> ARRAY[m.name, 'turn'])::integer, p.new #>> ARRAY[m.name, 'quote']
		FROM pairs p CROSS JOIN unnest('{intent,interest,emotion,csat}'::text[]) AS m(name)
		WHERE p.old #>> ARRAY[m.name, 'value'] IS DISTINCT FROM p.new #>> ARRAY[m.name, 'value']
		UNION ALL
		SELECT f.call_id, 'fields.' || f.name, f.counted, f.counts_again, f.support, f.support_again, f.turn, f.quote
		FROM fields f WHERE f.counted IS DISTINCT FROM f.counts_again) d
	ORDER BY 1, d.name <> 'outcome', 2;
END
$$;
COMMENT ON FUNCTION voiceagent.compare_analyses(bigint, integer) IS
	E'How a run of analyse_again() differs from what counts, for its first max_calls (1 to 1000) calls: a row for the '
	'outcome, intent, interest, emotion or mark of a call, and for each field (fields.NAME), that is another one.\n'
	'counted, counts_again: the values that count now and would count; support: what their words say. PT404, PT422.';
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('deferred', 'compare_analyses');
