/*-------------------------------------------------------------------------
 * values.c
 *		Small helpers of SQL: names that are nearly right, names that nobody
 *		can guess, the row that a function returns.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <sodium.h>

#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/varlena.h"

#include "compat.h"
#include "statement.h"

#define MAX_DISTANCE 255

PG_FUNCTION_INFO_V1(va_sql_edit_distance);
PG_FUNCTION_INFO_V1(va_sql_random_token);

Datum
va_sql_edit_distance(PG_FUNCTION_ARGS)
{
	text *a = PG_GETARG_TEXT_PP(0);
	text *b = PG_GETARG_TEXT_PP(1);
	int a_len = VARSIZE_ANY_EXHDR(a);
	int b_len = VARSIZE_ANY_EXHDR(b);

	if (a_len > MAX_DISTANCE || b_len > MAX_DISTANCE)
		PG_RETURN_INT32(MAX_DISTANCE);
	PG_RETURN_INT32(varstr_levenshtein(VARDATA_ANY(a), a_len, VARDATA_ANY(b), b_len, 1, 1, 1, false));
}

/* 32 bytes that nobody can guess, in the letters of a URL. */
Datum
va_sql_random_token(PG_FUNCTION_ARGS)
{
	unsigned char bytes[32];
	char text[sodium_base64_ENCODED_LEN(sizeof(bytes), sodium_base64_VARIANT_URLSAFE_NO_PADDING)];

	if (!pg_strong_random(bytes, sizeof(bytes)))
		ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR), errmsg("could not generate random bytes")));
	sodium_bin2base64(text, sizeof(text), bytes, sizeof(bytes), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	PG_RETURN_TEXT_P(cstring_to_text(text));
}

Datum
va_row_of_result(FunctionCallInfo fcinfo, Datum *values, bool *nulls)
{
	TupleDesc desc;

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls));
}
