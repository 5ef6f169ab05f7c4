/*-------------------------------------------------------------------------
 * durable.c
 *		Commits that the disk takes while others speak.
 *
 * The effects of a commit (an answer, a promise to call no more, the end sent to
 * a carrier) waits until no crash can take it back.  The process tools flushes
 * it; while that is busy the WAL writer does, and in the end we do.
 */
#include "postgres.h"

#include "access/xact.h"
#include "access/xlog.h"
#include "miscadmin.h"
#include "replication/syncrep.h"
#include "replication/walsender.h"
#include "replication/walsender_private.h"

#include "core/shmem.h"
#include "owner.h"
#include "runtime/worker.h"

/* Twice so long (what was said meanwhile waits for its turn), and KEEP_EVERY_MS, is the most that a crash takes of what was said. */
#define FLUSH_AFTER_MS 2000

void
va_media_committed(VaMediaCall *calls, int64_t now_ms)
{
	for (VaMediaCall *call = calls; call != NULL; call = call->next)
	{
		if (call->kept_at != 0 || !(call->keeping || call->end_noted))
			continue;
		call->kept_at = XactLastCommitEnd;
		call->committed_ms = now_ms;
		for (VaTurn *turn = call->keeping ? call->turns : NULL; turn != NULL; turn = turn->next)
			turn->kept = true;
		va_media_count_times(call);
		if (call->talk.state != VA_TALK_OVER)
			call->ntimes = call->ncounted = 0;
	}
	pg_atomic_write_u64(&va_slot_database()->said_to, XactLastCommitEnd);
	va_poke_now(MyDatabaseId, VA_TASK_BIT(VA_TASK_TOOLS));
}

void
va_media_flush(void)
{
	static XLogRecPtr flushed = InvalidXLogRecPtr;
	XLogRecPtr said_to = pg_atomic_read_u64(&va_slot_database()->said_to);

	if (said_to == flushed)
		return;
	XLogFlush(said_to);
	flushed = said_to;
	va_poke_now(MyDatabaseId, VA_TASK_BIT(VA_TASK_MEDIA));
}

bool
va_media_is_durable(const VaMediaCall *call, int64_t now_ms)
{
	int mode = synchronous_commit == SYNCHRONOUS_COMMIT_REMOTE_APPLY ? SYNC_REP_WAIT_APPLY : SYNC_REP_WAIT_FLUSH;
	bool late = now_ms - call->committed_ms > FLUSH_AFTER_MS;

	if (late)
		XLogFlush(call->kept_at);
	if (GetFlushRecPtr(NULL) < call->kept_at)
		return false;
	/* A standby that hangs ends no talk; but it promises only what it has. It is read without a lock: it only grows. */
	return !SyncRepRequested() || SyncRepConfig == NULL || WalSndCtl->lsn[mode] >= call->kept_at ||
		   (late && !(call->keeping && call->stopped));
}
