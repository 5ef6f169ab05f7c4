/*-------------------------------------------------------------------------
 * probe.c
 *		Is there a row for (tenant, phone)?  See probe.h.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/stratnum.h"
#include "access/tableam.h"
#include "nodes/primnodes.h"
#include "storage/lmgr.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"

#include "core/compat.h"
#include "probe.h"

/* Entries that are walked over before a new descent is cheaper. */
#define PROBE_STEPS 12

/* Whether it has every row: no predicate, or one of "IS NOT NULL" of its number, which never is NULL. */
static bool
has_every_row(Relation index, AttrNumber second)
{
	List *predicate = RelationGetIndexPredicate(index);
	NullTest *test;

	if (predicate == NIL)
		return true;
	test = (NullTest *) linitial(predicate);
	return list_length(predicate) == 1 && IsA(test, NullTest) && test->nulltesttype == IS_NOT_NULL &&
		   IsA(test->arg, Var) && ((Var *) test->arg)->varattno == second;
}

static Oid
unique_index_on(Relation rel, const char *second_column)
{
	AttrNumber first = get_attnum(RelationGetRelid(rel), "tenant_id");
	AttrNumber second = get_attnum(RelationGetRelid(rel), second_column);
	List *indexes = RelationGetIndexList(rel);
	Oid found = InvalidOid;
	ListCell *cell;

	foreach (cell, indexes)
	{
		Relation index = index_open(lfirst_oid(cell), AccessShareLock);
		Form_pg_index form = index->rd_index;

		if (form->indisunique && form->indisvalid && form->indimmediate && form->indnkeyatts == 2 &&
			form->indkey.values[0] == first && form->indkey.values[1] == second && has_every_row(index, second))
			found = lfirst_oid(cell);
		index_close(index, AccessShareLock);
	}
	list_free(indexes);
	if (!OidIsValid(found))
		elog(ERROR, "relation \"%s\" has no unique index on (tenant_id, %s)", RelationGetRelationName(rel),
			second_column);
	return found;
}

void
va_probe_open(VaPhoneProbe *probe, Relation heap, int64 tenant)
{
	Assert(CheckRelationLockedByMe(heap, AccessShareLock, true));
	probe->context = CurrentMemoryContext;
	probe->heap = heap;
	probe->index = index_open(unique_index_on(heap, "phone"), AccessShareLock);
	probe->slot = table_slot_create(heap, NULL);
	ScanKeyInit(&probe->keys[0], 1, BTEqualStrategyNumber, F_INT8EQ, Int64GetDatum(tenant));
	ScanKeyEntryInitialize(&probe->keys[1], 0, 2, BTGreaterEqualStrategyNumber, InvalidOid,
		probe->index->rd_indcollation[1], F_TEXT_GE, PointerGetDatum(probe->phone));
	probe->scan = va_index_beginscan(heap, probe->index, SnapshotSelf, 2);
	probe->scan->xs_want_itup = true;
	/* Now, because the scan keeps the memory that its first start takes, and a chunk's does not last. */
	SET_VARSIZE(probe->phone, VARHDRSZ);
	index_rescan(probe->scan, probe->keys, 2, NULL, 0);
}

/* The next entry of the tenant, in current. */
static void
probe_advance(VaPhoneProbe *probe)
{
	bool isnull;
	text *phone;
	size_t len;

	if (index_getnext_tid(probe->scan, ForwardScanDirection) == NULL)
	{
		probe->at_end = true;
		return;
	}
	probe->tid = probe->scan->xs_heaptid;
	phone = DatumGetTextPP(index_getattr(probe->scan->xs_itup, 2, RelationGetDescr(probe->index), &isnull));
	len = Min(VARSIZE_ANY_EXHDR(phone), sizeof(probe->current) - 1);
	memcpy(probe->current, VARDATA_ANY(phone), len);
	probe->current[len] = '\0';
}

/* Stands on the first entry that is not before this number. */
static void
probe_descend(VaPhoneProbe *probe, const char *e164)
{
	size_t len = strlen(e164);

	SET_VARSIZE(probe->phone, VARHDRSZ + len);
	memcpy(VARDATA(probe->phone), e164, len);
	index_rescan(probe->scan, probe->keys, 2, NULL, 0);
	probe->positioned = true;
	probe->at_end = false;
	probe_advance(probe);
}

static bool
find(VaPhoneProbe *probe, const char *e164)
{
	int steps = 0;

	if (!probe->positioned)
		probe_descend(probe, e164);
	while (!probe->at_end)
	{
		int order = strcmp(probe->current, e164);

		if (order > 0)
			return false;
		if (order == 0)
		{
			/*
			 * The same number may be asked for again: from the beginning of
			 * its chain.  The last answer has moved the scan's own pointer to
			 * the version it found; followed from there, a row that was
			 * updated in place would count as dead, and its entry with it.
			 */
			probe->scan->xs_heaptid = probe->tid;
			probe->scan->xs_heap_continue = false;
			if (index_fetch_heap(probe->scan, probe->slot))
				return true;
			/* A dead row has an entry, too; another may follow it. */
		}
		if (++steps > PROBE_STEPS && order < 0)
		{
			probe_descend(probe, e164);
			steps = 0;
		}
		else
			probe_advance(probe);
	}
	return false;
}

/* The scan keeps what it takes along the way (its list of dead entries) until it ends: not in the caller's memory. */
bool
va_probe_find(VaPhoneProbe *probe, const char *e164)
{
	MemoryContext old = MemoryContextSwitchTo(probe->context);
	bool found = find(probe, e164);

	MemoryContextSwitchTo(old);
	return found;
}

void
va_probe_restart(VaPhoneProbe *probe)
{
	if (probe->positioned)
		index_rescan(probe->scan, probe->keys, 2, NULL, 0);
	probe->positioned = false;
	ExecClearTuple(probe->slot);
}

bool
va_probe_any(VaPhoneProbe *probe)
{
	IndexScanDesc scan = va_index_beginscan(probe->heap, probe->index, SnapshotSelf, 1);
	bool found;

	index_rescan(scan, probe->keys, 1, NULL, 0);
	found = index_getnext_slot(scan, ForwardScanDirection, probe->slot);
	ExecClearTuple(probe->slot);
	index_endscan(scan);
	return found;
}

void
va_probe_close(VaPhoneProbe *probe)
{
	index_endscan(probe->scan);
	ExecDropSingleTupleTableSlot(probe->slot);
	index_close(probe->index, AccessShareLock);
}
