/*-------------------------------------------------------------------------
 * hold.c
 *		Credits set aside for calls, and what becomes of them.
 *
 * Where the ledger has grants, they follow (grants.c).  Only a settlement
 * touches rows before the ledger, the holds that it ends: of one call there is
 * only ever one that settles, since whoever ends a call has locked the call.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "commands/sequence.h"
#include "fmgr.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datum.h"
#include "utils/fmgroids.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"

#include "core/clock.h"
#include "tenancy/identity.h"
#include "ledger.h"
#include "core/statement.h"
#include "core/voiceagent.h"
#include "tenancy/rows.h"

PG_FUNCTION_INFO_V1(va_sql_hold_credits_as);
PG_FUNCTION_INFO_V1(va_sql_settle_holds);

static Datum
smaller(Datum a, Datum b)
{
	return DirectFunctionCall2(numeric_smaller, a, b);
}

static void
return_row(FunctionCallInfo fcinfo, Datum first, Datum second)
{
	ReturnSetInfo *set = (ReturnSetInfo *) fcinfo->resultinfo;
	Datum values[] = { first, second };
	bool nulls[] = { false, false };

	tuplestore_putvalues(set->setResult, set->setDesc, values, nulls);
}

/* The two arrays that calls come in; how many elements they have. */
static int
read_calls(FunctionCallInfo fcinfo, Datum **calls, Datum **amounts)
{
	bool *nulls;
	bool *no_amounts;
	int n;
	int n_amounts;

	*calls = va_elements_of(PG_GETARG_DATUM(0), INT8OID, &nulls, &n);
	*amounts = va_elements_of(PG_GETARG_DATUM(1), NUMERICOID, &no_amounts, &n_amounts);
	if (n != n_amounts)
		ereport(ERROR, (errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR), errmsg("%d calls have %d amounts", n, n_amounts)));
	for (int i = 0; i < n; i++)
	{
		if (nulls[i])
			ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("a call has no number")));
		(*amounts)[i] = no_amounts[i] ? va_no_credits() : va_credits((*amounts)[i]);
	}
	return n;
}

/* How many from the start are affordable; the ledger is locked. */
static int
affordable(const Datum *amounts, int n)
{
	Datum left = va_lock_ledger();
	int i;

	for (i = 0; i < n; i++)
	{
		left = va_minus(left, amounts[i]);
		if (va_is_less(left, va_no_credits()))
			break;
	}
	return i;
}

/* Moves what so many calls need from available to held; false: there is not enough. */
static bool
set_aside(const Datum *amounts, int n, Datum *balances, bool *granted)
{
	Datum total = va_no_credits();

	for (int i = 0; i < n; i++)
		total = va_plus(total, amounts[i]);
	return va_hold_in_ledger(total, balances, granted);
}

/* Under these numbers, or new ones. */
static Datum *
insert_holds(Datum hold_ids, Datum *calls, Datum *amounts, int n)
{
	Oid sequence = get_relname_relid("credit_holds_hold_id_seq", get_namespace_oid(VA_SCHEMA, false));
	Datum *holds = palloc(sizeof(Datum) * n);
	VaWrites writes;
	VaTarget target;
	bool *none;
	int given;
	Datum *ids = va_elements_of(hold_ids, INT8OID, &none, &given);

	PushActiveSnapshot(GetTransactionSnapshot());
	va_begin_writes(&writes);
	va_open_target(&target, &writes, VA_SCHEMA, "credit_holds", CMD_INSERT);
	for (int i = 0; i < n; i++)
	{
		holds[i] = i < given && !none[i] ? ids[i] : Int64GetDatum(nextval_internal(sequence, false));
		va_begin_insert(&target);
		va_set(&target, "tenant_id", Int64GetDatum(writes.tenant));
		va_set(&target, "hold_id", holds[i]);
		va_set(&target, "call_id", calls[i]);
		va_set(&target, "amount", amounts[i]);
		va_set(&target, "state", CStringGetTextDatum("held"));
		va_set(&target, "created_at", TimestampTzGetDatum(va_clock_now()));
		(void) va_insert_row(&target);
	}
	va_end_writes(&writes);
	PopActiveSnapshot();
	return holds;
}

Datum
va_sql_hold_credits_as(PG_FUNCTION_ARGS)
{
	Datum *calls;
	Datum *amounts;
	Datum balances[VA_ACCOUNTS];
	Datum *holds;
	VaTransfers *transfers;
	bool granted = false;
	int n;

	InitMaterializedSRF(fcinfo, 0);
	SPI_connect();
	n = read_calls(fcinfo, &calls, &amounts);
	for (int i = 0; i < n; i++)
		if (va_is_less(amounts[i], va_no_credits()))
			ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("a hold cannot be negative")));
	/* Each look ends the grants whose time is over, and the next one may be over by then. */
	while (n > 0 && !set_aside(amounts, n, balances, &granted))
		n = affordable(amounts, n);
	if (n > 0)
	{
		holds = insert_holds(PG_GETARG_DATUM(2), calls, amounts, n);
		transfers = va_transfers(n);
		for (int i = 0; i < n; i++)
		{
			va_add_transfer(transfers, "hold", VA_AVAILABLE, VA_HELD, amounts[i], holds[i], calls[i]);
			return_row(fcinfo, calls[i], holds[i]);
		}
		if (va_any_transfers(transfers))
			va_write_transfers(transfers, balances);
		if (granted)
			va_hold_from_grants(holds, amounts, n, true);
	}
	SPI_finish();
	return (Datum) 0;
}

/* ----- settlement ----- */

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
		.from_hold = smaller(cost, amount),
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
			ended[i].from_hold = smaller(ended[i].cost, ended[i].amount);
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

/* What calls cost beyond their holds comes out of what is available once this batch's releases are in. */
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
		ended[i].excess = smaller(va_minus(ended[i].cost, ended[i].from_hold), reach);
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

/* The campaign of a call, and the day of its dial by the tenant's clock; false: it has none. */
static bool
find_day(VaRows *calls, Datum zone, Ended *ended)
{
	bool incoming = true;

	if (va_find_row(calls, DatumGetInt64(ended->call_id)))
		ended->campaign_id = va_row_value(calls->slot, "campaign_id", &incoming);
	if (!incoming)
		ended->day = DirectFunctionCall1(
			timestamp_date, DirectFunctionCall2(timestamptz_zone, zone, va_row_datum(calls->slot, "started_at")));
	return !incoming;
}

/* What the campaigns of the calls have held and spent on the day of each; under the ledger's lock. */
static void
note_charges(Ended *ended, int n)
{
	VaRows tenants;
	VaRows calls;
	VaRows spending;
	VaWrites writes;
	VaTarget days;
	bool there;

	PushActiveSnapshot(GetTransactionSnapshot());
	va_open_rows(&tenants, VA_SCHEMA, "tenants", "tenants_pkey", 1, AccessShareLock);
	va_open_rows(&calls, VA_SCHEMA, "calls", "calls_pkey", 2, AccessShareLock);
	va_open_rows(&spending, VA_SCHEMA, "campaign_spending", "campaign_spending_pkey", 3, RowExclusiveLock);
	va_begin_writes(&writes);
	va_open_target(&days, &writes, VA_SCHEMA, "campaign_spending", CMD_UPDATE);
	there = va_find_row(&tenants, 0);
	for (int i = 0; there && i < n; i++)
		ended[i].counted = !find_day(&calls, va_row_datum(tenants.slot, "timezone"), &ended[i]);
	for (int i = 0; i < n; i++)
	{
		Datum amount = va_no_credits();
		Datum charged = va_no_credits();

		if (ended[i].counted || !va_find_by_two(&spending, F_INT8EQ, ended[i].campaign_id, F_DATE_EQ, ended[i].day) ||
			!va_lock_row(&spending, LockTupleNoKeyExclusive, LockWaitBlock))
			continue;
		for (int j = i; j < n; j++)
			if (!ended[j].counted && ended[j].campaign_id == ended[i].campaign_id && ended[j].day == ended[i].day)
			{
				amount = va_plus(amount, ended[j].amount);
				charged = va_plus(charged, va_plus(ended[j].from_hold, ended[j].excess));
				ended[j].counted = true;
			}
		va_begin_update(&days, spending.slot);
		va_set(&days, "held", va_minus(va_row_datum(spending.slot, "held"), amount));
		va_set(&days, "spent", va_plus(va_row_datum(spending.slot, "spent"), charged));
		(void) va_update_row(&days, &spending.slot->tts_tid);
	}
	va_end_writes(&writes);
	va_close_rows(&tenants);
	va_close_rows(&calls);
	va_close_rows(&spending);
	PopActiveSnapshot();
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

Datum
va_sql_settle_holds(PG_FUNCTION_ARGS)
{
	Datum *calls;
	Datum *costs;
	Ended *ended;
	int n;

	InitMaterializedSRF(fcinfo, 0);
	SPI_connect();
	n = read_calls(fcinfo, &calls, &costs);
	n = sort_calls(calls, costs, n);
	ended = end_holds(calls, costs, &n);
	if (n > 0)
		post_ended(ended, n);
	for (int i = 0; i < n; i++)
		return_row(fcinfo, ended[i].call_id, va_plus(ended[i].from_hold, ended[i].excess));
	SPI_finish();
	return (Datum) 0;
}
