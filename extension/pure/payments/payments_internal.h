/*-------------------------------------------------------------------------
 * payments_internal.h
 *		What the drivers of payment vendors have in common.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_PURE_PAYMENTS_INTERNAL_H
#define VOICEAGENT_PURE_PAYMENTS_INTERNAL_H

#include "payments.h"
#include "pure/providers/common/requests.h"

/* The body as an object; NULL: reply says why there is none.  json_decref() it. */
extern json_t *va_payment_body(const VaHttpResponse *response, VaArena *arena, VaPaymentReply *reply);
/* What a status that is no success means, with the vendor's words. */
extern void va_payment_refusal(int status, const char *message, VaPaymentReply *reply);
/* Takes report's reference. */
extern void va_payment_report(VaPaymentReply *reply, json_t *report, VaArena *arena);
/* The answer that there is no such thing. */
extern void va_payment_missing(VaPaymentReply *reply);
/* What a vendor's answer to a task says, into an empty report; and of one that refuses, the reason. */
typedef void (*VaPlanReader)(const VaPlanOrder *order, const json_t *body, json_t *report, VaArena *arena);
typedef const char *(*VaPaymentWords)(const json_t *body);
/*
 * What came of a plan's task, as a report: made (the number of what was made
 * once), or subscription, page, approve_url, expired (the page), live (whether
 * it is charged), item, amount or price (what it costs), begins_at (its periods
 * count from then), facts.
 */
extern void va_plan_read(const VaPlanOrder *order, const VaHttpResponse *response, VaPlanReader report_of,
	VaPaymentWords words_of, VaArena *arena, VaPaymentReply *reply);
/* One more of the report's facts. */
extern void va_plan_add_fact(json_t *report, const VaPlanFact *fact);
/* Seconds since 1970 of a time in words; 0: it is none. */
extern int64_t va_payment_time(const char *text);
/* An object's member that is an integer above or equal 0; -1: it has none. */
extern int64_t va_payment_integer(const json_t *object, const char *key);

#endif /* VOICEAGENT_PURE_PAYMENTS_INTERNAL_H */
