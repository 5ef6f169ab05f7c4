/*-------------------------------------------------------------------------
 * clock.c
 *		The platform's only source of time (contract in clock.h).
 */
#include "postgres.h"

#include <float.h>
#include <math.h>

#include "clock.h"
#include "fmgr.h"
#include "pure/net/backoff.h"
#include "simulation.h"
#include "utils/guc.h"
#include "utils/timestamp.h"

/* A century each way: enough to drive any calendar rule, far from timestamp overflow. */
#define CLOCK_OFFSET_LIMIT_S (100.0 * 366.0 * 86400.0)

static double clock_offset_s = 0.0;

PG_FUNCTION_INFO_V1(va_sql_clock);

void
va_clock_init(void)
{
	DefineCustomRealVariable("voiceagent.clock_offset", "Seconds added to the wall clock by voiceagent.clock().",
		"For tests and rehearsals. While it is not zero no real carrier is used.", &clock_offset_s, 0.0,
		-CLOCK_OFFSET_LIMIT_S, CLOCK_OFFSET_LIMIT_S, PGC_SUSET, GUC_UNIT_S, NULL, NULL, NULL);
}

TimestampTz
va_until(TimestampTz until, int64 longest_us)
{
	return va_rest_end(until, GetCurrentTimestamp(), longest_us);
}

int64
va_clock_offset_us(void)
{
	if (unlikely(va_simulating()))
	{
		int64 ahead = va_simulation_now() - GetCurrentTimestamp();

		return ahead != 0 ? ahead : 1;
	}
	return (int64) rint(clock_offset_s * (double) USECS_PER_SEC);
}

TimestampTz
va_clock_now(void)
{
	if (unlikely(va_simulating()))
		return va_simulation_now();
	return GetCurrentTimestamp() + va_clock_offset_us();
}

TimestampTz
va_clock_to_real(TimestampTz product_time)
{
	if (TIMESTAMP_NOT_FINITE(product_time))
		return product_time;
	return product_time - va_clock_offset_us();
}

Datum
va_sql_clock(PG_FUNCTION_ARGS)
{
	PG_RETURN_TIMESTAMPTZ(va_clock_now());
}
