/*-------------------------------------------------------------------------
 * times.c
 *		SQL face of what words say: scan_times().
 *
 * No state and no locks.  The words are read in extension/pure/phrases/, which
 * knows no time zone: here are local times of the clock that the words mean.
 */
#include "postgres.h"

#include "datatype/timestamp.h"
#include "fmgr.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/timestamp.h"

#include "core/compat.h"
#include "core/errors.h"
#include "phrases/reference.h"

PG_FUNCTION_INFO_V1(va_sql_scan_times);

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
local_time(int32_t day, int minutes)
{
	int64 days = (int64) day - UNIX_EPOCH_DAYS;

	return TimestampGetDatum(days * USECS_PER_DAY + (int64) minutes * 60 * USECS_PER_SEC);
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
		values[1] = local_time(day, minutes);
		nulls[1] = false;
		if (time->from.grain == VA_GRAIN_SECOND)
			values[1] = TimestampGetDatum(DatumGetTimestamp(values[1]) + (int64) time->from.seconds * USECS_PER_SEC);
	}
	if (!(time->range && time->to.grain == VA_GRAIN_NONE) &&
		va_time_bounds(last, &day, &minutes, &end_day, &end_minutes))
	{
		values[2] = local_time(end_day, end_minutes);
		nulls[2] = false;
		if (last->grain == VA_GRAIN_SECOND)
			values[2] = TimestampGetDatum(DatumGetTimestamp(values[2]) + (int64) last->seconds * USECS_PER_SEC);
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
