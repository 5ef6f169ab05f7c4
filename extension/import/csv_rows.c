/*-------------------------------------------------------------------------
 * csv_rows.c
 *		SQL face of csv_rows(): a CSV file as rows of texts.
 *
 * No state and no locks.  The rows lie in a tuplestore, so memory beyond
 * work_mem is a file's.  Interrupts are looked for once a row.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#include "core/compat.h"
#include "core/errors.h"
#include "pure/csv/csv_reader.h"

PG_FUNCTION_INFO_V1(va_sql_csv_rows);

static void
check_status(VaCsvStatus status, int rows)
{
	if (status == VA_CSV_ROW || status == VA_CSV_MORE)
		return;
	if (status == VA_CSV_NO_MEMORY)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	ereport(ERROR,
		(errcode(VA_ERRCODE_INVALID), errmsg("this is no CSV file"),
			errdetail(
				"After %d rows a quoted field never ends, or a row is longer than %d MB or has more than %d fields.",
				rows, VA_CSV_MAX_ROW / 1024 / 1024, VA_CSV_MAX_COLUMNS),
			errhint("Quote fields that contain quotes, separators or line ends as \"...\", and write a quote in them "
					"twice.")));
}

static Datum
fields_of(const VaCsvRow *row)
{
	Datum *fields = palloc(sizeof(Datum) * Max(row->count, 1));
	ArrayType *array;

	for (int i = 0; i < row->count; i++)
		fields[i] = PointerGetDatum(
			cstring_to_text_with_len(row->text + row->fields[i].start, (int) row->fields[i].len));
	array = construct_array(fields, row->count, TEXTOID, -1, false, TYPALIGN_INT);
	for (int i = 0; i < row->count; i++)
		pfree(DatumGetPointer(fields[i]));
	pfree(fields);
	return PointerGetDatum(array);
}

static void
read_rows(VaCsvReader *reader, const char *data, const char *end, ReturnSetInfo *result)
{
	VaCsvRow row;
	VaCsvStatus status;
	int rows = 0;
	bool last = false;

	while (!last)
	{
		CHECK_FOR_INTERRUPTS();
		status = va_csv_next(reader, &data, end, &row);
		last = status == VA_CSV_MORE;
		if (last)
			status = va_csv_end(reader, &row);
		check_status(status, rows);
		if (status == VA_CSV_ROW)
		{
			Datum values[2] = { Int32GetDatum(++rows), fields_of(&row) };
			bool nulls[2] = { false, false };

			tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
			pfree(DatumGetPointer(values[1]));
		}
	}
}

/* (csv) -> row_number, fields */
Datum
va_sql_csv_rows(PG_FUNCTION_ARGS)
{
	text *csv = PG_GETARG_TEXT_PP(0);
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	const char *data = VARDATA_ANY(csv);
	const char *end = data + VARSIZE_ANY_EXHDR(csv);
	VaCsvReader *reader;

	InitMaterializedSRF(fcinfo, 0);
	if (end - data >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0)
		data += 3;
	reader = va_csv_open(va_csv_sniff(data, end));
	if (reader == NULL)
		check_status(VA_CSV_NO_MEMORY, 0);
	/* Its memory is malloc's. */
	PG_TRY();
	{
		read_rows(reader, data, end, result);
	}
	PG_FINALLY();
	{
		va_csv_close(reader);
	}
	PG_END_TRY();
	return (Datum) 0;
}
