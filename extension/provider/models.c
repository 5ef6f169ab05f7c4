/*-------------------------------------------------------------------------
 * models.c
 *		The SQL face of the drivers of language models: what may be asked, and
 *		what a request would look like.  Nothing here sends anything.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/json.h"
#include "utils/jsonb.h"

#include "core/errors.h"
#include "core/voiceagent.h"
#include "provider.h"
#include "pure/models/models.h"
#include "pure/models/schema.h"
#include "pure/providers/common/analysis.h"
#include "pure/providers/common/tools.h"

PG_FUNCTION_INFO_V1(va_sql_model_schema_problem);
PG_FUNCTION_INFO_V1(va_sql_build_model_request);
PG_FUNCTION_INFO_V1(va_sql_analysis_schema);
PG_FUNCTION_INFO_V1(va_sql_model_driver_facts);
PG_FUNCTION_INFO_V1(va_sql_tool_catalogue);

/* The JSON of an argument, in the arena's keeping no more than its text is; NULL for SQL null. */
static json_t *
json_argument(FunctionCallInfo fcinfo, int n, VaArena *arena)
{
	char *text;
	const char *why;

	if (PG_ARGISNULL(n))
		return NULL;
	text = JsonbToCString(NULL, &PG_GETARG_JSONB_P(n)->root, 0);
	return va_json_load(arena, text, strlen(text), &why);
}

/* model_schema_problem(schema) -> text */
Datum
va_sql_model_schema_problem(PG_FUNCTION_ARGS)
{
	VaArena arena = { 0 };
	json_t *schema = json_argument(fcinfo, 0, &arena);
	const char *why = NULL;
	char *problem = NULL;

	if (schema == NULL)
		problem = pstrdup("schema: it is not JSON that can be read");
	else if (!va_schema_check(schema, &arena, &why))
		problem = pstrdup(why != NULL ? why : "schema: out of memory");
	json_decref(schema);
	va_arena_free(&arena);
	VA_RETURN_TEXT(problem);
}

/* build_model_request(provider, base_url, settings, model, request, repair, max_tokens) -> jsonb */
Datum
va_sql_build_model_request(PG_FUNCTION_ARGS)
{
	const char *provider = VA_TEXT_ARGUMENT(0);
	const VaModelDriver *driver = provider != NULL ? va_model_driver(provider) : NULL;
	VaArena arena = { 0 };
	VaModelOrder order = { .base_url = VA_TEXT_ARGUMENT(1), .key = "****", .model = VA_TEXT_ARGUMENT(3) };
	VaHttpRequest request;
	const char *why = NULL;
	Jsonb *volatile result = NULL;

	if (driver == NULL || order.model == NULL || PG_ARGISNULL(4))
		ereport(ERROR, (errcode(VA_ERRCODE_INVALID), errmsg("there is no such vendor of language models")));
	order.settings = json_argument(fcinfo, 2, &arena);
	order.request = json_argument(fcinfo, 4, &arena);
	order.repair = json_argument(fcinfo, 5, &arena);
	order.max_tokens = PG_ARGISNULL(6) ? 0 : PG_GETARG_INT32(6);
	PG_TRY();
	{
		if (order.request == NULL || !driver->build(&order, &arena, &request, &why))
			ereport(ERROR, (errcode(VA_ERRCODE_INVALID), errmsg("the model request cannot be built"),
							   errdetail("Reason: %s.", why != NULL ? why : "it is not JSON that can be read")));
		result = va_request_jsonb(&request);
	}
	PG_FINALLY();
	{
		json_decref((json_t *) order.settings);
		json_decref((json_t *) order.request);
		json_decref((json_t *) order.repair);
		va_arena_free(&arena);
	}
	PG_END_TRY();
	PG_RETURN_JSONB_P(result);
}

/* model_driver_facts() -> jsonb */
Datum
va_sql_model_driver_facts(PG_FUNCTION_ARGS)
{
	StringInfoData json;

	initStringInfo(&json);
	for (const VaModelDriver *const *driver = va_model_drivers(); *driver != NULL; driver++)
		if ((*driver)->kind != NULL)
		{
			appendStringInfo(&json,
				"%s{\"provider\":\"%s\",\"kind\":\"%s\",\"settings\":\"%s\",\"title\":", json.len == 0 ? "[" : ",",
				(*driver)->name, (*driver)->kind, (*driver)->settings);
			escape_json(&json, (*driver)->title);
			appendStringInfo(&json, ",\"needs_key\":%s,\"needs_url\":%s}", (*driver)->needs_key ? "true" : "false",
				(*driver)->base_url[0] == '\0' ? "true" : "false");
		}
	appendStringInfoChar(&json, ']');
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(json.data));
}

/* tool_catalogue() -> jsonb */
Datum
va_sql_tool_catalogue(PG_FUNCTION_ARGS)
{
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(va_tools_json()));
}

/* analysis_schema(settings) -> jsonb */
Datum
va_sql_analysis_schema(PG_FUNCTION_ARGS)
{
	VaArena arena = { 0 };
	json_t *settings = json_argument(fcinfo, 0, &arena);
	json_t *schema = va_analysis_schema(settings);
	char *text = schema == NULL ? NULL : json_dumps(schema, JSON_COMPACT);
	Datum result;

	json_decref(schema);
	json_decref(settings);
	va_arena_free(&arena);
	if (text == NULL)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	result = DirectFunctionCall1(jsonb_in, CStringGetDatum(text));
	free(text);
	return result;
}
