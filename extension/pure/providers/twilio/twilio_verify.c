/*-------------------------------------------------------------------------
 * twilio_verify.c
 *		X-Twilio-Signature: HMAC of the URL and the form's fields.
 *
 * The signed text is the URL with its query and behind it each field of the
 * form as name and value, sorted, repetitions once.  A body that is no form
 * is covered by its hash in the URL (bodySHA256).  There is no timestamp:
 * the event's key reveals a replay.  Twilio may leave a port out or write
 * the scheme's own, so both spellings of the URL are tried.
 *
 * The account's token signs by SHA-1.  A message with the header
 * X-Twilio-Webhooks-Signature-Settings is signed by a shared key, by the
 * algorithm that it names.
 *
 * Pure: no backend, no locks, no global state.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* mempcpy */
#endif
#include "twilio_internal.h"

#include <string.h>
#include <strings.h>

#include <sodium.h>

#include "pure/text/form.h"

#define SHA1_LEN 20

/* The signer of a message, and how. */
typedef struct Signer
{
	const unsigned char *secret;
	size_t secret_len;
	VaHmacAlgorithm algorithm;
	unsigned char signature[VA_HMAC_MAX_LEN]; /* that it has */
	size_t len;
} Signer;

/* ---- spellings of the URL ---- */

/* The URL in three pieces: scheme and host, port with its colon, the rest. */
typedef struct UrlPieces
{
	const char *host_end;
	const char *rest;
	bool https;
} UrlPieces;

static bool
split_url(const char *url, UrlPieces *pieces)
{
	const char *host = strstr(url, "://");
	const char *colon;

	if (host == NULL)
		return false;
	pieces->https = host - url == 5 && strncasecmp(url, "https", 5) == 0;
	host += 3;
	pieces->rest = host + strcspn(host, "/?#");
	/* A colon starts the port only behind an IPv6 literal's bracket. */
	pieces->host_end = pieces->rest;
	colon = memchr(host, ']', (size_t) (pieces->rest - host));
	colon = memchr(colon == NULL ? host : colon, ':', (size_t) (pieces->rest - (colon == NULL ? host : colon)));
	if (colon != NULL)
		pieces->host_end = colon;
	return true;
}

static bool
matches(const Signer *signer, const char *text, size_t len)
{
	unsigned char mac[VA_HMAC_MAX_LEN];
	bool same;

	va_hmac(signer->algorithm, signer->secret, signer->secret_len, text, len, mac);
	same = va_equal_constant_time(mac, signer->len, signer->signature, signer->len);
	sodium_memzero(mac, sizeof(mac));
	return same;
}

/* ---- what is signed behind the URL ---- */

static bool
same_field(const VaFormField *a, const VaFormField *b)
{
	return a->name_len == b->name_len && a->value_len == b->value_len && memcmp(a->name, b->name, a->name_len) == 0 &&
		   memcmp(a->value, b->value, a->value_len) == 0;
}

/* form: sorted, or empty. */
static bool
matches_any(const Signer *signer, const char *url, const VaForm *form, VaArena *arena)
{
	UrlPieces pieces;
	size_t head;
	const char *port;
	size_t port_len;
	char *text;
	char *tail;
	char *end;

	if (!split_url(url, &pieces))
		return false;
	head = (size_t) (pieces.host_end - url);
	port = pieces.host_end;
	port_len = (size_t) (pieces.rest - pieces.host_end);
	if (port_len == 0)
	{
		port = pieces.https ? ":443" : ":80";
		port_len = strlen(port);
	}
	text = va_arena_alloc(arena, head + port_len + strlen(pieces.rest) + va_form_size(form) + 1);
	if (text == NULL)
		return false;
	/* The part behind the port is written once, and the host before it twice. */
	tail = text + head + port_len;
	end = stpcpy(tail, pieces.rest);
	for (int i = 0; i < form->count; i++)
		if (i == 0 || !same_field(&form->fields[i - 1], &form->fields[i]))
			end = va_form_write(end, &form->fields[i], '\0');
	memcpy(tail - head, url, head);
	if (matches(signer, tail - head, (size_t) (end - tail) + head))
		return true;
	memcpy(mempcpy(text, url, head), port, port_len);
	return matches(signer, text, (size_t) (end - text));
}

/* The hash that the URL names is the body's. */
static bool
body_matches(const VaSignedMessage *message, const char *claimed)
{
	unsigned char hash[VA_SHA256_LEN];
	char hex[VA_SHA256_LEN * 2 + 1];

	va_sha256(message->body, message->body_len, hash);
	va_hex_encode(hash, sizeof(hash), hex);
	return va_equal_constant_time(hex, sizeof(hex) - 1, claimed, strlen(claimed));
}

static bool
verify(const Signer *signer, const VaSignedMessage *message, VaArena *arena, const char **why)
{
	const char *query = strchr(message->url, '?');
	VaForm form = { 0 };
	bool good = true;

	if (query != NULL && strstr(query, "bodySHA256") != NULL)
	{
		const char *claimed;
		VaForm parameters;

		if (!va_form_read(query + 1, strcspn(query + 1, "#"), false, arena, &parameters, why))
			return false;
		claimed = va_form_value(&parameters, "bodySHA256");
		if (claimed == NULL || !body_matches(message, claimed))
			return va_refuse(why, "the body is not the one that was signed");
	}
	else if (message->method == NULL || strcmp(message->method, "GET") != 0)
	{
		good = va_form_read(message->body, message->body_len, true, arena, &form, why);
		va_form_sort(&form);
	}
	if (good)
	{
		*why = "the signature does not match";
		good = matches_any(signer, message->url, &form, arena);
	}
	return good;
}

/* The algorithm of "key=...,algorithm=..."; "": none is named. */
static const char *
named_algorithm(const char *settings, size_t *len)
{
	static const char name[] = "algorithm";

	for (const char *part = settings; part != NULL; part = strchr(part, ','))
	{
		const char *value = part + strspn(part, ", ");

		if (strncmp(value, name, strlen(name)) != 0)
		{
			part = value;
			continue;
		}
		value += strlen(name);
		value += strspn(value, " ");
		if (*value == '=' && (*len = strcspn(value + 1 + strspn(value + 1, " "), ", ")) > 0)
			return value + 1 + strspn(value + 1, " ");
		part = value;
	}
	*len = 0;
	return "";
}

/* The header's value (NULL: the token signs); false: nothing that is known here. */
static bool
choose_signer(const VaWebhookAuth *auth, const char *settings, Signer *signer)
{
	size_t len;
	const char *named = named_algorithm(settings, &len);
	bool shared = settings != NULL && settings[0] != '\0';

	signer->secret = shared ? auth->shared : auth->secret;
	signer->secret_len = shared ? auth->shared_len : auth->secret_len;
	signer->algorithm = VA_HMAC_SHA1;
	signer->len = SHA1_LEN;
	if (len == 0 || (len == 9 && strncasecmp(named, "HMAC_SHA1", len) == 0))
		return true;
	signer->algorithm = VA_HMAC_SHA256;
	signer->len = VA_SHA256_LEN;
	return len == 11 && strncasecmp(named, "HMAC_SHA256", len) == 0;
}

bool
twilio_verify(const VaWebhookAuth *auth, const VaSignedMessage *message, int64_t now, const char **why)
{
	const char *given = va_header_find(message->headers, message->nheaders, "x-twilio-signature");
	const char *settings = va_header_find(message->headers, message->nheaders, "x-twilio-webhooks-signature-settings");
	Signer signer;
	size_t len;
	VaArena arena = { 0 };
	bool good;

	*why = NULL;
	if (!choose_signer(auth, settings, &signer))
		*why = "the signature is of an unknown kind";
	else if (signer.secret_len == 0)
		*why = settings != NULL ? "a shared key signs, and the account does not have its secret (shared_key)"
								: "the endpoint has no secret";
	else if (given == NULL)
		*why = "the signature is missing";
	else if (message->url == NULL)
		*why = "the public URL of webhooks is not known";
	else if (!va_base64_decode(given, strlen(given), signer.signature, sizeof(signer.signature), &len) ||
			 len != signer.len)
		*why = "the signature is not in its encoding";
	if (*why != NULL)
		return false;
	good = verify(&signer, message, &arena, why);
	va_arena_free(&arena);
	return good;
}
