-- 00_kernel: rates with their intervals.

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
