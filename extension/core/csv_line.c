/*-------------------------------------------------------------------------
 * csv_line.c
 *		A row as a line of CSV that a spreadsheet shows and does not compute (contract in csv_line.h).
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

#include "compat.h"
#include "csv_line.h"

PG_FUNCTION_INFO_V1(va_sql_csv_line);

void
va_csv_columns(VaCsvColumns *csv, TupleDesc columns, char separator)
{
	csv->n = columns->natts;
	csv->output = palloc(sizeof(FmgrInfo) * csv->n);
	csv->kind = palloc(sizeof(VaCsvKind) * csv->n);
	csv->special[0] = separator;
	strlcpy(csv->special + 1, "\"\n\r", sizeof(csv->special) - 1);
	for (int i = 0; i < csv->n; i++)
	{
		Oid column = getBaseType(TupleDescAttr(columns, i)->atttypid);
		Oid function;
		bool is_varlena;

		getTypeOutputInfo(column, &function, &is_varlena);
		fmgr_info(function, &csv->output[i]);
		csv->kind[i] = column == TEXTOID ? VA_CSV_TEXT : column == INT8OID ? VA_CSV_INTEGER : VA_CSV_OTHER;
	}
}

static bool
is_phone(const char *value, size_t length)
{
	return length > 1 && value[0] == '+' && strspn(value + 1, "0123456789") >= length - 1;
}

static bool
is_formula(const char *value, size_t length)
{
	return length > 0 && strchr("=+-@\t\r", value[0]) != NULL && !is_phone(value, length);
}

/* A NUL stands behind the value. */
static void
append_field(StringInfo line, const char *value, size_t length, bool guarded, const char *special)
{
	bool quoted = length > 0 && (value[0] == ' ' || value[length - 1] == ' ' || strcspn(value, special) < length);

	if (quoted)
		appendStringInfoChar(line, '"');
	if (guarded)
		appendStringInfoChar(line, '\'');
	for (size_t run; quoted && (run = strcspn(value, "\"")) < length; value += run + 1, length -= run + 1)
	{
		appendBinaryStringInfo(line, value, (int) run);
		appendStringInfoString(line, "\"\"");
	}
	appendBinaryStringInfo(line, value, (int) length);
	if (quoted)
		appendStringInfoChar(line, '"');
}

static void
append_text(StringInfo line, Datum value, const char *special)
{
	char *string = TextDatumGetCString(value);
	size_t length = strlen(string);

	append_field(line, string, length, is_formula(string, length), special);
	pfree(string);
}

void
va_csv_append(StringInfo line, const VaCsvColumns *csv, const Datum *values, const bool *nulls)
{
	for (int i = 0; i < csv->n; i++)
	{
		char digits[MAXINT8LEN + 1];
		char *value;

		if (i > 0)
			appendStringInfoChar(line, csv->special[0]);
		if (nulls[i])
			continue;
		switch (csv->kind[i])
		{
			case VA_CSV_TEXT:
				append_text(line, values[i], csv->special);
				break;
			case VA_CSV_INTEGER:
				appendBinaryStringInfo(line, digits, pg_lltoa(DatumGetInt64(values[i]), digits));
				break;
			case VA_CSV_OTHER:
				value = OutputFunctionCall(&csv->output[i], values[i]);
				append_field(line, value, strlen(value), false, csv->special);
				pfree(value);
				break;
		}
	}
}

/* What is known of the rows of one call site. */
typedef struct RowKind
{
	Oid type;
	int32 typmod;
	char separator;
	TupleDesc columns;
	VaCsvColumns csv;
} RowKind;

static RowKind *
row_kind(FunctionCallInfo fcinfo, HeapTupleHeader row, char separator)
{
	RowKind *kind = fcinfo->flinfo->fn_extra;
	Oid type = HeapTupleHeaderGetTypeId(row);
	int32 typmod = HeapTupleHeaderGetTypMod(row);
	MemoryContext was_in;

	if (kind != NULL && kind->type == type && kind->typmod == typmod && kind->separator == separator)
		return kind;
	was_in = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
	kind = palloc(sizeof(RowKind));
	kind->type = type;
	kind->typmod = typmod;
	kind->separator = separator;
	kind->columns = lookup_rowtype_tupdesc_copy(type, typmod);
	va_csv_columns(&kind->csv, kind->columns, separator);
	MemoryContextSwitchTo(was_in);
	fcinfo->flinfo->fn_extra = kind;
	return kind;
}

/* (record, separator): the line, without its end; an empty field is NULL or an empty text */
Datum
va_sql_csv_line(PG_FUNCTION_ARGS)
{
	HeapTupleHeader row = PG_GETARG_HEAPTUPLEHEADER(0);
	RowKind *kind = row_kind(fcinfo, row, *VARDATA_ANY(PG_GETARG_TEXT_PP(1)));
	HeapTupleData tuple = { .t_len = HeapTupleHeaderGetDatumLength(row), .t_data = row };
	Datum *values = palloc(sizeof(Datum) * kind->csv.n);
	bool *nulls = palloc(sizeof(bool) * kind->csv.n);
	StringInfoData line;

	heap_deform_tuple(&tuple, kind->columns, values, nulls);
	initStringInfo(&line);
	va_csv_append(&line, &kind->csv, values, nulls);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(line.data, line.len));
}
