/*-------------------------------------------------------------------------
 * clock_steps.c
 *		A clock that is set while we run (contract in clock_steps.h).
 */
#include "postgres.h"

#include <time.h>

#include "catalog/pg_type.h"
#include "utils/timestamp.h"

#include "clock.h"
#include "clock_steps.h"
#include "statement.h"
#include "worker.h"

/* A clock that differs by less is only kept in step. */
#define SET_BACK_US (10 * USECS_PER_SEC)

static TimestampTz latest = 0;	/* the latest time that was seen, by the product's clock */
static int64 clock_slack_ms = 0;	/* how far the clock was moved, all in all */

static VaStatement latest_statement = {"SELECT voiceagent_private.latest_time()", 0, {0}, NULL};

/* A clock that was set back from $1: waits end as long from now as they would have.  A commit each: no order of locks. */
#define SET_BACK(tab, column)                                                                                                              \
	{                                                                                                                                      \
		"UPDATE voiceagent_private." tab " SET " column " = " column " - ($1 - voiceagent.clock()) WHERE " column " > voiceagent.clock()"   \
		" AND " column " < 'infinity'", 1, {TIMESTAMPTZOID}, NULL                                                                          \
	}
static VaStatement set_back_statements[] = {
	SET_BACK("pacing", "next_dial_at"),
	SET_BACK("live_calls", "ends_by"),
	SET_BACK("live_calls", "lease_until"),
	SET_BACK("inbox", "next_try_at"),
	SET_BACK("outbox", "next_at"),
	SET_BACK("errand_queue", "next_at"),
	SET_BACK("outbox_targets", "rests_until"),
	{"SELECT voiceagent_private.set_back_queue($1)", 1, {TIMESTAMPTZOID}, NULL},
	{"SELECT voiceagent_private.recall_duties()", 0, {0}, NULL}
};

/*
 * By how much the clock was moved since the last look, in either direction:
 * what it says beyond the time that has passed.  A call that is looked for
 * around its dial would else be missed, and placed again.
 */
static void
note_steps(TimestampTz now)
{
	static TimestampTz then = 0;
	static int64 passed_then = 0;
	struct timespec monotonic;
	int64		passed;
	int64		step;

	clock_gettime(CLOCK_MONOTONIC, &monotonic);
	passed = monotonic.tv_sec * USECS_PER_SEC + monotonic.tv_nsec / 1000;
	if (then == 0)
	{
		then = latest != 0 && now < latest ? latest : now;
		passed_then = passed;
	}
	step = (now - then) - (passed - passed_then);
	if (step > SET_BACK_US || step < -SET_BACK_US)
		clock_slack_ms += (step < 0 ? -step : step) / 1000;
	then = now;
	passed_then = passed;
}

/* What was due stays due (55_call/35_clock.sql). */
void
va_clock_watch(void)
{
	TimestampTz now = va_clock_now();
	Datum		values[1] = {TimestampTzGetDatum(latest)};

	note_steps(now);
	if (now > latest - SET_BACK_US)
	{
		latest = Max(latest, now);
		return;
	}
	ereport(LOG, (errmsg("the clock was set back by " INT64_FORMAT " s: what was due stays due",
						 (latest - now) / USECS_PER_SEC)));
	for (int i = 0; i < (int) lengthof(set_back_statements); i++)
	{
		va_begin("follow the clock back");
		va_execute(&set_back_statements[i], values, NULL);
		va_commit();
	}
	latest = now;
	va_room_wake(&va_dialer_room, VA_WAKE_POKE);
	va_room_wake(&va_courier_room, VA_WAKE_POKE);
	va_room_wake(&va_errands_room, VA_WAKE_POKE);
	va_room_wake(&va_duties_room, VA_WAKE_POKE);
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
