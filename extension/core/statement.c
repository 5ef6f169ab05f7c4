/*-------------------------------------------------------------------------
 * statement.c
 *		SQL of ours from C (contract in statement.h).
 *
 * Plans are kept because a backend runs the same dozen statements for as long
 * as it lives; PostgreSQL itself replans them when an object changes.
 */
#include "postgres.h"

#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "nodes/value.h"
#include "parser/parse_func.h"
#include "compat.h"
#include "statement.h"
#include "voiceagent.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/guc.h"
#include "utils/plancache.h"
#include "utils/timestamp.h"

static bool
is_planned(SPIPlanPtr plan)
{
	ListCell *cell;

	if (plan == NULL)
		return false;
	foreach (cell, SPI_plan_get_plan_sources(plan))
	{
		CachedPlanSource *source = lfirst(cell);

		if (!source->is_valid || source->gplan == NULL || !source->gplan->is_valid)
			return false;
	}
	return true;
}

/* For the planner alone: an execution with a plan that is there needs none of it. */
static int
begin_planning_by_index(void)
{
	static const char *const avoided[] = { "enable_seqscan", "enable_bitmapscan", "enable_hashjoin", "enable_mergejoin",
		"enable_material", "jit" };
	int level = NewGUCNestLevel();

	for (int i = 0; i < (int) lengthof(avoided); i++)
		(void) set_config_option(avoided[i], "off", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	return level;
}

static void
fault_at(const VaPlace *place)
{
	const char *file = strrchr(place->file, '/') != NULL ? strrchr(place->file, '/') + 1 : place->file;
	const char *variable = place->variable + strspn(place->variable, "&");
	char name[2 * NAMEDATALEN];

	snprintf(name, sizeof(name), "%.*s.%s", (int) strcspn(file, "."), file,
		strcmp(variable, "statement") == 0 || strchr(variable, '>') != NULL ? place->function : variable);
	va_fault_point(name);
}

static uint64
execute(VaStatement *statement, const Datum *values, const char *nulls, bool read_only, int cursor_options,
	const VaPlace *place)
{
	MemoryContext caller = CurrentMemoryContext;
	int code;

	if (unlikely(va_guc_fault_points))
		fault_at(place);
	if (statement->plan == NULL)
	{
		SPIPlanPtr plan = SPI_prepare_cursor(statement->sql, statement->nargs, statement->argtypes, cursor_options);

		if (plan == NULL)
			elog(ERROR, "could not prepare \"%s\": %s", statement->sql, SPI_result_code_string(SPI_result));
		if (SPI_keepplan(plan) != 0)
			elog(ERROR, "could not keep a plan");
		statement->plan = plan;
	}
	code = SPI_execute_plan(statement->plan, (Datum *) values, nulls, read_only, 0);
	/* SPI leaves us in its own memory, which goes with the transaction; callers keep what they read. */
	MemoryContextSwitchTo(caller);
	if (code < 0)
		elog(ERROR, "could not execute \"%s\": %s", statement->sql, SPI_result_code_string(code));
	return SPI_processed;
}

uint64
va_execute_at(VaStatement *statement, const Datum *values, const char *nulls, const VaPlace *place)
{
	return execute(statement, values, nulls, false, 0, place);
}

uint64
va_execute_by_index_at(VaStatement *statement, const Datum *values, const VaPlace *place)
{
	bool planned = is_planned(statement->plan);
	int level = planned ? 0 : begin_planning_by_index();
	uint64 rows = execute(statement, values, NULL, false, CURSOR_OPT_GENERIC_PLAN, place);

	if (!planned)
		AtEOXact_GUC(true, level);
	return rows;
}

uint64
va_query_at(VaStatement *statement, const Datum *values, const VaPlace *place)
{
	return execute(statement, values, NULL, true, 0, place);
}

Datum
va_call_sql(const char *name, int n, const NullableDatum *arguments, bool *isnull)
{
	LOCAL_FCINFO(call, FUNC_MAX_ARGS);
	FmgrInfo function;
	Datum result;

	fmgr_info(LookupFuncName(list_make2(makeString(VA_PRIVATE_SCHEMA), makeString(pstrdup(name))), -1, NULL, false),
		&function);
	InitFunctionCallInfoData(*call, &function, n, DEFAULT_COLLATION_OID, NULL, NULL);
	memcpy(call->args, arguments, n * sizeof(NullableDatum));
	result = FunctionCallInvoke(call);
	*isnull = call->isnull;
	/* An expanded array would be taken over, and freed, by the first function in PL/pgSQL that it is passed to. */
	return call->isnull || get_typlen(get_func_rettype(function.fn_oid)) != -1
			   ? result
			   : PointerGetDatum(PG_DETOAST_DATUM(result));
}

static int
column_number(const char *column)
{
	int number = SPI_fnumber(SPI_tuptable->tupdesc, column);

	if (number <= 0)
		elog(ERROR, "a statement of ours gives no column \"%s\"", column);
	return number;
}

static Datum
column_datum(uint64 row, const char *column, bool *isnull)
{
	Assert(row < SPI_tuptable->numvals);
	return SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column_number(column), isnull);
}

char *
va_column_text(uint64 row, const char *column)
{
	return SPI_getvalue(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column_number(column));
}

char **
va_column_texts(uint64 row, const char *column, int *n)
{
	bool isnull;
	Datum datum = column_datum(row, column, &isnull);
	Datum *elements;
	char **texts;

	*n = 0;
	if (isnull)
		return NULL;
	deconstruct_array(DatumGetArrayTypeP(datum), TEXTOID, -1, false, TYPALIGN_INT, &elements, NULL, n);
	texts = palloc(sizeof(char *) * Max(*n, 1));
	for (int i = 0; i < *n; i++)
		texts[i] = TextDatumGetCString(elements[i]);
	return texts;
}

int64
va_column_int(uint64 row, const char *column, int64 if_null)
{
	bool isnull;
	Datum datum = column_datum(row, column, &isnull);

	if (isnull)
		return if_null;
	switch (SPI_gettypeid(SPI_tuptable->tupdesc, column_number(column)))
	{
		case INT8OID:
			return DatumGetInt64(datum);
		case INT4OID:
			return DatumGetInt32(datum);
		case INT2OID:
			return DatumGetInt16(datum);
		default:
			elog(ERROR, "column \"%s\" is no integer", column);
	}
	return 0;
}

bool
va_column_bool(uint64 row, const char *column)
{
	bool isnull;
	Datum datum = column_datum(row, column, &isnull);

	return !isnull && DatumGetBool(datum);
}

TimestampTz
va_column_time(uint64 row, const char *column)
{
	bool isnull;
	Datum datum = column_datum(row, column, &isnull);

	return isnull ? DT_NOEND : DatumGetTimestampTz(datum);
}

static Datum
single_datum(bool *isnull)
{
	if (SPI_processed != 1)
		elog(ERROR, "a statement of a worker gave " UINT64_FORMAT " rows instead of one", SPI_processed);
	return SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, isnull);
}

TimestampTz
va_single_time(void)
{
	bool isnull;
	Datum datum = single_datum(&isnull);

	return isnull ? DT_NOEND : DatumGetTimestampTz(datum);
}

int64
va_single_int(void)
{
	bool isnull;
	Datum datum = single_datum(&isnull);

	if (isnull)
		return 0;
	return SPI_gettypeid(SPI_tuptable->tupdesc, 1) == INT8OID ? DatumGetInt64(datum) : DatumGetInt32(datum);
}

Datum
va_array_of_int8(const int64 *values, int n)
{
	Datum *elements = palloc(sizeof(Datum) * Max(n, 1));

	for (int i = 0; i < n; i++)
		elements[i] = Int64GetDatum(values[i]);
	return PointerGetDatum(construct_array(elements, n, INT8OID, 8, FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}

Datum
va_array_of_int4(const int32 *values, const bool *nulls, int n)
{
	Datum *elements = palloc(sizeof(Datum) * Max(n, 1));
	int dims[1] = { n };
	int lbs[1] = { 1 };

	for (int i = 0; i < n; i++)
		elements[i] = Int32GetDatum(values[i]);
	return PointerGetDatum(construct_md_array(elements, (bool *) nulls, 1, dims, lbs, INT4OID, 4, true, TYPALIGN_INT));
}

Datum
va_array_of_text(const char *const *values, int n)
{
	Datum *elements = palloc(sizeof(Datum) * Max(n, 1));
	bool *nulls = palloc(sizeof(bool) * Max(n, 1));
	int dims[1] = { n };
	int lbs[1] = { 1 };

	for (int i = 0; i < n; i++)
	{
		nulls[i] = values[i] == NULL;
		elements[i] = nulls[i] ? (Datum) 0 : CStringGetTextDatum(values[i]);
	}
	return PointerGetDatum(construct_md_array(elements, nulls, 1, dims, lbs, TEXTOID, -1, false, TYPALIGN_INT));
}

Datum
va_bytea(const char *bytes, size_t len)
{
	bytea *value = palloc(VARHDRSZ + len);

	SET_VARSIZE(value, VARHDRSZ + len);
	if (len > 0)
		memcpy(VARDATA(value), bytes, len);
	return PointerGetDatum(value);
}

Datum
va_array_of_bytea(Datum *values, int n)
{
	return PointerGetDatum(construct_array(values, n, BYTEAOID, -1, false, TYPALIGN_INT));
}

Datum
va_array_of(Datum *values, bool *nulls, int n, Oid type)
{
	int dims[1] = { n };
	int lbs[1] = { 1 };
	int16 length;
	bool by_value;
	char alignment;

	get_typlenbyvalalign(type, &length, &by_value, &alignment);
	return PointerGetDatum(construct_md_array(values, nulls, 1, dims, lbs, type, length, by_value, alignment));
}

Datum *
va_elements_of(Datum array, Oid type, bool **nulls, int *n)
{
	Datum *values;
	int16 length;
	bool by_value;
	char alignment;

	get_typlenbyvalalign(type, &length, &by_value, &alignment);
	deconstruct_array(DatumGetArrayTypeP(array), type, length, by_value, alignment, &values, nulls, n);
	return values;
}

Datum
va_result(uint64 row, int column)
{
	bool isnull;
	Datum value = SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column, &isnull);

	Assert(!isnull);
	return value;
}
