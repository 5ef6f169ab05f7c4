/*-------------------------------------------------------------------------
 * runtime.h
 *		The parts of the shell of a worker; its tasks see worker.h.
 */
#ifndef VOICEAGENT_RUNTIME_H
#define VOICEAGENT_RUNTIME_H

#include "postgres.h"

#include <uv.h>

#include "datatype/timestamp.h"

#include "core/registration.h"
#include "core/voiceagent.h"
#include "core/wake.h"
#include "http/server.h"

/*
 * loop.c: libuv and the backend's latch in one wait.  Callbacks of the loop run only inside va_loop_wait(), with
 * signals blocked (a library may start a thread, which would otherwise take PostgreSQL's signals).  A callback touches
 * no database and raises no error: it queues, and the tasks' turns do the rest.  Additions of a turn to the loop
 * (handles, timers, requests) are started before the next wait.
 */
typedef struct VaLoop VaLoop;

extern VaLoop *va_loop_create(void);
extern uv_loop_t *va_loop_uv(VaLoop *loop);

/*
 * Wait for the latch, for the loop's descriptors and timers, or until the
 * deadline (DT_NOEND = no deadline; one in the past = only look). Exits when
 * the postmaster has died. Returns VA_WAKE_IO when callbacks may have run,
 * VA_WAKE_TIMER when the deadline has passed, VA_WAKE_POKE when the latch was
 * set (it is reset).
 */
extern VaWake va_loop_wait(VaLoop *loop, TimestampTz deadline);

/* Run what is ready, without waiting; true when the loop had events. */
extern bool va_loop_run(VaLoop *loop);

/* A callback calls this so that the next va_loop_wait() reports VA_WAKE_IO. */
extern void va_loop_note_io(VaLoop *loop);

/*
 * slot.c: the slot of this worker in the registry: taken at its start, given back at its exit, and what status() shows
 * of it in between.  One slot belongs to a process for life; all of these but va_database_port(), the URLs and
 * va_slot_disable_database() are for the process that has attached.  Each takes the registry's lock itself, for
 * moments.
 */

/*
 * Take the slot that the launcher has prepared; false: we came too late, or a
 * command wants the database exclusively. The slot is given back when shared
 * memory is left, after the process has left the list of the sessions.
 */
extern bool va_slot_attach(const VaWorkerStart *start);

/*
 * The database has no workers until its extension is made or updated.  True
 * when the reason is new: the first worker of the database to find it.
 */
extern bool va_slot_disable_database(Oid database, bool unserved);

/* An error was caught: shown, and the worker is FAILING until va_slot_recovered(). */
extern void va_slot_failing(int sqlerrcode, const char *message);
extern void va_slot_recovered(void);

/* Signs of life: a turn begins; no other is due before that time unless a task is poked (DT_NOEND: at no time). */
extern void va_slot_turns(void);
/* Which kinds the settings of this database want: for the launcher. */
extern void va_slot_note_configured(void);
extern void va_slot_rests(TimestampTz until);

/* The processes of this database; which of them this is. */
struct VaDatabaseSlot;
struct VaWorkerSlot;
extern struct VaDatabaseSlot *va_slot_database(void);
extern bool va_slot_is_mine(const struct VaWorkerSlot *slot);

/* Counters. */
extern void va_slot_count_commit(void);

/* Which of these tasks were poked; they are so no longer. */
extern VaTasks va_slot_take_pokes(VaTasks tasks);

/* This process, which is one on demand, ends with work left: the launcher shall start another. */
extern void va_slot_wants_successor(void);

/* The tasks that were poked; takes none. */
extern VaTasks va_slot_pokes(void);

/* Publish that every socket that should be open is, or is known to the database to be closed. */
extern void va_slot_set_listening(void);
/* Does the process of the sockets live, and has it said so? */
extern bool va_sockets_listen(void);

/* Publish whether there is work that has been found and not been done. */
extern void va_slot_set_busy(bool busy);
/*
 * Does the process of that kind in this database have work, or has it been
 * poked? Read without a lock, so the answer may be out of date.
 */
extern bool va_neighbour_is_busy(VaWorkerKind kind);

/* Publish where the gateway or the sandbox listens; NULL = it does not. */
extern void va_slot_set_address(const VaHttpd *httpd);
/* The same of another server; NULL = it does not listen. */
extern void va_slot_set_listener(const char *host, int port);
/* Publish what the HTTP server has refused: one count for each VaRefusal. */
extern void va_slot_set_refused(const uint64 *refused);

/* The port of a worker of a database; 0 = not (yet) bound. */
extern int va_database_port(Oid database, VaWorkerKind kind);

/*
 * The URL http://host:port under which this machine reaches a worker of a
 * database, palloc'd; NULL = it does not listen (yet).
 */
extern char *va_database_url(Oid database, VaWorkerKind kind);

/* The URL of a numeric address and a port, palloc'd. */
extern char *va_url_of(const char *host, int port);

/*
 * tasks.c: a task is a part of a worker's work; here is what it must do, and what runs its turns.  The shell calls a
 * task's turn() with the reasons (VA_WAKE_*) that came up since its last turn; turn() returns the real time
 * (GetCurrentTimestamp) at which it wants to be called again, DT_NOEND for "only when something happens", or a time in
 * the past for "at once, after the others".  A turn without VA_WAKE_START, _POKE, _TIMER or _RETRY has only finished
 * I/O to look at: it runs no statement unless a result waits (idle means zero statements).  turn() runs outside of a
 * transaction, in a scratch memory context that is reset before every turn; state lives in statics or
 * TopMemoryContext. It opens short transactions with va_begin() and va_commit(); an ERROR that leaves it is caught by
 * the shell: the transaction is aborted, the error recorded for status(), and the task alone backs off (1 s doubling
 * to 60 s, half random), then gets VA_WAKE_RETRY. One bad row should not get that far: a task sets it aside itself
 * (va_try()).  A poke is for one task. A task that need not see each poke at once says how long it rests between two
 * (poke_rest_ms). Until then a poke waits in shared memory (shmem.h), and further pokes cost nothing.
 */
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

/*
 * neighbours.c: whether the other processes of this process' database still take their turns.  A process that ends is
 * started again by the launcher. One that stands still (in a loop, in a wait without an end, stopped by a signal) is
 * not, so the others report it: in the log, once, and by status() until it goes on. They do no more, because they
 * cannot judge what it holds.
 */

/*
 * Between two turns: looks at them, without a statement.  Returns when to look
 * again at one that has work and has not turned yet; DT_NOEND: there is none.
 */
extern TimestampTz va_neighbours_watch(void);

/*
 * plans.c: when a worker's plans are made anew.  Plans are cached, and a plan that was made for a small table reads
 * the whole of it when it has grown. PostgreSQL plans again when statistics are taken, which may be a minute and a
 * hundred thousand rows later; a worker does so when a table has crossed a size. Making all plans of a worker takes
 * tens of milliseconds, for which every call and every webhook waits: so it happens only when needed, and while the
 * worker is at rest.
 */

/* In a transaction that has just begun: whether tables have crossed a size, looked at every two seconds at most. */
extern void va_plans_look(void);

/* The worker has done something: it is not at rest. */
extern void va_plans_worked(void);

/* When plans are to be made anew if nothing happens until then (DT_NOEND: none need it), and making them. */
extern TimestampTz va_plans_due(void);
extern void va_plans_renew(void);

#endif /* VOICEAGENT_RUNTIME_H */
