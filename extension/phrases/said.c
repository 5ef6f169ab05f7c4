/*-------------------------------------------------------------------------
 * said.c
 *		SQL face of what people say: parse_stop(), customer_opted_out().
 *
 * No state and no locks.  The words are judged in extension/pure/phrases/.
 */
#include "phrases/turns.h"

#include "fmgr.h"

#include "core/compat.h"
#include "pure/phrases/words/intents.h"

/* "Never call again!" "I'm pulling your leg, go on": what goes on is read as a whole, see read_conversation(). */
#define LAST_WORDS_MAX 12

PG_FUNCTION_INFO_V1(va_sql_parse_stop);
PG_FUNCTION_INFO_V1(va_sql_customer_opted_out);

/* (said) -> boolean */
Datum
va_sql_parse_stop(PG_FUNCTION_ARGS)
{
	text *said = PG_GETARG_TEXT_PP(0);

	PG_RETURN_BOOL(va_asks_to_stop(VARDATA_ANY(said), VARSIZE_ANY_EXHDR(said)));
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
