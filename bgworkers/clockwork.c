/*-------------------------------------------------------------------------
 * clockwork.c
 *		The room for what happens because time passes: leases that end, lanes
 *		whose window opens, campaigns that are to start.
 *
 * A lease that ends means that nothing was heard of a call for longer than it
 * can last: the carrier is asked (lookups.c).  That the clock itself may be set
 * is clock_steps.c's.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/timestamp.h"

#include "clock.h"
#include "clock_steps.h"
#include "lookups.h"
#include "statement.h"
#include "worker.h"

/* Lanes rolled in one commit. */
#define ROLL_MAX 1000
/* Every dial and every answer poke us, of leases that last for many seconds. */
#define POKE_REST_MS 200

static TimestampTz look_again = DT_NOEND;

static VaStatement recover_statement = {"SELECT voiceagent_private.recover_live()", 0, {0}, NULL};
static VaStatement roll_statement = {"SELECT voiceagent_private.roll_lanes($1)", 1, {INT4OID}, NULL};
static VaStatement start_statement = {"SELECT voiceagent_private.start_due_campaigns(1)", 0, {0}, NULL};
/* What of the lanes and starts is due already was passed over, for somebody has locked it: no reason to ask all the time. */
static VaStatement deadline_statement = {
	"SELECT least(voiceagent_private.live_deadline($1), "
	"greatest(voiceagent_private.next_lane_change(), voiceagent.clock() + interval '200 milliseconds')), "
	"voiceagent_private.wish_expiry()", 1, {BOOLOID}, NULL
};

static void
roll_lanes(void)
{
	Datum		values[1] = {Int32GetDatum(ROLL_MAX)};
	bool		rolled = false;
	int64		n;

	do
	{
		va_begin("open and close lanes");
		va_execute(&roll_statement, values, NULL);
		n = va_single_int();
		va_commit();
		rolled = rolled || n > 0;
		CHECK_FOR_INTERRUPTS();
	} while (n >= ROLL_MAX);
	if (rolled)
		va_room_wake(&va_dialer_room, VA_WAKE_POKE);
}

/* A campaign a commit: what is wrong with one holds up neither the others nor the lanes. */
static void
start_campaigns(void)
{
	int64		n;

	do
	{
		va_begin("start campaigns");
		va_execute(&start_statement, NULL, NULL);
		n = va_single_int();
		va_commit();
		CHECK_FOR_INTERRUPTS();
	} while (n > 0);
}

static void
clockwork_start(VaWorker *worker)
{
	/* Whoever ran before us may have died between a claim and its answer. */
	va_begin("recover live calls");
	va_execute(&recover_statement, NULL, NULL);
	va_clock_watch_from();
	va_commit();
}

static TimestampTz
clockwork_turn(VaWorker *worker, VaWake why)
{
	bool		answers = va_lookups_answered();
	bool		set_back = va_clock_watch();
	Datum		values[1];

	va_lookups_note();
	if (!answers && !set_back && (why & ~VA_WAKE_IO) == 0)
		return look_again;
	if (set_back || (why & ~(VA_WAKE_IO | VA_WAKE_POKE)) != 0)
	{
		roll_lanes();
		start_campaigns();
	}
	va_lookups_ask_on(worker);
	va_lookups_ask_due(worker);
	va_begin("find the next deadline");
	values[0] = BoolGetDatum(va_may_ask_real_carriers(worker));
	va_execute(&deadline_statement, values, NULL);
	look_again = Min(va_clock_to_real(va_single_time()), va_clock_watch_due());
	va_commit();
	/* What is due and was not asked for waits for an answer, which wakes us. */
	if (va_lookups_under_way())
		look_again = Max(look_again, GetCurrentTimestamp() + USECS_PER_SEC);
	return look_again;
}

const VaRoom va_clockwork_room = {"clockwork", clockwork_start, clockwork_turn, NULL, POKE_REST_MS};
