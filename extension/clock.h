/*-------------------------------------------------------------------------
 * clock.h
 *		The platform's only source of time.
 *
 * va_clock() is the wall clock plus voiceagent.clock_offset (seconds, set by
 * a superuser), so that tests and rehearsals drive it.  Nothing else in the
 * product reads a clock for a decision; HTTP time-outs use the loop's own.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_CLOCK_H
#define VOICEAGENT_CLOCK_H

#include "postgres.h"
#include "utils/timestamp.h"

/* Defines voiceagent.clock_offset; called once by _PG_init. */
extern void va_clock_init(void);

/* Now, as every decision of the platform sees it. */
extern TimestampTz va_clock(void);

/* True while the clock is driven: no real carrier may be used then. */
extern bool va_clock_is_driven(void);

#endif /* VOICEAGENT_CLOCK_H */
