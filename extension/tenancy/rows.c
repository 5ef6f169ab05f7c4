/*-------------------------------------------------------------------------
 * rows.c
 *		Rows of our tables read and written without a statement: see rows.h.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "executor/executor.h"
#include "executor/nodeModifyTable.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "optimizer/optimizer.h"
#include "rewrite/rewriteHandler.h"
#include "storage/lmgr.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

#include "checks.h"
#include "core/compat.h"
#include "identity.h"
#include "rows.h"

static Oid
relation_named(const char *schema, const char *name)
{
	return get_relname_relid(name, get_namespace_oid(schema, false));
}

static AttrNumber
number_of(TupleDesc desc, VaColumn *column)
{
	if (column->number < 1 || column->number > desc->natts ||
		strcmp(NameStr(TupleDescAttr(desc, column->number - 1)->attname), column->name) != 0)
		column->number = SPI_fnumber(desc, column->name);
	if (column->number < 1)
		elog(ERROR, "there is no column %s", column->name);
	return column->number;
}

Datum
va_row_value_of(TupleTableSlot *slot, VaColumn *column, bool *isnull)
{
	return slot_getattr(slot, number_of(slot->tts_tupleDescriptor, column), isnull);
}

Datum
va_row_datum_of(TupleTableSlot *slot, VaColumn *column)
{
	bool isnull;
	Datum value = va_row_value_of(slot, column, &isnull);

	if (isnull)
		elog(ERROR, "column %s is null", column->name);
	return value;
}

NullableDatum
va_row_nullable_of(TupleTableSlot *slot, VaColumn *column)
{
	NullableDatum value;

	value.value = va_row_value_of(slot, column, &value.isnull);
	return value;
}

bool
va_row_has_of(TupleTableSlot *slot, VaColumn *column)
{
	bool isnull;

	(void) va_row_value_of(slot, column, &isnull);
	return !isnull;
}

bool
va_row_says_of(TupleTableSlot *slot, VaColumn *column, const char *said)
{
	bool isnull;
	Datum value = va_row_value_of(slot, column, &isnull);
	text *found = isnull ? NULL : DatumGetTextPP(value);

	return !isnull && VARSIZE_ANY_EXHDR(found) == strlen(said) && memcmp(VARDATA_ANY(found), said, strlen(said)) == 0;
}

void
va_show_value(TupleTableSlot **slot, Datum composite)
{
	HeapTupleHeader header = DatumGetHeapTupleHeader(composite);
	HeapTupleData tuple = { .t_len = HeapTupleHeaderGetDatumLength(header), .t_data = header };

	ItemPointerSetInvalid(&tuple.t_self);
	if (*slot == NULL)
		*slot = MakeSingleTupleTableSlot(
			lookup_rowtype_tupdesc_copy(HeapTupleHeaderGetTypeId(header), HeapTupleHeaderGetTypMod(header)),
			&TTSOpsHeapTuple);
	ExecStoreHeapTuple(heap_copytuple(&tuple), *slot, true);
}

/* ---- reading ---- */

/*
 * REPACK (CONCURRENTLY), pg_repack and an ALTER TABLE that rewrites put a table in another file, which older snapshots see
 * as empty; and an empty list stops no dial.  The row of pg_class is then as new as the file.
 */
static void
refuse_newer_file(Oid table, Snapshot snapshot)
{
	HeapTuple row = SearchSysCache1(RELOID, ObjectIdGetDatum(table));
	TransactionId writer = HeapTupleHeaderGetXmin(row->t_data);

	if (!TransactionIdIsCurrentTransactionId(writer) && XidInMVCCSnapshot(writer, snapshot))
		ereport(
			ERROR, (errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
					   errmsg("table \"%s\" was altered after the snapshot by which it is read", get_rel_name(table)),
					   errhint("Run the transaction again.")));
	ReleaseSysCache(row);
}

static void
open_rows(VaRows *rows, Oid table, Oid index, LOCKMODE lock)
{
	rows->table = table_open(table, lock);
	refuse_newer_file(table, GetActiveSnapshot());
	rows->index = index_open(index, AccessShareLock);
	rows->slot = table_slot_create(rows->table, NULL);
	rows->context = CurrentMemoryContext;
	rows->scan = va_index_beginscan(rows->table, rows->index, GetActiveSnapshot(), rows->n_keys);
}

void
va_open_rows(VaRows *rows, const char *schema, const char *table, const char *index, int n_keys, LOCKMODE lock)
{
	*rows = (VaRows){ .tenant = va_current_tenant(), .n_keys = n_keys };
	open_rows(rows, relation_named(schema, table), relation_named(schema, index), lock);
}

void
va_open_rows_of_all(VaRows *rows, const char *schema, const char *table, const char *index, int n_keys)
{
	*rows = (VaRows){ .n_keys = n_keys };
	open_rows(rows, relation_named(schema, table), relation_named(schema, index), AccessShareLock);
}

void
va_close_rows(VaRows *rows)
{
	index_endscan(rows->scan);
	ExecDropSingleTupleTableSlot(rows->slot);
	index_close(rows->index, NoLock);
	table_close(rows->table, NoLock);
}

void
va_find_rows(VaRows *rows, ScanKey keys)
{
	MemoryContext before = MemoryContextSwitchTo(rows->context);

	Assert(rows->tenant == 0 || rows->tenant == va_current_tenant());
	index_rescan(rows->scan, keys, rows->n_keys, NULL, 0);
	MemoryContextSwitchTo(before);
}

static bool
is_of_tenant(const VaRows *rows)
{
	return rows->tenant == 0 || DatumGetInt64(va_row_datum(rows->slot, "tenant_id")) == rows->tenant;
}

bool
va_next_row(VaRows *rows)
{
	ScanDirection direction = rows->backward ? BackwardScanDirection : ForwardScanDirection;

	MemoryContext before = MemoryContextSwitchTo(rows->context);
	bool found;
	bool isnull;

	while ((found = index_getnext_slot(rows->scan, direction, rows->slot)) && !is_of_tenant(rows))
		CHECK_FOR_INTERRUPTS();
	MemoryContextSwitchTo(before);
	if (!rows->walking)
		return found;
	rows->ahead = PG_INT64_MAX;
	if (found)
		rows->ahead = DatumGetInt64(
			slot_getattr(rows->slot, rows->index->rd_index->indkey.values[rows->n_keys - 1], &isnull));
	return rows->ahead == rows->asked;
}

/* An id pays for two rows between, with 1024 in reserve; a search for rows to walk on from, which reads a page, costs 32. */
static bool
find_first(VaRows *rows, ScanKey keys)
{
	ScanKey last = &keys[rows->n_keys - 1];
	int64 id = DatumGetInt64(last->sk_argument);
	bool on = rows->walking && id > rows->asked;

	Assert(!rows->in_order || !rows->backward);
	if (rows->in_order)
	{
		rows->credit = rows->asked == 0 ? 1024 : Min(rows->credit + 2, 1024);
		rows->asked = id;
		for (; on && rows->ahead < id && rows->credit > 0; rows->credit--)
			(void) va_next_row(rows);
		if (on && rows->ahead >= id)
			return rows->ahead == id;
		rows->credit -= 32;
		rows->in_order = rows->walking = rows->credit > 0;
		if (rows->walking)
			ScanKeyInit(last, last->sk_attno, BTGreaterEqualStrategyNumber, F_INT8GE, last->sk_argument);
	}
	va_find_rows(rows, keys);
	return va_next_row(rows);
}

bool
va_find_first(VaRows *rows, int64 tenant, int64 id)
{
	ScanKeyData keys[2];

	ScanKeyInit(&keys[0], 1, BTEqualStrategyNumber, F_INT8EQ, Int64GetDatum(tenant));
	ScanKeyInit(&keys[1], 2, BTEqualStrategyNumber, F_INT8EQ, Int64GetDatum(id));
	return find_first(rows, keys);
}

bool
va_find_by_two(VaRows *rows, RegProcedure second_is, Datum second, RegProcedure third_is, Datum third)
{
	ScanKeyData keys[3];

	ScanKeyInit(&keys[0], 1, BTEqualStrategyNumber, F_INT8EQ, Int64GetDatum(rows->tenant));
	ScanKeyInit(&keys[1], 2, BTEqualStrategyNumber, second_is, second);
	ScanKeyInit(&keys[2], 3, BTEqualStrategyNumber, third_is, third);
	return find_first(rows, keys);
}

static void
refuse_changed(void)
{
	ereport(ERROR,
		(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE), errmsg("could not serialize access due to concurrent update")));
}

bool
va_lock_row(VaRows *rows, LockTupleMode mode, LockWaitPolicy wait)
{
	ItemPointerData tid = rows->slot->tts_tid;
	bool fixed = IsolationUsesXactSnapshot();
	uint8 flags = TUPLE_LOCK_FLAG_LOCK_UPDATE_IN_PROGRESS | (fixed ? 0 : TUPLE_LOCK_FLAG_FIND_LAST_VERSION);
	TM_FailureData failure;
	TM_Result result;

	/* A row that was found, of a table that is locked for it. */
	Assert(!TTS_EMPTY(rows->slot) && CheckRelationLockedByMe(rows->table, RowShareLock, true));
	result = table_tuple_lock(
		rows->table, &tid, GetActiveSnapshot(), rows->slot, GetCurrentCommandId(true), mode, wait, flags, &failure);
	if (fixed && (result == TM_Updated || result == TM_Deleted))
		refuse_changed();
	return result == TM_Ok && is_of_tenant(rows);
}

/* ---- writing ---- */

#ifdef USE_ASSERT_CHECKING
/* Whether a generated column of the table is made from this one. */
static bool
is_source(Relation rel, AttrNumber number)
{
	TupleDesc desc = RelationGetDescr(rel);
	Bitmapset *sources = NULL;

	for (AttrNumber i = 1; desc->constr != NULL && desc->constr->has_generated_stored && i <= desc->natts; i++)
		if (TupleDescAttr(desc, i - 1)->attgenerated != '\0')
			pull_varattnos(build_column_default(rel, i), 1, &sources);
	return bms_is_member(number - FirstLowInvalidHeapAttributeNumber, sources);
}
#endif

void
va_begin_writes(VaWrites *writes)
{
	PreventCommandIfReadOnly("write");
	PreventCommandIfParallelMode("write");
	Assert(ActiveSnapshotSet());
	*writes = (VaWrites){ .tenant = va_current_tenant(), .estate = CreateExecutorState() };
	writes->estate->es_snapshot = GetActiveSnapshot();
	writes->estate->es_output_cid = GetCurrentCommandId(true);
	AfterTriggerBeginQuery();
}

void
va_open_target(VaTarget *target, VaWrites *writes, const char *schema, const char *name, CmdType command)
{
	EState *estate = writes->estate;
	Relation rel = table_open(relation_named(schema, name), RowExclusiveLock);
	ResultRelInfo *info = makeNode(ResultRelInfo);

	CheckCmdReplicaIdentity(rel, command);
	/* There is no range table. */
	InitResultRelInfo(info, rel, 0, NULL, 0);
	va_prepare_table_checks(info);
	estate->es_opened_result_relations = lappend(estate->es_opened_result_relations, info);
	*target = (VaTarget){ .writes = writes,
		.command = command,
		.info = info,
		.capture = MakeTransitionCaptureState(info->ri_TrigDesc, RelationGetRelid(rel), command),
		.slot = MakeSingleTupleTableSlot(RelationGetDescr(rel), &TTSOpsVirtual) };
	writes->targets = lappend(writes->targets, target);
	if (command == CMD_UPDATE)
		VA_NOTHING_GENERATED(info, RelationGetDescr(rel)->natts);
	if (command == CMD_INSERT)
		ExecBSInsertTriggers(estate, info);
	else if (command == CMD_UPDATE)
		ExecBSUpdateTriggers(estate, info);
	else
		ExecBSDeleteTriggers(estate, info);
}

/* Locks stay until the end of the transaction. */
void
va_end_writes(VaWrites *writes)
{
	ListCell *cell;

	Assert(writes->tenant == va_current_tenant());
	foreach (cell, writes->targets)
	{
		VaTarget *target = lfirst(cell);

		if (target->command == CMD_INSERT)
			ExecASInsertTriggers(writes->estate, target->info, target->capture);
		else if (target->command == CMD_UPDATE)
			ExecASUpdateTriggers(writes->estate, target->info, target->capture);
		else
			ExecASDeleteTriggers(writes->estate, target->info, target->capture);
	}
	AfterTriggerEndQuery(writes->estate);
	ExecResetTupleTable(writes->estate->es_tupleTable, false);
	ExecCloseResultRelations(writes->estate);
	foreach (cell, writes->targets)
	{
		VaTarget *target = lfirst(cell);

		ExecDropSingleTupleTableSlot(target->slot);
		table_close(target->info->ri_RelationDesc, NoLock);
	}
	FreeExecutorState(writes->estate);
	CommandCounterIncrement();
}

static void
begin_row(VaTarget *target)
{
	ExecClearTuple(target->slot);
	if (target->info != NULL)
		target->slot->tts_tableOid = RelationGetRelid(target->info->ri_RelationDesc);
}

void
va_begin_insert(VaTarget *target)
{
	begin_row(target);
	memset(target->slot->tts_isnull, true, sizeof(bool) * target->slot->tts_tupleDescriptor->natts);
}

void
va_begin_update(VaTarget *target, TupleTableSlot *row)
{
	int n = target->slot->tts_tupleDescriptor->natts;

	Assert((target->info == NULL || target->command == CMD_UPDATE) && row->tts_tupleDescriptor->natts == n);
	begin_row(target);
	slot_getallattrs(row);
	memcpy(target->slot->tts_values, row->tts_values, sizeof(Datum) * n);
	memcpy(target->slot->tts_isnull, row->tts_isnull, sizeof(bool) * n);
}

void
va_set_of(VaTarget *target, VaColumn *column, Datum value, bool isnull)
{
	AttrNumber number = number_of(target->slot->tts_tupleDescriptor, column);

	Assert(target->info == NULL || target->command != CMD_UPDATE || !is_source(target->info->ri_RelationDesc, number));
	target->slot->tts_values[number - 1] = value;
	target->slot->tts_isnull[number - 1] = isnull;
}

void
va_set_from_of(VaTarget *target, VaColumn *column, TupleTableSlot *row, VaColumn *its)
{
	bool isnull = true;
	Datum value = row == NULL ? 0 : va_row_value_of(row, its, &isnull);

	va_set_of(target, column, value, isnull);
}

void
va_open_value(VaTarget *target, Oid type)
{
	*target = (VaTarget){ .slot = MakeSingleTupleTableSlot(lookup_rowtype_tupdesc_copy(type, -1), &TTSOpsVirtual) };
}

Datum
va_made_value(VaTarget *target)
{
	return ExecFetchSlotHeapTupleDatum(ExecStoreVirtualTuple(target->slot));
}

/* After the triggers that may change it. */
static void
check_row(VaTarget *target)
{
	ResultRelInfo *info = target->info;
	TupleTableSlot *slot = target->slot;
	TupleConstr *constr = info->ri_RelationDesc->rd_att->constr;

	if (constr != NULL && constr->has_generated_stored && target->command == CMD_INSERT)
		ExecComputeStoredGenerated(info, target->writes->estate, slot, target->command);
	if (DatumGetInt64(va_row_datum(slot, "tenant_id")) != target->writes->tenant)
		elog(ERROR, "a row of \"%s\" is of another tenant", RelationGetRelationName(info->ri_RelationDesc));
	if (constr != NULL)
		ExecConstraints(info, slot, target->writes->estate);
}

bool
va_check_insert(VaTarget *target)
{
	ResultRelInfo *info = target->info;

	ExecStoreVirtualTuple(target->slot);
	if (info->ri_TrigDesc != NULL && info->ri_TrigDesc->trig_insert_before_row &&
		!ExecBRInsertTriggers(target->writes->estate, info, target->slot))
		return false;
	check_row(target);
	return true;
}

void
va_inserted(VaTarget *target, List *recheck)
{
	ExecARInsertTriggers(target->writes->estate, target->info, target->slot, recheck, target->capture);
	ResetPerTupleExprContext(target->writes->estate);
}

static void
open_indexes(VaTarget *target)
{
	if (target->info->ri_IndexRelationDescs == NULL)
		ExecOpenIndices(target->info, false);
}

bool
va_insert_row(VaTarget *target)
{
	ResultRelInfo *info = target->info;

	if (!va_check_insert(target))
		return false;
	open_indexes(target);
	table_tuple_insert(info->ri_RelationDesc, target->slot, target->writes->estate->es_output_cid, 0, NULL);
	va_inserted(target, va_insert_index_tuples(info, target->slot, target->writes->estate));
	return true;
}

bool
va_update_row(VaTarget *target, ItemPointer tid)
{
	EState *estate = target->writes->estate;
	ResultRelInfo *info = target->info;
	TM_FailureData failure;
	LockTupleMode mode;
	VaUpdateIndexes indexes;
	List *recheck = NIL;

	Assert(target->command == CMD_UPDATE);
	ExecStoreVirtualTuple(target->slot);
	if (info->ri_TrigDesc != NULL && info->ri_TrigDesc->trig_update_before_row &&
		!va_before_update(estate, info, tid, target->slot))
		return false;
	check_row(target);
	if (va_update_tuple(info->ri_RelationDesc, tid, target->slot, estate->es_output_cid, estate->es_snapshot, &failure,
			&mode, &indexes) != TM_Ok)
		refuse_changed();
	if (info->ri_RelationDesc->rd_rel->relhasindex && VA_INDEXES_CHANGE(indexes))
	{
		open_indexes(target);
		recheck = va_update_index_tuples(info, target->slot, estate, indexes);
	}
	ExecARUpdateTriggers(estate, info, NULL, NULL, tid, NULL, target->slot, recheck, target->capture, false);
	ResetPerTupleExprContext(estate);
	return true;
}

TupleTableSlot *
va_row_at(VaTarget *target, ItemPointer tid)
{
	EState *estate = target->writes->estate;
	Relation rel = target->info->ri_RelationDesc;

	if (target->found == NULL)
		target->found = table_slot_create(rel, &estate->es_tupleTable);
	if (!table_tuple_fetch_row_version(rel, tid, estate->es_snapshot, target->found))
		return NULL;
	if (DatumGetInt64(va_row_datum(target->found, "tenant_id")) != target->writes->tenant)
		elog(ERROR, "a row of \"%s\" is of another tenant", RelationGetRelationName(rel));
	return target->found;
}

bool
va_delete_row(VaTarget *target, ItemPointer tid)
{
	EState *estate = target->writes->estate;
	ResultRelInfo *info = target->info;
	TM_FailureData failure;

	Assert(target->command == CMD_DELETE);
	if (va_row_at(target, tid) == NULL)
		return false;
	if (info->ri_TrigDesc != NULL && info->ri_TrigDesc->trig_delete_before_row && !va_before_delete(estate, info, tid))
		return false;
	if (va_delete_tuple(info->ri_RelationDesc, tid, estate->es_output_cid, estate->es_snapshot, &failure) != TM_Ok)
		refuse_changed();
	ExecARDeleteTriggers(estate, info, tid, NULL, target->capture, false);
	return true;
}
