/*-------------------------------------------------------------------------
 * rs256.c
 *		Tokens that an RSA key signs (contract in rs256.h).
 *
 * Pure: no backend, no locks.  The only state is the few tokens remembered,
 * which makes these functions unfit for threads: the process is a backend or
 * a worker, and has one.
 */
#include "rs256.h"

#include <string.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sodium.h>

#include "pure/text/json.h"

#define BASE64URL sodium_base64_VARIANT_URLSAFE_NO_PADDING
#define PEM_MAX 16384
#define TOKEN_MAX 2048
#define SLOTS 8 /* accounts of one process that call within the same minutes; more of them sign more often */

/* base64url of {"alg":"RS256","typ":"JWT"} */
#define HEADER "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9"

/* Keyed by a secret, so that no two keys can be made to collide; and it is quick. */
#define HASH_LEN crypto_shorthash_siphashx24_BYTES

typedef struct Slot
{
	unsigned char key[HASH_LEN]; /* of PEM and application */
	int64_t issued_at;
	char token[TOKEN_MAX]; /* "" = empty */
} Slot;

static Slot slots[SLOTS];
static int next_slot;
static unsigned char hash_key[crypto_shorthash_siphashx24_KEYBYTES];
static bool has_hash_key;

void
va_rs256_forget(void)
{
	sodium_memzero(slots, sizeof(slots));
}

/* Without it OpenSSL would ask the terminal. */
static int
no_passphrase(char *buffer, int size, int writing, void *data)
{
	return -1;
}

static EVP_PKEY *
load_key(const char *pem, const char **why)
{
	size_t len = pem == NULL ? 0 : strlen(pem);
	BIO *bio = len > 0 && len <= PEM_MAX ? BIO_new_mem_buf(pem, (int) len) : NULL;
	EVP_PKEY *key = bio == NULL ? NULL : PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL);

	BIO_free(bio);
	ERR_clear_error();
	if (key == NULL)
		*why = "the private key is not a PEM that can be read without a passphrase";
	else if (EVP_PKEY_base_id(key) != EVP_PKEY_RSA)
		*why = "the private key is not an RSA key";
	else if (EVP_PKEY_bits(key) < VA_RS256_MIN_BITS)
		*why = "the private key has less than 2048 bits";
	else
		return key;
	EVP_PKEY_free(key);
	return NULL;
}

bool
va_rs256_key_valid(const char *pem, const char **why)
{
	EVP_PKEY *key = load_key(pem, why);

	EVP_PKEY_free(key);
	return key != NULL;
}

static unsigned char *
sign_text(VaArena *arena, EVP_PKEY *key, const char *text, size_t *len)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	unsigned char *signature = NULL;

	*len = 0;
	if (context != NULL && EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
		EVP_DigestSign(context, NULL, len, (const unsigned char *) text, strlen(text)) == 1 &&
		(signature = va_arena_alloc(arena, *len)) != NULL &&
		EVP_DigestSign(context, signature, len, (const unsigned char *) text, strlen(text)) != 1)
		signature = NULL;
	EVP_MD_CTX_free(context);
	ERR_clear_error();
	return signature;
}

static const char *
encoded(VaArena *arena, const void *bytes, size_t len)
{
	size_t size = sodium_base64_encoded_len(len, BASE64URL);
	char *text = va_arena_alloc(arena, size);

	return text == NULL ? NULL : sodium_bin2base64(text, size, bytes, len, BASE64URL);
}

const char *
va_rs256_sign(VaArena *arena, const char *pem, const char *claims, const char **why)
{
	EVP_PKEY *key = load_key(pem, why);
	const char *text;
	unsigned char *signature = NULL;
	size_t len = 0;

	if (key == NULL)
		return NULL;
	*why = "out of memory, or the private key cannot sign";
	text = va_arena_printf(arena, HEADER ".%s", encoded(arena, claims, strlen(claims)));
	if (text != NULL)
		signature = sign_text(arena, key, text, &len);
	EVP_PKEY_free(key);
	text = signature == NULL ? NULL : va_arena_printf(arena, "%s.%s", text, encoded(arena, signature, len));
	return arena->oom ? NULL : text;
}

/* ---- tokens remembered ---- */

static void
hash_of(const char *pem, const char *application_id, unsigned char *hash)
{
	unsigned char parts[2 * HASH_LEN];

	if (!has_hash_key)
	{
		randombytes_buf(hash_key, sizeof(hash_key));
		has_hash_key = true;
	}
	crypto_shorthash_siphashx24(parts, (const unsigned char *) pem, strlen(pem), hash_key);
	crypto_shorthash_siphashx24(
		parts + HASH_LEN, (const unsigned char *) application_id, strlen(application_id), hash_key);
	crypto_shorthash_siphashx24(hash, parts, sizeof(parts), hash_key);
}

/* One that is fresh; on the way, those that are not are wiped. */
static const Slot *
find_slot(const unsigned char *hash, int64_t now)
{
	const Slot *found = NULL;

	for (int i = 0; i < SLOTS; i++)
	{
		if (slots[i].token[0] == '\0')
			continue;
		if (now < slots[i].issued_at || now - slots[i].issued_at >= VA_RS256_REUSE_S)
			sodium_memzero(&slots[i], sizeof(slots[i]));
		else if (sodium_memcmp(slots[i].key, hash, HASH_LEN) == 0)
			found = &slots[i];
	}
	return found;
}

static void
remember(const unsigned char *hash, int64_t now, const char *token)
{
	Slot *slot = &slots[next_slot];

	if (strlen(token) >= TOKEN_MAX)
		return;
	next_slot = (next_slot + 1) % SLOTS;
	sodium_memzero(slot, sizeof(*slot));
	memcpy(slot->key, hash, HASH_LEN);
	slot->issued_at = now;
	memcpy(slot->token, token, strlen(token) + 1);
}

/* An id of the token: the nonce, or one of chance. */
static const char *
token_id(VaArena *arena, const char *nonce)
{
	char digits[33];

	if (nonce == NULL || strlen(nonce) != 32 || strspn(nonce, "0123456789abcdefABCDEF") != 32)
	{
		unsigned char made[16];

		randombytes_buf(made, sizeof(made));
		nonce = sodium_bin2hex(digits, sizeof(digits), made, sizeof(made));
	}
	return va_arena_printf(arena, "%.8s-%.4s-%.4s-%.4s-%.12s", nonce, nonce + 8, nonce + 12, nonce + 16, nonce + 20);
}

const char *
va_rs256_application_token(VaArena *arena, const char *pem, const char *application_id, int64_t now, int valid_s,
	const char *nonce, const char **why)
{
	unsigned char hash[HASH_LEN];
	const Slot *slot;
	const char *token;
	json_t *claims;

	hash_of(pem, application_id, hash);
	slot = find_slot(hash, now);
	if (slot != NULL)
		return va_arena_strdup(arena, slot->token);
	*why = "out of memory, or the application's id is not UTF-8";
	claims = json_pack("{s:s,s:I,s:I,s:s}", "application_id", application_id, "iat", (json_int_t) now, "exp",
		(json_int_t) (now + valid_s), "jti", token_id(arena, nonce));
	token = claims == NULL ? NULL : va_json_text(arena, claims);
	json_decref(claims);
	if (token == NULL)
		return NULL;
	token = va_rs256_sign(arena, pem, token, why);
	if (token != NULL)
		remember(hash, now, token);
	return token;
}
