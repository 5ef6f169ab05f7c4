-- 20_import: CSV batches and what was wrong with their rows.

CREATE TABLE voiceagent.import_batches (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	batch_id bigint GENERATED ALWAYS AS IDENTITY,
	status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'finished', 'dry_run', 'undone')),
	mapping jsonb NOT NULL DEFAULT '{}',
	default_country text,
	campaign_id bigint,
	on_duplicate text NOT NULL DEFAULT 'skip' CHECK (on_duplicate IN ('skip', 'update')),
	encoding text,
	header text[],
	bytes_read bigint NOT NULL DEFAULT 0,
	rows_read bigint NOT NULL DEFAULT 0,
	rows_imported bigint NOT NULL DEFAULT 0,
	rows_rejected bigint NOT NULL DEFAULT 0,
	rows_duplicate bigint NOT NULL DEFAULT 0,
	rows_do_not_call bigint NOT NULL DEFAULT 0,
	rows_updated bigint NOT NULL DEFAULT 0,
	first_lead_id bigint,
	last_lead_id bigint,
	idempotency_key text,
	request_hash bytea,
	created_at timestamptz NOT NULL,
	finished_at timestamptz,
	undone_at timestamptz,
	assistant_id bigint,
	warnings bigint NOT NULL DEFAULT 0,
	PRIMARY KEY (tenant_id, batch_id),
	UNIQUE (tenant_id, idempotency_key)
);
COMMENT ON TABLE voiceagent.import_batches IS 'One row an import: how it was asked for and what came of its rows.';
COMMENT ON COLUMN voiceagent.import_batches.batch_id IS 'Number of the import.';
COMMENT ON COLUMN voiceagent.import_batches.default_country IS
	'ISO 3166-1 alpha-2 country of numbers without a country code; + where every number begins with one.';
COMMENT ON COLUMN voiceagent.import_batches.status IS
	'open: pieces of the file may follow; finished; dry_run: checked only, no lead was made; undone: '
	'its leads are taken back.';
COMMENT ON COLUMN voiceagent.import_batches.mapping IS 'As it was given: {"our field": "their header"}.';
COMMENT ON COLUMN voiceagent.import_batches.campaign_id IS 'The campaign that the leads join, if any.';
COMMENT ON COLUMN voiceagent.import_batches.on_duplicate IS 'Rows whose number was a lead already: skip or update.';
COMMENT ON COLUMN voiceagent.import_batches.encoding IS 'The file''s: UTF-8, UTF-16LE, UTF-16BE or WINDOWS-1252.';
COMMENT ON COLUMN voiceagent.import_batches.header IS 'The names of the file''s columns.';
COMMENT ON COLUMN voiceagent.import_batches.bytes_read IS
	'Bytes of the file so far: where append_import() goes on after a lost connection.';
COMMENT ON COLUMN voiceagent.import_batches.rows_read IS
	'Rows of the file so far; neither the header nor blank lines count.';
COMMENT ON COLUMN voiceagent.import_batches.rows_imported IS 'Rows that became leads (in a dry run: would have).';
COMMENT ON COLUMN voiceagent.import_batches.rows_rejected IS 'Rows without a valid number, or that are no text.';
COMMENT ON COLUMN voiceagent.import_batches.rows_duplicate IS
	'Rows whose number is a lead already, or that of an earlier row.';
COMMENT ON COLUMN voiceagent.import_batches.rows_do_not_call IS 'Rows whose number is on the do-not-call list.';
COMMENT ON COLUMN voiceagent.import_batches.rows_updated IS
	'Rows whose number was a lead already, which took over what they say.';
COMMENT ON COLUMN voiceagent.import_batches.warnings IS
	'Reports of the kind warning: values that were left out, and rows that lack what the prompt needs.';
COMMENT ON COLUMN voiceagent.import_batches.first_lead_id IS 'The leads that it made lie between this one ...';
COMMENT ON COLUMN voiceagent.import_batches.last_lead_id IS
	E'...\n'
	'and this one, others among them.';
COMMENT ON COLUMN voiceagent.import_batches.idempotency_key IS
	'Given by the caller: the same request again is not done again.';
COMMENT ON COLUMN voiceagent.import_batches.request_hash IS
	'SHA-256 over what was asked for with the key, to tell another request.';
COMMENT ON COLUMN voiceagent.import_batches.undone_at IS 'When undo_import() took its leads back.';
COMMENT ON COLUMN voiceagent.import_batches.assistant_id IS
	'The assistant whose prompt the leads were compared with, for warnings; NULL: the campaign''s, or none.';
COMMENT ON COLUMN voiceagent.import_batches.finished_at IS 'When the last piece was read.';
SELECT voiceagent_private.guard_table('voiceagent.import_batches', 'tenant');

CREATE TABLE voiceagent.import_reports (
	tenant_id bigint NOT NULL,
	batch_id bigint NOT NULL,
	row_number bigint NOT NULL,
	error_number smallint NOT NULL DEFAULT 1,
	phone voiceagent.e164,
	column_name text,
	value text,
	reason text NOT NULL,
	kind text NOT NULL CHECK (kind IN ('rejected', 'duplicate', 'do_not_call', 'warning')),
	line text,
	dry_run boolean NOT NULL DEFAULT false,
	PRIMARY KEY (tenant_id, batch_id, row_number, error_number),
	FOREIGN KEY (tenant_id, batch_id) REFERENCES voiceagent.import_batches
);
-- An erasure and an export find the rows about a person by its number, and by the further ones, which stand in the
-- value. Most rows have neither.
CREATE INDEX import_reports_phone ON voiceagent.import_reports (tenant_id, phone) WHERE phone IS NOT NULL;
CREATE INDEX import_reports_value ON voiceagent.import_reports (tenant_id, value)
	WHERE kind = 'warning' AND value LIKE '+%';
COMMENT ON TABLE voiceagent.import_reports IS
	'Errors in the rows of files, of imports and of dry runs; import_errors has those of imports alone.';
COMMENT ON COLUMN voiceagent.import_reports.row_number IS 'Data row of the file, from 1; the header does not count.';
COMMENT ON COLUMN voiceagent.import_reports.error_number IS 'A row may have several: 1, 2, ...';
COMMENT ON COLUMN voiceagent.import_reports.phone IS
	'The first number of the row, by which an erasure knows whom it is about; NULL of a rejected row.';
COMMENT ON COLUMN voiceagent.import_reports.reason IS 'The error, for people.';
COMMENT ON COLUMN voiceagent.import_reports.kind IS
	'rejected, duplicate, do_not_call: the row was not imported; warning: it was, without this value, or with a '
	'further number that is on a list; or, whatever became of the row, it has withdrawn a consent.';
COMMENT ON COLUMN voiceagent.import_reports.column_name IS 'The file''s own header.';
COMMENT ON COLUMN voiceagent.import_reports.line IS
	'Of a rejected row: all its fields as CSV, for rejected_csv(); NULL if they are longer than 32 kB together.';
COMMENT ON COLUMN voiceagent.import_reports.value IS 'The field as it stood, cut at 200 characters.';
COMMENT ON COLUMN voiceagent.import_reports.dry_run IS 'Whether the file was only checked.';
SELECT voiceagent_private.guard_table('voiceagent.import_reports', 'tenant');

CREATE VIEW voiceagent.import_errors WITH (security_invoker = on) AS
SELECT r.tenant_id, r.batch_id, r.row_number, r.error_number, r.phone, r.column_name, r.value, r.reason, r.kind, r.line
FROM voiceagent.import_reports r
WHERE NOT r.dry_run;
COMMENT ON VIEW voiceagent.import_errors IS
	E'Every row that was not imported (or whose field was dropped: warning), with the reason.\n'
	'Those of dry runs are in import_reports.';

CREATE TABLE voiceagent_private.import_carry (
	tenant_id bigint NOT NULL,
	batch_id bigint NOT NULL,
	header text[],
	delimiter text,
	carry bytea NOT NULL DEFAULT '',
	encoding text,
	pending bytea NOT NULL DEFAULT '',
	PRIMARY KEY (tenant_id, batch_id),
	FOREIGN KEY (tenant_id, batch_id) REFERENCES voiceagent.import_batches
);
COMMENT ON TABLE voiceagent_private.import_carry IS
	'The state of an unfinished import between two pieces of its file; any session may go on with it.';
COMMENT ON COLUMN voiceagent_private.import_carry.header IS
	'The first row of the file; NULL: its end has not come yet.';
COMMENT ON COLUMN voiceagent_private.import_carry.encoding IS
	E'The file''s, with !\n'
	'when it was given; ?: nothing but ASCII has come; NULL: not known yet.';
COMMENT ON COLUMN voiceagent_private.import_carry.pending IS 'Bytes of a character that is not complete.';
COMMENT ON COLUMN voiceagent_private.import_carry.carry IS
	'Bytes of the row that is not complete; in UTF-8 unless the file is in Windows-1252; bounded '
	'by the limits of a row.';
SELECT voiceagent_private.guard_table('voiceagent_private.import_carry', 'internal');
