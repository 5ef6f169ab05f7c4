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
static VaStatement reports_statement = { "SELECT voiceagent_private.keep_media_engines($1, $2::jsonb)", 2,
	{ INT8OID, TEXTOID }, NULL };

typedef struct Opening
{
	VaMediaCall *call;
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
	char *setup;

	va_set_tenant(call->tenant_id);
	va_execute(&engines_statement, values, NULL);
	setup = va_column_text(0, "setup");
	if (!va_engines_begin(call, setup == NULL ? NULL : va_json_load(&arena, setup, strlen(setup), &why)))
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	va_arena_free(&arena);
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
va_media_prepare_engines(VaMediaCall *call, bool may_ask, bool armed)
{
	Opening opening = { call, may_ask, armed };
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

/* The embedded chain has no account that is told of it. */
static void
count_errors(VaMediaCall *call)
{
	for (VaEngine *engine = call->engines.first; engine != NULL; engine = engine->next)
	{
		VaEngineReport *report = &engine->report;

		if (report->why[0] != '\0' && !report->counted)
			va_count(report->error >= VA_LLM_FAILURE ? VA_COUNT_ERROR_MODEL + report->error - VA_LLM_FAILURE
													 : VA_COUNT_ERROR_ENGINE + report->error,
				1);
		report->counted = report->why[0] != '\0';
	}
}

static json_t *
reports_of(const VaMediaCall *call)
{
	json_t *reports = json_array();

	for (const VaEngine *engine = call->engines.first; engine != NULL; engine = engine->next)
	{
		const VaEngineReport *r = &engine->report;
		json_t *report;

		if (engine->account_id == 0 || (r->tries == 0 && r->tokens_in == 0 && r->kind == NULL))
			continue;
		report = json_pack("{s:I,s:i,s:I,s:I,s:I}", "account", (json_int_t) engine->account_id, "tries", r->tries,
			"tokens_in", (json_int_t) r->tokens_in, "tokens_cached", (json_int_t) r->tokens_cached, "tokens_out",
			(json_int_t) r->tokens_out);
		va_json_set_text(report, "kind", r->kind);
		if (r->why[0] != '\0')
			va_json_set_text(report, "error", error_names[r->error]);
		va_json_set_text(report, "why", r->why);
		json_array_append_new(reports, report);
	}
	return reports;
}

typedef struct Reporting
{
	const VaMediaCall *call;
	const char *reports;
} Reporting;

static void
keep_report(void *arg)
{
	Reporting *reporting = arg;
	Datum values[2] = { Int64GetDatum(reporting->call->call_id), CStringGetTextDatum(reporting->reports) };

	va_set_tenant(reporting->call->tenant_id);
	va_execute(&reports_statement, values, NULL);
}

/* What cannot be kept now is kept with the next. */
bool
va_media_keep_reports(VaMediaCall *call)
{
	VaArena arena = { 0 };
	json_t *list = reports_of(call);
	Reporting reporting = { call, json_array_size(list) > 0 ? va_json_text(&arena, list) : NULL };
	char sqlstate[6];
	char *message;
	bool kept = true;

	count_errors(call);
	if (reporting.reports != NULL)
	{
		va_begin("keep what engines of calls have done");
		kept = va_try(keep_report, &reporting, sqlstate, &message);
		if (kept)
			for (VaEngine *engine = call->engines.first; engine != NULL; engine = engine->next)
				memset(&engine->report, 0, sizeof(engine->report));
		else
			ereport(DEBUG1, (errmsg("what engines of calls have done is kept later: %s", sqlstate)));
		va_set_tenant(0);
		va_commit();
	}
	json_decref(list);
	va_arena_free(&arena);
	return kept;
}
