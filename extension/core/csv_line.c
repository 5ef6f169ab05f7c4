/*-------------------------------------------------------------------------
 * csv_line.c
 *		A row as a line of CSV that a spreadsheet shows and does not compute.
 *
 * A text that a spreadsheet would take for a formula (it begins with = + - @,
 * or with a control character) gets an apostrophe before it.  A telephone
 * number in E.164 is none, nor is what is no text: a number may be negative.
 * A field is quoted where RFC 4180 asks for it, and where it begins or ends
 * with a blank.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

PG_FUNCTION_INFO_V1(va_sql_csv_line);

/* What is known of the rows of one call site. */
typedef struct RowKind
{
	Oid type;
	int32 typmod;
	TupleDesc columns;
	FmgrInfo *output;
	bool *is_text;
} RowKind;

static RowKind *
row_kind(FunctionCallInfo fcinfo, HeapTupleHeader row)
{
	RowKind *kind = fcinfo->flinfo->fn_extra;
	Oid type = HeapTupleHeaderGetTypeId(row);
	int32 typmod = HeapTupleHeaderGetTypMod(row);
	MemoryContext was_in;

	if (kind != NULL && kind->type == type && kind->typmod == typmod)
		return kind;
	was_in = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
	kind = palloc(sizeof(RowKind));
	kind->type = type;
	kind->typmod = typmod;
	kind->columns = lookup_rowtype_tupdesc_copy(type, typmod);
	kind->output = palloc(sizeof(FmgrInfo) * kind->columns->natts);
	kind->is_text = palloc(sizeof(bool) * kind->columns->natts);
	for (int i = 0; i < kind->columns->natts; i++)
	{
		Oid column = TupleDescAttr(kind->columns, i)->atttypid;
		Oid function;
		bool is_varlena;

		getTypeOutputInfo(column, &function, &is_varlena);
		fmgr_info_cxt(function, &kind->output[i], fcinfo->flinfo->fn_mcxt);
		kind->is_text[i] = getBaseType(column) == TEXTOID;
	}
	MemoryContextSwitchTo(was_in);
	fcinfo->flinfo->fn_extra = kind;
	return kind;
}

static bool
is_phone(const char *value)
{
	return value[0] == '+' && value[1] != '\0' && value[1 + strspn(value + 1, "0123456789")] == '\0';
}

static bool
is_formula(const char *value)
{
	return strchr("=+-@\t\r", value[0]) != NULL && value[0] != '\0' && !is_phone(value);
}

static void
append_field(StringInfo line, const char *value, bool guarded, char separator)
{
	size_t length = strlen(value);
	char special[] = { separator, '"', '\n', '\r', '\0' };
	bool quoted = length > 0 && (value[0] == ' ' || value[length - 1] == ' ' || value[strcspn(value, special)] != '\0');

	if (quoted)
		appendStringInfoChar(line, '"');
	if (guarded)
		appendStringInfoChar(line, '\'');
	if (!quoted)
		appendBinaryStringInfo(line, value, length);
	for (const char *c = value; quoted && *c != '\0'; c++)
	{
		if (*c == '"')
			appendStringInfoChar(line, '"');
		appendStringInfoChar(line, *c);
	}
	if (quoted)
		appendStringInfoChar(line, '"');
}

/* (record, separator): the line, without its end; an empty field is NULL or an empty text */
Datum
va_sql_csv_line(PG_FUNCTION_ARGS)
{
	HeapTupleHeader row = PG_GETARG_HEAPTUPLEHEADER(0);
	char separator = *text_to_cstring(PG_GETARG_TEXT_PP(1));
	RowKind *kind = row_kind(fcinfo, row);
	HeapTupleData tuple = { .t_len = HeapTupleHeaderGetDatumLength(row), .t_data = row };
	Datum *values = palloc(sizeof(Datum) * kind->columns->natts);
	bool *nulls = palloc(sizeof(bool) * kind->columns->natts);
	StringInfoData line;

	heap_deform_tuple(&tuple, kind->columns, values, nulls);
	initStringInfo(&line);
	for (int i = 0; i < kind->columns->natts; i++)
	{
		char *value;

		if (i > 0)
			appendStringInfoChar(&line, separator);
		if (nulls[i])
			continue;
		value = OutputFunctionCall(&kind->output[i], values[i]);
		append_field(&line, value, kind->is_text[i] && is_formula(value), separator);
	}
	PG_RETURN_TEXT_P(cstring_to_text_with_len(line.data, line.len));
}
