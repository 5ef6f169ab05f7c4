/*-------------------------------------------------------------------------
 * processes.c
 *		The table of tasks and processes (contract in processes.h).
 *
 * No locks: whether processes are shared is an atomic flag.
 */
#include "postgres.h"

#include "lib/stringinfo.h"

#include "processes.h"
#include "shmem.h"

static const struct
{
	const char *name;
	bool shares;	/* with `requests`, when slots are few */
	bool on_demand; /* runs only while it has work */
} kinds[VA_WORKER_KINDS] = {
	[VA_WORKER_DIALER] = { "dialer", false, false },
	[VA_WORKER_REQUESTS] = { "requests", false, false },
	[VA_WORKER_GATEWAY] = { "gateway", false, false },
	[VA_WORKER_APPLIER] = { "applier", false, false },
	[VA_WORKER_KEEPER] = { "keeper", true, false },
	[VA_WORKER_SANDBOX] = { "sandbox", true, false },
	[VA_WORKER_GUEST] = { "guest", false, true },
	[VA_WORKER_EXPORTER] = { "exporter", false, true },
	[VA_WORKER_WEB] = { "web", false, false },
	[VA_WORKER_API] = { "api", false, false },
	[VA_WORKER_API_2] = { "api_2", false, false },
	[VA_WORKER_API_3] = { "api_3", false, false },
	[VA_WORKER_API_4] = { "api_4", false, false },
	[VA_WORKER_DEFERRED] = { "deferred", false, true },
	[VA_WORKER_DEFERRED_2] = { "deferred_2", false, true },
	[VA_WORKER_MEDIA] = { "media", false, false },
	[VA_WORKER_TOOLS] = { "tools", false, false },
};

static const struct
{
	const char *name;
	VaWorkerKind kind;
} tasks[VA_TASKS] = {
	[VA_TASK_DIALER] = { "dialer", VA_WORKER_DIALER },
	[VA_TASK_SOCKETS] = { "sockets", VA_WORKER_REQUESTS },
	[VA_TASK_LOOKUPS] = { "lookups", VA_WORKER_REQUESTS },
	[VA_TASK_PROVIDER_REQUESTS] = { "provider_requests", VA_WORKER_REQUESTS },
	[VA_TASK_OUTBOX] = { "outbox", VA_WORKER_REQUESTS },
	[VA_TASK_MODEL_REQUESTS] = { "model_requests", VA_WORKER_REQUESTS },
	[VA_TASK_PAGES] = { "pages", VA_WORKER_REQUESTS },
	[VA_TASK_MAIL] = { "mail", VA_WORKER_REQUESTS },
	[VA_TASK_PAYMENTS] = { "payments", VA_WORKER_REQUESTS },
	[VA_TASK_TOOL_REQUESTS] = { "tool_requests", VA_WORKER_REQUESTS },
	[VA_TASK_CALENDAR_FETCHES] = { "calendar_fetches", VA_WORKER_REQUESTS },
	[VA_TASK_CALENDAR_WRITES] = { "calendar_writes", VA_WORKER_REQUESTS },
	[VA_TASK_TRACES] = { "traces", VA_WORKER_REQUESTS },
	[VA_TASK_GATEWAY] = { "gateway", VA_WORKER_GATEWAY },
	[VA_TASK_INBOX] = { "inbox", VA_WORKER_APPLIER },
	[VA_TASK_SCHEDULES] = { "schedules", VA_WORKER_KEEPER },
	[VA_TASK_JOBS] = { "jobs", VA_WORKER_KEEPER },
	[VA_TASK_SANDBOX] = { "sandbox", VA_WORKER_SANDBOX },
	[VA_TASK_CONDITIONS] = { "conditions", VA_WORKER_GUEST },
	[VA_TASK_CALENDAR_FILES] = { "calendar_files", VA_WORKER_EXPORTER },
	[VA_TASK_NEWS] = { "news", VA_WORKER_KEEPER },
	[VA_TASK_FIGURES] = { "figures", VA_WORKER_KEEPER },
	[VA_TASK_WEB] = { "web", VA_WORKER_WEB },
	[VA_TASK_API] = { "api", VA_WORKER_API },
	[VA_TASK_API_2] = { "api_2", VA_WORKER_API_2 },
	[VA_TASK_API_3] = { "api_3", VA_WORKER_API_3 },
	[VA_TASK_API_4] = { "api_4", VA_WORKER_API_4 },
	[VA_TASK_DEFERRED] = { "deferred", VA_WORKER_DEFERRED },
	[VA_TASK_DEFERRED_2] = { "deferred_2", VA_WORKER_DEFERRED_2 },
	[VA_TASK_EXPORTS] = { "exports", VA_WORKER_EXPORTER },
	[VA_TASK_MEDIA] = { "media", VA_WORKER_MEDIA },
	[VA_TASK_TOOLS] = { "tools", VA_WORKER_TOOLS },
};

const char *
va_worker_kind_name(VaWorkerKind kind)
{
	return kinds[kind].name;
}

bool
va_worker_kind_by_name(const char *name, VaWorkerKind *kind)
{
	for (int k = 0; k < VA_WORKER_KINDS; k++)
	{
		if (strcmp(name, kinds[k].name) == 0)
		{
			*kind = (VaWorkerKind) k;
			return true;
		}
	}
	return false;
}

VaTasks
va_tasks_by_name(const char *name)
{
	VaTasks found = 0;

	for (int t = 0; t < VA_TASKS; t++)
		if (strcmp(name, tasks[t].name) == 0 || strcmp(name, kinds[tasks[t].kind].name) == 0)
			found |= VA_TASK_BIT(t);
	return found;
}

const char *
va_task_names(void)
{
	StringInfoData names;

	initStringInfo(&names);
	for (int k = 0; k < VA_WORKER_KINDS; k++)
		appendStringInfo(&names, "%s%s", k > 0 ? ", " : "", kinds[k].name);
	for (int t = 0; t < VA_TASKS; t++)
		if (strcmp(tasks[t].name, kinds[tasks[t].kind].name) != 0)
			appendStringInfo(&names, ", %s", tasks[t].name);
	return names.data;
}

bool
va_on_demand(VaWorkerKind kind)
{
	return kinds[kind].on_demand;
}

bool
va_is_api(VaWorkerKind kind)
{
	return kind >= VA_WORKER_API && kind <= VA_WORKER_DEFERRED_2;
}

bool
va_is_configured(VaWorkerKind kind)
{
	if (kind == VA_WORKER_SANDBOX)
		return va_guc_sandbox;
	if (kind == VA_WORKER_WEB || kind == VA_WORKER_DEFERRED || kind == VA_WORKER_DEFERRED_2)
		return va_guc_web_port >= 0;
	if (kind == VA_WORKER_MEDIA || kind == VA_WORKER_TOOLS)
		return va_guc_media_port >= 0;
	if (va_is_api(kind))
		return va_guc_web_port >= 0 && (int) kind - VA_WORKER_API < va_guc_api_processes;
	return true;
}

bool
va_processes_shared(void)
{
	VaShared *shared = va_shmem_or_null();

	return shared != NULL && pg_atomic_read_u32(&shared->processes_shared) != 0;
}

VaWorkerKind
va_process_of_kind(VaWorkerKind kind)
{
	return kinds[kind].shares && va_processes_shared() ? VA_WORKER_REQUESTS : kind;
}

VaWorkerKind
va_process_of_task(VaTaskId task)
{
	return va_process_of_kind(tasks[task].kind);
}

int
va_processes_per_database(bool shared)
{
	int n = 0;

	for (int k = 0; k < VA_WORKER_KINDS; k++)
		if (!(shared && kinds[k].shares) && va_is_configured((VaWorkerKind) k) && !kinds[k].on_demand)
			n++;
	return n;
}
