/*-------------------------------------------------------------------------
 * caller_pool.c
 *		SQL face of pure/phone/caller_pool.h.  No state and no locks.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "core/compat.h"
#include "pure/phone/caller_pool.h"

PG_FUNCTION_INFO_V1(va_sql_assign_callers);

static int
take_ids(ArrayType *array, int64 **ids)
{
	Datum *values;
	bool *nulls;
	int n;

	deconstruct_array(array, INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &values, &nulls, &n);
	*ids = palloc(sizeof(int64) * Max(n, 1));
	for (int i = 0; i < n; i++)
		(*ids)[i] = nulls[i] ? 0 : DatumGetInt64(values[i]);
	return n;
}

/* NULL is an empty text. */
static int
take_texts(ArrayType *array, const char ***texts)
{
	Datum *values;
	bool *nulls;
	int n;

	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &values, &nulls, &n);
	*texts = palloc(sizeof(char *) * Max(n, 1));
	for (int i = 0; i < n; i++)
		(*texts)[i] = nulls[i] ? "" : TextDatumGetCString(values[i]);
	return n;
}

static void
check_lengths(int a, int b, int c)
{
	if (a != b || a != c)
		ereport(ERROR, (errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR), errmsg("arrays of different lengths")));
}

/* assign_callers(campaign_ids, phones, regions, caller_ids, caller_campaigns, caller_phones, caller_regions) */
Datum
va_sql_assign_callers(PG_FUNCTION_ARGS)
{
	int64 *campaigns;
	int64 *numbers;
	int64 *caller_campaigns;
	int64 *result;
	const char **phones;
	const char **regions;
	const char **caller_phones;
	const char **caller_regions;
	VaCallPlace *calls;
	VaCallerNumber *callers;
	Datum *ids;
	int ncalls = take_ids(PG_GETARG_ARRAYTYPE_P(0), &campaigns);
	int ncallers = take_ids(PG_GETARG_ARRAYTYPE_P(3), &numbers);

	check_lengths(
		ncalls, take_texts(PG_GETARG_ARRAYTYPE_P(1), &phones), take_texts(PG_GETARG_ARRAYTYPE_P(2), &regions));
	check_lengths(ncallers, take_ids(PG_GETARG_ARRAYTYPE_P(4), &caller_campaigns), ncallers);
	check_lengths(ncallers, take_texts(PG_GETARG_ARRAYTYPE_P(5), &caller_phones),
		take_texts(PG_GETARG_ARRAYTYPE_P(6), &caller_regions));
	calls = palloc(sizeof(VaCallPlace) * Max(ncalls, 1));
	callers = palloc(sizeof(VaCallerNumber) * Max(ncallers, 1));
	result = palloc(sizeof(int64) * Max(ncalls, 1));
	ids = palloc(sizeof(Datum) * Max(ncalls, 1));
	for (int i = 0; i < ncalls; i++)
		calls[i] = (VaCallPlace){ campaigns[i], phones[i], regions[i] };
	for (int i = 0; i < ncallers; i++)
		callers[i] = (VaCallerNumber){ numbers[i], { caller_campaigns[i], caller_phones[i], caller_regions[i] },
			false };
	va_assign_callers(calls, ncalls, callers, ncallers, result);
	for (int i = 0; i < ncalls; i++)
		ids[i] = Int64GetDatum(result[i]);
	PG_RETURN_ARRAYTYPE_P(construct_array(ids, ncalls, INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}
