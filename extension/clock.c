/*-------------------------------------------------------------------------
 * clock.c
 *		The platform's only source of time (contract in clock.h).
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <float.h>
#include <math.h>

#include "clock.h"
#include "fmgr.h"
#include "utils/guc.h"

/* A century each way: enough to drive any calendar rule, far from timestamp overflow. */
#define CLOCK_OFFSET_LIMIT_S (100.0 * 366.0 * 86400.0)

static double clock_offset_s = 0.0;

PG_FUNCTION_INFO_V1(va_sql_clock);

void
va_clock_init(void)
{
	DefineCustomRealVariable("voiceagent.clock_offset",
							 "Seconds added to the wall clock by voiceagent.clock().",
							 "For tests and rehearsals. While it is not zero no real carrier is used.",
							 &clock_offset_s, 0.0, -CLOCK_OFFSET_LIMIT_S, CLOCK_OFFSET_LIMIT_S, PGC_SUSET,
							 GUC_UNIT_S, NULL, NULL, NULL);
}

TimestampTz
va_clock(void)
{
	TimestampTz now = GetCurrentTimestamp();

	if (clock_offset_s == 0.0)
		return now;
	return now + (TimestampTz) rint(clock_offset_s * (double) USECS_PER_SEC);
}

bool
va_clock_is_driven(void)
{
	return clock_offset_s != 0.0;
}

Datum
va_sql_clock(PG_FUNCTION_ARGS)
{
	PG_RETURN_TIMESTAMPTZ(va_clock());
}
