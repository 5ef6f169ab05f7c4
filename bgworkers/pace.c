/*-------------------------------------------------------------------------
 * pace.c
 *		How often a room looks for what it is to send.
 *
 * No database, no locks.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "pace.h"

#define LOOK_EVERY_US (20 * 1000)
/* After a round that took a while: so many times as long. */
#define LOOK_SHARE 10

TimestampTz
va_pace_round(VaPace *pace, VaRound round, VaWorker *worker, VaWake why, bool freed)
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
	pace->look_again = round(worker);
	ended = GetCurrentTimestamp();
	/* A round that sent something may go on at once. */
	pace->no_look_before = pace->look_again <= ended ? ended : ended + Max(LOOK_EVERY_US, (ended - began) * LOOK_SHARE);
	return pace->look_again;
}
