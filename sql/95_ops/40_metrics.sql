-- 95_ops: figures for Prometheus, of the whole database and never of one tenant.

CREATE FUNCTION voiceagent_private.counters(OUT metric text, OUT label text, OUT value double precision)
	RETURNS SETOF record
	LANGUAGE c VOLATILE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'va_sql_counters';
COMMENT ON FUNCTION voiceagent_private.counters() IS
	'The counts of this database''s workers since the server started, of all processes: dials by the carrier''s '
	'answer, webhooks by ours, ended calls by outcome, and times as cumulative buckets (label: upper bound in '
	'seconds).';

CREATE FUNCTION voiceagent_private.metric_samples() RETURNS TABLE (metric text, labels text, value double precision)
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET lock_timeout = '200ms' AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_name text;
BEGIN
	RETURN QUERY
	SELECT 'build_info', format('version="%s"', e.extversion), 1::double precision FROM pg_extension e
	WHERE e.extname = 'voiceagent'
	UNION ALL
	SELECT 'problems', '', jsonb_array_length(voiceagent.health() -> 'problems')
	UNION ALL
	SELECT 'real_carriers_armed', '', (voiceagent_private.arming() = 'armed')::int
	UNION ALL
	SELECT 'worker_up', format('worker="%s"', w.kind), (w.state IN ('running', 'resting'))::int
	FROM voiceagent_private.worker_status() w
	UNION ALL
	SELECT 'worker_' || c.name, format('worker="%s"', w.kind), c.value
	FROM voiceagent_private.worker_status() w
	CROSS JOIN LATERAL (VALUES ('starts_total', w.starts), ('transactions_total', w.commits),
		('errors_total', w.errors)) c(name, value)
	UNION ALL
	SELECT 'requests_refused_total', format('worker="%s",reason="%s"', w.kind, c.reason), c.value
	FROM voiceagent_private.worker_status() w
	CROSS JOIN LATERAL (VALUES ('malformed', w.refused_malformed), ('too_large', w.refused_too_large),
		('too_many', w.refused_too_many), ('too_slow', w.refused_too_slow)) c(reason, value)
	WHERE w.kind = 'gateway'
	UNION ALL
	SELECT c.metric || '_total',
		format('%s="%s"', CASE c.metric WHEN 'calls_ended' THEN 'outcome' WHEN 'errors' THEN 'name' ELSE 'result' END,
			c.label), c.value
	FROM voiceagent_private.counters() c WHERE c.metric NOT LIKE '%\_seconds\_%'
	UNION ALL
	SELECT 'errors_total', 'name="carrier_api"', coalesce(sum(c.value), 0)
	FROM voiceagent_private.counters() c WHERE c.metric = 'dials' AND c.label <> 'accepted'
	UNION ALL
	SELECT c.metric, CASE WHEN c.label <> '' THEN format('le="%s"', c.label) ELSE '' END, c.value
	FROM voiceagent_private.counters() c WHERE c.metric LIKE '%\_seconds\_%';
	-- Only routing tables are asked: a scrape must not look into every tenant.
	RETURN QUERY
	SELECT 'tenants', '', count(*)::double precision FROM voiceagent_private.tenant_directory d WHERE d.active
	UNION ALL
	SELECT c.name, '', c.value
	FROM (SELECT count(*) AS live, count(*) FILTER (WHERE l.state = 'unknown') AS unknown
		FROM voiceagent_private.live_calls l) l
	CROSS JOIN LATERAL (VALUES ('live_calls', l.live), ('unknown_calls', l.unknown)) c(name, value)
	UNION ALL
	SELECT 'lookup_overdue_seconds', '',
		greatest(coalesce(extract(epoch FROM v_now - (SELECT min(l.lease_until) FROM voiceagent_private.live_calls l)),
			0), 0)
	UNION ALL
	SELECT 'webhooks_waiting', '', count(*) FROM voiceagent_private.inbox
	UNION ALL
	SELECT 'model_requests_waiting', '', q.waiting FROM voiceagent_private.model_load() q
	UNION ALL
	SELECT 'model_requests_overdue_seconds', '', greatest(coalesce(extract(epoch FROM v_now - q.overdue), 0), 0)
	FROM voiceagent_private.model_load() q
	UNION ALL
	SELECT 'analyses_waiting', '', l.waiting FROM voiceagent_private.analysis_load() l
	UNION ALL
	SELECT 'jobs_failing', '', count(*) FROM voiceagent_private.failing_jobs()
	UNION ALL
	SELECT 'pages_waiting', '', q.waiting FROM voiceagent_private.page_load() q
	UNION ALL
	SELECT 'platform_model_accounts_failing', '', count(*) FROM voiceagent_private.platform_model_accounts a
	WHERE a.active AND a.opened_at IS NOT NULL
	UNION ALL
	SELECT 'lanes_ready', '', count(*) FROM voiceagent_private.lanes n
	WHERE n.running AND greatest(n.next_due, n.opens_at) <= v_now AND n.closes_at > v_now
	UNION ALL
	SELECT 'campaigns_suspended', '', count(*) FROM voiceagent_private.pacing p WHERE p.suspended IS NOT NULL;
	FOR v_name IN SELECT n.name FROM voiceagent_private.registrations n WHERE n.kind = 'metric' LOOP
		-- A name of ours.  @plpgsql_check_options: security_warnings = off
		RETURN QUERY EXECUTE format('SELECT * FROM voiceagent_private.%I()', v_name);
	END LOOP;
EXCEPTION WHEN lock_not_available THEN
	-- The figures of processes were given; problems counts the lock.
	RETURN;
END
$$;
COMMENT ON FUNCTION voiceagent_private.metric_samples() IS
	'Every figure of metrics_report(): name without the prefix voiceagent_, labels as they are written, value.';

CREATE FUNCTION voiceagent_private.metrics_report() RETURNS text
	LANGUAGE sql VOLATILE AS $$
	WITH samples AS MATERIALIZED (
		SELECT s.*, row_number() OVER () AS n FROM voiceagent_private.metric_samples() s
	)
	SELECT string_agg(
		format(E'# HELP voiceagent_%1$s %2$s\n# TYPE voiceagent_%1$s %3$s\n%4$s', f.family, f.help, f.kind, l.lines),
		E'' ORDER BY f.family)
	FROM voiceagent_private.metric_families f
	CROSS JOIN LATERAL (
		SELECT coalesce(string_agg(
			format(E'voiceagent_%s%s %s\n', s.metric, CASE WHEN s.labels <> '' THEN '{' || s.labels || '}' END,
				s.value), '' ORDER BY s.n), '') AS lines
		FROM samples s
		WHERE s.metric = f.family
			OR f.kind = 'histogram' AND s.metric IN (f.family || '_bucket', f.family || '_sum', f.family || '_count')
	) l
$$;
COMMENT ON FUNCTION voiceagent_private.metrics_report() IS
	'All figures in the text format of Prometheus (version 0.0.4), for GET /metrics.';

CREATE FUNCTION voiceagent.metrics() RETURNS text
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF NOT voiceagent_private.is_monitor() THEN
		PERFORM voiceagent_private.require_platform('read the metrics');
	END IF;
	RETURN voiceagent_private.metrics_report();
END
$$;
COMMENT ON FUNCTION voiceagent.metrics() IS
	E'The gateway''s answer to GET /metrics, for staff and pg_monitor: the text format of Prometheus.\n'
	'42501 for everybody else.';
