/*-------------------------------------------------------------------------
 * claim.c
 *		The beginning of a claim: leads that are due are picked from open lanes
 *		and locked.  And its end: lanes that ran empty say when they are due
 *		again.
 *
 * The index of the queue has a lane's leads in their order, within a priority:
 * they are found from one priority to the next.
 */
#include "postgres.h"

#include "access/stratnum.h"
#include "access/tableam.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "fmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/fmgroids.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "core/statement.h"
#include "core/voiceagent.h"
#include "tenancy/rows.h"

PG_FUNCTION_INFO_V1(va_sql_pick_due);
PG_FUNCTION_INFO_V1(va_sql_settle_lanes);

/* ---- what is due ---- */

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

/* Leads of a lane that may be dialled by then: of this priority, or of the ones behind it. */
static bool
find_waiting(VaRows *queue, int64 lane_id, StrategyNumber strategy, int16 priority, TimestampTz until)
{
	ScanKeyData keys[4];

	ScanKeyInit(&keys[0], 1, BTEqualStrategyNumber, F_INT8EQ, Int64GetDatum(queue->tenant));
	ScanKeyInit(&keys[1], 2, BTEqualStrategyNumber, F_INT8EQ, Int64GetDatum(lane_id));
	ScanKeyInit(
		&keys[2], 3, strategy, strategy == BTEqualStrategyNumber ? F_INT2EQ : F_INT2GT, Int16GetDatum(priority));
	ScanKeyInit(&keys[3], 4, BTLessEqualStrategyNumber, F_TIMESTAMPTZ_LE, TimestampTzGetDatum(until));
	va_find_rows(queue, keys);
	return va_next_row(queue);
}

static int16
priority_of(VaRows *queue)
{
	return DatumGetInt16(va_row_datum(queue->slot, "priority"));
}

static void
open_queue(VaRows *queue, LOCKMODE lock)
{
	va_open_rows(queue, VA_PRIVATE_SCHEMA, "call_queue", "call_queue_claim", 4, lock);
}

/* The leads of one priority in one lane. */
typedef struct Level
{
	HeapTuple lane;
	int64 lane_id;
	int16 priority;
	Datum score; /* float8; of best_time */
	bool unscored;
	TimestampTz first;
} Level;

/* Priority by priority, with best_time the lane that is likeliest to answer now, oldest due first. */
static int
compare_levels(const ListCell *a, const ListCell *b)
{
	const Level *one = lfirst(a);
	const Level *two = lfirst(b);
	int order = one->priority - two->priority;

	if (order == 0)
		order = two->unscored - one->unscored;
	if (order == 0 && !one->unscored)
		order = float8_cmp_internal(DatumGetFloat8(two->score), DatumGetFloat8(one->score));
	if (order == 0)
		order = (one->first > two->first) - (one->first < two->first);
	return order != 0 ? order : (one->lane_id > two->lane_id) - (one->lane_id < two->lane_id);
}

static Datum
score_of(TupleTableSlot *lane, TimestampTz at, bool *unscored)
{
	Datum scores = va_row_value(lane, "scores", unscored);
	Datum *zones;
	Datum hour;
	int n;

	if (*unscored)
	{
		*unscored = false;
		return Float8GetDatum(0);
	}
	zones = va_elements_of(va_row_datum(lane, "timezones"), TEXTOID, NULL, &n);
	hour = DirectFunctionCall2(timestamp_part, CStringGetTextDatum("hour"),
		DirectFunctionCall2(timestamptz_zone, zones[0], TimestampTzGetDatum(at)));
	return array_get_element(scores, 1, &(int){ 1 + (int) DatumGetFloat8(hour) }, -1, sizeof(float8), FLOAT8PASSBYVAL,
		TYPALIGN_DOUBLE, unscored);
}

typedef struct Sources
{
	VaRows lanes;
	VaRows queue;
	VaRows leads;
	VaRows members;
	VaRows live;
} Sources;

/* The levels of a campaign in which somebody is due, in their order. */
static List *
due_levels(Sources *from, int64 campaign_id, TimestampTz at)
{
	VaRows *lanes = &from->lanes;
	VaRows *queue = &from->queue;
	List *levels = NIL;

	for (bool found = va_find_row(lanes, campaign_id); found; found = va_next_row(lanes))
	{
		Level level = { .lane_id = DatumGetInt64(va_row_datum(lanes->slot, "lane_id")), .priority = PG_INT16_MIN };

		if (!is_ready(lanes->slot, at) || moment(lanes->slot, VA_COLUMN("closes_at")) <= at)
			continue;
		while (find_waiting(queue, level.lane_id, BTGreaterStrategyNumber, level.priority, DT_NOEND))
		{
			level.priority = priority_of(queue);
			level.first = moment(queue->slot, VA_COLUMN("not_before"));
			if (level.first > at)
				continue;
			if (level.lane == NULL)
			{
				level.lane = ExecCopySlotHeapTuple(lanes->slot);
				level.score = score_of(lanes->slot, at, &level.unscored);
			}
			levels = lappend(levels, memcpy(palloc(sizeof(Level)), &level, sizeof(Level)));
		}
	}
	list_sort(levels, compare_levels);
	return levels;
}

static bool
is_of_level(TupleTableSlot *queued, const Level *level, TimestampTz at)
{
	return DatumGetInt64(va_row_datum(queued, "lane_id")) == level->lane_id &&
		   DatumGetInt16(va_row_datum(queued, "priority")) == level->priority &&
		   moment(queued, VA_COLUMN("not_before")) <= at;
}

/* The row that was found, locked unless another transaction has it. */
static void
set_place(VaTarget *picks, VaColumn *column, VaRows *rows)
{
	if (va_lock_row(rows, LockTupleNoKeyExclusive, LockWaitSkip))
		va_set_of(picks, column, PointerGetDatum(&rows->slot->tts_tid), false);
}

/*
 * An opt-out locks the lead's row: after this lock it has either happened, and is seen by the next statement, or waits for
 * us.  A lead with a live call is left alone: whoever ends that call writes to it, and then waits for the ledger as we do.
 */
static Datum
pick_of(VaTarget *picks, Sources *from, int32 position)
{
	TupleTableSlot *lane = from->lanes.slot;
	TupleTableSlot *queued = from->queue.slot;
	Datum campaign = va_row_datum(queued, "campaign_id");
	Datum lead = va_row_datum(queued, "lead_id");

	va_begin_insert(picks);
	va_set(picks, "position", Int32GetDatum(position));
	va_set(picks, "campaign_id", campaign);
	va_set(picks, "lane_id", va_row_datum(queued, "lane_id"));
	va_set(picks, "lead_id", lead);
	va_set(picks, "priority", va_row_datum(queued, "priority"));
	va_set(picks, "not_before", va_row_datum(queued, "not_before"));
	va_set(picks, "reason", va_row_datum(queued, "reason"));
	va_set(picks, "number", va_row_datum(queued, "number"));
	va_set(picks, "opens_at", va_row_datum(lane, "opens_at"));
	va_set(picks, "closes_at", va_row_datum(lane, "closes_at"));
	va_set(picks, "timezones", va_row_datum(lane, "timezones"));
	va_set(picks, "jurisdiction", va_row_datum(lane, "region"));
	va_set(picks, "queue_row", PointerGetDatum(&queued->tts_tid));
	if (va_find_row(&from->leads, DatumGetInt64(lead)) && !va_find_row(&from->live, DatumGetInt64(lead)))
		set_place(picks, VA_COLUMN("lead_row"), &from->leads);
	if (va_find_by_two(&from->members, F_INT8EQ, campaign, F_INT8EQ, lead))
		set_place(picks, VA_COLUMN("member_row"), &from->members);
	return va_made_value(picks);
}

/* pick_due(campaign_ids bigint[], budgets integer[], at timestamptz) */
Datum
va_sql_pick_due(PG_FUNCTION_ARGS)
{
	int n;
	Datum *campaigns = va_elements_of(PG_GETARG_DATUM(0), INT8OID, NULL, &n);
	Datum *budgets = va_elements_of(PG_GETARG_DATUM(1), INT4OID, NULL, &n);
	TimestampTz at = PG_GETARG_TIMESTAMPTZ(2);
	Oid type = get_element_type(get_fn_expr_rettype(fcinfo->flinfo));
	int room = 0;
	int picked = 0;
	Datum *found;
	Sources from;
	VaTarget picks;

	for (int i = 0; i < n; i++)
		room += DatumGetInt32(budgets[i]);
	found = palloc(sizeof(Datum) * Max(room, 1));
	va_open_value(&picks, type);
	va_open_rows(&from.lanes, VA_PRIVATE_SCHEMA, "lanes", "lanes_running", 2, AccessShareLock);
	open_queue(&from.queue, RowShareLock);
	va_open_rows(&from.leads, VA_SCHEMA, "leads", "leads_pkey", 2, RowShareLock);
	va_open_rows(&from.members, VA_SCHEMA, "campaign_leads", "campaign_leads_pkey", 3, RowShareLock);
	va_open_rows(&from.live, VA_PRIVATE_SCHEMA, "live_calls", "one_live_call", 2, AccessShareLock);
	for (int i = 0; i < n; i++)
	{
		int end = picked + DatumGetInt32(budgets[i]);
		ListCell *cell;

		foreach (cell, due_levels(&from, DatumGetInt64(campaigns[i]), at))
		{
			const Level *level = lfirst(cell);
			bool more = picked < end &&
						find_waiting(&from.queue, level->lane_id, BTEqualStrategyNumber, level->priority, at);

			ExecForceStoreHeapTuple(level->lane, from.lanes.slot, false);
			for (; more; more = picked < end && va_next_row(&from.queue))
				/* Rows locked by others are passed over. */
				if (va_lock_row(&from.queue, LockTupleExclusive, LockWaitSkip) &&
					is_of_level(from.queue.slot, level, at))
				{
					found[picked] = pick_of(&picks, &from, picked + 1);
					picked++;
				}
		}
	}
	va_close_rows(&from.lanes);
	va_close_rows(&from.queue);
	va_close_rows(&from.leads);
	va_close_rows(&from.members);
	va_close_rows(&from.live);
	PG_RETURN_DATUM(va_array_of(found, NULL, picked, type));
}

/* ---- lanes that ran empty ---- */

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

static TimestampTz
first_not_before(VaRows *queue, int64 lane_id)
{
	TimestampTz first = DT_NOEND;

	for (int32 above = PG_INT16_MIN; find_waiting(queue, lane_id, BTGreaterStrategyNumber, above, DT_NOEND);
		 above = priority_of(queue))
		first = Min(first, moment(queue->slot, VA_COLUMN("not_before")));
	return first;
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
	open_queue(&queue, AccessShareLock);
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
