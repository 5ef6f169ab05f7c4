/*-------------------------------------------------------------------------
 * dial_turns.h
 *		Whose turn it is to dial.
 *
 * What makes a lead callable is a commit, which pokes the dialer with its
 * tenant, or time, which the lanes and the pacing tell by an index.  So a round
 * looks at the tenants that were poked, at those that became ready by time
 * since, and at those that claimed in the last round; however many others wait,
 * they cost nothing.  After a start, an error, a poke for everybody, and when
 * there are too many to remember, everybody is looked at, a few beside each
 * round; and so, where a round happens anyway after a while, should a poke have
 * been missed, is everybody who was not looked at in vain.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_DIAL_TURNS_H
#define VOICEAGENT_DIAL_TURNS_H

#include "runtime/worker.h"

/* Tenants served in one round; the next round goes on behind the last. */
#define VA_TURNS_MAX 100

/*
 * The tenants of a round that began then (clock()), at most VA_TURNS_MAX, and
 * their weights; a transaction of its own.  *more: others wait for the next round.  If there is
 * none, *next is when there will be.
 */
extern int va_turns(int64 *tenants, int *weights, TimestampTz began, bool *more, TimestampTz *next);
/* In a transaction: when time alone makes something due, seen from a round that began then. */
extern TimestampTz va_next_dial(TimestampTz began);

/* This tenant is served; it has its turn in the next round, too; it has none before a poke or its time,
 * but for one more look a moment later. */
extern void va_turn_began(int64 tenant_id);
extern void va_turn_again(int64 tenant_id);
extern void va_turn_done(int64 tenant_id);
/* It is at its caps with so many live calls: none before one of them ends, or after a moment (a cap may be raised). */
extern void va_turn_full(int64 tenant_id, int64 live);
/* When that moment is over, DT_NOEND: nobody waits for it; woken: something has happened since. */
extern TimestampTz va_full_again(bool woken);
extern void va_turns_of_everybody(void);
/* Also those at their caps: what held them may not have been a cap. */
extern void va_turns_of_full(void);

#endif /* VOICEAGENT_DIAL_TURNS_H */
