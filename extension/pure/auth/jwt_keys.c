/*
 * jwt_keys.c
 *		The keys of tokens: one secret, or a JWK set (contract in jwt.h).
 *
 * Strict: a file with one key that cannot be used is refused as a whole, so
 * that a typing error does not silently take a key away.
 *
 * Pure: no backend, no locks, no global state.
 */
#include "jwt.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "pure/text/json.h"

#define BASE64URL sodium_base64_VARIANT_URLSAFE_NO_PADDING

typedef struct Reason
{
	char *text;
	size_t size;
} Reason;

static bool refuse(const Reason *why, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool
refuse(const Reason *why, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	(void) vsnprintf(why->text, why->size, format, arguments);
	va_end(arguments);
	return false;
}

/* ----- the members of a key ----- */

/* A base64url text of exactly, or with exact = 0 at most, so many bytes; *len 0 = the member is absent. */
static bool
read_bytes(const json_t *json, const char *name, unsigned char *out, size_t room, size_t exact, size_t *len)
{
	const json_t *member = json_object_get(json, name);
	const char *end;

	*len = 0;
	if (member == NULL)
		return true;
	if (!json_is_string(member) ||
		sodium_base642bin(
			out, room, json_string_value(member), json_string_length(member), NULL, len, &end, BASE64URL) != 0 ||
		end != json_string_value(member) + json_string_length(member))
		return false;
	return *len > 0 && (exact == 0 || *len == exact);
}

static bool
is_text(const json_t *json, const char *name, const char *wanted)
{
	const char *text = json_string_value(json_object_get(json, name));

	return text != NULL && strcmp(text, wanted) == 0;
}

/* A member that, when it is there, has this value. */
static bool
may_be(const json_t *json, const char *name, const char *wanted)
{
	return json_object_get(json, name) == NULL || is_text(json, name, wanted);
}

/* key_ops: absent, or a list that says whether we may sign. */
static bool
read_operations(const json_t *json, bool *sign)
{
	const json_t *operations = json_object_get(json, "key_ops");
	const json_t *operation;
	size_t i;

	*sign = operations == NULL;
	if (operations == NULL)
		return true;
	if (!json_is_array(operations))
		return false;
	json_array_foreach(operations, i, operation)
	{
		if (!json_is_string(operation))
			return false;
		if (strcmp(json_string_value(operation), "sign") == 0)
			*sign = true;
	}
	return true;
}

static bool
read_kid(const json_t *json, VaJwtKey *key)
{
	const json_t *kid = json_object_get(json, "kid");

	if (kid == NULL)
		return true;
	if (!json_is_string(kid) || json_string_length(kid) == 0 || json_string_length(kid) >= sizeof(key->kid))
		return false;
	memcpy(key->kid, json_string_value(kid), json_string_length(kid) + 1);
	return true;
}

static bool
read_tenant(const json_t *json, VaJwtKey *key)
{
	const json_t *tenant = json_object_get(json, "tenant_id");

	if (tenant == NULL)
		return true;
	if (!json_is_integer(tenant) || json_integer_value(tenant) <= 0)
		return false;
	key->tenant_id = json_integer_value(tenant);
	return true;
}

static bool
read_audience(const json_t *json, VaJwtKey *key)
{
	const json_t *audience = json_object_get(json, "aud");

	if (audience == NULL)
		return true;
	if (!json_is_string(audience) || json_string_length(audience) == 0 ||
		json_string_length(audience) >= sizeof(key->aud))
		return false;
	memcpy(key->aud, json_string_value(audience), json_string_length(audience) + 1);
	return true;
}

static bool
is_bound(const VaJwtKey *key)
{
	return key->tenant_id != 0 || key->aud[0] != '\0';
}

/* ----- a key ----- */

static bool
read_oct(const json_t *json, VaJwtKey *key, int number, const Reason *why)
{
	key->algorithm = VA_JWT_HS256;
	if (!may_be(json, "alg", "HS256"))
		return refuse(why, "Key %d has another \"alg\" than HS256, which is what \"oct\" keys are for.", number);
	if (!read_bytes(json, "k", key->secret, sizeof(key->secret), 0, &key->len))
		return refuse(why, "Key %d has a \"k\" that is not base64url of at most %d bytes.", number, VA_JWT_KEY_MAX);
	if (key->len < VA_JWT_MIN_KEY)
		return refuse(
			why, "Key %d has a secret of %d bytes; at least %d are needed.", number, (int) key->len, VA_JWT_MIN_KEY);
	return true;
}

static bool
read_okp(const json_t *json, VaJwtKey *key, int number, const Reason *why)
{
	unsigned char seed[crypto_sign_SEEDBYTES];
	unsigned char derived[crypto_sign_PUBLICKEYBYTES];
	size_t public_len;
	size_t seed_len;
	bool same;

	key->algorithm = VA_JWT_EDDSA;
	if (!is_text(json, "crv", "Ed25519") || !may_be(json, "alg", "EdDSA"))
		return refuse(why, "Key %d is no Ed25519 key for EdDSA.", number);
	if (!read_bytes(json, "x", key->public_key, sizeof(key->public_key), VA_JWT_PUBLIC_LEN, &public_len) ||
		public_len == 0)
		return refuse(why, "Key %d has no \"x\" of 32 bytes in base64url.", number);
	if (!read_bytes(json, "d", seed, sizeof(seed), sizeof(seed), &seed_len))
		return refuse(why, "Key %d has a \"d\" that is not 32 bytes in base64url.", number);
	if (seed_len == 0)
		return true;
	crypto_sign_seed_keypair(derived, key->secret, seed);
	key->len = crypto_sign_SECRETKEYBYTES;
	sodium_memzero(seed, sizeof(seed));
	same = sodium_memcmp(derived, key->public_key, sizeof(derived)) == 0;
	return same || refuse(why, "The halves \"x\" and \"d\" of key %d do not belong together.", number);
}

static bool
read_key(const json_t *json, VaJwtKey *key, int number, const Reason *why)
{
	bool sign;

	if (!json_is_object(json))
		return refuse(why, "Key %d is not an object.", number);
	if (!read_kid(json, key))
		return refuse(why, "Key %d has a \"kid\" that is not a text of 1 to %d bytes.", number, VA_JWT_KID_SIZE - 1);
	if (!may_be(json, "use", "sig") || !read_operations(json, &sign))
		return refuse(why, "Key %d is not for signatures.", number);
	if (!read_tenant(json, key))
		return refuse(why, "Key %d has a \"tenant_id\" that is not a positive integer.", number);
	if (!read_audience(json, key))
		return refuse(why, "Key %d has an \"aud\" that is not a text of 1 to %d bytes.", number, VA_JWT_AUD_SIZE - 1);
	if (is_text(json, "kty", "oct"))
	{
		if (!read_oct(json, key, number, why))
			return false;
	}
	else if (is_text(json, "kty", "OKP"))
	{
		if (!read_okp(json, key, number, why))
			return false;
	}
	else
		return refuse(why, "Key %d is neither \"oct\" (HS256) nor \"OKP\" (Ed25519).", number);
	/* A tenant's key signs for that tenant; ours would sign for any. */
	key->can_sign = sign && key->len > 0 && !is_bound(key);
	return true;
}

static bool
read_set(const json_t *set, VaJwtKeys *out, const Reason *why)
{
	const json_t *keys = json_object_get(set, "keys");
	size_t n = json_array_size(keys);

	if (!json_is_array(keys) || n == 0)
		return refuse(why, "It begins with a brace, but is not a JWK set: an object with \"keys\".");
	if (n > VA_JWT_KEYS_MAX)
		return refuse(why, "It has more than %d keys.", VA_JWT_KEYS_MAX);
	for (size_t i = 0; i < n; i++)
	{
		VaJwtKey *key = &out->key[i];

		if (!read_key(json_array_get(keys, i), key, (int) i + 1, why))
			return false;
		for (int k = 0; k < out->n; k++)
			if (key->kid[0] != '\0' && strcmp(out->key[k].kid, key->kid) == 0)
				return refuse(why, "Keys %d and %d have the same \"kid\".", k + 1, (int) i + 1);
		out->n++;
	}
	return true;
}

/* ----- the file ----- */

bool
va_jwt_key_hs256(VaJwtKey *key, const unsigned char *secret, size_t len)
{
	memset(key, 0, sizeof(*key));
	if (len < VA_JWT_MIN_KEY || len > sizeof(key->secret))
		return false;
	key->algorithm = VA_JWT_HS256;
	key->can_sign = true;
	key->len = len;
	memcpy(key->secret, secret, len);
	return true;
}

/* Editors and echo end a file with a newline that is no part of the secret. */
static size_t
without_newline(const unsigned char *bytes, size_t len)
{
	if (len > 0 && bytes[len - 1] == '\n')
		len--;
	if (len > 0 && bytes[len - 1] == '\r')
		len--;
	return len;
}

static bool
read_secret(const unsigned char *bytes, size_t len, VaJwtKeys *out, const Reason *why)
{
	len = without_newline(bytes, len);
	if (!va_jwt_key_hs256(&out->key[0], bytes, len))
		return refuse(
			why, "The secret has %d bytes; it must have %d to %d.", (int) len, VA_JWT_MIN_KEY, VA_JWT_KEY_MAX);
	out->n = 1;
	return true;
}

bool
va_jwt_read_keys(const unsigned char *bytes, size_t len, VaJwtKeys *out, char *why, size_t why_size)
{
	Reason reason = { why, why_size };
	json_t *set;
	bool good;

	sodium_memzero(out, sizeof(*out));
	why[0] = '\0';
	if (len == 0 || bytes[0] != '{')
		good = read_secret(bytes, len, out, &reason);
	else
	{
		set = json_loadb((const char *) bytes, len, JSON_REJECT_DUPLICATES, NULL);
		good = set == NULL ? refuse(&reason, "It begins with a brace, but is not JSON.") : read_set(set, out, &reason);
		json_decref(set);
	}
	if (!good)
		sodium_memzero(out, sizeof(*out));
	return good;
}

const VaJwtKey *
va_jwt_signing_key(const VaJwtKeys *keys)
{
	for (int i = 0; i < keys->n; i++)
		if (keys->key[i].can_sign)
			return &keys->key[i];
	return NULL;
}

bool
va_jwt_has_bound_key(const VaJwtKeys *keys)
{
	for (int i = 0; i < keys->n; i++)
		if (is_bound(&keys->key[i]))
			return true;
	return false;
}
