/*-------------------------------------------------------------------------
 * rehearsal.c
 *		The SQL face of rehearsals (sandbox/rehearsal.h): a scripted caller
 *		talks with an assistant, and what a carrier would tell of it.
 *
 * Setups and talks are JSON in text.  A talk is bounded (turns, bytes of a
 * turn), and ends early when the query is to be cancelled.
 *
 * Memory: jansson's values are malloc'ed, so nothing raises between making
 * one and freeing it; interrupts are looked for between.
 */
#include "postgres.h"

#include "fmgr.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "core/arena.h"
#include "core/compat.h"
#include "core/statement.h"
#include "provider/event_rows.h"
#include "pure/sandbox/model.h"
#include "pure/sandbox/rehearsal.h"

PG_FUNCTION_INFO_V1(va_sql_rehearsal_step);
PG_FUNCTION_INFO_V1(va_sql_rehearsed_reports);
PG_FUNCTION_INFO_V1(va_sql_speak_tool_answer);
PG_FUNCTION_INFO_V1(va_sql_ask_talker);

static void
fail(const char *why)
{
	CHECK_FOR_INTERRUPTS();
	ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION), errmsg("the rehearsal cannot go on"),
					   errdetail("%s.", why == NULL ? "out of memory" : why)));
}

static json_t *
load(const text *json, VaArena *arena)
{
	const char *why = NULL;
	json_t *loaded = va_json_load(arena, VARDATA_ANY(json), VARSIZE_ANY_EXHDR(json), &why);

	if (loaded == NULL)
		fail(why);
	return loaded;
}

/* The JSON's text, which frees it. */
static Datum
as_text(json_t *json, VaArena *arena, const char *why)
{
	const char *written = va_json_text(arena, json);

	json_decref(json);
	if (written == NULL)
		fail(why);
	return CStringGetTextDatum(written);
}

/* rehearsal_step(setup, talk or NULL, answer or NULL, ends) -> {"talk", "request" or null} */
Datum
va_sql_rehearsal_step(PG_FUNCTION_ARGS)
{
	VaArena *arena = va_arena_here();
	const char *why = NULL;
	json_t *setup;
	json_t *talk;
	json_t *request;
	Datum result;
	text *told;
	const char *answer;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	told = PG_ARGISNULL(1) ? NULL : PG_GETARG_TEXT_PP(1);
	answer = PG_ARGISNULL(2) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(2));
	setup = load(PG_GETARG_TEXT_PP(0), arena);
	talk = told == NULL ? va_rehearsal_begin(setup, arena, &why)
						: va_json_load(arena, VARDATA_ANY(told), VARSIZE_ANY_EXHDR(told), &why);
	if (talk != NULL && answer != NULL)
		va_rehearsal_answer(setup, talk, answer, !PG_ARGISNULL(3) && PG_GETARG_BOOL(3), arena);
	request = talk == NULL ? NULL : va_rehearsal_next(setup, talk, arena, &why);
	json_decref(setup);
	if (talk == NULL || why != NULL)
	{
		json_decref(talk);
		fail(why);
	}
	result = as_text(
		json_pack("{s:o,s:o}", "talk", talk, "request", request != NULL ? request : json_null()), arena, NULL);
	va_arena_free(arena);
	PG_RETURN_DATUM(result);
}

static char **
texts_of(Datum array, int *n)
{
	bool *nulls;
	Datum *values = va_elements_of(array, TEXTOID, &nulls, n);
	char **texts = palloc0(sizeof(char *) * (*n + 1));

	for (int i = 0; i < *n; i++)
		texts[i] = nulls[i] ? pstrdup("") : TextDatumGetCString(values[i]);
	return texts;
}

static const char *
report_of(const char *talk_text, const VaRehearsalCall *call, VaArena *arena, VaEvents *events)
{
	VaSignedMessage message = { 0 };
	const char *why = NULL;
	json_t *talk = va_json_load(arena, talk_text, strlen(talk_text), &why);
	const char *body = talk == NULL ? NULL : va_rehearsal_report(talk, call, arena);

	json_decref(talk);
	if (body == NULL)
		fail(why);
	message.body = body;
	message.body_len = strlen(body);
	if (!va_driver("vapi")->read_webhook(&message, arena, events, &why) || events->count == 0)
		fail(why);
	return body;
}

/*
 * rehearsed_reports(talks, references, phones, provider_call_ids, endpoint_id,
 * at) -> event_keys, bodies, events: as take_webhooks() takes them.
 */
Datum
va_sql_rehearsed_reports(PG_FUNCTION_ARGS)
{
	VaArena *arena = va_arena_here();
	int64 ended = PG_GETARG_TIMESTAMPTZ(5) / 1000 +
				  ((int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE)) * SECS_PER_DAY * 1000;
	int n[4];
	char **talks = texts_of(PG_GETARG_DATUM(0), &n[0]);
	char **references = texts_of(PG_GETARG_DATUM(1), &n[1]);
	char **phones = texts_of(PG_GETARG_DATUM(2), &n[2]);
	char **ids = texts_of(PG_GETARG_DATUM(3), &n[3]);
	const char **keys = palloc(sizeof(char *) * (n[0] + 1));
	Datum *bodies = palloc(sizeof(Datum) * (n[0] + 1));
	VaEventRows *rows = va_event_rows_begin();
	Datum values[3];
	bool nulls[3] = { false };

	if (n[1] != n[0] || n[2] != n[0] || n[3] != n[0])
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("arrays of different lengths")));
	for (int i = 0; i < n[0]; i++)
	{
		VaRehearsalCall call = { .id = ids[i], .reference = references[i], .number = phones[i], .ended_at = ended };
		VaEvents events = { 0 };
		const char *body;

		CHECK_FOR_INTERRUPTS();
		body = report_of(talks[i], &call, arena, &events);
		keys[i] = events.items[0].event_key;
		bodies[i] = PointerGetDatum(cstring_to_text(body));
		va_event_rows_add(rows, i + 1, PG_GETARG_INT64(4), &events);
	}
	values[0] = va_array_of_text(keys, n[0]);
	values[1] = va_array_of_bytea(bodies, n[0]);
	values[2] = va_event_rows_end(rows);
	va_arena_free(arena);
	PG_RETURN_DATUM(va_row_of_result(fcinfo, values, nulls));
}

/* say_tool_answer(data, language) -> the sentence for a caller */
Datum
va_sql_speak_tool_answer(PG_FUNCTION_ARGS)
{
	VaArena *arena = va_arena_here();
	json_t *data = load(PG_GETARG_TEXT_PP(0), arena);
	const char *said = va_sandbox_say_answer(data, text_to_cstring(PG_GETARG_TEXT_PP(1)), arena);
	Datum result;

	if (said == NULL)
		fail(NULL);
	result = CStringGetTextDatum(said);
	json_decref(data);
	va_arena_free(arena);
	PG_RETURN_DATUM(result);
}

/* ask_talker(request) -> the desk's message */
Datum
va_sql_ask_talker(PG_FUNCTION_ARGS)
{
	VaArena *arena = va_arena_here();
	json_t *request = load(PG_GETARG_TEXT_PP(0), arena);
	const char *why = NULL;
	json_t *answer = va_sandbox_model_answer(request, arena, &why);
	json_t *message = json_incref(json_object_get(json_array_get(json_object_get(answer, "choices"), 0), "message"));
	Datum result;

	json_decref(request);
	json_decref(answer);
	result = as_text(message, arena, why);
	va_arena_free(arena);
	PG_RETURN_DATUM(result);
}
