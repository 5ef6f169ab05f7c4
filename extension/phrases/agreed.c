/*-------------------------------------------------------------------------
 * agreed.c
 *		SQL face of when something was agreed: read_agreed(), is_time().
 *
 * No state and no locks.  The words are read in extension/pure/phrases/, on
 * the clock of the zone that they name.
 */
#include "postgres.h"

#include "datatype/timestamp.h"
#include "fmgr.h"
#include "pgtime.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "core/compat.h"
#include "phrases/reference.h"
#include "pure/phrases/times/agreed.h"
#include "pure/phrases/words/tokens.h"

PG_FUNCTION_INFO_V1(va_sql_read_agreed);
PG_FUNCTION_INFO_V1(va_sql_read_zone);
PG_FUNCTION_INFO_V1(va_sql_is_time);

static VaAgreedText
text_argument(FunctionCallInfo fcinfo, int n)
{
	text *value = PG_GETARG_TEXT_PP(n);

	return (VaAgreedText){ VARDATA_ANY(value), Min(VARSIZE_ANY_EXHDR(value), VA_PHRASE_BYTES_MAX) };
}

/* What is said in a language without a table may have been noted in English. */
static const VaPhraseLanguage *
language_argument(FunctionCallInfo fcinfo, int n)
{
	const VaPhraseLanguage *language = va_phrase_language(text_to_cstring(PG_GETARG_TEXT_PP(n)));

	return language != NULL ? language : va_phrase_language("en");
}

/* (heard, phrase, language, reference, callback) -> local time */
Datum
va_sql_read_agreed(PG_FUNCTION_ARGS)
{
	Timestamp reference = PG_GETARG_TIMESTAMP(3);
	VaAgreedWords words = { .heard = text_argument(fcinfo, 0),
		.phrase = text_argument(fcinfo, 1),
		.language = language_argument(fcinfo, 2),
		.callback = PG_GETARG_BOOL(4) };
	VaAgreed agreed;

	if (!va_is_time_reference(reference))
		PG_RETURN_NULL();
	words.now = va_time_reference(reference);
	va_agreed_time(&words, &agreed);
	if (agreed.kind == VA_AGREED_NONE)
		PG_RETURN_NULL();
	if (agreed.kind == VA_AGREED_PERSON)
		PG_RETURN_TIMESTAMP(DT_NOEND);
	PG_RETURN_TIMESTAMP(((int64) agreed.day - (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE)) * USECS_PER_DAY +
						agreed.minutes * USECS_PER_MINUTE + agreed.seconds * USECS_PER_SEC);
}

/* (words, language, name) -> name of a zone */
Datum
va_sql_read_zone(PG_FUNCTION_ARGS)
{
	char room[24];
	const char *zone = va_named_zone(text_argument(fcinfo, 0), PG_GETARG_BOOL(2), language_argument(fcinfo, 1), room);

	if (zone == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(zone));
}

Datum
va_sql_is_time(PG_FUNCTION_ARGS)
{
	VaAgreedText said = text_argument(fcinfo, 0);

	PG_RETURN_BOOL(va_is_time(said.text, said.len));
}
