/*-------------------------------------------------------------------------
 * worker.c
 *		The common shell of every worker: how it starts, turns its tasks, and
 *		ends.
 *
 * The process attaches to its slot before it connects, so that a command that
 * wants the database exclusively can end it at any moment; the slot is given
 * back after the process has left the list of the database's sessions (exit
 * callbacks run in the opposite order).
 *
 * SIGTERM: between two turns it ends cleanly (tasks are notified, exit code
 * 0); inside a long statement it is an ordinary termination.
 */
#include "postgres.h"

#ifdef __GLIBC__
#include <malloc.h> /* malloc_trim() */
#endif
#include <signal.h>

#include "access/xlog.h"
#include "miscadmin.h"
#include "postmaster/bgworker.h"
#include "postmaster/interrupt.h"
#include "storage/ipc.h"
#include "tcop/tcopprot.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "supervisor/arming.h"
#include "core/clock.h"
#include "core/compat.h"
#include "tenancy/log_redaction.h"
#include "guest_limits.h"
#include "runtime.h"
#include "session.h"
#include "worker.h"

static const VaTask *const task_table[VA_TASKS] = {
	[VA_TASK_DIALER] = &va_dialer_task,
	[VA_TASK_SOCKETS] = &va_sockets_task,
	[VA_TASK_LOOKUPS] = &va_lookups_task,
	[VA_TASK_PROVIDER_REQUESTS] = &va_provider_requests_task,
	[VA_TASK_OUTBOX] = &va_outbox_sender_task,
	[VA_TASK_MODEL_REQUESTS] = &va_model_requests_task,
	[VA_TASK_PAYMENTS] = &va_payments_task,
	[VA_TASK_PAGES] = &va_pages_task,
	[VA_TASK_CALENDAR_FETCHES] = &va_calendar_fetches_task,
	[VA_TASK_CALENDAR_WRITES] = &va_calendar_writes_task,
	[VA_TASK_TRACES] = &va_traces_task,
	[VA_TASK_MAIL] = &va_mail_task,
	[VA_TASK_TOOL_REQUESTS] = &va_tool_requests_task,
	[VA_TASK_GATEWAY] = &va_gateway_task,
	[VA_TASK_INBOX] = &va_inbox_task,
	[VA_TASK_SCHEDULES] = &va_schedules_task,
	[VA_TASK_JOBS] = &va_maintenance_task,
	[VA_TASK_SANDBOX] = &va_sandbox_task,
	[VA_TASK_CONDITIONS] = &va_conditions_task,
	[VA_TASK_CALENDAR_FILES] = &va_calendar_files_task,
	[VA_TASK_NEWS] = &va_news_task,
	[VA_TASK_FIGURES] = &va_figures_task,
	[VA_TASK_WEB] = &va_web_task,
	[VA_TASK_API] = &va_api_task,
	[VA_TASK_API_2] = &va_api_task,
	[VA_TASK_API_3] = &va_api_task,
	[VA_TASK_API_4] = &va_api_task,
	[VA_TASK_DEFERRED] = &va_deferred_task,
	[VA_TASK_DEFERRED_2] = &va_deferred_task,
	[VA_TASK_EXPORTS] = &va_exports_task,
	[VA_TASK_MEDIA] = &va_media_task,
	[VA_TASK_TOOLS] = &va_tools_task,
};

#define CLOCK_STEP_US (10 * USECS_PER_SEC)
/* A worker is at rest this long after its last work. */
#define REST_AFTER_S 5
/* A process on demand ends this long after its last work. */
#define END_AFTER_S 10

static VaWorker *this_worker = NULL;

VaWorker *
va_this_worker(void)
{
	return this_worker;
}

/* Does it run what others wrote, or ask? */
static bool
has_bounds(void)
{
	return this_worker->kind == VA_WORKER_GUEST || va_is_api(this_worker->kind);
}

/* ----- the outbound HTTP client ----- */

static void
note_io(void *arg)
{
	va_loop_note_io((VaLoop *) arg);
}

VaHttpOptions
va_worker_http_options(VaWorker *worker)
{
	VaHttpOptions options = {
		.max_in_flight = va_guc_http_max_in_flight,
		.max_response_bytes = (size_t) va_guc_http_max_response_kb * 1024,
		.timeout_ms = va_guc_http_timeout_ms,
		.connect_timeout_ms = va_guc_http_connect_timeout_ms,
		.user_agent = "voiceagent",
		.note_io = note_io,
		.note_io_arg = worker->loop,
	};

	return options;
}

VaHttp *
va_worker_http(VaWorker *worker)
{
	char reason[200];
	VaHttpOptions options = va_worker_http_options(worker);

	if (worker->http == NULL)
	{
		worker->http = va_http_create(va_loop_uv(worker->loop), &options, reason, sizeof(reason));
		if (worker->http == NULL)
			ereport(ERROR, (errcode(ERRCODE_SYSTEM_ERROR), errmsg("could not make an HTTP client: %s", reason)));
	}
	return worker->http;
}

/* ----- the loop ----- */

static VaWake
reload(void)
{
	VaHttpOptions options;

	if (!ConfigReloadPending)
		return 0;
	ConfigReloadPending = false;
	ProcessConfigFile(PGC_SIGHUP);
	va_session_settings(this_worker->kind);
	va_slot_note_configured();
	if (this_worker->http != NULL)
	{
		options = va_worker_http_options(this_worker);
		va_http_configure(this_worker->http, &options);
	}
	return VA_WAKE_RELOAD;
}

/*
 * The latch is set for many reasons, and a deadline belongs to some task: what
 * each task does is not decided here.
 */
static VaWake
reasons_of_all(VaWake why)
{
	return why & ~(VA_WAKE_POKE | VA_WAKE_TIMER);
}

/*
 * A wait is measured from the clock's time at its start, so a clock that is set
 * back by an hour would make it last an hour longer.
 */
static bool
clock_was_set_back(void)
{
	static TimestampTz seen = 0;
	TimestampTz now = GetCurrentTimestamp();
	bool back = now < seen - CLOCK_STEP_US;

	seen = now;
	return back;
}

/* A worker that waits for a time looks at the clock now and then; that runs no statement. */
static TimestampTz
within_a_minute(TimestampTz next)
{
	return next == DT_NOEND ? next : Min(next, GetCurrentTimestamp() + USECS_PER_MINUTE);
}

/*
 * Memory that a burst took, and that malloc has kept, goes back to the system
 * when the worker comes to rest: once, without a statement. Not earlier,
 * because memory that is given back costs page faults when it is needed again.
 */
static TimestampTz
give_back_memory(VaWake why)
{
	static TimestampTz rest_at = DT_NOEND;

	if ((why & ~VA_WAKE_TIMER) != 0)
		rest_at = GetCurrentTimestamp() + REST_AFTER_S * USECS_PER_SEC;
	else if (rest_at <= GetCurrentTimestamp())
	{
#ifdef __GLIBC__
		malloc_trim(0);
#endif
		rest_at = DT_NOEND;
	}
	return rest_at;
}

/* When a process on demand ends, if nothing comes until then. */
static TimestampTz
end_at(VaWake why)
{
	static TimestampTz at = DT_NOEND;

	if (!va_on_demand(this_worker->kind))
		return DT_NOEND;
	if (at == DT_NOEND || (why & ~VA_WAKE_TIMER) != 0 || va_tasks_next() <= GetCurrentTimestamp())
		at = GetCurrentTimestamp() + END_AFTER_S * USECS_PER_SEC;
	at = va_until(at, END_AFTER_S * USECS_PER_SEC);
	return at;
}

/*
 * How long the next wait may last. It is 0 when there is news already:
 * PostgreSQL's own waits within a turn, such as that for a lock, reset the
 * latch that announced it. News is published before its latch is set, so news
 * that comes after this look sets the latch once more.
 */
static TimestampTz
wait_until(TimestampTz rest_at)
{
	if (ConfigReloadPending)
		return DT_NOBEGIN;
	rest_at = Min(Min(rest_at, va_plans_due()), va_neighbours_watch());
	return within_a_minute(Min(rest_at, Min(va_tasks_next(), va_statistics_due())));
}

static void
run_worker(void)
{
	VaWake why = VA_WAKE_START;
	TimestampTz next;

	for (;;)
	{
		TimestampTz end = end_at(why);

		if (ProcDiePending || end <= GetCurrentTimestamp())
			break;
		va_check_between_turns();
		why |= reload();
		if (clock_was_set_back())
			why |= VA_WAKE_TIMER;
		this_worker->real_carriers = va_armed(this_worker->database);
		va_slot_turns();
		va_tasks_turn(this_worker, this_worker->scratch, why);
		if (ProcDiePending)
			break;
		if (has_bounds() && va_guest_is_worn())
		{
			if (va_on_demand(this_worker->kind))
				va_slot_wants_successor();
			break;
		}
		if (va_statistics_due() <= GetCurrentTimestamp())
			va_flush_statistics();
		va_plans_renew();
		next = wait_until(Min(end, give_back_memory(why)));
		va_slot_rests(next);
		why = reasons_of_all(va_loop_wait(this_worker->loop, next));
	}
	va_tasks_stop(this_worker);
}

/* ----- start ----- */

static void
make_worker(const VaWorkerStart *start)
{
	this_worker = MemoryContextAllocZero(TopMemoryContext, sizeof(VaWorker));
	this_worker->kind = (VaWorkerKind) start->kind;
	this_worker->database = start->database;
	this_worker->scratch = AllocSetContextCreate(TopMemoryContext, "voiceagent turn", ALLOCSET_DEFAULT_SIZES);
	va_tasks_register(task_table);
}

void
va_worker_main(Datum arg)
{
	VaWorkerStart start;
	VaSession session;

	memcpy(&start, MyBgworkerEntry->bgw_extra, sizeof(start));
	make_worker(&start);
	pqsignal(SIGHUP, SignalHandlerForConfigReload);
	/* A reload since the fork is lost: the server has this signal ignored until here. */
	ConfigReloadPending = true;
	pqsignal(SIGTERM, die);
	/* Before signals come in: once the slot has our pid, we may be asked to end. */
	if (!va_slot_attach(&start))
		proc_exit(0);
	BackgroundWorkerUnblockSignals();
	va_log_redaction_worker();

	BackgroundWorkerInitializeConnectionByOid(start.database, InvalidOid, VA_BGWORKER_FLAGS);
	va_session_settings(this_worker->kind);
	va_session_name(this_worker->kind);
	if (RecoveryInProgress())
		(void) va_slot_disable_database(start.database, false);
	if (RecoveryInProgress() || (session = va_session_role(this_worker->kind)) == VA_SESSION_NONE)
		proc_exit(0);
	this_worker->refuses = session == VA_SESSION_REFUSES;
	va_slot_note_configured();
	if (has_bounds())
		va_guest_limits(va_worker_kind_name(this_worker->kind));
	va_session_file_limit();
	this_worker->loop = va_loop_create();
	(void) MemoryContextSwitchTo(this_worker->scratch);
	run_worker();
	proc_exit(0);
}
