/*-------------------------------------------------------------------------
 * clock.h
 *		The platform's only source of time.
 *
 * va_clock_now() is the server's clock plus voiceagent.clock_offset (seconds,
 * set by a superuser), so that tests and rehearsals drive it.  Deadlines that
 * come from rows are in this time; loops and HTTP time-outs wait in real time.
 * In a session that simulates (simulation.h) it is the simulation's time.
 */
#ifndef VOICEAGENT_CLOCK_H
#define VOICEAGENT_CLOCK_H

#include "postgres.h"
#include "datatype/timestamp.h"

/* Defines voiceagent.clock_offset; called once by _PG_init. */
extern void va_clock_init(void);

/* Now, as every decision of the platform sees it. */
extern TimestampTz va_clock_now(void);

/* The real time at which the platform's clock will show product_time. */
extern TimestampTz va_clock_to_real(TimestampTz product_time);

/*
 * When a process may go on that rests at most longest_us, in real time: a clock
 * that is set back meanwhile makes no rest longer.
 */
extern TimestampTz va_until(TimestampTz until, int64 longest_us);

/* The offset in microseconds; while it is not 0 no real carrier may be used. */
extern int64 va_clock_offset_us(void);

#endif /* VOICEAGENT_CLOCK_H */
