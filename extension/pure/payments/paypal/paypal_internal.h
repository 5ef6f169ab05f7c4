/*-------------------------------------------------------------------------
 * paypal_internal.h
 *		Functions that the files of PayPal's driver share.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_PURE_PAYPAL_INTERNAL_H
#define VOICEAGENT_PURE_PAYPAL_INTERNAL_H

#include "pure/payments/payments_internal.h"

#define VA_PAYPAL_CERTIFICATE_HEADER "paypal-cert-url"

/* Starts a request, authorized by the token key. */
extern bool va_paypal_start(VaHttpRequest *request, VaArena *arena, const char *method, const char *base_url,
	const char *key, const char *path, const char **why);
/* Takes over the reference to body; PayPal wants an object even if it is empty. */
extern bool va_paypal_post(VaHttpRequest *request, VaArena *arena, const char *key, json_t *body, const char **why);
/* {"currency_code": "EUR", "value": "49.00"} */
extern json_t *va_paypal_money(const char *currency, int64_t units, int decimals, VaArena *arena);
/* The page where the buyer approves the order; NULL if the order has no such link. */
extern const char *va_paypal_approve_url(const json_t *order);
/* Maps a status of PayPal to our word; va_paypal_meaning() returns NULL for a status that is not listed. */
typedef struct VaPaypalWord
{
	const char *theirs;
	const char *ours;
} VaPaypalWord;
extern const char *va_paypal_meaning(const VaPaypalWord *words, size_t n, const char *status);
#define VA_PAYPAL_MEANING(words, status) va_paypal_meaning(words, sizeof(words) / sizeof(words[0]), status)
/* The reason of a refusal. */
extern const char *va_paypal_words(const json_t *body);

extern bool va_paypal_plan_build(const VaPlanOrder *order, VaArena *arena, VaHttpRequest *request, const char **why);
extern void va_paypal_plan_read(
	const VaPlanOrder *order, const VaHttpResponse *response, VaArena *arena, VaPaymentReply *reply);

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
