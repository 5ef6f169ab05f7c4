-- 20_import: files of leads in, in one piece or in many. The work is extension/import/.

CREATE TYPE voiceagent.import_result AS (
	batch_id bigint,
	rows_read bigint,
	rows_imported bigint,
	rows_rejected bigint,
	rows_duplicate bigint,
	rows_do_not_call bigint,
	rows_updated bigint,
	warnings bigint
);
COMMENT ON TYPE voiceagent.import_result IS
	E'The result of an import: rows_read = rows_imported + rows_rejected + rows_duplicate + rows_do_not_call + '
	'rows_updated.\n'
	'warnings: values that were left out, and rows that lack what the prompt needs. The reasons are in '
	'import_errors, those of a dry run in import_reports.';

CREATE TYPE voiceagent_private.import_step AS (
	header text[],
	delimiter text,
	carry bytea,
	encoding text,
	pending bytea,
	rows_read bigint,
	rows_imported bigint,
	rows_rejected bigint,
	rows_duplicate bigint,
	rows_do_not_call bigint,
	rows_updated bigint,
	first_lead_id bigint,
	last_lead_id bigint,
	warnings bigint
);
COMMENT ON TYPE voiceagent_private.import_step IS
	'The result of one piece of a file: what import_carry must remember for the next, and the counts of this one.';

CREATE FUNCTION voiceagent_private.lock_leads(exclusive boolean) RETURNS void
	LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'va_sql_lock_leads';
COMMENT ON FUNCTION voiceagent_private.lock_leads(boolean) IS
	'Until the transaction ends: exclusive, no other session adds leads of the current tenant or has them join a '
	'campaign (an import, an erasure); shared, none holds it exclusively (add_lead).';

CREATE FUNCTION voiceagent_private.try_lock_leads(exclusive boolean DEFAULT false) RETURNS boolean
	LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'va_sql_try_leads_lock';
COMMENT ON FUNCTION voiceagent_private.try_lock_leads(boolean) IS
	'lock_leads() without waiting: false, and no lock, while another transaction has one that excludes it.';

CREATE FUNCTION voiceagent_private.check_import(mapping jsonb, default_country text) RETURNS void
	LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_check_import';
COMMENT ON FUNCTION voiceagent_private.check_import(jsonb, text) IS
	'PT422 for a mapping that is not {"our field": "their header"} with known fields, and for an unknown country.';

-- header and delimiter are known once the first row is complete. With update_existing, rows whose numbers are leads
-- already change those leads.
CREATE FUNCTION voiceagent_private.import_chunk(batch_id bigint, mapping jsonb, default_country text,
	campaign_id bigint, rows_before bigint, chunk "any", last boolean, dry_run boolean, update_existing boolean,
	header text[], delimiter text, carry bytea, encoding text, pending bytea)
	RETURNS voiceagent_private.import_step LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'va_sql_import_chunk';
COMMENT ON FUNCTION voiceagent_private.import_chunk(bigint, jsonb, text, bigint, bigint, "any", boolean, boolean,
	boolean, text[], text, bytea, text, bytea) IS
	E'Imports the complete rows of pending, carry and chunk (bytea or text; text[]: the fields of one row) for the '
	'current tenant, under lock_leads(true) -> the counts of this call.\n'
	'header, delimiter, encoding: NULL until they are known; pending, carry: what the call before left over; '
	'rows_before: those of earlier chunks; last: nothing follows. PT422 for what is no CSV file of leads.';

CREATE FUNCTION voiceagent_private.open_import(mapping jsonb, default_country text, campaign_id bigint, status text,
	on_duplicate text DEFAULT 'skip', idempotency_key text DEFAULT NULL, request_hash bytea DEFAULT NULL)
	RETURNS voiceagent.import_batches
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_country text := upper(coalesce(default_country, voiceagent_private.setting_text('default_country')));
	v_batch voiceagent.import_batches;
BEGIN
	PERFORM voiceagent_private.check_import(coalesce(mapping, '{}'), v_country);
	PERFORM voiceagent_private.fail_if(on_duplicate IS NULL OR on_duplicate NOT IN ('skip', 'update'), 'PT422',
		format('unknown way to treat duplicates "%s"', left(coalesce(on_duplicate, ''), 100)), NULL,
		'It is skip or update.');
	PERFORM voiceagent_private.fail_if(voiceagent_private.json_bytes(mapping, 1048576) > 1048576, 'PT422',
		'a mapping has at most 1048576 bytes');
	PERFORM voiceagent_private.fail_if(idempotency_key IS NOT NULL AND length(idempotency_key) NOT BETWEEN 1 AND 200,
		'PT422', 'the idempotency key has no sensible length', NULL, 'Give 1 to 200 characters.');
	PERFORM voiceagent_private.fail_if(campaign_id IS NOT NULL AND NOT EXISTS (SELECT FROM voiceagent.campaigns c
			WHERE c.tenant_id = v_tenant AND c.campaign_id = open_import.campaign_id), 'PT404',
		format('campaign %s does not exist', campaign_id));
	PERFORM voiceagent_private.require_not_archived(c) FROM voiceagent.campaigns c
	WHERE c.tenant_id = v_tenant AND c.campaign_id = open_import.campaign_id;
	INSERT INTO voiceagent.import_batches AS b (tenant_id, status, mapping, default_country, campaign_id, on_duplicate,
		idempotency_key, request_hash, created_at)
	VALUES (v_tenant, status, coalesce(mapping, '{}'), v_country, campaign_id, on_duplicate,
		idempotency_key, request_hash, voiceagent.clock())
	ON CONFLICT DO NOTHING
	RETURNING b.* INTO v_batch;
	RETURN v_batch;
END
$$;
COMMENT ON FUNCTION voiceagent_private.open_import(jsonb, text, bigint, text, text, text, bytea) IS
	E'Makes the batch of an import: arguments checked, the tenant''s default country filled in.\n'
	'All NULL when the tenant has one with this idempotency key. '
	'PT404 for a campaign that is not the tenant''s, PT422.';

CREATE FUNCTION voiceagent_private.import_of_key(idempotency_key text, request_hash bytea)
	RETURNS voiceagent.import_batches
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_batch voiceagent.import_batches;
BEGIN
	SELECT b.* INTO STRICT v_batch FROM voiceagent.import_batches b
	WHERE b.tenant_id = voiceagent.current_tenant() AND b.idempotency_key = import_of_key.idempotency_key;
	PERFORM voiceagent_private.fail_if(v_batch.request_hash IS DISTINCT FROM import_of_key.request_hash, 'PT409',
		'the idempotency key was used for another import', format('It was import %s.', v_batch.batch_id),
		'Give every file a key of its own.');
	PERFORM voiceagent_private.fail_if(v_batch.status = 'undone', 'PT409',
		'the import of this idempotency key was undone', format('It was import %s.', v_batch.batch_id),
		'To import the file again, give another key.');
	RETURN v_batch;
END
$$;
COMMENT ON FUNCTION voiceagent_private.import_of_key(text, bytea) IS
	'The import that was asked for with this key before; PT409 if that was for something else, or has been undone.';

CREATE FUNCTION voiceagent_private.result_of(batch voiceagent.import_batches) RETURNS voiceagent.import_result
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT (batch.batch_id, batch.rows_read, batch.rows_imported, batch.rows_rejected, batch.rows_duplicate,
		batch.rows_do_not_call, batch.rows_updated, batch.warnings)::voiceagent.import_result
$$;
COMMENT ON FUNCTION voiceagent_private.result_of(voiceagent.import_batches) IS 'The counts of an import.';

CREATE FUNCTION voiceagent_private.count_import(batch_id bigint, step voiceagent_private.import_step, bytes bigint,
	finished boolean)
	RETURNS voiceagent.import_result
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_batch voiceagent.import_batches;
BEGIN
	UPDATE voiceagent.import_batches AS b SET
		encoding = CASE step.encoding WHEN '?' THEN 'UTF-8' ELSE rtrim(step.encoding, '!') END,
		header = coalesce(b.header, step.header),
		bytes_read = b.bytes_read + bytes,
		rows_read = b.rows_read + step.rows_read,
		rows_imported = b.rows_imported + step.rows_imported,
		rows_rejected = b.rows_rejected + step.rows_rejected,
		rows_duplicate = b.rows_duplicate + step.rows_duplicate,
		rows_do_not_call = b.rows_do_not_call + step.rows_do_not_call,
		rows_updated = b.rows_updated + step.rows_updated,
		warnings = b.warnings + step.warnings,
		first_lead_id = coalesce(b.first_lead_id, step.first_lead_id),
		last_lead_id = coalesce(step.last_lead_id, b.last_lead_id),
		status = CASE WHEN finished AND b.status = 'open' THEN 'finished' ELSE b.status END,
		finished_at = CASE WHEN finished THEN voiceagent.clock() ELSE b.finished_at END
	WHERE b.tenant_id = voiceagent.current_tenant() AND b.batch_id = count_import.batch_id
	RETURNING b.* INTO v_batch;
	IF finished AND v_batch.status = 'finished' THEN
		PERFORM voiceagent_private.log_event('import_finished', v_batch.campaign_id, NULL, NULL,
			to_jsonb(voiceagent_private.result_of(v_batch)));
	END IF;
	RETURN voiceagent_private.result_of(v_batch);
END
$$;
COMMENT ON FUNCTION voiceagent_private.count_import(bigint, voiceagent_private.import_step, bigint, boolean) IS
	'Adds what came of one piece, of so many bytes, to its batch, and closes it when it is finished; the totals.';

CREATE FUNCTION voiceagent_private.require_not_base64(beginning bytea) RETURNS void
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_head bytea := substring(beginning FROM 1 FOR 1024);
	v_text text;
	v_decoded text;
BEGIN
	IF position('\x00'::bytea IN v_head) > 0 THEN
		RETURN;
	END IF;
	-- Every byte is a character of LATIN1.
	v_text := regexp_replace(convert_from(v_head, 'LATIN1'), '\s', '', 'g');
	IF v_text !~ '^data:[^,]{0,100};base64,' THEN
		IF v_text !~ '^[A-Za-z0-9+/]{12,}={0,2}$' THEN
			RETURN;
		END IF;
		v_text := rtrim(v_text, '=');
		v_decoded := encode(decode(left(v_text, length(v_text) / 4 * 4), 'base64'), 'escape');
		-- A name and letters that happen to be base64 decode to anything but a line of readable words.
		IF v_decoded !~ '^(\\357\\273\\277|\\377\\376)'
			AND (v_decoded !~ '[,;|\n\t]' OR v_decoded ~ '[^\x20-\x7e\t\r\n]'
					OR left(v_decoded, 24) ~ '\\') THEN
			RETURN;
		END IF;
	END IF;
	PERFORM voiceagent_private.fail('PT422', 'the file is in base64, not CSV', NULL,
		'Send the bytes themselves: decode(file, ''base64'') in SQL, '
			'the file as the body of POST /rpc/import_file by PostgREST.');
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_not_base64(bytea) IS
	'PT422 where the beginning of a file is base64 of a CSV file, or a data: URL, which a client took for the bytes.';

-- extension/doc/importing.md describes the effect of each column and argument.
CREATE FUNCTION voiceagent.import_leads(csv text, mapping jsonb DEFAULT '{}', default_country text DEFAULT NULL,
	campaign_id bigint DEFAULT NULL, dry_run boolean DEFAULT false, on_duplicate text DEFAULT 'skip',
	idempotency_key text DEFAULT NULL, assistant_id bigint DEFAULT NULL)
	RETURNS voiceagent.import_result
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_batch voiceagent.import_batches;
	v_step voiceagent_private.import_step;
	v_hash bytea;
BEGIN
	IF idempotency_key IS NOT NULL THEN
		v_hash := sha256(sha256(convert_to(csv, 'UTF8'))
			|| convert_to(jsonb_build_array(mapping, default_country, campaign_id,
				dry_run IS TRUE, on_duplicate)::text, 'UTF8')
			-- As it was before there was this argument.
			|| coalesce(convert_to(assistant_id::text, 'UTF8'), ''));
	END IF;
	v_batch := voiceagent_private.open_import(mapping, default_country, campaign_id,
		CASE WHEN dry_run THEN 'dry_run' ELSE 'open' END, on_duplicate, idempotency_key, v_hash);
	IF v_batch.batch_id IS NULL THEN
		RETURN voiceagent_private.result_of(voiceagent_private.import_of_key(idempotency_key, v_hash));
	END IF;
	IF import_leads.assistant_id IS NOT NULL THEN
		UPDATE voiceagent.import_batches b SET assistant_id = import_leads.assistant_id
		WHERE b.tenant_id = v_batch.tenant_id AND b.batch_id = v_batch.batch_id;
	END IF;
	PERFORM voiceagent_private.require_not_base64(convert_to(left(csv, 1024), 'UTF8'));
	PERFORM voiceagent_private.lock_leads(true);
	IF on_duplicate = 'update' THEN
		PERFORM voiceagent_private.lock_tenant(true);
	END IF;
	-- An assignment, because a statement of its own would copy the whole file into its plan, twice.
	v_step :=
		voiceagent_private.import_chunk(v_batch.batch_id, v_batch.mapping, v_batch.default_country, v_batch.campaign_id,
			0, csv, true, dry_run IS TRUE, on_duplicate = 'update', NULL, NULL, NULL, 'UTF-8', NULL);
	RETURN voiceagent_private.count_import(v_batch.batch_id, v_step, octet_length(csv), true);
END
$$;
COMMENT ON FUNCTION voiceagent.import_leads(text, jsonb, text, bigint, boolean, text, text, bigint) IS
	E'Imports a CSV file of leads, separated by comma, semicolon, tab or |, with a row of names.\n'
	'mapping: {"our field": "their header"}; default_country: ISO 3166-1 alpha-2 or +; on_duplicate: skip, '
	'update; dry_run only reports; assistant_id (else the campaign''s): what its leads lack is reported. Returns '
	'counts (reasons: import_errors, import_reports); PT422, PT409 for another request''s idempotency_key.';

CREATE FUNCTION voiceagent_private.encoding_name(encoding text) RETURNS text
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_encoding_name';
COMMENT ON FUNCTION voiceagent_private.encoding_name(text) IS
	'The encoding of this name, as import_batches shows it; NULL if files cannot be read in it.';

CREATE FUNCTION voiceagent_private.require_encoding(encoding text) RETURNS text
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_encoding text := voiceagent_private.encoding_name(encoding);
BEGIN
	PERFORM voiceagent_private.fail_if(encoding IS NOT NULL AND v_encoding IS NULL, 'PT422',
		format('unknown encoding "%s"', left(encoding, 100)), NULL,
		'Give UTF-8, UTF-16LE, UTF-16BE or WINDOWS-1252, or NULL to have it found out.');
	RETURN v_encoding;
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_encoding(text) IS
	'encoding_name(), but PT422 for a name that files cannot be read in.';

CREATE FUNCTION voiceagent.begin_import(mapping jsonb DEFAULT '{}', default_country text DEFAULT NULL,
	campaign_id bigint DEFAULT NULL, on_duplicate text DEFAULT 'skip', encoding text DEFAULT NULL,
	idempotency_key text DEFAULT NULL) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_batch voiceagent.import_batches;
	v_hash bytea;
	v_encoding text := voiceagent_private.require_encoding(encoding);
BEGIN
	IF idempotency_key IS NOT NULL THEN
		v_hash := sha256(convert_to(jsonb_build_array('pieces', mapping, default_country, campaign_id, on_duplicate,
			v_encoding)::text, 'UTF8'));
	END IF;
	v_batch := voiceagent_private.open_import(mapping, default_country, campaign_id, 'open', on_duplicate,
		idempotency_key, v_hash);
	IF v_batch.batch_id IS NULL THEN
		v_batch := voiceagent_private.import_of_key(idempotency_key, v_hash);
	ELSE
		INSERT INTO voiceagent_private.import_carry (tenant_id, batch_id, encoding)
		VALUES (v_batch.tenant_id, v_batch.batch_id, v_encoding || '!');
	END IF;
	RETURN v_batch.batch_id;
END
$$;
COMMENT ON FUNCTION voiceagent.begin_import(jsonb, text, bigint, text, text, text) IS
	E'Opens an import in pieces, for append_import() and finish_import(); arguments as of import_leads().\n'
	'encoding: of the file (NULL: found out; UTF-8 with or without byte order mark, UTF-16 or Windows-1252). Returns '
	'its batch_id. With an idempotency_key that opened an import before, that one: import_batches says by status and '
	'bytes_read where to go on. PT409 if the key was for other arguments.';

CREATE FUNCTION voiceagent_private.continue_import(batch_id bigint, chunk bytea, last boolean)
	RETURNS voiceagent.import_result
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_batch voiceagent.import_batches;
	v_carry voiceagent_private.import_carry;
	v_step voiceagent_private.import_step;
BEGIN
	SELECT b.* INTO v_batch FROM voiceagent.import_batches b
	WHERE b.tenant_id = v_tenant AND b.batch_id = continue_import.batch_id;
	IF v_batch.status = 'open' THEN
		-- In the order of 10_tenant, as undo_import(); two sessions that append take turns here, and what they
		-- have left is read after.
		PERFORM voiceagent_private.lock_leads(true);
		IF v_batch.on_duplicate = 'update' THEN
			PERFORM voiceagent_private.lock_tenant(true);
		END IF;
		SELECT b.* INTO v_batch FROM voiceagent.import_batches b
		WHERE b.tenant_id = v_tenant AND b.batch_id = continue_import.batch_id FOR NO KEY UPDATE;
	END IF;
	IF v_batch.batch_id IS NULL THEN
		PERFORM voiceagent_private.fail('PT404', format('import %s does not exist', continue_import.batch_id));
	ELSIF v_batch.status <> 'open' THEN
		IF last THEN
			RETURN voiceagent_private.result_of(v_batch);
		END IF;
		PERFORM voiceagent_private.fail('PT409', format('import %s is finished', continue_import.batch_id),
			NULL, 'Open another with begin_import().');
	END IF;
	IF v_batch.bytes_read = 0 AND chunk IS NOT NULL THEN
		PERFORM voiceagent_private.require_not_base64(chunk);
	END IF;
	SELECT c.* INTO STRICT v_carry FROM voiceagent_private.import_carry c
	WHERE c.tenant_id = v_tenant AND c.batch_id = v_batch.batch_id;
	v_step := voiceagent_private.import_chunk(v_batch.batch_id, v_batch.mapping,
		v_batch.default_country, v_batch.campaign_id, v_batch.rows_read, chunk, last, false,
		v_batch.on_duplicate = 'update',
		v_carry.header, v_carry.delimiter, v_carry.carry, v_carry.encoding, v_carry.pending);
	IF last THEN
		DELETE FROM voiceagent_private.import_carry c WHERE c.tenant_id = v_tenant AND c.batch_id = v_batch.batch_id;
	ELSE
		UPDATE voiceagent_private.import_carry c
		SET header = v_step.header, delimiter = v_step.delimiter, carry = v_step.carry, encoding = v_step.encoding,
			pending = v_step.pending
		WHERE c.tenant_id = v_tenant AND c.batch_id = v_batch.batch_id;
	END IF;
	RETURN voiceagent_private.count_import(v_batch.batch_id, v_step, coalesce(octet_length(chunk), 0), last);
END
$$;
COMMENT ON FUNCTION voiceagent_private.continue_import(bigint, bytea, boolean) IS
	'One piece of an import: the rows that it completes, the counts and the rest of it in one commit; last: what '
	'is left is the last row.';

CREATE FUNCTION voiceagent.append_import(batch_id bigint, chunk bytea) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN (voiceagent_private.continue_import(batch_id, chunk, false)).rows_read;
END
$$;
COMMENT ON FUNCTION voiceagent.append_import(bigint, bytea) IS
	E'The next piece of a file, cut anywhere, also within a character.\n'
	'Its complete rows are imported at once. Returns the rows read so far. On an error nothing of the piece is kept, '
	'and the import may go on with another. PT404 unknown batch, PT409 it is finished, PT422 as import_leads().';

CREATE FUNCTION voiceagent.finish_import(batch_id bigint) RETURNS voiceagent.import_result
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN voiceagent_private.continue_import(batch_id, NULL, true);
END
$$;
COMMENT ON FUNCTION voiceagent.finish_import(bigint) IS
	E'Ends an import in pieces: reads what is left of the last one.\n'
	'Returns the totals; once more returns them again. PT422 for a file without a header or without rows.';
INSERT INTO voiceagent_private.registrations (kind, name) VALUES
	('deferred', 'import_leads'), ('deferred', 'finish_import');
