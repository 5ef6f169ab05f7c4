/*-------------------------------------------------------------------------
 * signature.c
 *		HMAC and secret-header authentication of webhooks.
 *
 * Pure: no backend, no locks, no state but that of mac.c.
 */
#include "signature.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <sodium.h>

#include "pure/text/json.h"

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
			*why = "payloadFormat has an unknown token (known: {body}, {timestamp}, {method}, {url}, {svix-id})";
			return false;
		}
	}
	return true;
}

static bool
read_tolerance(const json_t *json, VaWebhookAuth *auth, const char **why)
{
	const json_t *tolerance = json_object_get(json, "toleranceSeconds");

	if (tolerance == NULL || json_is_null(tolerance))
		return true;
	if (!json_is_integer(tolerance) || json_integer_value(tolerance) < 1 || json_integer_value(tolerance) > 86400)
		return va_refuse(why, "toleranceSeconds must be from 1 to 86400");
	auth->tolerance_s = (int) json_integer_value(tolerance);
	return true;
}

static bool
read_key(const json_t *json, bool is_base64, VaWebhookAuth *auth, const char **why)
{
	const char *secret = va_json_string(json, "secretKey");

	if (!is_base64)
		set_secret(auth, secret, strlen(secret));
	else if (!va_base64_decode(secret, strlen(secret), auth->secret, sizeof(auth->secret), &auth->secret_len))
	{
		auth->secret_len = 0;
		return va_refuse(why, "secretKey is not base64, or too long");
	}
	if (auth->secret_len == 0)
		*why = "secretKey is empty or too long";
	return auth->secret_len > 0;
}

static bool
read_hmac(const json_t *json, VaWebhookAuth *auth, const char **why)
{
	char algorithm[16] = "sha256";
	char encoding[16] = "hex";
	bool is_base64 = false;

	if (va_json_string(json, "secretKey") == NULL)
		return va_refuse(why, "secretKey is missing");
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
		return va_refuse(why, "a field of the HMAC scheme has the wrong type or is too long");
	if (strcmp(algorithm, "sha512") == 0)
		auth->algorithm = VA_HMAC_SHA512;
	else if (strcmp(algorithm, "sha256") != 0)
		return va_refuse(why, "algorithm must be sha256 or sha512");
	if (strcmp(encoding, "base64") == 0)
		auth->encoding = VA_ENCODING_BASE64;
	else if (strcmp(encoding, "hex") != 0)
		return va_refuse(why, "signatureEncoding must be hex or base64");
	return read_tolerance(json, auth, why) && read_key(json, is_base64, auth, why) && check_format(auth, why);
}

static bool
read_bearer(const json_t *json, VaWebhookAuth *auth, const char **why)
{
	const char *token = va_json_string(json, "token");

	if (token == NULL)
		return va_refuse(why, "token is missing");
	va_webhook_auth_bearer(auth, NULL, token, strlen(token));
	if (auth->secret_len == 0)
		return va_refuse(why, "token is too long");
	if (!read_text(json, "headerName", auth->token_header, sizeof(auth->token_header)) ||
		!read_flag(json, "bearerPrefixEnabled", &auth->bearer_prefix))
		return va_refuse(why, "a field of the bearer scheme has the wrong type or is too long");
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

bool
va_webhook_auth_read(const char *json, size_t len, const char *secret, VaWebhookAuth *auth, const char **why)
{
	VaArena arena = { 0 };
	json_t *root;
	bool good = false;

	memset(auth, 0, sizeof(*auth));
	root = va_json_load(&arena, json, len, why);
	if (root == NULL)
		*why = "the authentication scheme is not valid JSON";
	else if (secret != NULL && (json_object_set_new(root, "token", json_string(secret)) != 0 ||
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

/* ---- verification ---- */

/*
 * The MAC over the payload format with its tokens replaced.  A token without
 * a value counts as missing, not as empty.
 */
static bool
message_mac(const VaWebhookAuth *auth, const VaSignedMessage *message, const char *timestamp, unsigned char *mac,
	size_t *mac_len, const char **why)
{
	bool whole = true;
	VaMac state;

	va_mac_start(&state, auth->algorithm, auth->secret, auth->secret_len);
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
			va_mac_add(&state, value, len == SIZE_MAX ? strlen(value) : len);
		p += token_len;
	}
	*mac_len = va_mac_finish(&state, mac);
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
		return va_refuse(why, "the timestamp is not a number");
	for (const char *p = text; *p != '\0'; p++)
		value = value * 10 + (*p - '0');
	/* 10^11 seconds are the year 5138, 10^11 milliseconds are 1973: the units cannot be confused. */
	if (value >= INT64_C(100000000000))
		value /= 1000;
	distance = value > now ? value - now : now - value;
	if (distance > tolerance_s)
		return va_refuse(why, "the timestamp is outside the tolerance");
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
		return va_refuse(why, "the signature is missing");
	if (auth->include_timestamp)
	{
		if (timestamp == NULL)
			return va_refuse(why, "the timestamp is missing");
		if (!timestamp_fresh(timestamp, now, auth->tolerance_s, why))
			return false;
	}
	if (prefix_len > 0)
	{
		if (strncmp(given, auth->prefix, prefix_len) != 0)
			return va_refuse(why, "the signature lacks its prefix");
		given += prefix_len;
	}
	if (auth->encoding == VA_ENCODING_BASE64)
		decoded = va_base64_decode(given, strlen(given), sent, sizeof(sent), &sent_len);
	else
		decoded = va_hex_decode(given, strlen(given), sent, sizeof(sent), &sent_len);
	if (!decoded)
		return va_refuse(why, "the signature is not in its encoding");
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
		return va_refuse(why, "the secret header is missing");
	if (auth->bearer_prefix)
	{
		if (strncasecmp(given, "Bearer ", 7) != 0)
			return va_refuse(why, "the secret header is not a bearer token");
		given += 7;
	}
	if (!va_equal_constant_time(given, strlen(given), auth->secret, auth->secret_len))
		return va_refuse(why, "the secret does not match");
	return true;
}

bool
va_webhook_verify(const VaWebhookAuth *auth, const VaSignedMessage *message, int64_t now, const char **why)
{
	*why = NULL;
	if (auth->secret_len == 0)
		return va_refuse(why, "the endpoint has no secret");
	if (auth->kind == VA_AUTH_HMAC)
		return verify_hmac(auth, message, now, why);
	return verify_bearer(auth, message, why);
}

int
va_webhook_sign(const VaWebhookAuth *auth, VaArena *arena, const VaSignedMessage *message, int64_t now, VaHeader out[2])
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
		out[0].value = va_arena_printf(
			arena, "%s%.*s", auth->bearer_prefix ? "Bearer " : "", (int) auth->secret_len, (const char *) auth->secret);
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
