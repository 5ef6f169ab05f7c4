/*-------------------------------------------------------------------------
 * guest_limits.h
 *		Limits of the process `guest` and the processes `api`: memory, time, and no parallel workers.
 *
 * The limits hold whatever a tenant's text does: the system refuses memory
 * behind the limit, which PostgreSQL reports as an ordinary error, and a timer
 * cancels what takes too long.
 */
#ifndef VOICEAGENT_GUEST_LIMITS_H
#define VOICEAGENT_GUEST_LIMITS_H

#include "postgres.h"

/* Once, when the session has its role: after that it cannot take more. */
extern void va_guest_limits(const char *process);

/*
 * Has the process kept half of what it may have? PostgreSQL keeps for ever what
 * some texts make it read, such as names of time zones; then it is time for a
 * fresh process. So is it for a unit that ran out of memory after others had
 * left some behind (used_before: va_guest_memory_used() at its begin): true
 * then, and the unit is to be tried in that process.
 */
extern bool va_guest_is_worn(void);
extern size_t va_guest_memory_used(void);
extern bool va_guest_starved(size_t used_before, const char *sqlstate);

/* Runs a unit in a subtransaction, for voiceagent.guest_timeout at most; otherwise it is va_try(). */
extern bool va_guest_try(void (*unit)(void *arg), void *arg, char sqlstate[6], char **message);

/* The same for another time; limit: what has that length, in words. */
extern bool va_timed_try(
	void (*unit)(void *arg), void *arg, int ms, const char *limit, char sqlstate[6], char **message);

/*
 * In SQL, limit_step(ms): from now on the session's statement is cancelled (57014) after that time; 0 ends the limit, and
 * what the timer did meanwhile.  A session that has a limit of its own keeps that.
 */

#endif /* VOICEAGENT_GUEST_LIMITS_H */
