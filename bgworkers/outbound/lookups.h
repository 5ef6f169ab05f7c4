/*-------------------------------------------------------------------------
 * lookups.h
 *		Asking carriers what became of calls whose lease has ended.
 *
 * A part of the task `lookups` (outbound/call_leases.c), which calls these in its turns. A question that is
 * lost, with the process or otherwise, is asked again: the lease is pushed in the commit before the question
 * leaves, and ends once more.
 */
#ifndef VOICEAGENT_LOOKUPS_H
#define VOICEAGENT_LOOKUPS_H

#include "runtime/worker.h"

/*
 * Whether carriers other than the sandbox may be asked: not by a copy of the
 * database, nor with a moved clock.
 */
extern bool va_may_ask_real_carriers(const VaWorker *worker);

/* Asks about the calls that are due, as many as may be on their way at once. */
extern void va_lookups_ask_due(VaWorker *worker);
/* Asks for the next pages of lists that go on. */
extern void va_lookups_ask_on(VaWorker *worker);
/* Whether answers wait to be noted, and notes them. */
extern bool va_lookups_answered(void);
extern void va_lookups_note(void);
/* Whether answers are expected: calls that are due may have to wait for one. */
extern bool va_lookups_under_way(void);

#endif /* VOICEAGENT_LOOKUPS_H */
