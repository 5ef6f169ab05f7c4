/*-------------------------------------------------------------------------
 * fair_share.c
 *		Rounds of the tasks that send requests for tenants.
 *
 * No locks beyond those of the tasks' statements.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/timestamp.h"

#include "core/clock.h"
#include "fair_share.h"

/* Tenants served in one round. */
#define ROUND_TENANTS 100
#define LOOK_EVERY_US (20 * 1000)
/* The rest after a round, as a multiple of the time that the round took. */
#define LOOK_SHARE 10

static int
ready_tenants(VaFairShare *fair_share, int64 *tenants, TimestampTz *next)
{
	Datum values[2] = { Int64GetDatum(fair_share->last_tenant), Int32GetDatum(ROUND_TENANTS) };
	int n;

	va_begin(fair_share->looking);
	va_execute_at(fair_share->ready, values, NULL, &(const VaPlace){ fair_share->file, __func__, "ready_statement" });
	n = (int) va_column_int(0, "n", 0);
	*next = va_column_time(0, "next_at");
	for (int i = 0; i < n; i++)
		tenants[i] = va_column_int(i, "tenant_id", 0);
	va_commit();
	return n;
}

static TimestampTz
serve_tenants(VaFairShare *fair_share, VaWorker *worker)
{
	int64 tenants[ROUND_TENANTS];
	bool from_start = fair_share->last_tenant == 0;
	TimestampTz again = DT_NOEND;
	TimestampTz next;
	int n = ready_tenants(fair_share, tenants, &next);
	int sent = 0;

	for (int i = 0; i < n; i++)
	{
		int room = fair_share->in_flight_max - *fair_share->in_flight;

		CHECK_FOR_INTERRUPTS();
		if (room <= 0)
			return DT_NOEND; /* the next answer wakes us */
		fair_share->last_tenant = tenants[i];
		sent += fair_share->serve(worker, tenants[i], Max(1, room / (n - i)), &again);
	}
	/* Up to the last tenant: the next round begins with the first one. */
	if (n < ROUND_TENANTS)
		fair_share->last_tenant = 0;
	if (sent > 0 || n == ROUND_TENANTS || !from_start)
		return GetCurrentTimestamp();
	return Min(again, va_clock_to_real(next));
}

int
va_fair_share_left(int max, int own, int others)
{
	return Max((max - others + 1) / 2 - own, 0);
}

void
va_fair_share_start(VaFairShare *fair_share)
{
	va_begin(fair_share->recovering);
	va_execute_at(fair_share->recover, NULL, NULL, &(const VaPlace){ fair_share->file, __func__, "recover_statement" });
	va_commit();
	fair_share->last_tenant = 0;
}

TimestampTz
va_fair_share_round(VaFairShare *fair_share, VaWorker *worker, VaWake why, bool freed)
{
	TimestampTz began;
	TimestampTz ended;

	if (!freed && (why & ~VA_WAKE_IO) == 0)
		return fair_share->look_again;
	began = GetCurrentTimestamp();
	/* A poke can wait a moment for more; but not for a clock that was set back. */
	if (!freed && began < fair_share->no_look_before && began > fair_share->no_look_before - USECS_PER_MINUTE)
	{
		fair_share->look_again = fair_share->no_look_before;
		return fair_share->look_again;
	}
	fair_share->look_again = serve_tenants(fair_share, worker);
	ended = GetCurrentTimestamp();
	/* A round that sent something may go on at once. */
	fair_share->no_look_before = fair_share->look_again <= ended
									 ? ended
									 : ended + Max(LOOK_EVERY_US, (ended - began) * LOOK_SHARE);
	return fair_share->look_again;
}
