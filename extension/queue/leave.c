/*-------------------------------------------------------------------------
 * leave.c
 *		The end of a claim: leads that are dialled leave the queue, and lanes
 *		that ran empty say when they are due again.
 *
 * The claim has locked the rows of the leads, so they lie where it found them.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/stratnum.h"
#include "access/tableam.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "fmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "core/statement.h"
#include "core/voiceagent.h"
#include "tenancy/rows.h"

PG_FUNCTION_INFO_V1(va_sql_leave_lanes);
PG_FUNCTION_INFO_V1(va_sql_settle_lanes);

/* ---- leads ---- */

static ItemPointer
place_of(Datum pick, const char *name)
{
	bool isnull;
	Datum place = GetAttributeByName(DatumGetHeapTupleHeader(pick), name, &isnull);

	if (isnull)
		elog(ERROR, "a lead that is dialled has no %s", name);
	return (ItemPointer) DatumGetPointer(place);
}

static Datum
one_more(TupleTableSlot *row, VaColumn *column)
{
	return Int32GetDatum(DatumGetInt32(va_row_datum_of(row, column)) + 1);
}

/* leave_queue(picks voiceagent_private.queue_pick[], at timestamptz) */
Datum
va_sql_leave_lanes(PG_FUNCTION_ARGS)
{
	ArrayType *array = PG_GETARG_ARRAYTYPE_P(0);
	int n;
	Datum *picks = va_elements_of(PointerGetDatum(array), ARR_ELEMTYPE(array), NULL, &n);
	VaWrites writes;
	VaTarget queue;
	VaTarget members;
	VaTarget leads;

	va_begin_writes(&writes);
	va_open_target(&queue, &writes, VA_PRIVATE_SCHEMA, "call_queue", CMD_DELETE);
	va_open_target(&members, &writes, VA_SCHEMA, "campaign_leads", CMD_UPDATE);
	va_open_target(&leads, &writes, VA_SCHEMA, "leads", CMD_UPDATE);
	for (int i = 0; i < n; i++)
	{
		ItemPointer member = place_of(picks[i], "member_row");
		ItemPointer lead = place_of(picks[i], "lead_row");
		TupleTableSlot *row;

		(void) va_delete_row(&queue, place_of(picks[i], "queue_row"));
		/* A lead of several campaigns may have been dropped from one of them since. */
		if ((row = va_row_at(&members, member)) != NULL)
		{
			va_begin_update(&members, row);
			va_set(&members, "status", CStringGetTextDatum("calling"));
			va_set_or_null(&members, "reason", 0, true);
			va_set(&members, "attempts", one_more(row, VA_COLUMN("attempts")));
			(void) va_update_row(&members, member);
		}
		if ((row = va_row_at(&leads, lead)) != NULL)
		{
			va_begin_update(&leads, row);
			va_set(&leads, "status", CStringGetTextDatum("contacted"));
			va_set(&leads, "last_contacted_at", PG_GETARG_DATUM(1));
			va_set(&leads, "call_attempts", one_more(row, VA_COLUMN("call_attempts")));
			(void) va_update_row(&leads, lead);
		}
	}
	va_end_writes(&writes);
	PG_RETURN_VOID();
}

/* ---- lanes ---- */

static TimestampTz
moment(TupleTableSlot *row, VaColumn *column)
{
	return DatumGetTimestampTz(va_row_datum_of(row, column));
}

static bool
is_ready(TupleTableSlot *lane, TimestampTz at)
{
	return DatumGetBool(va_row_datum(lane, "running")) && moment(lane, VA_COLUMN("next_due")) <= at &&
		   moment(lane, VA_COLUMN("opens_at")) <= at;
}

/* Copies of the ready lanes of these campaigns, locked; those that somebody enqueues into are left out. */
static List *
lock_ready_lanes(const Datum *campaigns, int n, TimestampTz at)
{
	List *locked = NIL;
	VaRows lanes;

	va_open_rows(&lanes, VA_PRIVATE_SCHEMA, "lanes", "lanes_running", 2, RowExclusiveLock);
	for (int i = 0; i < n; i++)
		for (bool found = va_find_row(&lanes, DatumGetInt64(campaigns[i])); found; found = va_next_row(&lanes))
		{
			TupleTableSlot *copy;

			if (!is_ready(lanes.slot, at) || !va_lock_row(&lanes, LockTupleExclusive, LockWaitSkip) ||
				!is_ready(lanes.slot, at))
				continue;
			copy = MakeSingleTupleTableSlot(RelationGetDescr(lanes.table), &TTSOpsHeapTuple);
			ExecCopySlot(copy, lanes.slot);
			copy->tts_tid = lanes.slot->tts_tid;
			locked = lappend(locked, copy);
		}
	va_close_rows(&lanes);
	return locked;
}

/* The index has the order within a priority: from one to the next. */
static TimestampTz
first_not_before(VaRows *queue, int64 lane_id)
{
	TimestampTz first = DT_NOEND;
	int32 above = PG_INT16_MIN;
	ScanKeyData keys[3];

	for (;;)
	{
		ScanKeyInit(&keys[0], 1, BTEqualStrategyNumber, F_INT8EQ, Int64GetDatum(queue->tenant));
		ScanKeyInit(&keys[1], 2, BTEqualStrategyNumber, F_INT8EQ, Int64GetDatum(lane_id));
		ScanKeyInit(&keys[2], 3, BTGreaterStrategyNumber, F_INT2GT, Int16GetDatum(above));
		va_find_rows(queue, keys);
		if (!va_next_row(queue))
			return first;
		above = DatumGetInt16(va_row_datum(queue->slot, "priority"));
		first = Min(first, moment(queue->slot, VA_COLUMN("not_before")));
	}
}

/* settle_lanes(campaign_ids bigint[], at timestamptz) */
Datum
va_sql_settle_lanes(PG_FUNCTION_ARGS)
{
	int n;
	Datum *campaigns = va_elements_of(PG_GETARG_DATUM(0), INT8OID, NULL, &n);
	List *locked = lock_ready_lanes(campaigns, n, PG_GETARG_TIMESTAMPTZ(1));
	VaRows queue;
	VaWrites writes;
	VaTarget lanes;
	ListCell *cell;

	if (locked == NIL)
		PG_RETURN_VOID();
	/* Later than the locks: it sees all that was queued under them. */
	PushActiveSnapshot(GetTransactionSnapshot());
	va_open_rows(&queue, VA_PRIVATE_SCHEMA, "call_queue", "call_queue_claim", 3, AccessShareLock);
	va_begin_writes(&writes);
	va_open_target(&lanes, &writes, VA_PRIVATE_SCHEMA, "lanes", CMD_UPDATE);
	foreach (cell, locked)
	{
		TupleTableSlot *lane = lfirst(cell);

		va_begin_update(&lanes, lane);
		va_set(&lanes, "next_due",
			TimestampTzGetDatum(first_not_before(&queue, DatumGetInt64(va_row_datum(lane, "lane_id")))));
		(void) va_update_row(&lanes, &lane->tts_tid);
		ExecDropSingleTupleTableSlot(lane);
	}
	va_end_writes(&writes);
	va_close_rows(&queue);
	PopActiveSnapshot();
	PG_RETURN_VOID();
}
