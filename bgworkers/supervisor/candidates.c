/*-------------------------------------------------------------------------
 * candidates.c
 *		Databases that a probe has yet to look into: which they are, which comes
 *		next, and what happens to one that could not be looked into.
 *
 * The launcher's own memory: a new launcher looks into all databases again
 * that the registry does not know to have the extension.
 */
#include "postgres.h"

#include "access/heapam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/pg_database.h"
#include "nodes/pg_list.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "pure/net/backoff.h"
#include "launcher.h"
#include "core/shmem.h"

#define FIRST_DELAY_MS 1000
#define MAX_DELAY_MS 60000
#define MAX_FAILURES 6
#define INVALID_DATABASE \
	(-2) /* datconnlimit after a DROP DATABASE that was cut off; older versions have no name for it */

typedef enum CandidateState
{
	CANDIDATE_WAITS = 0, /* for its probe */
	CANDIDATE_LOOKED,	 /* it was looked into; CREATE EXTENSION announces itself */
	CANDIDATE_LEFT_OUT	 /* it was looked into, and has the extension or may have it: the registry was full */
} CandidateState;

typedef struct Candidate
{
	Oid database;
	CandidateState state;
	int failures;	 /* probes that could not look */
	TimestampTz due; /* 0 = now; else one has failed, and the next waits until then */
} Candidate;

static List *candidates = NIL;

/* ----- the databases ----- */

/* Every database that can be connected to and is no template. */
static List *
list_databases(void)
{
	MemoryContext caller = CurrentMemoryContext;
	List *found = NIL;
	Relation relation;
	TableScanDesc scan;
	HeapTuple tuple;

	StartTransactionCommand();
	(void) GetTransactionSnapshot();
	relation = table_open(DatabaseRelationId, AccessShareLock);
	scan = table_beginscan_catalog(relation, 0, NULL);
	while ((tuple = heap_getnext(scan, ForwardScanDirection)) != NULL)
	{
		Form_pg_database database = (Form_pg_database) GETSTRUCT(tuple);
		MemoryContext old;

		if (!database->datallowconn || database->datistemplate || database->datconnlimit == INVALID_DATABASE)
			continue;
		old = MemoryContextSwitchTo(caller);
		found = lappend_oid(found, database->oid);
		MemoryContextSwitchTo(old);
	}
	table_endscan(scan);
	table_close(relation, AccessShareLock);
	CommitTransactionCommand();
	MemoryContextSwitchTo(caller);
	return found;
}

static void
disable_others(List *found)
{
	VaShared *shared = va_shmem();

	LWLockAcquire(shared->lock, LW_EXCLUSIVE);
	for (int i = 0; i < shared->n_databases; i++)
	{
		VaDatabaseSlot *slot = &shared->database[i];

		if (slot->state != VA_DB_FREE && !list_member_oid(found, slot->database))
		{
			slot->state = VA_DB_DISABLED;
			slot->unserved = false;
		}
	}
	LWLockRelease(shared->lock);
}

static bool
is_enabled(Oid database)
{
	VaShared *shared = va_shmem();
	VaDatabaseSlot *slot;
	bool enabled;

	LWLockAcquire(shared->lock, LW_SHARED);
	slot = va_find_database(database);
	enabled = slot != NULL && slot->state == VA_DB_ENABLED;
	LWLockRelease(shared->lock);
	return enabled;
}

/* ----- the list ----- */

static Candidate *
find_candidate(Oid database)
{
	ListCell *cell;

	foreach (cell, candidates)
	{
		Candidate *candidate = lfirst(cell);

		if (candidate->database == database)
			return candidate;
	}
	return NULL;
}

/* An oid may be given to another database one day. */
static void
forget_others(List *found)
{
	ListCell *cell;

	foreach (cell, candidates)
	{
		Candidate *candidate = lfirst(cell);

		if (list_member_oid(found, candidate->database))
			continue;
		candidates = foreach_delete_current(candidates, cell);
		pfree(candidate);
	}
}

void
va_candidates_scan(void)
{
	List *found = list_databases();
	ListCell *cell;

	disable_others(found);
	forget_others(found);
	foreach (cell, found)
	{
		Candidate *candidate;

		if (is_enabled(lfirst_oid(cell)) || find_candidate(lfirst_oid(cell)) != NULL)
			continue;
		candidate = palloc0(sizeof(Candidate));
		candidate->database = lfirst_oid(cell);
		candidates = lappend(candidates, candidate);
	}
	list_free(found);
}

void
va_candidates_retry(void)
{
	ListCell *cell;

	foreach (cell, candidates)
	{
		Candidate *candidate = lfirst(cell);

		if (candidate->failures > MAX_FAILURES)
			candidate->failures = 0;
	}
}

void
va_candidates_full(void)
{
	ListCell *cell;

	foreach (cell, candidates)
	{
		Candidate *candidate = lfirst(cell);

		if (candidate->state == CANDIDATE_LOOKED && !is_enabled(candidate->database))
			candidate->state = CANDIDATE_LEFT_OUT;
	}
}

void
va_candidates_have_place(void)
{
	ListCell *cell;

	foreach (cell, candidates)
	{
		Candidate *candidate = lfirst(cell);

		if (candidate->state == CANDIDATE_LEFT_OUT)
			candidate->state = CANDIDATE_WAITS;
	}
	va_candidates_scan();
}

static Candidate *
next_candidate(TimestampTz *due)
{
	VaShared *shared = va_shmem();
	TimestampTz now = GetCurrentTimestamp();
	Candidate *next = NULL;
	ListCell *cell;

	*due = DT_NOEND;
	LWLockAcquire(shared->lock, LW_SHARED);
	foreach (cell, candidates)
	{
		Candidate *candidate = lfirst(cell);

		if (candidate->state != CANDIDATE_WAITS || candidate->failures > MAX_FAILURES ||
			va_is_held(candidate->database))
			continue;
		if (candidate->due <= now)
		{
			next = candidate;
			break;
		}
		*due = Min(*due, candidate->due);
	}
	LWLockRelease(shared->lock);
	return next;
}

Oid
va_candidates_next(TimestampTz *due)
{
	Candidate *next = next_candidate(due);

	/* A database that could not be looked into may be gone by now. */
	if (next != NULL && next->due != 0)
	{
		va_candidates_scan();
		next = next_candidate(due);
	}
	return next == NULL ? InvalidOid : next->database;
}

void
va_candidates_looked(Oid database, bool full)
{
	Candidate *candidate = find_candidate(database);

	if (candidate == NULL)
		return;
	candidate->state = full ? CANDIDATE_LEFT_OUT : CANDIDATE_LOOKED;
	candidate->failures = 0;
	candidate->due = 0;
}

void
va_candidates_failed(Oid database, bool late)
{
	Candidate *candidate = find_candidate(database);
	int64 delay;

	if (candidate == NULL)
		return;
	candidates = lappend(list_delete_ptr(candidates, candidate), candidate);
	if (!late)
		candidate->failures++;
	delay = va_backoff_ms(candidate->failures, FIRST_DELAY_MS, MAX_DELAY_MS, database);
	candidate->due = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), delay);
}
