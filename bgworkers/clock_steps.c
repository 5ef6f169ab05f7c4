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

/* A clock that was set back from $1 ($2 of the first): a commit each, so that there is no order of locks. */
static VaStatement wait_statement = {
	"SELECT voiceagent_private.set_back_wait($1, $2) AS more", 2, {INT4OID, TIMESTAMPTZOID}, NULL
};
static VaStatement queue_statement = {"SELECT voiceagent_private.set_back_queue($1)", 1, {TIMESTAMPTZOID}, NULL};
static VaStatement recall_statement = {"SELECT voiceagent_private.recall_duties()", 0, {0}, NULL};

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

static void
follow_back(VaStatement *statement, const Datum *values)
{
	va_begin("follow the clock back");
	va_execute(statement, values, NULL);
	va_commit();
}

/* Every column that somebody waits for, one after another (clock_waits()). */
static void
follow_waits_back(void)
{
	bool		more = true;

	for (int place = 1; more; place++)
	{
		Datum		values[2] = {Int32GetDatum(place), TimestampTzGetDatum(latest)};

		va_begin("follow the clock back");
		va_execute(&wait_statement, values, NULL);
		more = va_column_bool(0, "more");
		va_commit();
	}
}

/* What was due stays due (55_call/35_clock.sql). */
bool
va_clock_watch(void)
{
	TimestampTz now = va_clock_now();
	Datum		values[1] = {TimestampTzGetDatum(latest)};

	note_steps(now);
	if (now > latest - SET_BACK_US)
	{
		latest = Max(latest, now);
		return false;
	}
	ereport(LOG, (errmsg("the clock was set back by " INT64_FORMAT " s: what was due stays due",
						 (latest - now) / USECS_PER_SEC)));
	follow_waits_back();
	follow_back(&queue_statement, values);
	follow_back(&recall_statement, NULL);
	latest = now;
	va_room_wake(&va_dialer_room, VA_WAKE_POKE);
	va_room_wake(&va_courier_room, VA_WAKE_POKE);
	va_room_wake(&va_errands_room, VA_WAKE_POKE);
	va_room_wake(&va_duties_room, VA_WAKE_POKE);
	return true;
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
