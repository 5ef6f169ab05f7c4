/*-------------------------------------------------------------------------
 * exports.c
 *		The task that makes the files that tenants take away.
 *
 * An export is claimed in a commit of its own and made page by page, each page a
 * transaction that reads the rows behind the last id as of now: no snapshot is
 * held for long, and memory is that of a page.  Several exports, of a tenant
 * each, take turns page by page.  The queries are ours (export_query()), read
 * under row-level security as the tenant.
 *
 * After a crash the next process begins anew, three times at most:
 * unfinished files lie in a directory that is emptied at the start. A file is
 * whole and synced before the commit that says so; a file that no row asks for
 * is removed.
 *
 * No lock is held across two transactions.
 */
#include "postgres.h"

#include <sys/resource.h>

#include "executor/spi.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "core/statement.h"
#include "exporter.h"
#include "runtime/worker.h"
#include "tenancy/log_redaction.h"

#define PAGE_ROWS 10000
/* Exports that are made at a time, of different tenants. */
#define OPEN_MAX 4
/* Requests of live calls go before files. */
#define NICENESS 5

static VaStatement recall_statement = { "SELECT voiceagent_private.recall_exports()", 0, { 0 }, NULL };
static VaStatement claim_statement = { "SELECT c.tenant_id, c.export_id, c.spent::integer AS spent FROM "
									   "voiceagent_private.claim_export($1) AS c",
	1, { INT8ARRAYOID }, NULL };
static VaStatement begin_statement = { "SELECT b.* FROM voiceagent_private.begin_export($1) AS b", 1, { INT8OID },
	NULL };
static VaStatement note_statement = { "SELECT voiceagent_private.note_export($1, $2, $3)::integer", 3,
	{ INT8OID, INT8OID, INT8OID }, NULL };
static VaStatement end_statement = { "SELECT voiceagent_private.end_export($1, $2, $3, $4)", 4,
	{ INT8OID, INT8OID, INT8OID, TEXTOID }, NULL };
static VaStatement unkept_statement = { "SELECT u.name FROM voiceagent_private.unkept_exports($1) AS u(name)", 1,
	{ TEXTARRAYOID }, NULL };

/* The arguments of a page's query, in the order of export_query(). */
#define PAGE_ARGS 6

typedef struct Export
{
	int64 tenant_id; /* 0: none */
	int64 export_id;
	bool spent;
	MemoryContext context;
	VaExportFile *file;
	char *query;
	Datum values[PAGE_ARGS];
	char nulls[PAGE_ARGS];
	int64 rows;
	bool complete;
	bool unwanted;
} Export;

static Export exports[OPEN_MAX];
static int turn = 0;
static bool look = false;  /* exports may wait */
static bool sweep = false; /* files may be unwanted */

static void
forget(Export *export)
{
	if (export->file != NULL)
		va_export_abandon(export->file);
	if (export->context != NULL)
		MemoryContextDelete(export->context);
	memset(export, 0, sizeof(*export));
}

/* ----- its end ----- */

typedef struct End
{
	const Export *export;
	int64 bytes;
	const char *error;
} End;

static void
note_end(void *arg)
{
	End *end = arg;
	Datum values[4] = { Int64GetDatum(end->export->export_id), Int64GetDatum(end->export->rows),
		Int64GetDatum(end->bytes), end->error != NULL ? CStringGetTextDatum(end->error) : (Datum) 0 };

	va_set_tenant(end->export->tenant_id);
	va_execute(&end_statement, values, end->error != NULL ? NULL : "   n");
}

/* If that fails, the claim stays, and the next process begins the export anew. */
static void
end_export(Export *export, int64 bytes, const char *error)
{
	End end = { export, bytes, error };
	char sqlstate[6];
	char *message;
	bool noted;

	va_begin("end an export");
	noted = va_try(note_end, &end, sqlstate, &message);
	if (!va_try_commit(sqlstate, &message))
		noted = false;
	if (!noted)
		ereport(LOG, (errmsg("could not note the end of export " INT64_FORMAT " of tenant " INT64_FORMAT ": %s: %s",
						 export->export_id, export->tenant_id, sqlstate, va_mask_caught(message, sqlstate))));
	forget(export);
	/* It may have been dropped while its file was moved. */
	sweep = true;
	look = true;
}

static void
fail(Export *export, const char *sqlstate, char *message)
{
	ereport(LOG, (errmsg("could not make export " INT64_FORMAT " of tenant " INT64_FORMAT ": %s: %s", export->export_id,
					 export->tenant_id, sqlstate, va_mask_caught(pstrdup(message), sqlstate))));
	end_export(export, 0, message);
}

static void
finish(void *arg)
{
	End *end = arg;
	VaExportFile *file = end->export->file;

	end->bytes = va_export_finish(file);
	((Export *) end->export)->file = NULL;
}

/* ----- its begin ----- */

static bool
claim(Export *export)
{
	int64 busy[OPEN_MAX];
	Datum values[1];
	int n = 0;

	for (int i = 0; i < OPEN_MAX; i++)
		if (exports[i].tenant_id != 0)
			busy[n++] = exports[i].tenant_id;
	va_begin("claim an export");
	values[0] = va_array_of_int8(busy, n);
	va_execute(&claim_statement, values, NULL);
	export->tenant_id = va_column_int(0, "tenant_id", 0);
	export->export_id = va_column_int(0, "export_id", 0);
	export->spent = va_column_int(0, "spent", 0) != 0;
	va_commit();
	return export->tenant_id != 0;
}

static void
take_argument(Export *export, int place, const char *column)
{
	bool null;
	Datum value = SPI_getbinval(
		SPI_tuptable->vals[0], SPI_tuptable->tupdesc, SPI_fnumber(SPI_tuptable->tupdesc, column), &null);

	export->nulls[place] = null ? 'n' : ' ';
	export->values[place] = value;
}

static void
begin(void *arg)
{
	Export *export = arg;
	Datum values[1] = { Int64GetDatum(export->export_id) };
	VaExportForm form = { 0 };
	char *outcome;
	MemoryContext before;

	va_set_tenant(export->tenant_id);
	va_execute(&begin_statement, values, NULL);
	form.what = va_column_text(0, "what");
	export->unwanted = form.what == NULL;
	if (export->unwanted)
		return;
	form.format = va_column_text(0, "format");
	form.separator = va_column_text(0, "separator")[0];
	form.bom = va_column_bool(0, "bom");
	form.name = va_column_text(0, "file_name");
	form.most_bytes = va_column_int(0, "bytes_left", 0);
	export->values[0] = Int64GetDatum(0);
	export->nulls[0] = export->nulls[5] = ' ';
	export->values[5] = Int32GetDatum(PAGE_ROWS);
	take_argument(export, 1, "from_day");
	take_argument(export, 2, "to_day");
	take_argument(export, 3, "campaign_id");
	take_argument(export, 4, "outcome");
	outcome = va_column_text(0, "outcome");
	before = MemoryContextSwitchTo(export->context);
	export->query = pstrdup(va_column_text(0, "query"));
	if (outcome != NULL)
		export->values[4] = CStringGetTextDatum(outcome);
	(void) MemoryContextSwitchTo(before);
	export->file = va_export_open(&form, export->context);
}

static void
begin_export(Export *export)
{
	char sqlstate[6];
	char *message;
	bool done;

	if (export->spent)
	{
		fail(export, "54000", "making it has ended the process too often");
		return;
	}
	export->context = AllocSetContextCreate(TopMemoryContext, "voiceagent export", ALLOCSET_DEFAULT_SIZES);
	va_begin("begin an export");
	done = va_try(begin, export, sqlstate, &message);
	if (!va_try_commit(sqlstate, &message))
		done = false;
	if (!done)
		fail(export, sqlstate, message);
	else if (export->unwanted)
		forget(export);
}

/* ----- a page ----- */

static void
write_page(void *arg)
{
	static Oid types[PAGE_ARGS] = { INT8OID, DATEOID, DATEOID, INT8OID, TEXTOID, INT4OID };
	Export *export = arg;
	Datum values[3];
	uint64 n;
	bool null;

	va_set_tenant(export->tenant_id);
	if (SPI_execute_with_args(export->query, PAGE_ARGS, types, export->values, export->nulls, true, 0) != SPI_OK_SELECT)
		ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR), errmsg("the rows of the export could not be read")));
	n = SPI_processed;
	va_export_rows(export->file, SPI_tuptable->tupdesc, SPI_tuptable->vals, n);
	if (n > 0)
		export->values[0] = SPI_getbinval(SPI_tuptable->vals[n - 1], SPI_tuptable->tupdesc, 1, &null);
	export->rows += (int64) n;
	export->complete = n < PAGE_ROWS;
	SPI_freetuptable(SPI_tuptable);
	values[0] = Int64GetDatum(export->export_id);
	values[1] = Int64GetDatum(export->rows);
	values[2] = Int64GetDatum(va_export_bytes(export->file));
	va_execute(&note_statement, values, NULL);
	export->unwanted = va_single_int() == 0;
}

static void
go_on(Export *export)
{
	End end = { export, 0, NULL };
	char sqlstate[6];
	char *message;
	bool done;

	va_begin("write a page of an export");
	done = va_try(write_page, export, sqlstate, &message);
	if (!va_try_commit(sqlstate, &message))
		done = false;
	if (!done)
		fail(export, sqlstate, message);
	else if (export->unwanted)
		forget(export);
	else if (export->complete && !va_try_outside(finish, &end, sqlstate, &message))
		fail(export, sqlstate, message);
	else if (export->complete)
		end_export(export, end.bytes, NULL);
}

/* ----- the task ----- */

static void
remove_unkept(void)
{
	int n;
	char **names = va_export_files(&n);
	Datum values[1];
	uint64 unkept;

	sweep = false;
	if (n == 0)
		return;
	va_begin("look which files are kept");
	values[0] = va_array_of_text((const char *const *) names, n);
	unkept = va_execute(&unkept_statement, values, NULL);
	for (uint64 i = 0; i < unkept; i++)
		va_export_remove(va_column_text(i, "name"));
	va_commit();
}

static void
exports_start(VaWorker *worker)
{
	(void) setpriority(PRIO_PROCESS, 0, NICENESS);
	va_export_files_start();
	va_begin("recall exports");
	va_execute(&recall_statement, NULL, NULL);
	va_commit();
}

static void
take_waiting(void)
{
	for (int i = 0; i < OPEN_MAX && look; i++)
	{
		if (exports[i].tenant_id != 0)
			continue;
		look = claim(&exports[i]);
		if (look)
			begin_export(&exports[i]);
	}
}

static TimestampTz
exports_turn(VaWorker *worker, VaWake why)
{
	if ((why & ~(VA_WAKE_IO | VA_WAKE_TIMER)) != 0)
		look = sweep = true;
	take_waiting();
	if (va_make_document())
		return GetCurrentTimestamp();
	for (int i = 0; i < OPEN_MAX; i++)
	{
		Export *export = &exports[(turn + i) % OPEN_MAX];

		if (export->tenant_id == 0)
			continue;
		turn = (turn + i + 1) % OPEN_MAX;
		go_on(export);
		return GetCurrentTimestamp();
	}
	if (look)
		return GetCurrentTimestamp();
	if (sweep)
		remove_unkept();
	return DT_NOEND;
}

const VaTask va_exports_task = { "exports", exports_start, exports_turn, NULL, 0 };
