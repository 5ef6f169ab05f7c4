/*-------------------------------------------------------------------------
 * clock_steps.h
 *		A clock that is set while we run: work that was due stays due, and
 *		lookups know by how much our times of dials may be off.
 *
 * A process that uses the slack notes the steps itself.  The task `schedules`
 * keeps what was due due, outside of its transactions.
 */
#ifndef VOICEAGENT_CLOCK_STEPS_H
#define VOICEAGENT_CLOCK_STEPS_H

#include "postgres.h"

#include "datatype/timestamp.h"

/* Begins with the latest time that the database has seen; in a transaction. */
extern void va_clock_watch_from(void);
/*
 * In each turn: follows a clock that was set back (95_ops/10_deadlines.sql). Locked rows are skipped, and follow
 * in a later turn. True: rows were moved, and the lanes are to be advanced.
 */
extern bool va_clock_watch(void);
/* When skipped rows are to be tried again, in real time; DT_NOEND: there are none. */
extern TimestampTz va_clock_watch_due(void);
/* In each turn of a task that asks for the slack. */
extern void va_clock_note_steps(void);
/* How far the clock was moved, all in all: our times of dials may be as far from the carriers'. */
extern int64 va_clock_slack_ms(void);

#endif /* VOICEAGENT_CLOCK_STEPS_H */
