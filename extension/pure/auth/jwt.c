/*-------------------------------------------------------------------------
 * jwt.c
 *		JWT with HS256 and EdDSA: sign and verify (contract in jwt.h).
 *
 * Pure: no backend, no locks, no global state.
 */
#include "jwt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <sodium.h>

#include "pure/text/json.h"
#include "mac.h"
#include "signature.h"

#define BASE64URL sodium_base64_VARIANT_URLSAFE_NO_PADDING
#define MAC_LEN crypto_auth_hmacsha256_BYTES
#define SIGNATURE_MAX crypto_sign_BYTES
#define MALFORMED_HEADER "the token's header is not a JSON object"

static json_t *
load_object(const unsigned char *bytes, size_t len)
{
	json_t *json = json_loadb((const char *) bytes, len, JSON_REJECT_DUPLICATES, NULL);

	if (json != NULL && !json_is_object(json))
	{
		json_decref(json);
		return NULL;
	}
	return json;
}

/* A time claim: absent (0), or a number of seconds that a call could meet. */
static bool
read_time(const json_t *claims, const char *name, bool *present, int64_t *value)
{
	const json_t *member = json_object_get(claims, name);
	double number;

	*present = false;
	*value = 0;
	if (member == NULL)
		return true;
	if (!json_is_number(member))
		return false;
	number = json_number_value(member);
	if (!(number >= 0 && number < 1e12))
		return false;
	*present = true;
	*value = (int64_t) number;
	return true;
}

static bool
read_text(const json_t *claims, const char *name, char *out, size_t size)
{
	const json_t *member = json_object_get(claims, name);

	if (member == NULL || json_is_null(member))
		return true;
	if (!json_is_string(member) || json_string_length(member) >= size)
		return false;
	memcpy(out, json_string_value(member), json_string_length(member) + 1);
	return true;
}

/* An integer, or a text of digits alone (JavaScript clients keep bigints in strings). */
static bool
read_id(const json_t *claims, const char *name, int64_t *id)
{
	const json_t *member = json_object_get(claims, name);

	if (member == NULL || json_is_null(member))
		return true;
	if (json_is_integer(member))
		*id = json_integer_value(member);
	else if (json_is_string(member))
	{
		const char *text = json_string_value(member);
		size_t len = json_string_length(member);

		if (len == 0 || len > 18 || strspn(text, "0123456789") != len)
			return false;
		*id = strtoll(text, NULL, 10);
	}
	else
		return false;
	return *id > 0;
}

static bool
read_tenant(const json_t *claims, VaJwtClaims *out)
{
	bool good = read_id(claims, "tenant_id", &out->tenant_id);

	out->has_tenant = good && out->tenant_id > 0;
	return good;
}

typedef struct Header
{
	VaJwtAlgorithm algorithm;
	bool has_kid;
	char kid[VA_JWT_KID_SIZE];
} Header;

static bool
read_header(const unsigned char *bytes, size_t len, Header *out, const char **why)
{
	json_t *header = load_object(bytes, len);
	const char *alg = json_string_value(json_object_get(header, "alg"));
	bool good = false;

	memset(out, 0, sizeof(*out));
	if (alg != NULL && strcmp(alg, "HS256") == 0)
		out->algorithm = VA_JWT_HS256;
	else if (alg != NULL && strcmp(alg, "EdDSA") == 0)
		out->algorithm = VA_JWT_EDDSA;
	if (header == NULL)
		*why = MALFORMED_HEADER;
	else if (out->algorithm == 0)
		*why = "the token's algorithm is neither HS256 nor EdDSA";
	else if (json_object_get(header, "crit") != NULL)
		*why = "the token has critical extensions that are not known";
	else if (!read_text(header, "kid", out->kid, sizeof(out->kid)))
		*why = "the token's kid is not a text of less than 64 bytes";
	else
		good = true;
	out->has_kid = out->kid[0] != '\0';
	json_decref(header);
	return good;
}

/* Why a token is not for this database, NULL when it is; key = NULL for claims of a key that is not known. */
static const char *
judge_audience(const json_t *claims, const VaJwtKey *key, const char *here, VaJwtClaims *out)
{
	const json_t *member = json_object_get(claims, "aud");
	size_t n = json_is_array(member) ? json_array_size(member) : member != NULL;
	bool elsewhere = false;

	for (size_t i = 0; i < n; i++)
	{
		const char *text = json_string_value(json_is_array(member) ? json_array_get(member, i) : member);

		if (text == NULL)
			return "the token's aud is neither a text nor a list of texts";
		if (here != NULL && strcmp(text, here) == 0)
			snprintf(out->aud, sizeof(out->aud), "%s", here);
		else if (strncmp(text, VA_JWT_AUD_PREFIX, strlen(VA_JWT_AUD_PREFIX)) == 0)
			elsewhere = true;
	}
	if (here == NULL)
		return NULL;
	if (key != NULL && key->aud[0] != '\0' && strcmp(key->aud, here) != 0)
		return "the token's key is another database's";
	if (out->aud[0] != '\0')
		return NULL;
	if (elsewhere)
		return "the token is for another database";
	if (key != NULL && key->can_sign)
		return "the token does not say for which database it is (aud)";
	return NULL;
}

static bool
check_claims(const unsigned char *bytes, size_t len, bool judge_times, int64_t now, const VaJwtKey *key,
	const char *here, VaJwtClaims *out, const char **why)
{
	json_t *claims = load_object(bytes, len);
	bool has_nbf, has_iat, has_auth;
	bool good = false;

	if (claims == NULL)
		*why = "the token's claims are not a JSON object";
	else if (!read_time(claims, "exp", &out->has_exp, &out->exp) || !read_time(claims, "nbf", &has_nbf, &out->nbf) ||
			 !read_time(claims, "iat", &has_iat, &out->iat) ||
			 !read_time(claims, "auth_time", &has_auth, &out->auth_time))
		*why = "a time in the token is not a number of seconds";
	else if (judge_times && out->has_exp && now >= out->exp)
		*why = VA_JWT_EXPIRED;
	else if (judge_times && has_nbf && out->nbf > now + VA_JWT_LEEWAY)
		*why = "the token is not valid yet";
	else if (judge_times && has_iat && out->iat > now + VA_JWT_LEEWAY)
		*why = "the token was issued in the future";
	else if (!read_text(claims, "role", out->role, sizeof(out->role)))
		*why = "the token's role is not a text of less than 64 bytes";
	else if (!read_text(claims, "sub", out->sub, sizeof(out->sub)))
		*why = "the token's subject is not a text of less than 128 bytes";
	else if (!read_text(claims, "jti", out->jti, sizeof(out->jti)))
		*why = "the token's jti is not a text of less than 64 bytes";
	else if (!read_tenant(claims, out))
		*why = "the token's tenant_id is not a positive integer";
	else if (!read_id(claims, "member_id", &out->member_id))
		*why = "the token's member_id is not a positive integer";
	else if (!read_id(claims, "session_version", &out->session_version))
		*why = "the token's session_version is not a positive integer";
	else if (!read_text(claims, "member_role", out->member_role, sizeof(out->member_role)))
		*why = "the token's member_role is not a text of less than 32 bytes";
	else
	{
		*why = judge_audience(claims, key, here, out);
		good = *why == NULL;
	}
	json_decref(claims);
	return good;
}

/* ----- which key, and does it hold? ----- */

static bool
has_kid(const VaJwtKeys *keys, const char *kid)
{
	for (int i = 0; i < keys->n; i++)
		if (strcmp(keys->key[i].kid, kid) == 0)
			return true;
	return false;
}

static bool
signature_holds(const VaJwtKey *key, const char *text, size_t len, const unsigned char *sent, size_t sent_len)
{
	unsigned char mac[VA_HMAC_MAX_LEN];
	bool good;

	if (key->algorithm == VA_JWT_EDDSA)
		return sent_len == crypto_sign_BYTES &&
			   crypto_sign_verify_detached(sent, (const unsigned char *) text, len, key->public_key) == 0;
	if (key->algorithm != VA_JWT_HS256 || key->len < VA_JWT_MIN_KEY)
		return false;
	va_hmac(VA_HMAC_SHA256, key->secret, key->len, text, len, mac);
	good = va_equal_constant_time(mac, MAC_LEN, sent, sent_len);
	sodium_memzero(mac, sizeof(mac));
	return good;
}

/* The key under which the signature holds; NULL with the reason. */
static const VaJwtKey *
find_key(const VaJwtKeys *keys, const Header *header, const char *text, size_t len, const unsigned char *sent,
	size_t sent_len, const char **why)
{
	bool named = header->has_kid && has_kid(keys, header->kid);
	bool candidate = false;
	bool other_algorithm = false;

	for (int i = 0; i < keys->n; i++)
	{
		const VaJwtKey *key = &keys->key[i];

		if (header->has_kid && strcmp(key->kid, named ? header->kid : "") != 0)
			continue;
		/* A key speaks its own algorithm, whatever the token says. */
		if (key->algorithm != header->algorithm)
		{
			other_algorithm = true;
			continue;
		}
		candidate = true;
		if (signature_holds(key, text, len, sent, sent_len))
			return key;
	}
	if (candidate)
		*why = "the token's signature does not match";
	else if (other_algorithm)
		*why = "the token's algorithm is not that of its key";
	else
		*why = "the token's key is not known (any more)";
	return NULL;
}

bool
va_jwt_verify(const char *token, size_t len, const VaJwtKeys *keys, int64_t now, const char *here, VaJwtClaims *out,
	const char **why)
{
	unsigned char part[VA_JWT_MAX_LEN];
	unsigned char sent[SIGNATURE_MAX + 1];
	const char *dot1;
	const char *dot2;
	const VaJwtKey *key;
	Header header;
	size_t sent_len;
	size_t part_len;
	bool good;

	memset(out, 0, sizeof(*out));
	*why = NULL;
	if (len > VA_JWT_MAX_LEN)
		return va_refuse(why, "the token is too long");
	dot1 = memchr(token, '.', len);
	dot2 = dot1 == NULL ? NULL : memchr(dot1 + 1, '.', len - (size_t) (dot1 + 1 - token));
	if (dot2 == NULL)
		return va_refuse(why, "the token does not have three parts");
	if (!va_base64url_decode(token, (size_t) (dot1 - token), part, sizeof(part), &part_len))
		return va_refuse(why, "the token's header is not base64url");
	if (!read_header(part, part_len, &header, why))
		return false;
	if (!va_base64url_decode(dot2 + 1, len - (size_t) (dot2 + 1 - token), sent, sizeof(sent), &sent_len))
		return va_refuse(why, "the token's signature is not base64url");
	key = find_key(keys, &header, token, (size_t) (dot2 - token), sent, sent_len, why);
	if (key == NULL)
		return false;
	if (!va_base64url_decode(dot1 + 1, (size_t) (dot2 - dot1 - 1), part, sizeof(part), &part_len))
		return va_refuse(why, "the token's claims are not base64url");
	good = check_claims(part, part_len, true, now, key, here, out, why);
	if (good && key->tenant_id != 0 && out->tenant_id != key->tenant_id)
	{
		*why = "the token's key is another tenant's";
		good = false;
	}
	/* A deed of the staff is named so in the tenant's audit log (act_as_tenant()). */
	if (good && key->tenant_id != 0 && strncmp(out->sub, "staff ", 6) == 0)
	{
		*why = "the token's key is a tenant's, and its subject names the platform's staff";
		good = false;
	}
	out->of_tenant = key->tenant_id != 0;
	if (!good)
		memset(out, 0, sizeof(*out));
	return good;
}

bool
va_jwt_read_claims(const char *json, size_t len, const char *here, VaJwtClaims *out, const char **why)
{
	bool good;

	memset(out, 0, sizeof(*out));
	*why = NULL;
	good = check_claims((const unsigned char *) json, len, false, 0, NULL, here, out, why);
	if (!good)
		memset(out, 0, sizeof(*out));
	return good;
}

bool
va_jwt_read_bearer(const char *headers, size_t len, char out[VA_JWT_MAX_LEN + 1])
{
	static const char scheme[] = "Bearer ";
	json_t *json = load_object((const unsigned char *) headers, len);
	const char *value = json_string_value(json_object_get(json, "authorization"));
	bool good = false;

	if (value != NULL && strncasecmp(value, scheme, strlen(scheme)) == 0)
	{
		value += strlen(scheme);
		value += strspn(value, " ");
		good = strlen(value) <= VA_JWT_MAX_LEN;
	}
	if (good)
		memcpy(out, value, strlen(value) + 1);
	json_decref(json);
	return good;
}

static void
add_integer(json_t *claims, const char *name, int64_t value)
{
	if (value != 0)
		json_object_set_new(claims, name, json_integer(value));
}

/* False when the text is not UTF-8. */
static bool
add_text(json_t *claims, const char *name, const char *text)
{
	json_t *value;

	if (text[0] == '\0')
		return true;
	value = json_string(text);
	if (value == NULL)
		return false;
	json_object_set_new(claims, name, value);
	return true;
}

static char *
claims_text(const VaJwtClaims *claims, const char **why)
{
	json_t *json = va_json_new_object();
	char *text = NULL;

	*why = "a claim is not valid UTF-8";
	if (json != NULL && add_text(json, "role", claims->role) && add_text(json, "member_role", claims->member_role) &&
		add_text(json, "sub", claims->sub) && add_text(json, "jti", claims->jti) && add_text(json, "aud", claims->aud))
	{
		if (claims->has_tenant)
			add_integer(json, "tenant_id", claims->tenant_id);
		add_integer(json, "member_id", claims->member_id);
		add_integer(json, "session_version", claims->session_version);
		add_integer(json, "iat", claims->iat);
		add_integer(json, "auth_time", claims->auth_time);
		add_integer(json, "nbf", claims->nbf);
		if (claims->has_exp)
			add_integer(json, "exp", claims->exp);
		*why = "out of memory";
		text = json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS);
	}
	json_decref(json);
	return text;
}

/* {"alg":"EdDSA","typ":"JWT","kid":...} in base64url; malloc'ed, NULL when memory is out or the kid no text. */
static char *
header_text(const VaJwtKey *key)
{
	json_t *json = va_json_new_object();
	char *text = NULL;
	char *encoded = NULL;

	if (json != NULL && add_text(json, "alg", key->algorithm == VA_JWT_EDDSA ? "EdDSA" : "HS256") &&
		add_text(json, "kid", key->kid) && add_text(json, "typ", "JWT"))
		text = json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS);
	json_decref(json);
	if (text != NULL)
	{
		size_t size = sodium_base64_ENCODED_LEN(strlen(text), BASE64URL);

		encoded = malloc(size);
		if (encoded != NULL)
			sodium_bin2base64(encoded, size, (unsigned char *) text, strlen(text), BASE64URL);
	}
	free(text);
	return encoded;
}

static size_t
make_signature(const VaJwtKey *key, const char *text, size_t len, unsigned char *signature)
{
	if (key->algorithm == VA_JWT_EDDSA)
	{
		crypto_sign_detached(signature, NULL, (const unsigned char *) text, len, key->secret);
		return crypto_sign_BYTES;
	}
	va_hmac(VA_HMAC_SHA256, key->secret, key->len, text, len, signature);
	return MAC_LEN;
}

static char *
sign_parts(const char *header, const char *body, const VaJwtKey *key)
{
	unsigned char signature[SIGNATURE_MAX > VA_HMAC_MAX_LEN ? SIGNATURE_MAX : VA_HMAC_MAX_LEN];
	size_t size = strlen(header) + sodium_base64_ENCODED_LEN(strlen(body), BASE64URL) +
				  sodium_base64_ENCODED_LEN(sizeof(signature), BASE64URL) + 3;
	char *token = malloc(size);
	size_t used;
	size_t len;

	if (token == NULL)
		return NULL;
	used = (size_t) snprintf(token, size, "%s.", header);
	sodium_bin2base64(token + used, size - used, (const unsigned char *) body, strlen(body), BASE64URL);
	used += strlen(token + used);
	len = make_signature(key, token, used, signature);
	token[used++] = '.';
	sodium_bin2base64(token + used, size - used, signature, len, BASE64URL);
	sodium_memzero(signature, sizeof(signature));
	return token;
}

char *
va_jwt_sign(const VaJwtClaims *claims, const VaJwtKey *key, const char **why)
{
	char *header;
	char *body;
	char *token = NULL;

	*why = NULL;
	if (!key->can_sign)
	{
		*why = "the key cannot sign";
		return NULL;
	}
	body = claims_text(claims, why);
	if (body == NULL)
		return NULL;
	*why = "out of memory";
	header = header_text(key);
	if (header != NULL)
		token = sign_parts(header, body, key);
	free(header);
	free(body);
	if (token == NULL)
		return NULL;
	*why = NULL;
	if (strlen(token) > VA_JWT_MAX_LEN)
	{
		free(token);
		*why = "the token is too long";
		return NULL;
	}
	return token;
}
