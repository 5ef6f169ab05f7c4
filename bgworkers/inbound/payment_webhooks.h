/*-------------------------------------------------------------------------
 * payment_webhooks.h
 *		Webhooks of payment vendors: /payments/{vendor}.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_PAYMENT_WEBHOOKS_H
#define VOICEAGENT_PAYMENT_WEBHOOKS_H

#include "store.h"

#define VA_PAYMENTS_PREFIX "/payments/"

/* Inside a transaction: judges it, sets its status, and has the vendor asked about the order or plan that it names. */
extern void va_take_payment_webhook(InboundWebhook *webhook, VaArena *arena);

/* The gateway starts, or its settings are read anew: no secret is kept. */
extern void va_forget_payment_secrets(void);

#endif /* VOICEAGENT_PAYMENT_WEBHOOKS_H */
