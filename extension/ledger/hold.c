/*-------------------------------------------------------------------------
 * hold.c
 *		Credits set aside for calls.
 *
 * Where the ledger has grants, they follow (grants.c).
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "commands/sequence.h"
#include "fmgr.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"

#include "core/clock.h"
#include "ledger.h"
#include "core/statement.h"
#include "core/voiceagent.h"
#include "tenancy/rows.h"

PG_FUNCTION_INFO_V1(va_sql_hold_credits_as);
PG_FUNCTION_INFO_V1(va_sql_hold_claimed);

void
va_return_pair(FunctionCallInfo fcinfo, Datum first, Datum second)
{
	ReturnSetInfo *set = (ReturnSetInfo *) fcinfo->resultinfo;
	Datum values[] = { first, second };
	bool nulls[] = { false, false };

	tuplestore_putvalues(set->setResult, set->setDesc, values, nulls);
}

int
va_read_amounts(Datum ids, Datum credits, Datum **calls, Datum **amounts)
{
	bool *nulls;
	bool *no_amounts;
	int n;
	int n_amounts;

	*calls = va_elements_of(ids, INT8OID, &nulls, &n);
	*amounts = va_elements_of(credits, NUMERICOID, &no_amounts, &n_amounts);
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

/* Sets credits aside for as many calls, from the first one on, as they reach for; how many, and under which numbers. */
static int
hold(Datum *calls, Datum *amounts, int n, Datum hold_ids, Datum **holds)
{
	Datum balances[VA_ACCOUNTS];
	VaTransfers *transfers;
	bool granted = false;

	for (int i = 0; i < n; i++)
		if (va_is_less(amounts[i], va_no_credits()))
			ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("a hold cannot be negative")));
	/* Each look ends the grants whose time is over, and the next one may be over by then. */
	while (n > 0 && !set_aside(amounts, n, balances, &granted))
		n = affordable(amounts, n);
	if (n == 0)
		return 0;
	*holds = insert_holds(hold_ids, calls, amounts, n);
	transfers = va_transfers(n);
	for (int i = 0; i < n; i++)
		va_add_transfer(transfers, "hold", VA_AVAILABLE, VA_HELD, amounts[i], (*holds)[i], calls[i]);
	if (va_any_transfers(transfers))
		va_write_transfers(transfers, balances);
	if (granted)
		va_hold_from_grants(*holds, amounts, n, true);
	return n;
}

Datum
va_sql_hold_credits_as(PG_FUNCTION_ARGS)
{
	Datum *calls;
	Datum *amounts;
	Datum *holds;
	int n;

	InitMaterializedSRF(fcinfo, 0);
	SPI_connect();
	n = va_read_amounts(PG_GETARG_DATUM(0), PG_GETARG_DATUM(1), &calls, &amounts);
	n = hold(calls, amounts, n, PG_GETARG_DATUM(2), &holds);
	for (int i = 0; i < n; i++)
		va_return_pair(fcinfo, calls[i], holds[i]);
	SPI_finish();
	return (Datum) 0;
}

/* hold_claimed(campaign_ids bigint[], call_ids bigint[], amounts numeric[], hold_ids bigint[], at timestamptz) */
Datum
va_sql_hold_claimed(PG_FUNCTION_ARGS)
{
	Datum *campaigns;
	Datum *calls;
	Datum *amounts;
	Datum *holds;
	int n;
	bool all;

	SPI_connect();
	n = va_read_amounts(PG_GETARG_DATUM(1), PG_GETARG_DATUM(2), &calls, &amounts);
	all = hold(calls, amounts, n, PG_GETARG_DATUM(3), &holds) == n;
	if (all)
	{
		n = va_read_amounts(PG_GETARG_DATUM(0), PG_GETARG_DATUM(2), &campaigns, &amounts);
		va_note_holds(campaigns, amounts, n, PG_GETARG_DATUM(4));
	}
	SPI_finish();
	PG_RETURN_BOOL(all);
}
