/*-------------------------------------------------------------------------
 * json_bounds.c
 *		How long a jsonb prints, and whether what reads the print can: what is
 *		stored says little of either. 1e131000 takes 12 bytes and prints as
 *		131 kB; and jansson, which reads each order of a call, knows no whole
 *		number beyond 64 bits and no 2,049th level.
 */
#include "postgres.h"

#include <math.h>

#include "fmgr.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"

#include "compat.h"

/* Levels of what a tenant hands over: an order adds a few, and jansson's limit is 2048. */
#define VA_JSON_MAX_DEPTH 500

PG_FUNCTION_INFO_V1(va_sql_json_bytes);
PG_FUNCTION_INFO_V1(va_sql_json_fault);

/* As escape_json() writes it. */
static int64
string_bytes(const char *text, int len)
{
	int64 bytes = len + 2;

	for (int i = 0; i < len; i++)
	{
		unsigned char c = (unsigned char) text[i];

		if (c == '"' || c == '\\' || c == '\b' || c == '\f' || c == '\n' || c == '\r' || c == '\t')
			bytes += 1;
		else if (c < ' ')
			bytes += 5;
	}
	return bytes;
}

static char *
number_text(const JsonbValue *value)
{
	return DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(value->val.numeric)));
}

static int64
scalar_bytes(const JsonbValue *value)
{
	switch (value->type)
	{
		case jbvNull:
			return 4;
		case jbvBool:
			return value->val.boolean ? 4 : 5;
		case jbvString:
			return string_bytes(value->val.string.val, value->val.string.len);
		case jbvNumeric:
		{
			char *text = number_text(value);
			int64 bytes = (int64) strlen(text);

			pfree(text);
			return bytes;
		}
		default:
			elog(ERROR, "unexpected type of a JSON scalar: %d", (int) value->type);
	}
	return 0;
}

/*
 * json_bytes(value, most): octet_length(value::text); most + 1 if it is more
 * than most, as soon as that is known.
 */
Datum
va_sql_json_bytes(PG_FUNCTION_ARGS)
{
	Jsonb *json = PG_GETARG_JSONB_P(0);
	int32 most = PG_GETARG_INT32(1);
	JsonbIterator *it = JsonbIteratorInit(&json->root);
	JsonbIteratorToken token;
	JsonbValue value;
	int64 bytes = 0;

	while (bytes <= most && (token = JsonbIteratorNext(&it, &value, false)) != WJB_DONE)
	{
		CHECK_FOR_INTERRUPTS();
		if (token == WJB_BEGIN_ARRAY && !value.val.array.rawScalar)
			bytes += 2 + 2 * (int64) Max(value.val.array.nElems - 1, 0);
		else if (token == WJB_BEGIN_OBJECT)
			bytes += 2 + 2 * (int64) Max(value.val.object.nPairs - 1, 0) + 2 * (int64) value.val.object.nPairs;
		else if (token == WJB_KEY || token == WJB_VALUE || token == WJB_ELEM)
			bytes += scalar_bytes(&value);
	}
	PG_RETURN_INT64(Min(bytes, (int64) most + 1));
}

/* Whether jansson takes this number: a whole one in 64 bits, another one as a double. */
static bool
number_is_readable(const JsonbValue *value)
{
	char *text = number_text(value);
	bool readable;

	errno = 0;
	if (strchr(text, '.') == NULL)
	{
		(void) strtoll(text, NULL, 10);
		readable = errno != ERANGE;
	}
	else
		readable = !isinf(strtod(text, NULL));
	pfree(text);
	return readable;
}

/* json_fault(value): why what reads JSON of ours cannot read it; NULL: it can. */
Datum
va_sql_json_fault(PG_FUNCTION_ARGS)
{
	Jsonb *json = PG_GETARG_JSONB_P(0);
	JsonbIterator *it = JsonbIteratorInit(&json->root);
	JsonbIteratorToken token;
	JsonbValue value;
	int depth = 0;

	while ((token = JsonbIteratorNext(&it, &value, false)) != WJB_DONE)
	{
		CHECK_FOR_INTERRUPTS();
		if (token == WJB_BEGIN_ARRAY || token == WJB_BEGIN_OBJECT)
			depth++;
		else if (token == WJB_END_ARRAY || token == WJB_END_OBJECT)
			depth--;
		else if (value.type == jbvNumeric && !number_is_readable(&value))
			PG_RETURN_TEXT_P(cstring_to_text("A number in it is beyond 64 bits; write it as a text, in quotes."));
		if (depth > VA_JSON_MAX_DEPTH)
			PG_RETURN_TEXT_P(cstring_to_text(psprintf("It is nested deeper than %d levels.", VA_JSON_MAX_DEPTH)));
	}
	PG_RETURN_NULL();
}
