/*-------------------------------------------------------------------------
 * neighbours.h
 *		Whether the other processes of this process' database still take their
 *		turns.
 *
 * A process that ends is started again by the launcher. One that stands still
 * (in a loop, in a wait without an end, stopped by a signal) is not, so the
 * others report it: in the log, once, and by status() until it goes on. They do
 * no more, because they cannot judge what it holds.
 */
#ifndef VOICEAGENT_NEIGHBOURS_H
#define VOICEAGENT_NEIGHBOURS_H

#include "postgres.h"

#include "datatype/timestamp.h"

/*
 * Between two turns: looks at them, without a statement.  Returns when to look
 * again at one that has work and has not turned yet; DT_NOEND: there is none.
 */
extern TimestampTz va_neighbours_watch(void);

#endif /* VOICEAGENT_NEIGHBOURS_H */
