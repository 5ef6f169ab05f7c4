/*-------------------------------------------------------------------------
 * said.c
 *		SQL face of what people say: parse_stop().
 *
 * No state and no locks.  The words are judged in extension/pure/phrases/.
 */
#include "postgres.h"

#include "fmgr.h"

#include "core/compat.h"
#include "pure/phrases/words/intents.h"

PG_FUNCTION_INFO_V1(va_sql_parse_stop);

/* (said) -> boolean */
Datum
va_sql_parse_stop(PG_FUNCTION_ARGS)
{
	text *said = PG_GETARG_TEXT_PP(0);

	PG_RETURN_BOOL(va_asks_to_stop(VARDATA_ANY(said), VARSIZE_ANY_EXHDR(said)));
}
