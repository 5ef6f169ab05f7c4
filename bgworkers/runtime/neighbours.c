/*-------------------------------------------------------------------------
 * neighbours.c
 *		Whether the other processes still take their turns (contract in
 *		runtime.h).
 *
 * Every process publishes its turns, when the next one is due, and which pokes
 * it knew of when it came to rest (slot.c). It stands still when a turn is due,
 * or a poke has come since, and it has not turned for
 * voiceagent.standstill_after. The time counts from when we saw it first, and
 * not while we did not look, so that a machine that was asleep accuses no
 * process.
 *
 * No locks: only atomics and a pid are read; a stale pid costs one more look.
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "core/shmem.h"
#include "runtime.h"

/* If we are this much later than we wanted, it was not the neighbour that stood still. */
#define LATE_US (5 * USECS_PER_SEC)

/* The state seen of a neighbour. */
typedef struct Seen
{
	pid_t pid;
	uint64 turns;
	TimestampTz since; /* it has had work since then, at that number of turns; 0: it has none */
} Seen;

static Seen seen[VA_WORKER_KINDS];
static TimestampTz looked_at = 0;

static bool
has_work(VaWorkerSlot *slot, TimestampTz now)
{
	return (TimestampTz) pg_atomic_read_u64(&slot->due_at) <= now ||
		   (pg_atomic_read_u32(&slot->poked) & ~pg_atomic_read_u32(&slot->rests_with)) != 0;
}

/* Only one of the neighbours logs it. */
static void
tell(VaWorkerSlot *slot, VaWorkerKind kind, pid_t pid, TimestampTz since)
{
	uint64 none = 0;

	if (!pg_atomic_compare_exchange_u64(&slot->still_since, &none, (uint64) since))
		return;
	ereport(WARNING,
		(errmsg(
			 "process \"%s\" of voiceagent (PID %d) stands still: it has had work for %d s and has not finished a turn",
			 va_worker_kind_name(kind), (int) pid, va_guc_standstill_after_s),
			errhint("Look at what it waits for (pg_stat_activity, or its stack). "
					"When it is ended with pg_terminate_backend(%d), it is started again and loses nothing.",
				(int) pid)));
}

/* When to look at it again; DT_NOEND: it has nothing to do. */
static TimestampTz
watch(VaWorkerSlot *slot, VaWorkerKind kind, TimestampTz now)
{
	Seen *of = &seen[kind];
	pid_t pid = slot->pid;
	uint64 turns = pg_atomic_read_u64(&slot->turns);
	TimestampTz until;

	if (pid == 0 || !has_work(slot, now))
	{
		of->since = 0;
		return DT_NOEND;
	}
	if (of->since == 0 || of->pid != pid || of->turns != turns)
		*of = (Seen){ pid, turns, now };
	until = of->since + va_guc_standstill_after_s * USECS_PER_SEC;
	if (now < until)
		return until;
	tell(slot, kind, pid, of->since);
	return DT_NOEND;
}

TimestampTz
va_neighbours_watch(void)
{
	VaDatabaseSlot *home = va_slot_database();
	TimestampTz now = GetCurrentTimestamp();
	TimestampTz again = DT_NOEND;

	if (now > looked_at + va_guc_standstill_after_s * USECS_PER_SEC + LATE_US || now < looked_at)
		memset(seen, 0, sizeof(seen));
	looked_at = now;
	for (int k = 0; k < VA_WORKER_KINDS; k++)
		if (!va_slot_is_mine(&home->worker[k]))
			again = Min(again, watch(&home->worker[k], (VaWorkerKind) k, now));
	return again;
}
