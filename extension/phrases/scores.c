/*-------------------------------------------------------------------------
 * scores.c
 *		SQL face of what a talk is worth: read_scores().
 *
 * No state and no locks.  The words are judged in extension/pure/phrases/.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"
#include "utils/timestamp.h"

#include "core/arena.h"
#include "phrases/reference.h"
#include "phrases/turns.h"
#include "pure/phrases/scores.h"

PG_FUNCTION_INFO_V1(va_sql_read_scores);

/* (turns, language, reference) -> scores; NULL: no table has the language, or nobody spoke */
Datum
va_sql_read_scores(PG_FUNCTION_ARGS)
{
	VaArena *arena = va_arena_here();
	VaSpokenTurns spoken;
	VaTimeReference reference;
	VaTalk talk;
	VaTalkOutcome outcome;
	VaTalkScores scores;
	VaBuffer buffer = { 0 };
	VaScoresShown shown = { .emotions = true };
	char *json;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	spoken = va_spoken_turns(PG_GETARG_JSONB_P(0), true);
	if (!PG_ARGISNULL(2))
		reference = va_time_reference(PG_GETARG_TIMESTAMP(2));
	if (spoken.count == 0 || !va_talk_read(arena, spoken.turns, spoken.count, text_to_cstring(PG_GETARG_TEXT_PP(1)),
								 PG_ARGISNULL(2) ? NULL : &reference, &talk))
		PG_RETURN_NULL();
	va_read_outcome(&talk, &outcome);
	if (!va_read_scores(&talk, &outcome, &scores))
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	shown.places = spoken.places;
	va_buffer_printf(&buffer, "{\"outcome\":\"%s\"", va_outcome_name(outcome.outcome));
	va_scores_json(&buffer, &talk, &scores, &shown);
	va_buffer_add(&buffer, "}", 1);
	json = va_buffer_finish(&buffer, arena);
	if (json == NULL)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	PG_RETURN_DATUM(DirectFunctionCall1(jsonb_in, CStringGetDatum(json)));
}
