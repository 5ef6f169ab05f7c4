/*-------------------------------------------------------------------------
 * text_signature.c
 *		HMAC-SHA256 of texts, for SQL: links that whoever has them may follow.
 *
 * No locks, no state.
 */
#include "postgres.h"

#include <sodium.h>

#include "fmgr.h"
#include "utils/builtins.h"

#include "core/compat.h"

#define SIGNATURE_HEX (2 * crypto_auth_hmacsha256_BYTES)

PG_FUNCTION_INFO_V1(va_sql_sign_text);
PG_FUNCTION_INFO_V1(va_sql_is_signed);

static void
sign(const text *key, const text *value, char hex[SIGNATURE_HEX + 1])
{
	crypto_auth_hmacsha256_state state;
	unsigned char mac[crypto_auth_hmacsha256_BYTES];

	crypto_auth_hmacsha256_init(&state, (const unsigned char *) VARDATA_ANY(key), VARSIZE_ANY_EXHDR(key));
	crypto_auth_hmacsha256_update(&state, (const unsigned char *) VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value));
	crypto_auth_hmacsha256_final(&state, mac);
	sodium_bin2hex(hex, SIGNATURE_HEX + 1, mac, sizeof(mac));
}

/* (key, text): the signature in hexadecimal digits */
Datum
va_sql_sign_text(PG_FUNCTION_ARGS)
{
	char hex[SIGNATURE_HEX + 1];

	sign(PG_GETARG_TEXT_PP(0), PG_GETARG_TEXT_PP(1), hex);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(hex, SIGNATURE_HEX));
}

/* (key, text, signature): compared in constant time */
Datum
va_sql_is_signed(PG_FUNCTION_ARGS)
{
	text *given = PG_GETARG_TEXT_PP(2);
	char hex[SIGNATURE_HEX + 1];

	sign(PG_GETARG_TEXT_PP(0), PG_GETARG_TEXT_PP(1), hex);
	PG_RETURN_BOOL(
		VARSIZE_ANY_EXHDR(given) == SIGNATURE_HEX && sodium_memcmp(VARDATA_ANY(given), hex, SIGNATURE_HEX) == 0);
}
