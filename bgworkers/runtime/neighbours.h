/*-------------------------------------------------------------------------
 * neighbours.h
 *		Whether the other processes of this process' database come round.
 *
 * A process that ends is started again by the launcher.  One that stands still
 * (in a loop, in a wait without an end, stopped by a signal) is not, so the
 * others say so: in the log, once, and by status() until it comes round again.
 * They do no more, since what it holds nobody else can judge.
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
