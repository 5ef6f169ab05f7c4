/*-------------------------------------------------------------------------
 * store.c
 *		A chunk of candidates -> do-not-call hits, duplicates, new leads.
 *
 * The heap gets the rows in the order of the file, as COPY does (many tuples
 * a page and a WAL record), the index on the number gets them in its own
 * order: both stay in the same few pages.  Row-level security does not see
 * this path; every tuple carries the tenant that va_current_tenant() proved.
 * Constraints hold by construction (lead_import_row.c); triggers that somebody
 * else puts on the tables do not fire.
 *
 * Locking: the lead lock of the tenant, held by the caller, keeps every other
 * writer of its leads away; the tenant's row is locked as a foreign key would.
 * Probes read with SnapshotSelf: what is committed, and what this very
 * statement has inserted, whatever snapshot the transaction began with.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/heapam.h"
#include "access/htup_details.h"
#include "access/stratnum.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/indexing.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "compat.h"
#include "import/run.h"
#include "voiceagent.h"

/* Tuples that go to the heap together. */
#define INSERT_BATCH 500
#define DRY_RUN_MEMORY_KB 4096

/* The way of COPY into one table. */
typedef struct TableWriter
{
	Relation	rel;
	EState	   *estate;
	ResultRelInfo *all;			/* owns the open indexes */
	ResultRelInfo *direct;		/* indexes that are filled batch by batch */
	ResultRelInfo *later;		/* the one that is filled in its own order; NULL: none */
	BulkInsertState bulk;
	TupleTableSlot *slots[INSERT_BATCH];
	int			n;
} TableWriter;

/*
 * Is there a row for (tenant, phone)?  Asked in ascending order, so the index
 * is walked along with the questions; a long way is jumped over.
 */
typedef struct PhoneProbe
{
	Relation	heap;
	Relation	index;
	IndexScanDesc scan;
	TupleTableSlot *slot;
	ScanKeyData keys[2];
	bool		positioned;		/* current is the first entry not yet passed */
	bool		at_end;			/* there is no further entry */
	char		phone[VARHDRSZ + 24] pg_attribute_aligned(MAXIMUM_ALIGNOF);
	char		current[32];
} PhoneProbe;

/* Entries that are walked over before a new descent is cheaper. */
#define PROBE_STEPS 12

/*
 * Numbers that this call has inserted, as bits: "not there" is certain.  Only
 * while the tenant had no leads at all before; else the index is asked.
 */
#define FILTER_BITS (UINT64CONST(1) << 25)
#define FILTER_LEAST_ROWS 10000

struct VaImportStore
{
	TableWriter leads;
	TableWriter errors;
	PhoneProbe	lead_probe;
	PhoneProbe	stop_probe;		/* do_not_call_list */
	bool		leads_exist;	/* false: nothing was there before this call */
	uint8	   *filter;
	bool		stops_exist;
	TupleTableSlot *phone_slot;
	AttrNumber	lead_id;
	AttrNumber	batch_id;
	AttrNumber	batch_row;
	Tuplestorestate *dry_run;
};

/*
 * Writers
 */
static ResultRelInfo *
with_indexes(const ResultRelInfo *all, Oid only, Oid but)
{
	ResultRelInfo *part = palloc(sizeof(ResultRelInfo));
	int			n = 0;

	memcpy(part, all, sizeof(ResultRelInfo));
	part->ri_IndexRelationDescs = palloc(sizeof(Relation) * (all->ri_NumIndices + 1));
	part->ri_IndexRelationInfo = palloc(sizeof(IndexInfo *) * (all->ri_NumIndices + 1));
	for (int i = 0; i < all->ri_NumIndices; i++)
	{
		Oid			index = RelationGetRelid(all->ri_IndexRelationDescs[i]);

		if ((OidIsValid(only) && index != only) || index == but)
			continue;
		part->ri_IndexRelationDescs[n] = all->ri_IndexRelationDescs[i];
		part->ri_IndexRelationInfo[n++] = all->ri_IndexRelationInfo[i];
	}
	part->ri_NumIndices = n;
	return part;
}

static void
writer_open(TableWriter *writer, Relation rel, Oid later_index)
{
	writer->rel = rel;
	writer->estate = CreateExecutorState();
	writer->all = makeNode(ResultRelInfo);
	InitResultRelInfo(writer->all, rel, 1, NULL, 0);
	ExecOpenIndices(writer->all, false);
	writer->direct = with_indexes(writer->all, InvalidOid, later_index);
	writer->later = OidIsValid(later_index) ? with_indexes(writer->all, later_index, InvalidOid) : NULL;
	writer->bulk = GetBulkInsertState();
	for (int i = 0; i < INSERT_BATCH; i++)
		writer->slots[i] = MakeSingleTupleTableSlot(RelationGetDescr(rel), &TTSOpsHeapTuple);
	writer->n = 0;
}

/* Writes what is pending; tids (may be NULL) get the places of the tuples, in order. */
static void
writer_flush(TableWriter *writer, ItemPointer *tids)
{
	if (writer->n == 0)
		return;
	table_multi_insert(writer->rel, writer->slots, writer->n, GetCurrentCommandId(true), 0, writer->bulk);
	for (int i = 0; i < writer->n; i++)
	{
		if (writer->direct->ri_NumIndices > 0)
			(void) va_insert_index_tuples(writer->direct, writer->slots[i], writer->estate);
		if (tids != NULL)
			*tids[i] = writer->slots[i]->tts_tid;
		ExecClearTuple(writer->slots[i]);
	}
	ResetPerTupleExprContext(writer->estate);
	writer->n = 0;
}

/* Takes the tuple over. */
static void
writer_add(TableWriter *writer, HeapTuple tuple)
{
	TupleTableSlot *slot = writer->slots[writer->n++];

	ExecStoreHeapTuple(tuple, slot, true);
	slot->tts_tableOid = RelationGetRelid(writer->rel);
}

static void
writer_close(TableWriter *writer)
{
	Assert(writer->n == 0);
	FreeBulkInsertState(writer->bulk);
	table_finish_bulk_insert(writer->rel, 0);
	for (int i = 0; i < INSERT_BATCH; i++)
		ExecDropSingleTupleTableSlot(writer->slots[i]);
	ExecCloseIndices(writer->all);
	FreeExecutorState(writer->estate);
}

/*
 * Probes
 */
static Oid
unique_index_on(Relation rel, const char *second_column)
{
	AttrNumber	first = get_attnum(RelationGetRelid(rel), "tenant_id");
	AttrNumber	second = get_attnum(RelationGetRelid(rel), second_column);
	List	   *indexes = RelationGetIndexList(rel);
	Oid			found = InvalidOid;
	ListCell   *cell;

	foreach(cell, indexes)
	{
		Relation	index = index_open(lfirst_oid(cell), AccessShareLock);
		Form_pg_index form = index->rd_index;

		if (form->indisunique && form->indisvalid && form->indimmediate && form->indnkeyatts == 2 &&
			form->indkey.values[0] == first && form->indkey.values[1] == second &&
			RelationGetIndexPredicate(index) == NIL)
			found = lfirst_oid(cell);
		index_close(index, AccessShareLock);
	}
	list_free(indexes);
	if (!OidIsValid(found))
		elog(ERROR, "relation \"%s\" has no unique index on (tenant_id, %s)", RelationGetRelationName(rel), second_column);
	return found;
}

static void
probe_open(PhoneProbe *probe, Relation heap, int64 tenant)
{
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
probe_advance(PhoneProbe *probe)
{
	bool		isnull;
	text	   *phone;
	size_t		len;

	if (index_getnext_tid(probe->scan, ForwardScanDirection) == NULL)
	{
		probe->at_end = true;
		return;
	}
	phone = DatumGetTextPP(index_getattr(probe->scan->xs_itup, 2, RelationGetDescr(probe->index), &isnull));
	len = Min(VARSIZE_ANY_EXHDR(phone), sizeof(probe->current) - 1);
	memcpy(probe->current, VARDATA_ANY(phone), len);
	probe->current[len] = '\0';
}

/* Stands on the first entry that is not before this number. */
static void
probe_descend(PhoneProbe *probe, const char *e164)
{
	size_t		len = strlen(e164);

	SET_VARSIZE(probe->phone, VARHDRSZ + len);
	memcpy(VARDATA(probe->phone), e164, len);
	index_rescan(probe->scan, probe->keys, 2, NULL, 0);
	probe->positioned = true;
	probe->at_end = false;
	probe_advance(probe);
}

/* True when there is such a row; probe->slot holds it.  Never asked for a smaller number than before. */
static bool
probe_find(PhoneProbe *probe, const char *e164)
{
	int			steps = 0;

	if (!probe->positioned)
		probe_descend(probe, e164);
	while (!probe->at_end)
	{
		int			order = strcmp(probe->current, e164);

		if (order > 0)
			return false;
		if (order == 0)
		{
			/* The same number may be asked for again: from the beginning of its chain. */
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

/* The next question may be any; also lets go of the page. */
static void
probe_restart(PhoneProbe *probe)
{
	if (probe->positioned)
		index_rescan(probe->scan, probe->keys, 2, NULL, 0);
	probe->positioned = false;
	ExecClearTuple(probe->slot);
}

/* Has the tenant any row at all? */
static bool
probe_any(PhoneProbe *probe)
{
	IndexScanDesc scan = va_index_beginscan(probe->heap, probe->index, SnapshotSelf, 1);
	bool		found;

	index_rescan(scan, probe->keys, 1, NULL, 0);
	found = index_getnext_slot(scan, ForwardScanDirection, probe->slot);
	ExecClearTuple(probe->slot);
	index_endscan(scan);
	return found;
}

static void
probe_close(PhoneProbe *probe)
{
	index_endscan(probe->scan);
	ExecDropSingleTupleTableSlot(probe->slot);
	index_close(probe->index, AccessShareLock);
}

/*
 * The filter: two of its bits for a number
 */
static inline uint64
filter_hash(uint64 key)
{
	key ^= key >> 31;
	key *= UINT64CONST(0x9E3779B97F4A7C15);
	key ^= key >> 29;
	key *= UINT64CONST(0xBF58476D1CE4E5B9);
	return key ^ (key >> 32);
}

static inline bool
filter_has(const uint8 *filter, uint64 key)
{
	uint64		hash = filter_hash(key);
	uint64		a = hash % FILTER_BITS;
	uint64		b = (hash >> 32) % FILTER_BITS;

	return (filter[a / 8] & (1 << (a % 8))) != 0 && (filter[b / 8] & (1 << (b % 8))) != 0;
}

static inline void
filter_add(uint8 *filter, uint64 key)
{
	uint64		hash = filter_hash(key);
	uint64		a = hash % FILTER_BITS;
	uint64		b = (hash >> 32) % FILTER_BITS;

	filter[a / 8] |= 1 << (a % 8);
	filter[b / 8] |= 1 << (b % 8);
}

/*
 * The store
 */
static Relation
open_table(const char *name, LOCKMODE lock)
{
	return table_open(get_relname_relid(name, get_namespace_oid(VA_SCHEMA, false)), lock);
}

/* What the foreign key on the tenant would do for every row is done once. */
static void
lock_tenant(int64 tenant)
{
	Oid			type = INT8OID;
	Datum		value = Int64GetDatum(tenant);

	if (SPI_connect() != SPI_OK_CONNECT ||
		SPI_execute_with_args("SELECT 1 FROM voiceagent.tenants t WHERE t.tenant_id = $1 FOR KEY SHARE", 1, &type, &value,
							  NULL, false, 1) != SPI_OK_SELECT)
		elog(ERROR, "cannot lock the tenant");
	if (SPI_processed != 1)
		ereport(ERROR,
				(errcode(ERRCODE_FOREIGN_KEY_VIOLATION),
				 errmsg("tenant does not exist")));
	SPI_finish();
}

/* The chunk's memory; tuples that are freed one by one and then all at once. */
static void
make_chunk(VaImport *import)
{
	import->candidates = MemoryContextAlloc(import->run, VA_IMPORT_CHUNK_ROWS * sizeof(VaCandidate));
	import->error_max = 1024;
	import->errors = MemoryContextAlloc(import->run, import->error_max * sizeof(VaImportError));
}

void
va_import_open_store(VaImport *import)
{
	MemoryContext old = MemoryContextSwitchTo(import->run);
	VaImportStore *store = import->store;
	Oid			leads = RelationGetRelid(import->leads);

	if (store == NULL)
		store = import->store = palloc0(sizeof(VaImportStore));
	lock_tenant(import->tenant);
	writer_open(&store->leads, import->leads, unique_index_on(import->leads, "phone"));
	writer_open(&store->errors, open_table("import_errors", RowExclusiveLock), InvalidOid);
	probe_open(&store->lead_probe, import->leads, import->tenant);
	probe_open(&store->stop_probe, open_table("do_not_call_list", AccessShareLock), import->tenant);
	store->leads_exist = probe_any(&store->lead_probe);
	store->stops_exist = probe_any(&store->stop_probe);
	store->phone_slot = MakeSingleTupleTableSlot(RelationGetDescr(import->leads), &TTSOpsVirtual);
	store->lead_id = get_attnum(leads, "lead_id");
	store->batch_id = get_attnum(leads, "batch_id");
	store->batch_row = get_attnum(leads, "batch_row");
	if (import->candidates == NULL)
		make_chunk(import);
	MemoryContextSwitchTo(old);
}

void
va_import_close_store(VaImport *import)
{
	VaImportStore *store = import->store;
	Relation	stops = store->stop_probe.heap;

	probe_close(&store->lead_probe);
	probe_close(&store->stop_probe);
	ExecDropSingleTupleTableSlot(store->phone_slot);
	writer_close(&store->leads);
	writer_close(&store->errors);
	table_close(store->errors.rel, NoLock);
	table_close(stops, NoLock);
}

/*
 * Reports
 */
static HeapTuple
error_tuple(VaImport *import, TupleDesc desc, const VaImportError *error)
{
	static const char *const names[] = {"tenant_id", "batch_id", "row_number", "error_number", "column_name", "value", "reason", "kind"};
	Datum		given[8];
	bool		missing[8] = {false};
	Datum	   *values = palloc0(desc->natts * sizeof(Datum));
	bool	   *nulls = palloc(desc->natts * sizeof(bool));

	given[0] = Int64GetDatum(import->tenant);
	given[1] = Int64GetDatum(import->batch);
	given[2] = Int64GetDatum(error->row);
	given[3] = Int16GetDatum((int16) error->number);
	missing[4] = error->column == NULL;
	given[4] = missing[4] ? (Datum) 0 : CStringGetTextDatum(error->column);
	missing[5] = error->value == NULL;
	given[5] = missing[5] ? (Datum) 0 : CStringGetTextDatum(error->value);
	given[6] = CStringGetTextDatum(error->reason);
	given[7] = CStringGetTextDatum(error->kind);
	memset(nulls, true, desc->natts * sizeof(bool));
	for (int i = 0; i < desc->natts; i++)
	{
		for (int k = 0; k < (int) lengthof(names); k++)
		{
			if (strcmp(NameStr(TupleDescAttr(desc, i)->attname), names[k]) == 0)
			{
				values[i] = given[k];
				nulls[i] = missing[k];
			}
		}
	}
	return heap_form_tuple(desc, values, nulls);
}

static int
compare_errors(const void *a, const void *b)
{
	const VaImportError *x = a;
	const VaImportError *y = b;

	if (x->row != y->row)
		return x->row < y->row ? -1 : 1;
	return x->number - y->number;
}

static void
store_errors(VaImport *import)
{
	TableWriter *writer = &import->store->errors;
	TupleDesc	desc = RelationGetDescr(writer->rel);
	MemoryContext old = MemoryContextSwitchTo(import->row);

	qsort(import->errors, import->error_count, sizeof(VaImportError), compare_errors);
	for (int i = 0; i < import->error_count; i++)
	{
		HeapTuple	tuple = error_tuple(import, desc, &import->errors[i]);

		CHECK_FOR_INTERRUPTS();
		if (import->store->dry_run != NULL)
		{
			tuplestore_puttuple(import->store->dry_run, tuple);
			MemoryContextReset(import->row);
			continue;
		}
		writer_add(writer, tuple);
		if (writer->n == INSERT_BATCH)
		{
			writer_flush(writer, NULL);
			MemoryContextReset(import->row);
		}
	}
	writer_flush(writer, NULL);
	MemoryContextReset(import->row);
	MemoryContextSwitchTo(old);
}

/*
 * Candidates
 */
typedef struct SortEntry
{
	uint64		key;
	uint32		candidate;
} SortEntry;

/* The order of the index jumps about in memory: have what comes soon on its way. */
#define PREFETCH_DISTANCE 8

static inline void
prefetch_candidate(const VaImport *import, const SortEntry *order, int i)
{
	if (i + PREFETCH_DISTANCE < import->candidate_count)
		__builtin_prefetch(&import->candidates[order[i + PREFETCH_DISTANCE].candidate]);
}

/* Of equal numbers the row that came first stays first. */
static inline int
compare_keys(const SortEntry *x, const SortEntry *y)
{
	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->candidate < y->candidate ? -1 : 1;
}

#define ST_SORT sort_entries
#define ST_ELEMENT_TYPE SortEntry
#define ST_COMPARE(a, b) compare_keys(a, b)
#define ST_SCOPE static
#define ST_DEFINE
#include "lib/sort_template.h"

static void
report_fate(VaImport *import, VaCandidate *candidate, const char *reason)
{
	bool		duplicate = candidate->fate == VA_FATE_DUPLICATE;

	va_import_report(import, candidate->row, candidate->errors + 1, import->headers[import->column[VA_LEAD_PHONE]],
					 candidate->value, strlen(candidate->value), reason, duplicate ? "duplicate" : "do_not_call");
	if (duplicate)
		import->rows_duplicate++;
	else
		import->rows_do_not_call++;
}

/* The lead in the probe's slot has this number already: since when? */
static int64
judge_existing(VaImport *import, VaCandidate *candidate)
{
	VaImportStore *store = import->store;
	TupleTableSlot *slot = store->lead_probe.slot;
	bool		no_batch;
	bool		no_row;
	bool		isnull;
	int64		lead_id = DatumGetInt64(slot_getattr(slot, store->lead_id, &isnull));
	int64		batch = DatumGetInt64(slot_getattr(slot, store->batch_id, &no_batch));
	int64		row = DatumGetInt64(slot_getattr(slot, store->batch_row, &no_row));
	char		reason[80];

	candidate->fate = VA_FATE_DUPLICATE;
	if (!no_batch && !no_row && batch == import->batch)
	{
		snprintf(reason, sizeof(reason), "same number as row " INT64_FORMAT, row);
		lead_id = 0;
	}
	else
		snprintf(reason, sizeof(reason), "already a lead (lead " INT64_FORMAT ")", lead_id);
	report_fate(import, candidate, reason);
	ExecClearTuple(slot);
	return lead_id;
}

static inline bool
may_exist(const VaImportStore *store, const VaCandidate *candidate)
{
	return store->leads_exist || (store->filter != NULL && filter_has(store->filter, candidate->sort_key));
}

/*
 * Decides about every candidate, in the order of the index.  What does not
 * depend on where a chunk ends is asked first, so that the cut of a file
 * changes nothing.  Leads that were there before go to joiners (their count is
 * returned): they may be new to the campaign.
 */
static int
judge_candidates(VaImport *import, const SortEntry *order, Datum *joiners)
{
	VaImportStore *store = import->store;
	VaCandidate *first = NULL;	/* of the same number, in this chunk */
	int			n = 0;
	MemoryContext old = MemoryContextSwitchTo(import->row);

	for (int i = 0; i < import->candidate_count; i++)
	{
		VaCandidate *candidate = &import->candidates[order[i].candidate];

		CHECK_FOR_INTERRUPTS();
		prefetch_candidate(import, order, i);
		if (store->stops_exist && probe_find(&store->stop_probe, candidate->e164))
		{
			candidate->fate = VA_FATE_DO_NOT_CALL;
			report_fate(import, candidate, "on the do-not-call list");
		}
		else if (first != NULL && first->sort_key == candidate->sort_key)
		{
			char		reason[80];

			candidate->fate = VA_FATE_DUPLICATE;
			snprintf(reason, sizeof(reason), "same number as row " INT64_FORMAT, first->row);
			report_fate(import, candidate, reason);
		}
		else if (may_exist(store, candidate) && probe_find(&store->lead_probe, candidate->e164))
		{
			int64		lead_id = judge_existing(import, candidate);

			if (lead_id != 0 && (n == 0 || DatumGetInt64(joiners[n - 1]) != lead_id))
				joiners[n++] = Int64GetDatum(lead_id);
		}
		else
			first = candidate;
	}
	probe_restart(&store->stop_probe);
	probe_restart(&store->lead_probe);
	MemoryContextReset(import->row);
	MemoryContextSwitchTo(old);
	return n;
}

/* Heap and all indexes but the one on the number, in the order of the file. */
static int
insert_leads(VaImport *import, Datum *lead_ids)
{
	TableWriter *writer = &import->store->leads;
	ItemPointer tids[INSERT_BATCH];
	MemoryContext old = MemoryContextSwitchTo(import->row);
	int			n = 0;

	for (int i = 0; i < import->candidate_count; i++)
	{
		VaCandidate *candidate = &import->candidates[i];

		if (candidate->fate != VA_FATE_IMPORT)
			continue;
		CHECK_FOR_INTERRUPTS();
		lead_ids[n++] = Int64GetDatum(candidate->lead_id);
		tids[writer->n] = &candidate->tid;
		writer_add(writer, candidate->tuple);
		if (writer->n == INSERT_BATCH)
		{
			writer_flush(writer, tids);
			MemoryContextReset(import->row);
		}
	}
	writer_flush(writer, tids);
	MemoryContextSwitchTo(old);
	return n;
}

/* The index on (tenant, number), in its own order. */
static void
index_numbers(VaImport *import, const SortEntry *order)
{
	VaImportStore *store = import->store;
	TableWriter *writer = &store->leads;
	TupleTableSlot *slot = store->phone_slot;
	TupleDesc	desc = slot->tts_tupleDescriptor;
	AttrNumber	phone_attr = import->lead_attr[LEAD_PHONE] - 1;
	AttrNumber	tenant_attr = import->lead_attr[LEAD_TENANT_ID] - 1;
	MemoryContext old = MemoryContextSwitchTo(import->row);
	char		phone[VARHDRSZ + 24] pg_attribute_aligned(MAXIMUM_ALIGNOF);

	for (int i = 0; i < import->candidate_count; i++)
	{
		VaCandidate *candidate = &import->candidates[order[i].candidate];
		size_t		len;

		prefetch_candidate(import, order, i);
		if (candidate->fate != VA_FATE_IMPORT)
			continue;
		CHECK_FOR_INTERRUPTS();
		len = strlen(candidate->e164);
		SET_VARSIZE(phone, VARHDRSZ + len);
		memcpy(VARDATA(phone), candidate->e164, len);
		if (i == 0 || TTS_EMPTY(slot))
		{
			ExecClearTuple(slot);
			memset(slot->tts_isnull, true, desc->natts * sizeof(bool));
			slot->tts_values[tenant_attr] = Int64GetDatum(import->tenant);
			slot->tts_isnull[tenant_attr] = false;
			slot->tts_values[phone_attr] = PointerGetDatum(phone);
			slot->tts_isnull[phone_attr] = false;
			ExecStoreVirtualTuple(slot);
		}
		slot->tts_tid = candidate->tid;
		slot->tts_tableOid = RelationGetRelid(import->leads);
		(void) va_insert_index_tuples(writer->later, slot, writer->estate);
		ResetPerTupleExprContext(writer->estate);
		if (i % INSERT_BATCH == 0)
			MemoryContextReset(import->row);
	}
	ExecClearTuple(slot);
	MemoryContextReset(import->row);
	MemoryContextSwitchTo(old);
}

/* The campaign of the batch takes new leads and those that were there before. */
static void
join_campaign(VaImport *import, Datum *lead_ids, int n)
{
	Oid			types[2] = {INT8OID, INT8ARRAYOID};
	Datum		values[2];

	if (n == 0)
		return;
	values[0] = Int64GetDatum(import->campaign);
	values[1] = PointerGetDatum(construct_array(lead_ids, n, INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
	if (SPI_connect() != SPI_OK_CONNECT ||
		SPI_execute_with_args("SELECT voiceagent.add_leads($1, $2)", 2, types, values, NULL, false, 0) != SPI_OK_SELECT)
		elog(ERROR, "cannot add the leads to the campaign");
	SPI_finish();
}

/* What the next chunk would otherwise have to ask the index for. */
static void
remember_numbers(VaImport *import)
{
	VaImportStore *store = import->store;

	/* Not worth its memory for a small file, or the last piece of one. */
	if (store->filter == NULL && import->candidate_count < FILTER_LEAST_ROWS)
	{
		store->leads_exist = true;
		return;
	}
	if (store->filter == NULL)
		store->filter = MemoryContextAllocZero(import->run, FILTER_BITS / 8);
	for (int i = 0; i < import->candidate_count; i++)
	{
		if (import->candidates[i].fate == VA_FATE_IMPORT)
			filter_add(store->filter, import->candidates[i].sort_key);
	}
}

void
va_import_flush(VaImport *import)
{
	VaImportStore *store = import->store;
	int			count = import->candidate_count;
	MemoryContext old = MemoryContextSwitchTo(import->chunk);

	if (count > 0)
	{
		SortEntry  *order = palloc(count * sizeof(SortEntry));
		Datum	   *lead_ids = palloc(count * sizeof(Datum));
		int			n;
		int			inserted;

		for (int i = 0; i < count; i++)
		{
			order[i].key = import->candidates[i].sort_key;
			order[i].candidate = i;
		}
		sort_entries(order, count);
		n = judge_candidates(import, order, lead_ids);
		inserted = insert_leads(import, lead_ids + n);
		index_numbers(import, order);
		import->rows_imported += inserted;
		if (!store->leads_exist)
			remember_numbers(import);
		if (import->campaign != 0)
			join_campaign(import, lead_ids, n + inserted);
	}
	store_errors(import);
	import->candidate_count = 0;
	import->error_count = 0;
	MemoryContextSwitchTo(old);
	MemoryContextReset(import->chunk);
	CommandCounterIncrement();
}

/*
 * A dry run inserts like any other, inside a subtransaction that is rolled
 * back: so it cannot come to another result.  Its reports wait in a file.
 */
Tuplestorestate *
va_import_begin_dry_run(VaImport *import)
{
	MemoryContext old = MemoryContextSwitchTo(import->run);

	import->store = palloc0(sizeof(VaImportStore));
	import->store->dry_run = tuplestore_begin_heap(false, false, DRY_RUN_MEMORY_KB);
	MemoryContextSwitchTo(old);
	return import->store->dry_run;
}

void
va_import_keep_errors(VaImport *import, Tuplestorestate *errors)
{
	TableWriter writer;
	Relation	rel = open_table("import_errors", RowExclusiveLock);
	TupleTableSlot *slot = MakeSingleTupleTableSlot(RelationGetDescr(rel), &TTSOpsMinimalTuple);
	MemoryContext old = MemoryContextSwitchTo(import->chunk);

	writer_open(&writer, rel, InvalidOid);
	while (tuplestore_gettupleslot(errors, true, false, slot))
	{
		CHECK_FOR_INTERRUPTS();
		writer_add(&writer, ExecCopySlotHeapTuple(slot));
		if (writer.n == INSERT_BATCH)
			writer_flush(&writer, NULL);
	}
	writer_flush(&writer, NULL);
	writer_close(&writer);
	MemoryContextSwitchTo(old);
	ExecDropSingleTupleTableSlot(slot);
	table_close(rel, NoLock);
	tuplestore_end(errors);
}
