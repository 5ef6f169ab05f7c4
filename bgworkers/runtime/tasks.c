/*-------------------------------------------------------------------------
 * tasks.c
 *		Turns the tasks of a worker, and survives their errors.
 *
 * No locks.
 */
#include "postgres.h"

#include "access/xact.h"
#include "common/pg_prng.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "storage/lwlock.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"
#include "utils/wait_event.h"

#include "pure/net/backoff.h"
#include "core/clock.h"
#include "core/compat.h"
#include "core/counters.h"
#include "runtime.h"
#include "worker.h"

#define FIRST_BACKOFF_MS 1000
#define MAX_BACKOFF_MS 60000
/* The longest after a lack that others may end at any moment: of memory, of place in the table of locks, a lock. */
#define MAX_LACK_BACKOFF_MS 2000

typedef struct TaskState
{
	const VaTask *impl;
	bool mine; /* this process runs it */
	bool started;
	VaWake pending;
	TimestampTz deadline;	   /* of the task itself */
	TimestampTz poked_at;	   /* the last turn with a poke */
	TimestampTz backoff_until; /* 0 = well */
	int failures;			   /* in a row */
} TaskState;

static TaskState states[VA_TASKS];

void
va_tasks_register(const VaTask *const tasks[VA_TASKS])
{
	for (int task = 0; task < VA_TASKS; task++)
		states[task].impl = tasks[task];
}

void
va_tasks_poke(VaTasks tasks)
{
	va_poke_now(MyDatabaseId, tasks);
}

/*
 * Outside of a transaction nothing else releases these. The error may have come
 * out of a unit (see va_try()): leave all of it, or the next turn would begin
 * in a failed transaction.
 */
static void
clean_up_after_error(void)
{
	AbortOutOfAnyTransaction();
	LWLockReleaseAll();
	pgstat_report_wait_end();
	pgstat_report_activity(STATE_IDLE, NULL);
}

/* The worker is well again when all of its tasks are. */
static void
note_recovery(TaskState *state)
{
	state->failures = 0;
	for (int task = 0; task < VA_TASKS; task++)
		if (states[task].failures > 0)
			return;
	va_slot_recovered();
}

static void
back_off(TaskState *state, VaWake why, int sqlerrcode)
{
	bool lack = sqlerrcode == ERRCODE_OUT_OF_MEMORY || sqlerrcode == ERRCODE_PROGRAM_LIMIT_EXCEEDED ||
				sqlerrcode == ERRCODE_LOCK_NOT_AVAILABLE;
	int64 delay;

	/* Half random, so that workers that failed for the same reason do not retry in step. */
	delay = va_backoff_ms(state->failures + 1, FIRST_BACKOFF_MS, lack ? MAX_LACK_BACKOFF_MS : MAX_BACKOFF_MS,
		pg_prng_uint64(&pg_global_prng_state));
	state->failures++;
	state->backoff_until = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), delay);
	state->deadline = DT_NOEND;
	state->pending |= VA_WAKE_RETRY | (why & ~VA_WAKE_TIMER);
}

static void
turn_task(TaskState *state, VaWorker *worker, MemoryContext scratch, VaWake why)
{
	PG_TRY();
	{
		MemoryContextReset(scratch);
		(void) MemoryContextSwitchTo(scratch);
		if (!state->started)
		{
			state->impl->start(worker);
			state->started = true;
		}
		state->deadline = state->impl->turn(worker, why);
		if (IsTransactionState())
			ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR),
							   errmsg("task \"%s\" has left a transaction open", state->impl->name)));
		if (state->failures > 0)
			note_recovery(state);
	}
	PG_CATCH();
	{
		ErrorData *error;

		HOLD_INTERRUPTS();
		(void) MemoryContextSwitchTo(scratch);
		error = CopyErrorData();
		EmitErrorReport();
		clean_up_after_error();
		FlushErrorState();
		(void) MemoryContextSwitchTo(scratch);
		va_slot_failing(error->sqlerrcode, error->message);
		va_count(error->sqlerrcode == ERRCODE_LOCK_NOT_AVAILABLE ? VA_COUNT_ERROR_LOCK : VA_COUNT_ERROR_DATABASE, 1);
		back_off(state, why, error->sqlerrcode);
		RESUME_INTERRUPTS();
	}
	PG_END_TRY();
	(void) MemoryContextSwitchTo(scratch);
}

void
va_check_between_turns(void)
{
	QueryCancelPending = false;
	/*
	 * A cancel (lock_timeout) that the server met together with a barrier raised its error first: the barrier is
	 * noted, and nothing looks for it again.  The DROP DATABASE that sent it, whichever database, would wait for ever.
	 */
	if (ProcSignalBarrierPending)
		InterruptPending = true;
	if (!ProcDiePending)
		CHECK_FOR_INTERRUPTS();
}

/* ----- which are ours ----- */

/* While slots are few a process may get tasks of another kind, or lose the sandbox's. */
static void
take_tasks(VaWorker *worker)
{
	for (int task = 0; task < VA_TASKS; task++)
	{
		TaskState *state = &states[task];
		bool mine = va_process_of_task((VaTaskId) task) == worker->kind && (task != VA_TASK_SANDBOX || va_guc_sandbox);

		if (mine == state->mine)
			continue;
		if (!mine && state->started && state->impl->stop != NULL)
			state->impl->stop(worker);
		*state = (TaskState){ .impl = state->impl, .mine = mine, .pending = VA_WAKE_START, .deadline = DT_NOEND };
	}
}

/* ----- reasons ----- */

/* Until when a poke waits for others; no longer than that if the clock was set back. */
static TimestampTz
rest_end(const TaskState *state, TimestampTz now)
{
	return now < state->poked_at ? 0 : TimestampTzPlusMilliseconds(state->poked_at, state->impl->poke_rest_ms);
}

/* The reasons for a turn now; a poke of a task that rests or backs off is left where it is. */
static VaWake
take_reasons(VaTaskId task, TimestampTz now)
{
	TaskState *state = &states[task];
	VaWake mine = state->pending;

	state->pending = 0;
	if (rest_end(state, now) <= now && va_slot_take_pokes(VA_TASK_BIT(task)) != 0)
	{
		state->poked_at = now;
		mine |= VA_WAKE_POKE;
	}
	return mine;
}

TimestampTz
va_tasks_next(void)
{
	TimestampTz now = GetCurrentTimestamp();
	VaTasks poked = va_slot_pokes();
	TimestampTz next = DT_NOEND;

	for (int task = 0; task < VA_TASKS; task++)
	{
		TaskState *state = &states[task];

		if (!state->mine)
			continue;
		if (state->backoff_until != 0)
			next = Min(next, va_until(state->backoff_until, MAX_BACKOFF_MS * INT64CONST(1000)));
		else if (state->pending != 0)
			next = DT_NOBEGIN;
		else
			next = Min(next, Min(state->deadline, (poked & VA_TASK_BIT(task)) != 0 ? rest_end(state, now) : DT_NOEND));
	}
	return next;
}

void
va_tasks_turn(VaWorker *worker, MemoryContext scratch, VaWake why)
{
	take_tasks(worker);
	for (int task = 0; task < VA_TASKS && !ProcDiePending; task++)
	{
		TaskState *state = &states[task];
		TimestampTz now = GetCurrentTimestamp();
		VaWake mine;

		if (!state->mine)
			continue;
		state->pending |= why;
		if (va_until(state->backoff_until, MAX_BACKOFF_MS * INT64CONST(1000)) > now)
			continue;
		state->backoff_until = 0;
		if (state->deadline <= now)
			state->pending |= VA_WAKE_TIMER;
		mine = take_reasons((VaTaskId) task, now);
		if (mine == 0)
			continue;
		turn_task(state, worker, scratch, mine);
		va_check_between_turns();
	}
}

void
va_tasks_stop(VaWorker *worker)
{
	for (int task = VA_TASKS - 1; task >= 0; task--)
		if (states[task].started && states[task].impl->stop != NULL)
			states[task].impl->stop(worker);
}
