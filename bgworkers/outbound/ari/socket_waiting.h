/*-------------------------------------------------------------------------
 * socket_waiting.h
 *		Asking a carrier with a socket for its live calls, because no process
 *		may have listened meanwhile.
 *
 * No statement is run here; the task that owns the socket takes the answer in
 * its turn.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_SOCKET_WAITING_H
#define VOICEAGENT_SOCKET_WAITING_H

#include "postgres.h"

#include "runtime/account.h"
#include "datatype/timestamp.h"

/* One question; malloc'ed, because it outlives turns. */
typedef struct VaWaitingLookup VaWaitingLookup;

/* Asks; NULL: with why in err.  The account need not live longer than the call. */
extern VaWaitingLookup *va_waiting_ask(VaWorker *worker, const VaOpenAccount *account, char *err, size_t errlen);

/* When it was asked, by the real clock. */
extern TimestampTz va_waiting_asked_at(const VaWaitingLookup *question);
/* Whether there is an answer, or none will come. */
extern bool va_waiting_is_over(const VaWaitingLookup *question);
/* The answer, with the account loaded again; false: why there is none that can be used. */
extern bool va_waiting_read(const VaWaitingLookup *question, const VaOpenAccount *account, VaArena *arena,
	VaWaiting *waiting, const char **why);

/* Drops it, answered or not. */
extern void va_waiting_forget(VaWaitingLookup *question);

#endif /* VOICEAGENT_SOCKET_WAITING_H */
