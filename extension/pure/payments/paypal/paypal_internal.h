/*-------------------------------------------------------------------------
 * paypal_internal.h
 *		Functions that the files of PayPal's driver share.
 */
#ifndef VOICEAGENT_PURE_PAYPAL_INTERNAL_H
#define VOICEAGENT_PURE_PAYPAL_INTERNAL_H

#include "pure/payments/payments_internal.h"

#define VA_PAYPAL_CERTIFICATE_HEADER "paypal-cert-url"

/* {"currency_code": "EUR", "value": "49.00"}, in the currency of the order. */
extern json_t *va_paypal_money(const VaPaymentOrder *order, int64_t units, VaArena *arena);
/* Where the buyer returns to; action: the words on the button. */
extern json_t *va_paypal_context(const VaPaymentOrder *order, const char *action);
/* The page where the buyer approves the order; NULL if the order has no such link. */
extern const char *va_paypal_approve_url(const json_t *order);

extern const VaPaymentStep *va_paypal_plan_step(const VaPaymentOrder *order);

/* The signature headers of a webhook. */
typedef struct VaPaypalSignature
{
	const char *id;
	const char *time;
	const char *algorithm;
	const char *value; /* base64 */
} VaPaypalSignature;

/* Whether the first certificate of pem, which is already verified, signed this body for this webhook_id. */
extern bool va_paypal_signed(const VaPaypalSignature *signature, const char *webhook_id, const char *pem,
	const void *body, size_t len, VaArena *arena, const char **why);
extern VaPaymentHint va_paypal_hint(const json_t *event);
extern VaPaymentVerdict va_paypal_verify(
	const VaSignedMessage *message, const VaPaymentKeys *keys, VaArena *arena, const char **why);
extern bool va_paypal_certificate_url_good(const char *url, const char *base_url);
extern bool va_paypal_certificate_good(const char *pem, size_t len, int64_t now, const char **why);

#endif /* VOICEAGENT_PURE_PAYPAL_INTERNAL_H */
