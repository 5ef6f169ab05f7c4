/*-------------------------------------------------------------------------
 * answering.c
 *		How a driver wants to hear what becomes of an answered call, and what
 *		is said in one, for SQL.
 *
 * No state, no locks.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"

#include "utils/jsonb.h"
#include "utils/timestamp.h"

#include "core/arena.h"
#include "core/compat.h"
#include "core/errors.h"
#include "provider.h"
#include "pure/providers/common/requests.h"
#include "pure/phrases/words/mask.h"
#include "pure/providers/common/transcript.h"
#include "pure/text/template.h"
#include "tenancy/setting.h"

PG_FUNCTION_INFO_V1(va_sql_answers_by);
PG_FUNCTION_INFO_V1(va_sql_machine_asks);
PG_FUNCTION_INFO_V1(va_sql_spoken_text);
PG_FUNCTION_INFO_V1(va_sql_pronounced);
PG_FUNCTION_INFO_V1(va_sql_key_wait);
PG_FUNCTION_INFO_V1(va_sql_transcript_turns);
PG_FUNCTION_INFO_V1(va_sql_mask_words);
PG_FUNCTION_INFO_V1(va_sql_check_masked_words);

/* (provider): conversation, document or provider request */
Datum
va_sql_answers_by(PG_FUNCTION_ARGS)
{
	const VaDriver *driver = va_driver_or_error(text_to_cstring(PG_GETARG_TEXT_PP(0)));

	PG_RETURN_TEXT_P(cstring_to_text(driver->converses				? "conversation"
									 : driver->build_answer != NULL ? "document"
																	: "provider_request"));
}

/* (provider): whether its event says when a message may be left */
Datum
va_sql_machine_asks(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(va_driver_or_error(text_to_cstring(PG_GETARG_TEXT_PP(0)))->machine_asks);
}

/* (): an interval */
Datum
va_sql_key_wait(PG_FUNCTION_ARGS)
{
	Interval *wait = palloc0(sizeof(Interval));

	wait->time = VA_KEY_WAIT_S * USECS_PER_SEC;
	PG_RETURN_INTERVAL_P(wait);
}

/* (template, variables): the text as it is spoken */
Datum
va_sql_spoken_text(PG_FUNCTION_ARGS)
{
	Jsonb *variables = PG_GETARG_JSONB_P(1);
	VaArena *arena = va_arena_here();
	const char *why = NULL;
	const char *filled = va_template_spoken(
		arena, text_to_cstring(PG_GETARG_TEXT_PP(0)), JsonbToCString(NULL, &variables->root, VARSIZE(variables)), &why);
	text *result;

	if (filled == NULL)
	{
		va_arena_free(arena);
		ereport(ERROR, (errcode(VA_ERRCODE_INVALID), errmsg("what is to be said cannot be filled"),
						   errdetail("Its text is not spoken: %s.", why),
						   errhint("Shorten the value of the lead, or name it fewer times.")));
	}
	result = cstring_to_text(filled);
	va_arena_free(arena);
	PG_RETURN_TEXT_P(result);
}

/* (text, settings of an assistant): the text with its terms as they are to be spoken */
Datum
va_sql_pronounced(PG_FUNCTION_ARGS)
{
	Jsonb *settings = PG_GETARG_JSONB_P(1);
	VaArena *arena = va_arena_here();
	const char *said = va_pronounce(
		arena, text_to_cstring(PG_GETARG_TEXT_PP(0)), JsonbToCString(NULL, &settings->root, VARSIZE(settings)));
	text *result;

	if (said == NULL)
	{
		va_arena_free(arena);
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	}
	result = cstring_to_text(said);
	va_arena_free(arena);
	PG_RETURN_TEXT_P(result);
}

/* (words, or JSON with words): without what must not be kept */
Datum
va_sql_mask_words(PG_FUNCTION_ARGS)
{
	VaArena *arena = va_arena_here();
	const char *words = text_to_cstring(PG_GETARG_TEXT_PP(0));
	size_t len = strlen(words);
	VaMaskOwn *own = va_mask_own(arena, va_masked_words(), false);
	const char *masked = words[0] == '{' || words[0] == '[' ? va_mask_body(arena, own, words, len, &len)
															: va_mask_words(arena, own, words, len);
	bool oom = arena->oom;
	Datum result = masked == NULL ? PG_GETARG_DATUM(0) : CStringGetTextDatum(masked);

	va_arena_free(arena);
	if (oom)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	PG_RETURN_DATUM(result);
}

/* (lines of the setting masked_words): as they are kept */
Datum
va_sql_check_masked_words(PG_FUNCTION_ARGS)
{
	VaArena *arena = va_arena_here();
	const char *why = NULL;
	const char *kept = va_mask_check_own(arena, text_to_cstring(PG_GETARG_TEXT_PP(0)), &why);
	text *result = kept == NULL ? NULL : cstring_to_text(kept);

	va_arena_free(arena);
	if (why != NULL)
		ereport(ERROR, (errcode(VA_ERRCODE_INVALID), errmsg("these words cannot be masked"), errdetail("Here %s.", why),
						   errhint("Write one a line, such as \"policy ######\": # is a digit, @ a letter.")));
	if (result == NULL)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	PG_RETURN_TEXT_P(result);
}

/* (transcript): its turns; NULL where no line names a speaker */
Datum
va_sql_transcript_turns(PG_FUNCTION_ARGS)
{
	VaArena *arena = va_arena_here();
	bool customer;
	const char *turns = va_transcript_turns(arena, text_to_cstring(PG_GETARG_TEXT_PP(0)), &customer);
	bool oom = arena->oom;
	Datum result = turns == NULL ? (Datum) 0 : DirectFunctionCall1(jsonb_in, CStringGetDatum(turns));

	va_arena_free(arena);
	if (oom)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	if (result == (Datum) 0)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(result);
}
