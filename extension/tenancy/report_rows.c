/*-------------------------------------------------------------------------
 * report_rows.c
 *		All tenants' rows of a small table, for reports that give figures of all
 *		of them together: to go from tenant to tenant costs a millisecond each.
 *
 * Row-level security is not asked, so the caller is: whoever may count for any
 * tenant (va_is_monitor()).  Which table it is says the function's result, and
 * no member may call one.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/table.h"
#include "access/tableam.h"
#include "executor/tuptable.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"
#include "utils/tuplestore.h"

#include "identity.h"

PG_FUNCTION_INFO_V1(va_sql_rows_for_reports);

Datum
va_sql_rows_for_reports(PG_FUNCTION_ARGS)
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
	scan = table_beginscan(relation, GetActiveSnapshot(), 0, NULL);
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
