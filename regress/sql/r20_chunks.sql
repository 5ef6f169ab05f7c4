-- A file cut at any byte gives the same leads and the same reports as the whole file.
SELECT voiceagent.create_tenant('r20 chunks') AS tenant \gset
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS acting;

CREATE TEMP TABLE nasty AS SELECT convert_to(E'\uFEFF\r\n"Name";Telefon;"Sta""dt";Größe\r\n'
	'"Zoë; ""Z"" Ü";+1 (212) 555-0101;"Köln\r\nam\nRhein";1\r\n'
	'\r\n'
	'Bob;;;2\r'
	'Cy;2125550102;"😀";"3"\n'
	'Di;212-555-0101;x;4\r\n'
	'Ed;2125550103;;"5', 'UTF8') AS file;

-- one of each: what came of it, as one text; then everything is taken back
CREATE FUNCTION pg_temp.result(cuts int[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_file bytea := (SELECT file FROM nasty);
	v_batch bigint;
	v_from int := 0;
	v_cut int;
	v_result text;
BEGIN
	BEGIN
		v_batch := voiceagent.begin_import();
		FOREACH v_cut IN ARRAY cuts || length(v_file) LOOP
			PERFORM voiceagent.append_import(v_batch, substr(v_file, v_from + 1, v_cut - v_from));
			v_from := v_cut;
		END LOOP;
		v_result := (SELECT format('%s %s %s %s', r.rows_read, r.rows_imported, r.rows_rejected, r.rows_duplicate)
				FROM voiceagent.finish_import(v_batch) r)
			|| E'\n' || (SELECT string_agg(concat_ws('|', l.phone, l.first_name, l.last_name, l.context, l.batch_row), E'\n' ORDER BY l.lead_id)
				FROM voiceagent.leads l WHERE l.tenant_id = voiceagent.current_tenant())
			|| E'\n' || (SELECT string_agg(concat_ws('|', e.row_number, e.error_number, e.column_name, e.value, e.kind, e.reason), E'\n'
					ORDER BY e.row_number, e.error_number)
				FROM voiceagent.import_errors e WHERE e.tenant_id = voiceagent.current_tenant());
		RAISE EXCEPTION USING ERRCODE = 'P0999', MESSAGE = v_result;
	EXCEPTION WHEN SQLSTATE 'P0999' THEN
		RETURN SQLERRM;
	END;
END
$$;

SELECT pg_temp.result('{}') AS whole \gset
\echo :whole
-- every single cut
SELECT count(*) AS cuts, count(*) FILTER (WHERE pg_temp.result(ARRAY[c]) IS DISTINCT FROM :'whole') AS different
FROM nasty, generate_series(0, length(file)) c;
-- byte by byte, and in threes
SELECT pg_temp.result(array_agg(c)) = :'whole' AS same FROM nasty, generate_series(1, length(file) - 1) c;
SELECT pg_temp.result(array_agg(c)) = :'whole' AS same FROM nasty, generate_series(1, length(file) - 1, 3) c;
-- two cuts, all of them around the quoted newline
SELECT count(*) FILTER (WHERE pg_temp.result(ARRAY[a, b]) IS DISTINCT FROM :'whole') AS different
FROM generate_series(60, 95) a, generate_series(60, 95) b WHERE a <= b AND (a + 3 * b) % 11 = 0;
ROLLBACK;
