/*-------------------------------------------------------------------------
 * dial_ready.c
 *		Tenants that have a lead to dial now: see dialer.h.
 *
 * The rules are those of ready_tenants() in sql/50_queue, which asks everybody.
 */
#include "postgres.h"

#include "access/table.h"
#include "catalog/namespace.h"
#include "executor/executor.h"
#include "storage/bufmgr.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "core/clock.h"
#include "core/statement.h"
#include "core/voiceagent.h"
#include "dialer.h"
#include "tenancy/rows.h"
#include "tenancy/setting.h"

/* A live call takes more than that of its page: see platform_free_lines(). */
#define LIVE_CALL_BYTES 128

static VaStatement lines_statement = { "SELECT r.real_lines <= 0 AS real, r.sandbox_lines <= 0 AS sandbox FROM "
									   "voiceagent_private.platform_free_lines(1) r",
	0, { 0 }, NULL };

static void
key_after(ScanKey key, TimestampTz at)
{
	ScanKeyInit(key, 1, BTGreaterStrategyNumber, F_TIMESTAMPTZ_GT, TimestampTzGetDatum(at));
}

static void
key_until(ScanKey key, TimestampTz at)
{
	ScanKeyInit(key, 1, BTLessEqualStrategyNumber, F_TIMESTAMPTZ_LE, TimestampTzGetDatum(at));
}

/* As the index lanes_next has it. */
static TimestampTz
lane_due(VaRows *lanes)
{
	return Max(DatumGetTimestampTz(va_row_datum(lanes->slot, "next_due")),
		DatumGetTimestampTz(va_row_datum(lanes->slot, "opens_at")));
}

static TimestampTz
next_dial_at(VaRows *pacing)
{
	return DatumGetTimestampTz(va_row_datum(pacing->slot, "next_dial_at"));
}

/* ---- one tenant ---- */

typedef struct Look
{
	const VaReadyAsk *ask;
	TimestampTz now;
	VaRows directory;
	VaRows lanes;
	VaRows pacing;
} Look;

static bool
is_active(Look *look, int64 tenant_id)
{
	return va_find_first(&look->directory, tenant_id, 0) && DatumGetBool(va_row_datum(look->directory.slot, "active"));
}

static bool
has_freed_a_call(Look *look, const VaFullTenant *full)
{
	VaRows live;
	int64 n = 0;

	va_open_rows_of_all(&live, VA_PRIVATE_SCHEMA, "live_calls", "live_calls_pkey", 1);
	for (bool more = va_find_first(&live, full->tenant_id, 0); more && n < full->live; more = va_next_row(&live))
		n++;
	va_close_rows(&live);
	return n < full->live;
}

static bool
is_full(Look *look, int64 tenant_id)
{
	for (int i = 0; i < look->ask->n_full; i++)
		if (look->ask->full[i].tenant_id == tenant_id && !has_freed_a_call(look, &look->ask->full[i]))
			return true;
	return false;
}

static bool
waits_for_pace(Look *look, int64 tenant_id, int64 campaign_id)
{
	return va_find_first(&look->pacing, tenant_id, campaign_id) &&
		   (next_dial_at(&look->pacing) > look->now ||
			   (DatumGetBool(va_row_datum(look->pacing.slot, "sandbox")) ? look->ask->no_sandbox : look->ask->no_real));
}

static bool
has_due_lane(Look *look, int64 tenant_id)
{
	int64 waiting = 0; /* the last campaign that waits; the index has the lanes of one beside each other */

	for (bool more = va_find_first(&look->lanes, tenant_id, 0); more; more = va_next_row(&look->lanes))
	{
		int64 campaign_id = DatumGetInt64(va_row_datum(look->lanes.slot, "campaign_id"));

		if (campaign_id == waiting || lane_due(&look->lanes) > look->now ||
			DatumGetTimestampTz(va_row_datum(look->lanes.slot, "closes_at")) <= look->now)
			continue;
		if (!waits_for_pace(look, tenant_id, campaign_id))
			return true;
		waiting = campaign_id;
	}
	return false;
}

/* ---- all of them ---- */

typedef struct Candidates
{
	int64 *ids;
	int n;
	int max;
} Candidates;

static void
add_candidate(Candidates *candidates, int64 tenant_id)
{
	for (int i = candidates->n - 1; i >= 0; i--)
		if (candidates->ids[i] == tenant_id)
			return;
	if (candidates->n < candidates->max)
		candidates->ids[candidates->n++] = tenant_id;
}

/* Those of a table that this index tells to have become due. */
static void
add_due_since(Look *look, Candidates *candidates, const char *table, const char *index)
{
	VaRows rows;
	ScanKeyData keys[2];

	va_open_rows_of_all(&rows, VA_PRIVATE_SCHEMA, table, index, 2);
	key_after(&keys[0], look->ask->since);
	key_until(&keys[1], look->now);
	va_find_rows(&rows, keys);
	while (candidates->n < candidates->max && va_next_row(&rows))
		add_candidate(candidates, DatumGetInt64(va_row_datum(rows.slot, "tenant_id")));
	va_close_rows(&rows);
}

static int
compare_turns(const void *a, const void *b, void *after)
{
	int64 one = *(const int64 *) a;
	int64 two = *(const int64 *) b;
	bool one_waits = one <= *(const int64 *) after;
	bool two_waits = two <= *(const int64 *) after;

	if (one_waits != two_waits)
		return one_waits ? 1 : -1;
	return one < two ? -1 : one > two ? 1 : 0;
}

static int
take_ready(Look *look, Candidates *candidates, int64 *tenants, int max)
{
	int64 after = look->ask->after;
	int n = 0;

	va_open_rows_of_all(&look->directory, VA_PRIVATE_SCHEMA, "tenant_directory", "tenant_directory_pkey", 1);
	va_open_rows_of_all(&look->lanes, VA_PRIVATE_SCHEMA, "lanes", "lanes_running", 1);
	va_open_rows_of_all(&look->pacing, VA_PRIVATE_SCHEMA, "pacing", "pacing_pkey", 2);
	qsort_arg(candidates->ids, candidates->n, sizeof(int64), compare_turns, &after);
	for (int i = 0; i < candidates->n && n < max; i++)
		if (is_active(look, candidates->ids[i]) && has_due_lane(look, candidates->ids[i]) &&
			!is_full(look, candidates->ids[i]))
			tenants[n++] = candidates->ids[i];
	va_close_rows(&look->directory);
	va_close_rows(&look->lanes);
	va_close_rows(&look->pacing);
	return n;
}

int
va_ready_tenants(const VaReadyAsk *ask, int64 *tenants, int max, bool *more)
{
	Look look = { .ask = ask, .now = va_clock_now() };
	Candidates candidates = { .max = ask->n_among + max };
	int n;

	*more = false;
	if (ask->no_real && ask->no_sandbox)
		return 0;
	candidates.ids = palloc(sizeof(int64) * candidates.max);
	for (int i = 0; i < ask->n_among; i++)
		add_candidate(&candidates, ask->among[i]);
	PushActiveSnapshot(GetTransactionSnapshot());
	add_due_since(&look, &candidates, "lanes", "lanes_next");
	add_due_since(&look, &candidates, "pacing", "pacing_next");
	n = take_ready(&look, &candidates, tenants, max);
	PopActiveSnapshot();
	*more = n == max || candidates.n == candidates.max;
	return n;
}

void
va_weigh(const int64 *tenants, int n, int *weights)
{
	VaRows directory;

	PushActiveSnapshot(GetTransactionSnapshot());
	va_open_rows_of_all(&directory, VA_PRIVATE_SCHEMA, "tenant_directory", "tenant_directory_pkey", 1);
	for (int i = 0; i < n; i++)
		weights[i] = va_find_first(&directory, tenants[i], 0)
						 ? DatumGetInt16(va_row_datum(directory.slot, "dial_weight"))
						 : 1;
	va_close_rows(&directory);
	PopActiveSnapshot();
}

/* ---- lines, and time ---- */

void
va_platform_is_full(bool *no_real, bool *no_sandbox)
{
	HeapTupleHeader settings = DatumGetHeapTupleHeader(va_dial_settings());
	Relation live = table_open(
		get_relname_relid("live_calls", get_namespace_oid(VA_PRIVATE_SCHEMA, false)), AccessShareLock);
	int64 most = (int64) RelationGetNumberOfBlocks(live) * BLCKSZ / LIVE_CALL_BYTES;
	bool isnull;
	int32 real_lines = DatumGetInt32(GetAttributeByName(settings, "platform_limit", &isnull));
	int32 sandbox_lines = DatumGetInt32(GetAttributeByName(settings, "sandbox_limit", &isnull));

	table_close(live, AccessShareLock);
	*no_real = *no_sandbox = false;
	if (Min(real_lines, sandbox_lines) - most > 0)
		return;
	va_execute(&lines_statement, NULL, NULL);
	*no_real = va_column_bool(0, "real");
	*no_sandbox = va_column_bool(0, "sandbox");
}

static TimestampTz
first_after(TimestampTz after, const char *table, const char *index, TimestampTz (*of)(VaRows *))
{
	TimestampTz first = DT_NOEND;
	VaRows rows;
	ScanKeyData key;

	va_open_rows_of_all(&rows, VA_PRIVATE_SCHEMA, table, index, 1);
	key_after(&key, after);
	va_find_rows(&rows, &key);
	if (va_next_row(&rows))
		first = of(&rows);
	va_close_rows(&rows);
	return first;
}

TimestampTz
va_next_dial_after(TimestampTz after)
{
	TimestampTz lane;
	TimestampTz pace;

	PushActiveSnapshot(GetTransactionSnapshot());
	lane = first_after(after, "lanes", "lanes_next", lane_due);
	pace = first_after(after, "pacing", "pacing_next", next_dial_at);
	PopActiveSnapshot();
	return Min(lane, pace);
}
