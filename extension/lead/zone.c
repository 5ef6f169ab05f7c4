/*-------------------------------------------------------------------------
 * zone.c
 *		Which texts name a time zone.  See zone.h.
 *
 * No locks, no tables; PostgreSQL keeps the zones that it has read.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"

#include "zone.h"

/* Longer is no name. */
#define ZONE_NAME_MAX 63

PG_FUNCTION_INFO_V1(va_sql_timezone_name);
PG_FUNCTION_INFO_V1(va_sql_is_timezone);

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

	if (strlen(name) > ZONE_NAME_MAX)
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

Datum
va_sql_timezone_name(PG_FUNCTION_ARGS)
{
	pg_tz *zone = va_find_zone(text_to_cstring(PG_GETARG_TEXT_PP(0)));

	if (zone == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(pg_get_timezone_name(zone)));
}

Datum
va_sql_is_timezone(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(!PG_ARGISNULL(0) && va_find_zone(text_to_cstring(PG_GETARG_TEXT_PP(0))) != NULL);
}
