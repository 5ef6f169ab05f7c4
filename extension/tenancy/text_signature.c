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
#include "keys.h"

#define SIGNATURE_HEX (2 * crypto_auth_hmacsha256_BYTES)

PG_FUNCTION_INFO_V1(va_sql_sign_text);
PG_FUNCTION_INFO_V1(va_sql_is_signed);
PG_FUNCTION_INFO_V1(va_sql_sign_link);
PG_FUNCTION_INFO_V1(va_sql_is_signed_link);

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

/* ----- by the keys of tokens, for links that have no key of their own ----- */

/* No token is ever signed with it, and no link with a token's key. */
static void
sign_link(const VaJwtKey *key, const text *value, char hex[SIGNATURE_HEX + 1])
{
	static const unsigned char purpose[] = "voiceagent link";
	crypto_auth_hmacsha256_state state;
	text *derived = palloc(VARHDRSZ + crypto_auth_hmacsha256_BYTES);

	SET_VARSIZE(derived, VARHDRSZ + crypto_auth_hmacsha256_BYTES);
	crypto_auth_hmacsha256_init(&state, key->secret, key->len);
	crypto_auth_hmacsha256_update(&state, purpose, sizeof(purpose));
	crypto_auth_hmacsha256_final(&state, (unsigned char *) VARDATA(derived));
	sign(derived, value, hex);
	va_forget_key(derived, VARSIZE(derived));
}

/* (text): the signature in hexadecimal digits */
Datum
va_sql_sign_link(PG_FUNCTION_ARGS)
{
	char hex[SIGNATURE_HEX + 1];
	VaJwtKey key;

	va_jwt_signing(&key);
	sign_link(&key, PG_GETARG_TEXT_PP(0), hex);
	va_forget_key(&key, sizeof(key));
	PG_RETURN_TEXT_P(cstring_to_text_with_len(hex, SIGNATURE_HEX));
}

/* (text, signature): by any key that signs or has signed */
Datum
va_sql_is_signed_link(PG_FUNCTION_ARGS)
{
	text *given = PG_GETARG_TEXT_PP(1);
	char hex[SIGNATURE_HEX + 1];
	VaJwtKeys keys;
	uint32 generation;
	bool good = false;

	if (!va_find_jwt_keys(&keys, &generation))
		PG_RETURN_BOOL(false);
	for (int i = 0; i < keys.n; i++)
	{
		if (!keys.key[i].can_sign)
			continue;
		sign_link(&keys.key[i], PG_GETARG_TEXT_PP(0), hex);
		good |= VARSIZE_ANY_EXHDR(given) == SIGNATURE_HEX && sodium_memcmp(VARDATA_ANY(given), hex, SIGNATURE_HEX) == 0;
	}
	va_forget_key(&keys, sizeof(keys));
	PG_RETURN_BOOL(good);
}
