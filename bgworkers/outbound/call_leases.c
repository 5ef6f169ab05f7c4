/*-------------------------------------------------------------------------
 * call_leases.c
 *		The task `lookups`: calls whose lease has ended are looked up at their
 *		carrier.
 *
 * A lease ends when nothing was heard of a call for longer than the call can
 * last. Which calls are due, and what is asked, is lookups.c; when to look is
 * here.
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "core/clock.h"
#include "runtime/clock_steps.h"
#include "lookups_internal.h"
#include "core/statement.h"
#include "core/wake.h"
#include "runtime/worker.h"

/* Many webhooks in a row may bring leases forward, each a little. */
#define POKE_REST_MS 200
/* Calls that are due but locked were skipped; look again after this long. */
#define PASSED_OVER_US (200 * 1000)

static TimestampTz look_again = DT_NOEND;

static VaStatement deadline_statement = { "SELECT voiceagent_private.live_deadline($1)", 1, { BOOLOID }, NULL };

static void
lookups_start(VaWorker *worker)
{
	va_begin("read the latest time");
	va_clock_watch_from();
	va_commit();
}

/* When leases are looked at again. */
static void
find_deadline(VaWorker *worker)
{
	Datum values[1] = { BoolGetDatum(va_may_ask_real_carriers(worker)) };
	TimestampTz now;

	/* A lease that is committed from here on, and that this transaction does not see, wakes us. */
	va_lookups_look_at(DT_NOEND);
	va_begin("find the next lease that ends");
	va_execute(&deadline_statement, values, NULL);
	look_again = va_clock_to_real(va_single_time());
	va_commit();
	now = GetCurrentTimestamp();
	/* A lease that has ended by now was skipped, or waits for an answer, which wakes us. */
	if (look_again <= now)
		look_again = now + PASSED_OVER_US;
	if (va_lookups_under_way())
		look_again = Max(look_again, now + USECS_PER_SEC);
	va_lookups_look_at(look_again);
}

static TimestampTz
lookups_turn(VaWorker *worker, VaWake why)
{
	bool answers = va_lookups_answered();

	va_clock_note_steps();
	va_lookups_note();
	if (!answers && (why & ~VA_WAKE_IO) == 0)
		return look_again;
	va_lookups_ask_on(worker);
	va_lookups_ask_due(worker);
	find_deadline(worker);
	return look_again;
}

const VaTask va_lookups_task = { "lookups", lookups_start, lookups_turn, NULL, POKE_REST_MS };
