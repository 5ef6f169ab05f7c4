/*-------------------------------------------------------------------------
 * signature.c
 *		HMAC and secret-header authentication of webhooks; hex and base64.
 *
 * Pure: no backend, no locks.  The only state is the hashes found and
 * one context, which makes these functions unfit for threads: the process is a
 * backend or a worker, and has one.  MACs and keys on the stack are wiped.
 *-------------------------------------------------------------------------
 */
#include "signature.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

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
	sodium_bin2base64(out, sodium_base64_encoded_len(len, sodium_base64_VARIANT_ORIGINAL), data, len,
					  sodium_base64_VARIANT_ORIGINAL);
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

bool
va_base64_decode(const char *text, size_t len, unsigned char *out, size_t out_size, size_t *out_len)
{
	const char *end;

	/* libsodium takes some bytes above ASCII for characters of the alphabet. */
	for (size_t i = 0; i < len; i++)
		if ((unsigned char) text[i] > 0x7e)
			return false;
	if (sodium_base642bin(out, out_size, text, len, NULL, out_len, &end, sodium_base64_VARIANT_ORIGINAL) != 0)
		return false;
	return end == text + len;
}

/* ---- primitives ---- */

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

#define BLOCK_MAX 128

static Hash hashes[] = {
	[VA_HMAC_SHA1] = { "SHA1", 20, 64, NULL },
	[VA_HMAC_SHA256] = { "SHA256", VA_SHA256_LEN, 64, NULL },
	[VA_HMAC_SHA512] = { "SHA512", VA_HMAC_MAX_LEN, BLOCK_MAX, NULL },
};

/* Of the one hash that is going on: nobody begins another before it is finished. */
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
typedef struct Mac
{
	Hash *hash;
	unsigned char pad[BLOCK_MAX];
	bool good; /* everything so far */
} Mac;

static bool
mac_pass(Mac *mac, unsigned char with)
{
	for (size_t i = 0; i < mac->hash->block; i++)
		mac->pad[i] ^= with;
	return hash_start(mac->hash) && hash_add(mac->pad, mac->hash->block);
}

static void
mac_start(Mac *mac, VaHmacAlgorithm algorithm, const void *key, size_t key_len)
{
	*mac = (Mac){ .hash = &hashes[algorithm], .good = true };
	if (key_len > mac->hash->block)
		mac->good = hash_start(mac->hash) && hash_add(key, key_len) && hash_finish(mac->pad);
	else if (key_len > 0)
		memcpy(mac->pad, key, key_len);
	mac->good = mac->good && mac_pass(mac, 0x36);
}

static void
mac_add(Mac *mac, const void *data, size_t len)
{
	mac->good = mac->good && hash_add(data, len);
}

static size_t
mac_finish(Mac *mac, unsigned char *out)
{
	size_t len = mac->hash->len;

	if (!mac->good || !hash_finish(out) || !mac_pass(mac, 0x36 ^ 0x5c) || !hash_add(out, len) || !hash_finish(out))
		randombytes_buf(out, len); /* out of memory: what nobody can have signed */
	sodium_memzero(mac, sizeof(*mac));
	return len;
}

size_t
va_hmac(VaHmacAlgorithm algorithm, const void *key, size_t key_len, const void *data, size_t len,
		unsigned char *out)
{
	Mac mac;

	mac_start(&mac, algorithm, key, key_len);
	mac_add(&mac, data, len);
	return mac_finish(&mac, out);
}

const char *
va_header_find(const VaHeader *headers, int nheaders, const char *name)
{
	for (int i = 0; i < nheaders; i++)
		if (headers[i].name != NULL && strcasecmp(headers[i].name, name) == 0)
			return headers[i].value;
	return NULL;
}

/* ---- schemes ---- */

static void
copy_text(char *out, size_t size, const char *text)
{
	snprintf(out, size, "%s", text);
}

static void
set_secret(VaWebhookAuth *auth, const void *secret, size_t len)
{
	/* Too long is left empty, and an empty secret verifies nothing. */
	if (len > 0 && len <= sizeof(auth->secret))
	{
		memcpy(auth->secret, secret, len);
		auth->secret_len = len;
	}
}

void
va_webhook_auth_hmac(VaWebhookAuth *auth, const void *secret, size_t secret_len)
{
	memset(auth, 0, sizeof(*auth));
	auth->kind = VA_AUTH_HMAC;
	auth->algorithm = VA_HMAC_SHA256;
	auth->encoding = VA_ENCODING_HEX;
	copy_text(auth->signature_header, sizeof(auth->signature_header), "x-signature");
	copy_text(auth->timestamp_header, sizeof(auth->timestamp_header), "x-timestamp");
	copy_text(auth->payload_format, sizeof(auth->payload_format), "{timestamp}.{body}");
	auth->include_timestamp = true;
	auth->tolerance_s = VA_SIGNATURE_TOLERANCE;
	set_secret(auth, secret, secret_len);
}

void
va_webhook_auth_bearer(VaWebhookAuth *auth, const char *header, const void *secret, size_t secret_len)
{
	memset(auth, 0, sizeof(*auth));
	auth->kind = VA_AUTH_BEARER;
	copy_text(auth->token_header, sizeof(auth->token_header), header != NULL ? header : "Authorization");
	auth->bearer_prefix = header == NULL;
	set_secret(auth, secret, secret_len);
}

/* An optional string member into a fixed buffer; false when it is no string or too long. */
static bool
read_text(const json_t *json, const char *key, char *out, size_t size)
{
	const json_t *member = json_object_get(json, key);

	if (member == NULL || json_is_null(member))
		return true;
	if (!json_is_string(member) || json_string_length(member) >= size)
		return false;
	copy_text(out, size, json_string_value(member));
	return true;
}

/* An optional boolean member. */
static bool
read_flag(const json_t *json, const char *key, bool *out)
{
	const json_t *member = json_object_get(json, key);

	if (member == NULL || json_is_null(member))
		return true;
	if (!json_is_boolean(member))
		return false;
	*out = json_is_true(member);
	return true;
}

/* The payload must hold the body, and the timestamp when one is checked: else a signature could be moved to
 * other bytes. */
static bool
check_format(const VaWebhookAuth *auth, const char **why)
{
	const char *p = auth->payload_format;

	if (strstr(p, "{body}") == NULL)
	{
		*why = "payloadFormat must contain {body}";
		return false;
	}
	if (auth->include_timestamp && strstr(p, "{timestamp}") == NULL)
	{
		*why = "payloadFormat must contain {timestamp} unless includeTimestamp is false";
		return false;
	}
	for (; (p = strchr(p, '{')) != NULL; p++)
	{
		static const char *const tokens[] = { "{body}", "{timestamp}", "{method}", "{url}", "{svix-id}" };
		bool known = false;

		for (size_t i = 0; i < sizeof(tokens) / sizeof(tokens[0]); i++)
			known = known || strncmp(p, tokens[i], strlen(tokens[i])) == 0;
		if (!known)
		{
			*why =
				"payloadFormat has an unknown token (known: {body}, {timestamp}, {method}, {url}, {svix-id})";
			return false;
		}
	}
	return true;
}

static bool
read_hmac(const json_t *json, VaWebhookAuth *auth, const char **why)
{
	const char *secret = va_json_string(json, "secretKey");
	char algorithm[16] = "sha256";
	char encoding[16] = "hex";
	bool is_base64 = false;
	const json_t *tolerance = json_object_get(json, "toleranceSeconds");

	if (secret == NULL)
	{
		*why = "secretKey is missing";
		return false;
	}
	va_webhook_auth_hmac(auth, NULL, 0);
	if (!read_text(json, "algorithm", algorithm, sizeof(algorithm)) ||
		!read_text(json, "signatureEncoding", encoding, sizeof(encoding)) ||
		!read_text(json, "signatureHeader", auth->signature_header, sizeof(auth->signature_header)) ||
		!read_text(json, "timestampHeader", auth->timestamp_header, sizeof(auth->timestamp_header)) ||
		!read_text(json, "messageIdHeader", auth->message_id_header, sizeof(auth->message_id_header)) ||
		!read_text(json, "signaturePrefix", auth->prefix, sizeof(auth->prefix)) ||
		!read_text(json, "payloadFormat", auth->payload_format, sizeof(auth->payload_format)) ||
		!read_flag(json, "includeTimestamp", &auth->include_timestamp) ||
		!read_flag(json, "secretIsBase64", &is_base64))
	{
		*why = "a field of the HMAC scheme has the wrong type or is too long";
		return false;
	}
	if (strcmp(algorithm, "sha512") == 0)
		auth->algorithm = VA_HMAC_SHA512;
	else if (strcmp(algorithm, "sha256") != 0)
	{
		*why = "algorithm must be sha256 or sha512";
		return false;
	}
	if (strcmp(encoding, "base64") == 0)
		auth->encoding = VA_ENCODING_BASE64;
	else if (strcmp(encoding, "hex") != 0)
	{
		*why = "signatureEncoding must be hex or base64";
		return false;
	}
	if (tolerance != NULL && !json_is_null(tolerance))
	{
		if (!json_is_integer(tolerance) || json_integer_value(tolerance) < 1 ||
			json_integer_value(tolerance) > 86400)
		{
			*why = "toleranceSeconds must be from 1 to 86400";
			return false;
		}
		auth->tolerance_s = (int) json_integer_value(tolerance);
	}
	if (is_base64)
	{
		if (!va_base64_decode(secret, strlen(secret), auth->secret, sizeof(auth->secret), &auth->secret_len))
		{
			auth->secret_len = 0;
			*why = "secretKey is not base64, or too long";
			return false;
		}
	}
	else
		set_secret(auth, secret, strlen(secret));
	if (auth->secret_len == 0)
	{
		*why = "secretKey is empty or too long";
		return false;
	}
	return check_format(auth, why);
}

static bool
read_bearer(const json_t *json, VaWebhookAuth *auth, const char **why)
{
	const char *token = va_json_string(json, "token");

	if (token == NULL)
	{
		*why = "token is missing";
		return false;
	}
	va_webhook_auth_bearer(auth, NULL, token, strlen(token));
	if (auth->secret_len == 0)
	{
		*why = "token is too long";
		return false;
	}
	if (!read_text(json, "headerName", auth->token_header, sizeof(auth->token_header)) ||
		!read_flag(json, "bearerPrefixEnabled", &auth->bearer_prefix))
	{
		*why = "a field of the bearer scheme has the wrong type or is too long";
		return false;
	}
	return true;
}

static bool
read_scheme(const json_t *root, VaWebhookAuth *auth, const char **why)
{
	const char *type = va_json_string(root, "type");

	if (type == NULL)
		*why = "the authentication scheme has no type";
	else if (strcmp(type, "hmac") == 0)
		return read_hmac(root, auth, why);
	else if (strcmp(type, "bearer") == 0)
		return read_bearer(root, auth, why);
	else
		*why = "the type of an authentication scheme must be bearer or hmac";
	return false;
}

/* secret NULL: the JSON names it. */
static bool
read_auth(const char *json, size_t len, const char *secret, VaWebhookAuth *auth, const char **why)
{
	VaArena arena = { 0 };
	json_t *root;
	bool good = false;

	memset(auth, 0, sizeof(*auth));
	root = va_json_load(&arena, json, len, why);
	if (root == NULL)
		*why = "the authentication scheme is not valid JSON";
	else if (secret != NULL &&
			 (json_object_set_new(root, "token", json_string(secret)) != 0 ||
			  json_object_set_new(root, "secretKey", json_string(secret)) != 0))
		*why = "the authentication scheme is not an object, or its secret is not UTF-8";
	else
		good = read_scheme(root, auth, why);
	json_decref(root);
	va_arena_free(&arena);
	if (!good)
		sodium_memzero(auth, sizeof(*auth));
	return good;
}

bool
va_webhook_auth_read(const char *json, size_t len, VaWebhookAuth *auth, const char **why)
{
	return read_auth(json, len, NULL, auth, why);
}

bool
va_webhook_auth_read_with_secret(const char *json, size_t len, const char *secret, VaWebhookAuth *auth,
								 const char **why)
{
	return read_auth(json, len, secret, auth, why);
}

/* ---- verification ---- */

/*
 * The MAC over the payload format with its tokens replaced.  A token without
 * a value counts as missing, not as empty.
 */
static bool
message_mac(const VaWebhookAuth *auth, const VaSignedMessage *message, const char *timestamp,
			unsigned char *mac, size_t *mac_len, const char **why)
{
	bool whole = true;
	Mac state;

	mac_start(&state, auth->algorithm, auth->secret, auth->secret_len);
	for (const char *p = auth->payload_format; *p != '\0' && whole;)
	{
		const void *value = NULL;
		size_t len = SIZE_MAX; /* up to its NUL */
		size_t token_len;

		if (strncmp(p, "{body}", token_len = 6) == 0)
		{
			value = message->body_len == 0 ? "" : message->body;
			len = message->body_len;
		}
		else if (strncmp(p, "{timestamp}", token_len = 11) == 0)
			value = timestamp;
		else if (strncmp(p, "{method}", token_len = 8) == 0)
			value = message->method != NULL ? message->method : "POST";
		else if (strncmp(p, "{url}", token_len = 5) == 0)
			value = message->url;
		else if (strncmp(p, "{svix-id}", token_len = 9) == 0)
			value = va_header_find(message->headers, message->nheaders,
								   auth->message_id_header[0] != '\0' ? auth->message_id_header : "svix-id");
		else
		{
			value = p;
			len = token_len = 1 + strcspn(p + 1, "{");
		}
		whole = value != NULL;
		if (whole)
			mac_add(&state, value, len == SIZE_MAX ? strlen(value) : len);
		p += token_len;
	}
	*mac_len = mac_finish(&state, mac);
	if (!whole)
		*why = "a part of what is signed is missing";
	return whole;
}

/* A timestamp in seconds or milliseconds, within the tolerance of now. */
static bool
timestamp_fresh(const char *text, int64_t now, int tolerance_s, const char **why)
{
	int64_t value = 0;
	int64_t distance;
	size_t len = strlen(text);

	if (len == 0 || len > 15 || strspn(text, "0123456789") != len)
	{
		*why = "the timestamp is not a number";
		return false;
	}
	for (const char *p = text; *p != '\0'; p++)
		value = value * 10 + (*p - '0');
	/* 10^11 seconds are the year 5138, 10^11 milliseconds are 1973: the units cannot be confused. */
	if (value >= INT64_C(100000000000))
		value /= 1000;
	distance = value > now ? value - now : now - value;
	if (distance > tolerance_s)
	{
		*why = "the timestamp is outside the tolerance";
		return false;
	}
	return true;
}

static bool
verify_hmac(const VaWebhookAuth *auth, const VaSignedMessage *message, int64_t now, const char **why)
{
	const char *given = va_header_find(message->headers, message->nheaders, auth->signature_header);
	const char *timestamp = va_header_find(message->headers, message->nheaders, auth->timestamp_header);
	size_t prefix_len = strlen(auth->prefix);
	unsigned char mac[VA_HMAC_MAX_LEN];
	unsigned char sent[VA_HMAC_MAX_LEN];
	size_t mac_len;
	size_t sent_len;
	bool decoded;
	bool same;

	if (given == NULL)
	{
		*why = "the signature is missing";
		return false;
	}
	if (auth->include_timestamp)
	{
		if (timestamp == NULL)
		{
			*why = "the timestamp is missing";
			return false;
		}
		if (!timestamp_fresh(timestamp, now, auth->tolerance_s, why))
			return false;
	}
	if (prefix_len > 0)
	{
		if (strncmp(given, auth->prefix, prefix_len) != 0)
		{
			*why = "the signature lacks its prefix";
			return false;
		}
		given += prefix_len;
	}
	if (auth->encoding == VA_ENCODING_BASE64)
		decoded = va_base64_decode(given, strlen(given), sent, sizeof(sent), &sent_len);
	else
		decoded = va_hex_decode(given, strlen(given), sent, sizeof(sent), &sent_len);
	if (!decoded)
	{
		*why = "the signature is not in its encoding";
		return false;
	}
	if (!message_mac(auth, message, timestamp, mac, &mac_len, why))
		return false;
	same = va_equal_constant_time(mac, mac_len, sent, sent_len);
	sodium_memzero(mac, sizeof(mac));
	if (!same)
		*why = "the signature does not match";
	return same;
}

static bool
verify_bearer(const VaWebhookAuth *auth, const VaSignedMessage *message, const char **why)
{
	const char *given = va_header_find(message->headers, message->nheaders, auth->token_header);

	if (given == NULL)
	{
		*why = "the secret header is missing";
		return false;
	}
	if (auth->bearer_prefix)
	{
		if (strncasecmp(given, "Bearer ", 7) != 0)
		{
			*why = "the secret header is not a bearer token";
			return false;
		}
		given += 7;
	}
	if (!va_equal_constant_time(given, strlen(given), auth->secret, auth->secret_len))
	{
		*why = "the secret does not match";
		return false;
	}
	return true;
}

bool
va_webhook_verify(const VaWebhookAuth *auth, const VaSignedMessage *message, int64_t now, const char **why)
{
	*why = NULL;
	if (auth->secret_len == 0)
	{
		*why = "the endpoint has no secret";
		return false;
	}
	if (auth->kind == VA_AUTH_HMAC)
		return verify_hmac(auth, message, now, why);
	return verify_bearer(auth, message, why);
}

int
va_webhook_sign(const VaWebhookAuth *auth, VaArena *arena, const VaSignedMessage *message, int64_t now,
				VaHeader out[2])
{
	unsigned char mac[VA_HMAC_MAX_LEN];
	size_t mac_len;
	char text[VA_HMAC_MAX_LEN * 2 + 1];
	const char *why;
	char *timestamp;

	if (auth->secret_len == 0)
		return -1;
	if (auth->kind == VA_AUTH_BEARER)
	{
		out[0].name = va_arena_strdup(arena, auth->token_header);
		out[0].value = va_arena_printf(arena, "%s%.*s", auth->bearer_prefix ? "Bearer " : "",
									   (int) auth->secret_len, (const char *) auth->secret);
		return arena->oom ? -1 : 1;
	}
	timestamp = va_arena_printf(arena, "%lld", (long long) now);
	if (timestamp == NULL || !message_mac(auth, message, timestamp, mac, &mac_len, &why))
		return -1;
	if (auth->encoding == VA_ENCODING_BASE64)
		va_base64_encode(mac, mac_len, text);
	else
		va_hex_encode(mac, mac_len, text);
	out[0].name = va_arena_strdup(arena, auth->signature_header);
	out[0].value = va_arena_printf(arena, "%s%s", auth->prefix, text);
	out[1].name = va_arena_strdup(arena, auth->timestamp_header);
	out[1].value = timestamp;
	return arena->oom ? -1 : 2;
}
