/*-------------------------------------------------------------------------
 * header.c
 *		The first row of a file of leads (contract in run.h), and what each
 *		of its columns is taken for, before anything is imported.
 *		No locks, no table is read.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "mb/pg_wchar.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#include "core/compat.h"
#include "core/errors.h"
#include "run.h"
#include "field.h"

/* Rows whose values are shown beside the columns. */
#define SAMPLES 3
#define SAMPLE_BYTES 100

PG_FUNCTION_INFO_V1(va_sql_import_columns);
PG_FUNCTION_INFO_V1(va_sql_import_fields);

void
va_import_raise_csv(VaImport *import, VaCsvStatus status)
{
	const char *where = import->headers == NULL
							? "the header"
							: psprintf("row " INT64_FORMAT, import->rows_before + import->rows_read + 1);

	switch (status)
	{
		case VA_CSV_FIELD_TOO_LONG:
			ereport(ERROR,
				(errcode(VA_ERRCODE_INVALID), errmsg("a field of %s is longer than %d bytes", where, VA_CSV_MAX_FIELD),
					errdetail("Nothing of this call was imported."),
					errhint("Is there a quote that is never closed, or is the file no CSV file?")));
		case VA_CSV_ROW_TOO_LONG:
			ereport(ERROR, (errcode(VA_ERRCODE_INVALID), errmsg("%s is longer than %d bytes", where, VA_CSV_MAX_ROW),
							   errdetail("Nothing of this call was imported."),
							   errhint("Is there a quote that is never closed, or is the file no CSV file?")));
		case VA_CSV_TOO_MANY_COLUMNS:
			ereport(
				ERROR, (errcode(VA_ERRCODE_INVALID), errmsg("%s has more than %d columns", where, VA_CSV_MAX_COLUMNS),
						   errdetail("Nothing of this call was imported."),
						   errhint("Is there a line break missing, or is the file no CSV file?")));
		default:
			ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	}
}

static void
raise_header(VaCsvHeaderStatus status)
{
	if (status == VA_CSV_HEADER_EMPTY)
		ereport(ERROR, (errcode(VA_ERRCODE_INVALID), errmsg("the file is empty"),
						   errhint("The first row must hold the names of the columns, the others one lead each.")));
	ereport(ERROR, (errcode(VA_ERRCODE_INVALID), errmsg("the file is not a CSV file"),
					   status == VA_CSV_HEADER_UTF16 ? errdetail("It begins like a file in UTF-16.")
					   : status == VA_CSV_HEADER_ARCHIVE
						   ? errdetail("It begins like a spreadsheet (.xlsx, .xls, .ods) or another archive.")
						   : errdetail("Its first row holds bytes that are no text."),
					   errhint("Save it as \"CSV UTF-8\".")));
}

static void
set_headers(VaImport *import, const VaCsvRow *row)
{
	row = va_import_as_text(import, row);
	if (row == NULL)
		raise_header(VA_CSV_HEADER_BINARY);
	for (size_t i = 0; i < row->len; i++)
	{
		/* The separator of fields is one of these itself. */
		if ((unsigned char) row->text[i] < ' ' && strchr("\t\r\n\x1F", row->text[i]) == NULL)
			raise_header(VA_CSV_HEADER_BINARY);
	}
	import->headers = palloc(row->count * sizeof(char *));
	import->header_count = row->count;
	for (int i = 0; i < row->count; i++)
	{
		VaImportField name = va_field(row, i);

		import->headers[i] = pnstrdup(name.bytes, name.len);
	}
}

static void
close_reader(void *reader)
{
	va_csv_close(reader);
}

VaCsvReader *
va_import_open_reader(char delimiter)
{
	VaCsvReader *reader = va_csv_open(delimiter);
	MemoryContextCallback *callback;

	if (reader == NULL)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	/* Its memory is malloc's: an error must not leak it. */
	callback = palloc0(sizeof(MemoryContextCallback));
	callback->func = close_reader;
	callback->arg = reader;
	MemoryContextRegisterResetCallback(CurrentMemoryContext, callback);
	return reader;
}

bool
va_import_take_header(VaImport *import, const char **data, const char *end, bool last)
{
	VaCsvHeader found;
	VaCsvHeaderStatus status = va_csv_find_header(*data, end - *data, last, &found);
	const char *at;
	VaCsvReader *reader;
	VaCsvRow row;
	VaCsvStatus csv = VA_CSV_MORE;

	if (status == VA_CSV_HEADER_FOUND)
	{
		at = *data + found.start;
		reader = va_import_open_reader(found.delimiter);
		csv = va_csv_next(reader, &at, end, &row);
		if (csv == VA_CSV_MORE && last)
			csv = va_csv_end(reader, &row);
	}
	else if (status != VA_CSV_HEADER_MORE)
		raise_header(status);
	if (csv == VA_CSV_MORE)
	{
		if (last)
			raise_header(VA_CSV_HEADER_EMPTY);
		if (end - *data > VA_CSV_MAX_ROW)
			va_import_raise_csv(import, VA_CSV_ROW_TOO_LONG);
		return false;
	}
	if (csv != VA_CSV_ROW && csv != VA_CSV_UNCLOSED)
		va_import_raise_csv(import, csv);
	set_headers(import, &row);
	import->delimiter = found.delimiter;
	*data = at;
	return true;
}

/* ----- what its columns are taken for ----- */

static const char *
taken_for(const VaImport *import, int column)
{
	for (int field = 0; field < VA_LEAD_FIELDS; field++)
		if (import->column[field] == column)
			return va_lead_field_name((VaLeadField) field);
	for (int i = 0; i < import->context_count; i++)
		if (import->context[i].column == column)
			return psprintf("context.%s", import->context[i].key);
	return NULL;
}

/* The values of the first rows, as many as are whole: an array for each column. */
static ArrayBuildState **
read_samples(VaImport *import, const char *data, const char *end)
{
	ArrayBuildState **samples = palloc0(Max(import->header_count, 1) * sizeof(ArrayBuildState *));
	VaCsvReader *reader = va_import_open_reader(import->delimiter);
	VaCsvRow read;

	for (int n = 0; n < SAMPLES && va_csv_next(reader, &data, end, &read) == VA_CSV_ROW; n++)
	{
		const VaCsvRow *row = va_import_as_text(import, &read);

		for (int i = 0; row != NULL && i < import->header_count; i++)
		{
			const char *bytes = i < row->count ? row->text + row->fields[i].start : "";
			int len = i < row->count ? pg_mbcliplen(bytes, (int) row->fields[i].len, SAMPLE_BYTES) : 0;

			samples[i] = accumArrayResult(samples[i], PointerGetDatum(cstring_to_text_with_len(bytes, len)), false,
				TEXTOID, CurrentMemoryContext);
		}
	}
	return samples;
}

/* read_columns(beginning, whole, mapping) -> place, header, field, samples */
Datum
va_sql_import_columns(PG_FUNCTION_ARGS)
{
	bytea *beginning = PG_GETARG_BYTEA_PP(0);
	bool whole = PG_GETARG_BOOL(1);
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	const char *data = VARDATA_ANY(beginning);
	size_t len = VARSIZE_ANY_EXHDR(beginning);
	VaImport *import = palloc0(sizeof(VaImport));
	ArrayBuildState **samples;
	const char *pending;
	size_t pending_len;
	const char *end;

	InitMaterializedSRF(fcinfo, 0);
	import->run = import->row = CurrentMemoryContext;
	va_import_take_encoding(import, NULL);
	if (!va_import_decode(import, &data, &len, whole, &pending, &pending_len) ||
		!va_import_take_header(import, &data, (end = data + len), whole))
		ereport(ERROR, (errcode(VA_ERRCODE_INVALID), errmsg("the beginning of the file has no whole row"),
						   errhint("Give more of the file.")));
	va_import_guess_columns(import, PG_GETARG_JSONB_P(2));
	samples = read_samples(import, data, end);
	for (int i = 0; i < import->header_count; i++)
	{
		const char *field = taken_for(import, i);
		Datum values[4] = { Int32GetDatum(i + 1), CStringGetTextDatum(import->headers[i]) };
		bool nulls[4] = { false, false, field == NULL, false };

		if (field != NULL)
			values[2] = CStringGetTextDatum(field);
		values[3] = samples[i] != NULL ? makeArrayResult(samples[i], CurrentMemoryContext)
									   : PointerGetDatum(construct_empty_array(TEXTOID));
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/* import_fields() */
Datum
va_sql_import_fields(PG_FUNCTION_ARGS)
{
	Datum names[VA_LEAD_FIELDS];

	for (int field = 0; field < VA_LEAD_FIELDS; field++)
		names[field] = CStringGetTextDatum(va_lead_field_name((VaLeadField) field));
	PG_RETURN_ARRAYTYPE_P(construct_array(names, VA_LEAD_FIELDS, TEXTOID, -1, false, TYPALIGN_INT));
}
