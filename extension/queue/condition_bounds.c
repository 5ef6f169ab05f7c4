/*-------------------------------------------------------------------------
 * condition_bounds.c
 *		The work that one evaluation of a tenant's condition may cost.
 *
 * A worker evaluates conditions on leads (extension/queue/condition.c says what a
 * condition may hold), and nothing inside PostgreSQL's operators looks at
 * interrupts or at a clock.  So every operator and function whose time grows
 * with its operands has a namesake in schema voiceagent_condition, which is
 * first in the search path of a condition.  All of them are one C function:
 * it adds what the call will cost, goes on to the namesake in pg_catalog, and
 * gives up once an evaluation has cost WORK_MAX.  The whole condition is then
 * unknown for that lead, whatever the rest of it says.
 *
 * begin_evaluation() opens an evaluation and looks at the sizes of the columns
 * before anything reads them; end_evaluation() closes it.  Outside of an
 * evaluation nothing is counted and nothing gives up.  An error in between
 * leaves the evaluation open, until the next one begins: only conditions have
 * this schema in their search path.  No locks, no table is read.
 */
#include "postgres.h"

#include "access/detoast.h"
#include "access/htup_details.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"

#include "core/compat.h"

/* The columns that a condition names, of one lead, together. */
#define LEAD_MAX_BYTES 8192
/* The needle among values: so many, each a scalar. */
#define ELEMENTS_MAX 16
/* A unit takes about 5 ns: an evaluation takes at most 0.1 ms. */
#define WORK_MAX 16384
#define CALL_WORK 8

PG_FUNCTION_INFO_V1(va_sql_bounded);
PG_FUNCTION_INFO_V1(va_sql_begin_evaluation);
PG_FUNCTION_INFO_V1(va_sql_end_evaluation);
PG_FUNCTION_INFO_V1(va_sql_flat_value);

/* The cost of a call, by its operands. */
typedef enum CostKind
{
	COST_BYTES,	   /* bytes are compared */
	COST_LENGTH,   /* letters are counted */
	COST_LETTERS,  /* the same, letter by letter, as a locale says */
	COST_BOTH,	   /* a comparison as a locale says, or a copy of both */
	COST_PRODUCT,  /* one operand is looked for in the other */
	COST_DIGITS,   /* arithmetic on digits */
	COST_RESULT,   /* what comes out is made */
	COST_ELEMENTS, /* arrays, each element against each */
	COST_JSON_CONTAINS,
	COST_JSON_CONTAINED,
	COST_JSON_KEYS /* keys, of an array each against each */
} CostKind;

typedef struct Bounded
{
	const char *name; /* in pg_catalog */
	CostKind cost;
} Bounded;

static const Bounded bounded[] = { { "texteq", COST_BYTES }, { "textne", COST_BYTES }, { "starts_with", COST_BYTES },
	{ "text_lt", COST_BOTH }, { "text_le", COST_BOTH }, { "text_gt", COST_BOTH }, { "text_ge", COST_BOTH },
	{ "textcat", COST_BOTH }, { "length", COST_LENGTH }, { "left", COST_LENGTH }, { "right", COST_LENGTH },
	{ "lower", COST_LETTERS }, { "upper", COST_LETTERS }, { "textlike", COST_PRODUCT }, { "textnlike", COST_PRODUCT },
	{ "texticlike", COST_LETTERS }, { "texticnlike", COST_LETTERS }, { "strpos", COST_PRODUCT },
	{ "btrim", COST_PRODUCT }, { "ltrim", COST_PRODUCT }, { "rtrim", COST_PRODUCT }, { "numeric_add", COST_DIGITS },
	{ "numeric_sub", COST_DIGITS }, { "numeric_mul", COST_DIGITS }, { "numeric_div", COST_DIGITS },
	{ "array_eq", COST_ELEMENTS }, { "array_ne", COST_ELEMENTS }, { "array_lt", COST_ELEMENTS },
	{ "array_le", COST_ELEMENTS }, { "array_gt", COST_ELEMENTS }, { "array_ge", COST_ELEMENTS },
	{ "arraycontains", COST_ELEMENTS }, { "arraycontained", COST_ELEMENTS }, { "arrayoverlap", COST_ELEMENTS },
	{ "jsonb_object_field_text", COST_RESULT }, { "jsonb_array_element_text", COST_RESULT },
	{ "jsonb_extract_path_text", COST_RESULT }, { "jsonb_object_field", COST_RESULT },
	{ "jsonb_array_element", COST_RESULT }, { "jsonb_extract_path", COST_RESULT },
	{ "jsonb_contains", COST_JSON_CONTAINS }, { "jsonb_contained", COST_JSON_CONTAINED },
	{ "jsonb_exists", COST_JSON_KEYS }, { "jsonb_exists_any", COST_JSON_KEYS }, { "jsonb_exists_all", COST_JSON_KEYS },
	{ "jsonb_eq", COST_BOTH }, { "jsonb_ne", COST_BOTH }, { "jsonb_lt", COST_BOTH }, { "jsonb_le", COST_BOTH },
	{ "jsonb_gt", COST_BOTH }, { "jsonb_ge", COST_BOTH } };

/* The namesake of one call site. */
typedef struct Namesake
{
	FmgrInfo function;
	CostKind cost;
} Namesake;

/* The evaluation that is open; what it has cost; whether it was too much. */
static bool is_open = false;
static int64 work = 0;
static bool is_too_much = false;

static CostKind
cost_of(const char *name)
{
	for (size_t i = 0; i < lengthof(bounded); i++)
	{
		if (strcmp(bounded[i].name, name) == 0)
			return bounded[i].cost;
	}
	elog(ERROR, "no cost is known of function %s", name);
}

static Namesake *
find_namesake(FunctionCallInfo fcinfo)
{
	Namesake *found = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(Namesake));
	HeapTuple tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(fcinfo->flinfo->fn_oid));
	Form_pg_proc ours;
	Oid theirs;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for function %u", fcinfo->flinfo->fn_oid);
	ours = (Form_pg_proc) GETSTRUCT(tuple);
	theirs = GetSysCacheOid3(PROCNAMEARGSNSP, Anum_pg_proc_oid, PointerGetDatum(NameStr(ours->proname)),
		PointerGetDatum(&ours->proargtypes), ObjectIdGetDatum(PG_CATALOG_NAMESPACE));
	if (!OidIsValid(theirs))
		elog(ERROR, "function %s is not in pg_catalog", NameStr(ours->proname));
	found->cost = cost_of(NameStr(ours->proname));
	ReleaseSysCache(tuple);
	fmgr_info_cxt(theirs, &found->function, fcinfo->flinfo->fn_mcxt);
	fmgr_info_set_expr(fcinfo->flinfo->fn_expr, &found->function);
	return found;
}

static int64
bytes_of(Datum value)
{
	return toast_raw_datum_size(value) - VARHDRSZ;
}

static int64
elements_of(Datum array)
{
	ArrayType *found = DatumGetArrayTypeP(array);

	return ArrayGetNItems(ARR_NDIM(found), ARR_DIMS(found));
}

static bool
has_few_scalars(Jsonb *json)
{
	JsonbIterator *it = JsonbIteratorInit(&json->root);
	JsonbValue value;
	JsonbIteratorToken token;
	int containers = 0;
	int scalars = 0;

	while ((token = JsonbIteratorNext(&it, &value, false)) != WJB_DONE)
	{
		if (token == WJB_BEGIN_ARRAY || token == WJB_BEGIN_OBJECT)
			containers++;
		else if (token == WJB_ELEM || token == WJB_VALUE)
			scalars++;
		if (containers > 1 || scalars > ELEMENTS_MAX)
			return false;
	}
	return true;
}

/* Scalars of the second are looked for in the first. */
static int64
containment_work(Datum where, Datum what)
{
	Jsonb *sought = DatumGetJsonbP(what);

	if (!has_few_scalars(sought))
		return WORK_MAX;
	if (JsonContainerIsObject(&sought->root))
		return bytes_of(what) * 4;
	return bytes_of(where) * JsonContainerSize(&sought->root);
}

static int64
elements_work(Datum one, Datum other)
{
	int64 first = elements_of(one);
	int64 second = elements_of(other);

	if (Min(first, second) > ELEMENTS_MAX)
		return WORK_MAX;
	return 4 * first * second + bytes_of(one) + bytes_of(other);
}

static int64
inbound_work(FunctionCallInfo fcinfo)
{
	int64 length = bytes_of(PG_GETARG_DATUM(0));

	return PG_NARGS() == 1 ? 8 * length : length * (8 + 2 * bytes_of(PG_GETARG_DATUM(1)));
}

static int64
keys_work(FunctionCallInfo fcinfo)
{
	int64 keys = get_fn_expr_argtype(fcinfo->flinfo, 1) == TEXTARRAYOID ? elements_of(PG_GETARG_DATUM(1)) : 1;

	return bytes_of(PG_GETARG_DATUM(0)) * keys / 2;
}

/* A container as text takes longer than a copy of it. */
static int64
result_work(Datum result, bool is_text)
{
	int64 bytes = bytes_of(result);
	const char *text = bytes > 0 ? VARDATA_ANY(DatumGetPointer(result)) : "";

	return is_text && (*text == '{' || *text == '[') ? 5 * bytes : bytes;
}

/* The cost of a call, beside CALL_WORK; COST_RESULT is known behind it. */
static int64
work_of(FunctionCallInfo fcinfo, CostKind cost)
{
	switch (cost)
	{
		case COST_BYTES:
			return bytes_of(PG_GETARG_DATUM(0)) / 4;
		case COST_LENGTH:
			return 3 * bytes_of(PG_GETARG_DATUM(0));
		case COST_LETTERS:
			return inbound_work(fcinfo);
		case COST_BOTH:
			return 4 * (bytes_of(PG_GETARG_DATUM(0)) + bytes_of(PG_GETARG_DATUM(1)));
		case COST_PRODUCT:
			return PG_NARGS() == 1 ? 2 * bytes_of(PG_GETARG_DATUM(0))
								   : bytes_of(PG_GETARG_DATUM(0)) * (1 + 2 * bytes_of(PG_GETARG_DATUM(1)));
		case COST_DIGITS:
			return 4 * (bytes_of(PG_GETARG_DATUM(0)) + bytes_of(PG_GETARG_DATUM(1))) +
				   bytes_of(PG_GETARG_DATUM(0)) * bytes_of(PG_GETARG_DATUM(1)) / 4;
		case COST_ELEMENTS:
			return elements_work(PG_GETARG_DATUM(0), PG_GETARG_DATUM(1));
		case COST_JSON_CONTAINS:
			return containment_work(PG_GETARG_DATUM(0), PG_GETARG_DATUM(1));
		case COST_JSON_CONTAINED:
			return containment_work(PG_GETARG_DATUM(1), PG_GETARG_DATUM(0));
		case COST_JSON_KEYS:
			return keys_work(fcinfo);
		case COST_RESULT:
			break;
	}
	return 0;
}

static bool
spend(int64 units)
{
	if (!is_open)
		return true;
	work += units;
	if (work > WORK_MAX)
		is_too_much = true;
	return !is_too_much;
}

/* Any function of schema voiceagent_condition: its namesake in pg_catalog, counted.  All are strict. */
Datum
va_sql_bounded(PG_FUNCTION_ARGS)
{
	Namesake *namesake = fcinfo->flinfo->fn_extra;
	FmgrInfo *own = fcinfo->flinfo;
	Datum result;

	if (namesake == NULL)
		own->fn_extra = namesake = find_namesake(fcinfo);
	if (!spend(CALL_WORK + work_of(fcinfo, namesake->cost)))
		PG_RETURN_NULL();
	fcinfo->flinfo = &namesake->function;
	result = FunctionCallInvoke(fcinfo);
	fcinfo->flinfo = own;
	if (namesake->cost == COST_RESULT && !fcinfo->isnull &&
		!spend(result_work(result, get_fn_expr_rettype(own) == TEXTOID)))
		PG_RETURN_NULL();
	return result;
}

/*
 * begin_evaluation(until, column, ...): 0 when the condition may be evaluated,
 * 1 when the columns are larger than LEAD_MAX_BYTES together, NULL behind that
 * time (NULL: at any).
 */
Datum
va_sql_begin_evaluation(PG_FUNCTION_ARGS)
{
	int64 bytes = 0;

	CHECK_FOR_INTERRUPTS();
	is_open = false;
	if (!PG_ARGISNULL(0) && GetCurrentTimestamp() >= PG_GETARG_TIMESTAMPTZ(0))
		PG_RETURN_NULL();
	for (int i = 1; i < PG_NARGS(); i++)
	{
		if (!PG_ARGISNULL(i) && get_typlen(get_fn_expr_argtype(fcinfo->flinfo, i)) == -1)
			bytes += bytes_of(PG_GETARG_DATUM(i));
	}
	if (bytes > LEAD_MAX_BYTES)
		PG_RETURN_INT32(1);
	is_open = true;
	is_too_much = false;
	work = 0;
	PG_RETURN_INT32(0);
}

/* end_evaluation(verdict): 1 true, 0 false, 2 when it had cost too much and says nothing. */
Datum
va_sql_end_evaluation(PG_FUNCTION_ARGS)
{
	is_open = false;
	PG_RETURN_INT32(is_too_much ? 2 : PG_GETARG_BOOL(0));
}

/*
 * flat_value(value): the same, uncompressed and in memory, unless it is larger
 * than a lead may be: each operator would else fetch it again.
 */
Datum
va_sql_flat_value(PG_FUNCTION_ARGS)
{
	Datum value = PG_GETARG_DATUM(0);

	if (get_typlen(get_fn_expr_argtype(fcinfo->flinfo, 0)) != -1 || bytes_of(value) > LEAD_MAX_BYTES)
		PG_RETURN_DATUM(value);
	PG_RETURN_POINTER(PG_DETOAST_DATUM(value));
}
