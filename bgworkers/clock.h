/*-------------------------------------------------------------------------
 * clock.h
 *		Time as the product sees it: the server's clock plus the offset that
 *		an administrator may set (DESIGN 5).
 *
 * Deadlines that come from rows are in product time; the loop waits in real
 * time.  The offset is read in a transaction by va_clock_refresh() (the SQL
 * function voiceagent.clock() is the truth) at every start, reload and poke.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_CLOCK_H
#define VOICEAGENT_CLOCK_H

#include "postgres.h"

#include "datatype/timestamp.h"

extern TimestampTz va_clock_now(void);
extern TimestampTz va_clock_to_real(TimestampTz product_time);
extern int64 va_clock_offset_us(void);
/* Inside a transaction, with SPI not connected. */
extern void va_clock_refresh(void);

#endif /* VOICEAGENT_CLOCK_H */
