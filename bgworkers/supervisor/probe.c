/*-------------------------------------------------------------------------
 * probe.c
 *		A short-lived process that looks whether a database has the extension:
 *		how it is asked, and what it does.
 *
 * Locking: the registry's lock, for moments.  Registering a process takes a
 * lock of the postmaster's own list, so it happens without ours: the
 * generation makes a latecomer leave.
 */
#include "postgres.h"

#include <signal.h>

#include "access/xact.h"
#include "commands/extension.h"
#include "miscadmin.h"
#include "postmaster/bgworker.h"
#include "storage/ipc.h"
#include "storage/lwlock.h"
#include "tcop/tcopprot.h"
#include "utils/timestamp.h"

#include "core/compat.h"
#include "launcher.h"
#include "core/registration.h"
#include "core/shmem.h"
#include "core/wake.h"

#define TIMEOUT_MS 30000

/* ----- the launcher's side ----- */

bool
va_probe_start(Oid database)
{
	VaShared *shared = va_shmem();
	BackgroundWorker worker;
	VaWorkerStart start = { 0 };
	bool started;

	start.database = database;
	LWLockAcquire(shared->lock, LW_EXCLUSIVE);
	shared->probe_database = database;
	shared->probe_done = false;
	shared->probe_looked = false;
	shared->probe_found = false;
	shared->probe_requested_at = GetCurrentTimestamp();
	start.generation = ++shared->probe_generation;
	LWLockRelease(shared->lock);

	va_describe_worker(&worker, "probe", "va_probe_main");
	worker.bgw_notify_pid = MyProcPid;
	memcpy(worker.bgw_extra, &start, sizeof(start));
	started = RegisterDynamicBackgroundWorker(&worker, NULL);
	if (!started)
	{
		LWLockAcquire(shared->lock, LW_EXCLUSIVE);
		shared->probe_database = InvalidOid;
		LWLockRelease(shared->lock);
	}
	return started;
}

/* A probe that has started is waited for, however late: it may write its answer as long as it lives. */
static VaProbeState
probe_state(const VaShared *shared, bool late)
{
	if (shared->probe_done && shared->probe_looked)
		return VA_PROBE_LOOKED;
	if (shared->probe_done)
		return late ? VA_PROBE_LATE : VA_PROBE_FAILED;
	return late && shared->probe_pid == 0 ? VA_PROBE_FAILED : VA_PROBE_RUNNING;
}

/* Into the registry; false: there is no room. */
static bool
enter_found(Oid database)
{
	VaDatabaseSlot *slot = va_enter_database(database);

	if (slot != NULL)
		slot->state = VA_DB_ENABLED;
	return slot != NULL;
}

VaProbeAnswer
va_probe_take(void)
{
	VaShared *shared = va_shmem();
	VaProbeAnswer answer = { .state = VA_PROBE_NONE };
	bool late;

	LWLockAcquire(shared->lock, LW_EXCLUSIVE);
	if (OidIsValid(shared->probe_database))
	{
		answer.database = shared->probe_database;
		answer.limit = TimestampTzPlusMilliseconds(shared->probe_requested_at, TIMEOUT_MS);
		late = GetCurrentTimestamp() > answer.limit;
		answer.state = probe_state(shared, late);
		if (answer.state == VA_PROBE_LOOKED && shared->probe_found)
			answer.full = !enter_found(answer.database);
		if (answer.state != VA_PROBE_RUNNING)
			shared->probe_database = InvalidOid;
		else if (late)
		{
			/* Its end wakes us. */
			answer.limit = DT_NOEND;
			kill(shared->probe_pid, SIGTERM);
		}
	}
	LWLockRelease(shared->lock);
	return answer;
}

/* ----- the process ----- */

static void
detach(int code, Datum arg)
{
	VaShared *shared = va_shmem();

	LWLockAcquire(shared->lock, LW_EXCLUSIVE);
	if (shared->probe_pid == MyProcPid)
	{
		shared->probe_pid = 0;
		shared->probe_done = true;
	}
	LWLockRelease(shared->lock);
	va_wake_launcher_now();
}

/* False: another probe was asked for since, or a command wants the database exclusively. */
static bool
attach(const VaWorkerStart *start)
{
	VaShared *shared = va_shmem();
	bool attached = false;

	LWLockAcquire(shared->lock, LW_EXCLUSIVE);
	if (shared->probe_database == start->database && shared->probe_generation == start->generation)
	{
		if (va_is_held(start->database))
			shared->probe_done = true;
		else
		{
			shared->probe_pid = MyProcPid;
			attached = true;
		}
	}
	LWLockRelease(shared->lock);
	return attached;
}

/*
 * One look into a database.  It may be hit by a command that wants the
 * database for itself: then it reports nothing, and the launcher, woken when
 * the command ends, has it looked at again.
 */
void
va_probe_main(Datum arg)
{
	VaShared *shared = va_shmem();
	VaWorkerStart start;
	bool found;

	memcpy(&start, MyBgworkerEntry->bgw_extra, sizeof(start));
	pqsignal(SIGTERM, die);
	if (!attach(&start))
	{
		va_wake_launcher_now();
		proc_exit(0);
	}
	on_shmem_exit(detach, (Datum) 0);
	BackgroundWorkerUnblockSignals();

	BackgroundWorkerInitializeConnectionByOid(start.database, InvalidOid, VA_BGWORKER_FLAGS);
	StartTransactionCommand();
	found = OidIsValid(get_extension_oid(VA_EXTENSION_NAME, true));
	CommitTransactionCommand();

	LWLockAcquire(shared->lock, LW_EXCLUSIVE);
	shared->probe_looked = true;
	shared->probe_found = found;
	LWLockRelease(shared->lock);
	proc_exit(0);
}
