-- 20_import: a file that psql has sent to the server.

-- It reads 4 MB at a time, in any encoding that imports read. It runs with the caller's rights, so PostgreSQL itself
-- refuses an object of another role.
CREATE FUNCTION voiceagent.import_large_object(large_object oid, mapping jsonb DEFAULT '{}',
	default_country text DEFAULT NULL, campaign_id bigint DEFAULT NULL, on_duplicate text DEFAULT 'skip',
	encoding text DEFAULT NULL, idempotency_key text DEFAULT NULL) RETURNS voiceagent.import_result
	LANGUAGE plpgsql VOLATILE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	c_piece constant integer := 4 * 1024 * 1024;
	v_batch bigint :=
		voiceagent.begin_import(mapping, default_country, campaign_id, on_duplicate, encoding, idempotency_key);
	v_offset bigint;
	v_piece bytea;
	v_result voiceagent.import_result;
BEGIN
	-- Not at the file's start when a request with this key was not finished; nowhere when it was.
	SELECT b.bytes_read INTO v_offset FROM voiceagent.import_batches b
	WHERE b.tenant_id = voiceagent.current_tenant() AND b.batch_id = v_batch AND b.status = 'open';
	WHILE v_offset IS NOT NULL LOOP
		-- By pieces, so that a file of any size needs no more memory than one.
		v_piece := lo_get(large_object, v_offset, c_piece);
		EXIT WHEN length(v_piece) = 0;
		PERFORM voiceagent.append_import(v_batch, v_piece);
		v_offset := v_offset + length(v_piece);
	END LOOP;
	v_result := voiceagent.finish_import(v_batch);
	PERFORM lo_unlink(large_object);
	RETURN v_result;
END
$$;
COMMENT ON FUNCTION voiceagent.import_large_object(oid, jsonb, text, bigint, text, text, text) IS
	E'Imports a file that the caller has brought to the server as a large object: in psql \\lo_import leads.csv, then '
	'this with :LASTOID.\n'
	'It takes the arguments of begin_import(), returns the result of import_leads(), and runs in one transaction. '
	'Success removes the object, an error keeps it and imports nothing; 42501 for an object of another role.';
