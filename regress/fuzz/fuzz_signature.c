/*
 * fuzz_signature.c
 *		Any bytes as signature headers and body (never accepted: the key is not
 *		in the input), as a scheme, and as encoded text.  A scheme that is read
 *		accepts what it signs.
 */
#include "pure/auth/signature.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	VaArena arena = { 0 };
	VaWebhookAuth auth;
	const char *why = NULL;
	unsigned char out[64];
	size_t len;
	char *text = malloc(size + 1);
	char *second;
	VaHeader headers[2];
	VaHeader signature[2];
	VaSignedMessage message = { .headers = headers, .nheaders = 2, .body = data, .body_len = size, .url = "https://h.example/" };

	memcpy(text, data, size);
	text[size] = '\0';
	second = strchr(text, '\n');
	if (second != NULL)
		*second++ = '\0';
	headers[0] = (VaHeader){ "x-signature", text };
	headers[1] = (VaHeader){ "x-timestamp", second != NULL ? second : "1700000000" };
	va_webhook_auth_hmac(&auth, "a key that no input can know", 28);
	if (va_webhook_verify(&auth, &message, 1700000000, &why) || why == NULL)
		abort();
	headers[0].name = "authorization";
	va_webhook_auth_bearer(&auth, NULL, "a key that no input can know", 28);
	if (va_webhook_verify(&auth, &message, 1700000000, &why) &&
		strcmp(text, "Bearer a key that no input can know") != 0)
		abort();

	if (va_webhook_auth_read((const char *) data, size, NULL, &auth, &why))
	{
		int n = va_webhook_sign(&auth, &arena, &message, 1700000000, signature);

		message.headers = signature;
		message.nheaders = n;
		/* Without a message id there is nothing to sign; two headers of one name hide each other. */
		if (n > 0 && !va_webhook_verify(&auth, &message, 1700000000, &why) &&
			(n == 1 || strcasecmp(signature[0].name, signature[1].name) != 0))
			abort();
	}
	else if (why == NULL)
		abort();
	va_hex_decode((const char *) data, size, out, sizeof(out), &len);
	va_base64_decode((const char *) data, size, out, sizeof(out), &len);
	va_arena_free(&arena);
	free(text);
	return 0;
}
