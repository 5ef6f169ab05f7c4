/*-------------------------------------------------------------------------
 * worker.h
 *		The common shell of every worker, and what a room in it may use.
 *
 * A worker is a process of one database; a task (room) is a part of its work.
 * Which task runs in which process is the table in extension/core/processes.c;
 * rooms.h says what the shell does for a task, and what a task has to do.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_WORKER_H
#define VOICEAGENT_WORKER_H

#include "postgres.h"

#include "http/client.h"
#include "loop.h"
#include "rooms.h"
#include "slot.h"
#include "transaction.h"
#include "core/voiceagent.h"

struct VaWorker
{
	VaWorkerKind kind;
	Oid database;
	VaLoop *loop;
	VaHttp *http; /* shared by the rooms; see va_worker_http() */
	MemoryContext scratch;
	bool real_carriers; /* va_armed() as of this turn */
	bool refuses; /* the library does not serve the database's SQL: the gateway takes nothing, until the extension is updated */
};

extern const VaRoom va_sockets_room;
extern const VaRoom va_dialer_room;
extern const VaRoom va_lookups_room;
extern const VaRoom va_clockwork_room;
extern const VaRoom va_duties_room;
extern const VaRoom va_errands_room;
extern const VaRoom va_courier_room;
extern const VaRoom va_gateway_room;
extern const VaRoom va_inbox_room;
extern const VaRoom va_sandbox_room;
extern const VaRoom va_conditions_room;

/* The worker's HTTP client, made at first use. */
extern VaHttp *va_worker_http(VaWorker *worker);

/* The running worker, NULL elsewhere. */
extern VaWorker *va_this_worker(void);

/* Entry point, named by bgw_function_name. */
extern PGDLLEXPORT void va_worker_main(Datum arg);

#endif /* VOICEAGENT_WORKER_H */
