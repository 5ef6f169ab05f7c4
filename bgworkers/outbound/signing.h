/*-------------------------------------------------------------------------
 * signing.h
 *		What tenants' servers are asked is signed, as Standard Webhooks say, with
 *		a secret of the tenant's vault.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_SIGNING_H
#define VOICEAGENT_SIGNING_H

#include "sender.h"

/*
 * Within a transaction: the secret of that name (NULL: of none), opened, which
 * the caller wipes.  NULL when it is missing or does not open: why is in the
 * sending's error, unless another problem was found before.
 */
extern char *va_signing_secret(VaSending *sending, const char *name);

/*
 * The lines of webhook-id, -timestamp and -signature, in the arena; by the
 * previous secret, too, unless it is NULL.  False: a secret cannot be used.
 */
extern bool va_sign(const char *id, const char *body, const char *secret, const char *previous_secret, VaArena *arena,
	const char *lines[3]);

#endif /* VOICEAGENT_SIGNING_H */
