/*-------------------------------------------------------------------------
 * text_signature.c
 *		Signatures by keys of our own (contract in text_signature.h), and for
 *		SQL those by the keys of tokens: links that whoever has them may follow,
 *		and files that anybody may check.
 *
 * No locks, no state.
 */
#include "postgres.h"

#include <sodium.h>

#include "fmgr.h"
#include "utils/builtins.h"

#include "core/compat.h"
#include "identity.h"
#include "keys.h"
#include "text_signature.h"

PG_FUNCTION_INFO_V1(va_sql_sign_link);
PG_FUNCTION_INFO_V1(va_sql_is_signed_link);
PG_FUNCTION_INFO_V1(va_sql_sign_file);

/* Signed text begins with words and a NUL, so it is never the text of a token. */
void
va_sign_ours(const VaSigned *what, const void *key, size_t key_len, char hex[VA_SIGNATURE_SIZE])
{
	char until[32];
	const char *parts[] = { "voiceagent signature", va_token_audience(), what->purpose, what->generation, until,
		what->text };
	crypto_auth_hmacsha256_state state;
	unsigned char mac[crypto_auth_hmacsha256_BYTES];

	snprintf(until, sizeof(until), INT64_FORMAT, what->until);
	crypto_auth_hmacsha256_init(&state, key, key_len);
	/* Each with its NUL: none runs into the next. */
	for (int i = 0; i < (int) lengthof(parts); i++)
		crypto_auth_hmacsha256_update(&state, (const unsigned char *) parts[i], strlen(parts[i]) + 1);
	crypto_auth_hmacsha256_final(&state, mac);
	sodium_bin2hex(hex, VA_SIGNATURE_SIZE, mac, sizeof(mac));
	sodium_memzero(&state, sizeof(state));
	sodium_memzero(mac, sizeof(mac));
}

/* Arguments of SQL: (purpose, until, text, ...) */
static void
sign_link(FunctionCallInfo fcinfo, const VaJwtKey *key, char hex[VA_SIGNATURE_SIZE])
{
	VaSigned what = { text_to_cstring(PG_GETARG_TEXT_PP(0)), key->kid, PG_GETARG_INT64(1),
		text_to_cstring(PG_GETARG_TEXT_PP(2)) };

	va_sign_ours(&what, key->secret, key->len, hex);
}

/* (purpose, until, text): the signature in hexadecimal digits */
Datum
va_sql_sign_link(PG_FUNCTION_ARGS)
{
	char hex[VA_SIGNATURE_SIZE];
	VaJwtKey key;

	va_jwt_signing(&key);
	sign_link(fcinfo, &key, hex);
	va_forget_key(&key, sizeof(key));
	PG_RETURN_TEXT_P(cstring_to_text(hex));
}

/* (purpose, until, text, signature): by any key that signs or has signed, compared in constant time */
Datum
va_sql_is_signed_link(PG_FUNCTION_ARGS)
{
	text *given = PG_GETARG_TEXT_PP(3);
	char hex[VA_SIGNATURE_SIZE];
	VaJwtKeys keys;
	uint32 generation;
	bool good = false;

	if (!va_find_jwt_keys(&keys, &generation))
		PG_RETURN_BOOL(false);
	for (int i = 0; i < keys.n; i++)
	{
		if (!keys.key[i].can_sign)
			continue;
		sign_link(fcinfo, &keys.key[i], hex);
		good |= VARSIZE_ANY_EXHDR(given) == VA_SIGNATURE_SIZE - 1 &&
				sodium_memcmp(VARDATA_ANY(given), hex, VA_SIGNATURE_SIZE - 1) == 0;
	}
	va_forget_key(&keys, sizeof(keys));
	PG_RETURN_BOOL(good);
}

/*
 * (text): "KEY SIGNATURE", both in hexadecimal digits: the Ed25519 signature,
 * and the public key that checks it.  Its secret half is derived from the key
 * of tokens, whatever the kind of that: who checks a file needs no secret.
 */
Datum
va_sql_sign_file(PG_FUNCTION_ARGS)
{
	text *what = PG_GETARG_TEXT_PP(0);
	VaSigned derive = { "file key", NULL, 0, "" };
	VaJwtKey key;
	char hex[VA_SIGNATURE_SIZE];
	unsigned char seed[crypto_sign_SEEDBYTES];
	unsigned char public_key[crypto_sign_PUBLICKEYBYTES];
	unsigned char secret_key[crypto_sign_SECRETKEYBYTES];
	unsigned char signature[crypto_sign_BYTES];
	char out[2 * crypto_sign_PUBLICKEYBYTES + 1 + 2 * crypto_sign_BYTES + 1];

	va_jwt_signing(&key);
	derive.generation = key.kid;
	va_sign_ours(&derive, key.secret, key.len, hex);
	sodium_hex2bin(seed, sizeof(seed), hex, VA_SIGNATURE_SIZE - 1, NULL, NULL, NULL);
	crypto_sign_seed_keypair(public_key, secret_key, seed);
	crypto_sign_detached(
		signature, NULL, (const unsigned char *) VARDATA_ANY(what), VARSIZE_ANY_EXHDR(what), secret_key);
	sodium_bin2hex(out, sizeof(out), public_key, sizeof(public_key));
	out[2 * crypto_sign_PUBLICKEYBYTES] = ' ';
	sodium_bin2hex(out + 2 * crypto_sign_PUBLICKEYBYTES + 1, 2 * crypto_sign_BYTES + 1, signature, sizeof(signature));
	sodium_memzero(hex, sizeof(hex));
	sodium_memzero(seed, sizeof(seed));
	sodium_memzero(secret_key, sizeof(secret_key));
	va_forget_key(&key, sizeof(key));
	PG_RETURN_TEXT_P(cstring_to_text(out));
}
