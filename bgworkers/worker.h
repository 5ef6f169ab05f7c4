/*-------------------------------------------------------------------------
 * worker.h
 *		The common shell of every worker, and what a room in it may use.
 *
 * A worker is a process of one database; a room is a part of its work:
 *
 *		outbound = dialer, clockwork, courier, duties	inbound = gateway, inbox
 *		sandbox  = sandbox
 *
 * The shell calls a room's turn() with the reasons (VA_WAKE_*) that came up
 * since its last turn; turn() returns the real time (GetCurrentTimestamp) at
 * which it wants to be called again, DT_NOEND for "only when something
 * happens", or a time in the past for "at once, after the others".  A turn
 * without VA_WAKE_START, _POKE, _TIMER or _RETRY has only finished I/O to look
 * at: it runs no statement unless a result waits (idle means zero statements).
 *
 * turn() runs outside of a transaction, in a scratch memory context that is reset
 * before every turn; state lives in statics or TopMemoryContext.  It opens
 * short transactions with va_begin() and va_commit(); an ERROR that leaves it
 * is caught by the shell: the transaction is aborted, the error recorded for
 * status(), and the room alone backs off (1 s doubling to 60 s, with jitter),
 * then gets VA_WAKE_RETRY.  One bad row should not come that far: a room sets
 * it aside itself (va_try()).
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_WORKER_H
#define VOICEAGENT_WORKER_H

#include "postgres.h"

#include "datatype/timestamp.h"

#include "http.h"
#include "httpd.h"
#include "loop.h"
#include "shmem.h"
#include "voiceagent.h"
#include "wake.h"

typedef struct VaWorker
{
	VaWorkerKind kind;
	Oid database;
	VaWorkerSlot *slot; /* in shared memory */
	uint32 generation;
	VaLoop *loop;
	VaHttp *http;		 /* shared by the rooms; see va_worker_http() */
	MemoryContext scratch;
	bool real_carriers; /* va_armed() as of this turn */
} VaWorker;

typedef struct VaRoom
{
	const char *name;
	void (*start)(VaWorker *worker);			   /* once, outside of a transaction; may raise */
	TimestampTz (*turn)(VaWorker *worker, VaWake why); /* see above */
	void (*stop)(VaWorker *worker);				   /* at a clean end; quick, no database; may be NULL */
} VaRoom;

extern const VaRoom va_dialer_room;
extern const VaRoom va_clockwork_room;
extern const VaRoom va_duties_room;
extern const VaRoom va_courier_room;
extern const VaRoom va_gateway_room;
extern const VaRoom va_inbox_room;
extern const VaRoom va_sandbox_room;

/*
 * One short transaction.  va_begin() starts it, with a snapshot and SPI
 * connected; `activity` is what pg_stat_activity shows (no personal data).
 * va_commit() disconnects, commits, flushes the statistics and reports idle.
 * Both leave the scratch context current.
 */
extern void va_begin(const char *activity);
extern void va_commit(void);
extern void va_abort(void);

/*
 * Run a unit in a subtransaction; false when it raised, with the error's
 * SQLSTATE and message copied into the scratch context (a cancel or a
 * termination is not caught).  The tenant acted for is the same afterwards as
 * before.  For retrying the units of a batch alone.
 */
extern bool va_try(void (*unit)(void *arg), void *arg, char sqlstate[6], char **message);

/* The worker's HTTP client, made at first use. */
extern VaHttp *va_worker_http(VaWorker *worker);

/* The running worker, NULL elsewhere. */
extern VaWorker *va_this_worker(void);

/* Ask for a turn of another room of the same worker (in this process). */
extern void va_room_wake(const VaRoom *room, VaWake why);

/* Publish the port that the gateway or the sandbox has bound (0 = none). */
extern void va_worker_set_port(VaWorker *worker, int port);
/* Publish what the HTTP server has refused. */
extern void va_worker_set_refused(VaWorker *worker, const VaHttpd *httpd);

/* The port of another worker of this database; 0 = not (yet) bound. */
extern int va_database_port(Oid database, VaWorkerKind kind);

/* Entry points, named by bgw_function_name. */
extern PGDLLEXPORT void va_launcher_main(Datum arg);
extern PGDLLEXPORT void va_probe_main(Datum arg);
extern PGDLLEXPORT void va_worker_main(Datum arg);

extern void va_launcher_register(void);

/* What the launcher tells a worker, in bgw_extra. */
typedef struct VaWorkerStart
{
	Oid database;
	int32 slot;
	int32 kind;
	uint32 generation;
} VaWorkerStart;

#endif /* VOICEAGENT_WORKER_H */
