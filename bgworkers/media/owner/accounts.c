/*-------------------------------------------------------------------------
 * accounts.c
 *		Whose engines a call asks: their accounts and keys when its session is
 *		opened, and what they have done, for the tenant's budget and the
 *		accounts' rests.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "core/counters.h"
#include "core/statement.h"
#include "core/voiceagent.h"
#include "media/engines/engines.h"
#include "owner.h"
#include "pure/text/json.h"
#include "runtime/transaction.h"
#include "tenancy/log_redaction.h"
#include "tenancy/vault.h"

static VaStatement engines_statement = { "SELECT voiceagent_private.open_media_engines($1, $2, $3) AS setup", 3,
	{ INT8OID, BOOLOID, BOOLOID }, NULL };
static VaStatement reports_statement = { "SELECT voiceagent_private.keep_media_engines($1::jsonb)", 1, { TEXTOID },
	NULL };

typedef struct Opening
{
	VaMediaCall *call;
	const VaMediaCall *calls;
	bool may_ask;
	bool armed;
} Opening;

static void
open_engines(void *arg)
{
	const Opening *opening = arg;
	VaMediaCall *call = opening->call;
	Datum values[3] = { Int64GetDatum(call->call_id), BoolGetDatum(opening->may_ask), BoolGetDatum(opening->armed) };
	VaArena arena = { 0 };
	const char *why;
	json_t *setup;
	char *text;

	va_set_tenant(call->tenant_id);
	va_execute(&engines_statement, values, NULL);
	text = va_column_text(0, "setup");
	setup = text == NULL ? NULL : va_json_load(&arena, text, strlen(text), &why);
	va_arena_free(&arena);
	/* A sound shared by calls is in memory once. */
	for (const VaMediaCall *other = opening->calls; other != NULL; other = other->next)
		if (other->tenant_id == call->tenant_id && json_equal(setup, other->engines.setup))
		{
			json_decref(setup);
			setup = json_incref(other->engines.setup);
			break;
		}
	if (!va_engines_begin(call, setup))
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
}

static void
open_key(void *arg)
{
	VaEngine *engine = arg;
	char *key;

	va_set_tenant(engine->call->tenant_id);
	key = va_open_secret(
		engine->call->tenant_id, psprintf("model_account:" INT64_FORMAT ":api_key", engine->account_id));
	engine->key = key == NULL ? NULL : strdup(key);
	va_wipe(key);
}

/* A call whose engines cannot be asked has the embedded chain; a key that does not open is its account's problem alone. */
void
va_media_prepare_engines(VaMediaCall *call, const VaMediaCall *calls, bool may_ask, bool armed)
{
	Opening opening = { call, calls, may_ask, armed };
	char sqlstate[6];
	char *message;

	if (!va_try(open_engines, &opening, sqlstate, &message))
	{
		ereport(LOG, (errmsg("the engines of a call of tenant " INT64_FORMAT " could not be opened: %s: %s",
						 call->tenant_id, sqlstate, va_mask_caught(message, sqlstate))));
		va_engines_end(call);
		if (!va_engines_begin(call, NULL))
			ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
		return;
	}
	for (VaEngine *engine = call->engines.first; engine != NULL; engine = engine->next)
		if (engine->account_id != 0 && !va_try(open_key, engine, sqlstate, &message))
			va_engine_fail(engine, "bad_key", va_mask_caught(message, sqlstate));
}

/* As errors and metrics() name them. */
static const char *const error_names[] = { "stt_timeout", "stt_failure", "llm_timeout", "tts_timeout", "tts_failure",
	"llm_failure", "llm_rate_limit" };

static bool
has_done(const VaEngine *engine)
{
	const VaEngineReport *r = &engine->report;

	return engine->account_id != 0 && (r->tries > 0 || r->tokens_in > 0 || r->kind != NULL);
}

/* The embedded chain has no account to report errors to. */
bool
va_media_has_reports(VaMediaCall *call)
{
	bool has = false;

	for (VaEngine *engine = call->engines.first; engine != NULL; engine = engine->next)
	{
		VaEngineReport *report = &engine->report;

		if (report->why[0] != '\0' && !report->counted)
			va_count(report->error >= VA_LLM_FAILURE ? VA_COUNT_ERROR_MODEL + report->error - VA_LLM_FAILURE
													 : VA_COUNT_ERROR_ENGINE + report->error,
				1);
		report->counted = report->why[0] != '\0';
		has = has || has_done(engine);
	}
	return has && call->call_id != 0;
}

static void
add_reports(json_t *reports, const VaMediaCall *call)
{
	for (const VaEngine *engine = call->engines.first; engine != NULL; engine = engine->next)
	{
		const VaEngineReport *r = &engine->report;
		json_t *report;

		if (!has_done(engine))
			continue;
		report = json_pack("{s:I,s:I,s:i,s:I,s:I,s:I}", "call", (json_int_t) call->call_id, "account",
			(json_int_t) engine->account_id, "tries", r->tries, "tokens_in", (json_int_t) r->tokens_in, "tokens_cached",
			(json_int_t) r->tokens_cached, "tokens_out", (json_int_t) r->tokens_out);
		va_json_set_text(report, "kind", r->kind);
		va_json_set_text(report, "without", r->without);
		if (r->why[0] != '\0')
			va_json_set_text(report, "error", error_names[r->error]);
		va_json_set_text(report, "why", r->why);
		json_array_append_new(reports, report);
	}
}

static void
keep_reports(void *reports)
{
	Datum values[1] = { CStringGetTextDatum(reports) };

	va_execute(&reports_statement, values, NULL);
}

/* A turn that cannot be kept now is kept with the next. A transaction locks accounts of one tenant. */
bool
va_media_keep_reports(VaMediaCall *calls, int64 tenant_id)
{
	VaArena arena = { 0 };
	json_t *list = json_array();
	char *reports;
	char sqlstate[6];
	char *message;
	bool kept;

	/* Each counts its errors before its reports go. */
	for (VaMediaCall *call = calls; call != NULL; call = call->next)
		if (call->tenant_id == tenant_id && va_media_has_reports(call))
			add_reports(list, call);
	reports = va_json_text(&arena, list);
	json_decref(list);
	if (reports == NULL)
		return false;
	va_media_begin("keep what engines of calls have done");
	va_set_tenant(tenant_id);
	kept = va_try(keep_reports, reports, sqlstate, &message);
	if (!kept)
		ereport(DEBUG1, (errmsg("what engines of calls have done is kept later: %s", sqlstate)));
	va_set_tenant(0);
	va_commit();
	for (VaMediaCall *call = calls; call != NULL; call = call->next)
		for (VaEngine *engine = call->engines.first; kept && engine != NULL; engine = engine->next)
			if (call->tenant_id == tenant_id && call->call_id != 0)
				memset(&engine->report, 0, sizeof(engine->report));
	va_arena_free(&arena);
	return kept;
}
