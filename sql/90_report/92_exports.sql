/*
 * 90_report: files that a tenant takes away, the tables.
 *
 * A file is asked for by a row (request_export(), schedules); the process exporter makes the file in a
 * directory of its own, a page of rows in each transaction.  A row of export_jobs says what the process has to do, and
 * that the file is kept: a file without one is removed, and so is a file that was not finished.
 *
 * Locks: a job's row is claimed in a commit of its own, with SKIP LOCKED; a tenant's limit is counted under
 * lock_tenant().
 */

CREATE TABLE voiceagent.export_schedules (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	schedule_id bigint GENERATED ALWAYS AS IDENTITY,
	name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
	every text NOT NULL CHECK (every IN ('day', 'week', 'month')),
	at time NOT NULL,
	request jsonb NOT NULL,
	next_at timestamptz NOT NULL,
	last_export_id bigint,
	last_error text,
	created_by text NOT NULL,
	PRIMARY KEY (tenant_id, schedule_id),
	UNIQUE (tenant_id, name)
);
COMMENT ON TABLE voiceagent.export_schedules IS
	'Exports that are made by themselves each day, week (on Monday) or month (on the 1st), of the days before.';
COMMENT ON COLUMN voiceagent.export_schedules.schedule_id IS 'Number of the schedule.';
COMMENT ON COLUMN voiceagent.export_schedules.name IS 'Its name, for people.';
COMMENT ON COLUMN voiceagent.export_schedules.every IS 'day, week or month: how often, and of which days.';
COMMENT ON COLUMN voiceagent.export_schedules.at IS 'At what time, in the tenant''s zone.';
COMMENT ON COLUMN voiceagent.export_schedules.request IS 'The other arguments of request_export().';
COMMENT ON COLUMN voiceagent.export_schedules.next_at IS 'When it is made next.';
COMMENT ON COLUMN voiceagent.export_schedules.last_export_id IS 'The latest export that it made; NULL: none yet.';
COMMENT ON COLUMN voiceagent.export_schedules.last_error IS 'Why the latest was not made; NULL: it was.';
COMMENT ON COLUMN voiceagent.export_schedules.created_by IS 'Who made it, in words.';
CREATE INDEX export_schedules_next ON voiceagent.export_schedules (tenant_id, next_at);
SELECT voiceagent_private.guard_table('voiceagent.export_schedules', 'tenant', waits => '{next_at}');

CREATE TABLE voiceagent_private.export_schedule_times (
	tenant_id bigint NOT NULL,
	schedule_id bigint NOT NULL,
	next_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, schedule_id),
	FOREIGN KEY (tenant_id, schedule_id) REFERENCES voiceagent.export_schedules ON DELETE CASCADE
);
COMMENT ON TABLE voiceagent_private.export_schedule_times IS
	'When each schedule of exports is due, for the job that does not know the tenants.';
CREATE INDEX export_schedule_times_next ON voiceagent_private.export_schedule_times (next_at);
SELECT voiceagent_private.guard_table('voiceagent_private.export_schedule_times', 'routing', waits => '{next_at}');

CREATE TABLE voiceagent.exports (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	export_id bigint GENERATED ALWAYS AS IDENTITY,
	what text NOT NULL,
	format text NOT NULL CHECK (format IN ('csv', 'ndjson', 'json', 'xlsx')),
	from_day date,
	to_day date,
	campaign_id bigint,
	outcome text,
	only_columns text[],
	separator text NOT NULL DEFAULT ',',
	bom boolean NOT NULL DEFAULT false,
	state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'done', 'failed', 'removed')),
	rows bigint NOT NULL DEFAULT 0,
	bytes bigint NOT NULL DEFAULT 0,
	error text,
	schedule_id bigint,
	created_by text NOT NULL,
	created_at timestamptz NOT NULL,
	finished_at timestamptz,
	expires_at timestamptz,
	PRIMARY KEY (tenant_id, export_id)
) WITH (fillfactor = 70);
COMMENT ON TABLE voiceagent.exports IS
	E'Files that were asked for (request_export()) or are made by a schedule, with what became of them.\n'
	'export_link() gives the address of one that is done.';
COMMENT ON COLUMN voiceagent.exports.export_id IS 'Number of the export.';
COMMENT ON COLUMN voiceagent.exports.what IS 'calls, leads, transcripts, appointments, ledger or analytics.';
COMMENT ON COLUMN voiceagent.exports.format IS 'csv, ndjson, json (one array) or xlsx.';
COMMENT ON COLUMN voiceagent.exports.from_day IS 'The first day, in the tenant''s zone; NULL: from the beginning.';
COMMENT ON COLUMN voiceagent.exports.to_day IS 'The last day; NULL: to the end.';
COMMENT ON COLUMN voiceagent.exports.campaign_id IS 'Only of this campaign; NULL: of all.';
COMMENT ON COLUMN voiceagent.exports.outcome IS 'Only with this outcome; NULL: with any.';
COMMENT ON COLUMN voiceagent.exports.only_columns IS 'Only these columns behind the id, in this order; NULL: all.';
COMMENT ON COLUMN voiceagent.exports.separator IS 'Between the fields of CSV.';
COMMENT ON COLUMN voiceagent.exports.bom IS 'Whether the CSV file begins with a byte order mark.';
COMMENT ON COLUMN voiceagent.exports.state IS
	'waiting, running, done, failed (see error), or removed: its time is over, or it was dropped.';
COMMENT ON COLUMN voiceagent.exports.rows IS 'Rows in the file, so far.';
COMMENT ON COLUMN voiceagent.exports.bytes IS 'Size of the file, so far; of xlsx only when it is done.';
COMMENT ON COLUMN voiceagent.exports.error IS 'Why it failed, or was removed before its time; NULL: neither.';
COMMENT ON COLUMN voiceagent.exports.schedule_id IS 'The schedule that made it; NULL: somebody asked for it.';
COMMENT ON COLUMN voiceagent.exports.created_by IS 'Who asked for it, in words.';
COMMENT ON COLUMN voiceagent.exports.finished_at IS 'When it was done, or failed; NULL: it is neither.';
COMMENT ON COLUMN voiceagent.exports.expires_at IS 'Until when the file is kept; NULL: there is none yet.';
SELECT voiceagent_private.guard_table('voiceagent.exports', 'tenant', waits => '{expires_at}');

CREATE TABLE voiceagent_private.export_jobs (
	tenant_id bigint NOT NULL,
	export_id bigint NOT NULL,
	stage text NOT NULL CHECK (stage IN ('wanted', 'claimed', 'kept', 'over')),
	next_at timestamptz NOT NULL,
	tries integer NOT NULL DEFAULT 0,
	file_name text NOT NULL,
	PRIMARY KEY (tenant_id, export_id),
	FOREIGN KEY (tenant_id, export_id) REFERENCES voiceagent.exports ON DELETE CASCADE
) WITH (fillfactor = 70);
COMMENT ON TABLE voiceagent_private.export_jobs IS
	'The work of the process exporter on each export, and the files that it keeps.';
COMMENT ON COLUMN voiceagent_private.export_jobs.stage IS
	'wanted; claimed: it is being made; kept: there is a file, or it failed; over: the file goes, the row later.';
COMMENT ON COLUMN voiceagent_private.export_jobs.next_at IS 'When the next stage is due.';
COMMENT ON COLUMN voiceagent_private.export_jobs.tries IS 'How often it was begun.';
COMMENT ON COLUMN voiceagent_private.export_jobs.file_name IS 'Name of the file in the directory of exports.';
CREATE INDEX export_jobs_next ON voiceagent_private.export_jobs (stage, next_at);
SELECT voiceagent_private.guard_table('voiceagent_private.export_jobs', 'routing', waits => '{next_at}');

CREATE FUNCTION voiceagent_private.drop_exports(export_ids bigint[], reason text) RETURNS integer
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_n integer;
BEGIN
	UPDATE voiceagent.exports e SET state = 'removed', error = reason, expires_at = voiceagent.clock()
	WHERE e.tenant_id = v_tenant AND e.state <> 'removed' AND (export_ids IS NULL OR e.export_id = ANY (export_ids));
	GET DIAGNOSTICS v_n = ROW_COUNT;
	UPDATE voiceagent_private.export_jobs j SET stage = 'over', next_at = voiceagent.clock() + interval '90 days'
	WHERE j.tenant_id = v_tenant AND j.stage <> 'over' AND (export_ids IS NULL OR j.export_id = ANY (export_ids));
	IF v_n > 0 THEN
		PERFORM voiceagent_private.poke('exports');
	END IF;
	RETURN v_n;
END
$$;
COMMENT ON FUNCTION voiceagent_private.drop_exports(bigint[], text) IS
	'Ends these exports of the current tenant (NULL: all of them) for this reason; their files go, and links to them.';
