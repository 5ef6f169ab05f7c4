/*-------------------------------------------------------------------------
 * mac.c
 *		Hashes, HMACs, and bytes as hex and base64.
 *
 * Pure: no backend, no locks.  The only state is the hashes found and
 * one context, which makes these functions unfit for threads: the process is a
 * backend or a worker, and has one.  MACs and keys on the stack are wiped.
 */
#include "mac.h"

#include <string.h>

#include <openssl/evp.h>
#include <sodium.h>

/* ---- encodings ---- */

size_t
va_hex_encode(const void *data, size_t len, char *out)
{
	sodium_bin2hex(out, len * 2 + 1, data, len);
	return len * 2;
}

size_t
va_base64_encode(const void *data, size_t len, char *out)
{
	sodium_bin2base64(
		out, sodium_base64_encoded_len(len, sodium_base64_VARIANT_ORIGINAL), data, len, sodium_base64_VARIANT_ORIGINAL);
	return strlen(out);
}

bool
va_hex_decode(const char *text, size_t len, unsigned char *out, size_t out_size, size_t *out_len)
{
	const char *end;

	if (len % 2 != 0)
		return false;
	if (sodium_hex2bin(out, out_size, text, len, NULL, out_len, &end) != 0)
		return false;
	return end == text + len && *out_len == len / 2;
}

static bool
decode_base64(int variant, const char *text, size_t len, unsigned char *out, size_t out_size, size_t *out_len)
{
	const char *end;

	/* libsodium takes some bytes above ASCII for characters of the alphabet. */
	for (size_t i = 0; i < len; i++)
		if ((unsigned char) text[i] > 0x7e)
			return false;
	return sodium_base642bin(out, out_size, text, len, NULL, out_len, &end, variant) == 0 && end == text + len;
}

bool
va_base64_decode(const char *text, size_t len, unsigned char *out, size_t out_size, size_t *out_len)
{
	return decode_base64(sodium_base64_VARIANT_ORIGINAL, text, len, out, out_size, out_len);
}

bool
va_base64url_decode(const char *text, size_t len, unsigned char *out, size_t out_size, size_t *out_len)
{
	return len > 0 && decode_base64(sodium_base64_VARIANT_URLSAFE_NO_PADDING, text, len, out, out_size, out_len);
}

/* ---- hashes ---- */

bool
va_equal_constant_time(const void *a, size_t a_len, const void *b, size_t b_len)
{
	return a_len == b_len && sodium_memcmp(a, b, a_len) == 0;
}

/*
 * OpenSSL's hashes use the processor's instructions; libsodium's do not, and
 * it has no SHA-1.  To find one by its name costs more than to hash a webhook,
 * and HMAC() and SHA256() do so each time: here it is done once in a process.
 */
typedef struct Hash
{
	const char *name;
	size_t len;
	size_t block;
	EVP_MD *found;
} Hash;

static Hash hashes[] = {
	[VA_HMAC_SHA1] = { "SHA1", 20, 64, NULL },
	[VA_HMAC_SHA256] = { "SHA256", VA_SHA256_LEN, 64, NULL },
	[VA_HMAC_SHA512] = { "SHA512", VA_HMAC_MAX_LEN, VA_HMAC_BLOCK_MAX, NULL },
};

/* The state of the one hash that is going on: no second one begins before it is finished. */
static EVP_MD_CTX *context;

static bool
hash_start(Hash *hash)
{
	if (hash->found == NULL)
		hash->found = EVP_MD_fetch(NULL, hash->name, NULL);
	if (context == NULL)
		context = EVP_MD_CTX_new();
	return hash->found != NULL && context != NULL && EVP_DigestInit_ex2(context, hash->found, NULL) == 1;
}

static bool
hash_add(const void *data, size_t len)
{
	return len == 0 || EVP_DigestUpdate(context, data, len) == 1;
}

static bool
hash_finish(unsigned char *out)
{
	return EVP_DigestFinal_ex(context, out, NULL) == 1;
}

void
va_sha256(const void *data, size_t len, unsigned char *out)
{
	if (!hash_start(&hashes[VA_HMAC_SHA256]) || !hash_add(data, len) || !hash_finish(out))
		randombytes_buf(out, VA_SHA256_LEN); /* out of memory: what nothing hashes to */
}

/*
 * HMAC as RFC 2104 has it: hash(key ^ 0x5c.. hash(key ^ 0x36.. data)).  Written
 * out because OpenSSL's own, even with a context that is kept, takes half as
 * long again, and would keep the key.
 */
static bool
mac_pass(VaMac *mac, unsigned char with)
{
	Hash *hash = &hashes[mac->algorithm];

	for (size_t i = 0; i < hash->block; i++)
		mac->pad[i] ^= with;
	return hash_start(hash) && hash_add(mac->pad, hash->block);
}

void
va_mac_start(VaMac *mac, VaHmacAlgorithm algorithm, const void *key, size_t key_len)
{
	Hash *hash = &hashes[algorithm];

	*mac = (VaMac){ .algorithm = algorithm, .good = true };
	if (key_len > hash->block)
		mac->good = hash_start(hash) && hash_add(key, key_len) && hash_finish(mac->pad);
	else if (key_len > 0)
		memcpy(mac->pad, key, key_len);
	mac->good = mac->good && mac_pass(mac, 0x36);
}

void
va_mac_add(VaMac *mac, const void *data, size_t len)
{
	mac->good = mac->good && hash_add(data, len);
}

size_t
va_mac_finish(VaMac *mac, unsigned char *out)
{
	size_t len = hashes[mac->algorithm].len;

	if (!mac->good || !hash_finish(out) || !mac_pass(mac, 0x36 ^ 0x5c) || !hash_add(out, len) || !hash_finish(out))
		randombytes_buf(out, len); /* out of memory: matches no signature */
	sodium_memzero(mac, sizeof(*mac));
	return len;
}

size_t
va_hmac(VaHmacAlgorithm algorithm, const void *key, size_t key_len, const void *data, size_t len, unsigned char *out)
{
	VaMac mac;

	va_mac_start(&mac, algorithm, key, key_len);
	va_mac_add(&mac, data, len);
	return va_mac_finish(&mac, out);
}
