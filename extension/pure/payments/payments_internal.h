/*-------------------------------------------------------------------------
 * payments_internal.h
 *		What the drivers of payment vendors have in common.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_PURE_PAYMENTS_INTERNAL_H
#define VOICEAGENT_PURE_PAYMENTS_INTERNAL_H

#include "payments.h"
#include "pure/providers/common/requests.h"

extern const VaPaymentDriver va_stripe_driver;
extern const VaPaymentDriver va_paypal_driver;

/* The body as an object; NULL: reply says why there is none.  json_decref() it. */
extern json_t *va_payment_body(const VaHttpResponse *response, VaArena *arena, VaPaymentReply *reply);
/* What a status that is no success means, with the vendor's words. */
extern void va_payment_refusal(int status, const char *message, VaPaymentReply *reply);
/* Takes report's reference. */
extern void va_payment_report(VaPaymentReply *reply, json_t *report, VaArena *arena);
/* What came of an ASK: whatever the vendor says, unless it is to be asked again, or knows no key. */
extern void va_payment_read_asked(const VaHttpResponse *response, VaArena *arena, VaPaymentReply *reply);
/* An object's member that is an integer above or equal 0; -1: it has none. */
extern int64_t va_payment_integer(const json_t *object, const char *key);

#endif /* VOICEAGENT_PURE_PAYMENTS_INTERNAL_H */
