/*-------------------------------------------------------------------------
 * event_order.c
 *		The order of events, so that a cursor into it misses none.
 *
 * Transactions commit in any order, and one that is old may write its first event
 * late.  So a transaction announces that it will write events of a tenant before
 * it takes their position: it holds a lock named by its number and the tenant
 * until it has ended, and the position is a transaction number of its own that no
 * other one was behind when the lock was there, so it lies beyond everything that
 * any reader has got.  A reader asks the lock manager which of the transactions
 * that run have announced its own tenant's events, and reads up to the oldest of
 * those.  No other open transaction delays it.
 *
 * decided_position() rests on the order of four things: a lock is taken before
 * its position is read; the reader's snapshot is taken before it looks at the
 * locks; a transaction leaves the list of those that run before its locks go;
 * and what has committed between the snapshot and the look is found in the
 * table.  A lock that was taken in a savepoint goes with it, and so do the
 * events.  A prepared transaction keeps its locks, also across a crash.
 *
 * A cluster numbers its transactions, and a database that was restored from
 * a dump brings events with the numbers of another one.  So every cluster
 * has an era, above those of the clusters before it; event_eras says which.
 * A process that finds none for this cluster takes the next; several may do so at
 * once and write the same, and none waits for another.
 *
 * The locks are advisory ones of a class of their own, which no SQL function can
 * reach; no session ever waits for one.
 */
#include "postgres.h"

#include "access/table.h"
#include "access/tableam.h"
#include "access/transam.h"
#include "access/xact.h"
#include "access/xlog.h"
#include "catalog/namespace.h"
#include "commands/sequence.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "storage/lock.h"
#include "storage/procarray.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/resowner.h"
#include "utils/snapmgr.h"

#include "core/compat.h"
#include "core/statement.h"
#include "tenancy/identity.h"
#include "core/voiceagent.h"
#include "core/wake.h"
#include "stored.h"

PG_FUNCTION_INFO_V1(va_sql_event_position);
PG_FUNCTION_INFO_V1(va_sql_decided_position);
PG_FUNCTION_INFO_V1(va_sql_is_later_xid);

/* 557 years of a thousand transactions a second; 511 eras are exact in a client that knows doubles alone. */
#define ERA_BITS 44
/* 1 and 2 are those of pg_advisory_lock(), 0x5641 to 0x5643 are lead_lock.c's and law_lock.c's. */
#define EVENT_LOCK_CLASS 0x5644
/* Events that are written without a tenant's identity may be of any. */
#define ANY_TENANT 0

/* Announced by this transaction. */
typedef struct Announced
{
	int64 tenant;
	SubTransactionId level; /* that holds the lock */
	int64 position;
} Announced;

static Announced *announced = NULL;
static int n_announced = 0;
static int max_announced = 0;
static int64 era_of_transaction = -1;
/* The snapshot that is_later_xid() compares with, while decided_position() runs. */
static Snapshot reader_snapshot = NULL;

/* ----- the era ----- */

/* Each transaction asks for it, so it is read without a statement.  *is_new: nobody has written it down yet. */
static int64
find_era(bool *is_new)
{
	const char *cluster = psprintf(UINT64_FORMAT, GetSystemIdentifier());
	Oid table = get_relname_relid("event_eras", get_namespace_oid(VA_PRIVATE_SCHEMA, false));
	Relation eras = table_open(table, AccessShareLock);
	TableScanDesc scan = va_table_beginscan(eras, GetActiveSnapshot());
	TupleTableSlot *slot = table_slot_create(eras, NULL);
	int64 highest[] = { -1, -1 }; /* of others, ours */
	bool isnull;

	while (table_scan_getnextslot(scan, ForwardScanDirection, slot))
	{
		Datum whose = slot_getattr(slot, SPI_fnumber(RelationGetDescr(eras), "cluster"), &isnull);
		Datum era = slot_getattr(slot, SPI_fnumber(RelationGetDescr(eras), "era"), &isnull);
		int64 *known = &highest[strcmp(TextDatumGetCString(whose), cluster) == 0];

		*known = Max(*known, DatumGetInt64(era));
	}
	ExecDropSingleTupleTableSlot(slot);
	table_endscan(scan);
	table_close(eras, NoLock);
	*is_new = highest[true] <= highest[false];
	return *is_new ? highest[false] + 1 : highest[true];
}

static void
begin_era(void)
{
	static VaStatement statement = { "INSERT INTO voiceagent_private.event_eras (era, cluster) VALUES ($1, $2)", 2,
		{ INT8OID, TEXTOID }, NULL };
	Datum values[2] = { 0, CStringGetTextDatum(psprintf(UINT64_FORMAT, GetSystemIdentifier())) };
	bool is_new;

	values[0] = Int64GetDatum(era_of_transaction = find_era(&is_new));
	if (!is_new)
		return;
	SPI_connect();
	(void) va_execute(&statement, values, NULL);
	SPI_finish();
}

/* ----- writers ----- */

static void
at_transaction(XactEvent event, void *arg)
{
	era_of_transaction = -1;
	n_announced = 0;
}

/* An announcement belongs to the level that made it, as its lock does. */
static void
at_subtransaction(SubXactEvent event, SubTransactionId mine, SubTransactionId parent, void *arg)
{
	if (event == SUBXACT_EVENT_ABORT_SUB)
	{
		era_of_transaction = -1;
		while (n_announced > 0 && announced[n_announced - 1].level >= mine)
			n_announced--;
	}
	else if (event == SUBXACT_EVENT_COMMIT_SUB)
	{
		for (int i = n_announced - 1; i >= 0 && announced[i].level == mine; i--)
			announced[i].level = parent;
	}
}

static void
set_tag(LOCKTAG *tag, TransactionId xid, int64 tenant)
{
	/* Two tenants of one number hold up each other's feed, which is all. */
	SET_LOCKTAG_ADVISORY(*tag, MyDatabaseId, xid, (uint32) tenant ^ (uint32) ((uint64) tenant >> 32), EVENT_LOCK_CLASS);
}

static Announced *
find_announced(int64 tenant)
{
	for (int i = n_announced - 1; i >= 0; i--)
		if (announced[i].tenant == tenant)
			return &announced[i];
	return NULL;
}

static FullTransactionId
number_of_savepoint(void)
{
	MemoryContext context = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	FullTransactionId number;

	BeginInternalSubTransaction(NULL);
	number = GetCurrentFullTransactionId();
	ReleaseCurrentSubTransaction();
	MemoryContextSwitchTo(context);
	CurrentResourceOwner = owner;
	return number;
}

/*
 * Our number, if it is still the newest, else a new one, by a savepoint: a
 * reader who does not see the lock has got nothing from there on.
 */
static FullTransactionId
newest_number(void)
{
	FullTransactionId number = GetCurrentFullTransactionId();
	FullTransactionId next = ReadNextFullTransactionId();

	FullTransactionIdRetreat(&next);
	return FullTransactionIdEquals(number, next) ? number : number_of_savepoint();
}

static int64
announce(int64 tenant)
{
	LOCKTAG tag;
	int64 position;

	if (era_of_transaction < 0)
		begin_era();
	if (n_announced == max_announced)
	{
		int more = Max(8, 2 * max_announced);

		announced = announced == NULL ? MemoryContextAlloc(TopMemoryContext, more * sizeof(Announced))
									  : repalloc(announced, more * sizeof(Announced));
		max_announced = more;
	}
	set_tag(&tag, GetTopTransactionId(), tenant);
	(void) LockAcquire(&tag, ExclusiveLock, false, false);
	/* Not before the lock is there. */
	position = (era_of_transaction << ERA_BITS) + (int64) U64FromFullTransactionId(newest_number());
	announced[n_announced++] = (Announced){ tenant, GetCurrentSubTransactionId(), position };
	if (tenant != ANY_TENANT)
		va_tell_figures(tenant);
	return position;
}

/* (): the position of this transaction's events of the current tenant */
Datum
va_sql_event_position(PG_FUNCTION_ARGS)
{
	static bool registered = false;
	const VaIdentity *caller = va_caller();
	int64 tenant = caller != NULL ? caller->tenant : ANY_TENANT;
	Announced *found;

	if (!registered)
	{
		RegisterXactCallback(at_transaction, NULL);
		RegisterSubXactCallback(at_subtransaction, NULL);
		registered = true;
	}
	found = find_announced(tenant);
	PG_RETURN_INT64(found != NULL ? found->position : announce(tenant));
}

void
va_announce_events(VaEventWrites *events, TimestampTz at)
{
	*events = (VaEventWrites){ .at = at,
		.position = DirectFunctionCall1(va_sql_event_position, 0),
		.sequence = get_relname_relid("events_event_id_seq", get_namespace_oid(VA_SCHEMA, false)) };
}

void
va_open_events(VaEventWrites *events, VaWrites *writes)
{
	va_open_target(
		&events->target, writes, VA_PRIVATE_SCHEMA, psprintf("events_%02d", va_month_slot(events->at)), CMD_INSERT);
}

void
va_write_event(VaEventWrites *events, TupleTableSlot *row, const char *type, const char *data)
{
	VaTarget *target = &events->target;

	va_begin_insert(target);
	va_set_from(target, "tenant_id", row, "tenant_id");
	va_set(target, "event_id", Int64GetDatum(nextval_internal(events->sequence, false)));
	va_set(target, "month_slot", Int16GetDatum(va_month_slot(events->at)));
	va_set(target, "xid", events->position);
	va_set(target, "at", TimestampTzGetDatum(events->at));
	va_set(target, "event_type", CStringGetTextDatum(type));
	va_set_from(target, "campaign_id", row, "campaign_id");
	va_set_from(target, "call_id", row, "call_id");
	va_set_from(target, "lead_id", row, "lead_id");
	va_set(target, "event_data", DirectFunctionCall1(jsonb_in, CStringGetDatum(data)));
	(void) va_insert_row(target);
}

/* ----- readers ----- */

static bool
is_announced(TransactionId xid, int64 tenant)
{
	LOCKTAG tag;
	int n;

	set_tag(&tag, xid, tenant);
	(void) GetLockConflicts(&tag, ShareLock, &n);
	return n > 0;
}

/* In this order: a lock goes after its transaction has left the list of those that run. */
static bool
has_committed_since(TransactionId xid)
{
	return !TransactionIdIsInProgress(xid) && TransactionIdDidCommit(xid);
}

static uint64
widen(TransactionId xid)
{
	uint64 next = U64FromFullTransactionId(ReadNextFullTransactionId());

	return next - (uint32) ((uint32) next - xid);
}

/* (xid): is what this number wrote invisible in the reader's snapshot? */
Datum
va_sql_is_later_xid(PG_FUNCTION_ARGS)
{
	TransactionId xid = PG_GETARG_TRANSACTIONID(0);

	PG_RETURN_BOOL(reader_snapshot != NULL && TransactionIdIsNormal(xid) && !TransactionIdIsCurrentTransactionId(xid) &&
				   XidInMVCCSnapshot(xid, reader_snapshot));
}

/* The first position from this one on of an event that has been committed since the snapshot; or PG_INT64_MAX. */
static int64
first_committed_since(Snapshot snapshot, int64 tenant, int64 position)
{
	static VaStatement statement = {
		"SELECT min(e.xid) AS first FROM voiceagent.events e"
		" WHERE e.tenant_id = $1 AND e.xid >= $2 AND voiceagent_private.is_later_xid(e.xmin)",
		2, { INT8OID, INT8OID }, NULL
	};
	Datum values[2] = { Int64GetDatum(tenant), Int64GetDatum(position) };
	volatile int64 first = PG_INT64_MAX;

	SPI_connect();
	PushActiveSnapshot(GetLatestSnapshot());
	reader_snapshot = snapshot;
	PG_TRY();
	{
		(void) va_query(&statement, values);
		first = va_column_int(0, "first", PG_INT64_MAX);
	}
	PG_FINALLY();
	{
		reader_snapshot = NULL;
	}
	PG_END_TRY();
	PopActiveSnapshot();
	SPI_finish();
	return first;
}

/* The oldest of those that run; *ended: of those that have committed since the snapshot, or its xmax. */
static TransactionId
oldest_writer(Snapshot snapshot, int64 tenant, TransactionId *ended)
{
	TransactionId oldest = snapshot->xmax;

	*ended = snapshot->xmax;
	/* Those who write are in another cluster, and nothing is known of them. */
	if (snapshot->takenDuringRecovery)
		return snapshot->xmin;
	for (uint32 i = 0; i < snapshot->xcnt; i++)
	{
		TransactionId xid = snapshot->xip[i];

		if (is_announced(xid, tenant) || is_announced(xid, ANY_TENANT))
		{
			if (TransactionIdPrecedes(xid, oldest))
				oldest = xid;
		}
		else if (TransactionIdPrecedes(xid, *ended) && has_committed_since(xid))
			*ended = xid;
	}
	return oldest;
}

/* (): below this position no event of the current tenant can appear any more that the active snapshot does not show */
Datum
va_sql_decided_position(PG_FUNCTION_ARGS)
{
	int64 tenant = va_current_tenant();
	Snapshot snapshot = GetActiveSnapshot();
	TransactionId ended;
	TransactionId oldest = oldest_writer(snapshot, tenant, &ended);
	bool is_new;
	int64 era;
	int64 position;
	Announced *own;

	era = find_era(&is_new) << ERA_BITS;
	position = era + (int64) widen(oldest);
	if (TransactionIdPrecedes(ended, oldest))
	{
		/* An old snapshot does not see much of what there is: not worth a look. */
		int64 first = era + (int64) widen(ended);

		if (!IsolationUsesXactSnapshot())
			first = first_committed_since(snapshot, tenant, first);
		position = Min(position, first);
	}
	/* Its own events are not decided either. */
	own = find_announced(tenant);
	if (own != NULL)
		position = Min(position, own->position);
	own = find_announced(ANY_TENANT);
	if (own != NULL)
		position = Min(position, own->position);
	PG_RETURN_INT64(position);
}
