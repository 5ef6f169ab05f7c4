/*-------------------------------------------------------------------------
 * wake.h
 *		Work announces itself to a task by the latch of its process, at commit.
 *
 * va_poke() only marks the wish; the commit sets the latch, an abort (of the
 * subtransaction, too) forgets it.  As with NOTIFY, a transaction that has
 * poked cannot be prepared.  A worker that is not running is not an error: a
 * worker looks at everything when it starts.
 */
#ifndef VOICEAGENT_WAKE_H
#define VOICEAGENT_WAKE_H

#include "datatype/timestamp.h"

#include "voiceagent.h"

/* Why a worker's turn happens; a bit mask. */
typedef uint32 VaWake;
#define VA_WAKE_START ((VaWake) 1)	 /* first turn: look at everything */
#define VA_WAKE_POKE ((VaWake) 2)	 /* a commit announced work */
#define VA_WAKE_TIMER ((VaWake) 4)	 /* the task own deadline has passed */
#define VA_WAKE_IO ((VaWake) 8)		 /* callbacks of the loop have run */
#define VA_WAKE_RELOAD ((VaWake) 16) /* settings were reloaded */
#define VA_WAKE_RETRY ((VaWake) 32)	 /* again after an error: look at everything */

/*
 * At the commit of this transaction, tell the clients that have subscribed to
 * the tenant's events, by the task `news`: a NOTIFY in this transaction would
 * make its commit wait for, or fail by, a queue that all sessions share.
 */
extern void va_tell_news(int64 tenant_id);
/* The tenants of whom there are news since the last call, at most VA_TENANTS_MAX; *all: of others as well. */
extern int va_take_news(int64 *tenants, bool *all);
/* At the commit of this transaction, have the task `figures` fold what it has changed of the tenant's calls. */
extern void va_tell_figures(int64 tenant_id);
/* Likewise the tenants for which the task is woken. */
extern int va_take_figures(int64 *tenants, bool *all);
/* Hands tenants of whom there are news on to the task web, if it runs. */
extern void va_have_heard(const int64 *tenants, int n, bool all);
extern int va_take_heard(int64 *tenants, bool *all);
/* Likewise the tenants for which the dialer was poked. */
extern int va_take_dials(int64 *tenants, bool *all);

extern void va_wake_init(void);

/*
 * At the commit of this transaction, have these tasks of this database look for
 * work; the dialer for that of the tenant that the transaction is about at this
 * moment, for everybody's when it is about none.
 */
extern void va_poke(VaTasks tasks);
/* The same, the dialer for everybody's work: what changes concerns more tenants than one. */
extern void va_poke_for_all(VaTasks tasks);
/*
 * At the commit of this transaction, have the task lookups look at this time
 * (of va_clock_now()) at the latest: it is woken only where it would look later.
 */
extern void va_poke_lookups_by(TimestampTz at);
/* When lookups looks by itself; DT_NOEND before it reads that from the rows, so that what commits meanwhile wakes it. */
extern void va_lookups_look_at(TimestampTz real_time);
/* Returns the tenant of a transaction, 0: none in particular; a room above sets it. */
extern int64 (*va_tenant_at_work)(void);
/* At the commit of this transaction, have the launcher look at this database (again). */
extern void va_poke_launcher(Oid database, bool enabled);
extern void va_poke_launcher_rescan(void);

/* At once, outside of any transaction (one worker to another); the dialer for everybody's work. */
extern void va_poke_now(Oid database, VaTasks tasks);
extern void va_wake_launcher_now(void);

#endif /* VOICEAGENT_WAKE_H */
