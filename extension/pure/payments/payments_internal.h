/*-------------------------------------------------------------------------
 * payments_internal.h
 *		Functions that the drivers of payment vendors share.
 */
#ifndef VOICEAGENT_PURE_PAYMENTS_INTERNAL_H
#define VOICEAGENT_PURE_PAYMENTS_INTERNAL_H

#include "payments.h"
#include "pure/providers/common/requests.h"

/* The answer as an object; json_decref() it.  If NULL, reply says why. */
extern json_t *va_payment_body(const VaHttpResponse *response, VaArena *arena, VaPaymentReply *reply);
/* Sets reply for a status other than success, with the vendor's words. */
extern void va_payment_refusal(int status, const char *message, VaPaymentReply *reply);
/*
 * A report about a plan has made (the number of a product, coupon or price), or
 * subscription, page, approve_url, expired (the page), live (whether it is
 * charged), item, amount or price (its cost), begins_at (the start of its first
 * period), facts.
 */
/* Reports the number of what was made. */
extern void va_plan_made(const VaPaymentOrder *order, const json_t *answer, json_t *report, VaArena *arena);
/* Maps a vendor's word to ours; NULL for one that is not listed. */
typedef struct VaPaymentWord
{
	const char *theirs;
	const char *ours;
} VaPaymentWord;
extern const char *va_payment_word(const VaPaymentWord *words, size_t n, const char *theirs);
#define VA_PAYMENT_WORD(words, theirs) va_payment_word(words, sizeof(words) / sizeof(words[0]), theirs)
/* Adds a fact to the report. */
extern void va_plan_add_fact(json_t *report, const VaPlanFact *fact);
/* Parses a time into seconds since 1970; 0 if text is not a time. */
extern int64_t va_payment_time(const char *text);
/* The member key of an object if it is an integer of at least 0, or else -1. */
extern int64_t va_payment_integer(const json_t *object, const char *key);

#endif /* VOICEAGENT_PURE_PAYMENTS_INTERNAL_H */
