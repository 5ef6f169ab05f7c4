/*-------------------------------------------------------------------------
 * progress.c
 *		How far the imports are that run at this moment.  See run.h.
 *
 * Locking: one spinlock over all slots, held for copying a few numbers, which
 * an import does every PROGRESS_ROWS rows.  A slot belongs to the backend
 * that took it, and is given back when the import's memory is deleted, at its
 * end, or when the (sub)transaction aborts, which may come long before that.
 */
#include "postgres.h"

#include "access/xact.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "storage/spin.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"

#include "core/compat.h"
#include "core/shmem.h"
#include "tenancy/identity.h"
#include "run.h"

#define SHMEM_NAME "voiceagent imports"
#define SLOTS 64

PG_FUNCTION_INFO_V1(va_sql_running_imports);

typedef struct ImportSlot
{
	int pid; /* 0: free */
	Oid database;
	int64 tenant;
	int64 batch;
	TimestampTz started;
	bool dry_run;
	int64 bytes;
	int64 bytes_done;
	int64 rows_read;
	int64 rows_imported;
	int64 rows_rejected;
	int64 rows_duplicate;
	int64 rows_do_not_call;
	int64 rows_updated;
} ImportSlot;

typedef struct ImportSlots
{
	slock_t lock;
	ImportSlot slot[SLOTS];
} ImportSlots;

static ImportSlots *slots = NULL;
static ImportSlot *mine = NULL;
static SubTransactionId mine_since = InvalidSubTransactionId;

static void
set_up(LWLock *lock)
{
	SpinLockInit(&slots->lock);
}

void
va_import_progress_init(void)
{
	static VaSharedPart part = { SHMEM_NAME, (void **) &slots, sizeof(ImportSlots), 0, set_up, NULL };

	va_shmem_add(&part);
}

static void
give_back(void)
{
	if (mine == NULL)
		return;
	SpinLockAcquire(&slots->lock);
	mine->pid = 0;
	SpinLockRelease(&slots->lock);
	mine = NULL;
}

static void
at_end(void *slot)
{
	if (mine == slot)
		give_back();
}

static void
at_abort(XactEvent event, void *arg)
{
	(void) arg;
	if (event == XACT_EVENT_ABORT)
		give_back();
}

static void
at_subabort(SubXactEvent event, SubTransactionId subid, SubTransactionId parent, void *arg)
{
	(void) parent;
	(void) arg;
	if (event == SUBXACT_EVENT_ABORT_SUB && subid == mine_since)
		give_back();
}

void
va_import_progress_start(VaImport *import, size_t bytes)
{
	static bool registered = false;
	MemoryContextCallback *callback;

	/* A trigger's import within an import, if there ever is one, stays unseen. */
	if (slots == NULL || mine != NULL)
		return;
	if (!registered)
	{
		RegisterXactCallback(at_abort, NULL);
		RegisterSubXactCallback(at_subabort, NULL);
		registered = true;
	}
	callback = MemoryContextAllocZero(import->run, sizeof(MemoryContextCallback));
	SpinLockAcquire(&slots->lock);
	for (int i = 0; i < SLOTS && mine == NULL; i++)
	{
		if (slots->slot[i].pid == 0)
			mine = &slots->slot[i];
	}
	if (mine != NULL)
	{
		memset(mine, 0, sizeof(ImportSlot));
		mine->pid = MyProcPid;
		mine->database = MyDatabaseId;
		mine->tenant = import->tenant;
		mine->batch = import->batch;
		mine->started = import->now;
		mine->dry_run = import->dry_run;
		mine->bytes = (int64) bytes;
	}
	SpinLockRelease(&slots->lock);
	if (mine == NULL)
		return;
	mine_since = GetCurrentSubTransactionId();
	callback->func = at_end;
	callback->arg = mine;
	MemoryContextRegisterResetCallback(import->run, callback);
}

void
va_import_progress_set(VaImport *import, size_t done)
{
	if (mine == NULL || mine->batch != import->batch)
		return;
	SpinLockAcquire(&slots->lock);
	mine->bytes_done = (int64) done;
	mine->rows_read = import->rows_read;
	mine->rows_imported = import->rows_imported;
	mine->rows_rejected = import->rows_rejected;
	mine->rows_duplicate = import->rows_duplicate;
	mine->rows_do_not_call = import->rows_do_not_call;
	mine->rows_updated = import->rows_updated;
	SpinLockRelease(&slots->lock);
}

/* running_imports(): those of the current tenant in this database. */
Datum
va_sql_running_imports(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	int64 tenant = va_current_tenant();

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; slots != NULL && i < SLOTS; i++)
	{
		ImportSlot slot;
		Datum values[11];
		bool nulls[11] = { false };

		SpinLockAcquire(&slots->lock);
		slot = slots->slot[i];
		SpinLockRelease(&slots->lock);
		if (slot.pid == 0 || slot.database != MyDatabaseId || slot.tenant != tenant)
			continue;
		values[0] = Int64GetDatum(slot.batch);
		values[1] = TimestampTzGetDatum(slot.started);
		values[2] = BoolGetDatum(slot.dry_run);
		values[3] = Int64GetDatum(slot.bytes);
		values[4] = Int64GetDatum(slot.bytes_done);
		values[5] = Int64GetDatum(slot.rows_read);
		values[6] = Int64GetDatum(slot.rows_imported);
		values[7] = Int64GetDatum(slot.rows_rejected);
		values[8] = Int64GetDatum(slot.rows_duplicate);
		values[9] = Int64GetDatum(slot.rows_do_not_call);
		values[10] = Int64GetDatum(slot.rows_updated);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	return (Datum) 0;
}
