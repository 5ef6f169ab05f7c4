-- 92_bi: exports as files: asking for one, its link, and what the process exporter does.

CREATE FUNCTION voiceagent_private.add_export(request jsonb, schedule_id bigint DEFAULT NULL) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v record := jsonb_populate_record(NULL::voiceagent.exports, request);
	v_most integer := voiceagent_private.platform_setting('exports_max')::integer;
	v_export bigint;
BEGIN
	PERFORM voiceagent_private.check_export(v.what, v.format, v.separator, v.from_day, v.to_day, v.campaign_id,
		v.outcome, 1);
	PERFORM voiceagent_private.check_export_columns(v.what, v.only_columns);
	PERFORM voiceagent_private.fail_if(v.campaign_id IS NOT NULL AND NOT EXISTS (SELECT FROM voiceagent.campaigns g
		WHERE g.tenant_id = v_tenant AND g.campaign_id = v.campaign_id), 'PT404',
		format('campaign %s not found', v.campaign_id));
	PERFORM voiceagent_private.lock_tenant(true);
	PERFORM voiceagent_private.fail_if((SELECT count(*) FROM voiceagent_private.export_jobs j
		WHERE j.tenant_id = v_tenant AND j.stage IN ('wanted', 'claimed')) >= v_most, 'PT429',
		'too many exports at a time', format('A tenant may have %s that wait or are being made.', v_most),
		'Wait for one of them, or drop it.');
	INSERT INTO voiceagent.exports AS e (tenant_id, what, format, from_day, to_day, campaign_id, outcome, only_columns,
		separator, bom, schedule_id, created_by, created_at)
	VALUES (v_tenant, v.what, v.format, v.from_day, v.to_day, v.campaign_id, v.outcome, v.only_columns, v.separator,
		v.bom, add_export.schedule_id, voiceagent_private.actor(), v_now)
	RETURNING e.export_id INTO v_export;
	INSERT INTO voiceagent_private.export_jobs (tenant_id, export_id, stage, next_at, file_name)
	VALUES (v_tenant, v_export, 'wanted', v_now, format('%s-%s.%s', v_tenant, v_export, v.format));
	PERFORM voiceagent_private.poke('exports');
	RETURN v_export;
END
$$;
COMMENT ON FUNCTION voiceagent_private.add_export(jsonb, bigint) IS
	'Has the process exporter make a file for the current tenant: a request as export_request() gives it; PT404, '
	'PT422, PT429.';

CREATE FUNCTION voiceagent_private.export_request(what text, format text, from_day date, to_day date,
	campaign_id bigint, outcome text, separator text, bom boolean, only_columns text[]) RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN jsonb_build_object('what', what, 'format', format, 'from_day', from_day, 'to_day', to_day,
		'campaign_id', campaign_id, 'outcome', outcome, 'separator', separator, 'bom', bom,
		'only_columns', only_columns);
COMMENT ON FUNCTION voiceagent_private.export_request(text, text, date, date, bigint, text, text, boolean, text[]) IS
	'The request for an export, as a schedule keeps it.';

CREATE FUNCTION voiceagent.request_export(what text, format text DEFAULT 'csv', from_day date DEFAULT NULL,
	to_day date DEFAULT NULL, campaign_id bigint DEFAULT NULL, outcome text DEFAULT NULL, separator text DEFAULT ',',
	bom boolean DEFAULT false, only_columns text[] DEFAULT NULL) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('viewer');
	v_export bigint := voiceagent_private.add_export(voiceagent_private.export_request(what, format, from_day, to_day,
		campaign_id, outcome, separator, coalesce(bom, false), only_columns));
BEGIN
	PERFORM voiceagent_private.audit('request_export', 'export ' || v_export, NULL,
		jsonb_build_object('what', what, 'format', format));
	-- Over HTTP: it is taken, and not done yet.
	PERFORM set_config('response.status', '202', true);
	RETURN v_export;
END
$$;
COMMENT ON FUNCTION voiceagent.request_export(text, text, date, date, bigint, text, text, boolean, text[]) IS
	E'Has a file made of calls, leads, transcripts, appointments, ledger or analytics, with the filters of '
	'export_lines() -> export_id.\n'
	'format: csv, ndjson, json (one array) or xlsx; only_columns: these alone, behind the id. The row in exports says '
	'how far it is; export_link() gives its address. Over HTTP 202. PT404, PT422, PT429.';

CREATE FUNCTION voiceagent.drop_export(export_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.writer_tenant('agent');
	IF voiceagent_private.drop_exports(ARRAY[export_id], 'dropped by ' || voiceagent_private.actor()) = 0 THEN
		PERFORM voiceagent_private.fail('PT404', 'there is no such export, or its file is gone');
	END IF;
	PERFORM voiceagent_private.audit('drop_export', 'export ' || export_id);
END
$$;
COMMENT ON FUNCTION voiceagent.drop_export(bigint) IS
	E'Ends an export, whether it waits, is being made or done: its file goes, and no link leads to it any more.\n'
	'PT404.';

CREATE FUNCTION voiceagent.export_link(export_id bigint, lifetime interval DEFAULT '1 hour') RETURNS text
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_export voiceagent.exports;
BEGIN
	SELECT e.* INTO v_export FROM voiceagent.exports e
	WHERE e.tenant_id = voiceagent.current_tenant() AND e.export_id = export_link.export_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', format('export %s not found', export_id));
	PERFORM voiceagent_private.fail_if(v_export.state <> 'done', 'PT409',
		format('export %s is %s', export_id, v_export.state), v_export.error,
		CASE WHEN v_export.state IN ('waiting', 'running') THEN 'Wait until it is done.'
			ELSE 'request_export() makes another.' END);
	RETURN format('/exports/%s/%s', voiceagent_private.signed_link('export', export_id, lifetime, v_export.expires_at),
		voiceagent_private.export_name(v_export));
END
$$;
COMMENT ON FUNCTION voiceagent.export_link(bigint, interval) IS
	E'The path, on the console''s address, under which whoever has it may load the file of an export.\n'
	'It ends after lifetime (1 second to 7 days), with the export, and with the API key, the member or the password of '
	'whoever asked. PT404, PT409 when it is not done, PT422.';

CREATE FUNCTION voiceagent_private.export_name(export voiceagent.exports) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN (export).what || '-' || coalesce((export).from_day || '-', '') || coalesce((export).to_day || '-', '')
		|| (export).export_id || '.' || (export).format;
COMMENT ON FUNCTION voiceagent_private.export_name(voiceagent.exports) IS
	'The name under which a browser saves an export.';

CREATE FUNCTION voiceagent.open_export_link(link text, OUT file_name text, OUT saved_as text, OUT media_type text)
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_job voiceagent_private.export_jobs;
	v_export voiceagent.exports;
BEGIN
	SELECT j.* INTO v_job FROM voiceagent_private.export_jobs j
	WHERE j.tenant_id = v_tenant AND j.export_id = voiceagent_private.opened_link('export', link) AND j.stage = 'kept';
	SELECT e.* INTO v_export FROM voiceagent.exports e
	WHERE e.tenant_id = v_tenant AND e.export_id = v_job.export_id AND e.state = 'done'
		AND e.expires_at > voiceagent.clock();
	PERFORM voiceagent_private.fail_if(v_export.export_id IS NULL, 'PT404', 'this link leads nowhere',
		'It is not one of ours, or its time is over.', 'export_link() makes another.');
	file_name := v_job.file_name;
	saved_as := voiceagent_private.export_name(v_export);
	media_type := CASE v_export.format WHEN 'csv' THEN 'text/csv; charset=utf-8' WHEN 'ndjson'
		THEN 'application/x-ndjson' WHEN 'json' THEN 'application/json'
		ELSE 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' END;
END
$$;
COMMENT ON FUNCTION voiceagent.open_export_link(text) IS
	E'For the process web: which file a signed link of the tenant that it names leads to.\n'
	'PT404 for all that is not a link whose export, time and holder are there.';

CREATE FUNCTION voiceagent_private.recall_exports() RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	UPDATE voiceagent_private.export_jobs j SET stage = 'wanted', next_at = voiceagent.clock()
	WHERE j.stage = 'claimed';
END
$$;
COMMENT ON FUNCTION voiceagent_private.recall_exports() IS
	'For a process exporter that starts: what its predecessor had begun is begun anew.';

CREATE FUNCTION voiceagent_private.claim_export(busy bigint[], OUT tenant_id bigint, OUT export_id bigint,
	OUT spent boolean)
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_job voiceagent_private.export_jobs;
	c_tries CONSTANT integer := 3;
BEGIN
	SELECT j.* INTO v_job FROM voiceagent_private.export_jobs j
	WHERE j.stage = 'wanted' AND j.next_at <= voiceagent.clock() AND j.tenant_id <> ALL (busy)
	ORDER BY j.next_at LIMIT 1 FOR UPDATE SKIP LOCKED;
	IF FOUND THEN
		tenant_id := v_job.tenant_id;
		export_id := v_job.export_id;
		spent := v_job.tries >= c_tries;
		UPDATE voiceagent_private.export_jobs j SET stage = 'claimed', tries = j.tries + 1
		WHERE j.tenant_id = v_job.tenant_id AND j.export_id = v_job.export_id;
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.claim_export(bigint[]) IS
	E'The export that has waited longest, of none of the busy tenants, whose try this counts; NULL: none waits.\n'
	'spent: it has ended the process too often.';

CREATE FUNCTION voiceagent_private.begin_export(export_id bigint, OUT what text, OUT format text, OUT separator text,
	OUT bom boolean, OUT from_day date, OUT to_day date, OUT campaign_id bigint, OUT outcome text, OUT file_name text,
	OUT query text, OUT bytes_left bigint)
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v voiceagent.exports;
BEGIN
	UPDATE voiceagent.exports e SET state = 'running', rows = 0, bytes = 0
	WHERE e.tenant_id = v_tenant AND e.export_id = begin_export.export_id AND e.state IN ('waiting', 'running')
	RETURNING e.* INTO v;
	IF NOT FOUND THEN
		RETURN;
	END IF;
	what := v.what;
	format := v.format;
	separator := v.separator;
	bom := v.bom;
	from_day := v.from_day;
	to_day := v.to_day;
	campaign_id := v.campaign_id;
	outcome := v.outcome;
	file_name := (SELECT j.file_name FROM voiceagent_private.export_jobs j
		WHERE j.tenant_id = v_tenant AND j.export_id = v.export_id);
	query := voiceagent_private.export_query(v.what, v.from_day, v.to_day, v.campaign_id, v.outcome, v.only_columns);
	IF v.format IN ('json', 'ndjson') THEN
		query := pg_catalog.format('SELECT x.%I, row_to_json(x)::text FROM (%s) x',
			(SELECT s.id FROM voiceagent_private.export_sources() s WHERE s.what = v.what), query);
	END IF;
	bytes_left := voiceagent_private.platform_setting('export_megabytes')::bigint * 1024 * 1024
		- coalesce((SELECT sum(e.bytes) FROM voiceagent.exports e
			WHERE e.tenant_id = v_tenant AND e.state = 'done'), 0);
END
$$;
COMMENT ON FUNCTION voiceagent_private.begin_export(bigint) IS
	'The data that the process exporter needs to make a claimed export of the current tenant; NULL: no longer wanted.';

CREATE FUNCTION voiceagent_private.note_export(export_id bigint, rows bigint, bytes bigint) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	UPDATE voiceagent.exports e SET rows = note_export.rows, bytes = note_export.bytes
	WHERE e.tenant_id = voiceagent.current_tenant() AND e.export_id = note_export.export_id AND e.state = 'running';
	RETURN FOUND;
END
$$;
COMMENT ON FUNCTION voiceagent_private.note_export(bigint, bigint, bigint) IS
	'Notes how far an export of the current tenant is; false: it was dropped.';

CREATE FUNCTION voiceagent_private.end_export(export_id bigint, rows bigint, bytes bigint, error text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_until timestamptz := v_now + voiceagent_private.setting_integer('export_days') * interval '1 day';
	v voiceagent.exports;
BEGIN
	UPDATE voiceagent.exports e
	SET state = CASE WHEN end_export.error IS NULL THEN 'done' ELSE 'failed' END, rows = end_export.rows,
		bytes = CASE WHEN end_export.error IS NULL THEN end_export.bytes ELSE 0 END, error = end_export.error,
		finished_at = v_now, expires_at = v_until
	WHERE e.tenant_id = v_tenant AND e.export_id = end_export.export_id AND e.state IN ('waiting', 'running')
	RETURNING e.* INTO v;
	IF NOT FOUND THEN
		RETURN;
	END IF;
	UPDATE voiceagent_private.export_jobs j SET stage = 'kept', next_at = v_until
	WHERE j.tenant_id = v_tenant AND j.export_id = v.export_id;
	PERFORM voiceagent_private.log_event(CASE WHEN error IS NULL THEN 'export_ready' ELSE 'export_failed' END,
		data => jsonb_strip_nulls(jsonb_build_object('export_id', v.export_id, 'what', v.what, 'format', v.format,
			'rows', v.rows, 'bytes', v.bytes, 'schedule_id', v.schedule_id, 'error', v.error,
			'expires_at', v.expires_at)));
	PERFORM voiceagent_private.request_job('remove_exports', v_until);
END
$$;
COMMENT ON FUNCTION voiceagent_private.end_export(bigint, bigint, bigint, text) IS
	'Notes that an export of the current tenant is done, or why it failed; what was dropped meanwhile stays so.';

CREATE FUNCTION voiceagent_private.unkept_exports(names text[]) RETURNS SETOF text
	LANGUAGE sql STABLE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
	SELECT n.name FROM unnest(names) AS n(name)
	CROSS JOIN LATERAL (SELECT regexp_match(n.name, '^(\d{1,18})-(\d{1,18})[.][a-z]+$') AS ids) i
	WHERE NOT EXISTS (SELECT FROM voiceagent_private.export_jobs j
		WHERE j.tenant_id = i.ids[1]::bigint AND j.export_id = i.ids[2]::bigint AND j.stage = 'kept'
			AND j.file_name = n.name)
$$;
COMMENT ON FUNCTION voiceagent_private.unkept_exports(text[]) IS
	'Which of these files in the directory of exports are no longer wanted.';

CREATE FUNCTION voiceagent_private.remove_exports(max integer) RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v record;
BEGIN
	FOR v IN
		-- One that its tenant is just dropping is left for the next look.
		SELECT j.tenant_id, j.export_id, j.stage FROM voiceagent_private.export_jobs j
		WHERE j.tenant_id = voiceagent.current_tenant() AND j.stage IN ('kept', 'over')
			AND j.next_at <= voiceagent.clock() ORDER BY j.next_at LIMIT max FOR UPDATE SKIP LOCKED
	LOOP
		IF v.stage = 'kept' THEN
			PERFORM voiceagent_private.drop_exports(ARRAY[v.export_id], NULL);
		ELSE
			DELETE FROM voiceagent.exports e WHERE e.tenant_id = v.tenant_id AND e.export_id = v.export_id;
		END IF;
	END LOOP;
	-- Due rows that were skipped are locked.
	RETURN CASE WHEN NOT FOUND THEN voiceagent.clock() + interval '1 second' END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.remove_exports(integer) IS
	'A tenant job: ends exports whose time is over, and 90 days later deletes their rows.';
SELECT voiceagent_private.register_tenant_job('remove_exports', 100, 'export_jobs', 'next_at', 'stage', '{kept,over}');
