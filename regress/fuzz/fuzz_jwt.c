/*
 * fuzz_jwt.c
 *		Any bytes as a token: never valid under a key that did not sign it.
 *		And, signed rightly, as header and claims: never a crash, never
 *		claims beside a refusal.  And as a file of keys: all of it or nothing.
 */
#include "pure/auth/jwt.h"

#include "pure/auth/signature.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const unsigned char key[32] = "a key that no input can know....";

static size_t
encode(char *out, size_t room, const void *data, size_t size)
{
	sodium_bin2base64(out, room, data, size, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	return strlen(out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char zero[sizeof(VaJwtClaims)];
	static const VaJwtKeys no_keys;
	static VaJwtKeys keys;
	static VaJwtKeys read;
	char token[VA_JWT_MAX_LEN * 2 + 200];
	unsigned char mac[VA_HMAC_MAX_LEN];
	VaJwtClaims claims;
	const char *why = NULL;
	char problem[200];
	size_t split;
	size_t used;

	if (keys.n == 0)
	{
		/* Beside the secret an Ed25519 key whose private half nobody has. */
		keys.n = 2;
		va_jwt_key_hs256(&keys.key[0], key, sizeof(key));
		keys.key[1].algorithm = VA_JWT_EDDSA;
		crypto_generichash(keys.key[1].public_key, VA_JWT_PUBLIC_LEN, key, sizeof(key), NULL, 0);
	}
	if (!va_jwt_read_keys(data, size, &read, problem, sizeof(problem)) &&
		(problem[0] == '\0' || memcmp(&read, &no_keys, sizeof(read)) != 0))
		abort();
	if (va_jwt_verify((const char *) data, size, &keys, 1700000000, "voiceagent:1:1", &claims, &why) ||
		why == NULL)
		abort();
	if (size == 0 || size > VA_JWT_MAX_LEN)
		return 0;

	/* The first byte says where the header ends; 255 stands for the right header. */
	split = data[0] % size;
	if (data[0] == 255)
		used = encode(token, sizeof(token), "{\"alg\":\"HS256\"}", 15), split = 0;
	else
		used = encode(token, sizeof(token), data + 1, split);
	token[used++] = '.';
	used += encode(token + used, sizeof(token) - used, data + 1 + split, size - 1 - split);
	va_hmac(VA_HMAC_SHA256, key, sizeof(key), token, used, mac);
	token[used++] = '.';
	used += encode(token + used, sizeof(token) - used, mac, 32);
	if (!va_jwt_verify(token, used, &keys, 1700000000, "voiceagent:1:1", &claims, &why) &&
		(why == NULL || memcmp(&claims, zero, sizeof(claims)) != 0))
		abort();
	return 0;
}
