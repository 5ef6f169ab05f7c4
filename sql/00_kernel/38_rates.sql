-- 00_kernel: rates with their intervals, and how far judges agree.

CREATE FUNCTION voiceagent_private.wilson(hits bigint, of_all bigint, OUT low numeric, OUT high numeric)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	-- 1.959964 standard deviations on either side hold 95 %.
	SELECT CASE WHEN of_all > 0 THEN round(greatest(((p + z2 / (2 * n) - w) / (1 + z2 / n)), 0)::numeric, 4) END,
		CASE WHEN of_all > 0 THEN round(least(((p + z2 / (2 * n) + w) / (1 + z2 / n)), 1)::numeric, 4) END
	FROM (SELECT p, n, z2, sqrt(z2 * (p * (1 - p) / n + z2 / (4 * n * n))) AS w
		FROM (SELECT hits::double precision / nullif(of_all, 0) AS p, nullif(of_all, 0)::double precision AS n,
			1.959964::double precision ^ 2 AS z2) a) b
$$;
COMMENT ON FUNCTION voiceagent_private.wilson(bigint, bigint) IS
	'Wilson''s interval of a rate, hits of so many, at 95 %; NULL of none.';

CREATE FUNCTION voiceagent_private.kappa(a text[], b text[]) RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	WITH judged AS (
		SELECT x.a, x.b FROM unnest(kappa.a, kappa.b) AS x(a, b)
	), observed AS (
		SELECT avg((j.a = j.b)::integer) AS share, count(*)::numeric AS n FROM judged j
	), expected AS (
		SELECT sum(l.n * r.n) / (SELECT nullif(o.n * o.n, 0) FROM observed o) AS share
		FROM (SELECT j.a, count(*) AS n FROM judged j GROUP BY j.a) l
		JOIN (SELECT j.b, count(*) AS n FROM judged j GROUP BY j.b) r ON r.b = l.a
	)
	SELECT round((o.share - coalesce(e.share, 0)) / nullif(1 - coalesce(e.share, 0), 0), 4) FROM observed o, expected e
$$;
COMMENT ON FUNCTION voiceagent_private.kappa(text[], text[]) IS
	E'Cohen''s kappa of two lists of judgements of the same things: 1 is agreement, 0 is what chance would give.\n'
	'NULL: there are none, or both judges always said the same one thing.';
