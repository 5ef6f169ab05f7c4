/*-------------------------------------------------------------------------
 * fair_share.h
 *		Rounds of the tasks that send requests for tenants: which tenant is
 *		served when, and how often to look.
 *
 * A round serves every tenant with something due once, an equal share of the
 * wire each; the next one goes on behind the last tenant. However often the
 * room is poked, rounds have a minimum interval and take a tenth of the time at
 * most. An answer, which frees a place on the wire, does not wait.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_FAIR_SHARE_H
#define VOICEAGENT_FAIR_SHARE_H

#include "core/statement.h"
#include "worker.h"

/*
 * Claims up to limit requests of a tenant (commit) and sends them; how many.
 * When something of it may go later by itself, *again (real time) is set to
 * that if it is earlier.
 */
typedef int (*VaServeTenant)(VaWorker *worker, int64 tenant_id, int limit, TimestampTz *again);

/* One for each task; look_again is DT_NOEND at the beginning.  Times are real. */
typedef struct VaFairShare
{
	const char *file;		/* whose statements they are: __FILE__ */
	const char *recovering; /* what the beginning is called */
	VaStatement *recover;	/* () -> */
	const char *looking;	/* what a round is called */
	VaStatement *ready;		/* (after tenant, at most) -> rows of tenant_id, next_at, n: how many */
	VaServeTenant serve;
	const int *in_flight;
	int in_flight_max;
	int64 last_tenant;		/* whose turn it was last */
	TimestampTz look_again; /* nothing becomes due before it by itself */
	TimestampTz no_look_before;
} VaFairShare;

/*
 * How many more of max places on the wire a tenant may take that has own of
 * them, and the others others: half of what they leave free. However slow its
 * servers are, the next tenant still finds some.
 */
extern int va_fair_share_left(int max, int own, int others);

/* A task's start: its predecessor may have died between a request and its answer. */
extern void va_fair_share_start(VaFairShare *fair_share);

/* A task's turn after its answers (freed: there were some) have been noted: a round, when it is time.  When to look again. */
extern TimestampTz va_fair_share_round(VaFairShare *fair_share, VaWorker *worker, VaWake why, bool freed);

#endif /* VOICEAGENT_FAIR_SHARE_H */
