/*-------------------------------------------------------------------------
 * sandbox.c
 *		A room that has nothing to do yet.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "worker.h"

static void
room_start(VaWorker *worker)
{
}

static TimestampTz
room_turn(VaWorker *worker, VaWake why)
{
	return DT_NOEND;
}

const VaRoom va_sandbox_room = {"sandbox", room_start, room_turn, NULL};
