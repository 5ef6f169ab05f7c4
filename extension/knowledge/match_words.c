/*-------------------------------------------------------------------------
 * match_words.c
 *		Words of calls, and how they are searched under row-level security.
 *
 * A condition of a member's is an index condition behind a policy only where
 * its operator is LEAKPROOF, and PostgreSQL's @@ is not.  Ours is the same
 * comparison: it raises nothing but for a stack that is too deep, which is the
 * query's doing and not a row's.
 *
 * The operator class of bigint lets a GIN index begin with the tenant, as
 * every index of a table that members read does; only equality is known.
 */
#include "postgres.h"

#include "fmgr.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"

/* A call of some hours. */
#define SAID_MAX 200000

PG_FUNCTION_INFO_V1(va_sql_words_said);
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

static bool
text_member(JsonbContainer *object, const char *name, JsonbValue *value)
{
	return getKeyJsonValueFromContainer(object, name, (int) strlen(name), value) != NULL && value->type == jbvString;
}

/* The system's words, a tool's answer for example, were not spoken. */
static bool
is_heard(JsonbValue *speaker)
{
	static const char *const heard[] = { "assistant", "customer", "unknown" };

	for (size_t i = 0; i < lengthof(heard); i++)
		if (speaker->val.string.len == (int) strlen(heard[i]) &&
			memcmp(speaker->val.string.val, heard[i], speaker->val.string.len) == 0)
			return true;
	return false;
}

/* (turns jsonb): text; the turns are stored in their order */
Datum
va_sql_words_said(PG_FUNCTION_ARGS)
{
	Jsonb *turns = PG_GETARG_JSONB_P(0);
	JsonbIterator *iterator = JsonbIteratorInit(&turns->root);
	JsonbValue turn;
	StringInfoData said;

	initStringInfo(&said);
	(void) JsonbIteratorNext(&iterator, &turn, true);
	while (JsonbIteratorNext(&iterator, &turn, true) == WJB_ELEM)
	{
		JsonbValue speaker;
		JsonbValue words;

		if (turn.type != jbvBinary || !JsonContainerIsObject(turn.val.binary.data) ||
			!text_member(turn.val.binary.data, "speaker", &speaker) || !is_heard(&speaker) ||
			!text_member(turn.val.binary.data, "text", &words))
			continue;
		if (said.len > 0)
			appendStringInfoChar(&said, '\n');
		appendBinaryStringInfo(&said, words.val.string.val, words.val.string.len);
		if (said.len >= SAID_MAX * MAX_MULTIBYTE_CHAR_LEN)
			break;
	}
	if (said.len == 0)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text_with_len(said.data, pg_mbcharcliplen(said.data, said.len, SAID_MAX)));
}
