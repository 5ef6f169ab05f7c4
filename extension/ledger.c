/*-------------------------------------------------------------------------
 * ledger.c
 *		The balances that a row of transfers leaves behind, one after the other.
 *
 * As windows over the transfers it was most of what a single transfer costs:
 * eight sums of five branches each, set up anew every time.  Pure arithmetic:
 * what the balances are, and that nobody else changes them, is the caller's
 * to know.  No state, no locks.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/numeric.h"
#include "utils/typcache.h"

#include "compat.h"

#define ACCOUNTS 4
#define AVAILABLE 0

/* Fields of voiceagent_private.transfer. */
#define TRANSFER_FROM 1
#define TRANSFER_TO 2
#define TRANSFER_AMOUNT 3

PG_FUNCTION_INFO_V1(va_sql_running_balances);

/* In the order of the argument. */
static const char *const account_names[ACCOUNTS] = {"available", "held", "spent", "funding"};

typedef struct Columns
{
	Datum	   *from_after;
	Datum	   *to_after;
	Datum	   *available_after;
	bool	   *nulls;			/* of all three */
} Columns;

static int
account_number(Datum name)
{
	text	   *value = DatumGetTextPP(name);

	for (int i = 0; i < ACCOUNTS; i++)
		if (VARSIZE_ANY_EXHDR(value) == strlen(account_names[i]) &&
			memcmp(VARDATA_ANY(value), account_names[i], VARSIZE_ANY_EXHDR(value)) == 0)
			return i;
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("there is no account \"%s\"", text_to_cstring(value))));
}

static void
read_balances(ArrayType *array, Datum *balances)
{
	Datum	   *elements;
	bool	   *nulls;
	int			n;

	deconstruct_array(array, NUMERICOID, -1, false, TYPALIGN_INT, &elements, &nulls, &n);
	for (int i = 0; i < ACCOUNTS; i++)
	{
		if (i >= n || nulls[i])
			ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
							errmsg("the tenant has no account \"%s\"", account_names[i])));
		balances[i] = elements[i];
	}
}

/* One transfer; false for one that moves nothing. */
static bool
move(Datum transfer, TupleDesc desc, Datum zero, Datum *balances, Columns *columns, int i)
{
	HeapTupleHeader header = DatumGetHeapTupleHeader(transfer);
	HeapTupleData tuple = {.t_len = HeapTupleHeaderGetDatumLength(header), .t_data = header};
	Datum		from;
	Datum		to;
	Datum		amount;
	bool		no_from;
	bool		no_to;
	bool		no_amount;
	int			giver;
	int			taker;

	from = heap_getattr(&tuple, TRANSFER_FROM + 1, desc, &no_from);
	to = heap_getattr(&tuple, TRANSFER_TO + 1, desc, &no_to);
	amount = heap_getattr(&tuple, TRANSFER_AMOUNT + 1, desc, &no_amount);
	if (no_from || no_to || no_amount || !DatumGetBool(DirectFunctionCall2(numeric_gt, amount, zero)))
		return false;
	giver = account_number(from);
	taker = account_number(to);
	balances[giver] = DirectFunctionCall2(numeric_sub, balances[giver], amount);
	balances[taker] = DirectFunctionCall2(numeric_add, balances[taker], amount);
	columns->from_after[i] = balances[giver];
	columns->to_after[i] = balances[taker];
	columns->available_after[i] = balances[AVAILABLE];
	return true;
}

static Datum
numerics(Datum *values, bool *nulls, int n)
{
	int			dims[1] = {n};
	int			lbs[1] = {1};

	return PointerGetDatum(construct_md_array(values, nulls, 1, dims, lbs, NUMERICOID, -1, false, TYPALIGN_INT));
}

Datum
va_sql_running_balances(PG_FUNCTION_ARGS)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(0);
	Datum		balances[ACCOUNTS];
	Datum		zero = DirectFunctionCall1(int4_numeric, Int32GetDatum(0));
	Datum	   *transfers;
	bool	   *nulls;
	int			n;
	TupleDesc	transfer_desc = lookup_rowtype_tupdesc(ARR_ELEMTYPE(array), -1);
	TupleDesc	result_desc;
	Columns		columns;
	Datum		values[4];
	bool		no_nulls[4] = {false};

	if (get_call_result_type(fcinfo, NULL, &result_desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	read_balances(PG_GETARG_ARRAYTYPE_P(1), balances);
	deconstruct_array(array, ARR_ELEMTYPE(array), -1, false, TYPALIGN_DOUBLE, &transfers, &nulls, &n);
	columns.from_after = palloc0(sizeof(Datum) * Max(n, 1));
	columns.to_after = palloc0(sizeof(Datum) * Max(n, 1));
	columns.available_after = palloc0(sizeof(Datum) * Max(n, 1));
	columns.nulls = palloc0(sizeof(bool) * Max(n, 1));
	for (int i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		columns.nulls[i] = nulls[i] || !move(transfers[i], transfer_desc, zero, balances, &columns, i);
	}
	ReleaseTupleDesc(transfer_desc);
	values[0] = numerics(columns.from_after, columns.nulls, n);
	values[1] = numerics(columns.to_after, columns.nulls, n);
	values[2] = numerics(columns.available_after, columns.nulls, n);
	values[3] = numerics(balances, NULL, ACCOUNTS);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(result_desc), values, no_nulls)));
}
