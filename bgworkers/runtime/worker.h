/*-------------------------------------------------------------------------
 * worker.h
 *		The common shell of every worker, and what a task in it may use.
 *
 * A worker is a process of one database; a task is a part of its work.
 * Which task runs in which process is the table in extension/core/processes.c;
 * runtime.h says what the shell does for a task, and what a task has to do.
 */
#ifndef VOICEAGENT_WORKER_H
#define VOICEAGENT_WORKER_H

#include "postgres.h"

#include "http/client.h"
#include "runtime.h"
#include "transaction.h"
#include "core/voiceagent.h"

struct VaWorker
{
	VaWorkerKind kind;
	Oid database;
	VaLoop *loop;
	VaHttp *http; /* shared by the tasks; see va_worker_http() */
	MemoryContext scratch;
	bool real_carriers; /* va_armed() as of this turn */
	bool
		refuses; /* the library does not serve the database's SQL: the gateway takes nothing, until the extension is updated */
};

extern const VaTask va_sockets_task;
extern const VaTask va_dialer_task;
extern const VaTask va_lookups_task;
extern const VaTask va_schedules_task;
extern const VaTask va_maintenance_task;
extern const VaTask va_provider_requests_task;
extern const VaTask va_outbox_sender_task;
extern const VaTask va_model_requests_task;
extern const VaTask va_payments_task;
extern const VaTask va_pages_task;
extern const VaTask va_mail_task;
extern const VaTask va_tool_requests_task;
extern const VaTask va_calendar_fetches_task;
extern const VaTask va_calendar_writes_task;
extern const VaTask va_traces_task;
extern const VaTask va_gateway_task;
extern const VaTask va_inbox_task;
extern const VaTask va_sandbox_task;
extern const VaTask va_conditions_task;
extern const VaTask va_calendar_files_task;
extern const VaTask va_news_task;
extern const VaTask va_figures_task;
extern const VaTask va_web_task;
extern const VaTask va_api_task;
extern const VaTask va_deferred_task;
extern const VaTask va_exports_task;
extern const VaTask va_media_task;
extern const VaTask va_tools_task;

/* The worker's HTTP client, made at first use, and the settings that it is made with. */
extern VaHttpOptions va_worker_http_options(VaWorker *worker);
extern VaHttp *va_worker_http(VaWorker *worker);

/* The running worker, NULL elsewhere. */
extern VaWorker *va_this_worker(void);

/* Entry point, named by bgw_function_name. */
extern PGDLLEXPORT void va_worker_main(Datum arg);

#endif /* VOICEAGENT_WORKER_H */
