/*-------------------------------------------------------------------------
 * pace.c
 *		Rounds of the rooms that send requests for tenants.
 *
 * No locks beyond those of the rooms' statements.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/timestamp.h"

#include "core/clock.h"
#include "pace.h"

/* Tenants served in one round. */
#define ROUND_TENANTS 100
#define LOOK_EVERY_US (20 * 1000)
/* The rest after a round, as a multiple of the time that the round took. */
#define LOOK_SHARE 10

static int
ready_tenants(VaPace *pace, int64 *tenants, TimestampTz *next)
{
	Datum		values[2] = {Int64GetDatum(pace->last_tenant), Int32GetDatum(ROUND_TENANTS)};
	int			n;

	va_begin(pace->looking);
	va_execute_at(pace->ready, values, NULL, &(const VaPlace) {pace->file, __func__, "ready_statement"});
	n = (int) va_column_int(0, "n", 0);
	*next = va_column_time(0, "next_at");
	for (int i = 0; i < n; i++)
		tenants[i] = va_column_int(i, "tenant_id", 0);
	va_commit();
	return n;
}

static TimestampTz
serve_tenants(VaPace *pace, VaWorker *worker)
{
	int64		tenants[ROUND_TENANTS];
	bool		from_start = pace->last_tenant == 0;
	TimestampTz again = DT_NOEND;
	TimestampTz next;
	int			n = ready_tenants(pace, tenants, &next);
	int			sent = 0;

	for (int i = 0; i < n; i++)
	{
		int			room = pace->in_flight_max - *pace->in_flight;

		CHECK_FOR_INTERRUPTS();
		if (room <= 0)
			return DT_NOEND;	/* the next answer wakes us */
		pace->last_tenant = tenants[i];
		sent += pace->serve(worker, tenants[i], Max(1, room / (n - i)), &again);
	}
	/* Up to the last tenant: the next round begins with the first one. */
	if (n < ROUND_TENANTS)
		pace->last_tenant = 0;
	if (sent > 0 || n == ROUND_TENANTS || !from_start)
		return GetCurrentTimestamp();
	return Min(again, va_clock_to_real(next));
}

void
va_pace_start(VaPace *pace)
{
	va_begin(pace->recovering);
	va_execute_at(pace->recover, NULL, NULL, &(const VaPlace) {pace->file, __func__, "recover_statement"});
	va_commit();
	pace->last_tenant = 0;
}

TimestampTz
va_pace_round(VaPace *pace, VaWorker *worker, VaWake why, bool freed)
{
	TimestampTz began;
	TimestampTz ended;

	if (!freed && (why & ~VA_WAKE_IO) == 0)
		return pace->look_again;
	began = GetCurrentTimestamp();
	/* A poke can wait a moment for more; but not for a clock that was set back. */
	if (!freed && began < pace->no_look_before && began > pace->no_look_before - USECS_PER_MINUTE)
	{
		pace->look_again = pace->no_look_before;
		return pace->look_again;
	}
	pace->look_again = serve_tenants(pace, worker);
	ended = GetCurrentTimestamp();
	/* A round that sent something may go on at once. */
	pace->no_look_before = pace->look_again <= ended ? ended : ended + Max(LOOK_EVERY_US, (ended - began) * LOOK_SHARE);
	return pace->look_again;
}
