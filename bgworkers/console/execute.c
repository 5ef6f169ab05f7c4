/*-------------------------------------------------------------------------
 * execute.c
 *		A function that a request calls (contract in console.h).
 *
 * Locks are those that the function takes, until the end of the request.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/memutils.h"

#include "call.h"
#include "console.h"
#include "core/statement.h"
#include "tenancy/identity.h"

static VaStatement pre_request_statement = { "SELECT voiceagent.pre_request()", 0, { 0 }, NULL };
static VaStatement admits_statement = { "SELECT voiceagent_private.admits_page($1::json, $2) AS admitted", 2,
	{ TEXTOID, BOOLOID }, NULL };
static VaStatement session_role_statement = { "SELECT pg_catalog.set_config('role', $1, true)", 1, { TEXTOID }, NULL };
static VaStatement defer_statement = {
	"SELECT voiceagent_private.defer_request($1, pg_catalog.jsonb_build_object('path', $2, 'claims', $3, 'role', $4,"
	" 'type', $5, 'headers', $6::jsonb), $7) AS deferred_request_id",
	7, { TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, BYTEAOID }, NULL
};
static VaStatement status_statement = {
	"SELECT nullif(pg_catalog.current_setting('response.status', true), '') AS answer", 0, { 0 }, NULL
};

/* The one column of the one row, in the context of the answer. */
void
va_take_answer(MemoryContext context, VaRpcAnswer *answer)
{
	char *body = va_column_text(0, "answer");

	answer->len = body != NULL ? strlen(body) : 0;
	if (answer->len > VA_RPC_ANSWER_MAX)
		ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED), errmsg("the answer is longer than %d bytes", VA_RPC_ANSWER_MAX),
				errhint("Ask for a page of it, or ask PostgREST or psql.")));
	answer->body = body != NULL ? MemoryContextStrdup(context, body) : "";
}

/* A function may name the status itself, as with PostgREST. */
static void
take_status(VaRpcAnswer *answer)
{
	char *status;

	va_execute(&status_statement, NULL, NULL);
	status = va_column_text(0, "answer");
	if (status != NULL)
		answer->status = atoi(status);
}

void
va_become(const char *role)
{
	Datum values[1] = { CStringGetTextDatum(role) };

	va_execute(&session_role_statement, values, NULL);
}

void
va_pre_request(VaRpcAnswer *answer)
{
	va_execute(&pre_request_statement, NULL, NULL);
	answer->tenant = va_tenant_or_none();
}

bool
va_admits_page(const VaField *ask, bool own)
{
	Datum values[2] = { CStringGetTextDatum(ask[VA_ASK_HEADERS].bytes), BoolGetDatum(own) };

	va_become("none");
	va_execute(&admits_statement, values, NULL);
	return va_column_bool(0, "admitted");
}

bool
va_defer(const VaField *ask, MemoryContext context, VaRpcAnswer *answer)
{
	static const VaAskField order[] = { VA_ASK_FUNCTION, VA_ASK_PATH, VA_ASK_CLAIMS, VA_ASK_ROLE, VA_ASK_TYPE,
		VA_ASK_HEADERS };
	Datum values[lengthof(order) + 1];
	char *role;
	int64 id;

	if (answer->tenant == 0 || strcmp(ask[VA_ASK_METHOD].bytes, "POST") != 0)
		return false;
	for (int i = 0; i < (int) lengthof(order); i++)
		values[i] = CStringGetTextDatum(ask[order[i]].bytes);
	values[lengthof(order)] = PointerGetDatum(
		cstring_to_text_with_len(ask[VA_ASK_BODY].bytes, (int) ask[VA_ASK_BODY].len));
	/* Not the one that it came with: an API key has another. */
	role = pstrdup(GetConfigOption("role", false, false));
	va_become("none");
	va_execute(&defer_statement, values, NULL);
	id = va_column_int(0, "deferred_request_id", 0);
	if (id == 0)
	{
		va_become(role);
		return false;
	}
	answer->status = 202;
	answer->body = MemoryContextStrdup(context, psprintf("{\"deferred_request_id\":" INT64_FORMAT "}", id));
	answer->len = strlen(answer->body);
	return true;
}

/* False: it is not to be called like this, and the answer says why. */
static bool
make_call(const VaField *ask, MemoryContext context, VaCall *call, VaRpcAnswer *answer)
{
	MemoryContext before;

	va_make_call(ask, call);
	if (call->status == 0)
		return true;
	before = MemoryContextSwitchTo(context);
	answer->status = call->status;
	answer->body = va_denial_body(call->code, call->message, call->details, NULL);
	answer->len = strlen(answer->body);
	(void) MemoryContextSwitchTo(before);
	return false;
}

static void
execute_call(const VaCall *call, MemoryContext context, VaRpcAnswer *answer)
{
	if (SPI_execute_with_args(call->sql, call->nargs, call->types, call->values, NULL, false, 0) != SPI_OK_SELECT)
		ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR), errmsg("the call is no query")));
	answer->status = call->nothing ? 204 : 200;
	if (call->nothing)
		answer->type = "";
	else
	{
		va_take_answer(context, answer);
		answer->type = call->type;
	}
	take_status(answer);
}

void
va_run_call(const VaField *ask, MemoryContext context, bool deferred, VaRpcAnswer *answer)
{
	VaCall call;

	if (!make_call(ask, context, &call, answer))
		return;
	va_pre_request(answer);
	if (deferred || strstr(ask[VA_ASK_HEADERS].bytes, "respond-async") == NULL || !va_defer(ask, context, answer))
		execute_call(&call, context, answer);
}

void
va_run_proved(const VaField *ask, MemoryContext context, VaRpcAnswer *answer)
{
	VaCall call;

	if (make_call(ask, context, &call, answer))
		execute_call(&call, context, answer);
}
