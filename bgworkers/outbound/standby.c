/*-------------------------------------------------------------------------
 * standby.c
 *		The flush position of the synchronous standbys: see dialer.h.
 *
 * Which standbys count, and how many, is synchronous_standby_names, as Patroni
 * keeps it: only one that it names may be promoted.  But Patroni names a standby
 * here first, and seconds later in its store, where the others look; a failover
 * in between may promote any of them.  So one that was named counts after a
 * pause.  The walsenders' entries are read under their spinlocks, without a lock
 * of ours.
 */
#include "postgres.h"

#include "fmgr.h"
#include "postmaster/interrupt.h"
#include "replication/syncrep.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "core/shmem.h"
#include "core/voiceagent.h"
#include "dialer.h"

/* A standby of the same machine has flushed a commit after about as long. */
#define LOOK_US 200

static int
compare_flushed(const void *a, const void *b)
{
	XLogRecPtr one = ((const SyncRepStandbyData *) a)->flush;
	XLogRecPtr two = ((const SyncRepStandbyData *) b)->flush;

	return one > two ? -1 : one < two;
}

/* As far as so many standbys as are asked for have flushed; InvalidXLogRecPtr: there are not so many. */
static XLogRecPtr
flushed_by_standbys(void)
{
	SyncRepStandbyData *standbys;
	XLogRecPtr flushed = InvalidXLogRecPtr;
	int wanted = SyncRepConfig == NULL ? 0 : SyncRepConfig->num_sync;
	int n = wanted == 0 ? 0 : SyncRepGetCandidateStandbys(&standbys);

	if (wanted == 0)
		return InvalidXLogRecPtr;
	/* By priority they are the first so many; of a quorum, the furthest so many. */
	if (n >= wanted)
	{
		qsort(standbys, n, sizeof(*standbys), compare_flushed);
		flushed = standbys[wanted - 1].flush;
	}
	pfree(standbys);
	return flushed;
}

const char *
va_standby_wait(void)
{
	VaShared *shared = va_shmem_or_null();
	XLogRecPtr flushed;

	if (va_guc_dial_durability == VA_DURABLE_LOCAL || shared == NULL)
		return NULL;
	flushed = flushed_by_standbys();
	if (flushed == InvalidXLogRecPtr)
		return "no_standby";
	if (ConfigReloadPending || GetCurrentTimestamp() < (TimestampTz) pg_atomic_read_u64(&shared->standby_counts_at))
		return "standby_new";
	return flushed < pg_atomic_read_u64(&shared->standby_lacks) ? "standby_behind" : NULL;
}

void
va_standby_look(void)
{
	static char *named = NULL;

	if (named != NULL && strcmp(named, SyncRepStandbyNames) == 0)
		return;
	free(named);
	named = strdup(SyncRepStandbyNames);
	pg_atomic_write_u64(
		&va_shmem()->standby_counts_at, (uint64) (GetCurrentTimestamp() + va_guc_promotion_pause_s * USECS_PER_SEC));
}

bool
va_standby_has(XLogRecPtr commit, void (*meanwhile)(void *arg), void *arg)
{
	TimestampTz until = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), VA_STANDBY_FLUSH_MS);

	if (va_guc_dial_durability == VA_DURABLE_LOCAL)
		return true;
	while (flushed_by_standbys() < commit)
	{
		if (GetCurrentTimestamp() >= until)
		{
			pg_atomic_write_u64(&va_shmem()->standby_lacks, commit);
			return false;
		}
		meanwhile(arg);
		pg_usleep(LOOK_US);
	}
	VA_SOMETIMES("claim_is_on_standby");
	/* The WAL senders may have read another name than we, of one that does not count yet. */
	return !ConfigReloadPending;
}

PG_FUNCTION_INFO_V1(va_sql_standby_wait);

Datum
va_sql_standby_wait(PG_FUNCTION_ARGS)
{
	VA_RETURN_TEXT(va_standby_wait());
}
