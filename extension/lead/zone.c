/*-------------------------------------------------------------------------
 * zone.c
 *		Which texts name a time zone.  See zone.h.
 *
 * No locks, no tables; PostgreSQL keeps the zones that it has read.
 */
#include "postgres.h"

#include <unicode/ucal.h>
#include <unicode/ustring.h>

#include "catalog/pg_collation.h"
#include "fmgr.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/formatting.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"

#include "core/voiceagent.h"
#include "pure/text/zone_name.h"
#include "zone.h"

PG_FUNCTION_INFO_V1(va_sql_timezone_name);
PG_FUNCTION_INFO_V1(va_sql_is_timezone);
PG_FUNCTION_INFO_V1(va_sql_zone_changes);

/*
 * PostgreSQL also takes abbreviations and POSIX rules ("EST5", "UTC-3", whose
 * sign is the opposite of what its writer meant), which say nothing about
 * where somebody lives: a name must have a slash, and digits only in Etc/,
 * where nothing follows them ("Etc/GMT5X" is a rule with a summer time X).
 */
static bool
is_place(const char *name)
{
	bool etc = pg_strncasecmp(name, "Etc/GMT", 7) == 0;

	if (strlen(name) > VA_ZONE_NAME_MAX)
		return false;
	if (pg_strcasecmp(name, "UTC") == 0 || pg_strcasecmp(name, "GMT") == 0)
		return true;
	if (strchr(name, '/') == NULL || strpbrk(name, etc ? ",:<" : "0123456789,:<+") != NULL)
		return false;
	if (!etc || name[7] == '\0')
		return true;
	return strlen(name) <= strlen("Etc/GMT+12") && strchr("+-0123456789", name[7]) != NULL &&
		   name[8 + strspn(name + 8, "0123456789")] == '\0' && atoi(name + 7) >= -14 && atoi(name + 7) <= 12;
}

pg_tz *
va_find_zone(const char *name)
{
	pg_tz *zone = is_place(name) ? pg_tzset(name) : NULL;

	return zone != NULL && pg_tz_acceptable(zone) ? zone : NULL;
}

static bool
is_known(const char *name)
{
	return va_find_zone(name) != NULL;
}

/* Days since 2000-01-01. */
enum
{
	DAY_2024_03_01 = 8826,
	DAY_2025_03_23 = 9213,
	DAY_2026_09_20 = 9759,
	DAY_2026_11_01 = 9801
};

/*
 * Zones whose clocks a law changed, the hours of their offset since then, and
 * the first day that older data have otherwise; as tz data of 2026f have it
 * (public domain).  Debian 12 came with data that lack those of 2026: by these
 * a person in Vancouver would be called an hour too late.
 */
static const struct
{
	const char *name;
	int hours;
	DateADT day;
} changes[] = { { "Africa/Casablanca", 0, DAY_2026_09_20 }, { "Africa/El_Aaiun", 0, DAY_2026_09_20 },
	{ "America/Asuncion", -3, DAY_2025_03_23 }, { "America/Edmonton", -6, DAY_2026_11_01 },
	{ "America/Havana", -4, DAY_2026_11_01 }, { "America/Inuvik", -6, DAY_2026_11_01 },
	{ "America/Rainy_River", -5, DAY_2026_11_01 }, { "America/Vancouver", -7, DAY_2026_11_01 },
	{ "America/Winnipeg", -5, DAY_2026_11_01 }, { "America/Yellowknife", -6, DAY_2026_11_01 },
	{ "Asia/Almaty", 5, DAY_2024_03_01 }, { "Canada/Central", -5, DAY_2026_11_01 },
	{ "Canada/Mountain", -6, DAY_2026_11_01 }, { "Canada/Pacific", -7, DAY_2026_11_01 } };

static bool
lacks(const pg_tz *zone, size_t change)
{
	pg_time_t noon = (INT64CONST(10957) + changes[change].day) * SECS_PER_DAY + 12 * SECS_PER_HOUR;

	return pg_localtime(&noon, zone)->tm_gmtoff != changes[change].hours * SECS_PER_HOUR;
}

bool
va_zone_is_stale(const pg_tz *zone, int64 *offset)
{
	for (size_t i = 0; i < lengthof(changes); i++)
	{
		if (strcmp(pg_get_timezone_name(unconstify(pg_tz *, zone)), changes[i].name) != 0)
			continue;
		*offset = changes[i].hours * SECS_PER_HOUR;
		return lacks(zone, i);
	}
	return false;
}

/* Zones that this server has under no name are left out. */
Datum
va_sql_zone_changes(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	for (size_t i = 0; i < lengthof(changes); i++)
	{
		const pg_tz *zone = va_find_zone(changes[i].name);
		Datum values[] = { CStringGetTextDatum(changes[i].name), DateADTGetDatum(changes[i].day),
			BoolGetDatum(zone != NULL && !lacks(zone, i)) };
		bool nulls[lengthof(values)] = { false };

		if (zone != NULL)
			tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/* The zone of one of these words in "pacific", "us/pacific", "(utc-08:00)_pacific_time_(us_&_canada)" and the like. */
static const char *
american_zone(const char *text)
{
	static const char *const words[][2] = { { "eastern", "America/New_York" }, { "central", "America/Chicago" },
		{ "mountain", "America/Denver" }, { "pacific", "America/Los_Angeles" }, { "atlantic", "America/Halifax" },
		{ "alaska", "America/Anchorage" }, { "hawaii", "Pacific/Honolulu" }, { "arizona", "America/Phoenix" } };

	if (text[0] == '(' && strstr(text, ")_") != NULL)
		text = strstr(text, ")_") + 2;
	if (strncmp(text, "us/", 3) == 0 || strncmp(text, "us_", 3) == 0)
		text += 3;
	for (size_t i = 0; i < lengthof(words); i++)
	{
		const char *rest = text + strlen(words[i][0]);

		if (strncmp(text, words[i][0], strlen(words[i][0])) == 0 &&
			(*rest == '\0' || strcmp(rest, "_time") == 0 || strcmp(rest, "_standard_time") == 0 ||
				strncmp(rest, "_time_(", 7) == 0 || strncmp(rest, "_time_-", 7) == 0))
			return words[i][1];
	}
	return NULL;
}

pg_tz *
va_read_zone(const char *said, const VaPhone *phone)
{
	static const char *const signs[][2] = { { "_slash_", "/" }, { "_hyphen_", "-" }, { "_plus_", "+" }, { " ", "_" } };
	Datum plain = CStringGetTextDatum(asc_tolower(said, strlen(said)));
	UChar windows[VA_ZONE_NAME_MAX + 1], iana[VA_ZONE_NAME_MAX + 1];
	UErrorCode status = U_ZERO_ERROR;
	int32 len = (int32) Min(strlen(said), VA_ZONE_NAME_MAX);
	char *name;
	char found[VA_ZONE_NAME_MAX + 1];

	for (size_t i = 0; i < lengthof(signs); i++)
		plain = DirectFunctionCall3Coll(
			replace_text, C_COLLATION_OID, plain, CStringGetTextDatum(signs[i][0]), CStringGetTextDatum(signs[i][1]));
	name = TextDatumGetCString(plain);
	/* Newer tz data have no "US/Eastern" any more. */
	if (strncmp(name, "us/", 3) == 0 && american_zone(name) != NULL)
		return va_find_zone(american_zone(name));
	if (american_zone(name) == NULL ? va_find_zone(name) != NULL : phone->country_code != 1)
		return va_find_zone(name);
	/* Windows' first: its "US Mountain Standard Time" is Arizona's. */
	u_charsToUChars(said, windows, len);
	len = ucal_getTimeZoneIDForWindowsID(windows, len, phone->region, iana, VA_ZONE_NAME_MAX, &status);
	len = U_SUCCESS(status) ? len : 0;
	if (len == 0 && american_zone(name) != NULL)
		return va_find_zone(american_zone(name));
	name = pstrdup(said);
	if (len > 0)
		u_UCharsToChars(iana, name = palloc0(len + 1), len);
	return va_zone_known_as(name, is_known, found) ? va_find_zone(found) : NULL;
}

Datum
va_sql_timezone_name(PG_FUNCTION_ARGS)
{
	char found[VA_ZONE_NAME_MAX + 1];
	bool known = va_zone_known_as(text_to_cstring(PG_GETARG_TEXT_PP(0)), is_known, found);

	VA_RETURN_TEXT(known ? pg_get_timezone_name(va_find_zone(found)) : NULL);
}

Datum
va_sql_is_timezone(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(!PG_ARGISNULL(0) && va_find_zone(text_to_cstring(PG_GETARG_TEXT_PP(0))) != NULL);
}
