-- 91_quality: what reviews come to, and how far they agree.

CREATE FUNCTION voiceagent_private.reviews_of(sample_id bigint, campaign_id bigint)
	RETURNS SETOF voiceagent.call_reviews LANGUAGE sql STABLE SET planner.policy = by_keys AS $$
	SELECT r.* FROM voiceagent.call_reviews r
	WHERE r.tenant_id = voiceagent.current_tenant()
		AND (reviews_of.sample_id IS NULL OR EXISTS (SELECT FROM voiceagent.review_sample_calls s
			WHERE s.tenant_id = voiceagent.current_tenant() AND s.sample_id = reviews_of.sample_id
				AND s.call_id = r.call_id))
		AND (reviews_of.campaign_id IS NULL OR EXISTS (SELECT FROM voiceagent.calls c
			WHERE c.tenant_id = voiceagent.current_tenant() AND c.call_id = r.call_id
				AND c.campaign_id = reviews_of.campaign_id))
	ORDER BY r.reviewed_at DESC LIMIT 10000
$$;
COMMENT ON FUNCTION voiceagent_private.reviews_of(bigint, bigint) IS
	'The newest 10000 reviews of the current tenant, of a sample and a campaign (NULL: of any).';

CREATE FUNCTION voiceagent.quality_report(sample_id bigint DEFAULT NULL, campaign_id bigint DEFAULT NULL)
	RETURNS TABLE (measure text, what text, reviews bigint, value numeric, low numeric, high numeric)
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET planner.policy = by_keys AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_all voiceagent.call_reviews[];
BEGIN
	PERFORM voiceagent_private.fail_if(
		quality_report.sample_id IS NOT NULL AND NOT EXISTS (SELECT FROM voiceagent.review_samples s
			WHERE s.tenant_id = v_tenant AND s.sample_id = quality_report.sample_id), 'PT404', 'no such sample');
	PERFORM voiceagent_private.fail_if(
		quality_report.campaign_id IS NOT NULL AND NOT EXISTS (SELECT FROM voiceagent.campaigns g
			WHERE g.tenant_id = v_tenant AND g.campaign_id = quality_report.campaign_id), 'PT404', 'no such campaign');
	v_all := ARRAY(SELECT r FROM voiceagent_private.reviews_of(quality_report.sample_id,
		quality_report.campaign_id) r);
	RETURN QUERY
	WITH review AS MATERIALIZED (
		SELECT r.call_id, r.reviewer, r.passed, r.score, r.tags, r.outcome::text AS said,
			r.concluded::text AS concluded
		FROM unnest(v_all) r
	), judged AS (
		SELECT k.call_id, k.passed FROM voiceagent.talk_reviews k
		WHERE k.tenant_id = v_tenant AND k.call_id IN (SELECT r.call_id FROM review r)
	), rates AS (
		SELECT 1 AS place, 'passed' AS measure, 'all calls' AS what, count(*) AS n,
			count(*) FILTER (WHERE r.passed) AS hits FROM review r
		UNION ALL
		SELECT 3, 'passed', format('assistant %s, version %s', c.assistant_id, c.assistant_version), count(*),
			count(*) FILTER (WHERE r.passed)
		FROM review r JOIN voiceagent.calls c ON c.tenant_id = v_tenant AND c.call_id = r.call_id
		WHERE c.assistant_id IS NOT NULL GROUP BY c.assistant_id, c.assistant_version
		UNION ALL
		SELECT 4, 'outcome agrees', 'people and platform', count(*), count(*) FILTER (WHERE r.said = r.concluded)
		FROM review r WHERE r.said IS NOT NULL AND r.concluded IS NOT NULL
		UNION ALL
		SELECT 6, 'verdicts agree', 'people among themselves', count(*), count(*) FILTER (WHERE x.passed = y.passed)
		FROM review x JOIN review y ON y.call_id = x.call_id AND y.reviewer COLLATE "C" > x.reviewer COLLATE "C"
		UNION ALL
		SELECT 9, 'verdicts agree', 'people and rules', count(*), count(*) FILTER (WHERE r.passed = k.passed)
		FROM review r JOIN judged k ON k.call_id = r.call_id HAVING count(*) > 0
		UNION ALL
		SELECT 8, 'tag', t.tag, (SELECT count(*) FROM review), count(*)
		FROM review r CROSS JOIN unnest(r.tags) AS t(tag) GROUP BY t.tag
	), others AS (
		SELECT 2 AS place, 'score' AS measure, 'mean' AS what, count(r.score) AS n, round(avg(r.score), 2) AS value
		FROM review r
		UNION ALL
		SELECT 5, 'outcome agrees', 'kappa', count(*),
			voiceagent_private.kappa(array_agg(r.said), array_agg(r.concluded))
		FROM review r WHERE r.said IS NOT NULL AND r.concluded IS NOT NULL
		UNION ALL
		SELECT 7, 'verdicts agree', 'kappa', count(*),
			voiceagent_private.kappa(array_agg(x.passed::text), array_agg(y.passed::text))
		FROM review x JOIN review y ON y.call_id = x.call_id AND y.reviewer COLLATE "C" > x.reviewer COLLATE "C"
		UNION ALL
		SELECT 10, 'verdicts agree', 'kappa of people and rules', count(*),
			voiceagent_private.kappa(array_agg(r.passed::text), array_agg(k.passed::text))
		FROM review r JOIN judged k ON k.call_id = r.call_id HAVING count(*) > 0
	)
	SELECT z.measure, z.what, z.n, z.value, z.low, z.high
	FROM (SELECT r.place, r.measure, r.what, r.n, round(r.hits::numeric / nullif(r.n, 0), 4) AS value, w.low, w.high
		FROM rates r CROSS JOIN LATERAL voiceagent_private.wilson(r.hits, r.n) w
		UNION ALL SELECT o.place, o.measure, o.what, o.n, o.value, NULL, NULL FROM others o) z
	ORDER BY z.place, z.value DESC NULLS LAST, z.what COLLATE "C";
END
$$;
COMMENT ON FUNCTION voiceagent.quality_report(bigint, bigint) IS
	E'What people said of calls, as rates with their intervals of 95 percent (Wilson), of a sample and a campaign.\n'
	'measure: passed, score, outcome agrees (with what was concluded), verdicts agree (of two reviewers of a call; '
	'of people and what the rules say by themselves), '
	'tag; kappa: agreement beyond chance, 0 to 1. The newest 10000 reviews count. PT404.';
