/*-------------------------------------------------------------------------
 * tasks.h
 *		A task is a part of a worker's work; here is what it must do, and what
 *		runs its turns.
 *
 * The shell calls a task's turn() with the reasons (VA_WAKE_*) that came up
 * since its last turn; turn() returns the real time (GetCurrentTimestamp) at
 * which it wants to be called again, DT_NOEND for "only when something
 * happens", or a time in the past for "at once, after the others".  A turn
 * without VA_WAKE_START, _POKE, _TIMER or _RETRY has only finished I/O to look
 * at: it runs no statement unless a result waits (idle means zero statements).
 *
 * turn() runs outside of a transaction, in a scratch memory context that is
 * reset before every turn; state lives in statics or TopMemoryContext. It opens
 * short transactions with va_begin() and va_commit(); an ERROR that leaves it
 * is caught by the shell: the transaction is aborted, the error recorded for
 * status(), and the task alone backs off (1 s doubling to 60 s, half random),
 * then gets VA_WAKE_RETRY. One bad row should not get that far: a task sets it
 * aside itself (va_try()).
 *
 * A poke is for one task. A task that need not see each poke at once says how
 * long it rests between two (poke_rest_ms). Until then a poke waits in shared
 * memory (shmem.h), and further pokes cost nothing.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_TASKS_H
#define VOICEAGENT_TASKS_H

#include "postgres.h"

#include "datatype/timestamp.h"

#include "core/wake.h"

typedef struct VaWorker VaWorker; /* worker.h */

typedef struct VaTask
{
	const char *name;
	void (*start)(VaWorker *worker);				   /* once, outside of a transaction; may raise */
	TimestampTz (*turn)(VaWorker *worker, VaWake why); /* see above */
	void (*stop)(VaWorker *worker);					   /* at a clean end; quick, no database; may be NULL */
	int poke_rest_ms;								   /* a poke so soon after another waits for more; 0: at once */
} VaTask;

/* Make these tasks of this database look for work at once, whichever process they run in. */
extern void va_tasks_poke(VaTasks tasks);

/* ----- for the shell ----- */

/* Called once: what each task does. The process runs the turns of its own tasks, in this order. */
extern void va_tasks_register(const VaTask *const tasks[VA_TASKS]);

/* Turn every task of this process that has a reason. */
extern void va_tasks_turn(VaWorker *worker, MemoryContext scratch, VaWake why);

/* When the next task will have a reason; in the past: one has. */
extern TimestampTz va_tasks_next(void);

/* A clean end, the last task first. */
extern void va_tasks_stop(VaWorker *worker);

/* A cancel that comes when nothing runs has nothing to cancel; it must not end us. */
extern void va_check_between_turns(void);

#endif /* VOICEAGENT_TASKS_H */
