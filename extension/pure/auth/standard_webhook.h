/*-------------------------------------------------------------------------
 * standard_webhook.h
 *		Our messages are signed as Standard Webhooks say (version v1), so that
 *		a receiver has a library for it.
 *
 * The signature is base64 of HMAC-SHA256 over "id.timestamp.body"; the key is
 * what follows "whsec_" in the secret, decoded from base64.  While a secret
 * is being replaced there are two signatures, parted by a space.
 */
#ifndef VOICEAGENT_PURE_STANDARD_WEBHOOK_H
#define VOICEAGENT_PURE_STANDARD_WEBHOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VA_STANDARD_SECRET_PREFIX "whsec_"
#define VA_STANDARD_ID_MAX_LEN 64
/* "v1," and 32 bytes in base64, with its NUL. */
#define VA_STANDARD_SIGNATURE_SIZE 48

/* The value of webhook-signature for one secret; false: the secret is none, the id too long, or no memory. */
extern bool va_standard_webhook_sign(const char *secret, const char *id, int64_t timestamp, const char *body,
	size_t body_len, char out[VA_STANDARD_SIGNATURE_SIZE]);

#endif /* VOICEAGENT_PURE_STANDARD_WEBHOOK_H */
