/*-------------------------------------------------------------------------
 * values.c
 *		Small helpers of SQL: names that are nearly right, names that nobody
 *		can guess, texts with placeholders, the row that a function returns.
 */
#include "postgres.h"

#include <sodium.h>

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/varlena.h"

#include "compat.h"
#include "statement.h"

#define MAX_DISTANCE 255
#define PLACEHOLDER "{#var#}"
#define PLACEHOLDER_CHARACTERS 30

PG_FUNCTION_INFO_V1(va_sql_edit_distance);
PG_FUNCTION_INFO_V1(va_sql_random_token);
PG_FUNCTION_INFO_V1(va_sql_fits_template);

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

/* 32 random bytes, in the letters of a URL. */
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

/* at[i]: may what was read so far end before byte i?  Then a placeholder may end there, or so many characters later. */
static void
pass_placeholder(bool *at, const char *words, int len)
{
	int left = -1;

	for (int i = 0; i <= len; i++)
	{
		if (i < len && ((unsigned char) words[i] & 0xC0) == 0x80)
			continue;
		left = at[i] ? PLACEHOLDER_CHARACTERS : left - 1;
		at[i] = left >= 0;
	}
}

/*
 * Has the text the words of the template, where each {#var#} stands for up to 30 characters?  A walk over the text for
 * each piece of the template, all its possible places at once: nothing is tried twice.  UTF-8.
 */
Datum
va_sql_fits_template(PG_FUNCTION_ARGS)
{
	text *whole = PG_GETARG_TEXT_PP(0);
	const char *words = VARDATA_ANY(whole);
	int len = VARSIZE_ANY_EXHDR(whole);
	const char *piece = text_to_cstring(PG_GETARG_TEXT_PP(1));
	bool *at = palloc0(len + 1);

	at[0] = true;
	for (;;)
	{
		const char *next = strstr(piece, PLACEHOLDER);
		int size = next != NULL ? (int) (next - piece) : (int) strlen(piece);

		CHECK_FOR_INTERRUPTS();
		for (int i = len; i >= 0; i--)
			at[i] = i >= size && at[i - size] && memcmp(words + i - size, piece, size) == 0;
		if (next == NULL)
			PG_RETURN_BOOL(at[len]);
		pass_placeholder(at, words, len);
		piece = next + strlen(PLACEHOLDER);
	}
}

Datum
va_row_of_result(FunctionCallInfo fcinfo, Datum *values, bool *nulls)
{
	TupleDesc desc;

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls));
}
