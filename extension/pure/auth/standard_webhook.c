/*-------------------------------------------------------------------------
 * standard_webhook.c
 *		Signatures of Standard Webhooks (contract in standard_webhook.h).
 */
#include "standard_webhook.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "signature.h"

/* "id.timestamp." before the body. */
#define HEAD_SIZE (VA_STANDARD_ID_MAX_LEN + 24)

bool
va_standard_webhook_sign(const char *secret, const char *id, int64_t timestamp, const char *body, size_t body_len,
	char out[VA_STANDARD_SIGNATURE_SIZE])
{
	size_t prefix = strlen(VA_STANDARD_SECRET_PREFIX);
	unsigned char key[VA_SECRET_MAX_LEN];
	unsigned char mac[VA_HMAC_MAX_LEN];
	size_t key_len;
	size_t mac_len;
	char *signed_text;
	int head;

	if (strlen(id) > VA_STANDARD_ID_MAX_LEN)
		return false;
	if (strncmp(secret, VA_STANDARD_SECRET_PREFIX, prefix) == 0)
		secret += prefix;
	if (!va_base64_decode(secret, strlen(secret), key, sizeof(key), &key_len) || key_len == 0)
		return false;
	signed_text = malloc(HEAD_SIZE + body_len);
	if (signed_text != NULL)
	{
		head = snprintf(signed_text, HEAD_SIZE, "%s.%lld.", id, (long long) timestamp);
		memcpy(signed_text + head, body, body_len);
		mac_len = va_hmac(VA_HMAC_SHA256, key, key_len, signed_text, (size_t) head + body_len, mac);
		memcpy(out, "v1,", 3);
		va_base64_encode(mac, mac_len, out + 3);
		free(signed_text);
	}
	sodium_memzero(key, sizeof(key));
	return signed_text != NULL;
}
