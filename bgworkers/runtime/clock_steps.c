/*-------------------------------------------------------------------------
 * clock_steps.c
 *		A clock that is set while we run (contract in clock_steps.h).
 */
#include "postgres.h"

#include <time.h>

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "common/pg_prng.h"
#include "nodes/pg_list.h"
#include "utils/array.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "pure/net/backoff.h"
#include "core/clock.h"
#include "core/shmem.h"
#include "clock_steps.h"
#include "core/compat.h"
#include "tenancy/log_redaction.h"
#include "core/statement.h"
#include "worker.h"

/* A smaller difference is normal slewing. */
#define SET_BACK_US (10 * USECS_PER_SEC)

static TimestampTz latest = 0;	 /* the latest time that was seen, by the product's clock */
static int64 clock_slack_ms = 0; /* how far the clock was moved, all in all */

/* The latest time of which former workers left a trace. */
static VaStatement latest_statement = { "SELECT max(ran_at) FROM voiceagent_private.maintenance_jobs", 0, { 0 }, NULL };

/* The place of the lanes and of what waits in them; the tables of clock_waits count from 1. */
#define PLACE_QUEUE 0
/* Locked rows are left alone for about this long, then twice as long each time. */
#define FIRST_REST_MS 1000
#define MAX_REST_MS 10000
/* All is looked through once more after this long: longer than a transaction or a turn that began before the step. */
#define AGAIN_MS 10000
/*
 * ... but not later than this, nor after a smaller step: what is right lies behind the step's upper end then, such as a
 * lease that was just begun, or all that is written once the clock has gone forward again.
 */
#define AGAIN_WITHIN_US (10 * USECS_PER_MINUTE)

/*
 * A kind of rows whose times are to be moved from one clock time to another:
 * for all tenants (0), or for one tenant that was skipped.
 */
typedef struct Following
{
	int place;
	int64 tenant_id;
	bool again; /* what was written by the clock before the step since, by whoever had begun by then */
	TimestampTz from;
	TimestampTz to;
	TimestampTz paused_until;
	int failures; /* in a row */
} Following;

/*
 * Rows that are still to be moved, in the order of the steps. An entry leaves
 * the list once its rows have been moved, so neither an error nor a locked row
 * moves anything twice. A worker that dies loses this list: its rows keep their
 * old times.
 */
static List *following = NIL;
static ArrayBuildState *ours = NULL; /* the transactions that have moved rows, and 0 */
static bool moved = false;			 /* something was moved, and the tasks that wait for it are not woken yet */

static VaStatement places_statement = { "SELECT count(DISTINCT tab) FROM voiceagent_private.clock_waits", 0, { 0 },
	NULL };
/* A commit each, so that there is no order of locks. */
static VaStatement wait_statement = { "SELECT unnest(voiceagent_private.set_back_wait($5, $1, $2, $3, $4)) AS held", 5,
	{ TIMESTAMPTZOID, TIMESTAMPTZOID, INT8OID, XIDARRAYOID, INT4OID }, NULL };
static VaStatement queue_statement = { "SELECT unnest(voiceagent_private.set_back_queue($1, $2, $3, $4)) AS held", 4,
	{ TIMESTAMPTZOID, TIMESTAMPTZOID, INT8OID, XIDARRAYOID }, NULL };
static VaStatement recall_statement = { "SELECT voiceagent_private.requeue_jobs()", 0, { 0 }, NULL };

/*
 * By how much the clock was moved since the last look, in either direction: the
 * difference between what it says and the time that has passed. Without it, a
 * lookup around the time of a dial would miss the call, and the call would be
 * placed again.
 */
void
va_clock_note_steps(void)
{
	static TimestampTz then = 0;
	static int64 passed_then = 0;
	TimestampTz now = va_clock_now();
	struct timespec monotonic;
	int64 passed;
	int64 step;

	clock_gettime(CLOCK_MONOTONIC, &monotonic);
	passed = monotonic.tv_sec * USECS_PER_SEC + monotonic.tv_nsec / 1000;
	if (then == 0)
	{
		then = latest != 0 && now < latest ? latest : now;
		passed_then = passed;
	}
	step = (now - then) - (passed - passed_then);
	if (step > SET_BACK_US || step < -SET_BACK_US)
	{
		clock_slack_ms += (step < 0 ? -step : step) / 1000;
		pg_atomic_write_u64(&va_shmem()->clock_set_by_s, (uint64) (step / USECS_PER_SEC));
		pg_atomic_write_u64(&va_shmem()->clock_set_at, (uint64) now);
	}
	if (step > SET_BACK_US)
		ereport(LOG, (errmsg("the clock was set forward by " INT64_FORMAT " s: what has become due is done now",
						 step / USECS_PER_SEC)));
	then = now;
	passed_then = passed;
}

static void
remember(Following entry)
{
	MemoryContext old = MemoryContextSwitchTo(TopMemoryContext);
	Following *kept = palloc(sizeof(Following));

	*kept = entry;
	following = lappend(following, kept);
	(void) MemoryContextSwitchTo(old);
}

static void
note_set_back(TimestampTz from, TimestampTz to)
{
	TimestampTz later = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), AGAIN_MS);
	int rounds = from - to > AGAIN_WITHIN_US ? 2 : 1;
	ListCell *cell;
	int places;

	va_begin("follow the clock back");
	va_execute(&places_statement, NULL, NULL);
	places = (int) va_single_int();
	va_commit();
	/* These rest by the clock before the step. */
	foreach (cell, following)
		((Following *) lfirst(cell))->paused_until = 0;
	/* 1, 2, ..., the queue, and once more. */
	for (int i = 1; i <= rounds * (places + 1); i++)
		remember((Following){ i % (places + 1), 0, i > places + 1, from, to, i > places + 1 ? later : 0, 0 });
}

static TimestampTz
rest_end(int failures)
{
	return TimestampTzPlusMilliseconds(GetCurrentTimestamp(),
		va_backoff_ms(failures, FIRST_REST_MS, MAX_REST_MS, pg_prng_uint64(&pg_global_prng_state)));
}

typedef struct Attempt
{
	const Following *entry;
	int64 *held; /* tenants that were passed over */
	int n;
} Attempt;

static void
follow(void *arg)
{
	Attempt *attempt = arg;
	const Following *entry = attempt->entry;
	int n = entry->again ? ours->nelems : 0;
	ArrayType *xids = construct_array(
		n > 0 ? ours->dvalues : NULL, n, XIDOID, sizeof(TransactionId), true, TYPALIGN_INT);
	Datum values[5] = { TimestampTzGetDatum(entry->from), TimestampTzGetDatum(entry->to),
		Int64GetDatum(entry->tenant_id), PointerGetDatum(xids), Int32GetDatum(entry->place) };

	if (entry->place == PLACE_QUEUE)
		attempt->n = (int) va_execute(&queue_statement, values, NULL);
	else
		attempt->n = (int) va_execute(&wait_statement, values, NULL);
	ours = accumArrayResult(
		ours, TransactionIdGetDatum(GetCurrentTransactionIdIfAny()), false, XIDOID, TopMemoryContext);
	attempt->held = palloc(sizeof(int64) * Max(attempt->n, 1));
	for (int i = 0; i < attempt->n; i++)
		attempt->held[i] = va_column_int(i, "held", 0);
}

/* True: the rows have been moved, or are not to be any more, except those of skipped tenants, each of which is remembered by itself. */
static bool
follow_place(Following *entry)
{
	Attempt attempt = { .entry = entry };
	char sqlstate[6];
	char *message;
	ListCell *cell;
	bool done;

	if (entry->again && va_clock_now() - entry->to > AGAIN_WITHIN_US)
		return true;
	/* A first move that is still due takes all rows written until then. */
	foreach (cell, following)
		if (entry->again && !((Following *) lfirst(cell))->again && ((Following *) lfirst(cell))->place == entry->place)
		{
			entry->paused_until = rest_end(1);
			return false;
		}
	va_begin("follow the clock back");
	done = va_try(follow, &attempt, sqlstate, &message);
	va_commit();
	if (!done && entry->failures == 0)
		ereport(LOG, (errmsg("could not follow the clock back, and will try again: %s: %s", sqlstate,
						 va_mask_caught(message, sqlstate))));
	if (!done || (entry->tenant_id != 0 && attempt.n > 0))
	{
		entry->paused_until = rest_end(++entry->failures);
		return false;
	}
	for (int i = 0; i < attempt.n; i++)
		remember((Following){ .place = entry->place,
			.tenant_id = attempt.held[i],
			.again = entry->again,
			.from = entry->from,
			.to = entry->to,
			.paused_until = rest_end(1),
			.failures = 1 });
	return true;
}

/* All that does not rest; those that are remembered meanwhile do. */
static void
follow_all(void)
{
	int i = 0;

	while (i < list_length(following))
	{
		Following *entry = list_nth(following, i);

		if (entry->paused_until > GetCurrentTimestamp() || !follow_place(entry))
		{
			i++;
			continue;
		}
		moved = true;
		following = list_delete_nth_cell(following, i);
		pfree(entry);
		CHECK_FOR_INTERRUPTS();
	}
}

/* Jobs have computed their times from the old clock. */
static void
tell_moved(void)
{
	va_begin("recall maintenance jobs after the clock was set back");
	va_execute(&recall_statement, NULL, NULL);
	va_commit();
	va_tasks_poke(VA_TASK_BIT(VA_TASK_DIALER) | VA_TASK_BIT(VA_TASK_LOOKUPS) | VA_TASK_BIT(VA_TASK_OUTBOX) |
				  VA_TASK_BIT(VA_TASK_PROVIDER_REQUESTS) | VA_TASK_BIT(VA_TASK_JOBS));
	moved = false;
}

/* Due rows stay due (95_ops/10_deadlines.sql). */
bool
va_clock_watch(void)
{
	TimestampTz now = va_clock_now();

	va_clock_note_steps();
	if (now <= latest - SET_BACK_US)
	{
		ereport(LOG, (errmsg("the clock was set back by " INT64_FORMAT " s: what was due stays due",
						 (latest - now) / USECS_PER_SEC)));
		note_set_back(latest, now);
		latest = now;
	}
	latest = Max(latest, now);
	follow_all();
	if (!moved)
		return false;
	tell_moved();
	return true;
}

TimestampTz
va_clock_watch_due(void)
{
	TimestampTz due = DT_NOEND;
	ListCell *cell;

	foreach (cell, following)
		due = Min(due, ((Following *) lfirst(cell))->paused_until);
	return due;
}

void
va_clock_watch_from(void)
{
	va_execute(&latest_statement, NULL, NULL);
	latest = va_single_time();
	if (TIMESTAMP_NOT_FINITE(latest))
		latest = va_clock_now();
}

int64
va_clock_slack_ms(void)
{
	return clock_slack_ms;
}
