/*-------------------------------------------------------------------------
 * jws.c
 *		RS256 and ES256 by OpenSSL (contract in jws.h).
 *
 * Pure: no backend, no locks, no global state.
 */
#include "jws.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include "mac.h"

#define COORDINATE_LEN 32 /* of P-256 */
#define NUMBER_MAX (VA_JWS_RSA_MAX_BITS / 8)
/* A signature in DER: two numbers, each with a zero before it, and what names them. */
#define DER_MAX (2 * (COORDINATE_LEN + 3) + 2)

/* malloc'ed; NULL: it does not decode as a whole. */
static unsigned char *
decoded(const char *text, size_t text_len, size_t *len)
{
	unsigned char *bytes = malloc(text_len + 1);

	if (bytes != NULL && va_base64url_decode(text, text_len, bytes, text_len, len))
		return bytes;
	free(bytes);
	return NULL;
}

static json_t *
decoded_object(const char *text, size_t text_len)
{
	size_t len = 0;
	unsigned char *bytes = decoded(text, text_len, &len);
	json_t *json = bytes != NULL ? json_loadb((const char *) bytes, len, JSON_REJECT_DUPLICATES, NULL) : NULL;

	free(bytes);
	if (json_is_object(json))
		return json;
	json_decref(json);
	return NULL;
}

static BIGNUM *
number_of(const json_t *jwk, const char *name)
{
	const char *text = va_json_string(jwk, name);
	size_t len = 0;
	unsigned char *bytes = text != NULL && strlen(text) <= 2 * NUMBER_MAX ? decoded(text, strlen(text), &len) : NULL;
	BIGNUM *number = bytes != NULL && len <= NUMBER_MAX ? BN_bin2bn(bytes, (int) len, NULL) : NULL;

	free(bytes);
	return number;
}

static EVP_PKEY *
make_key(const char *type, OSSL_PARAM_BLD *build)
{
	OSSL_PARAM *parameters = OSSL_PARAM_BLD_to_param(build);
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY *key = NULL;

	if (parameters == NULL || context == NULL || EVP_PKEY_fromdata_init(context) != 1 ||
		EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters) != 1)
		key = NULL;
	EVP_PKEY_CTX_free(context);
	OSSL_PARAM_free(parameters);
	return key;
}

static EVP_PKEY *
rsa_key(const json_t *jwk)
{
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	BIGNUM *n = number_of(jwk, "n");
	BIGNUM *e = number_of(jwk, "e");
	EVP_PKEY *key = NULL;

	/* The larger e is, the longer each signature takes. */
	if (build != NULL && n != NULL && e != NULL && BN_num_bits(n) >= VA_JWS_RSA_MIN_BITS && BN_num_bits(e) <= 64 &&
		BN_is_odd(e) && !BN_is_one(e) && OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n) == 1 &&
		OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e) == 1)
		key = make_key("RSA", build);
	BN_free(n);
	BN_free(e);
	OSSL_PARAM_BLD_free(build);
	return key;
}

static EVP_PKEY *
p256_key(const json_t *jwk)
{
	unsigned char point[1 + 2 * COORDINATE_LEN] = { POINT_CONVERSION_UNCOMPRESSED };
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	const char *curve = va_json_string(jwk, "crv");
	BIGNUM *x = number_of(jwk, "x");
	BIGNUM *y = number_of(jwk, "y");
	EVP_PKEY *key = NULL;

	/* A point that is not on the curve makes no key. */
	if (build != NULL && x != NULL && y != NULL && curve != NULL && strcmp(curve, "P-256") == 0 &&
		BN_bn2binpad(x, point + 1, COORDINATE_LEN) == COORDINATE_LEN &&
		BN_bn2binpad(y, point + 1 + COORDINATE_LEN, COORDINATE_LEN) == COORDINATE_LEN &&
		OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) == 1 &&
		OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof(point)) == 1)
		key = make_key("EC", build);
	BN_free(x);
	BN_free(y);
	OSSL_PARAM_BLD_free(build);
	return key;
}

/* JWS has the two numbers of a signature one behind the other; OpenSSL wants DER.  0: it is none. */
static size_t
der_of(const unsigned char *raw, size_t len, unsigned char *der)
{
	ECDSA_SIG *signature = ECDSA_SIG_new();
	BIGNUM *r = len == 2 * COORDINATE_LEN ? BN_bin2bn(raw, COORDINATE_LEN, NULL) : NULL;
	BIGNUM *s = r != NULL ? BN_bin2bn(raw + COORDINATE_LEN, COORDINATE_LEN, NULL) : NULL;
	int der_len = 0;

	if (signature != NULL && s != NULL && ECDSA_SIG_set0(signature, r, s) == 1)
		der_len = i2d_ECDSA_SIG(signature, &der);
	else
	{
		BN_free(r);
		BN_free(s);
	}
	ECDSA_SIG_free(signature);
	return der_len > 0 ? (size_t) der_len : 0;
}

static bool
is_signed(EVP_PKEY *key, const unsigned char *signature, size_t len, const char *text, size_t text_len)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool good = context != NULL && EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
				EVP_DigestVerify(context, signature, len, (const unsigned char *) text, text_len) == 1;

	EVP_MD_CTX_free(context);
	return good;
}

typedef struct Signed
{
	bool rsa; /* else P-256 */
	const char *kid;
	const char *text; /* that was signed */
	size_t text_len;
	unsigned char *signature;
	size_t signature_len;
} Signed;

static bool
says(const json_t *jwk, const char *name, const char *value)
{
	const json_t *member = json_object_get(jwk, name);

	return member == NULL || (json_is_string(member) && strcmp(json_string_value(member), value) == 0);
}

/* Whether it may have signed this: of the type, and for signatures by that algorithm where it says for which. */
static bool
fits(const json_t *jwk, const Signed *what)
{
	return va_json_string(jwk, "kty") != NULL && says(jwk, "kty", what->rsa ? "RSA" : "EC") &&
		   says(jwk, "use", "sig") && says(jwk, "alg", what->rsa ? "RS256" : "ES256") &&
		   (what->kid == NULL || (va_json_string(jwk, "kid") != NULL && says(jwk, "kid", what->kid)));
}

static bool
verified_by(const json_t *jwk, const Signed *what)
{
	EVP_PKEY *key = what->rsa ? rsa_key(jwk) : p256_key(jwk);
	unsigned char der[DER_MAX];
	size_t der_len;
	bool good = false;

	if (key != NULL && what->rsa)
		good = is_signed(key, what->signature, what->signature_len, what->text, what->text_len);
	else if (key != NULL && (der_len = der_of(what->signature, what->signature_len, der)) > 0)
		good = is_signed(key, der, der_len, what->text, what->text_len);
	EVP_PKEY_free(key);
	ERR_clear_error();
	return good;
}

static VaJwsVerdict
judge(const json_t *keys, const Signed *what, const char **why)
{
	const json_t *set = json_object_get(keys, "keys");
	bool known = false;

	for (size_t i = 0; i < json_array_size(set) && i < VA_JWS_KEYS_MAX; i++)
	{
		const json_t *jwk = json_array_get(set, i);

		if (!fits(jwk, what))
			continue;
		if (verified_by(jwk, what))
			return VA_JWS_GOOD;
		known = true;
	}
	*why = known ? "its signature is wrong" : "it is signed by a key that the provider does not publish";
	return known && what->kid != NULL ? VA_JWS_BAD : VA_JWS_UNKNOWN_KEY;
}

static bool
read_header(const json_t *header, Signed *what, const char **why)
{
	const char *algorithm = va_json_string(header, "alg");

	what->rsa = algorithm != NULL && strcmp(algorithm, "RS256") == 0;
	what->kid = va_json_string(header, "kid");
	*why = json_object_get(header, "crit") != NULL ? "it asks for what is not understood here"
												   : "it is not signed by RS256 or ES256";
	return json_object_get(header, "crit") == NULL &&
		   (what->rsa || (algorithm != NULL && strcmp(algorithm, "ES256") == 0));
}

VaJwsVerdict
va_jws_verify(const char *token, size_t len, const json_t *keys, json_t **claims, const char **why)
{
	const char *payload = memchr(token, '.', len);
	const char *last = payload != NULL ? memchr(payload + 1, '.', len - (size_t) (payload + 1 - token)) : NULL;
	Signed what = { .text = token, .text_len = last != NULL ? (size_t) (last - token) : 0 };
	VaJwsVerdict verdict = VA_JWS_BAD;
	json_t *header = NULL;

	*claims = NULL;
	*why = "it is no signed token";
	if (last == NULL || len > VA_JWS_MAX_LEN)
		return VA_JWS_BAD;
	header = decoded_object(token, (size_t) (payload - token));
	what.signature = decoded(last + 1, len - (size_t) (last + 1 - token), &what.signature_len);
	if (header != NULL && read_header(header, &what, why) && what.signature != NULL)
		verdict = judge(keys, &what, why);
	if (verdict == VA_JWS_GOOD && (*claims = decoded_object(payload + 1, (size_t) (last - payload - 1))) == NULL)
	{
		*why = "its claims are no JSON object";
		verdict = VA_JWS_BAD;
	}
	free(what.signature);
	json_decref(header);
	return verdict;
}
