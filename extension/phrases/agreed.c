/*-------------------------------------------------------------------------
 * agreed.c
 *		SQL face of when something was agreed: resolve_time(), resolve_callback(),
 *		resolve_zone(), names_time().
 *
 * No state and no locks.  The words are read in extension/pure/phrases/; here
 * are the clocks of the zones.
 */
#include "postgres.h"

#include "datatype/timestamp.h"
#include "fmgr.h"
#include "pgtime.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/timestamp.h"

#include "core/compat.h"
#include "lead/zone.h"
#include "pure/phrases/times/agreed.h"
#include "pure/phrases/words/tokens.h"

PG_FUNCTION_INFO_V1(va_sql_resolve_time);
PG_FUNCTION_INFO_V1(va_sql_resolve_callback);
PG_FUNCTION_INFO_V1(va_sql_resolve_zone);
PG_FUNCTION_INFO_V1(va_sql_names_time);

#define UNIX_EPOCH_DAYS (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE)
/* Half a year, in which the clocks change where they do. */
#define HALF_YEAR (182 * USECS_PER_DAY)

/* (day, hour, phrase, timezone, at, zone, language) */
typedef struct Call
{
	VaAgreedWords words;
	VaAgreedText heard_zone;
	TimestampTz at;
	pg_tz *own;	 /* the given one; NULL: it is none */
	pg_tz *zone; /* the one that is meant */
	bool open;	 /* letters that several places use, and not the given one's */
} Call;

static VaAgreedText
text_argument(FunctionCallInfo fcinfo, int n)
{
	text *value;

	if (PG_ARGISNULL(n))
		return (VaAgreedText){ "", 0 };
	value = PG_GETARG_TEXT_PP(n);
	return (VaAgreedText){ VARDATA_ANY(value), Min(VARSIZE_ANY_EXHDR(value), VA_PHRASE_BYTES_MAX) };
}

/* How far ahead of UTC a zone is at an instant, in minutes. */
static int
offset_at(pg_tz *zone, TimestampTz at)
{
	struct pg_tm tm;
	fsec_t fsec;
	int tz;

	if (timestamp2tm(at, &tz, &tm, &fsec, NULL, zone) != 0)
		return 0;
	return -tz / SECS_PER_MINUTE;
}

static int
standard_offset(pg_tz *zone, TimestampTz at)
{
	return Min(offset_at(zone, at), offset_at(zone, at + HALF_YEAR));
}

/* The day and the minute of an instant by the clock of a zone. */
static VaTimeReference
local_time(TimestampTz at, pg_tz *zone)
{
	int64 local = at + offset_at(zone, at) * USECS_PER_MINUTE;
	int64 days = local / USECS_PER_DAY - (local % USECS_PER_DAY < 0 ? 1 : 0);

	return (VaTimeReference){ .day = (int32_t) (days + UNIX_EPOCH_DAYS),
		.minutes = (int) ((local - days * USECS_PER_DAY) / USECS_PER_MINUTE) };
}

static TimestampTz
instant_time(const VaAgreedInstant *instant)
{
	return ((int64) instant->day - UNIX_EPOCH_DAYS) * USECS_PER_DAY + instant->minutes * USECS_PER_MINUTE +
		   instant->seconds * USECS_PER_SEC;
}

/* Whether somebody in one zone that names another by its letters means the own: MST in Phoenix, GMT in London. */
static bool
is_own_name(pg_tz *own, pg_tz *named, TimestampTz at)
{
	int standard = standard_offset(own, at);

	return standard == standard_offset(named, at) && (offset_at(own, at) == offset_at(own, at + HALF_YEAR) ||
														 pg_strcasecmp(pg_get_timezone_name(named), "UTC") == 0);
}

/* The zone by whose clock the words are meant. */
static void
read_zone(Call *call)
{
	char name[VA_ZONE_NAME_MAX];
	pg_tz *named = NULL;
	int standard;

	/* By IANA's name it may also be written with spaces. */
	if (call->heard_zone.len > 0 && call->heard_zone.len < sizeof(name))
	{
		size_t used = 0;

		for (size_t i = 0; i < call->heard_zone.len; i++)
			if (call->heard_zone.text[i] != ' ' || (used > 0 && i + 1 < call->heard_zone.len))
				name[used++] = call->heard_zone.text[i] == ' ' ? '_' : call->heard_zone.text[i];
		name[used] = '\0';
		named = va_find_zone(name);
	}
	call->zone = named != NULL ? named : call->own;
	if (named != NULL || call->own == NULL)
		return;
	standard = standard_offset(call->own, call->at);
	switch (va_agreed_zone(&call->words, call->heard_zone, name))
	{
		case VA_ZONE_NAMED:
			named = name[0] == '<' ? pg_tzset(name) : va_find_zone(name);
			/* China's CST is no Chicago's. */
			if (named != NULL && !is_own_name(call->own, named, call->at) &&
				!(standard == 480 && standard_offset(named, call->at) == -360))
				call->zone = named;
			break;
		case VA_ZONE_OPEN:
			/* India, Israel, Ireland */
			call->open = standard != 330 && standard != 120 &&
						 strcmp(pg_get_timezone_name(call->own), "Europe/Dublin") != 0;
			break;
		default:
			break;
	}
}

/* false: there is nothing to read; *exact: the words are an instant. */
static bool
read_call(FunctionCallInfo fcinfo, Call *call, TimestampTz *exact)
{
	VaAgreedInstant instant;
	VaAgreedWords *words = &call->words;
	char *language = PG_ARGISNULL(6) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(6));

	memset(call, 0, sizeof(*call));
	*exact = DT_NOEND;
	if (PG_ARGISNULL(4))
		return false;
	words->day = text_argument(fcinfo, 0);
	words->hour = text_argument(fcinfo, 1);
	words->phrase = text_argument(fcinfo, 2);
	call->heard_zone = text_argument(fcinfo, 5);
	call->at = PG_GETARG_TIMESTAMPTZ(4);
	call->own = PG_ARGISNULL(3) ? NULL : va_find_zone(text_to_cstring(PG_GETARG_TEXT_PP(3)));
	/* What is said in a language without a table may have been noted in English. */
	words->language = va_phrase_language(language);
	if (words->language == NULL)
		words->language = va_phrase_language("en");
	if (!IS_VALID_TIMESTAMP(call->at))
		return false;
	if (call->own != NULL)
		words->now = local_time(call->at, call->own);
	read_zone(call);
	if (va_find_instant(words->phrase.text, words->phrase.len, &instant))
	{
		*exact = instant_time(&instant);
		return true;
	}
	if (va_find_instant(words->day.text, words->day.len, &instant))
	{
		*exact = instant_time(&instant);
		if (call->zone != NULL)
		{
			VaTimeReference there = local_time(*exact, call->zone);

			words->instant = true;
			words->instant_day = there.day;
			words->instant_minutes = there.minutes;
			words->day.len = instant.local;
		}
	}
	if (call->zone == NULL)
		return *exact != DT_NOEND;
	words->now = local_time(call->at, call->zone);
	return words->now.day > -25567 && words->now.day < 84006;
}

static Datum
answer_time(FunctionCallInfo fcinfo, const Call *call, const VaAgreed *agreed, TimestampTz exact)
{
	struct pg_tm tm;
	fsec_t fsec = 0;
	int64 local = ((int64) agreed->day - UNIX_EPOCH_DAYS) * USECS_PER_DAY + agreed->minutes * USECS_PER_MINUTE +
				  agreed->seconds * USECS_PER_SEC;
	TimestampTz result;
	int tz;

	if (agreed->kind == VA_AGREED_NONE)
		PG_RETURN_NULL();
	if (agreed->kind == VA_AGREED_PERSON)
		PG_RETURN_TIMESTAMPTZ(DT_NOEND);
	if (agreed->instant)
		PG_RETURN_TIMESTAMPTZ(exact);
	if (timestamp2tm(local, NULL, &tm, &fsec, NULL, NULL) != 0)
		PG_RETURN_NULL();
	tz = DetermineTimeZoneOffset(&tm, call->zone);
	if (tm2timestamp(&tm, fsec, &tz, &result) != 0)
		PG_RETURN_NULL();
	PG_RETURN_TIMESTAMPTZ(result);
}

static Datum
resolve(FunctionCallInfo fcinfo, void (*read)(const VaAgreedWords *words, VaAgreed *agreed))
{
	Call call;
	VaAgreed agreed;
	TimestampTz exact;

	if (!read_call(fcinfo, &call, &exact))
		PG_RETURN_NULL();
	if (exact != DT_NOEND && (call.zone == NULL || !call.words.instant))
		PG_RETURN_TIMESTAMPTZ(exact);
	call.words.no_clock = call.open;
	read(&call.words, &agreed);
	return answer_time(fcinfo, &call, &agreed, exact);
}

Datum
va_sql_resolve_time(PG_FUNCTION_ARGS)
{
	return resolve(fcinfo, va_agreed_time);
}

Datum
va_sql_resolve_callback(PG_FUNCTION_ARGS)
{
	return resolve(fcinfo, va_callback_time);
}

/* The name of the zone; the given one where it keeps the same hours at that time. */
Datum
va_sql_resolve_zone(PG_FUNCTION_ARGS)
{
	Call call;
	TimestampTz exact;

	if (PG_ARGISNULL(3))
		PG_RETURN_NULL();
	(void) read_call(fcinfo, &call, &exact);
	if (call.zone == NULL || call.zone == call.own ||
		(call.own != NULL && offset_at(call.zone, call.at) == offset_at(call.own, call.at) &&
			offset_at(call.zone, call.at + HALF_YEAR) == offset_at(call.own, call.at + HALF_YEAR)))
		PG_RETURN_TEXT_P(PG_GETARG_TEXT_P_COPY(3));
	PG_RETURN_TEXT_P(cstring_to_text(pg_get_timezone_name(call.zone)));
}

Datum
va_sql_names_time(PG_FUNCTION_ARGS)
{
	VaAgreedText said = text_argument(fcinfo, 0);

	PG_RETURN_BOOL(va_names_time(said.text, said.len));
}
