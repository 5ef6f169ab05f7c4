/*-------------------------------------------------------------------------
 * payment_webhooks.h
 *		Webhooks of payment vendors: /payments/{vendor}.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_PAYMENT_WEBHOOKS_H
#define VOICEAGENT_PAYMENT_WEBHOOKS_H

#include "store.h"

#define VA_PAYMENTS_PREFIX "/payments/"

/*
 * Verifies a webhook, sets its status, and schedules a request to the vendor
 * about the order or plan that it names.  Call it inside a transaction.
 */
extern void va_take_payment_webhook(InboundWebhook *webhook, VaArena *arena);

/* The gateway starts, or its settings are read anew: no secret is kept. */
extern void va_forget_payment_secrets(void);

#endif /* VOICEAGENT_PAYMENT_WEBHOOKS_H */
