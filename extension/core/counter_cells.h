/*-------------------------------------------------------------------------
 * counter_cells.h
 *		The cells of one database's counters, as they lie in its slot of the
 *		registry; counters.h counts in them.
 */
#ifndef VOICEAGENT_COUNTER_CELLS_H
#define VOICEAGENT_COUNTER_CELLS_H

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
	VA_COUNT_FRAME_STORED,		/* of carriers' sockets */
	VA_COUNT_FRAME_SILENT,		/* it tells nothing of a call */
	VA_COUNT_FRAME_UNREADABLE,
	VA_COUNT_FRAME_FOREIGN, /* of another application than ours */
	VA_COUNT_FRAME_TOO_LARGE,
	VA_COUNT_ERROR_DATABASE, /* of a statement, whoever caught it */
	VA_COUNT_ERROR_LOCK,	 /* ... which waited for a lock for too long, and is tried again */
	VA_COUNT_ERROR_SOCKET,	 /* a socket of a carrier could not be opened, or was lost */
	VA_COUNT_ERROR_MODEL,	 /* a language model answered nothing that can be used */
	VA_COUNT_ERROR_MODEL_LIMIT,
	VA_COUNT_ERROR_ENGINE, /* of calls that we hold; in the order of VaEngineError */
	VA_COUNT_ERROR_ENGINE_LAST = VA_COUNT_ERROR_ENGINE + 4,
	VA_COUNTERS
} VaCounter;

/* Names that SQL counts, above all outcomes of ended calls; any other is counted as "other". */
#define VA_OUTCOMES_MAX 32

typedef enum VaTimer
{
	VA_TIME_DIAL = 0,	 /* request sent -> carrier answered */
	VA_TIME_WEBHOOK,	 /* webhook received -> answered, that is: committed */
	VA_TIME_TRANSACTION, /* of a worker, from its begin to its commit */
	VA_TIME_FOLD,		 /* a batch of calls folded into figures and words */
	VA_TIME_RECOGNISED,	 /* a person's last sound in a call that we hold -> the words are known */
	VA_TIME_TOKEN,		 /* ... -> something of the answer has come */
	VA_TIME_SOUND,		 /* ... -> we are heard */
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

#endif /* VOICEAGENT_COUNTER_CELLS_H */
