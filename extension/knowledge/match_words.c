/*-------------------------------------------------------------------------
 * match_words.c
 *		Words to be searched under row-level security.
 *
 * A condition of a member's is an index condition behind a policy only where
 * its operator is LEAKPROOF, and PostgreSQL's @@ is not.  Ours is the same
 * comparison: it raises nothing but for a stack that is too deep, which is the
 * query's doing and not a row's.
 *
 * The operator class of bigint lets a GIN index begin with the tenant, as
 * every index of a table that members read does; only equality is known.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/gin.h"
#include "fmgr.h"
#include "utils/fmgrprotos.h"

PG_FUNCTION_INFO_V1(va_sql_match_words);
PG_FUNCTION_INFO_V1(va_sql_gin_bigint_value);
PG_FUNCTION_INFO_V1(va_sql_gin_bigint_query);
PG_FUNCTION_INFO_V1(va_sql_gin_bigint_consistent);

/* (tsvector, tsquery) */
Datum
va_sql_match_words(PG_FUNCTION_ARGS)
{
	return DirectFunctionCall2(ts_match_vq, PG_GETARG_DATUM(0), PG_GETARG_DATUM(1));
}

static Datum
one_key(FunctionCallInfo fcinfo)
{
	int32 *n = (int32 *) PG_GETARG_POINTER(1);
	Datum *keys = palloc(sizeof(Datum));

	*n = 1;
	keys[0] = PG_GETARG_DATUM(0);
	PG_RETURN_POINTER(keys);
}

/* (bigint, internal) */
Datum
va_sql_gin_bigint_value(PG_FUNCTION_ARGS)
{
	return one_key(fcinfo);
}

/* (bigint, internal, smallint, internal, internal, internal, internal) */
Datum
va_sql_gin_bigint_query(PG_FUNCTION_ARGS)
{
	return one_key(fcinfo);
}

/* (internal, smallint, bigint, integer, internal, internal, internal, internal): what has the key has the value */
Datum
va_sql_gin_bigint_consistent(PG_FUNCTION_ARGS)
{
	bool *check = (bool *) PG_GETARG_POINTER(0);
	bool *recheck = (bool *) PG_GETARG_POINTER(5);

	*recheck = false;
	PG_RETURN_BOOL(check[0]);
}
