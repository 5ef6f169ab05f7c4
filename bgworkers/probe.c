/*-------------------------------------------------------------------------
 * probe.c
 *		A short-lived process that looks whether a database has the extension:
 *		how it is asked, and what it does.
 *
 * Locking: the registry's lock, for moments.  Registering a process takes a
 * lock of the postmaster's own list, so it happens without ours: the
 * generation makes a latecomer leave.
 *-------------------------------------------------------------------------
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

#include "compat.h"
#include "probe.h"
#include "registration.h"
#include "shmem.h"
#include "wake.h"

#define TIMEOUT_MS 30000

static TimestampTz requested_at; /* the last probe, in the launcher */

/* ----- the launcher's side ----- */

bool
va_probe_start(Oid database)
{
	VaShared *shared = va_shmem();
	BackgroundWorker worker;
	VaWorkerStart start = {0};
	bool started;

	start.database = database;
	LWLockAcquire(shared->lock, LW_EXCLUSIVE);
	shared->probe_database = database;
	shared->probe_done = false;
	shared->probe_looked = false;
	shared->probe_found = false;
	start.generation = ++shared->probe_generation;
	LWLockRelease(shared->lock);

	va_describe_worker(&worker, "probe", "va_probe_main");
	worker.bgw_notify_pid = MyProcPid;
	memcpy(worker.bgw_extra, &start, sizeof(start));
	started = RegisterDynamicBackgroundWorker(&worker, NULL);
	requested_at = GetCurrentTimestamp();
	if (!started)
	{
		LWLockAcquire(shared->lock, LW_EXCLUSIVE);
		shared->probe_database = InvalidOid;
		LWLockRelease(shared->lock);
	}
	return started;
}

VaProbeAnswer
va_probe_take(void)
{
	VaShared *shared = va_shmem();
	VaProbeAnswer answer = {.idle = true, .looked_at = InvalidOid};

	answer.limit = TimestampTzPlusMilliseconds(requested_at, TIMEOUT_MS);
	LWLockAcquire(shared->lock, LW_EXCLUSIVE);
	if (OidIsValid(shared->probe_database))
	{
		if (shared->probe_done && shared->probe_looked)
			answer.looked_at = shared->probe_database;
		answer.failed = shared->probe_done && !shared->probe_looked;
		if (shared->probe_done && shared->probe_found)
		{
			VaDatabaseSlot *slot = va_enter_database(shared->probe_database);

			answer.full = slot == NULL;
			if (slot != NULL)
				slot->state = VA_DB_ENABLED;
		}
		if (shared->probe_done || GetCurrentTimestamp() > answer.limit)
			shared->probe_database = InvalidOid;
		else
			answer.idle = false;
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

/* False: another probe was asked for since, or somebody wants the database for himself. */
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
