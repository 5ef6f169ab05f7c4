/*-------------------------------------------------------------------------
 * reports.c
 *		Calls that end, as their carriers' reports have it.
 *
 * ended_call() decides, in SQL, what becomes of a call.  Work without a
 * statement: its input rows, found by their keys, and what is written of
 * all calls as one statement: their rows, what was said, and their events.
 * The caller has locked the calls.
 *
 * Here are also the facts for which read_call() would need one.
 */
#include "postgres.h"

#include "executor/executor.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/fmgroids.h"
#include "utils/rangetypes.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

#include "core/clock.h"
#include "core/statement.h"
#include "core/voiceagent.h"
#include "stored.h"
#include "tenancy/rows.h"

PG_FUNCTION_INFO_V1(va_sql_apply_reports);
PG_FUNCTION_INFO_V1(va_sql_reading_facts);

/* Prices up to this id come with the extension: the platform's own go before them. */
#define LAST_SHIPPED_PRICE 1000

typedef struct Report
{
	int64 call_id;
	int64 webhook_id; /* the last: none */
	bool unanalysed;
	Datum event;
	ItemPointerData place;	 /* of the call's row */
	TupleTableSlot *verdict; /* what ended_call() says */
	TupleTableSlot *call;	 /* the row as it leaves it */
} Report;

typedef struct Sources
{
	VaRows calls;
	VaRows accounts;
	VaRows holds;
	VaRows prices;
	TimestampTz now;
	TupleDesc call; /* of Report.call, once there is one */
} Sources;

/* ---- which calls end ---- */

static bool
is_end(TupleTableSlot *event)
{
	static const char *const ends[] = { "completed", "failed", "busy", "no_answer" };

	for (int i = 0; i < (int) lengthof(ends); i++)
		if (va_row_says(event, "status", ends[i]))
			return va_row_says(event, "kind", "report");
	return false;
}

/* One that has the words, if there is one, before an earlier answer that lacks them. */
static int
compare_reports(const void *a, const void *b)
{
	const Report *one = a;
	const Report *two = b;

	if (one->call_id != two->call_id)
		return one->call_id < two->call_id ? -1 : 1;
	if (one->unanalysed != two->unanalysed)
		return one->unanalysed - two->unanalysed;
	return (one->webhook_id > two->webhook_id) - (one->webhook_id < two->webhook_id);
}

/* The reports of ends among events, in the order of their calls. */
static Report *
find_reports(Datum events, int *n)
{
	int count;
	Datum *matched = va_elements_of(events, ARR_ELEMTYPE(DatumGetArrayTypeP(events)), NULL, &count);
	Report *reports = palloc(sizeof(Report) * Max(count, 1));
	TupleTableSlot *row = NULL;
	TupleTableSlot *event = NULL;

	*n = 0;
	for (int i = 0; i < count; i++)
	{
		Report *report = &reports[*n];

		va_show_value(&row, matched[i]);
		if (!va_row_has(row, "call_id") || !va_row_has(row, "event"))
			continue;
		*report = (Report){ .call_id = DatumGetInt64(va_row_datum(row, "call_id")),
			.webhook_id = va_row_has(row, "webhook_id") ? DatumGetInt64(va_row_datum(row, "webhook_id")) : PG_INT64_MAX,
			.event = datumCopy(va_row_datum(row, "event"), false, -1) };
		va_show_value(&event, report->event);
		report->unanalysed = va_row_has(event, "unanalysed") && DatumGetBool(va_row_datum(event, "unanalysed"));
		*n += is_end(event);
	}
	qsort(reports, *n, sizeof(Report), compare_reports);
	return reports;
}

/* ---- what becomes of a call ---- */

/* The price of a minute, as price_of() finds it; null: none is set. */
static NullableDatum
price_at(VaRows *prices, Datum at)
{
	NullableDatum price = { .isnull = true };

	va_find_rows(prices, NULL);
	while (va_next_row(prices))
	{
		RangeType *valid = DatumGetRangeTypeP(va_row_datum(prices->slot, "valid"));
		TypeCacheEntry *type = lookup_type_cache(RangeTypeGetOid(valid), TYPECACHE_RANGE_INFO);

		if (va_row_says(prices->slot, "operation", "call") && range_contains_elem_internal(type, valid, at) &&
			(price.isnull || DatumGetInt64(va_row_datum(prices->slot, "price_id")) > LAST_SHIPPED_PRICE))
			price = (NullableDatum){ .value = datumCopy(va_row_datum(prices->slot, "credits"), false, -1) };
	}
	return price;
}

/* Whether a report ends its call, which then is there and has not ended yet; and how. */
static bool
judge(Sources *from, Report *report)
{
	TupleTableSlot *call = from->calls.slot;
	NullableDatum told[] = { { 0 }, { .value = report->event }, { .isnull = true }, { .isnull = true }, { 0 },
		{ .value = TimestampTzGetDatum(from->now) } };
	bool isnull;

	CHECK_FOR_INTERRUPTS();
	if (!va_find_row(&from->calls, report->call_id) || va_row_has(call, "outcome"))
		return false;
	report->place = call->tts_tid;
	told[0].value = ExecFetchSlotHeapTupleDatum(call);
	if (va_find_row(&from->accounts, DatumGetInt64(va_row_datum(call, "provider_account_id"))))
		told[2] = (NullableDatum){ .value = va_row_datum(from->accounts.slot, "provider") };
	if (va_find_row(&from->holds, report->call_id) && va_row_says(from->holds.slot, "state", "held"))
		told[3] = (NullableDatum){ .value = ExecFetchSlotHeapTupleDatum(from->holds.slot) };
	told[4] = price_at(&from->prices, va_row_datum(call, "started_at"));
	va_show_value(&report->verdict, va_call_sql("ended_call", lengthof(told), told, &isnull));
	/* To describe its many columns anew would cost more than to read them. */
	if (from->call != NULL)
		report->call = MakeSingleTupleTableSlot(from->call, &TTSOpsHeapTuple);
	va_show_value(&report->call, va_row_datum(report->verdict, "c"));
	from->call = report->call->tts_tupleDescriptor;
	return true;
}

/* One report of each call; how many end one. */
static int
judge_all(Report *reports, int n)
{
	Sources from = { .now = va_clock_now() };
	int ended = 0;

	va_open_rows(&from.calls, VA_SCHEMA, "calls", "calls_pkey", 2, AccessShareLock);
	va_open_rows(&from.accounts, VA_SCHEMA, "provider_accounts", "provider_accounts_pkey", 2, AccessShareLock);
	va_open_rows(&from.holds, VA_SCHEMA, "credit_holds", "credit_holds_call", 2, AccessShareLock);
	va_open_rows_of_all(&from.prices, VA_SCHEMA, "prices", "prices_pkey", 0);
	for (int i = 0; i < n; i++)
		if ((i == 0 || reports[i].call_id != reports[i - 1].call_id) && judge(&from, &reports[i]))
			reports[ended++] = reports[i];
	va_close_rows(&from.calls);
	va_close_rows(&from.accounts);
	va_close_rows(&from.holds);
	va_close_rows(&from.prices);
	return ended;
}

/* ---- what is written ---- */

static void
keep_talk(VaWrites *writes, VaTarget *rings, Report *report)
{
	int slot = va_month_slot(DatumGetTimestampTz(va_row_datum(report->call, "started_at")));
	VaTarget *ring = &rings[slot];

	if (!va_row_has(report->verdict, "said"))
		return;
	if (ring->writes == NULL)
		va_open_target(ring, writes, VA_PRIVATE_SCHEMA, psprintf("conversations_%02d", slot), CMD_INSERT);
	va_begin_insert(ring);
	va_set(ring, "tenant_id", Int64GetDatum(writes->tenant));
	va_set(ring, "call_id", Int64GetDatum(report->call_id));
	va_set(ring, "month_slot", Int16GetDatum(slot));
	va_set_from(ring, "turns", report->verdict, "said");
	va_set_from(ring, "reading", report->verdict, "reading");
	(void) va_insert_row(ring);
}

static void
write_ends(Report *reports, int n)
{
	VaTarget rings[VA_MONTH_SLOTS] = { 0 };
	VaEventWrites events;
	VaWrites writes;
	VaTarget calls;

	va_announce_events(&events, va_clock_now());
	va_begin_writes(&writes);
	va_open_target(&calls, &writes, VA_SCHEMA, "calls", CMD_UPDATE);
	va_open_events(&events, &writes);
	for (int i = 0; i < n; i++)
	{
		va_begin_update(&calls, reports[i].call);
		(void) va_update_row(&calls, &reports[i].place);
		keep_talk(&writes, rings, &reports[i]);
		va_write_event(
			&events, reports[i].call, "call_ended", TextDatumGetCString(va_row_datum(reports[i].verdict, "told")));
	}
	va_end_writes(&writes);
}

/* ---- functions in SQL ---- */

/* apply_reports(events matched_event[], OUT ended bigint[], OUT doubted bigint[], OUT asked ..., OUT asking ..., OUT promised ...) */
Datum
va_sql_apply_reports(PG_FUNCTION_ARGS)
{
	static VaColumn kinds[] = { { NULL, 0 } /* all */, { "doubts", 0 }, { "asks", 0 }, { "asks_consent", 0 },
		{ "promises", 0 } };
	Datum values[lengthof(kinds)] = { 0 };
	bool nulls[lengthof(kinds)];
	int n;
	Report *reports = find_reports(PG_GETARG_DATUM(0), &n);
	int64 *calls = palloc(sizeof(int64) * Max(n, 1));

	if (n > 0)
		n = judge_all(reports, n);
	if (n > 0)
		write_ends(reports, n);
	for (int kind = 0; kind < (int) lengthof(kinds); kind++)
	{
		int count = 0;

		for (int i = 0; i < n; i++)
			if (kinds[kind].name == NULL || DatumGetBool(va_row_datum_of(reports[i].verdict, &kinds[kind])))
				calls[count++] = reports[i].call_id;
		nulls[kind] = count == 0;
		if (count > 0)
			values[kind] = va_array_of_int8(calls, count);
	}
	PG_RETURN_DATUM(va_row_of_result(fcinfo, values, nulls));
}

/*
 * reading_facts(call_id bigint, assistant_id bigint, assistant_version integer, OUT language text, OUT settings jsonb,
 * OUT timezones text[], OUT jurisdiction text, OUT tools boolean): the place is that which the dial has proved.
 */
Datum
va_sql_reading_facts(PG_FUNCTION_ARGS)
{
	Datum values[5] = { 0 };
	bool nulls[5] = { true, true, true, true, false };
	VaRows versions;
	VaRows attempts;
	VaRows tools;
	Datum facts;

	va_open_rows(&versions, VA_SCHEMA, "assistant_versions", "assistant_versions_pkey", 3, AccessShareLock);
	va_open_rows(&attempts, VA_SCHEMA, "attempts", "attempts_call", 2, AccessShareLock);
	va_open_rows(&tools, VA_SCHEMA, "call_tools", "call_tools_pkey", 2, AccessShareLock);
	if (!PG_ARGISNULL(1) && !PG_ARGISNULL(2) &&
		va_find_by_two(&versions, F_INT8EQ, PG_GETARG_DATUM(1), F_INT4EQ, PG_GETARG_DATUM(2)))
	{
		values[0] = va_row_value(versions.slot, "language", &nulls[0]);
		values[1] = va_row_value(versions.slot, "settings", &nulls[1]);
		if (!PG_ARGISNULL(0) && va_find_row(&attempts, PG_GETARG_INT64(0)))
		{
			values[2] = va_row_value(attempts.slot, "timezones", &nulls[2]);
			values[3] = va_row_value(attempts.slot, "jurisdiction", &nulls[3]);
		}
	}
	values[4] = BoolGetDatum(!PG_ARGISNULL(0) && va_find_row(&tools, PG_GETARG_INT64(0)));
	facts = va_row_of_result(fcinfo, values, nulls);
	va_close_rows(&versions);
	va_close_rows(&attempts);
	va_close_rows(&tools);
	PG_RETURN_DATUM(facts);
}
