/*
 * 92_bi: what a tenant takes away as files.
 *
 * export_lines() gives a page of lines; the last id of a page is where the
 * next one begins, so that neither side holds more than a page, however much
 * there is.  Views can be copied whole (\copy), too; only here a text that a
 * spreadsheet would compute is made harmless.
 */

CREATE FUNCTION voiceagent_private.export_sources()
	RETURNS TABLE (what text, relation text, id text, filters text, day text)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	VALUES ('calls', 'call_list', 'call_id', 'campaign,outcome', 'day'),
		('leads', 'leads', 'lead_id', '', 'created_at'),
		('transcripts', 'transcripts', 'call_id', 'campaign,outcome', 'day'),
		('appointments', 'appointments', 'appointment_id', 'campaign', 'starts_at'),
		('ledger', 'ledger', 'transaction_id', 'campaign', 'at'),
		('analytics', 'daily_calls', 'line', 'campaign', 'day')
$$;
COMMENT ON FUNCTION voiceagent_private.export_sources() IS
	'The sources of exports: the view of voiceagent_bi, the column by which it is paged, its filters, and its day.';

CREATE FUNCTION voiceagent_private.check_export(what text, format text, separator text, from_day date, to_day date,
	campaign_id bigint, outcome text, max_rows integer) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_filters text := (SELECT s.filters FROM voiceagent_private.export_sources() s WHERE s.what = check_export.what);
	c_most CONSTANT integer := 100000;
BEGIN
	PERFORM voiceagent_private.fail_if(v_filters IS NULL, 'PT422',
		format('there is no export of "%s"', left(coalesce(what, 'NULL'), 60)), NULL,
		(SELECT format('One of %s.', string_agg(s.what, ', ')) FROM voiceagent_private.export_sources() s));
	PERFORM voiceagent_private.fail_if(format IS NULL OR format NOT IN ('csv', 'ndjson', 'json', 'xlsx'), 'PT422',
		'format must be csv, ndjson, json, or, of request_export(), xlsx');
	PERFORM voiceagent_private.fail_if(separator IS NULL OR separator NOT IN (',', ';', E'\t', '|'), 'PT422',
		'separator must be a comma, a semicolon, a tab or a bar');
	PERFORM voiceagent_private.fail_if(max_rows IS NULL OR max_rows NOT BETWEEN 1 AND c_most, 'PT422',
		format('max_rows must be from 1 to %s', c_most), NULL, 'Go on with after: the first column of the last line.');
	PERFORM voiceagent_private.fail_if(campaign_id IS NOT NULL AND v_filters NOT LIKE '%campaign%', 'PT422',
		format('an export of %s is not filtered by campaign', what));
	PERFORM voiceagent_private.fail_if(outcome IS NOT NULL AND v_filters NOT LIKE '%outcome%', 'PT422',
		format('an export of %s is not filtered by outcome', what));
	IF num_nonnulls(from_day, to_day) > 0 THEN
		PERFORM voiceagent_private.check_days(coalesce(from_day, to_day), coalesce(to_day, from_day));
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_export(text, text, text, date, date, bigint, text, integer) IS
	'PT422 unless export_lines() can do this.';

CREATE FUNCTION voiceagent_private.check_export_columns(what text, columns text[]) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_relation text := (SELECT s.relation FROM voiceagent_private.export_sources() s
		WHERE s.what = check_export_columns.what);
	v_have text[] := ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute a
		WHERE a.attrelid = ('voiceagent_bi.' || v_relation)::regclass AND a.attnum > 0 ORDER BY a.attnum);
	c_most CONSTANT integer := 100;
BEGIN
	IF columns IS NULL THEN
		RETURN;
	ELSIF cardinality(columns) NOT BETWEEN 1 AND c_most THEN
		PERFORM voiceagent_private.fail('PT422', format('only_columns must name 1 to %s columns', c_most));
	ELSIF NOT columns <@ v_have
		OR (SELECT count(DISTINCT c.name) FROM unnest(columns) AS c(name)) < cardinality(columns) THEN
		PERFORM voiceagent_private.fail('PT422', format('only_columns must name columns of %s, each once', what), NULL,
			format('They are %s.', array_to_string(v_have, ', ')));
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_export_columns(text, text[]) IS
	'PT422 unless an export can have only these columns.';

CREATE FUNCTION voiceagent_private.export_query(what text, from_day date, to_day date, campaign_id bigint, outcome text,
	columns text[] DEFAULT NULL)
	RETURNS text
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v record;
BEGIN
	SELECT s.* INTO v FROM voiceagent_private.export_sources() s WHERE s.what = export_query.what;
	-- Days have no ids; their lines are numbered.
	RETURN format('SELECT %s FROM %s r WHERE r.%I > $1', CASE WHEN columns IS NULL THEN 'r.*' ELSE
			-- Pages go by the id.
			(SELECT string_agg(format('r.%I', c.name), ', ' ORDER BY c.n)
				FROM unnest(v.id || array_remove(columns, v.id)) WITH ORDINALITY AS c(name, n)) END,
		CASE v.id WHEN 'line'
			THEN '(SELECT row_number() OVER (ORDER BY d.day, d.campaign_id, d.direction, d.phone_number_id,
				d.assistant_id, d.currency) AS line, d.* FROM voiceagent_bi.daily_calls d)'
			ELSE format('voiceagent_bi.%I', v.relation) END, v.id)
		|| CASE WHEN from_day IS NOT NULL THEN format(' AND r.%I >= $2', v.day) ELSE '' END
		|| CASE WHEN to_day IS NOT NULL THEN format(' AND r.%I < $3 + 1', v.day) ELSE '' END
		|| CASE WHEN campaign_id IS NOT NULL THEN ' AND r.campaign_id = $4' ELSE '' END
		|| CASE WHEN outcome IS NOT NULL THEN ' AND r.outcome = $5' ELSE '' END
		-- A page of turns ends with a whole call.
		|| format(' ORDER BY r.%I FETCH FIRST $6 ROWS %s', v.id,
			CASE what WHEN 'transcripts' THEN 'WITH TIES' ELSE 'ONLY' END);
END
$$;
COMMENT ON FUNCTION voiceagent_private.export_query(text, date, date, bigint, text, text[]) IS
	'The query of a page of an export: $1 the id to go on after, $2 from_day, $3 to_day, $4 campaign_id, $5 outcome, '
	'$6 most rows.';

CREATE FUNCTION voiceagent.export_lines(what text, format text DEFAULT 'csv', from_day date DEFAULT NULL,
	to_day date DEFAULT NULL, campaign_id bigint DEFAULT NULL, outcome text DEFAULT NULL, after bigint DEFAULT 0,
	max_rows integer DEFAULT 10000, separator text DEFAULT ',', bom boolean DEFAULT false) RETURNS SETOF text
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v record;
BEGIN
	PERFORM voiceagent_private.check_export(what, format, separator, from_day, to_day, campaign_id, outcome, max_rows);
	PERFORM voiceagent_private.fail_if(format = 'xlsx', 'PT422', 'xlsx has no lines', NULL,
		'request_export() makes a file.');
	SELECT s.* INTO v FROM voiceagent_private.export_sources() s WHERE s.what = export_lines.what;
	IF format = 'csv' AND after = 0 THEN
		RETURN NEXT CASE WHEN bom THEN E'\uFEFF' ELSE '' END
			|| CASE v.id WHEN 'line' THEN 'line' || separator ELSE '' END
			|| (SELECT string_agg(a.attname, separator ORDER BY a.attnum) FROM pg_catalog.pg_attribute a
				WHERE a.attrelid = ('voiceagent_bi.' || v.relation)::regclass AND a.attnum > 0);
	END IF;
	-- Texts of our own.  @plpgsql_check_options: security_warnings = off
	RETURN QUERY EXECUTE format('SELECT %s FROM (%s) x', CASE format
			WHEN 'csv' THEN 'voiceagent_private.csv_line(x, $7)' WHEN 'json'
			THEN format('coalesce(json_agg(x ORDER BY x.%I), ''[]'')::text', v.id) ELSE 'row_to_json(x)::text' END,
			voiceagent_private.export_query(what, from_day, to_day, campaign_id, outcome))
		USING after, from_day, to_day, campaign_id, outcome, max_rows, separator;
END
$$;
COMMENT ON FUNCTION voiceagent.export_lines(text, text, date, date, bigint, text, bigint, integer, text, boolean) IS
	E'A page of calls, leads, transcripts, appointments, ledger or analytics as lines of CSV or NDJSON, or as one JSON '
	'array, by id, from from_day to to_day in the tenant''s zone, of a campaign, with an outcome.\n'
	'after: the id in the last line of the page before; the first page of CSV has the names. A text that a spreadsheet '
	'would compute gets an apostrophe. PT422.';
