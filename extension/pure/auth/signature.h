/*-------------------------------------------------------------------------
 * signature.h
 *		The sender of these bytes: HMAC over timestamp and raw body, or a shared
 *		secret in a header.  Comparisons take constant time.
 *
 * The scheme is data, because each tenant's credential at the vendor is:
 * its fields are those of Vapi's HMAC and bearer credentials.
 */
#ifndef VOICEAGENT_PURE_SIGNATURE_H
#define VOICEAGENT_PURE_SIGNATURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mac.h"
#include "pure/memory.h"

#define VA_SECRET_MAX_LEN 512
#define VA_SIGNATURE_TOLERANCE 300 /* seconds, when a scheme names none */

typedef struct VaHeader
{
	const char *name;
	const char *value;
} VaHeader;

typedef enum VaDigestEncoding
{
	VA_ENCODING_HEX,
	VA_ENCODING_BASE64
} VaDigestEncoding;

typedef enum VaAuthKind
{
	VA_AUTH_BEARER, /* a secret in a header */
	VA_AUTH_HMAC,	/* a signature over the raw body */
	VA_AUTH_VENDOR	/* the carrier's own way: its driver knows, with `secret` and `peers` */
} VaAuthKind;

typedef struct VaWebhookAuth
{
	VaAuthKind kind;

	/* VA_AUTH_BEARER */
	char token_header[64]; /* default "Authorization" */
	bool bearer_prefix;	   /* the value begins with "Bearer " */

	/* both: the token, or the HMAC key */
	unsigned char secret[VA_SECRET_MAX_LEN];
	size_t secret_len;

	/* VA_AUTH_HMAC */
	VaHmacAlgorithm algorithm;
	VaDigestEncoding encoding;
	char signature_header[64];	/* default "x-signature" */
	char timestamp_header[64];	/* default "x-timestamp" */
	char message_id_header[64]; /* "" = none; token {svix-id} */
	char prefix[32];			/* e.g. "sha256=", taken off before comparing */
	char payload_format[128];	/* default "{timestamp}.{body}" */
	bool include_timestamp;		/* a timestamp is required and checked */
	int tolerance_s;			/* both directions */

	/* VA_AUTH_VENDOR: networks that webhooks may come from (pure/net/network.h), "" = any */
	char peers[256];
	/* ... and the secret of messages that say that another key signs them; 0 = none is known */
	unsigned char shared[VA_SECRET_MAX_LEN];
	size_t shared_len;
} VaWebhookAuth;

/* The values of a payload format's tokens; NULL where it does not matter. */
typedef struct VaSignedMessage
{
	const VaHeader *headers;
	int nheaders;
	const void *body;
	size_t body_len;
	const char *method; /* {method}; NULL = "POST" */
	const char *url;	/* {url}; the public URL as configured, with its query */
	const char *query;	/* without "?"; NULL = none */
	const char *peer;	/* address of the sender; NULL = not known */
	const struct VaProviderAccount
		*carrier; /* whose endpoint it came to, for reading it (provider.h); NULL = not known */
} VaSignedMessage;

/* Vapi's defaults: HMAC-SHA256, hex, x-signature, x-timestamp, "{timestamp}.{body}". */
extern void va_webhook_auth_hmac(VaWebhookAuth *auth, const void *secret, size_t secret_len);
/* A secret in a header; header NULL = Authorization with "Bearer ". */
extern void va_webhook_auth_bearer(VaWebhookAuth *auth, const char *header, const void *secret, size_t secret_len);

/*
 * Read a scheme from JSON with Vapi's field names: {"type": "bearer" | "hmac",
 * "token" | "secretKey", "headerName", "bearerPrefixEnabled", "algorithm",
 * "signatureHeader", "timestampHeader", "messageIdHeader", "signaturePrefix",
 * "includeTimestamp", "payloadFormat", "signatureEncoding",
 * "secretIsBase64", "toleranceSeconds"}.  *why is a static text.
 * A secret that is kept apart takes the place of token and secretKey; NULL: the JSON names it.
 */
extern bool va_webhook_auth_read(
	const char *json, size_t len, const char *secret, VaWebhookAuth *auth, const char **why);

/* True when the message is from a holder of the secret and is fresh; now in seconds.  *why is a static text
 * without secrets. */
extern bool va_webhook_verify(const VaWebhookAuth *auth, const VaSignedMessage *message, int64_t now, const char **why);

/*
 * The headers that make a message pass va_webhook_verify (the sandbox carrier
 * signs with them).  Gives their number (1 or 2), or -1.
 */
extern int va_webhook_sign(
	const VaWebhookAuth *auth, VaArena *arena, const VaSignedMessage *message, int64_t now, VaHeader out[2]);

/* The first header of that name (names compare without case), or NULL. */
extern const char *va_header_find(const VaHeader *headers, int nheaders, const char *name);

#endif /* VOICEAGENT_PURE_SIGNATURE_H */
