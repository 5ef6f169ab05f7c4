/*-------------------------------------------------------------------------
 * report.c
 *		Faults in the rows of a file: voiceagent.import_reports.
 *
 * Reports are collected in the chunk's memory and written with it, in the
 * order of the file.  A dry run inserts like any other, inside a
 * subtransaction that is rolled back: so it cannot come to another result.
 * Its reports wait in a file until that is over.
 *
 * Locking: none beyond the table's; see run.h.
 */
#include "postgres.h"

#include "access/table.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"

#include "run.h"
#include "writer.h"

#define VALUE_SHOWN_BYTES 200
#define DRY_RUN_MEMORY_KB 4096

struct VaImportReports
{
	VaTableWriter writer;
	Tuplestorestate *kept; /* of a dry run; else NULL */
};

void
va_import_open_reports(VaImport *import)
{
	if (import->reports == NULL)
		import->reports = palloc0(sizeof(VaImportReports));
	va_writer_open(&import->reports->writer, va_open_table("import_reports", RowExclusiveLock), InvalidOid);
	import->error_max = 1024;
	import->errors = palloc(import->error_max * sizeof(VaImportError));
}

void
va_import_close_reports(VaImport *import)
{
	va_writer_close(&import->reports->writer);
	table_close(import->reports->writer.rel, NoLock);
}

void
va_import_report(VaImport *import, int64 row, int number, const char *column, const char *value, size_t value_len,
	const char *reason, const char *kind, const char *line)
{
	MemoryContext old = MemoryContextSwitchTo(import->chunk);
	VaImportError *error;

	if (import->error_count == import->error_max)
	{
		import->error_max *= 2;
		import->errors = repalloc(import->errors, import->error_max * sizeof(VaImportError));
	}
	error = &import->errors[import->error_count++];
	error->row = row;
	error->number = number;
	error->column = column;
	error->value = NULL;
	if (value_len > 0)
	{
		if (value_len > VALUE_SHOWN_BYTES)
			value_len = pg_mbcliplen(value, (int) value_len, VALUE_SHOWN_BYTES);
		error->value = pnstrdup(value, value_len);
	}
	error->reason = pstrdup(reason);
	error->kind = kind;
	error->line = line != NULL ? pstrdup(line) : NULL;
	import->warnings += strcmp(kind, "warning") == 0;
	MemoryContextSwitchTo(old);
}

void
va_import_warn_each(VaImport *import, Datum ordinals, VaCandidate *const *rows, const char *column, const char *reason)
{
	Datum *values;
	bool *nulls;
	int n;

	deconstruct_array(DatumGetArrayTypeP(ordinals), INT4OID, sizeof(int32), true, TYPALIGN_INT, &values, &nulls, &n);
	for (int i = 0; i < n; i++)
	{
		VaCandidate *candidate = rows[DatumGetInt32(values[i]) - 1];

		va_import_report(import, candidate->row, ++candidate->errors, column, NULL, 0, reason, "warning", NULL);
	}
}

static HeapTuple
error_tuple(VaImport *import, TupleDesc desc, const VaImportError *error, const char *phone)
{
	static const char *const names[] = { "tenant_id", "batch_id", "row_number", "error_number", "column_name", "value",
		"reason", "kind", "line", "phone", "dry_run" };
	Datum given[lengthof(names)];
	bool missing[lengthof(names)] = { false };
	Datum *values = palloc0(desc->natts * sizeof(Datum));
	bool *nulls = palloc(desc->natts * sizeof(bool));

	given[0] = Int64GetDatum(import->tenant);
	given[1] = Int64GetDatum(import->batch);
	given[2] = Int64GetDatum(error->row);
	given[3] = Int16GetDatum((int16) error->number);
	missing[4] = error->column == NULL;
	given[4] = missing[4] ? (Datum) 0 : CStringGetTextDatum(error->column);
	missing[5] = error->value == NULL;
	given[5] = missing[5] ? (Datum) 0 : CStringGetTextDatum(error->value);
	given[6] = CStringGetTextDatum(error->reason);
	given[7] = CStringGetTextDatum(error->kind);
	missing[8] = error->line == NULL;
	given[8] = missing[8] ? (Datum) 0 : CStringGetTextDatum(error->line);
	missing[9] = phone == NULL;
	given[9] = missing[9] ? (Datum) 0 : CStringGetTextDatum(phone);
	given[10] = BoolGetDatum(import->dry_run);
	memset(nulls, true, desc->natts * sizeof(bool));
	for (int i = 0; i < desc->natts; i++)
	{
		for (int k = 0; k < (int) lengthof(names); k++)
		{
			if (strcmp(NameStr(TupleDescAttr(desc, i)->attname), names[k]) == 0)
			{
				values[i] = given[k];
				nulls[i] = missing[k];
			}
		}
	}
	return heap_form_tuple(desc, values, nulls);
}

static int
compare_errors(const void *a, const void *b)
{
	const VaImportError *x = a;
	const VaImportError *y = b;

	if (x->row != y->row)
		return x->row < y->row ? -1 : 1;
	return x->number - y->number;
}

void
va_import_flush_reports(VaImport *import)
{
	VaTableWriter *writer = &import->reports->writer;
	TupleDesc desc = RelationGetDescr(writer->rel);
	const VaCandidate *candidate = import->candidates;
	const VaCandidate *end = candidate + import->candidate_count;
	MemoryContext old = MemoryContextSwitchTo(import->row);

	qsort(import->errors, import->error_count, sizeof(VaImportError), compare_errors);
	for (int i = 0; i < import->error_count; i++)
	{
		const VaImportError *error = &import->errors[i];
		HeapTuple tuple;

		CHECK_FOR_INTERRUPTS();
		/* Both are in the order of the file; a rejected row has no candidate. */
		while (candidate < end && candidate->row < error->row)
			candidate++;
		tuple = error_tuple(
			import, desc, error, candidate < end && candidate->row == error->row ? candidate->e164 : NULL);
		if (import->reports->kept != NULL)
		{
			tuplestore_puttuple(import->reports->kept, tuple);
			MemoryContextReset(import->row);
			continue;
		}
		va_writer_add(writer, tuple);
		if (writer->n == VA_WRITER_BATCH)
		{
			va_writer_flush(writer, NULL);
			MemoryContextReset(import->row);
		}
	}
	va_writer_flush(writer, NULL);
	MemoryContextReset(import->row);
	MemoryContextSwitchTo(old);
}

void
va_import_begin_dry_run(VaImport *import)
{
	MemoryContext old = MemoryContextSwitchTo(import->run);

	import->reports = palloc0(sizeof(VaImportReports));
	import->reports->kept = tuplestore_begin_heap(false, false, DRY_RUN_MEMORY_KB);
	MemoryContextSwitchTo(old);
}

void
va_import_keep_reports(VaImport *import)
{
	VaTableWriter writer;
	Relation rel = va_open_table("import_reports", RowExclusiveLock);
	TupleTableSlot *slot = MakeSingleTupleTableSlot(RelationGetDescr(rel), &TTSOpsMinimalTuple);
	MemoryContext old = MemoryContextSwitchTo(import->chunk);

	va_writer_open(&writer, rel, InvalidOid);
	while (tuplestore_gettupleslot(import->reports->kept, true, false, slot))
	{
		CHECK_FOR_INTERRUPTS();
		va_writer_add(&writer, ExecCopySlotHeapTuple(slot));
		if (writer.n == VA_WRITER_BATCH)
			va_writer_flush(&writer, NULL);
	}
	va_writer_flush(&writer, NULL);
	va_writer_close(&writer);
	MemoryContextSwitchTo(old);
	ExecDropSingleTupleTableSlot(slot);
	table_close(rel, NoLock);
	tuplestore_end(import->reports->kept);
}
