/*-------------------------------------------------------------------------
 * plivo_verify.c
 *		X-Plivo-Signature-V3: HMAC-SHA256 of URL, fields and a nonce.
 *
 * What is signed is the URL with its query decoded and sorted, behind a "."
 * (when there is a query) the fields of the form sorted, each name and value
 * without a separator, and behind another "." the nonce.  The header may hold
 * several signatures, one for each token that is valid at the time.  There is
 * no timestamp: a replay is told by the event's key.
 *
 * Pure: no backend, no locks, no global state.
 *-------------------------------------------------------------------------
 */
#include "plivo_internal.h"

#include <string.h>

#include <sodium.h>

#include "../form.h"

#define SHA256_LEN 32
#define SIGNATURE_LEN 44 /* in base64 */
#define NONCE_MAX 200

static void
add_query(VaBuffer *buffer, const VaForm *query)
{
	for (int i = 0; i < query->count; i++)
	{
		if (i > 0)
			va_buffer_add(buffer, "&", 1);
		va_buffer_add(buffer, query->fields[i].name, query->fields[i].name_len);
		va_buffer_add(buffer, "=", 1);
		va_buffer_add(buffer, query->fields[i].value, query->fields[i].value_len);
	}
}

static bool
add_signed(VaBuffer *buffer, const VaSignedMessage *message, const char *nonce, VaArena *arena, const char **why)
{
	bool by_get = message->method != NULL && strcmp(message->method, "GET") == 0;
	const char *question = strchr(message->url, '?');
	const char *text = question == NULL ? "" : question + 1;
	VaForm query;
	VaForm form = { 0 };

	if (!va_form_read(text, strcspn(text, "#"), true, arena, &query, why) ||
		(!by_get && !va_form_read(message->body, message->body_len, true, arena, &form, why)))
		return false;
	va_form_sort(&query);
	va_form_sort(&form);
	va_buffer_add(buffer, message->url, strcspn(message->url, "?#"));
	if (query.count > 0 || form.count > 0)
		va_buffer_add(buffer, "?", 1);
	add_query(buffer, &query);
	if (query.count > 0 && form.count > 0)
		va_buffer_add(buffer, ".", 1);
	for (int i = 0; i < form.count; i++)
	{
		va_buffer_add(buffer, form.fields[i].name, form.fields[i].name_len);
		va_buffer_add(buffer, form.fields[i].value, form.fields[i].value_len);
	}
	va_buffer_add(buffer, ".", 1);
	va_buffer_add(buffer, nonce, strlen(nonce));
	return true;
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
	VaBuffer buffer = { 0 };
	VaArena arena = { 0 };
	bool good;

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
	good = add_signed(&buffer, message, nonce, &arena, why) && !buffer.failed;
	if (good)
	{
		va_hmac(VA_HMAC_SHA256, auth->secret, auth->secret_len, buffer.text, buffer.used, mac);
		va_base64_encode(mac, SHA256_LEN, signature);
		sodium_memzero(mac, sizeof(mac));
		*why = "the signature does not match";
		good = names_signature(given, signature);
	}
	else if (buffer.failed)
		*why = "out of memory";
	va_buffer_finish(&buffer, &arena);
	va_arena_free(&arena);
	return good;
}
