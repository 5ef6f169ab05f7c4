/*-------------------------------------------------------------------------
 * model_answers.c
 *		Questions to a language model, and the meaning of its answers (contract
 *		in model_answers.h).
 */
#include "postgres.h"

#include <sodium.h>

#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "core/arena.h"
#include "core/counters.h"
#include "core/statement.h"
#include "model_answers.h"
#include "pure/models/schema.h"
#include "pure/phrases/verify/spoken.h"
#include "runtime/account.h"
#include "tenancy/keys.h"

/* Names of models that are kept of a server's list. */
#define MODELS_KEPT 50

static VaStatement record_statement = {
	"SELECT voiceagent_private.record_model_answer($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb, $11, $12, $13)", 13,
	{ INT8OID, TEXTOID, TEXTOID, INT8OID, BOOLOID, INT8OID, INT8OID, INT8OID, TEXTOID, TEXTOID, TEXTOID, TEXTOID,
		TEXTARRAYOID },
	NULL
};

/* The outcome of an answer. */
typedef struct Verdict
{
	VaModelReply reply;
	const char *output;			/* JSON */
	const char *problem_reason; /* "schema" or "language"; NULL: it conforms */
	const char *problem;
	VaModelList list;
	int64 rest_ms;
} Verdict;

/* ---- the request ---- */

void
va_model_ask_read(VaSending *sending, int row)
{
	VaModelAsk *ask = (VaModelAsk *) sending;
	VaArena *kept = &ask->sending.kept;
	char *checks = va_column_text(row, "checks");
	char *provider = va_column_text(row, "provider");

	ask->model_account_id = va_column_int(row, "model_account_id", 0);
	ask->of_platform = va_column_bool(row, "of_platform");
	ask->driver = va_model_driver(provider);
	if (ask->driver == NULL)
		elog(ERROR, "no driver speaks provider \"%s\"", provider);
	ask->base_url = va_arena_strdup(kept, va_column_text(row, "base_url"));
	ask->model = va_arena_strdup(kept, va_column_text(row, "model"));
	ask->settings = va_arena_strdup(kept, va_column_text(row, "settings"));
	ask->request = va_arena_strdup(kept, va_column_text(row, "request"));
	ask->repair = va_arena_strdup(kept, va_column_text(row, "repair"));
	ask->checks = checks != NULL ? checks[0] : 0;
	ask->max_tokens = (int) va_column_int(row, "max_tokens", 0);
	if (kept->oom)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
}

void
va_model_fetch_key(VaSending *sending)
{
	VaModelAsk *ask = (VaModelAsk *) sending;
	const char *missing = ask->driver->needs_key ? "the account has no key" : NULL;
	char secret[VA_SANDBOX_SECRET_SIZE];

	if (ask->model_account_id != 0)
	{
		const char *name = psprintf(
			"%smodel_account:" INT64_FORMAT ":api_key", ask->of_platform ? "platform_" : "", ask->model_account_id);

		ask->key = va_sending_kept_secret(&ask->sending, ask->of_platform, name, missing);
		return;
	}
	va_sandbox_secret(ask->sending.tenant_id, 0, "api_key", secret);
	ask->key = va_arena_printf(&ask->sending.kept, "sandbox-" INT64_FORMAT "-0-%s", ask->sending.tenant_id, secret);
	sodium_memzero(secret, sizeof(secret));
	if (ask->key == NULL)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
}

/* The order, whose JSON is to be released. */
static void
read_order(const VaModelAsk *ask, VaArena *arena, VaModelOrder *order)
{
	const char *why;

	memset(order, 0, sizeof(*order));
	order->base_url = ask->base_url;
	order->key = ask->key;
	order->model = ask->model;
	order->max_tokens = ask->max_tokens;
	order->settings = ask->settings != NULL ? va_json_load(arena, ask->settings, strlen(ask->settings), &why) : NULL;
	order->request = va_json_load(arena, ask->request, strlen(ask->request), &why);
	order->repair = ask->repair != NULL ? va_json_load(arena, ask->repair, strlen(ask->repair), &why) : NULL;
}

static void
release_order(VaModelOrder *order)
{
	json_decref((json_t *) order->settings);
	json_decref((json_t *) order->request);
	json_decref((json_t *) order->repair);
}

bool
va_model_build(VaModelAsk *ask, VaArena *arena, VaHttpRequest *request)
{
	VaModelOrder order;
	const char *why = "it is not JSON that can be read";
	bool built;

	read_order(ask, arena, &order);
	if (order.request == NULL)
		built = false;
	else if (ask->checks != 0)
		built = ask->driver->build_check(&order, ask->checks == 'l', arena, request, &why);
	else
		built = ask->driver->build(&order, arena, request, &why);
	release_order(&order);
	if (!built)
		snprintf(ask->sending.error, sizeof(ask->sending.error), "the request cannot be built: %s", why);
	return built;
}

/* ---- the answer ---- */

static void
describe_response(const VaModelAsk *ask, VaHttpResponse *response)
{
	const VaHttpResult *result = ask->sending.result;

	if (result == NULL)
	{
		*response = (VaHttpResponse){ .error = ask->sending.error };
		return;
	}
	va_http_response(result, response);
	if (response->status != 200)
		va_count(response->status == 429 ? VA_COUNT_ERROR_MODEL_LIMIT : VA_COUNT_ERROR_MODEL, 1);
}

/* Every text in a value, one behind the other. */
static void
add_texts(const json_t *value, VaBuffer *texts, int depth)
{
	const char *name;
	json_t *member;

	if (json_is_string(value))
		va_buffer_printf(texts, "%s\n", json_string_value(value));
	if (depth > 2 * VA_SCHEMA_DEPTH)
		return;
	for (size_t i = 0; i < json_array_size(value); i++)
		add_texts(json_array_get(value, i), texts, depth + 1);
	if (json_is_object(value))
		json_object_foreach((json_t *) value, name, member) add_texts(member, texts, depth + 1);
}

static void
check_language(const json_t *request, const json_t *output, VaArena *arena, Verdict *verdict)
{
	const char *wanted = va_json_string(request, "language");
	VaBuffer texts = { 0 };
	VaTalkTurn turn = { .person = true };
	const char *other;

	if (wanted == NULL || verdict->problem != NULL)
		return;
	if (output != NULL)
		add_texts(output, &texts, 0);
	else
		va_buffer_add(&texts, verdict->reply.text, strlen(verdict->reply.text));
	turn.text = va_buffer_finish(&texts, arena);
	turn.len = turn.text != NULL ? strlen(turn.text) : 0;
	other = va_spoken_language(&turn, 1, wanted);
	if (other != wanted)
	{
		verdict->problem_reason = "language";
		verdict->problem = va_arena_printf(arena, "the answer is in the language %s, not in %s", other, wanted);
	}
}

static void
check_answer(const VaModelOrder *order, VaArena *arena, Verdict *verdict)
{
	const json_t *schema = va_json_object(order->request, "schema");
	const char *why = NULL;
	json_t *output = NULL;

	if (schema != NULL)
	{
		output = va_schema_load(verdict->reply.text, arena, &why);
		if (output == NULL)
			verdict->problem = va_arena_printf(arena, "it is not JSON: %s", why != NULL ? why : "it cannot be read");
		else
		{
			va_schema_prune(schema, output);
			if (va_schema_conforms(schema, output, arena, &why))
				verdict->output = va_json_text(arena, output);
			else
				verdict->problem = why;
		}
		verdict->problem_reason = verdict->problem != NULL ? "schema" : NULL;
	}
	check_language(order->request, output, arena, verdict);
	json_decref(output);
}

/* A server that says that a repetition is in vain is believed. */
static VaModelKind
final_kind(VaModelKind kind)
{
	return kind == VA_MODEL_LIMITED || kind == VA_MODEL_OVERLOADED || kind == VA_MODEL_SERVER ? VA_MODEL_BAD_REQUEST
																							  : kind;
}

static void
read_answer(const VaModelAsk *ask, VaArena *arena, Verdict *verdict)
{
	const VaHttpResult *result = ask->sending.result;
	VaModelOrder order;
	VaHttpResponse response;

	memset(verdict, 0, sizeof(*verdict));
	describe_response(ask, &response);
	read_order(ask, arena, &order);
	if (ask->checks != 0)
	{
		va_model_read_list(&response, arena, &verdict->list);
		verdict->reply.kind = verdict->list.kind;
		/* One model is described by an object of its own. */
		if (ask->checks == 'm' && response.status == 200)
			verdict->reply.kind = VA_MODEL_ANSWERED;
		verdict->reply.message = verdict->list.message;
		verdict->reply.counted = true;
	}
	else
	{
		ask->driver->read(&order, &response, arena, &verdict->reply);
		verdict->problem = verdict->reply.parameter;
		if (verdict->reply.kind == VA_MODEL_ANSWERED)
			check_answer(&order, arena, verdict);
	}
	release_order(&order);
	if (result != NULL)
	{
		if (va_model_final(result->limits))
			verdict->reply.kind = final_kind(verdict->reply.kind);
		verdict->rest_ms = va_model_rest_ms(result->limits, result->retry_after_s,
			verdict->reply.kind == VA_MODEL_LIMITED || verdict->reply.kind == VA_MODEL_OVERLOADED,
			timestamptz_to_time_t(GetCurrentTimestamp()) * INT64CONST(1000));
	}
}

/* ---- what it means ---- */

static void
set_text(Datum *values, char *nulls, int i, const char *text)
{
	nulls[i] = text != NULL ? ' ' : 'n';
	values[i] = text != NULL ? CStringGetTextDatum(text) : (Datum) 0;
}

void
va_model_record(VaModelAsk *ask)
{
	VaArena *arena = va_arena_here();
	Verdict verdict;
	Datum values[13];
	char nulls[] = "             ";

	read_answer(ask, arena, &verdict);
	if (arena->oom)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	values[0] = Int64GetDatum(ask->sending.id);
	set_text(values, nulls, 1, va_model_kind_name(verdict.reply.kind));
	set_text(values, nulls, 2, verdict.reply.message);
	values[3] = Int64GetDatum(verdict.rest_ms);
	values[4] = BoolGetDatum(verdict.reply.counted);
	values[5] = Int64GetDatum(verdict.reply.tokens_in);
	values[6] = Int64GetDatum(verdict.reply.tokens_cached);
	values[7] = Int64GetDatum(verdict.reply.tokens_out);
	set_text(values, nulls, 8, verdict.reply.text);
	set_text(values, nulls, 9, verdict.output);
	set_text(values, nulls, 10, verdict.problem_reason);
	set_text(values, nulls, 11, verdict.problem);
	values[12] = va_array_of_text(verdict.list.names, Min(verdict.list.n, MODELS_KEPT));
	va_execute(&record_statement, values, nulls);
	va_arena_free(arena);
}
