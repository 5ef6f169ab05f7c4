-- 20_import: files of leads in, in one piece or in many. The work is extension/import/.

CREATE TYPE voiceagent.import_result AS (
	batch_id bigint,
	rows_read bigint,
	rows_imported bigint,
	rows_rejected bigint,
	rows_duplicate bigint,
	rows_do_not_call bigint
);
COMMENT ON TYPE voiceagent.import_result IS
	'What came of an import: rows_read = rows_imported + rows_rejected + rows_duplicate + rows_do_not_call. The reasons are in import_errors.';

CREATE FUNCTION voiceagent_private.lock_leads(exclusive boolean) RETURNS void
	LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'va_sql_lock_leads';
COMMENT ON FUNCTION voiceagent_private.lock_leads(boolean) IS
	'Until the transaction ends: exclusive, nobody else adds leads of the current tenant (an import); shared, no import does (add_lead).';

CREATE FUNCTION voiceagent_private.check_import(mapping jsonb, default_country text) RETURNS void
	LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_check_import';
COMMENT ON FUNCTION voiceagent_private.check_import(jsonb, text) IS
	'PT422 for a mapping that is not {"our field": "their header"} with known fields, and for an unknown country.';

CREATE FUNCTION voiceagent_private.timezone_name(name text) RETURNS text
	LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_timezone_name';
COMMENT ON FUNCTION voiceagent_private.timezone_name(text) IS
	'The IANA time zone of this name (any case) as the server writes it; NULL if there is none. A rule such as EST5 is no name of a place.';

CREATE FUNCTION voiceagent_private.import_text(batch_id bigint, mapping jsonb, default_country text, campaign_id bigint,
	rows_before bigint, csv text, last boolean, dry_run boolean,
	INOUT header text[], INOUT delimiter text, INOUT carry bytea,
	OUT rows_read bigint, OUT rows_imported bigint, OUT rows_rejected bigint, OUT rows_duplicate bigint,
	OUT rows_do_not_call bigint)
	RETURNS record LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'va_sql_import';
COMMENT ON FUNCTION voiceagent_private.import_text(bigint, jsonb, text, bigint, bigint, text, boolean, boolean, text[], text, bytea) IS
	'A CSV file as one text: see import_chunk.';

CREATE FUNCTION voiceagent_private.import_chunk(batch_id bigint, mapping jsonb, default_country text, campaign_id bigint,
	rows_before bigint, chunk bytea, last boolean, dry_run boolean,
	INOUT header text[], INOUT delimiter text, INOUT carry bytea,
	OUT rows_read bigint, OUT rows_imported bigint, OUT rows_rejected bigint, OUT rows_duplicate bigint,
	OUT rows_do_not_call bigint)
	RETURNS record LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'va_sql_import';
COMMENT ON FUNCTION voiceagent_private.import_chunk(bigint, jsonb, text, bigint, bigint, bytea, boolean, boolean, text[], text, bytea) IS
	'Imports every complete row of carry and chunk for the current tenant, whose lead lock the caller holds exclusively. header and delimiter are NULL until the first row is complete; carry is what is left over; last: nothing follows; rows_before: rows of earlier chunks. The counts are those of this call. PT422 for what is no CSV file of leads.';

CREATE FUNCTION voiceagent_private.open_import(mapping jsonb, default_country text, campaign_id bigint, status text)
	RETURNS voiceagent.import_batches
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_country text := upper(coalesce(default_country, voiceagent_private.setting_text('default_country')));
	v_batch voiceagent.import_batches;
BEGIN
	PERFORM voiceagent_private.check_import(coalesce(mapping, '{}'), v_country);
	IF campaign_id IS NOT NULL AND NOT EXISTS (SELECT FROM voiceagent.campaigns c
			WHERE c.tenant_id = v_tenant AND c.campaign_id = open_import.campaign_id) THEN
		PERFORM voiceagent_private.fail('PT404', format('campaign %s does not exist', campaign_id));
	END IF;
	INSERT INTO voiceagent.import_batches (tenant_id, status, mapping, default_country, campaign_id, created_at)
	VALUES (v_tenant, status, coalesce(mapping, '{}'), v_country, campaign_id, voiceagent.clock())
	RETURNING * INTO v_batch;
	RETURN v_batch;
END
$$;
COMMENT ON FUNCTION voiceagent_private.open_import(jsonb, text, bigint, text) IS
	'Makes the batch of an import: arguments checked, the tenant''s default country filled in. PT404 for a campaign that is not the tenant''s.';

CREATE FUNCTION voiceagent_private.count_import(batch_id bigint, rows_read bigint, rows_imported bigint,
	rows_rejected bigint, rows_duplicate bigint, rows_do_not_call bigint, finished boolean)
	RETURNS voiceagent.import_result
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_batch voiceagent.import_batches;
	v_now timestamptz := voiceagent.clock();
BEGIN
	UPDATE voiceagent.import_batches AS b SET
		rows_read = b.rows_read + rows_read,
		rows_imported = b.rows_imported + rows_imported,
		rows_rejected = b.rows_rejected + rows_rejected,
		rows_duplicate = b.rows_duplicate + rows_duplicate,
		rows_do_not_call = b.rows_do_not_call + rows_do_not_call,
		status = CASE WHEN finished AND b.status = 'open' THEN 'finished' ELSE b.status END,
		finished_at = CASE WHEN finished THEN v_now ELSE b.finished_at END
	WHERE b.tenant_id = v_tenant AND b.batch_id = count_import.batch_id
	RETURNING b.* INTO v_batch;
	IF v_batch.status = 'finished' THEN
		INSERT INTO voiceagent.events (tenant_id, month_slot, at, event_type, campaign_id, event_data)
		VALUES (v_tenant, voiceagent_private.month_slot(v_now), v_now, 'import_finished', v_batch.campaign_id,
			jsonb_build_object('batch_id', v_batch.batch_id, 'rows_read', v_batch.rows_read,
				'rows_imported', v_batch.rows_imported, 'rows_rejected', v_batch.rows_rejected,
				'rows_duplicate', v_batch.rows_duplicate, 'rows_do_not_call', v_batch.rows_do_not_call));
	END IF;
	RETURN (v_batch.batch_id, v_batch.rows_read, v_batch.rows_imported, v_batch.rows_rejected, v_batch.rows_duplicate,
		v_batch.rows_do_not_call)::voiceagent.import_result;
END
$$;
COMMENT ON FUNCTION voiceagent_private.count_import(bigint, bigint, bigint, bigint, bigint, bigint, boolean) IS
	'Adds the counts of one call to its batch, and closes it when it is finished; the totals.';

CREATE FUNCTION voiceagent.import_leads(csv text, mapping jsonb DEFAULT '{}', default_country text DEFAULT NULL,
	campaign_id bigint DEFAULT NULL, dry_run boolean DEFAULT false)
	RETURNS voiceagent.import_result
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_batch voiceagent.import_batches;
	v_counts record;
BEGIN
	v_batch := voiceagent_private.open_import(mapping, default_country, campaign_id,
		CASE WHEN dry_run THEN 'dry_run' ELSE 'open' END);
	PERFORM voiceagent_private.lock_leads(true);
	-- An assignment, because a statement of its own would copy the whole file into its plan, twice.
	v_counts := voiceagent_private.import_text(v_batch.batch_id, v_batch.mapping,
		v_batch.default_country, v_batch.campaign_id, 0, csv, true, dry_run IS TRUE, NULL, NULL, NULL);
	RETURN voiceagent_private.count_import(v_batch.batch_id, v_counts.rows_read, v_counts.rows_imported,
		v_counts.rows_rejected, v_counts.rows_duplicate, v_counts.rows_do_not_call, true);
END
$$;
COMMENT ON FUNCTION voiceagent.import_leads(text, jsonb, text, bigint, boolean) IS
	'Imports a CSV file of leads (comma, semicolon, tab or |; the first row names the columns; usual names are recognised). mapping {"our field": "their header"} overrides what it names (null: no column); every other column is kept in leads.context. default_country: ISO 3166-1 alpha-2 for numbers without calling code (NULL: the setting default_country). campaign_id: the leads join it, also those that are leads already. dry_run: reports the same and makes no lead. One row of counts; the reasons are in import_errors. PT422 for what is no CSV file of leads, a mapping to a column that is not there, an unknown country; then nothing is imported.';

CREATE FUNCTION voiceagent.begin_import(mapping jsonb DEFAULT '{}', default_country text DEFAULT NULL,
	campaign_id bigint DEFAULT NULL) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_batch voiceagent.import_batches;
BEGIN
	v_batch := voiceagent_private.open_import(mapping, default_country, campaign_id, 'open');
	INSERT INTO voiceagent_private.import_carry (tenant_id, batch_id) VALUES (v_batch.tenant_id, v_batch.batch_id);
	RETURN v_batch.batch_id;
END
$$;
COMMENT ON FUNCTION voiceagent.begin_import(jsonb, text, bigint) IS
	'Opens an import in pieces, for append_import() and finish_import(); arguments as of import_leads(). Returns its batch_id.';

CREATE FUNCTION voiceagent_private.continue_import(batch_id bigint, chunk bytea, last boolean)
	RETURNS voiceagent.import_result
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_batch voiceagent.import_batches;
	v_carry voiceagent_private.import_carry;
	v_counts record;
BEGIN
	-- Two sessions that append to one batch take turns here.
	SELECT b.* INTO v_batch FROM voiceagent.import_batches b
	WHERE b.tenant_id = v_tenant AND b.batch_id = continue_import.batch_id FOR NO KEY UPDATE;
	IF NOT FOUND THEN
		PERFORM voiceagent_private.fail('PT404', format('import %s does not exist', continue_import.batch_id));
	ELSIF v_batch.status <> 'open' THEN
		IF last THEN
			RETURN (v_batch.batch_id, v_batch.rows_read, v_batch.rows_imported, v_batch.rows_rejected,
				v_batch.rows_duplicate, v_batch.rows_do_not_call)::voiceagent.import_result;
		END IF;
		PERFORM voiceagent_private.fail('PT409', format('import %s is finished', continue_import.batch_id),
			NULL, 'Open another with begin_import().');
	END IF;
	SELECT c.* INTO STRICT v_carry FROM voiceagent_private.import_carry c
	WHERE c.tenant_id = v_tenant AND c.batch_id = v_batch.batch_id;
	PERFORM voiceagent_private.lock_leads(true);
	v_counts := voiceagent_private.import_chunk(v_batch.batch_id, v_batch.mapping,
		v_batch.default_country, v_batch.campaign_id, v_batch.rows_read, chunk, last, false,
		v_carry.header, v_carry.delimiter, v_carry.carry);
	IF last THEN
		DELETE FROM voiceagent_private.import_carry c WHERE c.tenant_id = v_tenant AND c.batch_id = v_batch.batch_id;
	ELSE
		UPDATE voiceagent_private.import_carry c
		SET header = v_counts.header, delimiter = v_counts.delimiter, carry = v_counts.carry
		WHERE c.tenant_id = v_tenant AND c.batch_id = v_batch.batch_id;
	END IF;
	RETURN voiceagent_private.count_import(v_batch.batch_id, v_counts.rows_read, v_counts.rows_imported,
		v_counts.rows_rejected, v_counts.rows_duplicate, v_counts.rows_do_not_call, last);
END
$$;
COMMENT ON FUNCTION voiceagent_private.continue_import(bigint, bytea, boolean) IS
	'One piece of an import: the rows that it completes, the counts and the rest of it in one commit; last: what is left is the last row.';

CREATE FUNCTION voiceagent.append_import(batch_id bigint, chunk bytea) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_result voiceagent.import_result := voiceagent_private.continue_import(batch_id, chunk, false);
BEGIN
	RETURN v_result.rows_read;
END
$$;
COMMENT ON FUNCTION voiceagent.append_import(bigint, bytea) IS
	'The next piece of a file, cut anywhere, in UTF-8. Its complete rows are imported at once. Returns the rows read so far. On an error nothing of the piece is kept, and the import may go on with another. PT404 unknown batch, PT409 it is finished, PT422 as import_leads().';

CREATE FUNCTION voiceagent.finish_import(batch_id bigint) RETURNS voiceagent.import_result
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN voiceagent_private.continue_import(batch_id, NULL, true);
END
$$;
COMMENT ON FUNCTION voiceagent.finish_import(bigint) IS
	'Ends an import in pieces: reads what is left of the last one. Returns the totals; once more returns them again. PT422 for a file without a header or without rows.';
