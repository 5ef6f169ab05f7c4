/*-------------------------------------------------------------------------
 * rooms.c
 *		Turns the rooms of a worker, and survives their errors.
 *
 * No locks.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "common/pg_prng.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "storage/lwlock.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "backoff.h"
#include "compat.h"
#include "rooms.h"
#include "slot.h"

#define FIRST_BACKOFF_MS 1000
#define MAX_BACKOFF_MS 60000

typedef struct RoomState
{
	const VaRoom *room;
	bool started;
	VaWake pending;
	TimestampTz deadline;	   /* of the room itself */
	TimestampTz poked_at;	   /* the last turn with a poke */
	TimestampTz backoff_until; /* 0 = well */
	int failures;			   /* in a row */
} RoomState;

static RoomState states[VA_MAX_ROOMS];
static int n_rooms = 0;

void
va_rooms_furnish(const VaRoom *const rooms[VA_MAX_ROOMS])
{
	for (n_rooms = 0; n_rooms < VA_MAX_ROOMS && rooms[n_rooms] != NULL; n_rooms++)
	{
		states[n_rooms].room = rooms[n_rooms];
		states[n_rooms].deadline = DT_NOEND;
	}
}

void
va_room_wake(const VaRoom *room, VaWake why)
{
	for (int i = 0; i < n_rooms; i++)
		if (states[i].room == room)
			states[i].pending |= why;
}

/*
 * Outside of a transaction nothing else gives these back.  The error may have
 * left a unit of its own (see va_try()): out of all of it, or the next turn
 * would begin in a transaction that has failed.
 */
static void
clean_up_after_error(void)
{
	AbortOutOfAnyTransaction();
	LWLockReleaseAll();
	pgstat_report_wait_end();
	pgstat_report_activity(STATE_IDLE, NULL);
}

/* The worker is well again when all of its rooms are. */
static void
note_recovery(RoomState *state)
{
	state->failures = 0;
	for (int i = 0; i < n_rooms; i++)
		if (states[i].failures > 0)
			return;
	va_slot_recovered();
}

static void
back_off(RoomState *state, VaWake why)
{
	int64 delay;

	/* Not in step with the workers that failed for the same reason. */
	delay = va_backoff_ms(state->failures + 1, FIRST_BACKOFF_MS, MAX_BACKOFF_MS,
						  pg_prng_uint64(&pg_global_prng_state));
	state->failures++;
	state->backoff_until = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), delay);
	state->deadline = DT_NOEND;
	state->pending |= VA_WAKE_RETRY | (why & ~VA_WAKE_TIMER);
}

static void
turn_room(RoomState *state, VaWorker *worker, MemoryContext scratch, VaWake why)
{
	PG_TRY();
	{
		MemoryContextReset(scratch);
		(void) MemoryContextSwitchTo(scratch);
		if (!state->started)
		{
			state->room->start(worker);
			state->started = true;
		}
		state->deadline = state->room->turn(worker, why);
		if (IsTransactionState())
			ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR),
							errmsg("room \"%s\" has left a transaction open", state->room->name)));
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
		back_off(state, why);
		RESUME_INTERRUPTS();
	}
	PG_END_TRY();
	(void) MemoryContextSwitchTo(scratch);
}

void
va_check_between_turns(void)
{
	QueryCancelPending = false;
	if (!ProcDiePending)
		CHECK_FOR_INTERRUPTS();
}

/* Until when a poke waits for more; a clock that was set back keeps it no longer. */
static TimestampTz
rest_end(const RoomState *state, TimestampTz now)
{
	return now < state->poked_at ? 0 : TimestampTzPlusMilliseconds(state->poked_at, state->room->poke_rest_ms);
}

/* The reasons for a turn now; a poke that waits stays pending. */
static VaWake
take_reasons(RoomState *state, TimestampTz now)
{
	VaWake mine = state->pending;

	if ((mine & VA_WAKE_POKE) != 0 && rest_end(state, now) > now)
		mine &= ~VA_WAKE_POKE;
	else if ((mine & VA_WAKE_POKE) != 0)
		state->poked_at = now;
	state->pending &= ~mine;
	return mine;
}

static TimestampTz
next_turn(void)
{
	TimestampTz now = GetCurrentTimestamp();
	TimestampTz next = DT_NOEND;

	for (int i = 0; i < n_rooms; i++)
	{
		RoomState *state = &states[i];

		if (state->backoff_until != 0)
			next = Min(next, state->backoff_until);
		else if ((state->pending & ~VA_WAKE_POKE) != 0)
			next = DT_NOBEGIN;
		else
			next = Min(next, Min(state->deadline, state->pending != 0 ? rest_end(state, now) : DT_NOEND));
	}
	return next;
}

TimestampTz
va_rooms_turn(VaWorker *worker, MemoryContext scratch, VaWake why)
{
	for (int i = 0; i < n_rooms; i++)
	{
		RoomState *state = &states[i];
		TimestampTz now = GetCurrentTimestamp();
		VaWake mine;

		state->pending |= why;
		if (state->backoff_until > now)
			continue;
		state->backoff_until = 0;
		if (state->deadline <= now)
			state->pending |= VA_WAKE_TIMER;
		mine = take_reasons(state, now);
		if (mine == 0)
			continue;
		turn_room(state, worker, scratch, mine);
		va_check_between_turns();
		if (ProcDiePending)
			break;
	}
	return next_turn();
}

void
va_rooms_stop(VaWorker *worker)
{
	for (int i = n_rooms - 1; i >= 0; i--)
		if (states[i].started && states[i].room->stop != NULL)
			states[i].room->stop(worker);
}
