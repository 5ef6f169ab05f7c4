/*-------------------------------------------------------------------------
 * counters.h
 *		What has happened in a database since the server started: counters
 *		and times in shared memory, for GET /metrics.
 *
 * They belong to the database's slot of the registry, so a worker that is
 * started again goes on counting where the last one stopped; a crash of the
 * server begins at 0, which Prometheus takes for what it is.  No lock: each
 * number is an atomic, and nothing is decided by any of them.
 *
 * Without a slot (the library is not preloaded, the database has no workers)
 * nothing is counted, and nothing fails.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_COUNTERS_H
#define VOICEAGENT_COUNTERS_H

#include "postgres.h"

#include "port/atomics.h"

/* The results of dials come in the order of VaDialKind. */
typedef enum VaCounter
{
	VA_COUNT_DIALS = 0,
	VA_COUNT_DIALS_LAST = VA_COUNT_DIALS + 5,
	VA_COUNT_WEBHOOK_STORED,
	VA_COUNT_WEBHOOK_MALFORMED, /* genuine, but set aside */
	VA_COUNT_WEBHOOK_REFUSED,	/* forged or stale */
	VA_COUNT_WEBHOOK_UNKNOWN,	/* no such endpoint */
	VA_COUNT_WEBHOOK_FAILED,	/* could not be stored: the carrier sends it again */
	VA_COUNTERS
} VaCounter;

/* The outcomes of ended calls, by their names; what is none of them is counted as "other". */
#define VA_OUTCOMES_MAX 24

typedef enum VaTimer
{
	VA_TIME_DIAL = 0, /* request sent -> carrier answered */
	VA_TIME_WEBHOOK,  /* webhook received -> answered, that is: committed */
	VA_TIMERS
} VaTimer;

/* Upper bounds in microseconds are in counters.c; one bucket more for what takes longer. */
#define VA_TIMER_BUCKETS 14

typedef struct VaCounters
{
	pg_atomic_uint64 counter[VA_COUNTERS];
	pg_atomic_uint64 outcome[VA_OUTCOMES_MAX];
	pg_atomic_uint64 bucket[VA_TIMERS][VA_TIMER_BUCKETS];
	pg_atomic_uint64 timer_us[VA_TIMERS]; /* sum of all times */
} VaCounters;

/* Here, not in counters.c, because the registry makes its slots with it and counters.c asks the registry. */
static inline void
va_counters_init(VaCounters *counters)
{
	for (int i = 0; i < VA_COUNTERS; i++)
		pg_atomic_init_u64(&counters->counter[i], 0);
	for (int i = 0; i < VA_OUTCOMES_MAX; i++)
		pg_atomic_init_u64(&counters->outcome[i], 0);
	for (int t = 0; t < VA_TIMERS; t++)
	{
		for (int i = 0; i < VA_TIMER_BUCKETS; i++)
			pg_atomic_init_u64(&counters->bucket[t][i], 0);
		pg_atomic_init_u64(&counters->timer_us[t], 0);
	}
}

/* For this process's database; at once, whatever becomes of the transaction: call it after the commit. */
extern void va_count(VaCounter counter, uint64 n);
extern void va_time(VaTimer timer, int64 microseconds);

/* Registers the transaction callback of voiceagent_private.count_outcomes(), which counts at commit. */
extern void va_counters_register(void);

#endif /* VOICEAGENT_COUNTERS_H */
