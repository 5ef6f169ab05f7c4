/*-------------------------------------------------------------------------
 * times.c
 *		SQL face of what words say: scan_times(), read_agreed(), read_zone(),
 *		is_time().
 *
 * No state and no locks.  The words are read in extension/pure/phrases/, which
 * knows no time zone but by name: here are local times of the clock that the
 * words mean.
 */
#include "postgres.h"

#include "datatype/timestamp.h"
#include "fmgr.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"

#include "core/compat.h"
#include "core/errors.h"
#include "core/voiceagent.h"
#include "turns.h"
#include "pure/phrases/times/agreed.h"
#include "pure/phrases/words/tokens.h"

PG_FUNCTION_INFO_V1(va_sql_scan_times);
PG_FUNCTION_INFO_V1(va_sql_read_agreed);
PG_FUNCTION_INFO_V1(va_sql_read_zone);
PG_FUNCTION_INFO_V1(va_sql_is_time);

#define UNIX_EPOCH_DAYS (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE)

static const VaPhraseLanguage *
language_of(const char *tag)
{
	const VaPhraseLanguage *language = va_phrase_language(tag);
	StringInfoData known;

	if (language != NULL)
		return language;
	initStringInfo(&known);
	for (size_t n = 0; va_phrase_language_code(n) != NULL; n++)
		appendStringInfo(&known, "%s%s", n == 0 ? "" : ", ", va_phrase_language_code(n));
	ereport(
		ERROR, (errcode(VA_ERRCODE_INVALID), errmsg("words in the language \"%s\" are not understood", va_shown(tag)),
				   errdetail("Understood are: %s.", known.data),
				   errhint("Write a code of two letters, with or without a region: \"en\", \"de-AT\".")));
}

static Datum
local_time(int32_t day, int minutes, int seconds)
{
	return TimestampGetDatum(
		((int64) day - UNIX_EPOCH_DAYS) * USECS_PER_DAY + minutes * USECS_PER_MINUTE + seconds * USECS_PER_SEC);
}

static void
put_time(ReturnSetInfo *result, const VaPhraseTime *time, const char *words)
{
	const VaTimePoint *last = time->range && time->to.grain != VA_GRAIN_NONE ? &time->to : &time->from;
	char reading[VA_PHRASE_TIME_TEXT_MAX];
	Datum values[7] = { 0 };
	bool nulls[7] = { false, true, true, false, false, false, false };
	int32_t day;
	int32_t end_day;
	int minutes;
	int end_minutes;

	va_phrase_time_text(time, reading);
	values[0] = CStringGetTextDatum(reading);
	if (va_time_bounds(&time->from, &day, &minutes, &end_day, &end_minutes))
	{
		values[1] = local_time(day, minutes, time->from.grain == VA_GRAIN_SECOND ? time->from.seconds : 0);
		nulls[1] = false;
	}
	if (!(time->range && time->to.grain == VA_GRAIN_NONE) &&
		va_time_bounds(last, &day, &minutes, &end_day, &end_minutes))
	{
		values[2] = local_time(end_day, end_minutes, last->grain == VA_GRAIN_SECOND ? last->seconds : 0);
		nulls[2] = false;
	}
	values[3] = CStringGetTextDatum(va_grain_name(last->grain));
	values[4] = Int32GetDatum(time->alternative);
	values[5] = PointerGetDatum(cstring_to_text_with_len(words + time->offset, (int) time->len));
	nulls[6] = time->zone == NULL;
	if (time->zone != NULL)
		values[6] = CStringGetTextDatum(time->zone);
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

bool
va_is_time_reference(Timestamp reference)
{
	int32 low = date2j(1900, 1, 1) - POSTGRES_EPOCH_JDATE;
	int32 high = date2j(2200, 1, 1) - POSTGRES_EPOCH_JDATE;

	return reference >= (int64) low * USECS_PER_DAY && reference < (int64) high * USECS_PER_DAY;
}

VaTimeReference
va_time_reference(Timestamp reference)
{
	int64 days;

	if (!va_is_time_reference(reference))
		ereport(ERROR, (errcode(VA_ERRCODE_INVALID), errmsg("reference is out of range"),
						   errdetail("Words are read as said in the years from 1900 to 2199.")));
	days = reference / USECS_PER_DAY - (reference % USECS_PER_DAY < 0 ? 1 : 0);
	return (VaTimeReference){ .day = (int32_t) (days + UNIX_EPOCH_DAYS),
		.minutes = (int) ((reference - days * USECS_PER_DAY) / (60 * USECS_PER_SEC)) };
}

/* (words, language, reference timestamp) -> rows of reading, starts_at, ends_at, grain, alternative, quote, zone */
Datum
va_sql_scan_times(PG_FUNCTION_ARGS)
{
	text *words = PG_GETARG_TEXT_PP(0);
	const VaPhraseLanguage *language = language_of(text_to_cstring(PG_GETARG_TEXT_PP(1)));
	VaTimeReference now = va_time_reference(PG_GETARG_TIMESTAMP(2));
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	VaPhraseTimes times;

	InitMaterializedSRF(fcinfo, 0);
	va_phrase_times(VARDATA_ANY(words), VARSIZE_ANY_EXHDR(words), language, now, &times);
	for (size_t i = 0; i < times.count; i++)
		put_time(result, &times.items[i], VARDATA_ANY(words));
	return (Datum) 0;
}

static VaAgreedText
text_argument(FunctionCallInfo fcinfo, int n)
{
	text *value = PG_GETARG_TEXT_PP(n);

	return (VaAgreedText){ VARDATA_ANY(value), Min(VARSIZE_ANY_EXHDR(value), VA_PHRASE_BYTES_MAX) };
}

/* Speech in a language without a table may have been noted in English. */
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
	PG_RETURN_DATUM(local_time(agreed.day, agreed.minutes, agreed.seconds));
}

/* (words, language, name) -> name of a zone */
Datum
va_sql_read_zone(PG_FUNCTION_ARGS)
{
	char room[24];

	VA_RETURN_TEXT(va_named_zone(text_argument(fcinfo, 0), PG_GETARG_BOOL(2), language_argument(fcinfo, 1), room));
}

Datum
va_sql_is_time(PG_FUNCTION_ARGS)
{
	VaAgreedText said = text_argument(fcinfo, 0);

	PG_RETURN_BOOL(va_is_time(said.text, said.len));
}
