/*-------------------------------------------------------------------------
 * order.c
 *		The place of new leads in lead_list(): a row of lead_order each.
 *
 * They are of the class of uncalled leads (lead_class()), as their own
 * rows say: see prepare_leads().
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/table.h"
#include "miscadmin.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "run.h"
#include "writer.h"

struct VaImportOrder
{
	VaTableWriter writer;
	AttrNumber tenant;
	AttrNumber lead;
	AttrNumber class;
};

void
va_import_open_order(VaImport *import)
{
	VaImportOrder *order = palloc0(sizeof(VaImportOrder));
	Relation rel = va_open_private_table("lead_order", RowExclusiveLock);

	va_writer_open(&order->writer, rel, InvalidOid);
	order->tenant = get_attnum(RelationGetRelid(rel), "tenant_id");
	order->lead = get_attnum(RelationGetRelid(rel), "lead_id");
	order->class = get_attnum(RelationGetRelid(rel), "class");
	import->order = order;
}

void
va_import_close_order(VaImport *import)
{
	Relation rel = import->order->writer.rel;

	va_writer_close(&import->order->writer);
	table_close(rel, NoLock);
}

void
va_import_write_order(VaImport *import, const Datum *lead_ids, int n)
{
	VaImportOrder *order = import->order;
	VaTableWriter *writer = &order->writer;
	TupleDesc desc = RelationGetDescr(writer->rel);
	Datum *values = palloc0(desc->natts * sizeof(Datum));
	bool *nulls = palloc(desc->natts * sizeof(bool));
	MemoryContext old = MemoryContextSwitchTo(import->row);

	memset(nulls, true, desc->natts * sizeof(bool));
	nulls[order->tenant - 1] = nulls[order->lead - 1] = nulls[order->class - 1] = false;
	values[order->tenant - 1] = Int64GetDatum(import->tenant);
	values[order->class - 1] = Int16GetDatum(VA_NEW_LEAD_CLASS);
	for (int i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		values[order->lead - 1] = lead_ids[i];
		va_writer_add(writer, heap_form_tuple(desc, values, nulls));
		if (writer->n == VA_WRITER_BATCH)
		{
			va_writer_flush(writer, NULL);
			MemoryContextReset(import->row);
		}
	}
	va_writer_flush(writer, NULL);
	MemoryContextReset(import->row);
	MemoryContextSwitchTo(old);
	pfree(values);
	pfree(nulls);
}
