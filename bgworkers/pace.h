/*-------------------------------------------------------------------------
 * pace.h
 *		How often a room looks for what it is to send.
 *
 * Whoever pokes, a round is made so often at most, and for a tenth of the time
 * at most; an answer, which makes room on the wire, does not wait.
 *-------------------------------------------------------------------------
 */
#ifndef VA_PACE_H
#define VA_PACE_H

#include "worker.h"

/* One for each room, VA_PACE_NEW at the beginning; in real time. */
typedef struct VaPace
{
	TimestampTz look_again;		/* nothing becomes due before it by itself */
	TimestampTz no_look_before;
} VaPace;

#define VA_PACE_NEW {DT_NOEND, 0}

/* Sends what is due; when to look again: now, when it sent something. */
typedef TimestampTz (*VaRound) (VaWorker *worker);

/* A room's turn after its answers (freed: there were some) have been noted: a round, when it is time.  When to look again. */
extern TimestampTz va_pace_round(VaPace *pace, VaRound round, VaWorker *worker, VaWake why, bool freed);

#endif							/* VA_PACE_H */
