/*-------------------------------------------------------------------------
 * doubt.c
 *		The SQL face of the classifier of doubtful opt-outs.
 *
 * No state and no locks.
 */
#include "phrases/turns.h"

#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"

#include "core/compat.h"
#include "core/statement.h"
#include "pure/doubt/doubt.h"

#define QUOTE_MAX 160
/* A screener speaks first: only the first turns of either side may begin as one's. */
#define SCREENER_TURNS_MAX 8

PG_FUNCTION_INFO_V1(va_sql_talk_doubt);
PG_FUNCTION_INFO_V1(va_sql_text_doubt);

/* (turns) -> (share, turn, quote) */
Datum
va_sql_talk_doubt(PG_FUNCTION_ARGS)
{
	VaSpokenTurns talk = va_spoken_turns(PG_GETARG_JSONB_P(0));
	VaDoubtTurn *turns = palloc(sizeof(VaDoubtTurn) * (talk.count + 1));
	Datum values[3] = { 0 };
	bool nulls[3] = { true, true, true };
	size_t count = 0;
	bool spoke = false;
	bool screened = false;
	VaDoubt doubt;

	for (size_t i = 0; i < talk.count; i++)
	{
		const VaTalkTurn *turn = &talk.turns[i];

		/* A screener's words are no person's. */
		if (turn->person && i < SCREENER_TURNS_MAX && va_screens(turn->text, turn->len, screened))
		{
			screened = true;
			continue;
		}
		talk.places[count] = talk.places[i];
		turns[count++] = (VaDoubtTurn){ turn->text, turn->len, turn->person };
		spoke = spoke || turn->person;
	}
	if (spoke)
	{
		int percent;

		if (!va_doubt(turns, count, &va_doubt_weights, true, &doubt))
			ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
		percent = va_doubt_share(&va_doubt_weights, doubt.score);
		if (percent > 0)
		{
			const VaDoubtTurn *turn = &turns[doubt.turn];
			int len = (int) Min(turn->len, (size_t) VA_DOUBT_BYTES_MAX);

			values[0] = Int32GetDatum(percent);
			values[1] = Int32GetDatum(talk.places[doubt.turn]);
			len = pg_mbcliplen(turn->text, len, QUOTE_MAX);
			values[2] = PointerGetDatum(cstring_to_text_with_len(turn->text, len));
			nulls[0] = nulls[1] = nulls[2] = false;
		}
	}
	PG_RETURN_DATUM(va_row_of_result(fcinfo, values, nulls));
}

/* (text) -> share */
Datum
va_sql_text_doubt(PG_FUNCTION_ARGS)
{
	text *said = PG_GETARG_TEXT_PP(0);
	double score;
	int percent;

	if (!va_doubt_text(VARDATA_ANY(said), Min(VARSIZE_ANY_EXHDR(said), VA_DOUBT_BYTES_MAX), &va_text_weights, &score))
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	percent = va_doubt_share(&va_text_weights, score);
	if (percent == 0)
		PG_RETURN_NULL();
	PG_RETURN_INT32(percent);
}
