/*-------------------------------------------------------------------------
 * jwt.c
 *		JWT with HS256: sign and verify.
 *
 * Pure: no backend, no locks, no global state.
 *-------------------------------------------------------------------------
 */
#include "jwt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "json.h"
#include "signature.h"

#define BASE64URL sodium_base64_VARIANT_URLSAFE_NO_PADDING
#define MAC_LEN crypto_auth_hmacsha256_BYTES

/* A base64url part that must decode as a whole. */
static bool
decode_part(const char *text, size_t len, unsigned char *out, size_t out_size, size_t *out_len)
{
	const char *end;

	return len > 0 && sodium_base642bin(out, out_size, text, len, NULL, out_len, &end, BASE64URL) == 0 &&
		   end == text + len;
}

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

static bool
check_header(const unsigned char *bytes, size_t len, const char **why)
{
	json_t *header = load_object(bytes, len);
	const char *alg = json_string_value(json_object_get(header, "alg"));
	bool good = false;

	if (header == NULL)
		*why = "the token's header is not a JSON object";
	else if (alg == NULL || strcmp(alg, "HS256") != 0)
		*why = "the token's algorithm is not HS256";
	else if (json_object_get(header, "crit") != NULL)
		*why = "the token has critical extensions that are not known";
	else
		good = true;
	json_decref(header);
	return good;
}

static bool
check_claims(const unsigned char *bytes, size_t len, bool judge_times, int64_t now, VaJwtClaims *out,
			 const char **why)
{
	json_t *claims = load_object(bytes, len);
	bool has_nbf, has_iat;
	bool good = false;

	if (claims == NULL)
		*why = "the token's claims are not a JSON object";
	else if (!read_time(claims, "exp", &out->has_exp, &out->exp) ||
			 !read_time(claims, "nbf", &has_nbf, &out->nbf) || !read_time(claims, "iat", &has_iat, &out->iat))
		*why = "a time in the token is not a number of seconds";
	else if (judge_times && out->has_exp && now >= out->exp)
		*why = "the token has expired";
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
	else if (!read_text(claims, "member_role", out->member_role, sizeof(out->member_role)))
		*why = "the token's member_role is not a text of less than 32 bytes";
	else
		good = true;
	json_decref(claims);
	return good;
}

bool
va_jwt_verify_hs256(const char *token, size_t len, const unsigned char *key, size_t keylen, int64_t now,
					VaJwtClaims *out, const char **why)
{
	unsigned char part[VA_JWT_MAX_LEN];
	unsigned char sent[MAC_LEN + 1];
	unsigned char mac[VA_HMAC_MAX_LEN];
	const char *dot1;
	const char *dot2;
	size_t part_len;
	bool good;

	memset(out, 0, sizeof(*out));
	*why = NULL;
	if (keylen < VA_JWT_MIN_KEY)
	{
		*why = "the signing key is too short";
		return false;
	}
	if (len > VA_JWT_MAX_LEN)
	{
		*why = "the token is too long";
		return false;
	}
	dot1 = memchr(token, '.', len);
	dot2 = dot1 == NULL ? NULL : memchr(dot1 + 1, '.', len - (size_t) (dot1 + 1 - token));
	if (dot2 == NULL)
	{
		*why = "the token does not have three parts";
		return false;
	}
	/* The signature first: nothing that a stranger wrote is parsed. */
	if (!decode_part(dot2 + 1, len - (size_t) (dot2 + 1 - token), sent, sizeof(sent), &part_len))
	{
		*why = "the token's signature is not base64url";
		return false;
	}
	va_hmac(VA_HMAC_SHA256, key, keylen, token, (size_t) (dot2 - token), mac);
	good = va_equal_constant_time(mac, MAC_LEN, sent, part_len);
	sodium_memzero(mac, sizeof(mac));
	if (!good)
	{
		*why = "the token's signature does not match";
		return false;
	}
	if (!decode_part(token, (size_t) (dot1 - token), part, sizeof(part), &part_len))
	{
		*why = "the token's header is not base64url";
		return false;
	}
	if (!check_header(part, part_len, why))
		return false;
	if (!decode_part(dot1 + 1, (size_t) (dot2 - dot1 - 1), part, sizeof(part), &part_len))
	{
		*why = "the token's claims are not base64url";
		return false;
	}
	good = check_claims(part, part_len, true, now, out, why);
	if (!good)
		memset(out, 0, sizeof(*out));
	return good;
}

bool
va_jwt_read_claims(const char *json, size_t len, VaJwtClaims *out, const char **why)
{
	bool good;

	memset(out, 0, sizeof(*out));
	*why = NULL;
	good = check_claims((const unsigned char *) json, len, false, 0, out, why);
	if (!good)
		memset(out, 0, sizeof(*out));
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
	if (json != NULL && add_text(json, "role", claims->role) &&
		add_text(json, "member_role", claims->member_role) && add_text(json, "sub", claims->sub) &&
		add_text(json, "jti", claims->jti))
	{
		if (claims->has_tenant)
			add_integer(json, "tenant_id", claims->tenant_id);
		add_integer(json, "member_id", claims->member_id);
		add_integer(json, "iat", claims->iat);
		add_integer(json, "nbf", claims->nbf);
		if (claims->has_exp)
			add_integer(json, "exp", claims->exp);
		*why = "out of memory";
		text = json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS);
	}
	json_decref(json);
	return text;
}

char *
va_jwt_sign_hs256(const VaJwtClaims *claims, const unsigned char *key, size_t keylen, const char **why)
{
	static const char header[] = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"; /* {"alg":"HS256","typ":"JWT"} */
	unsigned char mac[VA_HMAC_MAX_LEN];
	char *body;
	char *token;
	size_t body_len;
	size_t size;
	size_t used;

	*why = NULL;
	if (keylen < VA_JWT_MIN_KEY)
	{
		*why = "the signing key is too short";
		return NULL;
	}
	body = claims_text(claims, why);
	if (body == NULL)
		return NULL;
	body_len = strlen(body);
	size = sizeof(header) + sodium_base64_ENCODED_LEN(body_len, BASE64URL) +
		   sodium_base64_ENCODED_LEN(MAC_LEN, BASE64URL) + 2;
	token = malloc(size);
	if (token == NULL)
	{
		free(body);
		*why = "out of memory";
		return NULL;
	}
	used = (size_t) snprintf(token, size, "%s.", header);
	sodium_bin2base64(token + used, size - used, (unsigned char *) body, body_len, BASE64URL);
	free(body);
	used += strlen(token + used);
	va_hmac(VA_HMAC_SHA256, key, keylen, token, used, mac);
	token[used++] = '.';
	sodium_bin2base64(token + used, size - used, mac, MAC_LEN, BASE64URL);
	sodium_memzero(mac, sizeof(mac));
	*why = NULL;
	if (strlen(token) > VA_JWT_MAX_LEN)
	{
		free(token);
		*why = "the token is too long";
		return NULL;
	}
	return token;
}
