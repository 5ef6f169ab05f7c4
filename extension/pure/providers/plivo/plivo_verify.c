/*-------------------------------------------------------------------------
 * plivo_verify.c
 *		X-Plivo-Signature-V3: HMAC-SHA256 of URL, fields and a nonce.
 *
 * The signature covers the URL with its query decoded and sorted, behind a
 * "." (when there is a query) the fields of the form sorted, each name and
 * value without a separator, and behind another "." the nonce.  The header
 * may hold several signatures, one for each token that is valid at the time.
 * There is no timestamp: the event's key reveals a replay.
 *
 * Pure: no backend, no locks, no global state.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* mempcpy */
#endif
#include "plivo_internal.h"

#include <string.h>

#include <sodium.h>

#include "pure/text/form.h"

#define SHA256_LEN 32
#define SIGNATURE_LEN 44 /* in base64 */
#define NONCE_MAX 200

/* In the arena; NULL with *why. */
static const char *
signed_text(const VaSignedMessage *message, const char *nonce, VaArena *arena, size_t *len, const char **why)
{
	bool by_get = message->method != NULL && strcmp(message->method, "GET") == 0;
	size_t head = strcspn(message->url, "?#");
	const char *text = strchr(message->url, '?');
	VaForm query;
	VaForm form = { 0 };
	char *start;
	char *end;

	text = text == NULL ? "" : text + 1;
	if (!va_form_read(text, strcspn(text, "#"), true, arena, &query, why) ||
		(!by_get && !va_form_read(message->body, message->body_len, true, arena, &form, why)))
		return NULL;
	va_form_sort(&query);
	va_form_sort(&form);
	/* Behind each field of the query two separators at the most, and four others. */
	start = va_arena_alloc(
		arena, head + va_form_size(&query) + 2 * (size_t) query.count + va_form_size(&form) + strlen(nonce) + 4);
	if (start == NULL)
		return NULL;
	end = mempcpy(start, message->url, head);
	if (query.count > 0 || form.count > 0)
		*end++ = '?';
	for (int i = 0; i < query.count; i++)
	{
		if (i > 0)
			*end++ = '&';
		end = va_form_write(end, &query.fields[i], '=');
	}
	if (query.count > 0 && form.count > 0)
		*end++ = '.';
	for (int i = 0; i < form.count; i++)
		end = va_form_write(end, &form.fields[i], '\0');
	*end++ = '.';
	end = stpcpy(end, nonce);
	*len = (size_t) (end - start);
	return start;
}

/* Any of the list; all are compared, so that the time tells nothing. */
static bool
names_signature(const char *list, const char *signature)
{
	bool found = false;

	for (const char *p = list; *p != '\0';)
	{
		size_t len;

		p += strspn(p, ", ");
		len = strcspn(p, ", ");
		found |= va_equal_constant_time(p, len, signature, SIGNATURE_LEN);
		p += len;
	}
	return found;
}

bool
plivo_verify(const VaWebhookAuth *auth, const VaSignedMessage *message, int64_t now, const char **why)
{
	const char *given = va_header_find(message->headers, message->nheaders, "x-plivo-signature-v3");
	const char *nonce = va_header_find(message->headers, message->nheaders, "x-plivo-signature-v3-nonce");
	unsigned char mac[VA_HMAC_MAX_LEN];
	char signature[SIGNATURE_LEN + 1];
	VaArena arena = { 0 };
	const char *text;
	size_t len;
	bool good = false;

	*why = NULL;
	if (auth->secret_len == 0)
		*why = "the endpoint has no secret";
	else if (given == NULL || nonce == NULL)
		*why = "the signature or its nonce is missing";
	else if (nonce[0] == '\0' || strlen(nonce) > NONCE_MAX)
		*why = "the signature's nonce is not valid";
	else if (message->url == NULL)
		*why = "the public URL of webhooks is not known";
	if (*why != NULL)
		return false;
	text = signed_text(message, nonce, &arena, &len, why);
	if (text != NULL)
	{
		va_hmac(VA_HMAC_SHA256, auth->secret, auth->secret_len, text, len, mac);
		va_base64_encode(mac, SHA256_LEN, signature);
		sodium_memzero(mac, sizeof(mac));
		*why = "the signature does not match";
		good = names_signature(given, signature);
	}
	va_arena_free(&arena);
	return good;
}
