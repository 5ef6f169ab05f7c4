/*-------------------------------------------------------------------------
 * report_rows.c
 *		All tenants' rows of a small table, for reports that give figures of all
 *		of them together: to go from tenant to tenant costs a millisecond each;
 *		and the end of one tenant's rows.
 *
 * Row-level security is not asked, so the caller is: whoever may count for any
 * tenant (va_is_monitor()).  Which table it is says the function's result, and
 * no member may call one.
 */
#include "postgres.h"

#include "access/table.h"
#include "access/tableam.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "executor/tuptable.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"
#include "utils/tuplestore.h"

#include "core/compat.h"
#include "identity.h"

PG_FUNCTION_INFO_V1(va_sql_every_row);
PG_FUNCTION_INFO_V1(va_sql_delete_rows);

Datum
va_sql_every_row(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	TupleDesc row;
	Relation relation;
	TableScanDesc scan;
	TupleTableSlot *slot;

	if (!va_is_monitor())
		ereport(
			ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE), errmsg("permission denied to read rows of all tenants")));
	if (get_call_result_type(fcinfo, NULL, &row) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "the result is no table's row");
	InitMaterializedSRF(fcinfo, 0);
	relation = table_open(get_typ_typrelid(row->tdtypeid), AccessShareLock);
	if (relation->rd_rel->relkind != RELKIND_RELATION)
		elog(ERROR, "\"%s\" has no rows of its own", RelationGetRelationName(relation));
	scan = va_table_beginscan(relation, GetActiveSnapshot());
	slot = table_slot_create(relation, NULL);
	while (table_scan_getnextslot(scan, ForwardScanDirection, slot))
	{
		CHECK_FOR_INTERRUPTS();
		tuplestore_puttupleslot(rsinfo->setResult, slot);
	}
	ExecDropSingleTupleTableSlot(slot);
	table_endscan(scan);
	table_close(relation, AccessShareLock);
	return (Datum) 0;
}

/*
 * For a tenant whose contract has ended: up to so many of its rows go from one
 * table, without its triggers, which would keep the ledger and what others
 * refer to.  That all of them go in the end is what delete_closed_rows() sees to.
 */
Datum
va_sql_delete_rows(PG_FUNCTION_ARGS)
{
	char *table = quote_qualified_identifier(
		get_namespace_name(get_rel_namespace(PG_GETARG_OID(0))), get_rel_name(PG_GETARG_OID(0)));
	Datum values[2] = { PG_GETARG_DATUM(1), PG_GETARG_DATUM(2) };
	Oid types[2] = { INT8OID, INT4OID };
	int level = NewGUCNestLevel();
	int64 deleted;

	(void) set_config_option(
		"session_replication_role", "replica", PGC_SUSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	SPI_connect();
	if (SPI_execute_with_args(psprintf("DELETE FROM %s WHERE tenant_id = $1 AND ctid = ANY (ARRAY(SELECT t.ctid FROM "
									   "%s t WHERE t.tenant_id = $1 LIMIT $2))",
								  table, table),
			2, types, values, NULL, false, 0) != SPI_OK_DELETE)
		elog(ERROR, "could not delete rows of %s", table);
	deleted = (int64) SPI_processed;
	SPI_finish();
	AtEOXact_GUC(false, level);
	PG_RETURN_INT64(deleted);
}
