/*-------------------------------------------------------------------------
 * renew.c
 *		Queues that are written anew while a session of somebody else's holds
 *		a snapshot, or a standby does.
 *
 * Rows come and go at every step of a call, in tables of few rows. No vacuum
 * takes those that are gone as long as somebody might look back, and every
 * look at a queue steps over them: within minutes a call would cost several
 * times as much. So the rows that are there move to a new file, with their
 * indexes, and the old file goes.
 *
 * They are written as frozen: an older snapshot that looks at the table later
 * finds what waits now, not an empty table, and a caller's limit or a lead
 * that is being called holds for it, too. One that has looked at it before
 * keeps its lock, as pg_dump does from its start, and the table stays as it
 * is. Nobody's replication sees anything.
 */
#include "postgres.h"

#include "access/heapam.h"
#include "access/table.h"
#include "access/transam.h"
#include "access/xact.h"
#include "catalog/index.h"
#include "commands/tablecmds.h"
#include "pgstat.h"
#include "storage/predicate.h"
#include "storage/procarray.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "core/compat.h"
#include "core/statement.h"
#include "runtime/tenant_backoff.h"
#include "runtime/worker.h"
#include "renew.h"

/* How often it is looked for them while there is work; and at most for a table whose lock is not got, twice as long each time. */
#define LOOK_US (2 * USECS_PER_SEC)
#define LOOK_MOST_MS 16000
#define TABLES 64
/* Fewer dead rows are left to vacuum; more rows would take longer than others can wait: these take a fifth of a second. */
#define DEAD_ROWS 1000
#define ROWS_MAX 100000
/* Others wait behind us meanwhile. */
#define LOCK_TIMEOUT "300ms"
/* Vacuum does it while no snapshot is older than so many transactions. */
#define YOUNG_TRANSACTIONS 500

static VaStatement crowded_statement = {
	"SELECT c.oid::bigint AS oid FROM pg_catalog.pg_class c WHERE c.relnamespace = 'voiceagent_private'::regnamespace"
	" AND c.relkind = 'r' AND pg_stat_get_dead_tuples(c.oid) > $1 + pg_stat_get_live_tuples(c.oid) / 4"
	" AND pg_stat_get_live_tuples(c.oid) < $2",
	2, { INT8OID, INT8OID }, NULL
};

static TimestampTz look_at = 0;
static VaTenantBackoff missed = { .longest_ms = LOOK_MOST_MS }; /* tables, whoever's rows they have */

/* The rows that are there; NIL, too, if one has a value elsewhere. */
static bool
read_rows(Relation table, List **rows)
{
	TableScanDesc scan = va_table_beginscan(table, GetActiveSnapshot());
	HeapTuple row;
	bool whole = true;

	while (whole && (row = heap_getnext(scan, ForwardScanDirection)) != NULL)
	{
		CHECK_FOR_INTERRUPTS();
		whole = !HeapTupleHasExternal(row) && list_length(*rows) < 2 * ROWS_MAX;
		*rows = lappend(*rows, heap_copytuple(row));
	}
	table_endscan(scan);
	return whole;
}

static void
write_rows(Relation table, List *rows)
{
	ListCell *cell;

	CheckTableNotInUse(table, "renew");
	TransferPredicateLocksToHeapRelation(table);
	va_new_file(table);
	pgstat_count_truncate(table);
	CommandCounterIncrement();
	foreach (cell, rows)
		heap_insert(table, lfirst(cell), GetCurrentCommandId(true),
			HEAP_INSERT_SKIP_FSM | HEAP_INSERT_FROZEN | HEAP_INSERT_NO_LOGICAL, NULL);
}

static bool
is_held(Oid oid)
{
	TransactionId next = ReadNextTransactionId();
	Relation table = table_open(oid, AccessShareLock);
	bool held = TransactionIdPrecedes(GetOldestNonRemovableTransactionId(table), next - YOUNG_TRANSACTIONS);

	table_close(table, AccessShareLock);
	return held;
}

static void
renew(void *arg)
{
	Oid oid = *(Oid *) arg;
	Relation table;
	List *rows = NIL;
	bool renewed;

	if (!is_held(oid))
		return;
	table = table_open(oid, AccessExclusiveLock);
	PushActiveSnapshot(GetLatestSnapshot());
	renewed = read_rows(table, &rows);
	PopActiveSnapshot();
	if (renewed)
		write_rows(table, rows);
	table_close(table, NoLock);
	if (renewed)
	{
		va_reindex(oid);
		ereport(DEBUG1, (errmsg_internal("table %u was written anew, with %d rows", oid, list_length(rows))));
	}
}

void
va_renew_queues(void)
{
	TimestampTz now = GetCurrentTimestamp();
	Datum limits[2] = { Int64GetDatum(DEAD_ROWS), Int64GetDatum(ROWS_MAX) };
	Oid tables[TABLES];
	int n_found;
	int n = 0;

	if (now < look_at && now >= look_at - LOOK_US)
		return;
	va_begin("look for queues with many dead rows");
	n_found = va_execute(&crowded_statement, limits, NULL);
	for (int i = 0; i < n_found && n < TABLES; i++)
	{
		tables[n] = (Oid) va_column_int(i, "oid", 0);
		n += va_backoff_active(&missed, tables[n]) ? 0 : 1;
	}
	va_commit();
	for (int i = 0; i < n; i++)
	{
		char sqlstate[6];
		char *message;

		va_begin("write a queue anew");
		va_set_local("lock_timeout", LOCK_TIMEOUT);
		if (va_try(renew, &tables[i], sqlstate, &message))
			va_backoff_reset(&missed, tables[i]);
		else
		{
			(void) va_backoff_start(&missed, tables[i], LOOK_US / 1000);
			ereport(DEBUG1, (errmsg_internal("table %u was not written anew: %s", tables[i], message)));
		}
		va_commit();
	}
	look_at = GetCurrentTimestamp() + LOOK_US;
}
