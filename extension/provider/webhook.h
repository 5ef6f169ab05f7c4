/*-------------------------------------------------------------------------
 * webhook.h
 *		From the bytes of a webhook to "this endpoint's carrier sent it".
 *
 * One path for the gateway and for receive_webhook(): nothing is stored, and
 * no tenant is acted for, before the signature over the raw body has held.
 * Include postgres.h first; all calls run inside a transaction with SPI
 * connected.
 */
#ifndef VOICEAGENT_WEBHOOK_H
#define VOICEAGENT_WEBHOOK_H

#include "pure/providers/common/provider.h"

typedef struct VaEndpoint
{
	int64 tenant_id;
	int64 endpoint_id;
	int64 provider_account_id;
	const VaDriver *driver;
	bool has_auth;			  /* false: nothing says how its webhooks are signed; all are refused */
	const char *auth_problem; /* why not; static text */
	VaWebhookAuth auth;
	char account_ref[128]; /* which account its events must be about; "" = they do not say */
	bool has_previous;	   /* a secret that is being retired is still good */
	VaWebhookAuth previous;
	VaProviderAccount carrier; /* the account's settings, without its secrets: for reading */
	char *settings;			   /* ... lie here; malloc'ed */
} VaEndpoint;

/* The endpoint of a URL's token with its opened secret; false when there is none (or no longer).  In place of what was there: all zero, or another endpoint. */
extern bool va_endpoint_load(const char *token, VaEndpoint *endpoint);

/* The cell that serves the tenant of a token that is none here; 0: no such token has been here. */
extern int va_endpoint_elsewhere(const char *token);

/* Wipes it, and leaves it all zero. */
extern void va_endpoint_forget(VaEndpoint *endpoint);

typedef enum VaWebhookVerdict
{
	VA_WEBHOOK_GENUINE = 0,
	VA_WEBHOOK_FORGED,	 /* not by the holder of the secret, or too old */
	VA_WEBHOOK_MALFORMED /* genuine, but its body cannot be read: stored and set aside */
} VaWebhookVerdict;

/*
 * Judge a message and give the key that repetitions of its event share.  No
 * database.  *why is set unless genuine; event_key lives in the arena and is
 * NULL only when forged.  *by_previous: only the secret that is being retired
 * has held.  now in seconds since 1970, real time.
 */
extern VaWebhookVerdict va_webhook_check(const VaEndpoint *endpoint, const VaSignedMessage *message, int64 now,
	VaArena *arena, const char **event_key, VaEvents *events, bool *by_previous, const char **why);

/*
 * The call whose end these events report, as inbox.ended_call has it: our
 * reference, else the carrier's id.  NULL: of none, or by a name too long for
 * an index.  Points into the events.
 */
extern const char *va_webhook_ended_call(const VaEvents *events);

/* The headers worth keeping, query and method, as JSON text; those that authenticate are left out. */
extern char *va_webhook_kept_headers(const VaSignedMessage *message);

#endif /* VOICEAGENT_WEBHOOK_H */
