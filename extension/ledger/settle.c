/*-------------------------------------------------------------------------
 * settle.c
 *		The settlement of credits set aside for calls.
 *
 * Where the ledger has grants, they follow (grants.c).  Only a settlement
 * touches rows before the ledger, the holds that it ends: of one call there is
 * only ever one that settles, since whoever ends a call has locked the call.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "core/clock.h"
#include "core/counters.h"
#include "core/statement.h"
#include "core/voiceagent.h"
#include "ledger.h"
#include "tenancy/identity.h"
#include "tenancy/rows.h"

PG_FUNCTION_INFO_V1(va_sql_settle_calls);
PG_FUNCTION_INFO_V1(va_sql_settle_holds);

typedef struct Asked
{
	int64 call_id;
	Datum cost;
} Asked;

/* A hold that has ended. */
typedef struct Ended
{
	Datum call_id;
	Datum hold_id;
	Datum amount;
	Datum cost;
	Datum from_hold;
	Datum excess; /* charged beyond the hold */
	bool minutes; /* it holds some */
	Datum campaign_id;
	Datum day;
	bool counted; /* in the campaign's spending, or it has no campaign */
} Ended;

static Datum
charged(const Ended *ended)
{
	return va_plus(ended->from_hold, ended->excess);
}

static int
compare_asked(const void *a, const void *b)
{
	const Asked *left = a;
	const Asked *right = b;

	if (left->call_id != right->call_id)
		return left->call_id < right->call_id ? -1 : 1;
	return va_is_less(left->cost, right->cost) ? 1 : va_is_less(right->cost, left->cost) ? -1 : 0;
}

/* By their numbers, so that everybody locks holds in one order; of one that is named twice the higher cost counts. */
static int
sort_calls(Datum *calls, Datum *costs, int n)
{
	Asked *asked = palloc(sizeof(Asked) * Max(n, 1));
	int kept = 0;

	for (int i = 0; i < n; i++)
		asked[i] = (Asked){ DatumGetInt64(calls[i]), va_is_positive(costs[i]) ? costs[i] : va_no_credits() };
	qsort(asked, n, sizeof(Asked), compare_asked);
	for (int i = 0; i < n; i++)
	{
		if (i > 0 && asked[i].call_id == asked[i - 1].call_id)
			continue;
		calls[kept] = Int64GetDatum(asked[i].call_id);
		costs[kept++] = asked[i].cost;
	}
	return kept;
}

/* Charged as far as it reaches. */
static Ended
end_hold(VaTarget *target, TupleTableSlot *hold, Datum call_id, Datum cost)
{
	bool no_minutes;
	Datum amount = datumCopy(va_row_datum(hold, "amount"), false, -1);
	Ended ended = { .call_id = call_id,
		.hold_id = va_row_datum(hold, "hold_id"),
		.amount = amount,
		.cost = cost,
		.from_hold = va_smaller(cost, amount),
		.excess = va_no_credits() };

	(void) va_row_value(hold, "minutes", &no_minutes);
	ended.minutes = !no_minutes;
	va_begin_update(target, hold);
	va_set(target, "state", CStringGetTextDatum(va_is_positive(cost) ? "posted" : "voided"));
	va_set_or_null(target, "charged", ended.from_hold, !va_is_positive(cost));
	va_set(target, "ended_at", TimestampTzGetDatum(va_clock_now()));
	(void) va_update_row(target, &hold->tts_tid);
	return ended;
}

/* A hold that has ended is left alone: settling twice has no effect. */
static Ended *
end_holds(Datum *calls, Datum *costs, int *n)
{
	Ended *ended = palloc(sizeof(Ended) * Max(*n, 1));
	int count = 0;
	VaRows holds;
	VaWrites writes;
	VaTarget target;

	PushActiveSnapshot(GetTransactionSnapshot());
	va_open_rows(&holds, VA_SCHEMA, "credit_holds", "credit_holds_call", 2, RowExclusiveLock);
	va_begin_writes(&writes);
	va_open_target(&target, &writes, VA_SCHEMA, "credit_holds", CMD_UPDATE);
	for (int i = 0; i < *n; i++)
		if (va_find_row(&holds, DatumGetInt64(calls[i])) && va_row_says(holds.slot, "state", "held") &&
			va_lock_row(&holds, LockTupleNoKeyExclusive, LockWaitBlock) && va_row_says(holds.slot, "state", "held"))
			ended[count++] = end_hold(&target, holds.slot, calls[i], costs[i]);
	va_end_writes(&writes);
	va_close_rows(&holds);
	PopActiveSnapshot();
	*n = count;
	return ended;
}

/* Minutes pay first; what they leave of a cost is paid in credits. Whether any call held some. */
static bool
settle_minutes(Ended *ended, int n)
{
	static VaStatement statement = {
		.sql = "SELECT s.cost FROM unnest(voiceagent_private.settle_minutes($1, $2)) WITH ORDINALITY AS s(cost, place) "
			   "ORDER BY s.place",
		.nargs = 2,
		.argtypes = { INT8ARRAYOID, NUMERICARRAYOID }
	};
	Datum *holds = palloc(sizeof(Datum) * n);
	Datum *costs = palloc(sizeof(Datum) * n);
	Datum values[2];
	int held = 0;

	for (int i = 0; i < n; i++)
		if (ended[i].minutes)
		{
			holds[held] = ended[i].hold_id;
			costs[held++] = ended[i].cost;
		}
	if (held == 0)
		return false;
	values[0] = va_array_of(holds, NULL, held, INT8OID);
	values[1] = va_array_of(costs, NULL, held, NUMERICOID);
	(void) va_execute_by_index(&statement, values);
	held = 0;
	for (int i = 0; i < n; i++)
		if (ended[i].minutes)
		{
			ended[i].cost = va_result(held++, 1);
			ended[i].from_hold = va_smaller(ended[i].cost, ended[i].amount);
		}
	return true;
}

static void
charge_excess(Datum *holds, Datum *amounts, int n)
{
	static VaStatement statement = {
		.sql = "UPDATE voiceagent.credit_holds h SET charged = h.charged + o.amount "
			   "FROM (SELECT i.amount, f.found FROM (SELECT unnest($2) AS hold_id, unnest($3) AS amount) i "
			   "CROSS JOIN LATERAL (SELECT l.ctid AS found FROM voiceagent.credit_holds l WHERE l.tenant_id = $1 AND "
			   "l.hold_id = i.hold_id OFFSET 0) f "
			   "LIMIT cardinality($2)) o WHERE h.ctid = o.found",
		.nargs = 3,
		.argtypes = { INT8OID, INT8ARRAYOID, NUMERICARRAYOID }
	};
	Datum values[] = { Int64GetDatum(va_current_tenant()), va_array_of(holds, NULL, n, INT8OID),
		va_array_of(amounts, NULL, n, NUMERICOID) };

	if (n > 0)
		(void) va_execute_by_index(&statement, values);
}

/* The cost of calls beyond their holds comes out of what is available once this batch's releases are in. */
static void
take_excess(Ended *ended, int n)
{
	VaTransfers *transfers = va_transfers(n);
	Datum *holds = palloc(sizeof(Datum) * n);
	Datum *amounts = palloc(sizeof(Datum) * n);
	Datum reach = va_lock_ledger();
	int charged = 0;

	for (int i = 0; i < n; i++)
	{
		ended[i].excess = va_smaller(va_minus(ended[i].cost, ended[i].from_hold), reach);
		if (!va_is_positive(ended[i].excess))
			continue;
		reach = va_minus(reach, ended[i].excess);
		holds[charged] = ended[i].hold_id;
		amounts[charged++] = ended[i].excess;
		va_add_transfer(
			transfers, "settle", VA_AVAILABLE, VA_SPENT, ended[i].excess, ended[i].hold_id, ended[i].call_id);
	}
	charge_excess(holds, amounts, charged);
	if (va_any_transfers(transfers))
		va_post(transfers);
}

/* The campaign of a call, and the day of its dial; false: it has none. */
static bool
find_day(VaRows *calls, VaSpending *spending, Ended *ended)
{
	bool incoming = true;

	if (va_find_row(calls, DatumGetInt64(ended->call_id)))
		ended->campaign_id = va_row_value(calls->slot, "campaign_id", &incoming);
	if (!incoming)
		ended->day = va_day_of(spending, va_row_datum(calls->slot, "started_at"));
	return !incoming;
}

/* The decrease of the campaigns' holds and their spending, on the day of each. */
static void
note_charges(Ended *ended, int n)
{
	VaSpending spending;
	VaRows calls;

	va_open_spending(&spending);
	va_open_rows(&calls, VA_SCHEMA, "calls", "calls_pkey", 2, AccessShareLock);
	for (int i = 0; i < n; i++)
		ended[i].counted = !find_day(&calls, &spending, &ended[i]);
	va_close_rows(&calls);
	for (int i = 0; i < n; i++)
	{
		Datum held = va_no_credits();
		Datum spent = va_no_credits();

		if (ended[i].counted)
			continue;
		for (int j = i; j < n; j++)
			if (!ended[j].counted && ended[j].campaign_id == ended[i].campaign_id && ended[j].day == ended[i].day)
			{
				held = va_minus(held, ended[j].amount);
				spent = va_plus(spent, charged(&ended[j]));
				ended[j].counted = true;
			}
		(void) va_add_spending(&spending, ended[i].campaign_id, ended[i].day, held, spent);
	}
	va_close_spending(&spending);
}

/* Campaigns that waited for credits. */
static void
resume_campaigns(void)
{
	static VaStatement statement = { .sql = "SELECT voiceagent_private.resume_suspended('out of credits')" };
	VaRows pacing;
	bool waits = false;

	PushActiveSnapshot(GetTransactionSnapshot());
	va_open_rows(&pacing, VA_PRIVATE_SCHEMA, "pacing", "pacing_pkey", 1, AccessShareLock);
	for (bool found = va_find_row(&pacing, 0); found && !waits; found = va_next_row(&pacing))
		waits = va_row_says(pacing.slot, "suspended", "out of credits");
	va_close_rows(&pacing);
	PopActiveSnapshot();
	if (waits)
		(void) va_execute(&statement, NULL, NULL);
}

/* First every hold's own end, then what goes beyond. */
static void
post_ended(Ended *ended, int n)
{
	bool released = settle_minutes(ended, n);
	VaTransfers *transfers = va_transfers(2 * n);
	bool exceeds = false;

	for (int i = 0; i < n; i++)
	{
		released = released || va_is_less(ended[i].from_hold, ended[i].amount);
		exceeds = exceeds || va_is_less(ended[i].amount, ended[i].cost);
		va_add_transfer(transfers, "settle", VA_HELD, VA_SPENT, ended[i].from_hold, ended[i].hold_id, ended[i].call_id);
		va_add_transfer(transfers, "release", VA_HELD, VA_AVAILABLE, va_minus(ended[i].amount, ended[i].from_hold),
			ended[i].hold_id, ended[i].call_id);
	}
	if (va_any_transfers(transfers))
		va_post(transfers);
	if (exceeds)
		take_excess(ended, n);
	if (exceeds || va_any_transfers(transfers))
		note_charges(ended, n);
	if (released)
		resume_campaigns();
}

/* Ends the holds of calls that sort_calls() has sorted; how many were held. */
static Ended *
settle(Datum *calls, Datum *costs, int *n)
{
	Ended *ended = end_holds(calls, costs, n);

	if (*n > 0)
		post_ended(ended, *n);
	return ended;
}

Datum
va_sql_settle_holds(PG_FUNCTION_ARGS)
{
	Datum *calls;
	Datum *costs;
	Ended *ended;
	int n;

	InitMaterializedSRF(fcinfo, 0);
	SPI_connect();
	n = va_read_amounts(PG_GETARG_DATUM(0), PG_GETARG_DATUM(1), &calls, &costs);
	n = sort_calls(calls, costs, n);
	ended = settle(calls, costs, &n);
	for (int i = 0; i < n; i++)
		va_return_pair(fcinfo, ended[i].call_id, charged(&ended[i]));
	SPI_finish();
	return (Datum) 0;
}

/* The cost of an ended call, as its row has it or else by the second: an unanswered one lasted 0. */
static Datum
cost_of(TupleTableSlot *call)
{
	NullableDatum asked[] = { va_row_nullable(call, "duration_seconds"), va_row_nullable(call, "started_at") };
	NullableDatum noted = va_row_nullable(call, "credits");
	bool isnull;

	if (!noted.isnull)
		return datumCopy(noted.value, false, -1);
	if (asked[0].isnull)
		asked[0] = (NullableDatum){ .value = va_no_credits() };
	return va_call_sql("call_cost", lengthof(asked), asked, &isnull);
}

/* Nearly always it was noted when the call ended, in the one change of its row. */
static void
note_credits(VaRows *calls, VaWrites *writes, VaTarget *target, Datum call, const Ended *ended, int n)
{
	NullableDatum noted;
	Datum credits = va_no_credits();

	if (!va_find_row(calls, DatumGetInt64(call)))
		return;
	noted = va_row_nullable(calls->slot, "credits");
	if (!noted.isnull)
		credits = noted.value;
	for (int i = 0; i < n; i++)
		if (ended[i].call_id == call)
			credits = charged(&ended[i]);
	if ((!noted.isnull && !va_is_less(credits, noted.value) && !va_is_less(noted.value, credits)) ||
		!va_lock_row(calls, LockTupleNoKeyExclusive, LockWaitBlock))
		return;
	if (target->writes == NULL)
		va_open_target(target, writes, VA_SCHEMA, "calls", CMD_UPDATE);
	va_begin_update(target, calls->slot);
	va_set(target, "credits", credits);
	(void) va_update_row(target, &calls->slot->tts_tid);
}

/* settle_calls(call_ids bigint[]) */
Datum
va_sql_settle_calls(PG_FUNCTION_ARGS)
{
	bool *nulls;
	int asked;
	Datum *ids = va_elements_of(PG_GETARG_DATUM(0), INT8OID, &nulls, &asked);
	Datum *calls = palloc(sizeof(Datum) * Max(asked, 1));
	Datum *costs = palloc(sizeof(Datum) * Max(asked, 1));
	int there = 0;
	int n;
	Ended *ended;
	VaRows rows;
	VaWrites writes;
	VaTarget target = { 0 };

	SPI_connect();
	PushActiveSnapshot(GetTransactionSnapshot());
	va_open_rows(&rows, VA_SCHEMA, "calls", "calls_pkey", 2, RowExclusiveLock);
	for (int i = 0; i < asked; i++)
		if (!nulls[i] && va_find_row(&rows, DatumGetInt64(ids[i])))
		{
			if (va_row_has(rows.slot, "outcome"))
				va_count_outcome(TextDatumGetCString(va_row_datum(rows.slot, "outcome")));
			calls[there] = ids[i];
			costs[there++] = cost_of(rows.slot);
		}
	n = there = sort_calls(calls, costs, there);
	ended = settle(calls, costs, &n);
	va_begin_writes(&writes);
	for (int i = 0; i < there; i++)
		note_credits(&rows, &writes, &target, calls[i], ended, n);
	va_end_writes(&writes);
	va_close_rows(&rows);
	PopActiveSnapshot();
	SPI_finish();
	PG_RETURN_VOID();
}
