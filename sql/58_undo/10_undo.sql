-- 58_undo: an import taken back, and its rejected rows given back.

CREATE FUNCTION voiceagent_private.undoable_leads(batch_id bigint, lead_ids bigint[], keep_called boolean)
	RETURNS bigint[]
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_named text;
	v_count bigint;
	v_kept bigint[];
BEGIN
	-- A call, live or over, has its row in calls; an appointment may have come without one.
	SELECT count(*),
		string_agg(format('lead %s (%s)', f.lead_id, f.why), ', ' ORDER BY f.lead_id) FILTER (WHERE f.nth <= 10),
		array_agg(f.lead_id)
	INTO v_count, v_named, v_kept
	FROM (SELECT l.lead_id, row_number() OVER (ORDER BY l.lead_id) AS nth,
			CASE WHEN v.lead_id IS NOT NULL THEN 'in a call now' WHEN c.lead_id IS NOT NULL
				OR l.call_attempts > 0 THEN 'called'
				WHEN a.lead_id IS NOT NULL THEN 'has an appointment' WHEN t.lead_id IS NOT NULL THEN 'has a task'
				ELSE 'is another lead as well, by a merge' END AS why
		FROM unnest(undoable_leads.lead_ids) i(lead_id)
		JOIN voiceagent.leads l ON l.tenant_id = v_tenant AND l.lead_id = i.lead_id
		LEFT JOIN LATERAL (SELECT k.lead_id FROM voiceagent_private.live_calls k
			WHERE k.tenant_id = v_tenant AND k.lead_id = i.lead_id LIMIT 1) v ON true
		LEFT JOIN LATERAL (SELECT k.lead_id FROM voiceagent.calls k
			WHERE k.tenant_id = v_tenant AND k.lead_id = i.lead_id AND k.direction <> 'inbound' LIMIT 1) c ON true
		LEFT JOIN LATERAL (SELECT k.lead_id FROM voiceagent.appointments k
			WHERE k.tenant_id = v_tenant AND k.lead_id = i.lead_id LIMIT 1) a ON true
		-- An offer has its task.
		LEFT JOIN LATERAL (SELECT k.lead_id FROM voiceagent.tasks k
			WHERE k.tenant_id = v_tenant AND k.lead_id = i.lead_id LIMIT 1) t ON true
		LEFT JOIN LATERAL (SELECT k.was_lead FROM voiceagent.lead_numbers k
			WHERE k.tenant_id = v_tenant AND k.lead_id = i.lead_id AND k.was_lead IS NOT NULL LIMIT 1) w ON true
		WHERE l.call_attempts > 0 OR v.lead_id IS NOT NULL OR c.lead_id IS NOT NULL OR a.lead_id IS NOT NULL
			OR t.lead_id IS NOT NULL OR w.was_lead IS NOT NULL) f;
	PERFORM voiceagent_private.fail_if(v_count > 0 AND keep_called IS NOT TRUE, 'PT409',
		format('import %s has leads that were called', undoable_leads.batch_id),
		format('%s of them: ', v_count) || v_named
			|| CASE WHEN v_count > 10 THEN format(' and %s more', v_count - 10) ELSE '' END || '.',
		'With keep_called those stay, and the others go; remove_leads() takes single leads out of a campaign.');
	RETURN ARRAY(SELECT i.lead_id FROM unnest(lead_ids) i(lead_id) WHERE i.lead_id <> ALL (coalesce(v_kept, '{}')));
END
$$;
COMMENT ON FUNCTION voiceagent_private.undoable_leads(bigint, bigint[], boolean) IS
	E'Of these leads of an import those that were not called and have neither appointment nor task.\n'
	'Where there are others, and they are not to be kept, PT409 names up to ten of them.';

CREATE FUNCTION voiceagent.undo_import(batch_id bigint, keep_called boolean DEFAULT false) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_batch voiceagent.import_batches;
	v_leads bigint[];
	v_campaigns bigint[];
	v_count bigint;
BEGIN
	-- No session adds leads, or puts leads into a campaign, meanwhile.
	PERFORM voiceagent_private.lock_leads(true);
	PERFORM voiceagent_private.lock_tenant(true);
	SELECT b.* INTO v_batch FROM voiceagent.import_batches b
	WHERE b.tenant_id = v_tenant AND b.batch_id = undo_import.batch_id FOR NO KEY UPDATE;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', format('import %s does not exist', undo_import.batch_id));
	PERFORM voiceagent_private.fail_if(v_batch.status = 'undone', 'PT409',
		format('import %s is undone already', v_batch.batch_id));
	PERFORM voiceagent_private.fail_if(v_batch.status = 'dry_run', 'PT409',
		format('import %s was a dry run', v_batch.batch_id), 'It made no leads.');
	PERFORM voiceagent_private.fail_if(v_batch.status = 'open', 'PT409',
		format('import %s is not finished', v_batch.batch_id), NULL, 'Call finish_import() first.');
	PERFORM voiceagent_private.fail_if(v_batch.rows_updated > 0, 'PT409',
		format('import %s has changed %s leads that were there before', v_batch.batch_id, v_batch.rows_updated),
		'What they said before is not kept.');
	-- The ids of the batch lie together: no index by batch is needed.
	SELECT coalesce(array_agg(l.lead_id ORDER BY l.lead_id), '{}') INTO v_leads FROM voiceagent.leads l
	WHERE l.tenant_id = v_tenant AND l.lead_id BETWEEN v_batch.first_lead_id AND v_batch.last_lead_id
		AND l.batch_id = v_batch.batch_id;
	SELECT coalesce(array_agg(DISTINCT m.campaign_id), '{}') INTO v_campaigns FROM unnest(v_leads) i(lead_id),
		LATERAL (SELECT c.campaign_id FROM voiceagent.campaign_leads c
			WHERE c.tenant_id = v_tenant AND c.lead_id = i.lead_id OFFSET 0) m;
	-- The holder of the pacing row dials: a claim that came first commits its calls now, and they are seen below;
	-- a later one finds no lead.
	PERFORM FROM voiceagent_private.pacing p
	WHERE p.tenant_id = v_tenant AND p.campaign_id = ANY (v_campaigns) ORDER BY p.campaign_id FOR UPDATE;
	PERFORM FROM voiceagent_private.call_queue q
	WHERE q.tenant_id = v_tenant AND q.campaign_id = ANY (v_campaigns) AND q.lead_id = ANY (v_leads) FOR UPDATE;
	PERFORM FROM voiceagent.leads l WHERE l.tenant_id = v_tenant AND l.lead_id = ANY (v_leads)
	ORDER BY l.lead_id FOR UPDATE;
	v_leads := voiceagent_private.undoable_leads(v_batch.batch_id, v_leads, keep_called);
	DELETE FROM voiceagent_private.call_queue q
	WHERE q.tenant_id = v_tenant AND q.campaign_id = ANY (v_campaigns) AND q.lead_id = ANY (v_leads);
	DELETE FROM voiceagent.campaign_leads c
	WHERE c.tenant_id = v_tenant AND c.campaign_id = ANY (v_campaigns) AND c.lead_id = ANY (v_leads);
	DELETE FROM voiceagent.consents c WHERE c.tenant_id = v_tenant AND c.lead_id = ANY (v_leads);
	DELETE FROM voiceagent.lead_numbers n WHERE n.tenant_id = v_tenant AND n.lead_id = ANY (v_leads);
	DELETE FROM voiceagent.own_numbers o WHERE o.tenant_id = v_tenant AND o.lead_id = ANY (v_leads);
	PERFORM voiceagent_private.unlist(v_leads);
	DELETE FROM voiceagent.leads l WHERE l.tenant_id = v_tenant AND l.lead_id = ANY (v_leads);
	GET DIAGNOSTICS v_count = ROW_COUNT;
	UPDATE voiceagent.import_batches b SET status = 'undone', undone_at = voiceagent.clock()
	WHERE b.tenant_id = v_tenant AND b.batch_id = v_batch.batch_id;
	PERFORM voiceagent_private.audit('undo_import', v_batch.batch_id::text, NULL, jsonb_build_object('leads', v_count));
	PERFORM voiceagent_private.complete_campaigns(v_campaigns);
	RETURN v_count;
END
$$;
COMMENT ON FUNCTION voiceagent.undo_import(bigint, boolean) IS
	E'Takes an import back, all or nothing (keep_called: but for what was called), and returns how many are gone.\n'
	'Its leads leave every campaign and queue and are deleted with their numbers and consents; the batch stays as '
	'undone, as do do-not-call entries and withdrawals. PT404; PT409 when a lead was called or has an appointment or '
	'a task, or the import is unfinished, dry, undone or has changed others.';

CREATE FUNCTION voiceagent.rejected_csv(batch_id bigint, after_row bigint DEFAULT 0, max_rows integer DEFAULT 100000)
	RETURNS voiceagent."text/csv"
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_header text[];
	v_rows text;
BEGIN
	SELECT b.header INTO v_header FROM voiceagent.import_batches b
	WHERE b.tenant_id = v_tenant AND b.batch_id = rejected_csv.batch_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', format('import %s does not exist', rejected_csv.batch_id));
	SELECT string_agg(voiceagent_private.csv_line(ROW(r.row_number, concat_ws(': ', r.column_name, r.reason)
			|| CASE WHEN r.line IS NULL THEN ' (the row is too long to be shown)' ELSE '' END), ',')
		|| ',' || coalesce(r.line, '') || E'\n', '' ORDER BY r.row_number) INTO v_rows
	FROM (SELECT e.row_number, e.column_name, e.reason, e.line FROM voiceagent.import_reports e
		WHERE e.tenant_id = v_tenant AND e.batch_id = rejected_csv.batch_id AND e.kind = 'rejected'
			AND e.row_number > coalesce(rejected_csv.after_row, 0)
		ORDER BY e.row_number LIMIT greatest(least(rejected_csv.max_rows, 100000), 1)) r;
	RETURN (SELECT 'rejected_row,rejected_reason,'
		|| string_agg(voiceagent_private.csv_line(ROW(h.name), ','), ',' ORDER BY h.ord)
		FROM unnest(v_header) WITH ORDINALITY h(name, ord)) || E'\n' || coalesce(v_rows, '');
END
$$;
COMMENT ON FUNCTION voiceagent.rejected_csv(bigint, bigint, integer) IS
	E'The rejected rows of an import as a CSV file in UTF-8, to be mended and imported again: its own columns behind '
	'rejected_row and rejected_reason, which imports pass over.\n'
	'At most max_rows (100,000) rows after row after_row of the file. A row of more than 32 kB is named without its '
	'fields. Only the header when nothing was rejected; NULL while the file''s first row has not come. PT404.';

CREATE FUNCTION voiceagent_private.check_tags(tags text[]) RETURNS text[]
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	c_tags CONSTANT integer := 50;
	v_tags text[];
BEGIN
	IF cardinality(tags) <= c_tags THEN
		v_tags := ARRAY(SELECT DISTINCT btrim(t) FROM unnest(tags) t WHERE btrim(t) <> '' ORDER BY 1);
	END IF;
	PERFORM voiceagent_private.fail_if(coalesce(cardinality(coalesce(v_tags, tags)), 0) = 0, 'PT422', 'no tags given');
	PERFORM voiceagent_private.fail_if(v_tags IS NULL
		OR EXISTS (SELECT FROM unnest(v_tags) t WHERE octet_length(t) > 100 OR t ~ '[;,|]'), 'PT422', 'invalid tags',
		NULL, 'A tag has at most 100 bytes and no comma, semicolon or bar; a lead has at most 50.');
	RETURN v_tags;
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_tags(text[]) IS
	'The tags without white space around them, each once; PT422 for what is none.';

CREATE FUNCTION voiceagent.tag_leads(lead_ids bigint[], tags text[]) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_tags text[] := voiceagent_private.check_tags(tags);
	v_count bigint;
BEGIN
	PERFORM voiceagent_private.lock_tenant(true);
	PERFORM voiceagent_private.known_leads(lead_ids);
	IF EXISTS (SELECT FROM voiceagent.leads l WHERE l.tenant_id = v_tenant AND l.lead_id = ANY (lead_ids)
			AND cardinality(ARRAY(SELECT unnest(l.tags) UNION SELECT unnest(v_tags))) > 50) THEN
		PERFORM voiceagent_private.fail('PT422', 'a lead would have more than 50 tags');
	END IF;
	UPDATE voiceagent.leads l SET tags = l.tags || ARRAY(SELECT t FROM unnest(v_tags) t WHERE t <> ALL (l.tags))
	WHERE l.tenant_id = v_tenant AND l.lead_id = ANY (lead_ids) AND NOT l.tags @> v_tags;
	GET DIAGNOSTICS v_count = ROW_COUNT;
	RETURN v_count;
END
$$;
COMMENT ON FUNCTION voiceagent.tag_leads(bigint[], text[]) IS
	E'Gives leads tags (words of the tenant''s own; case counts) and returns how many did not have them all before.\n'
	'PT404 names unknown leads, PT422.';

CREATE FUNCTION voiceagent.untag_leads(lead_ids bigint[], tags text[]) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_tags text[] := voiceagent_private.check_tags(tags);
	v_count bigint;
BEGIN
	PERFORM voiceagent_private.lock_tenant(true);
	PERFORM voiceagent_private.known_leads(lead_ids);
	UPDATE voiceagent.leads l
	SET tags = ARRAY(SELECT t FROM unnest(l.tags) WITH ORDINALITY u(t, ord) WHERE t <> ALL (v_tags) ORDER BY ord)
	WHERE l.tenant_id = v_tenant AND l.lead_id = ANY (lead_ids) AND l.tags && v_tags;
	GET DIAGNOSTICS v_count = ROW_COUNT;
	RETURN v_count;
END
$$;
COMMENT ON FUNCTION voiceagent.untag_leads(bigint[], text[]) IS
	E'Takes tags from leads and returns how many had any of them.\n'
	'PT404 names unknown leads, PT422.';
