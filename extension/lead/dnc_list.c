/*-------------------------------------------------------------------------
 * dnc_list.c
 *		National do-not-call lists for SQL: is a number in a block?
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "core/compat.h"
#include "pure/phone/dnc_list.h"

PG_FUNCTION_INFO_V1(va_sql_block_of);
PG_FUNCTION_INFO_V1(va_sql_block_has);
PG_FUNCTION_INFO_V1(va_sql_prefixes_of);

/* A prefix that can be blocked: + and at most so many digits. */
#define PREFIX_DIGITS 8

Datum
va_sql_block_of(PG_FUNCTION_ARGS)
{
	text *phone = PG_GETARG_TEXT_PP(0);
	int64 number = va_dnc_list_number(VARDATA_ANY(phone), VARSIZE_ANY_EXHDR(phone));

	if (number == 0)
		PG_RETURN_NULL();
	PG_RETURN_INT64(number / VA_BLOCK_NUMBERS);
}

Datum
va_sql_block_has(PG_FUNCTION_ARGS)
{
	bytea *bits = PG_GETARG_BYTEA_PP(0);
	text *phone = PG_GETARG_TEXT_PP(1);
	int64 number = va_dnc_list_number(VARDATA_ANY(phone), VARSIZE_ANY_EXHDR(phone));

	PG_RETURN_BOOL(number != 0 &&
				   va_block_has((const uint8 *) VARDATA_ANY(bits), VARSIZE_ANY_EXHDR(bits), number % VA_BLOCK_NUMBERS));
}

/* Any text does: it is leakproof, so it never fails for what it is given. */
Datum
va_sql_prefixes_of(PG_FUNCTION_ARGS)
{
	text *phone = PG_GETARG_TEXT_PP(0);
	int len = VARSIZE_ANY_EXHDR(phone);
	Datum prefixes[PREFIX_DIGITS + 1];
	int n = 0;

	for (int digits = 1; digits <= PREFIX_DIGITS && digits + 1 < len; digits++)
		prefixes[n++] = PointerGetDatum(cstring_to_text_with_len(VARDATA_ANY(phone), digits + 1));
	prefixes[n++] = PointerGetDatum(phone);
	PG_RETURN_ARRAYTYPE_P(construct_array(prefixes, n, TEXTOID, -1, false, TYPALIGN_INT));
}
