/*-------------------------------------------------------------------------
 * calendar_files.c
 *		The task that has the files of followed calendars read.
 *
 * A file is a stranger's: the program voiceagent-calendar reads it, with little
 * memory and little time, and what it prints is numbers.  It is claimed in one
 * commit and recorded in another, with no transaction open while it is read; a
 * claim whose process ends expires, and the file is read again.
 *
 * The file that has waited longest is next, one piece of work a turn.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "exporter.h"
#include "core/clock.h"
#include "core/compat.h"
#include "core/statement.h"
#include "pure/calendar/busy.h"
#include "runtime/worker.h"
#include "tenancy/log_redaction.h"

/* After a piece of work it rests for three times as long: a quarter of a processor at most, and exports come in between. */
#define REST_FACTOR 3

static VaStatement recall_statement = { "SELECT voiceagent_private.recall_calendar_files()", 0, { 0 }, NULL };
static VaStatement claim_statement = { "SELECT * FROM voiceagent_private.claim_calendar_file()", 0, { 0 }, NULL };
static VaStatement record_statement = {
	"SELECT voiceagent_private.record_calendar_file($1, $2, $3, $4, $5, nullif($6, ''))", 6,
	{ INT8OID, INT8ARRAYOID, INT8ARRAYOID, INT4OID, INT4OID, TEXTOID }, NULL
};

/* A file, and what was read in it; in the turn's memory. */
typedef struct CalendarFile
{
	int64 tenant_id; /* 0: none waits */
	int64 followed_id;
	bytea *body;
	char *zone;
	char *own;
	int64 from;
	int64 until;
	int64 *starts;
	int64 *ends;
	int count;
	int32 events;
	int32 skipped;
	const char *error; /* "": none */
} CalendarFile;

static TimestampTz look_again = DT_NOEND;
static TimestampTz rest_until = 0;
static int64 rest_us = 0; /* how long that rest is */

static CalendarFile
claim(MemoryContext scratch)
{
	CalendarFile file = { .error = "" };

	va_begin("claim the file of a calendar");
	va_execute(&claim_statement, NULL, NULL);
	file.followed_id = va_column_int(0, "followed_id", 0);
	look_again = va_clock_to_real(va_column_time(0, "next_at"));
	if (file.followed_id != 0)
	{
		MemoryContext before = MemoryContextSwitchTo(scratch);

		file.tenant_id = va_column_int(0, "tenant_id", 0);
		file.body = DatumGetByteaPCopy(va_result(0, 3));
		file.zone = pstrdup(va_column_text(0, "zone"));
		file.own = pstrdup(va_column_text(0, "own"));
		file.from = va_column_int(0, "from_time", 0);
		file.until = va_column_int(0, "until_time", 0);
		MemoryContextSwitchTo(before);
	}
	va_commit();
	return file;
}

/* The lines of voiceagent-calendar; false: they are none, or not all, and what is missing would be given away as free. */
static bool
read_lines(CalendarFile *file, char *lines)
{
	char *line;
	int spans;

	if (lines[0] == '!')
	{
		file->error = pnstrdup(lines + 1, strcspn(lines + 1, "\n"));
		return true;
	}
	if (sscanf(lines, "%d %d %d", &file->events, &file->skipped, &spans) != 3)
		return false;
	file->starts = palloc(sizeof(int64) * VA_BUSY_SPANS_MAX);
	file->ends = palloc(sizeof(int64) * VA_BUSY_SPANS_MAX);
	for (line = strchr(lines, '\n') + 1; *line != '\0'; line = strchr(line, '\n') + 1)
	{
		long long starts, ends;

		if (file->count == VA_BUSY_SPANS_MAX || sscanf(line, "%lld %lld", &starts, &ends) != 2)
			return false;
		file->starts[file->count] = starts;
		file->ends[file->count++] = ends;
	}
	return file->count == spans;
}

static void
read_file(CalendarFile *file)
{
	char *program = psprintf("%s/voiceagent-calendar", pkglib_path);
	char *const args[] = { "voiceagent-calendar", file->zone, psprintf(INT64_FORMAT, file->from),
		psprintf(INT64_FORMAT, file->until), file->own, NULL };
	StringInfoData output;

	initStringInfo(&output);
	if (access(program, X_OK) != 0)
		file->error = "the program voiceagent-calendar is not installed on this server";
	else if (!va_run_calendar(program, args, VARDATA_ANY(file->body), VARSIZE_ANY_EXHDR(file->body), &output) ||
			 !read_lines(file, output.data))
		file->error = "it takes too long, or too much memory, to read";
}

static void
record(void *arg)
{
	CalendarFile *file = arg;
	Datum values[6] = { Int64GetDatum(file->followed_id), va_array_of_int8(file->starts, file->count),
		va_array_of_int8(file->ends, file->count), Int32GetDatum(file->events), Int32GetDatum(file->skipped),
		CStringGetTextDatum(file->error) };

	va_set_tenant(file->tenant_id);
	va_execute(&record_statement, values, NULL);
}

/* If that fails, the claim expires, and others go on. */
static void
record_read(CalendarFile *file)
{
	char sqlstate[6];
	char *why;

	va_begin("record the file of a calendar");
	if (!va_try(record, file, sqlstate, &why))
		ereport(LOG, (errmsg("could not record calendar " INT64_FORMAT " of tenant " INT64_FORMAT ": %s: %s",
						 file->followed_id, file->tenant_id, sqlstate, va_mask_caught(why, sqlstate))));
	va_commit();
}

static void
calendar_files_start(VaWorker *worker)
{
	va_begin("recall files of calendars");
	va_execute(&recall_statement, NULL, NULL);
	va_commit();
}

static TimestampTz
calendar_files_turn(VaWorker *worker, VaWake why)
{
	TimestampTz began = GetCurrentTimestamp();
	CalendarFile file;

	rest_until = va_until(rest_until, rest_us);
	if (began < rest_until)
		return rest_until;
	if ((why & ~VA_WAKE_IO) == 0 && look_again > began)
		return look_again;
	file = claim(worker->scratch);
	if (file.tenant_id == 0)
		return look_again;
	read_file(&file);
	record_read(&file);
	look_again = GetCurrentTimestamp();
	rest_us = REST_FACTOR * Max(look_again - began, 0);
	rest_until = look_again + rest_us;
	return rest_until;
}

const VaTask va_calendar_files_task = { "calendar_files", calendar_files_start, calendar_files_turn, NULL, 0 };
