/*-------------------------------------------------------------------------
 * counters.h
 *		Counts of a database since the server started: counters
 *		and times in shared memory, for GET /metrics.
 *
 * They belong to the database's slot of the registry, so a worker that is
 * started again goes on counting where the last one stopped; a crash of the
 * server begins at 0, which Prometheus takes for what it is.  No lock: each
 * number is an atomic, and nothing is decided by any of them.
 *
 * Without a slot (the library is not preloaded, the database has no workers)
 * nothing is counted, and nothing fails.
 */
#ifndef VOICEAGENT_COUNTERS_H
#define VOICEAGENT_COUNTERS_H

#include "postgres.h"

#include "counter_cells.h"

/* For this process's database; at once, whatever becomes of the transaction: call it after the commit. */
extern void va_count(VaCounter counter, uint64 n);
extern void va_time(VaTimer timer, int64 microseconds);

/* A call has this outcome, if the transaction commits. */
extern void va_count_outcome(const char *outcome);

/* Registers the transaction callback of voiceagent_private.count_outcomes(), which counts at commit. */
extern void va_counters_register(void);

#endif /* VOICEAGENT_COUNTERS_H */
