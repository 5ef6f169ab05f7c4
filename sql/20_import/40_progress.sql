-- 20_import: how far a long import is, seen from another session.

CREATE FUNCTION voiceagent_private.running_imports()
	RETURNS TABLE (batch_id bigint, started_at timestamptz, dry_run boolean,
		bytes_total bigint, bytes_done bigint, rows_read bigint, rows_imported bigint, rows_rejected bigint,
		rows_duplicate bigint, rows_do_not_call bigint, rows_updated bigint)
	LANGUAGE c VOLATILE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'va_sql_running_imports';
COMMENT ON FUNCTION voiceagent_private.running_imports() IS
	'The calls of import functions that run now for the current tenant, in any session, and how far each is within '
	'its piece of the file.';

CREATE FUNCTION voiceagent.import_progress() RETURNS TABLE (batch_id bigint, started_at timestamptz, dry_run boolean,
	bytes_total bigint, bytes_done bigint, percent numeric, rows_read bigint, rows_imported bigint,
	rows_rejected bigint, rows_duplicate bigint, rows_do_not_call bigint, rows_updated bigint)
	LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	SELECT r.batch_id, r.started_at, r.dry_run, r.bytes_total, r.bytes_done,
		round(100.0 * r.bytes_done / nullif(r.bytes_total, 0), 1),
		r.rows_read + coalesce(b.rows_read, 0), r.rows_imported + coalesce(b.rows_imported, 0),
		r.rows_rejected + coalesce(b.rows_rejected, 0), r.rows_duplicate + coalesce(b.rows_duplicate, 0),
		r.rows_do_not_call + coalesce(b.rows_do_not_call, 0), r.rows_updated + coalesce(b.rows_updated, 0)
	FROM voiceagent_private.running_imports() r
	LEFT JOIN voiceagent.import_batches b ON b.tenant_id = voiceagent.current_tenant() AND b.batch_id = r.batch_id
	ORDER BY r.batch_id
$$;
COMMENT ON FUNCTION voiceagent.import_progress() IS
	E'Shows the imports that run at this moment in any session of the tenant: bytes_done of bytes_total of the running '
	'call (a file, or a piece of append_import()), percent, and the rows so far.\n'
	'Rows, those of committed pieces included, count when they are written, 50,000 at a time. '
	'Others see what an import has made only after its commit; import_batches shows the committed counts.';
