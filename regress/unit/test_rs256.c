/*
 * test_rs256.c
 *		Tokens signed with an RSA key: they verify with its public half, few
 *		are remembered and not for long, and bad keys are refused in words.
 */
#include "pure/auth/rs256.h"

#include "tap.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sodium.h>

static VaArena arena;
static const char *why;

static const char *
pem_of(EVP_PKEY *key, const char *passphrase)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *bytes;
	long len;
	const char *pem;

	PEM_write_bio_PrivateKey(bio, key, passphrase != NULL ? EVP_aes_128_cbc() : NULL, (const unsigned char *) passphrase,
							 passphrase != NULL ? (int) strlen(passphrase) : 0, NULL, NULL);
	len = BIO_get_mem_data(bio, &bytes);
	pem = va_arena_strndup(&arena, bytes, (size_t) len);
	BIO_free(bio);
	return pem;
}

static const char *
decoded(const char *text, size_t len, size_t *out_len)
{
	char *out = va_arena_alloc(&arena, len + 1);

	if (sodium_base642bin((unsigned char *) out, len, text, len, NULL, out_len, NULL,
						  sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
		return NULL;
	return out;
}

static bool
holds(EVP_PKEY *key, const char *token)
{
	const char *dot = strrchr(token, '.');
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	size_t len;
	const char *signature = decoded(dot + 1, strlen(dot + 1), &len);
	bool good = EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
				EVP_DigestVerify(context, (const unsigned char *) signature, len, (const unsigned char *) token,
								 (size_t) (dot - token)) == 1;

	EVP_MD_CTX_free(context);
	return good;
}

static const char *
claims_of(const char *token)
{
	const char *dot = strchr(token, '.') + 1;
	size_t len;

	return decoded(dot, (size_t) (strchr(dot, '.') - dot), &len);
}

int
main(void)
{
	static const char nonce[] = "00112233445566778899aabbccddeeff";
	EVP_PKEY *key = EVP_RSA_gen(2048);
	EVP_PKEY *small = EVP_RSA_gen(1024);
	EVP_PKEY *curve = EVP_EC_gen("P-256");
	const char *pem = pem_of(key, NULL);
	const char *token;
	const char *again;

	if (sodium_init() < 0)
		return 1;
	token = va_rs256_sign(&arena, pem, "{\"a\":1}", &why);
	ok(token != NULL && holds(key, token), "a token holds under the public key");
	is_str(claims_of(token), "{\"a\":1}", "its claims");
	ok(strncmp(token, "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.", 37) == 0, "its header");

	token = va_rs256_application_token(&arena, pem, "app-1", 1700000000, 900, nonce, &why);
	is_str(claims_of(token),
		   "{\"application_id\":\"app-1\",\"exp\":1700000900,\"iat\":1700000000,\"jti\":\"00112233-4455-6677-8899-aabbccddeeff\"}",
		   "an application's claims");
	ok(holds(key, token), "signed");
	again = va_rs256_application_token(&arena, pem, "app-1", 1700000299, 900, "ffffffffffffffffffffffffffffffff", &why);
	is_str(again, token, "the same for five minutes");
	again = va_rs256_application_token(&arena, pem, "app-2", 1700000299, 900, nonce, &why);
	ok(strcmp(again, token) != 0, "but not for another application");
	again = va_rs256_application_token(&arena, pem_of(small, NULL), "app-1", 1700000299, 900, nonce, &why);
	ok(again == NULL, "nor for another key: %s", why);
	again = va_rs256_application_token(&arena, pem, "app-1", 1700000300, 900, NULL, &why);
	ok(strcmp(again, token) != 0 && holds(key, again), "then a new one");
	ok(strstr(claims_of(again), "\"iat\":1700000300") != NULL, "of then");
	token = va_rs256_application_token(&arena, pem, "app-1", 1700000000, 900, nonce, &why);
	ok(strstr(claims_of(token), "\"iat\":1700000000") != NULL, "none from the future when a clock goes back");
	for (int i = 0; i < 20; i++)
	{
		char		other[16];

		snprintf(other, sizeof(other), "other-%d", i);
		ok(va_rs256_application_token(&arena, pem, other, 1700000000, 900, nonce, &why) != NULL, "application %d", i);
	}
	again = va_rs256_application_token(&arena, pem, "app-1", 1700000001, 900, nonce, &why);
	ok(strstr(claims_of(again), "\"iat\":1700000001") != NULL, "few are remembered");
	va_rs256_forget();
	again = va_rs256_application_token(&arena, pem, "app-1", 1700000002, 900, nonce, &why);
	ok(strstr(claims_of(again), "\"iat\":1700000002") != NULL, "and none when they are to be forgotten");

	ok(va_rs256_key_valid(pem, &why), "a good key");
	ok(!va_rs256_key_valid(pem_of(small, NULL), &why), "a small one: %s", why);
	ok(!va_rs256_key_valid(pem_of(curve, NULL), &why), "one of another kind: %s", why);
	ok(!va_rs256_key_valid(pem_of(key, "secret"), &why), "one with a passphrase, which is not asked for: %s", why);
	ok(!va_rs256_key_valid("garbage", &why), "none: %s", why);
	ok(!va_rs256_key_valid("", &why), "empty: %s", why);
	ok(!va_rs256_key_valid(NULL, &why), "no text: %s", why);
	ok(va_rs256_sign(&arena, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "{}", &why) == NULL, "broken: %s", why);

	va_rs256_forget();
	EVP_PKEY_free(key);
	EVP_PKEY_free(small);
	EVP_PKEY_free(curve);
	va_arena_free(&arena);
	return done_testing();
}
