-- A row that was never in a file: its fields come one by one, and mean what they mean in a file.
\set SHOW_CONTEXT never
CREATE ROLE r20_row LOGIN;
SELECT voiceagent.create_tenant('r20 row') AS tenant \gset
SELECT voiceagent.map_role('r20_row', :tenant);
CREATE FUNCTION pg_temp.row_of(names text[], vals text[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_batch voiceagent.import_batches := voiceagent_private.open_import('{}', 'US', NULL, 'open', 'update');
	v voiceagent_private.import_step;
BEGIN
	PERFORM voiceagent_private.lock_leads(true), voiceagent_private.lock_tenant(true);
	v := voiceagent_private.import_chunk(v_batch.batch_id, v_batch.mapping, 'US', NULL, 0, vals, true, false, true, names, ',', NULL, 'UTF-8', NULL);
	RETURN format('%s read, %s imported, %s updated, %s rejected, %s listed: %s', v.rows_read, v.rows_imported, v.rows_updated, v.rows_rejected, v.rows_do_not_call,
		(SELECT string_agg(concat_ws(' ', r.column_name, r.kind, r.reason), '; ') FROM voiceagent.import_reports r WHERE r.tenant_id = v_batch.tenant_id AND r.batch_id = v_batch.batch_id));
END $$;
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS acting;
SELECT pg_temp.row_of('{phone,name,note}', ARRAY['2125550301', 'A "quoted", name', E'two\nlines\x1f, and; more|']);
SELECT phone, first_name, last_name, context FROM voiceagent.leads WHERE tenant_id = :tenant;
SELECT pg_temp.row_of('{phone,consent,consent_source}', '{2125550301,yes,the form}');
SELECT kind, source FROM voiceagent.consents WHERE tenant_id = :tenant;
SELECT pg_temp.row_of('{phone,do_not_call}', '{2125550301,yes}');
SELECT pg_temp.row_of('{phone,name}', '{2125550302,NULL}');
SELECT pg_temp.row_of('{phone,name}', '{2125550303}');
SELECT pg_temp.row_of('{phone,name}', '{2125550303,b,c}');
SELECT pg_temp.row_of('{phone,name}', '{}');
ROLLBACK;
