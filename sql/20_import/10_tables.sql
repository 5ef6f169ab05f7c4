-- 20_import: CSV batches and what was wrong with their rows.

CREATE TABLE voiceagent.import_batches (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	batch_id bigint GENERATED ALWAYS AS IDENTITY,
	status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'finished', 'dry_run')),
	mapping jsonb NOT NULL DEFAULT '{}',
	default_country text,
	campaign_id bigint,
	rows_read bigint NOT NULL DEFAULT 0,
	rows_imported bigint NOT NULL DEFAULT 0,
	rows_rejected bigint NOT NULL DEFAULT 0,
	rows_duplicate bigint NOT NULL DEFAULT 0,
	rows_do_not_call bigint NOT NULL DEFAULT 0,
	created_at timestamptz NOT NULL,
	finished_at timestamptz,
	PRIMARY KEY (tenant_id, batch_id)
);
COMMENT ON TABLE voiceagent.import_batches IS 'One row an import: how it was asked for and what came of its rows.';
COMMENT ON COLUMN voiceagent.import_batches.batch_id IS 'Number of the import.';
COMMENT ON COLUMN voiceagent.import_batches.default_country IS 'ISO 3166-1 alpha-2 country of numbers without a country code.';
COMMENT ON COLUMN voiceagent.import_batches.status IS 'open: pieces of the file may follow; finished; dry_run: checked only, no lead was made.';
COMMENT ON COLUMN voiceagent.import_batches.mapping IS 'As it was given: {"our field": "their header"}.';
COMMENT ON COLUMN voiceagent.import_batches.campaign_id IS 'The campaign that the leads join, if any.';
COMMENT ON COLUMN voiceagent.import_batches.rows_read IS 'Rows of the file so far; neither the header nor blank lines count.';
COMMENT ON COLUMN voiceagent.import_batches.rows_imported IS 'Rows that became leads (in a dry run: would have).';
COMMENT ON COLUMN voiceagent.import_batches.rows_rejected IS 'Rows without a valid number, or that are no text.';
COMMENT ON COLUMN voiceagent.import_batches.rows_duplicate IS 'Rows whose number is a lead already, or that of an earlier row.';
COMMENT ON COLUMN voiceagent.import_batches.rows_do_not_call IS 'Rows whose number is on the do-not-call list.';
COMMENT ON COLUMN voiceagent.import_batches.finished_at IS 'When the last piece was read.';
SELECT voiceagent_private.guard_table('voiceagent.import_batches', 'tenant');

CREATE TABLE voiceagent.import_errors (
	tenant_id bigint NOT NULL,
	batch_id bigint NOT NULL,
	row_number bigint NOT NULL,
	error_number smallint NOT NULL DEFAULT 1,
	column_name text,
	value text,
	reason text NOT NULL,
	kind text NOT NULL CHECK (kind IN ('rejected', 'duplicate', 'do_not_call', 'warning')),
	PRIMARY KEY (tenant_id, batch_id, row_number, error_number),
	FOREIGN KEY (tenant_id, batch_id) REFERENCES voiceagent.import_batches
);
COMMENT ON TABLE voiceagent.import_errors IS 'Every row that was not imported (or whose field was dropped: warning), with the reason.';
COMMENT ON COLUMN voiceagent.import_errors.row_number IS 'Data row of the file, from 1; the header does not count.';
COMMENT ON COLUMN voiceagent.import_errors.error_number IS 'A row may have several: 1, 2, ...';
COMMENT ON COLUMN voiceagent.import_errors.reason IS 'What is wrong, for people.';
COMMENT ON COLUMN voiceagent.import_errors.kind IS 'rejected, duplicate, do_not_call: the row was not imported; warning: it was, without this value.';
COMMENT ON COLUMN voiceagent.import_errors.column_name IS 'The file''s own header.';
COMMENT ON COLUMN voiceagent.import_errors.value IS 'The field as it stood, cut at 200 characters.';
SELECT voiceagent_private.guard_table('voiceagent.import_errors', 'tenant');

CREATE TABLE voiceagent_private.import_carry (
	tenant_id bigint NOT NULL,
	batch_id bigint NOT NULL,
	header text[],
	delimiter text,
	carry bytea NOT NULL DEFAULT '',
	PRIMARY KEY (tenant_id, batch_id),
	FOREIGN KEY (tenant_id, batch_id) REFERENCES voiceagent.import_batches
);
COMMENT ON TABLE voiceagent_private.import_carry IS
	'What an import that is not finished must remember between two pieces of its file; any session may go on with it.';
COMMENT ON COLUMN voiceagent_private.import_carry.header IS 'The first row of the file; NULL: its end has not come yet.';
COMMENT ON COLUMN voiceagent_private.import_carry.carry IS 'Bytes of the row that is not complete; bounded by the limits of a row.';
SELECT voiceagent_private.guard_table('voiceagent_private.import_carry', 'internal');
