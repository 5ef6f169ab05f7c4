/*-------------------------------------------------------------------------
 * outcome.c
 *		SQL face of what a talk came to: read_outcome().
 *
 * No state and no locks.  The words are judged in extension/pure/phrases/.
 */
#include "phrases/turns.h"

#include "access/htup_details.h"
#include "fmgr.h"
#include "funcapi.h"
#include "utils/builtins.h"

#include "core/arena.h"
#include "core/compat.h"
#include "phrases/reference.h"
#include "pure/phrases/outcome.h"

PG_FUNCTION_INFO_V1(va_sql_read_outcome);

#define COLUMNS 10

static void
put_words(Datum *values, bool *nulls, int at, const VaSpokenTurns *turns, const VaWords *words)
{
	if (words->len == 0)
		return;
	values[at] = Int32GetDatum(turns->places[words->turn]);
	values[at + 1] = PointerGetDatum(
		cstring_to_text_with_len(turns->turns[words->turn].text + words->offset, (int) words->len));
	nulls[at] = nulls[at + 1] = false;
}

/* (turns, language, reference or NULL) -> outcome, certain, turn, quote, reading, its turn and quote, opt_out, its turn and quote */
Datum
va_sql_read_outcome(PG_FUNCTION_ARGS)
{
	VaTimeReference reference = { 0 };
	VaArena *arena = va_arena_here();
	VaSpokenTurns turns;
	VaTalk talk;
	VaTalkOutcome found;
	TupleDesc desc;
	Datum values[COLUMNS] = { 0 };
	bool nulls[COLUMNS];

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	memset(nulls, true, sizeof(nulls));
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls)));
	turns = va_spoken_turns(PG_GETARG_JSONB_P(0), true);
	if (!PG_ARGISNULL(2))
		reference = va_time_reference(PG_GETARG_TIMESTAMP(2));
	if (turns.count > 0 && va_talk_read(arena, turns.turns, turns.count, text_to_cstring(PG_GETARG_TEXT_PP(1)),
							   PG_ARGISNULL(2) ? NULL : &reference, &talk))
	{
		va_read_outcome(&talk, &found);
		values[0] = CStringGetTextDatum(va_outcome_name(found.outcome));
		values[1] = BoolGetDatum(found.certain);
		values[7] = BoolGetDatum(found.opt_out);
		nulls[0] = nulls[1] = nulls[7] = false;
		put_words(values, nulls, 2, &turns, &found.words);
		if (found.timed)
		{
			char text[VA_PHRASE_TIME_TEXT_MAX];

			va_phrase_time_text(&found.time, text);
			values[4] = CStringGetTextDatum(text);
			nulls[4] = false;
			put_words(values, nulls, 5, &turns, &found.time_words);
		}
		if (found.opt_out)
			put_words(values, nulls, 8, &turns, &found.opt_out_words);
	}
	if (arena->oom)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls)));
}
