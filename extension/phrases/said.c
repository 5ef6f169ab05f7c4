/*-------------------------------------------------------------------------
 * said.c
 *		SQL face of what people say: parse_ask(), customer_opted_out(), parse_answer().
 *
 * No state and no locks.  The words are judged in extension/pure/phrases/.
 */
#include "phrases/turns.h"

#include "fmgr.h"
#include "utils/builtins.h"

#include "core/arena.h"
#include "core/compat.h"
#include "core/statement.h"
#include "pure/phrases/verify/answered.h"
#include "pure/phrases/verify/spoken.h"
#include "pure/phrases/words/intents.h"

/* "Never call again!" "I'm pulling your leg, go on": what goes on is read as a whole, see read_conversation(). */
#define LAST_WORDS_MAX 12
/* Words of a turn that asks what is ours to answer, and nothing else. */
#define ASK_WORDS_MAX 14

PG_FUNCTION_INFO_V1(va_sql_parse_ask);
PG_FUNCTION_INFO_V1(va_sql_customer_opted_out);
PG_FUNCTION_INFO_V1(va_sql_parse_answer);

/* (said, language) -> text */
Datum
va_sql_parse_ask(PG_FUNCTION_ARGS)
{
	static const char *const asks[] = { "machine", "recorded", "source", "stop" };
	text *said = PG_GETARG_TEXT_PP(0);
	VaIntent ask = va_read_ours(
		text_to_cstring(PG_GETARG_TEXT_PP(1)), true, VARDATA_ANY(said), VARSIZE_ANY_EXHDR(said));

	/* A longer turn asks more than that. */
	if (ask == VA_INTENT_NONE ||
		va_count_words(VARDATA_ANY(said), VARSIZE_ANY_EXHDR(said), ASK_WORDS_MAX) > ASK_WORDS_MAX)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(asks[ask - VA_OURS_MACHINE]));
}

/* (turns) -> boolean */
Datum
va_sql_customer_opted_out(PG_FUNCTION_ARGS)
{
	VaSpokenTurns talk = PG_ARGISNULL(0) ? (VaSpokenTurns){ 0 } : va_spoken_turns(PG_GETARG_JSONB_P(0));
	size_t words = 0;

	for (size_t i = talk.count; i-- > 0 && words <= LAST_WORDS_MAX;)
	{
		const VaTalkTurn *turn = &talk.turns[i];

		for (size_t at = 0; turn->person && at < turn->len; at++)
			words += at == 0 || turn->text[at] == ' ';
		if (turn->person && words <= LAST_WORDS_MAX && va_asks_to_stop(turn->text, turn->len))
			PG_RETURN_BOOL(true);
	}
	PG_RETURN_BOOL(false);
}

/* (turns, question, language) -> (asked, agreed, turn, quote) */
Datum
va_sql_parse_answer(PG_FUNCTION_ARGS)
{
	VaSpokenTurns talk = va_spoken_turns(PG_GETARG_JSONB_P(0));
	char *question = text_to_cstring(PG_GETARG_TEXT_PP(1));
	const char *language = va_spoken_language(talk.turns, talk.count, text_to_cstring(PG_GETARG_TEXT_PP(2)));
	VaArena *arena = va_arena_here();
	Datum values[4] = { 0 };
	bool nulls[4] = { false, true, true, true };
	VaAnswered answered;
	bool oom;

	(void) va_answered(arena, talk.turns, talk.count, language, question, &answered);
	oom = arena->oom;
	va_arena_free(arena);
	if (oom)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	values[0] = BoolGetDatum(answered.asked);
	if (answered.answer != 0)
	{
		const VaTalkTurn *turn = &talk.turns[answered.turn];

		values[1] = BoolGetDatum(answered.answer > 0);
		values[2] = Int32GetDatum(talk.places[answered.turn]);
		values[3] = PointerGetDatum(cstring_to_text_with_len(turn->text, (int) turn->len));
		nulls[1] = nulls[2] = nulls[3] = false;
	}
	PG_RETURN_DATUM(va_row_of_result(fcinfo, values, nulls));
}
