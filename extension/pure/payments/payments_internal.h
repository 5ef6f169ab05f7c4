/*-------------------------------------------------------------------------
 * payments_internal.h
 *		Functions that the drivers of payment vendors share.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_PURE_PAYMENTS_INTERNAL_H
#define VOICEAGENT_PURE_PAYMENTS_INTERNAL_H

#include "payments.h"
#include "pure/providers/common/requests.h"

/* The body as an object; json_decref() it.  If NULL, reply says why. */
extern json_t *va_payment_body(const VaHttpResponse *response, VaArena *arena, VaPaymentReply *reply);
/* Sets reply for a status other than success, with the vendor's words. */
extern void va_payment_refusal(int status, const char *message, VaPaymentReply *reply);
/* Takes over the reference to report. */
extern void va_payment_report(VaPaymentReply *reply, json_t *report, VaArena *arena);
/* Reports that the vendor knows no such object. */
extern void va_payment_missing(VaPaymentReply *reply);
/* VaPlanReader reads an answer into an empty report; VaPaymentWords returns the reason of a refusal. */
typedef void (*VaPlanReader)(const VaPlanOrder *order, const json_t *body, json_t *report, VaArena *arena);
typedef const char *(*VaPaymentWords)(const json_t *body);
/*
 * Reads the answer to a plan's task into a report: made (the number of a product,
 * coupon or price), or subscription, page, approve_url, expired (the page), live
 * (whether it is charged), item, amount or price (its cost), begins_at (the start
 * of its first period), facts.
 */
extern void va_plan_read(const VaPlanOrder *order, const VaHttpResponse *response, VaPlanReader report_of,
	VaPaymentWords words_of, VaArena *arena, VaPaymentReply *reply);
/* Adds a fact to the report. */
extern void va_plan_add_fact(json_t *report, const VaPlanFact *fact);
/* Parses a time into seconds since 1970; 0 if text is not a time. */
extern int64_t va_payment_time(const char *text);
/* The member key of an object if it is an integer of at least 0, or else -1. */
extern int64_t va_payment_integer(const json_t *object, const char *key);

#endif /* VOICEAGENT_PURE_PAYMENTS_INTERNAL_H */
