/*-------------------------------------------------------------------------
 * idempotent_retry.h
 *		A dial whose answer was lost, sent once more where the carrier
 *		promises that the same request dials once (dial_repeatable_s).
 *
 * The request is kept in this process's memory, secrets and all, from the dial
 * to its answer; nothing of it is stored. A process that dies loses it, and the
 * carrier is asked about the call as after any dial.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_IDEMPOTENT_RETRY_H
#define VOICEAGENT_IDEMPOTENT_RETRY_H

#include "runtime/account.h"
#include "runtime/worker.h"

typedef struct VaIdempotentRetry VaIdempotentRetry;

/* A copy of the request, malloc'ed; NULL when the carrier promises nothing, or without memory. */
extern VaIdempotentRetry *va_retry_keep(const VaOpenAccount *account, const VaHttpRequest *request);

/* May it still be sent, so that it arrives in time? False for NULL. */
extern bool va_retry_in_time(const VaIdempotentRetry *retry);

/* Was it sent more than once? Then only an answer that the call was taken can be believed. */
extern bool va_retry_was_sent(const VaIdempotentRetry *retry);

/* As va_account_send(); it may wait for its turn as long as the carrier's promise lasts. */
extern bool va_retry_send(
	VaWorker *worker, VaIdempotentRetry *retry, VaHttpDone done, void *ctx, char *err, size_t errlen);

/*
 * What counts as the answer when a send came too late for its turn: for a
 * repetition the lost answer to the send before it, which says why the call's
 * disposition is unknown; else `late` itself. Takes `late`, and gives the result that
 * it returns. NULL is allowed for repeat.
 */
extern VaHttpResult *va_retry_unsent(VaIdempotentRetry *retry, VaHttpResult *late);

/*
 * Takes the dials whose answers were lost, and which may be sent once more,
 * out of the list of those that are answered and sends them.  No transaction.
 */
extern void va_retry_lost(VaWorker *worker);

/* Wipes and frees; NULL is allowed. */
extern void va_retry_free(VaIdempotentRetry *retry);

#endif /* VOICEAGENT_IDEMPOTENT_RETRY_H */
