/*-------------------------------------------------------------------------
 * variables.c
 *		What a prompt's {{variables}} stand for with a lead, in one pass.
 *
 * The same in SQL (jsonb_build_object, jsonb_strip_nulls, ||) makes three
 * values to throw two away, for every call.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "lib/stringinfo.h"
#include "utils/jsonb.h"

#include "compat.h"

PG_FUNCTION_INFO_V1(va_sql_merge_variables);

/* Of the lead's own fields, in the order of the arguments behind its context. */
static const char *const own_names[] = {"phone", "first_name", "last_name", "email", "company", "country", "region"};

enum
{
	ARG_FIRST_NAME = 2,
	ARG_LAST_NAME = 3
};

static void
push_text(JsonbParseState **state, const char *name, char *text, int len)
{
	JsonbValue	key = {.type = jbvString};
	JsonbValue	value = {.type = jbvString};

	key.val.string.val = (char *) name;
	key.val.string.len = (int) strlen(name);
	value.val.string.val = text;
	value.val.string.len = len;
	(void) pushJsonbValue(state, WJB_KEY, &key);
	(void) pushJsonbValue(state, WJB_VALUE, &value);
}

static void
push_context(JsonbParseState **state, Jsonb *context)
{
	JsonbIterator *it = JsonbIteratorInit(&context->root);
	JsonbValue	v;
	JsonbIteratorToken token;

	while ((token = JsonbIteratorNext(&it, &v, true)) != WJB_DONE)
		if (token == WJB_KEY || token == WJB_VALUE)
			(void) pushJsonbValue(state, token, &v);
}

/*
 * merge_variables(context jsonb, phone, first_name, last_name, email, company,
 * country, region text): the context with these, where they are not NULL, and
 * "name".  Of equal keys the last pushed one stays.
 */
Datum
va_sql_merge_variables(PG_FUNCTION_ARGS)
{
	JsonbParseState *state = NULL;
	StringInfoData name;

	initStringInfo(&name);
	(void) pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	if (!PG_ARGISNULL(0) && JB_ROOT_IS_OBJECT(PG_GETARG_JSONB_P(0)))
		push_context(&state, PG_GETARG_JSONB_P(0));
	for (int arg = 1; arg <= (int) lengthof(own_names); arg++)
	{
		text	   *field;

		if (PG_ARGISNULL(arg))
			continue;
		field = PG_GETARG_TEXT_PP(arg);
		push_text(&state, own_names[arg - 1], VARDATA_ANY(field), (int) VARSIZE_ANY_EXHDR(field));
		if (arg == ARG_FIRST_NAME || arg == ARG_LAST_NAME)
		{
			if (arg == ARG_LAST_NAME && !PG_ARGISNULL(ARG_FIRST_NAME))
				appendStringInfoChar(&name, ' ');
			appendBinaryStringInfo(&name, VARDATA_ANY(field), (int) VARSIZE_ANY_EXHDR(field));
		}
	}
	if (name.len > 0)
		push_text(&state, "name", name.data, name.len);
	PG_RETURN_JSONB_P(JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL)));
}
