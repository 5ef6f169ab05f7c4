/*-------------------------------------------------------------------------
 * csv_line.c
 *		A row as a line of CSV that a spreadsheet shows and does not compute (contract in csv_line.h).
 */
#include "postgres.h"

#include <limits.h>

#include "access/htup_details.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

#include "compat.h"
#include "csv_line.h"

PG_FUNCTION_INFO_V1(va_sql_csv_line);

static VaCsvKind
kind_of(Oid type)
{
	switch (type)
	{
		case TEXTOID:
			return VA_CSV_TEXT;
		case INT8OID:
			return VA_CSV_INTEGER;
		case BOOLOID:
			return VA_CSV_BOOLEAN;
		case INT2OID:
		case INT4OID:
		case NUMERICOID:
		case DATEOID:
		case TIMESTAMPOID:
			return VA_CSV_PLAIN;
		default:
			return VA_CSV_OTHER;
	}
}

void
va_csv_columns(VaCsvColumns *csv, TupleDesc columns, char separator)
{
	csv->n = columns->natts;
	csv->output = palloc(sizeof(FmgrInfo) * csv->n);
	csv->kind = palloc(sizeof(VaCsvKind) * csv->n);
	csv->separator = separator;
	for (int i = 0; i < csv->n; i++)
	{
		Oid column = getBaseType(TupleDescAttr(columns, i)->atttypid);
		Oid function;
		bool is_varlena;

		getTypeOutputInfo(column, &function, &is_varlena);
		fmgr_info(function, &csv->output[i]);
		csv->kind[i] = kind_of(column);
	}
}

static bool
is_phone(const char *value, size_t length)
{
	for (size_t i = 1; i < length; i++)
		if (value[i] < '0' || value[i] > '9')
			return false;
	return length > 1 && value[0] == '+';
}

bool
va_csv_is_computed(const char *value, size_t length)
{
	if (length == 0)
		return false;
	if ((unsigned char) value[0] < ' ' || memchr("=+-@", value[0], 4) != NULL)
		return true;
	/* The same four in full width. */
	return length >= 3 && memcmp(value, "\xEF\xBC", 2) == 0 && memchr("\x9D\x8B\x8D\xA0", value[2], 4) != NULL;
}

/* Whatever the separator is: a spreadsheet may split the line at another one. */
static bool
needs_quotes(const char *value, size_t length)
{
	static const bool special[UCHAR_MAX + 1] = {
		[','] = true, [';'] = true, ['\t'] = true, ['|'] = true, ['"'] = true, ['\n'] = true, ['\r'] = true
	};

	if (length > 0 && (value[0] == ' ' || value[length - 1] == ' '))
		return true;
	for (size_t i = 0; i < length; i++)
		if (special[(unsigned char) value[i]])
			return true;
	return false;
}

static void
append_field(StringInfo line, const char *value, size_t length, bool guarded)
{
	bool quoted = needs_quotes(value, length);

	if (quoted)
		appendStringInfoChar(line, '"');
	if (guarded)
		appendStringInfoChar(line, '\'');
	for (const char *quote; quoted && (quote = memchr(value, '"', length)) != NULL;)
	{
		appendBinaryStringInfo(line, value, (int) (quote - value));
		appendStringInfoString(line, "\"\"");
		length -= (size_t) (quote - value) + 1;
		value = quote + 1;
	}
	appendBinaryStringInfo(line, value, (int) length);
	if (quoted)
		appendStringInfoChar(line, '"');
}

void
va_csv_append_text(StringInfo line, const char *value, size_t length)
{
	append_field(line, value, length, va_csv_is_computed(value, length) && !is_phone(value, length));
}

static void
append_text(StringInfo line, Datum value)
{
	text *string = DatumGetTextPP(value);

	va_csv_append_text(line, VARDATA_ANY(string), VARSIZE_ANY_EXHDR(string));
	if ((Pointer) string != DatumGetPointer(value))
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
			appendStringInfoCharMacro(line, csv->separator);
		if (nulls[i])
			continue;
		switch (csv->kind[i])
		{
			case VA_CSV_TEXT:
				append_text(line, values[i]);
				break;
			case VA_CSV_INTEGER:
				appendBinaryStringInfo(line, digits, pg_lltoa(DatumGetInt64(values[i]), digits));
				break;
			case VA_CSV_BOOLEAN:
				appendStringInfoCharMacro(line, DatumGetBool(values[i]) ? 't' : 'f');
				break;
			case VA_CSV_PLAIN:
				value = OutputFunctionCall(&csv->output[i], values[i]);
				appendStringInfoString(line, value);
				pfree(value);
				break;
			case VA_CSV_OTHER:
				value = OutputFunctionCall(&csv->output[i], values[i]);
				append_field(line, value, strlen(value), false);
				pfree(value);
				break;
		}
	}
}

/* Facts on the rows of one call site. */
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
