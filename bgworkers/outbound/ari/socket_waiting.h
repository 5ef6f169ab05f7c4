/*-------------------------------------------------------------------------
 * socket_waiting.h
 *		Asking a carrier with a socket for its live calls, because no process
 *		may have listened meanwhile.
 *
 * No statement is run here; the room that owns the socket takes the answer in
 * its turn.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_SOCKET_WAITING_H
#define VOICEAGENT_SOCKET_WAITING_H

#include "postgres.h"

#include "runtime/account.h"
#include "datatype/timestamp.h"

/* One question; malloc'ed, because it outlives turns. */
typedef struct VaWaitingQuestion VaWaitingQuestion;

/* Asks; NULL: with why in err.  The account need not live longer than the call. */
extern VaWaitingQuestion *va_waiting_ask(VaWorker *worker, const VaAccount *account, char *err, size_t errlen);

/* When it was asked, by the real clock. */
extern TimestampTz va_waiting_asked_at(const VaWaitingQuestion *question);
/* Whether there is an answer, or none will come. */
extern bool va_waiting_is_over(const VaWaitingQuestion *question);
/* The answer, with the account loaded again; false: why there is none that can be used. */
extern bool va_waiting_read(const VaWaitingQuestion *question, const VaAccount *account, VaArena *arena,
							VaWaiting *waiting, const char **why);

/* Drops it, answered or not. */
extern void va_waiting_forget(VaWaitingQuestion *question);

#endif							/* VOICEAGENT_SOCKET_WAITING_H */
