/*-------------------------------------------------------------------------
 * writer.c
 *		The way of COPY into one table.  See writer.h.
 */
#include "postgres.h"

#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "executor/nodeModifyTable.h"
#include "storage/lmgr.h"
#include "utils/lsyscache.h"

#include "core/compat.h"
#include "writer.h"
#include "core/voiceagent.h"

Relation
va_open_table(const char *name, LOCKMODE lock)
{
	return table_open(get_relname_relid(name, get_namespace_oid(VA_SCHEMA, false)), lock);
}

Relation
va_open_private_table(const char *name, LOCKMODE lock)
{
	return table_open(get_relname_relid(name, get_namespace_oid(VA_PRIVATE_SCHEMA, false)), lock);
}

static ResultRelInfo *
with_indexes(const ResultRelInfo *all, Oid only, Oid but)
{
	ResultRelInfo *part = palloc(sizeof(ResultRelInfo));
	int n = 0;

	memcpy(part, all, sizeof(ResultRelInfo));
	part->ri_IndexRelationDescs = palloc(sizeof(Relation) * (all->ri_NumIndices + 1));
	part->ri_IndexRelationInfo = palloc(sizeof(IndexInfo *) * (all->ri_NumIndices + 1));
	for (int i = 0; i < all->ri_NumIndices; i++)
	{
		Oid index = RelationGetRelid(all->ri_IndexRelationDescs[i]);

		if ((OidIsValid(only) && index != only) || index == but)
			continue;
		part->ri_IndexRelationDescs[n] = all->ri_IndexRelationDescs[i];
		part->ri_IndexRelationInfo[n++] = all->ri_IndexRelationInfo[i];
	}
	part->ri_NumIndices = n;
	return part;
}

void
va_writer_open(VaTableWriter *writer, Relation rel, Oid later_index)
{
	Assert(CheckRelationLockedByMe(rel, RowExclusiveLock, true));
	writer->rel = rel;
	writer->estate = CreateExecutorState();
	writer->all = makeNode(ResultRelInfo);
	InitResultRelInfo(writer->all, rel, 1, NULL, 0);
	ExecOpenIndices(writer->all, false);
	writer->direct = with_indexes(writer->all, InvalidOid, later_index);
	writer->later = OidIsValid(later_index) ? with_indexes(writer->all, later_index, InvalidOid) : NULL;
	writer->bulk = GetBulkInsertState();
	for (int i = 0; i < VA_WRITER_BATCH; i++)
		writer->slots[i] = MakeSingleTupleTableSlot(RelationGetDescr(rel), &TTSOpsHeapTuple);
	writer->n = 0;
	writer->generated = rel->rd_att->constr != NULL && rel->rd_att->constr->has_generated_stored;
}

void
va_writer_flush(VaTableWriter *writer, ItemPointer *tids)
{
	if (writer->n == 0)
		return;
	if (writer->generated)
		for (int i = 0; i < writer->n; i++)
			ExecComputeStoredGenerated(writer->all, writer->estate, writer->slots[i], CMD_INSERT);
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

void
va_writer_add(VaTableWriter *writer, HeapTuple tuple)
{
	TupleTableSlot *slot = writer->slots[writer->n++];

	ExecStoreHeapTuple(tuple, slot, true);
	slot->tts_tableOid = RelationGetRelid(writer->rel);
}

void
va_writer_close(VaTableWriter *writer)
{
	Assert(writer->n == 0);
	FreeBulkInsertState(writer->bulk);
	table_finish_bulk_insert(writer->rel, 0);
	for (int i = 0; i < VA_WRITER_BATCH; i++)
		ExecDropSingleTupleTableSlot(writer->slots[i]);
	ExecCloseIndices(writer->all);
	FreeExecutorState(writer->estate);
}
