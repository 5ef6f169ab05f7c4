/*-------------------------------------------------------------------------
 * limits.c
 *		A tenant session's share of the cluster's one supply: places
 *		in the lock table, snapshots' room for subtransactions, memory,
 *		processor time.
 *
 * The lists of this process' own locks tell how many it has; mostly they are
 * empty, and then nothing is locked to look.
 */
#include "postgres.h"

#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "access/xact.h"
#include "storage/lock.h"
#include "storage/lwlock.h"
#include "storage/proc.h"

#include "core/compat.h"
#include "core/voiceagent.h"
#include "session.h"

/* A transaction with more than 64 is looked up on disk by everybody who meets it. */
#define SUBTRANSACTIONS 48
#define NICE 10

/* Others move locks of ours into these lists, under the partition's lock; those that were never there take no place. */
static int
count_locks(void)
{
	int n = 0;

	for (int i = 0; i < NUM_LOCK_PARTITIONS; i++)
	{
		if (va_lock_list_is_empty(&MyProc->myProcLocks[i]))
			continue;
		LWLockAcquire(LockHashPartitionLockByIndex(i), LW_SHARED);
		n += va_count_lock_list(&MyProc->myProcLocks[i]);
		LWLockRelease(LockHashPartitionLockByIndex(i));
	}
	return n;
}

void
va_check_locks(void)
{
	int locks = count_locks();

	va_note_session(GetCurrentTransactionStartTimestamp(), locks);
	if (va_guc_tenant_locks > 0 && locks > va_guc_tenant_locks)
		ereport(ERROR, (errcode(ERRCODE_CONFIGURATION_LIMIT_EXCEEDED),
						   errmsg("this transaction holds too many locks for a tenant's session"),
						   errdetail("It holds %d; voiceagent.tenant_locks allows %d.", locks, va_guc_tenant_locks),
						   errhint("Use fewer tables in a transaction, and end it sooner.")));
	if (va_guc_tenant_locks > 0 && GetCurrentTransactionNestLevel() > SUBTRANSACTIONS)
		ereport(ERROR,
			(errcode(ERRCODE_CONFIGURATION_LIMIT_EXCEEDED),
				errmsg("this transaction has too many open savepoints for a tenant's session"),
				errdetail("At most %d are open at a time, those of exception blocks included.", SUBTRANSACTIONS - 1),
				errhint("Release savepoints that are needed no more.")));
}

/* Bytes of data that the process has now; 0 when the system does not tell. */
static rlim_t
data_bytes(void)
{
	FILE *file = fopen("/proc/self/statm", "r");
	unsigned long data = 0;

	if (file == NULL)
		return 0;
	if (fscanf(file, "%*u %*u %*u %*u %*u %lu", &data) != 1)
		data = 0;
	fclose(file);
	return (rlim_t) data * (rlim_t) sysconf(_SC_PAGESIZE);
}

static void
limit_memory(int mb)
{
	struct rlimit limit;
	rlim_t now = data_bytes();

	if (now == 0 || getrlimit(RLIMIT_DATA, &limit) != 0)
		return;
	limit.rlim_cur = mb == 0 ? limit.rlim_max : Min(limit.rlim_max, now + (rlim_t) mb * 1024 * 1024);
	(void) setrlimit(RLIMIT_DATA, &limit);
}

/* When the session is new, and when the setting has changed. */
void
va_limit_process(void)
{
	static int memory = 0;
	static bool niced = false;

	if (unlikely(memory != va_guc_tenant_memory_mb))
	{
		memory = va_guc_tenant_memory_mb;
		limit_memory(memory);
	}
	/* The door's requests are everybody's, and short. */
	if (unlikely(!niced) && va_guarded == VA_GUARD_TENANT)
	{
		niced = true;
		(void) setpriority(PRIO_PROCESS, 0, NICE);
	}
}
