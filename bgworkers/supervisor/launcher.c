/*-------------------------------------------------------------------------
 * launcher.c
 *		One launcher for the server: finds the databases that have the
 *		extension, and keeps their workers running.
 *
 * It is connected to no database (shared catalogs only). Whether a database has
 * the extension is seen from inside: a short-lived probe, one at a time, looks
 * at start and after CREATE DATABASE; CREATE and DROP EXTENSION announce
 * themselves (wake.c). All it knows lies in shared memory, so that a new
 * launcher continues where the last one stopped.
 *
 * A worker that ends is started again: at once when it lived a while, else
 * with a delay that doubles up to a minute.  When the whole server crashed
 * several times within a minute, all starts wait, because one of our workers
 * may be the cause.
 *
 * With nothing to start it waits without a timeout: an idle server is idle.
 *
 * Locking: the registry's lock, for moments.  Registering a worker takes a
 * lock of the postmaster's own list, so it happens without ours: the slot
 * says STARTING meanwhile, and its generation makes a latecomer leave.
 */
#include "postgres.h"

#include <signal.h>

#include "miscadmin.h"
#include "pgstat.h"
#include "postmaster/bgworker.h"
#include "postmaster/interrupt.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "tcop/tcopprot.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"
#include "utils/wait_event.h"

#include "arming.h"
#include "pure/net/backoff.h"
#include "launcher.h"
#include "core/clock.h"
#include "core/compat.h"
#include "tenancy/keys.h"
#include "core/registration.h"
#include "core/shmem.h"
#include "core/wake.h"

#define STARTING_TIMEOUT_MS 10000 /* registered, but never came */
#define NO_SLOT_RETRY_MS 500	  /* doubling to the next */
#define NO_SLOT_RETRY_MAX_MS 10000
#define FIRST_DELAY_MS 500
#define MAX_DELAY_MS 60000
#define MAX_QUICK_EXITS 64 /* more are as bad */
#define CRASHES_AT_ONCE 4
#define SLOTS_BESIDE 3	 /* the launcher, a probe, and the launcher of logical replication */
#define SLOTS_ADVISED 16 /* at least: databases that will come count, too; worker_slots() says the same */
#define SLOTS_TO_SPARE 2 /* parallel workers of one query */

static TimestampTz no_slot_until = 0;
static int no_slot_delay = 0; /* ms; 0 = there were slots */
static bool no_slot_reported = false;
static bool full_reported = false; /* and a database was left out */
static TimestampTz next_due;

static BackgroundWorkerHandle **handles; /* n_databases * VA_WORKER_KINDS */

/* ----- time ----- */

static void
due_at(TimestampTz when)
{
	if (when < next_due)
		next_due = when;
}

static TimestampTz
slots_at(void)
{
	return va_until(no_slot_until, no_slot_delay * INT64CONST(1000));
}

/* Is it time, or when will it be? */
static bool
is_due(TimestampTz when)
{
	if (when <= GetCurrentTimestamp())
		return true;
	due_at(when);
	return false;
}

static TimestampTz
restart_time(const VaWorkerSlot *worker)
{
	int64 delay;

	if (worker->quick_exits == 0)
		return va_until(worker->stopped_at, 0);
	/* Workers of many databases must not restart in step; the slot's address serves as a random number. */
	delay = va_backoff_ms(
		(int) Min(worker->quick_exits, MAX_QUICK_EXITS), FIRST_DELAY_MS, MAX_DELAY_MS, (uint64) (uintptr_t) worker);
	return va_until(TimestampTzPlusMilliseconds(worker->stopped_at, delay), delay * 1000);
}

/* ----- out of worker slots ----- */

static int
count_enabled(void)
{
	VaShared *shared = va_shmem();
	int n = 0;

	LWLockAcquire(shared->lock, LW_SHARED);
	for (int i = 0; i < shared->n_databases; i++)
		n += shared->database[i].state == VA_DB_ENABLED;
	LWLockRelease(shared->lock);
	return n;
}

static void
report_no_slot(void)
{
	int each = va_processes_per_database(va_processes_shared());
	int databases = count_enabled();

	no_slot_delay = no_slot_delay == 0 ? NO_SLOT_RETRY_MS : Min(no_slot_delay * 2, NO_SLOT_RETRY_MAX_MS);
	no_slot_until = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), no_slot_delay);
	due_at(no_slot_until);
	/* A probe frees its slot in a moment: not worth a log line. */
	if (no_slot_delay == NO_SLOT_RETRY_MS)
		return;
	if (no_slot_reported)
		return;
	no_slot_reported = true;
	pg_atomic_write_u32(&va_shmem()->out_of_slots, 1);
	ereport(WARNING,
		(errcode(ERRCODE_CONFIGURATION_LIMIT_EXCEEDED),
			errmsg("out of background worker slots: some workers of voiceagent cannot start"),
			errdetail_plural("%d database has the extension and needs %d, besides 2 for the launcher and its probe, "
							 "and those of parallel queries and of other extensions.",
				"%d databases have the extension and need %d each, besides 2 for the launcher and its "
				"probe, and those of parallel queries and of other extensions.",
				databases, databases, each),
			errhint("Raise max_worker_processes (now %d) to at least %d, see voiceagent.worker_slots(), and restart "
					"the server.",
				max_worker_processes, databases * each + 3)));
}

static void
report_registry_full(void)
{
	if (full_reported)
		return;
	full_reported = true;
	ereport(WARNING,
		(errcode(ERRCODE_CONFIGURATION_LIMIT_EXCEEDED),
			errmsg("more databases have voiceagent than voiceagent.max_databases (%d) allows", va_guc_max_databases),
			errhint("Raise voiceagent.max_databases and restart the server.")));
}

/* They have been given other tasks. */
static void
poke_requests(void)
{
	VaShared *shared = va_shmem();

	for (int i = 0; i < shared->n_databases; i++)
		va_poke_now(shared->database[i].database, va_tasks_by_name("requests"));
}

/* Databases that were left out come in when a slot is free again; the next one that finds none is logged again. */
static void
look_for_room(void)
{
	VaShared *shared = va_shmem();
	bool room;

	if (pg_atomic_exchange_u32(&shared->overflow, 0) != 0)
	{
		report_registry_full();
		va_candidates_full();
	}
	if (!full_reported)
		return;
	LWLockAcquire(shared->lock, LW_SHARED);
	room = va_has_free_slot();
	LWLockRelease(shared->lock);
	if (!room)
		return;
	full_reported = false;
	va_candidates_have_place();
}

/*
 * With few slots keeper and sandbox run in the process `requests`, so that some
 * slots are left for parallel queries. This holds until the server restarts,
 * because a process cannot give up a task without losing its requests.
 */
static void
share_processes(void)
{
	VaShared *shared = va_shmem();
	int databases = count_enabled();
	int wanted = databases * va_processes_per_database(false) + SLOTS_BESIDE + SLOTS_TO_SPARE;

	if (wanted <= max_worker_processes)
		return;
	if (pg_atomic_exchange_u32(&shared->processes_shared, 1) != 0)
		return;
	ereport(LOG, (errmsg("voiceagent runs the work of keeper and sandbox in the process \"requests\", because "
						 "max_worker_processes is %d",
					  max_worker_processes),
					 errhint("With at least %d, and after a restart of the server, they have processes of their own.",
						 Max(wanted, SLOTS_ADVISED))));
	poke_requests();
}

/* ----- which database is probed ----- */

/* Take the probe's answer; true when no probe is under way (any more). */
static bool
finish_probe(void)
{
	VaProbeAnswer answer = va_probe_take();

	switch (answer.state)
	{
		case VA_PROBE_NONE:
			break;
		case VA_PROBE_RUNNING:
			due_at(answer.limit);
			return false;
		case VA_PROBE_LOOKED:
			if (answer.full)
				report_registry_full();
			va_candidates_looked(answer.database, answer.full);
			break;
		case VA_PROBE_FAILED:
		case VA_PROBE_LATE:
			va_candidates_failed(answer.database, answer.state == VA_PROBE_LATE);
			break;
	}
	return true;
}

static void
drive_probes(void)
{
	TimestampTz due;
	Oid database;

	if (!finish_probe())
		return;
	database = va_candidates_next(&due);
	if (!OidIsValid(database))
		due_at(due);
	else if (is_due(slots_at()) && !va_probe_start(database))
		report_no_slot();
}

/* ----- the workers ----- */

static bool
is_configured(VaDatabaseSlot *slot, VaWorkerKind kind)
{
	uint32 configured = pg_atomic_read_u32(&slot->configured);

	return configured != 0 ? (configured & ((uint32) 1 << kind)) != 0 : va_is_configured(kind);
}

static bool
is_wanted(VaDatabaseSlot *slot, VaWorkerKind kind)
{
	if (!va_database_wants(slot, kind) || !va_guc_launcher)
		return false;
	if (!is_configured(slot, kind))
		return false;
	if (va_process_of_kind(kind) != kind)
		return false;
	if (va_on_demand(kind) && slot->worker[kind].pid == 0 && pg_atomic_read_u32(&slot->worker[kind].wanted) == 0)
		return false;
	return !va_is_held(slot->database);
}

/* A worker that was registered but ended before it attached, or never came. */
static void
reap_unattached(VaDatabaseSlot *slot, VaWorkerSlot *worker, BackgroundWorkerHandle **handle)
{
	pid_t pid;
	bool gone = TimestampDifferenceExceeds(worker->requested_at, GetCurrentTimestamp(), STARTING_TIMEOUT_MS);

	if (worker->state != VA_STATE_STARTING)
		return;
	if (!gone && *handle != NULL)
		gone = GetBackgroundWorkerPid(*handle, &pid) == BGWH_STOPPED;
	if (!gone)
	{
		due_at(TimestampTzPlusMilliseconds(worker->requested_at, STARTING_TIMEOUT_MS));
		return;
	}
	worker->state = VA_STATE_STOPPED;
	worker->stopped_at = GetCurrentTimestamp();
	worker->quick_exits++;
}

static void
start_worker(VaDatabaseSlot *slot, VaWorkerKind kind, BackgroundWorkerHandle **handle)
{
	VaShared *shared = va_shmem();
	VaWorkerSlot *worker = &slot->worker[kind];
	BackgroundWorker request;
	VaWorkerStart start = { 0 };
	bool started;

	LWLockAcquire(shared->lock, LW_EXCLUSIVE);
	if (!is_wanted(slot, kind) || worker->state != VA_STATE_STOPPED)
	{
		LWLockRelease(shared->lock);
		return;
	}
	worker->state = VA_STATE_STARTING;
	worker->requested_at = GetCurrentTimestamp();
	start.database = slot->database;
	start.slot = (int32) (slot - shared->database);
	start.kind = (int32) kind;
	start.generation = ++worker->generation;
	LWLockRelease(shared->lock);

	va_describe_worker(&request, va_worker_kind_name(kind), "va_worker_main");
	snprintf(request.bgw_name, BGW_MAXLEN, "voiceagent %s for database %u", va_worker_kind_name(kind), start.database);
	request.bgw_notify_pid = MyProcPid;
	memcpy(request.bgw_extra, &start, sizeof(start));
	if (*handle != NULL)
		pfree(*handle);
	*handle = NULL;
	started = RegisterDynamicBackgroundWorker(&request, handle);

	LWLockAcquire(shared->lock, LW_EXCLUSIVE);
	if (worker->generation == start.generation)
	{
		worker->no_slot = !started;
		if (started)
			worker->starts++;
		else
			worker->state = VA_STATE_STOPPED;
	}
	LWLockRelease(shared->lock);
	if (started)
		no_slot_delay = 0;
	else
		report_no_slot();
}

/* Returns true when the worker should be started now. */
static bool
look_at_worker(VaDatabaseSlot *slot, VaWorkerKind kind, BackgroundWorkerHandle **handle)
{
	VaWorkerSlot *worker = &slot->worker[kind];

	reap_unattached(slot, worker, handle);
	if (!is_wanted(slot, kind))
	{
		worker->no_slot = false;
		if (worker->pid != 0)
			kill(worker->pid, SIGTERM);
		return false;
	}
	if (worker->state != VA_STATE_STOPPED || !is_due(restart_time(worker)))
		return false;
	if (is_due(slots_at()))
		return true;
	worker->no_slot = true;
	return false;
}

static void
drive_workers(void)
{
	VaShared *shared = va_shmem();
	bool all_run = true;

	/* Kind by kind: with too few slots every database gets its dialer before any gets its sandbox. */
	for (int k = 0; k < VA_WORKER_KINDS; k++)
	{
		for (int i = 0; i < shared->n_databases; i++)
		{
			VaDatabaseSlot *slot = &shared->database[i];
			BackgroundWorkerHandle **handle = &handles[i * VA_WORKER_KINDS + k];
			bool start;

			LWLockAcquire(shared->lock, LW_EXCLUSIVE);
			start = slot->state != VA_DB_FREE && look_at_worker(slot, (VaWorkerKind) k, handle);
			all_run = all_run && !slot->worker[k].no_slot;
			LWLockRelease(shared->lock);
			if (start)
				start_worker(slot, (VaWorkerKind) k, handle);
		}
	}
	if (all_run && no_slot_reported && slots_at() < GetCurrentTimestamp())
	{
		no_slot_reported = false;
		pg_atomic_write_u32(&shared->out_of_slots, 0);
	}
}

/* ----- life ----- */

static void
detach_launcher(int code, Datum arg)
{
	VaShared *shared = va_shmem();

	LWLockAcquire(shared->lock, LW_EXCLUSIVE);
	if (shared->launcher_pid == MyProcPid)
	{
		shared->launcher_pid = 0;
		shared->arming_locked = false;
		shared->arming_code = VA_ARMING_UNKNOWN;
	}
	LWLockRelease(shared->lock);
}

static void
attach_launcher(void)
{
	VaShared *shared = va_shmem();

	on_shmem_exit(detach_launcher, (Datum) 0);
	LWLockAcquire(shared->lock, LW_EXCLUSIVE);
	shared->launcher_pid = MyProcPid;
	shared->launcher_procno = VA_MY_PROCNO;
	pg_atomic_write_u64(&shared->launcher_asked, 0);
	/* A start registered by a former launcher and never seen is settled by its timeout. */
	LWLockRelease(shared->lock);
	handles = MemoryContextAllocZero(TopMemoryContext, sizeof(*handles) * (Size) shared->n_databases * VA_WORKER_KINDS);
}

static void
wait_until(TimestampTz when)
{
	long timeout = -1;
	int events = WL_LATCH_SET | WL_EXIT_ON_PM_DEATH;

	if (when != DT_NOEND)
	{
		timeout = TimestampDifferenceMilliseconds(GetCurrentTimestamp(), when) + 1;
		events |= WL_TIMEOUT;
	}
	(void) WaitLatch(MyLatch, events, timeout, PG_WAIT_EXTENSION);
	ResetLatch(MyLatch);
	pg_atomic_write_u64(&va_shmem()->launcher_asked, 0);
	/* An order, not an error; but only a code other than 0 has the postmaster start us again. */
	if (ProcDiePending)
		proc_exit(1);
	/* A cancel has nothing to cancel here. */
	QueryCancelPending = false;
	CHECK_FOR_INTERRUPTS();
}

/* A server that crashes again and again may do so because of us. */
static void
wait_after_crashes(void)
{
	uint32 restarts = va_shmem()->restarts;
	int64 delay_ms;
	TimestampTz until;

	if (restarts <= CRASHES_AT_ONCE || va_guc_crash_restart_delay_max == 0)
		return;
	delay_ms = INT64CONST(1000) << Min(restarts - CRASHES_AT_ONCE - 1, 12);
	delay_ms = Min(delay_ms, (int64) va_guc_crash_restart_delay_max * 1000);
	ereport(LOG, (errmsg("voiceagent waits %d s before it starts workers, because the server has crashed %u times "
						 "within a minute",
					 (int) (delay_ms / 1000), restarts)));
	until = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), delay_ms);
	while (GetCurrentTimestamp() < (until = va_until(until, delay_ms * 1000)))
		wait_until(until);
}

static void
one_round(void)
{
	VaShared *shared = va_shmem();

	next_due = DT_NOEND;
	if (ConfigReloadPending)
	{
		ConfigReloadPending = false;
		ProcessConfigFile(PGC_SIGHUP);
		va_arming_check();
		/* Tokens that a replaced secret signed end with the reload. */
		va_load_keys();
	}
	if (pg_atomic_exchange_u32(&shared->rearm, 0) != 0)
		va_arming_check();
	if (pg_atomic_exchange_u32(&shared->rescan, 0) != 0)
	{
		va_candidates_retry();
		va_candidates_scan();
	}
	due_at(va_promotion_round());
	look_for_room();
	drive_probes();
	share_processes();
	drive_workers();
}

void
va_launcher_main(Datum arg)
{
	pqsignal(SIGHUP, SignalHandlerForConfigReload);
	/* As in va_worker_main(). */
	ConfigReloadPending = true;
	pqsignal(SIGTERM, die);
	BackgroundWorkerUnblockSignals();
	attach_launcher();
	BackgroundWorkerInitializeConnection(NULL, NULL, 0);
	pgstat_report_appname("voiceagent launcher");
	(void) MemoryContextSwitchTo(TopMemoryContext);

	va_arming_check();
	va_load_keys();
	wait_after_crashes();
	/* A launcher that ended may have lost a request that it had taken. */
	pg_atomic_write_u32(&va_shmem()->rescan, 1);
	for (;;)
	{
		one_round();
		wait_until(next_due);
	}
}
