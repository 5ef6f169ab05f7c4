/*-------------------------------------------------------------------------
 * stripe_internal.h
 *		Functions that the files of Stripe's driver share.
 */
#ifndef VOICEAGENT_PURE_STRIPE_INTERNAL_H
#define VOICEAGENT_PURE_STRIPE_INTERNAL_H

#include "pure/payments/payments_internal.h"

#define STRIPE_FIELDS_MAX 64

typedef struct VaStripeForm
{
	VaNamedText fields[STRIPE_FIELDS_MAX];
	int n;
} VaStripeForm;

extern void va_stripe_add(VaStripeForm *form, const char *name, const char *value);
/* The currency in Stripe's spelling. */
extern const char *va_stripe_currency(VaArena *arena, const char *currency);
/* The currency in the spelling of ISO 4217. */
extern const char *va_stripe_iso(VaArena *arena, const char *currency);
extern const VaPaymentStep *va_stripe_plan_step(const VaPaymentOrder *order);
extern VaPaymentHint va_stripe_hint(const json_t *event);
extern VaPaymentVerdict va_stripe_verify(
	const VaSignedMessage *message, const VaPaymentKeys *keys, VaArena *arena, const char **why);

#endif /* VOICEAGENT_PURE_STRIPE_INTERNAL_H */
