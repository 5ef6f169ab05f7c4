/*-------------------------------------------------------------------------
 * processes.h
 *		The processes of a database, the tasks that the product consists of,
 *		and the one table that says which task runs in which process.
 *
 * A task is a piece of work with a turn of its own (bgworkers/runtime/runtime.h).  A process
 * runs one or more tasks, one after the other, so a task that waits holds up the others of its
 * process and no others.
 *
 * When max_worker_processes is too small for a process of every kind, the tasks
 * of the small kinds (keeper, sandbox) run in the process `requests`.  The
 * launcher decides that for the whole server; once it has, it stays so until
 * the server is restarted.
 *
 * The processes web and api run only where voiceagent.web_port is set, media
 * and tools only where voiceagent.media_port is.
 *
 * A process on demand (guest, exporter, deferred) is started when one of its tasks is poked, and
 * ends by itself when it has been at rest for a while.  It shares no process:
 * with too few slots it waits for one.
 */
#ifndef VOICEAGENT_PROCESSES_H
#define VOICEAGENT_PROCESSES_H

#include "postgres.h"

/* In the order in which they are started: with too few slots every database dials before one has its sandbox. */
typedef enum VaWorkerKind
{
	VA_WORKER_DIALER = 0, /* claims calls, sends them to carriers, notes the answers */
	VA_WORKER_REQUESTS,	  /* every other request that leaves us, and the sockets that we open */
	VA_WORKER_GATEWAY,	  /* takes webhooks */
	VA_WORKER_APPLIER,	  /* gives stored webhooks their effects */
	VA_WORKER_KEEPER,	  /* what happens because time passes */
	VA_WORKER_SANDBOX,	  /* the embedded carrier */
	VA_WORKER_GUEST,	  /* evaluates what tenants wrote, with few rights; on demand */
	VA_WORKER_EXPORTER,	  /* makes the files that tenants take away, and has those read that they follow; on demand */
	VA_WORKER_WEB,		  /* the console's page, and the door of the API */
	VA_WORKER_API,		  /* ... and who executes what comes through it, each as its caller; several */
	VA_WORKER_API_2,
	VA_WORKER_API_3,
	VA_WORKER_API_4,
	VA_WORKER_DEFERRED, /* executes what is answered later, as its caller; on demand */
	VA_WORKER_DEFERRED_2,
	VA_WORKER_MEDIA, /* holds calls whose audio comes over a carrier's socket */
	VA_WORKER_TOOLS	 /* ... and uses the tools that are wanted there */
} VaWorkerKind;

#define VA_WORKER_KINDS 17
/* The most processes api that voiceagent.api_processes allows. */
#define VA_API_PROCESSES_MAX 4

typedef enum VaTaskId
{
	VA_TASK_DIALER = 0,
	VA_TASK_SOCKETS,
	VA_TASK_LOOKUPS,
	VA_TASK_PROVIDER_REQUESTS,
	VA_TASK_OUTBOX,
	VA_TASK_MODEL_REQUESTS,
	VA_TASK_PAGES,
	VA_TASK_MAIL,
	VA_TASK_PAYMENTS,
	VA_TASK_TOOL_REQUESTS,
	VA_TASK_CALENDAR_FETCHES,
	VA_TASK_CALENDAR_WRITES,
	VA_TASK_TRACES,
	VA_TASK_GATEWAY,
	VA_TASK_INBOX,
	VA_TASK_SCHEDULES,
	VA_TASK_JOBS,
	VA_TASK_SANDBOX,
	VA_TASK_CONDITIONS,
	VA_TASK_CALENDAR_FILES,
	VA_TASK_NEWS,
	VA_TASK_FIGURES,
	VA_TASK_WEB,
	VA_TASK_API,
	VA_TASK_API_2,
	VA_TASK_API_3,
	VA_TASK_API_4,
	VA_TASK_DEFERRED,
	VA_TASK_DEFERRED_2,
	VA_TASK_EXPORTS,
	VA_TASK_MEDIA,
	VA_TASK_TOOLS
} VaTaskId;

#define VA_TASKS 32

/* A set of tasks, a bit each. */
typedef uint32 VaTasks;

#define VA_TASK_BIT(task) ((VaTasks) 1 << (task))

/* "dialer", "requests", "gateway", "applier", "keeper", "sandbox", "guest", "exporter", "web", "api", "api_2", ... */
extern const char *va_worker_kind_name(VaWorkerKind kind);
/* The inverse; false when the name is none of them. */
extern bool va_worker_kind_by_name(const char *name, VaWorkerKind *kind);

/* The tasks that a name means: one task, or all of a process; 0: the name is neither. */
extern VaTasks va_tasks_by_name(const char *name);

/* Every name that va_tasks_by_name() knows, for a hint. */
extern const char *va_task_names(void);

/* The kind of process that does the work of this kind: itself, or `requests` while they share one. */
extern VaWorkerKind va_process_of_kind(VaWorkerKind kind);

/* The kind of process that runs this task now. */
extern VaWorkerKind va_process_of_task(VaTaskId task);

/* Is there a process of this kind only while there is work for it? */
extern bool va_on_demand(VaWorkerKind kind);

/* Do the settings ask for a process of this kind?  (The sandbox, the web and its processes api, and media may be switched off.) */
extern bool va_is_configured(VaWorkerKind kind);

/* Is it one of the processes that execute requests of the API? */
extern bool va_is_api(VaWorkerKind kind);

/* Do the small kinds share the process `requests`?  False without shared memory. */
extern bool va_processes_shared(void);

/* How many processes a database has, shared or not, besides those on demand. */
extern int va_processes_per_database(bool shared);

#endif /* VOICEAGENT_PROCESSES_H */
